//! `aftermove intraday`: events with a time and bars of minutes to summary, charts and report.
//!
//! It is a command of its own, and not `study --bars`, because the same options would mean two things: `--window` and `--car` count minutes
//! or bars here and sessions there, `--min-estimation` sessions here and returns there, timings place an event in a day there and aren't
//! enough here; and half of the options of each (`--factors`, `--log`, `--shift`, `--conventions`; `--session`, `--stamp`, `--overnight`)
//! have no meaning in the other.

use std::collections::BTreeSet;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::argument::{Format, IntradayArguments, Options, Overnight, StampChoice, VolatilityChoice};
use super::failure::Failure;
use super::output::{self, GrowingFile};
use super::progress::Progress;
use super::run;
use super::study::name_of;
use crate::calendar::Exchange;
use crate::chart;
use crate::data::bar_file::{BarFileOptions, BarNote, LoadedBars, read_bars};
use crate::data::event_file::{EventFile, EventNote, read_events_in};
use crate::intraday::bar::BarSpan;
use crate::intraday::fit::{BarModel, Volatility};
use crate::intraday::grid::GridRule;
use crate::intraday::hours::{FixedHours, TradingHours};
use crate::intraday::result::IntradayResult;
use crate::intraday::series::Stamp;
use crate::intraday::{IntradayRequest, IntradayStudy};
use crate::model::ExpectedReturnModel;
use crate::provenance::{InputFile, Provenance};
use crate::report;
use crate::window::Window;

/// Estimation sessions when none are asked for.
const USUAL_ESTIMATION: (i32, i32) = (-20, -1);
/// Bar files of more bytes than this are read for the symbols of the events alone.
const LARGE: u64 = 2 << 30;

/// Studies events within the day. True unless `--strict` finds an excluded one.
pub(super) fn events(arguments: &IntradayArguments, options: &Options) -> Result<bool, Failure> {
    let progress = Progress::start(options.quiet);
    let benchmark = options.benchmark.clone().ok_or_else(|| {
        Failure::plain(
            "no benchmark is named",
            "name one of the symbols of the bars with --benchmark: it gives the sessions under every model",
        )
    })?;
    let hours = hours(arguments, &benchmark)?;
    progress.step("Reading events");
    let file = read_events_in(&arguments.events, hours.zone())?;
    let request = request(arguments, options, benchmark, hours)?;
    progress.step("Reading bars");
    let mut symbols: BTreeSet<String> = file.list.symbols.iter().cloned().collect();
    symbols.insert(request.benchmark.clone());
    // Of smaller files all symbols are read: then a misspelt one is told from those that sound like it.
    let symbols = Some(&symbols).filter(|_| bytes_of(&arguments.bars) > LARGE);
    let bars = read_bars(&arguments.bars, &BarFileOptions { zone: arguments.time_zone, symbols })?;
    let provenance = provenance(&file, &bars);
    let study = IntradayStudy::new(request, file.list)?;
    let result = study.run(&bars.book, provenance, |step| progress.step(step))?;
    drop(bars);
    let folder = options.out.clone().unwrap_or_else(|| PathBuf::from("charts").join(&result.study.name));
    if !arguments.no_report {
        progress.step("Drawing");
        let drawn = super::report::draw(chart::intraday_figures(&result), options)?;
        let document = report::intraday::document(&result, &super::report::references(&drawn));
        let pages = super::report::files(&document, drawn)?;
        progress.step("Writing");
        let json = write_json(&folder, &result)?;
        output::write_all(&folder, &pages)?;
        json.keep()?;
    }
    drop(progress);
    if !options.quiet {
        print(&result, &folder, arguments, options)?;
    }
    Ok(!options.strict || result.exclusions.is_empty())
}

fn hours(arguments: &IntradayArguments, benchmark: &str) -> Result<TradingHours, Failure> {
    if let (Some(session), Some(zone)) = (&arguments.session, arguments.time_zone) {
        let fixed = FixedHours::read(session, zone).map_err(|fault| Failure::plain(fault.to_string(), "see --session"))?;
        return Ok(TradingHours::Fixed(fixed));
    }
    let exchange = arguments.exchange.map_or_else(|| Exchange::of_benchmark(benchmark), |choice| choice.0);
    exchange.map(TradingHours::Exchange).ok_or_else(|| {
        Failure::plain(
            format!("the trading hours of {benchmark} aren't known"),
            "for New York write --exchange XNYS; elsewhere the hours and their zone, --session 09:00-17:30 --time-zone Europe/Paris",
        )
    })
}

