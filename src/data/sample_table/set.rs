//! Tables of sets of events: means of days and windows, and every test.

use std::io::Write;

use crate::data::table_file::{ColumnType, TableColumn, TableFile, TableFileError, TableFormat};
use crate::inference::{Outcome, TestOutcome};
use crate::sample::SampleResult;
use crate::sample::result::{AdjustedTest, Distribution, GroupResult};
use crate::window::Window;

/// A day or window of a set of events.
struct SetRow<'a> {
    group: &'a GroupResult,
    measure: &'static str,
    window: Window,
    distribution: &'a Distribution,
    place: usize,
}

fn set_rows(result: &SampleResult) -> Vec<SetRow<'_>> {
    let mut rows = Vec::new();
    for group in &result.groups {
        for (place, day) in group.days.iter().enumerate() {
            if let Ok(window) = Window::new(day.day, day.day) {
                rows.push(SetRow { group, measure: "AAR", window, distribution: &day.abnormal, place });
            }
        }
        for (place, held) in group.windows.iter().enumerate() {
            rows.push(SetRow { group, measure: "CAAR", window: held.window, distribution: &held.cumulative, place });
        }
    }
    rows
}

impl SetRow<'_> {
    fn variants(&self) -> &[TestOutcome] {
        match self.measure {
            "AAR" => &[],
            _ => self.group.windows.get(self.place).map_or(&[], |held| held.other_conventions.as_slice()),
        }
    }

    fn tests(&self) -> &[AdjustedTest] {
        let tests = match self.measure {
            "AAR" => self.group.days.get(self.place).map(|held| held.tests.as_slice()),
            _ => self.group.windows.get(self.place).map(|held| held.tests.as_slice()),
        };
        tests.unwrap_or(&[])
    }
}

pub(super) fn write_groups(result: &SampleResult, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
    use ColumnType as T;
    let columns = [
        ("group", T::Text),
        ("measure", T::Text),
        ("first_day", T::Integer),
        ("last_day", T::Integer),
        ("n", T::Integer),
        ("mean", T::Number),
        ("standard_deviation", T::Number),
        ("low_95", T::Number),
        ("high_95", T::Number),
        ("median", T::Number),
        ("positive", T::Integer),
        ("negative", T::Integer),
        ("mean_bhar", T::Number),
        ("mean_scar", T::Number),
        ("mean_correlation", T::Number),
        ("overlapping_pairs", T::Integer),
    ];
    let rows = set_rows(result);
    let held = |row: &SetRow| (row.measure == "CAAR").then(|| row.group.windows.get(row.place)).flatten().cloned();
    let number = |of: &dyn Fn(&SetRow) -> Option<f64>| TableColumn::Number(rows.iter().map(of).collect());
    let whole = |of: &dyn Fn(&SetRow) -> Option<usize>| TableColumn::Integer(rows.iter().map(|row| i64::try_from(of(row)?).ok()).collect());
    let mut table = TableFile::create(out, format, &columns)?;
    table.write(&[
        TableColumn::Text(rows.iter().map(|row| row.group.group.as_deref()).collect()),
        TableColumn::Text(rows.iter().map(|row| Some(row.measure)).collect()),
        TableColumn::Integer(rows.iter().map(|row| Some(i64::from(row.window.first()))).collect()),
        TableColumn::Integer(rows.iter().map(|row| Some(i64::from(row.window.last()))).collect()),
        whole(&|row| Some(row.distribution.n)),
        number(&|row| Some(row.distribution.mean)),
        number(&|row| row.distribution.standard_deviation),
        number(&|row| row.distribution.interval.map(|interval| interval.0)),
        number(&|row| row.distribution.interval.map(|interval| interval.1)),
        number(&|row| Some(row.distribution.median)),
        whole(&|row| Some(row.distribution.positive)),
        whole(&|row| Some(row.distribution.negative)),
        number(&|row| Some(held(row)?.bhar.mean)),
        number(&|row| Some(held(row)?.mean_scar)),
        number(&|row| Some(held(row)?.correlation.value)),
        whole(&|row| usize::try_from(held(row)?.correlation.overlapping_pairs).ok()),
    ])?;
    table.finish()
}

pub(super) fn write_tests(result: &SampleResult, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
    use ColumnType as T;
    let columns = [
        ("group", T::Text),
        ("measure", T::Text),
        ("first_day", T::Integer),
        ("last_day", T::Integer),
        ("test", T::Text),
        ("statistic", T::Number),
        ("p_value", T::Number),
        ("p_holm", T::Number),
        ("p_benjamini_hochberg", T::Number),
        ("null", T::Text),
        ("n", T::Integer),
        ("inapplicable", T::Text),
        ("conventions", T::Text),
    ];
    let sets = set_rows(result);
    // Variants have no adjusted p-values.
    let variant = |test: &TestOutcome| AdjustedTest { test: test.clone(), p_holm: None, p_benjamini_hochberg: None };
    let variants: Vec<(&SetRow, AdjustedTest)> =
        sets.iter().flat_map(|row| row.variants().iter().map(move |test| (row, variant(test)))).collect();
    let own = sets.iter().flat_map(|row| row.tests().iter().map(move |test| (row, test)));
    let rows: Vec<(&SetRow, &AdjustedTest)> = own.chain(variants.iter().map(|(row, test)| (*row, test))).collect();
    let conventions = rows.len() - variants.len();
    let mut table = TableFile::create(out, format, &columns)?;
    table.write(&[
        TableColumn::Text(rows.iter().map(|(row, _)| row.group.group.as_deref()).collect()),
        TableColumn::Text(rows.iter().map(|(row, _)| Some(row.measure)).collect()),
        TableColumn::Integer(rows.iter().map(|(row, _)| Some(i64::from(row.window.first()))).collect()),
        TableColumn::Integer(rows.iter().map(|(row, _)| Some(i64::from(row.window.last()))).collect()),
        TableColumn::Text(rows.iter().map(|(_, held)| Some(held.test.name)).collect()),
        TableColumn::Number(rows.iter().map(|(_, held)| statistic(&held.test)).collect()),
        TableColumn::Number(rows.iter().map(|(_, held)| held.test.p_value()).collect()),
        TableColumn::Number(rows.iter().map(|(_, held)| held.p_holm).collect()),
        TableColumn::Number(rows.iter().map(|(_, held)| held.p_benjamini_hochberg).collect()),
        TableColumn::Text(rows.iter().map(|(_, held)| null(&held.test)).collect()),
        TableColumn::Integer(rows.iter().map(|(_, held)| count(&held.test)).collect()),
        TableColumn::Text(rows.iter().map(|(_, held)| reason(&held.test)).collect()),
        TableColumn::Text((0..rows.len()).map(|place| (place >= conventions).then_some("eventstudy2")).collect()),
    ])?;
    table.finish()
}

fn statistic(test: &TestOutcome) -> Option<f64> {
    match &test.outcome {
        Outcome::Computed { statistic, .. } => Some(*statistic),
        Outcome::Inapplicable { .. } => None,
    }
}

fn null(test: &TestOutcome) -> Option<&str> {
    match &test.outcome {
        Outcome::Computed { null, .. } => Some(null),
        Outcome::Inapplicable { .. } => None,
    }
}

fn count(test: &TestOutcome) -> Option<i64> {
    match &test.outcome {
        Outcome::Computed { n, .. } => i64::try_from(*n).ok(),
        Outcome::Inapplicable { .. } => None,
    }
}

fn reason(test: &TestOutcome) -> Option<&str> {
    match &test.outcome {
        Outcome::Computed { .. } => None,
        Outcome::Inapplicable { reason } => Some(reason),
    }
}
