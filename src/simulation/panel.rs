//! Real prices as the population from which samples are drawn: which securities can have an event on which sessions.
//!
//! As in Brown & Warner (1985, *Journal of Financial Economics* 14, 3–31): a security is drawn, every one as likely as every other, then
//! one of the sessions on which its windows are in the data (all returns of the event window, and enough of the estimation window).
//! A security may come twice in a sample, but its event windows share no session. On one common date every security comes once at most.

use rayon::prelude::*;

use super::variate::Variates;
use super::world::{DrawnEvent, DrawnSecurity, World, positions};
use super::{Dates, MOST_DONORS, SimulationDesign, SimulationError};
use crate::panel::ReturnColumn;
use crate::series::{PriceBook, ReturnKind};
use crate::stats::ols;

/// Securities with the sessions that can be their day 0.
#[derive(Debug, Clone)]
pub(super) struct SecurityPanel {
    pub dates: Vec<chrono::NaiveDate>,
    market: Vec<f64>,
    securities: Vec<Security>,
    /// Sessions on which a whole sample can have its events, for samples on a common date.
    common: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Security {
    symbol: String,
    returns: ReturnColumn,
    /// First position and number of sessions of each run of places, rising.
    runs: Vec<(usize, usize)>,
    places: usize,
}

impl Security {
    /// The place of that number.
    fn place(&self, number: usize) -> Option<usize> {
        let mut left = number;
        for (first, count) in &self.runs {
            if left < *count {
                return Some(first + left);
            }
            left -= count;
        }
        None
    }

    fn can_have(&self, zero: usize) -> bool {
        let after = self.runs.partition_point(|(first, _)| *first <= zero);
        after.checked_sub(1).and_then(|run| self.runs.get(run)).is_some_and(|(first, count)| zero - first < *count)
    }
}

impl SecurityPanel {
    /// The securities of a book beside the benchmark.
    pub fn new(design: &SimulationDesign, book: &PriceBook) -> Result<Self, SimulationError> {
        let benchmark = book.get(&design.benchmark).map_err(SimulationError::Benchmark)?;
        let dates = benchmark.dates().to_vec();
        let column = ReturnColumn::of_prices(benchmark, &dates, ReturnKind::Simple);
        let market: Vec<f64> = (0..dates.len()).map(|position| column.at(position).unwrap_or(f64::NAN)).collect();
        let (before, after) = design.reach();
        let others: Vec<_> = book.iter().filter(|(symbol, _)| *symbol != design.benchmark).collect();
        if others.is_empty() {
            return Err(SimulationError::NoSecurity { benchmark: design.benchmark.clone() });
        }
        // One session more: the first has a price and no return.
        if dates.len() < before + after + 1 {
            return Err(SimulationError::TooShort { sessions: dates.len(), needed: before + after + 1 });
        }
        let all: Vec<Option<Security>> = others
            .par_iter()
            .map(|(symbol, series)| {
                let returns = ReturnColumn::of_prices(series, &dates, ReturnKind::Simple);
                let runs = find_places(design, &returns, &market);
                let places = runs.iter().map(|(_, count)| count).sum();
                (places > 0).then(|| Security { symbol: (*symbol).to_owned(), returns, runs, places })
            })
            .collect();
        let mut panel = Self { dates, market, securities: all.into_iter().flatten().collect(), common: Vec::new() };
        panel.check_room(design)?;
        Ok(panel)
    }

    /// Number of securities that can have an event.
    pub fn securities(&self) -> usize {
        self.securities.len()
    }

    fn check_room(&mut self, design: &SimulationDesign) -> Result<(), SimulationError> {
        let length = design.windows.event().days();
        let room: usize = match design.dates {
            // An event takes the places nearer than the length of its window: so many fit wherever the first ones fall.
            Dates::Scattered => self.securities.iter().map(|security| security.places.div_ceil(2 * length - 1)).sum(),
            Dates::Clustered => {
                let mut counts = vec![0_usize; self.dates.len()];
                for (first, count) in self.securities.iter().flat_map(|security| &security.runs) {
                    counts.iter_mut().skip(*first).take(*count).for_each(|held| *held += 1);
                }
                let enough = counts.iter().enumerate().filter(|(_, count)| **count >= design.events);
                self.common = enough.map(|(position, _)| position).collect();
                counts.into_iter().max().unwrap_or(0)
            }
        };
        if room < design.events { Err(SimulationError::NoRoom { events: design.events, room, dates: design.dates }) } else { Ok(()) }
    }

