//! The study of many events: from an event list and prices to a [`SampleResult`].
//!
//! ```text
//! place → separate → fit and measure → rank → correlate → test → advise
//! ```
//!
//! What the study of one event does for one event with all its detail is done here for a thousand or a million, in columns: returns stand on
//! the benchmark's sessions ([`crate::panel`]), every event reads runs of them, and each test is one pass over a contiguous column. No
//! step looks at pairs of events one by one; the work grows with their number. Results are the same bits for any number of threads.
//!
//! - AR_t = R_t − E\[R_t\], CAR, SAR, SCAR = CAR over its standard error with forecast error ([`crate::model`]).
//! - AAR and CAAR are plain means over the events that have the day or window; the band is `CAAR ± t(N−1) · sd / √N`.
//! - The tests are those of [`crate::inference`]; Holm and Benjamini–Hochberg adjust over the windows (over the days, for the days) of one
//!   set of events and test.
//!
//! | module | step |
//! |---|---|
//! | [`design`] | what is to be done, and why it can be impossible |
//! | `market` | what the events of one benchmark share |
//! | `place` | day 0, windows, touching events |
//! | [`control`] | donors of synthetic controls, matched firms |
//! | `input`, `fit`, `event_window`, `estimate` | what goes into the model of each event, the model, AR and CAR |
//! | `beta`, `thin`, `rolling` | betas other than least squares, how thinly securities trade, rolling beta |
//! | `rank` | sums of ranks and residuals by event day |
//! | `correlation` | mean residual correlation, paired by calendar day |
//! | [`activity`] | abnormal volume and volatility |
//! | [`curve`] | what a study finds under other choices |
//! | `cell` | the events of a set over a day or window |
//! | `portfolio` | mean abnormal return of the events open on a calendar day |
//! | `cumulative` | CAAR from day to day; mean, spread and median of a set |
//! | `test` | every test of every day and window |
//! | `eventstudy2` | that tool's variants, beside |
//! | `single`, [`multiplicity`] | the tests of each event by itself, and how many are told when all are tested |
//! | `long_horizon` | the tests for windows of months, when asked for |
//! | `regression` | CARs on characteristics of the events, when asked for |
//! | `advice` | which of them to read here |
//! | `verdict` | what those say of the headline window |
//! | `volatility` | models of conditional variance, event by event and together |
//! | `result` | what was found |

pub mod activity;
mod advice;
pub mod beta;
mod cell;
pub mod control;
mod correlation;
pub(crate) mod cumulative;
pub mod curve;
pub mod design;
mod estimate;
mod event_window;
mod eventstudy2;
mod fit;
mod input;
pub mod long_horizon;
mod market;
pub mod multiplicity;
mod place;
mod portfolio;
mod rank;
pub mod regression;
pub mod result;
pub mod rolling;
mod single;
pub(crate) mod test;
pub mod thin;
mod verdict;
pub mod volatility;

use std::hash::BuildHasher;

use chrono::NaiveDate;
use rayon::prelude::*;
use rustc_hash::FxBuildHasher;

pub use advice::{Advice, Circumstance};
pub use control::{ControlDesign, DonorChoice, Matching};
pub use correlation::MeanCorrelation;
pub use design::{OverlapPolicy, SampleDesign, SampleError, VolatilityFallback};
pub use long_horizon::LongHorizon;
pub use regression::RegressionDesign;
pub use result::SampleResult;
pub use single::MOST_TESTED;
pub use verdict::{HeadlineReading, SampleVerdict};

use crate::align::Exclusion;
use crate::calendar::{CalendarCheck, Sessions};
use crate::event::Moment;
use crate::event::list::{CharacteristicValues, EventList};
use crate::provenance::Provenance;
use crate::series::PriceBook;
use crate::window::WindowError;
use market::Markets;
use place::Placed;
use result::{EventColumns, ExcludedEvent, ReasonCount, SampleSummary};

/// Two events of one security that touch each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overlap {
    /// Number of the event in the list.
    pub event: usize,
    /// Number of the nearest other one.
    pub other: usize,
    /// Day 0 of the other falls into this one's estimation window; else their event windows share a session.
    pub contaminates: bool,
    /// This one is the later of the two.
    pub is_later: bool,
    /// Both have the same day 0: the same news listed twice, more often than not.
    pub is_repeated: bool,
}

/// A study of many events whose design holds together.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    design: SampleDesign,
    list: EventList,
}

