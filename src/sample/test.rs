//! Every test of every day and window, for all events and for each group.

use rayon::prelude::*;

use super::SampleDesign;
use super::cell::{Cell, Sets, day_cell, window_cell};
use super::correlation::{MeanCorrelation, mean_correlations};
use super::estimate::{Buffers, Estimates, Runs, block_length};
use super::eventstudy2;
use super::market::Markets;
use super::place::moved;
use super::rank::{self, RankSums, Scales};
use super::result::{AdjustedTest, CumulativeDay, DayResult, Distribution, GroupDifference, GroupResult, WindowResult};
use crate::abnormal::CONFIDENCE;
use crate::inference::corrado::RankDay;
use crate::inference::permutation::PlaceboPool;
use crate::inference::{
    TestOutcome, adjustment, bootstrap, calendar_time, cluster, corrado, cross_section, dependence, difference, generalised_rank,
    permutation, sign, standardised, wilcoxon,
};
use crate::stats::{moment, tail};
use crate::study::UNUSUAL_LEVEL;
use crate::window::Window;

/// Most values of placebo windows that are held for the permutation test (400 MB).
const MOST_PLACEBO: usize = 50_000_000;
/// Most groups of which each two are compared.
const MOST_COMPARED: usize = 12;

/// Standard deviation of the SCARs of each day and window of a set.
fn scales(estimates: &Estimates, members: &[usize]) -> Scales {
    let spread = |cell: Option<Cell>| moment::standard_deviation(&cell?.scars).filter(|spread| *spread > 0.0);
    let days = (0..estimates.abnormal.len()).into_par_iter().map(|day| spread(day_cell(estimates, day, members)));
    let windows = (0..estimates.cars.len()).into_par_iter().map(|window| spread(window_cell(estimates, window, members)));
    days.chain(windows).collect()
}

/// Tests every set.
pub(super) fn test_all(
    design: &SampleDesign,
    markets: &Markets,
    estimates: &Estimates,
    sets: &Sets,
    step: &impl Fn(&'static str),
) -> Vec<GroupResult> {
    step("Ranking");
    let scales: Vec<Scales> = sets.sets.iter().map(|(_, members)| scales(estimates, members)).collect();
    let of_event = |position: usize| [Some(0), sets.group_of.get(position).copied().flatten()];
    let ranks = rank::sum_ranks(design, markets, estimates, of_event, &scales);
    let tested = sets.sets.iter().enumerate().filter_map(|(number, (name, members))| {
        let context = Context { design, markets, estimates, members, ranks: ranks.get(&number)? };
        Some(context.test(name.clone(), step))
    });
    tested.collect()
}

/// What the tests of one set read.
struct Context<'a> {
    design: &'a SampleDesign,
    markets: &'a Markets,
    estimates: &'a Estimates,
    members: &'a [usize],
    ranks: &'a RankSums,
}

