//! Returns from trade to trade, for shares that don't trade every session (Maynes & Rumsey 1993, *Journal of Banking & Finance* 17(1),
//! 145–157; Bartholdy, Olson & Peare 2007, *European Journal of Finance* 13(3), 227–252, find it the one to use on a small exchange).
//!
//! A return from one trade to the next spans d_i sessions. It is paired with the market's return over the same d_i sessions (simple returns
//! compounded, log returns added), and since its noise grows with the time it spans, the line is fitted by least squares weighted by 1/√d_i:
//!
//! ```text
//! R_i = α d_i + β R_{m,i} + e_i,    Var(e_i) = σ² d_i
//! R_i/√d_i = α √d_i + β R_{m,i}/√d_i + u_i
//! ```
//!
//! With T = Σd_i the sessions spanned, R̄ = ΣR_i / T and R̄_m = ΣR_{m,i} / T a session, and S = Σ (R_{m,i} − d_i R̄_m)² / d_i:
//!
//! - `β = Σ (R_{m,i} − d_i R̄_m)(R_i − d_i R̄) / d_i / S`, `α = R̄ − β R̄_m` a session, `s² = Σ e_i² / d_i / (n − 2)` over the n trades,
//! - `AR_i = R_i − α d_i − β R_{m,i}`; the abnormal returns of trades that span D sessions together have the variance
//!   `s² (D + D²/T + (Σ R_{m,i} − D R̄_m)² / S)`.
//!
//! Where every session has a trade this is the market model, digit by digit. An abnormal return stands on the day of the trade that ends its
//! span; what happened on the sessions without a trade before it is in it. In a file of returns a session without one counts as a session
//! without a trade, which the next return spans.
//! `market-adjusted` (e = R_i − R_{m,i}, d = n − 1, variance s² D) and `constant-mean` (e = R_i − α d_i, variance s² (D + D²/T)) alike, as lines
//! with β of 1 and 0.

use super::FitError;
use crate::stats::ols::RegressionError;

/// Residuals whose standard deviation is below this share of the security's own are rounding.
const SMALLEST_SPREAD: f64 = 1e-10;

/// How returns of consecutive sessions make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joining {
    /// `Π(1 + R) − 1`, of simple returns.
    Compounded,
    /// Their sum, of log returns.
    Added,
}

/// A return that ends with a trade.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TradeReturn {
    /// Position of the session of the trade.
    pub position: usize,
    /// Sessions since the trade before, at least 1.
    pub sessions: u32,
    /// Security's return over them, a fraction.
    pub own: f64,
    /// Market's return over them, a fraction.
    pub market: f64,
}

/// Pairs the security's returns, each over its own last quote, with the market's over the same sessions. Columns hold a return a session, None
/// without one; `first_quote` is the position of the security's first quote, which has no return. A return whose span holds a session without a
/// market return has no pair and is left out.
pub fn pair_trades(own: &[Option<f64>], market: &[Option<f64>], first_quote: Option<usize>, joining: Joining) -> Vec<TradeReturn> {
    let mut trades = Vec::new();
    let mut last = first_quote;
    for (position, value) in own.iter().enumerate() {
        let Some(value) = value else { continue };
        let from = last.map_or(position, |last| last + 1).min(position);
        last = Some(position);
        let span = market.get(from..=position).unwrap_or(&[]);
        let (Some(market), Ok(sessions)) = (compound(span.iter().copied(), joining), u32::try_from(span.len())) else { continue };
        trades.push(TradeReturn { position, sessions, own: *value, market });
    }
    trades
}

/// Return over consecutive sessions; None when one of them has none, or for no session.
pub fn compound(mut values: impl Iterator<Item = Option<f64>>, joining: Joining) -> Option<f64> {
    // One session's return as it is: 1 + R − 1 would round it.
    let first = values.next()??;
    values.try_fold(first, |total, value| {
        let value = value?;
        Some(match joining {
            Joining::Added => total + value,
            Joining::Compounded => total + value + total * value,
        })
    })
}

/// What is estimated of the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TradeModel {
    /// Intercept and slope.
    Market,
    /// Nothing: the market's return.
    MarketAdjusted,
    /// The mean return a session.
    ConstantMean,
}

