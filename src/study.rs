//! A study: its design, checked ([`Study`]), and the one pass from prices to a [`StudyResult`].
//!
//! ```text
//! align → fit → abnormal → test → judge
//! ```
//!
//! Two questions are kept apart: a [`Finding`] says whether a stated figure is right, an [`EventVerdict`] whether the move was unusual.

pub mod result;

use chrono::NaiveDate;
use rayon::prelude::*;
use thiserror::Error;

pub use result::{EventResult, EventVerdict, StudyResult};

use crate::abnormal::{self, AbnormalReturn, CumulativeAbnormalReturn};
use crate::align::{self, AlignedEvent, AlignmentRule, Exclusion, WindowDay};
use crate::calendar::{Exchange, Sessions};
use crate::claim::{Article, Claim};
use crate::diagnostics;
use crate::event::list::EventList;
use crate::event::{Event, Moment};
use crate::inference::placebo::PlaceboDistribution;
use crate::inference::{self, TestOutcome, UNUSUAL_LEVEL};
use crate::model::beta::rolling::{self, RollingError};
use crate::model::{ExpectedReturnModel, FittedModel};
use crate::performance::{self, Compared, Performance, Role};
use crate::provenance::Provenance;
use crate::sample::SampleDesign;
use crate::series::{PriceBook, PriceSeries, ReturnKind, UnknownSymbol};
use crate::specification::{self, Choices, SpecificationCurve};
use crate::verify::as_of::{self, AsOfUnknown};
use crate::verify::{self, AsOf, Finding};
use crate::volume;
use crate::window::{Window, WindowError, Windows};
use result::{
    ArticleResult, CarResult, Columns, DataDiagnostics, EstimationReturns, ModelSummary, PlannedStudy, RollingPath, RollingPoint,
    SeriesSummary, Status, StudySummary,
};

/// What a study is to do, as its file or the command line says; not checked yet.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyDesign {
    /// Name of the study, as in its output folder.
    pub name: String,
    /// Title of charts and reports.
    pub title: String,
    /// Symbol of the benchmark.
    pub benchmark: String,
    /// Expected-return model.
    pub model: ExpectedReturnModel,
    /// How events are aligned.
    pub rule: AlignmentRule,
    /// Windows over which abnormal returns are cumulated; the first is the headline.
    pub car_windows: Vec<Window>,
    /// Events.
    pub events: Vec<Event>,
    /// Other securities to compare with.
    pub peers: Vec<String>,
    /// Sessions around day 0 that performance is drawn over.
    pub span: Window,
    /// The article's figures; None when there is no article.
    pub article: Option<Article>,
    /// Where the prices come from, in words; None when not said.
    pub price_source: Option<String>,
    /// Sessions of a rolling beta; None for none.
    pub rolling_beta: Option<usize>,
}

/// Why a study is impossible.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum StudyError {
    /// Neither an event nor an article.
    #[error("the study has neither an event nor an article: give it one of them")]
    Nothing,
    /// No prices for the benchmark.
    #[error("the benchmark: {0}")]
    Benchmark(UnknownSymbol),
    /// No prices for a security to compare with.
    #[error("a security to compare with: {0}")]
    Peer(UnknownSymbol),
    /// No window of cumulation.
    #[error("no window to cumulate abnormal returns over: give at least one, such as 0..1")]
    NoCarWindow,
    /// A window doesn't fit.
    #[error("{0}")]
    Window(#[from] WindowError),
    /// A rolling beta over too few sessions.
    #[error("{0}")]
    RollingBeta(RollingError),
    /// The same event key twice.
    #[error("the event \"{id}\" stands there twice: give each event its own id")]
    EventTwice {
        /// The key.
        id: String,
    },
    /// An event with a time, and no exchange to say when its session closed.
    #[error(
        "the event \"{id}\" has a time of day, but no exchange is set to say when the session closed: set `exchange`, or give `timing` instead"
    )]
    TimeWithoutExchange {
        /// The event's key.
        id: String,
    },
}

