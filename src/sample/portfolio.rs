//! The calendar-time portfolio: mean abnormal return of the events open on each calendar day.

use rayon::prelude::*;

use super::estimate::{DayColumn, Estimates};
use super::market::Markets;
use super::place::moved;
use crate::window::{EventDay, Window};

/// Sums of a set's abnormal returns by event day and calendar day: those of a window's days together are its portfolio.
pub(super) struct CalendarSums {
    /// Sum and number of events on each calendar day.
    days: Vec<(EventDay, Vec<(f64, u32)>)>,
}

impl CalendarSums {
    pub fn of(markets: &Markets, estimates: &Estimates, members: &[usize]) -> Self {
        let sum = |column: &DayColumn| {
            let mut sums = vec![(0.0, 0_u32); markets.calendar.len()];
            for member in members {
                let (Some(placed), Some(true), Some(value)) =
                    (estimates.placed.get(*member), column.present.get(*member), column.value.get(*member))
                else {
                    continue;
                };
                let place = markets.at(placed.market).and_then(|(_, grid)| grid.calendar.get(moved(placed.zero, column.day)));
                if let Some((sum, count)) = place.and_then(|place| sums.get_mut(*place as usize)) {
                    *sum += value;
                    *count += 1;
                }
            }
            (column.day, sums)
        };
        Self { days: estimates.abnormal.par_iter().map(sum).collect() }
    }

    /// Mean abnormal return of the events open on each calendar day that has one, in order of time.
    pub fn means(&self, window: Window) -> Vec<f64> {
        let mut open = self.days.iter().filter(|(day, _)| window.contains(*day)).map(|(_, sums)| sums);
        let Some(mut total) = open.next().cloned() else { return Vec::new() };
        for sums in open {
            for ((sum, count), (more, further)) in total.iter_mut().zip(sums) {
                *sum += more;
                *count += further;
            }
        }
        total.into_iter().filter(|(_, count)| *count > 0).map(|(sum, count)| sum / f64::from(count)).collect()
    }
}
