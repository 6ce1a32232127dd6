//! The words of one language: which phrase plays which [`Role`]. A lexicon is a file (`lexicon/english.toml`); a phrase in it is a
//! sequence of words with
//!
//! - `(past|last)`: one of several, `[the]`: may be left out;
//! - `{n}`: a number in digits or words, `{unit}`: days, weeks, …, `{period}`: "March", "2022", "3 March 2020", "Friday",
//!   `{time}`: a time of day.
//!
//! The longest phrase that fits at a word wins.

use std::collections::BTreeMap;

use chrono::Weekday;

use super::key::{time_unit, word_class};
use super::lexicon_file::{LexiconEntries, LexiconError, Section};
use super::number::DecimalMark;
use super::phrase::{Key, Phrases};
use super::vocabulary::Vocabulary;
use crate::claim::{Horizon, Qualifier};

/// What a phrase does in a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Role {
    /// "fell", "a drop", "down".
    Move { rise: bool, form: Form },
    /// "doubled", "halved": a move with its size, in percent.
    Multiple(i64),
    /// "a third": a size in percent when a move governs it.
    Part(i64),
    /// "more than", before the figure.
    Qualifier(Qualifier),
    /// "or more", after it.
    QualifierAfter(Qualifier),
    /// "%", "basis points".
    Unit(Unit),
    /// "over the past month", "since {period}".
    Horizon(HorizonForm),
    /// What isn't a price: "revenue", "inflation".
    Other,
    /// "could", "forecast".
    Modal,
    /// "not".
    Negation,
    /// "compared with", "while".
    Compare,
    /// "outperformed", "lagged".
    Gap { ahead: bool },
    /// "shares", "the stock".
    Share,
    /// "the index".
    Index,
    /// "it".
    Pronoun,
    /// "the former", of two named before.
    Former,
    /// "the latter".
    Latter,
    /// "the company", "the chipmaker".
    Company,
    /// "which", "whose".
    Relative,
    /// "said": what follows has its own subject.
    Report,
    /// "the worst day": its period isn't the move's.
    Record,
    /// "as measured by": what follows says the same more exactly.
    Measure,
    /// "a year", "annually": so much each year, on average.
    Rate,
    /// "on average", "typically": no single move.
    Usual,
    /// "respectively".
    Respectively,
    /// "over the same period".
    SamePeriod,
    /// "since then": since the day named before.
    SinceThen,
    /// "and", "or".
    And,
    /// "to" a level.
    To,
    /// "from" a level.
    From,
    /// "of".
    Of,
    /// "by".
    By,
    /// "for", "in": what they lead to may be what moved.
    For,
    /// "with": what follows may be the subject of a participle.
    With,
    /// "European", "tech": before "shares", a group of them.
    Group,
    /// "New York", "Asia": no company.
    Place,
    /// "investors", "Wall Street": the text speaks of markets.
    Market,
    /// Other prepositions: what they lead to isn't the subject.
    Preposition,
    /// "after", "amid": a circumstance with words of its own.
    Because,
    /// "its value".
    Value,
    /// Articles, auxiliary verbs, adverbs: nothing of their own.
    Filler,
}

/// How a word of movement stands in the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// "fell", "falling".
    Verb,
    /// "a fall".
    Noun,
    /// "down", "lower".
    State,
}

/// The unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Percent,
    PercentagePoint,
    BasisPoint,
    /// "points" alone: of an index, or of a gap.
    Point,
}

/// A horizon with its open places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum HorizonForm {
    Fixed(Horizon),
    /// `{n} {unit}`.
    Count,
    /// `since {period}`.
    Since,
    /// `{n}` alone: the unit is that of the period before.
    CountAgain,
    /// `{period}`.
    During,
    /// `from {period} to {period}`.
    Between,
    /// A period that can't be told: what moved over it is left alone.
    Unclear,
    /// `from-high-in {period}`.
    HighIn,
    LowIn,
}

