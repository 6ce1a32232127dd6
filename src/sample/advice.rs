//! Which tests to read in this sample, and why: the circumstances that make some of them wrong, found in the sample itself.
//!
//! The words stand in the report; here are the circumstances with the numbers that show them.

use serde::Serialize;

use super::estimate::Estimates;
use super::result::GroupResult;
use crate::stats::{moment, residual, tail};

/// Below this many events the normal and t approximations of the mean tests are rough.
pub const FEW_EVENTS: usize = 30;
/// Inflation (N−1) r̄ of a mean's variance from which tests that ignore correlation are pointed out: at 0.1 a 5 % test rejects 6.2 %.
const NOTABLE_INFLATION: f64 = 0.1;
/// Ratio of the SCARs' variance to what the models expect from which the event is said to have added variance.
const NOTABLE_VARIANCE: f64 = 1.25;

/// Sessions from which on a window is long: a quarter of a year.
const LONG_WINDOW: usize = 60;

/// A circumstance of the sample that bears on the choice of tests.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "circumstance")]
pub enum Circumstance {
    /// Event windows share calendar days: abnormal returns are correlated across events. Patell, BMP and the cross-sectional t reject too
    /// often; read the Kolari–Pynnönen versions, the calendar-time portfolio and GRANK-T.
    Clustering {
        /// Mean residual correlation over the headline window.
        mean_correlation: f64,
        /// Share of all pairs whose windows share a session, a fraction.
        overlapping_share: f64,
        /// Days 0 of the sample.
        dates: usize,
    },
    /// CARs are skewed or have fat tails (Jarque–Bera): read the rank and sign tests and the skewness-adjusted t.
    NotNormal {
        /// Skewness of the CARs.
        skewness: f64,
        /// Their kurtosis (3 for a normal).
        kurtosis: f64,
        /// p-value of the Jarque–Bera test.
        p_value: f64,
    },
    /// The SCARs vary more than the models expect: the event added variance. Patell and the crude dependence test reject too often; read BMP,
    /// Kolari–Pynnönen, the cross-sectional t and GRANK.
    EventInducedVariance {
        /// Variance of the SCARs over the mean of d/(d−2).
        ratio: f64,
    },
    /// Fewer than 30 events: read exact and resampled tests (Wilcoxon, exact sign, wild bootstrap) beside the others.
    FewEvents {
        /// Events.
        n: usize,
    },
    /// One event: no test over events applies; run it by itself for its placebo test.
    OneEvent,
    /// Some firms have many events: their returns aren't independent draws; read the two-way clustered test.
    RepeatedFirms {
        /// Events.
        events: usize,
        /// Different securities.
        securities: usize,
    },
    /// The headline window is months long: what a model says of it is as uncertain as the model, returns compound, and windows overlap. Read
    /// the calendar-time portfolios, the clustered test of standardised returns and the bootstrap of the BHARs.
    LongWindow {
        /// Sessions of the window.
        days: usize,
    },
    /// None of the above: BMP and GRANK-T are well specified, and the others should agree.
    Ordinary,
}

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Advice {
    /// The circumstance that it rests on.
    #[serde(flatten)]
    pub circumstance: Circumstance,
    /// Names of the tests to read.
    pub read: &'static [&'static str],
    /// Names of the tests that are unreliable here.
    pub distrust: &'static [&'static str],
    /// The source: author, year, journal and pages.
    pub source: &'static str,
}

