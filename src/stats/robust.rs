//! Covariance of least-squares coefficients that holds when the errors don't share one variance, or depend on each other.
//!
//! All are sandwiches `A (Σ scores) A`, `A = (X'X)⁻¹`, the score of row i being `x_i e_i` (n rows, k coefficients, h_i the leverage
//! `x_i' A x_i`):
//!
//! | kind | middle | factor | degrees of freedom |
//! |---|---|---|---|
//! | HC0 | `Σ x x' e²` (White 1980, Econometrica 48(4), 817–838, doi:10.2307/1912934) | 1 | n − k |
//! | HC1 | the same | n/(n − k) | n − k |
//! | HC3 | `Σ x x' e² / (1 − h)²` (MacKinnon & White 1985, Journal of Econometrics 29(3), 305–325, doi:10.1016/0304-4076(85)90158-7) | 1 | n − k |
//! | Newey–West | `Γ₀ + Σ_l (1 − l/(L + 1)) (Γ_l + Γ_l')`, `Γ_l = Σ_t s_t s'_{t−l}` (1987, Econometrica 55(3), 703–708, doi:10.2307/1913610) | n/(n − k) | n − k |
//! | clustered | `Σ_g (Σ_{i∈g} s_i)(Σ_{i∈g} s_i)'` (Liang & Zeger 1986, Biometrika 73(1), 13–22) | G/(G − 1) · (n − 1)/(n − k) | G − 1 |
//! | two ways | one way + the other − both (Cameron, Gelbach & Miller 2011, Journal of Business & Economic Statistics 29(2), 238–249, doi:10.1198/jbes.2010.07136) | of each part its own | min(G₁, G₂) − 1 |
//!
//! These are Stata's factors (`robust`, `hc3`, `newey`, `cluster`) and those of statsmodels (`HC1`, `HC3`, `HAC` with `use_correction`,
//! `cluster`). Others: `sandwich::NeweyWest` in R prewhitens and picks the lags unless told not to; reghdfe takes the smaller G for all
//! three parts of a two-way clustering; HC3 has no factor here, as in statsmodels and R, where the original jackknife has (n − 1)/n.
//! Clustering has degrees of freedom G − 1 as in Stata and statsmodels; `lmtest::coeftest` takes n − k unless told.
//!
//! Scores are taken in an orthonormal basis of the columns, so that neither the level nor the unit of a regressor costs digits.
//! A two-way matrix needn't be positive: a variance at or below 0 is no variance, and [`RobustCovariance::standard_errors`] has `None`.
//!
//! A row of leverage 1 is fitted exactly whatever its error was, so that a sandwich takes the error of each coefficient that depends on it
//! for none. The same holds of a cluster g: where `Σ_{i∈g} q_i q_i'` (q the row in the orthonormal basis) has an eigenvalue of 1, the scores
//! of the cluster sum to 0 along its eigenvector by construction. Such coefficients have no error either
//! ([`RobustCovariance::decided_alone`]); other programs print the number that is left.

use nalgebra::{DMatrix, DVector};
use serde::Serialize;
use thiserror::Error;

use super::ols::{Regression, coefficient_factor};
use super::tail;

/// Leverage this near to 1 leaves no residual to judge the row's error by.
const FULL_LEVERAGE: f64 = 1e-10;
/// A coefficient depends on a row or cluster from this share of its length on; rounding leaves about 1e-15.
const DEPENDS: f64 = 1e-8;
/// A variance below this share of what it is the difference of is rounding.
const ROUNDING: f64 = 1e-12;

/// What the errors are allowed to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ErrorStructure<'a> {
    /// One variance, independent: `s² (X'X)⁻¹`.
    Classical,
    /// Different variances, independent, no small-sample factor.
    Hc0,
    /// Different variances, independent, n/(n − k).
    Hc1,
    /// Different variances, independent, each residual over 1 less its leverage.
    Hc3,
    /// Rows in order of time, dependent up to a lag.
    NeweyWest {
        /// The longest lag L, in rows; 0 is HC1.
        lags: usize,
    },
    /// Rows with the same number depend on each other in any way.
    Clustered(&'a [u32]),
    /// Rows that share either number depend on each other in any way.
    TwoWay(&'a [u32], &'a [u32]),
}

