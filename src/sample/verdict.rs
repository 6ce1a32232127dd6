//! What the tests that fit this sample say of its headline window: whether the CAAR is further from zero than chance explains.

use serde::Serialize;

use super::advice::Advice;
use super::result::GroupResult;
use crate::inference::TestOutcome;
use crate::inference::UNUSUAL_LEVEL;

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
    /// Tests that a piece of advice names and none distrusts, and that apply, in the order of the window's tests. When every one that is
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
        let applicable = || tests.iter().filter(|test| test.p_value().is_some());
        let mut read: Vec<&TestOutcome> = applicable().filter(|test| named(test.name) && !distrusted(test.name)).copied().collect();
        if read.is_empty() {
            read = applicable().filter(|test| named(test.name)).copied().collect();
        }
        let is_below = |test: &TestOutcome| test.p_value().is_some_and(|p_value| p_value < UNUSUAL_LEVEL);
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
