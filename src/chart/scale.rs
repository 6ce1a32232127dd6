//! Where ticks go and what is written at them; the mapping of values to pixels.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::figure::Scale;
use crate::report::number;

/// A tick: where, and its label (a second line may be empty).
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tick {
    /// Value on the axis.
    pub at: f64,
    /// First line.
    pub label: String,
    /// Second, quieter line; empty for none.
    pub detail: String,
}

/// A straight mapping from values to pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mapping {
    /// Values at the two ends.
    pub domain: (f64, f64),
    /// Pixels of the two ends.
    pub pixels: (f64, f64),
}

impl Mapping {
    /// The pixel of a value.
    pub fn pixel(&self, value: f64) -> f64 {
        let (low, high) = self.domain;
        let (start, end) = self.pixels;
        let span = high - low;
        if span.abs() < f64::MIN_POSITIVE { (start + end) / 2.0 } else { start + (value - low) / span * (end - start) }
    }
}

/// The step of 1, 2, 2.5 or 5 times a power of ten that gives at most `most` intervals over `span`.
pub(super) fn nice_step(span: f64, most: f64) -> f64 {
    let rough = span / most.max(1.0);
    if !(rough.is_finite() && rough > 0.0) {
        return 1.0;
    }
    let power = 10f64.powf(rough.log10().floor());
    [1.0, 2.0, 2.5, 5.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough * (1.0 - 1e-9)).unwrap_or(10.0 * power)
}

/// The domain of a numeric axis around the values it must show: to the next tick where that is near, else with a little air.
pub(super) fn nice_domain(low: f64, high: f64, step: f64) -> (f64, f64) {
    let air = (high - low) * 0.035;
    let outwards = |value: f64, round: fn(f64) -> f64, sign: f64| {
        let tick = round(value / step - sign * 1e-9) * step;
        if (tick - value).abs() <= 0.55 * step { tick } else { value + sign * air }
    };
    (outwards(low, f64::floor, -1.0), outwards(high, f64::ceil, 1.0))
}

/// Multiples of `step` inside the domain, ends included.
pub(super) fn multiples(domain: (f64, f64), step: f64) -> Vec<f64> {
    let (first, last) = ((domain.0 / step - 1e-6).ceil(), (domain.1 / step + 1e-6).floor());
    if !(first.is_finite() && last.is_finite() && last - first < 1000.0) {
        return Vec::new();
    }
    let mut ticks = Vec::new();
    let mut position = first;
    while position <= last {
        ticks.push(if position == 0.0 { 0.0 } else { position * step });
        position += 1.0;
    }
    ticks
}

/// Decimals that a step needs so that neighbouring ticks are told apart and are exact.
pub(super) fn decimals_of_step(step: f64) -> usize {
    (0..8usize)
        .find(|decimals| {
            let scaled = step * 10f64.powf(*decimals as f64);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.max(1e-3)
        })
        .unwrap_or(8)
}

/// What is written at a value of a numeric scale whose ticks are `step` apart.
pub(super) fn write_value(scale: &Scale, value: f64, step: f64) -> String {
    if *scale == Scale::LogProbability {
        return number::fixed(10f64.powf(value), decimals_of_step(10f64.powf(value.min(0.0))));
    }
    if value == 0.0 {
        let unit = if *scale == Scale::Percent { "\u{202F}%" } else { "" };
        return format!("0{unit}");
    }
    match scale {
        Scale::Percent => number::percent(value, decimals_of_step(step * 100.0)),
        Scale::Multiple => format!("{}×", number::fixed(value, decimals_of_step(step))),
        Scale::Count => number::fixed(value, 0),
        _ => number::fixed(value, decimals_of_step(step)),
    }
}

/// Ticks of a numeric axis.
pub(super) fn numeric_ticks(scale: &Scale, domain: (f64, f64), step: f64) -> Vec<Tick> {
    multiples(domain, step).into_iter().map(|at| Tick { at, label: write_value(scale, at, step), detail: String::new() }).collect()
}

