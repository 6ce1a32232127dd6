//! Every test of every bar and window, for all events and for each group: those of [`crate::inference`], over bars.
//!
//! The SCARs are those of [`super::measure`], with the standard error of the time of day; degrees of freedom are Satterthwaite's. Of the
//! tests of days these are left out: the crude dependence adjustment, which takes one variance for all bars of the estimation window, and
//! the calendar-time portfolio, for which a window of minutes has no portfolio to speak of. The permutation test draws, for every event,
//! from its CARs over the same stretch of the day in the estimation sessions.

use rayon::prelude::*;

use super::IntradayDesign;
use super::correlation::{Member, mean_correlations};
use super::measure::{EventCar, forecast};
use super::rank::{RankSums, sum_ranks};
use super::result::{BarResult, BarWindowResult, CumulativeBar, IntradayGroup};
use crate::inference::UNUSUAL_LEVEL;
use crate::inference::permutation::PlaceboPool;
use crate::inference::{
    TestOutcome, bootstrap, cluster, corrado, cross_section, difference, generalised_rank, permutation, sign, standardised, wilcoxon,
};
use crate::sample::cumulative::{describe, interval};
use crate::sample::result::GroupDifference;
use crate::sample::test::adjust;
use crate::sample::{HeadlineReading, MeanCorrelation, SampleVerdict};
use crate::stats::{moment, tail};
use crate::window::Window;

/// Most groups of which each two are compared.
const MOST_COMPARED: usize = 12;
/// Below this many events exact and rank tests are read beside the others.
const FEW_EVENTS: usize = 30;

/// The events of a set over one bar or window, in the columns that tests read.
#[derive(Default)]
struct Cell {
    cars: Vec<f64>,
    scars: Vec<f64>,
    degrees: Vec<f64>,
    sessions: Vec<u32>,
    firms: Vec<u32>,
}

impl Cell {
    fn push(&mut self, car: f64, standard_error: f64, degrees: f64, member: &SetMember) {
        self.cars.push(car);
        self.scars.push(car / standard_error);
        self.degrees.push(degrees);
        self.sessions.push(u32::try_from(member.inner.place.session).unwrap_or(u32::MAX));
        self.firms.push(member.firm);
    }
}

/// An event of a set, with the number of its security.
#[derive(Clone, Copy)]
pub(super) struct SetMember<'a> {
    pub inner: Member<'a>,
    pub firm: u32,
}

/// Tests a set of events.
pub(super) fn test_set(design: &IntradayDesign, group: Option<String>, members: &[SetMember]) -> IntradayGroup {
    let mut windows = vec![Window::DAY_ZERO];
    windows.extend(&design.car_windows);
    let plain: Vec<Member> = members.iter().map(|member| member.inner).collect();
    let correlations = mean_correlations(&plain, design.estimation, &windows);
    let cells: Vec<Cell> = (0..design.car_windows.len()).map(|window| window_cell(members, window)).collect();
    let scales: Vec<Option<f64>> = cells.iter().map(|cell| moment::standard_deviation(&cell.scars).filter(|scale| *scale > 0.0)).collect();
    let ranks = sum_ranks(&plain, design.estimation, &scales);
    let shares: Vec<f64> = members.iter().map(|member| member.inner.measured.fit.positive_share).collect();
    let share = moment::mean(&shares).unwrap_or(0.5);
    let of_bar = correlations.first().copied().unwrap_or_default();
    let bars: Vec<_> = (0..design.window.days())
        .into_par_iter()
        .filter_map(|offset| {
            let cell = bar_cell(members, offset);
            let tests = bar_tests(&cell, of_bar, &ranks, offset, share);
            Some(((offset, describe(&cell.cars)?), tests))
        })
        .collect();
    let windows: Vec<_> = cells
        .into_par_iter()
        .enumerate()
        .filter_map(|(number, cell)| {
            let window = *design.car_windows.get(number)?;
            let correlation = correlations.get(number + 1).copied().unwrap_or_default();
            let mut tests = window_tests(design, &cell, correlation, &ranks, number, window, share);
            tests.extend(resampled(design, &cell, members, number));
            let (cumulative, mean_scar) = (describe(&cell.cars)?, moment::mean(&cell.scars)?);
            Some(((window, cumulative, mean_scar, correlation), tests))
        })
        .collect();
    let distinct = |mut values: Vec<u32>| {
        values.sort_unstable();
        values.dedup();
        values.len()
    };
    let sessions = members.iter().map(|member| u32::try_from(member.inner.place.session).unwrap_or(u32::MAX)).collect();
    let first = design.window.first();
    let bar_of = |offset: usize| first.saturating_add_unsigned(u32::try_from(offset).unwrap_or(u32::MAX));
    IntradayGroup {
        group,
        n: members.len(),
        securities: distinct(members.iter().map(|member| member.firm).collect()),
        sessions: distinct(sessions),
        bars: adjust(bars).into_iter().map(|((offset, abnormal), tests)| BarResult { bar: bar_of(offset), abnormal, tests }).collect(),
        windows: adjust(windows)
            .into_iter()
            .map(|((window, cumulative, mean_scar, correlation), tests)| BarWindowResult {
                window,
                cumulative,
                mean_scar,
                correlation,
                tests,
            })
            .collect(),
        cumulative: cumulate(design, &plain),
    }
}

