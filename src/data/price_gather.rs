//! The rows of a price file → a [`PriceSeries`] a symbol, piece by piece: pieces (blocks of records, groups of rows) are [`gather`]ed beside
//! each other, and put together in the order of the file by a [`Gathering`], so that memory holds the series and a few pieces.
//!
//! The fault that is reported is that of the first row that has one, whatever the pieces are.

use chrono::NaiveDate;
use indexmap::IndexMap;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

use super::price_cell::CellFault;
use super::price_file::Note;
use super::price_layout::{Column, Content, Layout, Values, Wanted};
use super::price_table::{NumberColumn, PriceTable, QuoteCells, RowFault, is_return};
use crate::series::{Basis, PriceSeries, QuoteColumns, SeriesError, is_price};

/// Why a table has no series.
pub(super) enum TableFault {
    Cell(RowFault),
    /// No row has a price.
    NoPrice,
}

/// The series of one file, in the order in which their symbols come in it.
pub(super) struct FileSeries {
    pub series: Vec<(String, PriceSeries)>,
    pub basis: Basis,
    pub rows: usize,
    pub notes: Vec<Note>,
}

/// How many pieces are read before they are put together: enough that no thread waits for the slowest.
pub(super) fn at_a_time() -> usize {
    4 * rayon::current_num_threads().max(1)
}

/// The rows of one symbol.
struct SymbolRows {
    /// Its first row in the file, with its date.
    first: (usize, NaiveDate),
    /// The date of its last row.
    last: NaiveDate,
    /// Rows without a price or return.
    missing: usize,
    /// The rows of a file of prices that have one.
    quotes: QuoteColumns,
    /// The rows of a file of returns, and their numbers in the file.
    returns: Vec<(NaiveDate, Option<f64>)>,
    rows: Vec<u32>,
}

impl SymbolRows {
    fn new(row: usize, date: NaiveDate) -> Self {
        Self { first: (row, date), last: date, missing: 0, quotes: QuoteColumns::default(), returns: Vec::new(), rows: Vec::new() }
    }

    fn push_return(&mut self, row: usize, date: NaiveDate, value: Option<f64>) {
        self.missing += usize::from(value.is_none());
        self.returns.push((date, value));
        self.rows.push(u32::try_from(row).unwrap_or(u32::MAX));
    }

    fn push_close(&mut self, date: NaiveDate, close: Option<f64>) {
        match close {
            Some(close) => {
                self.quotes.dates.push(date);
                self.quotes.closes.push(close);
            }
            None => self.missing += 1,
        }
    }

    /// Adds the rows that come after these.
    fn append(&mut self, mut later: SymbolRows) {
        self.last = later.last;
        self.missing += later.missing;
        self.quotes.dates.append(&mut later.quotes.dates);
        self.quotes.closes.append(&mut later.quotes.closes);
        self.quotes.highs.append(&mut later.quotes.highs);
        self.quotes.lows.append(&mut later.quotes.lows);
        self.quotes.volumes.append(&mut later.quotes.volumes);
        self.returns.append(&mut later.returns);
        self.rows.append(&mut later.rows);
    }
}

/// The rows of a piece of a file by symbol, in the order in which the symbols come, up to the first fault.
pub(super) struct GatheredRows {
    by_symbol: IndexMap<String, SymbolRows, FxBuildHasher>,
    fault: Option<RowFault>,
}

/// What is put together of a file so far.
pub(super) struct Gathering<'a> {
    layout: &'a Layout,
    all_wanted: bool,
    by_symbol: IndexMap<String, SymbolRows, FxBuildHasher>,
}

impl<'a> Gathering<'a> {
    /// Nothing yet.
    pub fn new(layout: &'a Layout, wanted: &Wanted) -> Self {
        Self { layout, all_wanted: wanted.symbols.is_none(), by_symbol: IndexMap::default() }
    }

    /// Adds the next piece. Each symbol's dates must rise from piece to piece, too.
    pub fn add(&mut self, piece: GatheredRows) -> Result<(), RowFault> {
        let mut fault = piece.fault;
        let is_wide = matches!(self.layout, Layout::Wide { .. });
        for (symbol, rows) in piece.by_symbol {
            let Some(held) = self.by_symbol.get_mut(&symbol) else {
                self.by_symbol.insert(symbol, rows);
                continue;
            };
            let (row, date) = rows.first;
            if date <= held.last {
                let symbol = (!is_wide).then_some(symbol);
                let kind =
                    if date == held.last { CellFault::DateTwice { symbol } } else { CellFault::OutOfOrder { symbol, previous: held.last } };
                if fault.as_ref().is_none_or(|fault| row < fault.row) {
                    fault = Some(RowFault { row, column: self.layout.date().index, fault: kind });
                }
                continue;
            }
            held.append(rows);
        }
        fault.map_or(Ok(()), Err)
    }

