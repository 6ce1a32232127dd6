//! Relative performance around an event: securities and benchmark rebased to 100 at the last close that could not know the
//! news (day −1), returns and gaps over fixed periods before and after it, drawdown.
//!
//! - relative performance (geometric) `(1 + R_s) / (1 + R_b) − 1`; gap `R_s − R_b` in percentage points;
//! - beta-adjusted gap `R_s − (Π(1 + β R_b,t) − 1)` in percentage points: the benchmark held β times, rebalanced at every close,
//!   with the security's own market-model beta of the estimation window;
//! - relative strength: `100 · (P_s / P_b)` over its value on day −1;
//! - drawdown: close over the highest close so far, less 1.
//!
//! Periods before the event end at the close of day −1 and begin at the same day so many calendar weeks or months before it (or the last
//! session before that day); "1 day" is one session; the year to date begins at the last close of the year before. Periods after
//! it begin at the close of day −1 and end so many sessions later, so that "1 session" is the reaction of day 0.

use chrono::{Months, NaiveDate};
use serde::{Serialize, Serializer};

use crate::calendar::{Sessions, same_year};
use crate::series::{PriceBook, PriceSeries, ReturnKind, UnknownSymbol};
use crate::window::Window;

/// Sessions after day −1 for which performance is measured.
pub const SESSIONS_AFTER: [u32; 6] = [1, 2, 5, 10, 21, 63];

/// What a security is in the comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The security of the event.
    Security,
    /// Another security to compare with.
    Peer,
    /// The benchmark.
    Benchmark,
}

/// A period of measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// One session before.
    Day,
    /// Seven calendar days before.
    Week,
    /// So many calendar months before.
    Months(u32),
    /// Since the last close of the year before.
    YearToDate,
    /// So many sessions after.
    SessionsAfter(u32),
}

impl Period {
    /// All periods, those before the event first.
    pub fn all() -> Vec<Period> {
        let before =
            [Period::Day, Period::Week, Period::Months(1), Period::Months(3), Period::Months(6), Period::Months(12), Period::YearToDate];
        before.into_iter().chain(SESSIONS_AFTER.map(Period::SessionsAfter)).collect()
    }

    /// Whether the period comes after the event.
    pub fn is_after(self) -> bool {
        matches!(self, Period::SessionsAfter(_))
    }

    /// The period in a few words.
    pub fn words(self) -> String {
        match self {
            Period::Day => "1 day".to_owned(),
            Period::Week => "1 week".to_owned(),
            Period::Months(1) => "1 month".to_owned(),
            Period::Months(count) => format!("{count} months"),
            Period::YearToDate => "year to date".to_owned(),
            Period::SessionsAfter(1) => "1 session after".to_owned(),
            Period::SessionsAfter(count) => format!("{count} sessions after"),
        }
    }

    /// First and last close of the period around `base` (day −1), or None when the data doesn't reach.
    fn bounds(self, base: NaiveDate, sessions: &Sessions) -> Option<(NaiveDate, NaiveDate)> {
        match self {
            Period::Day => Some((sessions.step(base, -1)?, base)),
            Period::Week => Some((sessions.on_or_before(base.checked_sub_days(chrono::Days::new(7))?)?, base)),
            Period::Months(count) => Some((sessions.on_or_before(base.checked_sub_months(Months::new(count))?)?, base)),
            Period::YearToDate => {
                let start = sessions.dates().iter().rev().find(|session| **session < base && !same_year(**session, base))?;
                Some((*start, base))
            }
            Period::SessionsAfter(count) => Some((base, sessions.step(base, i64::from(count))?)),
        }
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words().replace(' ', "-"))
    }
}

