//! Market models whose residual variance moves from day to day, by maximum likelihood.
//!
//! R_t = a + b R_m,t + e_t, e_t = z_t √h_t, z_t of mean 0 and variance 1, normal or Student t:
//!
//! | model | conditional variance | persistence | source |
//! |---|---|---|---|
//! | `garch` | h_t = ω + α e²_{t−1} + β h_{t−1} | α + β | Bollerslev (1986), *Journal of Econometrics* 31, 307–327 |
//! | `gjr` | h_t = ω + (α + γ \[e_{t−1} < 0\]) e²_{t−1} + β h_{t−1} | α + γ/2 + β | Glosten, Jagannathan & Runkle (1993), *Journal of Finance* 48, 1779–1801 |
//! | `egarch` | ln h_t = ω + α (\|z_{t−1}\| − √(2/π)) + γ z_{t−1} + β ln h_{t−1} | β | Nelson (1991), *Econometrica* 59, 347–370 |
//!
//! `-t` scales the t of ν degrees of freedom to variance 1 (Bollerslev 1987, *Review of Economics and Statistics* 69, 542–547). Line and
//! variance are estimated together. In event studies: Corhay & Tourani Rad (1996), *Quarterly Review of Economics and Finance* 36,
//! 529–538; Savickas (2003), *Journal of Financial Research* 26, 165–178.
//!
//! **Agreement.** Parametrisation, backcast, bounds of the variance and constraints are those of the Python package `arch` (its `LS` mean
//! with one regressor, in percent); `tests/reference/conditional_variance.json` holds its values. Two differences: the search here goes on
//! until the gradient is level, where `arch` stops about 10⁻⁶ of log-likelihood below the top and, with t errors of nearly normal data,
//! up to 0.1 below; and `egarch` keeps α ≥ 0. With α < 0 a quiet day raises the next day's variance, ln h_t answers to ln h_{t−1} with a
//! slope β − ½(α|z| + γz) that may pass 1, so that the recursion can't be inverted (Wintenberger 2013, *Scandinavian Journal of Statistics*
//! 40, 846–867, doi 10.1111/sjos.12038) and the likelihood is a range of peaks, among which half of all windows of 100 days and a quarter of
//! those of 250 would end.
//!
//! **Edges.** Estimates at the edge of what is allowed are common in short windows (α = 0: no trace of spells) and are estimates like
//! others; [`VolatilityFit::edges`] names them. A search that ends on a slope is [`VolatilityError::NotConverged`], never a fit.
//!
//! **Event days.** The variance of day k after the estimation window is its forecast from the window's last day, so that the event itself
//! doesn't enter: h_{n+1} is known, then h_{n+k} = ω + p h_{n+k−1} with p the persistence. For EGARCH with normal errors the expectation is
//!
//! ```text
//! E h_{n+k} = exp(ω (1 − β^{k−1})/(1 − β) + β^{k−1} ln h_{n+1}) · Π_{j=0}^{k−2} M(β^j)
//! M(u)      = exp(−u α √(2/π)) · ( exp(u²(α+γ)²/2) Φ(u(α+γ)) + exp(u²(α−γ)²/2) Φ(u(α−γ)) )
//! ```
//!
//! (Nelson 1991, theorem A1.2); with t errors it is infinite (e^z of a t has no mean), so that e to the expectation of ln h_{n+k} is
//! taken: the typical variance of that day, below the mean one.
//!
//! **Error of the forecast.** The line's coefficients have the covariance (Σ x_t x_t' / h_t)⁻¹, x_t = (1, R_m,t): that of weighted least
//! squares with the variances known, s²(X'X)⁻¹ when they stand still. What the variance's own parameters are uncertain by is left out.

pub(crate) mod likelihood;
pub(crate) mod search;

use thiserror::Error;

use self::likelihood::{Likelihood, MEAN_ABSOLUTE, Parameters, place};
use self::search::{NU_BOUNDS, OMEGA_BOUNDS};
use crate::model::{ErrorLaw, VarianceProcess};
use crate::stats::ols::{self, RegressionError};
use crate::stats::tail;

/// Percent of a fraction: the unit that the likelihood is told in.
const PERCENT: f64 = 100.0;
/// Sessions after the estimation window whose variance must be a number.
const FORESEEN: usize = 250;
/// An estimate nearer to the edge than this is on it.
const AT_EDGE: f64 = 1e-7;
/// Residuals whose standard deviation is below this share of the security's own are rounding.
const SMALLEST_SPREAD: f64 = 1e-10;

