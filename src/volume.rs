//! Abnormal volume: was more traded than usual?
//!
//! `v_t = ln(volume_t)`; abnormal volume is `v_t − v̄` with v̄ and s the mean and standard deviation over the n estimation days that
//! have a volume, `t = (v_t − v̄) / (s √(1 + 1/n))`, Student t with n − 1 (the mean-adjusted model on log volume: Ajinkya & Jain 1989,
//! *Journal of Accounting and Economics* 11, 331–359; Campbell & Wasley 1996, *Review of Quantitative Finance and Accounting* 6). The ratio printed is
//! `exp(v_t − v̄)`: volume over its usual (geometric mean) level.

use chrono::NaiveDate;
use serde::Serialize;
use thiserror::Error;

use crate::abnormal::CONFIDENCE;
use crate::align::WindowDay;
use crate::series::PriceSeries;
use crate::stats::{moment, tail};
use crate::window::{EventDay, Window};

/// Fewest estimation days with a volume.
const FEWEST_DAYS: usize = 30;

/// One session's volume against the usual.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct VolumeDay {
    /// Sessions from day 0.
    pub day: EventDay,
    /// The session.
    pub session: NaiveDate,
    /// Shares traded.
    pub volume: f64,
    /// Volume over its usual level; 1 is usual.
    pub ratio: f64,
    /// Standardised abnormal log volume.
    pub t: f64,
    /// Its two-sided p-value.
    pub p_value: f64,
}

/// Volume of the event window against the estimation window.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AbnormalVolume {
    /// Usual volume: geometric mean over the estimation days.
    pub usual: f64,
    /// Estimation days with a volume.
    pub n: usize,
    /// Ratio below which one day in forty falls.
    pub low_ratio: f64,
    /// Ratio above which one day in forty rises.
    pub high_ratio: f64,
    /// Days of the event window with a volume.
    pub days: Vec<VolumeDay>,
}

/// Why there is no abnormal volume.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoVolume {
    /// The prices come without volumes.
    #[error("the prices have no volume")]
    NoColumn,
    /// Too few estimation days have one.
    #[error("{found} estimation sessions have a volume, fewer than {FEWEST_DAYS}")]
    TooFew {
        /// How many have.
        found: usize,
    },
    /// It never varies.
    #[error("the volume is the same on every estimation session")]
    NoSpread,
    /// The event window has none.
    #[error("no session of the event window has a volume")]
    NoneInWindow,
}

/// Measures abnormal volume. A volume of zero can't be put in logs and counts as none.
///
/// # Errors
/// [`NoVolume`] when there is too little to measure.
pub fn measure(series: &PriceSeries, history: &[WindowDay], estimation: Window, event: Window) -> Result<AbnormalVolume, NoVolume> {
    if series.volumes().iter().all(Option::is_none) {
        return Err(NoVolume::NoColumn);
    }
    let volume_on = |session: NaiveDate| {
        let position = series.dates().binary_search(&session).ok()?;
        series.volumes().get(position).copied().flatten().filter(|volume| *volume > 0.0)
    };
    let usual_days: Vec<f64> =
        history.iter().filter(|entry| estimation.contains(entry.day)).filter_map(|entry| volume_on(entry.session)).map(f64::ln).collect();
    let n = usual_days.len();
    if n < FEWEST_DAYS {
        return Err(NoVolume::TooFew { found: n });
    }
    let mean = moment::mean(&usual_days).ok_or(NoVolume::TooFew { found: n })?;
    let spread =
        moment::standard_deviation(&usual_days).filter(|spread| *spread > 0.0).ok_or(NoVolume::NoSpread)? * (1.0 + 1.0 / n as f64).sqrt();
    let degrees = n as f64 - 1.0;
    let margin = tail::student_quantile(0.5 + CONFIDENCE / 2.0, degrees).ok_or(NoVolume::NoSpread)? * spread;
    let mut days = Vec::with_capacity(event.days());
    for entry in history.iter().filter(|entry| event.contains(entry.day)) {
        let Some(volume) = volume_on(entry.session) else { continue };
        let abnormal = volume.ln() - mean;
        let t = abnormal / spread;
        let p_value = tail::two_sided_student(t, degrees).ok_or(NoVolume::NoSpread)?;
        days.push(VolumeDay { day: entry.day, session: entry.session, volume, ratio: abnormal.exp(), t, p_value });
    }
    if days.is_empty() {
        return Err(NoVolume::NoneInWindow);
    }
    Ok(AbnormalVolume { usual: mean.exp(), n, low_ratio: (-margin).exp(), high_ratio: margin.exp(), days })
}
