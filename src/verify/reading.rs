//! The readings of a horizon: the stretches of time that its words allow (table in [`crate::verify`]). The module `measure` beside it measures them.

use chrono::{Datelike, Months, NaiveDate};
use serde::{Serialize, Serializer};

use crate::claim::{Horizon, NamedPeriod, Stretch};

/// Which prices of a session a high or a low is looked for among.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Closes.
    Close,
    /// Highest or lowest prices of the session.
    Intraday,
}

/// Where a high or a low is looked for, to the as-of session at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// From a date on.
    Since(NaiveDate),
    /// Between two days, both included.
    Between(NaiveDate, NaiveDate),
    /// All prices there are; they begin on this day.
    All(NaiveDate),
}

/// Where the window begins and ends. It ends at the close of the as-of session where nothing else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadingKind {
    /// So many sessions before the as-of session.
    Sessions(u32),
    /// So many calendar days before.
    Days(u32),
    /// The same day so many calendar months before.
    CalendarMonths(u32),
    /// The last session of the month so many before (of the month before: month to date).
    MonthToDate(u32),
    /// The last session of the quarter before.
    QuarterToDate,
    /// The last session of the year so many before (of the year before: year to date).
    YearToDate(u32),
    /// The last close of the week so many before.
    WeekToDate(u32),
    /// The close of a date.
    CloseOf(NaiveDate),
    /// The close before a date.
    CloseBefore(NaiveDate),
    /// The first close on or after a date.
    FirstCloseFrom(NaiveDate),
    /// From the close before a period's first day to its last close.
    Period {
        /// First day.
        first: NaiveDate,
        /// Last day; the as-of session when the period isn't over.
        last: NaiveDate,
    },
    /// From a period's own first close to its last.
    WithinPeriod {
        /// First day.
        first: NaiveDate,
        /// Last day; the as-of session when the period isn't over.
        last: NaiveDate,
    },
    /// From the session before to the as-of session's highest price.
    HighOfDay,
    /// From the session before to the as-of session's lowest price.
    LowOfDay,
    /// The highest price of a range.
    Highest(Level, Range),
    /// The lowest price of a range.
    Lowest(Level, Range),
}

impl ReadingKind {
    /// The reading in a few words.
    pub fn words(self) -> String {
        let years = |months: u32| months.checked_div(12).filter(|years| *years > 0 && months.is_multiple_of(12));
        match self {
            ReadingKind::Sessions(1) => "the session before".to_owned(),
            ReadingKind::Sessions(count) => format!("{count} sessions"),
            ReadingKind::Days(count @ (28 | 56 | 84)) => format!("{count} days ({} weeks)", count / 7),
            ReadingKind::Days(count) => format!("{count} days"),
            ReadingKind::CalendarMonths(1) => "same day a month before".to_owned(),
            ReadingKind::CalendarMonths(12) => "same day a year before".to_owned(),
            ReadingKind::CalendarMonths(count) => match years(count) {
                Some(years) => format!("same day {years} years before"),
                None => format!("same day {count} months before"),
            },
            ReadingKind::MonthToDate(1) => "month to date".to_owned(),
            ReadingKind::MonthToDate(count) => format!("end of the month {count} before"),
            ReadingKind::QuarterToDate => "quarter to date".to_owned(),
            ReadingKind::YearToDate(1) => "year to date".to_owned(),
            ReadingKind::YearToDate(count) => format!("end of the year {count} before"),
            ReadingKind::WeekToDate(1) => "week to date".to_owned(),
            ReadingKind::WeekToDate(count) => format!("end of the week {count} before"),
            ReadingKind::CloseOf(date) => format!("close of {date}"),
            ReadingKind::CloseBefore(date) => format!("close before {date}"),
            ReadingKind::FirstCloseFrom(date) => format!("first close from {date}"),
            ReadingKind::Period { first, last } => format!("{first} to {last}, from the close before"),
            ReadingKind::WithinPeriod { first, last } => format!("{first} to {last}, from its first close"),
            ReadingKind::HighOfDay => "high of the day".to_owned(),
            ReadingKind::LowOfDay => "low of the day".to_owned(),
            ReadingKind::Highest(level, range) => format!("highest {} {}", level.word(), range.words()),
            ReadingKind::Lowest(level, range) => format!("lowest {} {}", level.word(), range.words()),
        }
    }

