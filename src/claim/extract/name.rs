//! Names of securities: the table that ships and what users add.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::Deserialize;
use thiserror::Error;

use super::phrase::{Key, Phrases};
use super::token::{Kind, Token, tokenise};
use super::vocabulary::Vocabulary;

/// What kind of security a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecurityKind {
    /// A share.
    Share,
    /// An index.
    Index,
    /// A fund.
    Fund,
}

/// One security of a table of names.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SecurityEntry {
    /// Its symbol in price files.
    pub symbol: String,
    /// What it is.
    pub kind: SecurityKind,
    /// Its names as newspapers write them.
    pub names: Vec<String>,
    /// What stands in marks such as (NASDAQ: AAPL); without any, the symbol without "^" and suffix.
    #[serde(default)]
    pub tickers: Vec<String>,
    /// Those of the names that are also ordinary words.
    #[serde(default)]
    pub ambiguous: Vec<String>,
    /// What it makes or owns under another name: "the Gucci owner", "the maker of Ozempic" are the company, "Gucci" alone isn't.
    #[serde(default)]
    pub brands: Vec<String>,
}

/// Why a table of names can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NameError {
    /// A name is empty.
    #[error("{symbol} has an empty name: take it out, or write the name")]
    Empty {
        /// The security.
        symbol: String,
    },
}

/// Securities by their names.
#[derive(Debug, Clone, Default)]
pub struct NameTable {
    vocabulary: Vocabulary,
    names: Phrases<Entry>,
    tickers: IndexMap<Box<str>, u32, FxBuildHasher>,
    symbols: Vec<(String, SecurityKind)>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    security: u32,
    ambiguous: bool,
    brand: bool,
    /// Whether the entry gives another name first.
    alias: bool,
}

/// A security by its place in the table, or in the text's own declarations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SecurityKey {
    Table(u32),
    /// Symbol that the text declares: the place of its letters in the text.
    Declared {
        start: usize,
        end: usize,
    },
}

/// A name found: the tokens after it, and what it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub end: usize,
    pub security: SecurityKey,
    pub ambiguous: bool,
    /// Whether it is a brand of the security's, so that only its owner or maker is meant.
    pub brand: bool,
    /// Whether the security has another name that comes first: "Facebook".
    pub alias: bool,
}

const STOP: u32 = u32::MAX;

impl NameTable {
    /// A table; a name that stands twice belongs to the entry that comes first, so that a user's entries go before those that ship.
    ///
    /// # Errors
    /// [`NameError`] for an empty name.
    pub fn new(entries: impl IntoIterator<Item = SecurityEntry>) -> Result<Self, NameError> {
        let mut table = Self::default();
        for entry in entries {
            let security = u32::try_from(table.symbols.len()).unwrap_or(u32::MAX);
            let brands = entry.brands.iter().map(|name| (name, true));
            for (name, brand) in entry.names.iter().map(|name| (name, false)).chain(brands) {
                let path = table.path(name);
                if path.is_empty() {
                    return Err(NameError::Empty { symbol: entry.symbol });
                }
                let ambiguous = entry.ambiguous.contains(name);
                let alias = entry.names.first().is_some_and(|first| first != name);
                table.names.insert(&path, Entry { security, ambiguous, brand, alias });
                // Lists of quotes and headlines print names in capitals, often without accents.
                if name.len() > 3 {
                    for loud in [name.to_uppercase(), plain_capitals(name)] {
                        let path = table.path(&loud);
                        table.names.insert(&path, Entry { security, ambiguous, brand, alias });
                    }
                }
            }
            let own = entry.symbol.trim_start_matches('^');
            let stem = own.split('.').next().unwrap_or(own);
            let listed = entry.tickers.iter().map(String::as_str).chain(entry.tickers.is_empty().then_some(stem)).chain([own]);
            for ticker in listed {
                table.tickers.entry(ticker.to_uppercase().into_boxed_str()).or_insert(security);
            }
            table.symbols.push((entry.symbol, entry.kind));
        }
        table.names.pack();
        Ok(table)
    }

    fn path(&mut self, name: &str) -> Vec<Key> {
        let mut tokens = Vec::new();
        tokenise(name, 0, name.len(), &mut tokens);
        tokens
            .iter()
            .skip_while(|token| token.kind == Kind::Stop)
            .map(|token| match token.kind {
                Kind::Stop => Key::Word(STOP - 1),
                _ => {
                    let word = name.get(token.start..token.end).unwrap_or("").replace('\u{2019}', "'");
                    Key::Word(self.vocabulary.intern(&word))
                }
            })
            .collect()
    }

    fn key(&self, text: &str, token: &Token) -> Option<Key> {
        match token.kind {
            Kind::Stop => Some(Key::Word(STOP - 1)),
            Kind::Word | Kind::Number | Kind::Other => {
                let word = text.get(token.start..token.end)?;
                let number = match self.vocabulary.get(word) {
                    0 if word.contains('\u{2019}') => self.vocabulary.get(&word.replace('\u{2019}', "'")),
                    number => number,
                };
                (number != 0).then_some(Key::Word(number))
            }
            _ => None,
        }
    }

    /// The longest name that begins at token `at`.
    pub(super) fn find(&self, text: &str, tokens: &[Token], at: usize) -> Option<Found> {
        let first = self.key(text, tokens.get(at)?)?;
        let Key::Word(word) = first else { return None };
        let mut node = if word < STOP - 1 { self.names.begin(word)? } else { return None };
        let mut end = at + 1;
        let mut found = self.names.end(node).map(|entry| (entry, end));
        while self.names.goes_on(node) {
            let Some(key) = tokens.get(end).and_then(|token| self.key(text, token)) else { break };
            let Some(next) = self.names.step(node, key) else { break };
            node = next;
            end += 1;
            found = self.names.end(node).map(|entry| (entry, end)).or(found);
        }
        found.map(|(entry, end)| Found {
            end,
            security: SecurityKey::Table(entry.security),
            ambiguous: entry.ambiguous,
            brand: entry.brand,
            alias: entry.alias,
        })
    }

    /// The security of a ticker written in capitals, with or without a suffix.
    pub(super) fn ticker(&self, ticker: &str) -> Option<SecurityKey> {
        self.tickers.get(ticker).copied().map(SecurityKey::Table)
    }

    pub(super) fn symbol<'a>(&'a self, text: &'a str, key: SecurityKey) -> &'a str {
        match key {
            SecurityKey::Table(place) => self.symbols.get(place as usize).map_or("", |(symbol, _)| symbol),
            SecurityKey::Declared { start, end } => text.get(start..end).unwrap_or(""),
        }
    }

    pub(super) fn kind(&self, key: SecurityKey) -> SecurityKind {
        match key {
            SecurityKey::Table(place) => self.symbols.get(place as usize).map_or(SecurityKind::Share, |(_, kind)| *kind),
            SecurityKey::Declared { .. } => SecurityKind::Share,
        }
    }
}

/// A name in capitals without accents: "HERMES".
fn plain_capitals(name: &str) -> String {
    name.chars()
        .flat_map(char::to_uppercase)
        .map(|letter| match letter {
            'À' | 'Â' | 'Ä' => 'A',
            'É' | 'È' | 'Ê' | 'Ë' => 'E',
            'Î' | 'Ï' => 'I',
            'Ô' | 'Ö' => 'O',
            'Û' | 'Ü' | 'Ù' => 'U',
            'Ç' => 'C',
            other => other,
        })
        .collect()
}
