//! From words to marks: each stretch of a sentence with what it does there.

use super::company::after_legal_form;
use super::date::period_at;
use super::figure::{Figure, figure_at, number_at, numeral_at};
use super::lexicon::{Form, HorizonForm, Role, TimeUnit, Unit, WordClass};
use super::name::{NameTable, SecurityKey, SecurityKind};
use super::role::{Captured, count_like, counted_at, mark_of, phrase_at, tail_at};
use super::security::security_at;
use super::sentence::View;
use super::ticker::ticker_mark;
use super::token::Kind;
use crate::claim::{Horizon, NamedPeriod, Qualifier, Stretch};

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

/// "over three years and 388 % over five": a count without its unit, where nothing that it could count follows.
fn count_again(view: &View<'_>, at: usize, earlier: &dyn Fn() -> Option<Horizon>) -> Option<(What, usize)> {
    if !view.may_count(at + 1) || view.kind(at + 1) != Some(Kind::Number) && numeral_at(view, at + 1).is_none() {
        return None;
    }
    let (Role::Horizon(HorizonForm::CountAgain), to, captured) = phrase_at(view, at)? else { return None };
    let ends = matches!(view.kind(to), None | Some(Kind::Comma | Kind::Stop | Kind::Semicolon | Kind::Close))
        || matches!(phrase_at(view, to), Some((Role::And, _, _)));
    let earlier = earlier().filter(|_| ends && figure_at(view, at + 1).is_none())?;
    Some((What::Horizon(count_like(earlier, captured.number?), false), to))
}

/// "sur un mois, un an et cinq ans", "en 2021, 2022 et 2023": the further periods of a list, and those after "respectively".
fn period_again(view: &View<'_>, at: usize, marks: &[Mark]) -> Option<(What, usize)> {
    // "over one, three and five years".
    if view.may_count(at + 1)
        && let Some((Role::Horizon(HorizonForm::CountAgain), to, captured)) = phrase_at(view, at)
        && matches!(view.kind(to), Some(Kind::Comma | Kind::Word))
        && let Some(unit) = unit_ahead(view, to)
    {
        return Some((mark_of(Role::Horizon(HorizonForm::Count), Captured { unit: Some(unit), ..captured }), to));
    }
    if !view.may_count(at) && !view.is(at, WordClass::Dated) && view.lexicon.time_unit(view.word(at)).is_none() {
        return None;
    }
    let mut earlier = marks.iter().rev().map(|mark| mark.what);
    let list = match earlier.next()? {
        What::Comma | What::Role(Role::And) => match earlier.next()? {
            What::Comma => earlier.next()?,
            other => other,
        },
        What::Role(Role::Respectively) if super::scene::is_preposition(earlier.next()?) => What::Role(Role::Respectively),
        _ => return None,
    };
    let ends = |to: usize| {
        matches!(view.kind(to), None | Some(Kind::Comma | Kind::Stop | Kind::Semicolon | Kind::Close | Kind::Dash | Kind::Colon))
            || matches!(phrase_at(view, to), Some((Role::And | Role::Respectively, _, _)))
            || view.begins_with_capital(to)
            || view.is(to, WordClass::Definite)
    };
    let counts = matches!(
        list,
        What::Role(Role::Respectively)
            | What::Horizon(
                Some(
                    Horizon::Years(_)
                        | Horizon::Months(_)
                        | Horizon::Weeks(_)
                        | Horizon::Days(_)
                        | Horizon::Sessions(_)
                        | Horizon::Quarter
                        | Horizon::YearToDate
                ),
                _
            )
    );
    // "over the past week, month and year", but "over the past week and a month after".
    if let Some(unit) = view.lexicon.time_unit(view.word(at)).filter(|_| counts && !matches!(list, What::Role(_)))
        && !view.token(at + 1).is_some_and(|next| next.joined)
        && !matches!(phrase_at(view, at + 1), Some((Role::Because | Role::Horizon(_) | Role::To | Role::Of, ..)))
    {
        let captured = Captured { number: Some(1), unit: Some(unit), ..Captured::default() };
        return Some((mark_of(Role::Horizon(HorizonForm::Count), captured), at + 1));
    }
    if counts
        && let Some((number, after)) = number_at(view, at)
        && matches!(view.kind(after), Some(Kind::Comma)) | matches!(phrase_at(view, after), Some((Role::And, ..)))
        && let Some(unit) = unit_ahead(view, after)
    {
        let count = number.whole().and_then(|count| u32::try_from(count).ok()).filter(|count| (1..=1000).contains(count))?;
        let captured = Captured { number: Some(count), unit: Some(unit), ..Captured::default() };
        return Some((mark_of(Role::Horizon(HorizonForm::Count), captured), after));
    }
    if counts
        && let Some((number, after)) = number_at(view, at)
        && let Some(unit) = view.lexicon.time_unit(view.word(after)).filter(|_| ends(after + 1))
    {
        let count = number.whole().and_then(|count| u32::try_from(count).ok()).filter(|count| (1..=1000).contains(count))?;
        let captured = Captured { number: Some(count), unit: Some(unit), ..Captured::default() };
        return Some((mark_of(Role::Horizon(HorizonForm::Count), captured), after + 1));
    }
    if !matches!(list, What::Role(Role::Respectively) | What::Horizon(Some(Horizon::During(_)), _)) {
        return None;
    }
    let (period, to) = period_at(view, at).filter(|(period, to)| !period.is_day() && ends(*to))?;
    Some((What::Horizon(Some(Horizon::During(period)), false), to))
}