/// Units of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Day,
    Session,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    /// Two weeks.
    Fortnight,
}

/// Single words that the grammar itself asks for, whatever else they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordClass {
    /// "the".
    Definite,
    /// "a": what follows isn't known yet.
    Indefinite,
    /// "its".
    Possessive,
    /// "this", "of": between a date's parts, or before a noun as an article is.
    Demonstrative,
    /// "between" two figures.
    Between,
    /// "morning", after a named day.
    PartOfDay,
    /// "in" a town.
    Town,
    /// "below": after a verb of movement it leads to a level, "slipped below 50 %".
    Level,
    /// "increase": a noun of movement that is said of anything.
    Vague,
    /// "a.m.", "GMT": after a number, a time of day.
    Clock,
    /// "point" in "one point two".
    DecimalWord,
    /// "lifted": what follows is what moved.
    Causative,
    /// "fait" before an infinitive: what the infinitive acts on is what moved, "a fait bondir le titre".
    Makes,
    /// "Director", before a person's name.
    Title,
    /// "downgraded": who does so isn't what the text is about.
    Rates,
    /// "objectif", "recommandation": what a broker changes.
    Rating,
    /// "veille": not the day that the sentence speaks of.
    AnotherDay,
    /// "que": "plus que doublé", but "plus que 12 %" is "only 12 %".
    Than,
    /// "si", which before a perfect only concedes.
    If,
    /// "a": with a participle, what has happened.
    Auxiliary,
    /// "having": what follows came before.
    Perfect,
    /// "hammered": what follows moved, and nothing else can have.
    Transitive,
    /// "winner", "laggard": who moved, so that "this week" after it is the move's period.
    Performer,
    /// "managed": a rise only when nothing else follows the figure.
    Weak,
}

