//! Rolling beta of the events by event day: is the beta that the estimation window gives still that of the event window?
//!
//! Of each used event the least-squares beta on the benchmark's return over the `window` sessions that end with a day
//! ([`crate::model::beta::rolling`]), from the first day of the study's estimation window on which a whole window ends to the last of its
//! event window; by day the mean over the events and its 95 % interval, t(N−1). Neighbouring days share all sessions but one.

use rayon::prelude::*;
use serde::Serialize;

use super::SampleDesign;
use super::estimate::{Estimates, block_length};
use super::input::Inputs;
use super::market::Markets;
use crate::abnormal::CONFIDENCE;
use crate::model::beta::rolling::rolling_betas;
use crate::stats::tail;
use crate::window::EventDay;

/// Mean rolling beta on one event day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RollingDay {
    /// Last day of the window.
    pub day: EventDay,
    /// Events that have a beta.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// 95 % interval of the mean, t(N−1), events taken as independent; None for one event.
    pub interval: Option<(f64, f64)>,
}

/// Rolling betas of the used events, by event day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RollingSummary {
    /// Sessions of a beta.
    pub window: usize,
    /// Days on which at least one event has one, rising.
    pub days: Vec<RollingDay>,
    /// Used events that have none on any day: too few returns of theirs in a row.
    pub without: usize,
}

/// Running sums of one day.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    n: usize,
    sum: f64,
    squares: f64,
}

/// Sums are of distances from this, near which betas lie.
const ORIGIN: f64 = 1.0;

impl RollingSummary {
    /// The summary; None when it wasn't asked for.
    pub(super) fn of(design: &SampleDesign, markets: &Markets, estimates: &Estimates) -> Option<Self> {
        let window = design.beta.rolling?;
        let (first, last) = (design.rule.windows.estimation().first(), design.rule.windows.event().last());
        let days = usize::try_from(last - first + 1).ok()?;
        let positions: Vec<usize> = (0..estimates.len()).collect();
        let blocks: Vec<(Vec<Sums>, usize)> = positions
            .par_chunks(block_length(positions.len()))
            .map(|block| {
                let mut sums = vec![Sums::default(); days];
                let without = block.iter().filter(|position| add(markets, estimates, **position, first, window, &mut sums).is_none());
                let without = without.count();
                (sums, without)
            })
            .collect();
        let mut all = vec![Sums::default(); days];
        let mut without = 0;
        for (sums, lacking) in blocks {
            without += lacking;
            for (own, other) in all.iter_mut().zip(sums) {
                own.n += other.n;
                own.sum += other.sum;
                own.squares += other.squares;
            }
        }
        let days = (first..).zip(&all).filter_map(|(day, sums)| sums.day(day)).collect();
        Some(Self { window, days, without })
    }
}

/// Adds the betas of one event; None when it has none.
fn add(markets: &Markets, estimates: &Estimates, position: usize, first: EventDay, window: usize, sums: &mut [Sums]) -> Option<()> {
    let inputs = Inputs::of(markets, estimates.placed.get(position)?)?;
    // An event with an estimation window of its own may stand nearer to the start of the data than the study's window reaches.
    let zero = i64::try_from(estimates.placed.get(position)?.zero).ok()?;
    let start = zero + i64::from(first);
    let lacking = usize::try_from(-start).unwrap_or(0);
    let from = usize::try_from(start).unwrap_or(0);
    let sums = sums.get_mut(lacking..)?;
    let market = inputs.market.regressors.first()?;
    let of = |session: usize| (inputs.own.at(session), market.at(session));
    let (own, benchmark): (Vec<Option<f64>>, Vec<Option<f64>>) = (from..from + sums.len()).map(of).unzip();
    for entry in rolling_betas(&own, &benchmark, window).ok()? {
        let Some(held) = sums.get_mut(entry.position) else { continue };
        let distance = entry.beta - ORIGIN;
        held.n += 1;
        held.sum += distance;
        held.squares += distance * distance;
    }
    Some(())
}

impl Sums {
    fn day(&self, day: EventDay) -> Option<RollingDay> {
        if self.n == 0 {
            return None;
        }
        let count = self.n as f64;
        let distance = self.sum / count;
        let mean = ORIGIN + distance;
        let interval = tail::student_quantile(0.5 + CONFIDENCE / 2.0, count - 1.0).map(|quantile| {
            let variance = (self.squares - count * distance * distance).max(0.0) / (count - 1.0);
            let margin = quantile * (variance / count).sqrt();
            (mean - margin, mean + margin)
        });
        Some(RollingDay { day, n: self.n, mean, interval })
    }
}
