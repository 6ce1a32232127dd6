//! The mean correlation of the events' estimation residuals, over all pairs of events, without a loop over pairs.
//!
//! Residuals of two events are paired by **calendar day**, over the days that both estimation windows have. A pair adds to the mean only
//! as far as their windows share sessions: `k` of the `L` shared weighs `k / L`, none weighs 0 (Kolari & Pynnönen 2010, *Review of
//! Financial Studies* 23(11), 3996–4025, is for events on one date, where every weight is 1).
//!
//! Events with the same day 0 and estimation window form a cohort. For a pair of cohorts the common days are the same for each pair of
//! their events, so that with each event's residuals brought to mean 0 and length 1 **over those days**,
//! `Σ_{i∈g, j∈h} r_ij = Σ_t (Σ_i z_it)(Σ_j z_jt)`, and within a cohort `Σ_{i≠j} r_ij = Σ_t (Σ_i z_it)² − n`. The work is that of one matrix
//! product a cohort: events × days × ranges of common days. An event that lacks some days is brought to mean 0 and length 1 over those it
//! has; a day it lacks adds nothing. (Tools that pair residuals by event day correlate different days; so does a mean over the pairs of one
//! firm's events alone.)

use std::collections::VecDeque;

use nalgebra::{DMatrixView, DMatrixViewMut};
use rayon::prelude::*;

use super::estimate::Estimates;
use super::input::Buffers;
use super::market::Markets;
use super::place::moved;
use crate::stats::moment::sum_of_pairs;
use crate::window::Window;

/// Mean correlation for one window.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct MeanCorrelation {
    /// Mean over all pairs of events, each weighted by the share of sessions that their windows share; 0 for one event.
    pub value: f64,
    /// Pairs of events whose windows share a session.
    pub overlapping_pairs: u64,
}

/// Events that are matched together in one product; a bound on the memory.
const BATCH: usize = 256;
/// Cohorts whose sums are held at a time, beside those that they reach back to.
const COHORTS: usize = 64;

/// Events with one day 0, sessions and estimation window, whatever their benchmarks.
struct Cohort {
    calendar: u32,
    grid: usize,
    zero: usize,
    estimation: Window,
    members: Vec<usize>,
}

/// Days of a cohort's estimation window that a partner's has as well: places from its first day.
#[derive(Clone, PartialEq, Eq)]
enum Days {
    Run(usize, usize),
    Picked(Vec<usize>),
}

/// Sums of a cohort's standardised residuals over the ranges that its partners need.
struct Sums {
    /// Σ_i z_it on the days of each range.
    values: Vec<Vec<f64>>,
    /// Events with a length over the whole window: each is correlated 1 with itself.
    own: f64,
}

/// Position of a cohort, its sums, and the partners it has with the range of common days of each.
type HeldCohort = (usize, Sums, Vec<(usize, usize)>);

/// The mean correlation of the events at `members` (positions in the estimates), for each window.
pub(super) fn mean_correlations(markets: &Markets, estimates: &Estimates, members: &[usize], windows: &[Window]) -> Vec<MeanCorrelation> {
    let count = members.len() as f64;
    let mut found = vec![MeanCorrelation::default(); windows.len()];
    if members.len() < 2 {
        return found;
    }
    let cohorts = cohorts(markets, estimates, members);
    let reach = windows.iter().map(|window| window.days()).max().unwrap_or(1);
    // A partner's windows begin at most `reach` of its own sessions away; other calendars may have more days between.
    let farthest = u32::try_from(if markets.grids.len() > 1 { reach * 2 } else { reach }).unwrap_or(u32::MAX);
    let mut held: VecDeque<HeldCohort> = VecDeque::new();
    let mut next = 0;
    while next < cohorts.len() {
        let batch = next..(next + COHORTS).min(cohorts.len());
        let fresh: Vec<HeldCohort> = batch
            .clone()
            .into_par_iter()
            .filter_map(|position| {
                let cohort = cohorts.get(position)?;
                let (ranges, partners) = partners_of(markets, &cohorts, position, farthest);
                Some((position, sum_standardised(markets, estimates, cohort, &ranges), partners))
            })
            .collect();
        held.extend(fresh);
        let first = held.front().map_or(0, |(position, _, _)| *position);
        for (later, sums, partners) in held.iter().filter(|(position, _, _)| batch.contains(position)) {
            let Some(cohort) = cohorts.get(*later) else { continue };
            for (partner, range) in partners.iter().filter(|(partner, _)| partner <= later) {
                // Cohorts are held in order without a gap.
                let Some((_, other, others)) = partner.checked_sub(first).and_then(|place| held.get(place)) else { continue };
                let Some(earlier) = cohorts.get(*partner) else { continue };
                let back = others.binary_search_by_key(later, |(position, _)| *position).ok().and_then(|place| others.get(place));
                let total = match (sums.values.get(*range), back.and_then(|(_, range)| other.values.get(*range))) {
                    (Some(own), Some(their)) => sum_of_pairs(own, their, |one, other| one * other),
                    _ => continue,
                };
                // Ordered pairs: i with j and j with i.
                let (total, pairs) = if partner == later {
                    (total - sums.own, (cohort.members.len() * (cohort.members.len() - 1) / 2) as u64)
                } else {
                    (2.0 * total, (cohort.members.len() * earlier.members.len()) as u64)
                };
                for (found, window) in found.iter_mut().zip(windows) {
                    let shared = shared_sessions(markets, earlier, cohort, *window);
                    if shared > 0 {
                        found.value += total * shared as f64 / window.days() as f64;
                        found.overlapping_pairs += pairs;
                    }
                }
            }
        }
        next = batch.end;
        let Some(upcoming) = cohorts.get(next) else { break };
        held.retain(|(position, _, _)| cohorts.get(*position).is_some_and(|cohort| upcoming.calendar - cohort.calendar < farthest));
    }
    for correlation in &mut found {
        correlation.value /= count * (count - 1.0);
    }
    found
}

