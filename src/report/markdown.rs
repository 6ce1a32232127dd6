//! The report as Markdown, charts by relative path.

use std::fmt::Write;

use crate::report::document::{Block, Document, Table};

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
    fn markup_in_a_title_stays_text() {
        assert_eq!(escape("a|b <script> *x* & _y_"), r"a\|b &lt;script&gt; \*x\* &amp; \_y\_");
    }
}
