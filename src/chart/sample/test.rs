//! Figure `tests`: the p-values of the headline window, those of the tests to read first.

use super::super::caption;
use super::super::figure::{Axis, Direction, Emphasis, Figure, KeyEntry, Mark, Panel, Point, Role, Row, Scale, Symbol};
use super::{events, note};
use crate::inference::UNUSUAL_LEVEL;
use crate::report::number;
use crate::report::wording::{self, sample as words, sample_test};
use crate::sample::SampleResult;

/// The smallest p-value that has a place of its own.
const SMALLEST: f64 = 1e-5;

/// How a test fits the sample.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    Read,
    Neither,
    Beware,
}

impl Standing {
    fn symbol(self) -> (Role, Emphasis) {
        match self {
            Standing::Read => (Role::Security, Emphasis::Filled),
            Standing::Neither => (Role::Benchmark, Emphasis::Filled),
            Standing::Beware => (Role::Benchmark, Emphasis::Hollow),
        }
    }
}

/// The figure; None when fewer than two tests apply.
pub(super) fn figure(result: &SampleResult) -> Option<Figure> {
    let window = words::headline(result)?;
    let reading = &result.reading;
    let standing = |name: &str| {
        if reading.read.contains(&name) {
            Standing::Read
        } else if reading.distrusted.contains(&name) {
            Standing::Beware
        } else {
            Standing::Neither
        }
    };
    let mut tests: Vec<(&'static str, f64, Option<f64>)> =
        window.tests.iter().filter_map(|test| Some((test.test.name, test.test.p_value()?, test.p_holm))).collect();
    if tests.len() < 2 {
        return None;
    }
    tests.sort_by_key(|(name, ..)| standing(name));
    let windows = words::all_events(result).map_or(0, |all| all.windows.len());
    let adjusted = windows > 1;
    let at = |p_value: f64| p_value.max(SMALLEST).log10();
    let mut marks: Vec<Mark> =
        vec![Mark::Rule { along: Direction::X, at: at(UNUSUAL_LEVEL), role: Role::Accent, label: number::percent(UNUSUAL_LEVEL, 0) }];
    let mut rows: Vec<Row> = Vec::with_capacity(tests.len());
    for (position, (name, p_value, holm)) in tests.iter().enumerate() {
        let y = position as f64;
        let point = |p_value: f64| vec![Point { x: at(p_value), y, label: String::new() }];
        let (role, emphasis) = standing(name).symbol();
        if let Some(holm) = holm.filter(|_| adjusted) {
            marks.push(Mark::Line { points: vec![(at(*p_value), y), (at(holm), y)], role: Role::Muted, label: String::new() });
            marks.push(Mark::Points { points: point(holm), role: Role::Peer(0), emphasis: Emphasis::Hollow });
        }
        marks.push(Mark::Points { points: point(*p_value), role, emphasis });
        rows.push(Row {
            label: sample_test::words(name).to_owned(),
            detail: String::new(),
            outcome: number::p_value(*p_value),
            outcome_detail: String::new(),
            role: if standing(name) == Standing::Read { Role::Security } else { Role::Muted },
        });
    }
    let axis = Axis::new(Scale::LogProbability).titled("p-value, on a logarithmic axis").including(0.0).including(at(0.001));
    let mut panel = Panel::new(axis, Axis::new(Scale::Rows(rows)));
    let mut key = |standing: Standing, text: &str| {
        let (role, emphasis) = standing.symbol();
        panel.key.push(KeyEntry { symbol: Symbol::Marker(emphasis), role, text: text.to_owned() });
    };
    for (wanted, text) in [(Standing::Read, "to read here"), (Standing::Neither, "others"), (Standing::Beware, "unreliable in this sample")]
    {
        if tests.iter().any(|(name, ..)| standing(name) == wanted) {
            key(wanted, text);
        }
    }
    if adjusted {
        let text = format!("adjusted for {} windows (Holm)", wording::count_word(windows));
        panel.key.push(KeyEntry { symbol: Symbol::Marker(Emphasis::Hollow), role: Role::Peer(0), text });
    }
    panel.marks = marks;
    let when = words::when(window.window);
    let value = number::percent_signed(window.cumulative.mean, 2);
    let title = words::verdict_of(reading, &format!("the mean abnormal return {when} ({value})"));
    let inapplicable = window.tests.len() - tests.len();
    let left_out = if inapplicable == 0 {
        String::new()
    } else {
        format!("Not drawn: {}, without a value in this sample.", number::plural(inapplicable, "test"))
    };
    let smallest = if tests.iter().any(|(_, p_value, _)| *p_value < SMALLEST) {
        "p-values below 0.00001 are drawn at 0.00001.".to_owned()
    } else {
        String::new()
    };
    Some(Figure {
        name: "tests".to_owned(),
        subtitle: format!(
            "p-values of {} tests of the mean of {}; {} of them below {}",
            number::count(tests.len()),
            events(window.cumulative.n),
            number::count(reading.computed_below),
            number::percent(UNUSUAL_LEVEL, 0)
        ),
        note: note(result, caption::sentences(&[left_out, smallest])),
        alt: format!("Dot plot of the p-values of {} tests against the 5 % line. {title}.", number::count(tests.len())),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
