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

use std::io::Write;

use rayon::prelude::*;

use super::table_file::{ColumnType, TableColumn, TableFile, TableFileError, TableFormat};
use crate::event::list::{CharacteristicValues, EventList};
use crate::inference::{Outcome, TestOutcome};
use crate::model::ExpectedReturnModel;
use crate::sample::SampleResult;
use crate::sample::multiplicity::EventAdjustment;
use crate::sample::result::{AdjustedTest, Distribution, EventColumns, GroupResult};
use crate::sample::volatility::EventVolatility;
use crate::window::Window;

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

fn write_events(result: &SampleResult, list: &EventList, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
    use ColumnType as T;
    let events = &result.events;
    let slopes = slope_names(result);
    let mut columns: Vec<(&str, T)> = vec![
        ("event_id", T::Text),
        ("symbol", T::Text),
        ("group", T::Text),
        ("date", T::Date),
        ("session", T::Date),
        ("shift_days", T::Integer),
        ("n", T::Integer),
        ("degrees_of_freedom", T::Integer),
        ("alpha", T::Number),
    ];
    columns.extend(slopes.iter().map(|name| (name.as_str(), T::Number)));
    columns.extend([("sigma", T::Number), ("r_squared", T::Number), ("zero_return_share", T::Number), ("missing_return_share", T::Number)]);
    let (betas, slope_columns) = (events.betas.as_ref(), beta_slope_names(result));
    if betas.is_some() {
        let further = ["beta_standard_error", "ordinary_beta", "ordinary_beta_standard_error", "market_autocorrelation"];
        columns.extend(further.into_iter().chain(slope_columns.iter().map(String::as_str)).map(|name| (name, T::Number)));
    }
    if result.volatility.is_some() {
        columns.extend(VOLATILITY.map(|(name, _)| (name, T::Number)));
        columns.extend([("edges", T::Text), ("fallback", T::Text)]);
    }
    // A name that the table has itself is told apart, not dropped.
    let renamed: Vec<String> = list
        .characteristics
        .iter()
        .map(|held| if columns.iter().any(|(name, _)| *name == held.name) { format!("{}_of_list", held.name) } else { held.name.clone() })
        .collect();
    for (characteristic, name) in list.characteristics.iter().zip(&renamed) {
        let kind = match &characteristic.values {
            CharacteristicValues::Numbers(values) if are_whole(values) => T::Integer,
            CharacteristicValues::Numbers(_) => T::Number,
            CharacteristicValues::Texts(_) => T::Text,
        };
        columns.push((name.as_str(), kind));
    }
    let mut table = TableFile::create(out, format, &columns)?;
    let mut from = 0;
    while from < events.len() {
        let rows: Vec<usize> = (from..(from + BATCH).min(events.len())).collect();
        let mut cells = labels(events, &rows);
        cells.push(TableColumn::Date(pick(&rows, &events.date)));
        cells.push(TableColumn::Date(pick(&rows, &events.session)));
        cells.push(TableColumn::Integer(pick(&rows, &events.shift_days)));
        cells.push(TableColumn::Integer(whole(&rows, &events.observations)));
        cells.push(TableColumn::Integer(whole(&rows, &events.degrees_of_freedom)));
        cells.push(TableColumn::Number(pick(&rows, &events.alpha)));
        for slope in 0..slopes.len() {
            let of = |row: &usize| events.slopes.get(*row)?.get(slope).copied();
            cells.push(TableColumn::Number(rows.iter().map(of).collect()));
        }
        cells.push(TableColumn::Number(pick(&rows, &events.sigma)));
        cells.push(TableColumn::Number(rows.iter().map(|row| events.r_squared.get(*row).copied().flatten()).collect()));
        cells.push(TableColumn::Number(pick(&rows, &events.zero_share)));
        cells.push(TableColumn::Number(pick(&rows, &events.missing_share)));
        if let Some(betas) = betas {
            cells
                .extend([&betas.standard_error, &betas.ordinary, &betas.ordinary_error].map(|held| TableColumn::Number(pick(&rows, held))));
            cells.push(TableColumn::Number(rows.iter().map(|row| betas.autocorrelation.get(*row).copied().flatten()).collect()));
            for slope in 0..slope_columns.len() {
                let of = |row: &usize| betas.slopes.get(*row)?.get(slope).copied();
                cells.push(TableColumn::Number(rows.iter().map(of).collect()));
            }
        }
        let edges: Vec<Option<String>> = rows.iter().map(|row| edges(events, *row)).collect();
        if result.volatility.is_some() {
            let of = |row: &usize| events.volatility.get(*row)?.as_ref();
            cells.extend(VOLATILITY.map(|(_, read)| TableColumn::Number(rows.iter().map(|row| of(row).and_then(read)).collect())));
            cells.push(TableColumn::Text(edges.iter().map(Option::as_deref).collect()));
            cells.push(TableColumn::Text(rows.iter().map(|row| of(row).is_none().then_some("market")).collect()));
        }
        let numbers: Vec<usize> = rows.iter().filter_map(|row| events.number.get(*row)).copied().collect();
        for characteristic in &list.characteristics {
            cells.push(match &characteristic.values {
                CharacteristicValues::Numbers(values) if are_whole(values) => {
                    let whole = |number: &usize| values.get(*number).copied().flatten().map(|value| value as i64);
                    TableColumn::Integer(numbers.iter().map(whole).collect())
                }
                CharacteristicValues::Numbers(values) => {
                    TableColumn::Number(numbers.iter().map(|number| values.get(*number).copied().flatten()).collect())
                }
                CharacteristicValues::Texts(values) => {
                    TableColumn::Text(numbers.iter().map(|number| values.get(*number)?.as_deref()).collect())
                }
            });
        }
        table.write(&cells)?;
        from += rows.len();
    }
    table.finish()
}

