//! Event files → an [`EventList`]: [`read_events`], and [`read_event_bytes`] for a file that is in memory.
//!
//! A file is CSV (`.csv`, `.tsv`, `.txt`) or Parquet, one event a row: `event_id`, `symbol`, `date`, and if wanted `time` (with
//! `time_zone`) or `timing`, `group`, `benchmark`, `estimation`, `window` and `title`; [`super::event_layout`] says which other names are
//! taken for these. Every further column is kept as a characteristic: numbers where every cell that isn't empty (nor `NA`, `null`, `.`) is
//! one, else text.
//!
//! - Without a column of ids the events are `1`, `2`, … in the order of the rows, and an [`EventNote`] says so. The id is the only key:
//!   two events of one firm are two ids.
//! - Dates are `2022-09-02` or `20220902`. A time is `17:30` or `17:30:00` in the exchange's zone or in the row's `time_zone`, or has its
//!   offset, `17:30-04:00`, and may have its date before it; a datetime in the column of dates is a date with a time, unless it is midnight.
//! - An empty cell of any column but the id, the symbol and the date means: not said, the study's own.

use std::path::Path;

use chrono_tz::Tz;
use serde::Serialize;
use thiserror::Error;

use super::column_cells::{CellTable, TableError};
use super::event_cell::EventCellError;
use super::event_layout::{EventLayout, EventLayoutError};
use super::event_table::Columns;
use super::location::Location;
use super::source_file::{Format, SourceFileError, name_of, sha256_of, with_file};
use crate::calendar::{Exchange, Timing};
use crate::event::list::EventList;

/// What an event file leaves to its study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EventFileOptions {
    /// The exchange in whose zone times are, and whose hours place them; None refuses times.
    pub exchange: Option<Exchange>,
    /// Timing of a row that says neither a time nor a timing.
    pub timing: Timing,
}

/// How moments are read.
pub(super) struct MomentRule {
    /// Zone of times whose row names none; None refuses times.
    pub home: Option<Tz>,
    /// Timing of a row that says neither a time nor a timing.
    pub timing: Timing,
}

impl From<&EventFileOptions> for MomentRule {
    fn from(options: &EventFileOptions) -> Self {
        Self { home: options.exchange.map(Exchange::zone), timing: options.timing }
    }
}

/// An event file, read.
#[derive(Debug, Clone, PartialEq)]
pub struct EventFile {
    /// The path as given.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// The events, in the order of the rows.
    pub list: EventList,
    /// What was done with the file that its reader should know.
    pub notes: Vec<EventNote>,
}

/// Something about an event file that is no error but should be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "note")]
pub enum EventNote {
    /// The file has no ids: the events are numbered by row, from 1.
    IdsNumbered,
    /// A column was taken for what its name is a synonym of.
    ColumnTaken {
        /// The column.
        column: String,
        /// What it was taken for.
        name: &'static str,
    },
    /// A column without a name was left out.
    UnnamedColumn {
        /// Its number, from 1.
        number: usize,
    },
    /// A column of a type that isn't read was left out.
    ColumnLeftOut {
        /// The column.
        column: String,
        /// Its type.
        found: String,
    },
}

impl EventNote {
    /// The note in a sentence's words.
    pub fn words(&self) -> String {
        match self {
            EventNote::IdsNumbered => "no column event_id: events numbered by row, from 1".to_owned(),
            EventNote::ColumnTaken { column, name } => format!("the column \"{column}\" taken for the {name}"),
            EventNote::UnnamedColumn { number } => format!("column {number}, which has no name, left out"),
            EventNote::ColumnLeftOut { column, found } => format!("the column \"{column}\", of the type {found}, left out"),
        }
    }
}

