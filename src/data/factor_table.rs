//! One factor file → its factors as fractions: which layout it has, in which unit it is, and what is missing or wrong in it.
//! [`super::factor_file`] says how the unit is found.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::Serialize;
use thiserror::Error;

use super::column_cells::{CellTable, Cells, TableError};
use super::column_name::list;
use super::factor_cell::{FactorCellError, FactorCellFault, factor_name, is_date_name, is_missing_code};
use super::factor_text::{FactorTextError, is_plain_table, read_published, value_error};
use super::location::Location;
use super::price_cell::{CellFault, DecimalMark, is_missing, parse_date, parse_number};
use super::source_file::Format;
use super::text_table::TextTableError;
use crate::factor::{FactorColumn, FactorError, MARKET_EXCESS, RISK_FREE};

/// The unit of a plain table of factors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FactorUnit {
    /// 1.2 is 1.2 %.
    Percent,
    /// 0.012 is 1.2 %.
    Fraction,
    /// Found out from the numbers where only one is possible.
    #[default]
    Detect,
}

/// Something about a factor file that is no error but should be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "note")]
pub enum FactorNote {
    /// The unit in which the file was read: never [`FactorUnit::Detect`].
    Unit {
        /// The unit.
        unit: FactorUnit,
        /// How it is known.
        known: UnitKnown,
    },
    /// Cells that hold a missing code or nothing.
    ValuesMissing {
        /// How many.
        count: usize,
    },
    /// Rows of years were left out.
    AnnualRows {
        /// How many.
        count: usize,
    },
    /// Rows were left out since another file lacks their dates.
    DatesLeftOut {
        /// How many.
        count: usize,
    },
}

/// How the unit of a file is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitKnown {
    /// From its layout: one of Ken French's.
    Published,
    /// It was stated.
    Stated,
    /// From the size of its numbers.
    Detected,
}

impl FactorNote {
    /// The note in a sentence's words.
    pub fn words(&self) -> String {
        match self {
            FactorNote::Unit { unit, known } => {
                let unit = if *unit == FactorUnit::Percent { "percent" } else { "fractions" };
                let known = match known {
                    UnitKnown::Published => "as Ken French publishes",
                    UnitKnown::Stated => "as stated",
                    UnitKnown::Detected => "by the size of the numbers",
                };
                format!("read as {unit}, {known}")
            }
            FactorNote::ValuesMissing { count: 1 } => "1 value missing".to_owned(),
            FactorNote::ValuesMissing { count } => format!("{count} values missing"),
            FactorNote::AnnualRows { count } => format!("{count} rows of years left out"),
            FactorNote::DatesLeftOut { count } => format!("{count} dates left out that another factor file lacks"),
        }
    }
}

