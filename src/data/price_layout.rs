//! What the columns of a price file mean, read off its header: a `Layout`.
//!
//! Names are compared without case, with spaces and hyphens as `_` and without `<` `>` (Stooq writes `<CLOSE>`).
//! - **Tidy**: `date`, `symbol` (or `ticker`) and `close`, `adj_close` (or `adjusted_close`) or both, and if wanted `high`, `low` and
//!   `volume` (or `vol`); or `return` instead of a price. Other columns are left alone.
//! - **Single**: the same without a symbol; the file is named after it (Yahoo, Stooq).
//! - **Wide**: `date` and a column a symbol. A header with no close of its own but with `volume`, or with both `high` and `low`, is
//!   not wide but a file without a close: it is refused. (`LOW` and `OPEN` alone are tickers.)
//!
//! `observation_date` (FRED) is read as `date`.

use std::collections::BTreeSet;

use thiserror::Error;

use super::column_name::{folded, list};
use crate::series::near_names;

/// What the columns of a wide file hold. Other files say so in their header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Content {
    /// Prices, above zero.
    #[default]
    Prices,
    /// Simple returns, as fractions.
    Returns,
}

/// Which columns of a file are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PriceColumns {
    /// All that mean something: closes, adjusted closes, highs, lows, volumes.
    #[default]
    All,
    /// One level a session: the adjusted close where there is a column of it (a row without one has no price then), else the close or
    /// the return. The other columns aren't read from the disk.
    Levels,
}

/// What is wanted of price files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted<'a> {
    /// Columns.
    pub columns: PriceColumns,
    /// Symbols; None for all.
    pub symbols: Option<&'a BTreeSet<String>>,
}

impl Wanted<'_> {
    /// Whether a symbol is wanted.
    pub fn has(&self, symbol: &str) -> bool {
        self.symbols.is_none_or(|symbols| symbols.contains(symbol))
    }
}

/// Why a header can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LayoutError {
    /// No column is the date.
    #[error("there is no column \"date\" in the header: {}", list(.header))]
    NoDateColumn {
        /// The header found.
        header: Vec<String>,
        /// Its names nearest to `date`.
        near: Vec<String>,
    },
    /// No column is a price or a return.
    #[error("there is no column \"close\", \"adj_close\" or \"return\" in the header: {}", list(.header))]
    NoPriceColumn {
        /// The header found.
        header: Vec<String>,
        /// Its names nearest to `close`.
        near: Vec<String>,
    },
    /// Returns were asked for, and there is no column of them.
    #[error("the file is to be read as returns, and there is no column \"return\" in the header: {}", list(.header))]
    NoReturnColumn {
        /// The header found.
        header: Vec<String>,
    },
    /// Two columns mean the same.
    #[error("the columns {first} (\"{first_name}\") and {second} (\"{second_name}\") mean the same")]
    ColumnTwice {
        /// Number of the first, from 1.
        first: usize,
        /// Its name in the header.
        first_name: String,
        /// Number of the second, from 1.
        second: usize,
        /// Its name in the header.
        second_name: String,
    },
    /// A column of a wide file has no name, so that its prices have no symbol.
    #[error("column {number} has no name in the header")]
    UnnamedColumn {
        /// Number of the column, from 1.
        number: usize,
    },
}

impl LayoutError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            LayoutError::NoDateColumn { header, near } => {
                let rename = if near.is_empty() { String::new() } else { format!(" (rename {}?)", list(near)) };
                let split = if header.len() == 1 { "; columns are separated by commas, semicolons or tabs" } else { "" };
                format!("name the column of dates \"date\"{rename}; the header is the first line{split}")
            }
            LayoutError::NoPriceColumn { near, .. } => {
                let rename = if near.is_empty() { String::new() } else { format!(" (rename {}?)", list(near)) };
                format!("name the column of closing prices \"close\"{rename}; or give a wide file, \"date\" and a column a symbol")
            }
            LayoutError::NoReturnColumn { .. } => "name the column of returns \"return\", or read the file as prices".to_owned(),
            LayoutError::ColumnTwice { second_name, .. } => format!("remove or rename one of them, such as \"{second_name}\""),
            LayoutError::UnnamedColumn { .. } => {
                "give the column its symbol as a name, or remove the column (and a separator at the line's end)".to_owned()
            }
        }
    }
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its number, from 0.
    pub index: usize,
    /// Its name, as the header writes it.
    pub name: String,
}

/// The columns of numbers of a tidy or single file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Values {
    Returns(Column),
    /// `close` or `adjusted_close` is there, or both.
    Prices {
        close: Option<Column>,
        adjusted_close: Option<Column>,
        high: Option<Column>,
        low: Option<Column>,
        volume: Option<Column>,
    },
}

/// What the columns of a file mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Layout {
    Tidy { date: Column, symbol: Column, values: Values },
    Single { date: Column, values: Values },
    Wide { date: Column, symbols: Vec<Column>, content: Content },
}

