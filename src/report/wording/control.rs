//! Sentences about synthetic controls and matched firms.

use crate::inference::{Outcome, TestOutcome};
use crate::report::number;
use crate::sample::SampleResult;
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

/// What the placebo tests say of the headline window: of the one event, or of the mean weighted by fit. None for matched firms.
pub fn placebos(result: &SampleResult) -> Option<String> {
    result.controls.as_ref().filter(|summary| summary.synthetic)?;
    let window = super::sample::headline(result)?;
    let when = super::sample::when(window.window);
    if result.events.len() == 1 {
        let tests = result.events.tests.first()?.first()?;
        let find = |name: &str| tests.iter().find(|test| test.name == name);
        let (car, error) = (find("donor-placebo")?, find("donor-placebo-rmspe"));
        let Some(p) = car.p_value() else {
            return match &car.outcome {
                Outcome::Inapplicable { reason } => Some(format!("No placebo test {when}: {reason}.")),
                Outcome::Computed { .. } => None,
            };
        };
        let by_error = error
            .and_then(TestOutcome::p_value)
            .map_or_else(String::new, |p| format!(", {} by the error relative to that before the event", number::p_value(p)));
        return Some(format!("Among its donors as if treated, {when}: {} by the size of the CAR{by_error}.", number::p_value(p)));
    }
    let test = window.tests.iter().find(|test| test.test.name == "donor-placebo-groups").map(|test| &test.test);
    match test.map(|test| (test.statistic().zip(test.p_value()), &test.outcome)) {
        Some((Some((mean, p)), _)) => Some(format!(
            "Weighted by the fit of their controls the events’ mean {when} is {}; {} among groups of donors as if treated.",
            number::percent_signed(mean, 2),
            number::p_value(p)
        )),
        Some((None, Outcome::Inapplicable { reason })) => Some(format!("No test among groups of donors {when}: {reason}.")),
        Some((None, Outcome::Computed { .. })) => None,
        None => Some("With --draws the mean is tested among groups of donors as if treated.".to_owned()),
    }
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
