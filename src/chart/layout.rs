//! From a [`Figure`] and a size to a [`Scene`]: the words at the head and the foot, and between them the panels.

use super::figure::{Figure, Panel};
use super::label::wrap_balanced;
use super::panel::{self, Gutters};
use super::scene::{Anchor, Pen, Pixel, Rect, Ruler, Scene};
use super::style::{self, FAINT_TEXT, QUIET_TEXT, Size, Style, TEXT, Weight};

/// Lays a figure out for a size. A figure whose rows or panels find no room in the height becomes higher.
pub(super) fn compose(figure: &Figure, size: Size, ruler: &dyn Ruler) -> Scene {
    let (scene, shortage) = compose_within(figure, size, ruler);
    if shortage < 1.0 {
        return scene;
    }
    let height = scene.size.height.saturating_add(shortage.ceil() as u32);
    compose_within(figure, Size { height, ..scene.size }, ruler).0
}

/// The scene, and the height in pixels that its panels lack.
fn compose_within(figure: &Figure, size: Size, ruler: &dyn Ruler) -> (Scene, f64) {
    let style = Style::for_size(size);
    let mut pen = Pen { style: &style, ruler, shapes: Vec::new() };
    let (width, height) = (f64::from(style.size.width), f64::from(style.size.height));
    pen.rect(Rect { left: 0.0, top: 0.0, right: width, bottom: height }, style::PAPER);
    let top = draw_head(figure, &mut pen);
    let bottom = draw_note(figure, &mut pen);
    let area = Rect { left: style.margin, top, right: width - style.margin, bottom };
    let shortage = draw_panels(figure, area, &mut pen);
    (Scene { size: style.size, shapes: pen.shapes }, shortage)
}

/// Draws the accent, the title and the subtitle; returns where the panels may begin.
fn draw_head(figure: &Figure, pen: &mut Pen) -> f64 {
    let style = pen.style;
    let left = style.margin;
    let width = f64::from(style.size.width) - 2.0 * style.margin;
    let bar = style.title * 0.17;
    let mut y = style.margin * 0.62;
    pen.rect(Rect { left, top: y, right: left + style.title * 1.5, bottom: y + bar }, style::ink(super::figure::Role::Accent));
    y += bar + style.title * 0.5;
    let title = wrap_balanced(&figure.title, width, style.title, Weight::SemiBold, pen.ruler);
    y = pen.lines(left, y, &title, (style.title, Weight::SemiBold), Anchor::Start, TEXT);
    y += style.title * 0.06;
    let subtitle = wrap_balanced(&figure.subtitle, width, style.subtitle, Weight::Regular, pen.ruler);
    y = pen.lines(left, y, &subtitle, (style.subtitle, Weight::Regular), Anchor::Start, QUIET_TEXT);
    y + style.subtitle * 0.75
}

/// Draws the note at the foot; returns where the panels must end.
fn draw_note(figure: &Figure, pen: &mut Pen) -> f64 {
    let style = pen.style;
    let foot = f64::from(style.size.height) - style.margin * 0.62;
    let width = f64::from(style.size.width) - 2.0 * style.margin;
    let note = wrap_balanced(&figure.note, width, style.note, Weight::Regular, pen.ruler);
    if note.is_empty() {
        return foot;
    }
    let leading = style.note * Style::LEADING;
    let top = foot - leading * (note.len() as f64 - 1.0) - style.note * Style::CAP_HEIGHT;
    pen.lines(style.margin, top, &note, (style.note, Weight::Regular), Anchor::Start, FAINT_TEXT);
    top - style.note * 1.15
}

/// Draws the panels; returns the height that they lack for their words to be legible.
fn draw_panels(figure: &Figure, area: Rect, pen: &mut Pen) -> f64 {
    let gap = pen.style.label * 0.9;
    let count = figure.panels.len();
    let total: f64 = figure.panels.iter().map(|panel| panel.weight.max(0.05)).sum();
    let feet: Vec<f64> = (0..count)
        .map(|position| {
            let labelled = !figure.shared_x || position + 1 == count;
            figure.panels.get(position).map_or(0.0, |panel| if labelled { panel::foot_height(panel, pen.style) } else { 0.0 })
        })
        .collect();
    let heads: Vec<f64> = figure.panels.iter().map(|panel| panel::head_height(panel, area, pen)).collect();
    let room = area.height() - gap * (count.saturating_sub(1)) as f64 - feet.iter().chain(&heads).sum::<f64>();
    let outers: Vec<(&Panel, Rect, bool)> = figure
        .panels
        .iter()
        .zip(feet.iter().zip(&heads))
        .scan(area.top, |top, (panel, (foot, head))| {
            let bottom = *top + head + (room * panel.weight.max(0.05) / total).max(pen.style.tick) + foot;
            let outer = Rect { top: *top, bottom, ..area };
            *top = bottom + gap;
            Some((panel, outer, *foot > 0.0))
        })
        .collect();
    let gutters = outers
        .iter()
        .map(|(panel, outer, _)| panel::measure_gutters(panel, *outer, pen))
        .fold(Gutters::default(), |widest, next| Gutters { left: widest.left.max(next.left), right: widest.right.max(next.right) });
    let shared = if figure.shared_x { panel::common_domain(&figure.panels, area.width() - gutters.left - gutters.right, pen.style) } else { None };
    outers
        .into_iter()
        .map(|(panel, outer, labelled)| panel::draw_panel(panel, outer, panel::Surroundings { gutters, labelled, shared }, pen))
        .sum()
}

/// Where a small line of text is centred vertically: its baseline for a middle at `y`.
pub(super) fn baseline_for_middle(y: f64, size: f64) -> f64 {
    y + size * Style::CAP_HEIGHT / 2.0
}

/// A position.
pub(super) fn pixel(x: f64, y: f64) -> Pixel {
    Pixel { x, y }
}
