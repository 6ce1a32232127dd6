//! The controls of each event: the donors of its synthetic control and their weights, or the firms that it is matched with.
//!
//! They are found after the events are placed and before models are fitted, event by event in parallel. A security can be a control of
//! an event when
//!
//! - it is another one, and no benchmark;
//! - it has a return on every session of the event's estimation and event window (nothing is filled);
//! - no event of its own has an event window that shares a session with the event's.
//!
//! Of more than [`ControlDesign::most_donors`] donors those are taken whose returns correlate most with the security's in the estimation
//! window (a large pool follows noise); of the same correlation the first in the order of symbols. Weights, spread and tests: [`crate::model::control`], [`crate::inference::donor_placebo`].

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::estimate::{Estimates, block_length};
use super::market::Markets;
use super::place::{Placed, moved};
use super::single::MOST_TESTED;
use super::{SampleDesign, SampleError};
use crate::align::Exclusion;
use crate::event::list::EventList;
use crate::firm::{FirmTable, MatchRule};
use crate::inference::TestOutcome;
use crate::inference::donor_placebo::{EventPlacebos, WindowEffect, donor_placebo, donor_placebo_groups};
use crate::model::ExpectedReturnModel;
use crate::model::control::{ControlFit, PreEventFit, fit_equal, fit_synthetic};
use crate::panel::ReturnColumn;
use crate::series::{PriceBook, ReturnKind};
use crate::stats::moment;
use crate::stats::simplex::Products;
use crate::window::EventDay;

/// Most events of which the placebos' abnormal returns are kept day by day, for their chart.
const MOST_DRAWN: usize = 20;

/// From which other securities expected returns are formed, under the models that need any.
#[derive(Debug, Clone, PartialEq)]
pub struct ControlDesign {
    /// Which securities may be donors of a synthetic control.
    pub donors: DonorChoice,
    /// Most donors of one event.
    pub most_donors: usize,
    /// Firms with their characteristics and how they are matched; needed by the models of comparison firms.
    pub matching: Option<Matching>,
}

impl ControlDesign {
    /// Most donors when nothing else is asked for.
    pub const USUAL_DONORS: usize = 50;
}

impl Default for ControlDesign {
    fn default() -> Self {
        Self { donors: DonorChoice::All, most_donors: Self::USUAL_DONORS, matching: None }
    }
}

/// Which securities may be donors.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum DonorChoice {
    /// Every security of the prices.
    #[default]
    All,
    /// These symbols.
    Named(Vec<String>),
}

/// Firms and how they are matched.
#[derive(Debug, Clone, PartialEq)]
pub struct Matching {
    /// The firms' characteristics.
    pub table: FirmTable,
    /// The rule.
    pub rule: MatchRule,
}

/// The controls of a used event, as its result tells them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventControls {
    /// Securities with a weight, and their weights, the largest first.
    pub weights: Vec<ControlWeight>,
    /// Securities that could have been controls: with returns on every day, without an event of their own.
    pub eligible: usize,
    /// Of these, the donors among which weights were sought; for matched firms, all of them.
    pub donors: usize,
    /// Root of the mean squared abnormal return of the estimation window, a fraction.
    pub error: f64,
    /// 1 − Σe² / Σ(R − R̄)² of the estimation window; None when the security doesn't vary.
    pub r_squared: Option<f64>,
    /// Donors as if they had the event; none for matched firms, or when tests of single events weren't asked for.
    pub placebos: Vec<DonorEffect>,
    /// Donors that can't be placebos, because their own synthetic control can't be formed.
    pub placebos_left_out: usize,
    /// What the control leaves over each window of the study, beside the CAR the root of the mean square; None where the window has no day.
    pub windows: Vec<Option<WindowEffect>>,
    /// Days of the event window with a return.
    pub days: Vec<EventDay>,
    /// Abnormal returns cumulated from the first of these days on, fractions.
    pub cumulative: Vec<f64>,
}

