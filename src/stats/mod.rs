//! General statistics: moments, tail probabilities, least squares, ranks and tests on residuals.
//!
//! Nothing here knows of finance, dates or files: the functions take slices of `f64` and give numbers. A number that doesn't
//! exist (the variance of one value, the skewness of a constant) is `None`, never NaN and never 0.
//!
//! | module | what it answers |
//! |---|---|
//! | [`moment`] | mean, variance, skewness, kurtosis, correlation |
//! | [`simplex`] | weights, none negative and 1 in all, whose mix of series is nearest to another |
//! | [`tail`] | p-values and quantiles of the normal, Student's t and χ² |
//! | [`ols`] | a linear regression by least squares, and its forecast error |
//! | [`order`] | many values in rising order |
//! | [`robust`] | the covariance of a regression's coefficients when errors differ in variance or depend on each other |
//! | [`weighted`] | a linear regression by weighted least squares |
//! | [`rank`] | the rank of a value among others, midranks, sample quantiles |
//! | [`residual`] | are a regression's residuals normal, uncorrelated, of one variance |
//!
//! ```
//! use aftermove::stats::{moment, ols, residual};
//!
//! let hours = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
//! let score = [2.1, 3.9, 6.2, 7.8, 10.1, 11.9];
//! let line = ols::fit(&score, &[&hours], true)?;
//! assert!((line.coefficients[1] - 34.6 / 17.5).abs() < 1e-12); // points an hour
//! assert!(moment::mean(&line.residuals).is_some_and(|mean| mean.abs() < 1e-12));
//! assert!(residual::durbin_watson(&line.residuals).is_some());
//! # Ok::<(), aftermove::stats::ols::RegressionError>(())
//! ```

pub mod moment;
pub mod ols;
pub mod order;
pub mod rank;
pub mod residual;
pub mod robust;
pub mod simplex;
pub mod tail;
pub mod weighted;
