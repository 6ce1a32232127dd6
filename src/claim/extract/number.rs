//! Numbers in digits, in every style: decimal point or comma, thousands set off by points, commas, spaces or apostrophes.

use super::token::is_apostrophe;

/// Which character stands before decimals where the text itself doesn't tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecimalMark {
    Point,
    Comma,
}

/// A number as printed: `mantissa` / 10^`decimals`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    pub mantissa: i64,
    pub decimals: u8,
}

impl Number {
    pub fn whole(self) -> Option<i64> {
        (self.decimals == 0).then_some(self.mantissa)
    }
}

/// Reads a number token. None when it has too many digits, or can't be one number ("1.2.3").
pub(super) fn read_number(text: &str, mark: DecimalMark) -> Option<Number> {
    let separators: Vec<(usize, char)> = text.char_indices().filter(|(_, character)| !character.is_ascii_digit()).collect();
    let decimals_from = match separators.as_slice() {
        [] => None,
        all => {
            let (last, separator) = *all.last()?;
            let count = all.iter().filter(|(_, other)| *other == separator).count();
            let digits_after = text.len() - last - separator.len_utf8();
            let is_decimal = match separator {
                ',' | '.' if count > 1 => false,
                // "1.234,5" and "1 234.5": the last of two kinds stands before the decimals.
                ',' | '.' if all.len() > 1 => true,
                '.' => mark == DecimalMark::Point || digits_after != 3,
                ',' => mark == DecimalMark::Comma || digits_after != 3,
                _ => false,
            };
            is_decimal.then_some((last, separator.len_utf8()))
        }
    };
    let (whole, part) = match decimals_from {
        Some((at, width)) => (text.get(..at)?, text.get(at + width..)?),
        None => (text, ""),
    };
    // Groups of thousands have three digits each.
    let groups: Vec<&str> = whole.split(|character: char| !character.is_ascii_digit()).collect();
    if groups.len() > 1 && groups.iter().skip(1).any(|group| group.len() != 3) {
        return None;
    }
    debug_assert!(!whole.is_empty() || text.starts_with(is_apostrophe));
    let digits: String = whole.chars().chain(part.chars()).filter(char::is_ascii_digit).collect();
    if digits.len() > 15 {
        return None;
    }
    Some(Number { mantissa: digits.parse().ok()?, decimals: u8::try_from(part.len()).ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_every_style() {
        let read = |text: &str, mark| read_number(text, mark).map(|number| (number.mantissa, number.decimals));
        use DecimalMark::{Comma, Point};
        assert_eq!(read("1.03", Point), Some((103, 2)));
        assert_eq!(read("1,03", Point), Some((103, 2)));
        assert_eq!(read("1,03", Comma), Some((103, 2)));
        assert_eq!(read("1,234", Point), Some((1234, 0)));
        assert_eq!(read("1,234", Comma), Some((1234, 3)));
        assert_eq!(read("1.234", Comma), Some((1234, 0)));
        assert_eq!(read("1,234.5", Comma), Some((12345, 1)));
        assert_eq!(read("1.234,5", Point), Some((12345, 1)));
        assert_eq!(read("1\u{202f}234,50", Comma), Some((123_450, 2)));
        assert_eq!(read("1’234.5", Point), Some((12345, 1)));
        assert_eq!(read("1,234,567", Comma), Some((1_234_567, 0)));
        assert_eq!(read("1.2.3", Point), None);
        assert_eq!(read("99999999999999999999", Point), None);
    }
}
