//! Ken French's files as published: some lines of text, a header whose first cell is empty (`,Mkt-RF,SMB,HML,RF`), rows that begin with a
//! date (`19260701,   0.10,  -0.25,  -0.27,   0.01`), a blank line, and more text. The older `.txt` files have spaces for commas.
//!
//! Daily rows are taken. Rows of months among them or in a block of their own are refused: which of the two is meant can't be guessed;
//! and so is a second block of days. Rows of years after them are left out, and counted.

use chrono::NaiveDate;
use thiserror::Error;

use super::factor_cell::{FactorCellError, FactorCellFault, is_known_factor};
use super::location::Location;
use super::price_cell::{is_missing, parse_date};

/// Why a file isn't one of Ken French's daily files.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FactorTextError {
    /// No header.
    #[error("there is no header with the names of factors, neither \"date,mktrf,smb,…\" nor \",Mkt-RF,SMB,…\"")]
    NoHeader,
    /// A header, and no row below it.
    #[error("line {line}: the header has no row of numbers below it")]
    NoRow {
        /// Line of the header, from 1.
        line: usize,
    },
    /// A row with more or fewer cells than the header.
    #[error("{location}: the row has {found} numbers and the header {expected} names")]
    Width {
        /// The row.
        location: Location,
        /// Names in the header, the date's left out.
        expected: usize,
        /// Cells in the row, the date's left out.
        found: usize,
    },
    /// A second block of days.
    #[error("{location}: a second block of daily rows begins here")]
    SecondBlock {
        /// Its first row.
        location: Location,
    },
    /// A cell can't be used.
    #[error(transparent)]
    Cell(Box<FactorCellError>),
}

impl FactorTextError {
    /// The place, when the error has one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            FactorTextError::Width { location, .. } | FactorTextError::SecondBlock { location } => Some(location),
            FactorTextError::Cell(error) => Some(&error.location),
            FactorTextError::NoHeader | FactorTextError::NoRow { .. } => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            FactorTextError::NoHeader => "give one of Ken French's daily files as published, or a table with a column \"date\"",
            FactorTextError::NoRow { .. } => "check that the download finished",
            FactorTextError::Width { .. } => "give the row one number a factor; missing ones are -99.99 or -999",
            FactorTextError::SecondBlock { .. } => "keep one of the blocks",
            FactorTextError::Cell(error) => error.fault.help(),
        }
    }
}

/// A file as published: names, and for each row its date, the numbers (None where a cell is empty or says that there is none) and its line.
pub(super) struct PublishedFactors {
    pub names: Vec<String>,
    pub rows: Vec<PublishedRow>,
    /// Text stood before the header.
    pub has_preamble: bool,
    /// Rows of years that were left out.
    pub annual_rows: usize,
}

/// A row of a file as published.
pub(super) struct PublishedRow {
    /// Line, from 0.
    pub line: usize,
    pub date: NaiveDate,
    pub values: Vec<Option<f64>>,
}

/// Whether the text is a plain table: its first line that isn't blank names a column of dates.
pub(super) fn is_plain_table(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let named = |cell: &str| super::factor_cell::is_date_name(cell.trim().trim_matches('"'));
    first.split([',', ';', '\t']).any(named)
}

/// Reads a file as published.
pub(super) fn read_published(text: &str) -> Result<PublishedFactors, FactorTextError> {
    let text = text.trim_start_matches('\u{feff}');
    let lines: Vec<&str> = text.lines().collect();
    let row_date = |line: &str| cells_of(line).first().is_some_and(|cell| is_digits(cell.text, &[4, 6, 8]));
    let mut header = None;
    for (index, line) in lines.iter().enumerate() {
        let names = header_names(line);
        let followed = || lines.iter().skip(index + 1).find(|line| !line.trim().is_empty()).is_some_and(|line| row_date(line));
        if !names.is_empty() && (names.iter().any(|name| is_known_factor(name)) || line.starts_with(',')) && followed() {
            header = Some((index, names));
            break;
        }
        if !names.is_empty() && names.iter().any(|name| is_known_factor(name)) && line.starts_with(',') {
            return Err(FactorTextError::NoRow { line: index + 1 });
        }
    }
    let (header, names) = header.ok_or(FactorTextError::NoHeader)?;
    let mut found = PublishedFactors {
        has_preamble: lines.iter().take(header).any(|line| !line.trim().is_empty()),
        names,
        rows: Vec::with_capacity(lines.len()),
        annual_rows: 0,
    };
    let mut ended = false;
    for (index, line) in lines.iter().enumerate().skip(header + 1) {
        let cells = cells_of(line);
        let Some((date, values)) = cells.split_first().filter(|_| row_date(line)) else {
            // The first line of another kind after the rows ends them.
            let first = cells.first().copied().unwrap_or_default().text;
            let is_row = !first.is_empty() && line.contains(',') && cells.len() == found.names.len() + 1;
            if !line.trim().is_empty() && !ended && (is_row || found.rows.is_empty()) {
                let fault = FactorCellFault::Date(super::price_cell::CellFault::DateFormat);
                return Err(cell_error(index, line, cells.first().copied().unwrap_or_default(), "date", fault));
            }
            ended |= !found.rows.is_empty();
            continue;
        };
        match date.text.len() {
            6 => return Err(cell_error(index, line, *date, "date", FactorCellFault::Month)),
            4 if ended => found.annual_rows += 1,
            _ if ended => return Err(FactorTextError::SecondBlock { location: place(index, line, date.start) }),
            _ => found.rows.push(read_row(index, line, *date, values, &found.names)?),
        }
    }
    if found.rows.is_empty() { Err(FactorTextError::NoRow { line: header + 1 }) } else { Ok(found) }
}