/// Ticks of sessions counted from the event: always 0 when it is in the domain, then every so many sessions that no two
/// labels are nearer than `room` sessions. The date stands below the number where it is known.
pub(super) fn session_ticks(domain: (f64, f64), dates: &[(i32, NaiveDate)], room: f64) -> Vec<Tick> {
    let step =
        [1.0, 2.0, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0, 250.0, 500.0, 1000.0].into_iter().find(|step| *step >= room).unwrap_or(5000.0);
    multiples(domain, step)
        .into_iter()
        .map(|at| {
            let detail = dates.iter().find(|(day, _)| f64::from(*day) == at).map_or_else(String::new, |(_, date)| number::short_day(*date));
            Tick { at, label: number::signed(at, 0), detail }
        })
        .collect()
}

/// Ticks of times of day: every so many minutes that no two labels are nearer than `room` minutes.
pub(super) fn clock_ticks(domain: (f64, f64), room: f64) -> Vec<Tick> {
    let step = [1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 180.0, 240.0, 360.0].into_iter().find(|step| *step >= room).unwrap_or(720.0);
    let clock = |at: f64| format!("{:02.0}:{:02.0}", (at / 60.0).floor(), at.rem_euclid(60.0));
    multiples(domain, step).into_iter().map(|at| Tick { at, label: clock(at), detail: String::new() }).collect()
}

/// Ticks of calendar days, at most one in `room` days: days or weeks in a short span, else the first days of months or years.
pub(super) fn date_ticks(domain: (f64, f64), room: f64) -> Vec<Tick> {
    let (Some(first), Some(last)) = (date_of(domain.0.ceil()), date_of(domain.1.floor())) else { return Vec::new() };
    if room <= 14.0 && (domain.1 - domain.0) <= 100.0 {
        return week_ticks(first, last, room);
    }
    let months = [1u32, 2, 3, 6, 12, 24, 60, 120, 240].into_iter().find(|months| f64::from(*months) * 30.0 >= room).unwrap_or(600);
    let mut ticks: Vec<Tick> = Vec::new();
    let mut year = i32::MIN;
    let start_month = (first.month0() / months.min(12)) * months.min(12);
    let mut date = first.with_day(1).and_then(|date| date.with_month0(start_month));
    while let Some(day) = date.filter(|day| *day <= last) {
        let aligned = months <= 12 || day.year().rem_euclid((months / 12) as i32) == 0;
        if day >= first && aligned {
            let new_year = day.year() != year;
            year = day.year();
            let (label, detail) = match months {
                12.. => (day.year().to_string(), String::new()),
                _ => (number::month(day).to_owned(), if new_year { day.year().to_string() } else { String::new() }),
            };
            ticks.push(Tick { at: f64::from(day.num_days_from_ce()), label, detail });
        }
        date = day.checked_add_months(Months::new(if aligned { months } else { 12 }));
    }
    ticks
}

fn week_ticks(first: NaiveDate, last: NaiveDate, room: f64) -> Vec<Tick> {
    let step: u64 = [1u64, 2, 7, 14].into_iter().find(|step| *step as f64 >= room).unwrap_or(14);
    let mut ticks: Vec<Tick> = Vec::new();
    let to_monday = u64::from((7 - first.weekday().num_days_from_monday()) % 7);
    let mut date = if step >= 7 { first.checked_add_days(Days::new(to_monday)) } else { Some(first) };
    while let Some(day) = date.filter(|day| *day <= last) {
        let detail = if ticks.is_empty() { day.year().to_string() } else { String::new() };
        ticks.push(Tick { at: f64::from(day.num_days_from_ce()), label: number::short_day(day), detail });
        date = day.checked_add_days(Days::new(step));
    }
    ticks
}