/// The unit at the end of a list of bare numbers: ", three and five years".
fn unit_ahead(view: &View<'_>, from: usize) -> Option<TimeUnit> {
    let mut at = from;
    for _ in 0..5 {
        while view.kind(at) == Some(Kind::Comma) || matches!(phrase_at(view, at), Some((Role::And, ..))) {
            at += 1;
        }
        let (_, after) = number_at(view, at)?;
        if let Some(unit) = view.lexicon.time_unit(view.word(after)) {
            return Some(unit);
        }
        at = after;
    }
    None
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

fn word_mark(view: &View<'_>, names: &NameTable, at: usize, last: Option<&Mark>) -> (What, usize) {
    let text = view.text_of(at);
    let plain = view.token(at).is_some_and(|token| token.plain);
    if !plain && matches!(text, "'s" | "\u{2019}s" | "'S" | "\u{2019}S" | "'" | "\u{2019}") {
        return (What::Possessive, at + 1);
    }
    // "sank 3 % on Wednesday morning".
    if matches!(last.map(|last| last.what), Some(What::Day(_))) && view.is(at, WordClass::PartOfDay) {
        return (What::Horizon(Some(Horizon::Intraday), false), at + 1);
    }
    let phrase = phrase_at(view, at);
    // "l'espagnol a cédé 4 %": a company by where it is at home.
    if view.is(at, WordClass::National)
        && at > 0
        && view.is(at - 1, WordClass::Definite)
        && phrase.is_none_or(|(_, to, _)| to == at + 1)
        && is_noun_before(view, at + 1)
    {
        return (What::Role(Role::Company), at + 1);
    }
    // "Fondé en 1934, Maison Vercantel": the word is the name's.
    if at > 0
        && view.begins_with_capital(at)
        && !matches!(view.kind(at - 1), Some(Kind::Stop | Kind::Quote | Kind::Colon | Kind::Dash | Kind::Bullet))
        && matches!(phrase, Some((Role::Company, to, _)) if to == at + 1)
        && view.kind(at + 1) == Some(Kind::Word)
        && view.begins_with_capital(at + 1)
        && view.word(at + 1) == 0
        && names.find(view.text, view.tokens, at + 1).is_none()
    {
        return unknown_name(view, names, at);
    }
    let counted = || counted_at(view, at).filter(|(_, to, _)| phrase.is_none_or(|(_, end, _)| end < *to));
    let phrase = view.may_count(at).then(counted).flatten().or(phrase);
    let period = period_at(view, at);
    if let Some((period, to)) = period.filter(|(period, to)| period.is_day() && phrase.is_none_or(|(_, end, _)| end < *to)) {
        return (What::Day(period), to);
    }
    // "rallied over a quarter": a size, not a period.
    let after_verb = matches!(last.map(|last| last.what), Some(What::Move { form: Form::Verb, .. }));
    if let (true, Some((Role::Horizon(_), _, _)), Some((Role::Part(_), _, _))) = (after_verb, phrase, phrase_at(view, at + 1))
        && let Some(Role::Qualifier(qualifier)) = view.role_alone(at)
    {
        return (What::Qualifier(qualifier), at + 1);
    }
    // "rebounded from Monday's rout": no beginning of a period.
    let possessive = |to: usize| matches!(view.text_of(to), "'s" | "\u{2019}s");
    let led = |to: usize| matches!(view.role_alone(at), Some(Role::From)) && possessive(to);
    if let Some((Role::Horizon(HorizonForm::Since), to, _)) = phrase
        && led(to)
    {
        return (What::Role(Role::From), at + 1);
    }
    // "over 5 %": a qualifier and its figure.
    if let (Some((Role::Horizon(HorizonForm::CountAgain), _, _)), Some(role)) = (phrase, view.role_alone(at)) {
        return (mark_of(role, Captured::default()), at + 1);
    }
    if let Some((role, mut to, captured)) = phrase {
        // "a five-day rout": the period ends where the movement begins.
        let absorbs = || matches!(phrase_at(view, to - 1), Some((Role::Move { form: Form::Noun, .. }, end, _)) if end == to);
        if matches!(role, Role::Horizon(_)) && to > at + 1 && absorbs() {
            to -= 1;
        }
        // "de L'Oréal": the article is the name's.
        if to == at + 2
            && matches!(role, Role::Of | Role::For)
            && names.find(view.text, view.tokens, at + 1).is_some_and(|found| found.end > to)
        {
            to = at + 1;
        }
        let mut what = match role {
            // "la marque au losange"; in a table of names without it, a company like any other.
            Role::Epithet(place) => view
                .lexicon
                .epithet(place)
                .and_then(|ticker| names.ticker(ticker))
                .map_or(What::Role(Role::Company), |key| What::Security { key, ambiguous: false }),
            _ => mark_of(role, captured),
        };
        if let What::Horizon(Some(horizon @ (Horizon::FromHigh(_) | Horizon::FromLow(_))), _) = what
            && let Some((end, period)) = tail_at(view, to).or_else(|| tail_past_comma(view, to))
        {
            // "its peak of last November", "its 52-week high hit in May", "son plus haut annuel, touché le 12 juin".
            let more = period.is_none().then(|| tail_at(view, end).or_else(|| tail_past_comma(view, end))).flatten();
            let (end, period) = more.unwrap_or((end, period));
            to = end;
            let stretch = |plain| period.map_or(plain, Stretch::During);
            what = match horizon {
                Horizon::FromHigh(plain) => What::Horizon(Some(Horizon::FromHigh(stretch(plain))), false),
                Horizon::FromLow(plain) => What::Horizon(Some(Horizon::FromLow(stretch(plain))), false),
                _ => what,
            };
        }
        return (what, to);
    }
    if view.kind(at) == Some(Kind::Number) {
        return (What::Number, at + 1);
    }
    // "fell 7p, or 1.4 %": so much money.
    if text.starts_with(|first: char| first.is_ascii_digit()) {
        return (What::Number, at + 1);
    }
    if let Some((_, to)) = numeral_at(view, at) {
        return (What::Number, to);
    }
    if let Some((period, to)) = period {
        return (What::Period(period), to);
    }
    if view.begins_with_capital(at) {
        return unknown_name(view, names, at);
    }
    if ends_with_any(text, &view.lexicon.modal_endings, 1) {
        return (What::Role(Role::Modal), at + 1);
    }
    let adverb = ends_with_any(text, &view.lexicon.adverb_endings, 3);
    (if adverb { What::Role(Role::Filler) } else { What::Word }, at + 1)
}

/// "son record, établi en mai": what follows a high past a comma, where it names a period.
fn tail_past_comma(view: &View<'_>, at: usize) -> Option<(usize, Option<NamedPeriod>)> {
    // A participle, not "en mai", which would be the move's.
    let participle = view.kind(at) == Some(Kind::Comma) && view.text_of(at + 1).len() > 4 && !view.is(at + 1, WordClass::Dated);
    tail_at(view, at + 1).filter(|(_, period)| participle && period.is_some())
}

/// Whether what follows a word like "Spanish" leaves it a noun: a verb, a figure, the end, but no name and no other noun.
fn is_noun_before(view: &View<'_>, at: usize) -> bool {
    match view.kind(at) {
        None | Some(Kind::Comma | Kind::Stop | Kind::Semicolon | Kind::Number | Kind::Open | Kind::Close) => return true,
        Some(Kind::Word) if !view.begins_with_capital(at) => {}
        _ => return false,
    }
    match phrase_at(view, at) {
        Some((Role::Move { form: Form::Verb, .. } | Role::Qualifier(_) | Role::Horizon(_) | Role::Report | Role::Negation, ..)) => true,
        Some((Role::Of, to, _)) => view.kind(to) == Some(Kind::Number),
        Some((Role::Filler, ..)) => view.is(at, WordClass::Auxiliary) || view.is(at, WordClass::TheOne),
        None => matches!(view.text_of(at), "'s" | "\u{2019}s"),
        _ => false,
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

/// Whether a word has one of the endings, and at least so many bytes before it.
fn ends_with_any(word: &str, endings: &[String], before: usize) -> bool {
    // The last letter rules out most.
    let last = word.as_bytes().last();
    endings.iter().any(|ending| ending.as_bytes().last() == last && word.len() >= ending.len() + before && word.ends_with(ending.as_str()))
}

/// Capitalised words that no table and no lexicon holds.
fn unknown_name(view: &View<'_>, names: &NameTable, at: usize) -> (What, usize) {
    let mut to = at + 1;
    while view.kind(to) == Some(Kind::Word)
        && view.begins_with_capital(to)
        && (matches!(phrase_at(view, to), None | Some((Role::Company, _, _)))
            || super::company::ends_as_company(view.text_of(to))
            // "le fonds Ostara Europe Dividendes".
            || at > 0
                && !view.lexicon.infinitive_endings.is_empty()
                && matches!(phrase_at(view, to), Some((Role::Place | Role::Other | Role::Group, end, _)) if end == to + 1)
                && view.text_of(to).chars().any(char::is_lowercase))
        && !is_quoted(view, to)
        && names.find(view.text, view.tokens, to).is_none_or(|found| found.brand)
        && ticker_mark(view.text, view.tokens, to).is_none()
        // "Wayve & Tallow".
        || view.text_of(to) == "&" && view.begins_with_capital(to + 1)
    {
        to += if view.text_of(to) == "&" { 2 } else { 1 };
    }
    // "I", "A": no name.
    if to == at + 1 && view.text_of(at).chars().count() == 1 {
        return (What::Word, to);
    }
    // "Bottom-fishing", "Oregon-based": no name.
    if to == at + 1 && view.token(to).is_some_and(|next| next.joined) && !view.begins_with_capital(to) && view.kind(to) == Some(Kind::Word)
    {
        return (What::Word, to);
    }
    let end = after_legal_form(view.text, view.tokens, to);
    let company = end > to || (to > at + 1 && super::company::ends_as_company(view.text_of(to - 1)));
    // "Director Lynne Corrow": a person.
    if view.is(at, WordClass::Title) {
        return (What::Word, to);
    }
    let first = (0..at).all(|before| view.kind(before) != Some(Kind::Word));
    (What::Unknown { initial: first && end == at + 1, company, owner: None }, end)
}

/// Whether letters are followed by their quote: ", −1.03%".
fn is_quoted(view: &View<'_>, at: usize) -> bool {
    let next = if view.kind(at + 1) == Some(Kind::Comma) { at + 2 } else { at + 1 };
    let letters = view.text_of(at);
    letters.len() <= 6
        && letters.bytes().all(|byte| byte.is_ascii_uppercase())
        && matches!(view.kind(next), Some(Kind::Plus | Kind::Minus))
        && view.kind(next + 1) == Some(Kind::Number)
}
