//! Abnormal volume and volatility of events against numpy, scipy and statsmodels (`tests/reference/activity.py` writes the values).

use aftermove::align::AlignmentRule;
use aftermove::calendar::{ShiftPolicy, Timing};
use aftermove::event::list::{EventList, ListedEvent};
use aftermove::event::{EventId, Moment};
use aftermove::inference::{Outcome, TestOutcome};
use aftermove::sample::activity::{ActivityKind, ActivityResult, ActivitySpan};
use aftermove::sample::{Sample, SampleDesign};
use aftermove::series::{Basis, PriceBook, PriceSeries, Quote, ReturnKind};
use aftermove::window::Windows;
use chrono::NaiveDate;
use serde_json::Value;

use crate::sample::{assert_near, window};

fn outside() -> Value {
    serde_json::from_str(include_str!("../reference/activity.json")).unwrap()
}

fn series(closes: &Value, volumes: &Value) -> PriceSeries {
    let start: NaiveDate = "2020-01-01".parse().unwrap();
    let rows = closes.as_array().unwrap().iter().zip(start.iter_days()).enumerate();
    let quotes: Vec<Quote> = rows
        .map(|(place, (close, date))| Quote {
            date,
            close: close.as_f64().unwrap(),
            high: None,
            low: None,
            volume: volumes.get(place).and_then(Value::as_f64),
        })
        .collect();
    PriceSeries::from_quotes(&quotes, Basis::Close).unwrap()
}

/// The invented firms as a study of one event each.
fn study(outside: &Value) -> (Sample, PriceBook) {
    let mut book = PriceBook::default();
    book.insert("MARKET".to_owned(), series(&outside["market"], &Value::Null)).unwrap();
    let mut list = EventList::default();
    let start: NaiveDate = "2020-01-01".parse().unwrap();
    for (number, firm) in outside["firms"].as_array().unwrap().iter().enumerate() {
        let symbol = format!("FIRM{number}");
        book.insert(symbol.clone(), series(&firm["close"], &firm["volume"])).unwrap();
        let day = start + chrono::Days::new(firm["zero"].as_u64().unwrap());
        list.symbols.push(symbol.clone());
        list.events.push(ListedEvent {
            id: EventId::new(symbol),
            symbol: number as u32,
            moment: Moment::Day(day, Timing::During),
            group: None,
            benchmark: None,
            estimation: None,
            window: None,
        });
    }
    let rule = AlignmentRule {
        windows: Windows::new(window("-90..-6"), window("-3..3")).unwrap(),
        returns: ReturnKind::Simple,
        shift: ShiftPolicy::Next,
        largest_shift: 5,
        least_estimation: 30,
        allowed_missing: 0,
        exchange: None,
    };
    let design = SampleDesign::plain("MARKET", rule, vec![window("0..0"), window("0..1"), window("-3..3")]);
    (Sample::new(design, list).unwrap(), book)
}

fn statistic(span: &ActivitySpan, name: &str) -> (f64, f64) {
    let test: &TestOutcome = span.tests.iter().find(|test| test.name == name).unwrap();
    match &test.outcome {
        Outcome::Computed { statistic, p_value, .. } => (*statistic, *p_value),
        Outcome::Inapplicable { reason } => panic!("{name}: {reason}"),
    }
}

fn compare(found: &ActivityResult, expected: &Value, ratio: impl Fn(f64) -> f64) {
    let spans: Vec<&ActivitySpan> = found.days.iter().chain(&found.windows).collect();
    let rows = expected.as_array().unwrap();
    assert_eq!(spans.len(), rows.len());
    for (span, row) in spans.into_iter().zip(rows) {
        let number = |name: &str| row[name].as_f64().unwrap();
        assert_eq!(span.window, window(&format!("{}..{}", row["window"][0], row["window"][1])));
        assert_eq!(span.n as u64, row["n"].as_u64().unwrap());
        // Sums of 85 terms of size 10 in another order, and quotients of them: measured 4e-13 at worst.
        let near = |name: &str, value: f64, outside: f64| assert_near(&format!("{name} of {row}"), value, outside, 0.0, 1e-10);
        near("ratio", span.ratio, ratio(number("mean")));
        let (low, high) = span.interval.unwrap();
        near("low", low, ratio(number("low")));
        near("high", high, ratio(number("high")));
        for (name, key, p) in [("cross-sectional-t", "t", "t_p"), ("bmp", "bmp", "bmp_p")] {
            let (value, p_value) = statistic(span, name);
            near(name, value, number(key));
            near(name, p_value, number(p));
        }
        near("rank", statistic(span, "corrado-rank").0, number("rank"));
    }
}

#[test]
fn abnormal_volume_is_that_of_scipy_and_events_without_volumes_are_told() {
    let outside = outside();
    let (sample, book) = study(&outside);
    let found = sample.activity(ActivityKind::Volume, &book).unwrap();
    compare(&found, &outside["volume"], f64::exp);
    assert_eq!((found.n, found.without.len()), (8, 1));
    assert_eq!((found.without[0].count, found.without[0].example.as_str(), found.without[0].kind), (1, "FIRM7", "no volume in the prices"));
}

#[test]
fn abnormal_volatility_is_that_of_statsmodels() {
    let outside = outside();
    let (sample, book) = study(&outside);
    let found = sample.activity(ActivityKind::Volatility, &book).unwrap();
    compare(&found, &outside["volatility"], |value| (1.0 + value).max(0.0));
    assert_eq!((found.n, found.without.len()), (9, 0));
}

#[test]
fn without_any_volume_every_event_is_told_to_have_none() {
    let outside = outside();
    let (sample, mut book) = study(&outside);
    let bare: Vec<(String, PriceSeries)> = book
        .iter()
        .map(|(symbol, series)| {
            let rows = series.dates().iter().zip(series.closes());
            let quotes: Vec<Quote> =
                rows.map(|(date, close)| Quote { date: *date, close: *close, high: None, low: None, volume: None }).collect();
            (symbol.to_owned(), PriceSeries::from_quotes(&quotes, Basis::Close).unwrap())
        })
        .collect();
    book = PriceBook::default();
    for (symbol, series) in bare {
        book.insert(symbol, series).unwrap();
    }
    let found = sample.activity(ActivityKind::Volume, &book).unwrap();
    assert_eq!((found.n, found.without[0].count), (0, 9));
    assert!(found.days.is_empty() && found.windows.is_empty());
}
