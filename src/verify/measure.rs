//! What a reading gives: its window on the sessions there are, and the return over it.

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::calendar::Sessions;
use crate::claim::Horizon;
use crate::series::{PriceSeries, ReturnKind};
use crate::verify::StartDate;
use crate::verify::reading::{Level, Range, Reading, ReadingKind};

/// The prices that a claim is about.
#[derive(Clone, Copy)]
pub(super) struct Prices<'a> {
    /// The security's.
    pub own: &'a PriceSeries,
    /// The benchmark's with its symbol, when the figure is a gap to it.
    pub against: Option<(&'a str, &'a PriceSeries)>,
    /// The sessions.
    pub sessions: &'a Sessions,
}

/// A window from one close to another, or from or to another price of those sessions.
struct Ends {
    from: NaiveDate,
    from_price: Option<f64>,
    to: NaiveDate,
    to_price: Option<f64>,
}

impl Ends {
    fn closes(from: NaiveDate, to: NaiveDate) -> Self {
        Self { from, from_price: None, to, to_price: None }
    }
}

impl Prices<'_> {
    /// A reading with its value, not yet compared with a figure.
    pub(super) fn measure(&self, kind: ReadingKind, as_of: NaiveDate) -> Reading {
        let to = self.end(kind, as_of);
        let ends = to.clone().and_then(|to| self.ends(kind, as_of, to));
        let measured = ends.as_ref().map_err(Clone::clone).and_then(|ends| self.change(ends));
        Reading {
            kind,
            from: ends.ok().map(|ends| ends.from),
            to: to.unwrap_or(as_of),
            reason: measured.as_ref().err().cloned(),
            measured: measured.ok(),
            reproduces: None,
        }
    }

    /// The return over the window, less the benchmark's when the figure is a gap to it.
    fn change(&self, ends: &Ends) -> Result<f64, String> {
        let own = growth(self.own, ends, "")?;
        match self.against {
            None => Ok(own),
            Some((symbol, series)) => Ok(own - growth(series, &Ends::closes(ends.from, ends.to), symbol)?),
        }
    }

    /// The session at which the window ends.
    fn end(&self, kind: ReadingKind, as_of: NaiveDate) -> Result<NaiveDate, String> {
        match kind {
            ReadingKind::Period { last, .. } | ReadingKind::WithinPeriod { last, .. } => self.on_or_before(Some(last), as_of),
            _ => Ok(as_of),
        }
    }

    fn ends(&self, kind: ReadingKind, as_of: NaiveDate, to: NaiveDate) -> Result<Ends, String> {
        let on_or_before = |date: Option<NaiveDate>| self.on_or_before(date, as_of);
        let from = match kind {
            ReadingKind::Sessions(count) => self.sessions.step(as_of, -i64::from(count)).ok_or_else(|| self.too_early(as_of))?,
            ReadingKind::Days(count) => on_or_before(as_of.checked_sub_days(Days::new(u64::from(count))))?,
            ReadingKind::CalendarMonths(count) => on_or_before(as_of.checked_sub_months(Months::new(count)))?,
            ReadingKind::MonthToDate(count) => on_or_before(last_day_before(as_of.with_day(1), count.saturating_sub(1)))?,
            ReadingKind::QuarterToDate => {
                let month = as_of.month0() / 3 * 3 + 1;
                on_or_before(NaiveDate::from_ymd_opt(as_of.year(), month, 1).and_then(|first| first.pred_opt()))?
            }
            ReadingKind::YearToDate(count) => {
                on_or_before(last_day_before(NaiveDate::from_ymd_opt(as_of.year(), 1, 1), 12 * count.saturating_sub(1)))?
            }
            ReadingKind::WeekToDate(count) => {
                let weeks = 7 * u64::from(count.saturating_sub(1));
                let monday = as_of.checked_sub_days(Days::new(u64::from(as_of.weekday().num_days_from_monday())));
                on_or_before(monday.and_then(|monday| monday.checked_sub_days(Days::new(weeks + 1))))?
            }
            ReadingKind::CloseOf(date) | ReadingKind::CloseBefore(date) | ReadingKind::FirstCloseFrom(date) if date > as_of => {
                return Err(format!("{date} comes after the as-of session {as_of}"));
            }
            ReadingKind::CloseOf(date) => on_or_before(Some(date))?,
            ReadingKind::CloseBefore(date) => on_or_before(date.pred_opt())?,
            ReadingKind::Period { first, .. } => on_or_before(first.pred_opt())?,
            ReadingKind::FirstCloseFrom(date) | ReadingKind::WithinPeriod { first: date, .. } => self.first_from(date, as_of)?,
            ReadingKind::HighOfDay | ReadingKind::LowOfDay => {
                let from = self.sessions.step(as_of, -1).ok_or_else(|| self.too_early(as_of))?;
                let prices = if kind == ReadingKind::HighOfDay { self.own.highs() } else { self.own.lows() };
                let price = self.own.dates().binary_search(&to).ok().and_then(|position| prices.get(position).copied().flatten());
                return Ok(Ends { from, from_price: None, to, to_price: Some(price.ok_or_else(no_range)?) });
            }
            ReadingKind::Highest(level, range) => return self.extreme(level, range, as_of, true),
            ReadingKind::Lowest(level, range) => return self.extreme(level, range, as_of, false),
        };
        match kind {
            ReadingKind::Period { first, last } if to < first => Err(format!("there is no session from {first} to {last}")),
            ReadingKind::FirstCloseFrom(_) | ReadingKind::WithinPeriod { .. } if from >= to => {
                Err(format!("the period has one close, that of {from}"))
            }
            _ => Ok(Ends::closes(from, to)),
        }
    }

    /// The last session on or before a date; a date before all calendars is before the prices, too.
    fn on_or_before(&self, date: Option<NaiveDate>, as_of: NaiveDate) -> Result<NaiveDate, String> {
        let found = date.and_then(|date| Some((date, self.sessions.on_or_before(date)?)));
        let (date, session) = found.ok_or_else(|| self.too_early(as_of))?;
        self.no_hole(session, date)?;
        Ok(session)
    }

    /// The first session on or after a date.
    fn first_from(&self, date: NaiveDate, as_of: NaiveDate) -> Result<NaiveDate, String> {
        let session = self.sessions.on_or_after(date).unwrap_or(as_of);
        if self.sessions.position(session) == Some(0) && date.iter_days().take_while(|day| *day < session).any(|day| self.may_be_held(day))
        {
            return Err(self.too_early(as_of));
        }
        self.no_hole(date.pred_opt().unwrap_or(date), session)?;
        Ok(session)
    }

    fn no_hole(&self, after: NaiveDate, until: NaiveDate) -> Result<(), String> {
        match self.sessions.hole(after, until) {
            Some(hole) => Err(format!("the exchange traded on {hole}, but the benchmark has no price on it")),
            None => Ok(()),
        }
    }

    fn too_early(&self, as_of: NaiveDate) -> String {
        format!("the window begins before the prices do ({})", self.sessions.at(0).unwrap_or(as_of))
    }

    /// Whether the benchmark held a session on the day. Before its own data only weekends are known to be without one.
    fn may_be_held(&self, day: NaiveDate) -> bool {
        match self.sessions.at(0) {
            Some(begins) if day >= begins => self.sessions.position(day).is_some(),
            _ => day.weekday().num_days_from_monday() < 5,
        }
    }

    fn extreme(&self, level: Level, range: Range, as_of: NaiveDate, highest: bool) -> Result<Ends, String> {
        let (first, last) = match range {
            Range::Since(first) | Range::All(first) => (first, as_of),
            Range::Between(first, last) => (first, last),
        };
        let series = self.own;
        let begins = series.dates().first().copied().unwrap_or(as_of);
        if first.iter_days().take_while(|day| *day < begins).any(|day| self.may_be_held(day)) {
            return Err(format!("the prices begin on {begins}, after {first}, the first day of the range"));
        }
        let mut best: Option<(NaiveDate, f64)> = None;
        for (position, date) in series.dates().iter().enumerate().filter(|(_, date)| first <= **date && **date <= last) {
            let price = match level {
                Level::Close => series.closes().get(position).copied(),
                Level::Intraday if highest => series.highs().get(position).copied().flatten(),
                Level::Intraday => series.lows().get(position).copied().flatten(),
            };
            let price = price.ok_or_else(no_range)?;
            if best.is_none_or(|(_, extreme)| if highest { price > extreme } else { price < extreme }) {
                best = Some((*date, price));
            }
        }
        let (from, price) = best.ok_or_else(|| format!("no session between {first} and {last}"))?;
        Ok(Ends { from, from_price: Some(price), to: as_of, to_price: None })
    }
}

