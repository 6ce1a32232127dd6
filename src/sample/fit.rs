//! The model of one event, fitted over contiguous slices without allocation where the model is a line.
//!
//! A single event's study keeps residuals and a full regression ([`crate::model::FittedModel`]); here a million fits are held at once,
//! so that a fit is its numbers alone. The market model is fitted about the means in two passes: exact in the same sense as a QR of the
//! centred regressor. Models with several factors go through [`crate::stats::ols`], those of conditional variance through
//! [`crate::model::volatility`].

use std::sync::Arc;

use super::beta::{self, FittedBeta, ShrinkageUsed};
use super::input::Runs;
use super::market::Markets;
use super::place::Placed;
use super::{SampleDesign, SampleError, VolatilityFallback};
use crate::model::beta::BetaLine;
use crate::model::control::ControlFit;
use crate::model::trade_to_trade::{TradeLine, TradeModel};
use crate::model::volatility::{ConditionalVariance, VolatilityError, VolatilityFit};
use crate::model::{ExpectedReturnModel, FitError};
use crate::stats::moment::{sum_of, sum_of_pairs};
use crate::stats::ols::{self, Regression};
use crate::stats::simplex::Face;

/// Residuals whose standard deviation is below this share of the security's own are rounding.
const SMALLEST_SPREAD: f64 = 1e-10;

/// How the events of a study are fitted: the model, and what it takes from outside the event.
pub(super) struct Estimator {
    model: ExpectedReturnModel,
    volatility_fallback: VolatilityFallback,
    /// How betas are shrunk; None under models that don't.
    pub shrinkage: Option<ShrinkageUsed>,
    /// The line of returns from trade to trade; None where days are paired one by one.
    trades: Option<TradeModel>,
}

impl Estimator {
    /// What the model needs before single events are fitted.
    ///
    /// # Errors
    /// [`SampleError`] when the events give no prior to shrink their betas by.
    pub fn prepare(design: &SampleDesign, markets: &Markets, placed: &[Placed]) -> Result<Self, SampleError> {
        Ok(Self {
            model: design.model,
            volatility_fallback: design.volatility_fallback,
            shrinkage: ShrinkageUsed::of(design, markets, placed)?,
            trades: beta::trade_model(design.model).filter(|_| design.beta.trade_to_trade),
        })
    }

    /// Fits the model of one event to its estimation returns.
    pub fn fit(&self, runs: &Runs) -> Result<EventFit, FitError> {
        if let (Some(model), [market, sessions]) = (self.trades, runs.regressors.as_slice()) {
            return TradeLine::fit(model, runs.own, market, sessions).map(EventFit::of_trades);
        }
        let shrinkage = self.shrinkage.map(ShrinkageUsed::step);
        if let Some(fitted) = FittedBeta::fit(self.model, shrinkage, runs.own, &runs.regressors) {
            return fitted.map(EventFit::of_beta);
        }
        match EventFit::new(self.model, runs.own, &runs.regressors) {
            Err(FitError::Volatility(VolatilityError::NotConverged { .. })) if self.volatility_fallback == VolatilityFallback::Market => {
                EventFit::new(ExpectedReturnModel::Market, runs.own, &runs.regressors)
            }
            fitted => fitted,
        }
    }
}

/// A fitted model without its residuals.
#[derive(Debug, Clone)]
pub(super) struct EventFit {
    pub alpha: f64,
    pub sigma: f64,
    pub r_squared: Option<f64>,
    pub observations: usize,
    pub degrees: usize,
    shape: Shape,
}

#[derive(Debug, Clone)]
enum Shape {
    /// The mean return, estimated.
    Mean,
    /// The benchmark's return: nothing estimated but the spread.
    Benchmark,
    /// A line on one regressor: slope, the regressor's mean and its squares about it.
    Line { slope: f64, centre: f64, squares: f64 },
    /// Other securities with weights that add up to 1, and what the error of the weights adds to a forecast.
    Mix { weights: Box<[f64]>, face: Option<Arc<Face>> },
    /// A line on the benchmark's return of the day with a beta of another kind.
    Beta(Box<FittedBeta>),
    /// A line on the benchmark's return from trade to trade and the sessions it spans.
    Trades { slopes: [f64; 2], line: Box<TradeLine> },
    /// Several regressors.
    Plane { slopes: Box<[f64]>, regression: Box<Regression> },
    /// A line on one regressor with residuals of conditional variance.
    Moving(Box<VolatilityFit>),
}

