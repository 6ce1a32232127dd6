//! [`ArticleReader`]: an article as published, from a file, from bytes or from a line of JSON, to an [`Article`] with the claims that its text
//! makes.
//!
//! A line of JSON Lines is one article:
//!
//! ```json
//! {"id": "a-17", "published": "2022-09-05", "text": "Shares of Cloudflare fell 1.03% on Friday."}
//! ```
//!
//! | key | what it is |
//! |---|---|
//! | `text` | the article; the one key that must be there |
//! | `id` | text or a whole number, carried into the results |
//! | `published` | a date, or an instant with its zone |
//! | `title`, `source` | carried into the results |
//! | `format` | `text`, `html` or `markdown`; without it HTML is recognised by its tags |
//! | `html` | true: the same as `format` = `html` |
//! | `language` | `en`, `fr`, `en-US`; without it it is told from the text |
//!
//! Other keys are passed over.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use thiserror::Error;

use crate::claim::extract::Extractor;
use crate::claim::{Article, Published};
use crate::data::article_file;
use crate::data::configuration::ConfigurationError;
use crate::data::extractor::extractor;
use crate::data::page::{self, MAX_PAGE_BYTES, Page, PageError, PageFormat, read_page};
use crate::series::near_names;

/// Why an article can't be read.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ArticleError {
    /// The file can't be read, or isn't what a file of figures should be.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// The bytes are no article.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The line isn't JSON, or a value in it isn't what it should be.
    #[error("{place}{}: {message}", column.map(|column| format!(", column {column}")).unwrap_or_default())]
    Line {
        /// File and line.
        place: String,
        /// Column at which what is wrong ends, in bytes from 1; None when the line as a whole is meant.
        column: Option<usize>,
        /// What is wrong, in words.
        message: String,
        /// What to do about it.
        help: String,
    },
}

impl ArticleError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            ArticleError::Configuration(error) => error.help(),
            ArticleError::Page(error) => error.help().to_owned(),
            ArticleError::Line { help, .. } => help.clone(),
        }
    }
}

/// An article with what its file says of it.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadArticle {
    /// The article, with its claims.
    pub article: Article,
    /// Its headline; None when it has none (the article is then called after its file).
    pub title: Option<String>,
    /// Code of the language it was read in; None for figures.
    pub language: Option<String>,
}

impl ReadArticle {
    /// An article whose figures came from a file of them.
    pub fn of_figures(article: Article) -> Self {
        let title = Some(article.title.clone()).filter(|title| title != NAMELESS);
        Self { article, title, language: None }
    }
}

/// An article from a line of JSON Lines.
#[derive(Debug, Clone, PartialEq)]
pub struct LineArticle {
    /// Its id; None when the line has none, or isn't JSON.
    pub id: Option<ArticleId>,
    /// The article, or why it can't be read.
    pub read: Result<ReadArticle, ArticleError>,
}

/// The id of an article in JSON Lines.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, serde::Serialize)]
#[serde(untagged, expecting = "an id is text or a whole number")]
pub enum ArticleId {
    /// A whole number.
    Number(i64),
    /// Text.
    Text(String),
}

impl std::fmt::Display for ArticleId {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ArticleId::Number(number) => write!(formatter, "{number}"),
            ArticleId::Text(text) => formatter.write_str(text),
        }
    }
}

#[derive(Deserialize)]
struct LineEntry {
    #[serde(default)]
    id: Option<ArticleId>,
    text: String,
    #[serde(default)]
    published: Option<String>,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default)]
    language: Option<String>,
    #[serde(default)]
    html: Option<bool>,
    #[serde(default)]
    format: Option<LineFormat>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum LineFormat {
    #[serde(alias = "txt", alias = "plain")]
    Text,
    #[serde(alias = "htm", alias = "xhtml")]
    Html,
    #[serde(alias = "md")]
    Markdown,
}

impl From<LineFormat> for PageFormat {
    fn from(format: LineFormat) -> Self {
        match format {
            LineFormat::Text => PageFormat::Text,
            LineFormat::Html => PageFormat::Html,
            LineFormat::Markdown => PageFormat::Markdown,
        }
    }
}

/// What an article is called when neither it nor a file has a name.
const NAMELESS: &str = "the article";

/// Longest first line of a plain text that is taken for its headline, characters.
const LONGEST_HEADLINE: usize = 200;

/// Reads articles as published.
#[derive(Debug, Clone)]
pub struct ArticleReader {
    extractor: Extractor,
    language: Option<String>,
    published: Option<Published>,
}

