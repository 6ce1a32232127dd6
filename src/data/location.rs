//! [`Location`]: the place in a data file that an error is about.

use std::fmt;

use memchr::{memchr_iter, memrchr};

/// Where in a file something stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A place in a text file.
    Text {
        /// Line, from 1.
        line: usize,
        /// Character of the line (not byte), from 1; a tab counts as one, a byte order mark as none.
        column: usize,
        /// The line's text, without its line end.
        text: String,
    },
    /// A row of a file that has no lines (Parquet).
    Row {
        /// Row, from 1.
        row: usize,
    },
}

impl Location {
    /// The place of the byte `offset` of `text`. An offset past the end is the end; one inside a character is that character, and one
    /// inside a line's end is the end of the line.
    pub fn of_offset(text: &str, offset: usize) -> Self {
        let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
        let line = memchr_iter(b'\n', before).count() + 1;
        let start = memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let rest = text.get(start..).unwrap_or_default();
        let found = rest.lines().next().unwrap_or_default();
        let column = found.char_indices().take_while(|(index, character)| start + index + character.len_utf8() <= before.len()).count() + 1;
        Location::Text { line, column, text: found.to_owned() }
    }

    /// Line and character column (both from 1) of a place in a text file; None in a Parquet file.
    pub fn line_and_column(&self) -> Option<(usize, usize)> {
        match self {
            Location::Text { line, column, .. } => Some((*line, *column)),
            Location::Row { .. } => None,
        }
    }

    /// The text of the line; None in a Parquet file.
    pub fn text(&self) -> Option<&str> {
        match self {
            Location::Text { text, .. } => Some(text),
            Location::Row { .. } => None,
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::Text { line, column, .. } => write!(formatter, "line {line}, column {column}"),
            Location::Row { row } => write!(formatter, "row {row}"),
        }
    }
}
