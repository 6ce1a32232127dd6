//! How thinly the events' securities trade: shares of the estimation window without a return and with a return of zero, which hide that
//! nobody traded (Lesmond, Ogden & Trzcinka 1999, *Review of Financial Studies* 12(5), 1113–1141, doi:10.1093/rfs/12.5.1113).

use serde::Serialize;

use super::estimate::Estimates;
use super::input::Inputs;
use super::place::{Placed, moved};
use crate::stats::moment;

/// Share of estimation sessions without a return or with one of zero from which a security is called thinly traded. No standard says where
/// thin trading begins: this is a choice.
pub const THIN: f64 = 0.2;

/// How one event's security traded in the estimation window.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Trading {
    /// Share of its returns that are zero.
    pub zero: f64,
    /// Share of the sessions without a return.
    pub missing: f64,
}

impl Trading {
    pub fn of(placed: &Placed, inputs: &Inputs) -> Self {
        let estimation = placed.windows.estimation();
        let (from, days) = (moved(placed.zero, estimation.first()), estimation.days());
        let (returns, zeros) = match inputs.own.run(from, days) {
            Some(run) => (days, run.iter().filter(|value| **value == 0.0).count()),
            None => (from..from + days)
                .filter_map(|position| inputs.own.at(position))
                .fold((0, 0), |(returns, zeros), value| (returns + 1, zeros + usize::from(value == 0.0))),
        };
        Self {
            zero: zeros as f64 / f64::from(u32::try_from(returns.max(1)).unwrap_or(u32::MAX)),
            missing: 1.0 - returns as f64 / days as f64,
        }
    }

    /// Share of the sessions without a return or with one of zero.
    fn idle(self) -> f64 {
        self.missing + (1.0 - self.missing) * self.zero
    }
}

/// Quotes without a trade that were left out before anything was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct UntradedQuotes {
    /// Quotes left out because their volume was 0.
    pub quotes: usize,
    /// Securities that they belong to.
    pub securities: usize,
    /// Securities whose file has no volumes: nothing is known of their trades.
    pub without_volume: usize,
}

/// How thinly the used events' securities traded in their estimation windows.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ThinTrading {
    /// Returns were paired from trade to trade.
    pub trade_to_trade: bool,
    /// What was left out for want of volume; None when that wasn't asked for.
    pub untraded: Option<UntradedQuotes>,
    /// Mean over the events of the share of returns that are zero, a fraction.
    pub mean_zero_share: f64,
    /// The largest of them.
    pub largest_zero_share: f64,
    /// Mean of the share of sessions without a return.
    pub mean_missing_share: f64,
    /// The largest of them.
    pub largest_missing_share: f64,
    /// Events of which the two shares together are at least [`THIN`].
    pub thin_events: usize,
}

impl ThinTrading {
    pub(super) fn of(estimates: &Estimates, trade_to_trade: bool, untraded: Option<UntradedQuotes>) -> Self {
        let zero: Vec<f64> = estimates.trading.iter().map(|trading| trading.zero).collect();
        let missing: Vec<f64> = estimates.trading.iter().map(|trading| trading.missing).collect();
        let largest = |shares: &[f64]| shares.iter().copied().fold(0.0, f64::max);
        Self {
            trade_to_trade,
            untraded,
            mean_zero_share: moment::mean(&zero).unwrap_or_default(),
            largest_zero_share: largest(&zero),
            mean_missing_share: moment::mean(&missing).unwrap_or_default(),
            largest_missing_share: largest(&missing),
            thin_events: estimates.trading.iter().filter(|trading| trading.idle() >= THIN).count(),
        }
    }
}
