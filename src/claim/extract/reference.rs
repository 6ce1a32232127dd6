//! What a word stands for: "the shares", "the index", "it", "the company", a name, a list of names.

use super::context::{Subject, Wanted};
use super::lexicon::{Role, WordClass};
use super::mark::What;
use super::name::SecurityKind;
use super::scene::{Scene, after, before};
use super::subject::{Outcome, found};
use crate::claim::Inference;

impl Scene<'_> {
    /// Whose "shares" at `at` are.
    fn shares(&self, at: usize) -> Outcome {
        // "shares of Apple", "l'action du constructeur Renault", "l'action Airbus".
        let mut place = after(self.marks, at);
        if matches!(place.and_then(|place| self.what(place)), Some(What::Role(Role::Of | Role::For))) {
            place = place.and_then(|place| after(self.marks, place));
        }
        for _ in 0..3 {
            match place.and_then(|place| self.what(place)) {
                Some(What::Role(Role::Company) | What::Word | What::Role(Role::Index)) => {
                    place = place.and_then(|place| after(self.marks, place))
                }
                _ => break,
            }
        }
        // "le titre du français", "l'action de la banque francfortoise".
        let compatriot = after(self.marks, at)
            .filter(|of| self.what(*of) == Some(What::Role(Role::Of)))
            .and_then(|of| after(self.marks, of))
            .filter(|company| {
                self.what(*company) == Some(What::Role(Role::Company)) && place.and_then(|place| self.subject_of(place)).is_none()
            })
            .and_then(|company| self.compatriot(company));
        if let Some(outcome) = compatriot {
            return outcome;
        }
        // "shares of regional banks": nobody's.
        let of = after(self.marks, at).filter(|of| matches!(self.what(*of), Some(What::Role(Role::Of | Role::For))));
        let group = of.filter(|of| matches!(self.what(of + 1), Some(What::Word | What::Role(Role::Other | Role::Group))));
        if let Some(of) = group.filter(|_| place.and_then(|place| self.subject_of(place)).is_none()) {
            // "l'action du pneumaticien": one company, the one spoken of.
            let one = self
                .marks
                .get(of)
                .and_then(|mark| self.view.text.get(mark.start..mark.end))
                .is_some_and(|words| self.view.lexicon.is_of_the_one(words));
            let known = self.antecedent(at, Wanted::Share).filter(|_| one && self.what(of + 1) == Some(What::Word));
            return known.map_or(Outcome::Blocked, |(subject, inference)| found(subject, Some(inference), at));
        }
        let named = place.and_then(|place| Some((place, self.subject_of(place)?)));
        if let Some((place, subject)) = named.filter(|(place, _)| !self.is_index(*place) && *place < at + 6) {
            return found(subject, None, place);
        }
        // "Apple's shares", "Apple shares", "the company's shares", "tech shares".
        let mut left = before(self.marks, at);
        let possessive = left.and_then(|place| self.what(place)) == Some(What::Possessive);
        if possessive {
            left = left.and_then(|place| before(self.marks, place));
        }
        let adjacent = left.filter(|place| possessive || place + 1 == at || self.only_light(place + 1, at));
        match adjacent.and_then(|place| self.what(place).map(|what| (place, what))) {
            Some((place, What::Security { .. })) if self.directly(place, at, possessive) => {
                if self.is_index(place) && !possessive {
                    return Outcome::Blocked;
                }
                match self.subject_of(place) {
                    Some(subject) => found(subject, None, place),
                    None => Outcome::Blocked,
                }
            }
            // "the Leverkusen stock": that of the company spoken of, by its town.
            Some((place, What::Unknown { company: false, .. }))
                if !possessive
                    && self.directly(place, at, possessive)
                    && self.has_article(place)
                    && self.marks.get(place).is_some_and(|mark| mark.to == mark.from + 1 && !self.context.knows(self.view, mark))
                    && self.antecedent(place, Wanted::Share).is_some() =>
            {
                self.antecedent(place, Wanted::Share).map_or(Outcome::Blocked, |(subject, inference)| found(subject, Some(inference), at))
            }
            Some((place, What::Unknown { .. })) if self.directly(place, at, possessive) => match self.subject_of(place) {
                Some(subject) => found(subject, None, place),
                None => Outcome::Blocked,
            },
            // "BHP's London shares".
            Some((place, What::Role(Role::Place | Role::Group)))
                if place + 1 == at
                    && place > 1
                    && self.what(place - 1) == Some(What::Possessive)
                    && self.subject_of(place - 2).is_some() =>
            {
                self.subject_of(place - 2).map_or(Outcome::Blocked, |subject| found(subject, None, place - 2))
            }
            Some((place, What::Word | What::Role(Role::Other | Role::Group | Role::Place))) if place + 1 == at && !self.acts_on(place) => {
                Outcome::Blocked
            }
            // "the American planemaker's stock".
            Some((place, What::Role(Role::Company))) if possessive && self.compatriot(place).is_some() => {
                self.compatriot(place).unwrap_or(Outcome::Blocked)
            }
            // "airline shares", but "the airline's shares", "the airline stock".
            Some((place, What::Role(Role::Company))) if place + 1 == at && !self.has_article(place) => Outcome::Blocked,
            _ => match self.antecedent(at, Wanted::Share) {
                Some((subject, inference)) => found(subject, Some(inference), at),
                None => match self.only_share_after(at) {
                    Some(subject) => found(subject, Some(Inference::SecurityFromContext), at),
                    // "un titre qui perd 50 %": any share.
                    None if self.follows(at, WordClass::Indefinite) => Outcome::Blocked,
                    None => found(Subject::Unsaid, None, at),
                },
            },
        }
    }

    pub fn has_article(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.marks.get(before));
        before.is_some_and(|mark| mark.article) || self.marks.get(at).is_some_and(|mark| mark.article)
    }

    /// The one share that the sentence names after a place: "its slide has made Chipotle look cheap".
    fn only_share_after(&self, at: usize) -> Option<Subject> {
        let shares = || {
            (at + 1..self.marks.len()).filter(|place| matches!(self.what(*place), Some(What::Security { .. })) && !self.is_index(*place))
        };
        let first = self.subject_of(shares().next()?)?;
        shares().all(|place| self.subject_of(place) == Some(first)).then_some(first)
    }

    /// What a word that stands for a security at `at` means: "the shares", "the index", "it", "the company", a name.
    pub fn meaning(&self, at: usize) -> Outcome {
        let anaphor = |wanted| match self.antecedent(at, wanted) {
            Some((subject, inference)) => found(subject, Some(inference), at),
            None => Outcome::Blocked,
        };
        // "Les trois indices ont perdu respectivement 1 %, 2 % et 3 %": those of the sentence before.
        if matches!(self.what(at), Some(What::Role(Role::Index | Role::Share | Role::Pronoun)))
            && self.marks.iter().any(|mark| mark.what == What::Role(Role::Respectively))
            && !self.marks.iter().any(|mark| matches!(mark.what, What::Security { .. } | What::Unknown { .. }))
        {
            let subjects = self.context.listed();
            if subjects.len() > 1 {
                return Outcome::Found { subjects, inferred: Some(Inference::SecurityFromContext), place: at };
            }
        }
        if matches!(self.what(at), Some(What::Role(Role::Share | Role::Pronoun | Role::Index))) && self.figures_in_a_row(at) > 1 {
            let mut named: Vec<Subject> = Vec::new();
            for place in (0..at).filter(|place| matches!(self.what(*place), Some(What::Security { .. }))) {
                named.extend(self.subject_of(place).filter(|subject| !named.contains(subject)));
            }
            let subjects = if named.is_empty() { self.context.listed() } else { named };
            if subjects.len() == self.figures_in_a_row(at) {
                return Outcome::Found { subjects, inferred: Some(Inference::SecurityFromContext), place: at };
            }
        }
        match self.what(at) {
            // "consumer price index": not one of shares.
            Some(What::Role(Role::Index)) if at > 0 && self.what(at - 1) == Some(What::Role(Role::Other)) => Outcome::Blocked,
            // "the Stoxx 600 autos index": another.
            Some(What::Role(Role::Index))
                if at > 1
                    && matches!(self.what(at - 1), Some(What::Word | What::Role(Role::Group | Role::Company)))
                    && (self.is_index(at - 2) || at > 2 && self.what(at - 2) == Some(What::Word) && self.is_index(at - 3)) =>
            {
                Outcome::Blocked
            }
            Some(What::Security { .. }) => self.subject_of(at).map_or(Outcome::Blocked, |subject| found(subject, None, at)),
            Some(What::Unknown { .. }) if self.is_credible(at) => {
                self.subject_of(at).map_or(Outcome::Blocked, |subject| found(subject, None, at))
            }
            Some(What::Role(Role::Share)) => self.shares(at),
            Some(What::Role(Role::Index)) => {
                // "l'indice CAC 40".
                let mut next = after(self.marks, at);
                // "l'indice phare, le CAC 40".
                if matches!(next.and_then(|next| self.what(next)), Some(What::Comma)) {
                    next = next.and_then(|next| after(self.marks, next));
                }
                match next.filter(|next| self.is_index(*next)).and_then(|next| Some((next, self.subject_of(next)?))) {
                    Some((next, subject)) => found(subject, None, next),
                    None => match self.home_index(at).or_else(|| self.index_of_place(at)) {
                        Some(subject) => found(subject, None, at),
                        None => anaphor(Wanted::Index),
                    },
                }
            }
            Some(What::Role(Role::Place)) => self.home_index(at).map_or(Outcome::Blocked, |subject| found(subject, None, at)),
            Some(What::Role(role @ (Role::Former | Role::Latter))) => match self.pair(at).or_else(|| self.context.pair()) {
                Some((first, last)) => found(if role == Role::Former { first } else { last }, Some(Inference::SecurityFromContext), at),
                None => Outcome::Blocked,
            },
            Some(What::Role(Role::Several(count))) => self.several(at, usize::from(count)),
            // "son rival", "sa filiale": another.
            Some(What::Role(Role::Company)) if self.follows(at, WordClass::Possessive) => Outcome::Blocked,
            Some(What::Role(Role::Company)) => self.compatriot(at).unwrap_or_else(|| match anaphor(Wanted::Share) {
                // The headline, or the first words, of a text that names the company later.
                Outcome::Blocked
                    if self.context.is_new()
                        && !self.follows(at, WordClass::Indefinite)
                        && !self
                            .marks
                            .iter()
                            .any(|mark| matches!(mark.what, What::Security { .. } | What::Unknown { initial: false, .. })) =>
                {
                    found(Subject::Later, Some(Inference::SecurityFromContext), at)
                }
                outcome => outcome,
            }),
            Some(What::Role(Role::Pronoun)) => match self.context.last_subject.filter(|_| !(0..at).any(|place| self.is_credible(place))) {
                Some(subject) => found(subject, Some(Inference::SecurityFromContext), at),
                None => match anaphor(Wanted::Any) {
                    // "Le titre était attendu en baisse ; il a terminé en hausse de 2 %".
                    Outcome::Blocked if (0..at).any(|place| self.what(place) == Some(What::Role(Role::Share))) => {
                        found(Subject::Unsaid, None, at)
                    }
                    outcome => outcome,
                },
            },
            _ => Outcome::Blocked,
        }
    }

    /// "All three lost 2 %", "the two gauges are up 1 % and 3 %, respectively": as many of the securities named before, in order, as the
    /// words say or figures follow; nobody where that doesn't tell which.
    fn several(&self, at: usize, count: usize) -> Outcome {
        let figures = self.figures_after(at);
        let wanted = if count > 0 { count } else { figures };
        if wanted < 2 || figures > 1 && figures != wanted {
            return Outcome::Blocked;
        }
        let mut named: Vec<Subject> = Vec::new();
        for place in (0..at).filter(|place| self.is_credible(*place)) {
            if let Some(subject) = self.subject_of(place).filter(|subject| !named.contains(subject)) {
                named.push(subject);
            }
        }
        let is_index = |subject: &Subject| matches!(subject, Subject::Security(key) if self.names.kind(*key) == SecurityKind::Index);
        let of_kind = |subjects: &[Subject], index: bool| subjects.iter().copied().filter(|subject| is_index(subject) == index).collect();
        for subjects in [named, self.context.listed(), self.context.of_paragraph()] {
            let fitting: [Vec<Subject>; 3] = [of_kind(&subjects, true), of_kind(&subjects, false), subjects];
            if let Some(subjects) = fitting.into_iter().rev().find(|subjects| subjects.len() == wanted) {
                return Outcome::Found { subjects, inferred: Some(Inference::SecurityFromContext), place: at };
            }
        }
        Outcome::Blocked
    }

    /// How many figures follow one another from the first after `at` on: "1 %, 2 % and 3 %".
    fn figures_after(&self, at: usize) -> usize {
        let first = (at + 1..self.marks.len()).find(|place| matches!(self.what(*place), Some(What::Figure(_))));
        let Some(first) = first else { return 0 };
        (first..self.marks.len())
            .map_while(|place| match self.what(place)? {
                What::Figure(_) => Some(1),
                What::Comma | What::Qualifier(_) | What::Role(Role::And | Role::Filler | Role::By) => Some(0),
                _ => None,
            })
            .sum()
    }

    /// "l'espagnol", "la banque italienne": of the companies spoken of the nearest that is at home there, where the nearest of all isn't.
    fn compatriot(&self, at: usize) -> Option<Outcome> {
        let mark = self.marks.get(at)?;
        // "la banque italienne", but "the Italian bank".
        let words =
            if self.view.lexicon.infinitive_endings.is_empty() { mark.from.saturating_sub(2)..mark.to } else { mark.from..mark.to + 2 };
        let word = words.into_iter().find(|word| self.view.is(*word, WordClass::National))?;
        let alone = (mark.from..mark.to).contains(&word) && mark.to == mark.from + 1;
        let at_home = |subject: &Subject| match subject {
            Subject::Security(key) => {
                self.view.lexicon.is_at_home(self.view.word(word), self.names.symbol(self.view.text, *key)).unwrap_or(false)
            }
            _ => false,
        };
        let usual = self.antecedent(at, Wanted::Share).map(|(subject, _)| subject);
        if usual.as_ref().is_some_and(|subject| at_home(subject) || !alone && !matches!(subject, Subject::Security(_))) {
            return None;
        }
        let here = (0..at).rev().filter_map(|place| self.subject_of(place)).find(at_home);
        match here.or_else(|| self.context.nearest_that(at_home)) {
            Some(subject) => Some(found(subject, Some(Inference::SecurityFromContext), at)),
            None => alone.then_some(Outcome::Blocked),
        }
    }

    /// "ils avaient cédé 3 % et 2 %": how many figures follow one another after the first verb past `at`, none with a period of its own.
    pub fn figures_in_a_row(&self, at: usize) -> usize {
        let first = (at + 1..at + 8).find(|place| matches!(self.what(*place), Some(What::Figure(_) | What::Break { .. } | What::Comma)));
        let Some(mut place) = first.filter(|place| matches!(self.what(*place), Some(What::Figure(_)))) else { return 0 };
        let mut count = 1;
        while let Some(joint) =
            after(self.marks, place).filter(|joint| matches!(self.what(*joint), Some(What::Comma | What::Role(Role::And))))
        {
            let mut next = after(self.marks, joint);
            while matches!(next.and_then(|next| self.what(next)), Some(What::Role(Role::Of | Role::By) | What::Qualifier(_))) {
                next = next.and_then(|next| after(self.marks, next));
            }
            match next.filter(|next| matches!(self.what(*next), Some(What::Figure(_)))) {
                Some(next) => place = next,
                None => break,
            }
            count += 1;
        }
        count
    }

    /// The two securities that the sentence names before `at`.
    fn pair(&self, at: usize) -> Option<(Subject, Subject)> {
        let mut named: Vec<Subject> = Vec::new();
        for subject in (0..at).filter_map(|place| self.subject_of(place)) {
            if !named.contains(&subject) {
                named.push(subject);
            }
        }
        (named.len() >= 2).then(|| Some((*named.first()?, *named.last()?)))?
    }

    /// What stands before a name and the words that say where it is at home: "Italy's Eni", "Spanish rival Iberdrola".
    fn before_description(&self, name: usize) -> Option<usize> {
        let mut place = before(self.marks, name)?;
        if self.what(place) == Some(What::Possessive)
            && let Some(home) = before(self.marks, place).filter(|home| self.what(*home) == Some(What::Role(Role::Place)))
        {
            return before(self.marks, home);
        }
        for _ in 0..2 {
            match self.what(place) {
                Some(What::Role(Role::Group | Role::Place | Role::Company)) => place = before(self.marks, place)?,
                _ => break,
            }
        }
        Some(place)
    }

    /// The list that ends with the name at `at`: "Apple, Microsoft and Nvidia".
    pub fn listed(&self, at: usize) -> Outcome {
        let mut subjects = Vec::new();
        let mut place = at;
        while let Some(subject) = self.subject_of(place) {
            subjects.insert(0, subject);
            let Some(joint) = self.before_description(place) else { break };
            let joint = match self.what(joint) {
                // "Goldman Sachs was flat and Morgan Stanley rose" is no list.
                Some(What::Role(Role::And)) => before(self.marks, joint)
                    .filter(|last| last + 1 == joint)
                    .map(|comma| if self.what(comma) == Some(What::Comma) { before(self.marks, comma) } else { Some(comma) })
                    .unwrap_or(None),
                Some(What::Comma) if subjects.len() > 1 => before(self.marks, joint),
                _ => None,
            };
            match joint {
                Some(next)
                    if matches!(self.what(next), Some(What::Security { .. })) && self.is_index(next) == self.is_index(at)
                        || matches!(self.what(next), Some(What::Unknown { .. }))
                            && self.context.knows_as_company(self.view, self.marks, next)
                            && !self.is_index(at) =>
                {
                    place = next
                }
                _ => break,
            }
        }
        Outcome::Found { subjects, inferred: None, place: at }
    }
}
