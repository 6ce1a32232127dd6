//! From prices and an event to the returns that the event needs, or an [`Exclusion`] with its reason.
//!
//! Returns are paired on the benchmark's sessions. Day 0 is the first session that can react ([`Sessions::reaction`]); the
//! estimation window moves along with it. A day without a return stays without: it is never 0 and never filled.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;
use thiserror::Error;

use crate::calendar::{Exchange, NoSession, Sessions, ShiftPolicy, Timing};
use crate::event::{Event, EventId, Moment};
use crate::series::{PriceBook, ReturnKind, UnknownSymbol};
use crate::window::{EventDay, Window, WindowError, Windows};

/// How events are placed on sessions, and which are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AlignmentRule {
    /// Estimation and event window.
    pub windows: Windows,
    /// Simple or log returns.
    pub returns: ReturnKind,
    /// What happens to an event whose own day can't react.
    pub shift: ShiftPolicy,
    /// Largest shift, calendar days.
    pub largest_shift: i64,
    /// Least number of estimation days with both returns.
    pub least_estimation: usize,
    /// How many days of the event window may lack a return; 0 excludes an event with any.
    pub allowed_missing: usize,
    /// Exchange whose rules tell a hole from a holiday; None for none.
    pub exchange: Option<Exchange>,
}

/// Why an event can't be used; it is listed with this reason, and the rest goes on.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Exclusion {
    /// No prices for its symbol.
    #[error("{unknown}{near}", unknown = .0, near = suggest(.0))]
    UnknownSymbol(UnknownSymbol),
    /// The security traded on the event's own weekday, and the benchmark has no price: a hole, whatever the exchange.
    #[error("{symbol} has a price on {date}, but the benchmark has none: fill the hole in its data")]
    BenchmarkMissing {
        /// The event's symbol.
        symbol: String,
        /// The event's date.
        date: NaiveDate,
    },
    /// No session can be its day 0.
    #[error("{0}")]
    NoSession(NoSession),
    /// A window leaves the benchmark's data.
    #[error(
        "the {which} window {window} around {day_zero} leaves the data: it needs {needed} sessions {side} day 0, there are {there}. \
         Shorten the window or add prices"
    )]
    WindowLeavesData {
        /// "estimation" or "event".
        which: &'static str,
        /// The window.
        window: Window,
        /// Day 0.
        day_zero: NaiveDate,
        /// Sessions needed on that side.
        needed: usize,
        /// Sessions there are.
        there: usize,
        /// "before" or "after".
        side: &'static str,
    },
    /// Too few estimation returns.
    #[error("{found} of the {window} estimation days have a return, fewer than the {least} required")]
    TooFewReturns {
        /// Estimation days with both returns.
        found: usize,
        /// Days of the estimation window.
        window: usize,
        /// Least number.
        least: usize,
    },
    /// Days of the event window have no return.
    #[error("{} of the event window {} no return: {}", count_days(.days), if .days.len() == 1 { "has" } else { "have" }, list_days(.days))]
    MissingReturns {
        /// The days, with their sessions.
        days: Vec<(EventDay, NaiveDate)>,
    },
    /// A window to cumulate over has no return at all.
    #[error("there is nothing to cumulate over the window {window}: no session of it has a return, or its values are beyond all prices")]
    NothingToCumulate {
        /// The window.
        window: Window,
    },
    /// No prices for the event's own benchmark.
    #[error("the event's benchmark: {unknown}{near}", unknown = .0, near = suggest(.0))]
    UnknownBenchmark(UnknownSymbol),
    /// Its security is quoted at longer intervals than its benchmark.
    #[error(
        "{symbol} has a return on {percent} % of the sessions only: it is quoted at longer intervals than its benchmark. Give daily prices, \
         or a benchmark of the same frequency"
    )]
    OtherFrequency {
        /// The event's symbol.
        symbol: String,
        /// Share of the sessions with a return, percent.
        percent: u32,
    },
    /// The regressors lack days that the security has.
    #[error(
        "the benchmark (or a factor) lacks returns: of the {window} estimation days both have one on {found}, fewer than the {least} required, \
         the security alone on {own}"
    )]
    RegressorMissing {
        /// Estimation days with all returns.
        found: usize,
        /// Those on which the security has one.
        own: usize,
        /// Days of the estimation window.
        window: usize,
        /// Least number.
        least: usize,
    },
    /// The event's own windows don't fit each other, or a window to cumulate over leaves its own event window.
    #[error("{0}")]
    Windows(WindowError),
    /// Its event window shares a session with that of another event of the same security, and such events are to be left out.
    #[error("its event window overlaps that of \"{other}\", another event of the same security")]
    Overlapping {
        /// The other event.
        other: EventId,
    },
    /// Day 0 of another event of the same security falls into its estimation window, and such events are to be left out.
    #[error("day 0 of \"{other}\", another event of the same security, falls into its estimation window")]
    Contaminated {
        /// The other event.
        other: EventId,
    },
    /// The model can't be fitted.
    #[error("{reason}")]
    NoModel {
        /// Why.
        reason: String,
    },
    /// No other securities can be its controls.
    #[error("{reason}")]
    NoControl {
        /// Why.
        reason: String,
    },
}

