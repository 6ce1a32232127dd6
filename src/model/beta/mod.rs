//! Betas other than least squares: for shares that trade at other times than the index is taken, and for betas that are too noisy to be
//! taken as they are.
//!
//! | module | what it does |
//! |---|---|
//! | [`scholes_williams`] | slopes on the market's return of the day before, the day and the day after, over 1 + 2ρ |
//! | [`dimson`] | slopes of one regression on any leads and lags, added up (or weighted, Fowler & Rorke) |
//! | [`shrinkage`] | Vasicek's and Blume's adjustment of a least-squares beta towards that of the cross-section |
//! | [`rolling`] | beta over a window that moves on session by session |
//!
//! Whatever beta is, the line goes through the means and is used as the market model's is, on the market's return of the same day:
//!
//! - `α = R̄ − β R̄_m` over the n estimation days, `AR_t = R_t − α − β R_{m,t}` (as Brown & Warner 1985, *Journal of Financial Economics* 14,
//!   3–31, doi:10.1016/0304-405X(85)90042-X, have it for Scholes–Williams and Dimson betas),
//! - `s² = Σ (R_t − α − β R_{m,t})² / d`, d = n less the coefficients estimated. It is never below that of least squares on the same days
//!   and degrees of freedom,
//! - variance of a CAR of L days: `s² (L + L²/n) + (Σ R_{m,t} − L R̄_m)² · Var(β)`. Var(β) stands in each module; with least squares' `s² / S_mm`
//!   it is the market model's formula.

pub mod dimson;
pub mod rolling;
pub mod scholes_williams;
pub mod shrinkage;

use thiserror::Error;

use crate::stats::moment::{sum_of, sum_of_pairs};
use crate::stats::ols::RegressionError;

/// A spread below this share of the values' own size is rounding.
const SMALLEST_SPREAD: f64 = 1e-10;

/// Why a beta can't be estimated.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum BetaError {
    /// Too few returns.
    #[error("{found} estimation returns, the beta needs at least {least}")]
    TooFew {
        /// Returns found.
        found: usize,
        /// Least number.
        least: usize,
    },
    /// Columns of different length.
    #[error("{found} market returns for {expected} of the security: give both the same days")]
    LengthsDiffer {
        /// Market returns.
        found: usize,
        /// Returns of the security.
        expected: usize,
    },
    /// The market's return is the same on all days.
    #[error("the market's return doesn't vary in the estimation window: no beta can be told")]
    NoMarketVariance,
    /// The security doesn't vary about the line.
    #[error("the security doesn't vary about the line in the estimation window, so no return can be called abnormal")]
    NoSpread,
    /// The market's returns alternate so strongly that the sum of slopes has nothing to be divided by.
    #[error(
        "the market's returns have autocorrelations that add up to {sum:.2}, and 1 + 2 × that isn't above zero: this beta doesn't exist"
    )]
    NegativeAutocorrelation {
        /// Sum of the autocorrelations.
        sum: f64,
    },
    /// Not a number, or beyond what a number can hold.
    #[error("a return isn't finite, or too large for its square to be a number: leave the day out")]
    OutOfRange,
    /// The regression itself failed.
    #[error("the beta can't be estimated: {0}")]
    Regression(#[from] RegressionError),
}

/// A line through the means with a beta of any kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BetaLine {
    /// Intercept, a fraction a session.
    pub alpha: f64,
    /// Slope on the market's return of the same day.
    pub beta: f64,
    /// Variance of the beta, its square's unit; see each estimator.
    pub beta_variance: f64,
    /// Residual standard deviation s, a fraction a session.
    pub sigma: f64,
    /// `1 − Σe² / Σ(R − R̄)²`; not of least squares, it is negative when the line is worse than the mean. None when the security doesn't vary.
    pub r_squared: Option<f64>,
    /// Estimation days n.
    pub observations: usize,
    /// Degrees of freedom d.
    pub degrees_of_freedom: usize,
    /// Mean of the market's returns over those days, a fraction a session.
    pub centre: f64,
}

impl BetaLine {
    /// Expected return given the market's, both fractions.
    pub fn expected(&self, market: f64) -> f64 {
        self.alpha + self.beta * market
    }

    /// Variance of the sum of abnormal returns over `days` days whose market returns add up to `sum` (formula above). None when it leaves
    /// what a number can hold.
    pub fn forecast_variance(&self, days: usize, sum: f64) -> Option<f64> {
        let (length, distance) = (days as f64, sum - days as f64 * self.centre);
        let variance =
            self.sigma * self.sigma * (length + length * length / self.observations as f64) + distance * distance * self.beta_variance;
        variance.is_finite().then_some(variance)
    }
}

