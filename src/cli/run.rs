//! `aftermove` and `aftermove run`: a study from its files to charts, report and summary.

use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::argument::{Format, Options};
use super::failure::Failure;
use super::output::{self, OutputFile};
use super::progress::Progress;
use crate::calendar::Exchange;
use crate::chart::{self, Figure, Size};
use crate::data::load::{LoadedStudy, load};
use crate::data::{built_in, study_file};
use crate::report::html::Picture;
use crate::report::terminal::Terminal;
use crate::report::{self, FigureReference, html, json, markdown, terminal};
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
    let drawn = draw(&result, options)?;
    progress.step("Writing");
    let folder = options.out.clone().unwrap_or_else(|| PathBuf::from("charts").join(&result.study.name));
    let json = json::render(&result).map_err(|failure| Failure::plain(failure.to_string(), "please report this"))?;
    output::write_all(&folder, &files(&result, drawn, &json)?)?;
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
        design.model = model.into();
    }
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

/// A chart, drawn.
struct Drawn {
    figure: Figure,
    picture: Picture,
    svg: Option<String>,
}

fn draw(result: &StudyResult, options: &Options) -> Result<Vec<Drawn>, Failure> {
    chart::figures(result).into_par_iter().map(|figure| draw_one(figure, options)).collect()
}

fn draw_one(figure: Figure, options: &Options) -> Result<Drawn, Failure> {
    let wide = chart::draw(&figure, options.size).map_err(|failure| undrawable(&figure, &failure))?;
    let png = chart::to_png(&wide.svg).map_err(|failure| undrawable(&figure, &failure))?;
    let narrow = chart::draw(&figure, Size::PHONE).map_err(|failure| undrawable(&figure, &failure))?;
    let narrow_png = chart::to_png(&narrow.svg).map_err(|failure| undrawable(&figure, &failure))?;
    let outline = || chart::to_outlines(&wide.svg, &figure.name).map_err(|failure| undrawable(&figure, &failure));
    let svg = if options.svg { Some(outline()?) } else { None };
    let picture = Picture { png, size: (wide.size.width, wide.size.height), narrow_png };
    Ok(Drawn { figure, picture, svg })
}

/// A chart's files: PNG, and SVG when it is asked for.
pub(super) fn draw_files(figure: &Figure, options: &Options) -> Result<Vec<OutputFile>, Failure> {
    let drawing = chart::draw(figure, options.size).map_err(|failure| undrawable(figure, &failure))?;
    let png = chart::to_png(&drawing.svg).map_err(|failure| undrawable(figure, &failure))?;
    let mut files = vec![OutputFile { name: format!("{}.png", figure.name), bytes: png }];
    if options.svg {
        let outlines = chart::to_outlines(&drawing.svg, &figure.name).map_err(|failure| undrawable(figure, &failure))?;
        files.push(OutputFile { name: format!("{}.svg", figure.name), bytes: outlines.into_bytes() });
    }
    Ok(files)
}

fn undrawable(figure: &Figure, failure: &dyn std::error::Error) -> Failure {
    Failure::plain(format!("the chart {} can't be drawn: {failure}", figure.name), "please report this")
}

fn files(result: &StudyResult, drawn: Vec<Drawn>, json: &str) -> Result<Vec<OutputFile>, Failure> {
    let references: Vec<FigureReference> = drawn
        .iter()
        .map(|drawn| FigureReference { name: drawn.figure.name.clone(), title: drawn.figure.title.clone(), alt: drawn.figure.alt.clone() })
        .collect();
    let document = report::document(result, &references);
    let mut files = Vec::with_capacity(2 * drawn.len() + 3);
    let mut pictures = BTreeMap::new();
    for Drawn { figure, picture, svg } in drawn {
        files.push(OutputFile { name: format!("{}.png", figure.name), bytes: picture.png.clone() });
        if let Some(svg) = svg {
            files.push(OutputFile { name: format!("{}.svg", figure.name), bytes: svg.into_bytes() });
        }
        pictures.insert(figure.name, picture);
    }
    let html = html::render(&document, &pictures).map_err(|failure| Failure::plain(failure.to_string(), "please report this"))?;
    files.push(OutputFile { name: "report.html".to_owned(), bytes: html.into_bytes() });
    files.push(OutputFile { name: "report.md".to_owned(), bytes: markdown::render(&document).into_bytes() });
    files.push(OutputFile { name: "result.json".to_owned(), bytes: json.as_bytes().to_vec() });
    Ok(files)
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
