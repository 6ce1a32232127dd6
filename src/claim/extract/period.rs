//! Over which period a figure's move went: between the movement and the figure, after it, before the movement.

use super::direction::Governor;
use super::grammar::Reader;
use super::lexicon::{Form, Role, WordClass};
use super::mark::What;
use super::scene::{is_light, is_preposition};
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