/// What is wrong with a factor file.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FactorFileFault {
    /// A plain file that is no table.
    #[error(transparent)]
    Table(#[from] TableError),
    /// A file as published.
    #[error(transparent)]
    Text(#[from] FactorTextError),
    /// No column of dates, or two.
    #[error("{} column \"date\" in the header: {}", if *.found == 0 { "there is no" } else { "there is more than one" }, list(.header))]
    DateColumn {
        /// How many there are.
        found: usize,
        /// The header.
        header: Vec<String>,
    },
    /// A column of a type that isn't read, in a Parquet file.
    #[error("the column \"{column}\" is of the type {found}, not numbers")]
    ColumnType {
        /// The column's name.
        column: String,
        /// Its type in the file.
        found: String,
    },
    /// A column without a name.
    #[error("column {number} has no name in the header")]
    UnnamedColumn {
        /// Its number, from 1.
        number: usize,
    },
    /// A cell can't be used.
    #[error(transparent)]
    Cell(Box<FactorCellError>),
    /// The rows aren't days.
    #[error("the rows are {days} days apart (median): mixed frequency, daily factors are needed")]
    NotDaily {
        /// Calendar days from row to row.
        days: i64,
    },
    /// Both units are possible.
    #[error("the numbers ({mean} on average, in absolute value) could be percent or fractions")]
    UnitUnclear {
        /// The mean absolute value of the market's column, or of all factors.
        mean: f64,
    },
    /// The unit can't be the one that the file has, or was said to have.
    #[error("the numbers ({mean} on average, in absolute value) can't be {}", match .unit { FactorUnit::Percent => "percent", FactorUnit::Fraction => "fractions", FactorUnit::Detect => "percent, nor fractions" })]
    UnitWrong {
        /// The unit.
        unit: FactorUnit,
        /// The mean absolute value of the market's column, or of all factors.
        mean: f64,
    },
    /// The columns make no table: a factor stands there twice, or there is none.
    #[error(transparent)]
    Factors(#[from] FactorError),
}

impl FactorFileFault {
    pub(super) fn location(&self) -> Option<&Location> {
        match self {
            FactorFileFault::Table(fault) => fault.location(),
            FactorFileFault::Text(fault) => fault.location(),
            FactorFileFault::Cell(fault) => Some(&fault.location),
            _ => None,
        }
    }

    pub(super) fn help(&self) -> &'static str {
        match self {
            FactorFileFault::Table(fault) => fault.help(),
            FactorFileFault::Text(fault) => fault.help(),
            FactorFileFault::DateColumn { .. } => "name one column \"date\"; the others are the factors",
            FactorFileFault::ColumnType { .. } => "write the factors as 64-bit floats and the dates as dates, or remove the column",
            FactorFileFault::UnnamedColumn { .. } => "give the column the name of its factor, or remove it",
            FactorFileFault::Cell(fault) => fault.fault.help(),
            FactorFileFault::NotDaily { .. } => "give the daily file of the factors",
            FactorFileFault::UnitUnclear { .. } => "state the unit of the factor file: percent (1.2 is 1.2 %) or fraction (0.012 is 1.2 %)",
            FactorFileFault::UnitWrong { .. } => "state the other unit, or check that the columns are daily returns of factors",
            FactorFileFault::Factors(_) => "keep each factor once, beside at least one column that isn't the date",
        }
    }
}

/// A file's factors, fractions.
pub(super) struct ReadTable {
    pub dates: Vec<NaiveDate>,
    pub columns: Vec<FactorColumn>,
    pub notes: Vec<FactorNote>,
}

/// A file's numbers as they stand there, with what is needed to name the place of one.
struct RawTable<'a> {
    dates: Vec<NaiveDate>,
    columns: Vec<FactorColumn>,
    /// Missing cells and codes.
    missing: usize,
    annual_rows: usize,
    published: bool,
    locate: Box<dyn Fn(usize, usize) -> FactorFileFault + 'a>,
}

/// Reads a file's factors; `unit` is that of a plain table.
pub(super) fn read_table(bytes: &[u8], format: Format, unit: FactorUnit) -> Result<ReadTable, FactorFileFault> {
    let raw = match format {
        Format::Parquet => plain_table(bytes, format)?,
        Format::Text => match std::str::from_utf8(bytes) {
            Ok(text) if !text.trim().is_empty() && !is_plain_table(text) && !bytes.starts_with(b"PAR1") => published_table(text)?,
            _ => plain_table(bytes, format)?,
        },
    };
    check_daily(&raw.dates)?;
    let (unit, known) = unit_of(&raw, unit)?;
    let mut notes = vec![FactorNote::Unit { unit, known }];
    if raw.missing > 0 {
        notes.push(FactorNote::ValuesMissing { count: raw.missing });
    }
    if raw.annual_rows > 0 {
        notes.push(FactorNote::AnnualRows { count: raw.annual_rows });
    }
    let hundred = if unit == FactorUnit::Percent { 100.0 } else { 1.0 };
    let mut columns = raw.columns;
    for (index, column) in columns.iter_mut().enumerate() {
        for (row, value) in column.values.iter_mut().enumerate() {
            *value = value.map(|number| number / hundred);
            // A daily return of −99.99 % is a missing code divided by 100.
            if value.is_some_and(|value| value.abs() >= 0.9999) {
                return Err((raw.locate)(row, index));
            }
        }
    }
    Ok(ReadTable { dates: raw.dates, columns, notes })
}

/// Codes become None, and are counted with the cells that are None already.
fn take_codes(columns: &mut [FactorColumn]) -> usize {
    let mut missing = 0;
    for value in columns.iter_mut().flat_map(|column| column.values.iter_mut()) {
        *value = value.filter(|number| !is_missing_code(*number));
        missing += usize::from(value.is_none());
    }
    missing
}

