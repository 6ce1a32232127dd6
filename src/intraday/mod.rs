//! The study of news within the day: from events with a time and bars of minutes to an [`IntradayResult`].
//!
//! ```text
//! grid → columns → place → fit and measure → rank → correlate → test → read
//! ```
//!
//! What [`crate::sample`] does with sessions is done here with bars, by the same tests. What differs:
//!
//! - **Bar 0** is the first bar that ends after the news. Its price is the first that can know of it; if the news came in the middle of the
//!   bar, what traded before in it is in it too. News outside the session reacts in the first bar of the next ([`grid`]).
//! - **Estimation** is over whole sessions, `-20..-1` counted from the session in which the event window begins: nothing of that session
//!   or later is in it.
//! - **Standard errors** are those of the time of day in the estimation sessions ([`fit`]), and every event has two tests that compare it
//!   with the same stretch of those sessions ([`measure`]).
//! - **Nights**: event time counts bars of trading, so that after the last bar of a session comes the first of the next. The return over
//!   the night is no bar's return: it is left out, or kept as a bar of its own.
//! - **Missing bars** are missing, never 0: the return over a gap stands where trading resumes, and an event whose window lacks more
//!   returns than allowed is excluded ([`mod@column`]).
//!
//! AAR, CAAR and their intervals are as for days. Returns are simple; CAR is their sum.
//!
//! | module | step |
//! |---|---|
//! | [`bar`] | lengths of bars, windows in bars and minutes |
//! | [`hours`] | when an exchange trades |
//! | [`series`] | bars as they were read |
//! | [`grid`] | sessions cut into bars; the first bar that can react |
//! | [`mod@column`] | a security's prices and returns on the grid |
//! | `place` | where events fall, and why some can't be used |
//! | [`fit`] | expected returns, variances by time of day |
//! | [`measure`] | AR, CAR, tests of one event |
//! | `rank`, `correlation`, `test` | tests of many |
//! | [`result`] | what was found |

pub mod bar;
pub mod column;
mod correlation;
pub mod fit;
pub mod grid;
pub mod hours;
pub mod measure;
mod place;
mod rank;
pub mod result;
pub mod series;
mod test;

use std::collections::BTreeMap;

use rayon::prelude::*;
use thiserror::Error;

use crate::calendar::Timing;
use crate::event::Moment;
use crate::event::list::{EventList, ListedEvent};
use crate::provenance::Provenance;
use crate::sample::design::list_reasons;
use crate::sample::result::ReasonCount;
use crate::series::UnknownSymbol;
use crate::window::{Window, WindowError};
use bar::{BarError, BarSpan};
use column::BarColumn;
use correlation::Member;
use fit::{BarModel, Buffer, Pair, Volatility};
use grid::{BarGrid, GridError, GridRule};
use measure::{Measured, Rule};
use place::Place;
pub use place::{IntradayExclusion, NewsTime};
use result::{ExcludedIntradayEvent, IntradayEvent, IntradayNotes, IntradayResult, IntradaySummary, SecurityBars, SlotVolatility};
use series::BarBook;
use test::SetMember;

/// What an intraday study is to do, as it is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct IntradayRequest {
    /// Name, as in the output folder.
    pub name: String,
    /// Title of charts and reports.
    pub title: String,
    /// Symbol of the benchmark of events that name none.
    pub benchmark: String,
    /// Expected-return model.
    pub model: BarModel,
    /// Whose variance a bar has.
    pub volatility: Volatility,
    /// How bars are cut and read.
    pub grid: GridRule,
    /// Event window; None for `-30m..60m`, or where bars don't divide half an hour, `-6..12` bars.
    pub window: Option<BarSpan>,
    /// Windows over which abnormal returns are cumulated; the first is the headline. Without any: the first 5, 15, 30 and 60 minutes, as far
    /// as bars make them up and the event window covers them; and where none does, the event window from bar 0 on.
    pub car_windows: Vec<BarSpan>,
    /// Estimation sessions, counted from the session in which the event window begins.
    pub estimation: Window,
    /// Least number of estimation sessions with a return, in all and at each time of day of the event window.
    pub least_sessions: usize,
    /// Bars of the event window that may lack a return.
    pub allowed_missing: usize,
    /// Most calendar days from the news to the session that reacts.
    pub largest_shift: i64,
    /// Largest share of the events that may be excluded, a fraction; None for any.
    pub most_excluded: Option<f64>,
    /// Draws of the resampled tests; 0 runs none of them.
    pub draws: usize,
    /// Their seed.
    pub seed: u64,
}