impl Layout {
    /// The layout of a file whose header is `header`.
    pub fn of_header(header: &[String], content: Content) -> Result<Self, LayoutError> {
        let roles: Vec<Option<Role>> = header.iter().map(|name| Role::of_name(name)).collect();
        let find = |wanted: Role| -> Result<Option<Column>, LayoutError> {
            let mut found = roles.iter().zip(header).enumerate().filter(|(_, (role, _))| **role == Some(wanted));
            let Some((index, (_, name))) = found.next() else { return Ok(None) };
            match found.next() {
                Some((other, (_, other_name))) => Err(column_twice((index, name), (other, other_name))),
                None => Ok(Some(Column { index, name: name.clone() })),
            }
        };
        let names = || header.iter().map(String::as_str);
        let Some(date) = find(Role::Date)? else {
            return Err(LayoutError::NoDateColumn { header: header.to_vec(), near: near_names("date", names()) });
        };
        let no_price = || LayoutError::NoPriceColumn {
            header: header.to_vec(),
            near: near_names("close", names().zip(&roles).filter(|(_, role)| role.is_none()).map(|(name, _)| name)),
        };
        let symbol = find(Role::Symbol)?;
        let has = |role: Role| roles.contains(&Some(role));
        let values = if has(Role::Close) || has(Role::AdjustedClose) || has(Role::Return) {
            let close = find(Role::Close)?;
            let adjusted_close = find(Role::AdjustedClose)?;
            let returns = find(Role::Return)?;
            match (content, returns) {
                (Content::Returns, None) => return Err(LayoutError::NoReturnColumn { header: header.to_vec() }),
                (Content::Returns, Some(returns)) => Some(Values::Returns(returns)),
                (Content::Prices, Some(returns)) if close.is_none() && adjusted_close.is_none() => Some(Values::Returns(returns)),
                (Content::Prices, _) => Some(Values::Prices {
                    close,
                    adjusted_close,
                    high: find(Role::High)?,
                    low: find(Role::Low)?,
                    volume: find(Role::Volume)?,
                }),
            }
        } else {
            None
        };
        match (symbol, values) {
            (Some(symbol), Some(values)) => Ok(Layout::Tidy { date, symbol, values }),
            (None, Some(values)) => Ok(Layout::Single { date, values }),
            (Some(_), None) if content == Content::Returns => Err(LayoutError::NoReturnColumn { header: header.to_vec() }),
            (Some(_), None) => Err(no_price()),
            (None, None) if header.len() < 2 || has(Role::Volume) || (has(Role::High) && has(Role::Low)) => Err(no_price()),
            (None, None) => Ok(Layout::Wide { symbols: wide_symbols(header, &date)?, date, content }),
        }
    }

    /// Leaves away the columns that aren't wanted. `name` is the symbol of a file that holds but one.
    pub fn keep(&mut self, wanted: &Wanted, name: &str) {
        match self {
            Layout::Wide { symbols, .. } => symbols.retain(|column| wanted.has(&column.name)),
            Layout::Tidy { values, .. } | Layout::Single { values, .. } => {
                if let (Values::Prices { close, adjusted_close, high, low, volume }, PriceColumns::Levels) = (values, wanted.columns) {
                    (*high, *low, *volume) = (None, None, None);
                    if adjusted_close.is_some() {
                        *close = None;
                    }
                }
            }
        }
        if let Layout::Single { date, .. } = self
            && !wanted.has(name)
        {
            *self = Layout::Wide { date: date.clone(), symbols: Vec::new(), content: Content::Prices };
        }
    }

    /// Whether nothing of the file is wanted.
    pub fn is_empty(&self) -> bool {
        matches!(self, Layout::Wide { symbols, .. } if symbols.is_empty())
    }

    pub fn date(&self) -> &Column {
        match self {
            Layout::Tidy { date, .. } | Layout::Single { date, .. } | Layout::Wide { date, .. } => date,
        }
    }

    pub fn symbol(&self) -> Option<&Column> {
        match self {
            Layout::Tidy { symbol, .. } => Some(symbol),
            Layout::Single { .. } | Layout::Wide { .. } => None,
        }
    }

    /// The columns whose cells are numbers.
    pub fn numbers(&self) -> Vec<&Column> {
        match self {
            Layout::Wide { symbols, .. } => symbols.iter().collect(),
            Layout::Tidy { values, .. } | Layout::Single { values, .. } => match values {
                Values::Returns(column) => vec![column],
                Values::Prices { close, adjusted_close, high, low, volume } => {
                    [close, adjusted_close, high, low, volume].into_iter().flatten().collect()
                }
            },
        }
    }
}

/// Every column but the date, each the symbol that it is named after.
fn wide_symbols(header: &[String], date: &Column) -> Result<Vec<Column>, LayoutError> {
    let mut seen = indexmap::IndexMap::with_capacity(header.len());
    let mut symbols = Vec::with_capacity(header.len());
    for (index, name) in header.iter().enumerate().filter(|(index, _)| *index != date.index) {
        if name.is_empty() {
            return Err(LayoutError::UnnamedColumn { number: index + 1 });
        }
        if let Some(first) = seen.insert(name.as_str(), index) {
            return Err(column_twice((first, name), (index, name)));
        }
        symbols.push(Column { index, name: name.clone() });
    }
    Ok(symbols)
}

fn column_twice(first: (usize, &str), second: (usize, &str)) -> LayoutError {
    LayoutError::ColumnTwice { first: first.0 + 1, first_name: first.1.to_owned(), second: second.0 + 1, second_name: second.1.to_owned() }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Date,
    Symbol,
    Close,
    AdjustedClose,
    Return,
    High,
    Low,
    Volume,
}

impl Role {
    fn of_name(name: &str) -> Option<Self> {
        Some(match folded(name).as_str() {
            "date" | "observation_date" => Role::Date,
            "symbol" | "ticker" => Role::Symbol,
            "close" => Role::Close,
            "adj_close" | "adjusted_close" => Role::AdjustedClose,
            "return" => Role::Return,
            "high" => Role::High,
            "low" => Role::Low,
            "volume" | "vol" => Role::Volume,
            _ => return None,
        })
    }
}
