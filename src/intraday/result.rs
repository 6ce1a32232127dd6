//! What an intraday study found, as plain data: charts, reports and `result.json` see nothing else. Fractions throughout.

use chrono::NaiveDate;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use super::column::BarCount;
use super::fit::{BarModel, Volatility};
use super::grid::GridSummary;
use super::measure::{AbnormalBar, EventCar};
use super::place::NewsTime;
use crate::event::EventId;
use crate::provenance::Provenance;
use crate::sample::result::{AdjustedTest, Distribution, GroupDifference, ReasonCount};
use crate::sample::{HeadlineReading, MeanCorrelation};
use crate::window::Window;

/// Everything an intraday study found. It is written to `result.json` as it stands here, field by field.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntradayResult {
    /// Version of this form: `aftermove/intraday/1`.
    pub schema: &'static str,
    /// What was studied, and how.
    pub study: IntradaySummary,
    /// Sessions and bars.
    pub grid: GridSummary,
    /// The bars of each security and benchmark that was used.
    pub securities: Vec<SecurityBars>,
    /// Events of the list, used or not.
    pub listed: usize,
    /// The used events, in the order of the list.
    pub events: Vec<IntradayEvent>,
    /// The excluded events, in the order of the list.
    pub exclusions: Vec<ExcludedIntradayEvent>,
    /// How many were excluded for which kind of reason, most first.
    pub reasons: Vec<ReasonCount>,
    /// What the reader of the result should know of the events.
    pub notes: IntradayNotes,
    /// All events first, then each group in the order of the list; a list without groups has the first alone.
    pub groups: Vec<IntradayGroup>,
    /// Each two groups compared.
    pub differences: Vec<GroupDifference>,
    /// Volatility by time of day.
    pub volatility: Vec<SlotVolatility>,
    /// What the tests to read say of the headline window.
    pub reading: HeadlineReading,
    /// Where the data comes from.
    pub provenance: Provenance,
}

/// What was studied, and how.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntradaySummary {
    /// Name, as in the output folder.
    pub name: String,
    /// Title.
    pub title: String,
    /// Symbol of the benchmark of events that name none.
    pub benchmark: String,
    /// Expected-return model.
    pub model: BarModel,
    /// Whose variance a bar has.
    pub volatility: Volatility,
    /// Event window, bars.
    pub window: Window,
    /// Windows of cumulation, bars; the first is the headline.
    pub car_windows: Vec<Window>,
    /// Estimation sessions, counted from the session in which the event window begins.
    pub estimation: Window,
    /// Least number of estimation sessions with a return, in all and at each time of day of the event window.
    pub least_sessions: usize,
    /// Bars of the event window that may lack a return.
    pub allowed_missing: usize,
    /// Draws of the resampled tests; 0 for none.
    pub draws: usize,
    /// Their seed; None when nothing was drawn.
    pub seed: Option<u64>,
}

/// The bars of one security.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SecurityBars {
    /// Symbol.
    pub symbol: String,
    /// What was done with them.
    #[serde(flatten)]
    pub count: BarCount,
    /// Missing bars over all places, a fraction; None without a session.
    pub missing_share: Option<f64>,
}

/// One used event.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntradayEvent {
    /// Key.
    pub event_id: EventId,
    /// Security.
    pub symbol: String,
    /// Group; None for none.
    pub group: Option<String>,
    /// The event's benchmark.
    pub benchmark: String,
    /// When the news came, as the event file says it.
    pub news: String,
    /// Where in the exchange's day.
    pub news_time: NewsTime,
    /// Session of bar 0.
    pub session: NaiveDate,
    /// Beginning of bar 0 as clocks at the exchange show it.
    pub bar_begins: String,
    /// Its end, after the news.
    pub bar_ends: String,
    /// Intercept, a fraction a bar: under `constant-mean` the mean return. None under `market-adjusted`, which estimates none.
    pub alpha: Option<f64>,
    /// Slope on the benchmark; None under models that estimate none.
    pub beta: Option<f64>,
    /// Share of variance explained; None without a regression.
    pub r_squared: Option<f64>,
    /// Residual standard deviation over all slots, a fraction a bar.
    pub sigma: f64,
    /// Estimation bars.
    pub observations: usize,
    /// Estimation sessions with a return.
    pub sessions: usize,
    /// Bars of the event window without a return.
    pub missing: usize,
    /// Abnormal return of each bar of the event window; None where there is none. A list a column in result files.
    #[serde(serialize_with = "write_columns")]
    pub bars: Vec<Option<AbnormalBar>>,
    /// Each window of cumulation; None without a bar that has a return.
    pub windows: Vec<Option<EventCar>>,
}