/// A number of an event's conditional variance.
type ReadVolatility = fn(&EventVolatility) -> Option<f64>;

/// Columns of a model of conditional variance.
const VOLATILITY: [(&str, ReadVolatility); 9] = [
    ("omega", |event| Some(event.omega)),
    ("alpha_1", |event| Some(event.alpha)),
    ("gamma_1", |event| event.gamma),
    ("beta_1", |event| Some(event.beta)),
    ("nu", |event| event.nu),
    ("log_likelihood", |event| Some(event.log_likelihood)),
    ("persistence", |event| Some(event.persistence)),
    ("half_life", |event| event.half_life),
    ("next_sigma", |event| Some(event.next_sigma)),
];

/// Edges that an event's conditional variance stands at, apart by blanks; None for none.
fn edges(events: &EventColumns, row: usize) -> Option<String> {
    let held = &events.volatility.get(row)?.as_ref()?.edges;
    (!held.is_empty()).then(|| held.join(" "))
}

/// Whether a column of the event file holds whole numbers alone, as identifiers and counts are.
fn are_whole(values: &[Option<f64>]) -> bool {
    values.iter().flatten().all(|value| value.fract() == 0.0 && value.abs() < 9e15)
}

/// Names of the columns of slopes: `beta` for one regressor, `beta_SMB` and so on for factors.
fn slope_names(result: &SampleResult) -> Vec<String> {
    let width = result.events.slopes.iter().map(Vec::len).max().unwrap_or(0);
    match (width, result.study.factors.as_slice()) {
        (0, _) => Vec::new(),
        (1, []) => vec!["beta".to_owned()],
        (_, names) => names.iter().map(|name| format!("beta_{name}")).collect(),
    }
}

