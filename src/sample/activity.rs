//! Abnormal volume and abnormal volatility of many events: was more traded, and did the price move more, than usual?
//!
//! Each event has a series of activity `x_t` over its estimation and event window, with mean 1 or 0 on usual days:
//!
//! - **volume**: `x_t = ln V_t`; abnormal volume is `a_t = x_t − x̄`, x̄ the mean over the estimation days with a volume, and the ratio
//!   printed is `exp(mean a)`, volume over its usual level (Ajinkya & Jain 1989, *Journal of Accounting and Economics* 11, 331–359;
//!   Campbell & Wasley 1996, *Review of Quantitative Finance and Accounting* 6, 309–326). A day without a volume, or with a volume of 0, is missing.
//! - **volatility**: `x_t = AR_t² / Var(AR_t) · (d − 2)/d` on event days, forecast error included, and `e_t² n / SSR` on estimation days:
//!   both are 1 on average without an event (the factor is the mean of F(1, d)). `a_t = x_t − 1`, and the ratio is `mean x`: the variance
//!   over its usual level (Beaver 1968, *Journal of Accounting Research* 6 (Supplement), 67–92; Patell 1976, 14, 246–276, whose U is the
//!   mean of x; Landsman & Maydew 2002, 40, 797–808, leave the forecast error and the factor out).
//!
//! Over a window the activity of an event is the mean of its days. Tests: `cross-sectional-t` and `skewness-adjusted-t` of the a's;
//! `bmp` of a over its own standard error `s √(1/L + 1/n)`, s the standard deviation of x over the estimation days; `corrado-rank` of the
//! x's, each among its event's own days, which neither outliers nor the skewness of squares disturb: of these it is the one to read.

use rayon::prelude::*;
use serde::Serialize;

use super::estimate::Estimates;
use super::input::Buffers;
use super::market::Markets;
use super::place::moved;
use super::result::ReasonCount;
use super::{Prepared, Sample, SampleError, rank};
use crate::abnormal::CONFIDENCE;
use crate::inference::corrado::{self, RankDay};
use crate::inference::{TestOutcome, cross_section, standardised};
use crate::series::PriceBook;
use crate::stats::{moment, tail};
use crate::window::{EventDay, Window};

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ActivityKind {
    /// Shares traded.
    Volume,
    /// Squared abnormal returns.
    Volatility,
}

/// Abnormal activity of the events of a study.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActivityResult {
    /// Of which kind.
    pub kind: ActivityKind,
    /// Events that have the activity.
    pub n: usize,
    /// Events of the study that have none, by reason.
    pub without: Vec<ReasonCount>,
    /// Each day of the event window.
    pub days: Vec<ActivitySpan>,
    /// Each window of cumulation.
    pub windows: Vec<ActivitySpan>,
}

/// Activity of a day or window, over the events.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ActivitySpan {
    /// The day or window.
    pub window: Window,
    /// Events with activity on one of its days.
    pub n: usize,
    /// Activity over its usual level; 1 is usual.
    pub ratio: f64,
    /// 95 % interval of the ratio from the spread of the events; None for one event.
    pub interval: Option<(f64, f64)>,
    /// Share of the events with more activity than their usual level, a fraction.
    pub raised_share: f64,
    /// The tests.
    pub tests: Vec<TestOutcome>,
}

/// Fewest estimation days with activity.
const FEWEST_DAYS: usize = 30;

/// One event's activity.
struct EventActivity {
    /// Places in the estimation span of its estimation days, and x less its usual level.
    estimation: Vec<(usize, f64)>,
    /// Event days and x less its usual level.
    event: Vec<(EventDay, f64)>,
    /// Standard deviation of x over the estimation days.
    spread: f64,
}