impl EventFit {
    /// Fits the model to paired returns of the estimation days: `own` and one slice a regressor, all of one length.
    pub fn new(model: ExpectedReturnModel, own: &[f64], regressors: &[&[f64]]) -> Result<Self, FitError> {
        let (n, least) = (own.len(), model.least_observations());
        if n < least {
            return Err(FitError::TooFew { found: n, least });
        }
        let count = n as f64;
        let mean = sum_of(own, |value| value) / count;
        let total = sum_of(own, |value| (value - mean) * (value - mean));
        let single = regressors.first().copied().unwrap_or(&[]);
        let spread = |shape, alpha: f64, squares: f64| Self {
            alpha,
            sigma: (squares / (count - 1.0)).sqrt(),
            r_squared: None,
            observations: n,
            degrees: n - 1,
            shape,
        };
        let fit = match (model, regressors) {
            (ExpectedReturnModel::ConstantMean, _) => spread(Shape::Mean, mean, total),
            (ExpectedReturnModel::MarketAdjusted, _) => {
                let middle = mean - sum_of(single, |value| value) / count;
                let squares = sum_of_pairs(own, single, |own, market| {
                    let deviation = own - market - middle;
                    deviation * deviation
                });
                spread(Shape::Benchmark, 0.0, squares)
            }
            (ExpectedReturnModel::Market | ExpectedReturnModel::Capm | ExpectedReturnModel::Factors, [regressor]) => {
                Self::line(own, regressor, mean, total)?
            }
            (
                ExpectedReturnModel::FamaFrench3
                | ExpectedReturnModel::Carhart4
                | ExpectedReturnModel::FamaFrench5
                | ExpectedReturnModel::Factors,
                _,
            ) => Self::plane(own, regressors)?,
            (ExpectedReturnModel::ConditionalVariance { process, errors }, [regressor]) => {
                Self::moving(ConditionalVariance { process, errors }, own, regressor, total)?
            }
            _ => return Err(FitError::NeedsSample { model: model.name() }),
        };
        let own_spread = (total / (count - 1.0)).sqrt();
        // What a fund that holds the benchmark twice leaves over is the computer's rounding, not a spread.
        if fit.sigma > SMALLEST_SPREAD * own_spread { Ok(fit) } else { Err(FitError::NoSpread) }
    }

    fn of_beta(fitted: FittedBeta) -> Self {
        let BetaLine { alpha, sigma, r_squared, observations, degrees_of_freedom, .. } = fitted.line;
        Self { alpha, sigma, r_squared, observations, degrees: degrees_of_freedom, shape: Shape::Beta(Box::new(fitted)) }
    }

    fn of_trades(line: TradeLine) -> Self {
        Self {
            alpha: line.alpha,
            sigma: line.sigma,
            r_squared: line.r_squared,
            observations: line.observations,
            degrees: line.degrees_of_freedom,
            shape: Shape::Trades { slopes: [line.beta, line.alpha], line: Box::new(line) },
        }
    }

    /// What a beta other than least squares is made of; None under models without one.
    pub fn adjusted_beta(&self) -> Option<&FittedBeta> {
        match &self.shape {
            Shape::Beta(fitted) => Some(fitted),
            _ => None,
        }
    }

    /// Whether the model is one of returns from trade to trade.
    pub fn is_of_trades(&self) -> bool {
        matches!(self.shape, Shape::Trades { .. })
    }

    /// Sessions that a return with these regressors spans: 1 but from trade to trade.
    pub fn sessions_spanned(&self, row: &[f64]) -> f64 {
        match (&self.shape, row) {
            (Shape::Trades { .. }, [_, sessions]) => *sessions,
            _ => 1.0,
        }
    }

