//! The article as published, figure by figure: each marked in its text, with a note that says what the prices say.

use std::collections::BTreeSet;

use crate::report::document::{AnnotatedText, Block, Note, NoteReading, Passage, Section};
use crate::report::passage::{self, Place};
use crate::report::section::claim;
use crate::report::{name, number, wording};
use crate::study::StudyResult;
use crate::verify::{Finding, Reading};

/// The section; None when the article's text isn't known, or states no price move.
pub fn section(result: &StudyResult) -> Option<Section> {
    let text = result.article.as_ref()?.text.as_deref()?;
    if result.claims.is_empty() {
        return None;
    }
    let places: Vec<Place> = numbered(&result.claims).filter_map(|(number, finding)| Some(Place { number, span: finding.span? })).collect();
    let passages = passage::passages(text, &places);
    let marked: BTreeSet<usize> = passages.iter().flat_map(Passage::marked).collect();
    let notes = numbered(&result.claims).map(|(number, finding)| note(number, marked.contains(&number), finding)).collect();
    let annotated = AnnotatedText { passages, notes };
    let blocks = vec![Block::Paragraph(wording::signs_sentence()), Block::Article(annotated)];
    Some(Section { id: "article".to_owned(), heading: "The article, figure by figure".to_owned(), blocks })
}

/// Claims with the numbers of their notes, from 1.
fn numbered(claims: &[Finding]) -> impl Iterator<Item = (usize, &Finding)> {
    (1..).zip(claims)
}

fn note(number: usize, marked: bool, finding: &Finding) -> Note {
    Note {
        number,
        marked,
        verdict: finding.verdict.name(),
        sign: wording::verdict_sign(&finding.verdict),
        security: name::subject(&finding.subject).to_owned(),
        horizon: wording::horizon_words(finding.horizon),
        day: finding.as_of.map(number::day),
        stated: wording::stated_label(finding),
        outcome: claim::verdict(finding),
        inferred: finding.inferred.iter().map(|inference| inference.words().to_owned()).collect(),
        readings: finding.readings.iter().map(|reading| note_reading(finding, reading)).collect(),
    }
}

fn note_reading(finding: &Finding, reading: &Reading) -> NoteReading {
    NoteReading {
        reading: wording::reading_words(reading.kind),
        window: reading.from.map(|from| format!("{} to {}", number::day(from), number::day(reading.to))),
        measured: reading.measured.map(|value| wording::measured(finding, value, 2)),
        reproduces: reading.reproduces,
        reason: reading.reason.clone(),
    }
}

/// Of each claim the words around its figure, and what of it isn't said; for a terminal. None without a text.
pub fn excerpts(result: &StudyResult) -> Option<Vec<String>> {
    /// Characters of the text beside each figure.
    const WIDTH: usize = 60;
    let text = result.article.as_ref()?.text.as_deref()?;
    let excerpt = |finding: &Finding| {
        let words = finding.span.and_then(|span| passage::snippet(text, span, WIDTH)).map(|words| format!("“{words}”"));
        let inferred: Vec<&str> = finding.inferred.iter().map(|inference| inference.words()).collect();
        let inferred = (!inferred.is_empty()).then(|| format!("({})", inferred.join("; ")));
        [words, inferred].into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    Some(result.claims.iter().map(excerpt).collect())
}
