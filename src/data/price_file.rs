//! Price files → a [`PriceBook`]: [`read_prices`], and [`read_price_bytes`] for data that is in memory.
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

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::location::Location;
use super::price_csv::{PriceTextError, read_text};
pub use super::price_layout::Content;
use super::price_parquet::{PriceParquetError, read_parquet};
use super::price_table::FileSeries;
use crate::series::{Basis, PriceBook, PriceSeries, near_names};

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

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Delimited text; the separator is found in the header.
    Text,
    /// Apache Parquet.
    Parquet,
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
    /// There is no such file.
    #[error("{file}: there is no such file")]
    Missing {
        /// The path as given.
        file: String,
        /// The files beside it with the nearest names, nearest first, at most three.
        near: Vec<String>,
    },
    /// A folder where a file is wanted.
    #[error("{file} is a folder")]
    Folder {
        /// The path as given.
        file: String,
    },
    /// The system doesn't give the file.
    #[error("{file} can't be read: {reason}")]
    Unreadable {
        /// The path as given.
        file: String,
        /// What the system says.
        reason: String,
    },
    /// An extension of no format that is read here.
    #[error("{file}: {}", unknown_format(.extension))]
    UnknownFormat {
        /// The path as given.
        file: String,
        /// Its extension in lower case; empty when it has none.
        extension: String,
    },
    /// A file that has to be unpacked before.
    #[error("{file} is compressed (.{extension})")]
    Compressed {
        /// The path as given.
        file: String,
        /// Its extension in lower case.
        extension: String,
    },
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

fn unknown_format(extension: &str) -> String {
    if extension.is_empty() { "the file has no extension".to_owned() } else { format!("files of the kind .{extension} aren't read") }
}

impl PriceFileError {
    /// The file, as given; of two, the second.
    pub fn file(&self) -> &str {
        match self {
            PriceFileError::Missing { file, .. }
            | PriceFileError::Folder { file }
            | PriceFileError::Unreadable { file, .. }
            | PriceFileError::UnknownFormat { file, .. }
            | PriceFileError::Compressed { file, .. }
            | PriceFileError::Text { file, .. }
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
            PriceFileError::Missing { near, .. } if near.is_empty() => {
                "check the path: in a study file it is relative to that file, on the command line to the folder you are in".to_owned()
            }
            PriceFileError::Missing { near, .. } => format!("did you mean {}?", near.join(" or ")),
            PriceFileError::Folder { .. } => "name the files in it one by one".to_owned(),
            PriceFileError::Unreadable { .. } => "check the file and your right to read it".to_owned(),
            PriceFileError::UnknownFormat { .. } => "give a .csv, .tsv or .txt file (text), or a .parquet file".to_owned(),
            PriceFileError::Compressed { .. } => "unpack the file first".to_owned(),
            PriceFileError::Text { fault, .. } => fault.help(),
            PriceFileError::Parquet { fault, .. } => fault.help(),
            PriceFileError::SymbolInTwoFiles { symbol, .. } => format!("keep \"{symbol}\" in one of the files, or rename it in the other"),
        }
    }
}

/// Reads price files into one book. Files are read in parallel; the result doesn't depend on how many threads there are.
///
/// # Errors
/// [`PriceFileError`] of the first file, in the order given, that can't be read; or a symbol that two files hold.
pub fn read_prices(sources: &[PriceSource]) -> Result<LoadedPrices, PriceFileError> {
    let read: Vec<_> = sources.par_iter().map(read_source).collect();
    let mut loaded = LoadedPrices::default();
    for file in read {
        let (file, series) = file?;
        for (symbol, series) in series {
            if let Err(twice) = loaded.book.insert(symbol, series) {
                let holds = |earlier: &&PriceFile| earlier.symbols.contains(&twice.symbol);
                let first = loaded.files.iter().find(holds).map_or(file.path.clone(), |earlier| earlier.path.clone());
                return Err(PriceFileError::SymbolInTwoFiles { symbol: twice.symbol, first, second: file.path });
            }
        }
        loaded.files.push(file);
    }
    Ok(loaded)
}

/// Reads prices that are in memory: compiled in, or downloaded. `name` stands for the file in messages, and its stem is the symbol of a
/// file that holds but one: `AAPL.csv`.
///
/// # Errors
/// [`PriceFileError::Text`] or [`PriceFileError::Parquet`], by `format`.
pub fn read_price_bytes(name: &str, bytes: &[u8], format: Format, content: Content) -> Result<LoadedPrices, PriceFileError> {
    let (file, series) = read_bytes(name, bytes, format, content)?;
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

fn read_source(source: &PriceSource) -> Result<ReadFile, PriceFileError> {
    let file = source.path.to_string_lossy().into_owned();
    if source.path.is_dir() {
        return Err(PriceFileError::Folder { file });
    }
    if !source.path.exists() {
        return Err(PriceFileError::Missing { file, near: files_beside(&source.path) });
    }
    let format = format_of(&source.path, &file)?;
    let bytes = fs::read(&source.path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => PriceFileError::Missing { file: file.clone(), near: Vec::new() },
        _ => PriceFileError::Unreadable { file: file.clone(), reason: error.to_string() },
    })?;
    read_bytes(&file, &bytes, format, source.content)
}

fn format_of(path: &Path, file: &str) -> Result<Format, PriceFileError> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "csv" | "tsv" | "txt" => Ok(Format::Text),
        "parquet" | "pq" => Ok(Format::Parquet),
        "gz" | "bz2" | "xz" | "zst" | "zip" | "7z" => Err(PriceFileError::Compressed { file: file.to_owned(), extension }),
        _ => Err(PriceFileError::UnknownFormat { file: file.to_owned(), extension }),
    }
}

/// Names in the same folder that are near to a path's, nearest first, at most three.
pub(super) fn files_beside(path: &Path) -> Vec<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names: Vec<String> = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    near_names(&wanted, names.iter().map(String::as_str))
}

fn read_bytes(file: &str, bytes: &[u8], format: Format, content: Content) -> Result<ReadFile, PriceFileError> {
    let stem = Path::new(file).file_stem().map_or_else(|| file.to_owned(), |stem| stem.to_string_lossy().into_owned());
    let (sha256, read) = rayon::join(
        || sha256_of(bytes),
        || match format {
            Format::Text => read_text(bytes, content, &stem).map_err(|fault| PriceFileError::Text { file: file.to_owned(), fault }),
            Format::Parquet => {
                read_parquet(bytes, content, &stem).map_err(|fault| PriceFileError::Parquet { file: file.to_owned(), fault })
            }
        },
    );
    let FileSeries { series, basis, rows, notes } = read?;
    let symbols = series.iter().map(|(symbol, _)| symbol.clone()).collect();
    Ok((PriceFile { path: file.to_owned(), sha256, rows, symbols, basis, notes }, series))
}

/// SHA-256 in lower-case hexadecimal.
pub(super) fn sha256_of(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}
