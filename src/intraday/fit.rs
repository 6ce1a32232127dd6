//! The expected return of a bar, and the standard error that belongs to its time of day.
//!
//! # Model
//! Over the bars of the estimation sessions (those that have a return over one bar, the overnight bar left out; n of them):
//! `market` R = α + β R_m + e by least squares, R_m the benchmark's return over the same time; `market-adjusted` e = R − R_m;
//! `constant-mean` e = R − mean. A return over a gap of m bars is expected to be mα + β R_m, R_m over the same m bars. The overnight bar is
//! expected to be β R_m (R_m, 0): an intercept a bar says nothing of a night.
//!
//! # Standard error
//! Volatility within the day is U-shaped (Wood, McInish & Ord 1985, *Journal of Finance* 40(3), 723–739; Andersen & Bollerslev 1997,
//! *Journal of Empirical Finance* 4(2–3), 115–158), so one residual variance for all bars finds too much at the open and too little at
//! noon. The variance of a bar is that of its own slot, its time of day, in the estimation sessions:
//!
//! `v_k = n/(n − p) · (1/n_k) Σ_s e²_{s,k}`, the sum over the n_k estimation sessions with a residual in slot k, p parameters.
//!
//! It is taken about 0, not about the slot's own mean: a test that AR = 0 has to bear a drift that the slot has on every day. (pandas'
//! `groupby(time).std()` takes it about the mean; it is smaller where a slot has a drift.) With estimation error,
//!
//! `Var(CAR) = Σ_{t∈W} v_{k(t)} + Σ_j w_j² v_{k(j)}`, `w_j = L/n + (ΣR_m − L R̄_m)(R_mj − R̄_m)/S_mm`
//!
//! over the estimation bars j: with one variance for all it is the formula for days, `s²(L + L²/n + (ΣR_m − L R̄_m)²/S_mm)`. A return over a
//! gap has the variances of all bars that it goes over. Bars are taken as uncorrelated; the same-time tests of [`super::measure`] aren't.
//! The t of an event's CAR has the degrees of freedom of Satterthwaite (1946, *Biometrics Bulletin* 2(6), 110–114, doi:10.2307/3002019),
//! `(Σ m_k v_k)² / Σ (m_k v_k)²/n_k`, m_k the bars of slot k in the window: n_k for one bar.
//!
//! Rinaudo & Saha (2014, *Journal of Financial Perspectives* 2(2), 161–172, "An intraday event study methodology for determining loss
//! causation") are where the comparison of a minute with the same minutes of earlier days comes from. Of their paper the abstract and the
//! account at eventstudytools.com were read, not the text: the formulas here are this program's own, and so is the rule that every
//! estimation session counts alike. They choose the event window from the data; here it is given.

use serde::Serialize;

use super::column::{BarColumn, BarReturn};
use super::grid::BarGrid;

/// How the expected return of a bar is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum BarModel {
    /// Intercept and slope on the benchmark, by least squares.
    #[default]
    Market,
    /// The benchmark's own return.
    MarketAdjusted,
    /// The security's mean return.
    ConstantMean,
}

/// Whose variance a bar's abnormal return has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Volatility {
    /// That of the same time of day in the estimation sessions.
    #[default]
    TimeOfDay,
    /// That of all bars of the estimation sessions, s² = SSR/(n − p): for comparison.
    Constant,
}

/// One bar of the estimation sessions.
#[derive(Debug, Clone, Copy)]
struct Observation {
    session: u32,
    slot: u32,
    value: f64,
    benchmark: f64,
}

/// Space for the observations of one event, used again for the next.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    observations: Vec<Observation>,
    nights: Vec<Observation>,
}

/// Squared residuals of one slot.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct SlotSquares {
    sum: f64,
    count: u32,
}

/// An expected-return model of one event, fitted.
#[derive(Debug, Clone, PartialEq)]
pub struct BarFit {
    model: BarModel,
    volatility: Volatility,
    /// Intercept, a fraction a bar; 0 under `market-adjusted`.
    alpha: f64,
    /// Slope on the benchmark; 1 under `market-adjusted`, 0 under `constant-mean`.
    beta: f64,
    /// Estimation bars n.
    pub observations: usize,
    /// SSR/(n − p), the residual variance over all slots.
    pub variance: f64,
    /// Share of variance explained; None without a regression.
    pub r_squared: Option<f64>,
    /// Share of the residuals above 0.
    pub positive_share: f64,
    slots: Vec<SlotSquares>,
    /// n / (n − p).
    inflation: f64,
    mean_benchmark: f64,
    squares_benchmark: f64,
    /// Σ v, Σ v (R_m − R̄_m), Σ v (R_m − R̄_m)² over the estimation bars.
    weighted: [f64; 3],
}

