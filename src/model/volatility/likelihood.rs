//! The log-likelihood of a model with conditional variance and its gradient, in percent as `arch` counts.
//!
//! With e_t = R_t − a − b R_m,t and h_1 from the backcast B in place of the day before the first (h_0 = e²_0 = B; half of it where only
//! falls count):
//!
//! ```text
//! GARCH, GJR   h_t    = ω + (α + γ [e_{t−1} < 0]) e²_{t−1} + β h_{t−1}
//! EGARCH       ln h_t = ω + α (|z_{t−1}| − √(2/π)) + γ z_{t−1} + β ln h_{t−1},   z_t = e_t / √h_t   (first day: ω + β ln B)
//! normal       ln L   = Σ −½ (ln 2π + ln h_t + z²_t)
//! t            ln L   = Σ ln Γ((ν+1)/2) − ln Γ(ν/2) − ½ ln(π(ν−2)) − ½ ln h_t − (ν+1)/2 · ln(1 + z²_t/(ν−2))
//! ```
//!
//! B = Σ w_t e²_t over the first min(75, n) days, w_t ∝ 0.94^t, with the residuals of least squares, and stays where it is while a and b
//! move; so do the bounds of h_t. Those are loose: an exponentially weighted variance over and times 10⁶, not under the residuals'
//! variance over 10⁸, nor above 10⁷ times the largest squared residual and 1 %². Below them h_t is the bound; above them it grows with
//! the logarithm alone. They keep a search from meeting infinities; at an optimum they are met only where the likelihood has none.
//! The bounds hold the one quantity here that depends on the unit: hence percent, which `arch` asks for.

use std::f64::consts::{LN_2, PI};

use statrs::function::gamma::{digamma, ln_gamma};

use crate::model::{ErrorLaw, VarianceProcess};

/// E|z| of a standard normal, √(2/π).
pub(super) const MEAN_ABSOLUTE: f64 = 0.797_884_560_802_865_4;
/// Decay of the weights of backcast and bounds.
const DECAY: f64 = 0.94;
/// Days that the backcast looks at.
const BACKCAST_DAYS: usize = 75;
/// ln h above which a number can't hold h.
const LARGEST_LOGARITHM: f64 = 709.782_712_893_384;

/// Places of the parameters in [`Parameters`].
pub(super) mod place {
    pub const INTERCEPT: usize = 0;
    pub const SLOPE: usize = 1;
    pub const OMEGA: usize = 2;
    pub const ALPHA: usize = 3;
    pub const GAMMA: usize = 4;
    pub const BETA: usize = 5;
    pub const NU: usize = 6;
}

/// Parameters by [`place`]; γ is 0 under GARCH, ν is not read under normal errors. Percent.
pub(super) type Parameters = [f64; 7];

/// Parameters that the variance depends on: all but ν.
const OF_VARIANCE: usize = 6;

/// Smallest and largest conditional variance of one day.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    low: f64,
    high: f64,
}

/// The data of one security with what the likelihood keeps fixed.
///
/// What is left of the security's returns by least squares stands for the returns, so that intercept and slope here are what is added to
/// those of least squares; the market is standardised. Neither changes the likelihood.
#[derive(Debug)]
pub(super) struct Likelihood<'a> {
    pub process: VarianceProcess,
    pub errors: ErrorLaw,
    residuals: &'a [f64],
    market: &'a [f64],
    pub backcast: f64,
    bounds: Vec<Bounds>,
}

/// What one day adds: terms of the log-likelihood with their derivatives by ln h and by e.
struct Term {
    value: f64,
    by_log_variance: f64,
    by_residual: f64,
    by_nu: f64,
}

/// What ν makes the same for every day.
struct Tail {
    constant: f64,
    by_nu: f64,
    nu: f64,
}

impl Tail {
    fn of(errors: ErrorLaw, nu: f64) -> Self {
        match errors {
            ErrorLaw::Normal => Self { constant: -0.5 * (LN_2 + PI.ln()), by_nu: 0.0, nu: f64::INFINITY },
            ErrorLaw::Student => {
                let (above, half) = ((nu + 1.0) / 2.0, nu / 2.0);
                Self {
                    constant: ln_gamma(above) - ln_gamma(half) - 0.5 * (PI * (nu - 2.0)).ln(),
                    by_nu: 0.5 * (digamma(above) - digamma(half) - 1.0 / (nu - 2.0)),
                    nu,
                }
            }
        }
    }

