//! Beta from returns that aren't of the same time (Scholes & Williams 1977, *Journal of Financial Economics* 5, 309–327,
//! doi:10.1016/0304-405X(77)90041-1).
//!
//! A close that was traded hours before the index's own spreads a share's response to the market over the day before, the day and the day
//! after. With b⁻, b, b⁺ the slopes of three separate least-squares lines of `R_t` on `R_{m,t−1}`, `R_{m,t}`, `R_{m,t+1}`, and ρ the market's
//! first-order autocorrelation:
//!
//! ```text
//! β = (b⁻ + b + b⁺) / (1 + 2ρ)
//! ```
//!
//! All four are taken over the same n days: those of the estimation window that have the security's return and the market's of the three
//! days, so that the market's returns of the session before the window and the one after it are used too (the paper loses a day at either
//! end instead; other tools take ρ over the window's own days). ρ is Pearson's correlation of `R_{m,t}` with `R_{m,t−1}`.
//!
//! `Var(β) = s² S_zz / S_zm²`, d = n − 2: that of the instrumental-variable estimator with `z_t = R_{m,t−1} + R_{m,t} + R_{m,t+1}` as the
//! instrument, to which the paper shows this one to be equivalent in large samples (its section 3). Without autocorrelation and without a
//! response to the days beside, β is least squares'.

use super::{BetaError, BetaLine, Pairs, centred};
use crate::stats::moment;

/// Least number of days.
pub const LEAST_OBSERVATIONS: usize = 4;
/// 1 + 2ρ has to be at least this; below, the ratio is noise.
const SMALLEST_DIVISOR: f64 = 0.05;

/// A Scholes–Williams beta with what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScholesWilliams {
    /// The line.
    pub line: BetaLine,
    /// b⁻, slope on the market's return of the day before.
    pub before: f64,
    /// b, least-squares slope on the day's.
    pub same: f64,
    /// b⁺, slope on that of the day after.
    pub after: f64,
    /// ρ, the market's first-order autocorrelation.
    pub autocorrelation: f64,
}

/// Fits the line: the security's returns, and the market's of the session before, of the same and of the session after (fractions, one a
/// day in each).
///
/// # Errors
/// [`BetaError`]: fewer than 4 days, lengths that differ, a market that doesn't vary, ρ near −½ or below, a security that doesn't vary about
/// the line.
pub fn fit(own: &[f64], before: &[f64], same: &[f64], after: &[f64]) -> Result<ScholesWilliams, BetaError> {
    let pairs = Pairs::new(own, same, LEAST_OBSERVATIONS)?;
    let slopes = [pairs.slope_on(before, LEAST_OBSERVATIONS)?, pairs.product / pairs.squares, pairs.slope_on(after, LEAST_OBSERVATIONS)?];
    let autocorrelation = moment::correlation(same, before).ok_or(BetaError::NoMarketVariance)?;
    let divisor = 1.0 + 2.0 * autocorrelation;
    if divisor < SMALLEST_DIVISOR {
        return Err(BetaError::NegativeAutocorrelation { sum: autocorrelation });
    }
    let (_, instrument, product) = instrument(before, same, after, pairs.centre)?;
    if product <= 0.0 {
        return Err(BetaError::NegativeAutocorrelation { sum: autocorrelation });
    }
    let line = pairs.line(slopes.iter().sum::<f64>() / divisor, 2, |variance| variance * (instrument / product) / product)?;
    let [before, same, after] = slopes;
    Ok(ScholesWilliams { line, before, same, after, autocorrelation })
}

/// Mean of z, its squares about it, and its product with the market's return.
fn instrument(before: &[f64], same: &[f64], after: &[f64], centre: f64) -> Result<(f64, f64, f64), BetaError> {
    let n = same.len();
    let (first, _) = centred(before, n, LEAST_OBSERVATIONS)?;
    let (last, _) = centred(after, n, LEAST_OBSERVATIONS)?;
    let (mut squares, mut product) = (0.0, 0.0);
    for ((before, same), after) in before.iter().zip(same).zip(after) {
        let deviation = (before - first) + (same - centre) + (after - last);
        squares += deviation * deviation;
        product += deviation * (same - centre);
    }
    if squares.is_finite() && product.is_finite() { Ok((first + centre + last, squares, product)) } else { Err(BetaError::OutOfRange) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::beta::least_squares;

    /// A market that stands for two days and turns for two has no autocorrelation over whole periods, and a security that follows it the
    /// same day has no slope on the days beside it.
    #[test]
    fn without_autocorrelation_and_lagged_response_it_is_least_squares() {
        let at = |day: i32| if day.rem_euclid(4) < 2 { 0.01 } else { -0.01 };
        let noise = |day: i32| if day.rem_euclid(8) < 4 { 0.003 } else { -0.003 };
        let column = |shift: i32| (0..40).map(|day| at(day + shift)).collect::<Vec<f64>>();
        let own: Vec<f64> = (0..40).map(|day| 0.001 + 1.5 * at(day) + noise(day)).collect();
        let found = fit(&own, &column(-1), &column(0), &column(1)).unwrap();
        let plain = least_squares(&own, &column(0)).unwrap();
        assert!(found.autocorrelation.abs() < 1e-15 && found.before.abs() < 1e-14 && found.after.abs() < 1e-14);
        assert!((found.line.beta - 1.5).abs() < 1e-14 && (found.line.beta - plain.beta).abs() < 1e-14);
        assert!((found.line.alpha - 0.001).abs() < 1e-16 && (found.line.sigma - plain.sigma).abs() < 1e-16);
        // In this market the day before is the day after turned round: z is the market's own return, and nothing is lost.
        assert!((found.line.beta_variance / plain.beta_variance - 1.0).abs() < 1e-12);
    }

    #[test]
    fn a_market_that_alternates_has_no_such_beta() {
        let at = |day: i32| if day % 2 == 0 { 0.01 } else { -0.01 };
        let column = |shift: i32| (0..40).map(|day| at(day + shift)).collect::<Vec<f64>>();
        let own: Vec<f64> = (0..40).map(|day| at(day) + 0.001 * f64::from(day % 3)).collect();
        let refused = fit(&own, &column(-1), &column(0), &column(1)).unwrap_err();
        assert!(matches!(refused, BetaError::NegativeAutocorrelation { sum } if (sum + 1.0).abs() < 1e-12), "{refused}");
        assert!(matches!(fit(&own[..3], &column(1)[..3], &column(0)[..3], &column(1)[..3]), Err(BetaError::TooFew { .. })));
        assert!(matches!(fit(&own, &column(1)[..3], &column(0), &column(1)), Err(BetaError::LengthsDiffer { found: 3, .. })));
    }
}
