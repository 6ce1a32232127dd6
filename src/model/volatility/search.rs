//! The search for the largest likelihood: starting values from a grid, then sequential quadratic programming.
//!
//! The grid is that of `arch`: GARCH and GJR at α (and γ) of 0.01, 0.05, 0.1, 0.2 and persistence 0.5, 0.7, 0.9, 0.98; EGARCH at those α, γ
//! of −0.1, 0, 0.1 and β of 0.5, 0.7, 0.9, 0.98; ω such that the variance the model returns to is the residuals' own. `arch` starts from the
//! best under normal errors; here the best of each persistence is a start (one in ten windows has its top elsewhere than where the single
//! start leads), and for GJR what GARCH finds. ν starts from the kurtosis of what a start leaves.
//!
//! From there SLSQP (Kraft 1988, DFVLR-FB 88-28; the algorithm that `arch` uses too) climbs with the exact gradient under the bounds and
//! the linear constraints, in variables of about one size: intercept and slope in standard deviations of the residuals, ω as a share of
//! their variance (EGARCH: the level that ln h returns to is taken off), 1/ν for ν. Where it stops it is started again with nothing
//! remembered, until the gradient, projected on what bounds and constraints leave open, is level.
//!
//! EGARCH's likelihood has an edge wherever the line meets a return, as |z| has: a top on an edge has no level gradient, and a search
//! stalls before it. Where it stalls the line is held through that return (or two), the climb goes on along the edge, and the top counts
//! when both sides of the edge fall.

use slsqp::StopTols;

use super::likelihood::{Likelihood, Parameters, place};
use crate::model::{ErrorLaw, VarianceProcess};
use crate::stats::moment;

/// Bounds of ν: below 2 there is no variance; a t of 500 degrees is a normal to any sample.
pub(super) const NU_BOUNDS: (f64, f64) = (2.05, 500.0);
/// ω under GARCH and GJR, as a share of the residuals' variance.
pub(super) const OMEGA_BOUNDS: (f64, f64) = (1e-8, 10.0);
/// Evaluations of one run of the optimiser.
const MOST_EVALUATIONS: usize = 500;
/// Runs of the optimiser.
const MOST_RUNS: usize = 8;
/// A run that raises the log-likelihood by less has found nothing.
const LEAST_GAIN: f64 = 1e-9;
/// A projected gradient of the mean log-likelihood below this is level: what is still to be gained is under n · 10⁻¹⁰.
const LEVEL: f64 = 1e-5;
/// Length of the step, in gradients, that the gradient is projected by.
const PROBE: f64 = 1e-3;
/// Rounds of the alternating projections; with two planes and a box they are there within a few.
const PROJECTIONS: usize = 50;
/// A standardised residual below this stands at the edge of |z|.
const EDGE: f64 = 1e-4;
/// What another start has to be above the best end so far, to be climbed from on.
const LEAST_CLIMB: f64 = 1e-6;

/// Where a search ended.
#[derive(Debug)]
pub(super) struct Optimum {
    pub parameters: Parameters,
    pub log_likelihood: f64,
    /// Whether no direction that bounds and constraints leave open still rises.
    pub converged: bool,
}

/// Between the likelihood's parameters and the search's variables.
struct Scale {
    spread: f64,
    log_variance: f64,
    logarithmic: bool,
    /// Places of the parameters searched over, in order.
    searched: Vec<usize>,
}

impl Scale {
    fn of(likelihood: &Likelihood) -> Self {
        let variance = likelihood.mean_square();
        let mut searched = vec![place::INTERCEPT, place::SLOPE, place::OMEGA, place::ALPHA];
        if likelihood.process != VarianceProcess::Garch {
            searched.push(place::GAMMA);
        }
        searched.push(place::BETA);
        if likelihood.errors == ErrorLaw::Student {
            searched.push(place::NU);
        }
        let logarithmic = likelihood.process == VarianceProcess::Egarch;
        Self { spread: variance.sqrt(), log_variance: variance.ln(), logarithmic, searched }
    }

