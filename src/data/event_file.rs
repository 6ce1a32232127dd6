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

use std::borrow::Cow;
use std::path::Path;

use indexmap::IndexSet;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;
use serde::Serialize;
use thiserror::Error;

use super::column_cells::{CellTable, Cells, TableError};
use super::event_cell::{EventCellError, EventCellFault, MomentCell, MomentCells, read_moment};
use super::event_layout::{EventLayout, EventLayoutError, EventRole};
use super::location::Location;
use super::price_cell::{DecimalMark, is_missing, parse_number};
use super::source_file::{Format, SourceFileError, name_of, sha256_of, with_file};
use crate::calendar::{Exchange, Timing};
use crate::event::list::{Characteristic, CharacteristicValues, EventList, ListedEvent};
use crate::event::{EventId, Moment};
use crate::window::{Window, WindowError, Windows};

/// What an event file leaves to its study.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EventFileOptions {
    /// The exchange in whose zone times are, and whose hours place them; None refuses times.
    pub exchange: Option<Exchange>,
    /// Timing of a row that says neither a time nor a timing.
    pub timing: Timing,
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
    let (sha256, read) = with_file(path, |format, bytes| read_list(&file, bytes, format, options))?;
    let (list, notes) = read?;
    Ok(EventFile { path: file, sha256, list, notes })
}

/// Reads an event file that is in memory; `name` stands for it in messages.
///
/// # Errors
/// [`EventFileError`]
pub fn read_event_bytes(name: &str, bytes: &[u8], format: Format, options: &EventFileOptions) -> Result<EventFile, EventFileError> {
    let (sha256, read) = rayon::join(|| sha256_of(bytes), || read_list(name, bytes, format, options));
    let (list, notes) = read?;
    Ok(EventFile { path: name.to_owned(), sha256, list, notes })
}

fn read_list(file: &str, bytes: &[u8], format: Format, options: &EventFileOptions) -> Result<(EventList, Vec<EventNote>), EventFileError> {
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

/// A cell that can't be used: its row and column, from 0.
struct RowFault {
    row: usize,
    column: usize,
    fault: EventCellFault,
}

/// The rows' symbols, groups and benchmarks, as numbers.
#[derive(Default)]
struct Labels {
    symbols: IndexSet<String, FxBuildHasher>,
    groups: IndexSet<String, FxBuildHasher>,
    /// Symbol, group and benchmark of each row.
    rows: Vec<(u32, Option<u32>, Option<u32>)>,
}

/// The windows of each row; empty when no row has any.
type RowWindows = Vec<(Option<Window>, Option<Window>)>;

struct Columns<'a> {
    table: &'a CellTable<'a>,
    layout: &'a EventLayout,
}

impl<'a> Columns<'a> {
    fn notes(&self, file: &str) -> Result<Vec<EventNote>, EventFileError> {
        let mut notes = Vec::new();
        if self.layout.column(EventRole::Id).is_none() {
            notes.push(EventNote::IdsNumbered);
        }
        for (role, column) in self.layout.roles() {
            let name = self.name(*column);
            if let Some(Cells::Unread(found)) = self.table.columns.get(*column) {
                return Err(EventFileError::ColumnType { file: file.to_owned(), column: name, found: found.clone() });
            }
            if super::column_name::folded(&name) != role.name() {
                notes.push(EventNote::ColumnTaken { column: name, name: role.name() });
            }
        }
        notes.extend(self.layout.unnamed.iter().map(|index| EventNote::UnnamedColumn { number: index + 1 }));
        for column in &self.layout.further {
            if let Some(Cells::Unread(found)) = self.table.columns.get(*column) {
                notes.push(EventNote::ColumnLeftOut { column: self.name(*column), found: found.clone() });
            }
        }
        Ok(notes)
    }

    fn name(&self, column: usize) -> String {
        self.table.header.get(column).cloned().unwrap_or_default()
    }

    /// The cells of a role; None when the file has no such column.
    fn cells(&self, role: EventRole) -> Option<(usize, &'a Cells<'a>)> {
        let column = self.layout.column(role)?;
        Some((column, self.table.columns.get(column)?))
    }

    fn locate(&self, RowFault { row, column, fault }: RowFault) -> EventCellError {
        let fault = match fault {
            // Only here is it known where rows stand.
            EventCellFault::IdTwice { first: Location::Row { row } } => {
                EventCellFault::IdTwice { first: self.table.locate(row.saturating_sub(1), column) }
            }
            fault => fault,
        };
        let value = self.table.columns.get(column).map(|cells| cells.text(row).into_owned()).unwrap_or_default();
        EventCellError { location: self.table.locate(row, column), column: self.name(column), value, fault }
    }

