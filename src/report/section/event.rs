//! One event: the reaction and its tests, performance against benchmark and peers, volume.

use crate::calendar::Timing;
use crate::inference::Outcome;
use crate::performance::{Performance, PeriodPerformance, Role, SecurityPerformance};
use crate::report::document::{Block, FigureReference, Section, Table};
use crate::report::wording::specification;
use crate::report::{name, number, section, wording};
use crate::series::ReturnKind;
use crate::study::StudyResult;
use crate::study::result::EventResult;
use crate::volume::AbnormalVolume;

/// The sections of one event.
pub fn sections(result: &StudyResult, event: &EventResult, figures: &[FigureReference]) -> Vec<Section> {
    let several = result.events.len() > 1;
    let suffix = if several { format!("-{}", event.event_id) } else { String::new() };
    let drawn = |kinds: &[&str]| section::figures(figures, kinds, result, event);
    let of_event = if several { format!(": {}", event.title.as_deref().unwrap_or(event.event_id.as_str())) } else { String::new() };
    let mut sections = vec![Section {
        id: format!("reaction{suffix}"),
        heading: format!("Was the move unusual{of_event}?"),
        blocks: reaction(event, result.study.returns, &drawn),
    }];
    if let Some(curve) = &event.specifications {
        let mut blocks = vec![Block::Paragraph(format!(
            "{}. {} {}",
            specification::headline(curve),
            specification::spread(curve),
            specification::basis(curve)
        ))];
        blocks.extend(drawn(&["specifications"]));
        blocks.extend(specification::placebo(curve).map(Block::Paragraph));
        blocks.extend(specification::failed(curve).map(Block::Paragraph));
        sections.push(Section { id: format!("choices{suffix}"), heading: format!("Does it depend on the method{of_event}?"), blocks });
    }
    if let Some(performance) = &event.performance {
        let mut blocks = drawn(&["rebased-performance"]);
        blocks.push(Block::Table(periods(performance)));
        blocks.extend(comparisons(performance));
        blocks.extend(drawn(&["relative-strength"]));
        blocks.push(Block::Table(drawdowns(performance)));
        sections.push(Section { id: format!("performance{suffix}"), heading: format!("Against the market{of_event}"), blocks });
    }
    if let Some(reason) = &event.volume_reason {
        let blocks = vec![Block::Paragraph(format!("Abnormal volume can’t be measured: {reason}."))];
        sections.push(Section { id: format!("volume{suffix}"), heading: format!("How much was traded{of_event}"), blocks });
    }
    if let Some(volume) = &event.volume {
        let mut blocks = vec![Block::Paragraph(volume_sentence(event, volume))];
        blocks.extend(drawn(&["abnormal-volume"]));
        sections.push(Section { id: format!("volume{suffix}"), heading: format!("How much was traded{of_event}"), blocks });
    }
    sections
}

fn reaction(event: &EventResult, returns: ReturnKind, drawn: &impl Fn(&[&str]) -> Vec<Block>) -> Vec<Block> {
    let mut blocks = Vec::new();
    blocks.extend(placement(event).map(Block::Paragraph));
    blocks.extend(wording::exclusion_sentence(event).map(Block::Warning));
    if event.car.is_empty() {
        return blocks;
    }
    blocks.push(Block::Table(cumulated(event)));
    blocks.extend(drawn(&["abnormal-returns"]));
    blocks.push(Block::Table(tests(event)));
    blocks.extend(drawn(&["placebo", "market-model", "rolling-beta"]));
    blocks.extend(event.rolling_beta_reason.as_ref().map(|reason| Block::Paragraph(format!("There is no rolling beta: {reason}."))));
    let warnings = event.diagnostics.iter().flat_map(|diagnostics| &diagnostics.warnings);
    blocks.extend(warnings.map(wording::warning_sentence).map(Block::Warning));
    blocks.push(Block::Table(days(event, returns)));
    blocks
}

