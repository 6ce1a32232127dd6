//! Figure `relative-strength`: the security's price over the benchmark's, 100 at the last close before the news could be priced.

use super::caption;
use super::figure::{Axis, Figure, Panel, Role, Scale};
use super::rebased_performance::{event_rule, lines_of, period_after, period_words};
use crate::performance;
use crate::report::name;
use crate::report::number;
use crate::study::StudyResult;
use crate::study::result::EventResult;

/// The figure; None without performance or day 0, or for the benchmark itself.
pub(super) fn figure(result: &StudyResult, event: &EventResult) -> Option<Figure> {
    let performance = event.performance.as_ref()?;
    let session = event.session?;
    let security = performance.securities.iter().find(|security| security.role == performance::Role::Security)?;
    if security.symbol == result.study.benchmark {
        return None;
    }
    let (name, benchmark) = (caption::name(&security.symbol), caption::name_in_sentence(&result.study.benchmark));
    let mut panel = Panel::new(Axis::new(Scale::Dates), Axis::new(Scale::Level).with_baseline(100.0));
    panel.marks.push(event_rule(session));
    panel.marks.extend(lines_of(&name, &performance.sessions, &security.relative_strength, Role::Security));
    let title = period_after(security)
        .and_then(|period| {
            let relative = period.relative?;
            let better = if relative < 0.0 { "worse" } else { "better" };
            Some(format!(
                "{} did {} {better} than {benchmark} {}",
                caption::name_at_start(&security.symbol),
                number::percent(relative.abs(), 1),
                period_words(period.period)
            ))
        })
        .unwrap_or_else(|| format!("{name} against {benchmark}"));
    let base = number::day(performance.base);
    Some(Figure {
        name: name::figure("relative-strength", event, result),
        subtitle: format!(
            "{name} divided by {benchmark}, rebased to 100 on {base}: the line rises where {name} does better than {benchmark}"
        ),
        alt: format!("Line chart of the price of {name} relative to {benchmark}, 100 on {base}. {title}."),
        title,
        note: caption::sentences(&[caption::source(result)]),
        panels: vec![panel],
        shared_x: false,
    })
}
