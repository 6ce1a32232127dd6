//! Figure `abnormal-returns`: each session's abnormal return, and their sum with its 95 % interval.

use super::caption;
use super::figure::{Axis, Bar, Direction, Figure, Mark, Panel, Role, Scale};
use crate::abnormal::CONFIDENCE;
use crate::model::ExpectedReturnModel;
use crate::report::name;
use crate::report::number;
use crate::report::wording;
use crate::study::result::{CarResult, EventResult};
use crate::study::{EventVerdict, StudyResult};

/// The figure; None for an event without abnormal returns.
pub(super) fn figure(result: &StudyResult, event: &EventResult) -> Option<Figure> {
    let headline = event.headline()?;
    let model = event.model.as_ref()?;
    let columns = &event.columns;
    let dates: Vec<_> = columns.days.iter().copied().zip(columns.sessions.iter().copied()).collect();
    let sessions = || Axis::new(Scale::Sessions { dates: dates.clone() });
    let bars: Vec<Bar> = columns
        .days
        .iter()
        .zip(&columns.ar)
        .filter_map(|(day, value)| Some(Bar { x: f64::from(*day), y: (*value)?, role: if *day == 0 { Role::Accent } else { Role::Muted } }))
        .collect();
    let day_zero = bars.iter().find(|bar| bar.x == 0.0).map(|bar| number::percent_signed(bar.y, 1));
    let mut daily = Panel::new(sessions(), Axis::new(Scale::Percent).with_baseline(0.0));
    daily.heading = Some(match &day_zero {
        Some(value) => format!("Abnormal return of each session; day 0: {value}"),
        None => "Abnormal return of each session".to_owned(),
    });
    daily.marks.push(Mark::Bars { bars });

    let mut cumulated = Panel::new(sessions().titled("Sessions from the event"), Axis::new(Scale::Percent).with_baseline(0.0));
    let first = result.study.window.first();
    let confidence = number::percent(CONFIDENCE, 0);
    cumulated.heading = Some(format!("Cumulated from day {}, with its {confidence} interval", wording::event_day_words(first)));
    cumulated.weight = 1.25;
    let entries: Vec<_> = event.cumulative.iter().map(|entry| (f64::from(entry.window.last()), entry)).collect();
    let last = entries.last().map_or_else(String::new, |(_, entry)| format!("CAR {}", number::percent_signed(entry.value, 1)));
    cumulated.marks = vec![
        Mark::Band {
            points: entries.iter().map(|(day, entry)| (*day, entry.low, entry.high)).collect(),
            role: Role::Band,
            label: format!("{confidence} interval"),
        },
        Mark::Rule { along: Direction::X, at: 0.0, role: Role::Accent, label: String::new() },
        Mark::Line { points: entries.iter().map(|(day, entry)| (*day, entry.value)).collect(), role: Role::Security, label: last },
    ];
    let title = title(result, event, headline);
    let name = caption::name_in_sentence(&event.symbol);
    let tests: Vec<String> = headline
        .tests
        .iter()
        .filter(|test| matches!(test.name, "t" | "placebo"))
        .filter_map(|test| Some(format!("{} {}", wording::test_words(test.name), number::p_value(test.p_value()?))))
        .collect();
    let tests = if tests.is_empty() {
        String::new()
    } else {
        format!("CAR {}: {}.", caption::when(headline.cumulated.window, event), tests.join(", "))
    };
    Some(Figure {
        name: name::figure("abnormal-returns", event, result),
        subtitle: format!(
            "Return of {name} above or below {}, by session from the event",
            expectation(model.name, &result.study.benchmark)
        ),
        note: caption::sentences(&[caption::model_sentence(model, result), tests, caption::source(result)]),
        alt: format!(
            "Bar chart of the abnormal returns of {name} on the sessions {} around the event, and a line of their sum with its {confidence} interval. {title}.",
            wording::window_words(result.study.window)
        ),
        title,
        panels: vec![daily, cumulated],
        shared_x: true,
    })
}

fn expectation(model: ExpectedReturnModel, benchmark: &str) -> String {
    match model {
        ExpectedReturnModel::Market => format!("what its relation to {} implies", caption::name_in_sentence(benchmark)),
        ExpectedReturnModel::MarketAdjusted => format!("that of {}", caption::name_in_sentence(benchmark)),
        ExpectedReturnModel::ConstantMean => "its average".to_owned(),
        _ => "what its relation to the factors implies".to_owned(),
    }
}

fn title(result: &StudyResult, event: &EventResult, headline: &CarResult) -> String {
    let value = headline.cumulated.value;
    let direction = if value < 0.0 { "less" } else { "more" };
    let verdict = match event.verdict {
        EventVerdict::Unusual => ": more than its usual noise",
        EventVerdict::WithinNoise => ", within its usual noise",
        EventVerdict::TestsDisagree => "; the tests disagree on whether that is unusual",
        EventVerdict::Untested => "",
    };
    format!(
        "{} returned {} {direction} than {} {}{verdict}",
        caption::name_at_start(&event.symbol),
        number::points_unsigned(value, 1),
        caption::yardstick(result.study.model, &result.study.benchmark),
        caption::when(headline.cumulated.window, event),
    )
}
