//! The marks of a panel, and the texts that belong to them.

use super::figure::{Bar, Direction, Emphasis, Mark, Panel, Role, Scale};
use super::label::{Callout, Obstacles, place_callouts, wrap};
use super::layout::pixel;
use super::panel::{Frame, snap};
use super::scale::Mapping;
use super::scene::{Anchor, Pen, Pixel, Rect};
use super::style::{self, AXIS, PAPER, Style, TEXT, Weight};

/// Adds the values that a mark has on an axis.
pub(super) fn values(mark: &Mark, direction: Direction, values: &mut Vec<f64>) {
    let mut push = |x: f64, y: f64| {
        values.push(match direction {
            Direction::X => x,
            Direction::Y => y,
        });
    };
    match mark {
        Mark::Line { points, .. } => points.iter().for_each(|(x, y)| push(*x, *y)),
        Mark::Bars { bars } => bars.iter().for_each(|bar| {
            push(bar.x, bar.y);
            push(bar.x, 0.0);
        }),
        Mark::Histogram { bins, .. } => bins.iter().for_each(|bin| {
            push(bin.from, bin.count);
            push(bin.to, 0.0);
        }),
        Mark::Band { points, .. } => points.iter().for_each(|(x, low, high)| {
            push(*x, *low);
            push(*x, *high);
        }),
        Mark::Points { points, .. } => points.iter().for_each(|point| push(point.x, point.y)),
        Mark::Note { x, y, .. } => push(*x, *y),
        Mark::Zone { along, from, to, .. } if *along == direction => {
            from.iter().chain(to).for_each(|bound| push(*bound, *bound));
        }
        Mark::Interval { from, to, .. } if direction == Direction::X => {
            from.iter().chain(to).for_each(|bound| push(*bound, *bound));
        }
        Mark::Interval { y, .. } if direction == Direction::Y => push(*y, *y),
        Mark::Rule { along, at, .. } if *along == direction => push(*at, *at),
        Mark::Zone { .. } | Mark::Rule { .. } | Mark::Interval { .. } => {}
    }
}

/// Zones and bands, which lie beneath the grid.
pub(super) fn draw_washes(panel: &Panel, frame: &Frame, pen: &mut Pen) {
    let plot = frame.plot;
    for mark in &panel.marks {
        match mark {
            Mark::Zone { along: Direction::X, from, to, role, .. } => {
                let edge = |bound: &Option<f64>, open: f64| bound.map_or(open, |value| frame.x.pixel(value).clamp(plot.left, plot.right));
                pen.rect(Rect { left: edge(from, plot.left), right: edge(to, plot.right), ..plot }, style::wash(*role));
            }
            Mark::Zone { along: Direction::Y, from, to, role, .. } => {
                let edge = |bound: &Option<f64>, open: f64| bound.map_or(open, |value| frame.y.pixel(value).clamp(plot.top, plot.bottom));
                let (mut top, mut bottom) = (edge(to, plot.top), edge(from, plot.bottom));
                if bottom - top < pen.style.stroke * 1.5 {
                    let middle = (top + bottom) / 2.0;
                    (top, bottom) = (middle - pen.style.stroke * 0.75, middle + pen.style.stroke * 0.75);
                }
                pen.rect(Rect { top, bottom, ..plot }, style::wash(*role));
            }
            Mark::Band { points, role, .. } => {
                let upper = points.iter().map(|(x, _, high)| frame.point(*x, *high));
                let lower = points.iter().rev().map(|(x, low, _)| frame.point(*x, *low));
                pen.shapes.push(super::scene::Shape::Area { points: upper.chain(lower).collect(), ink: style::wash(*role) });
            }
            _ => {}
        }
    }
}

impl Frame {
    /// The pixel of a point.
    pub(super) fn point(&self, x: f64, y: f64) -> Pixel {
        pixel(self.x.pixel(x), self.y.pixel(y))
    }
}

/// A name above the plot, at a vertical rule or zone.
struct StripLabel {
    at: f64,
    lines: Vec<String>,
    role: Role,
    left: f64,
    width: f64,
    row: usize,
}

