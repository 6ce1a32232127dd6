//! One security's bars on the grid: prices at the ends of bars, and returns.
//!
//! - The return of a bar is its close over the close of the bar before in the same session. The first bar of a session has the return from
//!   its open to its close, and none where the file has no opening price: the return from the close before would be the overnight one.
//! - A bar without a trade has no return: it is missing, never 0. The return over the gap stands on the bar in which trading resumes; its
//!   **span** says over how many bars it goes, and its benchmark return is over the same bars.
//! - The overnight return, the open over the close of the session before, is a bar of its own or left out. Without a bar that begins at the
//!   open, or without a price in the last slot of the session before, there is none: the first price of the day isn't the open's.

use serde::Serialize;

use super::bar::BarLength;
use super::grid::{BarGrid, GridError};
use super::series::BarSeries;

/// A return and the bars that it goes over.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BarReturn {
    /// The return, a fraction.
    pub value: f64,
    /// Bars from the price before to this one; 1 for one without a gap.
    pub span: usize,
}

/// What was done with the bars of a security.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct BarCount {
    /// Bars of the file.
    pub read: usize,
    /// Those outside the session, left out.
    pub outside: usize,
    /// Those in a remainder before an early close that is no whole bar, left out.
    pub cut: usize,
    /// Places of the grid, from the security's first session to its last, without a price.
    pub missing: usize,
    /// Places in all, from its first session to its last.
    pub places: usize,
    /// Sessions whose bars are all farther apart than the study's: bars of another length, or few trades.
    pub coarse_sessions: usize,
    /// Sessions without an opening price, whose first bar so has no return.
    pub sessions_without_open: usize,
}

/// Prices and returns of a security on a grid. A place without holds a 0 that no reader is given.
#[derive(Debug, Clone, PartialEq)]
pub struct BarColumn {
    closes: Vec<f64>,
    /// One a session.
    opens: Vec<f64>,
    returns: Vec<f64>,
    spans: Vec<u16>,
    count: BarCount,
}

impl BarColumn {
    /// A security's bars on the grid.
    ///
    /// # Errors
    /// [`GridError::OffGrid`], and [`GridError::Longer`] for bars that are all farther apart than the study's.
    pub fn new(grid: &BarGrid, symbol: &str, series: &BarSeries) -> Result<Self, GridError> {
        let sessions = grid.sessions();
        let mut column = Self {
            closes: vec![0.0; grid.positions()],
            opens: vec![0.0; sessions.len()],
            returns: vec![0.0; grid.positions()],
            spans: vec![0; grid.positions()],
            count: BarCount { read: series.len(), ..BarCount::default() },
        };
        let (file, overnight) = (grid.file_bar().seconds(), usize::from(grid.overnight()));
        // Whether a session's opening price is that of a bar that begins at the open.
        let mut at_open = vec![false; sessions.len()];
        let mut shortest = i64::MAX;
        let mut range: Option<(usize, usize)> = None;
        let mut at = 0;
        let ends_after = |time: &i64, instant: i64| grid.end_of(*time) > instant;
        for (index, session) in sessions.iter().enumerate() {
            let rest = series.times().get(at..).unwrap_or_default();
            let from = at + rest.partition_point(|time| !ends_after(time, session.open));
            let rest = series.times().get(from..).unwrap_or_default();
            let to = from + rest.partition_point(|time| !ends_after(time, session.close));
            column.count.outside += from - at;
            at = to;
            let mut own_shortest = i64::MAX;
            let mut before: Option<i64> = None;
            for bar in from..to {
                let (Some(time), Some(close)) = (series.times().get(bar), series.closes().get(bar)) else { break };
                let elapsed = grid.end_of(*time) - session.open;
                if elapsed % file != 0 {
                    let time = grid.hours().write(*time);
                    return Err(GridError::OffGrid { symbol: symbol.to_owned(), time, file: grid.file_bar() });
                }
                own_shortest = before.map_or(own_shortest, |before| own_shortest.min(elapsed - before));
                before = Some(elapsed);
                let slot = usize::try_from((elapsed - 1) / grid.bar().seconds()).unwrap_or(usize::MAX).saturating_add(overnight);
                if slot >= session.slots {
                    column.count.cut += 1;
                    continue;
                }
                if let Some(place) = column.closes.get_mut(session.first + slot) {
                    *place = *close;
                }
            }
            shortest = shortest.min(own_shortest);
            if to - from >= 3 && own_shortest > grid.bar().seconds() {
                column.count.coarse_sessions += 1;
            }
            if to > from {
                let first_end = series.times().get(from).map(|time| grid.end_of(*time) - session.open);
                at_open.get_mut(index).into_iter().for_each(|place| *place = first_end == Some(file));
                range = Some((range.map_or(index, |(first, _)| first), index));
                match series.open(from) {
                    Some(open) => column.opens.get_mut(index).into_iter().for_each(|place| *place = open),
                    None => column.count.sessions_without_open += 1,
                }
            }
        }
        column.count.outside += series.len() - at;
        if shortest != i64::MAX && shortest > grid.bar().seconds() {
            let own = u32::try_from(shortest / 60).ok().and_then(BarLength::of_minutes).unwrap_or(BarLength::MINUTE);
            return Err(GridError::Longer { symbol: symbol.to_owned(), own, bar: grid.bar() });
        }
        column.find_returns(grid, &at_open);
        if let Some((first, last)) = range {
            column.count_missing(grid, first, last);
        }
        Ok(column)
    }

