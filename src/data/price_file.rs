//! Price files → a [`PriceBook`]: [`read_prices`], [`read_wanted_prices`] for some columns and symbols alone, and [`read_price_bytes`] for
//! data that is in memory.
//!
//! A file is CSV (`.csv`, `.tsv`, `.txt`; separated by commas, semicolons or tabs) or Parquet (`.parquet`, `.pq`), and tidy
//! (`date,symbol,close`, if wanted `adj_close`, `high`, `low`, `volume`, or `return` instead of a price), wide (`date` and a column a
//! symbol), or one Yahoo- or Stooq-style file a symbol, named after it: `AAPL.csv`. A file with a column `ticker` or `symbol` has its
//! symbols from there, whatever its name.
//!
//! - The adjusted close is used where there is a column of it; every row with a close must have one then, and highs and lows are
//!   brought to its basis. Prices on two bases in one series would look like a return.
//! - Dates are `2022-09-02`, `20220902` or a datetime, whose day counts. Each symbol's own rows must rise.
//! - A missing price (an empty cell, `null`, `NA`, `N/A`, `NaN`, `.`, `-`) is a missing quote: its row is skipped and counted in a
//!   [`Note`]. Nothing is filled in.

use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use thiserror::Error;

use super::location::Location;
use super::price_csv::{PriceTextError, read_text};
use super::price_gather::FileSeries;
pub use super::price_layout::{Content, PriceColumns, Wanted};
use super::price_parquet::{PriceParquetError, read_parquet};
pub use super::source_file::Format;
use super::source_file::{SourceFileError, name_of, sha256_of, table_files, with_file};
use crate::series::{Basis, PriceBook, PriceSeries};

/// A price file to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PriceSource {
    /// The file.
    pub path: PathBuf,
    /// What its columns hold when it is wide. [`Content::Returns`] of another file takes its column `return`.
    pub content: Content,
}

impl PriceSource {
    /// A file of prices (or of returns, when its header says so).
    pub fn prices(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), content: Content::Prices }
    }

    /// A file of returns.
    pub fn returns(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), content: Content::Returns }
    }
}

/// What there is to know about a file that was read, for the provenance of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PriceFile {
    /// The path as given.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Rows below the header, blank lines left out.
    pub rows: usize,
    /// Symbols with a price, in the order of the file.
    pub symbols: Vec<String>,
    /// What the prices are.
    pub basis: Basis,
    /// What was done with the file that its reader should know.
    pub notes: Vec<Note>,
}

/// Something about a file that is no error but should be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "note")]
pub enum Note {
    /// The adjusted close was used, and highs and lows brought to its basis.
    AdjustedCloseUsed,
    /// Prices (returns) were missing, and their rows skipped; in a wide file each cell counts.
    PricesMissing {
        /// How many.
        count: usize,
    },
    /// Symbols that are there without a single price; they are not in the book.
    SymbolsWithoutPrice {
        /// The symbols, in the order of the file.
        symbols: Vec<String>,
    },
}

/// Price files, read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LoadedPrices {
    /// The series of all files.
    pub book: PriceBook,
    /// The files, in the order given.
    pub files: Vec<PriceFile>,
}

/// Why prices can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PriceFileError {
    /// The file can't be opened.
    #[error(transparent)]
    Source(#[from] SourceFileError),
    /// A text file without prices, or with something wrong in it.
    #[error("{file}: {fault}")]
    Text {
        /// The path as given.
        file: String,
        /// What is wrong.
        fault: PriceTextError,
    },
    /// A Parquet file without prices, or with something wrong in it.
    #[error("{file}: {fault}")]
    Parquet {
        /// The path as given.
        file: String,
        /// What is wrong.
        fault: PriceParquetError,
    },
    /// Two files have prices for one symbol.
    #[error("{second}: the symbol \"{symbol}\" has prices already, from {first}")]
    SymbolInTwoFiles {
        /// The symbol.
        symbol: String,
        /// The file read first.
        first: String,
        /// The other one.
        second: String,
    },
}

impl PriceFileError {
    /// The file, as given; of two, the second.
    pub fn file(&self) -> &str {
        match self {
            PriceFileError::Source(fault) => fault.file(),
            PriceFileError::Text { file, .. }
            | PriceFileError::Parquet { file, .. }
            | PriceFileError::SymbolInTwoFiles { second: file, .. } => file,
        }
    }

    /// The place in the file, when the error has one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            PriceFileError::Text { fault, .. } => fault.location(),
            PriceFileError::Parquet { fault, .. } => fault.location(),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            PriceFileError::Source(fault) => fault.help(),
            PriceFileError::Text { fault, .. } => fault.help(),
            PriceFileError::Parquet { fault, .. } => fault.help(),
            PriceFileError::SymbolInTwoFiles { symbol, .. } => format!("keep \"{symbol}\" in one of the files, or rename it in the other"),
        }
    }
}

