//! `aftermove` and `aftermove run`: a study from its files to charts, report and summary.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::argument::{Format, Options};
use super::failure::Failure;
use super::output::{self, OutputFile};
use super::progress::Progress;
use super::report as pages;
use crate::calendar::Exchange;
use crate::chart;
use crate::data::load::{LoadedStudy, load};
use crate::data::{built_in, study_file};
use crate::report::terminal::Terminal;
use crate::report::{self, json, terminal};
use crate::study::result::Status;
use crate::study::{Study, StudyResult};
use crate::verify::Verdict;
use crate::window::Windows;

/// Narrowest and widest summary, characters; the width where there is no terminal.
const WIDTHS: (u16, u16, u16) = (60, 160, 120);

/// Runs the built-in study. True unless `--strict` finds something.
pub(super) fn built_in(options: &Options) -> Result<bool, Failure> {
    let progress = Progress::start(options.quiet);
    progress.step("Reading the built-in study");
    study(built_in::load()?, options, progress)
}

/// Runs a study file. True unless `--strict` finds something.
pub(super) fn file(path: &Path, options: &Options) -> Result<bool, Failure> {
    let progress = Progress::start(options.quiet);
    progress.step("Reading the study");
    study(load(study_file::read(path)?)?, options, progress)
}

/// Runs a loaded study, with the options of the command line before those of its file.
pub(super) fn study(loaded: LoadedStudy, options: &Options, progress: Progress) -> Result<bool, Failure> {
    let LoadedStudy { study, book, provenance } = loaded;
    let study = override_design(study, options)?;
    progress.step("Measuring");
    let result = study.run(&book, provenance)?;
    if result.all_events_are_excluded() {
        return Err(Failure::no_event(&result));
    }
    progress.step("Drawing");
    let drawn = pages::draw(chart::figures(&result), options)?;
    progress.step("Writing");
    let folder = options.out.clone().unwrap_or_else(|| PathBuf::from("charts").join(&result.study.name));
    let json = json::render(&result).map_err(|failure| Failure::plain(failure.to_string(), "please report this"))?;
    let document = report::document(&result, &pages::references(&drawn));
    let mut files = pages::files(&document, drawn)?;
    files.push(OutputFile { name: "result.json".to_owned(), bytes: json.as_bytes().to_vec() });
    output::write_all(&folder, &files)?;
    drop(progress);
    if !options.quiet {
        print(&result, &json, &folder, options)?;
    }
    Ok(!(options.strict && has_findings(&result)))
}

fn override_design(study: Study, options: &Options) -> Result<Study, Failure> {
    let mut design = study.design().clone();
    if let Some(benchmark) = &options.benchmark {
        // The exchange follows the benchmark, unless the file names one that its own benchmark doesn't imply.
        if design.rule.exchange == Exchange::of_benchmark(&design.benchmark) {
            design.rule.exchange = Exchange::of_benchmark(benchmark);
        }
        design.benchmark.clone_from(benchmark);
    }
    if let Some(model) = options.model {
        design.model = model;
    }
    design.rolling_beta = options.rolling_beta.or(design.rolling_beta);
    let windows = design.rule.windows;
    let event = options.window.unwrap_or(windows.event());
    design.rule.windows = Windows::new(options.estimation.unwrap_or(windows.estimation()), event)
        .map_err(|failure| Failure::plain(failure.to_string(), "move one of them with --estimation or --window"))?;
    if !options.car.is_empty() {
        design.car_windows.clone_from(&options.car);
    } else if options.window.is_some() {
        // The file's own windows were meant for its own event window.
        design.car_windows.retain(|window| event.covers(*window));
        if !design.car_windows.contains(&event) {
            design.car_windows.push(event);
        }
    }
    Ok(Study::new(design)?)
}

fn has_findings(result: &StudyResult) -> bool {
    result.claims.iter().any(|finding| finding.verdict == Verdict::Contradicted)
        || result.events.iter().any(|event| event.status == Status::Excluded)
}

fn print(result: &StudyResult, json: &str, folder: &Path, options: &Options) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    let text = match options.format {
        Format::Json => json.to_owned(),
        Format::Text => {
            let summary = terminal::render(result, style_for(stdout.is_terminal()));
            format!("{summary}\nCharts and report: {}\n", folder.join("report.html").display())
        }
    };
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // A reader that has seen enough (`| head`) is no failure.
        Err(reason) if reason.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::plain(format!("can't write to standard output: {reason}"), "the files were written"))
        }
        _ => Ok(()),
    }
}

/// How tables are drawn on standard output.
pub(super) fn style_for(on_terminal: bool) -> Terminal {
    let console = terminal_size::terminal_size().map(|(width, _)| width.0);
    let width = console.filter(|_| on_terminal).unwrap_or(WIDTHS.2).clamp(WIDTHS.0, WIDTHS.1);
    Terminal { width, coloured: on_terminal && std::env::var_os("NO_COLOR").is_none() }
}
