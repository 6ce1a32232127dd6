//! `aftermove simulate`: how often each test of many events rejects, without an event and with one planted.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use rayon::prelude::*;

use super::argument::{Format, Options, SimulateArguments};
use super::failure::Failure;
use super::output::{self, OutputFile};
use super::progress::Progress;
use super::run::style_for;
use super::study;
use crate::chart;
use crate::data::factor_file::{FactorNote, FactorUnit, LoadedFactors, read_factors};
use crate::data::load::{describe, gather};
use crate::data::price_file::{LoadedPrices, PriceSource};
use crate::data::table_file::{ColumnType, TableColumn, TableFile, TableFileError, TableFormat};
use crate::provenance::{InputFile, Provenance};
use crate::report::simulation as report;
use crate::sample::LongHorizon;
use crate::sample::beta::BetaDesign;
use crate::simulation::result::{PlantedResult, Rate, TestRates};
use crate::simulation::{Dates, Generator, Planting, Population, Simulation, SimulationDesign, SimulationResult};
use crate::window::{Window, Windows};

/// Estimation window when none is named: about a year that ends two weeks before the event.
const ESTIMATION: (i32, i32) = (-250, -11);
/// Least number of estimation returns, as in studies.
const LEAST_ESTIMATION: usize = 30;
/// The made-up benchmark, when none is named.
const MARKET: &str = "MARKET";
/// Seed when none is named.
const SEED: u64 = 1;

/// Simulates, and writes table, charts and result.
pub(super) fn simulate(arguments: &SimulateArguments, options: &Options) -> Result<bool, Failure> {
    let progress = Progress::start(options.quiet);
    let input = Input::read(arguments, &progress)?;
    let simulation = Simulation::new(design(arguments, options, &input)?)?;
    let total = simulation.design().replications;
    // A line for each hundredth: drawing more often would cost more than the samples.
    let each = (total / 100).max(1);
    let hear = |done: usize| {
        if done.is_multiple_of(each) {
            progress.step(&format!("Sample {done} of {total}"));
        }
    };
    let generator = generator(arguments, simulation.design());
    let population = input.prices.as_ref().map_or(Population::Generated(&generator), |prices| Population::Prices(&prices.book));
    let result = simulation.run(population, input.provenance(), hear)?;
    progress.step("Drawing");
    let json = report::json(&result).map_err(|failure| Failure::plain(failure.to_string(), "please report this"))?;
    let folder = options.out.clone().unwrap_or_else(|| PathBuf::from("charts").join("simulation"));
    output::write_all(&folder, &files(&result, &json, options)?)?;
    drop(progress);
    if !options.quiet {
        let mut stdout = std::io::stdout().lock();
        let text = match options.format {
            Format::Json => json,
            Format::Text => {
                format!("{}\nCharts and tables: {}\n", report::terminal(&result, style_for(stdout.is_terminal())), folder.display())
            }
        };
        match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
            // A reader that has seen enough (`| head`) is no failure.
            Err(reason) if reason.kind() != std::io::ErrorKind::BrokenPipe => {
                return Err(Failure::plain(format!("can't write to standard output: {reason}"), "the files were written"));
            }
            _ => {}
        }
    }
    Ok(true)
}

/// What is read.
struct Input {
    /// None for made-up returns.
    prices: Option<LoadedPrices>,
    factors: Option<LoadedFactors>,
}

impl Input {
    fn read(arguments: &SimulateArguments, progress: &Progress) -> Result<Self, Failure> {
        if arguments.prices.is_empty() {
            return Ok(Self { prices: None, factors: None });
        }
        progress.step("Reading prices");
        let factors = if arguments.factors.is_empty() { None } else { Some(read_factors(&arguments.factors, FactorUnit::Detect)?) };
        let sources: Vec<PriceSource> = arguments.prices.iter().map(PriceSource::prices).collect();
        Ok(Self { prices: Some(gather(&sources)?), factors })
    }

    fn provenance(&self) -> Provenance {
        let prices = self.prices.iter().flat_map(|loaded| &loaded.files).map(|file| InputFile {
            path: file.path.clone(),
            sha256: file.sha256.clone(),
            rows: Some(file.rows),
            notes: file.notes.iter().map(describe).collect(),
        });
        let factors = self.factors.iter().flat_map(|loaded| &loaded.files).map(|file| InputFile {
            path: file.path.clone(),
            sha256: file.sha256.clone(),
            rows: Some(file.rows),
            notes: file.notes.iter().map(FactorNote::words).collect(),
        });
        Provenance { aftermove: env!("CARGO_PKG_VERSION").to_owned(), inputs: factors.chain(prices).collect() }
    }
}

/// Betas and thin trading, as far as a simulation has them.
fn beta(arguments: &SimulateArguments, options: &Options) -> Result<BetaDesign, Failure> {
    if options.rolling_beta.is_some() {
        return Err(Failure::plain("a simulation has no rolling beta", "leave out --rolling-beta"));
    }
    let design = study::beta_design(&arguments.beta, options)?;
    if design.trade_to_trade && arguments.prices.is_empty() {
        return Err(Failure::plain("made-up returns have a trade on every session", "add --prices FILE, or leave out --thin-trading"));
    }
    Ok(design)
}

