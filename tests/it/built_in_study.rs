//! The built-in study: the facts its data was compiled with, and every number of it against numpy, pandas, scipy and statsmodels
//! (`tests/outside/built_in_study.py` writes the values and names the versions).

use aftermove::data::built_in;
use aftermove::diagnostics::ResidualTest;
use aftermove::inference::{Outcome, TestOutcome};
use aftermove::model::ExpectedReturnModel;
use aftermove::study::result::Status;
use aftermove::study::{EventResult, EventVerdict, Study, StudyResult};
use aftermove::verify::{AsOfSource, Finding, ReadingKind, Verdict};
use chrono::NaiveDate;
use serde_json::Value;

use crate::sample::{assert_near, day, window};

/// Sums and products of up to 240 returns of size 0.05 in another order than numpy's, and statsmodels' regression of 261 rows on 23
/// columns. Measured: 2e-15 at worst.
const RETURN: f64 = 1e-14;
/// Statistics, which are quotients of such sums, and the tails of scipy. Measured: 1.1e-12 at worst.
const RELATIVE: f64 = 1e-11;

fn outside() -> Value {
    serde_json::from_str(include_str!("../outside/built_in_study.json")).unwrap()
}

fn run(model: ExpectedReturnModel) -> StudyResult {
    let loaded = built_in::load().unwrap();
    let mut design = loaded.study.design().clone();
    design.model = model;
    Study::new(design).unwrap().run(&loaded.book, loaded.provenance).unwrap()
}

fn claim<'a>(result: &'a StudyResult, id: &str) -> &'a Finding {
    result.claims.iter().find(|finding| finding.id == id).unwrap()
}

fn date(value: &Value) -> NaiveDate {
    day(value.as_str().unwrap())
}

#[track_caller]
fn assert_number(name: &str, found: f64, expected: &Value) {
    assert_near(name, found, expected.as_f64().unwrap_or_else(|| panic!("{name}: {expected}")), RETURN, RELATIVE);
}

#[track_caller]
fn assert_maybe(name: &str, found: Option<f64>, expected: &Value) {
    match (found, expected.as_f64()) {
        (Some(found), Some(_)) => assert_number(name, found, expected),
        (found, expected) => assert_eq!(found.is_none(), expected.is_none(), "{name}: found {found:?}, expected {expected:?}"),
    }
}

#[track_caller]
fn assert_column(name: &str, found: &[Option<f64>], expected: &Value) {
    let expected = expected.as_array().unwrap();
    assert_eq!(found.len(), expected.len(), "{name}");
    for (position, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_number(&format!("{name}[{position}]"), found.unwrap(), expected);
    }
}

fn p_value(tests: &[TestOutcome], name: &str) -> f64 {
    tests.iter().find(|test| test.name == name).and_then(TestOutcome::p_value).unwrap_or_else(|| panic!("{name} has no p-value"))
}

// ── the facts ──

/// `datasets/cloudflare-kiwi-farms-2022/FACTS.md`: what the article states and what the closes say, to the digits given there.
#[test]
fn the_one_day_and_year_to_date_figures_are_reproduced() {
    let result = run(ExpectedReturnModel::Market);
    for (id, stated, measured) in
        [("net-session", "-1.03", -1.03), ("spx-session", "-1.07", -1.07), ("net-year", "-55", -55.35), ("spx-year", "-18", -17.66)]
    {
        let finding = claim(&result, id);
        assert_eq!((finding.stated.to_string().as_str(), &finding.verdict), (stated, &Verdict::Reproduced), "{id}");
        assert_near(id, 100.0 * finding.primary.as_ref().unwrap().measured.unwrap(), measured, 0.005, 0.0);
    }
}

