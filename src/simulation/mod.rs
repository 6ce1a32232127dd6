//! Size and power of the tests of many events, by simulation after Brown & Warner (1980, *Journal of Financial Economics* 8, 205–258;
//! 1985, 14, 3–31): samples without an event show how often each test cries wolf, samples with a planted abnormal return how often it
//! sees it.
//!
//! ```text
//! population → (replication: draw securities and dates → plant → Sample::run → p-values) → rates
//! ```
//!
//! - Each replication draws its events from a [`Population`]: made-up returns ([`Generator`]), or real prices. Then it runs the engine of
//!   [`crate::sample`] as any study does. A test rejects when its p is at most the level.
//! - **Size**: the rate with nothing planted. **Power**: the rate with `µ` added to the return of day 0 of every event, or `µ/L` to each
//!   of the `L` days of the headline window. Every `µ` is planted in the same samples.
//! - **Event-induced variance** `k`: the residuals of the headline window are multiplied by √k, so that they have `k` times the usual
//!   variance and are correlated as before. (Where firms' reactions differ, independently of each other, their abnormal returns are less
//!   correlated on the event's day than in the estimation window, and the tests that take the correlation from there, such as
//!   Kolari & Pynnönen's, reject too seldom.)
//! - **Clustering**: all events of a sample on one date.
//! - Under `synthetic-control` every sample has donors without an event beside: 30 made-up securities, or up to 100 of the prices' others,
//!   drawn anew for each sample. Models of comparison firms can't be simulated: nothing says what made-up firms are like.
//! - Of `n` samples in which a test applied, the rate has the standard error √(rate (1 − rate) / n) and Wilson's 95 % interval.
//!
//! What is off by design, and not by mistake, at 5 % in 10,000 samples of the generator (± 0.2 to 0.5 points; estimation window of 250
//! sessions, normal shocks unless said):
//!
//! | test | rejects | when |
//! |---|---|---|
//! | sign; exact | 6.5 %; 3.3 % | 50 independent events: a count jumps past the level |
//! | jackknife | 3.5 % | 30 independent events (4.3 % of 50 with twice the variance, 5.2 % of 50 with t(5) shocks) |
//! | skewness-adjusted t | 5.9 %; 7.0 % | 30 events; 50 with t(5) shocks (its bootstrap 5.1 % of 30) |
//! | GRANK | 5.3 % to 5.8 % | its Z counts days, not events |
//! | Patell, crude dependence; Corrado | 16.7 %; 9.7 % | twice the variance on the event's day |
//! | BMP, Patell, cross-sectional t | 11.6 % to 43.7 % | one date: 30 events correlated 0.02 to 50 correlated 0.10 |
//!
//! Replications run in parallel, each with its own generator: the same bits for any number of threads.

mod generator;
mod panel;
pub mod result;
mod variate;
mod world;

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use serde::Serialize;
use thiserror::Error;

pub use generator::Generator;
pub use result::SimulationResult;
pub use variate::Tails;

use crate::align::AlignmentRule;
use crate::calendar::ShiftPolicy;
use crate::factor::FactorTable;
use crate::inference::{Outcome, TestOutcome};
use crate::model::ExpectedReturnModel;
use crate::provenance::Provenance;
use crate::sample::beta::BetaDesign;
use crate::sample::{ControlDesign, LongHorizon, OverlapPolicy, Sample, SampleDesign, SampleError};
use crate::series::{PriceBook, ReturnKind, UnknownSymbol};
use crate::stats::moment;
use crate::window::{Window, WindowError, Windows};
use panel::SecurityPanel;
use result::{LEVELS, PlantedResult, PopulationSummary, Rate, SimulationSummary, TestRates};
use variate::Variates;
use world::World;

/// Made-up donors of each sample under a synthetic control.
const MADE_UP_DONORS: usize = 30;
/// Most securities without an event that a sample of prices has as donors.
const MOST_DONORS: usize = 100;

