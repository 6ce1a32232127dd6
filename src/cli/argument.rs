//! Arguments as typed.

use std::path::PathBuf;
use std::str::FromStr;

use chrono_tz::Tz;
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::calendar::Exchange;
use crate::chart::Size;
use crate::claim::Published;
use crate::cross_section::{ErrorChoice, Formula};
use crate::data::page::read_publication_date;
use crate::intraday::bar::{BarLength, BarSpan};
use crate::model::ExpectedReturnModel;
use crate::sample::long_horizon::PortfolioPeriod;
use crate::simulation::Tails;
use crate::window::Window;

/// Is what an article says about a price true, and was the market's move abnormal?
///
/// Without a command it runs the built-in study (Cloudflare blocks Kiwi Farms, 3 September 2022): charts, a report and the result
/// go to charts/cloudflare-kiwi-farms-2022/, a summary to the terminal.
#[derive(Debug, Parser)]
#[command(name = "aftermove", version, args_conflicts_with_subcommands = false, disable_help_subcommand = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub command: Option<Command>,
    #[command(flatten)]
    pub options: Options,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Run a study file: article, prices, events, charts, report
    Run(RunArguments),
    /// Check what articles state about prices, figure by figure
    Check(CheckArguments),
    /// List the claims that articles make, with where each stands in the text
    Extract(ExtractArguments),
    /// Study many events: abnormal returns, every test, groups, tables, charts, report
    #[command(visible_alias = "events")]
    Study(Box<StudyArguments>),
    /// Study news within the day on bars of minutes: abnormal returns around the minute, every test, charts, report
    Intraday(IntradayArguments),
    /// Measure by simulation how often each test of many events rejects, without an event and with one planted
    Simulate(SimulateArguments),
}

#[derive(Debug, Args)]
pub(super) struct RunArguments {
    /// The study file (TOML), or a folder that holds study.toml
    pub study: PathBuf,
}

#[derive(Debug, Args)]
#[command(after_help = MANY_ARTICLES)]
pub(super) struct CheckArguments {
    #[command(flatten)]
    pub articles: ArticleArguments,
    /// Price file: CSV or Parquet; repeat for more. Without one nothing can be checked, and every claim says so
    #[arg(long, value_name = "FILE")]
    pub prices: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = MANY_ARTICLES)]
pub(super) struct ExtractArguments {
    #[command(flatten)]
    pub articles: ArticleArguments,
}

const MANY_ARTICLES: &str =
    "Many articles: give several files, a folder (read with all folders in it), a pattern in quotes ('news/**/*.html'), or JSON Lines
