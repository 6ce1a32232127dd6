//! One replication's data before anything is planted, and the prices and event list that the engine is given.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{Planting, SimulationDesign, SimulationError};
use crate::calendar::Timing;
use crate::event::list::{EventList, ListedEvent};
use crate::event::{EventId, Moment};
use crate::series::{PriceBook, PriceSeries};
use crate::window::Window;

/// Market, securities and events of one replication.
#[derive(Debug)]
pub(super) struct World<'a> {
    /// Sessions.
    pub dates: &'a [NaiveDate],
    /// The benchmark's return on each session, fractions; not a number before its first.
    pub market: Cow<'a, [f64]>,
    pub securities: Vec<DrawnSecurity>,
    pub events: Vec<DrawnEvent>,
}

/// The stretch of one security's returns that its events need.
#[derive(Debug)]
pub(super) struct DrawnSecurity {
    pub symbol: String,
    /// Position of the session of the first return.
    pub first: usize,
    /// Simple returns; None where there is none.
    pub returns: Vec<Option<f64>>,
}

/// An event, and what it adds to its returns over the headline window whatever is planted.
#[derive(Debug)]
pub(super) struct DrawnEvent {
    /// Position of its security.
    pub security: usize,
    /// Position of day 0 among the sessions.
    pub zero: usize,
    /// What event-induced variance adds to each day of the headline window; empty for nothing.
    pub added: Vec<f64>,
}

impl World<'_> {
    /// Prices with that much planted at every event, a fraction.
    pub fn book(&self, design: &SimulationDesign, planted: f64) -> Result<PriceBook, SimulationError> {
        let mut returns: Vec<Vec<Option<f64>>> = self.securities.iter().map(|security| security.returns.clone()).collect();
        for event in &self.events {
            let Some((security, returns)) = self.securities.get(event.security).zip(returns.get_mut(event.security)) else { continue };
            let window = design.headline;
            for (place, day) in window.iter().enumerate() {
                let abnormal = match design.planting {
                    Planting::DayZero if day == 0 => planted,
                    Planting::DayZero => 0.0,
                    Planting::Window => planted / window.days() as f64,
                };
                let added = abnormal + event.added.get(place).copied().unwrap_or(0.0);
                let position = event.zero.saturating_add_signed(day as isize).checked_sub(security.first);
                if let Some(Some(value)) = position.and_then(|position| returns.get_mut(position)) {
                    *value = (*value + added).max(super::LOWEST);
                }
            }
        }
        let mut book = PriceBook::default();
        let market = self.market.iter().enumerate().map(|(position, value)| (position, value.is_finite().then_some(*value)));
        self.insert(&mut book, &design.benchmark, market)?;
        for (security, returns) in self.securities.iter().zip(&returns) {
            let placed = returns.iter().enumerate().map(|(position, value)| (security.first + position, *value));
            self.insert(&mut book, &security.symbol, placed)?;
        }
        Ok(book)
    }

    fn insert(
        &self,
        book: &mut PriceBook,
        symbol: &str,
        returns: impl Iterator<Item = (usize, Option<f64>)>,
    ) -> Result<(), SimulationError> {
        let dated: Vec<(NaiveDate, Option<f64>)> =
            returns.filter_map(|(position, value)| Some((*self.dates.get(position)?, Some(value?)))).collect();
        let unusable = |reason: String| SimulationError::Series { symbol: symbol.to_owned(), reason };
        let series = PriceSeries::from_returns(&dated).map_err(|failure| unusable(failure.to_string()))?;
        book.insert(symbol.to_owned(), series).map_err(|failure| unusable(failure.to_string()))
    }

    /// The events as a list.
    pub fn list(&self) -> EventList {
        let event = |(number, event): (usize, &DrawnEvent)| {
            Some(ListedEvent {
                id: EventId::new((number + 1).to_string()),
                symbol: u32::try_from(event.security).ok()?,
                moment: Moment::Day(*self.dates.get(event.zero)?, Timing::During),
                group: None,
                benchmark: None,
                estimation: None,
                window: None,
            })
        };
        EventList {
            events: self.events.iter().enumerate().filter_map(event).collect(),
            symbols: self.securities.iter().map(|security| security.symbol.clone()).collect(),
            ..EventList::default()
        }
    }
}

/// Position `zero` moved by an event day; None before the first session.
pub(super) fn moved(zero: usize, day: i32) -> Option<usize> {
    zero.checked_add_signed(isize::try_from(day).ok()?)
}

/// Positions of a window's first day and of the day after its last.
pub(super) fn positions(zero: usize, window: Window) -> Option<std::ops::Range<usize>> {
    Some(moved(zero, window.first())?..moved(zero, window.last())? + 1)
}
