//! Price files that are text: `TextTable` finds the columns and checks the structure, polars reads the columns that are needed.
//!
//! The numbers are read as such at first. Only when polars refuses one (`null`, `N/A`, a decimal comma, or a cell that is wrong)
//! are the columns read again as text and each cell judged here, so that the cell at fault can be named. A long file is read in blocks of
//! whole records, so that memory never holds all its cells.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use polars::prelude::{DataFrame, DataType, PlSmallStr, PolarsResult, Schema, StringChunked};
use polars_io::SerReader;
use polars_io::prelude::{CsvParseOptions, CsvReadOptions};
use rayon::prelude::*;
use thiserror::Error;

use super::location::Location;
use super::price_cell::{CellError, DecimalMark, is_missing};
use super::price_gather::{FileSeries, GatheredRows, Gathering, TableFault, at_a_time, gather};
use super::price_layout::{Content, Layout, LayoutError, Wanted};
use super::price_table::{Dates, Numbers, PriceTable, RowFault};
use super::text_table::{Block, Records, TextTable, TextTableError};

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
pub(super) fn read_text(bytes: &[u8], content: Content, name: &str, wanted: &Wanted) -> Result<FileSeries, PriceTextError> {
    let table = TextTable::open(bytes)?;
    let mut layout =
        Layout::of_header(table.header(), content).map_err(|fault| PriceTextError::Layout { line: table.header_line(), fault })?;
    let records = table.check()?;
    layout.keep(wanted, name);
    let mark = OnceLock::new();
    let mut gathering = Gathering::new(&layout, wanted);
    let read = |block: &Block| -> Result<GatheredRows, PriceTextError> {
        let blank = blank_of(&records, *block);
        let columns = match read_columns(&table, &layout, *block, DataType::Float64) {
            Ok(frame) => price_table(&layout, *block, blank, &frame, None),
            Err(_) => {
                let frame = read_columns(&table, &layout, *block, DataType::String).map_err(|reason| PriceTextError::Refused { reason })?;
                let mark = mark.get_or_init(|| decimal_mark(&table, &layout));
                price_table(&layout, *block, blank, &frame, Some(*mark))
            }
        };
        let columns = columns.map_err(|error| PriceTextError::Refused { reason: error.to_string() })?;
        Ok(gather(&layout, &columns, block.first, name, wanted))
    };
    let cell_error = |RowFault { row, column, fault }: RowFault| {
        let (location, value) = table.locate(row, column);
        let column = table.header().get(column).cloned().unwrap_or_default();
        PriceTextError::Cell(Box::new(CellError { location, column, value, fault }))
    };
    let blocks = if layout.is_empty() { &[] } else { records.blocks.as_slice() };
    for blocks in blocks.chunks(at_a_time()) {
        for rows in blocks.par_iter().map(read).collect::<Vec<_>>() {
            gathering.add(rows?).map_err(cell_error)?;
        }
    }
    gathering.finish(records.count - records.blank.len()).map_err(|fault| match fault {
        TableFault::NoPrice => PriceTextError::NoPrice,
        TableFault::Cell(fault) => cell_error(fault),
    })
}

/// The blank lines of a block, counted from its first record.
fn blank_of(records: &Records, block: Block) -> Vec<usize> {
    let from = records.blank.partition_point(|blank| *blank < block.first);
    let later = records.blank.get(from..).unwrap_or_default();
    later.iter().take_while(|blank| **blank < block.first + block.records).map(|blank| blank - block.first).collect()
}

/// The columns of `layout` in a block as polars reads them: dates and symbols as text, numbers as `numbers`. polars knows each column by
/// its number, since a header may hold a name twice. A panic of polars is an error here.
fn read_columns(table: &TextTable, layout: &Layout, block: Block, numbers: DataType) -> Result<DataFrame, String> {
    let mut dtypes = vec![DataType::String; table.header().len()];
    let mut projection: Vec<usize> = [Some(layout.date()), layout.symbol()].into_iter().flatten().map(|column| column.index).collect();
    for column in layout.numbers() {
        if let Some(dtype) = dtypes.get_mut(column.index) {
            *dtype = numbers.clone();
        }
        projection.push(column.index);
    }
    let schema: Schema = dtypes.into_iter().enumerate().map(|(index, dtype)| (column_key(index), dtype)).collect();
    // Blocks run in parallel, each on one thread.
    let options = CsvReadOptions::default()
        .with_has_header(false)
        .with_n_threads(Some(1))
        .with_schema(Some(Arc::new(schema)))
        .with_projection(Some(Arc::new(projection)))
        .with_rechunk(true)
        .with_parse_options(CsvParseOptions::default().with_separator(table.separator()));
    let body = table.bytes(block);
    let frame = catch_unwind(AssertUnwindSafe(|| options.into_reader_with_file_handle(Cursor::new(body)).finish()))
        .map_err(|_| "the CSV reader broke off".to_owned())?
        .map_err(|error| error.to_string())?;
    if frame.height() == block.records { Ok(frame) } else { Err(format!("{} rows were read of {}", frame.height(), block.records)) }
}

fn column_key(index: usize) -> PlSmallStr {
    PlSmallStr::from_string(index.to_string())
}

/// The columns of a frame read by [`read_columns`]: numbers as numbers, or as text when their decimal mark is given.
fn price_table(layout: &Layout, block: Block, blank: Vec<usize>, frame: &DataFrame, text: Option<DecimalMark>) -> PolarsResult<PriceTable> {
    let strings = |index: usize| -> PolarsResult<StringChunked> { Ok(frame.column(&column_key(index))?.str()?.clone()) };
    let mut numbers = IndexMap::new();
    for column in layout.numbers() {
        let cells = match text {
            None => Numbers::Read(frame.column(&column_key(column.index))?.f64()?.clone()),
            Some(mark) => Numbers::Text { cells: strings(column.index)?, mark },
        };
        numbers.insert(column.index, cells);
    }
    Ok(PriceTable {
        rows: block.records,
        blank,
        dates: Dates::Text(strings(layout.date().index)?),
        symbols: layout.symbol().map(|column| strings(column.index)).transpose()?,
        numbers,
    })
}

/// A decimal comma is for files separated by semicolons, and only where the first number with either mark has a comma: a file
/// has one mark, so that `1.234` is never read now as a thousand and now as one and a bit.
fn decimal_mark(table: &TextTable, layout: &Layout) -> DecimalMark {
    if table.separator() != b';' {
        return DecimalMark::Point;
    }
    let columns: Vec<usize> = layout.numbers().iter().map(|column| column.index).collect();
    let mark_of = |cell: &str| if is_missing(cell) { None } else { cell.chars().find(|character| matches!(character, ',' | '.')) };
    match table.find_in(&columns, mark_of) {
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
