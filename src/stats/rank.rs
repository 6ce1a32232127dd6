//! Ranks and sample quantiles.
//!
//! Rank 1 is the smallest. Equal values share the mean of the ranks they take up together, their *midrank* (Kendall 1945,
//! Biometrika 33(3), 239–251, doi:10.1093/biomet/33.3.239), so that the ranks of n values always add up to n(n + 1)/2.

/// Where a value stands among others: how many are smaller, equal and larger. Made by [`rank_of`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rank {
    /// How many of the others are smaller.
    pub below: usize,
    /// How many of the others are equal (the value itself counts when it is one of them).
    pub equal: usize,
    /// How many of the others are larger.
    pub above: usize,
}

impl Rank {
    /// Midrank of the value when it **joins** the others as one more: `below + 1 + equal/2`, from 1 to n + 1 for n others.
    pub fn joining(&self) -> f64 {
        self.below as f64 + 1.0 + self.equal as f64 / 2.0
    }

    /// Midrank of the value when it **is one of** the others: `below + (equal + 1)/2`, from 1 to n; `None` when no other equals
    /// it, for then it isn't one of them.
    pub fn within(&self) -> Option<f64> {
        (self.equal > 0).then(|| self.below as f64 + (self.equal as f64 + 1.0) / 2.0)
    }
}

/// Counts how many of `among` are below, equal to and above `value`; one pass, `among` in any order. `None` when any of them is
/// NaN. Infinite values rank like others; −0 equals 0.
pub fn rank_of(value: f64, among: &[f64]) -> Option<Rank> {
    if value.is_nan() {
        return None;
    }
    let (mut below, mut equal, mut above) = (0_usize, 0_usize, 0_usize);
    for other in among {
        below += usize::from(*other < value);
        equal += usize::from(*other == value);
        above += usize::from(*other > value);
    }
    (below + equal + above == among.len()).then_some(Rank { below, equal, above })
}

/// Midranks of all values, in their order; `None` when one is NaN. O(n log n).
pub fn midranks(values: &[f64]) -> Option<Vec<f64>> {
    if values.iter().any(|value| value.is_nan()) {
        return None;
    }
    let mut ascending: Vec<(f64, usize)> = values.iter().copied().zip(0..).collect();
    ascending.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
    let mut ranks = vec![0.0; values.len()];
    let mut below = 0_usize;
    for ties in ascending.chunk_by(|left, right| left.0 == right.0) {
        let midrank = below as f64 + (ties.len() as f64 + 1.0) / 2.0;
        for (_, position) in ties {
            if let Some(rank) = ranks.get_mut(*position) {
                *rank = midrank;
            }
        }
        below += ties.len();
    }
    Some(ranks)
}

/// The `p` quantile of an ascending sample by linear interpolation between order statistics: with `h = (n − 1)p`,
/// `x₍⌊h⌋₊₁₎ + (h − ⌊h⌋)(x₍⌊h⌋₊₂₎ − x₍⌊h⌋₊₁₎)`. Definition 7 of Hyndman & Fan (1996, The American Statistician 50(4), 361–365,
/// doi:10.1080/00031305.1996.10473566), the default of R and numpy.
///
/// `None` when the sample is empty, not ascending or holds NaN, when `p` is outside `[0, 1]`, and when the result isn't finite.
pub fn sample_quantile(sorted: &[f64], p: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&p) || !sorted.is_sorted() {
        return None;
    }
    let last = sorted.len().checked_sub(1)?;
    let position = last as f64 * p;
    let lower = position.floor();
    let low = *sorted.get(lower as usize)?;
    let high = *sorted.get((lower as usize + 1).min(last))?;
    let fraction = position - lower;
    let quantile = if fraction == 0.0 { low } else { low + fraction * (high - low) };
    quantile.is_finite().then_some(quantile)
}
