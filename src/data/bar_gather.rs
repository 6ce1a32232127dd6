//! The rows of a bar file → a [`BarSeries`] a symbol, piece by piece. Pieces are read beside each other and put together in the order of the
//! file; the fault that is told is that of the first row that has one.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::bar_stamp::{Clock, LocalInstant, StampFault, WrittenStamp};
use crate::intraday::series::BarSeries;
use crate::series::is_price;

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BarCellFault {
    /// A row without a timestamp.
    StampMissing,
    /// A timestamp in no form that is read.
    StampFormat,
    /// A day that doesn't exist.
    NoSuchDay,
    /// A date without a time.
    NoTime,
    /// A part of a second.
    Fraction,
    /// A time on clocks, and no zone to read them in.
    NoZone,
    /// A time that clocks left out.
    NoSuchTime {
        /// The zone.
        zone: String,
    },
    /// A second row of one timestamp, for one symbol.
    Twice {
        /// The symbol.
        symbol: String,
    },
    /// A timestamp before the one in the symbol's row above.
    OutOfOrder {
        /// The symbol.
        symbol: String,
    },
    /// A row without a symbol.
    SymbolMissing,
    /// Neither a number nor a way to write a missing one.
    NotANumber,
    /// A price that is zero, negative or beyond all prices.
    NotAPrice,
}

impl BarCellFault {
    /// What is wrong, in a clause that names the cell's text.
    pub fn describe(&self, value: &str) -> String {
        match self {
            BarCellFault::StampMissing => "the timestamp is missing".to_owned(),
            BarCellFault::StampFormat => format!("\"{value}\" is not a timestamp"),
            BarCellFault::NoSuchDay => format!("there is no day \"{value}\""),
            BarCellFault::NoTime => format!("\"{value}\" is a date without a time of day"),
            BarCellFault::Fraction => format!("\"{value}\" is a part of a second"),
            BarCellFault::NoZone => format!("\"{value}\" doesn't say in which time zone it is"),
            BarCellFault::NoSuchTime { zone } => format!("\"{value}\" doesn't exist in {zone}: clocks were put forward"),
            BarCellFault::Twice { symbol } => format!("the timestamp \"{value}\" stands there twice for the symbol \"{symbol}\""),
            BarCellFault::OutOfOrder { symbol } => {
                format!("the timestamp \"{value}\" comes before that of the row above for the symbol \"{symbol}\"")
            }
            BarCellFault::SymbolMissing => "the symbol is missing".to_owned(),
            BarCellFault::NotANumber => format!("\"{value}\" is not a number"),
            BarCellFault::NotAPrice => format!("\"{value}\" is not a price: it isn't above zero, or is beyond all prices"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            BarCellFault::StampMissing => "give the row its timestamp, or delete the row",
            BarCellFault::StampFormat => {
                "write 2024-03-08T14:30:00Z, or with an offset, 2024-03-08 09:30:00-05:00, in one column; without either name the zone with --time-zone"
            }
            BarCellFault::NoSuchDay => "correct the day or the month; dates are year-month-day",
            BarCellFault::NoTime => "bars within the day need a time: for daily prices run `aftermove study --prices`",
            BarCellFault::Fraction => "bars begin at whole seconds: these may be ticks; make bars of them first",
            BarCellFault::NoZone => "name it with --time-zone America/New_York, or write timestamps with their offset or with Z for UTC",
            BarCellFault::NoSuchTime { .. } => {
                "the bars may be in another zone: correct --time-zone, or write timestamps with their offset"
            }
            BarCellFault::Twice { .. } => "keep one row a timestamp and symbol",
            BarCellFault::OutOfOrder { .. } => {
                "sort the rows so that each symbol's timestamps rise; if they do on clocks, name those clocks' zone with --time-zone"
            }
            BarCellFault::SymbolMissing => "give the row a symbol, or delete the row",
            BarCellFault::NotANumber => "write numbers as 1234.5; leave the cell empty when there was no trade",
            BarCellFault::NotAPrice => "correct the price, or leave the cell empty when there was no trade",
        }
    }
}

impl From<StampFault> for BarCellFault {
    fn from(fault: StampFault) -> Self {
        match fault {
            StampFault::Missing => BarCellFault::StampMissing,
            StampFault::Format => BarCellFault::StampFormat,
            StampFault::NoSuchDay => BarCellFault::NoSuchDay,
            StampFault::NoTime => BarCellFault::NoTime,
            StampFault::Fraction => BarCellFault::Fraction,
        }
    }
}

/// A cell that can't be used: its row in the file, and its column, both from 0.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BarRowFault {
    pub row: usize,
    pub column: usize,
    pub fault: BarCellFault,
}

/// The bars of one symbol in a piece.
struct SymbolBars {
    first_row: usize,
    times: Vec<i64>,
    closes: Vec<f64>,
    opens: Vec<f64>,
    missing: usize,
    /// Rows, with a price or without.
    rows: usize,
    /// The second instants of the rows at the beginning whose times clocks show twice, and whether each has a price; they are taken for
    /// the first instants.
    in_doubt: Vec<(i64, bool)>,
    /// Where the first row after those stands.
    after_doubt: Option<i64>,
    repeated: usize,
    /// Where the first row stands, bar or not.
    first: i64,
    /// Where the last row stands that was in order, bar or not.
    last: i64,
}

