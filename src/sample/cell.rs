//! The events of a set over one day or window, in the columns that tests read.

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
pub(super) struct Cell {
    pub window: Window,
    pub cars: Vec<f64>,
    pub scars: Vec<f64>,
    pub degrees: Vec<f64>,
    pub dates: Vec<u32>,
    pub firms: Vec<u32>,
}

impl Cell {
    fn with_capacity(window: Window, count: usize) -> Self {
        let numbers = || Vec::with_capacity(count);
        Self {
            window,
            cars: numbers(),
            scars: numbers(),
            degrees: numbers(),
            dates: Vec::with_capacity(count),
            firms: Vec::with_capacity(count),
        }
    }

    fn push(&mut self, estimates: &Estimates, position: usize, car: f64, standard_error: f64) {
        let Some((placed, fit)) = estimates.placed.get(position).zip(estimates.fits.get(position)) else { return };
        self.cars.push(car);
        self.scars.push(car / standard_error);
        self.degrees.push(fit.degrees as f64);
        self.dates.push(placed.calendar);
        self.firms.push(placed.symbol);
    }
}

/// The events of a set that have the day; None when none has it, so that no test counts a day without events.
pub(super) fn day_cell(estimates: &Estimates, day: usize, members: &[usize]) -> Option<Cell> {
    let column = estimates.abnormal.get(day)?;
    let mut cell = Cell::with_capacity(Window::new(column.day, column.day).ok()?, members.len());
    for position in members {
        if column.present.get(*position) == Some(&true) {
            cell.push(estimates, *position, *column.value.get(*position)?, *column.standard_error.get(*position)?);
        }
    }
    (!cell.cars.is_empty()).then_some(cell)
}

/// The events of a set over a window.
pub(super) fn window_cell(estimates: &Estimates, window: usize, members: &[usize]) -> Option<Cell> {
    let column = estimates.cars.get(window)?;
    let mut cell = Cell::with_capacity(column.window, members.len());
    for position in members {
        cell.push(estimates, *position, *column.value.get(*position)?, *column.standard_error.get(*position)?);
    }
    (!cell.cars.is_empty()).then_some(cell)
}
