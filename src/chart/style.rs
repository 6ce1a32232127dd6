//! The one style of all charts: colours, dashes, weights, markers, type sizes and margins.
//!
//! Every role differs from the others in more than its hue: in lightness, dash, weight or marker, so that a chart survives
//! colour blindness and a black-and-white printer. Hues are blue against orange and claret, never red against green.

use super::figure::Role;

/// Width and height of a chart in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}

impl Size {
    /// For a page or a screen: 1600 × 1000.
    pub const WIDE: Size = Size { width: 1600, height: 1000 };
    /// For a phone, with larger type: 900 × 1000.
    pub const PHONE: Size = Size { width: 900, height: 1000 };
    /// Below this width a chart is laid out for a phone.
    const NARROW: u32 = 1200;
    /// The smallest and the largest side that can be drawn.
    pub const LIMITS: std::ops::RangeInclusive<u32> = 320..=8000;

    /// Whether the layout is the one for phones.
    pub fn is_narrow(self) -> bool {
        self.width < Self::NARROW
    }
}

impl Default for Size {
    fn default() -> Self {
        Self::WIDE
    }
}

/// A colour with its opacity, 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink {
    /// Red, green, blue.
    pub rgb: (u8, u8, u8),
    /// 1 covers, 0 is invisible.
    pub opacity: f64,
}

impl Ink {
    const fn solid(red: u8, green: u8, blue: u8) -> Self {
        Self { rgb: (red, green, blue), opacity: 1.0 }
    }

    /// The same colour, thinner.
    pub fn faded(self, opacity: f64) -> Self {
        Self { opacity: self.opacity * opacity, ..self }
    }
}

/// Paper.
pub const PAPER: Ink = Ink::solid(255, 255, 255);
/// Titles and names.
pub const TEXT: Ink = Ink::solid(0x1A, 0x1A, 0x1A);
/// Subtitles, ticks.
pub const QUIET_TEXT: Ink = Ink::solid(0x4F, 0x53, 0x57);
/// Notes at the foot.
pub const FAINT_TEXT: Ink = Ink::solid(0x6B, 0x6F, 0x73);
/// Lines of the grid.
pub const GRID: Ink = Ink::solid(0xE1, 0xE4, 0xE7);
/// Axis lines and baselines.
pub const AXIS: Ink = Ink::solid(0x3A, 0x3D, 0x40);

/// The shape of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marker {
    /// A disc.
    Disc,
    /// A square.
    Square,
    /// A square on its corner.
    Diamond,
    /// A triangle.
    Triangle,
}

/// The weight of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Inter Regular.
    Regular,
    /// Inter SemiBold.
    SemiBold,
}

/// The colour of a role's lines, bars and points.
pub fn ink(role: Role) -> Ink {
    match role {
        Role::Security => Ink::solid(0x0F, 0x4C, 0x81),
        Role::Benchmark => Ink::solid(0x6E, 0x73, 0x78),
        Role::Peer(0) => Ink::solid(0xC9, 0x6A, 0x12),
        Role::Peer(1) => Ink::solid(0x2A, 0x9D, 0x8F),
        Role::Peer(2) => Ink::solid(0x8A, 0x5A, 0xA6),
        Role::Peer(3) => Ink::solid(0x9A, 0x8C, 0x5A),
        Role::Peer(4) => Ink::solid(0xB5, 0x4A, 0x7A),
        Role::Peer(_) => Ink::solid(0x5C, 0x6B, 0xC0),
        Role::Accent => Ink::solid(0xA3, 0x0D, 0x45),
        Role::Stated => Ink::solid(0xE0, 0xA1, 0x2B),
        Role::Positive => Ink::solid(0x3B, 0x82, 0xB8),
        Role::Negative => Ink::solid(0xD0, 0x6A, 0x2C),
        Role::Muted => Ink::solid(0xA9, 0xB2, 0xBA),
        Role::Band => Ink::solid(0xCD, 0xDC, 0xEA),
    }
}

/// The colour of a role's text: as its lines, but dark enough to read on white.
pub fn text_ink(role: Role) -> Ink {
    match role {
        Role::Benchmark => Ink::solid(0x4F, 0x53, 0x57),
        Role::Muted | Role::Band => QUIET_TEXT,
        Role::Stated => Ink::solid(0x8A, 0x5A, 0x00),
        Role::Peer(0) => Ink::solid(0xA8, 0x53, 0x06),
        Role::Peer(1) => Ink::solid(0x16, 0x72, 0x68),
        Role::Peer(2) => Ink::solid(0x6B, 0x46, 0x80),
        Role::Peer(3) => Ink::solid(0x6B, 0x60, 0x36),
        Role::Peer(4) => Ink::solid(0x8E, 0x30, 0x5B),
        Role::Peer(_) => Ink::solid(0x3F, 0x4C, 0x9A),
        Role::Positive => Ink::solid(0x1F, 0x5F, 0x93),
        Role::Negative => Ink::solid(0xA3, 0x46, 0x0C),
        role => ink(role),
    }
}

