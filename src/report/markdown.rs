//! The report as Markdown, charts by relative path.

use std::fmt::Write;

use crate::report::document::{AnnotatedText, Block, Document, Note, Passage, Piece, Table};

/// The document as Markdown (GitHub's tables).
pub fn render(document: &Document) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = writeln!(text, "# {}\n", escape(&document.title));
    let _ = writeln!(text, "**{}**\n", escape(&document.answer));
    for detail in &document.details {
        let _ = writeln!(text, "{}\n", escape(detail));
    }
    for section in &document.sections {
        let _ = writeln!(text, "## {}\n", escape(&section.heading));
        for block in &section.blocks {
            match block {
                Block::Paragraph(paragraph) => {
                    let _ = writeln!(text, "{}\n", escape(paragraph));
                }
                Block::Warning(warning) => {
                    let _ = writeln!(text, "> **Note.** {}\n", escape(warning));
                }
                Block::Figure(figure) => {
                    let _ = writeln!(text, "![{}]({}.png)\n", escape(&figure.alt), figure.name);
                }
                Block::Table(table) => render_table(&mut text, table),
                Block::Article(article) => render_article(&mut text, article),
            }
        }
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn render_table(text: &mut String, table: &Table) {
    let _ = writeln!(text, "*{}*\n", escape(&table.caption));
    let row = |cells: &[String]| format!("| {} |", cells.iter().map(|cell| escape(cell)).collect::<Vec<_>>().join(" | "));
    let _ = writeln!(text, "{}", row(&table.header));
    let rules: Vec<&str> = (0..table.header.len()).map(|column| if table.is_numeric(column) { "---:" } else { "---" }).collect();
    let _ = writeln!(text, "| {} |", rules.join(" | "));
    for cells in &table.rows {
        let _ = writeln!(text, "{}", row(cells));
    }
    text.push('\n');
}

/// The article as a quotation, its figures bold with a footnote each.
fn render_article(text: &mut String, article: &AnnotatedText) {
    for (position, passage) in article.passages.iter().enumerate() {
        text.push_str(if position == 0 { "> " } else { ">\n> " });
        match passage {
            Passage::LeftOut => text.push('…'),
            Passage::Paragraph(pieces) => pieces.iter().for_each(|piece| render_piece(text, piece)),
        }
        text.push('\n');
    }
    text.push('\n');
    // A footnote that nothing refers to isn't shown.
    let unmarked: Vec<String> = article.notes.iter().filter(|note| !note.marked).map(|note| format!("[^{}]", note.number)).collect();
    if !unmarked.is_empty() {
        let _ = writeln!(text, "Without a place of their own in the text: {}\n", unmarked.join(" "));
    }
    for note in &article.notes {
        let _ = writeln!(text, "[^{}]: {}\n", note.number, footnote(note));
    }
}

fn render_piece(text: &mut String, piece: &Piece) {
    // What begins a line may look like the mark of a list, a heading or a rule.
    let at_start = text.ends_with("> ");
    match piece {
        Piece::Text(words) => text.push_str(&quote(words, at_start)),
        Piece::LineBreak => text.push_str("\\\n> "),
        Piece::Mark { number, text: figure } => {
            if !figure.is_empty() {
                let _ = write!(text, "**{}**", quote(figure, false));
            }
            let _ = write!(text, "[^{number}]");
        }
    }
}

fn footnote(note: &Note) -> String {
    let day = note.day.as_ref().map_or_else(String::new, |day| format!(" to the close of {day}"));
    let mut parts = vec![format!("{} {}, {}{day}, stated {}: {}.", note.sign, note.security, note.horizon, note.stated, note.outcome)];
    if !note.inferred.is_empty() {
        parts.push(format!("Not said in so many words: {}.", note.inferred.join("; ")));
    }
    let readings: Vec<String> = note
        .readings
        .iter()
        .map(|reading| {
            let window = reading.window.as_ref().map_or_else(String::new, |window| format!(" ({window})"));
            let value = reading.measured.as_ref().or(reading.reason.as_ref()).map_or("", String::as_str);
            let sign = match reading.reproduces {
                Some(true) => " ✓",
                Some(false) => " ✗",
                None => "",
            };
            format!("{}{window} {value}{sign}", reading.reading)
        })
        .collect();
    if !readings.is_empty() {
        parts.push(format!("Readings: {}.", readings.join("; ")));
    }
    escape(&parts.join(" "))
}

/// Words of somebody else as plain text: beyond [`escape`], what GitHub takes for formulas and strikethrough, and at the beginning of a line
/// for lists, headings and rules.
fn quote(text: &str, at_start: bool) -> String {
    let text = if at_start { text.trim_start() } else { text };
    let mut quoted = escape(text).replace('$', "\\$").replace('~', "\\~");
    let digits = quoted.bytes().take_while(u8::is_ascii_digit).count();
    if at_start && quoted.starts_with(['-', '+', '=']) {
        quoted.insert(0, '\\');
    } else if at_start && digits > 0 && quoted.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')'])) {
        quoted.insert(digits, '\\');
    }
    quoted
}

/// Text with everything that Markdown or HTML would take for markup made harmless.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' => {
                escaped.push('\\');
                escaped.push(character);
            }
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            '\n' | '\r' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_line_is_no_list_heading_or_rule() {
        for (text, quoted) in [("- one", r"\- one"), ("  + two", r"\+ two"), ("--- x", r"\--- x"), ("12. x", r"12\. x"), ("3) x", r"3\) x")]
        {
            assert_eq!(quote(text, true), quoted);
        }
        assert_eq!(quote("# a $x$ ~~b~~ <i>", true), r"\# a \$x\$ \~\~b\~\~ &lt;i&gt;");
        assert_eq!((quote("- 3", false).as_str(), quote("2022.", false).as_str()), ("- 3", "2022."));
    }

    #[test]
    fn markup_in_a_title_stays_text() {
        assert_eq!(escape("a|b <script> *x* & _y_"), r"a\|b &lt;script&gt; \*x\* &amp; \_y\_");
    }
}
