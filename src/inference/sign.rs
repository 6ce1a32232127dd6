//! Sign tests: is the share of positive CARs unusual? w of N CARs are positive; a CAR of 0 isn't, and still counts in N.
//!
//! - `sign`: `(w − N/2) / √(N/4)`, N(0, 1).
//! - `generalised-sign`: `(w − Np̂) / √(Np̂(1 − p̂))`, N(0, 1), p̂ the mean share of positive residuals in the events' estimation
//!   windows, for returns are skewed and fewer than half are above their mean (Cowan 1992, Review of Quantitative Finance and
//!   Accounting 2(4), 343–358, doi:10.1007/BF00939016). Neither has a continuity correction, as in Cowan.
//! - `sign-exact`, `generalised-sign-exact`: the statistic is w, its null the binomial(N, p̂); p is the probability of all counts that
//!   are no likelier than w, as in R's `binom.test` and scipy's `binomtest` (with their allowance of 1e-7 for equally likely counts).
//!   p̂ is taken as known.
//!
//! The two tails are incomplete beta functions, and the other tail's edge is found by bisection: O(log N).

use cdflib::special;

use crate::inference::TestOutcome;

/// Counts whose probability exceeds that of the observed one by no more than this part count as equally likely.
const EQUALLY_LIKELY: f64 = 1e-7;

/// The sign test and its exact counterpart. Inapplicable without events and when a CAR (a fraction) is NaN.
pub fn sign(cars: &[f64]) -> [TestOutcome; 2] {
    tests(["sign", "sign-exact"], cars, 0.5)
}

/// The generalised sign test and its exact counterpart, with the share of positive residuals that is usual (a fraction).
/// Inapplicable like [`sign`], and when the share isn't between 0 and 1, both excluded.
pub fn generalised_sign(cars: &[f64], positive_share: f64) -> [TestOutcome; 2] {
    tests(["generalised-sign", "generalised-sign-exact"], cars, positive_share)
}

fn tests(names: [&'static str; 2], cars: &[f64], share: f64) -> [TestOutcome; 2] {
    let count = cars.len();
    let reason = if count == 0 {
        Some("N = 0: no CARs".to_owned())
    } else if cars.iter().any(|car| car.is_nan()) {
        Some(format!("one of the {count} CARs is not a number"))
    } else if !(share > 0.0 && share < 1.0) {
        Some(format!("the usual share of positive residuals is {share}, and must lie between 0 and 1"))
    } else {
        None
    };
    if let Some(reason) = reason {
        return names.map(|name| TestOutcome::inapplicable(name, reason.clone()));
    }
    let [normal, exact] = names;
    let positive = cars.iter().filter(|car| **car > 0.0).count();
    let (w, total) = (positive as f64, count as f64);
    let z = (w - total * share) / (total * share * (1.0 - share)).sqrt();
    let null = format!("exact binomial({count}, {})", (share * 1e4).round() / 1e4);
    [TestOutcome::normal(normal, z, count), TestOutcome::computed(exact, w, two_sided_binomial(positive, count, share), null, count)]
}

/// Probability of all counts that are no likelier than the observed one.
fn two_sided_binomial(observed: usize, count: usize, share: f64) -> Option<f64> {
    let total = count as f64;
    let expected = total * share;
    let reached = observed as f64;
    if reached == expected {
        return Some(1.0);
    }
    let observed_arrangements = special::gamma_log(reached + 1.0) + special::gamma_log(total - reached + 1.0);
    let odds = share.ln() - (-share).ln_1p();
    // ln of a count's probability over the observed one's; for share ½ exactly 0 at the mirror image.
    let as_unlikely = |other: usize| {
        let other = other as f64;
        let arrangements = special::gamma_log(other + 1.0) + special::gamma_log(total - other + 1.0);
        observed_arrangements - arrangements + (other - reached) * odds <= EQUALLY_LIKELY
    };
    let p = if reached < expected {
        // From the expected count upwards probabilities fall: the first that is as unlikely begins the other tail.
        let edge = first_where(expected.ceil() as usize, count + 1, as_unlikely);
        at_most(observed, count, share)? + at_least(edge, count, share)?
    } else {
        let edge = first_where(0, expected.floor() as usize + 1, |other| !as_unlikely(other));
        at_least(observed, count, share)? + edge.checked_sub(1).map_or(Some(0.0), |last| at_most(last, count, share))?
    };
    Some(p.min(1.0))
}

/// The first number from `from` on, before `to`, that holds, when all after it do; `to` when none does.
fn first_where(from: usize, to: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut low, mut high) = (from, to.max(from));
    while low < high {
        let middle = low + (high - low) / 2;
        if holds(middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

/// `P(X ≤ k)`, X binomial.
fn at_most(k: usize, count: usize, share: f64) -> Option<f64> {
    if k >= count {
        return Some(1.0);
    }
    special::try_beta_inc((count - k) as f64, k as f64 + 1.0, 1.0 - share, share).ok().map(|(lower, _)| lower)
}

/// `P(X ≥ k)`, X binomial.
fn at_least(k: usize, count: usize, share: f64) -> Option<f64> {
    if k == 0 {
        return Some(1.0);
    }
    if k > count {
        return Some(0.0);
    }
    special::try_beta_inc(k as f64, (count - k) as f64 + 1.0, share, 1.0 - share).ok().map(|(lower, _)| lower)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        let reasons = |outcomes: [TestOutcome; 2]| {
            outcomes.map(|outcome| {
                let Outcome::Inapplicable { reason } = outcome.outcome else { panic!("{outcome:?}") };
                reason
            })
        };
        assert!(reasons(sign(&[])).iter().all(|reason| reason.contains("N = 0")));
        assert!(reasons(sign(&[0.1, f64::NAN])).iter().all(|reason| reason.contains("2 CARs")));
        for share in [0.0, 1.0, -0.2, f64::NAN] {
            assert!(reasons(generalised_sign(&[0.1], share)).iter().all(|reason| reason.contains(&share.to_string())));
        }
    }

    #[test]
    fn a_car_of_zero_is_not_positive() {
        let [_, exact] = sign(&[0.0, 0.0, 0.1]);
        // One of three, p = 1: every other count is as unlikely or more.
        assert_eq!(exact.outcome, Outcome::Computed { statistic: 1.0, p_value: 1.0, null: "exact binomial(3, 0.5)".to_owned(), n: 3 });
        let [_, exact] = sign(&[0.0; 10]);
        assert!((exact.p_value().unwrap() - 2.0 / 1024.0).abs() < 1e-15, "only 0 and 10 of 10 are as unlikely as 0");
    }
}
