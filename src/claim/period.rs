//! A day or period as an article names it, often without its year: "Friday", "3 March", "in March", "the first quarter", "the second half",
//! "2022".

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Serialize, Serializer};
use thiserror::Error;

/// A day or period by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedPeriod {
    /// A full date.
    Day(NaiveDate),
    /// A day of a month, the year unsaid.
    MonthDay {
        /// Month, 1 to 12.
        month: u32,
        /// Day of the month, 1 to 31.
        day: u32,
    },
    /// A weekday: the last one.
    Weekday(Weekday),
    /// The day before.
    Yesterday,
    /// A month.
    Month {
        /// The year; None when unsaid.
        year: Option<i32>,
        /// Month, 1 to 12.
        month: u32,
    },
    /// A calendar quarter.
    Quarter {
        /// The year; None when unsaid.
        year: Option<i32>,
        /// Quarter, 1 to 4.
        quarter: u32,
    },
    /// A half of a calendar year.
    Half {
        /// The year; None when unsaid.
        year: Option<i32>,
        /// Half, 1 or 2.
        half: u32,
    },
    /// A calendar year.
    Year(i32),
}

/// Why a text doesn't name a period.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "\"{text}\" names no day or period: write it as 2022-03-01, 03-01, march, 2022-03, q1, 2022-q1, h1, 2022-h1, 2022, monday or yesterday"
)]
pub struct NotAPeriod {
    /// The text found.
    pub text: String,
}

/// Month names in result files, January first.
const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Weekday names in result files, Monday first.
const WEEKDAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

impl NamedPeriod {
    /// First and last day of the period: what is named without its year is the latest that has begun on or before `reference`.
    /// None for a day that no calendar has (31 April).
    pub fn resolve(self, reference: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let latest = |begin: &dyn Fn(i32) -> Option<NaiveDate>| {
            // 29 February may be years back.
            (0..8).filter_map(|back| begin(reference.year() - back)).find(|first| *first <= reference)
        };
        let months = |first: NaiveDate, count: u32| Some((first, first.checked_add_months(Months::new(count))?.pred_opt()?));
        let day = |day: NaiveDate| Some((day, day));
        match self {
            NamedPeriod::Day(date) => day(date),
            NamedPeriod::MonthDay { month, day: number } => day(latest(&|year| NaiveDate::from_ymd_opt(year, month, number))?),
            NamedPeriod::Weekday(weekday) => {
                let back = reference.weekday().days_since(weekday);
                day(reference.checked_sub_days(Days::new(u64::from(back)))?)
            }
            NamedPeriod::Yesterday => day(reference.pred_opt()?),
            NamedPeriod::Month { year: Some(year), month } => months(NaiveDate::from_ymd_opt(year, month, 1)?, 1),
            NamedPeriod::Month { year: None, month } => months(latest(&|year| NaiveDate::from_ymd_opt(year, month, 1))?, 1),
            NamedPeriod::Quarter { year, quarter } => {
                let month = 3 * quarter.checked_sub(1)? + 1;
                let first = match year {
                    Some(year) => NaiveDate::from_ymd_opt(year, month, 1)?,
                    None => latest(&|year| NaiveDate::from_ymd_opt(year, month, 1))?,
                };
                months(first, 3)
            }
            NamedPeriod::Half { year, half } => {
                let month = 6 * half.checked_sub(1)? + 1;
                let first = match year {
                    Some(year) => NaiveDate::from_ymd_opt(year, month, 1)?,
                    None => latest(&|year| NaiveDate::from_ymd_opt(year, month, 1))?,
                };
                months(first, 6)
            }
            NamedPeriod::Year(year) => Some((NaiveDate::from_ymd_opt(year, 1, 1)?, NaiveDate::from_ymd_opt(year, 12, 31)?)),
        }
    }

    /// Whether it is one day.
    pub fn is_day(self) -> bool {
        matches!(self, NamedPeriod::Day(_) | NamedPeriod::MonthDay { .. } | NamedPeriod::Weekday(_) | NamedPeriod::Yesterday)
    }
}

impl FromStr for NamedPeriod {
    type Err = NotAPeriod;

    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let plain = text.trim().to_lowercase();
        read(&plain).ok_or_else(|| NotAPeriod { text: text.to_owned() })
    }
}

