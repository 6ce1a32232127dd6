//! Phrases: sequences of words with open places, kept as a tree and found at a word by the longest that fits.

/// One step of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Key {
    /// A word by its number.
    Word(u32),
    /// A number in digits or words.
    Number,
    /// A time of day: "15h40", "10:30 a.m.".
    Time,
    /// A unit of time.
    Unit,
    /// A named day or period.
    Period,
}

/// Phrases, each with what it stands for.
#[derive(Debug, Clone)]
pub(super) struct Phrases<T> {
    nodes: Vec<Node<T>>,
    /// Children of the root by word, 0 for none: most words begin no phrase.
    first: Vec<u32>,
}

#[derive(Debug, Clone)]
struct Node<T> {
    edges: Vec<(Key, u32)>,
    end: Option<T>,
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self { nodes: vec![Node { edges: Vec::new(), end: None }], first: Vec::new() }
    }
}

impl<T: Copy> Phrases<T> {
    /// Adds a phrase; the first of two equal ones stays.
    pub fn insert(&mut self, path: &[Key], value: T) {
        let mut at = 0usize;
        for key in path {
            let place = self.nodes.get(at).map_or(Err(0), |node| node.edges.binary_search_by_key(key, |(edge, _)| *edge));
            let found = place.ok().and_then(|place| self.nodes.get(at)?.edges.get(place)).map(|(_, next)| *next);
            let next = found.unwrap_or_else(|| {
                let next = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
                self.nodes.push(Node { edges: Vec::new(), end: None });
                if let Some(node) = self.nodes.get_mut(at) {
                    node.edges.insert(place.unwrap_or_else(|place| place), (*key, next));
                }
                next
            });
            if let (0, Key::Word(word)) = (at, *key) {
                let place = word as usize;
                if self.first.len() <= place {
                    self.first.resize(place + 1, 0);
                }
                if let Some(slot) = self.first.get_mut(place) {
                    *slot = next;
                }
            }
            at = next as usize;
        }
        if let Some(node) = self.nodes.get_mut(at) {
            node.end.get_or_insert(value);
        }
    }

    /// The node after the root's edge `word`; None when no phrase begins with it.
    pub fn begin(&self, word: u32) -> Option<usize> {
        self.first.get(word as usize).copied().filter(|next| *next != 0).map(|next| next as usize)
    }

    /// The node after an edge.
    pub fn step(&self, node: usize, key: Key) -> Option<usize> {
        let edges = &self.nodes.get(node)?.edges;
        edges.binary_search_by_key(&key, |(edge, _)| *edge).ok().and_then(|place| edges.get(place)).map(|(_, next)| *next as usize)
    }

    /// Whether an open place follows a node: words come first among the edges.
    pub fn has_places(&self, node: usize) -> bool {
        self.nodes.get(node).and_then(|node| node.edges.last()).is_some_and(|(key, _)| !matches!(key, Key::Word(_)))
    }

    /// Whether anything goes on from a node.
    pub fn goes_on(&self, node: usize) -> bool {
        self.nodes.get(node).is_some_and(|node| !node.edges.is_empty())
    }

    /// What a phrase that ends at a node stands for.
    pub fn end(&self, node: usize) -> Option<T> {
        self.nodes.get(node)?.end
    }
}

/// Writes out a phrase's alternatives, each as a path; `intern` numbers a word.
///
/// # Errors
/// What is wrong with the phrase.
pub(super) fn expand(phrase: &str, intern: &mut dyn FnMut(&str) -> u32) -> Result<Vec<Vec<Key>>, &'static str> {
    let mut paths: Vec<Vec<Key>> = vec![Vec::new()];
    let mut rest = phrase.trim();
    if rest.is_empty() {
        return Err("it is empty");
    }
    while let Some(first) = rest.chars().next() {
        let close = match first {
            '(' => Some(')'),
            '[' => Some(']'),
            '{' => Some('}'),
            ')' | ']' | '}' | '|' => return Err("a bracket or bar stands alone"),
            _ => None,
        };
        let (choices, after): (Vec<Vec<Key>>, &str) = match close {
            Some(close) => {
                let end = rest.find(close).ok_or("a bracket isn't closed")?;
                let inside = rest.get(1..end).unwrap_or("");
                let after = rest.get(end + 1..).unwrap_or("");
                if first == '{' {
                    let key = match inside {
                        "n" => Key::Number,
                        "time" => Key::Time,
                        "unit" => Key::Unit,
                        "period" => Key::Period,
                        _ => return Err("an open place isn't known"),
                    };
                    (vec![vec![key]], after)
                } else {
                    let mut choices: Vec<Vec<Key>> =
                        inside.split('|').map(|choice| words(choice).map(|word| Key::Word(intern(word))).collect()).collect();
                    if first == '[' {
                        choices.push(Vec::new());
                    }
                    (choices, after)
                }
            }
            None => {
                let end = rest.find(['(', '[', '{', ')', ']', '}', '|']).unwrap_or(rest.len());
                let plain = rest.get(..end).unwrap_or("");
                (vec![words(plain).map(|word| Key::Word(intern(word))).collect()], rest.get(end..).unwrap_or(""))
            }
        };
        paths = paths.iter().flat_map(|path| choices.iter().map(|choice| path.iter().chain(choice).copied().collect())).collect();
        if paths.len() > 4096 {
            return Err("it has too many forms");
        }
        rest = after;
    }
    if paths.iter().any(Vec::is_empty) {
        return Err("all of it may be left out");
    }
    Ok(paths)
}

/// The words of a piece of a phrase, parted as in a text: at spaces and hyphens, after an elided article, before "'s".
fn words(piece: &str) -> impl Iterator<Item = &str> {
    let mut tokens = Vec::new();
    super::token::tokenise(piece, 0, piece.len(), &mut tokens);
    tokens.into_iter().filter_map(|token| piece.get(token.start..token.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alternatives_and_left_out_words_are_written_out() {
        let mut seen: Vec<String> = Vec::new();
        let mut intern = |word: &str| {
            seen.push(word.to_owned());
            u32::try_from(seen.len()).unwrap()
        };
        let paths = expand("over [the] (past|last) {n} {unit}", &mut intern).unwrap();
        assert_eq!(paths.len(), 4);
        assert!(paths.iter().all(|path| path.ends_with(&[Key::Number, Key::Unit])));
        for wrong in ["", "over (the", "over {x}", "a | b", "[the]"] {
            assert!(expand(wrong, &mut |_| 1).is_err(), "{wrong}");
        }
    }
}
