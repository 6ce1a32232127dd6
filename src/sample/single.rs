//! The tests of each event by itself, beside its t: the placebo test over the whole history of its security, and for one-day windows its
//! place among its own estimation residuals (sample quantile and rank). What a single event's study prints, for every event of a list.

use rayon::prelude::*;

use super::SampleDesign;
use super::estimate::{CarColumn, Estimates, block_length};
use super::input::{Buffers, Inputs};
use super::market::Markets;
use super::place::{Placed, moved};
use crate::inference::{TestOutcome, placebo, rank};
use crate::window::Window;

/// Most events that are tested one by one: a result file holds no more of them.
pub const MOST_TESTED: usize = 10_000;

/// Tests of each event, window by window; empty when they aren't asked for or there are more than [`MOST_TESTED`] events.
pub(super) fn test_events(design: &SampleDesign, markets: &Markets, estimates: &Estimates) -> Vec<Vec<Vec<TestOutcome>>> {
    if !design.event_tests || estimates.len() > MOST_TESTED {
        return Vec::new();
    }
    let positions: Vec<usize> = (0..estimates.len()).collect();
    let blocks: Vec<Vec<Vec<Vec<TestOutcome>>>> = positions
        .par_chunks(block_length(positions.len()))
        .map(|block| {
            let mut history = History::default();
            block.iter().map(|position| history.test(markets, estimates, *position).unwrap_or_default()).collect()
        })
        .collect();
    blocks.into_iter().flatten().collect()
}

/// One event's history; buffers are kept from one to the next.
#[derive(Default)]
struct History {
    buffers: Buffers,
    /// The regressors' values of a session.
    row: Vec<f64>,
    residuals: Vec<f64>,
    /// Running sums of abnormal returns over all sessions of the security, and how many of them there are: one more than sessions.
    sums: Vec<(f64, usize)>,
}

impl History {
    /// The tests of each window of an event.
    fn test(&mut self, markets: &Markets, estimates: &Estimates, position: usize) -> Option<Vec<Vec<TestOutcome>>> {
        let (placed, fit) = (estimates.placed.get(position)?, estimates.fits.get(position)?);
        let inputs = Inputs::of(markets, placed)?;
        let (first, last) = inputs.own.span()?;
        self.sums.clear();
        self.sums.push((0.0, 0));
        let (mut sum, mut count) = (0.0, 0);
        for session in first..=last {
            self.row.clear();
            if let Some(own) = inputs.at(session, &mut self.row) {
                sum += own - fit.expected(self.row.iter().copied());
                count += 1;
            }
            self.sums.push((sum, count));
        }
        estimates.levelled(markets, position, &mut self.buffers, &mut self.residuals)?;
        let of_window = |(number, car): (usize, &CarColumn)| {
            let window = car.window;
            let level = fit.levelling(placed.windows.days_ahead(window.first()));
            let scale = if window.days() == 1 { estimates.scale_on(markets, position, window.first()) } else { 1.0 };
            let mut tests = self.test_window(placed, first, car, position, level * scale)?;
            tests.extend(markets.controls.tests(placed, number));
            Some(tests)
        };
        estimates.cars.iter().enumerate().map(of_window).collect()
    }

    fn test_window(&self, placed: &Placed, first: usize, car: &CarColumn, position: usize, scale: f64) -> Option<Vec<TestOutcome>> {
        let (window, actual) = (car.window, *car.value.get(position)?);
        let complete = *car.days.get(position)? as usize == window.days();
        let (hits, draws) = self.count(placed, first, window, actual);
        let mut tests = vec![placebo::test_counts(actual, hits, draws, complete)];
        tests.extend(rank::test_among(&self.residuals, actual * scale, window.days()));
        Some(tests)
    }

    /// Whole windows of the length that don't touch the event's own, and those whose sum is at least as large in size.
    fn count(&self, placed: &Placed, first: usize, window: Window, actual: f64) -> (usize, usize) {
        let length = window.days();
        let (from, to) = (moved(placed.zero, window.first()), moved(placed.zero, window.last()));
        let (mut hits, mut draws) = (0, 0);
        for ((place, before), after) in self.sums.iter().enumerate().zip(self.sums.iter().skip(length)) {
            let session = first + place;
            let touches = session <= to && session + length > from;
            if after.1 - before.1 == length && !touches {
                draws += 1;
                hits += usize::from((after.0 - before.0).abs() >= actual.abs());
            }
        }
        (hits, draws)
    }
}
