//! Tests of a mean by the spread of the events themselves: N values x (one CAR or SCAR an event), mean x̄, standard deviation s
//! with divisor N − 1.
//!
//! - `cross-sectional-t`: `x̄ / (s / √N)`, t(N − 1) (Brown & Warner 1980, Journal of Financial Economics 8(3), 205–258,
//!   doi:10.1016/0304-405X(80)90002-1). Some tools take the normal distribution.
//! - `skewness-adjusted-t`: `√N (S + γS²/3 + γ²S³/27 + γ/(6N))`, S = x̄/s, N(0, 1) (Hall 1992, Journal of the Royal Statistical
//!   Society B 54(1), 221–228, doi:10.1111/j.2517-6161.1992.tb01876.x). γ is the biased skewness `m₃ / m₂^{3/2}` of
//!   [`crate::stats::moment`]. Lyon, Barber & Tsai (1999, Journal of Finance 54(1), 165–201, doi:10.1111/0022-1082.00101) leave out
//!   the cubic term, as Johnson (1978) does, and divide the third moment by s³, which makes their γ smaller by ((N − 1)/N)^{3/2}.
//! - `jackknife`: the jackknife of the standardised mean, for event-induced variance and skewness (Giaccotto & Sfiridis 1996, Journal
//!   of Economics and Business 48(4), 349–370). With θ = x̄/s of all values and θ₍ᵢ₎ that of all but the i-th, the pseudo-values are
//!   `Nθ − (N − 1)θ₍ᵢ₎`; t is their mean over their standard error, t(N − 1). It is Quenouille's and Tukey's jackknife of the
//!   standardised mean, written from that definition; that the paper's own formula is this one in every detail wasn't checked.
//!
//! In the jackknife `θ₍ᵢ₎ − θ` is computed as such, from the deviation d = xᵢ − x̄: with `S₂ = Σd²`, the variance without i is that
//! of all times `1 + u`, `u = (1 − N d²/S₂) / (N − 2)`. So it costs O(N), and the subtraction of two nearly equal θ costs no digits.

use crate::inference::TestOutcome;
use crate::stats::moment::Moments;

/// Pseudo-values that are held at a time.
const BLOCK: usize = 4096;
/// A spread of at most this part of the mean is rounding.
const ROUNDING: f64 = 1e-12;

/// Mean and standard deviation of a sample that varies.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spread {
    /// Number of values.
    pub(super) count: f64,
    /// Mean.
    pub(super) mean: f64,
    /// Standard deviation, divisor N − 1; above 0.
    pub(super) deviation: f64,
}

impl Spread {
    /// Of the values, which `noun` names in the plural; the reason when there is none.
    pub(super) fn of(values: &[f64], noun: &str, fewest: usize) -> Result<Self, String> {
        Self::of_moments(&Moments::of(values), noun, fewest)
    }

    /// Of the values with these moments.
    pub(super) fn of_moments(moments: &Moments, noun: &str, fewest: usize) -> Result<Self, String> {
        let count = moments.count();
        if count < fewest {
            return Err(format!("N = {count}: too few {noun}, at least {fewest} are needed"));
        }
        let unusable = || format!("one of the {count} {noun} is not a finite number, or too large to be squared");
        let mean = moments.mean().ok_or_else(unusable)?;
        let deviation = moments.standard_deviation().ok_or_else(unusable)?;
        if deviation <= ROUNDING * mean.abs() {
            return Err(format!("zero variance: the {count} {noun} do not differ beyond rounding (standard deviation {deviation:.1e})"));
        }
        Ok(Self { count: count as f64, mean, deviation })
    }

    /// `x̄ / (s / √N)`.
    pub(super) fn t(&self) -> f64 {
        self.mean / self.deviation * self.count.sqrt()
    }

    /// Squared standard error of the mean, `s² / N`.
    pub(super) fn squared_error(&self) -> f64 {
        self.deviation * self.deviation / self.count
    }
}

/// `√N (S + γS²/3 + γ²S³/27 + γ/(6N))`, which rises with S.
pub(super) fn hall_transform(ratio: f64, skewness: f64, count: f64) -> f64 {
    let bend = skewness * ratio / 3.0;
    count.sqrt() * (ratio * (1.0 + bend + bend * bend / 3.0) + skewness / (6.0 * count))
}

/// The cross-sectional t test that the mean CAR (a fraction) is 0. Inapplicable for N < 2 and for CARs that don't differ.
pub fn cross_sectional_t(cars: &[f64]) -> TestOutcome {
    cross_sectional_t_of(&Moments::of(cars))
}

