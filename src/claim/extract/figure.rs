//! Figures: a number in digits or words with its unit and sign; and times of day, which are none.

use super::lexicon::{Role, Unit, WordClass};
use super::number::{Number, read_number};
use super::phrase::Key;
use super::role::phrase_at;
use super::sentence::View;
use super::token::Kind;
use crate::claim::Qualifier;

/// A size with its unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Figure {
    pub number: Number,
    pub unit: Unit,
    /// The printed sign: true for plus.
    pub sign: Option<bool>,
    /// "~5 %", ">5 %".
    pub qualifier: Option<Qualifier>,
    pub kind: FigureKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FigureKind {
    /// A number and its unit.
    Printed,
    /// "doubled": the move and its size in one.
    Multiple { rise: bool },
    /// "a third".
    Part,
}

/// "−1.03%", "vingt pour cent", "~5 %", "50 basis points", "doubled", "a third".
pub(super) fn figure_at(view: &View<'_>, at: usize) -> Option<(Figure, usize)> {
    let mut place = at;
    let mut sign = None;
    let mut qualifier = None;
    loop {
        match view.kind(place)? {
            Kind::Plus => sign = Some(true),
            Kind::Minus => sign = Some(false),
            Kind::About => qualifier = Some(Qualifier::About),
            Kind::Above => qualifier = Some(Qualifier::MoreThan),
            Kind::Below => qualifier = Some(Qualifier::LessThan),
            // "Moins 3,7 %".
            Kind::Word if place == at && view.kind(at + 1) == Some(Kind::Number) => match view.lexicon.sign(view.word(at)) {
                Some(rise) => sign = Some(rise),
                None => break,
            },
            _ => break,
        }
        place += 1;
    }
    let (number, after) = number_at(view, place)?;
    let (unit, to) = unit_at(view, after)?;
    let number = match unit {
        Unit::BasisPoint => Number { mantissa: number.mantissa, decimals: number.decimals.checked_add(2)? },
        _ => number,
    };
    (number.decimals <= 9).then_some((Figure { number, unit, sign, qualifier, kind: FigureKind::Printed }, to))
}

/// A number in digits or words, with the token after it.
pub(super) fn number_at(view: &View<'_>, at: usize) -> Option<(Number, usize)> {
    if view.kind(at)? == Kind::Number {
        return Some((read_number(view.text_of(at), view.lexicon.decimal)?, at + 1));
    }
    let mut thousandths = 0i64;
    let mut next = at;
    let mut last = i64::MAX;
    while let Some((value, to)) = numeral_at(view, next) {
        // "twenty five", "soixante dix": each smaller than the one before.
        if value >= last {
            break;
        }
        thousandths = thousandths.checked_add(value)?;
        last = value;
        next = to;
        // "vingt et un", "one hundred and ten", "two and a half".
        if matches!(phrase_at(view, next), Some((Role::And, _, _))) {
            match numeral_at(view, next + 1) {
                Some((value, _)) if value < last => next += 1,
                _ => break,
            }
        }
    }
    if next == at {
        return None;
    }
    if view.is(next, WordClass::DecimalWord)
        && let Some((digits, decimals, after)) = digits_at(view, next + 1)
        && thousandths % 1000 == 0
    {
        // "one point two".
        let whole = (thousandths / 1000).checked_mul(10i64.pow(u32::from(decimals)))?;
        return Some((Number { mantissa: whole.checked_add(digits)?, decimals }, after));
    }
    let mut number = Number { mantissa: thousandths, decimals: 3 };
    while number.decimals > 0 && number.mantissa % 10 == 0 {
        number = Number { mantissa: number.mantissa / 10, decimals: number.decimals - 1 };
    }
    Some((number, next))
}

/// Digits in words after "point": their value, their count, the token after them.
fn digits_at(view: &View<'_>, at: usize) -> Option<(i64, u8, usize)> {
    let (mut value, mut count, mut next) = (0i64, 0u8, at);
    while let Some((digit, after)) = numeral_at(view, next).filter(|(digit, _)| *digit < 10_000 && digit % 1000 == 0 && count < 6) {
        value = 10 * value + digit / 1000;
        count += 1;
        next = after;
    }
    (count > 0).then_some((value, count, next))
}

/// The longest numeral at a token, in thousandths, with the token after it.
pub(super) fn numeral_at(view: &View<'_>, at: usize) -> Option<(i64, usize)> {
    if !view.is(at, WordClass::Numeral) {
        return None;
    }
    let numerals = &view.lexicon.numerals;
    let mut node = numerals.begin(view.word(at))?;
    let mut next = at + 1;
    let mut found = numerals.end(node).map(|value| (value, next));
    while let Some(after) = numerals.step(node, Key::Word(view.word(next))).filter(|_| view.word(next) != 0) {
        node = after;
        next += 1;
        found = numerals.end(node).map(|value| (value, next)).or(found);
    }
    found
}

fn unit_at(view: &View<'_>, at: usize) -> Option<(Unit, usize)> {
    if view.kind(at)? == Kind::Percent {
        return Some((Unit::Percent, at + 1));
    }
    // "5-percent" and "5 percent".
    match phrase_at(view, at)? {
        (Role::Unit(unit), to, _) => Some((unit, to)),
        _ => None,
    }
}

/// A time of day at a token, with the token after it: "15h40", "11h", "10.15 a.m.", "1030 GMT".
pub(super) fn time_at(view: &View<'_>, at: usize) -> Option<usize> {
    if !view.text_of(at).starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let text = view.text_of(at).to_ascii_lowercase();
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let rest = text.get(digits..)?;
    if !(1..=4).contains(&digits) {
        return None;
    }
    let clock = |place: usize| view.is(place, WordClass::Clock);
    match view.kind(at)? {
        // "10.30am".
        Kind::Word if rest.trim_start_matches(|character: char| character == '.' || character.is_ascii_digit()).len() == 2 => {
            (rest.ends_with("am") || rest.ends_with("pm")).then_some(at + 1)
        }
        Kind::Word => {
            let minutes = rest.strip_prefix('h')?;
            minutes.bytes().all(|byte| byte.is_ascii_digit()).then_some(at + 1)
        }
        // "10:30 a.m.".
        Kind::Number if view.kind(at + 1) == Some(Kind::Colon) && view.kind(at + 2) == Some(Kind::Number) => {
            // "11:20 a.m. ET".
            let after = if clock(at + 3) { at + 4 } else { at + 3 };
            Some(if after > at + 3 && clock(after) { after + 1 } else { after })
        }
        Kind::Number if clock(at + 1) => Some(at + 2),
        _ => None,
    }
}
