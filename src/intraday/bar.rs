//! Lengths of bars, and windows in bars or minutes.
//!
//! Bar 0 is the first bar that **ends after** the news; −1 the one before. A window in bars, `-30..60`, is inclusive like one in sessions.
//! A window in minutes, `-30m..60m`, is a stretch of trading time from the **beginning of bar 0**: with bars of one minute `0m..5m` is
//! the five bars `0..4`, with bars of five minutes the one bar `0..0`. So a window in minutes is the same stretch whatever the bars are.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};
use thiserror::Error;

use crate::window::{Window, WindowError};

/// Length of a bar, whole minutes from 1 to 1440.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct BarLength(u32);

/// Why a text is no length of bars, or no window of them.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BarError {
    /// Not of the form `5m`.
    #[error("\"{text}\" is not a length of bars: write whole minutes, 1m, 5m or 1h, up to 1440m")]
    Length {
        /// The text found.
        text: String,
    },
    /// Not of the form `-30m..60m`.
    #[error("\"{text}\" is not a window: write it in minutes, -30m..60m, or in bars, -30..60")]
    Span {
        /// The text found.
        text: String,
    },
    /// Minutes at one end and bars at the other.
    #[error(
        "the window \"{text}\" has minutes at one end and bars at the other: write both in minutes, -30m..60m, or both in bars, -30..60"
    )]
    Mixed {
        /// The text found.
        text: String,
    },
    /// A stretch of no minute.
    #[error("the window {span} holds no time: it must end later than it begins, as in 0m..5m")]
    Empty {
        /// The window.
        span: BarSpan,
    },
    /// Minutes that cut a bar in two.
    #[error("the window {span} cuts bars of {bar} in two: both ends must be multiples of {bar}")]
    Cut {
        /// The window.
        span: BarSpan,
        /// Length of the bars.
        bar: BarLength,
    },
    /// A window that isn't one.
    #[error("{0}")]
    Window(#[from] WindowError),
}

impl BarLength {
    /// One minute.
    pub const MINUTE: BarLength = BarLength(1);

    /// So many minutes; None for 0 and for more than a day.
    pub fn of_minutes(minutes: u32) -> Option<Self> {
        (1..=1440).contains(&minutes).then_some(Self(minutes))
    }

    /// Whole minutes.
    pub fn minutes(self) -> u32 {
        self.0
    }

    /// Seconds.
    pub fn seconds(self) -> i64 {
        60 * i64::from(self.0)
    }
}

impl fmt::Display for BarLength {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}m", self.0)
    }
}

impl Serialize for BarLength {
    /// Minutes.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl FromStr for BarLength {
    type Err = BarError;

    /// Reads `5m`, `1h`, or minutes without a unit, `5`.
    fn from_str(text: &str) -> Result<Self, BarError> {
        let wrong = || BarError::Length { text: text.to_owned() };
        let plain = text.trim();
        let (number, unit) = split_unit(plain).ok_or_else(wrong)?;
        let minutes = u32::try_from(number).ok().and_then(|number| number.checked_mul(unit.unwrap_or(1))).ok_or_else(wrong)?;
        Self::of_minutes(minutes).ok_or_else(wrong)
    }
}

/// A number, and the minutes of the unit behind it; None where there is no unit.
fn split_unit(text: &str) -> Option<(i32, Option<u32>)> {
    let (number, unit) = match text.strip_suffix("min").or_else(|| text.strip_suffix('m')) {
        Some(number) => (number, Some(1)),
        None => match text.strip_suffix('h') {
            Some(number) => (number, Some(60)),
            None => (text, None),
        },
    };
    Some((number.trim().trim_start_matches('+').parse().ok()?, unit))
}

/// A window as it is written: in minutes (or hours), or in bars.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BarSpan {
    /// First and last bar, both included.
    Bars(Window),
    /// From and to, minutes of trading time from the beginning of bar 0.
    Minutes(i32, i32),
}

