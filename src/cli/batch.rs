//! Many articles: read as a stream, a few at a time in memory, shared out to all threads, written in the order in which they came.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use rayon::prelude::*;

use super::argument::{ArticleArguments, Format, Options};
use super::article::{explain, reader};
use super::failure::Failure;
use super::progress::Progress;
use super::sink::{Form, Results, Sink};
use crate::data::article_reader::{ArticleReader, ReadArticle};
use crate::data::article_source::ArticleSource;
use crate::data::article_stream::{ArticleKey, ArticleStream, UnreadArticle};
use crate::data::parquet_writer::ColumnKind;
use crate::report::number;
use crate::verify::{Finding, Verdict};

/// Articles in work at a time.
const MOST_ARTICLES: usize = 256;

/// And the bytes of their lines, past which no further one is taken in.
const MOST_BYTES: usize = 8 * 1024 * 1024;

/// Broken articles that are named on standard error.
const NAMED: usize = 3;

/// What is done with each article.
pub(super) trait Task: Sync {
    /// The columns of its table.
    fn columns(&self) -> Vec<(&'static str, ColumnKind)>;

    /// The results of an article; `article` is why it can't be read when it can't.
    fn results(&self, key: &ArticleKey, article: Result<&ReadArticle, &str>, form: Form) -> Result<Examined, serde_json::Error>;
}

/// One article's results, and what they count for.
pub(super) struct Examined {
    pub results: Results,
    pub tally: Tally,
}

/// Counts over articles.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    articles: usize,
    claims: usize,
    reproduced: usize,
    only_as: usize,
    contradicted: usize,
    not_checkable: usize,
    broken: usize,
    /// The first broken ones, with the reason.
    named: Vec<String>,
}

impl Tally {
    /// An article whose claims weren't measured.
    pub(super) fn of_claims(claims: usize) -> Self {
        Self { articles: 1, claims, ..Self::default() }
    }

    /// A checked article.
    pub(super) fn of_findings(findings: &[Finding]) -> Self {
        let mut tally = Self::of_claims(findings.len());
        for finding in findings {
            match finding.verdict {
                Verdict::Reproduced => tally.reproduced += 1,
                Verdict::ReproducedOnlyAs => tally.only_as += 1,
                Verdict::Contradicted => tally.contradicted += 1,
                Verdict::NotCheckable { .. } => tally.not_checkable += 1,
            }
        }
        tally
    }

    /// An article that can't be read, with the reason, which names it.
    pub(super) fn of_broken(reason: &str) -> Self {
        Self { articles: 1, broken: 1, named: vec![reason.to_owned()], ..Self::default() }
    }

    fn add(&mut self, other: Self) {
        self.articles += other.articles;
        self.claims += other.claims;
        self.reproduced += other.reproduced;
        self.only_as += other.only_as;
        self.contradicted += other.contradicted;
        self.not_checkable += other.not_checkable;
        self.broken += other.broken;
        let room = NAMED.saturating_sub(self.named.len());
        self.named.extend(other.named.into_iter().take(room));
    }

