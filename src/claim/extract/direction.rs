//! What gives a figure its direction: a word of movement before it or right after it, its own sign beside a name, or the figure before it in a
//! list.

use super::figure::{Figure, FigureKind};
use super::grammar::Reader;
use super::lexicon::{Form, Role, WordClass};
use super::mark::What;
use super::scene::{before, is_light};
use super::vanish::Vanished;
use crate::claim::{Horizon, Qualifier};

/// What gives a figure its direction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Governor {
    /// A word of movement before the figure.
    Left { place: usize, rise: bool, form: Form },
    /// After it: "a 5 % drop".
    Right { place: usize, rise: bool, form: Form },
    /// Its own sign, beside a name: "(+2.3 %)".
    Sign { rise: bool },
    /// The figure before, in a list: "2 % and 3 %".
    Coordinated { draft: usize },
    /// The figure before, with another name: "the Nasdaq 2 %".
    Elliptic { name: Option<usize>, rise: bool },
    /// "a fifth of its value vanished".
    Vanished(Vanished),
    /// "outperformed … by".
    Gap { place: usize, ahead: bool },
}

/// What stands to the left of a figure.
enum Left {
    Move {
        place: usize,
        touching: bool,
        rise: bool,
        form: Form,
    },
    /// Another figure, in a list.
    Figure(usize),
    /// A name: the movement is said elsewhere.
    Name(usize),
    Compare,
    Blocked,
    Nothing,
}

