//! Tables written to Parquet row by row, in groups of rows, so that memory holds one group and no more.

use std::io::Write;

use chrono::{Datelike, NaiveDate};
use polars::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, PolarsError, PolarsResult, Schema, Series};
use polars_io::parquet::write::{BatchedWriter, ParquetWriter};
use thiserror::Error;

/// Rows of one group.
const GROUP_ROWS: usize = 16_384;

/// What a column holds; every cell may be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// Text.
    Text,
    /// Numbers.
    Number,
    /// Whole numbers.
    Whole,
    /// Days.
    Date,
}

/// A cell; None is empty.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text.
    Text(Option<String>),
    /// A number.
    Number(Option<f64>),
    /// A whole number.
    Whole(Option<i64>),
    /// A day.
    Date(Option<NaiveDate>),
}

/// The table can't be written.
#[derive(Debug, Error)]
#[error("{0}")]
pub struct ParquetWriteError(#[from] PolarsError);

/// Writes a table.
pub struct TableWriter<W: Write> {
    names: Vec<&'static str>,
    columns: Vec<Cells>,
    rows: usize,
    writer: BatchedWriter<W>,
}

/// The cells of one column that aren't written yet.
enum Cells {
    Text(Vec<Option<String>>),
    Number(Vec<Option<f64>>),
    Whole(Vec<Option<i64>>),
    Date(Vec<Option<i32>>),
}

impl Cells {
    fn new(kind: ColumnKind) -> Self {
        match kind {
            ColumnKind::Text => Cells::Text(Vec::new()),
            ColumnKind::Number => Cells::Number(Vec::new()),
            ColumnKind::Whole => Cells::Whole(Vec::new()),
            ColumnKind::Date => Cells::Date(Vec::new()),
        }
    }

    /// Adds a cell; one of another kind is empty here.
    fn push(&mut self, cell: Option<Cell>) {
        /// Days from 0001-01-01 to 1970-01-01.
        const EPOCH: i32 = 719_163;
        match (self, cell) {
            (Cells::Text(cells), Some(Cell::Text(cell))) => cells.push(cell),
            (Cells::Number(cells), Some(Cell::Number(cell))) => cells.push(cell),
            (Cells::Whole(cells), Some(Cell::Whole(cell))) => cells.push(cell),
            (Cells::Date(cells), Some(Cell::Date(cell))) => cells.push(cell.map(|day| day.num_days_from_ce() - EPOCH)),
            (Cells::Text(cells), _) => cells.push(None),
            (Cells::Number(cells), _) => cells.push(None),
            (Cells::Whole(cells), _) => cells.push(None),
            (Cells::Date(cells), _) => cells.push(None),
        }
    }

    /// The cells as a column; none are left.
    fn take(&mut self, name: &str) -> PolarsResult<Column> {
        let name = name.into();
        Ok(match self {
            Cells::Text(cells) => Series::new(name, std::mem::take(cells)).into_column(),
            Cells::Number(cells) => Series::new(name, std::mem::take(cells)).into_column(),
            Cells::Whole(cells) => Series::new(name, std::mem::take(cells)).into_column(),
            Cells::Date(cells) => Series::new(name, std::mem::take(cells)).cast(&DataType::Date)?.into_column(),
        })
    }
}

impl<W: Write> TableWriter<W> {
    /// Begins a table with these columns.
    ///
    /// # Errors
    /// [`ParquetWriteError`] when the beginning of the file can't be written.
    pub fn new(out: W, columns: &[(&'static str, ColumnKind)]) -> Result<Self, ParquetWriteError> {
        let dtype = |kind: ColumnKind| match kind {
            ColumnKind::Text => DataType::String,
            ColumnKind::Number => DataType::Float64,
            ColumnKind::Whole => DataType::Int64,
            ColumnKind::Date => DataType::Date,
        };
        let schema: Schema = columns.iter().map(|(name, kind)| ((*name).into(), dtype(*kind))).collect();
        // Columns are compressed one after the other: articles are what runs in parallel.
        let writer = ParquetWriter::new(out).set_parallel(false).batched(&schema)?;
        Ok(Self {
            names: columns.iter().map(|(name, _)| *name).collect(),
            columns: columns.iter().map(|(_, kind)| Cells::new(*kind)).collect(),
            rows: 0,
            writer,
        })
    }

    /// Adds a row: a cell for each column, in their order. Cells that are missing at its end are empty.
    ///
    /// # Errors
    /// [`ParquetWriteError`] when a full group of rows can't be written.
    pub fn push(&mut self, row: Vec<Cell>) -> Result<(), ParquetWriteError> {
        let mut cells = row.into_iter();
        for column in &mut self.columns {
            column.push(cells.next());
        }
        self.rows += 1;
        if self.rows == GROUP_ROWS { self.write_group() } else { Ok(()) }
    }

    fn write_group(&mut self) -> Result<(), ParquetWriteError> {
        let columns =
            self.names.iter().zip(&mut self.columns).map(|(name, cells)| cells.take(name)).collect::<PolarsResult<Vec<Column>>>()?;
        let frame = DataFrame::new(self.rows, columns)?;
        self.rows = 0;
        self.writer.write_batch(&frame)?;
        Ok(())
    }

    /// Writes what is left, and the end of the file.
    ///
    /// # Errors
    /// [`ParquetWriteError`]
    pub fn finish(mut self) -> Result<(), ParquetWriteError> {
        if self.rows > 0 {
            self.write_group()?;
        }
        self.writer.finish()?;
        Ok(())
    }
}