    /// The series of the file, which has `rows` rows.
    pub fn finish(self, rows: usize) -> Result<FileSeries, TableFault> {
        let (basis, column) = match self.layout {
            Layout::Wide { content: Content::Prices, .. } => (Basis::Close, None),
            Layout::Wide { content: Content::Returns, .. } => (Basis::CumulatedReturns, None),
            Layout::Tidy { values, .. } | Layout::Single { values, .. } => match values {
                Values::Returns(column) => (Basis::CumulatedReturns, Some(column.index)),
                Values::Prices { adjusted_close: Some(_), .. } => (Basis::AdjustedClose, None),
                Values::Prices { .. } => (Basis::Close, None),
            },
        };
        let column_of = |symbol: &str| match (self.layout, column) {
            (_, Some(column)) => column,
            (Layout::Wide { symbols, .. }, None) => symbols.iter().find(|column| column.name == symbol).map_or(0, |column| column.index),
            _ => 0,
        };
        let missing = self.by_symbol.values().map(|rows| rows.missing).sum();
        // The rows of a symbol are freed as soon as its series is built.
        let found: Vec<(String, SymbolRows)> = self.by_symbol.into_iter().collect();
        let built: Vec<(String, Result<Option<PriceSeries>, RowFault>)> = found
            .into_par_iter()
            .map(|(symbol, rows)| {
                let series = build(rows, basis, || column_of(&symbol));
                (symbol, series)
            })
            .collect();
        let (mut series, mut without) = (Vec::with_capacity(built.len()), Vec::new());
        let mut first: Option<RowFault> = None;
        for (symbol, built) in built {
            match built {
                Ok(Some(built)) => series.push((symbol, built)),
                Ok(None) => without.push(symbol),
                Err(fault) if first.as_ref().is_none_or(|first| fault.row < first.row) => first = Some(fault),
                Err(_) => {}
            }
        }
        if let Some(fault) = first {
            return Err(TableFault::Cell(fault));
        }
        if series.is_empty() && self.all_wanted {
            return Err(TableFault::NoPrice);
        }
        let mut notes = Vec::new();
        if basis == Basis::AdjustedClose {
            notes.push(Note::AdjustedCloseUsed);
        }
        if missing > 0 {
            notes.push(Note::PricesMissing { count: missing });
        }
        if !without.is_empty() {
            notes.push(Note::SymbolsWithoutPrice { symbols: without });
        }
        Ok(FileSeries { series, basis, rows, notes })
    }
}

/// A symbol's series; None when it has no price or return at all. The rows have been checked: dates rise, prices and returns are what they
/// should be. What can still be wrong is that the level of returns leaves the range of numbers, as it does where prices are read as returns.
fn build(rows: SymbolRows, basis: Basis, column: impl Fn() -> usize) -> Result<Option<PriceSeries>, RowFault> {
    if basis != Basis::CumulatedReturns {
        let mut quotes = rows.quotes;
        quotes.dates.shrink_to_fit();
        quotes.closes.shrink_to_fit();
        return Ok(PriceSeries::from_columns(quotes, basis).ok());
    }
    match PriceSeries::from_returns(&rows.returns) {
        Err(SeriesError::NotAReturn { row, .. }) => {
            let row = rows.rows.get(row).map_or(row, |row| *row as usize);
            Err(RowFault { row, column: column(), fault: CellFault::NotAReturn })
        }
        built => Ok(built.ok()),
    }
}

/// The rows of a piece of a file by symbol; `first_row` is the row of the file with which it begins, `name` the symbol of a file that holds
/// but one.
pub(super) fn gather(layout: &Layout, table: &PriceTable, first_row: usize, name: &str, wanted: &Wanted) -> GatheredRows {
    let mut gathered = GatheredRows { by_symbol: IndexMap::default(), fault: None };
    let found = match layout {
        Layout::Wide { date, symbols, content } => wide_rows(date, symbols, *content, table, first_row, &mut gathered.by_symbol),
        Layout::Tidy { date, symbol, values } => {
            tidy_rows((date, Some(symbol), values), table, first_row, name, wanted, &mut gathered.by_symbol)
        }
        Layout::Single { date, values } => tidy_rows((date, None, values), table, first_row, name, wanted, &mut gathered.by_symbol),
    };
    gathered.fault = found.err().map(|fault| RowFault { row: fault.row + first_row, ..fault });
    gathered
}

