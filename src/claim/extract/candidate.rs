//! Whether a name can be what moved: what a comma sets aside, which clause it opens, whether a verb acts on it.

use super::context::{Subject, Wanted};
use super::credibility::is_company_like;
use super::lexicon::{Form, Role, WordClass};
use super::mark::{Mark, What};
use super::scene::{Scene, acts, after, before, governed_by, heads, is_light};

impl Scene<'_> {
    /// For a comma right before a verb: the name before the comma that opens what stands between.
    pub fn apposition(&self, comma: usize) -> Option<usize> {
        let kind = self.what(comma);
        let opening = (0..comma)
            .rev()
            .take_while(|place| !matches!(self.what(*place), Some(What::Break { .. })))
            .filter(|place| self.what(*place) == kind);
        for open in opening {
            // "to top the DAX, and Zalando followed, climbing".
            if after(self.marks, open).and_then(|next| self.what(next)) == Some(What::Role(Role::And)) {
                continue;
            }
            let mut name = before(self.marks, open)?;
            if self.what(name) == Some(What::Close) {
                name = before(self.marks, self.opening(name))?;
            }
            // "the benchmark, the Shanghai Composite, was up".
            // "the broader market, as measured by the S&P 500, rose".
            let measured = after(self.marks, open).filter(|measure| self.what(*measure) == Some(What::Role(Role::Measure)));
            let open_inner = measured.unwrap_or(open);
            let inner = before(self.marks, comma).filter(|inner| {
                *inner > open_inner
                    && self.only_light(open_inner + 1, *inner)
                    && matches!(self.what(*inner), Some(What::Security { .. } | What::Unknown { .. }))
            });
            if let Some(inner) = inner {
                return Some(inner);
            }
            if matches!(self.what(name), Some(What::Security { .. } | What::Role(Role::Share | Role::Index | Role::Company)))
                && acts(self.marks, name)
            {
                return Some(name);
            }
            if matches!(self.what(name), Some(What::Unknown { .. } | What::Word | What::Role(Role::Other | Role::Place)))
                && !(self.is_credible(name) && acts(self.marks, name))
                && let Some(head) =
                    self.head_of(name).filter(|head| self.what(*head) == Some(What::Role(Role::Company)) && acts(self.marks, *head))
            {
                return Some(head);
            }
            if matches!(self.what(name), Some(What::Unknown { .. })) && self.is_credible(name) {
                return Some(name);
            }
        }
        None
    }

    /// Whether "with" or "after" before the name opens a clause of which it is the subject: "with the Nikkei jumping 2 %".
    pub fn opens_clause(&self, place: usize, at: usize, form: Form) -> bool {
        let opener = governed_by(self.marks, place).and_then(|place| self.what(place));
        // "in a FTSE 100 up 0.5 %".
        let first = governed_by(self.marks, place).is_some_and(|opener| self.only_light(0, opener));
        if first && opener == Some(What::Role(Role::With)) && form == Form::State {
            // "With the S&P 500 on pace for its worst month, down 6.2 %".
            return true;
        }
        let opens = match opener {
            Some(What::Role(Role::With | Role::Because)) => true,
            Some(What::Role(Role::For)) => form == Form::State && place + 1 == at,
            // "la plus forte hausse d'un CAC 40 en repli de 0,3 %".
            Some(What::Role(Role::Of)) => form == Form::State && place + 1 == at && self.follows(place, WordClass::Indefinite),
            _ => false,
        };
        let free = |mark: &Mark| {
            is_light(mark.what)
                || matches!(
                    mark.what,
                    What::Word
                        | What::Move { form: Form::Verb, .. }
                        | What::Role(Role::To)
                        | What::Qualifier(_)
                        | What::Day(_)
                        | What::Horizon(..)
                        | What::Figure(_)
                )
        };
        let clause = matches!(opener, Some(What::Role(Role::Because | Role::With)))
            && matches!(self.what(place), Some(What::Security { .. }))
            && self.marks.get(place + 1..at).is_some_and(|between| between.iter().all(free));
        clause || opens && self.only_light(place + 1, at)
    }

    /// Whether a security can be the subject of the movement at `at`.
    pub fn can_be_subject(&self, place: usize, at: usize, form: Form) -> bool {
        let next = self.what(place + 1);
        if next == Some(What::Possessive) {
            // "Apple's 5 % drop", but not "Apple's revenue rose".
            let between = self.marks.get(place + 2..at).unwrap_or(&[]);
            let bare = between.iter().all(|mark| {
                is_light(mark.what)
                    || matches!(
                        mark.what,
                        What::Figure(_) | What::Qualifier(_) | What::Horizon(..) | What::Day(_) | What::Word | What::Role(Role::Record)
                    )
            });
            // "Best Buy's gained 5 %", "Alphabet's have put on 62 %": their shares; "Vistry's value has halved".
            let value = between.iter().any(|mark| mark.what == What::Role(Role::Value))
                && between.iter().all(|mark| is_light(mark.what) || matches!(mark.what, What::Role(Role::Value) | What::Qualifier(_)));
            let shares = value
                || place + 2 == at
                || self.only_light(place + 2, at)
                    && !self.marks.get(place + 2..at).is_some_and(|between| between.iter().any(|mark| mark.article));
            return form == Form::Noun && bare || form != Form::Noun && shares;
        }
        if matches!(next, Some(What::Unknown { .. })) {
            return false;
        }
        // "outperformed the Dow by 2 points, having risen": the other has.
        if before(self.marks, place).is_some_and(|verb| matches!(self.what(verb), Some(What::Role(Role::Gap { .. })))) {
            return false;
        }
        match governed_by(self.marks, place) {
            // "the worst-performing stock in the Dow": it isn't the Dow.
            Some(preposition)
                if self.is_index(place)
                    && before(self.marks, preposition).and_then(|head| self.what(head)) == Some(What::Role(Role::Share)) =>
            {
                false
            }
            None => true,
            Some(preposition) => heads(self.marks, preposition, place) || self.opens_clause(place, at, form),
        }
    }

    /// "the maker of KitKat and Nescafe": whether a name only ends a list of what a company makes.
    pub fn is_of_a_list(&self, place: usize) -> bool {
        place.checked_sub(1).and_then(|and| self.what(and)) == Some(What::Role(Role::And))
            && self.head_of(place).is_some_and(|head| self.what(head) == Some(What::Role(Role::Company)) && self.has_article(head))
    }

    /// Whether a name is the object of a verb that isn't one of movement, in a clause that has a subject of its own.
    pub fn is_object(&self, place: usize) -> bool {
        let verb = before(self.marks, place).filter(|verb| self.what(*verb) == Some(What::Word));
        let subject = verb.and_then(|verb| before(self.marks, verb));
        subject.is_some_and(|subject| {
            matches!(self.what(subject), Some(What::Security { .. } | What::Role(Role::Share | Role::Pronoun)))
                && governed_by(self.marks, subject).is_none()
        })
    }

    /// A name that is also a word needs to stand right before the movement, or to be known from before.
    pub fn is_believable(&self, place: usize, touching: bool) -> bool {
        touching
            || self.is_index(place)
            || place > 1
            // "Orange aligne deux séances de baisse": no common noun begins a sentence so.
            || self.view.lexicon.has_auxiliaries() && self.what(place + 1) == Some(What::Word)
            // "Only Ferrari resisted": within a sentence a capital makes a name.
            || place == 1 && matches!(self.what(0), Some(What::Role(Role::Filler)))
            || matches!(
                self.what(place + 1),
                Some(
                    What::Role(Role::Filler | Role::Report | Role::Gap { .. })
                        | What::Move { .. }
                        | What::Comma
                        | What::Day(_)
                        | What::Horizon(..)
                        | What::Figure(_)
                )
            )
            || is_company_like(self.marks, place)
            || matches!(self.what(place), Some(What::Security { key, .. }) if self.context.nearest(Wanted::Any).is_some_and(|(subject, _)| subject == Subject::Security(key)))
    }
}
