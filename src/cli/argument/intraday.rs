//! Arguments of `aftermove intraday`.

use std::path::PathBuf;
use std::str::FromStr;

use chrono_tz::Tz;
use clap::{Args, ValueEnum};

use super::value::{ExchangeChoice, read_exchange, read_share, read_zone};
use crate::intraday::bar::BarLength;

#[derive(Debug, Args)]
#[command(after_help = BARS)]
pub(in crate::cli) struct IntradayArguments {
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
pub(in crate::cli) enum StampChoice {
    /// When it begins
    Start,
    /// When it ends
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Overnight {
    /// It is no bar's return
    LeaveOut,
    /// It is a bar of its own, before the first of the session
    OwnBar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum VolatilityChoice {
    /// That of the same time of day in the estimation sessions
    TimeOfDay,
    /// One for all bars, for comparison
    Constant,
}
