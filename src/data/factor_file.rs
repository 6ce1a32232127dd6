//! Factor files → a [`FactorTable`] of daily returns as fractions: [`read_factors`], and [`read_factor_bytes`] for one in memory.
//!
//! A file is one of Ken French's daily CSV files as published (three factors, five, momentum, with the text before and after the rows; see
//! [`super::factor_text`]), or a plain table, CSV or Parquet, with a column `date` and a column a factor, as WRDS writes it
//! (`date,mktrf,smb,hml,rf,umd`). Names are brought to Ken French's: `Mkt-RF`, `SMB`, `HML`, `RMW`, `CMA`, `Mom`, `RF`.
//!
//! - **Unit.** Files as published are in percent. Of a plain table the unit is stated, or found out where only one is possible
//!   ([`FactorUnit::Detect`]): with m the mean absolute value of the market's column (of all factors without the risk-free return, where
//!   there is none), m above 0.05 can't be fractions (5 % a day on average), and m below 0.02 can't be percent (0.02 % a day); in between
//!   the file is refused until its unit is stated. A stated unit is held against the same bounds.
//! - **Missing values** are empty cells, `NA` and the like, and the codes −99.99 and −999. They are None, and counted.
//! - **Several files** (five factors and momentum) are put together on the dates that all have. A factor in two of them is refused unless
//!   its values are the same.

use std::path::PathBuf;

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;
use thiserror::Error;

pub use super::factor_table::{FactorFileFault, FactorNote, FactorUnit, UnitKnown};
use super::factor_table::{ReadTable, read_table};
use super::location::Location;
use super::source_file::{Format, SourceFileError, name_of, sha256_of, with_file};
use crate::factor::{FactorColumn, FactorError, FactorTable, RISK_FREE};

/// A factor file, read, for the provenance of a result.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FactorFile {
    /// The path as given.
    pub path: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// Rows of days.
    pub rows: usize,
    /// Its factors, the risk-free return among them, in the order of the file.
    pub factors: Vec<String>,
    /// What was done with the file that its reader should know.
    pub notes: Vec<FactorNote>,
}

/// Factors of one or more files.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedFactors {
    /// The factors, fractions, in the order of the files.
    pub table: FactorTable,
    /// The files, in the order given.
    pub files: Vec<FactorFile>,
}

/// Why factors can't be read.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FactorFileError {
    /// The file can't be opened.
    #[error(transparent)]
    Source(#[from] SourceFileError),
    /// Something is wrong with a file.
    #[error("{file}: {fault}")]
    File {
        /// The path as given.
        file: String,
        /// What is wrong.
        fault: Box<FactorFileFault>,
    },
    /// Two files have a factor, and not the same values of it.
    #[error("{second}: the factor \"{name}\" is in {first}, too, and is not the same on {date}")]
    Conflict {
        /// The factor.
        name: String,
        /// The file read first.
        first: String,
        /// The other one.
        second: String,
        /// The first date on which they differ.
        date: NaiveDate,
    },
    /// Two files without a date in common.
    #[error("{second}: no date of {first} is in it")]
    NoCommonDate {
        /// The file (or files) read first.
        first: String,
        /// The other one.
        second: String,
    },
    /// No file was named.
    #[error("no factor file is named")]
    NoFile,
}

impl FactorFileError {
    /// The file, as given; of two, the second; empty when none was named.
    pub fn file(&self) -> &str {
        match self {
            FactorFileError::Source(fault) => fault.file(),
            FactorFileError::File { file, .. } => file,
            FactorFileError::Conflict { second, .. } | FactorFileError::NoCommonDate { second, .. } => second,
            FactorFileError::NoFile => "",
        }
    }

    /// The place in the file, when the error has one.
    pub fn location(&self) -> Option<&Location> {
        match self {
            FactorFileError::File { fault, .. } => fault.location(),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            FactorFileError::Source(fault) => fault.help(),
            FactorFileError::File { fault, .. } => fault.help().to_owned(),
            FactorFileError::Conflict { name, .. } => {
                format!(
                    "take \"{name}\" from one of the files and delete its column from the other (SMB differs between the 3 and the 5 factors)"
                )
            }
            FactorFileError::NoCommonDate { .. } => "give files of the same years".to_owned(),
            FactorFileError::NoFile => "name at least one".to_owned(),
        }
    }
}

