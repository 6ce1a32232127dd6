//! Where each event falls on the grid, or why it can't be used.

use std::ops::Range;

use chrono::NaiveDate;
use serde::Serialize;
use thiserror::Error;

use super::bar::BarLength;
use super::grid::BarGrid;
use crate::calendar::{NoSession, Timing};
use crate::event::Moment;
use crate::series::UnknownSymbol;
use crate::window::Window;

/// Why an event isn't used.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum IntradayExclusion {
    /// No bars of the security, or of the event's own benchmark.
    #[error("no bars for the symbol \"{symbol}\"{}", list_near(.near))]
    UnknownSymbol {
        /// The symbol.
        symbol: String,
        /// The nearest that there are.
        near: Vec<String>,
    },
    /// A security, or an event's own benchmark, whose bars are all farther apart than the study's.
    #[error("no two bars of {symbol} are nearer than {own}, the study's are of {bar}: it has too few trades, or its file longer bars")]
    BarsApart {
        /// The symbol.
        symbol: String,
        /// Its shortest distance of bars in a session.
        own: BarLength,
        /// The study's bars.
        bar: BarLength,
    },
    /// A date without a time.
    #[error("the event has a date, {date}, and no time of day: give it a time with its zone, or the timing before-open or after-close")]
    NoTime {
        /// Its date.
        date: NaiveDate,
    },
    /// No bar can react to it.
    #[error("{0}")]
    NoSession(NoSession),
    /// The event window leaves the data.
    #[error("the event window needs the bars {first} to {last} from bar 0, and the data ends before: it goes from {from} to {to}")]
    OutsideData {
        /// First bar of the window.
        first: i32,
        /// Last bar of the window.
        last: i32,
        /// First session of the data.
        from: NaiveDate,
        /// Last session.
        to: NaiveDate,
    },
    /// The event window goes over a session that the data lacks.
    #[error("the event window goes over a session of the exchange before {session} that the benchmark has no bars of")]
    Hole {
        /// First session after the hole.
        session: NaiveDate,
    },
    /// Too few sessions before the event window.
    #[error("{found} of the {wanted} estimation sessions before the event have bars of the security, fewer than {least}")]
    TooFewSessions {
        /// Sessions with a return.
        found: usize,
        /// Sessions asked for.
        wanted: usize,
        /// Least number.
        least: usize,
    },
    /// Too few returns at a time of day.
    #[error(
        "at {time} the security has a return in {found} of the estimation sessions, fewer than {least}: too few for the bar's standard error"
    )]
    TooFewAtTime {
        /// Time of day at the exchange.
        time: String,
        /// Sessions with a return then.
        found: usize,
        /// Least number.
        least: usize,
    },
    /// Bars of the event window without a return.
    #[error("{missing} of the {bars} bars of the event window have no return (first: {first}), more than the {allowed} allowed{}", if *.no_open { "; the first bar of a session has none, as there is no opening price" } else { "" })]
    MissingBars {
        /// How many.
        missing: usize,
        /// Bars of the window.
        bars: usize,
        /// The first of them, as clocks at the exchange show its beginning.
        first: String,
        /// How many are allowed.
        allowed: usize,
        /// Whether a session's first bar is among them for want of an opening price.
        no_open: bool,
    },
    /// Too few bars for the model.
    #[error("{found} bars of the estimation sessions have a return: too few for a model")]
    TooFewBars {
        /// How many.
        found: usize,
    },
    /// Returns that don't vary.
    #[error("the returns of the estimation sessions don't vary")]
    NoVariance,
    /// A benchmark that doesn't vary.
    #[error("the benchmark's returns in the estimation sessions don't vary: no slope can be fitted")]
    BenchmarkConstant,
    /// A bar that never moved in the estimation sessions.
    #[error("at {time} the abnormal return was zero in every estimation session: the bar has no standard error")]
    NoVarianceAtTime {
        /// Time of day at the exchange.
        time: String,
    },
}

fn list_near(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(" (near: {})", names.join(", ")) }
}