/// The same with windows in bars, once the length of bars is known.
pub(crate) struct IntradayDesign {
    pub window: Window,
    pub car_windows: Vec<Window>,
    pub estimation: Window,
    pub allowed_missing: usize,
    pub draws: usize,
    pub seed: u64,
}

/// Why an intraday study is impossible.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum IntradayError {
    /// No event.
    #[error("the event list is empty: give it at least one event")]
    NoEvent,
    /// The same event key twice.
    #[error("the event \"{id}\" stands there twice: give each event its own id")]
    EventTwice {
        /// The key.
        id: String,
    },
    /// An event with windows of its own.
    #[error("the event \"{id}\" brings a window of its own, in sessions: an intraday study has one window for all events, in bars")]
    OwnWindow {
        /// The key.
        id: String,
    },
    /// No bars of the benchmark.
    #[error("the benchmark: {0}")]
    Benchmark(UnknownSymbol),
    /// There is no grid of bars.
    #[error("{0}")]
    Grid(#[from] GridError),
    /// A window that can't be in bars.
    #[error("{0}")]
    Bar(#[from] BarError),
    /// A window that doesn't fit.
    #[error("{0}")]
    Window(#[from] WindowError),
    /// Estimation sessions that don't end before the event.
    #[error("the estimation sessions {estimation} must end before the session of the event: the last may be -1")]
    Estimation {
        /// The sessions asked for.
        estimation: Window,
    },
    /// Fewer estimation sessions than are needed.
    #[error("{sessions} estimation sessions are fewer than the {least} that an event needs at least")]
    FewSessions {
        /// Sessions asked for.
        sessions: usize,
        /// Least number.
        least: usize,
    },
    /// No event is left.
    #[error("none of the {events} events can be used: {}", list_reasons(.reasons))]
    NoneLeft {
        /// Events of the list.
        events: usize,
        /// How many for which reason, most first.
        reasons: Vec<ReasonCount>,
    },
    /// More events are excluded than the budget allows.
    #[error(
        "{excluded} of {events} events are excluded ({share:.1} %), more than the {limit:.1} % allowed: {}",
        list_reasons(.reasons), share = 100.0 * *.excluded as f64 / *.events as f64, limit = 100.0 * .limit
    )]
    TooManyExcluded {
        /// Events excluded.
        excluded: usize,
        /// Events of the list.
        events: usize,
        /// Share allowed, a fraction.
        limit: f64,
        /// How many for which reason, most first.
        reasons: Vec<ReasonCount>,
    },
}

/// An intraday study whose request holds together, as far as it can be told without bars.
#[derive(Debug, Clone, PartialEq)]
pub struct IntradayStudy {
    request: IntradayRequest,
    list: EventList,
}

/// An event on its way: its columns, or why it is left out.
struct Found {
    place: Place,
    symbol: usize,
    benchmark: usize,
}

impl IntradayStudy {
    /// Checks a request with its events.
    ///
    /// # Errors
    /// [`IntradayError`] for a list without events or with a key twice or windows in sessions, and for estimation sessions that are too few or
    /// don't end before the event.
    pub fn new(request: IntradayRequest, list: EventList) -> Result<Self, IntradayError> {
        if list.events.is_empty() {
            return Err(IntradayError::NoEvent);
        }
        let mut keys: Vec<&str> = list.events.iter().map(|event| event.id.as_str()).collect();
        keys.sort_unstable();
        if let Some(twice) = keys.windows(2).find_map(|pair| if let [one, other] = pair { (one == other).then_some(*one) } else { None }) {
            return Err(IntradayError::EventTwice { id: twice.to_owned() });
        }
        if let Some(own) = list.events.iter().find(|event| event.window.is_some() || event.estimation.is_some()) {
            return Err(IntradayError::OwnWindow { id: own.id.to_string() });
        }
        if request.estimation.last() >= 0 {
            return Err(IntradayError::Estimation { estimation: request.estimation });
        }
        if request.estimation.days() < request.least_sessions {
            return Err(IntradayError::FewSessions { sessions: request.estimation.days(), least: request.least_sessions });
        }
        Ok(Self { request, list })
    }

