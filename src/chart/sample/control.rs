//! Figures of synthetic controls: `control-paths`, one event's abnormal return among those of its donors as if treated, day by day; and
//! `control-placebos`, CARs against the error before the event, of events and donors.

use super::super::caption;
use super::super::figure::{Axis, Direction, Emphasis, Figure, KeyEntry, Mark, Panel, Point, Role, Scale, Symbol};
use super::{events, note};
use crate::report::number;
use crate::report::wording::sample as words;
use crate::sample::SampleResult;
use crate::sample::control::EventControls;

/// Most donors' points in one picture.
const MOST_POINTS: usize = 4_000;
/// Most events that are named beside their points.
const MOST_NAMED: usize = 12;

/// The paths; None unless there is one event, with placebos.
pub(super) fn paths(result: &SampleResult) -> Option<Figure> {
    let [controls] = result.events.controls.as_slice() else { return None };
    if controls.placebos.is_empty() || controls.days.len() < 2 {
        return None;
    }
    let day = |day: &i32| f64::from(*day);
    let line = |values: &[f64]| controls.days.iter().map(day).zip(values.iter().copied()).collect::<Vec<(f64, f64)>>();
    let symbol = result.events.symbol_of(0);
    let mut panel = Panel::new(
        Axis::new(Scale::Sessions { dates: Vec::new() }).titled("Sessions from the event"),
        Axis::new(Scale::Percent).titled("Cumulative abnormal return").with_baseline(0.0),
    );
    let placebo = |cumulative: &[f64]| Mark::Line { points: line(cumulative), role: Role::Band, label: String::new() };
    panel.marks = controls.placebos.iter().map(|donor| placebo(&donor.cumulative)).collect();
    panel.marks.push(Mark::Rule { along: Direction::X, at: 0.0, role: Role::Benchmark, label: String::new() });
    panel.marks.push(Mark::Line { points: line(&controls.cumulative), role: Role::Accent, label: caption::name(symbol).into() });
    let key = |symbol, role, text: String| KeyEntry { symbol, role, text };
    panel.key = vec![
        key(Symbol::Line, Role::Accent, format!("{} less its synthetic control", caption::name(symbol))),
        key(Symbol::Line, Role::Band, format!("each of {} donors less its own, as if treated", number::count(controls.placebos.len()))),
    ];
    let window = result.events.windows.first()?;
    let (car, when) = (window.car.first().map(|car| number::percent_signed(*car, 1))?, words::when(window.window));
    let (p_value, p_error) = (p_value(result, "donor-placebo"), p_value(result, "donor-placebo-rmspe"));
    let ranked = p_value.map_or_else(String::new, |p| format!("; {} among donors", number::p_value(p)));
    let title = format!("{} moved {car} away from its synthetic control {when}{ranked}", caption::name_at_start(symbol));
    let error = p_error.map_or_else(String::new, |p| format!("By the error after over before, {}.", number::p_value(p)));
    Some(Figure {
        name: "control-paths".to_owned(),
        subtitle: format!("Abnormal returns cumulated over the event window; before the event the error is {}", fit(controls)),
        note: note(result, error),
        alt: format!("Line chart: the event’s cumulative abnormal return in front of those of its donors. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}

/// "1.2 % a session (R² 0.45)".
fn fit(controls: &EventControls) -> String {
    let explained = controls.r_squared.map_or_else(String::new, |fit| format!(" (R² {})", number::fixed(fit, 2)));
    format!("{} a session{explained}", number::percent(controls.error, 2))
}

/// The p-value of the first event over the headline window.
fn p_value(result: &SampleResult, name: &str) -> Option<f64> {
    let tests = result.events.tests.first()?.first()?;
    tests.iter().find(|test| test.name == name)?.p_value()
}

/// The scatter; None without placebos.
pub(super) fn placebos(result: &SampleResult) -> Option<Figure> {
    let columns = &result.events;
    let window = columns.windows.first()?;
    let all: usize = columns.controls.iter().map(|controls| controls.placebos.len()).sum();
    if all == 0 {
        return None;
    }
    let every = all.div_ceil(MOST_POINTS);
    let point = |x: f64, y: f64| Point { x, y, label: String::new() };
    let donors: Vec<Point> = columns
        .controls
        .iter()
        .flat_map(|controls| &controls.placebos)
        .step_by(every)
        .filter_map(|placebo| placebo.windows.first().copied().flatten())
        .map(|effect| point(effect.error_before, effect.car))
        .collect();
    let named = columns.len() <= MOST_NAMED;
    let treated: Vec<Point> = columns
        .controls
        .iter()
        .enumerate()
        .filter_map(|(event, controls)| {
            let label = if named { columns.event_id.get(event)?.to_string() } else { String::new() };
            Some(Point { x: controls.error, y: *window.car.get(event)?, label: super::shorten(&label, 18) })
        })
        .collect();
    let when = words::when(window.window);
    let mut panel = Panel::new(
        Axis::new(Scale::Percent).titled("Error before the event (RMSPE a session)"),
        Axis::new(Scale::Percent).titled("Cumulative abnormal return").with_baseline(0.0),
    );
    let key = |emphasis, role, text: String| KeyEntry { symbol: Symbol::Marker(emphasis), role, text };
    let drawn = if every == 1 { String::new() } else { format!(" (every {every}th drawn)") };
    panel.key = vec![
        key(Emphasis::Filled, Role::Accent, events(columns.len())),
        key(Emphasis::Cloud, Role::Muted, format!("{} as if treated{drawn}", number::plural(all, "donor"))),
    ];
    panel.marks = vec![
        Mark::Points { points: donors, role: Role::Muted, emphasis: Emphasis::Cloud },
        Mark::Points { points: treated, role: Role::Accent, emphasis: Emphasis::Filled },
    ];
    let groups = words::headline(result)
        .and_then(|held| held.tests.iter().find(|test| test.test.name == "donor-placebo-groups"))
        .and_then(|test| Some((test.test.statistic()?, test.test.p_value()?)));
    let summary = result.controls.as_ref()?;
    let title = match (groups, summary.r_squared) {
        (_, Some(fit)) if columns.len() == 1 => format!(
            "Its synthetic control explains {} of the variance of {} before the event",
            number::percent(fit.median, 0),
            caption::name_in_sentence(columns.symbol_of(0))
        ),
        (Some((mean, p)), _) => {
            format!("The mean weighted by fit {when} is {}; {} among groups of donors", number::percent_signed(mean, 2), number::p_value(p))
        }
        (None, Some(fit)) => {
            format!("Synthetic controls explain {} of the variance before the event, at the median", number::percent(fit.median, 0))
        }
        (None, None) => format!("Events and donors as if treated, {when}"),
    };
    Some(Figure {
        name: "control-placebos".to_owned(),
        subtitle: format!("Abnormal return {when} against the error of the synthetic control in the estimation window"),
        note: note(result, "An effect stands out where events lie further from zero than donors with the same error before.".to_owned()),
        alt: format!("Scatter plot of the events’ abnormal returns against their errors before, with those of donors behind. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