/// Ordinary least squares, the beta that the others start from: `β = S_my / S_mm`, `Var(β) = s² / S_mm`, d = n − 2.
///
/// # Errors
/// [`BetaError`]: fewer than 3 days, lengths that differ, a market that doesn't vary, a security that doesn't vary about the line.
pub fn least_squares(own: &[f64], market: &[f64]) -> Result<BetaLine, BetaError> {
    let pairs = Pairs::new(own, market, 3)?;
    let slope = pairs.product / pairs.squares;
    pairs.line(slope, 2, |variance| variance / pairs.squares)
}

/// Sums of paired returns about their means.
struct Pairs<'a> {
    own: &'a [f64],
    market: &'a [f64],
    mean: f64,
    centre: f64,
    /// Σ(R_m − R̄_m)².
    squares: f64,
    /// Σ(R_m − R̄_m)(R − R̄).
    product: f64,
}

impl<'a> Pairs<'a> {
    fn new(own: &'a [f64], market: &'a [f64], least: usize) -> Result<Self, BetaError> {
        let (mean, _) = centred(own, own.len(), least)?;
        let (centre, squares) = centred(market, own.len(), least)?;
        let raw = sum_of(market, |value| value * value);
        if squares <= SMALLEST_SPREAD * SMALLEST_SPREAD * raw {
            return Err(BetaError::NoMarketVariance);
        }
        let product = sum_of_pairs(own, market, |own, market| (own - mean) * (market - centre));
        Ok(Self { own, market, mean, centre, squares, product })
    }

    /// Least-squares slope of the security on another column over the same days.
    fn slope_on(&self, column: &[f64], least: usize) -> Result<f64, BetaError> {
        Pairs::new(self.own, column, least).map(|pairs| pairs.product / pairs.squares)
    }

    /// The line with this slope; `parameters` are its coefficients, `beta_variance` makes Var(β) from s².
    fn line(&self, beta: f64, parameters: usize, beta_variance: impl Fn(f64) -> f64) -> Result<BetaLine, BetaError> {
        let n = self.own.len();
        let degrees = n.checked_sub(parameters).filter(|degrees| *degrees > 0);
        let degrees = degrees.ok_or(BetaError::TooFew { found: n, least: parameters + 1 })?;
        let (mean, centre) = (self.mean, self.centre);
        let total = sum_of(self.own, |own| (own - mean) * (own - mean));
        let unexplained = sum_of_pairs(self.own, self.market, |own, market| {
            let residual = (own - mean) - beta * (market - centre);
            residual * residual
        });
        let variance = unexplained / degrees as f64;
        let line = BetaLine {
            alpha: mean - beta * centre,
            beta,
            beta_variance: beta_variance(variance),
            sigma: variance.sqrt(),
            r_squared: (total > 0.0).then(|| 1.0 - unexplained / total),
            observations: n,
            degrees_of_freedom: degrees,
            centre,
        };
        if !(line.alpha.is_finite() && line.beta.is_finite() && line.beta_variance.is_finite() && variance.is_finite()) {
            return Err(BetaError::OutOfRange);
        }
        // What a fund that holds the benchmark twice leaves over is the computer's rounding, not a spread.
        if variance.sqrt() > SMALLEST_SPREAD * (total / (n as f64 - 1.0)).sqrt() { Ok(line) } else { Err(BetaError::NoSpread) }
    }
}

/// Mean of a column and its squares about it.
fn centred(values: &[f64], expected: usize, least: usize) -> Result<(f64, f64), BetaError> {
    if values.len() != expected {
        return Err(BetaError::LengthsDiffer { found: values.len(), expected });
    }
    if values.len() < least {
        return Err(BetaError::TooFew { found: values.len(), least });
    }
    let mean = sum_of(values, |value| value) / values.len() as f64;
    let squares = sum_of(values, |value| (value - mean) * (value - mean));
    if squares.is_finite() { Ok((mean, squares)) } else { Err(BetaError::OutOfRange) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn least_squares_refuses_what_has_no_beta() {
        let market = [0.01, -0.02, 0.015, 0.0, -0.01];
        assert_eq!(least_squares(&market, &market), Err(BetaError::NoSpread));
        assert_eq!(least_squares(&[0.01; 5], &[0.02; 5]), Err(BetaError::NoMarketVariance));
        assert_eq!(least_squares(&market, &market[..4]), Err(BetaError::LengthsDiffer { found: 4, expected: 5 }));
        assert_eq!(least_squares(&[0.1, 0.2], &[0.1, 0.3]), Err(BetaError::TooFew { found: 2, least: 3 }));
        assert_eq!(least_squares(&[0.1, f64::NAN, 0.2], &[0.1, 0.3, 0.2]), Err(BetaError::OutOfRange));
        assert_eq!(least_squares(&[0.1, 1e200, 0.2], &[0.1, 0.3, 0.2]), Err(BetaError::OutOfRange));
    }
}
