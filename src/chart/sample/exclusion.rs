//! Figure `exclusions`: events left out, by reason.

use super::super::figure::{Axis, Figure, Mark, Panel, Role, Row, Scale};
use super::{events, source};
use crate::report::number;
use crate::report::wording;
use crate::sample::SampleResult;

/// The figure; None when every event was used.
pub(super) fn figure(result: &SampleResult) -> Option<Figure> {
    let most = result.reasons.first()?;
    let rows = result.reasons.iter().map(|reason| Row {
        label: wording::capitalise(reason.kind),
        detail: String::new(),
        outcome: number::count(reason.count),
        outcome_detail: String::new(),
        role: Role::Negative,
    });
    let mut panel = Panel::new(Axis::new(Scale::Count).including(0.0), Axis::new(Scale::Rows(rows.collect())));
    let bar =
        |(row, count): (usize, usize)| Mark::Interval { y: row as f64, from: Some(0.0), to: Some(count as f64), role: Role::Negative };
    panel.marks = result.reasons.iter().map(|reason| reason.count).enumerate().map(bar).collect();
    let (excluded, listed) = (result.exclusions.len(), result.listed);
    let were = if excluded == 1 { "was" } else { "were" };
    let title = if result.reasons.len() == 1 {
        format!("{} of {} {were} left out: {}", number::count(excluded), events(listed), most.kind)
    } else {
        format!("{} of {} {were} left out, most of them for one reason: {}", number::count(excluded), events(listed), most.kind)
    };
    // "Most" is more than half.
    let title = if result.reasons.len() > 1 && most.count * 2 <= excluded {
        format!("{} of {} {were} left out", number::count(excluded), events(listed))
    } else {
        title
    };
    Some(Figure {
        name: "exclusions".to_owned(),
        subtitle: "Events left out, by reason".to_owned(),
        note: source(result),
        alt: format!("Bar chart of the reasons for which events were left out. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
