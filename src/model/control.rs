//! Expected returns from other securities: a synthetic control, a comparison firm, or a portfolio of them.
//!
//! With R_j the controls' returns and w_j their weights, `w_j ≥ 0`, `Σ w_j = 1`, the expected return is `Σ w_j R_j`, AR = R − Σ w_j R_j.
//! There is no intercept: what the firm earned more than its controls before the event isn't expected to go on.
//!
//! | model | weights | d |
//! |---|---|---|
//! | `synthetic-control` | minimise `Σ (R − Σ w_j R_j)²` over the n days of the estimation window ([`crate::stats::simplex`]) | n − k, k the weights above 0 |
//! | `comparison-firm` | 1, on the matched firm | n − 1 |
//! | `comparison-portfolio(k)` | 1/k, on each of the k matched firms | n − 1 |
//!
//! Synthetic control of daily returns: Acemoglu, Johnson, Kermani, Kwak & Mitton (2016, *Journal of Financial Economics* 121, 368–391,
//! doi:10.1016/j.jfineco.2015.10.001); of outcomes in general: Abadie, Diamond & Hainmueller (2010, *Journal of the American Statistical
//! Association* 105, 493–505, doi:10.1198/jasa.2009.ap08746). Comparison firms: Barber & Lyon (1997, *Journal of Financial Economics* 43,
//! 341–372, doi:10.1016/S0304-405X(96)00890-2).
//!
//! **Spread.** s² = Σ(e − ē)² / d, e the residuals of the estimation window: as for `market-adjusted` about their mean, which costs one
//! degree of freedom. Weights that add up to 1 cost k − 1 more, for the fit of least squares on a polytope has as many degrees of
//! freedom as the face on which it lies has dimensions (Kato 2009, *Journal of Multivariate Analysis* 100, 1338–1352). So with one donor
//! `synthetic-control` is `market-adjusted` on that donor. The papers use no standard error but placebos; theirs stand beside
//! ([`crate::inference::donor_placebo`]).
//!
//! **Variance of a CAR over L days.** s² ( L + r'Vr ), r the sums of the weighted donors' returns over those days and s²V the covariance of
//! the weights given which donors have one ([`crate::stats::simplex::Face`]); r'Vr is 0 where the weights aren't estimated. That donors
//! were chosen by the same data isn't in it.
//!
//! **How right that is**, by `simulate` (1,000 samples of 30 made-up events, 30 donors, 250 days, CAR of two days, tests at 5 %, each rate ± 0.7
//! points): with a date for each event Patell's test rejects 3.7 %, BMP 4.0 %, the generalised rank test 5.0 %. With one date for all, events
//! share donors, whose own news stands in every abnormal return: BMP rejects 16.3 %, Patell's 15.7 %, but Kolari and Pynnönen's, which
//! take the correlation from the residuals, 5.4 % and 5.2 %, the rank test 6.1 %. Read these there.
//!
//! **Pre-event fit.** RMSPE = √(Σ e² / n), and 1 − Σ e² / Σ (R − R̄)², which is R² for a mix and below 0 for one that fits worse than
//! the firm's own mean.

use std::sync::Arc;

use thiserror::Error;

use crate::stats::moment::{self, sum_of};
use crate::stats::simplex::{Face, Products, SimplexError};

/// Residuals whose standard deviation is below this share of the security's own are rounding.
const SMALLEST_SPREAD: f64 = 1e-10;

/// Why a control can't be formed.
#[derive(Debug, Clone, Copy, PartialEq, Error)]
pub enum ControlError {
    /// No weights.
    #[error("{0}")]
    Weights(#[from] SimplexError),
    /// The donors with a weight are nearly combinations of each other.
    #[error(
        "the donors with a weight are nearly combinations of each other, so that the error of their weights can't be told: leave out twins"
    )]
    NoFace,
    /// As many weights as days.
    #[error("{weights} donors with a weight leave no degree of freedom of {days} estimation returns: lengthen the estimation window")]
    TooFew {
        /// Weights above 0.
        weights: usize,
        /// Days.
        days: usize,
    },
    /// The controls give the security's own returns.
    #[error(
        "its controls have the very same returns in the estimation window, so no return can be called abnormal: leave the security's twin out"
    )]
    NoSpread,
}

