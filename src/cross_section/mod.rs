//! Regressions of CARs on characteristics of the events: which events moved more?
//!
//! ```text
//! formula → bind to the event list → design (numbers, dummies, rows without a gap) → regress each window
//! ```
//!
//! `CAR_i = b₀ + b'x_i + e_i` over the events, by least squares, with errors that allow different variances (HC1, HC3) or dependence of
//! events on one day, of one firm, or both ([`crate::stats::robust`]). The formula is R's, in part ([`formula`]); the design its
//! treatment contrasts ([`design`]).
//!
//! A CAR is an estimate with an error of its own, which differs between events; under HC1 and HC3 that costs no size. The events' CARs
//! are correlated where their windows share days: cluster by date then.

pub mod design;
pub mod formula;

use serde::Serialize;

pub use design::{Base, Design, DesignColumn, Missing};
pub use formula::{Formula, FormulaError};

use crate::stats::ols::{self, RegressionError};
use crate::stats::robust::{self, ErrorStructure, Estimate};
use crate::window::Window;

/// Which errors the coefficients have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ErrorChoice {
    /// Different variances, n/(n − k).
    #[default]
    Hc1,
    /// Different variances, nearer to the truth in small samples.
    Hc3,
    /// Events on one day depend on each other.
    Date,
    /// Events of one firm depend on each other.
    Firm,
    /// Events on one day and events of one firm do.
    DateFirm,
}

impl ErrorChoice {
    /// Name as on the command line.
    pub fn name(self) -> &'static str {
        match self {
            ErrorChoice::Hc1 => "hc1",
            ErrorChoice::Hc3 => "hc3",
            ErrorChoice::Date => "date",
            ErrorChoice::Firm => "firm",
            ErrorChoice::DateFirm => "date-firm",
        }
    }

    /// In words, with the small-sample factor.
    pub fn words(self) -> &'static str {
        match self {
            ErrorChoice::Hc1 => "robust to heteroskedasticity, HC1 with factor n/(n − k)",
            ErrorChoice::Hc3 => "robust to heteroskedasticity, HC3",
            ErrorChoice::Date => "clustered by date, factor G/(G − 1) · (n − 1)/(n − k)",
            ErrorChoice::Firm => "clustered by firm, factor G/(G − 1) · (n − 1)/(n − k)",
            ErrorChoice::DateFirm => "clustered by date and by firm, each with factor G/(G − 1) · (n − 1)/(n − k)",
        }
    }

    fn structure<'a>(self, dates: &'a [u32], firms: &'a [u32]) -> ErrorStructure<'a> {
        match self {
            ErrorChoice::Hc1 => ErrorStructure::Hc1,
            ErrorChoice::Hc3 => ErrorStructure::Hc3,
            ErrorChoice::Date => ErrorStructure::Clustered(dates),
            ErrorChoice::Firm => ErrorStructure::Clustered(firms),
            ErrorChoice::DateFirm => ErrorStructure::TwoWay(dates, firms),
        }
    }
}

impl Serialize for ErrorChoice {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One coefficient, under its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coefficient {
    /// `intercept`, or what the design calls the column.
    pub name: String,
    /// The estimate, in fractions of CAR per unit of the column.
    pub value: f64,
    /// Its error, t and interval; None with a reason.
    pub estimate: Option<Estimate>,
    /// Why it has no error, in words; None where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inapplicable: Option<&'static str>,
    /// The usual difference between two events: 1 of a dummy, the standard deviation of any other column; None for the intercept.
    pub step: Option<f64>,
    /// What such a difference does to the CAR, with the ends of its 95 % interval, fractions; None where there is no error.
    pub effect: Option<[f64; 3]>,
}

/// Why a coefficient that depends on one event alone has no error.
const ONE_EVENT: &str = "one event alone decides it (leverage 1) and leaves no residual";
/// The same of clusters.
const ONE_CLUSTER: &str = "one event or one cluster alone decides it and leaves no residual";
/// Why a coefficient whose variance is rounding, or below 0, has no error.
const NO_VARIANCE: &str = "its variance is not above 0";

/// A fitted cross-section.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CarRegression {
    /// The intercept first, then the columns of the design that are in.
    pub coefficients: Vec<Coefficient>,
    /// Events.
    pub n: usize,
    /// Degrees of freedom of the t: n − k, or the clusters less 1.
    pub degrees_of_freedom: usize,
    /// Number of clusters, none to two, the dates first.
    pub clusters: Vec<usize>,
    /// Share of the variance explained; None when the CARs don't vary.
    pub r_squared: Option<f64>,
    /// `1 − (1 − R²)(n − 1)/(n − k)`.
    pub adjusted_r_squared: Option<f64>,
    /// Columns left out, as combinations of those before them.
    pub collinear: Vec<String>,
}

