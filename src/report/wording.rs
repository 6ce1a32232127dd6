//! Generated sentences. They state size, uncertainty and test, never more than the numbers carry: what happened after the news, not
//! what the news brought about.

pub mod activity;
pub mod beta;
pub mod control;
pub mod intraday;
mod period;
pub mod sample;
pub mod sample_test;
pub mod simulation;
pub mod specification;

pub use period::{horizon_phrase, horizon_words, period_words, reading_words};

use crate::claim::{Qualifier, StatedPercent};
use crate::diagnostics::Warning;
use crate::inference::{Outcome, TestOutcome};
use crate::model::ExpectedReturnModel;
use crate::report::name;
use crate::report::number;
use crate::series::Basis;
use crate::study::result::{CarResult, EventResult, Status};
use crate::study::{EventVerdict, StudyResult};
use crate::verify::{AsOfSource, Finding, Verdict};
use crate::window::Window;

/// Where something isn't known.
pub const UNKNOWN: &str = "–";

/// What is said of an article without a claim.
pub const NO_CLAIM: &str = "The article states no price move of a security or index";

/// The answer in one sentence: what holds of the article, and whether the move was unusual.
pub fn answer(result: &StudyResult) -> String {
    let mut parts = Vec::new();
    if !result.claims.is_empty() {
        parts.push(count_verdicts(&result.claims));
    } else if result.article.is_some() {
        parts.push(NO_CLAIM.to_owned());
    }
    match result.events.as_slice() {
        [] => {}
        [event] => parts.push(summarise(event)),
        events => parts.push(count_events(events)),
    }
    format!("{}.", capitalise(&parts.join("; ")))
}

/// What the answer leaves out, a paragraph each: figures that don't hold as stated, and each event with its tests.
pub fn details(result: &StudyResult) -> Vec<String> {
    if !result.claims.is_empty() && result.diagnostics.series.is_empty() {
        return vec!["There are no prices to check the figures against: add a price file.".to_owned()];
    }
    let figures = result.claims.iter().filter_map(qualify);
    figures.chain(result.events.iter().map(|event| answer_event(event, &result.study.benchmark, result.study.model))).collect()
}

fn count_verdicts(claims: &[Finding]) -> String {
    let total = claims.len();
    let count = |wanted: &str| claims.iter().filter(|finding| finding.verdict.name() == wanted).count();
    let (right, only, wrong, open) = (count("reproduced"), count("reproduced-only-as"), count("contradicted"), count("not-checkable"));
    let of_all = if total == 1 { "the article’s figure".to_owned() } else { format!("of the article’s {} figures", count_word(total)) };
    match (right == total, total) {
        (true, 1) => return "the article’s figure is right as stated".to_owned(),
        (true, _) => return format!("all {} of the article’s figures are right as stated", count_word(total)),
        (false, 1) => {
            let verdict = if only == 1 {
                "is right only when the period is counted in a particular way"
            } else if wrong == 1 {
                "is contradicted by the prices"
            } else {
                "can’t be checked"
            };
            return format!("{of_all} {verdict}");
        }
        (false, _) if open == total => return format!("none of the article’s {} figures can be checked", count_word(total)),
        (false, _) => {}
    }
    let mut parts = vec![format!("{} {} right as stated", count_word(right), are(right))];
    if only > 0 {
        parts.push(format!("{} only when the period is counted in a particular way", count_word(only)));
    }
    if wrong > 0 {
        parts.push(format!("{} {} contradicted by the prices", count_word(wrong), are(wrong)));
    }
    if open > 0 {
        parts.push(format!("{} can’t be checked", count_word(open)));
    }
    format!("{of_all}, {}", join(&parts, "and"))
}

/// One event in a clause.
fn summarise(event: &EventResult) -> String {
    let symbol = name::in_sentence(&event.symbol);
    let Some(headline) = event.headline() else { return format!("the move of {symbol} after the news could not be tested") };
    let period = if headline.cumulated.window == Window::DAY_ZERO {
        "on the first day that could react to the news".to_owned()
    } else {
        format!("over sessions {} around the news", window_words(headline.cumulated.window))
    };
    match event.verdict {
        EventVerdict::Unusual => format!("{symbol} moved more than its usual noise {period}"),
        EventVerdict::WithinNoise => format!("{symbol} moved no more than its usual noise {period}"),
        EventVerdict::TestsDisagree => format!("the tests disagree on whether {symbol} moved more than its usual noise {period}"),
        EventVerdict::Untested => format!("no test applies to the move of {symbol} {period}"),
    }
}

