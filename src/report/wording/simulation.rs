//! A simulation in words: what it found, and how.

use std::cmp::Ordering;

use crate::report::{number, passage::printable, wording};
use crate::sample::beta::BlumeLine;
use crate::simulation::result::{PlantedResult, PopulationSummary, Rate, SimulationResult, SimulationSummary, TestRates};
use crate::simulation::{Dates, Planting};

/// Decimals of shares in percent.
pub const DECIMALS: usize = 1;

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
            let mut rates: Vec<(&TestRates, &Rate)> =
                planted.tests.iter().filter_map(|test| Some((test, test.at(simulation.level)?))).collect();
            rates.sort_by(|(_, one), (_, other)| one.rate.total_cmp(&other.rate));
            rates.first().zip(rates.last()).map_or_else(
                || "No test applied.".to_owned(),
                |((low, low_rate), (high, high_rate))| {
                    let (low, high) = (name_rate(low, low_rate), name_rate(high, high_rate));
                    format!(
                        "With {} planted, the least share of samples is rejected by {low}, the largest by {high}, at {level}.",
                        planted_words(planted)
                    )
                },
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

/// An interval of shares: `3.8 % to 6.5 %`.
pub fn interval(rate: &Rate) -> String {
    format!("{} to {}", number::percent(rate.interval.0, DECIMALS), number::percent(rate.interval.1, DECIMALS))
}

/// How it was simulated, in sentences.
pub fn method(result: &SimulationResult) -> String {
    let simulation = &result.simulation;
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
            let held = if *securities == 1 { "1 security".to_owned() } else { format!("{} securities", number::count(*securities)) };
            format!("{held} over {} of {}", number::plural(*sessions, "session"), printable(benchmark))
        }
    };
    let variance = if simulation.event_variance > 1.0 {
        format!(" The days tested have {} times the usual residual variance.", number::fixed(simulation.event_variance, 2))
    } else {
        String::new()
    };
    let planting = match simulation.planting {
        _ if result.planted.iter().all(|planted| planted.planted == 0.0) => "",
        Planting::DayZero => "; planted on day 0",
        Planting::Window => "; planted over the window tested",
    };
    let betas = match (simulation.beta.prior, simulation.beta.blume, simulation.beta.trade_to_trade) {
        (_, _, true) => ", returns from trade to trade".to_owned(),
        (Some(prior), _, _) => {
            format!(
                ", prior of mean {} and standard deviation {}",
                number::fixed(prior.mean, 3),
                number::fixed(prior.standard_deviation, 3)
            )
        }
        (_, BlumeLine::Estimated, _) => ", line estimated".to_owned(),
        _ => String::new(),
    };
    format!(
        "{} of {}, {dates}, from {population}; {} model{betas} over {}, CAR over {}{planting}; seed {}.{variance} \
         Intervals are 95 %, of the chance in so many samples.",
        number::plural(simulation.replications, "sample"),
        number::plural(simulation.events, "event"),
        simulation.model,
        wording::window_words(simulation.estimation),
        wording::window_words(simulation.headline),
        simulation.seed,
    )
}
