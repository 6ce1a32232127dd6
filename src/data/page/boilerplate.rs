//! What of a page isn't the article. Readability (Arc90 2009; Mozilla's Readability.js) has the ideas: names of classes that are unlikely,
//! and the share of a block's text that is in links. We differ in that a block is never dropped for its name when it holds the
//! page's `main` or `h1`, or half of its prose, so that an odd name of a wrapper costs no text.

use std::ops::Range;

use super::html_tree::{HtmlTree, NodeId, NodeKind};
use super::tag::{Role, Tag};

/// Text that isn't in a `p` or `li` is prose from this many characters on: a menu's entries are shorter.
const PROSE_CHARACTERS: u32 = 80;

/// A headline has at most this many characters, and pieces: an `h1` that never ended isn't one.
const HEADLINE_LIMIT: usize = 1000;

/// Whether, and why, an element is left out with all it holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dropped {
    Kept,
    /// By its name, its class, or because it is hidden.
    Boilerplate,
    /// Mostly links, or another article's teaser: a heading before it is its own.
    Links,
}

/// Characters before each node, so that an element's are a difference. White space isn't counted.
#[derive(Debug)]
struct Measure {
    before: Vec<u32>,
}

impl Measure {
    fn of(nodes: impl Iterator<Item = u32>) -> Measure {
        let mut sum = 0_u32;
        let mut before = vec![0];
        before.extend(nodes.map(|characters| {
            sum = sum.saturating_add(characters);
            sum
        }));
        Measure { before }
    }

    fn within(&self, range: Range<NodeId>) -> u32 {
        let at = |id: NodeId| self.before.get(id).copied().unwrap_or_default();
        at(range.end).saturating_sub(at(range.start))
    }
}

/// A page's elements weighed.
#[derive(Debug)]
pub(super) struct Survey {
    /// For each node, whether it is left out; what it holds isn't marked again.
    pub dropped: Vec<Dropped>,
    text: Measure,
    prose: Measure,
    /// Headings of the first level, also in headers, by place.
    pub headlines: Vec<NodeId>,
}

impl Survey {
    /// Weighs a page.
    pub(super) fn of(tree: &HtmlTree) -> Survey {
        let counts = Counts::of(tree);
        let text = Measure::of(counts.iter().map(|count| count.text));
        let linked = Measure::of(counts.iter().map(|count| count.linked));
        let all_prose = Measure::of(counts.iter().map(|count| count.prose));
        let is_headline = |id: NodeId| {
            let range = tree.subtree(id);
            tree.tag(id) == Some(Tag::H1) && range.len() <= HEADLINE_LIMIT && (1..=HEADLINE_LIMIT as u32).contains(&text.within(range))
        };
        let headlines: Vec<NodeId> = visible(tree).filter(|&id| is_headline(id)).collect();
        let headings: Vec<NodeId> = visible(tree).filter(|&id| matches!(tree.tag(id), Some(Tag::H1 | Tag::Heading))).collect();
        let mains: Vec<NodeId> = visible(tree).filter(|&id| tree.tag(id) == Some(Tag::Main)).collect();
        let judge =
            Judge { tree, text: &text, linked: &linked, prose: &all_prose, headlines: &headlines, headings: &headings, mains: &mains };
        let dropped = judge.judge();
        let mut left_out_until = 0;
        let prose = Measure::of(counts.iter().zip(&dropped).enumerate().map(|(id, (count, dropped))| {
            if *dropped != Dropped::Kept {
                left_out_until = left_out_until.max(tree.subtree(id).end);
            }
            if id < left_out_until { 0 } else { count.prose }
        }));
        Survey { dropped, text, prose, headlines }
    }

    /// An element's characters of text, without what is never read.
    pub(super) fn text(&self, tree: &HtmlTree, id: NodeId) -> u32 {
        self.text.within(tree.subtree(id))
    }

    /// An element's characters of prose: text of paragraphs out of links, without what is left out.
    pub(super) fn prose(&self, tree: &HtmlTree, id: NodeId) -> u32 {
        self.prose.within(tree.subtree(id))
    }
}

/// Left out without a look at what it holds.
pub(super) fn is_hard_dropped(tree: &HtmlTree, id: NodeId) -> bool {
    match tree.kind(id) {
        Some(NodeKind::Element { tag, hidden, .. }) => hidden || tag.is_never_read() || matches!(tag, Tag::Nav | Tag::Aside | Tag::Footer),
        _ => false,
    }
}

/// The nodes that aren't in anything left out without a look.
fn visible(tree: &HtmlTree) -> impl Iterator<Item = NodeId> + '_ {
    let mut next = 0;
    std::iter::from_fn(move || {
        while is_hard_dropped(tree, next) {
            next = tree.subtree(next).end;
        }
        let id = next;
        next += 1;
        (id < tree.nodes.len()).then_some(id)
    })
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    text: u32,
    linked: u32,
    prose: u32,
}

