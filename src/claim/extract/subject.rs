//! Who moved: the security that a word of movement speaks of.
//!
//! From the verb leftwards the nearest that can be its subject is taken: a security that no preposition governs, "the shares" with their
//! owner, "it". What isn't a price ("revenue") or isn't known ("the population") ends the search: the figure is left alone. From a noun
//! ("a drop of 3 %") the search first goes rightwards: "in Apple's shares", "pour le CAC 40".

use super::context::{Subject, Wanted};
use super::lexicon::{Form, Role, WordClass};
use super::mark::What;
use super::scene::{Scene, acts, before, governed_by, is_light};
use crate::claim::Inference;

/// What a search found.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// The subjects ("Apple and Microsoft": two), nearest last, and whether they were inferred.
    Found { subjects: Vec<Subject>, inferred: Option<Inference>, place: usize },
    /// Something else moved, or it didn't happen.
    Blocked,
    /// Nothing is said.
    Nothing,
}

pub(super) fn found(subject: Subject, inferred: Option<Inference>, place: usize) -> Outcome {
    Outcome::Found { subjects: vec![subject], inferred, place }
}

impl Scene<'_> {
    /// The subject of the word of movement at `at`, to its left.
    pub fn leftwards(&self, at: usize, form: Form, previous: &dyn Fn(usize) -> Option<Outcome>) -> Outcome {
        let mut place = at;
        let mut any = false;
        let mut crossed_comma = false;
        let mut crossed_and = false;
        let mut past_and = false;
        let mut touching = true;
        let mut after_relative = false;
        let mut value = false;
        // "Pas de répit pour Kervio : en recul de 38 %, le groupe": what is denied before a colon isn't what comes after.
        let mut crossed_colon = false;
        // In a relative clause: the hopes and conditions of the main clause aren't its own.
        let mut relative = false;
        // "le cours n'a pas retrouvé ses niveaux, malgré un rebond de 40 %": the denial is the main clause's.
        let mut circumstance = false;
        while let Some(next) = place.checked_sub(1) {
            place = next;
            let Some(what) = self.what(place) else { break };
            // "lesté par le yen, qui a pris 1 %".
            if after_relative && what == What::Role(Role::Other) {
                return Outcome::Blocked;
            }
            after_relative &= is_light(what) || what == What::Comma;
            value |= touching && what == What::Role(Role::Value);
            match what {
                What::Close => place = self.opening(place),
                What::Role(Role::Filler | Role::Value | Role::Record | Role::SamePeriod | Role::Respectively)
                | What::Quote
                | What::Day(_)
                | What::Period(_)
                | What::Horizon(..)
                | What::Qualifier(_)
                | What::QualifierAfter(_)
                | What::Number
                | What::Slash
                | What::Possessive => {}
                What::Dash => {
                    // "Horton - orders up 5 % - built on": what stands between dashes is said aside.
                    if let Some(open) = (0..place).rev().take(24).find(|open| self.what(*open) == Some(What::Dash))
                        && before(self.marks, open).is_some_and(|name| {
                            matches!(
                                self.what(name),
                                Some(What::Security { .. } | What::Unknown { .. } | What::Role(Role::Share | Role::Index))
                            )
                        })
                    {
                        place = open;
                        continue;
                    }
                    let aside = (touching && (form == Form::Verb || place + 1 < at)).then(|| self.apposition(place)).flatten();
                    if let Some(name) = aside {
                        place = name + 1;
                        any = true;
                        continue;
                    }
                    crossed_comma = true;
                }
                What::Comma => {
                    // "Wax prices, the company says, are up": who says so isn't what moved.
                    let says = before(self.marks, place).filter(|says| touching && self.what(*says) == Some(What::Role(Role::Report)));
                    if let Some(open) =
                        says.and_then(|says| (says.saturating_sub(5)..says).rev().find(|open| self.what(*open) == Some(What::Comma)))
                    {
                        place = open;
                        continue;
                    }
                    let aside =
                        (touching && !after_relative && (form == Form::Verb || place + 1 < at)).then(|| self.apposition(place)).flatten();
                    // "Les ventes de Danone, qui pèsent 44 % du total, ont plongé": the sales.
                    if aside.is_some_and(|name| self.is_of_a_thing(name)) {
                        return Outcome::Blocked;
                    }
                    if let Some(name) = aside {
                        place = name + 1;
                        any = true;
                        continue;
                    }
                    if touching {
                        // "Renault, down 3 %": the name right before the comma.
                        let name = before(self.marks, place).map(|name| {
                            if self.what(name) == Some(What::Close) { before(self.marks, self.opening(name)).unwrap_or(name) } else { name }
                        });
                        any = any
                            || name.is_some_and(|name| {
                                matches!(self.what(name), Some(What::Security { .. } | What::Unknown { .. }))
                                    && self.is_credible(name)
                                    && !(self.is_index(name) && governed_by(self.marks, name).is_some())
                                    // "has fallen behind Nvidia, losing 16 %": the other has.
                                    && !before(self.marks, name).is_some_and(|verb| matches!(self.what(verb), Some(What::Role(Role::Gap { .. }))))
                            });
                    }
                    // "... $75 billion of spending, 29 % more".
                    let counted = before(self.marks, place).is_some_and(|other| self.what(other) == Some(What::Role(Role::Other)));
                    if touching && counted && form == Form::State && place + 2 >= at {
                        return Outcome::Blocked;
                    }
                    crossed_comma = true;
                    touching = false;
                }
                // "SAP y est pour beaucoup : son cours a grimpé".
                What::Break { colon: true } if value => {
                    return match self.antecedent(place, Wanted::Share) {
                        Some((subject, inference)) => found(subject, Some(inference), place),
                        None => Outcome::Nothing,
                    };
                }
                What::Break { colon } => {
                    if !(colon && touching) {
                        return Outcome::Nothing;
                    }
                    crossed_colon = true;
                }
                // "Nike raised its forecast and gained 5 %": who reports moves.
                What::Role(Role::Report) if crossed_comma || crossed_and => touching = false,
                What::Role(Role::Report) => return Outcome::Nothing,
                // "could not keep up and edged lower": of the other verb.
                What::Role(Role::Modal | Role::Negation)
                    if past_and
                        && !crossed_comma
                        && self.marks.get(place + 1..at).is_some_and(|between| {
                            between.iter().take_while(|mark| mark.what != What::Role(Role::And)).any(|mark| mark.what == What::Word)
                        }) => {}
                What::Role(Role::Negation) if circumstance => touching = false,
                What::Role(Role::Negation) if crossed_colon => return Outcome::Nothing,
                What::Role(Role::Modal | Role::Negation) => return Outcome::Blocked,
                What::Role(Role::Because | Role::With) if touching && form == Form::Noun && self.only_light(place + 1, at) => {
                    circumstance = true;
                    touching = false;
                }
                What::Role(Role::And) => {
                    if touching && let Some(outcome) = previous(place) {
                        return outcome;
                    }
                    crossed_and |= touching;
                    past_and = true;
                    touching = false;
                }
                // "That is 12 % off its high."
                What::Role(Role::Relative) if self.only_light(0, place) && self.context.last_subject.is_some() => {
                    return self
                        .context
                        .last_subject
                        .map_or(Outcome::Nothing, |subject| found(subject, Some(Inference::SecurityFromContext), place));
                }
                What::Role(Role::Relative) => {
                    // "which we never owned and which fell": the first of them follows the name.
                    let and = before(self.marks, place).filter(|and| self.what(*and) == Some(What::Role(Role::And)));
                    let first = and.and_then(|and| (0..and).rev().find(|first| self.what(*first) == Some(What::Role(Role::Relative))));
                    place = first.unwrap_or(place);
                    let name = before(self.marks, place)
                        .and_then(|name| if self.what(name) == Some(What::Comma) { before(self.marks, name) } else { Some(name) });
                    if name.is_some_and(|name| self.is_of_a_thing(name)) {
                        return Outcome::Blocked;
                    }
                    // "Ravelin Europe, un fonds qui a pris 7 %".
                    let described = name
                        .filter(|name| {
                            let fund = self.marks.get(*name).is_some_and(|mark| self.view.is(mark.from, WordClass::Fund));
                            (fund || matches!(self.what(*name), Some(What::Role(Role::Share | Role::Company))))
                                && self.follows(*name, WordClass::Indefinite)
                        })
                        .and_then(|name| before(self.marks, name))
                        .filter(|comma| self.what(*comma) == Some(What::Comma))
                        .and_then(|comma| before(self.marks, comma));
                    let named = described.filter(|name| {
                        matches!(self.what(*name), Some(What::Security { .. } | What::Unknown { initial: false, .. }))
                            || self.is_credible(*name)
                    });
                    if let Some(subject) = named.and_then(|name| self.subject_of(name)) {
                        return found(subject, None, place);
                    }
                    relative = true;
                    any = true;
                    touching = true;
                    after_relative = true;
                }
                What::Role(Role::Other) => {
                    // "le producteur de gaz a perdu 5 %".
                    if let Some(head) = self
                        .head_of(place)
                        .filter(|head| touching && form == Form::Verb && self.what(*head) == Some(What::Role(Role::Company)))
                    {
                        place = head + 1;
                        continue;
                    }
                    // "with retail stocks leading losses, down 1.7 %": they are.
                    let object = (crossed_comma || crossed_and)
                        && governed_by(self.marks, place)
                            .is_some_and(|led| self.what(led) != Some(What::Role(Role::With)) || self.what(place + 1) == Some(What::Comma));
                    // "Nike a relevé sa marge et gagne 5 %".
                    let acted_on = crossed_and
                        && before(self.marks, place).is_some_and(|verb| match self.what(verb) {
                            Some(What::Word | What::Role(Role::Report)) => true,
                            // "Publicis signe une croissance de 5 % et bondit de 4 %".
                            Some(What::Security { .. }) => verb + 1 < place && acts(self.marks, verb),
                            _ => false,
                        });
                    if !object && !acted_on {
                        return Outcome::Blocked;
                    }
                }
                // "Its rival fared no better, dropping 4.6 %": another company.
                What::Role(Role::Company)
                    if self.follows(place, WordClass::Possessive)
                        && self.marks.get(place).is_some_and(|mark| self.view.is(mark.to.saturating_sub(1), WordClass::Relation)) =>
                {
                    return Outcome::Blocked;
                }
                What::Role(Role::Share | Role::Index | Role::Company) => {
                    // "Caterpillar was the index's star, up 6 %".
                    if self.what(place + 1) == Some(What::Possessive) && !self.can_be_subject(place, at, form) {
                        touching = false;
                        continue;
                    }
                    if !any && self.object_at(place) && !(what == What::Role(Role::Share) && self.opens_clause(place, at, form)) {
                        touching = false;
                        continue;
                    }
                    match self.meaning(place) {
                        Outcome::Blocked if self.what(place) == Some(What::Role(Role::Company)) => {}
                        outcome => return self.checked(outcome, place),
                    }
                }
                What::Role(Role::Several(_)) if touching || self.only_light(0, place) => return self.checked(self.meaning(place), place),
                What::Role(Role::Former | Role::Latter) if !touching => {}
                What::Role(Role::Former | Role::Latter) => return self.checked(self.meaning(place), place),
                What::Role(Role::Pronoun) => {
                    let speaks = matches!(self.what(place + 1), Some(What::Role(Role::Filler) | What::Move { .. }))
                        && crossed_comma
                        && (governed_by(self.marks, place).is_none()
                            || place.checked_sub(1).and_then(|before| self.marks.get(before)).is_some_and(|before| before.article));
                    if touching || speaks || self.only_light(0, place) {
                        return match self.checked(self.meaning(place), place) {
                            // "It was the Dow's worst week since March: down 3.1 %": nobody.
                            Outcome::Blocked if !touching && self.only_light(0, place) && self.context.last_subject.is_none() => {
                                Outcome::Nothing
                            }
                            outcome => outcome,
                        };
                    }
                }
                // "The stock led the SMI with a 4 % jump": what the verb acts on.
                What::Security { .. } if !touching && form == Form::Noun && !any && self.is_object(place) => {}
                What::Security { ambiguous, .. } => {
                    if any || self.can_be_subject(place, at, form) {
                        if ambiguous && !self.is_believable(place, touching) {
                            continue;
                        }
                        return if relative { self.listed(place) } else { self.checked(self.listed(place), place) };
                    }
                    if self.what(place + 1).is_some_and(|next| matches!(next, What::Unknown { .. })) && touching {
                        return Outcome::Blocked;
                    }
                    touching = false;
                }
                What::Role(Role::Place) if touching && self.home_index(place).is_some() => return self.checked(self.meaning(place), place),
                What::Unknown { .. }
                    if touching
                        && form == Form::Verb
                        && (!(self.is_credible(place) && acts(self.marks, place))
                            || self.is_of_a_list(place)
                            || before(self.marks, place).is_some_and(|earlier| self.what(earlier) == Some(What::Possessive)))
                        && self.head_of(place).is_some() =>
                {
                    place = self.head_of(place).map_or(place, |head| head + 1);
                }
                What::Unknown { initial, .. } => {
                    // "à Helsinki": a town, whatever leads back to it.
                    let town = governed_by(self.marks, place).is_some_and(|led| self.what(led) == Some(What::Role(Role::To)));
                    if governed_by(self.marks, place).is_some() && (!any || town) && !acts(self.marks, place) {
                        touching = false;
                        continue;
                    }
                    if self.is_credible(place) {
                        return self.checked(self.meaning(place), place);
                    }
                    // A sentence may begin with any word.
                    if initial && !touching {
                        continue;
                    }
                    return Outcome::Blocked;
                }
                What::Word => {
                    if touching && form == Form::Verb && self.describes_name(place, at) {
                        continue;
                    }
                    if let Some(head) = self.head_of(place).filter(|_| touching && form == Form::Verb && (value || !self.is_infinitive(at)))
                    {
                        place = head + 1;
                        continue;
                    }
                    if touching && form == Form::Verb {
                        // "the Russell 2000 of small caps fell": what "of" leads to belongs to the name before.
                        let of = (0..place).rev().take(3).find(|earlier| self.what(*earlier) == Some(What::Role(Role::Of)));
                        let inside = of.is_some_and(|of| {
                            self.marks
                                .get(of + 1..place)
                                .is_some_and(|between| between.iter().all(|mark| is_light(mark.what) || mark.what == What::Word))
                        });
                        match of.filter(|_| inside) {
                            Some(of) => {
                                place = of;
                                continue;
                            }
                            None => return Outcome::Blocked,
                        }
                    }
                    touching = false;
                }
                // "the worst performer (down 7.4 %)": the nearest name.
                What::Open if touching => any = true,
                // "dans un marché en recul de 0,5 %", "les investisseurs ont perdu 5 %": that is what moved.
                What::Role(Role::Market)
                    if touching
                        && (form == Form::State && self.follows(place, WordClass::Indefinite)
                            || form == Form::Verb
                                && (self.follows(place, WordClass::Definite) || self.follows(place, WordClass::Indefinite))
                                && governed_by(self.marks, place).is_none()) =>
                {
                    return Outcome::Blocked;
                }
                // "Shares of Delta, United and American rose": the last of a list is nobody known.
                What::Role(Role::Group | Role::Place)
                    if place + 1 == at
                        && form == Form::Verb
                        && place.checked_sub(1).and_then(|and| self.what(and)) == Some(What::Role(Role::And))
                        && place
                            .checked_sub(2)
                            .is_some_and(|name| matches!(self.what(name), Some(What::Security { .. } | What::Comma))) =>
                {
                    return Outcome::Blocked;
                }
                What::Role(Role::Market | Role::Place | Role::Group) => {}
                // "suffered a 12 % collapse", "wobbled to a 1.6 % loss".
                What::Move { form: Form::Verb, .. } | What::Role(Role::To) if form == Form::Noun && touching => {}
                // "avant de perdre", "et de ne céder que".
                What::Role(Role::Of)
                    if touching
                        && before(self.marks, place)
                            .is_some_and(|earlier| matches!(self.what(earlier), Some(What::Role(Role::And | Role::Because)))) => {}
                // "la seconde en abandonnait 2,5 %".
                What::Role(Role::Preposition) if place + 1 == at && form == Form::Verb => {}
                What::Figure(_) | What::Move { .. } | What::Role(_) | What::Open => touching = false,
            }
        }
        // "Son cours a progressé".
        if value && self.what(0) == Some(What::Role(Role::Value)) {
            return match self.antecedent(0, Wanted::Share) {
                Some((subject, inference)) => found(subject, Some(inference), at),
                None => Outcome::Nothing,
            };
        }
        Outcome::Nothing
    }

    /// "Les ventes de Danone": the name belongs to something that is no price.
    fn is_of_a_thing(&self, name: usize) -> bool {
        matches!(self.what(name), Some(What::Security { .. } | What::Unknown { .. } | What::Role(Role::Company)))
            && governed_by(self.marks, name)
                // "holds 9 % of its assets in Nike, which fell 2 %": Nike did.
                .filter(|of| self.what(*of) != Some(What::Role(Role::For)))
                .and_then(|of| before(self.marks, of))
                .is_some_and(|thing| self.what(thing) == Some(What::Role(Role::Other)))
    }
}