impl Exclusion {
    /// The kind of reason, in a few words: what exclusions are counted by.
    pub fn kind(&self) -> &'static str {
        match self {
            Exclusion::UnknownSymbol(_) => "unknown symbol",
            Exclusion::UnknownBenchmark(_) => "unknown benchmark",
            Exclusion::BenchmarkMissing { .. } => "benchmark has a hole",
            Exclusion::NoSession(_) => "no session can react",
            Exclusion::WindowLeavesData { .. } => "window leaves the data",
            Exclusion::TooFewReturns { .. } => "too few estimation returns",
            Exclusion::OtherFrequency { .. } => "another frequency than the benchmark",
            Exclusion::RegressorMissing { .. } => "benchmark or factors lack returns",
            Exclusion::MissingReturns { .. } => "returns missing in the event window",
            Exclusion::NothingToCumulate { .. } => "nothing to cumulate",
            Exclusion::Windows(_) => "windows don't fit",
            Exclusion::Overlapping { .. } => "overlapping event",
            Exclusion::Contaminated { .. } => "event in the estimation window",
            Exclusion::NoModel { .. } => "model can't be fitted",
            Exclusion::NoControl { .. } => "no control securities",
        }
    }
}

fn suggest(unknown: &UnknownSymbol) -> String {
    match unknown.near.as_slice() {
        [] => String::new(),
        near => format!(" (did you mean {}?)", near.join(", ")),
    }
}

fn count_days(days: &[(EventDay, NaiveDate)]) -> String {
    if days.len() == 1 { "1 day".to_owned() } else { format!("{} days", days.len()) }
}

fn list_days(days: &[(EventDay, NaiveDate)]) -> String {
    let shown: Vec<String> = days.iter().take(5).map(|(day, date)| format!("day {day} ({date})")).collect();
    let rest = days.len().saturating_sub(shown.len());
    if rest == 0 { shown.join(", ") } else { format!("{} and {rest} more", shown.join(", ")) }
}

/// A session of the event window with the returns there are, fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WindowDay {
    /// Sessions from day 0.
    pub day: EventDay,
    /// The session.
    pub session: NaiveDate,
    /// Security's return; None when it has no quote that session.
    pub security: Option<f64>,
    /// Benchmark's return; None on the first session of its data.
    pub benchmark: Option<f64>,
}

/// One day on which both have a return.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PairedReturn {
    /// Sessions from day 0.
    pub day: EventDay,
    /// The session.
    pub session: NaiveDate,
    /// Security's return, a fraction.
    pub security: f64,
    /// Benchmark's return, a fraction.
    pub benchmark: f64,
}

/// The returns of one event.
#[derive(Debug, Clone, PartialEq)]
pub struct AlignedEvent {
    /// First session that can react.
    pub day_zero: NaiveDate,
    /// Calendar days from the event's date to day 0.
    pub shift_days: i64,
    /// Security's returns over the estimation days that have both, in order of time.
    pub estimation_security: Vec<f64>,
    /// Benchmark's returns over the same days.
    pub estimation_benchmark: Vec<f64>,
    /// Sessions of those days.
    pub estimation_sessions: Vec<NaiveDate>,
    /// Every day of the event window.
    pub window: Vec<WindowDay>,
    /// Every session of the data, before, in and after the windows.
    pub history: Vec<WindowDay>,
}

/// Day 0 of an event, with its shift in calendar days from the event's date at the exchange.
///
/// # Errors
/// [`NoSession`] when no session can be day 0.
pub fn day_zero(moment: Moment, sessions: &Sessions, rule: &AlignmentRule) -> Result<(NaiveDate, i64), NoSession> {
    let (date, timing) = moment.place(rule.exchange);
    let session = sessions.reaction(date, timing, rule.shift, rule.largest_shift, rule.exchange)?;
    Ok((session, (session - date).num_days()))
}

