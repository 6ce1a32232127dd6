//! Whether a capitalised name that no table holds is a company's or a share's, a person's, or a broker's who judges another: by the words
//! around it and the text before.

use super::lexicon::{Form, Role, WordClass};
use super::mark::{Mark, What};
use super::name::NameTable;
use super::scene::{Scene, acts, after, before, governed_by, is_light, plain_end, what};
use super::sentence::View;

/// Whether the words around a capitalised name say that it is a company's or a share's.
pub(super) fn is_company_like(marks: &[Mark], at: usize) -> bool {
    let Some(mark) = marks.get(at) else { return false };
    let mut next = at + 1;
    if what(marks, next) == Some(What::Possessive) {
        next += 1;
    }
    let share_after = matches!(what(marks, next), Some(What::Role(Role::Share)));
    let head = before(marks, at).and_then(|place| what(marks, place));
    let share_before = match head {
        Some(What::Role(Role::Share | Role::Company)) => true,
        Some(What::Role(Role::Of | Role::For)) => {
            let of = before(marks, at).unwrap_or(0);
            matches!(before(marks, of).and_then(|place| what(marks, place)), Some(What::Role(Role::Share)))
        }
        // "le producteur de semences Vertalis", "la biotech lyonnaise Adocia".
        Some(What::Word | What::Role(Role::Place | Role::Group)) => {
            // "le fabricant grenoblois de capteurs Morvane".
            let head = |place: usize| {
                let word = before(marks, place)?;
                if what(marks, word) == Some(What::Word) { before(marks, word) } else { Some(word) }
            };
            let of = governed_by(marks, at).and_then(head);
            let beside = before(marks, at)
                .and_then(|word| before(marks, word))
                .filter(|company| marks.get(*company + 1..at).is_some_and(|between| between.iter().all(|mark| !mark.article)));
            of.or(beside).is_some_and(|place| matches!(what(marks, place), Some(What::Role(Role::Company))))
        }
        _ => false,
    };
    // "Sorvanne a vu son cours s'éroder".
    let mut place = next;
    while place < at + 5 && matches!(what(marks, place), Some(What::Word | What::Role(Role::Filler))) {
        place += 1;
    }
    let own_price = what(marks, place) == Some(What::Role(Role::Value)) && place > next && acts(marks, at);
    share_after || share_before || own_price || matches!(mark.what, What::Unknown { company: true, .. })
}

/// "Vexley, the pump maker, fell": whether the words after the comma say that a name is a company's.
pub(super) fn is_described(marks: &[Mark], at: usize) -> bool {
    let aside = marks.get(at + 2..).unwrap_or(&[]);
    what(marks, at + 1) == Some(What::Comma)
        && aside
            .iter()
            .take(6)
            .take_while(|mark| {
                is_light(mark.what) || matches!(mark.what, What::Word | What::Role(Role::Company | Role::Place | Role::Group | Role::Other))
            })
            .any(|mark| mark.what == What::Role(Role::Company))
}

/// Whether a name is that of a broker who judges another: "Barclays has downgraded Carrefour", "Goldman Sachs abaisse Vodafone", "JPMorgan
/// analysts raised their target on Uber". Of whom the sentence speaks is the other.
pub(super) fn is_rater(view: &View<'_>, names: &NameTable, marks: &[Mark], place: usize) -> bool {
    let mut verb = after(marks, place);
    if verb.and_then(|verb| what(marks, verb)) == Some(What::Role(Role::Market)) {
        verb = verb.and_then(|analysts| after(marks, analysts));
    }
    let Some(verb) = verb else { return false };
    let is = |mark: &Mark, class| (mark.from..mark.to).any(|word| view.is(word, class));
    if marks.get(verb).is_some_and(|mark| view.is(mark.from, WordClass::Rates)) {
        return true;
    }
    // "Jefferies rappelle que la valeur a progressé".
    let broker = matches!(what(marks, place), Some(What::Security { key, .. }) if view.lexicon.is_broker(names.symbol(view.text, key)));
    if broker && what(marks, verb) == Some(What::Role(Role::Report)) {
        return true;
    }
    // "Deutsche Bank cut Barclays to hold".
    let judged = after(marks, verb).filter(|object| matches!(what(marks, *object), Some(What::Security { .. })));
    let to =
        judged.and_then(|object| after(marks, object)).filter(|to| matches!(what(marks, *to), Some(What::Role(Role::To | Role::From))));
    if matches!(what(marks, verb), Some(What::Word | What::Role(Role::Report)))
        && to.and_then(|to| after(marks, to)).is_some_and(|rating| matches!(what(marks, rating), Some(What::Word | What::Quote)))
    {
        return true;
    }
    let Some(object) = after(marks, verb).filter(|_| what(marks, verb) == Some(What::Role(Role::Report))) else { return false };
    matches!(what(marks, object), Some(What::Security { .. })) || marks.get(object).is_some_and(|mark| is(mark, WordClass::Rating))
}

/// "Paul Renaud, le patron de Morvane", "l'analyste Paul Renaud": whether a capitalised name is a person's, by the title beside it.
pub(super) fn is_person(view: &View<'_>, marks: &[Mark], at: usize) -> bool {
    let titled = |at: usize| {
        marks.get(at).is_some_and(|mark| !is_light(mark.what) && (mark.from..mark.to).any(|word| view.is(word, WordClass::Title)))
    };
    let aside = what(marks, at + 1) == Some(What::Comma) && after(marks, at + 1).is_some_and(titled);
    matches!(what(marks, at), Some(What::Unknown { company: false, .. })) && (aside || before(marks, at).is_some_and(titled))
}