/// The controls of all used events in a few numbers.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ControlSummary {
    /// Whether the controls are synthetic; else they are matched firms.
    pub synthetic: bool,
    /// Most donors allowed of one event.
    pub most_donors: usize,
    /// Events whose donors were the most alike of more.
    pub trimmed: usize,
    /// Least, median and largest number of securities that could have been controls.
    pub eligible: Extent,
    /// Of controls with a weight.
    pub weights: Extent,
    /// Of the errors (RMSPE) of the estimation window, fractions a session.
    pub error: Extent,
    /// Of R² of the estimation window; None when no security varies.
    pub r_squared: Option<Extent>,
    /// Donors that can't be placebos, of all events together.
    pub placebos_left_out: usize,
}

/// Least, median and largest value.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Extent {
    /// Least.
    pub least: f64,
    /// The middle one, or the mean of the two in the middle.
    pub median: f64,
    /// Largest.
    pub largest: f64,
}

impl Extent {
    fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.collect();
        sorted.sort_by(f64::total_cmp);
        let (least, largest) = sorted.first().copied().zip(sorted.last().copied())?;
        let (lower, upper) = (sorted.get((sorted.len() - 1) / 2)?, sorted.get(sorted.len() / 2)?);
        Some(Self { least, median: lower + (upper - lower) / 2.0, largest })
    }
}

impl ControlSummary {
    /// Of the used events; None under models without controls.
    pub(super) fn of(design: &SampleDesign, controls: &[EventControls]) -> Option<Self> {
        let extent = |of: fn(&EventControls) -> f64| Extent::of(controls.iter().map(of));
        Some(Self {
            synthetic: design.model == ExpectedReturnModel::SyntheticControl,
            most_donors: design.controls.most_donors,
            trimmed: controls.iter().filter(|held| held.donors < held.eligible).count(),
            eligible: extent(|held| held.eligible as f64)?,
            weights: extent(|held| held.weights.len() as f64)?,
            error: extent(|held| held.error)?,
            r_squared: Extent::of(controls.iter().filter_map(|held| held.r_squared)),
            placebos_left_out: controls.iter().map(|held| held.placebos_left_out).sum(),
        })
    }
}

/// A control and its weight.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ControlWeight {
    /// Symbol.
    pub symbol: String,
    /// Weight, a fraction.
    pub weight: f64,
    /// Distance from the event's firm, in standard deviations; None for donors.
    pub distance: Option<f64>,
}

/// A donor as if it had had the event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DonorEffect {
    /// Symbol.
    pub symbol: String,
    /// What its synthetic control leaves over each window of the study; None where the window has no day.
    pub windows: Vec<Option<WindowEffect>>,
    /// Abnormal returns cumulated over the event's days, fractions; empty in a study of more than 20 events.
    pub cumulative: Vec<f64>,
}

/// The controls of all events.
#[derive(Debug, Default)]
pub(super) struct Controls {
    /// By number in the event list; empty under models without controls.
    events: Vec<Option<Result<Control, Exclusion>>>,
    /// Securities that may be controls, one pool a grid.
    pools: Vec<Pool>,
    synthetic: bool,
}

/// Securities on the sessions of a grid.
#[derive(Debug, Default)]
struct Pool {
    symbols: Vec<String>,
    columns: Vec<ReturnColumn>,
    /// Event windows of each security's own events, places in the calendar.
    spans: Vec<Vec<(u32, u32)>>,
}

#[derive(Debug)]
pub(super) struct Control {
    grid: usize,
    /// Numbers in the pool of the securities with a weight, in the order of the fit's weights.
    columns: Vec<usize>,
    pub fit: ControlFit,
    /// Of matched firms, one a weight.
    distances: Option<Vec<f64>>,
    eligible: usize,
    donors: usize,
    /// Over each window of the study.
    windows: Vec<Option<WindowEffect>>,
    /// Days of the event window with a return, and the abnormal returns cumulated over them.
    days: Vec<EventDay>,
    cumulative: Vec<f64>,
    placebos: Vec<Placebo>,
    placebos_left_out: usize,
}

#[derive(Debug)]
struct Placebo {
    donor: usize,
    windows: Vec<Option<WindowEffect>>,
    cumulative: Vec<f64>,
}

