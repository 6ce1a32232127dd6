//! Figures that are no move, whatever moved: a level ("slipped below 50 %"), a share of something ("5 % of voters"), a range ("2 to 3 %"),
//! a rate ("11 % a year").

use super::direction::Governor;
use super::figure::{Figure, FigureKind};
use super::grammar::Reader;
use super::lexicon::{Form, Role, WordClass};
use super::mark::What;
use super::scene::{after, before, is_light};

impl Reader<'_> {
    /// Whether the figure is a share of something or a level, whatever moved: "5 % of voters", "3 % market share".
    pub(super) fn is_level_or_share(&self, place: usize, figure: Figure, governor: Governor) -> bool {
        let next = after(self.scene.marks, place);
        let what = next.and_then(|next| self.what(next));
        let second = next.and_then(|next| after(self.scene.marks, next)).and_then(|next| self.what(next));
        // "2 % to 3 %", "2-3 %".
        if place > 0
            && matches!(self.what(place - 1), Some(What::Dash))
            && matches!(place.checked_sub(2).and_then(|before| self.what(before)), Some(What::Number))
        {
            return true;
        }
        if self.is_of_a_range(place) {
            return true;
        }
        // "erased 14 % of Nike's market value".
        let verb = match governor {
            Governor::Left { form: Form::Verb, .. } => true,
            Governor::Right { place: right, .. } => matches!(self.what(right), Some(What::Move { form: Form::Verb, .. })),
            _ => false,
        };
        if verb && self.worth_of(place).is_some() {
            return false;
        }
        // "2 % weaker-than-hoped revenue".
        let compound =
            |at: usize| self.scene.marks.get(at).is_some_and(|mark| self.scene.view.token(mark.to).is_some_and(|next| next.joined));
        if matches!(what, Some(What::Move { .. })) && next.is_some_and(compound) {
            return true;
        }
        // "2.4 % below Musk's offer price": a distance, not a move.
        let level = next.and_then(|next| self.scene.marks.get(next)).is_some_and(|mark| self.scene.view.is(mark.from, WordClass::Level));
        let thing = matches!(
            second,
            Some(
                What::Word
                    | What::Number
                    | What::Security { .. }
                    | What::Unknown { .. }
                    | What::Role(Role::Other | Role::Company | Role::Index)
            )
        );
        // "returned an average of 11 % a year".
        let rate = |at: Option<usize>| at.and_then(|at| self.what(at)) == Some(What::Role(Role::Rate));
        let led =
            (place.saturating_sub(4)..place).rev().take_while(|before| !matches!(self.what(*before), Some(What::Figure(_) | What::Comma)));
        if self.scene.marks.iter().any(|mark| mark.what == What::Role(Role::Usual)) {
            return true;
        }
        if rate(next) || led.into_iter().any(|before| rate(Some(before))) {
            return true;
        }
        if level && matches!(what, Some(What::Move { form: Form::State, .. })) && thing {
            return true;
        }
        // "well short of the 12 % that was hoped for".
        if matches!(governor, Governor::Left { form: Form::State, .. }) && self.scene.follows(place, WordClass::Definite) {
            return true;
        }
        // "sold 4.3 % less beer".
        let counted = matches!(governor, Governor::Right { form: Form::State, .. })
            && next
                .and_then(|next| self.scene.marks.get(next))
                .is_some_and(|mark| self.scene.view.is(mark.to.saturating_sub(1), WordClass::Amount))
            && matches!(second, Some(What::Word | What::Role(Role::Other | Role::Group) | What::Unknown { .. }));
        if counted {
            return true;
        }
        // "delivered 5 % more cars".
        let verb =
            before(self.scene.marks, place).filter(|verb| matches!(self.what(*verb), Some(What::Move { .. })) && self.is_weak(*verb));
        if verb.is_some() && matches!(governor, Governor::Right { form: Form::State, .. }) {
            return true;
        }
        let weak = matches!(governor, Governor::Left { place: verb, .. } if self.is_weak(verb));
        if weak
            && matches!(
                what,
                Some(
                    What::Word
                        | What::Security { .. }
                        | What::Unknown { .. }
                        | What::Role(Role::Other | Role::Of | Role::Share | Role::Group)
                )
            )
        {
            return true;
        }
        // "lopped a third off its target".
        let taken = matches!(what, Some(What::Move { form: Form::State, .. } | What::Role(Role::From)));
        if taken && second == Some(What::Role(Role::Other)) {
            return true;
        }
        // "slipped below 50 %".
        let single = place.checked_sub(1).and_then(|before| self.scene.marks.get(before)).is_some_and(|mark| mark.to == mark.from + 1);
        if matches!(governor, Governor::Left { form: Form::Verb | Form::State, .. })
            && single
            && self.scene.follows(place, WordClass::Level)
        {
            return true;
        }
        match figure.kind {
            FigureKind::Multiple { .. } => {
                return matches!(
                    what,
                    Some(What::Word | What::Role(Role::Other) | What::Unknown { .. } | What::Security { .. } | What::Number)
                ) || matches!((what, second), (Some(What::Role(Role::Of)), Some(What::Word | What::Role(Role::Other))));
            }
            // "A third was wiped off Apple's share price."
            FigureKind::Part if matches!(governor, Governor::Right { form: Form::State, .. }) && self.taken_off(place).is_some() => {
                return false;
            }
            FigureKind::Part => {
                let touching = matches!(governor, Governor::Left { place: left, .. } if self.scene.marks.get(left + 1..place).is_some_and(|between| between.iter().all(|mark| is_light(mark.what) || matches!(mark.what, What::Qualifier(_) | What::Role(Role::By | Role::Of) | What::Day(_) | What::Horizon(..)))));
                let of_value = matches!((what, second), (Some(What::Role(Role::Of)), Some(What::Role(Role::Value))));
                let free = !matches!(
                    what,
                    Some(
                        What::Word
                            | What::Role(Role::Other | Role::Of | Role::Share)
                            | What::Unknown { .. }
                            | What::Number
                            | What::Security { .. }
                    )
                );
                // "un quart de moins qu'à son plus haut".
                let touching = touching || matches!(governor, Governor::Right { form: Form::State, .. });
                return !touching || !(of_value || free);
            }
            FigureKind::Printed => {}
        }
        if what == Some(What::Role(Role::Other)) && !matches!(governor, Governor::Right { .. }) {
            return true;
        }
        // "A further 10 % drop would".
        let noun = match governor {
            Governor::Right { place: at, form: Form::Noun, .. } => after(self.scene.marks, at),
            Governor::Left { form: Form::Noun, .. } => next,
            _ => None,
        };
        if noun.and_then(|next| self.what(next)) == Some(What::Role(Role::Modal)) {
            return true;
        }
        let verb = matches!(governor, Governor::Left { form: Form::Verb, .. });
        match (what, second) {
            // "20 % of the rise in the index".
            (Some(What::Role(Role::Of)), Some(What::Move { .. }))
                if next.is_some_and(|of| self.scene.marks.get(of + 1).is_some_and(|mark| mark.article)) =>
            {
                true
            }
            // "3 % de baisse", "5 % of its value".
            (Some(What::Role(Role::Of)), Some(What::Role(Role::Value | Role::Gap { .. }) | What::Move { .. })) => false,
            // "shed 13 % of Apple shares" is a sale; "a drop of 3 % of the S&P 500" a move.
            (Some(What::Role(Role::Of)), Some(What::Role(Role::Share | Role::Index | Role::Company) | What::Security { .. })) => verb,
            // "recule de 10 % si l'offre échoue".
            (Some(What::Role(Role::Modal)), _) => true,
            // "added 3 % to its workforce", "rend 5 % à ses actionnaires".
            (Some(What::Role(Role::To)), Some(What::Role(Role::Other | Role::Market | Role::Company))) => true,
            // "une hausse de 3 % de son Ebitdaal".
            (Some(What::Role(Role::Of)), Some(What::Unknown { .. }))
                if next
                    .and_then(|of| after(self.scene.marks, of))
                    .is_some_and(|thing| self.scene.follows(thing, WordClass::Possessive)) =>
            {
                true
            }
            (Some(What::Role(Role::Of)), Some(What::Unknown { .. })) => !matches!(governor, Governor::Left { form: Form::Noun, .. }),
            (Some(What::Role(Role::Of)), Some(_)) => true,
            _ => false,
        }
    }

    /// "between 2 % and 3 %", "2 to 3 %": no single figure is stated.
    fn is_of_a_range(&self, place: usize) -> bool {
        let is_number = |at: Option<usize>| matches!(at.and_then(|at| self.what(at)), Some(What::Figure(_) | What::Number));
        let joint = |at: Option<usize>| {
            let at = at?;
            match self.what(at)? {
                What::Role(Role::To) | What::Dash => Some(true),
                What::Role(Role::And) => Some(false),
                _ => None,
            }
        };
        let between = |at: Option<usize>| {
            at.and_then(|at| self.scene.marks.get(at)).is_some_and(|mark| self.scene.view.is(mark.to.saturating_sub(1), WordClass::Between))
        };
        let (left, right) = (before(self.scene.marks, place), after(self.scene.marks, place));
        let past_left = left.and_then(|left| before(self.scene.marks, left));
        let past_right = right.and_then(|right| after(self.scene.marks, right));
        match (joint(left), joint(right)) {
            // "from 2 % to 3 %", but "gave up a gain of 2 % to close 0.3 % lower".
            (Some(true), _) if is_number(past_left) && left.is_some_and(|to| to + 1 == place) => true,
            (_, Some(true))
                if matches!(past_right.and_then(|at| self.what(at)), Some(What::Figure(_)))
                    && right.zip(past_right).is_some_and(|(to, next)| to + 1 == next) =>
            {
                true
            }
            (Some(false), _) if is_number(past_left) => between(past_left.and_then(|at| before(self.scene.marks, at))),
            (_, Some(false)) if is_number(past_right) => between(left),
            _ => false,
        }
    }
}
