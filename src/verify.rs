//! Is the figure right? Each stated figure is measured under **every reading of its horizon**, to the close of the as-of session.
//!
//! Readings begin at the close of:
//!
//! | horizon | primary reading | others |
//! |---|---|---|
//! | session | the session before | |
//! | n sessions | n sessions before | |
//! | n days | n days before | n sessions before |
//! | n weeks | 5n sessions before | the same weekday 7n days before; the last close of the week n before |
//! | n months, quarter | the same day n calendar months before | 30n days; 28n days; 20n, 21n, 22n sessions; the last session of the month n before |
//! | n years | the same day n years before | 365n days; 364n days; 252n sessions; the last session of the year n before |
//! | week to date | the last session of the week before | 5 sessions; 7 days |
//! | month, quarter to date | the last session of the month, quarter before | the same day a month, a quarter before |
//! | year to date | the last session of the year before | |
//! | since a day | that date's close | the close before it |
//! | since a month, quarter, year | the close before its first day | its first close; its last close |
//! | from the high or low | the highest (lowest) close | the highest (lowest) intraday price |
//!
//! These end before the as-of session where the period was over by then:
//!
//! | horizon | primary reading | others |
//! |---|---|---|
//! | last week, month, quarter, year | from the close before the calendar unit that precedes the as-of session's own, to its last close | the readings of a week, month, quarter, year up to the as-of session |
//! | during a month, quarter, year | from the close before it to its last close, or to the as-of close while it isn't over | from its first close |
//! | during a session (intraday) | from the session before to the day's high or low | |
//!
//! "Fell as much as 20 %" speaks of the day's lowest price, "rose as much as" of the highest: that one is measured, and has to be about the figure.
//!
//! A day without a session stands for the last session before it. The quarter's last reading is quarter to date. The year's readings are
//! the month's, in the units of a year. A high or low is looked for over 52 weeks (364 days), since a date, within a named period, or, for a
//! record, over all prices there are, with the day on which they begin. A period named without its year is the latest that has begun by the
//! as-of session; "since Friday" begins before it. After the close, before the open and since something undated no reading is possible.
//!
//! A gap to a benchmark is the security's return less the benchmark's over the same sessions, in percentage points; readings within a session
//! and start dates are left out.
//!
//! Verdict: *reproduced* when the primary reading's value lies in the set that the printed figure covers
//! ([`StatedPercent::covered`](crate::claim::StatedPercent::covered)), *reproduced only as …* when another's does, *contradicted* when none
//! does, *not checkable* when the primary one can't be measured and no other reproduces the figure. A move within a session is *reproduced* when
//! the day's high or low gives it (that one is then the primary reading), *contradicted* when nothing it covers lies between them, and *not
//! checkable* otherwise: a price in between can have given it. Right is not the same as unusual: see [`crate::inference`].

pub mod as_of;
mod measure;
pub mod reading;

use chrono::{Datelike, NaiveDate};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

pub use as_of::{AsOf, AsOfSource};
pub use reading::{Level, Range, Reading, ReadingKind};

use crate::calendar::Sessions;
use crate::claim::{Claim, CoveredSet, Horizon, Inference, Qualifier, StatedPercent, Subject};
use crate::series::{PriceBook, PriceSeries};
use measure::Prices;

/// What became of a claim.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The primary reading reproduces the figure.
    Reproduced,
    /// Only other readings do.
    ReproducedOnlyAs,
    /// No reading does.
    Contradicted,
    /// It can't be measured.
    NotCheckable {
        /// Why, in words.
        reason: String,
    },
}

impl Verdict {
    /// The verdict's name in result files.
    pub fn name(&self) -> &'static str {
        match self {
            Verdict::Reproduced => "reproduced",
            Verdict::ReproducedOnlyAs => "reproduced-only-as",
            Verdict::Contradicted => "contradicted",
            Verdict::NotCheckable { .. } => "not-checkable",
        }
    }
}

impl Serialize for Verdict {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// The value measured from one start date.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct StartDate {
    /// Session at whose close the window begins.
    pub from: NaiveDate,
    /// Return to the as-of close; percent in result files.
    #[serde(rename = "measured_pct", serialize_with = "as_percent")]
    pub measured: f64,
}

