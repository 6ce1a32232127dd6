//! Arguments as typed.

mod intraday;
mod study;
mod value;

use std::path::PathBuf;
use std::str::FromStr;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(super) use intraday::{IntradayArguments, Overnight, StampChoice, VolatilityChoice};
pub(super) use study::{
    BetaArguments, BlumeChoice, GarchFallback, MatchChoice, OtherConventions, Overlaps, PortfolioPeriodChoice, Shift, StudyArguments,
    TableChoice, ThinTrading, TimingChoice, Unit, ZeroVolume,
};
use value::{read_fraction, read_published, read_size, read_span, read_tails, read_threads};

use crate::chart::Size;
use crate::claim::Published;
use crate::intraday::bar::BarSpan;
use crate::model::ExpectedReturnModel;
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
    /// scholes-williams, dimson(LAGS,LEADS), fowler-rorke(LAGS), vasicek, blume, garch, egarch, gjr (with -t for t errors), synthetic-control,
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