impl Sample {
    /// Checks a design with its events.
    ///
    /// # Errors
    /// [`SampleError`] for a list without events, a window of cumulation outside the event window, an event key that stands there twice, or
    /// an event with a time of day under a benchmark whose exchange isn't known.
    pub fn new(design: SampleDesign, list: EventList) -> Result<Self, SampleError> {
        if list.events.is_empty() {
            return Err(SampleError::NoEvent);
        }
        if design.car_windows.is_empty() {
            return Err(SampleError::NoCarWindow);
        }
        let event_window = design.rule.windows.event();
        if let Some(inner) = design.car_windows.iter().find(|window| !event_window.covers(**window)) {
            return Err(SampleError::Window(WindowError::Outside { inner: *inner, event: event_window }));
        }
        design.beta.check(design.model)?;
        if let Some(id) = first_twice(&list) {
            return Err(SampleError::EventTwice { id: id.to_owned() });
        }
        if let Some(regression) = &design.regression {
            regression.formula.check(&list).map_err(SampleError::Formula)?;
        }
        if let Some(column) = design.long_horizon.as_ref().and_then(|asked| asked.weights.as_deref())
            && long_horizon::weights_of(&list, column).is_none()
        {
            let numbers = list.characteristics.iter().filter(|held| matches!(held.values, CharacteristicValues::Numbers(_)));
            return Err(SampleError::NoWeights { column: column.to_owned(), there: numbers.map(|held| held.name.clone()).collect() });
        }
        for event in list.events.iter().filter(|event| matches!(event.moment, Moment::Instant(_))) {
            let own = event.benchmark.map(|benchmark| list.symbol(benchmark)).filter(|symbol| *symbol != design.benchmark);
            let exchange = own.map_or(design.rule.exchange, crate::calendar::Exchange::of_benchmark);
            if exchange.is_none() {
                return Err(SampleError::TimeWithoutExchange { id: event.id.to_string() });
            }
        }
        Ok(Self { design, list })
    }

    /// The design.
    pub fn design(&self) -> &SampleDesign {
        &self.design
    }

    /// The events.
    pub fn list(&self) -> &EventList {
        &self.list
    }

