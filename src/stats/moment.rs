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
//! [`Moments`] are mean and variance taken together, in one walk over the memory of however many values.
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
    moment_about(values, mean, (sum_of_squared_deviations(values, mean) / count).sqrt(), power)
}

fn moment_about(values: &[f64], mean: f64, scale: f64, power: impl Fn(f64) -> f64) -> Option<f64> {
    if scale == 0.0 { None } else { finite(sum_of(values, |value| power((value - mean) / scale)) / values.len() as f64) }
}

/// Values of a sample whose moments are taken at a time, while they are near.
const BLOCK: usize = 4096;

/// Number, mean and squared deviations of a sample, for all that need more than one of them.
///
/// Those of blocks are put together by the formulas of Chan, Golub & LeVeque (1983, as above, p. 243): for up to 4,096 values they are what
/// [`mean`] and [`variance`] give, bit by bit, and for more the same but for rounding.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    count: usize,
    mean: f64,
    squares: f64,
}

impl Moments {
    /// Of a sample.
    pub fn of(values: &[f64]) -> Self {
        values.chunks(BLOCK).map(Self::of_block).fold(Self::default(), Self::join)
    }

    fn of_block(values: &[f64]) -> Self {
        let mean = mean(values).unwrap_or(f64::NAN);
        Self { count: values.len(), mean, squares: sum_of_squared_deviations(values, mean) }
    }

    /// Of two samples together.
    pub fn join(self, other: Self) -> Self {
        if self.count == 0 {
            return other;
        }
        if other.count == 0 {
            return self;
        }
        let (own, their) = (self.count as f64, other.count as f64);
        let total = own + their;
        let gap = other.mean - self.mean;
        Self {
            count: self.count + other.count,
            mean: self.mean + gap * (their / total),
            squares: self.squares + other.squares + gap * gap * (own * their / total),
        }
    }

    /// How many values there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// As [`mean`].
    pub fn mean(&self) -> Option<f64> {
        finite(self.mean).filter(|_| self.count > 0)
    }

    /// As [`standard_deviation`].
    pub fn standard_deviation(&self) -> Option<f64> {
        self.mean()?;
        if self.count < 2 { None } else { finite(self.squares / (self.count as f64 - 1.0)).map(f64::sqrt) }
    }

    /// As [`skewness`], of the values that these are the moments of.
    pub fn skewness(&self, values: &[f64]) -> Option<f64> {
        if self.count < 3 { None } else { moment_about(values, self.mean()?, (self.squares / self.count as f64).sqrt(), |z| z * z * z) }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_blocks_are_those_of_the_whole() {
        let few: Vec<f64> = (0..4096).map(|number| f64::from(number % 89) / 7.0 - 3.0).collect();
        let moments = Moments::of(&few);
        assert_eq!((moments.mean(), moments.standard_deviation()), (mean(&few), standard_deviation(&few)));
        assert_eq!(moments.skewness(&few), skewness(&few));
        // 0, 1, … , n − 1: mean (n − 1) / 2, variance n (n + 1) / 12.
        let many: Vec<f64> = (0..30_001).map(f64::from).collect();
        let moments = Moments::of(&many);
        assert!((moments.mean().unwrap() / 15_000.0 - 1.0).abs() < 1e-14);
        assert!((moments.standard_deviation().unwrap() / (30_001.0_f64 * 30_002.0 / 12.0).sqrt() - 1.0).abs() < 1e-14);
        assert_eq!(Moments::of(&[0.1; 10_000]).standard_deviation(), Some(0.0));
        assert_eq!((Moments::of(&[]).mean(), Moments::of(&[1.0]).standard_deviation()), (None, None));
        assert_eq!((Moments::of(&[1.0, f64::NAN]).mean(), Moments::of(&[1.0, f64::INFINITY]).standard_deviation()), (None, None));
    }
}