/// How the news was placed on a session.
fn placement(event: &EventResult) -> Option<String> {
    let session = number::day(event.session?);
    let (date, own_date) = (event.exchange_date?, event.date.date());
    let came =
        if date == own_date { number::day(date) } else { format!("{} ({} at the exchange)", number::day(own_date), number::day(date)) };
    let timing = match event.timing {
        Timing::BeforeOpen => " before the open",
        Timing::During => " during trading",
        Timing::AfterClose => " after the close",
        Timing::Unknown => "",
    };
    if event.shift_days? == 0 {
        let doubt = match event.timing {
            Timing::Unknown => {
                " The time of day isn’t given: if the news came after the close, the session after it is the one that could react."
            }
            _ => "",
        };
        return Some(format!("The news came on {came}{timing}; the same session is taken as the one that could react, day 0.{doubt}"));
    }
    let closed: Vec<String> = event.closures.iter().map(|(day, reason)| format!("{} ({reason})", number::short_day(*day))).collect();
    let reason = if closed.is_empty() { String::new() } else { format!(" (no trading on {})", wording::join(&closed, "and")) };
    Some(format!("The news came on {came}{timing}; day 0 is {session}{reason}."))
}

/// CARs over the windows asked for.
pub fn cumulated(event: &EventResult) -> Table {
    let mut table = Table::new(
        format!("Abnormal returns of {} (beyond what the model expects)", event.symbol),
        &["Sessions", "Abnormal return", "Standard error", "95 % interval", "t", "p (t test)", "p (placebo)", "Buy and hold"],
    );
    for car in &event.car {
        let cumulated = &car.cumulated;
        table.rows.push(vec![
            wording::window_words(cumulated.window),
            number::percent_signed(cumulated.value, 2),
            number::percent(cumulated.standard_error, 2),
            format!("{} to {}", number::percent_signed(cumulated.low, 1), number::percent_signed(cumulated.high, 1)),
            number::fixed(cumulated.t, 2),
            number::p_value_bare(cumulated.p_value),
            wording::test_cell(&car.tests, "placebo"),
            number::percent_signed(cumulated.bhar, 2),
        ]);
    }
    table
}

/// The tests of the headline window, those that don't apply with their reason.
fn tests(event: &EventResult) -> Table {
    let window = event.headline().map_or_else(String::new, |headline| wording::window_words(headline.cumulated.window));
    let mut table =
        Table::new(format!("Tests of sessions {window}"), &["Test", "Statistic", "p-value", "Against"]).with_text_columns(&[0, 3]);
    for test in event.headline().iter().flat_map(|headline| &headline.tests) {
        let name = wording::test_words(test.name).to_owned();
        table.rows.push(match &test.outcome {
            Outcome::Computed { statistic, p_value, null, .. } => {
                let statistic = match test.name {
                    "placebo" => number::percent_signed(*statistic, 2),
                    "sample-quantile" | "rank" => number::fixed(*statistic, 0),
                    _ => number::fixed(*statistic, 3),
                };
                vec![name, statistic, number::p_value_bare(*p_value), null.clone()]
            }
            Outcome::Inapplicable { reason } => {
                vec![name, wording::UNKNOWN.to_owned(), wording::UNKNOWN.to_owned(), format!("does not apply: {reason}")]
            }
        });
    }
    table
}

/// Every day of the event window.
fn days(event: &EventResult, returns: ReturnKind) -> Table {
    let kind = if returns == ReturnKind::Log { "Log return" } else { "Return" };
    let mut table = Table::new(
        "Every session of the event window",
        &["Day", "Date", kind, "Benchmark", "Abnormal return", "Standard error", "p (t test)"],
    )
    .with_text_columns(&[1]);
    let columns = &event.columns;
    let percent = |value: Option<&Option<f64>>| {
        value.copied().flatten().map_or_else(|| wording::UNKNOWN.to_owned(), |value| number::percent_signed(value, 2))
    };
    for (position, (day, session)) in columns.days.iter().zip(&columns.sessions).enumerate() {
        table.rows.push(vec![
            wording::event_day_words(*day),
            number::day(*session),
            percent(columns.actual.get(position)),
            percent(columns.benchmark.get(position)),
            percent(columns.ar.get(position)),
            columns.ar_se.get(position).copied().flatten().map_or_else(|| wording::UNKNOWN.to_owned(), |value| number::percent(value, 2)),
            columns.ar_p.get(position).copied().flatten().map_or_else(|| wording::UNKNOWN.to_owned(), number::p_value_bare),
        ]);
    }
    table
}

fn optional(value: Option<f64>, write: impl Fn(f64) -> String) -> String {
    value.map_or_else(|| wording::UNKNOWN.to_owned(), write)
}

