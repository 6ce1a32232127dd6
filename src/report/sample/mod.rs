//! What people read of a study of many events: a [`Document`] from a [`SampleResult`], its summary for a [`terminal`], and `result.json`
//! ([`json`]). As everywhere in [`crate::report`], no arithmetic happens here.

mod beta;
pub mod control;
pub mod json;
pub mod latex;
mod long_horizon;
pub mod method;
mod regression;
pub mod table;
pub mod terminal;
mod volatility;

use crate::report::document::{Block, Document, FigureReference, Section};
use crate::report::number;
use crate::report::wording::{self, activity as words_of_activity, sample as words, specification};
use crate::sample::SampleResult;
use crate::sample::activity::ActivityKind;
use crate::sample::result::GroupDifference;

/// Key tests beside the means of a window, and of a day.
const TESTS: usize = 5;
/// Most windows whose tests and groups are tabled one by one.
const MOST_WINDOWS: usize = 6;

/// The report of a study of many events. `figures` are the charts that were drawn; each is shown in the section it belongs to.
pub fn document(result: &SampleResult, figures: &[FigureReference]) -> Document {
    let sections = [
        Some(reaction(result, figures)),
        Some(tests(result, figures)),
        long_horizon::section(result),
        groups(result),
        regression::section(result, figures),
        Some(events(result, figures)),
        control::section(result, figures),
        Some(days(result, figures)),
        activity(result, figures),
        choices(result, figures),
        volatility::section(result, figures),
        beta::section(result, figures),
        exclusions(result, figures),
        Some(method::section(result)),
        Some(data(result)),
    ];
    Document {
        title: result.study.title.clone(),
        answer: words::answer(result),
        details: words::details(result),
        sections: sections.into_iter().flatten().collect(),
    }
}

fn section(id: &str, heading: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), heading: heading.to_owned(), blocks }
}

/// A figure, when it was drawn.
fn figure(figures: &[FigureReference], name: &str) -> Option<Block> {
    figures.iter().find(|figure| figure.name == name).cloned().map(Block::Figure)
}

fn reaction(result: &SampleResult, figures: &[FigureReference]) -> Section {
    let mut blocks = Vec::new();
    blocks.extend(figure(figures, "caar"));
    if let Some(all) = words::all_events(result) {
        blocks.push(Block::Table(table::windows(all)));
        blocks.push(Block::Table(table::window_tests(all, &table::key_tests(result, TESTS))));
    }
    section("reaction", "The mean abnormal return", blocks)
}

