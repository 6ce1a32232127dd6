//! Verbs that act on a share: "results lifted Nike 6 %", "la note a fait perdre 6 % au titre", "knocked 5 % off Diageo's share price".

use super::grammar::Reader;
use super::lexicon::{Form, Role, WordClass};
use super::mark::What;
use super::scene::{after, is_light};
use super::subject::Outcome;

impl Reader<'_> {
    /// "knocked 5 % off Diageo's share price": the share is what the verb acts on.
    pub(super) fn taken_off(&self, place: usize) -> Option<Outcome> {
        let off = after(self.scene.marks, place)?;
        if !matches!(self.what(off), Some(What::Move { form: Form::State, .. })) {
            return None;
        }
        let mut name = after(self.scene.marks, off)?;
        while matches!(self.what(name), Some(What::Role(Role::Value | Role::Of))) {
            name = after(self.scene.marks, name)?;
        }
        let is_name = matches!(self.what(name), Some(What::Security { .. } | What::Unknown { .. }));
        if is_name && self.what(name + 1) == Some(What::Possessive) {
            name = after(self.scene.marks, name + 1)?;
        }
        // What has a share price is a company, known or not.
        if let (Some(What::Unknown { .. }), Some(subject)) = (self.what(name), self.scene.subject_of(name)) {
            return Some(Outcome::Found { subjects: vec![subject], inferred: None, place: name });
        }
        matches!(self.what(name), Some(What::Security { .. } | What::Role(Role::Share))).then(|| self.scene.meaning(name))
    }

    /// "wiped a fifth off Nike's market value", "erased 14 % of its market value": whose value the figure is taken off or put on to.
    pub(super) fn worth_of(&self, place: usize) -> Option<Outcome> {
        let leads = after(self.scene.marks, place)?;
        if !matches!(self.what(leads)?, What::Role(Role::Of | Role::From | Role::To) | What::Move { form: Form::State, .. }) {
            return None;
        }
        let worth = |at: usize| {
            self.what(at) == Some(What::Role(Role::Value))
                || matches!(self.what(at), Some(What::Role(Role::Other | Role::Share)))
                    && self.scene.marks.get(at).is_some_and(|mark| self.scene.view.is(mark.to.saturating_sub(1), WordClass::Worth))
        };
        let first = after(self.scene.marks, leads)?;
        let named = |at: usize| matches!(self.what(at), Some(What::Security { .. } | What::Unknown { .. } | What::Role(Role::Company)));
        if named(first) && self.what(first + 1) == Some(What::Possessive) {
            return after(self.scene.marks, first + 1).filter(|thing| worth(*thing)).map(|_| self.owned(first));
        }
        if !worth(first) {
            return None;
        }
        let of = after(self.scene.marks, first).filter(|of| matches!(self.what(*of), Some(What::Role(Role::Of | Role::For))));
        if let Some(name) = of.and_then(|of| after(self.scene.marks, of)).filter(|name| named(*name)) {
            return Some(self.owned(name));
        }
        // "The warning wiped a third off its value", but "Its sales lost a third of their value".
        let taken = (0..place)
            .rev()
            .find(|verb| matches!(self.what(*verb), Some(What::Move { form: Form::Verb, .. })))
            .is_some_and(|verb| self.scene.acts_on(verb));
        if !taken || self.what(first) != Some(What::Role(Role::Value)) && !self.follows_possessive(first) {
            return None;
        }
        let (subject, inference) = self.scene.antecedent(place, super::context::Wanted::Share)?;
        Some(Outcome::Found { subjects: vec![subject], inferred: Some(inference), place })
    }

    /// The company that has a value: one that has is no other thing, known or not.
    fn owned(&self, at: usize) -> Outcome {
        match (self.what(at), self.scene.subject_of(at)) {
            (Some(What::Unknown { .. }), Some(subject)) => Outcome::Found { subjects: vec![subject], inferred: None, place: at },
            _ => self.scene.meaning(at),
        }
    }

    /// "Strong results lifted Nike 6 %", "la note a fait perdre 6 % au titre": what the verb acts on.
    pub(super) fn acted_on(&self, verb: usize, place: usize) -> Option<Outcome> {
        let made = self.is_made(verb);
        if !made && !self.scene.acts_on(verb) {
            return None;
        }
        let found = self.object_between(verb, place).or_else(|| self.object_after(place));
        if !made {
            return found;
        }
        // "des prises de bénéfices l'ont fait refluer".
        let clitic = verb
            .checked_sub(1)
            .and_then(|earlier| self.scene.marks.get(earlier))
            .is_some_and(|mark| mark.to > mark.from + 1 && self.scene.view.is(mark.from, WordClass::Definite));
        let spoken = || {
            let (subject, inference) = self.scene.antecedent(verb, super::context::Wanted::Any).filter(|_| clitic)?;
            Some(Outcome::Found { subjects: vec![subject], inferred: Some(inference), place: verb })
        };
        Some(found.or_else(spoken).unwrap_or(Outcome::Blocked))
    }

    /// "fait bondir".
    fn is_made(&self, verb: usize) -> bool {
        self.scene.is_infinitive(verb) && self.scene.follows(verb, WordClass::Makes)
    }

    /// The verb that acts on the share whose words end at `at`: "a propulsé le titre Soitec de 11 %".
    pub(super) fn causing_verb(&self, at: usize) -> Option<usize> {
        for place in (0..=at).rev().take(6) {
            match self.what(place)? {
                What::Move { form: Form::Verb, .. } => {
                    return (self.scene.acts_on(place) || self.is_made(place)).then_some(place);
                }
                What::Security { .. } | What::Unknown { .. } | What::Role(Role::Share | Role::Index | Role::Of | Role::Company) => {}
                what if is_light(what) => {}
                _ => return None,
            }
        }
        None
    }

    /// The share or index between a verb and its figure.
    fn object_between(&self, verb: usize, place: usize) -> Option<Outcome> {
        let mut object = after(self.scene.marks, verb).filter(|object| *object < place)?;
        let is_name = |at: usize| matches!(self.what(at), Some(What::Security { .. } | What::Unknown { .. }));
        if is_name(object) {
            let possessive = self.what(object + 1) == Some(What::Possessive);
            let next = after(self.scene.marks, if possessive { object + 1 } else { object })?;
            if self.what(next) == Some(What::Role(Role::Share)) {
                object = next;
            } else if possessive {
                return None;
            }
        }
        // "le titre Soitec", "l'action du groupe".
        let mut last = object;
        if self.what(object) == Some(What::Role(Role::Share)) {
            while last + 1 < place
                && matches!(
                    self.what(last + 1),
                    Some(What::Security { .. } | What::Unknown { .. } | What::Role(Role::Of | Role::Company | Role::Filler))
                )
            {
                last += 1;
            }
        }
        let bare = self.scene.marks.get(last + 1..place)?.iter().all(|mark| {
            is_light(mark.what)
                || matches!(mark.what, What::Qualifier(_) | What::Day(_) | What::Horizon(..) | What::Role(Role::By | Role::Of))
        });
        (bare && (is_name(object) || matches!(self.what(object), Some(What::Role(Role::Share | Role::Index)))))
            .then(|| self.scene.meaning(object))
    }

    /// The share that "to" leads to after the figure: "a coûté 12 % à l'action Casino".
    fn object_after(&self, place: usize) -> Option<Outcome> {
        let to = after(self.scene.marks, place).filter(|to| matches!(self.what(*to), Some(What::Role(Role::To | Role::Preposition))))?;
        let object = after(self.scene.marks, to)?;
        matches!(self.what(object), Some(What::Security { .. } | What::Role(Role::Share | Role::Index))).then(|| self.scene.meaning(object))
    }
}
