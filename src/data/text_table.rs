//! The structure of a delimited text file (RFC 4180): header, separator, records and cells, and where each stands.
//!
//! polars reads rows with too few cells as rows of missing values, and a stray quote can shift cells from row to row; some of
//! them make it panic. So every record is checked here, in one pass without allocation, before polars sees it: it has as many
//! cells as the header, and quotes only around whole cells (inside, doubled). Blank lines are records without cells.

use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr3};
use thiserror::Error;

use super::location::Location;

/// Why a text file is no table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TextTableError {
    /// Nothing but white space.
    #[error("the file is empty")]
    Empty,
    /// A header and no row.
    #[error("the file has a header and no row below it")]
    HeaderOnly,
    /// Bytes that are another kind of file.
    #[error("the file is {kind}, not text")]
    Binary {
        /// What it is, with its article.
        kind: &'static str,
    },
    /// Bytes that are not UTF-8.
    #[error("{location}: the file is not UTF-8 text (byte {offset})")]
    NotUtf8 {
        /// Where the first such byte stands; its line is shown with replacement characters.
        location: Location,
        /// How many bytes come before it.
        offset: usize,
    },
    /// Lines that end in a carriage return alone.
    #[error("the lines end in a carriage return alone")]
    CarriageReturns,
    /// A record with more or fewer cells than the header has names.
    #[error("{location}: the row has {found} cells and the header {expected} names")]
    Width {
        /// The first cell too many, or the end of the row that is too short.
        location: Location,
        /// Names in the header.
        expected: usize,
        /// Cells in the row.
        found: usize,
    },
    /// A quote that opens a cell and is never closed.
    #[error("{location}: the quote that opens here is never closed")]
    UnclosedQuote {
        /// The quote.
        location: Location,
    },
    /// A quote inside a cell that doesn't begin with one, or text after a closing quote.
    #[error("{location}: a quote inside a cell")]
    StrayQuote {
        /// The quote, or the text after it.
        location: Location,
    },
}

impl TextTableError {
    /// The place, when the error has one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            TextTableError::NotUtf8 { location, .. }
            | TextTableError::Width { location, .. }
            | TextTableError::UnclosedQuote { location }
            | TextTableError::StrayQuote { location } => Some(location),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            TextTableError::Empty | TextTableError::HeaderOnly => "check that the export or download finished",
            TextTableError::Binary { .. } => "unpack or export it as CSV, or give it the extension of what it is (.parquet for Parquet)",
            TextTableError::NotUtf8 { .. } => {
                "save the file as UTF-8 (in a spreadsheet: \"CSV UTF-8\"); it may be UTF-16, Latin-1 or Windows-1252"
            }
            TextTableError::CarriageReturns => "save the file with line feeds (Unix) or carriage return and line feed (Windows)",
            TextTableError::Width { .. } => {
                "give the row one cell a column, an empty one where a value is missing; put quotes around a cell that contains the separator"
            }
            TextTableError::UnclosedQuote { .. } | TextTableError::StrayQuote { .. } => {
                "put quotes around the whole cell and double those inside it, or remove them"
            }
        }
    }
}

/// A text file whose header has been read.
#[derive(Debug, Clone)]
pub(super) struct TextTable<'a> {
    text: &'a str,
    separator: u8,
    header: Vec<String>,
    header_line: usize,
    body_start: usize,
}

/// The records below the header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Records {
    /// How many, blank lines included.
    pub count: usize,
    /// Those that are blank lines, from 0, rising.
    pub blank: Vec<usize>,
    /// The records in pieces of about [`BLOCK_BYTES`], so that not all of a long file has to be read at once.
    pub blocks: Vec<Block>,
}

/// Bytes of a [`Block`]; the last one has fewer, and each one as many more as its last record needs.
const BLOCK_BYTES: usize = 8 << 20;

/// Records that follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    /// The first, from 0.
    pub first: usize,
    /// How many, blank lines included.
    pub records: usize,
    /// Byte of the text at which the first begins.
    start: usize,
    /// Byte of the text after the last.
    end: usize,
}

impl Records {
    /// The record of a row; rows are records that aren't blank lines. Both count from 0.
    pub fn of_row(&self, row: usize) -> usize {
        self.blank.iter().fold(row, |record, blank| if *blank <= record { record + 1 } else { record })
    }
}