fn bar_cell(members: &[SetMember], offset: usize) -> Cell {
    let mut cell = Cell::default();
    for member in members {
        if let Some(bar) = member.inner.measured.bars.get(offset).copied().flatten() {
            cell.push(bar.value, bar.standard_error, bar.degrees, member);
        }
    }
    cell
}

fn car_of<'a>(member: &SetMember<'a>, window: usize) -> Option<&'a EventCar> {
    member.inner.measured.cars.get(window)?.as_ref()
}

fn window_cell(members: &[SetMember], window: usize) -> Cell {
    let mut cell = Cell::default();
    for member in members {
        if let Some(car) = car_of(member, window) {
            cell.push(car.car, car.standard_error, car.degrees, member);
        }
    }
    cell
}

fn bar_tests(cell: &Cell, correlation: MeanCorrelation, ranks: &RankSums, offset: usize, share: f64) -> Vec<TestOutcome> {
    let at = ranks.window_begins + offset;
    let [generalised, exact] = sign::generalised_sign(&cell.cars, share);
    vec![
        cross_section::cross_sectional_t(&cell.cars),
        standardised::patell(&cell.scars, &cell.degrees),
        standardised::bmp(&cell.scars),
        standardised::kolari_pynnonen_bmp(&cell.scars, correlation.value),
        standardised::kolari_pynnonen_patell(&cell.scars, &cell.degrees, correlation.value),
        corrado::rank(&ranks.corrado, at..at + 1),
        generalised,
        exact,
        wilcoxon::signed_rank(&cell.cars),
    ]
}

fn window_tests(
    design: &IntradayDesign,
    cell: &Cell,
    correlation: MeanCorrelation,
    ranks: &RankSums,
    number: usize,
    window: Window,
    share: f64,
) -> Vec<TestOutcome> {
    let Cell { cars, scars, degrees, sessions, firms } = cell;
    let offset = usize::try_from(window.first() - design.window.first()).unwrap_or(0);
    let from = ranks.window_begins + offset;
    let mut tests = vec![
        cross_section::cross_sectional_t(cars),
        cross_section::skewness_adjusted_t(cars),
        standardised::patell(scars, degrees),
        standardised::bmp(scars),
        standardised::kolari_pynnonen_bmp(scars, correlation.value),
        standardised::kolari_pynnonen_patell(scars, degrees, correlation.value),
        corrado::rank(&ranks.corrado, from..from + window.days()),
    ];
    if let Some((own, days)) = ranks.generalised.get(number) {
        tests.extend(generalised_rank::generalised_rank(*own, days));
    }
    tests.extend(sign::sign(cars));
    tests.extend(sign::generalised_sign(cars, share));
    tests.extend([wilcoxon::signed_rank(cars), cross_section::jackknife(scars), cluster::two_way_clustered(cars, sessions, firms)]);
    tests
}

fn resampled(design: &IntradayDesign, cell: &Cell, members: &[SetMember], window: usize) -> Vec<TestOutcome> {
    if design.draws == 0 {
        return Vec::new();
    }
    let (draws, seed) = (design.draws, design.seed);
    let mut pool = PlaceboPool::default();
    for member in members {
        if let Some(car) = car_of(member, window) {
            pool.push(car.same_time.iter().copied());
        }
    }
    vec![
        bootstrap::wild_bootstrap(&cell.cars, draws, seed),
        bootstrap::skewness_adjusted_bootstrap(&cell.cars, draws, seed),
        permutation::permutation(&cell.cars, &pool, draws, seed),
    ]
}

