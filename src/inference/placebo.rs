//! The placebo (randomisation) test: the event's window slid over all other days of the history.
//!
//! With the model as fitted, the CAR of a window of the same length is taken at every position of the data whose window has all
//! its returns and doesn't touch the event's. `p = (hits + 1) / (draws + 1)`, hits the placebo CARs at least as large in size as
//! the event's: two-sided, never 0, and nothing is drawn at random. The windows overlap each other, so that the draws are
//! not independent: p is what the history says, not an exact level.

use chrono::NaiveDate;
use serde::Serialize;

use crate::abnormal::CumulativeAbnormalReturn;
use crate::align::WindowDay;
use crate::inference::{Outcome, TestOutcome};
use crate::model::FittedModel;
use crate::window::{EventDay, Window};

/// Fewest draws from which a p-value is given: below, the smallest one possible is above 5 %.
pub const FEWEST_DRAWS: usize = 19;

/// The CARs of all placebo windows of one length.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceboDistribution {
    /// The event's window.
    pub window: Window,
    /// The event's own CAR, a fraction.
    pub actual: f64,
    /// Placebo CARs in order of time, fractions.
    pub values: Vec<f64>,
    /// First and last session of the history that they come from; None when there is none.
    pub span: Option<(NaiveDate, NaiveDate)>,
    /// Placebo CARs at least as large in size as the event's.
    pub hits: usize,
}

impl PlaceboDistribution {
    /// Slides the event's window over the history (every session in order of time, with its event day).
    pub fn slide(model: &FittedModel, history: &[WindowDay], event: &CumulativeAbnormalReturn) -> Self {
        let abnormal: Vec<(EventDay, NaiveDate, Option<f64>)> = history
            .iter()
            .map(|entry| (entry.day, entry.session, entry.security.zip(entry.benchmark).map(|(own, market)| own - model.expected(market))))
            .collect();
        let mut values = Vec::with_capacity(abnormal.len());
        let mut span: Option<(NaiveDate, NaiveDate)> = None;
        for draw in abnormal.windows(event.window.days()) {
            let touches = draw.iter().any(|(day, _, _)| event.window.contains(*day));
            let Some(total) = draw.iter().map(|(_, _, value)| *value).sum::<Option<f64>>().filter(|_| !touches) else { continue };
            values.push(total);
            if let (Some((_, first, _)), Some((_, last, _))) = (draw.first(), draw.last()) {
                span = Some((span.map_or(*first, |(earliest, _)| earliest), *last));
            }
        }
        let hits = values.iter().filter(|value| value.abs() >= event.value.abs()).count();
        Self { window: event.window, actual: event.value, values, span, hits }
    }

    /// The test, p = (hits + 1) / (draws + 1).
    pub fn test(&self, complete: bool) -> TestOutcome {
        test_counts(self.actual, self.hits, self.values.len(), complete)
    }
}

/// The test of a CAR of which `hits` of `draws` placebo CARs are at least as large in size; `complete` when its window has all its returns.
pub fn test_counts(actual: f64, hits: usize, draws: usize, complete: bool) -> TestOutcome {
    let outcome = if !complete {
        Outcome::Inapplicable {
            reason: "the event's window lacks a return, so its CAR can't be compared with those of whole windows".to_owned(),
        }
    } else if draws < FEWEST_DRAWS {
        Outcome::Inapplicable { reason: format!("the history has {draws} other windows of this length, fewer than {FEWEST_DRAWS}") }
    } else {
        Outcome::Computed {
            statistic: actual,
            p_value: (hits as f64 + 1.0) / (draws as f64 + 1.0),
            null: format!("{draws} placebo windows of the same length"),
            n: draws,
        }
    };
    TestOutcome { name: "placebo", outcome }
}