/// FACTS.md: +10.61 % from 2022-08-02, +0.60 % from 08-03, +0.48 % from 08-04, −20.92 % from 08-05; the index −4.08, −5.56, −5.48, −5.33 %.
#[test]
fn the_past_month_figures_hold_only_when_a_month_is_four_weeks() {
    let result = run(ExpectedReturnModel::Market);
    let measured = |id: &str| -> Vec<(ReadingKind, NaiveDate, f64)> {
        let percent = |fraction: f64| (1e4 * fraction).round() / 100.0;
        claim(&result, id)
            .readings
            .iter()
            .map(|reading| (reading.kind, reading.from.unwrap(), percent(reading.measured.unwrap())))
            .collect()
    };
    use ReadingKind::{CalendarMonths, Days, MonthToDate, Sessions};
    let rows = |values: [f64; 7]| -> Vec<(ReadingKind, NaiveDate, f64)> {
        let kinds = [CalendarMonths(1), Days(30), Days(28), Sessions(20), Sessions(21), Sessions(22), MonthToDate(1)];
        let starts = ["2022-08-02", "2022-08-03", "2022-08-05", "2022-08-05", "2022-08-04", "2022-08-03", "2022-08-31"].map(day);
        kinds.into_iter().zip(starts).zip(values).map(|((kind, start), value)| (kind, start, value)).collect()
    };
    // The two of the month to date are from the closes of 2022-08-31 in prices.csv: 62.57 and 3955.00, to 58.71 and 3924.26.
    assert_eq!(measured("net-month"), rows([10.61, 0.60, -20.92, -20.92, 0.48, 0.60, -6.17]));
    assert_eq!(measured("spx-month"), rows([-4.08, -5.56, -5.33, -5.33, -5.48, -5.56, -0.78]));

    let reproducing = |id: &str| -> Vec<ReadingKind> { claim(&result, id).reproducing().map(|reading| reading.kind).collect() };
    assert_eq!(reproducing("net-month"), [Days(28), Sessions(20)]);
    // −5.48 % prints as −5 % too, so the index's figure also holds over 21 sessions.
    assert_eq!(reproducing("spx-month"), [Days(28), Sessions(20), Sessions(21)]);
    for id in ["net-month", "spx-month"] {
        assert_eq!(claim(&result, id).verdict, Verdict::ReproducedOnlyAs, "{id}");
    }
    let (low, high) = claim(&result, "net-month").range.unwrap();
    assert_near("highest reading", 100.0 * high, 10.6, 0.05, 0.0);
    assert_near("lowest reading", 100.0 * low, -20.9, 0.05, 0.0);
}

#[test]
fn only_the_friday_before_the_event_fits_both_quotes() {
    let article = run(ExpectedReturnModel::Market).article.unwrap();
    let as_of = article.as_of.unwrap();
    assert_eq!(as_of.session, day("2022-09-02"));
    assert_eq!(as_of.source, AsOfSource::Quotes { quotes: 2, searched: 400, fitting: 1 });
    assert_eq!(article.reason, None);
}

/// FACTS.md: the weekend and Labor Day lie between the announcement and the first session that could react.
#[test]
fn the_saturday_event_reacts_on_the_tuesday_after_labor_day() {
    let result = run(ExpectedReturnModel::Market);
    let event = &result.events[0];
    assert_eq!((event.session, event.shift_days, event.status), (Some(day("2022-09-06")), Some(3), Status::Used));
    let closures: Vec<(NaiveDate, &str)> = event.closures.iter().map(|(date, reason)| (*date, reason.as_str())).collect();
    assert_eq!(closures, [(day("2022-09-03"), "weekend"), (day("2022-09-04"), "weekend"), (day("2022-09-05"), "Labor Day")]);
    let performance = event.performance.as_ref().unwrap();
    assert_eq!(performance.base, day("2022-09-02"));
}

/// FACTS.md, "independent numpy": α, β, s and R² to the digits printed there, CARs and their errors in percent to three decimals.
#[test]
fn the_market_model_gives_the_figures_of_the_facts() {
    let result = run(ExpectedReturnModel::Market);
    let event = &result.events[0];
    let model = event.model.as_ref().unwrap();
    assert_eq!((model.n, model.degrees_of_freedom), (240, 238));
    assert_near("α", model.alpha, -0.000_408_6, 5e-8, 0.0);
    assert_near("β", model.beta, 2.788_538, 5e-7, 0.0);
    assert_near("s", model.sigma, 0.046_978_9, 5e-8, 0.0);
    assert_near("R²", model.r_squared.unwrap(), 0.383_153, 5e-7, 0.0);
    let expected =
        [("0..0", 0.910, 4.709), ("0..1", 0.055, 6.680), ("-1..1", 2.062, 8.188), ("0..5", 2.066, 11.651), ("-10..10", 15.932, 22.536)];
    assert_eq!(event.car.len(), expected.len());
    for (car, (range, value, error)) in event.car.iter().zip(expected) {
        assert_eq!(car.cumulated.window, window(range));
        assert_near(range, 100.0 * car.cumulated.value, value, 5e-4, 0.0);
        assert_near(range, 100.0 * car.cumulated.standard_error, error, 5e-4, 0.0);
    }
    assert_near("t of day 0", event.car[0].cumulated.t, 0.193, 5e-4, 0.0);
    assert_near("t of the whole window", event.car[4].cumulated.t, 0.707, 5e-4, 0.0);
    assert_eq!(event.verdict, EventVerdict::WithinNoise);
}