/// Names of vertical rules and zones, placed in rows above the plot so that none touches another.
fn strip_labels(panel: &Panel, x: impl Fn(f64) -> f64, (left, right): (f64, f64), pen: &Pen) -> Vec<StripLabel> {
    let style = pen.style;
    let mut labels: Vec<StripLabel> = Vec::new();
    for mark in &panel.marks {
        let (at, role, text) = match mark {
            Mark::Rule { along: Direction::X, at, role, label } if !label.is_empty() => (x(*at), *role, label),
            Mark::Zone { along: Direction::X, from, to, role, label } if !label.is_empty() => {
                let (from, to) = (from.map_or(left, &x), to.map_or(right, &x));
                ((from + to) / 2.0, *role, label)
            }
            _ => continue,
        };
        let lines = wrap(text, (right - left) * 0.6, style.label, Weight::SemiBold, pen.ruler);
        let width = pen.widest(&lines, (style.label, Weight::SemiBold));
        let fits = |start: f64| start.clamp(left, (right - width).max(left));
        let gap = style.label * 0.5;
        let mut choice = (fits(at - width / 2.0), usize::MAX);
        'rows: for row in 0..8 {
            for start in [fits(at - width / 2.0), fits(at), fits(at - width)] {
                if labels
                    .iter()
                    .all(|other| other.row != row || start + width + gap <= other.left || other.left + other.width + gap <= start)
                {
                    choice = (start, row);
                    break 'rows;
                }
            }
        }
        if choice.1 < usize::MAX {
            labels.push(StripLabel { at, lines, role, left: choice.0, width, row: choice.1 });
        }
    }
    labels
}

fn row_heights(labels: &[StripLabel], style: &Style) -> Vec<f64> {
    let rows = labels.iter().map(|label| label.row + 1).max().unwrap_or(0);
    (0..rows)
        .map(|row| {
            let lines = labels.iter().filter(|label| label.row == row).map(|label| label.lines.len()).max().unwrap_or(0);
            style.label * Style::LEADING * lines as f64
        })
        .collect()
}

/// Height of the strip above the plot that the names of vertical rules need.
pub(super) fn strip_height(panel: &Panel, x: Mapping, outer: Rect, pen: &Pen) -> f64 {
    let labels = strip_labels(panel, |value| x.pixel(value), (x.pixels.0, outer.right), pen);
    let heights = row_heights(&labels, pen.style);
    if heights.is_empty() { 0.0 } else { heights.iter().sum::<f64>() + pen.style.label * 0.1 }
}

/// Rules, and the names of the vertical ones above the plot.
pub(super) fn draw_rules(panel: &Panel, frame: &Frame, outer: Rect, pen: &mut Pen) {
    let style = pen.style;
    let plot = frame.plot;
    let labels = strip_labels(panel, |value| frame.x.pixel(value), (plot.left, outer.right), pen);
    let heights = row_heights(&labels, style);
    for mark in &panel.marks {
        if let Mark::Rule { along, at, role, .. } = mark {
            let width = style.stroke * 0.8;
            let ink = style::ink(*role);
            let pattern: Vec<f64> = style::dash(*role).iter().map(|length| length * width).collect();
            let ends = match along {
                Direction::X => {
                    let at = snap(frame.x.pixel(*at), width);
                    [pixel(at, plot.top - style.label * 0.25), pixel(at, plot.bottom)]
                }
                Direction::Y => {
                    let at = snap(frame.y.pixel(*at), width);
                    [pixel(plot.left, at), pixel(plot.right, at)]
                }
            };
            for points in super::scene::dashes(&ends, &pattern) {
                pen.shapes.push(super::scene::Shape::Stroke { points, width, ink });
            }
        }
    }
    for label in labels {
        let above: f64 = heights.iter().rev().take(heights.len() - 1 - label.row).sum();
        let row_height = heights.get(label.row).copied().unwrap_or_default();
        let own = style.label * Style::LEADING * label.lines.len() as f64;
        let top = frame.strip_top + above + row_height - own;
        let ink = style::text_ink(label.role);
        if label.row > 0 {
            pen.line(pixel(label.at, top + own), pixel(label.at, plot.top), style.hairline, ink.faded(0.5));
        }
        let size = (style.label, Weight::SemiBold);
        pen.lines(label.left, top, &label.lines, size, Anchor::Start, ink);
    }
}

/// Bars and histograms, which lie beneath rules and lines.
pub(super) fn draw_columns(panel: &Panel, frame: &Frame, pen: &mut Pen) {
    for mark in &panel.marks {
        match mark {
            Mark::Bars { bars } => {
                for bar in bars {
                    pen.rect(bar_rect(bar, frame), style::ink(bar.role));
                }
            }
            Mark::Histogram { bins, role } => {
                for bin in bins {
                    let (base, top) = (frame.y.pixel(0.0), frame.y.pixel(bin.count));
                    let (left, right) = (frame.x.pixel(bin.from), frame.x.pixel(bin.to));
                    let gap = ((right - left) * 0.06).min(2.0);
                    pen.rect(Rect { left: left + gap, right: right - gap, top, bottom: base }, style::ink(*role));
                }
            }
            _ => {}
        }
    }
}

