//! What an article states about a price: [`Claim`], its [`StatedPercent`] with the printed precision, its [`Qualifier`] and its
//! [`Horizon`].

pub mod extract;
pub mod horizon;
pub mod percent;
pub mod period;

use std::fmt;

use chrono::{DateTime, FixedOffset, NaiveDate};
use serde::{Serialize, Serializer};

pub use horizon::{Horizon, Stretch};
pub use percent::{CoveredSet, Qualifier, StatedPercent};
pub use period::NamedPeriod;

/// The security that an article speaks of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A security by its symbol.
    Symbol(String),
    /// A name that no table of names holds, as printed: it is reported, never guessed.
    Unknown(String),
    /// "The stock", of which nothing says which.
    Unsaid,
}

impl Subject {
    /// Its symbol; None when the article's words don't lead to one.
    pub fn symbol(&self) -> Option<&str> {
        match self {
            Subject::Symbol(symbol) => Some(symbol),
            Subject::Unknown(_) | Subject::Unsaid => None,
        }
    }

    /// The name as printed, when no table of names holds it; None otherwise.
    pub fn name(&self) -> Option<&str> {
        match self {
            Subject::Unknown(name) => Some(name),
            Subject::Symbol(_) | Subject::Unsaid => None,
        }
    }

    /// What it is called in tables: its symbol, the name as printed, or "unnamed".
    pub fn label(&self) -> &str {
        match self {
            Subject::Symbol(name) | Subject::Unknown(name) => name,
            Subject::Unsaid => "unnamed",
        }
    }
}

/// What of a claim isn't said in so many words, and was taken from elsewhere: the reason to trust it less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Inference {
    /// "The stock", "it": the security is the nearest one before.
    SecurityFromContext,
    /// The security is that of an earlier paragraph or of the headline.
    SecurityFromEarlierParagraph,
    /// No period is said: the day's move is meant.
    HorizonUnsaid,
    /// The period is that of an earlier figure: "over the same period".
    HorizonFromContext,
    /// The direction is that of the figure before: "the Dow fell 1 %, the S&P 500 2 %".
    DirectionFromContext,
    /// The benchmark of a gap is that named elsewhere: "beat the index by 3 points".
    BenchmarkFromContext,
    /// Words that stand for a size: "halved", "a third".
    SizeInWords,
    /// "Five days" are read as five sessions.
    DaysAsSessions,
}

impl Inference {
    /// Whether another reading of the text would measure something else: another security or period.
    pub fn changes_what_is_measured(self) -> bool {
        !matches!(self, Inference::SizeInWords | Inference::DaysAsSessions | Inference::DirectionFromContext)
    }

    /// The reason in a few words.
    pub fn words(self) -> &'static str {
        match self {
            Inference::SecurityFromContext => "security taken from the words before",
            Inference::SecurityFromEarlierParagraph => "security taken from an earlier paragraph",
            Inference::HorizonUnsaid => "no period said: the day's move",
            Inference::HorizonFromContext => "period taken from an earlier figure",
            Inference::DirectionFromContext => "direction taken from the figure before",
            Inference::BenchmarkFromContext => "benchmark inferred",
            Inference::SizeInWords => "size given in words",
            Inference::DaysAsSessions => "days read as sessions",
        }
    }
}

/// One stated figure: *this security moved by that much over that horizon*.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Key of the claim in its article.
    pub id: String,
    /// The security that moved.
    pub subject: Subject,
    /// Over which period.
    pub horizon: Horizon,
    /// The figure as printed, signed; percentage points when it is a gap.
    pub stated: StatedPercent,
    /// What the words around the figure allow.
    pub qualifier: Qualifier,
    /// Symbol of the benchmark when the figure is a gap to it: the security's return less the benchmark's. None for a move.
    pub against: Option<String>,
    /// Where it stands in the text (byte offsets), when it was read from one.
    pub span: Option<(usize, usize)>,
    /// The session to whose close the figure refers, when the article says so itself: "on Friday". A day.
    pub as_of: Option<NamedPeriod>,
    /// What isn't said in so many words; empty when everything is, or when the figures come from a file.
    pub inferred: Vec<Inference>,
}

impl Claim {
    /// Whether the figure is a quote: a one-session move printed to at least two decimals, fine enough to tell sessions apart.
    pub fn is_quote(&self) -> bool {
        self.horizon == Horizon::Session && self.against.is_none() && self.stated.decimals() >= 2 && self.qualifier == Qualifier::None
    }
}

/// When an article was published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Published {
    /// A date without a time: the close of that day is taken as known.
    Day(NaiveDate),
    /// An instant.
    Instant(DateTime<FixedOffset>),
}

impl fmt::Display for Published {
    /// `2022-09-05`, or `2022-09-05T09:00:00+02:00`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Published::Day(day) => write!(formatter, "{day}"),
            Published::Instant(instant) => formatter.write_str(&instant.to_rfc3339()),
        }
    }
}

impl Serialize for Published {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// An article's figures as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// What the article is called in reports; never its sentences.
    pub title: String,
    /// Who published it, or where; None when not said.
    pub source: Option<String>,
    /// When, or None when not known: then the as-of session is found from the quotes.
    pub published: Option<Published>,
    /// Its text, when it was read from one; the claims' spans are byte offsets in it.
    pub text: Option<String>,
    /// Its figures, in the order of the text.
    pub claims: Vec<Claim>,
}