impl Context<'_> {
    fn test(&self, group: Option<String>, step: &impl Fn(&'static str)) -> GroupResult {
        step("Correlating");
        let estimates = self.estimates;
        let mut windows: Vec<Window> = vec![Window::DAY_ZERO];
        windows.extend(estimates.cars.iter().map(|column| column.window));
        let correlations = mean_correlations(self.markets, estimates, self.members, &windows);
        step("Testing");
        let of_day = correlations.first().copied().unwrap_or_default();
        let mean_residuals = self.ranks.mean_residuals();
        let share = self.positive_share();
        let days: Vec<Option<Tested<(Window, Distribution)>>> = (0..estimates.abnormal.len())
            .into_par_iter()
            .map(|day| {
                let cell = day_cell(estimates, day, self.members)?;
                let tests = self.tests(&cell, of_day, &self.ranks.generalised(day)?, &mean_residuals, share);
                Some(((cell.window, describe(&cell.cars)?), tests))
            })
            .collect();
        let cars: Vec<Option<Tested<Cell>>> = (0..estimates.cars.len())
            .into_par_iter()
            .map(|window| {
                let cell = window_cell(estimates, window, self.members)?;
                let correlation = correlations.get(window + 1).copied().unwrap_or_default();
                let ranks = self.ranks.generalised(estimates.abnormal.len() + window)?;
                let mut tests = self.tests(&cell, correlation, &ranks, &mean_residuals, share);
                tests.extend(self.resampled(&cell));
                Some((cell, tests))
            })
            .collect();
        let days = adjust(days.into_iter().flatten().collect());
        let cars = adjust(cars.into_iter().flatten().collect());
        let mut firms: Vec<u32> = self.members.iter().filter_map(|member| Some(estimates.placed.get(*member)?.symbol)).collect();
        let mut dates: Vec<u32> = self.members.iter().filter_map(|member| Some(estimates.placed.get(*member)?.calendar)).collect();
        GroupResult {
            group,
            n: self.members.len(),
            securities: count_distinct(&mut firms),
            dates: count_distinct(&mut dates),
            days: days.into_par_iter().map(|((window, abnormal), tests)| DayResult { day: window.first(), abnormal, tests }).collect(),
            windows: cars
                .into_par_iter()
                .enumerate()
                .filter_map(|(window, (cell, tests))| self.window_result(window, &cell, tests, correlations.get(window + 1).copied()))
                .collect(),
            cumulative: self.cumulate(),
        }
    }

    fn window_result(
        &self,
        window: usize,
        cell: &Cell,
        tests: Vec<AdjustedTest>,
        correlation: Option<MeanCorrelation>,
    ) -> Option<WindowResult> {
        let held = self.estimates.cars.get(window)?;
        let bhar: Vec<f64> = self.members.iter().filter_map(|member| held.bhar.get(*member)).copied().collect();
        Some(WindowResult {
            window: cell.window,
            cumulative: describe(&cell.cars)?,
            bhar: describe(&bhar)?,
            mean_scar: moment::mean(&cell.scars)?,
            correlation: correlation.unwrap_or_default(),
            tests,
            bhar_tests: vec![cross_section::cross_sectional_t(&bhar), cross_section::skewness_adjusted_t(&bhar)],
            other_conventions: if self.design.other_conventions {
                eventstudy2::variants(self.markets, self.estimates, self.members, cell.window)
            } else {
                Vec::new()
            },
        })
    }

    /// Mean share of positive estimation residuals: the chance of a positive abnormal return without an event (Cowan 1992).
    fn positive_share(&self) -> f64 {
        let shares: Vec<f64> = self.members.iter().filter_map(|member| self.estimates.positive_share.get(*member)).copied().collect();
        moment::mean(&shares).unwrap_or(0.5)
    }

    /// The tests without draws, in the order of the table of conventions.
    fn tests(
        &self,
        cell: &Cell,
        correlation: MeanCorrelation,
        (event_day, estimation_days): &(RankDay, Vec<RankDay>),
        mean_residuals: &[f64],
        positive_share: f64,
    ) -> Vec<TestOutcome> {
        let estimation = self.ranks.estimation_days();
        let first_day = self.estimates.abnormal.first().map_or(0, |column| column.day);
        let mut tests = vec![
            cross_section::cross_sectional_t(&cell.cars),
            cross_section::skewness_adjusted_t(&cell.cars),
            dependence::crude_dependence(moment::mean(&cell.cars).unwrap_or(0.0), cell.window.days(), mean_residuals),
            standardised::patell(&cell.scars, &cell.degrees),
            standardised::bmp(&cell.scars),
            standardised::kolari_pynnonen_patell(&cell.scars, &cell.degrees, correlation.value),
            standardised::kolari_pynnonen_bmp(&cell.scars, correlation.value),
            corrado::rank(&self.ranks.corrado(), rank::corrado_places(cell.window, estimation, first_day)),
        ];
        if event_day.count > 0 {
            tests.extend(generalised_rank::generalised_rank(*event_day, estimation_days));
        } else {
            let reason = format!("the SCARs of {} have no standard deviation to be scaled by", cell.scars.len());
            tests.extend(["grank-t", "grank-z"].map(|name| TestOutcome::inapplicable(name, reason.clone())));
        }
        tests.extend(sign::sign(&cell.cars));
        tests.extend(sign::generalised_sign(&cell.cars, positive_share));
        tests.push(wilcoxon::signed_rank(&cell.cars));
        tests.push(cross_section::jackknife(&cell.scars));
        tests.push(calendar_time::calendar_time(&self.portfolio(cell.window)));
        tests.push(cluster::two_way_clustered(&cell.cars, &cell.dates, &cell.firms));
        tests
    }

    /// Mean abnormal return of the events open on each calendar day that has one, in order of time.
    fn portfolio(&self, window: Window) -> Vec<f64> {
        let mut days: Vec<(f64, u32)> = vec![(0.0, 0); self.markets.calendar.len()];
        for column in self.estimates.abnormal.iter().filter(|column| window.contains(column.day)) {
            for member in self.members {
                let (Some(placed), Some(true), Some(value)) =
                    (self.estimates.placed.get(*member), column.present.get(*member), column.value.get(*member))
                else {
                    continue;
                };
                let place = self.markets.at(placed.market).and_then(|(_, grid)| grid.calendar.get(moved(placed.zero, column.day)));
                if let Some((sum, count)) = place.and_then(|place| days.get_mut(*place as usize)) {
                    *sum += value;
                    *count += 1;
                }
            }
        }
        days.into_iter().filter(|(_, count)| *count > 0).map(|(sum, count)| sum / f64::from(count)).collect()
    }

    /// The tests that draw at random; none without draws.
    fn resampled(&self, cell: &Cell) -> Vec<TestOutcome> {
        let (draws, seed) = (self.design.draws, self.design.seed);
        if draws == 0 {
            return Vec::new();
        }
        vec![
            bootstrap::wild_bootstrap(&cell.cars, draws, seed),
            bootstrap::skewness_adjusted_bootstrap(&cell.cars, draws, seed),
            self.permutation(cell),
        ]
    }

    fn permutation(&self, cell: &Cell) -> TestOutcome {
        let longest = self.design.rule.windows.estimation().days();
        if self.members.len().saturating_mul(longest) > MOST_PLACEBO {
            let reason = format!("{} events have too many placebo windows to hold in memory", self.members.len());
            return TestOutcome::inapplicable("permutation", reason);
        }
        let length = cell.window.days();
        let blocks: Vec<Vec<Vec<f64>>> = self
            .members
            .par_chunks(block_length(self.members.len()))
            .map(|block| {
                let (mut buffers, mut residuals) = (Buffers::default(), Vec::new());
                let own = |member: &usize| self.placebo_cars(*member, length, &mut buffers, &mut residuals).unwrap_or_default();
                block.iter().map(own).collect()
            })
            .collect();
        let mut pool = PlaceboPool::default();
        for cars in blocks.into_iter().flatten() {
            pool.push(cars);
        }
        permutation::permutation(&cell.cars, &pool, self.design.draws, self.design.seed)
    }

    /// CARs of all runs of `length` residuals of an event.
    fn placebo_cars(&self, member: usize, length: usize, buffers: &mut Buffers, residuals: &mut Vec<f64>) -> Option<Vec<f64>> {
        let (placed, fit) = (self.estimates.placed.get(member)?, self.estimates.fits.get(member)?);
        let (market, grid) = self.markets.at(placed.market)?;
        let estimation = placed.windows.estimation();
        let from = moved(placed.zero, estimation.first());
        let runs = Runs::gather(grid.security(placed.symbol)?, market, from, estimation.days(), buffers);
        fit.abnormal(runs.own, runs.regressors.slices(), residuals);
        Some(residuals.windows(length).map(|run| run.iter().sum()).collect())
    }

    /// CAAR from the first day of the study's event window on, over the events with a return on every day so far: one that brings a narrower
    /// window of its own has no part in it, a wider one no days more.
    fn cumulate(&self) -> Vec<CumulativeDay> {
        let mut running: Vec<Option<f64>> = vec![Some(0.0); self.members.len()];
        let mut days = Vec::with_capacity(self.estimates.abnormal.len());
        let window = self.design.rule.windows.event();
        for column in self.estimates.abnormal.iter().filter(|column| window.contains(column.day)) {
            for (total, member) in running.iter_mut().zip(self.members) {
                let value = column.value.get(*member).filter(|_| column.present.get(*member) == Some(&true));
                *total = total.zip(value).map(|(total, value)| total + value);
            }
            let cars: Vec<f64> = running.iter().flatten().copied().collect();
            if let Some(mean) = moment::mean(&cars) {
                days.push(CumulativeDay { day: column.day, n: cars.len(), value: mean, interval: interval(&cars, mean) });
            }
        }
        days
    }
}