fn request(arguments: &IntradayArguments, options: &Options, benchmark: String, hours: TradingHours) -> Result<IntradayRequest, Failure> {
    if options.rolling_beta.is_some() {
        return Err(Failure::plain("an intraday study has no rolling beta", "leave out --rolling-beta"));
    }
    let model = match options.model {
        None | Some(ExpectedReturnModel::Market) => BarModel::Market,
        Some(ExpectedReturnModel::MarketAdjusted) => BarModel::MarketAdjusted,
        Some(ExpectedReturnModel::ConstantMean) => BarModel::ConstantMean,
        Some(other) => {
            return Err(Failure::plain(
                format!("the model {other} isn't there for bars"),
                "choose --model market, market-adjusted or constant-mean",
            ));
        }
    };
    let name = name_of(&arguments.events);
    Ok(IntradayRequest {
        title: arguments.title.clone().unwrap_or_else(|| name.replace(['_', '-'], " ")),
        name,
        benchmark,
        model,
        volatility: match arguments.volatility {
            VolatilityChoice::TimeOfDay => Volatility::TimeOfDay,
            VolatilityChoice::Constant => Volatility::Constant,
        },
        grid: GridRule {
            hours,
            bar: arguments.bar,
            stamp: arguments.stamp.map(|stamp| match stamp {
                StampChoice::Start => Stamp::Start,
                StampChoice::End => Stamp::End,
            }),
            overnight: arguments.overnight == Overnight::OwnBar,
        },
        window: options.typed_window,
        car_windows: options.typed_car.clone(),
        estimation: estimation(options.typed_estimation)?,
        least_sessions: arguments.min_estimation,
        allowed_missing: arguments.allow_missing,
        largest_shift: arguments.largest_shift,
        most_excluded: arguments.max_excluded,
        draws: arguments.draws,
        seed: options.seed.unwrap_or(1),
    })
}

/// Sessions before the event: `20`, or `-25..-6`.
fn estimation(typed: Option<BarSpan>) -> Result<Window, Failure> {
    let wrong = |message: String| Failure::plain(message, "write --estimation 20 for the 20 sessions before, or -25..-6");
    let (first, last) = match typed {
        None => USUAL_ESTIMATION,
        Some(BarSpan::Bars(window)) if window.first() == window.last() && window.first() > 0 => (-window.first(), -1),
        Some(BarSpan::Bars(window)) => (window.first(), window.last()),
        Some(span) => return Err(wrong(format!("the estimation {span} is in minutes: it counts sessions"))),
    };
    Window::new(first, last).map_err(|fault| wrong(fault.to_string()))
}

/// Bytes of the files as far as they can be told; folders and patterns count as large.
fn bytes_of(paths: &[PathBuf]) -> u64 {
    let size = |path: &PathBuf| std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file).map_or(LARGE + 1, |found| found.len());
    paths.iter().map(size).fold(0, u64::saturating_add)
}

fn provenance(events: &EventFile, bars: &LoadedBars) -> Provenance {
    let mut inputs = vec![InputFile {
        path: events.path.clone(),
        sha256: events.sha256.clone(),
        rows: Some(events.list.events.len()),
        notes: events.notes.iter().map(EventNote::words).collect(),
    }];
    for file in &bars.files {
        let notes = file.notes.iter().map(BarNote::words).collect();
        inputs.push(InputFile { path: file.path.clone(), sha256: file.sha256.clone(), rows: Some(file.rows), notes });
    }
    Provenance { aftermove: env!("CARGO_PKG_VERSION").to_owned(), inputs }
}

fn write_json(folder: &Path, result: &IntradayResult) -> Result<GrowingFile, Failure> {
    let file = GrowingFile::create(&folder.join("result.json"), "--out")?;
    let mut out = BufWriter::with_capacity(1 << 20, file.handle()?);
    report::intraday::write_json(result, &mut out).and_then(|()| out.flush()).map_err(|reason| file.failed(&reason))?;
    drop(out);
    Ok(file)
}

fn print(result: &IntradayResult, folder: &Path, arguments: &IntradayArguments, options: &Options) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    let written = match options.format {
        Format::Json => report::intraday::write_json(result, &mut stdout),
        Format::Text => {
            let mut text = report::intraday::terminal(result, run::style_for(stdout.is_terminal()));
            if !arguments.no_report {
                text.push_str(&format!("\nCharts and report: {}\n", folder.join("report.html").display()));
            }
            stdout.write_all(text.as_bytes())
        }
    };
    match written.and_then(|()| stdout.flush()) {
        // A reader that has seen enough (`| head`) is no failure.
        Err(reason) if reason.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::plain(format!("can't write to standard output: {reason}"), "the files were written"))
        }
        _ => Ok(()),
    }
}