/// Advice for all events of a sample, by its headline window.
pub(super) fn advise(all: &GroupResult, estimates: &Estimates) -> Vec<Advice> {
    let (Some(window), Some(cars)) = (all.windows.first(), estimates.cars.first()) else { return Vec::new() };
    let mut advice = Vec::new();
    let n = all.n;
    if n == 1 {
        return vec![Advice {
            circumstance: Circumstance::OneEvent,
            read: &[],
            distrust: &["corrado-rank"],
            source: "Gelbach, Helland & Klick 2013, American Law and Economics Review 15, 495–541",
        }];
    }
    let pairs = n as f64 * (n as f64 - 1.0) / 2.0;
    let correlation = window.correlation;
    // Without correlation the mean of so many sample correlations has about this standard deviation.
    let observations = estimates.fits.iter().map(|fit| fit.observations).min().unwrap_or(1) as f64;
    let noise = (correlation.overlapping_pairs as f64 / observations).sqrt() / pairs;
    if correlation.value > 2.0 * noise && correlation.value * (n as f64 - 1.0) > NOTABLE_INFLATION {
        advice.push(Advice {
            circumstance: Circumstance::Clustering {
                mean_correlation: correlation.value,
                overlapping_share: correlation.overlapping_pairs as f64 / pairs,
                dates: all.dates,
            },
            read: &["kolari-pynnonen-bmp", "grank-t", "calendar-time"],
            distrust: &[
                "patell",
                "bmp",
                "cross-sectional-t",
                "skewness-adjusted-t",
                "sign",
                "sign-exact",
                "generalised-sign",
                "generalised-sign-exact",
                "wilcoxon",
                "jackknife",
                "wild-bootstrap",
                "skewness-adjusted-bootstrap",
                "permutation",
            ],
            source: "Kolari & Pynnönen 2010, Review of Financial Studies 23, 3996–4025",
        });
    }
    let scars: Vec<f64> = cars.value.iter().zip(&cars.standard_error).map(|(car, error)| car / error).collect();
    let expected: Vec<f64> =
        estimates.fits.iter().filter(|fit| fit.degrees > 2).map(|fit| fit.degrees as f64 / (fit.degrees as f64 - 2.0)).collect();
    if let Some((variance, expected)) = moment::variance(&scars).zip(moment::mean(&expected)) {
        // The ratio times N − 1 is about χ² under the null: only a difference that chance doesn't make is told.
        let ratio = variance / expected;
        let chance = tail::chi_squared_survival(ratio * (n as f64 - 1.0), n as f64 - 1.0);
        if ratio > NOTABLE_VARIANCE && chance.is_some_and(|p_value| p_value < 0.05) {
            advice.push(Advice {
                circumstance: Circumstance::EventInducedVariance { ratio },
                read: &["bmp", "kolari-pynnonen-bmp", "cross-sectional-t", "grank-t"],
                distrust: &["patell", "kolari-pynnonen-patell", "crude-dependence", "corrado-rank"],
                source: "Boehmer, Musumeci & Poulsen 1991, Journal of Financial Economics 30, 253–272; Harrington & Shrider 2007, Journal of Financial and Quantitative Analysis 42, 229–256",
            });
        }
    }
    if let Some((skewness, kurtosis)) = moment::skewness(&cars.value).zip(moment::kurtosis(&cars.value))
        && let Some(p_value) = residual::jarque_bera(&cars.value).map(|test| test.p_value).filter(|p_value| *p_value < 0.05)
    {
        advice.push(Advice {
                circumstance: Circumstance::NotNormal { skewness, kurtosis, p_value },
                read: &["corrado-rank", "grank-t", "generalised-sign", "wilcoxon", "skewness-adjusted-bootstrap"],
                distrust: &["cross-sectional-t", "crude-dependence", "jackknife"],
                source: "Corrado 1989, Journal of Financial Economics 23, 385–395; Kolari & Pynnönen 2011, Journal of Empirical Finance 18, 953–971",
            });
    }
    if n < FEW_EVENTS {
        advice.push(Advice {
            circumstance: Circumstance::FewEvents { n },
            read: &["wilcoxon", "sign-exact", "generalised-sign-exact", "wild-bootstrap", "corrado-rank"],
            distrust: &["skewness-adjusted-t", "two-way-clustered"],
            source: "Corrado & Zivney 1992, Journal of Financial and Quantitative Analysis 27, 465–478; Cameron, Gelbach & Miller 2008, Review of Economics and Statistics 90, 414–427",
        });
    }
    if n >= 2 * all.securities && all.securities > 1 {
        advice.push(Advice {
            circumstance: Circumstance::RepeatedFirms { events: n, securities: all.securities },
            read: &["two-way-clustered", "calendar-time"],
            distrust: &[],
            source: "Thompson 2011, Journal of Financial Economics 99, 1–10; Petersen 2009, Review of Financial Studies 22, 435–480",
        });
    }
    if window.window.days() >= LONG_WINDOW {
        advice.push(Advice {
            circumstance: Circumstance::LongWindow { days: window.window.days() },
            read: &["calendar-time", "calendar-time-alpha", "standardised-clustered", "bhar-bootstrap"],
            distrust: &["patell", "crude-dependence", "corrado-rank"],
            source: "Kothari & Warner 2007, Handbook of Empirical Corporate Finance 1, 3–36; Lyon, Barber & Tsai 1999, Journal of Finance 54, 165–201; Mitchell & Stafford 2000, Journal of Business 73, 287–329",
        });
    }
    if advice.is_empty() {
        advice.push(Advice {
            circumstance: Circumstance::Ordinary,
            read: &["bmp", "grank-t"],
            distrust: &[],
            source: "Kolari & Pynnönen 2011, Journal of Empirical Finance 18, 953–971",
        });
    }
    advice
}
