//! `aftermove study --long-horizon` and `--regress` from files to files, against statsmodels from the same prices on
//! (`tests/reference/long_horizon.py`), and what happens when they can't be had.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Prices of four decimals give returns that both sides round alike; statsmodels' pseudo-inverse keeps about 11 digits of an intercept
/// 20 times smaller than the spread of what it is fitted to.
const STUDY: f64 = 1e-9;

fn reference() -> Value {
    serde_json::from_str(include_str!("../reference/long_horizon.json")).unwrap()
}

/// A folder with the reference's prices and events.
fn desk(reference: &Value) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut prices = "date,symbol,close\n".to_owned();
    for (symbol, closes) in reference["closes"].as_object().unwrap() {
        for (date, close) in reference["dates"].as_array().unwrap().iter().zip(closes.as_array().unwrap()) {
            writeln!(prices, "{},{symbol},{close}", date.as_str().unwrap()).unwrap();
        }
    }
    fs::write(folder.path().join("prices.csv"), prices).unwrap();
    let mut events = "event_id,symbol,date,size,sector,weight\n".to_owned();
    for event in reference["events"].as_array().unwrap() {
        let cell = |key: &str| match &event[key] {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            number => number.to_string(),
        };
        writeln!(events, "{}", ["id", "symbol", "date", "size", "sector", "weight"].map(cell).join(",")).unwrap();
    }
    fs::write(folder.path().join("events.csv"), events).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    let usual =
        ["study", "--events", "events.csv", "--prices", "prices.csv", "--out", "out", "--benchmark", "MARKET", "--exchange", "none"];
    let windows = ["--estimation", "-120..-11", "--window", "0..70"];
    let all = [&usual[..], &windows[..], arguments].concat();
    Command::new(env!("CARGO_BIN_EXE_aftermove")).current_dir(folder).args(all).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[track_caller]