impl<'a> TextTable<'a> {
    /// Reads the header: the first line that isn't blank, after a byte order mark. Its separator is the one of tab, semicolon and
    /// comma that stands there most often.
    pub fn open(bytes: &'a [u8]) -> Result<Self, TextTableError> {
        if let Some(kind) = binary_kind(bytes) {
            return Err(TextTableError::Binary { kind });
        }
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
            Err(error) => {
                let offset = error.valid_up_to();
                return Err(TextTableError::NotUtf8 { location: location_in_bytes(bytes, offset), offset });
            }
        };
        if text.trim().is_empty() {
            return Err(TextTableError::Empty);
        }
        let lead = text.get(..text.len() - text.trim_start().len()).unwrap_or_default();
        let start = lead.rfind('\n').map_or(0, |newline| newline + 1);
        let first_line = text.get(start..).and_then(|rest| rest.split('\n').next()).unwrap_or_default();
        if first_line.trim().contains('\r') {
            return Err(TextTableError::CarriageReturns);
        }
        let separator = separator_of(first_line);
        let mut table = Self { text, separator, header: Vec::new(), header_line: lead.matches('\n').count() + 1, body_start: start };
        loop {
            let cell = table.cell_at(table.body_start)?;
            table.body_start = cell.next;
            let name = table.content(cell).into_owned();
            table.header.push(name);
            if cell.last {
                return Ok(table);
            }
        }
    }

    /// The names in the header, trimmed.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Line of the header, from 1.
    pub fn header_line(&self) -> usize {
        self.header_line
    }

    /// The byte that separates cells.
    pub fn separator(&self) -> u8 {
        self.separator
    }

    /// The bytes of a block of records.
    pub fn bytes(&self, block: Block) -> &'a [u8] {
        self.text.as_bytes().get(block.start..block.end).unwrap_or_default()
    }

    /// The first of the cells of these columns, going down the rows, that `wanted` picks something from.
    pub fn find_in<T>(&self, columns: &[usize], wanted: impl Fn(&str) -> Option<T>) -> Option<T> {
        let mut at = self.body_start;
        let mut column = 0;
        while at < self.text.len() {
            let cell = self.cell_at(at).ok()?;
            if columns.contains(&column)
                && let Some(found) = wanted(&self.content(cell))
            {
                return Some(found);
            }
            at = cell.next;
            column = if cell.last { 0 } else { column + 1 };
        }
        None
    }

    /// The cells of these columns (from 0, rising), trimmed, row by row of a block of checked records, blank lines left out; `see` gets the
    /// record's number in the file and ends the walk by false.
    pub fn rows_in(&self, block: Block, columns: &[usize], mut see: impl FnMut(usize, &[Cow<'a, str>]) -> bool) {
        let mut cells: Vec<Cow<'a, str>> = Vec::with_capacity(columns.len());
        let mut at = block.start;
        for record in block.first..block.first + block.records {
            cells.clear();
            let (mut column, start) = (0, at);
            loop {
                let Ok(cell) = self.cell_at(at) else { return };
                if columns.get(cells.len()) == Some(&column) {
                    cells.push(self.content(cell));
                }
                at = cell.next;
                column += 1;
                if cell.last {
                    break;
                }
            }
            let is_blank =
                column < self.header.len() || (column == 1 && self.text.get(start..at).is_none_or(|line| line.trim().is_empty()));
            if !is_blank && !see(record, &cells) {
                return;
            }
        }
    }

    /// Checks every record.
    pub fn check(&self) -> Result<Records, TextTableError> {
        self.walk(|_| {})
    }

    /// Checks every record, and gives the cells of each column, trimmed; blank lines have none.
    pub fn columns(&self) -> Result<(Records, Vec<ColumnOfText<'a>>), TextTableError> {
        let body = self.text.as_bytes().get(self.body_start..).unwrap_or_default();
        let lines = memchr_iter(b'\n', body).count() + 1;
        let mut columns: Vec<ColumnOfText<'a>> = (0..self.header.len()).map(|_| Vec::with_capacity(lines)).collect();
        let records = self.walk(|step| match step {
            Step::Cell { column, span } => {
                if let Some(cells) = columns.get_mut(column) {
                    cells.push(self.content(span));
                }
            }
            Step::Blank => {
                if let Some(cells) = columns.first_mut() {
                    cells.pop();
                }
            }
        })?;
        Ok((records, columns))
    }

    /// Goes through the records and checks each. A blank line is seen as a cell of the first column, and taken back.
    #[inline]
    fn walk(&self, mut see: impl FnMut(Step)) -> Result<Records, TextTableError> {
        let expected = self.header.len();
        let mut records = Records { count: 0, blank: Vec::new(), blocks: Vec::new() };
        let mut block = Block { first: 0, records: 0, start: self.body_start, end: self.body_start };
        let mut at = self.body_start;
        while at < self.text.len() {
            let start = at;
            let (mut found, mut surplus) = (0, None);
            let end = loop {
                let cell = self.cell_at(at)?;
                see(Step::Cell { column: found, span: cell });
                found += 1;
                if found == expected + 1 {
                    surplus = Some(cell.start);
                }
                at = cell.next;
                if cell.last {
                    break cell.end;
                }
            };
            if found != expected {
                if found == 1 && self.text.get(start..end).is_some_and(|line| line.trim().is_empty()) {
                    records.blank.push(records.count);
                    see(Step::Blank);
                } else {
                    let location = Location::of_offset(self.text, surplus.unwrap_or(end));
                    return Err(TextTableError::Width { location, expected, found });
                }
            }
            records.count += 1;
            if at - block.start >= BLOCK_BYTES || at == self.text.len() {
                records.blocks.push(Block { records: records.count - block.first, end: at, ..block });
                block = Block { first: records.count, records: 0, start: at, end: at };
            }
        }
        if records.count == records.blank.len() { Err(TextTableError::HeaderOnly) } else { Ok(records) }
    }

    /// Where the cell of a record (both from 0, blank lines count) stands, and what it says, trimmed.
    pub fn locate(&self, record: usize, column: usize) -> (Location, String) {
        let mut at = self.body_start;
        for _ in 0..record {
            while let Ok(cell) = self.cell_at(at) {
                at = cell.next;
                if cell.last {
                    break;
                }
            }
        }
        let mut value = String::new();
        for index in 0..=column {
            let Ok(cell) = self.cell_at(at) else { break };
            if index == column || cell.last {
                at = cell.start;
                value = self.content(cell).into_owned();
                break;
            }
            at = cell.next;
        }
        (Location::of_offset(self.text, at), value)
    }

    /// The cell that begins at byte `start`.
    #[inline]
    fn cell_at(&self, start: usize) -> Result<CellSpan, TextTableError> {
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        if rest.first() == Some(&b'"') {
            return self.quoted_cell_at(start, rest);
        }
        let length = memchr3(self.separator, b'\n', b'"', rest).unwrap_or(rest.len());
        let end = start + length;
        match rest.get(length) {
            Some(b'"') => Err(TextTableError::StrayQuote { location: Location::of_offset(self.text, end) }),
            Some(b'\n') | None => {
                let end = if rest.get(..length).is_some_and(|cell| cell.ends_with(b"\r")) { end - 1 } else { end };
                Ok(CellSpan { start, end, next: (start + length + 1).min(self.text.len()), last: true })
            }
            Some(_) => Ok(CellSpan { start, end, next: end + 1, last: false }),
        }
    }

    fn quoted_cell_at(&self, start: usize, rest: &[u8]) -> Result<CellSpan, TextTableError> {
        let mut length = 1;
        loop {
            let Some(inside) = rest.get(length..).and_then(|rest| memchr(b'"', rest)) else {
                return Err(TextTableError::UnclosedQuote { location: Location::of_offset(self.text, start) });
            };
            length += inside + 1;
            let end = start + length;
            match rest.get(length..).unwrap_or_default() {
                [b'"', ..] => length += 1,
                [] | [b'\r'] => return Ok(CellSpan { start, end, next: self.text.len(), last: true }),
                [b'\n', ..] => return Ok(CellSpan { start, end, next: end + 1, last: true }),
                [b'\r', b'\n', ..] => return Ok(CellSpan { start, end, next: end + 2, last: true }),
                [found, ..] if *found == self.separator => return Ok(CellSpan { start, end, next: end + 1, last: false }),
                _ => return Err(TextTableError::StrayQuote { location: Location::of_offset(self.text, end) }),
            }
        }
    }

    /// What a cell says: without its quotes, and trimmed.
    fn content(&self, cell: CellSpan) -> Cow<'a, str> {
        let raw = self.text.get(cell.start..cell.end).unwrap_or_default();
        match raw.strip_prefix('"').and_then(|raw| raw.strip_suffix('"')) {
            Some(quoted) if quoted.contains('"') => Cow::Owned(quoted.replace("\"\"", "\"").trim().to_owned()),
            Some(quoted) => Cow::Borrowed(quoted.trim()),
            None => Cow::Borrowed(raw.trim()),
        }
    }
}