/// Lines, intervals and points.
pub(super) fn draw_marks(panel: &Panel, frame: &Frame, pen: &mut Pen) {
    for mark in &panel.marks {
        match mark {
            Mark::Line { points, role, .. } => {
                let points: Vec<Pixel> = points.iter().map(|(x, y)| frame.point(*x, *y)).collect();
                pen.stroke(&points, *role);
            }
            Mark::Points { points, role, emphasis } => {
                for point in points {
                    pen.marker(frame.point(point.x, point.y), *role, *emphasis);
                }
            }
            Mark::Interval { y, from, to, role } => draw_interval(*y, *from, *to, *role, frame, pen),
            _ => {}
        }
    }
}

fn bar_rect(bar: &Bar, frame: &Frame) -> Rect {
    let half = ((frame.x.pixel(bar.x + 1.0) - frame.x.pixel(bar.x)).abs() * 0.36).max(0.75);
    let (middle, base, end) = (frame.x.pixel(bar.x), frame.y.pixel(0.0), frame.y.pixel(bar.y));
    Rect { left: middle - half, right: middle + half, top: base.min(end), bottom: base.max(end) }
}

fn draw_interval(y: f64, from: Option<f64>, to: Option<f64>, role: Role, frame: &Frame, pen: &mut Pen) {
    let style = pen.style;
    let plot = frame.plot;
    let middle = frame.y.pixel(y);
    let half = style.radius * 2.1;
    let ink = style::ink(role);
    let least = style.radius * 0.45;
    let closed = |value: f64| frame.x.pixel(value).clamp(plot.left, plot.right);
    let (left, right) = match (from, to) {
        (Some(from), Some(to)) => {
            let (from, to) = (closed(from), closed(to));
            let centre = (from + to) / 2.0;
            (from.min(centre - least), to.max(centre + least))
        }
        (Some(from), None) => (closed(from), plot.right - half),
        (None, Some(to)) => (plot.left + half, closed(to)),
        (None, None) => return,
    };
    let band = Rect { left, right, top: middle - half, bottom: middle + half };
    if from.is_some() && to.is_some() {
        pen.rect(band, ink);
        return;
    }
    pen.rect(Rect { top: middle - half * 0.28, bottom: middle + half * 0.28, ..band }, ink.faded(0.55));
    let (bound, tip, base) = if from.is_none() { (right, plot.left, left) } else { (left, plot.right, right) };
    pen.rect(Rect { left: bound - least, right: bound + least, top: middle - half, bottom: middle + half }, ink);
    let points = vec![pixel(tip, middle), pixel(base, middle - half * 0.65), pixel(base, middle + half * 0.65)];
    pen.shapes.push(super::scene::Shape::Area { points, ink: ink.faded(0.55) });
}

/// Whether a panel has texts beside its points.
pub(super) fn has_callouts(panel: &Panel) -> bool {
    panel.marks.iter().any(|mark| match mark {
        Mark::Points { points, .. } => points.iter().any(|point| !point.label.is_empty()),
        Mark::Note { text, .. } => !text.is_empty(),
        _ => false,
    })
}

