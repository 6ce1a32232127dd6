//! The period of the figure before, where a figure has none of its own: in a list, beside a quote, and for another security in the same
//! sentence; and how far such a period goes.

use super::context::Subject;
use super::direction::Governor;
use super::draft::Draft;
use super::grammar::{Reader, is_relative};
use super::lexicon::{Form, Role, WordClass};
use super::mark::What;
use super::period::Period;
use super::scene::{Scene, is_light};
use crate::claim::{Horizon, Inference};

/// The period of the figure before where a figure has none: in a list, and for another security in the same sentence.
pub(super) fn carry_over(
    read: &mut Period,
    governor: Governor,
    subjects: &[Subject],
    scene: &Scene<'_>,
    place: usize,
    drafts: &[Draft],
    inferred: &mut Vec<Inference>,
) {
    // "Pfizer PFE, -0.77% has slumped 9% year to date, and Merck MRK, -1.05% has shed 8%": quotes stand aside.
    let quoted = matches!(governor, Governor::Sign { .. });
    let Some(last) = drafts.iter().rev().find(|draft| quoted || !draft.is_quote()) else { return };
    if last.unclear {
        read.unclear = true;
        return;
    }
    let coordinated = matches!(governor, Governor::Coordinated { .. } | Governor::Elliptic { .. } | Governor::Gap { .. });
    let single = matches!(last.horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours);
    if matches!(governor, Governor::Sign { .. }) {
        // "down 13 % this year (S&P 500 +7 %)", "this week: Shell +4 %": a quote elsewhere is the day's.
        let between = scene.marks.get(last.place + 1..place).unwrap_or(&[]);
        let colon = between.iter().any(|mark| mark.what == What::Break { colon: true });
        let quote = last.figure.sign.is_some()
            && between.iter().all(|mark| {
                is_light(mark.what)
                    || matches!(
                        mark.what,
                        What::Open
                            | What::Close
                            | What::Comma
                            | What::Security { .. }
                            | What::Break { .. }
                            | What::Role(Role::And | Role::For)
                    )
                    // "Boeing (-30 % this year) and Nike (-20 %)".
                    || matches!(mark.what, What::Horizon(..)) && Reader { scene, drafts }.in_brackets(last.place)
            });
        let single = if quote { last.horizon == Horizon::Session } else { single };
        let beside = colon
            || quote
            || between.iter().all(|mark| {
                is_light(mark.what) || matches!(mark.what, What::Open | What::Security { .. } | What::Horizon(..) | What::Break { .. })
            })
            // "lost 4 % in November, with Roche (-8 %) weighing most".
            || matches!(last.horizon, Horizon::During(_))
                && between.iter().all(|mark| {
                    is_light(mark.what) || matches!(mark.what, What::Open | What::Comma | What::Security { .. } | What::Horizon(..) | What::Role(Role::With))
                });
        // "surged 10 % at the open, pulling Dior with it (+9 %)".
        let other_name = !subjects.contains(&last.subject);
        let place_in_brackets = Reader { scene, drafts }.in_brackets(place);
        let within_the_day = matches!(last.horizon, Horizon::Intraday | Horizon::ExtendedHours)
            && read.is_empty()
            && !is_relative(scene, last)
            && between.iter().all(|mark| {
                // "après un plus haut à +5,1 %, BP termine à +3,2 %".
                let closes = (mark.from..mark.to).any(|word| scene.view.is(word, WordClass::Closes));
                !closes && !matches!(mark.what, What::Break { .. })
            });
        // "slumped 5 % in the third quarter, its worst since 2022, weighed down by LVMH (-17 %)": a named period holds for the sentence.
        let named = matches!(last.horizon, Horizon::During(_))
            && other_name
            && place_in_brackets
            && !is_relative(scene, last)
            && between.iter().all(|mark| !matches!(mark.what, What::Break { .. } | What::Day(_)));
        // "Sur cinq ans, Hermès (+210 %) écrase LVMH (+48 %)".
        let opened = !single
            && place_in_brackets
            && (last.figure.sign.is_some()
                || place.checked_sub(3).and_then(|than| scene.marks.get(than)).is_some_and(|mark| {
                    // "a bondi de 26 %, soit deux fois plus que le Nikkei (+13 %)".
                    (mark.from..mark.to).any(|word| scene.view.is(word, WordClass::Than))
                }))
            && (0..4).any(|at| matches!(scene.what(at), Some(What::Horizon(horizon, _)) if horizon == Some(last.horizon)))
            && between.iter().all(|mark| !matches!(mark.what, What::Break { .. } | What::Day(_) | What::Horizon(..)));
        if !single && beside || within_the_day || named || opened {
            read.horizon = Some(last.horizon);
            inferred.push(Inference::HorizonFromContext);
        } else if last.horizon == Horizon::Session
            && (place_in_brackets || quote)
            && read.is_empty()
            && !is_relative(scene, last)
            && (place_in_brackets && place.checked_sub(2).is_some_and(|name| matches!(scene.what(name), Some(What::Security { .. })))
                || between.iter().all(|mark| !matches!(mark.what, What::Break { colon: false })))
        {
            // "gave up 1.6 % on Wednesday, dragged by LVMH (-3.2 %)": the same day.
            read.day = last.day;
        }
        return;
    }
    let other = !subjects.contains(&last.subject);
    // "lost 3 % in September, cutting its gain since New Year to 7 %, and the CAC 40 sank 3 %": the period of the main verb goes on.
    let rounds_off = matches!(scene.what(last.governor), Some(What::Move { form: Form::Noun, .. }))
        && scene.follows(last.governor, WordClass::Possessive);
    let main =
        drafts.iter().find(|draft| draft.subject == last.subject && draft.place < last.place && rounds_off && draft.figure.sign.is_none());
    if let Some(main) = main.filter(|_| other && !single && !coordinated) {
        if !matches!(main.horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours) {
            read.horizon = Some(main.horizon);
            inferred.push(Inference::HorizonFromContext);
        }
        return;
    }
    // "22 % below where it priced its IPO, while Figma": a distance is nobody else's.
    if !coordinated && matches!(scene.what(last.governor), Some(What::Horizon(..))) {
        return;
    }
    if single && (coordinated || other || !is_relative(scene, last)) {
        // The day holds for the sentence; "in early trading" only within a list.
        read.day = read.day.or(last.day);
        if last.horizon != Horizon::Session && (coordinated || other && !is_relative(scene, last)) {
            read.horizon = Some(last.horizon);
        }
    } else if !single
        && (coordinated || other && !has_closed(scene, last, place) && !is_aside(scene, last, place, drafts))
        && read.day.is_none()
    {
        read.horizon = Some(last.horizon);
        inferred.push(Inference::HorizonFromContext);
    }
}

/// Whether a period that follows the figure before is closed by a semicolon: "28 % since January; Puma gained 1 %".
fn has_closed(scene: &Scene<'_>, last: &Draft, place: usize) -> bool {
    // "64 % in 2025; the Sensex 7 %": a named period goes on.
    if matches!(last.horizon, Horizon::During(_)) {
        return false;
    }
    let first = last.place.min(last.governor);
    let opens = (0..first).any(|at| matches!(scene.what(at), Some(What::Horizon(horizon, _)) if horizon == Some(last.horizon)));
    !opens && (last.place + 1..place).any(|at| scene.what(at) == Some(What::Break { colon: false }))
}

/// Whether a figure with a longer period only rounds off what a security did that day, so that its period goes no further: "popped 6 %,
/// lifting its gain for the year to 29 %; Costco added 1 %".
fn is_aside(scene: &Scene<'_>, last: &Draft, place: usize, drafts: &[Draft]) -> bool {
    let between = scene.marks.get(last.place + 1..place).unwrap_or(&[]);
    let breaks = between.iter().any(|mark| matches!(mark.what, What::Break { .. }));
    breaks && drafts.iter().any(|draft| draft.subject == last.subject && draft.horizon == Horizon::Session && draft.place < last.place)
}
