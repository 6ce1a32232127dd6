//! The tests for windows of months and years, of every window and set of events: alphas of calendar-time portfolios, pooled
//! standardised returns clustered two ways, and the bootstrap of the BHARs ([`crate::inference::calendar_time_alpha`],
//! [`crate::inference::long_horizon`]).
//!
//! The portfolio's factors are the model's regressors: its factors, or the benchmark's return (also under models without a regressor).
//! Events of several benchmarks have no portfolio together. A portfolio's return is a mean of simple returns, and the factors are simple
//! ones beside it, also in a study of log returns.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::SampleDesign;
use super::cell::Sets;
use super::estimate::Estimates;
use super::market::{Grid, Market, Markets};
use super::place::{Placed, moved};
use super::result::GroupResult;
use super::test::adjust;
use crate::event::list::{CharacteristicValues, EventList};
use crate::inference::TestOutcome;
use crate::inference::calendar_time_alpha::{AlphaKind, CalendarPortfolio, PortfolioAlpha, portfolio_alpha};
use crate::inference::long_horizon::{bhar_bootstrap, standardised_clustered};
use crate::panel::ReturnColumn;
use crate::series::ReturnKind;
use crate::window::Window;

/// Most standardised returns that are pooled at once (1 GB with their clusters).
const MOST_POOLED: usize = 30_000_000;

/// The calendar periods of portfolios.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PortfolioPeriod {
    /// Sessions.
    #[default]
    Day,
    /// Months: the portfolio holds the events whose window covers all of a month's sessions.
    Month,
}

/// What the tests for long windows are to do.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LongHorizon {
    /// Periods of the calendar-time portfolios.
    pub period: PortfolioPeriod,
    /// Column of the event file whose values weight the events of a portfolio; None for equal parts alone.
    pub weights: Option<String>,
}

/// A calendar-time portfolio's alpha over one window.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarAlpha {
    /// Portfolio and fit.
    pub kind: AlphaKind,
    /// Events that the portfolio can't hold, as they have no weight.
    pub without_weight: usize,
    /// Names of the factors, in the order of the loadings.
    pub factors: Vec<String>,
    /// The alpha, or why there is none, in words.
    pub outcome: Result<PortfolioAlpha, String>,
}

impl Serialize for CalendarAlpha {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            name: &'static str,
            without_weight: usize,
            factors: &'a [String],
            #[serde(flatten)]
            alpha: Option<&'a PortfolioAlpha>,
            #[serde(skip_serializing_if = "Option::is_none")]
            inapplicable: Option<&'a str>,
        }
        let inapplicable = self.outcome.as_ref().err().map(String::as_str);
        let Self { kind, without_weight, factors, outcome } = self;
        Written { name: kind.name(), without_weight: *without_weight, factors, alpha: outcome.as_ref().ok(), inapplicable }
            .serialize(serializer)
    }
}

/// Weights of the events of a list, above 0; None where an event has none. Empty without a column of that name.
pub(super) fn weights_of(list: &EventList, column: &str) -> Option<Vec<Option<f64>>> {
    let held = list.characteristics.iter().find(|held| held.name.eq_ignore_ascii_case(column))?;
    match &held.values {
        CharacteristicValues::Numbers(numbers) => {
            Some(numbers.iter().map(|number| number.filter(|number| *number > 0.0 && number.is_finite())).collect())
        }
        CharacteristicValues::Texts(_) => None,
    }
}

/// Adds the tests for long windows to every window of every set, adjusted for the number of windows.
pub(super) fn add(
    design: &SampleDesign,
    list: &EventList,
    markets: &Markets,
    estimates: &Estimates,
    sets: &Sets,
    groups: &mut [GroupResult],
) {
    let Some(asked) = &design.long_horizon else { return };
    let weights = asked.weights.as_deref().and_then(|column| weights_of(list, column));
    for group in groups {
        let Some((_, members)) = sets.sets.iter().find(|(name, _)| *name == group.group) else { continue };
        let study = Study { design, markets, estimates, members, weights: weights.as_deref(), period: asked.period };
        let mut measured = Vec::with_capacity(group.windows.len());
        for window in &group.windows {
            let alphas = study.alphas(window.window);
            let mut tests: Vec<TestOutcome> = alphas.iter().map(test_of).collect();
            tests.push(study.pooled(window.window));
            tests.push(study.bootstrap(window.window));
            measured.push((alphas, tests));
        }
        for (window, (alphas, tests)) in group.windows.iter_mut().zip(adjust(measured)) {
            window.alphas = alphas;
            window.tests.extend(tests);
        }
    }
}

fn test_of(alpha: &CalendarAlpha) -> TestOutcome {
    match &alpha.outcome {
        Ok(found) => found.test(alpha.kind),
        Err(reason) => TestOutcome::inapplicable(alpha.kind.name(), reason.clone()),
    }
}

