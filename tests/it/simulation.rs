//! Size and power of the tests of many events, measured by simulation against what theory says.
//!
//! A rate of R samples has the standard error √(p(1 − p)/R) of the expected rate p; four of them are the tolerance, so that a right test
//! fails one seed in 16,000, and the seeds are fixed. An approximation in the expected rate is said beside it and added.

use aftermove::model::ExpectedReturnModel;
use aftermove::provenance::Provenance;
use aftermove::series::{PriceBook, PriceSeries};
use aftermove::simulation::result::PlantedResult;
use aftermove::simulation::{
    Dates, Generator, Planting, Population, Simulation, SimulationDesign, SimulationError, SimulationResult, Tails,
};
use aftermove::stats::tail;
use aftermove::window::{Window, WindowError, Windows};

use crate::sample::{sessions, window};

/// Samples of each simulation of size.
const SAMPLES: usize = 400;

fn design(events: usize, replications: usize) -> SimulationDesign {
    SimulationDesign {
        benchmark: "MARKET".to_owned(),
        events,
        replications,
        planted: vec![0.0],
        planting: Planting::DayZero,
        dates: Dates::Scattered,
        event_variance: 1.0,
        level: 0.05,
        model: ExpectedReturnModel::Market,
        factors: None,
        beta: Default::default(),
        windows: Windows::new(window("-60..-1"), Window::DAY_ZERO).unwrap(),
        headline: Window::DAY_ZERO,
        least_estimation: 30,
        draws: 0,
        long_horizon: None,
        seed: 1980,
    }
}

/// Normal returns with one residual standard deviation for all, so that theory has closed forms.
fn generator() -> Generator {
    Generator { sessions: 500, sigma_spread: 0.0, ..Generator::USUAL }
}

fn run(design: SimulationDesign, generator: &Generator) -> SimulationResult {
    Simulation::new(design).unwrap().run(Population::Generated(generator), Provenance::default(), |_| ()).unwrap()
}

#[track_caller]
fn rate(result: &PlantedResult, test: &str) -> (f64, usize) {
    let found = result.tests.iter().find(|rates| rates.name == test).unwrap_or_else(|| panic!("no test {test}"));
    let rate = found.at(0.05).unwrap_or_else(|| panic!("{test} never applied: {:?}", found.reason));
    (rate.rate, found.applied)
}

/// Four standard errors, and what the expected rate itself leaves open.
#[track_caller]
fn assert_rate(result: &PlantedResult, test: &str, expected: f64, open: f64) {
    let (found, samples) = rate(result, test);
    let error = (expected * (1.0 - expected) / samples as f64).sqrt();
    assert!((found - expected).abs() <= 4.0 * error + open, "{test}: {found} of {samples}, expected {expected} ± {error} × 4 + {open}");
    // Wide as the bounds may be for few samples, a test that never rejects is no test.
    assert!(found > expected / 4.0, "{test}: {found} of {samples} is next to never, expected {expected}");
}

/// P(a binomial(n, ½) count is at least so far from n/2).
fn binomial_tails(n: u32, least: u32) -> f64 {
    let mut arrangements = vec![1.0_f64];
    for row in 1..=n as usize {
        arrangements.push(0.0);
        for place in (1..=row).rev() {
            arrangements[place] += arrangements[place - 1];
        }
    }
    let far = |count: &usize| (2 * *count).abs_diff(n as usize) >= 2 * least as usize;
    (0..=n as usize).filter(far).map(|count| arrangements[count]).sum::<f64>() / 2.0_f64.powi(n as i32)
}

#[test]
fn without_an_event_independent_tests_keep_their_level() {
    let result = run(design(30, SAMPLES), &generator());
    let null = &result.planted[0];
    for test in [
        "cross-sectional-t",
        "patell",
        "bmp",
        "kolari-pynnonen-patell",
        "kolari-pynnonen-bmp",
        "corrado-rank",
        "calendar-time",
        "two-way-clustered",
        "wilcoxon",
    ] {
        assert_rate(null, test, 0.05, 0.0);
    }
    // Skewness estimated from 30 values: 6 % (5.94 ± 0.24 % in 10,000 samples). GRANK of 61 days counts on T, not N: 5.5 % there.
    // The crude dependence test leaves the forecast error out, 1/60 of the variance here.
    for test in ["skewness-adjusted-t", "grank-t", "grank-z", "crude-dependence"] {
        assert_rate(null, test, 0.05, 0.01);
    }
    // A count jumps past the level: |w − 15| ≥ 6 of 30 has 4.28 % under both versions.
    let jump = binomial_tails(30, 6);
    assert!((jump - 0.0428).abs() < 1e-4, "{jump}");
    assert_rate(null, "sign", jump, 0.0);
    assert_rate(null, "sign-exact", jump, 0.0);
    // With a share of positive residuals that is estimated the jump moves: 4.6 to 4.7 % in 10,000 samples.
    assert_rate(null, "generalised-sign", 0.046, 0.0);
    assert_rate(null, "generalised-sign-exact", 0.046, 0.0);
    // Too cautious by design: the jackknife of mean/sd.
    assert_rate(null, "jackknife", 0.038, 0.0);
    assert_eq!((null.unusable, null.tests.iter().filter(|test| test.inapplicable > 0).count()), (0, 0));
}

