//! Ranks of abnormal returns summed over events, for the rank tests of [`crate::inference`].
//!
//! Every abnormal return is divided by its standard error first, that of its time of day: else the bars after the open would hold all
//! high and low ranks, and the test would ask what time it is. For Corrado's test an event's bars of the estimation sessions and of its
//! event window are ranked together; for GRANK its SCAR joins those of the estimation sessions as one more bar. A place of the sums is a
//! slot of the n-th estimation session, or a bar of the event window.

use rayon::prelude::*;

use super::correlation::Member;
use super::fit::Buffer;
use super::place::estimation_sessions;
use crate::inference::corrado::RankDay;
use crate::stats::rank::midranks;
use crate::window::Window;

/// Parts into which events are divided, whatever the number of threads: the sums are the same bits for any.
const PARTS: usize = 64;

/// Sums of ranks of a set of events.
pub(super) struct RankSums {
    /// Places of the estimation sessions, then the bars of the event window.
    pub corrado: Vec<RankDay>,
    /// Bars of the event window in `corrado` begin here.
    pub window_begins: usize,
    /// For each window of cumulation: the window's own rank, and those of the places of the estimation sessions.
    pub generalised: Vec<(RankDay, Vec<RankDay>)>,
}

impl RankSums {
    fn new(places: usize, bars: usize, windows: usize) -> Self {
        Self {
            corrado: vec![RankDay::default(); places + bars],
            window_begins: places,
            generalised: vec![(RankDay::default(), vec![RankDay::default(); places]); windows],
        }
    }

    fn join(&mut self, other: &RankSums) {
        let add = |own: &mut [RankDay], other: &[RankDay]| {
            for (own, other) in own.iter_mut().zip(other) {
                own.sum += other.sum;
                own.count += other.count;
            }
        };
        add(&mut self.corrado, &other.corrado);
        for ((own, days), (other, other_days)) in self.generalised.iter_mut().zip(&other.generalised) {
            own.sum += other.sum;
            own.count += other.count;
            add(days, other_days);
        }
    }
}

/// The sums of a set; `scales` are the standard deviations of its SCARs, window by window.
pub(super) fn sum_ranks(members: &[Member], estimation: Window, scales: &[Option<f64>]) -> RankSums {
    let slots = members.first().map_or(0, |member| member.pair.grid.most_slots());
    let bars = members.first().map_or(0, |member| member.measured.bars.len());
    let places = estimation.days() * slots;
    let parts: Vec<RankSums> = members
        .par_chunks(members.len().div_ceil(PARTS).max(1))
        .map(|part| {
            let mut sums = RankSums::new(places, bars, scales.len());
            let mut buffer = Buffer::default();
            for member in part {
                add(&mut sums, member, estimation, slots, scales, &mut buffer);
            }
            sums
        })
        .collect();
    let mut all = RankSums::new(places, bars, scales.len());
    for part in &parts {
        all.join(part);
    }
    all
}

fn add(sums: &mut RankSums, member: &Member, estimation: Window, slots: usize, scales: &[Option<f64>], buffer: &mut Buffer) {
    let sessions = estimation_sessions(member.place.first_session, estimation);
    // The place of the first estimation session; those before the data are missing.
    let lead = estimation.days().saturating_sub(sessions.len());
    buffer.gather(&member.pair, sessions.clone());
    let (mut places, mut values) = (Vec::new(), Vec::new());
    for (session, slot, value) in buffer.standardised(&member.measured.fit) {
        places.push((session - sessions.start + lead) * slots + slot);
        values.push(value);
    }
    let estimated = values.len();
    for (bar, abnormal) in member.measured.bars.iter().enumerate() {
        if let Some(abnormal) = abnormal {
            places.push(sums.window_begins + bar);
            values.push(abnormal.value / abnormal.standard_error);
        }
    }
    if let Some(ranks) = midranks(&values) {
        let all = values.len() as f64;
        for (place, rank) in places.iter().zip(ranks) {
            put(sums.corrado.get_mut(*place), rank / (1.0 + all) - 0.5);
        }
    }
    values.truncate(estimated);
    let Some(ranks) = midranks(&values) else { return };
    // T bars, the window among them.
    let total = estimated as f64 + 1.0;
    for ((car, scale), (own, days)) in member.measured.cars.iter().zip(scales).zip(&mut sums.generalised) {
        let (Some(car), Some(scale)) = (car, scale) else { continue };
        let scar = car.car / car.standard_error / scale;
        let mut rank = 1.0;
        for ((value, below), place) in values.iter().zip(&ranks).zip(&places) {
            let moves = if scar < *value {
                1.0
            } else if scar == *value {
                0.5
            } else {
                0.0
            };
            rank += 1.0 - moves;
            put(days.get_mut(*place), (below + moves) / (1.0 + total) - 0.5);
        }
        put(Some(own), rank / (1.0 + total) - 0.5);
    }
}

fn put(day: Option<&mut RankDay>, value: f64) {
    if let Some(day) = day {
        day.sum += value;
        day.count += 1;
    }
}
