//! A stated percentage keeps the form in which it was printed: **the printed precision is the tolerance**.
//!
//! A figure printed with `d` decimals stands for the interval of half a unit of its last place on either side, ends included:
//! "4.2 %" covers 4.15 to 4.25, "4.20 %" covers 4.195 to 4.205 and so not 4.24. A [`Qualifier`] changes the set:
//!
//! | words | set of the size of the move, in its stated direction |
//! |---|---|
//! | none | `[s − ½u, s + ½u]`, u one unit of the last printed place |
//! | more than, over | `(s, ∞)` |
//! | at least | `[s − ½u, ∞)` |
//! | less than, under | `[0, s)` |
//! | at most, up to | `[0, s + ½u]` |
//! | about, around | `[s − m, s + m]`, m the larger of one unit and a tenth of s |
//! | nearly, almost | `[s − m, s)` |
//!
//! The width of "about" and "nearly" is this project's own convention: no source fixes it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Relative width of "about" and "nearly": a tenth of the figure.
const ABOUT: f64 = 0.1;

/// A signed percentage as printed: `-1.03` is mantissa −103 with 2 decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatedPercent {
    mantissa: i64,
    decimals: u8,
}

/// Why a text isn't a stated percentage.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("\"{text}\" is not a percentage: write it as printed, with its sign and decimals, as in \"-1.03\" or \"+4.2 %\"")]
pub struct NotAPercentage {
    /// The text found.
    pub text: String,
}

impl StatedPercent {
    /// The percentage `mantissa` / 10^`decimals`; None when it has more than nine decimals or eighteen digits.
    pub fn new(mantissa: i64, decimals: u8) -> Option<Self> {
        (decimals <= 9 && mantissa.unsigned_abs() < 1_000_000_000_000_000_000).then_some(Self { mantissa, decimals })
    }

    /// Decimals printed.
    pub fn decimals(self) -> u8 {
        self.decimals
    }

    /// The figure in percent (not a fraction): −1.03 for "−1.03 %".
    pub fn percent(self) -> f64 {
        self.mantissa as f64 / self.scale()
    }

    /// Whether the figure states a fall.
    pub fn is_fall(self) -> bool {
        self.mantissa < 0
    }

    fn scale(self) -> f64 {
        10f64.powi(i32::from(self.decimals))
    }

    /// The set of moves, in percent, that the figure with its qualifier covers.
    pub fn covered(self, qualifier: Qualifier) -> CoveredSet {
        let size = (self.mantissa.unsigned_abs() as f64) / self.scale();
        let half = |sign: f64| (self.mantissa.unsigned_abs() as f64 + sign * 0.5) / self.scale();
        let margin = (ABOUT * size).max(1.0 / self.scale());
        let (low, low_open, high, high_open) = match qualifier {
            Qualifier::None => (Some(half(-1.0)), false, Some(half(1.0)), false),
            Qualifier::MoreThan => (Some(size), true, None, true),
            Qualifier::AtLeast => (Some(half(-1.0)), false, None, true),
            Qualifier::LessThan => (Some(0.0), false, Some(size), true),
            Qualifier::AtMost => (Some(0.0), false, Some(half(1.0)), false),
            Qualifier::About => (Some(size - margin), false, Some(size + margin), false),
            Qualifier::Nearly => (Some(size - margin), false, Some(size), true),
        };
        let set = CoveredSet { low, low_open, high, high_open };
        if self.is_fall() { set.mirrored() } else { set }
    }
}

impl FromStr for StatedPercent {
    type Err = NotAPercentage;

    /// Reads "-1.03", "−1,03 %", "+4.2", "55%": ASCII or typographic minus, decimal point or comma, percent sign or none. A comma before
    /// exactly three digits is refused: it may stand between thousands.
    fn from_str(text: &str) -> Result<Self, NotAPercentage> {
        let wrong = || NotAPercentage { text: text.to_owned() };
        let plain: String = text
            .chars()
            .filter(|character| !character.is_whitespace() && *character != '%')
            .map(|character| match character {
                '\u{2212}' | '\u{2013}' | '\u{2010}' | '\u{2011}' => '-',
                ',' => '.',
                other => other,
            })
            .collect();
        let (negative, digits) = match plain.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
        };
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        // "1,234 %" is a thousand to some and a decimal to others.
        if part.len() == 3 && text.contains(',') && whole != "0" {
            return Err(wrong());
        }
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(part) || part.len() > 9 || whole.len() > 9 || digits.ends_with('.') {
            return Err(wrong());
        }
        let size: i64 = format!("{whole}{part}").parse().map_err(|_| wrong())?;
        let decimals = u8::try_from(part.len()).map_err(|_| wrong())?;
        Ok(Self { mantissa: if negative { -size } else { size }, decimals })
    }
}

