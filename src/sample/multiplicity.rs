//! Many events tested one by one: how many are told from zero once their number is allowed for.
//!
//! Of a thousand ordinary days fifty have a p-value below 5 %. Per window, the p-values of the events' own t are adjusted over the events
//! by Holm and by Benjamini & Hochberg ([`crate::inference::adjustment`]).

use serde::Serialize;

use super::result::EventColumns;
use crate::inference::{UNUSUAL_LEVEL, adjustment};

/// The events' own p-values of one window, adjusted for their number.
#[derive(Debug, Clone, PartialEq)]
pub struct EventAdjustment {
    /// Holm's p-value of each event; None where the event has no p-value.
    pub holm: Vec<Option<f64>>,
    /// Benjamini and Hochberg's p-value of each event; None likewise.
    pub benjamini_hochberg: Vec<Option<f64>>,
    /// How many are below 5 %.
    pub told: EventsTold,
}

/// Events whose p-value of one window is below 5 %.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EventsTold {
    /// Events with a p-value.
    pub tested: usize,
    /// Of these, how many chance alone puts below 5 %, about.
    pub by_chance: usize,
    /// By the plain p-value.
    pub plain: usize,
    /// By Holm's.
    pub holm: usize,
    /// By Benjamini and Hochberg's.
    pub benjamini_hochberg: usize,
}

/// Adjusts the p-values of every window over the events.
pub(super) fn adjust(columns: &mut EventColumns) {
    let adjusted: Vec<EventAdjustment> = columns
        .windows
        .iter()
        .map(|window| {
            let plain: Vec<Option<f64>> = (0..columns.len()).map(|event| columns.p_value(window, event)).collect();
            let (holm, benjamini_hochberg) = (adjustment::holm(&plain), adjustment::benjamini_hochberg(&plain));
            let below = |p_values: &[Option<f64>]| p_values.iter().flatten().filter(|p_value| **p_value < UNUSUAL_LEVEL).count();
            let tested = plain.iter().flatten().count();
            let told = EventsTold {
                tested,
                by_chance: (tested as f64 * UNUSUAL_LEVEL).round() as usize,
                plain: below(&plain),
                holm: below(&holm),
                benjamini_hochberg: below(&benjamini_hochberg),
            };
            EventAdjustment { holm, benjamini_hochberg, told }
        })
        .collect();
    for (window, adjusted) in columns.windows.iter_mut().zip(adjusted) {
        window.adjusted = Some(adjusted);
    }
}
