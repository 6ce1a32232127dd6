//! Tables of a study of many events. Every number is text already; the terminal shows some of them.

use crate::inference::{Outcome, TestOutcome};
use crate::report::document::Table;
use crate::report::number;
use crate::report::wording::{self, UNKNOWN, sample as words, sample_test};
use crate::sample::SampleResult;
use crate::sample::activity::ActivityResult;
use crate::sample::result::{AdjustedTest, GroupDifference, GroupResult, WindowResult};
use crate::window::Window;

/// Tests that tables with few columns show after those to read.
const USUAL: [&str; 6] = ["cross-sectional-t", "kolari-pynnonen-bmp", "grank-t", "corrado-rank", "generalised-sign", "wilcoxon"];

/// Most events that are listed one by one.
pub const MOST_LISTED: usize = 200;
/// Of more events, how many of the lowest and of the highest are listed.
pub const EXTREMES: usize = 20;
/// Most exclusions and overlaps that are listed one by one.
pub const MOST_EXCLUSIONS: usize = 100;
/// Most pairs of groups that are listed for one window.
pub const MOST_DIFFERENCES: usize = 66;

/// Names of the tests that a table with room for `most` of them shows: those to read first.
pub fn key_tests(result: &SampleResult, most: usize) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for name in result.reading.read.iter().chain(&USUAL).copied() {
        if !names.contains(&name) && names.len() < most {
            names.push(name);
        }
    }
    names
}

/// A test's p-value; a dash when it doesn't apply.
pub fn p_value(tests: &[AdjustedTest], name: &str) -> String {
    let found = tests.iter().find(|test| test.test.name == name).and_then(|test| test.test.p_value());
    found.map_or_else(|| UNKNOWN.to_owned(), number::p_value_bare)
}

fn optional(value: Option<f64>, write: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| UNKNOWN.to_owned(), write)
}

/// Days of a window on one line.
fn days_cell(window: Window) -> String {
    wording::window_words(window).replace(' ', &number::NO_BREAK.to_string())
}

fn heading(test: &str) -> String {
    format!("p ({})", sample_test::short(test))
}

/// Each window: mean, interval, median, signs, BHAR, correlation.
pub fn windows(group: &GroupResult) -> Table {
    let mut table = Table::new(
        "Cumulative abnormal returns by window",
        &["Days", "N", "CAAR", "95 % interval", "Median", "+ : −", "Mean BHAR", "r̄", "Overlapping pairs"],
    );
    for window in &group.windows {
        let mean = &window.cumulative;
        table.rows.push(vec![
            days_cell(window.window),
            number::count(mean.n),
            number::percent_signed(mean.mean, 2),
            words::interval(mean).unwrap_or_else(|| UNKNOWN.to_owned()),
            number::percent_signed(mean.median, 2),
            words::positive_to_negative(mean),
            number::percent_signed(window.bhar.mean, 2),
            number::fixed(window.correlation.value, 4),
            number::count(usize::try_from(window.correlation.overlapping_pairs).unwrap_or(usize::MAX)),
        ]);
    }
    table
}

/// Abnormal volume or volatility of each window and day.
pub fn activity(activity: &ActivityResult, caption: &str) -> Table {
    let mut table = Table::new(caption, &["Days", "N", "Times the usual", "95 % interval", "Events above", "Rank test", "t", "BMP"]);
    for span in activity.windows.iter().chain(&activity.days) {
        let p_value = |name: &str| {
            let found = span.tests.iter().find(|test| test.name == name).and_then(TestOutcome::p_value);
            optional(found, number::p_value_bare)
        };
        let interval = |(low, high)| format!("{} to {}", number::fixed(low, 2), number::fixed(high, 2));
        table.rows.push(vec![
            days_cell(span.window),
            number::count(span.n),
            number::fixed(span.ratio, 2),
            span.interval.map_or_else(|| UNKNOWN.to_owned(), interval),
            number::percent(span.raised_share, 0),
            p_value("corrado-rank"),
            p_value("cross-sectional-t"),
            p_value("bmp"),
        ]);
    }
    table
}

