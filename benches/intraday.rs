//! `aftermove intraday` on ten million bars of one minute (128 securities, 200 sessions) and a thousand events, from the file to the
//! summary, as a process; the file sorted by security and sorted by time.
//!
//! `cargo bench --bench intraday`

#![allow(missing_docs, clippy::disallowed_methods, clippy::unwrap_used, clippy::indexing_slicing)]

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use aftermove::calendar::Exchange;
use aftermove::intraday::hours::TradingHours;
use chrono::{DateTime, NaiveDate};

const SECURITIES: usize = 128;
const RUNS: usize = 5;

fn main() {
    // `cargo test --benches` passes --test: then one small run each shows that they work.
    let is_test = std::env::args().any(|argument| argument == "--test");
    let (sessions, events, runs) = if is_test { (30, 10, 1) } else { (200, 1000, RUNS) };
    let folder = tempfile::tempdir().unwrap();
    let days = days(sessions);
    write_events(&folder.path().join("events.csv"), &days, events);
    for by_time in [false, true] {
        let bars = write_bars(&folder.path().join("bars.csv"), &days, by_time);
        let mut seconds: Vec<f64> = (0..=runs).map(|_| run_once(folder.path())).skip(1).collect();
        seconds.sort_by(f64::total_cmp);
        let order = if by_time { "by time" } else { "by security" };
        println!("{bars} bars sorted {order}, {events} events: median {:.2} s, least {:.2} s", seconds[seconds.len() / 2], seconds[0]);
    }
}

/// Open and close of so many sessions.
fn days(sessions: usize) -> Vec<(i64, i64)> {
    let first = NaiveDate::from_ymd_opt(2023, 1, 3).unwrap();
    first.iter_days().filter_map(|date| TradingHours::Exchange(Exchange::Nyse).session(date)).take(sessions).collect()
}

fn write_events(path: &Path, days: &[(i64, i64)], events: usize) {
    let mut file = BufWriter::new(File::create(path).unwrap());
    writeln!(file, "symbol,date,time").unwrap();
    for event in 0..events {
        let (open, _) = days[25 + (event * 7) % (days.len() - 26)];
        let news = DateTime::from_timestamp(open + 60 * (31 + (event as i64 * 97) % 250) + 30, 0).unwrap();
        writeln!(file, "S{},{},{}Z", 1 + event % (SECURITIES - 1), news.format("%Y-%m-%d"), news.format("%H:%M:%S")).unwrap();
    }
}

fn write_bars(path: &Path, days: &[(i64, i64)], by_time: bool) -> usize {
    let mut file = BufWriter::with_capacity(1 << 20, File::create(path).unwrap());
    writeln!(file, "timestamp,symbol,open,close").unwrap();
    let stamps: Vec<String> = days
        .iter()
        .flat_map(|(open, close)| (*open..*close).step_by(60))
        .map(|time| DateTime::from_timestamp(time, 0).unwrap().format("%Y-%m-%dT%H:%M:%SZ").to_string())
        .collect();
    let mut prices = vec![100.0_f64; SECURITIES];
    let mut state = 1_u64;
    let mut row = |stamp: &str, security: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let open = prices[security];
        prices[security] *= 1.0 + 0.001 * ((state >> 33) as f64 / (1_u64 << 31) as f64 - 0.5);
        writeln!(file, "{stamp},S{security},{open:.4},{:.4}", prices[security]).unwrap();
    };
    if by_time {
        stamps.iter().for_each(|stamp| (0..SECURITIES).for_each(|security| row(stamp, security)));
    } else {
        (0..SECURITIES).for_each(|security| stamps.iter().for_each(|stamp| row(stamp, security)));
    }
    stamps.len() * SECURITIES
}

fn run_once(folder: &Path) -> f64 {
    let arguments = ["intraday", "--events", "events.csv", "--bars", "bars.csv", "--benchmark", "S0", "--exchange", "XNYS", "--no-report"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_aftermove"));
    command.current_dir(folder).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
    let start = Instant::now();
    assert!(command.status().unwrap().success());
    start.elapsed().as_secs_f64()
}
