//! Figure `car-distribution`: how the events' abnormal returns over the headline window spread.

use super::super::caption;
use super::super::figure::{Axis, Bin, Direction, Figure, KeyEntry, Mark, Panel, Role, Scale, Symbol};
use super::super::scale::nice_step;
use super::note;
use crate::report::number;
use crate::report::wording::sample as words;
use crate::sample::SampleResult;

/// Bins that a histogram has at most.
const MOST_BINS: f64 = 40.0;
/// Events from which on the outermost ones may stand outside the axis.
const MANY: usize = 200;
/// Share of the events on each side that may.
const OUTSIDE: f64 = 0.005;

/// The figure; None for fewer than two events.
pub(super) fn figure(result: &SampleResult) -> Option<Figure> {
    let window = words::headline(result)?;
    let cars = &result.events.windows.first()?.car;
    let mean = &window.cumulative;
    if cars.len() < 2 {
        return None;
    }
    let (bins, outside) = bin(cars);
    if bins.is_empty() {
        return None;
    }
    let mut panel = Panel::new(
        Axis::new(Scale::Percent).titled("Abnormal return").with_baseline(0.0),
        Axis::new(Scale::Count).titled("Number of events").including(0.0),
    );
    // Mean and median are often near each other: a key says which is which without a collision.
    let rules = [(mean.mean, Role::Accent, "mean"), (mean.median, Role::Stated, "median")];
    panel.key = rules
        .iter()
        .map(|(at, role, name)| KeyEntry { symbol: Symbol::Line, role: *role, text: format!("{name} {}", number::percent_signed(*at, 1)) })
        .collect();
    panel.marks = vec![Mark::Histogram { bins, role: Role::Muted }];
    panel.marks.extend(rules.map(|(at, role, _)| Mark::Rule { along: Direction::X, at, role, label: String::new() }));
    let when = words::when(window.window);
    let (median, n) = (number::percent_signed(mean.median, 1), number::count(mean.n));
    let title = match mean.positive {
        0 => format!("None of {n} abnormal returns {when} is above zero; their median is {median}"),
        1 => format!("One of {n} abnormal returns {when} is above zero; their median is {median}"),
        all if all == mean.n => format!("All {n} abnormal returns {when} are above zero; their median is {median}"),
        some => format!("{} of {n} abnormal returns {when} are above zero; their median is {median}", number::count(some)),
    };
    let left_out = match outside {
        [0, 0] => String::new(),
        [below, above] => format!(
            "Outside the axis: {} below and {} above; the mean and the median are of all.",
            number::count(below),
            number::count(above)
        ),
    };
    let spread = mean
        .standard_deviation
        .map_or_else(String::new, |spread| format!("Standard deviation over events: {}.", number::percent(spread, 1)));
    Some(Figure {
        name: "car-distribution".to_owned(),
        subtitle: format!("Events by their cumulative abnormal return {when}"),
        note: note(result, caption::sentences(&[left_out, spread])),
        alt: format!("Histogram of the abnormal returns of {} events with mean and median marked. {title}.", number::count(mean.n)),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}

/// Counts values in bins of a round width, zero being an edge; of many, the outermost are counted below and above instead.
fn bin(values: &[f64]) -> (Vec<Bin>, [usize; 2]) {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let trimmed = if sorted.len() >= MANY { (sorted.len() as f64 * OUTSIDE) as usize } else { 0 };
    let inside = sorted.get(trimmed..sorted.len() - trimmed).unwrap_or_default();
    let (Some(least), Some(greatest)) = (inside.first(), inside.last()) else { return (Vec::new(), [0, 0]) };
    if !(least.is_finite() && greatest.is_finite()) {
        return (Vec::new(), [0, 0]);
    }
    // As many bins as the root of the number of events, within reason.
    let most = (2.0 * (values.len() as f64).sqrt()).clamp(8.0, MOST_BINS);
    let width = nice_step(greatest - least, most);
    let number = |value: f64| (value / width).floor();
    let (first, last) = (number(*least), number(*greatest));
    let mut bins: Vec<Bin> = Vec::new();
    let mut rest = sorted.iter().skip_while(|value| number(**value) < first).peekable();
    let below = sorted.iter().take_while(|value| number(**value) < first).count();
    let mut next = first;
    while next <= last {
        let mut count = 0usize;
        while rest.next_if(|value| number(**value) <= next).is_some() {
            count += 1;
        }
        bins.push(Bin { from: next * width, to: (next + 1.0) * width, count: count as f64 });
        next += 1.0;
    }
    (bins, [below, rest.count()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_in_one_bin_or_outside() {
        let few: Vec<f64> = (0..50).map(|position| f64::from(position % 17) * 0.007 - 0.05).collect();
        let (bins, outside) = bin(&few);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<f64>(), 50.0);
        assert!(outside == [0, 0] && bins.iter().any(|bin| bin.from == 0.0));
        let mut many: Vec<f64> = (0..1000).map(|position| f64::from(position % 97) * 0.001 - 0.05).collect();
        many.extend([-0.9, 3.0]);
        let (bins, outside) = bin(&many);
        assert_eq!(bins.iter().map(|bin| bin.count).sum::<f64>() + (outside[0] + outside[1]) as f64, 1002.0);
        assert!(outside[0] >= 1 && outside[1] >= 1 && bins.len() <= 41, "{outside:?}, {} bins", bins.len());
        assert_eq!(bin(&[0.1, 0.1]).0.len(), 1);
    }
}
