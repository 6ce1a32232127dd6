//! Beta over a window of sessions that moves on one session at a time: is it the same all along?
//!
//! At each session the least-squares slope over the `window` sessions that end with it, of those that have both returns, and its 95 %
//! interval `b ± t(n − 2) √(s² / S_mm)`. Neighbouring windows share all days but one: that one interval doesn't overlap another says
//! little, and the band isn't one for the whole path.

use thiserror::Error;

use crate::stats::tail;

/// Confidence of the interval, two-sided.
pub const CONFIDENCE: f64 = 0.95;
/// Fewest sessions of a window.
pub const SMALLEST_WINDOW: usize = 10;

/// Beta of the window that ends with a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RollingBeta {
    /// Position of that session in the columns given.
    pub position: usize,
    /// Least-squares slope.
    pub beta: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Sessions of the window with both returns.
    pub observations: usize,
}

/// Why there is no rolling beta.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RollingError {
    /// A window too short to fit a line to.
    #[error("a rolling beta over {window} sessions is noise: take at least {SMALLEST_WINDOW}")]
    WindowTooShort {
        /// Sessions asked for.
        window: usize,
    },
    /// No window of this length has enough returns.
    #[error("no {window} sessions in a row have {least} returns of both: take a shorter window")]
    NoWindow {
        /// Sessions asked for.
        window: usize,
        /// Least number of returns.
        least: usize,
    },
}

/// Rolling betas: one entry a session that ends a whole window in which at least half the sessions (and 3) have both returns and the market
/// varies; others have none. Columns hold a return (a fraction) a session, None without one.
///
/// # Errors
/// [`RollingError`] for a window under 10 sessions, or when no session ends such a window.
pub fn rolling_betas(own: &[Option<f64>], market: &[Option<f64>], window: usize) -> Result<Vec<RollingBeta>, RollingError> {
    if window < SMALLEST_WINDOW {
        return Err(RollingError::WindowTooShort { window });
    }
    let least = window.div_ceil(2);
    let paired: Vec<Option<(f64, f64)>> = own.iter().zip(market).map(|(own, market)| own.zip(*market)).collect();
    if window > paired.len() {
        return Err(RollingError::NoWindow { window, least });
    }
    // One quantile a number of observations, computed when first met.
    let mut quantiles: Vec<Option<f64>> = vec![None; window + 1];
    let mut sums = Sums::default();
    let mut betas = Vec::new();
    for position in 0..paired.len() {
        let run = paired.get((position + 1).saturating_sub(window)..=position).unwrap_or(&[]);
        let leaving = position.checked_sub(window).and_then(|left| *paired.get(left)?);
        sums.move_on(run, leaving);
        if position + 1 < window || sums.count < least {
            continue;
        }
        let Some((beta, standard_error)) = sums.slope() else { continue };
        let Some(held) = quantiles.get_mut(sums.count) else { continue };
        let quantile = match held {
            Some(quantile) => *quantile,
            None => {
                let Some(quantile) = tail::student_quantile(0.5 + CONFIDENCE / 2.0, sums.count as f64 - 2.0) else { continue };
                *held.insert(quantile)
            }
        };
        let margin = quantile * standard_error;
        betas.push(RollingBeta { position, beta, standard_error, low: beta - margin, high: beta + margin, observations: sums.count });
    }
    if betas.is_empty() { Err(RollingError::NoWindow { window, least }) } else { Ok(betas) }
}

/// A removed square this many times the squares left about their mean takes digits along: the sums are made anew.
const LARGEST_REMOVED: f64 = 100.0;

/// Sums of the pairs in the window, about an origin near their means.
#[derive(Default)]
struct Sums {
    count: usize,
    /// Moves since the sums were last made from the window itself.
    age: usize,
    origin: (f64, f64),
    own: f64,
    market: f64,
    own_squares: f64,
    squares: f64,
    product: f64,
}