/// The fill of a role's zones and bands.
pub fn wash(role: Role) -> Ink {
    match role {
        Role::Band => Ink::solid(0xDD, 0xE7, 0xF0),
        Role::Stated => Ink::solid(0xFB, 0xEB, 0xC8),
        role => ink(role).faded(0.16),
    }
}

/// Lengths of stroke and gap, in multiples of the line's width; empty for an unbroken line.
pub fn dash(role: Role) -> &'static [f64] {
    match role {
        Role::Peer(0) => &[4.2, 1.8],
        Role::Peer(1) => &[1.4, 1.5],
        Role::Peer(2) => &[5.5, 1.5, 1.3, 1.5],
        Role::Peer(3) => &[7.0, 2.5],
        Role::Peer(4) => &[2.6, 1.3],
        Role::Peer(_) => &[9.0, 1.5, 1.3, 1.5, 1.3, 1.5],
        Role::Stated => &[3.0, 2.0],
        _ => &[],
    }
}

/// The width of a role's lines, in multiples of [`Style::stroke`].
pub fn line_weight(role: Role) -> f64 {
    match role {
        Role::Security => 1.45,
        Role::Benchmark => 1.05,
        _ => 1.0,
    }
}

/// The marker of a role.
pub fn marker(role: Role) -> Marker {
    match role {
        Role::Accent | Role::Peer(1) => Marker::Diamond,
        Role::Benchmark | Role::Stated => Marker::Square,
        Role::Peer(_) => Marker::Triangle,
        _ => Marker::Disc,
    }
}

/// Sizes of type, strokes and margins for one [`Size`], in pixels.
#[derive(Debug, Clone, PartialEq)]
pub struct Style {
    /// Width and height of the chart.
    pub size: Size,
    /// Type of the title.
    pub title: f64,
    /// Type of the subtitle.
    pub subtitle: f64,
    /// Type of names and headings.
    pub label: f64,
    /// Type of ticks and quieter lines.
    pub tick: f64,
    /// Type of the note.
    pub note: f64,
    /// Space around everything.
    pub margin: f64,
    /// Width of an ordinary line.
    pub stroke: f64,
    /// Width of the grid's lines.
    pub hairline: f64,
    /// Radius of an ordinary point.
    pub radius: f64,
    /// The largest share of the width that names at the right may take.
    pub right_share: f64,
}

impl Style {
    /// Distance of two baselines in multiples of the size of type.
    pub const LEADING: f64 = 1.27;
    /// Height of a capital in multiples of the size of type (Inter: 0.727).
    pub const CAP_HEIGHT: f64 = 0.727;

    /// The style for charts of that size. Sides beyond [`Size::LIMITS`] are drawn as the nearest that is within.
    pub fn for_size(size: Size) -> Self {
        let size = Size {
            width: size.width.clamp(*Size::LIMITS.start(), *Size::LIMITS.end()),
            height: size.height.clamp(*Size::LIMITS.start(), *Size::LIMITS.end()),
        };
        let (reference, title, subtitle, label, tick, note, margin, stroke, right_share) = if size.is_narrow() {
            (Size::PHONE, 43.0, 30.0, 27.0, 26.0, 23.0, 36.0, 3.4, 0.27)
        } else {
            (Size::WIDE, 44.0, 27.5, 25.0, 24.0, 19.5, 56.0, 3.0, 0.18)
        };
        let unit = (f64::from(size.width) / f64::from(reference.width)).min(f64::from(size.height) / f64::from(reference.height) * 1.25);
        Self {
            size,
            title: title * unit,
            subtitle: subtitle * unit,
            label: label * unit,
            tick: tick * unit,
            note: note * unit,
            margin: margin * unit,
            stroke: stroke * unit,
            hairline: (1.5 * unit).max(1.0),
            radius: 7.5 * unit,
            right_share,
        }
    }

    /// The size of a marker of that emphasis, as the radius of a disc.
    pub fn marker_radius(&self, emphasis: super::figure::Emphasis) -> f64 {
        use super::figure::Emphasis;
        match emphasis {
            Emphasis::Cloud => self.radius * 0.62,
            Emphasis::Hollow => self.radius * 0.95,
            Emphasis::Filled => self.radius,
            Emphasis::Primary => self.radius * 1.35,
        }
    }
}