/// Names of the columns of slopes on neighbouring sessions, from the farthest lag to the farthest lead; none under other models.
fn beta_slope_names(result: &SampleResult) -> Vec<String> {
    let (lags, leads) = match result.study.model {
        ExpectedReturnModel::ScholesWilliams => (1, 1),
        ExpectedReturnModel::Dimson { lags, leads } => (lags, leads),
        ExpectedReturnModel::FowlerRorke { shifts } => (shifts, shifts),
        _ => return Vec::new(),
    };
    let lagged = (1..=lags).rev().map(|lag| format!("slope_lag_{lag}"));
    lagged.chain(["slope_same_session".to_owned()]).chain((1..=leads).map(|lead| format!("slope_lead_{lead}"))).collect()
}

fn write_rolling_betas(result: &SampleResult, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
    use ColumnType as T;
    let columns = [
        ("last_day", T::Integer),
        ("sessions", T::Integer),
        ("n", T::Integer),
        ("mean_beta", T::Number),
        ("low_95", T::Number),
        ("high_95", T::Number),
    ];
    let days = result.rolling.as_ref().map_or(&[][..], |rolling| rolling.days.as_slice());
    let window = result.rolling.as_ref().and_then(|rolling| i64::try_from(rolling.window).ok());
    let mut table = TableFile::create(out, format, &columns)?;
    table.write(&[
        TableColumn::Integer(days.iter().map(|day| Some(i64::from(day.day))).collect()),
        TableColumn::Integer(days.iter().map(|_| window).collect()),
        TableColumn::Integer(days.iter().map(|day| i64::try_from(day.n).ok()).collect()),
        TableColumn::Number(days.iter().map(|day| Some(day.mean)).collect()),
        TableColumn::Number(days.iter().map(|day| day.interval.map(|interval| interval.0)).collect()),
        TableColumn::Number(days.iter().map(|day| day.interval.map(|interval| interval.1)).collect()),
    ])?;
    table.finish()
}

fn write_abnormal_returns(events: &EventColumns, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
    use ColumnType as T;
    let columns = [
        ("event_id", T::Text),
        ("symbol", T::Text),
        ("group", T::Text),
        ("day", T::Integer),
        ("abnormal_return", T::Number),
        ("standard_error", T::Number),
    ];
    let mut table = TableFile::create(out, format, &columns)?;
    let mut from = 0;
    while from < events.len() {
        let upto = (from + BATCH).min(events.len());
        let mut rows = Vec::with_capacity((upto - from) * events.days.len());
        let (mut days, mut values, mut errors) = (rows_like(&rows), rows_like(&rows), rows_like(&rows));
        for row in from..upto {
            for column in events.days.iter().filter(|column| column.present.get(row) == Some(&true)) {
                rows.push(row);
                days.push(Some(i64::from(column.day)));
                values.push(column.abnormal.get(row).copied());
                errors.push(column.standard_error.get(row).copied());
            }
        }
        let mut cells = labels(events, &rows);
        cells.extend([TableColumn::Integer(days), TableColumn::Number(values), TableColumn::Number(errors)]);
        table.write(&cells)?;
        from = upto;
    }
    table.finish()
}

fn rows_like<T>(rows: &Vec<usize>) -> Vec<T> {
    Vec::with_capacity(rows.capacity())
}