fn study(folder: &Path, arguments: &[&str]) -> Value {
    let output = run(folder, &[&["--format", "json"], arguments].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The message of a run that must fail with status 2.
#[track_caller]
fn failure(folder: &Path, arguments: &[&str]) -> String {
    let output = run(folder, &[&["--no-report"], arguments].concat());
    assert_eq!(output.status.code(), Some(2), "{arguments:?}\n{}", text(&output.stdout));
    text(&output.stderr).split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_close(what: &str, found: &Value, expected: &Value) {
    let (found, expected) = (found.as_f64().unwrap(), expected.as_f64().unwrap());
    let gap = (found / expected - 1.0).abs();
    assert!(gap < STUDY, "{what}: found {found:e}, expected {expected:e}, relative gap {gap:e}");
}

fn test<'a>(window: &'a Value, name: &str) -> &'a Value {
    window["tests"].as_array().unwrap().iter().find(|test| test["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

#[track_caller]
fn assert_alpha(window: &Value, name: &str, expected: &Value) {
    let held = window["calendar_time_alphas"].as_array().unwrap().iter().find(|alpha| alpha["name"] == name).unwrap();
    assert_close(name, &held["alpha"]["value"], &expected["alpha"]);
    assert_close(name, &held["alpha"]["standard_error"], &expected["standard_error"]);
    assert_close(name, &held["loadings"][0]["value"], &expected["beta"]);
    assert_eq!(held["periods"], expected["periods"], "{name}");
    let test = test(window, name);
    assert_close(name, &test["statistic"], &expected["t"]);
    assert_close(name, &test["p_value"], &expected["p"]);
    // One window: nothing to adjust for.
    assert_eq!(test["p_holm"], test["p_value"], "{name}");
}

#[test]
fn alphas_and_the_pooled_test_of_a_whole_study_agree_with_statsmodels() {
    let reference = reference();
    let folder = desk(&reference);
    let by_day = study(folder.path(), &["--no-report", "--car", "1..70", "--long-horizon", "--weights", "WEIGHT", "--draws", "199"]);
    let window = &by_day["groups"][0]["windows"][0];
    assert_alpha(window, "calendar-time-alpha", &reference["day"]["ols"]);
    assert_alpha(window, "calendar-time-alpha-wls", &reference["day"]["wls"]);
    assert_alpha(window, "calendar-time-alpha-value", &reference["value"]);
    assert_eq!(window["calendar_time_alphas"][2]["without_weight"], 1);
    let pooled = test(window, "standardised-clustered");
    assert_close("pooled", &pooled["statistic"], &reference["pooled"]["t"]);
    assert_close("pooled", &pooled["p_value"], &reference["pooled"]["p"]);
    assert_eq!(pooled["n"], reference["pooled"]["n"]);
    assert_eq!(test(window, "bhar-bootstrap")["null"], "199 bootstrap draws of 9 of 36 BHARs, seed 1");
    let by_month = study(folder.path(), &["--no-report", "--car", "1..70", "--long-horizon=month"]);
    let window = &by_month["groups"][0]["windows"][0];
    assert_alpha(window, "calendar-time-alpha", &reference["month"]["ols"]);
    assert_alpha(window, "calendar-time-alpha-wls", &reference["month"]["wls"]);
    assert!(test(window, "bhar-bootstrap")["inapplicable"].as_str().unwrap().contains("0 draws"));
    // A year's window is read by these tests, and a study that doesn't ask for them has none of it.
    let plain = study(folder.path(), &["--no-report", "--car", "1..70"]);
    assert!(plain["groups"][0]["windows"][0].get("calendar_time_alphas").is_none() && plain.get("regression").is_none());
    let read = by_day["diagnostics"]["reading"]["read"].as_array().unwrap();
    assert!(read.contains(&Value::from("calendar-time-alpha")), "{read:?}");
}

#[test]
fn a_regression_of_cars_agrees_with_statsmodels_in_the_result_and_reaches_every_file() {
    let reference = reference();
    let folder = desk(&reference);
    for kind in ["hc3", "date-firm"] {
        let arguments = ["--car", "0..5", "--regress", "log(size) + sector", "--regress-errors", kind, "--tables", "csv"];
        let found = study(folder.path(), &arguments);
        let regression = &found["regression"];
        assert_eq!(regression["complete"], reference["regression"][format!("{kind} n")]);
        assert_eq!(regression["missing"][0]["factor"], "log(size)");
        assert_eq!(regression["missing"][0]["empty"], 2);
        assert_eq!(regression["bases"][0]["level"], "banks");
        for (theirs, ours) in [
            ("Intercept", "intercept"),
            ("np.log(size)", "log(size)"),
            ("C(sector)[T.oil]", "sector = oil"),
            ("C(sector)[T.tech]", "sector = tech"),
        ] {
            let coefficients = regression["windows"][0]["coefficients"].as_array().unwrap();
            let held = coefficients.iter().find(|held| held["name"] == ours).unwrap();
            let expected = &reference["regression"][kind][theirs];
            assert_close(ours, &held["value"], &expected["coefficient"]);
            assert_close(ours, &held["estimate"]["standard_error"], &expected["standard_error"]);
            assert_close(ours, &held["estimate"]["p_value"], &expected["p"]);
        }
    }
    let read = |name: &str| fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    let table = read("regression.csv");
    assert!(table.starts_with("first_day,last_day,term,coefficient,") && table.lines().count() == 5, "{table}");
    assert!(table.contains("0,5,sector = oil,-0.000703350444"), "{table}");
    let paper = read("regression.tex");
    for line in [
        "\\toprule",
        "\\bottomrule",
        " & CAR$[0, 5]$ \\\\",
        "log(size) & 0.240 \\\\",
        " & (0.614) \\\\",
        "Events & 34 \\\\",
        "Intercept & $-1.11$ \\\\",
    ] {
        assert!(paper.lines().any(|held| held == line), "no {line:?} in\n{paper}");
    }
    assert!(paper.contains("sector is measured from banks") && paper.contains("2 events without log(size)"), "{paper}");
    let report = read("report.md");
    assert!(report.contains("## Which events moved more") && report.contains("regression.png"), "{report}");
    assert!(folder.path().join("out/regression.png").exists());
}

#[test]
fn a_regression_that_cannot_be_had_says_why_and_the_study_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let reference = reference();
    let desk = desk(&reference);
    fs::copy(desk.path().join("prices.csv"), folder.path().join("prices.csv")).unwrap();
    let mut events = "event_id,symbol,date,size,half,one,code\n".to_owned();
    for (number, event) in reference["events"].as_array().unwrap().iter().enumerate().take(12) {
        let (symbol, date) = (event["symbol"].as_str().unwrap(), event["date"].as_str().unwrap());
        // The third has a code of its own, and the first no logarithm.
        let code = if number == 2 { "special" } else { "usual" };
        writeln!(events, "e{number},{symbol},{date},{},{},same,{code}", number, number as f64 / 2.0).unwrap();
    }
    fs::write(folder.path().join("events.csv"), events).unwrap();
    let regression = |formula: &str, errors: &str| {
        study(folder.path(), &["--no-report", "--car", "0..5", "--regress", formula, "--regress-errors", errors])["regression"].clone()
    };
    let collinear = regression("size + half + one", "hc1");
    assert_eq!(collinear["windows"][0]["collinear"], serde_json::json!(["half"]));
    assert_eq!(collinear["constant"], serde_json::json!(["one"]));
    let leverage = regression("size + code", "hc3");
    assert!(leverage["windows"][0]["inapplicable"].as_str().unwrap().contains("one event alone decides a coefficient"), "{leverage}");
    // The other kinds have errors, but none of the coefficient that the one event decides.
    for kind in ["hc1", "date", "firm", "date-firm"] {
        let held = regression("size + code", kind);
        let coefficients = held["windows"][0]["coefficients"].as_array().unwrap();
        let of = |name: &str| coefficients.iter().find(|held| held["name"].as_str().unwrap().starts_with(name)).unwrap();
        assert!(of("code")["estimate"].is_null() && of("code")["effect"].is_null(), "{kind}: {held}");
        assert!(of("code")["inapplicable"].as_str().unwrap().contains("alone decides it"), "{kind}: {held}");
        assert!(of("size")["estimate"]["standard_error"].is_number() && of("size").get("inapplicable").is_none(), "{kind}: {held}");
    }
    study(folder.path(), &["--car", "0..5", "--regress", "size + code"]);
    let paper = fs::read_to_string(folder.path().join("out/regression.tex")).unwrap();
    assert!(paper.lines().any(|line| line == " & -- \\\\") && paper.contains("as one event alone decides it"), "{paper}");
    let report = fs::read_to_string(folder.path().join("out/report.md")).unwrap();
    assert!(report.contains("Without an error") && report.contains("alone decides it (leverage 1)"), "{report}");
    let logarithm = regression("log(size)", "firm");
    assert_eq!((&logarithm["complete"], &logarithm["missing"][0]["not_above_zero"]), (&Value::from(11), &Value::from(1)));
    let few = regression("C(size)", "hc1");
    assert!(few["windows"][0]["inapplicable"].as_str().unwrap().contains("12 events without a gap can't carry 12 coefficients"), "{few}");
    // In the terminal each is told.
    let told = text(&run(folder.path(), &["--no-report", "--car", "0..5", "--regress", "size + half + one"]).stdout);
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("as a combination of the terms before: half.") && told.contains("one level of it: one."), "{told}");
}

#[test]
fn bad_input_is_refused_with_what_to_do() {
    let folder = desk(&reference());
    for (arguments, said) in [
        (vec!["--regress", "size +"], "a column is missing after \"size +\""),
        (vec!["--regress", "sise"], "did you mean size"),
        (vec!["--regress", "log(sector)"], "a logarithm needs numbers"),
        (vec!["--regress", "car ~ size"], "without \"~\""),
        (vec!["--regress", "size", "--regress-errors", "hc2"], "hc1"),
        (vec!["--regress-errors", "hc3"], "--regress"),
        (vec!["--weights", "weight"], "--long-horizon"),
        (
            vec!["--long-horizon", "--weights", "sector"],
            "no column \"sector\" of numbers to weight the events by: those of numbers are size, weight",
        ),
        (vec!["--long-horizon=week"], "day, month"),
    ] {
        let message = failure(folder.path(), &arguments);
        assert!(message.contains(said), "{arguments:?}: {message}");
    }
    // One session holds too few periods: told in the result, not an error.
    let found = study(folder.path(), &["--no-report", "--car", "0..0", "--long-horizon=month"]);
    let reason = test(&found["groups"][0]["windows"][0], "calendar-time-alpha")["inapplicable"].as_str().unwrap().to_owned();
    assert!(reason.contains("0 calendar periods with an open event"), "{reason}");
}
