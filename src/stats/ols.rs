//! Linear regression by ordinary least squares: `y = Xb + e`, `b` minimising `e'e`.
//!
//! Solved by a Householder QR of the regressors (Golub & Van Loan 2013, Matrix Computations, 4th ed., §5.3), not by the normal
//! equations, which square the condition number. With an intercept, response and regressors are first taken from their means
//! (Frisch & Waugh 1933, Econometrica 1(4), 387–401, doi:10.2307/1907330), and every column is scaled to length 1: neither the
//! level nor the unit of a regressor costs digits.
//!
//! - residual variance `s² = e'e / d`, `d = n − p` degrees of freedom, p the coefficients with the intercept,
//! - `R² = 1 − e'e / Σ(y − ȳ)²`; without an intercept `1 − e'e / Σy²`, as R and statsmodels have it,
//! - the covariance of the coefficients is `s² (X'X)⁻¹`; a forecast at the regressors x has the variance `s² (1 + x'(X'X)⁻¹x)`.

use nalgebra::{DMatrix, DVector};
use thiserror::Error;

use super::moment;

/// A regressor counts as collinear when the part of it that the ones before it (and the intercept) leave unexplained is shorter
/// than this share of it. Rounding leaves about 1e-15 of an exact combination; the hardest set of the NIST tests that is of
/// practical kind (Longley 1967) leaves 0.02.
const RANK_TOLERANCE: f64 = 1e-10;

/// Why a regression can't be fitted. Regressors and rows count from 0.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RegressionError {
    /// Neither a regressor nor an intercept.
    #[error("there is nothing to regress on: give a regressor or an intercept")]
    NoRegressors,
    /// A regressor and the response differ in length.
    #[error("regressor {regressor} has {found} observations, the response has {expected}: give both the same rows")]
    LengthsDiffer {
        /// Which regressor.
        regressor: usize,
        /// Its length.
        found: usize,
        /// The length of the response.
        expected: usize,
    },
    /// Not more observations than coefficients, so that no degree of freedom is left.
    #[error("{observations} observations can't carry {coefficients} coefficients: at least {} are needed", coefficients + 1)]
    TooFewObservations {
        /// Length of the response.
        observations: usize,
        /// Coefficients to estimate, the intercept among them.
        coefficients: usize,
    },
    /// A value of the response is NaN or infinite.
    #[error("row {row} of the response is {value}: leave the row out")]
    ResponseNotFinite {
        /// Which row.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// A value of a regressor is NaN or infinite.
    #[error("row {row} of regressor {regressor} is {value}: leave the row out")]
    RegressorNotFinite {
        /// Which regressor.
        regressor: usize,
        /// Which row.
        row: usize,
        /// The value found.
        value: f64,
    },
    /// A regressor adds nothing to the ones before it: a combination of them, all 0, or constant beside an intercept.
    #[error("regressor {regressor} is a linear combination of the regressors before it or, being constant, of the intercept: leave it out")]
    Collinear {
        /// Which regressor.
        regressor: usize,
    },
    /// The values are finite but their squares are not.
    #[error("the values are too large or too small for their squares to be numbers: change the unit")]
    OutOfRange,
}

/// A fitted regression; only [`fit`] makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Regression {
    /// The estimates, the intercept first when there is one, then one a regressor in the order given. Unit: the response's over
    /// the regressor's.
    pub coefficients: Vec<f64>,
    /// `y − Xb`, one an observation, in the unit and order of the response.
    pub residuals: Vec<f64>,
    /// Observations less coefficients, at least 1.
    pub degrees_of_freedom: usize,
    /// `s² = e'e / d`, in the square of the response's unit.
    pub residual_variance: f64,
    /// Share of the response's variation that is explained, a fraction; about the mean with an intercept, about 0 without.
    /// `None` when the response doesn't vary (without an intercept: when it is 0).
    pub r_squared: Option<f64>,
    /// `(X'X)⁻¹`, square, in the order of the coefficients. Times `residual_variance` it is their covariance.
    pub unscaled_covariance: DMatrix<f64>,
    /// Whether the first coefficient is an intercept.
    pub has_intercept: bool,
    /// Means of the regressors (0 without an intercept).
    pub(super) centres: Vec<f64>,
    /// F with `FF' = (X'X)⁻¹` of the centred regressors.
    pub(super) inverse_factor: DMatrix<f64>,
}