/// Lowest return of a session, a fraction: what is planted or drawn below it is taken for it.
const LOWEST: f64 = -0.95;

/// Where samples are drawn from.
#[derive(Debug, Clone, Copy)]
pub enum Population<'a> {
    /// Made-up returns.
    Generated(&'a Generator),
    /// Real prices: the benchmark of the design, and the securities beside it.
    Prices(&'a PriceBook),
}

/// When the events of a sample happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Dates {
    /// Each on a date of its own, drawn at random.
    #[default]
    Scattered,
    /// All on one date, drawn at random.
    Clustered,
}

/// Where an abnormal return is planted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Planting {
    /// On day 0.
    #[default]
    DayZero,
    /// In equal parts over the headline window.
    Window,
}

/// What a simulation is to do; not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct SimulationDesign {
    /// Symbol of the benchmark; of made-up returns, any name.
    pub benchmark: String,
    /// Events a sample.
    pub events: usize,
    /// Samples.
    pub replications: usize,
    /// Abnormal returns to plant, fractions; 0 for size.
    pub planted: Vec<f64>,
    /// Where they are planted.
    pub planting: Planting,
    /// Whether the events of a sample share a date.
    pub dates: Dates,
    /// Variance of the residuals of the headline window over the usual one, at least 1.
    pub event_variance: f64,
    /// Level of the tests, a fraction; 1 %, 5 % and 10 % are recorded beside.
    pub level: f64,
    /// Expected-return model.
    pub model: ExpectedReturnModel,
    /// Factor returns; None unless the model is one of factors.
    pub factors: Option<FactorTable>,
    /// Betas and thin trading.
    pub beta: BetaDesign,
    /// Estimation and event window.
    pub windows: Windows,
    /// The window whose CARs are tested.
    pub headline: Window,
    /// Least number of estimation returns.
    pub least_estimation: usize,
    /// Draws of the resampled tests; 0 runs none of them.
    pub draws: usize,
    /// The tests for windows of months; None leaves them out.
    pub long_horizon: Option<LongHorizon>,
    /// Seed of everything random.
    pub seed: u64,
}

/// Why a simulation is impossible.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SimulationError {
    /// No replication.
    #[error("0 replications: a rate needs at least one sample")]
    NoReplication,
    /// No event.
    #[error("0 events a sample: a test of many events needs at least one")]
    NoEvent,
    /// Nothing to plant.
    #[error("no abnormal return to plant: give 0 for the share of false alarms")]
    NothingPlanted,
    /// A planted return that can't be one.
    #[error("the planted abnormal return {planted} can't be: give a fraction between −0.9 and 0.9 (0.01 is 1 %)")]
    Planted {
        /// The value.
        planted: f64,
    },
    /// A level outside 0 to 1.
    #[error("the level {level} isn't between 0 and 1, both excluded: 0.05 is 5 %")]
    Level {
        /// The value.
        level: f64,
    },
    /// A variance ratio below 1.
    #[error("the event variance {ratio} isn't a number from 1 (the usual one) to 10000")]
    EventVariance {
        /// The value.
        ratio: f64,
    },
    /// A window that leaves another.
    #[error("{0}")]
    Window(#[from] WindowError),
    /// Planting on day 0, and day 0 isn't tested.
    #[error("an abnormal return planted on day 0 is outside the window {headline} that is tested: spread it over the window")]
    DayZeroOutside {
        /// The window.
        headline: Window,
    },
    /// A parameter of the generator.
    #[error("the generator's {name} is {value}, and must be {allowed}")]
    Generator {
        /// The parameter.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What it may be.
        allowed: &'static str,
    },
    /// Factors of made-up returns.
    #[error("made-up returns have no factors for the model {model}: take prices, or a model without factors")]
    NoFactors {
        /// The model.
        model: &'static str,
    },
    /// Firms without characteristics.
    #[error("the model {model} matches firms by characteristics, which the securities of a simulation don't have: take another model")]
    NoFirms {
        /// The model.
        model: ExpectedReturnModel,
    },
    /// No prices for the benchmark.
    #[error("the benchmark: {0}")]
    Benchmark(UnknownSymbol),
    /// Nothing but the benchmark.
    #[error("the prices hold no security beside the benchmark {benchmark}")]
    NoSecurity {
        /// The benchmark.
        benchmark: String,
    },
    /// Windows that don't fit into the data.
    #[error("{sessions} sessions, and estimation and event window need {needed}: shorten a window, or take more sessions")]
    TooShort {
        /// Sessions there are.
        sessions: usize,
        /// Sessions needed.
        needed: usize,
    },
    /// More events than the prices have room for.
    #[error("{events} events a sample, and the prices have room for {room} {}: take fewer events, shorter windows or more prices",
        match .dates { Dates::Clustered => "on one date", Dates::Scattered => "whose event windows don't overlap" })]
    NoRoom {
        /// Events asked for.
        events: usize,
        /// Events for which there is room.
        room: usize,
        /// Whether they were to share a date.
        dates: Dates,
    },
    /// Returns that make no price series.
    #[error("the returns of {symbol} make no price series: {reason}")]
    Series {
        /// The security.
        symbol: String,
        /// Why.
        reason: String,
    },
    /// The study itself is impossible.
    #[error("{0}")]
    Sample(#[from] SampleError),
}

