//! One cell of a factor file: names of factors, numbers, missing codes, and what can be wrong ([`FactorCellFault`], [`FactorCellError`]).

use chrono::NaiveDate;
use thiserror::Error;

use super::column_name::folded;
use super::location::Location;
use super::price_cell::CellFault;
use crate::factor::{MARKET_EXCESS, RISK_FREE};

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactorCellFault {
    /// No date, or one that can't be read.
    Date(CellFault),
    /// A month, `192607`, where days are wanted.
    Month,
    /// A date that doesn't come after the one above.
    OutOfOrder {
        /// The date above.
        previous: NaiveDate,
    },
    /// Neither a number nor a missing one.
    NotANumber,
    /// A return that no factor has: 100 % or more, up or down.
    NotAReturn,
}

impl FactorCellFault {
    /// What is wrong, in a clause that names the cell's text.
    pub fn describe(&self, value: &str) -> String {
        match self {
            FactorCellFault::Date(fault) => fault.describe(value),
            FactorCellFault::Month => format!("\"{value}\" is a month, not a day: mixed frequency"),
            FactorCellFault::OutOfOrder { previous } => format!("the date \"{value}\" doesn't come after {previous}"),
            FactorCellFault::NotANumber => format!("\"{value}\" is not a number"),
            FactorCellFault::NotAReturn => format!("\"{value}\" is not a factor's return of one day"),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            FactorCellFault::Date(fault) => fault.help(),
            FactorCellFault::Month => "give the daily file of the factors, or delete the monthly rows: daily returns need daily factors",
            FactorCellFault::OutOfOrder { .. } => "sort the rows by date and keep one a date",
            FactorCellFault::NotANumber => "write numbers as 0.012 or 1.2, without percent signs; leave the cell empty when there is none",
            FactorCellFault::NotAReturn => {
                "missing values are an empty cell, -99.99 or -999 (not these divided by 100); check the unit, percent or fraction"
            }
        }
    }
}

/// A cell that can't be used, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{location}, {column}: {}", .fault.describe(.value))]
pub struct FactorCellError {
    /// Where the cell begins.
    pub location: Location,
    /// The column's name in the header.
    pub column: String,
    /// The cell's text (a Parquet value is written out); empty when the cell is.
    pub value: String,
    /// What is wrong with it.
    pub fault: FactorCellFault,
}

/// Whether the name of a column is one for dates.
pub(super) fn is_date_name(name: &str) -> bool {
    matches!(folded(name).as_str(), "date" | "dateff" | "day" | "caldt" | "observation_date")
}

/// The name of a factor as Ken French's files write it, for the ways in which others write the same; any other name as it is.
pub(super) fn factor_name(written: &str) -> String {
    let plain: String = written.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    match plain.as_str() {
        "mktrf" | "mktminusrf" | "rmrf" | "rmkrf" => MARKET_EXCESS,
        "rf" | "riskfree" => RISK_FREE,
        "smb" => "SMB",
        "hml" => "HML",
        "rmw" => "RMW",
        "cma" => "CMA",
        "mom" | "umd" => "Mom",
        "strev" => "ST_Rev",
        "ltrev" => "LT_Rev",
        _ => written.trim(),
    }
    .to_owned()
}

/// Whether it is one of Ken French's factors.
pub(super) fn is_known_factor(written: &str) -> bool {
    matches!(factor_name(written).as_str(), MARKET_EXCESS | RISK_FREE | "SMB" | "HML" | "RMW" | "CMA" | "Mom" | "ST_Rev" | "LT_Rev")
}

/// Whether a number is one of the codes by which Ken French's files say that there is none.
pub(super) fn is_missing_code(number: f64) -> bool {
    [-99.99, -999.0].contains(&number)
}