impl IntradayExclusion {
    /// The kind of reason, by which exclusions are counted.
    pub fn kind(&self) -> &'static str {
        match self {
            IntradayExclusion::UnknownSymbol { .. } => "unknown-symbol",
            IntradayExclusion::BarsApart { .. } => "bars-apart",
            IntradayExclusion::NoTime { .. } => "no-time",
            IntradayExclusion::NoSession(_) => "no-session",
            IntradayExclusion::OutsideData { .. } => "outside-data",
            IntradayExclusion::Hole { .. } => "hole",
            IntradayExclusion::TooFewSessions { .. } => "too-few-sessions",
            IntradayExclusion::TooFewAtTime { .. } => "too-few-at-time",
            IntradayExclusion::MissingBars { .. } => "missing-bars",
            IntradayExclusion::TooFewBars { .. } => "too-few-bars",
            IntradayExclusion::NoVariance => "no-variance",
            IntradayExclusion::BenchmarkConstant => "benchmark-constant",
            IntradayExclusion::NoVarianceAtTime { .. } => "no-variance-at-time",
        }
    }
}

impl From<UnknownSymbol> for IntradayExclusion {
    fn from(unknown: UnknownSymbol) -> Self {
        IntradayExclusion::UnknownSymbol { symbol: unknown.symbol, near: unknown.near }
    }
}

/// Where the news fell in the exchange's day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NewsTime {
    /// Within a session.
    InSession,
    /// Outside: the first bar of the next session reacts.
    OutsideHours,
}

/// Where an event falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// Session of bar 0.
    pub session: usize,
    /// Slot of bar 0.
    pub slot: usize,
    /// Position of bar 0.
    pub zero: usize,
    /// Position of the event window's first bar.
    pub first: usize,
    /// Session of the event window's first bar: estimation ends before it.
    pub first_session: usize,
    pub news: NewsTime,
}

/// The place of a moment.
pub(super) fn place(grid: &BarGrid, moment: Moment, window: Window, limit: i64) -> Result<Place, IntradayExclusion> {
    let instant = match moment {
        Moment::Instant(instant) => instant.timestamp(),
        Moment::Day(date, timing) => {
            // One second before the open nothing has traded; at the close all has.
            match (grid.hours().session(date), timing) {
                (_, Timing::During | Timing::Unknown) => return Err(IntradayExclusion::NoTime { date }),
                (Some((open, _)), Timing::BeforeOpen) => open - 1,
                (Some((_, close)), Timing::AfterClose) => close,
                (None, _) => grid.hours().midnight(date),
            }
        }
    };
    let (session, slot) = grid.reaction(instant, limit).map_err(IntradayExclusion::NoSession)?;
    let sessions = grid.sessions();
    let outside = || IntradayExclusion::OutsideData {
        first: window.first(),
        last: window.last(),
        from: sessions.first().map(|session| session.date).unwrap_or_default(),
        to: sessions.last().map(|session| session.date).unwrap_or_default(),
    };
    let found = sessions.get(session).ok_or_else(outside)?;
    let zero = found.first + slot;
    let moved = |days: i32| zero.checked_add_signed(days as isize).filter(|position| *position < grid.positions());
    let (first, last) = (moved(window.first()).ok_or_else(outside)?, moved(window.last()).ok_or_else(outside)?);
    let (first_session, _) = grid.locate(first).ok_or_else(outside)?;
    let (last_session, _) = grid.locate(last).ok_or_else(outside)?;
    let inner = sessions.get(first_session + 1..=last_session).unwrap_or_default();
    if let Some(hole) = inner.iter().find(|session| session.after_hole) {
        return Err(IntradayExclusion::Hole { session: hole.date });
    }
    let news = if instant < found.open { NewsTime::OutsideHours } else { NewsTime::InSession };
    Ok(Place { session, slot, zero, first, first_session, news })
}

/// The estimation sessions, counted from the session in which the event window begins: −1 is the one before. Those before the data are
/// missing from the range.
pub(super) fn estimation_sessions(first_session: usize, estimation: Window) -> Range<usize> {
    let at = |days: i32| first_session.saturating_add_signed(days as isize);
    let is_before_data = (estimation.last().unsigned_abs() as usize) > first_session;
    if is_before_data { 0..0 } else { at(estimation.first())..at(estimation.last()) + 1 }
}