/// Why there is no covariance.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum CovarianceError {
    /// The regressors or cluster numbers aren't those of the regression.
    #[error("{found} rows are given for a regression over {expected}: give the rows it was fitted to")]
    LengthsDiffer {
        /// Rows given.
        found: usize,
        /// Rows of the regression.
        expected: usize,
    },
    /// A row that alone decides a coefficient, under HC3.
    #[error(
        "row {row} alone decides a coefficient (leverage 1), so that HC3 is undefined: leave out the regressor that only this row has, or take HC1"
    )]
    FullLeverage {
        /// Which row, from 0.
        row: usize,
    },
    /// Not two clusters.
    #[error("{clusters} cluster of {rows} rows: at least 2 are needed")]
    TooFewClusters {
        /// Clusters found.
        clusters: usize,
        /// Rows.
        rows: usize,
    },
    /// More lags than rows allow.
    #[error("{lags} lags of {rows} rows: take fewer lags than there are rows")]
    TooManyLags {
        /// Lags asked for.
        lags: usize,
        /// Rows.
        rows: usize,
    },
    /// The products leave what a number can hold.
    #[error("the values are too large or too small for their squares to be numbers: change the unit")]
    OutOfRange,
}

/// A covariance of coefficients, and the t distribution to read them by.
#[derive(Debug, Clone, PartialEq)]
pub struct RobustCovariance {
    /// The covariance, in the order of the coefficients.
    pub matrix: DMatrix<f64>,
    /// Degrees of freedom of the coefficients' t.
    pub degrees_of_freedom: usize,
    /// Number of clusters: none, one or two.
    pub clusters: Vec<usize>,
    /// Whether a single row (or cluster) decides the coefficient, so that nothing can be known of its error; in the order of the
    /// coefficients. Never under one variance, which the other rows tell.
    pub decided_alone: Vec<bool>,
    /// Sizes that a variance must exceed to be more than rounding.
    floor: Vec<f64>,
}

/// One coefficient with its error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The coefficient.
    pub value: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Value over standard error.
    pub t: f64,
    /// Two-sided p-value, Student t.
    pub p_value: f64,
    /// Lower and upper end of the 95 % interval.
    pub interval: (f64, f64),
}

impl RobustCovariance {
    /// Standard errors in the order of the coefficients; None where the variance isn't above 0, or one row or
    /// cluster alone decides the coefficient.
    pub fn standard_errors(&self) -> Vec<Option<f64>> {
        let variances = self.matrix.diagonal();
        let held = variances.iter().zip(&self.floor).zip(&self.decided_alone);
        held.map(|((variance, floor), decided)| (!decided && *variance > *floor).then(|| variance.sqrt())).collect()
    }

    /// The regression's coefficients with their errors, t and 95 % intervals; None where [`RobustCovariance::standard_errors`]
    /// has none.
    pub fn estimates(&self, regression: &Regression) -> Vec<Option<Estimate>> {
        let degrees = self.degrees_of_freedom as f64;
        let quantile = tail::student_quantile(0.975, degrees);
        let estimate = |(value, error): (&f64, Option<f64>)| {
            let (standard_error, quantile) = error.zip(quantile)?;
            let t = value / standard_error;
            let p_value = tail::two_sided_student(t, degrees)?;
            let margin = quantile * standard_error;
            let estimate = Estimate { value: *value, standard_error, t, p_value, interval: (value - margin, value + margin) };
            (t.is_finite() && margin.is_finite()).then_some(estimate)
        };
        regression.coefficients.iter().zip(self.standard_errors()).map(estimate).collect()
    }
}

