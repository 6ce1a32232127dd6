//! Panels of prices and lists of events for measurements, the same on every machine: prices walk by a fixed linear congruence.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use aftermove::data::table_file::{ColumnType, TableColumn, TableFile, TableFileError, TableFormat};
use chrono::{Days, NaiveDate};

/// How the rows of a panel follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// All days of a symbol, then the next symbol.
    BySymbol,
    /// All symbols of a day, then the next day.
    ByDate,
}

/// Writes `date,symbol,close` of `symbols` symbols (`S00000`, …) over `days` calendar days from 2000-01-03, tidy.
pub fn prices(path: &Path, symbols: usize, days: usize, order: Order) -> Result<(), TableFileError> {
    let names = symbol_names(symbols);
    let dates: Vec<NaiveDate> = first_day().iter_days().take(days).collect();
    let columns = [("date", ColumnType::Date), ("symbol", ColumnType::Text), ("close", ColumnType::Number)];
    let mut table = create(path, &columns)?;
    let mut levels = vec![100.0_f64; symbols];
    let mut chance = Chance(20_220_903);
    let (outer, inner) = if order == Order::BySymbol { (symbols, days) } else { (days, symbols) };
    for one in 0..outer {
        let (mut days, mut cells, mut closes) = (Vec::with_capacity(inner), Vec::with_capacity(inner), Vec::with_capacity(inner));
        for other in 0..inner {
            let (symbol, day) = if order == Order::BySymbol { (one, other) } else { (other, one) };
            if let (Some(level), Some(date)) = (levels.get_mut(symbol), dates.get(day)) {
                *level *= 1.0 + 0.04 * chance.draw();
                days.push(Some(*date));
                cells.push(u32::try_from(symbol).ok());
                closes.push(Some((*level * 1e4).round() / 1e4));
            }
        }
        table.write(&[TableColumn::Date(days), TableColumn::Category { cells, names: &names }, TableColumn::Number(closes)])?;
    }
    table.finish()
}

/// Writes `event_id,symbol,date,timing,group,size` of `count` events of these symbols, on days spread over the middle of the panel.
pub fn events(path: &Path, count: usize, symbols: usize, days: usize) -> Result<(), TableFileError> {
    let names = symbol_names(symbols);
    let groups: Vec<String> = (0..7).map(|group| format!("g{group}")).collect();
    let ids: Vec<String> = (0..count).map(|event| format!("event-{event}")).collect();
    let number = |event: usize, step: usize, of: usize| u32::try_from(event * step % of.max(1)).ok();
    let columns = [
        ("event_id", ColumnType::Text),
        ("symbol", ColumnType::Text),
        ("date", ColumnType::Date),
        ("timing", ColumnType::Text),
        ("group", ColumnType::Text),
        ("size", ColumnType::Number),
    ];
    // Estimation and event windows have room on both sides.
    let span = days.saturating_sub(400).max(1);
    let day = |event: usize| first_day().checked_add_days(Days::new((300 + event * 31 % span) as u64));
    let mut table = create(path, &columns)?;
    table.write(&[
        TableColumn::Text(ids.iter().map(|id| Some(id.as_str())).collect()),
        TableColumn::Category { cells: (0..count).map(|event| number(event, 7_919, symbols)).collect(), names: &names },
        TableColumn::Date((0..count).map(day).collect()),
        TableColumn::Text((0..count).map(|event| [None, Some("after-close"), Some("during")][event % 3]).collect()),
        TableColumn::Category { cells: (0..count).map(|event| number(event, 1, 7)).collect(), names: &groups },
        TableColumn::Number((0..count).map(|event| Some((event as f64).sqrt())).collect()),
    ])?;
    table.finish()
}

fn create(path: &Path, columns: &[(&str, ColumnType)]) -> Result<TableFile<BufWriter<File>>, TableFileError> {
    TableFile::create(BufWriter::new(File::create(path)?), TableFormat::of_path(path).unwrap_or(TableFormat::Parquet), columns)
}

fn symbol_names(symbols: usize) -> Vec<String> {
    (0..symbols).map(|symbol| format!("S{symbol:05}")).collect()
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2000, 1, 3).unwrap_or_default()
}

/// Numerical Recipes' linear congruence.
struct Chance(u64);

impl Chance {
    /// A number from −0.5 up to 0.5.
    fn draw(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / f64::from(1_u32 << 24) - 0.5
    }
}
