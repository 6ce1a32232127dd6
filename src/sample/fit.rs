//! The model of one event, fitted over contiguous slices without allocation where the model is a line.
//!
//! A single event's study keeps residuals and a full regression ([`crate::model::FittedModel`]); here a million fits are held at once,
//! so that a fit is its numbers alone. The market model is fitted about the means in two passes: exact in the same sense as a QR of the
//! centred regressor. Models with several factors go through [`crate::stats::ols`], those of conditional variance through
//! [`crate::model::volatility`].

use std::sync::Arc;

use super::beta::{self, FittedBeta, ShrinkageUsed};
use super::input::Runs;
use super::market::{Market, Markets};
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
    known: KnownMoments,
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
            known: KnownMoments::of(design, markets, placed.len()),
            shrinkage: ShrinkageUsed::of(design, markets, placed)?,
            trades: beta::trade_model(design.model).filter(|_| design.beta.trade_to_trade),
        })
    }

    /// Fits the model of one event to its estimation returns, of the sessions from `from` on of the market at a position; their abnormal
    /// returns are written over `residuals`.
    pub fn fit(&self, runs: &Runs, market: usize, from: usize, residuals: &mut Vec<f64>) -> Result<EventFit, FitError> {
        let slices = runs.regressors.slices();
        let shrinkage = self.shrinkage.map(ShrinkageUsed::step);
        let special = match (self.trades, slices) {
            (Some(model), [market, sessions]) => Some(TradeLine::fit(model, runs.own, market, sessions).map(EventFit::of_trades)),
            _ => FittedBeta::fit(self.model, shrinkage, runs.own, slices).map(|fitted| fitted.map(EventFit::of_beta)),
        };
        if let Some(fitted) = special {
            let fit = fitted?;
            fit.abnormal(runs.own, slices, residuals);
            return Ok(fit);
        }
        let known = if runs.days.is_none() { self.known.find(market, from, runs.own.len()) } else { None };
        match EventFit::new(self.model, runs.own, slices, known, residuals) {
            Err(FitError::Volatility(VolatilityError::NotConverged { .. })) if self.volatility_fallback == VolatilityFallback::Market => {
                EventFit::new(ExpectedReturnModel::Market, runs.own, slices, known, residuals)
            }
            fitted => fitted,
        }
    }
}

/// The moments of each market's only regressor over estimation windows of the study's own length, by the session at which they begin;
/// nothing where so few events wouldn't use most of them.
struct KnownMoments {
    days: usize,
    markets: Vec<Vec<Option<RegressorMoments>>>,
}

impl KnownMoments {
    fn of(design: &SampleDesign, markets: &Markets, events: usize) -> Self {
        let days = design.rule.windows.estimation().days();
        let sessions = |market: &Market| markets.grids.get(market.grid).map_or(0, |grid| grid.sessions.dates().len());
        if markets.markets.iter().map(sessions).sum::<usize>() > events {
            return Self { days, markets: Vec::new() };
        }
        let of_market = |market: &Market| match market.regressors.as_slice() {
            [only] => (0..sessions(market)).map(|from| only.run(from, days).map(RegressorMoments::of)).collect(),
            _ => Vec::new(),
        };
        Self { days, markets: markets.markets.iter().map(of_market).collect() }
    }

