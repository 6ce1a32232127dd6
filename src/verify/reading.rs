//! The readings of a horizon: the start dates that its words allow, with the return from each (table in [`crate::verify`]).

use chrono::{Datelike, Days, Months, NaiveDate};
use serde::{Serialize, Serializer};

use crate::calendar::Sessions;
use crate::claim::Horizon;
use crate::series::{PriceSeries, ReturnKind};
use crate::verify::StartDate;

/// How the start of the window is found.
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
    /// The highest close since a date.
    HighestClose(NaiveDate),
    /// The highest intraday price since a date.
    HighestPrice(NaiveDate),
    /// The lowest close since a date.
    LowestClose(NaiveDate),
    /// The lowest intraday price since a date.
    LowestPrice(NaiveDate),
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
            ReadingKind::HighestClose(date) => format!("highest close since {date}"),
            ReadingKind::HighestPrice(date) => format!("highest price since {date}"),
            ReadingKind::LowestClose(date) => format!("lowest close since {date}"),
            ReadingKind::LowestPrice(date) => format!("lowest price since {date}"),
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
    /// As-of session.
    pub to: NaiveDate,
    /// Return between them, a fraction; percent in result files. None with a reason.
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

/// The readings of a horizon to the close of `as_of`, the primary one first, measured but not yet compared with a figure.
pub fn readings(horizon: Horizon, as_of: NaiveDate, series: &PriceSeries, sessions: &Sessions) -> Vec<Reading> {
    kinds(horizon, as_of).into_iter().map(|kind| measure(kind, as_of, series, sessions)).collect()
}

fn kinds(horizon: Horizon, as_of: NaiveDate) -> Vec<ReadingKind> {
    use ReadingKind::{
        CalendarMonths, CloseBefore, CloseOf, Days, HighestClose, HighestPrice, LowestClose, LowestPrice, MonthToDate, QuarterToDate,
        WeekToDate, YearToDate,
    };
    let range = |since: Option<NaiveDate>| since.or_else(|| as_of.checked_sub_days(chrono::Days::new(364))).unwrap_or(as_of);
    let months = |count: u32, to_date: ReadingKind| {
        let by_sessions = [20, 21, 22].map(|sessions| ReadingKind::Sessions(sessions * count));
        [CalendarMonths(count), Days(30 * count), Days(28 * count)].into_iter().chain(by_sessions).chain([to_date]).collect()
    };
    match horizon {
        Horizon::Session => vec![ReadingKind::Sessions(1)],
        Horizon::Sessions(count) => vec![ReadingKind::Sessions(count)],
        Horizon::Weeks(count) => vec![ReadingKind::Sessions(5 * count), Days(7 * count), WeekToDate(count)],
        Horizon::Months(count) => months(count, MonthToDate(count)),
        Horizon::Quarter => months(3, QuarterToDate),
        Horizon::Years(count) => {
            vec![CalendarMonths(12 * count), Days(365 * count), Days(364 * count), ReadingKind::Sessions(252 * count), YearToDate(count)]
        }
        Horizon::YearToDate => vec![YearToDate(1)],
        Horizon::Since(date) => vec![CloseOf(date), CloseBefore(date)],
        Horizon::FromHigh(since) => vec![HighestClose(range(since)), HighestPrice(range(since))],
        Horizon::FromLow(since) => vec![LowestClose(range(since)), LowestPrice(range(since))],
    }
}

/// A start: its session and, for an extreme that isn't the session's close, its price.
type Start = (NaiveDate, Option<f64>);

fn measure(kind: ReadingKind, as_of: NaiveDate, series: &PriceSeries, sessions: &Sessions) -> Reading {
    let start = find_start(kind, as_of, series, sessions);
    let measured = start.clone().and_then(|(from, price)| {
        let value = match price {
            Some(price) => {
                series.performance(from, as_of).and(series.close_on(as_of)).map(|close| ReturnKind::Simple.between(price, close))
            }
            None => series.performance(from, as_of),
        };
        let missing = if series.close_on(from).is_some() {
            format!("a return is missing between {from} and {as_of}")
        } else {
            format!("no close on {from}")
        };
        value.ok_or(missing)
    });
    let reason = measured.as_ref().err().cloned();
    Reading { kind, from: start.ok().map(|(from, _)| from), to: as_of, measured: measured.ok(), reproduces: None, reason }
}