impl Sums {
    /// The window is now `run`; `leaving` went out at its beginning.
    fn move_on(&mut self, run: &[Option<(f64, f64)>], leaving: Option<(f64, f64)>) {
        self.age += 1;
        if let Some(pair) = leaving {
            self.add(pair, -1.0);
            self.count -= 1;
        }
        if let Some(pair) = run.last().copied().flatten() {
            self.add(pair, 1.0);
            self.count += 1;
        }
        let left = |squares: f64, sum: f64| squares - sum * sum / self.count.max(1) as f64;
        let costly = leaving.is_some_and(|(own, market)| {
            let (own, market) = ((own - self.origin.0).powi(2), (market - self.origin.1).powi(2));
            own > LARGEST_REMOVED * left(self.own_squares, self.own)
                || market > LARGEST_REMOVED * left(self.squares, self.market)
                || !(own + market).is_finite()
        });
        if costly || self.age >= run.len().max(SMALLEST_WINDOW) {
            self.renew(run);
        }
    }

    fn renew(&mut self, run: &[Option<(f64, f64)>]) {
        let count = run.iter().flatten().count();
        let (own, market) = run.iter().flatten().fold((0.0, 0.0), |(own, market), pair| (own + pair.0, market + pair.1));
        *self = Self { count, origin: if count > 0 { (own / count as f64, market / count as f64) } else { (0.0, 0.0) }, ..Self::default() };
        run.iter().flatten().for_each(|pair| self.add(*pair, 1.0));
    }

    fn add(&mut self, pair: (f64, f64), sign: f64) {
        let (own, market) = (pair.0 - self.origin.0, pair.1 - self.origin.1);
        self.own += sign * own;
        self.market += sign * market;
        self.own_squares += sign * own * own;
        self.squares += sign * market * market;
        self.product += sign * own * market;
    }

    /// Slope and its standard error; None when the market doesn't vary or a number leaves its range.
    fn slope(&self) -> Option<(f64, f64)> {
        let n = self.count as f64;
        let squares = self.squares - self.market * self.market / n;
        let product = self.product - self.own * self.market / n;
        let total = self.own_squares - self.own * self.own / n;
        if squares.is_nan() || squares <= 1e-12 * self.squares || squares <= 0.0 {
            return None;
        }
        let slope = product / squares;
        let variance = ((total - slope * product) / (n - 2.0)).max(0.0);
        let error = (variance / squares).sqrt();
        (slope.is_finite() && error.is_finite()).then_some((slope, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A security on an exact line has that line's slope in every window, also after a day a million times as large has left it.
    #[test]
    fn an_exact_line_keeps_its_slope_in_every_window() {
        let market: Vec<Option<f64>> =
            (0..200).map(|day| if day == 60 { Some(1e6) } else { Some(0.01 * f64::sin(f64::from(day) * 0.7)) }).collect();
        let own: Vec<Option<f64>> = market.iter().map(|value| value.map(|value| 0.0005 + 1.3 * value)).collect();
        let betas = rolling_betas(&own, &market, 20).unwrap();
        assert_eq!((betas.len(), betas[0].position, betas[0].observations), (181, 19, 20));
        for entry in &betas {
            assert!((entry.beta - 1.3).abs() < 1e-7, "{entry:?}");
        }
        assert!(betas.iter().filter(|entry| entry.position >= 80).all(|entry| (entry.beta - 1.3).abs() < 1e-12));
    }

    #[test]
    fn windows_with_too_few_returns_have_no_beta() {
        let market: Vec<Option<f64>> = (0..60).map(|day| Some(0.01 * f64::cos(f64::from(day)))).collect();
        let own: Vec<Option<f64>> = (0..60).map(|day| (!(20..32).contains(&day)).then(|| 0.01 * f64::sin(f64::from(day)))).collect();
        let betas = rolling_betas(&own, &market, 20).unwrap();
        assert!(betas.iter().all(|entry| entry.observations >= 10));
        assert_eq!(betas.iter().filter(|entry| (30..41).contains(&entry.position)).count(), 0);
        assert_eq!(rolling_betas(&own, &market, 5), Err(RollingError::WindowTooShort { window: 5 }));
        assert_eq!(rolling_betas(&own, &market, 100), Err(RollingError::NoWindow { window: 100, least: 50 }));
        assert!(rolling_betas(&own, &[Some(0.01); 60], 20).is_err());
    }
}
