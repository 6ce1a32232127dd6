//! Day 0, and the windows around it.

use aftermove::align::{AlignmentRule, Exclusion, align, day_zero};
use aftermove::calendar::{NoSession, Sessions, ShiftPolicy, Timing};
use aftermove::event::Moment;
use aftermove::series::PriceBook;
use aftermove::study::result::Status;
use chrono::{NaiveDate, TimeZone};
use chrono_tz::Tz;

use crate::sample::{assert_near, book, closes, day, design, event, rule, run_one, sessions, wander, window};

fn year_2022() -> Sessions {
    Sessions::from_dates(&sessions("2022-01-03", "2022-12-30"))
}

fn without(missing: &[&str]) -> Sessions {
    let dates: Vec<NaiveDate> = year_2022().dates().iter().copied().filter(|date| !missing.iter().any(|hole| day(hole) == *date)).collect();
    Sessions::from_dates(&dates)
}

fn usual() -> AlignmentRule {
    rule("-120..-11", "-10..10")
}

fn on(date: &str, timing: Timing) -> Moment {
    Moment::Day(day(date), timing)
}

fn at(zone: Tz, text: &str) -> Moment {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").unwrap();
    Moment::Instant(zone.from_local_datetime(&local).single().unwrap())
}

fn place(moment: Moment, sessions: &Sessions, rule: &AlignmentRule) -> Result<(NaiveDate, i64), NoSession> {
    day_zero(moment, sessions, rule)
}

// ── day 0 ──

#[test]
fn news_before_the_close_of_a_session_is_priced_that_day() {
    for timing in [Timing::BeforeOpen, Timing::During] {
        assert_eq!(place(on("2022-09-07", timing), &year_2022(), &usual()), Ok((day("2022-09-07"), 0)));
    }
}

#[test]
fn news_after_the_close_is_priced_on_the_next_session() {
    assert_eq!(place(on("2022-09-07", Timing::AfterClose), &year_2022(), &usual()), Ok((day("2022-09-08"), 1)));
    // Friday evening, and the Friday before a long weekend.
    assert_eq!(place(on("2022-09-09", Timing::AfterClose), &year_2022(), &usual()), Ok((day("2022-09-12"), 3)));
    assert_eq!(place(on("2022-09-02", Timing::AfterClose), &year_2022(), &usual()), Ok((day("2022-09-06"), 4)));
}

#[test]
fn a_weekend_event_reacts_on_the_next_session() {
    for (date, shift) in [("2022-09-10", 2), ("2022-09-11", 1)] {
        for timing in [Timing::BeforeOpen, Timing::During, Timing::AfterClose] {
            assert_eq!(place(on(date, timing), &year_2022(), &usual()), Ok((day("2022-09-12"), shift)), "{date}");
        }
    }
}

#[test]
fn an_event_on_labor_day_reacts_on_the_tuesday() {
    for (date, shift) in [("2022-09-03", 3), ("2022-09-04", 2), ("2022-09-05", 1)] {
        assert_eq!(place(on(date, Timing::During), &year_2022(), &usual()), Ok((day("2022-09-06"), shift)), "{date}");
    }
}

/// New York closes at 16:00, which is 22:00 in Paris except in the weeks between the two ends of summer time (30 October and 6
/// November 2022): there it is 21:00.
#[test]
fn the_same_time_in_paris_is_before_or_after_the_close_with_daylight_saving() {
    let paris = Tz::Europe__Paris;
    for (moment, session) in [
        ("2022-09-07 21:30:00", "2022-09-07"),
        ("2022-09-07 22:00:00", "2022-09-08"),
        ("2022-11-01 20:30:00", "2022-11-01"),
        ("2022-11-01 21:30:00", "2022-11-02"),
        ("2022-11-08 21:30:00", "2022-11-08"),
        ("2022-11-08 22:30:00", "2022-11-09"),
        // Spring: New York from 13 March, Paris from 27 March.
        ("2022-03-15 21:30:00", "2022-03-16"),
        ("2022-03-29 21:30:00", "2022-03-29"),
    ] {
        let (found, _) = place(at(paris, moment), &year_2022(), &usual()).unwrap();
        assert_eq!(found, day(session), "{moment}");
    }
}

