//! Abnormal returns: what happened minus what the model expected, with standard errors that include the forecast's own error.
//!
//! `AR_t = R_t − E[R_t]`, `CAR(a..b) = Σ AR_t`, `BHAR(a..b) = Π(1 + R_t) − Π(1 + E[R_t])` (Barber & Lyon 1997; simple returns; log returns are
//! turned into simple ones first). `t = CAR / se` is Student t with the model's residual degrees of freedom under the null.
//! A day without a return has no abnormal return; a window that has such days uses those there are and says how many. After a halt the
//! security's return spans the halt while the benchmark's is that of one session: the market's move during the halt stays in the
//! abnormal return (pairing trade to trade takes it out: [`crate::model::trade_to_trade`], in studies of an event list).

use chrono::NaiveDate;
use serde::Serialize;

use crate::align::WindowDay;
use crate::model::FittedModel;
use crate::series::ReturnKind;
use crate::stats::tail;
use crate::window::{EventDay, Window};

/// Confidence of the bands and intervals: 95 %, two-sided.
pub const CONFIDENCE: f64 = 0.95;

/// One day's abnormal return, fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct AbnormalReturn {
    /// Sessions from day 0.
    pub day: EventDay,
    /// The session.
    pub session: NaiveDate,
    /// Security's return.
    pub actual: f64,
    /// Benchmark's return.
    pub benchmark: f64,
    /// Expected return.
    pub expected: f64,
    /// Abnormal return.
    pub abnormal: f64,
    /// Standard error of the abnormal return, forecast error included.
    pub standard_error: f64,
}

/// A cumulated abnormal return with its error, fractions.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CumulativeAbnormalReturn {
    /// The window.
    pub window: Window,
    /// Days of the window that have a return.
    pub days: usize,
    /// CAR.
    pub value: f64,
    /// Its standard error.
    #[serde(rename = "se")]
    pub standard_error: f64,
    /// CAR over its standard error.
    pub t: f64,
    /// Two-sided p-value of t.
    pub p_value: f64,
    /// Lower end of the 95 % interval.
    pub low: f64,
    /// Upper end of the 95 % interval.
    pub high: f64,
    /// Buy-and-hold abnormal return over the same days.
    pub bhar: f64,
}

/// Abnormal returns of the days that have both returns.
pub fn abnormal_returns(model: &FittedModel, days: &[WindowDay]) -> Vec<AbnormalReturn> {
    days.iter().filter_map(|entry| abnormal_return(model, entry)).collect()
}

fn abnormal_return(model: &FittedModel, entry: &WindowDay) -> Option<AbnormalReturn> {
    let (actual, benchmark) = (entry.security?, entry.benchmark?);
    let expected = model.expected(benchmark);
    Some(AbnormalReturn {
        day: entry.day,
        session: entry.session,
        actual,
        benchmark,
        expected,
        abnormal: actual - expected,
        standard_error: model.forecast_variance(&[benchmark])?.sqrt(),
    })
}

/// CAR and BHAR over a window, from the abnormal returns that there are. None when the window has none, or
/// values beyond what a number can hold.
pub fn cumulate(model: &FittedModel, abnormal: &[AbnormalReturn], window: Window, returns: ReturnKind) -> Option<CumulativeAbnormalReturn> {
    let days: Vec<&AbnormalReturn> = abnormal.iter().filter(|entry| window.contains(entry.day)).collect();
    let benchmark: Vec<f64> = days.iter().map(|entry| entry.benchmark).collect();
    let value: f64 = days.iter().map(|entry| entry.abnormal).sum();
    let standard_error = model.forecast_variance(&benchmark)?.sqrt();
    let t = value / standard_error;
    let degrees = model.degrees_of_freedom() as f64;
    let margin = tail::student_quantile(0.5 + CONFIDENCE / 2.0, degrees)? * standard_error;
    let growth = |one: f64| match returns {
        ReturnKind::Simple => 1.0 + one,
        ReturnKind::Log => one.exp(),
    };
    let held: f64 = days.iter().map(|entry| growth(entry.actual)).product();
    let expected: f64 = days.iter().map(|entry| growth(entry.expected)).product();
    let bhar = held - expected;
    // Only data that no market makes gets here: it has no number, not an infinite one.
    if !(value.is_finite() && margin.is_finite() && bhar.is_finite()) {
        return None;
    }
    Some(CumulativeAbnormalReturn {
        window,
        days: days.len(),
        value,
        standard_error,
        t,
        p_value: tail::two_sided_student(t, degrees)?,
        low: value - margin,
        high: value + margin,
        bhar,
    })
}
