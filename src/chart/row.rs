//! Named rows: what stands at the left and the right of each, or above it on a phone.

use super::figure::Row;
use super::label::wrap;
use super::layout::pixel;
use super::panel::{Frame, Gutters, snap};
use super::scene::{Anchor, Pen, Rect};
use super::style::{self, GRID, Ink, QUIET_TEXT, Style, TEXT, Weight};

/// Largest share of the width that the names take, and the outcomes.
const SHARES: (f64, f64) = (0.27, 0.29);

/// The room that names and outcomes need beside the plot. None on a phone, where they stand above it.
pub(super) fn measure_gutters(rows: &[Row], outer: Rect, pen: &Pen) -> Gutters {
    let style = pen.style;
    if style.size.is_narrow() {
        return Gutters { left: 0.0, right: 0.0 };
    }
    let widest = |pairs: &mut dyn Iterator<Item = (&str, &str)>, share: f64| {
        pairs
            .map(|(first, second)| {
                pen.ruler.width(first, style.label, Weight::SemiBold).max(pen.ruler.width(second, style.tick, Weight::Regular))
            })
            .fold(0.0, f64::max)
            .min(outer.width() * share)
    };
    Gutters {
        left: widest(&mut rows.iter().map(|row| (row.label.as_str(), row.detail.as_str())), SHARES.0) + style.label,
        right: widest(&mut rows.iter().map(|row| (row.outcome.as_str(), row.outcome_detail.as_str())), SHARES.1) + style.label,
    }
}

/// Lines of one column of one row: text, whether it is the bold first part, colour, and side.
struct Line {
    text: String,
    bold: bool,
    ink: Ink,
    anchor: Anchor,
    /// Whether it stands on the same height as the line before.
    beside: bool,
}

impl Line {
    fn size(&self, style: &Style) -> (f64, Weight) {
        if self.bold { (style.label, Weight::SemiBold) } else { (style.tick, Weight::Regular) }
    }
}

fn column(first: &str, second: &str, width: f64, ink: Ink, pen: &Pen) -> Vec<Line> {
    let style = pen.style;
    let line =
        |text: String, bold: bool| Line { text, bold, ink: if bold { ink } else { QUIET_TEXT }, anchor: Anchor::Start, beside: false };
    let bold = wrap(first, width + 1.0, style.label, Weight::SemiBold, pen.ruler).into_iter().map(|text| line(text, true));
    let quiet = wrap(second, width + 1.0, style.tick, Weight::Regular, pen.ruler).into_iter().map(|text| line(text, false));
    bold.chain(quiet).collect()
}

/// A phone's lines above a row: name and outcome beside each other where they fit, then the quieter lines.
fn lines_above(row: &Row, width: f64, pen: &Pen) -> Vec<Line> {
    let style = pen.style;
    let details = [row.detail.as_str(), row.outcome_detail.as_str()];
    let detail = details.into_iter().filter(|detail| !detail.is_empty()).collect::<Vec<_>>().join("; ");
    let name = pen.ruler.width(&row.label, style.label, Weight::SemiBold);
    let outcome = pen.ruler.width(&row.outcome, style.label, Weight::SemiBold);
    let ink = style::text_ink(row.role);
    let beside = name + outcome + style.label <= width;
    let mut lines = column(&row.label, "", width, TEXT, pen);
    if beside {
        lines.push(Line { text: row.outcome.clone(), bold: true, ink, anchor: Anchor::End, beside: true });
    } else {
        lines.extend(column(&row.outcome, "", width, ink, pen));
    }
    lines.extend(column("", &detail, width, TEXT, pen));
    lines
}

fn text_height(lines: &[Line], style: &Style) -> f64 {
    lines.iter().filter(|line| !line.beside).map(|line| line.size(style).0 * Style::LEADING).sum()
}

/// Height of the strip with a row's marks on a phone.
fn strip(style: &Style) -> f64 {
    style.radius * 6.4
}

