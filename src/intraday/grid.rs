//! The row of bars that all securities of a study stand on: sessions one after the other, each cut into bars of one length from its open.
//!
//! A day is a session when the exchange trades and the benchmark has a bar in its hours. A **slot** is a bar's number in its session, so
//! that slot 30 of one-minute bars in New York is the bar from 10:00 to 10:01 on every day, in summer and winter: slots follow the
//! clocks of the exchange, not UTC. (Where clocks change inside a session, as they do for hours around the clock, slots are counted in
//! elapsed time from the open; that day has an hour less or more of them.) What remains before an early close and is no whole bar is none.
//!
//! A bar's place is that of its **end**: its price is known then and not before. Bars of a file that are shorter than the study's are
//! joined: the close of a bar is the last in it. With the overnight return as a bar of its own, slot 0 is the time from the close before
//! to the open, and the others move by one.

use chrono::NaiveDate;
use serde::Serialize;
use thiserror::Error;

use super::bar::BarLength;
use super::hours::TradingHours;
use super::series::{BarSeries, Stamp};
use crate::calendar::NoSession;

/// Why there is no grid of bars.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum GridError {
    /// No bar of the benchmark in trading hours.
    #[error("none of the {bars} bars of the benchmark {benchmark} is in the session, {hours}")]
    NoSession {
        /// Symbol of the benchmark.
        benchmark: String,
        /// Its bars.
        bars: usize,
        /// The hours.
        hours: String,
    },
    /// Too few bars to see how far apart they are.
    #[error("no session has two bars of the benchmark {benchmark}: the length of its bars can't be seen")]
    NoLength {
        /// Symbol of the benchmark.
        benchmark: String,
    },
    /// Bars whose length is no number of minutes up to a day.
    #[error("the bars of the benchmark {benchmark} are {seconds} seconds apart: bars of whole minutes are read")]
    NotMinutes {
        /// Symbol of the benchmark.
        benchmark: String,
        /// Usual distance.
        seconds: i64,
    },
    /// It can't be seen whether timestamps are those of the beginning or the end.
    #[error(
        "do timestamps say when a bar begins or when it ends? In {with_open} sessions the benchmark has one at the open, in {with_close} one at the close"
    )]
    StampInDoubt {
        /// Sessions with a bar stamped with the open.
        with_open: usize,
        /// Sessions with a bar stamped with the close.
        with_close: usize,
    },
    /// Bars that don't fill a session.
    #[error("bars of {bar} don't divide the session of {session} minutes: {}", choose(.choices))]
    NotDividing {
        /// Length asked for.
        bar: BarLength,
        /// Minutes of a session.
        session: u32,
        /// Lengths that do, shortest first.
        choices: Vec<u32>,
    },
    /// Timestamps that plainly say something else than they are said to.
    #[error(
        "{benchmark}'s timestamps say when a bar {}: in {with_open} of {sessions} sessions one is the open, in {with_close} one the close. Read as when a bar {}, bars of the session would lie outside it",
        words(*.shown), words(*.asked)
    )]
    StampContradicted {
        /// Symbol of the benchmark.
        benchmark: String,
        /// What was asked for.
        asked: Stamp,
        /// What the bars show.
        shown: Stamp,
        /// Sessions with a bar stamped with the open.
        with_open: usize,
        /// Sessions with a bar stamped with the close.
        with_close: usize,
        /// Sessions looked at.
        sessions: usize,
    },
    /// Bars of a length that the file's don't make up.
    #[error("bars of {bar} can't be made of the file's, which are of {file}: take a multiple of {file}")]
    NotAMultiple {
        /// Length asked for.
        bar: BarLength,
        /// Length of the file's bars.
        file: BarLength,
    },
    /// A timestamp between two of the grid.
    #[error("{symbol} has a bar stamped {time}, which is no multiple of {file} from the open: bars of different lengths, or ticks")]
    OffGrid {
        /// The security.
        symbol: String,
        /// The timestamp, as clocks at the exchange show it.
        time: String,
        /// Length of the benchmark's bars.
        file: BarLength,
    },
    /// A security whose bars are longer than the study's.
    #[error("the bars of {symbol} are {own} apart, the study's {bar}: bars of different lengths")]
    Longer {
        /// The security.
        symbol: String,
        /// Its shortest distance of bars.
        own: BarLength,
        /// The study's.
        bar: BarLength,
    },
}

