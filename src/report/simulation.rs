//! A simulation in words, tables and JSON.

use std::cmp::Ordering;

use super::document::Table;
use super::number;
use super::passage::printable;
use super::terminal::{Terminal, draw, wrap};
use super::wording;
use crate::simulation::result::{PlantedResult, PopulationSummary, Rate, SimulationResult, SimulationSummary, TestRates};
use crate::simulation::{Dates, Planting};

/// Decimals of shares in percent.
const DECIMALS: usize = 1;

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
    let mut parts = vec![wrap(&answer(result), width), wrap(&method(&result.simulation), width)];
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

/// The samples without an event, if there are any.
pub fn null(result: &SimulationResult) -> Option<&PlantedResult> {
    result.planted.iter().find(|planted| planted.planted == 0.0)
}

/// The tests whose rate at the headline level lies beyond the level on that side, by more than their interval.
pub fn beyond<'a>(simulation: &SimulationSummary, planted: &'a PlantedResult, side: Ordering) -> Vec<(&'a TestRates, &'a Rate)> {
    let rates = planted.tests.iter().filter_map(|test| Some((test, test.at(simulation.level)?)));
    rates.filter(|(_, rate)| rate.beside_level() == side).collect()
}

/// One sentence that says what was found.
pub fn answer(result: &SimulationResult) -> String {
    let simulation = &result.simulation;
    let level = number::percent(simulation.level, DECIMALS);
    match (null(result), result.planted.first()) {
        (Some(null), _) => {
            let named = |side| -> Vec<String> { beyond(simulation, null, side).iter().map(|(test, rate)| name_rate(test, rate)).collect() };
            let (often, seldom) = (named(Ordering::Greater), named(Ordering::Less));
            let applied = null.tests.iter().filter(|test| test.applied > 0).count();
            let kept = applied - often.len() - seldom.len();
            let mut parts = vec![format!("{kept} of {} keep their level of {level}", number::plural(applied, "test"))];
            if !often.is_empty() {
                parts.push(format!("{} {} more often", wording::join(&often, "and"), reject(often.len())));
            }
            if !seldom.is_empty() {
                parts.push(format!("{} {} less often", wording::join(&seldom, "and"), reject(seldom.len())));
            }
            format!("Without an event, {}.", parts.join("; "))
        }
        (None, Some(planted)) => {
            let rates = planted.tests.iter().filter_map(|test| Some((test, test.at(simulation.level)?)));
            let best = rates.max_by_key(|(_, rate)| rate.rejections);
            best.map_or_else(
                || "No test applied.".to_owned(),
                |(test, rate)| format!("With {} planted, {} rejects most often at {level}.", planted_words(planted), name_rate(test, rate)),
            )
        }
        (None, None) => "Nothing was simulated.".to_owned(),
    }
}

fn reject(count: usize) -> &'static str {
    if count == 1 { "rejects" } else { "reject" }
}

fn name_rate(test: &TestRates, rate: &Rate) -> String {
    format!("{} ({})", test.name, number::percent(rate.rate, DECIMALS))
}

/// What was planted, in words: `nothing`, `+1.00 %`.
pub fn planted_words(planted: &PlantedResult) -> String {
    if planted.planted == 0.0 { "nothing".to_owned() } else { number::percent_signed(planted.planted, 2) }
}

/// How it was simulated, in sentences.
pub fn method(simulation: &SimulationSummary) -> String {
    let dates = match simulation.dates {
        Dates::Scattered => "each on a date of its own",
        Dates::Clustered => "all on one date",
    };
    let population = match &simulation.population {
        PopulationSummary::Generated { correlation, tails, sigma, .. } => {
            let shocks = tails.map_or_else(|| "normal".to_owned(), |degrees| format!("t({degrees})"));
            let correlated =
                if *correlation > 0.0 { format!(", residuals correlated {}", number::fixed(*correlation, 3)) } else { String::new() };
            format!("made-up returns ({shocks} shocks of about {} a session{correlated})", number::percent(*sigma, DECIMALS))
        }
        PopulationSummary::Prices { benchmark, securities, sessions } => {
            let held = number::plural(*securities, "security").replace("securitys", "securities");
            format!("{held} over {} of {}", number::plural(*sessions, "session"), printable(benchmark))
        }
    };
    let variance = if simulation.event_variance > 1.0 {
        format!(" The days tested have {} times the usual residual variance.", number::fixed(simulation.event_variance, 2))
    } else {
        String::new()
    };
    let planting = match simulation.planting {
        Planting::DayZero => "on day 0",
        Planting::Window => "over the window tested",
    };
    format!(
        "{} of {}, {dates}, from {population}; {} model over {}, CAR over {}; whatever is planted stands {planting}; seed {}.{variance} \
         Intervals are 95 %, of so many samples.",
        number::plural(simulation.replications, "sample"),
        number::plural(simulation.events, "event"),
        simulation.model.name(),
        wording::window_words(simulation.estimation),
        wording::window_words(simulation.headline),
        simulation.seed,
    )
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

/// An interval of shares: `3.8 % to 6.5 %`.
pub fn interval(rate: &Rate) -> String {
    format!("{} to {}", number::percent(rate.interval.0, DECIMALS), number::percent(rate.interval.1, DECIMALS))
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
