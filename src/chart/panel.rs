//! One panel: how much room its words take, where its axes run, and their ticks. The marks are in [`super::mark`], the words
//! above the plot in [`super::heading`], those of named rows in [`super::row`].

use super::figure::{Direction, Mark, Panel, Role, Scale};
use super::heading;
use super::label::{spread, wrap_balanced};
use super::layout::{baseline_for_middle, pixel};
use super::mark;
use super::row;
use super::scale::{self, Mapping, Tick};
use super::scene::{Anchor, Pen, Rect};
use super::style::{self, AXIS, GRID, QUIET_TEXT, Style, TEXT, Weight};

/// Width to the left and to the right of the plot that words need.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Gutters {
    /// For the ticks of the vertical axis, or the names of rows.
    pub left: f64,
    /// For names at the ends of lines, or the outcomes of rows.
    pub right: f64,
}

/// What a panel has in common with the others of its figure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings {
    /// Width beside the plot.
    pub gutters: Gutters,
    /// Whether the horizontal axis has ticks and labels.
    pub labelled: bool,
    /// The horizontal axis that all panels share; None when each has its own.
    pub shared: Option<(f64, f64)>,
}

/// Rows of bars are no higher than this many times what they need: on a page, and on a phone, where the name stands above its bar.
const ROOMY: (f64, f64) = (2.2, 1.1);

/// The vertical positions of a panel's values.
pub(super) enum Vertical {
    /// A numeric axis.
    Straight(Mapping),
    /// Rows, each with the middle of its marks.
    Rows(Vec<f64>),
}

impl Vertical {
    /// The pixel of a value.
    pub fn pixel(&self, value: f64) -> f64 {
        match self {
            Vertical::Straight(mapping) => mapping.pixel(value),
            Vertical::Rows(middles) => middles.get(value.round().max(0.0) as usize).or(middles.last()).copied().unwrap_or_default(),
        }
    }
}

/// Where a panel's values lie.
pub(super) struct Frame {
    /// The plot itself.
    pub plot: Rect,
    /// Horizontal mapping.
    pub x: Mapping,
    /// Vertical mapping.
    pub y: Vertical,
    /// Upper edge of the strip above the plot that holds the names of vertical rules.
    pub strip_top: f64,
}

/// A name at the right edge of the plot.
pub(super) struct EdgeLabel {
    /// Value on the vertical axis.
    pub y: f64,
    /// Its lines.
    pub lines: Vec<String>,
    /// Role.
    pub role: Role,
    /// Whether it names a line or point (then it is bold).
    pub weight: Weight,
}

/// Height below the plot: tick labels and the axis title.
pub(super) fn foot_height(panel: &Panel, style: &Style) -> f64 {
    let ticks = match panel.x.scale {
        Scale::Sessions { ref dates } if dates.is_empty() => 1.0,
        Scale::Sessions { .. } | Scale::Dates => 2.0,
        _ => 1.0,
    };
    let title = if panel.x.title.is_some() { 1.25 } else { 0.0 };
    style.tick * (0.83 + Style::LEADING * (ticks - 1.0) + Style::CAP_HEIGHT + title)
}

/// Height above the plot: heading, key, axis title, and a line for the names of vertical rules.
pub(super) fn head_height(panel: &Panel, outer: Rect, pen: &Pen) -> f64 {
    let mut trial = Pen { style: pen.style, ruler: pen.ruler, shapes: Vec::new() };
    let strip = panel.marks.iter().any(|mark| match mark {
        Mark::Rule { along: Direction::X, label, .. } | Mark::Zone { along: Direction::X, label, .. } => !label.is_empty(),
        _ => false,
    });
    let strip = if strip { pen.style.label * Style::LEADING } else { 0.0 };
    heading::draw(panel, outer, &mut trial) - outer.top + strip
}

/// The least height of a plot in which its labels find room.
fn least_plot_height(panel: &Panel, style: &Style) -> f64 {
    style.tick * if mark::has_callouts(panel) { 8.5 } else { 6.5 }
}