impl StudyError {
    /// The unknown symbol behind the error, if that is what it is.
    pub fn unknown_symbol(&self) -> Option<&UnknownSymbol> {
        match self {
            StudyError::Benchmark(unknown) | StudyError::Peer(unknown) => Some(unknown),
            _ => None,
        }
    }
}

/// A study whose design holds together.
#[derive(Debug, Clone, PartialEq)]
pub struct Study {
    design: StudyDesign,
}

/// Rolling beta over the whole history of an event's security.
fn roll(aligned: &AlignedEvent, window: usize) -> Result<RollingPath, RollingError> {
    let own: Vec<Option<f64>> = aligned.history.iter().map(|entry| entry.security).collect();
    let market: Vec<Option<f64>> = aligned.history.iter().map(|entry| entry.benchmark).collect();
    let betas = rolling::rolling_betas(&own, &market, window)?;
    let point = |entry: &rolling::RollingBeta| {
        let held = aligned.history.get(entry.position)?;
        let (place, n) = (entry.position, entry.observations);
        Some(RollingPoint { place, day: held.day, session: held.session, beta: entry.beta, low: entry.low, high: entry.high, n })
    };
    Ok(RollingPath { window, points: betas.iter().filter_map(point).collect() })
}

impl Study {
    /// Checks a design.
    ///
    /// # Errors
    /// [`StudyError`] for a design without anything to do, a window of cumulation outside the event window, or an event key that
    /// stands there twice.
    pub fn new(design: StudyDesign) -> Result<Self, StudyError> {
        if design.events.is_empty() && design.article.is_none() {
            return Err(StudyError::Nothing);
        }
        if design.car_windows.is_empty() {
            return Err(StudyError::NoCarWindow);
        }
        if let Some(window) = design.rolling_beta.filter(|window| *window < rolling::SMALLEST_WINDOW) {
            return Err(StudyError::RollingBeta(RollingError::WindowTooShort { window }));
        }
        let event_window = design.rule.windows.event();
        if let Some(inner) = design.car_windows.iter().find(|window| !event_window.covers(**window)) {
            return Err(StudyError::Window(WindowError::Outside { inner: *inner, event: event_window }));
        }
        for (position, event) in design.events.iter().enumerate() {
            if design.events.iter().take(position).any(|earlier| earlier.id == event.id) {
                return Err(StudyError::EventTwice { id: event.id.to_string() });
            }
            if matches!(event.moment, Moment::Instant(_)) && design.rule.exchange.is_none() {
                return Err(StudyError::TimeWithoutExchange { id: event.id.to_string() });
            }
        }
        Ok(Self { design })
    }

    /// The design.
    pub fn design(&self) -> &StudyDesign {
        &self.design
    }

    /// Runs the study on a price book. `provenance` is carried into the result as it is.
    ///
    /// # Errors
    /// [`StudyError`] when the benchmark or a security to compare with has no prices (an article's figures alone need none: without any
    /// prices they aren't checkable). An event that can't be used is no error: it is
    /// in the result, with its reason.
    pub fn run(&self, book: &PriceBook, provenance: Provenance) -> Result<StudyResult, StudyError> {
        let design = &self.design;
        let market = match book.get(&design.benchmark) {
            Ok(market) => market.dates(),
            // Without any prices an article's figures are still told, each with the reason why it can't be checked.
            Err(_) if book.is_empty() && design.events.is_empty() => &[],
            Err(unknown) => return Err(StudyError::Benchmark(unknown)),
        };
        for peer in &design.peers {
            book.get(peer).map_err(StudyError::Peer)?;
        }
        let sessions = Sessions::from_dates(market).under(design.rule.exchange);
        let (article, claims) = match &design.article {
            Some(article) => {
                let (found, claims) = check_article(article, book, &sessions);
                (Some(found), claims)
            }
            None => (None, Vec::new()),
        };
        let events: Vec<EventResult> = design.events.par_iter().map(|event| self.study_event(event, book, &sessions)).collect();
        Ok(StudyResult {
            schema: "aftermove/result/1",
            study: StudySummary {
                name: design.name.clone(),
                title: design.title.clone(),
                benchmark: design.benchmark.clone(),
                model: design.model,
                returns: design.rule.returns,
                estimation: design.rule.windows.estimation(),
                window: design.rule.windows.event(),
                headline: design.car_windows.first().copied().unwrap_or(design.rule.windows.event()),
                seed: None,
                exchange: design.rule.exchange,
                price_source: design.price_source.clone(),
            },
            article: design.article.as_ref().zip(article).map(|(article, found)| ArticleResult {
                title: article.title.clone(),
                source: article.source.clone(),
                text: article.text.clone(),
                reason: found.as_ref().err().map(ToString::to_string),
                as_of: found.ok(),
            }),
            claims,
            diagnostics: self.diagnose_data(book, market),
            events,
            groups: Vec::new(),
            provenance,
        })
    }

