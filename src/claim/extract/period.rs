//! Over which period a figure's move went: between the movement and the figure, after it, before the movement.

use super::date::period_at;
use super::direction::Governor;
use super::grammar::Reader;
use super::lexicon::{Form, Role, WordClass};
use super::mark::What;
use super::scene::{after, before, is_light, is_preposition};
use crate::claim::{Horizon, NamedPeriod};

/// A period read.
#[derive(Debug, Default)]
pub(super) struct Period {
    pub(super) horizon: Option<Horizon>,
    pub(super) day: Option<NamedPeriod>,
    pub(super) days_as_sessions: bool,
    /// Whether the words for it can't be told.
    pub(super) unclear: bool,
    pub(super) used: Vec<usize>,
}

impl Period {
    pub(super) fn take(&mut self, place: usize, what: What) {
        match what {
            What::Horizon(None, _) => {
                self.unclear |= self.is_empty();
                self.used.push(place);
            }
            What::Horizon(Some(horizon), as_sessions) => {
                let during = matches!(self.horizon, None | Some(Horizon::Session));
                if during {
                    self.horizon = Some(horizon);
                    self.days_as_sessions = as_sessions;
                }
                self.used.push(place);
            }
            What::Day(day) => {
                self.day = self.day.or(Some(day));
                self.used.push(place);
            }
            _ => {}
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.horizon.is_none() && self.day.is_none() && !self.unclear
    }
}

impl Reader<'_> {
    /// The period of a figure: between its movement and itself, after it, before the movement.
    pub(super) fn period(&self, place: usize, governor: Governor, name: Option<usize>, consumed: &[usize]) -> Period {
        let mut read = Period::default();
        let (first, last) = match governor {
            Governor::Left { place: at, .. } | Governor::Right { place: at, .. } => (at.min(place), at.max(place)),
            Governor::Gap { place: at, .. } => (at.min(place), at.max(place).max(name.unwrap_or(0))),
            Governor::Vanished(vanished) => (place, vanished.last),
            Governor::Sign { .. } | Governor::Coordinated { .. } => (place, place),
            Governor::Elliptic { name, .. } => (name.unwrap_or(place).min(place), place),
        };
        if let (Governor::Right { place: at, .. }, Some(What::Horizon(..))) = (governor, self.what(last)) {
            // "31 % below its high".
            self.scene.marks.get(at).into_iter().for_each(|mark| read.take(at, mark.what));
        }
        for at in first + 1..last {
            if !self.is_of_a_record(at) {
                self.scene.marks.get(at).into_iter().for_each(|mark| read.take(at, mark.what));
            }
        }
        if matches!(governor, Governor::Coordinated { .. } | Governor::Elliptic { .. }) {
            // "8.9 % at midday, by the close 9.5 %".
            let near = (0..place).rev().take_while(|at| {
                self.what(*at).is_some_and(|what| {
                    is_light(what)
                        || matches!(
                            what,
                            What::Qualifier(_) | What::Horizon(..) | What::Day(_) | What::Role(Role::By | Role::To) | What::Comma
                        )
                })
            });
            let alone = matches!(governor, Governor::Coordinated { .. }).then(|| self.clause_of_a_period(place)).flatten();
            for at in near.chain(alone) {
                self.scene.marks.get(at).filter(|_| !consumed.contains(&at)).into_iter().for_each(|mark| read.take(at, mark.what));
            }
        }
        let in_brackets = matches!(governor, Governor::Sign { .. })
            && (self.in_brackets(place) || self.named_beside(place).is_some_and(|name| self.is_beside(place, name)));
        let past_name = name.filter(|name| *name > last && *name < last + 6).unwrap_or(last);
        self.period_after(last, past_name, in_brackets, &mut read);
        if in_brackets && read.is_empty() {
            // "avoir reculé en 2024 (-2,2 %)".
            let before_bracket = place.checked_sub(2).filter(|_| self.what(place - 1) == Some(What::Open));
            if let Some(at) =
                before_bracket.filter(|at| matches!(self.what(*at), Some(What::Horizon(Some(_), _))) && !self.is_of_a_record(*at))
            {
                self.scene.marks.get(at).into_iter().for_each(|mark| read.take(at, mark.what));
            }
        }
        if in_brackets && read.is_empty() {
            // "Vendredi, AB InBev a souffert (-3,7 %)", "Vers 9h40, le SMI …, emmené par Swiss Re (+1,2 %)": what opens the sentence holds for it.
            let opening = (0..place).take_while(|at| is_opening(self.what(*at)));
            for at in opening {
                match self.what(at) {
                    Some(What::Day(day)) => read.day = read.day.or(Some(day)),
                    Some(What::Horizon(Some(horizon @ (Horizon::Intraday | Horizon::ExtendedHours)), _))
                        if !self.drafts.iter().any(|draft| draft.horizon == Horizon::Session) =>
                    {
                        read.horizon = Some(horizon);
                    }
                    _ => {}
                }
            }
        }
        if in_brackets && read.is_empty() {
            // "Siemens (+4,6 %) signe la meilleure performance du Dax ce jeudi": the sentence's one day, where all its figures are quotes.
            let quotes = self.scene.marks.iter().all(|mark| !matches!(mark.what, What::Figure(figure) if figure.sign.is_none()));
            let mut days = self.scene.marks.iter().filter_map(|mark| match mark.what {
                What::Day(day) => Some(day),
                _ => None,
            });
            let one = days.next().filter(|_| days.next().is_none());
            let others = self
                .scene
                .marks
                .iter()
                .any(|mark| matches!(mark.what, What::Break { .. } | What::Horizon(..) | What::Role(Role::Because | Role::Report)));
            read.day = one.filter(|_| quotes && !others);
        }
        if in_brackets && read.is_empty() && self.what(place + 1) == Some(What::Close) {
            // "the gap between Nvidia (+149 %) and AMD (-16 %) this year".
            if let Some(What::Horizon(Some(horizon), _)) = self.what(place + 2)
                && !matches!(horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours)
                && !self.is_of_a_record(place + 2)
            {
                read.horizon = Some(horizon);
            }
        }
        if in_brackets && read.is_empty() && self.drafts.is_empty() {
            // "Over six months, Stoxx 600: +4.4 %".
            let opening = (0..place).take(4).find(|at| !is_light_or_preposition(self.what(*at)));
            if let Some(at) = opening
                && let Some(What::Horizon(Some(horizon), _)) = self.what(at)
                && !matches!(horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours)
            {
                read.horizon = Some(horizon);
            }
            // "Moving after hours: Etsy, -8 %".
            let colon = (0..place).find(|at| self.what(*at) == Some(What::Break { colon: true }));
            let said = colon.and_then(|colon| (0..colon).rev().find(|at| matches!(self.what(*at), Some(What::Horizon(..)))));
            if let Some(What::Horizon(horizon, _)) = said.and_then(|at| self.what(at)) {
                read.horizon = horizon;
                read.unclear = horizon.is_none();
            }
        }
        if !in_brackets && (read.horizon.is_none() || read.day.is_none()) && !matches!(governor, Governor::Coordinated { .. }) {
            let mut earlier = Period::default();
            self.period_before(first, consumed, &mut earlier);
            // "le CAC 40, qui perdait 1,1 % en début d'après-midi, a clôturé en hausse de 0,05 %".
            if earlier.horizon == Some(Horizon::Intraday) && self.closes(first) {
                earlier.horizon = None;
            }
            if read.is_empty() {
                read = earlier;
            } else if read.horizon.is_none() {
                if matches!(earlier.horizon, None | Some(Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours)) {
                    read.horizon = earlier.horizon;
                }
            } else if read.day.is_none() {
                read.day = earlier.day;
            }
        }
        // "Vendredi, ... tandis que UCB gagne 2 %": the day that opens the sentence holds for all of it.
        if read.is_empty() && !matches!(governor, Governor::Coordinated { .. }) {
            let opening = (0..first).take_while(|at| is_opening(self.what(*at)));
            read.day = opening.into_iter().find_map(|at| match self.what(at) {
                Some(What::Day(day)) if !self.is_of_a_record(at) => Some(day),
                _ => None,
            });
        }
        if read.is_empty() && matches!(governor, Governor::Left { .. }) {
            read.horizon = self.counted_as(place);
        }
        if read.is_empty() {
            read.horizon = self.span_before_colon(first);
        }
        // "the Dow's November gain was 3.4 %".
        if let (true, Governor::Left { place: noun, form: Form::Noun, .. } | Governor::Right { place: noun, form: Form::Noun, .. }) =
            (read.is_empty(), governor)
        {
            let beside = noun.checked_sub(1).and_then(|before| self.what(before));
            if let Some(What::Period(period)) = beside {
                read.horizon = Some(Horizon::During(period));
            }
        }
        // "Novembre a souri à Vinci : le titre a pris 6 %".
        let colon = (0..first).any(|at| self.what(at) == Some(What::Break { colon: true }));
        if let (true, true, Some(What::Period(period))) = (read.is_empty(), colon, self.what(0)) {
            read.horizon = Some(Horizon::During(period));
        }
        read
    }