impl Sample {
    /// Measures the abnormal activity of the events that the study can use.
    ///
    /// # Errors
    /// [`SampleError`] when the benchmark has no prices, the factors don't fit the model, or no event can be used.
    pub fn activity(&self, kind: ActivityKind, book: &PriceBook) -> Result<ActivityResult, SampleError> {
        let (design, list) = (&self.design, &self.list);
        let Prepared { markets, estimates, .. } = self.prepare(book, &|_| ())?;
        let span = rank::estimation_span(&estimates.placed, design.rule.windows.estimation());
        let measured: Vec<Result<EventActivity, &'static str>> = (0..estimates.len())
            .into_par_iter()
            .map(|position| match kind {
                ActivityKind::Volume => self.volume(book, &markets, &estimates, span, position),
                ActivityKind::Volatility => volatility(&markets, &estimates, span, position),
            })
            .collect();
        let mut without: Vec<ReasonCount> = Vec::new();
        let mut events = Vec::with_capacity(measured.len());
        for (position, outcome) in measured.into_iter().enumerate() {
            match outcome {
                Ok(activity) => events.push(activity),
                Err(reason) => match without.iter_mut().find(|count| count.kind == reason) {
                    Some(count) => count.count += 1,
                    None => {
                        let number = estimates.placed.get(position).map_or(0, |placed| placed.event);
                        let example = list.events.get(number).map(|event| event.id.to_string()).unwrap_or_default();
                        without.push(ReasonCount { kind: reason, count: 1, example });
                    }
                },
            }
        }
        let days: Vec<EventDay> = estimates.abnormal.iter().map(|column| column.day).collect();
        let single = days.iter().filter_map(|day| Window::new(*day, *day).ok());
        let ranks = sum_ranks(&events, span.days(), &days);
        let test = |window: Window| test_span(kind, &events, &ranks, span.days(), &days, window);
        Ok(ActivityResult {
            kind,
            n: events.len(),
            without,
            days: single.filter_map(test).collect(),
            windows: design.car_windows.iter().copied().filter_map(test).collect(),
        })
    }

    fn volume(
        &self,
        book: &PriceBook,
        markets: &Markets,
        estimates: &Estimates,
        span: Window,
        position: usize,
    ) -> Result<EventActivity, &'static str> {
        const NO_VOLUME: &str = "no volume in the prices";
        let placed = estimates.placed.get(position).ok_or(NO_VOLUME)?;
        let (_, grid) = markets.at(placed.market).ok_or(NO_VOLUME)?;
        let series = book.get_exact(self.list.symbol(placed.symbol)).ok_or(NO_VOLUME)?;
        if series.volumes().iter().all(Option::is_none) {
            return Err(NO_VOLUME);
        }
        let at = |day: EventDay| -> Option<f64> {
            let session = grid.sessions.at(moved(placed.zero, day))?;
            let place = series.dates().binary_search(&session).ok()?;
            let volume = series.volumes().get(place).copied().flatten().filter(|volume| *volume > 0.0)?;
            Some(volume.ln())
        };
        let window = placed.windows.estimation();
        let estimation: Vec<(usize, f64)> = window.iter().filter_map(|day| Some((place_in(span, day)?, at(day)?))).collect();
        let event: Vec<(EventDay, f64)> = placed.windows.event().iter().filter_map(|day| Some((day, at(day)?))).collect();
        let values: Vec<f64> = estimation.iter().map(|(_, value)| *value).collect();
        let usual = moment::mean(&values).ok_or(NO_VOLUME)?;
        EventActivity::new(estimation, event, usual)
    }
}

/// Squared residuals and abnormal returns over their variances.
fn volatility(markets: &Markets, estimates: &Estimates, span: Window, position: usize) -> Result<EventActivity, &'static str> {
    const NO_RESIDUALS: &str = "too few degrees of freedom for a variance";
    let (placed, fit) = estimates.placed.get(position).zip(estimates.fits.get(position)).ok_or(NO_RESIDUALS)?;
    let (mut buffers, mut residuals) = (Buffers::default(), Vec::new());
    let days = estimates.levelled(markets, position, &mut buffers, &mut residuals).ok_or(NO_RESIDUALS)?;
    let mean_square = residuals.iter().map(|residual| residual * residual).sum::<f64>() / residuals.len().max(1) as f64;
    let first = place_in(span, placed.windows.estimation().first()).ok_or(NO_RESIDUALS)?;
    let estimation = residuals.iter().enumerate().map(|(place, residual)| {
        let day = days.and_then(|days| days.get(place)).map_or(place, |day| *day as usize);
        (first + day, residual * residual / mean_square)
    });
    let degrees = fit.degrees as f64;
    if degrees <= 2.0 {
        return Err(NO_RESIDUALS);
    }
    let event = estimates.abnormal.iter().filter_map(|column| {
        let present = *column.present.get(position)?;
        let standardised = column.value.get(position)? / column.standard_error.get(position)?;
        present.then_some((column.day, standardised * standardised * (degrees - 2.0) / degrees))
    });
    EventActivity::new(estimation.collect(), event.collect(), 1.0)
}

