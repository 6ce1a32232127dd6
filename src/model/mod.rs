//! Expected-return models: what a security would have returned without the news.
//!
//! Over `n` estimation days with both returns, `p` parameters and `d = n − p` residual degrees of freedom, `s² = SSR / d`:
//!
//! | model | expected return | d | variance of a CAR over L days |
//! |---|---|---|---|
//! | `market` | α + β R_m (least squares) | n − 2 | s² ( L + L²/n + (Σ(R_m − R̄_m))² / S_mm ) |
//! | `market-adjusted` | R_m | n − 1 | s² L (nothing but the spread is estimated; s the sd of R − R_m) |
//! | `constant-mean` | mean R | n − 1 | s² ( L + L²/n ) |
//! | `garch`, `egarch`, `gjr`, with `-t` for t errors | α + β R_m (maximum likelihood, with the variance: [`volatility`]) | n − p, p all parameters | Σ h_t + 1'X (X_e' diag(1/h) X_e)⁻¹ X'1 |
//! | `capm`, `fama-french-3`, `carhart-4`, `fama-french-5`, `factors` | R_f + α + Σ β_k F_k (least squares on excess returns) | n − 1 − k | s² ( L + 1'X (X_e'X_e)⁻¹ X'1 ) |
//! | `scholes-williams`, `dimson(lags,leads)`, `fowler-rorke(n)`, `vasicek`, `blume` | α + β R_m, α = R̄ − β R̄_m, β as in [`beta`] | there | s² ( L + L²/n ) + (Σ(R_m − R̄_m))² Var(β) |
//!
//! Returns from trade to trade stand in [`trade_to_trade`].
//!
//! The market model's variance is s² ( L + 1'X (X_e'X_e)⁻¹ X'1 ) with X the window's regressor rows, so that the error of the
//! forecast is in it: MacKinlay (1997), *Journal of Economic Literature* 35, 13–39; Campbell, Lo & MacKinlay (1997), ch. 4.
//! Tools that print σ√L leave it out.

pub mod beta;
pub mod control;
pub mod name;
pub mod trade_to_trade;
pub mod volatility;

use thiserror::Error;

pub use name::{ErrorLaw, ExpectedReturnModel, VarianceProcess};

use crate::stats::moment;
use crate::stats::ols::{self, Regression, RegressionError};

/// Residuals whose standard deviation is below this share of the security's own are rounding.
const SMALLEST_SPREAD: f64 = 1e-10;

impl ExpectedReturnModel {
    /// Whether the model needs factor returns: no benchmark's prices alone can fit it.
    pub fn needs_factors(self) -> bool {
        matches!(
            self,
            ExpectedReturnModel::Capm
                | ExpectedReturnModel::FamaFrench3
                | ExpectedReturnModel::Carhart4
                | ExpectedReturnModel::FamaFrench5
                | ExpectedReturnModel::Factors
        )
    }

    /// Names of the factors that the model takes from a file of factors; None when it takes all of them.
    pub fn factor_names(self) -> Option<&'static [&'static str]> {
        match self {
            ExpectedReturnModel::FamaFrench3 => Some(&["Mkt-RF", "SMB", "HML"]),
            ExpectedReturnModel::Carhart4 => Some(&["Mkt-RF", "SMB", "HML", "Mom"]),
            ExpectedReturnModel::FamaFrench5 => Some(&["Mkt-RF", "SMB", "HML", "RMW", "CMA"]),
            ExpectedReturnModel::Factors => None,
            _ => Some(&[]),
        }
    }

    /// Least number of estimation returns with which the model can be fitted at all.
    pub fn least_observations(self) -> usize {
        match self {
            ExpectedReturnModel::Market | ExpectedReturnModel::Capm | ExpectedReturnModel::Vasicek | ExpectedReturnModel::Blume => 3,
            ExpectedReturnModel::MarketAdjusted
            | ExpectedReturnModel::ConstantMean
            | ExpectedReturnModel::ComparisonFirm
            | ExpectedReturnModel::ComparisonPortfolio { .. } => 2,
            ExpectedReturnModel::FamaFrench3 => 5,
            ExpectedReturnModel::Carhart4 => 6,
            ExpectedReturnModel::FamaFrench5 => 7,
            ExpectedReturnModel::Factors => 3,
            ExpectedReturnModel::ScholesWilliams => 5,
            ExpectedReturnModel::Dimson { lags, leads } => 3 + usize::from(lags) + usize::from(leads),
            ExpectedReturnModel::FowlerRorke { shifts } => 3 + 2 * usize::from(shifts),
            // Fewer can't tell a moving variance from a still one.
            ExpectedReturnModel::ConditionalVariance { .. } => 60,
            ExpectedReturnModel::SyntheticControl => 10,
        }
    }

    /// Fits the model to paired returns of the estimation window (fractions, same length, same days).
    ///
    /// # Errors
    /// [`FitError`] when there are too few pairs, the benchmark doesn't vary, or the security doesn't vary about the model.
    pub fn fit(self, security: &[f64], benchmark: &[f64]) -> Result<FittedModel, FitError> {
        let (n, least) = (security.len(), self.least_observations());
        if n < least {
            return Err(FitError::TooFew { found: n, least });
        }
        let fitted = match self {
            ExpectedReturnModel::Market => fit_market(security, benchmark)?,
            ExpectedReturnModel::MarketAdjusted => {
                let excess: Vec<f64> = security.iter().zip(benchmark).map(|(own, market)| own - market).collect();
                FittedModel::from_spread(self, &excess)?
            }
            ExpectedReturnModel::ConstantMean => FittedModel::from_spread(self, security)?,
            model if model.needs_factors() => return Err(FitError::NeedsFactors { model: self.name() }),
            _ => return Err(FitError::NeedsSample { model: self.name() }),
        };
        // What a fund that holds the benchmark twice leaves over is the computer's rounding, not a spread.
        let own_spread = moment::standard_deviation(security).unwrap_or(0.0);
        if fitted.sigma > SMALLEST_SPREAD * own_spread { Ok(fitted) } else { Err(FitError::NoSpread) }
    }
}

