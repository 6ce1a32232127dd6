//! Ranks of abnormal returns and residual means by event day, summed over events: what the rank tests and the crude dependence
//! adjustment are made of.
//!
//! One sort an event serves both rank tests. Among the `n` days of estimation and event window, `U = rank / (1 + n) − ½` (Corrado & Zivney
//! 1992). For GRANK an event's SCAR, over the standard deviation of all SCARs, joins its `T − 1` estimation residuals over `s` as one more
//! day: those above it move up by one, so that no second sort is needed. Ties share midranks.

mod count;
mod event;
mod order;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::SampleDesign;
use super::estimate::{Estimates, block_length};
use super::market::Markets;
use super::place::Placed;
use crate::inference::corrado::RankDay;
use crate::window::{EventDay, Window};
use count::{CELLS, DayCounts};
use event::{EventRanks, RESIDUALS};

/// Scales of the SCARs: the standard deviation of each cell, None where there is none; a cell is a day (first) or a window.
pub(super) type Scales = Vec<Option<f64>>;

/// Sums by day, and the number of events behind each.
#[derive(Debug, Clone, Default)]
struct DaySums {
    sums: Vec<f64>,
    counts: Vec<u32>,
}

impl DaySums {
    fn new(days: usize) -> Self {
        Self { sums: vec![0.0; days], counts: vec![0; days] }
    }

    /// Adds an event's values at its places, which rise; a run of places without a gap is added as a run.
    fn add(&mut self, places: &[u32], values: &[f64]) {
        let first = places.first().map_or(0, |place| *place as usize);
        let unbroken = places.last().is_some_and(|last| *last as usize + 1 == first + places.len());
        let range = first..first + places.len();
        if let (true, Some(sums), Some(counts)) = (unbroken, self.sums.get_mut(range.clone()), self.counts.get_mut(range)) {
            // One after the other: of different widths, they aren't added several at a time together.
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
            counts.iter_mut().for_each(|count| *count += 1);
            return;
        }
        for (place, value) in places.iter().zip(values) {
            if let (Some(sum), Some(count)) = (self.sums.get_mut(*place as usize), self.counts.get_mut(*place as usize)) {
                *sum += value;
                *count += 1;
            }
        }
    }

    fn join(&mut self, other: &DaySums) {
        for (own, other) in self.sums.iter_mut().zip(&other.sums) {
            *own += other;
        }
        for (own, other) in self.counts.iter_mut().zip(&other.counts) {
            *own += other;
        }
    }

    fn days(&self) -> Vec<RankDay> {
        self.sums.iter().zip(&self.counts).map(|(sum, count)| RankDay { sum: *sum, count: *count }).collect()
    }
}

/// Ranks of the events that have every day, cell and no tie, as whole numbers: a pair of counts in one number is added at once.
#[derive(Debug, Clone)]
struct WholeSums {
    /// Σ of the ranks among all returns (upper half) and among the residuals (lower half), by day.
    ranks: Vec<u64>,
    events: u32,
}

impl WholeSums {
    fn add(&mut self, ranks: &[u64]) {
        for (sum, rank) in self.ranks.iter_mut().zip(ranks) {
            *sum += rank;
        }
        self.events += 1;
    }

    /// Whether one event more might run over: no rank is above the number of days.
    fn is_full(&self) -> bool {
        (u64::from(self.events) + 1) * self.ranks.len() as u64 > RESIDUALS
    }
}

/// Sums over the events of one set.
#[derive(Debug, Clone)]
pub(super) struct RankSums {
    /// Ranks on estimation days, then event days.
    corrado: DaySums,
    /// Residuals of each estimation day.
    residuals: DaySums,
    /// Ranks among the residuals alone, each estimation day, of the events that are in every cell: what all cells share.
    base: DaySums,
    /// One a cell.
    cells: Vec<CellSums>,
    /// Steps not yet in the cells: counts of the events that have every estimation day.
    counts: DayCounts,
    /// Ranks not yet in `corrado` and `base`.
    whole: WholeSums,
}