impl SymbolBars {
    /// Takes the rows in doubt for the second instants, unless the rows after them then come too early.
    fn take_second(&mut self) {
        let (Some((first, _)), Some((last, _))) = (self.in_doubt.first().copied(), self.in_doubt.last().copied()) else { return };
        if self.after_doubt.is_some_and(|after| after <= last) {
            return;
        }
        // Rows without a price are in doubt too, and have no place among the times.
        let seconds = self.in_doubt.iter().filter(|(_, with_price)| *with_price);
        for (time, (second, _)) in self.times.iter_mut().zip(seconds) {
            *time = *second;
        }
        self.first = first;
        if self.after_doubt.is_none() {
            self.last = last;
        }
    }
}

type BySymbol = IndexMap<String, SymbolBars, FxBuildHasher>;

/// The rows of a piece.
pub(super) struct BarPiece<'a> {
    by_symbol: BySymbol,
    current: usize,
    clock: Option<Clock>,
    zone: String,
    symbols: Option<&'a BTreeSet<String>>,
    with_open: bool,
    stamp_column: usize,
    pub fault: Option<BarRowFault>,
}

impl<'a> BarPiece<'a> {
    pub fn new(clock: Option<Clock>, zone: &str, symbols: Option<&'a BTreeSet<String>>, with_open: bool, stamp_column: usize) -> Self {
        Self { by_symbol: BySymbol::default(), current: 0, clock, zone: zone.to_owned(), symbols, with_open, stamp_column, fault: None }
    }

    /// Adds a row; None for a price that is missing. False when it is at fault: the piece ends there.
    #[inline]
    pub fn push(&mut self, row: usize, stamp: WrittenStamp, symbol: &str, close: Option<f64>, open: Option<f64>) -> bool {
        let fault = |piece: &mut Self, fault: BarCellFault| {
            piece.fault = Some(BarRowFault { row, column: piece.stamp_column, fault });
            false
        };
        let (time, second) = match stamp {
            WrittenStamp::Instant(time) => (time, None),
            WrittenStamp::Local(local) => match self.clock.as_mut().map(|clock| clock.instant(local)) {
                None => return fault(self, BarCellFault::NoZone),
                Some(LocalInstant::One(time)) => (time, None),
                Some(LocalInstant::Two(first, second)) => (first, Some(second)),
                Some(LocalInstant::None) => {
                    let zone = self.zone.clone();
                    return fault(self, BarCellFault::NoSuchTime { zone });
                }
            },
        };
        if self.by_symbol.get_index(self.current).is_none_or(|(known, _)| known != symbol) {
            match self.by_symbol.get_index_of(symbol) {
                Some(index) => self.current = index,
                None if self.symbols.is_some_and(|symbols| !symbols.contains(symbol)) => return true,
                None => {
                    let bars = SymbolBars {
                        first_row: row,
                        times: Vec::new(),
                        closes: Vec::new(),
                        opens: Vec::new(),
                        missing: 0,
                        rows: 0,
                        in_doubt: Vec::new(),
                        after_doubt: None,
                        repeated: 0,
                        first: i64::MIN,
                        last: i64::MIN,
                    };
                    self.current = self.by_symbol.insert_full(symbol.to_owned(), bars).0;
                }
            }
        }
        let Some((_, bars)) = self.by_symbol.get_index_mut(self.current) else { return true };
        let mut time = time;
        let mut doubt = None;
        if let Some(second) = second {
            bars.repeated += 1;
            // In order, a time that doesn't come after the row above is the second one.
            if time <= bars.last {
                time = second;
            } else if bars.in_doubt.len() == bars.rows {
                doubt = Some(second);
            }
        }
        if time <= bars.last {
            let symbol = symbol.to_owned();
            let kind = if time == bars.last { BarCellFault::Twice { symbol } } else { BarCellFault::OutOfOrder { symbol } };
            return fault(self, kind);
        }
        if bars.rows == 0 {
            bars.first = time;
        }
        match doubt {
            Some(second) => bars.in_doubt.push((second, close.is_some())),
            None => {
                bars.after_doubt.get_or_insert(time);
            }
        }
        (bars.rows, bars.last) = (bars.rows + 1, time);
        match close {
            Some(close) => {
                bars.times.push(time);
                bars.closes.push(close);
                if self.with_open {
                    bars.opens.push(open.unwrap_or(0.0));
                }
            }
            None => bars.missing += 1,
        }
        true
    }
}

/// A file's bars, put together so far.
#[derive(Default)]
pub(super) struct BarGathering {
    by_symbol: BySymbol,
}

/// What a file holds.
pub(super) struct GatheredBars {
    pub series: Vec<(String, BarSeries)>,
    /// Rows without a price.
    pub missing: usize,
    /// Rows in an hour that clocks show twice.
    pub repeated: usize,
}

