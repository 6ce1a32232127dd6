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

pub(super) use super::meaning::{Form, HorizonForm, PartOfYear, Role, TimeUnit, Unit, WordClass};

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
    brokers: Vec<String>,
    home_index: BTreeMap<String, String>,
    /// Tickers of the securities that epithets stand for, in the order of their roles.
    epithets: Vec<String>,
    /// By word, "Spanish": the suffixes of the symbols of shares at home there, empty for the United States'.
    nationalities: BTreeMap<u32, Vec<String>>,
    /// Words that stand for a printed sign: true for plus.
    signs: Vec<(u32, bool)>,
    /// By word: the classes that it is of, a bit each.
    classes: Vec<u64>,
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
            brokers: entries.brokers.clone(),
            home_index: BTreeMap::new(),
            epithets: entries.epithet.keys().map(|symbol| symbol.trim_start_matches('^').to_owned()).collect(),
            nationalities: BTreeMap::new(),
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
        for (market, words) in &entries.nationality {
            for word in words {
                let word = lexicon.intern(word);
                let suffix = if market == "US" { "" } else { market.as_str() };
                lexicon.nationalities.entry(word).or_default().push(suffix.to_owned());
                lexicon.classify(word, WordClass::National);
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
                lexicon.classify(word, class);
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
        lexicon.classify_openings();
        for (_, phrases, role) in &sections {
            let class = match role {
                Role::Share | Role::Market => WordClass::OfMarkets,
                Role::Epithet(_) | Role::Former | Role::Latter | Role::Multiple(_) | Role::Part(_) | Role::Unit(_) => WordClass::Notable,
                _ => continue,
            };
            let mut paths = Vec::new();
            for phrase in *phrases {
                paths.extend(lexicon.keys(phrase)?);
            }
            for path in paths {
                let words = path.iter().filter_map(|key| match key {
                    Key::Word(word) => Some(*word),
                    _ => None,
                });
                // The longest is the rarest.
                if let Some(word) = words.max_by_key(|word| lexicon.vocabulary.word(*word).len()) {
                    lexicon.classify(word, class);
                }
            }
        }
        lexicon.phrases.pack();
        lexicon.high_tails.pack();
        lexicon.numerals.pack();
        lexicon.parts_of_year.pack();
        Ok(lexicon)
    }

    /// Notes which words a number or a date may begin with, so that most words are asked once.
    fn classify_openings(&mut self) {
        for word in 1..=self.vocabulary.len() {
            if self.numerals.begin(word).is_some() {
                self.classify(word, WordClass::Numeral);
            }
            let named = self.month(word).is_some() || self.weekday(word).is_some() || self.is_yesterday(word);
            if named || self.parts_of_year.begin(word).is_some() {
                self.classify(word, WordClass::Dated);
            }
        }
    }

    fn classify(&mut self, word: u32, class: WordClass) {
        let place = word as usize;
        if self.classes.len() <= place {
            self.classes.resize(place + 1, 0);
        }
        if let Some(classes) = self.classes.get_mut(place) {
            *classes |= class.bit();
        }
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

    /// The ticker of the security that an epithet stands for.
    pub(super) fn epithet(&self, place: u16) -> Option<&str> {
        self.epithets.get(usize::from(place)).map(String::as_str)
    }

    /// Whether a symbol is that of a share at home where a word like "Spanish" says; None for another word.
    pub(super) fn is_at_home(&self, word: u32, symbol: &str) -> Option<bool> {
        let suffixes = self.nationalities.get(&word)?;
        let suffix = symbol.rsplit_once('.').map_or("", |(_, suffix)| suffix);
        Some(!symbol.starts_with('^') && suffixes.iter().any(|other| other == suffix))
    }

    /// Whether a symbol is that of a bank whose analysts judge others.
    pub(super) fn is_broker(&self, symbol: &str) -> bool {
        self.brokers.iter().any(|broker| broker == symbol)
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
        self.classes.get(word as usize).is_some_and(|classes| classes & class.bit() != 0)
    }

    /// Whether a word is of one of some classes, each a bit.
    pub(super) fn is_any(&self, word: u32, bits: u64) -> bool {
        self.classes.get(word as usize).is_some_and(|classes| classes & bits != 0)
    }

    /// Whether a word is an article, or stands in an article's place.
    pub(super) fn is_article(&self, word: u32) -> bool {
        const ARTICLES: u64 =
            WordClass::Definite.bit() | WordClass::Indefinite.bit() | WordClass::Possessive.bit() | WordClass::Demonstrative.bit();
        self.classes.get(word as usize).is_some_and(|classes| classes & ARTICLES != 0)
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
