//! Whether a move happened, or is only feared, hoped for or denied: "if Apple fell", "analysts expect the stock to".

use super::grammar::Reader;
use super::lexicon::{Role, WordClass};
use super::mark::What;
use super::scene::Scene;
use super::subject::Outcome;

impl Scene<'_> {
    /// What was found, unless it stands in a hypothesis or a forecast: "if Apple fell", "analysts expect the stock to".
    pub(super) fn checked(&self, outcome: Outcome, place: usize) -> Outcome {
        for earlier in (0..place).rev() {
            match self.what(earlier) {
                Some(What::Role(Role::Modal)) if self.concedes(earlier, place) => return outcome,
                Some(What::Role(Role::Modal)) => return Outcome::Blocked,
                Some(
                    What::Comma
                    | What::Break { .. }
                    | What::Figure(_)
                    | What::Role(Role::And | Role::Report | Role::Compare | Role::Because)
                    | What::Close
                    | What::Dash,
                ) => break,
                _ => {}
            }
        }
        outcome
    }

    /// Whether "if" at `at` only concedes what has happened: "Si le titre a ouvert en hausse, il a fini en baisse".
    fn concedes(&self, at: usize, subject: usize) -> bool {
        let is_if = self.marks.get(at).is_some_and(|mark| self.view.is(mark.from, WordClass::If) && mark.to == mark.from + 1);
        let others = self.marks.iter().enumerate().any(|(place, mark)| place != at && mark.what == What::Role(Role::Modal));
        let perfect = self.marks.get(subject + 1..).is_some_and(|rest| {
            rest.iter().take(4).take_while(|mark| !matches!(mark.what, What::Move { .. })).any(|mark| {
                mark.what == What::Role(Role::Filler) && (mark.from..mark.to).any(|word| self.view.is(word, WordClass::Auxiliary))
            })
        });
        is_if && !others && perfect
    }
}

impl Reader<'_> {
    /// Whether a forecast or a denial stands before a verb in its clause.
    pub(super) fn is_doubted(&self, at: usize) -> bool {
        (0..at)
            .rev()
            .take_while(|place| !matches!(self.what(*place), Some(What::Break { .. } | What::Comma | What::Figure(_))))
            .any(|place| matches!(self.what(place), Some(What::Role(Role::Modal | Role::Negation))))
    }
}