    /// Runs the study. `provenance` is carried into the result as it is; `step` hears what is being done (for a progress bar).
    ///
    /// # Errors
    /// [`SampleError`] when the benchmark has no prices, the factors don't fit the model, no event can be used, or more are excluded than
    /// the design allows. An event that can't be used is no error: it is listed in the result with its reason.
    pub fn run(&self, book: &PriceBook, provenance: Provenance, step: impl Fn(&'static str)) -> Result<SampleResult, SampleError> {
        let (design, list) = (&self.design, &self.list);
        let Prepared { markets, overlaps, exclusions, estimates } = self.prepare(book, &step)?;
        let sets = cell::Sets::of(list, &estimates);
        let mut groups = test::test_all(design, &markets, &estimates, &sets, &step);
        long_horizon::add(design, list, &markets, &estimates, &sets, &mut groups);
        let differences = test::compare_groups(design, &estimates, &sets);
        let advice = groups.first().map(|all| advice::advise(all, &estimates)).unwrap_or_default();
        let volatilities = volatility::columns(design.model, &estimates);
        let event_tests = single::test_events(design, &markets, &estimates);
        let thin = thin::ThinTrading::of(&estimates, design.beta.trade_to_trade, design.untraded);
        let shrinkage = estimates.shrinkage;
        let betas = beta::BetaSummary::of(&estimates.fits);
        let rolling = rolling::RollingSummary::of(design, &markets, &estimates);
        let cross_section = design.regression.as_ref().map(|asked| regression::cross_section(asked, list, &estimates));
        let summary = self.summary(estimates.abnormal.iter().map(|column| column.day).collect());
        let mut events = EventColumns { volatility: volatilities, ..EventColumns::of(list, &markets, estimates, event_tests) };
        if design.event_tests {
            multiplicity::adjust(&mut events);
        }
        Ok(SampleResult {
            schema: "aftermove/result/1",
            study: summary,
            volatility: volatility::VolatilitySummary::of(design.model, &events.volatility),
            controls: control::ControlSummary::of(design, &events.controls),
            events,
            activity: Vec::new(),
            specifications: None,
            listed: list.events.len(),
            reasons: count_reasons(&exclusions),
            exclusions,
            calendar: self.check_calendar(book),
            overlaps: result::OverlapSummary::of(list, &overlaps),
            differences,
            reading: HeadlineReading::of(groups.first(), &advice),
            groups,
            advice,
            cross_section,
            thin,
            shrinkage,
            betas,
            rolling,
            provenance,
        })
    }

    /// The benchmark's own days against the exchange's: what [`Sessions::under`] leaves out has to be told.
    fn check_calendar(&self, book: &PriceBook) -> Option<CalendarCheck> {
        let exchange = self.design.rule.exchange?;
        Some(Sessions::from_dates(book.get_exact(&self.design.benchmark)?.dates()).check(exchange))
    }

    /// Measures the events alone: models, abnormal returns and CARs, without any test over the events.
    ///
    /// # Errors
    /// As [`Sample::run`].
    pub fn measure(&self, book: &PriceBook) -> Result<EventColumns, SampleError> {
        let Prepared { markets, estimates, .. } = self.prepare(book, &|_| ())?;
        Ok(EventColumns::of(&self.list, &markets, estimates, Vec::new()))
    }

    /// What every use of the events begins with: place, separate, fit and measure them.
    fn prepare(&self, book: &PriceBook, step: &impl Fn(&'static str)) -> Result<Prepared, SampleError> {
        let (design, list) = (&self.design, &self.list);
        step("Placing events");
        let mut markets = Markets::new(design, list, book)?;
        let mut slots = place::place_all(design, list, book, &markets);
        let listed: Vec<Placed> = slots.iter().filter_map(|slot| slot.as_ref().ok().copied()).collect();
        let overlaps = place::separate(design, list, &mut slots);
        step("Fitting models");
        let placed: Vec<Placed> = slots.iter().filter_map(|slot| slot.as_ref().ok().copied()).collect();
        markets.controls = control::Controls::prepare(design, list, book, &markets, &listed, &placed)?;
        let (estimates, unfit) = estimate::estimate_all(design, &markets, placed)?;
        for (event, reason) in unfit {
            if let Some(slot) = slots.get_mut(event) {
                *slot = Err(reason);
            }
        }
        let exclusions = self.list_exclusions(&slots);
        self.check_budget(&exclusions, estimates.len())?;
        Ok(Prepared { markets, overlaps, exclusions, estimates })
    }

    fn summary(&self, days: Vec<crate::window::EventDay>) -> SampleSummary {
        let design = &self.design;
        let headline = design.car_windows.first().copied().unwrap_or(design.rule.windows.event());
        SampleSummary {
            name: design.name.clone(),
            title: design.title.clone(),
            benchmark: design.benchmark.clone(),
            model: design.model,
            factors: match (&design.factors, design.model.factor_names()) {
                (Some(table), None) => table.names(),
                (_, Some(names)) => names.iter().map(|name| (*name).to_owned()).collect(),
                (None, None) => Vec::new(),
            },
            returns: design.rule.returns,
            estimation: design.rule.windows.estimation(),
            window: design.rule.windows.event(),
            headline,
            days,
            draws: design.draws,
            seed: (design.draws > 0).then_some(design.seed),
            exchange: design.rule.exchange,
            shift: design.rule.shift,
            largest_shift: design.rule.largest_shift,
            least_estimation: design.rule.least_estimation,
            allowed_missing: design.rule.allowed_missing,
            long_horizon: design.long_horizon.clone(),
            price_source: design.price_source.clone(),
        }
    }

    fn list_exclusions(&self, slots: &[Result<Placed, Exclusion>]) -> Vec<ExcludedEvent> {
        let excluded = self.list.events.iter().zip(slots).enumerate();
        excluded
            .filter_map(|(number, (event, slot))| {
                let reason = slot.as_ref().err()?;
                Some(ExcludedEvent {
                    number,
                    event_id: event.id.clone(),
                    symbol: self.list.symbol(event.symbol).to_owned(),
                    group: self.list.group(event).map(str::to_owned),
                    date: date_of(event.moment),
                    kind: reason.kind(),
                    reason: reason.to_string(),
                })
            })
            .collect()
    }

    fn check_budget(&self, exclusions: &[ExcludedEvent], used: usize) -> Result<(), SampleError> {
        let (events, excluded) = (self.list.events.len(), exclusions.len());
        if used == 0 {
            return Err(SampleError::NoneLeft { events, reasons: count_reasons(exclusions) });
        }
        match self.design.most_excluded {
            Some(limit) if excluded as f64 > limit * events as f64 => {
                Err(SampleError::TooManyExcluded { excluded, events, limit, reasons: count_reasons(exclusions) })
            }
            _ => Ok(()),
        }
    }
}

/// The events of a study, placed and measured.
struct Prepared {
    markets: Markets,
    overlaps: Vec<Overlap>,
    exclusions: Vec<ExcludedEvent>,
    estimates: estimate::Estimates,
}

/// The least key that stands there twice. Hashes are sorted, which is easier on memory than a million texts; texts are compared where
/// hashes are the same.
fn first_twice(list: &EventList) -> Option<&str> {
    let key = |number: u32| list.events.get(number as usize).map_or("", |event| event.id.as_str());
    let count = u32::try_from(list.events.len()).unwrap_or(u32::MAX);
    let mut hashes: Vec<(u64, u32)> = (0..count).into_par_iter().map(|number| (FxBuildHasher.hash_one(key(number)), number)).collect();
    hashes.par_sort_unstable();
    let same = hashes.chunk_by(|one, other| one.0 == other.0).filter(|same| same.len() > 1);
    let twice = same.filter_map(|same| {
        let mut keys: Vec<&str> = same.iter().map(|(_, number)| key(*number)).collect();
        keys.sort_unstable();
        keys.windows(2).find_map(|pair| if let [one, other] = pair { (one == other).then_some(*one) } else { None })
    });
    twice.min()
}

fn date_of(moment: Moment) -> NaiveDate {
    moment.date()
}

/// Exclusions by kind, most first, with the first event of each kind as an example.
fn count_reasons(exclusions: &[ExcludedEvent]) -> Vec<ReasonCount> {
    let mut counts: Vec<ReasonCount> = Vec::new();
    for excluded in exclusions {
        match counts.iter_mut().find(|count| count.kind == excluded.kind) {
            Some(count) => count.count += 1,
            None => {
                counts.push(ReasonCount { kind: excluded.kind, count: 1, example: format!("{}: {}", excluded.event_id, excluded.reason) })
            }
        }
    }
    counts.sort_by(|left, right| right.count.cmp(&left.count).then(left.kind.cmp(right.kind)));
    counts
}
