//! Dates and datetimes of a Parquet column. A datetime with a time zone is the instant: its day is the day in that zone (midnight in
//! Paris is the evening before in UTC).

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use polars::prelude::{Column, DataType, TimeUnit};

/// The days of a column of dates or datetimes. None when the column is of another type, or its zone is unknown.
pub(super) fn days_of(column: &Column) -> Option<Vec<Option<NaiveDate>>> {
    match column.dtype() {
        DataType::Date => {
            let days = column.cast(&DataType::Int32).ok()?;
            let days = days.i32().ok()?;
            Some((0..days.len()).map(|row| days.get(row).and_then(NaiveDate::from_epoch_days)).collect())
        }
        DataType::Datetime(_, _) => Some(moments_of(column)?.into_iter().map(|moment| Some(moment?.0.date())).collect()),
        _ => None,
    }
}

/// A date and time of day, with the offset from UTC when its column has a time zone.
pub(super) type LocalMoment = (NaiveDateTime, Option<FixedOffset>);

/// The moments of a column of datetimes, as clocks in its zone show them. None when the column is of another type, or its zone is unknown.
pub(super) fn moments_of(column: &Column) -> Option<Vec<Option<LocalMoment>>> {
    let DataType::Datetime(unit, zone) = column.dtype() else { return None };
    let zone = match zone {
        Some(name) => Some(Zone::of_name(name)?),
        None => None,
    };
    let instants = column.cast(&DataType::Int64).ok()?;
    let instants = instants.i64().ok()?;
    let instant = |count: i64| -> Option<DateTime<Utc>> {
        match unit {
            TimeUnit::Nanoseconds => Some(DateTime::from_timestamp_nanos(count)),
            TimeUnit::Microseconds => DateTime::from_timestamp_micros(count),
            TimeUnit::Milliseconds => DateTime::from_timestamp_millis(count),
        }
    };
    let local = |instant: DateTime<Utc>| match &zone {
        None => Some((instant.naive_utc(), None)),
        Some(zone) => zone.local(instant).map(|(local, offset)| (local, Some(offset))),
    };
    Some((0..instants.len()).map(|row| instants.get(row).and_then(instant).and_then(local)).collect())
}

enum Zone {
    Named(chrono_tz::Tz),
    Offset(FixedOffset),
}

impl Zone {
    fn of_name(name: &str) -> Option<Self> {
        name.parse().map(Zone::Named).ok().or_else(|| name.parse().map(Zone::Offset).ok())
    }

    /// The time in the zone; None before the first or after the last day that chrono knows, of the years −262143 and 262142.
    fn local(&self, moment: DateTime<Utc>) -> Option<(NaiveDateTime, FixedOffset)> {
        let utc = moment.naive_utc();
        let offset = match self {
            Zone::Named(zone) => zone.offset_from_utc_datetime(&utc).fix(),
            Zone::Offset(offset) => *offset,
        };
        Some((utc.checked_add_offset(offset)?, offset))
    }
}