fn count_events(events: &[EventResult]) -> String {
    let count = |wanted: EventVerdict| events.iter().filter(|event| event.status == Status::Used && event.verdict == wanted).count();
    let excluded = events.iter().filter(|event| event.status == Status::Excluded).count();
    let mut parts = vec![
        format!("{} {} unusual", count_word(count(EventVerdict::Unusual)), are(count(EventVerdict::Unusual))),
        format!("{} within the usual noise", count_word(count(EventVerdict::WithinNoise))),
    ];
    let disputed = count(EventVerdict::TestsDisagree);
    if disputed > 0 {
        parts.push(format!("{} on which the tests disagree", count_word(disputed)));
    }
    if excluded > 0 {
        parts.push(format!("{} left out", count_word(excluded)));
    }
    format!("of {} moves after the news, {}", count_word(events.len()), join(&parts, "and"))
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// One more sentence for a figure that doesn't hold as stated.
fn qualify(finding: &Finding) -> Option<String> {
    let claim = format!("{}’s {} {}", name::subject_at_start(&finding.subject), stated_change(finding), horizon_phrase(finding.horizon));
    // A reading that couldn't be measured might have reproduced the figure.
    let unmeasured = finding.readings.iter().any(|reading| reading.measured.is_none());
    let ways = if unmeasured { "of the ways to count it that could be measured" } else { "of all the ways to count it" };
    match &finding.verdict {
        Verdict::Reproduced => None,
        Verdict::ReproducedOnlyAs => {
            let readings: Vec<String> = finding.reproducing().map(|reading| reading_words(reading.kind)).collect();
            let (low, high) = finding.range?;
            Some(format!(
                "{claim} holds, {ways}, only as {}; the {} lies between {} and {}.",
                join(&readings, "or"),
                if finding.against.is_some() { "gap" } else { "move" },
                measured(finding, low, 1),
                measured(finding, high, 1)
            ))
        }
        Verdict::Contradicted => {
            let (low, high) = finding.range?;
            if finding.readings.len() == 1 {
                return Some(format!("{claim} does not hold: the prices give {}.", measured(finding, low, 2)));
            }
            let limits = if low == high {
                measured(finding, low, 1)
            } else {
                format!("from {} to {}, none of them within what the figure covers", measured(finding, low, 1), measured(finding, high, 1))
            };
            let of_those = if unmeasured { ", as far as it could be measured" } else { "" };
            Some(format!("{claim} does not hold, however the period is counted{of_those}: the prices give {limits}."))
        }
        Verdict::NotCheckable { reason } => Some(format!("{claim} can’t be checked: {}.", finding.reason.as_ref().unwrap_or(reason))),
    }
}

fn answer_event(event: &EventResult, benchmark: &str, model: ExpectedReturnModel) -> String {
    let symbol = name::in_sentence(&event.symbol);
    let (Some(headline), Some(session)) = (event.headline(), event.session) else {
        let reason = event.reason.as_deref().unwrap_or("no reason was recorded");
        return format!("The move of {symbol} could not be tested: {reason}.");
    };
    let opening = match event.day_zero_return {
        Some(raw) => format!("On {}, the first session that could react to the news, {symbol} {}", number::day(session), moved(raw)),
        None => format!("The first session that could react to the news was {}", number::day(session)),
    };
    let window = headline.cumulated.window;
    let period = if window == Window::DAY_ZERO { "that day".to_owned() } else { format!("over sessions {}", window_words(window)) };
    let side = if headline.cumulated.value < 0.0 { "lower" } else { "higher" };
    let expectation = format!(
        "{period} its return was {} {side} than {}",
        number::points_unsigned(headline.cumulated.value, 1),
        yardstick(model, benchmark)
    );
    format!("{opening}; {expectation}. {}", verdict_sentence(event, headline))
}

fn yardstick(model: ExpectedReturnModel, benchmark: &str) -> String {
    let benchmark = name::in_sentence(benchmark);
    match model {
        ExpectedReturnModel::Market => format!("its usual relation to {benchmark} would suggest"),
        ExpectedReturnModel::MarketAdjusted => format!("that of {benchmark}"),
        ExpectedReturnModel::ConstantMean => "its average".to_owned(),
        _ => "its usual relation to the factors would suggest".to_owned(),
    }
}

/// Whether the move is unusual, with the tests it rests on.
pub fn verdict_sentence(event: &EventResult, headline: &CarResult) -> String {
    let p_values: Vec<String> = ["t", "placebo"].into_iter().filter_map(|name| test_phrase(&headline.tests, name)).collect();
    let tests = if p_values.is_empty() { String::new() } else { format!(" ({})", p_values.join("; ")) };
    match event.verdict {
        EventVerdict::Unusual => format!("That is more than its usual noise{tests}."),
        EventVerdict::WithinNoise => format!("That is within its usual noise{tests}: no reaction stands out in the prices."),
        EventVerdict::TestsDisagree => format!("The tests disagree on whether that is more than its usual noise{tests}."),
        EventVerdict::Untested => format!("No test applies, so whether that is unusual can’t be said{tests}."),
    }
}

fn test_phrase(tests: &[TestOutcome], name: &str) -> Option<String> {
    let p_value = tests.iter().find(|test| test.name == name)?.p_value()?;
    Some(format!("{}, {}", test_words(name), number::p_value(p_value)))
}

/// A test's name in words.
pub fn test_words(name: &str) -> &'static str {
    match name {
        "t" => "t test",
        "placebo" => "placebo test",
        "sample-quantile" => "sample-quantile test",
        "rank" => "rank of the day",
        _ => "test",
    }
}

