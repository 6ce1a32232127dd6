//! A page's elements in document order. The tokenizer (html5gum) is the standard's; the tree is our own, because the tree that the
//! standard builds takes time in the square of the depth and copies elements without bound. Ours keeps the rules that a page's text
//! depends on: implied ends of `p`, `li`, `dt`, `tr` and `td`, tables that shut in what they hold, a stray end tag ignored.

use std::convert::Infallible;
use std::ops::Range;

use html5gum::emitters::callback::{CallbackEmitter, CallbackEvent};
use html5gum::{Span, Tokenizer};

use super::tag::{Role, Tag, is_void, role_of};

/// How deep elements nest; past it an element is taken for its parent's, as browsers do (Chromium and Firefox: 512).
const MAX_DEPTH: usize = 512;
/// How many inline elements of a kind are open at most, so that a look for the block around a text is short.
const MAX_INLINE_DEPTH: u32 = 16;

/// An element's or a text's place in the page: an index into [`HtmlTree::nodes`].
pub(super) type NodeId = usize;

/// An element, or a piece of text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node {
    /// The element it is in; the root is its own.
    pub parent: u32,
    pub kind: NodeKind,
}

/// What a node is.
#[derive(Debug, Clone, Copy)]
pub(super) enum NodeKind {
    /// A piece of [`HtmlTree::text`], by its bytes, and whether it is in a link.
    Text { start: u32, end: u32, linked: bool },
    /// An element, its descendants the nodes up to `end`.
    Element { tag: Tag, end: u32, role: Role, hidden: bool, holds_body: bool },
}

/// The attributes of an element that tells facts: `html`, `meta`, `time`, `script`, and what has an `itemprop`.
#[derive(Debug, Clone, Default)]
pub(super) struct Attributes {
    pub pairs: Vec<(String, String)>,
}

impl Attributes {
    /// An attribute's value, trimmed; None when there is none.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }
}

/// A page's elements and text in document order: an element's descendants follow it at once, so that nothing needs recursion.
#[derive(Debug, Default)]
pub(super) struct HtmlTree {
    pub nodes: Vec<Node>,
    pub text: String,
    /// Attributes by element, in document order.
    pub attributes: Vec<(NodeId, Attributes)>,
}

impl HtmlTree {
    /// Parses a page, or a piece of one.
    pub(super) fn parse(html: &str) -> HtmlTree {
        let mut builder = TreeBuilder::new();
        let mut emitter = CallbackEmitter::new(|event: CallbackEvent<'_>, _: Span<()>| -> Option<Infallible> {
            builder.take(event);
            None
        });
        // The contents of `script`, `style`, `title` aren't tags.
        emitter.naively_switch_states(true);
        let Ok(()) = Tokenizer::new_with_emitter(html, emitter).finish();
        builder.finish()
    }

    /// A node; None past the end.
    pub(super) fn kind(&self, id: NodeId) -> Option<NodeKind> {
        self.nodes.get(id).map(|node| node.kind)
    }

    /// An element's tag; None for text.
    pub(super) fn tag(&self, id: NodeId) -> Option<Tag> {
        match self.kind(id)? {
            NodeKind::Element { tag, .. } => Some(tag),
            NodeKind::Text { .. } => None,
        }
    }

    /// A node and its descendants.
    pub(super) fn subtree(&self, id: NodeId) -> Range<NodeId> {
        match self.kind(id) {
            Some(NodeKind::Element { end, .. }) => id..end as usize,
            Some(NodeKind::Text { .. }) => id..id + 1,
            None => id..id,
        }
    }

    /// The element a node is in; None for the root.
    pub(super) fn parent(&self, id: NodeId) -> Option<NodeId> {
        let parent = self.nodes.get(id)?.parent as usize;
        (parent != id).then_some(parent)
    }

    /// A piece of text.
    pub(super) fn slice(&self, start: u32, end: u32) -> &str {
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    /// An element's text as it stands, one piece after the other.
    pub(super) fn raw_text(&self, id: NodeId) -> String {
        let pieces = self.nodes.get(self.subtree(id)).unwrap_or_default().iter().map(|node| match node.kind {
            NodeKind::Text { start, end, .. } => self.slice(start, end),
            NodeKind::Element { .. } => "",
        });
        pieces.collect()
    }
}

/// An element that hasn't ended.
struct Open {
    id: NodeId,
    tag: Tag,
    /// The name, to match the end tags of elements that share a tag: `h2` and `h3`, `b` and `i`.
    name: Box<[u8]>,
}

/// The start tag being read.
#[derive(Default)]
struct StartTag {
    name: Vec<u8>,
    attribute: Vec<u8>,
    attributes: Attributes,
    class_id_and_role: String,
    hidden: bool,
    linked: bool,
}

struct TreeBuilder {
    tree: HtmlTree,
    open: Vec<Open>,
    /// How many of each tag are open.
    counts: [u32; Tag::COUNT],
    start: StartTag,
    /// Start tags past [`MAX_DEPTH`] whose end tags are still to come.
    too_deep: usize,
    in_link: bool,
}