/// The rows of the symbols met in a piece; None for a symbol that isn't wanted.
struct Groups<'t> {
    by_symbol: IndexMap<&'t str, (Option<SymbolRows>, usize), FxBuildHasher>,
    /// The group of the row above.
    current: usize,
}

impl<'t> Groups<'t> {
    /// The rows of a symbol, which is new when it has no row yet; None when it isn't wanted. Most rows need no look-up: a file sorted by
    /// symbol has the symbol of the row above, and one sorted by date the symbol that came after it the day before, which is remembered
    /// beside each group.
    #[inline]
    fn rows_of(&mut self, symbol: &'t str, wanted: &Wanted, row: usize, date: NaiveDate) -> (Option<&mut SymbolRows>, bool) {
        let is_of = |groups: &Self, index: usize| groups.by_symbol.get_index(index).is_some_and(|(known, _)| *known == symbol);
        let mut is_new = false;
        if !is_of(self, self.current) {
            let before = self.current;
            let follower = self.by_symbol.get_index(before).map_or(0, |(_, (_, follower))| *follower);
            self.current = if is_of(self, follower) {
                follower
            } else {
                let entry = self.by_symbol.entry(symbol);
                let index = entry.index();
                entry.or_insert_with(|| {
                    is_new = true;
                    (wanted.has(symbol).then(|| SymbolRows::new(row, date)), 0)
                });
                index
            };
            if let Some((_, (_, follower))) = self.by_symbol.get_index_mut(before) {
                *follower = self.current;
            }
        }
        (self.by_symbol.get_index_mut(self.current).and_then(|(_, (rows, _))| rows.as_mut()), is_new)
    }
}

type BySymbol = IndexMap<String, SymbolRows, FxBuildHasher>;

