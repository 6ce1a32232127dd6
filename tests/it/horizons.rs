//! Every horizon: its readings on the built-in prices against pandas (tests/outside/horizons.py), and on prices made up so that the right
//! number can be seen: 100 to 110 is ten percent.

use aftermove::calendar::{Exchange, Sessions};
use aftermove::claim::{Claim, NamedPeriod, Qualifier, Subject};
use aftermove::data::built_in;
use aftermove::series::{Basis, PriceBook, PriceSeries, Quote};
use aftermove::verify::{Finding, Reading, Verdict, verify};
use chrono::NaiveDate;
use serde_json::Value;

use crate::sample::{assert_near, book, closes, day, sessions, wander};

/// Both programs divide the same two doubles; a gap subtracts two such quotients.
const ROUNDING: f64 = 1e-14;

fn claim(horizon: &str, stated: &str) -> Claim {
    Claim {
        id: "c".to_owned(),
        subject: Subject::Symbol("STOCK".to_owned()),
        horizon: horizon.parse().unwrap(),
        stated: stated.parse().unwrap(),
        qualifier: Qualifier::None,
        against: None,
        span: None,
        as_of: None,
        inferred: Vec::new(),
    }
}

fn check(claim: &Claim, as_of: &str, book: &PriceBook) -> Finding {
    let sessions = Sessions::from_dates(book.get("MARKET").unwrap().dates()).under(Some(Exchange::Nyse));
    verify(claim, Some(day(as_of)), book, &sessions)
}

/// Closes of `STOCK` by session; `MARKET` closes at 100 on all of them but where `market` says otherwise.
fn path(from: &str, to: &str, level: impl Fn(NaiveDate) -> f64, market: impl Fn(NaiveDate) -> f64) -> PriceBook {
    let dates = sessions(from, to);
    let of = |level: &dyn Fn(NaiveDate) -> f64| closes(&dates, &dates.iter().map(|date| level(*date)).collect::<Vec<_>>());
    book([("STOCK", of(&level)), ("MARKET", of(&market))])
}

/// 100 until a day, 110 from it on, and so on.
fn steps(steps: &'static [(&'static str, f64)]) -> impl Fn(NaiveDate) -> f64 {
    move |date| steps.iter().rev().find(|(from, _)| day(from) <= date).map_or(100.0, |(_, level)| *level)
}

fn flat(_: NaiveDate) -> f64 {
    100.0
}

#[track_caller]
fn assert_primary(finding: &Finding, from: &str, to: &str, measured: f64) {
    let primary = finding.primary.as_ref().unwrap_or_else(|| panic!("{:?}", finding.reason));
    assert_eq!((primary.from, primary.to), (Some(day(from)), day(to)), "{:?}", primary.reason);
    assert_near("primary", primary.measured.unwrap(), measured, ROUNDING, 0.0);
}

#[track_caller]
fn assert_not_checkable(finding: &Finding, reason: &str) {
    assert!(matches!(&finding.verdict, Verdict::NotCheckable { reason: found } if found.contains(reason)), "{:?}", finding.verdict);
    assert!(finding.reason.as_ref().is_some_and(|found| found.contains(reason)), "{:?}", finding.reason);
}

// ── against pandas ──

