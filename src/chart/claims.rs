//! Figure `claims`: what the article's figures cover against what the prices give, one row a claim.

use super::caption;
use super::figure::{Axis, Emphasis, Figure, KeyEntry, Mark, Panel, Point, Role, Row, Scale, Symbol};
use crate::report::number;
use crate::report::wording;
use crate::study::StudyResult;
use crate::verify::{Finding, Verdict};

/// How far beyond the bound of an open set the axis reaches, as a multiple of the bound.
const ROOM_FOR_ARROW: f64 = 1.5;

/// Most rows that a picture can hold and still be read.
const MOST_ROWS: usize = 30;

/// The figure; None without a claim.
pub(super) fn figure(result: &StudyResult) -> Option<Figure> {
    if result.claims.is_empty() {
        return None;
    }
    let shown = result.claims.get(..MOST_ROWS).unwrap_or(&result.claims);
    let rows = shown.iter().map(row).collect();
    let mut panel = Panel::new(Axis::new(Scale::Percent).with_baseline(0.0), Axis::new(Scale::Rows(rows)));
    let key = |symbol, role, text: &str| KeyEntry { symbol, role, text: text.to_owned() };
    panel.key = vec![
        key(Symbol::Swatch, Role::Stated, "what the stated figure covers"),
        key(Symbol::Marker(Emphasis::Filled), Role::Security, "measured, the first way to count"),
    ];
    if shown.iter().any(|finding| finding.readings.len() > 1) {
        panel.key.push(key(Symbol::Marker(Emphasis::Hollow), Role::Benchmark, "measured, other ways to count"));
    }
    for (position, finding) in shown.iter().enumerate() {
        // An open set needs room for its arrow beyond the one bound it has.
        let covered = finding.covers_pct;
        if let (Some(bound), None) | (None, Some(bound)) = (covered.low, covered.high) {
            panel.x = panel.x.including(bound / 100.0 * ROOM_FOR_ARROW);
        }
        panel.marks.extend(marks(position as f64, finding));
    }
    let mut sessions = shown.iter().map(|finding| finding.as_of);
    let as_of = sessions.next().flatten().filter(|first| sessions.all(|other| other == Some(*first)));
    let close = as_of.map_or_else(String::new, |session| format!(" to the close of {}", number::day(session)));
    let title = title(&result.claims);
    let left_out = if shown.len() < result.claims.len() {
        format!("Shown are the first {} of {} figures.", number::count(shown.len()), number::count(result.claims.len()))
    } else {
        String::new()
    };
    Some(Figure {
        name: "claims".to_owned(),
        subtitle: format!("Change in percent{close}, as stated by the article and as measured from prices"),
        note: caption::sentences(&[
            left_out,
            "A stated figure covers whatever rounds to it as printed; words such as “more than” open it on one side.".to_owned(),
            caption::source(result),
        ]),
        alt: format!("Table with one row for each of the article’s figures. {title}. {}", alt_rows(shown)),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}

fn decimals(finding: &Finding) -> usize {
    usize::from(finding.decimals).max(1)
}

fn measured(finding: &Finding) -> Option<String> {
    let value = finding.primary.as_ref()?.measured?;
    Some(format!("measured {}", wording::measured(finding, value, decimals(finding))))
}

fn row(finding: &Finding) -> Row {
    let readings: Vec<String> = finding.reproducing().map(|reading| wording::reading_words(reading.kind)).collect();
    let (outcome, role) = match &finding.verdict {
        Verdict::Reproduced => ("✓ Right as stated".to_owned(), Role::Positive),
        Verdict::ReproducedOnlyAs => (format!("○ Only as {}", wording::join(&readings, "or")), Role::Accent),
        Verdict::Contradicted => ("✗ Contradicted".to_owned(), Role::Negative),
        Verdict::NotCheckable { .. } => ("– Not checkable".to_owned(), Role::Muted),
    };
    let outcome_detail = match &finding.verdict {
        Verdict::NotCheckable { reason } => reason.clone(),
        _ => measured(finding).unwrap_or_default(),
    };
    Row {
        label: format!("{}, {}", caption::subject(&finding.subject), wording::horizon_words(finding.horizon)),
        detail: caption::stated(finding),
        outcome,
        outcome_detail,
        role,
    }
}

fn marks(y: f64, finding: &Finding) -> Vec<Mark> {
    let fraction = |percent: Option<f64>| percent.map(|percent| percent / 100.0);
    let covered = finding.covers_pct;
    let point = |value: f64| Point { x: value, y, label: String::new() };
    let others = finding.readings.iter().skip(1).filter_map(|reading| reading.measured).map(point).collect();
    let primary = finding.primary.as_ref().and_then(|reading| reading.measured).map(point).into_iter().collect();
    vec![
        Mark::Interval { y, from: fraction(covered.low), to: fraction(covered.high), role: Role::Stated },
        Mark::Points { points: others, role: Role::Benchmark, emphasis: Emphasis::Hollow },
        Mark::Points { points: primary, role: Role::Security, emphasis: Emphasis::Filled },
    ]
}

fn title(claims: &[Finding]) -> String {
    let count = |wanted: &str| claims.iter().filter(|finding| finding.verdict.name() == wanted).count();
    let total = claims.len();
    let (right, only, wrong, open) = (count("reproduced"), count("reproduced-only-as"), count("contradicted"), count("not-checkable"));
    if right == total {
        return if total == 1 {
            "The article’s figure is right as stated".to_owned()
        } else {
            format!("All {} of the article’s figures are right as stated", wording::count_word(total))
        };
    }
    let are = |count: usize| if count == 1 { "is" } else { "are" };
    let mut parts = vec![
        format!(
            "{} of the article’s {} {} right as stated",
            wording::capitalise(&wording::count_word(right)),
            if total == 1 { String::new() } else { wording::count_word(total) },
            if total == 1 { "figure is" } else { "figures are" }
        )
        .replace("  ", " "),
    ];
    if only > 0 {
        parts.push(format!("{} only if the period is counted in a particular way", wording::count_word(only)));
    }
    if wrong > 0 {
        parts.push(format!("{} {} contradicted by the prices", wording::count_word(wrong), are(wrong)));
    }
    if open > 0 {
        parts.push(format!("{} can’t be checked", wording::count_word(open)));
    }
    if total == 1 {
        return match (only, wrong) {
            (1, _) => "The article’s figure is right only if the period is counted in a particular way".to_owned(),
            (_, 1) => "The article’s figure is contradicted by the prices".to_owned(),
            _ => "The article’s figure can’t be checked".to_owned(),
        };
    }
    wording::join(&parts, "and").replace(" and ", ", ")
}

fn alt_rows(claims: &[Finding]) -> String {
    let sentences: Vec<String> = claims
        .iter()
        .map(row)
        .map(|row| {
            let verdict = row.outcome.trim_start_matches(['✓', '○', '✗', '–', ' ']);
            let detail = if row.outcome_detail.is_empty() { String::new() } else { format!(" ({})", row.outcome_detail) };
            format!("{}: {}: {}{detail}.", row.label, row.detail, verdict.to_lowercase())
        })
        .collect();
    sentences.join(" ")
}
