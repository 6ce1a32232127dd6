//! The mean correlation of the events' estimation residuals, paired by the bar's own time.
//!
//! As for days ([`crate::sample::MeanCorrelation`]): over all pairs of events, each weighted by the share k/L of bars that their windows
//! share; a pair whose windows share none adds 0. Residuals are divided by the standard deviation of their slot first, so that the open
//! doesn't speak for the whole day, and each event's are brought to length 1; a bar that one of the two lacks adds nothing. With events
//! whose windows begin at the same bar as one cohort, `Σ r_ij` over the pairs of two cohorts is the product of their sums, so that the work
//! is events × bars and not pairs × bars. Their mean isn't taken out again: that of residuals is 0.

use std::collections::VecDeque;

use super::fit::{Buffer, Pair};
use super::measure::Measured;
use super::place::{Place, estimation_sessions};
use crate::sample::MeanCorrelation;
use crate::window::Window;

/// One used event as the pairing sees it.
#[derive(Clone, Copy)]
pub(super) struct Member<'a> {
    pub pair: Pair<'a>,
    pub place: Place,
    pub measured: &'a Measured,
}

/// Sum of the residuals of a cohort, from its first estimation bar on.
struct Cohort {
    zero: usize,
    first: usize,
    sums: Vec<f64>,
    own: f64,
    members: usize,
}

/// The mean correlation over each window.
pub(super) fn mean_correlations(members: &[Member], estimation: Window, windows: &[Window]) -> Vec<MeanCorrelation> {
    let count = members.len();
    let mut totals = vec![(0.0_f64, 0_u64); windows.len()];
    let longest = windows.iter().map(|window| window.days()).max().unwrap_or(0);
    let mut order: Vec<&Member> = members.iter().collect();
    order.sort_by_key(|member| member.place.zero);
    let groups: Vec<&[&Member]> = order.chunk_by(|one, other| one.place.zero == other.place.zero).collect();
    let zero_of = |group: &&[&Member]| group.first().map_or(0, |member| member.place.zero);
    let mut open: VecDeque<Cohort> = VecDeque::new();
    let mut buffer = Buffer::default();
    for (number, group) in groups.iter().enumerate() {
        let zero = zero_of(group);
        while open.front().is_some_and(|before| before.zero + longest <= zero) {
            open.pop_front();
        }
        let meets_next = groups.get(number + 1).is_some_and(|next| zero_of(next) < zero + longest);
        if group.len() < 2 && open.is_empty() && !meets_next {
            continue;
        }
        let cohort = sum(group, zero, estimation, &mut buffer);
        let pairs = |members: usize| (members as u64) * (members as u64 - 1) / 2;
        let within = (cohort.sums.iter().map(|sum| sum * sum).sum::<f64>() - cohort.own) / 2.0;
        for (total, found) in &mut totals {
            *total += within;
            *found += pairs(cohort.members);
        }
        for before in &open {
            let distance = zero - before.zero;
            let product = product(before, &cohort);
            for ((total, found), window) in totals.iter_mut().zip(windows) {
                let shared = window.days().saturating_sub(distance);
                if shared > 0 {
                    *total += product * shared as f64 / window.days() as f64;
                    *found += before.members as u64 * cohort.members as u64;
                }
            }
        }
        open.push_back(cohort);
    }
    let pairs = count as f64 * (count as f64 - 1.0) / 2.0;
    let mean =
        |(total, overlapping_pairs): (f64, u64)| MeanCorrelation { value: if count > 1 { total / pairs } else { 0.0 }, overlapping_pairs };
    totals.into_iter().map(mean).collect()
}

fn sum(group: &[&Member], zero: usize, estimation: Window, buffer: &mut Buffer) -> Cohort {
    let mut cohort = Cohort { zero, first: 0, sums: Vec::new(), own: 0.0, members: group.len() };
    let Some(member) = group.first() else { return cohort };
    let grid = member.pair.grid;
    let sessions = estimation_sessions(member.place.first_session, estimation);
    let start = |session: usize| grid.sessions().get(session).map(|session| session.first);
    cohort.first = start(sessions.start).unwrap_or(0);
    let end = start(sessions.end).unwrap_or(grid.positions());
    cohort.sums = vec![0.0; end.saturating_sub(cohort.first)];
    for member in group {
        buffer.gather(&member.pair, sessions.clone());
        let fit = &member.measured.fit;
        let length = buffer.standardised(fit).map(|(_, _, value)| value * value).sum::<f64>().sqrt();
        if length <= 0.0 {
            continue;
        }
        for (session, slot, value) in buffer.standardised(fit) {
            let place = start(session).and_then(|first| (first + slot).checked_sub(cohort.first));
            if let Some(sum) = place.and_then(|place| cohort.sums.get_mut(place)) {
                *sum += value / length;
            }
        }
        cohort.own += 1.0;
    }
    cohort
}

fn product(one: &Cohort, other: &Cohort) -> f64 {
    let (from, skip) = (other.first.saturating_sub(one.first), one.first.saturating_sub(other.first));
    let left = one.sums.get(from..).unwrap_or_default();
    let right = other.sums.get(skip..).unwrap_or_default();
    left.iter().zip(right).map(|(left, right)| left * right).sum()
}