#[test]
fn every_reading_of_every_horizon_agrees_with_pandas() {
    let outside: Value = serde_json::from_str(include_str!("../outside/horizons.json")).unwrap();
    let prices = built_in::load().unwrap().book;
    let sessions = Sessions::from_dates(prices.get("^GSPC").unwrap().dates()).under(Some(Exchange::Nyse));
    let rows = outside["claims"].as_array().unwrap();
    assert_eq!(rows.len(), 4 * 34 * 2);
    let mut unreachable = 0;
    for row in rows {
        let (horizon, as_of) = (row["horizon"].as_str().unwrap(), row["as_of"].as_str().unwrap());
        let gap = row["gap"].as_bool().unwrap();
        let claim = Claim { subject: Subject::Symbol("NET".to_owned()), against: gap.then(|| "^GSPC".to_owned()), ..claim(horizon, "1") };
        let finding = verify(&claim, Some(day(as_of)), &prices, &sessions);
        let name = format!("{horizon} to {as_of}, gap: {gap}");
        let expected = row["readings"].as_array().unwrap();
        // The prices are closes alone: highs and lows have no value here.
        let found: Vec<&Reading> =
            finding.readings.iter().filter(|reading| reading.reason.as_deref() != Some("the prices have no intraday range")).collect();
        assert_eq!(found.len(), expected.len(), "{name}: {:?}", finding.reason);
        for (reading, expected) in found.into_iter().zip(expected) {
            let Some(value) = expected[2].as_f64() else {
                assert!(reading.measured.is_none() && reading.reason.is_some(), "{name}: {reading:?}");
                unreachable += 1;
                continue;
            };
            let at = (reading.from, reading.to, &reading.reason);
            assert_eq!(at, (Some(day(expected[0].as_str().unwrap())), day(expected[1].as_str().unwrap()), &None), "{name}");
            assert_near(&name, reading.measured.unwrap(), value, ROUNDING, 0.0);
        }
    }
    assert!(unreachable > 20, "prices that begin in June 2021 don't reach all of 2021");
}

// ── numbers that can be seen ──

/// 100 until 9 August, 110 until its end, 121 from September on: August gave ten percent, and so did the month to date.
#[test]
fn last_month_is_the_calendar_month_before_and_ends_with_it() {
    let prices = path("2022-06-01", "2022-09-30", steps(&[("2022-08-10", 110.0), ("2022-09-01", 121.0)]), flat);
    let finding = check(&claim("last-month", "10"), "2022-09-02", &prices);
    assert_primary(&finding, "2022-07-29", "2022-08-31", 0.1);
    assert_eq!((finding.readings.len(), &finding.verdict), (8, &Verdict::Reproduced));
    assert_primary(&check(&claim("month-to-date", "10"), "2022-09-02", &prices), "2022-08-31", "2022-09-02", 0.1);
    // From 2 August to 2 September it was 21 %: "last month" as the past month.
    assert_eq!(check(&claim("last-month", "21"), "2022-09-02", &prices).verdict, Verdict::ReproducedOnlyAs);
    assert_eq!(check(&claim("last-month", "9"), "2022-09-02", &prices).verdict, Verdict::Contradicted);
}

/// The last day of a year has a month, a quarter and a year before it, too.
#[test]
fn last_quarter_and_last_year_end_with_their_last_session() {
    let prices = path("2020-12-01", "2022-12-30", steps(&[("2021-01-04", 200.0), ("2022-07-01", 150.0), ("2022-10-03", 300.0)]), flat);
    assert_primary(&check(&claim("last-year", "100"), "2022-12-30", &prices), "2020-12-31", "2021-12-31", 1.0);
    assert_primary(&check(&claim("last-quarter", "-25"), "2022-12-30", &prices), "2022-06-30", "2022-09-30", -0.25);
    assert_primary(&check(&claim("quarter-to-date", "100"), "2022-12-30", &prices), "2022-09-30", "2022-12-30", 1.0);
    assert_primary(&check(&claim("last-year", "100"), "2022-01-03", &prices), "2020-12-31", "2021-12-31", 1.0);
    // In January the quarter before is that of the year before.
    assert_primary(&check(&claim("last-quarter", "0"), "2022-01-03", &prices), "2021-09-30", "2021-12-31", 0.0);
}

/// Labor Day in it: the week to date of Wednesday has two sessions, and the week before ended on Friday.
#[test]
fn this_week_and_last_week_part_at_the_last_close_before_monday() {
    let prices = path("2022-08-01", "2022-09-30", steps(&[("2022-08-29", 110.0), ("2022-09-06", 99.0)]), flat);
    let this = check(&claim("week-to-date", "-10"), "2022-09-07", &prices);
    assert_primary(&this, "2022-09-02", "2022-09-07", -0.1);
    assert_eq!(this.readings.len(), 3);
    assert_primary(&check(&claim("last-week", "10"), "2022-09-07", &prices), "2022-08-26", "2022-09-02", 0.1);
}