#[test]
fn events_on_one_date_mislead_the_tests_that_ignore_it_as_much_as_known() {
    // 2Φ(−1.96/√((1 + (N − 1)r̄)/(1 − r̄))): 12.3 % (N = 30, r̄ = 0.02), 30.4 % (50, 0.05), 44.4 % (50, 0.10), 26.1 % (100, 0.02). BMP's
    // t(N − 1) quantile in place of 1.96 is worth 0.8 points at most.
    for (events, correlation, known) in [(30, 0.02, 0.123), (50, 0.05, 0.304), (50, 0.10, 0.444), (100, 0.02, 0.261)] {
        let result =
            run(SimulationDesign { dates: Dates::Clustered, ..design(events, SAMPLES / 2) }, &Generator { correlation, ..generator() });
        let null = &result.planted[0];
        for misled in ["patell", "bmp", "cross-sectional-t"] {
            assert_rate(null, misled, known, 0.008);
        }
        // r̄ of 60 residuals is an estimate, t(58) at 1.96 is 5.5 %; GRANK's T is 61.
        for robust in ["kolari-pynnonen-bmp", "kolari-pynnonen-patell", "corrado-rank", "grank-t", "crude-dependence"] {
            assert_rate(null, robust, 0.05, 0.01);
        }
        // The correlation is found again: a mean over samples of an estimate without bias to speak of.
        assert!((null.mean_correlation.unwrap() - correlation).abs() < 0.1 * correlation, "{:?}", null.mean_correlation);
        for alone in ["calendar-time", "two-way-clustered"] {
            let rates = null.tests.iter().find(|rates| rates.name == alone).unwrap();
            assert_eq!((rates.applied, rates.rates.len()), (0, 0), "{alone} needs more than one day");
            assert!(rates.reason.is_some());
        }
    }
}

#[test]
fn variance_that_the_event_adds_misleads_patell_and_not_bmp() {
    // Twice the variance: 2Φ(−1.96/√2) = 16.6 %.
    let excess = tail::two_sided_normal(1.96 / 2.0_f64.sqrt()).unwrap();
    let result = run(SimulationDesign { event_variance: 2.0, ..design(30, SAMPLES) }, &generator());
    let null = &result.planted[0];
    for misled in ["patell", "kolari-pynnonen-patell"] {
        assert_rate(null, misled, excess, 0.0);
    }
    assert_rate(null, "crude-dependence", excess, 0.01);
    for robust in ["cross-sectional-t", "bmp", "kolari-pynnonen-bmp", "wilcoxon", "calendar-time", "two-way-clustered"] {
        assert_rate(null, robust, 0.05, 0.0);
    }
    assert_rate(null, "grank-t", 0.05, 0.01);
}

#[test]
fn variance_added_on_one_date_leaves_the_adjustment_for_correlation_right() {
    // Residuals are scaled, so that the correlation of the estimation window is that of the event's day. Patell's adjusted statistic has twice
    // its variance. r̄ of 60 residuals is an estimate, as above.
    let design = SimulationDesign { event_variance: 2.0, dates: Dates::Clustered, ..design(50, SAMPLES / 2) };
    let result = run(design, &Generator { correlation: 0.10, ..generator() });
    assert_rate(&result.planted[0], "kolari-pynnonen-bmp", 0.05, 0.01);
    assert_rate(&result.planted[0], "bmp", 0.444, 0.008);
    assert_rate(&result.planted[0], "kolari-pynnonen-patell", tail::two_sided_normal(1.96 / 2.0_f64.sqrt()).unwrap(), 0.01);
}

#[test]
fn power_is_that_of_the_table() {
    // P(|N(0, 1) + √N µ/σ| > 1.96), µ = 1 %, to two decimals (σ = 4 %: MacKinlay 1997). Patell's test is the nearest to it: a standard
    // deviation estimated from 60 days, forecast error and E|SCAR|² = d/(d − 2) take 2 points of power at most.
    for (sigma, row) in [(0.04, [(20, 0.20), (50, 0.42), (100, 0.71)]), (0.02, [(20, 0.61), (50, 0.94), (100, 1.00)])] {
        for (events, known) in row {
            let result = run(SimulationDesign { planted: vec![0.01], ..design(events, SAMPLES / 4) }, &Generator { sigma, ..generator() });
            assert_rate(&result.planted[0], "patell", known, 0.025);
        }
    }
}

