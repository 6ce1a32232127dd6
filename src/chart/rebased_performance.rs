//! Figure `rebased-performance`: securities and benchmark, 100 at the last close before the news could be priced.

use chrono::NaiveDate;

use super::caption;
use super::figure::{Axis, Direction, Figure, Mark, Panel, Role, Scale, day_number};
use crate::performance::{self, Performance, Period, PeriodPerformance, SecurityPerformance};
use crate::report::name;
use crate::report::number;
use crate::study::StudyResult;
use crate::study::result::EventResult;

/// The figure; None without performance or day 0.
pub(super) fn figure(result: &StudyResult, event: &EventResult) -> Option<Figure> {
    let performance = event.performance.as_ref()?;
    let session = event.session?;
    let mut panel = Panel::new(Axis::new(Scale::Dates), Axis::new(Scale::Level).with_baseline(100.0));
    panel.marks.push(event_rule(session));
    let mut peers = 0u8;
    let mut lines = Vec::new();
    for security in &performance.securities {
        let role = match security.role {
            performance::Role::Security => Role::Security,
            performance::Role::Benchmark => Role::Benchmark,
            performance::Role::Peer => {
                peers = peers.saturating_add(1);
                Role::Peer(peers - 1)
            }
        };
        lines.push((role, lines_of(&caption::name(&security.symbol), &performance.sessions, &security.rebased, role)));
    }
    // The security is drawn last, so that it lies on top.
    lines.sort_by_key(|(role, _)| *role == Role::Security);
    panel.marks.extend(lines.into_iter().flat_map(|(_, marks)| marks));
    let title = title(performance);
    let subtitle = format!(
        "{} rebased to 100 on {}, the last close before the news could be priced",
        caption::levels(result),
        number::day(performance.base)
    );
    let dates = performance.sessions.first().zip(performance.sessions.last());
    let period = dates.map_or_else(String::new, |(first, last)| format!(" from {} to {}", number::day(*first), number::day(*last)));
    let names: Vec<String> = performance.securities.iter().map(|security| caption::name_in_sentence(&security.symbol)).collect();
    Some(Figure {
        name: name::figure("rebased-performance", event, result),
        alt: format!(
            "Line chart of {}{period}, each at 100 on {}. {title}.",
            crate::report::wording::join(&names, "and"),
            number::day(performance.base)
        ),
        title,
        subtitle,
        note: caption::sentences(&[caption::source(result)]),
        panels: vec![panel],
        shared_x: false,
    })
}

/// The vertical rule at day 0.
pub(super) fn event_rule(session: NaiveDate) -> Mark {
    Mark::Rule {
        along: Direction::X,
        at: day_number(session),
        role: Role::Accent,
        label: format!("First session that could react: {}", number::day(session)),
    }
}

/// A series by session as lines, broken where it has no value; the last one carries the name with its last level.
pub(super) fn lines_of(name: &str, sessions: &[NaiveDate], levels: &[Option<f64>], role: Role) -> Vec<Mark> {
    let points: Vec<Option<(f64, f64)>> =
        sessions.iter().zip(levels).map(|(session, level)| Some((day_number(*session), (*level)?))).collect();
    let runs: Vec<Vec<(f64, f64)>> =
        points.split(Option::is_none).filter(|run| !run.is_empty()).map(|run| run.iter().copied().flatten().collect()).collect();
    let last = runs.len().saturating_sub(1);
    let label = |points: &[(f64, f64)]| points.last().map_or_else(String::new, |(_, level)| format!("{name} {}", number::fixed(*level, 0)));
    runs.into_iter()
        .enumerate()
        .map(|(position, points)| Mark::Line { label: if position == last { label(&points) } else { String::new() }, points, role })
        .collect()
}

/// About a month after the news if the data reaches, else the longest period after it that there is.
pub(super) fn period_after(security: &SecurityPerformance) -> Option<&PeriodPerformance> {
    let after = |wanted: fn(u32) -> bool| {
        security
            .periods
            .iter()
            .filter(move |entry| {
                matches!(entry.period, Period::SessionsAfter(count) if wanted(count))
                    && entry.security.is_some()
                    && entry.benchmark.is_some()
            })
            .max_by_key(|entry| entry.to)
    };
    after(|count| count <= 21).or_else(|| after(|_| true))
}

/// "over the first 21 sessions after the news".
pub(super) fn period_words(period: Period) -> String {
    match period {
        Period::SessionsAfter(1) => "in the first session after the news".to_owned(),
        Period::SessionsAfter(count) => format!("over the first {count} sessions after the news"),
        other => format!("over {}", other.words()),
    }
}

fn title(performance: &Performance) -> String {
    let security = performance.securities.iter().find(|security| security.role == performance::Role::Security);
    let benchmark = performance.securities.iter().find(|security| security.role == performance::Role::Benchmark);
    let measured = security.and_then(|security| Some((security, period_after(security)?)));
    let Some((security, period)) = measured else { return "Performance around the news".to_owned() };
    let moved = |value: f64| {
        let size = number::percent(value.abs(), 1);
        if value < 0.0 { format!("fell {size}") } else { format!("rose {size}") }
    };
    let name = caption::name_at_start(&security.symbol);
    let own = period.security.map(moved).unwrap_or_default();
    let words = period_words(period.period);
    match (benchmark, period.benchmark) {
        (Some(benchmark), Some(value)) => {
            format!("{name} {own} {words}, {} {}", caption::name_in_sentence(&benchmark.symbol), moved(value))
        }
        _ => format!("{name} {own} {words}"),
    }
}
