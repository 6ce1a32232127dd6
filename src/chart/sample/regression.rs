//! Figure `regression`: what each characteristic does to the abnormal return of the headline window, with its 95 % interval. Numbers are
//! drawn for one standard deviation more, categories against their base, so that one axis holds them all.

use super::super::caption;
use super::super::figure::{Axis, Emphasis, Figure, KeyEntry, Mark, Panel, Point, Role, Row, Scale, Symbol};
use super::{events, note, shorten};
use crate::cross_section::Coefficient;
use crate::inference::UNUSUAL_LEVEL;
use crate::report::number;
use crate::report::wording::{self, sample as words};
use crate::sample::SampleResult;

/// Most coefficients that one picture holds.
const MOST_ROWS: usize = 30;
/// Longest name of a row.
const LONGEST: usize = 44;

/// The figure; None without a regression of the headline window that has an effect to show.
pub(super) fn figure(result: &SampleResult) -> Option<Figure> {
    let section = result.cross_section.as_ref()?;
    let headline = section.windows.first()?;
    let found = headline.outcome.as_ref().ok()?;
    let drawn: Vec<&Coefficient> = found.coefficients.iter().filter(|held| held.step.is_some()).collect();
    let effect = |held: &Coefficient| Some((held.effect?, held.estimate?.p_value));
    let effects: Vec<(&Coefficient, f64)> = drawn.iter().filter_map(|held| Some((*held, effect(held)?.1))).collect();
    if effects.is_empty() {
        return None;
    }
    let total = drawn.len();
    let mut rows = Vec::new();
    let mut marks = Vec::new();
    for (position, coefficient) in drawn.iter().take(MOST_ROWS).enumerate() {
        let y = position as f64;
        let Some(([value, low, high], p_value)) = effect(coefficient) else {
            // Without an error there is neither an interval nor a p-value to show.
            rows.push(Row {
                label: shorten(&coefficient.name, LONGEST),
                detail: String::new(),
                outcome: wording::UNKNOWN.to_owned(),
                outcome_detail: String::new(),
                role: Role::Benchmark,
            });
            continue;
        };
        let told = p_value < UNUSUAL_LEVEL;
        let role = if told { Role::Security } else { Role::Benchmark };
        marks.push(Mark::Line { points: vec![(low, y), (high, y)], role, label: String::new() });
        let emphasis = if told { Emphasis::Filled } else { Emphasis::Hollow };
        marks.push(Mark::Points { points: vec![Point { x: value, y, label: String::new() }], role, emphasis });
        rows.push(Row {
            label: shorten(&coefficient.name, LONGEST),
            detail: String::new(),
            outcome: number::points(value, 2),
            outcome_detail: number::p_value(p_value),
            role,
        });
    }
    let axis = Axis::new(Scale::Percent).titled("Difference in the abnormal return, percentage points").with_baseline(0.0);
    let mut panel = Panel::new(axis, Axis::new(Scale::Rows(rows)));
    let shown: Vec<f64> = drawn.iter().take(MOST_ROWS).filter_map(|held| effect(held)).map(|(_, p_value)| p_value).collect();
    let told = shown.iter().filter(|p_value| **p_value < UNUSUAL_LEVEL).count();
    let mut key = |emphasis, role, text: String| panel.key.push(KeyEntry { symbol: Symbol::Marker(emphasis), role, text });
    if told > 0 {
        key(Emphasis::Filled, Role::Security, format!("told from zero at {}", number::percent(UNUSUAL_LEVEL, 0)));
    }
    if told < shown.len() {
        key(Emphasis::Hollow, Role::Benchmark, "not told from zero".to_owned());
    }
    panel.marks = marks;
    let when = words::when(headline.window);
    let telling: Vec<String> =
        effects.iter().filter(|(.., p_value)| *p_value < UNUSUAL_LEVEL).map(|(held, ..)| shorten(&held.name, LONGEST)).collect();
    let title = match telling.as_slice() {
        [] => format!("No characteristic tells the abnormal returns {when} apart"),
        [one] => format!("One of {} terms tells the abnormal returns {when} apart: {one}", wording::count_word(total)),
        some if some.len() <= 3 => format!("The abnormal returns {when} differ by {}", wording::join(some, "and")),
        some => {
            format!("{} of {total} terms tell the abnormal returns {when} apart", wording::capitalise(&wording::count_word(some.len())))
        }
    };
    let bases: Vec<String> =
        section.bases.iter().filter(|base| base.levels > 1).map(|base| format!("{} from {}", base.factor, base.level)).collect();
    let bases = if bases.is_empty() { String::new() } else { format!("Categories are measured: {}.", wording::join(&bases, "and")) };
    let left_out = if total > MOST_ROWS { format!("Drawn are the first {MOST_ROWS} of {total} terms.") } else { String::new() };
    let errors = format!("Errors {}.", section.errors.words());
    Some(Figure {
        name: "regression".to_owned(),
        subtitle: format!(
            "Least squares over {}: difference for one standard deviation more of a number, of a category from its base",
            events(found.n)
        ),
        note: note(result, caption::sentences(&[left_out, bases, errors, "Lines are 95 % intervals.".to_owned()])),
        alt: format!("Coefficient plot: one row a term with its effect and interval. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
