//! Where many articles come from: files, folders, glob patterns and JSON Lines, one after the other and never all at once in memory.
//!
//! | argument | articles |
//! |---|---|
//! | a file | itself; `.jsonl` and `.ndjson`, also with `.gz` behind: one a line |
//! | a folder | all files in it and below whose names end in .txt, .text, .html, .htm, .xhtml, .md or .markdown, by path; hidden ones are left out, linked folders not entered |
//! | a pattern: `*`, `?`, `[a-z]`, `**` for any folders | the files that it matches, by path |
//!
//! [`ArticleSource::select`] looks at the arguments, an [`ArticleStream`] gives the articles in their order, each still unread: reading and
//! extracting is the work that threads share ([`UnreadArticle::read`]).

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use flate2::bufread::MultiGzDecoder;
use glob::{MatchOptions, Paths, Pattern};
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::data::article_reader::{ArticleError, ArticleId, ArticleReader, ReadArticle};
use crate::data::configuration::ConfigurationError;
use crate::data::page::MAX_PAGE_BYTES;
use crate::data::price_file::files_beside;

/// Endings of the files that a folder's articles are in.
const ENDINGS: [&str; 7] = ["txt", "text", "html", "htm", "xhtml", "md", "markdown"];

/// The longest line of JSON Lines that is read, bytes.
pub const MAX_LINE_BYTES: usize = MAX_PAGE_BYTES;

/// Size of the buffer that lines are read through.
const BUFFER_BYTES: usize = 256 * 1024;

/// Why an argument names no articles.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SelectionError {
    /// There is no such file.
    #[error("{path}: there is no such file or folder")]
    Missing {
        /// Path as given.
        path: String,
        /// Nearest names beside it, nearest first, at most three.
        near: Vec<String>,
    },
    /// A folder without a file that is an article.
    #[error("{path} holds no article")]
    EmptyFolder {
        /// Path as given.
        path: String,
    },
    /// A pattern that nothing matches.
    #[error("no file matches {pattern}")]
    NoMatch {
        /// The pattern.
        pattern: String,
    },
    /// A pattern that is none.
    #[error("{pattern} is not a pattern: {reason}")]
    BadPattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The system doesn't give a file or folder.
    #[error("{path} can't be read: {reason}")]
    Unreadable {
        /// Path as given.
        path: String,
        /// What the system says.
        reason: String,
    },
}

impl SelectionError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            SelectionError::Missing { near, .. } if near.is_empty() => "check the path; it is taken from the folder you are in".to_owned(),
            SelectionError::Missing { near, .. } => format!("did you mean {}?", near.join(" or ")),
            SelectionError::EmptyFolder { .. } => format!("of a folder the files with these endings are read: .{}", ENDINGS.join(", .")),
            SelectionError::NoMatch { .. } => {
                "* stands for any letters of a name, ** for any folders; put the pattern in quotes, so that the shell doesn't read it"
                    .to_owned()
            }
            SelectionError::BadPattern { .. } => "write it as 'news/*.html' or 'news/**/*.txt'".to_owned(),
            SelectionError::Unreadable { .. } => "check your right to read it".to_owned(),
        }
    }
}

/// An argument that names articles.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArticleSource {
    /// One article.
    File(PathBuf),
    /// The articles of a folder.
    Folder(PathBuf),
    /// The files that a pattern matches.
    Glob(String),
    /// One article a line.
    Lines(PathBuf),
    /// One article a line, on standard input.
    LinesOfInput,
}

