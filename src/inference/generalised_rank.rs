//! The generalised rank tests (Kolari & Pynnönen 2011, Journal of Empirical Finance 18(5), 953–971,
//! doi:10.1016/j.jempfin.2011.08.003): the whole window is one more day among the estimation days.
//!
//! Each event's SCAR, over the standard deviation of the SCARs, is ranked together with its standardised residuals:
//! `U = rank/(1 + T) − ½`, T the estimation days and 1. On each of the T days Ū_t is the mean of the N_t events there; day 0 (the
//! window) has Ū_0 of N events. Then, with S² including day 0,
//!
//! - `S² = (1/T) Σ_t (N_t/N) Ū_t²`, `Z = Ū_0 / S`: `grank-z`, N(0, 1),
//! - `t = Z √((T − 2) / (T − 1 − Z²))`: `grank-t`, t(T − 2).
//!
//! Tools differ widely under this name (on one sample of 16 events, 1.98 and 4.15). What decides it: the SCAR is divided by the
//! cross-sectional standard deviation before it is ranked, and day 0 is in S².

use crate::inference::TestOutcome;
use crate::inference::corrado::RankDay;

const NAMES: [&str; 2] = ["grank-t", "grank-z"];

/// `grank-t` and `grank-z`, from the rank of the window (day 0) and the ranks on the estimation days.
///
/// n is T, the estimation days with a return, and 1. Both are inapplicable without an event on day 0, under 2 estimation days, and
/// when all mean ranks are ½; `grank-t` also when T − 1 − Z² ≤ 0, where day 0 alone makes up the variance.
pub fn generalised_rank(window: RankDay, estimation: &[RankDay]) -> [TestOutcome; 2] {
    let (z, days) = match z_value(window, estimation) {
        Ok(value) => value,
        Err(reason) => return NAMES.map(|name| TestOutcome::inapplicable(name, reason.clone())),
    };
    let [t_name, z_name] = NAMES;
    let total = days as f64;
    let left = total - 1.0 - z * z;
    // z² reaches T at most, up to rounding: what is left of T − 1 − Z² must exceed it.
    let by_t = if left > 1e-12 * total {
        TestOutcome::student(t_name, z * ((total - 2.0) / left).sqrt(), total - 2.0, days)
    } else {
        TestOutcome::inapplicable(t_name, format!("T − 1 − Z² = {left:.4} is not above 0, with T = {days} days and Z = {z:.4}"))
    };
    [by_t, TestOutcome::normal(z_name, z, days)]
}

/// Z and T.
fn z_value(window: RankDay, estimation: &[RankDay]) -> Result<(f64, usize), String> {
    if window.count == 0 {
        return Err("N = 0: no event has a return in the window".to_owned());
    }
    let events = f64::from(window.count);
    // (N_t/N) Ū_t² = (Σ_i U_it)² / (N_t N).
    let weighted_square = |day: &RankDay| day.sum * day.sum / (f64::from(day.count) * events);
    let counted = estimation.iter().filter(|day| day.count > 0);
    let (days, squares) =
        counted.fold((1_usize, weighted_square(&window)), |(days, squares), day| (days + 1, squares + weighted_square(day)));
    if days < 3 {
        return Err(format!("{} estimation days with a return, at least 2 are needed", days - 1));
    }
    if !squares.is_finite() {
        return Err("a day's sum of ranks is not a finite number".to_owned());
    }
    if squares <= 0.0 {
        return Err(format!("zero variance: every mean rank of the {days} days is ½"));
    }
    Ok((window.sum / events / (squares / days as f64).sqrt(), days))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    fn day(sum: f64, count: u32) -> RankDay {
        RankDay { sum, count }
    }

    fn reason(outcome: &TestOutcome) -> &str {
        let Outcome::Inapplicable { reason } = &outcome.outcome else { panic!("{outcome:?}") };
        reason
    }

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        for (outcomes, said) in [
            (generalised_rank(day(0.0, 0), &[day(0.1, 2); 5]), "N = 0"),
            (generalised_rank(day(0.3, 2), &[day(0.1, 2), day(0.0, 0)]), "1 estimation days"),
            (generalised_rank(day(0.0, 2), &[day(0.0, 2); 5]), "of the 6 days"),
            (generalised_rank(day(f64::INFINITY, 2), &[day(0.0, 2); 5]), "not a finite number"),
        ] {
            assert!(outcomes.iter().all(|outcome| reason(outcome).contains(said)), "{outcomes:?}");
        }
    }

    #[test]
    fn when_day_zero_is_all_the_variance_only_z_is_left() {
        // S² = Ū_0²/T, so Z = √T and T − 1 − Z² = −1.
        let [by_t, by_z] = generalised_rank(day(0.6, 2), &[day(0.0, 2); 8]);
        assert!(reason(&by_t).contains("-1.0000") && reason(&by_t).contains("T = 9"));
        let Outcome::Computed { statistic, n, .. } = by_z.outcome else { panic!() };
        assert!((statistic - 3.0).abs() < 1e-15);
        assert_eq!(n, 9);
    }

    #[test]
    fn days_of_one_size_give_one() {
        // |Ū| alike on every day: Z = 1, so t = √((T − 2)/(T − 2)) = 1.
        let estimation: Vec<RankDay> = (0..20).map(|t| day(if t % 2 == 0 { 0.9 } else { -0.9 }, 3)).collect();
        for outcome in generalised_rank(day(0.9, 3), &estimation) {
            let Outcome::Computed { statistic, n, .. } = outcome.outcome else { panic!() };
            assert!((statistic - 1.0).abs() < 1e-14);
            assert_eq!(n, 21);
        }
    }
}
