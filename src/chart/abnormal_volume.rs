//! Figure `abnormal-volume`: each session's volume as a multiple of the usual, with the range of what is usual.

use super::caption;
use super::figure::{Axis, Bar, Direction, Figure, Mark, Panel, Role, Scale};
use crate::abnormal::CONFIDENCE;
use crate::report::name;
use crate::report::number;
use crate::study::StudyResult;
use crate::study::result::EventResult;

/// The figure; None without volume.
pub(super) fn figure(result: &StudyResult, event: &EventResult) -> Option<Figure> {
    let volume = event.volume.as_ref()?;
    let name = caption::name_in_sentence(&event.symbol);
    let dates = volume.days.iter().map(|day| (day.day, day.session)).collect();
    let mut panel =
        Panel::new(Axis::new(Scale::Sessions { dates }).titled("Sessions from the event"), Axis::new(Scale::Multiple).including(0.0));
    let bar = |day: &crate::volume::VolumeDay| Bar {
        x: f64::from(day.day),
        y: day.ratio,
        role: if day.day == 0 { Role::Accent } else { Role::Muted },
    };
    let confidence = number::percent(CONFIDENCE, 0);
    panel.marks = vec![
        Mark::Zone {
            along: Direction::Y,
            from: Some(volume.low_ratio),
            to: Some(volume.high_ratio),
            role: Role::Band,
            label: format!("usual range ({confidence})"),
        },
        Mark::Bars { bars: volume.days.iter().map(bar).collect() },
        Mark::Rule { along: Direction::Y, at: 1.0, role: Role::Benchmark, label: "usual".to_owned() },
    ];
    let title = volume.days.iter().find(|day| day.day == 0).map_or_else(
        || format!("Trading in {name} around the event"),
        |day| {
            let verdict = if day.ratio > volume.high_ratio {
                "above its usual range"
            } else if day.ratio < volume.low_ratio {
                "below its usual range"
            } else {
                "within its usual range"
            };
            format!(
                "Trading in {name} on {} was {} times the usual volume, {verdict}",
                number::day(day.session),
                number::fixed(day.ratio, 1)
            )
        },
    );
    Some(Figure {
        name: name::figure("abnormal-volume", event, result),
        subtitle: format!("Shares traded as a multiple of the usual volume of {} a session", number::large(volume.usual)),
        note: caption::sentences(&[
            format!(
                "Usual: geometric mean over {} with a volume; range from the standard deviation of log volume, forecast error included.",
                number::plural(volume.n, "estimation session")
            ),
            caption::source(result),
        ]),
        alt: format!("Bar chart of the volume of {name} around the event as a multiple of the usual, with the usual range. {title}."),
        title,
        panels: vec![panel],
        shared_x: false,
    })
}