    fn study_event(&self, event: &Event, book: &PriceBook, sessions: &Sessions) -> EventResult {
        let design = &self.design;
        let mut result = EventResult::unused(event);
        if let Ok((session, shift_days)) = align::day_zero(event.moment, sessions, &design.rule) {
            result.session = Some(session);
            result.shift_days = Some(shift_days);
            let (date, timing) = event.moment.place(design.rule.exchange);
            result.timing = timing;
            result.exchange_date = Some(date);
            result.closures = closures_between(date, session, design.rule.exchange);
            result.day_zero_return = sessions.before(session).and_then(|before| book.get(&event.symbol).ok()?.performance(before, session));
            result.performance = self.compare(event, session, book, sessions);
        }
        let outcome = align::align(event, book, &design.benchmark, sessions, &design.rule).and_then(|aligned| {
            let model = design
                .model
                .fit(&aligned.estimation_security, &aligned.estimation_benchmark)
                .map_err(|failure| Exclusion::NoModel { reason: failure.to_string() })?;
            let abnormal = abnormal::abnormal_returns(&model, &aligned.window);
            let cumulates = |window: &Window| abnormal::cumulate(&model, &abnormal, *window, design.rule.returns).is_some();
            let empty = design.car_windows.iter().find(|window| !cumulates(window));
            match empty {
                Some(window) => Err(Exclusion::NothingToCumulate { window: *window }),
                None => Ok((aligned, model)),
            }
        });
        match outcome {
            Err(exclusion) => result.reason = Some(exclusion.to_string()),
            Ok((aligned, model)) => {
                result.status = Status::Used;
                self.fill(&mut result, &aligned, &model);
                let windows = design.rule.windows;
                let measured =
                    book.get(&event.symbol).map(|series| volume::measure(series, &aligned.history, windows.estimation(), windows.event()));
                match measured {
                    Ok(Ok(volume)) => result.volume = Some(volume),
                    Ok(Err(none)) => result.volume_reason = Some(none.to_string()),
                    Err(unknown) => result.volume_reason = Some(unknown.to_string()),
                }
                result.specifications = self.specifications(event, book);
            }
        }
        result
    }

    fn fill(&self, result: &mut EventResult, aligned: &AlignedEvent, model: &FittedModel) {
        let design = &self.design;
        let abnormal = abnormal::abnormal_returns(model, &aligned.window);
        let cumulate = |window| abnormal::cumulate(model, &abnormal, window, design.rule.returns);
        result.columns = columns(model, &aligned.window, &abnormal);
        let first = design.rule.windows.event().first();
        result.cumulative = abnormal.iter().filter_map(|entry| cumulate(Window::new(first, entry.day).ok()?)).collect();
        for window in &design.car_windows {
            let Some(cumulated) = cumulate(*window) else { continue };
            let placebo = PlaceboDistribution::slide(model, &aligned.history, &cumulated);
            let tests = test_event(model, &cumulated, &placebo);
            if result.placebo.is_none() {
                result.verdict = judge(&tests);
                result.placebo = Some(placebo);
            }
            result.car.push(CarResult { cumulated, tests });
        }
        match design.rolling_beta.map(|window| roll(aligned, window)) {
            Some(Ok(path)) => result.rolling_beta = Some(path),
            Some(Err(none)) => result.rolling_beta_reason = Some(none.to_string()),
            None => {}
        }
        result.diagnostics = Some(diagnostics::diagnose(model, &aligned.estimation_benchmark));
        result.estimation = Some(EstimationReturns {
            sessions: aligned.estimation_sessions.clone(),
            security: aligned.estimation_security.clone(),
            benchmark: aligned.estimation_benchmark.clone(),
        });
        result.model = Some(ModelSummary {
            name: model.model(),
            alpha: model.alpha(),
            beta: model.beta(),
            sigma: model.sigma(),
            r_squared: model.r_squared(),
            n: model.observations(),
            degrees_of_freedom: model.degrees_of_freedom(),
        });
    }

