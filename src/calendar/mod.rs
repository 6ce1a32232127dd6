//! Trading sessions: which days there were, and which session is the first that can react to a moment.
//!
//! The sessions of a study are the **benchmark's own trading days** ([`Sessions`]). The exchange's rules ([`Exchange`], [`nyse`])
//! check them, so that a hole in the data is told from a holiday, and say when a session closed, so that news after the close
//! lands on the next one.

pub mod nyse;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An exchange whose rules are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Exchange {
    /// New York Stock Exchange (and Nasdaq, which keeps the same days).
    #[serde(rename = "XNYS")]
    Nyse,
}

/// When, in the exchange's day, news came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Timing {
    /// Before the opening bell: the same session reacts.
    BeforeOpen,
    /// During trading: the same session reacts.
    During,
    /// Not known: placed as if during trading, and said so, since news after the close belongs to the next session.
    #[default]
    Unknown,
    /// At or after the closing bell: the next session reacts.
    AfterClose,
}

/// What happens to an event on a day without trading, or after the close.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ShiftPolicy {
    /// The next session is day 0.
    #[default]
    Next,
    /// The session before is day 0 (for matching published work only: that session can't have reacted).
    Previous,
    /// The event is excluded.
    Exclude,
}

impl Exchange {
    /// The exchange of a well-known benchmark, or None.
    pub fn of_benchmark(symbol: &str) -> Option<Self> {
        const NEW_YORK: [&str; 14] =
            ["^GSPC", "^SPX", "SPX", "SP500", "SPY", "VOO", "IVV", "^DJI", "DIA", "^IXIC", "^NDX", "QQQ", "^RUT", "VTI"];
        NEW_YORK.contains(&symbol.to_ascii_uppercase().as_str()).then_some(Exchange::Nyse)
    }

    /// The exchange's time zone.
    pub fn zone(self) -> Tz {
        match self {
            Exchange::Nyse => Tz::America__New_York,
        }
    }

    /// First day that the rules cover.
    pub fn covered_from(self) -> Option<NaiveDate> {
        match self {
            Exchange::Nyse => NaiveDate::from_ymd_opt(nyse::FIRST_YEAR, 1, 1),
        }
    }

    /// Why the exchange holds no session on the date, or None when it does. Days before [`Exchange::covered_from`] are not covered.
    pub fn closure(self, date: NaiveDate) -> Option<&'static str> {
        match self {
            Exchange::Nyse => nyse::closure(date),
        }
    }

    /// Whether the rules know the date and hold a session on it.
    pub fn holds_session(self, date: NaiveDate) -> bool {
        self.covered_from().is_some_and(|from| date >= from) && self.closure(date).is_none()
    }

    /// Time of the opening bell, exchange time.
    pub fn open(self) -> NaiveTime {
        match self {
            Exchange::Nyse => NaiveTime::from_hms_opt(9, 30, 0).unwrap_or_default(),
        }
    }

    /// Time of the closing bell on the date, exchange time; earlier on half days.
    pub fn close(self, date: NaiveDate) -> NaiveTime {
        match self {
            Exchange::Nyse => nyse::early_close(date).or_else(|| NaiveTime::from_hms_opt(16, 0, 0)).unwrap_or_default(),
        }
    }

    /// The exchange's own date and the timing of an instant.
    pub fn place(self, instant: DateTime<Tz>) -> (NaiveDate, Timing) {
        let local = instant.with_timezone(&self.zone());
        let date = local.date_naive();
        let timing = if local.time() >= self.close(date) {
            Timing::AfterClose
        } else if local.time() < self.open() {
            Timing::BeforeOpen
        } else {
            Timing::During
        };
        (date, timing)
    }
}

/// Why an event has no day 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum NoSession {
    /// The benchmark's data has no session that could be day 0.
    #[error("no session of the benchmark's data ({}) can react to news of {date}", range(.first, .last))]
    OutsideData {
        /// Date of the event.
        date: NaiveDate,
        /// First session of the data; None when there is none.
        first: Option<NaiveDate>,
        /// Last session of the data.
        last: Option<NaiveDate>,
    },
    /// The exchange held a session that the benchmark's data lacks: a hole, not a holiday.
    #[error("{session} was a session of the exchange, but the benchmark has no price on it: fill the hole in the data")]
    Hole {
        /// The session without a price.
        session: NaiveDate,
    },
    /// The nearest session is too far away.
    #[error("the nearest session, {session}, is {days} days from {date}, more than the {limit} allowed")]
    TooFar {
        /// Date of the event.
        date: NaiveDate,
        /// Nearest session.
        session: NaiveDate,
        /// Calendar days between them.
        days: i64,
        /// Largest shift allowed, calendar days.
        limit: i64,
    },
    /// The policy leaves out events that need a shift.
    #[error("{date} can't be priced on its own day, and the policy is to leave such events out")]
    NotASession {
        /// Date of the event.
        date: NaiveDate,
    },
}

fn range(first: &Option<NaiveDate>, last: &Option<NaiveDate>) -> String {
    match (first, last) {
        (Some(first), Some(last)) => format!("{first} to {last}"),
        _ => "none".to_owned(),
    }
}

/// A benchmark's trading days, strictly rising.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions {
    dates: Vec<NaiveDate>,
    exchange: Option<Exchange>,
}

/// Where a benchmark's days and the exchange's rules differ, over the range of the data.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CalendarCheck {
    /// Sessions that the exchange held and the data lacks.
    pub missing: Vec<NaiveDate>,
    /// Days with a price on which the exchange was closed, with the reason of the closure.
    pub unexpected: Vec<(NaiveDate, String)>,
    /// Days compared.
    pub compared: usize,
}

