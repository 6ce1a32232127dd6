//! The session to whose close an article's figures refer: by its quotes, or by its time of publication.

use aftermove::calendar::{Exchange, Sessions};
use aftermove::claim::{Article, Claim, Horizon, Published, Qualifier, Subject};
use aftermove::series::PriceBook;
use aftermove::verify::as_of::{self, AsOf, AsOfSource, AsOfUnknown};
use chrono::DateTime;

use crate::sample::{book, closes, day, sessions};

fn quote(symbol: &str, stated: &str) -> Claim {
    Claim {
        id: format!("{symbol} {stated}"),
        subject: Subject::Symbol(symbol.to_owned()),
        horizon: Horizon::Session,
        stated: stated.parse().unwrap(),
        qualifier: Qualifier::None,
        against: None,
        span: None,
        as_of: None,
        inferred: Vec::new(),
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
    as_of::find(&Article { title: "t".to_owned(), source: None, published, text: None, claims }, &book, &sessions, Some(Exchange::Nyse))
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

// ── days that claims name ──

fn on(named: &str, claim: Claim) -> Claim {
    Claim { as_of: Some(named.parse().unwrap()), ..claim }
}

#[test]
fn a_weekday_is_the_last_one_on_or_before_the_day_of_publication() {
    let friday = on("friday", quote("STOCK", "1.00"));
    let of = |published, article: Option<&str>| as_of::of_claim(&friday, published, article.map(day));
    // Published on that Friday, on the Monday after, and late on the Friday in Paris, when it is Saturday there.
    for published in [published_on("2022-09-02"), published_on("2022-09-05"), instant("2022-09-03T00:30:00+02:00")] {
        assert_eq!(of(published, Some("2022-09-01")), Some(day("2022-09-02")), "{published:?}");
    }
    // Without a day of publication the article's session serves.
    assert_eq!(of(None, Some("2022-09-06")), Some(day("2022-09-02")));
    assert_eq!(of(None, None), None);
}

#[test]
fn a_claim_is_measured_to_the_day_it_names() {
    let yesterday = on("yesterday", quote("STOCK", "1.00"));
    assert_eq!(as_of::of_claim(&yesterday, published_on("2022-09-07"), None), Some(day("2022-09-06")));
    // A Saturday stays a Saturday: no session, and said so where it is measured.
    assert_eq!(as_of::of_claim(&on("saturday", yesterday.clone()), published_on("2022-09-07"), None), Some(day("2022-09-03")));
    assert_eq!(as_of::of_claim(&on("09-02", yesterday.clone()), published_on("2022-09-07"), None), Some(day("2022-09-02")));
    assert_eq!(as_of::of_claim(&on("2022-08-31", yesterday.clone()), None, None), Some(day("2022-08-31")));
    assert_eq!(as_of::of_claim(&on("march", yesterday), published_on("2022-09-07"), Some(day("2022-09-06"))), None, "a month is no day");
}

/// −2.00 % was the move of Friday 2 September and of Friday 9 September; +3.00 % that of Thursday 8 September alone.
#[test]
fn quotes_that_name_their_weekday_find_the_session_too() {
    let found = find(None, vec![on("thursday", quote("STOCK", "3.00"))]).unwrap();
    assert_eq!((found.session, found.source), (day("2022-09-08"), AsOfSource::Quotes { quotes: 1, searched: 6, fitting: 1 }));
    // Wednesday's and Thursday's together: the article is Thursday's.
    let both = vec![on("wednesday", quote("STOCK", "-0.50")), on("thursday", quote("STOCK", "3.00"))];
    assert_eq!(find(None, both).unwrap().session, day("2022-09-08"));
    // "On Friday" may be the Friday before that Thursday, or the day after.
    let either = vec![on("thursday", quote("STOCK", "3.00")), on("friday", quote("STOCK", "-2.00"))];
    let fitting = vec![day("2022-09-08"), day("2022-09-09")];
    assert_eq!(find(None, either), Err(AsOfUnknown::SeveralFit { quotes: 2, fitting }));
    // No Tuesday rose by 3.00 %.
    assert_eq!(find(None, vec![on("tuesday", quote("STOCK", "3.00"))]), Err(AsOfUnknown::NoSessionFits { quotes: 1 }));
    // Published on the Sunday after: Friday's quote, and Friday's close for the rest.
    assert_eq!(find(published_on("2022-09-11"), vec![on("friday", quote("STOCK", "-2.00"))]).unwrap().session, day("2022-09-09"));
    // Two Fridays fit.
    let twice = vec![day("2022-09-02"), day("2022-09-09")];
    assert_eq!(find(None, vec![on("friday", quote("STOCK", "-2.00"))]), Err(AsOfUnknown::SeveralFit { quotes: 1, fitting: twice }));
}
