//! Charts: a [`Figure`] is data, [`draw`](draw::draw) makes SVG of it, [`raster`] makes PNG of that, or SVG without fonts.
//!
//! Everything a figure says comes from the result of a study; the only arithmetic here is that of layout. One style holds for all
//! ([`style`]), at a size for pages and one for phones ([`Size`]).

pub mod draw;
pub mod figure;
mod font;
mod label;
mod layout;
mod mark;
mod panel;
pub mod raster;
mod row;
mod scale;
mod scene;
pub mod style;

pub use draw::{DrawError, Drawing, draw};
pub use figure::Figure;
pub use raster::{RasterError, to_outlines, to_png};
pub use style::Size;
