//! The claims of an article alone, with where each stands in its text; nothing is measured.

use serde::Serialize;

use crate::claim::{Article, Claim, Horizon, Inference, NamedPeriod, Published, Qualifier};
use crate::report::document::Table;
use crate::report::passage::snippet;
use crate::report::{name, wording};

/// Characters of the text beside each figure.
const WIDTH: usize = 60;

/// An article's claims, as `aftermove extract --format json` prints them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClaimList<'a> {
    /// Version of this form: `aftermove/claims/1`.
    pub schema: &'static str,
    /// Its headline; None when it has none.
    pub title: Option<&'a str>,
    /// When it was published; None when not known.
    pub published: Option<Published>,
    /// Code of the language it was read in; None for figures.
    pub language: Option<&'a str>,
    /// Its text, in which the claims' places are counted; None for figures.
    pub text: Option<&'a str>,
    /// Its claims, in the order of the text.
    pub claims: Vec<ListedClaim<'a>>,
}

/// A claim with its place in the text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ListedClaim<'a> {
    /// Key of the claim in its article.
    pub id: &'a str,
    /// Symbol of the security; None when the words don't lead to one.
    pub symbol: Option<&'a str>,
    /// A name that no table of names holds; None otherwise.
    pub name: Option<&'a str>,
    /// Horizon claimed.
    pub horizon: Horizon,
    /// Symbol of the benchmark when the figure is a gap to it.
    pub against: Option<&'a str>,
    /// The figure in percent, or percentage points for a gap.
    pub stated_pct: f64,
    /// Decimals printed.
    pub decimals: u8,
    /// Qualifier.
    pub qualifier: Qualifier,
    /// The day that its words name, as they name it; None when they don't.
    pub as_of: Option<NamedPeriod>,
    /// Byte offsets of the figure in the text; None without one.
    pub span: Option<(usize, usize)>,
    /// Line of the figure, from 1.
    pub line: Option<usize>,
    /// Character of the line at which it begins, from 1.
    pub column: Option<usize>,
    /// The figure as printed.
    pub text: Option<&'a str>,
    /// The figure with the words around it.
    pub snippet: Option<String>,
    /// What of the claim isn't said in so many words.
    pub inferred: &'a [Inference],
}

/// The claims of an article with their places.
pub fn list(article: &Article) -> Vec<ListedClaim<'_>> {
    let mut places = Places::new(article.text.as_deref().unwrap_or_default());
    article.claims.iter().map(|claim| listed(article, claim, &mut places)).collect()
}

fn listed<'a>(article: &'a Article, claim: &'a Claim, places: &mut Places<'a>) -> ListedClaim<'a> {
    let text = article.text.as_deref();
    let place = text.and(claim.span).map(|(start, _)| places.of(start));
    ListedClaim {
        id: &claim.id,
        symbol: claim.subject.symbol(),
        name: claim.subject.name(),
        horizon: claim.horizon,
        against: claim.against.as_deref(),
        stated_pct: claim.stated.percent(),
        decimals: claim.stated.decimals(),
        qualifier: claim.qualifier,
        as_of: claim.as_of,
        span: claim.span,
        line: place.map(|(line, _)| line),
        column: place.map(|(_, column)| column),
        text: text.zip(claim.span).and_then(|(text, (start, end))| text.get(start..end)),
        snippet: text.zip(claim.span).and_then(|(text, span)| snippet(text, span, WIDTH)),
        inferred: &claim.inferred,
    }
}

/// The claims as a table for a terminal.
pub fn table(article: &Article) -> Table {
    let claims = list(article);
    let days = claims.iter().any(|claim| claim.as_of.is_some());
    let mut header = vec!["At", "Security", "Period", "Stated", "In the text"];
    let mut text_columns = vec![0, 1, 2, 4];
    if days {
        header.insert(3, "Day");
        text_columns = vec![0, 1, 2, 3, 5];
    }
    let mut table = Table::new("The article’s claims", &header).with_text_columns(&text_columns);
    for (listed, claim) in claims.iter().zip(&article.claims) {
        let at = listed.line.zip(listed.column).map_or_else(|| wording::UNKNOWN.to_owned(), |(line, column)| format!("{line}:{column}"));
        let mut row = vec![
            at,
            name::subject(&claim.subject).to_owned(),
            wording::horizon_words(claim.horizon),
            wording::figure_label(claim.stated, claim.qualifier, claim.against.as_deref()),
            words_around(listed),
        ];
        if days {
            row.insert(3, claim.as_of.map_or_else(|| wording::UNKNOWN.to_owned(), wording::period_words));
        }
        table.rows.push(row);
    }
    table
}

fn words_around(claim: &ListedClaim<'_>) -> String {
    let words = claim.snippet.as_ref().map(|words| format!("“{words}”"));
    let inferred: Vec<&str> = claim.inferred.iter().map(|inference| inference.words()).collect();
    let inferred = (!inferred.is_empty()).then(|| format!("({})", inferred.join("; ")));
    [words, inferred].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Lines and columns of rising offsets, in one pass over the text.
struct Places<'a> {
    text: &'a str,
    offset: usize,
    line: usize,
    column: usize,
}

impl<'a> Places<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, offset: 0, line: 1, column: 1 }
    }

    /// Line and character column of an offset, both from 1; an offset before the last one asked for is looked for from the beginning.
    fn of(&mut self, offset: usize) -> (usize, usize) {
        if offset < self.offset {
            *self = Self::new(self.text);
        }
        let between = self.text.get(self.offset..offset).unwrap_or_default();
        self.line += between.matches('\n').count();
        self.column = match between.rfind('\n') {
            Some(newline) => between.get(newline..).unwrap_or_default().chars().count(),
            None => self.column + between.chars().count(),
        };
        self.offset += between.len();
        (self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_lines_and_characters_whatever_their_order() {
        let mut places = Places::new("é 4%\n\nça 5 % 6%\r\n7%");
        let found: Vec<_> = [3, 7, 11, 15, 19, 3, 0].into_iter().map(|offset| places.of(offset)).collect();
        assert_eq!(found, [(1, 3), (3, 1), (3, 4), (3, 8), (4, 1), (1, 3), (1, 1)]);
    }
}