/// Heights of the rows in which all words and marks find room. Beside the plot all rows are as high as the highest.
fn heights(rows: &[Row], outer: Rect, gutters: Gutters, pen: &Pen) -> Vec<f64> {
    let style = pen.style;
    if style.size.is_narrow() {
        let height = |row| text_height(&lines_above(row, outer.width(), pen), style) + strip(style) + style.label * 0.45;
        return rows.iter().map(height).collect();
    }
    let height = |row: &Row| {
        let left = text_height(&column(&row.label, &row.detail, gutters.left - style.label, TEXT, pen), style);
        let right = text_height(&column(&row.outcome, &row.outcome_detail, gutters.right - style.label, TEXT, pen), style);
        left.max(right) + style.label * 0.3
    };
    let highest = rows.iter().map(height).fold(0.0, f64::max);
    vec![highest; rows.len()]
}

/// The height that all rows together need at least.
pub(super) fn least_height(rows: &[Row], outer: Rect, gutters: Gutters, pen: &Pen) -> f64 {
    heights(rows, outer, gutters, pen).iter().sum()
}

/// Upper and lower edge of each row; what height is left over is shared out evenly.
fn edges(rows: &[Row], outer: Rect, gutters: Gutters, plot: Rect, pen: &Pen) -> Vec<(f64, f64)> {
    let heights = heights(rows, outer, gutters, pen);
    let extra = (plot.height() - heights.iter().sum::<f64>()) / rows.len().max(1) as f64;
    heights
        .into_iter()
        .scan(plot.top, |top, height| {
            let edges = (*top, *top + height + extra);
            *top = edges.1;
            Some(edges)
        })
        .collect()
}

/// The middle of each row's marks.
pub(super) fn middles(rows: &[Row], outer: Rect, gutters: Gutters, plot: Rect, pen: &Pen) -> Vec<f64> {
    let narrow = pen.style.size.is_narrow();
    let middle = |(top, bottom): (f64, f64)| if narrow { bottom - strip(pen.style) / 2.0 } else { (top + bottom) / 2.0 };
    edges(rows, outer, gutters, plot, pen).into_iter().map(middle).collect()
}

/// Draws the rows' words and the lines between the rows.
pub(super) fn draw(rows: &[Row], outer: Rect, gutters: Gutters, frame: &Frame, pen: &mut Pen) {
    let style = pen.style;
    let plot = frame.plot;
    for (row, (top, bottom)) in rows.iter().zip(edges(rows, outer, gutters, plot, pen)) {
        if style.size.is_narrow() {
            let above = Rect { left: outer.left - style.hairline, right: outer.right + style.hairline, top, bottom: bottom - strip(style) };
            pen.rect(above, style::PAPER);
            draw_lines(&lines_above(row, outer.width(), pen), (outer.left, outer.right), top + style.label * 0.45, pen);
        } else {
            let left = column(&row.label, &row.detail, gutters.left - style.label, TEXT, pen);
            let right = column(&row.outcome, &row.outcome_detail, gutters.right - style.label, style::text_ink(row.role), pen);
            for (lines, x) in [(left, outer.left), (right, plot.right + style.label)] {
                let slack = style.tick * (Style::LEADING - Style::CAP_HEIGHT);
                let start = (top + bottom - text_height(&lines, style) + slack) / 2.0;
                draw_lines(&lines, (x, x), start, pen);
            }
        }
        let line = snap(top, style.hairline);
        pen.line(pixel(outer.left, line), pixel(outer.right, line), style.hairline, GRID);
    }
    let line = snap(plot.bottom, style.hairline);
    pen.line(pixel(outer.left, line), pixel(outer.right, line), style.hairline, GRID);
}

fn draw_lines(lines: &[Line], (left, right): (f64, f64), top: f64, pen: &mut Pen) {
    let style = pen.style;
    let mut y = top;
    for line in lines {
        let size = line.size(style);
        if line.beside {
            y -= size.0 * Style::LEADING;
        }
        let x = if line.anchor == Anchor::End { right } else { left };
        y = pen.lines(x, y, std::slice::from_ref(&line.text), size, line.anchor, line.ink);
    }
}