fn words(stamp: Stamp) -> &'static str {
    match stamp {
        Stamp::Start => "begins",
        Stamp::End => "ends",
    }
}

fn choose(minutes: &[u32]) -> String {
    if minutes.is_empty() {
        return "no multiple of the file's bars up to an hour does, so take shorter bars, or correct --session".to_owned();
    }
    format!("choose one of {}", list(minutes))
}

fn list(minutes: &[u32]) -> String {
    minutes.iter().map(|minutes| format!("{minutes}m")).collect::<Vec<_>>().join(", ")
}

/// How bars are cut and read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GridRule {
    /// Hours of trading.
    pub hours: TradingHours,
    /// Length of the study's bars; None for that of the file's.
    pub bar: Option<BarLength>,
    /// What timestamps say; None to see it in the benchmark's bars.
    pub stamp: Option<Stamp>,
    /// Whether the overnight return is a bar of its own.
    pub overnight: bool,
}

/// One session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Session {
    /// Day at the exchange.
    pub date: NaiveDate,
    /// Open, seconds since 1970 UTC.
    pub open: i64,
    /// Close, seconds since 1970 UTC.
    pub close: i64,
    /// Position of its slot 0.
    pub first: usize,
    /// Slots, the overnight one included.
    pub slots: usize,
    /// Whether the exchange held a session between the one before and this one that the data lacks.
    pub after_hole: bool,
}

/// The sessions and bars of a study.
#[derive(Debug, Clone, PartialEq)]
pub struct BarGrid {
    hours: TradingHours,
    bar: BarLength,
    file_bar: BarLength,
    stamp: Stamp,
    overnight: bool,
    sessions: Vec<Session>,
    positions: usize,
    most_slots: usize,
}

/// What a grid is, for results.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GridSummary {
    /// Hours of trading, with their zone.
    pub hours: TradingHours,
    /// Minutes of the study's bars.
    pub bar: BarLength,
    /// Minutes of the file's bars.
    pub file_bar: BarLength,
    /// What the files' timestamps say.
    pub stamp: Stamp,
    /// Whether the overnight return is a bar of its own; else it is left out.
    pub overnight: bool,
    /// Sessions.
    pub sessions: usize,
    /// First of them.
    pub first: Option<NaiveDate>,
    /// Last of them.
    pub last: Option<NaiveDate>,
    /// Sessions shorter than a full one.
    pub short_sessions: usize,
    /// Sessions of the exchange between the first and last that the benchmark has no bar of; empty where its rules aren't known.
    pub holes: Vec<NaiveDate>,
}

/// How many sessions a doubt about timestamps is judged by.
const SESSIONS_LOOKED_AT: usize = 250;

