//! What a study of many events found, as plain data: charts, reports, tables and `result.json` see nothing else. Fractions throughout.

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;

use super::Overlap;
use super::activity::ActivityResult;
use super::advice::Advice;
use super::beta::{BetaColumns, BetaSummary, ShrinkageUsed};
use super::control::{ControlSummary, EventControls};
use super::correlation::MeanCorrelation;
use super::curve::SpecificationCurve;
use super::estimate::Estimates;
use super::long_horizon::{CalendarAlpha, LongHorizon};
use super::market::Markets;
use super::multiplicity::EventAdjustment;
use super::place::Placed;
use super::rolling::RollingSummary;
use super::thin::ThinTrading;
use super::verdict::HeadlineReading;
use crate::abnormal::CONFIDENCE;
use crate::calendar::{CalendarCheck, Exchange, ShiftPolicy};
use crate::cross_section::CrossSection;
use crate::event::EventId;
use crate::event::list::EventList;
use crate::inference::TestOutcome;
use crate::model::ExpectedReturnModel;
use crate::provenance::Provenance;
use crate::sample::volatility::{EventVolatility, VolatilitySummary};
use crate::series::ReturnKind;
use crate::stats::tail;
use crate::window::{EventDay, Window};

/// Everything a study of many events found.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleResult {
    /// Version of this form: `aftermove/result/1`.
    pub schema: &'static str,
    /// What was studied, and how.
    pub study: SampleSummary,
    /// Events of the list, used or not.
    pub listed: usize,
    /// The used events, in columns.
    pub events: EventColumns,
    /// The controls of the used events in a few numbers; None under models without controls.
    pub controls: Option<ControlSummary>,
    /// The excluded events, in the order of the list.
    pub exclusions: Vec<ExcludedEvent>,
    /// How many were excluded for which kind of reason, most first.
    pub reasons: Vec<ReasonCount>,
    /// The days of the study's benchmark against the rules of its exchange; None without an exchange.
    pub calendar: Option<CalendarCheck>,
    /// Events of one security that touch each other.
    pub overlaps: OverlapSummary,
    /// All events first, then each group in the order of the list; a list without groups has the first alone.
    pub groups: Vec<GroupResult>,
    /// Each two groups compared.
    pub differences: Vec<GroupDifference>,
    /// CARs regressed on characteristics of the events; None unless asked for.
    pub cross_section: Option<CrossSection>,
    /// The models of conditional variance together; None for a study under another model.
    pub volatility: Option<VolatilitySummary>,
    /// What the circumstances of this sample mean for the tests.
    pub advice: Vec<Advice>,
    /// What the tests to read say of the headline window.
    pub reading: HeadlineReading,
    /// Abnormal volume and volatility, as far as they were asked for.
    pub activity: Vec<ActivityResult>,
    /// The same question under every reasonable choice; None unless asked for.
    pub specifications: Option<SpecificationCurve>,
    /// How thinly the events' securities trade.
    pub thin: ThinTrading,
    /// How betas were shrunk; None under models that don't.
    pub shrinkage: Option<ShrinkageUsed>,
    /// Betas before and after they were replaced; None under models whose beta is least squares'.
    pub betas: Option<BetaSummary>,
    /// Rolling beta by event day; None unless it was asked for.
    pub rolling: Option<RollingSummary>,
    /// Where the data comes from.
    pub provenance: Provenance,
}

/// What was studied, and how.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SampleSummary {
    /// Name, as in the output folder.
    pub name: String,
    /// Title.
    pub title: String,
    /// Symbol of the benchmark of events that name none.
    pub benchmark: String,
    /// Expected-return model.
    pub model: ExpectedReturnModel,
    /// Names of its factors; empty for models without.
    pub factors: Vec<String>,
    /// Simple or log returns.
    pub returns: ReturnKind,
    /// Estimation window of events without their own.
    pub estimation: Window,
    /// Event window of events without their own.
    pub window: Window,
    /// The first window asked for.
    pub headline: Window,
    /// Days of the event windows.
    pub days: Vec<EventDay>,
    /// Draws of the resampled tests; 0 for none.
    pub draws: usize,
    /// Their seed; None when nothing was drawn.
    pub seed: Option<u64>,
    /// Exchange whose rules the study's sessions were checked against; None for none.
    pub exchange: Option<Exchange>,
    /// What happened to events that their own day couldn't react to.
    pub shift: ShiftPolicy,
    /// Largest shift, calendar days.
    pub largest_shift: i64,
    /// Least number of estimation returns.
    pub least_estimation: usize,
    /// Days of the event window that may lack a return.
    pub allowed_missing: usize,
    /// The tests for long windows that were asked for; None for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub long_horizon: Option<LongHorizon>,
    /// Where the prices come from, in words; None when not said.
    pub price_source: Option<String>,
}