    /// "has had an awful 18 months: minus 47 %": the span that the words before the colon speak of.
    fn span_before_colon(&self, from: usize) -> Option<Horizon> {
        let colon = (0..from)
            .rev()
            .take_while(|place| !matches!(self.what(*place), Some(What::Figure(_) | What::Break { colon: false })))
            .find(|place| self.what(*place) == Some(What::Break { colon: true }))?;
        let view = self.scene.view;
        let first = (0..colon).rev().take(12).find(|place| {
            self.what(*place) == Some(What::Number)
                && self.scene.marks.get(*place).is_some_and(|mark| view.lexicon.time_unit(view.word(mark.to)).is_some())
        })?;
        let mark = self.scene.marks.get(first)?;
        let described = (mark.from.saturating_sub(3)..mark.from).any(|word| view.is(word, WordClass::Indefinite));
        let (number, _) = super::figure::number_at(view, mark.from)?;
        let count = number.whole().and_then(|count| u32::try_from(count).ok()).filter(|count| described && (1..=1000).contains(count))?;
        super::role::counted(count, view.lexicon.time_unit(view.word(mark.to))?)
    }

    /// Whether "closed" leads to the movement at `first`.
    fn closes(&self, first: usize) -> bool {
        let verb = first.checked_sub(1).and_then(|verb| self.scene.marks.get(verb));
        verb.is_some_and(|mark| (mark.from..mark.to).any(|word| self.scene.view.is(word, WordClass::Closes)))
    }

