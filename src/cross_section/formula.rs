//! The right side of a regression as R writes it, in part: `size + log(market_cap) + sector + size:sector`.
//!
//! | written | meant |
//! |---|---|
//! | `a + b` | both |
//! | `log(a)` | the natural logarithm of a number above 0 |
//! | `C(a)` | a number taken as a category, one dummy a value |
//! | `a:b` | the product; of a category, of each of its dummies |
//! | `a*b` | `a + b + a:b` |
//! | `` `a name` `` | a column whose name isn't letters, digits, `_` and `.` |
//! | `group` | the event's group |
//!
//! There always is an intercept. A term that stands there twice counts once. The left side is the CAR, and isn't written.

use std::fmt;

use thiserror::Error;

use crate::event::list::{CharacteristicValues, EventList};
use crate::series::near_names;

/// Most values of a category: more are labels, not a category.
pub const MOST_LEVELS: usize = 100;

/// How a column goes into a regression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transform {
    /// As it is: a number, or the dummies of a text.
    Plain,
    /// Natural logarithm.
    Log,
    /// Dummies.
    Category,
}

/// One column of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Factor {
    /// Name of the column, as written.
    pub column: String,
    /// How it goes in.
    pub transform: Transform,
}

impl fmt::Display for Factor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.transform {
            Transform::Plain => formatter.write_str(&self.column),
            Transform::Log => write!(formatter, "log({})", self.column),
            Transform::Category => write!(formatter, "C({})", self.column),
        }
    }
}

/// One factor, or the product of several.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term(pub Vec<Factor>);

impl fmt::Display for Term {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<String> = self.0.iter().map(Factor::to_string).collect();
        formatter.write_str(&parts.join(":"))
    }
}

/// A formula, read; only [`Formula::read`] makes one. It prints its terms in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Formula {
    terms: Vec<Term>,
}

impl fmt::Display for Formula {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let terms: Vec<String> = self.terms.iter().map(Term::to_string).collect();
        formatter.write_str(&terms.join(" + "))
    }
}

/// Why a formula can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FormulaError {
    /// Nothing, or nothing between two signs.
    #[error("a column is missing {place}: write it as \"size + book_to_market + sector\"")]
    Empty {
        /// Where.
        place: String,
    },
    /// A sign that has no meaning.
    #[error(
        "\"{sign}\" isn't read (after \"{before}\"): a formula has +, :, *, log( ), C( ), and names; write a name with other signs as `{sign}…` between backticks"
    )]
    Sign {
        /// The sign.
        sign: char,
        /// What stands before it.
        before: String,
    },
    /// A left side.
    #[error("write the right side alone, without \"~\": the left side is the CAR of each window")]
    LeftSide,
    /// A function that isn't known.
    #[error("the function \"{name}\" isn't known: there are log( ) and C( )")]
    Function {
        /// Its name.
        name: String,
    },
    /// A bracket or backtick that isn't closed.
    #[error("the {what} after \"{before}\" isn't closed")]
    Open {
        /// Which sign.
        what: &'static str,
        /// What stands before it.
        before: String,
    },
    /// A column that the event file doesn't have.
    #[error("the event file has no column \"{name}\" to regress on{}: it has {}", suggest(.near), list(.there))]
    NoColumn {
        /// Its name.
        name: String,
        /// Names like it.
        near: Vec<String>,
        /// Those there are.
        there: Vec<String>,
    },
    /// The logarithm of a text.
    #[error("log({name}): the column \"{name}\" is text (its row {row} has \"{value}\"); a logarithm needs numbers")]
    LogOfText {
        /// The column.
        name: String,
        /// Row of the first cell that is no number, from 1, counted without the header.
        row: usize,
        /// That cell.
        value: String,
    },
    /// Too many values for a category.
    #[error(
        "the column \"{name}\" has {levels} different values, more than the {MOST_LEVELS} that a category may have{}",
        if *.text { ": is it a name rather than a characteristic, or are some cells of a column of numbers no numbers?" } else { "" }
    )]
    TooManyLevels {
        /// The column.
        name: String,
        /// Its values.
        levels: usize,
        /// Whether they are text.
        text: bool,
    },
}

fn suggest(near: &[String]) -> String {
    if near.is_empty() { String::new() } else { format!(" (did you mean {}?)", near.join(" or ")) }
}

fn list(names: &[String]) -> String {
    if names.is_empty() { "none but those of the events themselves".to_owned() } else { names.join(", ") }
}

