//! Rows of a table as CSV (RFC 4180).

use chrono::{Datelike, NaiveDate};

use super::table_file::TableColumn;

/// The rows as text. Writing to memory doesn't fail.
pub(super) fn text_block(columns: &[TableColumn], rows: std::ops::Range<usize>) -> Vec<u8> {
    let mut block = Vec::with_capacity(rows.len() * columns.len() * 12);
    for row in rows {
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                block.push(b',');
            }
            write_cell(&mut block, column, row);
        }
        block.push(b'\n');
    }
    block
}

fn write_cell(block: &mut Vec<u8>, column: &TableColumn, row: usize) {
    // serde_json writes the fewest digits that are read back as the same number.
    match column {
        TableColumn::Text(cells) => {
            if let Some(text) = cells.get(row).copied().flatten() {
                write_text(block, text);
            }
        }
        TableColumn::Category { cells, names } => {
            if let Some(text) = cells.get(row).copied().flatten().and_then(|number| names.get(number as usize)) {
                write_text(block, text);
            }
        }
        TableColumn::Integer(cells) => {
            if let Some(number) = cells.get(row).copied().flatten() {
                let _ = serde_json::to_writer(block, &number);
            }
        }
        TableColumn::Number(cells) => {
            if let Some(number) = cells.get(row).copied().flatten() {
                let _ = serde_json::to_writer(block, &number);
            }
        }
        TableColumn::Date(cells) => {
            if let Some(day) = cells.get(row).copied().flatten() {
                write_day(block, day);
            }
        }
        TableColumn::Flag(cells) => {
            if let Some(flag) = cells.get(row).copied().flatten() {
                block.extend_from_slice(if flag { b"true" } else { b"false" });
            }
        }
    }
}

/// `2022-09-02`.
fn write_day(block: &mut Vec<u8>, day: NaiveDate) {
    let Ok(year @ 0..=9_999) = u32::try_from(day.year()) else {
        block.extend_from_slice(day.to_string().as_bytes());
        return;
    };
    let digit = |number: u32| b'0' + u8::try_from(number % 10).unwrap_or(0);
    let (month, day) = (day.month(), day.day());
    block.extend_from_slice(&[digit(year / 1_000), digit(year / 100), digit(year / 10), digit(year), b'-']);
    block.extend_from_slice(&[digit(month / 10), digit(month), b'-', digit(day / 10), digit(day)]);
}

/// A text, in quotes where it would be read otherwise without.
pub(super) fn write_text(block: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let special = bytes.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    let padded = bytes.first().is_none_or(u8::is_ascii_whitespace) || bytes.last().is_none_or(u8::is_ascii_whitespace);
    if !special && !padded {
        block.extend_from_slice(bytes);
        return;
    }
    block.push(b'"');
    for byte in bytes {
        if *byte == b'"' {
            block.push(b'"');
        }
        block.push(*byte);
    }
    block.push(b'"');
}
