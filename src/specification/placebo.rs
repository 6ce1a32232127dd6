//! The curve on placebo dates: how often an ordinary day looks as much like an event.

use rayon::prelude::*;

use super::{Choices, PlaceboCurves, Specification, SpecificationCurve, measure};
use crate::calendar::Timing;
use crate::event::list::{EventList, ListedEvent};
use crate::event::{EventId, Moment};
use crate::inference::UNUSUAL_LEVEL;
use crate::model::ExpectedReturnModel;
use crate::sample::{OverlapPolicy, SampleDesign};
use crate::series::PriceBook;
use crate::stats::moment;
use crate::window::Window;

/// Fewest placebo dates that a p-value is made of.
const FEWEST: usize = 19;

/// One placebo date's curve.
#[derive(Clone, Default)]
struct DateCurve {
    values: Vec<f64>,
    significant: usize,
}

/// Draws the curve of the list's one event on every other date that has room.
///
/// # Errors
/// In words: several events, a benchmark without prices, or fewer than 19 dates.
pub(super) fn slide(
    base: &SampleDesign,
    list: &EventList,
    book: &PriceBook,
    choices: &Choices,
    curve: &SpecificationCurve,
) -> Result<PlaceboCurves, String> {
    let [event] = list.events.as_slice() else {
        return Err("placebo dates are drawn for a single event alone".to_owned());
    };
    // The placebo dates touch each other by design.
    let base = SampleDesign { overlapping: OverlapPolicy::Keep, contaminated: false, ..base.clone() };
    let combinations: Vec<_> = choices.combinations().into_iter().filter(|combination| is_in(curve, combination)).collect();
    let sessions = book.get(&base.benchmark).map_err(|unknown| unknown.to_string())?.dates();
    let measured = combinations.first().and_then(|combination| measure(&base, list, book, choices, combination).ok());
    let zero = measured.and_then(|columns| sessions.binary_search(columns.session.first()?).ok());
    let zero = zero.ok_or("the event's day 0 isn't a session of the study's benchmark")?;
    let hull = choices.hull();
    let mut placebo = list.clone();
    placebo.titles.clear();
    placebo.characteristics.clear();
    let others: Vec<usize> = (0..sessions.len()).filter(|position| position.abs_diff(zero) >= hull.days()).collect();
    let listed = |position: &usize| {
        let date = *sessions.get(*position)?;
        Some(ListedEvent { id: EventId::new(date.to_string()), moment: Moment::Day(date, Timing::Unknown), ..event.clone() })
    };
    placebo.events = others.iter().filter_map(listed).collect();
    let mut dates: Vec<DateCurve> = vec![DateCurve::default(); placebo.events.len()];
    let runs: Vec<_> = combinations.par_iter().map(|combination| measure(&base, &placebo, book, choices, combination).ok()).collect();
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
    // Only whole curves compare: a combination gives all its windows on a date or none, and a date near the start of the data lacks the
    // longer estimation windows.
    let earliest = choices.estimations.iter().map(|window| window.first()).min().unwrap_or(0);
    let latest = choices.estimations.iter().map(|window| window.last()).max().unwrap_or(0);
    let has_event = |position: usize| {
        let (position, zero) = (position as i64, zero as i64);
        let (from, to) = (position + i64::from(earliest), position + i64::from(latest));
        from <= zero + i64::from(hull.last()) && zero + i64::from(hull.first()) <= to
    };
    let whole = |date: &DateCurve| date.values.len() == curve.estimates.len();
    let after = others.iter().zip(&dates).filter(|(position, date)| whole(date) && has_event(**position)).count();
    dates.retain(whole);
    if dates.len() < FEWEST {
        return Err(format!("{} other dates have room for every choice, fewer than {FEWEST}", dates.len()));
    }
    let significant = curve.significant_positive + curve.significant_negative;
    let share_hits = dates.iter().filter(|date| date.significant >= significant).count();
    let median = |date: &DateCurve| moment::median(&date.values).unwrap_or_default();
    let median_hits = dates.iter().filter(|date| median(date).abs() >= curve.median.abs()).count();
    let share = |hits: usize| (hits as f64 + 1.0) / (dates.len() as f64 + 1.0);
    let total: usize = dates.iter().map(|date| date.significant).sum();
    Ok(PlaceboCurves {
        dates: dates.len(),
        dates_after_the_event: after,
        share_hits,
        share_p_value: share(share_hits),
        median_hits,
        median_p_value: share(median_hits),
        mean_share: total as f64 / (dates.len() * curve.estimates.len()) as f64,
    })
}

/// Whether a combination is among those of the curve.
fn is_in(curve: &SpecificationCurve, (model, estimation, benchmark): &(ExpectedReturnModel, Window, String)) -> bool {
    let same = |choice: &Specification| choice.model == *model && choice.estimation == *estimation && choice.benchmark == *benchmark;
    curve.estimates.iter().any(|estimate| same(&estimate.specification))
}
