//! Bootstraps of the mean CAR; draws and seed are told in the null, `p = (hits + 1) / (draws + 1)`, two-sided.
//!
//! - `wild-bootstrap`: every CAR keeps its size and gets a sign at random (Rademacher weights), which imposes the null; the statistic
//!   is the cross-sectional t, of the data and of each draw, a hit being |t*| ≥ |t| (Liu 1988, Annals of Statistics 16(4), 1696–1708;
//!   Cameron, Gelbach & Miller 2008, Review of Economics and Statistics 90(3), 414–427, doi:10.1162/rest.90.3.414; Davidson &
//!   Flachaire 2008, Journal of Econometrics 146(1), 162–169, doi:10.1016/j.jeconom.2008.08.003). As Σ(w x)² = Σx² is the same in all
//!   draws, |t*| rises with |Σ w x|, and comparing sums is comparing t.
//! - `skewness-adjusted-bootstrap`: N of the N CARs are drawn with replacement, and the skewness-adjusted t of
//!   [`super::cross_section`] is taken about the mean of the CARs, S* = (x̄* − x̄)/s* (Lyon, Barber & Tsai 1999, Journal of Finance
//!   54(1), 165–201, doi:10.1111/0022-1082.00101; Hall 1992). A hit is |t*| ≥ |t|. They draw samples of N/4 and read both tails apart;
//!   here samples have the size whose distribution is asked for. A sample of one value drawn N times has no t*, and counts as a hit.

use rand::Rng;
use rand_pcg::Pcg64;

use crate::inference::TestOutcome;
use crate::inference::cross_section::{Spread, hall_transform};
use crate::inference::resampling::{self, DrawnMoments, TIE};
use crate::stats::moment;

const WILD: &str = "wild-bootstrap";
const SKEWNESS_ADJUSTED: &str = "skewness-adjusted-bootstrap";

/// The wild bootstrap of the cross-sectional t of CARs (fractions). n is the number of draws. Inapplicable for N < 2, CARs that
/// don't differ, and fewer than 19 draws.
pub fn wild_bootstrap(cars: &[f64], draws: usize, seed: u64) -> TestOutcome {
    TestOutcome::from_result(WILD, wild(cars, draws, seed))
}

fn wild(cars: &[f64], draws: usize, seed: u64) -> Result<TestOutcome, String> {
    let spread = Spread::of(cars, "CARs", 2)?;
    let size: f64 = cars.iter().map(|car| car.abs()).sum();
    let reached = cars.iter().sum::<f64>().abs() - TIE * size;
    let p = resampling::p_value(draws, seed, |generator| signed_sum(cars, generator).abs() >= reached)?;
    Ok(TestOutcome::computed(WILD, spread.t(), Some(p), format!("{draws} wild bootstrap draws, seed {seed}"), draws))
}

/// `Σ ±x`, one bit a sign; in four lanes.
fn signed_sum(values: &[f64], generator: &mut Pcg64) -> f64 {
    let mut lanes = [0.0_f64; 4];
    for chunk in values.chunks(64) {
        let mut signs = generator.next_u64();
        let (fours, rest) = chunk.as_chunks::<4>();
        for four in fours {
            for ((lane, value), place) in lanes.iter_mut().zip(four).zip([63, 62, 61, 60]) {
                *lane += f64::from_bits(value.to_bits() ^ ((signs << place) & (1 << 63)));
            }
            signs >>= 4;
        }
        for value in rest {
            let [first, ..] = &mut lanes;
            *first += f64::from_bits(value.to_bits() ^ ((signs << 63) & (1 << 63)));
            signs >>= 1;
        }
    }
    lanes.iter().sum()
}

/// The bootstrap of the skewness-adjusted t of CARs (fractions). n is the number of draws. Inapplicable for N < 3, CARs that don't
/// differ, and fewer than 19 draws.
pub fn skewness_adjusted_bootstrap(cars: &[f64], draws: usize, seed: u64) -> TestOutcome {
    TestOutcome::from_result(SKEWNESS_ADJUSTED, skewness_adjusted(cars, draws, seed))
}

fn skewness_adjusted(cars: &[f64], draws: usize, seed: u64) -> Result<TestOutcome, String> {
    let spread = Spread::of(cars, "CARs", 3)?;
    let skewness = moment::skewness(cars).ok_or("the CARs have no skewness")?;
    let statistic = hall_transform(spread.mean / spread.deviation, skewness, spread.count);
    let standardised: Vec<f64> = cars.iter().map(|car| (car - spread.mean) / spread.deviation).collect();
    let reached = statistic.abs() * (1.0 - TIE);
    let p = resampling::p_value(draws, seed, |generator| {
        resampled_statistic(&standardised, generator).is_none_or(|drawn| drawn.abs() >= reached)
    })?;
    let null = format!("{draws} skewness-adjusted bootstrap draws, seed {seed}");
    Ok(TestOutcome::computed(SKEWNESS_ADJUSTED, statistic, Some(p), null, draws))
}

/// The skewness-adjusted t of a sample drawn with replacement from values of mean 0; None when it doesn't vary.
fn resampled_statistic(standardised: &[f64], generator: &mut Pcg64) -> Option<f64> {
    let count = standardised.len();
    let DrawnMoments { mean, variance, third } = resampling::draw_moments(standardised, count, generator)?;
    let total = count as f64;
    let skewness = third / (variance * variance.sqrt());
    Some(hall_transform(mean / (variance * total / (total - 1.0)).sqrt(), skewness, total))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        for test in [wild_bootstrap, skewness_adjusted_bootstrap] {
            for (cars, draws, said) in [
                (vec![0.1], 999, "N = 1"),
                (vec![0.1; 7], 999, "zero variance: the 7 CARs"),
                (vec![0.1, 0.2, 0.4], 18, "18 draws, fewer than 19"),
            ] {
                let Outcome::Inapplicable { reason } = test(&cars, draws, 1).outcome else { panic!() };
                assert!(reason.contains(said), "{reason}");
            }
        }
    }

    #[test]
    fn equal_resamples_are_recognised_whatever_their_level() {
        let mut generator = Pcg64::new(1, 1);
        assert_eq!(resampled_statistic(&[0.7; 30], &mut generator), None);
    }
}
