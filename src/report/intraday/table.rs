//! The tables of a study within the day.

use crate::inference::{Outcome, TestOutcome};
use crate::intraday::result::{BarWindowResult, IntradayEvent, IntradayGroup, IntradayResult};
use crate::report::document::Table;
use crate::report::number;
use crate::report::sample::table::p_value;
use crate::report::wording::intraday as words;
use crate::report::wording::sample as sample_words;
use crate::report::wording::{UNKNOWN, sample_test};

/// Most events, excluded events or securities that are listed.
const MOST_LISTED: usize = 200;
/// Decimals of a return in percent: a minute moves little.
const DECIMALS: usize = 3;

fn optional(value: Option<f64>, write: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), write)
}

/// Tests beside the means of a window.
fn key_tests(result: &IntradayResult) -> Vec<&'static str> {
    let mut names = result.reading.read.clone();
    for usual in ["bmp", "cross-sectional-t", "patell", "wilcoxon"] {
        if names.len() < 4 && !names.contains(&usual) {
            names.push(usual);
        }
    }
    names
}

/// Each window: mean, interval, median, signs, p-values.
pub(super) fn windows(result: &IntradayResult, group: &IntradayGroup) -> Table {
    if let ([only], 1) = (result.events.as_slice(), group.n) {
        return own_windows(result, only);
    }
    let tests = key_tests(result);
    let mut table =
        Table::new("Cumulative abnormal returns around the news", &["From the news", "N", "CAAR", "95 % interval", "Median", "+ : −", "r̄"]);
    table.header.extend(tests.iter().map(|test| format!("p {}", sample_test::short(test))));
    for window in &group.windows {
        let mean = &window.cumulative;
        let mut row = vec![
            words::span(result, window.window),
            number::count(mean.n),
            number::percent_signed(mean.mean, DECIMALS),
            sample_words::interval(mean).unwrap_or_else(|| UNKNOWN.to_owned()),
            number::percent_signed(mean.median, DECIMALS),
            sample_words::positive_to_negative(mean),
            number::fixed(window.correlation.value, 3),
        ];
        row.extend(tests.iter().map(|test| p_value(&window.tests, test)));
        table.rows.push(row);
    }
    table
}

fn own_p_value(tests: &[TestOutcome], name: &str) -> String {
    optional(tests.iter().find(|test| test.name == name).and_then(TestOutcome::p_value), number::p_value_bare)
}

/// The windows of the only event.
fn own_windows(result: &IntradayResult, event: &IntradayEvent) -> Table {
    let mut table = Table::new(
        "Cumulative abnormal returns around the news",
        &["From the news", "CAR", "Standard error", "p t", "p same-time t", "p same-time rank"],
    );
    for (window, car) in result.study.car_windows.iter().zip(&event.windows) {
        let Some(car) = car else { continue };
        table.rows.push(vec![
            words::span(result, *window),
            number::percent_signed(car.car, DECIMALS),
            number::percent(car.standard_error, DECIMALS),
            own_p_value(&car.tests, "t"),
            own_p_value(&car.tests, "same-time-t"),
            own_p_value(&car.tests, "same-time-rank"),
        ]);
    }
    table
}

fn test_cells(test: &TestOutcome) -> [String; 4] {
    let name = sample_test::words(test.name).to_owned();
    match &test.outcome {
        Outcome::Computed { statistic, p_value, null, .. } => {
            let decimals = if null.starts_with("exact") && statistic.fract() == 0.0 { 0 } else { 3 };
            [name, number::fixed(*statistic, decimals), number::p_value_bare(*p_value), null.clone()]
        }
        Outcome::Inapplicable { reason } => [name, UNKNOWN.to_owned(), UNKNOWN.to_owned(), format!("does not apply: {reason}")],
    }
}

/// Every test of a window, those that don't apply with their reason.
pub(super) fn tests(result: &IntradayResult, window: &BarWindowResult) -> Table {
    let mut table = Table::new(
        format!("Tests of {}", words::span(result, window.window)),
        &["Test", "Here", "Statistic", "p-value", "Holm", "BH", "Null, or why it does not apply"],
    )
    .with_text_columns(&[0, 1, 6]);
    for adjusted in &window.tests {
        let [name, statistic, p_value, null] = test_cells(&adjusted.test);
        let here = if result.reading.read.contains(&adjusted.test.name) { "read" } else { "" };
        let [holm, other] = [adjusted.p_holm, adjusted.p_benjamini_hochberg].map(|p_value| optional(p_value, number::p_value_bare));
        table.rows.push(vec![name, here.to_owned(), statistic, p_value, holm, other, null]);
    }
    table
}

