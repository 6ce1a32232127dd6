//! `aftermove study` and `simulate` with betas of other kinds, thin trading and rolling betas: what is written, drawn and warned of, and
//! what is refused.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

use crate::sample::{sessions, wander};

/// `prices.csv` (`^GSPC` and five firms, 2021 and 2022, with volumes; every third session of F4 has no trade and the close before) and
/// `events.csv` (20 events).
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let dates = sessions("2021-01-04", "2022-12-30");
    let mut prices = "date,symbol,close,volume\n".to_owned();
    for (number, name) in ["^GSPC", "F0", "F1", "F2", "F3", "F4"].iter().enumerate() {
        let mut before = 0.0;
        for (place, (date, close)) in dates.iter().zip(wander(dates.len(), number as u64 + 70)).enumerate() {
            let idle = *name == "F4" && place % 3 == 2;
            // An index has no volume of its own; its zeros mean nothing.
            let volume = if idle || number == 0 { 0 } else { 1000 + place };
            before = if idle { before } else { close };
            writeln!(prices, "{date},{name},{before},{volume}").unwrap();
        }
    }
    fs::write(folder.path().join("prices.csv"), prices).unwrap();
    let mut events = "event_id,symbol,date\n".to_owned();
    for number in 0..20 {
        writeln!(events, "e{number},F{},{}", number % 5, dates[270 + number * 11]).unwrap();
    }
    fs::write(folder.path().join("events.csv"), events).unwrap();
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aftermove")).current_dir(folder).args(arguments).output().unwrap()
}

fn study(folder: &Path, arguments: &[&str]) -> Output {
    let usual =
        ["study", "--events", "events.csv", "--prices", "prices.csv", "--estimation", "-200..-11", "--window", "-5..5", "--out", "out"];
    run(folder, &[&usual[..], arguments].concat())
}

fn text(bytes: &[u8]) -> String {
    // Messages and sentences are wrapped to the terminal's width.
    String::from_utf8(bytes.to_vec()).unwrap().split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ")
}

/// What a run that must succeed printed.
fn printed(folder: &Path, arguments: &[&str]) -> String {
    let output = study(folder, arguments);
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout)
}

fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = study(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", text(&output.stdout));
    text(&output.stderr)
}

fn result(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("out/result.json")).unwrap()).unwrap()
}

fn header(folder: &Path, table: &str) -> String {
    fs::read_to_string(folder.join(format!("out/{table}.csv"))).unwrap().lines().next().unwrap().to_owned()
}

#[test]
fn a_shrunk_beta_is_reported_with_its_prior_and_what_it_was() {
    let folder = desk();
    let summary = printed(folder.path(), &["--model", "vasicek", "--tables", "csv"]);
    assert!(summary.contains("against a prior of mean") && summary.contains("those of the 20 least-squares betas"), "{summary}");
    let found = result(folder.path());
    let prior = &found["diagnostics"]["shrinkage"];
    assert_eq!((prior["kind"].as_str(), prior["betas"].as_u64()), (Some("vasicek"), Some(20)));
    let mean = prior["mean"].as_f64().unwrap();
    for event in found["events"].as_array().unwrap() {
        let model = &event["model"];
        let (own, used) = (model["ordinary_beta"].as_f64().unwrap(), model["beta"].as_f64().unwrap());
        assert!((used - mean).abs() < (own - mean).abs() && (used - mean) * (own - mean) > 0.0, "{model}");
        assert!(model["beta_se"].as_f64().unwrap() < model["ordinary_beta_se"].as_f64().unwrap());
    }
    let columns = header(folder.path(), "events");
    assert!(
        columns.contains("zero_return_share,missing_return_share,beta_standard_error,ordinary_beta,ordinary_beta_standard_error"),
        "{columns}"
    );
    let report = fs::read_to_string(folder.path().join("out/report.md")).unwrap();
    for part in ["Betas and thin trading", "as used", "posterior mean and variance", "Var(β)"] {
        assert!(report.contains(part), "{part}");
    }
    let given = printed(folder.path(), &["--model", "vasicek", "--prior-beta", "1", "--prior-sd", "0.3", "--no-report"]);
    assert!(given.contains("mean 1.000 and standard deviation 0.300 (as given)"), "{given}");
}

#[test]
fn betas_of_neighbouring_sessions_bring_their_slopes() {
    let folder = desk();
    printed(folder.path(), &["--model", "dimson(2,1)", "--tables", "csv"]);
    let columns = header(folder.path(), "events");
    assert!(columns.contains("slope_lag_2,slope_lag_1,slope_same_session,slope_lead_1"), "{columns}");
    let found = result(folder.path());
    assert_eq!(found["study"]["model"], "dimson(2,1)");
    for event in found["events"].as_array().unwrap() {
        let slopes: Vec<f64> = event["model"]["beta_slopes"].as_array().unwrap().iter().map(|slope| slope.as_f64().unwrap()).collect();
        assert_eq!(slopes.len(), 4);
        assert!((slopes.iter().sum::<f64>() - event["model"]["beta"].as_f64().unwrap()).abs() < 1e-12);
    }
    printed(folder.path(), &["--model", "scholes-williams"]);
    let report = fs::read_to_string(folder.path().join("out/report.md")).unwrap();
    assert!(report.contains("Scholes & Williams 1977") || report.contains("Scholes &amp; Williams 1977"), "{report}");
    assert!(result(folder.path())["events"][0]["model"]["market_autocorrelation"].is_f64());
}