/// A market model with conditional variance: its process and the law of its standardised residuals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConditionalVariance {
    /// How the variance moves.
    pub process: VarianceProcess,
    /// Distribution of z.
    pub errors: ErrorLaw,
}

/// Parameters of a fit, for returns as fractions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VolatilityParameters {
    /// Intercept a, a fraction a session.
    pub intercept: f64,
    /// Slope b on the benchmark.
    pub slope: f64,
    /// ω: a squared fraction under GARCH and GJR, the constant of ln h under EGARCH.
    pub omega: f64,
    /// α, of the last day's size.
    pub alpha: f64,
    /// γ, of the last day's sign; 0 under GARCH.
    pub gamma: f64,
    /// β, of the last day's variance.
    pub beta: f64,
    /// Degrees of freedom ν; None under normal errors.
    pub nu: Option<f64>,
}

/// Where an estimate stands at the edge of what is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// ω is as small as may be: the variance comes from the past alone.
    NoConstant,
    /// α = 0 (EGARCH) or α = 0 with γ = 0 (GARCH has α alone): yesterday's size says nothing of today's variance.
    NoReaction,
    /// α = 0 and γ > 0 (GJR): rises leave no trace.
    NoReactionToRises,
    /// α + γ = 0 and α > 0 (GJR): falls leave no trace.
    NoReactionToFalls,
    /// β = 0: the variance forgets at once.
    NoMemory,
    /// Persistence 1: the variance returns to no level.
    Integrated,
    /// ν at its upper bound of 500: the errors are normal.
    NormalTails,
    /// ν at its lower bound of 2.05.
    HeaviestTails,
}

impl Edge {
    /// Its name in files.
    pub fn name(self) -> &'static str {
        match self {
            Edge::NoConstant => "no-constant",
            Edge::NoReaction => "no-reaction",
            Edge::NoReactionToRises => "no-reaction-to-rises",
            Edge::NoReactionToFalls => "no-reaction-to-falls",
            Edge::NoMemory => "no-memory",
            Edge::Integrated => "integrated",
            Edge::NormalTails => "normal-tails",
            Edge::HeaviestTails => "heaviest-tails",
        }
    }
}

/// Why a model of conditional variance can't be fitted.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum VolatilityError {
    /// Fewer days than can hold the parameters.
    #[error("{found} estimation returns, a model of conditional variance needs at least {least}")]
    TooFew {
        /// Days found.
        found: usize,
        /// Least number.
        least: usize,
    },
    /// Least squares, which the search starts from, fails.
    #[error("the line that the search starts from can't be fitted: {0}")]
    Line(#[from] RegressionError),
    /// Nothing is left to have a variance.
    #[error("the security doesn't vary about the model in the estimation window, so no return can be called abnormal")]
    NoSpread,
    /// The search ended on a slope.
    #[error(
        "the likelihood of the conditional variance has no maximum that the search could find (log-likelihood {reached:.3} where it \
         stopped): choose a longer estimation window or another model, or give `--garch-fallback market` to fit the market model to such events"
    )]
    NotConverged {
        /// Log-likelihood where it stopped, for returns as fractions.
        reached: f64,
    },
}

/// A fitted model of conditional variance; only [`ConditionalVariance::fit`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct VolatilityFit {
    /// The model.
    pub model: ConditionalVariance,
    /// Its parameters.
    pub parameters: VolatilityParameters,
    /// Log-likelihood of the returns as fractions: that in percent and n · ln 100.
    pub log_likelihood: f64,
    /// Estimation days n.
    pub observations: usize,
    /// Mean of the conditional variances of the estimation days, a squared fraction.
    pub mean_variance: f64,
    /// Conditional variance of the day after the last, a squared fraction.
    pub next_variance: f64,
    /// Edges that the estimate stands at, usually none.
    pub edges: Vec<Edge>,
    information: Information,
}

/// Σ x x'/h about the weighted mean of the benchmark: what the line is known by.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Information {
    weight: f64,
    centre: f64,
    squares: f64,
}

/// Paired returns made ready for the likelihood: what least squares leaves of the security, and the benchmark standardised.
struct Prepared {
    intercept: f64,
    slope: f64,
    centre: f64,
    spread: f64,
    residuals: Vec<f64>,
    market: Vec<f64>,
}

