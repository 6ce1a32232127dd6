//! The rank test (Corrado 1989, Journal of Financial Economics 23(2), 385–395, doi:10.1016/0304-405X(89)90064-0), with ranks over
//! missing returns as in Corrado & Zivney (1992, Journal of Financial and Quantitative Analysis 27(3), 465–478, doi:10.2307/2331331).
//!
//! An event's abnormal returns of estimation and event window together are ranked, `U = rank/(1 + n) − ½` with n the returns there
//! are, so every event's U average 0. On day t, `z_t = Σ_i U_it / √N_t` over the N_t events that have a return; then
//!
//! `Z = Σ_{t∈W} z_t / (√L · √(mean over all days of z²))`, N(0, 1),
//!
//! L the days of the window W with a return. As the variance is that of the days, correlation between events is in it. For one day
//! it is Corrado & Zivney's statistic; the sum over a window divided by √L is that of Cowan (1992) and Campbell & Wasley (1993). The
//! original weighs each day by 1/N, not 1/√N_t: the same when no return is missing. The days' z² are averaged over all days with
//! returns, the window's own included, as in the original.

use std::ops::Range;

use crate::inference::TestOutcome;

/// One day of event time over all events: what the rank tests need of it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RankDay {
    /// `Σ_i U_it` over the events with a return that day, each U from −½ to ½.
    pub sum: f64,
    /// Number N_t of those events.
    pub count: u32,
}

/// The rank test of the window at positions `window` of `days`, the days of estimation and event window in order.
///
/// n is the number of days with a return. Inapplicable when the window isn't among the days or holds no return, and when no day's
/// mean rank differs from ½.
pub fn rank(days: &[RankDay], window: Range<usize>) -> TestOutcome {
    TestOutcome::from_result(NAME, rank_test(days, window))
}

const NAME: &str = "corrado-rank";

fn rank_test(days: &[RankDay], window: Range<usize>) -> Result<TestOutcome, String> {
    let inside = days
        .get(window.clone())
        .ok_or_else(|| format!("the window is at the days {}..{}, and there are {}", window.start, window.end, days.len()))?;
    let standardised = |days: &[RankDay]| {
        let counted = days.iter().filter(|day| day.count > 0);
        counted.fold((0_usize, 0.0_f64, 0.0_f64), |(length, total, squares), day| {
            let z = day.sum / f64::from(day.count).sqrt();
            (length + 1, total + z, squares + z * z)
        })
    };
    let (length, total, _) = standardised(inside);
    let (all, _, squares) = standardised(days);
    if length == 0 {
        return Err(format!("no event has a return on the {} days of the window", inside.len()));
    }
    if !squares.is_finite() {
        return Err("a day's sum of ranks is not a finite number".to_owned());
    }
    if squares <= 0.0 {
        return Err(format!("zero variance: every mean rank of the {all} days is ½"));
    }
    Ok(TestOutcome::normal(NAME, total / ((length as f64).sqrt() * (squares / all as f64).sqrt()), all))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Outcome;

    fn day(sum: f64, count: u32) -> RankDay {
        RankDay { sum, count }
    }

    #[test]
    fn a_test_that_does_not_apply_says_why() {
        let days = [day(0.3, 2), day(-0.3, 2), day(0.0, 0)];
        for (outcome, said) in [
            (rank(&days, 2..4), "2..4, and there are 3"),
            (rank(&days, 2..3), "on the 1 days"),
            (rank(&days, 1..1), "on the 0 days"),
            (rank(&[day(0.0, 2), day(0.0, 2)], 1..2), "of the 2 days"),
            (rank(&[day(f64::NAN, 2), day(0.1, 2)], 1..2), "not a finite number"),
        ] {
            let Outcome::Inapplicable { reason } = outcome.outcome else { panic!("{outcome:?}") };
            assert!(reason.contains(said), "{reason}");
        }
    }

    #[test]
    fn days_of_one_size_give_the_root_of_the_windows_length() {
        // |z| is the same on every day, so Z of one day is 1, and of four days of one sign √4.
        let days: Vec<RankDay> = (0..10).map(|t| day(if t < 6 { -0.8 } else { 0.8 }, 4)).chain([day(0.0, 0)]).collect();
        for (window, expected) in [(6..7, 1.0), (6..10, 2.0), (0..4, -2.0), (5..7, 0.0), (6..11, 2.0)] {
            let Outcome::Computed { statistic, n, .. } = rank(&days, window).outcome else { panic!() };
            assert!((statistic - expected).abs() < 1e-15);
            assert_eq!(n, 10);
        }
    }
}
