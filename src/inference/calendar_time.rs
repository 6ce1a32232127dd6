//! The calendar-time portfolio (Jaffe 1974, Journal of Business 47(3), 410–428; Mandelker 1974, Journal of Financial Economics 1(4),
//! 303–335; Fama 1998, Journal of Financial Economics 49(3), 283–306, doi:10.1016/S0304-405X(98)00026-9).
//!
//! On each calendar day the portfolio holds the events whose window is open, in equal parts; its return is their mean abnormal
//! return. `t = mean / (s / √D)` over the D days with at least one open event, s with divisor D − 1, t(D − 1). The correlation of
//! events on one day is in the portfolio's own variance.
//!
//! Jaffe and Mandelker divide each day's return by its own standard deviation first, as fewer events make it vary more; here all
//! days weigh the same, as in Fama's review. The abnormal returns come from each event's model, not from a regression of the portfolio.

use crate::inference::TestOutcome;
use crate::inference::cross_section::Spread;

/// The test that the portfolio's mean daily abnormal return (a fraction) is 0, from one value a calendar day with an open event.
/// Inapplicable under 3 days, and when the days don't differ.
pub fn calendar_time(portfolio: &[f64]) -> TestOutcome {
    const NAME: &str = "calendar-time";
    let outcome = Spread::of(portfolio, "calendar days with an open event", 3)
        .map(|spread| TestOutcome::student(NAME, spread.t(), spread.count - 1.0, portfolio.len()));
    TestOutcome::from_result(NAME, outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        for (portfolio, said) in [(vec![0.1, 0.2], "N = 2: too few calendar days"), (vec![0.1; 9], "zero variance: the 9 calendar days")] {
            let Outcome::Inapplicable { reason } = calendar_time(&portfolio).outcome else { panic!() };
            assert!(reason.contains(said), "{reason}");
        }
    }

    #[test]
    fn three_days_give_the_value_by_hand() {
        // Mean 0.02, s 0.01: 2√3, and P(|t(2)| > x) = 1 − x/√(2 + x²).
        let Outcome::Computed { statistic, p_value, null, .. } = calendar_time(&[0.01, 0.02, 0.03]).outcome else { panic!() };
        assert!((statistic - 12.0_f64.sqrt()).abs() < 1e-14);
        assert!((p_value - (1.0 - (12.0_f64 / 14.0).sqrt())).abs() < 1e-14);
        assert_eq!(null, "t(2)");
    }
}