    fn find(&self, market: usize, from: usize, days: usize) -> Option<RegressorMoments> {
        self.markets.get(market)?.get(from).copied().flatten().filter(|_| days == self.days)
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
    /// Several regressors.
    Plane { slopes: Box<[f64]>, regression: Box<Regression> },
    /// A line on one regressor with residuals of conditional variance.
    Moving(Box<VolatilityFit>),
    /// A line on the benchmark's return of the day with a beta of another kind.
    Beta(Box<FittedBeta>),
    /// A line on the benchmark's return from trade to trade and the sessions it spans.
    Trades { slopes: [f64; 2], line: Box<TradeLine> },
}

/// What a line needs to know of its regressor alone: the same for all events with the same estimation days.
#[derive(Debug, Clone, Copy)]
pub(super) struct RegressorMoments {
    centre: f64,
    /// Squares about the centre, and about 0.
    squares: f64,
    raw: f64,
}

impl RegressorMoments {
    pub fn of(regressor: &[f64]) -> Self {
        let centre = sum_of(regressor, |value| value) / regressor.len() as f64;
        let squares = sum_of(regressor, |value| (value - centre) * (value - centre));
        Self { centre, squares, raw: sum_of(regressor, |value| value * value) }
    }
}

impl EventFit {
    /// Fits the model to paired returns of the estimation days: `own` and one slice a regressor, all of one length; `known` are the moments
    /// of an only regressor, if they are known. The abnormal returns of the estimation days are written over `residuals`.
    pub fn new(
        model: ExpectedReturnModel,
        own: &[f64],
        regressors: &[&[f64]],
        known: Option<RegressorMoments>,
        residuals: &mut Vec<f64>,
    ) -> Result<Self, FitError> {
        let (n, least) = (own.len(), model.least_observations());
        if n < least {
            return Err(FitError::TooFew { found: n, least });
        }
        let count = n as f64;
        let mean = sum_of(own, |value| value) / count;
        let squares_about_mean = || sum_of(own, |value| (value - mean) * (value - mean));
        let single = regressors.first().copied().unwrap_or(&[]);
        let spread = |shape, alpha: f64, squares: f64| Self {
            alpha,
            sigma: (squares / (count - 1.0)).sqrt(),
            r_squared: None,
            observations: n,
            degrees: n - 1,
            shape,
        };
        let (fit, total) = match (model, regressors) {
            (ExpectedReturnModel::ConstantMean, _) => {
                let total = squares_about_mean();
                (spread(Shape::Mean, mean, total), total)
            }
            (ExpectedReturnModel::MarketAdjusted, _) => {
                let middle = mean - sum_of(single, |value| value) / count;
                let squares = sum_of_pairs(own, single, |own, market| {
                    let deviation = own - market - middle;
                    deviation * deviation
                });
                (spread(Shape::Benchmark, 0.0, squares), squares_about_mean())
            }
            (ExpectedReturnModel::Market | ExpectedReturnModel::Capm | ExpectedReturnModel::Factors, [regressor]) => {
                Self::line(own, regressor, mean, known.unwrap_or_else(|| RegressorMoments::of(regressor)), residuals)?
            }
            (
                ExpectedReturnModel::FamaFrench3
                | ExpectedReturnModel::Carhart4
                | ExpectedReturnModel::FamaFrench5
                | ExpectedReturnModel::Factors,
                _,
            ) => (Self::plane(own, regressors)?, squares_about_mean()),
            (ExpectedReturnModel::ConditionalVariance { process, errors }, [regressor]) => {
                let total = squares_about_mean();
                (Self::moving(ConditionalVariance { process, errors }, own, regressor, total)?, total)
            }
            _ => return Err(FitError::NeedsSample { model: model.name() }),
        };
        fit.abnormal(own, regressors, residuals);
        let own_spread = (total / (count - 1.0)).sqrt();
        // What a fund that holds the benchmark twice leaves over is the computer's rounding, not a spread.
        if fit.sigma > SMALLEST_SPREAD * own_spread { Ok(fit) } else { Err(FitError::NoSpread) }
    }

