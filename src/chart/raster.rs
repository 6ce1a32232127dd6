//! From SVG with text to PNG, or to SVG whose text is paths. Only the bundled fonts are known: no font of the machine is asked,
//! so the bytes are the same everywhere.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Indent, Options, Tree, WriteOptions, fontdb};
use thiserror::Error;

use super::font;

/// Why a picture can't be made of an SVG.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RasterError {
    /// The SVG doesn't parse.
    #[error("the chart's SVG doesn't parse: {reason}")]
    Svg {
        /// What the parser says.
        reason: String,
    },
    /// The picture would have no pixel, or too many.
    #[error("a picture of {width} × {height} pixels can't be made")]
    Size {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The encoder refused.
    #[error("the PNG can't be encoded: {reason}")]
    Png {
        /// What the encoder says.
        reason: String,
    },
}

/// The picture as PNG, on white, at the size the SVG states.
///
/// # Errors
/// [`RasterError`] when the SVG doesn't parse or its size can't be drawn.
pub fn to_png(svg: impl AsRef<str>) -> Result<Vec<u8>, RasterError> {
    let tree = parse(svg.as_ref())?;
    let size = tree.size().to_int_size();
    let mut pixmap = Pixmap::new(size.width(), size.height()).ok_or(RasterError::Size { width: size.width(), height: size.height() })?;
    pixmap.fill(Color::WHITE);
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    encode(&pixmap)
}

/// Colours of a PNG's palette at most.
const COLOURS: usize = 256;

/// Encodes an opaque picture as PNG with a palette: a third of the size of true colours, in a tenth of the time.
///
/// A chart has some hundred to a thousand colours, nearly all of them edges of letters and lines. Where there are more than 256, the
/// most frequent stay and the others become the nearest of those.
fn encode(pixmap: &Pixmap) -> Result<Vec<u8>, RasterError> {
    let (numbers, colours) = number_colours(pixmap);
    let mut frequent: Vec<(Rgb, usize)> = colours.clone();
    frequent.sort_by_key(|(colour, count)| (std::cmp::Reverse(*count), *colour));
    frequent.truncate(COLOURS);
    let palette: Vec<Rgb> = frequent.into_iter().map(|(colour, _)| colour).collect();
    let entries: Vec<u8> = colours.iter().map(|(colour, _)| nearest(*colour, &palette)).collect();
    let indices: Vec<u8> = numbers.iter().map(|number| entries.get(*number as usize).copied().unwrap_or_default()).collect();
    write_png(pixmap.width(), pixmap.height(), palette.concat(), &indices).map_err(|error| RasterError::Png { reason: error.to_string() })
}

/// Red, green, blue.
type Rgb = [u8; 3];

/// The colours of a picture in the order in which they first appear, with their pixels, and the number of each pixel's colour.
fn number_colours(pixmap: &Pixmap) -> (Vec<u32>, Vec<(Rgb, usize)>) {
    // Colours by the upper four bits of red, green and blue: few of them share a shelf.
    let mut shelves: Vec<Vec<(Rgb, u32)>> = vec![Vec::new(); 1 << 12];
    let mut colours: Vec<(Rgb, usize)> = Vec::new();
    let mut numbers: Vec<u32> = Vec::with_capacity(pixmap.pixels().len());
    for run in pixmap.pixels().chunk_by(|one, next| one == next) {
        let Some(pixel) = run.first() else { continue };
        let colour = [pixel.red(), pixel.green(), pixel.blue()];
        let place = colour.iter().fold(0usize, |place, part| place << 4 | usize::from(part >> 4));
        let Some(shelf) = shelves.get_mut(place) else { continue };
        let number = match shelf.iter().find(|(known, _)| *known == colour) {
            Some((_, number)) => *number,
            None => {
                let number = colours.len() as u32;
                colours.push((colour, 0));
                shelf.push((colour, number));
                number
            }
        };
        if let Some((_, count)) = colours.get_mut(number as usize) {
            *count += run.len();
        }
        numbers.extend(std::iter::repeat_n(number, run.len()));
    }
    (numbers, colours)
}

/// Position of the palette's nearest colour.
fn nearest(colour: Rgb, palette: &[Rgb]) -> u8 {
    let distance = |other: &Rgb| -> u32 { colour.iter().zip(other).map(|(one, other)| u32::from(one.abs_diff(*other)).pow(2)).sum() };
    let position =
        palette.iter().enumerate().min_by_key(|(position, other)| (distance(other), *position)).map_or(0, |(position, _)| position);
    u8::try_from(position).unwrap_or_default()
}

fn write_png(width: u32, height: u32, palette: Vec<u8>, indices: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(palette);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Up);
    encoder.write_header()?.write_image_data(indices)?;
    Ok(bytes)
}

/// The same picture as SVG that needs no font: every letter is a path. Title and description are kept for screen readers.
///
/// `prefix` is put before every identifier, so that several pictures can stand in one HTML page.
///
/// # Errors
/// [`RasterError::Svg`] when the SVG doesn't parse.
pub fn to_outlines(svg: impl AsRef<str>, prefix: &str) -> Result<String, RasterError> {
    let svg = svg.as_ref();
    let options = WriteOptions {
        id_prefix: Some(prefix.to_owned()),
        preserve_text: false,
        coordinates_precision: 1,
        transforms_precision: 5,
        use_single_quote: false,
        indent: Indent::None,
        attributes_indent: Indent::None,
    };
    let outlines = parse(svg)?.to_string(&options);
    Ok(describe(&outlines, svg))
}

