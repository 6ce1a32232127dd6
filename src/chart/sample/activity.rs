//! Figures `abnormal-volume` and `abnormal-volatility`: activity of each day as a multiple of the usual, mean of the events.

use super::super::caption;
use super::super::figure::{Axis, Bar, Direction, Figure, Mark, Panel, Role, Scale};
use super::{note, source};
use crate::report::wording::activity as words;
use crate::sample::SampleResult;
use crate::sample::activity::{ActivityKind, ActivityResult, ActivitySpan};

/// The figure; None without a day.
pub(super) fn figure(result: &SampleResult, activity: &ActivityResult) -> Option<Figure> {
    let days: &[ActivitySpan] = &activity.days;
    days.first()?;
    let mut panel = Panel::new(
        Axis::new(Scale::Sessions { dates: Vec::new() }).titled("Sessions from the event"),
        Axis::new(Scale::Multiple).including(0.0),
    );
    let bars = days.iter().map(|span| Bar {
        x: f64::from(span.window.first()),
        y: span.ratio,
        role: if span.window.first() == 0 { Role::Accent } else { Role::Muted },
    });
    panel.marks.push(Mark::Bars { bars: bars.collect() });
    panel.marks.extend(days.iter().filter_map(|span| {
        let (low, high) = span.interval?;
        let x = f64::from(span.window.first());
        Some(Mark::Line { points: vec![(x, low), (x, high)], role: Role::Benchmark, label: String::new() })
    }));
    panel.marks.push(Mark::Rule { along: Direction::Y, at: 1.0, role: Role::Benchmark, label: "usual".to_owned() });
    let title = words::headline(activity)?;
    let name = match activity.kind {
        ActivityKind::Volume => "abnormal-volume",
        ActivityKind::Volatility => "abnormal-volatility",
    };
    let interval = if days.iter().any(|span| span.interval.is_some()) {
        "Lines: 95 % interval of the mean, events taken as independent."
    } else {
        "One event has no interval."
    };
    Some(Figure {
        name: name.to_owned(),
        subtitle: words::subtitle(activity),
        note: match activity.kind {
            // No return enters it.
            ActivityKind::Volume => caption::sentences(&[format!("{} {interval}", words::usual(activity.kind)), source(result)]),
            ActivityKind::Volatility => note(result, format!("{} {interval}", words::usual(activity.kind))),
        },
        alt: format!("Bar chart of {} on each day of the event window as a multiple of the usual. {title}.", words::noun(activity.kind)),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
