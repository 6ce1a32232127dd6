//! Tests of one event: is the abnormal return unusual? One file a family; every test gives a [`TestOutcome`].

pub mod parametric;
pub mod placebo;
pub mod rank;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// Outcome of one test.
#[derive(Debug, Clone, PartialEq)]
pub struct TestOutcome {
    /// Name as in result files: `t`, `placebo`, `sample-quantile`, `rank`.
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
