//! The study of many events under models of conditional variance: what reaches an event's standard errors, ranks and result.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use aftermove::event::list::EventList;
use aftermove::model::volatility::ConditionalVariance;
use aftermove::model::{ErrorLaw, ExpectedReturnModel, VarianceProcess};
use aftermove::sample::{Sample, SampleDesign, SampleError, SampleResult, VolatilityFallback};
use aftermove::series::PriceBook;
use serde_json::Value;

use crate::many_events::sample_design;
use crate::sample::{assert_near, closes, event, sessions, wander};

/// Prices are products of 1 + R, and returns their ratios again; the search ends where it ends. Measured: 1e-9 at worst.
const FITTED: f64 = 1e-6;

fn reference() -> Value {
    serde_json::from_str(include_str!("../reference/conditional_variance.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

/// 250 estimation returns of a series of the reference, and 21 days of an event after them.
struct Security {
    own: Vec<f64>,
    market: Vec<f64>,
}

impl Security {
    fn of(series: &str) -> Self {
        let reference = reference();
        let data = &reference["data"][series];
        let (own, market) = (numbers(&data["own"]), numbers(&data["market"]));
        assert_eq!(own.len(), 250);
        Self { own, market }
    }

    fn study(&self, model: ExpectedReturnModel, jump: f64) -> SampleResult {
        self.try_study(model, jump, VolatilityFallback::Exclude).unwrap()
    }

    /// Of prices, and the one event whose estimation window are the 250 days; its own days return `jump` more than the market.
    fn try_study(
        &self,
        model: ExpectedReturnModel,
        jump: f64,
        volatility_fallback: VolatilityFallback,
    ) -> Result<SampleResult, SampleError> {
        let dates = sessions("2020-01-02", "2021-06-30");
        let days = 250 + 21;
        let market: Vec<f64> = self.market.iter().copied().chain((0..21).map(|day| 0.004 - 0.0004 * f64::from(day))).collect();
        let own: Vec<f64> = self.own.iter().copied().chain(market[250..].iter().map(|market| market + jump)).collect();
        let levels = |returns: &[f64]| -> Vec<f64> {
            let mut level = 100.0;
            let after = returns.iter().map(|one| {
                level *= 1.0 + one;
                level
            });
            [100.0].into_iter().chain(after.collect::<Vec<_>>()).collect()
        };
        let mut book = PriceBook::default();
        book.insert("MARKET".to_owned(), closes(&dates[..=days], &levels(&market))).unwrap();
        book.insert("FIRM".to_owned(), closes(&dates[..=days], &levels(&own))).unwrap();
        let design = SampleDesign { model, volatility_fallback, ..sample_design("-260..-11", "-10..10", &["0..0", "-10..10"]) };
        // The first return is of the second session; day −260 is that of the first return.
        let list = EventList::from_events(&[event("e", "FIRM", &dates[1 + 260].to_string())]);
        Sample::new(design, list)?.run(&book, Default::default(), |_| ())
    }
}

fn model(process: VarianceProcess, errors: ErrorLaw) -> ExpectedReturnModel {
    ExpectedReturnModel::ConditionalVariance { process, errors }
}

#[test]
fn standard_errors_are_those_of_the_forecasts_of_arch() {
    let reference = reference();
    let mut compared = 0;
    for series in ["volatile", "fat-tails", "thinly-traded"] {
        let security = Security::of(series);
        for (family, process) in [("garch", VarianceProcess::Garch), ("gjr", VarianceProcess::Gjr)] {
            for (name, errors) in [("normal", ErrorLaw::Normal), ("t", ErrorLaw::Student)] {
                let row = reference["models"].as_array().unwrap().iter();
                let row = row.clone().find(|row| row["series"] == series && row["family"] == family && row["errors"] == name).unwrap();
                let forecasts: Vec<f64> = numbers(&row["forecasts"]).iter().map(|percent| percent / 1e4).collect();
                let result = security.study(model(process, errors), 0.01);
                let fit = ConditionalVariance { process, errors }.fit(&security.own, &security.market).unwrap();
                let market: Vec<f64> = (0..21).map(|day| 0.004 - 0.0004 * f64::from(day)).collect();
                for (place, column) in result.events.days.iter().enumerate() {
                    // Day −10 is the first after the window.
                    let line = fit.estimation_variance(1, market[place]);
                    assert_near("h", column.standard_error[0].powi(2) - line, forecasts[place], 0.0, 1e-4);
                    compared += 1;
                }
                let whole = &result.events.windows[1];
                let line = fit.estimation_variance(21, market.iter().sum());
                assert_near("Σh", whole.standard_error[0].powi(2) - line, forecasts.iter().sum(), 0.0, 1e-4);
                assert_eq!(result.events.degrees_of_freedom[0], 250 - row["optimum"]["parameters"].as_object().unwrap().len());
                let held = result.events.volatility[0].as_ref().unwrap();
                let ours = held.log_likelihood - 250.0 * 100.0_f64.ln();
                assert_near("log-likelihood", ours, row["optimum"]["log_likelihood"].as_f64().unwrap(), FITTED, 0.0);
            }
        }
    }
    assert_eq!(compared, 3 * 2 * 2 * 21);
}

#[test]
fn the_event_itself_does_not_enter_its_variance() {
    let security = Security::of("volatile");
    for process in [VarianceProcess::Garch, VarianceProcess::Gjr, VarianceProcess::Egarch] {
        for errors in [ErrorLaw::Normal, ErrorLaw::Student] {
            let (quiet, wild) = (security.study(model(process, errors), 0.0), security.study(model(process, errors), 0.2));
            assert!((wild.events.windows[1].car[0] - quiet.events.windows[1].car[0] - 21.0 * 0.2).abs() < 1e-9);
            for (one, other) in quiet.events.days.iter().zip(&wild.events.days) {
                assert_near("standard error", other.standard_error[0], one.standard_error[0], 0.0, 1e-12);
            }
        }
    }
}

#[test]
fn the_day_is_ranked_among_residuals_by_its_own_volatility() {
    let security = Security::of("volatile");
    let (process, errors) = (VarianceProcess::Garch, ErrorLaw::Normal);
    let result = security.study(model(process, errors), 0.03);
    let fit = ConditionalVariance { process, errors }.fit(&security.own, &security.market).unwrap();
    let mut standardised = Vec::new();
    fit.standardise(&security.own, &security.market, &mut standardised).unwrap();
    // Day 0 is the eleventh session after the window.
    let abnormal = result.events.days[10].abnormal[0];
    let day = abnormal / fit.variance_after(11).sqrt();
    let larger = standardised.iter().filter(|value| value.abs() >= day.abs()).count();
    let rank = result.events.tests[0][0].iter().find(|test| test.name == "rank").unwrap();
    assert_near("p of the rank", rank.p_value().unwrap(), (larger + 1) as f64 / 251.0, 1e-12, 0.0);
    // By size alone it would stand elsewhere: the estimation window has wilder days than the event's.
    let plain = (0..250).filter(|day| {
        let residual = security.own[*day] - fit.parameters.intercept - fit.parameters.slope * security.market[*day];
        residual.abs() >= abnormal.abs()
    });
    assert_ne!(plain.count(), larger);
}

#[test]
fn the_result_holds_parameters_and_their_summary_and_other_models_hold_none() {
    let security = Security::of("thinly-traded");
    let result = security.study(model(VarianceProcess::Gjr, ErrorLaw::Student), 0.01);
    let summary = result.volatility.as_ref().unwrap();
    assert_eq!((summary.fitted, summary.fallback), (1, 0));
    assert_eq!(summary.edges, [("no-memory", 1)]);
    let json: Value = serde_json::from_str(&aftermove::report::sample::json::render(&result).unwrap()).unwrap();
    let event = &json["events"][0]["model"];
    assert_eq!(event["name"], "gjr-t");
    assert_eq!((event["converged"].as_bool(), &event["fallback"]), (Some(true), &Value::Null));
    let held = &event["volatility"];
    // arch: 0.02159, 0.28533, 4.4527 (tests/reference/conditional_variance.json).
    for (name, expected) in [("alpha", 0.021_590), ("gamma", 0.285_330), ("beta", 0.0), ("nu", 4.452_665)] {
        assert_near(name, held[name].as_f64().unwrap(), expected, 1e-5, 1e-5);
    }
    assert_eq!(json["diagnostics"]["volatility"]["fitted"], 1);

    let plain = security.study(ExpectedReturnModel::Market, 0.01);
    assert_eq!((plain.volatility.as_ref(), plain.events.volatility.len()), (None, 0));
    let json: Value = serde_json::from_str(&aftermove::report::sample::json::render(&plain).unwrap()).unwrap();
    assert!(json["events"][0]["model"].get("volatility").is_none() && json["diagnostics"].get("volatility").is_none());
}

#[test]
fn a_search_without_an_end_is_an_exclusion_or_the_market_model_when_asked_for() {
    let mut security = Security::of("calm");
    // Four times its price on the last day of the estimation window: no EGARCH holds that.
    security.own[249] = 3.0;
    let egarch = model(VarianceProcess::Egarch, ErrorLaw::Normal);
    let failure = security.try_study(egarch, 0.01, VolatilityFallback::Exclude).unwrap_err().to_string();
    assert!(failure.contains("none of the 1 events can be used") && failure.contains("--garch-fallback market"), "{failure}");
    let result = security.try_study(egarch, 0.01, VolatilityFallback::Market).unwrap();
    let plain = security.study(ExpectedReturnModel::Market, 0.01);
    assert_eq!(result.events.volatility, [None]);
    let summary = result.volatility.as_ref().unwrap();
    assert_eq!((summary.fitted, summary.fallback, summary.median_persistence), (0, 1, None));
    assert_eq!((result.events.alpha[0], result.events.sigma[0]), (plain.events.alpha[0], plain.events.sigma[0]));
    assert_eq!(result.events.windows, plain.events.windows);
    let json: Value = serde_json::from_str(&aftermove::report::sample::json::render(&result).unwrap()).unwrap();
    let event = &json["events"][0]["model"];
    assert_eq!((event["converged"].as_bool(), event["fallback"].as_str()), (Some(false), Some("market")));
    let told = aftermove::report::wording::sample::volatility(&result).unwrap();
    assert_eq!(told, "For one event the likelihood has no maximum that could be found: the market model stands in, as asked for.");
}

fn aftermove(folder: &Path, arguments: &[&str]) -> Output {
    let usual = ["study", "--events", "events.csv", "--prices", "prices.csv", "--out", "out", "--estimation", "-150..-11"];
    Command::new(env!("CARGO_BIN_EXE_aftermove")).current_dir(folder).args(usual).args(arguments).output().unwrap()
}

/// Prices of a benchmark and three firms, and nine events.
fn desk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let dates = sessions("2021-01-04", "2022-12-30");
    let mut prices = "date,symbol,close\n".to_owned();
    for (number, name) in ["^GSPC", "F0", "F1", "F2"].iter().enumerate() {
        for (date, close) in dates.iter().zip(wander(dates.len(), number as u64 + 70)) {
            writeln!(prices, "{date},{name},{close}").unwrap();
        }
    }
    fs::write(folder.path().join("prices.csv"), prices).unwrap();
    let mut events = "event_id,symbol,date\n".to_owned();
    for number in 0..9 {
        writeln!(events, "e{number},F{},{}", number % 3, dates[200 + number * 25]).unwrap();
    }
    fs::write(folder.path().join("events.csv"), events).unwrap();
    folder
}

#[test]
fn the_command_fits_prints_tabulates_draws_and_reports() {
    let folder = desk();
    let output = aftermove(folder.path(), &["--model", "gjr-t", "--garch-fallback", "market", "--tables", "csv"]);
    let (summary, complaint) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{complaint}");
    let words: Vec<&str> = summary.split_whitespace().collect();
    assert!(words.join(" ").contains("GJR-GARCH(1,1) variances of 9 events"), "{summary}");
    let out = folder.path().join("out");
    let table = fs::read_to_string(out.join("events.csv")).unwrap();
    let header: Vec<&str> = table.lines().next().unwrap().split(',').collect();
    for name in
        ["omega", "alpha_1", "gamma_1", "beta_1", "nu", "log_likelihood", "persistence", "half_life", "next_sigma", "edges", "fallback"]
    {
        assert!(header.contains(&name), "{name}: {header:?}");
    }
    for row in table.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        let number = |name: &str| cells[header.iter().position(|held| *held == name).unwrap()].parse::<f64>().unwrap();
        let sum = number("alpha_1") + number("gamma_1") / 2.0 + number("beta_1");
        assert_near("persistence", number("persistence"), sum, 1e-12, 0.0);
    }
    assert!(out.join("volatility.png").is_file());
    let report = fs::read_to_string(out.join("report.md")).unwrap();
    for part in [
        "The variance before the events",
        "Parameters of the conditional variance",
        "Glosten",
        "forecast from the last day of the estimation window",
    ] {
        assert!(report.contains(part), "{part}");
    }
    let result: Value = serde_json::from_str(&fs::read_to_string(out.join("result.json")).unwrap()).unwrap();
    assert_eq!(result["study"]["model"], "gjr-t");
    assert_eq!(result["diagnostics"]["volatility"]["fitted"], 9);
}

#[test]
fn a_fallback_without_a_model_that_could_need_it_is_an_error() {
    let folder = desk();
    let output = aftermove(folder.path(), &["--garch-fallback", "market", "--no-report"]);
    assert_eq!(output.status.code(), Some(2));
    let complaint = String::from_utf8_lossy(&output.stderr).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(complaint.contains("--garch-fallback has nothing to do under --model market"), "{complaint}");
    assert!(complaint.contains("choose garch, egarch or gjr"), "{complaint}");
}

#[test]
fn size_and_power_are_simulated_under_the_model_too() {
    let folder = tempfile::tempdir().unwrap();
    let arguments =
        ["simulate", "--model", "garch", "--replications", "20", "--events-per-sample", "10", "--estimation", "-120..-11", "--seed", "3"];
    let output = Command::new(env!("CARGO_BIN_EXE_aftermove"))
        .current_dir(folder.path())
        .args(arguments)
        .args(["--out", "out", "--format", "json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let result: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(result.to_string().contains("\"garch\""), "{result}");
}

#[test]
fn the_model_needs_sixty_days_and_says_so() {
    let security = Security::of("calm");
    let dates = sessions("2020-01-02", "2021-06-30");
    let short = |returns: &[f64]| {
        let mut level = 100.0;
        let levels: Vec<f64> = returns[..80]
            .iter()
            .map(|one| {
                level *= 1.0 + one;
                level
            })
            .collect();
        closes(&dates[..80], &levels)
    };
    let mut book = PriceBook::default();
    book.insert("MARKET".to_owned(), short(&security.market)).unwrap();
    book.insert("FIRM".to_owned(), short(&security.own)).unwrap();
    let model = model(VarianceProcess::Garch, ErrorLaw::Normal);
    let design = SampleDesign { model, volatility_fallback: VolatilityFallback::Market, ..sample_design("-50..-11", "-5..5", &["0..0"]) };
    let list = EventList::from_events(&[event("e", "FIRM", &dates[70].to_string())]);
    let failure = Sample::new(design, list).unwrap().run(&book, Default::default(), |_| ()).unwrap_err().to_string();
    assert!(failure.contains("40 estimation returns, the model needs at least 60"), "{failure}");
}
