//! The stats room against other programs (`tests/outside/statistics.py` writes the values and names the versions), against
//! values certified by NIST, and against closed forms.

use std::f64::consts::PI;

use aftermove::stats::ols::{self, RegressionError};
use aftermove::stats::{moment, rank, residual, tail};
use proptest::prelude::*;
use serde_json::Value;

/// Tails and quantiles: the references are right to the last bit; cdflib's authors claim 14 digits, and in the farthest tails the
/// exponent alone (ln P = −690) takes up to three of sixteen. Measured: 4.5e-14 at worst.
const TAIL: f64 = 2e-13;
/// Sums of 80 terms in another order than numpy's, then a division: a few hundred roundings of 1e-16 at most.
const SUM: f64 = 1e-12;
/// Regressions: statsmodels works on the raw columns, one of which has its mean 77 times its spread, whose square (6e3) is what
/// its covariance loses; and a small R² is a difference from 1. Measured: 1.4e-12 at worst.
const REGRESSION: f64 = 1e-11;

fn outside() -> Value {
    serde_json::from_str(include_str!("../outside/statistics.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

#[track_caller]
fn assert_close(name: &str, found: f64, expected: f64, tolerance: f64) {
    let gap = if expected == 0.0 { found.abs() } else { (found / expected - 1.0).abs() };
    assert!(gap <= tolerance, "{name}: found {found:e}, expected {expected:e}, relative gap {gap:e}");
}

#[track_caller]
fn assert_all_close(name: &str, found: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(found.len(), expected.len(), "{name}");
    for (position, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert_close(&format!("{name}[{position}]"), *found, *expected, tolerance);
    }
}

#[test]
fn tails_and_quantiles_agree_with_forty_digits() {
    let tails = &outside()["tails"];
    for row in rows(&tails["normal_survival"]) {
        assert_close(&format!("normal survival {row:?}"), tail::normal_survival(row[0]).unwrap(), row[1], TAIL);
    }
    for row in rows(&tails["student_survival"]) {
        assert_close(&format!("Student survival {row:?}"), tail::student_survival(row[0], row[1]).unwrap(), row[2], TAIL);
    }
    for row in rows(&tails["chi_squared_survival"]) {
        assert_close(&format!("χ² survival {row:?}"), tail::chi_squared_survival(row[0], row[1]).unwrap(), row[2], TAIL);
    }
    for row in rows(&tails["normal_quantile"]) {
        assert_close(&format!("normal quantile {row:?}"), tail::normal_quantile(row[0]).unwrap(), row[1], TAIL);
    }
    for row in rows(&tails["student_quantile"]) {
        assert_close(&format!("Student quantile {row:?}"), tail::student_quantile(row[0], row[1]).unwrap(), row[2], TAIL);
    }
}

#[test]
fn two_sided_p_values_double_the_upper_tail_of_either_sign() {
    for row in rows(&outside()["tails"]["student_survival"]).iter().filter(|row| row[0] > 0.0) {
        let expected = 2.0 * row[2];
        assert_close("positive", tail::two_sided_student(row[0], row[1]).unwrap(), expected, TAIL);
        assert_close("negative", tail::two_sided_student(-row[0], row[1]).unwrap(), expected, TAIL);
    }
    // 2 P(Z > 10), twice the value of normal_survival's row: 1 − cdf would give 0.
    assert_close("z = −10", tail::two_sided_normal(-10.0).unwrap(), 1.523970604832105e-23, TAIL);
    assert_eq!(tail::two_sided_normal(0.0), Some(1.0));
    assert_eq!(tail::two_sided_student(0.0, 7.0), Some(1.0));
}

#[test]
fn arguments_outside_the_domain_have_no_probability() {
    for degrees in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(tail::student_survival(1.0, degrees), None);
        assert_eq!(tail::two_sided_student(1.0, degrees), None);
        assert_eq!(tail::chi_squared_survival(1.0, degrees), None);
        assert_eq!(tail::student_quantile(0.9, degrees), None);
    }
    for p in [0.0, 1.0, -0.1, 1.1, f64::NAN] {
        assert_eq!(tail::normal_quantile(p), None);
        assert_eq!(tail::student_quantile(p, 5.0), None);
    }
    assert_eq!(tail::normal_survival(f64::NAN), None);
    assert_eq!(tail::two_sided_normal(f64::NAN), None);
    assert_eq!(tail::student_survival(f64::NAN, 5.0), None);
    assert_eq!(tail::chi_squared_survival(f64::NAN, 5.0), None);
}

#[test]
fn infinite_statistics_have_tails_of_zero_and_one() {
    assert_eq!(tail::normal_survival(f64::INFINITY), Some(0.0));
    assert_eq!(tail::normal_survival(f64::NEG_INFINITY), Some(1.0));
    assert_eq!(tail::student_survival(f64::INFINITY, 3.0), Some(0.0));
    assert_eq!(tail::student_survival(f64::NEG_INFINITY, 3.0), Some(1.0));
    assert_eq!(tail::chi_squared_survival(f64::INFINITY, 3.0), Some(0.0));
    assert_eq!(tail::chi_squared_survival(-2.0, 3.0), Some(1.0));
}

#[test]
fn a_student_quantile_beyond_the_largest_number_is_none() {
    // Half a degree of freedom: P(T > t) falls as t^−½, so the 1e-300 tail begins near 1e600.
    assert_eq!(tail::student_quantile(1e-300, 0.5), None);
}

#[test]
fn moments_agree_with_numpy_and_scipy() {
    let outside = outside();
    let (first, response) = (numbers(&outside["data"]["first"]), numbers(&outside["data"]["response"]));
    let expected = |name: &str| outside["moments"][name].as_f64().unwrap();
    assert_close("mean", moment::mean(&response).unwrap(), expected("mean"), SUM);
    assert_close("variance", moment::variance(&response).unwrap(), expected("variance"), SUM);
    assert_close("sd", moment::standard_deviation(&response).unwrap(), expected("standard_deviation"), SUM);
    assert_close("skewness", moment::skewness(&response).unwrap(), expected("skewness"), SUM);
    assert_close("kurtosis", moment::kurtosis(&response).unwrap(), expected("kurtosis"), SUM);
    assert_close("correlation", moment::correlation(&first, &response).unwrap(), expected("correlation"), SUM);
}

#[test]
fn moments_of_too_few_or_constant_values_do_not_exist() {
    assert_eq!(moment::mean(&[]), None);
    assert_eq!(moment::variance(&[1.0]), None);
    assert_eq!(moment::skewness(&[1.0, 2.0]), None);
    assert_eq!(moment::kurtosis(&[1.0, 2.0, 4.0]), None);
    // A tenth isn't a binary fraction: a mean that isn't corrected differs from it and leaves a variance.
    let constant = [0.1; 7];
    assert_eq!(moment::mean(&constant), Some(0.1));
    assert_eq!(moment::variance(&constant), Some(0.0));
    assert_eq!(moment::skewness(&constant), None);
    assert_eq!(moment::kurtosis(&constant), None);
    assert_eq!(moment::correlation(&constant, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]), None);
    assert_eq!(moment::correlation(&[1.0, 2.0], &[1.0, 2.0, 3.0]), None);
    assert_eq!(moment::mean(&[1.0, f64::NAN]), None);
    assert_eq!(moment::variance(&[1.0, f64::INFINITY]), None);
}

#[test]
fn the_variance_keeps_its_digits_under_a_large_level() {
    // NIST StRD univariate set NumAcc4 (https://www.itl.nist.gov/div898/strd/univ/numacc4.html, higher level of difficulty): one
    // value 10000000.2, then 500 pairs of 10000000.1 and 10000000.3; certified mean 10000000.2, standard deviation 0.1 (exact).
    // The tolerance is of the data: a tenth at a level of 1e7 is stored to 1e-9, a hundred-millionth of the deviation.
    let values: Vec<f64> = std::iter::once(10_000_000.2).chain([10_000_000.1, 10_000_000.3].into_iter().cycle().take(1000)).collect();
    assert_eq!(values.len(), 1001);
    assert_close("mean", moment::mean(&values).unwrap(), 10_000_000.2, 1e-15);
    assert_close("sd", moment::standard_deviation(&values).unwrap(), 0.1, 2e-8);
}

#[test]
fn regressions_agree_with_nist_certified_values() {
    // NIST gives 15 digits. Longley's regressors have a condition number of 5e9 as they stand, of 110 centred and scaled, and the
    // intercept is a sum of terms as large as itself: 1e-12 leaves them two digits. Measured: 5e-14 at worst.
    for set in outside()["nist"].as_array().unwrap() {
        let name = set["name"].as_str().unwrap();
        let regressors = rows(&set["regressors"]);
        let columns: Vec<&[f64]> = regressors.iter().map(Vec::as_slice).collect();
        let fitted = ols::fit(&numbers(&set["response"]), &columns, set["intercept"].as_bool().unwrap()).unwrap();
        assert_all_close(name, &fitted.coefficients, &numbers(&set["coefficients"]), 1e-12);
        assert_all_close(name, &fitted.standard_errors(), &numbers(&set["standard_errors"]), 1e-12);
        assert_close(name, fitted.residual_variance.sqrt(), set["residual_standard_deviation"].as_f64().unwrap(), 1e-12);
        assert_close(name, fitted.r_squared.unwrap(), set["r_squared"].as_f64().unwrap(), 1e-14);
    }
}

#[test]
fn regressions_agree_with_statsmodels_with_and_without_an_intercept() {
    let outside = outside();
    let [first, second, response] = ["first", "second", "response"].map(|name| numbers(&outside["data"][name]));
    let hundredths: Vec<f64> = second.iter().map(|value| value / 100.0).collect();
    for (name, regressors) in [("with_intercept", [&first[..], &second[..]]), ("through_origin", [&first[..], &hundredths[..]])] {
        let expected = &outside[name];
        let fitted = ols::fit(&response, &regressors, expected["intercept"].as_bool().unwrap()).unwrap();
        assert_all_close(name, &fitted.coefficients, &numbers(&expected["coefficients"]), REGRESSION);
        assert_all_close(name, &fitted.standard_errors(), &numbers(&expected["standard_errors"]), REGRESSION);
        assert_eq!(fitted.degrees_of_freedom as u64, expected["degrees_of_freedom"].as_u64().unwrap());
        assert_close(name, fitted.residual_variance, expected["residual_variance"].as_f64().unwrap(), REGRESSION);
        assert_close(name, fitted.r_squared.unwrap(), expected["r_squared"].as_f64().unwrap(), REGRESSION);
        assert_all_close(name, fitted.unscaled_covariance.as_slice(), &numbers(&expected["unscaled_covariance"]), REGRESSION);
        // The second row with an intercept is the sum of three forecasts: its first value is 3.
        let forms: Vec<f64> = rows(&expected["at"]).iter().map(|at| fitted.quadratic_form(at).unwrap()).collect();
        assert_all_close(name, &forms, &numbers(&expected["quadratic_form"]), REGRESSION);
    }
}

#[test]
fn residual_tests_agree_with_statsmodels() {
    let outside = outside();
    let expected = &outside["residual_tests"];
    let residuals = numbers(&expected["residuals"]);
    let (first, second) = (numbers(&outside["data"]["first"]), numbers(&outside["data"]["second"]));
    let check = |name: &str, found: residual::TestValue, statistic: f64, p_value: f64| {
        assert_close(name, found.statistic, statistic, REGRESSION);
        assert_close(name, found.p_value, p_value, REGRESSION);
    };
    let pair = |name: &str| numbers(&expected[name]);
    check("Jarque–Bera", residual::jarque_bera(&residuals).unwrap(), pair("jarque_bera")[0], pair("jarque_bera")[1]);
    let pagan = residual::breusch_pagan(&residuals, &[&first, &second]).unwrap();
    check("Breusch–Pagan", pagan, pair("breusch_pagan")[0], pair("breusch_pagan")[1]);
    for row in rows(&expected["ljung_box"]) {
        check("Ljung–Box", residual::ljung_box(&residuals, row[0] as usize).unwrap(), row[1], row[2]);
    }
    for row in rows(&expected["arch_lm"]) {
        check("ARCH", residual::arch_lm(&residuals, row[0] as usize).unwrap(), row[1], row[2]);
    }
    let statistic = residual::durbin_watson(&residuals).unwrap();
    assert_close("Durbin–Watson", statistic, expected["durbin_watson"].as_f64().unwrap(), SUM);
}

#[test]
fn residual_tests_without_enough_to_go_on_do_not_exist() {
    let few = [0.1, -0.2, 0.3];
    assert_eq!(residual::jarque_bera(&few), None);
    assert_eq!(residual::ljung_box(&few, 0), None);
    assert_eq!(residual::ljung_box(&few, 3), None);
    assert!(residual::ljung_box(&few, 2).is_some());
    assert_eq!(residual::ljung_box(&[0.5; 9], 2), None);
    assert_eq!(residual::arch_lm(&few, 0), None);
    assert_eq!(residual::arch_lm(&few, 1), None);
    assert_eq!(residual::arch_lm(&few, 9), None);
    assert_eq!(residual::breusch_pagan(&few, &[]), None);
    assert_eq!(residual::breusch_pagan(&few, &[&[1.0, 2.0]]), None);
    // Squares that don't vary leave nothing to explain.
    assert_eq!(residual::breusch_pagan(&[1.0, -1.0, 1.0, -1.0], &[&[1.0, 2.0, 3.0, 5.0]]), None);
    assert_eq!(residual::durbin_watson(&[0.1]), None);
    assert_eq!(residual::durbin_watson(&[0.0, 0.0]), None);
}

#[test]
fn impossible_regressions_say_why() {
    let response = [1.0, 2.0, 4.0, 3.0];
    assert_eq!(ols::fit(&response, &[], false).unwrap_err(), RegressionError::NoRegressors);
    assert_eq!(
        ols::fit(&response, &[&[1.0, 2.0, 3.0]], true).unwrap_err(),
        RegressionError::LengthsDiffer { regressor: 0, found: 3, expected: 4 }
    );
    assert_eq!(
        ols::fit(&response[..2], &[&[1.0, 2.0]], true).unwrap_err(),
        RegressionError::TooFewObservations { observations: 2, coefficients: 2 }
    );
    assert_eq!(
        ols::fit(&[1.0, f64::INFINITY, 2.0], &[&[1.0, 2.0, 3.0]], true).unwrap_err(),
        RegressionError::ResponseNotFinite { row: 1, value: f64::INFINITY }
    );
    let error = ols::fit(&response, &[&[1.0, 2.0, 3.0, f64::NAN]], true).unwrap_err();
    assert_eq!(error.to_string(), "row 3 of regressor 0 is NaN: leave the row out");
    assert_eq!(ols::fit(&[1e200, -1e200, 3e200], &[&[1.0, 2.0, 4.0]], true).unwrap_err(), RegressionError::OutOfRange);
}

#[test]
fn collinear_regressors_are_found_in_any_unit() {
    let response = [1.0, 2.0, 4.0, 3.0, 6.0];
    let moves = [0.01, -0.02, 0.005, 0.013, -0.007];
    for unit in [1e-200, 1e-12, 1.0, 1e12, 1e200] {
        let first = moves.map(|value| value * unit);
        // 0.1 + 3x is off the exact combination by rounding, 1e-15 of its spread.
        let combination = moves.map(|value| 0.1 + 3.0 * value);
        assert_eq!(ols::fit(&response, &[&first, &combination], true).unwrap_err(), RegressionError::Collinear { regressor: 1 });
    }
    assert_eq!(ols::fit(&response, &[&[0.1; 5]], true).unwrap_err(), RegressionError::Collinear { regressor: 0 });
    assert_eq!(ols::fit(&response, &[&moves, &[0.0; 5]], false).unwrap_err(), RegressionError::Collinear { regressor: 1 });
    // Neither a small unit nor a level far above the spread makes a regressor collinear.
    for (level, unit) in [(0.0, 1e-12), (1e4, 1.0), (-3e5, 1.0), (0.0, 1e12)] {
        let squares = moves.map(|value| level + unit * value * value);
        assert!(ols::fit(&response, &[&moves, &squares], true).is_ok(), "level {level}, unit {unit}");
    }
    // A constant regressor is a fine one where there is no intercept.
    assert!(ols::fit(&response, &[&[0.1; 5]], false).is_ok());
}

#[test]
fn a_regression_on_the_intercept_alone_is_the_mean() {
    let response = [1.0, 2.0, 4.0, 3.5];
    let fitted = ols::fit(&response, &[], true).unwrap();
    assert_eq!(fitted.coefficients, [2.625]);
    assert_eq!(fitted.degrees_of_freedom, 3);
    assert_close("s²", fitted.residual_variance, moment::variance(&response).unwrap(), 1e-15);
    assert_eq!(fitted.r_squared, Some(0.0));
    // The mean of n adds s²/n to a forecast's variance.
    assert_eq!(fitted.quadratic_form(&[1.0]), Some(0.25));
    assert_eq!(fitted.quadratic_form(&[1.0, 2.0]), None);
}

#[test]
fn a_response_that_does_not_vary_has_no_r_squared() {
    let fitted = ols::fit(&[0.1; 5], &[&[1.0, 2.0, 3.0, 5.0, 8.0]], true).unwrap();
    assert_eq!(fitted.r_squared, None);
    assert_eq!(fitted.coefficients, [0.1, 0.0]);
}

#[test]
fn midranks_and_quantiles_agree_with_scipy_and_numpy() {
    let outside = outside();
    let tied = numbers(&outside["ranks"]["tied"]);
    let expected = numbers(&outside["ranks"]["midranks"]);
    // Ranks are whole or half: exact.
    assert_eq!(rank::midranks(&tied).unwrap(), expected);
    for (position, (value, midrank)) in tied.iter().zip(&expected).enumerate() {
        assert_eq!(rank::rank_of(*value, &tied).unwrap().within(), Some(*midrank));
        let mut others = tied.clone();
        others.remove(position);
        assert_eq!(rank::rank_of(*value, &others).unwrap().joining(), *midrank);
    }
    let mut ascending = numbers(&outside["data"]["response"]);
    ascending.sort_by(f64::total_cmp);
    for row in rows(&outside["ranks"]["quantiles"]) {
        // One interpolation between two values of one sign: the last digits.
        assert_close("quantile", rank::sample_quantile(&ascending, row[0]).unwrap(), row[1], 1e-14);
    }
}

#[test]
fn ranks_count_and_refuse_what_has_no_order() {
    let found = rank::rank_of(2.0, &[3.0, 1.0, 2.0, 2.0]).unwrap();
    assert_eq!((found.below, found.equal, found.above), (1, 2, 1));
    assert_eq!(rank::rank_of(2.0, &[]).unwrap().joining(), 1.0);
    assert_eq!(rank::rank_of(2.0, &[]).unwrap().within(), None);
    assert_eq!(rank::rank_of(f64::NAN, &[1.0]), None);
    assert_eq!(rank::rank_of(1.0, &[1.0, f64::NAN]), None);
    assert_eq!(rank::midranks(&[1.0, f64::NAN]), None);
    assert_eq!(rank::midranks(&[-0.0, 0.0]), Some(vec![1.5, 1.5]));
    assert_eq!(rank::sample_quantile(&[], 0.5), None);
    assert_eq!(rank::sample_quantile(&[2.0, 1.0], 0.5), None);
    assert_eq!(rank::sample_quantile(&[f64::NAN], 0.5), None);
    assert_eq!(rank::sample_quantile(&[1.0, 2.0], 1.5), None);
    assert_eq!(rank::sample_quantile(&[1.0, 2.0], f64::NAN), None);
    assert_eq!(rank::sample_quantile(&[7.0], 0.3), Some(7.0));
}

fn sample(length: usize) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-0.2..0.2_f64, length)
}

