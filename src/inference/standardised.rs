//! Tests of standardised CARs: SCAR = CAR over its own standard error (forecast error included), N events, d residual degrees of
//! freedom each, r̄ the mean correlation of the events' residuals.
//!
//! - `patell`: `Σ SCAR / √Σ d/(d − 2)`, N(0, 1) (Patell 1976, Journal of Accounting Research 14(2), 246–276, doi:10.2307/2490543):
//!   under normal residuals SCAR is t(d), whose variance is d/(d − 2).
//! - `bmp`: `x̄ / (s / √N)` of the SCARs, t(N − 1) (Boehmer, Musumeci & Poulsen 1991, Journal of Financial Economics 30(2), 253–272,
//!   doi:10.1016/0304-405X(91)90032-F): robust to variance that the event itself brings. Their standard deviation has divisor N − 1.
//! - `kolari-pynnonen-bmp`: that times `√((1 − r̄)/(1 + (N − 1)r̄))`, t(N − 1) (Kolari & Pynnönen 2010, Review of Financial Studies
//!   23(11), 3996–4025, doi:10.1093/rfs/hhq072): the correlation of events on common days makes the mean vary more, by 1 + (N − 1)r̄,
//!   and the sample variance less, by 1 − r̄. Some tools forget the 1 − r̄.
//! - `kolari-pynnonen-patell`: Patell's Z times `1 / √(1 + (N − 1)r̄)`, N(0, 1): its variance isn't estimated across events, so
//!   there is no 1 − r̄.
//!
//! Tools that follow Stata's eventstudy2 standardise a window's CAR in another way, and print other numbers for more than one day.

use crate::inference::TestOutcome;
use crate::inference::cross_section::{self, Spread};
use crate::stats::moment::Moments;

/// Patell's Z of the SCARs (without unit), each with the residual degrees of freedom of its model.
///
/// Inapplicable without events, when the two differ in length, when a model has 2 degrees of freedom or fewer (t(d) has no variance),
/// and when a SCAR isn't finite.
pub fn patell(scars: &[f64], degrees: &[f64]) -> TestOutcome {
    patell_of(&Moments::of(scars), &patell_variance(degrees))
}

/// [`patell`] of the SCARs with these moments and the variance of their sum.
pub(crate) fn patell_of(moments: &Moments, variance: &Result<(usize, f64), String>) -> TestOutcome {
    const NAME: &str = "patell";
    TestOutcome::from_result(NAME, patell_z(moments, variance).map(|z| TestOutcome::normal(NAME, z, moments.count())))
}

/// Number of events and `Σ d/(d − 2)`, the variance of the sum of their SCARs.
pub(crate) fn patell_variance(degrees: &[f64]) -> Result<(usize, f64), String> {
    // NaN isn't above 2 either.
    if let Some(few) = degrees.iter().find(|degrees| !(**degrees > 2.0 && degrees.is_finite())) {
        return Err(format!("a model has {few} residual degrees of freedom, and Student's t has a variance from 3 on"));
    }
    Ok((degrees.len(), degrees.iter().map(|degrees| degrees / (degrees - 2.0)).sum()))
}

fn patell_z(moments: &Moments, variance: &Result<(usize, f64), String>) -> Result<f64, String> {
    let count = moments.count();
    if count == 0 {
        return Err("N = 0: no SCARs".to_owned());
    }
    let (events, variance) = variance.clone()?;
    if events != count {
        return Err(format!("{count} SCARs, but degrees of freedom for {events}"));
    }
    let total = moments.mean().ok_or_else(|| format!("one of the {count} SCARs is not a finite number"))? * count as f64;
    Ok(total / variance.sqrt())
}

/// The test of Boehmer, Musumeci & Poulsen. Inapplicable for N < 2 and for SCARs that don't differ.
pub fn bmp(scars: &[f64]) -> TestOutcome {
    bmp_of(&Moments::of(scars))
}

/// [`bmp`] of the SCARs with these moments.
pub(crate) fn bmp_of(moments: &Moments) -> TestOutcome {
    cross_section::mean_test("bmp", moments, "SCARs")
}

/// The BMP test adjusted for the mean correlation r̄ of the events' residuals (−1 to 1; over all pairs, those without common
/// days counted as 0). Inapplicable like [`bmp`], and for r̄ ≥ 1 or 1 + (N − 1)r̄ ≤ 0.
pub fn kolari_pynnonen_bmp(scars: &[f64], mean_correlation: f64) -> TestOutcome {
    kolari_pynnonen_bmp_of(&Moments::of(scars), mean_correlation)
}

