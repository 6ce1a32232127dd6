//! The period that a figure speaks of. A horizon has no single window: "over the past month" has many readings, and
//! [`crate::verify`] measures each of them.

use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::claim::NamedPeriod;
use crate::series::near_names;

/// Over which period a security is said to have moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Horizon {
    /// One session: the day's move.
    Session,
    /// Somewhere during a session, not at its close: "in early trading", "at one point".
    Intraday,
    /// Before the open or after the close, when daily prices say nothing.
    ExtendedHours,
    /// The past `n` weeks.
    Weeks(u32),
    /// The past `n` months; a quarter is three.
    Months(u32),
    /// The past quarter.
    Quarter,
    /// The past `n` years.
    Years(u32),
    /// The past `n` sessions.
    Sessions(u32),
    /// The past `n` calendar days.
    Days(u32),
    /// Since the last session of the week before: "this week".
    WeekToDate,
    /// Since the last session of the month before: "this month".
    MonthToDate,
    /// Since the last session of the quarter before: "this quarter".
    QuarterToDate,
    /// Since the last session of the year before: "this year".
    YearToDate,
    /// The calendar week before: "last week".
    LastWeek,
    /// The calendar month before: "last month".
    LastMonth,
    /// The calendar quarter before: "last quarter".
    LastQuarter,
    /// The calendar year before: "last year".
    LastYear,
    /// A named month, quarter or year: "in 2022".
    During(NamedPeriod),
    /// Since a date, or the beginning of a named period.
    Since(NamedPeriod),
    /// From a day or the beginning of a named period to another day or the end of another period: "from 3 March to 12 April".
    Between(NamedPeriod, NamedPeriod),
    /// Since something that the text doesn't date: "since its listing".
    SinceEvent,
    /// From the highest price of a stretch.
    FromHigh(Stretch),
    /// From the lowest price of a stretch.
    FromLow(Stretch),
}

/// Where the highest or lowest price is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stretch {
    /// The past 52 weeks.
    Year,
    /// Since a date.
    Since(NaiveDate),
    /// A named day, month, quarter or year: "its November high".
    During(NamedPeriod),
    /// All of the security's history: "its record high".
    Record,
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

const FORMS: &str = "write session, week, month, quarter, year, year-to-date, last-month, \"5-sessions\", \"3-months\", \
     \"since 2022-03-01\", \"since march\", 2022, 2022-03, from-high, \"from-high-in 2021-11\" or from-low";

/// Longest count of weeks, months, years or sessions.
const LONGEST: u32 = 10_000;

fn suggestion(near: &[String]) -> String {
    match near.first() {
        Some(name) => format!("did you mean \"{name}\"? {FORMS}"),
        None => FORMS.to_owned(),
    }
}

const NAMED: [(&str, Horizon); 22] = [
    ("session", Horizon::Session),
    ("day", Horizon::Session),
    ("intraday", Horizon::Intraday),
    ("extended-hours", Horizon::ExtendedHours),
    ("week", Horizon::Weeks(1)),
    ("month", Horizon::Months(1)),
    ("quarter", Horizon::Quarter),
    ("year", Horizon::Years(1)),
    ("week-to-date", Horizon::WeekToDate),
    ("month-to-date", Horizon::MonthToDate),
    ("quarter-to-date", Horizon::QuarterToDate),
    ("year-to-date", Horizon::YearToDate),
    ("ytd", Horizon::YearToDate),
    ("last-week", Horizon::LastWeek),
    ("last-month", Horizon::LastMonth),
    ("last-quarter", Horizon::LastQuarter),
    ("last-year", Horizon::LastYear),
    ("since-event", Horizon::SinceEvent),
    ("from-high", Horizon::FromHigh(Stretch::Year)),
    ("from-low", Horizon::FromLow(Stretch::Year)),
    ("from-record-high", Horizon::FromHigh(Stretch::Record)),
    ("from-record-low", Horizon::FromLow(Stretch::Record)),
];

