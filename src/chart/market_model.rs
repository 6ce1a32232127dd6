//! Figure `market-model`: the security's returns against the benchmark's in the estimation window, the fitted line, and the days of
//! the event window.

use super::caption;
use super::figure::{Axis, Emphasis, Figure, KeyEntry, Mark, Panel, Point, Role, Scale, Symbol};
use crate::model::ExpectedReturnModel;
use crate::report::name;
use crate::report::number;
use crate::series::ReturnKind;
use crate::study::StudyResult;
use crate::study::result::EventResult;

/// The figure; None for an event without a fitted model, or of the benchmark itself.
pub(super) fn figure(result: &StudyResult, event: &EventResult) -> Option<Figure> {
    let model = event.model.as_ref()?;
    if event.symbol == result.study.benchmark {
        return None;
    }
    let estimation = event.estimation.as_ref()?;
    let (name, benchmark) = (caption::name(&event.symbol), caption::name_in_sentence(&result.study.benchmark));
    let point = |x: f64, y: f64| Point { x, y, label: String::new() };
    let cloud: Vec<Point> = estimation.benchmark.iter().zip(&estimation.security).map(|(x, y)| point(*x, *y)).collect();
    let columns = &event.columns;
    let days = columns.days.iter().zip(columns.benchmark.iter().zip(&columns.actual));
    let window: Vec<(i32, Point)> = days.filter_map(|(day, (x, y))| Some((*day, point((*x)?, (*y)?)))).collect();
    let (mut zero, mut others) = (Vec::new(), Vec::new());
    for (day, point) in window {
        if day == 0 {
            let session = event.session.map_or_else(String::new, |session| format!(", {}", number::short_day(session)));
            zero.push(Point { label: format!("Day 0{session}"), ..point });
        } else {
            others.push(point);
        }
    }
    let reach =
        |extreme: fn(f64, f64) -> f64, start: f64| cloud.iter().chain(&others).chain(&zero).map(|point| point.x).fold(start, extreme);
    let ends = [reach(f64::min, f64::INFINITY), reach(f64::max, f64::NEG_INFINITY)];
    let line: Vec<(f64, f64)> = ends.into_iter().filter(|x| x.is_finite()).map(|x| (x, model.alpha + model.beta * x)).collect();
    let (label, title) = match model.name {
        ExpectedReturnModel::Market => (
            format!("Fitted line: β = {}", number::fixed(model.beta, 2)),
            format!(
                "{} moved {} for every {} of {benchmark}{}",
                caption::name_at_start(&event.symbol),
                number::percent_value(model.beta, 2),
                number::percent_value(1.0, 0),
                model.r_squared.map_or_else(String::new, |fit| format!(", which explains {} of its variance", number::percent(fit, 0)))
            ),
        ),
        ExpectedReturnModel::MarketAdjusted => {
            ("Expected: the benchmark’s return".to_owned(), format!("{name} against {benchmark}, session by session"))
        }
        ExpectedReturnModel::ConstantMean => ("Expected: the mean".to_owned(), format!("{name} against {benchmark}, session by session")),
        _ => ("Expected: from factors".to_owned(), format!("{name} against {benchmark}, session by session")),
    };
    let mut panel = Panel::new(
        Axis::new(Scale::Percent).with_baseline(0.0).titled(format!("Return of {benchmark}")),
        Axis::new(Scale::Percent).with_baseline(0.0).titled(format!("Return of {name}")),
    );
    let key = |symbol, role, text: String| KeyEntry { symbol, role, text };
    panel.key = vec![
        key(Symbol::Marker(Emphasis::Cloud), Role::Muted, format!("estimation window, {}", number::plural(model.n, "session"))),
        key(Symbol::Marker(Emphasis::Filled), Role::Negative, "event window".to_owned()),
        key(Symbol::Marker(Emphasis::Primary), Role::Accent, "day 0".to_owned()),
    ];
    panel.marks = vec![
        Mark::Points { points: cloud, role: Role::Muted, emphasis: Emphasis::Cloud },
        Mark::Line { points: line, role: Role::Security, label },
        Mark::Points { points: others, role: Role::Negative, emphasis: Emphasis::Filled },
        Mark::Points { points: zero, role: Role::Accent, emphasis: Emphasis::Primary },
    ];
    let kind = match result.study.returns {
        ReturnKind::Simple => "simple",
        ReturnKind::Log => "log",
    };
    let dates = estimation.sessions.first().zip(estimation.sessions.last());
    let period = dates.map_or_else(String::new, |(first, last)| format!(", {} to {}", number::day(*first), number::day(*last)));
    Some(Figure {
        name: name::figure("market-model", event, result),
        subtitle: format!("Daily {kind} returns: the estimation window{period}, and the event window"),
        note: caption::sentences(&[caption::model_sentence(model, result), caption::source(result)]),
        alt: format!("Scatter plot of the daily returns of {name} against those of {benchmark} with the expected line. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