/// What a tidy or single table holds of a row besides its date and symbol.
enum RowCells<'a> {
    Return(NumberColumn<'a>),
    /// One level a row: no high, low or volume, and one column of prices.
    Level(NumberColumn<'a>),
    Quote(QuoteCells<'a>),
}

impl<'a> RowCells<'a> {
    fn of(values: &Values, table: &'a PriceTable) -> Self {
        let cells = |column: &Option<Column>| column.as_ref().map(|column| NumberColumn::of(table, column));
        match values {
            Values::Returns(column) => RowCells::Return(NumberColumn::of(table, column)),
            Values::Prices { close, adjusted_close, high: None, low: None, volume: None } => match (adjusted_close, close) {
                (Some(only), None) | (None, Some(only)) => RowCells::Level(NumberColumn::of(table, only)),
                _ => RowCells::Quote(QuoteCells {
                    close: cells(close),
                    adjusted_close: cells(adjusted_close),
                    high: None,
                    low: None,
                    volume: None,
                }),
            },
            Values::Prices { close, adjusted_close, high, low, volume } => RowCells::Quote(QuoteCells {
                close: cells(close),
                adjusted_close: cells(adjusted_close),
                high: cells(high),
                low: cells(low),
                volume: cells(volume),
            }),
        }
    }

    #[inline]
    fn add(&self, rows: &mut SymbolRows, row: usize, first_row: usize, date: NaiveDate) -> Result<(), RowFault> {
        match self {
            RowCells::Return(cells) => {
                let value = cells.get_if(row, is_return, CellFault::NotAReturn)?;
                rows.push_return(first_row + row, date, value);
            }
            RowCells::Level(cells) => rows.push_close(date, cells.get_if(row, is_price, CellFault::NotAPrice)?),
            RowCells::Quote(cells) => match cells.quote(row, date)? {
                None => rows.missing += 1,
                Some(quote) => {
                    rows.push_close(date, Some(quote.close));
                    // A column that the file hasn't stays empty.
                    let optional = [(&cells.high, quote.high), (&cells.low, quote.low), (&cells.volume, quote.volume)];
                    let columns = [&mut rows.quotes.highs, &mut rows.quotes.lows, &mut rows.quotes.volumes];
                    for ((cells, value), column) in optional.into_iter().zip(columns) {
                        if cells.is_some() {
                            column.push(value);
                        }
                    }
                }
            },
        }
        Ok(())
    }
}

/// A tidy or single table; each symbol's dates must rise, whatever the order of the symbols.
fn tidy_rows(
    columns: (&Column, Option<&Column>, &Values),
    table: &PriceTable,
    first_row: usize,
    name: &str,
    wanted: &Wanted,
    by_symbol: &mut BySymbol,
) -> Result<(), RowFault> {
    let mut groups = Groups { by_symbol: IndexMap::default(), current: 0 };
    let read = group_rows(columns, table, first_row, name, wanted, &mut groups);
    let found = groups.by_symbol.into_iter().filter_map(|(symbol, (rows, _))| Some((symbol.to_owned(), rows?)));
    by_symbol.extend(found);
    read
}

fn group_rows<'t>(
    (date, symbol, values): (&Column, Option<&Column>, &Values),
    table: &'t PriceTable,
    first_row: usize,
    name: &'t str,
    wanted: &Wanted,
    groups: &mut Groups<'t>,
) -> Result<(), RowFault> {
    let cells = RowCells::of(values, table);
    let mut blank = table.blank.iter().copied().peekable();
    for row in 0..table.rows {
        if blank.next_if_eq(&row).is_some() {
            continue;
        }
        let date_fault = |fault| RowFault { row, column: date.index, fault };
        let day = table.dates.get(row).map_err(date_fault)?;
        let key = match (symbol, &table.symbols) {
            (Some(column), Some(symbols)) => match symbols.get(row).map(str::trim) {
                Some(key) if !key.is_empty() => key,
                _ => return Err(RowFault { row, column: column.index, fault: CellFault::SymbolMissing }),
            },
            _ => name,
        };
        let (Some(rows), is_new) = groups.rows_of(key, wanted, first_row + row, day) else { continue };
        if !is_new {
            let previous = rows.last;
            if previous == day {
                return Err(date_fault(CellFault::DateTwice { symbol: Some(key.to_owned()) }));
            }
            if previous > day {
                return Err(date_fault(CellFault::OutOfOrder { symbol: Some(key.to_owned()), previous }));
            }
            rows.last = day;
        }
        cells.add(rows, row, first_row, day)?;
    }
    Ok(())
}

fn wide_rows(
    date: &Column,
    symbols: &[Column],
    content: Content,
    table: &PriceTable,
    first_row: usize,
    by_symbol: &mut BySymbol,
) -> Result<(), RowFault> {
    let days = rising_days(date, table)?;
    let Some((row, first)) = days.first().copied() else { return Ok(()) };
    let last = days.last().map_or(first, |(_, last)| *last);
    let gather_one = |column: &Column| -> Result<SymbolRows, RowFault> {
        let cells = NumberColumn::of(table, column);
        let mut rows = SymbolRows::new(first_row + row, first);
        rows.last = last;
        for (row, date) in &days {
            match content {
                Content::Prices => rows.push_close(*date, cells.get_if(*row, is_price, CellFault::NotAPrice)?),
                Content::Returns => {
                    let value = cells.get_if(*row, is_return, CellFault::NotAReturn)?;
                    rows.push_return(first_row + row, *date, value);
                }
            }
        }
        Ok(rows)
    };
    let gathered: Vec<Result<SymbolRows, RowFault>> = symbols.par_iter().map(gather_one).collect();
    let mut fault: Option<RowFault> = None;
    for (column, rows) in symbols.iter().zip(gathered) {
        match rows {
            Ok(rows) => drop(by_symbol.insert(column.name.clone(), rows)),
            Err(found) if fault.as_ref().is_none_or(|fault| found.row < fault.row) => fault = Some(found),
            Err(_) => {}
        }
    }
    fault.map_or(Ok(()), Err)
}

/// The rows of a wide table that aren't blank, with their dates, which rise.
fn rising_days(date: &Column, table: &PriceTable) -> Result<Vec<(usize, NaiveDate)>, RowFault> {
    let mut days: Vec<(usize, NaiveDate)> = Vec::with_capacity(table.rows);
    let mut blank = table.blank.iter().copied().peekable();
    for row in 0..table.rows {
        if blank.next_if_eq(&row).is_some() {
            continue;
        }
        let date_fault = |fault| RowFault { row, column: date.index, fault };
        let day = table.dates.get(row).map_err(date_fault)?;
        match days.last() {
            Some((_, previous)) if *previous == day => return Err(date_fault(CellFault::DateTwice { symbol: None })),
            Some((_, previous)) if *previous > day => {
                return Err(date_fault(CellFault::OutOfOrder { symbol: None, previous: *previous }));
            }
            _ => days.push((row, day)),
        }
    }
    Ok(days)
}