#[test]
fn what_is_planted_is_found_again_and_stronger_is_seen_more_often() {
    for (planting, headline) in [(Planting::DayZero, "0..0"), (Planting::DayZero, "-1..1"), (Planting::Window, "-1..1")] {
        let planted = vec![0.0, 0.005, 0.02];
        let windows = Windows::new(window("-61..-2"), window("-1..1")).unwrap();
        let design = SimulationDesign { planted, planting, windows, headline: window(headline), ..design(20, 20) };
        let result = run(design, &Generator { tails: Tails::Student(4.0), ..generator() });
        let caar = |place: usize| result.planted[place].mean_caar.unwrap();
        // The samples are the same: the means differ by what was planted, to the rounding of a cumulated index near 100.
        assert!((caar(1) - caar(0) - 0.005).abs() < 1e-12 && (caar(2) - caar(0) - 0.02).abs() < 1e-12, "{planting:?} {headline}");
        let power = |place: usize| rate(&result.planted[place], "bmp").0;
        assert!(power(0) < power(2) && power(1) <= power(2), "{planting:?} {headline}");
    }
}

#[test]
fn a_simulation_gives_the_same_bits_on_any_number_of_threads_and_others_for_another_seed() {
    let design = |seed| SimulationDesign { planted: vec![0.0, 0.01], draws: 49, seed, ..design(10, 25) };
    let on = |threads: usize, seed| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        serde_json::to_string(&pool.install(|| run(design(seed), &generator()))).unwrap()
    };
    let one = on(1, 7);
    assert_eq!(one, on(2, 7));
    assert_eq!(one, on(8, 7));
    assert_ne!(one.replace("\"seed\":7", "\"seed\":8"), on(2, 8));
}

/// `count` securities with returns that wander, each on all sessions of a year and a half but those before `listed`, and their market.
fn prices(count: usize, listed: impl Fn(usize) -> usize) -> PriceBook {
    let dates = sessions("2020-01-02", "2021-06-30");
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        0.04 * ((state >> 40) as f64 / (1_u64 << 24) as f64 - 0.5)
    };
    let market: Vec<f64> = dates.iter().map(|_| next()).collect();
    let mut book = PriceBook::default();
    let mut insert = |symbol: String, returns: Vec<f64>, skip: usize| {
        let dated: Vec<_> = dates.iter().copied().zip(returns.into_iter().map(Some)).skip(skip).collect();
        book.insert(symbol, PriceSeries::from_returns(&dated).unwrap()).unwrap();
    };
    for security in 0..count {
        insert(format!("S{security}"), market.iter().map(|market| market + next()).collect(), listed(security));
    }
    insert("MARKET".to_owned(), market, 0);
    book
}

fn run_on(design: SimulationDesign, book: &PriceBook) -> Result<SimulationResult, SimulationError> {
    Simulation::new(design)?.run(Population::Prices(book), Provenance::default(), |_| ())
}

#[test]
fn samples_of_real_prices_leave_no_event_out() {
    let book = prices(12, |security| 20 * security);
    for dates in [Dates::Scattered, Dates::Clustered] {
        let design = SimulationDesign { dates, planted: vec![0.0, 0.01], event_variance: 1.5, ..design(10, 15) };
        let result = run_on(design, &book).unwrap();
        for planted in &result.planted {
            assert_eq!(planted.unusable, 0);
            assert_eq!(rate(planted, "cross-sectional-t").1, 15, "{dates:?}");
        }
        if dates == Dates::Clustered {
            // On one date nothing planted falls into another event's estimation window.
            let caar = |place: usize| result.planted[place].mean_caar.unwrap();
            assert!((caar(1) - caar(0) - 0.01).abs() < 1e-12);
        }
    }
}

#[test]
fn four_times_the_variance_doubles_the_abnormal_returns_of_real_prices() {
    let book = prices(12, |_| 0);
    let caar = |event_variance| {
        let design = SimulationDesign { event_variance, dates: Dates::Clustered, ..design(10, 15) };
        run_on(design, &book).unwrap().planted[0].mean_caar.unwrap()
    };
    // The same draws, models fitted to the same days; indices cumulated near 100 round to 1e-14 of themselves.
    assert!((caar(4.0) - 2.0 * caar(1.0)).abs() < 1e-12, "{} and {}", caar(4.0), caar(1.0));
}

