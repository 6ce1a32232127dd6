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
    /// Position of the quote that the first return begins with; None when it isn't on these sessions.
    base: Option<usize>,
}

impl ReturnColumn {
    /// Returns over the security's consecutive quotes on these sessions (see [`PriceSeries::returns_on`]).
    pub fn of_prices(series: &PriceSeries, sessions: &[NaiveDate], kind: ReturnKind) -> Self {
        let returns = series.returns_on(sessions, kind);
        // The usual case: a quote on every session of a run.
        let first = returns.dates().first().map_or(0, |date| sessions.partition_point(|session| session < date));
        if sessions.get(first..first + returns.dates().len()) == Some(returns.dates()) {
            let base = base_of(series, sessions, first);
            return Self { first, values: returns.values().to_vec(), missing: Vec::new(), base };
        }
        let mut column = Self::on(returns.dates().iter().copied().zip(returns.values().iter().copied()), sessions);
        column.base = base_of(series, sessions, column.first);
        column
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

    /// Position of the security's last quote before a session, as far as its returns tell; None when there is none.
    pub fn quote_before(&self, position: usize) -> Option<usize> {
        (self.first..position).rev().find(|before| self.at(*before).is_some()).or(self.base.filter(|base| *base < position))
    }

    /// The column moved along: a session has the value of the one `sessions` before it (after it, when negative).
    pub fn shifted(&self, sessions: isize) -> Self {
        let Some(first) = self.first.checked_add_signed(sessions) else {
            // What moves to before the first session is dropped.
            let (_, last) = self.span().unwrap_or_default();
            let kept = (0..=last).map(|position| self.at(position.checked_add_signed(-sessions)?));
            return Self::from_options(kept);
        };
        let missing = self.missing.iter().filter_map(|place| u32::try_from((*place as usize).checked_add_signed(sessions)?).ok());
        Self { first, values: self.values.clone(), missing: missing.collect(), base: None }
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

/// Position of the last quote before the session at `first`.
fn base_of(series: &PriceSeries, sessions: &[NaiveDate], first: usize) -> Option<usize> {
    let earlier = sessions.get(..first)?;
    let until = series.dates().partition_point(|date| sessions.get(first).is_some_and(|session| date < session));
    series.dates().get(..until)?.iter().rev().find_map(|date| earlier.binary_search(date).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moved_column_gives_each_session_its_neighbours_value() {
        let column = ReturnColumn::from_options([None, Some(0.1), None, Some(0.2), Some(0.3), None].into_iter());
        let held = |column: &ReturnColumn| (0..7).map(|position| column.at(position)).collect::<Vec<_>>();
        assert_eq!(held(&column.shifted(1)), [None, None, Some(0.1), None, Some(0.2), Some(0.3), None]);
        assert_eq!(held(&column.shifted(-1)), [Some(0.1), None, Some(0.2), Some(0.3), None, None, None]);
        assert_eq!(held(&column.shifted(-2)), [None, Some(0.2), Some(0.3), None, None, None, None]);
        assert_eq!((column.quote_before(3), column.quote_before(1), column.quote_before(6)), (Some(1), None, Some(4)));
    }

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