    fn variance(&self) -> f64 {
        self.spread * self.spread
    }

    fn read(&self, variables: &[f64]) -> Parameters {
        let mut all = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0 / NU_BOUNDS.1];
        for (value, index) in variables.iter().zip(&self.searched) {
            if let Some(slot) = all.get_mut(*index) {
                *slot = *value;
            }
        }
        let [level, tilt, omega, alpha, gamma, beta, nu] = all;
        let omega = if self.logarithmic { omega + (1.0 - beta) * self.log_variance } else { omega * self.variance() };
        [level * self.spread, tilt * self.spread, omega, alpha, gamma, beta, 1.0 / nu]
    }

    fn write(&self, parameters: &Parameters) -> Vec<f64> {
        let [intercept, slope, omega, alpha, gamma, beta, nu] = *parameters;
        let omega = if self.logarithmic { omega - (1.0 - beta) * self.log_variance } else { omega / self.variance() };
        self.pick(&[intercept / self.spread, slope / self.spread, omega, alpha, gamma, beta, 1.0 / nu]).collect()
    }

    /// Derivatives by the variables from those by the parameters.
    fn turn(&self, by: &Parameters, parameters: &Parameters) -> Parameters {
        let [intercept, slope, omega, alpha, gamma, beta, nu] = *by;
        let at = parameters[place::NU];
        let (omega, beta) = if self.logarithmic { (omega, beta - omega * self.log_variance) } else { (omega * self.variance(), beta) };
        [intercept * self.spread, slope * self.spread, omega, alpha, gamma, beta, -nu * at * at]
    }

    fn pick<'a>(&'a self, all: &'a Parameters) -> impl Iterator<Item = f64> + 'a {
        self.searched.iter().filter_map(|index| all.get(*index).copied())
    }

    fn bounds(&self) -> Vec<(f64, f64)> {
        let free = (f64::NEG_INFINITY, f64::INFINITY);
        let share = (0.0, 1.0);
        let nu = (1.0 / NU_BOUNDS.1, 1.0 / NU_BOUNDS.0);
        let all = if self.logarithmic {
            [free, free, free, (0.0, f64::INFINITY), free, share, nu]
        } else {
            [free, free, OMEGA_BOUNDS, share, (-1.0, 2.0), share, nu]
        };
        self.searched.iter().filter_map(|index| all.get(*index).copied()).collect()
    }

    /// Linear constraints beside the bounds.
    fn constraints(&self) -> Vec<Constraint> {
        if self.logarithmic {
            return Vec::new();
        }
        let mut constraints = vec![self.constraint(&[0.0, 0.0, 0.0, 1.0, 0.5, 1.0, 0.0], 1.0)];
        if self.searched.contains(&place::GAMMA) {
            constraints.push(self.constraint(&[0.0, 0.0, 0.0, -1.0, -1.0, 0.0, 0.0], 0.0));
        }
        constraints
    }

    fn constraint(&self, row: &Parameters, right: f64) -> Constraint {
        Constraint { row: self.pick(row).collect(), right }
    }

    /// The nearest variables that keep bounds and constraints, by Dykstra's alternating projections.
    fn bring_back(&self, mut variables: Vec<f64>) -> Vec<f64> {
        let (bounds, constraints) = (self.bounds(), self.constraints());
        let mut corrections = vec![vec![0.0; variables.len()]; constraints.len() + 1];
        for _ in 0..PROJECTIONS {
            let mut corrections = corrections.iter_mut();
            for constraint in &constraints {
                let Some(correction) = corrections.next() else { break };
                let pushed: Vec<f64> = variables.iter().zip(correction.iter()).map(|(value, by)| value + by).collect();
                let length: f64 = constraint.row.iter().map(|weight| weight * weight).sum();
                let back = constraint.excess(&pushed).max(0.0) / length;
                for (((value, pushed), by), weight) in variables.iter_mut().zip(pushed).zip(correction.iter_mut()).zip(&constraint.row) {
                    *value = pushed - back * weight;
                    *by = back * weight;
                }
            }
            let Some(correction) = corrections.next() else { break };
            for ((value, by), (low, high)) in variables.iter_mut().zip(correction.iter_mut()).zip(&bounds) {
                let pushed = *value + *by;
                *value = pushed.clamp(*low, *high);
                *by = pushed - *value;
            }
        }
        variables
    }

    /// Takes off what rounding puts beyond bounds and constraints.
    fn project(&self, parameters: &mut Parameters) {
        let [intercept, slope, omega, alpha, gamma, beta, nu] = *parameters;
        let beta = beta.clamp(0.0, 1.0);
        let nu = nu.clamp(NU_BOUNDS.0, NU_BOUNDS.1);
        *parameters = if self.logarithmic {
            [intercept, slope, omega, alpha, gamma, beta, nu]
        } else {
            let alpha = alpha.clamp(0.0, 1.0);
            let gamma = gamma.max(-alpha);
            let beta = beta.min(1.0 - alpha - gamma / 2.0).max(0.0);
            [intercept, slope, omega.max(OMEGA_BOUNDS.0 * self.variance()), alpha, gamma, beta, nu]
        };
    }
}

