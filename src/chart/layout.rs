//! From a [`Figure`] and a size to a [`Scene`]: the words at the head and the foot, and between them the panels.

use super::figure::{Figure, Panel};
use super::label::wrap_balanced;
use super::panel::{self, Gutters};
use super::scene::{Anchor, Pen, Pixel, Rect, Ruler, Scene};
use super::style::{self, FAINT_TEXT, QUIET_TEXT, Size, Style, TEXT, Weight};

/// Lays a figure out for a size. A figure whose rows or panels find no room in the height becomes higher, one of a few bars lower.
pub(super) fn compose(figure: &Figure, size: Size, ruler: &dyn Ruler) -> Scene {
    let style = Style::for_size(size);
    let (scene, shortage) = compose_within(figure, &style, ruler);
    let height = (f64::from(scene.size.height) + shortage).ceil().clamp(1.0, f64::from(u32::MAX)) as u32;
    let size = Size { height, ..scene.size };
    if shortage >= 1.0 {
        compose_within(figure, &Style::for_size(size), ruler).0
    } else if shortage <= -1.0 {
        // The type keeps its size.
        compose_within(figure, &Style { size, ..style }, ruler).0
    } else {
        scene
    }
}

/// The scene, and the height in pixels that its panels lack; below zero what they have too much.
fn compose_within(figure: &Figure, style: &Style, ruler: &dyn Ruler) -> (Scene, f64) {
    let mut pen = Pen { style, ruler, shapes: Vec::new() };
    let (width, height) = (f64::from(style.size.width), f64::from(style.size.height));
    pen.rect(Rect { left: 0.0, top: 0.0, right: width, bottom: height }, style::PAPER);
    let top = draw_head(figure, &mut pen);
    let bottom = draw_note(figure, &mut pen);
    let area = Rect { left: style.margin, top, right: width - style.margin, bottom };
    let shortage = draw_panels(figure, area, &mut pen);
    (Scene { size: style.size, shapes: pen.shapes }, shortage)
}

/// Draws the accent, the title and the subtitle; returns where the panels may begin.
fn draw_head(figure: &Figure, pen: &mut Pen) -> f64 {
    let style = pen.style;
    let left = style.margin;
    let width = f64::from(style.size.width) - 2.0 * style.margin;
    let bar = style.title * 0.17;
    let mut y = style.margin * 0.62;
    pen.rect(Rect { left, top: y, right: left + style.title * 1.5, bottom: y + bar }, style::ink(super::figure::Role::Accent));
    y += bar + style.title * 0.5;
    let title = wrap_balanced(&figure.title, width, style.title, Weight::SemiBold, pen.ruler);
    y = pen.lines(left, y, &title, (style.title, Weight::SemiBold), Anchor::Start, TEXT);
    y += style.title * 0.06;
    let subtitle = wrap_balanced(&figure.subtitle, width, style.subtitle, Weight::Regular, pen.ruler);
    y = pen.lines(left, y, &subtitle, (style.subtitle, Weight::Regular), Anchor::Start, QUIET_TEXT);
    y + style.subtitle * 0.75
}

/// Draws the note at the foot; returns where the panels must end.
fn draw_note(figure: &Figure, pen: &mut Pen) -> f64 {
    let style = pen.style;
    let foot = f64::from(style.size.height) - style.margin * 0.62;
    let width = f64::from(style.size.width) - 2.0 * style.margin;
    let note = wrap_balanced(&figure.note, width, style.note, Weight::Regular, pen.ruler);
    if note.is_empty() {
        return foot;
    }
    let leading = style.note * Style::LEADING;
    let top = foot - leading * (note.len() as f64 - 1.0) - style.note * Style::CAP_HEIGHT;
    pen.lines(style.margin, top, &note, (style.note, Weight::Regular), Anchor::Start, FAINT_TEXT);
    top - style.note * 1.15
}

