//! Files of firms' characteristics → a [`FirmTable`].
//!
//! A file is CSV or Parquet, one firm a row (or a firm as of a date): `symbol`, as in the prices (or another name that event files take for
//! it: `ticker`, `permno`, …), if wanted `date` (or `as_of`, `datadate`), from which on the row is known, and a column a characteristic.
//! A characteristic is one of numbers where every cell that isn't empty (nor `NA`, `null`, `.`) is one, else of text.

use std::path::Path;

use thiserror::Error;

use super::column_cells::{CellTable, Cells, TableError};
use super::column_name::{folded, list};
use super::event_layout::EventRole;
use super::event_table::characteristic_of;
use super::location::Location;
use super::price_cell::{CellFault, parse_date};
use super::source_file::{Format, SourceFileError, name_of, with_file};
use crate::event::list::CharacteristicValues;
use crate::firm::{FirmError, FirmRow, FirmTable, Trait};

/// Names of the column of dates.
const DATES: [&str; 3] = ["date", "as_of", "datadate"];

/// A file of firms, read.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedFirms {
    /// The path as given.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Rows read.
    pub rows: usize,
    /// The firms.
    pub table: FirmTable,
    /// What was done with the file that its reader should know, in words.
    pub notes: Vec<String>,
}

/// Why firms can't be read.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FirmFileError {
    /// The file can't be opened.
    #[error(transparent)]
    Source(#[from] SourceFileError),
    /// The file is no table.
    #[error("{file}: {fault}")]
    Table {
        /// The path as given.
        file: String,
        /// What is wrong.
        fault: TableError,
    },
    /// No column of symbols, or more than one that could be it.
    #[error("{file}: {}: {}", if *.found == 0 { format!("there is no column \"{role}\" in the header") } else { format!("more than one column could be the {role}") }, list(.header))]
    Column {
        /// The path as given.
        file: String,
        /// What is sought.
        role: &'static str,
        /// Columns that could be it.
        found: usize,
        /// The header.
        header: Vec<String>,
    },
    /// A cell can't be used.
    #[error("{file}: {location}, {column}: {}", match .fault { Some(fault) => fault.describe(.value), None => "the row has no symbol".to_owned() })]
    Cell {
        /// The path as given.
        file: String,
        /// Where it stands.
        location: Location,
        /// The column's name.
        column: String,
        /// Its text.
        value: String,
        /// What is wrong with a date; None for a symbol that isn't there.
        fault: Option<CellFault>,
    },
    /// The rows don't go together.
    #[error("{file}: {fault}")]
    Firms {
        /// The path as given.
        file: String,
        /// What is wrong.
        fault: FirmError,
    },
}

impl FirmFileError {
    /// The file, as given.
    pub fn file(&self) -> &str {
        match self {
            FirmFileError::Source(fault) => fault.file(),
            FirmFileError::Table { file, .. }
            | FirmFileError::Column { file, .. }
            | FirmFileError::Cell { file, .. }
            | FirmFileError::Firms { file, .. } => file,
        }
    }

    /// The place in the file, when the error has one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            FirmFileError::Table { fault, .. } => fault.location(),
            FirmFileError::Cell { location, .. } => Some(location),
            FirmFileError::Source(_) | FirmFileError::Column { .. } | FirmFileError::Firms { .. } => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            FirmFileError::Source(fault) => fault.help(),
            FirmFileError::Table { fault, .. } => fault.help().to_owned(),
            FirmFileError::Column { role, .. } => format!("name the one that is meant \"{role}\""),
            FirmFileError::Cell { fault: Some(fault), .. } => fault.help().to_owned(),
            FirmFileError::Cell { fault: None, .. } => "give the row the symbol of its firm, or delete it".to_owned(),
            FirmFileError::Firms { .. } => "one row a firm, or one a firm and date".to_owned(),
        }
    }
}

/// Reads a file of firms.
///
/// # Errors
/// [`FirmFileError`]
pub fn read_firms(path: &Path) -> Result<LoadedFirms, FirmFileError> {
    let file = name_of(path);
    let (sha256, read) = with_file(path, |format, bytes| read_table(&file, bytes, format))?;
    let (table, rows, notes) = read?;
    Ok(LoadedFirms { path: file, sha256, rows, table, notes })
}

