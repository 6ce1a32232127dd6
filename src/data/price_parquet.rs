//! Price files in Parquet: the same layouts as text, dates as Date, Datetime or String, numbers of any numeric type.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use indexmap::IndexMap;
use polars::prelude::{ArrowDataType, Column as Series, DataFrame, DataType, PolarsResult, TimeUnit};
use polars_io::SerReader;
use polars_io::prelude::ParquetReader;
use thiserror::Error;

use super::location::Location;
use super::parquet_metadata::metadata_is_sound;
use super::parquet_page::pages_add_up;
use super::price_cell::CellError;
use super::price_layout::{Column, Content, Layout, LayoutError};
use super::price_table::{Dates, FileSeries, Numbers, PriceTable, RowFault, TableFault, build_series};

/// Why a Parquet file has no prices.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PriceParquetError {
    /// The file doesn't begin as Parquet does.
    #[error("the file is not a Parquet file")]
    NotParquet,
    /// The file begins as Parquet does and doesn't end so.
    #[error("the Parquet file is cut off: its end is missing")]
    Truncated,
    /// The file is damaged, or uses a part of the format that isn't read here.
    #[error("the Parquet file can't be read: {reason}")]
    Unreadable {
        /// What the reader says.
        reason: String,
    },
    /// The columns can't be used.
    #[error(transparent)]
    Layout(LayoutError),
    /// A column of a type that it can't have.
    #[error("the column \"{column}\" is of the type {found}, not {wanted}")]
    ColumnType {
        /// The column's name.
        column: String,
        /// Its type in the file.
        found: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A value can't be used.
    #[error(transparent)]
    Cell(Box<CellError>),
    /// No row at all.
    #[error("the file has columns and no row")]
    NoRow,
    /// Not one row has a price.
    #[error("no row has a price")]
    NoPrice,
}

impl PriceParquetError {
    /// The row, when the error has one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            PriceParquetError::Cell(error) => Some(&error.location),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            PriceParquetError::NotParquet => "give a text file the extension .csv, .tsv or .txt".to_owned(),
            PriceParquetError::Truncated => "download or write the file again".to_owned(),
            PriceParquetError::Unreadable { .. } => {
                "write the file again, with dates as dates, symbols as plain text (not categories) and prices as 64-bit floats, or as CSV"
                    .to_owned()
            }
            PriceParquetError::Layout(fault) => fault.help(),
            PriceParquetError::ColumnType { column, wanted, .. } => format!("write the column \"{column}\" as {wanted}"),
            PriceParquetError::Cell(error) => error.fault.help().to_owned(),
            PriceParquetError::NoRow => "check that the export or download finished".to_owned(),
            PriceParquetError::NoPrice => "fill in the column of prices".to_owned(),
        }
    }
}

const MARK: &[u8] = b"PAR1";

/// Reads the series of a Parquet file; `name` is the symbol of a file that holds but one.
pub(super) fn read_parquet(bytes: &[u8], content: Content, name: &str) -> Result<FileSeries, PriceParquetError> {
    if !bytes.starts_with(MARK) {
        return Err(PriceParquetError::NotParquet);
    }
    // Mark, metadata length and mark are the least that can follow the mark at the beginning.
    if !bytes.ends_with(MARK) || bytes.len() < 12 {
        return Err(PriceParquetError::Truncated);
    }
    if !metadata_is_sound(bytes) {
        return Err(unreadable("its metadata are damaged"));
    }
    let schema = guarded(|| ParquetReader::new(Cursor::new(bytes)).schema())?;
    let header: Vec<String> = schema.iter_names().map(ToString::to_string).collect();
    let layout = Layout::of_header(&header, content).map_err(PriceParquetError::Layout)?;
    let types: Vec<&ArrowDataType> = schema.iter_values().map(|field| &field.dtype).collect();
    check_types(&layout, &types)?;
    let columns: Vec<&Column> = [Some(layout.date()), layout.symbol()].into_iter().flatten().chain(layout.numbers()).collect();
    let mut projection: Vec<usize> = columns.iter().map(|column| column.index).collect();
    projection.sort_unstable();
    if !guarded(|| counts_add_up(bytes, &header, &projection))? {
        return Err(unreadable("the counts of its pages don't add up, or a column holds lists"));
    }
    let frame = guarded(|| ParquetReader::new(Cursor::new(bytes)).with_projection(Some(projection.clone())).set_rechunk(true).finish())?;
    if frame.height() == 0 {
        return Err(PriceParquetError::NoRow);
    }
    let table = price_table(&layout, &frame, &projection)?;
    drop(frame);
    build_series(&layout, table, name).map_err(|fault| match fault {
        TableFault::NoPrice => PriceParquetError::NoPrice,
        TableFault::Cell(fault) => cell_error(bytes, &header, fault),
    })
}