impl StartTag {
    /// Takes note of an attribute, when it matters.
    fn read(&mut self, value: &[u8]) {
        let text = || String::from_utf8_lossy(value);
        match self.attribute.as_slice() {
            b"hidden" => self.hidden = true,
            b"aria-hidden" => self.hidden |= text().trim().eq_ignore_ascii_case("true"),
            b"style" if !value.is_empty() => {
                let style: String = text().chars().filter(|character| !character.is_whitespace()).collect::<String>().to_ascii_lowercase();
                self.hidden |= style.contains("display:none") || style.contains("visibility:hidden");
            }
            b"href" => self.linked = true,
            b"class" | b"id" | b"role" if !value.is_empty() => {
                self.class_id_and_role.push_str(&text());
                self.class_id_and_role.push(' ');
            }
            _ => {}
        }
        let tells = match self.attribute.as_slice() {
            b"itemprop" | b"role" | b"content" | b"datetime" => !value.is_empty(),
            b"pubdate" | b"lang" | b"xml:lang" | b"type" | b"name" | b"property" | b"class" => {
                matches!(self.name.as_slice(), b"html" | b"meta" | b"time" | b"script")
            }
            _ => false,
        };
        if tells {
            let name = String::from_utf8_lossy(&self.attribute).into_owned();
            self.attributes.pairs.retain(|(key, _)| *key != name);
            self.attributes.pairs.push((name, text().into_owned()));
        }
    }
}

impl TreeBuilder {
    fn new() -> TreeBuilder {
        let root = NodeKind::Element { tag: Tag::Html, end: 0, role: Role::Unsaid, hidden: false, holds_body: false };
        let mut counts = [0; Tag::COUNT];
        if let Some(count) = counts.get_mut(Tag::Html as usize) {
            *count = 1;
        }
        TreeBuilder {
            tree: HtmlTree { nodes: vec![Node { parent: 0, kind: root }], text: String::new(), attributes: Vec::new() },
            open: vec![Open { id: 0, tag: Tag::Html, name: (*b"html").into() }],
            counts,
            start: StartTag::default(),
            too_deep: 0,
            in_link: false,
        }
    }

    fn take(&mut self, event: CallbackEvent<'_>) {
        match event {
            CallbackEvent::OpenStartTag { name } => {
                self.start = StartTag::default();
                self.start.name.extend_from_slice(name);
            }
            CallbackEvent::AttributeName { name } => {
                self.start.attribute.clear();
                self.start.attribute.extend_from_slice(name);
                // Attributes without a value come without a second event.
                self.start.read(b"");
            }
            CallbackEvent::AttributeValue { value } => self.start.read(value),
            CallbackEvent::CloseStartTag { self_closing } => self.start_tag(self_closing),
            CallbackEvent::EndTag { name } => self.end_tag(name),
            CallbackEvent::String { value } => self.text(value),
            CallbackEvent::Comment { .. } | CallbackEvent::Doctype { .. } | CallbackEvent::Error(_) => {}
        }
    }

    fn finish(mut self) -> HtmlTree {
        self.close_down_to(0);
        self.tree
    }

    fn count(&self, tag: Tag) -> u32 {
        self.counts.get(tag as usize).copied().unwrap_or_default()
    }

    fn current(&self) -> (u32, Tag) {
        self.open.last().map_or((0, Tag::Html), |open| (open.id as u32, open.tag))
    }

