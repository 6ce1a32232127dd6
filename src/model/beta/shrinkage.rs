//! Betas moved towards that of the cross-section: a high estimate is more often too high than too low.
//!
//! **Vasicek** (1973, *Journal of Finance* 28(5), 1233–1239, doi:10.1111/j.1540-6261.1973.tb01452.x) weighs the least-squares slope b with
//! its variance s_b² against a prior of mean β₀ and variance σ₀², and gives the posterior mean and variance:
//!
//! ```text
//! β = (β₀/σ₀² + b/s_b²) / (1/σ₀² + 1/s_b²),    Var(β) = 1 / (1/σ₀² + 1/s_b²)
//! ```
//!
//! The prior is given, or it is the mean and variance (divisor N − 1) of the least-squares betas of the study's events, as the paper takes it
//! from a population of shares. The noise of those estimates isn't taken out of their variance, so that the prior is a little too wide. Events of
//! one security count one by one.
//!
//! **Blume** moves all betas by one line: `β = c₀ + c₁ b`.
//! - fixed, ⅓ + ⅔ b: what data vendors print as the adjusted beta; near the 0.343 + 0.677 b that Blume (1971, *Journal of Finance* 26(1), 1–10,
//!   doi:10.1111/j.1540-6261.1971.tb00584.x) found for 1954–61 on 1947–54;
//! - estimated (Blume 1975, *Journal of Finance* 30(3), 785–795, doi:10.1111/j.1540-6261.1975.tb01850.x): the least-squares line, over the
//!   study's events, of the beta of the second half of the estimation window on that of the first. He used seven years a period; betas of
//!   half a window are noisier, so that the line is flatter.
//!
//! `Var(β) = c₁² s_b²` for Blume: the noise of the adjusted estimate; what the adjustment itself has wrong isn't in it. Either way d = n − 2.

use serde::Serialize;
use thiserror::Error;

use super::{BetaError, BetaLine, least_squares};
use crate::stats::{moment, ols};

/// Where betas are thought to lie before the security's own returns are seen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Prior {
    /// Mean of the betas.
    pub mean: f64,
    /// Their standard deviation, above 0.
    pub standard_deviation: f64,
}

/// The line by which Blume's adjustment moves betas.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adjustment {
    /// c₀.
    pub intercept: f64,
    /// c₁.
    pub slope: f64,
}

/// Why there is no prior and no adjustment.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ShrinkageError {
    /// Too few betas.
    #[error("{found} betas, {what} needs at least {least}")]
    TooFew {
        /// What is estimated from them.
        what: &'static str,
        /// Betas found.
        found: usize,
        /// Least number.
        least: usize,
    },
    /// All betas are the same.
    #[error("the betas don't vary: there is nothing to tell a likely one from an unlikely one by")]
    NoSpread,
    /// A prior that is none.
    #[error("a prior with mean {mean} and standard deviation {standard_deviation}: the mean must be finite and the other above zero")]
    NotAPrior {
        /// Mean.
        mean: f64,
        /// Standard deviation.
        standard_deviation: f64,
    },
}

impl Prior {
    /// A prior as given.
    ///
    /// # Errors
    /// [`ShrinkageError::NotAPrior`] unless the mean is finite and the standard deviation finite and above 0.
    pub fn new(mean: f64, standard_deviation: f64) -> Result<Self, ShrinkageError> {
        let fits = mean.is_finite() && standard_deviation.is_finite() && standard_deviation > 0.0;
        if fits { Ok(Self { mean, standard_deviation }) } else { Err(ShrinkageError::NotAPrior { mean, standard_deviation }) }
    }

    /// Mean and standard deviation (divisor N − 1) of a cross-section of betas.
    ///
    /// # Errors
    /// [`ShrinkageError`] under 2 betas, or when they don't vary.
    pub fn of_cross_section(betas: &[f64]) -> Result<Self, ShrinkageError> {
        let too_few = ShrinkageError::TooFew { what: "their spread", found: betas.len(), least: 2 };
        let (mean, spread) = moment::mean(betas).zip(moment::standard_deviation(betas)).ok_or(too_few)?;
        if spread > 0.0 { Self::new(mean, spread) } else { Err(ShrinkageError::NoSpread) }
    }

    /// Posterior mean and variance of a beta estimated as `beta` with variance `variance`.
    pub fn shrink(&self, beta: f64, variance: f64) -> (f64, f64) {
        // The weight of the estimate; divided through by 1/s², so that neither variance need be inverted.
        let own = self.standard_deviation * self.standard_deviation;
        let weight = own / (own + variance);
        (self.mean + weight * (beta - self.mean), weight * variance)
    }
}

impl Adjustment {
    /// ⅓ + ⅔ b.
    pub const FIXED: Adjustment = Adjustment { intercept: 1.0 / 3.0, slope: 2.0 / 3.0 };

