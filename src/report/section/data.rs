//! The data, what is missing in it, and where it comes from.

use chrono::NaiveDate;

use crate::calendar::CalendarCheck;
use crate::provenance::Provenance;
use crate::report::document::{Block, Section, Table};
use crate::report::{number, wording};
use crate::study::StudyResult;

/// Days shown before the rest is counted.
const SHOWN: usize = 6;

/// The section.
pub fn section(result: &StudyResult) -> Section {
    let mut blocks = Vec::new();
    if let Some(source) = &result.study.price_source {
        blocks.push(Block::Paragraph(format!("Prices: {source}.")));
    }
    if let Some(calendar) =
        result.diagnostics.calendar.as_ref().filter(|calendar| calendar.missing.is_empty() && calendar.unexpected.is_empty())
    {
        blocks.push(Block::Paragraph(format!(
            "All {} days of {} are sessions by the exchange’s own rules, and none is missing.",
            number::count(calendar.compared),
            result.study.benchmark
        )));
    }
    blocks.extend(warnings(result).into_iter().map(Block::Warning));
    let mut series = Table::new("Series", &["Symbol", "Prices are", "From", "To", "Sessions", "Missing"]).with_text_columns(&[0, 1, 2, 3]);
    for summary in &result.diagnostics.series {
        series.rows.push(vec![
            summary.symbol.clone(),
            wording::basis_words(summary.basis).to_owned(),
            number::day(summary.first),
            number::day(summary.last),
            number::count(summary.quotes),
            if summary.missing.is_empty() {
                number::count(0)
            } else {
                format!("{} ({})", number::count(summary.missing.len()), list(&summary.missing))
            },
        ]);
    }
    blocks.push(Block::Table(series));
    blocks.push(Block::Table(files(&result.provenance)));
    blocks.push(Block::Paragraph(made_by(&result.provenance)));
    Section { id: "data".to_owned(), heading: "Data".to_owned(), blocks }
}

/// The files that went in.
pub fn files(provenance: &Provenance) -> Table {
    let mut files = Table::new("Files", &["File", "Rows", "SHA-256", "Notes"]).with_text_columns(&[0, 2, 3]);
    for input in &provenance.inputs {
        let rows = input.rows.map_or_else(String::new, number::count);
        files.rows.push(vec![input.path.clone(), rows, input.sha256.clone(), input.notes.join("; ")]);
    }
    files
}

/// What made the report.
pub fn made_by(provenance: &Provenance) -> String {
    format!(
        "Made by aftermove {}. The same input gives the same report, to the byte; every number is in result.json at full precision.",
        provenance.aftermove
    )
}

/// What to beware of in the data, a sentence or two each.
pub fn warnings(result: &StudyResult) -> Vec<String> {
    let mut warnings = Vec::new();
    warnings.extend(result.diagnostics.calendar.iter().flat_map(|calendar| calendar_warnings(&result.study.benchmark, calendar)));
    for series in result.diagnostics.series.iter().filter(|series| !series.jumps.is_empty()) {
        let moves: Vec<String> = series
            .jumps
            .iter()
            .take(SHOWN)
            .map(|(day, value)| format!("{} on {}", number::percent_signed(*value, 0), number::day(*day)))
            .collect();
        warnings.push(format!(
            "The price of {} moves by {}. Is that news, or a split or a slip in the source? A wrong price spoils every number that it enters.",
            series.symbol,
            wording::join(&moves, "and")
        ));
    }
    warnings
}

/// Where a benchmark's days and the exchange's rules differ, a sentence or two each.
pub fn calendar_warnings(benchmark: &str, calendar: &CalendarCheck) -> Vec<String> {
    let mut warnings = Vec::new();
    if !calendar.missing.is_empty() {
        warnings.push(format!(
            "{benchmark} has no price on {} on which the exchange traded: {}. Event days are counted on the benchmark’s own days, so that they are off around these.",
            number::plural(calendar.missing.len(), "session"),
            list(&calendar.missing)
        ));
    }
    if !calendar.unexpected.is_empty() {
        let days: Vec<NaiveDate> = calendar.unexpected.iter().map(|(day, _)| *day).collect();
        warnings.push(format!(
            "{benchmark} has a price on {} on which the exchange was closed, left out as no session: {}.",
            number::plural(days.len(), "day"),
            list(&days)
        ));
    }
    warnings
}

fn list(days: &[NaiveDate]) -> String {
    let shown: Vec<String> = days.iter().take(SHOWN).map(|day| number::day(*day)).collect();
    let rest = days.len().saturating_sub(shown.len());
    if rest == 0 { shown.join(", ") } else { format!("{} and {} more", shown.join(", "), number::count(rest)) }
}