impl EventActivity {
    fn new(mut estimation: Vec<(usize, f64)>, mut event: Vec<(EventDay, f64)>, usual: f64) -> Result<Self, &'static str> {
        if estimation.len() < FEWEST_DAYS {
            return Err("fewer than 30 estimation days with it");
        }
        if event.is_empty() {
            return Err("no event day with it");
        }
        let values: Vec<f64> = estimation.iter().map(|(_, value)| *value).collect();
        let spread = moment::standard_deviation(&values).filter(|spread| *spread > 0.0).ok_or("it never changes")?;
        estimation.iter_mut().for_each(|(_, value)| *value -= usual);
        event.iter_mut().for_each(|(_, value)| *value -= usual);
        Ok(Self { estimation, event, spread })
    }

    /// Mean over a window's days, and its standard error; None without a day.
    fn over(&self, window: Window) -> Option<(f64, f64)> {
        let values: Vec<f64> = self.event.iter().filter(|(day, _)| window.contains(*day)).map(|(_, value)| *value).collect();
        let mean = moment::mean(&values)?;
        Some((mean, self.spread * (1.0 / values.len() as f64 + 1.0 / self.estimation.len() as f64).sqrt()))
    }
}

fn place_in(span: Window, day: EventDay) -> Option<usize> {
    usize::try_from(day - span.first()).ok()
}

/// Sums of `rank / (1 + n) − ½` by day: the estimation span first, then the event days.
fn sum_ranks(events: &[EventActivity], span: usize, days: &[EventDay]) -> Vec<RankDay> {
    let mut sums = vec![RankDay::default(); span + days.len()];
    for event in events {
        let in_event = event.event.iter().filter_map(|(day, value)| Some((span + days.binary_search(day).ok()?, *value)));
        let all: Vec<(usize, f64)> = event.estimation.iter().copied().chain(in_event).collect();
        let values: Vec<f64> = all.iter().map(|(_, value)| *value).collect();
        let Some(ranks) = crate::stats::rank::midranks(&values) else { continue };
        for ((place, _), rank) in all.iter().zip(ranks) {
            if let Some(sum) = sums.get_mut(*place) {
                sum.sum += rank / (1.0 + values.len() as f64) - 0.5;
                sum.count += 1;
            }
        }
    }
    sums
}

fn test_span(
    kind: ActivityKind,
    events: &[EventActivity],
    ranks: &[RankDay],
    span: usize,
    days: &[EventDay],
    window: Window,
) -> Option<ActivitySpan> {
    let over: Vec<(f64, f64)> = events.iter().filter_map(|event| event.over(window)).collect();
    let values: Vec<f64> = over.iter().map(|(value, _)| *value).collect();
    let scaled: Vec<f64> = over.iter().map(|(value, error)| value / error).collect();
    let mean = moment::mean(&values)?;
    let margin = moment::standard_deviation(&values).and_then(|spread| {
        let count = values.len() as f64;
        Some(tail::student_quantile(0.5 + CONFIDENCE / 2.0, count - 1.0)? * spread / count.sqrt())
    });
    let ratio = |value: f64| match kind {
        ActivityKind::Volume => value.exp(),
        // A variance can't be below nothing, whatever the interval's arithmetic says.
        ActivityKind::Volatility => (1.0 + value).max(0.0),
    };
    let from = days.binary_search(&window.first()).ok()?;
    let places = span + from..span + from + window.days();
    Some(ActivitySpan {
        window,
        n: values.len(),
        ratio: ratio(mean),
        interval: margin.map(|margin| (ratio(mean - margin), ratio(mean + margin))),
        raised_share: values.iter().filter(|value| **value > 0.0).count() as f64 / values.len() as f64,
        tests: vec![
            corrado::rank(ranks, places),
            cross_section::cross_sectional_t(&values),
            cross_section::skewness_adjusted_t(&values),
            standardised::bmp(&scaled),
        ],
    })
}