/// The cells of a column, trimmed.
pub(super) type ColumnOfText<'a> = Vec<Cow<'a, str>>;

/// What a walk through the records sees.
enum Step {
    /// A cell of a column, from 0.
    Cell { column: usize, span: CellSpan },
    /// The cell seen last was a blank line.
    Blank,
}

/// The bytes of a cell, its quotes included; where the next begins; whether it ends its record.
#[derive(Debug, Clone, Copy)]
struct CellSpan {
    start: usize,
    end: usize,
    next: usize,
    last: bool,
}

fn separator_of(line: &str) -> u8 {
    let mut counts = [(b'\t', 0_usize), (b';', 0), (b',', 0)];
    let mut quoted = false;
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(separator, _)| *separator == byte && !quoted) {
            *count += 1;
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).filter(|(_, count)| *count > 0).map_or(b',', |(separator, _)| *separator)
}

fn binary_kind(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [b'P', b'A', b'R', b'1', ..] => Some("a Parquet file"),
        [0x1f, 0x8b, ..] => Some("compressed by gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("compressed by zstd"),
        [b'P', b'K', 3, 4, ..] => Some("a zip archive or a spreadsheet"),
        _ => None,
    }
}

fn location_in_bytes(bytes: &[u8], offset: usize) -> Location {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let line = memchr_iter(b'\n', before).count() + 1;
    let start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
    let characters = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_start_matches('\u{feff}').to_owned();
    let found = bytes.get(start..).and_then(|rest| rest.split(|byte| *byte == b'\n').next()).unwrap_or_default();
    let column = characters(before.get(start..).unwrap_or_default()).chars().count() + 1;
    Location::Text { line, column, text: characters(found).trim_end_matches('\r').to_owned() }
}
