//! Tests on the residuals of a regression: normality, autocorrelation, one variance.
//!
//! Each gives the statistic and its asymptotic p-value (upper tail of χ²), `None` where the statistic doesn't exist. Residuals
//! stand in the order of time.

use super::{moment, ols, tail};

/// A test's statistic and p-value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TestValue {
    /// The statistic, without unit.
    pub statistic: f64,
    /// The probability under the null of a statistic as large or larger, a fraction from 0 to 1.
    pub p_value: f64,
}

impl TestValue {
    /// The statistic with its upper tail of χ²; `None` when either isn't a number.
    fn of_chi_squared(statistic: f64, degrees: usize) -> Option<TestValue> {
        let p_value = tail::chi_squared_survival(statistic, degrees as f64)?;
        statistic.is_finite().then_some(TestValue { statistic, p_value })
    }
}

/// Normality: `JB = n/6 (S² + (K − 3)²/4)`, S the skewness and K the kurtosis (both biased, of the residuals about their mean);
/// χ² with 2 degrees of freedom.
///
/// Jarque & Bera (1987), International Statistical Review 55(2), 163–172, doi:10.2307/1403192. `None` under 4 residuals or when
/// they don't vary. The p-value is asymptotic and too small in small samples.
pub fn jarque_bera(residuals: &[f64]) -> Option<TestValue> {
    let skewness = moment::skewness(residuals)?;
    let excess = moment::kurtosis(residuals)? - 3.0;
    TestValue::of_chi_squared(residuals.len() as f64 / 6.0 * (skewness * skewness + excess * excess / 4.0), 2)
}

/// No autocorrelation up to `lags`: `Q = n(n + 2) Σ_{k=1}^{lags} r_k² / (n − k)`, with
/// `r_k = Σ_{t>k} (e_t − ē)(e_{t−k} − ē) / Σ (e_t − ē)²`; χ² with `lags` degrees of freedom.
///
/// Ljung & Box (1978), Biometrika 65(2), 297–303, doi:10.1093/biomet/65.2.297. No degree of freedom is taken off for fitted
/// autoregressive terms: there are none. `None` when `lags` is 0 or not below n, or the residuals don't vary.
pub fn ljung_box(residuals: &[f64], lags: usize) -> Option<TestValue> {
    if lags == 0 || lags >= residuals.len() {
        return None;
    }
    let count = residuals.len() as f64;
    let mean = moment::mean(residuals)?;
    let deviations: Vec<f64> = residuals.iter().map(|residual| residual - mean).collect();
    let total = product(&deviations, &deviations);
    if total == 0.0 {
        return None;
    }
    let mut sum = 0.0;
    for lag in 1..=lags {
        let autocorrelation = product(deviations.get(lag..)?, &deviations) / total;
        sum += autocorrelation * autocorrelation / (count - lag as f64);
    }
    TestValue::of_chi_squared(count * (count + 2.0) * sum, lags)
}

/// One variance: `LM = n R²` of the regression of the squared residuals on an intercept and the k `regressors`; χ² with k degrees
/// of freedom.
///
/// Breusch & Pagan (1979), Econometrica 47(5), 1287–1294, doi:10.2307/1911963, in the studentised form of Koenker (1981), Journal
/// of Econometrics 17(1), 107–112, doi:10.1016/0304-4076(81)90062-2, which doesn't need normal residuals. `regressors` come without
/// the constant. `None` when there are none, when that regression can't be fitted (lengths, collinear), or when the squared
/// residuals don't vary.
pub fn breusch_pagan(residuals: &[f64], regressors: &[&[f64]]) -> Option<TestValue> {
    let squares: Vec<f64> = residuals.iter().map(|residual| residual * residual).collect();
    lagrange_multiplier(&squares, regressors)
}

/// No autoregressive conditional heteroscedasticity: `LM = (n − lags) R²` of the regression of `e_t²` on an intercept and
/// `e_{t−1}², …, e_{t−lags}²`; χ² with `lags` degrees of freedom.
///
/// Engle (1982), Econometrica 50(4), 987–1007, doi:10.2307/1912773. `None` when `lags` is 0, under 2·lags + 2 residuals, or
/// when the squared residuals don't vary.
pub fn arch_lm(residuals: &[f64], lags: usize) -> Option<TestValue> {
    let squares: Vec<f64> = residuals.iter().map(|residual| residual * residual).collect();
    let response = squares.get(lags..)?;
    let lagged: Option<Vec<&[f64]>> = (1..=lags).map(|lag| squares.get(lags - lag..squares.len() - lag)).collect();
    lagrange_multiplier(response, &lagged?)
}

/// First-order autocorrelation: `d = Σ_{t≥2} (e_t − e_{t−1})² / Σ e_t²`, from 0 to 4, near 2 without it.
///
/// Durbin & Watson (1950), Biometrika 37(3/4), 409–428, doi:10.1093/biomet/37.3-4.409. No p-value: its distribution depends on the
/// regressors. `None` under 2 residuals or when all are 0.
pub fn durbin_watson(residuals: &[f64]) -> Option<f64> {
    let total = product(residuals, residuals);
    if residuals.len() < 2 || total == 0.0 {
        return None;
    }
    let changes: f64 = residuals.iter().zip(residuals.get(1..)?).map(|(before, after)| (after - before) * (after - before)).sum();
    let statistic = changes / total;
    statistic.is_finite().then_some(statistic)
}

/// n R² of a regression with an intercept, against χ² with as many degrees of freedom as regressors.
fn lagrange_multiplier(response: &[f64], regressors: &[&[f64]]) -> Option<TestValue> {
    if regressors.is_empty() {
        return None;
    }
    let r_squared = ols::fit(response, regressors, true).ok()?.r_squared?;
    TestValue::of_chi_squared(response.len() as f64 * r_squared, regressors.len())
}

/// Inner product over the length of the shorter one.
fn product(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(x, y)| x * y).sum()
}
