//! The curve on placebo dates: how often an ordinary day looks as much like an event.

use rayon::prelude::*;

use super::{Choices, PlaceboCurves, SpecificationCurve, measure};
use crate::calendar::Timing;
use crate::event::list::{EventList, ListedEvent};
use crate::event::{EventId, Moment};
use crate::inference::UNUSUAL_LEVEL;
use crate::sample::SampleDesign;
use crate::series::PriceBook;
use crate::stats::moment;

/// Fewest placebo dates that a p-value is made of.
const FEWEST: usize = 19;

/// One placebo date's curve.
#[derive(Clone, Default)]
struct DateCurve {
    values: Vec<f64>,
    significant: usize,
}

/// Draws the curve of the list's one event on every other date that has room. None with fewer than 19 dates.
pub(super) fn slide(
    base: &SampleDesign,
    list: &EventList,
    book: &PriceBook,
    choices: &Choices,
    curve: &SpecificationCurve,
) -> Option<PlaceboCurves> {
    let event = list.events.first()?;
    let sessions = book.get(&base.benchmark).ok()?.dates();
    let own = Windows::of(base, list, book, choices)?;
    let reach = own.length;
    let mut placebo = list.clone();
    placebo.titles.clear();
    placebo.characteristics.clear();
    placebo.events = sessions
        .iter()
        .enumerate()
        .filter(|(position, _)| position.abs_diff(own.zero) >= reach)
        .map(|(_, date)| ListedEvent { id: EventId::new(date.to_string()), moment: Moment::Day(*date, Timing::Unknown), ..event.clone() })
        .collect();
    if placebo.events.is_empty() {
        return None;
    }
    let combinations = choices.combinations();
    let mut dates: Vec<DateCurve> = vec![DateCurve::default(); placebo.events.len()];
    let runs: Vec<_> = combinations.par_iter().map(|combination| measure(base, &placebo, book, choices, combination).ok()).collect();
    for columns in runs.into_iter().flatten() {
        for window in &columns.windows {
            for (position, number) in columns.number.iter().enumerate() {
                let (Some(held), Some(value)) = (dates.get_mut(*number), window.car.get(position)) else { continue };
                held.values.push(*value);
                let is_significant = columns.p_value(window, position).is_some_and(|p_value| p_value < UNUSUAL_LEVEL);
                held.significant += usize::from(is_significant);
            }
        }
    }
    // Only whole curves compare: a date near the start of the data lacks the longer estimation windows.
    dates.retain(|date| date.values.len() == curve.estimates.len());
    if dates.len() < FEWEST {
        return None;
    }
    let significant = curve.significant_positive + curve.significant_negative;
    let share_hits = dates.iter().filter(|date| date.significant >= significant).count();
    let median = |date: &DateCurve| moment::median(&date.values).unwrap_or_default();
    let median_hits = dates.iter().filter(|date| median(date).abs() >= curve.median.abs()).count();
    let share = |hits: usize| (hits as f64 + 1.0) / (dates.len() as f64 + 1.0);
    let total: usize = dates.iter().map(|date| date.significant).sum();
    Some(PlaceboCurves {
        dates: dates.len(),
        share_hits,
        share_p_value: share(share_hits),
        median_hits,
        median_p_value: share(median_hits),
        mean_share: total as f64 / (dates.len() * curve.estimates.len()) as f64,
    })
}

/// Where the event's own windows lie.
struct Windows {
    /// Position of day 0 among the benchmark's sessions.
    zero: usize,
    /// Sessions of the hull of all windows: dates nearer than that share a day with the event.
    length: usize,
}

impl Windows {
    fn of(base: &SampleDesign, list: &EventList, book: &PriceBook, choices: &Choices) -> Option<Self> {
        let combination = (base.model, base.rule.windows.estimation(), base.benchmark.clone());
        let columns = measure(base, list, book, choices, &combination).ok()?;
        let session = columns.session.first()?;
        let zero = book.get(&base.benchmark).ok()?.dates().binary_search(session).ok()?;
        Some(Self { zero, length: choices.hull().days() })
    }
}
