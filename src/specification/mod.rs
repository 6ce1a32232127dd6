//! Specification curve: the same question under every reasonable choice of model, estimation window, event window and benchmark
//! (Simonsohn, Simmons & Nelson 2020, *Nature Human Behaviour* 4, 1208–1214, doi:10.1038/s41562-020-0912-z).
//!
//! ```text
//! choices → (each combination: a study of its own) → CAR or CAAR, interval, p → in order of size → shares
//! ```
//!
//! - One event: CAR, t with the model's degrees of freedom. Several: CAAR, `cross-sectional-t`, t(N − 1). A specification is significant
//!   when its p is below 5 %.
//! - The specifications share their data, so their p-values aren't independent evidence, and the share of significant ones has no p of its
//!   own from a table. For one event it gets one from **placebo dates**: the whole curve is drawn again as if the event had been on each
//!   other session whose windows lie in the history and don't touch the event's own; p = (hits + 1) / (dates + 1), a hit being a date with
//!   at least as large a share significant, or as large a median in size. (The paper resamples under the null; here the null is an ordinary
//!   day of the same security.) Neighbouring placebo dates share most of their days, which makes p a little less sure than its
//!   number of dates says.
//! - A combination that can't be computed (its window leaves the data) is listed with its reason, and in no share.

mod choice;
mod placebo;

use rayon::prelude::*;
use serde::Serialize;

pub use choice::Choices;
pub use placebo::PlaceboCurves;

use crate::event::list::EventList;
use crate::inference::UNUSUAL_LEVEL;
use crate::model::ExpectedReturnModel;
use crate::provenance::Provenance;
use crate::sample::{Sample, SampleDesign, SampleError, SampleResult};
use crate::series::PriceBook;
use crate::stats::moment;
use crate::window::{Window, Windows};

/// One combination of choices.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Specification {
    /// Expected-return model.
    pub model: ExpectedReturnModel,
    /// Estimation window.
    pub estimation: Window,
    /// Window of cumulation.
    pub window: Window,
    /// Symbol of the benchmark.
    pub benchmark: String,
}

/// What one combination gives; fractions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpecificationEstimate {
    /// The combination.
    #[serde(flatten)]
    pub specification: Specification,
    /// CAR of the one event, or CAAR.
    pub value: f64,
    /// Its 95 % interval; None for several events that leave none.
    pub interval: Option<(f64, f64)>,
    /// Two-sided p-value; None when the test is undefined.
    pub p_value: Option<f64>,
    /// Events behind it.
    pub n: usize,
}

impl SpecificationEstimate {
    /// Whether it is told from zero at 5 %.
    pub fn is_significant(&self) -> bool {
        self.p_value.is_some_and(|p_value| p_value < UNUSUAL_LEVEL)
    }
}

/// A combination that can't be computed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FailedSpecification {
    /// The combination; its window is the first that was asked for.
    #[serde(flatten)]
    pub specification: Specification,
    /// Why.
    pub reason: String,
}

/// The estimates of all combinations, in order of size.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpecificationCurve {
    /// The study's own combination.
    pub own: Specification,
    /// Every combination that could be computed, by rising value.
    pub estimates: Vec<SpecificationEstimate>,
    /// Model, estimation window and benchmark that couldn't be used together.
    pub failed: Vec<FailedSpecification>,
    /// Middle value of the estimates.
    pub median: f64,
    /// Estimates above 0.
    pub positive: usize,
    /// Estimates above 0 and significant.
    pub significant_positive: usize,
    /// Estimates below 0 and significant.
    pub significant_negative: usize,
    /// What the curve is on placebo dates; None for several events, or when no other date has room.
    pub placebo: Option<PlaceboCurves>,
}

impl SpecificationCurve {
    /// Share of the estimates that are significant, a fraction.
    pub fn significant_share(&self) -> f64 {
        (self.significant_positive + self.significant_negative) as f64 / self.estimates.len().max(1) as f64
    }
}

