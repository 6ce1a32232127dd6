//! Tables read column by column, whatever their format: the cells of each column as text, numbers or days, and where each stands.

use std::borrow::Cow;

use chrono::{NaiveDate, NaiveTime};
use polars::prelude::{ArrowDataType, Column, DataFrame, DataType};
use thiserror::Error;

use super::location::Location;
use super::parquet_day::{days_of, moments_of};
use super::parquet_table::{ParquetTable, ParquetTableError, unreadable};
use super::source_file::Format;
use super::text_table::{Records, TextTable, TextTableError};

/// Why a file is no table.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TableError {
    /// A text file.
    #[error(transparent)]
    Text(#[from] TextTableError),
    /// A Parquet file.
    #[error(transparent)]
    Parquet(#[from] ParquetTableError),
    /// A Parquet file without a row.
    #[error("the file has columns and no row")]
    NoRow,
}

impl TableError {
    /// The place, when the error has one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            TableError::Text(fault) => fault.location(),
            TableError::Parquet(_) | TableError::NoRow => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            TableError::Text(fault) => fault.help(),
            TableError::Parquet(fault) => fault.help(),
            TableError::NoRow => "check that the export or download finished",
        }
    }
}

/// The cells of a column, one a row.
pub(super) enum Cells<'a> {
    /// Text, trimmed; an empty one is no value.
    Text(Vec<Cow<'a, str>>),
    /// Floating-point numbers of a Parquet file.
    Numbers(Vec<Option<f64>>),
    /// Whole numbers of a Parquet file.
    Whole(Vec<Option<i64>>),
    /// Days of a Parquet file.
    Days(Vec<Option<NaiveDate>>),
    /// A column of a type that isn't read, with the type's name.
    Unread(String),
}

impl Cells<'_> {
    /// What a cell says, as text; empty when there is nothing.
    pub fn text(&self, row: usize) -> Cow<'_, str> {
        let written = |text: Option<String>| text.map_or(Cow::Borrowed(""), Cow::Owned);
        match self {
            Cells::Text(cells) => cells.get(row).map_or(Cow::Borrowed(""), |cell| Cow::Borrowed(cell.as_ref())),
            Cells::Numbers(cells) => written(cells.get(row).copied().flatten().map(|number| number.to_string())),
            Cells::Whole(cells) => written(cells.get(row).copied().flatten().map(|number| number.to_string())),
            Cells::Days(cells) => written(cells.get(row).copied().flatten().map(|day| day.to_string())),
            Cells::Unread(_) => Cow::Borrowed(""),
        }
    }
}

/// A table, read.
pub(super) struct CellTable<'a> {
    /// Names of the columns, trimmed.
    pub header: Vec<String>,
    /// Line of the header; None in a Parquet file.
    pub header_line: Option<usize>,
    /// Cells of the columns.
    pub columns: Vec<Cells<'a>>,
    /// Number of rows, blank lines left out.
    pub rows: usize,
    /// The byte between the cells of a text file.
    pub separator: Option<u8>,
    text: Option<(TextTable<'a>, Records)>,
}

impl<'a> CellTable<'a> {
    /// Reads a table whole.
    pub fn read(bytes: &'a [u8], format: Format) -> Result<Self, TableError> {
        match format {
            Format::Text => {
                let table = TextTable::open(bytes)?;
                let (records, columns) = table.columns()?;
                Ok(Self {
                    header: table.header().to_vec(),
                    header_line: Some(table.header_line()),
                    columns: columns.into_iter().map(Cells::Text).collect(),
                    rows: records.count - records.blank.len(),
                    separator: Some(table.separator()),
                    text: Some((table, records)),
                })
            }
            Format::Parquet => {
                let table = ParquetTable::open(bytes)?;
                let readable = table.types().into_iter().map(is_readable).collect::<Vec<bool>>();
                let projection: Vec<usize> = (0..readable.len()).filter(|index| readable.get(*index) == Some(&true)).collect();
                let frame = table.read(&projection)?;
                if table.rows() == 0 {
                    return Err(TableError::NoRow);
                }
                let columns = parquet_cells(&table, &projection, &frame)?;
                let header = table.header().iter().map(|name| name.trim().to_owned()).collect();
                Ok(Self { header, header_line: None, columns, rows: table.rows(), separator: None, text: None })
            }
        }
    }

