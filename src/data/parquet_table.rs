//! The structure of a Parquet file, checked before polars reads its pages, and its columns: whole, or a group of rows at a time.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use polars::prelude::{ArrowDataType, ArrowSchema, DataFrame, PolarsResult};
use polars_io::SerReader;
use polars_io::parquet::metadata::{FileMetadata, FileMetadataRef};
use polars_io::prelude::{ParallelStrategy, ParquetReader};
use thiserror::Error;

use super::parquet_metadata::metadata_is_sound;
use super::parquet_page::pages_add_up;

/// Why a file is no Parquet table that can be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParquetTableError {
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
}

impl ParquetTableError {
    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            ParquetTableError::NotParquet => "give a text file the extension .csv, .tsv or .txt",
            ParquetTableError::Truncated => "download or write the file again",
            ParquetTableError::Unreadable { .. } => {
                "write the file again, with dates as dates, symbols as plain text (not categories) and numbers as 64-bit floats, or as CSV"
            }
        }
    }
}

const MARK: &[u8] = b"PAR1";

/// A Parquet file whose metadata have been read.
pub(super) struct ParquetTable<'a> {
    bytes: &'a [u8],
    metadata: FileMetadataRef,
    /// The metadata without the groups of rows.
    frame: FileMetadata,
    schema: Arc<ArrowSchema>,
    header: Vec<String>,
}

/// Rows that are stored together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct RowGroup {
    /// Number of the group, from 0.
    pub number: usize,
    /// Its first row in the file, from 0.
    pub first: usize,
    /// How many rows it has.
    pub rows: usize,
}

impl<'a> ParquetTable<'a> {
    /// Reads and checks the metadata.
    pub fn open(bytes: &'a [u8]) -> Result<Self, ParquetTableError> {
        if !bytes.starts_with(MARK) {
            return Err(ParquetTableError::NotParquet);
        }
        // Mark, metadata length and mark are the least that can follow the mark at the beginning.
        if !bytes.ends_with(MARK) || bytes.len() < 12 {
            return Err(ParquetTableError::Truncated);
        }
        if !metadata_is_sound(bytes) {
            return Err(unreadable("its metadata are damaged"));
        }
        let (metadata, schema) = guarded(|| {
            let mut reader = ParquetReader::new(Cursor::new(bytes));
            Ok((reader.get_metadata()?.clone(), reader.schema()?))
        })?;
        let header = schema.iter_names().map(ToString::to_string).collect();
        let frame = FileMetadata { row_groups: Vec::new(), ..FileMetadata::clone(&metadata) };
        Ok(Self { bytes, metadata, frame, schema, header })
    }

    /// The names of the columns.
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// The types of the columns.
    pub fn types(&self) -> Vec<&ArrowDataType> {
        self.schema.iter_values().map(|field| &field.dtype).collect()
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.metadata.num_rows
    }

    /// The groups of rows.
    pub fn row_groups(&self) -> Vec<RowGroup> {
        let mut first = 0;
        let group = |(number, rows): (usize, usize)| {
            let group = RowGroup { number, first, rows };
            first += rows;
            group
        };
        self.metadata.row_groups.iter().map(|group| group.num_rows()).enumerate().map(group).collect()
    }

    /// Whether a group may hold one of these texts in a column, as far as the file says: the least and the greatest text of the group.
    pub fn may_hold(&self, group: RowGroup, column: usize, texts: &BTreeSet<String>) -> bool {
        let bounds = || {
            let chunk = self.metadata.row_groups.get(group.number)?.columns_under_root_iter(self.header.get(column)?)?.next()?;
            let bounds = chunk.statistics(&self.metadata.footer_buf)?.ok()?.into_binary()?;
            Some((String::from_utf8(bounds.min_value?).ok()?, String::from_utf8(bounds.max_value?).ok()?))
        };
        match guarded(|| Ok(bounds())) {
            // The cells are trimmed when they are read, and a space comes before all letters: only plain bounds are gone by.
            Ok(Some((least, greatest))) if least <= greatest && !least.starts_with(char::is_whitespace) => {
                texts.range(least..=greatest).next().is_some()
            }
            _ => true,
        }
    }

    /// Checks that these columns (from 0, rising) are flat and their pages, in these groups, hold as many values as the file says.
    pub fn check_counts(&self, projection: &[usize], groups: &[RowGroup]) -> Result<(), ParquetTableError> {
        let rows: usize = self.metadata.row_groups.iter().map(|group| group.num_rows()).sum();
        let names = projection.iter().filter_map(|index| self.header.get(*index));
        let sound = guarded(|| {
            Ok(rows == self.metadata.num_rows
                && groups.iter().all(|group| {
                    let Some(group) = self.metadata.row_groups.get(group.number) else { return false };
                    names.clone().all(|name| {
                        let mut chunks = group.columns_under_root_iter(name).into_iter().flatten();
                        let (Some(chunk), None) = (chunks.next(), chunks.next()) else { return false };
                        let range = chunk.byte_range();
                        let ends = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
                        let pages = ends.and_then(|(start, end)| self.bytes.get(start..end));
                        usize::try_from(chunk.num_values()) == Ok(group.num_rows())
                            && pages.is_some_and(|pages| pages_add_up(pages, chunk.num_values()))
                    })
                }))
        })?;
        if sound { Ok(()) } else { Err(unreadable("the counts of its pages don't add up, or a column holds lists")) }
    }

    /// These columns (from 0, rising), checked and read whole, in one piece.
    pub fn read(&self, projection: &[usize]) -> Result<DataFrame, ParquetTableError> {
        self.check_counts(projection, &self.row_groups())?;
        guarded(|| self.reader(projection).set_rechunk(true).finish())
    }

    /// These columns (from 0, rising) of a group of rows, whose counts have been checked, in one piece. It runs on the caller's thread alone.
    pub fn read_group(&self, group: RowGroup, projection: &[usize]) -> Result<DataFrame, ParquetTableError> {
        let own = self.metadata.row_groups.get(group.number).cloned().ok_or_else(|| unreadable("a group of rows is missing"))?;
        // polars goes through all the groups that it knows of, and through their pages, whatever part is asked for: it is told of this one.
        let metadata = FileMetadata { row_groups: vec![own], num_rows: group.rows, ..self.frame.clone() };
        guarded(|| {
            let mut reader = self.reader(projection).read_parallel(ParallelStrategy::None);
            reader.set_metadata(Arc::new(metadata));
            reader.set_rechunk(true).finish()
        })
    }

    /// One column, whatever is in it, to show a value of it.
    pub fn read_unchecked(&self, column: usize) -> Option<DataFrame> {
        guarded(|| self.reader(&[column]).finish()).ok()
    }

    fn reader(&self, projection: &[usize]) -> ParquetReader<Cursor<&'a [u8]>> {
        let mut reader = ParquetReader::new(Cursor::new(self.bytes)).with_projection(Some(projection.to_vec()));
        reader.set_metadata(self.metadata.clone());
        reader
    }
}

/// Runs polars; a panic of it, which odd files can bring about, is an error like the others.
pub(super) fn guarded<T>(read: impl FnOnce() -> PolarsResult<T>) -> Result<T, ParquetTableError> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(error)) => Err(ParquetTableError::Unreadable { reason: error.to_string() }),
        Err(_) => Err(ParquetTableError::Unreadable { reason: "it holds a type that isn't supported, or is damaged".to_owned() }),
    }
}

pub(super) fn unreadable(reason: &str) -> ParquetTableError {
    ParquetTableError::Unreadable { reason: reason.to_owned() }
}
