//! The reader of claims, made from the words and names that ship inside the program (`lexicon/`) and from tables of names of the user's own:
//!
//! ```toml
//! [[security]]
//! symbol = "ACME.PA"                  # as in the price files
//! kind = "share"                      # share, index or fund
//! names = ["Acme", "Acme Industries"] # as newspapers write them
//! tickers = ["ACME"]                  # optional: what stands in (Euronext: ACME)
//! ambiguous = ["Acme"]                # optional: names that are ordinary words too
//! brands = ["Zamboo"]                 # optional: what it makes or owns, for "the Zamboo owner"
//! ```
//!
//! The user's rows go before those that ship: of a name that stands in both, the user's row is meant.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rayon::prelude::*;
use serde::Deserialize;
use toml::Spanned;

use crate::claim::extract::{Extractor, Lexicon, LexiconEntries, NameTable, SecurityEntry, SecurityKind};
use crate::data::configuration::{self, ConfigurationError};
use crate::data::location::Location;
use crate::series::near_names;

/// The first is taken for a text whose language can't be told.
const LEXICONS: [(&str, &str); 2] = [
    ("lexicon/english.toml", include_str!("../../lexicon/english.toml")),
    ("lexicon/french.toml", include_str!("../../lexicon/french.toml")),
];

const SECURITIES: (&str, &str) = ("lexicon/securities.toml", include_str!("../../lexicon/securities.toml"));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NameFile {
    #[serde(default)]
    security: Vec<Spanned<SecurityEntry>>,
}

/// The reader of claims, with the names of these files before its own.
///
/// # Errors
/// [`ConfigurationError`] of the first file that can't be used, with line and column.
pub fn extractor(name_files: &[PathBuf]) -> Result<Extractor, ConfigurationError> {
    // A run over one article spends most of its time here, so that every core takes a part.
    let lexicons = || LEXICONS.par_iter().map(|(file, text)| lexicon(file, text)).collect::<Result<Vec<Lexicon>, _>>();
    let (names, lexicons) = rayon::join(|| name_table(name_files), lexicons);
    Ok(Extractor::new(lexicons?, names?))
}

fn name_table(name_files: &[PathBuf]) -> Result<NameTable, ConfigurationError> {
    let mut securities = Vec::new();
    for path in name_files {
        let text = configuration::read_text(path)?;
        securities.extend(read_names(&path.display().to_string(), &text)?);
    }
    securities.extend(built_in_securities()?);
    NameTable::new(securities).map_err(|failure| wrong("the names", None, failure.to_string(), "give every security a name"))
}

fn lexicon(file: &str, text: &str) -> Result<Lexicon, ConfigurationError> {
    let entries: LexiconEntries = configuration::from_toml(file, text)?;
    Lexicon::new(entries)
        .map_err(|failure| wrong(file, None, failure.to_string(), "compare with lexicon/english.toml, which explains its sections"))
}

fn built_in_securities() -> Result<Vec<SecurityEntry>, ConfigurationError> {
    let (file, text) = SECURITIES;
    match plain_rows(text) {
        Some(rows) => Ok(rows),
        None => Ok(configuration::from_toml::<NameFile>(file, text)?.security.into_iter().map(Spanned::into_inner).collect()),
    }
}

/// The rows of a table in which each key has one line and no string an escape of TOML's own, five times as fast as TOML as a whole: strings and
/// lists of them are then JSON. None for a table that isn't so plain.
fn plain_rows(text: &str) -> Option<Vec<SecurityEntry>> {
    let mut rows: Vec<SecurityEntry> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        if line == "[[security]]" {
            let (symbol, names, tickers, ambiguous, brands) = (String::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
            rows.push(SecurityEntry { symbol, kind: SecurityKind::Share, names, tickers, ambiguous, brands });
            continue;
        }
        let row = rows.last_mut()?;
        let (key, value) = line.split_once(" = ")?;
        match key {
            "symbol" => row.symbol = serde_json::from_str(value).ok()?,
            "kind" => row.kind = serde_json::from_str(value).ok()?,
            "names" => row.names = serde_json::from_str(value).ok()?,
            "tickers" => row.tickers = serde_json::from_str(value).ok()?,
            "ambiguous" => row.ambiguous = serde_json::from_str(value).ok()?,
            "brands" => row.brands = serde_json::from_str(value).ok()?,
            _ => return None,
        }
    }
    rows.iter().all(|row| !row.symbol.is_empty() && !row.names.is_empty()).then_some(rows)
}

/// The rows of a table of names; `file` is what errors call it.
///
/// # Errors
/// [`ConfigurationError`], with line and column: what isn't such a table, an empty name, brand or symbol, a row without names, a name or
/// brand in two rows, a brand that is also a name.
pub fn read_names(file: &str, text: &str) -> Result<Vec<SecurityEntry>, ConfigurationError> {
    let text = text.trim_start_matches('\u{feff}');
    let read: NameFile = configuration::from_toml(file, text)?;
    if read.security.is_empty() {
        let help = "add a row: [[security]], symbol = \"ACME\", kind = \"share\", names = [\"Acme\"]";
        return Err(wrong(file, None, "there is no security".to_owned(), help));
    }
    let mut rows: Vec<SecurityEntry> = Vec::with_capacity(read.security.len());
    let mut held: BTreeMap<String, Holder> = BTreeMap::new();
    for row in read.security {
        let start = row.span().start;
        let row = row.into_inner();
        if let Some((message, help)) = fault(&row, &held) {
            return Err(wrong(file, Some(Location::of_offset(text, start)), message, &help));
        }
        let holder = |brand| Holder { symbol: row.symbol.clone(), brand };
        held.extend(row.names.iter().map(|name| (name.clone(), holder(false))));
        held.extend(row.brands.iter().map(|brand| (brand.clone(), holder(true))));
        rows.push(row);
    }
    Ok(rows)
}

