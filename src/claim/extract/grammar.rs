//! From marks to claims: for every figure, which word of movement governs it, who moved, over which period, and what the words around
//! it allow.

use super::direction::Governor;
use super::draft::Draft;
use super::figure::{Figure, FigureKind};
use super::inheritance::carry_over;
use super::lexicon::{Role, Unit, WordClass};
use super::mark::{Mark, What};
use super::period::Period;
use super::scene::{Scene, after, before};
use crate::claim::{Horizon, Inference, Qualifier};

/// The claims of a sentence; returned are the periods that its figures had of their own.
pub(super) fn read_sentence(scene: &Scene<'_>, drafts: &mut Vec<Draft>, left_alone: &mut Vec<(usize, &'static str)>) -> Vec<Horizon> {
    drafts.clear();
    left_alone.clear();
    let figures: Vec<usize> = (0..scene.marks.len()).filter(|place| matches!(scene.what(*place), Some(What::Figure(_)))).collect();
    // The period right after a figure is that figure's, whatever it says: "revenue rose 5 % last year".
    let mut consumed: Vec<usize> = Vec::new();
    for place in &figures {
        let mut own = Period::default();
        if matches!(scene.what(*place), Some(What::Figure(figure)) if figure.sign.is_none()) {
            Reader { scene, drafts }.period_after(*place, *place, false, &mut own);
        }
        consumed.extend(own.used);
    }
    for place in figures {
        let Some(What::Figure(figure)) = scene.what(place) else { continue };
        let reader = Reader { scene, drafts };
        let Some(governor) = reader.governor(place, figure) else {
            left_alone.push((place, "nothing gives it a direction"));
            continue;
        };
        if !matches!(governor, Governor::Gap { .. }) && matches!(figure.unit, Unit::Point | Unit::PercentagePoint) {
            left_alone.push((place, "points, but no gap"));
            continue;
        }
        if !matches!(governor, Governor::Vanished(_)) && reader.is_level_or_share(place, figure, governor) {
            left_alone.push((place, "a level, or a share of something"));
            continue;
        }
        let Some(found) = reader.subject(place, governor) else {
            left_alone.push((place, "no security moved"));
            continue;
        };
        let mut read = reader.period(place, governor, found.place, &consumed);
        let mut inferred: Vec<Inference> = found.inferred.into_iter().collect();
        let rise = match governor {
            // "accumule -12,6 %", "a effacé ses pertes et affiche +1,3 %": a printed sign says more than the verb.
            Governor::Left { rise, .. } | Governor::Right { rise, .. } | Governor::Sign { rise } | Governor::Elliptic { rise, .. } => {
                figure.sign.unwrap_or(rise)
            }
            Governor::Gap { ahead, .. } => ahead,
            Governor::Vanished(_) => false,
            Governor::Coordinated { draft } => drafts.get(draft).is_some_and(|draft| draft.rise),
        };
        if matches!(governor, Governor::Elliptic { .. }) {
            inferred.push(Inference::DirectionFromContext);
        }
        if figure.kind != FigureKind::Printed {
            inferred.push(Inference::SizeInWords);
        }
        let qualifier = reader.qualifier(place, figure);
        if read.horizon.is_none() && !read.unclear {
            carry_over(&mut read, governor, &found.subjects, scene, place, drafts, &mut inferred);
        }
        // "a fini mercredi en hausse, après avoir cédé 1,1 % en séance": that day.
        if read.day.is_none()
            && !reader.is_of_another_time(place)
            && matches!(read.horizon, Some(Horizon::Intraday | Horizon::Session))
            && !read.used.iter().any(|at| {
                scene.marks.get(*at).is_some_and(|mark| (mark.from..mark.to).any(|word| scene.view.is(word, WordClass::AnotherDay)))
            })
            && let Some(last) = drafts.last().filter(|last| {
                found.subjects.contains(&last.subject)
                    && matches!(last.horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours)
                    && !is_relative(scene, last)
            })
        {
            read.day = last.day;
        }
        if let (true, Some((horizon, day))) = (read.is_empty(), scene.context.header) {
            // "How they fared this week:" before a list.
            read.horizon = horizon;
            read.day = day;
            inferred.push(Inference::HorizonFromContext);
        }
        let unclear = read.unclear && read.horizon.is_none();
        if unclear {
            left_alone.push((place, "its period can't be told"));
        }
        let said = !read.is_empty();
        let mut horizon = read.horizon.unwrap_or(Horizon::Session);
        if horizon == Horizon::Session && qualifier == Qualifier::AtMost && !matches!(governor, Governor::Gap { .. }) {
            // "Fell as much as 5 %": at its lowest, not at the close.
            horizon = Horizon::Intraday;
        } else if !said {
            inferred.push(Inference::HorizonUnsaid);
        }
        if read.days_as_sessions {
            inferred.push(Inference::DaysAsSessions);
        }
        let day = read.day.filter(|_| matches!(horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours));
        if found.benchmark_inferred {
            inferred.push(Inference::BenchmarkFromContext);
        }
        consumed.extend(read.used);
        let mark = scene.marks.get(place).copied().unwrap_or(Mark { what: What::Word, from: 0, to: 0, start: 0, end: 0, article: false });
        let governor_place = match governor {
            Governor::Left { place, .. } | Governor::Right { place, .. } | Governor::Gap { place, .. } => place,
            Governor::Coordinated { draft } => drafts.get(draft).map_or(place, |draft| draft.governor),
            Governor::Vanished(vanished) => vanished.last,
            Governor::Sign { .. } | Governor::Elliptic { .. } => place,
        };
        let listed = matches!(governor, Governor::Coordinated { .. } | Governor::Elliptic { name: Some(_), .. });
        for subject in found.subjects {
            let mut inferred = inferred.clone();
            inferred.sort_unstable();
            inferred.dedup();
            drafts.push(Draft {
                subject,
                against: found.against,
                figure,
                rise,
                qualifier,
                horizon,
                day,
                inferred,
                start: mark.start,
                end: mark.end,
                place,
                governor: governor_place,
                said,
                listed,
                unclear,
            });
        }
    }
    super::list::distribute(scene, drafts, &scene.context.periods);
    let periods =
        || drafts.iter().filter(|draft| draft.said && !draft.unclear && draft.horizon != Horizon::Session).map(|draft| draft.horizon);
    // "up 24 % over the past year and 3 % below its high": "the same period" is the year.
    let lasting: Vec<Horizon> = periods().filter(|horizon| !matches!(horizon, Horizon::FromHigh(_) | Horizon::FromLow(_))).collect();
    if lasting.is_empty() { periods().collect() } else { lasting }
}