/// Why events can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EventFileError {
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
    /// The header can't be used.
    #[error("{file}: {fault}")]
    Layout {
        /// The path as given.
        file: String,
        /// The header; None in a Parquet file.
        location: Option<Location>,
        /// What is wrong.
        fault: EventLayoutError,
    },
    /// A column of a type that it can't have, in a Parquet file.
    #[error("{file}: the column \"{column}\" is of the type {found}, which isn't read")]
    ColumnType {
        /// The path as given.
        file: String,
        /// The column's name.
        column: String,
        /// Its type in the file.
        found: String,
    },
    /// A cell can't be used.
    #[error("{file}: {fault}")]
    Cell {
        /// The path as given.
        file: String,
        /// Which cell, and what is wrong with it.
        fault: Box<EventCellError>,
    },
}

impl EventFileError {
    /// The file, as given.
    pub fn file(&self) -> &str {
        match self {
            EventFileError::Source(fault) => fault.file(),
            EventFileError::Table { file, .. }
            | EventFileError::Layout { file, .. }
            | EventFileError::ColumnType { file, .. }
            | EventFileError::Cell { file, .. } => file,
        }
    }

    /// The place in the file, when the error has one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            EventFileError::Table { fault, .. } => fault.location(),
            EventFileError::Layout { location, .. } => location.as_ref(),
            EventFileError::Cell { fault, .. } => Some(&fault.location),
            EventFileError::Source(_) | EventFileError::ColumnType { .. } => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            EventFileError::Source(fault) => fault.help(),
            EventFileError::Table { fault, .. } => fault.help().to_owned(),
            EventFileError::Layout { fault, .. } => fault.help(),
            EventFileError::ColumnType { column, .. } => {
                format!("write the column \"{column}\" as plain text, dates, or numbers of 32 or 64 bits (times as text, 17:30)")
            }
            EventFileError::Cell { fault, .. } => fault.fault.help().to_owned(),
        }
    }
}

/// Reads an event file.
///
/// # Errors
/// [`EventFileError`] of the first row, or what else is wrong with the file.
pub fn read_events(path: &Path, options: &EventFileOptions) -> Result<EventFile, EventFileError> {
    let file = name_of(path);
    let (sha256, read) = with_file(path, |format, bytes| read_list(&file, bytes, format, &options.into()))?;
    let (list, notes) = read?;
    Ok(EventFile { path: file, sha256, list, notes })
}

/// Reads an event file of news within the day: times are in `zone` unless their row says otherwise.
///
/// # Errors
/// As [`read_events`].
pub fn read_events_in(path: &Path, zone: Tz) -> Result<EventFile, EventFileError> {
    let file = name_of(path);
    let rule = MomentRule { home: Some(zone), timing: Timing::Unknown };
    let (sha256, read) = with_file(path, |format, bytes| read_list(&file, bytes, format, &rule))?;
    let (list, notes) = read?;
    Ok(EventFile { path: file, sha256, list, notes })
}

/// Reads an event file that is in memory; `name` stands for it in messages.
///
/// # Errors
/// [`EventFileError`]
pub fn read_event_bytes(name: &str, bytes: &[u8], format: Format, options: &EventFileOptions) -> Result<EventFile, EventFileError> {
    let (sha256, read) = rayon::join(|| sha256_of(bytes), || read_list(name, bytes, format, &options.into()));
    let (list, notes) = read?;
    Ok(EventFile { path: name.to_owned(), sha256, list, notes })
}

fn read_list(file: &str, bytes: &[u8], format: Format, options: &MomentRule) -> Result<(EventList, Vec<EventNote>), EventFileError> {
    let table = CellTable::read(bytes, format).map_err(|fault| EventFileError::Table { file: file.to_owned(), fault })?;
    let layout = EventLayout::of_header(&table.header).map_err(|fault| {
        let text = || table.header.join(", ");
        let location = table.header_line.map(|line| Location::Text { line, column: 1, text: text() });
        EventFileError::Layout { file: file.to_owned(), location, fault }
    })?;
    let columns = Columns { table: &table, layout: &layout };
    let notes = columns.notes(file)?;
    let list =
        columns.list(options).map_err(|fault| EventFileError::Cell { file: file.to_owned(), fault: Box::new(columns.locate(fault)) })?;
    Ok((list, notes))
}
