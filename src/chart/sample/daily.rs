//! Figure `aar`: the average abnormal return of each day, with its 95 % interval.

use super::super::figure::{Axis, Bar, Figure, Mark, Panel, Role, Scale};
use super::{events, note};
use crate::report::number;
use crate::report::wording::{self, sample as words};
use crate::sample::SampleResult;
use crate::sample::result::DayResult;

/// The figure; None without a day.
pub(super) fn figure(result: &SampleResult) -> Option<Figure> {
    let all = words::all_events(result)?;
    let size = |day: &&DayResult| day.abnormal.mean.abs();
    let furthest = all.days.iter().max_by(|one, other| size(one).total_cmp(&size(other)).then(other.day.cmp(&one.day)))?;
    let bars = all.days.iter().map(|day| Bar {
        x: f64::from(day.day),
        y: day.abnormal.mean,
        role: if day.day == 0 { Role::Accent } else { Role::Muted },
    });
    let mut panel = Panel::new(
        Axis::new(Scale::Sessions { dates: Vec::new() }).titled("Sessions from the event"),
        Axis::new(Scale::Percent).with_baseline(0.0),
    );
    panel.marks.push(Mark::Bars { bars: bars.collect() });
    let whisker = |day: &DayResult| {
        let (low, high) = day.abnormal.interval?;
        let x = f64::from(day.day);
        Some(Mark::Line { points: vec![(x, low), (x, high)], role: Role::Benchmark, label: String::new() })
    };
    let whiskers: Vec<Mark> = all.days.iter().filter_map(whisker).collect();
    let drawn = !whiskers.is_empty();
    panel.marks.extend(whiskers);
    let value = number::percent_signed(furthest.abnormal.mean, 2);
    let day = wording::event_day_words(furthest.day);
    let title = match (all.days.len(), all.n) {
        (1, 1) => format!("The abnormal return of day {day} was {value}"),
        (1, _) => format!("The mean abnormal return of day {day} was {value}"),
        (days, n) => format!(
            "Of {} days, day {day} has the {}abnormal return furthest from zero: {value}",
            number::count(days),
            if n == 1 { "" } else { "mean " }
        ),
    };
    let interval = if drawn {
        "Lines: 95 % interval of the mean, events taken as independent; one day in twenty leaves zero outside by chance."
    } else {
        "One event has no interval."
    };
    Some(Figure {
        name: "aar".to_owned(),
        subtitle: format!("Average abnormal return of {}, by session from the event", events(all.n)),
        note: note(result, interval.to_owned()),
        alt: format!("Bar chart of the average abnormal return of each day of the event window. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
