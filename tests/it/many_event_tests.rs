//! The tests of many events against other programs (`tests/reference/many_event_tests.py` writes the values and names the versions),
//! against exact enumerations, and against closed forms.

use aftermove::inference::bootstrap::{skewness_adjusted_bootstrap, wild_bootstrap};
use aftermove::inference::calendar_time::calendar_time;
use aftermove::inference::cluster::two_way_clustered;
use aftermove::inference::corrado::{self, RankDay};
use aftermove::inference::cross_section::{cross_sectional_t, jackknife, skewness_adjusted_t};
use aftermove::inference::dependence::crude_dependence;
use aftermove::inference::difference::{rank_sum, welch};
use aftermove::inference::generalised_rank::generalised_rank;
use aftermove::inference::permutation::{PlaceboPool, permutation};
use aftermove::inference::sign::{generalised_sign, sign};
use aftermove::inference::standardised::{bmp, kolari_pynnonen_bmp, kolari_pynnonen_patell, patell};
use aftermove::inference::wilcoxon::signed_rank;
use aftermove::inference::{Outcome, TestOutcome, adjustment};
use aftermove::stats::tail;
use rand::{Rng, SeedableRng};
use rand_pcg::Pcg64;
use serde_json::Value;

/// Sums of at most 125 terms in another order than theirs, then a few divisions; means near 0 lose a digit or two. Measured: 4e-14 at
/// worst.
const SUM: f64 = 2e-13;
/// The jackknife elsewhere subtracts two nearly equal ratios N times larger than their difference, and a t near 0 is what is left of
/// pseudo-values of size 1. Measured: 1.4e-13 at worst.
const JACKKNIFE: f64 = 2e-12;
/// Two incomplete beta functions at up to a million trials, whose logarithms lose digits in scipy as here. Measured: 3.2e-13 at worst.
const BINOMIAL: f64 = 2e-12;
/// R prints 15 digits, and its sums are others again.
const PRINTED: f64 = 5e-13;