/// Checks the types of the columns that are to be read: polars panics on those that it is built without.
fn check_types(layout: &Layout, types: &[&ArrowDataType]) -> Result<(), PriceParquetError> {
    use ArrowDataType as T;
    let is_text = |dtype: &T| matches!(dtype, T::Utf8 | T::LargeUtf8 | T::Utf8View);
    let is_date = |dtype: &T| matches!(dtype, T::Date32 | T::Date64 | T::Timestamp(_, _)) || is_text(dtype);
    // A column of nulls alone has no type of its own.
    let is_number = |dtype: &T| {
        let whole = matches!(dtype, T::Int32 | T::Int64 | T::UInt32 | T::UInt64 | T::Null);
        whole || matches!(dtype, T::Float32 | T::Float64 | T::Decimal(_, _) | T::Decimal32(_, _) | T::Decimal64(_, _) | T::Decimal256(_, _))
    };
    let check = |column: &Column, valid: &dyn Fn(&T) -> bool, wanted| match types.get(column.index) {
        Some(dtype) if !valid(dtype) => {
            Err(PriceParquetError::ColumnType { column: column.name.clone(), found: format!("{dtype:?}"), wanted })
        }
        _ => Ok(()),
    };
    check(layout.date(), &is_date, "dates, datetimes or text")?;
    layout.symbol().map_or(Ok(()), |column| check(column, &is_text, "text"))?;
    layout.numbers().into_iter().try_for_each(|column| check(column, &is_number, "numbers of 32 or 64 bits"))
}

/// Whether the columns that are to be read are flat, and their pages hold as many values as the file says that it has rows.
fn counts_add_up(bytes: &[u8], header: &[String], projection: &[usize]) -> PolarsResult<bool> {
    let mut reader = ParquetReader::new(Cursor::new(bytes));
    let metadata = reader.get_metadata()?;
    let rows: usize = metadata.row_groups.iter().map(|group| group.num_rows()).sum();
    let names = projection.iter().filter_map(|index| header.get(*index));
    Ok(rows == metadata.num_rows
        && metadata.row_groups.iter().all(|group| {
            names.clone().all(|name| {
                let mut chunks = group.columns_under_root_iter(name).into_iter().flatten();
                let (Some(chunk), None) = (chunks.next(), chunks.next()) else { return false };
                let range = chunk.byte_range();
                let pages =
                    usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok()).and_then(|(start, end)| bytes.get(start..end));
                usize::try_from(chunk.num_values()) == Ok(group.num_rows())
                    && pages.is_some_and(|pages| pages_add_up(pages, chunk.num_values()))
            })
        }))
}

/// A value that can't be used, read again to be shown: the columns are gone when it is found.
fn cell_error(bytes: &[u8], header: &[String], RowFault { row, column, fault }: RowFault) -> PriceParquetError {
    let value = guarded(|| ParquetReader::new(Cursor::new(bytes)).with_projection(Some(vec![column])).finish())
        .ok()
        .and_then(|frame| written_value(&frame, row))
        .unwrap_or_default();
    let column = header.get(column).cloned().unwrap_or_default();
    PriceParquetError::Cell(Box::new(CellError { location: Location::Row { row: row + 1 }, column, value, fault }))
}

/// Runs polars; a panic of it, which odd files can bring about, is an error like the others.
fn guarded<T>(read: impl FnOnce() -> PolarsResult<T>) -> Result<T, PriceParquetError> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(error)) => Err(PriceParquetError::Unreadable { reason: error.to_string() }),
        Err(_) => Err(PriceParquetError::Unreadable { reason: "it holds a type that isn't supported, or is damaged".to_owned() }),
    }
}

