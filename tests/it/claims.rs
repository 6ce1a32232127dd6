//! Claims: which start dates a horizon's words allow, what is measured from them, and the verdict.
//!
//! Start dates are written out from the calendar (sessions of `tests/outside/xnys_sessions.txt`), not computed.

use aftermove::calendar::Sessions;
use aftermove::claim::{Claim, Horizon, Qualifier, Subject};
use aftermove::series::{Basis, PriceBook, PriceSeries, Quote};
use aftermove::verify::{Finding, Level, Range, ReadingKind, Verdict, verify};
use chrono::NaiveDate;

use crate::sample::{assert_near, book, closes, day, sessions, wander};

const ROUNDING: f64 = 1e-14;

fn claim(symbol: &str, horizon: &str, stated: &str, qualifier: Qualifier) -> Claim {
    Claim {
        id: "c".to_owned(),
        subject: Subject::Symbol(symbol.to_owned()),
        horizon: horizon.parse().unwrap(),
        stated: stated.parse().unwrap(),
        qualifier,
        against: None,
        span: None,
        as_of: None,
        inferred: Vec::new(),
    }
}

/// `STOCK` and `MARKET` on the sessions between two days.
fn prices(from: &str, to: &str) -> PriceBook {
    let dates = sessions(from, to);
    book([("STOCK", closes(&dates, &wander(dates.len(), 11))), ("MARKET", closes(&dates, &wander(dates.len(), 12)))])
}

fn check(claim: &Claim, as_of: &str, book: &PriceBook) -> Finding {
    verify(claim, Some(day(as_of)), book, &Sessions::from_dates(book.get("MARKET").unwrap().dates()))
}

/// The readings of a horizon on prices of 2021 and 2022: each with its start and the return from there by hand.
#[track_caller]
fn assert_readings(horizon: &str, as_of: &str, expected: &[(ReadingKind, &str)]) {
    let book = prices("2021-01-04", "2022-12-30");
    let series = book.get("STOCK").unwrap();
    let finding = check(&claim("STOCK", horizon, "1", Qualifier::None), as_of, &book);
    let found: Vec<(ReadingKind, NaiveDate)> = finding.readings.iter().map(|reading| (reading.kind, reading.from.unwrap())).collect();
    let wanted: Vec<(ReadingKind, NaiveDate)> = expected.iter().map(|(kind, from)| (*kind, day(from))).collect();
    assert_eq!(found, wanted, "{horizon} to {as_of}");
    for reading in &finding.readings {
        let by_hand = series.close_on(day(as_of)).unwrap() / series.close_on(reading.from.unwrap()).unwrap() - 1.0;
        assert_near(horizon, reading.measured.unwrap(), by_hand, ROUNDING, 0.0);
        assert_eq!((reading.to, &reading.reason), (day(as_of), &None));
    }
    assert_eq!(finding.primary.as_ref(), finding.readings.first());
}

use ReadingKind::{CalendarMonths, CloseBefore, CloseOf, Days, MonthToDate, QuarterToDate, WeekToDate, YearToDate};

// ── start dates ──

#[test]
fn a_session_begins_at_the_close_before_over_a_long_weekend_too() {
    assert_readings("session", "2022-09-07", &[(ReadingKind::Sessions(1), "2022-09-06")]);
    assert_readings("session", "2022-09-06", &[(ReadingKind::Sessions(1), "2022-09-02")]);
    assert_readings("3-sessions", "2022-09-07", &[(ReadingKind::Sessions(3), "2022-09-01")]);
}

/// With Labor Day in it, five sessions, seven days and the week to date begin on three different days.
#[test]
fn a_week_has_three_readings() {
    let readings = [(ReadingKind::Sessions(5), "2022-08-30"), (Days(7), "2022-08-31"), (WeekToDate(1), "2022-09-02")];
    assert_readings("week", "2022-09-07", &readings);
    let readings = [(ReadingKind::Sessions(10), "2022-08-23"), (Days(14), "2022-08-24"), (WeekToDate(2), "2022-08-26")];
    assert_readings("2-weeks", "2022-09-07", &readings);
}