    /// The events.
    pub fn list(&self) -> &EventList {
        &self.list
    }

    /// Runs the study. `provenance` is carried into the result as it is; `step` hears what is being done.
    ///
    /// # Errors
    /// [`IntradayError`] when the benchmark has no bars, there is no grid, windows don't fit the bars, no event can be used, or more are
    /// excluded than allowed. An event that can't be used is no error: it is listed in the result with its reason.
    pub fn run(&self, book: &BarBook, provenance: Provenance, step: impl Fn(&'static str)) -> Result<IntradayResult, IntradayError> {
        let (request, list) = (&self.request, &self.list);
        step("Placing bars");
        let benchmark = book.get(&request.benchmark).map_err(IntradayError::Benchmark)?;
        let grid = BarGrid::new(request.grid, &request.benchmark, benchmark)?;
        let design = self.design(&grid)?;
        let names = self.wanted();
        let columns: Vec<Result<BarColumn, ColumnFault>> = names
            .par_iter()
            .map(|name| {
                let series = book.get(name).map_err(ColumnFault::Unknown)?;
                BarColumn::new(&grid, name, series).map_err(ColumnFault::Grid)
            })
            .collect();
        // Bars that are all farther apart are no fault of the file: a security with few trades has such. Its events are excluded.
        let is_own = |fault: &GridError| matches!(fault, GridError::Longer { symbol, .. } if *symbol != request.benchmark);
        let fault = columns.iter().find_map(|column| match column {
            Err(ColumnFault::Grid(fault)) if !is_own(fault) => Some(fault.clone()),
            _ => None,
        });
        if let Some(fault) = fault {
            return Err(fault.into());
        }
        step("Measuring");
        let number_of: BTreeMap<&str, usize> = names.iter().copied().zip(0..).collect();
        let measured: Vec<Result<(Found, Measured), IntradayExclusion>> = list
            .events
            .par_iter()
            .map_init(Buffer::default, |buffer, event| self.measure(&grid, &design, &columns, &number_of, event, buffer))
            .collect();
        let exclusions = self.exclusions(&measured);
        let reasons = count_reasons(&exclusions);
        self.check_budget(&exclusions, &reasons)?;
        step("Testing");
        let members = self.members(&grid, &columns, &measured);
        let all: Vec<SetMember> = members.iter().map(|(_, member)| *member).collect();
        let mut groups = vec![test::test_set(&design, None, &all)];
        let named: Vec<(String, Vec<SetMember>)> = (0_u32..)
            .zip(&list.groups)
            .map(|(group, name)| {
                let own = members.iter().filter(|(event, _)| list.events.get(*event).and_then(|event| event.group) == Some(group));
                (name.clone(), own.map(|(_, member)| *member).collect())
            })
            .filter(|(_, members): &(String, Vec<SetMember>)| !members.is_empty())
            .collect();
        groups.extend(named.iter().map(|(name, members)| test::test_set(&design, Some(name.clone()), members)));
        let only = all.first().and_then(|member| member.inner.measured.cars.first()?.as_ref());
        Ok(IntradayResult {
            schema: "aftermove/intraday/1",
            study: self.summary(&design),
            grid: grid.summary(),
            securities: securities(&names, &columns),
            listed: list.events.len(),
            notes: notes(&design, &members),
            volatility: volatility(&grid, &all),
            differences: test::compare(&design, &named),
            reading: test::read(groups.first(), only, design.car_windows.first().copied()),
            groups,
            events: members.iter().filter_map(|(event, member)| self.event(&grid, *event, &member.inner)).collect(),
            exclusions,
            reasons,
            provenance,
        })
    }

    fn design(&self, grid: &BarGrid) -> Result<IntradayDesign, IntradayError> {
        let request = &self.request;
        let bar = grid.bar();
        let usual = || if 30 % bar.minutes() == 0 { BarSpan::Minutes(-30, 60).in_bars(bar) } else { Ok(Window::new(-6, 12)?) };
        let window = request.window.map_or_else(usual, |span| span.in_bars(bar))?;
        let mut car_windows = Vec::new();
        for span in &request.car_windows {
            let inner = span.in_bars(bar)?;
            if !window.covers(inner) {
                return Err(WindowError::Outside { inner, event: window }.into());
            }
            car_windows.push(inner);
        }
        if car_windows.is_empty() {
            let usual = [5, 15, 30, 60].into_iter().filter_map(|minutes| BarSpan::Minutes(0, minutes).in_bars(bar).ok());
            car_windows.extend(usual.filter(|inner| window.covers(*inner)));
        }
        if car_windows.is_empty() {
            car_windows.push(Window::new(window.first().max(0).min(window.last()), window.last())?);
        }
        Ok(IntradayDesign {
            window,
            car_windows,
            estimation: request.estimation,
            allowed_missing: request.allowed_missing,
            draws: request.draws,
            seed: request.seed,
        })
    }

    /// Symbols of the benchmark, the events and their own benchmarks, each once.
    fn wanted(&self) -> Vec<&str> {
        let mut names = vec![self.request.benchmark.as_str()];
        names.extend(self.list.symbols.iter().map(String::as_str).filter(|name| *name != self.request.benchmark));
        names
    }

    fn benchmark_of(&self, event: &ListedEvent) -> &str {
        event.benchmark.map_or(self.request.benchmark.as_str(), |benchmark| self.list.symbol(benchmark))
    }

    fn measure(
        &self,
        grid: &BarGrid,
        design: &IntradayDesign,
        columns: &[Result<BarColumn, ColumnFault>],
        number_of: &BTreeMap<&str, usize>,
        event: &ListedEvent,
        buffer: &mut Buffer,
    ) -> Result<(Found, Measured), IntradayExclusion> {
        let number = |name: &str| number_of.get(name).copied().unwrap_or(0);
        let (symbol, benchmark) = (number(self.list.symbol(event.symbol)), number(self.benchmark_of(event)));
        let pair = pair(grid, columns, symbol, benchmark, self.request.model)?;
        let place = place::place(grid, event.moment, design.window, self.request.largest_shift)?;
        let rule = Rule {
            model: self.request.model,
            volatility: self.request.volatility,
            estimation: design.estimation,
            window: design.window,
            cars: &design.car_windows,
            least_sessions: self.request.least_sessions,
            allowed_missing: self.request.allowed_missing,
        };
        Ok((Found { place, symbol, benchmark }, measure::measure(&rule, &pair, &place, buffer)?))
    }

    fn exclusions(&self, measured: &[Result<(Found, Measured), IntradayExclusion>]) -> Vec<ExcludedIntradayEvent> {
        let excluded = self.list.events.iter().zip(measured).filter_map(|(event, found)| Some((event, found.as_ref().err()?)));
        let list = |(event, reason): (&ListedEvent, &IntradayExclusion)| ExcludedIntradayEvent {
            event_id: event.id.clone(),
            symbol: self.list.symbol(event.symbol).to_owned(),
            news: written(event.moment),
            kind: reason.kind(),
            reason: reason.to_string(),
        };
        excluded.map(list).collect()
    }

    fn check_budget(&self, exclusions: &[ExcludedIntradayEvent], reasons: &[ReasonCount]) -> Result<(), IntradayError> {
        let (excluded, events) = (exclusions.len(), self.list.events.len());
        if excluded == events {
            return Err(IntradayError::NoneLeft { events, reasons: reasons.to_vec() });
        }
        match self.request.most_excluded {
            Some(limit) if excluded as f64 > limit * events as f64 => {
                Err(IntradayError::TooManyExcluded { excluded, events, limit, reasons: reasons.to_vec() })
            }
            _ => Ok(()),
        }
    }

    /// The used events, with their numbers in the list.
    fn members<'a>(
        &self,
        grid: &'a BarGrid,
        columns: &'a [Result<BarColumn, ColumnFault>],
        measured: &'a [Result<(Found, Measured), IntradayExclusion>],
    ) -> Vec<(usize, SetMember<'a>)> {
        let used = measured.iter().enumerate().filter_map(|(event, found)| Some((event, found.as_ref().ok()?)));
        let member = |(event, (found, measured)): (usize, &'a (Found, Measured))| {
            let pair = pair(grid, columns, found.symbol, found.benchmark, self.request.model).ok()?;
            let inner = Member { pair, place: found.place, measured };
            Some((event, SetMember { inner, firm: u32::try_from(found.symbol).unwrap_or(u32::MAX) }))
        };
        used.filter_map(member).collect()
    }

