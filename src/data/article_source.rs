//! Where many articles come from: files, folders, glob patterns and JSON Lines, one after the other and never all at once in memory.
//!
//! | argument | articles |
//! |---|---|
//! | a file | itself; `.jsonl` and `.ndjson`, also with `.gz` behind: one a line |
//! | a folder | all files in it and below whose names end in .txt, .text, .html, .htm, .xhtml, .md or .markdown, by path; hidden ones are left out, linked folders not entered |
//! | a pattern: `*`, `?`, `[a-z]`, `**` for any folders | the files that it matches, by path |
//!
//! [`ArticleSource::select`] looks at the arguments, an [`ArticleStream`](super::article_stream::ArticleStream) gives the articles
//! in their order, each still unread: reading and extracting is the work that threads share.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use glob::{MatchOptions, Paths, Pattern};
use thiserror::Error;

use crate::data::source_file::files_beside;

/// Endings of the files that a folder's articles are in.
const ENDINGS: [&str; 7] = ["txt", "text", "html", "htm", "xhtml", "md", "markdown"];

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
pub(super) fn is_lines(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    name.ends_with(".jsonl") || name.ends_with(".ndjson")
}

/// What the system doesn't give.
pub(super) fn unreadable(path: &Path, failure: &io::Error) -> SelectionError {
    SelectionError::Unreadable { path: path.display().to_string(), reason: failure.to_string() }
}

// ── files of a folder, and of a pattern ──

/// The articles of a folder and of those in it, by path; one folder's names in memory at a time.
pub(super) struct Walk {
    open: Vec<IntoIter<FolderEntry>>,
}

struct FolderEntry {
    path: PathBuf,
    is_folder: bool,
}

impl Walk {
    pub(super) fn new(folder: &Path) -> io::Result<Self> {
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
pub(super) fn matches(pattern: &str) -> Result<impl Iterator<Item = Result<PathBuf, SelectionError>> + Send + use<>, SelectionError> {
    let options = MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };
    let bad = |reason: &glob::PatternError| SelectionError::BadPattern { pattern: pattern.to_owned(), reason: reason.msg.to_owned() };
    Pattern::new(pattern).map_err(|reason| bad(&reason))?;
    let paths: Paths = glob::glob_with(pattern, options).map_err(|reason| bad(&reason))?;
    Ok(paths.filter_map(|found| match found {
        Ok(path) => path.is_file().then_some(Ok(path)),
        Err(failure) => Some(Err(unreadable(failure.path(), failure.error()))),
    }))
}