#[test]
fn a_month_has_seven_readings() {
    let readings = [
        (CalendarMonths(1), "2022-08-02"),
        (Days(30), "2022-08-03"),
        (Days(28), "2022-08-05"),
        (ReadingKind::Sessions(20), "2022-08-05"),
        (ReadingKind::Sessions(21), "2022-08-04"),
        (ReadingKind::Sessions(22), "2022-08-03"),
        (MonthToDate(1), "2022-08-31"),
    ];
    assert_readings("month", "2022-09-02", &readings);
}

/// 31 March goes back to 28 February; 31 May to 30 April 2022, a Saturday, and so to the Friday.
#[test]
fn the_end_of_a_long_month_goes_back_to_the_end_of_a_short_one() {
    let march = [
        (CalendarMonths(1), "2022-02-28"),
        (Days(30), "2022-03-01"),
        (Days(28), "2022-03-03"),
        (ReadingKind::Sessions(20), "2022-03-03"),
        (ReadingKind::Sessions(21), "2022-03-02"),
        (ReadingKind::Sessions(22), "2022-03-01"),
        (MonthToDate(1), "2022-02-28"),
    ];
    assert_readings("month", "2022-03-31", &march);
    let may = [
        (CalendarMonths(1), "2022-04-29"),
        (Days(30), "2022-04-29"),
        (Days(28), "2022-05-03"),
        (ReadingKind::Sessions(20), "2022-05-02"),
        (ReadingKind::Sessions(21), "2022-04-29"),
        (ReadingKind::Sessions(22), "2022-04-28"),
        (MonthToDate(1), "2022-04-29"),
    ];
    assert_readings("month", "2022-05-31", &may);
}

#[test]
fn three_months_and_a_quarter_differ_in_their_last_reading() {
    let months = |last: (ReadingKind, &'static str)| {
        [
            (CalendarMonths(3), "2022-06-02"),
            (Days(90), "2022-06-03"),
            (Days(84), "2022-06-10"),
            (ReadingKind::Sessions(60), "2022-06-08"),
            (ReadingKind::Sessions(63), "2022-06-03"),
            (ReadingKind::Sessions(66), "2022-05-31"),
            last,
        ]
    };
    assert_readings("3-months", "2022-09-02", &months((MonthToDate(3), "2022-06-30")));
    assert_readings("quarter", "2022-09-02", &months((QuarterToDate, "2022-06-30")));
    // A session later the month has not changed, but on the first day of a quarter the two part.
    let first = check(&claim("STOCK", "quarter", "1", Qualifier::None), "2022-07-01", &prices("2021-01-04", "2022-12-30"));
    assert_eq!(first.readings.last().and_then(|reading| reading.from), Some(day("2022-06-30")));
    let months = check(&claim("STOCK", "3-months", "1", Qualifier::None), "2022-07-01", &prices("2021-01-04", "2022-12-30"));
    assert_eq!(months.readings.last().and_then(|reading| reading.from), Some(day("2022-04-29")));
}

#[test]
fn a_year_has_five_readings() {
    let readings = [
        (CalendarMonths(12), "2021-09-02"),
        (Days(365), "2021-09-02"),
        (Days(364), "2021-09-03"),
        (ReadingKind::Sessions(252), "2021-09-02"),
        (YearToDate(1), "2021-12-31"),
    ];
    assert_readings("year", "2022-09-02", &readings);
    assert_readings("ytd", "2022-09-02", &[(YearToDate(1), "2021-12-31")]);
}

#[test]
fn since_a_date_begins_at_its_close_or_the_close_before() {
    assert_readings(
        "since 2022-03-01",
        "2022-09-02",
        &[(CloseOf(day("2022-03-01")), "2022-03-01"), (CloseBefore(day("2022-03-01")), "2022-02-28")],
    );
    // Saturday 12 March has no close: the last one before stands for it.
    assert_readings(
        "since 2022-03-12",
        "2022-09-02",
        &[(CloseOf(day("2022-03-12")), "2022-03-11"), (CloseBefore(day("2022-03-12")), "2022-03-11")],
    );
}

// ── highs and lows ──

