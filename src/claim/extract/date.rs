//! Days and periods named in a sentence: "Friday", "3 March", "March 2020", "2 septembre 2022", "the first quarter".

use chrono::NaiveDate;

use super::lexicon::{PartOfYear, TimeUnit, WordClass};
use super::phrase::Key;
use super::sentence::View;
use super::token::Kind;
use crate::claim::NamedPeriod;

/// The period named at token `at`, with the token after it. A weekday together with a date is the date.
pub(super) fn period_at(view: &View<'_>, at: usize) -> Option<(NamedPeriod, usize)> {
    let token = view.token(at)?;
    // Most words name no day and no month.
    if token.kind == Kind::Word && !view.is(at, WordClass::Dated) && !view.text_of(at).starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    match token.kind {
        Kind::Number => number_first(view, at),
        Kind::Word => {
            let word = view.word(at);
            if let Some(part) = part_of_year_at(view, at) {
                return Some(part);
            }
            if let Some(day) = ordinal(view.text_of(at)) {
                let day_month = month_at(view, view.skip_of(at + 1)).map(|(month, after)| (month, day, after));
                return day_month.and_then(|(month, day, after)| with_year(view, month, day, after));
            }
            let lexicon = view.lexicon;
            let capital_wanted = lexicon.capital_dates && !view.begins_with_capital(at);
            if let Some(weekday) = lexicon.weekday(word).filter(|_| !capital_wanted) {
                let next = skip_comma_and_article(view, at + 1);
                if let Some((date, after)) = dated_at(view, next) {
                    return Some((date, after));
                }
                return Some((NamedPeriod::Weekday(weekday), at + 1));
            }
            if lexicon.is_yesterday(word) {
                return Some((NamedPeriod::Yesterday, at + 1));
            }
            let (month, after) = month_at(view, at)?;
            month_first(view, month, after)
        }
        _ => None,
    }
}

/// A date that may follow a weekday: "2 septembre 2022", "March 3", "the 3rd of March". Never another weekday.
fn dated_at(view: &View<'_>, at: usize) -> Option<(NamedPeriod, usize)> {
    let found = match view.kind(at)? {
        Kind::Number => number_first(view, at),
        Kind::Word => match ordinal(view.text_of(at)) {
            Some(day) => month_at(view, view.skip_of(at + 1)).and_then(|(month, after)| with_year(view, month, day, after)),
            None => month_at(view, at).and_then(|(month, after)| month_first(view, month, after)),
        },
        _ => None,
    };
    found.filter(|(period, _)| period.is_day())
}

fn skip_comma_and_article(view: &View<'_>, at: usize) -> usize {
    let at = if view.kind(at) == Some(Kind::Comma) { at + 1 } else { at };
    if view.is(at, WordClass::Definite) { at + 1 } else { at }
}

/// A month's name, with a stop after an abbreviation.
fn month_at(view: &View<'_>, at: usize) -> Option<(u32, usize)> {
    if view.lexicon.capital_dates && !view.begins_with_capital(at) {
        return None;
    }
    let month = view.lexicon.month(view.word(at))?;
    let abbreviated = view.text_of(at).chars().count() <= 5 && view.kind(at + 1) == Some(Kind::Stop) && !view.gap_before(at + 1);
    Some((month, if abbreviated { at + 2 } else { at + 1 }))
}

/// "March 3, 2020", "March 3", "March 2020", "March".
fn month_first(view: &View<'_>, month: u32, after: usize) -> Option<(NamedPeriod, usize)> {
    let after = view.skip_of(after);
    if let Some(year) = year_at(view, after) {
        return Some((NamedPeriod::Month { year: Some(year), month }, after + 1));
    }
    // "March 3", but not "in March 3 %" nor "in March 3.5".
    let day =
        day_at(view, after).filter(|_| !matches!(view.kind(after + 1), Some(Kind::Percent | Kind::Dash)) && view.lexicon.capital_dates);
    let day = day.filter(|_| !view.is_unit(after + 1));
    if let Some(day) = day {
        let year_place = if view.kind(after + 1) == Some(Kind::Comma) { after + 2 } else { after + 1 };
        return match year_at(view, year_place) {
            Some(year) => NaiveDate::from_ymd_opt(year, month, day).map(|date| (NamedPeriod::Day(date), year_place + 1)),
            None => Some((NamedPeriod::MonthDay { month, day }, after + 1)),
        };
    }
    Some((NamedPeriod::Month { year: None, month }, after))
}