/// Performance of one security over one period. A value is None when the data doesn't reach or the security has no close there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PeriodPerformance {
    /// The period.
    pub period: Period,
    /// Its first close.
    pub from: Option<NaiveDate>,
    /// Its last close.
    pub to: Option<NaiveDate>,
    /// Return of the security, a fraction.
    #[serde(rename = "return")]
    pub security: Option<f64>,
    /// Return of the benchmark, a fraction.
    #[serde(rename = "benchmark_return")]
    pub benchmark: Option<f64>,
    /// Difference of the two, percentage points; None for the benchmark itself.
    pub gap_pp: Option<f64>,
    /// Relative performance, a fraction.
    pub relative: Option<f64>,
    /// Difference from the benchmark held beta times, percentage points.
    pub beta_adjusted_gap_pp: Option<f64>,
}

/// A fall from a high, with its dates.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Drawdown {
    /// Size of the fall, a fraction ≤ 0.
    pub depth: f64,
    /// Session of the high.
    pub peak: NaiveDate,
    /// Session of the low.
    pub trough: NaiveDate,
}

/// One security's performance around the event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SecurityPerformance {
    /// Its symbol.
    pub symbol: String,
    /// What it is in the comparison.
    pub role: Role,
    /// Market-model beta of the estimation window; None when it couldn't be estimated, 1 for the benchmark.
    pub beta: Option<f64>,
    /// Level rebased to 100 at day −1, one a session of the span; None without a quote.
    pub rebased: Vec<Option<f64>>,
    /// Relative strength against the benchmark, 100 at day −1, one a session of the span; None without a quote.
    pub relative_strength: Vec<Option<f64>>,
    /// Drawdown from the highest close so far in the span, a fraction ≤ 0, one a session of the span.
    pub drawdown: Vec<Option<f64>>,
    /// Deepest drawdown of the span; None when the security never fell.
    pub deepest: Option<Drawdown>,
    /// Returns and gaps by period.
    pub periods: Vec<PeriodPerformance>,
}

/// Performance of all securities around one event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Performance {
    /// Day −1: the last close that could not know the news, where every line stands at 100.
    pub base: NaiveDate,
    /// Sessions of the series below, in order of time.
    pub sessions: Vec<NaiveDate>,
    /// Securities: the event's own, its peers, the benchmark last.
    pub securities: Vec<SecurityPerformance>,
}

/// A security to compare, with its beta when there is one.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// Symbol.
    pub symbol: String,
    /// What it is.
    pub role: Role,
    /// Market-model beta; None when it couldn't be estimated.
    pub beta: Option<f64>,
}

/// Measures performance around `base` over the sessions of `span` (counted from day 0, the session after `base`; cut where the data
/// ends). Returns None when `base` isn't a session of the benchmark.
///
/// # Errors
/// [`UnknownSymbol`] when a symbol has no prices.
pub fn measure(
    book: &PriceBook,
    benchmark: &str,
    sessions: &Sessions,
    base: NaiveDate,
    span: Window,
    compared: &[Compared],
) -> Result<Option<Performance>, UnknownSymbol> {
    let market = book.get(benchmark)?;
    let Some(position) = sessions.position(base) else { return Ok(None) };
    let reach = |day: i32| i64::try_from(position).unwrap_or(0) + 1 + i64::from(day);
    let dates: Vec<NaiveDate> = sessions
        .dates()
        .iter()
        .enumerate()
        .filter(|(index, _)| i64::try_from(*index).is_ok_and(|index| reach(span.first()) <= index && index <= reach(span.last())))
        .map(|(_, date)| *date)
        .collect();
    let mut securities = Vec::with_capacity(compared.len());
    for entry in compared {
        let series = book.get(&entry.symbol)?;
        securities.push(measure_one(entry, series, market, sessions, base, &dates));
    }
    Ok(Some(Performance { base, sessions: dates, securities }))
}

