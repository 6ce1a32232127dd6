//! A chart as data: what is said about it in words, and panels of marks on two axes. Nothing here knows how it is drawn.
//!
//! Positions are pairs `(x, y)` in the units of the axes' [`Scale`]s. On [`Scale::Dates`] a date is its number of days
//! ([`day_number`]); on [`Scale::Rows`] a row is its position from 0, the first at the top; on [`Scale::Percent`] a value is a
//! fraction. Marks are drawn in the order given, zones and bands beneath the rest.

use chrono::{Datelike, NaiveDate};

/// A chart: words around one or more panels stacked from top to bottom.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Name of the file without its ending, and the key by which a figure is asked for: `abnormal-returns`.
    pub name: String,
    /// One sentence that says what is seen, without a full stop.
    pub title: String,
    /// What is drawn, in which unit, over which period.
    pub subtitle: String,
    /// Source and method, for the foot of the chart.
    pub note: String,
    /// The chart in words for those who can't see it.
    pub alt: String,
    /// Panels, from top to bottom; at least one to be drawn at all.
    pub panels: Vec<Panel>,
    /// Whether the panels have one x axis in common: it is labelled below the last panel only.
    pub shared_x: bool,
}

/// One pair of axes with its marks.
#[derive(Debug, Clone, PartialEq)]
pub struct Panel {
    /// A line above the panel, when there is more than one panel.
    pub heading: Option<String>,
    /// What the symbols mean, in a line above the panel. Prefer a mark's own label.
    pub key: Vec<KeyEntry>,
    /// Height relative to the other panels; above 0.
    pub weight: f64,
    /// Horizontal axis.
    pub x: Axis,
    /// Vertical axis.
    pub y: Axis,
    /// What is drawn.
    pub marks: Vec<Mark>,
}

/// One entry of a panel's key.
#[derive(Debug, Clone, PartialEq)]
pub struct KeyEntry {
    /// The symbol shown.
    pub symbol: Symbol,
    /// Its colour.
    pub role: Role,
    /// What it means.
    pub text: String,
}

/// The symbol of a [`KeyEntry`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Symbol {
    /// A stroke, dashed as the role is.
    Line,
    /// A filled rectangle, for bars and bands.
    Swatch,
    /// The role's marker, as points of that emphasis have it.
    Marker(Emphasis),
    /// A letter, as in the points' labels.
    Letter(char),
}

/// An axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// What the positions are.
    pub scale: Scale,
    /// A line of text at the axis; None when the subtitle says it.
    pub title: Option<String>,
    /// Values that must be on the axis although no mark has them.
    pub include: Vec<f64>,
    /// A value from which the marks are to be read, drawn as a stronger line: 0 of a change, 100 of an index.
    pub baseline: Option<f64>,
}

/// What the positions on an axis are, and so how its ticks are chosen and written.
#[derive(Debug, Clone, PartialEq)]
pub enum Scale {
    /// Sessions counted from the event. The dates, where given, are written below the numbers.
    Sessions {
        /// Day and date, in rising order of day.
        dates: Vec<(i32, NaiveDate)>,
    },
    /// Calendar days, as [`day_number`]s.
    Dates,
    /// Times of day, minutes from midnight.
    Clock,
    /// Fractions, written in percent.
    Percent,
    /// Index levels or prices.
    Level,
    /// Multiples: 1 is written `1×`.
    Multiple,
    /// Whole counts, from 0 up.
    Count,
    /// Probabilities as their decimal logarithms: −2 is written `0.01`.
    LogProbability,
    /// Named rows, the first at the top; only for a vertical axis.
    Rows(Vec<Row>),
}

/// A row of [`Scale::Rows`].
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Name of the row.
    pub label: String,
    /// A second, quieter line.
    pub detail: String,
    /// What comes of it, written at the right.
    pub outcome: String,
    /// A second, quieter line at the right; empty for none.
    pub outcome_detail: String,
    /// The colour of the outcome.
    pub role: Role,
}

/// The part a mark plays. The style gives each part its colour, dash, weight and marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The security the news is about.
    Security,
    /// The benchmark.
    Benchmark,
    /// Another security, counted from 0.
    Peer(u8),
    /// The event, and whatever the eye is to find first.
    Accent,
    /// A figure as the article states it.
    Stated,
    /// A value above zero, or a figure borne out.
    Positive,
    /// A value below zero, or a figure contradicted.
    Negative,
    /// Context: the many from which one stands out.
    Muted,
    /// An area of uncertainty, or of what is usual.
    Band,
}

