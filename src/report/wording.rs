//! Generated sentences. They state size, uncertainty and test, never more than the numbers carry: what happened after the news, not
//! what the news brought about.

use crate::claim::{Horizon, Qualifier, StatedPercent};
use crate::diagnostics::Warning;
use crate::inference::{Outcome, TestOutcome};
use crate::report::number;
use crate::series::Basis;
use crate::study::result::{CarResult, EventResult, Status};
use crate::study::{EventVerdict, StudyResult};
use crate::verify::{AsOfSource, Finding, ReadingKind, Verdict};
use crate::window::Window;

/// Where something isn't known.
pub const UNKNOWN: &str = "–";

/// The opening of a report: what holds of the article, and whether the move was unusual.
pub fn answer(result: &StudyResult) -> Vec<String> {
    let mut sentences = Vec::new();
    if !result.claims.is_empty() {
        sentences.push(count_verdicts(&result.claims));
        sentences.extend(result.claims.iter().filter_map(qualify));
    }
    sentences.extend(result.events.iter().map(|event| answer_event(event, &result.study.benchmark)));
    sentences
}

fn count_verdicts(claims: &[Finding]) -> String {
    let count = |wanted: &str| claims.iter().filter(|finding| finding.verdict.name() == wanted).count();
    let total = claims.len();
    let (right, only, wrong, open) = (count("reproduced"), count("reproduced-only-as"), count("contradicted"), count("not-checkable"));
    if right == total {
        return match total {
            1 => "The article's figure is right as stated.".to_owned(),
            _ => format!("All {total} of the article's figures are right as stated."),
        };
    }
    let mut parts = vec![format!("{} of the article's {total} {} right as stated", number_word(right), if total == 1 { "figure is" } else { "figures are" })];
    if only > 0 {
        parts.push(format!("{} {} right only when the period is counted in a particular way", number_word(only), are(only)));
    }
    if wrong > 0 {
        parts.push(format!("{} {} contradicted by the prices", number_word(wrong), are(wrong)));
    }
    if open > 0 {
        parts.push(format!("{} can't be checked", number_word(open)));
    }
    capitalise(&format!("{}.", join(&parts, "and")))
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// One more sentence for a figure that doesn't hold as stated.
fn qualify(finding: &Finding) -> Option<String> {
    let claim = format!("{}’s {} {}", finding.symbol, stated_move(finding.stated, finding.qualifier), horizon_phrase(finding.horizon));
    match &finding.verdict {
        Verdict::Reproduced => None,
        Verdict::ReproducedOnlyAs => {
            let readings: Vec<String> = finding.reproducing().map(|reading| reading_words(reading.kind)).collect();
            let (low, high) = finding.range?;
            Some(format!(
                "{claim} holds only counted as {}; over all the ways to count it, the move lies between {} and {}.",
                join(&readings, "or"),
                number::percent_signed(low, 1),
                number::percent_signed(high, 1)
            ))
        }
        Verdict::Contradicted => {
            let (low, high) = finding.range?;
            let measured = if low == high {
                format!("the prices give {}", number::percent_signed(low, 2))
            } else {
                format!("under every way to count it the prices give between {} and {}", number::percent_signed(low, 1), number::percent_signed(high, 1))
            };
            Some(format!("{claim} does not hold: {measured}."))
        }
        Verdict::NotCheckable { reason } => Some(format!("{claim} can’t be checked: {reason}.")),
    }
}

fn answer_event(event: &EventResult, benchmark: &str) -> String {
    let (Some(headline), Some(session)) = (event.headline(), event.session) else {
        let reason = event.reason.as_deref().unwrap_or("no reason was recorded");
        return format!("The move of {} could not be tested: {reason}.", event.symbol);
    };
    let raw = event.columns.days.iter().position(|day| *day == 0).and_then(|position| event.columns.actual.get(position).copied().flatten());
    let opening = match raw {
        Some(raw) => format!("On {}, the first session that could react to the news, {} {}", number::day(session), event.symbol, moved(raw)),
        None => format!("The first session that could react to the news was {}", number::day(session)),
    };
    let expectation = format!(
        "{} its move was {} {} than its usual relation to {} would suggest",
        if headline.cumulated.window == Window::DAY_ZERO { "that day".to_owned() } else { format!("over the sessions {}", window_words(headline.cumulated.window)) },
        number::points_unsigned(headline.cumulated.value.abs(), 1),
        if headline.cumulated.value < 0.0 { "lower" } else { "higher" },
        benchmark_words(benchmark),
    );
    format!("{opening}; {expectation}. {}", verdict_sentence(event, headline))
}

fn benchmark_words(benchmark: &str) -> String {
    format!("the benchmark ({benchmark})")
}

/// Whether the move is unusual, with the tests it rests on.
pub fn verdict_sentence(event: &EventResult, headline: &CarResult) -> String {
    let p_values: Vec<String> = ["t", "placebo"].into_iter().filter_map(|name| test_phrase(&headline.tests, name)).collect();
    let tests = if p_values.is_empty() { String::new() } else { format!(" ({})", p_values.join("; ")) };
    match event.verdict {
        EventVerdict::Unusual => format!("That is more than its usual noise{tests}."),
        EventVerdict::WithinNoise => format!("That is within its usual noise{tests}: the prices give no sign that the market took the news for important."),
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

/// A horizon as a column says it.
pub fn horizon_words(horizon: Horizon) -> String {
    match horizon {
        Horizon::Session => "one session".to_owned(),
        Horizon::Sessions(count) => format!("{count} sessions"),
        Horizon::Weeks(1) => "past week".to_owned(),
        Horizon::Weeks(count) => format!("past {count} weeks"),
        Horizon::Months(1) => "past month".to_owned(),
        Horizon::Months(count) => format!("past {count} months"),
        Horizon::Quarter => "past quarter".to_owned(),
        Horizon::Years(1) => "past year".to_owned(),
        Horizon::Years(count) => format!("past {count} years"),
        Horizon::YearToDate => "year to date".to_owned(),
        Horizon::Since(date) => format!("since {}", number::day(date)),
        Horizon::FromHigh(None) => "from the 52-week high".to_owned(),
        Horizon::FromHigh(Some(date)) => format!("from the high since {}", number::day(date)),
        Horizon::FromLow(None) => "from the 52-week low".to_owned(),
        Horizon::FromLow(Some(date)) => format!("from the low since {}", number::day(date)),
    }
}

/// A horizon within a sentence.
fn horizon_phrase(horizon: Horizon) -> String {
    let words = horizon_words(horizon);
    match horizon {
        Horizon::Session | Horizon::Sessions(_) => format!("over {words}"),
        Horizon::YearToDate => "over the year to date".to_owned(),
        Horizon::Since(_) | Horizon::FromHigh(_) | Horizon::FromLow(_) => words,
        _ => format!("over the {words}"),
    }
}

/// A reading in words, its dates written out.
pub fn reading_words(kind: ReadingKind) -> String {
    match kind {
        ReadingKind::CloseOf(date) => format!("from the close of {}", number::day(date)),
        ReadingKind::CloseBefore(date) => format!("from the close before {}", number::day(date)),
        ReadingKind::HighestClose(date) => format!("from the highest close since {}", number::day(date)),
        ReadingKind::HighestPrice(date) => format!("from the highest price since {}", number::day(date)),
        ReadingKind::LowestClose(date) => format!("from the lowest close since {}", number::day(date)),
        ReadingKind::LowestPrice(date) => format!("from the lowest price since {}", number::day(date)),
        other => other.words(),
    }
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
        Warning::NonNormal { p_value, kurtosis } => format!(
            "The residuals aren’t normal (Jarque–Bera {}, kurtosis {} where a normal has 3): large moves are more common than the t test takes for granted. Read the placebo test beside it.",
            number::p_value(*p_value),
            number::fixed(*kurtosis, 1)
        ),
        Warning::Autocorrelated { p_value } => format!(
            "The residuals follow each other (Ljung–Box {}): standard errors over several days are off.",
            number::p_value(*p_value)
        ),
        Warning::Heteroscedastic { p_value } => format!(
            "The residuals spread more when the benchmark moves more (Breusch–Pagan {}): the standard error is an average over quiet and busy days.",
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
            "The figures refer to the close of {session}: of {} sessions searched, it is the only one whose moves match {}.",
            number::count(searched),
            if quotes == 1 { "the article’s one quote".to_owned() } else { format!("all {quotes} of the article’s one-day quotes") }
        ),
        AsOfSource::Quotes { quotes, fitting, .. } => format!(
            "The figures refer to the close of {session}: the last of {fitting} sessions shortly before the article was published whose moves match its {quotes} one-day quotes."
        ),
        AsOfSource::Published => format!("The figures refer to the close of {session}, the last one when the article was published."),
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

/// "one", "two" … as far as words read better than digits.
fn number_word(count: usize) -> String {
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

fn capitalise(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