impl Formula {
    /// Reads a formula.
    ///
    /// # Errors
    /// [`FormulaError`] of the first thing that has no meaning. Whether columns exist is [`Formula::check`]'s.
    pub fn read(text: &str) -> Result<Self, FormulaError> {
        let mut reader = Reader { text, position: 0 };
        let mut terms: Vec<Term> = Vec::new();
        let mut add = |term: Term| {
            let same = |held: &Term| held.0.len() == term.0.len() && term.0.iter().all(|factor| held.0.contains(factor));
            if !terms.iter().any(same) {
                terms.push(term);
            }
        };
        loop {
            // `a*b:c` is `a + b:c + a:b:c`.
            let mut crossed: Vec<Term> = Vec::new();
            let mut product = vec![reader.factor()?];
            let sign = loop {
                match reader.sign()? {
                    Some(':') => product.push(reader.factor()?),
                    Some('*') => {
                        crossed.push(Term(std::mem::take(&mut product)));
                        product.push(reader.factor()?);
                    }
                    other => break other,
                }
            };
            crossed.push(Term(product));
            for term in cross(&crossed) {
                add(term);
            }
            if sign.is_none() {
                return Ok(Self { terms });
            }
        }
    }

    /// Its terms, each once, in the order written.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// Checks that the events have what the formula names.
    ///
    /// # Errors
    /// [`FormulaError`] for a column that isn't there, the logarithm of a text, and a category of more than [`MOST_LEVELS`] values.
    pub fn check(&self, list: &EventList) -> Result<(), FormulaError> {
        for factor in self.terms.iter().flat_map(|term| &term.0) {
            let there = || column_names(list);
            let column = Column::of(list, &factor.column).ok_or_else(|| FormulaError::NoColumn {
                name: factor.column.clone(),
                near: near_names(&factor.column, there().iter().map(String::as_str)),
                there: there(),
            })?;
            if let (Transform::Log, Column::Texts(texts)) = (factor.transform, column) {
                let number = |text: &Option<String>| text.as_ref().is_none_or(|text| text.parse::<f64>().is_ok());
                let row = texts.iter().position(|text| !number(text)).unwrap_or(0);
                let value = texts.get(row).cloned().flatten().unwrap_or_default();
                return Err(FormulaError::LogOfText { name: factor.column.clone(), row: row + 1, value });
            }
            let levels = match column {
                Column::Texts(texts) => count_distinct(texts.iter().flatten().map(String::as_str)),
                Column::Numbers(numbers) if factor.transform == Transform::Category => {
                    count_distinct(numbers.iter().flatten().map(|number| number.to_bits()))
                }
                Column::Group => list.groups.len(),
                Column::Numbers(_) => 0,
            };
            if levels > MOST_LEVELS {
                let text = matches!(column, Column::Texts(_));
                return Err(FormulaError::TooManyLevels { name: factor.column.clone(), levels, text });
            }
        }
        Ok(())
    }
}

/// Every product of one or more of the crossed terms: single ones first, then pairs, as R orders them.
fn cross(terms: &[Term]) -> Vec<Term> {
    let mut products: Vec<(usize, Term)> = vec![(0, Term(Vec::new()))];
    for term in terms {
        let more: Vec<(usize, Term)> = products
            .iter()
            .map(|(size, held)| {
                let mut factors = held.0.clone();
                factors.extend(term.0.iter().filter(|factor| !held.0.contains(factor)).cloned());
                (size + 1, Term(factors))
            })
            .collect();
        products.extend(more);
    }
    products.sort_by_key(|(size, _)| *size);
    products.into_iter().skip(1).map(|(_, term)| term).collect()
}

fn count_distinct<T: Ord>(values: impl Iterator<Item = T>) -> usize {
    let mut seen = std::collections::BTreeSet::new();
    for value in values {
        seen.insert(value);
        // Enough is known: a million names needn't be held.
        if seen.len() > 10_000 {
            break;
        }
    }
    seen.len()
}

