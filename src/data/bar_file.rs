//! Bar files → a [`BarBook`]: [`read_bars`].
//!
//! A file is CSV (`.csv`, `.tsv`, `.txt`) or Parquet, one bar a row: `timestamp`, `symbol`, `close`, and if wanted `open`
//! ([`super::bar_layout`] says which other names are taken for these). Without a column of symbols the file is named after its one: `AAPL.csv`.
//!
//! - A timestamp has an offset (`-05:00`, or `Z` for UTC), or is a time on the clocks of the zone named for the files (`bar_gather`
//!   says what is wrong with one). Each symbol's rows rise.
//! - A close that is missing (an empty cell, `null`, `NA`, `N/A`, `NaN`, `.`, `-`) is a bar without a trade: its row is skipped and counted.
//! - The opening price is used for the first bar of a session alone: its return, and that of the night.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use chrono_tz::Tz;
use polars::prelude::DataType;
use serde::Serialize;
use thiserror::Error;

pub use super::bar_gather::BarCellFault;
use super::bar_gather::{BarRowFault, GatheredBars};
use super::bar_layout::{BarLayout, BarLayoutError};
use super::bar_parquet::{BarParquetFault, gather_parquet};
use super::bar_text::gather_text;
use super::location::Location;
use super::parquet_table::{ParquetTable, ParquetTableError};
use super::source_file::{Format, SourceFileError, name_of, table_files, with_file};
use super::text_table::{TextTable, TextTableError};
use crate::intraday::series::{BarBook, BarSeries};

/// What there is to know about a file that was read, for the provenance of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BarFile {
    /// The path as given.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Rows below the header.
    pub rows: usize,
    /// What was done with the file that its reader should know.
    pub notes: Vec<BarNote>,
}

/// Something about a bar file that is no error but should be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "note")]
pub enum BarNote {
    /// Rows without a close: bars without a trade.
    WithoutTrade {
        /// How many.
        count: usize,
    },
    /// Rows in an hour that clocks show twice, read in their order.
    RepeatedHour {
        /// How many.
        count: usize,
    },
    /// No column of opening prices.
    NoOpen,
}

impl BarNote {
    /// The note in a sentence's words.
    pub fn words(&self) -> String {
        match self {
            BarNote::WithoutTrade { count } => format!("{count} bars without a trade skipped"),
            BarNote::RepeatedHour { count } => {
                format!("{count} timestamps in the hour that clocks show twice, told apart by the order of the rows")
            }
            BarNote::NoOpen => "no column open: the first bar of a session has no return".to_owned(),
        }
    }
}

/// Bar files, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LoadedBars {
    /// The series of all files.
    pub book: BarBook,
    /// The files, in the order given.
    pub files: Vec<BarFile>,
}

/// A cell that can't be used, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{location}, {column}: {}", .fault.describe(.value))]
pub struct BarCellError {
    /// Where the cell begins.
    pub location: Location,
    /// The column's name in the header.
    pub column: String,
    /// The cell's text; empty when the cell is.
    pub value: String,
    /// What is wrong with it.
    pub fault: BarCellFault,
}

/// Why bars can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BarFileError {
    /// The file can't be opened.
    #[error(transparent)]
    Source(#[from] SourceFileError),
    /// A text file that is no table.
    #[error("{file}: {fault}")]
    Text {
        /// The path as given.
        file: String,
        /// What is wrong.
        fault: TextTableError,
    },
    /// A Parquet file that is no table.
    #[error("{file}: {fault}")]
    Parquet {
        /// The path as given.
        file: String,
        /// What is wrong.
        fault: ParquetTableError,
    },
    /// The header can't be used.
    #[error("{file}: {fault}")]
    Layout {
        /// The path as given.
        file: String,
        /// What is wrong.
        fault: BarLayoutError,
    },
    /// A column of a type that it can't have, in a Parquet file.
    #[error("{file}: the column \"{column}\" is of the type {found}, not {wanted}")]
    ColumnType {
        /// The path as given.
        file: String,
        /// The column's name.
        column: String,
        /// Its type in the file.
        found: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A cell can't be used.
    #[error("{file}: {fault}")]
    Cell {
        /// The path as given.
        file: String,
        /// Which cell, and what is wrong with it.
        fault: Box<BarCellError>,
    },
    /// Not one row has a price.
    #[error("{file}: no row has a price")]
    NoPrice {
        /// The path as given.
        file: String,
    },
    /// Two files have bars of one symbol.
    #[error("{file}: the symbol \"{symbol}\" has bars already, from another file")]
    SymbolInTwoFiles {
        /// The second file.
        file: String,
        /// The symbol.
        symbol: String,
    },
}

impl BarFileError {
    /// The file, as given.
    pub fn file(&self) -> &str {
        match self {
            BarFileError::Source(fault) => fault.file(),
            BarFileError::Text { file, .. }
            | BarFileError::Parquet { file, .. }
            | BarFileError::Layout { file, .. }
            | BarFileError::ColumnType { file, .. }
            | BarFileError::Cell { file, .. }
            | BarFileError::NoPrice { file }
            | BarFileError::SymbolInTwoFiles { file, .. } => file,
        }
    }

    /// The place in the file, when the error has one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            BarFileError::Text { fault, .. } => fault.location(),
            BarFileError::Cell { fault, .. } => Some(&fault.location),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            BarFileError::Source(fault) => fault.help(),
            BarFileError::Text { fault, .. } => fault.help().to_owned(),
            BarFileError::Parquet { fault, .. } => fault.help().to_owned(),
            BarFileError::Layout { fault, .. } => fault.help(),
            BarFileError::ColumnType { column, wanted, .. } => format!("write the column \"{column}\" as {wanted}"),
            BarFileError::Cell { fault, .. } => fault.fault.help().to_owned(),
            BarFileError::NoPrice { .. } => "fill in the column of prices".to_owned(),
            BarFileError::SymbolInTwoFiles { symbol, .. } => format!("put all bars of \"{symbol}\" into one file"),
        }
    }
}

