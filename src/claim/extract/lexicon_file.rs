//! A lexicon as its file says it, and what may be wrong with it.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use super::key::{figure_unit, horizon_form, named_role, qualifier};
use super::lexicon::{Form, Role};

/// Why a lexicon can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LexiconError {
    /// A phrase is badly written.
    #[error(
        "the phrase \"{phrase}\" is badly written ({what}): words, (one|other), [left out], {{n}}, {{time}}, {{unit}} and {{period}} may stand in it"
    )]
    Phrase {
        /// The phrase.
        phrase: String,
        /// What is wrong.
        what: String,
    },
    /// A phrase stands in two sections, so that one of them has no effect.
    #[error("the phrase \"{phrase}\" stands in {first} and in {second}, wholly or in one of its forms: take it out of one of them")]
    Twice {
        /// The phrase, as the second section writes it.
        phrase: String,
        /// The section that it stands in first.
        first: String,
        /// The other.
        second: String,
    },
    /// A key isn't what it should be.
    #[error("\"{key}\" under [{section}] isn't known: {expected}")]
    Key {
        /// The section.
        section: &'static str,
        /// The key.
        key: String,
        /// What may stand there.
        expected: &'static str,
    },
}

/// A section's name, its phrases, and the role that they play.
pub(super) type Section<'a> = (String, &'a Vec<String>, Role);

pub(super) type Lists = BTreeMap<String, Vec<String>>;

/// A lexicon as its file says it; the fields are the sections of the file, explained in `lexicon/english.toml`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs, reason = "the file explains its sections")]
pub struct LexiconEntries {
    pub language: String,
    pub code: String,
    pub decimal: String,
    pub capital_dates: bool,
    pub common: Vec<String>,
    pub abbreviations: Vec<String>,
    pub months: Vec<Vec<String>>,
    pub weekdays: Vec<Vec<String>>,
    pub quarters: Vec<Vec<String>>,
    pub halves: Vec<Vec<String>>,
    pub yesterday: Vec<String>,
    pub modal_endings: Vec<String>,
    pub units: Lists,
    pub numerals: BTreeMap<String, f64>,
    pub rise: Lists,
    pub fall: Lists,
    pub multiple: Lists,
    pub part: Lists,
    pub qualifier: Lists,
    pub qualifier_after: Lists,
    pub unit: Lists,
    pub subject: Lists,
    pub sentence: Lists,
    pub before_period: Vec<String>,
    #[serde(default)]
    pub of_the_one: Vec<String>,
    #[serde(default)]
    pub sign: Lists,
    #[serde(default)]
    pub high_tail: Vec<String>,
    #[serde(default)]
    pub infinitive_endings: Vec<String>,
    #[serde(default)]
    pub announces: Vec<String>,
    #[serde(default)]
    pub home_index: Lists,
    #[serde(default)]
    pub epithet: Lists,
    #[serde(default)]
    pub nationality: Lists,
    #[serde(default)]
    pub brokers: Vec<String>,
    pub adverb_endings: Vec<String>,
    pub grammar: Lists,
    pub horizon: Vec<HorizonEntry>,
}

impl LexiconEntries {
    /// The sections of phrases, with the role that each stands for.
    ///
    /// # Errors
    /// [`LexiconError::Key`] for a key that isn't known.
    pub(super) fn sections(&self) -> Result<Vec<Section<'_>>, LexiconError> {
        let mut sections = Vec::new();
        for entry in &self.horizon {
            sections.push((format!("[[horizon]] {}", entry.is), &entry.phrases, Role::Horizon(horizon_form(&entry.is)?)));
        }
        let named = |section: &str, key: &str| format!("[{section}] {key}");
        for (rise, section, lists) in [(true, "rise", &self.rise), (false, "fall", &self.fall)] {
            for (key, phrases) in lists {
                let form = match key.as_str() {
                    "verb" => Form::Verb,
                    "noun" => Form::Noun,
                    "state" => Form::State,
                    _ => return Err(LexiconError::Key { section, key: key.clone(), expected: "write verb, noun or state" }),
                };
                sections.push((named(section, key), phrases, Role::Move { rise, form }));
            }
        }
        let percent = |section, key: &str| {
            key.parse::<i64>().map_err(|_| LexiconError::Key { section, key: key.to_owned(), expected: "write a whole number of percent" })
        };
        for (key, phrases) in &self.multiple {
            sections.push((named("multiple", key), phrases, Role::Multiple(percent("multiple", key)?)));
        }
        for (key, phrases) in &self.part {
            sections.push((named("part", key), phrases, Role::Part(percent("part", key)?)));
        }
        for (key, phrases) in &self.qualifier {
            sections.push((named("qualifier", key), phrases, Role::Qualifier(qualifier("qualifier", key)?)));
        }
        for (key, phrases) in &self.qualifier_after {
            sections.push((named("qualifier_after", key), phrases, Role::QualifierAfter(qualifier("qualifier_after", key)?)));
        }
        for (key, phrases) in &self.unit {
            sections.push((named("unit", key), phrases, Role::Unit(figure_unit(key)?)));
        }
        for (place, (symbol, phrases)) in (0..).zip(&self.epithet) {
            sections.push((named("epithet", symbol), phrases, Role::Epithet(place)));
        }
        for (section, lists) in [("subject", &self.subject), ("sentence", &self.sentence)] {
            for (key, phrases) in lists {
                sections.push((named(section, key), phrases, named_role(section, key)?));
            }
        }
        Ok(sections)
    }
}

/// Phrases of one horizon.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HorizonEntry {
    /// The horizon, as in article files, or with a place to fill: `{n} {unit}`, `since {period}`, `{period}`, `from-high-in {period}`.
    pub is: String,
    /// Its phrases.
    pub phrases: Vec<String>,
}
