//! One cell of an event file: dates, times, timings and windows, and what can be wrong with them.

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use thiserror::Error;

use super::event_time::{WrittenTime, instant, read_time};
use super::location::Location;
use super::price_cell::{CellFault, parse_date};
use crate::calendar::Timing;
use crate::event::Moment;
use crate::window::WindowError;

/// What is wrong with a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventCellFault {
    /// An empty key, in a file that has a column of them.
    IdMissing,
    /// A key that an event above has.
    IdTwice {
        /// Where it stands first.
        first: Location,
    },
    /// An empty symbol.
    SymbolMissing,
    /// No date, or one that can't be read.
    Date(CellFault),
    /// A time in no form that has one reading.
    TimeFormat,
    /// A time where no exchange's hours are known.
    TimeWithoutExchange,
    /// A time that clocks left out when daylight saving began.
    NoSuchTime {
        /// The zone.
        zone: Tz,
    },
    /// A time whose own date isn't the row's.
    TimeOfAnotherDay {
        /// The row's date.
        date: NaiveDate,
    },
    /// A time in the column of dates and one in the column of times.
    TimeTwice,
    /// A time zone that isn't known.
    UnknownZone {
        /// The nearest names, nearest first, at most three.
        near: Vec<String>,
    },
    /// A time zone and a time with an offset of its own.
    ZoneAndOffset,
    /// A timing that isn't known.
    UnknownTiming,
    /// A timing beside a time.
    TimeAndTiming,
    /// A window that can't be read.
    Window(WindowError),
}

impl EventCellFault {
    /// What is wrong, in a clause that names the cell's text.
    pub fn describe(&self, value: &str) -> String {
        match self {
            EventCellFault::IdMissing => "the event has no id".to_owned(),
            EventCellFault::IdTwice { first } => format!("the id \"{value}\" stands there twice, first in {first}"),
            EventCellFault::SymbolMissing => "the event has no symbol".to_owned(),
            EventCellFault::Date(fault) => fault.describe(value),
            EventCellFault::TimeFormat => format!("\"{value}\" is not a time"),
            EventCellFault::TimeWithoutExchange => format!("the event has a time, \"{value}\", and no exchange to place it in"),
            EventCellFault::NoSuchTime { zone } => format!("\"{value}\" doesn't exist in {zone}: clocks were put forward"),
            EventCellFault::TimeOfAnotherDay { date } => format!("the time \"{value}\" is not one of {date}, the event's date"),
            EventCellFault::TimeTwice => format!("the event has a time in its date and another, \"{value}\""),
            EventCellFault::UnknownZone { near } if near.is_empty() => format!("\"{value}\" is not a time zone"),
            EventCellFault::UnknownZone { near } => format!("\"{value}\" is not a time zone (near: {})", near.join(", ")),
            EventCellFault::ZoneAndOffset => format!("the event has a time zone, \"{value}\", and its time an offset"),
            EventCellFault::UnknownTiming => format!("\"{value}\" is not a timing"),
            EventCellFault::TimeAndTiming => format!("the event has both a time and a timing, \"{value}\""),
            EventCellFault::Window(fault) => fault.to_string(),
        }
    }

    /// What to do about it.
    pub fn help(&self) -> &'static str {
        match self {
            EventCellFault::IdMissing => "give every event an id, or remove the column to have them numbered",
            EventCellFault::IdTwice { .. } => "give each event an id of its own: a firm with two events has two ids",
            EventCellFault::SymbolMissing => "give the event the symbol of its security, or delete the row",
            EventCellFault::Date(fault) => fault.help(),
            EventCellFault::TimeFormat => {
                "write times as 17:30 or 17:30:00 in the exchange's zone, or with an offset, 17:30-04:00; leave the cell empty when it isn't known"
            }
            EventCellFault::TimeWithoutExchange => {
                "name the exchange (XNYS for New York); elsewhere give a timing, after-close, during or before-open, in place of the time"
            }
            EventCellFault::NoSuchTime { .. } => "correct the time, or write it with its offset, 02:30-05:00",
            EventCellFault::TimeOfAnotherDay { .. } => {
                "correct the date or the time; the date is the one at the exchange, or the time's own"
            }
            EventCellFault::TimeTwice => "keep one of the two",
            EventCellFault::UnknownZone { .. } => "write a zone of the time zone database, such as America/New_York",
            EventCellFault::ZoneAndOffset => "keep one of the two",
            EventCellFault::UnknownTiming => "write before-open (or bmo), during, after-close (or amc) or unknown, or leave the cell empty",
            EventCellFault::TimeAndTiming => "keep one of them",
            EventCellFault::Window(_) => "write first and last day as in -250..-11, the estimation window before the event window",
        }
    }
}

/// A cell that can't be used, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{location}, {column}: {}", .fault.describe(.value))]
pub struct EventCellError {
    /// Where the cell begins.
    pub location: Location,
    /// The column's name in the header.
    pub column: String,
    /// The cell's text (a Parquet value is written out); empty when the cell is.
    pub value: String,
    /// What is wrong with it.
    pub fault: EventCellFault,
}