impl BarGrid {
    /// The grid of a benchmark's bars.
    ///
    /// # Errors
    /// [`GridError`]
    pub fn new(rule: GridRule, benchmark: &str, series: &BarSeries) -> Result<Self, GridError> {
        let days = sessions_of(rule.hours, series);
        let bars = series.len();
        if days.is_empty() {
            return Err(GridError::NoSession { benchmark: benchmark.to_owned(), bars, hours: rule.hours.to_string() });
        }
        let file_bar = usual_length(benchmark, series, &days)?;
        let edges = Edges::of(series, &days);
        let stamp = match rule.stamp {
            Some(asked) => edges.check(asked, benchmark)?,
            None => edges.stamp()?,
        };
        let bar = rule.bar.unwrap_or(file_bar);
        if !bar.minutes().is_multiple_of(file_bar.minutes()) {
            return Err(GridError::NotAMultiple { bar, file: file_bar });
        }
        let full = rule.hours.full_minutes();
        if !full.is_multiple_of(bar.minutes()) {
            let divides = |minutes: &u32| full.is_multiple_of(*minutes) && minutes.is_multiple_of(file_bar.minutes());
            return Err(GridError::NotDividing { bar, session: full, choices: (1..=60.min(full)).filter(divides).collect() });
        }
        let mut grid =
            Self { hours: rule.hours, bar, file_bar, stamp, overnight: rule.overnight, sessions: Vec::new(), positions: 0, most_slots: 0 };
        for (date, open, close) in days {
            // A bar stamped with its beginning may make a session that no bar ends in, and one with its end the other way.
            let slots = usize::try_from((close - open) / bar.seconds()).unwrap_or(0) + usize::from(rule.overnight);
            let after_hole = grid.sessions.last().is_some_and(|before| first_hole(rule.hours, before.date, date).is_some());
            grid.sessions.push(Session { date, open, close, first: grid.positions, slots, after_hole });
            grid.positions += slots;
            grid.most_slots = grid.most_slots.max(slots);
        }
        Ok(grid)
    }

    /// Sessions, in order.
    pub fn sessions(&self) -> &[Session] {
        &self.sessions
    }

    /// Hours of trading.
    pub fn hours(&self) -> TradingHours {
        self.hours
    }

    /// Length of the study's bars.
    pub fn bar(&self) -> BarLength {
        self.bar
    }

    /// Length of the file's bars.
    pub fn file_bar(&self) -> BarLength {
        self.file_bar
    }

    /// What timestamps say.
    pub fn stamp(&self) -> Stamp {
        self.stamp
    }

    /// Whether slot 0 is the overnight return.
    pub fn overnight(&self) -> bool {
        self.overnight
    }

    /// Places for bars, of all sessions.
    pub fn positions(&self) -> usize {
        self.positions
    }

    /// Slots of the longest session.
    pub fn most_slots(&self) -> usize {
        self.most_slots
    }

    /// Session and slot of a position; None past the last.
    pub fn locate(&self, position: usize) -> Option<(usize, usize)> {
        let session = self.sessions.partition_point(|session| session.first <= position).checked_sub(1)?;
        let slot = position - self.sessions.get(session)?.first;
        (slot < self.sessions.get(session)?.slots).then_some((session, slot))
    }

    /// Whether a slot is the overnight return.
    pub fn is_overnight(&self, slot: usize) -> bool {
        self.overnight && slot == 0
    }

    /// Begin and end of a slot of a session, seconds since 1970 UTC. The overnight slot begins at the close before; None past the last
    /// slot, and for the overnight slot of the first session.
    pub fn time_of(&self, session: usize, slot: usize) -> Option<(i64, i64)> {
        let found = self.sessions.get(session).filter(|found| slot < found.slots)?;
        if self.is_overnight(slot) {
            return Some((self.sessions.get(session.checked_sub(1)?)?.close, found.open));
        }
        let bar = i64::try_from(slot - usize::from(self.overnight)).ok()?;
        let begin = found.open + bar * self.bar.seconds();
        Some((begin, begin + self.bar.seconds()))
    }

    /// Begin of a slot as clocks show it on a day without a change, minutes from midnight.
    pub fn minute_of_slot(&self, slot: usize) -> u32 {
        let bar = slot.saturating_sub(usize::from(self.overnight));
        self.hours.open_minute() + self.bar.minutes() * u32::try_from(bar).unwrap_or(0)
    }

    /// The end of a bar with this timestamp, seconds since 1970 UTC.
    pub fn end_of(&self, time: i64) -> i64 {
        match self.stamp {
            Stamp::Start => time + self.file_bar.seconds(),
            Stamp::End => time,
        }
    }