/// Why a model can't be fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum FitFault {
    /// Fewer than so many bars.
    TooFew { found: usize },
    /// The security's returns don't vary.
    NoVariance,
    /// The benchmark's returns don't vary.
    BenchmarkConstant,
}

/// Fewest estimation bars of any fit.
const FEWEST: usize = 30;
/// A variance of at most this part of the returns' own size is rounding.
const ROUNDING: f64 = 1e-24;

/// A security and its benchmark on one grid.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair<'a> {
    pub grid: &'a BarGrid,
    pub security: &'a BarColumn,
    pub benchmark: &'a BarColumn,
    /// Whether the benchmark's return is needed.
    pub needs_benchmark: bool,
}

impl Pair<'_> {
    /// The return at a position with the benchmark's over the same time (0 where it isn't needed).
    #[inline]
    pub fn at(&self, position: usize) -> Option<(BarReturn, f64)> {
        let own = self.security.get(position)?;
        if !self.needs_benchmark {
            return Some((own, 0.0));
        }
        Some((own, self.benchmark.over(self.grid, position, own.span)?))
    }
}

impl Buffer {
    /// Gathers the bars of the estimation sessions.
    pub fn gather(&mut self, pair: &Pair, sessions: std::ops::Range<usize>) {
        self.observations.clear();
        self.nights.clear();
        for index in sessions {
            let Some(session) = pair.grid.sessions().get(index) else { continue };
            for slot in 0..session.slots {
                let Some((own, benchmark)) = pair.at(session.first + slot) else { continue };
                if own.span != 1 {
                    continue;
                }
                let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
                let observation = Observation { session: number(index), slot: number(slot), value: own.value, benchmark };
                if pair.grid.is_overnight(slot) { self.nights.push(observation) } else { self.observations.push(observation) }
            }
        }
    }

    /// Residuals in units of their own standard deviation: session, slot and value. The overnight ones come last.
    pub fn standardised<'a>(&'a self, fit: &'a BarFit) -> impl Iterator<Item = (usize, usize, f64)> + 'a {
        let days = self.observations.iter().map(|one| (one, fit.alpha));
        days.chain(self.nights.iter().map(|one| (one, 0.0))).filter_map(move |(one, alpha)| {
            let variance = fit.slot_variance(one.slot as usize).filter(|variance| *variance > 0.0)?;
            let residual = one.value - alpha - fit.beta * one.benchmark;
            Some((one.session as usize, one.slot as usize, residual / variance.sqrt()))
        })
    }
}

impl BarFit {
    /// Fits a model to the bars gathered.
    pub(super) fn new(model: BarModel, volatility: Volatility, buffer: &Buffer, slots: usize) -> Result<Self, FitFault> {
        let rows = &buffer.observations;
        let n = rows.len();
        if n < FEWEST {
            return Err(FitFault::TooFew { found: n });
        }
        let count = n as f64;
        let mean = rows.iter().map(|row| row.value).sum::<f64>() / count;
        let mean_benchmark = rows.iter().map(|row| row.benchmark).sum::<f64>() / count;
        let (mut own, mut cross, mut other) = (0.0, 0.0, 0.0);
        for row in rows {
            let (y, x) = (row.value - mean, row.benchmark - mean_benchmark);
            own += y * y;
            cross += x * y;
            other += x * x;
        }
        if own <= ROUNDING * count * mean * mean || own <= 0.0 {
            return Err(FitFault::NoVariance);
        }
        let (alpha, beta, parameters) = match model {
            BarModel::MarketAdjusted => (0.0, 1.0, 0.0),
            BarModel::ConstantMean => (mean, 0.0, 1.0),
            _ => {
                if other <= ROUNDING * count * mean_benchmark * mean_benchmark || other <= 0.0 {
                    return Err(FitFault::BenchmarkConstant);
                }
                let beta = cross / other;
                (mean - beta * mean_benchmark, beta, 2.0)
            }
        };
        let mut squares = vec![SlotSquares::default(); slots];
        let (mut residuals, mut positive) = (0.0, 0_usize);
        let nights = buffer.nights.iter().map(|row| (row, 0.0, false));
        for (row, alpha, regular) in rows.iter().map(|row| (row, alpha, true)).chain(nights) {
            let residual = row.value - alpha - beta * row.benchmark;
            if let Some(slot) = squares.get_mut(row.slot as usize) {
                slot.sum += residual * residual;
                slot.count += 1;
            }
            if regular {
                residuals += residual * residual;
                positive += usize::from(residual > 0.0);
            }
        }
        if residuals <= 1e-20 * own {
            return Err(FitFault::NoVariance);
        }
        let mut fit = Self {
            model,
            volatility,
            alpha,
            beta,
            observations: n,
            variance: residuals / (count - parameters),
            r_squared: (model == BarModel::Market).then(|| 1.0 - residuals / own),
            positive_share: positive as f64 / count,
            slots: squares,
            inflation: count / (count - parameters),
            mean_benchmark,
            squares_benchmark: other,
            weighted: [0.0; 3],
        };
        let mut weighted = [0.0; 3];
        for row in rows {
            let variance = fit.slot_variance(row.slot as usize).unwrap_or(0.0);
            let x = row.benchmark - mean_benchmark;
            for (sum, factor) in weighted.iter_mut().zip([1.0, x, x * x]) {
                *sum += variance * factor;
            }
        }
        fit.weighted = weighted;
        Ok(fit)
    }

