//! Is the figure right? Each stated figure is measured under **every reading of its horizon**, to the close of the as-of session.
//!
//! Readings begin at the close of:
//!
//! | horizon | primary reading | others |
//! |---|---|---|
//! | session | the session before | |
//! | n weeks | 5n sessions before | the same weekday 7n days before; the last close of the week n before |
//! | n months, quarter | the same day n calendar months before | 30n days; 28n days; 20n, 21n, 22n sessions; the last session of the month n before |
//! | n years | the same day n years before | 365n days; 364n days; 252n sessions; the last session of the year n before |
//! | n sessions | n sessions before | |
//! | year to date | the last session of the year before | |
//! | since a date | that date's close | the close before it |
//! | from the high or low | the highest (lowest) close | the highest (lowest) intraday price |
//!
//! A day without a session stands for the last session before it. The quarter's last reading is quarter to date. The year's readings are
//! the month's, in the units of a year.
//!
//! Verdict: *reproduced* when the primary reading's value lies in the set that the printed figure covers
//! ([`StatedPercent::covered`](crate::claim::StatedPercent::covered)), *reproduced only as …* when another's does, *contradicted* when none
//! does, *not checkable* when the primary one can't be measured and no other reproduces the figure. Right is not the same as unusual: see
//! [`crate::inference`].

pub mod as_of;
pub mod reading;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

pub use as_of::{AsOf, AsOfSource};
pub use reading::{Reading, ReadingKind};

use crate::calendar::Sessions;
use crate::claim::{Claim, CoveredSet, Horizon, Qualifier, StatedPercent};
use crate::series::PriceBook;

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
    /// Security.
    pub symbol: String,
    /// Horizon claimed.
    pub horizon: Horizon,
    /// The figure as printed; percent in result files.
    #[serde(rename = "stated_pct", serialize_with = "stated_percent")]
    pub stated: StatedPercent,
    /// Decimals printed.
    pub decimals: u8,
    /// Qualifier.
    pub qualifier: Qualifier,
    /// The set of moves that the figure covers, percent.
    pub covers_pct: CoveredSet,
    /// Session to whose close the figure refers; None when unknown.
    pub as_of: Option<NaiveDate>,
    /// Where the figure stands in the article's text, byte offsets.
    pub span: Option<(usize, usize)>,
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

/// Measures a claim under every reading of its horizon.
pub fn verify(claim: &Claim, as_of: Option<NaiveDate>, book: &PriceBook, sessions: &Sessions) -> Finding {
    let mut finding = Finding {
        id: claim.id.clone(),
        symbol: claim.symbol.clone(),
        horizon: claim.horizon,
        stated: claim.stated,
        decimals: claim.stated.decimals(),
        qualifier: claim.qualifier,
        covers_pct: claim.stated.covered(claim.qualifier),
        as_of,
        span: claim.span,
        verdict: Verdict::Contradicted,
        reason: None,
        primary: None,
        readings: Vec::new(),
        range: None,
        start_dates: Vec::new(),
    };
    let checked = as_of.ok_or_else(|| "the session to which the figure refers isn't known".to_owned()).and_then(|as_of| {
        let series = book.get(&claim.symbol).map_err(|unknown| unknown.to_string())?;
        if sessions.position(as_of).is_none() {
            return Err(format!("{as_of} isn't a session of the benchmark"));
        }
        if series.close_on(as_of).is_none() {
            return Err(format!("{} has no close on {as_of}", claim.symbol));
        }
        Ok((as_of, series))
    });
    let (as_of, series) = match checked {
        Ok(found) => found,
        Err(reason) => {
            finding.reason = Some(reason.clone());
            finding.verdict = Verdict::NotCheckable { reason };
            return finding;
        }
    };
    finding.readings = reading::readings(claim.horizon, as_of, series, sessions);
    for reading in &mut finding.readings {
        reading.reproduces = reading.measured.map(|measured| finding.covers_pct.contains(100.0 * measured));
    }
    finding.primary = finding.readings.first().cloned();
    let measured = || finding.readings.iter().filter_map(|reading| reading.measured);
    finding.range = measured().reduce(f64::min).zip(measured().reduce(f64::max));
    finding.start_dates = reading::start_dates(claim.horizon, as_of, series, sessions);
    finding.verdict = judge(&finding.readings);
    finding.reason = match &finding.verdict {
        Verdict::NotCheckable { reason } => Some(reason.clone()),
        Verdict::Reproduced => None,
        // A reading that couldn't be measured might have reproduced the figure.
        Verdict::ReproducedOnlyAs | Verdict::Contradicted => finding.readings.iter().find_map(|reading| reading.reason.clone()),
    };
    finding
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