    /// Columns are read beside each other; of their faults the one in the first row counts.
    fn list(&self, options: &EventFileOptions) -> Result<EventList, RowFault> {
        let ((ids, labels), (moments, (windows, (titles, characteristics)))) = rayon::join(
            || rayon::join(|| self.ids(), || self.labels()),
            || {
                rayon::join(
                    || self.moments(options),
                    || rayon::join(|| self.windows(), || rayon::join(|| self.titles(), || self.characteristics())),
                )
            },
        );
        let (ids, labels, moments, windows) = match (ids, labels, moments, windows) {
            (Ok(ids), Ok(labels), Ok(moments), Ok(windows)) => (ids, labels, moments, windows),
            (ids, labels, moments, windows) => {
                let faults = [ids.err(), labels.err(), moments.err(), windows.err()].into_iter().flatten();
                let first = faults.min_by_key(|fault| (fault.row, fault.column));
                return Err(first.unwrap_or(RowFault { row: 0, column: 0, fault: EventCellFault::SymbolMissing }));
            }
        };
        let mut windows = windows.into_iter();
        let rows = ids.into_iter().zip(labels.rows).zip(moments);
        let events = rows
            .map(|((id, (symbol, group, benchmark)), moment)| {
                let (estimation, window) = windows.next().unwrap_or((None, None));
                ListedEvent { id, symbol, moment, group, benchmark, estimation, window }
            })
            .collect();
        Ok(EventList {
            events,
            symbols: labels.symbols.into_iter().collect(),
            groups: labels.groups.into_iter().collect(),
            titles,
            characteristics,
        })
    }

    fn ids(&self) -> Result<Vec<EventId>, RowFault> {
        let rows = self.table.rows;
        let Some((column, cells)) = self.cells(EventRole::Id) else {
            return Ok((1..=rows).map(|number| EventId::new(number.to_string())).collect());
        };
        let mut seen: IndexSet<Cow<str>, FxBuildHasher> = IndexSet::with_capacity_and_hasher(rows, FxBuildHasher);
        for row in 0..rows {
            let id = cells.text(row);
            if id.is_empty() {
                return Err(RowFault { row, column, fault: EventCellFault::IdMissing });
            }
            // Every row above has put in one.
            let (first, new) = seen.insert_full(id);
            if !new {
                let first = Location::Row { row: first + 1 };
                return Err(RowFault { row, column, fault: EventCellFault::IdTwice { first } });
            }
        }
        Ok(seen.into_iter().map(EventId::new).collect())
    }

    fn labels(&self) -> Result<Labels, RowFault> {
        let mut labels = Labels { rows: Vec::with_capacity(self.table.rows), ..Labels::default() };
        let (group, benchmark) = (self.cells(EventRole::Group), self.cells(EventRole::Benchmark));
        let Some((column, symbol)) = self.cells(EventRole::Symbol) else { return Ok(labels) };
        let text = |cells: Option<(usize, &'a Cells<'a>)>, row: usize| cells.map_or(Cow::Borrowed(""), |(_, cells)| cells.text(row));
        for row in 0..self.table.rows {
            let name = symbol.text(row);
            if name.is_empty() {
                return Err(RowFault { row, column, fault: EventCellFault::SymbolMissing });
            }
            let symbol = number_of(&mut labels.symbols, &name);
            let benchmark = text(benchmark, row);
            let benchmark = (!benchmark.is_empty()).then(|| number_of(&mut labels.symbols, &benchmark));
            let group = text(group, row);
            let group = (!group.is_empty()).then(|| number_of(&mut labels.groups, &group));
            labels.rows.push((symbol, group, benchmark));
        }
        Ok(labels)
    }

    fn moments(&self, options: &EventFileOptions) -> Result<Vec<Moment>, RowFault> {
        let [date, time, zone, timing] =
            [EventRole::Date, EventRole::Time, EventRole::Zone, EventRole::Timing].map(|role| self.cells(role));
        if let (Some((_, Cells::Days(days))), None, None) = (date, time, timing)
            && let Some(days) = days.iter().copied().collect::<Option<Vec<_>>>()
        {
            return Ok(days.into_iter().map(|day| Moment::Day(day, options.timing)).collect());
        }
        let text = |cells: Option<(usize, &'a Cells<'a>)>, row: usize| cells.map_or(Cow::Borrowed(""), |(_, cells)| cells.text(row));
        let read = |row: usize| {
            let (date_text, time_text, zone_text, timing_text) = (text(date, row), text(time, row), text(zone, row), text(timing, row));
            let cells = MomentCells { date: &date_text, time: &time_text, zone: &zone_text, timing: &timing_text };
            read_moment(cells, options.exchange, options.timing).map_err(|(cell, fault)| -> Box<RowFault> {
                let at = match cell {
                    MomentCell::Date => date,
                    MomentCell::Time => time,
                    MomentCell::Zone => zone,
                    MomentCell::Timing => timing,
                };
                Box::new(RowFault { row, column: at.or(date).map_or(0, |(column, _)| column), fault })
            })
        };
        let read: Vec<Result<Moment, Box<RowFault>>> = (0..self.table.rows).into_par_iter().with_min_len(4_096).map(read).collect();
        read.into_iter().collect::<Result<_, _>>().map_err(|fault| *fault)
    }

