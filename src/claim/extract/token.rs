//! Words, numbers and marks of a text, with their places.
//!
//! A hyphen inside a word only separates ("year-to-date" is three words, the last two *joined* to the one before); an elided article
//! ("l'", "d'", "qu'") and the English "'s" are words of their own; every space, the no-break and narrow ones too, only separates.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, perhaps with digits: "shares", "S&P", "l'", "'s".
    Word,
    /// Digits with their separators, without a sign.
    Number,
    /// "%", or a sign that stands for it.
    Percent,
    Comma,
    /// A full stop, question or exclamation mark, or an ellipsis.
    Stop,
    Semicolon,
    Colon,
    Open,
    Close,
    /// A quotation mark of any kind.
    Quote,
    /// A dash that separates.
    Dash,
    /// A plus sign, a minus sign, or an arrow, right before a number.
    Plus,
    Minus,
    /// "~", "≈", ">" and "<" before a number.
    About,
    Above,
    Below,
    /// "$" and its like.
    Currency,
    /// A list item's bullet.
    Bullet,
    /// Anything else: slashes, stars, pictures.
    Other,
}

/// One token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    /// Byte offsets in the text.
    pub start: usize,
    pub end: usize,
    /// Whether it is joined to the token before by a hyphen.
    pub joined: bool,
    /// Whether a line begins with it.
    pub begins_line: bool,
    /// Whether it is a word of small letters alone: neither capital nor digit nor apostrophe. Most words are, and few questions arise about them.
    pub plain: bool,
}

/// Spaces that separate, the no-break, narrow and thin ones among them.
pub(super) fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{200b}' | '\u{feff}' | '\u{2060}' | '\u{00ad}')
}

pub(super) fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '\u{2019}' | '\u{02bc}' | '\u{2018}' | '\u{00b4}')
}

/// Hyphens and dashes; the first four also join words and stand for a minus.
fn is_dash(character: char) -> bool {
    matches!(character, '-' | '\u{2010}' | '\u{2011}' | '\u{2212}' | '\u{2013}' | '\u{2014}' | '\u{2015}' | '\u{fe63}' | '\u{ff0d}')
}

/// Whether a word is of the small letters of English and French alone.
fn is_plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase())
        || word.chars().all(|letter| letter.is_ascii_lowercase() || matches!(letter, 'ß'..='ö' | 'ø'..='ÿ' | 'œ'))
}

/// Short words before an apostrophe that are words of their own.
const ELISIONS: [&str; 14] = ["l", "d", "qu", "s", "n", "c", "j", "m", "t", "jusqu", "lorsqu", "puisqu", "quelqu", "presqu"];

/// Units that are printed right after their number.
const UNITS: [&str; 9] = ["pc", "pct", "pp", "ppt", "bp", "bps", "pts", "pb", "percent"];

