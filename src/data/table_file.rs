//! Tables out, to Parquet or CSV, a batch of columns at a time: [`TableFile`].
//!
//! Memory holds one group of rows and no more. In Parquet text goes through a dictionary, so that an id that stands in twenty rows is
//! written once a group; None is null. In CSV (RFC 4180, lines end in a line feed) None is an empty cell, a text that is empty stands in
//! quotes, and a number has the fewest digits from which it is read back as the same one. A number that is not finite is refused in both.

use std::io::{self, Write};
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use polars::prelude::{
    BooleanChunked, Column, DataFrame, DataType, Float64Chunked, Int32Chunked, Int64Chunked, IntoColumn, IntoSeries, NewChunkedArray,
    PlSmallStr, PolarsError, PolarsResult, Schema, StringChunked,
};
use polars_io::parquet::write::{BatchedWriter, ParquetWriter};
use rayon::prelude::*;
use thiserror::Error;

use super::table_text::{text_block, write_text};

/// Rows of a group in Parquet.
const GROUP_ROWS: usize = 1 << 18;
/// Rows that one thread writes as text at a time.
const TEXT_ROWS: usize = 1 << 14;

/// How a table is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFormat {
    /// Apache Parquet.
    Parquet,
    /// Text, separated by commas.
    Csv,
}

impl TableFormat {
    /// The format that a file's extension names; None for another.
    pub fn of_path(path: &Path) -> Option<Self> {
        match path.extension()?.to_string_lossy().to_lowercase().as_str() {
            "parquet" | "pq" => Some(TableFormat::Parquet),
            "csv" => Some(TableFormat::Csv),
            _ => None,
        }
    }

    /// The extension of its files, without a point.
    pub fn extension(self) -> &'static str {
        match self {
            TableFormat::Parquet => "parquet",
            TableFormat::Csv => "csv",
        }
    }
}

/// What a column holds; every cell may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Text ([`TableColumn::Text`] and [`TableColumn::Category`]).
    Text,
    /// Whole numbers.
    Integer,
    /// Numbers.
    Number,
    /// Days.
    Date,
    /// True or false.
    Flag,
}

impl ColumnType {
    fn dtype(self) -> DataType {
        match self {
            ColumnType::Text => DataType::String,
            ColumnType::Integer => DataType::Int64,
            ColumnType::Number => DataType::Float64,
            ColumnType::Date => DataType::Date,
            ColumnType::Flag => DataType::Boolean,
        }
    }
}

/// The cells of one column of a batch, one a row; None is an empty cell.
#[derive(Debug, Clone, PartialEq)]
pub enum TableColumn<'a> {
    /// Text.
    Text(Vec<Option<&'a str>>),
    /// Text of which there are few: each cell is the number of its text in `names`.
    Category {
        /// Numbers of the cells' texts, from 0.
        cells: Vec<Option<u32>>,
        /// The texts.
        names: &'a [String],
    },
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Numbers, finite.
    Number(Vec<Option<f64>>),
    /// Days.
    Date(Vec<Option<NaiveDate>>),
    /// True or false.
    Flag(Vec<Option<bool>>),
}

impl TableColumn<'_> {
    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match self {
            TableColumn::Text(cells) => cells.len(),
            TableColumn::Category { cells, .. } => cells.len(),
            TableColumn::Integer(cells) => cells.len(),
            TableColumn::Number(cells) => cells.len(),
            TableColumn::Date(cells) => cells.len(),
            TableColumn::Flag(cells) => cells.len(),
        }
    }

    fn column_type(&self) -> ColumnType {
        match self {
            TableColumn::Text(_) | TableColumn::Category { .. } => ColumnType::Text,
            TableColumn::Integer(_) => ColumnType::Integer,
            TableColumn::Number(_) => ColumnType::Number,
            TableColumn::Date(_) => ColumnType::Date,
            TableColumn::Flag(_) => ColumnType::Flag,
        }
    }
}

