//! Figure `start-date`: what a period such as "the past month" gives from every day on which it may be said to begin. One figure
//! a horizon, one panel a security; letters name the readings.

use chrono::NaiveDate;

use super::caption;
use super::figure::{Axis, Direction, Emphasis, Figure, KeyEntry, Mark, Panel, Point, Role, Scale, Symbol, day_number};
use crate::claim::Horizon;
use crate::report::number;
use crate::report::wording;
use crate::study::StudyResult;
use crate::verify::{Finding, Reading};

/// A stay of the start that is few enough sessions to be worth saying.
const FEW_SESSIONS: usize = 5;

/// The figures, one a horizon that counts back, in the order of the claims.
pub(super) fn figures(result: &StudyResult) -> Vec<Figure> {
    let mut horizons: Vec<Horizon> = Vec::new();
    for finding in result.claims.iter().filter(|finding| finding.start_dates.len() > 1) {
        if !horizons.contains(&finding.horizon) {
            horizons.push(finding.horizon);
        }
    }
    horizons.iter().enumerate().filter_map(|(position, horizon)| figure(result, *horizon, position)).collect()
}

/// A letter with the day it stands for and what begins there.
struct Letter {
    letter: char,
    from: NaiveDate,
    words: Vec<String>,
}

fn figure(result: &StudyResult, horizon: Horizon, position: usize) -> Option<Figure> {
    let findings: Vec<&Finding> =
        result.claims.iter().filter(|finding| finding.horizon == horizon && finding.start_dates.len() > 1).collect();
    let letters = letters(&findings);
    let mut panels: Vec<Panel> = findings.iter().map(|finding| panel(finding, &letters)).collect();
    if let Some(first) = panels.first_mut() {
        first.key = letters
            .iter()
            .map(|entry| KeyEntry {
                symbol: Symbol::Letter(entry.letter),
                role: Role::Accent,
                text: format!("{}, from {}", entry.words.join("; "), number::short_day(entry.from)),
            })
            .collect();
    }
    let title = title(&findings)?;
    let as_of = findings
        .first()
        .and_then(|finding| finding.as_of)
        .map_or_else(String::new, |session| format!(" to the close of {}", number::day(session)));
    let name = if position == 0 { "start-date".to_owned() } else { format!("start-date-{horizon}") };
    let outside = outside(&findings);
    Some(Figure {
        name,
        subtitle: format!("Change from the close of each start date{as_of}; the letters are ways to count the {}", plain_horizon(horizon)),
        note: caption::sentences(&[outside, caption::source(result)]),
        alt: format!(
            "Line chart of the change over the {} by the day on which it starts, with the stated figure as a zone. {title}.",
            plain_horizon(horizon)
        ),
        title,
        panels,
        shared_x: true,
    })
}

/// "past month", "past 3 months".
fn plain_horizon(horizon: Horizon) -> String {
    wording::horizon_words(horizon)
}

/// The readings that begin on a day of the chart.
fn shown(finding: &Finding) -> impl Iterator<Item = (&Reading, NaiveDate, f64)> {
    let range = finding.start_dates.first().map(|start| start.from).zip(finding.start_dates.last().map(|start| start.from));
    finding.readings.iter().filter_map(move |reading| {
        let (from, measured) = (reading.from?, reading.measured?);
        let (first, last) = range?;
        (first <= from && from <= last).then_some((reading, from, measured))
    })
}

fn letters(findings: &[&Finding]) -> Vec<Letter> {
    let mut letters: Vec<Letter> = Vec::new();
    for finding in findings {
        for (reading, from, _) in shown(finding) {
            let words = wording::reading_words(reading.kind);
            match letters.iter_mut().find(|entry| entry.from == from) {
                Some(entry) if entry.words.contains(&words) => {}
                Some(entry) => entry.words.push(words),
                None => letters.push(Letter { letter: ' ', from, words: vec![words] }),
            }
        }
    }
    letters.sort_by_key(|entry| entry.from);
    for (entry, letter) in letters.iter_mut().zip('A'..='Z') {
        entry.letter = letter;
    }
    letters
}

