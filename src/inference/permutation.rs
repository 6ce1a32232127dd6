//! The permutation test of the mean CAR: what would it be had each event stood elsewhere in its own estimation window?
//!
//! For each event, CARs over as many days as its own are taken at every place of its estimation residuals. A draw picks one place an
//! event at random; its statistic, like that of the CARs themselves, is the mean over the cross-sectional standard error,
//! `x̄ / (s / √N)`. A hit is a draw with |t*| ≥ |t|, `p = (hits + 1) / (draws + 1)`; draws and seed are told in the null.
//!
//! In the spirit of Nguyen & Wolf (2023, Empirical Economics, "Single-firm inference in event studies via the permutation test"), who
//! permute one firm's abnormal returns. The places overlap, residuals lack the forecast error of the CARs (studentising takes a
//! common factor out), and each event is drawn on its own, so correlation of events on common days isn't in the null. A sample
//! of places without spread has no t*, and counts as a hit.

use crate::inference::TestOutcome;
use crate::inference::cross_section::Spread;
use crate::inference::resampling::{self, TIE};
use crate::stats::moment;

const NAME: &str = "permutation";

/// The CARs (fractions) at all places of each event's estimation window, one event after the other.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PlaceboPool {
    /// CARs of all events, event by event.
    pub values: Vec<f64>,
    /// Where each event's begin in `values`, rising; the last event's go on to the end.
    pub starts: Vec<usize>,
}

impl PlaceboPool {
    /// Adds an event with the CARs of its places.
    pub fn push(&mut self, cars: impl IntoIterator<Item = f64>) {
        self.starts.push(self.values.len());
        self.values.extend(cars);
    }

    /// The CARs of each event; None for one whose bounds aren't in order.
    fn events(&self) -> impl Iterator<Item = Option<&[f64]>> {
        let ends = self.starts.iter().skip(1).copied().chain([self.values.len()]);
        self.starts.iter().zip(ends).map(|(start, end)| self.values.get(*start..end))
    }
}

/// The permutation test of the CARs (fractions) against those of the pool, which holds the same events in the same order.
///
/// n is the number of draws. Inapplicable for N < 2, CARs that don't differ, a pool of other events, an event without places,
/// and fewer than 19 draws.
pub fn permutation(cars: &[f64], pool: &PlaceboPool, draws: usize, seed: u64) -> TestOutcome {
    TestOutcome::from_result(NAME, permuted(cars, pool, draws, seed))
}

fn permuted(cars: &[f64], pool: &PlaceboPool, draws: usize, seed: u64) -> Result<TestOutcome, String> {
    let spread = Spread::of(cars, "CARs", 2)?;
    if pool.starts.len() != cars.len() {
        return Err(format!("{} CARs, but places for {} events", cars.len(), pool.starts.len()));
    }
    let mut events: Vec<&[f64]> = Vec::with_capacity(cars.len());
    for (number, places) in pool.events().enumerate() {
        let places = places.filter(|places| !places.is_empty());
        events.push(places.ok_or_else(|| format!("event {} of {} has no place in its estimation window", number + 1, cars.len()))?);
    }
    // Sums are taken about the level of all places, so that a large one costs no digits.
    let level = moment::mean(&pool.values).ok_or("a CAR of the estimation windows is not a finite number")?;
    let statistic = spread.t();
    let reached = statistic.abs() * (1.0 - TIE);
    let p = resampling::p_value(draws, seed, |generator| {
        let (mut total, mut squares) = (0.0_f64, 0.0_f64);
        for places in &events {
            let deviation = places.get(resampling::position(generator, places.len())).map_or(0.0, |value| value - level);
            total += deviation;
            squares += deviation * deviation;
        }
        let from_level = total / spread.count;
        let variance = (squares - total * from_level) / (spread.count - 1.0);
        let t = (level + from_level) / (variance / spread.count).sqrt();
        variance <= TIE * squares || t.abs() >= reached
    })?;
    let null = format!("{draws} draws of places in the estimation windows, seed {seed}");
    Ok(TestOutcome::computed(NAME, statistic, Some(p), null, draws))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    fn pool(events: &[&[f64]]) -> PlaceboPool {
        let mut pool = PlaceboPool::default();
        for places in events {
            pool.push(places.iter().copied());
        }
        pool
    }

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        let two = pool(&[&[0.1, 0.2], &[0.3]]);
        let broken = PlaceboPool { values: vec![0.1, 0.2], starts: vec![2, 1] };
        for (outcome, said) in [
            (permutation(&[0.1], &two, 99, 1), "N = 1"),
            (permutation(&[0.1, 0.1], &two, 99, 1), "zero variance: the 2 CARs"),
            (permutation(&[0.1, 0.2, 0.3], &two, 99, 1), "3 CARs, but places for 2 events"),
            (permutation(&[0.1, 0.2], &pool(&[&[0.1], &[]]), 99, 1), "event 2 of 2 has no place"),
            (permutation(&[0.1, 0.2], &broken, 99, 1), "event 1 of 2 has no place"),
            (permutation(&[0.1, 0.2], &pool(&[&[f64::NAN], &[0.1]]), 99, 1), "not a finite number"),
            (permutation(&[0.1, 0.2], &two, 5, 1), "5 draws, fewer than 19"),
        ] {
            let Outcome::Inapplicable { reason } = outcome.outcome else { panic!("{outcome:?}") };
            assert!(reason.contains(said), "{reason}");
        }
    }
}
