//! Bar files in Parquet: timestamps as datetimes (with a zone or without), text or whole numbers since 1970.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use polars::prelude::{ArrowDataType, Column, DataFrame, DataType, TimeUnit};
use rayon::prelude::*;

use super::bar_gather::{BarCellFault, BarGathering, BarPiece, BarRowFault, GatheredBars, price_of};
use super::bar_layout::BarLayout;
use super::bar_stamp::{Clock, StampFault, WrittenStamp, parse_stamp, stamp_of_number, whole_seconds};
use super::parquet_table::{ParquetTable, ParquetTableError, RowGroup, guarded, unreadable};

/// Why a Parquet file has no bars.
pub(super) enum BarParquetFault {
    Table(ParquetTableError),
    ColumnType { column: String, found: String, wanted: &'static str },
    Row(BarRowFault),
}

impl From<ParquetTableError> for BarParquetFault {
    fn from(fault: ParquetTableError) -> Self {
        BarParquetFault::Table(fault)
    }
}

/// The timestamps of a group of rows.
enum Stamps {
    Text(polars::prelude::StringChunked),
    /// Instants, or what clocks show, in parts of a second.
    Counted {
        counts: polars::prelude::Int64Chunked,
        unit: i64,
        is_local: bool,
    },
    Numbers(polars::prelude::Int64Chunked),
}

/// Reads the bars of a Parquet table; `name` is the symbol of a file that holds but one.
pub(super) fn gather_parquet(
    table: &ParquetTable,
    layout: &BarLayout,
    zone: Option<Tz>,
    name: &str,
    symbols: Option<&BTreeSet<String>>,
) -> Result<GatheredBars, BarParquetFault> {
    check_types(table, layout)?;
    let projection = layout.projection();
    let mut groups = table.row_groups();
    if let (Some(column), Some(symbols)) = (layout.symbol, symbols) {
        groups.retain(|group| table.may_hold(*group, column, symbols));
    }
    table.check_counts(&projection, &groups)?;
    let read = |group: &RowGroup| -> Result<BarPiece, BarParquetFault> {
        let frame = table.read_group(*group, &projection)?;
        let zone_name = zone.map(|zone| zone.name()).unwrap_or_default();
        let mut piece = BarPiece::new(zone.map(Clock::of), zone_name, symbols, layout.open.is_some(), layout.timestamp);
        read_rows(&frame, layout, &projection, group.first, name, &mut piece)?;
        Ok(piece)
    };
    let mut gathering = BarGathering::default();
    for groups in groups.chunks(4 * rayon::current_num_threads().max(1)) {
        for piece in groups.par_iter().map(read).collect::<Vec<_>>() {
            gathering.add(piece?).map_err(BarParquetFault::Row)?;
        }
    }
    Ok(gathering.finish())
}

fn check_types(table: &ParquetTable, layout: &BarLayout) -> Result<(), BarParquetFault> {
    use ArrowDataType as T;
    let types = table.types();
    let is_text = |dtype: &T| matches!(dtype, T::Utf8 | T::LargeUtf8 | T::Utf8View);
    let is_stamp = |dtype: &T| matches!(dtype, T::Timestamp(_, _) | T::Int64 | T::UInt64 | T::Date32 | T::Date64) || is_text(dtype);
    let is_number =
        |dtype: &T| matches!(dtype, T::Int32 | T::Int64 | T::UInt32 | T::UInt64 | T::Null | T::Float32 | T::Float64 | T::Decimal(_, _));
    let check = |column: usize, valid: bool, wanted: &'static str| {
        if valid {
            return Ok(());
        }
        let column_name = table.header().get(column).cloned().unwrap_or_default();
        let found = types.get(column).map(|dtype| format!("{dtype:?}")).unwrap_or_default();
        Err(BarParquetFault::ColumnType { column: column_name, found, wanted })
    };
    let has = |column: usize, valid: &dyn Fn(&T) -> bool| types.get(column).is_some_and(|dtype| valid(dtype));
    check(layout.timestamp, has(layout.timestamp, &is_stamp), "datetimes, text, or whole numbers since 1970")?;
    layout.symbol.map_or(Ok(()), |column| check(column, has(column, &is_text), "text"))?;
    layout.open.map_or(Ok(()), |column| check(column, has(column, &is_number), "numbers of 32 or 64 bits"))?;
    check(layout.close, has(layout.close, &is_number), "numbers of 32 or 64 bits")
}

