//! Paragraphs and sentences.

use super::lexicon::{Lexicon, Role, WordClass};
use super::token::{Kind, Token};

/// A stretch of tokens with the numbers of their words in the lexicon (0 for none).
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub text: &'a str,
    pub tokens: &'a [Token],
    pub words: &'a [u32],
    pub lexicon: &'a Lexicon,
}

impl<'a> View<'a> {
    pub fn token(&self, at: usize) -> Option<&'a Token> {
        self.tokens.get(at)
    }

    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    pub fn word(&self, at: usize) -> u32 {
        self.words.get(at).copied().unwrap_or(0)
    }

    /// The token as printed; empty past the end.
    pub fn text_of(&self, at: usize) -> &'a str {
        self.tokens.get(at).and_then(|token| self.text.get(token.start..token.end)).unwrap_or("")
    }

    pub fn begins_with_capital(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| !token.plain) && self.text_of(at).chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether a space stands between the token and the one before.
    pub fn gap_before(&self, at: usize) -> bool {
        let end = at.checked_sub(1).and_then(|before| self.tokens.get(before)).map(|before| before.end);
        self.tokens.get(at).is_some_and(|token| end != Some(token.start))
    }

    /// The place after "of" or "de" at `at`, or `at`.
    pub fn skip_of(&self, at: usize) -> usize {
        match self.lexicon.phrases.begin(self.word(at)).and_then(|node| self.lexicon.phrases.end(node)) {
            Some(Role::Of) => at + 1,
            _ => at,
        }
    }

    /// What the word at a token does where no longer phrase begins with it.
    pub fn role_alone(&self, at: usize) -> Option<Role> {
        self.lexicon.phrases.begin(self.word(at)).and_then(|node| self.lexicon.phrases.end(node))
    }

    /// Whether the word at a token is of a class.
    pub fn is(&self, at: usize, class: WordClass) -> bool {
        self.lexicon.is(self.word(at), class)
    }

    /// Whether a number in digits or words may begin at a token.
    pub fn may_count(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Number) || self.is(at, WordClass::Numeral)
    }

    /// Whether a unit of figures begins at a token.
    pub fn is_unit(&self, at: usize) -> bool {
        self.kind(at) == Some(Kind::Percent)
            || self.lexicon.phrases.begin(self.word(at)).is_some_and(|node| matches!(self.lexicon.phrases.end(node), Some(Role::Unit(_))))
            || (self.text_of(at).eq_ignore_ascii_case("per") || self.text_of(at).eq_ignore_ascii_case("pour"))
                && self.text_of(at + 1).to_ascii_lowercase().starts_with("cent")
    }

    pub fn part(&self, from: usize, to: usize) -> View<'a> {
        View { tokens: self.tokens.get(from..to).unwrap_or(&[]), words: self.words.get(from..to).unwrap_or(&[]), ..*self }
    }
}

/// Paragraphs: what blank lines part. Byte ranges.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let start = at;
            let end = paragraph_end(text, start);
            at = next_paragraph(text, end);
            if end > start {
                return Some((start, end));
            }
        }
        None
    })
}

/// The line break that a blank line follows, or the end.
fn paragraph_end(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\n', rest)) {
        let line = at + found;
        let mut next = line + 1;
        while bytes.get(next).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\r')) {
            next += 1;
        }
        if matches!(bytes.get(next), Some(b'\n') | None) {
            return line;
        }
        at = line + 1;
    }
    text.len()
}

fn next_paragraph(text: &str, from: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = from;
    while bytes.get(at).is_some_and(|byte| matches!(byte, b'\n' | b' ' | b'\t' | b'\r')) {
        at += 1;
    }
    at.max(from + usize::from(at == from))
}

/// A sentence of more tokens is cut, so that time stays linear in a text without stops.
const LONGEST: usize = 400;

/// The sentences of a paragraph, as ranges of its tokens.
pub(super) fn sentences(view: &View<'_>, ranges: &mut Vec<(usize, usize)>) {
    ranges.clear();
    let mut from = 0;
    for at in 1..view.tokens.len() {
        if begins_sentence(view, at) || at - from >= LONGEST {
            ranges.push((from, at));
            from = at;
        }
    }
    if from < view.tokens.len() {
        ranges.push((from, view.tokens.len()));
    }
}

fn begins_sentence(view: &View<'_>, at: usize) -> bool {
    let Some(token) = view.token(at) else { return false };
    if token.begins_line && begins_line_anew(view, at) {
        return true;
    }
    // The stop may stand before a closing quotation mark or bracket.
    let mut before = at - 1;
    while before + 4 > at && before > 0 && matches!(view.kind(before), Some(Kind::Quote | Kind::Close)) && !view.gap_before(before) {
        before -= 1;
    }
    if view.kind(before) != Some(Kind::Stop) || !view.gap_before(at) || before + 3 < at {
        return false;
    }
    let opens = match token.kind {
        Kind::Word => view.begins_with_capital(at) || view.text_of(at).chars().next().is_some_and(|first| first.is_ascii_digit()),
        Kind::Quote | Kind::Open => view.begins_with_capital(at + 1),
        Kind::Number | Kind::Currency | Kind::Bullet | Kind::Plus | Kind::Minus => true,
        _ => false,
    };
    opens && !is_abbreviation(view, before)
}

/// Whether the stop at `stop` belongs to the word before it.
pub(super) fn is_abbreviation(view: &View<'_>, stop: usize) -> bool {
    if view.gap_before(stop) || view.text_of(stop) != "." {
        return false;
    }
    let Some(word) = stop.checked_sub(1).map(|before| view.text_of(before)) else { return false };
    // "multiplié par sept." ends a sentence, "le 3 sept." need not.
    let numeral = view.lexicon.numerals.begin(view.word(stop - 1)).is_some() && view.word(stop - 1) != 0;
    if numeral && !stop.checked_sub(2).is_some_and(|before| view.kind(before) == Some(Kind::Number)) {
        return false;
    }
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    initial || view.lexicon.abbreviations.iter().any(|abbreviation| abbreviation.eq_ignore_ascii_case(word))
}

/// Whether a line begins something new: a list's item, or a line after one that ends short of the margin without a comma.
fn begins_line_anew(view: &View<'_>, at: usize) -> bool {
    let Some(token) = view.token(at) else { return false };
    if token.kind == Kind::Bullet {
        return true;
    }
    let word = view.text_of(at);
    let capital = token.kind == Kind::Word
        && view.begins_with_capital(at)
        && !(word.len() > 1 && word.chars().all(|character| !character.is_lowercase()));
    let after_comma = matches!(view.kind(at - 1), Some(Kind::Comma | Kind::Dash | Kind::Open));
    if !capital || after_comma {
        return false;
    }
    let ended = view.token(at - 1).map_or(0, |before| before.end);
    let line_start = view.text.get(..ended).and_then(|before| before.rfind('\n')).map_or(0, |line| line + 1);
    ended - line_start < 60
}
