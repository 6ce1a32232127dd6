//! Finding room for words: lines that fit a width, names that don't overlap along an edge, texts beside their points.

use super::scene::{Pixel, Rect, Ruler};
use super::style::Weight;

/// Breaks a text into lines no wider than `width`. Breaks at plain spaces only; a date stays together, and so do the sides of an
/// equals sign; a word wider than the line is broken inside.
pub(super) fn wrap(text: &str, width: f64, size: f64, weight: Weight, ruler: &dyn Ruler) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in unbreakable_words(text) {
        let candidate = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
        if ruler.width(&candidate, size, weight) <= width {
            line = candidate;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        line = word;
        while ruler.width(&line, size, weight) > width && line.chars().count() > 1 {
            let (head, tail) = split_word(&line, width, size, weight, ruler);
            lines.push(head);
            line = tail;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// As [`wrap`], and then narrowed as far as the number of lines stays the same, so that the last line isn't a stray word.
pub(super) fn wrap_balanced(text: &str, width: f64, size: f64, weight: Weight, ruler: &dyn Ruler) -> Vec<String> {
    let mut best = wrap(text, width, size, weight, ruler);
    if best.len() < 2 {
        return best;
    }
    let count = best.len();
    for step in 1..=12 {
        let narrower = wrap(text, width * (1.0 - 0.03 * f64::from(step)), size, weight, ruler);
        if narrower.len() > count {
            break;
        }
        best = narrower;
    }
    best
}

fn unbreakable_words(text: &str) -> Vec<String> {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let digits = |word: &str, most: usize| word.len() <= most && word.chars().all(|character| character.is_ascii_digit());
    let mut words: Vec<String> = Vec::new();
    let (mut joins, mut before) = (false, "");
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match words.last_mut() {
            Some(last)
                if joins || is_operator(word) || (MONTHS.contains(&before) && digits(&word.replace([',', ';', '.', ':'], ""), 4)) =>
            {
                last.push('\u{00A0}');
                last.push_str(word);
            }
            _ => words.push(word.to_owned()),
        }
        joins = digits(word, 2) || is_operator(word);
        before = word;
    }
    words
}

fn is_operator(word: &str) -> bool {
    matches!(word, "=" | "<" | ">" | "·" | "±")
}

fn split_word(word: &str, width: f64, size: f64, weight: Weight, ruler: &dyn Ruler) -> (String, String) {
    let mut head = String::new();
    let mut characters = word.chars();
    while let Some(character) = characters.next() {
        head.push(character);
        if head.chars().count() > 1 && ruler.width(&head, size, weight) > width {
            head.pop();
            return (head, std::iter::once(character).chain(characters).collect());
        }
    }
    (head, String::new())
}

/// Moves labels along an edge so that they don't overlap and stay within `low..high`, as little as possible (least squares).
///
/// `wanted` is the middle and the length of each label in any order; the middles come back in the same order. Labels keep
/// the order of their wanted middles. When they need more room than there is, they are packed from `low` on.
pub(super) fn spread(wanted: &[(f64, f64)], gap: f64, low: f64, high: f64) -> Vec<f64> {
    struct Cluster {
        members: Vec<usize>,
        length: f64,
        /// Mean of the members' wanted starts, less their offsets in the cluster.
        start: f64,
    }
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    let middle = |index: usize| wanted.get(index).map_or(0.0, |label| label.0);
    let length = |index: usize| wanted.get(index).map_or(0.0, |label| label.1);
    order.sort_by(|one, other| middle(*one).total_cmp(&middle(*other)).then(one.cmp(other)));
    let clamp = |start: f64, length: f64| start.min(high - length).max(low);
    let mut clusters: Vec<Cluster> = Vec::new();
    for index in order {
        let mut cluster = Cluster { members: vec![index], length: length(index), start: middle(index) - length(index) / 2.0 };
        while let Some(before) = clusters.pop() {
            if clamp(before.start, before.length) + before.length + gap <= clamp(cluster.start, cluster.length) {
                clusters.push(before);
                break;
            }
            let (mine, theirs) = (cluster.members.len() as f64, before.members.len() as f64);
            let offset = before.length + gap;
            cluster = Cluster {
                start: (before.start * theirs + (cluster.start - offset) * mine) / (mine + theirs),
                length: offset + cluster.length,
                members: before.members.into_iter().chain(cluster.members).collect(),
            };
        }
        clusters.push(cluster);
    }
    let mut placed = vec![0.0; wanted.len()];
    for cluster in clusters {
        let mut position = clamp(cluster.start, cluster.length);
        for index in cluster.members {
            if let Some(slot) = placed.get_mut(index) {
                *slot = position + length(index) / 2.0;
            }
            position += length(index) + gap;
        }
    }
    placed
}

/// What a text should not cover.
#[derive(Debug, Clone, Default)]
pub(super) struct Obstacles {
    /// Lines.
    pub segments: Vec<(Pixel, Pixel)>,
    /// Points, bars.
    pub boxes: Vec<Rect>,
}

impl Obstacles {
    /// How much lies under the rectangle.
    pub(super) fn under(&self, rect: &Rect) -> f64 {
        let lines = self.segments.iter().filter(|(from, to)| rect.crossed_by(*from, *to)).count();
        let boxes = self.boxes.iter().filter(|obstacle| obstacle.overlaps(rect)).count();
        lines as f64 * 3.0 + boxes as f64
    }
}

/// A text that wants to stand beside a point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Callout {
    /// The point.
    pub at: Pixel,
    /// Radius around the point to keep clear.
    pub clear: f64,
    /// Width of the text.
    pub width: f64,
    /// Height of the text.
    pub height: f64,
}

/// Score of a place that can't be had.
const NO_ROOM: f64 = 1e6;

/// Places each callout near its point, within `bounds`, off the others, over as little ink as can be. Earlier callouts choose
/// first; one that finds no room gets None.
pub(super) fn place_callouts(callouts: &[Callout], bounds: Rect, obstacles: &Obstacles) -> Vec<Option<Rect>> {
    let mut results = Vec::with_capacity(callouts.len());
    let mut placed: Vec<Rect> = Vec::new();
    for callout in callouts {
        let mut best: Option<(f64, Rect)> = None;
        for candidate in candidates(callout, bounds) {
            let nearest = candidate.nearest(callout.at);
            let distance = distance_between(nearest, callout.at);
            let conflicts = placed.iter().filter(|other| other.overlaps(&candidate.grown(0.22 * callout.height.min(40.0)))).count();
            let crossings = placed.iter().filter(|other| other.crossed_by(nearest, callout.at)).count();
            // A text nearer to another point than to its own would be read as that one's.
            let astray = callouts
                .iter()
                .filter(|other| other.at != callout.at)
                .filter(|other| distance_between(candidate.nearest(other.at), other.at) < distance + 0.15 * callout.height)
                .count();
            let own_points = callouts.iter().filter(|other| candidate.grown(other.clear * 0.6).nearest(other.at) == other.at).count();
            let lines_crossed =
                obstacles.segments.iter().filter(|(from, to)| segments_cross(*from, *to, nearest, callout.at)).count().saturating_sub(1);
            let score = conflicts as f64 * NO_ROOM
                + crossings as f64 * 300.0
                + own_points as f64 * 60.0
                + astray as f64 * 90.0
                + obstacles.under(&candidate.grown(2.0)) * 14.0
                + lines_crossed as f64 * 4.0
                + (distance - callout.clear).max(0.0) / callout.height.max(1.0) * 14.0
                + if bounds.holds(&candidate) { 0.0 } else { NO_ROOM };
            if best.is_none_or(|(least, _)| score < least - 1e-9) {
                best = Some((score, candidate));
            }
        }
        let rect = best.filter(|(score, _)| *score < NO_ROOM).map(|(_, rect)| rect);
        placed.extend(rect);
        results.push(rect);
    }
    results
}

fn candidates(callout: &Callout, bounds: Rect) -> impl Iterator<Item = Rect> + '_ {
    const DIRECTIONS: [(f64, f64); 12] = [
        (1.0, 0.0),
        (-1.0, 0.0),
        (0.0, -1.0),
        (0.0, 1.0),
        (1.0, -1.0),
        (1.0, 1.0),
        (-1.0, -1.0),
        (-1.0, 1.0),
        (1.0, -0.5),
        (1.0, 0.5),
        (-1.0, -0.5),
        (-1.0, 0.5),
    ];
    [0.0, 0.35, 0.8, 1.4, 2.2, 3.2, 4.5].into_iter().flat_map(move |far| {
        DIRECTIONS.into_iter().map(move |(right, down)| {
            let reach = callout.clear + far * callout.height;
            let centre =
                Pixel { x: callout.at.x + right * (reach + callout.width / 2.0), y: callout.at.y + down * (reach + callout.height / 2.0) };
            let shift_x = shift_into(centre.x - callout.width / 2.0, centre.x + callout.width / 2.0, bounds.left, bounds.right);
            // Above or below, a text may slide sideways into the panel; beside the point it may not, or it would cover it.
            let shift_x = if down.abs() > 0.9 { shift_x } else { 0.0 };
            Rect {
                left: centre.x - callout.width / 2.0 + shift_x,
                right: centre.x + callout.width / 2.0 + shift_x,
                top: centre.y - callout.height / 2.0,
                bottom: centre.y + callout.height / 2.0,
            }
        })
    })
}

