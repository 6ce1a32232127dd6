//! The report's sections, one file each.

pub mod article;
pub mod claim;
pub mod data;
pub mod event;
pub mod method;

use crate::report::document::{Block, FigureReference};
use crate::report::name;
use crate::study::StudyResult;
use crate::study::result::EventResult;

/// An event's figures of these kinds, in this order, as far as they were drawn.
pub(crate) fn figures(drawn: &[FigureReference], kinds: &[&str], result: &StudyResult, event: &EventResult) -> Vec<Block> {
    let wanted = kinds.iter().map(|kind| name::figure(kind, event, result));
    wanted.filter_map(|name| drawn.iter().find(|figure| figure.name == name)).cloned().map(Block::Figure).collect()
}
