//! Figure `volatility`: how long the variance before the events remembers, over the events whose conditional variance was fitted.

use super::super::caption;
use super::super::figure::{Axis, Bin, Direction, Figure, KeyEntry, Mark, Panel, Role, Scale, Symbol};
use super::note;
use crate::model::ExpectedReturnModel;
use crate::report::number;
use crate::report::wording;
use crate::sample::SampleResult;

/// Width of a bin.
const BINS: u32 = 20;

/// The figure; None for a study under another model, or fewer than two fitted events.
pub(super) fn figure(result: &SampleResult) -> Option<Figure> {
    let ExpectedReturnModel::ConditionalVariance { process, .. } = result.study.model else { return None };
    let summary = result.volatility.as_ref()?;
    let median = summary.median_persistence?;
    if summary.fitted < 2 {
        return None;
    }
    let values: Vec<f64> = result.events.volatility.iter().flatten().map(|event| event.persistence).collect();
    let mut panel = Panel::new(
        Axis::new(Scale::Percent).titled("Share of a deviation of the variance that is left a session later").including(0.0).including(1.0),
        Axis::new(Scale::Count).titled("Number of events").including(0.0),
    );
    panel.key = vec![KeyEntry { symbol: Symbol::Line, role: Role::Accent, text: format!("median {}", number::percent(median, 0)) }];
    panel.marks = vec![
        Mark::Histogram { bins: bin(&values), role: Role::Muted },
        Mark::Rule { along: Direction::X, at: median, role: Role::Accent, label: String::new() },
    ];
    let title = match summary.median_half_life {
        Some(sessions) => format!(
            "Half of a deviation of the variance is gone after {} sessions in the median",
            number::fixed(sessions, if sessions < 10.0 { 1 } else { 0 })
        ),
        None => "No event has a variance that remembers and returns".to_owned(),
    };
    let fallback = match summary.fallback {
        0 => String::new(),
        1 => "Without one event that the market model stands in for.".to_owned(),
        some => format!("Without {} events that the market model stands in for.", number::count(some)),
    };
    Some(Figure {
        name: "volatility".to_owned(),
        subtitle: format!("Events by the persistence of their {} variance before the event", wording::sample::variance_name(process)),
        note: note(result, caption::sentences(&[fallback])),
        alt: format!("Histogram of the persistence of {} fitted variances with the median marked. {title}.", number::count(summary.fitted)),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}

/// Counts values from 0 to 1; those outside are counted at the end they are beyond.
fn bin(values: &[f64]) -> Vec<Bin> {
    let width = 1.0 / f64::from(BINS);
    (0..BINS)
        .map(|place| {
            let (first, last) = (place == 0, place + 1 == BINS);
            let (from, to) = (f64::from(place) * width, f64::from(place + 1) * width);
            let count = values.iter().filter(|value| (first || **value >= from) && (last || **value < to)).count();
            Bin { from, to, count: count as f64 }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::bin;

    #[test]
    fn every_persistence_is_in_one_bin() {
        let bins = bin(&[-0.01, 0.0, 0.049, 0.05, 0.5, 0.97, 0.999, 1.0]);
        let counts: Vec<f64> = bins.iter().map(|bin| bin.count).filter(|count| *count > 0.0).collect();
        assert_eq!(counts, [3.0, 1.0, 1.0, 3.0]);
    }
}