/// p-values of the key tests, window by window.
pub fn window_tests(group: &GroupResult, tests: &[&'static str]) -> Table {
    let mut table = Table::new("p-values of the tests to read and of usual ones, by window", &["Days", "CAAR"]);
    table.header.extend(tests.iter().map(|test| heading(test)));
    for window in &group.windows {
        let mut row = vec![days_cell(window.window), number::percent_signed(window.cumulative.mean, 2)];
        row.extend(tests.iter().map(|test| p_value(&window.tests, test)));
        table.rows.push(row);
    }
    table
}

/// How a test fits the sample: "read", "beware", or neither.
fn standing(result: &SampleResult, name: &str) -> &'static str {
    if result.reading.read.contains(&name) {
        "read"
    } else if result.reading.distrusted.contains(&name) {
        "beware"
    } else {
        ""
    }
}

/// Name, statistic, p-value and null of a test; of one that doesn't apply, the reason.
fn test_cells(test: &TestOutcome) -> [String; 4] {
    let name = sample_test::words(test.name).to_owned();
    match &test.outcome {
        Outcome::Computed { statistic, p_value, null, .. } => {
            // Counts and sums of ranks are whole, but for ties.
            let decimals = if null.starts_with("exact") && statistic.fract() == 0.0 { 0 } else { 3 };
            [name, number::fixed(*statistic, decimals), number::p_value_bare(*p_value), null.clone()]
        }
        Outcome::Inapplicable { reason } => [name, UNKNOWN.to_owned(), UNKNOWN.to_owned(), format!("does not apply: {reason}")],
    }
}

/// Every test of a window, those that don't apply with their reason.
pub fn tests(result: &SampleResult, window: &WindowResult) -> Table {
    let mut table = Table::new(
        format!("Tests of days {}", wording::window_words(window.window)),
        &["Test", "Here", "Statistic", "p-value", "Holm", "BH", "Null, or why it does not apply"],
    )
    .with_text_columns(&[0, 1, 6]);
    for adjusted in &window.tests {
        let name = adjusted.test.name;
        let [words, statistic, p_value, null] = test_cells(&adjusted.test);
        let adjusted = [adjusted.p_holm, adjusted.p_benjamini_hochberg].map(|p_value| optional(p_value, number::p_value_bare));
        let [holm, benjamini_hochberg] = adjusted;
        table.rows.push(vec![words, standing(result, name).to_owned(), statistic, p_value, holm, benjamini_hochberg, null]);
    }
    for test in &window.bhar_tests {
        let [words, statistic, p_value, null] = test_cells(test);
        let none = || UNKNOWN.to_owned();
        table.rows.push(vec![format!("{words}, of the mean BHAR"), String::new(), statistic, p_value, none(), none(), null]);
    }
    table
}

/// The variants of `eventstudy2`; None when they weren't asked for.
pub fn other_conventions(window: &WindowResult) -> Option<Table> {
    if window.other_conventions.is_empty() {
        return None;
    }
    let caption = format!("Tests of days {} by the conventions of Stata’s eventstudy2", wording::window_words(window.window));
    let mut table = Table::new(caption, &["Test", "Statistic", "p-value", "Null, or why it does not apply", "Beside it, here"])
        .with_text_columns(&[0, 3]);
    for test in &window.other_conventions {
        let beside = window.tests.iter().find(|own| own.test.name == test.name);
        let own = beside.and_then(|own| match &own.test.outcome {
            Outcome::Computed { statistic, .. } => Some(number::fixed(*statistic, 3)),
            Outcome::Inapplicable { .. } => None,
        });
        let [words, statistic, p_value, null] = test_cells(test);
        table.rows.push(vec![words, statistic, p_value, null, own.unwrap_or_else(|| UNKNOWN.to_owned())]);
    }
    Some(table)
}

