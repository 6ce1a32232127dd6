//! Figure `time-of-day`: how large abnormal returns are at each time of day, in the estimation sessions and in those of the events.

use super::super::figure::{Axis, Direction, Figure, Mark, Panel, Role, Scale};
use super::note;
use crate::intraday::fit::Volatility;
use crate::intraday::result::{IntradayResult, SlotVolatility};
use crate::report::number;
use crate::report::wording::intraday as words;

/// Most events whose bars 0 are marked.
const MOST_MARKED: usize = 12;

/// The figure; None without two times of day.
pub(super) fn figure(result: &IntradayResult) -> Option<Figure> {
    let slots: Vec<&SlotVolatility> = result.volatility.iter().filter(|slot| !slot.overnight).collect();
    if slots.len() < 2 {
        return None;
    }
    let at = |slot: &SlotVolatility| f64::from(slot.minute) + f64::from(result.grid.bar.minutes()) / 2.0;
    let one = result.events.len() == 1;
    let mut panel = Panel::new(
        Axis::new(Scale::Clock).titled(format!("Time of day, {}", result.grid.hours.zone())),
        Axis::new(Scale::Percent).with_baseline(0.0),
    );
    let events: Vec<(f64, f64)> = slots.iter().filter_map(|slot| Some((at(slot), slot.event_session?))).collect();
    panel.marks.push(Mark::Line {
        points: events,
        role: Role::Accent,
        label: if one { "session of the news" } else { "sessions of the news" }.to_owned(),
    });
    let usual: Vec<(f64, f64)> = slots.iter().map(|slot| (at(slot), slot.estimation)).collect();
    panel.marks.push(Mark::Line { points: usual, role: Role::Security, label: "estimation sessions".to_owned() });
    if result.events.len() <= MOST_MARKED {
        let mut minutes: Vec<u32> = result.events.iter().filter_map(words::minute_of_bar).collect();
        minutes.sort_unstable();
        minutes.dedup();
        panel.marks.extend(minutes.into_iter().map(|minute| Mark::Rule {
            along: Direction::X,
            at: f64::from(minute),
            role: Role::Muted,
            label: String::new(),
        }));
    }
    let largest = slots.iter().max_by(|one, other| one.estimation.total_cmp(&other.estimation))?;
    let least = slots.iter().min_by(|one, other| one.estimation.total_cmp(&other.estimation))?;
    let title = format!(
        "A usual abnormal return is {} at {} and {} at {}",
        number::percent(largest.estimation, 3),
        words::clock(largest.minute),
        number::percent(least.estimation, 3),
        words::clock(least.minute)
    );
    let marked = if result.events.len() <= MOST_MARKED { " Vertical lines: the events’ bars 0." } else { "" };
    let whose = match result.study.volatility {
        Volatility::TimeOfDay => "The standard error of a bar is that of its time of day in the estimation sessions.",
        Volatility::Constant => "The standard error of every bar is by one variance for all bars of the estimation sessions.",
    };
    Some(Figure {
        name: "time-of-day".to_owned(),
        subtitle: format!("Root mean square of the abnormal returns of bars of {} min, by time of day", result.grid.bar.minutes()),
        note: note(result, format!("{whose}{marked}")),
        alt: format!(
            "Line chart of the size of abnormal returns by time of day, in the estimation sessions and in those of the news. {title}."
        ),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
