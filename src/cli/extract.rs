//! `aftermove extract`: the claims of articles alone, with where each stands in the text. Nothing is measured, and no prices are needed.

use std::io::{IsTerminal, Write};
use std::path::Path;

use serde::Serialize;

use super::argument::{ExtractArguments, Format, Options};
use super::article::{self, OneArticle, Selected};
use super::batch::{self, Examined, Tally, Task};
use super::claim_row::{self, ArticleCells};
use super::failure::Failure;
use super::run::style_for;
use super::sink::{Form, Results};
use crate::claim::Published;
use crate::data::article_reader::ReadArticle;
use crate::data::article_stream::ArticleKey;
use crate::data::parquet_writer::Cell::{self, Text};
use crate::data::parquet_writer::ColumnKind;
use crate::report::claim_list::{self, ClaimList, ListedClaim};
use crate::report::terminal::draw;
use crate::report::wording::{NO_CLAIM, capitalise, count_word};

/// Lists the claims of one article or many. True unless `--strict` finds an article that can't be read.
pub(super) fn articles(arguments: &ExtractArguments, options: &Options) -> Result<bool, Failure> {
    match article::select(&arguments.articles)? {
        Selected::One(path) => one(&path, arguments, options),
        Selected::Many(articles) => batch::run(articles, &Lister, &arguments.articles, options),
    }
}

fn one(path: &Path, arguments: &ExtractArguments, options: &Options) -> Result<bool, Failure> {
    let OneArticle { read, .. } = article::read(path, &arguments.articles)?;
    if options.quiet {
        return Ok(true);
    }
    let text = match options.format {
        Format::Json => as_json(&read)?,
        Format::Text => as_text(&read),
    };
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // A reader that has seen enough (`| head`) is no failure.
        Err(reason) if reason.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::plain(format!("can't write to standard output: {reason}"), "send it elsewhere"))
        }
        _ => Ok(true),
    }
}

fn as_json(read: &ReadArticle) -> Result<String, Failure> {
    let list = ClaimList {
        schema: "aftermove/claims/1",
        title: read.title.as_deref(),
        published: read.article.published,
        language: read.language.as_deref(),
        text: read.article.text.as_deref(),
        claims: claim_list::list(&read.article),
    };
    let text = serde_json::to_string_pretty(&list).map_err(|failure| Failure::plain(failure.to_string(), "please report this"))?;
    Ok(format!("{text}\n"))
}

fn as_text(read: &ReadArticle) -> String {
    let title = read.title.as_deref().unwrap_or(&read.article.title);
    let published = read.article.published.map(|published| format!("Published {published}. ")).unwrap_or_default();
    let title = crate::report::passage::printable(title);
    match read.article.claims.len() {
        0 => format!("{title}\n\n{published}{NO_CLAIM}.\n"),
        count => {
            let plural = if count == 1 { "claim" } else { "claims" };
            let drawn = draw(&claim_list::table(&read.article), style_for(std::io::stdout().is_terminal()));
            format!("{title}\n\n{published}{} {plural}.\n\n{drawn}\n", capitalise(&count_word(count)))
        }
    }
}

/// Lists the claims of many articles.
struct Lister;

/// A line of results.
#[derive(Serialize)]
struct ListedLine<'a> {
    #[serde(flatten)]
    key: &'a ArticleKey,
    title: Option<&'a str>,
    published: Option<Published>,
    language: Option<&'a str>,
    claims: Vec<ListedClaim<'a>>,
    error: Option<&'a str>,
}

/// The columns after those that every table of claims has.
const OWN_COLUMNS: [(&str, ColumnKind); 3] = [("language", ColumnKind::Text), ("text", ColumnKind::Text), ("error", ColumnKind::Text)];

impl Task for Lister {
    fn columns(&self) -> Vec<(&'static str, ColumnKind)> {
        [&claim_row::COLUMNS[..], &OWN_COLUMNS[..]].concat()
    }

    fn results(&self, key: &ArticleKey, article: Result<&ReadArticle, &str>, form: Form) -> Result<Examined, serde_json::Error> {
        let (read, error) = (article.ok(), article.err());
        let claims = read.map(|read| claim_list::list(&read.article)).unwrap_or_default();
        let tally = error.map_or_else(|| Tally::of_claims(claims.len()), Tally::of_broken);
        let results = match form {
            Form::Lines => {
                let title = read.and_then(|read| read.title.as_deref());
                let published = read.and_then(|read| read.article.published);
                let language = read.and_then(|read| read.language.as_deref());
                Results::Line(serde_json::to_string(&ListedLine { key, title, published, language, claims, error })?)
            }
            Form::Table => Results::Rows(rows(key, read, &claims, error)),
        };
        Ok(Examined { results, tally })
    }
}

fn rows(key: &ArticleKey, read: Option<&ReadArticle>, claims: &[ListedClaim<'_>], error: Option<&str>) -> Vec<Vec<Cell>> {
    let Some(read) = read else {
        let mut row = claim_row::broken(key.name());
        row.extend([Text(None), Text(None), Text(error.map(str::to_owned))]);
        return vec![row];
    };
    let article = ArticleCells::new(key, read);
    let row = |claim: &ListedClaim<'_>| {
        let mut row = claim_row::cells(&article, claim);
        row.extend([Text(read.language.clone()), Text(claim.text.map(str::to_owned)), Text(None)]);
        row
    };
    claims.iter().map(row).collect()
}
