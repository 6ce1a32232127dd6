//! The summary that a terminal shows: the answer, the article's figures, the reaction. Coloured only where asked.

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Attribute, Cell, CellAlignment, Color, ContentArrangement};

use crate::report::document::Table;
use crate::report::passage::printable;
use crate::report::section::{article, claim, data, event};
use crate::report::wording;
use crate::study::StudyResult;

/// How the summary is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terminal {
    /// Characters a line.
    pub width: u16,
    /// Whether verdicts are coloured.
    pub coloured: bool,
}

/// The summary.
pub fn render(result: &StudyResult, terminal: Terminal) -> String {
    let mut parts = vec![printable(&result.study.title)];
    parts.push(wrap(&wording::answer(result), usize::from(terminal.width)));
    parts.extend(wording::details(result).iter().map(|sentence| wrap(sentence, usize::from(terminal.width))));
    if !result.claims.is_empty() {
        parts.push(draw(&claims(result), terminal));
    }
    for warning in data::warnings(result) {
        parts.push(wrap(&format!("Note. {warning}"), usize::from(terminal.width)));
    }
    for one in &result.events {
        if result.events.len() > 1 {
            parts.push(one.title.clone().unwrap_or_else(|| one.event_id.to_string()));
        }
        if !one.car.is_empty() {
            parts.push(draw(&event::cumulated(one), terminal));
        }
        if let Some(performance) = &one.performance {
            parts.push(draw(&event::periods(performance), terminal));
        }
    }
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

/// The table of claims, each with the words of the article around its figure where its text is known.
fn claims(result: &StudyResult) -> Table {
    let mut table = claim::verdicts(&result.claims);
    if let Some(excerpts) = article::excerpts(result) {
        table.text_columns.push(table.header.len());
        table.header.push("In the text".to_owned());
        for (row, excerpt) in table.rows.iter_mut().zip(excerpts) {
            row.push(excerpt);
        }
    }
    table
}

/// A table with its caption.
pub fn draw(table: &Table, terminal: Terminal) -> String {
    let mut drawn = comfy_table::Table::new();
    drawn.load_style(UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic).set_width(terminal.width);
    drawn.set_header(table.header.iter().map(|name| Cell::new(name).add_attribute(Attribute::Bold)));
    for row in &table.rows {
        drawn.add_row(row.iter().map(|cell| colour(Cell::new(printable(cell)), cell)));
    }
    for (column, settings) in drawn.column_iter_mut().enumerate() {
        if table.is_numeric(column) {
            settings.set_cell_alignment(CellAlignment::Right);
        }
    }
    if terminal.coloured {
        drawn.enforce_styling();
    } else {
        drawn.force_no_tty();
    }
    format!("{}\n{drawn}", table.caption)
}

fn colour(cell: Cell, text: &str) -> Cell {
    match text {
        _ if text.starts_with("reproduced only") => cell.fg(Color::Yellow),
        "reproduced" => cell.fg(Color::Green),
        _ if text.starts_with("contradicted") => cell.fg(Color::Red),
        _ => cell,
    }
}

/// Breaks a sentence at spaces; the width is counted in characters.
pub(crate) fn wrap(text: &str, width: usize) -> String {
    let mut lines: Vec<String> = Vec::new();
    for word in printable(text).split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join("\n")
}