/// The room a panel needs left and right of its plot, if it is drawn within `outer`.
pub(super) fn measure_gutters(panel: &Panel, outer: Rect, pen: &Pen) -> Gutters {
    let style = pen.style;
    if let Scale::Rows(rows) = &panel.y.scale {
        return row::measure_gutters(rows, outer, pen);
    }
    let (domain, step) = vertical_domain(panel, outer.height() * 0.8, style);
    let left = scale::numeric_ticks(&panel.y.scale, domain, step)
        .iter()
        .map(|tick| pen.ruler.width(&tick.label, style.tick, Weight::Regular))
        .fold(0.0, f64::max);
    let right =
        edge_labels(panel, domain, pen).iter().map(|label| pen.widest(&label.lines, (style.label, label.weight))).fold(0.0, f64::max);
    Gutters { left: left + style.tick * 0.55, right: if right > 0.0 { right + style.label * 0.6 } else { style.label * 0.4 } }
}

/// Draws a panel within `outer`; returns the height that its plot lacks for its words to find room, below zero when it has far more.
pub(super) fn draw_panel(panel: &Panel, outer: Rect, surroundings: Surroundings, pen: &mut Pen) -> f64 {
    let style = pen.style;
    let Surroundings { gutters, labelled, shared } = surroundings;
    let left = outer.left + gutters.left;
    let right = outer.right - gutters.right;
    let mut top = heading::draw(panel, outer, pen);
    let strip_top = top;
    let domain = shared.unwrap_or_else(|| horizontal_domain(panel, right - left, style));
    let x = Mapping { domain, pixels: (left, right) };
    top += mark::strip_height(panel, x, outer, pen);
    let bottom = outer.bottom - if labelled { foot_height(panel, style) } else { 0.0 };
    let plot = Rect { left, top, right, bottom };
    let (y_domain, y_step) = vertical_domain(panel, plot.height(), style);
    let y = match &panel.y.scale {
        Scale::Rows(rows) => Vertical::Rows(row::middles(rows, outer, gutters, plot, pen)),
        _ => Vertical::Straight(Mapping { domain: y_domain, pixels: (bottom, top) }),
    };
    let frame = Frame { plot, x, y, strip_top };

    mark::draw_washes(panel, &frame, pen);
    let mut shortage = (least_plot_height(panel, style) - plot.height()).max(0.0);
    match &panel.y.scale {
        Scale::Rows(rows) => {
            draw_horizontal_ticks(panel, &frame, labelled, outer, pen);
            draw_baselines(panel, &frame, pen);
            row::draw(rows, outer, gutters, &frame, pen);
            let least = row::least_height(rows, outer, gutters, pen);
            // A few bars, each with its name, look lost on a whole page.
            let roomy =
                if panel.x.scale == Scale::Count { least * if style.size.is_narrow() { ROOMY.1 } else { ROOMY.0 } } else { f64::INFINITY };
            shortage = (least - plot.height()).max(0.0) + (roomy - plot.height()).min(0.0);
        }
        scale => {
            for tick in scale::numeric_ticks(scale, y_domain, y_step) {
                let at = snap(frame.y.pixel(tick.at), style.hairline);
                pen.line(pixel(left, at), pixel(right, at), style.hairline, GRID);
                let baseline = baseline_for_middle(at, style.tick);
                pen.text(pixel(left - style.tick * 0.55, baseline), &tick.label, (style.tick, Weight::Regular), Anchor::End, QUIET_TEXT);
            }
            draw_horizontal_ticks(panel, &frame, labelled, outer, pen);
        }
    }
    mark::draw_columns(panel, &frame, pen);
    mark::draw_rules(panel, &frame, outer, pen);
    if !matches!(panel.y.scale, Scale::Rows(_)) {
        draw_baselines(panel, &frame, pen);
    }
    mark::draw_marks(panel, &frame, pen);
    draw_edge_labels(panel, &frame, y_domain, pen);
    mark::draw_callouts(panel, &frame, pen);
    shortage
}

