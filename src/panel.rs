//! Returns of securities on a common row of sessions, one contiguous column a security.
//!
//! A study of many events reads runs of a column around each event. A [`ReturnColumn`] begins at the session of its first return and
//! ends at the last; the few sessions in between without one are listed, so that a run is known to be whole without looking at each
//! value. Nothing is filled: a place without a return holds a 0 that no reader is given.

use chrono::NaiveDate;

use crate::series::{PriceSeries, ReturnKind};

/// One security's returns on sessions, fractions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ReturnColumn {
    /// Position of the session of the first value.
    first: usize,
    /// One a session from there to the last return.
    values: Vec<f64>,
    /// Positions between first and last without a return, rising.
    missing: Vec<u32>,
}

impl ReturnColumn {
    /// Returns over the security's consecutive quotes on these sessions (see [`PriceSeries::returns_on`]).
    pub fn of_prices(series: &PriceSeries, sessions: &[NaiveDate], kind: ReturnKind) -> Self {
        let returns = series.returns_on(sessions, kind);
        // The usual case: a quote on every session of a run.
        let first = returns.dates().first().map_or(0, |date| sessions.partition_point(|session| session < date));
        if sessions.get(first..first + returns.dates().len()) == Some(returns.dates()) {
            return Self { first, values: returns.values().to_vec(), missing: Vec::new() };
        }
        Self::on(returns.dates().iter().copied().zip(returns.values().iter().copied()), sessions)
    }

    /// Values by date (rising), as far as their dates are sessions.
    pub fn on(values: impl Iterator<Item = (NaiveDate, f64)>, sessions: &[NaiveDate]) -> Self {
        let mut column = Self::default();
        let mut position = 0;
        for (date, value) in values {
            // Dates follow sessions closely: the next one is nearly always it.
            while sessions.get(position).is_some_and(|session| *session < date) {
                position += 1;
            }
            if sessions.get(position) == Some(&date) {
                column.push(position, value);
                position += 1;
            }
        }
        column
    }

    /// One value a session where there is one.
    pub fn from_options(values: impl Iterator<Item = Option<f64>>) -> Self {
        let mut column = Self::default();
        for (position, value) in values.enumerate() {
            if let Some(value) = value {
                column.push(position, value);
            }
        }
        column
    }

    /// Appends the return of a session after those that are there.
    fn push(&mut self, position: usize, value: f64) {
        if self.values.is_empty() {
            self.first = position;
        }
        while self.first + self.values.len() < position {
            self.missing.push(u32::try_from(self.first + self.values.len()).unwrap_or(u32::MAX));
            self.values.push(0.0);
        }
        self.values.push(value);
    }

    /// The return of a session; None without one.
    pub fn at(&self, position: usize) -> Option<f64> {
        let value = self.values.get(position.checked_sub(self.first)?)?;
        let held = u32::try_from(position).ok()?;
        self.missing.binary_search(&held).is_err().then_some(*value)
    }

    /// Returns of `count` sessions from `from` on, if every one of them has a return.
    pub fn run(&self, from: usize, count: usize) -> Option<&[f64]> {
        let start = from.checked_sub(self.first)?;
        let run = self.values.get(start..start.checked_add(count)?)?;
        let next = self.missing.partition_point(|position| (*position as usize) < from);
        self.missing.get(next).is_none_or(|position| *position as usize >= from + count).then_some(run)
    }

    /// Positions of the first and last session with a return; None when there is none.
    pub fn span(&self) -> Option<(usize, usize)> {
        Some((self.first, self.first + self.values.len().checked_sub(1)?))
    }

    /// Share of the sessions from the first to the last return that have one; None without any.
    pub fn share(&self) -> Option<f64> {
        (!self.values.is_empty()).then(|| 1.0 - self.missing.len() as f64 / self.values.len() as f64)
    }

    /// The column less another, where both have a return: an excess return.
    pub fn less(&self, other: &ReturnColumn) -> Self {
        let Some((first, last)) = self.span() else { return Self::default() };
        let mut column = Self::default();
        for position in first..=last {
            if let Some((own, taken)) = self.at(position).zip(other.at(position)) {
                column.push(position, own - taken);
            }
        }
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_given_only_when_it_is_whole() {
        let column = ReturnColumn::from_options([None, Some(0.1), None, Some(0.2), Some(0.3), None].into_iter());
        assert_eq!(column.span(), Some((1, 4)));
        assert_eq!(column.run(3, 2), Some([0.2, 0.3].as_slice()));
        assert_eq!((column.run(1, 2), column.run(0, 2), column.run(3, 3)), (None, None, None));
        assert_eq!((column.at(1), column.at(2), column.at(5)), (Some(0.1), None, None));
        let less = column.less(&ReturnColumn::from_options([None, Some(0.05), Some(0.1), None, Some(0.1), None].into_iter()));
        assert_eq!((less.at(1), less.at(3)), (Some(0.05), None));
    }
}
