//! The trading calendar of the New York Stock Exchange from 1990 on: which days hold a session, why the others don't, and
//! which sessions end early.
//!
//! The calendar is a table of rules, not a list of days, so it has no last year. Only what no rule foresees (a funeral, a
//! storm) is dated, and has to be added by hand once the exchange announces it.
//!
//! # Closed all day
//!
//! | holiday | day | from |
//! |---|---|---|
//! | New Year's Day | 1 January; on a Sunday: the Monday after; on a Saturday: not made up | before 1990 |
//! | Martin Luther King Jr. Day | third Monday of January | 1998 |
//! | Washington's Birthday | third Monday of February | before 1990 |
//! | Good Friday | two days before Easter Sunday | before 1990 |
//! | Memorial Day | last Monday of May | before 1990 |
//! | Juneteenth | 19 June; on a weekend: the nearest weekday | 2022 |
//! | Independence Day | 4 July; on a weekend: the nearest weekday | before 1990 |
//! | Labor Day | first Monday of September | before 1990 |
//! | Thanksgiving Day | fourth Thursday of November | before 1990 |
//! | Christmas Day | 25 December; on a weekend: the nearest weekday | before 1990 |
//!
//! Source: NYSE Rule 7.2 (Holidays), formerly Rule 51.10; Martin Luther King Jr. Day came by SEC release 34-38818 (7 July 1997),
//! Juneteenth by a rule change of September 2021. A holiday on a Saturday closes the Friday before and one on a Sunday the
//! Monday after, unless an accounting month or year ends that day, which is why a Friday 31 December is a session.
//!
//! # Closed early
//!
//! | session | close | years |
//! |---|---|---|
//! | day after Thanksgiving | 14:00, later 13:00 | 1992, from 1993 |
//! | 24 December | 14:00, later 13:00 | to 1992, from 1993 |
//! | 3 July on a Monday, Tuesday or Thursday | 13:00 | from 1995 |
//! | 3 July on a Wednesday | 13:00 | from 2013 |
//! | Friday 5 July | 13:00 | 1995 to 2012 |
//! | 26 December 1997, 31 December 1999, 26 December 2003 | 13:00 | once each |
//!
//! The early closes are announced by the exchange year by year; the rules are what the announcements have in common, as in
//! the Python package `exchange_calendars` (calendar XNYS). Only closes set in advance are here: a day cut short by snow,
//! by a circuit breaker or by a technical fault counts as full, and a late opening isn't recorded.
//!
//! `tests/outside/xnys_sessions.txt` holds every session and early close of `exchange_calendars`; a test compares them all.
//!
//! # Extending
//!
//! A new one-off closure is one line in `CLOSED_ONCE`, a new holiday one entry in `HOLIDAYS`, a change of a rule an end year on
//! the old entry and a new entry beside it. Another exchange is another file of this shape: its own four tables and the same
//! four public items. Everything from `Rule` down knows nothing of New York; it moves to a module of its own as it stands when
//! a second exchange needs it.

use std::ops::RangeInclusive;

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};

/// The first year the rules cover. Callers must not ask about earlier days: see [`closure`].
pub const FIRST_YEAR: i32 = 1990;

const THANKSGIVING: Day = Day::Nth { nth: 4, weekday: Weekday::Thu, month: 11 };

/// The holidays of every year, in the order of the year.
static HOLIDAYS: &[Rule<&str>] = &[
    Rule { years: since(FIRST_YEAR), day: Day::Date { month: 1, day: 1, weekend: Weekend::SundayToMonday }, gives: "New Year's Day" },
    Rule { years: since(1998), day: Day::Nth { nth: 3, weekday: Weekday::Mon, month: 1 }, gives: "Martin Luther King Jr. Day" },
    Rule { years: since(FIRST_YEAR), day: Day::Nth { nth: 3, weekday: Weekday::Mon, month: 2 }, gives: "Washington's Birthday" },
    Rule { years: since(FIRST_YEAR), day: Day::BeforeEaster(2), gives: "Good Friday" },
    Rule { years: since(FIRST_YEAR), day: Day::Last { weekday: Weekday::Mon, month: 5 }, gives: "Memorial Day" },
    Rule { years: since(2022), day: Day::Date { month: 6, day: 19, weekend: Weekend::Nearest }, gives: "Juneteenth" },
    Rule { years: since(FIRST_YEAR), day: Day::Date { month: 7, day: 4, weekend: Weekend::Nearest }, gives: "Independence Day" },
    Rule { years: since(FIRST_YEAR), day: Day::Nth { nth: 1, weekday: Weekday::Mon, month: 9 }, gives: "Labor Day" },
    Rule { years: since(FIRST_YEAR), day: THANKSGIVING, gives: "Thanksgiving Day" },
    Rule { years: since(FIRST_YEAR), day: Day::Date { month: 12, day: 25, weekend: Weekend::Nearest }, gives: "Christmas Day" },
];

