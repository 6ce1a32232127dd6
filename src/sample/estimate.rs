//! Fits the model of every event and measures its abnormal returns, event by event in parallel, into columns.
//!
//! Events are taken in blocks whose size depends on their number alone, and blocks are put together in order: the result is the same for
//! any number of threads.

use rayon::prelude::*;

use super::SampleDesign;
use super::event_window::{Car, EventDays};
use super::fit::{EventFit, RegressorMoments};
use super::market::{Market, Markets};
use super::place::{Placed, moved};
use crate::align::Exclusion;
use crate::panel::ReturnColumn;
use crate::window::{EventDay, Window};

/// Measures of the used events: one entry an event in each column, in the order of the list.
#[derive(Debug, Default)]
pub(super) struct Estimates {
    pub placed: Vec<Placed>,
    pub fits: Vec<EventFit>,
    /// Share of the estimation residuals above 0.
    pub positive_share: Vec<f64>,
    /// Abnormal returns: one column a day of [`Estimates::days`].
    pub abnormal: Vec<DayColumn>,
    /// CARs: one column a window of the design.
    pub cars: Vec<CarColumn>,
}

/// One day of the event windows, over all events.
#[derive(Debug, Default, Clone)]
pub(super) struct DayColumn {
    pub day: EventDay,
    /// Whether the event has an abnormal return that day.
    pub present: Vec<bool>,
    pub value: Vec<f64>,
    pub standard_error: Vec<f64>,
}

/// One window of cumulation, over all events.
#[derive(Debug, Clone)]
pub(super) struct CarColumn {
    pub window: Window,
    pub value: Vec<f64>,
    pub standard_error: Vec<f64>,
    pub bhar: Vec<f64>,
    /// Days that have a return.
    pub days: Vec<u32>,
}

/// Buffers of one thread's work, for runs that aren't whole.
#[derive(Default)]
pub(super) struct Buffers {
    own: Vec<f64>,
    regressors: Vec<Vec<f64>>,
    days: Vec<u32>,
}

/// The regressors' slices. One takes no memory of its own: there are three runs an event.
pub(super) enum Regressors<'a> {
    One(&'a [f64]),
    Several(Vec<&'a [f64]>),
}

impl<'a> Regressors<'a> {
    fn collect(mut slices: impl ExactSizeIterator<Item = Option<&'a [f64]>>) -> Option<Self> {
        match slices.len() {
            1 => slices.next().flatten().map(Self::One),
            _ => slices.collect::<Option<Vec<_>>>().map(Self::Several),
        }
    }

    pub fn slices(&self) -> &[&'a [f64]] {
        match self {
            Self::One(slice) => std::slice::from_ref(slice),
            Self::Several(slices) => slices,
        }
    }
}

/// Paired returns of a run of sessions: the days that have the security's return and every regressor.
pub(super) struct Runs<'a> {
    pub own: &'a [f64],
    pub regressors: Regressors<'a>,
    /// Days of the run that are in it, counted from its first; None when all are.
    pub days: Option<&'a [u32]>,
}

impl<'a> Runs<'a> {
    pub fn gather(column: &'a ReturnColumn, market: &'a Market, from: usize, count: usize, buffers: &'a mut Buffers) -> Self {
        let whole = column.run(from, count);
        let regressors = Regressors::collect(market.regressors.iter().map(|regressor| regressor.run(from, count)));
        if let (Some(own), Some(regressors)) = (whole, regressors) {
            return Self { own, regressors, days: None };
        }
        buffers.own.clear();
        buffers.days.clear();
        buffers.regressors.resize(market.regressors.len(), Vec::new());
        buffers.regressors.iter_mut().for_each(Vec::clear);
        for day in 0..count {
            let position = from + day;
            let there = market.regressors.iter().all(|regressor| regressor.at(position).is_some());
            let Some(own) = column.at(position).filter(|_| there) else { continue };
            buffers.own.push(own);
            buffers.days.push(u32::try_from(day).unwrap_or(u32::MAX));
            for (buffer, regressor) in buffers.regressors.iter_mut().zip(&market.regressors) {
                buffer.push(regressor.at(position).unwrap_or_default());
            }
        }
        let regressors = Regressors::Several(buffers.regressors.iter().map(Vec::as_slice).collect());
        Self { own: &buffers.own, regressors, days: Some(&buffers.days) }
    }
}

/// Events of one block for `count` events: from their number alone, so that the result doesn't depend on threads.
pub(super) fn block_length(count: usize) -> usize {
    (count / 256).clamp(64, 4096)
}

