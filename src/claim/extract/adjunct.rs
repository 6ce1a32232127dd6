//! The periods that stand beside a movement: after its figure, before it, and those that are another's: of a record ("the worst day since
//! March"), of a noun ("the previous quarter's publication"), of a circumstance ("after last week's results").

use super::date::period_at;
use super::grammar::Reader;
use super::lexicon::{Form, Role, WordClass};
use super::mark::What;
use super::period::Period;
use super::scene::{after, before, is_light, is_preposition};
use crate::claim::{Horizon, NamedPeriod};

impl Reader<'_> {
    /// Takes the periods after the mark at `last`; those up to a name at `past_name` belong to the move too.
    pub(super) fn period_after(&self, last: usize, past_name: usize, in_brackets: bool, read: &mut Period) {
        let mut at = last;
        let mut steps = 0;
        let mut level = false;
        while steps < 14 {
            at += 1;
            steps += 1;
            let Some(what) = self.what(at) else { return };
            if at <= past_name && past_name > last {
                if matches!(what, What::Horizon(..) | What::Day(_)) && !self.is_of_a_record(at) {
                    read.take(at, what);
                }
                continue;
            }
            match what {
                What::Horizon(..) | What::Day(_) => {
                    if self.is_of_a_record(at) {
                        continue;
                    }
                    // A second period belongs to what follows; "fell 3 % on Friday for its worst week": the day is the move's.
                    let longer = matches!(what, What::Horizon(horizon, _) if !matches!(horizon, Some(Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours)));
                    if matches!(what, What::Horizon(..)) && (read.horizon.is_some() || longer && read.day.is_some() && at > past_name) {
                        return;
                    }
                    read.take(at, what);
                }
                // "in a dismal September", "for the first quarter as a whole".
                What::Period(period) if read.is_empty() && !in_brackets => {
                    let led = (last + 1..at).any(|before| matches!(self.what(before), Some(What::Role(Role::For | Role::Of))));
                    let stays =
                        (last + 1..at).all(|before| !matches!(self.what(before), Some(What::Unknown { .. } | What::Security { .. })));
                    if led && stays {
                        read.horizon = Some(Horizon::During(period));
                        read.used.push(at);
                    }
                }
                What::Period(_) => {}
                What::Role(Role::Filler | Role::Value | Role::Of | Role::By | Role::Respectively | Role::Record)
                | What::Quote
                | What::Number
                | What::QualifierAfter(_) => {}
                // "in Thursday's after-hours session".
                What::Possessive if matches!(self.what(at - 1), Some(What::Day(_))) => {}
                // "the 9 % gain that they had notched up since January".
                What::Role(Role::Relative) if at == last + 1 => {}
                What::Role(Role::Pronoun) | What::Move { form: Form::Verb, .. }
                    if self.what(last + 1) == Some(What::Role(Role::Relative)) => {}
                // "wiped off Apple's share price this year".
                What::Possessive | What::Role(Role::Share) if past_name > last && at <= past_name + 3 => {}
                What::Role(Role::To | Role::From) => level = true,
                What::Role(Role::Preposition | Role::For | Role::Market | Role::Place | Role::Group) if !in_brackets => {}
                What::Word if !in_brackets => {}
                What::Unknown { .. } | What::Security { .. }
                    if !in_brackets
                        && at.checked_sub(1).is_some_and(|earlier| {
                            before(self.scene.marks, at).is_some_and(|preposition| self.what(preposition).is_some_and(is_preposition))
                                || self.what(earlier) == Some(What::Word)
                        }) => {}
                What::Comma | What::Dash => {
                    // "fell 5 %, on Friday", "down 5 %, or 3 points, on Friday".
                    let next = after(self.scene.marks, at);
                    let is_period = matches!(next.and_then(|next| self.what(next)), Some(What::Horizon(..) | What::Day(_)));
                    // "8.9 %, by the close 9.5 %": the next figure's.
                    let past = next.and_then(|next| after(self.scene.marks, next)).and_then(|past| self.what(past));
                    // "7 % and 11 %, respectively, over the past month".
                    if next.and_then(|next| self.what(next)) == Some(What::Role(Role::Respectively)) {
                        continue;
                    }
                    // "or 27.1 %, to $74.24 on Aug. 5".
                    if !in_brackets && next.and_then(|next| self.what(next)) == Some(What::Role(Role::To)) {
                        continue;
                    }
                    if !is_period
                        || in_brackets
                        || matches!(
                            past,
                            Some(
                                What::Figure(_)
                                    | What::Qualifier(_)
                                    | What::Security { .. }
                                    | What::Role(Role::Share | Role::Index | Role::Pronoun)
                                    | What::Move { .. }
                            )
                        )
                    {
                        return;
                    }
                }
                What::Open if !in_brackets => {
                    // "fell 5 % (on the week)".
                    let next = after(self.scene.marks, at).and_then(|next| self.what(next));
                    if !matches!(next, Some(What::Horizon(..) | What::Day(_))) {
                        return;
                    }
                }
                What::Qualifier(_) if level || at == last + 1 => {}
                _ => return,
            }
        }
    }

    /// Takes the periods before the mark at `first`, but for those of other figures (`consumed`).
    pub(super) fn period_before(&self, first: usize, consumed: &[usize], read: &mut Period) {
        let mut at = first;
        while let Some(earlier) = at.checked_sub(1) {
            at = earlier;
            let Some(what) = self.what(at) else { return };
            match what {
                What::Horizon(..) | What::Day(_) => {
                    let adjacent = self.scene.marks.get(at + 1..first).is_some_and(|between| {
                        between.iter().all(|mark| is_light(mark.what) || matches!(mark.what, What::Possessive | What::Qualifier(_)))
                    });
                    let within_the_day = matches!(what, What::Horizon(Some(Horizon::Intraday | Horizon::ExtendedHours), _));
                    // "rebounded from Monday's rout: the index regained 1 %".
                    let led_from = before(self.scene.marks, at).and_then(|place| self.what(place)) == Some(What::Role(Role::From));
                    if led_from
                        || self.belongs_to_a_noun(at)
                        || consumed.contains(&at)
                        || self.is_of_a_record(at)
                        || (!adjacent && !within_the_day && self.is_a_circumstance(at))
                    {
                        continue;
                    }
                    if let (What::Horizon(..), Some(_)) = (what, read.horizon) {
                        return;
                    }
                    // "Since then it has recovered, and on Tuesday it rose 1 %": the nearer holds.
                    if matches!(what, What::Horizon(Some(horizon), _) if !matches!(horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours))
                        && read.day.is_some()
                    {
                        return;
                    }
                    read.take(at, what);
                }
                // The figure of another claim ends the search; a quote or a level doesn't.
                What::Figure(figure) if figure.sign.is_none() && self.drafts.iter().any(|draft| draft.place == at) => return,
                // "look at 2022, when the S&P 500 fell 19 %".
                What::Comma | What::Role(Role::Compare) if read.is_empty() && self.named_before_clause(at).is_some() => {
                    read.horizon = self.named_before_clause(at).map(Horizon::During);
                    return;
                }
                What::Break { colon: false } | What::Role(Role::Compare) => return,
                What::Close => at = self.scene.opening(at),
                // "Renault, suspended at the open, fell 5 %".
                What::Comma
                    if (at + 1..first + 1)
                        .all(|between| between == first || self.what(between).is_some_and(|what| is_light(what) || what == What::Word)) =>
                {
                    if let Some(name) = self.scene.apposition(at) {
                        at = name;
                    }
                }
                _ => {}
            }
        }
    }

    /// "the worst day since March": the period says how rare, not how long.
    pub(super) fn is_of_a_record(&self, at: usize) -> bool {
        if matches!(
            self.what(at),
            Some(What::Day(_) | What::Horizon(Some(Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours), _))
        ) {
            return false;
        }
        let holds = matches!(
            self.what(at),
            Some(What::Horizon(
                Some(
                    Horizon::WeekToDate
                        | Horizon::MonthToDate
                        | Horizon::QuarterToDate
                        | Horizon::YearToDate
                        | Horizon::LastWeek
                        | Horizon::LastMonth
                        | Horizon::LastQuarter
                        | Horizon::LastYear
                        | Horizon::During(_)
                ),
                _
            ))
        );
        let mut place = at;
        for _ in 0..6 {
            let Some(earlier) = place.checked_sub(1) else { return false };
            place = earlier;
            // "the index's biggest winner this week, surging 15 %": what that winner did.
            let performer =
                self.scene.marks.get(place).is_some_and(|mark| self.scene.view.is(mark.to.saturating_sub(1), WordClass::Performer));
            // "the index's worst stock this year": what that stock did.
            let stock = self.what(place) == Some(What::Role(Role::Share))
                && place.checked_sub(1).and_then(|before| self.what(before)) == Some(What::Role(Role::Record));
            if (performer || stock) && holds {
                return false;
            }
            match self.what(place) {
                Some(What::Role(Role::Record)) => return true,
                Some(
                    What::Role(Role::Filler | Role::Of | Role::For | Role::Index)
                    | What::Word
                    | What::Move { form: Form::Noun, .. }
                    | What::Day(_)
                    | What::Horizon(..)
                    | What::Quote
                    | What::Possessive,
                ) => {}
                _ => return false,
            }
        }
        false
    }

    /// "look at 2022, when the S&P 500 fell", "2023, année où l'action a pris": the period named right before the comma that the clause follows.
    fn named_before_clause(&self, at: usize) -> Option<NamedPeriod> {
        let comma = if self.what(at) == Some(What::Comma) { at } else { at.checked_sub(1)? };
        if self.what(comma) != Some(What::Comma) || !matches!(self.what(comma + 1), Some(What::Role(Role::Because | Role::Compare))) {
            return None;
        }
        let mark = self.scene.marks.get(comma.checked_sub(1)?)?;
        let period = period_at(self.scene.view, mark.from).filter(|_| matches!(mark.what, What::Period(_) | What::Number));
        period.map(|(period, _)| period).filter(|period| !period.is_day())
    }

    /// "la publication du trimestre précédent": the period is the noun's.
    fn belongs_to_a_noun(&self, at: usize) -> bool {
        let of = self
            .scene
            .marks
            .get(at)
            .is_some_and(|mark| matches!(mark.what, What::Horizon(..)) && self.scene.view.role_alone(mark.from) == Some(Role::Of));
        of && matches!(at.checked_sub(1).and_then(|noun| self.what(noun)), Some(What::Word | What::Role(Role::Other | Role::Report)))
    }

    /// "after last week's results": the period isn't the move's.
    fn is_a_circumstance(&self, at: usize) -> bool {
        (0..at).rev().take(6).find_map(|place| match self.what(place) {
            Some(What::Role(Role::Because | Role::Report)) => Some(true),
            Some(What::Comma | What::Move { .. } | What::Figure(_) | What::Break { .. } | What::Security { .. }) => Some(false),
            _ => None,
        }) == Some(true)
    }
}
