//! Places events on sessions: day 0, windows, and which events of one security touch each other.

use chrono::Datelike;
use rayon::prelude::*;

use super::market::Markets;
use super::{Overlap, OverlapPolicy, SampleDesign};
use crate::align::{AlignmentRule, Exclusion, check_room, day_zero};
use crate::calendar::{NoSession, Timing};
use crate::event::list::{EventList, ListedEvent, SymbolNumber};
use crate::panel::ReturnColumn;
use crate::series::{PriceBook, PriceSeries};
use crate::window::{Window, WindowError, Windows};

/// A security with returns on a smaller share of its sessions is quoted weekly or monthly, not daily: its returns span several sessions.
const LEAST_SHARE: f64 = 1.0 / 3.0;

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
    /// Places in the calendar of all markets of the first and last day of its event window.
    pub event_span: (u32, u32),
    /// The same of its estimation window.
    pub estimation_span: (u32, u32),
    /// Calendar days from the news to day 0.
    pub shift_days: i64,
    pub windows: Windows,
}

/// Every event with its place, or why it has none, in the order of the list.
pub(super) fn place_all(design: &SampleDesign, list: &EventList, book: &PriceBook, markets: &Markets) -> Vec<Result<Placed, Exclusion>> {
    // Symbols are looked up once, not once an event.
    let series: Vec<Option<&PriceSeries>> = list.symbols.iter().map(|symbol| book.get_exact(symbol)).collect();
    let known = |event: &ListedEvent| series.get(event.symbol as usize).copied().flatten();
    list.events.par_iter().enumerate().map(|(number, event)| place(design, list, book, markets, number, event, known(event))).collect()
}

fn place(
    design: &SampleDesign,
    list: &EventList,
    book: &PriceBook,
    markets: &Markets,
    number: usize,
    event: &ListedEvent,
    series: Option<&PriceSeries>,
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
    let own = series.map_or_else(|| book.get(symbol), Ok).map_err(Exclusion::UnknownSymbol)?;
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
    let spacing = grid.security(event.symbol).and_then(ReturnColumn::share);
    // From trade to trade returns may span as many sessions as they will.
    if let Some(share) = spacing.filter(|share| *share < LEAST_SHARE && !design.beta.trade_to_trade) {
        return Err(Exclusion::OtherFrequency { symbol: symbol.to_owned(), percent: (100.0 * share).round() as u32 });
    }
    let place = |day: i32| grid.calendar.get(moved(zero, day)).copied().ok_or(Exclusion::NoSession(NoSession::Hole { session }));
    let span = |window: Window| Ok::<_, Exclusion>((place(window.first())?, place(window.last())?));
    Ok(Placed {
        event: number,
        symbol: event.symbol,
        market: position,
        zero,
        calendar: place(0)?,
        event_span: span(windows.event())?,
        estimation_span: span(windows.estimation())?,
        shift_days,
        windows,
    })
}

/// Position `zero` moved by a window's day; the windows were checked to stay inside the data.
pub(super) fn moved(zero: usize, day: i32) -> usize {
    zero.saturating_add_signed(day as isize)
}