/// The cells that say when the news came; empty where there is no such column.
#[derive(Debug, Clone, Copy)]
pub(super) struct MomentCells<'a> {
    pub date: &'a str,
    pub time: &'a str,
    pub zone: &'a str,
    pub timing: &'a str,
}

/// Which of the [`MomentCells`] is at fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MomentCell {
    Date,
    Time,
    Zone,
    Timing,
}

/// The moment of an event. A time is one in the zone named, else in that of its `home`, the exchange, unless it has an offset; a row without a time or a
/// timing has the timing `otherwise`.
pub(super) fn read_moment(cells: MomentCells, home: Option<Tz>, otherwise: Timing) -> Result<Moment, (MomentCell, EventCellFault)> {
    let date = parse_date(cells.date).map_err(|fault| (MomentCell::Date, EventCellFault::Date(fault)))?;
    let timing = read_timing(cells.timing).map_err(|fault| (MomentCell::Timing, fault))?;
    let time_at = |cell: MomentCell, text: &str| match read_time(text) {
        Some(time) => Ok((cell, time)),
        None => Err((cell, EventCellFault::TimeFormat)),
    };
    // `2022-09-02T16:30` is a date of at least 16 bytes; a midnight without an offset is no time but a day.
    let dated = match cells.date {
        date if date.len() > 10 => Some(time_at(MomentCell::Date, date)?),
        _ => None,
    };
    let dated = dated.filter(|(_, time)| time.time != NaiveTime::MIN || time.offset.is_some());
    let timed = if cells.time.is_empty() { None } else { Some(time_at(MomentCell::Time, cells.time)?) };
    let (cell, time) = match (dated, timed) {
        (None, None) => return Ok(Moment::Day(date, timing.unwrap_or(otherwise))),
        (Some(_), Some(_)) => return Err((MomentCell::Time, EventCellFault::TimeTwice)),
        (Some(found), None) | (None, Some(found)) => found,
    };
    if timing.is_some() {
        return Err((MomentCell::Timing, EventCellFault::TimeAndTiming));
    }
    let home = home.ok_or((cell, EventCellFault::TimeWithoutExchange))?;
    let WrittenTime { date: own_date, time, offset } = time;
    let zone = read_zone(cells.zone).map_err(|fault| (MomentCell::Zone, fault))?;
    let local = own_date.unwrap_or(date).and_time(time);
    let instant = match (offset, zone) {
        (Some(_), Some(_)) => return Err((MomentCell::Zone, EventCellFault::ZoneAndOffset)),
        (Some(offset), None) => local.and_local_timezone(offset).single().map(|instant| instant.with_timezone(&home)),
        (None, zone) => instant(local, zone.unwrap_or(home)),
    };
    let Some(instant) = instant else { return Err((cell, EventCellFault::NoSuchTime { zone: zone.unwrap_or(home) })) };
    let at_exchange = instant.with_timezone(&home).date_naive();
    if own_date.is_some_and(|own| own != date && at_exchange != date) {
        return Err((cell, EventCellFault::TimeOfAnotherDay { date }));
    }
    Ok(Moment::Instant(instant))
}

fn read_zone(cell: &str) -> Result<Option<Tz>, EventCellFault> {
    if cell.is_empty() {
        return Ok(None);
    }
    let near = || crate::series::near_names(cell, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
    cell.parse().map(Some).map_err(|_| EventCellFault::UnknownZone { near: near() })
}

/// The timing that a cell names; None when it is empty.
fn read_timing(cell: &str) -> Result<Option<Timing>, EventCellFault> {
    /// What data vendors and papers write, with hyphens for spaces and underscores.
    const NAMES: [(&str, Timing); 17] = [
        ("before-open", Timing::BeforeOpen),
        ("before-market", Timing::BeforeOpen),
        ("before-market-open", Timing::BeforeOpen),
        ("pre-market", Timing::BeforeOpen),
        ("premarket", Timing::BeforeOpen),
        ("bmo", Timing::BeforeOpen),
        ("during", Timing::During),
        ("during-market", Timing::During),
        ("during-market-hours", Timing::During),
        ("dmh", Timing::During),
        ("after-close", Timing::AfterClose),
        ("after-market", Timing::AfterClose),
        ("after-market-close", Timing::AfterClose),
        ("post-market", Timing::AfterClose),
        ("postmarket", Timing::AfterClose),
        ("amc", Timing::AfterClose),
        ("unknown", Timing::Unknown),
    ];
    if cell.is_empty() {
        return Ok(None);
    }
    let same = |name: &str| {
        let hyphened = cell.bytes().map(|byte| if matches!(byte, b' ' | b'_') { b'-' } else { byte.to_ascii_lowercase() });
        hyphened.eq(name.bytes())
    };
    NAMES.iter().find(|(name, _)| same(name)).map(|(_, timing)| Some(*timing)).ok_or(EventCellFault::UnknownTiming)
}
