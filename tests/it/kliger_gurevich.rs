//! The worked example of Kliger & Gurevich (2014), *Event Studies for Financial Research*, chapter 4: four events, market-adjusted
//! simple returns, window −5..6. `tests/outside/kliger-gurevich-4.json` holds the book's prices of days −6 to 6 and its results.
//!
//! The book estimates nothing, a study always has an estimation window: each event's prices are preceded by 40 made-up ones. The
//! market-adjusted model expects the market's return whatever came before, so they reach the standard errors, which the book
//! doesn't give, and nothing else; that they don't is asserted too. The book's days are put on sessions from 3 January 2011 on:
//! its own dates aren't needed, its third event is on a Saturday.

use aftermove::model::ExpectedReturnModel;
use aftermove::study::EventResult;
use chrono::NaiveDate;
use serde_json::Value;

use crate::sample::{assert_near, book, closes, day, design, event, rule, run_one, sessions, wander, window};

/// Half a unit of the fourth decimal of a percentage, the last digit the book prints.
const PRINTED: f64 = 5.000_001e-5;

const BEFORE: usize = 40;

fn outside() -> Value {
    serde_json::from_str(include_str!("../outside/kliger-gurevich-4.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// The four events in the book's order, with its prices after made-up ones of this seed.
fn run_the_book(seed: u64) -> Vec<(&'static str, EventResult)> {
    let outside = outside();
    ["ALK", "AMR", "LUV", "UPS"]
        .into_iter()
        .map(|symbol| {
            let (stock, market) = (numbers(&outside["events"][symbol]["stock"]), numbers(&outside["events"][symbol]["sp500"]));
            assert_eq!((stock.len(), market.len()), (13, 13), "{symbol}");
            let dates: Vec<NaiveDate> = sessions("2011-01-03", "2011-12-30").into_iter().take(BEFORE + 13).collect();
            let extend = |seed: u64, own: &[f64]| closes(&dates, &[wander(BEFORE, seed).as_slice(), own].concat());
            let book = book([(symbol, extend(seed, &stock)), ("MARKET", extend(seed + 1, &market))]);
            let mut design = design(rule("-45..-7", "-5..6"), vec![event(symbol, symbol, &dates[BEFORE + 6].to_string())]);
            design.model = ExpectedReturnModel::MarketAdjusted;
            (symbol, run_one(design, &book))
        })
        .collect()
}

fn mean_over_events(events: &[(&str, EventResult)], value: impl Fn(&EventResult) -> f64) -> f64 {
    events.iter().map(|(_, event)| value(event)).sum::<f64>() / events.len() as f64
}

#[test]
fn mean_abnormal_returns_are_those_of_the_book() {
    let (events, expected) = (run_the_book(1), numbers(&outside()["aar_pct"]));
    for (position, expected) in expected.iter().enumerate() {
        let found = mean_over_events(&events, |event| event.columns.ar[position].unwrap());
        assert_near(&format!("AAR of day {}", position as i32 - 5), 100.0 * found, *expected, PRINTED, 0.0);
    }
}

#[test]
fn mean_cumulated_abnormal_returns_are_those_of_the_book() {
    let (events, expected) = (run_the_book(1), numbers(&outside()["caar_pct"]));
    assert_eq!(expected.len(), 12);
    for (position, expected) in expected.iter().enumerate() {
        let found = mean_over_events(&events, |event| event.cumulative[position].value);
        assert_near(&format!("CAAR to day {}", position as i32 - 5), 100.0 * found, *expected, PRINTED, 0.0);
    }
}

#[test]
fn buy_and_hold_abnormal_returns_are_those_of_the_book() {
    for (symbol, event) in run_the_book(1) {
        let cumulated = &event.car[0].cumulated;
        assert_eq!((cumulated.window, cumulated.days), (window("-5..6"), 12));
        assert_near(symbol, 100.0 * cumulated.bhar, outside()["bhar_pct"][symbol].as_f64().unwrap(), PRINTED, 0.0);
    }
}

#[test]
fn a_market_adjusted_return_does_not_depend_on_the_prices_before_the_window() {
    for ((symbol, one), (_, other)) in run_the_book(1).iter().zip(&run_the_book(77)) {
        assert_eq!(one.columns.ar, other.columns.ar, "{symbol}");
        assert_ne!(one.columns.ar_se, other.columns.ar_se, "{symbol}");
        assert_eq!(one.car[0].cumulated.bhar, other.car[0].cumulated.bhar, "{symbol}");
    }
}

/// The book's third event is dated Saturday 2011-04-02.
#[test]
fn the_third_event_of_the_book_reacts_on_the_monday() {
    let dates = sessions("2011-01-03", "2011-04-15");
    let book = book([("LUV", closes(&dates, &wander(dates.len(), 1))), ("MARKET", closes(&dates, &wander(dates.len(), 2)))]);
    let result = run_one(design(rule("-45..-7", "-5..6"), vec![event("luv", "LUV", "2011-04-02")]), &book);
    assert_eq!((result.session, result.shift_days), (Some(day("2011-04-04")), Some(2)));
}
