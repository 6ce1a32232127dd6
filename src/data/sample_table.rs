//! What a study of many events found, as tables: one level a table, for other programs to read.
//!
//! | table | a row is |
//! |---|---|
//! | `events` | a used event: its day 0 and its model |
//! | `abnormal_returns` | an event on a day of its window |
//! | `cars` | an event over a window, with its t test |
//! | `groups` | a set of events on a day or over a window: AAR or CAAR and what belongs to it |
//! | `tests` | a test of such a set |
//! | `regression` | a coefficient of the CARs' regression over a window; written when there is one |
//! | `exclusions` | an event that couldn't be used, with the reason |
//! | `controls` | a donor with its weight or a matched firm of an event; under models with controls alone |
//! | `rolling_betas` | a day with the mean of the events' rolling betas, when they were asked for |
//!
//! Fractions throughout; a cell that isn't known is empty. Rows stand in the order of the event list.

mod event;
mod set;

use std::io::Write;

use event::{write_abnormal_returns, write_cars, write_controls, write_events, write_rolling_betas};
use set::{write_groups, write_tests};

use super::table_file::{ColumnType, TableColumn, TableFile, TableFileError, TableFormat};
use crate::event::list::EventList;
use crate::sample::SampleResult;
use crate::sample::result::EventColumns;

/// Events that are laid out together; bounds the memory of a batch.
const BATCH: usize = 8192;

/// A level of the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// One row a used event.
    Events,
    /// One row an event and day.
    AbnormalReturns,
    /// One row an event and window.
    Cars,
    /// One row a set of events and day or window.
    Groups,
    /// One row a test.
    Tests,
    /// One row a coefficient and window.
    Regression,
    /// One row an excluded event.
    Exclusions,
    /// One row a control of an event.
    Controls,
    /// One row a day on which a rolling beta ends; only when rolling betas were asked for.
    RollingBetas,
}

impl Level {
    /// The levels that a result has: those of every result, and the others that its design has.
    pub fn of(result: &SampleResult) -> Vec<Level> {
        let further = [
            result.cross_section.as_ref().map(|_| Level::Regression),
            (!result.events.controls.is_empty()).then_some(Level::Controls),
            result.rolling.as_ref().map(|_| Level::RollingBetas),
        ];
        Level::ALL.into_iter().chain(further.into_iter().flatten()).collect()
    }

    /// The levels of every result.
    pub const ALL: [Level; 6] = [Level::Events, Level::AbnormalReturns, Level::Cars, Level::Groups, Level::Tests, Level::Exclusions];

    /// Name of the table, as in its file.
    pub fn name(self) -> &'static str {
        match self {
            Level::Events => "events",
            Level::AbnormalReturns => "abnormal_returns",
            Level::Cars => "cars",
            Level::Groups => "groups",
            Level::Tests => "tests",
            Level::Regression => "regression",
            Level::Exclusions => "exclusions",
            Level::Controls => "controls",
            Level::RollingBetas => "rolling_betas",
        }
    }
}

/// Writes one level of a result. `list` gives the characteristics that the event file carried along.
///
/// # Errors
/// [`TableFileError`] when the system refuses the bytes.
pub fn write(
    level: Level,
    result: &SampleResult,
    list: &EventList,
    out: impl Write + Send,
    format: TableFormat,
) -> Result<(), TableFileError> {
    match level {
        Level::Events => write_events(result, list, out, format),
        Level::AbnormalReturns => write_abnormal_returns(&result.events, out, format),
        Level::Cars => write_cars(&result.events, out, format),
        Level::Groups => write_groups(result, out, format),
        Level::Tests => write_tests(result, out, format),
        Level::Regression => super::regression_table::write(result.cross_section.as_ref(), out, format),
        Level::Exclusions => write_exclusions(result, out, format),
        Level::Controls => write_controls(&result.events, out, format),
        Level::RollingBetas => write_rolling_betas(result, out, format),
    }
}

fn write_exclusions(result: &SampleResult, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
    use ColumnType as T;
    let columns =
        [("event_id", T::Text), ("symbol", T::Text), ("group", T::Text), ("date", T::Date), ("kind", T::Text), ("reason", T::Text)];
    let mut table = TableFile::create(out, format, &columns)?;
    for rows in result.exclusions.chunks(BATCH) {
        table.write(&[
            TableColumn::Text(rows.iter().map(|held| Some(held.event_id.as_str())).collect()),
            TableColumn::Text(rows.iter().map(|held| Some(held.symbol.as_str())).collect()),
            TableColumn::Text(rows.iter().map(|held| held.group.as_deref()).collect()),
            TableColumn::Date(rows.iter().map(|held| Some(held.date)).collect()),
            TableColumn::Text(rows.iter().map(|held| Some(held.kind)).collect()),
            TableColumn::Text(rows.iter().map(|held| Some(held.reason.as_str())).collect()),
        ])?;
    }
    table.finish()
}

/// Key, symbol and group of events.
fn labels<'a>(events: &'a EventColumns, rows: &[usize]) -> Vec<TableColumn<'a>> {
    vec![
        TableColumn::Text(rows.iter().map(|row| events.event_id.get(*row).map(|id| id.as_str())).collect()),
        TableColumn::Category { cells: pick(rows, &events.symbol), names: &events.symbols },
        TableColumn::Category { cells: rows.iter().map(|row| events.group.get(*row).copied().flatten()).collect(), names: &events.groups },
    ]
}

fn pick<T: Copy>(rows: &[usize], values: &[T]) -> Vec<Option<T>> {
    rows.iter().map(|row| values.get(*row).copied()).collect()
}

fn whole(rows: &[usize], values: &[usize]) -> Vec<Option<i64>> {
    rows.iter().map(|row| i64::try_from(*values.get(*row)?).ok()).collect()
}