/// A claim with what the prices say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Key of the claim.
    pub id: String,
    /// Security; in result files its `symbol`, or the `name` that no table holds.
    #[serde(flatten, serialize_with = "symbol_and_name")]
    pub subject: Subject,
    /// Horizon claimed.
    pub horizon: Horizon,
    /// Symbol of the benchmark when the figure is a gap to it, in percentage points: the security's return less the benchmark's. None for a
    /// move.
    pub against: Option<String>,
    /// The figure as printed; percent in result files.
    #[serde(rename = "stated_pct", serialize_with = "stated_percent")]
    pub stated: StatedPercent,
    /// Decimals printed.
    pub decimals: u8,
    /// Qualifier.
    pub qualifier: Qualifier,
    /// The set of moves that the figure covers, percent.
    pub covers_pct: CoveredSet,
    /// Day to whose close the figure refers; None when unknown.
    pub as_of: Option<NaiveDate>,
    /// Where the figure stands in the article's text, byte offsets.
    pub span: Option<(usize, usize)>,
    /// What of the claim isn't said in so many words.
    pub inferred: Vec<Inference>,
    /// The verdict.
    pub verdict: Verdict,
    /// Why a claim isn't checkable, or why one of its readings couldn't be measured and might have reproduced it; None otherwise.
    pub reason: Option<String>,
    /// The first reading of the horizon; None when the as-of session is unknown.
    pub primary: Option<Reading>,
    /// All readings, the primary one first.
    pub readings: Vec<Reading>,
    /// Smallest and largest value over the readings; percent in result files.
    #[serde(rename = "range_pct", serialize_with = "pair_as_percent")]
    pub range: Option<(f64, f64)>,
    /// The value from every start date around the readings, for horizons that count back; empty for others.
    pub start_dates: Vec<StartDate>,
}

impl Finding {
    /// The readings that reproduce the figure.
    pub fn reproducing(&self) -> impl Iterator<Item = &Reading> {
        self.readings.iter().filter(|reading| reading.reproduces == Some(true))
    }
}

pub(crate) fn as_percent<S: Serializer>(fraction: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(100.0 * fraction)
}

fn stated_percent<S: Serializer>(stated: &StatedPercent, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(stated.percent())
}

fn pair_as_percent<S: Serializer>(pair: &Option<(f64, f64)>, serializer: S) -> Result<S::Ok, S::Error> {
    pair.map(|(low, high)| [100.0 * low, 100.0 * high]).serialize(serializer)
}

fn symbol_and_name<S: Serializer>(subject: &Subject, serializer: S) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry("symbol", &subject.symbol())?;
    map.serialize_entry("name", &subject.name())?;
    map.end()
}

/// Why a claim isn't checkable when neither it nor its article gives the session.
pub(crate) const SESSION_UNKNOWN: &str = "the session to which the figure refers isn't known";

/// Measures a claim under every reading of its horizon. `as_of` is the day to whose close its figure refers ([`as_of::of_claim`]); a day
/// without a session makes it not checkable.
pub fn verify(claim: &Claim, as_of: Option<NaiveDate>, book: &PriceBook, sessions: &Sessions) -> Finding {
    let mut finding = Finding {
        id: claim.id.clone(),
        subject: claim.subject.clone(),
        horizon: claim.horizon,
        against: claim.against.clone(),
        stated: claim.stated,
        decimals: claim.stated.decimals(),
        qualifier: claim.qualifier,
        covers_pct: claim.stated.covered(if is_extreme(claim) { Qualifier::About } else { claim.qualifier }),
        as_of,
        span: claim.span,
        inferred: claim.inferred.clone(),
        verdict: Verdict::Contradicted,
        reason: None,
        primary: None,
        readings: Vec::new(),
        range: None,
        start_dates: Vec::new(),
    };
    match measure_all(claim, as_of, book, sessions) {
        Err(reason) => finding.verdict = Verdict::NotCheckable { reason },
        Ok(Measured { mut readings, start_dates }) => {
            if is_extreme(claim) {
                readings.truncate(1);
            }
            for reading in &mut readings {
                reading.reproduces = reading.measured.map(|measured| finding.covers_pct.contains(100.0 * measured));
            }
            finding.verdict = if claim.horizon == Horizon::Intraday && !is_extreme(claim) {
                // Nothing tells the day's extremes apart but the figure itself.
                readings.sort_by_key(|reading| reading.reproduces != Some(true));
                judge_within_session(&readings, finding.covers_pct)
            } else {
                judge(&readings)
            };
            finding.primary = readings.first().cloned();
            let measured = || readings.iter().filter_map(|reading| reading.measured);
            finding.range = measured().reduce(f64::min).zip(measured().reduce(f64::max));
            finding.readings = readings;
            finding.start_dates = start_dates;
        }
    }
    finding.reason = match &finding.verdict {
        Verdict::NotCheckable { reason } => Some(reason.clone()),
        Verdict::Reproduced => None,
        // A reading that couldn't be measured might have reproduced the figure.
        Verdict::ReproducedOnlyAs | Verdict::Contradicted => finding.readings.iter().find_map(|reading| reading.reason.clone()),
    };
    finding
}

/// "Fell as much as 20 %": the day's extreme in that direction was about that; any smaller fall would not do.
fn is_extreme(claim: &Claim) -> bool {
    claim.horizon == Horizon::Intraday && claim.qualifier == Qualifier::AtMost && claim.against.is_none()
}