/// Draws the panels; returns the height that they lack for their words to be legible.
fn draw_panels(figure: &Figure, area: Rect, pen: &mut Pen) -> f64 {
    let gap = pen.style.label * 0.9;
    let count = figure.panels.len();
    let total: f64 = figure.panels.iter().map(|panel| panel.weight.max(0.05)).sum();
    let feet: Vec<f64> = (0..count)
        .map(|position| {
            let labelled = !figure.shared_x || position + 1 == count;
            figure.panels.get(position).map_or(0.0, |panel| if labelled { panel::foot_height(panel, pen.style) } else { 0.0 })
        })
        .collect();
    let heads: Vec<f64> = figure.panels.iter().map(|panel| panel::head_height(panel, area, pen)).collect();
    let room = area.height() - gap * (count.saturating_sub(1)) as f64 - feet.iter().chain(&heads).sum::<f64>();
    let outers: Vec<(&Panel, Rect, bool)> = figure
        .panels
        .iter()
        .zip(feet.iter().zip(&heads))
        .scan(area.top, |top, (panel, (foot, head))| {
            let bottom = *top + head + (room * panel.weight.max(0.05) / total).max(pen.style.tick) + foot;
            let outer = Rect { top: *top, bottom, ..area };
            *top = bottom + gap;
            Some((panel, outer, *foot > 0.0))
        })
        .collect();
    let gutters = outers
        .iter()
        .map(|(panel, outer, _)| panel::measure_gutters(panel, *outer, pen))
        .fold(Gutters::default(), |widest, next| Gutters { left: widest.left.max(next.left), right: widest.right.max(next.right) });
    let shared =
        if figure.shared_x { panel::common_domain(&figure.panels, area.width() - gutters.left - gutters.right, pen.style) } else { None };
    outers
        .into_iter()
        .map(|(panel, outer, labelled)| panel::draw_panel(panel, outer, panel::Surroundings { gutters, labelled, shared }, pen))
        .sum()
}

/// Where a small line of text is centred vertically: its baseline for a middle at `y`.
pub(super) fn baseline_for_middle(y: f64, size: f64) -> f64 {
    y + size * Style::CAP_HEIGHT / 2.0
}

