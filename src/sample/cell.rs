//! The events of a set over one day or window, in the columns that tests read.

use std::borrow::Cow;

use super::estimate::Estimates;
use crate::event::list::EventList;
use crate::window::Window;

/// The sets of events that are tested: all of them, and the groups that have any.
pub(super) struct Sets {
    /// Name and events (positions in the estimates) of each; all events first.
    pub sets: Vec<(Option<String>, Vec<usize>)>,
    /// Set of each event's group.
    pub group_of: Vec<Option<usize>>,
}

impl Sets {
    pub fn of(list: &EventList, estimates: &Estimates) -> Self {
        let number = |position: usize| {
            let placed = estimates.placed.get(position)?;
            list.events.get(placed.event)?.group
        };
        let mut sets = vec![(None, (0..estimates.len()).collect())];
        let mut set_of = vec![None; list.groups.len()];
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); list.groups.len()];
        for position in 0..estimates.len() {
            if let Some(held) = number(position).and_then(|group| members.get_mut(group as usize)) {
                held.push(position);
            }
        }
        for ((name, members), slot) in list.groups.iter().zip(members).zip(&mut set_of) {
            if !members.is_empty() {
                *slot = Some(sets.len());
                sets.push((Some(name.clone()), members));
            }
        }
        let group_of = (0..estimates.len()).map(|position| set_of.get(number(position)? as usize).copied().flatten()).collect();
        Self { sets, group_of }
    }
}

/// The events of a set over one day or window.
pub(super) struct Cell<'a> {
    pub window: Window,
    pub cars: Cow<'a, [f64]>,
    pub scars: Vec<f64>,
    /// Positions of its events among the estimates.
    pub members: Cow<'a, [usize]>,
}

/// The events of a set that have the day; None when none has it, so that no test counts a day without events.
pub(super) fn day_cell<'a>(estimates: &'a Estimates, day: usize, members: &'a [usize], room: Vec<f64>) -> Option<Cell<'a>> {
    let column = estimates.abnormal.get(day)?;
    let has_it = |member: &usize| column.present.get(*member) == Some(&true);
    let there = match members.iter().all(has_it) {
        true => Cow::Borrowed(members),
        false => Cow::Owned(members.iter().copied().filter(has_it).collect()),
    };
    gather(Window::new(column.day, column.day).ok()?, &column.value, &column.standard_error, there, room)
}

/// The events of a set over a window.
pub(super) fn window_cell<'a>(estimates: &'a Estimates, window: usize, members: &'a [usize], room: Vec<f64>) -> Option<Cell<'a>> {
    let column = estimates.cars.get(window)?;
    gather(column.window, &column.value, &column.standard_error, Cow::Borrowed(members), room)
}

/// The values of these events; all of them are taken as they lie. `room` is memory for the SCARs.
fn gather<'a>(
    window: Window,
    values: &'a [f64],
    standard_errors: &[f64],
    members: Cow<'a, [usize]>,
    mut room: Vec<f64>,
) -> Option<Cell<'a>> {
    room.clear();
    if members.is_empty() {
        return None;
    }
    // Members are distinct: as many as there are events are all.
    if members.len() == values.len() {
        room.extend(values.iter().zip(standard_errors).map(|(value, standard_error)| value / standard_error));
        return Some(Cell { window, cars: Cow::Borrowed(values), scars: room, members });
    }
    let pairs = || members.iter().filter_map(|member| values.get(*member).copied().zip(standard_errors.get(*member)));
    room.extend(pairs().map(|(value, standard_error)| value / standard_error));
    Some(Cell { window, cars: pairs().map(|(value, _)| value).collect(), scars: room, members })
}
