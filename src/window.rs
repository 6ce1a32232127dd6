//! Event time: [`EventDay`] counts sessions from the event, a [`Window`] is an inclusive range of them, and [`Windows`] is an
//! estimation window that ends before the event window begins.
//!
//! Day 0 is the first session that can react to the news. Windows are written `-250..-11`: first and last day, both included.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// Sessions counted from the event: 0 is the first session that can react, −1 the one before.
pub type EventDay = i32;

/// An inclusive range of event days, `first <= last`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    first: EventDay,
    last: EventDay,
}

/// Why a window can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum WindowError {
    /// Not of the form `-10..10`.
    #[error("\"{text}\" is not a window: write first and last day as in -10..10")]
    Unreadable {
        /// The text found.
        text: String,
    },
    /// The first day comes after the last.
    #[error("the window {first}..{last} ends before it begins: write {last}..{first}")]
    Reversed {
        /// First day.
        first: EventDay,
        /// Last day.
        last: EventDay,
    },
    /// A day too far away to be one.
    #[error("the window {first}..{last} is longer than {limit} sessions", limit = Window::FARTHEST)]
    TooFar {
        /// First day.
        first: EventDay,
        /// Last day.
        last: EventDay,
    },
    /// The estimation window touches the event window, so that the event would be in its own yardstick.
    #[error("the estimation window {estimation} touches the event window {event}: it must end before day {}", event.first())]
    Overlap {
        /// Estimation window.
        estimation: Window,
        /// Event window.
        event: Window,
    },
    /// A window of cumulation that isn't inside the event window.
    #[error("the window {inner} leaves the event window {event}: widen the event window, or narrow this one")]
    Outside {
        /// Window asked for.
        inner: Window,
        /// Event window.
        event: Window,
    },
}

impl Window {
    /// No day may be farther from the event than this many sessions (about 400 years).
    pub const FARTHEST: EventDay = 100_000;

    /// Day 0 alone.
    pub const DAY_ZERO: Window = Window { first: 0, last: 0 };

    /// The window from `first` to `last`, both included.
    ///
    /// # Errors
    /// [`WindowError::Reversed`] and [`WindowError::TooFar`].
    pub fn new(first: EventDay, last: EventDay) -> Result<Self, WindowError> {
        if first > last {
            return Err(WindowError::Reversed { first, last });
        }
        if first < -Self::FARTHEST || last > Self::FARTHEST {
            return Err(WindowError::TooFar { first, last });
        }
        Ok(Self { first, last })
    }

    /// First day.
    pub fn first(self) -> EventDay {
        self.first
    }

    /// Last day.
    pub fn last(self) -> EventDay {
        self.last
    }

    /// Number of days, at least 1.
    pub fn days(self) -> usize {
        self.last.abs_diff(self.first) as usize + 1
    }

    /// Whether the day is in the window.
    pub fn contains(self, day: EventDay) -> bool {
        self.first <= day && day <= self.last
    }

    /// Whether the whole of `inner` is in the window.
    pub fn covers(self, inner: Window) -> bool {
        self.first <= inner.first && inner.last <= self.last
    }

    /// Days from first to last.
    pub fn iter(self) -> impl Iterator<Item = EventDay> {
        self.first..=self.last
    }
}

impl fmt::Display for Window {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}..{}", self.first, self.last)
    }
}

impl FromStr for Window {
    type Err = WindowError;

    /// Reads `-10..10`, `-10,10`, `-10:10` (U+2212 is taken for a minus), or one day, `0`.
    fn from_str(text: &str) -> Result<Self, WindowError> {
        let unreadable = || WindowError::Unreadable { text: text.to_owned() };
        let plain = text.replace('\u{2212}', "-");
        let trimmed = plain.trim().trim_start_matches(['[', '(']).trim_end_matches([']', ')']);
        let (first, last) = trimmed
            .split_once("..")
            .map(|(first, last)| (first, last.trim_start_matches('=')))
            .or_else(|| trimmed.split_once(','))
            .or_else(|| trimmed.split_once(':'))
            .unwrap_or((trimmed, trimmed));
        let day = |part: &str| part.trim().trim_start_matches('+').parse::<EventDay>().map_err(|_| unreadable());
        Self::new(day(first)?, day(last)?)
    }
}

impl Serialize for Window {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.first, self.last].serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Window {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// An estimation window and an event window that don't touch, the estimation first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Windows {
    estimation: Window,
    event: Window,
}

impl Windows {
    /// Estimation −250..−11 and event −10..10: about a year of sessions, and two weeks on either side.
    pub const USUAL: Windows = Windows { estimation: Window { first: -250, last: -11 }, event: Window { first: -10, last: 10 } };

    /// Both windows, checked.
    ///
    /// # Errors
    /// [`WindowError::Overlap`] when the estimation doesn't end before the event window begins.
    pub fn new(estimation: Window, event: Window) -> Result<Self, WindowError> {
        if estimation.last >= event.first {
            return Err(WindowError::Overlap { estimation, event });
        }
        Ok(Self { estimation, event })
    }

    /// The window in which the model is fitted.
    pub fn estimation(self) -> Window {
        self.estimation
    }

    /// The window in which abnormal returns are measured.
    pub fn event(self) -> Window {
        self.event
    }

    /// Sessions from the end of the estimation window to a day: 1 for the one right after it, 0 for its last and days before.
    pub fn days_ahead(self, day: EventDay) -> usize {
        usize::try_from(day - self.estimation.last).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_are_read_as_people_write_them() {
        for text in ["-10..10", "-10,10", "[-10, +10]", "−10..10", " -10:10 ", "-10..=10"] {
            assert_eq!(text.parse::<Window>().unwrap(), Window::new(-10, 10).unwrap(), "{text}");
        }
        assert_eq!("0".parse::<Window>().unwrap().days(), 1);
        assert_eq!("-10..10".parse::<Window>().unwrap().days(), 21);
    }

    #[test]
    fn a_reversed_unreadable_or_touching_window_is_refused() {
        assert!(matches!("10..-10".parse::<Window>(), Err(WindowError::Reversed { .. })));
        assert!(matches!("ten".parse::<Window>(), Err(WindowError::Unreadable { .. })));
        assert!(matches!("0..9999999".parse::<Window>(), Err(WindowError::TooFar { .. })));
        let window = |first, last| Window::new(first, last).unwrap();
        assert!(matches!(Windows::new(window(-250, -10), window(-10, 10)), Err(WindowError::Overlap { .. })));
        assert!(Windows::new(window(-250, -11), window(-10, 10)).is_ok());
    }
}
