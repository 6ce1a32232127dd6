//! The alpha of a calendar-time portfolio (Fama 1998, Journal of Financial Economics 49(3), 283–306,
//! doi:10.1016/S0304-405X(98)00026-9; Mitchell & Stafford 2000, Journal of Business 73(3), 287–329, doi:10.1086/209645).
//!
//! In each calendar period the portfolio holds the events whose window is open. Its return R_p, in excess of the risk-free one where the
//! model has it, is regressed on the model's factors F: `R_p,t = α + b'F_t + e_t`. α is the mean abnormal return a period; that events
//! on common days move together is in R_p's own variance.
//!
//! | name | portfolio | fit |
//! |---|---|---|
//! | `calendar-time-alpha` | equal parts | least squares |
//! | `calendar-time-alpha-wls` | equal parts | least squares weighted by the number of events held: a portfolio of few varies more |
//! | `calendar-time-alpha-value` | parts by value | least squares |
//!
//! Errors are Newey and West's (1987) with the lags of [`robust::usual_lags`] (`⌊4 (T/100)^{2/9}⌋`) and the factor T/(T − k); the null
//! is t(T − k). Periods are counted in the order of time, those without an open event left out: a lag reaches over a gap.
//!
//! A calendar month's return is the mean over the events whose window covers all of it of each one's compounded return, and the factors
//! are compounded over its sessions.
//!
//! An event is one holding, so a firm with two open events is held twice: elsewhere (Mitchell & Stafford) a firm is held once. Jaffe's and
//! Mandelker's test of mean abnormal returns from each event's own model is [`super::calendar_time`].

use serde::Serialize;

use crate::inference::TestOutcome;
use crate::stats::ols::{self, Regression};
use crate::stats::robust::{self, ErrorStructure, Estimate};
use crate::stats::weighted;

/// Fewest degrees of freedom from which autocorrelations are estimated at all.
const FEWEST_DEGREES: usize = 10;
/// Residuals below this share of the portfolio's own size are rounding.
const ROUNDING: f64 = 1e-12;

/// A portfolio's returns by calendar period, in the order of time.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CalendarPortfolio {
    /// Returns (excess returns under a model of excess returns), fractions a period.
    pub returns: Vec<f64>,
    /// Factors: one column each, as long as the returns.
    pub factors: Vec<Vec<f64>>,
    /// Number of events held in each period.
    pub held: Vec<u32>,
}

/// How a portfolio is weighted and its alpha fitted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlphaKind {
    /// Equal parts, least squares.
    Equal,
    /// Equal parts, weighted by the number of events held.
    EqualWeightedFit,
    /// Parts by value, least squares.
    Value,
}

impl AlphaKind {
    /// Name of the test.
    pub fn name(self) -> &'static str {
        match self {
            AlphaKind::Equal => "calendar-time-alpha",
            AlphaKind::EqualWeightedFit => "calendar-time-alpha-wls",
            AlphaKind::Value => "calendar-time-alpha-value",
        }
    }
}

/// A fitted alpha.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PortfolioAlpha {
    /// Alpha, a fraction a period, with its Newey–West error.
    pub alpha: Estimate,
    /// Loadings on the factors, in their order; None where one has no error.
    pub loadings: Vec<Option<Estimate>>,
    /// Lags of the errors, periods.
    pub lags: usize,
    /// Periods T.
    pub periods: usize,
    /// Degrees of freedom T − k.
    pub degrees_of_freedom: usize,
    /// Mean number of events held.
    pub mean_held: f64,
    /// Least and most events held in a period.
    pub held: (u32, u32),
}

impl PortfolioAlpha {
    /// The test that alpha is 0.
    pub fn test(&self, kind: AlphaKind) -> TestOutcome {
        TestOutcome::student(kind.name(), self.alpha.t, self.degrees_of_freedom as f64, self.periods)
    }
}

