//! Times of day as event files and study files write them, and the moment that a date and a time make.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;

/// A time, as far as a text says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WrittenTime {
    /// The date before it.
    pub date: Option<NaiveDate>,
    /// The time of day.
    pub time: NaiveTime,
    /// The offset from UTC after it.
    pub offset: Option<FixedOffset>,
}

/// A time of day: `17:30`, `17:30:00` or `17:30:00.5`.
pub(super) fn read_clock(text: &str) -> Option<NaiveTime> {
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| u32::from(*byte - b'0'));
    let two = |tens: &u8, units: &u8| Some(10 * digit(tens)? + digit(units)?);
    match text.as_bytes() {
        [h1, h2, b':', m1, m2] => NaiveTime::from_hms_opt(two(h1, h2)?, two(m1, m2)?, 0),
        [h1, h2, b':', m1, m2, b':', s1, s2] => NaiveTime::from_hms_opt(two(h1, h2)?, two(m1, m2)?, two(s1, s2)?),
        _ => NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S%.f")).ok(),
    }
}

/// A time of day, if wanted with a date before it (`2022-09-03T18:15`, or a space between) and an offset from UTC after it
/// (`18:15Z`, `18:15-04:00`). None when the text is none of these.
pub(super) fn read_time(text: &str) -> Option<WrittenTime> {
    let (date, rest) = match text.split_at_checked(10) {
        Some((date, rest)) if rest.starts_with(['T', 't', ' ']) => (Some(date.parse().ok()?), rest.get(1..)?.trim_start()),
        _ => (None, text),
    };
    let (clock, offset) = match rest.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock.trim_end(), FixedOffset::east_opt(0)),
        None => match rest.rfind(['+', '-']).and_then(|sign| rest.split_at_checked(sign)) {
            Some((clock, offset)) => (clock.trim_end(), Some(read_offset(offset)?)),
            None => (rest, None),
        },
    };
    Some(WrittenTime { date, time: read_clock(clock)?, offset })
}

/// `+02:00`, `+0200` or `+02`.
fn read_offset(text: &str) -> Option<FixedOffset> {
    let (sign, digits) = match text.as_bytes() {
        [b'+', digits @ ..] => (1, digits),
        [b'-', digits @ ..] => (-1, digits),
        _ => return None,
    };
    let number = |digits: &[u8]| std::str::from_utf8(digits).ok().filter(|_| digits.iter().all(u8::is_ascii_digit))?.parse::<i32>().ok();
    let (hours, minutes) = match digits {
        [hours @ .., b':', m1, m2] if hours.len() == 2 => (number(hours)?, number(&[*m1, *m2])?),
        [h1, h2, m1, m2] => (number(&[*h1, *h2])?, number(&[*m1, *m2])?),
        [h1, h2] => (number(&[*h1, *h2])?, 0),
        _ => return None,
    };
    if minutes >= 60 {
        return None;
    }
    FixedOffset::east_opt(sign * (3_600 * hours + 60 * minutes))
}

/// The instant at which clocks of a zone show a time. In the hour that daylight saving repeats, the earlier instant is taken; None in the
/// hour that it leaves out.
pub(super) fn instant(local: NaiveDateTime, zone: Tz) -> Option<DateTime<Tz>> {
    zone.from_local_datetime(&local).earliest()
}