/// Splits a paragraph into tokens, appended to `tokens`. Offsets are those of `text`.
pub(super) fn tokenise(text: &str, start: usize, end: usize, tokens: &mut Vec<Token>) {
    let mut reader = Reader { text, at: start, end, joined: false, begins_line: true };
    while let Some(character) = reader.peek() {
        reader.step(character, tokens);
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    joined: bool,
    begins_line: bool,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..self.end).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        match self.text.as_bytes().get(self.at) {
            Some(byte) if self.at < self.end && byte.is_ascii() => Some(char::from(*byte)),
            Some(_) if self.at < self.end => self.rest().chars().next(),
            _ => None,
        }
    }

    fn after(&self, offset: usize) -> Option<char> {
        self.text.get(offset..self.end)?.chars().next()
    }

    fn push(&mut self, tokens: &mut Vec<Token>, kind: Kind, end: usize) {
        let plain = kind == Kind::Word && self.text.get(self.at..end).is_some_and(is_plain);
        tokens.push(Token { kind, start: self.at, end, joined: self.joined, begins_line: self.begins_line, plain });
        self.at = end;
        self.joined = false;
        self.begins_line = false;
    }

    fn step(&mut self, character: char, tokens: &mut Vec<Token>) {
        let next = self.at + character.len_utf8();
        if character == '\n' {
            self.begins_line = true;
            self.at = next;
        } else if is_space(character) || character == '`' {
            self.at = next;
        } else if character.is_ascii_digit() {
            let end = number_end(self.text, self.at, self.end);
            // "3M", "2U": a name; "5pm", "10am" too.
            match self.after(end).filter(|after| after.is_alphabetic()) {
                Some(_) => {
                    let word_end = self.word_end(end);
                    let letters = self.text.get(end..word_end).unwrap_or("");
                    // "12.4pc", "50bps".
                    let kind = if UNITS.iter().any(|unit| unit.eq_ignore_ascii_case(letters)) { Kind::Number } else { Kind::Word };
                    self.push(tokens, kind, if kind == Kind::Number { end } else { word_end });
                }
                None => self.push(tokens, Kind::Number, end),
            }
        } else if character.is_alphabetic() {
            let end = self.word_end(self.at);
            self.push(tokens, Kind::Word, end);
        } else if is_apostrophe(character) {
            self.apostrophe(character, tokens);
        } else if is_dash(character) {
            self.dash(character, tokens);
        } else {
            let before_number =
                || self.after(next).is_some_and(|after| after.is_ascii_digit() || after == '\u{a0}' || after == '\u{202f}' || after == ' ');
            let kind = match character {
                '%' | '\u{ff05}' | '\u{fe6a}' => Kind::Percent,
                ',' => Kind::Comma,
                '.' | '!' | '?' | '\u{2026}' => Kind::Stop,
                ';' => Kind::Semicolon,
                ':' => Kind::Colon,
                '(' | '[' | '{' => Kind::Open,
                ')' | ']' | '}' => Kind::Close,
                '"' | '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{ab}' | '\u{bb}' | '\u{2039}' | '\u{203a}' => Kind::Quote,
                '+' => Kind::Plus,
                '\u{25b2}' | '\u{2191}' | '\u{25b3}' | '\u{2197}' if before_number() => Kind::Plus,
                '\u{25bc}' | '\u{2193}' | '\u{25bd}' | '\u{2198}' if before_number() => Kind::Minus,
                '~' | '\u{2248}' | '\u{b1}' => Kind::About,
                '>' => Kind::Above,
                '<' => Kind::Below,
                '$' | '\u{20ac}' | '\u{a3}' | '\u{a5}' => Kind::Currency,
                '*' if self.begins_line => Kind::Bullet,
                '\u{2022}' | '\u{25cf}' | '\u{25aa}' | '\u{2023}' | '\u{b7}' => Kind::Bullet,
                _ => Kind::Other,
            };
            self.push(tokens, kind, next);
        }
    }

    /// The end of a word that begins at `from`: letters and digits, "&" and an apostrophe between letters.
    fn word_end(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while at < self.end {
            let Some(byte) = bytes.get(at) else { break };
            if byte.is_ascii_alphanumeric() {
                at += 1;
                continue;
            }
            let Some(character) = self.after(at) else { break };
            let next = at + character.len_utf8();
            let joins = character == '&' && self.after(next).is_some_and(char::is_alphanumeric);
            if character.is_alphanumeric() || character == '\u{0301}' || joins {
                at = next;
            } else if character == '.' && at == from + 1 && self.initials(from) {
                // "U.S.", "p.c.": letters with a stop each.
                at = self.initials_end(from);
                break;
            } else if is_apostrophe(character)
                && self
                    .after(next)
                    .is_none_or(|after| after.is_alphabetic() || matches!(after, '\u{ab}' | '\u{201c}' | '"') || self.spaced_quote(next))
            {
                let word = self.text.get(from..at).unwrap_or("");
                if ELISIONS.iter().any(|elision| word.eq_ignore_ascii_case(elision)) {
                    return next;
                }
                let rest = self.text.get(next..self.end).unwrap_or("");
                if !rest.starts_with(char::is_alphabetic) {
                    return at;
                }
                let alone = |rest: &str| rest.starts_with(['s', 'S']) && !rest.chars().nth(1).is_some_and(char::is_alphanumeric);
                if alone(rest) {
                    return at;
                }
                at = next;
            } else {
                break;
            }
        }
        at
    }

    /// Whether a space and an opening quotation mark follow: "d' « Assassin's Creed »".
    fn spaced_quote(&self, at: usize) -> bool {
        let mut after = self.text.get(at..self.end).unwrap_or("").chars();
        after.next().is_some_and(is_space) && after.next() == Some('\u{ab}')
    }

    fn initials(&self, from: usize) -> bool {
        let mut characters = self.text.get(from..self.end).unwrap_or("").chars();
        characters.next().is_some_and(char::is_alphabetic)
            && characters.next() == Some('.')
            && characters.next().is_some_and(char::is_alphabetic)
            && characters.next() == Some('.')
    }

    fn initials_end(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = from;
        while at + 1 < self.end && bytes.get(at).is_some_and(u8::is_ascii_alphabetic) && bytes.get(at + 1) == Some(&b'.') {
            at += 2;
        }
        at.max(from + 1)
    }

    fn apostrophe(&mut self, character: char, tokens: &mut Vec<Token>) {
        let next = self.at + character.len_utf8();
        let glued = tokens.last().is_some_and(|token| token.end == self.at && matches!(token.kind, Kind::Word | Kind::Number | Kind::Stop));
        let rest = self.text.get(next..self.end).unwrap_or("");
        if glued && rest.starts_with(['s', 'S']) && !rest.chars().nth(1).is_some_and(char::is_alphanumeric) {
            self.push(tokens, Kind::Word, next + 1);
        } else if glued
            && !self.after(next).is_some_and(char::is_alphanumeric)
            && self.text.get(..self.at).is_some_and(|before| before.ends_with(['s', 'S']))
        {
            // "the shares' fall": a possessive that is only an apostrophe.
            self.push(tokens, Kind::Word, next);
        } else {
            self.push(tokens, Kind::Quote, next);
        }
    }

    fn dash(&mut self, character: char, tokens: &mut Vec<Token>) {
        let next = self.at + character.len_utf8();
        let before = self.text.get(..self.at).and_then(|before| before.chars().next_back());
        let mut after = self.after(next);
        // A typographer's minus stands a no-break space before its number.
        let spaced = matches!(after, Some('\u{a0}' | '\u{202f}' | '\u{2009}'));
        if spaced {
            after = self.text.get(next..self.end).and_then(|rest| rest.chars().nth(1));
        }
        let after_space =
            before.is_none_or(|before| is_space(before) || matches!(before, '(' | '[' | ',' | ':' | ';' | '"' | '\u{ab}' | '/' | '|'));
        let is_digit = |character: Option<char>| character.is_some_and(|character| character.is_ascii_digit());
        // "(- 1,2 %)", "NET - 1.03%" on a line of its own.
        let spaced_in_brackets = matches!(before, Some('(' | '['))
            && after == Some(' ')
            && is_digit(self.text.get(next..self.end).and_then(|rest| rest.chars().nth(1)));
        if (after_space && is_digit(after) && character != '\u{2014}') || spaced_in_brackets {
            self.push(tokens, Kind::Minus, next);
        } else if before.is_some_and(char::is_alphanumeric) && after.is_some_and(char::is_alphabetic) && !spaced && character != '\u{2014}'
        {
            self.at = next;
            self.joined = true;
        } else if self.begins_line && after.is_some_and(is_space) {
            self.push(tokens, Kind::Bullet, next);
        } else {
            let letter_then_number = before.is_some_and(char::is_alphabetic) && is_digit(after);
            if letter_then_number {
                self.at = next;
                self.joined = true;
            } else {
                self.push(tokens, Kind::Dash, next);
            }
        }
    }
}