/// Whether a figure stands in a relative clause: "which tumbled 3 % on Monday".
pub(super) fn is_relative(scene: &Scene<'_>, draft: &Draft) -> bool {
    let from = draft.place.min(draft.governor);
    (0..from).rev().take(4).any(|place| scene.what(place) == Some(What::Role(Role::Relative)))
}

pub(super) struct Reader<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) drafts: &'a [Draft],
}

impl Reader<'_> {
    pub(super) fn what(&self, place: usize) -> Option<What> {
        self.scene.what(place)
    }

    /// "its steepest fall since August 2023, when it lost 40 % in a day": whether the clause speaks of a time named right before it.
    fn is_of_another_time(&self, place: usize) -> bool {
        let clause = || (0..place).rev().take_while(|at| !matches!(self.what(*at), Some(What::Break { .. } | What::Figure(_))));
        let opens = clause().find(|at| self.what(*at) == Some(What::Role(Role::Because)));
        let earlier = opens
            .and_then(|opens| before(self.scene.marks, opens))
            .map(|at| if self.what(at) == Some(What::Comma) { at.saturating_sub(1) } else { at });
        earlier.is_some_and(|at| matches!(self.what(at), Some(What::Horizon(Some(Horizon::Since(_) | Horizon::During(_)), _))))
    }

    fn qualifier(&self, place: usize, figure: Figure) -> Qualifier {
        if let Some(qualifier) = figure.qualifier {
            return qualifier;
        }
        let mut at = place;
        while let Some(earlier) = at.checked_sub(1) {
            at = earlier;
            match self.what(at) {
                // "n'évolue plus que 12 % au-dessus": no "more than".
                Some(What::Qualifier(_))
                    if figure.kind == FigureKind::Printed
                        && self.scene.marks.get(at).is_some_and(|mark| self.scene.view.is(mark.to.saturating_sub(1), WordClass::Than)) => {}
                Some(What::Qualifier(qualifier)) => return qualifier,
                Some(What::Role(Role::Filler | Role::By | Role::Of | Role::To) | What::Quote) => {}
                _ => break,
            }
        }
        match after(self.scene.marks, place).and_then(|next| self.what(next)) {
            Some(What::QualifierAfter(qualifier)) => qualifier,
            // "3 % environ", but not "3 % dans les échanges".
            Some(What::Qualifier(Qualifier::About))
                if after(self.scene.marks, place).is_some_and(|about| {
                    // "touché -15 % quelques minutes plus tôt".
                    let counts = matches!(self.what(about + 1), Some(What::Word | What::Number));
                    !counts && self.scene.marks.get(about).is_some_and(|mark| mark.to == mark.from + 1)
                }) =>
            {
                Qualifier::About
            }
            _ => Qualifier::None,
        }
    }
}
