//! What words mean to the grammar, whatever their language: roles of phrases, units, periods with open places, classes of single words.

use crate::claim::{Horizon, Qualifier};

/// What a phrase does in a sentence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Role {
    /// "fell", "a drop", "down".
    Move { rise: bool, form: Form },
    /// "doubled", "halved": a move with its size, in percent.
    Multiple(i64),
    /// "a third": a size in percent when a move governs it.
    Part(i64),
    /// "more than", before the figure.
    Qualifier(Qualifier),
    /// "or more", after it.
    QualifierAfter(Qualifier),
    /// "%", "basis points".
    Unit(Unit),
    /// "over the past month", "since {period}".
    Horizon(HorizonForm),
    /// What isn't a price: "revenue", "inflation".
    Other,
    /// "could", "forecast".
    Modal,
    /// "not".
    Negation,
    /// "compared with", "while".
    Compare,
    /// "outperformed", "lagged".
    Gap { ahead: bool },
    /// "the maker of the iPhone": what stands for a security instead of its name, by its place among the lexicon's epithets.
    Epithet(u16),
    /// "shares", "the stock".
    Share,
    /// "the index".
    Index,
    /// "it".
    Pronoun,
    /// "the former", of two named before.
    Former,
    /// "the latter".
    Latter,
    /// "the company", "the chipmaker".
    Company,
    /// "which", "whose".
    Relative,
    /// "said": what follows has its own subject.
    Report,
    /// "the worst day": its period isn't the move's.
    Record,
    /// "as measured by": what follows says the same more exactly.
    Measure,
    /// "a year", "annually": so much each year, on average.
    Rate,
    /// "on average", "typically": no single move.
    Usual,
    /// "respectively".
    Respectively,
    /// "over the same period".
    SamePeriod,
    /// "since then": since the day named before.
    SinceThen,
    /// "has since fallen": since what has just been spoken of, named or not.
    HasSince,
    /// "and", "or".
    And,
    /// "to" a level.
    To,
    /// "from" a level.
    From,
    /// "of".
    Of,
    /// "by".
    By,
    /// "for", "in": what they lead to may be what moved.
    For,
    /// "with": what follows may be the subject of a participle.
    With,
    /// "European", "tech": before "shares", a group of them.
    Group,
    /// "New York", "Asia": no company.
    Place,
    /// "investors", "Wall Street": the text speaks of markets.
    Market,
    /// Other prepositions: what they lead to isn't the subject.
    Preposition,
    /// "after", "amid": a circumstance with words of its own.
    Because,
    /// "all three", "the pair": so many of the securities named before; 0 where no number is said.
    Several(u8),
    /// "its value".
    Value,
    /// Articles, auxiliary verbs, adverbs: nothing of their own.
    Filler,
}

/// How a word of movement stands in the sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// "fell", "falling".
    Verb,
    /// "a fall".
    Noun,
    /// "down", "lower".
    State,
}

/// The unit of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Percent,
    PercentagePoint,
    BasisPoint,
    /// "points" alone: of an index, or of a gap.
    Point,
}

/// A horizon with its open places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum HorizonForm {
    Fixed(Horizon),
    /// `{n} {unit}`.
    Count,
    /// `since {period}`.
    Since,
    /// `{n}` alone: the unit is that of the period before.
    CountAgain,
    /// `{period}`.
    During,
    /// "in the second": a quarter or half of the year spoken of before, by its number.
    Again(u32),
    /// `from {period} to {period}`.
    Between,
    /// A period that can't be told: what moved over it is left alone.
    Unclear,
    /// `from-high-in {period}`.
    HighIn,
    LowIn,
}

/// Units of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TimeUnit {
    Day,
    Session,
    Week,
    Month,
    Quarter,
    Year,
    Decade,
    /// Two weeks.
    Fortnight,
}

/// Single words that the grammar itself asks for, whatever else they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WordClass {
    /// "the".
    Definite,
    /// "a": what follows isn't known yet.
    Indefinite,
    /// "its".
    Possessive,
    /// "this", "of": between a date's parts, or before a noun as an article is.
    Demonstrative,
    /// "between" two figures.
    Between,
    /// "morning", after a named day.
    PartOfDay,
    /// "in" a town.
    Town,
    /// "below": after a verb of movement it leads to a level, "slipped below 50 %".
    Level,
    /// "increase": a noun of movement that is said of anything.
    Vague,
    /// "a.m.", "GMT": after a number, a time of day.
    Clock,
    /// "point" in "one point two".
    DecimalWord,
    /// "lifted": what follows is what moved.
    Causative,
    /// "fait" before an infinitive: what the infinitive acts on is what moved, "a fait bondir le titre".
    Makes,
    /// "Director", before a person's name.
    Title,
    /// "downgraded": who does so isn't what the text is about.
    Rates,
    /// "objectif", "recommandation": what a broker changes.
    Rating,
    /// "veille": not the day that the sentence speaks of.
    AnotherDay,
    /// "que": "plus que doublé", but "plus que 12 %" is "only 12 %".
    Than,
    /// "si", which before a perfect only concedes.
    If,
    /// "a": with a participle, what has happened.
    Auxiliary,
    /// "having": what follows came before.
    Perfect,
    /// "hammered": what follows moved, and nothing else can have.
    Transitive,
    /// "winner", "laggard": who moved, so that "this week" after it is the move's period.
    Performer,
    /// "that", "those" before "of": the share or the figure spoken of, another's.
    TheOne,
    /// "value", "capitalisation": what a share is worth.
    Worth,
    /// "vanished", "up in smoke": said of worth, a fall.
    Vanish,
    /// "clôturé", "fini": the move it leads to is the day's, not that of an hour before.
    Closes,
    /// "séance", "s'adjuge": said of what is traded on an exchange alone.
    Exchange,
    /// "fonds", "ETF": the names after it are one fund's.
    Fund,
    /// "Spanish"; told from the nationalities.
    National,
    /// "managed": a rise only when nothing else follows the figure.
    Weak,
    /// "owner", "maker": with a brand, the company that has it.
    Owner,
    /// "rival": with "its" before it, a company that isn't the one spoken of.
    Relation,
    /// "has since fallen": "since" as an adverb follows what it is of; "peaked", "bottomed": what since is measured from.
    Peak,
    Trough,
    /// "less": before what it counts, "4 % less beer".
    Amount,
    /// In every phrase for shares and markets there is one; told from the phrases.
    OfMarkets,
    /// In every phrase for a size, a unit, an epithet, "the former" there is one; told from the phrases.
    Notable,
    /// What a number in words begins with; told from the numerals.
    Numeral,
    /// What a day or a period may begin with: a month, a weekday, "yesterday", "first" of "first quarter"; told from those lists.
    Dated,
}

impl WordClass {
    /// The bit that stands for it among a word's classes.
    pub const fn bit(self) -> u64 {
        1 << self as u64
    }
}

/// A part of a year by its number, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PartOfYear {
    Quarter(u32),
    Half(u32),
}