/// The end of a number: digits, with single separators between digits.
fn number_end(text: &str, from: usize, end: usize) -> usize {
    let digits = |from: usize| {
        let bytes = text.as_bytes().get(from..end).unwrap_or(&[]);
        bytes.iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut at = from + digits(from);
    let mut first_group = at - from <= 3;
    loop {
        let Some(separator) = text.get(at..end).and_then(|rest| rest.chars().next()) else { return at };
        let next = at + separator.len_utf8();
        let group = digits(next);
        let joins = match separator {
            ',' | '.' => group > 0,
            '\u{a0}' | '\u{202f}' | '\u{2009}' | ' ' => first_group && group == 3 && !has_decimals(text.get(from..at).unwrap_or("")),
            other if is_apostrophe(other) => first_group && group == 3,
            _ => false,
        };
        // "in 2022, 15 %": a space after the comma, so that the comma isn't the number's; "40 120 points" after a name is told apart there.
        if !joins {
            return at;
        }
        first_group = first_group || group == 3;
        at = next + group;
    }
}

fn has_decimals(number: &str) -> bool {
    number.contains([',', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        let mut tokens = Vec::new();
        tokenise(text, 0, text.len(), &mut tokens);
        tokens.iter().map(|token| &text[token.start..token.end]).collect()
    }

    #[test]
    fn words_part_at_spaces_hyphens_and_elisions() {
        assert_eq!(words("L'action d’Airbus (AIR.PA)"), ["L'", "action", "d’", "Airbus", "(", "AIR", ".", "PA", ")"]);
        assert_eq!(words("Apple's year-to-date gain"), ["Apple", "'s", "year", "to", "date", "gain"]);
        assert_eq!(words("S&P 500 didn't"), ["S&P", "500", "didn't"]);
    }

    #[test]
    fn a_minus_is_told_from_a_hyphen_and_a_dash() {
        let kinds = |text: &str| {
            let mut tokens = Vec::new();
            tokenise(text, 0, text.len(), &mut tokens);
            tokens.iter().map(|token| token.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds("NET, −1.03%"), [Kind::Word, Kind::Comma, Kind::Minus, Kind::Number, Kind::Percent]);
        assert_eq!(kinds("3-5 %"), [Kind::Number, Kind::Dash, Kind::Number, Kind::Percent]);
        assert_eq!(kinds("(- 1,2\u{202f}%)"), [Kind::Open, Kind::Minus, Kind::Number, Kind::Percent, Kind::Close]);
        assert_eq!(words("6 210,22 points"), ["6 210,22", "points"]);
    }
}
