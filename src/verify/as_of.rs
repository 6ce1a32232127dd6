//! The session to whose close an article's figures refer.
//!
//! An article that prints one-session moves to two decimals (quotes) gives its session away: it is the one whose moves match every
//! quote ([`AsOfSource::Quotes`]), among those closed when the article was published, if that is known, and not more than ten
//! days before. Otherwise it is the last session closed when the article was published; a date without a time is taken at the
//! end of that day, and an instant without an exchange to say when its session closed at the session before.
//!
//! A claim may name its own day ([`of_claim`]): "on Friday" is the last Friday on or before the day of publication, or, when that isn't known,
//! on or before the article's session. A quote that names its weekday or its month and day serves to find the session all the same: the move
//! of that day is compared, and the earliest session from which the words lead there is the article's. Where no session fits all quotes, those
//! that name no day are asked alone.

use chrono::{Days, NaiveDate};
use serde::Serialize;
use thiserror::Error;

use crate::calendar::{Exchange, Sessions, Timing};
use crate::claim::{Article, Claim, NamedPeriod, Published};
use crate::series::{PriceBook, PriceSeries};

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
    /// There are no prices, and so no sessions.
    #[error("there are no prices: add a price file")]
    NoPrices,
    /// Neither a date of publication nor quotes.
    #[error(
        "the article gives neither its date of publication nor a quote to two decimals: say when it was published (`--published`, or `published` beside its figures)"
    )]
    NoClue,
    /// No session fits the quotes.
    #[error(
        "no session of the prices fits the article's {quotes} quotes: say when it was published (`--published`, or `published` beside its figures)"
    )]
    NoSessionFits {
        /// Quotes used.
        quotes: usize,
    },
    /// Several sessions fit the quotes.
    #[error("{} sessions fit the article's {quotes} quotes ({}): say when it was published (`--published`, or `published` beside its figures)", .fitting.len(), list(.fitting))]
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

/// The day to whose close a claim's figure refers: the one that its words name, else the article's session. None when neither is known. The
/// day need not be a session: "on Saturday" stays a Saturday.
pub fn of_claim(claim: &Claim, published: Option<Published>, article: Option<NaiveDate>) -> Option<NaiveDate> {
    match claim.as_of {
        None => article,
        Some(NamedPeriod::Day(day)) => Some(day),
        Some(named) => named_day(named, published.map(day_of).or(article)?),
    }
}

fn named_day(named: NamedPeriod, reference: NaiveDate) -> Option<NaiveDate> {
    named.resolve(reference).filter(|_| named.is_day()).map(|(day, _)| day)
}

/// The author's own day.
fn day_of(published: Published) -> NaiveDate {
    match published {
        Published::Day(day) => day,
        Published::Instant(instant) => instant.date_naive(),
    }
}

/// Finds the session to whose close the article's figures refer.
///
/// # Errors
/// [`AsOfUnknown`] when nothing tells it, or more than one session fits.
pub fn find(article: &Article, book: &PriceBook, sessions: &Sessions, exchange: Option<Exchange>) -> Result<AsOf, AsOfUnknown> {
    if sessions.dates().is_empty() {
        return Err(AsOfUnknown::NoPrices);
    }
    let published = article.published.map(|published| last_closed(published, sessions, exchange)).transpose()?;
    let mut quotes: Vec<Quote<'_>> = article.claims.iter().filter_map(|claim| Quote::of(claim, book)).collect();
    let in_reach = |session: NaiveDate| {
        published.is_none_or(|last| {
            session <= last && last.checked_sub_days(Days::new(LONGEST_DELAY)).is_none_or(|earliest| earliest <= session)
        })
    };
    let searched: Vec<NaiveDate> = sessions.dates().iter().skip(1).copied().filter(|session| in_reach(*session)).collect();
    let publication = article.published.map(day_of);
    let search = |quotes: &[Quote<'_>]| -> Vec<NaiveDate> {
        let days = |session: NaiveDate| -> Option<Vec<NaiveDate>> {
            quotes.iter().map(|quote| quote.fitting_day(session, publication, sessions)).collect()
        };
        let mut fits: Vec<(NaiveDate, Vec<NaiveDate>)> = searched.iter().filter_map(|session| Some((*session, days(*session)?))).collect();
        // The sessions after a named day lead back to it as well as it does itself.
        fits.dedup_by(|(_, later), (_, earlier)| !quotes.is_empty() && later == earlier);
        fits.into_iter().map(|(session, _)| session).collect()
    };
    let mut fitting = search(&quotes);
    // A named day with a wrong figure leaves the other quotes as good as they are.
    if fitting.is_empty() && quotes.iter().any(|quote| quote.claim.as_of.is_none()) {
        quotes.retain(|quote| quote.claim.as_of.is_none());
        fitting = search(&quotes);
    }
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

/// A claim that can tell sessions apart, with its prices.
struct Quote<'a> {
    claim: &'a Claim,
    series: &'a PriceSeries,
}

impl<'a> Quote<'a> {
    /// None for another claim, for one without prices, and for one with a date of its own: that says nothing of the article's.
    fn of(claim: &'a Claim, book: &'a PriceBook) -> Option<Self> {
        let series = book.get(claim.subject.symbol()?).ok()?;
        let usable = claim.is_quote() && matches!(claim.as_of, None | Some(NamedPeriod::Weekday(_) | NamedPeriod::MonthDay { .. }));
        usable.then_some(Self { claim, series })
    }

    /// The session that the quote speaks of when the article's is `session`; None when its move there isn't the one stated.
    fn fitting_day(&self, session: NaiveDate, published: Option<NaiveDate>, sessions: &Sessions) -> Option<NaiveDate> {
        let day = match self.claim.as_of {
            None => session,
            Some(named) => named_day(named, published.unwrap_or(session)).filter(|day| *day <= session)?,
        };
        sessions.position(day)?;
        let measured = self.series.performance(sessions.before(day)?, day)?;
        self.claim.stated.covered(self.claim.qualifier).contains(100.0 * measured).then_some(day)
    }
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
