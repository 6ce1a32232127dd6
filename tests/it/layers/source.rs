//! Rust source as far as the layers need it: code without comments, texts and tests, and the paths that it writes.

/// A source file: its path below `src` and its code, comments and texts blanked out with their line ends kept.
pub struct Source {
    pub path: String,
    pub code: String,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), code: blank_tests(&blank_comments_and_texts(text)) }
    }

    /// The module that the file is: `verify/as_of.rs` is `verify::as_of`, `calendar/mod.rs` is `calendar`.
    fn module(&self) -> Vec<String> {
        let plain = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        plain.split('/').map(str::to_owned).collect()
    }

    pub fn room(&self) -> String {
        self.module()[0].clone()
    }

    pub fn line(&self, offset: usize) -> usize {
        self.code[..offset].matches('\n').count() + 1
    }

    /// Every path into the crate that the file writes, `super` resolved, with the offset of its last word.
    pub fn paths(&self) -> Vec<(Vec<String>, usize)> {
        let mut found = Vec::new();
        for root in ["crate", "super", "aftermove"] {
            for offset in words(&self.code, root) {
                // `pub(crate)` is no path, and in `super::super::x` the first word tells.
                if !self.code[offset + root.len()..].starts_with("::") || self.code[..offset].ends_with("super::") {
                    continue;
                }
                let mut leaves = Vec::new();
                read_tree(&self.code, offset + root.len() + 2, &[], &mut leaves);
                let mut base = match root {
                    "super" => self.module(),
                    _ => Vec::new(),
                };
                base.pop();
                for (leaf, place) in leaves {
                    let mut path = base.clone();
                    for word in leaf {
                        match word.as_str() {
                            "super" => drop(path.pop()),
                            _ => path.push(word),
                        }
                    }
                    found.push((path, place));
                }
            }
        }
        found
    }
}

/// Offsets at which `word` stands as a whole word.
pub fn words(code: &str, word: &str) -> Vec<usize> {
    let part = |character: char| character.is_alphanumeric() || character == '_';
    code.match_indices(word)
        .map(|(offset, _)| offset)
        .filter(|offset| !code[..*offset].ends_with(part))
        // `println!` ends by itself, whatever follows.
        .filter(|offset| !word.ends_with(part) || !code[offset + word.len()..].starts_with(part))
        .collect()
}

/// Reads a path from `offset`, through its braces: `a::{b, c::d}` gives `a::b` and `a::c::d`. Returns where it ends.
fn read_tree(code: &str, mut offset: usize, before: &[String], leaves: &mut Vec<(Vec<String>, usize)>) -> usize {
    let mut path = before.to_vec();
    loop {
        offset += code[offset..].len() - code[offset..].trim_start().len();
        if code[offset..].starts_with('{') {
            offset += 1;
            loop {
                offset += code[offset..].len() - code[offset..].trim_start().len();
                match code[offset..].chars().next() {
                    None => return offset,
                    Some('}') => return offset + 1,
                    Some(',') => offset += 1,
                    Some(_) => {
                        let end = read_tree(code, offset, &path, leaves);
                        // What can't be read is passed over, so that the loop ends.
                        offset = if end == offset { offset + code[offset..].chars().next().map_or(1, char::len_utf8) } else { end };
                    }
                }
            }
        }
        let start = offset;
        let length =
            code[offset..].find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(code[offset..].len());
        if length == 0 {
            return offset;
        }
        let word = &code[start..start + length];
        offset += length;
        if word != "self" {
            path.push(word.to_owned());
        }
        if code[offset..].starts_with("::") && !code[offset..].starts_with("::<") {
            offset += 2;
            continue;
        }
        leaves.push((path, start));
        // `as name` changes nothing about where the path leads.
        if let Some(rest) = code[offset..].strip_prefix(" as ") {
            offset += 4 + rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len());
        }
        return offset;
    }
}

fn blank_comments_and_texts(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let in_word = code.ends_with(|character: char| character.is_alphanumeric() || character == '_');
        let Some(length) = no_code(rest, in_word) else {
            code.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        };
        let (piece, after) = rest.split_at(length);
        code.extend(piece.chars().map(|character| if character == '\n' { '\n' } else { ' ' }));
        rest = after;
    }
    code
}

/// Length of the comment, text or character at the start; None where there is code.
fn no_code(rest: &str, in_word: bool) -> Option<usize> {
    if rest.starts_with("//") {
        return Some(rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Some(rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    if let Some(raw) = rest.strip_prefix("br").or_else(|| rest.strip_prefix('r')).filter(|_| !in_word) {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let (opened, closing) = (rest.len() - raw.len() + hashes + 1, format!("\"{}", "#".repeat(hashes)));
            return Some(rest[opened..].find(&closing).map_or(rest.len(), |end| opened + end + closing.len()));
        }
    }
    let Some(text) = rest.strip_prefix('"') else { return character_literal(rest) };
    let mut escaped = false;
    let end = text.find(|character: char| {
        let closes = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        closes
    });
    Some(end.map_or(rest.len(), |end| end + 2))
}

/// Length of a character literal at the start; None for a lifetime or anything else.
fn character_literal(rest: &str) -> Option<usize> {
    let inner = rest.strip_prefix('\'')?;
    let mut characters = inner.char_indices();
    let (_, first) = characters.next()?;
    if first == '\\' {
        return inner[2..].find('\'').map(|end| end + 4);
    }
    characters.next().filter(|(_, second)| *second == '\'').map(|(place, _)| place + 2)
}

/// Blanks the item after each `#[cfg(test)]`.
fn blank_tests(code: &str) -> String {
    let mut kept = String::with_capacity(code.len());
    let mut rest = code;
    while let Some((before, after)) = rest.split_once("#[cfg(test)]") {
        kept.push_str(before);
        let mut depth = 0_usize;
        let end = after.find(|character: char| {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            depth == 0 && matches!(character, '}' | ';')
        });
        let (item, left) = after.split_at(end.map_or(after.len(), |end| end + 1));
        kept.extend("#[cfg(test)]".chars().chain(item.chars()).filter(|character| *character == '\n'));
        rest = left;
    }
    kept + rest
}