/// Each day: mean, interval, signs and the key tests.
pub fn days(group: &GroupResult, tests: &[&'static str]) -> Table {
    let mut table = Table::new("Every day of the event window", &["Day", "N", "AAR", "95 % interval", "+ : −", "CAAR"]);
    table.header.extend(tests.iter().map(|test| heading(test)));
    table.header.extend(tests.first().map(|test| format!("Holm ({})", sample_test::short(test))));
    for day in &group.days {
        let mean = &day.abnormal;
        let cumulated = group.cumulative.iter().find(|entry| entry.day == day.day).map(|entry| entry.value);
        let mut row = vec![
            wording::event_day_words(day.day),
            number::count(mean.n),
            number::percent_signed(mean.mean, 2),
            words::interval(mean).unwrap_or_else(|| UNKNOWN.to_owned()),
            words::positive_to_negative(mean),
            optional(cumulated, |value| number::percent_signed(value, 2)),
        ];
        row.extend(tests.iter().map(|test| p_value(&day.tests, test)));
        if let Some(first) = tests.first() {
            let holm = day.tests.iter().find(|test| test.test.name == *first).and_then(|test| test.p_holm);
            row.push(optional(holm, number::p_value_bare));
        }
        table.rows.push(row);
    }
    table
}

/// All events and each group over one window.
pub fn groups(result: &SampleResult, position: usize, tests: &[&'static str]) -> Option<Table> {
    let named = words::named_groups(result);
    let window = words::all_events(result)?.windows.get(position)?.window;
    if named.is_empty() {
        return None;
    }
    let mut table =
        Table::new(format!("Groups {}", words::when(window)), &["Group", "N", "CAAR", "95 % interval", "Median", "+ : −", "Mean BHAR"]);
    table.header.extend(tests.iter().map(|test| heading(test)));
    for group in words::all_events(result).into_iter().chain(named) {
        let Some(window) = group.windows.iter().find(|held| held.window == window) else { continue };
        let mean = &window.cumulative;
        let mut row = vec![
            words::group_label(group).to_owned(),
            number::count(mean.n),
            number::percent_signed(mean.mean, 2),
            words::interval(mean).unwrap_or_else(|| UNKNOWN.to_owned()),
            number::percent_signed(mean.median, 2),
            words::positive_to_negative(mean),
            number::percent_signed(window.bhar.mean, 2),
        ];
        row.extend(tests.iter().map(|test| p_value(&window.tests, test)));
        table.rows.push(row);
    }
    Some(table)
}

/// Each two groups compared, over all windows or the first alone; None when there is nothing to compare.
pub fn differences(differences: &[&GroupDifference]) -> Option<Table> {
    let first = differences.first()?;
    let mut table = Table::new("Differences between groups", &["First", "Second", "Days", "Difference"]).with_text_columns(&[0, 1]);
    let tests: Vec<&'static str> = first.tests.iter().map(|test| test.name).collect();
    table.header.extend(tests.iter().map(|test| heading(test)));
    for difference in differences {
        let mut row = vec![
            difference.first.clone(),
            difference.second.clone(),
            days_cell(difference.window),
            number::points(difference.difference, 2),
        ];
        let cell = |name: &&str| {
            let found = difference.tests.iter().find(|test| test.name == *name).and_then(TestOutcome::p_value);
            found.map_or_else(|| UNKNOWN.to_owned(), number::p_value_bare)
        };
        row.extend(tests.iter().map(cell));
        table.rows.push(row);
    }
    Some(table)
}

/// The used events: all of them up to [`MOST_LISTED`], else the [`EXTREMES`] lowest and highest by the CAR of the first window.
pub fn events(result: &SampleResult) -> Option<Table> {
    let columns = &result.events;
    let window = columns.windows.first()?;
    let days = wording::window_words(window.window);
    let grouped = !columns.groups.is_empty();
    let total = columns.len();
    let mut order: Vec<usize> = (0..total).collect();
    let caption = if total <= MOST_LISTED {
        format!("The events, with their abnormal returns over days {days}")
    } else {
        let car = |event: &usize| window.car.get(*event).copied().unwrap_or_default();
        order.sort_by(|one, other| car(one).total_cmp(&car(other)).then(one.cmp(other)));
        order.drain(EXTREMES..total - EXTREMES);
        format!(
            "The {EXTREMES} events with the lowest and the {EXTREMES} with the highest abnormal returns over days {days}, of {}",
            number::count(total)
        )
    };
    let mut table = Table::new(caption, &["Event", "Security"]).with_text_columns(if grouped { &[0, 1, 2] } else { &[0, 1] });
    if grouped {
        table.header.push("Group".to_owned());
    }
    let rest = ["News", "Day 0", "CAR", "95 % interval", "p (t)", "BHAR", "β", "R²"];
    table.header.extend(rest.iter().map(|name| (*name).to_owned()));
    for event in order {
        let Some(id) = columns.event_id.get(event) else { continue };
        let mut row = vec![id.to_string(), columns.symbol_of(event).to_owned()];
        if grouped {
            row.push(columns.group_of(event).unwrap_or(UNKNOWN).to_owned());
        }
        let interval = columns.interval(window, event);
        row.extend([
            columns.date.get(event).map_or_else(String::new, |date| number::day(*date)),
            columns.session.get(event).map_or_else(String::new, |session| number::day(*session)),
            optional(window.car.get(event).copied(), |value| number::percent_signed(value, 2)),
            interval.map_or_else(
                || UNKNOWN.to_owned(),
                |(low, high)| format!("{} to {}", number::percent_signed(low, 1), number::percent_signed(high, 1)),
            ),
            optional(columns.p_value(window, event), number::p_value_bare),
            optional(window.bhar.get(event).copied(), |value| number::percent_signed(value, 2)),
            optional(columns.slopes.get(event).and_then(|slopes| slopes.first()).copied(), |value| number::fixed(value, 2)),
            optional(columns.r_squared.get(event).copied().flatten(), |value| number::fixed(value, 2)),
        ]);
        table.rows.push(row);
    }
    Some(table)
}

/// Reasons of exclusion with their counts.
pub fn reasons(result: &SampleResult) -> Table {
    let mut table = Table::new("Why events were left out", &["Reason", "Events", "The first of them"]).with_text_columns(&[0, 2]);
    for reason in &result.reasons {
        table.rows.push(vec![reason.kind.to_owned(), number::count(reason.count), reason.example.clone()]);
    }
    table
}

/// The excluded events, the first [`MOST_EXCLUSIONS`] of them.
pub fn exclusions(result: &SampleResult) -> Table {
    let total = result.exclusions.len();
    let caption = if total > MOST_EXCLUSIONS {
        format!("The first {MOST_EXCLUSIONS} of {} events left out", number::count(total))
    } else {
        "The events left out".to_owned()
    };
    let mut table = Table::new(caption, &["Event", "Security", "News", "Reason"]).with_text_columns(&[0, 1, 2, 3]);
    for event in result.exclusions.iter().take(MOST_EXCLUSIONS) {
        table.rows.push(vec![event.event_id.to_string(), event.symbol.clone(), number::day(event.date), event.reason.clone()]);
    }
    table
}

/// Examples of events of one security that touch each other.
pub fn overlaps(result: &SampleResult) -> Table {
    let mut table =
        Table::new("Events of one security that touch each other (the first of each kind)", &["Event", "Other event", "What they share"])
            .with_text_columns(&[0, 1, 2]);
    for (event, other, contaminates) in &result.overlaps.examples {
        let shared = if *contaminates { "day 0 of the other lies in its estimation window" } else { "a session of their event windows" };
        table.rows.push(vec![event.to_string(), other.to_string(), shared.to_owned()]);
    }
    table
}

/// Definition and source of every test that was run.
pub fn definitions(result: &SampleResult) -> Table {
    let mut names: Vec<&'static str> = Vec::new();
    let of_windows = words::headline(result).into_iter().flat_map(|window| window.tests.iter().map(|test| test.test.name));
    let of_differences = result.differences.first().into_iter().flat_map(|difference| difference.tests.iter().map(|test| test.name));
    for name in of_windows.chain(of_differences) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let mut table = Table::new("The tests", &["Test", "Statistic", "Source"]).with_text_columns(&[0, 1, 2]);
    for test in names.into_iter().filter_map(sample_test::find) {
        let name = if test.short == test.words { test.words.to_owned() } else { format!("{} ({})", test.words, test.short) };
        table.rows.push(vec![name, test.definition.to_owned(), test.source.to_owned()]);
    }
    table
}