/// GRANK's sums of one cell.
#[derive(Debug, Clone)]
struct CellSums {
    /// Σ U of the event "day", and the number of events.
    zero: RankDay,
    /// Σ of the steps by which the event "day" moved the residuals above it.
    steps: Vec<f64>,
    /// Ranks among the residuals alone of the events that aren't in every cell; None without any.
    base: Option<DaySums>,
}

impl RankSums {
    fn new(estimation: usize, event: usize, cells: usize) -> Self {
        let cell = CellSums { zero: RankDay { sum: 0.0, count: 0 }, steps: vec![0.0; estimation], base: None };
        Self {
            corrado: DaySums::new(estimation + event),
            residuals: DaySums::new(estimation),
            base: DaySums::new(estimation),
            cells: vec![cell; cells],
            counts: DayCounts::default(),
            whole: WholeSums { ranks: vec![0; estimation + event], events: 0 },
        }
    }

    fn add(&mut self, other: &RankSums) {
        self.corrado.join(&other.corrado);
        self.residuals.join(&other.residuals);
        self.base.join(&other.base);
        for (own, other) in self.cells.iter_mut().zip(&other.cells) {
            own.zero.sum += other.zero.sum;
            own.zero.count += other.zero.count;
            for (own, other) in own.steps.iter_mut().zip(&other.steps) {
                *own += other;
            }
            if let Some(other) = &other.base {
                own.base.get_or_insert_with(|| DaySums::new(other.sums.len())).join(other);
            }
        }
    }

    /// Adds the ranks of an event that has every day and cell.
    fn add_whole(&mut self, ranks: &[u64]) {
        if self.whole.is_full() {
            self.settle_ranks();
        }
        self.whole.add(ranks);
    }

    /// Puts the ranks that are whole numbers into the sums: `U = rank / (1 + n) − ½`.
    fn settle_ranks(&mut self) {
        let events = std::mem::take(&mut self.whole.events);
        let (scale, step) = (1.0 / (1.0 + self.whole.ranks.len() as f64), step_of(self.estimation_days()));
        let days = self.whole.ranks.iter().zip(self.corrado.sums.iter_mut().zip(&mut self.corrado.counts));
        for (ranks, (sum, count)) in days {
            *sum += (ranks >> 32) as f64 * scale - f64::from(events) / 2.0;
            *count += events;
        }
        let days = self.whole.ranks.iter().zip(self.base.sums.iter_mut().zip(&mut self.base.counts));
        for (ranks, (sum, count)) in days {
            *sum += (ranks & RESIDUALS) as f64 * step - f64::from(events) / 2.0;
            *count += events;
        }
        self.whole.ranks.fill(0);
    }

    /// Puts the ranks and steps counted so far into the sums.
    fn settle(&mut self) {
        self.settle_ranks();
        let step = step_of(self.estimation_days());
        let counts = std::mem::take(&mut self.counts);
        for (position, cell) in self.cells.iter_mut().take(CELLS).enumerate() {
            counts.add_to(position, step, &mut cell.steps);
        }
    }

    /// Days of the estimation windows.
    pub fn estimation_days(&self) -> usize {
        self.residuals.sums.len()
    }

    /// Σ U of each estimation day, then of each event day.
    pub fn corrado(&self) -> Vec<RankDay> {
        self.corrado.days()
    }

    /// Mean residual of each estimation day that any event has.
    pub fn mean_residuals(&self) -> Vec<f64> {
        let days = self.residuals.sums.iter().zip(&self.residuals.counts);
        days.filter(|(_, count)| **count > 0).map(|(sum, count)| sum / f64::from(*count)).collect()
    }

