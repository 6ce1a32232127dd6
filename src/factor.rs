//! Factor returns by session: what a factor model regresses a security's excess return on.
//!
//! A [`FactorTable`] holds one column a factor (market excess return, size, value, …) and, if the source has it, the risk-free
//! return, all simple returns a session, as fractions. A missing value is None, never 0 and never a code such as −99.99.

use chrono::NaiveDate;
use thiserror::Error;

/// Name of the market's excess return in Ken French's files.
pub const MARKET_EXCESS: &str = "Mkt-RF";
/// Name of the risk-free return in Ken French's files.
pub const RISK_FREE: &str = "RF";

/// Why a table of factors can't be used.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FactorError {
    /// No session.
    #[error("the factors have no session")]
    Empty,
    /// Dates that don't rise.
    #[error("the factors' date {date} doesn't come after {previous}: dates must rise, each once")]
    OutOfOrder {
        /// The date.
        date: NaiveDate,
        /// The date above it.
        previous: NaiveDate,
    },
    /// A column of another length than the dates.
    #[error("the factor \"{name}\" has {found} values for {expected} dates")]
    LengthsDiffer {
        /// The factor.
        name: String,
        /// Its values.
        found: usize,
        /// Dates.
        expected: usize,
    },
    /// A name twice.
    #[error("the factor \"{name}\" stands there twice")]
    NameTwice {
        /// The factor.
        name: String,
    },
    /// A factor that the model needs isn't there.
    #[error("the model needs the factor \"{name}\", the file has {}", there.join(", "))]
    Missing {
        /// The factor wanted.
        name: String,
        /// Those there are.
        there: Vec<String>,
    },
}

/// One factor's returns.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorColumn {
    /// Name, as in the file: `Mkt-RF`, `SMB`, `HML`, `RMW`, `CMA`, `Mom`.
    pub name: String,
    /// Returns, fractions, one a date; None where the source has none.
    pub values: Vec<Option<f64>>,
}

/// Factors by session.
#[derive(Debug, Clone, PartialEq)]
pub struct FactorTable {
    dates: Vec<NaiveDate>,
    columns: Vec<FactorColumn>,
    risk_free: Option<Vec<Option<f64>>>,
}

impl FactorTable {
    /// A table of factors over rising dates. A column named [`RISK_FREE`] becomes the risk-free return.
    ///
    /// # Errors
    /// [`FactorError`] when there is no date, dates don't rise, a column has another length or a name stands twice.
    pub fn new(dates: Vec<NaiveDate>, columns: Vec<FactorColumn>) -> Result<Self, FactorError> {
        if dates.is_empty() {
            return Err(FactorError::Empty);
        }
        for pair in dates.windows(2) {
            if let [previous, date] = pair
                && previous >= date
            {
                return Err(FactorError::OutOfOrder { date: *date, previous: *previous });
            }
        }
        let mut table = Self { dates, columns: Vec::with_capacity(columns.len()), risk_free: None };
        for column in columns {
            if column.values.len() != table.dates.len() {
                return Err(FactorError::LengthsDiffer { name: column.name, found: column.values.len(), expected: table.dates.len() });
            }
            let is_risk_free = column.name.eq_ignore_ascii_case(RISK_FREE);
            if table.column(&column.name).is_some() || (is_risk_free && table.risk_free.is_some()) {
                return Err(FactorError::NameTwice { name: column.name });
            }
            if is_risk_free {
                table.risk_free = Some(column.values);
            } else {
                table.columns.push(column);
            }
        }
        Ok(table)
    }

    /// Dates, strictly rising, never empty.
    pub fn dates(&self) -> &[NaiveDate] {
        &self.dates
    }

    /// Factors in the order of the file, without the risk-free return.
    pub fn columns(&self) -> &[FactorColumn] {
        &self.columns
    }

    /// Risk-free return a session, fractions; None when the source has no such column.
    pub fn risk_free(&self) -> Option<&[Option<f64>]> {
        self.risk_free.as_deref()
    }

    /// The factor of a name, whatever its case.
    pub fn column(&self, name: &str) -> Option<&FactorColumn> {
        self.columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// Names of the factors, in the order of the file.
    pub fn names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.name.clone()).collect()
    }
}
