//! What a laid-out chart consists of: shapes and texts at pixels, in the order in which they are drawn.

use super::figure::{Emphasis, Role};
use super::style::{self, Ink, Marker, PAPER, Size, Style, Weight};

/// A position in pixels from the upper left corner.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Pixel {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// A rectangle in pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rect {
    /// Left edge.
    pub left: f64,
    /// Upper edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Lower edge.
    pub bottom: f64,
}

impl Rect {
    /// Width.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Height.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Middle.
    pub fn centre(&self) -> Pixel {
        Pixel { x: (self.left + self.right) / 2.0, y: (self.top + self.bottom) / 2.0 }
    }

    /// Whether the two have an area in common.
    pub fn overlaps(&self, other: &Rect) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    /// Whether `other` lies within.
    pub fn holds(&self, other: &Rect) -> bool {
        self.left <= other.left && other.right <= self.right && self.top <= other.top && other.bottom <= self.bottom
    }

    /// The same, larger on all sides.
    pub fn grown(&self, by: f64) -> Rect {
        Rect { left: self.left - by, top: self.top - by, right: self.right + by, bottom: self.bottom + by }
    }

    /// The nearest point of the rectangle.
    pub fn nearest(&self, to: Pixel) -> Pixel {
        Pixel { x: to.x.clamp(self.left, self.right), y: to.y.clamp(self.top, self.bottom) }
    }

    /// Whether the segment from `from` to `to` touches the rectangle (Liang & Barsky 1984).
    pub fn crossed_by(&self, from: Pixel, to: Pixel) -> bool {
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let (mut enter, mut leave) = (0.0f64, 1.0f64);
        for (direction, distance) in
            [(-dx, from.x - self.left), (dx, self.right - from.x), (-dy, from.y - self.top), (dy, self.bottom - from.y)]
        {
            if direction == 0.0 {
                if distance < 0.0 {
                    return false;
                }
            } else if direction < 0.0 {
                enter = enter.max(distance / direction);
            } else {
                leave = leave.min(distance / direction);
            }
        }
        enter <= leave
    }
}

/// The side of a text that stands at its position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    /// Text begins there.
    Start,
    /// Text is centred there.
    Middle,
    /// Text ends there.
    End,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Text {
    /// Where: the anchor's side, on the baseline.
    pub at: Pixel,
    /// The text.
    pub text: String,
    /// Size of type in pixels.
    pub size: f64,
    /// Weight.
    pub weight: Weight,
    /// Which side `at` is.
    pub anchor: Anchor,
    /// Colour.
    pub ink: Ink,
}

/// Something to draw.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// A stroke through points.
    Stroke {
        /// Points.
        points: Vec<Pixel>,
        /// Width in pixels.
        width: f64,
        /// Colour.
        ink: Ink,
    },
    /// A filled polygon.
    Area {
        /// Corners.
        points: Vec<Pixel>,
        /// Colour.
        ink: Ink,
    },
    /// A filled circle.
    Disc {
        /// Middle.
        centre: Pixel,
        /// Radius in pixels.
        radius: f64,
        /// Colour.
        ink: Ink,
    },
    /// A line of text.
    Text(Text),
}

impl Shape {
    /// A filled rectangle.
    pub fn rect(rect: Rect, ink: Ink) -> Self {
        Shape::Area {
            points: vec![
                Pixel { x: rect.left, y: rect.top },
                Pixel { x: rect.right, y: rect.top },
                Pixel { x: rect.right, y: rect.bottom },
                Pixel { x: rect.left, y: rect.bottom },
            ],
            ink,
        }
    }

    /// A straight stroke.
    pub fn line(from: Pixel, to: Pixel, width: f64, ink: Ink) -> Self {
        Shape::Stroke { points: vec![from, to], width, ink }
    }
}

/// A laid-out chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scene {
    /// Width and height.
    pub size: Size,
    /// Shapes, drawn first to last.
    pub shapes: Vec<Shape>,
}

/// Measures text.
pub(super) trait Ruler {
    /// Width of a line of text in pixels at that size of type.
    fn width(&self, text: &str, size: f64, weight: Weight) -> f64;
}

/// The box a text fills, from the top of its capitals' accents to the foot of its descenders.
#[cfg(test)]
pub(super) fn text_box(text: &Text, ruler: &dyn Ruler) -> Rect {
    let width = ruler.width(&text.text, text.size, text.weight);
    let left = match text.anchor {
        Anchor::Start => text.at.x,
        Anchor::Middle => text.at.x - width / 2.0,
        Anchor::End => text.at.x - width,
    };
    Rect { left, right: left + width, top: text.at.y - 0.76 * text.size, bottom: text.at.y + 0.21 * text.size }
}

/// Collects shapes, with the style and the ruler at hand.
pub(super) struct Pen<'a> {
    /// The style.
    pub style: &'a Style,
    /// Measures text.
    pub ruler: &'a dyn Ruler,
    /// What has been drawn.
    pub shapes: Vec<Shape>,
}

