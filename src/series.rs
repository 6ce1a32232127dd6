//! Prices and returns by session: [`PriceSeries`], [`ReturnSeries`] and the [`PriceBook`] that holds one series a symbol.
//!
//! Simple return `R_t = P_t / P_{t-1} − 1`, log return `r_t = ln(P_t / P_{t-1})`, both over the security's **own consecutive
//! quotes**: when trading was halted for two days, the return of the day on which it resumes spans the halt and is kept.
//! A missing quote is missing; nothing is filled forward.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What the levels of a [`PriceSeries`] are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Closing prices as quoted.
    Close,
    /// Closing prices adjusted by the source for splits and dividends; used whenever the source has them.
    AdjustedClose,
    /// An index cumulated from returns: the source gave returns, not prices.
    CumulatedReturns,
}

/// How a return is taken from two consecutive prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnKind {
    /// `P_t / P_{t-1} − 1`.
    #[default]
    Simple,
    /// `ln(P_t / P_{t-1})`.
    Log,
}

impl ReturnKind {
    /// The return from `before` to `after` (two prices, both > 0), as a fraction.
    pub fn between(self, before: f64, after: f64) -> f64 {
        match self {
            ReturnKind::Simple => after / before - 1.0,
            ReturnKind::Log => (after / before).ln(),
        }
    }
}

/// Why a series can't be built. The row counts from 0 in the order given, so that a reader can name the line.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SeriesError {
    /// A number that can't be a price ([`is_price`]).
    #[error("the price {price} on {date} is not above zero, or beyond all prices")]
    NotAPrice {
        /// Row of the series, from 0.
        row: usize,
        /// Its date.
        date: NaiveDate,
        /// The value found.
        price: f64,
    },
    /// A return at or below −100 %, not finite, or one that takes the cumulated level out of what a number can hold.
    #[error("the return {value} on {date} can't be: a price can't lose 100 % or more, and returns are fractions (0.05 is 5 %)")]
    NotAReturn {
        /// Row of the series, from 0.
        row: usize,
        /// Its date.
        date: NaiveDate,
        /// The value found, a fraction.
        value: f64,
    },
    /// The same date twice.
    #[error("the date {date} stands there twice")]
    DateTwice {
        /// Row of the second one, from 0.
        row: usize,
        /// The date.
        date: NaiveDate,
    },
    /// A date before the one above it.
    #[error("the date {date} comes after {previous}, dates must rise")]
    OutOfOrder {
        /// Row of the later one, from 0.
        row: usize,
        /// The date.
        date: NaiveDate,
        /// The date above it.
        previous: NaiveDate,
    },
    /// A column with more or fewer values than there are dates.
    #[error("a column has {found} values for {expected} dates")]
    LengthsDiffer {
        /// Its values.
        found: usize,
        /// Dates.
        expected: usize,
    },
    /// No row at all.
    #[error("there is no price at all")]
    Empty,
}

/// Prices outside this range are in no currency's units; past it, sums and products over a window could leave what a number can hold.
const PRICE_RANGE: std::ops::RangeInclusive<f64> = 1e-9..=1e12;

/// Whether a number can be a price: above zero, and from 1e-9 to 1e12.
pub fn is_price(number: f64) -> bool {
    PRICE_RANGE.contains(&number)
}

/// One row of a price file, as read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quote {
    /// Session.
    pub date: NaiveDate,
    /// Close (or adjusted close); above zero.
    pub close: f64,
    /// Highest price of the session on the same basis as `close`; None when the source has none.
    pub high: Option<f64>,
    /// Lowest price of the session on the same basis as `close`; None when the source has none.
    pub low: Option<f64>,
    /// Shares traded; None when the source has none.
    pub volume: Option<f64>,
}

/// Rows of a price file by column, each column with one value a date, in rising order of date. Highs, lows and volumes are empty where
/// the source has none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct QuoteColumns {
    /// Sessions.
    pub dates: Vec<NaiveDate>,
    /// Closes (or adjusted closes), above zero.
    pub closes: Vec<f64>,
    /// Highest prices of the sessions, on the same basis.
    pub highs: Vec<Option<f64>>,
    /// Lowest prices, likewise.
    pub lows: Vec<Option<f64>>,
    /// Shares traded.
    pub volumes: Vec<Option<f64>>,
}