fn design(arguments: &SimulateArguments, options: &Options, input: &Input) -> Result<SimulationDesign, Failure> {
    let benchmark = match &input.prices {
        Some(prices) => study::benchmark(options.benchmark.as_deref(), prices)?,
        None => options.benchmark.clone().unwrap_or_else(|| MARKET.to_owned()),
    };
    let window = |(first, last)| Window::new(first, last).map_err(|failure| Failure::plain(failure.to_string(), "see --estimation"));
    let estimation = options.estimation.map_or_else(|| window(ESTIMATION), Ok)?;
    let event = options.window.unwrap_or(Window::DAY_ZERO);
    let headline = match options.car.as_slice() {
        [] => event,
        [headline] => *headline,
        _ => return Err(Failure::plain("a simulation tests one window", "give --car once")),
    };
    let windows = Windows::new(estimation, event)
        .map_err(|failure| Failure::plain(failure.to_string(), "move one of them with --estimation or --window"))?;
    Ok(SimulationDesign {
        benchmark,
        events: arguments.events_per_sample,
        replications: arguments.replications,
        planted: arguments.planted.clone(),
        planting: if arguments.over_window { Planting::Window } else { Planting::DayZero },
        dates: if arguments.clustered { Dates::Clustered } else { Dates::Scattered },
        event_variance: arguments.event_variance,
        level: arguments.level,
        model: options.model.unwrap_or_default(),
        factors: input.factors.as_ref().map(|loaded| loaded.table.clone()),
        beta: beta(arguments, options)?,
        windows,
        headline,
        least_estimation: LEAST_ESTIMATION,
        draws: arguments.draws,
        long_horizon: arguments.long_horizon.map(|period| LongHorizon { period: period.into(), weights: None }),
        seed: options.seed.unwrap_or(SEED),
    })
}

/// Made-up returns over the usual four years, or longer when the windows need it.
fn generator(arguments: &SimulateArguments, design: &SimulationDesign) -> Generator {
    let usual = Generator::USUAL;
    let sessions = usual.sessions.max(2 * (design.windows.estimation().days() + design.windows.event().days()));
    Generator { sessions, correlation: arguments.correlation, tails: arguments.tails, sigma: arguments.sigma, ..usual }
}

fn files(result: &SimulationResult, json: &str, options: &Options) -> Result<Vec<OutputFile>, Failure> {
    let drawn: Vec<Result<Vec<OutputFile>, Failure>> =
        chart::simulation_figures(result).par_iter().map(|figure| super::report::draw_files(figure, options)).collect();
    let mut files: Vec<OutputFile> = drawn.into_iter().collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
    files.push(OutputFile { name: "simulation.json".to_owned(), bytes: json.as_bytes().to_vec() });
    let table = table(result).map_err(|failure| Failure::plain(failure.to_string(), "please report this"))?;
    files.push(OutputFile { name: "rejection-rates.csv".to_owned(), bytes: table });
    Ok(files)
}

/// One row a planted return, test and level; a test that never applied has one row without a level.
fn table(result: &SimulationResult) -> Result<Vec<u8>, TableFileError> {
    let rows: Vec<(&PlantedResult, &TestRates, Option<&Rate>)> = result
        .planted
        .iter()
        .flat_map(|planted| planted.tests.iter().map(move |test| (planted, test)))
        .flat_map(|(planted, test)| {
            let none = test.rates.is_empty().then_some((planted, test, None));
            test.rates.iter().map(move |rate| (planted, test, Some(rate))).chain(none)
        })
        .collect();
    let number = |value: &dyn Fn(&Rate) -> f64| -> Vec<Option<f64>> { rows.iter().map(|(_, _, rate)| rate.map(value)).collect() };
    let whole = |value: &dyn Fn(&TestRates) -> usize| -> Vec<Option<i64>> {
        rows.iter().map(|(_, test, _)| i64::try_from(value(test)).ok()).collect()
    };
    let planted: Vec<Option<f64>> = rows.iter().map(|(planted, _, _)| Some(planted.planted)).collect();
    let names: Vec<Option<&str>> = rows.iter().map(|(_, test, _)| Some(test.name)).collect();
    let rejections: Vec<Option<i64>> = rows.iter().map(|(_, _, rate)| rate.and_then(|rate| i64::try_from(rate.rejections).ok())).collect();
    let reasons: Vec<Option<&str>> = rows.iter().map(|(_, test, _)| test.reason.as_deref()).collect();
    let mut bytes = Vec::new();
    let columns = [
        ("planted", ColumnType::Number),
        ("test", ColumnType::Text),
        ("level", ColumnType::Number),
        ("rate", ColumnType::Number),
        ("standard_error", ColumnType::Number),
        ("interval_low", ColumnType::Number),
        ("interval_high", ColumnType::Number),
        ("rejections", ColumnType::Integer),
        ("applied", ColumnType::Integer),
        ("inapplicable", ColumnType::Integer),
        ("reason", ColumnType::Text),
    ];
    let mut file = TableFile::create(&mut bytes, TableFormat::Csv, &columns)?;
    file.write(&[
        TableColumn::Number(planted),
        TableColumn::Text(names),
        TableColumn::Number(number(&|rate| rate.level)),
        TableColumn::Number(number(&|rate| rate.rate)),
        TableColumn::Number(number(&|rate| rate.standard_error)),
        TableColumn::Number(number(&|rate| rate.interval.0)),
        TableColumn::Number(number(&|rate| rate.interval.1)),
        TableColumn::Integer(rejections),
        TableColumn::Integer(whole(&|test| test.applied)),
        TableColumn::Integer(whole(&|test| test.inapplicable)),
        TableColumn::Text(reasons),
    ])?;
    file.finish()?;
    Ok(bytes)
}