/// A fitted control. Its numbers belong to the estimation window.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlFit {
    /// Numbers of the series with a weight, and the weights, which add up to 1.
    pub weights: Vec<(usize, f64)>,
    /// Residual standard deviation s, a fraction a session.
    pub sigma: f64,
    /// Residual degrees of freedom d.
    pub degrees_of_freedom: usize,
    /// Estimation returns n.
    pub observations: usize,
    /// How well the control did before the event.
    pub before: PreEventFit,
    /// What the error of the weights adds to a forecast; None where they aren't estimated.
    pub face: Option<Arc<Face>>,
}

/// How closely a control followed its security in the estimation window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PreEventFit {
    /// Root of the mean squared difference of the returns (RMSPE), a fraction a session.
    pub error: f64,
    /// 1 − Σe² / Σ(R − R̄)²; None when the security doesn't vary.
    pub r_squared: Option<f64>,
}

/// The synthetic control of one of the series out of the ones in `pool` (numbers of series, as in `products`).
///
/// # Errors
/// [`ControlError`] for a pool without donors, weights that don't converge or leave no degree of freedom, and donors that are the security.
pub fn fit_synthetic(products: &Products, series: &[&[f64]], target: usize, pool: &[usize]) -> Result<ControlFit, ControlError> {
    let weights = products.nearest(target, pool)?.weights;
    let columns: Vec<usize> = weights.iter().map(|(series, _)| *series).collect();
    let mut fit = measure(series, target, weights, true)?;
    fit.face = Some(Arc::new(products.face(&columns).ok_or(ControlError::NoFace)?));
    Ok(fit)
}

/// The mean of the series in `matched`, each with the same weight, as the control of `target`.
///
/// # Errors
/// [`ControlError`] for no series, fewer than two days, and matched firms that are the security.
pub fn fit_equal(series: &[&[f64]], target: usize, matched: &[usize]) -> Result<ControlFit, ControlError> {
    let weight = 1.0 / matched.len() as f64;
    measure(series, target, matched.iter().map(|series| (*series, weight)).collect(), false)
}

fn measure(series: &[&[f64]], target: usize, weights: Vec<(usize, f64)>, estimated: bool) -> Result<ControlFit, ControlError> {
    if weights.is_empty() {
        return Err(SimplexError::NoColumn.into());
    }
    let own = series.get(target).copied().ok_or(SimplexError::NoSuchSeries { series: target })?;
    let residuals = differences(series, own, &weights)?;
    let (days, taken) = (own.len(), if estimated { weights.len() } else { 1 });
    if days <= taken {
        return Err(ControlError::TooFew { weights: taken, days });
    }
    let mean = moment::mean(&residuals).unwrap_or(0.0);
    let spread = sum_of(&residuals, |value| (value - mean) * (value - mean));
    let squares = sum_of(&residuals, |value| value * value);
    let own_mean = moment::mean(own).unwrap_or(0.0);
    let total = sum_of(own, |value| (value - own_mean) * (value - own_mean));
    let sigma = (spread / (days - taken) as f64).sqrt();
    if sigma.is_nan() || sigma <= SMALLEST_SPREAD * (total / (days - 1).max(1) as f64).sqrt() {
        return Err(ControlError::NoSpread);
    }
    Ok(ControlFit {
        weights,
        sigma,
        degrees_of_freedom: days - taken,
        observations: days,
        before: PreEventFit { error: (squares / days as f64).sqrt(), r_squared: (total > 0.0).then(|| 1.0 - squares / total) },
        face: None,
    })
}

/// `own − Σ w_j R_j`, a value a day.
///
/// # Errors
/// [`SimplexError`] for a series that isn't there or has another length.
pub fn differences(series: &[&[f64]], own: &[f64], weights: &[(usize, f64)]) -> Result<Vec<f64>, SimplexError> {
    let mut residuals = own.to_vec();
    for (number, weight) in weights {
        let values = series.get(*number).ok_or(SimplexError::NoSuchSeries { series: *number })?;
        if values.len() != own.len() {
            return Err(SimplexError::LengthsDiffer { series: *number, found: values.len(), expected: own.len() });
        }
        for (residual, value) in residuals.iter_mut().zip(*values) {
            *residual -= weight * value;
        }
    }
    Ok(residuals)
}