#[test]
fn thin_trading_is_warned_of_and_can_be_met() {
    let folder = desk();
    let plain = printed(folder.path(), &["--tables", "csv"]);
    assert!(
        plain.contains("The securities of 4 of the 20 events traded thinly") && plain.contains("--thin-trading trade-to-trade"),
        "{plain}"
    );
    let found = result(folder.path());
    let thin = &found["diagnostics"]["thin_trading"];
    assert_eq!((thin["thin_events"].as_u64(), thin["untraded"].is_null()), (Some(4), true));
    assert!((found["events"][4]["model"]["zero_return_share"].as_f64().unwrap() - 1.0 / 3.0).abs() < 0.01);

    let options = ["--zero-volume", "no-trade", "--thin-trading", "trade-to-trade", "--allow-missing", "2"];
    let met = printed(folder.path(), &options);
    assert!(met.contains("with a volume of 0 (one security) were left out"), "{met}");
    let found = result(folder.path());
    assert!((found["events"][4]["model"]["missing_return_share"].as_f64().unwrap() - 1.0 / 3.0).abs() < 0.01);
    assert_eq!(found["diagnostics"]["thin_trading"]["untraded"]["securities"], 1);
    assert_eq!(found["diagnostics"]["used"], 20);
    let report = fs::read_to_string(folder.path().join("out/report.md")).unwrap();
    assert!(report.contains("weighted by 1/√d") && report.contains("weighted least squares"));

    // Without pairing from trade to trade the sessions without a trade leave the events of F4 out.
    printed(folder.path(), &["--zero-volume", "no-trade"]);
    assert_eq!(result(folder.path())["diagnostics"]["excluded"], 4);
}

#[test]
fn a_rolling_beta_is_drawn_and_tabled() {
    let folder = desk();
    printed(folder.path(), &["--rolling-beta", "60", "--tables", "csv"]);
    assert!(folder.path().join("out/rolling-beta.png").is_file());
    assert_eq!(header(folder.path(), "rolling_betas"), "last_day,sessions,n,mean_beta,low_95,high_95");
    let rolling = &result(folder.path())["diagnostics"]["rolling_beta"];
    // The first window ends on day −200 + 59.
    assert_eq!((rolling["window"].as_u64(), rolling["days"][0]["day"].as_i64()), (Some(60), Some(-141)));
    assert_eq!(rolling["days"].as_array().unwrap().len(), 147);
    let other = desk();
    let plain = printed(other.path(), &["--tables", "csv"]);
    assert!(!plain.contains("olling"), "{plain}");
    for file in ["rolling_betas.csv", "rolling-beta.png"] {
        assert!(!other.path().join("out").join(file).exists(), "{file}");
    }
}

#[test]
fn options_that_do_not_fit_are_refused() {
    let folder = desk();
    let path = folder.path();
    let cases: [(&[&str], &str); 9] = [
        (&["--prior-beta", "1", "--prior-sd", "0.3"], "add --model vasicek"),
        (&["--model", "vasicek", "--prior-beta", "1"], "--prior-sd"),
        (&["--model", "vasicek", "--prior-beta", "1", "--prior-sd", "0"], "above zero"),
        (&["--model", "vasicek", "--blume-line", "estimated"], "add --model blume"),
        (&["--model", "dimson(30)"], "dimson"),
        (&["--model", "fowler-rorke(0)"], "fowler-rorke(1)"),
        (&["--model", "scholes-williams", "--thin-trading", "trade-to-trade"], "choose market, market-adjusted or constant-mean"),
        (&["--rolling-beta", "4"], "at least 10"),
        (&["--thin-trading", "somehow"], "trade-to-trade"),
    ];
    for (arguments, expected) in cases {
        let message = refused(path, arguments);
        assert!(message.contains(expected), "{arguments:?}: {message}");
    }
    // One event is no cross-section.
    fs::write(path.join("events.csv"), "symbol,date\nF0,2022-06-15\n").unwrap();
    let message = refused(path, &["--model", "vasicek"]);
    assert!(message.contains("--prior-beta"), "{message}");
    // Prices without volumes can't tell a session without a trade.
    let prices = fs::read_to_string(path.join("prices.csv")).unwrap();
    let bare: String = prices.lines().map(|line| format!("{}\n", line.rsplit_once(',').unwrap().0)).collect();
    fs::write(path.join("prices.csv"), bare).unwrap();
    let message = refused(path, &["--zero-volume", "no-trade"]);
    assert!(message.contains("have no volumes"), "{message}");
}

#[test]
fn every_beta_runs_in_the_simulation_of_size() {
    let folder = desk();
    for model in ["scholes-williams", "dimson(1,1)", "fowler-rorke(1)", "vasicek", "blume"] {
        let output = run(
            folder.path(),
            &["simulate", "--events-per-sample", "15", "--replications", "60", "--model", model, "--out", "simulation", "--format", "json"],
        );
        assert!(output.status.success(), "{model}: {}", text(&output.stderr));
        let found: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert!(found.to_string().contains(&format!("\"model\":\"{model}\"")), "{model}");
    }
    for (arguments, expected) in [(["--thin-trading", "trade-to-trade"], "--prices"), (["--rolling-beta", "60"], "--rolling-beta")] {
        let output = run(folder.path(), &[&["simulate"][..], &arguments].concat());
        assert!(output.status.code() == Some(2) && text(&output.stderr).contains(expected), "{}", text(&output.stderr));
    }
}