/// Why a table can't be written.
#[derive(Debug, Error)]
pub enum TableFileError {
    /// The system refuses the bytes.
    #[error("the table can't be written: {0}")]
    Write(#[from] io::Error),
    /// The Parquet writer refuses them.
    #[error("the table can't be written: {0}")]
    Parquet(#[from] PolarsError),
    /// A batch with other columns than the table's.
    #[error("the batch has {found} columns and the table {expected}")]
    Width {
        /// Columns of the table.
        expected: usize,
        /// Columns of the batch.
        found: usize,
    },
    /// A column of another type, or with more or fewer rows than the first.
    #[error("the column \"{column}\" of the batch has {found:?} in {rows} rows, not {expected:?} in {expected_rows}")]
    Column {
        /// Name of the column.
        column: String,
        /// Its type in the table.
        expected: ColumnType,
        /// Its type in the batch.
        found: ColumnType,
        /// Rows of the first column.
        expected_rows: usize,
        /// Its own.
        rows: usize,
    },
    /// A number that is none: not a number, or infinite.
    #[error("row {row} of the batch has {value} in the column \"{column}\", which is no number")]
    NotFinite {
        /// Name of the column.
        column: String,
        /// Row of the batch, from 1.
        row: usize,
        /// The value.
        value: f64,
    },
    /// The number of a category that has no name.
    #[error("the column \"{column}\" of the batch has the category {number}, of {names}")]
    NoCategory {
        /// Name of the column.
        column: String,
        /// The number, from 0.
        number: u32,
        /// How many there are.
        names: usize,
    },
}

/// A table that is being written. What is written is a whole file only after [`TableFile::finish`].
pub struct TableFile<W: Write> {
    names: Vec<String>,
    types: Vec<ColumnType>,
    rows: u64,
    out: Out<W>,
}

enum Out<W: Write> {
    Parquet { writer: Box<BatchedWriter<W>>, waiting: Vec<DataFrame>, waiting_rows: usize },
    Csv { out: W },
}

impl<W: Write + Send> TableFile<W> {
    /// Begins a table with these columns.
    ///
    /// # Errors
    /// [`TableFileError`] when the beginning of the file can't be written.
    pub fn create(out: W, format: TableFormat, columns: &[(&str, ColumnType)]) -> Result<Self, TableFileError> {
        let out = match format {
            TableFormat::Parquet => {
                let schema: Schema = columns.iter().map(|(name, kind)| (PlSmallStr::from_str(name), kind.dtype())).collect();
                let writer = ParquetWriter::new(out).batched(&schema)?;
                Out::Parquet { writer: Box::new(writer), waiting: Vec::new(), waiting_rows: 0 }
            }
            TableFormat::Csv => {
                let mut out = out;
                let mut header = Vec::new();
                for (index, (name, _)) in columns.iter().enumerate() {
                    if index > 0 {
                        header.push(b',');
                    }
                    write_text(&mut header, name);
                }
                header.push(b'\n');
                out.write_all(&header)?;
                Out::Csv { out }
            }
        };
        let (names, types) = columns.iter().map(|(name, kind)| ((*name).to_owned(), *kind)).unzip();
        Ok(Self { names, types, rows: 0, out })
    }

    /// Adds rows: a column for each of the table's, in their order.
    ///
    /// # Errors
    /// [`TableFileError`] when the columns aren't the table's, a number isn't finite, or rows can't be written.
    pub fn write(&mut self, columns: &[TableColumn]) -> Result<(), TableFileError> {
        let rows = columns.first().map_or(0, TableColumn::rows);
        self.check(columns, rows)?;
        match &mut self.out {
            Out::Csv { out } => {
                let starts: Vec<usize> = (0..rows).step_by(TEXT_ROWS).collect();
                // So many blocks at a time that every thread has work, and no more.
                for starts in starts.chunks(4 * rayon::current_num_threads().max(1)) {
                    let blocks: Vec<Vec<u8>> =
                        starts.par_iter().map(|start| text_block(columns, *start..(*start + TEXT_ROWS).min(rows))).collect();
                    for block in blocks {
                        out.write_all(&block)?;
                    }
                }
            }
            Out::Parquet { writer, waiting, waiting_rows } => {
                let named = self.names.iter().zip(columns);
                let mut frame = DataFrame::new(rows, named.map(|(name, column)| series(name, column)).collect::<PolarsResult<_>>()?)?;
                while *waiting_rows + frame.height() >= GROUP_ROWS {
                    let (head, tail) = frame.split_at(i64::try_from(GROUP_ROWS - *waiting_rows).unwrap_or(0));
                    waiting.push(head);
                    write_group(writer, std::mem::take(waiting))?;
                    *waiting_rows = 0;
                    frame = tail;
                }
                if frame.height() > 0 {
                    *waiting_rows += frame.height();
                    waiting.push(frame);
                }
            }
        }
        self.rows += rows as u64;
        Ok(())
    }

    /// Rows written so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Writes what is left, and the end of the file.
    ///
    /// # Errors
    /// [`TableFileError`]
    pub fn finish(self) -> Result<(), TableFileError> {
        match self.out {
            Out::Csv { mut out } => out.flush()?,
            Out::Parquet { mut writer, waiting, waiting_rows } => {
                if waiting_rows > 0 {
                    write_group(&mut writer, waiting)?;
                }
                writer.finish()?;
            }
        }
        Ok(())
    }

    fn check(&self, columns: &[TableColumn], rows: usize) -> Result<(), TableFileError> {
        if columns.len() != self.names.len() {
            return Err(TableFileError::Width { expected: self.names.len(), found: columns.len() });
        }
        for ((name, expected), column) in self.names.iter().zip(&self.types).zip(columns) {
            if column.column_type() != *expected || column.rows() != rows {
                return Err(TableFileError::Column {
                    column: name.clone(),
                    expected: *expected,
                    found: column.column_type(),
                    expected_rows: rows,
                    rows: column.rows(),
                });
            }
            match column {
                TableColumn::Number(cells) => {
                    if let Some((row, value)) =
                        cells.iter().enumerate().find_map(|(row, cell)| Some((row, cell.filter(|value| !value.is_finite())?)))
                    {
                        return Err(TableFileError::NotFinite { column: name.clone(), row: row + 1, value });
                    }
                }
                TableColumn::Category { cells, names } => {
                    if let Some(number) = cells.iter().flatten().copied().max().filter(|number| *number as usize >= names.len()) {
                        return Err(TableFileError::NoCategory { column: name.clone(), number, names: names.len() });
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }
}

fn write_group<W: Write>(writer: &mut BatchedWriter<W>, frames: Vec<DataFrame>) -> Result<(), TableFileError> {
    let mut frames = frames.into_iter();
    let Some(mut group) = frames.next() else { return Ok(()) };
    for frame in frames {
        group.vstack_mut(&frame)?;
    }
    // The writer makes a group of every piece.
    group.rechunk_mut();
    writer.write_batch(&group)?;
    Ok(())
}

fn series(name: &str, column: &TableColumn) -> PolarsResult<Column> {
    let name = PlSmallStr::from_str(name);
    Ok(match column {
        TableColumn::Text(cells) => StringChunked::from_iter_options(name, cells.iter().copied()).into_column(),
        TableColumn::Category { cells, names } => {
            let text = |number: Option<u32>| names.get(number? as usize).map(String::as_str);
            StringChunked::from_iter_options(name, cells.iter().map(|number| text(*number))).into_column()
        }
        TableColumn::Integer(cells) => Int64Chunked::from_iter_options(name, cells.iter().copied()).into_column(),
        TableColumn::Number(cells) => Float64Chunked::from_iter_options(name, cells.iter().copied()).into_column(),
        TableColumn::Date(cells) => {
            /// Days from 0001-01-01 to 1970-01-01.
            const EPOCH: i32 = 719_163;
            let days = cells.iter().map(|day| day.map(|day| day.num_days_from_ce() - EPOCH));
            Int32Chunked::from_iter_options(name, days).into_series().cast(&DataType::Date)?.into_column()
        }
        TableColumn::Flag(cells) => BooleanChunked::from_iter_options(name, cells.iter().copied()).into_column(),
    })
}