fn written_value(frame: &DataFrame, row: usize) -> Option<String> {
    let column = frame.columns().first()?;
    match column.dtype() {
        DataType::String => column.str().ok()?.get(row).map(|text| text.trim().to_owned()),
        DataType::Date | DataType::Datetime(_, _) => days_of(column)?.get(row).copied().flatten().map(|day| day.to_string()),
        _ => column.cast(&DataType::Float64).ok()?.f64().ok()?.get(row).map(|number| number.to_string()),
    }
}

/// The columns of a frame that holds the columns `projection` of the file, in rising order.
fn price_table(layout: &Layout, frame: &DataFrame, projection: &[usize]) -> Result<PriceTable, PriceParquetError> {
    let find = |column: &Column| -> Result<&Series, PriceParquetError> {
        let place = projection.binary_search(&column.index).ok();
        place.and_then(|place| frame.columns().get(place)).ok_or_else(|| unreadable("a column is missing"))
    };
    let date = find(layout.date())?;
    let dates = match date.dtype() {
        DataType::String => Dates::Text(guarded(|| Ok(date.str()?.clone()))?),
        _ => Dates::Days(days_of(date).ok_or_else(|| unreadable("the time zone of its dates is unknown"))?),
    };
    let symbols = match layout.symbol() {
        Some(column) => {
            let series = find(column)?;
            Some(guarded(|| Ok(series.str()?.clone()))?)
        }
        None => None,
    };
    let mut numbers = IndexMap::new();
    for column in layout.numbers() {
        let series = find(column)?;
        let floats = guarded(|| Ok(series.cast(&DataType::Float64)?.f64()?.rechunk().into_owned()))?;
        numbers.insert(column.index, Numbers::Read(floats));
    }
    Ok(PriceTable { rows: frame.height(), blank: Vec::new(), dates, symbols, numbers })
}

fn unreadable(reason: &str) -> PriceParquetError {
    PriceParquetError::Unreadable { reason: reason.to_owned() }
}

/// The days of a column of dates or datetimes. A datetime with a time zone is the instant: its day is the day in that zone (midnight
/// in Paris is the evening before in UTC). None when the column is of another type, or its zone is unknown.
fn days_of(column: &Series) -> Option<Vec<Option<NaiveDate>>> {
    match column.dtype() {
        DataType::Date => {
            let days = column.cast(&DataType::Int32).ok()?;
            let days = days.i32().ok()?;
            Some((0..days.len()).map(|row| days.get(row).and_then(NaiveDate::from_epoch_days)).collect())
        }
        DataType::Datetime(unit, zone) => {
            let zone = match zone {
                Some(name) => Some(Zone::of_name(name)?),
                None => None,
            };
            let instants = column.cast(&DataType::Int64).ok()?;
            let instants = instants.i64().ok()?;
            let moment = |count: i64| -> Option<DateTime<Utc>> {
                match unit {
                    TimeUnit::Nanoseconds => Some(DateTime::from_timestamp_nanos(count)),
                    TimeUnit::Microseconds => DateTime::from_timestamp_micros(count),
                    TimeUnit::Milliseconds => DateTime::from_timestamp_millis(count),
                }
            };
            let local = |moment: DateTime<Utc>| zone.as_ref().map_or(Some(moment.naive_utc()), |zone| zone.local(moment));
            let day = |count: i64| moment(count).and_then(local).map(|local| local.date());
            Some((0..instants.len()).map(|row| instants.get(row).and_then(day)).collect())
        }
        _ => None,
    }
}

enum Zone {
    Named(chrono_tz::Tz),
    Offset(chrono::FixedOffset),
}

impl Zone {
    fn of_name(name: &str) -> Option<Self> {
        name.parse().map(Zone::Named).ok().or_else(|| name.parse().map(Zone::Offset).ok())
    }

    /// The time in the zone; None before the first or after the last day that chrono knows, of the years −262143 and 262142.
    fn local(&self, moment: DateTime<Utc>) -> Option<NaiveDateTime> {
        let utc = moment.naive_utc();
        let offset = match self {
            Zone::Named(zone) => zone.offset_from_utc_datetime(&utc).fix(),
            Zone::Offset(offset) => *offset,
        };
        utc.checked_add_offset(offset)
    }
}