impl fmt::Display for StatedPercent {
    /// The figure as printed, with an ASCII sign when negative and no percent sign: "-1.03".
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.is_fall() { "-" } else { "" };
        let digits = format!("{:0width$}", self.mantissa.unsigned_abs(), width = usize::from(self.decimals) + 1);
        let (whole, part) = digits.split_at(digits.len() - usize::from(self.decimals));
        if part.is_empty() { write!(formatter, "{sign}{whole}") } else { write!(formatter, "{sign}{whole}.{part}") }
    }
}

/// What the words around a figure allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Qualifier {
    /// The bare figure.
    #[default]
    None,
    /// "more than", "over".
    MoreThan,
    /// "at least".
    AtLeast,
    /// "less than", "under".
    LessThan,
    /// "at most", "up to".
    AtMost,
    /// "about", "around", "roughly".
    About,
    /// "nearly", "almost".
    Nearly,
}

impl Qualifier {
    /// The qualifier in words, empty for none.
    pub fn words(self) -> &'static str {
        match self {
            Qualifier::None => "",
            Qualifier::MoreThan => "more than",
            Qualifier::AtLeast => "at least",
            Qualifier::LessThan => "less than",
            Qualifier::AtMost => "at most",
            Qualifier::About => "about",
            Qualifier::Nearly => "nearly",
        }
    }
}

/// An interval of moves in percent; a side that is None has no bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct CoveredSet {
    /// Lower bound, percent; None for none.
    pub low: Option<f64>,
    /// Whether the lower bound itself is left out.
    pub low_open: bool,
    /// Upper bound, percent; None for none.
    pub high: Option<f64>,
    /// Whether the upper bound itself is left out.
    pub high_open: bool,
}

impl CoveredSet {
    /// Whether a measured move, in percent, is in the set. A difference at the 12th digit is the computer's, not the article's.
    pub fn contains(&self, percent: f64) -> bool {
        let slack = 1e-10;
        let above = self.low.is_none_or(|low| if self.low_open { percent > low + slack } else { percent >= low - slack });
        let below = self.high.is_none_or(|high| if self.high_open { percent < high - slack } else { percent <= high + slack });
        above && below
    }

    fn mirrored(self) -> Self {
        Self { low: self.high.map(|high| -high), low_open: self.high_open, high: self.low.map(|low| -low), high_open: self.low_open }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(stated: &str, qualifier: Qualifier, percent: f64) -> bool {
        stated.parse::<StatedPercent>().unwrap().covered(qualifier).contains(percent)
    }

    #[test]
    fn the_printed_precision_is_the_tolerance() {
        assert!(covers("4.2", Qualifier::None, 4.15) && covers("4.2", Qualifier::None, 4.25));
        assert!(!covers("4.2", Qualifier::None, 4.26));
        assert!(!covers("4.20", Qualifier::None, 4.24));
        assert!(covers("-18", Qualifier::None, -17.66) && !covers("-18", Qualifier::None, 17.66));
    }

    #[test]
    fn more_than_twenty_percent_is_met_above_twenty() {
        assert!(covers("-20", Qualifier::MoreThan, -20.92) && covers("-20", Qualifier::MoreThan, -45.0));
        assert!(!covers("-20", Qualifier::MoreThan, -20.0) && !covers("-20", Qualifier::MoreThan, 25.0));
        assert!(
            covers("20", Qualifier::AtLeast, 20.0) && covers("20", Qualifier::AtMost, 20.0) && !covers("20", Qualifier::LessThan, 20.0)
        );
        assert!(covers("20", Qualifier::About, 18.1) && !covers("20", Qualifier::About, 17.9));
        assert!(covers("20", Qualifier::Nearly, 19.2) && !covers("20", Qualifier::Nearly, 20.0));
    }

    #[test]
    fn the_printed_form_is_kept() {
        for (text, printed) in [("−1,03 %", "-1.03"), ("55%", "55"), ("+4.20", "4.20"), ("-0.5", "-0.5"), ("0.00", "0.00")] {
            assert_eq!(text.parse::<StatedPercent>().unwrap().to_string(), printed);
        }
        for text in ["", "-", "abc", "1.", ".5", "1.2.3", "12345678901", "1e5", "nan"] {
            assert!(text.parse::<StatedPercent>().is_err(), "{text}");
        }
    }
}
