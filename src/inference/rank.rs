//! Ranks of an abnormal return among the estimation residuals.
//!
//! - `sample-quantile` (Gelbach, Helland & Klick 2013, *American Law and Economics Review* 15, 495–541): the one-day abnormal return
//!   against the empirical distribution of the residuals, with no assumption of normality. Two-sided here:
//!   `p = min(1, 2 (m + 1) / (n + 1))`, m the residuals at least as far out on the event's own side; they state one-sided critical
//!   values.
//! - `rank`: the day's place by size, `p = (m + 1) / (n + 1)` with m the residuals at least as large in absolute value.
//!
//! Both are defined for one day; for longer windows the placebo test is their counterpart.

use crate::abnormal::CumulativeAbnormalReturn;
use crate::inference::{Outcome, TestOutcome};
use crate::model::FittedModel;
use crate::stats::rank::rank_of;

/// Fewest residuals for a rank to say anything.
const FEWEST_RESIDUALS: usize = 19;

/// The sample-quantile and the rank test of a one-day CAR.
pub fn test(model: &FittedModel, cumulated: &CumulativeAbnormalReturn) -> [TestOutcome; 2] {
    test_among(model.residuals(), cumulated.value, cumulated.window.days())
}

/// The same of an abnormal return (a fraction) over `days` days among the estimation residuals.
pub fn test_among(residuals: &[f64], value: f64, days: usize) -> [TestOutcome; 2] {
    let n = residuals.len();
    let inapplicable = if days != 1 {
        Some("defined for a single day".to_owned())
    } else if n < FEWEST_RESIDUALS {
        Some(format!("{n} estimation residuals, fewer than {FEWEST_RESIDUALS}"))
    } else {
        None
    };
    if let Some(reason) = inapplicable {
        return inapplicable_both(&reason);
    }
    let sizes: Vec<f64> = residuals.iter().map(|residual| residual.abs()).collect();
    let (Some(among), Some(among_sizes)) = (rank_of(value, residuals), rank_of(value.abs(), &sizes)) else {
        return inapplicable_both("the abnormal return has no place among the residuals");
    };
    let own_side = among.equal + if value < 0.0 { among.below } else { among.above };
    let larger = among_sizes.equal + among_sizes.above;
    let share = |count: usize| (count as f64 + 1.0) / (n as f64 + 1.0);
    let outcome = |name, count: usize, p_value| TestOutcome {
        name,
        outcome: Outcome::Computed { statistic: count as f64 + 1.0, p_value, null: format!("place among {n} estimation residuals"), n },
    };
    [outcome("sample-quantile", own_side, (2.0 * share(own_side)).min(1.0)), outcome("rank", larger, share(larger))]
}

fn inapplicable_both(reason: &str) -> [TestOutcome; 2] {
    ["sample-quantile", "rank"].map(|name| TestOutcome { name, outcome: Outcome::Inapplicable { reason: reason.to_owned() } })
}
