//! Elements to paragraphs and lines.

use super::boilerplate::{Dropped, is_hard_dropped};
use super::html_tree::{HtmlTree, NodeId, NodeKind};
use super::main_body::MainBody;
use super::metadata::Facts;
use super::tag::Tag;
use super::text_writer::{Break, TextWriter};

/// A cell of at most this many characters is one line of a table; a longer one is a column of the page's layout.
const CELL_CHARACTERS: u32 = 160;
/// A body of fewer bytes is taken for what a page shows before it is filled or paid for, when its JSON-LD holds more.
const SHORT_BODY_BYTES: usize = 200;

/// The article's text, the headline first.
pub(super) fn article_text(tree: &HtmlTree, body: &MainBody, facts: &Facts) -> String {
    let drop = |id: NodeId| body.survey.dropped.get(id).copied().unwrap_or(Dropped::Boilerplate);
    let mut headline = body.headline.and_then(|id| one_line(tree, id));
    let mut text = render(tree, body.root, body.headline, &drop, &|id| body.survey.text(tree, id));
    if let Some(article) = &facts.article_body
        && text.len() < SHORT_BODY_BYTES
        && article.len() > text.len()
    {
        headline = headline.or_else(|| facts.title.clone());
        text = article.clone();
    }
    if text.is_empty() {
        // All was links, or under odd names: better that than nothing.
        let drop = |id: NodeId| if is_hard_dropped(tree, id) { Dropped::Boilerplate } else { Dropped::Kept };
        text = render(tree, 0, body.headline, &drop, &|id| body.survey.text(tree, id));
    }
    let mut paragraphs: Vec<String> = headline.into_iter().chain((!text.is_empty()).then_some(text)).collect();
    if let Some(last) = paragraphs.last_mut() {
        last.push('\n');
    }
    paragraphs.join("\n\n")
}

/// The text of a piece of HTML, all that is visible of it.
pub(super) fn fragment_text(html: &str) -> String {
    let tree = HtmlTree::parse(html);
    let drop = |id: NodeId| match tree.kind(id) {
        Some(NodeKind::Element { tag, hidden, .. }) if hidden || tag.is_never_read() => Dropped::Boilerplate,
        _ => Dropped::Kept,
    };
    render(&tree, 0, None, &drop, &|_| 0)
}

/// An element's text on one line; None when it has none.
pub(super) fn one_line(tree: &HtmlTree, id: NodeId) -> Option<String> {
    let drop = |id: NodeId| match tree.kind(id) {
        Some(NodeKind::Element { tag, hidden, .. }) if hidden || matches!(tag, Tag::Script | Tag::Svg | Tag::Unread) => {
            Dropped::Boilerplate
        }
        _ => Dropped::Kept,
    };
    let text = render(tree, id, None, &drop, &|_| 0);
    let line = text.split(['\n', '\t']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    (!line.is_empty()).then_some(line)
}

/// An element that is being written.
struct Frame {
    end: NodeId,
    tag: Tag,
    /// The largest break outside it.
    largest: Break,
    preformatted: bool,
}

fn render(
    tree: &HtmlTree,
    root: NodeId,
    skip: Option<NodeId>,
    drop: &dyn Fn(NodeId) -> Dropped,
    text_of: &dyn Fn(NodeId) -> u32,
) -> String {
    let mut writer = TextWriter::new();
    let mut frames: Vec<Frame> = Vec::new();
    let mut largest = Break::Paragraph;
    let mut preformatted = false;
    // Where the last heading starts, and where it ends.
    let mut heading: Option<(usize, usize)> = None;
    let range = tree.subtree(root);
    let mut id = range.start;
    loop {
        while frames.last().is_some_and(|frame| frame.end <= id)
            && let Some(frame) = frames.pop()
        {
            largest = frame.largest;
            preformatted = frame.preformatted;
            writer.put_break(break_around(frame.tag).min(largest));
            if frame.tag == Tag::Heading {
                heading = heading.map(|(start, _)| (start, writer.len()));
            }
        }
        if id >= range.end {
            break;
        }
        match tree.kind(id) {
            Some(NodeKind::Text { start, end, .. }) => writer.put_text(tree.slice(start, end), preformatted),
            Some(NodeKind::Element { .. }) if skip == Some(id) || (id != root && drop(id) != Dropped::Kept) => {
                if drop(id) == Dropped::Links
                    && let Some((start, end)) = heading
                    && end == writer.len()
                {
                    // "Related": the heading of what was just left out.
                    writer.take_back(start);
                    heading = None;
                }
                if tree.tag(id).is_some_and(Tag::is_block) {
                    writer.put_break(Break::Paragraph.min(largest));
                }
                id = tree.subtree(id).end;
                continue;
            }
            Some(NodeKind::Element { tag: Tag::Br, .. }) if largest >= Break::Line => writer.put_line_end(),
            Some(NodeKind::Element { tag, end, .. }) => {
                writer.put_break(if tag == Tag::Br { Break::Space } else { break_around(tag) }.min(largest));
                if tag == Tag::Heading {
                    heading = Some((writer.len(), usize::MAX));
                }
                frames.push(Frame { end: end as usize, tag, largest, preformatted });
                preformatted |= tag == Tag::Pre;
                largest = largest.min(match tag {
                    Tag::Li | Tag::Definition => Break::Line,
                    Tag::Cell if text_of(id) <= CELL_CHARACTERS => Break::Space,
                    _ => Break::Paragraph,
                });
            }
            None => {}
        }
        id += 1;
    }
    if let Some((start, end)) = heading
        && end == writer.len()
        && start > 0
        && root != 0
    {
        // A last heading without text was that of something left out.
        writer.take_back(start);
    }
    writer.finish()
}

/// What stands before and after an element.
fn break_around(tag: Tag) -> Break {
    match tag {
        Tag::Li | Tag::Definition | Tag::Row | Tag::Br => Break::Line,
        Tag::RowGroup => Break::Line,
        Tag::Cell => Break::Cell,
        _ if tag.is_block() => Break::Paragraph,
        _ => Break::None,
    }
}
