//! The marks of a sentence, with what came before it, and the simple questions to ask of them: what stands beside a mark, whether a
//! preposition governs it, which word heads it, which index a town stands for.

use super::context::{Context, Subject, Wanted};
use super::credibility::is_rater;
use super::lexicon::{Role, WordClass};
use super::mark::{Mark, What};
use super::name::{NameTable, SecurityKind};
use super::sentence::View;
use crate::claim::{Horizon, Inference};

/// The marks of a sentence and what came before it.
pub(super) struct Scene<'a> {
    pub view: &'a View<'a>,
    pub marks: &'a [Mark],
    pub names: &'a NameTable,
    pub context: &'a Context,
}

/// Marks that carry nothing for the search of a neighbour.
pub(super) fn is_light(what: What) -> bool {
    matches!(what, What::Role(Role::Filler) | What::Quote | What::Period(_))
}

pub(super) fn is_preposition(what: What) -> bool {
    matches!(what, What::Role(Role::Preposition | Role::Because | Role::With | Role::By | Role::For | Role::From | Role::To | Role::Of))
}

/// The place before `at` past what carries nothing.
pub(super) fn before(marks: &[Mark], at: usize) -> Option<usize> {
    (0..at).rev().find(|place| marks.get(*place).is_some_and(|mark| !is_light(mark.what)))
}

/// The place after `at` past what carries nothing.
pub(super) fn after(marks: &[Mark], at: usize) -> Option<usize> {
    (at + 1..marks.len()).find(|place| marks.get(*place).is_some_and(|mark| !is_light(mark.what)))
}

pub(super) fn what(marks: &[Mark], at: usize) -> Option<What> {
    marks.get(at).map(|mark| mark.what)
}

/// The preposition that governs a name, past words that describe it ("of chipmaker Nvidia"): its place.
pub(super) fn governed_by(marks: &[Mark], at: usize) -> Option<usize> {
    let mut place = before(marks, at)?;
    // "Going into the report the stock": an article begins anew.
    let article = |from: usize, to: usize| marks.get(from + 1..to).is_some_and(|between| between.iter().any(|mark| mark.article));
    let begins = article(place, at) || marks.get(at).is_some_and(|mark| mark.article);
    // "By March 2009 the index": what the preposition leads to is the month.
    let dated =
        |place: usize| marks.get(place + 1..at).is_some_and(|between| between.iter().any(|mark| matches!(mark.what, What::Period(_))));
    for _ in 0..3 {
        match what(marks, place)? {
            What::Number | What::Word | What::Role(Role::Company | Role::Index | Role::Place) if begins => return None,
            // "Orders at the Munich-based group".
            What::Number | What::Word | What::Role(Role::Company | Role::Index | Role::Place) => place = before(marks, place)?,
            other if is_preposition(other) => return Some(place).filter(|place| !dated(*place)),
            _ => return None,
        }
    }
    what(marks, place).filter(|what| is_preposition(*what)).map(|_| place)
}

/// Whether what the preposition at `place` belongs to lets the name at `at` stand for it: "shares of Apple", "le groupe de luxe Richemont".
pub(super) fn heads(marks: &[Mark], place: usize, at: usize) -> bool {
    let mut head = before(marks, place);
    // "le géant suisse du luxe Richemont".
    for _ in 0..2 {
        if matches!(head.and_then(|head| what(marks, head)), Some(What::Role(Role::Place | Role::Group))) {
            head = head.and_then(|head| before(marks, head));
        }
    }
    // "le fabricant grenoblois de capteurs Morvane".
    let described = head.filter(|word| what(marks, *word) == Some(What::Word)).and_then(|word| before(marks, word));
    if described.is_some_and(|company| what(marks, company) == Some(What::Role(Role::Company))) {
        head = described;
    }
    match head.and_then(|head| what(marks, head)) {
        Some(What::Role(Role::Share | Role::Index)) => true,
        Some(What::Role(Role::Company)) => before(marks, at) != Some(place),
        _ => false,
    }
}