fn read_row(index: usize, line: &str, date: Cell, values: &[Cell], names: &[String]) -> Result<PublishedRow, FactorTextError> {
    let day = parse_date(date.text).map_err(|fault| cell_error(index, line, date, "date", FactorCellFault::Date(fault)))?;
    if values.len() != names.len() {
        let at = values.get(names.len()).map_or(line.len(), |cell| cell.start);
        return Err(FactorTextError::Width { location: place(index, line, at), expected: names.len(), found: values.len() });
    }
    let number = |(cell, name): (&Cell, &String)| match cell.text {
        text if is_missing(text) => Ok(None),
        text => match text.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Some(number)),
            _ => Err(cell_error(index, line, *cell, name, FactorCellFault::NotANumber)),
        },
    };
    let values = values.iter().zip(names).map(number).collect::<Result<_, _>>()?;
    Ok(PublishedRow { line: index, date: day, values })
}

/// A cell of a line: its text, trimmed, and the byte at which it begins.
#[derive(Debug, Clone, Copy, Default)]
struct Cell<'a> {
    text: &'a str,
    start: usize,
}

/// The cells of a line, which commas separate, or spaces where there is no comma.
fn cells_of(line: &str) -> Vec<Cell<'_>> {
    let start_of = |part: &str| part.as_ptr() as usize - line.as_ptr() as usize;
    let cell = |part: &'_ str| {
        let text = part.trim();
        (text.len(), start_of(text))
    };
    let found = |(length, start): (usize, usize)| Cell { text: line.get(start..start + length).unwrap_or_default(), start };
    if line.contains(',') { line.split(',').map(cell).map(found).collect() } else { line.split_whitespace().map(cell).map(found).collect() }
}

/// The names in a line, if it can be a header: after an empty cell, or separated by spaces.
fn header_names(line: &str) -> Vec<String> {
    let cells = cells_of(line);
    let names: Vec<String> = match cells.split_first() {
        Some((first, rest)) if line.contains(',') && first.text.is_empty() => rest.iter().map(|cell| cell.text.to_owned()).collect(),
        Some(_) if !line.contains(',') && line.starts_with(char::is_whitespace) => cells.iter().map(|cell| cell.text.to_owned()).collect(),
        _ => Vec::new(),
    };
    let is_name = |name: &String| !name.is_empty() && name.parse::<f64>().is_err();
    if names.iter().all(is_name) { names } else { Vec::new() }
}

fn is_digits(text: &str, lengths: &[usize]) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn place(index: usize, line: &str, start: usize) -> Location {
    let column = line.get(..start).unwrap_or(line).chars().count() + 1;
    Location::Text { line: index + 1, column, text: line.to_owned() }
}

fn cell_error(index: usize, line: &str, cell: Cell, column: &str, fault: FactorCellFault) -> FactorTextError {
    let error = FactorCellError { location: place(index, line, cell.start), column: column.to_owned(), value: cell.text.to_owned(), fault };
    FactorTextError::Cell(Box::new(error))
}

/// The error of a number in a row of a file as published.
pub(super) fn value_error(text: &str, line: usize, column: usize, name: &str, fault: FactorCellFault) -> FactorTextError {
    let found = text.trim_start_matches('\u{feff}').lines().nth(line).unwrap_or_default();
    let cell = cells_of(found).get(column + 1).copied().unwrap_or_default();
    cell_error(line, found, cell, name, fault)
}