fn cohorts(markets: &Markets, estimates: &Estimates, members: &[usize]) -> Vec<Cohort> {
    let key = |member: &usize| {
        let placed = estimates.placed.get(*member)?;
        Some((placed.calendar, markets.at(placed.market)?.0.grid, placed.zero, placed.windows.estimation()))
    };
    // By calendar day first, in the order of the members: most days have one cohort, and no two events need comparing.
    let mut of_day: Vec<Vec<usize>> = vec![Vec::new(); markets.calendar.len()];
    for member in members {
        if let Some(held) = estimates.placed.get(*member).and_then(|placed| of_day.get_mut(placed.calendar as usize)) {
            held.push(*member);
        }
    }
    let mut cohorts = Vec::new();
    for mut order in of_day {
        order.sort_by_key(key);
        cohorts.extend(order.chunk_by(|left, right| key(left) == key(right)).filter_map(|run| {
            let (calendar, grid, zero, estimation) = key(run.first()?)?;
            Some(Cohort { calendar, grid, zero, estimation, members: run.to_vec() })
        }));
    }
    cohorts
}

/// The cohorts near enough to share sessions (itself among them), with the distinct ranges of common days and which of them each has.
fn partners_of(markets: &Markets, cohorts: &[Cohort], position: usize, farthest: u32) -> (Vec<Days>, Vec<(usize, usize)>) {
    let (mut ranges, mut partners): (Vec<Days>, Vec<(usize, usize)>) = (Vec::new(), Vec::new());
    let Some(cohort) = cohorts.get(position) else { return (ranges, partners) };
    let near = |other: &Cohort| other.calendar.abs_diff(cohort.calendar) < farthest;
    let before = (0..position).rev().take_while(|other| cohorts.get(*other).is_some_and(near));
    let after = (position..cohorts.len()).take_while(|other| cohorts.get(*other).is_some_and(near));
    for other in before.chain(after) {
        let Some(days) = cohorts.get(other).and_then(|other| common_days(markets, cohort, other)) else { continue };
        let range = ranges.iter().position(|held| *held == days).unwrap_or_else(|| {
            ranges.push(days);
            ranges.len() - 1
        });
        partners.push((other, range));
    }
    partners.sort_unstable();
    (ranges, partners)
}

/// Days of `own`'s estimation window that `other`'s has as well; None under 3.
fn common_days(markets: &Markets, own: &Cohort, other: &Cohort) -> Option<Days> {
    let (from, to) = (moved(own.zero, own.estimation.first()), moved(own.zero, own.estimation.last()) + 1);
    let (other_from, other_to) = (moved(other.zero, other.estimation.first()), moved(other.zero, other.estimation.last()) + 1);
    if own.grid == other.grid {
        let (first, last) = (from.max(other_from), to.min(other_to));
        return (last >= first + 3).then(|| Days::Run(first - from, last - from));
    }
    let (own_grid, other_grid) = (markets.grids.get(own.grid)?, markets.grids.get(other.grid)?);
    let theirs = other_grid.calendar.get(other_from..other_to)?;
    let days = own_grid.calendar.get(from..to)?.iter().enumerate();
    let picked: Vec<usize> = days.filter(|(_, place)| theirs.binary_search(place).is_ok()).map(|(day, _)| day).collect();
    (picked.len() >= 3).then_some(Days::Picked(picked))
}

