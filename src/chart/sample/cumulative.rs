//! Figure `caar`: the cumulative average abnormal return from the first day on, of all events and by group, with its 95 % interval.

use super::super::caption;
use super::super::figure::{Axis, Direction, Figure, Mark, Panel, Role, Scale};
use super::{events, note, shorten};
use crate::report::number;
use crate::report::wording::{self, sample as words};
use crate::sample::SampleResult;
use crate::sample::result::{CumulativeDay, GroupResult};

/// Most groups whose lines are told apart beside that of all events.
const MOST_GROUPS: usize = 6;
/// Characters of a group's name beside its line.
const LONGEST_NAME: usize = 32;
/// Of more groups, how many are drawn: the largest.
const LARGEST: usize = 5;

/// The figure; None without a day on which every event so far has a return.
pub(super) fn figure(result: &SampleResult) -> Option<Figure> {
    let all = words::all_events(result)?;
    let (first, last) = (all.cumulative.first()?, all.cumulative.last()?);
    let named = words::named_groups(result);
    let shown = largest(&named);
    let lines = lines(all, &shown);
    let mut panel = Panel::new(
        Axis::new(Scale::Sessions { dates: Vec::new() }).titled("Sessions from the event"),
        Axis::new(Scale::Percent).with_baseline(0.0),
    );
    // Bands first, so that no band lies over another's line.
    panel.marks.extend(lines.iter().filter(|line| line.banded).filter_map(Line::band));
    panel.marks.push(Mark::Rule { along: Direction::X, at: 0.0, role: Role::Accent, label: String::new() });
    panel.marks.extend(lines.iter().map(Line::line));
    let banded: Vec<String> = lines.iter().filter(|line| line.banded && line.has_interval()).map(|line| line.name.clone()).collect();
    let bands = match banded.as_slice() {
        [] => "One event has no interval.".to_owned(),
        _ if lines.len() == 1 => "Shaded: 95 % interval of the mean, events taken as independent.".to_owned(),
        names => format!("Shaded: 95 % interval of the mean of {}, events taken as independent.", wording::join(names, "and")),
    };
    let left_out = if shown.len() < named.len() {
        format!("Of {} groups, the {} largest are drawn.", number::count(named.len()), wording::count_word(shown.len()))
    } else {
        String::new()
    };
    let value = number::percent_signed(last.value, 1);
    let (from, to) = (wording::event_day_words(first.day), wording::event_day_words(last.day));
    let title = match last.n {
        1 => format!("From day {from} to day {to}, the abnormal returns of one event add up to {value}"),
        n => format!("From day {from} to day {to}, the abnormal returns of {} add up to {value} on average", events(n)),
    };
    let names: Vec<String> = shown.iter().filter_map(|group| Some(ending(group.group.as_deref()?, &group.cumulative))).collect();
    let by_group = if names.is_empty() { String::new() } else { format!(" By group: {}.", wording::join(&names, "and")) };
    Some(Figure {
        name: "caar".to_owned(),
        subtitle: if all.n == 1 {
            "Abnormal return cumulated from the first day of the event window".to_owned()
        } else {
            format!(
                "Cumulative average abnormal return{}, by session from the event",
                if shown.is_empty() { "" } else { ", all events and by group" }
            )
        },
        note: note(result, caption::sentences(&[bands, left_out])),
        alt: format!("Line chart of the cumulative average abnormal return around the event. {title}.{by_group}"),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}

/// The groups that are drawn, in the order of the list.
fn largest<'a>(named: &[&'a GroupResult]) -> Vec<&'a GroupResult> {
    if named.len() <= MOST_GROUPS {
        return named.to_vec();
    }
    let mut order: Vec<usize> = (0..named.len()).collect();
    order.sort_by_key(|position| (std::cmp::Reverse(named.get(*position).map(|group| group.n)), *position));
    order.truncate(LARGEST);
    order.sort_unstable();
    order.into_iter().filter_map(|position| named.get(position).copied()).collect()
}

/// One set of events as it is drawn.
struct Line<'a> {
    name: String,
    days: &'a [CumulativeDay],
    role: Role,
    banded: bool,
}

/// All events with their band, and the groups; of two groups the bands are theirs, for one of all would lie over both.
fn lines<'a>(all: &'a GroupResult, groups: &[&'a GroupResult]) -> Vec<Line<'a>> {
    let two = groups.len() == 2;
    let whole = Line {
        name: match (all.n, groups.is_empty()) {
            (1, _) => "CAR".to_owned(),
            (_, true) => "CAAR".to_owned(),
            (_, false) => "all events".to_owned(),
        },
        days: &all.cumulative,
        role: if two { Role::Benchmark } else { Role::Security },
        banded: !two,
    };
    let role = |position: usize| match (two, position) {
        (true, 0) => Role::Security,
        (true, _) => Role::Peer(0),
        (false, position) => Role::Peer(u8::try_from(position).unwrap_or(u8::MAX)),
    };
    let of_group = |(position, group): (usize, &&'a GroupResult)| Line {
        name: shorten(words::group_label(group), LONGEST_NAME),
        days: &group.cumulative,
        role: role(position),
        banded: two,
    };
    std::iter::once(whole).chain(groups.iter().enumerate().map(of_group)).collect()
}

fn ending(name: &str, days: &[CumulativeDay]) -> String {
    days.last().map_or_else(|| name.to_owned(), |last| format!("{name} {}", number::percent_signed(last.value, 1)))
}

impl Line<'_> {
    fn has_interval(&self) -> bool {
        self.days.iter().any(|day| day.interval.is_some())
    }

    fn band(&self) -> Option<Mark> {
        let points: Vec<(f64, f64, f64)> =
            self.days.iter().filter_map(|day| day.interval.map(|(low, high)| (f64::from(day.day), low, high))).collect();
        let role = if self.role == Role::Security { Role::Band } else { self.role };
        (!points.is_empty()).then_some(Mark::Band { points, role, label: String::new() })
    }

    fn line(&self) -> Mark {
        Mark::Line {
            points: self.days.iter().map(|day| (f64::from(day.day), day.value)).collect(),
            role: self.role,
            label: ending(&self.name, self.days),
        }
    }
}
