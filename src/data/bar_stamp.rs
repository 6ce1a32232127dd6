//! Timestamps of bars: as texts and numbers write them, and the instants that clocks of a zone mean by them.
//!
//! - `2024-03-08T14:30:00Z`, `2024-03-08 09:30:00-05:00`: an instant. Whole numbers of 10, 13, 16 or 19 digits are seconds, milliseconds,
//!   microseconds or nanoseconds since 1970 UTC.
//! - `2024-03-08 09:30`, `20240308 09:30:00`: clocks of the zone named for the file. In the hour that clocks skip there is no such time: an
//!   error. In the hour that they show twice, rows in order tell the two apart: a time that would not come after the row above it is the
//!   second. The first is taken where nothing tells.

use chrono::{DateTime, LocalResult, TimeZone};
use chrono_tz::{OffsetComponents, Tz};

const DAY: i64 = 86_400;

/// A timestamp as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WrittenStamp {
    /// Seconds since 1970 UTC.
    Instant(i64),
    /// What clocks show, as seconds since 1970 if they were UTC's.
    Local(i64),
}

/// Why a text is no timestamp of a bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StampFault {
    Missing,
    Format,
    NoSuchDay,
    /// A date alone.
    NoTime,
    /// A part of a second.
    Fraction,
}

/// The number of a text of digits alone; None for any other, and beyond 64 bits.
fn digits(bytes: &[u8]) -> Option<i64> {
    let mut number = 0_i64;
    for byte in bytes {
        if !byte.is_ascii_digit() {
            return None;
        }
        number = number.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
    }
    Some(number)
}

/// Days since 1970 of a day of the Gregorian calendar; None for one that doesn't exist.
fn day_number(year: i64, month: i64, day: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // Years begin in March here, so that the leap day is the last.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = year.div_euclid(400);
    let in_era = year.rem_euclid(400);
    let in_year = (153 * month + 2) / 5 + day - 1;
    Some(era * 146_097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719_468)
}

/// The timestamp of a text.
pub(super) fn parse_stamp(text: &str) -> Result<WrittenStamp, StampFault> {
    let bytes = text.as_bytes();
    let (date, rest) = match bytes {
        [] => return Err(StampFault::Missing),
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2, rest @ ..] => ([*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2], rest),
        _ if bytes.len() >= 10 && bytes.iter().all(u8::is_ascii_digit) => {
            return digits(bytes).ok_or(StampFault::Format).and_then(|number| of_number(number, bytes.len()));
        }
        [y1, y2, y3, y4, m1, m2, d1, d2, rest @ ..] => ([*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2], rest),
        _ => return Err(StampFault::Format),
    };
    let part = |range: std::ops::Range<usize>| date.get(range).and_then(digits).ok_or(StampFault::Format);
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    let day = day_number(year, month, day).ok_or(StampFault::NoSuchDay)?;
    let clock = match rest {
        [] => return Err(StampFault::NoTime),
        [b'T' | b't' | b' ', clock @ ..] => clock.trim_ascii_start(),
        _ => return Err(StampFault::Format),
    };
    let (seconds, rest) = match clock {
        [h1, h2, b':', m1, m2, b':', s1, s2, rest @ ..] => (clock_seconds([*h1, *h2], [*m1, *m2], [*s1, *s2])?, rest),
        [h1, h2, b':', m1, m2, rest @ ..] => (clock_seconds([*h1, *h2], [*m1, *m2], *b"00")?, rest),
        _ => return Err(StampFault::Format),
    };
    let rest = match rest {
        [b'.', fraction @ ..] => {
            let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (fraction, rest) = fraction.split_at_checked(length).ok_or(StampFault::Format)?;
            if fraction.iter().any(|digit| *digit != b'0') {
                return Err(StampFault::Fraction);
            }
            rest
        }
        rest => rest,
    };
    let local = day * DAY + seconds;
    match rest.trim_ascii() {
        [] => Ok(WrittenStamp::Local(local)),
        b"Z" | b"z" | b"UTC" => Ok(WrittenStamp::Instant(local)),
        [sign @ (b'+' | b'-'), offset @ ..] => {
            let (hours, minutes) = match offset {
                [h1, h2, b':', m1, m2] | [h1, h2, m1, m2] => (digits(&[*h1, *h2]), digits(&[*m1, *m2])),
                [h1, h2] => (digits(&[*h1, *h2]), Some(0)),
                _ => (None, None),
            };
            let (Some(hours @ 0..=23), Some(minutes @ 0..=59)) = (hours, minutes) else { return Err(StampFault::Format) };
            let offset = 3600 * hours + 60 * minutes;
            Ok(WrittenStamp::Instant(if *sign == b'+' { local - offset } else { local + offset }))
        }
        _ => Err(StampFault::Format),
    }
}

