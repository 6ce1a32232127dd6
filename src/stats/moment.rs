//! Moments of a sample: mean, variance, skewness, kurtosis, and the correlation of two samples.
//!
//! With `m_k = Σ(x − x̄)^k / n`:
//!
//! - variance `Σ(x − x̄)² / (n − 1)`,
//! - skewness `m₃ / m₂^{3/2}`, kurtosis `m₄ / m₂²` (3 for a normal): the biased ones, `g₁` and `b₂ = g₂ + 3` of Joanes & Gill
//!   (1998, The Statistician 47(1), 183–189, doi:10.1111/1467-9884.00122), as the Jarque–Bera test needs them,
//! - correlation `Σ(x − x̄)(y − ȳ) / √(Σ(x − x̄)² Σ(y − ȳ)²)`.
//!
//! Every sum of powers is of deviations from a mean that was itself corrected by the mean of the deviations (the two-pass
//! algorithm: Chan, Golub & LeVeque 1983, The American Statistician 37(3), 242–247, doi:10.1080/00031305.1983.10483115), so a
//! large common level costs no digits and a sample of one repeated value has variance 0 exactly. Sums run in four lanes; nothing
//! is allocated.
//!
//! A result that isn't finite (a value was NaN or infinite, or a sum overflowed) is `None` too.

/// Arithmetic mean; `None` of an empty sample.
pub fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let count = values.len() as f64;
    let first = sum_of(values, |value| value) / count;
    let corrected = first + sum_of(values, |value| value - first) / count;
    finite(corrected)
}

/// Variance with divisor n − 1, in the square of the values' unit; `None` under 2 values.
pub fn variance(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    finite(sum_of_squared_deviations(values, mean(values)?) / (values.len() as f64 - 1.0))
}

/// Square root of [`variance`], in the values' unit; `None` under 2 values.
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    variance(values).map(f64::sqrt)
}

/// Skewness `m₃ / m₂^{3/2}` (biased), without unit; `None` under 3 values (that of 2 is 0 whatever they are) and when the
/// values don't vary.
pub fn skewness(values: &[f64]) -> Option<f64> {
    if values.len() < 3 { None } else { standardised_moment(values, |z| z * z * z) }
}

/// Kurtosis `m₄ / m₂²` (biased, 3 for a normal: not the excess), without unit; `None` under 4 values (that of 2 is 1, that of 3
/// is 1.5, whatever they are) and when the values don't vary.
pub fn kurtosis(values: &[f64]) -> Option<f64> {
    if values.len() < 4 { None } else { standardised_moment(values, |z| (z * z) * (z * z)) }
}

/// The middle value, or the mean of the two in the middle; None for no value. In O(n).
pub fn median(values: &[f64]) -> Option<f64> {
    let mut held = values.to_vec();
    let middle = held.len() / 2;
    if held.is_empty() {
        return None;
    }
    let odd = held.len() % 2 == 1;
    let (below, upper, _) = held.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    if odd {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp)?;
    Some(lower + (upper - lower) / 2.0)
}

/// Pearson's correlation, from −1 to 1; `None` when the lengths differ, under 2 pairs, and when either side doesn't vary.
pub fn correlation(left: &[f64], right: &[f64]) -> Option<f64> {
    if left.len() != right.len() || left.len() < 2 {
        return None;
    }
    let (left_mean, right_mean) = (mean(left)?, mean(right)?);
    let left_length = sum_of_squared_deviations(left, left_mean).sqrt();
    let right_length = sum_of_squared_deviations(right, right_mean).sqrt();
    if left_length == 0.0 || right_length == 0.0 {
        return None;
    }
    let product: f64 = left.iter().zip(right).map(|(x, y)| (x - left_mean) * (y - right_mean)).sum();
    finite(product / left_length / right_length).map(|value| value.clamp(-1.0, 1.0))
}

/// `Σ power((x − x̄) / √m₂) / n`; standardised before it is raised, so that small values don't underflow.
fn standardised_moment(values: &[f64], power: impl Fn(f64) -> f64) -> Option<f64> {
    let count = values.len() as f64;
    let mean = mean(values)?;
    let scale = (sum_of_squared_deviations(values, mean) / count).sqrt();
    if scale == 0.0 { None } else { finite(sum_of(values, |value| power((value - mean) / scale)) / count) }
}

fn sum_of_squared_deviations(values: &[f64], mean: f64) -> f64 {
    sum_of(values, |value| {
        let deviation = value - mean;
        deviation * deviation
    })
}

/// `Σ term(x)` in four independent lanes: shorter chains of rounding, and the compiler may vectorise it. The order is fixed, so
/// the result is the same on every run.
pub(crate) fn sum_of(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let (chunks, rest) = values.as_chunks::<4>();
    let mut lanes = [0.0_f64; 4];
    for chunk in chunks {
        for (lane, value) in lanes.iter_mut().zip(chunk) {
            *lane += term(*value);
        }
    }
    lanes.iter().sum::<f64>() + rest.iter().map(|value| term(*value)).sum::<f64>()
}

/// `Σ term(x, y)` over pairs, in four lanes as [`sum_of`]; as many pairs as the shorter slice has.
pub(crate) fn sum_of_pairs(left: &[f64], right: &[f64], term: impl Fn(f64, f64) -> f64) -> f64 {
    let ((lefts, left_rest), (rights, right_rest)) = (left.as_chunks::<4>(), right.as_chunks::<4>());
    let mut lanes = [0.0_f64; 4];
    for (left, right) in lefts.iter().zip(rights) {
        for ((lane, left), right) in lanes.iter_mut().zip(left).zip(right) {
            *lane += term(*left, *right);
        }
    }
    lanes.iter().sum::<f64>() + left_rest.iter().zip(right_rest).map(|(left, right)| term(*left, *right)).sum::<f64>()
}

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
