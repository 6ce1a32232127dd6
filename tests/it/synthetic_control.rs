//! Synthetic controls against `tests/reference/synthetic_control.json`: weights by quadprog and scipy, the rest by numpy.

use std::fs;
use std::path::Path;

use aftermove::align::AlignmentRule;
use aftermove::calendar::{ShiftPolicy, Timing};
use aftermove::event::list::EventList;
use aftermove::event::{Event, EventId, Moment};
use aftermove::firm::{FirmRow, FirmTable, MatchRule, Trait};
use aftermove::inference::donor_placebo::{EventPlacebos, WindowEffect, donor_placebo, donor_placebo_groups};
use aftermove::inference::{Outcome, TestOutcome};
use aftermove::model::ExpectedReturnModel;
use aftermove::model::control::{ControlError, differences, fit_equal, fit_synthetic};
use aftermove::sample::{ControlDesign, DonorChoice, Matching, OverlapPolicy, Sample, SampleDesign, SampleError, SampleResult};
use aftermove::series::{PriceBook, PriceSeries, ReturnKind};
use aftermove::stats::simplex::{self, Products, SimplexError};
use aftermove::window::Windows;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use serde_json::Value;

pub(crate) fn reference() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/synthetic_control.json");
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|value| value.as_f64().unwrap()).collect()
}