    /// The least-squares line of later betas on earlier ones, one of each an event.
    ///
    /// # Errors
    /// [`ShrinkageError`] under 3 pairs, or when the earlier ones don't vary.
    pub fn of_periods(earlier: &[f64], later: &[f64]) -> Result<Self, ShrinkageError> {
        if earlier.len().min(later.len()) < 3 {
            let found = earlier.len().min(later.len());
            return Err(ShrinkageError::TooFew { what: "the line of later betas on earlier ones", found, least: 3 });
        }
        let regression = ols::fit(later, &[earlier], true).map_err(|_| ShrinkageError::NoSpread)?;
        match regression.coefficients.as_slice() {
            [intercept, slope] => Ok(Self { intercept: *intercept, slope: *slope }),
            _ => Err(ShrinkageError::NoSpread),
        }
    }

    /// The adjusted beta.
    pub fn adjust(&self, beta: f64) -> f64 {
        self.intercept + self.slope * beta
    }
}

/// The line with Vasicek's beta.
///
/// # Errors
/// As [`least_squares`].
pub fn fit_vasicek(own: &[f64], market: &[f64], prior: Prior) -> Result<BetaLine, BetaError> {
    let plain = least_squares(own, market)?;
    let (beta, variance) = prior.shrink(plain.beta, plain.beta_variance);
    super::Pairs::new(own, market, 3)?.line(beta, 2, |_| variance)
}

/// The line with Blume's beta.
///
/// # Errors
/// As [`least_squares`].
pub fn fit_blume(own: &[f64], market: &[f64], adjustment: Adjustment) -> Result<BetaLine, BetaError> {
    let plain = least_squares(own, market)?;
    let variance = adjustment.slope * adjustment.slope * plain.beta_variance;
    super::Pairs::new(own, market, 3)?.line(adjustment.adjust(plain.beta), 2, |_| variance)
}

/// Least-squares betas of the first and the second half of the estimation days (of an odd number the middle one is in the second half).
///
/// # Errors
/// As [`least_squares`], for either half.
pub fn betas_of_halves(own: &[f64], market: &[f64]) -> Result<(f64, f64), BetaError> {
    let middle = own.len() / 2;
    let halves = own.split_at_checked(middle).zip(market.split_at_checked(middle));
    let ((first, second), (market_first, market_second)) =
        halves.ok_or(BetaError::LengthsDiffer { found: market.len(), expected: own.len() })?;
    Ok((least_squares(first, market_first)?.beta, least_squares(second, market_second)?.beta))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blume's line as textbooks print it (Elton, Gruber, Brown & Goetzmann, Modern Portfolio Theory, ch. 7): 2.0 becomes 1.697, 0.5 0.682.
    #[test]
    fn blumes_line_moves_betas_as_in_the_textbook() {
        let line = Adjustment { intercept: 0.343, slope: 0.677 };
        // Half a unit of the third decimal, on which 0.6815 stands.
        assert!((line.adjust(2.0) - 1.697).abs() < 5e-4 && (line.adjust(0.5) - 0.682).abs() < 5.000_001e-4);
        assert!((Adjustment::FIXED.adjust(1.0) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn a_wide_prior_leaves_the_estimate_and_a_narrow_one_takes_it_over() {
        let wide = Prior::new(1.0, 1e9).unwrap().shrink(1.8, 0.04);
        let narrow = Prior::new(1.0, 1e-9).unwrap().shrink(1.8, 0.04);
        assert!((wide.0 - 1.8).abs() < 1e-12 && (wide.1 - 0.04).abs() < 1e-12);
        assert!((narrow.0 - 1.0).abs() < 1e-12 && narrow.1 < 1e-17);
        // As sure of the one as of the other: half way, half the variance.
        let even = Prior::new(1.0, 0.2).unwrap().shrink(1.8, 0.04);
        assert!((even.0 - 1.4).abs() < 1e-15 && (even.1 - 0.02).abs() < 1e-17);
    }

    #[test]
    fn what_is_no_prior_is_refused() {
        assert!(matches!(Prior::new(f64::NAN, 0.3), Err(ShrinkageError::NotAPrior { .. })));
        assert!(matches!(Prior::new(1.0, 0.0), Err(ShrinkageError::NotAPrior { .. })));
        assert!(matches!(Prior::of_cross_section(&[1.2]), Err(ShrinkageError::TooFew { found: 1, .. })));
        assert_eq!(Prior::of_cross_section(&[1.2, 1.2, 1.2]), Err(ShrinkageError::NoSpread));
        assert_eq!(Adjustment::of_periods(&[1.0, 1.0, 1.0], &[0.9, 1.1, 1.2]), Err(ShrinkageError::NoSpread));
        assert!(matches!(Adjustment::of_periods(&[1.0, 1.1], &[0.9, 1.1]), Err(ShrinkageError::TooFew { found: 2, .. })));
    }
}