impl ArticleReader {
    /// A reader with the words and names that ship, and before them the names of these files.
    ///
    /// # Errors
    /// [`ConfigurationError`] of a file of names, with line and column.
    pub fn new(name_files: &[PathBuf]) -> Result<Self, ConfigurationError> {
        Ok(Self { extractor: extractor(name_files)?, language: None, published: None })
    }

    /// The same with every article in this language ("en", "fr"); None to go by what the article declares, else by its words.
    pub fn in_language(mut self, language: Option<&str>) -> Self {
        self.language = language.map(str::to_owned);
        self
    }

    /// The same with every article published then, whatever it says itself; None to go by what it says.
    pub fn published(mut self, published: Option<Published>) -> Self {
        self.published = published;
        self
    }

    /// Reads a file: figures from .toml and .json, an article as published from any other. The file's bytes come with it.
    ///
    /// # Errors
    /// [`ArticleError`]
    pub fn read_file(&self, path: &Path) -> Result<(ReadArticle, Vec<u8>), ArticleError> {
        if is_figures(path) {
            let (article, text) = article_file::read(path)?;
            return Ok((self.of_figures(article), text.into_bytes()));
        }
        let bytes = read_bytes(path)?;
        let name = path.display().to_string();
        let called = path.file_stem().map_or_else(|| NAMELESS.to_owned(), |stem| stem.to_string_lossy().into_owned());
        Ok((self.read_bytes(&name, &called, &bytes, None)?, bytes))
    }

    /// Reads standard input: figures when it is a JSON object, else an article as published. `name` is what errors call it.
    ///
    /// # Errors
    /// [`ArticleError`]
    pub fn read_input(&self, name: &str, bytes: &[u8]) -> Result<ReadArticle, ArticleError> {
        if let Some(text) = json_object(bytes) {
            return Ok(self.of_figures(article_file::from_json(name, text)?));
        }
        Ok(self.read_bytes(name, NAMELESS, bytes, None)?)
    }

    /// Reads a line of JSON Lines. `place` is file and line, for errors.
    pub fn read_line(&self, place: &str, line: &[u8]) -> LineArticle {
        if line.trim_ascii_start().first() != Some(&b'{') {
            let (message, help) = ("the line isn't a JSON object".to_owned(), "write one JSON object a line: {\"text\": …}".to_owned());
            return LineArticle { id: None, read: Err(ArticleError::Line { place: place.to_owned(), column: None, message, help }) };
        }
        let entry: LineEntry = match serde_json::from_slice(line) {
            Ok(entry) => entry,
            Err(failure) => return LineArticle { id: id_of(line), read: Err(line_fault(place, line, &failure)) },
        };
        let id = entry.id.clone();
        LineArticle { id, read: self.read_entry(place, entry) }
    }

    fn read_entry(&self, place: &str, entry: LineEntry) -> Result<ReadArticle, ArticleError> {
        let wrong =
            |message: String, help: &str| ArticleError::Line { place: place.to_owned(), column: None, message, help: help.to_owned() };
        let format = match (entry.format, entry.html) {
            (Some(format), Some(true)) if format != LineFormat::Html => {
                return Err(wrong("\"html\" is true, and \"format\" another".to_owned(), "keep one of the two"));
            }
            (Some(format), _) => Some(format.into()),
            (None, Some(true)) => Some(PageFormat::Html),
            (None, Some(false)) => Some(PageFormat::Text),
            (None, None) => None,
        };
        let published = match entry.published.as_deref().map(str::trim).filter(|written| !written.is_empty()) {
            Some(written) => Some(page::read_publication_date(written).ok_or_else(|| {
                wrong(
                    format!("\"published\": \"{written}\" is not a date"),
                    "write 2022-09-05, or with time and zone 2022-09-05T09:00:00+02:00",
                )
            })?),
            None => None,
        };
        let mut page = read_page(place, entry.text.as_bytes(), format)?;
        page.title = entry.title.filter(|title| !title.trim().is_empty()).or(page.title);
        page.source = entry.source.or(page.source);
        page.language = entry.language.or(page.language);
        page.published = published.or(page.published);
        Ok(self.of_page(page, NAMELESS))
    }

    /// Reads an article as published. `name` is what errors call it, and its ending says the format when `format` is None; `called` is what the
    /// article is called when it has no headline.
    ///
    /// # Errors
    /// [`PageError`]
    pub fn read_bytes(&self, name: &str, called: &str, bytes: &[u8], format: Option<PageFormat>) -> Result<ReadArticle, PageError> {
        Ok(self.of_page(read_page(name, bytes, format)?, called))
    }