    fn windows(&self) -> Result<RowWindows, RowFault> {
        let (estimation, window) = (self.cells(EventRole::Estimation), self.cells(EventRole::Window));
        if estimation.is_none() && window.is_none() {
            return Ok(Vec::new());
        }
        let read = |cells: Option<(usize, &'a Cells<'a>)>, row: usize| -> Result<Option<(usize, Window)>, RowFault> {
            let Some((column, cells)) = cells else { return Ok(None) };
            let text = cells.text(row);
            if text.is_empty() {
                return Ok(None);
            }
            let parsed: Result<Window, WindowError> = text.parse();
            parsed.map(|window| Some((column, window))).map_err(|fault| RowFault { row, column, fault: EventCellFault::Window(fault) })
        };
        let mut windows = Vec::with_capacity(self.table.rows);
        for row in 0..self.table.rows {
            let (estimation, event) = (read(estimation, row)?, read(window, row)?);
            if let (Some((column, estimation)), Some((_, event))) = (estimation, event) {
                Windows::new(estimation, event).map_err(|fault| RowFault { row, column, fault: EventCellFault::Window(fault) })?;
            }
            windows.push((estimation.map(|(_, window)| window), event.map(|(_, window)| window)));
        }
        Ok(windows)
    }

    fn titles(&self) -> Vec<Option<String>> {
        let Some((_, cells)) = self.cells(EventRole::Title) else { return Vec::new() };
        (0..self.table.rows).map(|row| cells.text(row)).map(|text| (!text.is_empty()).then(|| text.into_owned())).collect()
    }

    fn characteristics(&self) -> Vec<Characteristic> {
        let read = |column: &usize| {
            let values = match self.table.columns.get(*column)? {
                Cells::Unread(_) => return None,
                Cells::Numbers(numbers) => CharacteristicValues::Numbers(numbers.clone()),
                Cells::Whole(numbers) => {
                    CharacteristicValues::Numbers(numbers.iter().map(|number| number.map(|number| number as f64)).collect())
                }
                cells @ Cells::Days(_) => texts(cells, self.table.rows),
                Cells::Text(cells) => match numbers(cells, self.table.separator) {
                    Some(numbers) => CharacteristicValues::Numbers(numbers),
                    None => texts(&Cells::Text(cells.clone()), self.table.rows),
                },
            };
            Some(Characteristic { name: self.name(*column), values })
        };
        let columns: Vec<Option<Characteristic>> = self.layout.further.par_iter().map(read).collect();
        columns.into_iter().flatten().collect()
    }
}

/// The number of a name, which is added when it is new.
fn number_of(names: &mut IndexSet<String, FxBuildHasher>, name: &str) -> u32 {
    let position = match names.get_index_of(name) {
        Some(position) => position,
        None => names.insert_full(name.to_owned()).0,
    };
    u32::try_from(position).unwrap_or(u32::MAX)
}

fn texts(cells: &Cells, rows: usize) -> CharacteristicValues {
    let text = |row| Some(cells.text(row)).filter(|text| !text.is_empty()).map(Cow::into_owned);
    CharacteristicValues::Texts((0..rows).map(text).collect())
}

/// The numbers of a column of text; None when a cell is none. A file separated by semicolons may have decimal commas, in all or none of
/// the column's cells.
fn numbers(cells: &[Cow<str>], separator: Option<u8>) -> Option<Vec<Option<f64>>> {
    let read = |mark: DecimalMark| -> Option<Vec<Option<f64>>> {
        let number = |cell: &Cow<str>| match is_missing(cell) {
            true => Some(None),
            false => parse_number(cell, mark).filter(|number| number.is_finite()).map(Some),
        };
        cells.iter().map(number).collect()
    };
    read(DecimalMark::Point).or_else(|| if separator == Some(b';') { read(DecimalMark::Comma) } else { None })
}