/// A security's closes by session: dates strictly rise, every price is finite and above zero. Highs, lows and volumes are held only
/// where the source has any.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceSeries {
    dates: Vec<NaiveDate>,
    closes: Vec<f64>,
    highs: Vec<Option<f64>>,
    lows: Vec<Option<f64>>,
    volumes: Vec<Option<f64>>,
    basis: Basis,
    /// First return of a file of returns: its base day isn't in the data.
    opening_return: Option<f64>,
    /// Sessions of a file of returns that have no return: nothing can be cumulated across them.
    breaks: Vec<NaiveDate>,
}

impl PriceSeries {
    /// A series from quotes in rising order of date.
    ///
    /// # Errors
    /// [`SeriesError`] when there is no quote, a price isn't above zero, or a date stands twice or out of order.
    pub fn from_quotes(quotes: &[Quote], basis: Basis) -> Result<Self, SeriesError> {
        Self::from_columns(
            QuoteColumns {
                dates: quotes.iter().map(|quote| quote.date).collect(),
                closes: quotes.iter().map(|quote| quote.close).collect(),
                highs: quotes.iter().map(|quote| quote.high).collect(),
                lows: quotes.iter().map(|quote| quote.low).collect(),
                volumes: quotes.iter().map(|quote| quote.volume).collect(),
            },
            basis,
        )
    }

    /// A series from columns, which are taken over as they are.
    ///
    /// # Errors
    /// As [`PriceSeries::from_quotes`], and when a column has more or fewer values than there are dates.
    pub fn from_columns(columns: QuoteColumns, basis: Basis) -> Result<Self, SeriesError> {
        check_dates(columns.dates.iter().copied())?;
        let sessions = columns.dates.len();
        let optional = [columns.highs.len(), columns.lows.len(), columns.volumes.len()];
        if let Some(found) =
            optional.into_iter().filter(|length| *length > 0).chain([columns.closes.len()]).find(|length| *length != sessions)
        {
            return Err(SeriesError::LengthsDiffer { found, expected: sessions });
        }
        for (row, (close, date)) in columns.closes.iter().zip(&columns.dates).enumerate() {
            if !is_price(*close) {
                return Err(SeriesError::NotAPrice { row, date: *date, price: *close });
            }
        }
        let held = |values: Vec<Option<f64>>| if values.iter().all(Option::is_none) { Vec::new() } else { values };
        Ok(Self {
            dates: columns.dates,
            closes: columns.closes,
            highs: held(columns.highs),
            lows: held(columns.lows),
            volumes: held(columns.volumes),
            basis,
            opening_return: None,
            breaks: Vec::new(),
        })
    }

    /// A series from simple returns (fractions), cumulated into an index that stands at 100 before the first of them.
    /// A session whose return is `None` is a break: it has no level, and no performance is computed across it.
    ///
    /// # Errors
    /// [`SeriesError`] when there is no return, one is −1 or less, or a date stands twice or out of order.
    pub fn from_returns(returns: &[(NaiveDate, Option<f64>)]) -> Result<Self, SeriesError> {
        check_dates(returns.iter().map(|(date, _)| *date))?;
        let mut series = Self {
            dates: Vec::with_capacity(returns.len()),
            closes: Vec::with_capacity(returns.len()),
            highs: Vec::new(),
            lows: Vec::new(),
            volumes: Vec::new(),
            basis: Basis::CumulatedReturns,
            opening_return: None,
            breaks: Vec::new(),
        };
        let mut level = 100.0;
        for (row, (date, value)) in returns.iter().enumerate() {
            match value {
                None => series.breaks.push(*date),
                Some(value) if value.is_finite() && *value > -1.0 => {
                    level *= 1.0 + value;
                    if !is_price(level) {
                        return Err(SeriesError::NotAReturn { row, date: *date, value: *value });
                    }
                    if series.dates.is_empty() {
                        series.opening_return = Some(*value);
                    }
                    series.dates.push(*date);
                    series.closes.push(level);
                }
                Some(value) => return Err(SeriesError::NotAReturn { row, date: *date, value: *value }),
            }
        }
        if series.dates.is_empty() {
            return Err(SeriesError::Empty);
        }
        Ok(series)
    }

    /// Sessions with a quote, strictly rising; never empty.
    pub fn dates(&self) -> &[NaiveDate] {
        &self.dates
    }

    /// Levels, one a date, above zero.
    pub fn closes(&self) -> &[f64] {
        &self.closes
    }

    /// Highest prices of the sessions, one a date; empty when the source has none at all.
    pub fn highs(&self) -> &[Option<f64>] {
        &self.highs
    }

