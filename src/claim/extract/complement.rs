//! Who moved, to the right of a figure or a noun: "a drop of 3 % in Apple's shares", "pour le CAC 40".

use super::lexicon::Role;
use super::mark::What;
use super::scene::{Scene, after};
use super::subject::Outcome;

impl Scene<'_> {
    /// What a preposition after the figure or noun at `at` leads to: "in Apple's shares", "for the S&P 500", "du CAC 40". The place after.
    pub fn rightwards(&self, at: usize) -> (Outcome, usize) {
        let mut place = at + 1;
        while let Some(what) = self.what(place) {
            match what {
                What::Role(Role::Filler | Role::Value) | What::Quote | What::Day(_) | What::Horizon(..) | What::QualifierAfter(_) => {
                    place += 1
                }
                _ => break,
            }
        }
        if !matches!(self.what(place), Some(What::Role(Role::For | Role::Of | Role::By))) {
            return (Outcome::Nothing, at);
        }
        let weak = self.what(place) != Some(What::Role(Role::Of));
        let Some(mut name) = after(self.marks, place) else { return (Outcome::Nothing, at) };
        for _ in 0..3 {
            // "in chipmaker Nvidia", "for the broader S&P 500", "de l'indice vedette CAC 40".
            let further = after(self.marks, name).filter(|next| {
                matches!(
                    self.what(name),
                    Some(What::Word | What::Possessive | What::Role(Role::Company | Role::Index | Role::Group | Role::Place))
                ) && matches!(
                    self.what(*next),
                    Some(
                        What::Security { .. }
                            | What::Role(Role::Share | Role::Index)
                            | What::Word
                            | What::Possessive
                            | What::Unknown { .. }
                    )
                )
            });
            match further {
                Some(next) => name = next,
                None => break,
            }
        }
        // "in Apple's shares".
        if matches!(self.what(name), Some(What::Security { .. } | What::Unknown { .. } | What::Role(Role::Company))) {
            let mut next = name + 1;
            let possessive = self.what(next) == Some(What::Possessive);
            if possessive {
                next += 1;
            }
            match self.what(next) {
                Some(What::Role(Role::Share)) => return (self.meaning(next), next),
                Some(What::Role(Role::Other)) => return (Outcome::Blocked, next),
                Some(What::Word) if possessive => return (Outcome::Blocked, next),
                _ => {}
            }
        }
        match self.what(name) {
            // "lower in Zurich": a town, unless "shares" follows.
            Some(What::Security { ambiguous: true, .. }) if weak && !self.is_index(name) && self.is_town(place) => (Outcome::Nothing, at),
            Some(What::Security { .. } | What::Role(Role::Share | Role::Index)) => (self.meaning(name), name),
            Some(What::Unknown { .. }) if self.is_credible(name) => (self.meaning(name), name),
            Some(What::Role(Role::Other)) => (Outcome::Blocked, name),
            Some(What::Word) if !weak => (Outcome::Blocked, name),
            // "a 5 % rise in quarterly revenue".
            Some(What::Word) if matches!(after(self.marks, name).and_then(|next| self.what(next)), Some(What::Role(Role::Other))) => {
                (Outcome::Blocked, name)
            }
            _ => (Outcome::Nothing, at),
        }
    }
}