impl Sessions {
    /// The days of a benchmark's series: rising, without repetition (a [`crate::series::PriceSeries`] holds that).
    pub fn from_dates(dates: &[NaiveDate]) -> Self {
        Self { dates: dates.to_vec(), exchange: None }
    }

    /// The same days under an exchange's rules: days on which it was closed are left out (vendors repeat the last price on holidays),
    /// and a session that the data lacks is told from a holiday ([`Sessions::hole`]).
    pub fn under(self, exchange: Option<Exchange>) -> Self {
        let covered = |exchange: Exchange, date: NaiveDate| exchange.covered_from().is_some_and(|from| date >= from);
        let open = |date: &NaiveDate| exchange.is_none_or(|exchange| !covered(exchange, *date) || exchange.closure(*date).is_none());
        Self { dates: self.dates.into_iter().filter(open).collect(), exchange }
    }

    /// The first day after `after`, up to and with `until`, on which the exchange held a session that the data lacks. None without an exchange.
    pub fn hole(&self, after: NaiveDate, until: NaiveDate) -> Option<NaiveDate> {
        let exchange = self.exchange?;
        after.iter_days().skip(1).take_while(|day| *day <= until).find(|day| exchange.holds_session(*day) && self.position(*day).is_none())
    }

    /// Days, strictly rising.
    pub fn dates(&self) -> &[NaiveDate] {
        &self.dates
    }

    /// Position of a session, or None when the date isn't one.
    pub fn position(&self, date: NaiveDate) -> Option<usize> {
        self.dates.binary_search(&date).ok()
    }

    /// The session at a position.
    pub fn at(&self, position: usize) -> Option<NaiveDate> {
        self.dates.get(position).copied()
    }

    /// The exchange whose rules the days are under; None for none.
    pub fn exchange(&self) -> Option<Exchange> {
        self.exchange
    }

    /// First session on or after the date.
    pub fn on_or_after(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.at(self.dates.partition_point(|session| *session < date))
    }

    /// Last session on or before the date.
    pub fn on_or_before(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.at(self.dates.partition_point(|session| *session <= date).checked_sub(1)?)
    }

    /// Last session before the date.
    pub fn before(&self, date: NaiveDate) -> Option<NaiveDate> {
        self.at(self.dates.partition_point(|session| *session < date).checked_sub(1)?)
    }

    /// The session `count` sessions after (or, if negative, before) `session`, which must be one itself.
    pub fn step(&self, session: NaiveDate, count: i64) -> Option<NaiveDate> {
        let position = i64::try_from(self.position(session)?).ok()?;
        self.at(usize::try_from(position.checked_add(count)?).ok()?)
    }

    /// The first session that can react to news on `date` with that `timing`: the day itself before the close, the next
    /// session after the close or on a day without trading. With [`ShiftPolicy::Previous`] the session before instead.
    ///
    /// # Errors
    /// [`NoSession`]: the data ends, has a hole there, or the shift is longer than `limit` calendar days.
    pub fn reaction(
        &self,
        date: NaiveDate,
        timing: Timing,
        policy: ShiftPolicy,
        limit: i64,
        exchange: Option<Exchange>,
    ) -> Result<NaiveDate, NoSession> {
        let own_day = self.position(date).is_some();
        if own_day && timing != Timing::AfterClose {
            return Ok(date);
        }
        let outside = NoSession::OutsideData { date, first: self.dates.first().copied(), last: self.dates.last().copied() };
        if let (false, Some(exchange)) = (own_day, exchange)
            && exchange.holds_session(date)
            && timing != Timing::AfterClose
        {
            return Err(if self.surrounds(date) { NoSession::Hole { session: date } } else { outside });
        }
        let session = match policy {
            ShiftPolicy::Exclude => return Err(NoSession::NotASession { date }),
            ShiftPolicy::Next => self.at(self.dates.partition_point(|session| *session <= date)).ok_or(outside)?,
            ShiftPolicy::Previous if own_day => return Ok(date),
            ShiftPolicy::Previous => self.before(date).ok_or(outside)?,
        };
        if let Some(exchange) = exchange
            && let Some(hole) = days_between(date, session).find(|day| exchange.holds_session(*day))
        {
            return Err(NoSession::Hole { session: hole });
        }
        let days = (session - date).num_days().abs();
        if days > limit {
            return Err(NoSession::TooFar { date, session, days, limit });
        }
        Ok(session)
    }

    /// The days of the data against the exchange's own rules.
    pub fn check(&self, exchange: Exchange) -> CalendarCheck {
        let (Some(first), Some(last), Some(covered)) = (self.dates.first(), self.dates.last(), exchange.covered_from()) else {
            return CalendarCheck::default();
        };
        let from = (*first).max(covered);
        let mut check = CalendarCheck::default();
        for day in from.iter_days().take_while(|day| day <= last) {
            let traded = self.position(day).is_some();
            match exchange.closure(day) {
                None if !traded => check.missing.push(day),
                Some(reason) if traded => check.unexpected.push((day, reason.to_owned())),
                _ => {}
            }
            check.compared += usize::from(traded);
        }
        check
    }

    fn surrounds(&self, date: NaiveDate) -> bool {
        self.dates.first().is_some_and(|first| *first < date) && self.dates.last().is_some_and(|last| date < *last)
    }
}

/// Days strictly between two dates, in either order.
fn days_between(one: NaiveDate, other: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let (from, to) = if one <= other { (one, other) } else { (other, one) };
    from.iter_days().skip(1).take_while(move |day| *day < to)
}

/// Whether both dates fall in one calendar year.
pub(crate) fn same_year(one: NaiveDate, other: NaiveDate) -> bool {
    one.year() == other.year()
}
