//! Fits the model of every event and measures its abnormal returns, event by event in parallel, into columns.
//!
//! Events are taken in blocks whose size depends on their number alone, and blocks are put together in order: the result is the same for
//! any number of threads.

use rayon::prelude::*;

use super::beta::ShrinkageUsed;
use super::event_window::{Car, EventDays};
use super::fit::{Estimator, EventFit};
use super::input::{Buffers, Inputs, Runs};
use super::market::Markets;
use super::place::{Placed, moved};
use super::thin::Trading;
use super::{SampleDesign, SampleError};
use crate::align::Exclusion;
use crate::window::{EventDay, Window};

/// Measures of the used events: one entry an event in each column, in the order of the list.
#[derive(Debug, Default)]
pub(super) struct Estimates {
    pub placed: Vec<Placed>,
    pub fits: Vec<EventFit>,
    /// How each event's security traded in the estimation window.
    pub trading: Vec<Trading>,
    /// How betas were shrunk; None under models that don't.
    pub shrinkage: Option<ShrinkageUsed>,
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

/// The fits of a block's events with how their securities traded, and the places in it of those that have none.
type BlockResult = (Vec<(EventFit, Trading)>, Vec<(usize, Exclusion)>);

/// Measures of all placed events; those that can't be used are given back with their reason.
///
/// # Errors
/// [`SampleError`] when the model needs something of all events that these don't give.
pub(super) fn estimate_all(
    design: &SampleDesign,
    markets: &Markets,
    placed: Vec<Placed>,
) -> Result<(Estimates, Vec<(usize, Exclusion)>), SampleError> {
    let span = span_of(&placed, design.rule.windows.event());
    let length = block_length(placed.len());
    let estimator = Estimator::prepare(design, markets, &placed)?;
    let mut all = Estimates::zeroed(design, span, placed.len());
    let blocks: Vec<BlockResult> = all
        .blocks(length)
        .into_par_iter()
        .zip(placed.par_chunks(length))
        .map(|(mut block, placed)| {
            let (mut fits, mut excluded) = (Vec::with_capacity(placed.len()), Vec::new());
            let mut scratch = Scratch::default();
            for (place, entry) in placed.iter().enumerate() {
                match block.measure(place, design, markets, &estimator, entry, &mut scratch) {
                    Ok(fit) => fits.push(fit),
                    Err(reason) => excluded.push((place, reason)),
                }
            }
            (fits, excluded)
        })
        .collect();
    all.placed = placed;
    all.shrinkage = estimator.shrinkage;
    all.fits.reserve(all.placed.len());
    all.trading.reserve(all.placed.len());
    let mut excluded = Vec::new();
    let mut used = vec![true; all.placed.len()];
    for (number, (fits, reasons)) in blocks.into_iter().enumerate() {
        for (fit, trading) in fits {
            all.fits.push(fit);
            all.trading.push(trading);
        }
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
    Ok((all, excluded))
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
            trading: Vec::new(),
            shrinkage: None,
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

    /// Estimation residuals of an event (see [`EventFit::abnormal`]) in order of time, written over `out`, and the days of the window that
    /// have one (None when all have). None for a position without an event.
    pub fn residuals<'a>(
        &self,
        markets: &'a Markets,
        position: usize,
        buffers: &'a mut Buffers,
        out: &mut Vec<f64>,
    ) -> Option<Option<&'a [u32]>> {
        let (runs, fit) = self.estimation(markets, position, buffers)?;
        fit.abnormal(runs.own, runs.regressors.slices(), out);
        Some(runs.days)
    }

    /// The same brought to one spread ([`EventFit::levelled`]), for what compares days with each other: ranks and correlations.
    pub fn levelled<'a>(
        &self,
        markets: &'a Markets,
        position: usize,
        buffers: &'a mut Buffers,
        out: &mut Vec<f64>,
    ) -> Option<Option<&'a [u32]>> {
        let (runs, fit) = self.estimation(markets, position, buffers)?;
        fit.levelled(runs.own, runs.regressors.slices(), out);
        Some(runs.days)
    }

    /// The estimation returns of an event, and its fit.
    fn estimation<'a>(&self, markets: &'a Markets, position: usize, buffers: &'a mut Buffers) -> Option<(Runs<'a>, &EventFit)> {
        let (placed, fit) = (self.placed.get(position)?, self.fits.get(position)?);
        let window = placed.windows.estimation();
        Some((Inputs::of(markets, placed)?.gather(moved(placed.zero, window.first()), window.days(), buffers), fit))
    }

    /// What the abnormal return of an event on a day is to be multiplied by to stand beside its [`Estimates::residuals`]: 1, but for one that
    /// spans several sessions from trade to trade.
    pub fn scale_on(&self, markets: &Markets, position: usize, day: EventDay) -> f64 {
        let found = self.placed.get(position).zip(self.fits.get(position)).filter(|(_, fit)| fit.is_of_trades());
        let Some((placed, fit)) = found else { return 1.0 };
        let mut row = Vec::with_capacity(2);
        match Inputs::of(markets, placed).and_then(|inputs| inputs.at(moved(placed.zero, day), &mut row)) {
            Some(_) => 1.0 / fit.sessions_spanned(&row).sqrt(),
            None => 1.0,
        }
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

    /// Takes the events that aren't used out of all columns but those of the fits and of trading, which have none of them.
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
        estimator: &Estimator,
        placed: &Placed,
        scratch: &mut Scratch,
    ) -> Result<(EventFit, Trading), Exclusion> {
        let Scratch { buffers, residuals, entries, cars } = scratch;
        let unfit = |reason: String| Exclusion::NoModel { reason };
        if let Some(refusal) = markets.controls.refusal(placed) {
            return Err(refusal.clone());
        }
        let inputs = Inputs::of(markets, placed).ok_or_else(|| unfit("it has no return on the benchmark's sessions".to_owned()))?;
        let estimation = placed.windows.estimation();
        let from = moved(placed.zero, estimation.first());
        let runs = inputs.gather(from, estimation.days(), buffers);
        let found = runs.own.len();
        if found < design.rule.least_estimation {
            let own = (from..from + estimation.days()).filter(|position| inputs.own.at(*position).is_some()).count();
            let (window, least) = (estimation.days(), design.rule.least_estimation);
            if own >= least {
                return Err(Exclusion::RegressorMissing { found, own, window, least });
            }
            return Err(Exclusion::TooFewReturns { found, window: estimation.days(), least: design.rule.least_estimation });
        }
        let fit = match inputs.controls {
            Some((_, control)) => {
                let fit = EventFit::of_control(&control.fit);
                fit.abnormal(runs.own, runs.regressors.slices(), residuals);
                fit
            }
            None => estimator.fit(&runs, placed.market, from, residuals).map_err(|failure| unfit(failure.to_string()))?,
        };
        let positive = residuals.iter().filter(|residual| **residual > 0.0).count() as f64 / residuals.len() as f64;
        entries.measure(placed, &inputs, &fit);
        entries.check_missing(design, placed, inputs.grid)?;
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
        Ok((fit, Trading::of(placed, &inputs)))
    }
}