fn write_cars(events: &EventColumns, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
    use ColumnType as T;
    let columns = [
        ("event_id", T::Text),
        ("symbol", T::Text),
        ("group", T::Text),
        ("first_day", T::Integer),
        ("last_day", T::Integer),
        ("days", T::Integer),
        ("car", T::Number),
        ("standard_error", T::Number),
        ("t", T::Number),
        ("p_value", T::Number),
        ("p_holm", T::Number),
        ("p_benjamini_hochberg", T::Number),
        ("bhar", T::Number),
        ("placebo_p_value", T::Number),
        ("sample_quantile_p_value", T::Number),
        ("rank_p_value", T::Number),
    ];
    let mut table = TableFile::create(out, format, &columns)?;
    let mut from = 0;
    while from < events.len() {
        let upto = (from + BATCH).min(events.len());
        let places: Vec<(usize, usize)> = (from..upto).flat_map(|row| (0..events.windows.len()).map(move |window| (row, window))).collect();
        let rows: Vec<usize> = places.iter().map(|(row, _)| *row).collect();
        let window = |place: &(usize, usize)| events.windows.get(place.1);
        let number = |of: fn(&crate::sample::result::EventWindowColumn) -> &[f64]| -> Vec<Option<f64>> {
            places.iter().map(|place| of(window(place)?).get(place.0).copied()).collect()
        };
        let (values, errors) = (number(|held| &held.car), number(|held| &held.standard_error));
        let t = values.iter().zip(&errors).map(|(value, error)| Some((*value)? / (*error)?)).collect();
        let p_values = places.par_iter().map(|place| events.p_value(window(place)?, place.0)).collect();
        let mut cells = labels(events, &rows);
        cells.push(TableColumn::Integer(places.iter().map(|place| Some(i64::from(window(place)?.window.first()))).collect()));
        cells.push(TableColumn::Integer(places.iter().map(|place| Some(i64::from(window(place)?.window.last()))).collect()));
        cells.push(TableColumn::Integer(places.iter().map(|place| Some(i64::from(*window(place)?.days.get(place.0)?))).collect()));
        let adjusted = |of: fn(&EventAdjustment) -> &[Option<f64>]| -> Vec<Option<f64>> {
            places.iter().map(|place| of(window(place)?.adjusted.as_ref()?).get(place.0).copied().flatten()).collect()
        };
        let (holm, benjamini_hochberg) = (adjusted(|held| &held.holm), adjusted(|held| &held.benjamini_hochberg));
        cells.extend([values, errors, t, p_values, holm, benjamini_hochberg, number(|held| &held.bhar)].map(TableColumn::Number));
        cells.extend([0, 1, 2].map(|test: usize| {
            let p_value = |place: &(usize, usize)| events.tests.get(place.0)?.get(place.1)?.get(test)?.p_value();
            TableColumn::Number(places.iter().map(p_value).collect())
        }));
        table.write(&cells)?;
        from = upto;
    }
    table.finish()
}

fn write_controls(events: &EventColumns, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
    use ColumnType as T;
    let columns = [
        ("event_id", T::Text),
        ("symbol", T::Text),
        ("group", T::Text),
        ("control", T::Text),
        ("weight", T::Number),
        ("distance", T::Number),
        ("eligible", T::Integer),
        ("donors", T::Integer),
        ("pre_event_rmspe", T::Number),
        ("pre_event_r_squared", T::Number),
    ];
    let mut table = TableFile::create(out, format, &columns)?;
    let mut from = 0;
    while from < events.controls.len() {
        let upto = (from + BATCH).min(events.controls.len());
        let held = (from..upto).filter_map(|row| Some((row, events.controls.get(row)?)));
        let cells: Vec<_> = held.flat_map(|(row, controls)| controls.weights.iter().map(move |weight| (row, controls, weight))).collect();
        let rows: Vec<usize> = cells.iter().map(|(row, _, _)| *row).collect();
        let mut written = labels(events, &rows);
        written.push(TableColumn::Text(cells.iter().map(|(_, _, control)| Some(control.symbol.as_str())).collect()));
        written.push(TableColumn::Number(cells.iter().map(|(_, _, control)| Some(control.weight)).collect()));
        written.push(TableColumn::Number(cells.iter().map(|(_, _, control)| control.distance).collect()));
        written.push(TableColumn::Integer(cells.iter().map(|(_, held, _)| i64::try_from(held.eligible).ok()).collect()));
        written.push(TableColumn::Integer(cells.iter().map(|(_, held, _)| i64::try_from(held.donors).ok()).collect()));
        written.push(TableColumn::Number(cells.iter().map(|(_, held, _)| Some(held.error)).collect()));
        written.push(TableColumn::Number(cells.iter().map(|(_, held, _)| held.r_squared).collect()));
        table.write(&written)?;
        from = upto;
    }
    table.finish()
}

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

fn write_groups(result: &SampleResult, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
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

fn write_tests(result: &SampleResult, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
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
