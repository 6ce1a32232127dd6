//! Sentences about synthetic controls and matched firms.

use crate::report::number;
use crate::sample::control::{ControlSummary, EventControls, Extent};

/// Controls that a cell names.
const NAMED: usize = 4;

/// What the controls were, in a sentence or two.
pub fn summary(summary: &ControlSummary) -> String {
    let error = extent(&summary.error, |value| number::percent(value, 2));
    let fit = summary.r_squared.as_ref().map_or_else(String::new, |fit| format!(", R² {}", extent(fit, |value| number::fixed(value, 2))));
    let weights = extent(&summary.weights, |value| number::fixed(value, 0));
    let eligible = extent(&summary.eligible, |value| number::fixed(value, 0));
    let mut sentences = if summary.synthetic {
        vec![format!(
            "Synthetic controls: {weights} donors with a weight, of {eligible} that could have one; before the event error (RMSPE) {error} a session{fit}."
        )]
    } else {
        vec![format!(
            "Matched firms: {weights} an event, of {eligible} that could be matched; before the event error (RMSPE) {error} a session{fit}."
        )]
    };
    if summary.synthetic && summary.trimmed > 0 {
        sentences.push(format!(
            "Of {} the {} donors that correlate most with the security were taken.",
            number::plural(summary.trimmed, "event"),
            number::count(summary.most_donors)
        ));
    }
    if summary.placebos_left_out > 0 {
        sentences
            .push(format!("{} can’t be placebos: no synthetic control of their own.", number::plural(summary.placebos_left_out, "donor")));
    }
    sentences.join(" ")
}

/// "8", or "3 to 14 (median 8)".
fn extent(extent: &Extent, write: impl Fn(f64) -> String) -> String {
    let (least, median, largest) = (write(extent.least), write(extent.median), write(extent.largest));
    if least == largest { least } else { format!("{least} to {largest} (median {median})") }
}

/// "MSFT 41 %, ORCL 22 %, … and 5 others"; matched firms with their distance.
pub fn weights(controls: &EventControls) -> String {
    let named = controls.weights.iter().take(NAMED).map(|control| match control.distance {
        Some(distance) => format!("{} ({})", control.symbol, number::fixed(distance, 2)),
        None => format!("{} {}", control.symbol, number::percent(control.weight, 0)),
    });
    let named: Vec<String> = named.collect();
    match controls.weights.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        1 => format!("{} and 1 other", named.join(", ")),
        rest => format!("{} and {rest} others", named.join(", ")),
    }
}
