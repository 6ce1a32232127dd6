//! When an exchange trades: the open and close of each day as instants, daylight saving included.
//!
//! Hours are those of clocks at the exchange. New York's come from [`crate::calendar`], with its holidays and early closes; others are the
//! same on every day (`09:00-17:30` in `Europe/Paris`), and a day is a session when the benchmark has a bar in them. An open that clocks
//! skip when daylight saving begins is the moment they jump to; one that they show twice is the earlier.

use std::fmt;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::calendar::Exchange;

/// Hours of trading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TradingHours {
    /// Those of an exchange whose rules are known.
    Exchange(Exchange),
    /// The same hours every day.
    Fixed(FixedHours),
}

/// The same hours every day, minutes from midnight, in a time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FixedHours {
    open: u32,
    close: u32,
    zone: Tz,
}

/// Why hours can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HoursError {
    /// Not of the form `09:00-17:30`.
    #[error("\"{text}\" are no trading hours: write open and close, 09:00-17:30")]
    Unreadable {
        /// The text found.
        text: String,
    },
    /// Hours that end before they begin.
    #[error("the session {text} ends before it begins: sessions over midnight aren't read; write the part of one day, 00:00-17:00")]
    OverMidnight {
        /// The text found.
        text: String,
    },
}

impl FixedHours {
    /// The hours of a text such as `09:00-17:30` (the close may be `24:00`) in a zone.
    ///
    /// # Errors
    /// [`HoursError`]
    pub fn read(text: &str, zone: Tz) -> Result<Self, HoursError> {
        let minutes = |part: &str| {
            let part = part.trim();
            if part == "24:00" {
                return Some(1440);
            }
            NaiveTime::parse_from_str(part, "%H:%M").ok().map(|time| 60 * time.hour() + time.minute())
        };
        let unreadable = || HoursError::Unreadable { text: text.to_owned() };
        let (open, close) = text.split_once(['-', '–']).ok_or_else(unreadable)?;
        let (open, close) = (minutes(open).ok_or_else(unreadable)?, minutes(close).ok_or_else(unreadable)?);
        if open >= close {
            return Err(HoursError::OverMidnight { text: text.to_owned() });
        }
        Ok(Self { open, close, zone })
    }
}

impl TradingHours {
    /// The zone whose clocks the hours are on.
    pub fn zone(self) -> Tz {
        match self {
            TradingHours::Exchange(exchange) => exchange.zone(),
            TradingHours::Fixed(hours) => hours.zone,
        }
    }

    /// The exchange, None for hours given by themselves.
    pub fn exchange(self) -> Option<Exchange> {
        match self {
            TradingHours::Exchange(exchange) => Some(exchange),
            TradingHours::Fixed(_) => None,
        }
    }

    /// Open and close of a day as seconds since 1970 UTC; None when the exchange's rules don't cover the day or hold no session on it.
    pub fn session(self, date: NaiveDate) -> Option<(i64, i64)> {
        let (open, close) = match self {
            TradingHours::Exchange(exchange) => {
                if !exchange.holds_session(date) {
                    return None;
                }
                (date.and_time(exchange.open()), date.and_time(exchange.close(date)))
            }
            TradingHours::Fixed(hours) => (at_minute(date, hours.open)?, at_minute(date, hours.close)?),
        };
        Some((first_instant(open, self.zone()), first_instant(close, self.zone()))).filter(|(open, close)| open < close)
    }

    /// The beginning of a day at the exchange, seconds since 1970 UTC.
    pub fn midnight(self, date: NaiveDate) -> i64 {
        first_instant(date.and_time(NaiveTime::MIN), self.zone())
    }

    /// Minutes of a full session.
    pub fn full_minutes(self) -> u32 {
        match self {
            TradingHours::Exchange(Exchange::Nyse) => 390,
            TradingHours::Fixed(hours) => hours.close - hours.open,
        }
    }

    /// Minutes from midnight to the open.
    pub fn open_minute(self) -> u32 {
        match self {
            TradingHours::Exchange(exchange) => 60 * exchange.open().hour() + exchange.open().minute(),
            TradingHours::Fixed(hours) => hours.open,
        }
    }

    /// The day at the exchange of an instant, seconds since 1970 UTC; None past all days.
    pub fn date_of(self, instant: i64) -> Option<NaiveDate> {
        Some(DateTime::from_timestamp(instant, 0)?.with_timezone(&self.zone()).date_naive())
    }

    /// An instant as clocks at the exchange show it: `2024-03-08 09:30`; empty past all days.
    pub fn write(self, instant: i64) -> String {
        let local = DateTime::from_timestamp(instant, 0).map(|instant| instant.with_timezone(&self.zone()));
        local.map_or_else(String::new, |local| {
            let form = if local.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" };
            local.format(form).to_string()
        })
    }
}

impl fmt::Display for TradingHours {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TradingHours::Exchange(Exchange::Nyse) => formatter.write_str("09:30-16:00 America/New_York (XNYS)"),
            TradingHours::Fixed(hours) => {
                let clock = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
                write!(formatter, "{}-{} {}", clock(hours.open), clock(hours.close), hours.zone)
            }
        }
    }
}

impl Serialize for TradingHours {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// So many minutes after midnight, by the clock; 1440 is the next midnight.
fn at_minute(date: NaiveDate, minute: u32) -> Option<NaiveDateTime> {
    if minute >= 1440 {
        return Some(date.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN));
    }
    Some(date.and_time(NaiveTime::from_hms_opt(minute / 60, minute % 60, 0)?))
}

/// The first instant at which clocks show the time, or in the hour they skip, the instant at which they jump.
fn first_instant(local: NaiveDateTime, zone: Tz) -> i64 {
    // No change of clocks skips more than a day.
    (0..=1440)
        .find_map(|minutes| zone.from_local_datetime(&(local + TimeDelta::minutes(minutes))).earliest())
        .map_or_else(|| local.and_utc().timestamp(), |instant| instant.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn utc(instant: i64) -> String {
        DateTime::from_timestamp(instant, 0).unwrap().format("%Y-%m-%dT%H:%M").to_string()
    }

    #[test]
    fn an_open_that_clocks_skip_is_the_moment_they_jump_to() {
        let hours = TradingHours::Fixed(FixedHours::read("02:30-24:00", Tz::Europe__Paris).unwrap());
        let (open, close) = hours.session(day("2024-03-31")).unwrap();
        assert_eq!((utc(open).as_str(), utc(close).as_str()), ("2024-03-31T01:00", "2024-03-31T22:00"));
        assert_eq!(hours.full_minutes(), 1290);
        assert_eq!(hours.to_string(), "02:30-24:00 Europe/Paris");
    }

    #[test]
    fn hours_that_are_none_say_what_to_write() {
        for (text, said) in
            [("9-17", "write open and close"), ("17:00-09:00", "over midnight"), ("09:00", "write open"), ("09:00-09:00", "ends before")]
        {
            let error = FixedHours::read(text, Tz::UTC).unwrap_err().to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn a_holiday_has_no_session_and_a_half_day_a_short_one() {
        let hours = TradingHours::Exchange(Exchange::Nyse);
        assert_eq!(hours.session(day("2024-11-28")), None);
        assert_eq!(hours.session(day("1985-01-02")), None);
        let (open, close) = hours.session(day("2024-11-29")).unwrap();
        assert_eq!((utc(open).as_str(), utc(close).as_str()), ("2024-11-29T14:30", "2024-11-29T18:00"));
        assert_eq!(hours.write(open), "2024-11-29 09:30");
        assert_eq!(hours.write(i64::MAX), "");
    }
}
