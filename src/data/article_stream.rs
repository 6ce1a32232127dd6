//! [`ArticleStream`]: the articles of several sources in their order, each still unread ([`UnreadArticle`]) and with what tells it from the others
//! ([`ArticleKey`]).

use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use serde::{Serialize, Serializer};

use crate::data::article_reader::{ArticleError, ArticleId, ArticleReader, ReadArticle};
use crate::data::article_source::{ArticleSource, SelectionError, Walk, is_lines, matches, unreadable};
use crate::data::configuration::ConfigurationError;
use crate::data::json_lines::Lines;

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
