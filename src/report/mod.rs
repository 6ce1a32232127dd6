//! What people read and share: a [`Document`] of sections and formatted strings made from a [`StudyResult`], and one renderer
//! a format ([`html`], [`markdown`], [`terminal`], [`json`]). No arithmetic happens here, and [`number`] is the one place where numbers become text.

pub mod claim_list;
pub mod document;
pub mod html;
pub mod intraday;
pub mod json;
pub mod markdown;
pub mod name;
pub mod number;
pub(crate) mod passage;
pub mod sample;
pub mod section;
pub mod simulation;
pub mod terminal;
pub mod wording;

pub use document::{AnnotatedText, Block, Document, FigureReference, Note, NoteReading, Passage, Piece, Section, Table};

use crate::study::StudyResult;

/// The report of a study. `figures` are the charts that were drawn; each is shown in the section it belongs to.
pub fn document(result: &StudyResult, figures: &[FigureReference]) -> Document {
    let mut sections = Vec::new();
    sections.extend(section::claim::section(result, figures));
    sections.extend(section::article::section(result));
    for event in &result.events {
        sections.extend(section::event::sections(result, event, figures));
    }
    sections.push(section::method::section(result));
    sections.push(section::data::section(result));
    Document { title: result.study.title.clone(), answer: wording::answer(result), details: wording::details(result), sections }
}
