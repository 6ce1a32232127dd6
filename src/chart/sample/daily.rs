//! Figure `aar`: the average abnormal return of each day, with its 95 % interval.

use super::super::figure::{Axis, Bar, Figure, Mark, Panel, Role, Scale};
use super::{events, note};
use crate::report::number;
use crate::report::wording::{self, sample as words};
use crate::sample::SampleResult;
use crate::sample::result::DayResult;

/// Most days whose intervals are lines of their own.
const MOST_WHISKERS: usize = 31;

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
    let bars = Mark::Bars { bars: bars.collect() };
    let whisker = |day: &DayResult| {
        let (low, high) = day.abnormal.interval?;
        let x = f64::from(day.day);
        Some(Mark::Line { points: vec![(x, low), (x, high)], role: Role::Benchmark, label: String::new() })
    };
    let limits = |day: &DayResult| day.abnormal.interval.map(|(low, high)| (f64::from(day.day), low, high));
    let shaded = all.days.len() > MOST_WHISKERS;
    if shaded {
        let points: Vec<(f64, f64, f64)> = all.days.iter().filter_map(limits).collect();
        panel.marks.extend((!points.is_empty()).then_some(Mark::Band { points, role: Role::Band, label: String::new() }));
    }
    panel.marks.push(bars);
    if !shaded {
        panel.marks.extend(all.days.iter().filter_map(whisker));
    }
    let drawn = all.days.iter().any(|day| day.abnormal.interval.is_some());
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
    let interval = match (drawn, shaded) {
        (false, _) => "One event has no interval.".to_owned(),
        (true, shaded) => format!(
            "{}: 95 % interval of the mean, events taken as independent; one day in twenty leaves zero outside by chance.",
            if shaded { "Shaded" } else { "Lines" }
        ),
    };
    Some(Figure {
        name: "aar".to_owned(),
        subtitle: format!("Average abnormal return of {}, by session from the event", events(all.n)),
        note: note(result, interval),
        alt: format!("Bar chart of the average abnormal return of each day of the event window. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