/// The covariance of a regression's coefficients; `regressors` are those it was fitted to, in their order, without the intercept.
///
/// # Errors
/// [`CovarianceError`] when the rows aren't those of the regression, a leverage is 1 under HC3, there is one cluster only, or lags reach
/// beyond the rows.
pub fn covariance(
    regression: &Regression,
    regressors: &[&[f64]],
    structure: ErrorStructure<'_>,
) -> Result<RobustCovariance, CovarianceError> {
    let rows = regression.residuals.len();
    let slopes = regression.coefficients.len() - usize::from(regression.has_intercept);
    if regressors.len() != slopes {
        return Err(CovarianceError::LengthsDiffer { found: 0, expected: rows });
    }
    let columns = regressors.iter().map(|column| column.len());
    let clusters = match structure {
        ErrorStructure::Clustered(one) => vec![one.len()],
        ErrorStructure::TwoWay(one, other) => vec![one.len(), other.len()],
        _ => Vec::new(),
    };
    if let Some(found) = columns.chain(clusters).find(|found| *found != rows) {
        return Err(CovarianceError::LengthsDiffer { found, expected: rows });
    }
    let count = rows as f64;
    let spare = regression.degrees_of_freedom as f64;
    let scores = Scores::of(regression, regressors);
    let factor = coefficient_factor(&regression.inverse_factor, &regression.centres, regression.has_intercept.then_some(rows));
    let spread = |middle: DMatrix<f64>| &factor * middle * factor.transpose();
    let small_sample = |groups: usize| groups as f64 / (groups as f64 - 1.0) * (count - 1.0) / spare;
    let clustered = |key: Vec<u64>| -> Result<(DMatrix<f64>, usize), CovarianceError> {
        let (middle, groups) = scores.clustered(&key);
        if groups < 2 {
            return Err(CovarianceError::TooFewClusters { clusters: groups, rows });
        }
        Ok((spread(middle) * small_sample(groups), groups))
    };
    let of_one = |numbers: &[u32]| numbers.iter().map(|number| u64::from(*number)).collect::<Vec<u64>>();
    // A variance below this is what rounding leaves of sums that are 0 by construction.
    let floor: Vec<f64> = spread(scores.squared(0)).diagonal().iter().map(|variance| variance.abs() * ROUNDING).collect();
    let decided = |keys: &[&[u32]]| scores.decided_alone(&factor, keys);
    let plain = |matrix: DMatrix<f64>| RobustCovariance {
        floor: floor.clone(),
        decided_alone: decided(&[]),
        matrix,
        degrees_of_freedom: regression.degrees_of_freedom,
        clusters: Vec::new(),
    };
    let found = match structure {
        ErrorStructure::Classical => RobustCovariance {
            decided_alone: vec![false; regression.coefficients.len()],
            ..plain(&regression.unscaled_covariance * regression.residual_variance)
        },
        ErrorStructure::Hc0 => plain(spread(scores.squared(0))),
        ErrorStructure::Hc1 => plain(spread(scores.squared(0)) * (count / spare)),
        ErrorStructure::Hc3 => plain(spread(scores.without_leverage()?.squared(0))),
        ErrorStructure::NeweyWest { lags } => {
            if lags >= rows {
                return Err(CovarianceError::TooManyLags { lags, rows });
            }
            plain(spread(scores.squared(lags)) * (count / spare))
        }
        ErrorStructure::Clustered(one) => {
            let (matrix, groups) = clustered(of_one(one))?;
            RobustCovariance { clusters: vec![groups], degrees_of_freedom: groups - 1, decided_alone: decided(&[one]), ..plain(matrix) }
        }
        ErrorStructure::TwoWay(one, other) => {
            let both = one.iter().zip(other).map(|(one, other)| (u64::from(*one) << 32) | u64::from(*other)).collect();
            let ((first, groups), (second, other_groups)) = (clustered(of_one(one))?, clustered(of_one(other))?);
            let (shared, _) = clustered(both)?;
            let floor = first.diagonal().iter().zip(&second.diagonal()).map(|(one, other)| ROUNDING * (one + other)).collect();
            let matrix = first + second - shared;
            RobustCovariance {
                floor,
                decided_alone: decided(&[one, other]),
                clusters: vec![groups, other_groups],
                degrees_of_freedom: groups.min(other_groups) - 1,
                ..plain(matrix)
            }
        }
    };
    if found.matrix.iter().all(|value| value.is_finite()) { Ok(found) } else { Err(CovarianceError::OutOfRange) }
}

