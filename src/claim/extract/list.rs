//! "Apple and Microsoft fell 2 % and 3 %, respectively", "5 % and 18 % over these periods": figures paired in order with names or periods.

use super::context::Subject;
use super::draft::Draft;
use super::lexicon::{Role, WordClass};
use super::mark::What;
use super::scene::Scene;
use crate::claim::{Horizon, Inference};

/// Pairs the figures of a list with the names or periods that they belong to.
pub(super) fn distribute(scene: &Scene<'_>, drafts: &mut Vec<Draft>, periods: &[Horizon]) {
    let has = |role: Role| scene.marks.iter().any(|mark| mark.what == What::Role(role));
    let respectively = has(Role::Respectively);
    pair_names(drafts);
    pair_periods(scene, drafts, respectively);
    fill_backwards(scene, drafts);
    if has(Role::SamePeriod) {
        take_periods(scene, drafts, periods);
    }
    drop_contradictions(drafts);
}

/// "12 %, 31 % and 9 % for the quarter" of one security: whose they are can't be told.
fn drop_contradictions(drafts: &mut [Draft]) {
    for at in 1..drafts.len() {
        let Some([earlier, later]) = drafts.get_mut(at - 1..=at) else { continue };
        let lasting = !matches!(later.horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours);
        if lasting
            && later.listed
            && later.governor == earlier.governor
            && (later.subject, later.horizon, later.rise) == (earlier.subject, earlier.horizon, earlier.rise)
            && later.figure.number != earlier.figure.number
        {
            earlier.unclear = true;
            later.unclear = true;
        }
    }
}

/// "1 %, 2 % and 3 % this week": the period at the end of a list holds for all of it; a day holds for the sentence.
fn fill_backwards(scene: &Scene<'_>, drafts: &mut [Draft]) {
    for at in (1..drafts.len()).rev() {
        let Some(later) = drafts.get(at).filter(|draft| draft.has_own_period()).cloned() else { continue };
        let holds = |earlier: &Draft| {
            let session = later.horizon == Horizon::Session;
            let daily = session || later.horizon == Horizon::Intraday;
            let another = earlier.subject != later.subject;
            let same_day = daily && !earlier.is_quote() && (another || session && !super::grammar::is_relative(scene, earlier));
            // "rose 1 %, following Monday's 2 % drop": the day is the later's own.
            let own = scene
                .marks
                .get(earlier.place + 1..later.place)
                .is_some_and(|between| between.iter().any(|mark| matches!(mark.what, What::Day(_) | What::Horizon(..))));
            // "clawed back 3 %, having slumped 11 % on Monday".
            let before_that = super::scene::before(scene.marks, later.governor).and_then(|place| scene.what(place))
                == Some(What::Role(Role::Because))
                || scene.follows(later.governor, WordClass::Perfect);
            // "cédait 2,3 %, après avoir lâché 1,8 % vendredi".
            let between = scene.marks.get(earlier.place + 1..later.place).unwrap_or(&[]);
            let before_that = before_that || between.iter().any(|mark| mark.what == What::Role(Role::Because));
            // "While the index has gained 10 %, Boeing has lost 30 % since January".
            let contrasted = another
                && scene.marks.iter().find(|mark| !super::scene::is_light(mark.what)).map(|mark| mark.what)
                    == Some(What::Role(Role::Compare));
            // "Alors que le S&P 500 a gagné 23 %, le CAC 40 a perdu 2 % en 2024".
            let compared = another
                && !earlier.is_quote()
                && matches!(later.horizon, Horizon::During(crate::claim::NamedPeriod::Year(_)))
                && scene.marks.iter().take(later.place).any(|mark| mark.what == What::Role(Role::Compare));
            // "Nvidia (+149 %) and AMD (-16 %) this year".
            let quotes = another
                && earlier.is_quote()
                && later.figure.sign.is_some()
                && later.governor == later.place
                && !session
                && between.iter().all(|mark| {
                    super::scene::is_light(mark.what)
                        || matches!(mark.what, What::Close | What::Open | What::Comma | What::Security { .. } | What::Role(Role::And))
                });
            let same_day = same_day || quotes;
            !earlier.has_period() && !own && (another || !before_that) && (later.listed || same_day || compared || contrasted)
        };
        let earlier = drafts.get_mut(..at).and_then(|before| before.iter_mut().rev().find(|draft| draft.place != later.place));
        if let Some(earlier) = earlier.filter(|earlier| holds(earlier)) {
            // "après avoir perdu jusqu'à 4 %, Renault a limité son repli à 1,2 % à la clôture": only the day is the same.
            if !(earlier.horizon == Horizon::Intraday && later.horizon == Horizon::Session) {
                earlier.set_period(later.horizon, None);
            }
            earlier.day = later.day;
        }
    }
}

/// Figures in a row that stand for the same list of names: each takes its own.
fn pair_names(drafts: &mut Vec<Draft>) {
    let mut from = 0;
    while from < drafts.len() {
        let group: Vec<usize> = places_of_list(drafts, from);
        let names: Vec<Subject> = group
            .first()
            .map(|place| drafts.iter().filter(|draft| draft.place == *place).map(|draft| draft.subject).collect())
            .unwrap_or_default();
        let count = group.len() * names.len();
        if group.len() > 1 && names.len() == group.len() && count <= drafts.len() - from {
            let mut kept = Vec::new();
            for (place, name) in group.iter().zip(&names) {
                kept.extend(drafts.iter().find(|draft| draft.place == *place && draft.subject == *name).cloned());
            }
            if kept.len() == group.len() {
                drafts.splice(from..from + count, kept);
                from += group.len();
                continue;
            }
        }
        from += count.max(1);
    }
}

