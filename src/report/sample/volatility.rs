//! The section of a report on models of conditional variance: what they came to, the edges they stand at, event by event.

use super::{figure, section as of_blocks, table};
use crate::report::document::{Block, FigureReference, Section, Table};
use crate::report::number;
use crate::report::wording::{UNKNOWN, sample as words};
use crate::sample::SampleResult;
use crate::sample::volatility::EventVolatility;

/// The section; None for a study under another model.
pub(super) fn section(result: &SampleResult, figures: &[FigureReference]) -> Option<Section> {
    let mut blocks = vec![Block::Paragraph(words::volatility(result)?)];
    blocks.extend(figure(figures, "volatility"));
    blocks.extend(edges(result).map(Block::Table));
    blocks.extend(events(result).map(Block::Table));
    Some(of_blocks("volatility", "The variance before the events", blocks))
}

/// How many events stand at which edge; None for none.
fn edges(result: &SampleResult) -> Option<Table> {
    let edges = &result.volatility.as_ref()?.edges;
    if edges.is_empty() {
        return None;
    }
    let mut table =
        Table::new("Estimates at an edge of what is allowed, as are common in short windows", &["Edge", "Events"]).with_text_columns(&[0]);
    table.rows = edges.iter().map(|(name, count)| vec![words::volatility_edge(name).to_owned(), number::count(*count)]).collect();
    Some(table)
}

/// The parameters of each event; None for more events than are listed.
fn events(result: &SampleResult) -> Option<Table> {
    let columns = &result.events;
    if columns.len() > table::MOST_LISTED {
        return None;
    }
    let fitted = || columns.volatility.iter().flatten();
    let (has_gamma, has_nu) = (fitted().any(|event| event.gamma.is_some()), fitted().any(|event| event.nu.is_some()));
    let mut table =
        Table::new("Parameters of the conditional variance, event by event", &["Event", "Security", "ω"]).with_text_columns(&[0, 1]);
    table
        .header
        .extend(["α"].iter().chain(has_gamma.then_some(&"γ")).chain(&["β"]).chain(has_nu.then_some(&"ν")).map(|name| (*name).to_owned()));
    table.header.extend(["Persistence", "Half-life", "σ of the day after", "Log-likelihood"].map(str::to_owned));
    for (event, volatility) in columns.volatility.iter().enumerate() {
        let mut row = vec![columns.event_id.get(event).map(ToString::to_string).unwrap_or_default(), columns.symbol_of(event).to_owned()];
        let cell = |of: &dyn Fn(&EventVolatility) -> Option<String>| volatility.as_ref().and_then(of).unwrap_or_else(|| UNKNOWN.to_owned());
        row.push(match volatility {
            Some(held) => format!("{:.2e}", held.omega).replace('-', "−"),
            None => "market model".to_owned(),
        });
        row.push(cell(&|held| Some(number::fixed(held.alpha, 3))));
        if has_gamma {
            row.push(cell(&|held| held.gamma.map(|gamma| number::fixed(gamma, 3))));
        }
        row.push(cell(&|held| Some(number::fixed(held.beta, 3))));
        if has_nu {
            row.push(cell(&|held| held.nu.map(|nu| number::fixed(nu, 1))));
        }
        row.push(cell(&|held| Some(number::fixed(held.persistence, 3))));
        row.push(cell(&|held| held.half_life.map(|sessions| number::fixed(sessions, 1))));
        row.push(cell(&|held| Some(number::percent(held.next_sigma, 2))));
        row.push(cell(&|held| Some(number::fixed(held.log_likelihood, 2))));
        table.rows.push(row);
    }
    Some(table)
}
