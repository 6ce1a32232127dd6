//! Robust errors, regressions of CARs, calendar-time alphas and long-horizon tests against other programs
//! (`tests/reference/robust_errors.py` writes the values and names the versions).

use aftermove::cross_section::{Design, DesignColumn, ErrorChoice, Formula, regress};
use aftermove::event::list::{Characteristic, CharacteristicValues, EventList};
use aftermove::inference::calendar_time_alpha::{AlphaKind, CalendarPortfolio, portfolio_alpha};
use aftermove::inference::long_horizon::{bhar_bootstrap, standardised_clustered};
use aftermove::inference::{Outcome, TestOutcome};
use aftermove::stats::robust::{ErrorStructure, Estimate, covariance};
use aftermove::stats::{ols, weighted};
use serde_json::Value;

/// statsmodels solves by a pseudo-inverse, which costs it digits where columns differ in size: of the calendar portfolio's alpha,
/// 1.2676762627359345e-3 in exact fractions, it has 12 (relative gap 7e-13), this library 15.
const SOLVED: f64 = 3e-12;
/// A p-value of t is off by about t² times what t is off by; measured 1.4e-11.
const TAIL: f64 = 1e-10;

fn reference() -> Value {
    serde_json::from_str(include_str!("../reference/robust_errors.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn integers(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|number| u32::try_from(number.as_u64().unwrap()).unwrap()).collect()
}

#[track_caller]
fn assert_close(name: &str, found: f64, expected: f64, tolerance: f64) {
    let gap = (found / expected - 1.0).abs();
    assert!(gap <= tolerance, "{name}: found {found:e}, expected {expected:e}, relative gap {gap:e}");
}

#[track_caller]
fn assert_estimates(name: &str, found: &[Option<Estimate>], expected: &Value, tolerance: f64) {
    let column = |key: &str| numbers(&expected[key]);
    assert_eq!(found.len(), column("t").len(), "{name}");
    for (place, estimate) in found.iter().enumerate() {
        let estimate = estimate.unwrap();
        let name = format!("{name}, coefficient {place}");
        assert_close(&name, estimate.value, column("coefficients")[place], tolerance);
        assert_close(&format!("{name}: error"), estimate.standard_error, column("standard_errors")[place], tolerance);
        assert_close(&format!("{name}: t"), estimate.t, column("t")[place], tolerance);
        assert_close(&format!("{name}: p"), estimate.p_value, column("p")[place], TAIL);
        // An end of the interval near 0 is a difference: held against the interval's length.
        let length = column("upper")[place] - column("lower")[place];
        assert!((estimate.interval.0 - column("lower")[place]).abs() < 10.0 * tolerance * length, "{name}: lower end");
        assert!((estimate.interval.1 - column("upper")[place]).abs() < 10.0 * tolerance * length, "{name}: upper end");
    }
}

#[test]
fn robust_errors_agree_with_statsmodels_linearmodels_and_r() {
    let reference = reference();
    let data = &reference["data"];
    let [y, size, ratio, tech] = ["y", "size", "ratio", "tech"].map(|name| numbers(&data[name]));
    let (day, firm) = (integers(&data["day"]), integers(&data["firm"]));
    let columns: [&[f64]; 3] = [&size, &ratio, &tech];
    let fit = ols::fit(&y, &columns, true).unwrap();
    for (name, structure, degrees) in [
        ("classical", ErrorStructure::Classical, 56),
        ("hc0", ErrorStructure::Hc0, 56),
        ("hc1", ErrorStructure::Hc1, 56),
        ("hc3", ErrorStructure::Hc3, 56),
        ("hac4", ErrorStructure::NeweyWest { lags: 4 }, 56),
        ("date", ErrorStructure::Clustered(&day), 10),
        ("firm", ErrorStructure::Clustered(&firm), 13),
        ("date-firm", ErrorStructure::TwoWay(&day, &firm), 10),
    ] {
        let found = covariance(&fit, &columns, structure).unwrap();
        assert_eq!(found.degrees_of_freedom, degrees, "{name}");
        assert_estimates(name, &found.estimates(&fit), &reference["plain"][name], SOLVED);
        for other in ["linearmodels", "R"] {
            if let Some(errors) = reference[other].get(name) {
                for (place, error) in numbers(errors).into_iter().enumerate() {
                    assert_close(&format!("{name} in {other}"), found.standard_errors()[place].unwrap(), error, SOLVED);
                }
            }
        }
    }
}

#[test]
fn formulas_give_the_regressions_that_patsy_and_statsmodels_give() {
    let reference = reference();
    let data = &reference["data"];
    let some = |name: &str| CharacteristicValues::Numbers(numbers(&data[name]).into_iter().map(Some).collect());
    let sectors = data["sector"].as_array().unwrap().iter().map(|text| Some(text.as_str().unwrap().to_owned())).collect();
    let column = |name: &str, values| Characteristic { name: name.to_owned(), values };
    let list = EventList {
        characteristics: vec![
            column("size", some("size")),
            column("ratio", some("ratio")),
            column("sector", CharacteristicValues::Texts(sectors)),
            column("day", some("day")),
        ],
        ..EventList::default()
    };
    let (cars, day, firm) = (numbers(&data["y"]), integers(&data["day"]), integers(&data["firm"]));
    let events: Vec<usize> = (0..cars.len()).collect();
    for (text, expected) in reference["formulas"].as_object().unwrap() {
        let formula = Formula::read(text).unwrap();
        formula.check(&list).unwrap();
        let design = Design::of(&formula, &list, &events);
        let found = regress(&cars, &design, ErrorChoice::Hc1, &day, &firm).unwrap();
        // Their names, put in our words; their order is categories first.
        let ours = |name: &str| {
            let name = name.replace("np.", "").replace("C(", "").replace(")[T.", " = ").replace(']', "");
            if name == "Intercept" { "intercept".to_owned() } else { name }
        };
        let names: Vec<String> = expected["names"].as_array().unwrap().iter().map(|name| ours(name.as_str().unwrap())).collect();
        assert_eq!(names.len(), found.coefficients.len(), "{text}");
        for (place, name) in names.iter().enumerate() {
            let coefficient = found.coefficients.iter().find(|held| held.name == *name).unwrap_or_else(|| panic!("{text}: no {name}"));
            assert_close(&format!("{text}: {name}"), coefficient.value, numbers(&expected["coefficients"])[place], SOLVED);
            let estimate = coefficient.estimate.unwrap();
            assert_close(
                &format!("{text}: error of {name}"),
                estimate.standard_error,
                numbers(&expected["standard_errors"])[place],
                SOLVED,
            );
            assert_close(&format!("{text}: p of {name}"), estimate.p_value, numbers(&expected["p"])[place], TAIL);
        }
        assert_close(&format!("{text}: R²"), found.r_squared.unwrap(), expected["r_squared"].as_f64().unwrap(), SOLVED);
        assert_close(
            &format!("{text}: adjusted R²"),
            found.adjusted_r_squared.unwrap(),
            expected["adjusted"].as_f64().unwrap(),
            10.0 * SOLVED,
        );
    }
}

#[test]
fn a_column_twice_is_left_out_by_its_name() {
    let numbers = |values: [f64; 6]| CharacteristicValues::Numbers(values.into_iter().map(Some).collect());
    let column = |name: &str, values| Characteristic { name: name.to_owned(), values };
    let list = EventList {
        characteristics: vec![
            column("size", numbers([1.0, 2.0, 3.0, 4.0, 5.0, 7.0])),
            column("double", numbers([2.0, 4.0, 6.0, 8.0, 10.0, 14.0])),
            column("same", numbers([3.0; 6])),
        ],
        ..EventList::default()
    };
    let design = Design::of(&Formula::read("size + double + same").unwrap(), &list, &[0, 1, 2, 3, 4, 5]);
    let cars = [0.1, 0.3, 0.2, 0.5, 0.4, 0.8];
    let found = regress(&cars, &design, ErrorChoice::Hc3, &[], &[]).unwrap();
    assert_eq!(found.collinear.len(), 2);
    assert!(found.collinear.contains(&"double".to_owned()) && found.collinear.contains(&"same".to_owned()));
    let one = regress(&cars[..2], &Design { rows: vec![0, 1], ..Design::default() }, ErrorChoice::Date, &[4, 4], &[1, 2]).unwrap_err();
    assert!(one.contains("1 cluster of 2 events"), "{one}");
    let size = DesignColumn { name: "size".to_owned(), values: vec![1.0, 2.0], is_dummy: false };
    let few = Design { columns: vec![size], ..Design::default() };
    assert!(
        regress(&cars[..2], &few, ErrorChoice::Hc1, &[], &[]).unwrap_err().contains("2 events without a gap can't carry 2 coefficients")
    );
}

#[test]
fn the_alpha_of_a_calendar_portfolio_agrees_with_statsmodels() {
    let reference = reference();
    let (data, expected) = (&reference["data"], &reference["calendar"]);
    let portfolio = CalendarPortfolio {
        returns: numbers(&data["portfolio"]),
        factors: data["factors"].as_array().unwrap().iter().map(numbers).collect(),
        held: integers(&data["held"]),
    };
    for (kind, name, values) in [
        (AlphaKind::Equal, "calendar-time-alpha", &expected["ols"]),
        (AlphaKind::EqualWeightedFit, "calendar-time-alpha-wls", &expected["wls"]),
    ] {
        let found = portfolio_alpha(&portfolio, kind).unwrap();
        assert_eq!((found.lags, found.periods, found.degrees_of_freedom), (expected["lags"].as_u64().unwrap() as usize, 240, 236));
        let estimates: Vec<Option<Estimate>> = std::iter::once(Some(found.alpha)).chain(found.loadings.clone()).collect();
        assert_estimates(name, &estimates, values, SOLVED);
        let Outcome::Computed { statistic, p_value, null, n } = found.test(kind).outcome else { panic!() };
        assert_eq!((found.test(kind).name, null.as_str(), n), (name, "t(236)", 240));
        assert_close(name, statistic, numbers(&values["t"])[0], SOLVED);
        assert_close(name, p_value, numbers(&values["p"])[0], TAIL);
    }
    // HC3 of a weighted regression: the leverage is that of the weighted rows.
    let factors: Vec<&[f64]> = portfolio.factors.iter().map(Vec::as_slice).collect();
    let weights: Vec<f64> = portfolio.held.iter().copied().map(f64::from).collect();
    let fit = weighted::fit(&portfolio.returns, &factors, &weights).unwrap();
    let columns: Vec<&[f64]> = fit.columns.iter().map(Vec::as_slice).collect();
    let found = covariance(&fit.regression, &columns, ErrorStructure::Hc3).unwrap();
    assert_estimates("weighted, HC3", &found.estimates(&fit.regression), &expected["wls_hc3"], SOLVED);
}

#[track_caller]
fn computed(outcome: &TestOutcome) -> (f64, f64, &str) {
    match &outcome.outcome {
        Outcome::Computed { statistic, p_value, null, .. } => (*statistic, *p_value, null),
        Outcome::Inapplicable { reason } => panic!("{} is inapplicable: {reason}", outcome.name),
    }
}

#[test]
fn the_pooled_standardised_test_agrees_with_sandwich() {
    let reference = reference();
    let (data, expected) = (&reference["data"], &reference["R"]["standardised_clustered"]);
    let found = standardised_clustered(&numbers(&data["pooled"]), &integers(&data["pooled_day"]), &integers(&data["pooled_firm"]));
    let (t, _, null) = computed(&found);
    // R prints 15 digits of sums in another order.
    assert_close("standardised-clustered", t, expected["t"].as_f64().unwrap(), 5e-13);
    assert_eq!((expected["days"].as_u64(), expected["firms"].as_u64(), null), (Some(83), Some(17), "t(16)"));
}

#[test]
fn the_bootstrap_of_bhars_approaches_the_share_among_all_samples() {
    let draws = 200_000;
    for row in reference()["bootstraps"].as_array().unwrap() {
        let found = bhar_bootstrap(&numbers(&row["values"]), draws, 11);
        let (statistic, p_value, null) = computed(&found);
        assert_close("bhar-bootstrap", statistic, row["statistic"].as_f64().unwrap(), SOLVED);
        assert!(null.starts_with("200000 bootstrap draws of "), "{null}");
        // Twice the smaller tail: four binomial standard errors of it.
        let tail = row["below"].as_f64().unwrap().min(row["above"].as_f64().unwrap());
        let margin = 2.0 * 4.0 * (tail * (1.0 - tail) / f64::from(u32::try_from(draws).unwrap())).sqrt();
        let expected = row["p_value"].as_f64().unwrap();
        assert!((p_value - expected).abs() < margin, "found {p_value}, expected {expected} ± {margin}");
    }
}