(.jsonl or .ndjson, also with .gz; - with --jsonl): {\"id\": …, \"published\": …, \"text\": …} on each line, and if wanted
\"title\", \"source\", \"language\", \"format\": \"html\". Results are JSON Lines, one line an article in the order given, or with
--to results.parquet a table, one row a claim. An article that can't be read doesn't stop the others: its line says why.";

#[derive(Debug, Args)]
#[command(after_help = MANY_EVENTS)]
pub(super) struct StudyArguments {
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
    /// Donors of synthetic controls: all securities of the prices, a file of symbols (one a line), or symbols: MSFT,ORCL
    #[arg(long, value_name = "all|FILE|SYMBOL,…", default_value = "all")]
    pub donors: String,
    /// Most donors of one event: of more, those whose returns correlate most with the security's
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = read_donors)]
    pub most_donors: usize,
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
    /// Draws of the resampled tests (wild bootstrap, skewness-adjusted bootstrap, permutation); none without
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
pub(super) struct BetaArguments {
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
pub(super) enum BlumeChoice {
    /// 1/3 + 2/3 b
    Fixed,
    /// Betas of the second halves of the estimation windows on those of the first
    Estimated,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ThinTrading {
    /// The benchmark's return of the same session
    Session,
    /// The benchmark's return over the sessions since the last trade, with the weight that so many sessions leave it
    TradeToTrade,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum ZeroVolume {
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

#[derive(Debug, Args)]
#[command(after_help = BARS)]
pub(super) struct IntradayArguments {
    /// Event list: CSV or Parquet with symbol, date and time (with its zone), one event a row
    #[arg(long, value_name = "FILE")]
    pub events: PathBuf,
    /// Bar file: CSV or Parquet with timestamp, symbol, close, and if wanted open; repeat for more
    #[arg(long, value_name = "FILE", required = true)]
    pub bars: Vec<PathBuf>,
    /// Length of the bars, a multiple of the file's: 1m, 5m, 1h [default: the file's]
    #[arg(long, value_name = "LENGTH", value_parser = BarLength::from_str)]
    pub bar: Option<BarLength>,
    /// Exchange whose hours, holidays and early closes count: XNYS [default: by the benchmark]
    #[arg(long, value_name = "CODE", value_parser = read_exchange, conflicts_with = "session")]
    pub exchange: Option<ExchangeChoice>,
    /// Trading hours of another exchange, on clocks of --time-zone: 09:00-17:30
    #[arg(long, value_name = "OPEN-CLOSE", requires = "time_zone")]
    pub session: Option<String>,
    /// Zone of --session, and of timestamps in bar files that have no offset: Europe/Paris
    #[arg(long, value_name = "ZONE", value_parser = read_zone)]
    pub time_zone: Option<Tz>,
    /// Whether a bar's timestamp says when it begins or when it ends [default: seen in the benchmark's bars, where they tell]
    #[arg(long, value_enum)]
    pub stamp: Option<StampChoice>,
    /// The return over the night
    #[arg(long, value_enum, default_value_t = Overnight::LeaveOut)]
    pub overnight: Overnight,
    /// Variance of a bar: that of its time of day, or one for all bars
    #[arg(long, value_enum, default_value_t = VolatilityChoice::TimeOfDay)]
    pub volatility: VolatilityChoice,
    /// Least number of estimation sessions with a return, in all and at each time of day of the event window
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub min_estimation: usize,
    /// Bars of the event window that may lack a return; with 0 such an event is excluded
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub allow_missing: usize,
    /// Most calendar days from the news to the session that reacts; beyond them the event is excluded
    #[arg(long, value_name = "DAYS", default_value_t = 5)]
    pub largest_shift: i64,
    /// Stop when more than this share of the events is excluded: 20%, or 0.2
    #[arg(long, value_name = "SHARE", value_parser = read_share)]
    pub max_excluded: Option<f64>,
    /// Draws of the resampled tests (wild bootstrap, skewness-adjusted bootstrap, permutation); none without
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub draws: usize,
    /// Title of charts and report [default: the event file's name]
    #[arg(long)]
    pub title: Option<String>,
    /// Nothing but the summary: no charts, no report
    #[arg(long)]
    pub no_report: bool,
}

const BARS: &str = "Bar 0 is the first bar that ends after the news. --window and --car are in minutes of trading time from the beginning of bar 0 (-30m..60m;
0m..5m is the first five minutes) or in bars (-30..60, both included). --estimation counts sessions before the one in which the event
window begins: 20, or -25..-6. News outside the session reacts in the first bar of the next one; the return over the night is no bar's,
and is left out unless --overnight own-bar keeps it as bar 0. A bar without a trade is missing, never 0.

Unless said otherwise: --model market, --estimation 20, --window -30m..60m, and --car 0m..5m, 0m..15m, 0m..30m and 0m..60m. The benchmark gives
the sessions under every model. The first --car is the headline.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum StampChoice {
    /// When it begins
    Start,
    /// When it ends
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Overnight {
    /// It is no bar's return
    LeaveOut,
    /// It is a bar of its own, before the first of the session
    OwnBar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum VolatilityChoice {
    /// That of the same time of day in the estimation sessions
    TimeOfDay,
    /// One for all bars, for comparison
    Constant,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum GarchFallback {
    /// The market model, whose variance stands still; the result names these events
    Market,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Unit {
    /// By the size of the numbers; an error where that leaves a doubt
    Detect,
    /// Percent
    Percent,
    /// Fractions
    Fraction,
}

/// An exchange named, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ExchangeChoice(pub Option<Exchange>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum TimingChoice {
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
pub(super) enum Shift {
    /// The next session
    Next,
    /// The session before
    Previous,
    /// Excluded
    Exclude,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Overlaps {
    /// Kept and reported
    Keep,
    /// The later one is left out
    LeaveOutLater,
    /// All of them are left out
    LeaveOutAll,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OtherConventions {
    /// Stata's eventstudy2
    #[value(name = "eventstudy2")]
    EventStudy2,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum MatchChoice {
    /// Nearest in all characteristics, each over its standard deviation
    Nearest,
    /// Within 70 to 130 % of the first, nearest in the others
    BarberLyon,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum PortfolioPeriodChoice {
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
pub(super) enum ErrorKind {
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
pub(super) enum TableChoice {
    /// Apache Parquet
    Parquet,
    /// Comma-separated text
    Csv,
}

/// Which articles, and how they are read.
#[derive(Debug, Args)]
pub(super) struct ArticleArguments {
    /// The article: text, HTML or Markdown, or its figures in .toml or .json; - is standard input
    #[arg(value_name = "ARTICLE", required = true)]
    pub article: Vec<PathBuf>,
    /// When it was published, whatever it says itself: 2022-09-05, or with time and zone 2022-09-05T09:00:00+02:00
    #[arg(long, value_name = "DATE", value_parser = read_published)]
    pub published: Option<Published>,
    /// Names of further securities, a TOML file like lexicon/securities.toml; repeat for more
    #[arg(long, value_name = "FILE")]
    pub names: Vec<PathBuf>,
    /// Language of the article [default: as it declares, else told from its words]
    #[arg(long, value_enum)]
    pub language: Option<Language>,
    /// Take the input for JSON Lines, one article a line, whatever its name
    #[arg(long)]
    pub jsonl: bool,
    /// Write the results of many articles to this file: .jsonl, or .parquet [default: JSON Lines on standard output]
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
}

#[derive(Debug, Args)]
#[command(after_help = SIMULATION)]
pub(super) struct SimulateArguments {
    /// Draw securities and dates from these prices (CSV or Parquet; repeat for more), with --benchmark; without, returns are made up
    #[arg(long, value_name = "FILE")]
    pub prices: Vec<PathBuf>,
    /// Factor returns for factor models, beside prices (Ken French's CSV as published, or CSV or Parquet); repeat for more
    #[arg(long, value_name = "FILE", requires = "prices")]
    pub factors: Vec<PathBuf>,
    /// Events a sample
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub events_per_sample: usize,
    /// Samples
    #[arg(long, value_name = "N", default_value_t = 1000)]
    pub replications: usize,
    /// Abnormal returns to plant at every event, 0 for none: 0,0.5%,1%,2%
    #[arg(long, value_name = "RETURN", value_delimiter = ',', value_parser = read_fraction, allow_hyphen_values = true, default_value = "0")]
    pub planted: Vec<f64>,
    /// Spread what is planted over the window that is tested; else it is planted on day 0
    #[arg(long)]
    pub over_window: bool,
    /// All events of a sample on one date
    #[arg(long)]
    pub clustered: bool,
    /// Variance of the residuals on the days that are tested, as a multiple of the usual one
    #[arg(long, value_name = "RATIO", default_value_t = 1.0)]
    pub event_variance: f64,
    /// Level of the tests
    #[arg(long, value_name = "SHARE", value_parser = read_fraction, default_value = "5%")]
    pub level: f64,
    /// The tests for windows of months too: see `aftermove study --help`
    #[arg(long, value_enum, value_name = "PERIOD", num_args = 0..=1, require_equals = true, default_missing_value = "day")]
    pub long_horizon: Option<PortfolioPeriodChoice>,
    #[command(flatten)]
    pub beta: BetaArguments,
    /// Draws of the resampled tests; 0 leaves them out
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub draws: usize,
    /// Correlation of two securities' made-up residuals on one day, from 0 to below 1
    #[arg(long, value_name = "R", default_value_t = 0.0, conflicts_with = "prices", allow_hyphen_values = true)]
    pub correlation: f64,
    /// Tails of made-up shocks: degrees of freedom of a t distribution, or normal
    #[arg(long, value_name = "DEGREES", value_parser = read_tails, default_value = "5", conflicts_with = "prices")]
    pub tails: Tails,
    /// Median standard deviation of made-up residuals, a session
    #[arg(long, value_name = "SHARE", value_parser = read_fraction, default_value = "2%", conflicts_with = "prices")]
    pub sigma: f64,
}

const SIMULATION: &str =
    "Every test of `aftermove study` runs on every sample; a table says how often each rejected, with the error of so many samples.
Without an event, a right test at 5 % rejects 5 % of the samples. Estimation window -250..-11 and event window 0..0 unless
--estimation and --window say otherwise; --car names the window that is tested. Files go to charts/simulation/ or --out.";

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Language {
    /// English
    En,
    /// French
    Fr,
}

impl Language {
    /// Its code.
    pub(super) fn code(self) -> &'static str {
        match self {
            Language::En => "en",
            Language::Fr => "fr",
        }
    }
}

#[derive(Debug, Args)]
pub(super) struct Options {
    /// Symbol of the benchmark
    #[arg(long, global = true, value_name = "SYMBOL")]
    pub benchmark: Option<String>,
    /// Expected-return model: market, market-adjusted, constant-mean, capm, fama-french-3, carhart-4, fama-french-5, factors,
    /// scholes-williams, dimson(LAGS,LEADS), vasicek, blume, garch, egarch, gjr (with -t for t errors), synthetic-control,
    /// comparison-firm, comparison-portfolio(FIRMS)
    #[arg(long, global = true, value_name = "MODEL", value_parser = ExpectedReturnModel::from_str)]
    pub model: Option<ExpectedReturnModel>,
    /// Estimation window, sessions from the event
    #[arg(id = "estimation", long = "estimation", global = true, value_name = "FIRST..LAST", allow_hyphen_values = true, value_parser = read_span)]
    pub typed_estimation: Option<BarSpan>,
    /// Event window
    #[arg(id = "window", long = "window", global = true, value_name = "FIRST..LAST", allow_hyphen_values = true, value_parser = read_span)]
    pub typed_window: Option<BarSpan>,
    /// Window to cumulate abnormal returns over; repeat for more, the first is the headline
    #[arg(id = "car", long = "car", global = true, value_name = "FIRST..LAST", allow_hyphen_values = true, value_parser = read_span)]
    pub typed_car: Vec<BarSpan>,
    /// The three in sessions, as every command but `intraday` has them ([`Options::in_sessions`]).
    #[arg(skip)]
    pub estimation: Option<Window>,
    /// Event window, sessions.
    #[arg(skip)]
    pub window: Option<Window>,
    /// Windows of cumulation, sessions.
    #[arg(skip)]
    pub car: Vec<Window>,
    /// Draw the beta over so many sessions, moving on one at a time, with its 95 % band (many events: their mean by event day)
    #[arg(long, global = true, value_name = "SESSIONS")]
    pub rolling_beta: Option<usize>,
    /// Folder for charts and report [default: charts/<study>]
    #[arg(long, global = true, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What goes to the terminal: a summary, or result.json
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Write the charts as SVG too
    #[arg(long, global = true)]
    pub svg: bool,
    /// Size of the charts in pixels
    #[arg(long, global = true, value_name = "WIDTHxHEIGHT", value_parser = read_size, default_value = "1600x1000")]
    pub size: Size,
    /// Exit with 1 when a claim is contradicted, an event excluded, or one of many articles can't be read
    #[arg(long, global = true)]
    pub strict: bool,
    /// Print nothing but errors
    #[arg(long, short, global = true)]
    pub quiet: bool,
    /// Seed of what is drawn at random; the tests of single events draw nothing, so that it changes nothing in them
    #[arg(long, global = true, value_name = "N")]
    pub seed: Option<u64>,
    /// Threads to use [default: one a core]; results don't depend on it
    #[arg(long, global = true, value_name = "N", value_parser = read_threads)]
    pub threads: Option<usize>,
}

impl Options {
    /// Takes the windows for sessions.
    ///
    /// # Errors
    /// The window that is in minutes.
    pub(super) fn in_sessions(&mut self) -> Result<(), BarSpan> {
        let sessions = |span: BarSpan| match span {
            BarSpan::Bars(window) => Ok(window),
            BarSpan::Minutes(_, _) => Err(span),
        };
        self.estimation = self.typed_estimation.map(sessions).transpose()?;
        self.window = self.typed_window.map(sessions).transpose()?;
        self.car = self.typed_car.iter().copied().map(sessions).collect::<Result<_, _>>()?;
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// A summary in tables
    Text,
    /// The result as JSON
    Json,
}

fn read_formula(text: &str) -> Result<Formula, String> {
    Formula::read(text).map_err(|fault| fault.to_string())
}

fn read_published(text: &str) -> Result<Published, String> {
    read_publication_date(text).ok_or_else(|| "write a date, 2022-09-05, or an instant with its zone, 2022-09-05T09:00:00+02:00".to_owned())
}

fn read_exchange(text: &str) -> Result<ExchangeChoice, String> {
    match text.to_ascii_uppercase().as_str() {
        "XNYS" | "NYSE" | "XNAS" | "NASDAQ" => Ok(ExchangeChoice(Some(Exchange::Nyse))),
        "NONE" => Ok(ExchangeChoice(None)),
        _ => Err("write XNYS (New York), or none: other exchanges' rules aren't known".to_owned()),
    }
}

/// A window, in sessions (or bars) or in minutes.
fn read_span(text: &str) -> Result<BarSpan, String> {
    match text.parse::<Window>() {
        Ok(window) => Ok(BarSpan::Bars(window)),
        // What has a unit isn't meant in sessions.
        Err(_) if text.contains(['m', 'h']) && text.contains(|character: char| character.is_ascii_digit()) => {
            text.parse().map_err(|error: crate::intraday::bar::BarError| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    }
}

fn read_zone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| {
        let near = crate::series::near_names(text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
        let near = if near.is_empty() { String::new() } else { format!(" (near: {})", near.join(", ")) };
        format!("write a zone of the time zone database, such as America/New_York{near}")
    })
}

fn read_share(text: &str) -> Result<f64, String> {
    let share = if text.trim() == "1" { 1.0 } else { read_fraction(text)? };
    Some(share).filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| "write a share of the events from 0% to 100%".to_owned())
}

fn read_fraction(text: &str) -> Result<f64, String> {
    let plain = text.trim().replace('\u{2212}', "-");
    let number = |part: &str| part.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match plain.strip_suffix('%') {
        Some(percent) => number(percent).map(|percent| percent / 100.0).ok_or_else(|| "write it as 1%".to_owned()),
        // A bare 5 is meant in percent by most, and 500 % by nobody.
        None => {
            number(&plain).filter(|share| share.abs() < 1.0).ok_or_else(|| "write it with its sign, 5%, or as a fraction, 0.05".to_owned())
        }
    }
}

fn read_tails(text: &str) -> Result<Tails, String> {
    if text.eq_ignore_ascii_case("normal") {
        return Ok(Tails::Normal);
    }
    let degrees = text.trim().parse::<f64>().ok().filter(|degrees| degrees.is_finite());
    degrees.map(Tails::Student).ok_or_else(|| "write degrees of freedom above 2, such as 5, or normal".to_owned())
}

fn read_size(text: &str) -> Result<Size, String> {
    let side = |part: &str| part.trim().parse::<u32>().ok().filter(|side| Size::LIMITS.contains(side));
    let sides = text.to_lowercase().replace('×', "x");
    let read = sides.split_once('x').and_then(|(width, height)| Some(Size { width: side(width)?, height: side(height)? }));
    read.ok_or_else(|| format!("write it as 1600x1000, each side from {} to {} pixels", Size::LIMITS.start(), Size::LIMITS.end()))
}

fn read_donors(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|donors| (1..=10_000).contains(donors)).ok_or_else(|| "write a number from 1 to 10000".to_owned())
}

fn read_threads(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|threads| (1..=1024).contains(threads)).ok_or_else(|| "write a number from 1 to 1024".to_owned())
}