impl Controls {
    /// Controls of the placed events; `listed` are these and those that are left out because they touch others, whose windows count too. An event
    /// that couldn't be placed (its window leaves the data) blocks no donor.
    ///
    /// # Errors
    /// [`SampleError`] when the model needs firms and there are none, a donor has no prices or is a benchmark, no characteristic fits the
    /// rule, or a mix is asked for of log returns.
    pub fn prepare(
        design: &SampleDesign,
        list: &EventList,
        book: &PriceBook,
        markets: &Markets,
        listed: &[Placed],
        placed: &[Placed],
    ) -> Result<Self, SampleError> {
        let Some(kind) = Kind::of(design)? else { return Ok(Self::default()) };
        let symbols = kind.symbols(design, book, markets)?;
        let mut spans: BTreeMap<&str, Vec<(u32, u32)>> = BTreeMap::new();
        for entry in listed {
            spans.entry(list.symbol(entry.symbol)).or_default().push(entry.event_span);
        }
        let pools: Vec<Pool> = markets
            .grids
            .iter()
            .map(|grid| {
                let dates = grid.sessions.dates();
                let column = |symbol: &String| Some(ReturnColumn::of_prices(book.get_exact(symbol)?, dates, design.rule.returns));
                let columns: Vec<Option<ReturnColumn>> = symbols.par_iter().map(column).collect();
                let mut pool = Pool::default();
                for (symbol, column) in symbols.iter().zip(columns) {
                    let Some(column) = column else { continue };
                    pool.spans.push(spans.get(symbol.as_str()).cloned().unwrap_or_default());
                    pool.symbols.push(symbol.clone());
                    pool.columns.push(column);
                }
                pool
            })
            .collect();
        let mut events: Vec<Option<Result<Control, Exclusion>>> = Vec::new();
        events.resize_with(list.events.len(), || None);
        let search = Search { design, list, markets, pools: &pools, kind: &kind, events: placed.len() };
        // Searching takes milliseconds an event: blocks are small.
        let length = block_length(placed.len()).min(8);
        let found: Vec<Vec<Result<Control, Exclusion>>> =
            placed.par_chunks(length).map(|block| block.iter().map(|entry| search.find(entry)).collect()).collect();
        for (entry, control) in placed.iter().zip(found.into_iter().flatten()) {
            if let Some(slot) = events.get_mut(entry.event) {
                *slot = Some(control);
            }
        }
        Ok(Self { events, pools, synthetic: matches!(kind, Kind::Synthetic) })
    }

    /// The control of an event; None under models without any.
    pub fn of(&self, placed: &Placed) -> Option<&Control> {
        self.events.get(placed.event)?.as_ref()?.as_ref().ok()
    }

    /// Why an event has no control.
    pub fn refusal(&self, placed: &Placed) -> Option<&Exclusion> {
        self.events.get(placed.event)?.as_ref()?.as_ref().err()
    }

    /// Returns of the securities with a weight, in the order of the weights.
    pub fn columns<'a>(&'a self, control: &'a Control) -> impl Iterator<Item = &'a ReturnColumn> {
        let pool = self.pools.get(control.grid);
        control.columns.iter().filter_map(move |column| pool?.columns.get(*column))
    }

    /// The placebo tests of one event over one of the study's windows; none unless it is a synthetic control's.
    pub fn tests(&self, placed: &Placed, window: usize) -> Vec<TestOutcome> {
        let Some(control) = self.of(placed).filter(|_| self.synthetic) else { return Vec::new() };
        let Some(Some(effect)) = control.windows.get(window) else { return Vec::new() };
        let placebos: Vec<WindowEffect> = control.placebos.iter().filter_map(|placebo| *placebo.windows.get(window)?).collect();
        donor_placebo(effect, &placebos).into()
    }

    /// The test of a set of events against groups of placebos; None unless the controls are synthetic.
    pub fn group_test(&self, design: &SampleDesign, estimates: &Estimates, members: &[usize], window: usize) -> Option<TestOutcome> {
        if !self.synthetic {
            return None;
        }
        let name = crate::inference::donor_placebo::GROUPS;
        if estimates.len() > MOST_TESTED {
            let reason = format!("placebos are formed in studies of at most {MOST_TESTED} events");
            return Some(TestOutcome::inapplicable(name, reason));
        }
        let events: Option<Vec<EventPlacebos>> = members
            .iter()
            .map(|member| {
                let placed = estimates.placed.get(*member)?;
                let control = self.of(placed)?;
                let of_donor = |placebo: &Placebo| Some((u32::try_from(placebo.donor).ok()?, (*placebo.windows.get(window)?)?));
                let placebos = control.placebos.iter().filter_map(of_donor).collect();
                Some(EventPlacebos { effect: (*control.windows.get(window)?)?, date: placed.calendar, placebos })
            })
            .collect();
        Some(match events {
            Some(events) => donor_placebo_groups(&events, design.draws, design.seed),
            None => TestOutcome::inapplicable(name, "an event has no day in the window"),
        })
    }