proptest! {
    // The gradient of e'e is −2X'e, so at its minimum the residuals are orthogonal to every regressor.
    #[test]
    fn residuals_are_orthogonal_to_the_regressors(
        first in sample(30), second in sample(30), response in sample(30), level in -1e3..1e3_f64,
    ) {
        prop_assume!(moment::variance(&first) > Some(1e-4) && moment::variance(&second) > Some(1e-4));
        let shifted: Vec<f64> = second.iter().map(|value| value + level).collect();
        let fitted = ols::fit(&response, &[&first, &shifted], true).unwrap();
        // A mean near 1e3 is rounded by up to 6e-14: 30 such deviations times a slope of about 1, and times 1e3 again.
        let sum: f64 = fitted.residuals.iter().sum();
        prop_assert!(sum.abs() < 1e-11, "sum of residuals {sum:e}");
        for regressor in [&first, &shifted] {
            let product: f64 = fitted.residuals.iter().zip(regressor).map(|(e, x)| e * x).sum();
            prop_assert!(product.abs() < 1e-8, "product {product:e}");
        }
        prop_assert!((0.0..=1.0).contains(&fitted.r_squared.unwrap()));
    }

    // The hat matrix X(X'X)⁻¹X' is a projection onto p dimensions: its diagonal sums to p.
    #[test]
    fn leverages_sum_to_the_number_of_coefficients(first in sample(20), second in sample(20), intercept in any::<bool>()) {
        prop_assume!(moment::variance(&first) > Some(1e-4) && moment::variance(&second) > Some(1e-4));
        let fitted = ols::fit(&first, &[&second, &first.iter().map(|x| x * x + 50.0).collect::<Vec<_>>()], intercept).unwrap();
        let sum: f64 = first.iter().zip(&second).map(|(x, y)| {
            let row = [1.0, *y, x * x + 50.0];
            fitted.quadratic_form(if intercept { &row } else { &row[1..] }).unwrap()
        }).sum();
        prop_assert!((sum - fitted.coefficients.len() as f64).abs() < 1e-9, "sum {sum}");
    }

    // Closed forms: χ² with 2 degrees is exponential, Student with 1 degree is Cauchy, with 2 has an algebraic quantile
    // (Abramowitz & Stegun 1964, 26.4.4 and 26.7.3).
    #[test]
    fn tails_have_their_closed_forms(x in 1e-3..600.0_f64, p in 0.001..0.999_f64) {
        let relative = |found: f64, expected: f64| (found / expected - 1.0).abs();
        prop_assert!(relative(tail::chi_squared_survival(x, 2.0).unwrap(), (-x / 2.0).exp()) < TAIL);
        prop_assert!(relative(tail::student_survival(x, 1.0).unwrap(), (1.0 / x).atan() / PI) < TAIL);
        let expected = (2.0 * p - 1.0) / (2.0 * p * (1.0 - p)).sqrt();
        prop_assert!((tail::student_quantile(p, 2.0).unwrap() - expected).abs() < TAIL * expected.abs().max(1e-3));
    }

    // A quantile undoes a survival function, at any degrees of freedom; a tail's relative error is at most about
    // (degrees + 1) times that of t.
    #[test]
    fn quantiles_undo_survivals(tail_share in 1e-12..0.5_f64, degrees in 0.8..5e4_f64) {
        let t = -tail::student_quantile(tail_share, degrees).unwrap();
        let back = tail::student_survival(t, degrees).unwrap();
        prop_assert!((back / tail_share - 1.0).abs() < 1e-11, "{back:e} for {tail_share:e} at {degrees}");
    }
}