/// Reads factor files into one table, each in its own layout; `unit` is the unit of plain tables.
///
/// # Errors
/// [`FactorFileError`] of the first file, in the order given, that can't be read; or of files that don't go together.
pub fn read_factors(paths: &[PathBuf], unit: FactorUnit) -> Result<LoadedFactors, FactorFileError> {
    let read_one = |path: &PathBuf| -> Result<LoadedFactors, FactorFileError> {
        let file = name_of(path);
        let (sha256, read) = with_file(path, |format, bytes| read_table(bytes, format, unit))?;
        one_file(file, sha256, read)
    };
    let read: Vec<_> = paths.par_iter().map(read_one).collect();
    let mut files = read.into_iter();
    let mut loaded = files.next().ok_or(FactorFileError::NoFile)??;
    for further in files {
        loaded = merge(loaded, further?)?;
    }
    Ok(loaded)
}

/// Reads a factor file that is in memory; `name` stands for it in messages.
///
/// # Errors
/// [`FactorFileError::File`]
pub fn read_factor_bytes(name: &str, bytes: &[u8], format: Format, unit: FactorUnit) -> Result<LoadedFactors, FactorFileError> {
    one_file(name.to_owned(), sha256_of(bytes), read_table(bytes, format, unit))
}

fn one_file(file: String, sha256: String, read: Result<ReadTable, FactorFileFault>) -> Result<LoadedFactors, FactorFileError> {
    let wrong = |fault: FactorFileFault| FactorFileError::File { file: file.clone(), fault: Box::new(fault) };
    let ReadTable { dates, columns, notes } = read.map_err(wrong)?;
    let (rows, factors) = (dates.len(), columns.iter().map(|column| column.name.clone()).collect());
    let table = FactorTable::new(dates, columns).map_err(|fault| wrong(fault.into()))?;
    Ok(LoadedFactors { table, files: vec![FactorFile { path: file, sha256, rows, factors, notes }] })
}

/// Puts two tables together on their common dates.
///
/// # Errors
/// [`FactorFileError::Conflict`] when a factor of both differs, [`FactorFileError::NoCommonDate`].
pub fn merge(first: LoadedFactors, second: LoadedFactors) -> Result<LoadedFactors, FactorFileError> {
    let paths = |loaded: &LoadedFactors| loaded.files.iter().map(|file| file.path.clone()).collect::<Vec<_>>().join(" and ");
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let mut places = second.table.dates().iter().enumerate().peekable();
    for (place, date) in first.table.dates().iter().enumerate() {
        while places.next_if(|(_, other)| *other < date).is_some() {}
        if let Some((other, _)) = places.next_if(|(_, other)| *other == date) {
            left.push(place);
            right.push(other);
        }
    }
    if left.is_empty() {
        return Err(FactorFileError::NoCommonDate { first: paths(&first), second: paths(&second) });
    }
    let dates: Vec<NaiveDate> = left.iter().filter_map(|place| first.table.dates().get(*place).copied()).collect();
    let mut columns = columns_at(&first.table, &left);
    for column in columns_at(&second.table, &right) {
        let Some(held) = columns.iter().find(|held| held.name.eq_ignore_ascii_case(&column.name)) else {
            columns.push(column);
            continue;
        };
        // 0.1 % read as percent and 0.001 read as a fraction may differ in the last bit.
        let same = |pair: (&Option<f64>, &Option<f64>)| match pair {
            (Some(one), Some(other)) => (one - other).abs() <= 1e-12,
            (one, other) => one.is_none() && other.is_none(),
        };
        if let Some(differs) = held.values.iter().zip(&column.values).position(|pair| !same(pair)) {
            let date = dates.get(differs).copied().unwrap_or_default();
            return Err(FactorFileError::Conflict { name: column.name, first: paths(&first), second: paths(&second), date });
        }
    }
    let mut files = Vec::new();
    for mut file in first.files.into_iter().chain(second.files) {
        file.notes.retain(|note| !matches!(note, FactorNote::DatesLeftOut { .. }));
        if file.rows > dates.len() {
            file.notes.push(FactorNote::DatesLeftOut { count: file.rows - dates.len() });
        }
        files.push(file);
    }
    let wrong = |fault: FactorError| FactorFileError::File {
        file: files.last().map(|file| file.path.clone()).unwrap_or_default(),
        fault: Box::new(FactorFileFault::Factors(fault)),
    };
    Ok(LoadedFactors { table: FactorTable::new(dates, columns).map_err(wrong)?, files })
}

/// The values of all columns in these rows, the risk-free return last.
fn columns_at(table: &FactorTable, rows: &[usize]) -> Vec<FactorColumn> {
    let at = |values: &[Option<f64>]| rows.iter().map(|row| values.get(*row).copied().flatten()).collect();
    let mut columns: Vec<FactorColumn> =
        table.columns().iter().map(|column| FactorColumn { name: column.name.clone(), values: at(&column.values) }).collect();
    columns.extend(table.risk_free().map(|values| FactorColumn { name: RISK_FREE.to_owned(), values: at(values) }));
    columns
}