    /// The line, and the squares of `own` about its mean.
    fn line(own: &[f64], regressor: &[f64], mean: f64, known: RegressorMoments, residuals: &mut Vec<f64>) -> Result<(Self, f64), FitError> {
        let n = own.len();
        let RegressorMoments { centre, squares, raw } = known;
        let (total, product) = squares_and_product(own, regressor, mean, centre);
        if squares <= 1e-20 * raw || !(squares.is_finite() && total.is_finite()) {
            return Err(FitError::Regression(ols::RegressionError::Collinear { regressor: 0 }));
        }
        let slope = product / squares;
        residuals.clear();
        residuals.extend(own.iter().zip(regressor).map(|(own, market)| (own - mean) - slope * (market - centre)));
        let unexplained = sum_of(residuals, |residual| residual * residual);
        let fit = Self {
            alpha: mean - slope * centre,
            sigma: (unexplained / (n - 2) as f64).sqrt(),
            r_squared: (total > 0.0).then(|| (1.0 - unexplained / total).max(0.0)),
            observations: n,
            degrees: n - 2,
            shape: Shape::Line { slope, centre, squares },
        };
        Ok((fit, total))
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
            Shape::Plane { slopes, .. } => slopes,
            Shape::Moving(volatility) => std::slice::from_ref(&volatility.parameters.slope),
            Shape::Beta(fitted) => std::slice::from_ref(&fitted.line.beta),
            // The second slope is the intercept's, on the sessions spanned.
            Shape::Trades { slopes: [beta, _], .. } => std::slice::from_ref(beta),
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

    /// Variances of the abnormal returns of single days ([`EventFit::forecast_variance`]), one a row of the regressors' columns, from the
    /// residuals' variances on them; those that leave what a number can hold aren't finite. Written over `variances`.
    pub fn add_forecast_errors(&self, regressors: &[Vec<f64>], variances: &mut [f64]) {
        if let (Shape::Line { centre, squares, .. }, [market, ..]) = (&self.shape, regressors) {
            let (variance, n) = (self.sigma * self.sigma, self.observations as f64);
            for (held, market) in variances.iter_mut().zip(market) {
                let distance = market - centre;
                *held += variance * (1.0 / n + distance * distance / squares);
            }
            return;
        }
        for (day, held) in variances.iter_mut().enumerate() {
            let row: Vec<f64> = regressors.iter().filter_map(|regressor| regressor.get(day)).copied().collect();
            *held = self.forecast_variance(*held, 1, &row).unwrap_or(f64::INFINITY);
        }
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
            Shape::Plane { regression, .. } => regression.forecast_form(length, sums, self.observations)?,
            Shape::Moving(volatility) => {
                let whole = variance + volatility.estimation_variance(days, *sums.first()?);
                return whole.is_finite().then_some(whole);
            }
            Shape::Beta(fitted) => {
                let distance = sums.first()? - length * fitted.line.centre;
                length * length / n + distance * distance * fitted.line.beta_variance / (self.sigma * self.sigma)
            }
            Shape::Trades { line, .. } => match sums {
                [market, sessions] => line.forecast_form(*sessions, *market),
                _ => return None,
            },
        };
        let variance = variance + self.sigma * self.sigma * estimation;
        variance.is_finite().then_some(variance)
    }
}

/// `Σ(x − x̄)²` and `Σ(x − x̄)(y − ȳ)` in one walk, in four lanes as [`sum_of`].
fn squares_and_product(own: &[f64], regressor: &[f64], mean: f64, centre: f64) -> (f64, f64) {
    let ((owns, own_rest), (markets, market_rest)) = (own.as_chunks::<4>(), regressor.as_chunks::<4>());
    let (mut squares, mut products) = ([0.0_f64; 4], [0.0_f64; 4]);
    for (owns, markets) in owns.iter().zip(markets) {
        for (((square, product), own), market) in squares.iter_mut().zip(&mut products).zip(owns).zip(markets) {
            let deviation = own - mean;
            *square += deviation * deviation;
            *product += deviation * (market - centre);
        }
    }
    let rest = || own_rest.iter().zip(market_rest).map(|(own, market)| (own - mean, market - centre));
    (
        squares.iter().sum::<f64>() + rest().map(|(own, _)| own * own).sum::<f64>(),
        products.iter().sum::<f64>() + rest().map(|(own, market)| own * market).sum::<f64>(),
    )
}
