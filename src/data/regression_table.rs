//! The level `regression`: a row a coefficient of a window's regression; one without numbers, with the reason, for a column that was left
//! out and for a window that has no regression.

use std::io::Write;

use super::table_file::{ColumnType, TableColumn, TableFile, TableFileError, TableFormat};
use crate::cross_section::{CarRegression, Coefficient, CrossSection};
use crate::window::Window;

/// A row.
struct Row<'a> {
    window: Window,
    regression: Option<&'a CarRegression>,
    term: Option<&'a str>,
    coefficient: Option<&'a Coefficient>,
    inapplicable: Option<&'a str>,
}

fn rows(section: &CrossSection) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    for held in &section.windows {
        let regression = held.outcome.as_ref().ok();
        let empty = Row { window: held.window, regression, term: None, coefficient: None, inapplicable: None };
        match &held.outcome {
            Ok(found) => {
                rows.extend(found.coefficients.iter().map(|coefficient| Row {
                    term: Some(&coefficient.name),
                    coefficient: Some(coefficient),
                    inapplicable: coefficient.estimate.is_none().then_some("its clustered variance is not above 0"),
                    ..empty
                }));
                let reason = Some("left out: a combination of the terms before it");
                rows.extend(found.collinear.iter().map(|name| Row { term: Some(name), inapplicable: reason, ..empty }));
            }
            Err(reason) => rows.push(Row { inapplicable: Some(reason), ..empty }),
        }
    }
    rows
}

/// Writes the level; without a regression, its header alone.
pub(super) fn write(section: Option<&CrossSection>, out: impl Write + Send, format: TableFormat) -> Result<(), TableFileError> {
    use ColumnType as T;
    let columns = [
        ("first_day", T::Integer),
        ("last_day", T::Integer),
        ("term", T::Text),
        ("coefficient", T::Number),
        ("standard_error", T::Number),
        ("t", T::Number),
        ("p_value", T::Number),
        ("low_95", T::Number),
        ("high_95", T::Number),
        ("errors", T::Text),
        ("degrees_of_freedom", T::Integer),
        ("n", T::Integer),
        ("r_squared", T::Number),
        ("adjusted_r_squared", T::Number),
        ("inapplicable", T::Text),
    ];
    let rows = section.map(rows).unwrap_or_default();
    let errors = section.map(|section| section.errors.name());
    let number = |of: &dyn Fn(&Row) -> Option<f64>| TableColumn::Number(rows.iter().map(of).collect());
    let whole = |of: &dyn Fn(&Row) -> Option<usize>| TableColumn::Integer(rows.iter().map(|row| i64::try_from(of(row)?).ok()).collect());
    let mut table = TableFile::create(out, format, &columns)?;
    table.write(&[
        TableColumn::Integer(rows.iter().map(|row| Some(i64::from(row.window.first()))).collect()),
        TableColumn::Integer(rows.iter().map(|row| Some(i64::from(row.window.last()))).collect()),
        TableColumn::Text(rows.iter().map(|row| row.term).collect()),
        number(&|row| Some(row.coefficient?.value)),
        number(&|row| Some(row.coefficient?.estimate?.standard_error)),
        number(&|row| Some(row.coefficient?.estimate?.t)),
        number(&|row| Some(row.coefficient?.estimate?.p_value)),
        number(&|row| Some(row.coefficient?.estimate?.interval.0)),
        number(&|row| Some(row.coefficient?.estimate?.interval.1)),
        TableColumn::Text(rows.iter().map(|_| errors).collect()),
        whole(&|row| Some(row.regression?.degrees_of_freedom)),
        whole(&|row| Some(row.regression?.n)),
        number(&|row| row.regression?.r_squared),
        number(&|row| row.regression?.adjusted_r_squared),
        TableColumn::Text(rows.iter().map(|row| row.inapplicable).collect()),
    ])?;
    table.finish()
}