/// How bar files are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct BarFileOptions<'a> {
    /// Zone of timestamps without an offset; None refuses them.
    pub zone: Option<Tz>,
    /// Symbols that are wanted; None for all.
    pub symbols: Option<&'a BTreeSet<String>>,
}

/// Reads bar files into one book, one after the other, each in parallel; the result doesn't depend on how many threads there are. A path may
/// be a folder, whose files are read (not its folders), or a pattern such as `bars/*.csv`.
///
/// # Errors
/// [`BarFileError`] of the first row of the first file that can't be read; or a symbol that two files hold.
pub fn read_bars(paths: &[PathBuf], options: &BarFileOptions) -> Result<LoadedBars, BarFileError> {
    let mut loaded = LoadedBars::default();
    for path in paths {
        for path in table_files(path)? {
            let file = name_of(&path);
            let (sha256, read) = with_file(&path, |format, bytes| read_bytes(&file, bytes, format, options))?;
            let (rows, notes, series) = read?;
            for (symbol, series) in series {
                if loaded.book.insert(symbol.clone(), series).is_some() {
                    return Err(BarFileError::SymbolInTwoFiles { file, symbol });
                }
            }
            loaded.files.push(BarFile { path: file, sha256, rows, notes });
        }
    }
    Ok(loaded)
}

type ReadFile = (usize, Vec<BarNote>, Vec<(String, BarSeries)>);

fn read_bytes(file: &str, bytes: &[u8], format: Format, options: &BarFileOptions) -> Result<ReadFile, BarFileError> {
    let name = Path::new(file).file_stem().map_or_else(|| file.to_owned(), |stem| stem.to_string_lossy().into_owned());
    let layout_of = |header: &[String]| BarLayout::of_header(header).map_err(|fault| BarFileError::Layout { file: file.to_owned(), fault });
    let cell = |location: Location, header: &[String], value: String, found: BarRowFault| BarFileError::Cell {
        file: file.to_owned(),
        fault: Box::new(BarCellError {
            location,
            column: header.get(found.column).cloned().unwrap_or_default(),
            value,
            fault: found.fault,
        }),
    };
    let (layout, rows, gathered): (BarLayout, usize, GatheredBars) = match format {
        Format::Text => {
            let wrong = |fault| BarFileError::Text { file: file.to_owned(), fault };
            let table = TextTable::open(bytes).map_err(wrong)?;
            let layout = layout_of(table.header())?;
            let records = table.check().map_err(wrong)?;
            let gathered = gather_text(&table, &records.blocks, &layout, options.zone, &name, options.symbols).map_err(|found| {
                let (location, value) = table.locate(found.row, found.column);
                cell(location, table.header(), value, found)
            })?;
            (layout, records.count - records.blank.len(), gathered)
        }
        Format::Parquet => {
            let table = ParquetTable::open(bytes).map_err(|fault| BarFileError::Parquet { file: file.to_owned(), fault })?;
            let layout = layout_of(table.header())?;
            let gathered = gather_parquet(&table, &layout, options.zone, &name, options.symbols).map_err(|fault| match fault {
                BarParquetFault::Table(fault) => BarFileError::Parquet { file: file.to_owned(), fault },
                BarParquetFault::ColumnType { column, found, wanted } => {
                    BarFileError::ColumnType { file: file.to_owned(), column, found, wanted }
                }
                BarParquetFault::Row(found) => {
                    let value = written_value(&table, found.column, found.row).unwrap_or_default();
                    cell(Location::Row { row: found.row + 1 }, table.header(), value, found)
                }
            })?;
            (layout, table.rows(), gathered)
        }
    };
    if gathered.series.is_empty() && options.symbols.is_none() {
        return Err(BarFileError::NoPrice { file: file.to_owned() });
    }
    let mut notes = Vec::new();
    notes.extend((gathered.missing > 0).then_some(BarNote::WithoutTrade { count: gathered.missing }));
    notes.extend((gathered.repeated > 0).then_some(BarNote::RepeatedHour { count: gathered.repeated }));
    notes.extend(layout.open.is_none().then_some(BarNote::NoOpen));
    Ok((rows, notes, gathered.series))
}

/// A value as a text, read again to be shown.
fn written_value(table: &ParquetTable, column: usize, row: usize) -> Option<String> {
    let frame = table.read_unchecked(column)?;
    let column = frame.columns().first()?;
    match column.dtype() {
        DataType::String => column.str().ok()?.get(row).map(|text| text.trim().to_owned()),
        DataType::Datetime(_, _) => {
            let (local, offset) = super::parquet_day::moments_of(column)?.get(row).copied().flatten()?;
            Some(format!("{}{}", local.format("%Y-%m-%d %H:%M:%S%.f"), offset.map_or_else(String::new, |offset| offset.to_string())))
        }
        DataType::Date => super::parquet_day::days_of(column)?.get(row).copied().flatten().map(|day| day.to_string()),
        _ => column.cast(&DataType::Float64).ok()?.f64().ok()?.get(row).map(|number| number.to_string()),
    }
}