/// A test's p-value, or why it has none.
pub fn test_cell(tests: &[TestOutcome], name: &str) -> String {
    match tests.iter().find(|test| test.name == name).map(|test| &test.outcome) {
        Some(Outcome::Computed { p_value, .. }) => number::p_value_bare(*p_value),
        Some(Outcome::Inapplicable { .. }) | None => UNKNOWN.to_owned(),
    }
}

/// "a fall of more than 20 %".
pub fn stated_move(stated: StatedPercent, qualifier: Qualifier) -> String {
    let kind = if stated.is_fall() { "fall" } else { "rise" };
    let words = qualifier.words();
    let space = if words.is_empty() { "" } else { " " };
    format!("{kind} of {words}{space}{}", number::percent_value(stated.percent().abs(), usize::from(stated.decimals())))
}

/// "more than −20 %": the figure as printed, with its qualifier.
pub fn stated_figure(stated: StatedPercent, qualifier: Qualifier) -> String {
    let words = qualifier.words();
    let space = if words.is_empty() { "" } else { " " };
    format!("{words}{space}{}", number::percent_value_signed(stated.percent(), usize::from(stated.decimals())))
}

fn moved(fraction: f64) -> String {
    let size = number::percent(fraction.abs(), 1);
    if fraction < 0.0 { format!("fell {size}") } else { format!("rose {size}") }
}

/// The figure as printed, with its qualifier: "more than −20 %", or for a gap "3 pp ahead of the S&P 500".
pub fn stated_label(finding: &Finding) -> String {
    figure_label(finding.stated, finding.qualifier, finding.against.as_deref())
}

/// The same of a figure that isn't measured; `against` is the benchmark of a gap.
pub fn figure_label(stated: StatedPercent, qualifier: Qualifier, against: Option<&str>) -> String {
    gap_words(stated, qualifier, against, number::points_value_short).unwrap_or_else(|| stated_figure(stated, qualifier))
}

/// "fall of more than 20 %", or for a gap "gap of 3 percentage points ahead of the S&P 500".
pub fn stated_change(finding: &Finding) -> String {
    match gap_words(finding.stated, finding.qualifier, finding.against.as_deref(), number::points_value) {
        Some(gap) => format!("gap of {gap}"),
        None => stated_move(finding.stated, finding.qualifier),
    }
}

fn gap_words(stated: StatedPercent, qualifier: Qualifier, against: Option<&str>, points: fn(f64, usize) -> String) -> Option<String> {
    let benchmark = name::in_sentence(against?);
    let side = if stated.is_fall() { "behind" } else { "ahead of" };
    let words = qualifier.words();
    let space = if words.is_empty() { "" } else { " " };
    Some(format!("{words}{space}{} {side} {benchmark}", points(stated.percent(), usize::from(stated.decimals()))))
}

/// A measured value of a claim: "−20.9 %", or for a gap "+3.2 pp".
pub fn measured(finding: &Finding, value: f64, decimals: usize) -> String {
    if finding.against.is_some() { number::points(value, decimals) } else { number::percent_signed(value, decimals) }
}

/// A verdict in a table.
pub fn verdict_words(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Reproduced => "reproduced",
        Verdict::ReproducedOnlyAs => "reproduced only as",
        Verdict::Contradicted => "contradicted",
        Verdict::NotCheckable { .. } => "not checkable",
    }
}

/// A verdict as a sign, for readers who don't see its colour.
pub fn verdict_sign(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Reproduced => "✓",
        Verdict::ReproducedOnlyAs => "≈",
        Verdict::Contradicted => "✗",
        Verdict::NotCheckable { .. } => "?",
    }
}

