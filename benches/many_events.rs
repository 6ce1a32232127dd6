//! Whole runs of `aftermove study` from Parquet: 1,000 events, and a million over 5,000 securities × 5,000 days; wild bootstrap of 1,000
//! events; beside them, in the same run, the NumPy script of `many_events.py` where a Python with numpy, pandas, pyarrow and scipy is
//! found (`AFTERMOVE_PYTHON`, else `python3`).
//!
//! `cargo bench --bench many_events` runs up to 100,000 events; `-- --million` adds the million (its prices take 250 MB of disk for a while).

#![allow(missing_docs, clippy::disallowed_methods, clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use aftermove::data::table_file::{ColumnType, TableColumn, TableFile, TableFormat};
use chrono::{Datelike, NaiveDate};
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64;

const BENCHMARK: &str = "MARKET";

fn main() {
    let has = |name: &str| std::env::args().any(|argument| argument == name);
    let folder = tempfile::tempdir().unwrap();
    // `cargo test --benches` passes --test: then one small run shows that it works.
    let sizes: &[(usize, usize, usize, usize)] = if has("--test") {
        &[(50, 20, 600, 1)]
    } else if has("--million") {
        &[(1_000, 500, 2_500, 15), (100_000, 2_000, 2_500, 3), (1_000_000, 5_000, 5_000, 3)]
    } else {
        &[(1_000, 500, 2_500, 15), (100_000, 2_000, 2_500, 3)]
    };
    for (events, securities, days, runs) in sizes.iter().copied() {
        let (prices, list) = generate(folder.path(), events, securities, days);
        println!("{events} events over {securities} securities × {days} days");
        let own = measure("aftermove study", env!("CARGO_BIN_EXE_aftermove"), &study(&prices, &list, folder.path(), &[]), runs);
        if events == 1_000 {
            let draws = study(&prices, &list, folder.path(), &["--draws", "9999"]);
            measure("the same with 9,999 draws of each resampled test", env!("CARGO_BIN_EXE_aftermove"), &draws, runs);
        }
        let python = std::env::var("AFTERMOVE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/many_events.py").display().to_string();
        if !Command::new(&python)
            .args(["-c", "import numpy, pandas, pyarrow, scipy"])
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
        {
            println!("  NumPy: skipped, {python} has no numpy, pandas, pyarrow and scipy (name another with AFTERMOVE_PYTHON)");
            continue;
        }
        let arguments = [script, prices.display().to_string(), list.display().to_string(), BENCHMARK.to_owned()];
        let theirs = measure("NumPy script", &python, &arguments, runs.min(3));
        println!("  ratio {:.1}", theirs / own);
    }
}

fn study(prices: &Path, list: &Path, folder: &Path, more: &[&str]) -> Vec<String> {
    let mut arguments: Vec<String> = ["study", "--no-report", "--benchmark", BENCHMARK, "--exchange", "none"].map(str::to_owned).to_vec();
    arguments.extend(
        ["--estimation", "-260..-11", "--window", "-10..10", "--car", "0..1", "--car", "-1..1", "--car", "-10..10"].map(str::to_owned),
    );
    arguments.extend(["--prices", &prices.display().to_string(), "--events", &list.display().to_string()].map(str::to_owned));
    arguments.extend(["--out", &folder.join("out").display().to_string()].map(str::to_owned));
    arguments.extend(more.iter().map(|argument| (*argument).to_owned()));
    arguments
}

/// Seconds of the median of `runs` runs after one that isn't counted; prints it with the peak memory.
fn measure(name: &str, program: &str, arguments: &[String], runs: usize) -> f64 {
    let mut seconds: Vec<f64> = (0..=runs).map(|_| run(program, arguments)).skip(1).collect();
    seconds.sort_by(f64::total_cmp);
    let peak = Command::new("/usr/bin/time")
        .args(["-f", "%M", program])
        .args(arguments)
        .stdout(Stdio::null())
        .output()
        .ok()
        .and_then(|output| String::from_utf8_lossy(&output.stderr).lines().last()?.trim().parse::<f64>().ok());
    let median = seconds[seconds.len() / 2];
    let peak = peak.map_or_else(String::new, |kilobytes| format!("  peak {:.0} MiB", kilobytes / 1024.0));
    println!("  {name:52} min {:8.3} s  median {median:8.3} s  max {:8.3} s{peak}", seconds[0], seconds[seconds.len() - 1]);
    median
}

fn run(program: &str, arguments: &[String]) -> f64 {
    let start = Instant::now();
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{program} {arguments:?} failed");
    start.elapsed().as_secs_f64()
}

/// Prices and events drawn with a seed: a market, and securities with betas about 1 and residuals of 2 %.
fn generate(folder: &Path, events: usize, securities: usize, days: usize) -> (PathBuf, PathBuf) {
    let mut random = Pcg64::seed_from_u64(20_220_906);
    let first = NaiveDate::from_ymd_opt(2000, 1, 3).unwrap();
    let dates: Vec<NaiveDate> = first.iter_days().filter(|day| day.weekday().num_days_from_monday() < 5).take(days).collect();
    let mut normal = move || (0..4).map(|_| random.random::<f64>() - 0.5).sum::<f64>() * 3.0_f64.sqrt();
    let market: Vec<f64> = (0..days).map(|_| 0.01 * normal()).collect();
    let (prices, list) = (folder.join("prices.parquet"), folder.join("events.parquet"));
    let columns = [("date", ColumnType::Date), ("symbol", ColumnType::Text), ("close", ColumnType::Number)];
    let mut table = TableFile::create(File::create(&prices).unwrap(), TableFormat::Parquet, &columns).unwrap();
    for number in 0..=securities {
        let (beta, sigma) = if number == 0 { (1.0, 0.0) } else { (1.0 + 0.3 * normal(), 0.02) };
        let mut level = 100.0;
        let mut closes = Vec::with_capacity(days);
        for market in &market {
            level *= 1.0 + beta * market + sigma * normal();
            closes.push(Some(level));
        }
        let name = [if number == 0 { BENCHMARK.to_owned() } else { format!("S{number}") }];
        let symbols = TableColumn::Category { cells: vec![Some(0); days], names: &name };
        table.write(&[TableColumn::Date(dates.iter().copied().map(Some).collect()), symbols, TableColumn::Number(closes)]).unwrap();
    }
    table.finish().unwrap();
    let mut random = Pcg64::seed_from_u64(7);
    let names: Vec<String> = (0..=securities).map(|number| format!("S{number}")).collect();
    let ids: Vec<String> = (0..events).map(|number| format!("e{number}")).collect();
    let columns = [("event_id", ColumnType::Text), ("symbol", ColumnType::Text), ("date", ColumnType::Date)];
    let mut table = TableFile::create(File::create(&list).unwrap(), TableFormat::Parquet, &columns).unwrap();
    table
        .write(&[
            TableColumn::Text(ids.iter().map(|id| Some(id.as_str())).collect()),
            TableColumn::Category {
                cells: (0..events).map(|_| Some(random.random_range(1..=u32::try_from(securities).unwrap()))).collect(),
                names: &names,
            },
            TableColumn::Date((0..events).map(|_| Some(dates[random.random_range(262..days - 12)])).collect()),
        ])
        .unwrap();
    table.finish().unwrap();
    (prices, list)
}