fn of_number(number: i64, digits: usize) -> Result<WrittenStamp, StampFault> {
    let unit = match digits {
        10 => 1,
        13 => 1_000,
        16 => 1_000_000,
        19 => 1_000_000_000,
        _ => return Err(StampFault::Format),
    };
    whole_seconds(number, unit).map(WrittenStamp::Instant)
}

/// Seconds of a count of `unit`ths of a second.
pub(super) fn whole_seconds(number: i64, unit: i64) -> Result<i64, StampFault> {
    if number % unit == 0 { Ok(number / unit) } else { Err(StampFault::Fraction) }
}

/// The instant of a whole number, by its digits.
pub(super) fn stamp_of_number(number: i64) -> Result<WrittenStamp, StampFault> {
    let length = number.checked_ilog10().map_or(0, |power| power as usize + 1);
    of_number(number, length)
}

fn clock_seconds(hours: [u8; 2], minutes: [u8; 2], seconds: [u8; 2]) -> Result<i64, StampFault> {
    match (digits(&hours), digits(&minutes), digits(&seconds)) {
        (Some(hours @ 0..=23), Some(minutes @ 0..=59), Some(seconds @ 0..=59)) => Ok(3600 * hours + 60 * minutes + seconds),
        _ => Err(StampFault::Format),
    }
}

/// The instants that a time on clocks can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LocalInstant {
    One(i64),
    /// Clocks show it twice.
    Two(i64, i64),
    /// Clocks skip it.
    None,
}

/// Clocks of a zone, with the offset of the day last asked about.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    zone: Tz,
    /// A day without a change of clocks, and its offset in seconds.
    day: Option<(i64, i64)>,
}

impl Clock {
    pub fn of(zone: Tz) -> Self {
        Self { zone, day: None }
    }

    /// The instants of what clocks show.
    #[inline]
    pub fn instant(&mut self, local: i64) -> LocalInstant {
        let day = local.div_euclid(DAY);
        match self.day {
            Some((known, offset)) if known == day => LocalInstant::One(local - offset),
            _ => self.instant_of_new_day(local, day),
        }
    }

    fn instant_of_new_day(&mut self, local: i64, day: i64) -> LocalInstant {
        // No zone changes its clocks by more than a day at once: the day is even if the instants around it are.
        let edges = [day * DAY - DAY / 2, day * DAY + DAY / 2, day * DAY + 3 * DAY / 2].map(|utc| self.offset_at(utc));
        if let [Some(one), Some(two), Some(three)] = edges
            && one == two
            && two == three
        {
            self.day = Some((day, two));
            return LocalInstant::One(local - two);
        }
        let Some(naive) = DateTime::from_timestamp(local, 0).map(|instant| instant.naive_utc()) else { return LocalInstant::None };
        match self.zone.from_local_datetime(&naive) {
            LocalResult::Single(only) => LocalInstant::One(only.timestamp()),
            LocalResult::Ambiguous(one, other) => {
                LocalInstant::Two(one.timestamp().min(other.timestamp()), one.timestamp().max(other.timestamp()))
            }
            LocalResult::None => LocalInstant::None,
        }
    }

