//! Periods that lean on one said before: "since then", "that year", "has since", "in the second" after a first quarter, "since Wolfson
//! became chief executive in 2001".

use super::context::Context;
use super::lexicon::{self, WordClass};
use super::mark::{Mark, What};
use super::sentence::View;
use crate::claim::{Horizon, NamedPeriod, Stretch};

/// "Since then" is since the day that the text has named before, where it has named one; "in the second" the second quarter, or half, of the
/// year whose first it has spoken of.
pub(super) fn periods_of_before(view: &View<'_>, marks: &mut [Mark], context: &Context) {
    let mut day = context.last_day;
    let mut part = context.periods.last().copied();
    let mut named = None;
    // The day that the sentence itself names, and whether it speaks of a high (true) or of a low.
    let mut today = None;
    let mut turned = None;
    let mut low_or_high = false;
    let mut event = false;
    for at in 0..marks.len() {
        let is_comma = |at: Option<usize>| at.and_then(|at| marks.get(at)).is_some_and(|mark| mark.what == What::Comma);
        let aside = is_comma(at.checked_sub(1)) && is_comma(Some(at + 1));
        let Some(mark) = marks.get_mut(at) else { break };
        // "depuis qu'elle a pris les rênes, en juillet 2022, le titre a gagné 24 %": since then.
        match mark.what {
            What::Horizon(Some(crate::claim::Horizon::SinceEvent), _) => event = true,
            What::Figure(_) => event = false,
            What::Day(day) if event && aside => mark.what = What::Horizon(Some(crate::claim::Horizon::Since(day)), false),
            What::Horizon(Some(crate::claim::Horizon::During(period)), _) if event && aside => {
                mark.what = What::Horizon(Some(crate::claim::Horizon::Since(period)), false);
            }
            _ => {}
        }
        match mark.what {
            // "In 2021 ..., the index finished that year with a gain".
            What::Role(lexicon::Role::SamePeriod)
                if named.is_some() && mark.to > mark.from && view.lexicon.time_unit(view.word(mark.to - 1)).is_some() =>
            {
                mark.what = What::Horizon(named, false);
            }
            What::Day(named) => {
                day = Some(named);
                today = Some(named);
            }
            What::Role(lexicon::Role::Record) => low_or_high = true,
            What::Horizon(Some(horizon), counted) => {
                // "tombée au plus bas en octobre 2023, l'action a regagné 95 % par rapport à ce creux".
                let this = (mark.from..mark.to).any(|word| view.is(word, WordClass::Demonstrative));
                let of_that = match part {
                    Some(crate::claim::Horizon::During(period)) if this && low_or_high => Some(Stretch::During(period)),
                    _ => None,
                };
                let horizon = match (horizon, of_that) {
                    (crate::claim::Horizon::FromHigh(Stretch::Year), Some(stretch)) => crate::claim::Horizon::FromHigh(stretch),
                    (crate::claim::Horizon::FromLow(Stretch::Year), Some(stretch)) => crate::claim::Horizon::FromLow(stretch),
                    _ => horizon,
                };
                mark.what = What::Horizon(Some(horizon), counted);
                part = Some(horizon);
                named = Some(horizon).filter(|horizon| matches!(horizon, crate::claim::Horizon::During(_))).or(named);
            }
            What::Role(lexicon::Role::SinceThen) => {
                let since = context
                    .periods
                    .last()
                    .copied()
                    .filter(|period| matches!(period, crate::claim::Horizon::Since(_) | crate::claim::Horizon::SinceEvent));
                mark.what = What::Horizon(since.or(day.map(crate::claim::Horizon::Since)), false);
            }
            What::Role(lexicon::Role::HasSince) => {
                let mut since = match (named, today) {
                    (_, Some(day)) => Horizon::Since(day),
                    (Some(Horizon::During(period)), None) => Horizon::Since(period),
                    _ => match context.last_day {
                        Some(day) if context.last_day_sentence + 1 == context.sentence => Horizon::Since(day),
                        _ => Horizon::SinceEvent,
                    },
                };
                if let (Horizon::Since(period), Some(high)) = (since, turned) {
                    since = if high { Horizon::FromHigh(Stretch::During(period)) } else { Horizon::FromLow(Stretch::During(period)) };
                }
                mark.what = What::Horizon(Some(since), false);
            }
            What::Word if view.is(mark.from, WordClass::Peak) => turned = Some(true),
            What::Word if view.is(mark.from, WordClass::Trough) => turned = Some(false),
            What::Role(lexicon::Role::Horizon(lexicon::HorizonForm::Again(number))) => {
                let again = match part {
                    Some(crate::claim::Horizon::During(NamedPeriod::Quarter { year, .. })) => {
                        Some(NamedPeriod::Quarter { year, quarter: number })
                    }
                    Some(crate::claim::Horizon::During(NamedPeriod::Half { year, .. })) if number <= 2 => {
                        Some(NamedPeriod::Half { year, half: number })
                    }
                    _ => None,
                };
                mark.what = match again {
                    Some(period) => What::Horizon(Some(crate::claim::Horizon::During(period)), false),
                    None => What::Role(lexicon::Role::Filler),
                };
            }
            _ => {}
        }
    }
}

/// "Since Wolfson became chief executive in 2001": since 2001.
pub(super) fn since_dated(marks: &mut [Mark]) {
    for at in 0..marks.len() {
        let since =
            marks.get(at).is_some_and(|mark| mark.to == mark.from + 1 && mark.what == What::Horizon(Some(Horizon::SinceEvent), false));
        if !since {
            continue;
        }
        let dated = (at + 1..(at + 10).min(marks.len())).find_map(|place| match marks.get(place)?.what {
            What::Horizon(Some(Horizon::During(period)), _) | What::Day(period) => Some(Some((place, period))),
            What::Comma | What::Break { .. } | What::Figure(_) | What::Horizon(..) | What::Open | What::Move { .. } => Some(None),
            _ => None,
        });
        if let Some((place, period)) = dated.flatten() {
            marks.iter_mut().skip(at).take(1).for_each(|mark| mark.what = What::Horizon(Some(Horizon::Since(period)), false));
            marks.iter_mut().skip(place).take(1).for_each(|mark| mark.what = What::Role(lexicon::Role::Filler));
        }
    }
}