/// "3 March 2020", "2022-09-02", "2022".
fn number_first(view: &View<'_>, at: usize) -> Option<(NamedPeriod, usize)> {
    if let Some(year) = year_at(view, at) {
        let dash = |place: usize| view.kind(place) == Some(Kind::Dash) && !view.gap_before(place) && !view.gap_before(place + 1);
        if dash(at + 1) && dash(at + 3) {
            let month = view.text_of(at + 2).parse().ok()?;
            let day = view.text_of(at + 4).parse().ok()?;
            return NaiveDate::from_ymd_opt(year, month, day).map(|date| (NamedPeriod::Day(date), at + 5));
        }
        return Some((NamedPeriod::Year(year), at + 1));
    }
    let day = day_at(view, at)?;
    let (month, after) = month_at(view, view.skip_of(at + 1))?;
    with_year(view, month, day, after)
}

fn with_year(view: &View<'_>, month: u32, day: u32, after: usize) -> Option<(NamedPeriod, usize)> {
    let place = if view.kind(after) == Some(Kind::Comma) { after + 1 } else { after };
    match year_at(view, place) {
        Some(year) => NaiveDate::from_ymd_opt(year, month, day).map(|date| (NamedPeriod::Day(date), place + 1)),
        None => Some((NamedPeriod::MonthDay { month, day }, after)),
    }
}

/// A year from 1900 to 2099, written alone.
fn year_at(view: &View<'_>, at: usize) -> Option<i32> {
    let text = (view.kind(at)? == Kind::Number).then(|| view.text_of(at))?;
    let year: i32 = (text.len() == 4).then(|| text.parse().ok())??;
    ((1900..2100).contains(&year) && view.kind(at + 1) != Some(Kind::Percent) && !view.is_unit(at + 1)).then_some(year)
}

fn day_at(view: &View<'_>, at: usize) -> Option<u32> {
    let text = view.text_of(at);
    match view.kind(at)? {
        Kind::Number => text.parse().ok().filter(|day| (1..=31).contains(day) && text.len() <= 2),
        Kind::Word => ordinal(text),
        _ => None,
    }
}

/// "1st", "22nd", "1er".
fn ordinal(text: &str) -> Option<u32> {
    let digits = text.len() - text.trim_start_matches(|character: char| character.is_ascii_digit()).len();
    let (number, ending) = text.split_at_checked(digits).filter(|_| digits > 0)?;
    let ending = ending.to_lowercase();
    matches!(ending.as_str(), "st" | "nd" | "rd" | "th" | "er").then(|| number.parse().ok().filter(|day| (1..=31).contains(day)))?
}

/// "the first quarter of 2022", "Q1", "T1 2022", "the second half".
fn part_of_year_at(view: &View<'_>, at: usize) -> Option<(NamedPeriod, usize)> {
    let parts = &view.lexicon.parts_of_year;
    let mut node = parts.begin(view.word(at))?;
    let mut next = at + 1;
    let mut found = parts.end(node).map(|part| (part, next));
    while let Some(after) = parts.step(node, Key::Word(view.word(next))).filter(|_| view.word(next) != 0) {
        node = after;
        next += 1;
        found = parts.end(node).map(|part| (part, next)).or(found);
    }
    let (part, after) = found?;
    let place = view.skip_of(after);
    let (year, end) = match year_at(view, place) {
        Some(year) => (Some(year), place + 1),
        None => (None, after),
    };
    // "the first half of March", "the second half of the session"; "of the year" says nothing more.
    let unit_place = if view.is(place, WordClass::Definite) { place + 1 } else { place };
    let unit = view.lexicon.time_unit(view.word(unit_place)).filter(|_| place > after && year.is_none());
    if unit.is_some_and(|unit| unit != TimeUnit::Year) || year.is_none() && place > after && month_at(view, place).is_some() {
        return None;
    }
    let end = if unit.is_some() { unit_place + 1 } else { end };
    let period = match part {
        PartOfYear::Quarter(quarter) => NamedPeriod::Quarter { year, quarter },
        PartOfYear::Half(half) => NamedPeriod::Half { year, half },
    };
    Some((period, end))
}
