//! The session to whose close an article's figures refer.
//!
//! An article that prints one-session moves to two decimals (quotes) gives its session away: it is the one whose moves match every
//! quote ([`AsOfSource::Quotes`]), among those closed when the article was published, if that is known, and not more than ten
//! days before. Otherwise it is the last session closed when the article was published; a date without a time is taken at the
//! end of that day, and an instant without an exchange to say when its session closed at the session before. A claim may also name its own session.

use chrono::{Days, NaiveDate};
use serde::Serialize;
use thiserror::Error;

use crate::calendar::{Exchange, Sessions, Timing};
use crate::claim::{Article, Claim, Published};
use crate::series::PriceBook;

/// Longest time between a quote's session and the article, calendar days.
const LONGEST_DELAY: u64 = 10;

/// How the as-of session was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "found_from")]
pub enum AsOfSource {
    /// From the quotes.
    Quotes {
        /// Quotes used.
        quotes: usize,
        /// Sessions searched.
        searched: usize,
        /// Sessions that fit all quotes.
        fitting: usize,
    },
    /// From the time of publication.
    Published,
}

/// An article's as-of session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct AsOf {
    /// The session.
    pub session: NaiveDate,
    /// How it was found.
    #[serde(flatten)]
    pub source: AsOfSource,
}

/// Why the as-of session isn't known.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AsOfUnknown {
    /// Neither a date of publication nor quotes.
    #[error("the article gives neither its date of publication nor a quote to two decimals: add `published` to its figures")]
    NoClue,
    /// No session fits the quotes.
    #[error("no session of the prices fits the article's {quotes} quotes: add `published` to its figures")]
    NoSessionFits {
        /// Quotes used.
        quotes: usize,
    },
    /// Several sessions fit the quotes.
    #[error("{} sessions fit the article's {quotes} quotes ({}): add `published` to its figures", .fitting.len(), list(.fitting))]
    SeveralFit {
        /// Quotes used.
        quotes: usize,
        /// The sessions.
        fitting: Vec<NaiveDate>,
    },
    /// The article is older than the prices.
    #[error("the article was published on {published}, before the prices begin")]
    BeforePrices {
        /// Day of publication.
        published: NaiveDate,
    },
    /// The exchange held a session between the prices' last one and the article.
    #[error("the article was published on {published}, but the benchmark has no price on {missing}, a session of the exchange: add prices")]
    Hole {
        /// Day of publication.
        published: NaiveDate,
        /// The session without a price.
        missing: NaiveDate,
    },
    /// The article is much younger than the prices.
    #[error("the article was published on {published}, but the prices end on {last}: add prices")]
    AfterPrices {
        /// Day of publication.
        published: NaiveDate,
        /// Last session of the prices.
        last: NaiveDate,
    },
}

fn list(dates: &[NaiveDate]) -> String {
    let shown: Vec<String> = dates.iter().take(4).map(NaiveDate::to_string).collect();
    if dates.len() > shown.len() { format!("{}, …", shown.join(", ")) } else { shown.join(", ") }
}

/// Finds the session to whose close the article's figures refer.
///
/// # Errors
/// [`AsOfUnknown`] when nothing tells it, or more than one session fits.
pub fn find(article: &Article, book: &PriceBook, sessions: &Sessions, exchange: Option<Exchange>) -> Result<AsOf, AsOfUnknown> {
    let published = article.published.map(|published| last_closed(published, sessions, exchange)).transpose()?;
    let quotes: Vec<&Claim> =
        article.claims.iter().filter(|claim| claim.is_quote() && claim.as_of.is_none() && book.get(&claim.symbol).is_ok()).collect();
    let in_reach = |session: NaiveDate| {
        published.is_none_or(|last| {
            session <= last && last.checked_sub_days(Days::new(LONGEST_DELAY)).is_none_or(|earliest| earliest <= session)
        })
    };
    let searched: Vec<NaiveDate> = sessions.dates().iter().skip(1).copied().filter(|session| in_reach(*session)).collect();
    let fitting: Vec<NaiveDate> =
        searched.iter().copied().filter(|session| quotes.iter().all(|quote| fits(quote, *session, book, sessions))).collect();
    let from_quotes =
        |session| AsOf { session, source: AsOfSource::Quotes { quotes: quotes.len(), searched: searched.len(), fitting: fitting.len() } };
    match (quotes.is_empty(), fitting.as_slice(), published) {
        (false, [session], _) => Ok(from_quotes(*session)),
        // Several sessions shortly before the publication fit: the last of them was the news of the day.
        (false, [.., latest], Some(_)) => Ok(from_quotes(*latest)),
        (_, _, Some(session)) => Ok(AsOf { session, source: AsOfSource::Published }),
        (true, _, None) => Err(AsOfUnknown::NoClue),
        (false, [], None) => Err(AsOfUnknown::NoSessionFits { quotes: quotes.len() }),
        (false, _, None) => Err(AsOfUnknown::SeveralFit { quotes: quotes.len(), fitting }),
    }
}

fn fits(quote: &Claim, session: NaiveDate, book: &PriceBook, sessions: &Sessions) -> bool {
    let move_of_the_day = || {
        let before = sessions.before(session)?;
        book.get(&quote.symbol).ok()?.performance(before, session)
    };
    move_of_the_day().is_some_and(|measured| quote.stated.covered(quote.qualifier).contains(100.0 * measured))
}

/// The last session closed at the time of publication.
fn last_closed(published: Published, sessions: &Sessions, exchange: Option<Exchange>) -> Result<NaiveDate, AsOfUnknown> {
    let (day, closed) = match (published, exchange) {
        (Published::Day(day), _) => (day, true),
        (Published::Instant(instant), Some(exchange)) => {
            let (day, timing) = exchange.place(instant.with_timezone(&exchange.zone()));
            (day, timing == Timing::AfterClose)
        }
        // Without an exchange nobody knows when the day's session closed: the one before had.
        (Published::Instant(instant), None) => (instant.date_naive(), false),
    };
    let until = if closed { day } else { day.pred_opt().unwrap_or(day) };
    let session =
        if closed { sessions.on_or_before(day) } else { sessions.before(day) }.ok_or(AsOfUnknown::BeforePrices { published: day })?;
    if let Some(missing) = sessions.hole(session, until) {
        return Err(AsOfUnknown::Hole { published: day, missing });
    }
    match sessions.dates().last() {
        Some(last) if session == *last && day.signed_duration_since(*last).num_days() > 5 => {
            Err(AsOfUnknown::AfterPrices { published: day, last: *last })
        }
        _ => Ok(session),
    }
}