/// Closes 100, 120, 90, 110, 99 with highs of 105, 121, 130, 112, 100 and lows of 95, 96, 70, 89, 98.
fn ranging() -> PriceBook {
    let dates = sessions("2022-08-29", "2022-09-02");
    let rows = [(100.0, 105.0, 95.0), (120.0, 121.0, 96.0), (90.0, 130.0, 70.0), (110.0, 112.0, 89.0), (99.0, 100.0, 98.0)];
    let quotes: Vec<Quote> = dates
        .iter()
        .zip(rows)
        .map(|(date, (close, high, low))| Quote { date: *date, close, high: Some(high), low: Some(low), volume: None })
        .collect();
    book([("STOCK", PriceSeries::from_quotes(&quotes, Basis::Close).unwrap()), ("MARKET", closes(&dates, &wander(5, 1)))])
}

#[test]
fn from_the_high_is_from_the_highest_close_or_the_highest_intraday_price() {
    let finding = check(&claim("STOCK", "from-high since 2022-08-29", "-17.5", Qualifier::None), "2022-09-02", &ranging());
    let found: Vec<(Option<NaiveDate>, f64)> = finding.readings.iter().map(|reading| (reading.from, reading.measured.unwrap())).collect();
    assert_eq!(found[0].0, Some(day("2022-08-30")));
    assert_near("from the highest close, 120", found[0].1, 99.0 / 120.0 - 1.0, ROUNDING, 0.0);
    assert_eq!(found[1].0, Some(day("2022-08-31")));
    assert_near("from the highest price, 130", found[1].1, 99.0 / 130.0 - 1.0, ROUNDING, 0.0);
    assert_eq!(finding.verdict, Verdict::Reproduced);
}

#[test]
fn from_the_low_is_from_the_lowest_close_or_the_lowest_intraday_price() {
    let finding = check(&claim("STOCK", "from-low since 2022-08-29", "41", Qualifier::None), "2022-09-02", &ranging());
    assert_near("from the lowest close, 90", finding.readings[0].measured.unwrap(), 0.1, ROUNDING, 0.0);
    assert_near("from the lowest price, 70", finding.readings[1].measured.unwrap(), 99.0 / 70.0 - 1.0, ROUNDING, 0.0);
    assert_eq!(finding.verdict, Verdict::ReproducedOnlyAs);
}

#[test]
fn without_an_intraday_range_only_the_closes_are_read() {
    let book = prices("2021-01-04", "2022-12-30");
    let finding = check(&claim("STOCK", "from-high", "-1", Qualifier::AtLeast), "2022-09-02", &book);
    assert!(finding.readings[0].measured.is_some());
    assert_eq!((finding.readings[1].measured, finding.readings[1].reason.as_deref()), (None, Some("the prices have no intraday range")));
    // 52 weeks: 364 days.
    assert_eq!(finding.readings[0].kind, ReadingKind::Highest(Level::Close, Range::Since(day("2021-09-03"))));
}

#[test]
fn a_high_before_a_missing_return_has_no_performance_from_it() {
    let dates = sessions("2022-08-29", "2022-09-02");
    let returns = [Some(0.1), Some(0.1), None, Some(-0.1), Some(0.05)];
    let pairs: Vec<(NaiveDate, Option<f64>)> = dates.iter().copied().zip(returns).collect();
    let stock = PriceSeries::from_returns(&pairs).unwrap();
    assert_eq!(stock.performance(dates[1], dates[4]), None);
    let book = book([("STOCK", stock), ("MARKET", closes(&dates, &wander(5, 1)))]);
    let finding = check(&claim("STOCK", "from-high since 2022-08-29", "-5.5", Qualifier::None), "2022-09-02", &book);
    assert_eq!(finding.readings[0].measured, None, "a return is missing between {:?} and the as-of session", finding.readings[0].from);
}

/// `STOCK` has a level on both days; what lacks is a return between them.
#[test]
fn the_reason_for_no_value_across_a_missing_return_is_that_return() {
    let dates = sessions("2022-08-29", "2022-09-02");
    let pairs: Vec<(NaiveDate, Option<f64>)> = dates.iter().copied().zip([Some(0.1), Some(0.1), None, Some(-0.1), Some(0.05)]).collect();
    let book = book([("STOCK", PriceSeries::from_returns(&pairs).unwrap()), ("MARKET", closes(&dates, &wander(5, 1)))]);
    let finding = check(&claim("STOCK", "since 2022-08-30", "1", Qualifier::None), "2022-09-02", &book);
    assert_eq!(finding.readings[0].measured, None);
    assert!(!finding.reason.as_ref().unwrap().contains("no close on 2022-08-30"), "{:?}", finding.reason);
}

