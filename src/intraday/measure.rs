//! Abnormal returns of one event, bar by bar and over windows, and its own tests.
//!
//! - AR_t = R_t − E\[R_t\]; CAR is their sum over the bars that have one; SCAR is CAR over its standard error ([`super::fit`]).
//! - `t`: CAR over that standard error, Student t.
//! - `same-time-t`: the same stretch of the day is cumulated in each estimation session, with the same model; t = CAR / √(mean of their
//!   squares), Student t with as many degrees of freedom as there are. Bars that lean on each other (bid-ask bounce, slow reaction) make
//!   the CARs of those sessions vary as they make this one, so it needs no uncorrelated bars.
//! - `same-time-rank`: p = (hits + 1) / (sessions + 1), a hit being an estimation session whose CAR over the same stretch is at least as
//!   far from 0: no distribution is assumed, and with 20 sessions no p-value is below 1/21.

use serde::Serialize;

use super::fit::{BarFit, BarModel, Buffer, FitFault, Pair};
use super::grid::BarGrid;
use super::place::{IntradayExclusion, Place};
use crate::inference::{Outcome, TestOutcome};
use crate::stats::tail;
use crate::window::Window;

/// The abnormal return of one bar.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AbnormalBar {
    /// Abnormal return, a fraction.
    pub value: f64,
    /// Its standard error, that of the bar's time of day, estimation error included.
    pub standard_error: f64,
    /// Degrees of freedom of its t.
    pub degrees: f64,
    /// Bars that its return goes over; 1 without a gap.
    pub span: usize,
}

/// The abnormal return of one event over a window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventCar {
    /// CAR, a fraction.
    pub car: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom of its t.
    pub degrees: f64,
    /// Bars with a return.
    pub bars: usize,
    /// `t`, `same-time-t`, `same-time-rank`.
    pub tests: Vec<TestOutcome>,
    /// CARs over the same stretch of the day in the estimation sessions that have every bar of it.
    #[serde(skip)]
    pub same_time: Vec<f64>,
}

/// What one event shows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Measured {
    pub fit: BarFit,
    /// Estimation sessions with a return.
    pub sessions: usize,
    /// One a bar of the event window.
    pub bars: Vec<Option<AbnormalBar>>,
    /// One a window; None without a bar that has a return.
    pub cars: Vec<Option<EventCar>>,
    /// Squared abnormal returns of the session of bar 0, by slot.
    pub session_squares: Vec<Option<f64>>,
}

/// What is asked of every event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rule<'a> {
    pub model: BarModel,
    pub volatility: super::fit::Volatility,
    pub estimation: Window,
    pub window: Window,
    pub cars: &'a [Window],
    pub least_sessions: usize,
    pub allowed_missing: usize,
}

/// Fewest estimation sessions for the same-time tests.
const FEWEST_SAME_TIME: usize = 5;

/// Fits and measures one event.
pub(super) fn measure(rule: &Rule, pair: &Pair, place: &Place, buffer: &mut Buffer) -> Result<Measured, IntradayExclusion> {
    let grid = pair.grid;
    let estimation = super::place::estimation_sessions(place.first_session, rule.estimation);
    let has_return = |index: &usize| {
        let session = grid.sessions().get(*index);
        session.is_some_and(|session| (session.first..session.first + session.slots).any(|position| pair.security.get(position).is_some()))
    };
    let sessions = estimation.clone().filter(has_return).count();
    if sessions < rule.least_sessions {
        return Err(IntradayExclusion::TooFewSessions { found: sessions, wanted: rule.estimation.days(), least: rule.least_sessions });
    }
    check_missing(rule, pair, place)?;
    buffer.gather(pair, estimation.clone());
    let fit = BarFit::new(rule.model, rule.volatility, buffer, grid.most_slots()).map_err(|fault| match fault {
        FitFault::TooFew { found } => IntradayExclusion::TooFewBars { found },
        FitFault::NoVariance => IntradayExclusion::NoVariance,
        FitFault::BenchmarkConstant => IntradayExclusion::BenchmarkConstant,
    })?;
    let mut bars = Vec::with_capacity(rule.window.days());
    for offset in 0..rule.window.days() {
        bars.push(abnormal_bar(rule, pair, &fit, place.first + offset)?);
    }
    let mut cars = Vec::with_capacity(rule.cars.len());
    for window in rule.cars {
        cars.push(cumulate(rule, pair, &fit, place, *window, estimation.clone()));
    }
    let session_squares = squares_of_session(pair, &fit, place.session);
    Ok(Measured { fit, sessions, bars, cars, session_squares })
}

