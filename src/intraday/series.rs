//! Bars as they were read: [`BarSeries`] of one security, [`BarBook`] of many.

use indexmap::IndexMap;
use serde::Serialize;
use thiserror::Error;

use crate::series::{UnknownSymbol, is_price, near_names};

/// What the timestamp of a bar says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stamp {
    /// When the bar begins, as most vendors write it.
    Start,
    /// When it ends.
    End,
}

/// Bars of one security, by their timestamp. A bar without a trade isn't there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BarSeries {
    times: Vec<i64>,
    closes: Vec<f64>,
    opens: Vec<f64>,
}

/// Why bars are no series.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BarSeriesError {
    /// Columns of different lengths.
    #[error("{times} timestamps, but {closes} closes and {opens} opens")]
    Lengths {
        /// Timestamps.
        times: usize,
        /// Closing prices.
        closes: usize,
        /// Opening prices.
        opens: usize,
    },
    /// A timestamp that doesn't come after the one before.
    #[error("the timestamp of bar {bar} doesn't come after the one before: sort the bars, and keep one a timestamp")]
    NotRising {
        /// Number of the bar, from 0.
        bar: usize,
    },
    /// A price that isn't one.
    #[error("bar {bar} has a price that isn't above zero, or is beyond all prices")]
    NotAPrice {
        /// Number of the bar, from 0.
        bar: usize,
    },
}

impl BarSeries {
    /// Bars from their columns: timestamps in seconds since 1970 UTC, closing prices, and opening prices, 0 where there is none (or no
    /// opening price at all: an empty column).
    ///
    /// # Errors
    /// [`BarSeriesError`]
    pub fn new(times: Vec<i64>, closes: Vec<f64>, opens: Vec<f64>) -> Result<Self, BarSeriesError> {
        if times.len() != closes.len() || (!opens.is_empty() && opens.len() != times.len()) {
            return Err(BarSeriesError::Lengths { times: times.len(), closes: closes.len(), opens: opens.len() });
        }
        if let Some(bar) = times.windows(2).position(|pair| matches!(pair, [one, other] if one >= other)) {
            return Err(BarSeriesError::NotRising { bar: bar + 1 });
        }
        let wrong_open = || opens.iter().position(|open| *open != 0.0 && !is_price(*open));
        if let Some(bar) = closes.iter().position(|close| !is_price(*close)).or_else(wrong_open) {
            return Err(BarSeriesError::NotAPrice { bar });
        }
        Ok(Self { times, closes, opens })
    }

    /// Timestamps, seconds since 1970 UTC, strictly rising.
    pub fn times(&self) -> &[i64] {
        &self.times
    }

    /// Closing prices.
    pub fn closes(&self) -> &[f64] {
        &self.closes
    }

    /// Opening prices, 0 where there is none; empty without any.
    pub fn opens(&self) -> &[f64] {
        &self.opens
    }

    /// The opening price of a bar; None when there is none.
    pub fn open(&self, bar: usize) -> Option<f64> {
        self.opens.get(bar).copied().filter(|open| *open > 0.0)
    }

    /// Number of bars.
    pub fn len(&self) -> usize {
        self.times.len()
    }

    /// Whether there is no bar.
    pub fn is_empty(&self) -> bool {
        self.times.is_empty()
    }
}

/// Bars of securities by symbol, in the order in which they were read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct BarBook {
    by_symbol: IndexMap<String, BarSeries>,
}

impl BarBook {
    /// Adds a symbol's bars; those it had, if any, come back.
    pub fn insert(&mut self, symbol: String, series: BarSeries) -> Option<BarSeries> {
        self.by_symbol.insert(symbol, series)
    }

    /// The bars of a symbol.
    ///
    /// # Errors
    /// [`UnknownSymbol`], with the names nearest to it.
    pub fn get(&self, symbol: &str) -> Result<&BarSeries, UnknownSymbol> {
        self.by_symbol.get(symbol).ok_or_else(|| UnknownSymbol {
            symbol: symbol.to_owned(),
            near: near_names(symbol, self.by_symbol.keys().map(String::as_str)),
            held: self.by_symbol.len(),
        })
    }

    /// Symbols, in the order in which they were read.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        self.by_symbol.keys().map(String::as_str)
    }

    /// Bars of all symbols together.
    pub fn bars(&self) -> usize {
        self.by_symbol.values().map(BarSeries::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_rise_and_have_prices() {
        assert!(BarSeries::new(vec![0, 60], vec![1.0, 2.0], vec![]).is_ok());
        assert!(BarSeries::new(vec![0, 60], vec![1.0, 2.0], vec![0.0, 2.0]).is_ok());
        for (times, closes, opens, said) in [
            (vec![60, 60], vec![1.0, 2.0], vec![], "bar 1 doesn't come after"),
            (vec![60, 0], vec![1.0, 2.0], vec![], "bar 1 doesn't come after"),
            (vec![0, 60], vec![1.0, 0.0], vec![], "bar 1 has a price"),
            (vec![0, 60], vec![1.0, f64::INFINITY], vec![], "bar 1 has a price"),
            (vec![0, 60], vec![1.0, 2.0], vec![-1.0, 2.0], "bar 0 has a price"),
            (vec![0], vec![1.0, 2.0], vec![], "1 timestamps"),
        ] {
            let error = BarSeries::new(times, closes, opens).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        }
    }
}
