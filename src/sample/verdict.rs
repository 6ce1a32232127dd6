//! What the tests that fit this sample say of its headline window: whether the CAAR is further from zero than chance explains.

use serde::Serialize;

use super::advice::Advice;
use super::result::GroupResult;
use crate::inference::{Outcome, TestOutcome, UNUSUAL_LEVEL};

/// What the tests to read say together, at 5 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SampleVerdict {
    /// Each of them tells the mean from zero.
    Distinct,
    /// None of them does.
    WithinNoise,
    /// Some do, others don't.
    TestsDisagree,
    /// None of them applies.
    Untested,
}

/// The tests to read for the headline window of all events, and what they say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeadlineReading {
    /// Their verdict.
    pub verdict: SampleVerdict,
    /// Tests that a piece of advice names and none distrusts, that apply, and whose p-value could be below 5 % with so many events, in the order of the window's tests. When every one that is
    /// named is also distrusted for another reason, all that are named.
    pub read: Vec<&'static str>,
    /// Those of them with a p-value below 5 %.
    pub below: Vec<&'static str>,
    /// Tests that a piece of advice distrusts.
    pub distrusted: Vec<&'static str>,
    /// Tests of the window that apply, read or not.
    pub computed: usize,
    /// Those of them with a p-value below 5 %.
    pub computed_below: usize,
}

impl HeadlineReading {
    pub(super) fn of(all: Option<&GroupResult>, advice: &[Advice]) -> Self {
        let tests: Vec<&TestOutcome> =
            all.and_then(|all| all.windows.first()).map(|window| window.tests.iter().map(|test| &test.test).collect()).unwrap_or_default();
        let named = |name: &str| advice.iter().any(|piece| piece.read.contains(&name));
        let distrusted = |name: &str| advice.iter().any(|piece| piece.distrust.contains(&name));
        let is_below = |test: &TestOutcome| test.p_value().is_some_and(|p_value| p_value < UNUSUAL_LEVEL);
        let capable = |test: &&&TestOutcome| is_below(test) || !cannot_reach(test);
        let applicable = || tests.iter().filter(|test| test.p_value().is_some());
        let mut read: Vec<&TestOutcome> =
            applicable().filter(capable).filter(|test| named(test.name) && !distrusted(test.name)).copied().collect();
        if read.is_empty() {
            read = applicable().filter(capable).filter(|test| named(test.name)).copied().collect();
        }
        let below: Vec<&'static str> = read.iter().filter(|test| is_below(test)).map(|test| test.name).collect();
        let verdict = match (below.len(), read.len()) {
            (_, 0) => SampleVerdict::Untested,
            (0, _) => SampleVerdict::WithinNoise,
            (some, all) if some == all => SampleVerdict::Distinct,
            _ => SampleVerdict::TestsDisagree,
        };
        Self {
            verdict,
            below,
            distrusted: tests.iter().filter(|test| distrusted(test.name)).map(|test| test.name).collect(),
            read: read.into_iter().map(|test| test.name).collect(),
            computed: applicable().count(),
            computed_below: applicable().filter(|test| is_below(test)).count(),
        }
    }
}

/// Whether the test's smallest p-value with so many events is above 5 %, whatever the returns: with n signs, each as likely either way, it is
/// `2 · ½ⁿ`. The usual share of positive returns of the generalised sign test is near enough to ½ for the same bound.
fn cannot_reach(test: &TestOutcome) -> bool {
    let exact = ["sign-exact", "generalised-sign-exact", "wilcoxon"].contains(&test.name);
    match &test.outcome {
        Outcome::Computed { n, .. } => exact && i32::try_from(*n).is_ok_and(|n| 2.0 * 0.5_f64.powi(n) > UNUSUAL_LEVEL),
        Outcome::Inapplicable { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::{sign, wilcoxon};

    #[test]
    fn signs_and_ranks_of_five_events_cannot_reach_five_percent_and_those_of_six_can() {
        // All of one sign is the most extreme sample there is: p = 2 · ½ⁿ, 0.0625 with five and 0.03125 with six.
        let cars = [0.01, 0.02, 0.03, 0.04, 0.05, 0.06];
        for (count, reach) in [(3, false), (5, false), (6, true)] {
            let held = &cars[..count];
            let [normal, exact] = sign::sign(held);
            for test in [exact, wilcoxon::signed_rank(held)] {
                assert_eq!(cannot_reach(&test), !reach, "{count} {}", test.name);
                assert_eq!(test.p_value().unwrap() < UNUSUAL_LEVEL, reach, "{count} {}", test.name);
            }
            assert!(!cannot_reach(&normal));
        }
    }
}