/// A linear constraint Σ row · variable ≤ right.
#[derive(Debug, Clone)]
struct Constraint {
    row: Vec<f64>,
    right: f64,
}

impl Constraint {
    /// How far `variables` are beyond it.
    fn excess(&self, variables: &[f64]) -> f64 {
        self.row.iter().zip(variables).map(|(weight, value)| weight * value).sum::<f64>() - self.right
    }
}

fn enforce(constraint: &Constraint) -> impl Fn(&[f64], Option<&mut [f64]>, &mut ()) -> f64 {
    move |variables, gradient, ()| {
        if let Some(gradient) = gradient {
            gradient.copy_from_slice(&constraint.row);
        }
        constraint.excess(variables)
    }
}

/// Searches from the starts of the grid and keeps the highest end. Most lead to one top: a climb that its first run doesn't bring above
/// the best end so far is left there.
pub(super) fn search(likelihood: &Likelihood) -> Optimum {
    let scale = Scale::of(likelihood);
    let mut best = Optimum { parameters: [0.0; 7], log_likelihood: f64::NEG_INFINITY, converged: false };
    let mut starts = choose_starts(likelihood, &scale);
    if likelihood.process == VarianceProcess::Gjr {
        // What GARCH finds is a place of GJR too: γ = 0.
        starts.push(search(&likelihood.of_process(VarianceProcess::Garch)).parameters);
    }
    for start in starts {
        let mut climb = Climb::new(likelihood, &scale, start);
        climb.run();
        if best.converged && !(climb.height > best.log_likelihood + LEAST_CLIMB) {
            continue;
        }
        let end = climb.finish();
        if (end.converged && !best.converged) || (end.converged == best.converged && end.log_likelihood > best.log_likelihood) {
            best = end;
        }
    }
    best
}

/// A climb from one start.
struct Climb<'a> {
    likelihood: &'a Likelihood<'a>,
    scale: &'a Scale,
    /// Days through whose return the line is held, by number.
    held: Vec<usize>,
    best: Parameters,
    height: f64,
}

impl<'a> Climb<'a> {
    fn new(likelihood: &'a Likelihood<'a>, scale: &'a Scale, start: Parameters) -> Self {
        Self { likelihood, scale, held: Vec::new(), best: start, height: likelihood.value(&start) }
    }