fn read(plain: &str) -> Option<NamedPeriod> {
    let in_list = |list: &[&str]| list.iter().position(|name| *name == plain).and_then(|position| u32::try_from(position + 1).ok());
    if plain == "yesterday" {
        return Some(NamedPeriod::Yesterday);
    }
    if let Some(month) = in_list(&MONTHS) {
        return Some(NamedPeriod::Month { year: None, month });
    }
    if in_list(&WEEKDAYS).is_some() {
        return plain.parse().ok().map(NamedPeriod::Weekday);
    }
    let quarter = |part: &str| part.strip_prefix('q')?.parse().ok().filter(|quarter| (1..=4).contains(quarter));
    if let Some(quarter) = quarter(plain) {
        return Some(NamedPeriod::Quarter { year: None, quarter });
    }
    let half = |part: &str| part.strip_prefix('h')?.parse().ok().filter(|half| (1..=2).contains(half));
    if let Some(half) = half(plain) {
        return Some(NamedPeriod::Half { year: None, half });
    }
    let number = |part: &str, length: usize| -> Option<u32> {
        (part.len() == length && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let year = |part: &str| number(part, 4).and_then(|year| i32::try_from(year).ok());
    let month = |part: &str| number(part, 2).filter(|month| (1..=12).contains(month));
    // A year has four digits or more, so that "22-1-1" isn't taken for one of the first century.
    if plain.rsplitn(3, '-').nth(2).is_some_and(|year| year.len() >= 4)
        && let Ok(date) = plain.parse()
    {
        return Some(NamedPeriod::Day(date));
    }
    let parts: Vec<&str> = plain.split('-').collect();
    match parts.as_slice() {
        [only] => year(only).map(NamedPeriod::Year),
        [first, second] => match (year(first), quarter(second)) {
            (Some(year), Some(quarter)) => Some(NamedPeriod::Quarter { year: Some(year), quarter }),
            (Some(year), None) => match half(second) {
                Some(half) => Some(NamedPeriod::Half { year: Some(year), half }),
                None => Some(NamedPeriod::Month { year: Some(year), month: month(second)? }),
            },
            (None, _) => {
                let day = number(second, 2).filter(|day| (1..=31).contains(day))?;
                Some(NamedPeriod::MonthDay { month: month(first)?, day })
            }
        },
        _ => None,
    }
}

impl fmt::Display for NamedPeriod {
    /// The form that [`FromStr`] reads.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = |list: &[&'static str], number: u32| {
            usize::try_from(number).ok().and_then(|number| list.get(number.checked_sub(1)?).copied()).unwrap_or("?")
        };
        match self {
            NamedPeriod::Day(date) => write!(formatter, "{date}"),
            NamedPeriod::MonthDay { month, day } => write!(formatter, "{month:02}-{day:02}"),
            NamedPeriod::Weekday(weekday) => formatter.write_str(named(&WEEKDAYS, weekday.number_from_monday())),
            NamedPeriod::Yesterday => formatter.write_str("yesterday"),
            NamedPeriod::Month { year: Some(year), month } => write!(formatter, "{year:04}-{month:02}"),
            NamedPeriod::Month { year: None, month } => formatter.write_str(named(&MONTHS, *month)),
            NamedPeriod::Quarter { year: Some(year), quarter } => write!(formatter, "{year:04}-q{quarter}"),
            NamedPeriod::Quarter { year: None, quarter } => write!(formatter, "q{quarter}"),
            NamedPeriod::Half { year: Some(year), half } => write!(formatter, "{year:04}-h{half}"),
            NamedPeriod::Half { year: None, half } => write!(formatter, "h{half}"),
            NamedPeriod::Year(year) => write!(formatter, "{year:04}"),
        }
    }
}

impl Serialize for NamedPeriod {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(name: &str, reference: &str) -> (String, String) {
        let (first, last) = name.parse::<NamedPeriod>().unwrap().resolve(reference.parse().unwrap()).unwrap();
        (first.to_string(), last.to_string())
    }

    #[test]
    fn a_period_is_read_back_as_it_is_written() {
        for text in ["2022-03-01", "03-01", "march", "2020-03", "q1", "2022-q1", "h2", "2022-h1", "2019", "monday", "yesterday"] {
            assert_eq!(text.parse::<NamedPeriod>().unwrap().to_string(), text);
        }
        for text in ["", "2022-13", "13-01", "02-32", "q5", "h3", "2022-h0", "0", "22-1-1", "mars", "2022-q0", "é"] {
            assert!(text.parse::<NamedPeriod>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_period_without_its_year_is_the_latest_that_has_begun() {
        let pair = |first: &str, last: &str| (first.to_owned(), last.to_owned());
        assert_eq!(resolved("march", "2022-09-02"), pair("2022-03-01", "2022-03-31"));
        assert_eq!(resolved("november", "2022-09-02"), pair("2021-11-01", "2021-11-30"));
        assert_eq!(resolved("september", "2022-09-02"), pair("2022-09-01", "2022-09-30"));
        assert_eq!(resolved("q4", "2022-09-02"), pair("2021-10-01", "2021-12-31"));
        assert_eq!(resolved("h1", "2022-09-02"), pair("2022-01-01", "2022-06-30"));
        assert_eq!(resolved("h2", "2022-06-30"), pair("2021-07-01", "2021-12-31"));
        assert_eq!(resolved("friday", "2022-09-02"), pair("2022-09-02", "2022-09-02"));
        assert_eq!(resolved("saturday", "2022-09-02"), pair("2022-08-27", "2022-08-27"));
        assert_eq!(resolved("02-29", "2022-09-02"), pair("2020-02-29", "2020-02-29"));
        assert_eq!("04-31".parse::<NamedPeriod>().unwrap().resolve("2022-09-02".parse().unwrap()), None);
    }
}