/// A position.
pub(super) fn pixel(x: f64, y: f64) -> Pixel {
    Pixel { x, y }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::figure::{Axis, Bar, Bin, Direction, Emphasis, KeyEntry, Mark, Point, Role, Row, Scale, Symbol, day_number};
    use crate::chart::scene::{Shape, Text, text_box};

    /// Every character is as wide as Inter's on average.
    struct Typewriter;
    impl Ruler for Typewriter {
        fn width(&self, text: &str, size: f64, _: Weight) -> f64 {
            text.chars().count() as f64 * size * 0.56
        }
    }

    const SIZES: [Size; 4] = [Size::WIDE, Size::PHONE, Size { width: 1200, height: 1000 }, Size { width: 2400, height: 1350 }];

    fn figure(name: &str, panels: Vec<Panel>, shared_x: bool) -> Figure {
        Figure {
            name: name.to_owned(),
            title: "A title that is long enough to need two lines on a desk and four of them on a phone, as titles do on 6 Sep 2022"
                .to_owned(),
            subtitle: "What is drawn, in which unit, and over which period, said in one line of text or perhaps in two lines".to_owned(),
            note: "Where the numbers come from and how they were made, with all the parameters that a careful reader asks for. ".repeat(3),
            alt: String::new(),
            panels,
            shared_x,
        }
    }

    fn line(level: f64, label: &str, role: Role) -> Mark {
        Mark::Line {
            points: (0..200).map(|day| (738_000.0 + f64::from(day), level + f64::from(day % 17))).collect(),
            role,
            label: label.to_owned(),
        }
    }

    /// Seven lines that end at nearly the same level, and three events within a week.
    fn crowded_lines() -> Figure {
        let mut panel = Panel::new(Axis::new(Scale::Dates), Axis::new(Scale::Level).with_baseline(100.0));
        for (position, day) in [738_100.0, 738_103.0, 738_106.0].into_iter().enumerate() {
            panel.marks.push(Mark::Rule {
                along: Direction::X,
                at: day,
                role: Role::Accent,
                label: format!("Event number {position} of three"),
            });
        }
        for position in 0..7u8 {
            panel.marks.push(line(100.0 + f64::from(position) * 0.1, &format!("Security {position} 123"), Role::Peer(position)));
        }
        panel.marks.push(Mark::Rule { along: Direction::Y, at: 101.0, role: Role::Benchmark, label: "a level".to_owned() });
        figure("crowded-lines", vec![panel], false)
    }

    fn two_panels() -> Figure {
        let date = |day| chrono::NaiveDate::from_num_days_from_ce_opt(738_000 + day).unwrap();
        let axis = || Axis::new(Scale::Sessions { dates: (-20..=20).map(|day| (day, date(day))).collect() });
        let mut upper = Panel::new(axis(), Axis::new(Scale::Percent).with_baseline(0.0));
        upper.heading = Some("Upper panel".to_owned());
        let bar =
            |day: i32| Bar { x: f64::from(day), y: f64::from(day % 5) / 37.0, role: if day == 0 { Role::Accent } else { Role::Muted } };
        upper.marks.push(Mark::Bars { bars: (-20..=20).map(bar).collect() });
        let mut lower = Panel::new(axis().titled("Sessions from the event"), Axis::new(Scale::Percent).with_baseline(0.0));
        lower.heading = Some("Lower panel".to_owned());
        let band = (-20..=20).map(|day| (f64::from(day), -0.3, 0.4)).collect();
        lower.marks.push(Mark::Band { points: band, role: Role::Band, label: "95 % interval".to_owned() });
        lower.marks.push(Mark::Line { points: vec![(-20.0, 0.0), (20.0, 0.38)], role: Role::Security, label: "CAR +38.0 %".to_owned() });
        figure("two-panels", vec![upper, lower], true)
    }

    fn labelled_points() -> Figure {
        let start = day_number(chrono::NaiveDate::from_ymd_opt(2022, 8, 1).unwrap());
        let value = |day: i32| f64::from(day * day % 7) / 50.0 - 0.1;
        let mut panel = Panel::new(Axis::new(Scale::Dates), Axis::new(Scale::Percent).with_baseline(0.0));
        let zone = Mark::Zone {
            along: Direction::Y,
            from: None,
            to: Some(-0.05),
            role: Role::Stated,
            label: "stated: fall of more than 5 %".to_owned(),
        };
        let points = |days: std::ops::Range<i32>| {
            days.map(|day| Point { x: start + f64::from(day), y: value(day), label: format!("{day} {:.1} %", 100.0 * value(day)) })
                .collect()
        };
        panel.key = ('A'..='F')
            .map(|letter| KeyEntry { symbol: Symbol::Letter(letter), role: Role::Accent, text: "one way to count, from 2 Aug".to_owned() })
            .collect();
        panel.marks = vec![
            zone,
            Mark::Line {
                points: (0..24).map(|day| (start + f64::from(day), value(day))).collect(),
                role: Role::Security,
                label: String::new(),
            },
            Mark::Points { points: points(9..10), role: Role::Accent, emphasis: Emphasis::Primary },
            Mark::Points { points: points(10..14), role: Role::Security, emphasis: Emphasis::Hollow },
        ];
        figure("labelled-points", vec![panel.clone(), panel], true)
    }

    fn rows(count: usize) -> Figure {
        let row = |position: usize| Row {
            label: format!("Security {position}, from the 52-week high"),
            detail: "stated: fall of more than 20 %".to_owned(),
            outcome: "○ Only as 28 days (4 weeks), 20 sessions or 21 sessions".repeat(1 + position % 2),
            outcome_detail: "measured +10.6 %".to_owned(),
            role: Role::Accent,
        };
        let mut panel = Panel::new(Axis::new(Scale::Percent).with_baseline(0.0), Axis::new(Scale::Rows((0..count).map(row).collect())));
        panel.marks =
            (0..count).map(|position| Mark::Interval { y: position as f64, from: None, to: Some(-0.2), role: Role::Stated }).collect();
        figure("rows", vec![panel], false)
    }

    fn histogram() -> Figure {
        let mut panel =
            Panel::new(Axis::new(Scale::Percent).titled("Cumulative abnormal return"), Axis::new(Scale::Count).titled("Number of windows"));
        let bin = |position: i32| Bin {
            from: f64::from(position) / 50.0,
            to: f64::from(position + 1) / 50.0,
            count: f64::from(40 - position.abs()),
        };
        panel.marks = vec![
            Mark::Histogram { bins: (-20..20).map(bin).collect(), role: Role::Muted },
            Mark::Rule {
                along: Direction::X,
                at: 0.39,
                role: Role::Accent,
                label: "The security over days −10 to +10: +39.0 %".to_owned(),
            },
        ];
        figure("histogram", vec![panel], false)
    }

    fn texts(scene: &Scene) -> Vec<(&Text, Rect)> {
        let mut texts = Vec::new();
        for shape in &scene.shapes {
            if let Shape::Text(text) = shape {
                texts.push((text, text_box(text, &Typewriter)));
            }
        }
        texts
    }

    #[test]
    fn no_text_is_clipped_and_none_touches_another() {
        for figure in [crowded_lines(), two_panels(), labelled_points(), rows(3), rows(16), histogram()] {
            for size in SIZES {
                let scene = compose(&figure, size, &Typewriter);
                let canvas = Rect { left: 0.0, top: 0.0, right: f64::from(scene.size.width), bottom: f64::from(scene.size.height) };
                let texts = texts(&scene);
                assert!(texts.len() > 10);
                for (position, (text, rect)) in texts.iter().enumerate() {
                    assert!(canvas.holds(rect), "{} at {size:?}: {:?} is clipped: {rect:?}", figure.name, text.text);
                    for (other, other_rect) in &texts[position + 1..] {
                        assert!(!rect.overlaps(other_rect), "{} at {size:?}: {:?} touches {:?}", figure.name, text.text, other.text);
                    }
                }
            }
        }
    }

    #[test]
    fn a_figure_of_many_rows_becomes_higher_and_never_smaller() {
        let scene = compose(&rows(16), Size::PHONE, &Typewriter);
        assert_eq!(scene.size.width, Size::PHONE.width);
        assert!(scene.size.height > Size::PHONE.height);
        assert_eq!(compose(&histogram(), Size::WIDE, &Typewriter).size, Size::WIDE);
    }
}
