//! `aftermove check`: what articles state about prices, against prices, without an event.

use std::borrow::Cow;
use std::path::Path;

use serde::Serialize;

use super::argument::{CheckArguments, Options};
use super::article::{self, OneArticle, Selected};
use super::batch::{self, Examined, Tally, Task};
use super::claim_row::{self, ArticleCells};
use super::failure::Failure;
use super::progress::Progress;
use super::run;
use super::sink::{Form, Results};
use crate::calendar::{Exchange, Sessions};
use crate::claim::{Article, Published};
use crate::data::article_reader::ReadArticle;
use crate::data::article_stream::ArticleKey;
use crate::data::load::{complete, gather};
use crate::data::parquet_writer::Cell::{self, Date, Number, Text};
use crate::data::parquet_writer::ColumnKind;
use crate::data::price_file::PriceSource;
use crate::data::study_file;
use crate::report::claim_list;
use crate::series::PriceBook;
use crate::study::{StudyError, check_article};
use crate::verify::{AsOf, Finding};

/// Benchmark when none is named: the first of these that the prices hold, else the first security of the article, whose own days are then the
/// sessions.
const USUAL_BENCHMARKS: [&str; 4] = ["^GSPC", "^SPX", "SPX", "SPY"];

/// Checks one article or many. True unless `--strict` finds something.
pub(super) fn articles(arguments: &CheckArguments, options: &Options) -> Result<bool, Failure> {
    let sources: Vec<PriceSource> = arguments.prices.iter().map(PriceSource::prices).collect();
    match article::select(&arguments.articles)? {
        Selected::One(path) => {
            let progress = Progress::start(options.quiet);
            progress.step("Reading the article and the prices");
            one(&path, arguments, &sources, options, progress)
        }
        Selected::Many(articles) => {
            let prices = gather(&sources)?;
            let checker = Checker::new(&prices.book, options.benchmark.as_deref())?;
            batch::run(articles, &checker, &arguments.articles, options)
        }
    }
}

fn one(path: &Path, arguments: &CheckArguments, sources: &[PriceSource], options: &Options, progress: Progress) -> Result<bool, Failure> {
    let OneArticle { read, name, bytes } = article::read(path, &arguments.articles)?;
    let prices = gather(sources)?;
    let benchmark = benchmark(&read.article, &prices.book, options.benchmark.as_deref());
    let stem = path.file_stem().and_then(|stem| stem.to_str()).filter(|stem| *stem != "-").unwrap_or("article");
    let design = study_file::claims_only(stem, &benchmark, read.article);
    run::study(complete(design, prices, None, &[(name, bytes)])?, options, progress)
}

/// The symbol whose days are the sessions: the one asked for, else a usual one, else that of a security that the article speaks of, else of any.
/// Empty without any prices.
fn benchmark(article: &Article, book: &PriceBook, asked: Option<&str>) -> String {
    let own = article.claims.iter().filter_map(|claim| claim.subject.symbol());
    // An article that speaks of no security with prices is no reason to fail: its claims say so themselves.
    let known = |symbol: &&str| book.get(symbol).is_ok();
    let found = asked.or_else(|| USUAL_BENCHMARKS.into_iter().chain(own).find(known)).or_else(|| book.symbols().next());
    found.unwrap_or_default().to_owned()
}

/// Checks many articles against the same prices.
struct Checker<'a> {
    book: &'a PriceBook,
    /// The sessions when they are the same for every article.
    sessions: Option<Sessions>,
}

impl<'a> Checker<'a> {
    fn new(book: &'a PriceBook, asked: Option<&str>) -> Result<Self, Failure> {
        if let Some(unknown) = asked.filter(|_| !book.is_empty()).and_then(|asked| book.get(asked).err()) {
            return Err(StudyError::Benchmark(unknown).into());
        }
        let fixed = asked.or_else(|| USUAL_BENCHMARKS.into_iter().find(|symbol| book.get(symbol).is_ok()));
        Ok(Self { book, sessions: fixed.map(|symbol| sessions(book, symbol)) })
    }

    fn sessions_for(&self, article: &Article) -> Cow<'_, Sessions> {
        match &self.sessions {
            Some(sessions) => Cow::Borrowed(sessions),
            None => Cow::Owned(sessions(self.book, &benchmark(article, self.book, None))),
        }
    }
}