/// Pairs the event's security with the benchmark around day 0.
///
/// # Errors
/// [`Exclusion`] when the event can't be used.
pub fn align(
    event: &Event,
    book: &PriceBook,
    benchmark: &str,
    sessions: &Sessions,
    rule: &AlignmentRule,
) -> Result<AlignedEvent, Exclusion> {
    let own = book.get(&event.symbol).map_err(Exclusion::UnknownSymbol)?;
    let (date, timing) = event.moment.place(rule.exchange);
    let reacts_itself = timing != Timing::AfterClose && date.weekday().num_days_from_monday() < 5;
    // Where an exchange's rules are known they have the say.
    if rule.exchange.is_none() && reacts_itself && own.close_on(date).is_some() && sessions.position(date).is_none() {
        return Err(Exclusion::BenchmarkMissing { symbol: event.symbol.clone(), date });
    }
    let security = book.get(&event.symbol).map_err(Exclusion::UnknownSymbol)?.returns_on(sessions.dates(), rule.returns);
    let market = book.get(benchmark).map_err(Exclusion::UnknownSymbol)?.returns(rule.returns);
    let (session, shift_days) = day_zero(event.moment, sessions, rule).map_err(Exclusion::NoSession)?;
    let zero = sessions.position(session).ok_or(Exclusion::NoSession(NoSession::Hole { session }))?;
    let windows = rule.windows;
    check_room("estimation", windows.estimation(), session, zero, sessions)?;
    check_room("event", windows.event(), session, zero, sessions)?;
    let mut history = Vec::with_capacity(sessions.dates().len());
    for (position, date) in sessions.dates().iter().enumerate() {
        history.push(WindowDay {
            day: event_day(position, zero),
            session: *date,
            security: security.on(*date),
            benchmark: market.on(*date),
        });
    }
    let mut aligned = AlignedEvent {
        day_zero: session,
        shift_days,
        estimation_security: Vec::with_capacity(windows.estimation().days()),
        estimation_benchmark: Vec::with_capacity(windows.estimation().days()),
        estimation_sessions: Vec::with_capacity(windows.estimation().days()),
        window: history.iter().filter(|entry| windows.event().contains(entry.day)).copied().collect(),
        history,
    };
    for entry in aligned.history.iter().filter(|entry| windows.estimation().contains(entry.day)) {
        if let (Some(own), Some(market)) = (entry.security, entry.benchmark) {
            aligned.estimation_security.push(own);
            aligned.estimation_benchmark.push(market);
            aligned.estimation_sessions.push(entry.session);
        }
    }
    let found = aligned.estimation_security.len();
    if found < rule.least_estimation {
        return Err(Exclusion::TooFewReturns { found, window: windows.estimation().days(), least: rule.least_estimation });
    }
    let missing: Vec<(EventDay, NaiveDate)> = aligned
        .window
        .iter()
        .filter(|entry| entry.security.is_none() || entry.benchmark.is_none())
        .map(|entry| (entry.day, entry.session))
        .collect();
    if missing.len() > rule.allowed_missing {
        return Err(Exclusion::MissingReturns { days: missing });
    }
    Ok(aligned)
}

/// Sessions of `position` after `zero`.
fn event_day(position: usize, zero: usize) -> EventDay {
    let distance = EventDay::try_from(position.abs_diff(zero)).unwrap_or(EventDay::MAX);
    if position < zero { -distance } else { distance }
}

/// Whether the window fits into the sessions. The first session of prices has no return, but it may be a window's day: then
/// it is a missing one.
pub(crate) fn check_room(
    which: &'static str,
    window: Window,
    day_zero: NaiveDate,
    zero: usize,
    sessions: &Sessions,
) -> Result<(), Exclusion> {
    let after = sessions.dates().len() - 1 - zero.min(sessions.dates().len().saturating_sub(1));
    let needed_before = usize::try_from(-window.first()).unwrap_or(0);
    let needed_after = usize::try_from(window.last()).unwrap_or(0);
    let leaves = |needed, there, side| Exclusion::WindowLeavesData { which, window, day_zero, needed, there, side };
    if needed_before > zero {
        return Err(leaves(needed_before, zero, "before"));
    }
    if needed_after > after {
        return Err(leaves(needed_after, after, "after"));
    }
    Ok(())
}
