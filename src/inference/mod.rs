//! Tests: is the abnormal return of one event, or the mean one of many, unusual? One file a family; every test gives a
//! [`TestOutcome`]. The tests of many events take slices of numbers and know nothing of events, dates or models.
//!
//! | module | tests of many events |
//! |---|---|
//! | [`cross_section`] | `cross-sectional-t`, `skewness-adjusted-t`, `jackknife` |
//! | [`standardised`] | `patell`, `bmp`, `kolari-pynnonen-bmp`, `kolari-pynnonen-patell` |
//! | [`sign`] | `sign`, `sign-exact`, `generalised-sign`, `generalised-sign-exact` |
//! | [`wilcoxon`] | `wilcoxon` |
//! | [`dependence`] | `crude-dependence` |
//! | [`corrado`] | `corrado-rank` |
//! | [`generalised_rank`] | `grank-t`, `grank-z` |
//! | [`calendar_time`] | `calendar-time` |
//! | [`calendar_time_alpha`] | `calendar-time-alpha`, `calendar-time-alpha-wls`, `calendar-time-alpha-value` |
//! | [`cluster`] | `two-way-clustered` |
//! | [`long_horizon`] | `standardised-clustered`, `bhar-bootstrap` |
//! | [`bootstrap`] | `wild-bootstrap`, `skewness-adjusted-bootstrap` |
//! | [`permutation`] | `permutation` |
//! | [`donor_placebo`] | `donor-placebo`, `donor-placebo-rmspe` of one event, `donor-placebo-groups`, of synthetic controls |
//! | [`difference`] | `welch-t`, `rank-sum`, of two groups |
//! | [`adjustment`] | p-values adjusted for their number |
//!
//! A spread of a million-millionth of the mean or less is rounding, and counts as none: a test that divides by it is inapplicable.

pub mod adjustment;
pub mod bootstrap;
pub mod calendar_time;
pub mod calendar_time_alpha;
pub mod cluster;
pub mod corrado;
pub mod cross_section;
pub mod dependence;
pub mod difference;
pub mod donor_placebo;
pub mod generalised_rank;
pub mod long_horizon;
pub mod parametric;
pub mod permutation;
pub mod placebo;
pub mod rank;
mod resampling;
pub mod sign;
pub mod standardised;
pub mod wilcoxon;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::stats::tail;

/// Level at which a move is called unusual.
pub const UNUSUAL_LEVEL: f64 = 0.05;

/// Outcome of one test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestOutcome {
    /// Name as in result files, in lower case with hyphens: `t`, `cross-sectional-t`, `grank-z`.
    pub name: &'static str,
    /// What came out.
    pub outcome: Outcome,
}

/// A test's value, or why it has none.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The test applies.
    Computed {
        /// The statistic.
        statistic: f64,
        /// Two-sided p-value.
        p_value: f64,
        /// The distribution under the null, in words.
        null: String,
        /// Number of observations or draws behind the null.
        n: usize,
    },
    /// The test is undefined here.
    Inapplicable {
        /// Why, in words.
        reason: String,
    },
}

impl TestOutcome {
    /// The p-value, or None when the test doesn't apply.
    pub fn p_value(&self) -> Option<f64> {
        match &self.outcome {
            Outcome::Computed { p_value, .. } => Some(*p_value),
            Outcome::Inapplicable { .. } => None,
        }
    }

    /// The statistic, or None when the test doesn't apply.
    pub fn statistic(&self) -> Option<f64> {
        match &self.outcome {
            Outcome::Computed { statistic, .. } => Some(*statistic),
            Outcome::Inapplicable { .. } => None,
        }
    }

    /// A value with its p-value under a null told in words; inapplicable when either isn't a finite number.
    fn computed(name: &'static str, statistic: f64, p_value: Option<f64>, null: String, n: usize) -> Self {
        match p_value.filter(|p| p.is_finite() && statistic.is_finite()) {
            Some(p_value) => Self { name, outcome: Outcome::Computed { statistic, p_value, null, n } },
            None => Self::inapplicable(name, "the statistic is too large for a number, or not one"),
        }
    }

    /// A standard normal statistic.
    fn normal(name: &'static str, z: f64, n: usize) -> Self {
        Self::computed(name, z, tail::two_sided_normal(z), "N(0, 1)".to_owned(), n)
    }

    /// A Student t statistic; degrees of freedom that aren't whole are told to two decimals.
    fn student(name: &'static str, t: f64, degrees: f64, n: usize) -> Self {
        let null = if degrees.fract() == 0.0 { format!("t({degrees})") } else { format!("t({degrees:.2})") };
        Self::computed(name, t, tail::two_sided_student(t, degrees), null, n)
    }

    /// No value, and why.
    pub(crate) fn inapplicable(name: &'static str, reason: impl Into<String>) -> Self {
        Self { name, outcome: Outcome::Inapplicable { reason: reason.into() } }
    }

    /// The test, or why there is none.
    fn from_result(name: &'static str, result: Result<Self, String>) -> Self {
        result.unwrap_or_else(|reason| Self::inapplicable(name, reason))
    }
}

impl Serialize for TestOutcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", self.name)?;
        match &self.outcome {
            Outcome::Computed { statistic, p_value, null, n } => {
                map.serialize_entry("statistic", statistic)?;
                map.serialize_entry("p_value", p_value)?;
                map.serialize_entry("null", null)?;
                map.serialize_entry("n", n)?;
            }
            Outcome::Inapplicable { reason } => map.serialize_entry("inapplicable", reason)?,
        }
        map.end()
    }
}
