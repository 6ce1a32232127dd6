//! Draws for the resampled tests: seeded, and the same on any number of threads.
//!
//! Draws go in blocks of a fixed size, and every block has a generator of its own (PCG64, O'Neill 2014), whose state and stream come
//! from one that the seed starts. Threads share out blocks; a block doesn't know on which it runs.

use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use rayon::prelude::*;

/// Fewest draws from which a p-value is given: below, the smallest one possible is above 5 %.
const FEWEST_DRAWS: usize = 19;
/// The same for a p-value of two tails, whose smallest is twice as large.
const FEWEST_DRAWS_OF_TWO_TAILS: usize = 39;

/// Draws of one generator.
const BLOCK: usize = 256;

/// Equal up to this part counts as at least as large: the same sum in another order isn't smaller.
pub(super) const TIE: f64 = 1e-12;

/// The p-value `(hits + 1) / (draws + 1)`, a hit being a draw at least as far out as the value observed: never 0 (Davison & Hinkley
/// 1997, Bootstrap Methods and their Application, 4.2); the reason when there are too few draws.
pub(super) fn p_value(draws: usize, seed: u64, hit: impl Fn(&mut Pcg64) -> bool + Sync) -> Result<f64, String> {
    let [hits] = count(draws, seed, |generator| [hit(generator)])?;
    Ok(share(hits, draws))
}

/// The two-sided p-value of an observation among draws whose distribution isn't symmetric: twice the smaller of the shares of draws at
/// or below it and at or above it, each `(hits + 1) / (draws + 1)`, and at most 1. `beyond` says of a draw whether it is in the lower and
/// in the upper share; one that can't be told is in both.
pub(super) fn two_tailed_p_value(draws: usize, seed: u64, beyond: impl Fn(&mut Pcg64) -> [bool; 2] + Sync) -> Result<f64, String> {
    if draws < FEWEST_DRAWS_OF_TWO_TAILS {
        return Err(format!("{draws} draws, fewer than {FEWEST_DRAWS_OF_TWO_TAILS}"));
    }
    let [below, above] = count(draws, seed, beyond)?;
    Ok((2.0 * share(below.min(above), draws)).min(1.0))
}

fn share(hits: usize, draws: usize) -> f64 {
    (hits as f64 + 1.0) / (draws as f64 + 1.0)
}

/// How many draws hit each of K marks.
fn count<const K: usize>(draws: usize, seed: u64, hit: impl Fn(&mut Pcg64) -> [bool; K] + Sync) -> Result<[usize; K], String> {
    if draws < FEWEST_DRAWS {
        return Err(format!("{draws} draws, fewer than {FEWEST_DRAWS}"));
    }
    let mut master = Pcg64::seed_from_u64(seed);
    let mut word = || (u128::from(master.next_u64()) << 64) | u128::from(master.next_u64());
    let generators: Vec<Pcg64> = (0..draws.div_ceil(BLOCK)).map(|_| Pcg64::new(word(), word())).collect();
    let add = |mut sums: [usize; K], more: [usize; K]| {
        sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        sums
    };
    let of_block = |(block, mut generator): (usize, Pcg64)| {
        (block * BLOCK..draws.min((block + 1) * BLOCK)).map(|_| hit(&mut generator).map(usize::from)).fold([0; K], add)
    };
    Ok(generators.into_par_iter().enumerate().map(of_block).reduce(|| [0; K], add))
}

/// A position from 0 to `count` − 1 (Lemire 2019, without the rejection: uneven by less than `count` in 2⁶⁴); 0 when there is none.
pub(super) fn position(generator: &mut Pcg64, count: usize) -> usize {
    ((u128::from(generator.next_u64()) * count as u128) >> 64) as usize
}

/// Moments of `size` values drawn with replacement.
pub(super) struct DrawnMoments {
    /// Mean.
    pub mean: f64,
    /// Mean square about the mean (over `size`).
    pub variance: f64,
    /// Mean cube about the mean (over `size`).
    pub third: f64,
}

/// Draws `size` of the values with replacement; None when those drawn don't vary.
pub(super) fn draw_moments(values: &[f64], size: usize, generator: &mut Pcg64) -> Option<DrawnMoments> {
    let (mut first, mut second, mut third) = (0.0_f64, 0.0_f64, 0.0_f64);
    for _ in 0..size {
        let value = values.get(position(generator, values.len())).copied().unwrap_or_default();
        let square = value * value;
        first += value;
        second += square;
        third += square * value;
    }
    let total = size as f64;
    let mean = first / total;
    let (raw_second, raw_third) = (second / total, third / total);
    let variance = raw_second - mean * mean;
    let is_spread = variance > 1e-9 * raw_second;
    is_spread.then_some(DrawnMoments { mean, variance, third: raw_third - 3.0 * mean * raw_second + 2.0 * mean * mean * mean })
}
