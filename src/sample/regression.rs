//! The regression of the used events' CARs on their characteristics, window by window ([`crate::cross_section`]).

use rayon::prelude::*;

use super::estimate::Estimates;
use crate::cross_section::{CrossSection, Design, ErrorChoice, Formula, WindowRegression, regress};
use crate::event::list::EventList;

/// What is regressed on, and with which errors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegressionDesign {
    /// The right side.
    pub formula: Formula,
    /// The errors.
    pub errors: ErrorChoice,
}

/// Regresses every window's CARs. The formula's columns were checked.
pub(super) fn cross_section(design: &RegressionDesign, list: &EventList, estimates: &Estimates) -> CrossSection {
    let events: Vec<usize> = estimates.placed.iter().map(|placed| placed.event).collect();
    let columns = Design::of(&design.formula, list, &events);
    let placed = || columns.rows.iter().filter_map(|row| estimates.placed.get(*row));
    let dates: Vec<u32> = placed().map(|placed| placed.calendar).collect();
    let firms: Vec<u32> = placed().map(|placed| placed.symbol).collect();
    let windows = estimates.cars.par_iter().map(|held| {
        let cars: Vec<f64> = columns.rows.iter().filter_map(|row| held.value.get(*row)).copied().collect();
        WindowRegression { window: held.window, outcome: regress(&cars, &columns, design.errors, &dates, &firms) }
    });
    CrossSection {
        formula: design.formula.to_string(),
        errors: design.errors,
        events: events.len(),
        complete: columns.rows.len(),
        windows: windows.collect(),
        missing: columns.missing.clone(),
        bases: columns.bases.clone(),
        constant: columns.constant.clone(),
    }
}