fn stamps_of(column: &Column) -> Result<Stamps, ParquetTableError> {
    let counts = || guarded(|| Ok(column.cast(&DataType::Int64)?.i64()?.rechunk().into_owned()));
    match column.dtype() {
        DataType::String => Ok(Stamps::Text(guarded(|| Ok(column.str()?.clone()))?)),
        DataType::Datetime(unit, zone) => {
            let unit = match unit {
                TimeUnit::Nanoseconds => 1_000_000_000,
                TimeUnit::Microseconds => 1_000_000,
                TimeUnit::Milliseconds => 1_000,
            };
            Ok(Stamps::Counted { counts: counts()?, unit, is_local: zone.is_none() })
        }
        // A date is whole days: every row says that it has no time.
        DataType::Date => Ok(Stamps::Text(guarded(|| Ok(column.cast(&DataType::String)?.str()?.clone()))?)),
        _ => Ok(Stamps::Numbers(counts()?)),
    }
}

impl Stamps {
    #[inline]
    fn get(&self, row: usize) -> Result<WrittenStamp, StampFault> {
        match self {
            Stamps::Text(cells) => parse_stamp(cells.get(row).unwrap_or_default().trim()),
            Stamps::Counted { counts, unit, is_local } => {
                let seconds = whole_seconds(counts.get(row).ok_or(StampFault::Missing)?, *unit)?;
                Ok(if *is_local { WrittenStamp::Local(seconds) } else { WrittenStamp::Instant(seconds) })
            }
            Stamps::Numbers(numbers) => stamp_of_number(numbers.get(row).ok_or(StampFault::Missing)?),
        }
    }
}

fn read_rows(
    frame: &DataFrame,
    layout: &BarLayout,
    projection: &[usize],
    first: usize,
    name: &str,
    piece: &mut BarPiece,
) -> Result<(), ParquetTableError> {
    let find = |column: usize| -> Result<&Column, ParquetTableError> {
        let place = projection.binary_search(&column).ok();
        place.and_then(|place| frame.columns().get(place)).ok_or_else(|| unreadable("a column is missing"))
    };
    let numbers = |column: usize| {
        let series = find(column)?;
        guarded(|| Ok(series.cast(&DataType::Float64)?.f64()?.rechunk().into_owned()))
    };
    let stamps = stamps_of(find(layout.timestamp)?)?;
    let closes = numbers(layout.close)?;
    let opens = layout.open.map(numbers).transpose()?;
    let symbols = match layout.symbol {
        Some(column) => {
            let series = find(column)?;
            Some((column, guarded(|| Ok(series.str()?.rechunk().into_owned()))?))
        }
        None => None,
    };
    for row in 0..frame.height() {
        let wrong = |piece: &mut BarPiece, column: usize, fault: BarCellFault| {
            piece.fault = Some(BarRowFault { row: first + row, column, fault });
        };
        let stamp = match stamps.get(row) {
            Ok(stamp) => stamp,
            Err(fault) => {
                wrong(piece, layout.timestamp, fault.into());
                return Ok(());
            }
        };
        let symbol = match &symbols {
            Some((column, cells)) => match cells.get(row).map(str::trim) {
                Some(symbol) if !symbol.is_empty() => symbol,
                _ => {
                    wrong(piece, *column, BarCellFault::SymbolMissing);
                    return Ok(());
                }
            },
            None => name,
        };
        let close = match price_of(closes.get(row).filter(|number| !number.is_nan())) {
            Ok(price) => price,
            Err(fault) => {
                wrong(piece, layout.close, fault);
                return Ok(());
            }
        };
        let open = match (&opens, layout.open) {
            (Some(cells), Some(column)) => match price_of(cells.get(row).filter(|number| !number.is_nan())) {
                Ok(price) => price,
                Err(fault) => {
                    wrong(piece, column, fault);
                    return Ok(());
                }
            },
            _ => None,
        };
        if !piece.push(first + row, stamp, symbol, close, open) {
            return Ok(());
        }
    }
    Ok(())
}