impl Reader<'_> {
    /// What gives the figure its direction; None when nothing does: it is no move.
    pub(super) fn governor(&self, place: usize, figure: Figure) -> Option<Governor> {
        let at_once = figure.sign.and_then(|rise| self.named_beside(place).filter(|name| self.is_beside(place, *name)).map(|_| rise));
        if let Some(rise) = at_once {
            return Some(Governor::Sign { rise });
        }
        if let Some(gap) = self.gap(place, figure) {
            return Some(gap);
        }
        if let Some(vanished) = self.vanished(place, figure) {
            return Some(Governor::Vanished(vanished));
        }
        if let Some(right) = self.worth_gone(place) {
            return Some(Governor::Right { place: right, rise: false, form: Form::Noun });
        }
        if let FigureKind::Multiple { rise } = figure.kind {
            return Some(Governor::Left { place, rise, form: Form::Verb });
        }
        let beside = || self.named_beside(place).filter(|name| self.is_beside(place, *name) || self.in_brackets(place));
        let quoted = figure.sign.and_then(|rise| beside().map(|_| Governor::Sign { rise }));
        if quoted.is_some() {
            return quoted;
        }
        // "Les trois indices ont reculé : -0,4 % pour le Dow Jones".
        let led = super::scene::after(self.scene.marks, place).is_some_and(|led| self.what(led) == Some(What::Role(Role::For)));
        let right = self.right_move(place);
        let left = self.left_move(place);
        if let (Left::Move { .. }, None, Some(rise)) = (&left, right, figure.sign)
            && led
            && matches!(self.scene.rightwards(place).0, super::subject::Outcome::Found { .. })
        {
            return Some(Governor::Sign { rise });
        }
        match (left, right) {
            // "pulling the index 0.3 % higher": the verb says nothing of where to.
            (Left::Move { place: verb, form: Form::Verb, .. }, Some((right, rise, Form::State)))
                if self.scene.marks.get(verb).is_some_and(|mark| self.scene.view.is(mark.from, WordClass::Transitive))
                    && self.scene.marks.get(place + 1..right).is_some_and(|between| between.iter().all(|mark| is_light(mark.what))) =>
            {
                Some(Governor::Right { place: right, rise, form: Form::State })
            }
            (Left::Move { place: left, touching: true, rise, form }, _) if !matches!(right, Some((_, _, Form::Noun)) if self.follows_article(place) || self.is_weak(left)) => {
                Some(Governor::Left { place: left, rise, form })
            }
            // "0.2 % and 0.5 % lower": a list.
            (Left::Figure(earlier), Some((right, ..)))
                if self.drafts.iter().any(|draft| draft.place == earlier && draft.governor == right) =>
            {
                let draft = self.drafts.iter().rposition(|draft| draft.place == earlier)?;
                Some(Governor::Coordinated { draft })
            }
            (_, Some((right, rise, form))) => Some(Governor::Right { place: right, rise, form }),
            (Left::Move { place: left, rise, form, .. }, None) => Some(Governor::Left { place: left, rise, form }),
            // "... en est récompensé : +4,9 % pour l'action".
            (Left::Blocked, None) => {
                figure.sign.filter(|_| self.is_announced(place) || self.is_right_after_colon(place)).map(|rise| Governor::Sign { rise })
            }
            (Left::Figure(_) | Left::Name(_), None) if figure.sign.is_some() => Some(Governor::Sign { rise: figure.sign? }),
            (Left::Figure(earlier), None) => {
                // "crashed 34 %, when it cut its forecast by a tenth, and another 12 % on Thursday".
                let and = before(self.scene.marks, place).and_then(|and| self.what(and)) == Some(What::Role(Role::And));
                let last = || self.drafts.len().checked_sub(1).filter(|_| and);
                let draft = self.drafts.iter().rposition(|draft| draft.place == earlier).or_else(last)?;
                Some(Governor::Coordinated { draft })
            }
            (Left::Name(name), None) => {
                let rise = figure.sign.or_else(|| self.direction_before(name))?;
                Some(Governor::Elliptic { name: Some(name), rise })
            }
            (Left::Compare, None) => {
                let rise = figure.sign.or_else(|| self.direction_before(place))?;
                Some(Governor::Elliptic { name: None, rise })
            }
            (Left::Nothing, None) if figure.sign.is_none() && self.clause_of_a_period(place).is_some() => {
                Some(Governor::Coordinated { draft: self.drafts.len().checked_sub(1)? })
            }
            (Left::Nothing, None) if figure.sign.is_none() => self.goes_on_alone().map(|rise| Governor::Elliptic { name: None, rise }),
            (Left::Nothing, None) => Some(Governor::Sign { rise: figure.sign? }),
        }
    }

    /// A word of movement right after the figure: "5 % drop", "5 % lower", "3 % de hausse".
    fn right_move(&self, place: usize) -> Option<(usize, bool, Form)> {
        let mut at = place + 1;
        let mut words = 0;
        let mut of = false;
        loop {
            match self.what(at)? {
                What::Role(Role::Filler | Role::Record) | What::QualifierAfter(_) | What::Quote => {}
                // "32.1 points, or 0.4 %, lower", "132 points (0.4 %) lower".
                What::Comma | What::Close if at == place + 1 && self.says_points_again(place) => {}
                What::Role(Role::Of) if !of => of = true,
                // "31 % below its offer price".
                What::Horizon(
                    Some(Horizon::SinceEvent | Horizon::Since(_) | Horizon::YearToDate | Horizon::MonthToDate | Horizon::WeekToDate),
                    _,
                ) if words == 0 && self.state_of(at).is_some() => {
                    return self.state_of(at).map(|rise| (at, rise, Form::State));
                }
                // "31 % below its high", "27 % more than a year ago".
                What::Horizon(Some(Horizon::FromHigh(_)), _) if words == 0 => return Some((at, false, Form::State)),
                What::Horizon(Some(Horizon::FromLow(_)), _) if words == 0 => return Some((at, true, Form::State)),
                What::Qualifier(_) if self.scene.marks.get(at).is_some_and(|mark| mark.to == mark.from + 1) => return None,
                What::Qualifier(Qualifier::LessThan) if words == 0 && !of => return Some((at, false, Form::State)),
                What::Qualifier(Qualifier::MoreThan) if words == 0 && !of => return Some((at, true, Form::State)),
                // "0.2 % and 0.5 % lower".
                What::Role(Role::And) if words == 0 && !of && matches!(self.what(at + 1), Some(What::Figure(_))) => at += 1,
                What::Word | What::Horizon(..) if words < 2 && !of => words += 1,
                What::Move { rise, form } if form != Form::Verb || words == 0 && !of => {
                    // "2 % weaker-than-hoped revenue".
                    let goes_on =
                        self.scene.marks.get(at).is_some_and(|mark| self.scene.view.token(mark.to).is_some_and(|next| next.joined));
                    if goes_on {
                        return None;
                    }
                    // "17 % perdus par le CAC 40".
                    let by = super::scene::after(self.scene.marks, at).filter(|by| self.what(*by) == Some(What::Role(Role::By)));
                    if form == Form::Verb
                        && by.and_then(|by| super::scene::after(self.scene.marks, by)).is_some_and(|name| {
                            matches!(
                                self.what(name),
                                Some(What::Security { .. } | What::Unknown { .. } | What::Role(Role::Share | Role::Index))
                            )
                        })
                    {
                        return Some((at, rise, Form::Noun));
                    }
                    // "les 9 % engrangés en 2024", "the 9 % gained in May".
                    if form == Form::Verb
                        && words == 0
                        && (self.scene.follows(place, WordClass::Definite)
                            || self.scene.follows(place, WordClass::Possessive)
                            || place.checked_sub(1).and_then(|of| self.what(of)) == Some(What::Role(Role::Of)))
                    {
                        return Some((at, rise, Form::Noun));
                    }
                    // "rose 3 %, falling": a verb further on has a figure of its own.
                    return (form != Form::Verb).then_some((at, rise, form));
                }
                _ => return None,
            }
            at += 1;
        }
    }

    /// Whether a figure says again what a number of points or of money before it says: "32.1 points, or 0.4 %", "132 points (0.4 %)".
    fn says_points_again(&self, place: usize) -> bool {
        let Some(joint) = before(self.scene.marks, place) else { return false };
        let number = match self.what(joint) {
            Some(What::Role(Role::And)) => {
                joint.checked_sub(1).map(|comma| if self.what(comma) == Some(What::Comma) { comma.saturating_sub(1) } else { comma })
            }
            Some(What::Open) => joint.checked_sub(1),
            _ => None,
        };
        number.is_some_and(|number| self.what(number) == Some(What::Number))
    }

    /// The direction of the word that a period begins with: "below its offer price".
    fn state_of(&self, at: usize) -> Option<bool> {
        match self.scene.view.role_alone(self.scene.marks.get(at)?.from)? {
            Role::Move { rise, form: Form::State } => Some(rise),
            _ => None,
        }
    }

    pub(super) fn is_weak(&self, verb: usize) -> bool {
        self.scene.marks.get(verb).is_some_and(|mark| self.scene.view.is(mark.from, WordClass::Weak))
    }

    fn follows_article(&self, place: usize) -> bool {
        [WordClass::Definite, WordClass::Indefinite, WordClass::Possessive].into_iter().any(|class| self.scene.follows(place, class))
    }

    /// What stands before the figure.
    fn left_move(&self, place: usize) -> Left {
        let mut at = place;
        let mut words = 0;
        let mut to = false;
        let mut comma = false;
        while let Some(next) = at.checked_sub(1) {
            at = next;
            let Some(what) = self.what(at) else { break };
            match what {
                What::Qualifier(_)
                | What::Horizon(..)
                | What::Day(_)
                | What::Period(_)
                | What::Quote
                | What::Number
                | What::Slash
                | What::QualifierAfter(_) => {}
                What::Role(Role::Filler | Role::By | Role::Of | Role::Record | Role::Respectively | Role::Value | Role::SamePeriod) => {}
                What::Role(Role::To) => {
                    to = before(self.scene.marks, place) == Some(at)
                        || before(self.scene.marks, place).is_some_and(|near| matches!(self.what(near), Some(What::Qualifier(_))))
                }
                What::Role(Role::From) => {
                    if before(self.scene.marks, place) == Some(at) {
                        return Left::Blocked;
                    }
                }
                What::Role(Role::Place) if words == 0 && self.scene.home_index(at).is_some() => return Left::Name(at),
                What::Role(Role::Preposition | Role::For | Role::Market | Role::Place | Role::Group) => {}
                What::Role(Role::And) => {}
                What::Word => {
                    words += 1;
                    if words > 4 {
                        return Left::Nothing;
                    }
                }
                What::Close => at = self.scene.opening(at),
                What::Comma => {
                    // "... et Alphabet, la maison mère de Google, de 2,3 %".
                    if words == 0
                        && self.quantity_right_after(at, place)
                        && let Some(name) = self.scene.apposition(at).filter(|name| {
                            name + 2 < at
                                && matches!(self.what(*name), Some(What::Security { .. }))
                                && !(*name..at).any(|between| matches!(self.what(between), Some(What::Figure(_) | What::Move { .. })))
                        })
                    {
                        return Left::Name(name);
                    }
                    comma = true;
                }
                What::Dash => comma = true,
                What::Figure(figure) => {
                    if figure.sign.is_some() && self.named_beside(at).is_some() {
                        continue;
                    }
                    return if words == 0 { Left::Figure(at) } else { Left::Nothing };
                }
                What::Move { rise, form } => {
                    // "rose to 5 %" is a level; "trimmed its loss to 2 %", "the gain had shrunk to 2 %" aren't.
                    if to && form == Form::Verb {
                        let subject = before(self.scene.marks, at);
                        if let Some((place, Some(What::Move { rise, form: Form::Noun }))) = subject.map(|noun| (noun, self.what(noun)))
                            && (self.scene.follows(place, WordClass::Definite) || self.scene.follows(place, WordClass::Possessive))
                        {
                            return Left::Move { place, touching: false, rise, form: Form::Noun };
                        }
                        return Left::Blocked;
                    }
                    let touching = self.scene.marks.get(at + 1..place).is_some_and(|between| {
                        between
                            .iter()
                            .all(|mark| is_light(mark.what) || matches!(mark.what, What::Qualifier(_) | What::Role(Role::By | Role::Of)))
                    });
                    // "returns on capital of 25 %": anything's.
                    let vague =
                        form == Form::Noun && self.scene.marks.get(at).is_some_and(|mark| self.scene.view.is(mark.from, WordClass::Vague));
                    if vague && !touching && words > 0 {
                        return Left::Blocked;
                    }
                    // "the stock climbed, one of 5 %": a comma ends what a verb governs, unless "12 points, or 0.3 %".
                    if comma && words > 0 && form == Form::State {
                        return Left::Nothing;
                    }
                    return Left::Move { place: at, touching, rise, form };
                }
                What::Security { .. } | What::Unknown { .. } | What::Role(Role::Share | Role::Index)
                    if words == 0 && self.causing_verb(at).is_some() =>
                {
                    let verb = self.causing_verb(at).unwrap_or(at);
                    return match self.what(verb) {
                        Some(What::Move { rise, form }) => Left::Move { place: verb, touching: true, rise, form },
                        _ => Left::Nothing,
                    };
                }
                What::Security { .. } | What::Unknown { .. } => {
                    if super::scene::governed_by(self.scene.marks, at).is_some() {
                        continue;
                    }
                    return if words == 0 { Left::Name(at) } else { Left::Nothing };
                }
                What::Possessive => {}
                // "celui du britannique 45 %".
                What::Role(Role::Company) if words == 0 && self.is_of_a_share(at) => {}
                What::Role(Role::Company) if words > 0 || !self.scene.has_article(at) => return Left::Nothing,
                What::Role(Role::Index | Role::Share | Role::Former | Role::Latter | Role::Company) => {
                    if words == 0 {
                        return Left::Name(at);
                    } else {
                        return Left::Nothing;
                    }
                }
                What::Role(Role::Compare) => return Left::Compare,
                // "48 % in a month, of which 14 % on Monday alone".
                What::Role(Role::Relative) if words == 0 && self.quantity_right_after(at, place) => {
                    let earlier = (0..at).rev().find(|earlier| matches!(self.what(*earlier), Some(What::Figure(_))));
                    return earlier.map_or(Left::Nothing, Left::Figure);
                }
                // "s'est adjugé 71 % en 2025, après 3,5 % seulement en 2024": another time.
                What::Role(Role::Because) if words == 0 && self.quantity_right_after(at, place) => {
                    let mut own = super::period::Period::default();
                    self.period_after(place, place, false, &mut own);
                    let last = self.drafts.last().filter(|_| own.horizon.is_some() || own.day.is_some());
                    return last.map_or(Left::Nothing, |draft| Left::Figure(draft.place));
                }
                What::Role(Role::Other | Role::Modal | Role::Negation) => return Left::Blocked,
                What::Open => {
                    // "fell 132 points (0.39 %)".
                    if before(self.scene.marks, at).is_some_and(|level| self.what(level) == Some(What::Number)) && at + 1 == place {
                        continue;
                    }
                    let name = before(self.scene.marks, at).filter(|name| matches!(self.what(*name), Some(What::Security { .. })));
                    return name.map_or(Left::Nothing, |name| Left::Name(self.holder(name)));
                }
                What::Break { colon } => {
                    if colon && words == 0 {
                        continue;
                    }
                    // "gained 4 % over five days; over the past month, 12 %".
                    let bare = self.scene.marks.get(at + 1..place).is_some_and(|between| {
                        between.iter().any(|mark| matches!(mark.what, What::Horizon(..)))
                            && between.iter().all(|mark| {
                                is_light(mark.what)
                                    || matches!(mark.what, What::Horizon(..) | What::Comma | What::Qualifier(_) | What::Role(Role::And))
                            })
                    });
                    let earlier = self.drafts.last().filter(|_| bare).map(|draft| draft.place);
                    return earlier.map_or(Left::Nothing, Left::Figure);
                }
                What::Role(_) => return Left::Nothing,
            }
        }
        Left::Nothing
    }

    /// "l'action du britannique": whether "of" leads to a company from its share.
    fn is_of_a_share(&self, at: usize) -> bool {
        let of = before(self.scene.marks, at).filter(|of| self.what(*of) == Some(What::Role(Role::Of)));
        of.and_then(|of| before(self.scene.marks, of)).is_some_and(|share| self.what(share) == Some(What::Role(Role::Share)))
    }

    /// Whether nothing but a qualifier stands between a mark and a figure.
    pub(super) fn quantity_right_after(&self, at: usize, place: usize) -> bool {
        self.scene.marks.get(at + 1..place).is_some_and(|between| {
            between.iter().all(|mark| is_light(mark.what) || matches!(mark.what, What::Qualifier(_) | What::Role(Role::Of)))
        })
    }
}