    /// One replication's securities and events.
    pub fn draw(&self, design: &SimulationDesign, variates: &mut Variates) -> World<'_> {
        let chosen: Vec<(usize, usize)> = match design.dates {
            Dates::Scattered => self.choose_scattered(design, variates),
            Dates::Clustered => self.choose_clustered(design, variates),
        };
        let (before, after) = design.reach();
        let mut world = World { dates: &self.dates, market: self.market.as_slice().into(), securities: Vec::new(), events: Vec::new() };
        let mut by_security = chosen;
        by_security.sort_unstable();
        for run in by_security.chunk_by(|left, right| left.0 == right.0) {
            let (Some((number, earliest)), Some((_, latest))) = (run.first(), run.last()) else { continue };
            let Some(security) = self.securities.get(*number) else { continue };
            let first = earliest - before;
            let returns = (first..latest + after + 1).map(|position| security.returns.at(position)).collect();
            for (_, zero) in run {
                let added = if design.event_variance > 1.0 { self.scale_residuals(design, security, *zero) } else { None };
                world.events.push(DrawnEvent { security: world.securities.len(), zero: *zero, added: added.unwrap_or_default() });
            }
            world.securities.push(DrawnSecurity { symbol: security.symbol.clone(), first, returns });
        }
        if design.needs_donors() {
            let mut others: Vec<usize> =
                (0..self.securities.len()).filter(|number| by_security.binary_search_by_key(number, |(held, _)| *held).is_err()).collect();
            let count = others.len().min(MOST_DONORS);
            for place in 0..count {
                let other = place + variates.position(others.len() - place);
                others.swap(place, other);
            }
            for security in others.iter().take(count).filter_map(|number| self.securities.get(*number)) {
                let returns = (0..self.dates.len()).map(|position| security.returns.at(position)).collect();
                world.securities.push(DrawnSecurity { symbol: security.symbol.clone(), first: 0, returns });
            }
        }
        world
    }

    /// Securities (their positions) with sessions.
    fn choose_scattered(&self, design: &SimulationDesign, variates: &mut Variates) -> Vec<(usize, usize)> {
        let length = design.windows.event().days();
        let mut chosen: Vec<(usize, usize)> = Vec::with_capacity(design.events);
        // There is room for all wherever the first ones fall, so that this ends.
        while chosen.len() < design.events {
            let number = variates.position(self.securities.len());
            let Some(security) = self.securities.get(number) else { continue };
            let Some(zero) = security.place(variates.position(security.places)) else { continue };
            if chosen.iter().all(|(other, place)| *other != number || place.abs_diff(zero) >= length) {
                chosen.push((number, zero));
            }
        }
        chosen
    }

    fn choose_clustered(&self, design: &SimulationDesign, variates: &mut Variates) -> Vec<(usize, usize)> {
        let Some(zero) = self.common.get(variates.position(self.common.len())) else { return Vec::new() };
        let mut able: Vec<usize> =
            self.securities.iter().enumerate().filter(|(_, security)| security.can_have(*zero)).map(|(number, _)| number).collect();
        // The first places of a random order (Fisher & Yates; Durstenfeld 1964).
        for place in 0..design.events.min(able.len()) {
            let other = place + variates.position(able.len() - place);
            able.swap(place, other);
        }
        able.into_iter().take(design.events).map(|number| (number, *zero)).collect()
    }

    /// What event-induced variance adds to each day of the headline window: a multiple of the market model's residual there. None when the
    /// model can't be fitted.
    fn scale_residuals(&self, design: &SimulationDesign, security: &Security, zero: usize) -> Option<Vec<f64>> {
        let pair = |position: usize| {
            let benchmark = self.market.get(position).filter(|value| value.is_finite())?;
            Some((security.returns.at(position)?, *benchmark))
        };
        let (own, market): (Vec<f64>, Vec<f64>) = positions(zero, design.windows.estimation())?.filter_map(pair).unzip();
        let line = ols::fit(&own, &[&market], true).ok()?;
        let [alpha, beta] = line.coefficients.as_slice() else { return None };
        let residual = |position| pair(position).map_or(0.0, |(own, market)| own - alpha - beta * market);
        Some(positions(zero, design.headline)?.map(|position| design.excess() * residual(position)).collect())
    }
}

/// Runs of sessions that can be a day 0.
fn find_places(design: &SimulationDesign, returns: &ReturnColumn, market: &[f64]) -> Vec<(usize, usize)> {
    let (before, after) = design.reach();
    // Pairs of returns before each position.
    let mut paired = Vec::with_capacity(market.len() + 1);
    let mut count = 0_usize;
    paired.push(count);
    for (position, benchmark) in market.iter().enumerate() {
        count += usize::from(benchmark.is_finite() && returns.at(position).is_some());
        paired.push(count);
    }
    let count_in = |range: std::ops::Range<usize>| Some(paired.get(range.end)? - paired.get(range.start)?);
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for zero in before..market.len().saturating_sub(after) {
        let whole = positions(zero, design.windows.event()).and_then(count_in) == Some(design.windows.event().days());
        let enough = positions(zero, design.windows.estimation()).and_then(count_in).is_some_and(|found| found >= design.least_estimation);
        if !(whole && enough) {
            continue;
        }
        match runs.last_mut() {
            Some((first, count)) if *first + *count == zero => *count += 1,
            _ => runs.push((zero, 1)),
        }
    }
    runs
}