#[test]
fn the_prices_agree_with_the_exchange_calendar_on_all_401_sessions() {
    let diagnostics = run(ExpectedReturnModel::Market).diagnostics;
    let calendar = diagnostics.calendar.unwrap();
    assert_eq!((calendar.compared, calendar.missing.len(), calendar.unexpected.len()), (401, 0, 0));
    let symbols: Vec<&str> = diagnostics.series.iter().map(|series| series.symbol.as_str()).collect();
    assert_eq!(symbols, ["NET", "AKAM", "FSLY", "^GSPC"]);
    for series in &diagnostics.series {
        assert_eq!((series.first, series.last, series.quotes), (day("2021-06-01"), day("2022-12-30"), 401), "{}", series.symbol);
        assert_eq!(series.missing, []);
    }
}

/// Scripts rely on these names: they may become more, not others.
#[test]
fn the_result_file_has_the_names_that_scripts_rely_on() {
    let json = serde_json::to_value(run(ExpectedReturnModel::Market)).unwrap();
    let missing: Vec<String> = [
        ("", "schema study claims events groups diagnostics provenance"),
        ("/study", "title benchmark model returns estimation window seed"),
        ("/claims/0", "id symbol horizon stated_pct decimals qualifier as_of span verdict primary readings"),
        ("/claims/0/primary", "reading from to measured_pct reproduces"),
        ("/claims/0/readings/0", "reading from to measured_pct reproduces"),
        ("/events/0", "event_id symbol group date session shift_days status reason model days ar ar_se car"),
        ("/events/0/model", "name alpha beta sigma r_squared n"),
        ("/events/0/car/0", "window value se t p_value bhar tests"),
        ("/events/0/car/0/tests/0", "name statistic p_value null n"),
        ("/events/0/car/1/tests/2", "name inapplicable"),
        ("/provenance", "aftermove inputs"),
        ("/provenance/inputs/0", "path sha256 rows"),
    ]
    .into_iter()
    .flat_map(|(place, names)| names.split(' ').map(move |name| format!("{place}/{name}")))
    .filter(|pointer| json.pointer(pointer).is_none())
    .collect();
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!((&json["schema"], &json["study"]["estimation"]), (&Value::from("aftermove/result/1"), &serde_json::json!([-250, -11])));
    assert_eq!((&json["claims"][2]["verdict"], &json["events"][0]["status"]), (&Value::from("reproduced-only-as"), &Value::from("used")));
}

// ── the second computation ──

#[test]
fn every_reading_of_every_claim_agrees_with_pandas() {
    let (result, outside) = (run(ExpectedReturnModel::Market), outside());
    let as_of = result.article.as_ref().unwrap().as_of.unwrap();
    assert_eq!([as_of.session], [date(&outside["as_of"]["fitting"][0])]);
    assert_eq!(
        as_of.source,
        AsOfSource::Quotes {
            quotes: outside["as_of"]["quotes"].as_u64().unwrap() as usize,
            searched: outside["as_of"]["searched"].as_u64().unwrap() as usize,
            fitting: outside["as_of"]["fitting"].as_array().unwrap().len(),
        }
    );
    let claims = outside["claims"].as_array().unwrap();
    assert_eq!(result.claims.len(), claims.len());
    for (finding, expected) in result.claims.iter().zip(claims) {
        let id = expected["id"].as_str().unwrap();
        assert_eq!(finding.id, id);
        let readings = expected["readings"].as_array().unwrap();
        assert_eq!(finding.readings.len(), readings.len(), "{id}");
        for (reading, expected) in finding.readings.iter().zip(readings) {
            assert_eq!(reading.from, Some(date(&expected["from"])), "{id}");
            assert_number(id, reading.measured.unwrap(), &expected["measured"]);
            assert_eq!(reading.reproduces, expected["reproduces"].as_bool(), "{id} from {:?}", reading.from);
        }
        let starts = expected["start_dates"].as_array().unwrap();
        assert_eq!(finding.start_dates.len(), starts.len(), "{id}");
        for (start, expected) in finding.start_dates.iter().zip(starts) {
            assert_eq!(start.from, date(&expected["from"]), "{id}");
            assert_number(id, start.measured, &expected["measured"]);
        }
    }
}