/// An event that couldn't be used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExcludedIntradayEvent {
    /// Key.
    pub event_id: EventId,
    /// Security.
    pub symbol: String,
    /// When the news came, as the event file says it.
    pub news: String,
    /// Kind of reason, by which exclusions are counted.
    pub kind: &'static str,
    /// The reason in full.
    pub reason: String,
}

/// What the reader of the result should know of the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct IntradayNotes {
    /// Used events whose news came outside the session: the first bar of the next session reacts.
    pub outside_hours: usize,
    /// Used events whose event window goes over a night.
    pub over_night: usize,
    /// Used events whose event window shares a bar with that of another of the same security.
    pub overlapping: usize,
    /// Used events with another of the same security in their estimation sessions.
    pub contaminated: usize,
    /// Used events without a single return in the headline window, and so not in its mean.
    pub without_headline: usize,
    /// Bars of the used events' windows without a return.
    pub missing_bars: usize,
    /// Bars of the used events' windows.
    pub window_bars: usize,
}

/// One bar over a set of events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BarResult {
    /// Bars from bar 0.
    pub bar: i32,
    /// AAR and what belongs to it.
    #[serde(flatten)]
    pub abnormal: Distribution,
    /// Every test.
    pub tests: Vec<AdjustedTest>,
}

/// One window over a set of events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BarWindowResult {
    /// The window, bars.
    pub window: Window,
    /// CAAR and what belongs to it.
    #[serde(flatten)]
    pub cumulative: Distribution,
    /// Mean of the SCARs.
    pub mean_scar: f64,
    /// Mean residual correlation of all pairs of events.
    pub correlation: MeanCorrelation,
    /// Every test.
    pub tests: Vec<AdjustedTest>,
}

/// CAAR from the first bar of the event window to a bar.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CumulativeBar {
    /// The bar.
    pub bar: i32,
    /// Events in it: those with a return in every bar so far; with `--allow-missing`, those with one in any.
    pub n: usize,
    /// Mean.
    pub value: f64,
    /// 95 % interval: t(N−1) of several events; of one, its own standard error.
    pub interval: Option<(f64, f64)>,
}

/// A set of events: all of them, or a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IntradayGroup {
    /// Name; None for all events.
    pub group: Option<String>,
    /// Events.
    pub n: usize,
    /// Different securities among them.
    pub securities: usize,
    /// Different sessions of bar 0 among them.
    pub sessions: usize,
    /// Each bar of the event window.
    pub bars: Vec<BarResult>,
    /// Each window asked for in which an event has a return. The headline is the one that is the study's first, which may be missing.
    pub windows: Vec<BarWindowResult>,
    /// CAAR from the first bar on.
    pub cumulative: Vec<CumulativeBar>,
}

/// Volatility at one time of day, over the used events.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct SlotVolatility {
    /// Beginning of the bar, minutes from midnight at the exchange; the open for the overnight bar.
    pub minute: u32,
    /// Whether it is the overnight bar.
    pub overnight: bool,
    /// Root mean square of the abnormal returns in the estimation sessions, a fraction.
    pub estimation: f64,
    /// The same in the sessions of bar 0; None where no event has one.
    pub event_session: Option<f64>,
    /// Events.
    pub n: usize,
}

fn write_columns<S: Serializer>(bars: &[Option<AbnormalBar>], serializer: S) -> Result<S::Ok, S::Error> {
    let column = |of: fn(&AbnormalBar) -> f64| -> Vec<Option<f64>> { bars.iter().map(|bar| bar.as_ref().map(of)).collect() };
    let mut map = serializer.serialize_map(Some(4))?;
    map.serialize_entry("abnormal", &column(|bar| bar.value))?;
    map.serialize_entry("standard_error", &column(|bar| bar.standard_error))?;
    map.serialize_entry("degrees", &column(|bar| bar.degrees))?;
    map.serialize_entry("span", &bars.iter().map(|bar| bar.as_ref().map(|bar| bar.span)).collect::<Vec<_>>())?;
    map.end()
}