    fn of_page(&self, page: Page, called: &str) -> ReadArticle {
        let Page { text, title, source, published, language, .. } = page;
        let declared = self.language.as_deref().or(language.as_deref());
        let claims = self.extractor.read(&text, declared);
        let language = self.extractor.language(&text, declared).map(str::to_owned);
        let title = title.or_else(|| headline(&text));
        let called = title.clone().unwrap_or_else(|| called.to_owned());
        let article = Article { title: called, source, published: self.published.or(published), text: Some(text), claims };
        ReadArticle { article, title, language }
    }

    fn of_figures(&self, article: Article) -> ReadArticle {
        ReadArticle::of_figures(Article { published: self.published.or(article.published), ..article })
    }
}

/// Whether a path is a file of figures by its ending: .toml or .json.
pub fn is_figures(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml") || ending.eq_ignore_ascii_case("json"))
}

/// Whether a first line stands alone as a headline does: short, not ended as a sentence, and a blank line after it.
fn headline(text: &str) -> Option<String> {
    let mut lines = text.trim_start().lines();
    let first = lines.next()?.trim();
    let alone = lines.next().is_some_and(|second| second.trim().is_empty());
    let fits = first.chars().count() <= LONGEST_HEADLINE && !first.ends_with(['.', ',', ';', ':']);
    (alone && fits).then(|| first.to_owned())
}

/// Reads a file of at most [`MAX_PAGE_BYTES`]; of a larger one, no more than is needed to know it.
fn read_bytes(path: &Path) -> Result<Vec<u8>, ArticleError> {
    let file = path.display().to_string();
    let unreadable = |failure: std::io::Error| ConfigurationError::Unreadable { file: file.clone(), reason: failure.to_string() };
    let opened = File::open(path).map_err(unreadable)?;
    let length = opened.metadata().map_err(unreadable)?.len();
    let limit = u64::try_from(MAX_PAGE_BYTES).unwrap_or(u64::MAX);
    if length > limit {
        return Err(PageError::TooLarge { name: file, bytes: usize::try_from(length).unwrap_or(usize::MAX) }.into());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0) + 1);
    // A pipe has no length, and a file may grow.
    opened.take(limit + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(bytes)
}

/// The text when it is a JSON object, however wrong as figures.
fn json_object(bytes: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}');
    let is_object = || serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text).is_ok();
    (text.trim_start().starts_with('{') && is_object()).then_some(text)
}

/// The id of a line whose other values are wrong.
fn id_of(line: &[u8]) -> Option<ArticleId> {
    #[derive(Deserialize)]
    struct Id {
        id: ArticleId,
    }
    serde_json::from_slice::<Id>(line).ok().map(|entry| entry.id)
}

fn line_fault(place: &str, line: &[u8], failure: &serde_json::Error) -> ArticleError {
    let fault =
        |column: Option<usize>, message: String, help: String| ArticleError::Line { place: place.to_owned(), column, message, help };
    let whole = |message: &str, help: String| fault(None, message.to_owned(), help);
    if std::str::from_utf8(line).is_err() {
        return whole("the line isn't UTF-8", "save the file as UTF-8".to_owned());
    }
    let said = failure.to_string();
    let plain = said.rsplit_once(" at line ").map_or(said.as_str(), |(plain, _)| plain).replace('`', "\"");
    let keys = || {
        serde_json::from_slice::<serde_json::Map<String, serde_json::Value>>(line).ok().map(|map| map.keys().cloned().collect::<Vec<_>>())
    };
    if let Some(keys) = keys().filter(|_| plain.starts_with("missing field")) {
        let near = near_names("text", keys.iter().map(String::as_str));
        let help = match near.first() {
            Some(near) => format!("rename \"{near}\" to \"text\""),
            None => format!("put the article under \"text\"; the line has {}", list(&keys)),
        };
        return whole("there is no \"text\"", help);
    }
    if failure.is_data() {
        return fault(Some(failure.column()), plain, "the keys are described at `aftermove extract --help`".to_owned());
    }
    fault(Some(failure.column()), format!("the line isn't JSON: {plain}"), "write one JSON object a line".to_owned())
}

fn list(keys: &[String]) -> String {
    /// Keys shown of a line that has many.
    const SHOWN: usize = 8;
    if keys.is_empty() {
        return "no key".to_owned();
    }
    let shown: Vec<String> = keys.iter().take(SHOWN).map(|key| format!("\"{key}\"")).collect();
    if keys.len() > shown.len() { format!("{}, …", shown.join(", ")) } else { shown.join(", ") }
}