    /// Where a cell stands (row and column from 0).
    pub fn locate(&self, row: usize, column: usize) -> Location {
        match &self.text {
            Some((table, records)) => table.locate(records.of_row(row), column).0,
            None => Location::Row { row: row + 1 },
        }
    }
}

/// Whether a column of the type is read: polars panics on those that it is built without.
fn is_readable(dtype: &ArrowDataType) -> bool {
    use ArrowDataType as T;
    let is_text = matches!(dtype, T::Utf8 | T::LargeUtf8 | T::Utf8View | T::Boolean | T::Null);
    let is_date = matches!(dtype, T::Date32 | T::Date64 | T::Timestamp(_, _));
    let is_plain = matches!(dtype, T::Int32 | T::Int64 | T::UInt32 | T::UInt64 | T::Float32 | T::Float64);
    is_text || is_date || is_plain || matches!(dtype, T::Decimal(_, _) | T::Decimal32(_, _) | T::Decimal64(_, _) | T::Decimal256(_, _))
}

fn parquet_cells(table: &ParquetTable, projection: &[usize], frame: &DataFrame) -> Result<Vec<Cells<'static>>, ParquetTableError> {
    let mut read = projection.iter().zip(frame.columns()).peekable();
    let mut columns = Vec::with_capacity(table.header().len());
    for (index, dtype) in table.types().into_iter().enumerate() {
        columns.push(match read.next_if(|(read, _)| **read == index) {
            Some((_, column)) => cells_of(column).ok_or_else(|| unreadable("a column can't be turned into text, numbers or dates"))?,
            None => Cells::Unread(format!("{dtype:?}")),
        });
    }
    Ok(columns)
}

fn cells_of(column: &Column) -> Option<Cells<'static>> {
    Some(match column.dtype() {
        DataType::String => {
            let cells = column.str().ok()?;
            Cells::Text((0..cells.len()).map(|row| Cow::Owned(cells.get(row).unwrap_or_default().trim().to_owned())).collect())
        }
        DataType::Boolean => {
            let cells = column.bool().ok()?;
            let text = |row| cells.get(row).map_or("", |flag| if flag { "true" } else { "false" });
            Cells::Text((0..cells.len()).map(|row| Cow::Borrowed(text(row))).collect())
        }
        DataType::Null => Cells::Numbers(vec![None; column.len()]),
        DataType::Date => Cells::Days(days_of(column)?),
        DataType::Datetime(_, _) => {
            // A midnight is a day; other times of day stay with theirs.
            let written = |moment: Option<(chrono::NaiveDateTime, Option<chrono::FixedOffset>)>| match moment {
                None => Cow::Borrowed(""),
                Some((local, _)) if local.time() == NaiveTime::MIN => Cow::Owned(local.date().to_string()),
                Some((local, None)) => Cow::Owned(local.format("%Y-%m-%dT%H:%M:%S%.f").to_string()),
                Some((local, Some(offset))) => Cow::Owned(format!("{}{offset}", local.format("%Y-%m-%dT%H:%M:%S%.f"))),
            };
            Cells::Text(moments_of(column)?.into_iter().map(written).collect())
        }
        DataType::Int32 | DataType::Int64 | DataType::UInt32 => {
            let cells = column.cast(&DataType::Int64).ok()?;
            let cells = cells.i64().ok()?;
            Cells::Whole((0..cells.len()).map(|row| cells.get(row)).collect())
        }
        _ => {
            let cells = column.cast(&DataType::Float64).ok()?;
            let cells = cells.f64().ok()?;
            Cells::Numbers((0..cells.len()).map(|row| cells.get(row).filter(|number| !number.is_nan())).collect())
        }
    })
}