fn no_range() -> String {
    "the prices have no intraday range".to_owned()
}

/// The return over a window; `of` names the series in the reason why there is none, when it isn't the claim's own.
fn growth(series: &PriceSeries, ends: &Ends, of: &str) -> Result<f64, String> {
    let (before, after) = (series.close_on(ends.from), series.close_on(ends.to));
    let of = if of.is_empty() { String::new() } else { format!(" of {of}") };
    let (Some(before), Some(after)) = (before, after) else {
        return Err(format!("no close{of} on {}", if before.is_none() { ends.from } else { ends.to }));
    };
    match series.performance(ends.from, ends.to) {
        Some(_) => Ok(ReturnKind::Simple.between(ends.from_price.unwrap_or(before), ends.to_price.unwrap_or(after))),
        None => Err(format!("a return{of} is missing between {} and {}", ends.from, ends.to)),
    }
}

/// The day before the first of a month, `months` months further back.
fn last_day_before(first_of_month: Option<NaiveDate>, months: u32) -> Option<NaiveDate> {
    first_of_month?.checked_sub_months(Months::new(months))?.pred_opt()
}

/// The value from every start date around a horizon's nominal length (half as long to half as long again), for horizons that
/// count back; empty for the others.
pub(super) fn start_dates(horizon: Horizon, as_of: NaiveDate, series: &PriceSeries, sessions: &Sessions) -> Vec<StartDate> {
    let nominal = match horizon {
        Horizon::Weeks(count) => 5 * count,
        Horizon::Days(count) => (5 * count).div_ceil(7),
        Horizon::Months(count) => 21 * count,
        Horizon::Quarter => 63,
        Horizon::Years(count) => 252 * count,
        _ => return Vec::new(),
    };
    let margin = (nominal / 2).max(3);
    let (nearest, farthest) = (nominal.saturating_sub(margin).max(1), nominal + margin);
    (nearest..=farthest)
        .rev()
        .filter_map(|count| {
            let from = sessions.step(as_of, -i64::from(count))?;
            Some(StartDate { from, measured: series.performance(from, as_of)? })
        })
        .collect()
}
