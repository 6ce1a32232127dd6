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

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::inference::TestOutcome;
use crate::inference::cross_section::Spread;
use crate::stats::moment::Moments;

const NAME: &str = "two-way-clustered";

/// The groups of events: by calendar day, by firm, and by both. They are the same for every window of the same events.
pub(crate) struct Clusters {
    /// Group of each event, numbered from 0.
    day: Vec<u32>,
    firm: Vec<u32>,
    /// How many groups there are.
    pub days: usize,
    pub firms: usize,
    both: usize,
    /// The events that share both with another one, group after group, with the group's number of events beside the first.
    repeated: Vec<(u32, u32)>,
}

impl Clusters {
    /// `day` and `firm` number each event's calendar day and firm, in any way; both are of one length.
    pub fn of(day: &[u32], firm: &[u32]) -> Self {
        let ((day, days), (firm, firms)) = rayon::join(|| number(day), || number(firm));
        let mut keyed: Vec<(u64, u32)> =
            (0..).zip(day.iter().zip(&firm)).map(|(event, (day, firm))| (u64::from(*day) << 32 | u64::from(*firm), event)).collect();
        keyed.par_sort_unstable();
        let (mut both, mut repeated) = (0, Vec::new());
        for group in keyed.chunk_by(|left, right| left.0 == right.0) {
            both += 1;
            if group.len() > 1 {
                let size = u32::try_from(group.len()).unwrap_or(u32::MAX);
                repeated.extend(group.iter().map(|(_, event)| (*event, size)));
            }
        }
        Self { day, firm, days, firms, both, repeated }
    }

    /// Variances of the mean of values with this mean, clustered by day, by firm and by both.
    fn variances(&self, cars: &[f64], mean: f64) -> [f64; 3] {
        let (mut by_day, mut by_firm, mut by_both) = (vec![0.0; self.days], vec![0.0; self.firms], 0.0);
        for ((car, day), firm) in cars.iter().zip(&self.day).zip(&self.firm) {
            let deviation = car - mean;
            by_both += deviation * deviation;
            if let (Some(day), Some(firm)) = (by_day.get_mut(*day as usize), by_firm.get_mut(*firm as usize)) {
                *day += deviation;
                *firm += deviation;
            }
        }
        // An event alone on its day of its firm is a group; those that aren't alone were counted as if they were.
        let mut repeated = self.repeated.as_slice();
        while let Some((group, rest)) = repeated.first().and_then(|(_, size)| repeated.split_at_checked(*size as usize)) {
            let deviations = || group.iter().filter_map(|(event, _)| cars.get(*event as usize)).map(|car| car - mean);
            let total: f64 = deviations().sum();
            by_both += total * total - deviations().map(|deviation| deviation * deviation).sum::<f64>();
            repeated = rest;
        }
        let squares = |sums: &[f64]| sums.iter().map(|sum| sum * sum).sum::<f64>();
        let variance = |groups: usize, squares: f64| {
            let count = cars.len() as f64;
            if groups < 2 { 0.0 } else { groups as f64 / (groups as f64 - 1.0) * squares / (count * count) }
        };
        [variance(self.days, squares(&by_day)), variance(self.firms, squares(&by_firm)), variance(self.both, by_both)]
    }
}

/// Numbers from 0 in the order in which they come, and how many there are.
fn number(labels: &[u32]) -> (Vec<u32>, usize) {
    let mut numbers: FxHashMap<u32, u32> = FxHashMap::default();
    let numbered = labels
        .iter()
        .map(|label| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *numbers.entry(*label).or_insert(next)
        })
        .collect();
    (numbered, numbers.len())
}

/// The test that the mean CAR (a fraction) is 0; `day` and `firm` number each event's calendar day and firm, in any way.
///
/// Inapplicable when the lengths differ, for N < 2, CARs that don't differ, fewer than 2 days or firms, and a variance that isn't
/// above 0. O(N log N).
pub fn two_way_clustered(cars: &[f64], day: &[u32], firm: &[u32]) -> TestOutcome {
    TestOutcome::from_result(NAME, clustered(NAME, cars, ["CARs", "events"], day, firm))
}

/// [`two_way_clustered`] of CARs whose moments and groups are known. O(N).
pub(crate) fn two_way_clustered_of(cars: &[f64], moments: &Moments, clusters: &Clusters) -> TestOutcome {
    TestOutcome::from_result(NAME, clustered_of(NAME, cars, ["CARs", "events"], moments, clusters))
}

/// The test named `name` that the mean of values is 0, clustered by day and by firm; `nouns` say in the plural what the values are, and
/// what has one.
pub(super) fn clustered(name: &'static str, values: &[f64], nouns: [&str; 2], day: &[u32], firm: &[u32]) -> Result<TestOutcome, String> {
    if day.len() != values.len() || firm.len() != values.len() {
        return Err(format!("{} {}, but {} days and {} firms", values.len(), nouns[0], day.len(), firm.len()));
    }
    clustered_of(name, values, nouns, &Moments::of(values), &Clusters::of(day, firm))
}

fn clustered_of(
    name: &'static str,
    values: &[f64],
    [noun, bearers]: [&str; 2],
    moments: &Moments,
    clusters: &Clusters,
) -> Result<TestOutcome, String> {
    let (count, days, firms) = (values.len(), clusters.days, clusters.firms);
    let spread = Spread::of_moments(moments, noun, 2)?;
    if days < 2 || firms < 2 {
        return Err(format!("{count} {bearers} on {days} days of {firms} firms: at least 2 of each are needed"));
    }
    let [by_day, by_firm, by_both] = clusters.variances(values, spread.mean);
    let variance = by_day + by_firm - by_both;
    if variance <= 1e-12 * (by_day + by_firm) {
        return Err(format!(
            "the variance is not above 0: {by_day:.3e} by day and {by_firm:.3e} by firm, less {by_both:.3e} by both ({days} days, {firms} firms)"
        ));
    }
    Ok(TestOutcome::student(name, spread.mean / variance.sqrt(), days.min(firms) as f64 - 1.0, count))
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