impl Regression {
    /// Standard errors of the coefficients, `√(s² [(X'X)⁻¹]_jj)`, in their order and unit.
    pub fn standard_errors(&self) -> Vec<f64> {
        self.unscaled_covariance.diagonal().iter().map(|scale| (self.residual_variance * scale).sqrt()).collect()
    }

    /// `x'(X'X)⁻¹x`, never negative: times `residual_variance` the variance that the estimated coefficients add to a forecast at x.
    ///
    /// `x` has one value a coefficient, in their order; with an intercept the first is 1 for one forecast and the number of them
    /// for a sum of forecasts. `None` when the length differs or the result isn't finite.
    pub fn quadratic_form(&self, x: &[f64]) -> Option<f64> {
        if x.len() != self.coefficients.len() {
            return None;
        }
        let (count, values) = if self.has_intercept { x.split_first().map(|(first, rest)| (*first, rest))? } else { (0.0, x) };
        self.forecast_form(count, values, self.residuals.len())
    }

    /// [`Regression::quadratic_form`] of a sum of `count` forecasts whose regressors add up to `sums`, for a regression over
    /// `observations` rows (so that it can be told without the residuals, which a caller may have dropped).
    pub fn forecast_form(&self, count: f64, sums: &[f64], observations: usize) -> Option<f64> {
        if sums.len() != self.centres.len() {
            return None;
        }
        // Taken from the means before it is multiplied: the level cancels here, not between large products.
        let level = if self.has_intercept { count * count / observations as f64 } else { 0.0 };
        let spread: f64 = self
            .inverse_factor
            .column_iter()
            .map(|column| {
                let terms = column.iter().zip(sums).zip(&self.centres);
                let sum: f64 = terms.map(|((weight, value), centre)| weight * (value - count * centre)).sum();
                sum * sum
            })
            .sum();
        let form = level + spread;
        form.is_finite().then_some(form)
    }
}

/// Fits `response` on `regressors` (one slice each, all as long as the response), with an intercept when `intercept` says so.
///
/// # Errors
///
/// [`RegressionError`]: nothing to regress on, lengths that differ, not more observations than coefficients, a value that isn't
/// finite, a collinear regressor. Collinearity is judged on columns of length 1, so the unit of a regressor doesn't matter.
pub fn fit(response: &[f64], regressors: &[&[f64]], intercept: bool) -> Result<Regression, RegressionError> {
    check(response, regressors, intercept)?;
    let (observations, width) = (response.len(), regressors.len());
    let design = Design::of(observations, regressors, intercept)?;
    let response_mean = if intercept { moment::mean(response).ok_or(RegressionError::OutOfRange)? } else { 0.0 };
    let mut residuals: Vec<f64> = response.iter().map(|value| value - response_mean).collect();
    let total: f64 = residuals.iter().map(|value| value * value).sum();

    let decomposition = design.columns.qr();
    let mut rotated = DVector::from_column_slice(&residuals);
    decomposition.q_tr_mul(&mut rotated);
    let triangle = decomposition.unpack_r();
    if let Some(regressor) = triangle.diagonal().iter().position(|unexplained| *unexplained <= RANK_TOLERANCE) {
        return Err(RegressionError::Collinear { regressor });
    }
    let scaled_slopes = triangle.solve_upper_triangular(&rotated.rows(0, width)).ok_or(RegressionError::OutOfRange)?;
    let mut inverse_factor = triangle.solve_upper_triangular(&DMatrix::identity(width, width)).ok_or(RegressionError::OutOfRange)?;
    for (mut row, length) in inverse_factor.row_iter_mut().zip(&design.lengths) {
        row /= *length;
    }

    let slopes = scaled_slopes.iter().zip(&design.lengths).map(|(slope, length)| slope / length);
    let mut coefficients = Vec::with_capacity(width + 1);
    if intercept {
        coefficients.push(response_mean - slopes.clone().zip(&design.centres).map(|(slope, centre)| slope * centre).sum::<f64>());
    }
    for ((slope, centre), regressor) in slopes.zip(&design.centres).zip(regressors) {
        coefficients.push(slope);
        for (residual, value) in residuals.iter_mut().zip(*regressor) {
            *residual -= slope * (value - centre);
        }
    }

    let degrees_of_freedom = observations - coefficients.len();
    let unexplained: f64 = residuals.iter().map(|residual| residual * residual).sum();
    let residual_variance = unexplained / degrees_of_freedom as f64;
    let unscaled_covariance = unscaled_covariance(&inverse_factor, &design.centres, intercept.then_some(observations));
    if !(total.is_finite()
        && residual_variance.is_finite()
        && unscaled_covariance.iter().chain(&coefficients).all(|value| value.is_finite()))
    {
        return Err(RegressionError::OutOfRange);
    }
    Ok(Regression {
        coefficients,
        residuals,
        degrees_of_freedom,
        residual_variance,
        r_squared: (total > 0.0).then(|| (1.0 - unexplained / total).max(0.0)),
        unscaled_covariance,
        has_intercept: intercept,
        centres: design.centres,
        inverse_factor,
    })
}

