//! The ranks of one event, and how they join the sums.
//!
//! The estimation residuals, the abnormal returns of the event days and GRANK's "day" of each cell are put in order together; one walk up
//! gives each value's rank among all returns, and among the residuals alone. An event with a residual on every estimation day and no two
//! values that may be equal adds its ranks as whole numbers; any other adds midranks.

use super::count::CELLS;
use super::order::Keys;
use super::{CellSums, DaySums, RankSums, Scales, standardised, step_of};
use crate::sample::estimate::Estimates;
use crate::sample::input::Buffers;
use crate::sample::market::Markets;
use crate::window::Window;

/// The bits of a pair of counts that count the residuals.
pub(super) const RESIDUALS: u64 = u32::MAX as u64;

/// The ranks of one event; buffers are kept from one to the next.
#[derive(Default)]
pub(super) struct EventRanks {
    buffers: Buffers,
    /// The estimation residuals, in order of time.
    residuals: Vec<f64>,
    /// The residuals, the abnormal returns of the event days, then the thresholds.
    values: Vec<f64>,
    /// How many of the values are returns.
    returns: usize,
    /// Place of each return: estimation days first, event days from the span's end on.
    places: Vec<u32>,
    keys: Keys,
    /// How many of the returns are no larger than each value, and in the lower half how many of the residuals.
    ranks: Vec<u64>,
    /// Whether there is a residual on every estimation day and no tie, so that `ranks` hold.
    counted: bool,
    /// U of each return among all of them, and each residual's rank among the residuals alone, over T + 1, less ½: where they aren't
    /// added as whole numbers.
    corrado: Vec<f64>,
    base: Vec<f64>,
    /// Value of the event "day" in each set and cell, in the unit of the residuals.
    thresholds: Vec<(usize, usize, f64)>,
    /// Cells (bits) whose value has no more than so many residuals below it.
    passed: Vec<u64>,
    /// Bits of the cells whose value is below the residual, a word a day.
    words: Vec<u64>,
    sigma: f64,
}

impl EventRanks {
    /// Ranks an event of the sets at `sets`.
    pub fn rank(
        &mut self,
        markets: &Markets,
        estimates: &Estimates,
        position: usize,
        span: Window,
        sets: [Option<usize>; 2],
        scales: &[Scales],
    ) -> Option<()> {
        let (placed, fit) = (estimates.placed.get(position)?, estimates.fits.get(position)?);
        let window = placed.windows.estimation();
        let days = estimates.levelled(markets, position, &mut self.buffers, &mut self.residuals)?;
        self.sigma = fit.sigma;
        let offset = u32::try_from(window.first() - span.first()).ok()?;
        self.places.clear();
        match days {
            Some(days) => self.places.extend(days.iter().map(|day| day + offset)),
            None => self.places.extend(offset..offset + u32::try_from(self.residuals.len()).ok()?),
        }
        self.values.clear();
        self.values.extend_from_slice(&self.residuals);
        for (place, column) in (u32::try_from(span.days()).ok()?..).zip(&estimates.abnormal) {
            if column.present.get(position) == Some(&true) {
                let level = fit.levelling(placed.windows.days_ahead(column.day));
                let scale = if fit.is_of_trades() { estimates.scale_on(markets, position, column.day) } else { 1.0 };
                self.values.push(*column.value.get(position)? * (level * scale));
                self.places.push(place);
            }
        }
        self.returns = self.values.len();
        self.thresholds.clear();
        for set in sets.into_iter().flatten() {
            let cells = standardised(estimates, position).zip(scales.get(set)?).enumerate();
            for (cell, value) in cells.filter_map(|(cell, (value, scale))| Some((cell, value? / (*scale)? * fit.sigma))) {
                self.thresholds.push((set, cell, value));
            }
        }
        self.values.extend(self.thresholds.iter().map(|(_, _, value)| value));
        self.keys.sort(&self.values, self.sigma);
        let may_tie = self.keys.may_tie(self.returns);
        self.counted = self.residuals.len() == span.days() && !may_tie;
        self.corrado.clear();
        self.base.clear();
        if may_tie {
            self.share_midranks()
        } else {
            self.count_ranks()
        }
        Some(())
    }

    /// Counts the returns and the residuals up to each value, when no two are equal.
    fn count_ranks(&mut self) {
        self.ranks.resize(self.values.len(), 0);
        let (returns, residuals) = (self.returns, self.residuals.len());
        let (mut all, mut own) = (0, 0);
        for position in self.keys.positions() {
            all += u64::from(position < returns);
            own += u64::from(position < residuals);
            if let Some(held) = self.ranks.get_mut(position) {
                *held = all << 32 | own;
            }
        }
    }

