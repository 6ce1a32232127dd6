//! Price files that are text: `TextTable` finds the columns and checks the structure, polars reads the columns that are needed.
//!
//! The numbers are read as such at first. Only when polars refuses one (`null`, `N/A`, a decimal comma, or a cell that is wrong)
//! are the columns read again as text and each cell judged here, so that the cell at fault can be named.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use indexmap::IndexMap;
use polars::prelude::{DataFrame, DataType, PlSmallStr, PolarsResult, Schema, StringChunked};
use polars_io::SerReader;
use polars_io::prelude::{CsvParseOptions, CsvReadOptions};
use thiserror::Error;

use super::location::Location;
use super::price_cell::{CellError, DecimalMark, is_missing};
use super::price_layout::{Content, Layout, LayoutError};
use super::price_table::{Dates, FileSeries, Numbers, PriceTable, RowFault, TableFault, build_series};
use super::text_table::{Records, TextTable, TextTableError};

/// Why a text file has no prices.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PriceTextError {
    /// The file is no table.
    #[error(transparent)]
    Table(#[from] TextTableError),
    /// The header can't be used.
    #[error("line {line}: {fault}")]
    Layout {
        /// Line of the header, from 1.
        line: usize,
        /// What is wrong with it.
        fault: LayoutError,
    },
    /// A cell can't be used.
    #[error(transparent)]
    Cell(Box<CellError>),
    /// Not one row has a price.
    #[error("no row has a price")]
    NoPrice,
    /// The CSV reader refuses a file whose structure was found to be sound.
    #[error("the file can't be read as CSV: {reason}")]
    Refused {
        /// What the reader says.
        reason: String,
    },
}

/// Reads the series of a text file; `name` is the symbol of a file that holds but one.
pub(super) fn read_text(bytes: &[u8], content: Content, name: &str) -> Result<FileSeries, PriceTextError> {
    let table = TextTable::open(bytes)?;
    let layout = Layout::of_header(table.header(), content).map_err(|fault| PriceTextError::Layout { line: table.header_line(), fault })?;
    let records = table.check()?;
    let columns = match read_columns(&table, &layout, &records, DataType::Float64) {
        Ok(frame) => price_table(&layout, &records, frame, None),
        Err(_) => {
            let frame = read_columns(&table, &layout, &records, DataType::String).map_err(|reason| PriceTextError::Refused { reason })?;
            price_table(&layout, &records, frame, Some(table.separator()))
        }
    };
    let columns = columns.map_err(|error| PriceTextError::Refused { reason: error.to_string() })?;
    build_series(&layout, columns, name).map_err(|fault| match fault {
        TableFault::NoPrice => PriceTextError::NoPrice,
        TableFault::Cell(RowFault { row, column, fault }) => {
            let (location, value) = table.locate(row, column);
            let column = table.header().get(column).cloned().unwrap_or_default();
            PriceTextError::Cell(Box::new(CellError { location, column, value, fault }))
        }
    })
}

/// The columns of `layout` as polars reads them: dates and symbols as text, numbers as `numbers`. polars knows each column by its
/// number, since a header may hold a name twice. A panic of polars is an error here.
fn read_columns(table: &TextTable, layout: &Layout, records: &Records, numbers: DataType) -> Result<DataFrame, String> {
    let mut dtypes = vec![DataType::String; table.header().len()];
    let mut projection: Vec<usize> = [Some(layout.date()), layout.symbol()].into_iter().flatten().map(|column| column.index).collect();
    for column in layout.numbers() {
        if let Some(dtype) = dtypes.get_mut(column.index) {
            *dtype = numbers.clone();
        }
        projection.push(column.index);
    }
    let schema: Schema = dtypes.into_iter().enumerate().map(|(index, dtype)| (column_key(index), dtype)).collect();
    let options = CsvReadOptions::default()
        .with_has_header(false)
        .with_schema(Some(Arc::new(schema)))
        .with_projection(Some(Arc::new(projection)))
        .with_rechunk(true)
        .with_parse_options(CsvParseOptions::default().with_separator(table.separator()));
    let body = table.body();
    let frame = catch_unwind(AssertUnwindSafe(|| options.into_reader_with_file_handle(Cursor::new(body)).finish()))
        .map_err(|_| "the CSV reader broke off".to_owned())?
        .map_err(|error| error.to_string())?;
    if frame.height() == records.count { Ok(frame) } else { Err(format!("{} rows were read of {}", frame.height(), records.count)) }
}

fn column_key(index: usize) -> PlSmallStr {
    PlSmallStr::from_string(index.to_string())
}

/// The columns of a frame read by [`read_columns`]: numbers as numbers, or as text when the separator is given.
fn price_table(layout: &Layout, records: &Records, frame: DataFrame, text: Option<u8>) -> PolarsResult<PriceTable> {
    let strings = |index: usize| -> PolarsResult<StringChunked> { Ok(frame.column(&column_key(index))?.str()?.clone()) };
    let mut numbers = IndexMap::new();
    match text {
        None => {
            for column in layout.numbers() {
                numbers.insert(column.index, Numbers::Read(frame.column(&column_key(column.index))?.f64()?.clone()));
            }
        }
        Some(separator) => {
            let columns: Vec<(usize, StringChunked)> =
                layout.numbers().iter().map(|column| Ok((column.index, strings(column.index)?))).collect::<PolarsResult<_>>()?;
            let mark = decimal_mark(separator, &columns);
            numbers.extend(columns.into_iter().map(|(index, cells)| (index, Numbers::Text { cells, mark })));
        }
    }
    Ok(PriceTable {
        rows: records.count,
        blank: records.blank.clone(),
        dates: Dates::Text(strings(layout.date().index)?),
        symbols: layout.symbol().map(|column| strings(column.index)).transpose()?,
        numbers,
    })
}

/// A decimal comma is for files separated by semicolons, and only where the first number with either mark has a comma: a file
/// has one mark, so that `1.234` is never read now as a thousand and now as one and a bit.
fn decimal_mark(separator: u8, columns: &[(usize, StringChunked)]) -> DecimalMark {
    if separator != b';' {
        return DecimalMark::Point;
    }
    let first_mark = |cells: &StringChunked| {
        let numbers = (0..cells.len()).filter_map(|row| cells.get(row)).filter(|cell| !is_missing(cell.trim()));
        numbers.flat_map(str::chars).find(|character| matches!(character, ',' | '.'))
    };
    match columns.iter().find_map(|(_, cells)| first_mark(cells)) {
        Some(',') => DecimalMark::Comma,
        _ => DecimalMark::Point,
    }
}

impl PriceTextError {
    /// The place, when the error has one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            PriceTextError::Table(error) => error.location(),
            PriceTextError::Cell(error) => Some(&error.location),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            PriceTextError::Table(error) => error.help().to_owned(),
            PriceTextError::Layout { fault, .. } => fault.help(),
            PriceTextError::Cell(error) => error.fault.help().to_owned(),
            PriceTextError::NoPrice => "fill in the column of prices".to_owned(),
            PriceTextError::Refused { .. } => "export the file again as plain CSV, one row a line".to_owned(),
        }
    }
}
