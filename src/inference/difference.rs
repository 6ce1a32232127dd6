//! Do the CARs of two groups differ?
//!
//! - `welch-t`: `(ā − b̄) / √(s_a²/n_a + s_b²/n_b)`, t with `(v_a + v_b)² / (v_a²/(n_a − 1) + v_b²/(n_b − 1))` degrees of freedom,
//!   v = s²/n (Welch 1947, Biometrika 34, 28–35, doi:10.1093/biomet/34.1-2.28; Satterthwaite 1946, Biometrics Bulletin 2(6), 110–114).
//!   The variances may differ. The same as scipy's `ttest_ind(equal_var=False)` and R's `t.test`.
//! - `rank-sum`: U counts the pairs with the first group's CAR larger, equal ones half; `z = (U − n_a n_b/2 ∓ ½) / σ`,
//!   `σ² = n_a n_b/12 · (n + 1 − Σ(t³ − t)/(n(n − 1)))`, n = n_a + n_b, t the sizes of ties, N(0, 1) (Mann & Whitney 1947, Annals of
//!   Mathematical Statistics 18(1), 50–60, doi:10.1214/aoms/1177730491). The continuity correction takes ½ towards 0. The same as
//!   scipy's `mannwhitneyu(method="asymptotic")`; R's `wilcox.test` is exact for small groups without ties.
//!
//! A positive statistic says that the first group's CARs are the larger ones.

use crate::inference::TestOutcome;
use crate::inference::cross_section::Spread;

/// Welch's t test that two groups have the same mean CAR (fractions).
///
/// n is the number of events in both. Inapplicable when a group has fewer than 2, and when neither group's CARs differ; a group
/// that doesn't vary beside one that does is one of variance 0.
pub fn welch(first: &[f64], second: &[f64]) -> TestOutcome {
    TestOutcome::from_result(WELCH, welch_test(first, second))
}

const WELCH: &str = "welch-t";
const RANK_SUM: &str = "rank-sum";

fn welch_test(first: &[f64], second: &[f64]) -> Result<TestOutcome, String> {
    let group = |values: &[f64], noun: &str| match Spread::of(values, noun, 2) {
        Err(reason) if reason.starts_with("zero variance") => Ok(None),
        other => other.map(Some),
    };
    let spreads = (group(first, "CARs of the first group")?, group(second, "CARs of the second group")?);
    if spreads.0.is_none() && spreads.1.is_none() {
        return Err(format!(
            "zero variance: neither the {} CARs of the first group nor the {} of the second differ",
            first.len(),
            second.len()
        ));
    }
    let mean_and_error = |spread: Option<Spread>, values: &[f64]| match spread {
        Some(spread) => Some((spread.mean, spread.squared_error())),
        None => crate::stats::moment::mean(values).map(|mean| (mean, 0.0)),
    };
    let unusable = "a CAR is not a finite number";
    let (first_mean, first_error) = mean_and_error(spreads.0, first).ok_or(unusable)?;
    let (second_mean, second_error) = mean_and_error(spreads.1, second).ok_or(unusable)?;
    let error = first_error + second_error;
    let share = first_error / error;
    let degrees = 1.0 / (share * share / (first.len() as f64 - 1.0) + (1.0 - share) * (1.0 - share) / (second.len() as f64 - 1.0));
    Ok(TestOutcome::student(WELCH, (first_mean - second_mean) / error.sqrt(), degrees, first.len() + second.len()))
}

/// The rank-sum test that the CARs (fractions) of two groups have one distribution.
///
/// n is the number of events in both. Inapplicable when a group is empty, when all CARs are equal, and when one is NaN.
pub fn rank_sum(first: &[f64], second: &[f64]) -> TestOutcome {
    TestOutcome::from_result(RANK_SUM, rank_sum_test(first, second))
}

fn rank_sum_test(first: &[f64], second: &[f64]) -> Result<TestOutcome, String> {
    let (n_first, n_second) = (first.len(), second.len());
    if n_first == 0 || n_second == 0 {
        return Err(format!("the groups have {n_first} and {n_second} CARs: each needs at least 1"));
    }
    if first.iter().chain(second).any(|car| car.is_nan()) {
        return Err(format!("one of the {} CARs is not a number", n_first + n_second));
    }
    let mut ascending: Vec<(f64, bool)> = first.iter().map(|car| (*car, true)).chain(second.iter().map(|car| (*car, false))).collect();
    ascending.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
    let (mut second_below, mut pairs, mut ties) = (0_usize, 0.0_f64, 0.0_f64);
    for equal in ascending.chunk_by(|left, right| left.0 == right.0) {
        let of_first = equal.iter().filter(|(_, is_first)| *is_first).count();
        let of_second = equal.len() - of_first;
        pairs += of_first as f64 * (second_below as f64 + of_second as f64 / 2.0);
        second_below += of_second;
        let size = equal.len() as f64;
        ties += size * (size * size - 1.0);
    }
    let (a, b) = (n_first as f64, n_second as f64);
    let total = a + b;
    let gap = pairs - a * b / 2.0;
    let variance = a * b / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)));
    // All equal: ties = n³ − n takes away n + 1, up to rounding.
    if ascending.first().map(|value| value.0) == ascending.last().map(|value| value.0) || variance <= 0.0 {
        return Err(format!("zero variance: all {total} CARs of both groups are equal"));
    }
    let corrected = if gap == 0.0 { 0.0 } else { gap - 0.5_f64.copysign(gap) };
    Ok(TestOutcome::normal(RANK_SUM, corrected / variance.sqrt(), n_first + n_second))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        for (outcome, said) in [
            (welch(&[0.1], &[0.1, 0.2]), "N = 1: too few CARs of the first group"),
            (welch(&[0.1, 0.2], &[]), "N = 0: too few CARs of the second group"),
            (welch(&[0.1, f64::NAN], &[0.1, 0.2]), "not a finite number"),
            (welch(&[0.1; 3], &[0.2; 4]), "neither the 3 CARs of the first group nor the 4"),
            (rank_sum(&[], &[0.1, 0.2]), "0 and 2 CARs"),
            (rank_sum(&[0.1; 3], &[0.1; 4]), "all 7 CARs"),
            (rank_sum(&[f64::NAN], &[0.1; 4]), "5 CARs"),
        ] {
            let Outcome::Inapplicable { reason } = outcome.outcome else { panic!("{outcome:?}") };
            assert!(reason.contains(said), "{reason}");
        }
    }

    #[test]
    fn against_a_group_without_spread_welch_is_the_test_of_the_other() {
        // 0.01, 0.02, 0.03 against 0: 2√3 on 2 degrees of freedom.
        let Outcome::Computed { statistic, null, n, .. } = welch(&[0.01, 0.02, 0.03], &[0.0; 5]).outcome else { panic!() };
        assert!((statistic - 12.0_f64.sqrt()).abs() < 1e-14);
        assert_eq!((null.as_str(), n), ("t(2)", 8));
    }
}
