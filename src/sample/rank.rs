//! Ranks of abnormal returns and residual means by event day, summed over events: what the rank tests and the crude dependence
//! adjustment are made of.
//!
//! One sort an event serves both rank tests. Among the `n` days of estimation and event window, `U = rank / (1 + n) − ½` (Corrado & Zivney
//! 1992). For GRANK an event's SCAR, over the standard deviation of all SCARs, joins its `T − 1` estimation residuals over `s` as one more
//! day: those above it move up by one, so that no second sort is needed. Ties share midranks.

mod count;
mod order;

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::SampleDesign;
use super::estimate::{Estimates, block_length};
use super::input::Buffers;
use super::market::Markets;
use super::place::Placed;
use crate::inference::corrado::RankDay;
use crate::window::{EventDay, Window};
use count::{CELLS, DayCounts};
use order::Keys;

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

    /// Puts the counted steps into the cells.
    fn settle(&mut self) {
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
                if event.rank(markets, estimates, position, span).is_none() {
                    continue;
                }
                for set in sets(position).into_iter().flatten() {
                    let own = sums.entry(set).or_insert_with(|| RankSums::new(span.days(), days, cells));
                    event.add_to(own, scales.get(set).map_or(&[], Vec::as_slice), estimates, position);
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

/// The ranks of one event; buffers are kept from one to the next.
#[derive(Default)]
struct EventRanks {
    buffers: Buffers,
    /// The estimation residuals, in order of time.
    residuals: Vec<f64>,
    /// The residuals, and after them the abnormal returns of the event days.
    values: Vec<f64>,
    /// Place of each value: estimation days first, event days from the span's end on.
    places: Vec<u32>,
    keys: Keys,
    /// U of each value among all of them.
    corrado: Vec<f64>,
    /// Rank of each residual among the residuals alone, over T + 1, less ½.
    base: Vec<f64>,
    /// The residuals, rising, and the place in time of each.
    ascending: Vec<f64>,
    ascending_days: Vec<usize>,
    /// Values of the event "day" in each cell, rising.
    thresholds: Vec<(f64, usize)>,
    /// Bits of the cells whose value is below the residual, a word a day.
    words: Vec<u64>,
    sigma: f64,
}

impl EventRanks {
    fn rank(&mut self, markets: &Markets, estimates: &Estimates, position: usize, span: Window) -> Option<()> {
        let (placed, fit) = (estimates.placed.get(position)?, estimates.fits.get(position)?);
        let window = placed.windows.estimation();
        let days = estimates.levelled(markets, position, &mut self.buffers, &mut self.residuals)?;
        self.sigma = fit.sigma;
        let offset = u32::try_from(window.first() - span.first()).ok()?;
        self.places.clear();
        match days {
            Some(days) => self.places.extend(days.iter().map(|day| day + offset)),
            None => self.places.extend((offset..).take(self.residuals.len())),
        }
        self.values.clear();
        self.values.extend_from_slice(&self.residuals);
        for (place, column) in (u32::try_from(span.days()).ok()?..).zip(&estimates.abnormal) {
            if column.present.get(position) == Some(&true) {
                let level = fit.levelling(placed.windows.days_ahead(column.day)) * estimates.scale_on(markets, position, column.day);
                self.values.push(*column.value.get(position)? * level);
                self.places.push(place);
            }
        }
        self.keys.sort(&self.values, self.sigma);
        if self.keys.may_tie() {
            self.share_midranks()
        } else {
            self.share_ranks()
        }
        Some(())
    }

    /// Makes room for the ranks; what a rank is multiplied by among the residuals with the event "day", and among all values.
    fn begin_ranks(&mut self) -> (f64, f64) {
        self.corrado.clear();
        self.corrado.resize(self.values.len(), 0.0);
        self.base.clear();
        self.base.resize(self.residuals.len(), 0.0);
        self.ascending.clear();
        self.ascending_days.clear();
        (step_of(self.residuals.len()), 1.0 / (1.0 + self.values.len() as f64))
    }

    /// Ranks of both kinds from the one order, when no two values are equal.
    fn share_ranks(&mut self) {
        let (scale, all_scale) = self.begin_ranks();
        let mut rank = 0.0;
        for position in self.keys.positions() {
            rank += 1.0;
            if let Some(held) = self.corrado.get_mut(position) {
                *held = rank * all_scale - 0.5;
            }
            if let (Some(held), Some(residual)) = (self.base.get_mut(position), self.residuals.get(position)) {
                self.ascending.push(*residual);
                self.ascending_days.push(position);
                *held = self.ascending.len() as f64 * scale - 0.5;
            }
        }
    }

    /// Midranks of both kinds from the one order.
    fn share_midranks(&mut self) {
        let order = self.keys.exact_order(&self.values);
        let (scale, all_scale) = self.begin_ranks();
        let residuals = self.residuals.len();
        let (mut below, mut below_residuals) = (0_usize, 0_usize);
        let value = |position: &usize| self.values.get(*position).copied().unwrap_or_default();
        // 0 and −0 are one value: compared as numbers, not by their bits.
        for ties in order.chunk_by(|left, right| value(left) == value(right)) {
            let own = ties.iter().filter(|position| **position < residuals).count();
            let midrank = below as f64 + (ties.len() as f64 + 1.0) / 2.0;
            let residual_rank = below_residuals as f64 + (own as f64 + 1.0) / 2.0;
            for position in ties {
                if let Some(rank) = self.corrado.get_mut(*position) {
                    *rank = midrank * all_scale - 0.5;
                }
                if let Some(rank) = self.base.get_mut(*position) {
                    *rank = residual_rank * scale - 0.5;
                    self.ascending.push(value(position));
                    self.ascending_days.push(*position);
                }
            }
            below += ties.len();
            below_residuals += own;
        }
    }

    fn add_to(&mut self, sums: &mut RankSums, scales: &[Option<f64>], estimates: &Estimates, position: usize) {
        let residuals = self.residuals.len();
        let (estimation, event) = self.places.split_at_checked(residuals).unwrap_or((&self.places, &[]));
        let (own, after) = self.corrado.split_at_checked(residuals).unwrap_or((&self.corrado, &[]));
        sums.corrado.add(estimation, own);
        sums.corrado.add(event, after);
        sums.residuals.add(estimation, &self.residuals);
        let values = || standardised(estimates, position).zip(scales).map(|(value, scale)| value.zip(*scale));
        let shares = values().all(|value| value.is_some());
        if shares {
            sums.base.add(estimation, &self.base);
        }
        let whole = residuals == sums.estimation_days();
        self.thresholds.clear();
        for (position, (cell, value)) in sums.cells.iter_mut().zip(values()).enumerate() {
            let Some((standardised, scale)) = value else { continue };
            if !shares {
                cell.base.get_or_insert_with(|| DaySums::new(cell.steps.len())).add(estimation, &self.base);
            }
            let value = standardised / scale * self.sigma;
            if whole && position < CELLS {
                self.thresholds.push((value, position));
            } else {
                self.join(cell, value);
            }
        }
        if whole {
            self.join_whole(sums);
        }
    }

    /// The event's "day" joins all estimation days, at the value of each cell: one walk up the residuals and the values together.
    fn join_whole(&mut self, sums: &mut RankSums) {
        let step = step_of(self.residuals.len());
        self.thresholds.sort_unstable_by(|left, right| left.0.total_cmp(&right.0));
        self.words.clear();
        self.words.resize(self.residuals.len(), 0);
        let mut rising = self.ascending.iter().zip(&self.ascending_days);
        let (mut below, mut word) = (0_usize, 0_u64);
        for (value, position) in &self.thresholds {
            let Some(cell) = sums.cells.get_mut(*position) else { continue };
            let upto = below + self.ascending.iter().skip(below).take_while(|residual| *residual < value).count();
            for (_, day) in rising.by_ref().take(upto - below) {
                if let Some(held) = self.words.get_mut(*day) {
                    *held = word;
                }
            }
            below = upto;
            if self.ascending.get(below) == Some(value) {
                // Half a step for the equal ones: not a count.
                self.join(cell, *value);
                continue;
            }
            cell.zero.sum += (below as f64 + 1.0) * step - 0.5;
            cell.zero.count += 1;
            word |= 1 << position;
        }
        for (_, day) in rising {
            if let Some(held) = self.words.get_mut(*day) {
                *held = word;
            }
        }
        sums.counts.add(&mut self.words);
    }

    /// The event's "day", at `value` in the unit of the residuals, joins them.
    fn join(&self, cell: &mut CellSums, value: f64) {
        let step = step_of(self.residuals.len());
        let below = self.ascending.partition_point(|residual| *residual < value);
        let upto = self.ascending.partition_point(|residual| *residual <= value);
        let equal = (upto - below) as f64;
        cell.zero.sum += (below as f64 + 1.0 + equal / 2.0) * step - 0.5;
        cell.zero.count += 1;
        for (residual, place) in self.residuals.iter().zip(&self.places) {
            let share = if *residual > value { 1.0 } else { f64::from(u8::from(*residual == value)) / 2.0 };
            if let Some(sum) = cell.steps.get_mut(*place as usize) {
                *sum += step * share;
            }
        }
    }
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
