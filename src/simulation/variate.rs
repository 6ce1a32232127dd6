//! Random numbers of a replication, from its own generator (PCG64, O'Neill 2014).
//!
//! Normal values by Marsaglia's polar method (Marsaglia & Bray 1964, *SIAM Review* 6, 260–264), Student's t by the polar method of Bailey
//! (1994, *Mathematics of Computation* 62, 779–781), which takes its degrees of freedom as they come, whole or not.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;

/// How the shocks to returns are distributed. Every shock has mean 0 and variance 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Tails {
    /// Normal.
    Normal,
    /// Student's t of so many degrees of freedom (above 2, else there is no variance), over its standard deviation √(ν/(ν−2)).
    Student(f64),
}

/// The generators of `count` replications: state and stream of each come from one that the seed starts, so that what a replication
/// draws doesn't depend on the others.
pub(super) fn generators(seed: u64, count: usize) -> Vec<Variates> {
    let mut master = Pcg64::seed_from_u64(seed);
    let mut word = || (u128::from(master.next_u64()) << 64) | u128::from(master.next_u64());
    (0..count).map(|_| Variates { generator: Pcg64::new(word(), word()), spare: None }).collect()
}

/// A source of random values.
#[derive(Debug, Clone)]
pub(super) struct Variates {
    generator: Pcg64,
    /// The second normal value of a point of the disc.
    spare: Option<f64>,
}

impl Variates {
    /// A value between −1 and 1, never 0.
    fn symmetric(&mut self) -> f64 {
        ((self.generator.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 52) as f64 - 1.0
    }

    /// A point of the unit disc and the square of its distance from the middle, above 0 and below 1.
    fn disc(&mut self) -> (f64, f64, f64) {
        loop {
            let (x, y) = (self.symmetric(), self.symmetric());
            let square = x * x + y * y;
            if square < 1.0 && square > 0.0 {
                return (x, y, square);
            }
        }
    }

    /// A standard normal value.
    pub fn normal(&mut self) -> f64 {
        if let Some(value) = self.spare.take() {
            return value;
        }
        let (x, y, square) = self.disc();
        let radius = (-2.0 * square.ln() / square).sqrt();
        self.spare = Some(y * radius);
        x * radius
    }

    /// A shock of mean 0 and variance 1.
    pub fn shock(&mut self, tails: Tails) -> f64 {
        match tails {
            Tails::Normal => self.normal(),
            Tails::Student(degrees) => {
                let (x, _, square) = self.disc();
                // x √(ν (w^(−2/ν) − 1) / w) is t(ν); × √((ν − 2)/ν) has variance 1.
                x * ((degrees - 2.0) * (-2.0 / degrees * square.ln()).exp_m1() / square).sqrt()
            }
        }
    }

    /// A position from 0 to `count` − 1 (Lemire 2019, without the rejection: uneven by less than `count` in 2⁶⁴); 0 when there is none.
    pub fn position(&mut self, count: usize) -> usize {
        ((u128::from(self.generator.next_u64()) * count as u128) >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::{moment, tail};

    #[test]
    fn shocks_have_mean_nought_variance_one_and_the_tails_asked_for() {
        let count = 200_000_usize;
        for tails in [Tails::Normal, Tails::Student(5.0), Tails::Student(8.5)] {
            let mut variates = generators(3, 1).remove(0);
            let values: Vec<f64> = (0..count).map(|_| variates.shock(tails)).collect();
            // Five standard errors: of the mean 1/√n; of the variance √((κ − 1)/n), κ = 9 for t(5), the fattest here.
            assert!(moment::mean(&values).unwrap().abs() < 5.0 / (count as f64).sqrt(), "{tails:?}");
            assert!((moment::variance(&values).unwrap() - 1.0).abs() < 5.0 * (8.0 / count as f64).sqrt(), "{tails:?}");
            // The share beyond ±3, against the distribution function of another library.
            let expected = match tails {
                Tails::Normal => tail::two_sided_normal(3.0).unwrap(),
                Tails::Student(degrees) => tail::two_sided_student(3.0 * (degrees / (degrees - 2.0)).sqrt(), degrees).unwrap(),
            };
            let found = values.iter().filter(|value| value.abs() > 3.0).count() as f64 / count as f64;
            assert!((found - expected).abs() < 5.0 * (expected / count as f64).sqrt(), "{tails:?}: {found} against {expected}");
        }
    }

    #[test]
    fn positions_are_even_and_replications_differ() {
        let mut all = generators(3, 2);
        let mut counts = [0_u32; 7];
        for _ in 0..70_000 {
            counts[all[0].position(7)] += 1;
        }
        // Binomial(70000, 1/7): five standard deviations are 463.
        assert!(counts.iter().all(|count| count.abs_diff(10_000) < 463), "{counts:?}");
        assert_ne!(generators(3, 1)[0].clone().normal(), all[1].normal());
    }
}
