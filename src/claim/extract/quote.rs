//! Signed figures with no name right beside them: whose they are, by the figure, the colon or the sentence before.

use super::context::Subject;
use super::grammar::Reader;
use super::lexicon::Role;
use super::mark::What;
use super::mover::Who;
use super::scene::after;
use crate::claim::Inference;

impl Reader<'_> {
    /// A signed figure without a name beside it: "CAC 40 : -2 % this week, +7 % this year"; "Vodafone? -58 % in ten years";
    /// "Résultat : +9 %".
    pub(super) fn quoted_alone(&self, place: usize) -> Option<Who> {
        let who = |subject| Who {
            subjects: vec![subject],
            inferred: Some(Inference::SecurityFromContext),
            against: None,
            benchmark_inferred: false,
            place: None,
        };
        let idle = |what: What| {
            super::scene::is_light(what)
                || matches!(
                    what,
                    What::Comma
                        | What::Break { colon: false }
                        | What::Horizon(..)
                        | What::Day(_)
                        | What::Qualifier(_)
                        | What::Slash
                        | What::Role(Role::And | Role::To | Role::Place)
                )
        };
        let left = (0..place).rev().find(|at| self.what(*at).is_some_and(|what| !idle(what)));
        match left.map(|left| (left, self.what(left))) {
            Some((left, Some(What::Figure(_)))) => {
                self.drafts.iter().rev().find(|draft| draft.place == left).map(|draft| who(draft.subject))
            }
            None if self.stands_free(place) => self.scene.context.just_named().map(who),
            Some((colon, Some(What::Break { colon: true }))) if self.stands_free(place) => {
                let announced = colon
                    .checked_sub(1)
                    .and_then(|label| self.scene.marks.get(label))
                    .is_some_and(|label| self.scene.view.lexicon.announces(self.scene.view.text.get(label.start..label.end).unwrap_or("")));
                let moved = (0..colon).any(|at| matches!(self.what(at), Some(What::Move { .. })))
                    && !(0..colon)
                        .rev()
                        .take_while(|at| !matches!(self.what(*at), Some(What::Comma | What::Break { .. })))
                        .any(|at| self.what(at) == Some(What::Role(Role::Other)));
                // "L'action avait triplé. En 2022, la machine se grippe : -37 %."
                let goes_on = !self
                    .scene
                    .marks
                    .iter()
                    .any(|mark| matches!(mark.what, What::Role(Role::Other) | What::Security { .. } | What::Unknown { .. }))
                    && self
                        .scene
                        .marks
                        .get(place + 1..)
                        .is_some_and(|rest| rest.iter().all(|mark| matches!(mark.what, What::Break { .. } | What::Quote)));
                if goes_on && let Some(subject) = self.scene.context.last_subject {
                    return Some(who(subject));
                }
                let (subject, _) = self.scene.antecedent(colon, super::context::Wanted::Share).filter(|_| announced || moved)?;
                Some(who(subject))
            }
            _ => None,
        }
    }

    /// Whether the name right before a bracket is only the index that the share found belongs to.
    pub(super) fn belongs(&self, place: usize, name: usize) -> bool {
        let open = (0..place).rev().find(|at| self.what(*at) == Some(What::Open));
        let nearest = open.and_then(|open| super::scene::before(self.scene.marks, open));
        nearest.is_some_and(|nearest| nearest != name && self.scene.is_index(nearest) && !self.scene.is_index(name))
    }

    /// The names of the signed figure before, in "-1,84 % et +0,66 % respectivement".
    pub(super) fn listed_with(&self, place: usize) -> Option<Vec<Subject>> {
        if !self.scene.marks.iter().any(|mark| mark.what == What::Role(Role::Respectively)) {
            return None;
        }
        let joint = |what: What| super::scene::is_light(what) || matches!(what, What::Comma | What::Role(Role::And | Role::Of));
        let left = (0..place).rev().find(|at| self.what(*at).is_some_and(|what| !joint(what)))?;
        let subjects: Vec<Subject> = self.drafts.iter().filter(|draft| draft.place == left).map(|draft| draft.subject).collect();
        (subjects.len() > 1).then_some(subjects)
    }

    /// Whether nothing that could have moved follows a figure.
    fn stands_free(&self, place: usize) -> bool {
        after(self.scene.marks, place).and_then(|next| self.what(next)).is_none_or(|next| {
            matches!(
                next,
                What::Horizon(..) | What::Day(_) | What::Comma | What::Break { .. } | What::Close | What::QualifierAfter(_) | What::Dash
            )
        })
    }
}