    fn event(&self, grid: &BarGrid, number: usize, member: &Member) -> Option<IntradayEvent> {
        let event = self.list.events.get(number)?;
        let (place, measured) = (member.place, member.measured);
        let (begin, end) = grid.time_of(place.session, place.slot).unwrap_or_default();
        Some(IntradayEvent {
            event_id: event.id.clone(),
            symbol: self.list.symbol(event.symbol).to_owned(),
            group: self.list.group(event).map(str::to_owned),
            benchmark: self.benchmark_of(event).to_owned(),
            news: written(event.moment),
            news_time: place.news,
            session: grid.sessions().get(place.session)?.date,
            bar_begins: grid.hours().write(begin),
            bar_ends: grid.hours().write(end),
            alpha: measured.fit.estimated_alpha(),
            beta: measured.fit.estimated_beta(),
            r_squared: measured.fit.r_squared,
            sigma: measured.fit.variance.sqrt(),
            observations: measured.fit.observations,
            sessions: measured.sessions,
            missing: measured.bars.iter().filter(|bar| bar.is_none()).count(),
            bars: measured.bars.clone(),
            windows: measured.cars.clone(),
        })
    }

    fn summary(&self, design: &IntradayDesign) -> IntradaySummary {
        let request = &self.request;
        IntradaySummary {
            name: request.name.clone(),
            title: request.title.clone(),
            benchmark: request.benchmark.clone(),
            model: request.model,
            volatility: request.volatility,
            window: design.window,
            car_windows: design.car_windows.clone(),
            estimation: request.estimation,
            least_sessions: request.least_sessions,
            allowed_missing: request.allowed_missing,
            draws: request.draws,
            seed: (request.draws > 0).then_some(request.seed),
        }
    }
}