impl Scene<'_> {
    /// A capitalised name counts as a security's where the words around it or the text before say so.
    pub fn is_credible(&self, at: usize) -> bool {
        match self.what(at) {
            Some(What::Security { .. }) => true,
            // A brand is no company.
            Some(What::Unknown { owner: Some(_), .. }) => self.marks.get(at).is_some_and(|mark| self.context.knows(self.view, mark)),
            Some(What::Unknown { .. }) if self.is_person(at) => false,
            Some(What::Unknown { .. }) => {
                (self.speaks_of_markets()
                    && self.marks.get(at).is_some_and(|mark| {
                        mark.to > mark.from + 1
                            || self.is_named_among_securities(at)
                            || self.moves_at_once(at)
                            || self
                                .context
                                .has_named(self.view.text, self.view.text.get(mark.start..plain_end(self.view, mark)).unwrap_or(""))
                    }))
                    || is_company_like(self.marks, at)
                    || self.loses_value(at)
                    || is_described(self.marks, at)
                    || self.marks.get(at).is_some_and(|mark| self.context.knows(self.view, mark))
            }
            _ => false,
        }
    }

    /// "Pellworm, a start-up from Hamburg, forfeited two thirds of its value": what has a value of its own in percent is a share.
    fn loses_value(&self, at: usize) -> bool {
        let opens = (0..at).all(|place| self.what(place).is_some_and(is_light)) || self.what(at + 1) == Some(What::Comma);
        let clause = || (at + 1..self.marks.len()).take_while(|place| !matches!(self.what(*place), Some(What::Break { .. })));
        let verb = clause().find(|place| matches!(self.what(*place), Some(What::Move { form: Form::Verb, .. })));
        let value = clause().find(|place| self.what(*place) == Some(What::Role(Role::Value)));
        opens
            && acts(self.marks, at)
            && verb.zip(value).is_some_and(|(verb, value)| {
                verb < value
                    && self.marks.get(verb..value).is_some_and(|between| between.iter().any(|mark| matches!(mark.what, What::Figure(_))))
                    && !self.marks.get(at..verb).is_some_and(|between| {
                        between.iter().any(|mark| matches!(mark.what, What::Security { .. } | What::Role(Role::Share | Role::Other)))
                    })
            })
    }

    /// "Morvane a plongé de 4 %", "Morvane (+4 %)": a bare word with a capital that moves by so much at once, in a language whose common
    /// nouns don't begin a sentence without an article.
    fn moves_at_once(&self, at: usize) -> bool {
        if !self.view.lexicon.has_auxiliaries() || self.has_article(at) {
            return false;
        }
        if self.what(at + 1) == Some(What::Open) {
            return matches!(self.what(at + 2), Some(What::Figure(figure)) if figure.sign.is_some());
        }
        if governed_by(self.marks, at).is_some() {
            return false;
        }
        // "Kervio, dont le bénéfice a doublé, s'adjuge 12 %", "Kervio, qui gagne 3 %".
        let aside = (self.what(at + 1) == Some(What::Comma)).then(|| {
            let relative = (self.what(at + 2) == Some(What::Role(Role::Relative))).then_some(at + 2);
            let closing = (at + 2..at + 16).find(|place| {
                self.what(*place) == Some(What::Comma)
                    && after(self.marks, *place).is_some_and(|next| matches!(self.what(next), Some(What::Move { form: Form::Verb, .. })))
            });
            closing.or(relative)
        });
        let from = match aside {
            Some(None) => return false,
            Some(Some(place)) => place,
            None => at,
        };
        let verb = (from + 1..from + 4).find(|place| !self.what(*place).is_some_and(is_light));
        verb.is_some_and(|verb| matches!(self.what(verb), Some(What::Move { form: Form::Verb | Form::State, .. })))
            && (from + 1..from + 12)
                .take_while(|place| !matches!(self.what(*place), Some(What::Comma | What::Break { .. })))
                .any(|place| matches!(self.what(place), Some(What::Figure(_) | What::Role(Role::Market))))
    }

    /// "Paul Renaud, patron de Morvane": a person.
    pub fn is_person(&self, at: usize) -> bool {
        is_person(self.view, self.marks, at)
    }

    /// A single capitalised word inside a sentence that itself speaks of shares, indices or investors; after an article it is no company.
    fn is_named_among_securities(&self, at: usize) -> bool {
        let article = at.checked_sub(1).and_then(|before| self.marks.get(before)).is_some_and(|before| before.article);
        let elided = self.marks.get(at).is_some_and(|mark| self.view.text_of(mark.from).contains(['\'', '\u{2019}']));
        let town = governed_by(self.marks, at).is_some_and(|led| matches!(self.what(led), Some(What::Role(Role::From | Role::To))));
        matches!(self.what(at), Some(What::Unknown { initial: false, .. }))
            && !article
            && !town
            && !elided
            && self
                .marks
                .iter()
                .any(|mark| matches!(mark.what, What::Security { .. } | What::Role(Role::Share | Role::Market | Role::Value)))
    }
}