    /// GRANK's sums of a cell: of the event "day", and of each estimation day.
    pub fn generalised(&self, cell: usize) -> Option<(RankDay, Vec<RankDay>)> {
        let held = self.cells.get(cell)?;
        let mut days = self.base.clone();
        if let Some(base) = &held.base {
            days.join(base);
        }
        for (sum, step) in days.sums.iter_mut().zip(&held.steps) {
            *sum += step;
        }
        Some((held.zero, days.days()))
    }
}

/// Bytes that the blocks' sums may take together, about.
const MEMORY: usize = 256 << 20;

/// Days of all estimation windows together.
pub(super) fn estimation_span(placed: &[Placed], fallback: Window) -> Window {
    let first = placed.iter().map(|entry| entry.windows.estimation().first()).min();
    let last = placed.iter().map(|entry| entry.windows.estimation().last()).max();
    first.zip(last).and_then(|(first, last)| Window::new(first, last).ok()).unwrap_or(fallback)
}

/// Sums of each set: `sets` gives an event's sets, `scales` the scale of each set's cells.
pub(super) fn sum_ranks(
    design: &SampleDesign,
    markets: &Markets,
    estimates: &Estimates,
    sets: impl Fn(usize) -> [Option<usize>; 2] + Sync,
    scales: &[Scales],
) -> BTreeMap<usize, RankSums> {
    let span = estimation_span(&estimates.placed, design.rule.windows.estimation());
    let (days, cells) = (estimates.abnormal.len(), estimates.abnormal.len() + estimates.cars.len());
    // A block holds the sums of each set that it meets: with many sets fewer blocks, from the sets' number alone.
    let size = (cells + 3) * (span.days() + days) * size_of::<f64>() * scales.len().max(1);
    let length = block_length(estimates.len()).max(estimates.len().div_ceil((MEMORY / size).max(2)));
    let blocks: Vec<BTreeMap<usize, RankSums>> = (0..estimates.len().div_ceil(length))
        .into_par_iter()
        .map(|block| {
            let mut sums: BTreeMap<usize, RankSums> = BTreeMap::new();
            let mut event = EventRanks::default();
            for position in block * length..((block + 1) * length).min(estimates.len()) {
                let sets = sets(position);
                if event.rank(markets, estimates, position, span, sets, scales).is_none() {
                    continue;
                }
                for (set, scales) in sets.into_iter().flatten().filter_map(|set| Some((set, scales.get(set)?))) {
                    let own = sums.entry(set).or_insert_with(|| RankSums::new(span.days(), days, cells));
                    event.add_to(own, set, scales);
                }
            }
            sums.values_mut().for_each(RankSums::settle);
            sums
        })
        .collect();
    let mut all: BTreeMap<usize, RankSums> = BTreeMap::new();
    for block in blocks {
        for (set, sums) in block {
            match all.get_mut(&set) {
                Some(held) => held.add(&sums),
                None => {
                    all.insert(set, sums);
                }
            }
        }
    }
    all
}

/// What one rank is worth among `residuals` and the event "day": 1 / (T + 1).
fn step_of(residuals: usize) -> f64 {
    1.0 / (residuals as f64 + 2.0)
}

/// Standardised abnormal return of each day, then of each window; None where the event has none.
fn standardised(estimates: &Estimates, position: usize) -> impl Iterator<Item = Option<f64>> {
    let days = estimates.abnormal.iter().map(move |column| {
        let present = *column.present.get(position)?;
        present.then_some(column.value.get(position)? / column.standard_error.get(position)?)
    });
    let windows = estimates.cars.iter().map(move |column| Some(column.value.get(position)? / column.standard_error.get(position)?));
    days.chain(windows)
}

/// Places of a window's days among the days of [`RankSums::corrado`].
pub(super) fn corrado_places(window: Window, estimation: usize, first_event_day: EventDay) -> std::ops::Range<usize> {
    let place = |day: EventDay| estimation + usize::try_from(day - first_event_day).unwrap_or(0);
    place(window.first())..place(window.last()) + 1
}
