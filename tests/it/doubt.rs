//! What isn't known is said: timing, holes, readings that couldn't be measured, closes that aren't prices.

use aftermove::align::AlignmentRule;
use aftermove::calendar::{Exchange, Sessions, Timing};
use aftermove::claim::{Article, Claim, Published, Qualifier, Subject};
use aftermove::data::download::without_secrets;
use aftermove::event::Moment;
use aftermove::report::{self, Block, wording};
use aftermove::series::{Basis, PriceBook, PriceSeries, Quote, ReturnKind};
use aftermove::study::StudyResult;
use aftermove::study::result::Status;
use aftermove::verify::as_of::{self, AsOfUnknown};
use aftermove::verify::{Verdict, verify};
use chrono::DateTime;

use crate::sample::{book, closes, day, design, event, rule, run, run_one, sessions, wander};

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

fn year() -> PriceBook {
    let dates = sessions("2022-01-03", "2022-12-30");
    book([("STOCK", closes(&dates, &wander(dates.len(), 3))), ("MARKET", closes(&dates, &wander(dates.len(), 4)))])
}

/// The text of every paragraph and note of a result's report.
fn prose(result: &StudyResult) -> String {
    let document = report::document(result, &[]);
    let blocks = document.sections.into_iter().flat_map(|section| section.blocks);
    let texts = blocks.filter_map(|block| match block {
        Block::Paragraph(text) | Block::Warning(text) => Some(text),
        _ => None,
    });
    document.details.into_iter().chain(texts).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_event_without_a_time_of_day_says_that_day_0_may_be_the_next_session() {
    let mut news = event("e", "STOCK", "2022-09-07");
    news.moment = Moment::Day(day("2022-09-07"), Timing::Unknown);
    let unknown = run(design(rule("-120..-11", "-3..3"), vec![news.clone()]), &year());
    assert!(prose(&unknown).contains("if the news came after the close"), "{}", prose(&unknown));
    news.moment = Moment::Day(day("2022-09-07"), Timing::BeforeOpen);
    let known = run(design(rule("-120..-11", "-3..3"), vec![news]), &year());
    assert!(!prose(&known).contains("if the news came after the close"));
}

/// A fall by half is a log return of −69.3 %; the sentence says 50.0 %.
#[test]
fn a_study_of_log_returns_still_tells_a_fall_by_half_as_a_fall_by_half() {
    let dates = sessions("2022-01-03", "2022-12-30");
    let zero = dates.binary_search(&day("2022-09-06")).unwrap();
    let path: Vec<f64> =
        wander(dates.len(), 3).into_iter().enumerate().map(|(at, close)| if at < zero { close } else { close * 0.5 }).collect();
    let exact: Vec<f64> = path.iter().enumerate().map(|(at, close)| if at == zero { path[zero - 1] * 0.5 } else { *close }).collect();
    let prices = book([("STOCK", closes(&dates, &exact)), ("MARKET", closes(&dates, &wander(dates.len(), 4)))]);
    let logarithmic = AlignmentRule { returns: ReturnKind::Log, ..rule("-120..-11", "-3..3") };
    let result = run(design(logarithmic, vec![event("e", "STOCK", "2022-09-06")]), &prices);
    let details = wording::details(&result).join(" ");
    assert!(details.contains("fell 50.0\u{202F}%"), "{details}");
}

/// The benchmark lacks 2 August, an ordinary Tuesday: the reading that starts there has no value, and says why.
#[test]
fn a_reading_that_starts_in_a_hole_has_no_value() {
    let all = sessions("2022-01-03", "2022-12-30");
    let held: Vec<_> = all.iter().copied().filter(|date| *date != day("2022-08-02")).collect();
    let prices = book([("STOCK", closes(&all, &wander(all.len(), 3))), ("MARKET", closes(&held, &wander(held.len(), 4)))]);
    let under = Sessions::from_dates(&held).under(Some(Exchange::Nyse));
    let finding = verify(&claim("month", "5"), Some(day("2022-09-02")), &prices, &under);
    assert_eq!(finding.readings[0].measured, None);
    assert_eq!(finding.readings[0].reason.as_deref(), Some("the exchange traded on 2022-08-02, but the benchmark has no price on it"));
    // The weekend before a start is no hole.
    assert!(verify(&claim("since 2022-09-04", "5"), Some(day("2022-09-09")), &prices, &under).readings[0].measured.is_some());
}

/// Prices end on Friday 2 September; the article is of Wednesday 7 September, after a session that they lack.
#[test]
fn prices_that_end_before_the_articles_last_session_do_not_date_it() {
    let dates = sessions("2022-08-01", "2022-09-02");
    let prices = book([("STOCK", closes(&dates, &wander(dates.len(), 3))), ("MARKET", closes(&dates, &wander(dates.len(), 4)))]);
    let under = Sessions::from_dates(&dates).under(Some(Exchange::Nyse));
    let article = |published| Article {
        title: "a".to_owned(),
        source: None,
        published: Some(published),
        text: None,
        claims: vec![claim("week", "1")],
    };
    let find = |published| as_of::find(&article(published), &prices, &under, Some(Exchange::Nyse));
    let late = Published::Day(day("2022-09-07"));
    assert_eq!(find(late), Err(AsOfUnknown::Hole { published: day("2022-09-07"), missing: day("2022-09-06") }));
    // Labor Day is no hole, nor is Tuesday before its close.
    assert_eq!(find(Published::Day(day("2022-09-05"))).unwrap().session, day("2022-09-02"));
    let before_the_close = Published::Instant(DateTime::parse_from_rfc3339("2022-09-06T15:00:00-04:00").unwrap());
    assert_eq!(find(before_the_close).unwrap().session, day("2022-09-02"));
}

#[test]
fn an_instant_without_an_exchange_is_dated_by_the_session_before() {
    let prices = year();
    let plain = Sessions::from_dates(prices.get("MARKET").unwrap().dates());
    let instant = Published::Instant(DateTime::parse_from_rfc3339("2022-09-07T08:00:00+01:00").unwrap());
    let article = Article { title: "a".to_owned(), source: None, published: Some(instant), text: None, claims: vec![claim("week", "1")] };
    assert_eq!(as_of::find(&article, &prices, &plain, None).unwrap().session, day("2022-09-06"));
}

/// Closes alone: the fall from the highest close is known, that from the highest intraday price isn't.
#[test]
fn a_contradiction_names_the_reading_that_could_not_be_measured() {
    let dates = sessions("2021-08-02", "2022-09-02");
    let prices = book([("STOCK", closes(&dates, &wander(dates.len(), 3))), ("MARKET", closes(&dates, &wander(dates.len(), 4)))]);
    let finding = verify(&claim("from-high", "-99"), Some(day("2022-09-02")), &prices, &Sessions::from_dates(&dates));
    assert_eq!(finding.verdict, Verdict::Contradicted);
    assert_eq!(finding.reason.as_deref(), Some("the prices have no intraday range"));
}

/// A vendor repeats Friday's close on Labor Day: that row is no session, and the weekend's news lands on Tuesday.
#[test]
fn a_price_on_a_holiday_is_no_session() {
    let mut dates = sessions("2022-01-03", "2022-12-30");
    dates.push(day("2022-09-05"));
    dates.sort();
    let prices = book([("STOCK", closes(&dates, &wander(dates.len(), 3))), ("MARKET", closes(&dates, &wander(dates.len(), 4)))]);
    let result = run(design(rule("-120..-11", "-3..3"), vec![event("e", "STOCK", "2022-09-03")]), &prices);
    assert_eq!(result.events[0].session, Some(day("2022-09-06")));
    assert_eq!(result.diagnostics.calendar.unwrap().unexpected, [(day("2022-09-05"), "Labor Day".to_owned())]);
}

#[test]
fn a_window_without_a_return_excludes_the_event_rather_than_moving_the_headline() {
    let dates = sessions("2022-01-03", "2022-12-30");
    let traded: Vec<_> = dates.iter().copied().filter(|date| *date != day("2022-09-06")).collect();
    let prices = book([("STOCK", closes(&traded, &wander(traded.len(), 3))), ("MARKET", closes(&dates, &wander(dates.len(), 4)))]);
    let lenient = AlignmentRule { allowed_missing: 3, ..rule("-120..-11", "-3..3") };
    let mut halted = design(lenient, vec![event("e", "STOCK", "2022-09-06")]);
    halted.car_windows = vec!["0..0".parse().unwrap(), "0..1".parse().unwrap()];
    let result = run_one(halted, &prices);
    assert_eq!(result.status, Status::Excluded);
    assert!(result.reason.unwrap().contains("window 0..0"));
}

#[test]
fn adjusted_closes_are_told_where_claims_are_judged() {
    let dates = sessions("2022-01-03", "2022-12-30");
    let quotes: Vec<Quote> = dates
        .iter()
        .zip(wander(dates.len(), 3))
        .map(|(date, close)| Quote { date: *date, close, high: None, low: None, volume: None })
        .collect();
    let stock = |basis| PriceSeries::from_quotes(&quotes, basis).unwrap();
    let told = |basis| {
        let prices = book([("STOCK", stock(basis)), ("MARKET", closes(&dates, &wander(dates.len(), 4)))]);
        let mut checked = design(rule("-120..-11", "-3..3"), Vec::new());
        let published = Some(Published::Day(day("2022-09-02")));
        checked.article = Some(Article { title: "a".to_owned(), source: None, published, text: None, claims: vec![claim("month", "5")] });
        prose(&run(checked, &prices)).contains("adjusted for dividends")
    };
    assert!(told(Basis::AdjustedClose) && !told(Basis::Close));
}

#[test]
fn a_key_in_an_address_is_never_shown() {
    assert_eq!(without_secrets("https://host.example/NET.csv?token=SECRET#x"), "https://host.example/NET.csv");
    assert!(!without_secrets("https://me:SECRET@host.example/NET.csv").contains("SECRET"));
}
