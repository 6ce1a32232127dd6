//! What a page's JSON-LD (schema.org) says of its article: one object, an array, or a `@graph` of objects that refer to each other.

use serde_json::{Map, Value};

use super::html_tree::HtmlTree;
use super::publication_date;
use super::rendering::{fragment_text, one_line};
use crate::claim::Published;

/// What the JSON-LD says; None where it doesn't.
#[derive(Debug, Default)]
pub(super) struct JsonLd {
    pub headline: Option<String>,
    pub publisher: Option<String>,
    pub published: Option<Published>,
    /// The article's text, where a publisher puts it.
    pub article_body: Option<String>,
}

/// A list of articles tells nothing of the page's own past its first few.
const OBJECTS_READ: usize = 64;

/// Reads a page's scripts of JSON-LD, in their order. One that isn't JSON is passed over.
pub(super) fn read(scripts: &[String]) -> JsonLd {
    let documents: Vec<Value> = scripts.iter().filter_map(|script| parse(script)).collect();
    let objects = objects(&documents);
    let mut articles: Vec<&Map<String, Value>> = objects.iter().copied().filter(|object| is_a(object, is_article)).collect();
    let pages = objects.iter().copied().filter(|object| is_a(object, |kind| kind.ends_with("WebPage")));
    articles.extend(pages);
    articles.truncate(OBJECTS_READ);
    let first = |key: &str| articles.iter().find_map(|article| text(article.get(key)?));
    JsonLd {
        headline: first("headline").and_then(|headline| plain(&headline)),
        publisher: articles.iter().find_map(|article| name(article.get("publisher")?, &objects)).and_then(|name| plain(&name)),
        published: articles.iter().find_map(|article| publication_date::parse(&text(article.get("datePublished")?)?)),
        article_body: first("articleBody").map(|body| paragraphs(&body)).filter(|body| !body.is_empty()),
    }
}

fn parse(script: &str) -> Option<Value> {
    let wrapped = script.trim();
    let inside =
        wrapped.trim_start_matches("//").trim_start_matches("<!--").trim_start_matches("<![CDATA[").trim_start_matches("/*<![CDATA[*/");
    let inside = inside.trim_end().trim_end_matches("-->").trim_end_matches("/*]]>*/").trim_end_matches("]]>").trim_end_matches("//");
    let inside = inside.trim().trim_end_matches(';');
    serde_json::from_str(inside).ok().or_else(|| {
        // Line ends and tabs within strings aren't JSON, and are common.
        let spaced: String = inside.chars().map(|character| if character.is_control() { ' ' } else { character }).collect();
        serde_json::from_str(&spaced).ok()
    })
}

/// The objects of the documents, of their arrays and graphs, and the main entities of pages; not those of lists of other articles.
fn objects(documents: &[Value]) -> Vec<&Map<String, Value>> {
    let mut objects = Vec::new();
    let mut waiting: Vec<&Value> = documents.iter().rev().collect();
    while let Some(value) = waiting.pop() {
        match value {
            Value::Array(values) => waiting.extend(values.iter().rev()),
            Value::Object(object) => {
                objects.push(object);
                waiting.extend(["mainEntity", "mainEntityOfPage", "@graph"].iter().filter_map(|key| object.get(*key)));
            }
            _ => {}
        }
    }
    objects
}

fn is_article(kind: &str) -> bool {
    kind.ends_with("Article") || kind.ends_with("Posting") || kind.ends_with("Report")
}

fn is_a(object: &Map<String, Value>, wanted: impl Fn(&str) -> bool) -> bool {
    match object.get("@type") {
        Some(Value::String(kind)) => wanted(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(wanted),
        _ => false,
    }
}

/// A text, or the first of several.
fn text(value: &Value) -> Option<String> {
    let value = match value {
        Value::Array(values) => values.first()?,
        value => value,
    };
    let text = value.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// A publisher's name: as text, as an object, or as the object that an `@id` refers to.
fn name(value: &Value, objects: &[&Map<String, Value>]) -> Option<String> {
    let value = match value {
        Value::Array(values) => values.first()?,
        value => value,
    };
    if let Value::Object(object) = value {
        let referred = || {
            let id = object.get("@id")?;
            objects.iter().find(|other| other.get("@id") == Some(id) && other.contains_key("name"))?.get("name")
        };
        return text(object.get("name").or_else(referred)?);
    }
    text(value)
}

/// Some write entities and tags into their JSON.
fn plain(text: &str) -> Option<String> {
    if text.contains(['&', '<']) {
        one_line(&HtmlTree::parse(text), 0)
    } else {
        Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

fn paragraphs(body: &str) -> String {
    if body.contains("</") || body.contains("<br") || body.contains("<p>") {
        return fragment_text(body);
    }
    // Text with lines: each is a paragraph.
    let lines = body.lines().map(|line| fragment_text(&line.replace('<', "&lt;")));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n\n")
}
