//! Whole runs of the release binary, from outside: the built-in study with all charts and the report, and `--help`; each beside `true`,
//! the least that starting a process costs here. Peak memory comes from GNU time (Debian package `time`) where it is installed.
//!
//! `cargo bench --bench whole_run`

#![allow(missing_docs, clippy::disallowed_methods, clippy::unwrap_used, clippy::indexing_slicing)]

use std::process::{Command, Stdio};
use std::time::Instant;

const RUNS: usize = 15;

struct Measured {
    milliseconds: f64,
    peak_megabytes: Option<f64>,
}

fn main() {
    // `cargo test --benches` passes --test: then one run each shows that they work.
    let runs = if std::env::args().any(|argument| argument == "--test") { 1 } else { RUNS };
    let program = env!("CARGO_BIN_EXE_aftermove");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("study").display().to_string();
    let floor = measure("true", &[], runs);
    report("true (starting a process)", &floor, floor[floor.len() / 2].milliseconds);
    for (name, arguments) in [
        ("aftermove --help", vec!["--help"]),
        ("aftermove (built-in study, all charts, report)", vec!["--quiet", "--out", &out]),
        ("aftermove --threads 1", vec!["--quiet", "--threads", "1", "--out", &out]),
    ] {
        report(name, &measure(program, &arguments, runs), floor[floor.len() / 2].milliseconds);
    }
}

/// Runs the command and sorts the runs by time; one run before the first isn't counted.
fn measure(program: &str, arguments: &[&str], runs: usize) -> Vec<Measured> {
    let mut measured: Vec<Measured> = (0..=runs).map(|_| run_once(program, arguments)).skip(1).collect();
    measured.sort_by(|left, right| left.milliseconds.total_cmp(&right.milliseconds));
    measured
}

fn run_once(program: &str, arguments: &[&str]) -> Measured {
    let mut command = Command::new(program);
    command.args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    let status = command.status().unwrap();
    let milliseconds = start.elapsed().as_secs_f64() * 1000.0;
    assert!(status.success(), "{program} {arguments:?} failed");
    Measured { milliseconds, peak_megabytes: peak_memory(program, arguments) }
}

/// Peak resident memory of one more run, outside the timing.
fn peak_memory(program: &str, arguments: &[&str]) -> Option<f64> {
    let output = Command::new("/usr/bin/time").args(["-f", "%M", program]).args(arguments).stdout(Stdio::null()).output().ok()?;
    let kilobytes: f64 = String::from_utf8_lossy(&output.stderr).lines().last()?.trim().parse().ok()?;
    Some(kilobytes / 1024.0)
}

fn report(name: &str, runs: &[Measured], floor: f64) {
    let median = &runs[runs.len() / 2];
    let memory = runs.iter().filter_map(|run| run.peak_megabytes).fold(f64::NAN, f64::max);
    println!(
        "{name:48} min {:7.1} ms  median {:7.1} ms  max {:7.1} ms  {:6.1} × true  peak {memory:.0} MiB",
        runs[0].milliseconds,
        median.milliseconds,
        runs[runs.len() - 1].milliseconds,
        median.milliseconds / floor,
    );
}