/// A line fitted to returns from trade to trade.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TradeLine {
    model: TradeModel,
    /// Intercept, a fraction a session.
    pub alpha: f64,
    /// Slope on the market's return over the same sessions; 1 and 0 for the models that estimate none.
    pub beta: f64,
    /// s, the residual standard deviation of a return that spans one session, a fraction.
    pub sigma: f64,
    /// Share of the weighted variation explained; None for models without a regression.
    pub r_squared: Option<f64>,
    /// Trades n.
    pub observations: usize,
    /// Degrees of freedom.
    pub degrees_of_freedom: usize,
    /// T, sessions that the trades span.
    pub sessions: f64,
    /// R̄_m a session.
    pub centre: f64,
    /// S, squares of the market's returns about it.
    pub squares: f64,
}

impl TradeLine {
    /// Fits a model to paired returns: the security's, the market's over the same sessions (fractions), and how many sessions each spans.
    ///
    /// # Errors
    /// [`FitError`] under 3 trades (2 for the models without a slope), for a market that doesn't vary, a span of no session, values that
    /// aren't finite, or a security that doesn't vary about the line.
    pub fn fit(model: TradeModel, own: &[f64], market: &[f64], sessions: &[f64]) -> Result<Self, FitError> {
        let (n, parameters) = (own.len(), if model == TradeModel::Market { 2 } else { 1 });
        if n <= parameters {
            return Err(FitError::TooFew { found: n, least: parameters + 1 });
        }
        for (regressor, column) in [market, sessions].into_iter().enumerate() {
            if column.len() != n {
                return Err(RegressionError::LengthsDiffer { regressor, found: column.len(), expected: n }.into());
            }
        }
        if let Some((row, value)) = sessions.iter().enumerate().find(|(_, span)| !(**span >= 1.0 && span.is_finite())) {
            return Err(RegressionError::RegressorNotFinite { regressor: 1, row, value: *value }.into());
        }
        let rows = || own.iter().zip(market).zip(sessions).map(|((own, market), span)| (*own, *market, *span));
        let time: f64 = sessions.iter().sum();
        let (mean, centre) = (own.iter().sum::<f64>() / time, market.iter().sum::<f64>() / time);
        let weighted = |term: &dyn Fn(f64, f64) -> f64| -> f64 {
            rows().map(|(own, market, span)| term(own - span * mean, market - span * centre) / span).sum()
        };
        let total = weighted(&|own, _| own * own);
        let squares = weighted(&|_, market| market * market);
        let raw: f64 = rows().map(|(_, market, span)| market * market / span).sum();
        if !(total.is_finite() && squares.is_finite() && raw.is_finite()) {
            return Err(RegressionError::OutOfRange.into());
        }
        if model == TradeModel::Market && squares <= 1e-20 * raw {
            return Err(RegressionError::Collinear { regressor: 0 }.into());
        }
        let beta = match model {
            TradeModel::Market => weighted(&|own, market| own * market) / squares,
            TradeModel::MarketAdjusted => 1.0,
            TradeModel::ConstantMean => 0.0,
        };
        let unexplained = weighted(&|own, market| (own - beta * market) * (own - beta * market));
        let degrees = n - parameters;
        let sigma = (unexplained / degrees as f64).sqrt();
        let own_spread = (total / (n as f64 - 1.0)).sqrt();
        if !(beta.is_finite() && sigma.is_finite()) {
            return Err(RegressionError::OutOfRange.into());
        }
        if sigma <= SMALLEST_SPREAD * own_spread || own_spread == 0.0 {
            return Err(FitError::NoSpread);
        }
        Ok(Self {
            model,
            alpha: if model == TradeModel::MarketAdjusted { 0.0 } else { mean - beta * centre },
            beta,
            sigma,
            r_squared: (model == TradeModel::Market && total > 0.0).then(|| (1.0 - unexplained / total).max(0.0)),
            observations: n,
            degrees_of_freedom: degrees,
            sessions: time,
            centre,
            squares,
        })
    }

    /// Expected return over `sessions` sessions in which the market returned `market`, a fraction.
    pub fn expected(&self, sessions: f64, market: f64) -> f64 {
        self.alpha * sessions + self.beta * market
    }

    /// Variance of the sum of abnormal returns that span `sessions` sessions in which the market's returns add up to `sum`, forecast error
    /// included. None when it leaves what a number can hold.
    pub fn forecast_variance(&self, sessions: f64, sum: f64) -> Option<f64> {
        let variance = self.sigma * self.sigma * (sessions + self.forecast_form(sessions, sum));
        variance.is_finite().then_some(variance)
    }

