//! A figure drawn as SVG. The only file that knows plotters.
//!
//! plotters' SVG backend knows whole pixels, so everything is drawn at four times the size and the picture is scaled back by
//! its `viewBox`: positions are exact to a quarter of a pixel. It has no dashes (they come as separate strokes) and no
//! joins (set once for the whole picture). Text stays text here; see [`super::raster`] for outlines.

use std::sync::OnceLock;

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Text as TextElement};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle, TextStyle, register_font};
use thiserror::Error;

use super::figure::Figure;
use super::font;
use super::layout;
use super::scene::{Anchor, Pixel, Ruler, Scene, Shape, Text};
use super::style::{Ink, Size, Weight};

/// Units of the backend in a pixel.
const UNITS: f64 = 4.0;
/// plotters takes a font's size as its line height and divides by this to get the size of type.
const LINE_HEIGHT: f64 = 1.24;
/// plotters' distance from the top of a text to its baseline, in sizes of type.
const ASCENT: f64 = 0.76;
/// Height of Inter's line (ascender − descender) in sizes of type, by which plotters' text measure is scaled.
const INTER_HEIGHT: f64 = 0.96875 + 0.2412;
/// Line height at which text is measured; widths come back as whole numbers.
const MEASURE: f64 = 4096.0;

/// Why a figure can't be drawn.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DrawError {
    /// A font of the program's own can't be read.
    #[error("the bundled font {name} can't be read: this build of aftermove is broken, install it anew")]
    Font {
        /// File of the font.
        name: &'static str,
    },
    /// A figure without panels.
    #[error("the figure \"{figure}\" has no panel: there is nothing to draw")]
    Empty {
        /// Name of the figure.
        figure: String,
    },
    /// The backend refused.
    #[error("the figure \"{figure}\" can't be drawn: {reason}")]
    Backend {
        /// Name of the figure.
        figure: String,
        /// The backend's words.
        reason: String,
    },
}

/// A drawn figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawing {
    /// SVG with text in the family `Inter`.
    pub svg: String,
    /// Its size: the one asked for, or higher where a figure has more rows or panels than find room.
    pub size: Size,
}

impl AsRef<str> for Drawing {
    fn as_ref(&self) -> &str {
        &self.svg
    }
}

/// Draws a figure at a size (sides are kept within [`Size::LIMITS`]).
///
/// # Errors
/// [`DrawError::Empty`] for a figure without panels; the others mean that the build is broken.
pub fn draw(figure: &Figure, size: Size) -> Result<Drawing, DrawError> {
    register_fonts()?;
    if figure.panels.is_empty() {
        return Err(DrawError::Empty { figure: figure.name.clone() });
    }
    let scene = layout::compose(figure, size, &InterRuler::new());
    let svg = paint(&scene).map_err(|reason| DrawError::Backend { figure: figure.name.clone(), reason })?;
    Ok(Drawing { svg: scale_back(&svg, scene.size, figure), size: scene.size })
}

fn register_fonts() -> Result<(), DrawError> {
    static REGISTERED: OnceLock<Result<(), DrawError>> = OnceLock::new();
    REGISTERED
        .get_or_init(|| {
            for (style, file) in [(FontStyle::Normal, &font::REGULAR), (FontStyle::Bold, &font::SEMI_BOLD)] {
                register_font(font::FAMILY, style, file.bytes).map_err(|_| DrawError::Font { name: file.name })?;
            }
            Ok(())
        })
        .clone()
}

/// Measures text by the advances of Inter's glyphs (without kerning, which makes text a little narrower).
struct InterRuler {
    regular: FontDesc<'static>,
    semi_bold: FontDesc<'static>,
}

impl InterRuler {
    fn new() -> Self {
        let family = FontFamily::Name(font::FAMILY);
        Self { regular: FontDesc::new(family, MEASURE, FontStyle::Normal), semi_bold: FontDesc::new(family, MEASURE, FontStyle::Bold) }
    }
}

impl Ruler for InterRuler {
    fn width(&self, text: &str, size: f64, weight: Weight) -> f64 {
        let font = match weight {
            Weight::Regular => &self.regular,
            Weight::SemiBold => &self.semi_bold,
        };
        font.box_size(text).map_or(0.0, |(width, _)| f64::from(width) / MEASURE * INTER_HEIGHT * size)
    }
}

/// Width of a line of text as the layout takes it.
#[cfg(test)]
pub(super) fn text_width(text: &str, size: f64, weight: Weight) -> f64 {
    assert_eq!(register_fonts(), Ok(()));
    InterRuler::new().width(text, size, weight)
}

fn paint(scene: &Scene) -> Result<String, String> {
    let mut svg = String::with_capacity(64 * 1024);
    {
        let units = |pixels: u32| (f64::from(pixels) * UNITS) as u32;
        let area = SVGBackend::with_string(&mut svg, (units(scene.size.width), units(scene.size.height))).into_drawing_area();
        for shape in &scene.shapes {
            paint_shape(&area, shape)?;
        }
        area.present().map_err(|error| error.to_string())?;
    }
    Ok(svg)
}

