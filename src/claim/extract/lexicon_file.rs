//! A lexicon as its file says it, and what may be wrong with it.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

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
    pub adverb_endings: Vec<String>,
    pub grammar: Lists,
    pub horizon: Vec<HorizonEntry>,
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