    /// Lowest prices of the sessions, one a date; empty when the source has none at all.
    pub fn lows(&self) -> &[Option<f64>] {
        &self.lows
    }

    /// Shares traded, one a date; empty when the source has none at all.
    pub fn volumes(&self) -> &[Option<f64>] {
        &self.volumes
    }

    /// What the levels are.
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// Number of sessions with a quote.
    pub fn len(&self) -> usize {
        self.dates.len()
    }

    /// The series without the quotes whose volume is 0, and how many they are; None when none is left. A quote whose volume isn't known stays.
    pub fn without_untraded(self) -> (Option<Self>, usize) {
        let traded: Vec<bool> = self.volumes.iter().map(|volume| *volume != Some(0.0)).collect();
        let left_out = traded.iter().filter(|traded| !**traded).count();
        if left_out == 0 {
            return (Some(self), 0);
        }
        fn kept<T: Copy>(values: &[T], traded: &[bool]) -> Vec<T> {
            values.iter().zip(traded).filter(|(_, traded)| **traded).map(|(value, _)| *value).collect()
        }
        let series = Self {
            dates: kept(&self.dates, &traded),
            closes: kept(&self.closes, &traded),
            highs: kept(&self.highs, &traded),
            lows: kept(&self.lows, &traded),
            volumes: kept(&self.volumes, &traded),
            // It was the return of the first session.
            opening_return: self.opening_return.filter(|_| traded.first() == Some(&true)),
            breaks: self.breaks,
            basis: self.basis,
        };
        ((!series.dates.is_empty()).then_some(series), left_out)
    }

    /// Always false: a series has at least one quote.
    pub fn is_empty(&self) -> bool {
        self.dates.is_empty()
    }

    /// The close of exactly `date`, or None when there is no quote on it.
    pub fn close_on(&self, date: NaiveDate) -> Option<f64> {
        let position = self.dates.binary_search(&date).ok()?;
        self.closes.get(position).copied()
    }

    /// Simple return from the close of `from` to the close of `to`, a fraction. None when either day has no quote, or when a
    /// file of returns lacks one in between.
    pub fn performance(&self, from: NaiveDate, to: NaiveDate) -> Option<f64> {
        if self.breaks.iter().any(|date| *date > from && *date <= to) {
            return None;
        }
        Some(ReturnKind::Simple.between(self.close_on(from)?, self.close_on(to)?))
    }

    /// Returns over the security's consecutive quotes **on these sessions** (rising): a halt keeps its return on the day trading
    /// resumes, and quotes between two sessions (a weekend's) take none away.
    pub fn returns_on(&self, sessions: &[NaiveDate], kind: ReturnKind) -> ReturnSeries {
        if self.dates == sessions {
            return self.returns(kind);
        }
        let mut dates = Vec::with_capacity(self.dates.len());
        let mut values = Vec::with_capacity(self.dates.len());
        let mut before: Option<f64> = None;
        let mut later = sessions.iter().peekable();
        for (position, (date, close)) in self.dates.iter().zip(&self.closes).enumerate() {
            while later.next_if(|session| *session < date).is_some() {}
            if later.peek().is_none_or(|session| *session != date) {
                continue;
            }
            let value = match (before, self.opening_return) {
                (Some(before), _) => Some(kind.between(before, *close)),
                (None, Some(opening)) if position == 0 => Some(kind.between(1.0, 1.0 + opening)),
                _ => None,
            };
            if let Some(value) = value {
                dates.push(*date);
                values.push(value);
            }
            before = Some(*close);
        }
        ReturnSeries { dates, values }
    }

    /// Returns over the security's own consecutive quotes. The first quote of a file of prices has none.
    pub fn returns(&self, kind: ReturnKind) -> ReturnSeries {
        let mut dates = Vec::with_capacity(self.dates.len());
        let mut values = Vec::with_capacity(self.dates.len());
        if let (Some(opening), Some(first)) = (self.opening_return, self.dates.first()) {
            dates.push(*first);
            values.push(kind.between(1.0, 1.0 + opening));
        }
        dates.extend(self.dates.iter().skip(1));
        let pairs = self.closes.iter().zip(self.closes.iter().skip(1));
        // Told apart outside the loop, so that divisions are done several at a time.
        match kind {
            ReturnKind::Simple => values.extend(pairs.map(|(before, after)| ReturnKind::Simple.between(*before, *after))),
            ReturnKind::Log => values.extend(pairs.map(|(before, after)| ReturnKind::Log.between(*before, *after))),
        }
        ReturnSeries { dates, values }
    }
}

