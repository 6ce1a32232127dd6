//! Arguments of `aftermove study`, and those that `simulate` shares with it.

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, ValueEnum};

use super::value::{ExchangeChoice, read_donors, read_exchange, read_formula, read_share};
use crate::cross_section::ErrorChoice;
use crate::cross_section::Formula;
use crate::model::ExpectedReturnModel;
use crate::sample::long_horizon::PortfolioPeriod;
use crate::window::Window;

#[derive(Debug, Args)]
#[command(after_help = MANY_EVENTS)]
pub(in crate::cli) struct StudyArguments {
    /// Event list: CSV or Parquet with symbol and date, one event a row
    #[arg(long, value_name = "FILE")]
    pub events: PathBuf,
    /// Price file: CSV or Parquet; repeat for more
    #[arg(long, value_name = "FILE")]
    pub prices: Vec<PathBuf>,
    /// File of simple returns, as fractions, in place of prices; repeat for more
    #[arg(long, value_name = "FILE")]
    pub returns: Vec<PathBuf>,
    /// File of factor returns: Ken French's daily CSV as published, or any table; repeat for more
    #[arg(long, value_name = "FILE")]
    pub factors: Vec<PathBuf>,
    /// Unit of factors whose file doesn't say it
    #[arg(long, value_enum, default_value_t = Unit::Detect)]
    pub factor_unit: Unit,
    /// Donors of synthetic controls: all securities of the prices, a file of symbols (one a line), or symbols: MSFT,ORCL [default: all]
    #[arg(long, value_name = "all|FILE|SYMBOL,…")]
    pub donors: Option<String>,
    /// Most donors of one event: of more, those whose returns correlate most with the security's [default: 50]
    #[arg(long, value_name = "N", value_parser = read_donors)]
    pub most_donors: Option<usize>,
    /// Firms to match with under the models comparison-firm and comparison-portfolio: CSV or Parquet with symbol, if wanted date, and a column a
    /// characteristic
    #[arg(long, value_name = "FILE")]
    pub firms: Option<PathBuf>,
    /// Characteristics in which the nearest firms are looked for: size,book_to_market
    #[arg(long = "match", value_name = "COLUMN,…", value_delimiter = ',', requires = "firms")]
    pub match_on: Vec<String>,
    /// Columns in which a firm must be the same: industry
    #[arg(long, value_name = "COLUMN,…", value_delimiter = ',', requires = "firms")]
    pub match_exact: Vec<String>,
    /// Nearest in all characteristics, or within 70 to 130 % of the first and nearest in the others (Barber & Lyon 1997)
    #[arg(long, value_enum, default_value_t = MatchChoice::Nearest)]
    pub match_rule: MatchChoice,
    /// Largest distance of a match, in standard deviations
    #[arg(long, value_name = "DISTANCE", requires = "firms")]
    pub caliper: Option<f64>,
    /// Log returns instead of simple ones
    #[arg(long)]
    pub log: bool,
    /// Exchange of the benchmark, whose rules place times and tell holes from holidays: XNYS, or none [default: by the benchmark]
    #[arg(long, value_name = "CODE", value_parser = read_exchange)]
    pub exchange: Option<ExchangeChoice>,
    /// Timing of events whose row says none
    #[arg(long, value_enum, default_value_t = TimingChoice::Unknown)]
    pub timing: TimingChoice,
    /// An event that its own day can't react to moves to the next session, to the one before, or is excluded
    #[arg(long, value_enum, default_value_t = Shift::Next)]
    pub shift: Shift,
    /// Largest such move in calendar days; beyond it the event is excluded
    #[arg(long, value_name = "DAYS", default_value_t = 5)]
    pub largest_shift: i64,
    /// Least number of estimation returns
    #[arg(long, value_name = "N", default_value_t = 30)]
    pub min_estimation: usize,
    /// Days of the event window that may lack a return; with 0 such an event is excluded
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub allow_missing: usize,
    /// Stop when more than this share of the events is excluded: 20%, or 0.2
    #[arg(long, value_name = "SHARE", value_parser = read_share)]
    pub max_excluded: Option<f64>,
    /// Events of one security whose event windows overlap
    #[arg(long, value_enum, default_value_t = Overlaps::Keep)]
    pub overlaps: Overlaps,
    /// Model that stands in for an event whose conditional variance (garch, egarch, gjr) has no maximum that can be found [default: none,
    /// such an event is excluded]
    #[arg(long, value_enum, value_name = "MODEL")]
    pub garch_fallback: Option<GarchFallback>,
    /// Leave out events with another event of the same security in their estimation window
    #[arg(long)]
    pub clean_estimation: bool,
    /// Draws of the resampled tests (wild bootstrap, skewness-adjusted bootstrap, permutation), 19 or more; none without
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub draws: usize,
    /// Tests for windows of months: alphas of calendar-time portfolios by day or by month, pooled standardised returns, and with --draws the
    /// bootstrap of the BHARs
    #[arg(long, value_enum, value_name = "PERIOD", num_args = 0..=1, require_equals = true, default_missing_value = "day")]
    pub long_horizon: Option<PortfolioPeriodChoice>,
    /// Column of the event file by which a calendar-time portfolio is weighted too: market value, for example
    #[arg(long, value_name = "COLUMN", requires = "long_horizon")]
    pub weights: Option<String>,
    /// Regress the CARs of every window on columns of the event file: "size + log(price) + sector + size:sector"; text becomes dummies
    #[arg(long, value_name = "FORMULA", value_parser = read_formula)]
    pub regress: Option<Formula>,
    /// Errors of that regression: robust to different variances (hc1, or hc3 for small samples), or clustered
    #[arg(long, value_enum, value_name = "KIND", default_value_t = ErrorKind::Hc1, requires = "regress")]
    pub regress_errors: ErrorKind,
    /// Print that program's variants beside, for matching published papers
    #[arg(long, value_enum)]
    pub conventions: Option<OtherConventions>,
    /// Test too whether more was traded than usual, of events whose prices have volumes
    #[arg(long)]
    pub abnormal_volume: bool,
    /// Test too whether the abnormal returns vary more than usual
    #[arg(long)]
    pub abnormal_volatility: bool,
    /// Repeat the study under other models and estimation windows, and draw all results as one curve
    #[arg(long)]
    pub specifications: bool,
    /// A further model for --specifications; repeat for more
    #[arg(long, value_name = "MODEL", value_parser = ExpectedReturnModel::from_str, requires = "specifications")]
    pub also_model: Vec<ExpectedReturnModel>,
    /// A further estimation window for --specifications; repeat for more
    #[arg(long, value_name = "FIRST..LAST", allow_hyphen_values = true, requires = "specifications")]
    pub also_estimation: Vec<Window>,
    /// A further benchmark for --specifications; repeat for more
    #[arg(long, value_name = "SYMBOL", requires = "specifications")]
    pub also_benchmark: Vec<String>,
    #[command(flatten)]
    pub beta: BetaArguments,
    /// A quote whose volume is 0: a price like any other, or none, as nobody traded
    #[arg(long, value_enum, default_value_t = ZeroVolume::Price)]
    pub zero_volume: ZeroVolume,
    /// Write a table a level (events, abnormal_returns, cars, groups, tests, exclusions; regression with --regress, rolling_betas with
    /// --rolling-beta, controls under models that have any)
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub tables: Option<TableChoice>,
    /// Title of charts and report [default: the event file's name]
    #[arg(long)]
    pub title: Option<String>,
    /// Nothing but the summary: no charts, no report
    #[arg(long)]
    pub no_report: bool,
}