/// Days of all event windows together.
pub(super) fn span_of(placed: &[Placed], fallback: Window) -> Window {
    let first = placed.iter().map(|entry| entry.windows.event().first()).min();
    let last = placed.iter().map(|entry| entry.windows.event().last()).max();
    first.zip(last).and_then(|(first, last)| Window::new(first, last).ok()).unwrap_or(fallback)
}

/// Measures of all placed events; those that can't be used are given back with their reason.
pub(super) fn estimate_all(design: &SampleDesign, markets: &Markets, placed: Vec<Placed>) -> (Estimates, Vec<(usize, Exclusion)>) {
    let span = span_of(&placed, design.rule.windows.event());
    let length = block_length(placed.len());
    let known = KnownMoments::of(design, markets, placed.len());
    let mut all = Estimates::zeroed(design, span, placed.len());
    let blocks: Vec<(Vec<EventFit>, Vec<(usize, Exclusion)>)> = all
        .blocks(length)
        .into_par_iter()
        .zip(placed.par_chunks(length))
        .map(|(mut block, placed)| {
            let (mut fits, mut excluded) = (Vec::with_capacity(placed.len()), Vec::new());
            let mut scratch = Scratch::default();
            for (place, entry) in placed.iter().enumerate() {
                match block.measure(place, design, markets, entry, &known, &mut scratch) {
                    Ok(fit) => fits.push(fit),
                    Err(reason) => excluded.push((place, reason)),
                }
            }
            (fits, excluded)
        })
        .collect();
    all.placed = placed;
    all.fits.reserve(all.placed.len());
    let mut excluded = Vec::new();
    let mut used = vec![true; all.placed.len()];
    for (number, (mut fits, reasons)) in blocks.into_iter().enumerate() {
        all.fits.append(&mut fits);
        for (place, reason) in reasons {
            let position = number * length + place;
            if let (Some(used), Some(placed)) = (used.get_mut(position), all.placed.get(position)) {
                *used = false;
                excluded.push((placed.event, reason));
            }
        }
    }
    if !excluded.is_empty() {
        all.keep(&used);
    }
    (all, excluded)
}

/// The moments of each market's only regressor over estimation windows of the study's own length, by the session at which they begin;
/// nothing where so few events wouldn't use most of them.
struct KnownMoments {
    days: usize,
    markets: Vec<Vec<Option<RegressorMoments>>>,
}

impl KnownMoments {
    fn of(design: &SampleDesign, markets: &Markets, events: usize) -> Self {
        let days = design.rule.windows.estimation().days();
        let sessions = |market: &Market| markets.grids.get(market.grid).map_or(0, |grid| grid.sessions.dates().len());
        if markets.markets.iter().map(sessions).sum::<usize>() > events {
            return Self { days, markets: Vec::new() };
        }
        let of_market = |market: &Market| match market.regressors.as_slice() {
            [only] => (0..sessions(market)).map(|from| only.run(from, days).map(RegressorMoments::of)).collect(),
            _ => Vec::new(),
        };
        Self { days, markets: markets.markets.iter().map(of_market).collect() }
    }

    fn find(&self, placed: &Placed, from: usize, days: usize) -> Option<RegressorMoments> {
        self.markets.get(placed.market)?.get(from).copied().flatten().filter(|_| days == self.days)
    }
}

impl Estimates {
    /// Columns for `count` events, all 0: the system's own zeroes, on which nothing is spent before they are written to.
    fn zeroed(design: &SampleDesign, span: Window, count: usize) -> Self {
        let column = || vec![0.0; count];
        let car = |window: &Window| CarColumn {
            window: *window,
            value: column(),
            standard_error: column(),
            bhar: column(),
            days: vec![0; count],
        };
        Self {
            placed: Vec::new(),
            fits: Vec::new(),
            positive_share: column(),
            abnormal: span
                .iter()
                .map(|day| DayColumn { day, present: vec![false; count], value: column(), standard_error: column() })
                .collect(),
            cars: design.car_windows.iter().map(car).collect(),
        }
    }

    /// Number of events.
    pub fn len(&self) -> usize {
        self.placed.len()
    }