    /// Ends the open elements past the first `depth`.
    fn close_down_to(&mut self, depth: usize) {
        while self.open.len() > depth
            && let Some(open) = self.open.pop()
        {
            let here = self.tree.nodes.len() as u32;
            if let Some(Node { kind: NodeKind::Element { end, .. }, .. }) = self.tree.nodes.get_mut(open.id) {
                *end = here;
            }
            if let Some(count) = self.counts.get_mut(open.tag as usize) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// Ends the innermost open element of a tag, and what is open in it, unless an element of `within` lies between.
    fn close(&mut self, tag: Tag, within: impl Fn(Tag) -> bool) {
        if self.count(tag) == 0 {
            return;
        }
        for depth in (1..self.open.len()).rev() {
            let Some(open) = self.open.get(depth) else { return };
            if open.tag == tag {
                self.close_down_to(depth);
                return;
            }
            if within(open.tag) {
                return;
            }
        }
    }

    /// The ends that a start tag implies.
    fn close_implied(&mut self, tag: Tag) {
        if !tag.is_of_head() {
            self.close(Tag::Head, |_| false);
        }
        if tag.is_block() && self.count(Tag::Svg) > 0 {
            // A block in a drawing that wasn't ended: the drawing ends.
            self.close(Tag::Svg, |_| false);
        }
        if tag.ends_paragraph() {
            self.close(Tag::P, Tag::is_boundary);
        }
        match tag {
            Tag::H1 | Tag::Heading if matches!(self.current().1, Tag::H1 | Tag::Heading) => self.close_down_to(self.open.len() - 1),
            Tag::Li => self.close(Tag::Li, |tag| tag == Tag::List || tag.is_boundary()),
            Tag::Definition => self.close(Tag::Definition, |tag| tag == Tag::Definitions || tag.is_boundary()),
            Tag::Cell => self.close(Tag::Cell, |tag| matches!(tag, Tag::Row | Tag::Table)),
            Tag::Row => self.close(Tag::Row, |tag| matches!(tag, Tag::RowGroup | Tag::Table)),
            Tag::RowGroup => self.close(Tag::RowGroup, |tag| tag == Tag::Table),
            _ => {}
        }
    }

    fn start_tag(&mut self, self_closing: bool) {
        let start = std::mem::take(&mut self.start);
        let tag = Tag::of(&start.name);
        match tag {
            // The root is there already: only its attributes are new.
            Tag::Html => {
                self.tree.attributes.push((0, start.attributes));
                return;
            }
            Tag::Link => self.in_link = start.linked,
            _ => {}
        }
        // The document's own frame isn't hidden for good: scripts show it.
        let hidden = start.hidden && tag != Tag::Body;
        let role = if matches!(tag, Tag::Body | Tag::Main | Tag::H1) { Role::Unsaid } else { role_of(&start.class_id_and_role) };
        let plain = matches!(tag, Tag::Inline | Tag::Link) && !hidden && role != Role::Foreign && start.attributes.pairs.is_empty();
        if plain || start.name == b"wbr" {
            return;
        }
        self.close_implied(tag);
        let holds_body =
            start.attributes.get("itemprop").is_some_and(|property| property.split_whitespace().any(|word| word == "articleBody"))
                || start.attributes.get("role").is_some_and(|role| role.eq_ignore_ascii_case("article"));
        let id = self.tree.nodes.len();
        let parent = self.current().0;
        let kind = NodeKind::Element { tag, end: id as u32 + 1, role, hidden, holds_body };
        self.tree.nodes.push(Node { parent, kind });
        if !start.attributes.pairs.is_empty() {
            self.tree.attributes.push((id, start.attributes));
        }
        let in_drawing = tag == Tag::Svg || self.count(Tag::Svg) > 0;
        if is_void(&start.name) || (self_closing && (in_drawing || matches!(tag, Tag::Inline))) {
            return;
        }
        if matches!(tag, Tag::Inline | Tag::Link | Tag::Time) && self.count(tag) >= MAX_INLINE_DEPTH {
            return;
        }
        if self.open.len() >= MAX_DEPTH {
            self.too_deep += usize::from(!matches!(tag, Tag::P | Tag::Li | Tag::Cell | Tag::Row | Tag::Definition));
            return;
        }
        if let Some(count) = self.counts.get_mut(tag as usize) {
            *count += 1;
        }
        self.open.push(Open { id, tag, name: start.name.into() });
    }

    fn end_tag(&mut self, name: &[u8]) {
        let tag = Tag::of(name);
        match tag {
            Tag::Link => self.in_link = false,
            // What follows the body's end belongs to the body all the same.
            Tag::Html | Tag::Body => return,
            _ => {}
        }
        if self.count(tag) == 0 {
            if self.too_deep > 0 {
                self.too_deep -= 1;
            } else if matches!(tag, Tag::P | Tag::Br) {
                // A stray `</p>` is an empty paragraph, a stray `</br>` a line's end.
                let parent = self.current().0;
                let end = self.tree.nodes.len() as u32 + 1;
                let kind = NodeKind::Element { tag, end, role: Role::Unsaid, hidden: false, holds_body: false };
                self.tree.nodes.push(Node { parent, kind });
            }
            return;
        }
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        for depth in (1..self.open.len()).rev() {
            let Some(open) = self.open.get(depth) else { return };
            let headings = matches!(tag, Tag::H1 | Tag::Heading) && matches!(open.tag, Tag::H1 | Tag::Heading);
            if headings || (open.tag == tag && *open.name == *name) {
                self.close_down_to(depth);
                return;
            }
            let shut_in = match tag {
                Tag::Table => open.tag == Tag::Body,
                Tag::Cell | Tag::Row | Tag::RowGroup => open.tag == Tag::Table,
                _ if tag.is_block() || tag.is_never_read() => open.tag.is_boundary(),
                // An inline element's end doesn't end the blocks within it.
                _ => open.tag.is_block(),
            };
            if shut_in {
                return;
            }
        }
    }

    fn text(&mut self, value: &[u8]) {
        let (parent, tag) = self.current();
        // Never shown and never read: no need to keep it. Of scripts only JSON-LD is read.
        let data = || {
            let of_script = self.tree.attributes.last().filter(|(id, _)| *id == parent as usize);
            of_script.and_then(|(_, attributes)| attributes.get("type")).is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"))
        };
        if matches!(tag, Tag::Unread | Tag::Svg) || (tag == Tag::Script && !data()) {
            return;
        }
        let start = self.tree.text.len() as u32;
        self.tree.text.push_str(&String::from_utf8_lossy(value));
        let kind = NodeKind::Text { start, end: self.tree.text.len() as u32, linked: self.in_link };
        self.tree.nodes.push(Node { parent, kind });
    }
}