/// Betas and thin trading.
#[derive(Debug, Args)]
pub(in crate::cli) struct BetaArguments {
    /// Mean of the betas that --model vasicek shrinks towards [default: that of the study's events]
    #[arg(long, value_name = "BETA", requires = "prior_sd", allow_hyphen_values = true)]
    pub prior_beta: Option<f64>,
    /// Their standard deviation
    #[arg(long, value_name = "SD", requires = "prior_beta")]
    pub prior_sd: Option<f64>,
    /// Line by which --model blume moves betas: 1/3 + 2/3 b, or estimated from the halves of the estimation windows [default: fixed]
    #[arg(long, value_enum)]
    pub blume_line: Option<BlumeChoice>,
    /// What a return is paired with when sessions without a trade lie before it
    #[arg(long, value_enum, default_value_t = ThinTrading::Session)]
    pub thin_trading: ThinTrading,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum BlumeChoice {
    /// 1/3 + 2/3 b
    Fixed,
    /// Betas of the second halves of the estimation windows on those of the first
    Estimated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ThinTrading {
    /// The benchmark's return of the same session
    Session,
    /// The benchmark's return over the sessions since the last trade, with the weight that so many sessions leave it
    TradeToTrade,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ZeroVolume {
    /// A price
    Price,
    /// No trade: the quote is left out
    NoTrade,
}

const MANY_EVENTS: &str =
    "Columns of the event list: symbol and date; if wanted event_id, time, timing (before-open, during, after-close), group, benchmark,
estimation and window (such as -250..-11), title. Every further column is kept as a characteristic. An event that can't be used is listed
with its reason, and the rest goes on.

Unless said otherwise: --model market, --estimation -250..-11, --window -10..10, and --car 0..1, -1..1 and the event window. The benchmark gives the
sessions under every model. The first --car is the headline.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum GarchFallback {
    /// The market model, whose variance stands still; the result names these events
    Market,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Unit {
    /// By the size of the numbers; an error where that leaves a doubt
    Detect,
    /// Percent
    Percent,
    /// Fractions
    Fraction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TimingChoice {
    /// As if during trading, and said so
    Unknown,
    /// Before the opening bell
    BeforeOpen,
    /// During trading
    During,
    /// After the closing bell: the next session reacts
    AfterClose,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Shift {
    /// The next session
    Next,
    /// The session before
    Previous,
    /// Excluded
    Exclude,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Overlaps {
    /// Kept and reported
    Keep,
    /// The later one is left out
    LeaveOutLater,
    /// All of them are left out
    LeaveOutAll,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum OtherConventions {
    /// Stata's eventstudy2
    #[value(name = "eventstudy2")]
    EventStudy2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum MatchChoice {
    /// Nearest in all characteristics, each over its standard deviation
    Nearest,
    /// Within 70 to 130 % of the first, nearest in the others
    BarberLyon,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum PortfolioPeriodChoice {
    /// Each session
    Day,
    /// Each calendar month, by the events whose window covers all of it
    Month,
}

impl From<PortfolioPeriodChoice> for PortfolioPeriod {
    fn from(choice: PortfolioPeriodChoice) -> Self {
        match choice {
            PortfolioPeriodChoice::Day => PortfolioPeriod::Day,
            PortfolioPeriodChoice::Month => PortfolioPeriod::Month,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum ErrorKind {
    /// Different variances
    Hc1,
    /// Different variances, for small samples
    Hc3,
    /// Clustered by day 0
    Date,
    /// Clustered by security
    Firm,
    /// Clustered by both
    DateFirm,
}

impl From<ErrorKind> for ErrorChoice {
    fn from(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Hc1 => ErrorChoice::Hc1,
            ErrorKind::Hc3 => ErrorChoice::Hc3,
            ErrorKind::Date => ErrorChoice::Date,
            ErrorKind::Firm => ErrorChoice::Firm,
            ErrorKind::DateFirm => ErrorChoice::DateFirm,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum TableChoice {
    /// Apache Parquet
    Parquet,
    /// Comma-separated text
    Csv,
}
