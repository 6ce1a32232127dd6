//! What people read of a study within the day: a [`Document`] from an [`IntradayResult`], its summary for a terminal, and `result.json`. No
//! arithmetic happens here.

mod table;

use std::io;

use serde::Serialize;

use crate::intraday::result::IntradayResult;
use crate::report::document::{Block, Document, FigureReference, Section};
use crate::report::sample::json::Indented;
use crate::report::section::data;
use crate::report::terminal::{Terminal, draw, wrap};
use crate::report::wording::intraday as words;
use crate::report::wording::sample as sample_words;

/// Most windows whose tests are tabled one by one.
const MOST_WINDOWS: usize = 6;

/// Writes the result as JSON with a closing line end: the fields of [`IntradayResult`], lists of numbers on one line each.
///
/// # Errors
/// What the writer says; an [`IntradayResult`] holds nothing that serde_json refuses.
pub fn write_json(result: &IntradayResult, mut writer: impl io::Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut writer, Indented::default());
    result.serialize(&mut serializer)?;
    writer.write_all(b"\n")
}

/// The summary that a terminal shows.
pub fn terminal(result: &IntradayResult, terminal: Terminal) -> String {
    let width = usize::from(terminal.width);
    let mut parts = vec![wrap(&result.study.title, width), wrap(&words::answer(result), width)];
    let mut facts = vec![words::used(result)];
    facts.extend(words::notes(result));
    parts.push(wrap(&facts.join(" "), width));
    parts.extend(words::all_events(result).map(|all| draw(&table::windows(result, all), terminal)));
    parts.extend(table::groups(result).map(|table| draw(&table, terminal)));
    let mut told = vec![words::grid(result)];
    told.extend(words::bars_left_out(result));
    parts.push(wrap(&told.join(" "), width));
    if !result.reading.read.is_empty() {
        parts.push(wrap(&sample_words::to_read(&result.reading.read, &result.reading.distrusted), width));
    }
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

/// The report. `figures` are the charts that were drawn; each is shown in the section it belongs to.
pub fn document(result: &IntradayResult, figures: &[FigureReference]) -> Document {
    let sections = [
        Some(reaction(result, figures)),
        Some(tests(result)),
        groups(result),
        Some(section("time-of-day", "Volatility by time of day", figure(figures, "time-of-day").into_iter().collect())),
        Some(section("events", "The events", table::events(result).into_iter().map(Block::Table).collect())),
        bars(result),
        exclusions(result),
        Some(method(result)),
        Some(inputs(result)),
    ];
    Document {
        title: result.study.title.clone(),
        answer: words::answer(result),
        details: words::details(result),
        sections: sections.into_iter().flatten().filter(|section| !section.blocks.is_empty()).collect(),
    }
}

fn section(id: &str, heading: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), heading: heading.to_owned(), blocks }
}

fn figure(figures: &[FigureReference], name: &str) -> Option<Block> {
    figures.iter().find(|figure| figure.name == name).cloned().map(Block::Figure)
}

fn reaction(result: &IntradayResult, figures: &[FigureReference]) -> Section {
    let mut blocks: Vec<Block> = figure(figures, "intraday-caar").into_iter().collect();
    blocks.extend(words::all_events(result).map(|all| Block::Table(table::windows(result, all))));
    section("reaction", "The abnormal return around the news", blocks)
}

fn tests(result: &IntradayResult) -> Section {
    let mut blocks = Vec::new();
    if let Some(all) = words::all_events(result) {
        if all.n > 1 {
            for window in all.windows.iter().take(MOST_WINDOWS) {
                blocks.push(Block::Table(table::tests(result, window)));
            }
        }
        if all.windows.len() > MOST_WINDOWS {
            blocks
                .push(Block::Paragraph(format!("The tests of the other {} windows are in result.json.", all.windows.len() - MOST_WINDOWS)));
        }
    }
    if let [only] = result.events.as_slice() {
        blocks.push(Block::Table(table::own_tests(result, only)));
    }
    section("tests", "What the tests say", blocks)
}

fn groups(result: &IntradayResult) -> Option<Section> {
    let mut blocks: Vec<Block> = table::groups(result).into_iter().map(Block::Table).collect();
    blocks.extend(table::differences(result).map(Block::Table));
    (!blocks.is_empty()).then(|| section("groups", "Groups", blocks))
}

fn bars(result: &IntradayResult) -> Option<Section> {
    let all = words::all_events(result)?;
    let caution = format!(
        "Of {} bars, one in twenty is expected to have a p-value below 5 % by chance alone; Holm’s p-value allows for their number.",
        all.bars.len()
    );
    let table = if all.n > 1 { table::bars(result, all) } else { table::own_bars(result)? };
    Some(section("bars", "Bar by bar", vec![Block::Paragraph(caution), Block::Table(table)]))
}

fn exclusions(result: &IntradayResult) -> Option<Section> {
    if result.exclusions.is_empty() {
        return None;
    }
    let blocks = vec![Block::Paragraph(words::used(result)), Block::Table(table::exclusions(result))];
    Some(section("exclusions", "Events left out", blocks))
}

fn method(result: &IntradayResult) -> Section {
    let measures = "Bar 0 is the first bar that ends after the news: what traded in it before the news is in it too. Event time counts bars of trading; the first bar of a session has the return from its open. A bar without a trade is missing, and the return over the gap stands where trading resumes. CAR is the sum of an event’s abnormal returns over a window, SCAR the CAR over its standard error; AAR and CAAR are means over events, N of them, with the interval CAAR ± t(N − 1) · s / √N.";
    let night = if result.grid.overnight {
        "The return over the night, from the last price of a session to the next open, is a bar of its own; its expected return is β times that of the benchmark."
    } else {
        "The return over the night, from the last price of a session to the next open, is no bar’s return and is left out."
    };
    let caution = "A mean abnormal return that differs from zero in the minutes after the news is not proof that the news was the reason, and one that doesn’t is not proof that it meant nothing.";
    let blocks = vec![
        Block::Paragraph(words::model(result)),
        Block::Paragraph(format!("{measures} {night}")),
        Block::Paragraph(format!(
            "All tests are two-sided. r̄ is the mean correlation of the estimation residuals of all pairs of events, paired by the bar’s own time. {caution}"
        )),
        Block::Table(table::definitions(result)),
    ];
    section("method", "Method", blocks)
}

fn inputs(result: &IntradayResult) -> Section {
    let mut blocks = vec![Block::Paragraph(words::grid(result))];
    blocks.extend(words::bars_left_out(result).map(Block::Paragraph));
    blocks.push(Block::Table(table::securities(result)));
    blocks.push(Block::Table(data::files(&result.provenance)));
    blocks.push(Block::Paragraph(data::made_by(&result.provenance)));
    section("data", "Data", blocks)
}
