//! Betas other than least squares in a study of many events, and returns paired from trade to trade: what the study is told about them,
//! what it finds out before the first event is fitted, and what each fit brings along.
//!
//! The estimators stand in [`crate::model::beta`] and [`crate::model::trade_to_trade`].

use rayon::prelude::*;
use serde::Serialize;

use super::SampleError;
use super::estimate::block_length;
use super::input::{Buffers, Inputs, Runs};
use super::market::Markets;
use super::place::{Placed, moved};
use super::{SampleDesign, fit::EventFit};
use crate::model::beta::dimson::{self, Aggregation};
use crate::model::beta::shrinkage::{self, Adjustment, Prior};
use crate::model::beta::{self, BetaError, BetaLine, rolling, scholes_williams};
use crate::model::trade_to_trade::TradeModel;
use crate::model::{ExpectedReturnModel, FitError};
use crate::stats::moment;

/// Which line Blume's adjustment follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BlumeLine {
    /// ⅓ + ⅔ b.
    #[default]
    Fixed,
    /// That of the betas of the second half of the estimation windows on those of the first.
    Estimated,
}

/// What a study is told about betas and thin trading.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct BetaDesign {
    /// Vasicek's prior; None takes the betas of the study's events.
    pub prior: Option<Prior>,
    /// Blume's line.
    pub blume: BlumeLine,
    /// Returns from trade to trade, paired with the market's over the same sessions.
    pub trade_to_trade: bool,
    /// Sessions of a rolling beta; None for none.
    #[serde(skip)]
    pub rolling: Option<usize>,
}

impl BetaDesign {
    /// Whether nothing was asked for.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// Checks the design against the model.
    pub(super) fn check(&self, model: ExpectedReturnModel) -> Result<(), SampleError> {
        if self.trade_to_trade && trade_model(model).is_none() {
            return Err(SampleError::TradeToTradeModel { model: model.to_string() });
        }
        match self.rolling {
            Some(window) if window < rolling::SMALLEST_WINDOW => {
                Err(SampleError::RollingBeta(rolling::RollingError::WindowTooShort { window }))
            }
            // The first regressor is the benchmark there.
            Some(_) if model.needs_factors() && model != ExpectedReturnModel::Capm => {
                Err(SampleError::RollingBetaModel { model: model.to_string() })
            }
            _ => Ok(()),
        }
    }
}

/// The model of returns from trade to trade; None for those that have none.
pub(super) fn trade_model(model: ExpectedReturnModel) -> Option<TradeModel> {
    match model {
        ExpectedReturnModel::Market => Some(TradeModel::Market),
        ExpectedReturnModel::MarketAdjusted => Some(TradeModel::MarketAdjusted),
        ExpectedReturnModel::ConstantMean => Some(TradeModel::ConstantMean),
        _ => None,
    }
}

/// Sessions before and after a day whose market returns a model's beta needs.
pub(super) fn neighbours(model: ExpectedReturnModel) -> (usize, usize) {
    match model {
        ExpectedReturnModel::ScholesWilliams => (1, 1),
        ExpectedReturnModel::Dimson { lags, leads } => (usize::from(lags), usize::from(leads)),
        ExpectedReturnModel::FowlerRorke { shifts } => (usize::from(shifts), usize::from(shifts)),
        _ => (0, 0),
    }
}

/// How least-squares betas are moved; found out before the first event is fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shrinkage {
    Vasicek(Prior),
    Blume(Adjustment),
}

/// How betas were shrunk, and how many betas that rests on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum ShrinkageUsed {
    /// Vasicek's prior.
    Vasicek {
        /// Its mean.
        mean: f64,
        /// Its standard deviation.
        standard_deviation: f64,
        /// Betas that it is estimated from; None for a prior that was given.
        betas: Option<usize>,
    },
    /// Blume's line.
    Blume {
        /// c₀.
        intercept: f64,
        /// c₁.
        slope: f64,
        /// Betas that it is estimated from; None for the fixed line.
        betas: Option<usize>,
    },
}

