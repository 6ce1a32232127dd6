//! The report's sections, one file each.

pub mod claim;
pub mod data;
pub mod event;
pub mod method;

use crate::report::document::{Block, FigureReference};

/// The drawn figures of these kinds, in this order. With several events a figure's
/// name ends in the event's key.
pub(crate) fn figures(drawn: &[FigureReference], kinds: &[&str], suffix: &str) -> Vec<Block> {
    let wanted = kinds.iter().map(|kind| format!("{kind}{suffix}"));
    wanted.filter_map(|name| drawn.iter().find(|figure| figure.name == name)).cloned().map(Block::Figure).collect()
}
