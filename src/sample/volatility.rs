//! What a study of many events tells of its models of conditional variance: event by event, and together.

use serde::Serialize;

use super::estimate::Estimates;
use super::fit::EventFit;
use crate::model::ExpectedReturnModel;
use crate::model::volatility::VolatilityFit;
use crate::stats::moment;

/// The conditional variance of one event's estimation window, for returns as fractions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventVolatility {
    /// ω: a squared fraction, or the constant of ln h under EGARCH.
    pub omega: f64,
    /// α, of the last day's size.
    pub alpha: f64,
    /// γ, of the last day's sign; None under GARCH.
    pub gamma: Option<f64>,
    /// β, of the last day's variance.
    pub beta: f64,
    /// Degrees of freedom of the errors; None when they are normal.
    pub nu: Option<f64>,
    /// Log-likelihood of the estimation returns.
    pub log_likelihood: f64,
    /// Share of a deviation of the variance that is left a session later.
    pub persistence: f64,
    /// Sessions until half of a deviation is gone; None when none ever is, or all at once.
    pub half_life: Option<f64>,
    /// Standard deviation of the residual on the session after the estimation window, a fraction.
    pub next_sigma: f64,
    /// Edges of what is allowed that the estimate stands at ([`crate::model::volatility::Edge`]), usually none.
    pub edges: Vec<&'static str>,
}

impl EventVolatility {
    fn of(fit: &VolatilityFit) -> Self {
        let parameters = fit.parameters;
        Self {
            omega: parameters.omega,
            alpha: parameters.alpha,
            gamma: (fit.model.process != crate::model::VarianceProcess::Garch).then_some(parameters.gamma),
            beta: parameters.beta,
            nu: parameters.nu,
            log_likelihood: fit.log_likelihood,
            persistence: fit.persistence(),
            half_life: fit.half_life(),
            next_sigma: fit.next_variance.sqrt(),
            edges: fit.edges.iter().map(|edge| edge.name()).collect(),
        }
    }
}

/// The conditional variances of all used events together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VolatilitySummary {
    /// Events whose variance was fitted.
    pub fitted: usize,
    /// Events for which the market model stands in, because the search found no maximum and the study asked for that.
    pub fallback: usize,
    /// Median of the persistence; None when no event was fitted.
    pub median_persistence: Option<f64>,
    /// Median of the half-lives, sessions, over the events that have one; None when none has.
    pub median_half_life: Option<f64>,
    /// Events at each edge of what is allowed, by its name.
    pub edges: Vec<(&'static str, usize)>,
}

impl VolatilitySummary {
    /// Of the used events; None for a study under another model.
    pub(super) fn of(model: ExpectedReturnModel, events: &[Option<EventVolatility>]) -> Option<Self> {
        if !matches!(model, ExpectedReturnModel::ConditionalVariance { .. }) {
            return None;
        }
        let fitted: Vec<&EventVolatility> = events.iter().flatten().collect();
        let mut edges: Vec<(&'static str, usize)> = Vec::new();
        for edge in fitted.iter().flat_map(|event| &event.edges) {
            match edges.iter_mut().find(|(name, _)| name == edge) {
                Some((_, count)) => *count += 1,
                None => edges.push((edge, 1)),
            }
        }
        edges.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        Some(Self {
            fitted: fitted.len(),
            fallback: events.len() - fitted.len(),
            median_persistence: moment::median(&fitted.iter().map(|event| event.persistence).collect::<Vec<_>>()),
            median_half_life: moment::median(&fitted.iter().filter_map(|event| event.half_life).collect::<Vec<_>>()),
            edges,
        })
    }
}

/// Of each used event; empty for a study under another model, None for an event that the market model stands in for.
pub(super) fn columns(model: ExpectedReturnModel, estimates: &Estimates) -> Vec<Option<EventVolatility>> {
    if !matches!(model, ExpectedReturnModel::ConditionalVariance { .. }) {
        return Vec::new();
    }
    estimates.fits.iter().map(|fit: &EventFit| fit.volatility().map(EventVolatility::of)).collect()
}