/// The regressors less their means, each of length 1, with what was taken off.
struct Design {
    columns: DMatrix<f64>,
    centres: Vec<f64>,
    lengths: Vec<f64>,
}

impl Design {
    fn of(observations: usize, regressors: &[&[f64]], intercept: bool) -> Result<Design, RegressionError> {
        let mut columns = DMatrix::zeros(observations, regressors.len());
        let mut centres = Vec::with_capacity(regressors.len());
        let mut lengths = Vec::with_capacity(regressors.len());
        for (regressor, (values, mut column)) in regressors.iter().zip(columns.column_iter_mut()).enumerate() {
            let centre = if intercept { moment::mean(values).ok_or(RegressionError::OutOfRange)? } else { 0.0 };
            // Divided by the largest value before squaring, so that no unit over- or underflows.
            let largest = values.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
            let mut raw = 0.0;
            for (cell, value) in column.iter_mut().zip(*values) {
                raw += (value / largest) * (value / largest);
                *cell = (value - centre) / largest;
            }
            let length = column.norm();
            // A column of zeros was divided by 0: its length is NaN.
            if length.is_nan() || length <= RANK_TOLERANCE * f64::sqrt(raw) {
                return Err(RegressionError::Collinear { regressor });
            }
            column /= length;
            centres.push(centre);
            lengths.push(length * largest);
        }
        Ok(Design { columns, centres, lengths })
    }
}

/// `(X'X)⁻¹ = GG'`, G that of [`coefficient_factor`].
fn unscaled_covariance(inverse_factor: &DMatrix<f64>, centres: &[f64], observations: Option<usize>) -> DMatrix<f64> {
    let factor = coefficient_factor(inverse_factor, centres, observations);
    &factor * factor.transpose()
}

/// G with `GG' = (X'X)⁻¹`: F without an intercept, else `[[1/√n, −c'F], [0, F]]`, c the centres.
pub(super) fn coefficient_factor(inverse_factor: &DMatrix<f64>, centres: &[f64], observations: Option<usize>) -> DMatrix<f64> {
    let Some(observations) = observations else {
        return inverse_factor.clone();
    };
    let width = centres.len();
    let mut factor = DMatrix::zeros(width + 1, width + 1);
    factor.view_mut((0, 0), (1, 1)).fill(1.0 / (observations as f64).sqrt());
    factor.view_mut((1, 1), (width, width)).copy_from(inverse_factor);
    factor.view_mut((0, 1), (1, width)).copy_from(&(-inverse_factor.tr_mul(&DVector::from_column_slice(centres)).transpose()));
    factor
}

fn check(response: &[f64], regressors: &[&[f64]], intercept: bool) -> Result<(), RegressionError> {
    let coefficients = regressors.len() + usize::from(intercept);
    if coefficients == 0 {
        return Err(RegressionError::NoRegressors);
    }
    for (regressor, values) in regressors.iter().enumerate() {
        if values.len() != response.len() {
            return Err(RegressionError::LengthsDiffer { regressor, found: values.len(), expected: response.len() });
        }
    }
    if response.len() <= coefficients {
        return Err(RegressionError::TooFewObservations { observations: response.len(), coefficients });
    }
    if let Some((row, value)) = find_not_finite(response) {
        return Err(RegressionError::ResponseNotFinite { row, value });
    }
    for (regressor, values) in regressors.iter().enumerate() {
        if let Some((row, value)) = find_not_finite(values) {
            return Err(RegressionError::RegressorNotFinite { regressor, row, value });
        }
    }
    Ok(())
}

fn find_not_finite(values: &[f64]) -> Option<(usize, f64)> {
    values.iter().copied().enumerate().find(|(_, value)| !value.is_finite())
}