fn paint_shape(area: &DrawingArea<SVGBackend, Shift>, shape: &Shape) -> Result<(), String> {
    match shape {
        Shape::Stroke { points, width, ink } => {
            let style = ShapeStyle { color: colour(*ink), filled: false, stroke_width: whole(*width).max(1) as u32 };
            area.draw(&PathElement::new(points.iter().copied().map(unit).collect::<Vec<_>>(), style))
        }
        Shape::Area { points, ink } => {
            area.draw(&Polygon::new(points.iter().copied().map(unit).collect::<Vec<_>>(), colour(*ink).filled()))
        }
        Shape::Disc { centre, radius, ink } => area.draw(&Circle::new(unit(*centre), whole(*radius).max(1), colour(*ink).filled())),
        Shape::Text(text) => paint_text(area, text),
    }
    .map_err(|error| error.to_string())
}

fn paint_text(area: &DrawingArea<SVGBackend, Shift>, text: &Text) -> Result<(), plotters::drawing::DrawingAreaErrorKind<std::io::Error>> {
    let style = match text.weight {
        Weight::Regular => FontStyle::Normal,
        Weight::SemiBold => FontStyle::Bold,
    };
    let side = match text.anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    let top = Pixel { x: text.at.x, y: text.at.y - ASCENT * text.size };
    let font = FontDesc::new(FontFamily::Name(font::FAMILY), whole(text.size * LINE_HEIGHT).into(), style);
    let style = TextStyle { font, color: colour(text.ink).to_backend_color(), pos: Pos::new(side, VPos::Top) };
    area.draw(&TextElement::new(text.text.as_str(), unit(top), style))
}

fn unit(at: Pixel) -> (i32, i32) {
    (whole(at.x), whole(at.y))
}

fn whole(pixels: f64) -> i32 {
    (pixels * UNITS).round() as i32
}

fn colour(ink: Ink) -> RGBAColor {
    let (red, green, blue) = ink.rgb;
    RGBAColor(red, green, blue, ink.opacity)
}

/// Puts the picture's own size, line joins, and its description for screen readers into the root element.
fn scale_back(svg: &str, size: Size, figure: &Figure) -> String {
    let Some((_, body)) = svg.split_once(">\n") else { return svg.to_owned() };
    format!(
        "<svg width=\"{}\" height=\"{}\" viewBox=\"0 0 {} {}\" role=\"img\" stroke-linejoin=\"round\" xmlns=\"http://www.w3.org/2000/svg\">\n<title>{}</title>\n<desc>{}</desc>\n{body}",
        size.width,
        size.height,
        f64::from(size.width) * UNITS,
        f64::from(size.height) * UNITS,
        escape(&figure.title),
        escape(&figure.alt),
    )
}

/// Text as XML: the characters that would be markup are written as entities, and those XML can't hold are left out.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '"' => escaped.push_str("&quot;"),
            control if control.is_control() => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::figure::{Axis, Mark, Panel, Role, Scale};

    fn figure(panels: Vec<Panel>) -> Figure {
        Figure {
            name: "line".to_owned(),
            title: "Up & <down>".to_owned(),
            subtitle: String::new(),
            note: String::new(),
            alt: "A \u{7}line".to_owned(),
            panels,
            shared_x: false,
        }
    }

    fn panel(points: Vec<(f64, f64)>) -> Panel {
        let mut panel = Panel::new(Axis::new(Scale::Percent), Axis::new(Scale::Percent));
        panel.marks.push(Mark::Line { points, role: Role::Peer(0), label: "up".to_owned() });
        panel
    }

    #[test]
    fn a_drawing_is_finer_than_its_pixels_and_says_what_it_shows() {
        let drawing = draw(&figure(vec![panel(vec![(0.0, 0.0), (1.0, 1.0)])]), Size::WIDE).unwrap();
        assert!(drawing.svg.starts_with("<svg width=\"1600\" height=\"1000\" viewBox=\"0 0 6400 4000\""));
        assert!(drawing.svg.contains("<title>Up &amp; &lt;down&gt;</title>") && drawing.svg.contains("<desc>A  line</desc>"));
        assert!(!drawing.svg.contains("NaN"));
    }

    #[test]
    fn a_figure_without_panels_is_an_error() {
        assert_eq!(draw(&figure(Vec::new()), Size::WIDE), Err(DrawError::Empty { figure: "line".to_owned() }));
    }

    #[test]
    fn panels_without_marks_or_with_one_value_are_drawn() {
        for points in [Vec::new(), vec![(0.5, 0.5)], vec![(0.0, 0.0), (0.0, 0.0)], vec![(0.0, 1e300), (1.0, -1e300)]] {
            for size in [Size::WIDE, Size::PHONE, Size { width: 1, height: u32::MAX }] {
                assert!(draw(&figure(vec![panel(points.clone())]), size).is_ok());
            }
        }
    }
}