/// The row that a name stands in, and whether it is a brand there.
struct Holder {
    symbol: String,
    brand: bool,
}

/// What is wrong with a row, and what to do about it; `held` are the names and brands of the rows before.
fn fault(row: &SecurityEntry, held: &BTreeMap<String, Holder>) -> Option<(String, String)> {
    let symbol = &row.symbol;
    let is_word = |name: &str| name.chars().any(char::is_alphanumeric);
    if !is_word(symbol) {
        return Some((format!("\"{symbol}\" is no symbol"), "write the symbol that the price files use".to_owned()));
    }
    if row.names.is_empty() || !row.names.iter().all(|name| is_word(name)) {
        let message = if row.names.is_empty() { "has no name" } else { "has an empty name" };
        return Some((format!("{symbol} {message}"), format!("write what newspapers call it: names = [\"{symbol}\"]")));
    }
    if let Some(lone) = row.ambiguous.iter().find(|name| !row.names.contains(name)) {
        let near = near_names(lone, row.names.iter().map(String::as_str));
        let help = near.first().map_or_else(|| format!("add \"{lone}\" to its names"), |near| format!("did you mean \"{near}\"?"));
        return Some((format!("{symbol}'s ambiguous name \"{lone}\" isn't among its names"), help));
    }
    if !row.brands.iter().all(|brand| is_word(brand)) {
        return Some((format!("{symbol} has an empty brand"), "take it out, or write the brand".to_owned()));
    }
    // A name stands for the company by itself, a brand only beside a word for its owner.
    if let Some(brand) = row.brands.iter().find(|brand| row.names.contains(brand)) {
        return Some((format!("\"{brand}\" is both a brand and a name of {symbol}"), "keep it in one of the lists".to_owned()));
    }
    let twice = row.brands.iter().enumerate().find(|(place, brand)| row.brands.iter().take(*place).any(|earlier| earlier == *brand));
    if let Some((_, brand)) = twice {
        return Some((format!("the brand \"{brand}\" stands twice in the row of {symbol}"), "keep it once".to_owned()));
    }
    let mut named = row.names.iter().map(|name| (name, false)).chain(row.brands.iter().map(|brand| (brand, true)));
    let (name, brand, other) = named.find_map(|(name, brand)| Some((name, brand, held.get(name)?)))?;
    let Holder { symbol: first, brand: brand_there } = other;
    let message = match (brand_there, brand) {
        (false, false) => format!("the name \"{name}\" stands in two rows, of {first} and of {symbol}"),
        (true, true) => format!("the brand \"{name}\" stands in two rows, of {first} and of {symbol}"),
        (true, false) => format!("\"{name}\" is a brand of {first} and a name of {symbol}"),
        (false, true) => format!("\"{name}\" is a name of {first} and a brand of {symbol}"),
    };
    Some((message, "keep it in one of them".to_owned()))
}

fn wrong(file: &str, location: Option<Location>, message: String, help: &str) -> ConfigurationError {
    ConfigurationError::Wrong { file: file.to_owned(), location, message, help: help.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reading the table refuses a brand that stands twice, or is a name too; that it looks at every brand is shown by a row that repeats one.
    #[test]
    fn the_brands_that_ship_are_unique_among_themselves_and_no_names() {
        let (file, text) = SECURITIES;
        let rows = read_names(file, text).unwrap();
        let brands: Vec<(&str, &str)> =
            rows.iter().flat_map(|row| row.brands.iter().map(|brand| (brand.as_str(), row.symbol.as_str()))).collect();
        assert!(brands.len() > 300);
        let refusal = |names: &str, brands: &str| {
            let row = format!("[[security]]\nsymbol = \"NEW\"\nkind = \"share\"\nnames = {names}\nbrands = {brands}\n");
            read_names(file, &format!("{text}\n{row}")).unwrap_err().to_string()
        };
        for (brand, owner) in [brands[0], brands[brands.len() / 2], brands[brands.len() - 1]] {
            let twice = refusal("[\"Newcomer Brelinox\"]", &format!("[\"{brand}\"]"));
            assert!(twice.contains(&format!("the brand \"{brand}\" stands in two rows, of {owner} and of NEW")), "{twice}");
            let name = refusal(&format!("[\"{brand}\"]"), "[]");
            assert!(name.contains(&format!("\"{brand}\" is a brand of {owner} and a name of NEW")), "{name}");
        }
        let name = refusal("[\"Newcomer Brelinox\"]", "[\"Apple\"]");
        assert!(name.contains("\"Apple\" is a name of AAPL and a brand of NEW"), "{name}");
    }

    /// The fast way is the one that is taken, and gives what TOML gives.
    #[test]
    fn the_built_in_names_are_plain_rows() {
        let (file, text) = SECURITIES;
        let plain = plain_rows(text).unwrap();
        let toml = read_names(file, text).unwrap();
        assert!(plain.len() > 1000);
        assert_eq!(format!("{plain:?}"), format!("{toml:?}"));
        for other in [
            "[[security]]\nsymbol = \"A\"\nnames = [\n\"Acme\"]\n",
            "symbol = \"A\"\n",
            "[[security]]\nsymbol = 'A'\n",
            "[[security]]\nnames = [\"A\"]\n",
        ] {
            assert!(plain_rows(other).is_none(), "{other}");
        }
    }
}