    /// "rose 1.1 %, its third weekly gain in a row": the week's.
    fn counted_as(&self, place: usize) -> Option<Horizon> {
        if self.what(place + 1) != Some(What::Comma) {
            return None;
        }
        let at = (place + 2..place + 8).find(|at| {
            !matches!(self.what(*at), Some(What::Role(Role::Filler | Role::Record) | What::Word | What::Number))
                && !matches!(self.what(*at), Some(What::Figure(figure)) if figure.kind == super::figure::FigureKind::Part)
        })?;
        let (horizon, noun) = match (self.what(at)?, self.what(at + 1)?) {
            (What::Horizon(horizon, _), What::Move { form: Form::Noun, .. })
            | (What::Move { form: Form::Noun, .. }, What::Horizon(horizon, _)) => (horizon?, at + 1),
            _ => return None,
        };
        let goes_on = matches!(self.what(noun + 1), Some(What::Role(Role::Of | Role::To) | What::Figure(_)));
        (matches!(horizon, Horizon::WeekToDate | Horizon::MonthToDate | Horizon::QuarterToDate | Horizon::YearToDate) && !goes_on)
            .then_some(horizon)
    }

    /// "the worst day since March": the period says how rare, not how long.
    fn is_of_a_record(&self, at: usize) -> bool {
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

    fn period_before(&self, first: usize, consumed: &[usize], read: &mut Period) {
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

/// What may stand before a sentence's first word of weight: periods, and the words that lead to them.
fn is_opening(what: Option<What>) -> bool {
    what.is_some_and(|what| {
        is_light(what)
            || is_preposition(what)
            || matches!(what, What::Dash | What::Horizon(..) | What::Day(_) | What::Role(Role::Place | Role::Market))
    })
}

fn is_light_or_preposition(what: Option<What>) -> bool {
    what.is_some_and(|what| is_light(what) || is_preposition(what) || what == What::Dash)
}