fn measure_one(
    entry: &Compared,
    series: &PriceSeries,
    market: &PriceSeries,
    sessions: &Sessions,
    base: NaiveDate,
    dates: &[NaiveDate],
) -> SecurityPerformance {
    let rebase = |series: &PriceSeries, date: NaiveDate| {
        // Before the base the performance runs the other way round.
        let growth = if date < base {
            series.performance(date, base).map(|growth| 1.0 / (1.0 + growth))
        } else {
            series.performance(base, date).map(|growth| 1.0 + growth)
        };
        growth.map(|growth| 100.0 * growth)
    };
    let rebased: Vec<Option<f64>> = dates.iter().map(|date| rebase(series, *date)).collect();
    let relative_strength = dates.iter().zip(&rebased).map(|(date, own)| Some(100.0 * (*own)? / rebase(market, *date)?)).collect();
    let (drawdown, deepest) = draw_down(dates, &rebased);
    let periods = Period::all().into_iter().map(|period| measure_period(period, entry, series, market, sessions, base)).collect();
    SecurityPerformance {
        symbol: entry.symbol.clone(),
        role: entry.role,
        beta: entry.beta,
        rebased,
        relative_strength,
        drawdown,
        deepest,
        periods,
    }
}

fn measure_period(
    period: Period,
    entry: &Compared,
    series: &PriceSeries,
    market: &PriceSeries,
    sessions: &Sessions,
    base: NaiveDate,
) -> PeriodPerformance {
    let bounds = period.bounds(base, sessions);
    let security = bounds.and_then(|(from, to)| series.performance(from, to));
    let benchmark = bounds.and_then(|(from, to)| market.performance(from, to));
    // The benchmark has no gap to itself.
    let against = benchmark.filter(|_| entry.role != Role::Benchmark);
    let levered = bounds
        .zip(entry.beta.filter(|_| entry.role != Role::Benchmark))
        .and_then(|((from, to), beta)| hold_levered(market, from, to, beta));
    PeriodPerformance {
        period,
        from: bounds.map(|(from, _)| from),
        to: bounds.map(|(_, to)| to),
        security,
        benchmark,
        gap_pp: security.zip(against).map(|(own, market)| 100.0 * (own - market)),
        relative: security.zip(against).map(|(own, market)| (1.0 + own) / (1.0 + market) - 1.0),
        beta_adjusted_gap_pp: security.zip(levered).map(|(own, levered)| 100.0 * (own - levered)),
    }
}

/// Return of the benchmark held `beta` times from close to close, rebalanced every session. None when that loses everything on the
/// way (nothing is left to rebalance), or when it is too large for a number.
fn hold_levered(market: &PriceSeries, from: NaiveDate, to: NaiveDate, beta: f64) -> Option<f64> {
    market.performance(from, to)?;
    let returns = market.returns(ReturnKind::Simple);
    let mut held = 1.0;
    for (_, value) in returns.dates().iter().zip(returns.values()).filter(|(date, _)| from < **date && **date <= to) {
        let factor = 1.0 + beta * value;
        if factor <= 0.0 {
            return None;
        }
        held *= factor;
    }
    Some(held - 1.0).filter(|held| held.is_finite())
}

fn draw_down(dates: &[NaiveDate], levels: &[Option<f64>]) -> (Vec<Option<f64>>, Option<Drawdown>) {
    let mut peak: Option<(NaiveDate, f64)> = None;
    let mut deepest: Option<Drawdown> = None;
    let mut path = Vec::with_capacity(levels.len());
    for (date, level) in dates.iter().zip(levels) {
        let Some(level) = level else {
            path.push(None);
            continue;
        };
        let (high_date, high) = match peak {
            Some((high_date, high)) if high >= *level => (high_date, high),
            _ => (*date, *level),
        };
        peak = Some((high_date, high));
        let depth = level / high - 1.0;
        if depth < deepest.map_or(0.0, |deepest| deepest.depth) {
            deepest = Some(Drawdown { depth, peak: high_date, trough: *date });
        }
        path.push(Some(depth));
    }
    (path, deepest)
}