/// [`cross_sectional_t`] of the CARs with these moments.
pub(crate) fn cross_sectional_t_of(moments: &Moments) -> TestOutcome {
    mean_test("cross-sectional-t", moments, "CARs")
}

/// A mean over its own standard error, t(N − 1).
pub(super) fn mean_test(name: &'static str, moments: &Moments, noun: &str) -> TestOutcome {
    let outcome = Spread::of_moments(moments, noun, 2);
    let tested = outcome.map(|spread| TestOutcome::student(name, spread.t(), spread.count - 1.0, moments.count()));
    TestOutcome::from_result(name, tested)
}

/// The skewness-adjusted t test that the mean CAR (a fraction) is 0. Inapplicable for N < 3 and for CARs that don't differ.
pub fn skewness_adjusted_t(cars: &[f64]) -> TestOutcome {
    skewness_adjusted_t_of(cars, &Moments::of(cars))
}

/// [`skewness_adjusted_t`] of CARs whose moments are known.
pub(crate) fn skewness_adjusted_t_of(cars: &[f64], moments: &Moments) -> TestOutcome {
    const NAME: &str = "skewness-adjusted-t";
    let outcome = Spread::of_moments(moments, "CARs", 3).and_then(|spread| {
        let skewness = moments.skewness(cars).ok_or("the CARs have no skewness")?;
        Ok(TestOutcome::normal(NAME, hall_transform(spread.mean / spread.deviation, skewness, spread.count), cars.len()))
    });
    TestOutcome::from_result(NAME, outcome)
}

/// The jackknife test that the mean SCAR (without unit) is 0. Inapplicable for N < 3, for SCARs that don't differ, and when
/// without one of them the others don't.
pub fn jackknife(scars: &[f64]) -> TestOutcome {
    jackknife_of(scars, &Moments::of(scars))
}

/// [`jackknife`] of SCARs whose moments are known.
pub(crate) fn jackknife_of(scars: &[f64], moments: &Moments) -> TestOutcome {
    TestOutcome::from_result("jackknife", jackknifed(scars, moments))
}

fn jackknifed(scars: &[f64], moments: &Moments) -> Result<TestOutcome, String> {
    let spread = Spread::of_moments(moments, "SCARs", 3)?;
    let Spread { count, mean, deviation } = spread;
    let ratio = mean / deviation;
    let weight = (count - 1.0) * ratio;
    let mut least = f64::INFINITY;
    let mut pseudo_values = Vec::with_capacity(scars.len().min(BLOCK));
    let mut found = Moments::default();
    // A block at a time: a million pseudo-values are wanted for their moments alone.
    for block in scars.chunks(BLOCK) {
        pseudo_values.clear();
        pseudo_values.extend(block.iter().map(|value| {
            let from_mean = (value - mean) / deviation;
            let change = (1.0 - count * from_mean * from_mean / (count - 1.0)) / (count - 2.0);
            // The variance of the others over that of all: 0 when they are equal, whatever rounding leaves of it.
            let share = 1.0 + change;
            least = if share < least { share } else { least };
            let root = share.max(0.0).sqrt();
            ratio + weight * change / (root * (1.0 + root)) + from_mean / root
        }));
        found = found.join(Moments::of(&pseudo_values));
    }
    if least <= 1e-9 {
        return Err(format!("zero variance: without one of the {count} SCARs the others do not differ"));
    }
    Ok(mean_test("jackknife", &found, "pseudo-values"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    fn reason(outcome: &TestOutcome) -> &str {
        let Outcome::Inapplicable { reason } = &outcome.outcome else { panic!("{outcome:?}") };
        reason
    }

    #[test]
    fn too_few_equal_or_infinite_values_are_inapplicable_with_their_numbers() {
        for test in [cross_sectional_t, skewness_adjusted_t, jackknife] {
            assert!(reason(&test(&[])).contains("N = 0"));
            assert!(reason(&test(&[0.01])).contains("N = 1"));
            assert!(reason(&test(&[0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2])).contains("zero variance: the 4"));
            assert!(reason(&test(&[0.0; 5])).contains("zero variance: the 5"));
            assert!(reason(&test(&[0.1, f64::NAN, 0.2])).contains("not a finite number"));
            assert!(reason(&test(&[0.1, f64::INFINITY, 0.2])).contains("not a finite number"));
            assert!(reason(&test(&[1e300, -1e300, 0.2])).contains("too large"));
        }
        assert!(reason(&skewness_adjusted_t(&[0.1, 0.2])).contains("N = 2"));
        assert!(reason(&jackknife(&[0.1, 0.2])).contains("N = 2"));
        assert!(reason(&jackknife(&[0.1, 0.1, 0.1, 0.2])).contains("without one of the 4"));
    }
}