    fn finish(mut self) -> Optimum {
        let mut converged = false;
        for _ in 0..MOST_RUNS {
            let gain = self.run();
            if self.is_level() {
                if self.held.is_empty() || !self.leave_edge() {
                    converged = true;
                    break;
                }
                continue;
            }
            // Not a number is no gain either.
            if gain > LEAST_GAIN {
                continue;
            }
            match self.nearest_edge() {
                Some(day) => self.held.push(day),
                None if self.held.is_empty() => break,
                None => self.held.clear(),
            }
        }
        Optimum { parameters: self.best, log_likelihood: self.height, converged: converged && self.height.is_finite() }
    }

    /// The line that is left free, held through one day's return, or given by two.
    fn line(&self) -> Line {
        let mut days = self.held.iter().filter_map(|day| self.likelihood.day(*day));
        match (days.next(), days.next()) {
            (Some((residual, market)), Some((other, far))) if market != far => {
                let slope = (residual - other) / (market - far);
                Line::Given { intercept: residual - slope * market, slope }
            }
            (Some((residual, market)), _) => Line::Through { residual, market },
            _ => Line::Free,
        }
    }

    /// One run of the optimiser; how much it gained.
    fn run(&mut self) -> f64 {
        let (likelihood, scale, line) = (self.likelihood, self.scale, self.line());
        let days = likelihood.days() as f64;
        let objective = |variables: &[f64], gradient: Option<&mut [f64]>, (): &mut ()| {
            let parameters = line.hold(scale.read(variables));
            let Some(gradient) = gradient else { return -likelihood.value(&parameters) / days };
            let mut by = [0.0; 7];
            let value = likelihood.slope(&parameters, &mut by);
            let by = scale.turn(&line.turn(by), &parameters);
            for (slot, by) in gradient.iter_mut().zip(scale.pick(&by)) {
                *slot = -by / days;
            }
            -value / days
        };
        let (bounds, constraints) = (scale.bounds(), scale.constraints());
        let enforced: Vec<_> = constraints.iter().map(enforce).collect();
        let tolerance = StopTols { ftol_abs: 1e-14, xtol_abs: vec![1e-11; bounds.len()], ..StopTols::default() };
        let from = scale.write(&self.best);
        let ended = slsqp::minimize(objective, &from, &bounds, &enforced, (), MOST_EVALUATIONS, Some(tolerance));
        let variables = match ended {
            Ok((_, variables, _)) | Err((_, variables, _)) => variables,
        };
        let mut parameters = line.hold(scale.read(&variables));
        scale.project(&mut parameters);
        self.take(parameters)
    }

    /// Goes to `parameters` if they are higher; the gain, or how much lower they are.
    fn take(&mut self, parameters: Parameters) -> f64 {
        let found = self.likelihood.value(&parameters);
        let gain = found - self.height;
        if gain > 0.0 {
            self.best = parameters;
            self.height = found;
        }
        gain
    }

    /// Whether no open direction rises: the gradient, projected on what bounds and constraints leave, is 0 but for rounding.
    fn is_level(&self) -> bool {
        let mut by = [0.0; 7];
        self.likelihood.slope(&self.best, &mut by);
        let by = self.scale.turn(&self.line().turn(by), &self.best);
        let days = self.likelihood.days() as f64;
        let gradient: Vec<f64> = self.scale.pick(&by).map(|by| by / days).collect();
        let at = self.scale.write(&self.best);
        let step: Vec<f64> = at.iter().zip(&gradient).map(|(at, by)| at + PROBE * by).collect();
        let landed = self.scale.bring_back(step);
        landed.iter().zip(&at).all(|(landed, at)| (landed - at).abs() <= PROBE * LEVEL)
    }

    /// The day, not held yet, whose return the line meets: there |z| has an edge that a gradient can't see across.
    fn nearest_edge(&self) -> Option<usize> {
        if self.likelihood.process != VarianceProcess::Egarch || self.held.len() > 1 {
            return None;
        }
        let mut nearest = (None, EDGE);
        let mut day = 0;
        self.likelihood.visit(&self.best, |residual, variance| {
            let distance = residual.abs() / variance.sqrt();
            if distance < nearest.1 && !self.held.contains(&day) {
                nearest = (Some(day), distance);
            }
            day += 1;
        });
        nearest.0
    }