/// Sessions that the window has around both day 0s.
fn shared_sessions(markets: &Markets, one: &Cohort, other: &Cohort, window: Window) -> usize {
    if one.grid == other.grid {
        return window.days().saturating_sub(one.zero.abs_diff(other.zero));
    }
    let Some((one_grid, other_grid)) = markets.grids.get(one.grid).zip(markets.grids.get(other.grid)) else { return 0 };
    let places = |cohort: &Cohort, calendar: &'_ [u32]| -> Vec<u32> {
        let range = moved(cohort.zero, window.first())..moved(cohort.zero, window.last()) + 1;
        calendar.get(range).map(<[u32]>::to_vec).unwrap_or_default()
    };
    let theirs = places(other, &other_grid.calendar);
    places(one, &one_grid.calendar).iter().filter(|place| theirs.binary_search(place).is_ok()).count()
}

fn sum_standardised(markets: &Markets, estimates: &Estimates, cohort: &Cohort, ranges: &[Days]) -> Sums {
    let days = cohort.estimation.days();
    let parts: Vec<(Vec<f64>, f64)> = cohort
        .members
        .par_chunks(BATCH)
        .map_init(Batch::default, |batch, members| {
            batch.begin(days, ranges, members.len());
            for member in members {
                batch.take(markets, estimates, *member, ranges);
            }
            batch.finish(ranges)
        })
        .collect();
    let mut total = vec![0.0; days * ranges.len()];
    let mut own = 0.0;
    for (part, counted) in parts {
        for (sum, value) in total.iter_mut().zip(part) {
            *sum += value;
        }
        own += counted;
    }
    let pick = |(column, days): (&[f64], &Days)| -> Vec<f64> {
        match days {
            Days::Run(from, to) => column.get(*from..*to).map(<[f64]>::to_vec).unwrap_or_default(),
            Days::Picked(picked) => picked.iter().filter_map(|day| column.get(*day)).copied().collect(),
        }
    };
    Sums { values: total.chunks_exact(days).zip(ranges).map(pick).collect(), own }
}

/// Residuals of some events of a cohort, side by side, and their weights in each range. Matrices are held by columns.
#[derive(Default)]
struct Batch {
    days: usize,
    ranges: usize,
    /// Days × events, of which the first `filled` are there.
    residuals: Vec<f64>,
    /// Ranges × events, likewise: what an event writes lies together.
    weights: Vec<f64>,
    /// Σ mean × weight of the whole events in each range.
    centres: Vec<f64>,
    /// Days × ranges: sums of the events that lack days, made one by one; at the end of all.
    sums: Vec<f64>,
    /// Events whose residuals over their own window have a length.
    own: f64,
    filled: usize,
    buffers: Buffers,
    run: Vec<f64>,
    /// Days on which a range begins or ends, rising, and the places of each range's two among them: only there are sums wanted.
    cuts: Vec<usize>,
    between: Vec<(usize, usize)>,
    /// Sum of the residuals and of their squares up to each cut.
    running: Vec<(f64, f64)>,
    /// Days of each range, and an event's sum and squares over it.
    lengths: Vec<f64>,
    within: Vec<(f64, f64)>,
}

impl Batch {
    fn begin(&mut self, days: usize, common: &[Days], events: usize) {
        let ends = |days: &Days| match days {
            Days::Run(from, to) => (*from, *to),
            Days::Picked(_) => (0, 0),
        };
        self.cuts.clear();
        self.cuts.extend(common.iter().map(ends).flat_map(|(from, to)| [from, to]));
        self.cuts.sort_unstable();
        self.cuts.dedup();
        let place = |day: usize| self.cuts.partition_point(|cut| *cut < day);
        self.between.clear();
        self.between.extend(common.iter().map(ends).map(|(from, to)| (place(from), place(to))));
        self.lengths.clear();
        self.lengths.extend(common.iter().map(ends).map(|(from, to)| (to - from) as f64));
        let ranges = common.len();
        (self.days, self.ranges, self.own, self.filled) = (days, ranges, 0.0, 0);
        // What is written over needn't be cleared.
        self.residuals.resize(days * events, 0.0);
        self.weights.resize(events * ranges, 0.0);
        for (held, length) in [(&mut self.centres, ranges), (&mut self.sums, days * ranges)] {
            held.clear();
            held.resize(length, 0.0);
        }
    }

    fn take(&mut self, markets: &Markets, estimates: &Estimates, member: usize, ranges: &[Days]) {
        let Some(days) = estimates.levelled(markets, member, &mut self.buffers, &mut self.run) else { return };
        match days {
            None if ranges.iter().all(|range| matches!(range, Days::Run(..))) => self.take_whole(),
            days => {
                let days: Vec<usize> =
                    days.map_or_else(|| (0..self.run.len()).collect(), |days| days.iter().map(|day| *day as usize).collect());
                self.take_apart(&days, ranges);
            }
        }
    }