fn check_missing(rule: &Rule, pair: &Pair, place: &Place) -> Result<(), IntradayExclusion> {
    let bars = rule.window.days();
    let mut missing = (place.first..place.first + bars).filter(|position| pair.at(*position).is_none());
    let Some(first) = missing.next() else { return Ok(()) };
    let rest: Vec<usize> = missing.collect();
    let count = 1 + rest.len();
    if count <= rule.allowed_missing && count < bars {
        return Ok(());
    }
    let grid = pair.grid;
    let is_first_bar = |position: usize| {
        grid.locate(position).is_some_and(|(session, slot)| slot == usize::from(grid.overnight()) && !pair.security.has_open(session))
    };
    let written = grid.locate(first).and_then(|(session, slot)| grid.time_of(session, slot));
    Err(IntradayExclusion::MissingBars {
        missing: count,
        bars,
        first: written.map(|(begin, _)| grid.hours().write(begin)).unwrap_or_default(),
        allowed: rule.allowed_missing,
        no_open: is_first_bar(first) || rest.into_iter().any(is_first_bar),
    })
}

/// The slots that a return at a position goes over.
fn slots_over(grid: &BarGrid, position: usize, span: usize) -> Option<(usize, std::ops::RangeInclusive<usize>)> {
    let (session, slot) = grid.locate(position)?;
    Some((session, (slot + 1).checked_sub(span)?..=slot))
}

/// The abnormal return of a bar; None where there is none.
fn abnormal_bar(rule: &Rule, pair: &Pair, fit: &BarFit, position: usize) -> Result<Option<AbnormalBar>, IntradayExclusion> {
    let Some((own, benchmark)) = pair.at(position) else { return Ok(None) };
    let Some((_, slots)) = slots_over(pair.grid, position, own.span) else { return Ok(None) };
    let clock = |slot: usize| {
        let minute = pair.grid.minute_of_slot(slot);
        if pair.grid.is_overnight(slot) { "the open, overnight".to_owned() } else { format!("{:02}:{:02}", minute / 60, minute % 60) }
    };
    let mut variance = 0.0;
    let mut over = Vec::with_capacity(own.span);
    for slot in slots {
        let found = fit.slot_count(slot);
        if found < rule.least_sessions {
            return Err(IntradayExclusion::TooFewAtTime { time: clock(slot), found, least: rule.least_sessions });
        }
        let own = fit.slot_variance(slot).filter(|variance| *variance > 0.0);
        variance += own.ok_or_else(|| IntradayExclusion::NoVarianceAtTime { time: clock(slot) })?;
        over.push(slot);
    }
    let overnight = over.first().is_some_and(|slot| pair.grid.is_overnight(*slot));
    let counted = if overnight { 0.0 } else { own.span as f64 };
    Ok(Some(AbnormalBar {
        value: fit.abnormal(own, benchmark, overnight),
        standard_error: (variance + fit.estimation_variance(counted, benchmark)).sqrt(),
        degrees: fit.degrees(&over).unwrap_or(1.0),
        span: own.span,
    }))
}

/// A sum of abnormal returns with its forecast error.
pub(super) struct Forecast {
    /// The sum, a fraction.
    pub car: f64,
    /// Its standard error, estimation error included.
    pub standard_error: f64,
    /// Degrees of freedom of its t.
    pub degrees: f64,
    /// Bars with a return.
    bars: usize,
    /// Bars that those returns go over.
    over: usize,
}

/// The sum of the abnormal returns at positions; None without one that has a return.
pub(super) fn forecast(pair: &Pair, fit: &BarFit, positions: std::ops::Range<usize>) -> Option<Forecast> {
    let (mut car, mut variance, mut counted, mut benchmarks, mut bars) = (0.0, 0.0, 0.0, 0.0, 0_usize);
    let mut over = Vec::with_capacity(positions.len());
    for position in positions {
        let Some((own, benchmark)) = pair.at(position) else { continue };
        let (_, slots) = slots_over(pair.grid, position, own.span)?;
        let overnight = pair.grid.is_overnight(*slots.end());
        car += fit.abnormal(own, benchmark, overnight);
        for slot in slots {
            variance += fit.slot_variance(slot)?;
            over.push(slot);
        }
        benchmarks += benchmark;
        counted += if overnight { 0.0 } else { own.span as f64 };
        bars += 1;
    }
    if bars == 0 {
        return None;
    }
    let standard_error = (variance + fit.estimation_variance(counted, benchmarks)).sqrt();
    Some(Forecast { car, standard_error, degrees: fit.degrees(&over)?, bars, over: over.len() })
}