/// March: 100 before, 120 on its first day, 150 on its last; September isn't over.
#[test]
fn during_a_month_is_from_the_close_before_it_or_from_its_first() {
    let level = steps(&[("2022-03-01", 120.0), ("2022-03-31", 150.0), ("2022-09-01", 75.0), ("2022-09-02", 90.0)]);
    let prices = path("2022-01-03", "2022-09-30", level, flat);
    let march = check(&claim("march", "50"), "2022-09-02", &prices);
    assert_primary(&march, "2022-02-28", "2022-03-31", 0.5);
    assert_near("within", march.readings[1].measured.unwrap(), 0.25, ROUNDING, 0.0);
    assert_eq!(check(&claim("2022-03", "25"), "2022-09-02", &prices).verdict, Verdict::ReproducedOnlyAs);
    // From 150 to 90 so far.
    let september = check(&claim("september", "-40"), "2022-09-02", &prices);
    assert_primary(&september, "2022-08-31", "2022-09-02", -0.4);
    assert_near("within", september.readings[1].measured.unwrap(), 0.2, ROUNDING, 0.0);
    // On the first day of the month there is one close of it.
    let first = check(&claim("september", "-50"), "2022-09-01", &prices);
    assert_eq!((&first.verdict, first.readings[1].measured), (&Verdict::Reproduced, None));
    // 100 before the first quarter, 150 at its end.
    assert_primary(&check(&claim("q2", "0"), "2022-09-02", &prices), "2022-03-31", "2022-06-30", 0.0);
    assert_not_checkable(&check(&claim("q1", "60"), "2022-09-02", &prices), "before the prices do (2022-01-03)");
}

#[test]
fn a_period_to_come_is_not_checkable() {
    let prices = path("2022-01-03", "2022-12-30", flat, flat);
    for horizon in ["2022-10", "2023", "2022-q4", "since-2022-10", "from-high-in-2023", "since-2022-09-05"] {
        assert_not_checkable(&check(&claim(horizon, "5"), "2022-09-02", &prices), "comes after the as-of session 2022-09-02");
    }
    assert_not_checkable(&check(&claim("since-04-31", "5"), "2022-09-02", &prices), "no calendar has 04-31");
}

/// Since March, from 100 before it, 125 on its first day and 80 on its last, to 100.
#[test]
fn since_a_month_begins_before_it_at_its_first_or_at_its_last_close() {
    let level = steps(&[("2022-03-01", 125.0), ("2022-03-31", 80.0), ("2022-08-31", 100.0)]);
    let prices = path("2022-01-03", "2022-09-30", level, flat);
    let finding = check(&claim("since-march", "-20"), "2022-09-02", &prices);
    assert_primary(&finding, "2022-02-28", "2022-09-02", 0.0);
    let others: Vec<f64> = finding.readings.iter().skip(1).map(|reading| reading.measured.unwrap()).collect();
    assert_eq!(others.len(), 2);
    assert_near("since its first close", others[0], -0.2, ROUNDING, 0.0);
    assert_near("since its last close", others[1], 0.25, ROUNDING, 0.0);
    assert_eq!(finding.verdict, Verdict::ReproducedOnlyAs);
    // "Since Friday" on a Friday is since the Friday before.
    let friday = check(&claim("since-friday", "25"), "2022-09-02", &prices);
    assert_primary(&friday, "2022-08-26", "2022-09-02", 0.25);
    assert_primary(&check(&claim("since-monday", "25"), "2022-09-02", &prices), "2022-08-29", "2022-09-02", 0.25);
}

#[test]
fn days_are_counted_by_the_calendar_or_as_sessions() {
    // 30 days before 30 September is 31 August, 30 sessions before is 18 August.
    let level = steps(&[("2022-08-18", 125.0), ("2022-08-31", 80.0), ("2022-09-30", 100.0)]);
    let prices = path("2022-06-01", "2022-09-30", level, flat);
    let finding = check(&claim("30-days", "25"), "2022-09-30", &prices);
    assert_primary(&finding, "2022-08-31", "2022-09-30", 0.25);
    assert_eq!((finding.readings.len(), finding.readings[1].from), (2, Some(day("2022-08-18"))));
    assert_near("30 sessions", finding.readings[1].measured.unwrap(), -0.2, ROUNDING, 0.0);
    assert!(finding.start_dates.len() > 10);
}

// ── within a day, and outside it ──

