//! What goes into the model of one event: its security's returns and the regressors they are set against.

use super::control::{Control, Controls};
use super::market::{Grid, Market, Markets};
use super::place::Placed;
use crate::model::trade_to_trade::{self, Joining};
use crate::panel::ReturnColumn;

/// Returns of one event's security, and the regressors of its expected return, on the sessions of its market.
pub(super) struct Inputs<'a> {
    pub own: &'a ReturnColumn,
    pub market: &'a Market,
    pub grid: &'a Grid,
    /// The regressors where the event has securities of its own to be set against; else they are the market's.
    pub controls: Option<(&'a Controls, &'a Control)>,
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
    /// `count` slices; None when one is missing.
    fn collect(count: usize, mut slices: impl Iterator<Item = Option<&'a [f64]>>) -> Option<Self> {
        match count {
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

impl<'a> Inputs<'a> {
    /// Inputs of a placed event; None when its security has no return on the market's sessions.
    pub fn of(markets: &'a Markets, placed: &Placed) -> Option<Self> {
        let (market, grid) = markets.at(placed.market)?;
        let controls = markets.controls.of(placed).map(|control| (&markets.controls, control));
        Some(Self { own: grid.security(placed.symbol)?, market, grid, controls })
    }

    /// The regressors, in the order of the fit's slopes.
    pub fn regressors(&self) -> impl Iterator<Item = &'a ReturnColumn> {
        let of_market = if self.controls.is_some() { &[][..] } else { self.market.regressors.as_slice() };
        of_market.iter().chain(self.controls.into_iter().flat_map(|(controls, control)| controls.columns(control)))
    }

    /// Number of regressors.
    pub fn width(&self) -> usize {
        match self.controls {
            Some((_, control)) => control.fit.weights.len(),
            None => self.market.regressors.len() + usize::from(self.market.trades.is_some()),
        }
    }

    /// The columns that a fit needs on each estimation day.
    fn fitted(&self) -> impl Iterator<Item = &'a ReturnColumn> {
        self.regressors().chain(&self.market.neighbours)
    }

    /// Number of these.
    fn fitted_width(&self) -> usize {
        let own = self.controls.map_or(self.market.regressors.len(), |(_, control)| control.fit.weights.len());
        own + self.market.neighbours.len()
    }

    /// Return of the security that ends with a session's trade, the benchmark's over the same sessions, and how many these are; None without
    /// a trade, or when the benchmark lacks one of them.
    fn trade(&self, position: usize, joining: Joining) -> Option<(f64, f64, f64)> {
        let own = self.own.at(position)?;
        let market = self.market.regressors.first()?;
        let from = self.own.quote_before(position).map_or(position, |before| before + 1);
        let span = trade_to_trade::compound((from..=position).map(|session| market.at(session)), joining)?;
        Some((own, span, (position + 1 - from) as f64))
    }

    /// The security's return of a session, with the regressors' values put after those in `row`; None, with zeros for values that aren't
    /// there, when one of them is missing.
    ///
    /// From trade to trade the row is the benchmark's return over the sessions since the trade before, and how many these are.
    pub fn at(&self, position: usize, row: &mut Vec<f64>) -> Option<f64> {
        if let Some(joining) = self.market.trades {
            let found = self.trade(position, joining);
            row.extend(found.map_or([0.0, 0.0], |(_, market, sessions)| [market, sessions]));
            return found.map(|(own, _, _)| own);
        }
        let mut whole = true;
        row.extend(self.regressors().map(|regressor| {
            let value = regressor.at(position);
            whole &= value.is_some();
            value.unwrap_or_default()
        }));
        self.own.at(position).filter(|_| whole)
    }

    /// Paired returns of `count` sessions from `from` on.
    pub fn gather(&self, from: usize, count: usize, buffers: &'a mut Buffers) -> Runs<'a> {
        if let Some(joining) = self.market.trades {
            return self.gather_trades(from, count, joining, buffers);
        }
        let whole = self.own.run(from, count);
        let regressors = Regressors::collect(self.fitted_width(), self.fitted().map(|regressor| regressor.run(from, count)));
        if let (Some(own), Some(regressors)) = (whole, regressors) {
            return Runs { own, regressors, days: None };
        }
        buffers.own.clear();
        buffers.days.clear();
        buffers.regressors.resize(self.fitted_width(), Vec::new());
        buffers.regressors.iter_mut().for_each(Vec::clear);
        for day in 0..count {
            let position = from + day;
            let there = self.fitted().all(|regressor| regressor.at(position).is_some());
            let Some(own) = self.own.at(position).filter(|_| there) else { continue };
            buffers.own.push(own);
            buffers.days.push(u32::try_from(day).unwrap_or(u32::MAX));
            for (buffer, regressor) in buffers.regressors.iter_mut().zip(self.fitted()) {
                buffer.push(regressor.at(position).unwrap_or_default());
            }
        }
        let regressors = Regressors::Several(buffers.regressors.iter().map(Vec::as_slice).collect());
        Runs { own: &buffers.own, regressors, days: Some(&buffers.days) }
    }

    /// Returns from trade to trade of the trades on `count` sessions from `from` on: the regressors are the benchmark's over the same
    /// sessions, and how many these are.
    fn gather_trades(&self, from: usize, count: usize, joining: Joining, buffers: &'a mut Buffers) -> Runs<'a> {
        buffers.own.clear();
        buffers.days.clear();
        buffers.regressors.resize(2, Vec::new());
        buffers.regressors.iter_mut().for_each(Vec::clear);
        for day in 0..count {
            let Some((own, market, sessions)) = self.trade(from + day, joining) else { continue };
            buffers.own.push(own);
            buffers.days.push(u32::try_from(day).unwrap_or(u32::MAX));
            for (buffer, value) in buffers.regressors.iter_mut().zip([market, sessions]) {
                buffer.push(value);
            }
        }
        let days = (buffers.days.len() < count).then_some(buffers.days.as_slice());
        let regressors = Regressors::Several(buffers.regressors.iter().map(Vec::as_slice).collect());
        Runs { own: &buffers.own, regressors, days }
    }
}
