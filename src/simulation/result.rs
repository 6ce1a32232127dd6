//! What a simulation found: how often each test rejected. Shares are fractions.

use std::cmp::Ordering;

use serde::Serialize;

use super::{Dates, Planting};
use crate::model::ExpectedReturnModel;
use crate::provenance::Provenance;
use crate::sample::beta::BetaDesign;
use crate::stats::tail;
use crate::window::Window;

/// Levels that are always recorded beside the one asked for.
pub const LEVELS: [f64; 3] = [0.01, 0.05, 0.10];

/// Everything a simulation found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimulationResult {
    /// Version of this form: `aftermove/simulation/1`.
    pub schema: &'static str,
    /// What was simulated, and how.
    pub simulation: SimulationSummary,
    /// One a planted abnormal return, in the order asked for.
    pub planted: Vec<PlantedResult>,
    /// Where the data comes from.
    pub provenance: Provenance,
}

/// What was simulated, and how.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SimulationSummary {
    /// Where samples are drawn from.
    pub population: PopulationSummary,
    /// Events a sample.
    pub events: usize,
    /// Samples.
    pub replications: usize,
    /// Whether the events of a sample share a date.
    pub dates: Dates,
    /// Where an abnormal return is planted.
    pub planting: Planting,
    /// Variance of the event days' residuals over that of other days.
    pub event_variance: f64,
    /// The level whose rejections are the headline, a fraction.
    pub level: f64,
    /// Every level recorded, rising.
    pub levels: Vec<f64>,
    /// Expected-return model.
    pub model: ExpectedReturnModel,
    /// Betas and thin trading, where something was asked for.
    #[serde(skip_serializing_if = "BetaDesign::is_plain")]
    pub beta: BetaDesign,
    /// Estimation window.
    pub estimation: Window,
    /// Event window.
    pub window: Window,
    /// The window whose CARs are tested.
    pub headline: Window,
    /// Draws of the resampled tests; 0 for none.
    pub draws: usize,
    /// Seed of everything random.
    pub seed: u64,
}

/// Where samples are drawn from.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum PopulationSummary {
    /// Made-up returns, every sample's its own.
    Generated {
        /// Sessions from which dates are drawn.
        sessions: usize,
        /// Correlation of residuals on one day.
        correlation: f64,
        /// Degrees of freedom of the shocks' t distribution; None for normal ones.
        tails: Option<f64>,
        /// Median residual standard deviation.
        sigma: f64,
        /// Standard deviation of its logarithm.
        sigma_spread: f64,
    },
    /// Real prices. Samples share them, so that the Monte Carlo error doesn't cover what is peculiar to these securities and dates.
    Prices {
        /// Symbol of the benchmark.
        benchmark: String,
        /// Securities that can have an event.
        securities: usize,
        /// Sessions of the benchmark.
        sessions: usize,
    },
}

/// What came out for one planted abnormal return.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PlantedResult {
    /// The abnormal return planted at each event, a fraction; 0: what is rejected is a false alarm.
    pub planted: f64,
    /// Samples in which no event could be used.
    pub unusable: usize,
    /// Mean over the samples of the headline CAAR; None without any.
    pub mean_caar: Option<f64>,
    /// Its standard deviation over the samples.
    pub caar_deviation: Option<f64>,
    /// Mean over the samples of the mean residual correlation.
    pub mean_correlation: Option<f64>,
    /// Each test, in the order of the tables of the study.
    pub tests: Vec<TestRates>,
}

/// How often one test rejected.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TestRates {
    /// Name, as in result files.
    pub name: &'static str,
    /// Samples in which it applied.
    pub applied: usize,
    /// Samples in which it didn't.
    pub inapplicable: usize,
    /// Why not, in the first of them; None when it always applied.
    pub reason: Option<String>,
    /// One a level; empty when it never applied.
    pub rates: Vec<Rate>,
}

impl TestRates {
    /// The rate at a level; None when the test never applied, or the level wasn't recorded.
    pub fn at(&self, level: f64) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.level == level)
    }
}

/// The share of samples in which p was at most the level, among those in which the test applied.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// Level.
    pub level: f64,
    /// Rejections.
    pub rejections: usize,
    /// Their share.
    pub rate: f64,
    /// Its Monte Carlo standard error √(rate (1 − rate) / n).
    pub standard_error: f64,
    /// 95 % interval (Wilson 1927, *Journal of the American Statistical Association* 22, 209–212).
    pub interval: (f64, f64),
}

impl Rate {
    /// Whether the interval lies above the level (the test rejects too often, without an event), below it, or has it inside.
    pub fn beside_level(&self) -> Ordering {
        if self.interval.0 > self.level {
            Ordering::Greater
        } else if self.interval.1 < self.level {
            Ordering::Less
        } else {
            Ordering::Equal
        }
    }

    /// The share of `rejections` in `samples`; None without samples.
    pub(super) fn of(level: f64, rejections: usize, samples: usize) -> Option<Self> {
        if samples == 0 {
            return None;
        }
        let (count, rate) = (samples as f64, rejections as f64 / samples as f64);
        let z = tail::normal_quantile(0.975)?;
        let centre = (rate + z * z / (2.0 * count)) / (1.0 + z * z / count);
        let margin = z * (rate * (1.0 - rate) / count + z * z / (4.0 * count * count)).sqrt() / (1.0 + z * z / count);
        Some(Self {
            level,
            rejections,
            rate,
            standard_error: (rate * (1.0 - rate) / count).sqrt(),
            interval: ((centre - margin).max(0.0), (centre + margin).min(1.0)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_statsmodels() {
        // statsmodels 0.15: proportion_confint(count, nobs, method="wilson"), printed to 10 digits.
        for (hits, samples, low, high) in
            [(0, 100, 0.0000000000, 0.0369934982), (53, 1000, 0.0407465052, 0.0686746168), (1000, 1000, 0.9961732415, 1.0000000000)]
        {
            let rate = Rate::of(0.05, hits, samples).unwrap();
            assert!((rate.interval.0 - low).abs() < 1e-10 && (rate.interval.1 - high).abs() < 1e-10, "{hits} of {samples}: {rate:?}");
        }
        assert_eq!(Rate::of(0.05, 0, 0), None);
    }
}
