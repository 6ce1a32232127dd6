//! Places events on sessions: day 0, windows, and which events of one security touch each other.

use chrono::Datelike;
use rayon::prelude::*;

use super::market::Markets;
use super::{Overlap, OverlapPolicy, SampleDesign};
use crate::align::{AlignmentRule, Exclusion, check_room, day_zero};
use crate::calendar::{NoSession, Timing};
use crate::event::list::{EventList, ListedEvent, SymbolNumber};
use crate::series::PriceBook;
use crate::window::{WindowError, Windows};

/// An event on its sessions.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// Its number in the list.
    pub event: usize,
    /// Number of its security.
    pub symbol: SymbolNumber,
    /// Market of its benchmark.
    pub market: usize,
    /// Position of day 0 among the market's sessions.
    pub zero: usize,
    /// Place of day 0 in the calendar of all markets.
    pub calendar: u32,
    /// Calendar days from the news to day 0.
    pub shift_days: i64,
    pub windows: Windows,
}

/// Every event with its place, or why it has none, in the order of the list.
pub(super) fn place_all(design: &SampleDesign, list: &EventList, book: &PriceBook, markets: &Markets) -> Vec<Result<Placed, Exclusion>> {
    list.events.par_iter().enumerate().map(|(number, event)| place(design, list, book, markets, number, event)).collect()
}

fn place(
    design: &SampleDesign,
    list: &EventList,
    book: &PriceBook,
    markets: &Markets,
    number: usize,
    event: &ListedEvent,
) -> Result<Placed, Exclusion> {
    let Some((position, grid)) = markets.of(event.benchmark) else {
        let unknown = book.get(event.benchmark.map_or(&design.benchmark, |benchmark| list.symbol(benchmark)));
        return Err(unknown
            .map_or_else(Exclusion::UnknownBenchmark, |_| Exclusion::NoSession(NoSession::NotASession { date: event.moment.date() })));
    };
    let windows =
        Windows::new(event.estimation.unwrap_or(design.rule.windows.estimation()), event.window.unwrap_or(design.rule.windows.event()));
    let windows = windows.map_err(Exclusion::Windows)?;
    if let Some(inner) = design.car_windows.iter().find(|inner| !windows.event().covers(**inner)) {
        return Err(Exclusion::Windows(WindowError::Outside { inner: *inner, event: windows.event() }));
    }
    let symbol = list.symbol(event.symbol);
    let own = book.get(symbol).map_err(Exclusion::UnknownSymbol)?;
    let exchange = grid.sessions.exchange();
    let rule = AlignmentRule { exchange, windows, ..design.rule };
    let (date, timing) = event.moment.place(exchange);
    let reacts_itself = timing != Timing::AfterClose && date.weekday().num_days_from_monday() < 5;
    if exchange.is_none() && reacts_itself && grid.sessions.position(date).is_none() && own.close_on(date).is_some() {
        return Err(Exclusion::BenchmarkMissing { symbol: symbol.to_owned(), date });
    }
    let (session, shift_days) = day_zero(event.moment, &grid.sessions, &rule).map_err(Exclusion::NoSession)?;
    let zero = grid.sessions.position(session).ok_or(Exclusion::NoSession(NoSession::Hole { session }))?;
    check_room("estimation", windows.estimation(), session, zero, &grid.sessions)?;
    check_room("event", windows.event(), session, zero, &grid.sessions)?;
    let calendar = grid.calendar.get(zero).copied().unwrap_or(0);
    Ok(Placed { event: number, symbol: event.symbol, market: position, zero, calendar, shift_days, windows })
}

/// Position `zero` moved by a window's day; the windows were checked to stay inside the data.
pub(super) fn moved(zero: usize, day: i32) -> usize {
    zero.saturating_add_signed(day as isize)
}

/// Events of one security that touch each other, found in O(n log n), and what the policies leave out of `placed`.
pub(super) fn separate(design: &SampleDesign, list: &EventList, placed: &mut [Result<Placed, Exclusion>]) -> Vec<Overlap> {
    let mut order: Vec<Placed> = placed.iter().filter_map(|entry| entry.as_ref().ok().copied()).collect();
    let firm = |entry: &Placed| entry.symbol;
    order.sort_by_key(|entry| (firm(entry), entry.calendar, entry.event));
    let mut found = Vec::new();
    for run in order.chunk_by(|left, right| firm(left) == firm(right)) {
        touch(run, &mut found);
    }
    found.sort_by_key(|overlap| (overlap.event, overlap.other));
    let id = |number: usize| list.events.get(number).map(|event| event.id.clone());
    for overlap in &found {
        let leaves_out = match (overlap.contaminates, design.overlapping, design.contaminated) {
            (true, _, leave_out) => leave_out,
            (false, OverlapPolicy::Keep, _) => false,
            (false, OverlapPolicy::LeaveOutLater, _) => overlap.is_later,
            (false, OverlapPolicy::LeaveOutAll, _) => true,
        };
        if let (true, Some(slot), Some(other)) = (leaves_out, placed.get_mut(overlap.event), id(overlap.other))
            && slot.is_ok()
        {
            *slot = Err(if overlap.contaminates { Exclusion::Contaminated { other } } else { Exclusion::Overlapping { other } });
        }
    }
    found
}

/// The touching events of one security, in order of day 0. Of each event the nearest other in each way is kept: a list of all pairs
/// would grow with their square.
fn touch(run: &[Placed], found: &mut Vec<Overlap>) {
    let day = |entry: &Placed, day: i32| i64::from(entry.calendar) + i64::from(day);
    for (position, entry) in run.iter().enumerate() {
        let event = entry.windows.event();
        let overlaps = |other: &&Placed| {
            day(other, other.windows.event().last()) >= day(entry, event.first())
                && day(other, other.windows.event().first()) <= day(entry, event.last())
        };
        let earlier = run.get(..position).unwrap_or(&[]);
        let before = earlier.last().filter(overlaps);
        let after = run.get(position + 1).filter(overlaps);
        if let Some(other) = before.or(after) {
            found.push(Overlap { event: entry.event, other: other.event, contaminates: false, is_later: before.is_some() });
        }
        let estimation = entry.windows.estimation();
        let (from, to) = (day(entry, estimation.first()), day(entry, estimation.last()));
        let next = earlier.partition_point(|other| i64::from(other.calendar) <= to);
        let inside = next.checked_sub(1).and_then(|last| earlier.get(last)).filter(|other| i64::from(other.calendar) >= from);
        if let Some(other) = inside {
            found.push(Overlap { event: entry.event, other: other.event, contaminates: true, is_later: true });
        }
    }
}