    fn term(&self, errors: ErrorLaw, residual: f64, variance: f64, log_variance: f64) -> Term {
        let square = residual * residual / variance;
        match errors {
            ErrorLaw::Normal => Term {
                value: self.constant - 0.5 * (log_variance + square),
                by_log_variance: 0.5 * (square - 1.0),
                by_residual: -residual / variance,
                by_nu: 0.0,
            },
            ErrorLaw::Student => {
                let (freedom, weight) = (self.nu - 2.0, (self.nu + 1.0) / 2.0);
                let part = square / freedom;
                let logarithm = part.ln_1p();
                let share = part / (1.0 + part);
                Term {
                    value: self.constant - 0.5 * log_variance - weight * logarithm,
                    by_log_variance: weight * share - 0.5,
                    by_residual: -2.0 * weight * residual / (variance * freedom * (1.0 + part)),
                    by_nu: self.by_nu - 0.5 * logarithm + weight * share / freedom,
                }
            }
        }
    }
}

impl<'a> Likelihood<'a> {
    /// The likelihood of the residuals of least squares (percent) and a market of mean 0, both in order of time.
    pub fn new(process: VarianceProcess, errors: ErrorLaw, residuals: &'a [f64], market: &'a [f64]) -> Self {
        let backcast = weigh_first_days(residuals);
        Self { process, errors, residuals, market, backcast, bounds: bound_variances(residuals, backcast) }
    }

    /// The likelihood of another process, the data and all else the same.
    pub fn of_process(&self, process: VarianceProcess) -> Self {
        Self { process, bounds: self.bounds.clone(), ..*self }
    }

    /// Mean square of the residuals of least squares.
    pub fn mean_square(&self) -> f64 {
        self.residuals.iter().map(|residual| residual * residual).sum::<f64>() / self.days() as f64
    }

    /// Residual of least squares and market of one day.
    pub fn day(&self, day: usize) -> Option<(f64, f64)> {
        Some((*self.residuals.get(day)?, *self.market.get(day)?))
    }

    /// Number of days.
    pub fn days(&self) -> usize {
        self.residuals.len()
    }

    /// Log-likelihood at `parameters`.
    pub fn value(&self, parameters: &Parameters) -> f64 {
        self.walk::<false>(parameters, self.errors, &mut [0.0; 7], |_, _| ())
    }

    /// Log-likelihood under normal errors, whatever the model's are: what starting values are chosen by.
    pub fn normal_value(&self, parameters: &Parameters) -> f64 {
        self.walk::<false>(parameters, ErrorLaw::Normal, &mut [0.0; 7], |_, _| ())
    }

    /// Log-likelihood with its gradient, written over `gradient`.
    pub fn slope(&self, parameters: &Parameters, gradient: &mut Parameters) -> f64 {
        self.walk::<true>(parameters, self.errors, gradient, |_, _| ())
    }

    /// Hands each day's residual and conditional variance on, in order.
    pub fn visit(&self, parameters: &Parameters, visitor: impl FnMut(f64, f64)) {
        self.walk::<false>(parameters, self.errors, &mut [0.0; 7], visitor);
    }

    fn walk<const SLOPE: bool>(
        &self,
        parameters: &Parameters,
        errors: ErrorLaw,
        gradient: &mut Parameters,
        visitor: impl FnMut(f64, f64),
    ) -> f64 {
        match self.process {
            VarianceProcess::Garch | VarianceProcess::Gjr => self.walk_squares::<SLOPE>(parameters, errors, gradient, visitor),
            VarianceProcess::Egarch => self.walk_logarithms::<SLOPE>(parameters, errors, gradient, visitor),
        }
    }

