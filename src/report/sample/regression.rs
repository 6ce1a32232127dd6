//! The regression of CARs on characteristics in tables and sentences.

use crate::cross_section::{CarRegression, Coefficient, CrossSection, WindowRegression};
use crate::report::document::{Block, FigureReference, Section, Table};
use crate::report::number;
use crate::report::wording::{self, UNKNOWN, sample as words};
use crate::sample::SampleResult;

/// The section; None when no regression was asked for.
pub(super) fn section(result: &SampleResult, figures: &[FigureReference]) -> Option<Section> {
    let section = result.cross_section.as_ref()?;
    let mut blocks: Vec<Block> = super::figure(figures, "regression").into_iter().collect();
    blocks.extend(tables(section).into_iter().map(Block::Table));
    blocks.extend(facts(section).into_iter().map(Block::Paragraph));
    blocks.push(Block::Paragraph(method(section)));
    Some(super::section("regression", "Which events moved more", blocks))
}

/// A table a window; of windows without a regression none.
pub(super) fn tables(section: &CrossSection) -> Vec<Table> {
    let fitted = |held: &WindowRegression| held.outcome.as_ref().ok().map(|found| table(held, found));
    section.windows.iter().filter_map(fitted).collect()
}

fn table(held: &WindowRegression, found: &CarRegression) -> Table {
    let caption = format!(
        "CAR {} on characteristics: percentage points for one unit more ({}, R² {})",
        words::when(held.window),
        number::plural(found.n, "event"),
        found.r_squared.map_or_else(|| UNKNOWN.to_owned(), |share| number::fixed(share, 3)),
    );
    let mut table = Table::new(caption, &["Term", "Coefficient", "Error", "t", "p", "95 % interval"]);
    table.rows = found.coefficients.iter().map(row).collect();
    table
}

fn row(coefficient: &Coefficient) -> Vec<String> {
    let error = coefficient.estimate.map(|estimate| estimate.standard_error);
    let (value, written) = number::estimate(coefficient.value, error);
    let none = || UNKNOWN.to_owned();
    let estimate = coefficient.estimate;
    let end = |end: f64| number::estimate(end, error).0;
    vec![
        coefficient.name.clone(),
        value,
        written.unwrap_or_else(none),
        estimate.map_or_else(none, |held| number::fixed(held.t, 2)),
        estimate.map_or_else(none, |held| number::p_value_bare(held.p_value)),
        estimate.map_or_else(none, |held| format!("{} to {}", end(held.interval.0), end(held.interval.1))),
    ]
}

/// What was regressed on, which events have no part in it, what a category is measured from, and what is left out.
pub(super) fn facts(section: &CrossSection) -> Vec<String> {
    let mut facts = vec![format!(
        "CAR regressed on {} over {} of {} used events; errors {}{}.",
        section.formula,
        number::count(section.complete),
        number::count(section.events),
        section.errors.words(),
        clusters(section),
    )];
    let missing: Vec<String> = section
        .missing
        .iter()
        .flat_map(|missing| {
            let empty = (missing.empty > 0).then(|| format!("{} without {}", number::plural(missing.empty, "event"), missing.factor));
            let low = (missing.not_above_zero > 0)
                .then(|| format!("{} not above 0 under {}", number::plural(missing.not_above_zero, "value"), missing.factor));
            empty.into_iter().chain(low)
        })
        .collect();
    if !missing.is_empty() {
        facts.push(format!("Left out for a gap: {} (an event may have several).", wording::join(&missing, "and")));
    }
    for base in section.bases.iter().filter(|base| base.levels > 1) {
        facts.push(format!("{} is measured from {} ({} levels).", base.factor, base.level, base.levels));
    }
    if !section.constant.is_empty() {
        facts.push(format!("Without a column, as these events have one level of it: {}.", wording::join(&section.constant, "and")));
    }
    for held in &section.windows {
        match &held.outcome {
            Ok(found) => {
                if !found.collinear.is_empty() {
                    let names = wording::join(&found.collinear, "and");
                    facts.push(format!("Left out {}, as a combination of the terms before: {names}.", words::when(held.window)));
                }
                let mut reasons: Vec<&str> = found.coefficients.iter().filter_map(|held| held.inapplicable).collect();
                reasons.dedup();
                for reason in reasons {
                    let of_it = found.coefficients.iter().filter(|held| held.inapplicable == Some(reason));
                    let names = wording::join(&of_it.map(|held| held.name.clone()).collect::<Vec<_>>(), "and");
                    facts.push(format!("Without an error {}: {names}, as {reason}.", words::when(held.window)));
                }
            }
            Err(reason) => facts.push(format!("No regression {}: {reason}.", words::when(held.window))),
        }
    }
    facts.dedup();
    facts
}

/// The clusters of the first window that has a regression; empty without any.
fn clusters(section: &CrossSection) -> String {
    let found = section.windows.iter().find_map(|held| held.outcome.as_ref().ok());
    match found.map(|found| found.clusters.as_slice()) {
        Some([one]) => format!(" ({} clusters)", number::count(*one)),
        Some([dates, firms]) => format!(" ({} dates, {} firms)", number::count(*dates), number::count(*firms)),
        _ => String::new(),
    }
}

fn method(section: &CrossSection) -> String {
    let degrees = match section.windows.iter().find_map(|held| held.outcome.as_ref().ok()) {
        Some(found) => format!("t({})", number::count(found.degrees_of_freedom)),
        None => "t".to_owned(),
    };
    format!(
        "Ordinary least squares with an intercept; p-values and intervals by {degrees}. HC1 and HC3 after MacKinnon & White (1985, Journal of Econometrics 29, 305–325); clusters after Liang & Zeger (1986, Biometrika 73, 13–22), two ways after Cameron, Gelbach & Miller (2011, Journal of Business & Economic Statistics 29, 238–249), with degrees of freedom of the smaller number of clusters less 1. Where events share days their CARs are correlated, and errors that aren’t clustered by date are too small. A characteristic that goes with larger abnormal returns need not be their reason."
    )
}