/// The range begins on a Sunday and the prices on the Monday after it: nothing of the range is missing.
#[test]
fn a_range_from_a_day_without_a_session_needs_prices_from_the_next_session_only() {
    let finding = check(&claim("STOCK", "from-high since 2022-08-28", "-17.5", Qualifier::None), "2022-09-02", &ranging());
    assert_eq!((&finding.verdict, finding.reason.as_deref()), (&Verdict::Reproduced, None));
}

// ── what can't be checked ──

#[track_caller]
fn assert_not_checkable(finding: &Finding, reason: &str) {
    assert!(matches!(&finding.verdict, Verdict::NotCheckable { reason: found } if found.contains(reason)), "{:?}", finding.verdict);
    assert!(finding.reason.as_ref().is_some_and(|found| found.contains(reason)), "{:?}", finding.reason);
}

#[test]
fn prices_that_begin_too_late_make_a_claim_not_checkable() {
    let book = prices("2022-03-01", "2022-12-30");
    for horizon in ["year-to-date", "year", "since 2022-02-01", "400-sessions"] {
        let finding = check(&claim("STOCK", horizon, "-18", Qualifier::None), "2022-09-02", &book);
        assert_not_checkable(&finding, "before the prices do (2022-03-01)");
        assert!(finding.readings.iter().all(|reading| reading.reason.is_some() == reading.measured.is_none()), "{horizon}");
    }
    assert_not_checkable(&check(&claim("STOCK", "from-high", "-18", Qualifier::None), "2022-09-02", &book), "2021-09-03");
}

#[test]
fn a_reading_that_the_prices_reach_can_still_reproduce_the_figure() {
    // The prices begin on 3 August: the same day a month before 2022-09-02 is out of reach, four weeks before isn't.
    let book = prices("2022-08-03", "2022-12-30");
    let series = book.get("STOCK").unwrap();
    let four_weeks = 100.0 * series.performance(day("2022-08-05"), day("2022-09-02")).unwrap();
    let finding = check(&claim("STOCK", "month", &format!("{four_weeks:.2}"), Qualifier::None), "2022-09-02", &book);
    assert_eq!(finding.primary.as_ref().unwrap().measured, None);
    assert_eq!(finding.verdict, Verdict::ReproducedOnlyAs);
}

#[test]
fn an_unknown_symbol_makes_a_claim_not_checkable() {
    let finding = check(&claim("STOKC", "month", "-20", Qualifier::None), "2022-09-02", &prices("2022-01-03", "2022-12-30"));
    assert_not_checkable(&finding, "no prices for the symbol \"STOKC\"");
    assert_eq!((finding.readings.len(), finding.primary, finding.range), (0, None, None));
}

#[test]
fn a_claim_without_a_session_it_refers_to_is_not_checkable() {
    let book = prices("2022-01-03", "2022-12-30");
    let sessions = Sessions::from_dates(book.get("MARKET").unwrap().dates());
    assert_not_checkable(&verify(&claim("STOCK", "month", "-20", Qualifier::None), None, &book, &sessions), "isn't known");
    assert_not_checkable(&check(&claim("STOCK", "month", "-20", Qualifier::None), "2022-09-05", &book), "2022-09-05 isn't a session");
}

#[test]
fn a_security_without_a_close_on_the_session_is_not_checkable() {
    let dates = sessions("2022-08-29", "2022-09-02");
    let book = book([("STOCK", closes(&dates[..4], &[1.0, 2.0, 3.0, 4.0])), ("MARKET", closes(&dates, &wander(5, 1)))]);
    assert_not_checkable(&check(&claim("STOCK", "session", "1", Qualifier::None), "2022-09-02", &book), "STOCK has no close on 2022-09-02");
    assert_eq!(check(&claim("STOCK", "session", "33.3", Qualifier::None), "2022-09-01", &book).verdict, Verdict::Reproduced);
}

#[test]
fn a_date_after_the_session_is_not_checkable() {
    let finding = check(&claim("STOCK", "since 2022-10-03", "-20", Qualifier::None), "2022-09-02", &prices("2022-01-03", "2022-12-30"));
    assert_not_checkable(&finding, "2022-10-03 comes after");
}