/// The lags that Newey–West errors take when none are asked for: `⌊4 (n/100)^{2/9}⌋` (Newey & West 1994, Review of Economic Studies
/// 61(4), 631–653, doi:10.2307/2297912, their first-step bandwidth for the Bartlett kernel), and fewer than the rows.
pub fn usual_lags(rows: usize) -> usize {
    let lags = (4.0 * (rows as f64 / 100.0).powf(2.0 / 9.0)).floor() as usize;
    lags.min(rows.saturating_sub(1))
}

/// Scores `q e`, q the row in an orthonormal basis of the columns; k a row.
struct Scores {
    width: usize,
    values: Vec<f64>,
    /// The rows themselves in that basis.
    basis: Vec<f64>,
    leverage: Vec<f64>,
}

impl Scores {
    fn of(regression: &Regression, regressors: &[&[f64]]) -> Self {
        let width = regression.coefficients.len();
        let rows = regression.residuals.len();
        let mut values = Vec::with_capacity(rows * width);
        let mut bases = Vec::with_capacity(rows * width);
        let mut leverage = Vec::with_capacity(rows);
        let level = 1.0 / (rows as f64).sqrt();
        let mut centred = DVector::zeros(regressors.len());
        for (row, residual) in regression.residuals.iter().enumerate() {
            for ((cell, column), centre) in centred.iter_mut().zip(regressors).zip(&regression.centres) {
                *cell = column.get(row).copied().unwrap_or_default() - centre;
            }
            let mut length = 0.0;
            if regression.has_intercept {
                values.push(level * residual);
                bases.push(level);
                length += level * level;
            }
            for column in regression.inverse_factor.column_iter() {
                let basis = column.dot(&centred);
                values.push(basis * residual);
                bases.push(basis);
                length += basis * basis;
            }
            leverage.push(length);
        }
        Self { width, values, basis: bases, leverage }
    }

    fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.width.max(1))
    }

    /// Each score over 1 less its leverage.
    fn without_leverage(&self) -> Result<Self, CovarianceError> {
        let mut values = self.values.clone();
        for (row, (scores, leverage)) in values.chunks_exact_mut(self.width.max(1)).zip(&self.leverage).enumerate() {
            let left = 1.0 - leverage;
            if left <= FULL_LEVERAGE {
                return Err(CovarianceError::FullLeverage { row });
            }
            scores.iter_mut().for_each(|score| *score /= left);
        }
        Ok(Self { width: self.width, values, basis: self.basis.clone(), leverage: self.leverage.clone() })
    }

    /// Which coefficients a single row, or a single group of rows under one of the keys, decides. `factor` turns the basis into coefficients.
    fn decided_alone(&self, factor: &DMatrix<f64>, keys: &[&[u32]]) -> Vec<bool> {
        let mut decided = vec![false; self.width];
        let mut mark = |direction: DVector<f64>| {
            let reach = factor * direction;
            for ((flag, reach), row) in decided.iter_mut().zip(&reach).zip(factor.row_iter()) {
                *flag |= reach.abs() > DEPENDS * row.norm();
            }
        };
        let rows = || self.basis.chunks_exact(self.width.max(1)).zip(&self.leverage);
        for (row, _) in rows().filter(|(_, leverage)| 1.0 - **leverage <= FULL_LEVERAGE) {
            mark(DVector::from_column_slice(row));
        }
        for key in keys {
            let mut order: Vec<(u32, (&[f64], &f64))> = key.iter().copied().zip(rows()).collect();
            order.sort_by_key(|(key, _)| *key);
            for group in order.chunk_by(|left, right| left.0 == right.0) {
                // The leverages sum to the trace: below 1 no eigenvalue reaches it.
                if group.iter().map(|(_, (_, leverage))| **leverage).sum::<f64>() < 1.0 - FULL_LEVERAGE {
                    continue;
                }
                let mut total = DMatrix::zeros(self.width, self.width);
                group.iter().for_each(|(_, (row, _))| add_product(&mut total, row, row));
                let found = total.symmetric_eigen();
                for (value, direction) in found.eigenvalues.iter().zip(found.eigenvectors.column_iter()) {
                    if 1.0 - value <= FULL_LEVERAGE {
                        mark(direction.into_owned());
                    }
                }
            }
        }
        decided
    }

    /// `Γ₀ + Σ_l (1 − l/(L + 1)) (Γ_l + Γ_l')`.
    fn squared(&self, lags: usize) -> DMatrix<f64> {
        let mut total = self.lagged(0);
        for lag in 1..=lags {
            let weight = 1.0 - lag as f64 / (lags as f64 + 1.0);
            let gamma = self.lagged(lag);
            total += (&gamma + gamma.transpose()) * weight;
        }
        total
    }

    /// `Σ_t s_t s'_{t−l}`.
    fn lagged(&self, lag: usize) -> DMatrix<f64> {
        let mut total = DMatrix::zeros(self.width, self.width);
        for (now, before) in self.rows().skip(lag).zip(self.rows()) {
            add_product(&mut total, now, before);
        }
        total
    }

    /// `Σ_g (Σ_{i∈g} s_i)(Σ_{i∈g} s_i)'` and the number of groups.
    fn clustered(&self, key: &[u64]) -> (DMatrix<f64>, usize) {
        let mut order: Vec<(u64, &[f64])> = key.iter().copied().zip(self.rows()).collect();
        // Stable: rows of a group stay in their order, and so do the sums.
        order.sort_by_key(|(key, _)| *key);
        let mut total = DMatrix::zeros(self.width, self.width);
        let mut groups = 0;
        let mut sum = vec![0.0; self.width];
        for group in order.chunk_by(|left, right| left.0 == right.0) {
            sum.fill(0.0);
            for (_, scores) in group {
                for (sum, score) in sum.iter_mut().zip(*scores) {
                    *sum += score;
                }
            }
            add_product(&mut total, &sum, &sum);
            groups += 1;
        }
        (total, groups)
    }
}