fn panel(finding: &Finding, letters: &[Letter]) -> Panel {
    let mut panel = Panel::new(Axis::new(Scale::Dates), Axis::new(Scale::Percent).with_baseline(0.0));
    panel.heading = Some(caption::subject(&finding.subject));
    let fraction = |percent: Option<f64>| percent.map(|percent| percent / 100.0);
    panel.marks.push(Mark::Zone {
        along: Direction::Y,
        from: fraction(finding.covers_pct.low),
        to: fraction(finding.covers_pct.high),
        role: Role::Stated,
        label: caption::stated(finding),
    });
    panel.marks.push(Mark::Line {
        points: finding.start_dates.iter().map(|start| (day_number(start.from), start.measured)).collect(),
        role: Role::Security,
        label: String::new(),
    });
    let primary = finding.primary.as_ref().and_then(|reading| reading.from);
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for entry in letters {
        let Some((_, from, measured)) = shown(finding).find(|(_, from, _)| *from == entry.from) else { continue };
        let point = Point { x: day_number(from), y: measured, label: format!("{} {}", entry.letter, number::percent_signed(measured, 1)) };
        if Some(from) == primary { first.push(point) } else { others.push(point) }
    }
    panel.marks.push(Mark::Points { points: first, role: Role::Accent, emphasis: Emphasis::Primary });
    panel.marks.push(Mark::Points { points: others, role: Role::Security, emphasis: Emphasis::Hollow });
    panel
}

/// Names the readings that begin outside the chart.
fn outside(findings: &[&Finding]) -> String {
    let Some(finding) = findings.first() else { return String::new() };
    let inside: Vec<NaiveDate> = shown(finding).map(|(_, from, _)| from).collect();
    let left_out: Vec<String> = finding
        .readings
        .iter()
        .filter_map(|reading| {
            reading
                .from
                .filter(|from| !inside.contains(from))
                .map(|from| format!("{} (from {})", wording::reading_words(reading.kind), number::day(from)))
        })
        .collect();
    if left_out.is_empty() { String::new() } else { format!("Outside the chart: {}.", wording::join(&left_out, "and")) }
}

/// About the security whose value depends most on the start.
fn title(findings: &[&Finding]) -> Option<String> {
    let extremes = |finding: &Finding| {
        let low = shown(finding).min_by(|one, other| one.2.total_cmp(&other.2))?;
        let high = shown(finding).max_by(|one, other| one.2.total_cmp(&other.2))?;
        Some(((low.1, low.2), (high.1, high.2)))
    };
    let (finding, (low, high)) = findings
        .iter()
        .filter_map(|finding| Some((*finding, extremes(finding)?)))
        .max_by(|(_, (low, high)), (_, (other_low, other_high))| (high.1 - low.1).total_cmp(&(other_high.1 - other_low.1)))?;
    let (name, horizon) = (caption::subject_at_start(&finding.subject), plain_horizon(finding.horizon));
    let place = |date: NaiveDate| finding.start_dates.iter().position(|start| start.from == date);
    let apart = place(low.0).zip(place(high.0)).map(|(low, high)| low.abs_diff(high));
    let (early, late) = if low.0 <= high.0 { (low, high) } else { (high, low) };
    let (from, to) = (number::percent_signed(early.1, 1), number::percent_signed(late.1, 1));
    if from == to {
        return Some(format!("{name}’s change over the {horizon} is {from} from every start shown by a letter"));
    }
    let how = match apart {
        Some(1) => "as its start moves by one session".to_owned(),
        Some(count) if (2..=FEW_SESSIONS).contains(&count) => format!("as its start moves by {} sessions", wording::count_word(count)),
        _ => "depending on the day it starts".to_owned(),
    };
    Some(format!("{name}’s change over the {horizon} goes from {from} to {to} {how}"))
}
