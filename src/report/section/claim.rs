//! What the article says, and what the prices say.

use crate::report::document::{Block, FigureReference, Section, Table};
use crate::report::{name, number, wording};
use crate::series::Basis;
use crate::study::StudyResult;
use crate::verify::{Finding, Reading};

const HEADING: &str = "Is what the article says true?";

/// The section, or None when there is no article.
pub fn section(result: &StudyResult, figures: &[FigureReference]) -> Option<Section> {
    let article = result.article.as_ref()?;
    if result.claims.is_empty() {
        let blocks = vec![Block::Paragraph(format!("{}.", wording::NO_CLAIM))];
        return Some(Section { id: "claims".to_owned(), heading: HEADING.to_owned(), blocks });
    }
    // With the text at hand, every reading stands in the notes to it.
    let has_notes = article.text.is_some();
    let mut blocks = Vec::new();
    blocks.extend(wording::as_of_sentence(result).map(Block::Paragraph));
    blocks.extend(adjusted(result).map(Block::Warning));
    blocks.push(Block::Table(verdicts(&result.claims)));
    blocks.extend(figures.iter().find(|figure| figure.name == "claims").cloned().map(Block::Figure));
    let place = if has_notes { "note to the figure" } else { "table below" };
    blocks.push(Block::Paragraph(format!(
        "The printed precision is the tolerance: “18 %” covers 17.5 to 18.5. A period such as “the past month” has no single start; each way to \
         count it is measured; “measured” above is the first of them in the {place}, the same day so many months before."
    )));
    if !has_notes {
        blocks.extend(result.claims.iter().filter(|finding| finding.readings.len() > 1).map(readings).map(Block::Table));
    }
    let start_dates = figures.iter().filter(|figure| figure.name.starts_with("start-date")).cloned().map(Block::Figure);
    blocks.extend(start_dates);
    Some(Section { id: "claims".to_owned(), heading: HEADING.to_owned(), blocks })
}

/// An article's figures are about prices; adjusted closes also count what dividends added.
fn adjusted(result: &StudyResult) -> Option<String> {
    let is_adjusted =
        |symbol: &str| result.diagnostics.series.iter().any(|series| series.symbol == symbol && series.basis == Basis::AdjustedClose);
    let mut symbols: Vec<String> = result
        .claims
        .iter()
        .filter_map(|finding| finding.subject.symbol().filter(|symbol| is_adjusted(symbol)))
        .map(|symbol| name::label(symbol).to_owned())
        .collect();
    symbols.dedup();
    if symbols.is_empty() {
        return None;
    }
    Some(format!(
        "The closes of {} are adjusted for dividends, while an article usually speaks of prices: where a dividend was paid in the period, the measured move is          higher by it, and a figure that is right of prices may come out as contradicted.",
        wording::join(&symbols, "and")
    ))
}

/// One row a claim. Where the figures refer to different sessions, each row names its own.
pub fn verdicts(claims: &[Finding]) -> Table {
    let several_days = claims.iter().any(|finding| Some(finding.as_of) != claims.first().map(|first| first.as_of));
    let mut header = vec!["Security", "Period", "Stated", "Measured", "Verdict", "Over all readings"];
    let mut text_columns = vec![0, 1, 4];
    if several_days {
        header.insert(2, "To the close of");
        text_columns = vec![0, 1, 2, 5];
    }
    let mut table = Table::new("The article’s figures against the prices", &header).with_text_columns(&text_columns);
    for finding in claims {
        let measured = finding.primary.as_ref().and_then(|reading| reading.measured);
        let decimals = usize::from(finding.decimals).max(1);
        let mut row = vec![
            name::subject(&finding.subject).to_owned(),
            wording::horizon_words(finding.horizon),
            wording::stated_label(finding),
            measured.map_or_else(|| wording::UNKNOWN.to_owned(), |value| wording::measured(finding, value, decimals)),
            verdict(finding),
            match finding.range {
                Some((low, high)) if low != high => {
                    format!("{} to {}", wording::measured(finding, low, 1), wording::measured(finding, high, 1))
                }
                _ => wording::UNKNOWN.to_owned(),
            },
        ];
        if several_days {
            row.insert(2, finding.as_of.map_or_else(|| wording::UNKNOWN.to_owned(), number::day));
        }
        table.rows.push(row);
    }
    table
}

/// What of the claim was inferred, so that a contradiction may be the reader's mistake rather than the article's.
fn doubts(finding: &Finding) -> Vec<&'static str> {
    finding.inferred.iter().filter(|inferred| inferred.changes_what_is_measured()).map(|inferred| inferred.words()).collect()
}

/// The verdict in words, with the readings that reproduce the figure or the reason why it isn't checkable.
pub(super) fn verdict(finding: &Finding) -> String {
    let words = wording::verdict_words(&finding.verdict);
    match (&finding.reason, finding.verdict.name()) {
        (Some(reason), "not-checkable") => format!("{words}: {reason}"),
        (None, "contradicted") if !doubts(finding).is_empty() => format!("{words} ({})", doubts(finding).join("; ")),
        (Some(reason), "contradicted") => format!("{words} by what could be measured ({reason})"),
        (_, "reproduced-only-as") => {
            let readings: Vec<String> = finding.reproducing().map(|reading| wording::reading_words(reading.kind)).collect();
            format!("{words} {}", wording::join(&readings, "or"))
        }
        _ => words.to_owned(),
    }
}

fn readings(finding: &Finding) -> Table {
    let caption = format!(
        "{}, {} stated {}: every reading",
        name::subject(&finding.subject),
        wording::stated_label(finding),
        wording::horizon_phrase(finding.horizon)
    );
    // A period that was over before the as-of session ends at its own last close.
    let ends_differ = finding.readings.iter().any(|reading| Some(reading.to) != finding.as_of);
    let mut table =
        Table::new(caption, &["Reading", "From the close of", "Measured", "Reproduces the figure"]).with_text_columns(&[0, 1, 3]);
    if ends_differ {
        table.header.insert(2, "To the close of".to_owned());
        table.text_columns = vec![0, 1, 2, 4];
    }
    for reading in &finding.readings {
        let mut row = vec![
            wording::reading_words(reading.kind),
            reading.from.map_or_else(|| wording::UNKNOWN.to_owned(), number::day),
            reading.measured.map_or_else(|| wording::UNKNOWN.to_owned(), |value| wording::measured(finding, value, 2)),
            reproduces(reading),
        ];
        if ends_differ {
            row.insert(2, number::day(reading.to));
        }
        table.rows.push(row);
    }
    table
}

fn reproduces(reading: &Reading) -> String {
    match (reading.reproduces, &reading.reason) {
        (Some(true), _) => "yes".to_owned(),
        (Some(false), _) => "no".to_owned(),
        (None, Some(reason)) => reason.clone(),
        (None, None) => wording::UNKNOWN.to_owned(),
    }
}