    /// The counts in a sentence; without verdicts when nothing was checked.
    fn sentence(&self) -> String {
        let verdicts: Vec<String> = [
            (self.reproduced, "reproduced"),
            (self.only_as, "reproduced only as another reading"),
            (self.contradicted, "contradicted"),
            (self.not_checkable, "not checkable"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{} {words}", number::count(count)))
        .collect();
        let verdicts = if verdicts.is_empty() { String::new() } else { format!(": {}", verdicts.join(", ")) };
        format!("{}, {}{verdicts}", number::plural(self.articles, "article"), number::plural(self.claims, "claim"))
    }
}

/// Does the task on all articles. True unless `--strict` finds something.
pub(super) fn run(sources: Vec<ArticleSource>, task: &dyn Task, arguments: &ArticleArguments, options: &Options) -> Result<bool, Failure> {
    if options.out.is_some() {
        return Err(Failure::plain(
            "--out has no use here: of many articles no charts or reports are made",
            "say where the results go with --to",
        ));
    }
    let form = arguments.to.as_deref().map_or(Ok(Form::Lines), Form::of_name)?;
    let reader = reader(arguments)?;
    let mut stream = ArticleStream::new(sources);
    let mut chunk = take_chunk(&mut stream);
    if chunk.is_empty() {
        return Err(nothing(&arguments.article));
    }
    let mut tally = Tally::default();
    let mut sink = None;
    if !options.quiet || arguments.to.is_some() {
        sink = Some(Sink::open(arguments.to.as_deref(), &task.columns())?);
    }
    let progress = Progress::start(options.quiet);
    'all: while !chunk.is_empty() {
        let work = || chunk.into_par_iter().map(|article| examine(article, &reader, task, form)).collect::<Vec<_>>();
        let (examined, next) = rayon::join(work, || take_chunk(&mut stream));
        for Examined { results, tally: own } in examined {
            tally.add(own);
            if let Some(sink) = &mut sink
                && sink.push(results)?.is_break()
            {
                break 'all;
            }
        }
        progress.step(&number::plural(tally.articles, "article"));
        chunk = next;
    }
    if let Some(sink) = sink {
        sink.finish()?;
    }
    drop(progress);
    report(&tally, arguments, options)?;
    Ok(!(options.strict && tally.contradicted + tally.broken > 0))
}

fn take_chunk(stream: &mut ArticleStream) -> Vec<UnreadArticle> {
    let mut chunk = Vec::new();
    let mut bytes = 0;
    while chunk.len() < MOST_ARTICLES && bytes < MOST_BYTES {
        let Some(article) = stream.next() else { break };
        bytes += article.size();
        chunk.push(article);
    }
    chunk
}

/// Reads an article and does the task on it. A fault of the program's own in one article is that article's, and no other's.
fn examine(article: UnreadArticle, reader: &ArticleReader, task: &dyn Task, form: Form) -> Examined {
    let unread_key = article.key();
    let done = catch_unwind(AssertUnwindSafe(|| {
        let (key, read) = article.read(reader);
        let reason = read.as_ref().err().map(explain);
        let outcome = match (&read, &reason) {
            (Ok(read), _) => Ok(read),
            (Err(_), reason) => Err(reason.as_deref().unwrap_or_default()),
        };
        task.results(&key, outcome, form).map_err(|failure| failure.to_string())
    }));
    match done {
        Ok(Ok(examined)) => examined,
        Ok(Err(reason)) => given_up(&unread_key, &reason, task, form),
        Err(_) => given_up(&unread_key, "a fault of the program", task, form),
    }
}

fn given_up(key: &ArticleKey, reason: &str, task: &dyn Task, form: Form) -> Examined {
    let reason = format!("{}: {reason}: please report this", key.name());
    task.results(key, Err(&reason), form).unwrap_or_else(|_| Examined {
        results: match form {
            Form::Lines => Results::Line("null".to_owned()),
            Form::Table => Results::Rows(Vec::new()),
        },
        tally: Tally::of_broken(&reason),
    })
}

fn nothing(arguments: &[PathBuf]) -> Failure {
    let named: Vec<String> = arguments
        .iter()
        .map(|argument| if argument.as_os_str() == "-" { "standard input".to_owned() } else { argument.display().to_string() })
        .collect();
    Failure::plain(
        format!("{} holds no article", named.join(", ")),
        "of JSON Lines every line is an article: {\"id\": …, \"published\": …, \"text\": …}",
    )
}

/// What came of it: a sentence to standard output when the results went to a file, and the broken articles to standard error.
fn report(tally: &Tally, arguments: &ArticleArguments, options: &Options) -> Result<(), Failure> {
    if tally.broken > 0 {
        let mut lines = vec![format!("{} of {} can’t be read:", number::count(tally.broken), number::plural(tally.articles, "article"))];
        lines.extend(tally.named.iter().map(|reason| format!("  {reason}")));
        let rest = tally.broken - tally.named.len();
        if rest > 0 {
            lines.push(format!("  … and {} more, each in the results with its reason", number::count(rest)));
        }
        // When stderr is closed there is nobody left to tell.
        let _ = writeln!(std::io::stderr().lock(), "{}", lines.join("\n"));
    }
    let Some(path) = arguments.to.as_deref().filter(|_| !options.quiet && options.format == Format::Text) else { return Ok(()) };
    let said = writeln!(std::io::stdout().lock(), "{}\nResults: {}", tally.sentence(), path.display());
    match said {
        Err(reason) if reason.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::plain(format!("can't write to standard output: {reason}"), "the results were written"))
        }
        _ => Ok(()),
    }
}