/// The figures that follow one another with the same names, from the draft at `from` on.
fn places_of_list(drafts: &[Draft], from: usize) -> Vec<usize> {
    let names = |place: usize| drafts.iter().filter(|draft| draft.place == place).map(|draft| draft.subject).collect::<Vec<_>>();
    let mut places: Vec<usize> = Vec::new();
    let first = drafts.get(from).map(|draft| names(draft.place)).unwrap_or_default();
    for draft in drafts.get(from..).unwrap_or(&[]) {
        // "rose 2 % and 1 % on Friday, leaving them 14 % and 3 % higher": a list of its own.
        let begins = places.last().is_some_and(|last| *last != draft.place) && !draft.listed && draft.figure.sign.is_none();
        if names(draft.place) != first || begins {
            break;
        }
        if places.last() != Some(&draft.place) {
            places.push(draft.place);
        }
    }
    places
}

/// "fell 20 % and 55 % over the past month and year, respectively"; without such a word only where both are plain lists: "up 2 %, 7 % and
/// 31 % over one month, three months and one year".
fn pair_periods(scene: &Scene<'_>, drafts: &mut [Draft], respectively: bool) {
    let mut from = 0;
    while from < drafts.len() {
        let subject = drafts.get(from).map(|draft| draft.subject);
        let run = drafts.get(from..).map_or(0, |rest| rest.iter().take_while(|draft| Some(draft.subject) == subject).count());
        let first = drafts.get(from).map_or(0, |draft| draft.place);
        let last = drafts.get(from + run - 1).map_or(0, |draft| draft.place);
        let periods_in = |places: std::ops::Range<usize>| -> Vec<Horizon> {
            places
                .filter_map(|place| match scene.what(place) {
                    Some(What::Horizon(horizon, _)) => horizon,
                    _ => None,
                })
                .collect()
        };
        let next = drafts.get(from + run).map_or(scene.marks.len(), |draft| draft.place);
        let between = periods_in(first..last);
        let after = periods_in(last..next);
        let before = periods_in(0..first);
        let periods = [after, before].into_iter().find(|periods| periods.len() == run);
        let listed = || {
            let mut places: Vec<usize> = drafts.iter().skip(from).take(run).map(|draft| draft.place).collect();
            places.dedup();
            places.len() == run
                && drafts.iter().skip(from + 1).take(run.saturating_sub(1)).all(|draft| draft.listed || draft.figure.sign.is_some())
        };
        let plain = |places: std::ops::Range<usize>| {
            let is_period = |place: &usize| matches!(scene.what(*place), Some(What::Horizon(..)));
            let (first, last) =
                (places.clone().find(is_period).unwrap_or(places.end), places.clone().rev().find(is_period).unwrap_or(places.start));
            (first..last).all(|place| {
                scene.what(place).is_some_and(|what| {
                    super::scene::is_light(what) || matches!(what, What::Horizon(..) | What::Comma | What::Role(Role::And))
                })
            })
        };
        if run > 1 && between.is_empty() && (respectively || listed() && (plain(last..next) && plain(0..first))) {
            for (draft, horizon) in drafts.iter_mut().skip(from).take(run).zip(periods.into_iter().flatten()) {
                draft.set_period(horizon, None);
            }
        }
        from += run.max(1);
    }
}

/// "over the same period": the period, or the periods in order, of the figures before.
fn take_periods(scene: &Scene<'_>, drafts: &mut [Draft], earlier: &[Horizon]) {
    let own: Vec<(usize, Horizon)> = drafts
        .iter()
        .filter(|draft| draft.has_own_period() && draft.horizon != Horizon::Session)
        .map(|draft| (draft.place, draft.horizon))
        .collect();
    let opens = scene.marks.iter().take(3).any(|mark| mark.what == What::Role(Role::SamePeriod));
    let first_of_all = drafts.first().map_or(0, |draft| draft.place);
    let nearest_word = |place: usize| {
        scene
            .marks
            .iter()
            .enumerate()
            .filter(|(_, mark)| mark.what == What::Role(Role::SamePeriod))
            .map(|(at, _)| at.abs_diff(place))
            .min()
            .unwrap_or(usize::MAX)
    };
    let bare: Vec<usize> = (0..drafts.len())
        .filter(|at| {
            drafts.get(*at).is_some_and(|draft| {
                let reach = if draft.is_quote() && !(opens && draft.place == first_of_all) { 2 } else { 16 };
                !draft.has_own_period() && nearest_word(draft.place) < reach
            })
        })
        .collect();
    let first = bare.first().and_then(|at| drafts.get(*at)).map_or(0, |draft| draft.place);
    let before: Vec<Horizon> = own.iter().filter(|(place, _)| *place < first).map(|(_, horizon)| *horizon).collect();
    let periods: Vec<Horizon> = if before.is_empty() { earlier.to_vec() } else { before };
    for (order, at) in bare.iter().enumerate() {
        let horizon = if periods.len() == bare.len() { periods.get(order) } else { periods.last() };
        match (drafts.get_mut(*at), horizon) {
            (Some(draft), Some(horizon)) => draft.set_period(*horizon, Some(Inference::HorizonFromContext)),
            // "taking its gain over that stretch to 9 %", of which nothing has said how long it is.
            (Some(draft), None) if !opens && nearest_word(draft.place) < 5 => draft.unclear = true,
            _ => {}
        }
    }
}
