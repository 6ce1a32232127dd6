//! Fits the model of every event and measures its abnormal returns, event by event in parallel, into columns.
//!
//! Events are taken in blocks whose size depends on their number alone, and blocks are put together in order: the result is the same for
//! any number of threads.

use rayon::prelude::*;

use super::beta::ShrinkageUsed;
use super::fit::{Estimator, EventFit};
use super::input::{Buffers, Inputs};
use super::market::{Grid, Markets};
use super::place::{Placed, moved};
use super::thin::Trading;
use super::{SampleDesign, SampleError};
use crate::align::Exclusion;
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
    /// How each event's security traded in the estimation window.
    pub trading: Vec<Trading>,
    /// How betas were shrunk; None under models that don't.
    pub shrinkage: Option<ShrinkageUsed>,
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

/// Measures of all placed events; those that can't be used are given back with their reason.
///
/// # Errors
/// [`SampleError`] when the model needs something of all events that these don't give.
pub(super) fn estimate_all(
    design: &SampleDesign,
    markets: &Markets,
    placed: &[Placed],
) -> Result<(Estimates, Vec<(usize, Exclusion)>), SampleError> {
    let span = span_of(placed, design.rule.windows.event());
    let estimator = Estimator::prepare(design, markets, placed)?;
    let blocks: Vec<(Estimates, Vec<(usize, Exclusion)>)> = placed
        .par_chunks(block_length(placed.len()))
        .map(|block| {
            let mut estimates = Estimates::empty(design, span, block.len());
            let mut excluded = Vec::new();
            let mut scratch = Scratch::default();
            for entry in block {
                if let Err(reason) = estimates.measure(design, markets, &estimator, entry, &mut scratch) {
                    excluded.push((entry.event, reason));
                }
            }
            (estimates, excluded)
        })
        .collect();
    let mut all = Estimates::empty(design, span, placed.len());
    all.shrinkage = estimator.shrinkage;
    let mut excluded = Vec::new();
    for (mut block, mut reasons) in blocks {
        all.placed.append(&mut block.placed);
        all.fits.append(&mut block.fits);
        all.positive_share.append(&mut block.positive_share);
        all.trading.append(&mut block.trading);
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
    Ok((all, excluded))
}

impl Estimates {
    fn empty(design: &SampleDesign, span: Window, capacity: usize) -> Self {
        let column = || Vec::with_capacity(capacity);
        Self {
            placed: Vec::with_capacity(capacity),
            fits: Vec::with_capacity(capacity),
            positive_share: column(),
            trading: Vec::with_capacity(capacity),
            shrinkage: None,
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

    /// Estimation residuals of an event (see [`EventFit::abnormal`]) in order of time, written over `out`, and the days of the window that have one (None when all
    /// have). None for a position without an event.
    pub fn residuals<'a>(
        &self,
        markets: &'a Markets,
        position: usize,
        buffers: &'a mut Buffers,
        out: &mut Vec<f64>,
    ) -> Option<Option<&'a [u32]>> {
        let (placed, fit) = (self.placed.get(position)?, self.fits.get(position)?);
        let estimation = placed.windows.estimation();
        let runs = Inputs::of(markets, placed)?.gather(moved(placed.zero, estimation.first()), estimation.days(), buffers);
        fit.abnormal(runs.own, &runs.regressors, out);
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
        let (placed, fit) = (self.placed.get(position)?, self.fits.get(position)?);
        let estimation = placed.windows.estimation();
        let runs = Inputs::of(markets, placed)?.gather(moved(placed.zero, estimation.first()), estimation.days(), buffers);
        fit.levelled(runs.own, &runs.regressors, out);
        Some(runs.days)
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

    fn measure(
        &mut self,
        design: &SampleDesign,
        markets: &Markets,
        estimator: &Estimator,
        placed: &Placed,
        scratch: &mut Scratch,
    ) -> Result<(), Exclusion> {
        let Scratch { buffers, residuals, entries, cars, sums } = scratch;
        let unfit = |reason: String| Exclusion::NoModel { reason };
        if let Some(refusal) = markets.controls.refusal(placed) {
            return Err(refusal.clone());
        }
        let inputs = Inputs::of(markets, placed).ok_or_else(|| unfit("it has no return on the benchmark's sessions".to_owned()))?;
        let estimation = placed.windows.estimation();
        let runs = inputs.gather(moved(placed.zero, estimation.first()), estimation.days(), buffers);
        let found = runs.own.len();
        if found < design.rule.least_estimation {
            let from = moved(placed.zero, estimation.first());
            let own = (from..from + estimation.days()).filter(|position| inputs.own.at(*position).is_some()).count();
            let (window, least) = (estimation.days(), design.rule.least_estimation);
            if own >= least {
                return Err(Exclusion::RegressorMissing { found, own, window, least });
            }
            return Err(Exclusion::TooFewReturns { found, window: estimation.days(), least: design.rule.least_estimation });
        }
        let fit = match inputs.controls {
            Some((_, control)) => EventFit::of_control(&control.fit),
            None => estimator.fit(&runs).map_err(|failure| unfit(failure.to_string()))?,
        };
        fit.abnormal(runs.own, &runs.regressors, residuals);
        let positive = residuals.iter().filter(|residual| **residual > 0.0).count() as f64 / residuals.len() as f64;
        entries.measure(placed, &inputs, &fit);
        entries.check_missing(design, placed, inputs.grid)?;
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
        self.trading.push(Trading::of(placed, &inputs));
        Ok(())
    }
}

/// One day of an event's window.
struct EventDayEntry {
    abnormal: f64,
    /// Variance of the residual that day, without the error of the forecast.
    variance: f64,
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
    fn measure(&mut self, placed: &Placed, inputs: &Inputs, fit: &EventFit) {
        let window = placed.windows.event();
        self.first = window.first();
        self.width = inputs.width();
        self.entries.clear();
        self.regressors.clear();
        let from = moved(placed.zero, window.first());
        for (day, position) in window.iter().zip(from..) {
            let start = self.regressors.len();
            let own = inputs.at(position, &mut self.regressors);
            let row = self.regressors.get(start..).unwrap_or(&[]);
            let entry = own.and_then(|own| {
                let expected = fit.expected(row.iter().copied());
                let risk_free = inputs.grid.risk_free.as_ref().map_or(Some(0.0), |risk_free| risk_free.at(position))?;
                let variance = fit.variance_on(placed.windows.days_ahead(day)) * fit.sessions_spanned(row);
                Some(EventDayEntry {
                    abnormal: own - expected,
                    variance,
                    standard_error: fit.forecast_variance(variance, 1, row)?.sqrt(),
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
        // From trade to trade a session without a trade isn't missing when a later return of the window spans it.
        let spanned = if design.beta.trade_to_trade { self.entries.iter().rposition(Option::is_some).unwrap_or(0) } else { 0 };
        let missing = self.entries.iter().skip(spanned).filter(|entry| entry.is_none()).count();
        if missing <= design.rule.allowed_missing {
            return Ok(());
        }
        let lacking = (self.first..).zip(&self.entries).skip(spanned).filter(|(_, entry)| entry.is_none());
        let dated = lacking.filter_map(|(day, _)| Some((day, grid.sessions.at(moved(placed.zero, day))?)));
        Err(Exclusion::MissingReturns { days: dated.collect() })
    }

    fn cumulate(&self, window: Window, fit: &EventFit, returns: ReturnKind, sums: &mut Vec<f64>) -> Option<Car> {
        sums.clear();
        sums.resize(self.width, 0.0);
        let (mut value, mut held, mut expected, mut variance, mut days) = (0.0, 1.0, 1.0, 0.0, 0_u32);
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
            variance += entry.variance;
            days += 1;
            for (sum, regressor) in sums.iter_mut().zip(row) {
                *sum += regressor;
            }
        }
        if days == 0 {
            return None;
        }
        let standard_error = fit.forecast_variance(variance, days as usize, sums)?.sqrt();
        let bhar = held - expected;
        (f64::is_finite(value) && f64::is_finite(bhar)).then_some(Car { value, standard_error, bhar, days })
    }
}