impl ArticleSource {
    /// What an argument names; `as_lines` takes every file, and `-`, for JSON Lines whatever its name.
    ///
    /// # Errors
    /// [`SelectionError`] for what isn't there or holds no article.
    pub fn select(argument: &Path, as_lines: bool) -> Result<Self, SelectionError> {
        let path = argument.display().to_string();
        if argument.as_os_str() == "-" && as_lines {
            return Ok(ArticleSource::LinesOfInput);
        }
        if argument.is_dir() {
            let mut walk = Walk::new(argument).map_err(|failure| unreadable(argument, &failure))?;
            return match walk.next() {
                Some(Ok(_)) => Ok(ArticleSource::Folder(argument.to_owned())),
                Some(Err(failure)) => Err(failure),
                None => Err(SelectionError::EmptyFolder { path }),
            };
        }
        if argument.exists() || argument.as_os_str() == "-" {
            let lines = as_lines || is_lines(argument);
            return Ok(if lines { ArticleSource::Lines(argument.to_owned()) } else { ArticleSource::File(argument.to_owned()) });
        }
        if !path.contains(['*', '?', '[']) {
            return Err(SelectionError::Missing { path, near: files_beside(argument) });
        }
        match matches(&path)?.next() {
            Some(_) => Ok(ArticleSource::Glob(path)),
            None => Err(SelectionError::NoMatch { pattern: path }),
        }
    }

    /// Whether it may be more than one article.
    pub fn is_many(&self) -> bool {
        !matches!(self, ArticleSource::File(_))
    }
}

/// Whether a file is JSON Lines by its name.
fn is_lines(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".jsonl") || name.ends_with(".ndjson")
}

fn unreadable(path: &Path, failure: &io::Error) -> SelectionError {
    SelectionError::Unreadable { path: path.display().to_string(), reason: failure.to_string() }
}

// ── files of a folder, and of a pattern ──

/// The articles of a folder and of those in it, by path; one folder's names in memory at a time.
struct Walk {
    open: Vec<IntoIter<FolderEntry>>,
}

struct FolderEntry {
    path: PathBuf,
    is_folder: bool,
}

impl Walk {
    fn new(folder: &Path) -> io::Result<Self> {
        Ok(Self { open: vec![list(folder)?] })
    }
}

impl Iterator for Walk {
    type Item = Result<PathBuf, SelectionError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let Some(FolderEntry { path, is_folder }) = self.open.last_mut()?.next() else {
                self.open.pop();
                continue;
            };
            if is_folder {
                match list(&path) {
                    Ok(entries) => self.open.push(entries),
                    Err(failure) => return Some(Err(unreadable(&path, &failure))),
                }
            } else {
                return Some(Ok(path));
            }
        }
    }
}

/// A folder's articles and folders, by name.
fn list(folder: &Path) -> io::Result<IntoIter<FolderEntry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let is_folder = entry.file_type()?.is_dir();
        if is_folder || (has_ending(&path) && path.is_file()) {
            entries.push(FolderEntry { path, is_folder });
        }
    }
    entries.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(entries.into_iter())
}

fn has_ending(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The files that a pattern matches, by path.
fn matches(pattern: &str) -> Result<impl Iterator<Item = Result<PathBuf, SelectionError>> + Send + use<>, SelectionError> {
    let options = MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };
    let bad = |reason: &glob::PatternError| SelectionError::BadPattern { pattern: pattern.to_owned(), reason: reason.msg.to_owned() };
    Pattern::new(pattern).map_err(|reason| bad(&reason))?;
    let paths: Paths = glob::glob_with(pattern, options).map_err(|reason| bad(&reason))?;
    Ok(paths.filter_map(|found| match found {
        Ok(path) => path.is_file().then_some(Ok(path)),
        Err(failure) => Some(Err(unreadable(failure.path(), failure.error()))),
    }))
}

// ── lines ──

/// The lines of a file of JSON Lines that aren't blank.
struct Lines {
    /// What errors call it.
    file: String,
    reader: Box<dyn BufRead + Send>,
    /// Lines read.
    line: usize,
}

impl Lines {
    fn of_input() -> Self {
        Self { file: "standard input".to_owned(), reader: Box::new(BufReader::with_capacity(BUFFER_BYTES, io::stdin())), line: 0 }
    }

