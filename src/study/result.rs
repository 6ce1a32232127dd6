//! What a study found, as plain data: charts, reports and `result.json` see nothing else. Fractions, unless a name ends in
//! `_pct` or `_pp`. What isn't known is None (null), with its reason beside it.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::abnormal::CumulativeAbnormalReturn;
use crate::calendar::{CalendarCheck, Exchange, Timing};
use crate::diagnostics::FitDiagnostics;
use crate::event::{Event, EventId, Moment};
use crate::inference::TestOutcome;
use crate::inference::placebo::PlaceboDistribution;
use crate::model::ExpectedReturnModel;
use crate::performance::Performance;
use crate::provenance::Provenance;
use crate::series::{Basis, ReturnKind};
use crate::specification::SpecificationCurve;
use crate::study::StudyDesign;
use crate::verify::{AsOf, Finding};
use crate::volume::AbnormalVolume;
use crate::window::{EventDay, Window};

/// Everything a study found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudyResult {
    /// Version of this form: `aftermove/result/1`.
    pub schema: &'static str,
    /// What was studied, and how.
    pub study: StudySummary,
    /// The article; None when there was none.
    pub article: Option<ArticleResult>,
    /// Its figures, in the order of the article.
    pub claims: Vec<Finding>,
    /// Events, in the order of the study.
    pub events: Vec<EventResult>,
    /// Groups of events. Events of this version are each studied alone: none is formed.
    pub groups: Vec<serde_json::Value>,
    /// What was found about the data.
    pub diagnostics: DataDiagnostics,
    /// Where the data comes from.
    pub provenance: Provenance,
}

impl StudyResult {
    /// Whether there are events and none could be used.
    pub fn all_events_are_excluded(&self) -> bool {
        !self.events.is_empty() && self.events.iter().all(|event| event.status == Status::Excluded)
    }
}

/// What was studied, and how.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StudySummary {
    /// Name, as in the output folder.
    pub name: String,
    /// Title.
    pub title: String,
    /// Symbol of the benchmark; empty (null in result files) when there were no prices.
    #[serde(serialize_with = "null_when_empty")]
    pub benchmark: String,
    /// Expected-return model.
    pub model: ExpectedReturnModel,
    /// Simple or log returns.
    pub returns: ReturnKind,
    /// Estimation window.
    pub estimation: Window,
    /// Event window.
    pub window: Window,
    /// The window that the verdict on an event is about: the first one asked for.
    pub headline: Window,
    /// Seed of resampling; None when nothing was drawn at random.
    pub seed: Option<u64>,
    /// Exchange whose rules the sessions were checked against; None for none.
    pub exchange: Option<Exchange>,
    /// Where the prices come from, in words; None when not said.
    pub price_source: Option<String>,
}

fn null_when_empty<S: Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
    (!text.is_empty()).then_some(text).serialize(serializer)
}

/// The article whose figures were checked.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ArticleResult {
    /// What it is called.
    pub title: String,
    /// Who published it; None when not said.
    pub source: Option<String>,
    /// Its text, in which the claims' spans are byte offsets; None when the figures come from a file.
    pub text: Option<String>,
    /// The session its figures refer to; None when unknown.
    pub as_of: Option<AsOf>,
    /// Why the session isn't known; None when it is.
    pub reason: Option<String>,
}

/// Whether an event was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It was.
    Used,
    /// It couldn't be, for the reason given.
    Excluded,
}

/// Whether the move of the headline window was unusual, at 5 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventVerdict {
    /// The t and the placebo test both say so (or the one that applies).
    Unusual,
    /// Neither does.
    WithinNoise,
    /// One does, the other doesn't.
    TestsDisagree,
    /// No test applies.
    Untested,
}

/// The fitted model in numbers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelSummary {
    /// Which model.
    pub name: ExpectedReturnModel,
    /// Intercept, a fraction a session.
    pub alpha: f64,
    /// Slope on the benchmark.
    pub beta: f64,
    /// Residual standard deviation, a fraction a session.
    pub sigma: f64,
    /// Share of variance explained; None for models without a regression.
    pub r_squared: Option<f64>,
    /// Estimation returns.
    pub n: usize,
    /// Residual degrees of freedom.
    pub degrees_of_freedom: usize,
}

/// The event window, one entry a day in every column.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Columns {
    /// Sessions from day 0.
    pub days: Vec<EventDay>,
    /// The sessions.
    pub sessions: Vec<NaiveDate>,
    /// Security's returns; None without a quote.
    pub actual: Vec<Option<f64>>,
    /// Benchmark's returns.
    pub benchmark: Vec<Option<f64>>,
    /// Abnormal returns; None where either return is missing.
    pub ar: Vec<Option<f64>>,
    /// Standard errors of the abnormal returns.
    pub ar_se: Vec<Option<f64>>,
    /// Two-sided p-values of their t tests.
    pub ar_p: Vec<Option<f64>>,
}

/// A CAR with its tests.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CarResult {
    /// CAR, error, t, BHAR.
    #[serde(flatten)]
    pub cumulated: CumulativeAbnormalReturn,
    /// Tests: t, placebo, sample quantile, rank.
    pub tests: Vec<TestOutcome>,
}

/// Paired returns of the estimation window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EstimationReturns {
    /// Sessions.
    pub sessions: Vec<NaiveDate>,
    /// Security's returns.
    pub security: Vec<f64>,
    /// Benchmark's returns.
    pub benchmark: Vec<f64>,
}