fn draw_horizontal_ticks(panel: &Panel, frame: &Frame, labelled: bool, outer: Rect, pen: &mut Pen) {
    let style = pen.style;
    let plot = frame.plot;
    let columns = panel.marks.iter().any(|mark| matches!(mark, Mark::Histogram { .. }));
    let numeric =
        !columns && matches!(panel.x.scale, Scale::Percent | Scale::Level | Scale::Multiple | Scale::Count | Scale::LogProbability);
    let rows = matches!(panel.y.scale, Scale::Rows(_));
    let size = (style.tick, Weight::Regular);
    let mut free_from = f64::NEG_INFINITY;
    for tick in horizontal_ticks(panel, frame, pen) {
        let at = snap(frame.x.pixel(tick.at), style.hairline);
        if numeric {
            pen.line(pixel(at, plot.top), pixel(at, plot.bottom), style.hairline, GRID);
        }
        if labelled && !rows {
            pen.line(pixel(at, plot.bottom), pixel(at, plot.bottom + style.tick * 0.3), style.hairline, AXIS);
        }
        let width = pen.ruler.width(&tick.label, size.0, size.1).max(pen.ruler.width(&tick.detail, size.0, size.1));
        let middle = at.clamp(outer.left + width / 2.0, (outer.right - width / 2.0).max(outer.left + width / 2.0));
        if labelled && middle - width / 2.0 >= free_from {
            let lines = [tick.label, tick.detail];
            let ink = if tick.at == 0.0 && matches!(panel.x.scale, Scale::Sessions { .. }) { TEXT } else { QUIET_TEXT };
            pen.lines(middle, plot.bottom + style.tick * 0.68, &lines, size, Anchor::Middle, ink);
            free_from = middle + width / 2.0 + style.tick * 0.4;
        }
    }
    if labelled && !rows {
        let at = snap(plot.bottom, style.hairline);
        pen.line(pixel(plot.left, at), pixel(plot.right, at), style.hairline, AXIS);
    }
    if let (true, Some(title)) = (labelled, &panel.x.title) {
        let y = outer.bottom - style.tick * Style::CAP_HEIGHT;
        let width = pen.ruler.width(title, size.0, size.1);
        let half = (width / 2.0).min(outer.width() / 2.0);
        let middle = plot.centre().x.clamp(outer.left + half, outer.right - half);
        pen.lines(middle, y, std::slice::from_ref(title), size, Anchor::Middle, QUIET_TEXT);
    }
}

fn draw_baselines(panel: &Panel, frame: &Frame, pen: &mut Pen) {
    let plot = frame.plot;
    let width = pen.style.hairline * 1.35;
    if let Some(value) = panel.y.baseline {
        let at = snap(frame.y.pixel(value), width);
        pen.line(pixel(plot.left, at), pixel(plot.right, at), width, AXIS);
    }
    if let Some(value) = panel.x.baseline {
        let at = snap(frame.x.pixel(value), width);
        pen.line(pixel(at, plot.top), pixel(at, plot.bottom), width, AXIS);
    }
}

fn draw_edge_labels(panel: &Panel, frame: &Frame, domain: (f64, f64), pen: &mut Pen) {
    let style = pen.style;
    let labels = edge_labels(panel, domain, pen);
    let height = |lines: &[String]| style.label * (Style::LEADING * (lines.len() as f64 - 1.0) + 1.0);
    let wanted: Vec<(f64, f64)> = labels.iter().map(|label| (frame.y.pixel(label.y), height(&label.lines))).collect();
    let overshoot = style.label * 0.5;
    let placed = spread(&wanted, style.label * 0.12, frame.plot.top - overshoot, frame.plot.bottom + overshoot);
    let x = frame.plot.right + style.label * 0.5;
    for ((label, middle), (aim, tall)) in labels.iter().zip(placed).zip(&wanted) {
        let ink = style::text_ink(label.role);
        if (middle - aim).abs() > tall * 0.6 {
            pen.line(
                pixel(frame.plot.right + style.label * 0.08, *aim),
                pixel(x - style.label * 0.1, middle),
                style.hairline,
                ink.faded(0.7),
            );
        }
        let top = middle - tall / 2.0 + style.label * (1.0 - Style::CAP_HEIGHT) / 2.0;
        pen.lines(x, top, &label.lines, (style.label, label.weight), Anchor::Start, ink);
    }
}

/// The names at the right edge: of lines at their ends, of horizontal rules, zones and bands.
fn edge_labels(panel: &Panel, domain: (f64, f64), pen: &Pen) -> Vec<EdgeLabel> {
    let style = pen.style;
    let width = f64::from(style.size.width) * style.right_share;
    let mut labels = Vec::new();
    let mut push = |y: f64, text: &str, role: Role, weight: Weight| {
        if !text.is_empty() {
            labels.push(EdgeLabel { y, lines: wrap_balanced(text, width, style.label, weight, pen.ruler), role, weight });
        }
    };
    for mark in &panel.marks {
        match mark {
            Mark::Line { points, role, label } => {
                if let Some((_, y)) = points.last() {
                    push(*y, label, *role, Weight::SemiBold);
                }
            }
            Mark::Band { points, role, label } => {
                if let Some((_, low, high)) = points.last() {
                    push(low + (high - low) * 0.85, label, *role, Weight::Regular);
                }
            }
            Mark::Rule { along: Direction::Y, at, role, label } => push(*at, label, *role, Weight::SemiBold),
            Mark::Zone { along: Direction::Y, from, to, role, label } => {
                let (low, high) = (from.unwrap_or(domain.0).max(domain.0), to.unwrap_or(domain.1).min(domain.1));
                push(low + (high - low) * 0.75, label, *role, Weight::Regular);
            }
            _ => {}
        }
    }
    labels
}