fn sessions(book: &PriceBook, benchmark: &str) -> Sessions {
    let dates = book.get(benchmark).map(|series| series.dates()).unwrap_or_default();
    Sessions::from_dates(dates).under(Exchange::of_benchmark(benchmark))
}

/// A line of results.
#[derive(Serialize)]
struct CheckedLine<'a> {
    #[serde(flatten)]
    key: &'a ArticleKey,
    title: Option<&'a str>,
    published: Option<Published>,
    as_of: Option<AsOf>,
    /// Why the session isn't known.
    reason: Option<String>,
    claims: &'a [Finding],
    error: Option<&'a str>,
}

/// The columns after those of the claim itself.
const FINDING_COLUMNS: [(&str, ColumnKind); 9] = [
    ("as_of", ColumnKind::Date),
    ("verdict", ColumnKind::Text),
    ("primary_reading", ColumnKind::Text),
    ("from", ColumnKind::Date),
    ("to", ColumnKind::Date),
    ("measured_pct", ColumnKind::Number),
    ("reproducing", ColumnKind::Text),
    ("reason", ColumnKind::Text),
    ("error", ColumnKind::Text),
];

impl Task for Checker<'_> {
    fn columns(&self) -> Vec<(&'static str, ColumnKind)> {
        [&claim_row::COLUMNS[..], &FINDING_COLUMNS[..]].concat()
    }

    fn results(&self, key: &ArticleKey, article: Result<&ReadArticle, &str>, form: Form) -> Result<Examined, serde_json::Error> {
        let (read, error) = (article.ok(), article.err());
        let (found, findings) = match read {
            Some(read) => {
                let (found, findings) = check_article(&read.article, self.book, &self.sessions_for(&read.article));
                (Some(found), findings)
            }
            None => (None, Vec::new()),
        };
        let tally = error.map_or_else(|| Tally::of_findings(&findings), Tally::of_broken);
        let results = match form {
            Form::Lines => {
                let line = CheckedLine {
                    key,
                    title: read.and_then(|read| read.title.as_deref()),
                    published: read.and_then(|read| read.article.published),
                    as_of: found.as_ref().and_then(|found| found.as_ref().ok()).copied(),
                    reason: found.as_ref().and_then(|found| found.as_ref().err()).map(ToString::to_string),
                    claims: &findings,
                    error,
                };
                Results::Line(serde_json::to_string(&line)?)
            }
            Form::Table => Results::Rows(rows(key, read, &findings, error)),
        };
        Ok(Examined { results, tally })
    }
}

fn rows(key: &ArticleKey, read: Option<&ReadArticle>, findings: &[Finding], error: Option<&str>) -> Vec<Vec<Cell>> {
    let Some(read) = read else {
        let mut row = claim_row::broken(key.name());
        row.extend(FINDING_COLUMNS.iter().map(|(_, kind)| claim_row::empty(*kind)));
        row.pop();
        row.push(Text(error.map(str::to_owned)));
        return vec![row];
    };
    let article = ArticleCells::new(key, read);
    let listed = claim_list::list(&read.article);
    let row = |(claim, finding)| {
        let mut row = claim_row::cells(&article, claim);
        row.extend(finding_cells(finding));
        row
    };
    listed.iter().zip(findings).map(row).collect()
}

/// The cells of [`FINDING_COLUMNS`], the last one empty.
fn finding_cells(finding: &Finding) -> Vec<Cell> {
    let primary = finding.primary.as_ref();
    let reproducing: Vec<String> = finding.reproducing().map(|reading| reading.kind.words()).collect();
    vec![
        Date(finding.as_of),
        Text(Some(finding.verdict.name().to_owned())),
        Text(primary.map(|reading| reading.kind.words())),
        Date(primary.and_then(|reading| reading.from)),
        Date(primary.map(|reading| reading.to)),
        Number(primary.and_then(|reading| reading.measured).map(|measured| 100.0 * measured)),
        Text((!reproducing.is_empty()).then(|| reproducing.join("; "))),
        Text(finding.reason.clone()),
    ]
}