/// 95 % interval of a mean, t(N−1); None for one value.
fn interval(values: &[f64], mean: f64) -> Option<(f64, f64)> {
    let count = values.len() as f64;
    let margin = tail::student_quantile(0.5 + CONFIDENCE / 2.0, count - 1.0)? * moment::standard_deviation(values)? / count.sqrt();
    Some((mean - margin, mean + margin))
}

fn describe(values: &[f64]) -> Option<Distribution> {
    let mean = moment::mean(values)?;
    Some(Distribution {
        n: values.len(),
        mean,
        standard_deviation: moment::standard_deviation(values),
        median: median(values)?,
        interval: interval(values, mean),
        positive: values.iter().filter(|value| **value > 0.0).count(),
        negative: values.iter().filter(|value| **value < 0.0).count(),
    })
}

/// The middle value, or the mean of the two in the middle; in O(n).
fn median(values: &[f64]) -> Option<f64> {
    let mut held = values.to_vec();
    let middle = held.len() / 2;
    if held.is_empty() {
        return None;
    }
    let odd = held.len() % 2 == 1;
    let (below, upper, _) = held.select_nth_unstable_by(middle, f64::total_cmp);
    let upper = *upper;
    if odd {
        return Some(upper);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp)?;
    Some(lower + (upper - lower) / 2.0)
}

