//! The session to whose close an article's figures refer: by its quotes, or by its time of publication.

use aftermove::calendar::{Exchange, Sessions};
use aftermove::claim::{Article, Claim, Horizon, Published, Qualifier};
use aftermove::series::PriceBook;
use aftermove::verify::as_of::{self, AsOf, AsOfSource, AsOfUnknown};
use chrono::DateTime;

use crate::sample::{book, closes, day, sessions};

fn quote(symbol: &str, stated: &str) -> Claim {
    Claim {
        id: format!("{symbol} {stated}"),
        symbol: symbol.to_owned(),
        horizon: Horizon::Session,
        stated: stated.parse().unwrap(),
        qualifier: Qualifier::None,
        span: None,
        as_of: None,
    }
}

/// Closes of 2022-08-31 to 2022-09-09; moves of `STOCK`: +1.00 %, −2.00 %, +1.00 %, −0.50 %, +3.00 %, −2.00 %, of `MARKET` +0.50 % on every day.
fn week() -> (PriceBook, Sessions) {
    let dates = sessions("2022-08-31", "2022-09-09");
    assert_eq!(dates.len(), 7);
    let path = |moves: [f64; 6]| -> Vec<f64> {
        let mut level = 100.0;
        std::iter::once(level)
            .chain(moves.into_iter().map(|percent| {
                level *= 1.0 + percent / 100.0;
                level
            }))
            .collect()
    };
    let book = book([("STOCK", closes(&dates, &path([1.0, -2.0, 1.0, -0.5, 3.0, -2.0]))), ("MARKET", closes(&dates, &path([0.5; 6])))]);
    (book, Sessions::from_dates(&dates))
}

fn find(published: Option<Published>, claims: Vec<Claim>) -> Result<AsOf, AsOfUnknown> {
    let (book, sessions) = week();
    as_of::find(&Article { title: "t".to_owned(), source: None, published, claims }, &book, &sessions, Some(Exchange::Nyse))
}

fn instant(text: &str) -> Option<Published> {
    Some(Published::Instant(DateTime::parse_from_rfc3339(text).unwrap()))
}

fn published_on(text: &str) -> Option<Published> {
    Some(Published::Day(day(text)))
}

#[test]
fn an_article_published_during_the_session_speaks_of_the_close_before() {
    for (moment, session) in [
        ("2022-09-07T15:59:00-04:00", "2022-09-06"),
        ("2022-09-07T16:00:00-04:00", "2022-09-07"),
        ("2022-09-07T21:00:00+02:00", "2022-09-06"),
        ("2022-09-07T22:30:00+02:00", "2022-09-07"),
        ("2022-09-08T00:30:00+02:00", "2022-09-07"),
        ("2022-09-05T12:00:00-04:00", "2022-09-02"),
        ("2022-09-04T12:00:00-04:00", "2022-09-02"),
    ] {
        let found = find(instant(moment), vec![]).unwrap();
        assert_eq!((found.session, found.source), (day(session), AsOfSource::Published), "{moment}");
    }
}

#[test]
fn a_date_of_publication_alone_is_taken_at_the_end_of_its_day() {
    for (date, session) in [("2022-09-07", "2022-09-07"), ("2022-09-05", "2022-09-02"), ("2022-09-11", "2022-09-09")] {
        assert_eq!(find(published_on(date), vec![]).unwrap().session, day(session), "{date}");
    }
}

#[test]
fn the_only_session_that_fits_all_quotes_is_the_one() {
    let found = find(None, vec![quote("STOCK", "3.00"), quote("MARKET", "0.50")]).unwrap();
    assert_eq!((found.session, found.source), (day("2022-09-08"), AsOfSource::Quotes { quotes: 2, searched: 6, fitting: 1 }));
}

#[test]
fn several_sessions_that_fit_leave_it_open_until_the_article_is_dated() {
    let twice = vec![day("2022-09-02"), day("2022-09-09")];
    assert_eq!(find(None, vec![quote("STOCK", "-2.00")]), Err(AsOfUnknown::SeveralFit { quotes: 1, fitting: twice }));
    // Published between the two, only the first of them was known.
    assert_eq!(find(published_on("2022-09-06"), vec![quote("STOCK", "-2.00")]).unwrap().session, day("2022-09-02"));
    // Published after both: the latest one is the news of the day.
    assert_eq!(find(published_on("2022-09-11"), vec![quote("STOCK", "-2.00")]).unwrap().session, day("2022-09-09"));
}

#[test]
fn quotes_that_no_session_fits_leave_it_open() {
    assert_eq!(find(None, vec![quote("STOCK", "7.77")]), Err(AsOfUnknown::NoSessionFits { quotes: 1 }));
    assert_eq!(find(None, vec![quote("STOCK", "3.00"), quote("MARKET", "-0.50")]), Err(AsOfUnknown::NoSessionFits { quotes: 2 }));
}

#[test]
fn a_figure_to_one_decimal_or_with_a_qualifier_is_no_quote() {
    let about = Claim { qualifier: Qualifier::About, ..quote("STOCK", "3.00") };
    let monthly = Claim { horizon: Horizon::Months(1), ..quote("STOCK", "3.00") };
    assert_eq!(find(None, vec![quote("STOCK", "3.0"), about, monthly]), Err(AsOfUnknown::NoClue));
}

#[test]
fn an_article_before_or_long_after_the_prices_has_no_session() {
    assert_eq!(find(published_on("2022-08-30"), vec![]), Err(AsOfUnknown::BeforePrices { published: day("2022-08-30") }));
    let late = AsOfUnknown::AfterPrices { published: day("2022-10-03"), last: day("2022-09-09") };
    assert_eq!(find(published_on("2022-10-03"), vec![]), Err(late));
}