impl SimulationDesign {
    /// Sessions that an event needs before and after its day 0.
    fn reach(&self) -> (usize, usize) {
        let before = self.windows.estimation().first().min(0).unsigned_abs() as usize;
        (before, self.windows.event().last().max(0).unsigned_abs() as usize)
    }

    /// What event-induced variance adds to a residual, as a multiple of it: √k − 1.
    fn excess(&self) -> f64 {
        self.event_variance.sqrt() - 1.0
    }

    /// Whether samples have securities without an event beside.
    fn needs_donors(&self) -> bool {
        self.model == ExpectedReturnModel::SyntheticControl
    }

    fn check(&self) -> Result<(), SimulationError> {
        if matches!(self.model, ExpectedReturnModel::ComparisonFirm | ExpectedReturnModel::ComparisonPortfolio { .. }) {
            return Err(SimulationError::NoFirms { model: self.model });
        }
        if self.replications == 0 {
            return Err(SimulationError::NoReplication);
        }
        if self.events == 0 {
            return Err(SimulationError::NoEvent);
        }
        if self.planted.is_empty() {
            return Err(SimulationError::NothingPlanted);
        }
        if let Some(planted) = self.planted.iter().find(|planted| !(-0.9..=0.9).contains(*planted)) {
            return Err(SimulationError::Planted { planted: *planted });
        }
        if !(self.level > 0.0 && self.level < 1.0) {
            return Err(SimulationError::Level { level: self.level });
        }
        if !(1.0..=1e4).contains(&self.event_variance) {
            return Err(SimulationError::EventVariance { ratio: self.event_variance });
        }
        if !self.windows.event().covers(self.headline) {
            return Err(WindowError::Outside { inner: self.headline, event: self.windows.event() }.into());
        }
        let plants = self.planted.iter().any(|planted| *planted != 0.0);
        if plants && self.planting == Planting::DayZero && !self.headline.contains(0) {
            return Err(SimulationError::DayZeroOutside { headline: self.headline });
        }
        Ok(())
    }