/// Reads price files into one book, with all their columns and symbols. A path may be a folder, whose files are read (not its folders), or a
/// pattern such as `prices/*.csv`.
///
/// # Errors
/// [`PriceFileError`] of the first file, in the order given, that can't be read; or a symbol that two files hold.
pub fn read_prices(sources: &[PriceSource]) -> Result<LoadedPrices, PriceFileError> {
    read_wanted_prices(sources, &Wanted::default())
}

/// Reads of price files what is wanted, and no more where the format lets it: columns that aren't wanted are never read, nor groups of rows
/// of a Parquet file that hold no symbol that is. Files are read in parallel, large ones piece by piece; the result doesn't depend on how
/// many threads there are. When symbols are named, a file without any of them is no error, and isn't among [`LoadedPrices::files`].
///
/// # Errors
/// As [`read_prices`].
pub fn read_wanted_prices(sources: &[PriceSource], wanted: &Wanted) -> Result<LoadedPrices, PriceFileError> {
    let mut files = Vec::with_capacity(sources.len());
    for source in sources {
        files.extend(table_files(&source.path)?.into_iter().map(|path| PriceSource { path, content: source.content }));
    }
    let mut loaded = LoadedPrices::default();
    // So many at a time, lest what an early file has wrong is told only after a thousand others have been read.
    for files in files.chunks(4 * rayon::current_num_threads().max(1)) {
        let read: Vec<_> = files.par_iter().map(|source| read_source(source, wanted)).collect();
        for file in read {
            let (file, series) = file?;
            if series.is_empty() {
                continue;
            }
            for (symbol, series) in series {
                if let Err(twice) = loaded.book.insert(symbol, series) {
                    let holds = |earlier: &&PriceFile| earlier.symbols.contains(&twice.symbol);
                    let first = loaded.files.iter().find(holds).map_or(file.path.clone(), |earlier| earlier.path.clone());
                    return Err(PriceFileError::SymbolInTwoFiles { symbol: twice.symbol, first, second: file.path });
                }
            }
            loaded.files.push(file);
        }
    }
    Ok(loaded)
}

/// Reads prices that are in memory: compiled in, or downloaded. `name` stands for the file in messages, and its stem is the symbol of a
/// file that holds but one: `AAPL.csv`.
///
/// # Errors
/// [`PriceFileError::Text`] or [`PriceFileError::Parquet`], by `format`.
pub fn read_price_bytes(name: &str, bytes: &[u8], format: Format, content: Content) -> Result<LoadedPrices, PriceFileError> {
    let wanted = Wanted::default();
    let (sha256, read) = rayon::join(|| sha256_of(bytes), || read_bytes(name, bytes, format, content, &wanted));
    let (file, series) = finish(name.to_owned(), sha256, read?);
    let mut loaded = LoadedPrices { book: PriceBook::default(), files: vec![file] };
    for (symbol, series) in series {
        loaded.book.insert(symbol, series).map_err(|twice| PriceFileError::SymbolInTwoFiles {
            symbol: twice.symbol,
            first: name.to_owned(),
            second: name.to_owned(),
        })?;
    }
    Ok(loaded)
}

type ReadFile = (PriceFile, Vec<(String, PriceSeries)>);

fn read_source(source: &PriceSource, wanted: &Wanted) -> Result<ReadFile, PriceFileError> {
    let file = name_of(&source.path);
    let (sha256, read) = with_file(&source.path, |format, bytes| read_bytes(&file, bytes, format, source.content, wanted))?;
    Ok(finish(file, sha256, read?))
}

fn read_bytes(file: &str, bytes: &[u8], format: Format, content: Content, wanted: &Wanted) -> Result<FileSeries, PriceFileError> {
    let stem = Path::new(file).file_stem().map_or_else(|| file.to_owned(), |stem| stem.to_string_lossy().into_owned());
    match format {
        Format::Text => read_text(bytes, content, &stem, wanted).map_err(|fault| PriceFileError::Text { file: file.to_owned(), fault }),
        Format::Parquet => {
            read_parquet(bytes, content, &stem, wanted).map_err(|fault| PriceFileError::Parquet { file: file.to_owned(), fault })
        }
    }
}

fn finish(file: String, sha256: String, read: FileSeries) -> ReadFile {
    let FileSeries { series, basis, rows, notes } = read;
    let symbols = series.iter().map(|(symbol, _)| symbol.clone()).collect();
    (PriceFile { path: file, sha256, rows, symbols, basis, notes }, series)
}
