//! The variants of Stata's `eventstudy2` (Kaspereit; version 3.0 read, 3.2 by its ports), for people who must match papers that used it.
//! They are printed beside the statistics of this program, never in their place.
//!
//! With `C_it = stdf²_it / s²_i` (1 + the forecast error's share):
//!
//! - standardised abnormal return `v_it = AR_it / (s_i C_it^¼)`: the fourth root, where Patell (1976) has the square root;
//! - of a window `W_i = Σ_{k=1..L} v_ik / √k`, k counting the window's days: it depends on the order of the days, and its variance under
//!   the null is not 1;
//! - `bmp = mean(W) / (sd(W)/√N)`, p from t(n − 2); `patell = Σ W_i / √Σ (n_i−2)/(n_i−4)`, N(0, 1);
//! - r̄ is the mean correlation of the estimation residuals (standardised like v) paired by **event day**, whatever the dates, without
//!   weights; the factor `√((1−r̄)/(1+(N−1)r̄))` multiplies Patell too;
//! - GRANK-T ranks `W_i × factor / (sd(W)/√N)`, a standard error where Kolari & Pynnönen (2011) have the standard deviation, among the n
//!   residuals over s; `S² = (1/n) Σ (N_t/N) Ū_t²` over the n estimation days alone, `t = Z √((n−2)/(n−1−Z²))`, t(n − 2).
//!
//! `eventstudy2` takes logarithms of 1 + R unless told otherwise, and holds abnormal returns in single precision: six digits agree at best.
//! On the published sample of 16 additions to the S&P 500 with simple returns the window 0..1 gives BMP 1.985025, adjusted 1.770422, and
//! GRANK-T 4.151076, as the test suite of EventStudy.jl has them.

use super::estimate::Estimates;
use super::input::{Buffers, Inputs};
use super::market::Markets;
use super::place::moved;
use crate::inference::{Outcome, TestOutcome};
use crate::stats::{moment, tail};
use crate::window::Window;

/// Tests that have a variant.
const NAMES: [&str; 5] = ["patell", "kolari-pynnonen-patell", "bmp", "kolari-pynnonen-bmp", "grank-t"];
/// Most events whose residuals are held at a time (500 MB).
const MOST_EVENTS: usize = 100_000;

/// What the variants need of one event.
struct EventVariant {
    /// W.
    sum: f64,
    /// Estimation returns.
    observations: usize,
    /// Place of each residual in the estimation window.
    days: Vec<u32>,
    /// Residuals over s.
    residuals: Vec<f64>,
    /// Residuals over s C^¼, at mean 0 and length 1.
    directions: Vec<f64>,
}

/// The variants of one window over the events at `members`.
pub(super) fn variants(markets: &Markets, estimates: &Estimates, members: &[usize], window: Window) -> Vec<TestOutcome> {
    if members.len() > MOST_EVENTS {
        let reason = format!("{} events: more than {MOST_EVENTS} aren't held at a time for these variants", members.len());
        return NAMES.map(|name| TestOutcome::inapplicable(name, reason.clone())).to_vec();
    }
    let mut buffers = Buffers::default();
    let events: Vec<EventVariant> =
        members.iter().filter_map(|member| EventVariant::of(markets, estimates, *member, window, &mut buffers)).collect();
    let n = events.len();
    let sums: Vec<f64> = events.iter().map(|event| event.sum).collect();
    let nothing = |reason: &str| NAMES.map(|name| TestOutcome::inapplicable(name, reason)).to_vec();
    let Some((mean, deviation)) = moment::mean(&sums).zip(moment::standard_deviation(&sums)).filter(|(_, deviation)| *deviation > 0.0)
    else {
        return nothing("fewer than two events, or all the same");
    };
    let longest = events.iter().map(|event| event.observations).max().unwrap_or(0);
    if events.iter().any(|event| event.observations <= 4) {
        return nothing("an event has 4 estimation returns or fewer");
    }
    let count = n as f64;
    let correlation = mean_by_event_day(&events);
    let inflation = 1.0 + (count - 1.0) * correlation;
    if inflation <= 0.0 || correlation >= 1.0 {
        return nothing("the mean correlation by event day allows no adjustment");
    }
    let factor = ((1.0 - correlation) / inflation).sqrt();
    let scale: f64 = events.iter().map(|event| (event.observations as f64 - 2.0) / (event.observations as f64 - 4.0)).sum();
    let patell = sums.iter().sum::<f64>() / scale.sqrt();
    let bmp = mean / (deviation / count.sqrt());
    let normal = |name, z: f64| computed(name, z, tail::two_sided_normal(z), "N(0, 1)".to_owned(), n);
    let degrees = longest as f64 - 2.0;
    let student = |name, t: f64| computed(name, t, tail::two_sided_student(t, degrees), format!("t({degrees})"), n);
    vec![
        normal("patell", patell),
        normal("kolari-pynnonen-patell", patell * factor),
        student("bmp", bmp),
        student("kolari-pynnonen-bmp", bmp * factor),
        generalised_rank(&events, factor / (deviation / count.sqrt())).map_or_else(
            || TestOutcome::inapplicable("grank-t", "the ranks have no spread, or the statistic leaves its range"),
            |t| student("grank-t", t),
        ),
    ]
}

