//! A specification curve as plain data: what a study finds under every reasonable choice. [`crate::specification`] draws it.

use serde::Serialize;

use crate::model::ExpectedReturnModel;
use crate::window::Window;

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
    /// Whether p is below 5 %.
    pub is_significant: bool,
    /// Events behind it.
    pub n: usize,
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
    /// Share of the estimates that are significant, a fraction.
    pub significant_share: f64,
    /// What the curve is on placebo dates; None with a reason.
    pub placebo: Option<PlaceboCurves>,
    /// Why there are no placebo dates; None when there are.
    pub placebo_reason: Option<String>,
}

/// What the curve is on placebo dates.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlaceboCurves {
    /// Placebo dates on which every combination of the event's own curve could be computed.
    pub dates: usize,
    /// Those of them that have the event in an estimation window: a large event makes fewer of their estimates significant.
    pub dates_after_the_event: usize,
    /// Dates with at least as large a share significant.
    pub share_hits: usize,
    /// p-value of the share: (hits + 1) / (dates + 1).
    pub share_p_value: f64,
    /// Dates with a median at least as large in size.
    pub median_hits: usize,
    /// p-value of the median, two-sided.
    pub median_p_value: f64,
    /// Mean share significant over the dates, a fraction.
    pub mean_share: f64,
}
