//! The trading calendar against `exchange_calendars`, session by session: `tests/outside/xnys_sessions.py` writes the list.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;

use aftermove::calendar::nyse;
use chrono::{NaiveDate, NaiveTime};

const XNYS: &str = include_str!("../outside/xnys_sessions.txt");

/// What `exchange_calendars` says of the days from `first` to `last`.
struct Outside {
    first: NaiveDate,
    last: NaiveDate,
    sessions: BTreeSet<NaiveDate>,
    early_closes: BTreeMap<NaiveDate, NaiveTime>,
}

impl Outside {
    fn read() -> Self {
        let mut outside = Outside { first: NaiveDate::MAX, last: NaiveDate::MIN, sessions: BTreeSet::new(), early_closes: BTreeMap::new() };
        for line in XNYS.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words.as_slice() {
                ["range", first, last] => (outside.first, outside.last) = (date(first), date(last)),
                ["early", day, time] => assert!(outside.early_closes.insert(date(day), time.parse().unwrap()).is_none(), "twice: {line}"),
                [month, days @ ..] => {
                    for day in days {
                        assert!(outside.sessions.insert(date(&format!("{month}-{day:0>2}"))), "{day} twice: {line}");
                    }
                }
                [] => panic!("an empty line"),
            }
        }
        outside
    }
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn assert_no_difference<T: Debug>(differing: &[T], what: &str) {
    let first: Vec<&T> = differing.iter().take(10).collect();
    assert!(differing.is_empty(), "{} {what} differ from exchange_calendars, the first of them: {first:#?}", differing.len());
}

#[test]
fn every_day_from_1990_to_2027_is_a_session_where_exchange_calendars_has_one() {
    let outside = Outside::read();
    // The package's own count of sessions and of the range, so that a list cut short can't pass.
    assert_eq!((outside.first, outside.last, outside.sessions.len()), (date("1990-01-01"), date("2027-12-31"), 9569));

    let differing: Vec<String> = outside
        .first
        .iter_days()
        .take_while(|day| *day <= outside.last)
        .filter(|day| nyse::closure(*day).is_none() != outside.sessions.contains(day))
        .map(|day| match nyse::closure(day) {
            Some(reason) => format!("{day}: a session there, here closed ({reason})"),
            None => format!("{day}: closed there, here a session"),
        })
        .collect();
    assert_no_difference(&differing, "days");
    assert!(nyse::sessions(outside.first, outside.last).eq(outside.sessions.iter().copied()), "sessions() isn't what closure() says");
}

#[test]
fn every_early_close_from_1990_to_2027_is_the_one_exchange_calendars_has() {
    let outside = Outside::read();
    assert_eq!(outside.early_closes.len(), 80);

    let differing: Vec<String> = outside
        .first
        .iter_days()
        .take_while(|day| *day <= outside.last)
        .map(|day| (day, outside.early_closes.get(&day).copied(), nyse::early_close(day)))
        .filter(|(_, there, here)| there != here)
        .map(|(day, there, here)| format!("{day}: {there:?} there, {here:?} here"))
        .collect();
    assert_no_difference(&differing, "early closes");
}

/// `exchange_calendars` gives the days, not our names for them: one day of each holiday, every one-off closure (the dates and
/// events of the package's `us_holidays.py`), and the weekdays that make up for a holiday on a weekend.
#[test]
fn a_closed_day_has_the_name_of_what_closed_it() {
    for (day, reason) in [
        ("2022-09-03", "weekend"),
        ("2022-09-05", "Labor Day"),
        ("2023-01-02", "New Year's Day"),
        ("2023-01-16", "Martin Luther King Jr. Day"),
        ("2023-02-20", "Washington's Birthday"),
        ("2023-04-07", "Good Friday"),
        ("2023-05-29", "Memorial Day"),
        ("2022-06-20", "Juneteenth"),
        ("2027-06-18", "Juneteenth"),
        ("2020-07-03", "Independence Day"),
        ("2021-07-05", "Independence Day"),
        ("2023-11-23", "Thanksgiving Day"),
        ("2021-12-24", "Christmas Day"),
        ("2022-12-26", "Christmas Day"),
        ("1994-04-27", "funeral of Richard Nixon"),
        ("2001-09-11", "attacks of 11 September 2001"),
        ("2001-09-12", "attacks of 11 September 2001"),
        ("2001-09-13", "attacks of 11 September 2001"),
        ("2001-09-14", "attacks of 11 September 2001"),
        ("2004-06-11", "day of mourning for Ronald Reagan"),
        ("2007-01-02", "day of mourning for Gerald Ford"),
        ("2012-10-29", "Hurricane Sandy"),
        ("2012-10-30", "Hurricane Sandy"),
        ("2018-12-05", "day of mourning for George H. W. Bush"),
        ("2025-01-09", "day of mourning for Jimmy Carter"),
    ] {
        assert_eq!(nyse::closure(date(day)), Some(reason), "{day}");
    }
}

#[test]
fn a_new_years_day_on_a_saturday_leaves_the_friday_before_open() {
    for friday in ["1993-12-31", "1999-12-31", "2004-12-31", "2010-12-31", "2021-12-31"] {
        assert_eq!(nyse::closure(date(friday)), None, "{friday}");
    }
}

#[test]
fn a_holiday_is_a_session_before_the_year_that_made_it_one() {
    // Third Monday of January 1997, and Friday 18 June 2021, a day after Juneteenth was made law.
    for day in ["1997-01-20", "2021-06-18"] {
        assert_eq!(nyse::closure(date(day)), None, "{day}");
    }
}

#[test]
fn a_closed_day_has_no_early_close() {
    // Christmas Eve 2021 made up for a Saturday Christmas; 3 July 2020 for a Saturday 4 July.
    for day in ["2021-12-24", "2020-07-03", "2022-12-24"] {
        assert_eq!(nyse::early_close(date(day)), None, "{day}");
    }
}

#[test]
fn sessions_include_both_ends_and_are_none_when_the_range_runs_backwards() {
    let (monday, friday) = (date("2022-08-29"), date("2022-09-02"));
    assert_eq!(nyse::sessions(monday, friday).count(), 5);
    assert!(nyse::sessions(friday, friday).eq([friday]));
    assert_eq!(nyse::sessions(friday, monday).count(), 0);
}