/// Reads firms that are in memory; `name` stands for the file in messages.
///
/// # Errors
/// [`FirmFileError`]
pub fn read_firm_bytes(name: &str, bytes: &[u8], format: Format) -> Result<FirmTable, FirmFileError> {
    read_table(name, bytes, format).map(|(table, _, _)| table)
}

fn read_table(file: &str, bytes: &[u8], format: Format) -> Result<(FirmTable, usize, Vec<String>), FirmFileError> {
    let table = CellTable::read(bytes, format).map_err(|fault| FirmFileError::Table { file: file.to_owned(), fault })?;
    let names: Vec<String> = table.header.iter().map(|name| folded(name)).collect();
    let find = |role: &'static str, synonyms: &[&str]| -> Result<Option<usize>, FirmFileError> {
        if let Some(own) = names.iter().position(|name| name == role) {
            return Ok(Some(own));
        }
        let found: Vec<usize> =
            (0..names.len()).filter(|column| names.get(*column).is_some_and(|name| synonyms.contains(&name.as_str()))).collect();
        match found.as_slice() {
            [] => Ok(None),
            [only] => Ok(Some(*only)),
            _ => Err(FirmFileError::Column { file: file.to_owned(), role, found: found.len(), header: table.header.clone() }),
        }
    };
    let missing = || FirmFileError::Column { file: file.to_owned(), role: "symbol", found: 0, header: table.header.clone() };
    let symbol = find("symbol", EventRole::Symbol.synonyms())?.ok_or_else(missing)?;
    let date = find("date", &DATES)?;
    let mut notes = Vec::new();
    for (column, role) in [(Some(symbol), "symbol"), (date, "date")] {
        if let Some(name) = column.and_then(|column| table.header.get(column)).filter(|name| folded(name) != role) {
            notes.push(format!("the column \"{name}\" taken for the {role}"));
        }
    }
    let mut columns = Vec::new();
    let mut values = Vec::new();
    for (column, name) in table.header.iter().enumerate().filter(|(column, _)| *column != symbol && Some(*column) != date) {
        match characteristic_of(&table, column) {
            Some(read) if !name.is_empty() => {
                columns.push(name.clone());
                values.push(read);
            }
            _ => notes.push(format!("column {} (\"{name}\"), which has no name or is of a type that isn't read, left out", column + 1)),
        }
    }
    let text = |row: usize, column: usize| table.columns.get(column).map(|cells: &Cells| cells.text(row).into_owned()).unwrap_or_default();
    let cell = |row: usize, column: usize, fault: Option<CellFault>| FirmFileError::Cell {
        file: file.to_owned(),
        location: table.locate(row, column),
        column: table.header.get(column).cloned().unwrap_or_default(),
        value: text(row, column),
        fault,
    };
    let mut rows = Vec::with_capacity(table.rows);
    for row in 0..table.rows {
        let name = text(row, symbol);
        if name.is_empty() {
            return Err(cell(row, symbol, None));
        }
        let known = match date.map(|column| (column, text(row, column))).filter(|(_, text)| !text.is_empty()) {
            Some((column, text)) => Some(parse_date(&text).map_err(|fault| cell(row, column, Some(fault)))?),
            None => None,
        };
        let cells = values.iter().map(|values| trait_of(values, row)).collect();
        rows.push(FirmRow { symbol: name, date: known, cells });
    }
    let count = rows.len();
    let firms = FirmTable::new(columns, rows).map_err(|fault| FirmFileError::Firms { file: file.to_owned(), fault })?;
    Ok((firms, count, notes))
}

fn trait_of(values: &CharacteristicValues, row: usize) -> Trait {
    match values {
        CharacteristicValues::Numbers(numbers) => numbers.get(row).copied().flatten().map_or(Trait::Missing, Trait::Number),
        CharacteristicValues::Texts(texts) => texts.get(row).cloned().flatten().map_or(Trait::Missing, Trait::Text),
    }
}
