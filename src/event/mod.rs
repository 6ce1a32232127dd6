//! The news: an [`Event`] has a key, a security and a moment. The key is the only identity there is: one firm in two events
//! gives the same numbers as two firms would.

pub mod list;

use std::fmt;

use chrono::{DateTime, NaiveDate};
use chrono_tz::Tz;
use serde::{Serialize, Serializer};

use crate::calendar::{Exchange, Timing};

/// Key of an event, unique in its study.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct EventId(String);

impl EventId {
    /// A key from a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The key's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// When the news came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// A day, with its timing in the exchange's day.
    Day(NaiveDate, Timing),
    /// An instant; the exchange's rules say where in its day it falls.
    Instant(DateTime<Tz>),
}

impl Moment {
    /// The exchange's own date and the timing in its day. Without an exchange an instant's own date, and unknown timing.
    pub fn place(self, exchange: Option<Exchange>) -> (NaiveDate, Timing) {
        match (self, exchange) {
            (Moment::Day(date, timing), _) => (date, timing),
            (Moment::Instant(instant), Some(exchange)) => exchange.place(instant),
            (Moment::Instant(instant), None) => (instant.date_naive(), Timing::Unknown),
        }
    }

    /// The day as the source wrote it (in the instant's own zone).
    pub fn date(self) -> NaiveDate {
        match self {
            Moment::Day(date, _) => date,
            Moment::Instant(instant) => instant.date_naive(),
        }
    }
}

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Moment::Day(date, _) => date.serialize(serializer),
            Moment::Instant(instant) => serializer.serialize_str(&instant.to_rfc3339()),
        }
    }
}

/// A piece of news about one security.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Key.
    pub id: EventId,
    /// Symbol of the security.
    pub symbol: String,
    /// When the news came.
    pub moment: Moment,
    /// What happened, in a few words; None when not said.
    pub title: Option<String>,
    /// Group the event belongs to; None when there are no groups.
    pub group: Option<String>,
}