/// Takes the words for screen readers, which the outlines have lost, over from the original.
fn describe(outlines: &str, svg: &str) -> String {
    let words: String = ["title", "desc"].into_iter().filter_map(|tag| element(svg, tag)).collect();
    match outlines.split_once('>') {
        Some((root, body)) => format!("{root} role=\"img\">{words}{body}"),
        None => outlines.to_owned(),
    }
}

fn element<'a>(svg: &'a str, tag: &str) -> Option<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    let start = svg.find(&open)?;
    let end = svg.get(start..)?.find(&close)? + start + close.len();
    svg.get(start..end)
}

fn parse(svg: &str) -> Result<Tree, RasterError> {
    let options = Options { fontdb: fonts(), font_family: font::FAMILY.to_owned(), ..Options::default() };
    Tree::from_str(svg, &options).map_err(|error| RasterError::Svg { reason: error.to_string() })
}

/// The two bundled fonts, parsed once.
fn fonts() -> Arc<fontdb::Database> {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut database = fontdb::Database::new();
            for file in [&font::REGULAR, &font::SEMI_BOLD] {
                database.load_font_source(fontdb::Source::Binary(Arc::new(file.bytes)));
            }
            Arc::new(database)
        })
        .clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::draw;
    use crate::chart::style::Weight;
    use resvg::usvg::{Group, Node};

    /// What may stand in a chart beyond ASCII.
    const CHARACTERS: &str = "\u{00A0}\u{202F}\u{2212}–—‘’“”…·•×÷±≈≠≤≥→←↑↓▲▼●○■◆✓✗²³½°§€£¥₿%‰αβγδεμρσΣΔχåäáàâãæçéèêëíìîïñóòôöõøœßúùûüýÿłńśšźžğışřčćđÀÂÄÅÆÇÉÈÊËÎÏÑÓÔÖØŒÚÛÜ";

    fn missing_glyphs(svg: &str) -> Vec<String> {
        fn collect(group: &Group, missing: &mut Vec<String>) {
            for node in group.children() {
                match node {
                    Node::Group(inner) => collect(inner, missing),
                    Node::Text(text) => {
                        let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
                        missing.extend(glyphs.filter(|glyph| glyph.id.0 == 0).map(|glyph| glyph.text.clone()));
                    }
                    _ => {}
                }
            }
        }
        let mut missing = Vec::new();
        collect(parse(svg).unwrap().root(), &mut missing);
        missing
    }

    fn text(content: &str, weight: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9000\" height=\"40\"><text x=\"0\" y=\"30\" font-family=\"Inter\" font-weight=\"{weight}\" font-size=\"20\">{content}</text></svg>"
        )
    }

    #[test]
    fn every_character_of_a_chart_has_a_glyph_in_both_weights() {
        for weight in ["normal", "bold"] {
            assert_eq!(missing_glyphs(&text(CHARACTERS, weight)), Vec::<String>::new(), "{weight}");
            assert_eq!(missing_glyphs(&text("◐", weight)), ["◐"], "a missing glyph is noticed");
        }
    }

    #[test]
    fn text_is_as_wide_as_the_ruler_says() {
        fn right_edge(group: &Group) -> f32 {
            group.children().iter().map(|node| node.abs_bounding_box().right()).fold(0.0, f32::max)
        }
        for (name, weight) in [("normal", Weight::Regular), ("bold", Weight::SemiBold)] {
            for content in
                ["NET returned 0.9 percentage points more than its relation implied", "\u{2212}20.9\u{202F}%", "S&amp;P 500, 6 Sep 2022"]
            {
                let drawn = f64::from(right_edge(parse(&text(content, name)).unwrap().root()));
                let measured = draw::text_width(&content.replace("&amp;", "&"), 20.0, weight);
                // Kerning and the last letter's side bearing are not measured.
                assert!((measured - drawn).abs() < 0.025 * drawn + 2.0, "{content}: {measured} against {drawn}");
            }
        }
    }

    #[test]
    fn the_same_picture_gives_the_same_bytes() {
        let svg = text("NET", "bold");
        let png = to_png(&svg).unwrap();
        assert_eq!(png, to_png(&svg).unwrap());
        assert!(png.starts_with(b"\x89PNG\r\n"));
    }

    #[test]
    fn outlines_hold_no_text_and_keep_their_description() {
        let svg = text("NET", "bold").replacen("<text", "<title>Title &amp; more</title><text", 1);
        let outlines = to_outlines(&svg, "figure-").unwrap();
        assert!(!outlines.contains("<text") && outlines.contains("<path"));
        assert!(outlines.contains("<title>Title &amp; more</title>") && outlines.contains("role=\"img\""));
    }

    #[test]
    fn what_is_no_svg_is_an_error() {
        assert!(matches!(to_png("nothing"), Err(RasterError::Svg { .. })));
        assert!(matches!(to_outlines("<svg", "a"), Err(RasterError::Svg { .. })));
    }

    #[test]
    fn colours_beyond_the_palette_become_their_nearest() {
        assert_eq!(nearest([250, 0, 0], &[[0, 0, 0], [255, 0, 0], [255, 255, 255]]), 1);
        let rainbow: String = (0..40)
            .flat_map(|x| {
                (0..40).map(move |y| format!("<rect x=\"{x}\" y=\"{y}\" width=\"1\" height=\"1\" fill=\"rgb({},{},9)\"/>", x * 6, y * 6))
            })
            .collect();
        let svg = format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"40\">{rainbow}</svg>");
        assert!(!to_png(&svg).unwrap().is_empty());
    }
}