/// Why a symbol has no column.
enum ColumnFault {
    /// Events of it are excluded.
    Unknown(UnknownSymbol),
    /// Its file is wrong; or its bars are all farther apart than the study's, and events of it are excluded.
    Grid(GridError),
}

fn pair<'a>(
    grid: &'a BarGrid,
    columns: &'a [Result<BarColumn, ColumnFault>],
    symbol: usize,
    benchmark: usize,
    model: BarModel,
) -> Result<Pair<'a>, IntradayExclusion> {
    let column = |number: usize| match columns.get(number) {
        Some(Ok(column)) => Ok(column),
        Some(Err(ColumnFault::Unknown(unknown))) => Err(IntradayExclusion::from(unknown.clone())),
        Some(Err(ColumnFault::Grid(GridError::Longer { symbol, own, bar }))) => {
            Err(IntradayExclusion::BarsApart { symbol: symbol.clone(), own: *own, bar: *bar })
        }
        _ => Err(IntradayExclusion::UnknownSymbol { symbol: String::new(), near: Vec::new() }),
    };
    Ok(Pair { grid, security: column(symbol)?, benchmark: column(benchmark)?, needs_benchmark: model != BarModel::ConstantMean })
}

fn written(moment: Moment) -> String {
    match moment {
        Moment::Instant(instant) => instant.to_rfc3339(),
        Moment::Day(date, Timing::BeforeOpen) => format!("{date}, before the open"),
        Moment::Day(date, Timing::AfterClose) => format!("{date}, after the close"),
        Moment::Day(date, _) => date.to_string(),
    }
}