/// Draws the curve of a study: `base` is its design, `choices` what else is reasonable. None when no combination can be computed.
///
/// # Errors
/// [`SampleError`] when the study's own design doesn't hold together.
pub fn trace(
    base: &SampleDesign,
    list: &EventList,
    book: &PriceBook,
    choices: &Choices,
) -> Result<Option<SpecificationCurve>, SampleError> {
    let own = Specification {
        model: base.model,
        estimation: base.rule.windows.estimation(),
        window: base.car_windows.first().copied().ok_or(SampleError::NoCarWindow)?,
        benchmark: base.benchmark.clone(),
    };
    let choices = choices.with(&own);
    let combinations = choices.combinations();
    let found: Vec<Result<Vec<SpecificationEstimate>, FailedSpecification>> =
        combinations.par_iter().map(|combination| estimate(base, list, book, &choices, combination)).collect();
    let (mut estimates, mut failed) = (Vec::new(), Vec::new());
    for outcome in found {
        match outcome {
            Ok(mut some) => estimates.append(&mut some),
            Err(failure) => failed.push(failure),
        }
    }
    if estimates.is_empty() {
        return Ok(None);
    }
    // Ties stay in the order of the choices.
    estimates.sort_by(|one, other| one.value.total_cmp(&other.value));
    let values: Vec<f64> = estimates.iter().map(|estimate| estimate.value).collect();
    let significant = |sign: f64| estimates.iter().filter(|entry| entry.is_significant() && entry.value * sign > 0.0).count();
    let mut curve = SpecificationCurve {
        own,
        median: moment::median(&values).unwrap_or_default(),
        positive: values.iter().filter(|value| **value > 0.0).count(),
        significant_positive: significant(1.0),
        significant_negative: significant(-1.0),
        estimates,
        failed,
        placebo: None,
    };
    if let [_] = list.events.as_slice() {
        curve.placebo = placebo::slide(base, list, book, &choices, &curve);
    }
    Ok(Some(curve))
}

/// The study of one combination of model, estimation window and benchmark, over all windows of cumulation at once.
fn run(
    base: &SampleDesign,
    list: &EventList,
    book: &PriceBook,
    choices: &Choices,
    (model, estimation, benchmark): &(ExpectedReturnModel, Window, String),
) -> Result<SampleResult, String> {
    let event = choices.hull();
    let windows = Windows::new(*estimation, event).map_err(|failure| failure.to_string())?;
    let design = SampleDesign {
        model: *model,
        benchmark: benchmark.clone(),
        rule: crate::align::AlignmentRule { windows, ..base.rule },
        car_windows: choices.windows.clone(),
        most_excluded: None,
        draws: 0,
        event_tests: false,
        other_conventions: false,
        ..base.clone()
    };
    let sample = Sample::new(design, list.clone()).map_err(|failure| failure.to_string())?;
    sample.run(book, Provenance::default(), |_| ()).map_err(|failure| failure.to_string())
}

fn estimate(
    base: &SampleDesign,
    list: &EventList,
    book: &PriceBook,
    choices: &Choices,
    combination: &(ExpectedReturnModel, Window, String),
) -> Result<Vec<SpecificationEstimate>, FailedSpecification> {
    let (model, estimation, benchmark) = combination;
    let named = |window: Window| Specification { model: *model, estimation: *estimation, window, benchmark: benchmark.clone() };
    let result = run(base, list, book, choices, combination).map_err(|reason| FailedSpecification {
        specification: named(choices.windows.first().copied().unwrap_or(Window::DAY_ZERO)),
        reason,
    })?;
    let all = result.groups.first();
    let estimates = result.events.windows.iter().enumerate().filter_map(|(place, column)| {
        if let [value] = column.car.as_slice() {
            let interval = result.events.interval(column, 0);
            let p_value = result.events.p_value(column, 0);
            return Some(SpecificationEstimate { specification: named(column.window), value: *value, interval, p_value, n: 1 });
        }
        let window = all?.windows.get(place)?;
        let p_value = window.tests.iter().find(|entry| entry.test.name == "cross-sectional-t").and_then(|entry| entry.test.p_value());
        let (value, interval, n) = (window.cumulative.mean, window.cumulative.interval, window.cumulative.n);
        Some(SpecificationEstimate { specification: named(column.window), value, interval, p_value, n })
    });
    Ok(estimates.collect())
}
