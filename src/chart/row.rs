//! Named rows: what stands at the left and the right of each, or above it on a phone.

use super::figure::Row;
use super::label::wrap;
use super::layout::pixel;
use super::panel::{Frame, Gutters, snap};
use super::scale::Mapping;
use super::scene::{Anchor, Pen, Rect};
use super::style::{self, GRID, QUIET_TEXT, Style, TEXT, Weight};

/// Share of the width for the names, and for the outcomes.
const SHARES: (f64, f64) = (0.27, 0.27);

/// The room that names and outcomes need beside the plot. None on a phone, where they stand above it.
pub(super) fn measure_gutters(rows: &[Row], outer: Rect, pen: &Pen) -> Gutters {
    let style = pen.style;
    if style.size.is_narrow() {
        return Gutters { left: 0.0, right: 0.0 };
    }
    let unit = unit(rows.len(), outer.height(), style);
    let (label, tick) = (style.label * unit, style.tick * unit);
    let widest = |pairs: &mut dyn Iterator<Item = (&str, &str)>, share: f64| {
        pairs
            .map(|(first, second)| {
                pen.ruler.width(first, label, Weight::SemiBold).max(pen.ruler.width(second, tick, Weight::Regular))
            })
            .fold(0.0, f64::max)
            .min(outer.width() * share)
    };
    Gutters {
        left: widest(&mut rows.iter().map(|row| (row.label.as_str(), row.detail.as_str())), SHARES.0) + style.label,
        right: widest(&mut rows.iter().map(|row| (row.outcome.as_str(), row.outcome_detail.as_str())), SHARES.1) + style.label,
    }
}

/// By how much the type of rows shrinks so that all of them find room; 1 at most.
fn unit(rows: usize, height: f64, style: &Style) -> f64 {
    let needed = if style.size.is_narrow() { 4.4 } else { 2.9 } * style.label;
    (height / rows.max(1) as f64 / needed).clamp(0.5, 1.0)
}

/// Rows from top to bottom, each at the middle of its marks.
pub(super) fn mapping(rows: usize, plot: Rect, style: &Style) -> Mapping {
    let height = plot.height() / rows.max(1) as f64;
    let offset = if style.size.is_narrow() { 0.79 } else { 0.5 };
    Mapping { domain: (0.0, 1.0), pixels: (plot.top + height * offset, plot.top + height * (1.0 + offset)) }
}

/// Draws the rows' words and the lines between the rows. Adds what they cover to `taken`.
pub(super) fn draw(rows: &[Row], outer: Rect, gutters: Gutters, frame: &Frame, pen: &mut Pen, taken: &mut Vec<Rect>) {
    let style = pen.style;
    let plot = frame.plot;
    let height = plot.height() / rows.len().max(1) as f64;
    let unit = unit(rows.len(), plot.height(), style);
    let (label, tick) = ((style.label * unit, Weight::SemiBold), (style.tick * unit, Weight::Regular));
    for (position, row) in rows.iter().enumerate() {
        let top = plot.top + height * position as f64;
        let line = snap(top, style.hairline);
        pen.line(pixel(outer.left, line), pixel(outer.right, line), style.hairline, GRID);
        let ink = style::text_ink(row.role);
        if style.size.is_narrow() {
            let first = top + label.0 * 0.42;
            let second = first + label.0 * Style::LEADING;
            let covered = Rect { left: outer.left, right: outer.right, top, bottom: second + tick.0 };
            pen.rect(Rect { top: top + style.hairline, ..covered }, style::PAPER);
            let outcome_width = pen.ruler.width(&row.outcome, label.0, label.1);
            let shown = wrap(&row.label, outer.width() - outcome_width - label.0, label.0, label.1, pen.ruler);
            pen.lines(outer.left, first, shown.get(..1).unwrap_or_default(), label, Anchor::Start, TEXT);
            pen.lines(outer.right, first, std::slice::from_ref(&row.outcome), label, Anchor::End, ink);
            let detail = if row.outcome_detail.is_empty() { row.detail.clone() } else { format!("{}; {}", row.detail, row.outcome_detail) };
            let shown = wrap(&detail, outer.width(), tick.0, tick.1, pen.ruler);
            pen.lines(outer.left, second, shown.get(..1).unwrap_or_default(), tick, Anchor::Start, QUIET_TEXT);
            taken.push(covered);
            continue;
        }
        let middle = top + height / 2.0;
        let columns = [
            (outer.left, gutters.left - style.label, &row.label, &row.detail, TEXT),
            (plot.right + style.label, gutters.right - style.label, &row.outcome, &row.outcome_detail, ink),
        ];
        for (x, width, first, second, ink) in columns {
            let first = wrap(first, width + 1.0, label.0, label.1, pen.ruler);
            let second = wrap(second, width + 1.0, tick.0, tick.1, pen.ruler);
            let (upper, lower) = (label.0 * Style::LEADING * first.len() as f64, tick.0 * Style::LEADING * second.len() as f64);
            let start = middle - (upper + lower - tick.0 * (Style::LEADING - Style::CAP_HEIGHT)) / 2.0;
            let below = pen.lines(x, start, &first, label, Anchor::Start, ink);
            pen.lines(x, below, &second, tick, Anchor::Start, QUIET_TEXT);
        }
    }
    let line = snap(plot.bottom, style.hairline);
    pen.line(pixel(outer.left, line), pixel(outer.right, line), style.hairline, GRID);
}
