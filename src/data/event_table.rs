//! The columns of an event file → an [`EventList`], each column read on its own.

use std::borrow::Cow;
use std::hash::BuildHasher;

use indexmap::{IndexMap, IndexSet};
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::column_cells::{CellTable, Cells};
use super::column_name::folded;
use super::event_cell::{EventCellError, EventCellFault, MomentCell, MomentCells, read_moment};
use super::event_file::{EventFileError, EventNote, MomentRule};
use super::event_layout::{EventLayout, EventRole};
use super::location::Location;
use super::price_cell::{DecimalMark, is_missing, parse_number};
use crate::event::list::{Characteristic, CharacteristicValues, EventList, ListedEvent};
use crate::event::{EventId, Moment};
use crate::window::{Window, WindowError, Windows};

/// A cell that can't be used: its row and column, from 0.
pub(super) struct RowFault {
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

/// The columns of an event file.
pub(super) struct Columns<'a> {
    pub table: &'a CellTable<'a>,
    pub layout: &'a EventLayout,
}

impl<'a> Columns<'a> {
    /// What was done with the columns, or a column of a type that can't be read.
    pub fn notes(&self, file: &str) -> Result<Vec<EventNote>, EventFileError> {
        let mut notes = Vec::new();
        if self.layout.column(EventRole::Id).is_none() {
            notes.push(EventNote::IdsNumbered);
        }
        for (role, column) in self.layout.roles() {
            let name = self.name(*column);
            if let Some(Cells::Unread(found)) = self.table.columns.get(*column) {
                return Err(EventFileError::ColumnType { file: file.to_owned(), column: name, found: found.clone() });
            }
            if folded(&name) != role.name() {
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

    /// The cell at fault, with its place.
    pub fn locate(&self, RowFault { row, column, fault }: RowFault) -> EventCellError {
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

    /// The events. Columns are read beside each other; of their faults the one in the first row counts.
    pub fn list(&self, options: &MomentRule) -> Result<EventList, RowFault> {
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
        if let Some(row) = (0..rows).find(|row| cells.text(*row).is_empty()) {
            // A key twice above it is what comes first.
            let fault = first_twice(cells, row).map(|(row, first)| RowFault { row, column, fault: id_twice(first) });
            return Err(fault.unwrap_or(RowFault { row, column, fault: EventCellFault::IdMissing }));
        }
        if let Some((row, first)) = first_twice(cells, rows) {
            return Err(RowFault { row, column, fault: id_twice(first) });
        }
        Ok((0..rows).map(|row| EventId::new(cells.text(row))).collect())
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

    fn moments(&self, options: &MomentRule) -> Result<Vec<Moment>, RowFault> {
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
            read_moment(cells, options.home, options.timing).map_err(|(cell, fault)| -> Box<RowFault> {
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
        let read = |column: &usize| Some(Characteristic { name: self.name(*column), values: characteristic_of(self.table, *column)? });
        let columns: Vec<Option<Characteristic>> = self.layout.further.par_iter().map(read).collect();
        columns.into_iter().flatten().collect()
    }
}

/// The cells of a column without a meaning of its own: numbers where all are, else text. None for a column that isn't read.
pub(super) fn characteristic_of(table: &CellTable, column: usize) -> Option<CharacteristicValues> {
    Some(match table.columns.get(column)? {
        Cells::Unread(_) => return None,
        Cells::Numbers(numbers) => CharacteristicValues::Numbers(numbers.clone()),
        Cells::Whole(numbers) => CharacteristicValues::Numbers(numbers.iter().map(|number| number.map(|number| number as f64)).collect()),
        // A code such as 001690 is no number, whatever the other cells are: it would lose its zeros.
        cells if has_leading_zero(cells, table.rows) => texts(cells, table.rows),
        cells => match numbers_of(cells, table.separator) {
            Some(numbers) => CharacteristicValues::Numbers(numbers),
            None => texts(cells, table.rows),
        },
    })
}

/// Whether a cell begins with a zero that a number doesn't need.
fn has_leading_zero(cells: &Cells, rows: usize) -> bool {
    (0..rows).any(|row| {
        let text = cells.text(row);
        let mut letters = text.trim().trim_start_matches(['-', '+']).chars();
        letters.next() == Some('0') && letters.next().is_some_and(|next| next.is_ascii_digit())
    })
}

/// The first of the rows whose text stands in a row above, with that row. Hashes are sorted, which is easier on memory than a table of a
/// million texts is; texts are compared where hashes are the same.
fn first_twice(cells: &Cells, rows: usize) -> Option<(usize, usize)> {
    let mut hashes: Vec<(u64, u32)> = (0..u32::try_from(rows).unwrap_or(u32::MAX))
        .into_par_iter()
        .with_min_len(4_096)
        .map(|row| (FxBuildHasher.hash_one(cells.text(row as usize).as_ref()), row))
        .collect();
    hashes.par_sort_unstable();
    let same = hashes.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1);
    let twice = same.filter_map(|same| {
        // Few rows share a hash, and many only if they share a text: then the second of them ends the search.
        let mut seen: IndexMap<Cow<str>, usize> = IndexMap::new();
        same.iter().find_map(|(_, row)| {
            let row = *row as usize;
            seen.insert(cells.text(row), row).map(|first| (row, first))
        })
    });
    twice.min()
}

fn id_twice(first: usize) -> EventCellFault {
    EventCellFault::IdTwice { first: Location::Row { row: first + 1 } }
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

/// The numbers of a column of text; None when a cell is none, or the column isn't text. A file separated by semicolons may have decimal commas, in all or none of
/// the column's cells.
fn numbers_of(cells: &Cells, separator: Option<u8>) -> Option<Vec<Option<f64>>> {
    let Cells::Text(cells) = cells else { return None };
    let read = |mark: DecimalMark| -> Option<Vec<Option<f64>>> {
        let number = |cell: &Cow<str>| match is_missing(cell) {
            true => Some(None),
            false => parse_number(cell, mark).filter(|number| number.is_finite()).map(Some),
        };
        cells.iter().map(number).collect()
    };
    read(DecimalMark::Point).or_else(|| if separator == Some(b';') { read(DecimalMark::Comma) } else { None })
}