/// Regresses a portfolio on its factors.
///
/// # Errors
/// The reason, in words, when there are fewer than 10 periods more than coefficients, the factors are collinear, or the portfolio is
/// explained without rest.
pub fn portfolio_alpha(portfolio: &CalendarPortfolio, kind: AlphaKind) -> Result<PortfolioAlpha, String> {
    let periods = portfolio.returns.len();
    let coefficients = portfolio.factors.len() + 1;
    if periods < coefficients + FEWEST_DEGREES {
        return Err(format!(
            "{periods} calendar periods with an open event for {coefficients} coefficients: at least {} are needed",
            coefficients + FEWEST_DEGREES
        ));
    }
    if portfolio.held.len() != periods {
        return Err(format!("{periods} returns, but {} numbers of events held", portfolio.held.len()));
    }
    let factors: Vec<&[f64]> = portfolio.factors.iter().map(Vec::as_slice).collect();
    let lags = robust::usual_lags(periods);
    let structure = ErrorStructure::NeweyWest { lags };
    let estimates = match kind {
        AlphaKind::EqualWeightedFit => {
            let weights: Vec<f64> = portfolio.held.iter().copied().map(f64::from).collect();
            let fit = weighted::fit(&portfolio.returns, &factors, &weights).map_err(|fault| fault.to_string())?;
            let columns: Vec<&[f64]> = fit.columns.iter().map(Vec::as_slice).collect();
            estimates(&fit.regression, &columns, structure)?
        }
        AlphaKind::Equal | AlphaKind::Value => {
            let fit = ols::fit(&portfolio.returns, &factors, true).map_err(|fault| fault.to_string())?;
            estimates(&fit, &factors, structure)?
        }
    };
    let size = portfolio.returns.iter().fold(0.0_f64, |size, value| size.max(value.abs()));
    let (alpha, loadings) = estimates.split_first().ok_or("the regression has no intercept")?;
    let alpha = alpha.filter(|alpha| alpha.standard_error > ROUNDING * size);
    let alpha = alpha.ok_or_else(|| format!("the factors explain the {periods} calendar returns without rest"))?;
    Ok(PortfolioAlpha {
        alpha,
        loadings: loadings.to_vec(),
        lags,
        periods,
        degrees_of_freedom: periods - coefficients,
        mean_held: portfolio.held.iter().copied().map(f64::from).sum::<f64>() / periods as f64,
        held: (portfolio.held.iter().copied().min().unwrap_or(0), portfolio.held.iter().copied().max().unwrap_or(0)),
    })
}

fn estimates(regression: &Regression, columns: &[&[f64]], structure: ErrorStructure<'_>) -> Result<Vec<Option<Estimate>>, String> {
    let found = robust::covariance(regression, columns, structure).map_err(|fault| fault.to_string())?;
    Ok(found.estimates(regression))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portfolio(periods: usize) -> CalendarPortfolio {
        let factor: Vec<f64> = (0..periods).map(|t| ((t * 7) % 11) as f64 / 1000.0 - 0.005).collect();
        CalendarPortfolio {
            returns: factor.iter().enumerate().map(|(t, factor)| 1.2 * factor + ((t * 5) % 13) as f64 / 5000.0).collect(),
            factors: vec![factor],
            held: (0..periods).map(|t| 1 + (t % 4) as u32).collect(),
        }
    }

    #[test]
    fn what_cannot_be_had_says_why() {
        let reason = |portfolio: &CalendarPortfolio| portfolio_alpha(portfolio, AlphaKind::Equal).unwrap_err();
        assert!(reason(&portfolio(11)).contains("11 calendar periods with an open event for 2 coefficients: at least 12"));
        assert!(reason(&CalendarPortfolio { held: vec![1], ..portfolio(40) }).contains("1 numbers of events held"));
        let twice = CalendarPortfolio { factors: vec![portfolio(40).factors[0].clone(); 2], ..portfolio(40) };
        assert!(reason(&twice).contains("linear combination"));
        let exact = CalendarPortfolio { returns: portfolio(40).factors[0].clone(), ..portfolio(40) };
        assert!(reason(&exact).contains("without rest"), "{}", reason(&exact));
        let infinite = CalendarPortfolio { returns: vec![f64::NAN; 40], ..portfolio(40) };
        assert!(reason(&infinite).contains("NaN"));
    }

    #[test]
    fn a_portfolio_of_one_number_of_events_has_the_same_alpha_weighted_or_not() {
        let even = CalendarPortfolio { held: vec![3; 60], ..portfolio(60) };
        let one = portfolio_alpha(&even, AlphaKind::Equal).unwrap();
        let other = portfolio_alpha(&even, AlphaKind::EqualWeightedFit).unwrap();
        assert!((one.alpha.t / other.alpha.t - 1.0).abs() < 1e-12);
        assert_eq!((one.lags, one.held, one.degrees_of_freedom), (3, (3, 3), 58));
    }
}
