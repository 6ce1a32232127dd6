//! Columns of a price file, or of a piece of it, as polars reads them. Every check of a value is made here, and a failure names its row
//! and column.

use chrono::NaiveDate;
use indexmap::IndexMap;
use polars::prelude::{Float64Chunked, StringChunked};

use super::price_cell::{CellFault, DecimalMark, is_missing, parse_date, parse_number};
use super::price_layout::Column;
use crate::series::{Quote, is_price};

/// A column of dates: text still to be read, or days already.
pub(super) enum Dates {
    Text(StringChunked),
    Days(Vec<Option<NaiveDate>>),
}

impl Dates {
    pub fn get(&self, row: usize) -> Result<NaiveDate, CellFault> {
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

/// A column of numbers with its number in the file.
pub(super) struct NumberColumn<'a> {
    index: usize,
    cells: Option<&'a Numbers>,
}

impl<'a> NumberColumn<'a> {
    pub fn of(table: &'a PriceTable, column: &Column) -> Self {
        Self { index: column.index, cells: table.numbers.get(&column.index) }
    }

    /// The number of a row, None when it is missing; `otherwise` when it isn't what it should be.
    #[inline]
    pub fn get_if(&self, row: usize, valid: impl Fn(f64) -> bool, otherwise: CellFault) -> Result<Option<f64>, RowFault> {
        let row_fault = |fault| RowFault { row, column: self.index, fault };
        match self.cells.map_or(Ok(None), |cells| cells.get(row)).map_err(row_fault)? {
            Some(number) if !valid(number) => Err(row_fault(otherwise)),
            number => Ok(number),
        }
    }
}

pub(super) fn is_return(number: f64) -> bool {
    number.is_finite() && number > -1.0
}

fn is_volume(number: f64) -> bool {
    number.is_finite() && number >= 0.0
}

/// The columns that make a [`Quote`].
pub(super) struct QuoteCells<'a> {
    pub close: Option<NumberColumn<'a>>,
    pub adjusted_close: Option<NumberColumn<'a>>,
    pub high: Option<NumberColumn<'a>>,
    pub low: Option<NumberColumn<'a>>,
    pub volume: Option<NumberColumn<'a>>,
}

impl QuoteCells<'_> {
    /// The quote of a row, None when it has no price. Where there is an adjusted close, the high and the low are brought to its
    /// basis by adjusted / close; they are None when the row has no close to scale them by.
    pub fn quote(&self, row: usize, date: NaiveDate) -> Result<Option<Quote>, RowFault> {
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
