//! Placebo tests of a synthetic control: would securities without the event have done as much?
//!
//! Every donor in turn is treated as if the event had been its own: a synthetic control is fitted to it out of the other donors (the
//! security with the event stands in no placebo's pool), and its abnormal returns are taken over the same days. The tests are about ranks
//! among these:
//!
//! | name | statistic | p |
//! |---|---|---|
//! | `donor-placebo` | CAR | share of \|CAR\| at least as large, the event's own counted |
//! | `donor-placebo-rmspe` | RMSPE over the window / RMSPE over the estimation window | share of ratios at least as large, the event's own counted |
//! | `donor-placebo-groups` | φ, many events' mean CAR weighted by fit | the same among groups of placebos, drawn |
//!
//! p = (hits + 1) / (placebos + 1). The first two: Abadie, Diamond & Hainmueller (2010, *Journal of the American Statistical Association*
//! 105, 493–505, doi:10.1198/jasa.2009.ap08746; the ratio pp. 502–503), who count the same way. The ratio asks whether the
//! firm left its control further than it used to; \|CAR\| doesn't know how badly a placebo fitted before, so read the two together.
//!
//! The third: `φ = Σ (CAR_i / σ_i) / Σ (1 / σ_i)`, σ_i the RMSPE of event i over the estimation window (Acemoglu, Johnson, Kermani, Kwak &
//! Mitton 2016, *Journal of Financial Economics* 121, 368–391, doi:10.1016/j.jfineco.2015.10.001, there for one date). A draw puts one placebo in the place
//! of each event, on the event's own days, and takes φ of the group with the placebos' own σ; events with the same day 0 are given
//! different donors as long as there are any left, so that what moves all securities of a date stays in the null. A hit is a draw with
//! \|φ*\| ≥ \|φ\|, p = (hits + 1) / (draws + 1), but never below 1 / (groups + 1): a few events have no more groups of placebos than
//! their donors make, however many are drawn. Theirs are intervals from 5,000 such groups.

use serde::Serialize;

use crate::inference::placebo::FEWEST_DRAWS;
use crate::inference::resampling::{self, TIE};
use crate::inference::{Outcome, TestOutcome};

/// Name of the test of groups of placebos.
pub const GROUPS: &str = "donor-placebo-groups";

/// What a control leaves of one security over one window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WindowEffect {
    /// Sum of the abnormal returns, a fraction.
    pub car: f64,
    /// Root of their mean square over the window, a fraction a session.
    pub error: f64,
    /// The same over the estimation window.
    pub error_before: f64,
}

impl WindowEffect {
    /// Of abnormal returns over a window, with the RMSPE before. None for no day.
    pub fn of(abnormal: &[f64], error_before: f64) -> Option<Self> {
        let squares: f64 = abnormal.iter().map(|value| value * value).sum();
        let error = (squares / abnormal.len() as f64).sqrt();
        (!abnormal.is_empty()).then(|| Self { car: abnormal.iter().sum(), error, error_before })
    }

    /// RMSPE over the window, over that of the estimation window; None when there the control was exact.
    pub fn ratio(&self) -> Option<f64> {
        Some(self.error / self.error_before).filter(|ratio| ratio.is_finite())
    }
}

/// The two tests of one event over one window. Inapplicable under 19 placebos: the smallest p-value possible would be above 5 %. A placebo
/// whose control was exact before the event has no ratio and isn't counted there.
pub fn donor_placebo(event: &WindowEffect, placebos: &[WindowEffect]) -> [TestOutcome; 2] {
    let size = |effect: &WindowEffect| effect.car.abs();
    let cars: Vec<f64> = placebos.iter().map(size).collect();
    let ratios: Vec<f64> = placebos.iter().filter_map(WindowEffect::ratio).collect();
    let ratio = match event.ratio() {
        Some(ratio) => ranked("donor-placebo-rmspe", ratio, ratio, &ratios),
        None => TestOutcome::inapplicable(
            "donor-placebo-rmspe",
            "the synthetic control was exact before the event: there is no error to compare with",
        ),
    };
    [ranked("donor-placebo", event.car, size(event), &cars), ratio]
}