impl Counts {
    fn of(tree: &HtmlTree) -> Vec<Counts> {
        let mut counts = vec![Counts::default(); tree.nodes.len()];
        for id in visible(tree) {
            let Some(NodeKind::Text { start, end, linked }) = tree.kind(id) else { continue };
            let characters = tree.slice(start, end).chars().filter(|character| !character.is_whitespace()).count() as u32;
            let block = block_of(tree, id);
            let prose = if linked {
                0
            } else if matches!(tree.tag(block), Some(Tag::P | Tag::Li | Tag::Pre | Tag::Definition)) || characters >= PROSE_CHARACTERS {
                characters
            } else {
                0
            };
            if let Some(count) = counts.get_mut(id) {
                *count = Counts { text: characters, linked: if linked { characters } else { 0 }, prose };
            }
        }
        counts
    }
}

/// The nearest block that a node is in.
pub(super) fn block_of(tree: &HtmlTree, id: NodeId) -> NodeId {
    let mut at = id;
    while let Some(parent) = tree.parent(at) {
        at = parent;
        if tree.tag(at).is_some_and(Tag::is_block) {
            break;
        }
    }
    at
}

struct Judge<'a> {
    tree: &'a HtmlTree,
    text: &'a Measure,
    linked: &'a Measure,
    prose: &'a Measure,
    headlines: &'a [NodeId],
    headings: &'a [NodeId],
    mains: &'a [NodeId],
}

impl Judge<'_> {
    fn judge(&self) -> Vec<Dropped> {
        let mut dropped = vec![Dropped::Kept; self.tree.nodes.len()];
        let mut id = 0;
        let mut article_until = 0;
        while id < self.tree.nodes.len() {
            let verdict = self.verdict(id, id < article_until);
            if let Some(place) = dropped.get_mut(id) {
                *place = verdict;
            }
            if verdict == Dropped::Kept {
                if self.tree.tag(id) == Some(Tag::Article) {
                    article_until = article_until.max(self.tree.subtree(id).end);
                }
                id += 1;
            } else {
                id = self.tree.subtree(id).end;
            }
        }
        dropped
    }

    fn verdict(&self, id: NodeId, in_article: bool) -> Dropped {
        let Some(NodeKind::Element { tag, role, .. }) = self.tree.kind(id) else { return Dropped::Kept };
        if is_hard_dropped(self.tree, id) {
            return Dropped::Boilerplate;
        }
        let range = self.tree.subtree(id);
        match tag {
            Tag::Html | Tag::Body | Tag::Main | Tag::H1 => return Dropped::Kept,
            Tag::Article if in_article && self.is_teaser(&range) && !self.holds_most(&range) => return Dropped::Links,
            // Its headline is taken out before.
            Tag::Header if !self.holds_most(&range) => return Dropped::Boilerplate,
            Tag::Form if !self.holds_most(&range) && !self.holds(self.headlines, &range) => return Dropped::Boilerplate,
            // The classes of an article tell its subjects.
            Tag::Article => return Dropped::Kept,
            _ => {}
        }
        if self.holds(self.headlines, &range) || self.holds(self.mains, &range) {
            return Dropped::Kept;
        }
        match role {
            Role::Foreign => return Dropped::Boilerplate,
            Role::Unlikely if tag.is_block() && !self.holds_most(&range) => return Dropped::Boilerplate,
            _ => {}
        }
        let (text, linked) = (self.text.within(range.clone()), self.linked.within(range.clone()));
        let dense = match tag {
            Tag::Block | Tag::List | Tag::Table | Tag::Definitions => linked > text / 2,
            Tag::P => linked > text / 5 * 4,
            _ => false,
        };
        if dense && text > 0 && !self.holds_most(&range) { Dropped::Links } else { Dropped::Kept }
    }

    /// Whether an element holds half of the page's prose or more.
    fn holds_most(&self, range: &Range<NodeId>) -> bool {
        let all = self.prose.within(0..self.tree.nodes.len());
        all > 0 && self.prose.within(range.clone()) >= all.div_ceil(2)
    }

    fn holds(&self, places: &[NodeId], range: &Range<NodeId>) -> bool {
        first_within(places, range).is_some()
    }

    /// An article within another whose first heading is a link leads elsewhere.
    fn is_teaser(&self, range: &Range<NodeId>) -> bool {
        first_within(self.headings, range).is_some_and(|heading| {
            let range = self.tree.subtree(heading);
            let text = self.text.within(range.clone());
            text > 0 && self.linked.within(range) * 10 >= text * 9
        })
    }
}

/// The first of some places in order that is in a range.
fn first_within(places: &[NodeId], range: &Range<NodeId>) -> Option<NodeId> {
    places.get(places.partition_point(|place| *place < range.start)).copied().filter(|place| *place < range.end)
}
