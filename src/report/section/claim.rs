//! What the article says, and what the prices say.

use crate::report::document::{Block, FigureReference, Section, Table};
use crate::report::{name, number, wording};
use crate::series::Basis;
use crate::study::StudyResult;
use crate::verify::{Finding, Reading};

/// The section, or None when there is no claim.
pub fn section(result: &StudyResult, figures: &[FigureReference]) -> Option<Section> {
    if result.claims.is_empty() {
        return None;
    }
    let mut blocks = Vec::new();
    blocks.extend(wording::as_of_sentence(result).map(Block::Paragraph));
    blocks.extend(adjusted(result).map(Block::Warning));
    blocks.push(Block::Table(verdicts(&result.claims)));
    blocks.extend(figures.iter().find(|figure| figure.name == "claims").cloned().map(Block::Figure));
    blocks.push(Block::Paragraph(
        "The printed precision is the tolerance: “18 %” covers 17.5 to 18.5. A period such as “the past month” has no single start; each way to \
         count it is measured; “measured” above is the first of them in the table below, the same day so many months before."
            .to_owned(),
    ));
    blocks.extend(result.claims.iter().filter(|finding| finding.readings.len() > 1).map(readings).map(Block::Table));
    let start_dates = figures.iter().filter(|figure| figure.name.starts_with("start-date")).cloned().map(Block::Figure);
    blocks.extend(start_dates);
    Some(Section { id: "claims".to_owned(), heading: "Is what the article says true?".to_owned(), blocks })
}

/// An article's figures are about prices; adjusted closes also count what dividends added.
fn adjusted(result: &StudyResult) -> Option<String> {
    let is_adjusted =
        |symbol: &str| result.diagnostics.series.iter().any(|series| series.symbol == symbol && series.basis == Basis::AdjustedClose);
    let mut symbols: Vec<String> = result
        .claims
        .iter()
        .filter(|finding| is_adjusted(&finding.symbol))
        .map(|finding| name::label(&finding.symbol).to_owned())
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

/// One row a claim.
pub fn verdicts(claims: &[Finding]) -> Table {
    let mut table = Table::new(
        "The article’s figures against the prices",
        &["Security", "Period", "Stated", "Measured", "Verdict", "Over all readings"],
    )
    .with_text_columns(&[0, 1, 4]);
    for finding in claims {
        let measured = finding.primary.as_ref().and_then(|reading| reading.measured);
        let decimals = usize::from(finding.decimals).max(1);
        table.rows.push(vec![
            name::label(&finding.symbol).to_owned(),
            wording::horizon_words(finding.horizon),
            wording::stated_figure(finding.stated, finding.qualifier),
            measured.map_or_else(|| wording::UNKNOWN.to_owned(), |value| number::percent_signed(value, decimals)),
            verdict(finding),
            match finding.range {
                Some((low, high)) if low != high => {
                    format!("{} to {}", number::percent_signed(low, 1), number::percent_signed(high, 1))
                }
                _ => wording::UNKNOWN.to_owned(),
            },
        ]);
    }
    table
}

fn verdict(finding: &Finding) -> String {
    let words = wording::verdict_words(&finding.verdict);
    match (&finding.reason, finding.verdict.name()) {
        (Some(reason), "not-checkable") => format!("{words}: {reason}"),
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
        name::label(&finding.symbol),
        wording::stated_figure(finding.stated, finding.qualifier),
        wording::horizon_phrase(finding.horizon)
    );
    let mut table =
        Table::new(caption, &["Reading", "From the close of", "Measured", "Reproduces the figure"]).with_text_columns(&[0, 1, 3]);
    table.rows = finding.readings.iter().map(reading).collect();
    table
}

fn reading(reading: &Reading) -> Vec<String> {
    vec![
        wording::reading_words(reading.kind),
        reading.from.map_or_else(|| wording::UNKNOWN.to_owned(), number::day),
        reading.measured.map_or_else(|| wording::UNKNOWN.to_owned(), |value| number::percent_signed(value, 2)),
        match (reading.reproduces, &reading.reason) {
            (Some(true), _) => "yes".to_owned(),
            (Some(false), _) => "no".to_owned(),
            (None, Some(reason)) => reason.clone(),
            (None, None) => wording::UNKNOWN.to_owned(),
        },
    ]
}
