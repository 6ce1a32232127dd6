//! The security that a figure speaks of, by how the figure is governed.

use super::context::Subject;
use super::direction::Governor;
use super::grammar::Reader;
use super::lexicon::{Form, Role, WordClass};
use super::mark::What;
use super::period::Period;
use super::scene::after;
use super::subject::Outcome;
use crate::claim::Inference;

pub(super) struct Who {
    pub(super) subjects: Vec<Subject>,
    pub(super) inferred: Option<Inference>,
    pub(super) against: Option<Subject>,
    pub(super) benchmark_inferred: bool,
    /// The last mark that names it, where to its right the period may follow.
    pub(super) place: Option<usize>,
}

impl Reader<'_> {
    pub(super) fn subject(&self, place: usize, governor: Governor) -> Option<Who> {
        let who = |outcome: Outcome| match outcome {
            Outcome::Found { subjects, inferred, place } => {
                Some(Who { subjects, inferred, against: None, benchmark_inferred: false, place: Some(place) })
            }
            Outcome::Blocked | Outcome::Nothing => None,
        };
        let previous = |and: usize| {
            // "is up 9 %, less than half the S&P 500's 22 % gain, and still 8 % below": a noun's owner is no subject of what follows.
            let own = |draft: &&super::draft::Draft| draft.place < and && self.owner(draft.place).is_none();
            let draft = self.drafts.iter().rev().find(own).or_else(|| self.drafts.iter().rev().find(|draft| draft.place < and))?;
            // "Nvidia sank 4 %; Micron fared worse and finished 7 % lower": a clause of its own.
            let broken = (draft.place + 1..and).rev().find(|place| matches!(self.what(*place), Some(What::Break { .. })));
            let other = broken.and_then(|broken| {
                (broken + 1..and)
                    .find(|place| matches!(self.what(*place), Some(What::Security { .. })) && super::scene::acts(self.scene.marks, *place))
            });
            if let Some(outcome) = other.map(|other| self.scene.meaning(other)) {
                return Some(outcome);
            }
            Some(Outcome::Found { subjects: vec![draft.subject], inferred: None, place: draft.place })
        };
        let previous = |and: usize| previous(and).or_else(|| self.clause_subject(and));
        let left = |at: usize, form: Form| self.scene.leftwards(at, form, &previous);
        let right_then_left = |from: usize, at: usize, form: Form| match self.scene.rightwards(from) {
            // "a 6 % rise in completions".
            (Outcome::Nothing, _) if form == Form::Noun && self.leads_into_a_thing(from) => Outcome::Blocked,
            (Outcome::Nothing, _) => left(at, form),
            (outcome, _) => outcome,
        };
        match governor {
            Governor::Coordinated { draft } => {
                // "5 % and 18 % for the S&P 500": what follows the last holds for it.
                let earlier = self.drafts.get(draft)?;
                match self.scene.rightwards(place).0 {
                    found @ Outcome::Found { .. } if matches!(self.scene.rightwards(earlier.place).0, Outcome::Found { .. }) => who(found),
                    Outcome::Blocked => None,
                    _ => {
                        let subjects = self.drafts.iter().filter(|other| other.place == earlier.place).map(|other| other.subject).collect();
                        Some(Who { subjects, inferred: None, against: None, benchmark_inferred: false, place: None })
                    }
                }
            }
            Governor::Sign { .. } if self.listed_with(place).is_some() => {
                let subjects = self.listed_with(place)?;
                Some(Who { subjects, inferred: None, against: None, benchmark_inferred: false, place: None })
            }
            Governor::Sign { .. } => match self.named_beside(place) {
                Some(name) if self.is_beside(place, name) => who(self.scene.meaning(name)),
                name => match self.scene.rightwards(place).0 {
                    found @ Outcome::Found { .. } => who(found),
                    // "Kering a signé la plus forte hausse du CAC 40 (+5 %)".
                    _ if self.in_brackets(place) && name.is_some_and(|name| self.belongs(place, name)) => {
                        name.and_then(|name| who(self.scene.meaning(name)))
                    }
                    _ => match left(place, Form::State) {
                        found @ Outcome::Found { .. } => who(found),
                        Outcome::Nothing => name
                            .and_then(|name| who(self.scene.meaning(name)))
                            .or_else(|| self.before_colon(place))
                            .or_else(|| self.quoted_alone(place))
                            .or_else(|| self.inverted(place, place)),
                        Outcome::Blocked => self.before_colon(place).or_else(|| self.quoted_alone(place)).or_else(|| {
                            // "Hermès, dont la marge atteint 42 %, fait mieux (+11 %)": the aside between commas isn't what moved.
                            let past_aside = name.filter(|name| {
                                self.in_brackets(place)
                                    && self.what(name + 1) == Some(What::Comma)
                                    && (name + 2..place).any(|comma| self.what(comma) == Some(What::Comma))
                            });
                            past_aside.and_then(|name| who(self.scene.meaning(name)))
                        }),
                    },
                },
            },
            // "A fall in rates would, as a rule, lift the fund by 16 %."
            Governor::Elliptic { name: Some(name), .. }
                if (0..name)
                    .rev()
                    .take_while(|at| !matches!(self.what(*at), Some(What::Break { .. } | What::Figure(_))))
                    .any(|at| self.what(at) == Some(What::Role(Role::Modal))) =>
            {
                None
            }
            Governor::Elliptic { name: Some(name), .. } => who(self.scene.meaning(name)),
            Governor::Elliptic { name: None, .. } => match self.scene.rightwards(place).0 {
                Outcome::Nothing => {
                    if self.goes_on_alone().is_some() {
                        let (subject, ..) = self.scene.context.last_move?;
                        return Some(Who {
                            subjects: vec![subject],
                            inferred: Some(Inference::SecurityFromContext),
                            against: None,
                            benchmark_inferred: false,
                            place: None,
                        });
                    }
                    // "1 %, against 0.4 % at midday": the same security at another time.
                    let mut own = Period::default();
                    self.period_after(place, place, false, &mut own);
                    let last = self.drafts.last().filter(|_| !own.is_empty())?;
                    Some(Who { subjects: vec![last.subject], inferred: None, against: None, benchmark_inferred: false, place: None })
                }
                outcome => who(outcome),
            },
            // "Les gains du Dow Jones atteignent 14,9 %".
            Governor::Left { place: at, form: Form::Noun, .. }
                if at < place
                    && !(at..place).any(|between| matches!(self.what(between), Some(What::Figure(_))))
                    && !self.drafts.iter().any(|draft| draft.governor == at)
                    && matches!(self.scene.rightwards(at), (Outcome::Found { .. }, name) if name < place) =>
            {
                who(self.scene.rightwards(at).0)
            }
            Governor::Left { place: at, form: Form::Noun, .. } => match right_then_left(place, at, Form::Noun) {
                // "Une baisse de 10 % du titre nous inciterait à acheter."
                Outcome::Found { .. }
                    if self.scene.follows(at, WordClass::Indefinite)
                        && (place + 1..self.scene.marks.len())
                            .take_while(|next| {
                                !matches!(
                                    self.what(*next),
                                    Some(What::Comma | What::Break { .. } | What::Figure(_) | What::Role(Role::Relative))
                                )
                            })
                            .any(|next| self.what(next) == Some(What::Role(Role::Modal)))
                        && self.scene.only_light(0, at) =>
                {
                    None
                }
                // "A rise of 10 % in Tesla shares would add ..."
                Outcome::Found { place: name, .. }
                    if name > place && after(self.scene.marks, name).and_then(|next| self.what(next)) == Some(What::Role(Role::Modal)) =>
                {
                    None
                }
                Outcome::Nothing => {
                    self.inverted(place, at).or_else(|| self.before_colon(at)).or_else(|| self.opened_with()).or_else(|| self.spoken_of(at))
                }
                Outcome::Blocked if self.follows_possessive(at) => self.spoken_of(at),
                Outcome::Found { place: pronoun, ref subjects, .. }
                    if self.what(pronoun) == Some(What::Role(Role::Pronoun)) && !self.drafts.is_empty() && subjects.len() == 1 =>
                {
                    self.again()
                }
                outcome => who(outcome),
            },
            Governor::Left { place: at, form, .. } => {
                // "Lost 3 % in market share."
                let next = after(self.scene.marks, place).filter(|next| self.what(*next) == Some(What::Role(Role::For)));
                if next.is_some_and(|next| self.what(next + 1) == Some(What::Role(Role::Other))) {
                    return None;
                }
                if let Some(outcome) = self.taken_off(place).or_else(|| self.acted_on(at, place)) {
                    return who(outcome);
                }
                let worth = || self.worth_of(place).and_then(&who);
                // "Reports drove Shell up by 3 %".
                if let Some(name) = self.driven(at).filter(|_| form == Form::State) {
                    return who(self.scene.meaning(name));
                }
                // "was pulled 3 % lower" is passive.
                let passive = at.checked_sub(1).and_then(|before| self.what(before)) == Some(What::Role(Role::Filler));
                if !passive && self.scene.marks.get(at).is_some_and(|mark| self.scene.view.is(mark.from, WordClass::Transitive)) {
                    return worth();
                }
                match left(at, form) {
                    Outcome::Nothing | Outcome::Blocked if self.worth_of(place).is_some() && !self.is_doubted(at) => worth(),
                    Outcome::Nothing => who(self.scene.rightwards(place).0)
                        .or_else(|| self.inverted(place, at))
                        .or_else(|| if form == Form::State { self.before_colon(at).or_else(|| self.fragment(place, at)) } else { None }),
                    Outcome::Blocked => None,
                    // "the stock is 54 % above ..., it remains 47 % below": the same.
                    Outcome::Found { place: pronoun, ref subjects, .. }
                        if self.what(pronoun) == Some(What::Role(Role::Pronoun)) && !self.drafts.is_empty() && subjects.len() == 1 =>
                    {
                        self.again()
                    }
                    outcome => who(outcome),
                }
            }
            Governor::Right { place: at, form, .. } => {
                if let Some(outcome) = self.taken_off(place).filter(|_| form == Form::State) {
                    return who(outcome);
                }
                if let Some(outcome) = self.worth_of(place).filter(|_| matches!(self.what(at), Some(What::Move { form: Form::Verb, .. }))) {
                    return who(outcome);
                }
                let name = if form == Form::Noun { self.owner(place) } else { None };
                match name {
                    Some(name) => who(self.scene.meaning(name)),
                    None => match right_then_left(at, place, form) {
                        Outcome::Nothing => {
                            let noun = || self.before_colon(place).or_else(|| self.spoken_of(place));
                            self.inverted(at, place).or_else(|| (form == Form::Noun).then(noun).flatten())
                        }
                        Outcome::Blocked if form == Form::Noun && self.follows_possessive(place) => self.spoken_of(place),
                        Outcome::Found { place: pronoun, ref subjects, .. }
                            if self.what(pronoun) == Some(What::Role(Role::Pronoun)) && !self.drafts.is_empty() && subjects.len() == 1 =>
                        {
                            self.again()
                        }
                        // "handed over 67 jets, 8 % more than a year earlier": so many of something.
                        Outcome::Found { place: name, .. }
                            if matches!(self.what(at), Some(What::Qualifier(_)))
                                && (name + 1..place).any(|at| matches!(self.what(at), Some(What::Word | What::Number)))
                                || form == Form::State
                                    && (name + 1..place).any(|at| {
                                        self.what(at - 1) == Some(What::Word)
                                            && self.what(at) == Some(What::Number)
                                            && self.what(at + 1) == Some(What::Word)
                                    }) =>
                        {
                            None
                        }
                        outcome => who(outcome),
                    },
                }
            }
            Governor::Vanished(vanished) => who(self.whose_worth(place, vanished, &left)),
            Governor::Gap { place: at, .. } => self.gap_between(place, at, &left),
        }
    }

    /// The name right before a word like "up" that a verb of causing acts on: "drove Shell up".
    fn driven(&self, state: usize) -> Option<usize> {
        let name = state.checked_sub(1).filter(|name| matches!(self.what(*name), Some(What::Security { .. })))?;
        let verb = name.checked_sub(1).filter(|verb| self.scene.acts_on(*verb))?;
        let doubtful = (0..verb).any(|at| matches!(self.what(at), Some(What::Role(Role::Modal | Role::Negation))));
        (!doubtful).then_some(name)
    }

    /// Whether "in" and a common word follow: what rose is that.
    fn leads_into_a_thing(&self, from: usize) -> bool {
        let next = after(self.scene.marks, from);
        let preposition = next.filter(|next| self.what(*next) == Some(What::Role(Role::For)));
        let mut thing = preposition.and_then(|place| after(self.scene.marks, place));
        // "a 5 % increase in half-year sales", "in first-quarter revenue".
        for _ in 0..3 {
            let Some(place) = thing else { return false };
            match self.what(place) {
                Some(What::Word | What::Role(Role::Other)) => return true,
                Some(What::Figure(_) | What::Number | What::Period(_) | What::Horizon(..)) => thing = after(self.scene.marks, place),
                _ => return false,
            }
        }
        false
    }

    /// "the S&P 500's 5 % drop".
    pub(super) fn owner(&self, place: usize) -> Option<usize> {
        let mut at = place;
        loop {
            at = at.checked_sub(1)?;
            match self.what(at)? {
                What::Role(Role::Filler) | What::Qualifier(_) | What::Day(_) | What::Horizon(..) => {}
                What::Possessive => {
                    return at
                        .checked_sub(1)
                        .filter(|name| matches!(self.what(*name), Some(What::Security { .. } | What::Role(Role::Share | Role::Index))));
                }
                _ => return None,
            }
        }
    }

    /// Whether "its" stands before: "taking its loss to 3 %".
    pub(super) fn follows_possessive(&self, at: usize) -> bool {
        self.scene.follows(at, WordClass::Possessive)
    }

    /// The subject of the clause before "and", when it moved without a figure: "Apple rallied and closed up 3 %".
    fn clause_subject(&self, and: usize) -> Option<Outcome> {
        let moved = (0..and)
            .rev()
            .take_while(|place| !matches!(self.what(*place), Some(What::Break { .. })))
            .find(|place| matches!(self.what(*place), Some(What::Move { form: Form::Verb, .. })))?;
        match self.scene.leftwards(moved, Form::Verb, &|_| None) {
            Outcome::Nothing => None,
            outcome => Some(outcome),
        }
    }
}