#[test]
fn a_simulation_that_cannot_be_says_why() {
    let refused = |change: fn(&mut SimulationDesign)| {
        let mut design = design(10, 5);
        change(&mut design);
        Simulation::new(design).unwrap_err()
    };
    assert_eq!(refused(|design| design.replications = 0), SimulationError::NoReplication);
    assert_eq!(refused(|design| design.events = 0), SimulationError::NoEvent);
    assert_eq!(refused(|design| design.planted.clear()), SimulationError::NothingPlanted);
    assert_eq!(refused(|design| design.planted = vec![1.5]), SimulationError::Planted { planted: 1.5 });
    for level in [0.0, 1.0, -0.05, 5.0] {
        let mut design = design(10, 5);
        design.level = level;
        assert_eq!(Simulation::new(design).unwrap_err(), SimulationError::Level { level });
    }
    assert!(matches!(refused(|design| design.level = f64::NAN), SimulationError::Level { .. }));
    assert_eq!(refused(|design| design.event_variance = 0.5), SimulationError::EventVariance { ratio: 0.5 });
    assert!(matches!(refused(|design| design.headline = Window::new(0, 3).unwrap()), SimulationError::Window(WindowError::Outside { .. })));
    assert!(matches!(
        refused(|design| {
            design.windows = Windows::new(Window::new(-60, -1).unwrap(), Window::new(0, 3).unwrap()).unwrap();
            design.headline = Window::new(1, 3).unwrap();
            design.planted = vec![0.01];
        }),
        SimulationError::DayZeroOutside { .. }
    ));
}

#[test]
fn a_generator_that_cannot_be_says_why() {
    let refused = |generator: Generator| {
        Simulation::new(design(10, 5)).unwrap().run(Population::Generated(&generator), Provenance::default(), |_| ()).unwrap_err()
    };
    assert_eq!(refused(Generator { sessions: 60, ..generator() }), SimulationError::TooShort { sessions: 60, needed: 61 });
    for wrong in [
        Generator { correlation: 1.0, ..generator() },
        Generator { correlation: -0.1, ..generator() },
        Generator { tails: Tails::Student(2.0), ..generator() },
        Generator { sigma: 0.0, ..generator() },
        Generator { sigma: 2.0, ..generator() },
        Generator { beta: f64::NAN, ..generator() },
    ] {
        assert!(matches!(refused(wrong), SimulationError::Generator { .. }), "{wrong:?}");
    }
    let model = SimulationDesign { model: ExpectedReturnModel::FamaFrench3, ..design(10, 5) };
    let refused = Simulation::new(model).unwrap().run(Population::Generated(&generator()), Provenance::default(), |_| ()).unwrap_err();
    assert_eq!(refused, SimulationError::NoFactors { model: "fama-french-3" });
}

#[test]
fn prices_without_room_for_the_samples_are_refused() {
    let only_market = prices(0, |_| 0);
    assert!(matches!(run_on(design(10, 5), &only_market), Err(SimulationError::NoSecurity { .. })));
    let long = SimulationDesign { windows: Windows::new(window("-600..-1"), Window::DAY_ZERO).unwrap(), ..design(10, 5) };
    assert!(matches!(run_on(long, &prices(3, |_| 0)), Err(SimulationError::TooShort { needed: 601, .. })));
    let elsewhere = SimulationDesign { benchmark: "MARKT".to_owned(), ..design(10, 5) };
    let refused = run_on(elsewhere, &prices(3, |_| 0)).unwrap_err();
    assert!(matches!(&refused, SimulationError::Benchmark(unknown) if unknown.near == ["MARKET"]), "{refused}");
    let clustered = SimulationDesign { dates: Dates::Clustered, ..design(4, 5) };
    let refused = run_on(clustered, &prices(3, |_| 0)).unwrap_err();
    assert_eq!(refused, SimulationError::NoRoom { events: 4, room: 3, dates: Dates::Clustered });
    assert!(refused.to_string().contains("4 events a sample, and the prices have room for 3 on one date"), "{refused}");
    // Listed too late for an estimation window of 30 returns: no room at all.
    let late = prices(3, |_| sessions("2020-01-02", "2021-06-30").len() - 20);
    assert_eq!(run_on(design(4, 5), &late).unwrap_err(), SimulationError::NoRoom { events: 4, room: 0, dates: Dates::Scattered });
    let dates = sessions("2020-01-02", "2021-06-30");
    let full = prices(1, |_| 0);
    let room = dates.len() - 60;
    assert!(run_on(design(room, 1), &full).is_ok(), "each place taken once");
    assert_eq!(
        run_on(design(room + 1, 1), &full).unwrap_err(),
        SimulationError::NoRoom { events: room + 1, room, dates: Dates::Scattered }
    );
}
