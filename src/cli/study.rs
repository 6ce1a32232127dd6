//! `aftermove study`: an event list and prices to summary, tables, charts and report.

use std::collections::BTreeSet;
use std::io::{BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::argument::{
    BetaArguments, BlumeChoice, Format, GarchFallback, MatchChoice, Options, OtherConventions, Overlaps, Shift, StudyArguments,
    TableChoice, ThinTrading, TimingChoice, Unit, ZeroVolume,
};
use super::failure::Failure;
use super::output::{self, GrowingFile, OutputFile};
use super::progress::Progress;
use super::run;
use crate::align::AlignmentRule;
use crate::calendar::{Exchange, ShiftPolicy, Timing};
use crate::chart;
use crate::data::event_file::{EventFile, EventFileOptions, read_events};
use crate::data::factor_file::{FactorUnit, LoadedFactors, read_factors};
use crate::data::firm_file::{LoadedFirms, read_firms};
use crate::data::load::{describe, gather_wanted};
use crate::data::price_file::{LoadedPrices, PriceColumns, PriceSource, Wanted};
use crate::data::sample_table::{self, Level};
use crate::data::table_file::TableFormat;
use crate::data::untraded;
use crate::event::list::EventList;
use crate::firm::MatchRule;
use crate::model::ExpectedReturnModel;
use crate::model::beta::shrinkage::Prior;
use crate::provenance::{InputFile, Provenance};
use crate::report;
use crate::report::sample::json::MOST_EVENTS;
use crate::report::sample::{json, latex, terminal};
use crate::sample::SampleError;
use crate::sample::activity::ActivityKind;
use crate::sample::beta::{BetaDesign, BlumeLine};
use crate::sample::thin::UntradedQuotes;
use crate::sample::{
    ControlDesign, DonorChoice, LongHorizon, Matching, OverlapPolicy, RegressionDesign, Sample, SampleDesign, SampleResult,
    VolatilityFallback,
};
use crate::series::ReturnKind;
use crate::specification::{self, Choices};
use crate::window::{Window, Windows};

/// Benchmark when none is named: the first of these that the prices hold.
const USUAL_BENCHMARKS: [&str; 5] = ["^GSPC", "^SPX", "SPX", "SP500", "SPY"];
/// Donors of one event unless said otherwise.
const MOST_DONORS: usize = 50;
/// Fewest draws with which a resampled test's p-value, (hits + 1)/(draws + 1), can be as low as 5 %.
const LEAST_DRAWS: usize = 19;
/// Price files of more bytes than this are read for the symbols of the events alone.
const LARGE: u64 = 400 << 20;
/// Windows of cumulation when none is asked for, as far as the event window covers them; the event window comes last.
const USUAL_CARS: [(i32, i32); 2] = [(0, 1), (-1, 1)];

/// Studies many events. True unless `--strict` finds an excluded one.
pub(super) fn events(arguments: &StudyArguments, options: &Options) -> Result<bool, Failure> {
    refuse_idle(arguments, options)?;
    let progress = Progress::start(options.quiet);
    let exchange = match (arguments.exchange, &options.benchmark) {
        (Some(choice), _) => choice.0,
        (None, Some(benchmark)) => Exchange::of_benchmark(benchmark),
        (None, None) => Some(Exchange::Nyse),
    };
    progress.step("Reading events");
    let timing = match arguments.timing {
        TimingChoice::Unknown => Timing::Unknown,
        TimingChoice::BeforeOpen => Timing::BeforeOpen,
        TimingChoice::During => Timing::During,
        TimingChoice::AfterClose => Timing::AfterClose,
    };
    let file = read_events(&arguments.events, &EventFileOptions { exchange, timing })?;
    progress.step("Reading factors");
    let factors = if arguments.factors.is_empty() { None } else { Some(read_factors(&arguments.factors, unit(arguments.factor_unit))?) };
    let firms = arguments.firms.as_deref().map(read_firms).transpose()?;
    let donors = donors(arguments.donors.as_deref().unwrap_or("all"))?;
    progress.step("Reading prices");
    let sources: Vec<PriceSource> =
        arguments.prices.iter().map(PriceSource::prices).chain(arguments.returns.iter().map(PriceSource::returns)).collect();
    if sources.is_empty() {
        return Err(Failure::plain("no prices are given", "add --prices FILE (or --returns FILE, for returns)"));
    }
    let mut symbols: BTreeSet<String> = file.list.symbols.iter().cloned().collect();
    match &options.benchmark {
        Some(named) => symbols.extend([named.clone()]),
        None => symbols.extend(USUAL_BENCHMARKS.map(str::to_owned)),
    }
    symbols.extend(arguments.also_benchmark.iter().cloned());
    match (options.model, &donors, &firms) {
        (Some(ExpectedReturnModel::SyntheticControl), DonorChoice::Named(named), _) => symbols.extend(named.iter().cloned()),
        (_, _, Some(firms)) => symbols.extend(firms.table.symbols().map(str::to_owned)),
        _ => {}
    }
    let any_donor = options.model == Some(ExpectedReturnModel::SyntheticControl) && donors == DonorChoice::All;
    // Of smaller files all symbols are read: then a misspelt one is told from those that sound like it.
    let symbols = Some(&symbols).filter(|_| bytes_of(&sources) > LARGE && !any_donor);
    let needs_volumes = arguments.abnormal_volume || arguments.zero_volume == ZeroVolume::NoTrade;
    let columns = if needs_volumes { PriceColumns::All } else { PriceColumns::Levels };
    let mut prices = gather_wanted(&sources, &Wanted { columns, symbols })?;
    if let Some(unknown) = arguments.also_benchmark.iter().find_map(|symbol| prices.book.get(symbol).err()) {
        return Err(SampleError::Benchmark(unknown).into());
    }
    if arguments.abnormal_volume {
        expect_volumes(&file.list, &prices)?;
    }
    let untraded = if arguments.zero_volume == ZeroVolume::NoTrade { Some(leave_out_untraded(&file.list, &mut prices)?) } else { None };
    let benchmark = benchmark(options.benchmark.as_deref(), &prices)?;
    let exchange = if arguments.exchange.is_some() { exchange } else { Exchange::of_benchmark(&benchmark) };
    let provenance = provenance(&file, factors.as_ref(), firms.as_ref(), &prices);
    let mut design = SampleDesign { untraded, ..design(arguments, options, benchmark, exchange, factors)? };
    design.controls = controls(arguments, donors, firms);
    let sample = Sample::new(design, file.list)?;
    let mut result = sample.run(&prices.book, provenance, |step| progress.step(step))?;
    for (wanted, kind) in [(arguments.abnormal_volume, ActivityKind::Volume), (arguments.abnormal_volatility, ActivityKind::Volatility)] {
        if wanted {
            progress.step("Measuring volume and volatility");
            result.activity.push(sample.activity(kind, &prices.book)?);
        }
    }
    if arguments.specifications {
        progress.step("Repeating under other choices");
        result.specifications = specification::trace(sample.design(), sample.list(), &prices.book, &choices(arguments, &sample))?;
    }
    // Freed beside what follows.
    rayon::spawn(move || drop(prices));
    let folder = options.out.clone().unwrap_or_else(|| PathBuf::from("charts").join(&result.study.name));
    let mut files = Vec::new();
    if let Some(choice) = arguments.tables {
        progress.step("Writing tables");
        files.extend(write_tables(&folder, choice, &Level::of(&result), &result, &sample)?);
    } else if !arguments.no_report && result.listed > MOST_EVENTS && !result.exclusions.is_empty() {
        // The result file holds no single events then; why each was left out is written down all the same.
        files.extend(write_tables(&folder, TableChoice::Csv, &[Level::Exclusions], &result, &sample)?);
    }
    let mut pages = Vec::new();
    if !arguments.no_report {
        progress.step("Drawing");
        let drawn = super::report::draw(chart::sample_figures(&result), options)?;
        let document = report::sample::document(&result, &super::report::references(&drawn));
        pages = super::report::files(&document, drawn)?;
        if let Some(table) = latex::regression(&result) {
            pages.push(OutputFile { name: "regression.tex".to_owned(), bytes: table.into_bytes() });
        }
        progress.step("Writing");
        files.push(write_json(&folder, &result)?);
    }
    // Every file takes its name when all are whole.
    if !pages.is_empty() {
        output::write_all(&folder, &pages)?;
    }
    for file in files {
        file.keep()?;
    }
    drop(progress);
    if !options.quiet {
        print(&result, &folder, arguments, options)?;
    }
    let passed = !options.strict || result.exclusions.is_empty();
    // The program is about to end: the system takes a million events' memory back at once, faster than they are freed one by one.
    std::mem::forget((result, sample));
    Ok(passed)
}

/// Refuses options that would do nothing here, and those that can't do what they are for.
fn refuse_idle(arguments: &StudyArguments, options: &Options) -> Result<(), Failure> {
    let model = options.model.unwrap_or_default();
    let any = |asked: fn(&ExpectedReturnModel) -> bool| asked(&model) || arguments.also_model.iter().any(asked);
    let idle = |option: &str, wanted: &str| {
        Err(Failure::plain(
            format!("{option} has nothing to do under --model {model}"),
            format!("leave it out, or choose {wanted} with --model"),
        ))
    };
    if !any(|model| matches!(model, ExpectedReturnModel::SyntheticControl)) {
        for (given, option) in [(arguments.donors.is_some(), "--donors"), (arguments.most_donors.is_some(), "--most-donors")] {
            if given {
                return idle(option, "synthetic-control");
            }
        }
    }
    let is_comparison = |model: &ExpectedReturnModel| {
        matches!(model, ExpectedReturnModel::ComparisonFirm | ExpectedReturnModel::ComparisonPortfolio { .. })
    };
    if !any(is_comparison) {
        for (given, option) in [(arguments.firms.is_some(), "--firms"), (arguments.match_rule != MatchChoice::Nearest, "--match-rule")] {
            if given {
                return idle(option, "comparison-firm or comparison-portfolio");
            }
        }
    }
    if (1..LEAST_DRAWS).contains(&arguments.draws) {
        return Err(Failure::plain(
            format!("with {} draws no p-value of a resampled test can be as low as 5 %: the lowest is 1/(draws + 1)", arguments.draws),
            format!("take --draws {LEAST_DRAWS} at the least; 999 is usual"),
        ));
    }
    let event = options.window.unwrap_or(Windows::USUAL.event());
    for estimation in &arguments.also_estimation {
        Windows::new(*estimation, event).map_err(|failure| Failure::plain(failure.to_string(), "move it with --also-estimation"))?;
    }
    Ok(())
}

/// Refuses to test volumes that no event's security has.
fn expect_volumes(list: &EventList, prices: &LoadedPrices) -> Result<(), Failure> {
    let held = || list.symbols.iter().filter_map(|symbol| prices.book.get_exact(symbol));
    if held().next().is_some() && held().all(|series| series.volumes().iter().all(Option::is_none)) {
        return Err(Failure::plain(
            "the prices of the events' securities have no volumes: abnormal volume can't be measured",
            "add price files with a column volume, or leave out --abnormal-volume",
        ));
    }
    Ok(())
}

fn write_json(folder: &Path, result: &SampleResult) -> Result<GrowingFile, Failure> {
    let file = GrowingFile::create(&folder.join("result.json"), "--out")?;
    let mut out = BufWriter::with_capacity(1 << 20, file.handle()?);
    json::write(result, &mut out).and_then(|()| out.flush()).map_err(|reason| file.failed(&reason))?;
    drop(out);
    Ok(file)
}

fn print(result: &SampleResult, folder: &Path, arguments: &StudyArguments, options: &Options) -> Result<(), Failure> {
    let mut stdout = std::io::stdout().lock();
    let written = match options.format {
        Format::Json => json::write(result, &mut stdout),
        Format::Text => {
            let mut text = terminal::render(result, run::style_for(stdout.is_terminal()));
            match (arguments.no_report, arguments.tables) {
                (false, _) => text.push_str(&format!("\nCharts and report: {}\n", folder.join("report.html").display())),
                (true, Some(_)) => text.push_str(&format!("\nTables: {}\n", folder.display())),
                (true, None) => {}
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

/// Bytes of the price files as far as they can be told; folders and patterns count as large.
fn bytes_of(sources: &[PriceSource]) -> u64 {
    let size = |source: &PriceSource| {
        std::fs::metadata(&source.path).ok().filter(std::fs::Metadata::is_file).map_or(LARGE + 1, |found| found.len())
    };
    sources.iter().map(size).fold(0, u64::saturating_add)
}

fn unit(choice: Unit) -> FactorUnit {
    match choice {
        Unit::Detect => FactorUnit::Detect,
        Unit::Percent => FactorUnit::Percent,
        Unit::Fraction => FactorUnit::Fraction,
    }
}

/// The benchmark named, else the first usual one that the prices hold.
pub(super) fn benchmark(named: Option<&str>, prices: &LoadedPrices) -> Result<String, Failure> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let usual = USUAL_BENCHMARKS.iter().find(|symbol| prices.book.get_exact(symbol).is_some());
    usual.map(|symbol| (*symbol).to_owned()).ok_or_else(|| {
        Failure::plain(
            format!("no benchmark is named, and the prices hold none of {}", USUAL_BENCHMARKS.join(", ")),
            "name one of the symbols with --benchmark",
        )
    })
}

fn design(
    arguments: &StudyArguments,
    options: &Options,
    benchmark: String,
    exchange: Option<Exchange>,
    factors: Option<LoadedFactors>,
) -> Result<SampleDesign, Failure> {
    let usual = Windows::USUAL;
    let event = options.window.unwrap_or(usual.event());
    let windows = Windows::new(options.estimation.unwrap_or(usual.estimation()), event)
        .map_err(|failure| Failure::plain(failure.to_string(), "move one of them with --estimation or --window"))?;
    let model = options.model.unwrap_or_default();
    if arguments.garch_fallback.is_some() && !matches!(model, ExpectedReturnModel::ConditionalVariance { .. }) {
        return Err(Failure::plain(
            format!("--garch-fallback has nothing to do under --model {model}"),
            "leave it out, or choose garch, egarch or gjr with --model",
        ));
    }
    let name = name_of(&arguments.events);
    Ok(SampleDesign {
        title: arguments.title.clone().unwrap_or_else(|| name.replace(['_', '-'], " ")),
        name,
        benchmark,
        model,
        rule: AlignmentRule {
            windows,
            returns: if arguments.log { ReturnKind::Log } else { ReturnKind::Simple },
            shift: match arguments.shift {
                Shift::Next => ShiftPolicy::Next,
                Shift::Previous => ShiftPolicy::Previous,
                Shift::Exclude => ShiftPolicy::Exclude,
            },
            largest_shift: arguments.largest_shift,
            least_estimation: arguments.min_estimation,
            allowed_missing: arguments.allow_missing,
            exchange,
        },
        car_windows: car_windows(&options.car, event),
        factors: factors.map(|loaded| loaded.table),
        controls: ControlDesign::default(),
        beta: beta_design(&arguments.beta, options)?,
        untraded: None,
        overlapping: match arguments.overlaps {
            Overlaps::Keep => OverlapPolicy::Keep,
            Overlaps::LeaveOutLater => OverlapPolicy::LeaveOutLater,
            Overlaps::LeaveOutAll => OverlapPolicy::LeaveOutAll,
        },
        contaminated: arguments.clean_estimation,
        volatility_fallback: match arguments.garch_fallback {
            Some(GarchFallback::Market) => VolatilityFallback::Market,
            None => VolatilityFallback::Exclude,
        },
        most_excluded: arguments.max_excluded,
        draws: arguments.draws,
        seed: options.seed.unwrap_or(1),
        event_tests: !arguments.no_report || arguments.tables.is_some() || options.format == Format::Json,
        long_horizon: arguments.long_horizon.map(|period| LongHorizon { period: period.into(), weights: arguments.weights.clone() }),
        regression: arguments.regress.clone().map(|formula| RegressionDesign { formula, errors: arguments.regress_errors.into() }),
        other_conventions: arguments.conventions == Some(OtherConventions::EventStudy2),
        price_source: None,
    })
}

/// Betas and thin trading as asked for.
pub(super) fn beta_design(arguments: &BetaArguments, options: &Options) -> Result<BetaDesign, Failure> {
    let model = options.model.unwrap_or_default();
    let prior = match arguments.prior_beta.zip(arguments.prior_sd) {
        Some(_) if model != ExpectedReturnModel::Vasicek => {
            return Err(Failure::plain(
                format!("the model {model} shrinks no beta towards a prior"),
                "add --model vasicek, or leave out --prior-beta and --prior-sd",
            ));
        }
        Some((mean, sd)) => {
            Some(Prior::new(mean, sd).map_err(|failure| Failure::plain(failure.to_string(), "such as --prior-beta 1 --prior-sd 0.3"))?)
        }
        None => None,
    };
    if arguments.blume_line.is_some() && model != ExpectedReturnModel::Blume {
        return Err(Failure::plain(
            format!("the model {model} follows no line of Blume's"),
            "add --model blume, or leave out --blume-line",
        ));
    }
    Ok(BetaDesign {
        prior,
        blume: if arguments.blume_line == Some(BlumeChoice::Estimated) { BlumeLine::Estimated } else { BlumeLine::Fixed },
        trade_to_trade: arguments.thin_trading == ThinTrading::TradeToTrade,
        rolling: options.rolling_beta,
    })
}

/// Takes the quotes of the events' securities whose volume is 0 out of the prices.
fn leave_out_untraded(list: &EventList, prices: &mut LoadedPrices) -> Result<UntradedQuotes, Failure> {
    let symbols: BTreeSet<&str> = list.events.iter().map(|event| list.symbol(event.symbol)).collect();
    let held = symbols.iter().filter(|symbol| prices.book.get_exact(symbol).is_some()).count();
    let (book, counts) = untraded::leave_out_untraded(std::mem::take(&mut prices.book), &symbols);
    prices.book = book;
    if held > 0 && counts.without_volume == held {
        return Err(Failure::plain(
            "the prices of the events' securities have no volumes: sessions without a trade can't be told",
            "add price files with a column volume, or leave out --zero-volume",
        ));
    }
    Ok(counts)
}

/// The study's name: the event file's, or its folder's when the file is called no more than `events`.
pub(super) fn name_of(events: &Path) -> String {
    let own = events.file_stem().map_or_else(|| "events".to_owned(), |stem| stem.to_string_lossy().into_owned());
    let folder = events.parent().and_then(Path::file_name).filter(|_| own == "events");
    folder.map_or(own, |folder| folder.to_string_lossy().into_owned())
}

/// The usual choices beside the study's own, and those asked for.
fn choices(arguments: &StudyArguments, sample: &Sample) -> Choices {
    let design = sample.design();
    let mut choices = Choices::usual(design.rule.windows.estimation(), &design.car_windows);
    choices.models.extend(&arguments.also_model);
    choices.estimations.extend(&arguments.also_estimation);
    choices.benchmarks.clone_from(&arguments.also_benchmark);
    choices
}

fn car_windows(asked: &[Window], event: Window) -> Vec<Window> {
    if !asked.is_empty() {
        return asked.to_vec();
    }
    let usual = USUAL_CARS.iter().filter_map(|(first, last)| Window::new(*first, *last).ok());
    let mut windows: Vec<Window> = usual.filter(|window| event.covers(*window)).collect();
    if !windows.contains(&event) {
        windows.push(event);
    }
    windows
}

/// The donors asked for: a word for all of them, a file of symbols, or the symbols.
fn donors(asked: &str) -> Result<DonorChoice, Failure> {
    if asked.eq_ignore_ascii_case("all") {
        return Ok(DonorChoice::All);
    }
    let path = Path::new(asked);
    // A symbol may have a dot, BRK.B, but not the ending of a text file.
    let ends_as_file = path.extension().is_some_and(|ending| ["txt", "csv", "tsv"].iter().any(|known| ending.eq_ignore_ascii_case(known)));
    if !path.is_file() && (ends_as_file || asked.contains('/')) && !asked.contains(',') {
        return Err(Failure::plain(format!("there is no file {asked}"), "write the path of a file of symbols, symbols, MSFT,ORCL, or all"));
    }
    let text = if path.is_file() {
        std::fs::read_to_string(path)
            .map_err(|reason| Failure::plain(format!("can't read {asked}: {reason}"), "write one symbol a line, as plain text"))?
    } else {
        asked.to_owned()
    };
    let symbols = text.split([',', ';', '\n', '\r']).map(|symbol| symbol.trim().trim_matches('"'));
    let named: Vec<String> = symbols.filter(|symbol| !symbol.is_empty() && *symbol != "symbol").map(str::to_owned).collect();
    if named.is_empty() {
        return Err(Failure::plain(format!("no donor is named in \"{asked}\""), "write symbols, MSFT,ORCL, a file of them, or all"));
    }
    Ok(DonorChoice::Named(named))
}

fn controls(arguments: &StudyArguments, donors: DonorChoice, firms: Option<LoadedFirms>) -> ControlDesign {
    let rule = MatchRule {
        on: arguments.match_on.clone(),
        exact: arguments.match_exact.clone(),
        caliper: arguments.caliper,
        banded: arguments.match_rule == MatchChoice::BarberLyon,
    };
    ControlDesign {
        donors,
        most_donors: arguments.most_donors.unwrap_or(MOST_DONORS),
        matching: firms.map(|firms| Matching { table: firms.table, rule }),
    }
}

fn provenance(events: &EventFile, factors: Option<&LoadedFactors>, firms: Option<&LoadedFirms>, prices: &LoadedPrices) -> Provenance {
    let mut inputs = vec![InputFile {
        path: events.path.clone(),
        sha256: events.sha256.clone(),
        rows: Some(events.list.events.len()),
        notes: events.notes.iter().map(crate::data::event_file::EventNote::words).collect(),
    }];
    for file in factors.iter().flat_map(|loaded| &loaded.files) {
        let notes = file.notes.iter().map(crate::data::factor_file::FactorNote::words).collect();
        inputs.push(InputFile { path: file.path.clone(), sha256: file.sha256.clone(), rows: Some(file.rows), notes });
    }
    if let Some(file) = firms {
        inputs.push(InputFile { path: file.path.clone(), sha256: file.sha256.clone(), rows: Some(file.rows), notes: file.notes.clone() });
    }
    for file in &prices.files {
        let notes = file.notes.iter().map(describe).collect();
        inputs.push(InputFile { path: file.path.clone(), sha256: file.sha256.clone(), rows: Some(file.rows), notes });
    }
    Provenance { aftermove: env!("CARGO_PKG_VERSION").to_owned(), inputs }
}

/// Writes the levels under passing names.
fn write_tables(
    folder: &Path,
    choice: TableChoice,
    levels: &[Level],
    result: &SampleResult,
    sample: &Sample,
) -> Result<Vec<GrowingFile>, Failure> {
    let format = match choice {
        TableChoice::Parquet => TableFormat::Parquet,
        TableChoice::Csv => TableFormat::Csv,
    };
    let mut files = Vec::new();
    for level in levels {
        let path = folder.join(format!("{}.{}", level.name(), format.extension()));
        let file = GrowingFile::create(&path, "--out")?;
        let out = BufWriter::with_capacity(1 << 20, file.handle()?);
        sample_table::write(*level, result, sample.list(), out, format)
            .map_err(|failure| Failure::plain(format!("can't write {}: {failure}", path.display()), "choose another folder with --out"))?;
        files.push(file);
    }
    Ok(files)
}