impl BarGathering {
    /// Adds the piece that comes next.
    pub fn add(&mut self, piece: BarPiece) -> Result<(), BarRowFault> {
        let column = piece.stamp_column;
        // A row of the piece may come before the rows of earlier pieces: that fault stands above the piece's own.
        let mut first: Option<BarRowFault> = piece.fault;
        for (symbol, mut bars) in piece.by_symbol {
            match self.by_symbol.entry(symbol) {
                indexmap::map::Entry::Vacant(entry) => {
                    entry.insert(bars);
                }
                indexmap::map::Entry::Occupied(mut entry) => {
                    let symbol = entry.key().clone();
                    let known = entry.get_mut();
                    if bars.first <= known.last {
                        bars.take_second();
                    }
                    if bars.first <= known.last {
                        let kind =
                            if bars.first == known.last { BarCellFault::Twice { symbol } } else { BarCellFault::OutOfOrder { symbol } };
                        let found = BarRowFault { row: bars.first_row, column, fault: kind };
                        if first.as_ref().is_none_or(|first| found.row < first.row) {
                            first = Some(found);
                        }
                        continue;
                    }
                    known.last = bars.last;
                    known.missing += bars.missing;
                    known.repeated += bars.repeated;
                    known.times.append(&mut bars.times);
                    known.closes.append(&mut bars.closes);
                    known.opens.append(&mut bars.opens);
                }
            }
        }
        first.map_or(Ok(()), Err)
    }

    /// The series. A symbol without a single price isn't there.
    pub fn finish(self) -> GatheredBars {
        let missing = self.by_symbol.values().map(|bars| bars.missing).sum();
        let repeated = self.by_symbol.values().map(|bars| bars.repeated).sum();
        // Rows were checked one by one: they rise, and prices are prices.
        let series = self.by_symbol.into_iter().filter(|(_, bars)| !bars.times.is_empty());
        let series = series.filter_map(|(symbol, bars)| Some((symbol, BarSeries::new(bars.times, bars.closes, bars.opens).ok()?)));
        GatheredBars { series: series.collect(), missing, repeated }
    }
}

/// A price of a number; None when it is missing.
pub(super) fn price_of(number: Option<f64>) -> Result<Option<f64>, BarCellFault> {
    match number {
        Some(number) if is_price(number) => Ok(Some(number)),
        Some(_) => Err(BarCellFault::NotAPrice),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pieces of one symbol: clocks of New York as seconds since 1970 if they were UTC's, and closes.
    fn gather(pieces: &[&[(i64, Option<f64>)]]) -> Result<Vec<i64>, BarRowFault> {
        let mut gathering = BarGathering::default();
        let mut row = 0;
        for rows in pieces {
            let mut piece = BarPiece::new(Some(Clock::of(chrono_tz::Tz::America__New_York)), "America/New_York", None, false, 0);
            for (local, close) in *rows {
                if !piece.push(row, WrittenStamp::Local(*local), "BTC", *close, None) {
                    break;
                }
                row += 1;
            }
            gathering.add(piece)?;
        }
        Ok(gathering.finish().series.first().map(|(_, series)| series.times().to_vec()).unwrap_or_default())
    }

    /// 2024-11-03 01:00 on clocks, as if they were UTC's; date -ud 2024-11-03T01:00 +%s. Its instants are 4 and 5 hours later.
    const ONE: i64 = 1_730_595_600;
    const HALF: i64 = 1_800;
    const FIRST: i64 = ONE + 4 * 3_600;

    #[test]
    fn the_repeated_hour_at_the_start_of_a_piece_is_the_second_whatever_rows_lack_a_price() {
        let before: &[(i64, Option<f64>)] = &[(ONE, Some(1.0)), (ONE + HALF, Some(1.0))];
        let whole = [0, 1, 2, 3, 4].map(|number| FIRST + number * HALF);
        let after = |first: Option<f64>, second: Option<f64>, last: Option<f64>| {
            gather(&[before, &[(ONE, first), (ONE + HALF, second), (ONE + 2 * HALF, last)]]).unwrap()
        };
        assert_eq!(after(Some(1.0), Some(1.0), Some(1.0)), whole);
        assert_eq!(after(Some(1.0), Some(1.0), None), whole[..4]);
        assert_eq!(after(Some(1.0), None, Some(1.0)), [whole[0], whole[1], whole[2], whole[4]]);
        assert_eq!(after(None, Some(1.0), Some(1.0)), [whole[0], whole[1], whole[3], whole[4]]);
        // A piece of nothing but that hour, its last row without a price: the next piece comes after it.
        let three = gather(&[before, &[(ONE, Some(1.0)), (ONE + HALF, None)], &[(ONE + 2 * HALF, Some(1.0))]]).unwrap();
        assert_eq!(three, [whole[0], whole[1], whole[2], whole[4]]);
    }

    #[test]
    fn an_hour_that_would_be_there_a_third_time_is_out_of_order() {
        let rows = [(ONE, Some(1.0)), (ONE + HALF, Some(1.0))];
        let back = [(ONE + HALF, Some(1.0)), (ONE, Some(1.0))];
        assert!(matches!(gather(&[&rows, &back]), Err(BarRowFault { row: 2, .. })));
    }
}