    /// What the result tells of an event's controls.
    pub fn describe(&self, placed: &Placed) -> Option<EventControls> {
        let control = self.of(placed)?;
        let pool = self.pools.get(control.grid)?;
        let symbol = |column: usize| pool.symbols.get(column).cloned();
        let weight = |(place, (column, (_, weight))): (usize, (&usize, &(usize, f64)))| {
            let distance = control.distances.as_ref().and_then(|distances| distances.get(place).copied());
            Some(ControlWeight { symbol: symbol(*column)?, weight: *weight, distance })
        };
        let mut weights: Vec<ControlWeight> = control.columns.iter().zip(&control.fit.weights).enumerate().filter_map(weight).collect();
        if control.distances.is_none() {
            weights.sort_by(|one, other| other.weight.total_cmp(&one.weight));
        }
        let effect = |placebo: &Placebo| {
            Some(DonorEffect { symbol: symbol(placebo.donor)?, windows: placebo.windows.clone(), cumulative: placebo.cumulative.clone() })
        };
        let PreEventFit { error, r_squared } = control.fit.before;
        Some(EventControls {
            weights,
            eligible: control.eligible,
            donors: control.donors,
            error,
            r_squared,
            placebos: control.placebos.iter().filter_map(effect).collect(),
            placebos_left_out: control.placebos_left_out,
            windows: control.windows.clone(),
            days: control.days.clone(),
            cumulative: control.cumulative.clone(),
        })
    }
}

/// What kind of controls.
enum Kind<'a> {
    Synthetic,
    Matched { matching: &'a Matching, firms: usize },
}

impl<'a> Kind<'a> {
    fn of(design: &'a SampleDesign) -> Result<Option<Self>, SampleError> {
        let firms = match design.model {
            ExpectedReturnModel::SyntheticControl => None,
            ExpectedReturnModel::ComparisonFirm => Some(1),
            ExpectedReturnModel::ComparisonPortfolio { firms } => Some(usize::from(firms)),
            _ => return Ok(None),
        };
        if design.rule.returns == ReturnKind::Log && firms != Some(1) {
            return Err(SampleError::LogMix { model: design.model });
        }
        let Some(firms) = firms else { return Ok(Some(Self::Synthetic)) };
        let matching = design.controls.matching.as_ref().ok_or(SampleError::NoFirms { model: design.model })?;
        matching.rule.check(&matching.table).map_err(SampleError::Firms)?;
        Ok(Some(Self::Matched { matching, firms }))
    }

    /// Symbols that may be controls, in order, each once.
    fn symbols(&self, design: &SampleDesign, book: &PriceBook, markets: &Markets) -> Result<Vec<String>, SampleError> {
        let is_benchmark = |symbol: &str| markets.markets.iter().any(|market| market.benchmark == symbol);
        let mut symbols: Vec<String> = match (self, &design.controls.donors) {
            (Self::Matched { matching, .. }, _) => matching.table.symbols().map(str::to_owned).collect(),
            (Self::Synthetic, DonorChoice::All) => book.symbols().map(str::to_owned).collect(),
            (Self::Synthetic, DonorChoice::Named(named)) => {
                for symbol in named {
                    book.get(symbol).map_err(SampleError::Donor)?;
                    if is_benchmark(symbol) {
                        return Err(SampleError::BenchmarkDonor { symbol: symbol.clone() });
                    }
                }
                named.clone()
            }
        };
        symbols.retain(|symbol| !is_benchmark(symbol));
        symbols.sort_unstable();
        symbols.dedup();
        Ok(symbols)
    }
}

/// The search for one event's controls.
struct Search<'a> {
    design: &'a SampleDesign,
    list: &'a EventList,
    markets: &'a Markets,
    pools: &'a [Pool],
    kind: &'a Kind<'a>,
    /// Number of events.
    events: usize,
}