#[track_caller]
fn assert_model(event: &EventResult, expected: &Value) {
    let model = event.model.as_ref().unwrap();
    let parameters = &expected["model"];
    assert_number("α", model.alpha, &parameters["alpha"]);
    assert_number("β", model.beta, &parameters["beta"]);
    assert_number("s", model.sigma, &parameters["sigma"]);
    assert_maybe("R²", model.r_squared, &parameters["r_squared"]);
    assert_eq!((Some(model.n as u64), Some(model.degrees_of_freedom as u64)), (parameters["n"].as_u64(), parameters["d"].as_u64()));
}

#[track_caller]
fn assert_cars(event: &EventResult, expected: &Value) {
    let cars = expected["car"].as_array().unwrap();
    assert_eq!(event.car.len(), cars.len());
    for (car, expected) in event.car.iter().zip(cars) {
        let (found, name) = (&car.cumulated, format!("CAR {}", car.cumulated.window));
        assert_eq!(serde_json::to_value(found.window).unwrap(), expected["window"]);
        assert_eq!(found.days, found.window.days());
        assert_number(&name, found.value, &expected["value"]);
        assert_number(&format!("{name} se"), found.standard_error, &expected["se"]);
        assert_number(&format!("{name} t"), found.t, &expected["t"]);
        assert_number(&format!("{name} p"), found.p_value, &expected["p"]);
        assert_number(&format!("{name} low"), found.low, &expected["low"]);
        assert_number(&format!("{name} high"), found.high, &expected["high"]);
        assert_number(&format!("{name} BHAR"), found.bhar, &expected["bhar"]);
        assert_number(&format!("{name} t test"), p_value(&car.tests, "t"), &expected["p"]);
        assert_number(&format!("{name} placebo"), p_value(&car.tests, "placebo"), &expected["placebo"]["p"]);
        let placebo = car.tests.iter().find(|test| test.name == "placebo").unwrap();
        assert!(
            matches!(placebo.outcome, Outcome::Computed { n, .. } if Some(n as u64) == expected["placebo"]["draws"].as_u64()),
            "{name}"
        );
        for (test, key) in [("sample-quantile", "sample_quantile_p"), ("rank", "rank_p")] {
            match expected[key].as_f64() {
                Some(_) => assert_number(&format!("{name} {test}"), p_value(&car.tests, test), &expected[key]),
                None => assert_eq!(car.tests.iter().find(|found| found.name == test).and_then(TestOutcome::p_value), None, "{name} {test}"),
            }
        }
    }
    let paths = expected["cumulative"].as_array().unwrap();
    assert_eq!(event.cumulative.len(), paths.len());
    for (found, expected) in event.cumulative.iter().zip(paths) {
        let name = format!("path to day {}", found.window.last());
        assert_number(&name, found.value, &expected["value"]);
        assert_number(&name, found.standard_error, &expected["se"]);
        assert_number(&name, found.low, &expected["low"]);
        assert_number(&name, found.high, &expected["high"]);
    }
}

/// Parameters, abnormal returns with statsmodels' own prediction error, CARs with the t test of a sum of event-day dummies, placebo
/// draws with pandas' rolling sums, ranks.
#[test]
fn every_number_of_the_three_models_agrees_with_statsmodels() {
    let outside = outside();
    for (model, name) in [
        (ExpectedReturnModel::Market, "market"),
        (ExpectedReturnModel::MarketAdjusted, "market-adjusted"),
        (ExpectedReturnModel::ConstantMean, "constant-mean"),
    ] {
        let (result, expected) = (run(model), &outside["models"][name]);
        let event = &result.events[0];
        assert_eq!(event.session, Some(date(&outside["day_zero"])));
        assert_model(event, expected);
        let sessions: Vec<NaiveDate> = expected["sessions"].as_array().unwrap().iter().map(date).collect();
        assert_eq!(event.columns.sessions, sessions);
        assert_column("returns", &event.columns.actual, &expected["actual"]);
        assert_column("benchmark", &event.columns.benchmark, &expected["benchmark"]);
        assert_column("AR", &event.columns.ar, &expected["ar"]);
        assert_column("se of AR", &event.columns.ar_se, &expected["ar_se"]);
        assert_column("p of AR", &event.columns.ar_p, &expected["ar_p"]);
        assert_cars(event, expected);
        let (placebo, draws) = (event.placebo.as_ref().unwrap(), &expected["car"][0]["placebo"]);
        assert_eq!((Some(placebo.values.len() as u64), Some(placebo.hits as u64)), (draws["draws"].as_u64(), draws["hits"].as_u64()));
        assert_number("smallest draw", placebo.values.iter().copied().reduce(f64::min).unwrap(), &draws["smallest"]);
        assert_number("largest draw", placebo.values.iter().copied().reduce(f64::max).unwrap(), &draws["largest"]);
        assert_number("mean draw", placebo.values.iter().sum::<f64>() / placebo.values.len() as f64, &draws["mean"]);
    }
}

