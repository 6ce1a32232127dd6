//! Figures `rejection-rates` and `power` of a simulation.

use std::cmp::Ordering;

use super::figure::{Axis, Direction, Emphasis, Figure, KeyEntry, Mark, Panel, Point, Role, Row, Scale, Symbol};
use crate::report::number;
use crate::report::wording::simulation as wording;
use crate::simulation::SimulationResult;
use crate::simulation::result::{PlantedResult, Rate, TestRates};

/// Tests whose power is drawn with a line of their own; the others are drawn in grey.
const NAMED: [(&str, Role); 5] = [
    ("cross-sectional-t", Role::Benchmark),
    ("bmp", Role::Peer(0)),
    ("kolari-pynnonen-bmp", Role::Security),
    ("grank-t", Role::Peer(1)),
    ("sign", Role::Peer(2)),
];

/// How often each test rejected without an event; with the first thing planted, when all samples have an event. None without samples.
pub(super) fn rates(result: &SimulationResult) -> Option<Figure> {
    let simulation = &result.simulation;
    let planted = wording::null(result).or(result.planted.first())?;
    let is_null = planted.planted == 0.0;
    let level = number::percent(simulation.level, 1);
    let at = |test: &TestRates| test.at(simulation.level).copied();
    let rows = planted.tests.iter().map(|test| row(test, at(test), is_null)).collect();
    let mut panel =
        Panel::new(Axis::new(Scale::Percent).with_baseline(0.0).including(2.0 * simulation.level), Axis::new(Scale::Rows(rows)));
    let key = |role, text: &str| KeyEntry { symbol: Symbol::Marker(Emphasis::Filled), role, text: text.to_owned() };
    let mut sides: Vec<Role> = planted.tests.iter().filter_map(at).map(|rate| role(&rate, is_null)).collect();
    sides.sort_unstable();
    sides.dedup();
    panel.key = sides
        .into_iter()
        .map(|side| match side {
            Role::Accent => key(side, &format!("more often than {level}, beyond chance")),
            Role::Peer(0) => key(side, &format!("less often than {level}, beyond chance")),
            _ if is_null => key(side, &format!("{level} lies within its 95 % interval")),
            _ => key(side, "share rejected, with its 95 % interval"),
        })
        .collect();
    panel.marks.push(Mark::Rule { along: Direction::X, at: simulation.level, role: Role::Stated, label: level.clone() });
    for (position, rate) in planted.tests.iter().enumerate().filter_map(|(position, test)| Some((position, at(test)?))) {
        let (y, role) = (position as f64, role(&rate, is_null));
        panel.marks.push(Mark::Interval { y, from: Some(rate.interval.0), to: Some(rate.interval.1), role });
        let points = vec![Point { x: rate.rate, y, label: String::new() }];
        panel.marks.push(Mark::Points { points, role, emphasis: Emphasis::Filled });
    }
    let title = title(result, planted);
    Some(Figure {
        name: "rejection-rates".to_owned(),
        subtitle: format!(
            "Share of {} that each test rejects at {level}, with {} planted",
            number::plural(simulation.replications, "sample"),
            wording::planted_words(planted)
        ),
        note: wording::method(result),
        alt: format!("One row a test with the share of samples it rejects and its 95 % interval. {title}. {}", alt(planted, at)),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}

fn role(rate: &Rate, is_null: bool) -> Role {
    match rate.beside_level() {
        Ordering::Greater if is_null => Role::Accent,
        Ordering::Less if is_null => Role::Peer(0),
        _ => Role::Security,
    }
}

fn row(test: &TestRates, rate: Option<Rate>, is_null: bool) -> Row {
    let (outcome, outcome_detail, role) = match rate {
        Some(rate) => (number::percent(rate.rate, 1), wording::interval(&rate), role(&rate, is_null)),
        None => ("doesn’t apply".to_owned(), String::new(), Role::Muted),
    };
    Row { label: test.name.to_owned(), detail: String::new(), outcome, outcome_detail, role }
}

fn title(result: &SimulationResult, planted: &PlantedResult) -> String {
    let simulation = &result.simulation;
    if planted.planted != 0.0 {
        return wording::answer(result).trim_end_matches('.').to_owned();
    }
    let often = wording::beyond(simulation, planted, Ordering::Greater).len();
    let applied = planted.tests.iter().filter(|test| test.applied > 0).count();
    let level = number::percent(simulation.level, 1);
    match often {
        0 => format!("Without an event, no test rejects more often than its {level} beyond chance"),
        1 => format!("Without an event, 1 of {applied} tests rejects more often than its {level}"),
        _ => format!("Without an event, {often} of {applied} tests reject more often than their {level}"),
    }
}

fn alt(planted: &PlantedResult, at: impl Fn(&TestRates) -> Option<Rate>) -> String {
    let sentences: Vec<String> = planted
        .tests
        .iter()
        .map(|test| match at(test) {
            Some(rate) => format!("{}: {} ({}).", test.name, number::percent(rate.rate, 1), wording::interval(&rate)),
            None => format!("{}: doesn’t apply.", test.name),
        })
        .collect();
    sentences.join(" ")
}

/// How the share rejected grows with what is planted; None for fewer than two different returns.
pub(super) fn power(result: &SimulationResult) -> Option<Figure> {
    let simulation = &result.simulation;
    let mut planted: Vec<&PlantedResult> = result.planted.iter().collect();
    planted.sort_by(|one, other| one.planted.total_cmp(&other.planted));
    planted.dedup_by(|one, other| one.planted == other.planted);
    let (first, last) = (planted.first()?, planted.last()?);
    if planted.len() < 2 {
        return None;
    }
    let level = number::percent(simulation.level, 1);
    let mut panel = Panel::new(
        Axis::new(Scale::Percent).titled("abnormal return planted at every event"),
        Axis::new(Scale::Percent).with_baseline(0.0).including(1.0),
    );
    panel.marks.push(Mark::Rule { along: Direction::Y, at: simulation.level, role: Role::Stated, label: level.clone() });
    let line = |name: &str| -> Vec<(f64, f64)> {
        let points = planted.iter().filter_map(|planted| {
            let test = planted.tests.iter().find(|test| test.name == name)?;
            Some((planted.planted, test.at(simulation.level)?.rate))
        });
        points.collect()
    };
    let named = |name: &str| NAMED.iter().find(|(known, _)| *known == name).map(|(_, role)| *role);
    let mut tests: Vec<&TestRates> = first.tests.iter().collect();
    // Those with a name last, so that they lie above the others.
    tests.sort_by_key(|test| named(test.name).is_some());
    for test in tests {
        let points = line(test.name);
        let (role, label) = named(test.name).map_or((Role::Muted, ""), |role| (role, test.name));
        if points.len() > 1 {
            panel.marks.push(Mark::Line { points, role, label: label.to_owned() });
        }
    }
    let title = power_title(result, last);
    Some(Figure {
        name: "power".to_owned(),
        subtitle: format!(
            "Share of {} that each test rejects at {level}, by what was planted",
            number::plural(simulation.replications, "sample")
        ),
        note: format!("Grey lines are the other tests. {}", wording::method(result)),
        alt: format!("Line chart of the share of samples that each test rejects by the abnormal return planted. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}

/// The largest power of the tests that keep their level without an event, as far as that is known.
fn power_title(result: &SimulationResult, last: &PlantedResult) -> String {
    let simulation = &result.simulation;
    let too_often: Vec<&str> = wording::null(result)
        .map_or_else(Vec::new, |null| wording::beyond(simulation, null, Ordering::Greater).iter().map(|(test, _)| test.name).collect());
    let right = last.tests.iter().filter(|test| !too_often.contains(&test.name));
    let strongest = right.filter_map(|test| Some((test, test.at(simulation.level)?))).max_by_key(|(_, rate)| rate.rejections);
    let which = if too_often.is_empty() { "the tests" } else { "tests that keep their level without an event" };
    strongest.map_or_else(
        || format!("No test keeps its level of {}", number::percent(simulation.level, 1)),
        |(test, rate)| {
            let share = number::percent(rate.rate, 1);
            format!("With {} planted, {which} reject up to {share} of the samples ({})", wording::planted_words(last), test.name)
        },
    )
}