    /// The columns in blocks of so many events, each to be written by itself.
    fn blocks(&mut self, length: usize) -> Vec<Block<'_>> {
        let mut blocks: Vec<Block> = Vec::new();
        for positive_share in self.positive_share.chunks_mut(length) {
            blocks.push(Block { positive_share, days: Vec::new(), cars: Vec::new() });
        }
        for column in &mut self.abnormal {
            let parts = column.value.chunks_mut(length).zip(column.standard_error.chunks_mut(length));
            for ((block, present), (value, standard_error)) in blocks.iter_mut().zip(column.present.chunks_mut(length)).zip(parts) {
                block.days.push(DayBlock { day: column.day, present, value, standard_error });
            }
        }
        for column in &mut self.cars {
            let parts = column.value.chunks_mut(length).zip(column.standard_error.chunks_mut(length));
            let further = column.bhar.chunks_mut(length).zip(column.days.chunks_mut(length));
            for ((block, (value, standard_error)), (bhar, days)) in blocks.iter_mut().zip(parts).zip(further) {
                block.cars.push(CarBlock { value, standard_error, bhar, days });
            }
        }
        blocks
    }

    /// Takes the events that aren't used out of all columns but that of the fits, which has none of them.
    fn keep(&mut self, used: &[bool]) {
        fn keep<T>(column: &mut Vec<T>, used: &[bool]) {
            let mut flags = used.iter();
            column.retain(|_| flags.next().is_some_and(|used| *used));
        }
        keep(&mut self.placed, used);
        keep(&mut self.positive_share, used);
        for column in &mut self.abnormal {
            keep(&mut column.present, used);
            keep(&mut column.value, used);
            keep(&mut column.standard_error, used);
        }
        for column in &mut self.cars {
            keep(&mut column.value, used);
            keep(&mut column.standard_error, used);
            keep(&mut column.bhar, used);
            keep(&mut column.days, used);
        }
    }
}

/// Some events' part of the columns.
struct Block<'a> {
    positive_share: &'a mut [f64],
    days: Vec<DayBlock<'a>>,
    cars: Vec<CarBlock<'a>>,
}

struct DayBlock<'a> {
    day: EventDay,
    present: &'a mut [bool],
    value: &'a mut [f64],
    standard_error: &'a mut [f64],
}

struct CarBlock<'a> {
    value: &'a mut [f64],
    standard_error: &'a mut [f64],
    bhar: &'a mut [f64],
    days: &'a mut [u32],
}

fn put<T>(column: &mut [T], place: usize, value: T) {
    if let Some(held) = column.get_mut(place) {
        *held = value;
    }
}

/// What one thread keeps from one event to the next, so that an event takes no memory of its own.
#[derive(Default)]
struct Scratch {
    buffers: Buffers,
    residuals: Vec<f64>,
    entries: EventDays,
    cars: Vec<Car>,
}

impl Block<'_> {
    /// Measures the event at a place of the block.
    fn measure(
        &mut self,
        place: usize,
        design: &SampleDesign,
        markets: &Markets,
        placed: &Placed,
        known: &KnownMoments,
        scratch: &mut Scratch,
    ) -> Result<EventFit, Exclusion> {
        let Scratch { buffers, residuals, entries, cars } = scratch;
        let unfit = |reason: String| Exclusion::NoModel { reason };
        let (market, grid) = markets.at(placed.market).ok_or_else(|| unfit("its benchmark has no sessions".to_owned()))?;
        let column = grid.security(placed.symbol).ok_or_else(|| unfit("it has no return on the benchmark's sessions".to_owned()))?;
        let estimation = placed.windows.estimation();
        let from = moved(placed.zero, estimation.first());
        let runs = Runs::gather(column, market, from, estimation.days(), buffers);
        let found = runs.own.len();
        if found < design.rule.least_estimation {
            let own = (from..from + estimation.days()).filter(|position| column.at(*position).is_some()).count();
            let (window, least) = (estimation.days(), design.rule.least_estimation);
            if own >= least {
                return Err(Exclusion::RegressorMissing { found, own, window, least });
            }
            return Err(Exclusion::TooFewReturns { found, window: estimation.days(), least: design.rule.least_estimation });
        }
        let known = if runs.days.is_none() { known.find(placed, from, estimation.days()) } else { None };
        let fit = EventFit::new(design.model, runs.own, runs.regressors.slices(), known, residuals);
        let fit = fit.map_err(|failure| unfit(failure.to_string()))?;
        let positive = residuals.iter().filter(|residual| **residual > 0.0).count() as f64 / residuals.len() as f64;
        entries.measure(placed, column, market, grid, &fit);
        entries.check_missing(design, placed, grid)?;
        cars.clear();
        for window in &design.car_windows {
            let car = entries.cumulate(*window, &fit, design.rule.returns);
            cars.push(car.ok_or(Exclusion::NothingToCumulate { window: *window })?);
        }
        for column in &mut self.days {
            if let Some((abnormal, standard_error)) = entries.on(column.day) {
                put(column.present, place, true);
                put(column.value, place, abnormal);
                put(column.standard_error, place, standard_error);
            }
        }
        for (column, car) in self.cars.iter_mut().zip(cars.iter()) {
            put(column.value, place, car.value);
            put(column.standard_error, place, car.standard_error);
            put(column.bhar, place, car.bhar);
            put(column.days, place, car.days);
        }
        put(self.positive_share, place, positive);
        Ok(fit)
    }
}
