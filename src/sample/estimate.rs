//! Fits the model of every event and measures its abnormal returns, event by event in parallel, into columns.
//!
//! Events are taken in blocks whose size depends on their number alone, and blocks are put together in order: the result is the same for
//! any number of threads.

use rayon::prelude::*;

use super::SampleDesign;
use super::fit::EventFit;
use super::market::{Grid, Market, Markets};
use super::place::{Placed, moved};
use crate::align::Exclusion;
use crate::panel::ReturnColumn;
use crate::series::ReturnKind;
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
pub(super) fn estimate_all(design: &SampleDesign, markets: &Markets, placed: &[Placed]) -> (Estimates, Vec<(usize, Exclusion)>) {
    let span = span_of(placed, design.rule.windows.event());
    let blocks: Vec<(Estimates, Vec<(usize, Exclusion)>)> = placed
        .par_chunks(block_length(placed.len()))
        .map(|block| {
            let mut estimates = Estimates::empty(design, span, block.len());
            let mut excluded = Vec::new();
            let mut scratch = Scratch::default();
            for entry in block {
                if let Err(reason) = estimates.measure(design, markets, entry, &mut scratch) {
                    excluded.push((entry.event, reason));
                }
            }
            (estimates, excluded)
        })
        .collect();
    let mut all = Estimates::empty(design, span, placed.len());
    let mut excluded = Vec::new();
    for (mut block, mut reasons) in blocks {
        all.placed.append(&mut block.placed);
        all.fits.append(&mut block.fits);
        all.positive_share.append(&mut block.positive_share);
        for (whole, mut part) in all.abnormal.iter_mut().zip(block.abnormal) {
            whole.present.append(&mut part.present);
            whole.value.append(&mut part.value);
            whole.standard_error.append(&mut part.standard_error);
        }
        for (whole, mut part) in all.cars.iter_mut().zip(block.cars) {
            whole.value.append(&mut part.value);
            whole.standard_error.append(&mut part.standard_error);
            whole.bhar.append(&mut part.bhar);
            whole.days.append(&mut part.days);
        }
        excluded.append(&mut reasons);
    }
    (all, excluded)
}

impl Estimates {
    fn empty(design: &SampleDesign, span: Window, capacity: usize) -> Self {
        let column = || Vec::with_capacity(capacity);
        Self {
            placed: Vec::with_capacity(capacity),
            fits: Vec::with_capacity(capacity),
            positive_share: column(),
            abnormal: span
                .iter()
                .map(|day| DayColumn { day, present: Vec::with_capacity(capacity), value: column(), standard_error: column() })
                .collect(),
            cars: design
                .car_windows
                .iter()
                .map(|window| CarColumn {
                    window: *window,
                    value: column(),
                    standard_error: column(),
                    bhar: column(),
                    days: Vec::with_capacity(capacity),
                })
                .collect(),
        }
    }

    /// Number of events.
    pub fn len(&self) -> usize {
        self.placed.len()
    }

    fn measure(&mut self, design: &SampleDesign, markets: &Markets, placed: &Placed, scratch: &mut Scratch) -> Result<(), Exclusion> {
        let Scratch { buffers, residuals, entries, cars, sums } = scratch;
        let unfit = |reason: String| Exclusion::NoModel { reason };
        let (market, grid) = markets.at(placed.market).ok_or_else(|| unfit("its benchmark has no sessions".to_owned()))?;
        let column = grid.security(placed.symbol).ok_or_else(|| unfit("it has no return on the benchmark's sessions".to_owned()))?;
        let estimation = placed.windows.estimation();
        let runs = Runs::gather(column, market, moved(placed.zero, estimation.first()), estimation.days(), buffers);
        let found = runs.own.len();
        if found < design.rule.least_estimation {
            let from = moved(placed.zero, estimation.first());
            let own = (from..from + estimation.days()).filter(|position| column.at(*position).is_some()).count();
            let (window, least) = (estimation.days(), design.rule.least_estimation);
            if own >= least {
                return Err(Exclusion::RegressorMissing { found, own, window, least });
            }
            return Err(Exclusion::TooFewReturns { found, window: estimation.days(), least: design.rule.least_estimation });
        }
        let fit = EventFit::new(design.model, runs.own, runs.regressors.slices()).map_err(|failure| unfit(failure.to_string()))?;
        fit.abnormal(runs.own, runs.regressors.slices(), residuals);
        let positive = residuals.iter().filter(|residual| **residual > 0.0).count() as f64 / residuals.len() as f64;
        entries.measure(placed, column, market, grid, &fit);
        entries.check_missing(design, placed, grid)?;
        cars.clear();
        for window in &design.car_windows {
            let car = entries.cumulate(*window, &fit, design.rule.returns, sums);
            cars.push(car.ok_or(Exclusion::NothingToCumulate { window: *window })?);
        }
        for column in &mut self.abnormal {
            let entry = entries.on(column.day);
            column.present.push(entry.is_some());
            column.value.push(entry.map_or(0.0, |entry| entry.abnormal));
            column.standard_error.push(entry.map_or(0.0, |entry| entry.standard_error));
        }
        for (column, car) in self.cars.iter_mut().zip(cars.iter()) {
            column.value.push(car.value);
            column.standard_error.push(car.standard_error);
            column.bhar.push(car.bhar);
            column.days.push(car.days);
        }
        self.placed.push(*placed);
        self.fits.push(fit);
        self.positive_share.push(positive);
        Ok(())
    }
}