/// The tests of the only event.
pub(super) fn own_tests(result: &IntradayResult, event: &IntradayEvent) -> Table {
    let mut table =
        Table::new("The event’s own tests", &["From the news", "Test", "Statistic", "p-value", "Null, or why it does not apply"])
            .with_text_columns(&[0, 1, 4]);
    for (window, car) in result.study.car_windows.iter().zip(&event.windows) {
        for test in car.iter().flat_map(|car| &car.tests) {
            let [name, statistic, p_value, null] = test_cells(test);
            let statistic = if test.name == "same-time-rank" { UNKNOWN.to_owned() } else { statistic };
            table.rows.push(vec![words::span(result, *window), name, statistic, p_value, null]);
        }
    }
    table
}

/// The groups over the headline window; None without groups.
pub(super) fn groups(result: &IntradayResult) -> Option<Table> {
    if result.events.len() < 2 {
        return None;
    }
    let tests = key_tests(result);
    let headline = words::headline(result)?.window;
    let mut table = Table::new(format!("Groups, {}", words::span(result, headline)), &["Group", "N", "CAAR", "95 % interval", "Median"]);
    table.header.extend(tests.iter().map(|test| format!("p {}", sample_test::short(test))));
    for group in &result.groups {
        let (Some(name), Some(window)) = (&group.group, group.windows.iter().find(|window| window.window == headline)) else { continue };
        let mean = &window.cumulative;
        let mut row = vec![
            name.clone(),
            number::count(mean.n),
            number::percent_signed(mean.mean, DECIMALS),
            sample_words::interval(mean).unwrap_or_else(|| UNKNOWN.to_owned()),
            number::percent_signed(mean.median, DECIMALS),
        ];
        row.extend(tests.iter().map(|test| p_value(&window.tests, test)));
        table.rows.push(row);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Each two groups; None with fewer than two.
pub(super) fn differences(result: &IntradayResult) -> Option<Table> {
    let first = result.differences.first()?;
    let mut table = Table::new("Differences of groups", &["First", "Second", "From the news", "Difference"]).with_text_columns(&[0, 1, 2]);
    table.header.extend(first.tests.iter().map(|test| format!("p {}", sample_test::short(test.name))));
    for difference in result.differences.iter().take(MOST_LISTED) {
        let mut row = vec![
            difference.first.clone(),
            difference.second.clone(),
            words::span(result, difference.window),
            number::points(difference.difference, DECIMALS),
        ];
        row.extend(difference.tests.iter().map(|test| optional(test.p_value(), number::p_value_bare)));
        table.rows.push(row);
    }
    Some(table)
}

/// The events over the headline window; None without any.
pub(super) fn events(result: &IntradayResult) -> Option<Table> {
    let headline = *result.study.car_windows.first()?;
    let caption = if result.events.len() > MOST_LISTED {
        format!("The first {MOST_LISTED} of {} events, {}", number::count(result.events.len()), words::span(result, headline))
    } else {
        format!("The events, {}", words::span(result, headline))
    };
    let mut table = Table::new(
        caption,
        &["Event", "Security", "News", "Where", "Bar 0 begins", "β", "CAR", "Standard error", "p t", "p same-time t", "p same-time rank"],
    )
    .with_text_columns(&[0, 1, 2, 3, 4]);
    for event in result.events.iter().take(MOST_LISTED) {
        let car = event.windows.first().and_then(Option::as_ref);
        let p_value = |name: &str| car.map_or_else(|| UNKNOWN.to_owned(), |car| own_p_value(&car.tests, name));
        table.rows.push(vec![
            event.event_id.to_string(),
            event.symbol.clone(),
            event.news.clone(),
            words::news_time(event.news_time).to_owned(),
            event.bar_begins.clone(),
            optional(event.beta, |beta| number::fixed(beta, 2)),
            optional(car.map(|car| car.car), |car| number::percent_signed(car, DECIMALS)),
            optional(car.map(|car| car.standard_error), |error| number::percent(error, DECIMALS)),
            p_value("t"),
            p_value("same-time-t"),
            p_value("same-time-rank"),
        ]);
    }
    (!table.rows.is_empty()).then_some(table)
}

/// Each bar of several events.
pub(super) fn bars(result: &IntradayResult, group: &IntradayGroup) -> Table {
    let tests = ["cross-sectional-t", "bmp", "corrado-rank", "wilcoxon"];
    let mut table =
        Table::new("Average abnormal return of each bar", &["Bar", "From the news", "N", "AAR", "95 % interval"]).with_text_columns(&[1]);
    table.header.extend(tests.iter().map(|test| format!("p {}", sample_test::short(test))));
    table.header.push("Holm, BMP".to_owned());
    for bar in &group.bars {
        let window = crate::window::Window::new(bar.bar, bar.bar).unwrap_or(crate::window::Window::DAY_ZERO);
        let mut row = vec![
            number::signed(f64::from(bar.bar), 0),
            words::span(result, window),
            number::count(bar.abnormal.n),
            number::percent_signed(bar.abnormal.mean, DECIMALS),
            sample_words::interval(&bar.abnormal).unwrap_or_else(|| UNKNOWN.to_owned()),
        ];
        row.extend(tests.iter().map(|test| p_value(&bar.tests, test)));
        let holm = bar.tests.iter().find(|test| test.test.name == "bmp").and_then(|test| test.p_holm);
        row.push(optional(holm, number::p_value_bare));
        table.rows.push(row);
    }
    table
}

/// Each bar of the only event; None when there are more.
pub(super) fn own_bars(result: &IntradayResult) -> Option<Table> {
    let [event] = result.events.as_slice() else { return None };
    let mut table = Table::new(
        "Abnormal return of each bar",
        &["Bar", "From the news", "AR", "Standard error", "Degrees of freedom", "Bars it goes over"],
    )
    .with_text_columns(&[1]);
    for (bar, found) in result.study.window.iter().zip(&event.bars) {
        let window = crate::window::Window::new(bar, bar).unwrap_or(crate::window::Window::DAY_ZERO);
        table.rows.push(vec![
            number::signed(f64::from(bar), 0),
            words::span(result, window),
            optional(found.map(|bar| bar.value), |value| number::percent_signed(value, DECIMALS)),
            optional(found.map(|bar| bar.standard_error), |error| number::percent(error, DECIMALS)),
            optional(found.map(|bar| bar.degrees), |degrees| number::fixed(degrees, 1)),
            found.map_or_else(|| UNKNOWN.to_owned(), |bar| number::count(bar.span)),
        ]);
    }
    Some(table)
}

/// The excluded events with their reasons.
pub(super) fn exclusions(result: &IntradayResult) -> Table {
    let caption = if result.exclusions.len() > MOST_LISTED {
        format!("The first {MOST_LISTED} of {} events left out", number::count(result.exclusions.len()))
    } else {
        "The events left out".to_owned()
    };
    let mut table = Table::new(caption, &["Event", "Security", "News", "Reason"]).with_text_columns(&[0, 1, 2, 3]);
    for event in result.exclusions.iter().take(MOST_LISTED) {
        table.rows.push(vec![event.event_id.to_string(), event.symbol.clone(), event.news.clone(), event.reason.clone()]);
    }
    table
}

/// The bars of each security.
pub(super) fn securities(result: &IntradayResult) -> Table {
    let mut table = Table::new(
        "Bars of each security",
        &[
            "Security",
            "Bars read",
            "Outside the session",
            "Cut by an early close",
            "Bars of its sessions",
            "Missing",
            "Share missing",
            "Sessions in longer bars",
            "Sessions without an open",
        ],
    );
    for security in result.securities.iter().take(MOST_LISTED) {
        let count = security.count;
        table.rows.push(vec![
            security.symbol.clone(),
            number::count(count.read),
            number::count(count.outside),
            number::count(count.cut),
            number::count(count.places),
            number::count(count.missing),
            optional(security.missing_share, |share| number::percent(share, 2)),
            number::count(count.coarse_sessions),
            number::count(count.sessions_without_open),
        ]);
    }
    table
}

/// Definition and source of every test that was run.
pub(super) fn definitions(result: &IntradayResult) -> Table {
    let mut names: Vec<&'static str> = vec!["t", "same-time-t", "same-time-rank"];
    let of_windows = words::headline(result).into_iter().flat_map(|window| window.tests.iter().map(|test| test.test.name));
    let of_differences = result.differences.first().into_iter().flat_map(|difference| difference.tests.iter().map(|test| test.name));
    for name in of_windows.chain(of_differences) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut table = Table::new("The tests, a day being a bar", &["Test", "Statistic", "Source"]).with_text_columns(&[0, 1, 2]);
    for test in names.into_iter().filter_map(sample_test::find) {
        table.rows.push(vec![test.words.to_owned(), test.definition.to_owned(), test.source.to_owned()]);
    }
    table
}