fn check_dates(dates: impl Iterator<Item = NaiveDate>) -> Result<(), SeriesError> {
    let mut previous: Option<NaiveDate> = None;
    for (row, date) in dates.enumerate() {
        match previous {
            Some(before) if before == date => return Err(SeriesError::DateTwice { row, date }),
            Some(before) if before > date => return Err(SeriesError::OutOfOrder { row, date, previous: before }),
            _ => previous = Some(date),
        }
    }
    if previous.is_none() { Err(SeriesError::Empty) } else { Ok(()) }
}

/// A security's returns by session (fractions), each over its own preceding quote.
#[derive(Debug, Clone, PartialEq)]
pub struct ReturnSeries {
    dates: Vec<NaiveDate>,
    values: Vec<f64>,
}

impl ReturnSeries {
    /// Sessions with a return, strictly rising.
    pub fn dates(&self) -> &[NaiveDate] {
        &self.dates
    }

    /// Returns, one a date, fractions.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The return of exactly `date`, or None.
    pub fn on(&self, date: NaiveDate) -> Option<f64> {
        let position = self.dates.binary_search(&date).ok()?;
        self.values.get(position).copied()
    }
}

/// No series has the symbol asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no prices for the symbol \"{symbol}\"")]
pub struct UnknownSymbol {
    /// The symbol asked for.
    pub symbol: String,
    /// The nearest symbols that there are, nearest first, at most three.
    pub near: Vec<String>,
    /// How many symbols the book holds.
    pub held: usize,
}

/// Two files give prices for one symbol.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the symbol \"{symbol}\" has prices already")]
pub struct SymbolTwice {
    /// The symbol.
    pub symbol: String,
}

/// Price series by symbol, in alphabetical order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PriceBook {
    series: BTreeMap<String, PriceSeries>,
}

impl PriceBook {
    /// Adds a series.
    ///
    /// # Errors
    /// [`SymbolTwice`] when the symbol is there already: which of the two is meant can't be guessed.
    pub fn insert(&mut self, symbol: String, series: PriceSeries) -> Result<(), SymbolTwice> {
        if self.series.contains_key(&symbol) {
            return Err(SymbolTwice { symbol });
        }
        self.series.insert(symbol, series);
        Ok(())
    }

    /// The series of a symbol.
    ///
    /// # Errors
    /// [`UnknownSymbol`], with the nearest symbols that there are.
    pub fn get(&self, symbol: &str) -> Result<&PriceSeries, UnknownSymbol> {
        self.series.get(symbol).ok_or_else(|| UnknownSymbol {
            symbol: symbol.to_owned(),
            near: near_names(symbol, self.series.keys().map(String::as_str)),
            held: self.series.len(),
        })
    }

    /// The series of a symbol, or None: for a caller that has no use for the nearest names.
    pub fn get_exact(&self, symbol: &str) -> Option<&PriceSeries> {
        self.series.get(symbol)
    }

    /// Symbols in alphabetical order.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        self.series.keys().map(String::as_str)
    }

    /// Symbols with their series, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &PriceSeries)> {
        self.series.iter().map(|(symbol, series)| (symbol.as_str(), series))
    }

    /// The series themselves with their symbols, in alphabetical order.
    pub fn into_series(self) -> impl Iterator<Item = (String, PriceSeries)> {
        self.series.into_iter()
    }

    /// Number of symbols.
    pub fn len(&self) -> usize {
        self.series.len()
    }

    /// Whether there is no symbol.
    pub fn is_empty(&self) -> bool {
        self.series.is_empty()
    }
}

/// Of `known`, the at most three names nearest to `name`, nearest first: Jaro–Winkler similarity above 0.7, or one typing slip
/// (a letter more, less, other, or two swapped), case folded.
pub fn near_names<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<String> {
    let folded = |text: &str| text.trim_start_matches('^').to_lowercase();
    let wanted = folded(name);
    let similarity = |other: &str| {
        let other = folded(other);
        let slip = wanted.chars().count() > 1 && strsim::osa_distance(&wanted, &other) <= 1;
        if slip { 0.95_f64.max(strsim::jaro_winkler(&wanted, &other)) } else { strsim::jaro_winkler(&wanted, &other) }
    };
    let mut scored: Vec<(f64, &str)> = known.map(|other| (similarity(other), other)).filter(|(score, _)| *score > 0.7).collect();
    scored.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(right.1)));
    scored.into_iter().take(3).map(|(_, other)| other.to_owned()).collect()
}