/// One set of events.
struct Study<'a> {
    design: &'a SampleDesign,
    markets: &'a Markets,
    estimates: &'a Estimates,
    members: &'a [usize],
    weights: Option<&'a [Option<f64>]>,
    period: PortfolioPeriod,
}

/// What a portfolio holds in one period.
#[derive(Default, Clone, Copy)]
struct Holding {
    sum: f64,
    count: u32,
    weighted_sum: f64,
    weight: f64,
    weighted_count: u32,
}

impl Holding {
    fn add(&mut self, value: f64, weight: Option<f64>) {
        self.sum += value;
        self.count += 1;
        if let Some(weight) = weight {
            self.weighted_sum += weight * value;
            self.weight += weight;
            self.weighted_count += 1;
        }
    }
}

impl Study<'_> {
    fn alphas(&self, window: Window) -> Vec<CalendarAlpha> {
        let mut kinds = vec![AlphaKind::Equal, AlphaKind::EqualWeightedFit];
        kinds.extend(self.weights.map(|_| AlphaKind::Value));
        let found = self.market().map(|(market, grid)| (market, self.portfolios(window, market, grid)));
        let alpha = |kind: AlphaKind| {
            let weighted = kind == AlphaKind::Value;
            let without_weight = if weighted { self.members.iter().filter(|member| self.weight(**member).is_none()).count() } else { 0 };
            let (factors, outcome) = match &found {
                Ok((market, [equal, value])) => {
                    let portfolio = if weighted { value } else { equal };
                    (self.factor_names(market), portfolio_alpha(portfolio, kind))
                }
                Err(reason) => (Vec::new(), Err(reason.clone())),
            };
            CalendarAlpha { kind, without_weight, factors, outcome }
        };
        kinds.into_iter().map(alpha).collect()
    }

    /// Names of the market's regressors.
    fn factor_names(&self, market: &Market) -> Vec<String> {
        let named: Vec<String> = match (&self.design.factors, self.design.model.factor_names()) {
            (_, Some(names)) => names.iter().map(|name| (*name).to_owned()).collect(),
            (Some(table), None) if self.design.model.needs_factors() => table.names(),
            _ => Vec::new(),
        };
        if named.len() == market.regressors.len() {
            return named;
        }
        let benchmark = &market.benchmark;
        (0..market.regressors.len()).map(|place| if place == 0 { benchmark.clone() } else { format!("{benchmark} ({place})") }).collect()
    }

    /// The market that all events share.
    fn market(&self) -> Result<(&Market, &Grid), String> {
        let of = |member: &usize| self.estimates.placed.get(*member).map(|placed| placed.market);
        let first = self.members.first().and_then(of).ok_or("no events")?;
        if self.members.iter().any(|member| of(member) != Some(first)) {
            return Err("the events have several benchmarks, and one portfolio has one: study them apart".to_owned());
        }
        self.markets.at(first).ok_or_else(|| "the benchmark has no sessions".to_owned())
    }

    fn weight(&self, member: usize) -> Option<f64> {
        let placed = self.estimates.placed.get(member)?;
        self.weights?.get(placed.event).copied().flatten()
    }

    /// Portfolio in equal parts, and by value.
    fn portfolios(&self, window: Window, market: &Market, grid: &Grid) -> [CalendarPortfolio; 2] {
        let dates = grid.sessions.dates();
        let (holdings, spans): (Vec<Holding>, Vec<(usize, usize)>) = match self.period {
            PortfolioPeriod::Day => (self.hold_days(window, dates.len()), (0..dates.len()).map(|day| (day, day + 1)).collect()),
            PortfolioPeriod::Month => {
                let months = months(dates);
                let holdings = self.hold_months(window, &months);
                (holdings, months)
            }
        };
        let mut portfolios = [CalendarPortfolio::default(), CalendarPortfolio::default()];
        for portfolio in &mut portfolios {
            portfolio.factors = vec![Vec::new(); market.regressors.len()];
        }
        for (holding, (from, upto)) in holdings.iter().zip(spans) {
            let factors: Option<Vec<f64>> = market.regressors.iter().map(|factor| self.compound(factor, from, upto)).collect();
            let Some(factors) = factors.filter(|_| holding.count > 0) else { continue };
            let [equal, value] = &mut portfolios;
            let equally = (equal, holding.sum / f64::from(holding.count), holding.count);
            let by_value = (value, holding.weighted_sum / holding.weight, holding.weighted_count);
            for (portfolio, return_, held) in [equally, by_value] {
                if held == 0 {
                    continue;
                }
                portfolio.returns.push(return_);
                portfolio.held.push(held);
                for (column, factor) in portfolio.factors.iter_mut().zip(&factors) {
                    column.push(*factor);
                }
            }
        }
        portfolios
    }

    fn hold_days(&self, window: Window, sessions: usize) -> Vec<Holding> {
        let mut holdings = vec![Holding::default(); sessions];
        for member in self.members {
            let Some((placed, own)) = self.returns(*member) else { continue };
            let weight = self.weight(*member);
            for day in window.iter() {
                let position = moved(placed.zero, day);
                if let (Some(own), Some(holding)) = (self.compound(own, position, position + 1), holdings.get_mut(position)) {
                    holding.add(own, weight);
                }
            }
        }
        holdings
    }

    /// An event's place and its security's returns.
    fn returns(&self, member: usize) -> Option<(&Placed, &ReturnColumn)> {
        let placed = self.estimates.placed.get(member)?;
        let (_, grid) = self.markets.at(placed.market)?;
        Some((placed, grid.security(placed.symbol)?))
    }

    /// Each event's return of the months that its window covers and that have all their returns.
    fn hold_months(&self, window: Window, months: &[(usize, usize)]) -> Vec<Holding> {
        let mut holdings = vec![Holding::default(); months.len()];
        for member in self.members {
            let Some((placed, column)) = self.returns(*member) else { continue };
            let (first, last) = (moved(placed.zero, window.first()), moved(placed.zero, window.last()));
            let begun = months.partition_point(|(from, _)| *from < first);
            for (holding, (from, upto)) in holdings.iter_mut().zip(months).skip(begun).take_while(|(_, (_, upto))| *upto <= last + 1) {
                if let Some(own) = self.compound(column, *from, *upto) {
                    holding.add(own, self.weight(*member));
                }
            }
        }
        holdings
    }

    /// The return over sessions, all of which must have one.
    fn compound(&self, column: &ReturnColumn, from: usize, upto: usize) -> Option<f64> {
        let run = column.run(from, upto - from)?;
        Some(match (run, self.design.rule.returns) {
            ([one], ReturnKind::Simple) => *one,
            (_, ReturnKind::Simple) => run.iter().map(|value| 1.0 + value).product::<f64>() - 1.0,
            (_, ReturnKind::Log) => run.iter().sum::<f64>().exp_m1(),
        })
    }

    /// The pooled standardised abnormal returns.
    fn pooled(&self, window: Window) -> TestOutcome {
        let columns = || self.estimates.abnormal.iter().filter(|column| window.contains(column.day));
        let most = self.members.len().saturating_mul(window.days());
        if most > MOST_POOLED {
            let reason = format!("{} events over {} days are more returns than are held in memory", self.members.len(), window.days());
            return TestOutcome::inapplicable("standardised-clustered", reason);
        }
        let (mut values, mut days, mut firms) = (Vec::with_capacity(most), Vec::with_capacity(most), Vec::with_capacity(most));
        for column in columns() {
            for member in self.members.iter().filter(|member| column.present.get(**member) == Some(&true)) {
                let (Some(placed), Some(value), Some(error)) =
                    (self.estimates.placed.get(*member), column.value.get(*member), column.standard_error.get(*member))
                else {
                    continue;
                };
                let place = self.markets.at(placed.market).and_then(|(_, grid)| grid.calendar.get(moved(placed.zero, column.day)));
                let Some(place) = place else { continue };
                values.push(value / error);
                days.push(*place);
                firms.push(placed.symbol);
            }
        }
        standardised_clustered(&values, &days, &firms)
    }

    fn bootstrap(&self, window: Window) -> TestOutcome {
        let held = self.estimates.cars.iter().find(|column| column.window == window);
        let bhars: Vec<f64> = self.members.iter().filter_map(|member| held?.bhar.get(*member)).copied().collect();
        bhar_bootstrap(&bhars, self.design.draws, self.design.seed)
    }
}

/// Positions of each calendar month's first session, and of the one after its last. The first and last month may be cut short by the data;
/// what there is of them counts as the month.
fn months(dates: &[NaiveDate]) -> Vec<(usize, usize)> {
    let mut spans: BTreeMap<(i32, u32), (usize, usize)> = BTreeMap::new();
    for (position, date) in dates.iter().enumerate() {
        let span = spans.entry((date.year(), date.month())).or_insert((position, position));
        span.1 = position + 1;
    }
    spans.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_runs_of_sessions() {
        let date = |text: &str| text.parse::<NaiveDate>().unwrap();
        let dates = ["2022-01-30", "2022-01-31", "2022-02-01", "2023-02-01", "2023-02-02"].map(date);
        assert_eq!(months(&dates), [(0, 2), (2, 3), (3, 5)]);
        assert!(months(&[]).is_empty());
    }
}