impl FromStr for Horizon {
    type Err = NotAHorizon;

    fn from_str(text: &str) -> Result<Self, NotAHorizon> {
        let plain = text.trim().to_lowercase().replace([' ', '_'], "-");
        if let Some((_, horizon)) = NAMED.iter().find(|(name, _)| *name == plain) {
            return Ok(*horizon);
        }
        let wrong = || NotAHorizon { text: text.to_owned(), near: near_names(&plain, NAMED.iter().map(|(name, _)| *name)) };
        let period = |part: &str| part.parse::<NamedPeriod>().map_err(|_| wrong());
        let date = |part: &str| part.parse::<NaiveDate>().map_err(|_| wrong());
        if let Some(part) = plain.strip_prefix("since-") {
            return Ok(Horizon::Since(period(part)?));
        }
        for (direction, from) in [("from-high-", Horizon::FromHigh as fn(Stretch) -> Horizon), ("from-low-", Horizon::FromLow)] {
            if let Some(rest) = plain.strip_prefix(direction) {
                return match (rest.strip_prefix("since-"), rest.strip_prefix("in-")) {
                    (Some(part), _) => Ok(from(Stretch::Since(date(part)?))),
                    (None, Some(part)) => Ok(from(Stretch::During(period(part)?))),
                    (None, None) => Err(wrong()),
                };
            }
        }
        if let Some((first, last)) = plain.strip_prefix("from-").and_then(|rest| rest.split_once("-to-")) {
            return Ok(Horizon::Between(period(first)?, period(last)?));
        }
        if let Some(named) = plain.parse::<NamedPeriod>().ok().filter(|named| !named.is_day()) {
            return Ok(Horizon::During(named));
        }
        let (count, unit) = plain.split_once('-').ok_or_else(wrong)?;
        let count: u32 = count.parse().ok().filter(|count| (1..=LONGEST).contains(count)).ok_or_else(wrong)?;
        match unit.trim_end_matches('s') {
            "session" => Ok(Horizon::Sessions(count)),
            "day" => Ok(Horizon::Days(count)),
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
        if let Some((name, _)) = NAMED.iter().find(|(_, horizon)| horizon == self) {
            return formatter.write_str(name);
        }
        match self {
            Horizon::Weeks(count) => write!(formatter, "{count}-weeks"),
            Horizon::Months(count) => write!(formatter, "{count}-months"),
            Horizon::Years(count) => write!(formatter, "{count}-years"),
            Horizon::Sessions(count) => write!(formatter, "{count}-sessions"),
            Horizon::Days(count) => write!(formatter, "{count}-days"),
            Horizon::Since(period) => write!(formatter, "since-{period}"),
            Horizon::Between(first, last) => write!(formatter, "from-{first}-to-{last}"),
            Horizon::During(period) => write!(formatter, "{period}"),
            Horizon::FromHigh(stretch) => write!(formatter, "from-high-{stretch}"),
            Horizon::FromLow(stretch) => write!(formatter, "from-low-{stretch}"),
            // The rest has a name.
            other => write!(formatter, "{other:?}"),
        }
    }
}

impl fmt::Display for Stretch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stretch::Year => formatter.write_str("year"),
            Stretch::Record => formatter.write_str("record"),
            Stretch::Since(date) => write!(formatter, "since-{date}"),
            Stretch::During(period) => write!(formatter, "in-{period}"),
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
            .into_iter()
            .chain(["week-to-date", "last-year", "since-march", "since-2019", "2022", "2022-03", "q1", "from-record-high", "30-days"])
            .chain([
                "from-high-in-november",
                "from-low-in-2020-03",
                "from-high-since-2021-11-01",
                "intraday",
                "since-event",
                "2022-h1",
                "from-03-03-to-april",
            ])
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
        assert!("0-weeks".parse::<Horizon>().is_err() && "since never".parse::<Horizon>().is_err());
    }
}
