//! Relative performance: what prices made up for it must give.

use aftermove::calendar::Sessions;
use aftermove::performance::{Compared, Performance, Period, PeriodPerformance, Role, measure};

use crate::sample::{assert_near, book, closes, day, sessions, window};

/// `STOCK` and `MARKET` from Thursday 2022-09-01 to Friday 2022-09-09, six sessions, day −1 on the 2nd.
fn compare(stock: [f64; 6], market: [f64; 6], beta: Option<f64>) -> Performance {
    let dates = sessions("2022-09-01", "2022-09-09");
    assert_eq!(dates.len(), 6);
    let book = book([("STOCK", closes(&dates, &stock)), ("MARKET", closes(&dates, &market))]);
    let compared = [
        Compared { symbol: "STOCK".to_owned(), role: Role::Security, beta },
        Compared { symbol: "MARKET".to_owned(), role: Role::Benchmark, beta: Some(1.0) },
    ];
    measure(&book, "MARKET", &Sessions::from_dates(&dates), day("2022-09-02"), window("-10..10"), &compared).unwrap().unwrap()
}

fn period(performance: &Performance, wanted: Period) -> PeriodPerformance {
    *performance.securities[0].periods.iter().find(|period| period.period == wanted).unwrap()
}

/// From 100 to 110 against 50 to 52.5: +10 % against +5 %.
#[test]
fn gap_and_relative_performance_of_ten_and_five_percent() {
    let performance = compare([90.0, 100.0, 110.0, 80.0, 1.0, 1.0], [49.0, 50.0, 52.5, 50.0, 1.0, 1.0], Some(2.0));
    let reaction = period(&performance, Period::SessionsAfter(1));
    assert_eq!((reaction.from, reaction.to), (Some(day("2022-09-02")), Some(day("2022-09-06"))));
    assert_near("gap, pp", reaction.gap_pp.unwrap(), 5.0, 1e-12, 0.0);
    assert_near("geometric", reaction.relative.unwrap(), 1.10 / 1.05 - 1.0, 1e-14, 0.0);
    assert_near("against twice the benchmark, pp", reaction.beta_adjusted_gap_pp.unwrap(), 0.0, 1e-12, 0.0);
    // Two sessions: the benchmark back to 50; held twice it is at 1.1 × (1 − 2/21) = 0.9952….
    let two = period(&performance, Period::SessionsAfter(2));
    assert_near("two sessions, pp", two.beta_adjusted_gap_pp.unwrap(), 100.0 * (0.8 - 1.1 * (1.0 - 2.0 / 21.0)), 1e-12, 0.0);
}

#[test]
fn a_period_that_the_data_does_not_reach_has_no_value() {
    let performance = compare([90.0, 100.0, 110.0, 80.0, 81.0, 82.0], [1.0; 6], None);
    for beyond in [Period::Week, Period::Months(1), Period::YearToDate, Period::SessionsAfter(5)] {
        let found = period(&performance, beyond);
        assert_eq!((found.security, found.gap_pp, found.relative), (None, None, None), "{beyond:?}");
    }
    assert_eq!(period(&performance, Period::Day).from, Some(day("2022-09-01")));
    assert_eq!(performance.sessions.first(), Some(&day("2022-09-01")));
}

#[test]
fn the_deepest_drawdown_has_its_high_and_its_low() {
    let performance = compare([90.0, 100.0, 110.0, 88.0, 99.0, 120.0], [1.0, 2.0, 3.0, 4.0, 5.0, 6.0], None);
    let fall = performance.securities[0].deepest.unwrap();
    assert_near("depth", fall.depth, -0.2, 1e-14, 0.0);
    assert_eq!((fall.peak, fall.trough), (day("2022-09-06"), day("2022-09-07")));
    assert_eq!(performance.securities[1].deepest, None, "the benchmark only rose");
}

/// A benchmark that falls by 40 % in a session, held three times, has lost 120 %: there is nothing left to rebalance, and no later rise
/// brings it back.
#[test]
fn a_benchmark_held_beta_times_that_is_ruined_has_no_gap() {
    let performance = compare([90.0, 100.0, 100.0, 100.0, 100.0, 100.0], [100.0, 100.0, 60.0, 90.0, 90.0, 90.0], Some(3.0));
    for sessions in [1, 2] {
        let found = period(&performance, Period::SessionsAfter(sessions)).beta_adjusted_gap_pp;
        assert_eq!(found, None, "{sessions} sessions after");
    }
}

/// A file of nonsense still gives no infinite number.
#[test]
fn a_product_too_large_for_a_number_is_no_gap() {
    let market = [1.0, 1e-9, 1e12, 1e12, 1e12, 1e12];
    let performance = compare([1.0; 6], market, Some(1e300));
    let found = period(&performance, Period::SessionsAfter(1));
    assert!(found.beta_adjusted_gap_pp.is_none_or(f64::is_finite), "{found:?}");
}