/// One event's result.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventResult {
    /// Key.
    pub event_id: EventId,
    /// Security.
    pub symbol: String,
    /// What happened; None when not said.
    pub title: Option<String>,
    /// Group; None for none.
    pub group: Option<String>,
    /// When the news came.
    pub date: Moment,
    /// Day 0; None when no session can be it.
    pub session: Option<NaiveDate>,
    /// The news' date at the exchange; None when no session can be day 0.
    pub exchange_date: Option<NaiveDate>,
    /// When in the exchange's day the news came.
    pub timing: Timing,
    /// Simple return of day 0 from the session before, whatever the study's returns; None without both quotes.
    pub day_zero_return: Option<f64>,
    /// Calendar days from that date to day 0.
    pub shift_days: Option<i64>,
    /// Days between the news and day 0 without trading, with the reason.
    pub closures: Vec<(NaiveDate, String)>,
    /// Whether it was used.
    pub status: Status,
    /// Why it was excluded; None when it was used.
    pub reason: Option<String>,
    /// The fitted model.
    pub model: Option<ModelSummary>,
    /// The event window's days.
    #[serde(flatten)]
    pub columns: Columns,
    /// CARs over the windows asked for.
    pub car: Vec<CarResult>,
    /// CAR from the first day of the event window to each of its days, with its 95 % band.
    pub cumulative: Vec<CumulativeAbnormalReturn>,
    /// Whether the move of the headline window was unusual.
    pub verdict: EventVerdict,
    /// The placebo CARs of the headline window.
    pub placebo: Option<PlaceboDistribution>,
    /// Volume against the usual; None with a reason.
    pub volume: Option<AbnormalVolume>,
    /// Why there is no abnormal volume; None when there is, or when the event was excluded.
    pub volume_reason: Option<String>,
    /// How far the model can be trusted.
    pub diagnostics: Option<FitDiagnostics>,
    /// The returns that the model was fitted to.
    pub estimation: Option<EstimationReturns>,
    /// Performance around day −1 against benchmark and peers.
    pub performance: Option<Performance>,
    /// The move under every usual choice of model and windows; None when the event was excluded.
    pub specifications: Option<SpecificationCurve>,
    /// Rolling beta; None unless it was asked for and there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolling_beta: Option<RollingPath>,
    /// Why there is no rolling beta though it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rolling_beta_reason: Option<String>,
}

/// Beta over a window of sessions that moves on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RollingPath {
    /// Sessions of a beta.
    pub window: usize,
    /// The betas, rising by session.
    pub points: Vec<RollingPoint>,
}

/// Beta of the window that ends with a session.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct RollingPoint {
    /// Place of the session among those of the benchmark.
    #[serde(skip)]
    pub place: usize,
    /// Sessions from day 0.
    pub day: EventDay,
    /// The session.
    pub session: NaiveDate,
    /// Least-squares slope on the benchmark's return.
    pub beta: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end.
    pub high: f64,
    /// Sessions of the window with both returns.
    pub n: usize,
}

impl EventResult {
    /// An event not used yet.
    pub(crate) fn unused(event: &Event) -> Self {
        Self {
            event_id: event.id.clone(),
            symbol: event.symbol.clone(),
            title: event.title.clone(),
            group: event.group.clone(),
            date: event.moment,
            session: None,
            exchange_date: None,
            timing: Timing::Unknown,
            day_zero_return: None,
            shift_days: None,
            closures: Vec::new(),
            status: Status::Excluded,
            reason: None,
            model: None,
            columns: Columns::default(),
            car: Vec::new(),
            cumulative: Vec::new(),
            verdict: EventVerdict::Untested,
            placebo: None,
            volume: None,
            volume_reason: None,
            diagnostics: None,
            estimation: None,
            performance: None,
            specifications: None,
            rolling_beta: None,
            rolling_beta_reason: None,
        }
    }

    /// The headline CAR; None for an event that wasn't used.
    pub fn headline(&self) -> Option<&CarResult> {
        self.car.first()
    }
}

/// A series that the study read.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SeriesSummary {
    /// Symbol.
    pub symbol: String,
    /// What its levels are.
    pub basis: Basis,
    /// First session.
    pub first: NaiveDate,
    /// Last session.
    pub last: NaiveDate,
    /// Sessions with a quote.
    pub quotes: usize,
    /// Sessions of the benchmark between them without a quote.
    pub missing: Vec<NaiveDate>,
    /// Prices that halved or worse, or doubled or better, from one quote to the next (simple returns): a split or a slip of the source
    /// more often than news.
    pub jumps: Vec<(NaiveDate, f64)>,
}

/// What was found about the data.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct DataDiagnostics {
    /// The benchmark's days against the exchange's rules; None without an exchange.
    pub calendar: Option<CalendarCheck>,
    /// The series used.
    pub series: Vec<SeriesSummary>,
}

/// The symbols that a design needs.
pub(crate) struct PlannedStudy {
    /// Each once: events' own, peers, claims' with those they are held against, the benchmark last.
    pub(crate) symbols: Vec<String>,
}

impl PlannedStudy {
    pub(crate) fn of(design: &StudyDesign) -> Self {
        let claims = design.article.iter().flat_map(|article| &article.claims);
        let claimed = claims.flat_map(|claim| claim.subject.symbol().into_iter().chain(claim.against.as_deref()));
        let own = design.events.iter().map(|event| &event.symbol).chain(&design.peers).map(String::as_str);
        let mut symbols: Vec<String> = Vec::new();
        for symbol in own.chain(claimed).filter(|symbol| *symbol != design.benchmark) {
            if !symbols.iter().any(|held| held == symbol) {
                symbols.push(symbol.to_owned());
            }
        }
        symbols.push(design.benchmark.clone());
        Self { symbols }
    }
}
