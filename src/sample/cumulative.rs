//! CAAR from the first day of the study's event window on, and what describes the values of a set.

use rayon::prelude::*;

use super::estimate::Estimates;
use super::result::{CumulativeDay, Distribution};
use crate::abnormal::CONFIDENCE;
use crate::stats::moment::Moments;
use crate::stats::order::Sorter;
use crate::stats::tail;
use crate::window::Window;

/// Events that are cumulated at a time, while their sums are near.
const BLOCK: usize = 4096;

/// CAAR from the first day of `window` on, over the events with a return on every day so far: one that brings a narrower window of its own
/// has no part in it, a wider one no days more. Where returns `spans` sessions, from trade to trade, one without a trade has its part in the
/// return of a later one.
pub(super) fn cumulate(estimates: &Estimates, members: &[usize], window: Window, spans: bool) -> Vec<CumulativeDay> {
    let columns: Vec<_> = estimates.abnormal.iter().filter(|column| window.contains(column.day)).collect();
    let of_block = |block: &[usize]| -> Vec<Moments> {
        let mut running: Vec<(usize, f64)> = block.iter().map(|member| (*member, 0.0)).collect();
        let mut cars = Vec::with_capacity(block.len());
        let of_day = columns.iter().map(|column| {
            running.retain_mut(|(member, total)| {
                let value = column.value.get(*member).filter(|_| column.present.get(*member) == Some(&true));
                *total += value.copied().unwrap_or_default();
                spans || value.is_some()
            });
            cars.clear();
            cars.extend(running.iter().map(|(_, total)| total));
            Moments::of(&cars)
        });
        of_day.collect()
    };
    let blocks: Vec<Vec<Moments>> = members.par_chunks(BLOCK).map(of_block).collect();
    let of_day = |(number, column): (usize, &&super::estimate::DayColumn)| {
        let moments = blocks.iter().filter_map(|days| days.get(number)).fold(Moments::default(), |all, block| all.join(*block));
        Some(CumulativeDay { day: column.day, n: moments.count(), value: moments.mean()?, interval: interval_of(&moments) })
    };
    columns.iter().enumerate().filter_map(of_day).collect()
}

/// 95 % interval of the mean of values, t(N−1); None for one value.
pub(crate) fn interval(values: &[f64]) -> Option<(f64, f64)> {
    interval_of(&Moments::of(values))
}

/// [`interval`] of the values with these moments.
fn interval_of(moments: &Moments) -> Option<(f64, f64)> {
    let (count, mean) = (moments.count() as f64, moments.mean()?);
    let margin = tail::student_quantile(0.5 + CONFIDENCE / 2.0, count - 1.0)? * moments.standard_deviation()? / count.sqrt();
    Some((mean - margin, mean + margin))
}

/// What describes values. None without any.
pub(crate) fn describe(values: &[f64]) -> Option<Distribution> {
    let moments = Moments::of(values);
    describe_sorted(Sorter::default().sort(values, &moments), &moments)
}

/// [`describe`] of values in rising order with these moments.
pub(super) fn describe_sorted(ascending: &[f64], moments: &Moments) -> Option<Distribution> {
    Some(Distribution {
        n: ascending.len(),
        mean: moments.mean()?,
        standard_deviation: moments.standard_deviation(),
        median: median(ascending)?,
        interval: interval_of(moments),
        positive: ascending.len() - ascending.partition_point(|value| *value <= 0.0),
        negative: ascending.partition_point(|value| *value < 0.0),
    })
}

/// The middle value, or the mean of the two in the middle.
fn median(ascending: &[f64]) -> Option<f64> {
    let upper = *ascending.get(ascending.len() / 2)?;
    if ascending.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *ascending.get(ascending.len() / 2 - 1)?;
    Some(lower + (upper - lower) / 2.0)
}
