//! A claim as a row of the table of results: what `aftermove extract` and `aftermove check` have in common.

use crate::claim::{Inference, Qualifier};
use crate::data::article_reader::ReadArticle;
use crate::data::article_stream::ArticleKey;
use crate::data::parquet_writer::Cell::{self, Number, Text, Whole};
use crate::data::parquet_writer::ColumnKind;
use crate::report::claim_list::ListedClaim;

/// The columns, as [`cells`] fills them.
pub(super) const COLUMNS: [(&str, ColumnKind); 18] = [
    ("article", ColumnKind::Text),
    ("title", ColumnKind::Text),
    ("published", ColumnKind::Text),
    ("claim", ColumnKind::Text),
    ("symbol", ColumnKind::Text),
    ("name", ColumnKind::Text),
    ("horizon", ColumnKind::Text),
    ("stated_pct", ColumnKind::Number),
    ("decimals", ColumnKind::Whole),
    ("qualifier", ColumnKind::Text),
    ("against", ColumnKind::Text),
    ("day", ColumnKind::Text),
    ("span_start", ColumnKind::Whole),
    ("span_end", ColumnKind::Whole),
    ("line", ColumnKind::Whole),
    ("column", ColumnKind::Whole),
    ("snippet", ColumnKind::Text),
    ("inferred", ColumnKind::Text),
];

/// What a row says of its article.
pub(super) struct ArticleCells {
    /// Its path or id.
    pub name: String,
    pub title: Option<String>,
    pub published: Option<String>,
}

impl ArticleCells {
    pub(super) fn new(key: &ArticleKey, read: &ReadArticle) -> Self {
        Self { name: key.name(), title: read.title.clone(), published: read.article.published.map(|published| published.to_string()) }
    }
}

/// The cells of a claim, in the order of [`COLUMNS`].
pub(super) fn cells(article: &ArticleCells, claim: &ListedClaim<'_>) -> Vec<Cell> {
    let text = |text: Option<&str>| Text(text.map(str::to_owned));
    let whole = |number: Option<usize>| Whole(number.and_then(|number| i64::try_from(number).ok()));
    let (start, end) = (claim.span.map(|(start, _)| start), claim.span.map(|(_, end)| end));
    vec![
        Text(Some(article.name.clone())),
        Text(article.title.clone()),
        Text(article.published.clone()),
        text(Some(claim.id)),
        text(claim.symbol),
        text(claim.name),
        Text(Some(claim.horizon.to_string())),
        Number(Some(claim.stated_pct)),
        Whole(Some(i64::from(claim.decimals))),
        Text(Some(qualifier_name(claim.qualifier))),
        text(claim.against),
        Text(claim.as_of.map(|day| day.to_string())),
        whole(start),
        whole(end),
        whole(claim.line),
        whole(claim.column),
        Text(claim.snippet.clone()),
        Text(inferences(claim.inferred)),
    ]
}

/// The cells of an article that can't be read: its name alone.
pub(super) fn broken(name: String) -> Vec<Cell> {
    let mut cells: Vec<Cell> = COLUMNS.iter().map(|(_, kind)| empty(*kind)).collect();
    if let Some(first) = cells.first_mut() {
        *first = Text(Some(name));
    }
    cells
}

/// A cell without a value.
pub(super) fn empty(kind: ColumnKind) -> Cell {
    match kind {
        ColumnKind::Text => Text(None),
        ColumnKind::Number => Number(None),
        ColumnKind::Whole => Whole(None),
        ColumnKind::Date => Cell::Date(None),
    }
}

/// As in result files: `more-than`, `none`.
fn qualifier_name(qualifier: Qualifier) -> String {
    if qualifier == Qualifier::None { "none".to_owned() } else { qualifier.words().replace(' ', "-") }
}

fn inferences(inferred: &[Inference]) -> Option<String> {
    (!inferred.is_empty()).then(|| inferred.iter().map(|inference| inference.words()).collect::<Vec<_>>().join("; "))
}