    /// The event's move under the usual choices. None when its study as one of a list of one can't be run.
    fn specifications(&self, event: &Event, book: &PriceBook) -> Option<SpecificationCurve> {
        let design = &self.design;
        let plain = SampleDesign::plain(design.benchmark.clone(), design.rule, design.car_windows.clone());
        let base = SampleDesign { model: design.model, ..plain };
        let choices = Choices::usual(design.rule.windows.estimation(), &design.car_windows);
        specification::trace(&base, &EventList::from_events(std::slice::from_ref(event)), book, &choices).ok().flatten()
    }

    /// Performance around day −1 of the event's security, its peers and the benchmark. None when there is no session before day 0 or
    /// no prices for the security.
    fn compare(&self, event: &Event, day_zero: NaiveDate, book: &PriceBook, sessions: &Sessions) -> Option<Performance> {
        let design = &self.design;
        let base = sessions.before(day_zero)?;
        let mut compared = vec![Compared {
            symbol: event.symbol.clone(),
            role: Role::Security,
            beta: self.market_beta(event, &event.symbol, book, sessions),
        }];
        for peer in design.peers.iter().filter(|peer| **peer != event.symbol && **peer != design.benchmark) {
            compared.push(Compared { symbol: peer.clone(), role: Role::Peer, beta: self.market_beta(event, peer, book, sessions) });
        }
        if event.symbol != design.benchmark {
            compared.push(Compared { symbol: design.benchmark.clone(), role: Role::Benchmark, beta: Some(1.0) });
        }
        performance::measure(book, &design.benchmark, sessions, base, design.span, &compared).ok().flatten()
    }

    /// Market-model beta of a security over the event's estimation window, whatever the study's own model.
    fn market_beta(&self, event: &Event, symbol: &str, book: &PriceBook, sessions: &Sessions) -> Option<f64> {
        // Beta needs the estimation window alone: what the event window has or lacks says nothing about it.
        let estimation = self.design.rule.windows.estimation();
        let after = estimation.last() + 1;
        let windows = Windows::new(estimation, Window::new(after, after).ok()?).ok()?;
        // Simple returns whatever the study's own: the benchmark is levered in simple ones.
        let rule = AlignmentRule { windows, allowed_missing: usize::MAX, returns: ReturnKind::Simple, ..self.design.rule };
        let own = Event { symbol: symbol.to_owned(), ..event.clone() };
        let aligned = align::align(&own, book, &self.design.benchmark, sessions, &rule).ok()?;
        let fitted = ExpectedReturnModel::Market.fit(&aligned.estimation_security, &aligned.estimation_benchmark).ok()?;
        Some(fitted.beta())
    }

    fn diagnose_data(&self, book: &PriceBook, benchmark_dates: &[NaiveDate]) -> DataDiagnostics {
        let design = &self.design;
        let PlannedStudy { symbols } = PlannedStudy::of(design);
        let series = symbols
            .iter()
            .filter_map(|symbol| {
                let series = book.get(symbol).ok()?;
                let (first, last) = series.dates().first().zip(series.dates().last())?;
                let missing = benchmark_dates
                    .iter()
                    .filter(|date| *first <= **date && **date <= *last && series.close_on(**date).is_none())
                    .copied()
                    .collect();
                Some(SeriesSummary {
                    symbol: symbol.clone(),
                    basis: series.basis(),
                    first: *first,
                    last: *last,
                    quotes: series.len(),
                    missing,
                    jumps: jumps(series),
                })
            })
            .collect();
        let all = Sessions::from_dates(benchmark_dates);
        DataDiagnostics { calendar: design.rule.exchange.map(|exchange| all.check(exchange)), series }
    }
}

