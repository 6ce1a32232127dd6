//! Samples: prices made up for one test, the study to run on them, and how numbers are compared.

use aftermove::align::AlignmentRule;
use aftermove::calendar::{Exchange, ShiftPolicy, Timing, nyse};
use aftermove::event::{Event, EventId, Moment};
use aftermove::model::ExpectedReturnModel;
use aftermove::provenance::Provenance;
use aftermove::series::{Basis, PriceBook, PriceSeries, Quote, ReturnKind};
use aftermove::study::{EventResult, Study, StudyDesign, StudyResult};
use aftermove::window::{Window, Windows};
use chrono::NaiveDate;

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

pub fn window(text: &str) -> Window {
    text.parse().unwrap()
}

/// The sessions of the New York Stock Exchange between two days, both included.
pub fn sessions(from: &str, to: &str) -> Vec<NaiveDate> {
    nyse::sessions(day(from), day(to)).collect()
}

/// A series of closes alone.
pub fn closes(dates: &[NaiveDate], closes: &[f64]) -> PriceSeries {
    assert_eq!(dates.len(), closes.len());
    let quote = |(date, close): (&NaiveDate, &f64)| Quote { date: *date, close: *close, high: None, low: None, volume: None };
    PriceSeries::from_quotes(&dates.iter().zip(closes).map(quote).collect::<Vec<_>>(), Basis::Close).unwrap()
}

/// `count` prices that wander from 100 by up to 2 % a step, the same for the same seed (Numerical Recipes' linear congruence).
pub fn wander(count: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut level = 100.0;
    let step = |_| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        level *= 1.0 + 0.04 * ((state >> 40) as f64 / (1_u64 << 24) as f64 - 0.5);
        level
    };
    (0..count).map(step).collect()
}

pub fn book(series: impl IntoIterator<Item = (&'static str, PriceSeries)>) -> PriceBook {
    let mut book = PriceBook::default();
    for (symbol, series) in series {
        book.insert(symbol.to_owned(), series).unwrap();
    }
    book
}

/// An event during trading hours of the day.
pub fn event(id: &str, symbol: &str, date: &str) -> Event {
    Event { id: EventId::new(id), symbol: symbol.to_owned(), moment: Moment::Day(day(date), Timing::During), title: None, group: None }
}

/// The rule of a study file that says nothing, with these windows.
pub fn rule(estimation: &str, event: &str) -> AlignmentRule {
    AlignmentRule {
        windows: Windows::new(window(estimation), window(event)).unwrap(),
        returns: ReturnKind::Simple,
        shift: ShiftPolicy::Next,
        largest_shift: 5,
        least_estimation: 30,
        allowed_missing: 0,
        exchange: Some(Exchange::Nyse),
    }
}

/// A study of these events on the benchmark `MARKET`, by the market model, with one CAR over the event window.
pub fn design(rule: AlignmentRule, events: Vec<Event>) -> StudyDesign {
    StudyDesign {
        name: "sample".to_owned(),
        title: "Sample".to_owned(),
        benchmark: "MARKET".to_owned(),
        model: ExpectedReturnModel::Market,
        rule,
        car_windows: vec![rule.windows.event()],
        events,
        peers: Vec::new(),
        span: window("-20..20"),
        article: None,
        price_source: None,
        rolling_beta: None,
    }
}

pub fn run(design: StudyDesign, book: &PriceBook) -> StudyResult {
    Study::new(design).unwrap().run(book, Provenance::default()).unwrap()
}

/// The result of a study of one event.
pub fn run_one(design: StudyDesign, book: &PriceBook) -> EventResult {
    let mut events = run(design, book).events;
    assert_eq!(events.len(), 1);
    events.remove(0)
}

/// Asserts that two numbers differ by at most `absolute` plus `relative` times the expected one.
#[track_caller]
pub fn assert_near(name: &str, found: f64, expected: f64, absolute: f64, relative: f64) {
    let gap = (found - expected).abs();
    assert!(gap <= absolute + relative * expected.abs(), "{name}: found {found:e}, expected {expected:e}, {gap:e} apart");
}