/// The vertical axis of a panel `height` pixels high: its ends, and the step of its ticks. Meaningless for rows.
fn vertical_domain(panel: &Panel, height: f64, style: &Style) -> ((f64, f64), f64) {
    let (mut low, mut high) = extent(panel, Direction::Y);
    if mark::has_callouts(panel) {
        let room = (high - low) * 0.08;
        (low, high) = (low - room, high + room);
    }
    let step = scale::nice_step(high - low, (height / (style.tick * 3.0)).max(2.0));
    let step = if panel.y.scale == Scale::Count { step.max(1.0) } else { step };
    (scale::nice_domain(low, high, step), step)
}

/// The horizontal axis that holds the values of all panels; None without a panel.
pub(super) fn common_domain(panels: &[Panel], width: f64, style: &Style) -> Option<(f64, f64)> {
    panels.iter().map(|panel| horizontal_domain(panel, width, style)).reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
}

fn horizontal_domain(panel: &Panel, width: f64, style: &Style) -> (f64, f64) {
    let (low, high) = extent(panel, Direction::X);
    let bars = panel.marks.iter().any(|mark| matches!(mark, Mark::Bars { .. }));
    match panel.x.scale {
        Scale::Sessions { .. } if bars => (low - 0.6, high + 0.6),
        Scale::Sessions { .. } | Scale::Clock => (low, high),
        Scale::Dates => {
            let points = panel.marks.iter().any(|mark| matches!(mark, Mark::Points { .. }));
            let air = if points { (high - low) * 0.03 } else { 0.0 };
            (low - air, high + air)
        }
        _ => scale::nice_domain(low, high, numeric_step(&panel.x.scale, high - low, width, style)),
    }
}

fn numeric_step(scale: &Scale, span: f64, width: f64, style: &Style) -> f64 {
    let step = scale::nice_step(span, width / (style.tick * 5.0));
    if matches!(scale, Scale::Count | Scale::LogProbability) { step.max(1.0).round() } else { step }
}

fn horizontal_ticks(panel: &Panel, frame: &Frame, pen: &Pen) -> Vec<Tick> {
    let style = pen.style;
    let domain = frame.x.domain;
    let span = domain.1 - domain.0;
    let per_pixel = (domain.1 - domain.0) / frame.plot.width().max(1.0);
    let room = |widest: &str| (pen.ruler.width(widest, style.tick, Weight::Regular) + style.tick * 0.9) * per_pixel;
    match &panel.x.scale {
        Scale::Sessions { dates } => {
            let widest = if dates.is_empty() { "\u{2212}100" } else { "30 Aug" };
            scale::session_ticks(domain, dates, room(widest))
        }
        Scale::Clock => scale::clock_ticks(domain, room("09:30")),
        Scale::Dates => scale::date_ticks(domain, if span <= 100.0 { room("30 Aug") } else { room("2022") }),
        scale => {
            let (low, high) = extent(panel, Direction::X);
            scale::numeric_ticks(scale, domain, numeric_step(scale, high - low, frame.plot.width(), style))
        }
    }
}

/// The least and the greatest value of the marks and of what the axis must include; 0 to 1 when there is none.
fn extent(panel: &Panel, direction: Direction) -> (f64, f64) {
    let axis = match direction {
        Direction::X => &panel.x,
        Direction::Y => &panel.y,
    };
    let mut values: Vec<f64> = axis.include.clone();
    for mark in &panel.marks {
        mark::values(mark, direction, &mut values);
    }
    let (low, high) = values
        .into_iter()
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        (0.0, 1.0)
    } else if high - low < f64::EPSILON * high.abs().max(1.0) {
        let half = (high.abs() * 0.1).max(1e-3);
        (low - half, high + half)
    } else {
        (low, high)
    }
}

/// The nearest position at which a line of that width has sharp edges.
pub(super) fn snap(at: f64, width: f64) -> f64 {
    if (width.round() as i64) % 2 == 0 { at.round() } else { at.floor() + 0.5 }
}