fn find_start(kind: ReadingKind, as_of: NaiveDate, series: &PriceSeries, sessions: &Sessions) -> Result<Start, String> {
    let first = sessions.at(0).unwrap_or(as_of);
    let too_early = || format!("the window begins before the prices do ({first})");
    let mut hole = None;
    let mut on_or_before = |date: Option<NaiveDate>| {
        let session = sessions.on_or_before(date?)?;
        hole = sessions.hole(session, date?);
        Some(session)
    };
    let session = match kind {
        ReadingKind::Sessions(count) => sessions.step(as_of, -i64::from(count)),
        ReadingKind::Days(count) => on_or_before(as_of.checked_sub_days(Days::new(u64::from(count)))),
        ReadingKind::CalendarMonths(count) => on_or_before(as_of.checked_sub_months(Months::new(count))),
        ReadingKind::MonthToDate(count) => on_or_before(last_day_before(as_of.with_day(1), count.saturating_sub(1))),
        ReadingKind::QuarterToDate => {
            let month = as_of.month0() / 3 * 3 + 1;
            on_or_before(NaiveDate::from_ymd_opt(as_of.year(), month, 1).and_then(|first| first.pred_opt()))
        }
        ReadingKind::YearToDate(count) => {
            on_or_before(last_day_before(NaiveDate::from_ymd_opt(as_of.year(), 1, 1), 12 * count.saturating_sub(1)))
        }
        ReadingKind::WeekToDate(count) => {
            let weeks = 7 * u64::from(count.saturating_sub(1));
            let monday = as_of.checked_sub_days(Days::new(u64::from(as_of.weekday().num_days_from_monday())));
            on_or_before(monday.and_then(|monday| monday.checked_sub_days(Days::new(weeks + 1))))
        }
        ReadingKind::CloseOf(date) if date > as_of => return Err(format!("{date} comes after the as-of session {as_of}")),
        ReadingKind::CloseOf(date) => on_or_before(Some(date)),
        ReadingKind::CloseBefore(date) if date > as_of => return Err(format!("{date} comes after the as-of session {as_of}")),
        ReadingKind::CloseBefore(date) => on_or_before(date.pred_opt()),
        ReadingKind::HighestClose(since) => return extreme(series, sessions, since, as_of, Level::Close, true),
        ReadingKind::HighestPrice(since) => return extreme(series, sessions, since, as_of, Level::High, true),
        ReadingKind::LowestClose(since) => return extreme(series, sessions, since, as_of, Level::Close, false),
        ReadingKind::LowestPrice(since) => return extreme(series, sessions, since, as_of, Level::Low, false),
    };
    match hole {
        Some(hole) => Err(format!("the exchange traded on {hole}, but the benchmark has no price on it")),
        None => session.map(|session| (session, None)).ok_or_else(too_early),
    }
}

/// The day before the first of a month, `months` months further back.
fn last_day_before(first_of_month: Option<NaiveDate>, months: u32) -> Option<NaiveDate> {
    first_of_month?.checked_sub_months(Months::new(months))?.pred_opt()
}

#[derive(Clone, Copy, PartialEq)]
enum Level {
    Close,
    High,
    Low,
}

fn extreme(
    series: &PriceSeries,
    sessions: &Sessions,
    since: NaiveDate,
    as_of: NaiveDate,
    level: Level,
    highest: bool,
) -> Result<Start, String> {
    // Before the benchmark's own data only weekends are known to be without a session.
    let benchmark_begins = sessions.at(0).unwrap_or(as_of);
    let held =
        |day: NaiveDate| if day >= benchmark_begins { sessions.position(day).is_some() } else { day.weekday().num_days_from_monday() < 5 };
    let begins = series.dates().first().copied().unwrap_or(as_of);
    if since.iter_days().take_while(|day| *day < begins).any(held) {
        return Err(format!("the prices begin on {begins}, after {since}, the first day of the range"));
    }
    let mut best: Option<(NaiveDate, f64)> = None;
    for (position, date) in series.dates().iter().enumerate().filter(|(_, date)| since <= **date && **date <= as_of) {
        let price = match level {
            Level::Close => series.closes().get(position).copied(),
            Level::High => series.highs().get(position).copied().flatten(),
            Level::Low => series.lows().get(position).copied().flatten(),
        };
        let price = price.ok_or_else(|| "the prices have no intraday range".to_owned())?;
        if best.is_none_or(|(_, extreme)| if highest { price > extreme } else { price < extreme }) {
            best = Some((*date, price));
        }
    }
    best.map(|(date, price)| (date, Some(price))).ok_or_else(|| format!("no session between {since} and {as_of}"))
}

/// The value from every start date around a horizon's nominal length (half as long to half as long again), for horizons that
/// count back; empty for the others.
pub fn start_dates(horizon: Horizon, as_of: NaiveDate, series: &PriceSeries, sessions: &Sessions) -> Vec<StartDate> {
    let nominal = match horizon {
        Horizon::Weeks(count) => 5 * count,
        Horizon::Months(count) => 21 * count,
        Horizon::Quarter => 63,
        Horizon::Years(count) => 252 * count,
        _ => return Vec::new(),
    };
    let margin = (nominal / 2).max(3);
    let (nearest, farthest) = (nominal.saturating_sub(margin).max(1), nominal + margin);
    (nearest..=farthest)
        .rev()
        .filter_map(|count| {
            let from = sessions.step(as_of, -i64::from(count))?;
            Some(StartDate { from, measured: series.performance(from, as_of)? })
        })
        .collect()
}
