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

/// Phrases, each with what it stands for: built as a tree, then packed, the edges of each node side by side.
#[derive(Debug, Clone)]
pub(super) struct Phrases<T> {
    /// While it is built: the edges of each node.
    building: Vec<Vec<(u32, u32)>>,
    /// What a phrase that ends at a node stands for: the place among the values, from 1; 0 for none.
    ends: Vec<u32>,
    values: Vec<T>,
    /// Once packed: the nodes, and the edges, found by the hash of node and key; as many as a power of two, at most half of them taken.
    packed: Vec<Node>,
    edges: Vec<Edge>,
    /// Children of the root by word, 0 for none: most words begin no phrase.
    first: Vec<u32>,
}

/// A node of the packed tree.
#[derive(Debug, Clone, Copy)]
struct Node {
    /// The keys of its edges, each the bit of its last six: most words lead nowhere.
    keys: u64,
    /// What a phrase that ends here stands for: the place among the values, from 1; 0 for none.
    value: u32,
    /// Whether one of its edges is an open place.
    places: bool,
}

/// An edge of the packed tree; one that leads to node 0, the root, is a free slot.
#[derive(Debug, Clone, Copy, Default)]
struct Edge {
    node: u32,
    key: u32,
    next: u32,
}

/// The bit that stands for a key among a node's.
fn bit(key: u32) -> u64 {
    1 << (key & 63)
}

/// Where to look for an edge first.
fn hash(node: u32, key: u32) -> usize {
    // Multiplicative hashing: Knuth, The Art of Computer Programming 3 (1998), section 6.4; the golden ratio in 64 bits.
    ((u64::from(node) << 32 | u64::from(key)).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32) as usize
}

impl<T> Default for Phrases<T> {
    fn default() -> Self {
        Self { building: vec![Vec::new()], ends: vec![0], values: Vec::new(), packed: Vec::new(), edges: Vec::new(), first: Vec::new() }
    }
}

/// Words have numbers from the bottom, places from the top, so that places come last among a node's edges.
fn code(key: Key) -> u32 {
    match key {
        Key::Word(word) => word.min(FIRST_PLACE - 1),
        Key::Number => FIRST_PLACE,
        Key::Time => FIRST_PLACE + 1,
        Key::Unit => FIRST_PLACE + 2,
        Key::Period => FIRST_PLACE + 3,
    }
}

const FIRST_PLACE: u32 = u32::MAX - 3;

impl<T: Copy> Phrases<T> {
    /// Adds a phrase; the first of two equal ones stays. Before [`Phrases::pack`].
    pub fn insert(&mut self, path: &[Key], value: T) {
        let next = u32::try_from(self.values.len() + 1).unwrap_or(0);
        if let Some(end) = self.grow(path).and_then(|at| self.ends.get_mut(at)).filter(|end| **end == 0) {
            *end = next;
            self.values.push(value);
        }
    }

    /// The node at which a path ends, made where there was none.
    fn grow(&mut self, path: &[Key]) -> Option<usize> {
        let mut at = 0usize;
        for key in path {
            let next = u32::try_from(self.building.len()).unwrap_or(u32::MAX);
            let edges = self.building.get_mut(at)?;
            let step = match edges.binary_search_by_key(&code(*key), |(edge, _)| *edge) {
                Ok(place) => edges.get(place).map_or(0, |(_, node)| *node),
                Err(place) => {
                    edges.insert(place, (code(*key), next));
                    self.building.push(Vec::new());
                    self.ends.push(0);
                    next
                }
            };
            if let (0, Key::Word(word)) = (at, *key) {
                let place = word as usize;
                if self.first.len() <= place {
                    self.first.resize(place + 1, 0);
                }
                if let Some(slot) = self.first.get_mut(place) {
                    *slot = step;
                }
            }
            at = step as usize;
        }
        Some(at)
    }

