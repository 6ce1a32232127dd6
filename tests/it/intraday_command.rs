//! `aftermove intraday` from outside: files in, summary, result and charts out, and every bad input with its message.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use aftermove::data::bar_file::{BarFileOptions, BarNote, read_bars};
use chrono_tz::Tz;
use serde_json::Value;

const REFERENCE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reference");

/// A folder with the bars and events of the reference.
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["intraday_bars.csv", "intraday_events.csv", "intraday_bars_utc.parquet", "intraday_bars_local.parquet"] {
        fs::copy(Path::new(REFERENCE).join(name), folder.path().join(name)).unwrap();
    }
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let usual =
        ["intraday", "--events", "intraday_events.csv", "--benchmark", "IDX", "--exchange", "XNYS", "--allow-missing", "4", "--out", "out"];
    Command::new(env!("CARGO_BIN_EXE_aftermove")).current_dir(folder).args([&usual[..], arguments].concat()).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The result as JSON.
fn result(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[arguments, &["--format", "json", "--no-report"]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The message of a run that must fail with status 2.
fn message_of(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stdout));
    text(&output.stderr).split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

#[test]
fn a_study_within_the_day_prints_a_summary_and_writes_charts_report_and_result() {
    let folder = desk();
    let output = run(folder.path(), &["--bars", "intraday_bars.csv", "--size", "800x500"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let summary = text(&output.stdout);
    for part in [
        "Over 5 events",
        "0 to +5 min",
        "0 to +60 min",
        "News outside the session: 1 event",
        "27 sessions",
        "timestamps say when a bar begins",
        "Read: ",
    ] {
        assert!(summary.contains(part), "{part}:\n{summary}");
    }
    let out = folder.path().join("out");
    for name in ["intraday-caar.png", "time-of-day.png", "report.html", "report.md", "result.json"] {
        assert!(out.join(name).is_file(), "{name}");
    }
    let report = fs::read_to_string(out.join("report.md")).unwrap();
    for part in ["Volatility by time of day", "Bar by bar", "Rinaudo", "same-morning", "Share missing", "Same-time t"] {
        assert!(report.contains(part), "{part}");
    }
    let result: Value = serde_json::from_str(&fs::read_to_string(out.join("result.json")).unwrap()).unwrap();
    assert_eq!(result["schema"], "aftermove/intraday/1");
    assert_eq!(result["events"][5]["bars"]["span"][10], 5);
    assert_eq!(result["events"][5]["bars"]["abnormal"][6], Value::Null);
}

#[test]
fn results_are_the_same_from_csv_and_parquet_and_for_any_number_of_threads() {
    let folder = desk();
    let own = |mut result: Value| {
        result.as_object_mut().unwrap().remove("provenance");
        result
    };
    let plain = own(result(folder.path(), &["--bars", "intraday_bars.csv", "--draws", "99"]));
    for arguments in [
        &["--bars", "intraday_bars.csv", "--threads", "7"][..],
        &["--bars", "intraday_bars.csv", "--threads", "1"],
        &["--bars", "intraday_bars_utc.parquet"],
        &["--bars", "intraday_bars_local.parquet", "--time-zone", "America/New_York"],
    ] {
        assert_eq!(own(result(folder.path(), &[arguments, &["--draws", "99"]].concat())), plain, "{arguments:?}");
    }
}

#[test]
fn windows_and_sessions_are_as_they_are_asked_for() {
    let folder = desk();
    let bars = ["--bars", "intraday_bars.csv"];
    let asked = result(
        folder.path(),
        &[&bars[..], &["--bar", "30m", "--window", "-1h..2h", "--car", "0m..30m", "--estimation", "15", "--model", "constant-mean"]]
            .concat(),
    );
    assert_eq!(asked["study"]["window"], serde_json::json!([-2, 3]));
    assert_eq!(asked["study"]["estimation"], serde_json::json!([-15, -1]));
    assert_eq!((asked["grid"]["bar"].as_u64(), asked["grid"]["file_bar"].as_u64()), (Some(30), Some(5)));
    assert!(asked["events"][0]["beta"].is_null() && asked["events"][0]["alpha"].is_number());
    let given = result(folder.path(), &[&bars[..], &["--model", "market-adjusted"]].concat());
    assert!(given["events"][0]["beta"].is_null() && given["events"][0]["alpha"].is_null());
    let bars_of_five = result(folder.path(), &[&bars[..], &["--window", "-6..12", "--car", "0..2"]].concat());
    assert_eq!(bars_of_five["study"]["window"], serde_json::json!([-6, 12]));
    let own_bar = result(folder.path(), &[&bars[..], &["--overnight", "own-bar"]].concat());
    assert_eq!(own_bar["events"][2]["bar_begins"], "2024-11-27 16:00");
}

#[test]
fn every_bad_bar_file_ends_in_one_message_with_its_line_and_what_to_do() {
    let folder = desk();
    let path = folder.path();
    let head = "timestamp,symbol,open,close\n";
    let zoned = "2024-11-25T14:30:00Z,IDX,1,2\n";
    for (body, more, parts) in [
        ("", &[][..], &["is empty"][..]),
        ("symbol,close\nIDX,1\n", &[], &["no column \"timestamp\"", "a bar file has timestamp"]),
        ("timestamp,symbol,open\n2024-11-25T14:30:00Z,IDX,1\n", &[], &["no column \"close\""]),
        ("timestamp,symbol,open,close\nsoon,IDX,1,2\n", &[], &["line 2, column 1", "\"soon\" is not a timestamp", "--time-zone"]),
        (
            "timestamp,symbol,open,close\n2024-11-25 09:30,IDX,1,2\n",
            &[],
            &["line 2", "doesn't say in which time zone", "--time-zone America/New_York"],
        ),
        ("timestamp,symbol,open,close\n2024-11-25,IDX,1,2\n", &[], &["without a time of day", "aftermove study"]),
        ("timestamp,symbol,open,close\n2024-11-31T14:30:00Z,IDX,1,2\n", &[], &["there is no day"]),
        ("timestamp,symbol,open,close\n2024-11-25T14:30:00.25Z,IDX,1,2\n", &[], &["part of a second", "ticks"]),
        (
            "timestamp,symbol,open,close\n2024-03-10 02:30,IDX,1,2\n",
            &["--time-zone", "America/New_York"],
            &["doesn't exist in America/New_York"],
        ),
        ("timestamp,symbol,open,close\n,IDX,1,2\n", &[], &["the timestamp is missing"]),
        ("timestamp,symbol,open,close\n2024-11-25T14:30:00Z,,1,2\n", &[], &["the symbol is missing"]),
        ("timestamp,symbol,open,close\n2024-11-25T14:30:00Z,IDX,1,zwei\n", &[], &["line 2, column 28", "\"zwei\" is not a number"]),
        ("timestamp,symbol,open,close\n2024-11-25T14:30:00Z,IDX,1,0\n", &[], &["\"0\" is not a price"]),
        ("timestamp,symbol,open,close\n2024-11-25T14:30:00Z,IDX,1,\n", &[], &["no row has a price"]),
        (&format!("{head}{zoned}\n{zoned}"), &[], &["line 4", "stands there twice for the symbol \"IDX\""]),
        (&format!("{head}{zoned}2024-11-25T14:29:00Z,IDX,1,2\n"), &[], &["line 3", "comes before that of the row above", "sort the rows"]),
        (&format!("{head}{zoned}2024-11-25T14:30:30Z,IDX,1,2\n"), &[], &["30 seconds apart", "ticks"]),
        (&format!("{head}{zoned}"), &["--session", "09:00-17:30"], &["--time-zone"]),
        (&format!("{head}{zoned}"), &["--time-zone", "America/New_Yrok"], &["near: America/New_York"]),
        (&format!("{head}{zoned}"), &["--model", "capm"], &["isn't there for bars", "constant-mean"]),
        (&format!("{head}{zoned}"), &["--rolling-beta", "30"], &["no rolling beta", "leave out --rolling-beta"]),
        (&format!("{head}{zoned}"), &["--estimation", "-30m..0m"], &["it counts sessions"]),
        (&format!("{head}{zoned}"), &["--window", "-3m..5"], &["both in minutes"]),
    ] {
        fs::write(path.join("bars.csv"), body).unwrap();
        // --session and --exchange exclude each other.
        let output = if more.first() == Some(&"--session") {
            let usual = ["intraday", "--events", "intraday_events.csv", "--benchmark", "IDX", "--bars", "bars.csv", "--no-report"];
            Command::new(env!("CARGO_BIN_EXE_aftermove")).current_dir(path).args([&usual[..], more].concat()).output().unwrap()
        } else {
            run(path, &[&["--bars", "bars.csv", "--no-report"][..], more].concat())
        };
        let message = message_of(&output);
        for part in parts {
            assert!(message.contains(part), "{part}: {message}\n{body}");
        }
    }
}

#[test]
fn events_that_an_intraday_study_cannot_use_are_told() {
    let folder = desk();
    let path = folder.path();
    let with = |body: &str| {
        fs::write(path.join("intraday_events.csv"), body).unwrap();
        message_of(&run(path, &["--bars", "intraday_bars.csv", "--no-report"]))
    };
    let message = with("symbol,date\nAAA,2024-11-26\n");
    assert!(message.contains("no time of day") && message.contains("before-open or after-close"), "{message}");
    let message = with("symbol,date,time,window\nAAA,2024-11-26,10:00,-5..5\n");
    assert!(message.contains("brings a window of its own, in sessions"), "{message}");
    let message = with("symbol,date,time\nAAB,2024-11-26,10:00\n");
    assert!(message.contains("no bars for the symbol \"AAB\" (near: AAA"), "{message}");
    let message = with("symbol,date,time\nAAA,2025-11-26,10:00\n");
    assert!(message.contains("no session of the benchmark's data"), "{message}");
    // A time without a zone is one at the exchange, and a timing will do for the night.
    fs::write(path.join("intraday_events.csv"), "symbol,date,time,timing\nAAA,2024-11-26,10:02:30,\nAAA,2024-11-27,,after-close\n")
        .unwrap();
    let found = result(path, &["--bars", "intraday_bars.csv"]);
    assert_eq!(
        (found["events"][0]["bar_begins"].as_str(), found["events"][1]["bar_begins"].as_str()),
        (Some("2024-11-26 10:00"), Some("2024-11-29 09:30"))
    );
}

#[test]
fn minutes_are_refused_where_sessions_are_counted() {
    let folder = desk();
    let arguments = ["study", "--events", "intraday_events.csv", "--prices", "intraday_bars.csv", "--window", "-5m..5m"];
    let output = Command::new(env!("CARGO_BIN_EXE_aftermove")).current_dir(folder.path()).args(arguments).output().unwrap();
    let message = message_of(&output);
    assert!(message.contains("this command counts sessions") && message.contains("aftermove intraday"), "{message}");
}

#[test]
fn the_hour_that_clocks_show_twice_is_told_apart_by_the_order_of_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("BTC.csv");
    let stamps = ["2024-11-03 00:30", "2024-11-03 01:00", "2024-11-03 01:30", "2024-11-03 01:00", "2024-11-03 01:30", "2024-11-03 02:00"];
    let rows: String = stamps.iter().map(|stamp| format!("{stamp},100\n")).collect();
    fs::write(&path, format!("timestamp,close\n{rows}2024-11-03 02:30,\n")).unwrap();
    let read = read_bars(&[path], &BarFileOptions { zone: Some(Tz::America__New_York), symbols: None }).unwrap();
    // Python 3.11 zoneinfo: 00:30 is 1730608200, and each of the six is half an hour after the one before.
    let wanted: Vec<i64> = (0..6).map(|number| 1_730_608_200 + 1800 * number).collect();
    assert_eq!(read.book.get("BTC").unwrap().times(), wanted);
    let notes = &read.files[0].notes;
    assert_eq!(*notes, [BarNote::WithoutTrade { count: 1 }, BarNote::RepeatedHour { count: 4 }, BarNote::NoOpen]);
}