/// Events of one security that touch each other, found in O(n log n), and what the policies leave out of `placed`. Events that can't be
/// placed touch none; one whose model can't be fitted later still does.
pub(super) fn separate(design: &SampleDesign, list: &EventList, placed: &mut [Result<Placed, Exclusion>]) -> Vec<Overlap> {
    let mut order: Vec<Spans> = placed.par_iter().filter_map(|entry| entry.as_ref().ok().map(Spans::of)).collect();
    order.par_sort_unstable_by_key(|entry| (entry.symbol, entry.calendar, entry.event));
    let of_one_security = |left: &Spans, right: &Spans| left.symbol == right.symbol;
    let mut found: Vec<Overlap> = order.par_chunk_by(of_one_security).flat_map_iter(touch).collect();
    let mut left_out = Vec::new();
    if design.overlapping == OverlapPolicy::LeaveOutLater {
        order.chunk_by(of_one_security).for_each(|run| thin_out(run, &mut left_out));
    }
    found.par_sort_by_key(|overlap| (overlap.event, overlap.other));
    let all = design.overlapping == OverlapPolicy::LeaveOutAll;
    left_out.extend(found.iter().filter(|overlap| if overlap.contaminates { design.contaminated } else { all }).copied());
    for overlap in left_out {
        let other = list.events.get(overlap.other).map(|event| event.id.clone());
        if let (Some(slot), Some(other)) = (placed.get_mut(overlap.event), other)
            && slot.is_ok()
        {
            *slot = Err(if overlap.contaminates { Exclusion::Contaminated { other } } else { Exclusion::Overlapping { other } });
        }
    }
    found
}

/// What decides whether events touch: of [`Placed`] no more, for a million are sorted.
#[derive(Debug, Clone, Copy)]
struct Spans {
    event: usize,
    symbol: SymbolNumber,
    calendar: u32,
    event_span: (u32, u32),
    estimation_span: (u32, u32),
}

impl Spans {
    fn of(placed: &Placed) -> Self {
        let Placed { event, symbol, calendar, event_span, estimation_span, .. } = *placed;
        Self { event, symbol, calendar, event_span, estimation_span }
    }
}

/// The touching events of one security, in order of day 0. Of each event one other in each way is kept: a list of all pairs would grow
/// with their square.
fn touch(run: &[Spans]) -> Vec<Overlap> {
    let mut found = Vec::new();
    // Of the events after each, the one whose window begins first; of those before, the one whose window ends last.
    let mut earliest_after: Vec<Option<Spans>> = vec![None; run.len()];
    let mut earliest: Option<Spans> = None;
    for (slot, entry) in earliest_after.iter_mut().zip(run).rev() {
        *slot = earliest;
        earliest = Some(earliest.filter(|held| held.event_span.0 <= entry.event_span.0).unwrap_or(*entry));
    }
    let mut latest_before: Option<Spans> = None;
    for ((position, entry), after) in run.iter().enumerate().zip(earliest_after) {
        let same = |other: &&Spans| other.calendar == entry.calendar;
        let twin = position.checked_sub(1).and_then(|place| run.get(place)).filter(same).copied();
        let before = twin.or(latest_before).filter(|other| other.event_span.1 >= entry.event_span.0);
        let after = after.filter(|other| other.event_span.0 <= entry.event_span.1);
        if let Some(other) = before.or(after) {
            found.push(Overlap {
                event: entry.event,
                other: other.event,
                contaminates: false,
                is_later: before.is_some(),
                is_repeated: other.calendar == entry.calendar,
            });
        }
        let earlier = run.get(..position).unwrap_or(&[]);
        let next = earlier.partition_point(|other| other.calendar <= entry.estimation_span.1);
        let inside = next.checked_sub(1).and_then(|last| earlier.get(last)).filter(|other| other.calendar >= entry.estimation_span.0);
        if let Some(other) = inside {
            found.push(Overlap { event: entry.event, other: other.event, contaminates: true, is_later: true, is_repeated: false });
        }
        latest_before = Some(latest_before.filter(|held| held.event_span.1 >= entry.event_span.1).unwrap_or(*entry));
    }
    found
}

/// Leaves out each event whose window overlaps that of an earlier one that stays: of a chain in which each touches the next, every other.
fn thin_out(run: &[Spans], left_out: &mut Vec<Overlap>) {
    let mut kept: Option<Spans> = None;
    for entry in run {
        match kept.filter(|held| held.event_span.1 >= entry.event_span.0) {
            Some(held) => left_out.push(Overlap {
                event: entry.event,
                other: held.event,
                contaminates: false,
                is_later: true,
                is_repeated: held.calendar == entry.calendar,
            }),
            None => kept = Some(*entry),
        }
    }
}