fn add_product(total: &mut DMatrix<f64>, left: &[f64], right: &[f64]) {
    for (mut column, right) in total.column_iter_mut().zip(right) {
        for (cell, left) in column.iter_mut().zip(left) {
            *cell += left * right;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::ols;

    const X: [f64; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    const Y: [f64; 6] = [1.1, 1.9, 3.4, 3.6, 5.5, 5.7];

    fn line() -> Regression {
        ols::fit(&Y, &[&X], true).unwrap()
    }

    #[test]
    fn every_row_its_own_cluster_and_no_lag_are_both_hc1() {
        let line = line();
        let of = |structure| covariance(&line, &[&X], structure).unwrap();
        let hc1 = of(ErrorStructure::Hc1).matrix;
        let numbers: Vec<u32> = (0..6).collect();
        assert!((of(ErrorStructure::Clustered(&numbers)).matrix - &hc1).norm() < 1e-15 * hc1.norm());
        assert!((of(ErrorStructure::TwoWay(&numbers, &numbers)).matrix - &hc1).norm() < 1e-15 * hc1.norm());
        assert!((of(ErrorStructure::NeweyWest { lags: 0 }).matrix - &hc1).norm() < 1e-15 * hc1.norm());
    }

    #[test]
    fn what_cannot_be_had_says_why() {
        let line = line();
        let of = |structure| covariance(&line, &[&X], structure).unwrap_err();
        assert_eq!(of(ErrorStructure::Clustered(&[1; 6])), CovarianceError::TooFewClusters { clusters: 1, rows: 6 });
        assert_eq!(of(ErrorStructure::Clustered(&[1; 5])), CovarianceError::LengthsDiffer { found: 5, expected: 6 });
        assert_eq!(of(ErrorStructure::TwoWay(&[0, 0, 0, 1, 1, 1], &[1; 4])), CovarianceError::LengthsDiffer { found: 4, expected: 6 });
        assert_eq!(of(ErrorStructure::NeweyWest { lags: 6 }), CovarianceError::TooManyLags { lags: 6, rows: 6 });
        assert_eq!(covariance(&line, &[], ErrorStructure::Hc1).unwrap_err(), CovarianceError::LengthsDiffer { found: 0, expected: 6 });
        // A dummy of one row: its residual is 0 by construction.
        let dummy = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let fit = ols::fit(&Y, &[&X, &dummy], true).unwrap();
        assert_eq!(covariance(&fit, &[&X, &dummy], ErrorStructure::Hc3).unwrap_err(), CovarianceError::FullLeverage { row: 3 });
    }

    #[test]
    fn a_coefficient_that_one_row_or_one_cluster_decides_has_no_error_and_the_others_keep_theirs() {
        let alone = [0.0, 0.0, 0.0, 1.0, 0.0, 0.0];
        let fit = ols::fit(&Y, &[&X, &alone], true).unwrap();
        let held = |structure, column: &[f64], fit: &Regression| {
            let found = covariance(fit, &[&X, column], structure).unwrap();
            assert_eq!(
                found.estimates(fit).iter().map(Option::is_some).collect::<Vec<_>>(),
                found.decided_alone.iter().map(|d| !d).collect::<Vec<_>>()
            );
            found.decided_alone
        };
        let (pairs, halves) = ([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1]);
        for structure in [
            ErrorStructure::Hc0,
            ErrorStructure::Hc1,
            ErrorStructure::NeweyWest { lags: 1 },
            ErrorStructure::Clustered(&pairs),
            ErrorStructure::TwoWay(&pairs, &[0, 1, 2, 3, 4, 5]),
        ] {
            assert!(held(structure, &alone, &fit)[2], "{structure:?}");
        }
        assert_eq!(held(ErrorStructure::Hc1, &alone, &fit), [false, false, true]);
        assert_eq!(covariance(&fit, &[&X, &alone], ErrorStructure::Classical).unwrap().decided_alone, [false; 3]);
        // Without the row the line is the same, and so are its errors but for the factor n/(n − k) = 6/3 in place of 5/3.
        let (x, y) = ([1.0, 2.0, 3.0, 5.0, 6.0], [1.1, 1.9, 3.4, 5.5, 5.7]);
        let rest = ols::fit(&y, &[&x], true).unwrap();
        let error = |found: RobustCovariance| found.standard_errors()[1].unwrap();
        let (with, without) =
            (covariance(&fit, &[&X, &alone], ErrorStructure::Hc1).unwrap(), covariance(&rest, &[&x], ErrorStructure::Hc1).unwrap());
        assert!((error(with) / error(without) - (6.0_f64 / 5.0).sqrt()).abs() < 1e-12);
        // A level that a whole cluster alone has; by rows, and by clusters that cut across it, it has an error.
        let pair = [0.0, 0.0, 1.0, 1.0, 0.0, 0.0];
        let fit = ols::fit(&Y, &[&X, &pair], true).unwrap();
        assert_eq!(held(ErrorStructure::Hc1, &pair, &fit), [false; 3]);
        assert!(!covariance(&fit, &[&X, &pair], ErrorStructure::Clustered(&halves)).unwrap().decided_alone[2]);
        let level = ols::fit(&Y, &[&pair], true).unwrap();
        let by_pair = covariance(&level, &[&pair], ErrorStructure::Clustered(&pairs)).unwrap();
        assert_eq!(by_pair.decided_alone, [false, true]);
    }

    #[test]
    fn a_two_way_variance_that_is_not_above_zero_is_no_variance() {
        // Every day and every firm sums to 0; every row doesn't.
        let y = [0.1, -0.1, -0.1, 0.1];
        let mean = ols::fit(&y, &[], true).unwrap();
        let found = covariance(&mean, &[], ErrorStructure::TwoWay(&[1, 1, 2, 2], &[1, 2, 1, 2])).unwrap();
        assert_eq!(found.standard_errors(), [None]);
        assert_eq!(found.estimates(&mean), [None]);
    }

    #[test]
    fn lags_grow_slowly_and_stay_below_the_rows() {
        // ⌊4 (n/100)^{2/9}⌋ by hand: 4, 4·2.7826 = 11, and fewer than the rows.
        assert_eq!((usual_lags(100), usual_lags(10_000), usual_lags(2), usual_lags(0)), (4, 11, 1, 0));
    }

    #[test]
    fn the_level_of_a_regressor_costs_no_digits() {
        let far: Vec<f64> = X.iter().map(|x| x + 1e6).collect();
        let slope_error = |x: &[f64]| {
            let fit = ols::fit(&Y, &[x], true).unwrap();
            covariance(&fit, &[x], ErrorStructure::Hc3).unwrap().standard_errors()[1].unwrap()
        };
        assert!((slope_error(&far) / slope_error(&X) - 1.0).abs() < 1e-13);
    }
}
