//! Weighted least squares: `b` minimises `Σ w (y − x'b)²`, w > 0.
//!
//! It is ordinary least squares of `√w y` on `√w x`, the intercept's column among them (√w), without a further intercept (Aitken 1936).
//! [`fit`] gives that regression with its columns, so that [`super::robust`] takes it as any other. Its residuals are `√w (y − x'b)`; its
//! R² is about 0, of the weighted response: not that of the response.

use super::ols::{self, Regression, RegressionError};

/// A weighted regression: the ordinary one of the weighted columns.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedRegression {
    /// Its coefficients are those of the weighted regression, the intercept first.
    pub regression: Regression,
    /// The columns it was fitted to: √w, then `√w x` a regressor.
    pub columns: Vec<Vec<f64>>,
}

/// Fits `response` on an intercept and `regressors`, each row with its weight.
///
/// # Errors
/// [`RegressionError`] as [`ols::fit`]; a weight that isn't above 0 and finite counts as a value that isn't finite.
pub fn fit(response: &[f64], regressors: &[&[f64]], weights: &[f64]) -> Result<WeightedRegression, RegressionError> {
    if weights.len() != response.len() {
        return Err(RegressionError::LengthsDiffer { regressor: 0, found: weights.len(), expected: response.len() });
    }
    // The largest weight is 1: their unit has no part in the coefficients.
    let largest = weights.iter().fold(0.0_f64, |largest, weight| largest.max(*weight));
    let root = |weight: &f64| if *weight > 0.0 { (weight / largest).sqrt() } else { f64::NAN };
    let roots: Vec<f64> = weights.iter().map(root).collect();
    let weigh = |values: &[f64]| -> Vec<f64> { values.iter().zip(&roots).map(|(value, root)| value * root).collect() };
    if let Some((regressor, column)) = regressors.iter().enumerate().find(|(_, column)| column.len() != response.len()) {
        return Err(RegressionError::LengthsDiffer { regressor, found: column.len(), expected: response.len() });
    }
    let mut columns = vec![roots.clone()];
    columns.extend(regressors.iter().map(|column| weigh(column)));
    let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let regression = ols::fit(&weigh(response), &views, false).map_err(|fault| match fault {
        // The intercept's column stands before the caller's own.
        RegressionError::Collinear { regressor } => RegressionError::Collinear { regressor: regressor.saturating_sub(1) },
        RegressionError::RegressorNotFinite { regressor, row, value } => {
            RegressionError::RegressorNotFinite { regressor: regressor.saturating_sub(1), row, value }
        }
        other => other,
    })?;
    Ok(WeightedRegression { regression, columns })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_weights_are_rows_that_often() {
        // Weights 1, 2, 3 against a table in which the rows stand once, twice and three times.
        let weighted = fit(&[1.0, 4.0, 2.0, 7.0], &[&[1.0, 2.0, 3.0, 5.0]], &[1.0, 2.0, 3.0, 1.0]).unwrap();
        let (y, x) = ([1.0, 4.0, 4.0, 2.0, 2.0, 2.0, 7.0], [1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 5.0]);
        let repeated = ols::fit(&y, &[&x], true).unwrap();
        for (one, other) in weighted.regression.coefficients.iter().zip(&repeated.coefficients) {
            assert!((one - other).abs() < 1e-13);
        }
    }

    #[test]
    fn a_weight_that_is_none_is_refused() {
        for weight in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(fit(&[1.0, 2.0, 4.0], &[&[1.0, 2.0, 4.0]], &[1.0, weight, 1.0]).is_err());
        }
        assert!(fit(&[1.0, 2.0, 4.0], &[], &[1.0]).is_err());
    }
}