    fn offset_at(&self, utc: i64) -> Option<i64> {
        let offset = self.zone.offset_from_utc_datetime(&DateTime::from_timestamp(utc, 0)?.naive_utc());
        Some((offset.base_utc_offset() + offset.dst_offset()).num_seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_write_a_timestamp_is_the_same_instant() {
        // 2024-03-08 14:30 UTC: date -d @1709908200.
        for text in [
            "2024-03-08T14:30:00Z",
            "2024-03-08 09:30:00-05:00",
            "2024-03-08T09:30-0500",
            "2024-03-08 20:00:00+05:30",
            "2024-03-08T14:30:00.000Z",
            "2024-03-08 14:30:00 UTC",
            "20240308 14:30:00+00",
            "1709908200",
            "1709908200000",
            "1709908200000000",
            "1709908200000000000",
        ] {
            assert_eq!(parse_stamp(text), Ok(WrittenStamp::Instant(1_709_908_200)), "{text}");
        }
        for text in ["2024-03-08T14:30:00", "2024-03-08 14:30", "20240308 14:30:00"] {
            assert_eq!(parse_stamp(text), Ok(WrittenStamp::Local(1_709_908_200)), "{text}");
        }
        assert_eq!(stamp_of_number(1_709_908_200_000), Ok(WrittenStamp::Instant(1_709_908_200)));
    }

    #[test]
    fn what_is_no_timestamp_says_why() {
        for (text, fault) in [
            ("", StampFault::Missing),
            ("2024-03-08", StampFault::NoTime),
            ("20240308", StampFault::NoTime),
            ("2023-02-29T10:00", StampFault::NoSuchDay),
            ("2024-13-01T10:00", StampFault::NoSuchDay),
            ("03/08/2024 09:30", StampFault::Format),
            ("2024-03-08T24:00", StampFault::Format),
            ("2024-03-08T09:30:00.5", StampFault::Fraction),
            ("1709908200500", StampFault::Fraction),
            ("170990820012", StampFault::Format),
            ("99999999999999999999", StampFault::Format),
            ("2024-03-08T09:30 EST", StampFault::Format),
            ("2024-03-08T09:30+99:00", StampFault::Format),
            ("½½½½-½½", StampFault::Format),
        ] {
            assert_eq!(parse_stamp(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn clocks_skip_an_hour_and_show_one_twice() {
        // Python 3.11 zoneinfo: datetime(…, tzinfo=ZoneInfo(zone), fold=0 or 1).timestamp().
        let local = |text: &str| match parse_stamp(text) {
            Ok(WrittenStamp::Local(local)) => local,
            other => panic!("{other:?}"),
        };
        for (zone, text, wanted) in [
            (Tz::America__New_York, "2024-03-10 01:59", LocalInstant::One(1_710_053_940)),
            (Tz::America__New_York, "2024-03-10 02:30", LocalInstant::None),
            (Tz::America__New_York, "2024-03-10 03:00", LocalInstant::One(1_710_054_000)),
            (Tz::America__New_York, "2024-11-03 01:30", LocalInstant::Two(1_730_611_800, 1_730_615_400)),
            (Tz::America__New_York, "2024-11-03 02:00", LocalInstant::One(1_730_617_200)),
            (Tz::Europe__Paris, "2024-03-31 02:30", LocalInstant::None),
            (Tz::Europe__Paris, "2024-10-27 02:30", LocalInstant::Two(1_729_989_000, 1_729_992_600)),
            (Tz::Europe__Paris, "2024-07-01 09:00", LocalInstant::One(1_719_817_200)),
        ] {
            assert_eq!(Clock::of(zone).instant(local(text)), wanted, "{text}");
        }
    }
}
