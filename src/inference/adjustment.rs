//! p-values adjusted for their number: those of several windows, days or groups read together.
//!
//! With m p-values in ascending order p₍₁₎ … p₍ₘ₎:
//!
//! - [`holm`]: `max_{j ≤ i} min(1, (m − j + 1) p₍ⱼ₎)` (Holm 1979, Scandinavian Journal of Statistics 6(2), 65–70): the chance of any
//!   false alarm stays below the level, whatever the dependence.
//! - [`benjamini_hochberg`]: `min_{j ≥ i} min(1, m p₍ⱼ₎ / j)` (Benjamini & Hochberg 1995, Journal of the Royal Statistical Society B
//!   57(1), 289–300, doi:10.1111/j.2517-6161.1995.tb02031.x): the expected share of false alarms among alarms, for tests that are
//!   independent or positively dependent.
//!
//! The same as R's `p.adjust` and statsmodels' `multipletests` (`holm`, `fdr_bh`).

/// Holm's adjusted p-values, in the order given; a test without one (`None`, or not between 0 and 1) stays without, and isn't counted.
pub fn holm(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let ascending = ascending(p_values);
    let count = ascending.len();
    let mut largest = 0.0_f64;
    let mut adjusted = vec![None; p_values.len()];
    for (before, (p, position)) in ascending.into_iter().enumerate() {
        largest = largest.max(((count - before) as f64 * p).min(1.0));
        if let Some(slot) = adjusted.get_mut(position) {
            *slot = Some(largest);
        }
    }
    adjusted
}

/// Benjamini and Hochberg's adjusted p-values, in the order given; `None` as in [`holm`].
pub fn benjamini_hochberg(p_values: &[Option<f64>]) -> Vec<Option<f64>> {
    let ascending = ascending(p_values);
    let count = ascending.len() as f64;
    let mut smallest = 1.0_f64;
    let mut adjusted = vec![None; p_values.len()];
    for (before, (p, position)) in ascending.into_iter().enumerate().rev() {
        smallest = smallest.min(p * count / (before as f64 + 1.0));
        if let Some(slot) = adjusted.get_mut(position) {
            *slot = Some(smallest);
        }
    }
    adjusted
}

/// The p-values there are, from the smallest, each with its position.
fn ascending(p_values: &[Option<f64>]) -> Vec<(f64, usize)> {
    let valid = |p: &f64| (0.0..=1.0).contains(p);
    let mut ascending: Vec<(f64, usize)> = p_values.iter().zip(0..).filter_map(|(p, at)| p.filter(valid).map(|p| (p, at))).collect();
    ascending.sort_unstable_by(|left, right| left.0.total_cmp(&right.0).then(left.1.cmp(&right.1)));
    ascending
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_without_a_p_value_stay_without_and_are_not_counted() {
        // Of two: Holm 2·0.01, then 1·0.04; Benjamini and Hochberg 2/1·0.01, then 2/2·0.04.
        let p_values = [Some(0.04), None, Some(0.01), Some(f64::NAN)];
        assert_eq!(holm(&p_values), [Some(0.04), None, Some(0.02), None]);
        assert_eq!(benjamini_hochberg(&p_values), [Some(0.04), None, Some(0.02), None]);
        assert!(holm(&[]).is_empty() && benjamini_hochberg(&[]).is_empty());
        assert_eq!(holm(&[None]), [None]);
    }
}
