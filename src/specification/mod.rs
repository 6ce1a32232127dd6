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
//!   day of the same security. Dates after the event have it in their estimation windows: a large event makes their intervals wider, fewer of
//!   their estimates significant, and p a little too small. How many such dates there are is in the result.) Neighbouring placebo dates share most of their days, which makes p a little less sure than its
//!   number of dates says.
//! - A combination that can't be computed (its window leaves the data) is listed with its reason, and in no share.

mod choice;
mod placebo;

use rayon::prelude::*;

pub use choice::Choices;

pub use crate::sample::curve::{FailedSpecification, PlaceboCurves, Specification, SpecificationCurve, SpecificationEstimate};

use crate::event::list::{EventList, ListedEvent};
use crate::inference::UNUSUAL_LEVEL;
use crate::model::ExpectedReturnModel;
use crate::provenance::Provenance;
use crate::sample::result::{EventColumns, EventWindowColumn, WindowResult};
use crate::sample::{Sample, SampleDesign, SampleError};
use crate::series::PriceBook;
use crate::stats::moment;
use crate::window::{Window, Windows};

/// Draws the curve of a study: `base` is its design, `choices` what else is reasonable. None when no combination can be computed.
///
/// # Errors
/// [`SampleError`] when the study's own design doesn't hold together, or an event brings a benchmark or window of its own: every choice
/// would give the same for it.
pub fn trace(
    base: &SampleDesign,
    list: &EventList,
    book: &PriceBook,
    choices: &Choices,
) -> Result<Option<SpecificationCurve>, SampleError> {
    let brings_own = |event: &&ListedEvent| event.benchmark.is_some() || event.estimation.is_some() || event.window.is_some();
    if let Some(event) = list.events.iter().find(brings_own) {
        return Err(SampleError::OwnChoices { id: event.id.to_string() });
    }
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
    let Some(median) = moment::median(&values) else { return Ok(None) };
    let significant = |sign: f64| estimates.iter().filter(|entry| entry.is_significant && entry.value * sign > 0.0).count();
    let mut curve = SpecificationCurve {
        own,
        median,
        positive: values.iter().filter(|value| **value > 0.0).count(),
        significant_positive: significant(1.0),
        significant_negative: significant(-1.0),
        significant_share: estimates.iter().filter(|entry| entry.is_significant).count() as f64 / estimates.len() as f64,
        estimates,
        failed,
        placebo: None,
        placebo_reason: None,
    };
    match placebo::slide(base, list, book, &choices, &curve) {
        Ok(placebo) => curve.placebo = Some(placebo),
        Err(reason) => curve.placebo_reason = Some(reason),
    }
    Ok(Some(curve))
}

/// The study of one combination of model, estimation window and benchmark, over all windows of cumulation at once.
fn study(
    base: &SampleDesign,
    list: &EventList,
    choices: &Choices,
    (model, estimation, benchmark): &(ExpectedReturnModel, Window, String),
) -> Result<Sample, String> {
    let event = choices.hull();
    let windows = Windows::new(*estimation, event).map_err(|failure| failure.to_string())?;
    let design = SampleDesign {
        model: *model,
        benchmark: benchmark.clone(),
        rule: crate::align::AlignmentRule { windows, ..base.rule },
        car_windows: choices.windows.clone(),
        volatility_fallback: crate::sample::VolatilityFallback::Exclude,
        beta: crate::sample::beta::BetaDesign { rolling: None, ..base.beta },
        most_excluded: None,
        draws: 0,
        event_tests: false,
        other_conventions: false,
        ..base.clone()
    };
    Sample::new(design, list.clone()).map_err(|failure| failure.to_string())
}

/// The events of one combination, without tests over them.
fn measure(
    base: &SampleDesign,
    list: &EventList,
    book: &PriceBook,
    choices: &Choices,
    combination: &(ExpectedReturnModel, Window, String),
) -> Result<EventColumns, String> {
    study(base, list, choices, combination)?.measure(book).map_err(|failure| failure.to_string())
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
    let first = choices.windows.first().copied().unwrap_or(Window::DAY_ZERO);
    let failed = |reason: String| FailedSpecification { specification: named(first), reason };
    if let [_] = list.events.as_slice() {
        let columns = measure(base, list, book, choices, combination).map_err(failed)?;
        let of_window = |column: &EventWindowColumn| {
            let (interval, p_value) = (columns.interval(column, 0), columns.p_value(column, 0));
            Some(estimated(named(column.window), *column.car.first()?, interval, p_value, 1))
        };
        return Ok(columns.windows.iter().filter_map(of_window).collect());
    }
    let sample = study(base, list, choices, combination).map_err(failed)?;
    let result = sample.run(book, Provenance::default(), |_| ()).map_err(|failure| failed(failure.to_string()))?;
    let windows = result.groups.first().map_or(&[][..], |all| all.windows.as_slice());
    let of_window = |window: &WindowResult| {
        let p_value = window.tests.iter().find(|entry| entry.test.name == "cross-sectional-t").and_then(|entry| entry.test.p_value());
        let mean = &window.cumulative;
        estimated(named(window.window), mean.mean, mean.interval, p_value, mean.n)
    };
    Ok(windows.iter().map(of_window).collect())
}

fn estimated(
    specification: Specification,
    value: f64,
    interval: Option<(f64, f64)>,
    p_value: Option<f64>,
    n: usize,
) -> SpecificationEstimate {
    let is_significant = p_value.is_some_and(|p_value| p_value < UNUSUAL_LEVEL);
    SpecificationEstimate { specification, value, interval, p_value, is_significant, n }
}