#[test]
fn an_instant_is_placed_on_the_exchanges_own_date() {
    // Half past midnight in Paris is half past six in the evening of the day before in New York: after the close, a day's shift there.
    assert_eq!(place(at(Tz::Europe__Paris, "2022-09-08 00:30:00"), &year_2022(), &usual()), Ok((day("2022-09-08"), 1)));
    // Four in the morning in Tokyo is three in the afternoon of the day before in New York: that session still reacts.
    assert_eq!(place(at(Tz::Asia__Tokyo, "2022-09-08 04:00:00"), &year_2022(), &usual()), Ok((day("2022-09-07"), 0)));
    // Saturday in Tokyo, Friday noon in New York.
    assert_eq!(place(at(Tz::Asia__Tokyo, "2022-09-10 01:00:00"), &year_2022(), &usual()), Ok((day("2022-09-09"), 0)));
}

#[test]
fn the_closing_bell_itself_is_after_the_close() {
    let new_york = Tz::America__New_York;
    assert_eq!(place(at(new_york, "2022-09-07 15:59:59"), &year_2022(), &usual()), Ok((day("2022-09-07"), 0)));
    assert_eq!(place(at(new_york, "2022-09-07 16:00:00"), &year_2022(), &usual()), Ok((day("2022-09-08"), 1)));
    assert_eq!(place(at(new_york, "2022-09-07 08:00:00"), &year_2022(), &usual()), Ok((day("2022-09-07"), 0)));
}

/// The day after Thanksgiving, 25 November 2022, closed at 13:00.
#[test]
fn on_a_half_day_news_after_one_o_clock_waits_for_the_next_session() {
    let new_york = Tz::America__New_York;
    assert_eq!(place(at(new_york, "2022-11-25 12:59:00"), &year_2022(), &usual()), Ok((day("2022-11-25"), 0)));
    assert_eq!(place(at(new_york, "2022-11-25 13:00:00"), &year_2022(), &usual()), Ok((day("2022-11-28"), 3)));
}

#[test]
fn without_an_exchange_an_instant_counts_by_its_own_date() {
    let rule = AlignmentRule { exchange: None, ..usual() };
    assert_eq!(place(at(Tz::Europe__Paris, "2022-09-07 23:00:00"), &year_2022(), &rule), Ok((day("2022-09-07"), 0)));
}

#[test]
fn a_hole_in_the_data_is_told_from_a_holiday() {
    let holed = without(&["2022-09-06"]);
    let hole = Err(NoSession::Hole { session: day("2022-09-06") });
    // Asked for the missing session itself, and for the weekend before it.
    assert_eq!(place(on("2022-09-06", Timing::During), &holed, &usual()), hole);
    assert_eq!(place(on("2022-09-03", Timing::During), &holed, &usual()), hole);
    assert_eq!(place(on("2022-09-02", Timing::AfterClose), &holed, &usual()), hole);
    // Nobody can tell without the exchange's rules.
    let blind = AlignmentRule { exchange: None, ..usual() };
    assert_eq!(place(on("2022-09-06", Timing::During), &holed, &blind), Ok((day("2022-09-07"), 1)));
}

/// After 11 September 2001 the exchange stayed closed until the 17th: six days.
#[test]
fn an_event_farther_from_a_session_than_the_limit_is_left_out() {
    let sessions = Sessions::from_dates(&sessions("2001-01-02", "2001-12-31"));
    let far = NoSession::TooFar { date: day("2001-09-11"), session: day("2001-09-17"), days: 6, limit: 5 };
    assert_eq!(place(on("2001-09-11", Timing::During), &sessions, &usual()), Err(far));
    let patient = AlignmentRule { largest_shift: 6, ..usual() };
    assert_eq!(place(on("2001-09-11", Timing::During), &sessions, &patient), Ok((day("2001-09-17"), 6)));
}

#[test]
fn the_previous_policy_takes_the_session_before() {
    let previous = AlignmentRule { shift: ShiftPolicy::Previous, ..usual() };
    assert_eq!(place(on("2022-09-05", Timing::During), &year_2022(), &previous), Ok((day("2022-09-02"), -3)));
    assert_eq!(place(on("2022-09-07", Timing::During), &year_2022(), &previous), Ok((day("2022-09-07"), 0)));
    assert_eq!(place(on("2022-09-07", Timing::AfterClose), &year_2022(), &previous), Ok((day("2022-09-07"), 0)));
}