fn computed(name: &'static str, statistic: f64, p_value: Option<f64>, null: String, n: usize) -> TestOutcome {
    match p_value {
        Some(p_value) => TestOutcome { name, outcome: Outcome::Computed { statistic, p_value, null, n } },
        None => TestOutcome::inapplicable(name, "the statistic isn't a number"),
    }
}

impl EventVariant {
    fn of(markets: &Markets, estimates: &Estimates, member: usize, window: Window, buffers: &mut Buffers) -> Option<Self> {
        let (placed, fit) = (estimates.placed.get(member)?, estimates.fits.get(member)?);
        let days = estimates.abnormal.iter().filter(|column| window.contains(column.day) && column.present.get(member) == Some(&true));
        let mut sum = 0.0;
        for (place, column) in (1_u32..).zip(days) {
            let share = (column.standard_error.get(member)? / fit.sigma).sqrt();
            sum += column.value.get(member)? / (fit.sigma * share) / f64::from(place).sqrt();
        }
        let estimation = placed.windows.estimation();
        let from = moved(placed.zero, estimation.first());
        let runs = Inputs::of(markets, placed)?.gather(from, estimation.days(), buffers);
        let mut residuals = Vec::new();
        fit.abnormal(runs.own, runs.regressors.slices(), &mut residuals);
        let mut directions = Vec::with_capacity(residuals.len());
        for (place, residual) in residuals.iter().enumerate() {
            let row: Vec<f64> = runs.regressors.slices().iter().filter_map(|regressor| regressor.get(place)).copied().collect();
            let share = (fit.forecast_variance(fit.sigma * fit.sigma, 1, &row)? / (fit.sigma * fit.sigma)).powf(0.25);
            directions.push(residual / (fit.sigma * share));
        }
        let mean = moment::mean(&directions)?;
        let length = directions.iter().map(|value| (value - mean) * (value - mean)).sum::<f64>().sqrt();
        for value in &mut directions {
            *value = (*value - mean) / length;
        }
        let places = 0..u32::try_from(residuals.len()).ok()?;
        let days = runs.days.map_or_else(|| places.collect(), <[u32]>::to_vec);
        for residual in &mut residuals {
            *residual /= fit.sigma;
        }
        Some(Self { sum, observations: residuals.len(), days, residuals, directions })
    }
}

/// Mean correlation of all pairs, paired by event day: `(Σ_t (Σ_i z_it)² − N) / (N(N−1))`.
fn mean_by_event_day(events: &[EventVariant]) -> f64 {
    let longest = events.iter().filter_map(|event| event.days.last()).max().map_or(0, |last| *last as usize + 1);
    let mut sums = vec![0.0; longest];
    for event in events {
        for (day, value) in event.days.iter().zip(&event.directions) {
            if let Some(sum) = sums.get_mut(*day as usize) {
                *sum += value;
            }
        }
    }
    let count = events.len() as f64;
    (sums.iter().map(|sum| sum * sum).sum::<f64>() - count) / (count * (count - 1.0))
}

fn generalised_rank(events: &[EventVariant], scale: f64) -> Option<f64> {
    let longest = events.iter().filter_map(|event| event.days.last()).max().map_or(0, |last| *last as usize + 1);
    let mut days = vec![(0.0, 0_u32); longest];
    let mut zero = 0.0;
    for event in events {
        let mut all = event.residuals.clone();
        all.push(event.sum * scale);
        let ranks = crate::stats::rank::midranks(&all)?;
        let share = |rank: &f64| rank / (all.len() as f64 + 1.0) - 0.5;
        zero += share(ranks.last()?);
        for (day, rank) in event.days.iter().zip(&ranks) {
            if let Some((sum, count)) = days.get_mut(*day as usize) {
                *sum += share(rank);
                *count += 1;
            }
        }
    }
    let count = events.len() as f64;
    let held: Vec<f64> = days
        .iter()
        .filter(|(_, there)| *there > 0)
        .map(|(sum, there)| {
            let mean = sum / f64::from(*there);
            f64::from(*there) / count * mean * mean
        })
        .collect();
    let n = held.len() as f64;
    let z = zero / count / moment::mean(&held)?.sqrt();
    let under = (n - 2.0) / (n - 1.0 - z * z);
    (under > 0.0 && z.is_finite()).then(|| z * under.sqrt())
}