    fn take_whole(&mut self) {
        self.running.clear();
        let (mut sum, mut squares, mut start) = (0.0, 0.0, 0);
        for cut in &self.cuts {
            let (more, further) = sum_and_squares(self.run.get(start..*cut).unwrap_or(&[]));
            sum += more;
            squares += further;
            self.running.push((sum, squares));
            start = *cut;
        }
        let event = self.filled;
        self.filled += 1;
        if let Some(column) = self.residuals.get_mut(event * self.days..(event + 1) * self.days) {
            column.copy_from_slice(&self.run);
        }
        self.within.clear();
        self.within.extend(self.between.iter().map(|(begin, end)| match (self.running.get(*begin), self.running.get(*end)) {
            (Some(before), Some(until)) => (until.0 - before.0, until.1 - before.1),
            _ => (0.0, 0.0),
        }));
        let Some(weights) = self.weights.get_mut(event * self.ranges..(event + 1) * self.ranges) else { return };
        // No way out of the loop, so that roots are taken several at a time.
        for (((weight, centre), (sum, squares)), length) in weights.iter_mut().zip(&mut self.centres).zip(&self.within).zip(&self.lengths) {
            let mean = sum / length;
            *weight = weight_of(squares - length * mean * mean, *squares).unwrap_or(0.0);
            *centre += mean * *weight;
        }
        let whole = self.lengths.iter().position(|length| *length == self.days as f64);
        if whole.and_then(|whole| weights.get(whole)).is_some_and(|weight| *weight > 0.0) {
            self.own += 1.0;
        }
    }

    fn take_apart(&mut self, days: &[usize], ranges: &[Days]) {
        let whole = ranges.iter().position(|range| matches!(range, Days::Run(from, to) if to - from == self.days));
        for (range, common) in ranges.iter().enumerate() {
            let held = |day: &usize| match common {
                Days::Run(from, to) => (from..to).contains(&day),
                Days::Picked(picked) => picked.binary_search(day).is_ok(),
            };
            let there: Vec<(usize, f64)> = days.iter().copied().zip(self.run.iter().copied()).filter(|(day, _)| held(day)).collect();
            if there.len() < 3 {
                continue;
            }
            let mean = there.iter().map(|(_, value)| value).sum::<f64>() / there.len() as f64;
            let squares: f64 = there.iter().map(|(_, value)| value * value).sum();
            let about: f64 = there.iter().map(|(_, value)| (value - mean) * (value - mean)).sum();
            let Some(weight) = weight_of(about, squares) else { continue };
            for (day, value) in there {
                if let Some(cell) = self.sums.get_mut(range * self.days + day) {
                    *cell += (value - mean) * weight;
                }
            }
            if Some(range) == whole {
                self.own += 1.0;
            }
        }
    }

    fn finish(&mut self, ranges: &[Days]) -> (Vec<f64>, f64) {
        let residuals = DMatrixView::from_slice(&self.residuals, self.days, self.filled);
        let weights = DMatrixView::from_slice_with_strides(&self.weights, self.filled, self.ranges, self.ranges, 1);
        DMatrixViewMut::from_slice(&mut self.sums, self.days, self.ranges).gemm(1.0, &residuals, &weights, 1.0);
        for ((column, centre), days) in self.sums.chunks_exact_mut(self.days.max(1)).zip(&self.centres).zip(ranges) {
            if let Days::Run(from, to) = days {
                column.iter_mut().skip(*from).take(to - from).for_each(|cell| *cell -= centre);
            }
        }
        (std::mem::take(&mut self.sums), self.own)
    }
}

/// 1 over the length of deviations; None when they are rounding.
fn weight_of(squares: f64, raw: f64) -> Option<f64> {
    (squares > 1e-14 * raw && squares.is_finite()).then(|| 1.0 / squares.sqrt())
}

/// Sum of values and of their squares, in four lanes; most of what stands between two cuts is a single day.
fn sum_and_squares(values: &[f64]) -> (f64, f64) {
    if let [only] = values {
        return (*only, only * only);
    }
    let (chunks, rest) = values.as_chunks::<4>();
    let (mut sums, mut squares) = ([0.0_f64; 4], [0.0_f64; 4]);
    for chunk in chunks {
        for ((sum, square), value) in sums.iter_mut().zip(&mut squares).zip(chunk) {
            *sum += value;
            *square += value * value;
        }
    }
    (sums.iter().sum::<f64>() + rest.iter().sum::<f64>(), squares.iter().sum::<f64>() + rest.iter().map(|value| value * value).sum::<f64>())
}