/// Whether a name isn't governed by a preposition, unless that of "shares of".
pub(super) fn acts(marks: &[Mark], at: usize) -> bool {
    match governed_by(marks, at) {
        None => true,
        Some(place) => heads(marks, place, at),
    }
}

/// The end of a name without its legal form, bytes.
pub(super) fn plain_end(view: &View<'_>, mark: &Mark) -> usize {
    (mark.from + 1..=mark.to)
        .find(|to| super::company::after_legal_form(view.text, view.tokens, *to) == mark.to && *to < mark.to)
        .and_then(|to| view.token(to - 1))
        .map_or(mark.end, |token| token.end)
}

impl Scene<'_> {
    pub fn what(&self, at: usize) -> Option<What> {
        what(self.marks, at)
    }

    /// The bracket that the one at `close` closes.
    pub fn opening(&self, close: usize) -> usize {
        (0..close).rev().find(|place| self.what(*place) == Some(What::Open)).unwrap_or(close)
    }

    fn words_of(&self, at: usize) -> &str {
        self.marks.get(at).and_then(|mark| self.view.text.get(mark.start..mark.end)).unwrap_or("")
    }

    /// The index that a town stands for, "Francfort a perdu 1 %", "la Bourse de Paris gagne 1 %"; not "à Francfort".
    pub fn home_index(&self, at: usize) -> Option<Subject> {
        let ticker = self.view.lexicon.home_index(self.words_of(at))?;
        let free = match before(self.marks, at).map(|place| (place, self.what(place))) {
            Some((of, Some(What::Role(Role::Of)))) => before(self.marks, of).is_some_and(|head| {
                self.what(head) == Some(What::Role(Role::Market))
                    && before(self.marks, head).and_then(|place| self.what(place)).is_none_or(|what| !is_preposition(what))
            }),
            Some((_, Some(what))) => !is_preposition(what),
            _ => true,
        };
        let index = self.what(at) == Some(What::Role(Role::Index));
        // "Paris a pris 1 %, Francfort 0,8 %": towns that move one after another are markets.
        let among = || {
            let towns = self.marks.iter().filter(|mark| {
                let words = self.view.text.get(mark.start..mark.end).unwrap_or("");
                mark.what == What::Role(Role::Place) && self.view.lexicon.home_index(words).is_some()
            });
            towns.count() > 1
        };
        (index || free && (self.speaks_of_markets() || among())).then(|| self.names.ticker(ticker)).flatten().map(Subject::Security)
    }

    /// "l'indice composite de Shanghai", "À Shanghai, l'indice composite": the index of the one place named.
    pub fn index_of_place(&self, at: usize) -> Option<Subject> {
        let of = after(self.marks, at).filter(|of| self.what(*of) == Some(What::Role(Role::Of)));
        let beside = of.and_then(|of| after(self.marks, of)).map(|place| match self.what(place) {
            // "de la Bourse de Shanghai".
            Some(What::Role(Role::Market)) => after(self.marks, place).and_then(|of| after(self.marks, of)).unwrap_or(place),
            _ => place,
        });
        let beside = beside.filter(|place| self.what(*place) == Some(What::Role(Role::Place)));
        let clause = || {
            (0..at).rev().take_while(|place| {
                !matches!(self.what(*place), Some(What::Figure(_) | What::Security { .. } | What::Break { colon: false }))
            })
        };
        let place = beside.or_else(|| clause().find(|place| self.what(*place) == Some(What::Role(Role::Place))))?;
        let ticker = self.view.lexicon.home_index(self.words_of(place))?;
        self.names.ticker(ticker).map(Subject::Security)
    }

    /// The company, share or index that heads the words which end at `at`: "le producteur de jeux vidéo", "l'éditeur d'« Assassin's Creed »".
    pub fn head_of(&self, at: usize) -> Option<usize> {
        let mut place = at;
        for _ in 0..8 {
            match self.what(place)? {
                What::Role(Role::Of) => {
                    let mut head = before(self.marks, place)?;
                    for _ in 0..2 {
                        if self.what(head) == Some(What::Word) {
                            head = before(self.marks, head)?;
                        }
                    }
                    if matches!(self.what(head), Some(What::Role(Role::Share | Role::Index | Role::Company))) {
                        return Some(head);
                    }
                }
                // "la marque au félin".
                What::Role(Role::Preposition | Role::To) => {
                    let head = before(self.marks, place)?;
                    return (self.what(head) == Some(What::Role(Role::Company))).then_some(head);
                }
                // "le manufacturier auvergnat a plongé".
                What::Role(Role::Company)
                    if (self.has_article(place) || self.follows_one(place))
                        && (place + 1..=at).all(|between| self.what(between) == Some(What::Word)) =>
                {
                    return Some(place);
                }
                What::Word
                | What::Unknown { .. }
                | What::Quote
                | What::Possessive
                | What::Number
                | What::Role(Role::Filler | Role::Group | Role::Place | Role::Other | Role::Market | Role::And) => {}
                _ => return None,
            }
            place = place.checked_sub(1)?;
        }
        None
    }

    /// Whether a verb of movement stands in the infinitive, which another verb may govern: "veut gagner".
    pub fn is_infinitive(&self, movement: usize) -> bool {
        let verb = self.marks.get(movement).map_or("", |mark| self.view.text_of(mark.to.saturating_sub(1)));
        self.view.lexicon.infinitive_endings.iter().any(|ending| verb.ends_with(ending.as_str()))
    }

    /// Whether "of the" before one thing stands before: "du manufacturier".
    pub fn follows_one(&self, at: usize) -> bool {
        before(self.marks, at)
            .is_some_and(|of| self.what(of) == Some(What::Role(Role::Of)) && self.view.lexicon.is_of_the_one(self.words_of(of)))
    }

    /// Whether the words that end at `at` describe the name before them: "le Kospi sud-coréen a gagné".
    pub fn describes_name(&self, at: usize, movement: usize) -> bool {
        if self.view.lexicon.infinitive_endings.is_empty() || self.is_infinitive(movement) {
            return false;
        }
        let mut place = at;
        for _ in 0..2 {
            let Some(earlier) = place.checked_sub(1) else { return false };
            match self.what(earlier) {
                Some(What::Word) => place = earlier,
                Some(What::Security { .. }) => return acts(self.marks, earlier),
                _ => return false,
            }
        }
        false
    }

    pub fn subject_of(&self, at: usize) -> Option<Subject> {
        match self.what(at)? {
            What::Security { key, .. } => Some(Subject::Security(key)),
            What::Unknown { .. } => {
                let mark = self.marks.get(at)?;
                Some(Subject::Unknown { start: mark.start, end: plain_end(self.view, mark) })
            }
            _ => None,
        }
    }

    pub fn is_index(&self, at: usize) -> bool {
        matches!(self.what(at), Some(What::Security { key, .. }) if self.names.kind(key) == SecurityKind::Index)
    }

    /// Whether a preposition can lead to a town: "in Zurich", not "for Roche".
    pub fn is_town(&self, preposition: usize) -> bool {
        self.marks.get(preposition).is_some_and(|mark| self.view.is(mark.from, WordClass::Town))
    }

    pub fn speaks_of_markets(&self) -> bool {
        let of_the_exchange = |mark: &Mark| match mark.what {
            What::Horizon(Some(Horizon::Sessions(_) | Horizon::Intraday | Horizon::ExtendedHours), _) => true,
            _ => (mark.from..mark.to).any(|word| self.view.is(word, WordClass::Exchange)),
        };
        self.context.market
            || self.marks.iter().any(of_the_exchange)
            || self
                .marks
                .iter()
                .any(|mark| matches!(mark.what, What::Security { .. } | What::Role(Role::Share | Role::Market | Role::Value)))
    }

    /// The nearest security in the sentence before `at` that fits, or in the text before; true when from an earlier paragraph.
    pub fn antecedent(&self, at: usize, wanted: Wanted) -> Option<(Subject, Inference)> {
        // "Ce dernier a vu son action croître".
        if let Some(place) = (0..at).rev().find(|place| {
            !matches!(self.what(*place), Some(What::Role(Role::Share | Role::Company)) | Some(What::Word))
                && !self.what(*place).is_some_and(is_light)
        }) && matches!(self.what(place), Some(What::Role(Role::Former | Role::Latter)))
            && let super::subject::Outcome::Found { subjects, .. } = self.meaning(place)
            && let Some(subject) = subjects.first()
        {
            return Some((*subject, Inference::SecurityFromContext));
        }
        let fits = |place: &usize| {
            let index = self.is_index(*place);
            let kind = match wanted {
                Wanted::Share => !index,
                Wanted::Index => index,
                Wanted::Any => true,
            };
            let unknown = matches!(self.what(*place), Some(What::Unknown { .. }));
            kind && self.is_credible(*place) && (!unknown || acts(self.marks, *place) && self.head_of(*place).is_none())
        };
        let here = || (0..at).rev().filter(fits);
        // "its Apple stake": what is spoken of is the stake.
        let modifies = |place: usize| {
            matches!(self.what(place + 1), Some(What::Role(Role::Other)))
                // "to save the Dow's blushes".
                || self.what(place + 1) == Some(What::Possessive) && self.what(place + 2) == Some(What::Word)
        };
        let rates = |place: usize| is_rater(self.view, self.names, self.marks, place);
        let place = here().find(|place| acts(self.marks, *place) && !modifies(*place) && !rates(*place)).or_else(|| {
            // Who judges isn't judged, where the text has spoken of another.
            here()
                .find(|place| !modifies(*place))
                .or_else(|| here().next())
                .filter(|place| !rates(*place) || self.context.nearest(wanted).is_none())
        });
        if let Some(subject) = place.and_then(|place| self.subject_of(place)) {
            return Some((subject, Inference::SecurityFromContext));
        }
        let in_sentence = || (0..at).rev().find(|place| matches!(self.what(*place), Some(What::Unknown { initial: false, .. })));
        let Some((subject, earlier)) = self.context.nearest(wanted) else {
            // "Bad news for Ubrixel: the stock fell".
            let name = in_sentence().filter(|_| wanted == Wanted::Share).and_then(|place| self.subject_of(place))?;
            return Some((name, Inference::SecurityFromContext));
        };
        Some((subject, if earlier { Inference::SecurityFromEarlierParagraph } else { Inference::SecurityFromContext }))
    }

    pub fn directly(&self, place: usize, at: usize, possessive: bool) -> bool {
        let from = if possessive { place + 2 } else { place + 1 };
        from == at || (possessive && self.only_light(from, at))
    }

    pub fn only_light(&self, from: usize, to: usize) -> bool {
        self.marks.get(from..to).is_some_and(|marks| marks.iter().all(|mark| is_light(mark.what)))
    }

    /// Whether the word right before a mark is of a class: "the", "its".
    pub fn follows(&self, at: usize, class: WordClass) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.marks.get(before));
        before.and_then(|mark| mark.to.checked_sub(1)).is_some_and(|token| self.view.is(token, class))
    }

    /// Whether a verb moves what follows it: "sent shares lower", "lifted Nike".
    pub fn acts_on(&self, at: usize) -> bool {
        let is =
            |class| self.marks.get(at).is_some_and(|mark| self.view.is(mark.from, class) || self.view.is(mark.to.saturating_sub(1), class));
        is(WordClass::Transitive) || is(WordClass::Causative)
    }

    pub fn object_at(&self, at: usize) -> bool {
        governed_by(self.marks, at).is_some()
    }
}