impl ShrinkageUsed {
    pub(super) fn step(self) -> Shrinkage {
        match self {
            ShrinkageUsed::Vasicek { mean, standard_deviation, .. } => Shrinkage::Vasicek(Prior { mean, standard_deviation }),
            ShrinkageUsed::Blume { intercept, slope, .. } => Shrinkage::Blume(Adjustment { intercept, slope }),
        }
    }

    /// Finds out how the betas of these events are to be shrunk; None under models that don't.
    pub(super) fn of(design: &SampleDesign, markets: &Markets, placed: &[Placed]) -> Result<Option<Self>, SampleError> {
        match (design.model, design.beta.prior, design.beta.blume) {
            (ExpectedReturnModel::Vasicek, Some(Prior { mean, standard_deviation }), _) => {
                Ok(Some(ShrinkageUsed::Vasicek { mean, standard_deviation, betas: None }))
            }
            (ExpectedReturnModel::Vasicek, None, _) => {
                let betas = over_events(design, markets, placed, |runs| {
                    let market = runs.regressors.slices().first()?;
                    beta::least_squares(runs.own, market).ok().map(|line| line.beta)
                });
                let Prior { mean, standard_deviation } = Prior::of_cross_section(&betas).map_err(SampleError::NoPrior)?;
                Ok(Some(ShrinkageUsed::Vasicek { mean, standard_deviation, betas: Some(betas.len()) }))
            }
            (ExpectedReturnModel::Blume, _, BlumeLine::Fixed) => {
                let Adjustment { intercept, slope } = Adjustment::FIXED;
                Ok(Some(ShrinkageUsed::Blume { intercept, slope, betas: None }))
            }
            (ExpectedReturnModel::Blume, _, BlumeLine::Estimated) => {
                let halves = over_events(design, markets, placed, |runs| {
                    shrinkage::betas_of_halves(runs.own, runs.regressors.slices().first()?).ok()
                });
                let (earlier, later): (Vec<f64>, Vec<f64>) = halves.into_iter().unzip();
                let Adjustment { intercept, slope } = Adjustment::of_periods(&earlier, &later).map_err(SampleError::NoBlumeLine)?;
                Ok(Some(ShrinkageUsed::Blume { intercept, slope, betas: Some(earlier.len()) }))
            }
            _ => Ok(None),
        }
    }
}

/// A measure of the estimation returns of every event that has enough of them, in the order of the list.
fn over_events<T: Send>(
    design: &SampleDesign,
    markets: &Markets,
    placed: &[Placed],
    measure: impl Fn(&Runs) -> Option<T> + Sync,
) -> Vec<T> {
    let blocks: Vec<Vec<T>> = placed
        .par_chunks(block_length(placed.len()))
        .map(|block| {
            let mut buffers = Buffers::default();
            let of = |entry: &Placed| {
                let estimation = entry.windows.estimation();
                let runs = Inputs::of(markets, entry)?.gather(moved(entry.zero, estimation.first()), estimation.days(), &mut buffers);
                if runs.own.len() < design.rule.least_estimation { None } else { measure(&runs) }
            };
            block.iter().filter_map(of).collect()
        })
        .collect();
    blocks.into_iter().flatten().collect()
}

/// A fitted line with what its beta is made of.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FittedBeta {
    pub line: BetaLine,
    /// Least-squares beta on the market's return of the same day, and its standard error.
    pub ordinary: (f64, f64),
    /// Slopes from the farthest lag to the farthest lead; empty for shrunk betas.
    pub slopes: Vec<f64>,
    /// The market's first-order autocorrelation; of Scholes and Williams alone.
    pub autocorrelation: Option<f64>,
}