impl BarSpan {
    /// The bars of the window.
    ///
    /// # Errors
    /// [`BarError::Empty`], [`BarError::Cut`], and [`BarError::Window`] for one that is too long.
    pub fn in_bars(self, bar: BarLength) -> Result<Window, BarError> {
        let (from, to) = match self {
            BarSpan::Bars(window) => return Ok(window),
            BarSpan::Minutes(from, to) => (i64::from(from), i64::from(to)),
        };
        let length = i64::from(bar.0);
        if from >= to {
            return Err(BarError::Empty { span: self });
        }
        if from % length != 0 || to % length != 0 {
            return Err(BarError::Cut { span: self, bar });
        }
        let bars = |minutes: i64| i32::try_from(minutes / length).unwrap_or(i32::MAX);
        Ok(Window::new(bars(from), bars(to).saturating_sub(1))?)
    }
}

impl fmt::Display for BarSpan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BarSpan::Bars(window) => window.fmt(formatter),
            BarSpan::Minutes(from, to) => write!(formatter, "{from}m..{to}m"),
        }
    }
}

impl FromStr for BarSpan {
    type Err = BarError;

    /// Reads `-30m..60m`, `-1h..2h`, or bars, `-30..60` and `0` (U+2212 is taken for a minus).
    fn from_str(text: &str) -> Result<Self, BarError> {
        let plain = text.replace('\u{2212}', "-");
        let plain = plain.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
        let (first, last) =
            plain.split_once("..").or_else(|| plain.split_once(',')).or_else(|| plain.split_once(':')).unwrap_or((plain, plain));
        let wrong = || BarError::Span { text: text.to_owned() };
        let (first, last) = (split_unit(first.trim()).ok_or_else(wrong)?, split_unit(last.trim()).ok_or_else(wrong)?);
        let minutes = |(number, unit): (i32, u32)| i32::try_from(unit).ok().and_then(|unit| number.checked_mul(unit)).ok_or_else(wrong);
        match (first, last) {
            ((first, None), (last, None)) => Ok(Self::Bars(Window::new(first, last)?)),
            ((first, Some(unit)), (last, Some(other))) => Ok(Self::Minutes(minutes((first, unit))?, minutes((last, other))?)),
            // A zero needs no unit.
            ((0, None), (last, Some(unit))) => Ok(Self::Minutes(0, minutes((last, unit))?)),
            ((first, Some(unit)), (0, None)) => Ok(Self::Minutes(minutes((first, unit))?, 0)),
            _ => Err(BarError::Mixed { text: text.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bars(text: &str, length: &str) -> Result<Window, BarError> {
        text.parse::<BarSpan>()?.in_bars(length.parse()?)
    }

    #[test]
    fn minutes_are_a_stretch_of_time_and_bars_are_counted() {
        for (text, length, first, last) in [
            ("0m..5m", "1m", 0, 4),
            ("0m..5m", "5m", 0, 0),
            ("-30m..60m", "1m", -30, 59),
            ("-30m..60m", "5m", -6, 11),
            ("\u{2212}1h..2h", "15", -4, 7),
            ("0..30m", "1m", 0, 29),
            ("-30..60", "5m", -30, 60),
            ("[0,4]", "1m", 0, 4),
            ("0", "1m", 0, 0),
        ] {
            assert_eq!(bars(text, length), Ok(Window::new(first, last).unwrap()), "{text}");
        }
    }

    #[test]
    fn what_is_no_window_of_bars_says_what_to_write() {
        for (text, length, said) in [
            ("0m..7m", "5m", "multiples of 5m"),
            ("5m..5m", "1m", "holds no time"),
            ("9m..5m", "1m", "holds no time"),
            ("-3..5m", "1m", "both in minutes"),
            ("soon", "1m", "write it in minutes"),
            ("5..1", "1m", "write 1..5"),
            ("0m..5m", "0m", "whole minutes"),
            ("0m..5m", "1.5m", "whole minutes"),
            ("0m..5m", "2d", "whole minutes"),
            ("0m..5m", "25h", "up to 1440m"),
        ] {
            let error = bars(text, length).unwrap_err().to_string();
            assert!(error.contains(said), "{text} {length}: {error}");
        }
    }
}
