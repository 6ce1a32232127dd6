//! Words that several figures share: names of securities, the line on sources, the name of an event's figure.

use crate::claim::{Qualifier, Subject};
use crate::model::ExpectedReturnModel;
use crate::provenance::Provenance;
use crate::report::name;
use crate::report::number;
use crate::report::wording;
use crate::series::Basis;
use crate::study::StudyResult;
use crate::study::result::{EventResult, ModelSummary};
use crate::verify::Finding;
use crate::window::Window;

/// A security as a label says it, without a break: `S&P 500`, `NET`.
pub(super) fn name(symbol: &str) -> String {
    unbroken(name::label(symbol))
}

/// The security of a claim as a label says it, without a break.
pub(super) fn subject(subject: &Subject) -> String {
    unbroken(name::subject(subject))
}

/// A security within a sentence: `the S&P 500`, `NET`.
pub(super) fn name_in_sentence(symbol: &str) -> String {
    name::in_sentence(symbol).replace(name::label(symbol), &name(symbol))
}

/// The same at the beginning of a sentence.
pub(super) fn name_at_start(symbol: &str) -> String {
    name::at_start(symbol).replace(name::label(symbol), &name(symbol))
}

/// The security of a claim at the beginning of a sentence.
pub(super) fn subject_at_start(security: &Subject) -> String {
    name::subject_at_start(security).replace(name::subject(security), &subject(security))
}

fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{00A0}")
}

/// Where the prices come from, as a sentence; empty when nothing is known of it.
pub(super) fn source(result: &StudyResult) -> String {
    source_of(result.study.price_source.as_deref(), &result.provenance)
}

/// The same from the source in words, or else the files that went in.
pub(super) fn source_of(words: Option<&str>, provenance: &Provenance) -> String {
    if let Some(source) = words {
        return format!("Source: {}.", source.trim_end_matches('.'));
    }
    let file = |path: &str| path.rsplit(['/', '\\']).next().unwrap_or(path).to_owned();
    let files: Vec<String> = provenance.inputs.iter().filter(|input| input.rows.is_some()).map(|input| file(&input.path)).collect();
    if files.is_empty() { String::new() } else { format!("Source: {}.", wording::join(&files, "and")) }
}

/// What the levels of the study's series are, at the beginning of a sentence.
pub(super) fn levels(result: &StudyResult) -> &'static str {
    let mut bases = result.diagnostics.series.iter().map(|series| series.basis);
    let first = bases.next();
    match first {
        Some(first) if bases.all(|basis| basis == first) => match first {
            Basis::Close => "Closes",
            Basis::AdjustedClose => "Adjusted closes",
            Basis::CumulatedReturns => "Cumulated returns",
        },
        _ => "Levels",
    }
}

/// When a window of event days was: `on 6 Sep 2022` for day 0 alone, `over days 0 to +1` otherwise.
pub(super) fn when(window: Window, event: &EventResult) -> String {
    match event.session {
        Some(session) if window.days() == 1 && window.contains(0) => format!("on {}", number::day(session)),
        _ if window.days() == 1 => format!("on day {}", wording::window_words(window)),
        _ => format!("over days {}", wording::window_words(window)),
    }
}

/// The fitted model in a sentence, with its numbers.
pub(super) fn model_sentence(model: &ModelSummary, result: &StudyResult) -> String {
    let benchmark = name_in_sentence(&result.study.benchmark);
    let window = format!("{} estimation sessions (days {})", number::count(model.n), wording::window_words(result.study.estimation));
    let sigma = number::percent(model.sigma, 2);
    match model.name {
        ExpectedReturnModel::Market => {
            let fit = model.r_squared.map_or_else(String::new, |r_squared| format!(", R² = {}", number::fixed(r_squared, 2)));
            format!(
                "Market model on {benchmark} over {window}: α = {}, β = {}{fit}, residual standard deviation {sigma} a session.",
                number::percent(model.alpha, 2),
                number::fixed(model.beta, 2)
            )
        }
        ExpectedReturnModel::MarketAdjusted => {
            format!("Expected return: that of {benchmark}; standard deviation of the difference over {window} {sigma} a session.")
        }
        ExpectedReturnModel::ConstantMean => {
            format!("Expected return: the mean of {window}, {}; standard deviation {sigma} a session.", number::percent(model.alpha, 2))
        }
        factors => format!("Model {} over {window}; residual standard deviation {sigma} a session.", factors.name()),
    }
}

/// What an abnormal return is measured against, after "than".
pub(super) fn yardstick(model: ExpectedReturnModel, benchmark: &str) -> String {
    match model {
        ExpectedReturnModel::Market => format!("its relation to {} implied", name_in_sentence(benchmark)),
        ExpectedReturnModel::MarketAdjusted => name_in_sentence(benchmark),
        ExpectedReturnModel::ConstantMean => "its average".to_owned(),
        _ => "its relation to the factors implied".to_owned(),
    }
}

/// A stated figure in a label: `stated −1.03 %`, `stated: fall of more than 20 %`.
pub(super) fn stated(finding: &Finding) -> String {
    match finding.qualifier {
        Qualifier::None => format!("stated {}", wording::stated_label(finding)),
        _ if finding.against.is_some() => format!("stated: {}", wording::stated_label(finding)),
        qualifier => format!("stated: {}", wording::stated_move(finding.stated, qualifier)),
    }
}

/// Sentences with a space between them, the empty ones left out.
pub(super) fn sentences(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).map(String::as_str).collect::<Vec<_>>().join(" ")
}