/// What the signs mean.
pub fn signs_sentence() -> String {
    "✓ right as stated, ≈ right only when the period is counted in a particular way, ✗ contradicted by the prices, ? not checkable. The number leads to \
     the note below the text."
        .to_owned()
}

/// A window of event days: "−10 to +10", or "0".
pub fn window_words(window: Window) -> String {
    let first = event_day_words(window.first());
    if window.days() == 1 { first } else { format!("{first} to {}", event_day_words(window.last())) }
}

/// An event day with its sign: "−1", "0", "+5".
pub fn event_day_words(day: i32) -> String {
    number::signed(f64::from(day), 0)
}

/// A warning about the model, with what it means for the reader.
pub fn warning_sentence(warning: &Warning) -> String {
    match warning {
        Warning::FewReturns { n } => format!("Only {n} returns in the estimation window: the model’s parameters are rough."),
        Warning::LowFit { r_squared } => format!(
            "The benchmark explains only {} of the security’s variance: the expected return is hardly better than a constant.",
            number::percent(*r_squared, 0)
        ),
        Warning::NonNormal { p_value, kurtosis } if *kurtosis > 3.0 => format!(
            "The residuals aren’t normal (Jarque–Bera {}, kurtosis {} where a normal has 3): large moves are more common than the t test takes for granted. Read the placebo test beside it.",
            number::p_value(*p_value),
            number::fixed(*kurtosis, 1)
        ),
        Warning::NonNormal { p_value, kurtosis } => format!(
            "The residuals aren’t normal (Jarque–Bera {}, kurtosis {} where a normal has 3): the t test takes for granted that they are. Read the placebo test beside it.",
            number::p_value(*p_value),
            number::fixed(*kurtosis, 1)
        ),
        Warning::Autocorrelated { p_value } => {
            format!("The residuals follow each other (Ljung–Box {}): standard errors over several days are off.", number::p_value(*p_value))
        }
        Warning::Heteroscedastic { p_value } => format!(
            "How far the residuals spread depends on the benchmark’s return (Breusch–Pagan {}): one standard error for all days is too large for some and too small for others.",
            number::p_value(*p_value)
        ),
        Warning::VolatilityClusters { p_value } => format!(
            "The residuals come in quiet and wild spells (ARCH test {}): around the event the usual noise may have been larger or smaller than the average.",
            number::p_value(*p_value)
        ),
    }
}

/// How the as-of session was found.
pub fn as_of_sentence(result: &StudyResult) -> Option<String> {
    let article = result.article.as_ref()?;
    let Some(as_of) = article.as_of else {
        return article.reason.as_ref().map(|reason| format!("The session that the figures refer to isn’t known: {reason}."));
    };
    let session = number::day(as_of.session);
    Some(match as_of.source {
        AsOfSource::Quotes { quotes, searched, fitting: 1 } => format!(
            "The figures refer to the close of {session}: of {} sessions searched, it is the only one whose moves match {}. Quotes that served to find the session are no check on themselves.",
            number::count(searched),
            if quotes == 1 {
                "the article’s one quote".to_owned()
            } else {
                format!("the article’s {} one-day quotes", count_word(quotes))
            }
        ),
        AsOfSource::Quotes { quotes, fitting, .. } => format!(
            "The figures refer to the close of {session}: the last of {fitting} sessions shortly before the article was published whose moves match its {quotes} one-day quotes."
        ),
        AsOfSource::Published => format!(
            "The figures are taken to refer to the close of {session}, the last one known when the article was published (a date without a time is taken at the end of its day)."
        ),
    })
}

/// What a series' levels are.
pub fn basis_words(basis: Basis) -> &'static str {
    match basis {
        Basis::Close => "close",
        Basis::AdjustedClose => "adjusted close",
        Basis::CumulatedReturns => "cumulated returns",
    }
}

/// Why an event was left out; None when it was used.
pub fn exclusion_sentence(event: &EventResult) -> Option<String> {
    let reason = event.reason.as_ref().filter(|_| event.status == Status::Excluded)?;
    Some(format!("The event “{}” was left out: {reason}.", event.event_id))
}

/// "none", "one", "two" … up to ten, digits beyond.
pub fn count_word(count: usize) -> String {
    const WORDS: [&str; 11] = ["none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    WORDS.get(count).map_or_else(|| number::count(count), |word| (*word).to_owned())
}

/// "a, b and c".
pub fn join(parts: &[String], last: &str) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., end] => format!("{} {last} {end}", all.join(", ")),
    }
}

/// The first letter as a capital.
pub fn capitalise(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