/// The CAR over a window; None without a bar that has a return.
fn cumulate(rule: &Rule, pair: &Pair, fit: &BarFit, place: &Place, window: Window, estimation: std::ops::Range<usize>) -> Option<EventCar> {
    let offset = usize::try_from(window.first() - rule.window.first()).ok()?;
    let positions = place.first + offset..place.first + offset + window.days();
    let Forecast { car, standard_error, degrees, bars, over } = forecast(pair, fit, positions.clone())?;
    let others = same_time(pair, fit, positions, estimation);
    let mut tests = vec![t_test(car / standard_error, degrees, over)];
    tests.extend(same_time_tests(car, &others));
    Some(EventCar { car, standard_error, degrees, bars, tests, same_time: others })
}

fn t_test(t: f64, degrees: f64, n: usize) -> TestOutcome {
    student("t", t, degrees, n)
}

fn student(name: &'static str, t: f64, degrees: f64, n: usize) -> TestOutcome {
    match tail::two_sided_student(t, degrees).filter(|p_value| p_value.is_finite() && t.is_finite()) {
        Some(p_value) => {
            let null = if degrees.fract() == 0.0 { format!("t({degrees})") } else { format!("t({degrees:.2})") };
            TestOutcome { name, outcome: Outcome::Computed { statistic: t, p_value, null, n } }
        }
        None => TestOutcome::inapplicable(name, "the statistic is too large for a number, or not one"),
    }
}

/// CARs over the same slots in the estimation sessions, of those in which every bar has a return.
fn same_time(pair: &Pair, fit: &BarFit, positions: std::ops::Range<usize>, estimation: std::ops::Range<usize>) -> Vec<f64> {
    let places: Option<Vec<(usize, usize)>> = positions.map(|position| pair.grid.locate(position)).collect();
    let Some(places) = places else { return Vec::new() };
    let (Some((first, _)), Some((last, _))) = (places.first().copied(), places.last().copied()) else { return Vec::new() };
    let sessions = pair.grid.sessions();
    let mut cars = Vec::new();
    // So many sessions earlier, as far as all of it stays in the estimation sessions.
    for back in 1..=first {
        if last - back >= estimation.end || first - back < estimation.start {
            continue;
        }
        let abnormal = |(session, slot): &(usize, usize)| {
            let found = sessions.get(session - back).filter(|found| *slot < found.slots)?;
            let (own, benchmark) = pair.at(found.first + slot)?;
            Some(fit.abnormal(own, benchmark, pair.grid.is_overnight(*slot)))
        };
        cars.extend(places.iter().map(abnormal).sum::<Option<f64>>());
    }
    cars
}

fn same_time_tests(car: f64, others: &[f64]) -> [TestOutcome; 2] {
    const NAMES: [&str; 2] = ["same-time-t", "same-time-rank"];
    let sessions = others.len();
    if sessions < FEWEST_SAME_TIME {
        let reason =
            format!("{sessions} estimation sessions have every bar of this stretch of the day, and at least {FEWEST_SAME_TIME} are needed");
        return NAMES.map(|name| TestOutcome::inapplicable(name, reason.clone()));
    }
    let scale = (others.iter().map(|other| other * other).sum::<f64>() / sessions as f64).sqrt();
    let [t, rank] = NAMES;
    let t = if scale > 0.0 {
        student(t, car / scale, sessions as f64, sessions)
    } else {
        TestOutcome::inapplicable(t, "zero variance: the CARs of the estimation sessions are all 0")
    };
    // What rounding makes of an equal value is a hit.
    let reached = car.abs() * (1.0 - 1e-12);
    let hits = others.iter().filter(|other| other.abs() >= reached).count();
    let p_value = (hits as f64 + 1.0) / (sessions as f64 + 1.0);
    let null = format!("{sessions} estimation sessions, the same time of day");
    [t, TestOutcome { name: rank, outcome: Outcome::Computed { statistic: car, p_value, null, n: sessions } }]
}

fn squares_of_session(pair: &Pair, fit: &BarFit, session: usize) -> Vec<Option<f64>> {
    let Some(found) = pair.grid.sessions().get(session) else { return Vec::new() };
    let square = |slot: usize| {
        let (own, benchmark) = pair.at(found.first + slot)?;
        (own.span == 1).then(|| fit.abnormal(own, benchmark, pair.grid.is_overnight(slot)).powi(2))
    };
    (0..found.slots).map(square).collect()
}
