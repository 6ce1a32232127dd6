//! Figure `rolling-beta`: mean beta of the events over a window that moves on day by day, with its 95 % interval.

use super::super::caption;
use super::super::figure::{Axis, Direction, Figure, Mark, Panel, Role, Scale};
use super::{events, source};
use crate::report::number;
use crate::report::wording;
use crate::sample::SampleResult;

/// The figure; None unless rolling betas were asked for and there are some on two days or more.
pub(super) fn figure(result: &SampleResult) -> Option<Figure> {
    let rolling = result.rolling.as_ref()?;
    let (first, last) = (rolling.days.first()?, rolling.days.last()?);
    if rolling.days.len() < 2 {
        return None;
    }
    let study = &result.study;
    let mut panel = Panel::new(
        Axis::new(Scale::Sessions { dates: Vec::new() }).titled("Last session of the window, from the event"),
        Axis::new(Scale::Level),
    );
    let event = study.window;
    panel.marks.push(Mark::Zone {
        along: Direction::X,
        from: Some(f64::from(event.first())),
        to: Some(f64::from(event.last())),
        role: Role::Muted,
        label: "event window".to_owned(),
    });
    let band: Vec<(f64, f64, f64)> =
        rolling.days.iter().filter_map(|day| day.interval.map(|(low, high)| (f64::from(day.day), low, high))).collect();
    let banded = !band.is_empty();
    panel.marks.extend(banded.then_some(Mark::Band { points: band, role: Role::Band, label: String::new() }));
    panel.marks.push(Mark::Rule { along: Direction::X, at: 0.0, role: Role::Accent, label: String::new() });
    panel.marks.push(Mark::Line {
        points: rolling.days.iter().map(|day| (f64::from(day.day), day.mean)).collect(),
        role: Role::Security,
        label: format!("β {}", number::fixed(last.mean, 2)),
    });
    let benchmark = caption::name_in_sentence(&study.benchmark);
    let whose = if result.events.len() == 1 { "The beta" } else { "The mean beta" };
    let (sessions, at_last) = (number::count(rolling.window), number::fixed(last.mean, 2));
    let title = match rolling.days.iter().find(|day| day.day + 1 == event.first()) {
        Some(before) => {
            let before = number::fixed(before.mean, 2);
            format!("{whose} over {sessions} sessions was {before} before the event window and {at_last} at its end")
        }
        None => {
            let (at_first, from) = (number::fixed(first.mean, 2), wording::event_day_words(first.day));
            format!("{whose} over {sessions} sessions was {at_first} on day {from} and {at_last} at the end of the event window")
        }
    };
    let shaded = match (banded, result.events.len()) {
        (true, _) => "Shaded: 95 % interval of the mean, events taken as independent. Neighbouring windows share all sessions but one.",
        (false, _) => "One event has no interval. Neighbouring windows share all sessions but one.",
    };
    Some(Figure {
        name: "rolling-beta".to_owned(),
        subtitle: format!(
            "Least-squares beta of {} on {benchmark} over the {} sessions that end with the day",
            events(result.events.len()),
            number::count(rolling.window)
        ),
        note: caption::sentences(&[shaded.to_owned(), source(result)]),
        alt: format!("Line chart of the rolling beta by session from the event. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
