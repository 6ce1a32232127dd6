//! The period that a figure speaks of. A horizon has no single window: "over the past month" has many readings, and
//! [`crate::verify`] measures each of them.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::series::near_names;

/// Over which period a security is said to have moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizon {
    /// One session: the day's move.
    Session,
    /// The past `n` weeks.
    Weeks(u32),
    /// The past `n` months; a quarter is three.
    Months(u32),
    /// The past quarter.
    Quarter,
    /// The past `n` years.
    Years(u32),
    /// Since the last session of the year before.
    YearToDate,
    /// The past `n` sessions.
    Sessions(u32),
    /// Since a date.
    Since(NaiveDate),
    /// From the highest price of the past 52 weeks, or since a date.
    FromHigh(Option<NaiveDate>),
    /// From the lowest price of the past 52 weeks, or since a date.
    FromLow(Option<NaiveDate>),
}

/// Why a text isn't a horizon.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{text}\" is not a horizon: {}", suggestion(.near))]
pub struct NotAHorizon {
    /// The text found.
    pub text: String,
    /// Nearest horizons, nearest first.
    pub near: Vec<String>,
}

const FORMS: &str =
    "write session, week, month, quarter, year, year-to-date, \"5-sessions\", \"3-months\", \"since 2022-03-01\", from-high or from-low";

/// Longest count of weeks, months, years or sessions.
const LONGEST: u32 = 10_000;

fn suggestion(near: &[String]) -> String {
    match near.first() {
        Some(name) => format!("did you mean \"{name}\"? {FORMS}"),
        None => FORMS.to_owned(),
    }
}

const NAMED: [(&str, Horizon); 10] = [
    ("session", Horizon::Session),
    ("day", Horizon::Session),
    ("week", Horizon::Weeks(1)),
    ("month", Horizon::Months(1)),
    ("quarter", Horizon::Quarter),
    ("year", Horizon::Years(1)),
    ("year-to-date", Horizon::YearToDate),
    ("ytd", Horizon::YearToDate),
    ("from-high", Horizon::FromHigh(None)),
    ("from-low", Horizon::FromLow(None)),
];

impl FromStr for Horizon {
    type Err = NotAHorizon;

    fn from_str(text: &str) -> Result<Self, NotAHorizon> {
        let plain = text.trim().to_lowercase().replace([' ', '_'], "-");
        if let Some((_, horizon)) = NAMED.iter().find(|(name, _)| *name == plain) {
            return Ok(*horizon);
        }
        let wrong = || NotAHorizon { text: text.to_owned(), near: near_names(&plain, NAMED.iter().map(|(name, _)| *name)) };
        let date = |part: &str| part.parse::<NaiveDate>().map_err(|_| wrong());
        if let Some(part) = plain.strip_prefix("since-") {
            return Ok(Horizon::Since(date(part)?));
        }
        if let Some(part) = plain.strip_prefix("from-high-since-") {
            return Ok(Horizon::FromHigh(Some(date(part)?)));
        }
        if let Some(part) = plain.strip_prefix("from-low-since-") {
            return Ok(Horizon::FromLow(Some(date(part)?)));
        }
        let (count, unit) = plain.split_once('-').ok_or_else(wrong)?;
        let count: u32 = count.parse().ok().filter(|count| (1..=LONGEST).contains(count)).ok_or_else(wrong)?;
        match unit.trim_end_matches('s') {
            "session" => Ok(Horizon::Sessions(count)),
            "week" => Ok(Horizon::Weeks(count)),
            "month" => Ok(Horizon::Months(count)),
            "year" => Ok(Horizon::Years(count)),
            _ => Err(wrong()),
        }
    }
}

impl fmt::Display for Horizon {
    /// The form that [`FromStr`] reads.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Horizon::Session => write!(formatter, "session"),
            Horizon::Weeks(1) => write!(formatter, "week"),
            Horizon::Weeks(count) => write!(formatter, "{count}-weeks"),
            Horizon::Months(1) => write!(formatter, "month"),
            Horizon::Months(count) => write!(formatter, "{count}-months"),
            Horizon::Quarter => write!(formatter, "quarter"),
            Horizon::Years(1) => write!(formatter, "year"),
            Horizon::Years(count) => write!(formatter, "{count}-years"),
            Horizon::YearToDate => write!(formatter, "year-to-date"),
            Horizon::Sessions(count) => write!(formatter, "{count}-sessions"),
            Horizon::Since(date) => write!(formatter, "since-{date}"),
            Horizon::FromHigh(None) => write!(formatter, "from-high"),
            Horizon::FromHigh(Some(date)) => write!(formatter, "from-high-since-{date}"),
            Horizon::FromLow(None) => write!(formatter, "from-low"),
            Horizon::FromLow(Some(date)) => write!(formatter, "from-low-since-{date}"),
        }
    }
}

impl Serialize for Horizon {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_horizon_is_read_back_as_it_is_written() {
        for text in ["session", "week", "2-weeks", "month", "3-months", "quarter", "year", "year-to-date", "5-sessions", "since-2022-03-01"]
        {
            assert_eq!(text.parse::<Horizon>().unwrap().to_string(), text);
        }
        assert_eq!("3 months".parse::<Horizon>().unwrap(), Horizon::Months(3));
        assert_eq!("from high since 2021-11-01".parse::<Horizon>().unwrap().to_string(), "from-high-since-2021-11-01");
    }

    #[test]
    fn a_misspelt_horizon_gets_a_suggestion() {
        let error = "mnoth".parse::<Horizon>().unwrap_err();
        assert_eq!(error.near.first().map(String::as_str), Some("month"));
        assert!("0-weeks".parse::<Horizon>().is_err() && "since yesterday".parse::<Horizon>().is_err());
    }
}
