//! Sentences about abnormal volume and abnormal volatility.

use super::event_day_words;
use crate::inference::TestOutcome;
use crate::report::number;
use crate::sample::activity::{ActivityKind, ActivityResult, ActivitySpan};

/// What it is, inside a sentence.
pub fn noun(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Volume => "trading volume",
        ActivityKind::Volatility => "the variance of abnormal returns",
    }
}

/// What is drawn.
pub fn subtitle(activity: &ActivityResult) -> String {
    let events = if activity.n == 1 { "one event".to_owned() } else { number::plural(activity.n, "event") };
    match activity.kind {
        ActivityKind::Volume => format!("Shares traded as a multiple of the usual, geometric mean of {events}"),
        ActivityKind::Volatility => format!("Squared abnormal return as a multiple of its usual variance, mean of {events}"),
    }
}

/// What is usual.
pub fn usual(kind: ActivityKind) -> &'static str {
    match kind {
        ActivityKind::Volume => "Usual: the mean of log volume over each event’s estimation window.",
        ActivityKind::Volatility => "Usual: the residual variance of each event’s model, forecast error included.",
    }
}

/// Day 0, or the first window, against the usual, without a full stop. None without either.
pub fn headline(activity: &ActivityResult) -> Option<String> {
    let span = activity.days.iter().find(|span| span.window.contains(0)).or(activity.days.first())?;
    let day = event_day_words(span.window.first());
    let times = number::fixed(span.ratio, 1);
    Some(match activity.kind {
        ActivityKind::Volume => format!("On day {day} trading was {times} times the usual volume ({})", verdict(span)),
        ActivityKind::Volatility => format!("On day {day} abnormal returns had {times} times their usual variance ({})", verdict(span)),
    })
}

/// The rank test's p-value, which suits both kinds.
pub fn verdict(span: &ActivitySpan) -> String {
    let p_value = span.tests.iter().find(|test| test.name == "corrado-rank").and_then(TestOutcome::p_value);
    p_value.map_or_else(|| "the rank test doesn’t apply".to_owned(), |p_value| format!("rank test: {}", number::p_value(p_value)))
}

/// Which events have none; None when all have.
pub fn without(activity: &ActivityResult) -> Option<String> {
    let reasons: Vec<String> = activity
        .without
        .iter()
        .map(|count| format!("{} ({}, first {})", number::plural(count.count, "event"), count.kind, count.example))
        .collect();
    (!reasons.is_empty()).then(|| format!("Without it: {}.", reasons.join("; ")))
}