/// The session that an article's figures refer to, or why it isn't known, and its figures, each with what the prices say. `sessions` are the
/// benchmark's.
pub fn check_article(article: &Article, book: &PriceBook, sessions: &Sessions) -> (Result<AsOf, AsOfUnknown>, Vec<Finding>) {
    let found = as_of::find(article, book, sessions, sessions.exchange());
    let session = found.as_ref().ok().map(|found| found.session);
    let judge = |claim: &Claim| {
        let mut finding = verify::verify(claim, as_of::of_claim(claim, article.published, session), book, sessions);
        if let Err(unknown) = &found
            && finding.reason.as_deref() == Some(verify::SESSION_UNKNOWN)
        {
            finding.reason = Some(unknown.to_string());
        }
        finding
    };
    let findings = article.claims.iter().map(judge).collect();
    (found, findings)
}

fn test_event(model: &FittedModel, cumulated: &CumulativeAbnormalReturn, placebo: &PlaceboDistribution) -> Vec<TestOutcome> {
    let complete = cumulated.days == cumulated.window.days();
    let mut tests = vec![inference::parametric::test(model, cumulated), placebo.test(complete)];
    tests.extend(inference::rank::test(model, cumulated));
    tests
}

/// Moves that more often come from a split or a slip of the source than from news: the price halved or worse, or doubled or better.
fn jumps(series: &PriceSeries) -> Vec<(NaiveDate, f64)> {
    let returns = series.returns(ReturnKind::Simple);
    let moves = returns.dates().iter().copied().zip(returns.values().iter().copied());
    moves.filter(|(_, value)| *value <= -0.5 || *value >= 1.0).collect()
}

/// Puts the t and the placebo test of the headline window together.
fn judge(tests: &[TestOutcome]) -> EventVerdict {
    let unusual =
        |name: &str| tests.iter().find(|test| test.name == name).and_then(TestOutcome::p_value).map(|p_value| p_value < UNUSUAL_LEVEL);
    match (unusual("t"), unusual("placebo")) {
        (Some(true), Some(true)) => EventVerdict::Unusual,
        (Some(false), Some(false)) => EventVerdict::WithinNoise,
        (Some(_), Some(_)) => EventVerdict::TestsDisagree,
        (Some(true), None) | (None, Some(true)) => EventVerdict::Unusual,
        (Some(false), None) | (None, Some(false)) => EventVerdict::WithinNoise,
        (None, None) => EventVerdict::Untested,
    }
}

fn columns(model: &FittedModel, window: &[WindowDay], abnormal: &[AbnormalReturn]) -> Columns {
    let mut columns = Columns::default();
    for entry in window {
        let found = abnormal.iter().find(|found| found.day == entry.day);
        let t = found.map(|found| found.abnormal / found.standard_error);
        columns.days.push(entry.day);
        columns.sessions.push(entry.session);
        columns.actual.push(entry.security);
        columns.benchmark.push(entry.benchmark);
        columns.ar.push(found.map(|found| found.abnormal));
        columns.ar_se.push(found.map(|found| found.standard_error));
        columns.ar_p.push(t.and_then(|t| crate::stats::tail::two_sided_student(t, model.degrees_of_freedom() as f64)));
    }
    columns
}

/// Days from the event to day 0 on which the exchange was closed, with the reason.
fn closures_between(date: NaiveDate, session: NaiveDate, exchange: Option<Exchange>) -> Vec<(NaiveDate, String)> {
    let Some(exchange) = exchange else { return Vec::new() };
    let (from, to) = if date <= session { (date, session) } else { (session, date) };
    from.iter_days().take_while(|day| *day <= to).filter_map(|day| exchange.closure(day).map(|reason| (day, reason.to_owned()))).collect()
}
