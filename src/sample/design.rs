//! What a study of many events is to do, and why one can be impossible.

use thiserror::Error;

use super::beta::BetaDesign;
use super::control::ControlDesign;
use super::long_horizon::LongHorizon;
use super::regression::RegressionDesign;
use super::result::ReasonCount;
use super::thin;
use crate::align::AlignmentRule;
use crate::cross_section::FormulaError;
use crate::factor::{FactorError, FactorTable};
use crate::model::ExpectedReturnModel;
use crate::model::beta::rolling::RollingError;
use crate::model::beta::shrinkage::ShrinkageError;
use crate::series::UnknownSymbol;
use crate::window::{Window, WindowError};

/// What happens to events of one security whose event windows share a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OverlapPolicy {
    /// They are reported.
    #[default]
    Keep,
    /// Of two, the later is left out.
    LeaveOutLater,
    /// All of them are left out.
    LeaveOutAll,
}

/// What happens to an event whose model of conditional variance has no maximum that can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum VolatilityFallback {
    /// It is excluded.
    #[default]
    Exclude,
    /// The market model stands in, and the result says so.
    Market,
}

/// What a study of many events is to do; not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleDesign {
    /// Name, as in the output folder.
    pub name: String,
    /// Title of charts and reports.
    pub title: String,
    /// Symbol of the benchmark of events that name none.
    pub benchmark: String,
    /// Expected-return model.
    pub model: ExpectedReturnModel,
    /// How events are aligned; its windows are those of events that bring none of their own.
    pub rule: AlignmentRule,
    /// Windows over which abnormal returns are cumulated; the first is the headline.
    pub car_windows: Vec<Window>,
    /// Factor returns; None unless the model is one of factors.
    pub factors: Option<FactorTable>,
    /// Where the controls of synthetic controls and comparison firms come from; other models have none.
    pub controls: ControlDesign,
    /// Events whose conditional variance can't be fitted.
    pub volatility_fallback: VolatilityFallback,
    /// Betas and thin trading.
    pub beta: BetaDesign,
    /// Quotes left out for want of a trade; None when that wasn't asked for.
    pub untraded: Option<thin::UntradedQuotes>,
    /// Events of one security whose event windows overlap.
    pub overlapping: OverlapPolicy,
    /// Whether an event is left out when another of the same security falls into its estimation window.
    pub contaminated: bool,
    /// Largest share of the events that may be excluded, a fraction; None for any.
    pub most_excluded: Option<f64>,
    /// Draws of the resampled tests; 0 runs none of them.
    pub draws: usize,
    /// Their seed.
    pub seed: u64,
    /// Whether each event is tested by itself too (placebo, sample quantile, rank); not done for more than [`super::MOST_TESTED`] events.
    pub event_tests: bool,
    /// Whether the variants of Stata's `eventstudy2` are computed beside.
    pub other_conventions: bool,
    /// The tests for windows of months and years; None leaves them out.
    pub long_horizon: Option<LongHorizon>,
    /// A regression of the CARs on characteristics of the events; None runs none.
    pub regression: Option<RegressionDesign>,
    /// Where the prices come from, in words; None when not said.
    pub price_source: Option<String>,
}

impl SampleDesign {
    /// A market-model study of what is given, with nothing else asked for.
    pub fn plain(benchmark: impl Into<String>, rule: AlignmentRule, car_windows: Vec<Window>) -> Self {
        Self {
            name: String::new(),
            title: String::new(),
            benchmark: benchmark.into(),
            model: ExpectedReturnModel::default(),
            rule,
            car_windows,
            factors: None,
            controls: ControlDesign::default(),
            volatility_fallback: VolatilityFallback::default(),
            beta: BetaDesign::default(),
            untraded: None,
            overlapping: OverlapPolicy::default(),
            contaminated: false,
            most_excluded: None,
            draws: 0,
            seed: 0,
            event_tests: false,
            other_conventions: false,
            long_horizon: None,
            regression: None,
            price_source: None,
        }
    }
}

