//! Columns of a price file, as polars reads them → a [`PriceSeries`] a symbol.
//!
//! Rows are taken in the file's order; every check of a value is made here, and a failure names its row and column.

use chrono::NaiveDate;
use indexmap::IndexMap;
use polars::prelude::{Float64Chunked, StringChunked};
use rayon::prelude::*;

use super::price_cell::{CellFault, DecimalMark, is_missing, parse_date, parse_number};
use super::price_file::Note;
use super::price_layout::{Column, Content, Layout, Values};
use crate::series::{Basis, PriceSeries, Quote, SeriesError, is_price};

/// A column of dates: text still to be read, or days already.
pub(super) enum Dates {
    Text(StringChunked),
    Days(Vec<Option<NaiveDate>>),
}

impl Dates {
    fn get(&self, row: usize) -> Result<NaiveDate, CellFault> {
        match self {
            Dates::Text(cells) => cells.get(row).map_or(Err(CellFault::DateMissing), parse_date),
            Dates::Days(days) => days.get(row).copied().flatten().ok_or(CellFault::DateMissing),
        }
    }
}

/// A column of numbers: read by polars, or text still to be read.
pub(super) enum Numbers {
    Read(Float64Chunked),
    Text { cells: StringChunked, mark: DecimalMark },
}

impl Numbers {
    fn get(&self, row: usize) -> Result<Option<f64>, CellFault> {
        match self {
            Numbers::Read(cells) => Ok(cells.get(row).filter(|number| !number.is_nan())),
            Numbers::Text { cells, mark } => match cells.get(row).map(str::trim) {
                Some(cell) if !is_missing(cell) => parse_number(cell, *mark).map(Some).ok_or(CellFault::NotANumber),
                _ => Ok(None),
            },
        }
    }
}

/// The columns that a layout needs, each of `rows` rows. Columns are keyed by their number in the file, from 0.
pub(super) struct PriceTable {
    pub rows: usize,
    /// Rows that are blank lines, rising; they are passed over.
    pub blank: Vec<usize>,
    pub dates: Dates,
    pub symbols: Option<StringChunked>,
    pub numbers: IndexMap<usize, Numbers>,
}

/// A cell that can't be used: its row and column in the file, from 0.
#[derive(Debug)]
pub(super) struct RowFault {
    pub row: usize,
    pub column: usize,
    pub fault: CellFault,
}

/// Why a table has no series.
pub(super) enum TableFault {
    Cell(RowFault),
    /// No row has a price.
    NoPrice,
}

impl From<RowFault> for TableFault {
    fn from(fault: RowFault) -> Self {
        TableFault::Cell(fault)
    }
}

/// The series of one file, in the order in which their symbols come in it.
pub(super) struct FileSeries {
    pub series: Vec<(String, PriceSeries)>,
    pub basis: Basis,
    pub rows: usize,
    pub notes: Vec<Note>,
}

/// Builds the series of a table; `name` is the symbol of a file that holds but one.
pub(super) fn build_series(layout: &Layout, table: PriceTable, name: &str) -> Result<FileSeries, TableFault> {
    let rows = table.rows - table.blank.len();
    let (found, basis) = match layout {
        Layout::Wide { date, symbols, content } => wide_series(date, symbols, *content, &table)?,
        Layout::Tidy { date, symbol, values } => tidy_series(date, Some(symbol), values, table, name)?,
        Layout::Single { date, values } => tidy_series(date, None, values, table, name)?,
    };
    let (mut series, mut without) = (Vec::with_capacity(found.by_symbol.len()), Vec::new());
    for (symbol, built) in found.by_symbol {
        match built {
            Some(built) => series.push((symbol, built)),
            None => without.push(symbol),
        }
    }
    if series.is_empty() {
        return Err(TableFault::NoPrice);
    }
    let mut notes = Vec::new();
    if basis == Basis::AdjustedClose {
        notes.push(Note::AdjustedCloseUsed);
    }
    if found.missing > 0 {
        notes.push(Note::PricesMissing { count: found.missing });
    }
    if !without.is_empty() {
        notes.push(Note::SymbolsWithoutPrice { symbols: without });
    }
    Ok(FileSeries { series, basis, rows, notes })
}

/// What a table holds.
struct Found {
    /// None: the symbol is there, but has no price.
    by_symbol: Vec<(String, Option<PriceSeries>)>,
    /// Prices or returns that are missing.
    missing: usize,
}

/// A session of a file of returns, with its row in the file.
struct SessionReturn {
    row: usize,
    date: NaiveDate,
    value: Option<f64>,
}

// The rows of every symbol have been checked when these two are called: dates rise, prices and returns are what they should be.

/// None when there is no price at all, the one error left.
fn quoted_series(quotes: &[Quote], basis: Basis) -> Option<PriceSeries> {
    PriceSeries::from_quotes(quotes, basis).ok()
}

