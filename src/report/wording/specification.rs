//! Sentences about a specification curve.

use crate::report::number;
use crate::specification::SpecificationCurve;

/// What the curve says, without a full stop.
pub fn headline(curve: &SpecificationCurve) -> String {
    let total = curve.estimates.len();
    let significant = curve.significant_positive + curve.significant_negative;
    let sign = match (curve.positive, total - curve.positive) {
        (0, _) => "all of them below zero".to_owned(),
        (_, 0) => "all of them above zero".to_owned(),
        (above, below) => format!("{} above zero and {} below", number::count(above), number::count(below)),
    };
    let share = match significant {
        0 => "none is told from zero at 5 %".to_owned(),
        _ if significant == total => "every one is told from zero at 5 %".to_owned(),
        _ => format!("{} ({}) are told from zero at 5 %", number::count(significant), number::percent(curve.significant_share, 0)),
    };
    format!("Of {} {share}; {sign}", choices(curve))
}

/// "60 choices of model and windows".
pub fn choices(curve: &SpecificationCurve) -> String {
    match curve.estimates.len() {
        1 => "one choice of model and windows".to_owned(),
        total => format!("{} choices of model and windows", number::count(total)),
    }
}

/// Middle, range and the study's own place, a sentence each.
pub fn spread(curve: &SpecificationCurve) -> String {
    let (Some(lowest), Some(highest)) = (curve.estimates.first(), curve.estimates.last()) else { return String::new() };
    let own = curve.estimates.iter().position(|estimate| estimate.specification == curve.own);
    let place = own.map_or_else(String::new, |place| {
        format!(" This study’s own choice is number {} of {} from below.", number::count(place + 1), number::count(curve.estimates.len()))
    });
    format!(
        "The abnormal return lies between {} and {}, with a median of {}.{place}",
        number::percent_signed(lowest.value, 1),
        number::percent_signed(highest.value, 1),
        number::percent_signed(curve.median, 1)
    )
}

/// The test behind the shares, and how many events the choices use when they don't all use the same.
pub fn basis(curve: &SpecificationCurve) -> String {
    let counts = || curve.estimates.iter().map(|estimate| estimate.n);
    let (Some(least), Some(most)) = (counts().min(), counts().max()) else { return String::new() };
    let test = if most == 1 { "Told from zero: by the t test of the one event." } else { "Told from zero: by the cross-sectional t test." };
    if least == most {
        return test.to_owned();
    }
    format!("{test} The choices use {} to {} events: longer windows leave some out.", number::count(least), number::count(most))
}

/// What placebo dates say; None without any.
pub fn placebo(curve: &SpecificationCurve) -> Option<String> {
    let placebo = curve.placebo.as_ref()?;
    // A share of none is reached by every date.
    let share = if curve.significant_share > 0.0 {
        format!("as large a share told from zero {} ({}), and ", times(placebo.share_hits), number::p_value(placebo.share_p_value))
    } else {
        String::new()
    };
    let after = match placebo.dates_after_the_event {
        0 => String::new(),
        count => format!(
            " {} of these dates have the event in an estimation window, which makes significance there a little rarer.",
            number::count(count)
        ),
    };
    Some(format!(
        "On {} other dates the same choices give {share}as large a median {} ({}); the mean share told from zero there is {}.{after}",
        number::count(placebo.dates),
        times(placebo.median_hits),
        number::p_value(placebo.median_p_value),
        number::percent(placebo.mean_share, 0)
    ))
}

/// Why some combinations are missing; None when none is.
pub fn failed(curve: &SpecificationCurve) -> Option<String> {
    let first = curve.failed.first()?;
    Some(format!(
        "{} of model, estimation window and benchmark can’t be used; the first is {} over {}: {}.",
        number::plural(curve.failed.len(), "combination"),
        first.specification.model,
        super::window_words(first.specification.estimation),
        first.reason
    ))
}

fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{} times", number::count(count)),
    }
}