/// [`kolari_pynnonen_bmp`] of the SCARs with these moments.
pub(crate) fn kolari_pynnonen_bmp_of(moments: &Moments, mean_correlation: f64) -> TestOutcome {
    const NAME: &str = "kolari-pynnonen-bmp";
    let outcome = Spread::of_moments(moments, "SCARs", 2).and_then(|spread| {
        let inflation = variance_inflation(moments.count(), mean_correlation)?;
        let t = spread.t() * ((1.0 - mean_correlation) / inflation).sqrt();
        Ok(TestOutcome::student(NAME, t, spread.count - 1.0, moments.count()))
    });
    TestOutcome::from_result(NAME, outcome)
}

/// Patell's Z adjusted for the mean correlation r̄ of the events' residuals. Inapplicable like [`patell`], and for r̄ ≥ 1 or
/// 1 + (N − 1)r̄ ≤ 0.
pub fn kolari_pynnonen_patell(scars: &[f64], degrees: &[f64], mean_correlation: f64) -> TestOutcome {
    kolari_pynnonen_patell_of(&Moments::of(scars), &patell_variance(degrees), mean_correlation)
}

/// [`kolari_pynnonen_patell`] of the SCARs with these moments and the variance of their sum.
pub(crate) fn kolari_pynnonen_patell_of(moments: &Moments, variance: &Result<(usize, f64), String>, mean_correlation: f64) -> TestOutcome {
    const NAME: &str = "kolari-pynnonen-patell";
    let outcome = patell_z(moments, variance).and_then(|z| {
        let inflation = variance_inflation(moments.count(), mean_correlation)?;
        Ok(TestOutcome::normal(NAME, z / inflation.sqrt(), moments.count()))
    });
    TestOutcome::from_result(NAME, outcome)
}

/// `1 + (N − 1)r̄`, above 0.
fn variance_inflation(count: usize, mean_correlation: f64) -> Result<f64, String> {
    if !(-1.0..1.0).contains(&mean_correlation) {
        return Err(format!("the mean correlation of the residuals is {mean_correlation}, and must be below 1 and from −1 on"));
    }
    let inflation = 1.0 + (count as f64 - 1.0) * mean_correlation;
    if inflation <= 0.0 {
        return Err(format!("1 + (N − 1)r̄ = {inflation:.4} is not above 0, with N = {count} and r̄ = {mean_correlation:.4}"));
    }
    Ok(inflation)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    fn reason(outcome: TestOutcome) -> String {
        let Outcome::Inapplicable { reason } = outcome.outcome else { panic!("{outcome:?}") };
        reason
    }

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        assert!(reason(patell(&[], &[])).contains("N = 0"));
        assert!(reason(patell(&[1.0, 2.0], &[100.0])).contains("2 SCARs, but degrees of freedom for 1"));
        assert!(reason(patell(&[1.0, 2.0], &[100.0, 2.0])).contains("has 2 residual degrees"));
        assert!(reason(patell(&[1.0, 2.0], &[100.0, f64::NAN])).contains("has NaN residual degrees"));
        assert!(reason(patell(&[1.0, f64::NAN], &[100.0, 100.0])).contains("not a finite number"));
        assert!(reason(bmp(&[1.0])).contains("N = 1"));
        assert!(reason(bmp(&[1.5; 6])).contains("zero variance: the 6"));
        assert!(reason(kolari_pynnonen_bmp(&[1.0], 0.1)).contains("N = 1"));
        assert!(reason(kolari_pynnonen_bmp(&[1.0, 2.0], 1.0)).contains("correlation of the residuals is 1,"));
        assert!(reason(kolari_pynnonen_bmp(&[1.0, 2.0], f64::NAN)).contains("is NaN"));
        assert!(reason(kolari_pynnonen_bmp(&[1.0, 2.0, 4.0], -0.5)).contains("1 + (N − 1)r̄ = 0.0000"));
        assert!(reason(kolari_pynnonen_patell(&[1.0, 2.0, 4.0], &[9.0; 3], -0.6)).contains("N = 3"));
        assert!(reason(kolari_pynnonen_patell(&[1.0, 2.0], &[9.0; 2], 1.2)).contains("1.2"));
        assert!(reason(kolari_pynnonen_patell(&[1.0, 2.0], &[9.0, 1.0], 0.2)).contains("has 1 residual"));
    }

    #[test]
    fn without_correlation_the_adjusted_tests_are_the_plain_ones() {
        let (scars, degrees) = ([0.4, -1.2, 2.2, 0.9], [98.0, 50.0, 98.0, 30.0]);
        assert_eq!(kolari_pynnonen_bmp(&scars, 0.0).outcome, bmp(&scars).outcome);
        assert_eq!(kolari_pynnonen_patell(&scars, &degrees, 0.0).outcome, patell(&scars, &degrees).outcome);
    }
}
