//! Beta as the sum of the slopes on leading and lagging market returns (Dimson 1979, *Journal of Financial Economics* 7, 197–226,
//! doi:10.1016/0304-405X(79)90013-8), for shares that don't trade at every close.
//!
//! ```text
//! R_t = a + Σ_{k=−lags}^{leads} b_k R_{m,t+k} + e_t,     β = Σ b_k
//! ```
//!
//! in one regression (Scholes & Williams take one slope at a time). The market's returns of the sessions just before and after the
//! estimation window are used for its first and last days. The line of the abnormal returns is the one of [`super`]: α = R̄ − β R̄_m, not a,
//! and the market's return of the same day alone, so that no abnormal return looks at the days after it.
//!
//! `Var(β) = s² w'(X'X)⁻¹w`, w the weights of the slopes (1 each), X the regressors with intercept; s² is that of the line with
//! d = n − 2 − lags − leads: all coefficients are paid for, and the spread is the one that abnormal returns have.
//!
//! Fowler & Rorke (1983, *Journal of Financial Economics* 12(2), 279–283) show that the sum isn't consistent
//! when the market is autocorrelated, and weigh the slopes: with n leads and lags, and ρ_i the market's autocorrelations (0 beyond n),
//!
//! ```text
//! β = Σ w_k b_k,    w_0 = 1,    w_k = Σ_{j=−n}^{n} ρ_{|j−k|} / (1 + 2 Σ_{i=1}^{n} ρ_i)
//! ```
//!
//! which is (1 + ρ₁)/(1 + 2ρ₁) for one lead and lag, and (1 + 2ρ₁ + ρ₂), (1 + ρ₁ + ρ₂) over (1 + 2ρ₁ + 2ρ₂) for two. ρ_i is Pearson's
//! correlation of `R_{m,t}` with `R_{m,t−i}` over the n days of the regression. Var(β) takes the weights as known.

use super::{BetaError, BetaLine, Pairs};
use crate::stats::moment;
use crate::stats::ols;

/// Most leads, and most lags.
pub const MOST_SHIFTS: usize = 20;
/// 1 + 2Σρ has to be at least this; below, the weights are noise.
const SMALLEST_DIVISOR: f64 = 0.05;

/// How the slopes are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregation {
    /// Their sum (Dimson 1979).
    Sum,
    /// Weighted by the market's autocorrelations (Fowler & Rorke 1983); needs as many leads as lags.
    FowlerRorke,
}

/// A beta of leads and lags with what it is made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimson {
    /// The line.
    pub line: BetaLine,
    /// Slopes b_k, from the farthest lag to the farthest lead.
    pub slopes: Vec<f64>,
    /// Weight of each.
    pub weights: Vec<f64>,
}

/// Fits the line. `lagging` holds the market's returns of 1, 2, … sessions before, `leading` those of 1, 2, … sessions after (fractions, one
/// a day in each).
///
/// # Errors
/// [`BetaError`]: too few days for the coefficients, lengths that differ, collinear or constant columns, a sum of autocorrelations near −½
/// or below (Fowler–Rorke), a security that doesn't vary about the line. Fowler–Rorke with other leads than lags is
/// [`BetaError::LengthsDiffer`].
pub fn fit(own: &[f64], same: &[f64], lagging: &[&[f64]], leading: &[&[f64]], aggregation: Aggregation) -> Result<Dimson, BetaError> {
    let coefficients = 2 + lagging.len() + leading.len();
    let pairs = Pairs::new(own, same, coefficients + 1)?;
    let weights = match aggregation {
        Aggregation::Sum => vec![1.0; coefficients - 1],
        Aggregation::FowlerRorke if lagging.len() != leading.len() => {
            return Err(BetaError::LengthsDiffer { found: leading.len(), expected: lagging.len() });
        }
        Aggregation::FowlerRorke => {
            let correlations = lagging.iter().map(|lagged| moment::correlation(same, lagged).ok_or(BetaError::NoMarketVariance));
            fowler_rorke_weights(&correlations.collect::<Result<Vec<f64>, BetaError>>()?)?
        }
    };
    let columns: Vec<&[f64]> = lagging.iter().rev().chain([&same]).chain(leading).copied().collect();
    let regression = ols::fit(own, &columns, true)?;
    let slopes = regression.coefficients.get(1..).unwrap_or(&[]).to_vec();
    let beta = slopes.iter().zip(&weights).map(|(slope, weight)| slope * weight).sum();
    // w'(X'X)⁻¹w of a vector without part in the intercept.
    let direction: Vec<f64> = [0.0].into_iter().chain(weights.iter().copied()).collect();
    let form: f64 = (&regression.unscaled_covariance).into_iter().zip(outer(&direction)).map(|(cell, weight)| cell * weight).sum();
    let line = pairs.line(beta, coefficients, |variance| variance * form)?;
    Ok(Dimson { line, slopes, weights })
}

