//! Gaps between two securities: "outperformed the S&P 500 by 3 points", "3 points ahead of the index". What says that there is one, and
//! which two stand at its ends.

use super::context::Subject;
use super::direction::Governor;
use super::figure::Figure;
use super::grammar::Reader;
use super::lexicon::{Form, Role, Unit};
use super::mark::What;
use super::mover::Who;
use super::subject::Outcome;
use crate::claim::{Inference, Qualifier};

impl Reader<'_> {
    /// "outperformed the S&P 500 by 3 points", "3 points ahead of the index".
    pub(super) fn gap(&self, place: usize, figure: Figure) -> Option<Governor> {
        if self.owner(place).is_some() {
            return None;
        }
        // "outpacing a 0.4 % gain in the index": a move of its own.
        if figure.unit == Unit::Percent && matches!(self.what(place + 1), Some(What::Move { form: Form::Noun, .. })) {
            return None;
        }
        let mut at = place;
        while let Some(earlier) = at.checked_sub(1) {
            at = earlier;
            match self.what(at)? {
                What::Role(Role::Gap { ahead }) => return Some(Governor::Gap { place: at, ahead }),
                What::Security { .. }
                | What::Unknown { .. }
                | What::Role(
                    Role::Filler
                    | Role::By
                    | Role::Of
                    | Role::Index
                    | Role::Company
                    | Role::Share
                    | Role::To
                    | Role::Preposition
                    | Role::Place
                    | Role::Group
                    | Role::Market,
                ) => {}
                What::Qualifier(_) | What::Horizon(..) | What::Day(_) | What::Word | What::Quote | What::Possessive => {}
                // "a fait moins bien que le CAC 40, de 7 points".
                What::Comma if figure.unit != Unit::Percent && self.quantity_right_after(at, place) => {}
                _ => break,
            }
        }
        let mut at = place;
        for _ in 0..4 {
            at += 1;
            match self.what(at)? {
                What::Role(Role::Gap { ahead }) => return Some(Governor::Gap { place: at, ahead }),
                // "5 percentage points more than the DAX".
                What::Qualifier(qualifier @ (Qualifier::MoreThan | Qualifier::LessThan))
                    if figure.unit != Unit::Percent && self.scene.marks.get(at).is_some_and(|mark| mark.to > mark.from + 1) =>
                {
                    return Some(Governor::Gap { place: at, ahead: qualifier == Qualifier::MoreThan });
                }
                What::Role(Role::Filler | Role::Of) | What::QualifierAfter(_) => {}
                _ => return None,
            }
        }
        None
    }

    /// Both ends of a gap.
    pub(super) fn gap_between(&self, place: usize, at: usize, left: &dyn Fn(usize, Form) -> Outcome) -> Option<Who> {
        let (subjects, inferred) = match left(at.min(place), Form::State) {
            Outcome::Found { subjects, inferred, .. } => (subjects, inferred),
            // "That beat the index by 3 points."
            Outcome::Nothing => {
                let last = self.drafts.last().map(|draft| draft.subject).or(self.scene.context.last_subject)?;
                (vec![last], Some(Inference::SecurityFromContext))
            }
            Outcome::Blocked => return None,
        };
        for next in at + 1..self.scene.marks.len() {
            match self.what(next)? {
                What::Security { key, .. } => {
                    return Some(Who {
                        subjects,
                        inferred,
                        against: Some(Subject::Security(key)),
                        benchmark_inferred: false,
                        place: Some(next),
                    });
                }
                What::Role(Role::Index) => {
                    let (subject, _) = match self.scene.meaning(next) {
                        Outcome::Found { subjects, .. } => (subjects.first().copied()?, ()),
                        _ => return None,
                    };
                    return Some(Who { subjects, inferred, against: Some(subject), benchmark_inferred: true, place: Some(next) });
                }
                What::Move { .. } | What::Break { .. } => break,
                What::Figure(_) if next != place => break,
                _ => {}
            }
        }
        // "Société Générale le devance de 12 points": the benchmark of the gap before.
        let against = self.drafts.iter().rev().find_map(|draft| draft.against)?;
        Some(Who { subjects, inferred, against: Some(against), benchmark_inferred: true, place: None })
    }
}
