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
pub fn to_png(svg: &str) -> Result<Vec<u8>, RasterError> {
    let tree = parse(svg)?;
    let size = tree.size().to_int_size();
    let mut pixmap =
        Pixmap::new(size.width(), size.height()).ok_or(RasterError::Size { width: size.width(), height: size.height() })?;
    pixmap.fill(Color::WHITE);
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| RasterError::Png { reason: error.to_string() })
}

/// The same picture as SVG that needs no font: every letter is a path. Title and description are kept for screen readers.
///
/// `prefix` is put before every identifier, so that several pictures can stand in one HTML page.
///
/// # Errors
/// [`RasterError::Svg`] when the SVG doesn't parse.
pub fn to_outlines(svg: &str, prefix: &str) -> Result<String, RasterError> {
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