fn reference() -> Value {
    serde_json::from_str(include_str!("../reference/many_event_tests.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn integers(value: &Value) -> Vec<u32> {
    value.as_array().unwrap().iter().map(|number| u32::try_from(number.as_u64().unwrap()).unwrap()).collect()
}

fn rows(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().unwrap().iter()
}

fn rank_days(value: &Value) -> Vec<RankDay> {
    numbers(&value["sums"]).into_iter().zip(integers(&value["counts"])).map(|(sum, count)| RankDay { sum, count }).collect()
}

#[track_caller]
fn computed(outcome: &TestOutcome) -> (f64, f64, &str, usize) {
    match &outcome.outcome {
        Outcome::Computed { statistic, p_value, null, n } => (*statistic, *p_value, null, *n),
        Outcome::Inapplicable { reason } => panic!("{} is inapplicable: {reason}", outcome.name),
    }
}

#[track_caller]
fn assert_close(name: &str, found: f64, expected: f64, tolerance: f64) {
    let gap = if expected == 0.0 { found.abs() } else { (found / expected - 1.0).abs() };
    assert!(gap <= tolerance, "{name}: found {found:e}, expected {expected:e}, relative gap {gap:e}");
}

#[track_caller]
fn assert_outcome(outcome: &TestOutcome, name: &str, expected: &Value, null: &str, n: usize, tolerance: f64) {
    let (statistic, p_value, found_null, found_n) = computed(outcome);
    assert_eq!((outcome.name, found_null, found_n), (name, null, n));
    assert_close(name, statistic, expected["statistic"].as_f64().unwrap(), tolerance);
    assert_close(&format!("p of {name}"), p_value, expected["p_value"].as_f64().unwrap(), tolerance);
}

#[test]
fn tests_of_the_cross_section_agree_with_scipy_astropy_and_r() {
    let reference = reference();
    let results = &reference["results"];
    for (name, n) in [("skewed", 40), ("small", 7), ("long", 80), ("scars", 40)] {
        let values = numbers(&reference["data"][name]);
        let null = format!("t({})", n - 1);
        let plain = cross_sectional_t(&values);
        assert_outcome(&plain, "cross-sectional-t", &results["cross-sectional-t"][name], &null, n, SUM);
        let adjusted = skewness_adjusted_t(&values);
        assert_outcome(&adjusted, "skewness-adjusted-t", &results["skewness-adjusted-t"][name], "N(0, 1)", n, SUM);
        assert_outcome(&jackknife(&values), "jackknife", &results["jackknife"][name], &null, n, JACKKNIFE);
    }
    let skewed = numbers(&reference["data"]["skewed"]);
    assert_outcome(&cross_sectional_t(&skewed), "cross-sectional-t", &results["R"]["cross-sectional-t"], "t(39)", 40, PRINTED);
}

#[test]
fn the_jackknife_of_three_values_is_the_one_by_hand() {
    // 0, 1, 3: without each, mean/sd = 2/√2, 1.5/(3/√2), 0.5/(1/√2) = √2, √½, √½. In all, 4/3 over √(7/3).
    let all = 4.0 / 3.0 / (7.0_f64 / 3.0).sqrt();
    let pseudo: Vec<f64> = [2.0_f64, 0.5, 0.5].iter().map(|square| 3.0 * all - 2.0 * square.sqrt()).collect();
    let mean = pseudo.iter().sum::<f64>() / 3.0;
    let error = (pseudo.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / 6.0).sqrt();
    assert_close("jackknife", computed(&jackknife(&[0.0, 1.0, 3.0])).0, mean / error, 1e-13);
}

#[test]
fn tests_of_a_symmetric_sample_ignore_skewness() {
    // γ = 0 leaves √N S.
    let values = [0.5, 1.0, 1.5, 2.0, 2.5];
    assert_close("t", computed(&skewness_adjusted_t(&values)).0, computed(&cross_sectional_t(&values)).0, 1e-14);
}

#[test]
fn standardised_tests_agree_with_the_papers_formulas() {
    let reference = reference();
    let (data, results) = (&reference["data"], &reference["results"]);
    let (scars, degrees) = (numbers(&data["scars"]), numbers(&data["degrees"]));
    assert_outcome(&patell(&scars, &degrees), "patell", &results["patell"], "N(0, 1)", 40, SUM);
    assert_outcome(&bmp(&scars), "bmp", &results["bmp"], "t(39)", 40, SUM);
    for row in rows(&results["kolari-pynnonen-bmp"]) {
        let found = kolari_pynnonen_bmp(&scars, row["correlation"].as_f64().unwrap());
        assert_outcome(&found, "kolari-pynnonen-bmp", row, "t(39)", 40, SUM);
    }
    for row in rows(&results["kolari-pynnonen-patell"]) {
        let found = kolari_pynnonen_patell(&scars, &degrees, row["correlation"].as_f64().unwrap());
        assert_outcome(&found, "kolari-pynnonen-patell", row, "N(0, 1)", 40, SUM);
    }
}

#[test]
fn the_kolari_pynnonen_factor_gives_the_known_share_of_false_alarms() {
    // 2Φ(−1.96 f), f what the adjustment multiplies by: the share of false alarms at 5 % of the test without it.
    for (count, correlation, per_cent) in [(30, 0.02, 12.3), (50, 0.05, 30.4), (50, 0.10, 44.4), (100, 0.02, 26.1)] {
        let scars: Vec<f64> = (0..count).map(|i| f64::from(i % 7) - 2.5).collect();
        let factor = computed(&kolari_pynnonen_bmp(&scars, correlation)).0 / computed(&bmp(&scars)).0;
        let false_alarms = 100.0 * tail::two_sided_normal(1.96 * factor).unwrap();
        assert!((false_alarms - per_cent).abs() < 0.05, "N = {count}, r̄ = {correlation}: {false_alarms} %");
    }
}

/// Two independent standard normal values (Box & Muller 1958).
fn normals(generator: &mut Pcg64) -> [f64; 2] {
    let mut uniform = || ((generator.next_u64() >> 11) as f64 + 0.5) / (1_u64 << 53) as f64;
    let (radius, angle) = ((-2.0 * uniform().ln()).sqrt(), std::f64::consts::TAU * uniform());
    [radius * angle.cos(), radius * angle.sin()]
}

#[test]
fn correlated_events_mislead_bmp_as_much_as_known_and_the_adjustment_brings_back_five_per_cent() {
    // SCARs √r̄ f + √(1 − r̄) e: BMP's t is √((1 + (N − 1)r̄)/(1 − r̄)) times a t(N − 1), exactly; its distance from the known normal
    // figures (12.3 %, 30.4 %, 44.4 %, 26.1 %), at most 0.8 points, comes from t's own quantile. 10,000 samples: four standard errors
    // are 2 points at most.
    let samples = 10_000;
    let mut generator = Pcg64::seed_from_u64(4);
    for (count, correlation, known) in [(30, 0.02_f64, 0.123), (50, 0.05, 0.304), (50, 0.10, 0.444), (100, 0.02, 0.261)] {
        let (mut misled, mut adjusted, mut patell_adjusted) = (0, 0, 0);
        let degrees = vec![1e9; count];
        for _ in 0..samples {
            let common = normals(&mut generator)[0];
            let scars: Vec<f64> = (0..count / 2)
                .flat_map(|_| normals(&mut generator))
                .map(|own| correlation.sqrt() * common + (1.0 - correlation).sqrt() * own)
                .collect();
            misled += i32::from(computed(&bmp(&scars)).1 < 0.05);
            adjusted += i32::from(computed(&kolari_pynnonen_bmp(&scars, correlation)).1 < 0.05);
            patell_adjusted += i32::from(computed(&kolari_pynnonen_patell(&scars, &degrees, correlation)).1 < 0.05);
        }
        let freedom = count as f64 - 1.0;
        let factor = ((1.0 - correlation) / (1.0 + freedom * correlation)).sqrt();
        let exact = tail::two_sided_student(tail::student_quantile(0.975, freedom).unwrap() * factor, freedom).unwrap();
        assert!((exact - known).abs() < 0.008, "{exact} against {known}");
        for (name, hits, expected) in [("BMP", misled, exact), ("adjusted", adjusted, 0.05), ("Patell adjusted", patell_adjusted, 0.05)] {
            let (rate, error) = (f64::from(hits) / f64::from(samples), (expected * (1.0 - expected) / f64::from(samples)).sqrt());
            assert!((rate - expected).abs() < 4.0 * error, "{name}, N = {count}: {rate}, expected {expected}");
        }
    }
}

#[test]
fn sign_tests_agree_with_statsmodels_scipy_and_r() {
    let reference = reference();
    for row in rows(&reference["results"]["sign"]) {
        let cars = numbers(&reference["data"][row["data"].as_str().unwrap()]);
        let share = row["share"].as_f64().unwrap();
        let [by_normal, exact] = generalised_sign(&cars, share);
        assert_outcome(&by_normal, "generalised-sign", row, "N(0, 1)", cars.len(), SUM);
        assert_eq!(
            (exact.name, computed(&exact).2),
            ("generalised-sign-exact", format!("exact binomial({}, {share})", cars.len()).as_str())
        );
        assert_close("exact", computed(&exact).1, row["exact"].as_f64().unwrap(), SUM);
        if share == 0.5 {
            let [plain, plain_exact] = sign(&cars);
            assert_eq!((plain.name, plain_exact.name), ("sign", "sign-exact"));
            assert_eq!((plain.outcome, plain_exact.outcome), (by_normal.outcome, exact.outcome));
        }
    }
    let [_, exact] = generalised_sign(&numbers(&reference["data"]["skewed"]), 0.47);
    let by_r = &reference["results"]["R"]["generalised-sign-exact"];
    assert_outcome(&exact, "generalised-sign-exact", by_r, "exact binomial(40, 0.47)", 40, PRINTED);
}

#[test]
fn exact_sign_tests_agree_with_scipy_up_to_a_million_events_and_far_out() {
    let reference = reference();
    for row in rows(&reference["results"]["binomial"]).map(numbers) {
        let (positive, count) = (row[0] as usize, row[1] as usize);
        let mut cars = vec![-0.01; count];
        cars[..positive].fill(0.01);
        let [_, exact] = generalised_sign(&cars, row[2]);
        assert_close(&format!("{row:?}"), computed(&exact).1, row[3], if count > 1000 { BINOMIAL } else { SUM });
    }
}

#[test]
fn signed_ranks_agree_with_scipy_and_r() {
    let reference = reference();
    for row in rows(&reference["results"]["wilcoxon"]) {
        let cars = numbers(&reference["data"][row["data"].as_str().unwrap()]);
        let left = row["left"].as_u64().unwrap() as usize;
        let null = if row["exact"].as_bool().unwrap() { format!("exact signed rank({left})") } else { "N(0, 1)".to_owned() };
        let dropped = match cars.len() - left {
            0 => String::new(),
            1 => ", 1 zero dropped".to_owned(),
            zeros => format!(", {zeros} zeros dropped"),
        };
        assert_outcome(&signed_rank(&cars), "wilcoxon", row, &(null + &dropped), left, SUM);
    }
    let by_r = &reference["results"]["R"];
    let skewed = signed_rank(&numbers(&reference["data"]["skewed"]));
    assert_outcome(&skewed, "wilcoxon", &by_r["wilcoxon"], "exact signed rank(40)", 40, PRINTED);
    let tied = signed_rank(&numbers(&reference["data"]["tied"]));
    assert_close("ties in R", computed(&tied).1, by_r["wilcoxon-tied"]["p_value"].as_f64().unwrap(), PRINTED);
}

#[test]
fn two_groups_agree_with_scipy_and_r() {
    let reference = reference();
    let group = |row: &Value, which: &str| numbers(&reference["data"][row[which].as_str().unwrap()]);
    for row in rows(&reference["results"]["welch-t"]) {
        let (first, second) = (group(row, "first"), group(row, "second"));
        let null = format!("t({:.2})", row["degrees"].as_f64().unwrap());
        assert_outcome(&welch(&first, &second), "welch-t", row, &null, first.len() + second.len(), SUM);
    }
    for row in rows(&reference["results"]["rank-sum"]) {
        let (first, second) = (group(row, "first"), group(row, "second"));
        let outcome = rank_sum(&first, &second);
        let (z, p_value, null, n) = computed(&outcome);
        assert_eq!((outcome.name, null, n), ("rank-sum", "N(0, 1)", first.len() + second.len()));
        assert_close("p of rank-sum", p_value, row["p_value"].as_f64().unwrap(), SUM);
        // scipy tells U, not z: the side must be U's.
        assert_eq!(z > 0.0, row["u"].as_f64().unwrap() > (first.len() * second.len()) as f64 / 2.0);
        assert_eq!(computed(&rank_sum(&second, &first)).0, -z);
    }
    let data = &reference["data"];
    let by_r = &reference["results"]["R"];
    let welch = welch(&numbers(&data["skewed"]), &numbers(&data["second_group"]));
    let null = format!("t({:.2})", by_r["welch-t"]["degrees"].as_f64().unwrap());
    assert_outcome(&welch, "welch-t", &by_r["welch-t"], &null, 63, PRINTED);
    let sums = rank_sum(&numbers(&data["tied"]), &numbers(&data["second_tied"]));
    assert_close("rank sum in R", computed(&sums).1, by_r["rank-sum"]["p_value"].as_f64().unwrap(), PRINTED);
}

#[test]
fn the_clustered_test_agrees_with_statsmodels_linearmodels_and_r() {
    let reference = reference();
    let data = &reference["data"];
    let cars = numbers(&data["skewed"]);
    let (day, firm) = (integers(&data["day"]), integers(&data["firm"]));
    let expected = &reference["results"]["two-way-clustered"];
    let null = format!("t({})", expected["groups"].as_u64().unwrap() - 1);
    let found = two_way_clustered(&cars, &day, &firm);
    assert_outcome(&found, "two-way-clustered", expected, &null, 40, SUM);
    assert_outcome(&found, "two-way-clustered", &reference["results"]["R"]["two-way-clustered"], &null, 40, PRINTED);
    assert_close("linearmodels", computed(&found).0, expected["linearmodels"].as_f64().unwrap(), SUM);
    let reversed = |values: &[u32]| -> Vec<u32> { values.iter().rev().map(|number| 1000 - number).collect() };
    let cars_reversed: Vec<f64> = cars.iter().rev().copied().collect();
    let other = two_way_clustered(&cars_reversed, &reversed(&day), &reversed(&firm));
    assert_close("numbers and order don't matter", computed(&other).0, computed(&found).0, SUM);
}

#[test]
fn tests_over_days_agree_with_scipy_and_statsmodels() {
    let reference = reference();
    let (data, results) = (&reference["data"], &reference["results"]);
    let expected = &results["crude-dependence"];
    let days = expected["days"].as_u64().unwrap() as usize;
    let crude = crude_dependence(expected["caar"].as_f64().unwrap(), days, &numbers(&data["mean_residuals"]));
    assert_outcome(&crude, "crude-dependence", expected, "t(109)", 110, SUM);
    let portfolio = calendar_time(&numbers(&data["portfolio"]));
    assert_outcome(&portfolio, "calendar-time", &results["calendar-time"], "t(36)", 37, SUM);
}

#[test]
fn rank_tests_agree_with_the_papers_formulas_over_gaps() {
    let reference = reference();
    let days = rank_days(&reference["data"]["rank_days"]);
    assert!(days.iter().any(|day| day.count == 0) && days.iter().any(|day| day.count == 8), "the reference has gaps");
    for row in rows(&reference["results"]["corrado-rank"]) {
        let at = |name: &str| row[name].as_u64().unwrap() as usize;
        let found = corrado::rank(&days, at("first")..at("last"));
        assert_outcome(&found, "corrado-rank", row, "N(0, 1)", at("days"), SUM);
    }
    for row in rows(&reference["results"]["grank"]) {
        let window = RankDay { sum: row["event_sum"].as_f64().unwrap(), count: row["event_count"].as_u64().unwrap() as u32 };
        let days = row["days"].as_u64().unwrap() as usize;
        let [by_t, by_z] = generalised_rank(window, &rank_days(row));
        assert_outcome(&by_t, "grank-t", &row["grank-t"], &format!("t({})", days - 2), days, SUM);
        assert_outcome(&by_z, "grank-z", &row["grank-z"], "N(0, 1)", days, SUM);
    }
}

#[test]
fn adjusted_p_values_agree_with_statsmodels_and_r() {
    let reference = reference();
    let expected = &reference["results"]["adjustment"];
    let p_values: Vec<Option<f64>> = numbers(&expected["p_values"]).into_iter().map(Some).collect();
    let adjusted = [("holm", adjustment::holm(&p_values)), ("benjamini-hochberg", adjustment::benjamini_hochberg(&p_values))];
    for (name, found) in adjusted {
        for source in [&expected[name], &reference["results"]["R"][name]] {
            for (found, expected) in found.iter().zip(numbers(source)) {
                assert_close(name, found.unwrap(), expected, PRINTED);
            }
        }
    }
}

/// Draws for a comparison with the exact p-value. Five standard errors of a share from so many draws are the tolerance: the seed is
/// fixed, and a right test fails one seed in two million.
const DRAWS: usize = 199_999;

#[track_caller]
fn assert_resampled(outcome: &TestOutcome, name: &str, expected: &Value) {
    let (statistic, p_value, null, n) = computed(outcome);
    assert_eq!((outcome.name, n), (name, DRAWS));
    assert!(null.starts_with("199999 ") && null.ends_with(", seed 7"), "{null}");
    assert_close(name, statistic, expected["statistic"].as_f64().unwrap(), SUM);
    let exact = expected["p_value"].as_f64().unwrap();
    let error = (exact * (1.0 - exact) / DRAWS as f64).sqrt();
    assert!((p_value - exact).abs() < 5.0 * error + 1.0 / DRAWS as f64, "{name}: found {p_value}, exact {exact}, standard error {error:e}");
}

#[test]
fn resampled_p_values_approach_the_exact_ones() {
    let reference = reference();
    let resampled = &reference["results"]["resampled"];
    let cars = |name: &str| numbers(&resampled[name]["cars"]);
    assert_resampled(&wild_bootstrap(&cars("wild-bootstrap"), DRAWS, 7), "wild-bootstrap", &resampled["wild-bootstrap"]);
    let name = "skewness-adjusted-bootstrap";
    assert_resampled(&skewness_adjusted_bootstrap(&cars(name), DRAWS, 7), name, &resampled[name]);
    let mut pool = PlaceboPool::default();
    rows(&resampled["permutation"]["places"]).for_each(|places| pool.push(numbers(places)));
    assert_resampled(&permutation(&cars("permutation"), &pool, DRAWS, 7), "permutation", &resampled["permutation"]);
}

#[test]
fn the_wild_bootstrap_of_a_large_sample_is_the_t_test() {
    // 1,000 values from a grid: the central limit theorem leaves nothing but the error of the draws, 0.002 at p = 0.05.
    let cars: Vec<f64> = (0..1003_u32).map(|i| f64::from(i * 7919 % 1009) / 1009.0 - 0.482).collect();
    let (p, exact) = (computed(&wild_bootstrap(&cars, 19_999, 3)).1, computed(&cross_sectional_t(&cars)).1);
    assert!((p - exact).abs() < 5.0 * (exact * (1.0 - exact) / 19_999.0).sqrt(), "{p} against {exact}");
}

#[test]
fn resampled_tests_give_the_same_bits_on_any_number_of_threads() {
    let cars: Vec<f64> = (0..150_u32).map(|i| f64::from(i * 37 % 101) / 1000.0 - 0.04).collect();
    let mut pool = PlaceboPool::default();
    (0..150_usize).for_each(|i| pool.push(cars.iter().copied().skip(i % 50).take(20)));
    let all = || [wild_bootstrap(&cars, 2_000, 11), skewness_adjusted_bootstrap(&cars, 2_000, 11), permutation(&cars, &pool, 2_000, 11)];
    let on = |threads: usize| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(all);
    let one = on(1);
    assert_eq!(one, on(8));
    assert_eq!(one, on(3));
    assert_ne!(one[0].outcome, wild_bootstrap(&cars, 2_000, 12).outcome, "another seed draws otherwise");
}

#[test]
fn scaling_the_cars_changes_no_test() {
    let reference = reference();
    let cars = numbers(&reference["data"]["skewed"]);
    // A power of two scales every sum exactly.
    let scaled: Vec<f64> = cars.iter().map(|car| car * 1024.0).collect();
    let tests: [fn(&[f64]) -> TestOutcome; 7] = [
        cross_sectional_t,
        skewness_adjusted_t,
        jackknife,
        bmp,
        signed_rank,
        |cars| wild_bootstrap(cars, 999, 1),
        |cars| skewness_adjusted_bootstrap(cars, 999, 1),
    ];
    for test in tests {
        assert_eq!(test(&cars), test(&scaled));
    }
}