impl Prepared {
    fn of(own: &[f64], market: &[f64]) -> Result<Self, VolatilityError> {
        let line = ols::fit(own, &[market], true)?;
        let (intercept, slope) = match line.coefficients.as_slice() {
            [intercept, slope] => (*intercept, *slope),
            _ => return Err(VolatilityError::NoSpread),
        };
        let count = market.len() as f64;
        let centre = market.iter().sum::<f64>() / count;
        let spread = (market.iter().map(|value| (value - centre) * (value - centre)).sum::<f64>() / count).sqrt();
        let middle = own.iter().sum::<f64>() / count;
        let own_squares = own.iter().map(|value| (value - middle) * (value - middle)).sum::<f64>();
        let squares = line.residuals.iter().map(|residual| residual * residual).sum::<f64>();
        let percent_squares = squares * PERCENT * PERCENT;
        // A variance whose square or inverse a number can't hold has no likelihood either.
        let usable = percent_squares.is_finite() && percent_squares > 1e-150 && percent_squares < 1e150;
        if !usable || squares <= SMALLEST_SPREAD * SMALLEST_SPREAD * own_squares {
            return Err(VolatilityError::NoSpread);
        }
        Ok(Self {
            intercept,
            slope,
            centre,
            spread,
            residuals: line.residuals.iter().map(|residual| PERCENT * residual).collect(),
            market: market.iter().map(|value| (value - centre) / spread).collect(),
        })
    }

    fn likelihood(&self, model: ConditionalVariance) -> Likelihood<'_> {
        Likelihood::new(model.process, model.errors, &self.residuals, &self.market)
    }

    /// Parameters for fractions from those that the likelihood knows.
    fn tell(&self, model: ConditionalVariance, parameters: &Parameters) -> VolatilityParameters {
        let [level, tilt, omega, alpha, gamma, beta, nu] = *parameters;
        let steeper = tilt / (PERCENT * self.spread);
        VolatilityParameters {
            intercept: self.intercept + level / PERCENT - steeper * self.centre,
            slope: self.slope + steeper,
            omega: match model.process {
                VarianceProcess::Egarch => omega - (1.0 - beta) * squared_percent().ln(),
                _ => omega / squared_percent(),
            },
            alpha,
            gamma,
            beta,
            nu: (model.errors == ErrorLaw::Student).then_some(nu),
        }
    }

    /// The other way.
    fn hear(&self, model: ConditionalVariance, told: &VolatilityParameters) -> Parameters {
        let mut parameters = [0.0; 7];
        let steeper = told.slope - self.slope;
        parameters[place::INTERCEPT] = PERCENT * (told.intercept - self.intercept + steeper * self.centre);
        parameters[place::SLOPE] = PERCENT * self.spread * steeper;
        parameters[place::OMEGA] = match model.process {
            VarianceProcess::Egarch => told.omega + (1.0 - told.beta) * squared_percent().ln(),
            _ => told.omega * squared_percent(),
        };
        parameters[place::ALPHA] = told.alpha;
        parameters[place::GAMMA] = told.gamma;
        parameters[place::BETA] = told.beta;
        parameters[place::NU] = told.nu.unwrap_or(NU_BOUNDS.1);
        parameters
    }
}

fn squared_percent() -> f64 {
    PERCENT * PERCENT
}

impl ConditionalVariance {
    /// Number of parameters, the line's two among them.
    pub fn parameters(self) -> usize {
        5 + usize::from(self.process != VarianceProcess::Garch) + usize::from(self.errors == ErrorLaw::Student)
    }

    /// Fits line and variance to paired returns of the estimation days (fractions, same length, in order of time).
    ///
    /// # Errors
    /// [`VolatilityError`]: not more days than twice the parameters, values that aren't finite or a benchmark that doesn't vary, a security
    /// that doesn't vary about it, or a search that ends on a slope.
    pub fn fit(self, security: &[f64], benchmark: &[f64]) -> Result<VolatilityFit, VolatilityError> {
        let (found, least) = (security.len(), 2 * self.parameters());
        if found < least {
            return Err(VolatilityError::TooFew { found, least });
        }
        let prepared = Prepared::of(security, benchmark)?;
        let likelihood = prepared.likelihood(self);
        let optimum = search::search(&likelihood);
        let log_likelihood = optimum.log_likelihood + found as f64 * PERCENT.ln();
        if !optimum.converged {
            return Err(VolatilityError::NotConverged { reached: log_likelihood });
        }
        let days = Days::of(&likelihood, &optimum.parameters);
        let parameters = prepared.tell(self, &optimum.parameters);
        let lowest_constant = OMEGA_BOUNDS.0 * likelihood.mean_square() / squared_percent();
        let fit = VolatilityFit {
            model: self,
            parameters,
            log_likelihood,
            observations: found,
            mean_variance: days.mean_variance / squared_percent(),
            next_variance: days.next(self.process, &optimum.parameters) / squared_percent(),
            edges: self.edges(&parameters, lowest_constant),
            information: days.information(&prepared),
        };
        // A level of ln h that nothing holds, as in windows with hardly a return, runs to 0 or beyond all numbers.
        let ends = [1, FORESEEN].map(|sessions| fit.variance_after(sessions));
        if ends.iter().all(|variance| variance.is_finite() && *variance > 0.0) {
            Ok(fit)
        } else {
            Err(VolatilityError::NotConverged { reached: log_likelihood })
        }
    }

