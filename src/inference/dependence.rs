//! The crude dependence adjustment (Brown & Warner 1985, Journal of Financial Economics 14(1), 3–31,
//! doi:10.1016/0304-405X(85)90042-X): `t = CAAR / (√L s)`, L the days of the window, s the standard deviation (divisor days − 1) of
//! the events' mean residual on each day of the estimation window; t(days − 1).
//!
//! The mean over events carries their correlation in itself, so the test is robust to events on common days. It isn't to variance
//! that the event brings, and s knows nothing of forecast error. The original's 239 days allow the normal distribution; t is taken
//! here, for there may be few.

use crate::inference::TestOutcome;
use crate::inference::cross_section::Spread;

/// The test of a CAAR (a fraction) over `days` event days, by the mean residuals (fractions) of the days of the estimation window.
///
/// n is the number of those days. Inapplicable for a window without days, under 2 mean residuals, and when they don't differ.
pub fn crude_dependence(caar: f64, days: usize, mean_residuals: &[f64]) -> TestOutcome {
    const NAME: &str = "crude-dependence";
    if days == 0 {
        return TestOutcome::inapplicable(NAME, "the window has 0 days");
    }
    let outcome = Spread::of(mean_residuals, "mean residuals of the estimation days", 2).map(|spread| {
        let t = caar / ((days as f64).sqrt() * spread.deviation);
        TestOutcome::student(NAME, t, spread.count - 1.0, mean_residuals.len())
    });
    TestOutcome::from_result(NAME, outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        for (outcome, said) in [
            (crude_dependence(0.1, 0, &[0.1, 0.2]), "0 days"),
            (crude_dependence(0.1, 3, &[0.1]), "N = 1"),
            (crude_dependence(0.1, 3, &[0.1; 40]), "zero variance: the 40 mean residuals"),
            (crude_dependence(f64::NAN, 3, &[0.1, 0.2]), "not one"),
        ] {
            let Outcome::Inapplicable { reason } = outcome.outcome else { panic!("{outcome:?}") };
            assert!(reason.contains(said), "{reason}");
        }
    }

    #[test]
    fn two_opposite_days_give_the_value_by_hand() {
        // s of ±0.01 is 0.01√2; 0.04 / (√2 · 0.01√2) = 2, and P(|t(1)| > 2) = 1 − 2 atan(2)/π.
        let Outcome::Computed { statistic, p_value, null, n } = crude_dependence(0.04, 2, &[0.01, -0.01]).outcome else { panic!() };
        assert!((statistic - 2.0).abs() < 1e-14);
        assert!((p_value - (1.0 - 2.0 * 2.0_f64.atan() / std::f64::consts::PI)).abs() < 1e-14);
        assert_eq!((null.as_str(), n), ("t(1)", 2));
    }
}
