//! Articles as the command line names them: one, or many.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::argument::ArticleArguments;
use super::failure::Failure;
use crate::claim::Article;
use crate::data::article_file;
use crate::data::article_reader::{ArticleError, ArticleReader, ReadArticle, is_figures};
use crate::data::article_source::ArticleSource;
use crate::data::page::MAX_PAGE_BYTES;

/// What the arguments name.
pub(super) enum Selected {
    /// One article: its path, or "-".
    One(PathBuf),
    /// Many, or one whose result goes to a file of results.
    Many(Vec<ArticleSource>),
}

/// Looks at what the arguments name.
pub(super) fn select(arguments: &ArticleArguments) -> Result<Selected, Failure> {
    let mut sources = Vec::with_capacity(arguments.article.len());
    for argument in &arguments.article {
        sources.push(ArticleSource::select(argument, arguments.jsonl)?);
    }
    let inputs = arguments.article.iter().filter(|argument| is_input(argument)).count();
    if inputs > 0 && !arguments.jsonl && (arguments.to.is_some() || sources.len() > 1) {
        return Err(Failure::plain(
            "standard input (-) is one article, and its result goes to standard output",
            "give it alone and without --to, or with --jsonl when it is JSON Lines",
        ));
    }
    if inputs > 1 {
        return Err(Failure::plain("standard input (-) stands there twice", "name it once"));
    }
    match sources.as_slice() {
        [ArticleSource::File(path)] if arguments.to.is_none() => Ok(Selected::One(path.clone())),
        _ => Ok(Selected::Many(sources)),
    }
}

fn is_input(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// The reader of articles that the arguments ask for.
pub(super) fn reader(arguments: &ArticleArguments) -> Result<ArticleReader, Failure> {
    let reader = ArticleReader::new(&arguments.names)?;
    Ok(reader.in_language(arguments.language.map(|language| language.code())).published(arguments.published))
}

/// One article, with what it is called in the provenance and its bytes.
pub(super) struct OneArticle {
    pub read: ReadArticle,
    /// Its path, or "standard input".
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Reads one article.
pub(super) fn read(path: &Path, arguments: &ArticleArguments) -> Result<OneArticle, Failure> {
    if is_input(path) {
        let name = "standard input".to_owned();
        let bytes = read_input()?;
        return Ok(OneArticle { read: reader(arguments)?.read_input(&name, &bytes)?, name, bytes });
    }
    let name = path.display().to_string();
    if is_figures(path) {
        // Figures need no names: the tables stay unread.
        let (article, text) = article_file::read(path)?;
        let article = Article { published: arguments.published.or(article.published), ..article };
        return Ok(OneArticle { read: ReadArticle::of_figures(article), name, bytes: text.into_bytes() });
    }
    let (read, bytes) = reader(arguments)?.read_file(path)?;
    Ok(OneArticle { read, name, bytes })
}

/// Standard input, up to what an article may have and a byte more, by which a larger one is known.
fn read_input() -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_PAGE_BYTES).unwrap_or(u64::MAX) + 1;
    let read = std::io::stdin().lock().take(limit).read_to_end(&mut bytes);
    read.map_err(|reason| Failure::plain(format!("can't read standard input: {reason}"), "give the article's file, or send its text"))?;
    Ok(bytes)
}

/// How a broken article is told: what is wrong, and what to do.
pub(super) fn explain(error: &ArticleError) -> String {
    let place = match error {
        ArticleError::Configuration(error) => error.location().map(|location| format!(" ({location})")).unwrap_or_default(),
        ArticleError::Page(_) | ArticleError::Line { .. } => String::new(),
    };
    format!("{error}{place}: {}", error.help())
}