/// Returns of the event's security (first) and of its donors: over the days of its estimation window on which it has one, and over its event window.
struct Series<'a> {
    estimation: Vec<Vec<f64>>,
    /// Of the security None where it has no return.
    own: Vec<Option<f64>>,
    donors: Vec<&'a [f64]>,
}

impl Search<'_> {
    fn find(&self, placed: &Placed) -> Result<Control, Exclusion> {
        let none = |reason: String| Exclusion::NoControl { reason };
        let (market, grid) = self.markets.at(placed.market).ok_or_else(|| none("its benchmark has no sessions".to_owned()))?;
        let pool = self.pools.get(market.grid).ok_or_else(|| none("its benchmark has no sessions".to_owned()))?;
        let own = grid.security(placed.symbol).ok_or_else(|| none("it has no return on the benchmark's sessions".to_owned()))?;
        let symbol = self.list.symbol(placed.symbol);
        let (estimation, window) = (placed.windows.estimation(), placed.windows.event());
        let (from, event) = (moved(placed.zero, estimation.first()), moved(placed.zero, window.first()));
        let days: Vec<usize> = (0..estimation.days()).filter(|day| own.at(from + day).is_some()).collect();
        let least = self.design.rule.least_estimation.max(self.design.model.least_observations());
        if days.len() < least {
            return Err(Exclusion::TooFewReturns { found: days.len(), window: estimation.days(), least });
        }
        let eligible: Vec<usize> = (0..pool.columns.len())
            .filter(|number| {
                let whole =
                    |column: &ReturnColumn| column.run(from, estimation.days()).is_some() && column.run(event, window.days()).is_some();
                let apart = |(first, last): &(u32, u32)| *last < placed.event_span.0 || *first > placed.event_span.1;
                pool.symbols.get(*number).is_some_and(|other| other != symbol)
                    && pool.columns.get(*number).is_some_and(whole)
                    && pool.spans.get(*number).is_some_and(|spans| spans.iter().all(apart))
            })
            .collect();
        let run = |number: &usize| pool.columns.get(*number).and_then(|column| column.run(from, estimation.days())).unwrap_or(&[]);
        let on_days = |values: &[f64]| -> Vec<f64> { days.iter().filter_map(|day| values.get(*day)).copied().collect() };
        let security: Vec<f64> = days.iter().filter_map(|day| own.at(from + day)).collect();
        let (chosen, distances) = match self.kind {
            Kind::Synthetic => {
                if eligible.is_empty() {
                    let reason = "no donor: no other security has every return of both windows and no event of its own in them".to_owned();
                    return Err(none(reason));
                }
                (self.most_alike(&security, &eligible, |number| on_days(run(number))), None)
            }
            Kind::Matched { matching, firms } => {
                let date = grid.sessions.at(placed.zero).unwrap_or_default();
                let place = |symbol: &str| pool.symbols.binary_search_by(|held| held.as_str().cmp(symbol)).ok();
                let is_candidate = |symbol: &str| place(symbol).is_some_and(|number| eligible.binary_search(&number).is_ok());
                let matched = matching.rule.nearest(&matching.table, symbol, date, *firms, is_candidate);
                let matched = matched.map_err(|reason| none(reason.to_string()))?;
                let chosen: Vec<usize> = matched.iter().filter_map(|firm| place(&firm.symbol)).collect();
                (chosen, Some(matched.iter().map(|firm| firm.distance).collect::<Vec<f64>>()))
            }
        };
        let series = Series {
            estimation: std::iter::once(security).chain(chosen.iter().map(|number| on_days(run(number)))).collect(),
            own: (event..event + window.days()).map(|position| own.at(position)).collect(),
            donors: chosen
                .iter()
                .map(|number| pool.columns.get(*number).and_then(|column| column.run(event, window.days())).unwrap_or(&[]))
                .collect(),
        };
        self.fit(placed, market.grid, &chosen, distances, eligible.len(), &series)
    }

    /// The donors to take: all, or those that correlate most with the security, in the order of symbols.
    fn most_alike(&self, security: &[f64], eligible: &[usize], returns: impl Fn(&usize) -> Vec<f64>) -> Vec<usize> {
        let most = self.design.controls.most_donors;
        if eligible.len() <= most {
            return eligible.to_vec();
        }
        let mut ranked: Vec<(f64, usize)> =
            eligible.iter().map(|number| (moment::correlation(security, &returns(number)).unwrap_or(-1.0), *number)).collect();
        ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        let mut chosen: Vec<usize> = ranked.into_iter().take(most).map(|(_, number)| number).collect();
        chosen.sort_unstable();
        chosen
    }

    fn fit(
        &self,
        placed: &Placed,
        grid: usize,
        chosen: &[usize],
        distances: Option<Vec<f64>>,
        eligible: usize,
        series: &Series,
    ) -> Result<Control, Exclusion> {
        let none = |reason: String| Exclusion::NoControl { reason };
        let slices: Vec<&[f64]> = series.estimation.iter().map(Vec::as_slice).collect();
        let pool: Vec<usize> = (1..slices.len()).collect();
        let (fit, products) = if matches!(self.kind, Kind::Synthetic) {
            let products = Products::of(&slices).map_err(|failure| none(failure.to_string()))?;
            (fit_synthetic(&products, &slices, 0, &pool), Some(products))
        } else {
            (fit_equal(&slices, 0, &pool), None)
        };
        let fit = fit.map_err(|failure| none(failure.to_string()))?;
        let effects = |weights: &[(usize, f64)], target: Option<usize>, before: f64| -> (Vec<Option<WindowEffect>>, Vec<f64>) {
            let on_day = |weights: &[(usize, f64)], day: usize| -> Option<f64> {
                let expected =
                    weights.iter().map(|(number, weight)| Some(weight * series.donor(*number)?.get(day)?)).sum::<Option<f64>>()?;
                Some(
                    match target {
                        None => series.own.get(day).copied()??,
                        Some(target) => *series.donor(target)?.get(day)?,
                    } - expected,
                )
            };
            // Only the days on which the event itself has an abnormal return: placebos are compared over the same ones.
            let abnormal: Vec<(i32, f64)> = (placed.windows.event().iter().zip(0..))
                .filter(|(_, day)| series.own.get(*day).is_some_and(Option::is_some))
                .filter_map(|(event_day, day)| Some((event_day, on_day(weights, day)?)))
                .collect();
            let windows = self.design.car_windows.iter().map(|window| {
                let inside: Vec<f64> = abnormal.iter().filter(|(day, _)| window.contains(*day)).map(|(_, value)| *value).collect();
                WindowEffect::of(&inside, before)
            });
            (windows.collect(), cumulate(abnormal.iter().map(|(_, value)| *value)))
        };
        let (windows, cumulative) = effects(&fit.weights, None, fit.before.error);
        let mut control = Control {
            grid,
            columns: fit.weights.iter().filter_map(|(number, _)| chosen.get(number.checked_sub(1)?).copied()).collect(),
            donors: if products.is_some() { chosen.len() } else { eligible },
            distances,
            eligible,
            windows,
            days: placed.windows.event().iter().zip(&series.own).filter(|(_, own)| own.is_some()).map(|(day, _)| day).collect(),
            cumulative,
            placebos: Vec::new(),
            placebos_left_out: 0,
            fit,
        };
        let wanted = (self.design.event_tests || self.design.draws > 0) && self.events <= MOST_TESTED;
        if let Some(products) = products.filter(|_| wanted) {
            for donor in &pool {
                let others: Vec<usize> = pool.iter().copied().filter(|other| other != donor).collect();
                // A donor whose own control can't be formed (it has a twin, or is alone) is no placebo.
                let (Ok(fit), Some(number)) = (fit_synthetic(&products, &slices, *donor, &others), chosen.get(donor - 1)) else {
                    control.placebos_left_out += 1;
                    continue;
                };
                let (windows, cumulative) = effects(&fit.weights, Some(*donor), fit.before.error);
                let cumulative = if self.events <= MOST_DRAWN { cumulative } else { Vec::new() };
                control.placebos.push(Placebo { donor: *number, windows, cumulative });
            }
        }
        Ok(control)
    }
}

fn cumulate(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let running = values.scan(0.0, |total, value| {
        *total += value;
        Some(*total)
    });
    running.collect()
}

impl Series<'_> {
    /// Returns of a donor over the event window, by the number of its series (from 1).
    fn donor(&self, number: usize) -> Option<&[f64]> {
        self.donors.get(number.checked_sub(1)?).copied()
    }
}
