//! Names of securities: the table that ships and what users add, ticker marks, and the names that a text declares itself
//! ("Brelinox Corp (NYSE: BRX)").

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use serde::Deserialize;
use thiserror::Error;

use super::phrase::{Key, Phrases};
use super::token::{Kind, Token, tokenise};

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
    vocabulary: IndexMap<Box<str>, u32, FxBuildHasher>,
    names: Phrases<Entry>,
    tickers: IndexMap<Box<str>, u32, FxBuildHasher>,
    symbols: Vec<(String, SecurityKind)>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    security: u32,
    ambiguous: bool,
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
            for name in &entry.names {
                let path = table.path(name);
                if path.is_empty() {
                    return Err(NameError::Empty { symbol: entry.symbol });
                }
                let ambiguous = entry.ambiguous.contains(name);
                table.names.insert(&path, Entry { security, ambiguous });
                // Lists of quotes and headlines print names in capitals, often without accents.
                if name.len() > 4 {
                    for loud in [name.to_uppercase(), plain_capitals(name)] {
                        let path = table.path(&loud);
                        table.names.insert(&path, Entry { security, ambiguous });
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
                    let next = u32::try_from(self.vocabulary.len()).unwrap_or(0) + 1;
                    Key::Word(*self.vocabulary.entry(word.into_boxed_str()).or_insert(next))
                }
            })
            .collect()
    }

    fn key(&self, text: &str, token: &Token) -> Option<Key> {
        match token.kind {
            Kind::Stop => Some(Key::Word(STOP - 1)),
            Kind::Word | Kind::Number | Kind::Other => {
                let word = text.get(token.start..token.end)?;
                match self.vocabulary.get(word) {
                    Some(number) => Some(Key::Word(*number)),
                    None if word.contains('\u{2019}') => {
                        self.vocabulary.get(word.replace('\u{2019}', "'").as_str()).map(|number| Key::Word(*number))
                    }
                    None => None,
                }
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
        found.map(|(entry, end)| Found { end, security: SecurityKey::Table(entry.security), ambiguous: entry.ambiguous })
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

/// Exchanges in marks such as "(NYSE: NET)".
const EXCHANGES: [&str; 46] = [
    "NYSE",
    "NSE",
    "NASDAQ",
    "Nasdaq",
    "NasdaqGS",
    "NasdaqGM",
    "NasdaqCM",
    "NYSEARCA",
    "NYSEAMERICAN",
    "AMEX",
    "OTC",
    "OTCQX",
    "OTCQB",
    "OTCMKTS",
    "OTCPK",
    "Euronext",
    "EPA",
    "ETR",
    "FRA",
    "LON",
    "LSE",
    "AIM",
    "TSX",
    "TSXV",
    "TSE",
    "TYO",
    "HKG",
    "HKEX",
    "SEHK",
    "ASX",
    "BME",
    "BIT",
    "AMS",
    "EBR",
    "SIX",
    "SWX",
    "XETRA",
    "Xetra",
    "STO",
    "CPH",
    "BSE",
    "ticker",
    "Ticker",
    "symbol",
    "mnémo",
    "code",
];

/// A ticker mark at token `at`: its tokens' end and the letters of the ticker, with its suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TickerMark {
    pub end: usize,
    pub start_byte: usize,
    pub end_byte: usize,
    /// Whether an exchange or "$" stands before it: it is a ticker whether known or not.
    pub declared: bool,
    /// Whether it stands in brackets.
    pub bracketed: bool,
}

/// Letters of a ticker that stand bare: "BRK.B" too.
pub(super) fn bare_ticker<'a>(text: &'a str, tokens: &[Token], at: usize) -> Option<(usize, &'a str, usize)> {
    let (end, start, end_byte) = ticker_at(text, tokens, at)?;
    tokens.get(at).filter(|token| token.kind == Kind::Word)?;
    Some((end, text.get(start..end_byte)?, start))
}

fn is_ticker(word: &str) -> bool {
    (1..=12).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// The ticker that begins at token `at`, with what follows a stop or hyphen: "AIR.PA", "BRK.B", "BRK-B".
fn ticker_at(text: &str, tokens: &[Token], at: usize) -> Option<(usize, usize, usize)> {
    let token = tokens.get(at)?;
    let word = text.get(token.start..token.end)?;
    // "0700" in "(0700.HK)".
    let numeric = token.kind == Kind::Number && word.bytes().all(|byte| byte.is_ascii_digit());
    let letters = token.kind == Kind::Word && is_ticker(word);
    if !letters && !numeric {
        return None;
    }
    let glued = |place: usize| tokens.get(place).filter(|next| tokens.get(place - 1).is_some_and(|before| before.end == next.start));
    let suffix = |place: usize| tokens.get(place).filter(|next| text.get(next.start..next.end).is_some_and(is_ticker));
    if let Some(end) = glued(at + 1).filter(|stop| stop.kind == Kind::Stop).and_then(|_| glued(at + 2)).and_then(|_| suffix(at + 2)) {
        return Some((at + 3, token.start, end.end));
    }
    if let Some(end) = suffix(at + 1).filter(|next| next.joined) {
        return Some((at + 2, token.start, end.end));
    }
    (!numeric).then_some((at + 1, token.start, token.end))
}

/// A ticker mark that begins at token `at`: "(NYSE: NET)", "NASDAQ:AAPL", "$NET", "(AIR.PA)", "<AAPL.O>", "(.SPX)", "(NET)".
pub(super) fn ticker_mark(text: &str, tokens: &[Token], at: usize) -> Option<TickerMark> {
    let kind = |place: usize| tokens.get(place).map(|token| token.kind);
    let word = |place: usize| tokens.get(place).and_then(|token| text.get(token.start..token.end)).unwrap_or("");
    let mark = |(end, start_byte, end_byte): (usize, usize, usize), declared, bracketed| TickerMark {
        end,
        start_byte,
        end_byte,
        declared,
        bracketed,
    };
    match kind(at)? {
        Kind::Currency if word(at) == "$" => {
            let found = ticker_at(text, tokens, at + 1).filter(|(_, start, _)| tokens.get(at).is_some_and(|sign| sign.end == *start))?;
            tokens.get(at + 1).filter(|token| token.kind == Kind::Word)?;
            Some(mark(found, true, false))
        }
        Kind::Open | Kind::Below => {
            // "($NET)".
            let dollar = (kind(at + 1) == Some(Kind::Currency) && word(at + 1) == "$").then_some(at + 2);
            let exchange = exchange_at(text, tokens, at + 1).or(dollar);
            let from = exchange.unwrap_or(at + 1);
            // "(.SPX)".
            let from = if kind(from) == Some(Kind::Stop) { from + 1 } else { from };
            let (end, start_byte, end_byte) = ticker_at(text, tokens, from)?;
            // "(NASDAQ: GOOGL, GOOG)": the first counts. "(NYSE: NET, −1.03%)": the mark ends at the comma, the quote goes on.
            match kind(end) {
                Some(Kind::Close | Kind::Above) => Some(mark((end + 1, start_byte, end_byte), exchange.is_some(), true)),
                Some(Kind::Comma | Kind::Semicolon | Kind::Plus | Kind::Minus | Kind::Colon | Kind::Other | Kind::Dash)
                    if exchange.is_some() =>
                {
                    Some(mark((end, start_byte, end_byte), true, true))
                }
                _ => None,
            }
        }
        Kind::Word => {
            let from = exchange_at(text, tokens, at)?;
            Some(mark(ticker_at(text, tokens, from)?, true, false))
        }
        _ => None,
    }
}

/// The token after "NYSE:" or "Euronext Paris:" at token `at`.
fn exchange_at(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let word = |place: usize| tokens.get(place).and_then(|token| text.get(token.start..token.end)).unwrap_or("");
    let colon = (at + 1..at + 4).any(|place| tokens.get(place).is_some_and(|token| token.kind == Kind::Colon));
    (colon && EXCHANGES.contains(&word(at))).then_some(())?;
    (at + 1..at + 4).find(|place| tokens.get(*place).is_some_and(|token| token.kind == Kind::Colon)).map(|colon| colon + 1)
}

/// What companies are called after their name: it belongs to the name and changes nothing.
const LEGAL_FORMS: [&str; 34] = [
    "Inc",
    "Corp",
    "Corporation",
    "Co",
    "Company",
    "Ltd",
    "Limited",
    "plc",
    "PLC",
    "Plc",
    "SA",
    "SE",
    "AG",
    "NV",
    "N.V.",
    "S.A.",
    "SpA",
    "S.p.A.",
    "ASA",
    "AB",
    "Oyj",
    "KGaA",
    "LLC",
    "Group",
    "Groupe",
    "Holdings",
    "Holding",
    "Platforms",
    "Technologies",
    "International",
    "Incorporated",
    "LP",
    "KK",
    "Bancorp",
];

fn is_legal_form(word: &str) -> bool {
    let loud = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    LEGAL_FORMS.iter().any(|form| *form == word || loud && form.eq_ignore_ascii_case(word))
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

/// Words that show that a capitalised name is a company's.
const COMPANY_WORDS: [&str; 88] = [
    "Inc",
    "Corp",
    "Ltd",
    "plc",
    "PLC",
    "SA",
    "SE",
    "AG",
    "NV",
    "Group",
    "Groupe",
    "Holdings",
    "Holding",
    "Energy",
    "Air",
    "Airlines",
    "Airways",
    "Pharma",
    "Pharmaceuticals",
    "Therapeutics",
    "Biotech",
    "Biosciences",
    "Biologics",
    "Bio",
    "Genetics",
    "Genomics",
    "Labs",
    "Laboratories",
    "Systems",
    "Software",
    "Technologies",
    "Technology",
    "Tech",
    "Semiconductor",
    "Semiconductors",
    "Micro",
    "Electronics",
    "Robotics",
    "Networks",
    "Networking",
    "Media",
    "Entertainment",
    "Interactive",
    "Games",
    "Gaming",
    "Studios",
    "Solar",
    "Power",
    "Oil",
    "Gas",
    "Petroleum",
    "Resources",
    "Mining",
    "Minerals",
    "Metals",
    "Steel",
    "Gold",
    "Lithium",
    "Logistics",
    "Freight",
    "Rail",
    "Shipping",
    "Motors",
    "Motor",
    "Automotive",
    "Foods",
    "Food",
    "Brands",
    "Beverages",
    "Brewing",
    "Retail",
    "Stores",
    "Homes",
    "Properties",
    "Realty",
    "Capital",
    "Financial",
    "Bank",
    "Bancorp",
    "Insurance",
    "Assurances",
    "Industries",
    "Materials",
    "Chemicals",
    "Aerospace",
    "Cloud",
    "Health",
    "Santé",
];

/// Whether a capitalised name ends as companies' names do.
pub(super) fn ends_as_company(word: &str) -> bool {
    COMPANY_WORDS.contains(&word)
}

/// The token after a name's legal form ("Inc.", "& Co", "SA"), or `end` when there is none.
pub(super) fn after_legal_form(text: &str, tokens: &[Token], end: usize) -> usize {
    let mut at = end;
    for _ in 0..3 {
        let place = if tokens.get(at).is_some_and(|token| token.kind == Kind::Comma) { at + 1 } else { at };
        let Some(token) = tokens.get(place) else { return at };
        if token.kind != Kind::Word || !text.get(token.start..token.end).is_some_and(is_legal_form) {
            return at;
        }
        at = place + 1;
        // The stop of "Inc." when it doesn't end the sentence.
        let stop = tokens.get(at).filter(|stop| stop.kind == Kind::Stop && stop.start == token.end);
        let short = token.end - token.start <= 4;
        if stop.is_some() && short && tokens.get(at + 1).is_some_and(|next| !starts_with_capital(text, next) || next.start == token.end + 1)
        {
            at += 1;
        }
    }
    at
}

pub(super) fn starts_with_capital(text: &str, token: &Token) -> bool {
    text.get(token.start..token.end).and_then(|word| word.chars().next()).is_some_and(char::is_uppercase)
}