fn count_reasons(exclusions: &[ExcludedIntradayEvent]) -> Vec<ReasonCount> {
    let mut counts: Vec<ReasonCount> = Vec::new();
    for excluded in exclusions {
        match counts.iter_mut().find(|count| count.kind == excluded.kind) {
            Some(count) => count.count += 1,
            None => {
                let example = format!("{}: {}", excluded.event_id, excluded.reason);
                counts.push(ReasonCount { kind: excluded.kind, count: 1, example });
            }
        }
    }
    counts.sort_by_key(|count| std::cmp::Reverse(count.count));
    counts
}

fn securities(names: &[&str], columns: &[Result<BarColumn, ColumnFault>]) -> Vec<SecurityBars> {
    let known = names.iter().zip(columns).filter_map(|(name, column)| Some((name, column.as_ref().ok()?)));
    let bars = |(name, column): (&&str, &BarColumn)| {
        let count = column.count();
        let missing_share = (count.places > 0).then(|| count.missing as f64 / count.places as f64);
        SecurityBars { symbol: (*name).to_owned(), count, missing_share }
    };
    known.map(bars).collect()
}

fn notes(design: &IntradayDesign, members: &[(usize, SetMember)]) -> IntradayNotes {
    let mut notes = IntradayNotes::default();
    let bars = design.window.days();
    let mut by_firm: Vec<(u32, usize, usize, usize)> = Vec::with_capacity(members.len());
    for (_, SetMember { inner, firm }) in members {
        notes.outside_hours += usize::from(inner.place.news == NewsTime::OutsideHours);
        let last = inner.pair.grid.locate(inner.place.first + bars - 1).map_or(inner.place.first_session, |(session, _)| session);
        notes.over_night += usize::from(last != inner.place.first_session);
        notes.without_headline += usize::from(inner.measured.cars.first().is_none_or(Option::is_none));
        notes.window_bars += bars;
        notes.missing_bars += inner.measured.bars.iter().filter(|bar| bar.is_none()).count();
        by_firm.push((*firm, inner.place.zero, inner.place.first_session, inner.place.session));
    }
    by_firm.sort_unstable();
    for (position, (firm, zero, first_session, _)) in by_firm.iter().enumerate() {
        let before = || by_firm.get(..position).unwrap_or_default().iter().rev().take_while(|other| other.0 == *firm);
        let mut after = by_firm.get(position + 1..).unwrap_or_default().iter().take_while(|other| other.0 == *firm);
        let touches = |other: &(u32, usize, usize, usize)| other.1.abs_diff(*zero) < bars;
        notes.overlapping += usize::from(before().next().is_some_and(touches) || after.next().is_some_and(touches));
        let sessions = place::estimation_sessions(*first_session, design.estimation);
        // Those before are in falling order: the first that isn't later than the estimation sessions decides.
        let nearest = before().find(|other| other.3 < sessions.end);
        notes.contaminated += usize::from(nearest.is_some_and(|other| other.3 >= sessions.start));
    }
    notes
}

fn volatility(grid: &BarGrid, members: &[SetMember]) -> Vec<SlotVolatility> {
    let root_mean = |(sum, count): (f64, usize)| (count > 0).then(|| (sum / count as f64).sqrt());
    let slot = |slot: usize| {
        let add = |(sum, count): (f64, usize), value: f64| (sum + value, count + 1);
        let own = members.iter().filter_map(|member| member.inner.measured.fit.slot_mean_square(slot)).fold((0.0, 0), add);
        let events =
            members.iter().filter_map(|member| member.inner.measured.session_squares.get(slot).copied().flatten()).fold((0.0, 0), add);
        Some(SlotVolatility {
            minute: grid.minute_of_slot(slot),
            overnight: grid.is_overnight(slot),
            estimation: root_mean(own)?,
            event_session: root_mean(events),
            n: events.1,
        })
    };
    (0..grid.most_slots()).filter_map(slot).collect()
}
