//! Figure `events`: each event's abnormal return over the headline window with its 95 % interval, in order of size, the mean at the bottom.

use super::super::caption;
use super::super::figure::{Axis, Direction, Emphasis, Figure, KeyEntry, Mark, Panel, Point, Role, Row, Scale, Symbol};
use super::{note, shorten};
use crate::report::number;
use crate::report::wording::sample as words;
use crate::sample::SampleResult;

/// Most events that one picture holds.
const MOST_ROWS: usize = 40;

/// The figure; None for fewer than two events.
pub(super) fn figure(result: &SampleResult) -> Option<Figure> {
    let columns = &result.events;
    let window = columns.windows.first()?;
    let mean = &words::headline(result)?.cumulative;
    let total = window.car.len();
    if total < 2 {
        return None;
    }
    let mut order: Vec<usize> = (0..total).collect();
    let car = |event: &usize| window.car.get(*event).copied().unwrap_or_default();
    order.sort_by(|one, other| car(other).total_cmp(&car(one)).then(one.cmp(other)));
    let (highest, lowest) = (order.first().map(car)?, order.last().map(car)?);
    let between = total.saturating_sub(MOST_ROWS);
    if between > 0 {
        order.drain(MOST_ROWS / 2..total - MOST_ROWS / 2);
    }
    let mut rows: Vec<Row> = Vec::with_capacity(order.len() + 1);
    let mut marks: Vec<Mark> = vec![Mark::Rule { along: Direction::X, at: mean.mean, role: Role::Accent, label: String::new() }];
    let mut points: Vec<Point> = Vec::with_capacity(order.len());
    for (position, event) in order.iter().enumerate() {
        if between > 0 && position == MOST_ROWS / 2 {
            rows.push(gap(between));
        }
        let value = car(event);
        let y = rows.len() as f64;
        if let Some((low, high)) = columns.interval(window, *event) {
            marks.push(Mark::Line { points: vec![(low, y), (high, y)], role: Role::Benchmark, label: String::new() });
        }
        points.push(Point { x: value, y, label: String::new() });
        rows.push(plain_row(name(result, *event), value, Role::Security));
    }
    let y = rows.len() as f64;
    marks.push(Mark::Points { points, role: Role::Security, emphasis: Emphasis::Filled });
    if let Some((low, high)) = mean.interval {
        marks.push(Mark::Line { points: vec![(low, y), (high, y)], role: Role::Accent, label: String::new() });
    }
    marks.push(Mark::Points {
        points: vec![Point { x: mean.mean, y, label: String::new() }],
        role: Role::Accent,
        emphasis: Emphasis::Primary,
    });
    rows.push(plain_row(format!("Mean of {}", number::plural(mean.n, "event")), mean.mean, Role::Accent));
    let mut panel = Panel::new(Axis::new(Scale::Percent).with_baseline(0.0), Axis::new(Scale::Rows(rows)));
    let key = |symbol, role, text: &str| KeyEntry { symbol, role, text: text.to_owned() };
    panel.key = vec![
        key(Symbol::Marker(Emphasis::Filled), Role::Security, "event"),
        key(Symbol::Line, Role::Benchmark, "its 95 % interval"),
        key(Symbol::Marker(Emphasis::Primary), Role::Accent, "mean of all events, with its interval"),
    ];
    panel.marks = marks;
    let when = words::when(window.window);
    let title =
        format!("The abnormal returns {when} range from {} to {}", number::percent_signed(lowest, 1), number::percent_signed(highest, 1));
    let left_out = if total > MOST_ROWS {
        format!("Of {} events, the {} highest and the {} lowest are drawn.", number::count(total), MOST_ROWS / 2, MOST_ROWS / 2)
    } else {
        String::new()
    };
    let interval = "An event’s interval is by its own model, forecast error included; that of the mean by the spread of the events, taken as independent.";
    Some(Figure {
        name: "events".to_owned(),
        subtitle: format!(
            "Cumulative abnormal return {when} of {}, by size",
            if total > MOST_ROWS { "the extreme events" } else { "each event" }
        ),
        note: note(result, caption::sentences(&[left_out, interval.to_owned()])),
        alt: format!(
            "Forest plot: one row an event with its abnormal return and interval. {title}; the mean is {}.",
            number::percent_signed(mean.mean, 1)
        ),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}

/// An event's key with its security, unless the one says the other.
fn name(result: &SampleResult, event: usize) -> String {
    const MOST: usize = 30;
    let id = result.events.event_id.get(event).map(ToString::to_string).unwrap_or_default();
    let symbol = caption::name(result.events.symbol_of(event));
    // The key first: it tells two events of one security apart also where the name is cut.
    let whole = if id.contains(result.events.symbol_of(event)) || symbol.is_empty() { id } else { format!("{id}, {symbol}") };
    shorten(&whole.replace(number::NO_BREAK, " "), MOST)
}

/// What stands for the events that aren't drawn.
fn gap(between: usize) -> Row {
    let label = format!("… {} between", number::plural(between, "event"));
    Row { label: String::new(), detail: label, outcome: String::new(), outcome_detail: String::new(), role: Role::Muted }
}

fn plain_row(label: String, value: f64, role: Role) -> Row {
    Row { label, detail: String::new(), outcome: number::percent_signed(value, 1), outcome_detail: String::new(), role }
}