    /// Lays the edges side by side; phrases are found from then on.
    pub fn pack(&mut self) {
        let building = std::mem::take(&mut self.building);
        let count: usize = building.iter().map(Vec::len).sum();
        self.edges = vec![Edge::default(); (2 * count).next_power_of_two()];
        for ((edges, value), node) in building.iter().zip(&self.ends).zip(0..) {
            let keys = edges.iter().fold(0, |keys, (key, _)| keys | bit(*key));
            let places = edges.iter().any(|(key, _)| *key >= FIRST_PLACE);
            self.packed.push(Node { keys, value: *value, places });
            for (key, next) in edges {
                let free = self.slots(node, *key).find(|slot| self.edges.get(*slot).is_some_and(|edge| edge.next == 0));
                if let Some(slot) = free.and_then(|slot| self.edges.get_mut(slot)) {
                    *slot = Edge { node, key: *key, next: *next };
                }
            }
        }
    }

    /// The slots to look at for an edge, in order.
    fn slots(&self, node: u32, key: u32) -> impl Iterator<Item = usize> + use<T> {
        let (first, mask) = (hash(node, key), self.edges.len().wrapping_sub(1));
        (0..self.edges.len()).map(move |step| first.wrapping_add(step) & mask)
    }

    fn value(&self, end: u32) -> Option<T> {
        self.values.get((end as usize).checked_sub(1)?).copied()
    }

    /// The node after the root's edge `word`; None when no phrase begins with it.
    pub fn begin(&self, word: u32) -> Option<usize> {
        self.first.get(word as usize).copied().filter(|next| *next != 0).map(|next| next as usize)
    }

    /// The node after an edge.
    pub fn step(&self, node: usize, key: Key) -> Option<usize> {
        let key = code(key);
        self.packed.get(node).filter(|node| node.keys & bit(key) != 0)?;
        let node = u32::try_from(node).ok()?;
        for slot in self.slots(node, key) {
            match self.edges.get(slot) {
                Some(Edge { next: 0, .. }) | None => return None,
                Some(edge) if edge.node == node && edge.key == key => return Some(edge.next as usize),
                Some(_) => {}
            }
        }
        None
    }

    /// Whether an open place follows a node.
    pub fn has_places(&self, node: usize) -> bool {
        self.packed.get(node).is_some_and(|node| node.places)
    }

    /// Whether anything goes on from a node.
    pub fn goes_on(&self, node: usize) -> bool {
        self.packed.get(node).is_some_and(|node| node.keys != 0)
    }

    /// Whether a phrase ends at a node.
    pub fn ends(&self, node: usize) -> bool {
        self.packed.get(node).is_some_and(|node| node.value != 0)
    }

    /// What a phrase that ends at a node stands for.
    pub fn end(&self, node: usize) -> Option<T> {
        self.value(self.packed.get(node)?.value)
    }
}

impl<T: Copy + PartialEq> Phrases<T> {
    /// Adds a phrase; false when it already stands for something else. Before [`Phrases::pack`].
    pub fn insert_once(&mut self, path: &[Key], value: T) -> bool {
        let Some(at) = self.grow(path) else { return true };
        if let Some(held) = self.ends.get(at).and_then(|end| self.value(*end)) {
            return held == value;
        }
        // Phrases of a section follow one another: one value serves them all.
        if self.values.last() != Some(&value) {
            self.values.push(value);
        }
        if let (Some(end), Ok(last)) = (self.ends.get_mut(at), u32::try_from(self.values.len())) {
            *end = last;
        }
        true
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
    // After an open place: "{period}'s high".
    let possessive = piece.starts_with("'s").then_some("'s");
    let rest = possessive.map_or(0, str::len);
    let mut tokens = Vec::new();
    super::token::tokenise(piece, rest, piece.len(), &mut tokens);
    possessive.into_iter().chain(tokens.into_iter().filter_map(|token| piece.get(token.start..token.end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phrase_that_stands_for_something_else_is_told() {
        let mut phrases = Phrases::default();
        let path = [Key::Word(1), Key::Unit];
        assert!(phrases.insert_once(&path, 'a') && phrases.insert_once(&path, 'a'));
        assert!(!phrases.insert_once(&path, 'b'));
        phrases.pack();
        assert_eq!(phrases.begin(1).and_then(|node| phrases.step(node, Key::Unit)).and_then(|node| phrases.end(node)), Some('a'));
    }

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