#[test]
fn the_exclude_policy_keeps_only_events_priced_on_their_own_day() {
    let exclude = AlignmentRule { shift: ShiftPolicy::Exclude, ..usual() };
    for moment in [on("2022-09-05", Timing::During), on("2022-09-07", Timing::AfterClose)] {
        assert_eq!(place(moment, &year_2022(), &exclude), Err(NoSession::NotASession { date: moment.date() }));
    }
    assert_eq!(place(on("2022-09-07", Timing::During), &year_2022(), &exclude), Ok((day("2022-09-07"), 0)));
}

#[test]
fn an_event_beyond_the_data_has_no_session() {
    let ends = |sessions: &Sessions| (sessions.dates().first().copied(), sessions.dates().last().copied());
    let (first, last) = ends(&year_2022());
    let outside = |date: &str| Err(NoSession::OutsideData { date: day(date), first, last });
    assert_eq!(place(on("2022-12-31", Timing::During), &year_2022(), &usual()), outside("2022-12-31"));
    assert_eq!(place(on("2022-12-30", Timing::AfterClose), &year_2022(), &usual()), outside("2022-12-30"));
    let previous = AlignmentRule { shift: ShiftPolicy::Previous, ..usual() };
    assert_eq!(place(on("2022-01-01", Timing::During), &year_2022(), &previous), outside("2022-01-01"));
}

/// The exchange held a session on 2022-09-06; data that ends on the Friday before hasn't priced it.
#[test]
fn a_session_after_the_data_ends_is_not_taken_for_a_holiday() {
    let ended = Sessions::from_dates(&sessions("2022-01-03", "2022-09-02"));
    let previous = AlignmentRule { shift: ShiftPolicy::Previous, ..usual() };
    let found = place(on("2022-09-06", Timing::During), &ended, &previous);
    assert!(found.is_err(), "an ordinary trading day was moved to {found:?}");
}

/// The same at the other end: Friday 2022-09-02 was a session, the data begins on the Tuesday after it.
#[test]
fn a_session_before_the_data_begins_is_not_taken_for_a_holiday() {
    let begun = Sessions::from_dates(&sessions("2022-09-06", "2022-12-30"));
    let found = place(on("2022-09-02", Timing::During), &begun, &usual());
    assert!(found.is_err(), "an ordinary trading day was moved to {found:?}");
}

// ── windows ──

fn prices(from: &str, to: &str, missing: &[&str]) -> PriceBook {
    let dates = sessions(from, to);
    let own: Vec<NaiveDate> = dates.iter().copied().filter(|date| !missing.iter().any(|hole| day(hole) == *date)).collect();
    book([("STOCK", closes(&own, &wander(own.len(), 3))), ("MARKET", closes(&dates, &wander(dates.len(), 4)))])
}

fn exclusion(book: &PriceBook, rule: &AlignmentRule, date: &str) -> Exclusion {
    let sessions = Sessions::from_dates(book.get("MARKET").unwrap().dates());
    align(&event("e", "STOCK", date), book, "MARKET", &sessions, rule).unwrap_err()
}

/// 2022-09-06 is the 170th session of 2022 (day −169 is 3 January).
#[test]
fn an_estimation_window_that_leaves_the_data_is_an_exclusion_with_its_counts() {
    let prices = prices("2022-01-03", "2022-12-30", &[]);
    let expected = Exclusion::WindowLeavesData {
        which: "estimation",
        window: window("-250..-11"),
        day_zero: day("2022-09-06"),
        needed: 250,
        there: 169,
        side: "before",
    };
    assert_eq!(exclusion(&prices, &rule("-250..-11", "-10..10"), "2022-09-03"), expected);
    let result = run_one(design(rule("-169..-11", "-10..10"), vec![event("e", "STOCK", "2022-09-03")]), &prices);
    // Day −169 is the first session of the data, which has no return.
    assert_eq!((result.status, result.model.unwrap().n), (Status::Used, 158));
}