    /// The study that a replication runs; its resampled tests draw by a seed of their own, so that rates don't hang on one set of draws.
    fn sample(&self, replication: u64) -> SampleDesign {
        SampleDesign {
            name: "simulation".to_owned(),
            title: String::new(),
            benchmark: self.benchmark.clone(),
            model: self.model,
            rule: AlignmentRule {
                windows: self.windows,
                returns: ReturnKind::Simple,
                shift: ShiftPolicy::Exclude,
                largest_shift: 0,
                least_estimation: self.least_estimation,
                allowed_missing: 0,
                exchange: None,
            },
            car_windows: vec![self.headline],
            factors: self.factors.clone(),
            controls: ControlDesign::default(),
            beta: self.beta,
            untraded: None,
            overlapping: OverlapPolicy::Keep,
            contaminated: false,
            volatility_fallback: crate::sample::VolatilityFallback::Exclude,
            most_excluded: None,
            draws: self.draws,
            seed: self.seed.wrapping_add(replication),
            event_tests: false,
            other_conventions: false,
            long_horizon: self.long_horizon.clone(),
            regression: None,
            price_source: None,
        }
    }
}

/// A simulation whose design holds together.
#[derive(Debug, Clone, PartialEq)]
pub struct Simulation {
    design: SimulationDesign,
}

/// What one sample gave for one planted return; None when no event could be used.
type Found = Option<Sampled>;

struct Sampled {
    caar: f64,
    correlation: f64,
    tests: Vec<TestOutcome>,
}

/// A population made ready.
enum Ready<'a> {
    Generated { generator: &'a Generator, dates: Vec<chrono::NaiveDate> },
    Prices(SecurityPanel),
}

impl Simulation {
    /// Checks a design.
    ///
    /// # Errors
    /// [`SimulationError`] for no replication, event or planted return, a level outside 0 to 1, a headline outside the event window, or a
    /// return planted on a day that isn't tested.
    pub fn new(design: SimulationDesign) -> Result<Self, SimulationError> {
        design.check()?;
        Ok(Self { design })
    }

    /// The design.
    pub fn design(&self) -> &SimulationDesign {
        &self.design
    }

    /// Runs the replications. `provenance` is carried into the result as it is; `step` hears how many samples are done, from any thread.
    ///
    /// # Errors
    /// [`SimulationError`] when the population has no room for the design: no security beside the benchmark, too few sessions, more events
    /// than places, a generator that can't be; and what [`Sample::run`] refuses but the lack of usable events, which is counted.
    pub fn run(
        &self,
        population: Population<'_>,
        provenance: Provenance,
        step: impl Fn(usize) + Sync,
    ) -> Result<SimulationResult, SimulationError> {
        let design = &self.design;
        let ready = match population {
            Population::Generated(generator) => {
                if design.model.needs_factors() {
                    return Err(SimulationError::NoFactors { model: design.model.name() });
                }
                generator.check(design)?;
                Ready::Generated { generator, dates: generator.dates() }
            }
            Population::Prices(book) => Ready::Prices(SecurityPanel::new(design, book)?),
        };
        let done = AtomicUsize::new(0);
        let samples: Vec<Result<Vec<Found>, SimulationError>> = variate::generators(design.seed, design.replications)
            .into_par_iter()
            .enumerate()
            .map(|(replication, variates)| {
                let found = self.replicate(&ready, replication as u64, variates);
                step(done.fetch_add(1, Ordering::Relaxed) + 1);
                found
            })
            .collect();
        // The first replication's error, whichever thread found one first.
        let samples = samples.into_iter().collect::<Result<Vec<Vec<Found>>, SimulationError>>()?;
        let levels = self.levels();
        let planted = design.planted.iter().enumerate();
        Ok(SimulationResult {
            schema: "aftermove/simulation/1",
            planted: planted.map(|(place, planted)| summarise(*planted, &levels, &column(&samples, place))).collect(),
            simulation: self.summary(&ready, levels),
            provenance,
        })
    }

    fn replicate(&self, ready: &Ready<'_>, replication: u64, mut variates: Variates) -> Result<Vec<Found>, SimulationError> {
        let design = &self.design;
        let world = match ready {
            Ready::Generated { generator, dates } => generator.draw(design, dates, &mut variates),
            Ready::Prices(panel) => panel.draw(design, &mut variates),
        };
        design.planted.iter().map(|planted| self.test(&world, replication, *planted)).collect()
    }

