//! Markdown to text, and the few lines of front matter that tell an article's facts. Front matter is read line by line, `key: value`
//! between `---` or `key = value` between `+++`: neither nested values nor values over several lines are understood.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use super::Page;
use super::html_tree::HtmlTree;
use super::publication_date;
use super::rendering::{fragment_text, one_line};
use super::text_writer::{Break, TextWriter};

/// Reads a Markdown file. Code blocks and pictures are left out.
pub(super) fn read(decoded: &str, encoding: &'static str) -> Page {
    let (front_matter, body) = split(decoded);
    let value = |names: &[&str]| {
        let of_name = |name: &&str| front_matter.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
        names.iter().find_map(of_name).filter(|value| !value.is_empty())
    };
    let (text, heading) = render(body);
    Page {
        text,
        title: value(&["title"]).or(heading),
        source: value(&["source", "publisher"]),
        published: ["date", "published", "pubdate", "publishdate"].iter().find_map(|name| publication_date::parse(&value(&[name])?)),
        language: value(&["lang", "language"]),
        encoding,
    }
}

/// The front matter's keys and values, and the rest.
fn split(decoded: &str) -> (Vec<(String, String)>, &str) {
    let none = (Vec::new(), decoded);
    let Some((first, rest)) = decoded.split_once('\n') else { return none };
    let (fence, separator) = match first.trim_end() {
        "---" => ("---", ':'),
        "+++" => ("+++", '='),
        _ => return none,
    };
    let mut pairs = Vec::new();
    let mut read = 0;
    for line in rest.split_inclusive('\n') {
        read += line.len();
        if line.trim_end() == fence || (fence == "---" && line.trim_end() == "...") {
            return (pairs, rest.get(read..).unwrap_or_default());
        }
        // Indented lines belong to a value that nests.
        if let Some((key, value)) = line.split_once(separator)
            && !line.starts_with([' ', '\t', '#', '-'])
        {
            pairs.push((key.trim().to_ascii_lowercase(), scalar(value)));
        }
    }
    // A rule as the first line, and no second: no front matter.
    none
}

/// A value without its quotes, or without the comment behind it.
fn scalar(value: &str) -> String {
    let value = value.trim();
    for quote in ['"', '\''] {
        if let Some(quoted) = value.strip_prefix(quote) {
            let end = quoted.rfind(quote).unwrap_or(quoted.len());
            return quoted.get(..end).unwrap_or(quoted).replace("\\\"", "\"").replace("''", "'");
        }
    }
    value.split(" #").next().unwrap_or(value).trim().to_owned()
}

/// The text, and the first heading.
fn render(markdown: &str) -> (String, Option<String>) {
    let mut writer = TextWriter::new();
    let mut heading: Option<String> = None;
    let mut in_heading = false;
    // Depths of what is left out, and of the list items open.
    let (mut left_out, mut items) = (0_usize, 0_usize);
    let mut html = String::new();
    let put = |writer: &mut TextWriter, heading: &mut Option<String>, in_heading: bool, text: &str| {
        writer.put_text(text, false);
        if in_heading {
            heading.get_or_insert_default().push_str(text);
        }
    };
    let mut heading_done = false;
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        let block = if items > 0 { Break::Line } else { Break::Paragraph };
        match event {
            Event::Start(Tag::CodeBlock(_) | Tag::Image { .. }) => left_out += 1,
            Event::End(TagEnd::CodeBlock) => {
                left_out = left_out.saturating_sub(1);
                writer.put_break(block);
            }
            Event::End(TagEnd::Image) => left_out = left_out.saturating_sub(1),
            _ if left_out > 0 => {}
            Event::Start(Tag::Item) => {
                items += 1;
                writer.put_break(Break::Line);
            }
            Event::End(TagEnd::Item) => {
                items = items.saturating_sub(1);
                writer.put_break(Break::Line);
            }
            Event::Start(Tag::TableHead | Tag::TableRow) | Event::End(TagEnd::TableHead | TagEnd::TableRow) => {
                writer.put_break(Break::Line)
            }
            Event::Start(Tag::TableCell) => writer.put_break(Break::Cell),
            Event::Start(Tag::Heading { .. }) => {
                in_heading = !heading_done;
                writer.put_break(block);
            }
            Event::End(TagEnd::Heading(_)) => {
                heading_done |= heading.as_ref().is_some_and(|heading| !heading.trim().is_empty());
                in_heading = false;
                writer.put_break(block);
            }
            Event::Start(Tag::Paragraph | Tag::BlockQuote(_) | Tag::List(_) | Tag::Table(_))
            | Event::End(TagEnd::Paragraph | TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Table)
            | Event::Rule => writer.put_break(block),
            Event::Text(text) | Event::Code(text) => put(&mut writer, &mut heading, in_heading, &text),
            Event::SoftBreak => put(&mut writer, &mut heading, in_heading, " "),
            Event::HardBreak => writer.put_line_end(),
            Event::InlineHtml(tag) if tag.to_ascii_lowercase().starts_with("<br") => writer.put_line_end(),
            Event::Start(Tag::HtmlBlock) => html.clear(),
            Event::Html(line) => html.push_str(&line),
            Event::End(TagEnd::HtmlBlock) => {
                writer.put_break(block);
                for paragraph in fragment_text(&html).split("\n\n") {
                    writer.put_text(paragraph, true);
                    writer.put_break(block);
                }
            }
            _ => {}
        }
    }
    let mut text = writer.finish();
    if !text.is_empty() {
        text.push('\n');
    }
    let heading = heading.and_then(|heading| one_line(&HtmlTree::parse(&heading.replace('&', "&amp;").replace('<', "&lt;")), 0));
    (text, heading)
}