    /// What the estimated coefficients add to that variance, over s².
    pub fn forecast_form(&self, sessions: f64, sum: f64) -> f64 {
        let distance = sum - sessions * self.centre;
        match self.model {
            TradeModel::MarketAdjusted => 0.0,
            TradeModel::ConstantMean => sessions * sessions / self.sessions,
            TradeModel::Market => sessions * sessions / self.sessions + distance * distance / self.squares,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ExpectedReturnModel;

    #[test]
    fn a_return_over_a_halt_is_paired_with_the_markets_over_the_halt() {
        let own = [None, None, Some(0.02), None, None, Some(-0.05), Some(0.01), None];
        let market = [None, Some(0.01), Some(-0.02), Some(0.03), Some(0.01), Some(-0.01), Some(0.005), Some(0.01)];
        let trades = pair_trades(&own, &market, Some(1), Joining::Compounded);
        assert_eq!(trades.iter().map(|trade| (trade.position, trade.sessions)).collect::<Vec<_>>(), [(2, 1), (5, 3), (6, 1)]);
        assert!((trades[1].market - (1.03 * 1.01 * 0.99 - 1.0)).abs() < 1e-16);
        assert_eq!((trades[0].market, trades[2].market), (-0.02, 0.005));
        let logs = pair_trades(&own, &market, Some(1), Joining::Added);
        assert!((logs[1].market - 0.03).abs() < 1e-16);
        // The first return spans a session on which the market has none.
        assert_eq!(pair_trades(&[None, Some(0.1)], &[None, None], Some(0), Joining::Compounded), []);
        // Without a first quote (a file of returns) the first return is of one session.
        assert_eq!(pair_trades(&[None, Some(0.1)], &[None, Some(0.2)], None, Joining::Compounded)[0].sessions, 1);
    }

    #[test]
    fn with_a_trade_on_every_session_it_is_the_market_model() {
        let market: Vec<f64> = (0..50).map(|day| 0.01 * f64::sin(f64::from(day) * 1.3)).collect();
        let own: Vec<f64> =
            (0..50).map(|day| 0.001 + 0.012 * f64::sin(f64::from(day) * 1.3) + 0.01 * f64::cos(f64::from(day * day))).collect();
        for (trade, plain) in [
            (TradeModel::Market, ExpectedReturnModel::Market),
            (TradeModel::MarketAdjusted, ExpectedReturnModel::MarketAdjusted),
            (TradeModel::ConstantMean, ExpectedReturnModel::ConstantMean),
        ] {
            let line = TradeLine::fit(trade, &own, &market, &[1.0; 50]).unwrap();
            let model = plain.fit(&own, &market).unwrap();
            assert!((line.alpha - model.alpha()).abs() < 1e-15 && (line.beta - model.beta()).abs() < 1e-13, "{plain:?}");
            assert!((line.sigma - model.sigma()).abs() < 1e-16 && line.degrees_of_freedom == model.degrees_of_freedom());
            let (found, expected) = (line.forecast_variance(2.0, 0.03).unwrap(), model.forecast_variance(&[0.01, 0.02]).unwrap());
            assert!((found / expected - 1.0).abs() < 1e-12, "{plain:?}");
        }
    }

    #[test]
    fn what_has_no_line_is_refused() {
        let fit = |own: &[f64], market: &[f64], sessions: &[f64]| TradeLine::fit(TradeModel::Market, own, market, sessions);
        assert!(matches!(fit(&[0.1, 0.2], &[0.1, 0.3], &[1.0; 2]), Err(FitError::TooFew { found: 2, least: 3 })));
        assert!(matches!(fit(&[0.1, 0.2, 0.1], &[0.1, 0.3], &[1.0; 3]), Err(FitError::Regression(_))));
        assert!(matches!(fit(&[0.1, 0.2, 0.1], &[0.1, 0.3, 0.2], &[1.0, 0.0, 1.0]), Err(FitError::Regression(_))));
        assert!(matches!(fit(&[0.1, f64::NAN, 0.1], &[0.1, 0.3, 0.2], &[1.0; 3]), Err(FitError::Regression(_))));
        // A market that moves by the same a session: its return over a span tells nothing that the span doesn't.
        assert!(matches!(fit(&[0.1, 0.3, 0.1, 0.0], &[0.01, 0.02, 0.01, 0.03], &[1.0, 2.0, 1.0, 3.0]), Err(FitError::Regression(_))));
        assert_eq!(fit(&[0.2, 0.6, 0.4, 0.1], &[0.1, 0.3, 0.2, 0.05], &[1.0, 2.0, 1.0, 3.0]), Err(FitError::NoSpread));
    }
}