fn count_distinct(values: &mut Vec<u32>) -> usize {
    values.sort_unstable();
    values.dedup();
    values.len()
}

/// A day or window with its tests.
type Tested<T> = (T, Vec<TestOutcome>);

/// Holm's and Benjamini and Hochberg's p-values over the cells, test by test.
fn adjust<T>(cells: Vec<Tested<T>>) -> Vec<(T, Vec<AdjustedTest>)> {
    let width = cells.iter().map(|(_, tests)| tests.len()).max().unwrap_or(0);
    let plain =
        |test: usize| -> Vec<Option<f64>> { cells.iter().map(|(_, tests)| tests.get(test).and_then(TestOutcome::p_value)).collect() };
    let columns: Vec<_> = (0..width).map(|test| (adjustment::holm(&plain(test)), adjustment::benjamini_hochberg(&plain(test)))).collect();
    let adjusted = |cell: usize, (number, test): (usize, TestOutcome)| {
        let column = columns.get(number);
        AdjustedTest {
            test,
            p_holm: column.and_then(|(holm, _)| holm.get(cell).copied().flatten()),
            p_benjamini_hochberg: column.and_then(|(_, other)| other.get(cell).copied().flatten()),
        }
    };
    let numbered = cells.into_iter().enumerate();
    numbered.map(|(place, (cell, tests))| (cell, tests.into_iter().enumerate().map(|test| adjusted(place, test)).collect())).collect()
}

/// Each two groups, window by window.
pub(super) fn compare_groups(design: &SampleDesign, estimates: &Estimates, sets: &Sets) -> Vec<GroupDifference> {
    let groups: Vec<&(Option<String>, Vec<usize>)> = sets.sets.iter().skip(1).take(MOST_COMPARED).collect();
    let mut differences = Vec::new();
    for window in 0..design.car_windows.len() {
        for (position, (first, first_members)) in groups.iter().map(|group| (&group.0, &group.1)).enumerate() {
            for (second, second_members) in groups.iter().skip(position + 1).map(|group| (&group.0, &group.1)) {
                let cells = window_cell(estimates, window, first_members).zip(window_cell(estimates, window, second_members));
                let (Some((one, other)), Some(first), Some(second)) = (cells, first, second) else { continue };
                let Some((mean, other_mean)) = moment::mean(&one.cars).zip(moment::mean(&other.cars)) else { continue };
                let tests = vec![
                    difference::welch(&one.cars, &other.cars),
                    TestOutcome { name: "welch-t-standardised", ..difference::welch(&one.scars, &other.scars) },
                    difference::rank_sum(&one.cars, &other.cars),
                ];
                differences.push(GroupDifference {
                    first: first.clone(),
                    second: second.clone(),
                    window: one.window,
                    difference: mean - other_mean,
                    below: tests.iter().filter_map(TestOutcome::p_value).filter(|p_value| *p_value < UNUSUAL_LEVEL).count(),
                    tests,
                });
            }
        }
    }
    differences
}
