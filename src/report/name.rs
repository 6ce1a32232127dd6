//! Names: what people call an index, from the symbol that data vendors quote it under; and what an event's figure is called as a file.

use crate::claim::Subject;
use crate::study::StudyResult;
use crate::study::result::EventResult;

/// Symbols of indices, and their names.
const INDICES: [(&str, &str); 14] = [
    ("^GSPC", "S&P 500"),
    ("^SPX", "S&P 500"),
    ("SPX", "S&P 500"),
    ("^DJI", "Dow Jones"),
    ("^IXIC", "Nasdaq Composite"),
    ("^NDX", "Nasdaq-100"),
    ("^RUT", "Russell 2000"),
    ("^FTSE", "FTSE 100"),
    ("^GDAXI", "DAX"),
    ("^FCHI", "CAC 40"),
    ("^STOXX50E", "Euro Stoxx 50"),
    ("^STOXX", "Stoxx 600"),
    ("^N225", "Nikkei 225"),
    ("^HSI", "Hang Seng"),
];

/// A security as a label says it: `S&P 500`, `NET`.
pub fn label(symbol: &str) -> &str {
    INDICES.iter().find(|(index, _)| *index == symbol).map_or(symbol, |(_, name)| name)
}

/// A security within a sentence: `the S&P 500`, `NET`.
pub fn in_sentence(symbol: &str) -> String {
    let name = label(symbol);
    if name == symbol { name.to_owned() } else { format!("the {name}") }
}

/// The same at the beginning of a sentence.
pub fn at_start(symbol: &str) -> String {
    let name = label(symbol);
    if name == symbol { name.to_owned() } else { format!("The {name}") }
}

/// The security of a claim as a label says it: `S&P 500`, `NET`, the name as printed, or `unnamed`.
pub fn subject(subject: &Subject) -> &str {
    subject.symbol().map_or(subject.label(), label)
}

/// The security of a claim at the beginning of a sentence.
pub fn subject_at_start(subject: &Subject) -> String {
    match subject {
        Subject::Symbol(symbol) => at_start(symbol),
        Subject::Unknown(name) => name.clone(),
        Subject::Unsaid => "An unnamed security".to_owned(),
    }
}

/// Name of an event's figure: the kind, followed by the event's key when the study has several events. Characters that a file
/// name may not hold become hyphens.
pub fn figure(kind: &str, event: &EventResult, result: &StudyResult) -> String {
    if result.events.len() < 2 {
        return kind.to_owned();
    }
    let allowed = |character: char| if character.is_alphanumeric() || matches!(character, '-' | '_' | '.') { character } else { '-' };
    format!("{kind}-{}", event.event_id.as_str().chars().map(allowed).collect::<String>())
}