/// The regression of one window.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowRegression {
    /// The window.
    pub window: Window,
    /// The regression, or why there is none, in words.
    pub outcome: Result<CarRegression, String>,
}

impl Serialize for WindowRegression {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            window: Window,
            #[serde(flatten)]
            regression: Option<&'a CarRegression>,
            #[serde(skip_serializing_if = "Option::is_none")]
            inapplicable: Option<&'a str>,
        }
        let inapplicable = self.outcome.as_ref().err().map(String::as_str);
        Written { window: self.window, regression: self.outcome.as_ref().ok(), inapplicable }.serialize(serializer)
    }
}

/// A regression of every window's CARs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CrossSection {
    /// The formula, as read.
    pub formula: String,
    /// The errors.
    pub errors: ErrorChoice,
    /// Used events.
    pub events: usize,
    /// Those of them without a missing characteristic.
    pub complete: usize,
    /// How many events lack what.
    pub missing: Vec<Missing>,
    /// Base levels of the categorical characteristics.
    pub bases: Vec<Base>,
    /// Terms without a column, as all complete events have one level.
    pub constant: Vec<String>,
    /// One a window.
    pub windows: Vec<WindowRegression>,
}

/// Regresses one window's CARs (fractions, one a row of the design) on the design; `dates` and `firms` number each row's day and firm.
///
/// A column that is a combination of those before it is left out and named. The `Err` is the reason in words when there are too few
/// events or the errors can't be had.
pub fn regress(cars: &[f64], design: &Design, errors: ErrorChoice, dates: &[u32], firms: &[u32]) -> Result<CarRegression, String> {
    let mut kept: Vec<&DesignColumn> = design.columns.iter().collect();
    let mut collinear = Vec::new();
    let fit = loop {
        let columns: Vec<&[f64]> = kept.iter().map(|column| column.values.as_slice()).collect();
        match ols::fit(cars, &columns, true) {
            Ok(fit) => break fit,
            Err(RegressionError::Collinear { regressor }) if regressor < kept.len() => {
                collinear.push(kept.remove(regressor).name.clone());
            }
            Err(RegressionError::TooFewObservations { observations, coefficients }) => {
                return Err(format!(
                    "{observations} events without a gap can't carry {coefficients} coefficients: at least {} are needed",
                    coefficients + 1
                ));
            }
            Err(fault) => return Err(fault.to_string()),
        }
    };
    let columns: Vec<&[f64]> = kept.iter().map(|column| column.values.as_slice()).collect();
    let covariance = robust::covariance(&fit, &columns, errors.structure(dates, firms)).map_err(|fault| match fault {
        robust::CovarianceError::FullLeverage { .. } => {
            "one event alone decides a coefficient (leverage 1), so that HC3 is undefined: drop the level that only it has, or take hc1, under which the other coefficients have errors"
                .to_owned()
        }
        robust::CovarianceError::TooFewClusters { clusters, rows } => {
            format!("{clusters} cluster of {rows} events: errors clustered this way need at least 2")
        }
        fault => fault.to_string(),
    })?;
    let (n, spare) = (cars.len(), fit.degrees_of_freedom);
    let named = std::iter::once(("intercept", None)).chain(kept.iter().map(|column| (column.name.as_str(), column.step())));
    let alone = if covariance.clusters.is_empty() { ONE_EVENT } else { ONE_CLUSTER };
    let held = covariance.estimates(&fit).into_iter().zip(&covariance.decided_alone);
    let coefficients = named.zip(&fit.coefficients).zip(held).map(|(((name, step), value), (estimate, decided))| Coefficient {
        name: name.to_owned(),
        value: *value,
        estimate,
        inapplicable: estimate.is_none().then_some(if *decided { alone } else { NO_VARIANCE }),
        step,
        effect: estimate.zip(step).map(|(held, step)| [held.value, held.interval.0, held.interval.1].map(|value| value * step)),
    });
    Ok(CarRegression {
        coefficients: coefficients.collect(),
        n,
        degrees_of_freedom: covariance.degrees_of_freedom,
        clusters: covariance.clusters.clone(),
        r_squared: fit.r_squared,
        adjusted_r_squared: fit.r_squared.map(|share| 1.0 - (1.0 - share) * (n as f64 - 1.0) / spare as f64),
        collinear,
    })
}