/// Closes 100 and 104; the second day ran from 96 to 110.
fn wide_day(range: bool) -> PriceBook {
    let dates = sessions("2022-09-01", "2022-09-02");
    let quote = |date, close, high, low| Quote { date, close, high: range.then_some(high), low: range.then_some(low), volume: None };
    let quotes = [quote(dates[0], 100.0, 101.0, 99.0), quote(dates[1], 104.0, 110.0, 96.0)];
    book([("STOCK", PriceSeries::from_quotes(&quotes, Basis::Close).unwrap()), ("MARKET", closes(&dates, &[100.0, 101.0]))])
}

#[test]
fn a_move_within_the_session_is_held_against_its_high_and_low() {
    let verdict = |stated: &str| check(&claim("intraday", stated), "2022-09-02", &wide_day(true)).verdict;
    assert_eq!(verdict("10"), Verdict::Reproduced);
    assert_eq!(verdict("-4"), Verdict::Reproduced);
    for within in ["9", "2", "-3.5", "4"] {
        assert!(matches!(verdict(within), Verdict::NotCheckable { .. }), "{within}");
    }
    for beyond in ["11", "-5", "-4.2", "10.1"] {
        assert_eq!(verdict(beyond), Verdict::Contradicted, "{beyond}");
    }
    let rise = check(&claim("intraday", "10"), "2022-09-02", &wide_day(true));
    assert_primary(&rise, "2022-09-01", "2022-09-02", 0.1);
    let open = check(&claim("intraday", "-2"), "2022-09-02", &wide_day(true));
    assert_not_checkable(&open, "the day ran from −4.00\u{202F}% to +10.00\u{202F}%: a price in between can have given the figure");
    assert_primary(&open, "2022-09-01", "2022-09-02", -0.04);
    // The high gives a figure that says "fall" only when the day's high lay below the close before: here it doesn't.
    assert_eq!(check(&claim("intraday", "-10"), "2022-09-02", &wide_day(true)).verdict, Verdict::Contradicted);
}

#[test]
fn without_prices_within_the_session_such_a_move_is_not_checkable() {
    assert_not_checkable(&check(&claim("intraday", "10"), "2022-09-02", &wide_day(false)), "the prices have no intraday range");
    let gap = Claim { against: Some("MARKET".to_owned()), ..claim("intraday", "9") };
    assert_not_checkable(&check(&gap, "2022-09-02", &wide_day(true)), "don't fall on the same moment");
}

#[test]
fn before_the_open_after_the_close_and_since_an_undated_event_nothing_is_measured() {
    for (horizon, reason) in [("extended-hours", "before the open or after the close"), ("since-event", "doesn't say on which day")] {
        let finding = check(&claim(horizon, "10"), "2022-09-02", &wide_day(true));
        assert_not_checkable(&finding, reason);
        assert_eq!((finding.readings.len(), &finding.primary, finding.range), (0, &None, None));
    }
}

// ── highs and lows ──

/// Highest close 200 in November, of the whole 400 before it; lowest close 50 in March; now at 100.
#[test]
fn a_high_of_a_month_and_a_record_high_are_looked_for_where_they_are_said_to_be() {
    let level = steps(&[
        ("2021-06-01", 400.0),
        ("2021-06-02", 100.0),
        ("2021-11-15", 200.0),
        ("2021-11-16", 100.0),
        ("2022-03-15", 50.0),
        ("2022-03-16", 100.0),
    ]);
    let prices = path("2021-05-03", "2022-09-30", level, flat);
    assert_primary(&check(&claim("from-high-in-november", "-50"), "2022-09-02", &prices), "2021-11-15", "2022-09-02", -0.5);
    assert_primary(&check(&claim("from-high-in-2021-11", "-50"), "2022-09-02", &prices), "2021-11-15", "2022-09-02", -0.5);
    assert_primary(&check(&claim("from-high-in-q4", "-50"), "2022-09-02", &prices), "2021-11-15", "2022-09-02", -0.5);
    assert_primary(&check(&claim("from-low-in-march", "100"), "2022-09-02", &prices), "2022-03-15", "2022-09-02", 1.0);
    assert_primary(&check(&claim("from-record-low", "100"), "2022-09-02", &prices), "2022-03-15", "2022-09-02", 1.0);
    let record = check(&claim("from-record-high", "-75"), "2022-09-02", &prices);
    assert_primary(&record, "2021-06-01", "2022-09-02", -0.75);
    assert_eq!(record.readings[0].kind.words(), "highest close since the prices begin (2021-05-03)");
    // The 52 weeks don't reach back to June 2021.
    assert_primary(&check(&claim("from-high", "-50"), "2022-09-02", &prices), "2021-11-15", "2022-09-02", -0.5);
    assert_not_checkable(&check(&claim("from-high-in-2021", "-75"), "2022-09-02", &prices), "the prices begin on 2021-05-03");
}