    fn line(own: &[f64], regressor: &[f64], mean: f64, total: f64) -> Result<Self, FitError> {
        let n = own.len();
        let centre = sum_of(regressor, |value| value) / n as f64;
        let squares = sum_of(regressor, |value| (value - centre) * (value - centre));
        let raw = sum_of(regressor, |value| value * value);
        if squares <= 1e-20 * raw || !(squares.is_finite() && total.is_finite()) {
            return Err(FitError::Regression(ols::RegressionError::Collinear { regressor: 0 }));
        }
        let product = sum_of_pairs(own, regressor, |own, market| (own - mean) * (market - centre));
        let slope = product / squares;
        let unexplained = sum_of_pairs(own, regressor, |own, market| {
            let residual = (own - mean) - slope * (market - centre);
            residual * residual
        });
        Ok(Self {
            alpha: mean - slope * centre,
            sigma: (unexplained / (n - 2) as f64).sqrt(),
            r_squared: (total > 0.0).then(|| (1.0 - unexplained / total).max(0.0)),
            observations: n,
            degrees: n - 2,
            shape: Shape::Line { slope, centre, squares },
        })
    }

    fn plane(own: &[f64], regressors: &[&[f64]]) -> Result<Self, FitError> {
        let mut regression = ols::fit(own, regressors, true)?;
        // The residuals are made again where they are needed: a million events' would not fit into memory.
        regression.residuals = Vec::new();
        let (alpha, slopes) = match regression.coefficients.split_first() {
            Some((alpha, slopes)) => (*alpha, slopes.into()),
            None => return Err(FitError::NoSpread),
        };
        Ok(Self {
            alpha,
            sigma: regression.residual_variance.sqrt(),
            r_squared: regression.r_squared,
            observations: own.len(),
            degrees: regression.degrees_of_freedom,
            shape: Shape::Plane { slopes, regression: Box::new(regression) },
        })
    }

    /// The fit of an event's own controls.
    pub fn of_control(control: &ControlFit) -> Self {
        let weights = control.weights.iter().map(|(_, weight)| *weight).collect();
        Self {
            alpha: 0.0,
            sigma: control.sigma,
            // Of a mix it may be below 0; it stands with the controls.
            r_squared: None,
            observations: control.observations,
            degrees: control.degrees_of_freedom,
            shape: Shape::Mix { weights, face: control.face.clone() },
        }
    }

    /// Whether the slopes are weights of other securities.
    pub fn is_mix(&self) -> bool {
        matches!(self.shape, Shape::Mix { .. })
    }

    fn moving(model: ConditionalVariance, own: &[f64], regressor: &[f64], total: f64) -> Result<Self, FitError> {
        let volatility = model.fit(own, regressor)?;
        let (alpha, slope) = (volatility.parameters.intercept, volatility.parameters.slope);
        let unexplained = sum_of_pairs(own, regressor, |own, market| {
            let residual = own - (alpha + slope * market);
            residual * residual
        });
        Ok(Self {
            alpha,
            sigma: volatility.mean_variance.sqrt(),
            r_squared: (total > 0.0).then(|| (1.0 - unexplained / total).max(0.0)),
            observations: own.len(),
            degrees: own.len() - model.parameters(),
            shape: Shape::Moving(Box::new(volatility)),
        })
    }

    /// The model of conditional variance; None for every other.
    pub fn volatility(&self) -> Option<&VolatilityFit> {
        match &self.shape {
            Shape::Moving(volatility) => Some(volatility),
            _ => None,
        }
    }

    /// Slopes on the regressors: beta alone for the market model, 1 under `market-adjusted`, none under `constant-mean`.
    pub fn slopes(&self) -> &[f64] {
        match &self.shape {
            Shape::Mean => &[],
            Shape::Benchmark => &[1.0],
            Shape::Line { slope, .. } => std::slice::from_ref(slope),
            Shape::Mix { weights, .. } => weights,
            Shape::Beta(fitted) => std::slice::from_ref(&fitted.line.beta),
            // The second slope is the intercept's, on the sessions spanned.
            Shape::Trades { slopes: [beta, _], .. } => std::slice::from_ref(beta),
            Shape::Plane { slopes, .. } => slopes,
            Shape::Moving(volatility) => std::slice::from_ref(&volatility.parameters.slope),
        }
    }

    /// Expected return (excess return, under a model of excess returns) given the regressors' values.
    pub fn expected(&self, regressors: impl Iterator<Item = f64>) -> f64 {
        if let Shape::Trades { slopes, .. } = &self.shape {
            return slopes.iter().zip(regressors).map(|(slope, value)| slope * value).sum();
        }
        self.alpha + self.slopes().iter().zip(regressors).map(|(slope, value)| slope * value).sum::<f64>()
    }