/// Closures no rule foresees: year, month, day, reason.
const CLOSED_ONCE: &[(i32, u32, u32, &str)] = &[
    (1994, 4, 27, "funeral of Richard Nixon"),
    (2001, 9, 11, "attacks of 11 September 2001"),
    (2001, 9, 12, "attacks of 11 September 2001"),
    (2001, 9, 13, "attacks of 11 September 2001"),
    (2001, 9, 14, "attacks of 11 September 2001"),
    (2004, 6, 11, "day of mourning for Ronald Reagan"),
    (2007, 1, 2, "day of mourning for Gerald Ford"),
    (2012, 10, 29, "Hurricane Sandy"),
    (2012, 10, 30, "Hurricane Sandy"),
    (2018, 12, 5, "day of mourning for George H. W. Bush"),
    (2025, 1, 9, "day of mourning for Jimmy Carter"),
];

/// The early closes of every year, as hours of the day. A day that is closed anyway (24 December on a Friday, when Christmas
/// is on the Saturday) needs no exception here: [`early_close`] asks [`closure`] first.
static EARLY_CLOSES: &[Rule<u32>] = &[
    Rule { years: 1992..=1992, day: Day::After(&THANKSGIVING), gives: 14 },
    Rule { years: since(1993), day: Day::After(&THANKSGIVING), gives: 13 },
    Rule { years: FIRST_YEAR..=1992, day: Day::Date { month: 12, day: 24, weekend: Weekend::Lost }, gives: 14 },
    Rule { years: since(1993), day: Day::Date { month: 12, day: 24, weekend: Weekend::Lost }, gives: 13 },
    Rule { years: 1995..=2012, day: Day::DateOn { month: 7, day: 3, weekdays: &[Weekday::Mon, Weekday::Tue, Weekday::Thu] }, gives: 13 },
    Rule { years: 1995..=2012, day: Day::DateOn { month: 7, day: 5, weekdays: &[Weekday::Fri] }, gives: 13 },
    Rule { years: since(2013), day: Day::Date { month: 7, day: 3, weekend: Weekend::Lost }, gives: 13 },
];

/// Early closes no rule foresees: year, month, day, hour.
const CLOSED_EARLY_ONCE: &[(i32, u32, u32, u32)] = &[(1997, 12, 26, 13), (1999, 12, 31, 13), (2003, 12, 26, 13)];

/// Why the exchange holds no session on `date`: `"weekend"`, the holiday's name, or the one-off's. `None` when it holds one.
///
/// A holiday that falls on a weekend is `"weekend"` on that day and has its name on the weekday that makes up for it.
///
/// Days before [`FIRST_YEAR`] aren't covered: weekends are told, but every weekday is `None`, holiday or not. Callers must
/// check the year themselves. Days to come are `None` or a holiday by rule; a one-off is known once it's in the table.
///
/// ```
/// use aftermove::calendar::nyse;
/// use chrono::NaiveDate;
///
/// let labor_day = NaiveDate::from_ymd_opt(2022, 9, 5).unwrap();
/// assert_eq!(nyse::closure(labor_day), Some("Labor Day"));
/// ```
pub fn closure(date: NaiveDate) -> Option<&'static str> {
    if is_weekend(date) {
        return Some("weekend");
    }
    let holiday = HOLIDAYS.iter().find(|rule| rule.applies_on(date)).map(|rule| rule.gives);
    holiday.or_else(|| CLOSED_ONCE.iter().find(|once| (once.0, once.1, once.2) == numbers(date)).map(|once| once.3))
}

/// When the session of `date` ends early, in the exchange's local time (America/New_York): 13:00, before 1993 14:00. `None`
/// when it's a full session (to 16:00), when there is no session, and on every day before [`FIRST_YEAR`] (not covered).
///
/// ```
/// use aftermove::calendar::nyse;
/// use chrono::{NaiveDate, NaiveTime};
///
/// let day_after_thanksgiving = NaiveDate::from_ymd_opt(1992, 11, 27).unwrap();
/// assert_eq!(nyse::early_close(day_after_thanksgiving), NaiveTime::from_hms_opt(14, 0, 0));
/// ```
pub fn early_close(date: NaiveDate) -> Option<NaiveTime> {
    if closure(date).is_some() {
        return None;
    }
    let hour = EARLY_CLOSES.iter().find(|rule| rule.applies_on(date)).map(|rule| rule.gives);
    let once = || CLOSED_EARLY_ONCE.iter().find(|once| (once.0, once.1, once.2) == numbers(date)).map(|once| once.3);
    NaiveTime::from_hms_opt(hour.or_else(once)?, 0, 0)
}

