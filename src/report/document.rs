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