/// None when there is no return at all. A fault when the level leaves the range of numbers, as it does where prices are read as returns.
fn cumulated_series(returns: &[SessionReturn], column: usize) -> Result<Option<PriceSeries>, RowFault> {
    let dated: Vec<(NaiveDate, Option<f64>)> = returns.iter().map(|session| (session.date, session.value)).collect();
    match PriceSeries::from_returns(&dated) {
        Err(SeriesError::NotAReturn { row, .. }) => {
            let row = returns.get(row).map_or(row, |session| session.row);
            Err(RowFault { row, column, fault: CellFault::NotAReturn })
        }
        built => Ok(built.ok()),
    }
}

/// What was built for each symbol, or the fault in the first row that has one (not in the first symbol).
fn first_fault<T>(built: Vec<(String, Result<T, RowFault>)>) -> Result<Vec<(String, T)>, RowFault> {
    let mut good = Vec::with_capacity(built.len());
    let mut first: Option<RowFault> = None;
    for (symbol, built) in built {
        match built {
            Ok(built) => good.push((symbol, built)),
            Err(fault) if first.as_ref().is_none_or(|first| fault.row < first.row) => first = Some(fault),
            Err(_) => {}
        }
    }
    first.map_or(Ok(good), Err)
}

fn tidy_series(date: &Column, symbol: Option<&Column>, values: &Values, table: PriceTable, name: &str) -> Result<(Found, Basis), RowFault> {
    let mut missing = 0;
    match values {
        Values::Returns(column) => {
            let cells = NumberColumn::of(&table, column);
            let groups = group_rows(date, symbol, &table, name, |row, date| {
                let value = cells.get_if(row, is_return, CellFault::NotAReturn)?;
                missing += usize::from(value.is_none());
                Ok(Some(SessionReturn { row, date, value }))
            })?;
            drop(table);
            let by_symbol = first_fault(build_each(groups, |returns| cumulated_series(returns, column.index)))?;
            Ok((Found { by_symbol, missing }, Basis::CumulatedReturns))
        }
        Values::Prices { close, adjusted_close, high, low, volume } => {
            let cells = |column: &Option<Column>| column.as_ref().map(|column| NumberColumn::of(&table, column));
            let columns = QuoteColumns {
                close: cells(close),
                adjusted_close: cells(adjusted_close),
                high: cells(high),
                low: cells(low),
                volume: cells(volume),
            };
            let basis = if adjusted_close.is_some() { Basis::AdjustedClose } else { Basis::Close };
            let groups = group_rows(date, symbol, &table, name, |row, date| {
                let quote = columns.quote(row, date)?;
                missing += usize::from(quote.is_none());
                Ok(quote)
            })?;
            drop(table);
            Ok((Found { by_symbol: build_each(groups, |quotes| quoted_series(quotes, basis)), missing }, basis))
        }
    }
}

/// Builds each symbol's series; its rows are freed as soon as it is built.
fn build_each<T: Send, S: Send>(groups: IndexMap<String, Vec<T>>, build: impl Fn(&[T]) -> S + Sync) -> Vec<(String, S)> {
    let groups: Vec<_> = groups.into_iter().collect();
    groups.into_par_iter().map(|(symbol, rows)| (symbol, build(&rows))).collect()
}

/// The rows of a tidy or single table by symbol, in the order of the file. `take` makes something of a row, or nothing.
/// Each symbol's dates must rise, whatever the order of the symbols.
fn group_rows<T>(
    date: &Column,
    symbol: Option<&Column>,
    table: &PriceTable,
    name: &str,
    mut take: impl FnMut(usize, NaiveDate) -> Result<Option<T>, RowFault>,
) -> Result<IndexMap<String, Vec<T>>, RowFault> {
    struct Group<T> {
        last: Option<NaiveDate>,
        rows: Vec<T>,
        /// The group of the row that came after this one's last row.
        follower: usize,
    }
    let mut groups: IndexMap<&str, Group<T>> = IndexMap::new();
    let mut blank = table.blank.iter().copied().peekable();
    let mut current = 0;
    for row in 0..table.rows {
        if blank.next_if_eq(&row).is_some() {
            continue;
        }
        let date_fault = |fault| RowFault { row, column: date.index, fault };
        let day = table.dates.get(row).map_err(date_fault)?;
        let key = match (symbol, &table.symbols) {
            (Some(column), Some(cells)) => match cells.get(row).map(str::trim) {
                Some(key) if !key.is_empty() => key,
                _ => return Err(RowFault { row, column: column.index, fault: CellFault::SymbolMissing }),
            },
            _ => name,
        };
        // Most rows need no look-up: a file sorted by symbol has the symbol of the row above, and one sorted by date the symbol that
        // came after it the day before.
        let is_of = |index: usize| groups.get_index(index).is_some_and(|(symbol, _)| *symbol == key);
        if !is_of(current) {
            let before = current;
            let follower = groups.get_index(before).map_or(0, |(_, group)| group.follower);
            current = if is_of(follower) {
                follower
            } else {
                let entry = groups.entry(key);
                let index = entry.index();
                entry.or_insert(Group { last: None, rows: Vec::new(), follower: 0 });
                index
            };
            if let Some((_, group)) = groups.get_index_mut(before) {
                group.follower = current;
            }
        }
        let Some((_, group)) = groups.get_index_mut(current) else { continue };
        match group.last {
            Some(previous) if previous == day => return Err(date_fault(CellFault::DateTwice { symbol: Some(key.to_owned()) })),
            Some(previous) if previous > day => {
                return Err(date_fault(CellFault::OutOfOrder { symbol: Some(key.to_owned()), previous }));
            }
            _ => group.last = Some(day),
        }
        group.rows.extend(take(row, day)?);
    }
    Ok(groups.into_iter().map(|(symbol, group)| (symbol.to_owned(), group.rows)).collect())
}