pub(crate) fn columns(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn slices(columns: &[Vec<f64>]) -> Vec<&[f64]> {
    columns.iter().map(Vec::as_slice).collect()
}

fn near(what: &str, found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{what}: {found} instead of {expected}");
}

fn squares(target: &[f64], columns: &[&[f64]], weights: &[(usize, f64)]) -> f64 {
    let residual = |row: usize| target[row] - weights.iter().map(|(column, weight)| weight * columns[*column][row]).sum::<f64>();
    (0..target.len()).map(|row| residual(row).powi(2)).sum()
}

/// Returns are written with six decimals; the products lose about 1e-14 of the squares, weights that times the condition of the donors (below
/// 1e6 in every problem).
#[test]
fn weights_on_the_simplex_are_those_of_quadprog_and_scipy() {
    let reference = reference();
    let problems = reference["problems"].as_array().unwrap();
    assert_eq!(problems.len(), 7);
    for problem in problems {
        let name = problem["name"].as_str().unwrap();
        let (target, donors) = (numbers(&problem["target"]), columns(&problem["columns"]));
        let donors = slices(&donors);
        let found = simplex::fit(&target, &donors).unwrap();
        let own: f64 = target.iter().map(|value| value * value).sum();
        near(name, squares(&target, &donors, &found.weights), problem["squares"].as_f64().unwrap(), 1e-12 * own);
        near(name, found.weights.iter().map(|(_, weight)| weight).sum(), 1.0, 1e-12);
        assert!(found.weights.iter().all(|(_, weight)| *weight > 0.0) && found.gap < 1e-12, "{name}: {found:?}");
        if problem["unique"].as_bool().unwrap() {
            for (column, expected) in numbers(&problem["weights"]).iter().enumerate() {
                let held = found.weights.iter().find(|(place, _)| *place == column).map_or(0.0, |(_, weight)| *weight);
                near(&format!("{name}, donor {column}"), held, *expected, 1e-9);
            }
        }
    }
}

#[test]
fn a_mix_of_donors_is_found_again() {
    let reference = reference();
    let donors = columns(&reference["problems"][0]["columns"]);
    let donors = slices(&donors);
    for shares in [vec![(3, 1.0)], vec![(0, 0.25), (7, 0.75)], vec![(1, 0.2), (4, 0.3), (9, 0.1), (15, 0.4)]] {
        let target: Vec<f64> = (0..120).map(|row| shares.iter().map(|(column, share)| share * donors[*column][row]).sum()).collect();
        let found = simplex::fit(&target, &donors).unwrap();
        assert_eq!(found.weights.len(), shares.len(), "{found:?}");
        for ((column, share), (place, weight)) in shares.iter().zip(&found.weights) {
            assert_eq!(column, place);
            near("share", *weight, *share, 1e-10);
        }
        let series: Vec<&[f64]> = std::iter::once(target.as_slice()).chain(donors.iter().copied()).collect();
        let products = Products::of(&series).unwrap();
        let pool: Vec<usize> = (1..series.len()).collect();
        assert_eq!(fit_synthetic(&products, &series, 0, &pool), Err(ControlError::NoSpread));
    }
}

#[test]
fn of_donors_that_are_the_same_the_first_has_the_weight() {
    let (one, other) = ([0.01, -0.02, 0.03, 0.0], [0.02, 0.01, -0.01, 0.005]);
    let target = [0.016, -0.005, 0.01, 0.002];
    let alone = simplex::fit(&target, &[&one, &other]).unwrap();
    let twice = simplex::fit(&target, &[&one, &one, &other, &other, &one]).unwrap();
    for ((place, weight), (expected, share)) in twice.weights.iter().zip([(0, alone.weights[0].1), (2, alone.weights[1].1)]) {
        assert_eq!(*place, expected);
        near("weight", *weight, share, 1e-14);
    }
    assert_eq!(twice.weights.len(), 2);
    assert_eq!(simplex::fit(&[0.0; 3], &[&[0.0; 3], &[0.0; 3]]).unwrap().weights, vec![(0, 1.0)]);
}

#[test]
fn what_has_no_weights_says_why() {
    let row = [0.01, 0.02];
    assert_eq!(simplex::fit(&row, &[]), Err(SimplexError::NoColumn));
    assert_eq!(simplex::fit(&[], &[&[]]), Err(SimplexError::NoRow));
    assert_eq!(simplex::fit(&row, &[&row, &[0.01]]), Err(SimplexError::LengthsDiffer { series: 2, found: 1, expected: 2 }));
    assert!(matches!(simplex::fit(&row, &[&[0.01, f64::NAN]]), Err(SimplexError::NotFinite { series: 1, row: 1, .. })));
    assert!(matches!(simplex::fit(&[1e200, 0.0], &[&row]), Err(SimplexError::NotFinite { series: 0, row: 0, .. })));
    assert_eq!(Products::of(&[&row]).unwrap().nearest(0, &[1]), Err(SimplexError::NoSuchSeries { series: 1 }));
    assert_eq!(fit_equal(&[&row, &[0.0, 0.0]], 0, &[]), Err(ControlError::Weights(SimplexError::NoColumn)));
    assert_eq!(fit_equal(&[&row[..1], &[0.0]], 0, &[1]), Err(ControlError::TooFew { weights: 1, days: 1 }));
}

proptest! {
    /// Karush, Kuhn and Tucker: at the minimum no donor promises anything, and those with a weight promise the same.
    #[test]
    fn weights_on_the_simplex_are_a_minimum(
        rows in 1_usize..40,
        values in prop::collection::vec(prop_oneof![4 => -0.2_f64..0.2, 1 => Just(0.0), 1 => Just(0.05)], 40..2000),
        scale in prop_oneof![Just(1.0), Just(1e-6), Just(1e6)],
    ) {
        let series: Vec<Vec<f64>> = values.chunks_exact(rows).map(|chunk| chunk.iter().map(|value| scale * value).collect()).collect();
        prop_assume!(series.len() > 1);
        let donors = slices(&series[1..]);
        let found = simplex::fit(&series[0], &donors).unwrap();
        prop_assert!((found.weights.iter().map(|(_, weight)| weight).sum::<f64>() - 1.0).abs() < 1e-9);
        prop_assert!(found.weights.iter().all(|(_, weight)| *weight > 0.0));
        let residuals = differences(&donors, &series[0], &found.weights).unwrap();
        let promise = |column: &&[f64]| -> f64 { column.iter().zip(&residuals).map(|(value, residual)| value * residual).sum() };
        let promises: Vec<f64> = donors.iter().map(promise).collect();
        let largest = promises.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let unit: f64 = series.iter().map(|column| column.iter().map(|value| value * value).sum::<f64>()).fold(0.0, f64::max);
        for (column, _) in &found.weights {
            prop_assert!(largest - promises[*column] <= 1e-8 * unit, "{} of {}", largest - promises[*column], unit);
        }
    }
}

/// The panel of the reference with the numbers of its days.
struct Panel {
    estimation: Vec<Vec<f64>>,
    event: Vec<Vec<f64>>,
}

fn panel(study: &Value) -> Panel {
    let (zero, returns) = (study["zero"].as_i64().unwrap(), columns(&study["returns"]));
    let cut = |window: &Value| -> Vec<Vec<f64>> {
        let (first, last) = (zero + window[0].as_i64().unwrap(), zero + window[1].as_i64().unwrap());
        returns.iter().map(|column| column[first as usize..=last as usize].to_vec()).collect()
    };
    Panel { estimation: cut(&study["estimation"]), event: cut(&study["event"]) }
}

/// Errors of the sums: 1e-12 is some thousand roundings of returns.
#[test]
fn a_synthetic_control_and_its_placebos_are_those_of_numpy() {
    let reference = reference();
    let study = &reference["study"];
    let Panel { estimation, event } = panel(study);
    let (series, days) = (slices(&estimation), slices(&event));
    let products = Products::of(&series).unwrap();
    let effect = |target: usize, pool: &[usize], first: usize, last: usize| {
        let fit = fit_synthetic(&products, &series, target, pool).unwrap();
        let abnormal = differences(&days, days[target], &fit.weights).unwrap();
        (WindowEffect::of(&abnormal[first..=last], fit.before.error).unwrap(), fit)
    };
    let pool: Vec<usize> = (1..series.len()).collect();
    let expected = &study["control"];
    for (window, tests) in expected["windows"].as_array().unwrap().iter().zip(study["tests"].as_array().unwrap()) {
        let place = |side: usize| (window["window"][side].as_i64().unwrap() - study["event"][0].as_i64().unwrap()) as usize;
        let (first, last) = (place(0), place(1));
        let (own, fit) = effect(0, &pool, first, last);
        for (held, expected) in fit.weights.iter().zip(expected["weights"].as_array().unwrap()) {
            assert_eq!(held.0 as i64, expected[0].as_i64().unwrap());
            near("weight", held.1, expected[1].as_f64().unwrap(), 1e-10);
        }
        near("RMSPE", fit.before.error, expected["rmspe"].as_f64().unwrap(), 1e-12);
        near("R²", fit.before.r_squared.unwrap(), expected["r_squared"].as_f64().unwrap(), 1e-12);
        near("s", fit.sigma, expected["sigma"].as_f64().unwrap(), 1e-12);
        assert_eq!(fit.degrees_of_freedom as i64, expected["degrees_of_freedom"].as_i64().unwrap());
        near("CAR", own.car, window["car"].as_f64().unwrap(), 1e-12);
        near("RMSPE of the window", own.error, window["error"].as_f64().unwrap(), 1e-12);
        let sums: Vec<f64> = fit.weights.iter().map(|(donor, _)| days[*donor][first..=last].iter().sum()).collect();
        let variance = (last - first + 1) as f64 + fit.face.as_ref().unwrap().form(&sums).unwrap();
        near("standard error", fit.sigma * variance.sqrt(), window["se"].as_f64().unwrap(), 1e-11);
        let placebos: Vec<WindowEffect> = pool
            .iter()
            .map(|donor| {
                let others: Vec<usize> = pool.iter().copied().filter(|other| other != donor).collect();
                effect(*donor, &others, first, last).0
            })
            .collect();
        for (placebo, expected) in placebos.iter().zip(numbers(&tests["cars"])) {
            near("placebo's CAR", placebo.car, expected, 1e-11);
        }
        let [car, ratio] = donor_placebo(&own, &placebos);
        assert_eq!(car.p_value(), tests["p_car"].as_f64());
        assert_eq!(ratio.p_value(), tests["p_ratio"].as_f64());
        let Outcome::Computed { statistic, n, .. } = ratio.outcome else { panic!("{ratio:?}") };
        near("ratio", statistic, tests["ratio"].as_f64().unwrap(), 1e-10);
        assert_eq!(n, 24);
    }
}

#[test]
fn groups_of_placebos_approach_the_share_among_all_groups() {
    const DRAWS: usize = 99_999;
    let reference = reference();
    let (groups, control, tests) = (&reference["groups"], &reference["study"]["control"], &reference["study"]["tests"][0]);
    let effect = |car: f64, error_before: f64| WindowEffect { car, error: 0.0, error_before };
    let before = control["rmspe"].as_f64().unwrap();
    let (cars, errors) = (numbers(&tests["cars"]), numbers(&tests["errors_before"]));
    let scale = numbers(&groups["second_scale"]);
    let placebos = |change: &dyn Fn(f64, f64) -> WindowEffect| -> Vec<(u32, WindowEffect)> {
        (0..).zip(cars.iter().zip(&errors).map(|(car, error)| change(*car, *error))).collect()
    };
    let second = numbers(&groups["second_event"]);
    for (name, date) in [("two dates", 8), ("one date", 7)] {
        let events = [
            EventPlacebos { effect: effect(control["windows"][0]["car"].as_f64().unwrap(), before), date: 7, placebos: placebos(&effect) },
            EventPlacebos {
                effect: effect(second[0], second[1]),
                date,
                placebos: placebos(&|car, error| effect(scale[0] * car + scale[1], scale[2] * error)),
            },
        ];
        let found = donor_placebo_groups(&events, DRAWS, 1);
        let Outcome::Computed { statistic, p_value, .. } = found.outcome else { panic!("{found:?}") };
        near("φ", statistic, groups["statistic"].as_f64().unwrap(), 1e-14);
        let expected = groups["p"][name].as_f64().unwrap();
        // Four standard errors of so many draws.
        near(name, p_value, expected, 4.0 * (expected * (1.0 - expected) / DRAWS as f64).sqrt() + 1.0 / DRAWS as f64);
    }
}

#[test]
fn placebo_tests_that_have_no_p_value_say_why() {
    let effect = |error_before| WindowEffect { car: 0.1, error: 0.05, error_before };
    let reason = |test: &TestOutcome| match &test.outcome {
        Outcome::Inapplicable { reason } => reason.clone(),
        Outcome::Computed { .. } => panic!("{test:?}"),
    };
    let few = donor_placebo(&effect(0.01), &[effect(0.01); 18]);
    assert!(few.iter().all(|test| reason(test).contains("18 donors can be placebos, fewer than 19")), "{few:?}");
    let exact = donor_placebo(&effect(0.0), &[effect(0.01); 30]);
    assert!(exact[0].p_value().is_some() && reason(&exact[1]).contains("exact"), "{exact:?}");
    let without = EventPlacebos { effect: effect(0.01), date: 1, placebos: vec![(0, effect(0.0))] };
    assert!(reason(&donor_placebo_groups(&[without], 99, 1)).contains("event 1 of 1 has no donor"));
    assert!(reason(&donor_placebo_groups(&[], 99, 1)).contains("exact"));
    assert_eq!(WindowEffect::of(&[], 0.1), None);
}

// ── through the engine ──

fn name(number: usize) -> String {
    format!("F{number:02}")
}

fn dates(count: usize) -> Vec<NaiveDate> {
    let start: NaiveDate = "2021-01-04".parse().unwrap();
    (0_u64..).map(|day| start + Days::new(day)).filter(|date| !date.format("%a").to_string().starts_with('S')).take(count).collect()
}

/// The reference's panel as prices, with a benchmark that has the mean return.
fn book(returns: &[Vec<f64>]) -> PriceBook {
    let dates = dates(returns[0].len() + 1);
    let series = |values: &[f64]| {
        // The first session has a price and no return.
        let dated: Vec<_> = dates[1..].iter().copied().zip(values.iter().map(|value| Some(*value))).collect();
        PriceSeries::from_returns(&dated).unwrap()
    };
    let mut book = PriceBook::default();
    let mean: Vec<f64> =
        (0..returns[0].len()).map(|day| returns.iter().map(|column| column[day]).sum::<f64>() / returns.len() as f64).collect();
    book.insert("MARKET".to_owned(), series(&mean)).unwrap();
    for (number, column) in returns.iter().enumerate() {
        book.insert(name(number), series(column)).unwrap();
    }
    book
}

fn event(id: &str, symbol: usize, date: NaiveDate) -> Event {
    Event { id: EventId::new(id), symbol: name(symbol), moment: Moment::Day(date, Timing::During), group: None, title: None }
}

fn control_design(model: ExpectedReturnModel) -> SampleDesign {
    let rule = AlignmentRule {
        windows: Windows::new("-120..-11".parse().unwrap(), "-5..5".parse().unwrap()).unwrap(),
        returns: ReturnKind::Simple,
        shift: ShiftPolicy::Next,
        largest_shift: 5,
        least_estimation: 30,
        allowed_missing: 0,
        exchange: None,
    };
    let windows = vec!["0..1".parse().unwrap(), "-5..5".parse().unwrap()];
    SampleDesign { model, draws: 199, seed: 1, event_tests: true, ..SampleDesign::plain("MARKET", rule, windows) }
}

fn study(design: SampleDesign, events: &[Event], book: &PriceBook) -> Result<SampleResult, SampleError> {
    Sample::new(design, EventList::from_events(events))?.run(book, Default::default(), |_| ())
}

/// Prices are cumulated returns, so that returns come back to about 1e-15.
const ROUNDING: f64 = 1e-11;

#[test]
fn a_study_with_synthetic_controls_gives_the_reference_weights_cars_and_placebo_tests() {
    let reference = reference();
    let (held, returns) = (&reference["study"], columns(&reference["study"]["returns"]));
    let (zero, expected) = (held["zero"].as_u64().unwrap() as usize, &held["control"]);
    let date = dates(returns[0].len() + 1)[zero + 1];
    let result = study(control_design(ExpectedReturnModel::SyntheticControl), &[event("one", 0, date)], &book(&returns)).unwrap();
    let controls = &result.events.controls[0];
    assert_eq!((controls.eligible, controls.donors, controls.placebos.len(), controls.placebos_left_out), (24, 24, 24, 0));
    let wanted = expected["weights"].as_array().unwrap();
    assert_eq!(controls.weights.len(), wanted.len());
    for weight in wanted {
        let symbol = name(weight[0].as_u64().unwrap() as usize);
        let found = controls.weights.iter().find(|control| control.symbol == symbol).unwrap();
        near(&symbol, found.weight, weight[1].as_f64().unwrap(), 1e-9);
    }
    assert!(controls.weights.is_sorted_by(|one, other| one.weight >= other.weight));
    near("RMSPE", controls.error, expected["rmspe"].as_f64().unwrap(), ROUNDING);
    near("R²", controls.r_squared.unwrap(), expected["r_squared"].as_f64().unwrap(), 1e-10);
    near("s", result.events.sigma[0], expected["sigma"].as_f64().unwrap(), ROUNDING);
    assert_eq!(result.events.degrees_of_freedom[0] as u64, expected["degrees_of_freedom"].as_u64().unwrap());
    assert!(result.events.slopes[0].is_empty() && result.events.r_squared[0].is_none());
    for (place, window) in expected["windows"].as_array().unwrap().iter().enumerate() {
        let found = &result.events.windows[place];
        near("CAR", found.car[0], window["car"].as_f64().unwrap(), ROUNDING);
        near("standard error", found.standard_error[0], window["se"].as_f64().unwrap(), ROUNDING);
        near("BHAR", found.bhar[0], window["bhar"].as_f64().unwrap(), ROUNDING);
        let tests = &result.events.tests[0][place];
        let p_value = |name: &str| tests.iter().find(|test| test.name == name).unwrap().p_value();
        assert_eq!(p_value("donor-placebo"), held["tests"][place]["p_car"].as_f64());
        assert_eq!(p_value("donor-placebo-rmspe"), held["tests"][place]["p_ratio"].as_f64());
    }
    near("path", *controls.cumulative.last().unwrap(), expected["windows"][1]["car"].as_f64().unwrap(), ROUNDING);
    for (column, value) in result.events.days.iter().zip(numbers(&expected["abnormal"])) {
        near("AR", column.abnormal[0], value, ROUNDING);
    }
    let groups = &result.groups[0].windows[0].tests.iter().find(|test| test.test.name == "donor-placebo-groups").unwrap().test;
    assert!(groups.p_value().unwrap() >= 1.0 / 25.0, "24 donors make no more than 24 groups of one: {groups:?}");
    near("φ of one event is its CAR", groups.statistic().unwrap(), expected["windows"][0]["car"].as_f64().unwrap(), ROUNDING);
    let summary = result.controls.unwrap();
    assert!(summary.synthetic && summary.trimmed == 0 && summary.eligible.least == 24.0, "{summary:?}");
}

#[test]
fn matched_firms_give_the_reference_cars() {
    let reference = reference();
    let returns = columns(&reference["study"]["returns"]);
    let date = dates(returns[0].len() + 1)[reference["study"]["zero"].as_u64().unwrap() as usize + 1];
    let comparisons = reference["comparison"].as_array().unwrap();
    assert_eq!(comparisons.len(), 2);
    for comparison in comparisons {
        let firms: Vec<usize> = comparison["firms"].as_array().unwrap().iter().map(|firm| firm.as_u64().unwrap() as usize).collect();
        // Sizes that make these firms the nearest ones.
        let size = |firm: usize| firms.iter().position(|held| *held == firm).map_or(50.0 + firm as f64, |place| 1.0 + place as f64 / 10.0);
        let row =
            |firm: usize| FirmRow { symbol: name(firm), date: None, cells: vec![Trait::Number(if firm == 0 { 1.0 } else { size(firm) })] };
        let table = FirmTable::new(vec!["size".to_owned()], (0..returns.len()).map(row).collect()).unwrap();
        let rule = MatchRule { on: vec!["size".to_owned()], ..MatchRule::default() };
        let model = match firms.len() {
            1 => ExpectedReturnModel::ComparisonFirm,
            count => ExpectedReturnModel::ComparisonPortfolio { firms: count as u8 },
        };
        let design = SampleDesign {
            controls: ControlDesign { matching: Some(Matching { table, rule }), ..ControlDesign::default() },
            ..control_design(model)
        };
        let result = study(design, &[event("one", 0, date)], &book(&returns)).unwrap();
        let controls = &result.events.controls[0];
        assert_eq!(
            controls.weights.iter().map(|control| control.symbol.clone()).collect::<Vec<_>>(),
            firms.iter().map(|firm| name(*firm)).collect::<Vec<_>>()
        );
        assert!(controls.weights.iter().all(|control| control.distance.is_some()) && controls.placebos.is_empty());
        near("RMSPE", controls.error, comparison["rmspe"].as_f64().unwrap(), ROUNDING);
        near("s", result.events.sigma[0], comparison["sigma"].as_f64().unwrap(), ROUNDING);
        assert_eq!(result.events.degrees_of_freedom[0], 109);
        for (found, window) in result.events.windows.iter().zip(comparison["windows"].as_array().unwrap()) {
            near("CAR", found.car[0], window["car"].as_f64().unwrap(), ROUNDING);
            near("standard error", found.standard_error[0], window["se"].as_f64().unwrap(), ROUNDING);
            near("BHAR", found.bhar[0], window["bhar"].as_f64().unwrap(), ROUNDING);
        }
        assert!(result.events.tests[0][0].iter().all(|test| !test.name.starts_with("donor")), "matched firms have no placebos");
    }
}

#[test]
fn a_security_with_an_event_in_the_window_is_no_donor_and_the_pool_is_the_one_asked_for() {
    let returns = columns(&reference()["study"]["returns"]);
    let (book, dates) = (book(&returns), dates(returns[0].len() + 1));
    let run = |events: &[Event], controls: ControlDesign| {
        let design = SampleDesign { controls, ..control_design(ExpectedReturnModel::SyntheticControl) };
        study(design, events, &book)
    };
    let all = ControlDesign::default;
    // The second event's window touches that of the first on one session.
    let two = run(&[event("one", 0, dates[125]), event("two", 5, dates[130])], all()).unwrap();
    assert_eq!((two.events.controls[0].eligible, two.events.controls[1].eligible), (23, 23));
    assert!(two.events.controls[0].placebos.iter().all(|donor| donor.symbol != "F05"));
    let few = run(&[event("one", 0, dates[131])], ControlDesign { most_donors: 7, ..all() }).unwrap();
    assert_eq!((few.events.controls[0].eligible, few.events.controls[0].donors), (24, 7));
    assert_eq!(few.controls.unwrap().trimmed, 1);
    let named = ControlDesign { donors: DonorChoice::Named(vec!["F03".to_owned(), "F09".to_owned(), "F03".to_owned()]), ..all() };
    let named = run(&[event("one", 0, dates[131])], named).unwrap();
    assert_eq!(named.events.controls[0].eligible, 2);
    let Outcome::Inapplicable { reason } = &named.events.tests[0][0].iter().find(|test| test.name == "donor-placebo").unwrap().outcome
    else {
        panic!("two donors are no test")
    };
    assert!(reason.contains("2 donors can be placebos"), "{reason}");
    let donors =
        |names: &[&str]| ControlDesign { donors: DonorChoice::Named(names.iter().map(|name| (*name).to_owned()).collect()), ..all() };
    assert!(matches!(run(&[event("one", 0, dates[131])], donors(&["NONE"])), Err(SampleError::Donor(_))));
    assert!(matches!(run(&[event("one", 0, dates[131])], donors(&["MARKET"])), Err(SampleError::BenchmarkDonor { .. })));
    let alone = run(&[event("one", 0, dates[131])], donors(&["F00"])).unwrap_err().to_string();
    assert!(alone.contains("no donor: no other security"), "{alone}");
    // With one donor it is the market-adjusted model on that donor.
    let single = run(&[event("one", 0, dates[131])], donors(&["F03"])).unwrap();
    let adjusted = SampleDesign { benchmark: "F03".to_owned(), ..control_design(ExpectedReturnModel::MarketAdjusted) };
    let adjusted = study(adjusted, &[event("one", 0, dates[131])], &book).unwrap();
    near("CAR", single.events.windows[0].car[0], adjusted.events.windows[0].car[0], 1e-14);
    near("standard error", single.events.windows[0].standard_error[0], adjusted.events.windows[0].standard_error[0], 1e-14);
    assert_eq!(single.events.degrees_of_freedom, adjusted.events.degrees_of_freedom);
}

#[test]
fn a_twin_among_the_donors_is_an_exclusion_and_a_mix_of_log_returns_an_error() {
    let mut returns = columns(&reference()["study"]["returns"]);
    let dates = dates(returns[0].len() + 1);
    returns.push(returns[0].clone());
    let twins = book(&returns);
    let events = [event("twin", 0, dates[131]), event("other", 4, dates[131])];
    let result = study(control_design(ExpectedReturnModel::SyntheticControl), &events, &twins).unwrap();
    assert_eq!((result.exclusions.len(), result.exclusions[0].kind), (1, "no control securities"));
    assert!(result.exclusions[0].reason.contains("leave the security's twin out"), "{}", result.exclusions[0].reason);
    let log = AlignmentRule { returns: ReturnKind::Log, ..control_design(ExpectedReturnModel::SyntheticControl).rule };
    let design = SampleDesign { rule: log, ..control_design(ExpectedReturnModel::SyntheticControl) };
    assert!(matches!(study(design, &events, &twins), Err(SampleError::LogMix { .. })));
    let design = control_design(ExpectedReturnModel::ComparisonFirm);
    let message = study(design, &events, &twins).unwrap_err().to_string();
    assert!(message.contains("comparison-firm needs firms") && message.contains("--firms"), "{message}");
}
