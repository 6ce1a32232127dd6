//! The alphas of calendar-time portfolios in a table, and how they were made.

use crate::inference::calendar_time_alpha::AlphaKind;
use crate::report::document::{Block, Section, Table};
use crate::report::number;
use crate::report::wording::{self, UNKNOWN, sample as words};
use crate::sample::SampleResult;
use crate::sample::long_horizon::PortfolioPeriod;

/// The section; None unless the tests for long windows were asked for.
pub(super) fn section(result: &SampleResult) -> Option<Section> {
    let table = table(result)?;
    let mut blocks = vec![Block::Table(table)];
    blocks.extend(facts(result).into_iter().map(Block::Paragraph));
    blocks.push(Block::Paragraph(method(result)));
    Some(super::section("long-horizon", "Calendar-time portfolios", blocks))
}

fn period(result: &SampleResult) -> &'static str {
    match result.study.long_horizon.as_ref().map(|asked| asked.period) {
        Some(PortfolioPeriod::Month) => "month",
        _ => "session",
    }
}

fn name(kind: AlphaKind) -> &'static str {
    match kind {
        AlphaKind::Equal => "equal parts",
        AlphaKind::EqualWeightedFit => "equal parts, WLS",
        AlphaKind::Value => "by value",
    }
}

/// Alphas of all events, window by window; None unless asked for.
pub(super) fn table(result: &SampleResult) -> Option<Table> {
    let windows = &words::all_events(result)?.windows;
    if windows.iter().all(|window| window.alphas.is_empty()) {
        return None;
    }
    let period = period(result);
    let header = ["Days", "Portfolio", "Alpha", "95 % interval", "t", "p", "Periods", "Events held"];
    let caption = format!("Alphas of calendar-time portfolios, percent a {period}, all events");
    let mut table = Table::new(caption, &header).with_text_columns(&[0, 1]);
    for window in windows {
        for alpha in &window.alphas {
            let none = || UNKNOWN.to_owned();
            let mut row =
                vec![wording::window_words(window.window).replace(' ', &number::NO_BREAK.to_string()), name(alpha.kind).to_owned()];
            match &alpha.outcome {
                Ok(found) => {
                    let error = Some(found.alpha.standard_error);
                    let (low, high) = found.alpha.interval;
                    row.extend([
                        number::estimate(found.alpha.value, error).0,
                        format!("{} to {}", number::estimate(low, error).0, number::estimate(high, error).0),
                        number::fixed(found.alpha.t, 2),
                        number::p_value_bare(found.alpha.p_value),
                        number::count(found.periods),
                        number::fixed(found.mean_held, 1),
                    ]);
                }
                Err(_) => row.extend((0..6).map(|_| none())),
            }
            table.rows.push(row);
        }
    }
    Some(table)
}

/// Why alphas are missing, and which events have no part in them.
pub(super) fn facts(result: &SampleResult) -> Vec<String> {
    let mut facts = Vec::new();
    let alphas = words::all_events(result)
        .into_iter()
        .flat_map(|all| all.windows.iter().flat_map(|window| window.alphas.iter().map(move |alpha| (window.window, alpha))));
    for (window, alpha) in alphas {
        if let Err(reason) = &alpha.outcome {
            facts.push(format!("No alpha {} ({}): {reason}.", words::when(window), name(alpha.kind)));
        }
        if alpha.without_weight > 0 {
            let sentence =
                format!("{} without a weight above 0 left out of the portfolio by value.", number::plural(alpha.without_weight, "event"));
            if !facts.contains(&sentence) {
                facts.push(sentence);
            }
        }
    }
    facts
}

fn method(result: &SampleResult) -> String {
    let asked = result.study.long_horizon.as_ref();
    let holding = match asked.map(|asked| asked.period) {
        Some(PortfolioPeriod::Month) => {
            "In each calendar month the portfolio holds the events whose window covers all of its sessions; an event’s return is compounded over the month, and so are the factors"
        }
        _ => "On each session the portfolio holds the events whose window is open, and is rebalanced daily",
    };
    let weights = match asked.and_then(|asked| asked.weights.as_ref()) {
        Some(column) => {
            format!(" Parts by value are those of the column {column}, as it stands in the event file: they don’t move with prices.")
        }
        None => String::new(),
    };
    let factors = words::all_events(result)
        .into_iter()
        .flat_map(|all| &all.windows)
        .flat_map(|window| &window.alphas)
        .find(|alpha| !alpha.factors.is_empty())
        .map_or_else(|| "the factors".to_owned(), |alpha| wording::join(&alpha.factors, "and"));
    format!(
        "{holding}; an event is one holding, also where a firm has several. Alpha is the intercept of the regression of the portfolio’s return on {factors} (Fama 1998, Journal of Financial Economics 49, 283–306; Mitchell & Stafford 2000, Journal of Business 73, 287–329), its error Newey and West’s (1987) with ⌊4 (T/100)^(2/9)⌋ lags over T periods and the factor T/(T − k). WLS weights each period by the number of events held.{weights}"
    )
}