/// Why a study of many events is impossible.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum SampleError {
    /// No event.
    #[error("the event list is empty: give it at least one event")]
    NoEvent,
    /// No window of cumulation.
    #[error("no window to cumulate abnormal returns over: give at least one, such as 0..1")]
    NoCarWindow,
    /// A window doesn't fit.
    #[error("{0}")]
    Window(#[from] WindowError),
    /// No prices for the benchmark.
    #[error("the benchmark: {0}")]
    Benchmark(UnknownSymbol),
    /// A factor model without factors.
    #[error("the model {model} needs factor returns: give a file of factors")]
    NoFactors {
        /// The model.
        model: &'static str,
    },
    /// The factors don't have what the model needs.
    #[error("{0}")]
    Factors(FactorError),
    /// The betas of the events give no prior.
    #[error(
        "betas can't be shrunk towards those of this study: {0}. Give the prior with `--prior-beta` and `--prior-sd`, or take more events"
    )]
    NoPrior(ShrinkageError),
    /// The betas of the events give no line for Blume's adjustment.
    #[error("Blume's line can't be estimated from this study: {0}. Take the fixed line (`--blume-line fixed`), or more events")]
    NoBlumeLine(ShrinkageError),
    /// A model without a version from trade to trade.
    #[error("returns from trade to trade have no model {model}: choose market, market-adjusted or constant-mean")]
    TradeToTradeModel {
        /// The model.
        model: String,
    },
    /// A rolling beta that can't be.
    #[error("{0}")]
    RollingBeta(RollingError),
    /// A rolling beta on the benchmark under a model of factors.
    #[error("a rolling beta is one on the benchmark, which the model {model} doesn't have: leave it out, or choose another model")]
    RollingBetaModel {
        /// The model.
        model: String,
    },
    /// Log returns with factors.
    #[error("factors are simple returns: a factor model can't be fitted to log returns")]
    LogFactors,
    /// A donor without prices.
    #[error("the donor: {0}")]
    Donor(UnknownSymbol),
    /// The benchmark as a donor.
    #[error("the benchmark {symbol} is no donor: take it out of the donors")]
    BenchmarkDonor {
        /// Its symbol.
        symbol: String,
    },
    /// No firms to match with.
    #[error(
        "the model {model} needs firms with their characteristics: give a file of them (--firms FILE) and what to match on (--match COLUMN,…)"
    )]
    NoFirms {
        /// The model.
        model: ExpectedReturnModel,
    },
    /// The firms don't have what is to be matched on.
    #[error("{0}")]
    Firms(crate::firm::FirmError),
    /// A mix of log returns.
    #[error("the log return of a mix of securities isn't the mix of their log returns: under the model {model} leave simple returns")]
    LogMix {
        /// The model.
        model: ExpectedReturnModel,
    },
    /// The same event key twice.
    #[error("the event \"{id}\" stands there twice: give each event its own id")]
    EventTwice {
        /// The key.
        id: String,
    },
    /// An event with a time, and no exchange to say when its session closed.
    #[error("the event \"{id}\" has a time of day, but its benchmark's exchange isn't known: set `--exchange`, or give `timing` instead")]
    TimeWithoutExchange {
        /// The event's key.
        id: String,
    },
    /// A regression on something that the events don't have.
    #[error("{0}")]
    Formula(FormulaError),
    /// Weights that aren't there, or aren't numbers.
    #[error("the event file has no column \"{column}\" of numbers to weight the events by{}", list_columns(.there))]
    NoWeights {
        /// The column asked for.
        column: String,
        /// Columns of numbers that there are.
        there: Vec<String>,
    },
    /// A specification curve over events with choices of their own.
    #[error("the event \"{id}\" brings a benchmark or window of its own: a specification curve varies those of the study")]
    OwnChoices {
        /// The event's key.
        id: String,
    },
    /// No event is left.
    #[error("none of the {events} events can be used: {}", list_reasons(.reasons))]
    NoneLeft {
        /// Events of the list.
        events: usize,
        /// How many for which reason, most first.
        reasons: Vec<ReasonCount>,
    },
    /// More events are excluded than the budget allows.
    #[error(
        "{excluded} of {events} events are excluded ({share:.1} %), more than the {limit:.1} % allowed: {}",
        list_reasons(.reasons), share = 100.0 * *.excluded as f64 / *.events as f64, limit = 100.0 * .limit
    )]
    TooManyExcluded {
        /// Events excluded.
        excluded: usize,
        /// Events of the list.
        events: usize,
        /// Share allowed, a fraction.
        limit: f64,
        /// How many for which reason, most first.
        reasons: Vec<ReasonCount>,
    },
}

fn list_columns(there: &[String]) -> String {
    if there.is_empty() { String::new() } else { format!(": those of numbers are {}", there.join(", ")) }
}

/// "3 × no prices (first: e1); 1 × …".
pub(crate) fn list_reasons(counts: &[ReasonCount]) -> String {
    let shown: Vec<String> = counts.iter().map(|count| format!("{} × {} (first: {})", count.count, count.kind, count.example)).collect();
    shown.join("; ")
}