struct Measured {
    readings: Vec<Reading>,
    start_dates: Vec<StartDate>,
}

/// The readings with their values, or why there can be none.
fn measure_all(claim: &Claim, as_of: Option<NaiveDate>, book: &PriceBook, sessions: &Sessions) -> Result<Measured, String> {
    let symbol = match &claim.subject {
        Subject::Symbol(symbol) => symbol,
        Subject::Unknown(name) => return Err(format!("“{name}” is in no table of names: add it with --names, or give its symbol")),
        Subject::Unsaid => return Err("the text doesn't say which security".to_owned()),
    };
    let own = priced(symbol, book)?;
    let against = claim.against.as_deref().map(|benchmark| Ok::<_, String>((benchmark, priced(benchmark, book)?))).transpose()?;
    let as_of = as_of.ok_or_else(|| SESSION_UNKNOWN.to_owned())?;
    if let Some(reason) = no_session(as_of, sessions) {
        return Err(format!("{as_of} isn't a session of the benchmark: {reason}"));
    }
    let begins = own.dates().first().copied().unwrap_or(as_of);
    let mut kinds = reading::kinds(claim.horizon, as_of, begins, claim.stated.is_fall())?;
    if against.is_some() {
        kinds.retain(|kind| !kind.is_intraday());
        if kinds.is_empty() {
            return Err("the highs and lows of two securities don't fall on the same moment of a session".to_owned());
        }
    }
    if kinds.iter().all(|kind| kind.ends_as_of()) && own.close_on(as_of).is_none() {
        return Err(format!("{symbol} has no close on {as_of}"));
    }
    let prices = Prices { own, against, sessions };
    let readings = kinds.into_iter().map(|kind| prices.measure(kind, as_of)).collect();
    let start_dates = if against.is_some() { Vec::new() } else { measure::start_dates(claim.horizon, as_of, own, sessions) };
    Ok(Measured { readings, start_dates })
}

fn priced<'a>(symbol: &str, book: &'a PriceBook) -> Result<&'a PriceSeries, String> {
    book.get(symbol).map_err(|unknown| format!("{unknown}: add a price file that holds it"))
}

/// Why a day isn't a session; None when it is one.
fn no_session(day: NaiveDate, sessions: &Sessions) -> Option<String> {
    if sessions.position(day).is_some() {
        return None;
    }
    let weekday = day.format("%A");
    let Some((first, last)) = sessions.dates().first().zip(sessions.dates().last()) else { return Some("it has none".to_owned()) };
    let closure = sessions.exchange().and_then(|exchange| exchange.closure(day)).filter(|closure| *closure != "weekend");
    Some(match closure {
        _ if day.weekday().num_days_from_monday() >= 5 => format!("a {weekday}"),
        Some(holiday) => holiday.to_owned(),
        None if day > *last => format!("its prices end on {last}"),
        None if day < *first => format!("its prices begin on {first}"),
        None if sessions.exchange().is_some_and(|exchange| exchange.holds_session(day)) => {
            "the exchange traded, but there is no price".to_owned()
        }
        None => format!("a {weekday} without a price"),
    })
}

fn judge(readings: &[Reading]) -> Verdict {
    let primary = readings.first();
    match primary.and_then(|primary| primary.reproduces) {
        Some(true) => Verdict::Reproduced,
        _ if readings.iter().any(|reading| reading.reproduces == Some(true)) => Verdict::ReproducedOnlyAs,
        Some(false) => Verdict::Contradicted,
        None => Verdict::NotCheckable {
            reason: primary.and_then(|primary| primary.reason.clone()).unwrap_or_else(|| "the horizon has no reading".to_owned()),
        },
    }
}

/// A move within a session, from the day's extremes; those that reproduce the figure come first.
fn judge_within_session(readings: &[Reading], covered: CoveredSet) -> Verdict {
    let mut values = readings.iter().map(|reading| reading.measured.map(|measured| 100.0 * measured));
    match (values.next().flatten(), values.next().flatten()) {
        _ if readings.iter().any(|reading| reading.reproduces == Some(true)) => Verdict::Reproduced,
        (Some(one), Some(other)) => {
            let (low, high) = (one.min(other), one.max(other));
            let above = covered.low.is_none_or(|bound| bound < high);
            let below = covered.high.is_none_or(|bound| bound > low);
            if !(above && below) {
                return Verdict::Contradicted;
            }
            let percent = |value: f64| format!("{value:+.2}\u{202F}%").replace('-', "\u{2212}");
            let reason = format!("the day ran from {} to {}: a price in between can have given the figure", percent(low), percent(high));
            Verdict::NotCheckable { reason }
        }
        _ => judge(readings),
    }
}
