//! From words to marks: each stretch of a sentence with what it does there.

use super::enumeration::{count_again, period_again};
use super::figure::{Figure, figure_at};
use super::lexicon::{Form, Role, Unit, WordClass};
use super::name::{NameTable, SecurityKey, SecurityKind};
use super::security::security_at;
use super::sentence::View;
use super::ticker::ticker_mark;
use super::token::Kind;
use super::word::word_mark;
use crate::claim::{Horizon, NamedPeriod, Qualifier};

/// What a stretch of a sentence does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum What {
    Figure(Figure),
    Move {
        rise: bool,
        form: Form,
    },
    Qualifier(Qualifier),
    QualifierAfter(Qualifier),
    /// A period, None for one that can't be told; true when "five days" were read as sessions.
    Horizon(Option<Horizon>, bool),
    /// A named day.
    Day(NamedPeriod),
    /// A month, quarter or year without a word that makes it the move's: "a dismal September".
    Period(NamedPeriod),
    Security {
        key: SecurityKey,
        ambiguous: bool,
    },
    /// A capitalised name that no table holds. `initial`: the sentence begins with it, and it is one word; `company`: it has a legal form,
    /// or ends as companies' names do.
    Unknown {
        initial: bool,
        company: bool,
        /// The company that makes or owns something under this name.
        owner: Option<SecurityKey>,
    },
    /// "'s" after a name.
    Possessive,
    Word,
    Number,
    Comma,
    /// A semicolon or colon.
    Break {
        colon: bool,
    },
    Open,
    Close,
    Dash,
    Quote,
    Slash,
    Role(Role),
}

/// A mark with its tokens and bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mark {
    pub what: What,
    /// Tokens of the sentence.
    pub from: usize,
    pub to: usize,
    /// Bytes of the text.
    pub start: usize,
    pub end: usize,
    /// Whether it is an article, or a word that stands in its place: "the", "its", "this".
    pub article: bool,
}

