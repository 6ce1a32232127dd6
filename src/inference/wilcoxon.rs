//! The signed-rank test that CARs are symmetric about 0 (Wilcoxon 1945, Biometrics Bulletin 1(6), 80–83, doi:10.2307/3001968).
//!
//! CARs of 0 are dropped, as Wilcoxon did; the null tells how many. The sizes |CAR| of the other n are ranked, equal ones sharing
//! their midrank; W⁺ is the sum of the ranks of the positive CARs.
//!
//! - n ≤ 50 and no two sizes equal: the statistic is W⁺, its null exact, `p = min(1, 2 min(P(W ≤ W⁺), P(W ≥ W⁺)))`, by counting the
//!   sets of ranks of every sum. The same as scipy's `wilcoxon(method="exact")` and R's `wilcox.test`.
//! - Otherwise the statistic is `z = (W⁺ − n(n + 1)/4 ∓ ½) / √(n(n + 1)(2n + 1)/24 − Σ(t³ − t)/48)`, t the sizes of ties, N(0, 1): the
//!   continuity correction takes ½ towards 0. The same as scipy's `wilcoxon(correction=True, method="approx")` and R's default;
//!   scipy's own default is without the correction.

use crate::inference::TestOutcome;
use crate::stats::tail;

const NAME: &str = "wilcoxon";

/// Most CARs for the exact null.
const MOST_EXACT: usize = 50;

/// The signed-rank test of CARs (fractions). Inapplicable when none is left after the zeros are dropped, and when one is NaN.
pub fn signed_rank(cars: &[f64]) -> TestOutcome {
    let mut ascending = cars.to_vec();
    ascending.sort_unstable_by(f64::total_cmp);
    signed_rank_of(&ascending)
}

/// [`signed_rank`] of CARs in rising order.
pub(crate) fn signed_rank_of(ascending: &[f64]) -> TestOutcome {
    if ascending.iter().fold(false, |found, car| found | car.is_nan()) {
        return TestOutcome::inapplicable(NAME, format!("one of the {} CARs is not a number", ascending.len()));
    }
    let negative = ascending.get(..ascending.partition_point(|car| *car < 0.0)).unwrap_or(&[]);
    let positive = ascending.get(ascending.partition_point(|car| *car <= 0.0)..).unwrap_or(&[]);
    let n = negative.len() + positive.len();
    let zeros = ascending.len() - n;
    if n == 0 {
        return TestOutcome::inapplicable(NAME, format!("N = {zeros}: no CAR other than 0"));
    }
    let (positive_ranks, ties) = untied_ranks(negative, positive).map_or_else(|| midranks(negative, positive), |ranks| (ranks, 0.0));
    let dropped = match zeros {
        0 => String::new(),
        1 => ", 1 zero dropped".to_owned(),
        _ => format!(", {zeros} zeros dropped"),
    };
    if n <= MOST_EXACT && ties == 0.0 {
        let null = format!("exact signed rank({n}){dropped}");
        return TestOutcome::computed(NAME, positive_ranks, exact(positive_ranks as usize, n), null, n);
    }
    let count = n as f64;
    let gap = positive_ranks - count * (count + 1.0) / 4.0;
    let corrected = if gap == 0.0 { 0.0 } else { gap - 0.5_f64.copysign(gap) };
    let z = corrected / ((count * (count + 1.0) * (2.0 * count + 1.0) - ties / 2.0) / 24.0).sqrt();
    TestOutcome::computed(NAME, z, tail::two_sided_normal(z), format!("N(0, 1){dropped}"), n)
}

/// W⁺ of negative and positive CARs, each in rising order, when no two sizes are equal: each positive CAR's rank among the positive ones,
/// and the number of negative ones of a smaller size.
fn untied_ranks(negative: &[f64], positive: &[f64]) -> Option<f64> {
    let among_themselves = |one: &[f64]| one.iter().zip(one.iter().skip(1)).fold(false, |found, (car, next)| found | (car == next));
    let mut tied = among_themselves(negative) | among_themselves(positive);
    let (mut smaller, mut larger, mut passed) = (0_usize, 0_usize, 0_u64);
    // Which of the two comes next is a toss of a coin: reckoned with, not jumped by.
    while let (Some(their), Some(own)) = (negative.get(negative.len().wrapping_sub(smaller + 1)), positive.get(larger)) {
        let size = -their;
        tied |= size == *own;
        let is_next = size < *own;
        passed += if is_next { 0 } else { smaller as u64 };
        smaller += usize::from(is_next);
        larger += usize::from(!is_next);
    }
    let rest = (positive.len() - larger) as u64 * smaller as u64;
    let count = positive.len() as u64;
    (!tied).then_some((passed + rest + count * (count + 1) / 2) as f64)
}

/// W⁺ with the midranks of equal sizes, and their `Σ(t³ − t)`.
fn midranks(negative: &[f64], positive: &[f64]) -> (f64, f64) {
    let mut sizes = negative.iter().rev().map(|car| -car).peekable();
    let mut own = positive.iter().copied().peekable();
    let (mut below, mut positive_ranks, mut ties) = (0_usize, 0.0_f64, 0.0_f64);
    while let Some(size) = [sizes.peek().copied(), own.peek().copied()].into_iter().flatten().reduce(f64::min) {
        let (mut equal, mut positive) = (0_usize, 0_usize);
        while sizes.next_if(|other| *other == size).is_some() {
            equal += 1;
        }
        while own.next_if(|other| *other == size).is_some() {
            positive += 1;
        }
        equal += positive;
        let count = equal as f64;
        positive_ranks += positive as f64 * (below as f64 + (count + 1.0) / 2.0);
        ties += count * (count * count - 1.0);
        below += equal;
    }
    (positive_ranks, ties)
}

/// Two-sided p-value of a rank sum under the exact null.
fn exact(rank_sum: usize, n: usize) -> Option<f64> {
    let largest = n * (n + 1) / 2;
    // Number of sets of the ranks 1..n that add up to each sum: at most 2^50, exact in f64.
    let mut sets = vec![0.0_f64; largest + 1];
    *sets.first_mut()? = 1.0;
    for rank in 1..=n {
        for sum in (rank..=rank * (rank + 1) / 2).rev() {
            let without = *sets.get(sum - rank)?;
            *sets.get_mut(sum)? += without;
        }
    }
    // The null is symmetric: the smaller tail is the one below the smaller of the two rank sums.
    let smaller = rank_sum.min(largest.checked_sub(rank_sum)?);
    let tail: f64 = sets.get(..=smaller)?.iter().sum();
    Some((2.0 * tail * 0.5_f64.powi(i32::try_from(n).ok()?)).min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    #[test]
    fn nothing_but_zeros_and_not_a_number_are_inapplicable() {
        for (cars, said) in [(vec![], "N = 0"), (vec![0.0, -0.0], "N = 2"), (vec![0.1, f64::NAN], "2 CARs")] {
            let Outcome::Inapplicable { reason } = signed_rank(&cars).outcome else { panic!("{cars:?}") };
            assert!(reason.contains(said), "{reason}");
        }
    }

    #[test]
    fn zeros_are_dropped_and_told() {
        // Three of three positive: both tails hold one of 2³ sets of signs.
        assert_eq!(
            signed_rank(&[0.3, 0.0, 0.1, 0.2, 0.0]).outcome,
            Outcome::Computed { statistic: 6.0, p_value: 0.25, null: "exact signed rank(3), 2 zeros dropped".to_owned(), n: 3 }
        );
    }
}