/// An event that couldn't be used.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ExcludedEvent {
    /// Its number in the list, from 0.
    #[serde(skip)]
    pub number: usize,
    /// Key.
    pub event_id: EventId,
    /// Security.
    pub symbol: String,
    /// Group; None for none.
    pub group: Option<String>,
    /// When the news came.
    pub date: NaiveDate,
    /// Kind of reason, by which exclusions are counted.
    pub kind: &'static str,
    /// The reason in full.
    pub reason: String,
}

/// How many events were excluded for one kind of reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReasonCount {
    /// Kind of reason.
    pub kind: &'static str,
    /// Events.
    pub count: usize,
    /// The first of them with its reason in full.
    pub example: String,
}

/// Events of one security that touch each other. An event counts once a way, with the nearest other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OverlapSummary {
    /// Events whose event window shares a session with that of another event of the same security.
    pub overlapping: usize,
    /// Events listed after another one of the same security with the same day 0.
    pub repeated: usize,
    /// Events into whose estimation window day 0 of another event of the same security falls.
    pub contaminated: usize,
    /// The first of each, at most [`OverlapSummary::SHOWN`] a way: event, other, whether it is the estimation window.
    pub examples: Vec<(EventId, EventId, bool)>,
}

impl OverlapSummary {
    /// Examples that are kept of each way.
    pub const SHOWN: usize = 20;

    pub(super) fn of(list: &EventList, overlaps: &[Overlap]) -> Self {
        let way = |contaminates: bool| overlaps.iter().filter(move |overlap| overlap.contaminates == contaminates);
        let named = |overlap: &Overlap| {
            let id = |number: usize| list.events.get(number).map(|event| event.id.clone());
            Some((id(overlap.event)?, id(overlap.other)?, overlap.contaminates))
        };
        Self {
            overlapping: way(false).count(),
            repeated: overlaps.iter().filter(|overlap| overlap.is_repeated && overlap.is_later).count(),
            contaminated: way(true).count(),
            examples: [false, true].iter().flat_map(|contaminates| way(*contaminates).take(Self::SHOWN).filter_map(named)).collect(),
        }
    }
}

/// The used events, one entry an event in every column, in the order of the list.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventColumns {
    /// Number in the event list, from 0.
    pub number: Vec<usize>,
    /// Key.
    pub event_id: Vec<EventId>,
    /// Number of the symbol in [`EventColumns::symbols`].
    pub symbol: Vec<u32>,
    /// Symbols of the list.
    pub symbols: Vec<String>,
    /// Number of the group in [`EventColumns::groups`]; None for none.
    pub group: Vec<Option<u32>>,
    /// Groups of the list.
    pub groups: Vec<String>,
    /// When the news came.
    pub date: Vec<NaiveDate>,
    /// Day 0.
    pub session: Vec<NaiveDate>,
    /// Calendar days from the news' date at the exchange to day 0.
    pub shift_days: Vec<i64>,
    /// Intercept, a fraction a session.
    pub alpha: Vec<f64>,
    /// Slopes on the regressors; none under `constant-mean`.
    pub slopes: Vec<Vec<f64>>,
    /// Residual standard deviation, a fraction a session.
    pub sigma: Vec<f64>,
    /// Share of variance explained; None for models without a regression.
    pub r_squared: Vec<Option<f64>>,
    /// Estimation returns.
    pub observations: Vec<usize>,
    /// Residual degrees of freedom.
    pub degrees_of_freedom: Vec<usize>,
    /// Share of the estimation window's returns that are zero, a fraction.
    pub zero_share: Vec<f64>,
    /// Share of its sessions without a return, a fraction.
    pub missing_share: Vec<f64>,
    /// What the betas are made of; None for models with a least-squares beta or none.
    pub betas: Option<BetaColumns>,
    /// Days of the event windows.
    pub days: Vec<EventDayColumn>,
    /// Windows of cumulation.
    pub windows: Vec<EventWindowColumn>,
    /// Donors and weights, or matched firms, of each event; empty under models without controls.
    pub controls: Vec<EventControls>,
    /// Conditional variances: None for an event that the market model stands in for; empty under another model.
    pub volatility: Vec<Option<EventVolatility>>,
    /// Tests of each event by itself beside its t (placebo, sample quantile, rank), window by window; empty when they weren't asked for, or
    /// for too many events.
    pub tests: Vec<Vec<Vec<TestOutcome>>>,
}