/// One day of an event's window.
struct EventDayEntry {
    abnormal: f64,
    standard_error: f64,
    /// Security's and expected return, the risk-free one in both.
    actual: f64,
    expected: f64,
}

/// What one thread keeps from one event to the next, so that an event takes no memory of its own.
#[derive(Default)]
struct Scratch {
    buffers: Buffers,
    residuals: Vec<f64>,
    entries: EventDays,
    cars: Vec<Car>,
    sums: Vec<f64>,
}

/// The event window of one event, day by day.
#[derive(Default)]
struct EventDays {
    first: EventDay,
    entries: Vec<Option<EventDayEntry>>,
    /// The regressors' values, a row a day.
    regressors: Vec<f64>,
    width: usize,
}

struct Car {
    value: f64,
    standard_error: f64,
    bhar: f64,
    days: u32,
}

impl EventDays {
    fn measure(&mut self, placed: &Placed, column: &ReturnColumn, market: &Market, grid: &Grid, fit: &EventFit) {
        let window = placed.windows.event();
        self.first = window.first();
        self.width = market.regressors.len();
        self.entries.clear();
        self.regressors.clear();
        let from = moved(placed.zero, window.first());
        for position in from..from + window.days() {
            let start = self.regressors.len();
            self.regressors.extend(market.regressors.iter().map(|regressor| regressor.at(position).unwrap_or_default()));
            let row = self.regressors.get(start..).unwrap_or(&[]);
            let there = market.regressors.iter().all(|regressor| regressor.at(position).is_some());
            let entry = column.at(position).filter(|_| there).and_then(|own| {
                let expected = fit.expected(row.iter().copied());
                let risk_free = grid.risk_free.as_ref().map_or(Some(0.0), |risk_free| risk_free.at(position))?;
                Some(EventDayEntry {
                    abnormal: own - expected,
                    standard_error: fit.forecast_variance(1, row)?.sqrt(),
                    actual: own + risk_free,
                    expected: expected + risk_free,
                })
            });
            self.entries.push(entry);
        }
    }

    fn on(&self, day: EventDay) -> Option<&EventDayEntry> {
        self.entries.get(usize::try_from(day - self.first).ok()?)?.as_ref()
    }

    fn check_missing(&self, design: &SampleDesign, placed: &Placed, grid: &Grid) -> Result<(), Exclusion> {
        let missing = self.entries.iter().filter(|entry| entry.is_none()).count();
        if missing <= design.rule.allowed_missing {
            return Ok(());
        }
        let lacking = (self.first..).zip(&self.entries).filter(|(_, entry)| entry.is_none());
        let dated = lacking.filter_map(|(day, _)| Some((day, grid.sessions.at(moved(placed.zero, day))?)));
        Err(Exclusion::MissingReturns { days: dated.collect() })
    }

    fn cumulate(&self, window: Window, fit: &EventFit, returns: ReturnKind, sums: &mut Vec<f64>) -> Option<Car> {
        sums.clear();
        sums.resize(self.width, 0.0);
        let (mut value, mut held, mut expected, mut days) = (0.0, 1.0, 1.0, 0_u32);
        let growth = |one: f64| match returns {
            ReturnKind::Simple => 1.0 + one,
            ReturnKind::Log => one.exp(),
        };
        let rows = self.regressors.chunks_exact(self.width.max(1));
        for ((day, entry), row) in (self.first..).zip(&self.entries).zip(rows) {
            let Some(entry) = entry.as_ref().filter(|_| window.contains(day)) else { continue };
            value += entry.abnormal;
            held *= growth(entry.actual);
            expected *= growth(entry.expected);
            days += 1;
            for (sum, regressor) in sums.iter_mut().zip(row) {
                *sum += regressor;
            }
        }
        if days == 0 {
            return None;
        }
        let standard_error = fit.forecast_variance(days as usize, sums)?.sqrt();
        let bhar = held - expected;
        (f64::is_finite(value) && f64::is_finite(bhar)).then_some(Car { value, standard_error, bhar, days })
    }
}