    /// The first bar that ends after an instant (seconds since 1970 UTC), and so the first whose price can know of it.
    ///
    /// # Errors
    /// [`NoSession::OutsideData`], [`NoSession::Hole`], and [`NoSession::TooFar`] for a session more than `limit` calendar days away.
    pub fn reaction(&self, instant: i64, limit: i64) -> Result<(usize, usize), NoSession> {
        let date = self.hours.date_of(instant).unwrap_or_default();
        let outside = || NoSession::OutsideData {
            date,
            first: self.sessions.first().map(|session| session.date),
            last: self.sessions.last().map(|session| session.date),
        };
        let last_end = |session: &Session| {
            let bars = i64::try_from(session.slots - usize::from(self.overnight)).unwrap_or(0);
            session.open + bars * self.bar.seconds()
        };
        let index = self.sessions.partition_point(|session| last_end(session) <= instant);
        let session = self.sessions.get(index).ok_or_else(outside)?;
        if index == 0 && instant < session.open && session.date != date {
            return Err(outside());
        }
        if let Some(hole) = self.hole_between(date, instant, session.date) {
            return Err(NoSession::Hole { session: hole });
        }
        let days = (session.date - date).num_days();
        if days > limit {
            return Err(NoSession::TooFar { date, session: session.date, days, limit });
        }
        if instant < session.open {
            return Ok((index, 0));
        }
        let bar = usize::try_from((instant - session.open) / self.bar.seconds()).unwrap_or(0);
        Ok((index, bar + usize::from(self.overnight)))
    }

    /// A session of the exchange that the data lacks, from the moment of the news to the session that would react.
    fn hole_between(&self, date: NaiveDate, instant: i64, session: NaiveDate) -> Option<NaiveDate> {
        self.hours.exchange()?;
        date.iter_days().take_while(|day| *day < session).find(|day| self.hours.session(*day).is_some_and(|(_, close)| instant < close))
    }

    /// What the grid is.
    pub fn summary(&self) -> GridSummary {
        let pairs = self.sessions.windows(2).filter_map(|pair| if let [one, other] = pair { Some((one.date, other.date)) } else { None });
        let holes = |(one, other): (NaiveDate, NaiveDate)| {
            one.iter_days()
                .skip(1)
                .take_while(move |day| *day < other)
                .filter(|day| self.hours.exchange().is_some_and(|exchange| exchange.holds_session(*day)))
        };
        let full = i64::from(self.hours.full_minutes()) * 60;
        GridSummary {
            hours: self.hours,
            bar: self.bar,
            file_bar: self.file_bar,
            stamp: self.stamp,
            overnight: self.overnight,
            sessions: self.sessions.len(),
            first: self.sessions.first().map(|session| session.date),
            last: self.sessions.last().map(|session| session.date),
            short_sessions: self.sessions.iter().filter(|session| session.close - session.open < full).count(),
            holes: pairs.flat_map(holes).collect(),
        }
    }
}

fn first_hole(hours: TradingHours, after: NaiveDate, until: NaiveDate) -> Option<NaiveDate> {
    let exchange = hours.exchange()?;
    after.iter_days().skip(1).take_while(|day| *day < until).find(|day| exchange.holds_session(*day))
}

