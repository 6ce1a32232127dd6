//! A simulation as the summary of a terminal, as tables and as JSON.

use super::document::Table;
use super::number;
use super::passage::printable;
use super::terminal::{Terminal, draw, wrap};
use super::wording::simulation::{DECIMALS, answer, interval, method, null, planted_words};
use crate::simulation::result::{PlantedResult, SimulationResult, SimulationSummary};

/// The result as indented JSON with a closing line end.
///
/// # Errors
/// What serde_json says; a [`SimulationResult`] holds nothing that it refuses.
pub fn json(result: &SimulationResult) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(result)?;
    text.push('\n');
    Ok(text)
}

/// The summary that a terminal shows.
pub fn terminal(result: &SimulationResult, terminal: Terminal) -> String {
    let width = usize::from(terminal.width);
    let mut parts = vec![wrap(&answer(result), width), wrap(&method(result), width)];
    parts.extend(result.planted.iter().map(|planted| wrap(&caar(planted), width)));
    match result.planted.as_slice() {
        [] => {}
        [one] => parts.push(draw(&levels(&result.simulation, one), terminal)),
        several => {
            if let Some(null) = null(result) {
                parts.push(draw(&levels(&result.simulation, null), terminal));
            }
            parts.push(draw(&powers(&result.simulation, several), terminal));
        }
    }
    parts.extend(inapplicable(result).iter().map(|sentence| wrap(sentence, width)));
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

fn caar(planted: &PlantedResult) -> String {
    let mean = planted.mean_caar.map_or_else(|| "none".to_owned(), |mean| number::percent_signed(mean, 3));
    let spread = planted.caar_deviation.map_or_else(String::new, |deviation| format!(" ± {}", number::percent(deviation, 3)));
    let correlation =
        planted.mean_correlation.map_or_else(String::new, |mean| format!(", mean residual correlation {}", number::fixed(mean, 4)));
    let unusable = if planted.unusable > 0 {
        format!(", {} without a usable event", number::plural(planted.unusable, "sample"))
    } else {
        String::new()
    };
    format!("Planted {}: CAAR {mean}{spread} over the samples{correlation}{unusable}.", planted_words(planted))
}

/// Rates of every test at each level, with the interval at the headline level.
pub fn levels(simulation: &SimulationSummary, planted: &PlantedResult) -> Table {
    let at = |level: &f64| number::percent(*level, DECIMALS);
    let mut header = vec!["Test".to_owned()];
    header.extend(simulation.levels.iter().map(at));
    header.extend([format!("95 % at {}", at(&simulation.level)), "Samples".to_owned()]);
    let caption = if planted.planted == 0.0 {
        "Share of samples rejected without an event, by level".to_owned()
    } else {
        format!("Share of samples rejected with {} planted, by level", planted_words(planted))
    };
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let mut table = Table::new(caption, &names).with_text_columns(&[0]);
    table.rows = planted
        .tests
        .iter()
        .map(|test| {
            let mut row = vec![test.name.to_owned()];
            row.extend(
                simulation.levels.iter().map(|level| test.at(*level).map_or_else(none, |rate| number::percent(rate.rate, DECIMALS))),
            );
            row.push(test.at(simulation.level).map_or_else(none, interval));
            row.push(number::count(test.applied));
            row
        })
        .collect();
    table
}

/// Rates of every test at the headline level, by what was planted.
pub fn powers(simulation: &SimulationSummary, planted: &[PlantedResult]) -> Table {
    let mut header = vec!["Test".to_owned()];
    header.extend(planted.iter().map(planted_words));
    let names: Vec<&str> = header.iter().map(String::as_str).collect();
    let caption = format!("Share of samples rejected at {}, by what was planted", number::percent(simulation.level, DECIMALS));
    let mut table = Table::new(caption, &names).with_text_columns(&[0]);
    let tests = planted.iter().find(|planted| !planted.tests.is_empty()).map_or(&[][..], |planted| planted.tests.as_slice());
    table.rows = tests
        .iter()
        .map(|test| {
            let of = |planted: &PlantedResult| {
                let found = planted.tests.iter().find(|other| other.name == test.name)?;
                Some(number::percent(found.at(simulation.level)?.rate, DECIMALS))
            };
            let mut row = vec![test.name.to_owned()];
            row.extend(planted.iter().map(|planted| of(planted).unwrap_or_else(none)));
            row
        })
        .collect();
    table
}

fn none() -> String {
    "—".to_owned()
}

/// The tests that didn't apply in some samples, one sentence each, from what was planted first.
fn inapplicable(result: &SimulationResult) -> Vec<String> {
    let Some(planted) = result.planted.first() else { return Vec::new() };
    let missing = planted.tests.iter().filter_map(|test| {
        let reason = test.reason.as_ref()?;
        let samples = number::plural(test.inapplicable, "sample");
        Some(format!("{} doesn't apply in {samples}: {}.", test.name, printable(reason).trim_end_matches('.')))
    });
    missing.collect()
}
