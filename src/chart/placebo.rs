//! Figure `placebo`: the event's cumulative abnormal return among those of all other windows of its length.

use super::caption;
use super::figure::{Axis, Bin, Direction, Figure, Mark, Panel, Role, Scale};
use super::scale::nice_step;
use crate::report::name;
use crate::report::number;
use crate::study::StudyResult;
use crate::study::result::EventResult;

/// Bins that a histogram has at most.
const MOST_BINS: f64 = 32.0;

/// The figure; None without a placebo distribution.
pub(super) fn figure(result: &StudyResult, event: &EventResult) -> Option<Figure> {
    let placebo = event.placebo.as_ref()?;
    let bins = bin(&placebo.values);
    if bins.is_empty() {
        return None;
    }
    let name = caption::name_in_sentence(&event.symbol);
    let days = placebo.window.days();
    let mut panel = Panel::new(
        Axis::new(Scale::Percent).titled(if days == 1 { "Abnormal return" } else { "Cumulative abnormal return" }),
        Axis::new(Scale::Count).titled(if days == 1 { "Number of days" } else { "Number of windows" }).including(0.0),
    );
    let label =
        format!("{} {}: {}", caption::name(&event.symbol), caption::when(placebo.window, event), number::percent_signed(placebo.actual, 1));
    panel.marks = vec![
        Mark::Histogram { bins, role: Role::Muted },
        Mark::Rule { along: Direction::X, at: placebo.actual, role: Role::Accent, label },
    ];
    let draws = placebo.values.len();
    let others = if days == 1 { "other days".to_owned() } else { format!("other windows of {days} sessions") };
    let preposition = if days == 1 { "On" } else { "In" };
    let (hits, draws_in_words, when) = (number::count(placebo.hits), number::count(draws), caption::when(placebo.window, event));
    let title = match placebo.hits {
        0 => format!("{preposition} none of {draws_in_words} {others} was {name} as far from its expected return as {when}"),
        _ => format!("{preposition} {hits} of {draws_in_words} {others} {name} was at least as far from its expected return as {when}"),
    };
    let p_value =
        event.headline().and_then(|headline| headline.tests.iter().find(|test| test.name == "placebo")).and_then(|test| test.p_value());
    let p_value = p_value.map_or_else(String::new, |p| format!("; {}", number::p_value(p)));
    let span = placebo.span.map_or_else(String::new, |(first, last)| format!(", {} to {}", number::day(first), number::day(last)));
    Some(Figure {
        name: name::figure("placebo", event, result),
        subtitle: if days == 1 {
            format!("Abnormal returns of all other sessions{span}{p_value}")
        } else {
            format!("Abnormal returns cumulated over all other windows of {days} sessions{span}{p_value}")
        },
        note: caption::sentences(&[
            format!(
                "Placebo test: the event’s window slid over the rest of the history; p = ({hits} + 1) / ({draws_in_words} + 1), two-sided."
            ),
            caption::source(result),
        ]),
        alt: format!("Histogram of {draws_in_words} placebo windows with the event’s value marked. {title}{p_value}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}

/// Counts values in bins of a round width, zero being an edge.
fn bin(values: &[f64]) -> Vec<Bin> {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    if !(least.is_finite() && greatest.is_finite()) {
        return Vec::new();
    }
    let width = nice_step(greatest - least, MOST_BINS);
    let number = |value: f64| (value / width).floor();
    let first = number(least);
    let mut bins: Vec<Bin> = Vec::new();
    let mut next = first;
    while next <= number(greatest) {
        let count = values.iter().filter(|value| number(**value) == next).count();
        bins.push(Bin { from: next * width, to: (next + 1.0) * width, count: count as f64 });
        next += 1.0;
    }
    bins
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_exactly_one_bin_and_zero_is_an_edge() {
        let values: Vec<f64> = (0..300).map(|position| f64::from(position % 37) * 0.007 - 0.11).collect();
        let bins = bin(&values);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<f64>(), 300.0);
        assert!(bins.len() <= 33 && bins.iter().any(|bin| bin.from == 0.0));
        assert!(bin(&[]).is_empty());
        assert_eq!(bin(&[0.1]).len(), 1);
    }
}