/// One day over all used events.
#[derive(Debug, Clone, PartialEq)]
pub struct EventDayColumn {
    /// Sessions from day 0.
    pub day: EventDay,
    /// Abnormal returns; where `present` is false there is none, and the value means nothing.
    pub abnormal: Vec<f64>,
    /// Their standard errors, forecast error included.
    pub standard_error: Vec<f64>,
    /// Whether the event has an abnormal return that day.
    pub present: Vec<bool>,
}

/// One window over all used events.
#[derive(Debug, Clone, PartialEq)]
pub struct EventWindowColumn {
    /// The window.
    pub window: Window,
    /// CARs.
    pub car: Vec<f64>,
    /// Their standard errors, forecast error included.
    pub standard_error: Vec<f64>,
    /// Buy-and-hold abnormal returns.
    pub bhar: Vec<f64>,
    /// Days that have a return.
    pub days: Vec<u32>,
    /// The events' p-values adjusted for their number; None unless results of single events were asked for.
    pub adjusted: Option<EventAdjustment>,
}

impl EventColumns {
    /// Number of used events.
    pub fn len(&self) -> usize {
        self.number.len()
    }

    /// Whether no event was used.
    pub fn is_empty(&self) -> bool {
        self.number.is_empty()
    }

    /// Two-sided p-value of an event's CAR, Student t with the model's degrees of freedom. None past the last event.
    pub fn p_value(&self, window: &EventWindowColumn, event: usize) -> Option<f64> {
        tail::two_sided_student(self.t(window, event)?, *self.degrees_of_freedom.get(event)? as f64)
    }

    /// An event's CAR over its standard error. None past the last event.
    pub fn t(&self, window: &EventWindowColumn, event: usize) -> Option<f64> {
        Some(window.car.get(event)? / window.standard_error.get(event)?)
    }

    /// Lower and upper end of the 95 % interval of an event's CAR, Student t with the model's degrees of freedom. None past the last event.
    pub fn interval(&self, window: &EventWindowColumn, event: usize) -> Option<(f64, f64)> {
        let car = window.car.get(event)?;
        let quantile = tail::student_quantile(0.5 + CONFIDENCE / 2.0, *self.degrees_of_freedom.get(event)? as f64)?;
        let margin = quantile * window.standard_error.get(event)?;
        Some((car - margin, car + margin))
    }

    /// Symbol of an event; empty past the last.
    pub fn symbol_of(&self, event: usize) -> &str {
        self.symbol.get(event).and_then(|number| self.symbols.get(*number as usize)).map_or("", String::as_str)
    }

    /// Group of an event; None for none.
    pub fn group_of(&self, event: usize) -> Option<&str> {
        self.groups.get((*self.group.get(event)?)? as usize).map(String::as_str)
    }

    pub(super) fn of(list: &EventList, markets: &Markets, estimates: Estimates, tests: Vec<Vec<Vec<TestOutcome>>>) -> Self {
        /// One column, written by all threads.
        fn column<S: Sync, T: Send>(from: &[S], entry: impl Fn(&S) -> T + Sync + Send) -> Vec<T> {
            from.par_iter().with_min_len(1024).map(entry).collect()
        }
        let (placed, fits) = (&estimates.placed, &estimates.fits);
        // Every placed event is one of the list's.
        let event = |placed: &Placed| list.events.get(placed.event);
        let mut columns = Self {
            number: column(placed, |placed| placed.event),
            event_id: column(placed, |placed| event(placed).map_or_else(|| EventId::new(""), |event| event.id.clone())),
            symbol: column(placed, |placed| placed.symbol),
            symbols: list.symbols.clone(),
            group: column(placed, |placed| event(placed)?.group),
            groups: list.groups.clone(),
            date: column(placed, |placed| event(placed).map(|event| event.moment.date()).unwrap_or_default()),
            session: column(placed, |placed| markets.calendar.get(placed.calendar as usize).copied().unwrap_or_default()),
            shift_days: column(placed, |placed| placed.shift_days),
            alpha: column(fits, |fit| fit.alpha),
            slopes: column(fits, |fit| if fit.is_mix() { Vec::new() } else { fit.slopes().to_vec() }),
            sigma: column(fits, |fit| fit.sigma),
            r_squared: column(fits, |fit| fit.r_squared),
            observations: column(fits, |fit| fit.observations),
            degrees_of_freedom: column(fits, |fit| fit.degrees),
            days: Vec::new(),
            windows: Vec::new(),
            tests,
            controls: placed.iter().filter_map(|placed| markets.controls.describe(placed)).collect(),
            volatility: Vec::new(),
            zero_share: column(&estimates.trading, |trading| trading.zero),
            missing_share: column(&estimates.trading, |trading| trading.missing),
            betas: BetaColumns::of(fits),
        };
        let day = |column: super::estimate::DayColumn| EventDayColumn {
            day: column.day,
            abnormal: column.value,
            standard_error: column.standard_error,
            present: column.present,
        };
        let window = |column: super::estimate::CarColumn| EventWindowColumn {
            window: column.window,
            car: column.value,
            standard_error: column.standard_error,
            bhar: column.bhar,
            days: column.days,
            adjusted: None,
        };
        columns.days = estimates.abnormal.into_iter().map(day).collect();
        columns.windows = estimates.cars.into_iter().map(window).collect();
        columns
    }
}

