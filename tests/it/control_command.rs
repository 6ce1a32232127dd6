//! `aftermove study` with synthetic controls and matched firms, from outside: files in, summary, tables, charts and result out, and every bad
//! input with its message.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::sample::{sessions, wander};

/// A folder with `prices.csv` (`^GSPC` and 26 firms, 2021 and 2022), `events.csv` (six events of three firms), `one.csv` (one of them) and `firms.csv`.
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let dates = sessions("2021-01-04", "2022-12-30");
    let mut prices = "date,symbol,close\n".to_owned();
    let mut firms = "ticker,size,book_to_market,industry\n".to_owned();
    for number in 0..27_usize {
        let name = if number == 0 { "^GSPC".to_owned() } else { format!("F{number:02}") };
        for (date, close) in dates.iter().zip(wander(dates.len(), number as u64 + 90)) {
            writeln!(prices, "{date},{name},{close}").unwrap();
        }
        if number > 0 && number != 3 {
            writeln!(
                firms,
                "{name},{},{},{}",
                100 + number,
                (number % 5) as f64 / 10.0 + 0.2,
                if number % 2 == 0 { "tech" } else { "oil" }
            )
            .unwrap();
        }
    }
    let mut events = "event_id,symbol,date\n".to_owned();
    for number in 0..6 {
        writeln!(events, "e{number},F{:02},{}", number % 3 + 1, dates[280 + number * 25]).unwrap();
    }
    let one: Vec<&str> = events.lines().take(2).collect();
    for (name, text) in [("prices.csv", &prices), ("firms.csv", &firms), ("events.csv", &events), ("one.csv", &one.join("\n"))] {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn study(folder: &Path, events: &str, arguments: &[&str]) -> Output {
    let usual = ["study", "--events", events, "--prices", "prices.csv", "--estimation", "-200..-11", "--window", "-5..5", "--out", "out"];
    Command::new(env!("CARGO_BIN_EXE_aftermove")).current_dir(folder).args(usual).args(arguments).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Words of a message or summary, wherever its lines end.
fn words(bytes: &[u8]) -> String {
    text(bytes).split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

fn passes(folder: &Path, events: &str, arguments: &[&str]) -> String {
    let output = study(folder, events, arguments);
    assert!(output.status.success(), "{arguments:?}\n{}", text(&output.stderr));
    words(&output.stdout)
}

fn failure(folder: &Path, arguments: &[&str]) -> String {
    let output = study(folder, "events.csv", arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{}", text(&output.stdout));
    words(&output.stderr)
}

fn rows(folder: &Path, table: &str) -> Vec<Vec<String>> {
    let held = fs::read_to_string(folder.join("out").join(format!("{table}.csv"))).unwrap();
    held.lines().map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn synthetic_controls_reach_summary_tables_result_charts_and_report() {
    let folder = desk();
    let arguments = ["--model", "synthetic-control", "--tables", "csv", "--draws", "199"];
    let summary = passes(folder.path(), "events.csv", &arguments);
    for part in ["Synthetic controls:", "donors with a weight", "Weighted by the fit of their controls", "among groups of donors"] {
        assert!(summary.contains(part), "{part}:\n{summary}");
    }
    let out = folder.path().join("out");
    let result: Value = serde_json::from_str(&fs::read_to_string(out.join("result.json")).unwrap()).unwrap();
    assert_eq!(result["diagnostics"]["controls"]["synthetic"], true);
    // 26 firms less the event's own; the others' events are months away.
    assert_eq!(result["diagnostics"]["controls"]["eligible"]["least"], 25.0);
    let table = rows(folder.path(), "controls");
    for event in result["events"].as_array().unwrap() {
        let controls = &event["model"]["controls"];
        let weights = controls["weights"].as_array().unwrap();
        assert!((weights.iter().map(|weight| weight["weight"].as_f64().unwrap()).sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!(table.iter().filter(|row| row[0] == event["event_id"].as_str().unwrap()).count(), weights.len());
        assert_eq!(controls["placebos"][0]["car"].as_array().unwrap().len(), 25);
        let names: Vec<&str> = event["car"][0]["tests"].as_array().unwrap().iter().map(|test| test["name"].as_str().unwrap()).collect();
        assert!(names.contains(&"donor-placebo") && names.contains(&"donor-placebo-rmspe"), "{names:?}");
        assert_eq!(event["model"]["beta"], Value::Null);
    }
    assert!(rows(folder.path(), "tests").iter().any(|row| row[4] == "donor-placebo-groups"));
    assert!(fs::read(out.join("control-placebos.png")).unwrap().starts_with(b"\x89PNG"));
    let report = fs::read_to_string(out.join("report.md")).unwrap();
    for part in ["The synthetic controls", "p (error)", "Abadie, Diamond & Hainmueller 2010", "n − k degrees of freedom"] {
        assert!(report.contains(part), "{part}");
    }
    // The same bytes whatever the number of threads.
    let held = fs::read(out.join("result.json")).unwrap();
    passes(folder.path(), "events.csv", &[&arguments[..], &["--threads", "1"]].concat());
    assert_eq!(held, fs::read(out.join("result.json")).unwrap());
}

#[test]
fn one_event_is_drawn_among_its_donors() {
    let folder = desk();
    let summary = passes(folder.path(), "one.csv", &["--model", "synthetic-control", "--most-donors", "22"]);
    assert!(summary.contains("Among its donors as if treated") && summary.contains("Of 1 event the 22 donors"), "{summary}");
    assert!(folder.path().join("out/control-paths.png").is_file());
    let few = passes(folder.path(), "one.csv", &["--model", "synthetic-control", "--donors", "F05,F06,F07"]);
    assert!(few.contains("3 donors can be placebos, fewer than 19"), "{few}");
    fs::write(folder.path().join("donors.txt"), "symbol\nF05\nF06\n").unwrap();
    passes(folder.path(), "one.csv", &["--model", "synthetic-control", "--donors", "donors.txt", "--tables", "csv"]);
    assert!(rows(folder.path(), "controls").iter().skip(1).all(|row| ["F05", "F06"].contains(&row[3].as_str())));
}

#[test]
fn matched_firms_reach_tables_and_report_and_those_without_a_row_are_left_out() {
    let folder = desk();
    let matching = ["--firms", "firms.csv", "--match", "size,book_to_market", "--tables", "csv"];
    let summary =
        passes(folder.path(), "events.csv", &[&["--model", "comparison-firm", "--match-exact", "industry"][..], &matching].concat());
    assert!(summary.contains("Matched firms: 1 an event"), "{summary}");
    let table = rows(folder.path(), "controls");
    // F01 (101, 0.3, oil): F11 has the same book-to-market and industry, F21 too but is further.
    assert_eq!(table.iter().find(|row| row[0] == "e0").map(|row| row[3].as_str()), Some("F11"));
    let excluded = rows(folder.path(), "exclusions");
    assert_eq!(excluded.len(), 3);
    assert!(excluded[1].iter().any(|cell| cell.contains("F03 has no row in the file of firms")), "{excluded:?}");
    let report = fs::read_to_string(folder.path().join("out/report.md")).unwrap();
    assert!(report.contains("The matched firms") && report.contains("Barber & Lyon 1997") && report.contains("firms.csv"));
    passes(folder.path(), "events.csv", &[&["--model", "comparison-portfolio(4)", "--match-rule", "barber-lyon"][..], &matching].concat());
    let table = rows(folder.path(), "controls");
    assert_eq!(table.len(), 1 + 4 * 4);
    assert!(table.iter().skip(1).all(|row| row[4] == "0.25"));
}

#[test]
fn bad_input_says_what_to_do() {
    let folder = desk();
    let path = folder.path();
    let firms = |more: &[&str]| failure(path, &[&["--model", "comparison-firm", "--firms", "firms.csv"][..], more].concat());
    let check = |message: String, parts: &[&str]| {
        assert!(parts.iter().all(|part| message.contains(part)), "{parts:?}:\n{message}");
    };
    check(failure(path, &["--model", "comparison-firm"]), &["comparison-firm needs firms", "--firms"]);
    check(firms(&[]), &["no characteristic to match on", "--match"]);
    check(firms(&["--match", "beta"]), &["no column \"beta\"", "book_to_market"]);
    check(firms(&["--match", "industry"]), &["\"industry\"", "no number", "--match-exact"]);
    check(firms(&["--match", "size", "--match-exact", "sector"]), &["no column \"sector\""]);
    check(firms(&["--match", "size", "--caliper", "0"]), &["the caliper 0 is no distance"]);
    let nobody = firms(&["--match", "size", "--caliper", "0.0001"]);
    check(nobody, &["none of the 6 events can be used", "no control securities", "beyond the caliper"]);
    check(failure(path, &["--match", "size"]), &["--firms"]);
    check(failure(path, &["--model", "synthetic-control", "--donors", "F0X"]), &["the donor:", "F0X"]);
    check(failure(path, &["--model", "synthetic-control", "--donors", "^GSPC"]), &["the benchmark ^GSPC is no donor"]);
    check(failure(path, &["--model", "synthetic-control", "--donors", ","]), &["no donor is named"]);
    check(failure(path, &["--model", "synthetic-control", "--most-donors", "0"]), &["a number from 1 to 10000"]);
    check(failure(path, &["--model", "synthetic-control", "--log"]), &["leave simple returns", "--log"]);
    for (content, parts) in [
        ("size\n1\n", vec!["there is no column \"symbol\"", "firms2.csv"]),
        ("symbol,date,size\nF01,2021-02-30,1\n", vec!["2021-02-30", "firms2.csv"]),
        ("symbol,size\n,1\n", vec!["the row has no symbol"]),
        ("symbol,size\nF01,1\nF01,2\n", vec!["F01 stands there twice"]),
        ("ticker,permno,size\nA,1,2\n", vec!["more than one column could be the symbol"]),
    ] {
        fs::write(path.join("firms2.csv"), content).unwrap();
        check(failure(path, &["--model", "comparison-firm", "--firms", "firms2.csv", "--match", "size"]), &parts);
    }
}

#[test]
fn synthetic_controls_can_be_simulated_and_matched_firms_cannot() {
    let folder = desk();
    let simulate = |arguments: &[&str]| {
        let usual = ["simulate", "--events-per-sample", "10", "--replications", "20", "--estimation", "-120..-11", "--out", "simulation"];
        Command::new(env!("CARGO_BIN_EXE_aftermove")).current_dir(folder.path()).args(usual).args(arguments).output().unwrap()
    };
    let made_up = simulate(&["--model", "synthetic-control", "--draws", "19"]);
    assert!(made_up.status.success(), "{}", text(&made_up.stderr));
    let rates = fs::read_to_string(folder.path().join("simulation/rejection-rates.csv")).unwrap();
    assert!(rates.lines().any(|line| line.contains("donor-placebo-groups")), "{rates}");
    let prices = simulate(&["--model", "synthetic-control", "--prices", "prices.csv", "--benchmark", "^GSPC"]);
    assert!(prices.status.success(), "{}", text(&prices.stderr));
    let firms = simulate(&["--model", "comparison-firm"]);
    assert_eq!(firms.status.code(), Some(2));
    assert!(words(&firms.stderr).contains("matches firms by characteristics"), "{}", text(&firms.stderr));
}
