//! `aftermove simulate`, run as a user would.

use std::fmt::Write;
use std::fs;

use crate::desk::Desk;
use crate::sample::{sessions, wander};

/// Few small samples: what is tested here is the command.
const SMALL: [&str; 7] = ["simulate", "--events-per-sample", "10", "--replications", "20", "--estimation", "-60..-1"];

fn with<'a>(further: &[&'a str]) -> Vec<&'a str> {
    [&SMALL, further].concat()
}

#[test]
fn a_simulation_writes_its_table_charts_and_result() {
    let desk = Desk::new();
    let run = desk.run(&with(&["--planted", "0,1%,0.02", "--clustered", "--correlation", "0.1", "--event-variance", "2", "--draws", "99"]));
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
    assert_eq!(desk.written("charts/simulation"), ["power.png", "rejection-rates.csv", "rejection-rates.png", "simulation.json"]);
    assert!(run.stdout.contains("kolari-pynnonen-bmp") && run.stdout.contains("wild-bootstrap"), "{}", run.stdout);
    assert!(run.stdout.contains("two-way-clustered doesn't apply in 20 samples: 10 events on 1 days"), "{}", run.stdout);
    assert!(run.stdout.lines().all(|line| line.chars().count() <= 120), "{}", run.stdout);
    let table = fs::read_to_string(desk.path("charts/simulation/rejection-rates.csv")).unwrap();
    // Three planted returns, three levels, 21 tests of which two never apply and have one row.
    assert_eq!(table.lines().count(), 1 + 3 * (3 * 19 + 2), "{table}");
    assert!(
        table.starts_with("planted,test,level,rate,standard_error,interval_low,interval_high,rejections,applied,inapplicable,reason\n")
    );
}

#[test]
fn json_on_standard_output_is_the_file_and_the_same_for_any_number_of_threads() {
    let desk = Desk::new();
    let run = desk.run(&with(&["--format", "json", "--level", "2%", "--tails", "normal", "--seed", "9", "--out", "one", "--threads", "1"]));
    let result = run.json();
    assert_eq!(run.stdout, fs::read_to_string(desk.path("one/simulation.json")).unwrap());
    assert_eq!(result["schema"], "aftermove/simulation/1");
    assert_eq!(result["simulation"]["levels"], serde_json::json!([0.01, 0.02, 0.05, 0.1]));
    assert_eq!(result["simulation"]["population"]["tails"], serde_json::Value::Null);
    assert_eq!(result["simulation"]["headline"], serde_json::json!([0, 0]));
    assert_eq!(result["planted"][0]["tests"][0]["name"], "cross-sectional-t");
    for key in ["level", "rejections", "rate", "standard_error", "interval"] {
        assert!(result["planted"][0]["tests"][0]["rates"][0].get(key).is_some(), "rates lack {key}");
    }
    desk.run(&with(&["--quiet", "--level", "2%", "--tails", "normal", "--seed", "9", "--out", "two", "--threads", "2"]));
    for name in desk.written("one") {
        assert!(fs::read(desk.path("one").join(&name)).unwrap() == fs::read(desk.path("two").join(&name)).unwrap(), "{name}");
    }
}

#[test]
fn samples_can_be_drawn_from_price_files() {
    let desk = Desk::new();
    let mut text = "date,symbol,close\n".to_owned();
    let dates = sessions("2021-01-04", "2021-12-31");
    for (number, symbol) in ["SP500", "A", "B", "C"].into_iter().enumerate() {
        for (date, close) in dates.iter().zip(wander(dates.len(), number as u64 + 1)) {
            writeln!(text, "{date},{symbol},{close}").unwrap();
        }
    }
    desk.write("prices.csv", &text);
    let run = desk.run(&with(&["--prices", "prices.csv", "--format", "json"]));
    let population = &run.json()["simulation"]["population"];
    assert_eq!((&population["kind"], &population["benchmark"], &population["securities"]), (&"prices".into(), &"SP500".into(), &3.into()));
    assert_eq!(run.json()["provenance"]["inputs"][0]["rows"], 4 * dates.len());
    desk.run(&with(&["--prices", "prices.csv", "--clustered"])).fails_saying(&["room for 3 on one date", "--events-per-sample"]);
    desk.run(&with(&["--prices", "prices.csv", "--benchmark", "SP50"])).fails_saying(&["no prices for the symbol \"SP50\"", "SP500"]);
    let run = desk.run(&with(&["--prices", "prices.csv", "--correlation", "0.1"]));
    assert!(run.status == 2 && run.stderr.contains("--correlation"), "{run:?}");
}

#[test]
fn what_cannot_be_simulated_is_refused() {
    let desk = Desk::new();
    for (arguments, wanted) in [
        (["--replications", "0"], ["0 replications", "--replications"]),
        (["--events-per-sample", "0"], ["0 events a sample", "--events-per-sample"]),
        (["--level", "0%"], ["level 0 isn't between 0 and 1", "--level"]),
        (["--event-variance", "0.5"], ["event variance 0.5", "--event-variance"]),
        (["--correlation", "1"], ["correlation is 1", "--correlation"]),
        (["--tails", "2"], ["tails is 2", "--tails"]),
        (["--planted", "95%"], ["planted abnormal return 0.95", "--planted"]),
        (["--car", "0..3"], ["leaves the event window", "--window"]),
        (["--model", "fama-french-3"], ["no factors for the model fama-french-3", "prices"]),
    ] {
        desk.run(&[&["simulate"], arguments.as_slice()].concat()).fails_saying(&wanted);
    }
    for (arguments, wanted) in
        [(["--level", "5"], "5%, or as a fraction, 0.05"), (["--planted", "x%"], "write it as 1%"), (["--tails", "thick"], "or normal")]
    {
        let run = desk.run(&[&["simulate"], arguments.as_slice()].concat());
        assert!(run.status == 2 && run.stderr.contains(wanted), "{run:?}");
    }
    assert!(desk.written("charts").is_empty(), "nothing is written");
}