/// Why a model can't be fitted.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FitError {
    /// Too few returns.
    #[error("{found} estimation returns, the model needs at least {least}")]
    TooFew {
        /// Returns found.
        found: usize,
        /// Least number.
        least: usize,
    },
    /// The residuals are all the same: nothing to measure an abnormal return by.
    #[error("the security doesn't vary about the model in the estimation window, so no return can be called abnormal")]
    NoSpread,
    /// A factor model, and no factors.
    #[error("the model {model} needs factor returns: fit it with `aftermove study --factors FILE`")]
    NeedsFactors {
        /// Its name.
        model: &'static str,
    },
    /// A model that only the study of an event list knows.
    #[error("the model {model} is fitted by `aftermove study --events FILE` alone: give it the event as a list of one")]
    NeedsSample {
        /// Its name.
        model: &'static str,
    },
    /// The beta can't be estimated.
    #[error(transparent)]
    Beta(#[from] beta::BetaError),
    /// The regression itself failed.
    #[error("the model can't be fitted: {0}")]
    Regression(#[from] RegressionError),
    /// A model of conditional variance failed.
    #[error("{0}")]
    Volatility(#[from] volatility::VolatilityError),
}

/// A model fitted to an estimation window. Only [`ExpectedReturnModel::fit`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedModel {
    model: ExpectedReturnModel,
    alpha: f64,
    beta: f64,
    sigma: f64,
    r_squared: Option<f64>,
    degrees_of_freedom: usize,
    residuals: Vec<f64>,
    regression: Option<Regression>,
}

fn fit_market(security: &[f64], benchmark: &[f64]) -> Result<FittedModel, FitError> {
    let regression = ols::fit(security, &[benchmark], true)?;
    let (alpha, beta) = match regression.coefficients.as_slice() {
        [alpha, beta] => (*alpha, *beta),
        _ => return Err(FitError::TooFew { found: security.len(), least: ExpectedReturnModel::Market.least_observations() }),
    };
    Ok(FittedModel {
        model: ExpectedReturnModel::Market,
        alpha,
        beta,
        sigma: regression.residual_variance.sqrt(),
        r_squared: regression.r_squared,
        degrees_of_freedom: regression.degrees_of_freedom,
        residuals: regression.residuals.clone(),
        regression: Some(regression),
    })
}

impl FittedModel {
    fn from_spread(model: ExpectedReturnModel, values: &[f64]) -> Result<Self, FitError> {
        let too_few = FitError::TooFew { found: values.len(), least: model.least_observations() };
        let (mean, sigma) = moment::mean(values).zip(moment::standard_deviation(values)).ok_or(too_few)?;
        let alpha = if model == ExpectedReturnModel::ConstantMean { mean } else { 0.0 };
        Ok(Self {
            model,
            alpha,
            beta: if model == ExpectedReturnModel::ConstantMean { 0.0 } else { 1.0 },
            sigma,
            r_squared: None,
            degrees_of_freedom: values.len() - 1,
            residuals: values.iter().map(|value| value - alpha).collect(),
            regression: None,
        })
    }

    /// Which model.
    pub fn model(&self) -> ExpectedReturnModel {
        self.model
    }

    /// Intercept, a fraction a session; the mean return under `constant-mean`, 0 under `market-adjusted`.
    pub fn alpha(&self) -> f64 {
        self.alpha
    }

    /// Slope on the benchmark; 1 under `market-adjusted`, 0 under `constant-mean`.
    pub fn beta(&self) -> f64 {
        self.beta
    }

    /// Residual standard deviation s, a fraction a session.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// Share of the variance explained; None for models without a regression or when the security doesn't vary.
    pub fn r_squared(&self) -> Option<f64> {
        self.r_squared
    }

    /// Residual degrees of freedom d.
    pub fn degrees_of_freedom(&self) -> usize {
        self.degrees_of_freedom
    }

    /// Residuals of the estimation window in order of time; R − R_m itself under `market-adjusted`.
    pub fn residuals(&self) -> &[f64] {
        &self.residuals
    }

    /// Number of estimation returns n.
    pub fn observations(&self) -> usize {
        self.residuals.len()
    }

    /// Expected return given the benchmark's, both fractions.
    pub fn expected(&self, benchmark: f64) -> f64 {
        self.alpha + self.beta * benchmark
    }

    /// Variance of the sum of abnormal returns over days with these benchmark returns, forecast error included (formula above).
    /// None for no day.
    pub fn forecast_variance(&self, benchmark: &[f64]) -> Option<f64> {
        if benchmark.is_empty() {
            return None;
        }
        let days = benchmark.len() as f64;
        let estimation = match (self.model, &self.regression) {
            (ExpectedReturnModel::Market, Some(regression)) => regression.quadratic_form(&[days, benchmark.iter().sum()])?,
            (ExpectedReturnModel::ConstantMean, _) => days * days / self.observations() as f64,
            _ => 0.0,
        };
        Some(self.sigma * self.sigma * (days + estimation))
    }
}