    fn walk_squares<const SLOPE: bool>(
        &self,
        parameters: &Parameters,
        errors: ErrorLaw,
        gradient: &mut Parameters,
        mut visitor: impl FnMut(f64, f64),
    ) -> f64 {
        let [intercept, slope, omega, alpha, gamma, beta, nu] = *parameters;
        let tail = Tail::of(errors, nu);
        *gradient = [0.0; 7];
        let mut sum = 0.0;
        // Of the day before: variance, its derivatives, square, square of a fall, and how the residual moves the next variance.
        let (mut variance, mut square, mut fall) = (self.backcast, self.backcast, 0.5 * self.backcast);
        let mut moved = [0.0; OF_VARIANCE];
        let mut pull = [0.0; 2];
        for ((own, market), bounds) in self.residuals.iter().zip(self.market).zip(&self.bounds) {
            let before = variance;
            variance = omega + alpha * square + gamma * fall + beta * before;
            if SLOPE {
                let direct = [pull[0], pull[1], 1.0, square, fall, before];
                for (by, direct) in moved.iter_mut().zip(direct) {
                    *by = direct + beta * *by;
                }
            }
            if variance < bounds.low {
                variance = bounds.low;
                moved = [0.0; OF_VARIANCE];
            } else if variance > bounds.high {
                if SLOPE {
                    moved.iter_mut().for_each(|by| *by /= variance);
                }
                variance = if variance.is_finite() { bounds.high + (variance / bounds.high).ln() } else { bounds.high + 1000.0 };
            }
            let residual = own - intercept - slope * market;
            visitor(residual, variance);
            let term = tail.term(errors, residual, variance, variance.ln());
            sum += term.value;
            let falls = if residual < 0.0 { 1.0 } else { 0.0 };
            square = residual * residual;
            fall = falls * square;
            if SLOPE {
                let by_variance = term.by_log_variance / variance;
                for (total, by) in gradient.iter_mut().zip(&moved) {
                    *total += by_variance * by;
                }
                gradient[place::INTERCEPT] -= term.by_residual;
                gradient[place::SLOPE] -= term.by_residual * market;
                gradient[place::NU] += term.by_nu;
                let by_residual = -2.0 * (alpha + gamma * falls) * residual;
                pull = [by_residual, by_residual * market];
            }
        }
        sum
    }

    fn walk_logarithms<const SLOPE: bool>(
        &self,
        parameters: &Parameters,
        errors: ErrorLaw,
        gradient: &mut Parameters,
        mut visitor: impl FnMut(f64, f64),
    ) -> f64 {
        let [intercept, slope, omega, alpha, gamma, beta, nu] = *parameters;
        let tail = Tail::of(errors, nu);
        *gradient = [0.0; 7];
        let mut sum = 0.0;
        // Of the day before: ln h, its derivatives, |z| less its mean, z, and how a standardised residual moves the next ln h.
        let (mut logarithm, mut size, mut shock) = (self.backcast.ln(), 0.0, 0.0);
        let mut moved = [0.0; OF_VARIANCE];
        let mut pull = 0.0;
        let mut stretch = 0.0;
        let mut market_before = 0.0;
        for ((own, market), bounds) in self.residuals.iter().zip(self.market).zip(&self.bounds) {
            let before = logarithm;
            logarithm = omega + alpha * size + gamma * shock + beta * before;
            if SLOPE {
                // z moves with the residual (−1 or −R_m over √h) and with ln h (−z/2).
                let direct = [-pull * stretch, -pull * stretch * market_before, 1.0, size, shock, before];
                let keep = beta - 0.5 * pull * shock;
                for (by, direct) in moved.iter_mut().zip(direct) {
                    *by = direct + keep * *by;
                }
            }
            logarithm = logarithm.min(LARGEST_LOGARITHM);
            let mut variance = logarithm.exp();
            if variance < bounds.low {
                variance = bounds.low;
                logarithm = variance.ln();
                moved = [0.0; OF_VARIANCE];
            } else if variance > bounds.high {
                variance = bounds.high + logarithm - bounds.high.ln();
                logarithm = variance.ln();
                if SLOPE {
                    moved.iter_mut().for_each(|by| *by /= variance);
                }
            }
            let residual = own - intercept - slope * market;
            visitor(residual, variance);
            let term = tail.term(errors, residual, variance, logarithm);
            sum += term.value;
            stretch = 1.0 / variance.sqrt();
            shock = residual * stretch;
            size = shock.abs() - MEAN_ABSOLUTE;
            if SLOPE {
                for (total, by) in gradient.iter_mut().zip(&moved) {
                    *total += term.by_log_variance * by;
                }
                gradient[place::INTERCEPT] -= term.by_residual;
                gradient[place::SLOPE] -= term.by_residual * market;
                gradient[place::NU] += term.by_nu;
                pull = alpha * shock.signum() + gamma;
                market_before = *market;
            }
        }
        sum
    }
}