fn published_table(text: &str) -> Result<RawTable<'_>, FactorFileFault> {
    let found = read_published(text)?;
    let names = found.names;
    let mut previous: Option<NaiveDate> = None;
    for row in &found.rows {
        if let Some(previous) = previous.filter(|previous| *previous >= row.date) {
            let shown = text.trim_start_matches('\u{feff}').lines().nth(row.line).unwrap_or_default().to_owned();
            let value = row.date.format("%Y%m%d").to_string();
            let column = shown.find(&value).unwrap_or(0) + 1;
            let location = Location::Text { line: row.line + 1, column, text: shown };
            let fault = FactorCellFault::OutOfOrder { previous };
            return Err(FactorFileFault::Cell(Box::new(FactorCellError { location, column: "date".to_owned(), value, fault })));
        }
        previous = Some(row.date);
    }
    let column = |(index, name): (usize, &String)| FactorColumn {
        name: factor_name(name),
        values: found.rows.iter().map(|row| row.values.get(index).copied().flatten()).collect(),
    };
    let mut columns: Vec<FactorColumn> = names.iter().enumerate().map(column).collect();
    let missing = take_codes(&mut columns);
    let published = found.has_preamble || names.iter().any(|name| name == MARKET_EXCESS);
    let lines: Vec<usize> = found.rows.iter().map(|row| row.line).collect();
    let locate = move |row: usize, column: usize| {
        let name = names.get(column).map_or("", String::as_str);
        let line = lines.get(row).copied().unwrap_or(0);
        FactorFileFault::Text(value_error(text, line, column, name, FactorCellFault::NotAReturn))
    };
    let dates = found.rows.iter().map(|row| row.date).collect();
    Ok(RawTable { dates, columns, missing, annual_rows: found.annual_rows, published, locate: Box::new(locate) })
}

fn plain_table(bytes: &[u8], format: Format) -> Result<RawTable<'_>, FactorFileFault> {
    let table = CellTable::read(bytes, format)?;
    let date_columns: Vec<usize> =
        (0..table.header.len()).filter(|index| table.header.get(*index).is_some_and(|name| is_date_name(name))).collect();
    let &[date] = date_columns.as_slice() else {
        return Err(FactorFileFault::DateColumn { found: date_columns.len(), header: table.header.clone() });
    };
    let error = |table: &CellTable, row: usize, column: usize, fault: FactorCellFault| {
        let value = table.columns.get(column).map(|cells| cells.text(row).into_owned()).unwrap_or_default();
        let name = table.header.get(column).cloned().unwrap_or_default();
        FactorFileFault::Cell(Box::new(FactorCellError { location: table.locate(row, column), column: name, value, fault }))
    };
    let dates = match table.columns.get(date) {
        Some(Cells::Unread(found)) => {
            return Err(FactorFileFault::ColumnType { column: table.header.get(date).cloned().unwrap_or_default(), found: found.clone() });
        }
        Some(cells) => read_dates(cells, table.rows).map_err(|(row, fault)| error(&table, row, date, fault))?,
        None => return Err(FactorFileFault::DateColumn { found: 0, header: table.header.clone() }),
    };
    let mut columns = Vec::new();
    let mut places = Vec::new();
    for (index, (name, cells)) in table.header.iter().zip(&table.columns).enumerate().filter(|(index, _)| *index != date) {
        if name.is_empty() {
            return Err(FactorFileFault::UnnamedColumn { number: index + 1 });
        }
        let values = match cells {
            Cells::Unread(found) => return Err(FactorFileFault::ColumnType { column: name.clone(), found: found.clone() }),
            Cells::Numbers(numbers) => numbers.iter().map(|number| number.filter(|number| number.is_finite())).collect(),
            Cells::Whole(numbers) => numbers.iter().map(|number| number.map(|number| number as f64)).collect(),
            Cells::Days(_) => return Err(error(&table, 0, index, FactorCellFault::NotANumber)),
            Cells::Text(cells) => {
                read_numbers(cells, table.separator).map_err(|row| error(&table, row, index, FactorCellFault::NotANumber))?
            }
        };
        columns.push(FactorColumn { name: factor_name(name), values });
        places.push(index);
    }
    if columns.is_empty() {
        return Err(FactorFileFault::Table(TableError::Text(TextTableError::HeaderOnly)));
    }
    let missing = take_codes(&mut columns);
    let named = table.header.iter().any(|name| name == MARKET_EXCESS);
    let undivided = table.columns.get(date).is_some_and(|cells| cells.text(0).len() == 8);
    let locate = move |row: usize, column: usize| error(&table, row, places.get(column).copied().unwrap_or(0), FactorCellFault::NotAReturn);
    Ok(RawTable { dates, columns, missing, annual_rows: 0, published: named && undivided, locate: Box::new(locate) })
}