fn ranked(name: &'static str, statistic: f64, own: f64, others: &[f64]) -> TestOutcome {
    let draws = others.len();
    if draws < FEWEST_DRAWS {
        return TestOutcome::inapplicable(
            name,
            format!("{draws} donors can be placebos, fewer than {FEWEST_DRAWS}: widen the pool with --donors"),
        );
    }
    let hits = others.iter().filter(|other| **other >= own * (1.0 - TIE)).count();
    let p_value = (hits as f64 + 1.0) / (draws as f64 + 1.0);
    TestOutcome { name, outcome: Outcome::Computed { statistic, p_value, null: format!("{draws} donors as if treated"), n: draws } }
}

/// One event with its placebos, over one window.
#[derive(Debug, Clone, PartialEq)]
pub struct EventPlacebos {
    /// The event's own.
    pub effect: WindowEffect,
    /// Day 0, as a number that events of the same date share.
    pub date: u32,
    /// Donors (numbers) with their effects.
    pub placebos: Vec<(u32, WindowEffect)>,
}

/// The goodness-of-fit weighted mean CAR φ; None for no event or a control that was exact.
pub fn weighted_mean(effects: impl IntoIterator<Item = WindowEffect>) -> Option<f64> {
    let (mut sum, mut weights) = (0.0, 0.0);
    for effect in effects {
        sum += effect.car / effect.error_before;
        weights += 1.0 / effect.error_before;
    }
    Some(sum / weights).filter(|mean| mean.is_finite())
}

/// The test of φ against groups of placebos. n is the number of draws. Inapplicable for no event, an event without placebos (those exact before
/// the event have no weight, and are none), a control that was exact, and fewer than 19 draws.
pub fn donor_placebo_groups(events: &[EventPlacebos], draws: usize, seed: u64) -> TestOutcome {
    TestOutcome::from_result(GROUPS, drawn(events, draws, seed))
}

fn drawn(events: &[EventPlacebos], draws: usize, seed: u64) -> Result<TestOutcome, String> {
    let statistic = weighted_mean(events.iter().map(|event| event.effect));
    let statistic = statistic.ok_or("the synthetic control of an event was exact before it: it would have all the weight")?;
    let mut order: Vec<(u32, Vec<(usize, WindowEffect)>)> = Vec::with_capacity(events.len());
    let mut donors = 0;
    for (number, event) in events.iter().enumerate() {
        let usable: Vec<(usize, WindowEffect)> = event
            .placebos
            .iter()
            .filter(|(_, effect)| effect.error_before > 0.0)
            .map(|(donor, effect)| (*donor as usize, *effect))
            .collect();
        if usable.is_empty() {
            return Err(format!("event {} of {} has no donor that can be a placebo", number + 1, events.len()));
        }
        donors = usable.iter().map(|(donor, _)| donor + 1).fold(donors, usize::max);
        order.push((event.date, usable));
    }
    order.sort_by_key(|(date, _)| *date);
    let reached = statistic.abs() * (1.0 - TIE);
    let p = resampling::p_value(draws, seed, |generator| {
        let mut taken = vec![false; donors];
        let mut group = Vec::with_capacity(order.len());
        for run in order.chunk_by(|left, right| left.0 == right.0) {
            for (_, placebos) in run {
                let first = resampling::position(generator, placebos.len());
                let round = placebos.iter().skip(first).chain(placebos.iter().take(first));
                // All of them taken: the one drawn, a second time.
                let free = round.clone().find(|(donor, _)| taken.get(*donor) == Some(&false)).or(placebos.get(first));
                let Some((donor, effect)) = free else { continue };
                if let Some(slot) = taken.get_mut(*donor) {
                    *slot = true;
                }
                group.push(*effect);
            }
            taken.fill(false);
        }
        weighted_mean(group).is_none_or(|mean| mean.abs() >= reached)
    })?;
    let groups: f64 = order.iter().map(|(_, placebos)| placebos.len() as f64).product();
    let null = format!("{draws} groups of placebos, seed {seed}");
    Ok(TestOutcome::computed(GROUPS, statistic, Some(p.max(1.0 / (groups + 1.0))), null, draws))
}