fn distance_between(one: Pixel, other: Pixel) -> f64 {
    (one.x - other.x).hypot(one.y - other.y)
}

/// How far a range must move to lie within another.
fn shift_into(start: f64, end: f64, low: f64, high: f64) -> f64 {
    if start < low {
        low - start
    } else if end > high {
        high - end
    } else {
        0.0
    }
}

fn segments_cross(a: Pixel, b: Pixel, c: Pixel, d: Pixel) -> bool {
    let side = |from: Pixel, to: Pixel, point: Pixel| (to.x - from.x) * (point.y - from.y) - (to.y - from.y) * (point.x - from.x);
    side(a, b, c) * side(a, b, d) < 0.0 && side(c, d, a) * side(c, d, b) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every character is half as wide as the type is high.
    struct Typewriter;
    impl Ruler for Typewriter {
        fn width(&self, text: &str, size: f64, _: Weight) -> f64 {
            text.chars().count() as f64 * size / 2.0
        }
    }

    #[test]
    fn lines_fit_and_lose_no_word() {
        let text = "NET gained 0.9\u{202F}% more than the market implied on 6 Sep 2022";
        let lines = wrap(text, 100.0, 10.0, Weight::Regular, &Typewriter);
        assert!(lines.iter().all(|line| line.chars().count() <= 20), "{lines:?}");
        assert_eq!(lines.join(" ").replace('\u{00A0}', " "), text);
        assert!(lines.iter().any(|line| line.contains("6\u{00A0}Sep\u{00A0}2022")), "a date stays together: {lines:?}");
    }

    #[test]
    fn a_word_wider_than_the_line_is_broken_inside() {
        assert_eq!(wrap("abcdefgh", 20.0, 10.0, Weight::Regular, &Typewriter), ["abcd", "efgh"]);
        assert!(wrap("", 20.0, 10.0, Weight::Regular, &Typewriter).is_empty());
    }

    #[test]
    fn a_balanced_text_has_no_stray_last_word() {
        let lines = wrap_balanced("aaaa bbbb cccc dddd eeee", 100.0, 10.0, Weight::Regular, &Typewriter);
        assert_eq!(lines, ["aaaa bbbb cccc", "dddd eeee"]);
    }

    #[test]
    fn labels_that_have_room_stay_where_they_are() {
        assert_eq!(spread(&[(50.0, 10.0), (20.0, 10.0)], 2.0, 0.0, 100.0), [50.0, 20.0]);
    }

    #[test]
    fn labels_that_collide_move_apart_by_the_same_amount() {
        let placed = spread(&[(50.0, 10.0), (50.0, 10.0)], 2.0, 0.0, 100.0);
        assert_eq!(placed, [44.0, 56.0]);
    }

    #[test]
    fn labels_stay_within_the_edge_and_never_overlap() {
        let wanted: Vec<(f64, f64)> = [99.0, 98.0, 1.0, 97.0, 2.0, 50.0].into_iter().map(|middle| (middle, 10.0)).collect();
        let mut placed = spread(&wanted, 1.0, 0.0, 100.0);
        assert!(placed.iter().all(|middle| (5.0..=95.0).contains(middle)), "{placed:?}");
        placed.sort_by(f64::total_cmp);
        assert!(placed.windows(2).all(|pair| pair[1] - pair[0] >= 11.0 - 1e-9), "{placed:?}");
    }

    #[test]
    fn a_callout_keeps_off_the_line_and_off_its_neighbour() {
        let bounds = Rect { left: 0.0, top: 0.0, right: 400.0, bottom: 400.0 };
        let at = Pixel { x: 200.0, y: 200.0 };
        let obstacles = Obstacles { segments: vec![(at, Pixel { x: 400.0, y: 200.0 })], boxes: Vec::new() };
        let callout = Callout { at, clear: 10.0, width: 80.0, height: 20.0 };
        let placed = place_callouts(&[callout, callout], bounds, &obstacles);
        let [Some(one), Some(other)] = placed.as_slice() else { panic!("there is room for both") };
        assert!(!one.overlaps(other));
        assert!(!one.crossed_by(at, Pixel { x: 400.0, y: 200.0 }) && !other.crossed_by(at, Pixel { x: 400.0, y: 200.0 }));
        assert!(bounds.holds(one) && bounds.holds(other));
    }

    #[test]
    fn a_callout_is_nearer_to_its_own_point_than_to_another() {
        let bounds = Rect { left: 0.0, top: 0.0, right: 600.0, bottom: 400.0 };
        let points = [Pixel { x: 280.0, y: 200.0 }, Pixel { x: 320.0, y: 200.0 }];
        let callouts = points.map(|at| Callout { at, clear: 12.0, width: 90.0, height: 24.0 });
        let obstacles = Obstacles { segments: vec![(points[0], points[1]), (Pixel { x: 0.0, y: 60.0 }, points[0])], boxes: Vec::new() };
        let placed = place_callouts(&callouts, bounds, &obstacles);
        for (rect, (own, other)) in placed.iter().map(|rect| rect.unwrap()).zip([(points[0], points[1]), (points[1], points[0])]) {
            assert!(distance_between(rect.nearest(own), own) < distance_between(rect.nearest(other), other), "{rect:?}");
        }
    }

    #[test]
    fn a_callout_without_room_is_left_out() {
        let bounds = Rect { left: 0.0, top: 0.0, right: 90.0, bottom: 30.0 };
        let callout = Callout { at: Pixel { x: 2.0, y: 15.0 }, clear: 2.0, width: 80.0, height: 20.0 };
        let placed = place_callouts(&[callout, callout], bounds, &Obstacles::default());
        assert!(placed[0].is_some() && placed[1].is_none());
    }
}
