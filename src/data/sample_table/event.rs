//! Tables of single events: models, abnormal returns, CARs, controls, and rolling betas by day.

use std::io::Write;

use rayon::prelude::*;

use super::{BATCH, labels, pick, whole};
use crate::data::table_file::{ColumnType, TableColumn, TableFile, TableFileError, TableFormat};
use crate::event::list::{CharacteristicValues, EventList};
use crate::model::ExpectedReturnModel;
use crate::sample::SampleResult;
use crate::sample::multiplicity::EventAdjustment;
use crate::sample::result::EventColumns;
use crate::sample::volatility::EventVolatility;

pub(super) fn write_events(
    result: &SampleResult,
    list: &EventList,
    out: impl Write + Send,
    format: TableFormat,
) -> Result<(), TableFileError> {
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

pub(super) fn write_rolling_betas(result: &SampleResult, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
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

pub(super) fn write_abnormal_returns(events: &EventColumns, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
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

pub(super) fn write_cars(events: &EventColumns, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
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

pub(super) fn write_controls(events: &EventColumns, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
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
