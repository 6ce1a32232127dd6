//! Text as a browser would show it: white space collapsed, lines and paragraphs apart.

/// What stands between two pieces of text; of several the largest counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Break {
    None,
    Space,
    /// Between the cells of a row: a tab.
    Cell,
    Line,
    /// A blank line.
    Paragraph,
}

/// Collects text; nothing is written for a break until text follows it.
#[derive(Debug)]
pub(super) struct TextWriter {
    written: String,
    pending: Break,
    /// No-break spaces that count only when text follows on the line.
    held: String,
}

impl TextWriter {
    pub(super) fn new() -> TextWriter {
        TextWriter { written: String::new(), pending: Break::None, held: String::new() }
    }

    /// How many bytes are written.
    pub(super) fn len(&self) -> usize {
        self.written.len()
    }

    /// Takes back what was written past `length` bytes.
    pub(super) fn take_back(&mut self, length: usize) {
        self.written.truncate(length);
        self.held.clear();
        self.pending = Break::Paragraph;
    }

    /// A break before the next text.
    pub(super) fn put_break(&mut self, kind: Break) {
        if kind >= Break::Cell {
            self.held.clear();
        }
        self.pending = self.pending.max(kind);
    }

    /// A line's end that was asked for: two make a paragraph.
    pub(super) fn put_line_end(&mut self) {
        self.put_break(if self.pending >= Break::Line { Break::Paragraph } else { Break::Line });
    }

    /// Text; its line ends are spaces, or with `preformatted` line ends.
    pub(super) fn put_text(&mut self, text: &str, preformatted: bool) {
        for character in text.chars() {
            match character {
                '\n' if preformatted => self.put_line_end(),
                ' ' | '\t' | '\n' | '\r' | '\u{c}' => self.pending = self.pending.max(Break::Space),
                // Soft hyphen, zero-width space and joiners, marks of direction, word joiner, byte order mark; a page's zero byte.
                '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' | '\0' => {}
                _ if character.is_whitespace() => {
                    if self.pending == Break::Space {
                        self.held.push(' ');
                        self.pending = Break::None;
                    }
                    self.held.push(character);
                }
                _ => {
                    self.write_pending();
                    self.written.push(character);
                }
            }
        }
    }

    fn write_pending(&mut self) {
        if !self.written.is_empty() {
            if self.pending >= Break::Cell {
                self.held.clear();
            }
            self.written.push_str(&self.held);
            self.written.push_str(match self.pending {
                Break::None => "",
                Break::Space => " ",
                Break::Cell => "\t",
                Break::Line => "\n",
                Break::Paragraph => "\n\n",
            });
        }
        self.held.clear();
        self.pending = Break::None;
    }

    /// All that was written, without a last line end.
    pub(super) fn finish(self) -> String {
        self.written
    }
}
