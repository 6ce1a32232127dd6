//! A claim while its sentence is read.

use super::context::Subject;
use super::figure::Figure;
use crate::claim::{Horizon, Inference, NamedPeriod, Qualifier};

/// A claim before its names become symbols.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    pub subject: Subject,
    pub against: Option<Subject>,
    pub figure: Figure,
    pub rise: bool,
    pub qualifier: Qualifier,
    pub horizon: Horizon,
    pub day: Option<NamedPeriod>,
    pub inferred: Vec<Inference>,
    /// Bytes of the figure.
    pub start: usize,
    pub end: usize,
    /// Place of the figure's mark, of the movement's, and whether the period was said.
    pub place: usize,
    pub governor: usize,
    pub said: bool,
    /// Whether it goes on a list with the figure before.
    pub listed: bool,
    /// Whether its period can't be told: it is no claim, but the figures after it may go on from it.
    pub unclear: bool,
}

impl Draft {
    /// Whether the sentence itself gave it a period, not one carried over.
    pub(super) fn has_own_period(&self) -> bool {
        self.said && !self.inferred.contains(&Inference::HorizonFromContext)
    }

    /// Whether it has a period at all.
    pub(super) fn has_period(&self) -> bool {
        self.said || self.inferred.contains(&Inference::HorizonFromContext)
    }

    /// Whether it is a signed figure beside a name, which has no period but the day's.
    pub(super) fn is_quote(&self) -> bool {
        self.figure.sign.is_some() && self.horizon == Horizon::Session && self.governor == self.place
    }

    /// Gives it a period found elsewhere.
    pub(super) fn set_period(&mut self, horizon: Horizon, inference: Option<Inference>) {
        self.horizon = horizon;
        self.day = None;
        self.said = true;
        self.inferred.retain(|inferred| !matches!(inferred, Inference::HorizonUnsaid | Inference::HorizonFromContext));
        self.inferred.extend(inference);
        self.inferred.sort_unstable();
    }
}
