//! Figure `specifications`: the abnormal return under every choice of model and windows, in order of size, and below it which choice each is.

use super::caption;
use super::figure::{Axis, Emphasis, Figure, KeyEntry, Mark, Panel, Point, Role, Row, Scale, Symbol};
use crate::report::name;
use crate::report::wording;
use crate::report::wording::specification as words;
use crate::specification::{Specification, SpecificationCurve, SpecificationEstimate};
use crate::study::StudyResult;
use crate::study::result::EventResult;

/// Most specifications of which each gets its interval drawn.
const MOST_INTERVALS: usize = 250;

/// The figure of one event's study; None without a curve of at least two specifications.
pub(super) fn figure(result: &StudyResult, event: &EventResult) -> Option<Figure> {
    let curve = event.specifications.as_ref().filter(|curve| curve.estimates.len() > 1)?;
    let what = format!("Cumulative abnormal return of {}", caption::name_in_sentence(&event.symbol));
    Some(of_curve(curve, name::figure("specifications", event, result), what, caption::source(result)))
}

/// The figure of a curve.
pub(super) fn of_curve(curve: &SpecificationCurve, name: String, what: String, source: String) -> Figure {
    let title = words::headline(curve);
    Figure {
        name,
        subtitle: format!("{what} under {}, by size", wording::specification::choices(curve)),
        note: caption::sentences(&[
            "Each column is one combination: its value above, with the 95 % interval, its choices below.".to_owned(),
            words::basis(curve),
            words::placebo(curve).unwrap_or_default(),
            source,
        ]),
        alt: format!("Specification curve: values in order of size above a table of dots that says which choices each is. {title}."),
        title,
        panels: vec![values(curve), choices(curve)],
        shared_x: true,
    }
}

fn values(curve: &SpecificationCurve) -> Panel {
    let mut panel = Panel::new(positions(), Axis::new(Scale::Percent).with_baseline(0.0));
    let mut marks = Vec::new();
    if curve.estimates.len() <= MOST_INTERVALS {
        for (x, estimate) in numbered(curve) {
            if let Some((low, high)) = estimate.interval {
                marks.push(Mark::Line { points: vec![(x, low), (x, high)], role: Role::Muted, label: String::new() });
            }
        }
    }
    for (significant, role, emphasis) in [(false, Role::Benchmark, Emphasis::Filled), (true, Role::Security, Emphasis::Filled)] {
        let points = points(curve, |estimate| estimate.is_significant == significant && estimate.specification != curve.own);
        marks.push(Mark::Points { points, role, emphasis });
    }
    marks.push(Mark::Points {
        points: points(curve, |estimate| estimate.specification == curve.own),
        role: Role::Accent,
        emphasis: Emphasis::Primary,
    });
    panel.marks = marks;
    let key = |role, emphasis, text: &str| KeyEntry { symbol: Symbol::Marker(emphasis), role, text: text.to_owned() };
    let drawn = [(true, Role::Security, "p below 5 %"), (false, Role::Benchmark, "p of 5 % or more")];
    let there = drawn.iter().filter(|(significant, ..)| curve.estimates.iter().any(|estimate| estimate.is_significant == *significant));
    panel.key = there.map(|(_, role, text)| key(*role, Emphasis::Filled, text)).collect();
    panel.key.push(key(Role::Accent, Emphasis::Primary, "this study’s own choice"));
    panel.weight = 1.1;
    panel
}

/// Estimates with their places, from 1.
fn numbered(curve: &SpecificationCurve) -> impl Iterator<Item = (f64, &SpecificationEstimate)> {
    (1_u32..).map(f64::from).zip(&curve.estimates)
}

fn points(curve: &SpecificationCurve, wanted: impl Fn(&SpecificationEstimate) -> bool) -> Vec<Point> {
    numbered(curve)
        .filter(|(_, estimate)| wanted(estimate))
        .map(|(x, estimate)| Point { x, y: estimate.value, label: String::new() })
        .collect()
}

/// The table of dots: a row a choice, of those choices alone that differ between the estimates.
fn choices(curve: &SpecificationCurve) -> Panel {
    let aspects: [fn(&Specification) -> String; 4] = [
        |choice| choice.model.to_string(),
        |choice| format!("estimated {}", wording::window_words(choice.estimation)),
        |choice| format!("{} {}", if choice.window.days() == 1 { "day" } else { "days" }, wording::window_words(choice.window)),
        |choice| caption::name(&choice.benchmark),
    ];
    let mut rows: Vec<Row> = Vec::new();
    let mut marks: Vec<Mark> = Vec::new();
    for aspect in aspects {
        let mut names: Vec<String> = Vec::new();
        for estimate in &curve.estimates {
            let own = aspect(&estimate.specification);
            if !names.contains(&own) {
                names.push(own);
            }
        }
        if names.len() < 2 {
            continue;
        }
        names.sort();
        for name in names {
            let y = rows.len() as f64;
            let taken = numbered(curve).filter(|(_, estimate)| aspect(&estimate.specification) == name);
            let points = taken.map(|(x, _)| Point { x, y, label: String::new() }).collect();
            marks.push(Mark::Points { points, role: Role::Muted, emphasis: Emphasis::Filled });
            rows.push(Row { label: name, detail: String::new(), outcome: String::new(), outcome_detail: String::new(), role: Role::Muted });
        }
    }
    let mut panel = Panel::new(positions(), Axis::new(Scale::Rows(rows)));
    panel.marks = marks;
    panel
}

/// The x axis: the specifications, in order of size.
fn positions() -> Axis {
    Axis::new(Scale::Count).titled("Specifications in order of size")
}