    fn open(path: &Path) -> io::Result<Self> {
        let opened = BufReader::with_capacity(BUFFER_BYTES, File::open(path)?);
        let packed = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
        let reader: Box<dyn BufRead + Send> =
            if packed { Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(opened))) } else { Box::new(opened) };
        Ok(Self { file: path.display().to_string(), reader, line: 0 })
    }

    /// The next line, or why it can't be read; None at the end.
    fn read(&mut self) -> Option<UnreadArticle> {
        loop {
            self.line += 1;
            let (file, line) = (self.file.clone(), self.line);
            let failed = |message: String, help: &str| {
                let error = ArticleError::Line { place: format!("{file}, line {line}"), column: None, message, help: help.to_owned() };
                let key = ArticleKey::Line { id: None, file: file.clone(), line };
                Some(UnreadArticle::Failed { key, error: Box::new(error) })
            };
            match read_line(&mut self.reader) {
                Ok(LineRead::Line(bytes)) => {
                    let bytes =
                        if self.line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes) } else { bytes };
                    if !bytes.iter().all(u8::is_ascii_whitespace) {
                        return Some(UnreadArticle::Line { file, line, bytes });
                    }
                }
                Ok(LineRead::TooLong { bytes }) => {
                    let message = format!("the line has {bytes} bytes, more than the {} MiB a line may have", MAX_LINE_BYTES / 1024 / 1024);
                    return failed(message, "write one article a line");
                }
                Ok(LineRead::End) => return None,
                Err(failure) => {
                    self.reader = Box::new(io::empty());
                    return failed(format!("can't be read from here on: {failure}"), "check the file; what stands before was read");
                }
            }
        }
    }
}

enum LineRead {
    Line(Vec<u8>),
    TooLong { bytes: usize },
    End,
}

/// Reads up to the next line end; a line past the limit is passed over without being kept.
fn read_line(reader: &mut dyn BufRead) -> io::Result<LineRead> {
    let mut line = Vec::new();
    let mut length = 0;
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(failure) if failure.kind() == io::ErrorKind::Interrupted => continue,
            Err(failure) => return Err(failure),
        };
        let (part, used, ended) = match memchr::memchr(b'\n', buffer) {
            Some(end) => (buffer.get(..end).unwrap_or_default(), end + 1, true),
            None => (buffer, buffer.len(), buffer.is_empty()),
        };
        if used == 0 && length == 0 {
            return Ok(LineRead::End);
        }
        length += part.len();
        if length <= MAX_LINE_BYTES {
            line.extend_from_slice(part);
        } else {
            line = Vec::new();
        }
        reader.consume(used);
        if ended {
            return Ok(if length <= MAX_LINE_BYTES { LineRead::Line(line) } else { LineRead::TooLong { bytes: length } });
        }
    }
}

// ── the stream ──

/// What tells an article from the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArticleKey {
    /// A file.
    Path(String),
    /// A line of JSON Lines.
    Line {
        /// Its id; None when it has none.
        id: Option<ArticleId>,
        /// The file, or "standard input".
        file: String,
        /// The line, from 1.
        line: usize,
    },
}

impl ArticleKey {
    /// The path; the id; or, of a line without an id, "line 12".
    pub fn name(&self) -> String {
        match self {
            ArticleKey::Path(path) => path.clone(),
            ArticleKey::Line { id: Some(id), .. } => id.to_string(),
            ArticleKey::Line { id: None, line, .. } => format!("line {line}"),
        }
    }
}

impl Serialize for ArticleKey {
    /// `{"path": …}` or `{"id": …, "line": …}`.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let mut map = serializer.serialize_map(None)?;
        match self {
            ArticleKey::Path(path) => map.serialize_entry("path", path)?,
            ArticleKey::Line { id, line, .. } => {
                map.serialize_entry("id", id)?;
                map.serialize_entry("line", line)?;
            }
        }
        map.end()
    }
}

/// An article that isn't read yet.
#[derive(Debug, Clone, PartialEq)]
pub enum UnreadArticle {
    /// A file.
    File(PathBuf),
    /// A line of JSON.
    Line {
        /// The file, or "standard input".
        file: String,
        /// The line, from 1.
        line: usize,
        /// What stands in it.
        bytes: Vec<u8>,
    },
    /// One that can't be read.
    Failed {
        /// Which.
        key: ArticleKey,
        /// Why.
        error: Box<ArticleError>,
    },
}

impl UnreadArticle {
    /// Bytes held in memory.
    pub fn size(&self) -> usize {
        match self {
            UnreadArticle::Line { bytes, .. } => bytes.len(),
            UnreadArticle::File(_) | UnreadArticle::Failed { .. } => 0,
        }
    }