/// Products of all pairs of a vector's entries, column by column.
fn outer(values: &[f64]) -> impl Iterator<Item = f64> {
    values.iter().flat_map(move |column| values.iter().map(move |row| column * row))
}

/// Weights of the slopes from the market's autocorrelations ρ₁, …, ρ_n, from the farthest lag to the farthest lead.
///
/// # Errors
/// [`BetaError::NegativeAutocorrelation`] when 1 + 2Σρ isn't above zero.
pub fn fowler_rorke_weights(autocorrelations: &[f64]) -> Result<Vec<f64>, BetaError> {
    let sum: f64 = autocorrelations.iter().sum();
    let divisor = 1.0 + 2.0 * sum;
    if divisor.is_nan() || divisor < SMALLEST_DIVISOR {
        return Err(BetaError::NegativeAutocorrelation { sum });
    }
    let reach = i32::try_from(autocorrelations.len()).map_err(|_| BetaError::OutOfRange)?;
    let correlation = |distance: u32| match distance.checked_sub(1) {
        None => 1.0,
        Some(place) => autocorrelations.get(place as usize).copied().unwrap_or(0.0),
    };
    let weight = |shift: i32| (-reach..=reach).map(|other| correlation(other.abs_diff(shift))).sum::<f64>() / divisor;
    Ok((-reach..=reach).map(weight).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The weights that the paper prints for one and for two leads and lags.
    #[test]
    fn fowler_and_rorkes_weights_are_the_papers() {
        let one = fowler_rorke_weights(&[0.3]).unwrap();
        let two = fowler_rorke_weights(&[0.3, 0.1]).unwrap();
        let near = |found: &[f64], expected: &[f64]| {
            assert_eq!(found.len(), expected.len());
            assert!(found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-15), "{found:?}");
        };
        near(&one, &[1.3 / 1.6, 1.0, 1.3 / 1.6]);
        near(&two, &[1.4 / 1.8, 1.7 / 1.8, 1.0, 1.7 / 1.8, 1.4 / 1.8]);
        near(&fowler_rorke_weights(&[0.0, 0.0]).unwrap(), &[1.0; 5]);
        near(&fowler_rorke_weights(&[]).unwrap(), &[1.0]);
        assert!(matches!(fowler_rorke_weights(&[-0.5]), Err(BetaError::NegativeAutocorrelation { .. })));
        assert!(fowler_rorke_weights(&[f64::NAN]).is_err());
    }

    #[test]
    fn too_few_days_and_collinear_columns_are_refused() {
        let same = [0.01, -0.02, 0.015, 0.0, -0.01, 0.02];
        let own = [0.02, -0.01, 0.01, 0.003, -0.02, 0.015];
        let lag = [0.0, 0.01, -0.02, 0.015, 0.0, -0.01];
        assert!(matches!(fit(&own, &same, &[&same], &[], Aggregation::Sum), Err(BetaError::Regression(_))));
        assert!(matches!(fit(&own, &same, &[&lag], &[], Aggregation::FowlerRorke), Err(BetaError::LengthsDiffer { .. })));
        let few = fit(&own[..4], &same[..4], &[&lag[..4]], &[&lag[..4]], Aggregation::Sum);
        assert_eq!(few, Err(BetaError::TooFew { found: 4, least: 5 }));
    }
}
