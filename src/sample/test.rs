//! Every test of every day and window, for all events and for each group.

use rayon::prelude::*;

use super::SampleDesign;
use super::cell::{Cell, Sets, day_cell, window_cell};
use super::correlation::{MeanCorrelation, mean_correlations};
use super::cumulative::{cumulate, describe_sorted};
use super::estimate::{Estimates, block_length};
use super::eventstudy2;
use super::input::Buffers;
use super::market::Markets;
use super::portfolio::CalendarSums;
use super::rank::{self, RankSums, Scales};
use super::result::{AdjustedTest, DayResult, GroupDifference, GroupResult, WindowResult};
use crate::inference::UNUSUAL_LEVEL;
use crate::inference::cluster::Clusters;
use crate::inference::corrado::RankDay;
use crate::inference::permutation::PlaceboPool;
use crate::inference::{
    TestOutcome, adjustment, bootstrap, calendar_time, cluster, corrado, cross_section, dependence, difference, generalised_rank,
    permutation, sign, standardised, wilcoxon,
};
use crate::stats::moment::{self, Moments};
use crate::stats::order::Sorter;
use crate::window::Window;

/// Most values of placebo windows that are held for the permutation test (400 MB).
const MOST_PLACEBO: usize = 50_000_000;
/// Most groups of which each two are compared.
const MOST_COMPARED: usize = 12;

/// Moments of the SCARs of each day and window of a set; None where no event has it.
type CellMoments = Vec<Option<Moments>>;