    /// Steps off the held days' returns to the side that is higher, if one is.
    fn leave_edge(&mut self) -> bool {
        let tiny = 1e-5 * self.scale.spread;
        let before = self.height;
        let tried = self.best;
        for (level, tilt) in [(tiny, 0.0), (-tiny, 0.0), (0.0, tiny), (0.0, -tiny)] {
            let mut moved = tried;
            moved[place::INTERCEPT] += level;
            moved[place::SLOPE] += tilt;
            self.take(moved);
        }
        let left = self.height > before + LEAST_GAIN;
        if left {
            self.held.clear();
        }
        left
    }
}

/// What a climb may do with intercept and slope.
enum Line {
    Free,
    Through { residual: f64, market: f64 },
    Given { intercept: f64, slope: f64 },
}

impl Line {
    fn hold(&self, mut parameters: Parameters) -> Parameters {
        match self {
            Line::Free => (),
            Line::Through { residual, market } => parameters[place::INTERCEPT] = residual - parameters[place::SLOPE] * market,
            Line::Given { intercept, slope } => {
                parameters[place::INTERCEPT] = *intercept;
                parameters[place::SLOPE] = *slope;
            }
        }
        parameters
    }

    fn turn(&self, mut by: Parameters) -> Parameters {
        match self {
            Line::Free => (),
            Line::Through { market, .. } => {
                by[place::SLOPE] -= market * by[place::INTERCEPT];
                by[place::INTERCEPT] = 0.0;
            }
            Line::Given { .. } => {
                by[place::INTERCEPT] = 0.0;
                by[place::SLOPE] = 0.0;
            }
        }
        by
    }
}

/// The best starts of the grid, one a persistence, best first.
fn choose_starts(likelihood: &Likelihood, scale: &Scale) -> Vec<Parameters> {
    const SIZES: [f64; 4] = [0.01, 0.05, 0.1, 0.2];
    let gammas: &[f64] = match likelihood.process {
        VarianceProcess::Garch => &[0.0],
        VarianceProcess::Gjr => &SIZES,
        VarianceProcess::Egarch => &[-0.1, 0.0, 0.1],
    };
    let mut starts: Vec<(Parameters, f64)> = Vec::with_capacity(4);
    for lasting in [0.5, 0.7, 0.9, 0.98] {
        let mut best = ([0.0; 7], f64::NEG_INFINITY);
        for alpha in SIZES {
            for gamma in gammas {
                let (omega, beta) = match likelihood.process {
                    VarianceProcess::Egarch => ((1.0 - lasting) * scale.log_variance, lasting),
                    _ => ((1.0 - lasting) * scale.variance(), lasting - alpha - gamma / 2.0),
                };
                let parameters = [0.0, 0.0, omega, alpha, *gamma, beta, NU_BOUNDS.1];
                let value = likelihood.normal_value(&parameters);
                if value > best.1 {
                    best = (parameters, value);
                }
            }
        }
        starts.push(best);
    }
    starts.sort_by(|one, other| other.1.total_cmp(&one.1));
    for (start, _) in &mut starts {
        start[place::NU] = start_nu(likelihood, start);
    }
    starts.into_iter().map(|(start, _)| start).collect()
}

/// Degrees of freedom whose kurtosis is that of the standardised residuals, 4 at least; 12 when they are nearly normal.
fn start_nu(likelihood: &Likelihood, parameters: &Parameters) -> f64 {
    let mut standardised = Vec::with_capacity(likelihood.days());
    likelihood.visit(parameters, |residual, variance| standardised.push(residual / variance.sqrt()));
    match moment::kurtosis(&standardised) {
        Some(kurtosis) if kurtosis > 3.75 => ((4.0 * kurtosis - 6.0) / (kurtosis - 3.0)).max(4.0),
        _ => 12.0,
    }
}
