//! The longest phrase of the lexicon at a token, with what fills its open places.

use chrono::Datelike;

use super::date::period_at;
use super::figure::{Figure, FigureKind, number_at, time_at};
use super::lexicon::{HorizonForm, Role, TimeUnit, Unit};
use super::mark::What;
use super::number::Number;
use super::phrase::{Key, Phrases};
use super::sentence::View;
use super::token::Kind;
use crate::claim::{Horizon, NamedPeriod, Stretch};

/// What filled a phrase's open places.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Captured {
    pub number: Option<u32>,
    pub unit: Option<TimeUnit>,
    pub period: Option<NamedPeriod>,
    /// The second of two.
    pub second: Option<NamedPeriod>,
}

/// The longest phrase at a token: its role, the token after it, and what filled its places.
pub(super) fn phrase_at(view: &View<'_>, at: usize) -> Option<(Role, usize, Captured)> {
    let word = view.word(at);
    let phrases = &view.lexicon.phrases;
    let node = (word != 0).then(|| phrases.begin(word)).flatten()?;
    if !phrases.goes_on(node) {
        return Some((phrases.end(node)?, at + 1, Captured::default()));
    }
    longest(view, phrases, node, at + 1, Captured::default())
}

/// What may follow a high or a low and belongs to it, "of last November", "of the year": the token after it, and the period named.
pub(super) fn tail_at(view: &View<'_>, at: usize) -> Option<(usize, Option<NamedPeriod>)> {
    let tails = &view.lexicon.high_tails;
    let node = tails.begin(view.word(at)).filter(|_| view.word(at) != 0)?;
    let (_, to, captured) = longest(view, tails, node, at + 1, Captured::default())?;
    Some((to, captured.period))
}

/// The longest phrase at a token that begins with a number: "five-day".
pub(super) fn counted_at(view: &View<'_>, at: usize) -> Option<(Role, usize, Captured)> {
    let (number, after) = number_at(view, at)?;
    let node = view.lexicon.phrases.step(0, Key::Number)?;
    let count = number.whole().and_then(|count| u32::try_from(count).ok()).filter(|count| (1..=1000).contains(count))?;
    longest(view, &view.lexicon.phrases, node, after, Captured { number: Some(count), ..Captured::default() })
}

/// The longest phrase that goes on from a node: its role, the token after it, and what filled its places.
fn longest(view: &View<'_>, phrases: &Phrases<Role>, node: usize, at: usize, captured: Captured) -> Option<(Role, usize, Captured)> {
    let (mut node, mut at) = (node, at);
    let mut last = None;
    // Words alone lead one way; only places part it.
    while !phrases.has_places(node) {
        if phrases.ends(node) {
            last = Some((node, at));
        }
        let word = view.word(at);
        match (word != 0).then(|| phrases.step(node, Key::Word(word))).flatten() {
            Some(next) => (node, at) = (next, at + 1),
            None => return last.and_then(|(node, at)| Some((phrases.end(node)?, at, captured))),
        }
    }
    if phrases.ends(node) {
        last = Some((node, at));
    }
    let best = last.and_then(|(node, at)| Some((phrases.end(node)?, at, captured)));
    if at >= view.tokens.len() { best } else { fill_place(view, phrases, node, at, captured, best) }
}

/// The longest phrase that goes on from a node with open places, or `best` where none is longer.
fn fill_place(
    view: &View<'_>,
    phrases: &Phrases<Role>,
    node: usize,
    at: usize,
    captured: Captured,
    mut best: Option<(Role, usize, Captured)>,
) -> Option<(Role, usize, Captured)> {
    let mut consider = |found: Option<(Role, usize, Captured)>| {
        if let Some(found) = found.filter(|found| best.is_none_or(|best: (Role, usize, Captured)| best.1 < found.1)) {
            best = Some(found);
        }
    };
    let word = view.word(at);
    if word != 0
        && let Some(next) = phrases.step(node, Key::Word(word))
    {
        consider(longest(view, phrases, next, at + 1, captured));
    }
    if let Some((next, unit)) = phrases.step(node, Key::Unit).zip(view.lexicon.time_unit(word)) {
        consider(longest(view, phrases, next, at + 1, Captured { unit: Some(unit), ..captured }));
    }
    if let Some(next) = phrases.step(node, Key::Number)
        && let Some((number, after)) = number_at(view, at)
        && let Some(count) = number.whole().and_then(|count| u32::try_from(count).ok()).filter(|count| (1..=1000).contains(count))
    {
        consider(longest(view, phrases, next, after, Captured { number: Some(count), ..captured }));
    }
    if let Some((next, after)) = phrases.step(node, Key::Time).zip(time_at(view, at)) {
        consider(longest(view, phrases, next, after, captured));
    }
    if let Some(next) = phrases.step(node, Key::Period) {
        let from = if view.lexicon.goes_before_period(view.word(at)) { at + 1 } else { at };
        if let Some((period, after)) = period_at(view, from).or_else(|| period_at(view, at)).or_else(|| day_of_later_month(view, at)) {
            let captured = match captured.period {
                None => Captured { period: Some(period), ..captured },
                Some(_) => Captured { second: Some(period), ..captured },
            };
            consider(longest(view, phrases, next, after, captured));
        }
    }
    best
}

