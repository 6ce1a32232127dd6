//! Dates and datetimes of a Parquet column. A datetime with a time zone is the instant: its day is the day in that zone (midnight in
//! Paris is the evening before in UTC).

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use polars::prelude::{ChunkAgg, Column, DataType, Int32Chunked, TimeUnit};

/// The days of a column of dates or datetimes. None when the column is of another type, or its zone is unknown.
pub(super) fn days_of(column: &Column) -> Option<Vec<Option<NaiveDate>>> {
    match column.dtype() {
        DataType::Date => {
            let days = column.cast(&DataType::Int32).ok()?;
            let days = days.i32().ok()?;
            let calendar = Calendar::of(days);
            Some(days.iter().map(|day| calendar.date(day?)).collect())
        }
        DataType::Datetime(_, _) => Some(moments_of(column)?.into_iter().map(|moment| Some(moment?.0.date())).collect()),
        _ => None,
    }
}

/// Dates by number of the day: the same days come again for every symbol, and looking a date up is quicker than reckoning it.
struct Calendar {
    first: i32,
    dates: Vec<Option<NaiveDate>>,
}

impl Calendar {
    /// Most days that are looked up, about five hundred years.
    const MOST: i64 = 200_000;

    fn of(days: &Int32Chunked) -> Self {
        let (Some(first), Some(last)) = (days.min(), days.max()) else { return Self { first: 0, dates: Vec::new() } };
        // A few rows over many years aren't worth the whole of them.
        let count = (i64::from(last) - i64::from(first) + 1).min(days.len() as i64);
        let count = if count > Self::MOST { 0 } else { i32::try_from(count).unwrap_or(0) };
        Self { first, dates: (first..first.saturating_add(count)).map(NaiveDate::from_epoch_days).collect() }
    }

    fn date(&self, day: i32) -> Option<NaiveDate> {
        let place = i64::from(day) - i64::from(self.first);
        let held = usize::try_from(place).ok().and_then(|place| self.dates.get(place));
        held.copied().unwrap_or_else(|| NaiveDate::from_epoch_days(day))
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
