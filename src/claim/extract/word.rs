//! What a word does in a sentence, with the words after it that belong to it: a phrase of the lexicon, a day or period, a number, a
//! capitalised name that no table holds.

use super::company::after_legal_form;
use super::date::period_at;
use super::figure::numeral_at;
use super::lexicon::{Form, HorizonForm, Role, WordClass};
use super::mark::{Mark, What};
use super::name::NameTable;
use super::role::{Captured, counted_at, mark_of, phrase_at, tail_at};
use super::sentence::View;
use super::ticker::ticker_mark;
use super::token::Kind;
use crate::claim::{Horizon, NamedPeriod, Stretch};

/// The mark that a word or number begins, `last` being the one before it, and the token after it.
pub(super) fn word_mark(view: &View<'_>, names: &NameTable, at: usize, last: Option<&Mark>) -> (What, usize) {
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