/// Which name that the text itself has declared begins at a token: the token after it, and its security.
pub(super) type Declared<'a> = &'a dyn Fn(&View<'_>, usize) -> Option<(usize, SecurityKey)>;

/// Finds the marks of a sentence. `declared` tells which capitalised names the text itself has given a ticker.
pub(super) fn marks(view: &View<'_>, names: &NameTable, declared: Declared<'_>, marks: &mut Vec<Mark>) {
    marks.clear();
    let mut at = 0;
    while at < view.tokens.len() {
        let earlier = || {
            marks.iter().rev().find_map(|mark| match mark.what {
                What::Horizon(horizon, _) => horizon,
                _ => None,
            })
        };
        let (what, to) = count_again(view, at, &earlier)
            .or_else(|| period_again(view, at, marks))
            .unwrap_or_else(|| next_mark(view, names, declared, at, marks.last()));
        let (start, end) = match (view.token(at), view.token(to - 1)) {
            (Some(first), Some(last)) => (first.start, last.end),
            _ => break,
        };
        let goes_on = matches!(what, What::Unknown { .. } | What::Security { .. }) && is_longer_name(view, names, marks, what, at);
        match (what, marks.last_mut()) {
            // "Stoxx 600 Banques" is an index of its own, "l'ETF Amundi MSCI World" a fund.
            (_, Some(last)) if goes_on => {
                last.what = What::Unknown { initial: false, company: true, owner: None };
                last.to = to;
                last.end = end;
            }
            // A ticker after its name says the same again; a name that no table holds takes the ticker's symbol.
            (What::Security { key, .. }, Some(last))
                if is_mark(view, at) && matches!(last.what, What::Security { .. } | What::Unknown { .. }) =>
            {
                if let What::Unknown { .. } = last.what {
                    last.what = What::Security { key, ambiguous: false };
                }
                last.to = to;
                last.end = end;
                join_particles(marks);
            }
            (What::Role(Role::Filler), Some(last)) if last.what == What::Role(Role::Filler) => {
                last.article |= is_article(view, at);
                last.to = to;
                last.end = end;
            }
            _ => {
                let article = matches!(what, What::Role(_)) && is_article(view, at);
                marks.push(Mark { what, from: at, to, start, end, article });
            }
        }
        at = to;
    }
    super::brand::name_owners(view, names, marks);
    drop_dateline(marks);
    that_of(view, marks);
    // ", though," is no conjunction.
    for at in 1..marks.len() {
        let aside = |mark: Option<&Mark>| matches!(mark.map(|mark| mark.what), Some(What::Comma | What::Break { .. }) | None);
        if marks.get(at).is_some_and(|mark| mark.what == What::Role(Role::Compare)) && aside(marks.get(at - 1)) && aside(marks.get(at + 1))
        {
            marks.iter_mut().skip(at).take(1).for_each(|mark| mark.what = What::Role(Role::Filler));
        }
    }
    // Points are a figure only of a gap; elsewhere they are a level: "at 7,412 points".
    if !marks.iter().any(|mark| matches!(mark.what, What::Role(Role::Gap { .. }))) {
        for mark in marks.iter_mut() {
            if matches!(mark.what, What::Figure(Figure { unit: Unit::Point, .. })) {
                mark.what = What::Number;
            }
        }
    }
}

fn is_article(view: &View<'_>, at: usize) -> bool {
    view.lexicon.is_article(view.word(at))
}

/// "Banco de la Rivera (BMV: RIVB)": the capitalised word before "of" is of the name that the ticker follows.
fn join_particles(marks: &mut Vec<Mark>) {
    if let [.., first, of, name] = marks.as_slice()
        && matches!((first.what, of.what), (What::Unknown { .. }, What::Role(Role::Of)))
    {
        let whole = Mark { from: first.from, start: first.start, ..*name };
        marks.truncate(marks.len() - 3);
        marks.push(whole);
    }
}

/// Whether a name goes on the name right before it: of an index, or of a fund whose house comes first.
fn is_longer_name(view: &View<'_>, names: &NameTable, marks: &[Mark], what: What, at: usize) -> bool {
    let [.., before, last] = marks else { return false };
    if last.to != at || view.kind(at) != Some(Kind::Word) {
        return false;
    }
    let kind = |what: What| match what {
        What::Security { key, .. } => Some(names.kind(key)),
        _ => None,
    };
    let fund = matches!(before.what, What::Role(Role::Share)) && view.is(before.to.saturating_sub(1), WordClass::Fund);
    if fund && matches!(last.what, What::Unknown { .. } | What::Security { .. }) {
        return kind(last.what) != Some(SecurityKind::Fund) && kind(what) != Some(SecurityKind::Fund);
    }
    kind(last.what) == Some(SecurityKind::Index) && matches!(what, What::Unknown { .. })
}

/// Whether a ticker mark (in brackets, with its exchange, or bare letters) begins at a token.
fn is_mark(view: &View<'_>, at: usize) -> bool {
    let bare = || {
        view.kind(at) == Some(Kind::Word)
            && view.text_of(at).chars().all(|character| character.is_ascii_uppercase())
            && view.text_of(at).len() <= 5
    };
    ticker_mark(view.text, view.tokens, at).is_some() || bare()
}

fn next_mark(view: &View<'_>, names: &NameTable, declared: Declared<'_>, at: usize, last: Option<&Mark>) -> (What, usize) {
    let Some(token) = view.token(at) else { return (What::Word, at + 1) };
    if let Some(found) = security_at(view, names, declared, at, last) {
        return found;
    }
    // A word begins a figure only as a number, or as the sign of the number after it.
    let may_be_figure = token.kind != Kind::Word || view.may_count(at) || view.kind(at + 1) == Some(Kind::Number);
    if let Some((figure, to)) = may_be_figure.then(|| figure_at(view, at)).flatten() {
        return (What::Figure(figure), to);
    }
    match token.kind {
        Kind::Comma => (What::Comma, at + 1),
        Kind::Semicolon => (What::Break { colon: false }, at + 1),
        Kind::Colon => (What::Break { colon: true }, at + 1),
        Kind::Open => (What::Open, at + 1),
        Kind::Close => (What::Close, at + 1),
        Kind::Dash | Kind::Minus | Kind::Bullet => (What::Dash, at + 1),
        Kind::Quote => (What::Quote, at + 1),
        // The stop of "vs." inside a sentence.
        Kind::Stop if at + 1 < view.tokens.len() && super::sentence::is_abbreviation(view, at) => (What::Role(Role::Filler), at + 1),
        Kind::Stop => (What::Break { colon: false }, at + 1),
        Kind::Word | Kind::Number => word_mark(view, names, at, last),
        Kind::Other => (if matches!(view.text_of(at), "/" | "|") { What::Slash } else { What::Role(Role::Filler) }, at + 1),
        Kind::Percent | Kind::Plus | Kind::About | Kind::Above | Kind::Below | Kind::Currency => (What::Role(Role::Filler), at + 1),
    }
}

/// "LONDON, Wednesday - ": the day of writing is no move's.
fn drop_dateline(marks: &mut [Mark]) {
    let opens = marks.iter().take(8).position(|mark| mark.what == What::Dash);
    let Some(dash) = opens else { return };
    let head = marks.get(..dash).unwrap_or(&[]);
    let place = head.first().is_some_and(|mark| matches!(mark.what, What::Role(Role::Place) | What::Unknown { .. }));
    let bare = head.iter().all(|mark| {
        matches!(
            mark.what,
            What::Role(Role::Place | Role::Filler)
                | What::Unknown { .. }
                | What::Comma
                | What::Open
                | What::Close
                | What::Day(_)
                | What::Number
        )
    });
    if place && bare {
        for mark in marks.iter_mut().take(dash).filter(|mark| matches!(mark.what, What::Day(_))) {
            mark.what = What::Role(Role::Filler);
        }
    }
}

/// "celui de Heineken", "that of Nestlé": the share where the sentence has spoken of one, or what else it has.
fn that_of(view: &View<'_>, marks: &mut [Mark]) {
    for at in 1..marks.len().saturating_sub(1) {
        let is_one = marks.get(at).is_some_and(|mark| {
            matches!(mark.what, What::Role(Role::Filler) | What::Word) && view.is(mark.to.saturating_sub(1), WordClass::TheOne)
        });
        if !is_one || marks.get(at + 1).map(|mark| mark.what) != Some(What::Role(Role::Of)) {
            continue;
        }
        let of_a_town = matches!(marks.get(at + 2).map(|mark| mark.what), Some(What::Role(Role::Place)));
        let spoken_of = marks.iter().take(at).rev().find_map(|mark| match mark.what {
            // "la Bourse de Paris a gagné 1 %, celle de Milan 2 %".
            What::Security { .. } if of_a_town => Some(What::Role(Role::Market)),
            What::Role(Role::Share | Role::Value) => Some(What::Role(Role::Share)),
            What::Role(Role::Other | Role::Market) => Some(mark.what),
            // "le gain d'Orange atteint 12 %, celui de Bouygues 8 %".
            What::Move { form: Form::Noun, .. } => Some(mark.what),
            _ => None,
        });
        if let (Some(what), Some(mark)) = (spoken_of, marks.get_mut(at)) {
            mark.what = what;
        }
    }
}