    /// Abnormal returns of whole runs, written over `out`; from trade to trade brought to one session, over the root of the sessions spanned.
    pub fn abnormal(&self, own: &[f64], regressors: &[&[f64]], out: &mut Vec<f64>) {
        out.clear();
        match (&self.shape, regressors) {
            (Shape::Mean, _) => out.extend(own.iter().map(|own| own - self.alpha)),
            (Shape::Benchmark, [market, ..]) => out.extend(own.iter().zip(*market).map(|(own, market)| own - market)),
            (Shape::Line { slope, .. }, [market, ..]) => {
                out.extend(own.iter().zip(*market).map(|(own, market)| own - (self.alpha + slope * market)));
            }
            (Shape::Trades { slopes: [beta, alpha], .. }, [market, sessions]) => {
                let rows = own.iter().zip(*market).zip(*sessions);
                out.extend(rows.map(|((own, market), span)| (own - beta * market - alpha * span) / span.sqrt()));
            }
            _ => {
                out.extend(own.iter().map(|own| own - self.alpha));
                for (slope, regressor) in self.slopes().iter().zip(regressors) {
                    for (residual, value) in out.iter_mut().zip(*regressor) {
                        *residual -= slope * value;
                    }
                }
            }
        }
    }

    /// Variance of the residual on a day so many sessions after the estimation window (1 for the next one), without the error of the
    /// forecast: s² under every model whose variance stands still.
    pub fn variance_on(&self, ahead: usize) -> f64 {
        match &self.shape {
            Shape::Moving(volatility) => volatility.variance_after(ahead),
            _ => self.sigma * self.sigma,
        }
    }

    /// What brings an abnormal return of a day so many sessions after the estimation window to the spread of all days: σ over that of the
    /// day, 1 under every model whose variance stands still.
    pub fn levelling(&self, ahead: usize) -> f64 {
        match &self.shape {
            Shape::Moving(volatility) => self.sigma / volatility.variance_after(ahead).sqrt(),
            _ => 1.0,
        }
    }

    /// Residuals of the estimation days brought to one spread, σ · z_t, written over `out`: the residuals themselves under every model
    /// whose variance stands still.
    pub fn levelled(&self, own: &[f64], regressors: &[&[f64]], out: &mut Vec<f64>) {
        if let (Shape::Moving(volatility), [market, ..]) = (&self.shape, regressors)
            && volatility.standardise(own, market, out).is_ok()
        {
            out.iter_mut().for_each(|value| *value *= self.sigma);
            return;
        }
        self.abnormal(own, regressors, out);
    }

    /// Variance of the sum of abnormal returns over `days` days whose residual variances add up to `variance` and whose regressors add up
    /// to `sums`, forecast error included. None when it leaves what a number can hold.
    pub fn forecast_variance(&self, variance: f64, days: usize, sums: &[f64]) -> Option<f64> {
        let (length, n) = (days as f64, self.observations as f64);
        let estimation = match &self.shape {
            Shape::Benchmark => 0.0,
            Shape::Mean => length * length / n,
            Shape::Line { centre, squares, .. } => {
                let distance = sums.first()? - length * centre;
                length * length / n + distance * distance / squares
            }
            Shape::Mix { face, .. } => face.as_ref().map_or(Some(0.0), |face| face.form(sums))?,
            Shape::Beta(fitted) => {
                let distance = sums.first()? - length * fitted.line.centre;
                length * length / n + distance * distance * fitted.line.beta_variance / (self.sigma * self.sigma)
            }
            Shape::Trades { line, .. } => match sums {
                [market, sessions] => line.forecast_form(*sessions, *market),
                _ => return None,
            },
            Shape::Plane { regression, .. } => regression.forecast_form(length, sums, self.observations)?,
            Shape::Moving(volatility) => {
                let whole = variance + volatility.estimation_variance(days, *sums.first()?);
                return whole.is_finite().then_some(whole);
            }
        };
        let variance = variance + self.sigma * self.sigma * estimation;
        variance.is_finite().then_some(variance)
    }
}