    fn find_returns(&mut self, grid: &BarGrid, at_open: &[bool]) {
        let overnight = usize::from(grid.overnight());
        let mut last_close = 0.0;
        for (index, session) in grid.sessions().iter().enumerate() {
            let open = self.opens.get(index).copied().unwrap_or(0.0);
            let range = session.first..session.first + session.slots;
            let (Some(closes), Some(returns), Some(spans)) =
                (self.closes.get(range.clone()), self.returns.get_mut(range.clone()), self.spans.get_mut(range))
            else {
                continue;
            };
            if overnight == 1
                && open > 0.0
                && at_open.get(index).is_some_and(|at_open| *at_open)
                && last_close > 0.0
                && !session.after_hole
                && let (Some(value), Some(span)) = (returns.first_mut(), spans.first_mut())
            {
                (*value, *span) = (open / last_close - 1.0, 1);
            }
            // The price that the next return begins with, and the slot at whose end it was.
            let mut before: Option<(f64, usize)> = None;
            for (slot, (close, (value, span))) in closes.iter().zip(returns.iter_mut().zip(spans.iter_mut())).enumerate().skip(overnight) {
                if *close <= 0.0 {
                    continue;
                }
                match before {
                    Some((price, since)) => (*value, *span) = (close / price - 1.0, u16::try_from(slot - since).unwrap_or(u16::MAX)),
                    None if open > 0.0 => (*value, *span) = (close / open - 1.0, 1),
                    None => {}
                }
                before = Some((*close, slot));
            }
            last_close = before.filter(|(_, slot)| slot + 1 == session.slots).map_or(0.0, |(close, _)| close);
        }
    }

    fn count_missing(&mut self, grid: &BarGrid, first: usize, last: usize) {
        let overnight = usize::from(grid.overnight());
        for session in grid.sessions().get(first..=last).unwrap_or_default() {
            let closes = self.closes.get(session.first + overnight..session.first + session.slots).unwrap_or_default();
            self.count.places += closes.len();
            self.count.missing += closes.iter().filter(|close| **close <= 0.0).count();
        }
    }

    /// The return at a position; None when there is none.
    #[inline]
    pub fn get(&self, position: usize) -> Option<BarReturn> {
        let span = usize::from(*self.spans.get(position)?);
        if span == 0 { None } else { Some(BarReturn { value: *self.returns.get(position)?, span }) }
    }

    /// The return over the same time as another security's return at a position with that span; None when this security has no price at
    /// one of its ends.
    #[inline]
    pub fn over(&self, grid: &BarGrid, position: usize, span: usize) -> Option<f64> {
        if span == 1
            && let Some(own) = self.get(position)
            && own.span == 1
        {
            return Some(own.value);
        }
        let (session, slot) = grid.locate(position)?;
        if grid.is_overnight(slot) {
            return None;
        }
        let end = self.closes.get(position).copied().filter(|close| *close > 0.0)?;
        let overnight = usize::from(grid.overnight());
        let begin = if slot + 1 == span + overnight {
            self.opens.get(session).copied()
        } else {
            let before = slot.checked_sub(span)?;
            self.closes.get(position - (slot - before)).copied()
        };
        begin.filter(|price| *price > 0.0).map(|begin| end / begin - 1.0)
    }

    /// Whether a session has an opening price.
    pub(super) fn has_open(&self, session: usize) -> bool {
        self.opens.get(session).is_some_and(|open| *open > 0.0)
    }

    /// What was done with the security's bars.
    pub fn count(&self) -> BarCount {
        self.count
    }
}