fn date_of(day: f64) -> Option<NaiveDate> {
    if day.is_finite() && day.abs() < 3e7 { NaiveDate::from_num_days_from_ce_opt(day as i32) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_one_two_two_and_a_half_or_five_times_a_power_of_ten() {
        assert_eq!(nice_step(100.0, 5.0), 20.0);
        assert_eq!(nice_step(0.6, 6.0), 0.1);
        assert_eq!(nice_step(11.0, 5.0), 2.5);
        assert_eq!(nice_step(9.0, 1.0), 10.0);
        assert_eq!(nice_step(0.0, 5.0), 1.0);
        assert_eq!(nice_step(f64::NAN, 5.0), 1.0);
    }

    #[test]
    fn a_tick_is_written_with_the_decimals_its_step_needs() {
        assert_eq!(write_value(&Scale::Percent, -0.025, 0.025), "\u{2212}2.5\u{202F}%");
        assert_eq!(write_value(&Scale::Percent, 0.2, 0.1), "20\u{202F}%");
        assert_eq!(write_value(&Scale::Level, 62.5, 12.5), "62.5");
        assert_eq!(write_value(&Scale::Multiple, 2.0, 1.0), "2×");
        assert_eq!(write_value(&Scale::Percent, 0.0, 0.025), "0\u{202F}%");
        assert_eq!(decimals_of_step(0.25), 2);
    }

    #[test]
    fn ticks_lie_inside_the_domain_and_zero_is_one_of_them() {
        let ticks = multiples((-0.234, 0.31), 0.1);
        assert_eq!(ticks.len(), 6);
        assert!(ticks.contains(&0.0));
        assert!(multiples((f64::NEG_INFINITY, 1.0), 0.1).is_empty());
    }

    #[test]
    fn a_domain_ends_on_a_tick_only_when_it_is_near() {
        assert_eq!(nice_domain(2.0, 98.0, 20.0), (0.0, 100.0));
        let (low, high) = nice_domain(15.0, 65.0, 20.0);
        assert!(low > 10.0 && low < 15.0, "far from 0, so only a little air: {low}");
        assert!(high > 65.0 && high < 70.0, "far from 80: {high}");
    }

    #[test]
    fn times_of_day_tick_at_round_times() {
        let labels: Vec<String> = clock_ticks((570.0, 960.0), 45.0).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["10:00", "11:00", "12:00", "13:00", "14:00", "15:00", "16:00"]);
    }

    #[test]
    fn session_ticks_keep_the_event_and_the_distance() {
        let date = NaiveDate::from_ymd_opt(2022, 9, 6).unwrap();
        let ticks = session_ticks((-10.0, 10.0), &[(0, date)], 3.3);
        let days: Vec<f64> = ticks.iter().map(|tick| tick.at).collect();
        assert_eq!(days, [-10.0, -5.0, 0.0, 5.0, 10.0]);
        assert!(ticks.iter().any(|tick| tick.label == "0" && tick.detail == "6\u{A0}Sep"));
        assert!(ticks.iter().any(|tick| tick.label == "\u{2212}5" && tick.detail.is_empty()));
    }

    #[test]
    fn long_spans_of_dates_tick_at_the_first_of_a_month_and_name_each_year_once() {
        let day = |year, month, day| f64::from(NaiveDate::from_ymd_opt(year, month, day).unwrap().num_days_from_ce());
        let ticks = date_ticks((day(2021, 6, 15), day(2022, 12, 30)), 80.0);
        let labels: Vec<(&str, &str)> = ticks.iter().map(|tick| (tick.label.as_str(), tick.detail.as_str())).collect();
        assert_eq!(labels, [("Jul", "2021"), ("Oct", ""), ("Jan", "2022"), ("Apr", ""), ("Jul", ""), ("Oct", "")]);
        let years = date_ticks((day(1990, 3, 1), day(2022, 12, 30)), 1500.0);
        assert!(years.iter().all(|tick| tick.label.parse::<i32>().unwrap() % 5 == 0), "{years:?}");
    }

    #[test]
    fn short_spans_of_dates_tick_on_mondays() {
        let day = |year, month, day| f64::from(NaiveDate::from_ymd_opt(year, month, day).unwrap().num_days_from_ce());
        let labels: Vec<String> = date_ticks((day(2022, 8, 2), day(2022, 9, 2)), 5.0).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels, ["8\u{A0}Aug", "15\u{A0}Aug", "22\u{A0}Aug", "29\u{A0}Aug"]);
    }
}
