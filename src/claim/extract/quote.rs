//! Figures quoted with their own sign: the name that they stand beside, "Apple (+2 %)", "CAC 40 : +0,5 %"; where none does, whose they are by
//! the figure, the colon or the sentence before.

use super::context::Subject;
use super::grammar::Reader;
use super::lexicon::Role;
use super::mark::What;
use super::mover::Who;
use super::scene::{after, before, is_light};
use crate::claim::Inference;

impl Reader<'_> {
    /// For a signed figure: the name that it stands beside, "Apple (+2 %)", "NET, −1.03%", "CAC 40 : +0,5 %".
    pub(super) fn named_beside(&self, place: usize) -> Option<usize> {
        // "+3,17 % ACCOR | -2,05 % WORLDLINE".
        let cell = place.checked_sub(1).is_none_or(|earlier| self.what(earlier) == Some(What::Slash));
        if cell && matches!(self.what(place + 1), Some(What::Security { .. })) {
            return Some(place + 1);
        }
        // "(-2 % pour LVMH, -3 % pour Hermès)".
        let led = after(self.scene.marks, place).filter(|led| self.what(*led) == Some(What::Role(Role::For)));
        if led
            .and_then(|led| after(self.scene.marks, led))
            .is_some_and(|name| matches!(self.what(name), Some(What::Security { .. } | What::Role(Role::Share))))
        {
            return None;
        }
        let mut at = place;
        let mut bracket = false;
        for _ in 0..12 {
            at = at.checked_sub(1)?;
            match self.what(at)? {
                What::Figure(_) | What::Break { .. } if bracket => return None,
                What::Role(Role::Other) => return None,
                What::Open if !bracket => bracket = true,
                // "Hermès, dont la marge flirte avec 42 %, fait mieux (+11 %)".
                What::Comma if bracket && self.scene.apposition(at).is_some_and(|name| name + 2 < at) => {
                    return self.scene.apposition(at).map(|name| self.holder(name));
                }
                // "L'ETF Invesco QQQ, qui réplique le Nasdaq-100, affiche +24,7 %".
                What::Comma
                    if !bracket
                        && at + 1 < place
                        && self.what(at + 1) == Some(What::Role(Role::Filler))
                        && self.scene.apposition(at).is_some_and(|name| name + 2 < at) =>
                {
                    return self.scene.apposition(at).map(|name| self.holder(name));
                }
                What::Comma | What::Break { colon: true } | What::Dash | What::Quote | What::Slash | What::Number | What::Possessive => {}
                // "Michelin : 31,25 € ; +1,1 %".
                What::Break { colon: false } if !bracket && self.is_semicolon(at) => {}
                What::Role(Role::Filler | Role::To | Role::Preposition | Role::Share | Role::Of)
                | What::Qualifier(_)
                | What::Day(_)
                | What::Horizon(..) => {}
                What::Close => at = self.scene.opening(at),
                What::Security { .. } => return Some(self.holder(at)),
                What::Role(Role::Place) => return self.scene.home_index(at).map(|_| at),
                What::Unknown { .. } if bracket || !matches!(self.what(at + 1), Some(What::Role(_))) => return Some(at),
                _ if bracket => {}
                _ => return None,
            }
        }
        None
    }

    /// Whether the figure is quoted at once beside its name: no word of movement can be meant.
    pub(super) fn is_beside(&self, place: usize, name: usize) -> bool {
        if name == place + 1 {
            return true;
        }
        self.scene.marks.get(name + 1..place).is_some_and(|between| {
            between.iter().all(|mark| {
                is_light(mark.what)
                    || matches!(
                        mark.what,
                        What::Open
                            | What::Comma
                            | What::Break { .. }
                            | What::Dash
                            | What::Slash
                            | What::Possessive
                            | What::Close
                            | What::Number
                            | What::Role(Role::To)
                    )
            })
        })
    }

    /// "Puma, dont les comptes sont attendus jeudi, en profite : +1,4 %": hopes and denials before the colon aren't the figure's.
    pub(super) fn is_right_after_colon(&self, place: usize) -> bool {
        before(self.scene.marks, place).is_some_and(|colon| {
            self.what(colon) == Some(What::Break { colon: true }) && {
                let clause = (0..colon).rev().take_while(|at| !matches!(self.what(*at), Some(What::Comma | What::Break { .. })));
                clause.into_iter().all(|at| !matches!(self.what(at), Some(What::Role(Role::Modal | Role::Negation | Role::Other))))
            }
        })
    }

    /// Whether a signed figure after a colon is the share's: "Résultat : +9 %", "récompensé : +4,9 % pour l'action".
    pub(super) fn is_announced(&self, place: usize) -> bool {
        let Some(colon) = before(self.scene.marks, place).filter(|colon| self.what(*colon) == Some(What::Break { colon: true })) else {
            return false;
        };
        let label = colon.checked_sub(1).and_then(|label| self.scene.marks.get(label));
        let announced =
            label.is_some_and(|label| self.scene.view.lexicon.announces(self.scene.view.text.get(label.start..label.end).unwrap_or("")));
        let next = after(self.scene.marks, place);
        let share = next.filter(|next| self.what(*next) == Some(What::Role(Role::For))).and_then(|next| after(self.scene.marks, next));
        announced || share.is_some_and(|share| self.what(share) == Some(What::Role(Role::Share)))
    }

    /// Whether a break is a semicolon, not a colon or a stop.
    fn is_semicolon(&self, at: usize) -> bool {
        self.scene.marks.get(at).is_some_and(|mark| self.scene.view.text_of(mark.from) == ";")
    }

    /// Whether the figure stands in brackets.
    pub(super) fn in_brackets(&self, place: usize) -> bool {
        (0..place).rev().take(4).find_map(|earlier| match self.what(earlier) {
            Some(What::Open) => Some(true),
            Some(What::Close | What::Figure(_) | What::Comma | What::Move { .. }) => Some(false),
            _ => None,
        }) == Some(true)
    }

    /// For "the biggest gainer of the CAC 40 (+3 %)": the share named before, not the index that it belongs to.
    pub(super) fn holder(&self, name: usize) -> usize {
        let is_index = |place: usize| matches!(self.what(place), Some(What::Security { key, .. }) if self.scene.names.kind(key) == super::name::SecurityKind::Index);
        if !is_index(name) || super::scene::governed_by(self.scene.marks, name).is_none() || super::scene::acts(self.scene.marks, name) {
            return name;
        }
        let share = (0..name)
            .rev()
            .take_while(|place| !matches!(self.what(*place), Some(What::Figure(_) | What::Break { .. })))
            .find(|place| matches!(self.what(*place), Some(What::Security { .. } | What::Role(Role::Share))) && !is_index(*place));
        share.unwrap_or(name)
    }

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
            is_light(what)
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
        let nearest = open.and_then(|open| before(self.scene.marks, open));
        nearest.is_some_and(|nearest| nearest != name && self.scene.is_index(nearest) && !self.scene.is_index(name))
    }

    /// The names of the signed figure before, in "-1,84 % et +0,66 % respectivement".
    pub(super) fn listed_with(&self, place: usize) -> Option<Vec<Subject>> {
        if !self.scene.marks.iter().any(|mark| mark.what == What::Role(Role::Respectively)) {
            return None;
        }
        let joint = |what: What| is_light(what) || matches!(what, What::Comma | What::Role(Role::And | Role::Of));
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
