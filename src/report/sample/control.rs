//! The controls of the events: donors and weights or matched firms, how they did before the event, and the placebo tests.

use crate::report::document::{Block, FigureReference, Section, Table};
use crate::report::number;
use crate::report::wording::{self, UNKNOWN, control as words, sample};
use crate::sample::SampleResult;

/// Most events whose controls are listed.
const MOST_LISTED: usize = 100;

/// The section; None under models without controls.
pub(super) fn section(result: &SampleResult, figures: &[FigureReference]) -> Option<Section> {
    let summary = result.controls.as_ref()?;
    let mut blocks = vec![Block::Paragraph(words::summary(summary))];
    blocks.extend(words::placebos(result).map(Block::Paragraph));
    let explained = if summary.synthetic {
        "A donor is another security with a return on every day of both windows and no event of its own in the event window. How much a control explains before the event says how far to trust it after: the placebos’ errors stand beside. p (CAR) and p (error) rank the event among its donors as if treated, by the size of the CAR and by the error over the window relative to that before."
    } else {
        "A firm can be matched when it has a return on every day of both windows and no event of its own in the event window; characteristics are those known before day 0. In brackets the distance from the event’s firm, in standard deviations."
    };
    blocks.push(Block::Paragraph(explained.to_owned()));
    blocks.extend(["control-paths", "control-placebos"].iter().filter_map(|name| super::figure(figures, name)));
    blocks.push(Block::Table(table(result, summary.synthetic)?));
    let total = result.events.controls.len();
    if total > MOST_LISTED {
        let sentence =
            format!("Shown are the first {MOST_LISTED} of {} events; all are in the table of controls (--tables).", number::count(total));
        blocks.push(Block::Paragraph(sentence));
    }
    Some(super::section("controls", if summary.synthetic { "The synthetic controls" } else { "The matched firms" }, blocks))
}

fn table(result: &SampleResult, synthetic: bool) -> Option<Table> {
    let columns = &result.events;
    let window = sample::headline(result)?.window;
    let place = columns.windows.iter().position(|held| held.window == window)?;
    let days = wording::window_words(window);
    let mut table = Table::new(
        format!("Controls, their fit before the event, and abnormal returns over days {days}"),
        &["Event", "Security", if synthetic { "Donors and weights" } else { "Matched firms" }, "RMSPE", "R²", "CAR"],
    )
    .with_text_columns(&[0, 1, 2]);
    if synthetic {
        table.header.extend(["p (CAR)", "Error after / before", "p (error)"].map(str::to_owned));
    }
    for (event, controls) in columns.controls.iter().enumerate().take(MOST_LISTED) {
        let car = columns.windows.get(place).and_then(|held| held.car.get(event));
        let mut row = vec![
            columns.event_id.get(event).map(ToString::to_string).unwrap_or_default(),
            columns.symbol_of(event).to_owned(),
            words::weights(controls),
            number::percent(controls.error, 2),
            controls.r_squared.map_or_else(|| UNKNOWN.to_owned(), |fit| number::fixed(fit, 2)),
            car.map_or_else(|| UNKNOWN.to_owned(), |car| number::percent_signed(*car, 2)),
        ];
        if synthetic {
            let tests = columns.tests.get(event).and_then(|windows| windows.get(place)).map_or(&[][..], Vec::as_slice);
            let find = |name: &str| tests.iter().find(|test| test.name == name);
            let p_value = |name: &str| find(name).and_then(|test| test.p_value()).map_or_else(|| UNKNOWN.to_owned(), number::p_value_bare);
            let ratio = find("donor-placebo-rmspe").and_then(|test| test.statistic());
            row.push(p_value("donor-placebo"));
            row.push(ratio.map_or_else(|| UNKNOWN.to_owned(), |ratio| number::fixed(ratio, 2)));
            row.push(p_value("donor-placebo-rmspe"));
        }
        table.rows.push(row);
    }
    Some(table)
}