/// A test with its p-values adjusted for the other windows (days) of the same set of events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AdjustedTest {
    /// The test.
    #[serde(flatten)]
    pub test: TestOutcome,
    /// Holm's p-value; None when the test doesn't apply.
    pub p_holm: Option<f64>,
    /// Benjamini and Hochberg's; None when the test doesn't apply.
    pub p_benjamini_hochberg: Option<f64>,
}

/// Moments of a measure over the events of a set.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Distribution {
    /// Events that have it.
    pub n: usize,
    /// Mean.
    pub mean: f64,
    /// Standard deviation; None for one event.
    pub standard_deviation: Option<f64>,
    /// Median.
    pub median: f64,
    /// Lower and upper end of the 95 % interval of the mean, t(N−1); None for one event.
    pub interval: Option<(f64, f64)>,
    /// Events above 0.
    pub positive: usize,
    /// Events below 0.
    pub negative: usize,
}

/// One event day of a set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DayResult {
    /// Sessions from day 0.
    pub day: EventDay,
    /// AAR and what belongs to it.
    #[serde(flatten)]
    pub abnormal: Distribution,
    /// Every test.
    pub tests: Vec<AdjustedTest>,
}

/// One window of a set.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WindowResult {
    /// The window.
    pub window: Window,
    /// CAAR and what belongs to it.
    #[serde(flatten)]
    pub cumulative: Distribution,
    /// Mean BHAR and what belongs to it.
    pub bhar: Distribution,
    /// Mean of the SCARs.
    pub mean_scar: f64,
    /// Mean residual correlation of all pairs of events.
    pub correlation: MeanCorrelation,
    /// Every test of the CARs.
    pub tests: Vec<AdjustedTest>,
    /// Tests of the mean BHAR: cross-sectional and skewness-adjusted.
    pub bhar_tests: Vec<TestOutcome>,
    /// The variants of `eventstudy2`, when asked for.
    pub other_conventions: Vec<TestOutcome>,
    /// Alphas of calendar-time portfolios; empty unless asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alphas: Vec<CalendarAlpha>,
}

/// CAAR from the first day of the event window to a day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CumulativeDay {
    /// The day.
    pub day: EventDay,
    /// Events with a return on every day so far.
    pub n: usize,
    /// Mean.
    pub value: f64,
    /// 95 % interval, t(N−1); None for one event.
    pub interval: Option<(f64, f64)>,
}

/// A set of events: all of them, or a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupResult {
    /// Name; None for all events.
    pub group: Option<String>,
    /// Events.
    pub n: usize,
    /// Different securities among them.
    pub securities: usize,
    /// Different days 0 among them.
    pub dates: usize,
    /// Each day of the event windows.
    pub days: Vec<DayResult>,
    /// Each window asked for.
    pub windows: Vec<WindowResult>,
    /// CAAR from the first day on.
    pub cumulative: Vec<CumulativeDay>,
}

/// Two groups compared over one window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupDifference {
    /// First group.
    pub first: String,
    /// Second group.
    pub second: String,
    /// The window.
    pub window: Window,
    /// CAAR of the first less CAAR of the second.
    pub difference: f64,
    /// Tests of it: Welch's t of the CARs, and of the SCARs, and the rank sum.
    pub tests: Vec<TestOutcome>,
    /// How many of them have a p-value below 5 %.
    pub below: usize,
}