fn read_dates(cells: &Cells, rows: usize) -> Result<Vec<NaiveDate>, (usize, FactorCellFault)> {
    let mut dates: Vec<NaiveDate> = Vec::with_capacity(rows);
    for row in 0..rows {
        let date = match cells {
            Cells::Days(days) => days.get(row).copied().flatten().ok_or((row, FactorCellFault::Date(CellFault::DateMissing)))?,
            cells => {
                let text = cells.text(row);
                if text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err((row, FactorCellFault::Month));
                }
                parse_date(&text).map_err(|fault| (row, FactorCellFault::Date(fault)))?
            }
        };
        if let Some(previous) = dates.last().copied().filter(|previous| *previous >= date) {
            return Err((row, FactorCellFault::OutOfOrder { previous }));
        }
        dates.push(date);
    }
    Ok(dates)
}

/// The numbers of a column of text, or the row of the first cell that is none.
fn read_numbers(cells: &[Cow<str>], separator: Option<u8>) -> Result<Vec<Option<f64>>, usize> {
    let read = |mark: DecimalMark| -> Result<Vec<Option<f64>>, usize> {
        let number = |(row, cell): (usize, &Cow<str>)| match is_missing(cell) {
            true => Ok(None),
            false => parse_number(cell, mark).filter(|number| number.is_finite()).map(Some).ok_or(row),
        };
        cells.iter().enumerate().map(number).collect()
    };
    let points = read(DecimalMark::Point);
    if separator == Some(b';') && points.is_err() { read(DecimalMark::Comma).or(points) } else { points }
}

/// Refuses rows that are weeks, months or years apart.
fn check_daily(dates: &[NaiveDate]) -> Result<(), FactorFileFault> {
    let mut gaps: Vec<i64> = dates.windows(2).filter_map(|pair| Some((*pair.last()? - *pair.first()?).num_days())).collect();
    gaps.sort_unstable();
    match gaps.get(gaps.len() / 2) {
        Some(days) if *days >= 5 => Err(FactorFileFault::NotDaily { days: *days }),
        _ => Ok(()),
    }
}

/// Above this mean absolute value numbers aren't fractions: 5 % a day.
const MOST_AS_FRACTIONS: f64 = 0.05;
/// Below it they aren't percent: 0.02 % a day.
const LEAST_AS_PERCENT: f64 = 0.02;
/// Above it they aren't percent: 5 % a day.
const MOST_AS_PERCENT: f64 = 5.0;

fn unit_of(raw: &RawTable, stated: FactorUnit) -> Result<(FactorUnit, UnitKnown), FactorFileFault> {
    let of = |wanted: &dyn Fn(&str) -> bool| -> Option<f64> {
        let values: Vec<f64> = raw
            .columns
            .iter()
            .filter(|column| wanted(&column.name))
            .flat_map(|column| column.values.iter().flatten().map(|value| value.abs()))
            .collect();
        if values.is_empty() { None } else { Some(values.iter().sum::<f64>() / values.len() as f64) }
    };
    let mean = of(&|name| name == MARKET_EXCESS).or_else(|| of(&|name| name != RISK_FREE));
    // Without a value there is nothing to hold a unit against.
    let possible = |unit: FactorUnit| {
        mean.is_none_or(|mean| match unit {
            FactorUnit::Percent => (LEAST_AS_PERCENT..=MOST_AS_PERCENT).contains(&mean),
            _ => mean <= MOST_AS_FRACTIONS,
        })
    };
    let (unit, known) = match stated {
        FactorUnit::Detect if raw.published => (FactorUnit::Percent, UnitKnown::Published),
        FactorUnit::Detect => match (possible(FactorUnit::Percent), possible(FactorUnit::Fraction)) {
            (true, false) => (FactorUnit::Percent, UnitKnown::Detected),
            (false, true) => (FactorUnit::Fraction, UnitKnown::Detected),
            (true, true) => return Err(FactorFileFault::UnitUnclear { mean: mean.unwrap_or(0.0) }),
            (false, false) => return Err(FactorFileFault::UnitWrong { unit: FactorUnit::Detect, mean: mean.unwrap_or(0.0) }),
        },
        stated => (stated, UnitKnown::Stated),
    };
    if !possible(unit) {
        return Err(FactorFileFault::UnitWrong { unit, mean: mean.unwrap_or(0.0) });
    }
    Ok((unit, known))
}
