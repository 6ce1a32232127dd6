//! A part of a share's worth that is gone: "un cinquième de sa valeur s'est évaporé", "70 % de la valeur du titre sont partis en fumée",
//! "l'annonce a rayé 12 % de la valeur de Teleperformance".

use super::figure::Figure;
use super::grammar::Reader;
use super::lexicon::{Form, Role, Unit, WordClass};
use super::mark::What;
use super::scene::{after, before, is_light};
use super::subject::Outcome;

/// A part of a share's worth that is said to be gone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Vanished {
    /// The last mark of what is said: the word for its going, or for the worth.
    pub last: usize,
    /// Whose worth: "de la valeur d'Atos". None where it is that of the sentence's subject.
    pub owner: Option<usize>,
    /// "De la valeur", not "de sa valeur": that of the share spoken of.
    pub of_the_share: bool,
}

impl Reader<'_> {
    /// "A third of Nike's market value evaporated": the verb of a figure that opens its clause and is a part of what a share is worth.
    pub(super) fn worth_gone(&self, place: usize) -> Option<usize> {
        let opens = before(self.scene.marks, place).is_none_or(|earlier| {
            matches!(
                self.what(earlier),
                Some(What::Qualifier(_) | What::Comma | What::Break { .. } | What::Role(Role::And | Role::Because | Role::Compare))
            )
        });
        if !opens || super::scene::after(self.scene.marks, place).and_then(|of| self.what(of)) != Some(What::Role(Role::Of)) {
            return None;
        }
        self.worth_of(place)?;
        (place + 1..place + 9).find(|at| matches!(self.what(*at), Some(What::Move { rise: false, form: Form::Verb })))
    }

    /// Whether the figure is a part of a share's worth that vanished.
    pub(super) fn vanished(&self, place: usize, figure: Figure) -> Option<Vanished> {
        if figure.unit != Unit::Percent || figure.sign.is_some() {
            return None;
        }
        let of = after(self.scene.marks, place).filter(|of| self.what(*of) == Some(What::Role(Role::Of)))?;
        let worth = after(self.scene.marks, of)?;
        let mark = self.scene.marks.get(worth)?;
        if !(mark.from..mark.to).any(|word| self.scene.view.is(word, WordClass::Worth)) {
            return None;
        }
        let owned = after(self.scene.marks, worth).filter(|of| self.what(*of) == Some(What::Role(Role::Of)));
        let owner = owned.and_then(|of| after(self.scene.marks, of)).filter(|owner| {
            matches!(
                self.what(*owner),
                Some(What::Security { .. } | What::Unknown { .. } | What::Role(Role::Share | Role::Company | Role::Index))
            )
        });
        let of_the_share = self.scene.follows(worth, WordClass::Definite)
            || mark.article && self.scene.view.is(mark.from, WordClass::Definite)
            || self.what(of).is_some()
                && self
                    .scene
                    .marks
                    .get(of)
                    .and_then(|mark| self.scene.view.text.get(mark.start..mark.end))
                    .is_some_and(|words| self.scene.view.lexicon.is_of_the_one(words));
        let goes = |at: usize| {
            self.scene.marks.get(at).is_some_and(|mark| (mark.from..mark.to).any(|word| self.scene.view.is(word, WordClass::Vanish)))
        };
        let from = owner.unwrap_or(worth) + 1;
        let clause = (from..from + 8).take_while(|at| {
            !matches!(self.what(*at), None | Some(What::Comma | What::Break { .. } | What::Figure(_) | What::Role(Role::Modal)))
        });
        if let Some(last) = clause.into_iter().find(|at| goes(*at)) {
            return Some(Vanished { last, owner, of_the_share });
        }
        // "a rayé 12 % de la valeur de Teleperformance".
        let verb = (0..place).rev().find(|at| {
            !self.what(*at).is_some_and(|what| is_light(what) || matches!(what, What::Qualifier(_) | What::Day(_) | What::Horizon(..)))
        })?;
        // "a coûté au titre du gérant de cliniques 52 % de sa valeur".
        let costing = (place.saturating_sub(12)..place)
            .rev()
            .find(|at| matches!(self.what(*at), Some(What::Move { rise: false, form: Form::Verb })) && self.scene.acts_on(*at));
        if let Some(costing) = costing {
            let named = (costing + 1..place).find(|at| matches!(self.what(*at), Some(What::Security { .. })));
            let hit = named.or_else(|| (costing + 1..place).find(|at| self.what(*at) == Some(What::Role(Role::Share))));
            let plain = (costing + 1..place).all(|at| !matches!(self.what(at), Some(What::Comma | What::Break { .. } | What::Figure(_))));
            let denied = (0..costing).rev().take(3).any(|at| matches!(self.what(at), Some(What::Role(Role::Modal | Role::Negation))));
            if let Some(hit) = hit.filter(|_| plain && !denied && owner.is_none()) {
                return Some(Vanished { last: worth, owner: Some(hit), of_the_share });
            }
        }
        let falls = matches!(self.what(verb), Some(What::Move { rise: false, form: Form::Verb })) || goes(verb);
        let denied = (0..verb).rev().take(3).any(|at| matches!(self.what(at), Some(What::Role(Role::Modal | Role::Negation))));
        // "ont vu partir 99 % de la valeur".
        let said = owner.is_some() || goes(verb) && of_the_share;
        (falls && !denied && said).then_some(Vanished { last: owner.unwrap_or(worth), owner, of_the_share })
    }

    /// Whose worth vanished.
    pub(super) fn whose_worth(&self, place: usize, vanished: Vanished, left: &dyn Fn(usize, Form) -> Outcome) -> Outcome {
        match vanished.owner {
            Some(owner) => self.scene.meaning(owner),
            None if vanished.of_the_share => self.worth_spoken_of(place),
            None => match left(place, Form::Verb) {
                Outcome::Nothing => self.worth_spoken_of(place),
                outcome => outcome,
            },
        }
    }

    /// "Un cinquième de sa valeur s'est évaporé": what the text speaks of.
    fn worth_spoken_of(&self, place: usize) -> Outcome {
        match self.scene.antecedent(place, super::context::Wanted::Share) {
            Some((subject, inference)) => Outcome::Found { subjects: vec![subject], inferred: Some(inference), place },
            None => Outcome::Nothing,
        }
    }
}