impl WordClass {
    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A part of a year by its number, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartOfYear {
    Quarter(u32),
    Half(u32),
}

/// The words of one language, ready to be found in a text.
#[derive(Debug, Clone)]
pub struct Lexicon {
    pub(super) code: String,
    pub(super) decimal: DecimalMark,
    pub(super) capital_dates: bool,
    pub(super) abbreviations: Vec<String>,
    pub(super) adverb_endings: Vec<String>,
    pub(super) modal_endings: Vec<String>,
    yesterday: Vec<u32>,
    before_period: Vec<u32>,
    of_the_one: Vec<String>,
    pub(super) infinitive_endings: Vec<String>,
    announces: Vec<String>,
    home_index: BTreeMap<String, String>,
    /// Words that stand for a printed sign: true for plus.
    signs: Vec<(u32, bool)>,
    /// By word: the classes that it is of, a bit each.
    classes: Vec<Option<u32>>,
    has_auxiliaries: bool,
    common: Vec<String>,
    vocabulary: Vocabulary,
    /// By word: the month (1 to 12), weekday, unit of time that it is.
    months: Vec<Option<u32>>,
    weekdays: Vec<Option<Weekday>>,
    units: Vec<Option<TimeUnit>>,
    pub(super) phrases: Phrases<Role>,
    /// What may follow a high or a low and belongs to it.
    pub(super) high_tails: Phrases<Role>,
    /// Numbers in words, in thousandths.
    pub(super) numerals: Phrases<i64>,
    pub(super) parts_of_year: Phrases<PartOfYear>,
}

impl Lexicon {
    /// Prepares a lexicon.
    ///
    /// # Errors
    /// [`LexiconError`] for a badly written phrase or an unknown key.
    pub fn new(entries: LexiconEntries) -> Result<Self, LexiconError> {
        let decimal = match entries.decimal.as_str() {
            "point" => DecimalMark::Point,
            "comma" => DecimalMark::Comma,
            other => return Err(LexiconError::Key { section: "decimal", key: other.to_owned(), expected: "write point or comma" }),
        };
        let mut lexicon = Self {
            code: entries.code.clone(),
            decimal,
            capital_dates: entries.capital_dates,
            abbreviations: entries.abbreviations.clone(),
            adverb_endings: entries.adverb_endings.clone(),
            modal_endings: entries.modal_endings.clone(),
            yesterday: Vec::new(),
            before_period: Vec::new(),
            of_the_one: entries.of_the_one.clone(),
            infinitive_endings: entries.infinitive_endings.clone(),
            announces: entries.announces.clone(),
            home_index: BTreeMap::new(),
            signs: Vec::new(),
            classes: Vec::new(),
            has_auxiliaries: entries.grammar.get("auxiliary").is_some_and(|words| !words.is_empty()),
            common: entries.common.clone(),
            vocabulary: Vocabulary::default(),
            months: Vec::new(),
            weekdays: Vec::new(),
            units: Vec::new(),
            phrases: Phrases::default(),
            high_tails: Phrases::default(),
            numerals: Phrases::default(),
            parts_of_year: Phrases::default(),
        };
        let sections = entries.sections()?;
        for (section, phrases, role) in &sections {
            for phrase in *phrases {
                for path in lexicon.keys(phrase)? {
                    if !lexicon.phrases.insert_once(&path, *role) {
                        return Err(lexicon.twice(phrase, &path, section, &sections));
                    }
                }
            }
        }
        for (words, value) in &entries.numerals {
            for path in lexicon.keys(words)? {
                lexicon.numerals.insert(&path, (value * 1000.0).round() as i64);
            }
        }
        for (symbol, phrases) in &entries.home_index {
            for phrase in phrases {
                lexicon.home_index.insert(phrase.clone(), symbol.trim_start_matches('^').to_owned());
            }
        }
        for phrase in &entries.high_tail {
            for path in lexicon.keys(phrase)? {
                lexicon.high_tails.insert(&path, Role::Filler);
            }
        }
        for (key, words) in &entries.sign {
            let rise = match key.as_str() {
                "plus" => true,
                "minus" => false,
                _ => return Err(LexiconError::Key { section: "sign", key: key.clone(), expected: "write plus or minus" }),
            };
            for word in words {
                let word = lexicon.intern(word);
                lexicon.signs.push((word, rise));
            }
        }
        lexicon.yesterday = entries.yesterday.iter().map(|word| lexicon.intern(word)).collect();
        lexicon.before_period = entries.before_period.iter().map(|word| lexicon.intern(word)).collect();
        for (key, words) in &entries.grammar {
            let class = word_class(key)?;
            for word in words {
                let word = lexicon.intern(word);
                let before = lexicon.classes.get(word as usize).copied().flatten().unwrap_or(0);
                set(&mut lexicon.classes, word, before | class.bit());
            }
        }
        for (number, names) in (1..).zip(&entries.months) {
            for name in names {
                let word = lexicon.intern(name);
                set(&mut lexicon.months, word, number);
            }
        }
        let weekdays = [Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat, Weekday::Sun];
        for (weekday, names) in weekdays.into_iter().zip(&entries.weekdays) {
            for name in names {
                let word = lexicon.intern(name);
                set(&mut lexicon.weekdays, word, weekday);
            }
        }
        for (key, names) in &entries.units {
            let unit = time_unit(key)?;
            for name in names {
                let word = lexicon.intern(name);
                set(&mut lexicon.units, word, unit);
            }
        }
        let quarters = (1..).map(PartOfYear::Quarter).zip(&entries.quarters);
        let halves = (1..).map(PartOfYear::Half).zip(&entries.halves);
        for (part, names) in quarters.chain(halves) {
            for name in names {
                for path in lexicon.keys(name)? {
                    lexicon.parts_of_year.insert(&path, part);
                }
            }
        }
        lexicon.phrases.pack();
        lexicon.high_tails.pack();
        lexicon.numerals.pack();
        lexicon.parts_of_year.pack();
        Ok(lexicon)
    }