// ── gaps ──

/// +10 % against +4 %: six points, under every reading.
#[test]
fn a_gap_is_the_difference_of_the_two_returns() {
    let gap = |horizon: &str, stated: &str| Claim { against: Some("MARKET".to_owned()), ..claim(horizon, stated) };
    let prices = path("2022-06-01", "2022-09-30", steps(&[("2022-09-02", 110.0)]), steps(&[("2022-09-02", 104.0)]));
    for horizon in ["session", "week", "month", "month-to-date", "september", "since-2022-08-31", "from-low-in-august", "2-sessions"] {
        let finding = check(&gap(horizon, "6.0"), "2022-09-02", &prices);
        assert_eq!((&finding.verdict, &finding.start_dates.len()), (&Verdict::Reproduced, &0), "{horizon}: {:?}", finding.reason);
        assert!(finding.readings.iter().all(|reading| reading.reproduces == Some(true)), "{horizon}");
        assert_near(horizon, finding.primary.unwrap().measured.unwrap(), 0.06, ROUNDING, 0.0);
    }
    assert_eq!(check(&gap("session", "-6"), "2022-09-02", &prices).verdict, Verdict::Contradicted);
    let unpriced = Claim { against: Some("OTHER".to_owned()), ..claim("session", "6") };
    assert_not_checkable(&check(&unpriced, "2022-09-02", &prices), "no prices for the symbol \"OTHER\"");
}

// ── the day that a claim names ──

#[test]
fn a_day_without_a_session_is_never_shifted() {
    let dates = sessions("2022-08-01", "2022-09-30");
    let prices = book([("STOCK", closes(&dates, &wander(dates.len(), 1))), ("MARKET", closes(&dates, &wander(dates.len(), 2)))]);
    for (date, reason) in [
        ("2022-09-03", "2022-09-03 isn't a session of the benchmark: a Saturday"),
        ("2022-09-05", "2022-09-05 isn't a session of the benchmark: Labor Day"),
        ("2022-10-03", "its prices end on 2022-09-30"),
        ("2022-07-29", "its prices begin on 2022-08-01"),
    ] {
        let finding = check(&claim("session", "1"), date, &prices);
        assert_not_checkable(&finding, reason);
        assert_eq!(finding.as_of, Some(day(date)));
    }
    let named = Claim { as_of: Some(NamedPeriod::Day(day("2022-09-03"))), ..claim("session", "1") };
    assert_eq!(named.as_of.map(|named| named.to_string()).as_deref(), Some("2022-09-03"));
}

// ── who it is ──

#[test]
fn a_security_that_no_table_holds_or_the_text_does_not_name_is_reported_as_such() {
    let of = |subject: Subject| check(&Claim { subject, ..claim("session", "1") }, "2022-09-02", &wide_day(true));
    assert_not_checkable(&of(Subject::Unknown("Brelinox".to_owned())), "“Brelinox” is in no table of names: add it with --names");
    assert_not_checkable(&of(Subject::Unsaid), "the text doesn't say which security");
    assert_not_checkable(&of(Subject::Symbol("OTHER".to_owned())), "no prices for the symbol \"OTHER\": add a price file that holds it");
    let names = |subject: Subject| {
        let json = serde_json::to_value(of(subject)).unwrap();
        (json["symbol"].clone(), json["name"].clone())
    };
    assert_eq!(names(Subject::Symbol("STOCK".to_owned())), (Value::from("STOCK"), Value::Null));
    assert_eq!(names(Subject::Unknown("Brelinox".to_owned())), (Value::Null, Value::from("Brelinox")));
    assert_eq!(names(Subject::Unsaid), (Value::Null, Value::Null));
}