fn wide_series(date: &Column, symbols: &[Column], content: Content, table: &PriceTable) -> Result<(Found, Basis), RowFault> {
    let days = rising_days(date, table)?;
    let built: Vec<_> = symbols
        .par_iter()
        .map(|column| -> Result<(Option<PriceSeries>, usize), RowFault> {
            let cells = NumberColumn::of(table, column);
            match content {
                Content::Prices => {
                    let mut quotes = Vec::with_capacity(days.len());
                    for (row, date) in &days {
                        let close = cells.get_if(*row, is_price, CellFault::NotAPrice)?;
                        quotes.extend(close.map(|close| Quote { date: *date, close, high: None, low: None, volume: None }));
                    }
                    Ok((quoted_series(&quotes, Basis::Close), days.len() - quotes.len()))
                }
                Content::Returns => {
                    let mut returns = Vec::with_capacity(days.len());
                    for (row, date) in &days {
                        let value = cells.get_if(*row, is_return, CellFault::NotAReturn)?;
                        returns.push(SessionReturn { row: *row, date: *date, value });
                    }
                    let missing = returns.iter().filter(|session| session.value.is_none()).count();
                    Ok((cumulated_series(&returns, column.index)?, missing))
                }
            }
        })
        .collect();
    let built = first_fault(symbols.iter().map(|column| column.name.clone()).zip(built).collect())?;
    let missing = built.iter().map(|(_, (_, missing))| missing).sum();
    let by_symbol = built.into_iter().map(|(symbol, (series, _))| (symbol, series)).collect();
    let basis = match content {
        Content::Prices => Basis::Close,
        Content::Returns => Basis::CumulatedReturns,
    };
    Ok((Found { by_symbol, missing }, basis))
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

/// A column of numbers with its number in the file.
struct NumberColumn<'a> {
    index: usize,
    cells: Option<&'a Numbers>,
}

impl<'a> NumberColumn<'a> {
    fn of(table: &'a PriceTable, column: &Column) -> Self {
        Self { index: column.index, cells: table.numbers.get(&column.index) }
    }

    /// The number of a row, None when it is missing; `otherwise` when it isn't what it should be.
    fn get_if(&self, row: usize, valid: impl Fn(f64) -> bool, otherwise: CellFault) -> Result<Option<f64>, RowFault> {
        let row_fault = |fault| RowFault { row, column: self.index, fault };
        match self.cells.map_or(Ok(None), |cells| cells.get(row)).map_err(row_fault)? {
            Some(number) if !valid(number) => Err(row_fault(otherwise)),
            number => Ok(number),
        }
    }
}

fn is_return(number: f64) -> bool {
    number.is_finite() && number > -1.0
}

fn is_volume(number: f64) -> bool {
    number.is_finite() && number >= 0.0
}

/// The columns that make a [`Quote`].
struct QuoteColumns<'a> {
    close: Option<NumberColumn<'a>>,
    adjusted_close: Option<NumberColumn<'a>>,
    high: Option<NumberColumn<'a>>,
    low: Option<NumberColumn<'a>>,
    volume: Option<NumberColumn<'a>>,
}

impl QuoteColumns<'_> {
    /// The quote of a row, None when it has no price. Where there is an adjusted close, the high and the low are brought to its
    /// basis by adjusted / close; they are None when the row has no close to scale them by.
    fn quote(&self, row: usize, date: NaiveDate) -> Result<Option<Quote>, RowFault> {
        let price =
            |column: &Option<NumberColumn>| column.as_ref().map_or(Ok(None), |column| column.get_if(row, is_price, CellFault::NotAPrice));
        let close = price(&self.close)?;
        let (level, scale) = match (&self.adjusted_close, close) {
            (None, Some(close)) => (close, Some(1.0)),
            (None, None) => return Ok(None),
            (Some(column), close) => match (price(&self.adjusted_close)?, close) {
                (Some(adjusted), close) => (adjusted, close.map(|close| adjusted / close)),
                (None, Some(_)) => return Err(RowFault { row, column: column.index, fault: CellFault::AdjustedCloseMissing }),
                (None, None) => return Ok(None),
            },
        };
        let scaled = |price: Option<f64>| price.zip(scale).map(|(price, scale)| price * scale).filter(|price| is_price(*price));
        let (high, low) = (scaled(price(&self.high)?), scaled(price(&self.low)?));
        let volume = self.volume.as_ref().map_or(Ok(None), |column| column.get_if(row, is_volume, CellFault::NotAVolume))?;
        Ok(Some(Quote { date, close: level, high, low, volume }))
    }
}