/// CAAR from the first bar on. Where bars may lack a return, an event's CAR runs on over them.
fn cumulate(design: &IntradayDesign, members: &[Member]) -> Vec<CumulativeBar> {
    struct Running {
        car: f64,
        bars: usize,
        whole: bool,
    }
    let mut running: Vec<Running> = members.iter().map(|_| Running { car: 0.0, bars: 0, whole: true }).collect();
    let mut found = Vec::with_capacity(design.window.days());
    for (offset, bar) in design.window.iter().enumerate() {
        for (run, member) in running.iter_mut().zip(members) {
            match member.measured.bars.get(offset).copied().flatten() {
                Some(abnormal) => {
                    run.car += abnormal.value;
                    run.bars += 1;
                }
                None => run.whole = false,
            }
        }
        let counts = |run: &&Running| run.bars > 0 && (run.whole || design.allowed_missing > 0);
        let cars: Vec<f64> = running.iter().filter(counts).map(|run| run.car).collect();
        let Some(value) = moment::mean(&cars) else { continue };
        let own = || {
            // Of one event alone, by the forecast that its CAR over these bars is tested with.
            let [Member { pair, place, measured }] = members else { return None };
            let sum = forecast(pair, &measured.fit, place.first..place.first + offset + 1)?;
            let margin = tail::student_quantile(0.975, sum.degrees)? * sum.standard_error;
            Some((value - margin, value + margin))
        };
        found.push(CumulativeBar { bar, n: cars.len(), value, interval: interval(&cars).or_else(own) });
    }
    found
}

/// Each two groups, window by window.
pub(super) fn compare(design: &IntradayDesign, groups: &[(String, Vec<SetMember>)]) -> Vec<GroupDifference> {
    let groups = groups.get(..MOST_COMPARED.min(groups.len())).unwrap_or_default();
    let mut differences = Vec::new();
    for (number, window) in design.car_windows.iter().enumerate() {
        for (position, (first, members)) in groups.iter().enumerate() {
            for (second, other_members) in groups.iter().skip(position + 1) {
                let (one, other) = (window_cell(members, number), window_cell(other_members, number));
                let Some((mean, other_mean)) = moment::mean(&one.cars).zip(moment::mean(&other.cars)) else { continue };
                let tests = vec![
                    difference::welch(&one.cars, &other.cars),
                    TestOutcome { name: "welch-t-standardised", ..difference::welch(&one.scars, &other.scars) },
                    difference::rank_sum(&one.cars, &other.cars),
                ];
                differences.push(GroupDifference {
                    first: first.clone(),
                    second: second.clone(),
                    window: *window,
                    difference: mean - other_mean,
                    below: tests.iter().filter_map(TestOutcome::p_value).filter(|p_value| *p_value < UNUSUAL_LEVEL).count(),
                    tests,
                });
            }
        }
    }
    differences
}

/// The tests to read: of one event its same-time tests; of several BMP and GRANK (with common bars in their windows BMP as Kolari and
/// Pynnönen adjust it), and of fewer than 30 without common bars also the exact and rank ones.
///
/// `headline` is the first window asked for. Where no event has a return in it, nothing is read: another window doesn't take its place.
pub(super) fn read(all: Option<&IntradayGroup>, only: Option<&EventCar>, headline: Option<Window>) -> HeadlineReading {
    let (named, tests): (Vec<&'static str>, Vec<&TestOutcome>) = match (all, only) {
        (Some(all), Some(car)) if all.n == 1 => (vec!["same-time-t", "same-time-rank"], car.tests.iter().collect()),
        (Some(all), _) => {
            let headline = all.windows.iter().find(|window| Some(window.window) == headline);
            let clustered = headline.is_some_and(|window| window.correlation.overlapping_pairs > 0);
            let mut named = vec![if clustered { "kolari-pynnonen-bmp" } else { "bmp" }, "grank-t"];
            // Both take events for independent.
            if all.n < FEW_EVENTS && !clustered {
                named.extend(["wilcoxon", "generalised-sign-exact"]);
            }
            (named, headline.map(|window| window.tests.iter().map(|test| &test.test).collect()).unwrap_or_default())
        }
        (None, _) => (Vec::new(), Vec::new()),
    };
    let is_below = |test: &TestOutcome| test.p_value().is_some_and(|p_value| p_value < UNUSUAL_LEVEL);
    let computed = tests.iter().filter(|test| test.p_value().is_some()).count();
    let computed_below = tests.iter().filter(|test| is_below(test)).count();
    let read: Vec<&TestOutcome> = tests.into_iter().filter(|test| named.contains(&test.name) && test.p_value().is_some()).collect();
    let below: Vec<&'static str> = read.iter().filter(|test| is_below(test)).map(|test| test.name).collect();
    let verdict = match (below.len(), read.len()) {
        (_, 0) => SampleVerdict::Untested,
        (0, _) => SampleVerdict::WithinNoise,
        (some, all) if some == all => SampleVerdict::Distinct,
        _ => SampleVerdict::TestsDisagree,
    };
    let read = read.into_iter().map(|test| test.name).collect();
    HeadlineReading { verdict, read, below, distrusted: Vec::new(), computed, computed_below }
}