    /// Log-likelihood of paired returns (fractions) at given parameters, for returns as fractions.
    ///
    /// # Errors
    /// [`VolatilityError`] as for [`ConditionalVariance::fit`], except that nothing is searched.
    pub fn log_likelihood(self, security: &[f64], benchmark: &[f64], parameters: &VolatilityParameters) -> Result<f64, VolatilityError> {
        let prepared = Prepared::of(security, benchmark)?;
        let value = prepared.likelihood(self).value(&prepared.hear(self, parameters));
        Ok(value + security.len() as f64 * PERCENT.ln())
    }

    fn edges(self, parameters: &VolatilityParameters, lowest_constant: f64) -> Vec<Edge> {
        let VolatilityParameters { omega, alpha, gamma, beta, nu, .. } = *parameters;
        let mut edges = Vec::new();
        let quiet = alpha <= AT_EDGE;
        match self.process {
            VarianceProcess::Garch if quiet => edges.push(Edge::NoReaction),
            VarianceProcess::Gjr if quiet && gamma <= AT_EDGE => edges.push(Edge::NoReaction),
            VarianceProcess::Gjr if quiet => edges.push(Edge::NoReactionToRises),
            VarianceProcess::Gjr if alpha + gamma <= AT_EDGE => edges.push(Edge::NoReactionToFalls),
            VarianceProcess::Egarch if quiet => edges.push(Edge::NoReaction),
            _ => (),
        }
        if self.process != VarianceProcess::Egarch && omega <= lowest_constant * (1.0 + 1e-3) {
            edges.push(Edge::NoConstant);
        }
        if beta <= AT_EDGE {
            edges.push(Edge::NoMemory);
        }
        if persistence(self.process, parameters) >= 1.0 - AT_EDGE {
            edges.push(Edge::Integrated);
        }
        match nu {
            Some(nu) if nu >= NU_BOUNDS.1 - 1e-3 => edges.push(Edge::NormalTails),
            Some(nu) if nu <= NU_BOUNDS.0 + 1e-6 => edges.push(Edge::HeaviestTails),
            _ => (),
        }
        edges
    }
}

fn persistence(process: VarianceProcess, parameters: &VolatilityParameters) -> f64 {
    match process {
        VarianceProcess::Egarch => parameters.beta,
        _ => parameters.alpha + parameters.gamma / 2.0 + parameters.beta,
    }
}

/// What the estimation days leave, in percent.
struct Days {
    residuals: Vec<f64>,
    variances: Vec<f64>,
    mean_variance: f64,
}

impl Days {
    fn of(likelihood: &Likelihood, parameters: &Parameters) -> Self {
        let (mut residuals, mut variances) = (Vec::with_capacity(likelihood.days()), Vec::with_capacity(likelihood.days()));
        likelihood.visit(parameters, |residual, variance| {
            residuals.push(residual);
            variances.push(variance);
        });
        let mean_variance = variances.iter().sum::<f64>() / variances.len() as f64;
        Self { residuals, variances, mean_variance }
    }

    /// Variance of the day after the last.
    fn next(&self, process: VarianceProcess, parameters: &Parameters) -> f64 {
        let [_, _, omega, alpha, gamma, beta, _] = *parameters;
        let (residual, variance) = (self.residuals.last().copied().unwrap_or(0.0), self.variances.last().copied().unwrap_or(0.0));
        match process {
            VarianceProcess::Egarch => {
                let shock = residual / variance.sqrt();
                (omega + alpha * (shock.abs() - MEAN_ABSOLUTE) + gamma * shock + beta * variance.ln()).exp()
            }
            _ => {
                let falls = if residual < 0.0 { gamma } else { 0.0 };
                omega + (alpha + falls) * residual * residual + beta * variance
            }
        }
    }