impl FittedBeta {
    /// Fits the model to paired returns; `regressors` are the market's of the same day, then of the days before (nearest first), then of
    /// those after. None for a model of another kind.
    pub fn fit(
        model: ExpectedReturnModel,
        shrinkage: Option<Shrinkage>,
        own: &[f64],
        regressors: &[&[f64]],
    ) -> Option<Result<Self, FitError>> {
        let (same, beside) = regressors.split_first()?;
        let (lagging, leading) = beside.split_at_checked(neighbours(model).0)?;
        let summed = |aggregation| {
            let found = dimson::fit(own, same, lagging, leading, aggregation)?;
            Ok((found.line, found.slopes, None))
        };
        let found: Result<(BetaLine, Vec<f64>, Option<f64>), BetaError> = match (model, shrinkage) {
            (ExpectedReturnModel::ScholesWilliams, _) => {
                let ([before], [after]) = (lagging, leading) else { return None };
                scholes_williams::fit(own, before, same, after)
                    .map(|found| (found.line, vec![found.before, found.same, found.after], Some(found.autocorrelation)))
            }
            (ExpectedReturnModel::Dimson { .. }, _) => summed(Aggregation::Sum),
            (ExpectedReturnModel::FowlerRorke { .. }, _) => summed(Aggregation::FowlerRorke),
            (_, Some(Shrinkage::Vasicek(prior))) => shrinkage::fit_vasicek(own, same, prior).map(|line| (line, Vec::new(), None)),
            (_, Some(Shrinkage::Blume(line))) => shrinkage::fit_blume(own, same, line).map(|line| (line, Vec::new(), None)),
            _ => return None,
        };
        Some(
            found
                .and_then(|(line, slopes, autocorrelation)| {
                    let ordinary = beta::least_squares(own, same)?;
                    Ok(Self { line, ordinary: (ordinary.beta, ordinary.beta_variance.sqrt()), slopes, autocorrelation })
                })
                .map_err(FitError::Beta),
        )
    }
}

/// Betas of the used events, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BetaSpread {
    /// Events.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation; None for one event.
    pub standard_deviation: Option<f64>,
    /// The lowest.
    pub lowest: f64,
    /// The highest.
    pub highest: f64,
    /// Mean of their standard errors.
    pub mean_standard_error: f64,
}

impl BetaSpread {
    fn of(betas: &[f64], errors: &[f64]) -> Option<Self> {
        Some(Self {
            n: betas.len(),
            mean: moment::mean(betas)?,
            standard_deviation: moment::standard_deviation(betas),
            lowest: betas.iter().copied().fold(f64::INFINITY, f64::min),
            highest: betas.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            mean_standard_error: moment::mean(errors)?,
        })
    }
}

/// Least-squares betas, and those that took their place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BetaSummary {
    /// Least squares.
    pub ordinary: BetaSpread,
    /// As used.
    pub used: BetaSpread,
}

impl BetaSummary {
    /// The summary; None under models whose beta is least squares'.
    pub(super) fn of(fits: &[EventFit]) -> Option<Self> {
        let columns = BetaColumns::of(fits)?;
        let used: Vec<f64> = fits.iter().filter_map(|fit| Some(fit.adjusted_beta()?.line.beta)).collect();
        Some(Self {
            ordinary: BetaSpread::of(&columns.ordinary, &columns.ordinary_error)?,
            used: BetaSpread::of(&used, &columns.standard_error)?,
        })
    }
}

/// What the betas of the used events are made of, one entry an event in every column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct BetaColumns {
    /// Least-squares beta of the same days, before it was replaced.
    pub ordinary: Vec<f64>,
    /// Its standard error.
    pub ordinary_error: Vec<f64>,
    /// Standard error of the beta that is used.
    pub standard_error: Vec<f64>,
    /// Slopes from the farthest lag to the farthest lead; empty for shrunk betas.
    pub slopes: Vec<Vec<f64>>,
    /// The market's first-order autocorrelation over the estimation days; None but under Scholes–Williams.
    pub autocorrelation: Vec<Option<f64>>,
}

impl BetaColumns {
    /// The columns; None when the model has no such beta.
    pub(super) fn of(fits: &[EventFit]) -> Option<Self> {
        let mut columns = Self::default();
        for fit in fits {
            let FittedBeta { line, ordinary, slopes, autocorrelation } = fit.adjusted_beta()?;
            columns.ordinary.push(ordinary.0);
            columns.ordinary_error.push(ordinary.1);
            columns.standard_error.push(line.beta_variance.sqrt());
            columns.slopes.push(slopes.clone());
            columns.autocorrelation.push(*autocorrelation);
        }
        (!fits.is_empty()).then_some(columns)
    }
}