/// A column of the events.
#[derive(Debug, Clone, Copy)]
pub(super) enum Column<'a> {
    Numbers(&'a [Option<f64>]),
    Texts(&'a [Option<String>]),
    Group,
}

impl<'a> Column<'a> {
    /// The column of a name: as written, else whatever its case.
    pub(super) fn of(list: &'a EventList, name: &str) -> Option<Self> {
        let exact = list.characteristics.iter().find(|held| held.name == name);
        let found = exact.or_else(|| list.characteristics.iter().find(|held| held.name.to_lowercase() == name.to_lowercase()));
        match found.map(|held| &held.values) {
            Some(CharacteristicValues::Numbers(numbers)) => Some(Column::Numbers(numbers)),
            Some(CharacteristicValues::Texts(texts)) => Some(Column::Texts(texts)),
            None => (name == "group" && !list.groups.is_empty()).then_some(Column::Group),
        }
    }
}

fn column_names(list: &EventList) -> Vec<String> {
    let mut names: Vec<String> = list.characteristics.iter().map(|held| held.name.clone()).collect();
    if !list.groups.is_empty() {
        names.push("group".to_owned());
    }
    names
}

/// Reads a formula from left to right.
struct Reader<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or("")
    }

    fn before(&self) -> String {
        self.text.get(..self.position).unwrap_or("").trim().to_owned()
    }

    fn skip_spaces(&mut self) {
        self.position += self.rest().len() - self.rest().trim_start().len();
    }

    /// The sign between two factors; None at the end.
    fn sign(&mut self) -> Result<Option<char>, FormulaError> {
        self.skip_spaces();
        match self.rest().chars().next() {
            None => Ok(None),
            Some(sign @ ('+' | ':' | '*')) => {
                self.position += sign.len_utf8();
                Ok(Some(sign))
            }
            Some('~') => Err(FormulaError::LeftSide),
            Some(sign) => Err(FormulaError::Sign { sign, before: self.before() }),
        }
    }

    fn factor(&mut self) -> Result<Factor, FormulaError> {
        let column = self.name()?;
        if self.rest().starts_with('(') {
            let transform = match column.as_str() {
                "log" | "ln" => Transform::Log,
                "C" | "factor" => Transform::Category,
                _ => return Err(FormulaError::Function { name: column }),
            };
            self.position += 1;
            let column = self.name()?;
            self.skip_spaces();
            if !self.rest().starts_with(')') {
                return Err(FormulaError::Open { what: "bracket", before: self.before() });
            }
            self.position += 1;
            return Ok(Factor { column, transform });
        }
        Ok(Factor { column, transform: Transform::Plain })
    }

    fn name(&mut self) -> Result<String, FormulaError> {
        self.skip_spaces();
        let rest = self.rest();
        if let Some(quoted) = rest.strip_prefix('`') {
            let end = quoted.find('`').ok_or_else(|| FormulaError::Open { what: "backtick", before: self.before() })?;
            self.position += end + 2;
            let name = quoted.get(..end).unwrap_or("").trim().to_owned();
            return if name.is_empty() { Err(FormulaError::Empty { place: "between the backticks".to_owned() }) } else { Ok(name) };
        }
        let length = rest.find(|sign: char| !(sign.is_alphanumeric() || sign == '_' || sign == '.')).unwrap_or(rest.len());
        if length == 0 {
            return Err(match rest.chars().next() {
                Some('~') => FormulaError::LeftSide,
                Some(sign) if !"+:*)".contains(sign) => FormulaError::Sign { sign, before: self.before() },
                _ if self.before().is_empty() => FormulaError::Empty { place: "at the beginning".to_owned() },
                _ => FormulaError::Empty { place: format!("after \"{}\"", self.before()) },
            });
        }
        self.position += length;
        Ok(rest.get(..length).unwrap_or("").to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::list::Characteristic;

    fn read(text: &str) -> String {
        Formula::read(text).map_or_else(|fault| format!("error: {fault}"), |formula| formula.to_string())
    }

    #[test]
    fn a_formula_is_read_as_r_reads_it() {
        for (written, meant) in [
            ("size+book_to_market + sector", "size + book_to_market + sector"),
            ("log( size ) + C(year)", "log(size) + C(year)"),
            ("a*b", "a + b + a:b"),
            ("a*b*c", "a + b + c + a:b + a:c + b:c + a:b:c"),
            ("a:b + b:a + a + a", "a:b + a"),
            ("`book to market`:size", "book to market:size"),
            ("größe", "größe"),
            ("x.1 + x_2", "x.1 + x_2"),
        ] {
            assert_eq!(read(written), meant, "{written}");
        }
    }

    #[test]
    fn a_formula_without_meaning_says_where_and_what_to_write() {
        for (written, said) in [
            ("", "at the beginning"),
            ("  ", "at the beginning"),
            ("size +", "after \"size +\""),
            ("+ size", "at the beginning"),
            ("size ++ b", "after \"size +\""),
            ("car ~ size", "without \"~\""),
            ("~ size", "without \"~\""),
            ("size - 1", "\"-\" isn't read (after \"size\")"),
            ("size^2", "\"^\""),
            ("sqrt(size)", "\"sqrt\" isn't known"),
            ("log(size", "bracket"),
            ("log()", "after \"log(\""),
            ("`size", "backtick"),
            ("``", "between the backticks"),
            ("size, sector", "\",\""),
        ] {
            let found = read(written);
            assert!(found.starts_with("error: ") && found.contains(said), "{written}: {found}");
        }
    }

    #[test]
    fn a_column_that_is_not_there_is_named_with_those_that_are() {
        let characteristic = |name: &str, values| Characteristic { name: name.to_owned(), values };
        let list = EventList {
            characteristics: vec![
                characteristic("size", CharacteristicValues::Numbers(vec![Some(1.0)])),
                characteristic("Sector", CharacteristicValues::Texts(vec![Some("tech".to_owned())])),
                characteristic("name", CharacteristicValues::Texts((0..200).map(|row| Some(format!("firm {row}"))).collect())),
            ],
            ..EventList::default()
        };
        let check = |text: &str| Formula::read(text).unwrap().check(&list).map_err(|fault| fault.to_string());
        assert_eq!(check("size + sector"), Ok(()));
        let missing = check("sise").unwrap_err();
        assert!(missing.contains("no column \"sise\"") && missing.contains("did you mean size") && missing.contains("size, Sector, name"));
        assert!(check("group").unwrap_err().contains("no column \"group\""));
        assert!(check("log(sector)").unwrap_err().contains("its row 1 has \"tech\""));
        assert!(check("name").unwrap_err().contains("200 different values"));
    }
}