    /// That a phrase stands in two sections, and in which.
    fn twice(&mut self, phrase: &str, path: &[Key], section: &str, sections: &[Section<'_>]) -> LexiconError {
        let holds = |lexicon: &mut Self, phrases: &[String]| {
            phrases.iter().any(|phrase| lexicon.keys(phrase).is_ok_and(|paths| paths.iter().any(|other| other == path)))
        };
        let first = sections.iter().find(|(_, phrases, _)| holds(self, phrases)).map_or("", |(first, ..)| first.as_str());
        LexiconError::Twice { phrase: phrase.to_owned(), first: first.to_owned(), second: section.to_owned() }
    }

    fn keys(&mut self, phrase: &str) -> Result<Vec<Vec<Key>>, LexiconError> {
        super::phrase::expand(phrase, &mut |word| self.intern(word))
            .map_err(|what| LexiconError::Phrase { phrase: phrase.to_owned(), what: what.to_owned() })
    }

    fn intern(&mut self, word: &str) -> u32 {
        self.vocabulary.intern(&word.to_lowercase())
    }

    /// The number of a word written in small letters; 0 for a word that the lexicon doesn't have.
    pub(super) fn word(&self, small: &str) -> u32 {
        self.vocabulary.get(small)
    }

    /// How many of a text's words are among the language's commonest.
    pub(super) fn common_words(&self, text: &str) -> usize {
        text.split(|character: char| !character.is_alphabetic())
            .filter(|word| self.common.iter().any(|common| common.eq_ignore_ascii_case(word)))
            .count()
    }

    /// Whether a word may stand before a period and changes nothing: "late".
    pub(super) fn goes_before_period(&self, word: u32) -> bool {
        word != 0 && self.before_period.contains(&word)
    }

    /// Whether words, as printed, say "of the" before one thing and no group: "du".
    pub(super) fn is_of_the_one(&self, words: &str) -> bool {
        let plain = words.to_lowercase().replace('\u{2019}', "'");
        self.of_the_one.contains(&plain)
    }

    /// The ticker of the index that a town, or "the Paris index", stands for.
    pub(super) fn home_index(&self, words: &str) -> Option<&str> {
        (!self.home_index.is_empty()).then(|| self.home_index.get(&words.to_lowercase().replace('\u{2019}', "'")).map(String::as_str))?
    }

    /// Whether words right before a colon announce how the share took it: "Résultat : +9 %".
    pub(super) fn announces(&self, words: &str) -> bool {
        self.announces.contains(&words.to_lowercase())
    }

    /// The sign that a word stands for: "moins 3,7 %".
    pub(super) fn sign(&self, word: u32) -> Option<bool> {
        self.signs.iter().find(|(sign, _)| word != 0 && *sign == word).map(|(_, rise)| *rise)
    }

    /// Whether the lexicon says which words are auxiliary verbs.
    pub(super) fn has_auxiliaries(&self) -> bool {
        self.has_auxiliaries
    }

    /// Whether a word is of a class.
    pub(super) fn is(&self, word: u32, class: WordClass) -> bool {
        self.classes.get(word as usize).copied().flatten().is_some_and(|classes| classes & class.bit() != 0)
    }

    pub(super) fn is_yesterday(&self, word: u32) -> bool {
        word != 0 && self.yesterday.contains(&word)
    }

    pub(super) fn month(&self, word: u32) -> Option<u32> {
        self.months.get(usize::try_from(word).ok()?).copied().flatten()
    }

    pub(super) fn weekday(&self, word: u32) -> Option<Weekday> {
        self.weekdays.get(usize::try_from(word).ok()?).copied().flatten()
    }

    pub(super) fn time_unit(&self, word: u32) -> Option<TimeUnit> {
        self.units.get(usize::try_from(word).ok()?).copied().flatten()
    }
}

fn set<T: Copy>(list: &mut Vec<Option<T>>, word: u32, value: T) {
    let place = usize::try_from(word).unwrap_or(0);
    if list.len() <= place {
        list.resize(place + 1, None);
    }
    if let Some(slot) = list.get_mut(place) {
        *slot = Some(value);
    }
}