    /// Whether the window always ends on the as-of session.
    pub(super) fn ends_as_of(self) -> bool {
        !matches!(self, ReadingKind::Period { .. } | ReadingKind::WithinPeriod { .. })
    }

    /// Whether the reading needs prices within a session.
    pub(super) fn is_intraday(self) -> bool {
        matches!(
            self,
            ReadingKind::HighOfDay
                | ReadingKind::LowOfDay
                | ReadingKind::Highest(Level::Intraday, _)
                | ReadingKind::Lowest(Level::Intraday, _)
        )
    }
}

impl Level {
    /// "close" or "price".
    pub fn word(self) -> &'static str {
        match self {
            Level::Close => "close",
            Level::Intraday => "price",
        }
    }
}

impl Range {
    fn words(self) -> String {
        match self {
            Range::Since(date) => format!("since {date}"),
            Range::Between(first, last) if first == last => format!("of {first}"),
            Range::Between(first, last) => format!("from {first} to {last}"),
            Range::All(begins) => format!("since the prices begin ({begins})"),
        }
    }
}

impl Serialize for ReadingKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.words())
    }
}

/// One reading with its measured value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reading {
    /// Which reading.
    #[serde(rename = "reading")]
    pub kind: ReadingKind,
    /// Session at whose close the window begins; None when the data doesn't have it.
    pub from: Option<NaiveDate>,
    /// Session at whose close it ends: the as-of session, or the last one of a period that was over by then.
    pub to: NaiveDate,
    /// Return between them, or the gap of two returns, a fraction; percent in result files. None with a reason.
    #[serde(rename = "measured_pct", serialize_with = "option_as_percent")]
    pub measured: Option<f64>,
    /// Whether the value lies in the set that the figure covers; None without a value.
    pub reproduces: Option<bool>,
    /// Why there is no value; None when there is one.
    pub reason: Option<String>,
}

fn option_as_percent<S: Serializer>(fraction: &Option<f64>, serializer: S) -> Result<S::Ok, S::Error> {
    fraction.map(|fraction| 100.0 * fraction).serialize(serializer)
}

/// The readings of a horizon to the close of `as_of`, the primary one first. `begins` is the first day of the prices, `is_fall` the direction
/// that the figure states.
///
/// # Errors
/// Why no reading can be measured, in words.
pub(super) fn kinds(horizon: Horizon, as_of: NaiveDate, begins: NaiveDate, is_fall: bool) -> Result<Vec<ReadingKind>, String> {
    use ReadingKind::{
        CalendarMonths, CloseBefore, CloseOf, Days, FirstCloseFrom, HighOfDay, Highest, LowOfDay, Lowest, MonthToDate, Period,
        QuarterToDate, Sessions, WeekToDate, WithinPeriod, YearToDate,
    };
    let last = |period: Option<ReadingKind>, others: Vec<ReadingKind>| period.into_iter().chain(others).collect();
    Ok(match horizon {
        Horizon::Session => vec![Sessions(1)],
        Horizon::Intraday if is_fall => vec![LowOfDay, HighOfDay],
        Horizon::Intraday => vec![HighOfDay, LowOfDay],
        Horizon::ExtendedHours => return Err("daily prices hold no trade before the open or after the close".to_owned()),
        Horizon::Sessions(count) => vec![Sessions(count)],
        Horizon::Days(count) => vec![Days(count), Sessions(count)],
        Horizon::Weeks(count) => weeks(count),
        Horizon::Months(count) => months(count, MonthToDate(count)),
        Horizon::Quarter => months(3, QuarterToDate),
        Horizon::Years(count) => years(count),
        Horizon::WeekToDate => vec![WeekToDate(1), Sessions(5), Days(7)],
        Horizon::MonthToDate => vec![MonthToDate(1), CalendarMonths(1)],
        Horizon::QuarterToDate => vec![QuarterToDate, CalendarMonths(3)],
        Horizon::YearToDate => vec![YearToDate(1)],
        Horizon::LastWeek => last(week_before(as_of), weeks(1)),
        Horizon::LastMonth => last(months_before(as_of, as_of.month0(), 1), months(1, MonthToDate(1))),
        Horizon::LastQuarter => last(months_before(as_of, as_of.month0() / 3 * 3, 3), months(3, QuarterToDate)),
        Horizon::LastYear => last(months_before(as_of, 0, 12), years(1)),
        Horizon::During(period) => {
            let (first, last) = resolve(period, as_of)?;
            let last = last.min(as_of);
            vec![Period { first, last }, WithinPeriod { first, last }]
        }
        Horizon::Since(period) => match resolve(period, begun_by(period, as_of))? {
            (first, _) if period.is_day() => vec![CloseOf(first), CloseBefore(first)],
            // In a period that isn't over, its last close is the as-of session's own.
            (first, last) if last >= as_of => vec![CloseBefore(first), FirstCloseFrom(first)],
            (first, last) => vec![CloseBefore(first), FirstCloseFrom(first), CloseOf(last)],
        },
        Horizon::Between(first, last) => {
            let last = resolve(last, as_of)?.1.min(as_of);
            let (first, _) = resolve(first, last)?;
            vec![WithinPeriod { first, last }, Period { first, last }]
        }
        Horizon::SinceEvent => return Err("the article doesn't say on which day the period begins".to_owned()),
        Horizon::FromHigh(stretch) => {
            let range = range(stretch, as_of, begins)?;
            vec![Highest(Level::Close, range), Highest(Level::Intraday, range)]
        }
        Horizon::FromLow(stretch) => {
            let range = range(stretch, as_of, begins)?;
            vec![Lowest(Level::Close, range), Lowest(Level::Intraday, range)]
        }
    })
}