// ── verdicts ──

/// From 100 to 80: a fall of exactly 20 %; and to 79.5, 80.4, 80.6.
#[test]
fn a_qualifier_decides_which_moves_a_figure_covers() {
    let verdict = |close: f64, stated: &str, qualifier| {
        let dates = sessions("2022-09-01", "2022-09-02");
        let book = book([("STOCK", closes(&dates, &[100.0, close])), ("MARKET", closes(&dates, &[1.0, 1.0]))]);
        check(&claim("STOCK", "session", stated, qualifier), "2022-09-02", &book).verdict == Verdict::Reproduced
    };
    for (close, stated, qualifier, holds) in [
        (80.0, "-20", Qualifier::None, true),
        (80.0, "-20", Qualifier::MoreThan, false),
        (79.9, "-20", Qualifier::MoreThan, true),
        (80.4, "-20", Qualifier::MoreThan, false),
        (80.4, "-20", Qualifier::None, true),
        (80.6, "-20", Qualifier::None, false),
        (80.4, "-20.0", Qualifier::None, false),
        (80.4, "-20", Qualifier::AtLeast, true),
        (80.6, "-20", Qualifier::AtLeast, false),
        (50.0, "-20", Qualifier::AtLeast, true),
        (80.1, "-20", Qualifier::LessThan, true),
        (80.0, "-20", Qualifier::LessThan, false),
        (79.6, "-20", Qualifier::AtMost, true),
        (79.4, "-20", Qualifier::AtMost, false),
        (82.0, "-20", Qualifier::About, true),
        (78.0, "-20", Qualifier::About, true),
        (77.9, "-20", Qualifier::About, false),
        (81.9, "-20", Qualifier::Nearly, true),
        (80.0, "-20", Qualifier::Nearly, false),
        // A rise is no fall.
        (120.0, "-20", Qualifier::None, false),
        (120.0, "-20", Qualifier::MoreThan, false),
        (120.0, "-20", Qualifier::LessThan, false),
        (120.0, "20", Qualifier::None, true),
    ] {
        assert_eq!(verdict(close, stated, qualifier), holds, "100 to {close}: {qualifier:?} {stated} %");
    }
}

#[test]
fn a_figure_that_no_reading_reproduces_is_contradicted() {
    let finding = check(&claim("STOCK", "month", "-99", Qualifier::None), "2022-09-02", &prices("2021-01-04", "2022-12-30"));
    assert_eq!(finding.verdict, Verdict::Contradicted);
    assert_eq!((finding.readings.len(), finding.reproducing().count(), finding.reason), (7, 0, None));
    let (low, high) = finding.range.unwrap();
    assert!(finding.readings.iter().all(|reading| (low..=high).contains(&reading.measured.unwrap())));
}

#[test]
fn every_start_date_around_a_month_is_measured_and_other_horizons_have_none() {
    let book = prices("2021-01-04", "2022-12-30");
    let of = |horizon: &str| check(&claim("STOCK", horizon, "1", Qualifier::None), "2022-09-02", &book).start_dates;
    let month = of("month");
    // 31 to 11 sessions before; half of 21 is 10.
    assert_eq!((month.len(), month[0].from, month[20].from), (21, day("2022-07-21"), day("2022-08-18")));
    let series = book.get("STOCK").unwrap();
    for start in &month {
        assert_near("start", start.measured, series.performance(start.from, day("2022-09-02")).unwrap(), ROUNDING, 0.0);
    }
    for horizon in ["session", "year-to-date", "since 2022-03-01", "from-high"] {
        assert!(of(horizon).is_empty(), "{horizon}");
    }
}

#[test]
fn a_horizon_that_reaches_back_thousands_of_years_is_not_checkable_and_no_crash() {
    let book = prices("2022-08-01", "2022-09-02");
    for horizon in [Horizon::Years(10_000), Horizon::Months(10_000), Horizon::Weeks(10_000), Horizon::Sessions(10_000)] {
        let claim = Claim { horizon, ..claim("STOCK", "month", "1", Qualifier::None) };
        assert_not_checkable(&check(&claim, "2022-09-02", &book), "before the prices do");
    }
}