    /// Which article it is; the id of a line isn't known before it is read.
    pub fn key(&self) -> ArticleKey {
        match self {
            UnreadArticle::File(path) => ArticleKey::Path(path.display().to_string()),
            UnreadArticle::Line { file, line, .. } => ArticleKey::Line { id: None, file: file.clone(), line: *line },
            UnreadArticle::Failed { key, .. } => key.clone(),
        }
    }

    /// Reads it.
    pub fn read(self, reader: &ArticleReader) -> (ArticleKey, Result<ReadArticle, ArticleError>) {
        match self {
            UnreadArticle::File(path) => {
                let key = ArticleKey::Path(path.display().to_string());
                (key, reader.read_file(&path).map(|(article, _)| article))
            }
            UnreadArticle::Line { file, line, bytes } => {
                let found = reader.read_line(&format!("{file}, line {line}"), &bytes);
                (ArticleKey::Line { id: found.id, file, line }, found.read)
            }
            UnreadArticle::Failed { key, error } => (key, Err(*error)),
        }
    }
}

/// The articles of several sources, in their order.
pub struct ArticleStream {
    sources: IntoIter<ArticleSource>,
    /// What is left of the folder or pattern that is being read.
    files: Option<Box<dyn Iterator<Item = Result<PathBuf, SelectionError>> + Send>>,
    /// What is left of the file of lines that is being read.
    lines: Option<Lines>,
}

impl ArticleStream {
    /// The articles of these sources.
    pub fn new(sources: Vec<ArticleSource>) -> Self {
        Self { sources: sources.into_iter(), files: None, lines: None }
    }

    fn begin(&mut self, source: ArticleSource) -> Result<(), SelectionError> {
        match source {
            ArticleSource::File(path) => self.files = Some(Box::new(std::iter::once(Ok(path)))),
            ArticleSource::Folder(path) => self.files = Some(Box::new(Walk::new(&path).map_err(|failure| unreadable(&path, &failure))?)),
            ArticleSource::Glob(pattern) => self.files = Some(Box::new(matches(&pattern)?)),
            ArticleSource::Lines(path) => self.begin_lines(&path)?,
            ArticleSource::LinesOfInput => self.lines = Some(Lines::of_input()),
        }
        Ok(())
    }

    fn begin_lines(&mut self, path: &Path) -> Result<(), SelectionError> {
        self.lines = Some(Lines::open(path).map_err(|failure| unreadable(path, &failure))?);
        Ok(())
    }
}

impl Iterator for ArticleStream {
    type Item = UnreadArticle;

    fn next(&mut self) -> Option<UnreadArticle> {
        loop {
            if let Some(lines) = &mut self.lines {
                match lines.read() {
                    Some(article) => return Some(article),
                    None => self.lines = None,
                }
            }
            let begun = match self.files.as_mut().map(Iterator::next) {
                Some(Some(Ok(path))) if is_lines(&path) => self.begin_lines(&path),
                Some(Some(Ok(path))) => return Some(UnreadArticle::File(path)),
                Some(Some(Err(failure))) => Err(failure),
                Some(None) | None => {
                    self.files = None;
                    let source = self.sources.next()?;
                    self.begin(source)
                }
            };
            if let Err(failure) = begun {
                return Some(failed(failure));
            }
        }
    }
}

/// A file or folder that was there when the arguments were looked at, and can't be read now.
fn failed(failure: SelectionError) -> UnreadArticle {
    let (file, reason) = match failure {
        SelectionError::Unreadable { path, reason } => (path, reason),
        SelectionError::Missing { ref path, .. } | SelectionError::EmptyFolder { ref path } => (path.clone(), failure.to_string()),
        SelectionError::NoMatch { ref pattern } | SelectionError::BadPattern { ref pattern, .. } => (pattern.clone(), failure.to_string()),
    };
    let key = ArticleKey::Path(file.clone());
    UnreadArticle::Failed { key, error: Box::new(ConfigurationError::Unreadable { file, reason }.into()) }
}
