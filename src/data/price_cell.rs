//! One cell of a price file: dates, numbers, what counts as missing, and what can be wrong ([`CellFault`], [`CellError`]).

use chrono::NaiveDate;
use thiserror::Error;

use super::location::Location;

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CellFault {
    /// A row without a date.
    DateMissing,
    /// A date in no form that has one reading.
    DateFormat,
    /// A date in the right form of a day that doesn't exist.
    NoSuchDay,
    /// A second row of one date, for one symbol (None in a wide file, whose rows hold every symbol).
    DateTwice {
        /// The symbol whose rows they are.
        symbol: Option<String>,
    },
    /// A date before the one in the symbol's row above.
    OutOfOrder {
        /// The symbol whose rows they are; None in a wide file.
        symbol: Option<String>,
        /// The date of the row above.
        previous: NaiveDate,
    },
    /// A row of a tidy file without a symbol.
    SymbolMissing,
    /// Neither a number nor one of the ways to write a missing one.
    NotANumber,
    /// A price that is zero, negative or beyond all prices ([`crate::series::is_price`]).
    NotAPrice,
    /// A return of −1 (−100 %) or less, or an infinite one.
    NotAReturn,
    /// A volume that is negative or infinite.
    NotAVolume,
    /// A close without an adjusted close, in a file that has a column of them.
    AdjustedCloseMissing,
}

impl CellFault {
    /// What is wrong, in a clause that names the cell's text.
    pub fn describe(&self, value: &str) -> String {
        let of = |symbol: &Option<String>| symbol.as_ref().map_or_else(String::new, |symbol| format!(" for the symbol \"{symbol}\""));
        match self {
            CellFault::DateMissing => "the date is missing".to_owned(),
            CellFault::DateFormat => format!("\"{value}\" is not a date in the form 2022-09-02"),
            CellFault::NoSuchDay => format!("there is no day \"{value}\""),
            CellFault::DateTwice { symbol } => format!("the date \"{value}\" stands there twice{}", of(symbol)),
            CellFault::OutOfOrder { symbol, previous } => format!("the date \"{value}\" comes after {previous}{}", of(symbol)),
            CellFault::SymbolMissing => "the symbol is missing".to_owned(),
            CellFault::NotANumber => format!("\"{value}\" is not a number"),
            CellFault::NotAPrice => format!("\"{value}\" is not a price: it isn't above zero, or is beyond all prices"),
            CellFault::NotAReturn => format!("\"{value}\" is not a return: a price can't lose 100 % or more, nor gain without end"),
            CellFault::NotAVolume => format!("\"{value}\" is not a volume: it is negative or infinite"),
            CellFault::AdjustedCloseMissing => "there is a close but no adjusted close".to_owned(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            CellFault::DateMissing => "give the row a date in the form 2022-09-02, or delete the row",
            CellFault::DateFormat => {
                "write dates as year-month-day, 2022-09-02 or 20220902 (a time of day may follow, 2022-09-02T16:00); 02/09/2022 could be two days"
            }
            CellFault::NoSuchDay => "correct the day or the month; dates are year-month-day",
            CellFault::DateTwice { .. } => "keep one row a date and symbol",
            CellFault::OutOfOrder { .. } => "sort the rows so that each symbol's dates rise",
            CellFault::SymbolMissing => "give the row a symbol, or delete the row",
            CellFault::NotANumber => {
                "write numbers as 1234.5, without thousands separators, currency or percent signs; 1234,5 in a file separated by semicolons; leave the cell empty when there is none"
            }
            CellFault::NotAPrice => "correct the price, or leave the cell empty when there was none",
            CellFault::NotAReturn => "write returns as fractions (0.012 is 1.2 %); if these are prices, don't read them as returns",
            CellFault::NotAVolume => "correct the volume, or leave the cell empty when it isn't known",
            CellFault::AdjustedCloseMissing => {
                "fill in the adjusted close, or remove the column to use the close as quoted: prices on two bases can't be mixed"
            }
        }
    }
}

/// A cell that can't be used, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{location}, {column}: {}", .fault.describe(.value))]
pub struct CellError {
    /// Where the cell begins.
    pub location: Location,
    /// The column's name in the header.
    pub column: String,
    /// The cell's text (a Parquet value is written out); empty when the cell is.
    pub value: String,
    /// What is wrong with it.
    pub fault: CellFault,
}

/// Whether a cell of numbers says that there is none: empty, or `null`, `NA`, `N/A`, `NaN` (in any case), `.` or `-`.
pub(super) fn is_missing(cell: &str) -> bool {
    matches!(cell, "" | "." | "-") || ["null", "na", "n/a", "nan"].iter().any(|word| cell.eq_ignore_ascii_case(word))
}

/// The mark between the whole and the fractional part of the numbers of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecimalMark {
    Point,
    Comma,
}

/// A number of a text file, missing ones left out beforehand; None when it isn't one. It has one decimal mark and no other.
pub(super) fn parse_number(cell: &str, mark: DecimalMark) -> Option<f64> {
    let number = match mark {
        DecimalMark::Point => cell.parse::<f64>(),
        DecimalMark::Comma if cell.contains('.') => return None,
        DecimalMark::Comma => cell.replacen(',', ".", 1).parse::<f64>(),
    };
    number.ok().filter(|number| !number.is_nan())
}

/// The date of a cell: `2022-09-02` or `20220902`, and a time of day may follow the first, after a `T` or a space.
pub(super) fn parse_date(cell: &str) -> Result<NaiveDate, CellFault> {
    let cell = cell.trim();
    if cell.is_empty() {
        return Err(CellFault::DateMissing);
    }
    let (year, month, day) = match cell.as_bytes() {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, time @ ..] if is_time_of_day(time) => ([*y1, *y2, *y3, *y4], [*m1, *m2], [*d1, *d2]),
        [y1, y2, y3, y4, m1, m2, d1, d2] => ([*y1, *y2, *y3, *y4], [*m1, *m2], [*d1, *d2]),
        _ => return Err(CellFault::DateFormat),
    };
    let (Some(year), Some(month), Some(day)) = (whole_number(&year), whole_number(&month), whole_number(&day)) else {
        return Err(CellFault::DateFormat);
    };
    i32::try_from(year).ok().and_then(|year| NaiveDate::from_ymd_opt(year, month, day)).ok_or(CellFault::NoSuchDay)
}

/// Whether `rest`, what follows an ISO date, is nothing or a time: only its look is checked, its value is of no use here.
fn is_time_of_day(rest: &[u8]) -> bool {
    match rest {
        [] => true,
        [b'T' | b't' | b' ', h1, h2, b':', m1, m2, more @ ..] => {
            [h1, h2, m1, m2].iter().all(|digit| digit.is_ascii_digit())
                && more.iter().all(|byte| matches!(byte, b'0'..=b'9' | b':' | b'.' | b'+' | b'-' | b'Z' | b'z' | b' '))
        }
        _ => false,
    }
}

fn whole_number(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0, |number, digit| digit.is_ascii_digit().then(|| number * 10 + u32::from(*digit - b'0')))
}