/// What is drawn on a panel.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A line through points.
    Line {
        /// Points in the order of x.
        points: Vec<(f64, f64)>,
        /// Role.
        role: Role,
        /// Name, written at the line's end; empty for none.
        label: String,
    },
    /// Bars from zero, each one unit of x (a session) wide at most.
    Bars {
        /// The bars.
        bars: Vec<Bar>,
    },
    /// Bars that touch, each over its own range of x.
    Histogram {
        /// The bins, in rising order.
        bins: Vec<Bin>,
        /// Role.
        role: Role,
    },
    /// An area between two lines.
    Band {
        /// x, lower and upper y.
        points: Vec<(f64, f64, f64)>,
        /// Role.
        role: Role,
        /// Name, written at the right end; empty for none.
        label: String,
    },
    /// A stripe over the whole panel, open where a bound is None.
    Zone {
        /// The axis on which the bounds are.
        along: Direction,
        /// Lower bound; None: open.
        from: Option<f64>,
        /// Upper bound; None: open.
        to: Option<f64>,
        /// Role.
        role: Role,
        /// Name; empty for none.
        label: String,
    },
    /// Single points.
    Points {
        /// The points.
        points: Vec<Point>,
        /// Role.
        role: Role,
        /// How much they stand out.
        emphasis: Emphasis,
    },
    /// A straight line over the whole panel at one value of `along`.
    Rule {
        /// The axis on which `at` is: `X` draws a vertical line.
        along: Direction,
        /// Where.
        at: f64,
        /// Role.
        role: Role,
        /// Name; empty for none.
        label: String,
    },
    /// A range of x on one row or level, open where a bound is None.
    Interval {
        /// Vertical position.
        y: f64,
        /// Lower bound; None: open.
        from: Option<f64>,
        /// Upper bound; None: open.
        to: Option<f64>,
        /// Role.
        role: Role,
    },
    /// A line of text at a point; it moves a little to find room.
    Note {
        /// Horizontal position.
        x: f64,
        /// Vertical position.
        y: f64,
        /// The text.
        text: String,
        /// Role.
        role: Role,
    },
}

/// One of [`Mark::Bars`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bar {
    /// Middle of the bar.
    pub x: f64,
    /// Its end; it begins at zero.
    pub y: f64,
    /// Role.
    pub role: Role,
}

/// One of [`Mark::Histogram`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    /// Lower edge.
    pub from: f64,
    /// Upper edge.
    pub to: f64,
    /// Height.
    pub count: f64,
}

/// One of [`Mark::Points`].
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Horizontal position.
    pub x: f64,
    /// Vertical position.
    pub y: f64,
    /// A text beside it; empty for none.
    pub label: String,
}

/// An axis by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The horizontal axis.
    X,
    /// The vertical axis.
    Y,
}

/// How much points stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Emphasis {
    /// Small and light: many of them.
    Cloud,
    /// Of ordinary size, hollow.
    Hollow,
    /// Of ordinary size, filled.
    Filled,
    /// Large and filled: the one that counts.
    Primary,
}

impl Axis {
    /// An axis of that scale without title, baseline or further values.
    pub fn new(scale: Scale) -> Self {
        Self { scale, title: None, include: Vec::new(), baseline: None }
    }

    /// The same with a title.
    pub fn titled(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// The same with a baseline, which is on the axis then.
    pub fn with_baseline(mut self, value: f64) -> Self {
        self.baseline = Some(value);
        self.include.push(value);
        self
    }

    /// The same reaching at least to `value`.
    pub fn including(mut self, value: f64) -> Self {
        self.include.push(value);
        self
    }
}

impl Panel {
    /// A panel of weight 1 without marks, heading or key.
    pub fn new(x: Axis, y: Axis) -> Self {
        Self { heading: None, key: Vec::new(), weight: 1.0, x, y, marks: Vec::new() }
    }
}

/// The position of a date on [`Scale::Dates`]: days since the common era began.
pub fn day_number(date: NaiveDate) -> f64 {
    f64::from(date.num_days_from_ce())
}