    /// Midranks of both kinds from the one order.
    fn share_midranks(&mut self) {
        let mut order = self.keys.exact_order(&self.values);
        order.retain(|position| *position < self.returns);
        let residuals = self.residuals.len();
        let (scale, all_scale) = (step_of(residuals), 1.0 / (1.0 + self.returns as f64));
        self.corrado.resize(self.returns, 0.0);
        self.base.resize(residuals, 0.0);
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
                }
            }
            below += ties.len();
            below_residuals += own;
        }
    }

    /// The counted ranks as fractions, for sums into which they can't go as whole numbers.
    fn scale_ranks(&mut self) {
        if !self.corrado.is_empty() {
            return;
        }
        let (scale, all_scale) = (step_of(self.residuals.len()), 1.0 / (1.0 + self.returns as f64));
        self.corrado.extend(self.ranks.iter().take(self.returns).map(|rank| (rank >> 32) as f64 * all_scale - 0.5));
        self.base.extend(self.ranks.iter().take(self.residuals.len()).map(|rank| (rank & RESIDUALS) as f64 * scale - 0.5));
    }

    /// Adds the event to the sums of a set, of whose cells `scales` are the scales.
    pub fn add_to(&mut self, sums: &mut RankSums, set: usize, scales: &Scales) {
        let residuals = self.residuals.len();
        let has_each_cell = self.thresholds.iter().filter(|(of, _, _)| *of == set).count() == scales.len();
        let has_each_day = self.returns == sums.corrado.sums.len();
        let as_whole = self.counted && has_each_day && has_each_cell;
        if as_whole {
            sums.add_whole(&self.ranks);
        } else {
            self.scale_ranks();
        }
        let (estimation, event) = self.places.split_at_checked(residuals).unwrap_or((&self.places, &[]));
        sums.residuals.add(estimation, &self.residuals);
        if !as_whole {
            let (own, after) = self.corrado.split_at_checked(residuals).unwrap_or((&self.corrado, &[]));
            sums.corrado.add(estimation, own);
            sums.corrado.add(event, after);
            if has_each_cell {
                sums.base.add(estimation, &self.base);
            }
        }
        if self.counted {
            self.passed.clear();
            self.passed.resize(residuals + 1, 0);
        }
        let step = step_of(residuals);
        for (place, (_, number, value)) in (self.returns..).zip(&self.thresholds).filter(|(_, (of, _, _))| *of == set) {
            let Some(cell) = sums.cells.get_mut(*number) else { continue };
            if !has_each_cell {
                cell.base.get_or_insert_with(|| DaySums::new(cell.steps.len())).add(estimation, &self.base);
            }
            if let Some(rank) = self.ranks.get(place).filter(|_| self.counted && *number < CELLS) {
                let below = rank & RESIDUALS;
                cell.zero.sum += (below as f64 + 1.0) * step - 0.5;
                cell.zero.count += 1;
                if let Some(cells) = self.passed.get_mut(below as usize) {
                    *cells |= 1 << number;
                }
            } else {
                self.join(cell, *value);
            }
        }
        if self.counted {
            self.join_whole(sums);
        }
    }

    /// The event's "day" joins all estimation days, at the value of each cell.
    fn join_whole(&mut self, sums: &mut RankSums) {
        let mut cells = 0;
        for passed in &mut self.passed {
            cells |= *passed;
            *passed = cells;
        }
        self.words.clear();
        let passed = |rank: &u64| (rank & RESIDUALS).checked_sub(1).and_then(|below| self.passed.get(below as usize));
        self.words.extend(self.ranks.iter().take(self.residuals.len()).map(|rank| passed(rank).copied().unwrap_or_default()));
        sums.counts.add(&mut self.words);
    }

    /// The event's "day", at `value` in the unit of the residuals, joins them.
    fn join(&self, cell: &mut CellSums, value: f64) {
        let step = step_of(self.residuals.len());
        let (mut below, mut equal) = (0_usize, 0_usize);
        for (residual, place) in self.residuals.iter().zip(&self.places) {
            below += usize::from(*residual < value);
            equal += usize::from(*residual == value);
            let share = if *residual > value { 1.0 } else { f64::from(u8::from(*residual == value)) / 2.0 };
            if let Some(sum) = cell.steps.get_mut(*place as usize) {
                *sum += step * share;
            }
        }
        cell.zero.sum += (below as f64 + 1.0 + equal as f64 / 2.0) * step - 0.5;
        cell.zero.count += 1;
    }
}
