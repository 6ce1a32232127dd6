//! What a page says of itself: title, publisher, date, language.

use super::boilerplate::is_hard_dropped;
use super::html_tree::{Attributes, HtmlTree, NodeId};
use super::json_ld;
use super::publication_date;
use super::rendering::one_line;
use super::tag::Tag;
use crate::claim::Published;

/// What a page says of itself; None where it doesn't.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub title: Option<String>,
    pub source: Option<String>,
    pub published: Option<Published>,
    pub language: Option<String>,
    pub article_body: Option<String>,
}

/// Names of `<meta>` that hold the date of publication, the surest first: Open Graph, Dublin Core, and those of publishing systems.
const DATE_NAMES: &[&str] = &[
    "article:published_time",
    "article:published",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "dc.date.created",
    "dcterms.date",
    "dcterms.created",
    "dcterms.issued",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "rnews:datepublished",
    "article.published",
    "article_date_original",
    "citation_publication_date",
];

/// How many scripts of JSON-LD are read, and how long one may be.
const JSON_LD_SCRIPTS: usize = 64;
const JSON_LD_BYTES: usize = 4 * 1024 * 1024;

/// Reads the head, the JSON-LD and the microdata of a page.
pub(super) fn read(tree: &HtmlTree) -> Facts {
    let of_tag = |tag: Tag| tree.attributes.iter().filter(move |(id, _)| tree.tag(*id) == Some(tag));
    let scripts: Vec<String> = of_tag(Tag::Script)
        .filter(|(id, _)| tree.subtree(*id).len() > 1)
        .take(JSON_LD_SCRIPTS)
        .map(|(id, _)| tree.raw_text(*id))
        .filter(|script| script.len() <= JSON_LD_BYTES)
        .collect();
    let linked_data = json_ld::read(&scripts);
    let metas: Vec<(String, &str)> = of_tag(Tag::Meta)
        .filter_map(|(_, attributes)| {
            let name = attributes.get("property").or_else(|| attributes.get("name")).or_else(|| attributes.get("itemprop"))?;
            Some((name.to_ascii_lowercase(), attributes.get("content").filter(|content| !content.is_empty())?))
        })
        .collect();
    let meta = |wanted: &str| metas.iter().find(|(name, _)| name == wanted).map(|(_, content)| one_space(content));
    let source = meta("og:site_name").or(linked_data.publisher);
    let title = meta("og:title").or(linked_data.headline).or_else(|| title_element(tree));
    let meta_date =
        |wanted: &str| metas.iter().filter(|(name, _)| name == wanted).find_map(|(_, content)| publication_date::parse(content));
    let (open_graph, others) = DATE_NAMES.split_at(4);
    let published = linked_data
        .published
        .or_else(|| open_graph.iter().find_map(|name| meta_date(name)))
        .or_else(|| microdata_date(tree))
        .or_else(|| others.iter().find_map(|name| meta_date(name)));
    let language = tree.attributes.iter().filter(|(id, _)| *id == 0);
    let language = language
        .filter_map(|(_, attributes)| attributes.get("lang").or_else(|| attributes.get("xml:lang")))
        .find(|value| !value.is_empty());
    Facts {
        title: title.map(|title| without_site(&title, source.as_deref()).to_owned()).filter(|title| !title.is_empty()),
        source,
        published,
        language: language.map(str::to_owned),
        article_body: linked_data.article_body,
    }
}

fn one_space(text: &str) -> String {
    text.replace('\0', "").split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text of the head's `<title>`.
fn title_element(tree: &HtmlTree) -> Option<String> {
    (0..tree.nodes.len()).filter(|&id| tree.tag(id) == Some(Tag::Title)).find_map(|id| one_line(tree, id))
}

/// A title without " | Site", when that is the site's name.
fn without_site<'a>(title: &'a str, source: Option<&str>) -> &'a str {
    let Some(source) = source else { return title };
    for separator in [" | ", " - ", " – ", " — ", " · ", " • ", " :: ", " : ", " « ", " » ", " / "] {
        if let Some((headline, site)) = title.rsplit_once(separator)
            && site.trim().to_lowercase() == source.trim().to_lowercase()
            && !headline.trim().is_empty()
        {
            return headline.trim();
        }
    }
    title
}

fn has_word(attributes: &Attributes, name: &str, word: &str) -> bool {
    attributes.get(name).is_some_and(|value| value.split_ascii_whitespace().any(|each| each.eq_ignore_ascii_case(word)))
}

/// The first `itemprop="datePublished"` that holds a date.
fn microdata_date(tree: &HtmlTree) -> Option<Published> {
    let marked = tree.attributes.iter().filter(|(_, attributes)| has_word(attributes, "itemprop", "datePublished"));
    marked.into_iter().find_map(|(id, attributes)| date_of(tree, *id, attributes))
}

/// A date in words is in few pieces.
const DATE_PIECES: usize = 16;

fn date_of(tree: &HtmlTree, id: NodeId, attributes: &Attributes) -> Option<Published> {
    match attributes.get("datetime").or_else(|| attributes.get("content")) {
        Some(value) => publication_date::parse(value),
        None if tree.subtree(id).len() <= DATE_PIECES => publication_date::parse(&one_line(tree, id)?),
        None => None,
    }
}

/// The date of the article's `<time>`: one marked as the publication's, else the first in the article or between its headline and it,
/// else the only one of the page.
pub(super) fn time_element(tree: &HtmlTree, root: NodeId, headline: Option<NodeId>) -> Option<Published> {
    let times: Vec<(NodeId, &Attributes)> = tree
        .attributes
        .iter()
        .filter(|(id, _)| tree.tag(*id) == Some(Tag::Time) && !is_aside(tree, *id))
        .map(|(id, attributes)| (*id, attributes))
        .collect();
    let date = |(id, attributes): &(NodeId, &Attributes)| date_of(tree, *id, attributes);
    let marked = times.iter().filter(|(_, attributes)| attributes.get("pubdate").is_some() || has_word(attributes, "class", "published"));
    let end = tree.subtree(root).end;
    let start = headline.unwrap_or(root).min(root);
    let within = times.iter().filter(|(id, _)| (start..end).contains(id));
    let is_update = |attributes: &Attributes| {
        has_word(attributes, "itemprop", "dateModified")
            || has_word(attributes, "class", "updated")
            || has_word(attributes, "class", "modified")
    };
    marked
        .filter(|(id, _)| root == 0 || (start..end).contains(id))
        .find_map(date)
        .or_else(|| within.clone().filter(|(_, attributes)| !is_update(attributes)).find_map(date))
        .or_else(|| within.clone().find_map(date))
        .or_else(|| if let [only] = times.as_slice() { date(only) } else { None })
}

/// Whether an element is in a menu, an aside or a footer. A footer of the article itself may hold its date.
fn is_aside(tree: &HtmlTree, id: NodeId) -> bool {
    let mut at = id;
    while let Some(parent) = tree.parent(at) {
        at = parent;
        match tree.tag(at) {
            Some(Tag::Article) => return false,
            Some(_) if is_hard_dropped(tree, at) => return true,
            _ => {}
        }
    }
    false
}