/// What the tests say, which of them to read, and why.
fn tests(result: &SampleResult, figures: &[FigureReference]) -> Section {
    let mut blocks = Vec::new();
    for advice in &result.advice {
        let parts = [words::circumstance(&advice.circumstance), words::consequence(advice), format!("Source: {}.", advice.source)];
        blocks.push(Block::Paragraph(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")));
    }
    if result.advice.len() > 1 {
        blocks.push(Block::Paragraph(words::together(&result.reading)));
    }
    blocks.extend(figure(figures, "tests"));
    let Some(all) = words::all_events(result) else { return section("tests", "What the tests say", blocks) };
    blocks.push(Block::Paragraph(format!(
        "“read” marks the tests that suit this sample, “beware” those that are unreliable in it. {}",
        adjustment(all.windows.len())
    )));
    for window in all.windows.iter().take(MOST_WINDOWS) {
        blocks.push(Block::Table(table::tests(result, window)));
        blocks.extend(table::other_conventions(window).map(Block::Table));
    }
    if all.windows.len() > MOST_WINDOWS {
        blocks.push(Block::Paragraph(format!("The tests of the other {} windows are in result.json.", all.windows.len() - MOST_WINDOWS)));
    }
    section("tests", "What the tests say", blocks)
}

/// What the adjusted p-values are.
fn adjustment(windows: usize) -> String {
    match windows {
        0 | 1 => "With one window there is nothing to adjust for: the p-values of Holm (1979) and of Benjamini & Hochberg (1995, BH) are the plain ones.".to_owned(),
        several => format!(
            "Beside each p-value stand those adjusted for the {} windows of this study, test by test: by Holm (1979) the chance of any false alarm stays below the level, by Benjamini & Hochberg (1995, BH) the expected share of false alarms among alarms.",
            wording::count_word(several)
        ),
    }
}

fn groups(result: &SampleResult) -> Option<Section> {
    let windows = words::all_events(result)?.windows.len();
    let key_tests = table::key_tests(result, TESTS);
    let mut blocks: Vec<Block> =
        (0..windows.min(MOST_WINDOWS)).filter_map(|window| table::groups(result, window, &key_tests)).map(Block::Table).collect();
    if blocks.is_empty() {
        return None;
    }
    blocks.extend(words::groups_compared(result).map(Block::Paragraph));
    let shown: Vec<&GroupDifference> = result.differences.iter().take(table::MOST_DIFFERENCES).collect();
    blocks.extend(table::differences(&shown).map(Block::Table));
    if shown.len() < result.differences.len() {
        blocks.push(Block::Paragraph(format!(
            "Shown are the first {} of {} differences; all are in result.json.",
            number::count(shown.len()),
            number::count(result.differences.len())
        )));
    }
    Some(section("groups", "Groups", blocks))
}

fn events(result: &SampleResult, figures: &[FigureReference]) -> Section {
    let mut blocks = Vec::new();
    blocks.extend(figure(figures, "car-distribution"));
    blocks.extend(figure(figures, "events"));
    blocks.extend(words::events_told(result).map(Block::Paragraph));
    blocks.extend(table::events(result).map(Block::Table));
    section("events", "The events", blocks)
}

fn days(result: &SampleResult, figures: &[FigureReference]) -> Section {
    let mut blocks = Vec::new();
    blocks.extend(figure(figures, "aar"));
    if let Some(all) = words::all_events(result) {
        // Resampled tests are run for windows alone.
        let tested = |name: &&'static str| all.days.iter().any(|day| day.tests.iter().any(|test| test.test.name == *name));
        let key_tests: Vec<&'static str> = table::key_tests(result, 2 * TESTS).into_iter().filter(tested).take(TESTS - 1).collect();
        blocks.push(Block::Paragraph(format!(
            "Of {} days, one in twenty is expected to have a p-value below 5 % by chance alone; Holm’s p-value allows for their number.",
            number::count(all.days.len())
        )));
        blocks.push(Block::Table(table::days(all, &key_tests)));
    }
    section("days", "Day by day", blocks)
}

/// Volume and volatility; None unless one was asked for.
fn activity(result: &SampleResult, figures: &[FigureReference]) -> Option<Section> {
    let mut blocks = Vec::new();
    for activity in &result.activity {
        let (name, kind) = match activity.kind {
            ActivityKind::Volume => ("abnormal-volume", "volume"),
            ActivityKind::Volatility => ("abnormal-volatility", "volatility"),
        };
        let headline = words_of_activity::headline(activity).unwrap_or_else(|| format!("No event has an abnormal {kind}"));
        blocks.push(Block::Paragraph(format!("{headline}. {}", words_of_activity::usual(activity.kind))));
        blocks.extend(words_of_activity::without(activity).map(Block::Paragraph));
        blocks.extend(figure(figures, name));
        blocks.push(Block::Table(table::activity(activity, &format!("Abnormal {kind} by window and day"))));
    }
    (!blocks.is_empty()).then(|| section("activity", "Volume and volatility", blocks))
}

fn choices(result: &SampleResult, figures: &[FigureReference]) -> Option<Section> {
    let curve = result.specifications.as_ref()?;
    let mut blocks = vec![Block::Paragraph(format!(
        "{}. {} {}",
        specification::headline(curve),
        specification::spread(curve),
        specification::basis(curve)
    ))];
    blocks.extend(figure(figures, "specifications"));
    blocks.extend(specification::placebo(curve).map(Block::Paragraph));
    blocks.extend(specification::failed(curve).map(Block::Paragraph));
    Some(section("choices", "Does it depend on the method?", blocks))
}

/// Events left out, and events that touch each other; None when there are neither.
fn exclusions(result: &SampleResult, figures: &[FigureReference]) -> Option<Section> {
    let overlaps = words::overlaps(&result.overlaps);
    if result.exclusions.is_empty() && overlaps.is_none() {
        return None;
    }
    let mut blocks = vec![Block::Paragraph(words::used(result))];
    if !result.exclusions.is_empty() {
        blocks.extend(figure(figures, "exclusions"));
        blocks.push(Block::Table(table::reasons(result)));
        blocks.push(Block::Table(table::exclusions(result)));
    }
    if let Some(sentence) = overlaps {
        blocks.push(Block::Warning(sentence));
        if !result.overlaps.examples.is_empty() {
            blocks.push(Block::Table(table::overlaps(result)));
        }
    }
    Some(section("exclusions", "Events left out, and events that touch", blocks))
}

/// Where the benchmark's days and the exchange's rules differ.
fn calendar(result: &SampleResult) -> Vec<String> {
    let check = result.calendar.as_ref();
    check.map(|check| crate::report::section::data::calendar_warnings(&result.study.benchmark, check)).unwrap_or_default()
}

fn data(result: &SampleResult) -> Section {
    let mut blocks = Vec::new();
    if let Some(source) = &result.study.price_source {
        blocks.push(Block::Paragraph(format!("Prices: {}.", source.trim_end_matches('.'))));
    }
    blocks.extend(calendar(result).into_iter().map(Block::Warning));
    if !result.provenance.inputs.is_empty() {
        blocks.push(Block::Table(crate::report::section::data::files(&result.provenance)));
    }
    blocks.push(Block::Paragraph(crate::report::section::data::made_by(&result.provenance)));
    section("data", "Data", blocks)
}