    /// What the line is known by, in fractions.
    fn information(&self, prepared: &Prepared) -> Information {
        let pairs = || self.variances.iter().zip(&prepared.market);
        let weight: f64 = pairs().map(|(variance, _)| 1.0 / variance).sum();
        let centre = pairs().map(|(variance, market)| market / variance).sum::<f64>() / weight;
        let squares: f64 = pairs().map(|(variance, market)| (market - centre) * (market - centre) / variance).sum();
        let unit = squared_percent();
        Information {
            weight: weight * unit,
            centre: prepared.centre + prepared.spread * centre,
            squares: squares * unit * prepared.spread * prepared.spread,
        }
    }
}

impl VolatilityFit {
    /// Persistence: the share of a deviation of the variance (EGARCH: of its logarithm) that is left a session later.
    pub fn persistence(&self) -> f64 {
        persistence(self.model.process, &self.parameters)
    }

    /// Sessions until half of a deviation of the variance is gone, ln ½ / ln p; None when none is ever gone or all of it at once.
    pub fn half_life(&self) -> Option<f64> {
        let persistence = self.persistence();
        (persistence > AT_EDGE && persistence < 1.0 - AT_EDGE).then(|| 0.5_f64.ln() / persistence.ln())
    }

    /// Variance of the residual so many sessions after the estimation window (1 for the next), a squared fraction: the forecast from its
    /// last day (formulas above). 0 is taken for 1.
    pub fn variance_after(&self, sessions: usize) -> f64 {
        let steps = sessions.max(1) - 1;
        let VolatilityParameters { omega, alpha, gamma, beta, nu, .. } = self.parameters;
        if self.model.process != VarianceProcess::Egarch {
            let persistence = self.persistence();
            return (0..steps).fold(self.next_variance, |variance, _| omega + persistence * variance);
        }
        // Under a t, |z| has another mean than that which EGARCH takes off.
        let drift = nu.map_or(0.0, |nu| alpha * (mean_absolute_student(nu) - MEAN_ABSOLUTE));
        let mut logarithm = self.next_variance.ln();
        let mut growth = 0.0;
        let mut decay = 1.0;
        for _ in 0..steps {
            logarithm = omega + drift + beta * logarithm;
            if nu.is_none() {
                growth += log_mean_growth(decay, alpha, gamma);
            }
            decay *= beta;
        }
        (logarithm + growth).exp()
    }

    /// Variance that the line's estimation adds to a sum of abnormal returns over `days` days whose benchmark returns add up to `sum`.
    pub fn estimation_variance(&self, days: usize, sum: f64) -> f64 {
        let Information { weight, centre, squares } = self.information;
        let (length, distance) = (days as f64, sum - days as f64 * centre);
        length * length / weight + distance * distance / squares
    }

    /// Standardised residuals z_t = e_t/√h_t of the paired returns that the fit was made from, in order, written over `out`.
    ///
    /// # Errors
    /// [`VolatilityError`] when the returns are others, which the model couldn't be fitted to.
    pub fn standardise(&self, security: &[f64], benchmark: &[f64], out: &mut Vec<f64>) -> Result<(), VolatilityError> {
        let prepared = Prepared::of(security, benchmark)?;
        let parameters = prepared.hear(self.model, &self.parameters);
        out.clear();
        prepared.likelihood(self.model).visit(&parameters, |residual, variance| out.push(residual / variance.sqrt()));
        Ok(())
    }
}

/// ln M(u).
fn log_mean_growth(power: f64, alpha: f64, gamma: f64) -> f64 {
    let side = |weight: f64| {
        let shift = power * weight;
        // Φ(x) is the survival at −x.
        (0.5 * shift * shift).exp() * tail::normal_survival(-shift).unwrap_or(1.0)
    };
    (side(alpha + gamma) + side(alpha - gamma)).ln() - power * alpha * MEAN_ABSOLUTE
}

/// E|z| of a t of ν degrees of freedom scaled to variance 1: 2 √(ν−2) Γ((ν+1)/2) / (√π (ν−1) Γ(ν/2)).
fn mean_absolute_student(nu: f64) -> f64 {
    use statrs::function::gamma::ln_gamma;
    let logarithm = ln_gamma((nu + 1.0) / 2.0) - ln_gamma(nu / 2.0);
    2.0 * (nu - 2.0).sqrt() * logarithm.exp() / (std::f64::consts::PI.sqrt() * (nu - 1.0))
}