/// The days with a bar in trading hours, with open and close. A bar at the very open or close counts: which of the two is in the session
/// isn't known before it is known what timestamps say.
fn sessions_of(hours: TradingHours, series: &BarSeries) -> Vec<(NaiveDate, i64, i64)> {
    let times = series.times();
    let mut days = Vec::new();
    let mut at = 0;
    while let Some(time) = times.get(at) {
        let Some(date) = hours.date_of(*time) else {
            at += 1;
            continue;
        };
        let Some((open, close)) = hours.session(date) else {
            // On to the next day at the exchange: no zone's day is shorter than 20 hours.
            at += times.get(at..).map_or(1, |rest| rest.partition_point(|later| later - time < 3600).max(1));
            continue;
        };
        let rest = times.get(at..).unwrap_or_default();
        let (from, to) = (rest.partition_point(|time| *time < open), rest.partition_point(|time| *time <= close));
        let is_new = days.last().is_none_or(|(last, _, _)| *last < date);
        // One bar at an edge alone may belong to the time outside.
        if to > from && is_new && rest.get(from..to).is_some_and(|inside| inside.iter().any(|time| *time > open && *time < close)) {
            days.push((date, open, close));
        }
        at += to.max(1);
    }
    days
}

/// The most frequent distance of two bars of one session.
fn usual_length(benchmark: &str, series: &BarSeries, days: &[(NaiveDate, i64, i64)]) -> Result<BarLength, GridError> {
    let mut counts: Vec<(i64, usize)> = Vec::new();
    for (_, open, close) in days.iter().take(SESSIONS_LOOKED_AT) {
        for pair in inside(series, *open, *close).windows(2) {
            let [one, other] = pair else { continue };
            let gap = other - one;
            match counts.iter_mut().find(|(known, _)| *known == gap) {
                Some((_, count)) => *count += 1,
                None => counts.push((gap, 1)),
            }
        }
    }
    // Of two as frequent the shorter: the longer is then one with a bar missing.
    let usual = counts.iter().max_by_key(|(gap, count)| (*count, std::cmp::Reverse(*gap))).map(|(gap, _)| *gap);
    let seconds = usual.ok_or_else(|| GridError::NoLength { benchmark: benchmark.to_owned() })?;
    let minutes = u32::try_from(seconds / 60).ok().filter(|_| seconds % 60 == 0).and_then(BarLength::of_minutes);
    minutes.ok_or_else(|| GridError::NotMinutes { benchmark: benchmark.to_owned(), seconds })
}

/// Timestamps from the open to the close, both included.
fn inside(series: &BarSeries, open: i64, close: i64) -> &[i64] {
    let times = series.times();
    let (from, to) = (times.partition_point(|time| *time < open), times.partition_point(|time| *time <= close));
    times.get(from..to).unwrap_or_default()
}

/// How many sessions of the benchmark have a bar stamped with their open, and with their close.
struct Edges {
    with_open: usize,
    with_close: usize,
    sessions: usize,
}

impl Edges {
    fn of(series: &BarSeries, days: &[(NaiveDate, i64, i64)]) -> Self {
        let looked_at = days.get(..SESSIONS_LOOKED_AT).unwrap_or(days);
        let has = |time: i64| series.times().binary_search(&time).is_ok();
        Self {
            with_open: looked_at.iter().filter(|(_, open, _)| has(*open)).count(),
            with_close: looked_at.iter().filter(|(_, _, close)| has(*close)).count(),
            sessions: looked_at.len(),
        }
    }

    /// What timestamps say.
    fn stamp(&self) -> Result<Stamp, GridError> {
        match (self.with_open, self.with_close) {
            (1.., 0) => Ok(Stamp::Start),
            (0, 1..) => Ok(Stamp::End),
            (with_open, with_close) => Err(GridError::StampInDoubt { with_open, with_close }),
        }
    }

    /// What timestamps are said to say, unless most sessions have a bar at the other edge and none at this one. (With bars from outside
    /// the session there is one at both.)
    fn check(&self, asked: Stamp, benchmark: &str) -> Result<Stamp, GridError> {
        let Ok(shown) = self.stamp() else { return Ok(asked) };
        if shown == asked || 2 * self.with_open.max(self.with_close) <= self.sessions {
            return Ok(asked);
        }
        let Self { with_open, with_close, sessions } = *self;
        Err(GridError::StampContradicted { benchmark: benchmark.to_owned(), asked, shown, with_open, with_close, sessions })
    }
}