fn scar_moments(estimates: &Estimates, members: &[usize]) -> CellMoments {
    let days = estimates.abnormal.len();
    let moments = |room: &mut Vec<f64>, number: usize| {
        let own = std::mem::take(room);
        let cell = match number.checked_sub(days) {
            None => day_cell(estimates, number, members, own),
            Some(window) => window_cell(estimates, window, members, own),
        }?;
        *room = cell.scars;
        Some(Moments::of(room))
    };
    (0..days + estimates.cars.len()).into_par_iter().map_init(Vec::new, moments).collect()
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
    let moments: Vec<CellMoments> = sets.sets.iter().map(|(_, members)| scar_moments(estimates, members)).collect();
    let scale = |moments: &Option<Moments>| moments.as_ref()?.standard_deviation().filter(|spread| *spread > 0.0);
    let scales: Vec<Scales> = moments.iter().map(|cells| cells.iter().map(scale).collect()).collect();
    let of_event = |position: usize| [Some(0), sets.group_of.get(position).copied().flatten()];
    let ranks = rank::sum_ranks(design, markets, estimates, of_event, &scales);
    let tested = sets.sets.iter().zip(&moments).enumerate().filter_map(|(number, ((name, members), moments))| {
        let context = Context { design, markets, estimates, members, ranks: ranks.get(&number)?, moments };
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
    moments: &'a CellMoments,
}

/// What is the same in all cells with the same events.
struct Common {
    /// `Σ d/(d − 2)` of the models' degrees of freedom.
    patell_variance: Result<(usize, f64), String>,
    clusters: Clusters,
}

impl Common {
    fn of(estimates: &Estimates, members: &[usize]) -> Self {
        let fits = members.iter().filter_map(|member| estimates.fits.get(*member));
        let degrees: Vec<f64> = fits.map(|fit| fit.degrees as f64).collect();
        let placed = || members.iter().filter_map(|member| estimates.placed.get(*member));
        let dates: Vec<u32> = placed().map(|placed| placed.calendar).collect();
        let firms: Vec<u32> = placed().map(|placed| placed.symbol).collect();
        Self { patell_variance: standardised::patell_variance(&degrees), clusters: Clusters::of(&dates, &firms) }
    }
}

/// What is the same in all cells of a set.
struct OfSet {
    common: Common,
    portfolio: CalendarSums,
    mean_residuals: Vec<f64>,
    /// Mean share of positive estimation residuals: the chance of a positive abnormal return without an event (Cowan 1992).
    positive_share: f64,
}

/// Memory of one thread, kept from cell to cell.
#[derive(Default)]
struct Room {
    scars: Vec<f64>,
    sorter: Sorter,
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
        let (common, portfolio) =
            rayon::join(|| Common::of(estimates, self.members), || CalendarSums::of(self.markets, estimates, self.members));
        let shares: Vec<f64> = self.members.iter().filter_map(|member| estimates.positive_share.get(*member)).copied().collect();
        let of_set =
            OfSet { common, portfolio, mean_residuals: self.ranks.mean_residuals(), positive_share: moment::mean(&shares).unwrap_or(0.5) };
        let days = estimates.abnormal.len();
        // Windows and days at once: no thread waits for another between them.
        let cells: Vec<Option<TestedCell>> = (0..days + estimates.cars.len())
            .into_par_iter()
            .map_init(Room::default, |room, number| {
                let own = std::mem::take(&mut room.scars);
                let moments = self.moments.get(number).copied().flatten()?;
                let cell = match number.checked_sub(days) {
                    None => day_cell(estimates, number, self.members, own),
                    Some(window) => window_cell(estimates, window, self.members, own),
                }?;
                let correlation = number.checked_sub(days).map_or(Some(&of_day), |window| correlations.get(window + 1));
                let tested = self.test_cell(number, &cell, &moments, correlation.copied().unwrap_or_default(), &of_set, &mut room.sorter);
                room.scars = cell.scars;
                tested
            })
            .collect();
        let (mut of_days, mut of_windows) = (Vec::new(), Vec::new());
        for cell in cells.into_iter().flatten() {
            match cell {
                (TestedKind::Day(result), tests) => of_days.push((result, tests)),
                (TestedKind::Window(result), tests) => of_windows.push((result, tests)),
            }
        }
        GroupResult {
            group,
            n: self.members.len(),
            securities: of_set.common.clusters.firms,
            dates: of_set.common.clusters.days,
            days: adjust(of_days).into_iter().map(|(day, tests)| DayResult { tests, ..day }).collect(),
            windows: adjust(of_windows).into_iter().map(|(window, tests)| WindowResult { tests, ..window }).collect(),
            cumulative: cumulate(estimates, self.members, self.design.rule.windows.event(), self.design.beta.trade_to_trade),
        }
    }

    /// A cell's result, still without its tests, and the tests.
    fn test_cell(
        &self,
        number: usize,
        cell: &Cell,
        scars: &Moments,
        correlation: MeanCorrelation,
        of_set: &OfSet,
        sorter: &mut Sorter,
    ) -> Option<TestedCell> {
        let moments = Moments::of(&cell.cars);
        let ranks = self.ranks.generalised(number)?;
        let ascending = sorter.sort(&cell.cars, &moments);
        let mut tests = self.tests(cell, ascending, (&moments, scars), correlation, &ranks, of_set);
        let described = describe_sorted(ascending, &moments)?;
        let Some(window) = number.checked_sub(self.estimates.abnormal.len()) else {
            return Some((TestedKind::Day(DayResult { day: cell.window.first(), abnormal: described, tests: Vec::new() }), tests));
        };
        tests.extend(self.resampled(cell, window));
        let held = self.estimates.cars.get(window)?;
        let bhar: Vec<f64> = self.members.iter().filter_map(|member| held.bhar.get(*member)).copied().collect();
        let of_bhar = Moments::of(&bhar);
        let result = WindowResult {
            window: cell.window,
            cumulative: described,
            bhar: describe_sorted(sorter.sort(&bhar, &of_bhar), &of_bhar)?,
            mean_scar: scars.mean()?,
            correlation,
            tests: Vec::new(),
            bhar_tests: vec![cross_section::cross_sectional_t_of(&of_bhar), cross_section::skewness_adjusted_t_of(&bhar, &of_bhar)],
            other_conventions: if self.design.other_conventions {
                eventstudy2::variants(self.markets, self.estimates, self.members, cell.window)
            } else {
                Vec::new()
            },
            alphas: Vec::new(),
        };
        Some((TestedKind::Window(result), tests))
    }

    /// The tests without draws, in the order of the table of conventions.
    fn tests(
        &self,
        cell: &Cell,
        ascending: &[f64],
        (cars, scars): (&Moments, &Moments),
        correlation: MeanCorrelation,
        (event_day, estimation_days): &(RankDay, Vec<RankDay>),
        of_set: &OfSet,
    ) -> Vec<TestOutcome> {
        let estimation = self.ranks.estimation_days();
        let first_day = self.estimates.abnormal.first().map_or(0, |column| column.day);
        let own = (cell.members.len() != self.members.len()).then(|| Common::of(self.estimates, &cell.members));
        let Common { patell_variance, clusters } = own.as_ref().unwrap_or(&of_set.common);
        let mut tests = vec![
            cross_section::cross_sectional_t_of(cars),
            cross_section::skewness_adjusted_t_of(&cell.cars, cars),
            dependence::crude_dependence(cars.mean().unwrap_or(0.0), cell.window.days(), &of_set.mean_residuals),
            standardised::patell_of(scars, patell_variance),
            standardised::bmp_of(scars),
            standardised::kolari_pynnonen_patell_of(scars, patell_variance, correlation.value),
            standardised::kolari_pynnonen_bmp_of(scars, correlation.value),
            corrado::rank(&self.ranks.corrado(), rank::corrado_places(cell.window, estimation, first_day)),
        ];
        if event_day.count > 0 {
            tests.extend(generalised_rank::generalised_rank(*event_day, estimation_days));
        } else {
            let reason = format!("the SCARs of {} have no standard deviation to be scaled by", cell.scars.len());
            tests.extend(["grank-t", "grank-z"].map(|name| TestOutcome::inapplicable(name, reason.clone())));
        }
        tests.extend(sign::sign(&cell.cars));
        tests.extend(sign::generalised_sign(&cell.cars, of_set.positive_share));
        tests.push(wilcoxon::signed_rank_of(ascending));
        tests.push(cross_section::jackknife_of(&cell.scars, scars));
        tests.push(calendar_time::calendar_time(&of_set.portfolio.means(cell.window)));
        tests.push(cluster::two_way_clustered_of(&cell.cars, cars, clusters));
        tests
    }

    /// The tests that draw at random; none without draws.
    fn resampled(&self, cell: &Cell, window: usize) -> Vec<TestOutcome> {
        let (draws, seed) = (self.design.draws, self.design.seed);
        if draws == 0 {
            return Vec::new();
        }
        let mut tests = vec![
            bootstrap::wild_bootstrap(&cell.cars, draws, seed),
            bootstrap::skewness_adjusted_bootstrap(&cell.cars, draws, seed),
            self.permutation(cell),
        ];
        tests.extend(self.markets.controls.group_test(self.design, self.estimates, self.members, window));
        tests
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
        self.estimates.residuals(self.markets, member, buffers, residuals)?;
        Some(residuals.windows(length).map(|run| run.iter().sum()).collect())
    }
}

/// A day or window with its tests.
pub(crate) type Tested<T> = (T, Vec<TestOutcome>);
type TestedCell = Tested<TestedKind>;

enum TestedKind {
    Day(DayResult),
    Window(WindowResult),
}

/// Holm's and Benjamini and Hochberg's p-values over the cells, test by test.
pub(crate) fn adjust<T>(cells: Vec<Tested<T>>) -> Vec<(T, Vec<AdjustedTest>)> {
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
                let cells = window_cell(estimates, window, first_members, Vec::new()).zip(window_cell(
                    estimates,
                    window,
                    second_members,
                    Vec::new(),
                ));
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
