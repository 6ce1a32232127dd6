//! How far the fitted model can be trusted: number of returns, fit, and tests of its residuals, each with a warning when the
//! t test's assumptions don't hold.
//!
//! Residuals are tested for normality (Jarque & Bera 1987), autocorrelation (Ljung & Box 1978, 5 lags) and heteroscedasticity
//! (Breusch & Pagan 1979 as studentised by Koenker 1981; and Engle 1982, 5 lags), at 5 %.

use serde::Serialize;

use crate::model::FittedModel;
use crate::stats::moment;
use crate::stats::residual::{self, TestValue};

/// Level at which a diagnostic warns.
pub const WARNING_LEVEL: f64 = 0.05;

/// Fewer estimation returns than this earn a warning.
pub const FEW_RETURNS: usize = 100;

/// Lags of the tests over time.
pub const LAGS: usize = 5;

/// A test of the residuals.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ResidualTest {
    /// The statistic.
    pub statistic: f64,
    /// Its p-value.
    pub p_value: f64,
}

impl From<TestValue> for ResidualTest {
    fn from(value: TestValue) -> Self {
        Self { statistic: value.statistic, p_value: value.p_value }
    }
}

/// What to beware of when reading the tests.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Warning {
    /// Few estimation returns.
    FewReturns {
        /// How many.
        n: usize,
    },
    /// The benchmark explains little: the model is hardly better than a constant mean.
    LowFit {
        /// R².
        r_squared: f64,
    },
    /// Residuals aren't normal.
    NonNormal {
        /// p-value of Jarque–Bera.
        p_value: f64,
        /// Kurtosis (3 under normality).
        kurtosis: f64,
    },
    /// Residuals follow each other.
    Autocorrelated {
        /// p-value of Ljung–Box.
        p_value: f64,
    },
    /// The residuals' variance depends on the benchmark's return.
    Heteroscedastic {
        /// p-value of Breusch–Pagan (Koenker).
        p_value: f64,
    },
    /// The residuals' variance comes in clusters.
    VolatilityClusters {
        /// p-value of Engle's ARCH test.
        p_value: f64,
    },
}

/// Diagnostics of one fitted model. A test that is None couldn't be computed on these residuals.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FitDiagnostics {
    /// Estimation returns.
    pub n: usize,
    /// Share of variance explained; None for models without a regression.
    pub r_squared: Option<f64>,
    /// Skewness of the residuals.
    pub skewness: Option<f64>,
    /// Kurtosis of the residuals, 3 under normality.
    pub kurtosis: Option<f64>,
    /// Normality, χ²(2).
    pub jarque_bera: Option<ResidualTest>,
    /// Autocorrelation, χ²(5).
    pub ljung_box: Option<ResidualTest>,
    /// Durbin–Watson statistic, 2 without autocorrelation of first order.
    pub durbin_watson: Option<f64>,
    /// Heteroscedasticity in the benchmark's return, χ²(1).
    pub breusch_pagan: Option<ResidualTest>,
    /// Clusters of volatility, χ²(5).
    pub arch: Option<ResidualTest>,
    /// What to beware of.
    pub warnings: Vec<Warning>,
}

/// Diagnoses a fitted model; `benchmark` holds the benchmark's returns of the estimation days.
pub fn diagnose(model: &FittedModel, benchmark: &[f64]) -> FitDiagnostics {
    let residuals = model.residuals();
    let mut diagnostics = FitDiagnostics {
        n: residuals.len(),
        r_squared: model.r_squared(),
        skewness: moment::skewness(residuals),
        kurtosis: moment::kurtosis(residuals),
        jarque_bera: residual::jarque_bera(residuals).map(ResidualTest::from),
        ljung_box: residual::ljung_box(residuals, LAGS).map(ResidualTest::from),
        durbin_watson: residual::durbin_watson(residuals),
        breusch_pagan: residual::breusch_pagan(residuals, &[benchmark]).map(ResidualTest::from),
        arch: residual::arch_lm(residuals, LAGS).map(ResidualTest::from),
        warnings: Vec::new(),
    };
    diagnostics.warnings = warn(&diagnostics);
    diagnostics
}

fn warn(diagnostics: &FitDiagnostics) -> Vec<Warning> {
    let alarm = |test: Option<ResidualTest>| test.map(|test| test.p_value).filter(|p_value| *p_value < WARNING_LEVEL);
    let few = (diagnostics.n < FEW_RETURNS).then_some(Warning::FewReturns { n: diagnostics.n });
    let fit = diagnostics.r_squared.filter(|r_squared| *r_squared < 0.05).map(|r_squared| Warning::LowFit { r_squared });
    let normal =
        alarm(diagnostics.jarque_bera).zip(diagnostics.kurtosis).map(|(p_value, kurtosis)| Warning::NonNormal { p_value, kurtosis });
    let autocorrelated = alarm(diagnostics.ljung_box).map(|p_value| Warning::Autocorrelated { p_value });
    let heteroscedastic = alarm(diagnostics.breusch_pagan).map(|p_value| Warning::Heteroscedastic { p_value });
    let clusters = alarm(diagnostics.arch).map(|p_value| Warning::VolatilityClusters { p_value });
    [few, fit, normal, autocorrelated, heteroscedastic, clusters].into_iter().flatten().collect()
}
