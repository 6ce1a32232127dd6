//! Figure `rolling-beta`: the security's beta over a window that moves on session by session, with its 95 % band.

use super::caption;
use super::figure::{Axis, Direction, Figure, Mark, Panel, Role, Scale, day_number};
use super::rebased_performance::event_rule;
use crate::report::name;
use crate::report::number;
use crate::study::StudyResult;
use crate::study::result::{EventResult, RollingPath};

/// The figure; None unless a rolling beta was asked for and there is one on two sessions or more.
pub(super) fn figure(result: &StudyResult, event: &EventResult) -> Option<Figure> {
    let path = event.rolling_beta.as_ref()?;
    let (first, last) = (path.points.first()?, path.points.last()?);
    if path.points.len() < 2 || event.symbol == result.study.benchmark {
        return None;
    }
    let (name, benchmark) = (caption::name(&event.symbol), caption::name_in_sentence(&result.study.benchmark));
    let mut panel = Panel::new(Axis::new(Scale::Dates), Axis::new(Scale::Level));
    for run in runs(path) {
        let points = run.iter().map(|point| (day_number(point.session), point.low, point.high)).collect();
        panel.marks.push(Mark::Band { points, role: Role::Band, label: String::new() });
    }
    panel.marks.extend(event.session.map(event_rule));
    if let Some(model) = event.model.as_ref().filter(|model| model.name == crate::model::ExpectedReturnModel::Market) {
        panel.marks.push(Mark::Rule {
            along: Direction::Y,
            at: model.beta,
            role: Role::Benchmark,
            label: format!("Estimation window: β = {}", number::fixed(model.beta, 2)),
        });
    }
    let lines = runs(path);
    let count = lines.len();
    for (place, run) in lines.into_iter().enumerate() {
        let label = if place + 1 == count { format!("β {}", number::fixed(last.beta, 2)) } else { String::new() };
        let points = run.iter().map(|point| (day_number(point.session), point.beta)).collect();
        panel.marks.push(Mark::Line { points, role: Role::Security, label });
    }
    let lowest = path.points.iter().min_by(|one, other| one.beta.total_cmp(&other.beta)).unwrap_or(first);
    let highest = path.points.iter().max_by(|one, other| one.beta.total_cmp(&other.beta)).unwrap_or(last);
    let title = format!(
        "The beta of {} over {} sessions lay between {} and {}",
        name::in_sentence(&event.symbol),
        number::count(path.window),
        number::fixed(lowest.beta, 2),
        number::fixed(highest.beta, 2)
    );
    Some(Figure {
        name: name::figure("rolling-beta", event, result),
        subtitle: format!(
            "Least-squares beta of {name} on {benchmark} over the {} sessions that end with the day; shaded: 95 % interval",
            number::count(path.window)
        ),
        note: caption::sentences(&[
            "Neighbouring windows share all sessions but one; the band is of each beta by itself, not of the whole path.".to_owned(),
            caption::source(result),
        ]),
        alt: format!("Line chart of the rolling beta of {name} on {benchmark}. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}

/// Runs of points on consecutive sessions of the data, so that no line crosses a gap.
fn runs(path: &RollingPath) -> Vec<&[crate::study::result::RollingPoint]> {
    path.points.chunk_by(|before, after| after.place == before.place + 1).collect()
}