impl Pen<'_> {
    /// One line of text on a baseline.
    pub fn text(&mut self, at: Pixel, text: &str, (size, weight): (f64, Weight), anchor: Anchor, ink: Ink) {
        if !text.is_empty() {
            self.shapes.push(Shape::Text(Text { at, text: text.to_owned(), size, weight, anchor, ink }));
        }
    }

    /// Lines of text below each other, the first one's capitals beginning at `top`. Returns where the next line would begin.
    pub fn lines(&mut self, x: f64, top: f64, lines: &[String], (size, weight): (f64, Weight), anchor: Anchor, ink: Ink) -> f64 {
        let mut y = top;
        for line in lines {
            self.text(Pixel { x, y: y + size * Style::CAP_HEIGHT }, line, (size, weight), anchor, ink);
            y += size * Style::LEADING;
        }
        y
    }

    /// Width of the widest of the lines.
    pub fn widest(&self, lines: &[String], (size, weight): (f64, Weight)) -> f64 {
        lines.iter().map(|line| self.ruler.width(line, size, weight)).fold(0.0, f64::max)
    }

    /// A straight line.
    pub fn line(&mut self, from: Pixel, to: Pixel, width: f64, ink: Ink) {
        self.shapes.push(Shape::line(from, to, width, ink));
    }

    /// A line through points in the role's colour, dash and weight.
    pub fn stroke(&mut self, points: &[Pixel], role: Role) {
        let width = self.style.stroke * style::line_weight(role);
        let pattern: Vec<f64> = style::dash(role).iter().map(|length| length * width).collect();
        for points in dashes(points, &pattern) {
            self.shapes.push(Shape::Stroke { points, width, ink: style::ink(role) });
        }
    }

    /// A filled rectangle; nothing when it is empty.
    pub fn rect(&mut self, rect: Rect, ink: Ink) {
        if rect.width() > 0.0 && rect.height() > 0.0 {
            self.shapes.push(Shape::rect(rect, ink));
        }
    }

    /// A point in the role's marker.
    pub fn marker(&mut self, at: Pixel, role: Role, emphasis: Emphasis) {
        let radius = self.style.marker_radius(emphasis);
        let rim = self.style.hairline * 1.2;
        match emphasis {
            Emphasis::Cloud => self.marker_shape(at, radius, style::marker(role), style::ink(role).faded(0.75)),
            Emphasis::Hollow => {
                self.marker_shape(at, radius, style::marker(role), style::ink(role));
                self.marker_shape(at, radius - rim * 1.9, style::marker(role), PAPER);
            }
            Emphasis::Filled | Emphasis::Primary => {
                self.marker_shape(at, radius + rim, style::marker(role), PAPER);
                self.marker_shape(at, radius, style::marker(role), style::ink(role));
            }
        }
    }

    fn marker_shape(&mut self, at: Pixel, radius: f64, marker: Marker, ink: Ink) {
        let corner = |right: f64, down: f64| Pixel { x: at.x + right * radius, y: at.y + down * radius };
        let points = match marker {
            Marker::Disc => {
                self.shapes.push(Shape::Disc { centre: at, radius, ink });
                return;
            }
            Marker::Square => vec![corner(-0.9, -0.9), corner(0.9, -0.9), corner(0.9, 0.9), corner(-0.9, 0.9)],
            Marker::Diamond => vec![corner(0.0, -1.3), corner(1.3, 0.0), corner(0.0, 1.3), corner(-1.3, 0.0)],
            Marker::Triangle => vec![corner(0.0, -1.2), corner(1.1, 0.85), corner(-1.1, 0.85)],
        };
        self.shapes.push(Shape::Area { points, ink });
    }
}

/// The pieces of a polyline that a dash pattern leaves: alternating lengths of stroke and gap in pixels.
pub(super) fn dashes(points: &[Pixel], pattern: &[f64]) -> Vec<Vec<Pixel>> {
    if pattern.is_empty() || pattern.iter().any(|length| length.is_nan() || *length <= 0.0) {
        return vec![points.to_vec()];
    }
    let mut pieces = Vec::new();
    let mut current: Vec<Pixel> = points.first().copied().into_iter().collect();
    let mut lengths = pattern.iter().copied().cycle();
    let mut left = lengths.next().unwrap_or(f64::INFINITY);
    let mut drawing = true;
    for pair in points.windows(2) {
        let [from, to] = pair else { continue };
        let length = (to.x - from.x).hypot(to.y - from.y);
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let share = done / length;
            let here = Pixel { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
            if drawing {
                current.push(here);
                pieces.push(std::mem::take(&mut current));
            } else {
                current = vec![here];
            }
            drawing = !drawing;
            left = lengths.next().unwrap_or(f64::INFINITY);
        }
        left -= length - done;
        if drawing {
            current.push(*to);
        }
    }
    if drawing && current.len() > 1 {
        pieces.push(current);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dashed_line_keeps_its_pattern_around_corners() {
        let points = [Pixel { x: 0.0, y: 0.0 }, Pixel { x: 10.0, y: 0.0 }, Pixel { x: 10.0, y: 10.0 }];
        let pieces = dashes(&points, &[8.0, 4.0]);
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces.first().unwrap().last().unwrap(), &Pixel { x: 8.0, y: 0.0 });
        assert_eq!(pieces.last().unwrap().first().unwrap(), &Pixel { x: 10.0, y: 2.0 });
        assert_eq!(pieces.last().unwrap().last().unwrap(), &Pixel { x: 10.0, y: 10.0 });
    }

    #[test]
    fn a_segment_crosses_a_rectangle_only_where_they_meet() {
        let rect = Rect { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };
        assert!(rect.crossed_by(Pixel { x: -5.0, y: 5.0 }, Pixel { x: 15.0, y: 5.0 }));
        assert!(rect.crossed_by(Pixel { x: 2.0, y: 2.0 }, Pixel { x: 3.0, y: 3.0 }));
        assert!(!rect.crossed_by(Pixel { x: -5.0, y: 8.0 }, Pixel { x: 2.0, y: 15.0 }));
        assert!(!rect.crossed_by(Pixel { x: 11.0, y: -5.0 }, Pixel { x: 11.0, y: 15.0 }));
    }
}
