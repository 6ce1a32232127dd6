//! The words above a plot: key, heading, and title of the vertical axis.

use super::figure::{Panel, Role, Symbol};
use super::label::wrap;
use super::layout::{baseline_for_middle, pixel};
use super::scene::{Anchor, Pen, Rect};
use super::style::{self, QUIET_TEXT, Style, TEXT, Weight};

/// Draws key, heading and title of the vertical axis; returns where the strip above the plot begins.
pub(super) fn draw(panel: &Panel, outer: Rect, pen: &mut Pen) -> f64 {
    let style = pen.style;
    let mut y = outer.top;
    if !panel.key.is_empty() {
        y = draw_key(panel, outer, y, pen) + style.tick * 0.4;
    }
    if let Some(heading) = &panel.heading {
        let lines = wrap(heading, outer.width(), style.label, Weight::SemiBold, pen.ruler);
        y = pen.lines(outer.left, y, &lines, (style.label, Weight::SemiBold), Anchor::Start, TEXT) + style.label * 0.15;
    }
    if let Some(title) = &panel.y.title {
        let lines = wrap(title, outer.width(), style.tick, Weight::Regular, pen.ruler);
        y = pen.lines(outer.left, y, &lines, (style.tick, Weight::Regular), Anchor::Start, QUIET_TEXT) + style.tick * 0.15;
    }
    y + style.tick * 0.35
}

fn draw_key(panel: &Panel, outer: Rect, top: f64, pen: &mut Pen) -> f64 {
    let style = pen.style;
    let (symbol_width, gap) = (style.tick * 1.25, style.tick * 1.1);
    let (mut x, mut y) = (outer.left, top);
    for entry in &panel.key {
        let width = symbol_width + style.tick * 0.4 + pen.ruler.width(&entry.text, style.tick, Weight::Regular);
        if x > outer.left && x + width > outer.right {
            x = outer.left;
            y += style.tick * Style::LEADING;
        }
        let middle = y + style.tick * Style::CAP_HEIGHT / 2.0;
        let ink = style::ink(entry.role);
        match entry.symbol {
            Symbol::Line => pen.stroke(&[pixel(x, middle), pixel(x + symbol_width, middle)], entry.role),
            Symbol::Swatch => {
                let ink = if matches!(entry.role, Role::Band) { style::wash(entry.role) } else { ink };
                let half = style.tick * 0.33;
                pen.rect(
                    Rect { left: x + symbol_width * 0.15, right: x + symbol_width * 0.95, top: middle - half, bottom: middle + half },
                    ink,
                );
            }
            Symbol::Marker(emphasis) => pen.marker(pixel(x + symbol_width / 2.0, middle), entry.role, emphasis),
            Symbol::Letter(letter) => {
                let at = pixel(x + symbol_width / 2.0, baseline_for_middle(middle, style.tick));
                pen.text(at, &letter.to_string(), (style.tick, Weight::SemiBold), Anchor::Middle, style::text_ink(entry.role));
            }
        }
        let lines = wrap(&entry.text, outer.right - x - symbol_width - style.tick * 0.4, style.tick, Weight::Regular, pen.ruler);
        let end = pen.lines(x + symbol_width + style.tick * 0.4, y, &lines, (style.tick, Weight::Regular), Anchor::Start, QUIET_TEXT);
        y = end - style.tick * Style::LEADING;
        x += width + gap;
    }
    y + style.tick * Style::LEADING
}
