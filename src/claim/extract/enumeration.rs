//! Periods said in a row, of which only the first is said in full: "over three years and 388 % over five", "sur un mois, un an et cinq ans",
//! "en 2021, 2022 et 2023". What the further ones are.

use super::date::period_at;
use super::figure::{figure_at, number_at, numeral_at};
use super::lexicon::{HorizonForm, Role, TimeUnit, WordClass};
use super::mark::{Mark, What};
use super::role::{Captured, count_like, mark_of, phrase_at};
use super::sentence::View;
use super::token::Kind;
use crate::claim::Horizon;

/// "over three years and 388 % over five": a count without its unit, where nothing that it could count follows.
pub(super) fn count_again(view: &View<'_>, at: usize, earlier: &dyn Fn() -> Option<Horizon>) -> Option<(What, usize)> {
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
pub(super) fn period_again(view: &View<'_>, at: usize, marks: &[Mark]) -> Option<(What, usize)> {
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
