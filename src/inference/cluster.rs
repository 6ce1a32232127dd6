//! The mean CAR with a variance clustered two ways, by calendar day and by firm (Cameron, Gelbach & Miller 2011, Journal of Business
//! & Economic Statistics 29(2), 238–249, doi:10.1198/jbes.2010.07136; Thompson 2011, Journal of Financial Economics 99(1), 1–10,
//! doi:10.1016/j.jfineco.2010.08.016).
//!
//! With e = CAR − mean, a clustering into G groups has `V = G/(G − 1) · Σ_g (Σ_{i∈g} e_i)² / N²`, and
//!
//! `t = mean / √(V_day + V_firm − V_both)`, t(min(G_day, G_firm) − 1),
//!
//! "both" the groups of one firm on one day. Each V has its own G/(G − 1), as in R's `sandwich::vcovCL`, statsmodels'
//! `cov_cluster_2groups` and linearmodels with `debiased` and `group_debias` (their (N − 1)/(N − k) is 1 for a mean); Thompson has no
//! such factor. The degrees of freedom are Cameron, Gelbach & Miller's advice; `lmtest::coeftest` takes N − 1 unless told.
//!
//! The difference can come out at 0 or below: the test is inapplicable then, and nothing else is put in the variance's place.

use crate::inference::TestOutcome;
use crate::inference::cross_section::Spread;

const NAME: &str = "two-way-clustered";

/// The test that the mean CAR (a fraction) is 0; `day` and `firm` number each event's calendar day and firm, in any way.
///
/// Inapplicable when the lengths differ, for N < 2, CARs that don't differ, fewer than 2 days or firms, and a variance that isn't
/// above 0. O(N log N).
pub fn two_way_clustered(cars: &[f64], day: &[u32], firm: &[u32]) -> TestOutcome {
    TestOutcome::from_result(NAME, clustered(NAME, cars, ["CARs", "events"], day, firm))
}

/// The test named `name` that the mean of values is 0, clustered by day and by firm; `nouns` say in the plural what the values are, and
/// what has one.
pub(super) fn clustered(
    name: &'static str,
    values: &[f64],
    [noun, bearers]: [&str; 2],
    day: &[u32],
    firm: &[u32],
) -> Result<TestOutcome, String> {
    let count = values.len();
    if day.len() != count || firm.len() != count {
        return Err(format!("{count} {noun}, but {} days and {} firms", day.len(), firm.len()));
    }
    let spread = Spread::of(values, noun, 2)?;
    let deviations = || values.iter().map(|value| value - spread.mean);
    let both = day.iter().zip(firm).map(|(day, firm)| (u64::from(*day) << 32) | u64::from(*firm));
    let mut keyed: Vec<(u64, f64)> = both.zip(deviations()).collect();
    keyed.sort_unstable_by_key(|(key, _)| *key);
    let (_, by_both) = clustering(&keyed, |key| key);
    let (days, by_day) = clustering(&keyed, |key| key >> 32);
    keyed.clear();
    keyed.extend(firm.iter().map(|firm| u64::from(*firm)).zip(deviations()));
    keyed.sort_unstable_by_key(|(key, _)| *key);
    let (firms, by_firm) = clustering(&keyed, |key| key);
    if days < 2 || firms < 2 {
        return Err(format!("{count} {bearers} on {days} days of {firms} firms: at least 2 of each are needed"));
    }
    let variance = by_day + by_firm - by_both;
    if variance <= 1e-12 * (by_day + by_firm) {
        return Err(format!(
            "the variance is not above 0: {by_day:.3e} by day and {by_firm:.3e} by firm, less {by_both:.3e} by both ({days} days, {firms} firms)"
        ));
    }
    Ok(TestOutcome::student(name, spread.mean / variance.sqrt(), days.min(firms) as f64 - 1.0, count))
}

/// Number of groups of events sorted by their key, and the variance of the mean clustered by them; 0 when there is one group.
fn clustering(keyed: &[(u64, f64)], group_of: impl Fn(u64) -> u64) -> (usize, f64) {
    let (mut groups, mut squares) = (0_usize, 0.0_f64);
    for group in keyed.chunk_by(|left, right| group_of(left.0) == group_of(right.0)) {
        let total: f64 = group.iter().map(|(_, deviation)| deviation).sum();
        groups += 1;
        squares += total * total;
    }
    if groups < 2 {
        return (groups, 0.0);
    }
    let count = keyed.len() as f64;
    (groups, groups as f64 / (groups as f64 - 1.0) * squares / (count * count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;
    use crate::inference::cross_section::cross_sectional_t;

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        let cars = [0.1, -0.1, 0.2, -0.2];
        for (outcome, said) in [
            (two_way_clustered(&cars, &[1, 2], &[1, 2, 3, 4]), "4 CARs, but 2 days and 4 firms"),
            (two_way_clustered(&cars, &[7; 4], &[1, 2, 3, 4]), "on 1 days of 4 firms"),
            (two_way_clustered(&cars, &[1, 2, 3, 4], &[7; 4]), "on 4 days of 1 firms"),
            (two_way_clustered(&[0.1], &[1], &[1]), "N = 1"),
            (two_way_clustered(&[0.1; 3], &[1, 2, 3], &[1, 2, 3]), "zero variance: the 3 CARs"),
            // Every day and every firm sums to 0; every event doesn't.
            (two_way_clustered(&[0.1, -0.1, -0.1, 0.1], &[1, 1, 2, 2], &[1, 2, 1, 2]), "is not above 0"),
        ] {
            let Outcome::Inapplicable { reason } = outcome.outcome else { panic!("{outcome:?}") };
            assert!(reason.contains(said), "{reason}");
        }
    }

    #[test]
    fn events_all_on_their_own_are_the_cross_sectional_test() {
        let cars = [0.012, -0.034, 0.051, 0.007, -0.002];
        let (Outcome::Computed { statistic: clustered, .. }, Outcome::Computed { statistic: plain, .. }) =
            (two_way_clustered(&cars, &[5, 4, 3, 2, 1], &[10, 20, 30, 40, 50]).outcome, cross_sectional_t(&cars).outcome)
        else {
            panic!()
        };
        assert!((clustered / plain - 1.0).abs() < 1e-14);
    }
}