    /// Intercept as estimated, a fraction a bar: under `constant-mean` the mean. None under `market-adjusted`, which has none.
    pub fn estimated_alpha(&self) -> Option<f64> {
        (self.model != BarModel::MarketAdjusted).then_some(self.alpha)
    }

    /// Slope on the benchmark as estimated; None under the models that take one as given.
    pub fn estimated_beta(&self) -> Option<f64> {
        (self.model == BarModel::Market).then_some(self.beta)
    }

    /// Estimation sessions with a residual in the slot.
    pub fn slot_count(&self, slot: usize) -> usize {
        self.slots.get(slot).map_or(0, |slot| slot.count as usize)
    }

    /// Mean square of the slot's residuals, whatever the variance is that counts; None without one.
    pub fn slot_mean_square(&self, slot: usize) -> Option<f64> {
        let own = self.slots.get(slot).filter(|slot| slot.count > 0)?;
        Some(self.inflation * own.sum / f64::from(own.count))
    }

    /// Variance of the abnormal return of one bar in the slot; None when no estimation session has one there.
    pub fn slot_variance(&self, slot: usize) -> Option<f64> {
        let own = self.slot_mean_square(slot)?;
        Some(if self.volatility == Volatility::Constant { self.variance } else { own })
    }

    /// The abnormal part of a return.
    pub(super) fn abnormal(&self, own: BarReturn, benchmark: f64, overnight: bool) -> f64 {
        let intercept = if overnight { 0.0 } else { own.span as f64 * self.alpha };
        own.value - intercept - self.beta * benchmark
    }

    /// Variance that the estimates of α and β add to the sum over bars: `bars` of them in all, the benchmark's returns adding up to `benchmark`.
    pub(super) fn estimation_variance(&self, bars: f64, benchmark: f64) -> f64 {
        let n = self.observations as f64;
        let [all, linear, square] = self.weighted;
        match self.model {
            BarModel::MarketAdjusted => 0.0,
            BarModel::ConstantMean => bars * bars / (n * n) * all,
            _ => {
                let (level, tilt) = (bars / n, (benchmark - bars * self.mean_benchmark) / self.squares_benchmark);
                level * level * all + 2.0 * level * tilt * linear + tilt * tilt * square
            }
        }
    }

    /// Degrees of freedom of a sum over bars whose slots come so often each; None when a slot has no variance.
    pub(super) fn degrees(&self, slots: &[usize]) -> Option<f64> {
        if self.volatility == Volatility::Constant {
            return Some((self.variance_degrees()).max(1.0));
        }
        let mut sorted = slots.to_vec();
        sorted.sort_unstable();
        let (mut total, mut parts) = (0.0, 0.0);
        for same in sorted.chunk_by(|one, other| one == other) {
            let slot = *same.first()?;
            let part = same.len() as f64 * self.slot_variance(slot)?;
            total += part;
            parts += part * part / self.slot_count(slot) as f64;
        }
        (parts > 0.0).then(|| total * total / parts)
    }

    fn variance_degrees(&self) -> f64 {
        self.observations as f64 / self.inflation
    }
}
