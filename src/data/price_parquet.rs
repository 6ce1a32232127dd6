//! Price files in Parquet: the same layouts as text, dates as Date, Datetime or String, numbers of any numeric type.

use indexmap::IndexMap;
use polars::prelude::{ArrowDataType, Column as Series, DataFrame, DataType};
use rayon::prelude::*;
use thiserror::Error;

use super::location::Location;
use super::parquet_day::days_of;
use super::parquet_table::{ParquetTable, ParquetTableError, RowGroup, guarded, unreadable};
use super::price_cell::CellError;
use super::price_gather::{FileSeries, GatheredRows, Gathering, TableFault, at_a_time, gather};
use super::price_layout::{Column, Content, Layout, LayoutError, Wanted};
use super::price_table::{Dates, Numbers, PriceTable, RowFault};

/// Why a Parquet file has no prices.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PriceParquetError {
    /// The file is no Parquet table.
    #[error(transparent)]
    Table(#[from] ParquetTableError),
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
            PriceParquetError::Table(fault) => fault.help().to_owned(),
            PriceParquetError::Layout(fault) => fault.help(),
            PriceParquetError::ColumnType { column, wanted, .. } => format!("write the column \"{column}\" as {wanted}"),
            PriceParquetError::Cell(error) => error.fault.help().to_owned(),
            PriceParquetError::NoRow => "check that the export or download finished".to_owned(),
            PriceParquetError::NoPrice => "fill in the column of prices".to_owned(),
        }
    }
}

/// Reads the series of a Parquet file, group of rows by group; `name` is the symbol of a file that holds but one.
pub(super) fn read_parquet(bytes: &[u8], content: Content, name: &str, wanted: &Wanted) -> Result<FileSeries, PriceParquetError> {
    let table = ParquetTable::open(bytes)?;
    let mut layout = Layout::of_header(table.header(), content).map_err(PriceParquetError::Layout)?;
    layout.keep(wanted, name);
    check_types(&layout, &table.types())?;
    let columns: Vec<&Column> = [Some(layout.date()), layout.symbol()].into_iter().flatten().chain(layout.numbers()).collect();
    let mut projection: Vec<usize> = columns.iter().map(|column| column.index).collect();
    projection.sort_unstable();
    if table.rows() == 0 {
        return Err(PriceParquetError::NoRow);
    }
    let mut groups = if layout.is_empty() { Vec::new() } else { table.row_groups() };
    if let (Some(column), Some(symbols)) = (layout.symbol(), wanted.symbols) {
        groups.retain(|group| table.may_hold(*group, column.index, symbols));
    }
    table.check_counts(&projection, &groups)?;
    let read = |group: &RowGroup| -> Result<GatheredRows, PriceParquetError> {
        let frame = table.read_group(*group, &projection)?;
        let prices = price_table(&layout, &frame, &projection)?;
        Ok(gather(&layout, &prices, group.first, name, wanted))
    };
    let mut gathering = Gathering::new(&layout, wanted);
    for groups in groups.chunks(at_a_time()) {
        for rows in groups.par_iter().map(read).collect::<Vec<_>>() {
            gathering.add(rows?).map_err(|fault| cell_error(&table, fault))?;
        }
    }
    gathering.finish(table.rows()).map_err(|fault| match fault {
        TableFault::NoPrice => PriceParquetError::NoPrice,
        TableFault::Cell(fault) => cell_error(&table, fault),
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

/// A value that can't be used, read again to be shown: the columns are gone when it is found.
fn cell_error(table: &ParquetTable, RowFault { row, column, fault }: RowFault) -> PriceParquetError {
    let value = table.read_unchecked(column).and_then(|frame| written_value(&frame, row)).unwrap_or_default();
    let column = table.header().get(column).cloned().unwrap_or_default();
    PriceParquetError::Cell(Box::new(CellError { location: Location::Row { row: row + 1 }, column, value, fault }))
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
        place.and_then(|place| frame.columns().get(place)).ok_or_else(|| unreadable("a column is missing").into())
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