    /// Runs the study on one sample.
    fn test(&self, world: &World<'_>, replication: u64, planted: f64) -> Result<Found, SimulationError> {
        let book = world.book(&self.design, planted)?;
        let sample = Sample::new(self.design.sample(replication), world.list())?;
        let result = match sample.run(&book, Provenance::default(), |_| ()) {
            Ok(result) => result,
            Err(SampleError::NoneLeft { .. }) => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        let headline = result.groups.into_iter().next().and_then(|all| all.windows.into_iter().next());
        Ok(headline.map(|window| Sampled {
            caar: window.cumulative.mean,
            correlation: window.correlation.value,
            tests: window.tests.into_iter().map(|adjusted| adjusted.test).collect(),
        }))
    }

    fn levels(&self) -> Vec<f64> {
        let mut levels = LEVELS.to_vec();
        levels.push(self.design.level);
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        levels
    }

    fn summary(&self, ready: &Ready<'_>, levels: Vec<f64>) -> SimulationSummary {
        let design = &self.design;
        SimulationSummary {
            population: match ready {
                Ready::Generated { generator, .. } => PopulationSummary::Generated {
                    sessions: generator.sessions,
                    correlation: generator.correlation,
                    tails: match generator.tails {
                        Tails::Normal => None,
                        Tails::Student(degrees) => Some(degrees),
                    },
                    sigma: generator.sigma,
                    sigma_spread: generator.sigma_spread,
                },
                Ready::Prices(panel) => PopulationSummary::Prices {
                    benchmark: design.benchmark.clone(),
                    securities: panel.securities(),
                    sessions: panel.dates.len(),
                },
            },
            events: design.events,
            replications: design.replications,
            dates: design.dates,
            planting: design.planting,
            event_variance: design.event_variance,
            level: design.level,
            levels,
            model: design.model,
            beta: design.beta,
            estimation: design.windows.estimation(),
            window: design.windows.event(),
            headline: design.headline,
            draws: design.draws,
            seed: design.seed,
        }
    }
}

/// What every replication found for the planted return at one place.
fn column(samples: &[Vec<Found>], place: usize) -> Vec<&Found> {
    samples.iter().filter_map(|sample| sample.get(place)).collect()
}

fn summarise(planted: f64, levels: &[f64], samples: &[&Found]) -> PlantedResult {
    let usable: Vec<&Sampled> = samples.iter().filter_map(|found| found.as_ref()).collect();
    let caars: Vec<f64> = usable.iter().map(|sample| sample.caar).collect();
    let correlations: Vec<f64> = usable.iter().map(|sample| sample.correlation).collect();
    let names: Vec<&'static str> = usable.first().map_or_else(Vec::new, |sample| sample.tests.iter().map(|test| test.name).collect());
    PlantedResult {
        planted,
        unusable: samples.len() - usable.len(),
        mean_caar: moment::mean(&caars),
        caar_deviation: moment::standard_deviation(&caars),
        mean_correlation: moment::mean(&correlations),
        tests: names.into_iter().enumerate().map(|(place, name)| rates(name, place, levels, &usable)).collect(),
    }
}

fn rates(name: &'static str, place: usize, levels: &[f64], samples: &[&Sampled]) -> TestRates {
    let outcomes: Vec<&TestOutcome> = samples.iter().filter_map(|sample| sample.tests.get(place)).collect();
    let p_values: Vec<f64> = outcomes.iter().filter_map(|test| test.p_value()).collect();
    let reason = outcomes.iter().find_map(|test| match &test.outcome {
        Outcome::Inapplicable { reason } => Some(reason.clone()),
        Outcome::Computed { .. } => None,
    });
    let rate = |level: &f64| Rate::of(*level, p_values.iter().filter(|p| **p <= *level).count(), p_values.len());
    TestRates {
        name,
        applied: p_values.len(),
        inapplicable: outcomes.len() - p_values.len(),
        reason,
        rates: levels.iter().filter_map(rate).collect(),
    }
}
