//! Tests for windows of months and years.
//!
//! - `standardised-clustered`: the test of Dutta, Knif, Kolari & Pynnönen (2018, Journal of Empirical Finance 47, 1–24,
//!   doi:10.1016/j.jempfin.2018.02.004). Each event's abnormal return of each day is divided by its standard deviation, and all of them
//!   are pooled: with x the mean of the n = Σ L_i standardised returns and V clustered two ways, by calendar day and by firm,
//!   `t = x / √(V_day + V_firm − V_both)`, t(min(G_day, G_firm) − 1), V as in [`super::cluster`]. Dividing first keeps a few wild stocks
//!   from deciding; clustering by day carries the correlation of events on one day, clustering by firm that of one firm's days.
//!
//!   The formula is the one of `crseEvent` in the R package crseEventStudy 1.2.2, whose author is one of the paper's:
//!   `lm(x ~ 1)` with `sandwich::vcovCL`; the article itself wasn't at hand, so its equations can't be named. Two differences: here a
//!   return is standardised by its standard error of forecast under the event's own model (theirs: log returns over a trailing standard
//!   deviation, less those of a control firm), and the degrees of freedom are min(G) − 1 as Cameron, Gelbach & Miller have it (that
//!   package's: min(G)).
//!
//! - `bhar-bootstrap`: the bootstrapped skewness-adjusted t of Lyon, Barber & Tsai (1999, Journal of Finance 54(1), 165–201,
//!   doi:10.1111/0022-1082.00101). Of N BHARs with mean x̄, standard deviation s (divisor N − 1), S = x̄/s and
//!   `γ = Σ(x − x̄)³ / (N s³)`, `t = √N (S + γS²/3 + γ/(6N))` (Johnson 1978). Each of the draws takes N/4 of them (rounded down) with
//!   replacement, and has t* of its own S* = (x̄* − x̄)/s*, γ* and size. p = 2 min(P(t* ≤ t), P(t* ≥ t)), each `(hits + 1)/(draws + 1)`:
//!   a BHAR can't fall below −1 and has no upper bound, so the tails are read apart. A draw of equal values has no t*, and counts in
//!   both tails. [`super::bootstrap`] has the other skewness-adjusted bootstrap: samples of N, Hall's cubic term, and |t*|.

use rand_pcg::Pcg64;

use crate::inference::cross_section::Spread;
use crate::inference::resampling::{self, DrawnMoments, TIE};
use crate::inference::{TestOutcome, cluster};

const STANDARDISED: &str = "standardised-clustered";
const BHAR: &str = "bhar-bootstrap";

/// Fewest BHARs: a quarter of them has a variance and a skewness.
const FEWEST: usize = 12;

/// The test that the mean of pooled standardised abnormal returns (without unit, one an event and day) is 0; `day` and `firm` number
/// each one's calendar day and firm, in any way.
///
/// Inapplicable when the lengths differ, for n < 2, values that don't differ, fewer than 2 days or firms, and a variance that isn't
/// above 0.
pub fn standardised_clustered(values: &[f64], day: &[u32], firm: &[u32]) -> TestOutcome {
    let nouns = ["standardised abnormal returns", "standardised abnormal returns"];
    TestOutcome::from_result(STANDARDISED, cluster::clustered(STANDARDISED, values, nouns, day, firm))
}

/// The bootstrapped skewness-adjusted t test that the mean BHAR (a fraction) is 0. n is the number of draws. Inapplicable for N < 12,
/// BHARs that don't differ, and fewer than 19 draws.
pub fn bhar_bootstrap(bhars: &[f64], draws: usize, seed: u64) -> TestOutcome {
    TestOutcome::from_result(BHAR, bootstrapped(bhars, draws, seed))
}

fn bootstrapped(bhars: &[f64], draws: usize, seed: u64) -> Result<TestOutcome, String> {
    let spread = Spread::of(bhars, "BHARs", FEWEST)?;
    let standardised: Vec<f64> = bhars.iter().map(|bhar| (bhar - spread.mean) / spread.deviation).collect();
    let skewness = standardised.iter().map(|value| value * value * value).sum::<f64>() / spread.count;
    let statistic = johnson_transform(spread.mean / spread.deviation, skewness, spread.count);
    let size = bhars.len() / 4;
    let margin = TIE * statistic.abs();
    let p = resampling::two_tailed_p_value(draws, seed, |generator| match resampled_statistic(&standardised, size, generator) {
        Some(drawn) => [drawn <= statistic + margin, drawn >= statistic - margin],
        None => [true, true],
    })?;
    let null = format!("{draws} bootstrap draws of {size} of {} BHARs, seed {seed}", bhars.len());
    Ok(TestOutcome::computed(BHAR, statistic, Some(p), null, draws))
}

/// `√N (S + γS²/3 + γ/(6N))`.
fn johnson_transform(ratio: f64, skewness: f64, count: f64) -> f64 {
    count.sqrt() * (ratio + skewness * ratio * ratio / 3.0 + skewness / (6.0 * count))
}

/// The statistic of `size` values drawn with replacement from values of mean 0; None when they don't vary.
fn resampled_statistic(standardised: &[f64], size: usize, generator: &mut Pcg64) -> Option<f64> {
    let DrawnMoments { mean, variance, third } = resampling::draw_moments(standardised, size, generator)?;
    let total = size as f64;
    let deviation = (variance * total / (total - 1.0)).sqrt();
    let skewness = third / (deviation * deviation * deviation);
    Some(johnson_transform(mean / deviation, skewness, total))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        let twelve: Vec<f64> = (0..12).map(f64::from).collect();
        for (outcome, said) in [
            (bhar_bootstrap(&twelve[..11], 999, 1), "N = 11: too few BHARs"),
            (bhar_bootstrap(&[0.1; 40], 999, 1), "zero variance: the 40 BHARs"),
            (bhar_bootstrap(&twelve, 0, 1), "0 draws, fewer than 39"),
            (bhar_bootstrap(&[f64::NAN; 12], 999, 1), "not a finite number"),
            (standardised_clustered(&[1.0, 2.0], &[1], &[1, 2]), "2 standardised abnormal returns, but 1 days"),
            (standardised_clustered(&[1.0, 2.0], &[1, 1], &[1, 2]), "on 1 days of 2 firms"),
            (standardised_clustered(&[], &[], &[]), "N = 0"),
        ] {
            let Outcome::Inapplicable { reason } = outcome.outcome else { panic!("{outcome:?}") };
            assert!(reason.contains(said), "{reason}");
        }
    }

    #[test]
    fn a_mean_in_the_middle_of_its_draws_has_a_p_value_of_one_and_never_more() {
        let symmetric: Vec<f64> = (-10..=10).map(f64::from).collect();
        let p = bhar_bootstrap(&symmetric, 999, 7).p_value().unwrap();
        assert!((0.9..=1.0).contains(&p), "{p}");
    }
}
