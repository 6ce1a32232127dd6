//! Prices made up: a market, and securities that follow it with shocks of their own.
//!
//! `R_it = β_i R_mt + σ_i (√ρ f_t + √(1−ρ) e_it)`: `R_m` normal, the common shock `f` and the own ones `e` with the tails asked for, all
//! independent, variance 1. Two securities' residuals are correlated ρ on each day, which matters to the tests when their events share
//! days. β is normal, σ log-normal about its median. A return below −95 % is taken for −95 %.
//!
//! Every replication draws a world of its own, so that replications are independent, also when all events of one share a date: from one
//! panel there would be no more independent samples than dates.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::variate::{Tails, Variates};
use super::world::{DrawnEvent, DrawnSecurity, World, positions};
use super::{Dates, LOWEST, MADE_UP_DONORS, SimulationDesign, SimulationError};

/// What made-up returns are like; every return a simple one, a fraction a session.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Generator {
    /// Sessions from which dates are drawn, at least those of estimation and event window.
    pub sessions: usize,
    /// Mean of the market's return.
    pub market_mean: f64,
    /// Its standard deviation.
    pub market_deviation: f64,
    /// Mean of the betas.
    pub beta: f64,
    /// Their standard deviation.
    pub beta_deviation: f64,
    /// Median of the securities' residual standard deviations.
    pub sigma: f64,
    /// Standard deviation of their logarithms; 0 for the same one everywhere.
    pub sigma_spread: f64,
    /// Correlation of the residuals of two securities on one day, from 0 to below 1.
    pub correlation: f64,
    /// Tails of the shocks.
    pub tails: Tails,
}

impl Generator {
    /// Four years of a market like that of large American shares: 0.04 % a session with a standard deviation of 1 %, betas 1 ± 0.3,
    /// residuals of 2 % (their logarithms ± 0.3), uncorrelated, normal.
    pub const USUAL: Generator = Generator {
        sessions: 1000,
        market_mean: 0.0004,
        market_deviation: 0.01,
        beta: 1.0,
        beta_deviation: 0.3,
        sigma: 0.02,
        sigma_spread: 0.3,
        correlation: 0.0,
        tails: Tails::Normal,
    };

    pub(super) fn check(&self, design: &SimulationDesign) -> Result<(), SimulationError> {
        let unusable = |name: &'static str, value: f64, allowed: &'static str| Err(SimulationError::Generator { name, value, allowed });
        if !(0.0..1.0).contains(&self.correlation) {
            return unusable("correlation", self.correlation, "from 0 to below 1");
        }
        if let Tails::Student(degrees) = self.tails
            && !(degrees > 2.0 && degrees.is_finite())
        {
            return unusable("tails", degrees, "degrees of freedom above 2, or there is no variance");
        }
        for (name, value) in [("sigma", self.sigma), ("market-deviation", self.market_deviation)] {
            if !(value > 0.0 && value < 1.0) {
                return unusable(name, value, "above 0 and below 1 (fractions: 0.02 is 2 %)");
            }
        }
        for (name, value) in [("sigma-spread", self.sigma_spread), ("beta-deviation", self.beta_deviation)] {
            if !(0.0..=10.0).contains(&value) {
                return unusable(name, value, "from 0 to 10");
            }
        }
        for (name, value) in [("beta", self.beta), ("market-mean", self.market_mean)] {
            if !value.is_finite() {
                return unusable(name, value, "a number");
            }
        }
        let windows = design.windows;
        let needed = windows.event().last().max(0).saturating_sub(windows.estimation().first()) as usize + 1;
        if self.sessions < needed {
            return Err(SimulationError::TooShort { sessions: self.sessions, needed });
        }
        // About 250 years of dates, and a bound on the memory.
        if self.sessions > 65_000 {
            return unusable("sessions", self.sessions as f64, "at most 65000");
        }
        Ok(())
    }

    /// Weekdays from 3 January 2000 on.
    pub(super) fn dates(&self) -> Vec<NaiveDate> {
        let start = NaiveDate::from_ymd_opt(2000, 1, 3).unwrap_or_default();
        let days = (0..).map_while(|day| start.checked_add_days(Days::new(day)));
        days.filter(|date| !matches!(date.weekday(), Weekday::Sat | Weekday::Sun)).take(self.sessions).collect()
    }

    /// One replication's market, securities and events: each event has a security of its own.
    pub(super) fn draw<'a>(&self, design: &SimulationDesign, dates: &'a [NaiveDate], variates: &mut Variates) -> World<'a> {
        let market: Vec<f64> =
            (0..self.sessions).map(|_| (self.market_mean + self.market_deviation * variates.normal()).max(LOWEST)).collect();
        // Without correlation nothing is common, and nothing need be drawn.
        let common: Vec<f64> = if self.correlation > 0.0 {
            (0..self.sessions).map(|_| self.correlation.sqrt() * variates.shock(self.tails)).collect()
        } else {
            vec![0.0; self.sessions]
        };
        let own_share = (1.0 - self.correlation).sqrt();
        let (before, after) = design.reach();
        let places = self.sessions - before - after;
        let shared = before + variates.position(places);
        let mut world = World { dates, market: market.into(), securities: Vec::new(), events: Vec::new() };
        for number in 0..design.events {
            let zero = match design.dates {
                Dates::Scattered => before + variates.position(places),
                Dates::Clustered => shared,
            };
            let beta = self.beta + self.beta_deviation * variates.normal();
            let sigma = self.sigma * (self.sigma_spread * variates.normal()).exp();
            let first = zero - before;
            let shocks = common.iter().skip(first).take(before + after + 1);
            let residuals: Vec<f64> = shocks.map(|common| sigma * (common + own_share * variates.shock(self.tails))).collect();
            let days = world.market.iter().skip(first).zip(&residuals);
            let returns = days.map(|(market, residual)| Some((beta * market + residual).max(LOWEST))).collect();
            let mut added = Vec::new();
            if design.event_variance > 1.0 {
                let tested = positions(before, design.headline).and_then(|positions| residuals.get(positions));
                added.extend(tested.into_iter().flatten().map(|residual| design.excess() * residual));
            }
            world.securities.push(DrawnSecurity { symbol: format!("S{number}"), first, returns });
            world.events.push(DrawnEvent { security: number, zero, added });
        }
        let donors = if design.needs_donors() { MADE_UP_DONORS } else { 0 };
        for number in 0..donors {
            let beta = self.beta + self.beta_deviation * variates.normal();
            let sigma = self.sigma * (self.sigma_spread * variates.normal()).exp();
            let days = world.market.iter().zip(&common);
            let of_day = |(market, common): (&f64, &f64)| beta * market + sigma * (common + own_share * variates.shock(self.tails));
            let returns = days.map(of_day).map(|value| Some(value.max(LOWEST))).collect();
            world.securities.push(DrawnSecurity { symbol: format!("D{number}"), first: 0, returns });
        }
        world
    }
}