/// B: the weighted mean square of the first days.
fn weigh_first_days(residuals: &[f64]) -> f64 {
    let (mut sum, mut total, mut weight) = (0.0, 0.0, 1.0);
    for residual in residuals.iter().take(BACKCAST_DAYS) {
        sum += weight * residual * residual;
        total += weight;
        weight *= DECAY;
    }
    sum / total
}

fn bound_variances(residuals: &[f64], backcast: f64) -> Vec<Bounds> {
    let count = residuals.len() as f64;
    let mean = residuals.iter().sum::<f64>() / count;
    let variance = residuals.iter().map(|residual| (residual - mean) * (residual - mean)).sum::<f64>() / count;
    let largest = 1.0 + residuals.iter().fold(0.0_f64, |largest, residual| largest.max(residual * residual));
    let (lowest, highest) = (variance / 1e8, 1e7 * largest);
    let mut smoothed = backcast;
    let mut before = None;
    residuals
        .iter()
        .map(|residual| {
            if let Some(before) = before.replace(*residual) {
                smoothed = DECAY * smoothed + (1.0 - DECAY) * before * before;
            }
            Bounds { low: (smoothed / 1e6).max(lowest), high: (smoothed * 1e6).max(largest).min(highest) }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Residuals in spells, and a market, from one congruence.
    fn made_up(days: usize) -> (Vec<f64>, Vec<f64>) {
        let mut state = 7_u64;
        let mut draw = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f64 / (1_u64 << 24) as f64 - 0.5
        };
        let residuals = (0..days).map(|day| (1.0 + 2.0 * f64::from(u8::from(day % 40 < 10))) * (draw() + draw() + draw())).collect();
        (residuals, (0..days).map(|_| 2.0 * (draw() + draw())).collect())
    }

    #[test]
    fn the_gradient_is_the_limit_of_differences() {
        let (residuals, market) = made_up(300);
        for process in [VarianceProcess::Garch, VarianceProcess::Gjr, VarianceProcess::Egarch] {
            for errors in [ErrorLaw::Normal, ErrorLaw::Student] {
                let likelihood = Likelihood::new(process, errors, &residuals, &market);
                let gamma = if process == VarianceProcess::Egarch { -0.1 } else { 0.08 };
                let at: Parameters = [0.03, -0.05, 0.07, 0.12, gamma, 0.78, 6.0];
                let mut gradient = [0.0; 7];
                assert_eq!(likelihood.slope(&at, &mut gradient), likelihood.value(&at));
                for (which, by) in gradient.iter().enumerate() {
                    if (process == VarianceProcess::Garch && which == place::GAMMA) || (errors == ErrorLaw::Normal && which == place::NU) {
                        continue;
                    }
                    let shifted = |step: f64| {
                        let mut there = at;
                        there[which] += step;
                        likelihood.value(&there)
                    };
                    // Central differences of two widths, their h² taken off (Richardson).
                    let central = |step: f64| (shifted(step) - shifted(-step)) / (2.0 * step);
                    let limit = (4.0 * central(1e-5) - central(2e-5)) / 3.0;
                    let gap = (by - limit).abs() / limit.abs().max(1.0);
                    // Rounding of a sum of 400 over a step of 1e-5. Measured: 2e-8 at worst.
                    assert!(gap < 1e-6, "{process:?} {errors:?} parameter {which}: {by} and {limit}");
                }
            }
        }
    }
}