#[test]
fn an_event_window_that_leaves_the_data_is_an_exclusion_with_its_counts() {
    let prices = prices("2022-01-03", "2022-09-13", &[]);
    let expected = Exclusion::WindowLeavesData {
        which: "event",
        window: window("-5..6"),
        day_zero: day("2022-09-06"),
        needed: 6,
        there: 5,
        side: "after",
    };
    assert_eq!(exclusion(&prices, &rule("-100..-11", "-5..6"), "2022-09-06"), expected);
    assert_eq!(run_one(design(rule("-100..-11", "-5..5"), vec![event("e", "STOCK", "2022-09-06")]), &prices).status, Status::Used);
}

#[test]
fn too_few_estimation_returns_are_an_exclusion_with_their_count() {
    // 29 days before day −10; a stock that lists late has fewer than the window's days.
    let prices = prices("2022-01-03", "2022-12-30", &[]);
    assert_eq!(
        exclusion(&prices, &rule("-39..-11", "-10..10"), "2022-09-06"),
        Exclusion::TooFewReturns { found: 29, window: 29, least: 30 }
    );
    assert!(
        run_one(design(rule("-40..-11", "-10..10"), vec![event("e", "STOCK", "2022-09-06")]), &prices)
            .model
            .is_some_and(|model| model.n == 30)
    );

    let dates = sessions("2022-01-03", "2022-12-30");
    let listed = sessions("2022-07-15", "2022-12-30");
    let late = book([("STOCK", closes(&listed, &wander(listed.len(), 3))), ("MARKET", closes(&dates, &wander(dates.len(), 4)))]);
    // From the second quote, 18 July, to day −11, 19 August: 25 sessions.
    assert_eq!(exclusion(&late, &usual(), "2022-09-06"), Exclusion::TooFewReturns { found: 25, window: 110, least: 30 });
}

#[test]
fn days_without_a_return_are_allowed_when_the_study_says_so_and_only_so_many() {
    let prices = prices("2022-01-03", "2022-12-30", &["2022-09-07", "2022-09-12"]);
    let with = |allowed_missing| AlignmentRule { allowed_missing, ..rule("-120..-11", "-3..5") };
    let missing = vec![(1, day("2022-09-07")), (4, day("2022-09-12"))];
    for allowed in [0, 1] {
        assert_eq!(exclusion(&prices, &with(allowed), "2022-09-06"), Exclusion::MissingReturns { days: missing.clone() });
    }
    let result = run_one(design(with(2), vec![event("e", "STOCK", "2022-09-06")]), &prices);
    assert_eq!((result.status, result.car[0].cumulated.days), (Status::Used, 7));
    let nothing: Vec<i32> =
        result.columns.days.iter().zip(&result.columns.ar).filter(|(_, ar)| ar.is_none()).map(|(day, _)| *day).collect();
    assert_eq!(nothing, [1, 4]);
}

#[test]
fn days_without_a_return_in_the_estimation_window_are_left_out_of_the_fit() {
    let prices = prices("2022-01-03", "2022-12-30", &["2022-06-01", "2022-06-02", "2022-07-05"]);
    let result = run_one(design(usual(), vec![event("e", "STOCK", "2022-09-06")]), &prices);
    assert_eq!((result.status, result.model.unwrap().n), (Status::Used, 107));
}

/// A security that trades when the benchmark doesn't (a coin, a foreign share) loses nothing of its move: from Friday's close to
/// Tuesday's is one return, as the benchmark's is.
#[test]
fn quotes_between_the_benchmarks_sessions_take_no_return_away() {
    let dates = sessions("2022-01-03", "2022-12-30");
    let every_day: Vec<NaiveDate> = day("2022-01-03").iter_days().take_while(|date| *date <= day("2022-12-30")).collect();
    let book = book([("STOCK", closes(&every_day, &wander(every_day.len(), 3))), ("MARKET", closes(&dates, &wander(dates.len(), 4)))]);
    let result = run_one(design(usual(), vec![event("e", "STOCK", "2022-09-06")]), &book);
    let from_friday = book.get("STOCK").unwrap().performance(day("2022-09-02"), day("2022-09-06")).unwrap();
    assert_near("day 0", result.columns.actual[10].unwrap(), from_friday, 1e-14, 0.0);
}
