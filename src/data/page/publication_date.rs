//! Dates as pages write them.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, Offset, Utc};

use crate::claim::Published;

/// Reads RFC 3339, ISO 8601 with or without zone, seconds, or the offset's colon, RFC 2822, a date alone, and an English date in words.
/// A time without a zone says no instant: it is the day. None for what is no date, and for the zero dates that publishing systems write
/// (0001-01-01, 1970-01-01T00:00:00Z).
pub(super) fn parse(written: &str) -> Option<Published> {
    let written = written.trim();
    let published = iso(written).or_else(|| mail(written)).or_else(|| words(written))?;
    let plausible = match published {
        Published::Day(day) => (1900..=2200).contains(&day.year()) && day != DateTime::UNIX_EPOCH.date_naive(),
        Published::Instant(instant) => (1900..=2200).contains(&instant.year()) && instant.timestamp() != 0,
    };
    plausible.then_some(published)
}

fn iso(written: &str) -> Option<Published> {
    let day_end = written.find(|character: char| !character.is_ascii_digit() && !matches!(character, '-' | '/')).unwrap_or(written.len());
    let (day, rest) = written.split_at_checked(day_end)?;
    let day = day.trim_end_matches('-');
    let format = match day.len() {
        8 if !day.contains(['-', '/']) => "%Y%m%d",
        10 if day.contains('/') => "%Y/%m/%d",
        10 => "%Y-%m-%d",
        _ => return None,
    };
    let day = NaiveDate::parse_from_str(day, format).ok()?;
    let rest = rest.trim();
    if rest.is_empty() {
        return Some(Published::Day(day));
    }
    let rest = rest.trim_start_matches(['T', 't', ',']).trim_start();
    let time_end = rest.find(|character: char| !character.is_ascii_digit() && !matches!(character, ':' | '.' | ',')).unwrap_or(rest.len());
    let (time, zone) = rest.split_at_checked(time_end)?;
    let time = time_of_day(time)?;
    let zone = zone.trim();
    if zone.is_empty() {
        return Some(Published::Day(day));
    }
    match offset(zone) {
        Some(offset) => Some(Published::Instant(NaiveDateTime::new(day, time).and_local_timezone(offset).single()?)),
        // A zone by a name that isn't known: the day still stands.
        None if zone.chars().all(|character| character.is_ascii_alphabetic() || matches!(character, '/' | '_' | '[' | ']' | ' ')) => {
            Some(Published::Day(day))
        }
        None => None,
    }
}

fn time_of_day(written: &str) -> Option<NaiveTime> {
    let written = written.replace(',', ".");
    ["%H:%M:%S%.f", "%H:%M", "%H%M%S", "%H%M"].iter().find_map(|format| NaiveTime::parse_from_str(&written, format).ok())
}

/// `Z`, `+01:00`, `-0400`, `+01`, or one of the zones that RFC 2822 names.
fn offset(zone: &str) -> Option<FixedOffset> {
    // `+02:00[Europe/Paris]`
    let zone = zone.split('[').next().unwrap_or(zone).trim();
    let east = |hours: i32| FixedOffset::east_opt(hours * 3600);
    match zone.to_ascii_uppercase().as_str() {
        "Z" | "UTC" | "GMT" | "UT" => return Some(Utc.fix()),
        "EST" => return east(-5),
        "EDT" => return east(-4),
        "CST" => return east(-6),
        "CDT" => return east(-5),
        "MST" => return east(-7),
        "MDT" => return east(-6),
        "PST" => return east(-8),
        "PDT" => return east(-7),
        _ => {}
    }
    let (sign, digits) = if let Some(digits) = zone.strip_prefix('+') { (1, digits) } else { (-1, zone.strip_prefix(['-', '−'])?) };
    let digits = digits.replace(':', "");
    if !digits.chars().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        1 | 2 => (digits.parse::<i32>().ok()?, 0),
        3 | 4 => (digits.get(..digits.len() - 2)?.parse::<i32>().ok()?, digits.get(digits.len() - 2..)?.parse::<i32>().ok()?),
        _ => return None,
    };
    (hours <= 14 && minutes < 60).then(|| FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60))).flatten()
}

/// RFC 2822, also with a day of the week that doesn't fit or is spelt out.
fn mail(written: &str) -> Option<Published> {
    let instant = |text: &str| DateTime::parse_from_rfc2822(text).ok().map(Published::Instant);
    instant(written).or_else(|| instant(written.split_once(',')?.1.trim()))
}

/// `September 3, 2022`, `Sept. 3, 2022`, `3 September 2022`.
fn words(written: &str) -> Option<Published> {
    let plain = written.replace(['.', ','], " ").replace("Sept ", "Sep ");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    ["%B %d %Y", "%d %B %Y"].iter().find_map(|format| NaiveDate::parse_from_str(&plain, format).ok()).map(Published::Day)
}
