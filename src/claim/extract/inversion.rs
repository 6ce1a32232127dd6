//! Names that come after what is said of them, or long before it: "Down 3 %, Apple led", "En baisse de 3 %, Airbus …", "Pour Forvia, l'année
//! se solde par un recul de 41 %".

use super::grammar::Reader;
use super::lexicon::{Form, Role};
use super::mark::What;
use super::mover::Who;
use super::scene::{after, is_light};
use super::subject::Outcome;

impl Reader<'_> {
    /// "Down 3 %, Apple led …", "En baisse de 3 %, Airbus …": the name after the comma.
    pub(super) fn inverted(&self, place: usize, governor: usize) -> Option<Who> {
        let first = place.min(governor);
        let colon = (0..first).rev().find(|earlier| self.what(*earlier) == Some(What::Break { colon: true }));
        let begins = (colon.map_or(0, |colon| colon + 1)..first).rev().all(|earlier| {
            matches!(
                self.what(earlier),
                Some(
                    What::Role(
                        Role::Filler | Role::Preposition | Role::Because | Role::And | Role::With | Role::For | Role::Of | Role::Record
                    ) | What::Possessive
                        | What::Quote
                        | What::Day(_)
                        | What::Horizon(..)
                        | What::Comma
                        | What::Qualifier(_)
                        | What::Dash
                )
            )
        });
        if !begins {
            return None;
        }
        let mut at = place.max(governor);
        let mut comma = false;
        for _ in 0..16 {
            at += 1;
            match self.what(at)? {
                What::Comma | What::Break { colon: true } => comma = true,
                What::Role(Role::And | Role::Record | Role::Of | Role::Value) | What::Figure(_) | What::Qualifier(_)
                    if !comma || at < place.max(governor) + 5 => {}
                What::Unknown { .. } if comma => {
                    return match self.scene.meaning(at) {
                        Outcome::Found { subjects, inferred, place } => {
                            Some(Who { subjects, inferred, against: None, benchmark_inferred: false, place: Some(place) })
                        }
                        _ => None,
                    };
                }
                What::Role(Role::Filler) | What::Quote | What::Horizon(..) | What::Day(_) | What::Number | What::Role(Role::To) => {}
                What::Role(Role::Company | Role::Preposition | Role::For | Role::Because | Role::Place)
                | What::Word
                | What::Unknown { .. }
                    if !comma => {}
                // "Down 4 %, the Paris-listed distiller trades on": the company spoken of.
                What::Role(Role::Company)
                    if comma
                        && after(self.scene.marks, at).is_some_and(|next| {
                            !matches!(
                                self.what(next),
                                Some(What::Security { .. } | What::Unknown { .. } | What::Word | What::Role(Role::Company))
                            )
                        }) =>
                {
                    return match self.scene.meaning(at) {
                        Outcome::Found { subjects, inferred, place } => {
                            Some(Who { subjects, inferred, against: None, benchmark_inferred: false, place: Some(place) })
                        }
                        _ => None,
                    };
                }
                What::Role(Role::Company | Role::Index | Role::Place | Role::Group) | What::Word
                    if comma
                        && at < place.max(governor) + 6
                        && (self.what(at) != Some(What::Role(Role::Index)) || self.leads_to_name(at)) => {}
                What::Security { .. } | What::Role(Role::Share | Role::Index)
                    if comma
                        || matches!(self.what(governor), Some(What::Move { form: Form::Noun, .. }))
                            && matches!(self.what(at), Some(What::Role(Role::Share))) =>
                {
                    match self.scene.meaning(at) {
                        Outcome::Found { subjects, inferred, place } => {
                            return Some(Who { subjects, inferred, against: None, benchmark_inferred: false, place: Some(place) });
                        }
                        _ => return None,
                    }
                }
                _ => return None,
            }
        }
        None
    }

    /// Whether a name follows a word that describes it: "le constructeur allemand BMW", "l'indice CAC 40".
    fn leads_to_name(&self, at: usize) -> bool {
        let mut place = at;
        for _ in 0..4 {
            let Some(next) = after(self.scene.marks, place) else { return false };
            match self.what(next) {
                Some(What::Security { .. } | What::Unknown { .. }) => return true,
                Some(What::Word | What::Role(Role::Company | Role::Index | Role::Of | Role::Share | Role::Place | Role::Group)) => {
                    place = next
                }
                _ => return false,
            }
        }
        false
    }

    /// "Pour Forvia, l'année se solde par un recul de 41 %": whom the sentence opens with.
    pub(super) fn opened_with(&self) -> Option<Who> {
        let led = (0..3).find(|at| !self.what(*at).is_some_and(is_light)).filter(|at| self.what(*at) == Some(What::Role(Role::For)))?;
        let name = after(self.scene.marks, led)
            .filter(|name| matches!(self.what(*name), Some(What::Security { .. } | What::Unknown { initial: false, .. })))?;
        let comma = after(self.scene.marks, name).filter(|comma| self.what(*comma) == Some(What::Comma))?;
        let others =
            (comma..self.scene.marks.len()).any(|at| matches!(self.what(at), Some(What::Security { .. } | What::Role(Role::Other))));
        let subject = self.scene.subject_of(name).filter(|_| !others)?;
        Some(Who { subjects: vec![subject], inferred: None, against: None, benchmark_inferred: false, place: None })
    }
}
