//! What the columns of a bar file mean, read off its header: `timestamp` and `close`, and if wanted `symbol` and `open`.
//!
//! Names are compared without case, with spaces and hyphens as `_`. `high`, `low`, `volume` and other columns are left alone. A file without
//! a symbol is named after it: `AAPL.csv`.

use thiserror::Error;

use super::column_name::{folded, list};
use crate::series::near_names;

/// What a column of a bar file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarRole {
    /// When the bar begins or ends.
    Timestamp,
    /// The security.
    Symbol,
    /// Its first price.
    Open,
    /// Its last.
    Close,
}

impl BarRole {
    /// The name of the column.
    pub fn name(self) -> &'static str {
        match self {
            BarRole::Timestamp => "timestamp",
            BarRole::Symbol => "symbol",
            BarRole::Open => "open",
            BarRole::Close => "close",
        }
    }

    /// Other names for it, the nearest first, as `folded` writes them.
    fn synonyms(self) -> &'static [&'static str] {
        match self {
            BarRole::Timestamp => &["datetime", "date_time", "time_stamp", "ts", "ts_event", "bar_time", "time", "date"],
            BarRole::Symbol => &["ticker", "sym", "security", "stock", "permno", "isin"],
            BarRole::Open => &["open_price", "first"],
            BarRole::Close => &["close_price", "price", "last", "mid"],
        }
    }
}

/// Why a header can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BarLayoutError {
    /// A column that every bar file needs isn't there.
    #[error("there is no column \"{}\" in the header: {}", .role.name(), list(.header))]
    NoColumn {
        /// What is missing.
        role: BarRole,
        /// The header found.
        header: Vec<String>,
        /// Its names nearest to the one wanted.
        near: Vec<String>,
    },
    /// A name twice.
    #[error("two columns have the name \"{name}\"")]
    ColumnTwice {
        /// The name.
        name: String,
    },
}

impl BarLayoutError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            BarLayoutError::NoColumn { role, header, near } => {
                let rename = if near.is_empty() { String::new() } else { format!(" (rename {}?)", list(near)) };
                let split = if header.len() == 1 { "; columns are separated by commas, semicolons or tabs" } else { "" };
                format!("name the column \"{}\"{rename}; a bar file has timestamp, symbol, close, and if wanted open{split}", role.name())
            }
            BarLayoutError::ColumnTwice { .. } => "rename one of them, or remove it".to_owned(),
        }
    }
}

/// Where the columns stand, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BarLayout {
    pub timestamp: usize,
    pub symbol: Option<usize>,
    pub open: Option<usize>,
    pub close: usize,
}

impl BarLayout {
    pub fn of_header(header: &[String]) -> Result<Self, BarLayoutError> {
        let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let find = |role: BarRole| -> Result<Option<usize>, BarLayoutError> {
            for name in [role.name()].iter().chain(role.synonyms()) {
                let mut found = names.iter().enumerate().filter(|(_, held)| held == name).map(|(index, _)| index);
                if let Some(first) = found.next() {
                    return if found.next().is_some() {
                        Err(BarLayoutError::ColumnTwice { name: (*name).to_owned() })
                    } else {
                        Ok(Some(first))
                    };
                }
            }
            Ok(None)
        };
        let needed = |role: BarRole| {
            find(role)?.ok_or_else(|| {
                let near = near_names(role.name(), header.iter().map(String::as_str));
                BarLayoutError::NoColumn { role, header: header.to_vec(), near }
            })
        };
        Ok(Self {
            timestamp: needed(BarRole::Timestamp)?,
            symbol: find(BarRole::Symbol)?,
            open: find(BarRole::Open)?,
            close: needed(BarRole::Close)?,
        })
    }

    /// The columns that are read, rising.
    pub fn projection(&self) -> Vec<usize> {
        let mut columns: Vec<usize> = [Some(self.timestamp), self.symbol, self.open, Some(self.close)].into_iter().flatten().collect();
        columns.sort_unstable();
        columns
    }
}