#[test]
fn the_residual_tests_agree_with_statsmodels() {
    let (result, expected) = (run(ExpectedReturnModel::Market), outside());
    let (found, expected) = (result.events[0].diagnostics.as_ref().unwrap(), &expected["residual_tests"]);
    let assert_test = |name: &str, found: Option<ResidualTest>| {
        let found = found.unwrap();
        assert_number(name, found.statistic, &expected[name][0]);
        // Of a p-value of 1e-53 only the relative gap says anything.
        assert_near(name, found.p_value, expected[name][1].as_f64().unwrap(), 0.0, RELATIVE);
    };
    assert_maybe("skewness", found.skewness, &expected["skewness"]);
    assert_maybe("kurtosis", found.kurtosis, &expected["kurtosis"]);
    assert_test("jarque_bera", found.jarque_bera);
    assert_test("ljung_box", found.ljung_box);
    assert_test("breusch_pagan", found.breusch_pagan);
    assert_test("arch", found.arch);
    assert_maybe("durbin_watson", found.durbin_watson, &expected["durbin_watson"]);
}

#[test]
fn abnormal_volume_agrees_with_the_forecast_of_a_regression_on_a_constant() {
    let (result, expected) = (run(ExpectedReturnModel::Market), outside());
    let (found, expected) = (result.events[0].volume.as_ref().unwrap(), &expected["volume"]);
    assert_eq!(Some(found.n as u64), expected["n"].as_u64());
    assert_number("usual", found.usual, &expected["usual"]);
    assert_number("low", found.low_ratio, &expected["low_ratio"]);
    assert_number("high", found.high_ratio, &expected["high_ratio"]);
    let column = |take: fn(&aftermove::volume::VolumeDay) -> f64| found.days.iter().map(|entry| Some(take(entry))).collect::<Vec<_>>();
    assert_column("ratio", &column(|entry| entry.ratio), &expected["ratio"]);
    assert_column("t", &column(|entry| entry.t), &expected["t"]);
    assert_column("p", &column(|entry| entry.p_value), &expected["p"]);
}

#[test]
fn performance_gaps_and_drawdowns_agree_with_pandas() {
    let (result, expected) = (run(ExpectedReturnModel::Market), outside());
    let (found, expected) = (result.events[0].performance.as_ref().unwrap(), &expected["performance"]);
    assert_eq!(found.base, date(&expected["base"]));
    assert_eq!(found.sessions, expected["sessions"].as_array().unwrap().iter().map(date).collect::<Vec<_>>());
    let securities = expected["securities"].as_array().unwrap();
    assert_eq!(found.securities.len(), securities.len());
    for (security, expected) in found.securities.iter().zip(securities) {
        let symbol = expected["symbol"].as_str().unwrap();
        assert_eq!(security.symbol, symbol);
        assert_maybe(symbol, security.beta, &expected["beta"]);
        assert_column("rebased", &security.rebased, &expected["rebased"]);
        assert_column("relative strength", &security.relative_strength, &expected["relative_strength"]);
        assert_column("drawdown", &security.drawdown, &expected["drawdown"]);
        let (deepest, fall) = (security.deepest.unwrap(), &expected["deepest"]);
        assert_number(symbol, deepest.depth, &fall["depth"]);
        assert_eq!((deepest.peak, deepest.trough), (date(&fall["peak"]), date(&fall["trough"])), "{symbol}");
        let periods = expected["periods"].as_array().unwrap();
        assert_eq!(security.periods.len(), periods.len());
        for (period, expected) in security.periods.iter().zip(periods) {
            let name = format!("{symbol} {}", period.period.words());
            assert_eq!((period.from, period.to), (Some(date(&expected["from"])), Some(date(&expected["to"]))), "{name}");
            assert_maybe(&name, period.security, &expected["return"]);
            assert_maybe(&name, period.benchmark, &expected["benchmark"]);
            assert_maybe(&format!("{name} gap"), period.gap_pp, &expected["gap_pp"]);
            assert_maybe(&format!("{name} relative"), period.relative, &expected["relative"]);
            assert_maybe(&format!("{name} beta-adjusted"), period.beta_adjusted_gap_pp, &expected["beta_adjusted_gap_pp"]);
        }
    }
}