/// The days with a session, from `from` to `to`, both included, in order; none when `from` is after `to`. Before
/// [`FIRST_YEAR`], where the rules don't reach, every weekday is given: callers must not ask.
///
/// ```
/// use aftermove::calendar::nyse;
/// use chrono::NaiveDate;
///
/// let date = |year, month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap();
/// assert!(nyse::sessions(date(2001, 9, 10), date(2001, 9, 17)).eq([date(2001, 9, 10), date(2001, 9, 17)]));
/// ```
pub fn sessions(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |date| *date <= to).filter(|date| closure(*date).is_none())
}

/// A day of the year, in the years it holds, and what it gives: a holiday's name, or the hour of an early close.
struct Rule<T> {
    years: RangeInclusive<i32>,
    day: Day,
    gives: T,
}

impl<T> Rule<T> {
    fn applies_on(&self, date: NaiveDate) -> bool {
        self.years.contains(&date.year()) && self.day.falls_on(date)
    }
}

/// The years from `first` on, without end.
const fn since(first: i32) -> RangeInclusive<i32> {
    first..=i32::MAX
}

/// How a day is found in a year. Only weekdays are asked about.
enum Day {
    /// A date of the year, and where it goes when it's on a weekend.
    Date { month: u32, day: u32, weekend: Weekend },
    /// A date of the year, when it's on one of these weekdays.
    DateOn { month: u32, day: u32, weekdays: &'static [Weekday] },
    /// The n-th such weekday of the month, from 1.
    Nth { nth: u32, weekday: Weekday, month: u32 },
    /// The last such weekday of the month.
    Last { weekday: Weekday, month: u32 },
    /// So many days before Easter Sunday.
    BeforeEaster(u64),
    /// The day after another.
    After(&'static Day),
}

/// Where a date goes that falls on a weekend.
enum Weekend {
    /// Saturday to the Friday before, Sunday to the Monday after.
    Nearest,
    /// Sunday to the Monday after; a Saturday isn't made up.
    SundayToMonday,
    /// It isn't made up.
    Lost,
}

impl Day {
    /// Whether the weekday `date` is this day.
    fn falls_on(&self, date: NaiveDate) -> bool {
        let is = |date: NaiveDate, month: u32, day: u32| (date.month(), date.day()) == (month, day);
        match *self {
            Day::Date { month, day, ref weekend } => {
                let was_sunday = || date.weekday() == Weekday::Mon && date.pred_opt().is_some_and(|sunday| is(sunday, month, day));
                let was_saturday = || date.weekday() == Weekday::Fri && date.succ_opt().is_some_and(|saturday| is(saturday, month, day));
                is(date, month, day)
                    || match weekend {
                        Weekend::Nearest => was_sunday() || was_saturday(),
                        Weekend::SundayToMonday => was_sunday(),
                        Weekend::Lost => false,
                    }
            }
            Day::DateOn { month, day, weekdays } => is(date, month, day) && weekdays.contains(&date.weekday()),
            Day::Nth { nth, weekday, month } => date.month() == month && date.weekday() == weekday && date.day().div_ceil(7) == nth,
            Day::Last { weekday, month } => {
                let a_week_later = date.checked_add_days(Days::new(7));
                date.month() == month && date.weekday() == weekday && a_week_later.is_none_or(|later| later.month() != month)
            }
            Day::BeforeEaster(days) => date.checked_add_days(Days::new(days)).is_some_and(|later| {
                let (month, day) = easter_sunday(later.year());
                is(later, month, day)
            }),
            Day::After(day) => date.pred_opt().is_some_and(|before| day.falls_on(before)),
        }
    }
}

fn is_weekend(date: NaiveDate) -> bool {
    matches!(date.weekday(), Weekday::Sat | Weekday::Sun)
}

fn numbers(date: NaiveDate) -> (i32, u32, u32) {
    (date.year(), date.month(), date.day())
}

/// Month and day of Easter Sunday in a year of the Gregorian calendar, by the anonymous algorithm printed in *Nature*,
/// 20 April 1876, p. 487; also in Butcher, *The Ecclesiastical Calendar* (1877), Spencer Jones, *General Astronomy* (1922), and
/// Meeus, *Astronomical Algorithms* (1991), chapter 8, whose letters these are.
fn easter_sunday(year: i32) -> (u32, u32) {
    let a = year.rem_euclid(19);
    let (b, c) = (year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
    let f = (b + 8).div_euclid(25);
    let g = (b - f + 1).div_euclid(3);
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 22 * l) / 451;
    let sum = h + l - 7 * m + 114;
    let (n, p) = (sum / 31, sum % 31);
    (n.unsigned_abs(), (p + 1).unsigned_abs())
}
