//! What an article states about a price: [`Claim`], its [`StatedPercent`] with the printed precision, its [`Qualifier`] and its
//! [`Horizon`].

pub mod horizon;
pub mod percent;

use chrono::{DateTime, FixedOffset, NaiveDate};

pub use horizon::Horizon;
pub use percent::{CoveredSet, Qualifier, StatedPercent};

/// One stated figure: *this security moved by that much over that horizon*.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// Key of the claim in its article.
    pub id: String,
    /// Symbol of the security that moved.
    pub symbol: String,
    /// Over which period.
    pub horizon: Horizon,
    /// The figure as printed, signed.
    pub stated: StatedPercent,
    /// What the words around the figure allow.
    pub qualifier: Qualifier,
    /// Where it stands in the text (byte offsets), when it was read from one.
    pub span: Option<(usize, usize)>,
    /// The session to whose close the figure refers, when the article says so itself.
    pub as_of: Option<NaiveDate>,
}

impl Claim {
    /// Whether the figure is a quote: a one-session move printed to at least two decimals, fine enough to tell sessions apart.
    pub fn is_quote(&self) -> bool {
        self.horizon == Horizon::Session && self.stated.decimals() >= 2 && self.qualifier == Qualifier::None
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

/// An article's figures as data.
#[derive(Debug, Clone, PartialEq)]
pub struct Article {
    /// What the article is called in reports; never its sentences.
    pub title: String,
    /// Who published it, or where; None when not said.
    pub source: Option<String>,
    /// When, or None when not known: then the as-of session is found from the quotes.
    pub published: Option<Published>,
    /// Its figures, in the order of the text.
    pub claims: Vec<Claim>,
}
