//! Figure `placebo`: the event's cumulative abnormal return among those of all other windows of its length.

use super::caption;
use super::figure::{Axis, Bin, Direction, Figure, Mark, Panel, Role, Scale};
use super::scale::nice_step;
use crate::report::number;
use crate::report::wording;
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
    let name = caption::name(&event.symbol);
    let days = placebo.window.days();
    let mut panel = Panel::new(
        Axis::new(Scale::Percent).titled("Cumulative abnormal return"),
        Axis::new(Scale::Count).titled("Number of windows").including(0.0),
    );
    let label = format!("{name} {}: {}", caption::when(placebo.window, event), number::percent_signed(placebo.actual, 1));
    panel.marks = vec![
        Mark::Histogram { bins, role: Role::Muted },
        Mark::Rule { along: Direction::X, at: placebo.actual, role: Role::Accent, label },
    ];
    let draws = placebo.values.len();
    let title = if placebo.hits == 0 {
        format!("In none of {} other windows did {name} depart as far from what was expected as after the news", number::count(draws))
    } else {
        format!(
            "In {} of {} other windows {name} departed at least as far from what was expected as after the news",
            number::count(placebo.hits),
            number::count(draws)
        )
    };
    let p_value = event.headline().and_then(|headline| headline.tests.iter().find(|test| test.name == "placebo")).and_then(|test| test.p_value());
    let p_value = p_value.map_or_else(String::new, |p| format!("; {}", number::p_value(p)));
    let span = placebo.span.map_or_else(String::new, |(first, last)| format!(", {} to {}", number::day(first), number::day(last)));
    Some(Figure {
        name: caption::figure_name("placebo", event, result),
        subtitle: format!("Abnormal returns cumulated over every other window of {}{span}{p_value}", number::plural(days, "session")),
        note: caption::sentences(&[
            format!(
                "The window of days {} slid over the whole history, without the windows that touch it; p = (hits + 1) / (draws + 1), two-sided, {} draws.",
                wording::window_words(placebo.window),
                number::count(draws)
            ),
            caption::source(result),
        ]),
        alt: format!("Histogram of {} placebo windows with the event’s value marked. {title}{p_value}.", number::count(draws)),
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
