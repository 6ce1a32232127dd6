//! Which element of a page is the article: the longest `article` (or what is marked as one), else `main`, else the element whose
//! paragraphs weigh most, as Readability weighs them: a paragraph counts for its parent, and half for its grandparent.

use super::boilerplate::{Dropped, Survey, block_of};
use super::html_tree::{HtmlTree, NodeId, NodeKind};
use super::rendering::one_line;
use super::tag::Tag;

/// How far above its heaviest part an article's body is looked for.
const PART_DEPTH: usize = 6;

/// Where the article is.
#[derive(Debug)]
pub(super) struct MainBody {
    /// The element that holds the body; the page's root when nothing better is found.
    pub root: NodeId,
    /// The `h1`, in the body or before it.
    pub headline: Option<NodeId>,
    pub survey: Survey,
}

/// Finds the article. `source` is the site's name: a heading that says no more is the site's logo.
pub(super) fn find(tree: &HtmlTree, source: Option<&str>) -> MainBody {
    let survey = Survey::of(tree);
    let kept = kept(tree, &survey);
    let root = root(tree, &survey, &kept);
    let range = tree.subtree(root);
    let is_logo = |id: NodeId| source.is_some_and(|source| one_line(tree, id).is_some_and(|text| text.eq_ignore_ascii_case(source)));
    let headlines: Vec<NodeId> = survey.headlines.iter().copied().filter(|&id| !is_logo(id)).collect();
    let within = headlines.iter().copied().find(|id| range.contains(id));
    let headline = within.or_else(|| headlines.iter().copied().rfind(|id| *id < range.start));
    MainBody { root, headline, survey }
}

/// The nodes in nothing that is left out.
fn kept(tree: &HtmlTree, survey: &Survey) -> Vec<NodeId> {
    let mut kept = Vec::new();
    let mut id = 0;
    while let Some(dropped) = survey.dropped.get(id) {
        if *dropped == Dropped::Kept {
            kept.push(id);
            id += 1;
        } else {
            id = tree.subtree(id).end;
        }
    }
    kept
}

fn root(tree: &HtmlTree, survey: &Survey, kept: &[NodeId]) -> NodeId {
    let longest = |wanted: &dyn Fn(NodeId) -> bool| {
        let mut best: Option<(NodeId, u32)> = None;
        for &id in kept.iter().filter(|id| wanted(**id)) {
            let prose = survey.prose(tree, id);
            // The outer of two that hold the same comes first, and stays.
            if prose > best.map_or(0, |(_, prose)| prose) {
                best = Some((id, prose));
            }
        }
        best
    };
    let (densest, weight) = densest(tree, survey, kept);
    let outweighs = |(id, prose): &(NodeId, u32)| tree.subtree(*id).contains(&densest) || prose.saturating_mul(2) >= weight;
    let article =
        longest(&|id| matches!(tree.kind(id), Some(NodeKind::Element { tag, holds_body, .. }) if tag == Tag::Article || holds_body));
    let main = || longest(&|id| tree.tag(id) == Some(Tag::Main));
    article.filter(outweighs).or_else(|| main().filter(outweighs)).map_or(densest, |(id, _)| id)
}

/// The element whose paragraphs weigh most, and their weight; the root and 0 on a page without paragraphs.
fn densest(tree: &HtmlTree, survey: &Survey, kept: &[NodeId]) -> (NodeId, u32) {
    let mut weights = vec![0_u32; tree.nodes.len()];
    let mut add = |id: NodeId, weight: u32| {
        if let Some(sum) = weights.get_mut(id) {
            *sum = sum.saturating_add(weight);
        }
    };
    for &id in kept {
        let Some(NodeKind::Text { .. }) = tree.kind(id) else { continue };
        let prose = survey.prose(tree, id);
        if prose == 0 {
            continue;
        }
        let mut holder = block_of(tree, id);
        while matches!(tree.tag(holder), Some(Tag::P | Tag::Li | Tag::List | Tag::Pre | Tag::Definition | Tag::Definitions)) {
            let Some(parent) = tree.parent(holder) else { break };
            holder = parent;
        }
        add(holder, prose);
        if let Some(parent) = tree.parent(holder) {
            add(parent, prose / 2);
        }
    }
    let weight = |id: NodeId| weights.get(id).copied().unwrap_or_default();
    let mut best = 0;
    for &id in kept {
        if weight(id) > weight(best) {
            best = id;
        }
    }
    // Parts of a body, as advertisements and pictures split it, may each have elements of their own around them.
    let mut body = best;
    let mut at = best;
    for _ in 0..PART_DEPTH {
        let Some(parent) = tree.parent(at).filter(|parent| !matches!(tree.tag(*parent), Some(Tag::Html | Tag::Body))) else { break };
        at = parent;
        if survey.prose(tree, parent) / 6 >= survey.prose(tree, body) / 5 {
            body = parent;
        }
    }
    (body, weight(best))
}
