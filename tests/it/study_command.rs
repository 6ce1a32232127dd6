//! `aftermove study` from outside: files in, summary, tables and result out, exit status, and every bad input with its message.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::sample::{sessions, wander};

/// A folder with `prices.csv` (`^GSPC` and six firms, 2021 and 2022) and `events.csv` (24 events in two groups).
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let dates = sessions("2021-01-04", "2022-12-30");
    let mut prices = "date,symbol,close\n".to_owned();
    for (number, name) in ["^GSPC", "F0", "F1", "F2", "F3", "F4", "F5"].iter().enumerate() {
        for (date, close) in dates.iter().zip(wander(dates.len(), number as u64 + 40)) {
            writeln!(prices, "{date},{name},{close}").unwrap();
        }
    }
    fs::write(folder.path().join("prices.csv"), prices).unwrap();
    let mut events = "event_id,symbol,date,group,size\n".to_owned();
    for number in 0..24 {
        let date = dates[270 + number * 9];
        writeln!(events, "e{number},F{},{date},{},{}", number % 6, if number % 2 == 0 { "beat" } else { "miss" }, number as f64 / 2.0)
            .unwrap();
    }
    fs::write(folder.path().join("events.csv"), events).unwrap();
    folder
}

fn study(folder: &Path, arguments: &[&str]) -> Output {
    let usual = ["study", "--events", "events.csv", "--prices", "prices.csv", "--out", "out", "--no-report"];
    run(folder, &[&usual[..], arguments].concat())
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aftermove")).current_dir(folder).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// The message of a run that must fail with status 2.
fn failure(folder: &Path, arguments: &[&str]) -> String {
    let output = study(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{}", text(&output.stdout));
    // Messages are wrapped to the terminal's width.
    text(&output.stderr).split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

fn rows(folder: &Path, table: &str) -> Vec<Vec<String>> {
    let path = folder.join("out").join(format!("{table}.csv"));
    let held = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    held.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn a_study_of_an_event_list_prints_a_summary_and_writes_every_table() {
    let folder = desk();
    let output = study(folder.path(), &["--tables", "csv"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let summary = text(&output.stdout);
    for part in ["24 events", "0 to +1", "beat", "miss", "95 % interval"] {
        assert!(summary.contains(part), "{part}:\n{summary}");
    }
    let path = folder.path();
    assert_eq!(rows(path, "events").len(), 25);
    assert_eq!(rows(path, "abnormal_returns").len(), 24 * 21 + 1);
    assert_eq!(rows(path, "cars").len(), 24 * 3 + 1);
    // All events and two groups, each with 21 days and 3 windows.
    assert_eq!(rows(path, "groups").len(), 3 * (21 + 3) + 1);
    assert!(rows(path, "tests").len() > 3 * 24 * 15);
    assert_eq!(rows(path, "exclusions").len(), 1);
    let events = rows(path, "events");
    assert_eq!(events[0].last().unwrap(), "size", "a further column is carried along");
    assert_eq!((events[3][0].as_str(), events[3].last().unwrap().as_str()), ("e2", "1.0"));
}

#[test]
fn tables_are_the_same_in_parquet_and_for_any_number_of_threads() {
    let folder = desk();
    let bytes = |threads: &str, format: &str| {
        let output = study(folder.path(), &["--tables", format, "--threads", threads, "--draws", "99", "--quiet"]);
        assert!(output.status.success(), "{}", text(&output.stderr));
        ["events", "abnormal_returns", "cars", "groups", "tests"]
            .map(|table| fs::read(folder.path().join("out").join(format!("{table}.{format}"))).unwrap())
    };
    for format in ["csv", "parquet"] {
        assert_eq!(bytes("1", format), bytes("7", format), "{format}");
    }
}

#[test]
fn json_on_standard_output_is_the_result_file() {
    let folder = desk();
    let output = study(folder.path(), &["--format", "json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["schema"], "aftermove/result/1");
    assert_eq!(result["events"].as_array().unwrap().len(), 24);
    assert_eq!(result["groups"].as_array().unwrap().len(), 3);
    let tests = result["groups"][0]["windows"][0]["tests"].as_array().unwrap();
    assert!(tests.iter().any(|test| test["name"] == "grank-t" && test["p_value"].is_number()), "{tests:?}");
}

#[test]
fn excluded_events_are_listed_counted_and_bounded_by_a_budget() {
    let folder = desk();
    let mut events = fs::read_to_string(folder.path().join("events.csv")).unwrap();
    events.push_str("bad,XYZ,2022-06-01,beat,\nearly,F1,2021-02-01,beat,\nlate,F2,2022-12-30,miss,\n");
    fs::write(folder.path().join("events.csv"), events).unwrap();
    let output = study(folder.path(), &["--tables", "csv", "--strict"]);
    assert_eq!(output.status.code(), Some(1), "--strict tells of excluded events");
    let listed: Vec<String> = rows(folder.path(), "exclusions").iter().skip(1).map(|row| row[0].clone()).collect();
    assert_eq!(listed, ["bad", "early", "late"]);
    assert!(study(folder.path(), &["--max-excluded", "20%"]).status.success());
    let message = failure(folder.path(), &["--max-excluded", "10%"]);
    assert!(message.contains("3 of 27 events are excluded (11.1 %), more than the 10.0 % allowed"), "{message}");
    assert!(message.contains("unknown symbol"), "{message}");
}

#[test]
fn every_bad_input_ends_in_one_message_that_says_what_to_do() {
    let folder = desk();
    let path = folder.path();
    let prices = fs::read_to_string(path.join("prices.csv")).unwrap();
    let events = |body: &str| {
        fs::write(path.join("events.csv"), body).unwrap();
        failure(path, &[])
    };
    for (body, parts) in [
        ("", &["events.csv"][..]),
        ("event_id,symbol,date\n", &["events.csv"]),
        ("event_id,symbol,date\na,F1,2022-06-01\na,F2,2022-06-01\n", &["\"a\"", "3"]),
        ("event_id,symbol,date\na,F1,soon\n", &["soon"]),
        ("event_id,symbol\na,F1\n", &["date"]),
        ("event_id,symbol,date,window\na,F1,2022-06-01,5..-5\n", &["5..-5"]),
        ("event_id,symbol,date\na,NOPE,2022-06-01\n", &["none of the 1 event", "unknown symbol", "NOPE"]),
    ] {
        let message = events(body);
        for part in parts {
            assert!(message.contains(part), "{body:?}: {part} isn't in: {message}");
        }
    }
    drop(folder);
    let folder = desk();
    let path = folder.path();
    for (arguments, parts) in [
        (&["--benchmark", "GSPC"][..], &["GSPC", "^GSPC"][..]),
        (&["--model", "fama-french-3"], &["factor"]),
        (&["--car", "0..20"], &["0..20"]),
        (&["--estimation", "-250..-5"], &["-250..-5"]),
        (&["--factors", "none.csv"], &["none.csv", "no such file"]),
        (&["--prices", "absent.csv"], &["absent.csv"]),
    ] {
        let message = failure(path, arguments);
        for part in parts {
            assert!(message.contains(part), "{arguments:?}: {part} isn't in: {message}");
        }
    }
    // Fama and French's daily layout, invented figures that end before the events.
    let mut factors = "Invented daily factors\n\n,Mkt-RF,SMB,HML,RF\n".to_owned();
    for date in sessions("2021-01-04", "2021-03-31") {
        writeln!(factors, "{},    0.10,   -0.20,    0.30,   0.001", date.format("%Y%m%d")).unwrap();
    }
    fs::write(path.join("factors.csv"), factors).unwrap();
    let message = failure(path, &["--model", "fama-french-3", "--factors", "factors.csv"]);
    assert!(message.contains("none of the 24 events can be used") && message.contains("estimation"), "{message}");
    // A constant price: each of its events is excluded, the rest goes on.
    let flat: String =
        prices.lines().map(|line| if line.contains(",F0,") { format!("{},F0,50\n", &line[..10]) } else { format!("{line}\n") }).collect();
    fs::write(path.join("prices.csv"), flat).unwrap();
    let output = study(path, &["--tables", "csv"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(rows(path, "exclusions").iter().skip(1).all(|row| row[1] == "F0" && row[4].contains("model")));
}

#[test]
fn models_of_factors_run_from_files_as_published() {
    let folder = desk();
    let path = folder.path();
    let dates = sessions("2021-01-04", "2022-12-30");
    let mut factors = "Invented daily factors, in percent\n\n,Mkt-RF,SMB,HML,RF\n".to_owned();
    let columns: Vec<Vec<f64>> =
        (0..3).map(|seed| wander(dates.len() + 1, seed + 7).windows(2).map(|pair| 100.0 * (pair[1] / pair[0] - 1.0)).collect()).collect();
    for (row, date) in dates.iter().enumerate() {
        let cells: Vec<String> = columns.iter().map(|column| format!("{:8.2}", column[row])).collect();
        writeln!(factors, "{},{},   0.001", date.format("%Y%m%d"), cells.join(",")).unwrap();
    }
    factors.push_str("\nInvented, not copied\n");
    fs::write(path.join("ff.csv"), factors).unwrap();
    for model in ["fama-french-3", "capm", "factors"] {
        let output = study(path, &["--model", model, "--factors", "ff.csv", "--tables", "csv"]);
        assert!(output.status.success(), "{model}: {}", text(&output.stderr));
        let header = rows(path, "events")[0].join(",");
        let expected = if model == "capm" { "alpha,beta,sigma" } else { "alpha,beta_Mkt-RF,beta_SMB,beta_HML,sigma" };
        assert!(header.contains(expected), "{model}: {header}");
    }
}

#[test]
fn the_variants_of_another_program_stand_beside() {
    let folder = desk();
    let output = study(folder.path(), &["--conventions", "eventstudy2", "--format", "json"]);
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    let window = &result["groups"][0]["windows"][0];
    let named = |tests: &Value, name: &str| {
        tests.as_array().unwrap().iter().find(|test| test["name"] == name).unwrap_or_else(|| panic!("{name}"))["statistic"]
            .as_f64()
            .unwrap()
    };
    let (own, theirs) = (named(&window["tests"], "bmp"), named(&window["other_conventions"], "bmp"));
    assert!((own - theirs).abs() > 1e-6, "{own} and {theirs}");
}

#[test]
fn further_columns_come_back_as_they_were_written() {
    let folder = desk();
    let path = folder.path();
    let events: String = fs::read_to_string(path.join("events.csv"))
        .unwrap()
        .lines()
        .enumerate()
        .map(|(row, line)| if row == 0 { format!("{line},gvkey,permno,n\n") } else { format!("{line},{:06},{},7\n", row, 10_000 + row) })
        .collect();
    fs::write(path.join("events.csv"), events).unwrap();
    let output = study(path, &["--tables", "csv"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let held = rows(path, "events");
    let last = |row: usize| held[row][held[row].len() - 3..].to_vec();
    assert_eq!(last(0), ["gvkey", "permno", "n_of_list"]);
    assert_eq!(last(3), ["000003", "10003", "7"]);
}

#[test]
fn the_same_news_listed_twice_is_told() {
    let folder = desk();
    let path = folder.path();
    let mut events = fs::read_to_string(path.join("events.csv")).unwrap();
    let again = events.lines().nth(2).unwrap().replacen("e1,", "again,", 1);
    writeln!(events, "{again}").unwrap();
    fs::write(path.join("events.csv"), events).unwrap();
    let summary = text(&study(path, &[]).stdout);
    assert!(
        summary.split_whitespace().collect::<Vec<_>>().join(" ").contains("repeats the security and day 0 of one before it"),
        "{summary}"
    );
}

#[test]
fn prices_on_days_on_which_the_exchange_was_closed_are_told_everywhere() {
    let folder = desk();
    // The desk's calendar with Independence Day of 2022, a Monday, on which vendors repeat the last price.
    let path = folder.path().join("prices.csv");
    let prices = fs::read_to_string(&path).unwrap();
    let repeated = |line: &str| match line.strip_prefix("2022-07-01,") {
        Some(rest) => format!("{line}\n2022-07-04,{rest}\n"),
        None => format!("{line}\n"),
    };
    fs::write(&path, prices.lines().map(repeated).collect::<String>()).unwrap();
    let output = run(folder.path(), &["study", "--events", "events.csv", "--prices", "prices.csv", "--out", "out"]);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let terminal = text(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    let report = fs::read_to_string(folder.path().join("out/report.md")).unwrap();
    for told in [terminal.as_str(), report.as_str()] {
        assert!(told.contains("on which the exchange was closed, left out as no session"), "{told}");
    }
    let result: Value = serde_json::from_slice(&fs::read(folder.path().join("out/result.json")).unwrap()).unwrap();
    let unexpected = result["diagnostics"]["calendar"]["unexpected"].as_array().unwrap();
    assert!(unexpected.iter().any(|day| day[0] == "2022-07-04" && day[1].as_str().unwrap().contains("Independence Day")), "{unexpected:?}");
    // Without an exchange every day with a price is a session, and there is nothing to tell.
    let none = study(folder.path(), &["--exchange", "none", "--format", "json"]);
    let result: Value = serde_json::from_slice(&none.stdout).unwrap();
    assert!(result["diagnostics"].get("calendar").is_none());
}

#[test]
fn an_option_that_would_do_nothing_is_refused() {
    let folder = desk();
    fs::write(folder.path().join("firms.csv"), "symbol,size\nF0,1\nF1,2\n").unwrap();
    for (arguments, said) in [
        (vec!["--donors", "F1,F2"], "--donors has nothing to do under --model market"),
        (vec!["--most-donors", "5", "--model", "capm"], "--most-donors has nothing to do under --model capm"),
        (vec!["--firms", "firms.csv"], "--firms has nothing to do under --model market"),
        (vec!["--firms", "firms.csv", "--match", "size"], "--firms has nothing to do under --model market"),
        (vec!["--match-rule", "barber-lyon"], "--match-rule has nothing to do under --model market"),
        (vec!["--specifications", "--also-benchmark", "NOPE"], "NOPE"),
        (vec!["--specifications", "--also-estimation", "-100..-5"], "--also-estimation"),
        (vec!["--draws", "18"], "18 draws"),
        (vec!["--abnormal-volume"], "have no volumes"),
        (vec!["--model", "synthetic-control", "--donors", "nofile.txt"], "there is no file nofile.txt"),
    ] {
        let message = failure(folder.path(), &arguments);
        assert!(message.contains(said), "{arguments:?}: {message}");
    }
}

#[test]
fn the_summary_has_a_line_of_all_that_was_asked_for() {
    let folder = desk();
    let told = |arguments: &[&str]| {
        let output = study(folder.path(), arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let all = told(&["--abnormal-volatility", "--specifications"]);
    assert!(all.contains("times their usual variance (rank test:") && all.contains("choices of model and windows"), "{all}");
    let rolling = told(&["--rolling-beta", "2000"]);
    assert!(rolling.contains("24 of the 24 events have no rolling beta: no 2 000 sessions"), "{rolling}");
}
