//! The event window of one event, day by day: abnormal returns with their standard errors, and their sums over windows.

use super::SampleDesign;
use super::fit::EventFit;
use super::input::Inputs;
use super::market::Grid;
use super::place::{Placed, moved};
use crate::align::Exclusion;
use crate::panel::ReturnColumn;
use crate::series::ReturnKind;
use crate::window::{EventDay, Window};

/// The days of one event's window, in columns with one value a day; buffers are kept from one event to the next.
#[derive(Default)]
pub(super) struct EventDays {
    first: EventDay,
    /// Whether the day has the security's return, every regressor and, under a model of excess returns, the risk-free return; the other
    /// columns mean nothing where it hasn't.
    present: Vec<bool>,
    /// Security's and expected return, without the risk-free one.
    own: Vec<f64>,
    expected: Vec<f64>,
    risk_free: Vec<f64>,
    regressors: Vec<Vec<f64>>,
    abnormal: Vec<f64>,
    /// Variance of the residual that day, without the error of the forecast.
    variances: Vec<f64>,
    standard_error: Vec<f64>,
    sums: Vec<f64>,
}

/// An event's CAR over a window.
pub(super) struct Car {
    pub value: f64,
    pub standard_error: f64,
    pub bhar: f64,
    pub days: u32,
}

/// Takes a run of a column, a 0 where there is no return; the days without one are no longer `present`.
fn take(column: &ReturnColumn, from: usize, present: &mut [bool], values: &mut Vec<f64>) {
    values.clear();
    if let Some(run) = column.run(from, present.len()) {
        values.extend_from_slice(run);
        return;
    }
    for (position, present) in (from..).zip(present) {
        let value = column.at(position);
        *present &= value.is_some();
        values.push(value.unwrap_or_default());
    }
}

impl EventDays {
    pub fn measure(&mut self, placed: &Placed, inputs: &Inputs, fit: &EventFit) {
        let window = placed.windows.event();
        let (from, days) = (moved(placed.zero, window.first()), window.days());
        self.first = window.first();
        self.present.clear();
        self.present.resize(days, true);
        self.regressors.resize(inputs.width(), Vec::new());
        if inputs.market.trades.is_some() {
            self.take_trades(from, inputs);
        } else {
            take(inputs.own, from, &mut self.present, &mut self.own);
            for (values, regressor) in self.regressors.iter_mut().zip(inputs.regressors()) {
                take(regressor, from, &mut self.present, values);
            }
        }
        self.risk_free.clear();
        match &inputs.grid.risk_free {
            Some(risk_free) => take(risk_free, from, &mut self.present, &mut self.risk_free),
            None => self.risk_free.resize(days, 0.0),
        }
        self.expected.clear();
        self.expected.resize(days, 0.0);
        match self.regressors.as_slice() {
            [market, sessions] if fit.is_of_trades() => {
                for (expected, (market, sessions)) in self.expected.iter_mut().zip(market.iter().zip(sessions)) {
                    *expected = fit.expected([*market, *sessions].into_iter());
                }
            }
            regressors => {
                for (slope, values) in fit.slopes().iter().zip(regressors) {
                    self.expected.iter_mut().zip(values).for_each(|(expected, value)| *expected += slope * value);
                }
                self.expected.iter_mut().for_each(|expected| *expected += fit.alpha);
            }
        }
        self.abnormal.clear();
        self.abnormal.extend(self.own.iter().zip(&self.expected).map(|(own, expected)| own - expected));
        self.variances.clear();
        self.variances.extend(window.iter().map(|day| fit.variance_on(placed.windows.days_ahead(day))));
        if let (true, [_, sessions]) = (fit.is_of_trades(), self.regressors.as_slice()) {
            // The variance of as many sessions as the return spans.
            self.variances.iter_mut().zip(sessions).for_each(|(variance, sessions)| *variance *= sessions);
        }
        self.standard_error.clear();
        self.standard_error.extend_from_slice(&self.variances);
        fit.add_forecast_errors(&self.regressors, &mut self.standard_error);
        for (value, present) in self.standard_error.iter_mut().zip(&mut self.present) {
            *present &= value.is_finite();
            *value = value.sqrt();
        }
    }

    /// Returns from trade to trade: the regressors are the benchmark's over the sessions that each spans, and how many these are.
    fn take_trades(&mut self, from: usize, inputs: &Inputs) {
        self.own.clear();
        self.regressors.iter_mut().for_each(Vec::clear);
        let mut row = Vec::with_capacity(self.regressors.len());
        for (position, present) in (from..).zip(&mut self.present) {
            row.clear();
            let own = inputs.at(position, &mut row);
            *present &= own.is_some();
            self.own.push(own.unwrap_or_default());
            for (values, value) in self.regressors.iter_mut().zip(&row) {
                values.push(*value);
            }
        }
    }

    /// The abnormal return of a day and its standard error; None without one.
    pub fn on(&self, day: EventDay) -> Option<(f64, f64)> {
        let place = usize::try_from(day - self.first).ok()?;
        self.present.get(place).filter(|present| **present)?;
        Some((*self.abnormal.get(place)?, *self.standard_error.get(place)?))
    }

    pub fn check_missing(&self, design: &SampleDesign, placed: &Placed, grid: &Grid) -> Result<(), Exclusion> {
        // From trade to trade a session without a trade isn't missing when a later return of the window spans it.
        let spanned = if design.beta.trade_to_trade { self.present.iter().rposition(|present| *present).unwrap_or(0) } else { 0 };
        let missing = self.present.iter().skip(spanned).filter(|present| !**present).count();
        if missing <= design.rule.allowed_missing {
            return Ok(());
        }
        let lacking = (self.first..).zip(&self.present).skip(spanned).filter(|(_, present)| !**present);
        let dated = lacking.filter_map(|(day, _)| Some((day, grid.sessions.at(moved(placed.zero, day))?)));
        Err(Exclusion::MissingReturns { days: dated.collect() })
    }

    /// The CAR over a window's days that have a return; None when none has, or it leaves what a number can hold.
    pub fn cumulate(&mut self, window: Window, fit: &EventFit, returns: ReturnKind) -> Option<Car> {
        let (mut value, mut held, mut expected, mut variance, mut days) = (0.0, 1.0, 1.0, 0.0, 0_u32);
        let growth = |one: f64| match returns {
            ReturnKind::Simple => 1.0 + one,
            ReturnKind::Log => one.exp(),
        };
        // Windows of cumulation lie inside the event's.
        let skipped = usize::try_from(window.first() - self.first).unwrap_or(0);
        let levels = self.own.iter().zip(&self.expected).zip(&self.risk_free);
        let columns = self.present.iter().zip(&self.abnormal).zip(&self.variances).zip(levels);
        for (((present, abnormal), own_variance), ((own, usual), risk_free)) in columns.skip(skipped).take(window.days()) {
            if *present {
                value += abnormal;
                held *= growth(own + risk_free);
                expected *= growth(usual + risk_free);
                variance += own_variance;
                days += 1;
            }
        }
        if days == 0 {
            return None;
        }
        self.sums.clear();
        for regressor in &self.regressors {
            let there = regressor.iter().zip(&self.present).skip(skipped).take(window.days()).filter(|(_, present)| **present);
            self.sums.push(there.map(|(value, _)| value).sum());
        }
        let standard_error = fit.forecast_variance(variance, days as usize, &self.sums)?.sqrt();
        let bhar = held - expected;
        (f64::is_finite(value) && f64::is_finite(bhar)).then_some(Car { value, standard_error, bhar, days })
    }
}