/// Texts of points and notes, beside their points where there is room.
pub(super) fn draw_callouts(panel: &Panel, frame: &Frame, pen: &mut Pen) {
    struct Words {
        lines: Vec<String>,
        role: Role,
        weight: Weight,
    }
    let style = pen.style;
    let most = frame.plot.width() * if style.size.is_narrow() { 0.46 } else { 0.42 };
    let mut words: Vec<Words> = Vec::new();
    let mut callouts: Vec<Callout> = Vec::new();
    let mut add = |at: Pixel, clear: f64, text: &str, role: Role, weight: Weight| {
        let lines = wrap(text, most, style.label, weight, pen.ruler);
        let width = pen.widest(&lines, (style.label, weight));
        let height = style.label * (Style::LEADING * (lines.len() as f64 - 1.0) + 1.0);
        callouts.push(Callout { at, clear, width, height });
        words.push(Words { lines, role, weight });
    };
    for mark in &panel.marks {
        match mark {
            Mark::Points { points, role, emphasis } => {
                for point in points.iter().filter(|point| !point.label.is_empty()) {
                    let weight = if *emphasis == Emphasis::Primary { Weight::SemiBold } else { Weight::Regular };
                    let clear = style.marker_radius(*emphasis) + style.label * 0.35;
                    add(frame.point(point.x, point.y), clear, &point.label, *role, weight);
                }
            }
            Mark::Note { x, y, text, role } => add(frame.point(*x, *y), style.label * 0.4, text, *role, Weight::Regular),
            _ => {}
        }
    }
    let obstacles = obstacles(panel, frame, style);
    let bounds =
        Rect { left: frame.plot.left + 4.0, right: frame.plot.right - 2.0, top: frame.plot.top + 2.0, bottom: frame.plot.bottom - 4.0 };
    let placed = place_callouts(&callouts, bounds, &obstacles);
    for (callout, rect) in callouts.iter().zip(&placed) {
        let Some(rect) = rect else { continue };
        let nearest = rect.nearest(callout.at);
        let distance = (nearest.x - callout.at.x).hypot(nearest.y - callout.at.y);
        if distance > callout.clear + style.label * 0.45 {
            let start = callout.clear * 0.75 / distance;
            let from = pixel(callout.at.x + (nearest.x - callout.at.x) * start, callout.at.y + (nearest.y - callout.at.y) * start);
            pen.line(from, nearest, style.hairline, AXIS.faded(0.75));
        }
    }
    for (words, rect) in words.iter().zip(placed) {
        let Some(rect) = rect else { continue };
        if obstacles.under(&rect) > 0.0 {
            pen.rect(rect.grown(2.0), PAPER.faded(0.8));
        }
        let ink = if words.role == Role::Muted { TEXT } else { style::text_ink(words.role) };
        let top = rect.top + style.label * (1.0 - Style::CAP_HEIGHT) / 2.0;
        pen.lines(rect.left, top, &words.lines, (style.label, words.weight), Anchor::Start, ink);
    }
}

fn obstacles(panel: &Panel, frame: &Frame, style: &Style) -> Obstacles {
    let mut obstacles = Obstacles::default();
    for mark in &panel.marks {
        match mark {
            Mark::Line { points, .. } => {
                let pixels: Vec<Pixel> = points.iter().map(|(x, y)| frame.point(*x, *y)).collect();
                obstacles.segments.extend(pixels.windows(2).filter_map(|pair| match pair {
                    [from, to] => Some((*from, *to)),
                    _ => None,
                }));
            }
            Mark::Bars { bars } => obstacles.boxes.extend(bars.iter().map(|bar| bar_rect(bar, frame))),
            Mark::Points { points, emphasis, .. } => {
                let radius = style.marker_radius(*emphasis);
                obstacles.boxes.extend(points.iter().map(|point| {
                    let at = frame.point(point.x, point.y);
                    Rect { left: at.x, right: at.x, top: at.y, bottom: at.y }.grown(radius)
                }));
            }
            Mark::Rule { along: Direction::X, at, .. } => {
                let at = frame.x.pixel(*at);
                obstacles.segments.push((pixel(at, frame.plot.top), pixel(at, frame.plot.bottom)));
            }
            Mark::Rule { along: Direction::Y, at, .. } => {
                let at = frame.y.pixel(*at);
                obstacles.segments.push((pixel(frame.plot.left, at), pixel(frame.plot.right, at)));
            }
            Mark::Histogram { bins, .. } => obstacles.boxes.extend(bins.iter().map(|bin| Rect {
                left: frame.x.pixel(bin.from),
                right: frame.x.pixel(bin.to),
                top: frame.y.pixel(bin.count),
                bottom: frame.y.pixel(0.0),
            })),
            Mark::Interval { .. } | Mark::Zone { .. } | Mark::Band { .. } | Mark::Note { .. } => {}
        }
    }
    for value in panel.x.baseline.iter() {
        let at = frame.x.pixel(*value);
        obstacles.segments.push((pixel(at, frame.plot.top), pixel(at, frame.plot.bottom)));
    }
    for value in panel.y.baseline.iter().filter(|_| !matches!(panel.y.scale, Scale::Rows(_))) {
        let at = frame.y.pixel(*value);
        obstacles.segments.push((pixel(frame.plot.left, at), pixel(frame.plot.right, at)));
    }
    obstacles
}
