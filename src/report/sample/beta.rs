//! Betas and thin trading: what the betas were and became, rolling betas, and how thinly securities trade.

use crate::report::document::{Block, FigureReference, Section, Table};
use crate::report::number;
use crate::report::wording::{UNKNOWN, beta as words};
use crate::sample::SampleResult;
use crate::sample::beta::BetaSpread;

/// The section; None when there is nothing to say.
pub fn section(result: &SampleResult, figures: &[FigureReference]) -> Option<Section> {
    let mut blocks = Vec::new();
    blocks.extend(words::thin(result).map(Block::Warning));
    blocks.extend(words::untraded(result).map(Block::Paragraph));
    if let Some(betas) = &result.betas {
        blocks.extend(result.shrinkage.as_ref().map(words::shrinkage).map(Block::Paragraph));
        let mut table =
            Table::new("Betas of the events", &["Beta", "N", "Mean", "Standard deviation", "Lowest", "Highest", "Mean standard error"]);
        table.rows.push(row("least squares", &betas.ordinary));
        table.rows.push(row("as used", &betas.used));
        blocks.push(Block::Table(table));
    }
    if result.rolling.is_some() {
        blocks.extend(figures.iter().find(|figure| figure.name == "rolling-beta").cloned().map(Block::Figure));
        blocks.extend(words::without_rolling(result).map(Block::Warning));
    }
    let heading = "Betas and thin trading".to_owned();
    (!blocks.is_empty()).then_some(Section { id: "betas".to_owned(), heading, blocks })
}

fn row(name: &str, spread: &BetaSpread) -> Vec<String> {
    let fixed = |value: f64| number::fixed(value, 3);
    vec![
        name.to_owned(),
        number::count(spread.n),
        fixed(spread.mean),
        spread.standard_deviation.map_or_else(|| UNKNOWN.to_owned(), fixed),
        fixed(spread.lowest),
        fixed(spread.highest),
        fixed(spread.mean_standard_error),
    ]
}