fn weeks(count: u32) -> Vec<ReadingKind> {
    vec![ReadingKind::Sessions(5 * count), ReadingKind::Days(7 * count), ReadingKind::WeekToDate(count)]
}

fn months(count: u32, to_date: ReadingKind) -> Vec<ReadingKind> {
    let by_sessions = [20, 21, 22].map(|sessions| ReadingKind::Sessions(sessions * count));
    let by_calendar = [ReadingKind::CalendarMonths(count), ReadingKind::Days(30 * count), ReadingKind::Days(28 * count)];
    by_calendar.into_iter().chain(by_sessions).chain([to_date]).collect()
}

fn years(count: u32) -> Vec<ReadingKind> {
    vec![
        ReadingKind::CalendarMonths(12 * count),
        ReadingKind::Days(365 * count),
        ReadingKind::Days(364 * count),
        ReadingKind::Sessions(252 * count),
        ReadingKind::YearToDate(count),
    ]
}

/// The calendar week (Monday to Sunday) before the as-of session's.
fn week_before(as_of: NaiveDate) -> Option<ReadingKind> {
    let days = |back: u32| as_of.checked_sub_days(chrono::Days::new(u64::from(as_of.weekday().num_days_from_monday() + back)));
    Some(ReadingKind::Period { first: days(7)?, last: days(1)? })
}

/// The `count` calendar months before the month `month0` (from 0) of the as-of session's year.
fn months_before(as_of: NaiveDate, month0: u32, count: u32) -> Option<ReadingKind> {
    let after = NaiveDate::from_ymd_opt(as_of.year(), month0 + 1, 1)?;
    Some(ReadingKind::Period { first: after.checked_sub_months(Months::new(count))?, last: after.pred_opt()? })
}

fn range(stretch: Stretch, as_of: NaiveDate, begins: NaiveDate) -> Result<Range, String> {
    Ok(match stretch {
        Stretch::Year => Range::Since(as_of.checked_sub_days(chrono::Days::new(364)).unwrap_or(as_of)),
        Stretch::Since(date) => Range::Since(date),
        Stretch::During(period) => {
            let (first, last) = resolve(period, as_of)?;
            Range::Between(first, last.min(as_of))
        }
        Stretch::Record => Range::All(begins),
    })
}

/// "Since Friday", of a Friday's close, is since the Friday before.
fn begun_by(period: NamedPeriod, as_of: NaiveDate) -> NaiveDate {
    match period {
        NamedPeriod::Weekday(_) | NamedPeriod::MonthDay { .. } => as_of.pred_opt().unwrap_or(as_of),
        _ => as_of,
    }
}

/// First and last day of a named period that has begun by the as-of session.
fn resolve(period: NamedPeriod, as_of: NaiveDate) -> Result<(NaiveDate, NaiveDate), String> {
    match period.resolve(as_of) {
        None => Err(format!("no calendar has {period}")),
        Some((first, _)) if first > as_of => Err(format!("{first} comes after the as-of session {as_of}")),
        Some(found) => Ok(found),
    }
}