/// Returns and gaps of the event's security.
pub fn periods(performance: &Performance) -> Table {
    let own = performance.securities.iter().find(|security| security.role == Role::Security);
    let benchmark = performance.securities.iter().find(|security| security.role == Role::Benchmark);
    let symbol = own.map_or("security", |security| name::label(&security.symbol));
    let market = benchmark.map_or("benchmark", |security| name::label(&security.symbol));
    let mut table = Table::new(
        format!("{symbol} against {market}; periods up to the close of {}, and from it", number::day(performance.base)),
        &["Period", "From", "To", symbol, market, "Gap", "Relative", "Beta-adjusted gap"],
    )
    .with_text_columns(&[0, 1, 2]);
    for period in own.iter().flat_map(|security| &security.periods) {
        table.rows.push(vec![
            period.period.words(),
            period.from.map_or_else(|| wording::UNKNOWN.to_owned(), number::day),
            period.to.map_or_else(|| wording::UNKNOWN.to_owned(), number::day),
            optional(period.security, |value| number::percent_signed(value, 1)),
            optional(period.benchmark, |value| number::percent_signed(value, 1)),
            optional(period.gap_pp, |value| number::percentage_points(value, 1)),
            optional(period.relative, |value| number::percent_signed(value, 1)),
            optional(period.beta_adjusted_gap_pp, |value| number::percentage_points(value, 1)),
        ]);
    }
    table
}

/// A figure of all securities side by side; None when there is nothing but the security and its benchmark.
fn compared(performance: &Performance, caption: &str, write: impl Fn(&PeriodPerformance) -> Option<String>) -> Option<Table> {
    let first = performance.securities.first().filter(|_| performance.securities.iter().any(|security| security.role == Role::Peer))?;
    let mut table = Table::new(caption, &["Period"]);
    table.header.extend(performance.securities.iter().map(|security| name::label(&security.symbol).to_owned()));
    for (position, period) in first.periods.iter().enumerate() {
        let cell =
            |security: &SecurityPerformance| security.periods.get(position).and_then(&write).unwrap_or_else(|| wording::UNKNOWN.to_owned());
        let mut row = vec![period.period.words()];
        row.extend(performance.securities.iter().map(cell));
        table.rows.push(row);
    }
    Some(table)
}

/// Returns of all securities, and their gaps to the benchmark held beta times.
fn comparisons(performance: &Performance) -> Vec<Block> {
    let returns = compared(performance, "Returns of all securities", |period| Some(number::percent_signed(period.security?, 1)));
    let gaps = compared(performance, "Gaps to the benchmark", |period| Some(number::percentage_points(period.gap_pp?, 1)));
    let adjusted = compared(performance, "Beta-adjusted gaps to the benchmark", |period| {
        Some(number::percentage_points(period.beta_adjusted_gap_pp?, 1))
    });
    [returns, gaps, adjusted].into_iter().flatten().map(Block::Table).collect()
}

fn drawdowns(performance: &Performance) -> Table {
    let mut table = Table::new("Deepest fall from a high over the sessions drawn", &["Security", "Beta", "Fall", "High", "Low"])
        .with_text_columns(&[0, 3, 4]);
    for security in &performance.securities {
        let day = |date: Option<chrono::NaiveDate>| date.map_or_else(|| wording::UNKNOWN.to_owned(), number::day);
        table.rows.push(vec![
            name::label(&security.symbol).to_owned(),
            optional(security.beta, |value| number::fixed(value, 2)),
            optional(security.deepest.map(|deepest| deepest.depth), |value| number::percent_signed(value, 1)),
            day(security.deepest.map(|deepest| deepest.peak)),
            day(security.deepest.map(|deepest| deepest.trough)),
        ]);
    }
    table
}

fn volume_sentence(event: &EventResult, volume: &AbnormalVolume) -> String {
    let usual = format!(
        "Usual volume is {} shares a session (geometric mean of {} estimation sessions); {} of sessions would be expected to lie between {} and {} times that",
        number::large(volume.usual),
        number::count(volume.n),
        number::percent(crate::abnormal::CONFIDENCE, 0),
        number::fixed(volume.low_ratio, 2),
        number::fixed(volume.high_ratio, 2),
    );
    match volume.days.iter().find(|day| day.day == 0) {
        Some(day) => format!(
            "On day 0, {} times the usual volume of {} changed hands ({}). {usual}.",
            number::fixed(day.ratio, 2),
            event.symbol,
            number::p_value(day.p_value)
        ),
        None => format!("There is no volume for day 0. {usual}."),
    }
}
