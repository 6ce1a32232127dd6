//! A report before it has a format: headings, paragraphs, tables and charts, all numbers already text.

use serde::Serialize;

/// A chart that the report shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FigureReference {
    /// Name of its file without the ending.
    pub name: String,
    /// What it says, for a caption.
    pub title: String,
    /// The chart in words.
    pub alt: String,
}

/// A whole report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Document {
    /// Title.
    pub title: String,
    /// The answer, in one sentence that a non-specialist understands.
    pub answer: String,
    /// What the answer leaves out, a paragraph each.
    pub details: Vec<String>,
    /// Sections in reading order.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Anchor, unique in the document.
    pub id: String,
    /// Heading.
    pub heading: String,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "content")]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// Something to beware of.
    Warning(String),
    /// A table.
    Table(Table),
    /// A chart.
    Figure(FigureReference),
    /// An article's text with its figures marked.
    Article(AnnotatedText),
}

/// An article's text with its figures marked, and a note for each figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnnotatedText {
    /// The text, or what of it is shown.
    pub passages: Vec<Passage>,
    /// A note for each figure, also for one that has no mark.
    pub notes: Vec<Note>,
}

/// A part of an article's text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "content")]
pub enum Passage {
    /// A paragraph.
    Paragraph(Vec<Piece>),
    /// Paragraphs without a figure, left out of a long text.
    LeftOut,
}

impl Passage {
    /// Numbers of the figures marked in it.
    pub fn marked(&self) -> Vec<usize> {
        let Passage::Paragraph(pieces) = self else { return Vec::new() };
        let number = |piece: &Piece| match piece {
            Piece::Mark { number, .. } => Some(*number),
            Piece::Text(_) | Piece::LineBreak => None,
        };
        pieces.iter().filter_map(number).collect()
    }
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "content")]
pub enum Piece {
    /// Words, as they stand in the article.
    Text(String),
    /// The end of a line.
    LineBreak,
    /// A figure that is a claim.
    Mark {
        /// Number of its note.
        number: usize,
        /// The figure, as it stands in the article; empty for a second claim on the figure before.
        text: String,
    },
}

/// What the prices say to a figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Its number, from 1, in the order of the claims.
    pub number: usize,
    /// Whether its figure is marked in the text.
    pub marked: bool,
    /// The verdict's name in result files.
    pub verdict: &'static str,
    /// The verdict as a sign.
    pub sign: &'static str,
    /// Security.
    pub security: String,
    /// Period.
    pub horizon: String,
    /// Day to whose close the figure refers; None when unknown.
    pub day: Option<String>,
    /// The figure as stated.
    pub stated: String,
    /// The verdict in words, with the readings that reproduce the figure or the reason why it isn't checkable.
    pub outcome: String,
    /// What of the claim isn't said in so many words.
    pub inferred: Vec<String>,
    /// Every reading.
    pub readings: Vec<NoteReading>,
}

/// A reading in a note.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoteReading {
    /// Which reading.
    pub reading: String,
    /// "5 Aug 2022 to 2 Sep 2022"; None when its start isn't known.
    pub window: Option<String>,
    /// The value; None with a reason.
    pub measured: Option<String>,
    /// Whether it reproduces the figure; None without a value.
    pub reproduces: Option<bool>,
    /// Why there is no value.
    pub reason: Option<String>,
}

/// A table of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// What it shows.
    pub caption: String,
    /// Column headings; the first column holds text, further ones numbers unless `text_columns` names them.
    pub header: Vec<String>,
    /// Columns that hold text, from 0.
    pub text_columns: Vec<usize>,
    /// Rows, as long as the header.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// A table whose first column is text and whose others are numbers.
    pub fn new(caption: impl Into<String>, header: &[&str]) -> Self {
        Self {
            caption: caption.into(),
            header: header.iter().map(|name| (*name).to_owned()).collect(),
            text_columns: vec![0],
            rows: Vec::new(),
        }
    }

    /// The same with these columns as text.
    pub fn with_text_columns(mut self, columns: &[usize]) -> Self {
        self.text_columns = columns.to_vec();
        self
    }

    /// Whether a column holds numbers.
    pub fn is_numeric(&self, column: usize) -> bool {
        !self.text_columns.contains(&column)
    }
}