/// "du 3 au 28 mars": a day whose month is that of the day after it.
fn day_of_later_month(view: &View<'_>, at: usize) -> Option<(NamedPeriod, usize)> {
    let (number, after) = (view.kind(at) == Some(Kind::Number)).then(|| number_at(view, at)).flatten()?;
    let day = number.whole().and_then(|day| u32::try_from(day).ok()).filter(|day| (1..=31).contains(day))?;
    let (later, _) = matches!(view.role_alone(after)?, Role::To | Role::Preposition).then(|| period_at(view, after + 1)).flatten()?;
    let period = match later {
        NamedPeriod::MonthDay { month, day: last } if day < last => NamedPeriod::MonthDay { month, day },
        NamedPeriod::Day(last) if day < last.day() => NamedPeriod::Day(last.with_day(day)?),
        _ => return None,
    };
    Some((period, after))
}

pub(super) fn mark_of(role: Role, captured: Captured) -> What {
    let percent = |size: i64| Number { mantissa: size.abs(), decimals: 0 };
    let figure = |size, kind| What::Figure(Figure { number: percent(size), unit: Unit::Percent, sign: None, qualifier: None, kind });
    match role {
        Role::Move { rise, form } => What::Move { rise, form },
        Role::Multiple(size) => figure(size, FigureKind::Multiple { rise: size > 0 }),
        Role::Part(size) => figure(size, FigureKind::Part),
        Role::Qualifier(qualifier) => What::Qualifier(qualifier),
        Role::QualifierAfter(qualifier) => What::QualifierAfter(qualifier),
        // Which year's and whether quarters or halves, the text before tells.
        Role::Horizon(HorizonForm::Again(_)) => What::Role(role),
        Role::Horizon(form) => match horizon_of(form, captured) {
            Some((HorizonOrDay::Horizon(horizon), as_sessions)) => What::Horizon(Some(horizon), as_sessions),
            Some((HorizonOrDay::Unclear, _)) => What::Horizon(None, false),
            Some((HorizonOrDay::Day(day), _)) => What::Day(day),
            None => What::Role(Role::Filler),
        },
        other => What::Role(other),
    }
}

/// A count in the unit of the period before; None where that has no unit.
pub(super) fn count_like(earlier: Horizon, count: u32) -> Option<Horizon> {
    match earlier {
        Horizon::Years(_) => Some(Horizon::Years(count)),
        Horizon::Months(_) => Some(Horizon::Months(count)),
        Horizon::Weeks(_) => Some(Horizon::Weeks(count)),
        Horizon::Days(_) => Some(Horizon::Days(count)),
        Horizon::Sessions(_) => Some(Horizon::Sessions(count)),
        _ => None,
    }
}

/// So many units of time.
pub(super) fn counted(count: u32, unit: TimeUnit) -> Option<Horizon> {
    let captured = Captured { number: Some(count), unit: Some(unit), ..Captured::default() };
    match horizon_of(HorizonForm::Count, captured)? {
        (HorizonOrDay::Horizon(horizon), _) => Some(horizon),
        _ => None,
    }
}

enum HorizonOrDay {
    Horizon(Horizon),
    Day(NamedPeriod),
    Unclear,
}

/// The horizon with its places filled; whether days were read as sessions.
fn horizon_of(form: HorizonForm, captured: Captured) -> Option<(HorizonOrDay, bool)> {
    let period = captured.period;
    let horizon = match form {
        HorizonForm::Fixed(horizon) => horizon,
        HorizonForm::Count => {
            let count = captured.number.unwrap_or(1);
            match captured.unit? {
                // "Over five days" is five sessions to a newspaper; "over 30 days" counts the calendar's.
                TimeUnit::Day if count <= 10 => return Some((HorizonOrDay::Horizon(Horizon::Sessions(count)), true)),
                TimeUnit::Day => Horizon::Days(count),
                // "In the previous session": that day's move.
                TimeUnit::Session if count == 1 => Horizon::Session,
                TimeUnit::Session => Horizon::Sessions(count),
                TimeUnit::Week => Horizon::Weeks(count),
                TimeUnit::Month => Horizon::Months(count),
                TimeUnit::Quarter if count == 1 => Horizon::Quarter,
                TimeUnit::Quarter => Horizon::Months(3 * count),
                TimeUnit::Year => Horizon::Years(count),
                TimeUnit::Decade => Horizon::Years(10 * count),
                TimeUnit::Fortnight => Horizon::Weeks(2 * count),
            }
        }
        HorizonForm::CountAgain | HorizonForm::Again(_) => return None,
        HorizonForm::Since => match period? {
            // Since the first of January is this year's move.
            NamedPeriod::MonthDay { month: 1, day: 1 } => Horizon::YearToDate,
            period => Horizon::Since(period),
        },
        HorizonForm::During => match period? {
            day if day.is_day() => return Some((HorizonOrDay::Day(day), false)),
            period => Horizon::During(period),
        },
        HorizonForm::Between => Horizon::Between(period?, captured.second?),
        HorizonForm::Unclear => return Some((HorizonOrDay::Unclear, false)),
        HorizonForm::HighIn => Horizon::FromHigh(Stretch::During(period?)),
        HorizonForm::LowIn => Horizon::FromLow(Stretch::During(period?)),
    };
    Some((HorizonOrDay::Horizon(horizon), false))
}
