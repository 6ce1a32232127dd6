//! What study, article and manifest files have in common: TOML or JSON text to typed data, with errors that name file, line and
//! column, and the nearest key for a misspelt one.

use std::path::Path;

use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::data::location::Location;
use crate::series::near_names;

/// Why a study, article or manifest file can't be read.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ConfigurationError {
    /// The file can't be opened or read.
    #[error("can't read {file}: {reason}")]
    Unreadable {
        /// Path as given.
        file: String,
        /// What the system said.
        reason: String,
    },
    /// The bytes aren't UTF-8.
    #[error("{file} isn't UTF-8 text")]
    NotText {
        /// Path as given.
        file: String,
        /// Place of the first byte that isn't.
        location: Location,
    },
    /// The name ends neither in .toml nor in .json.
    #[error("{file} is neither a .toml nor a .json file")]
    UnknownFormat {
        /// Path as given.
        file: String,
    },
    /// A key that isn't known.
    #[error("unknown key \"{key}\" in {file}")]
    UnknownKey {
        /// Path as given.
        file: String,
        /// Its place.
        location: Location,
        /// The key.
        key: String,
        /// Nearest known key.
        near: Option<String>,
        /// All keys known there.
        known: Vec<String>,
    },
    /// A value that can't be used, or text that isn't TOML or JSON.
    #[error("{message} in {file}")]
    Wrong {
        /// Path as given.
        file: String,
        /// Its place; None when the file as a whole is wrong.
        location: Option<Location>,
        /// What is wrong, in words.
        message: String,
        /// What to do about it.
        help: String,
    },
}

impl ConfigurationError {
    /// Path of the file, as given.
    pub fn file(&self) -> &str {
        match self {
            ConfigurationError::Unreadable { file, .. }
            | ConfigurationError::NotText { file, .. }
            | ConfigurationError::UnknownFormat { file }
            | ConfigurationError::UnknownKey { file, .. }
            | ConfigurationError::Wrong { file, .. } => file,
        }
    }

    /// Where in the file; None when it is about the file as a whole.
    pub fn location(&self) -> Option<&Location> {
        match self {
            ConfigurationError::NotText { location, .. } | ConfigurationError::UnknownKey { location, .. } => Some(location),
            ConfigurationError::Wrong { location, .. } => location.as_ref(),
            _ => None,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            ConfigurationError::Unreadable { .. } => "check the path; it is taken from the folder you are in".to_owned(),
            ConfigurationError::NotText { .. } => "save the file as UTF-8".to_owned(),
            ConfigurationError::UnknownFormat { .. } => "name the file .toml or .json, after what it holds".to_owned(),
            ConfigurationError::UnknownKey { near: Some(near), .. } => format!("did you mean \"{near}\"?"),
            ConfigurationError::UnknownKey { known, .. } => format!("known keys: {}", known.join(", ")),
            ConfigurationError::Wrong { help, .. } => help.clone(),
        }
    }
}

/// Reads a whole text file.
///
/// # Errors
/// [`ConfigurationError::Unreadable`] and [`ConfigurationError::NotText`].
pub fn read_text(path: &Path) -> Result<String, ConfigurationError> {
    let file = path.display().to_string();
    let bytes =
        std::fs::read(path).map_err(|failure| ConfigurationError::Unreadable { file: file.clone(), reason: failure.to_string() })?;
    decode(&file, bytes)
}

fn decode(file: &str, bytes: Vec<u8>) -> Result<String, ConfigurationError> {
    String::from_utf8(bytes).map_err(|failure| {
        let valid = failure.utf8_error().valid_up_to();
        let text = String::from_utf8_lossy(failure.as_bytes()).into_owned();
        ConfigurationError::NotText { file: file.to_owned(), location: Location::of_offset(&text, valid) }
    })
}

/// Typed data from TOML text; a byte order mark at its start is passed over.
///
/// # Errors
/// [`ConfigurationError::UnknownKey`] and [`ConfigurationError::Wrong`], with their place.
pub fn from_toml<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ConfigurationError> {
    let text = text.trim_start_matches('\u{feff}');
    toml::from_str(text).map_err(|failure| {
        let location = failure.span().map(|span| Location::of_offset(text, span.start));
        explain(file, location, failure.message())
    })
}

/// Typed data from JSON text.
///
/// # Errors
/// [`ConfigurationError::UnknownKey`] and [`ConfigurationError::Wrong`], with their place.
pub fn from_json<T: DeserializeOwned>(file: &str, text: &str) -> Result<T, ConfigurationError> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str(text).map_err(|failure| {
        // serde_json counts lines from 1 (0 is none), and bytes in the line.
        let location = failure.line().checked_sub(1).map(|above| {
            let start: usize = text.split_inclusive('\n').take(above).map(str::len).sum();
            Location::of_offset(text, start + failure.column().saturating_sub(1))
        });
        let message = failure.to_string();
        let plain = message.rsplit_once(" at line ").map_or(message.as_str(), |(plain, _)| plain);
        explain(file, location, plain)
    })
}

/// An unknown key is told from other mistakes by serde's fixed wording: "unknown field `x`, expected one of `a`, `b`".
fn explain(file: &str, location: Option<Location>, message: &str) -> ConfigurationError {
    let file = file.to_owned();
    let mut quoted = message.split('`').skip(1).step_by(2).map(str::to_owned);
    match (message.starts_with("unknown field"), location) {
        (true, Some(location)) => {
            let key = quoted.next().unwrap_or_default();
            let known: Vec<String> = quoted.collect();
            let near = near_names(&key, known.iter().map(String::as_str)).into_iter().next();
            ConfigurationError::UnknownKey { file, location, key, near, known }
        }
        (_, location) => {
            let help = match quoted.next().filter(|_| message.starts_with("missing field")) {
                Some(key) => format!("add `{key} = …`"),
                None if message.starts_with("unknown variant") => {
                    let found = message.split('`').nth(1).unwrap_or_default();
                    let known: Vec<String> = message.split('`').skip(3).step_by(2).map(str::to_owned).collect();
                    let near = near_names(found, known.iter().map(String::as_str));
                    near.first().map_or_else(|| format!("write one of: {}", known.join(", ")), |near| format!("did you mean \"{near}\"?"))
                }
                None if message.contains("expected a string") => "put the value in quotes".to_owned(),
                None => "compare with the built-in study's files in datasets/cloudflare-kiwi-farms-2022".to_owned(),
            };
            let message = message.lines().next().unwrap_or("the file can't be read").replace('`', "\"");
            ConfigurationError::Wrong { file, location, message, help }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_json_is_counted_in_characters() {
        for (text, place) in [("{\n\"é\": \"é\" 1}", (2, 10)), ("\u{feff}{\"é\"", (1, 4)), ("[\n", (2, 1)), ("[1,\r\n\"é\" é]\r\n", (2, 5))]
        {
            let error = from_json::<serde::de::IgnoredAny>("f.json", text).unwrap_err();
            assert_eq!(error.location().and_then(Location::line_and_column), Some(place), "{text}: {error:?}");
        }
    }

    #[test]
    fn a_place_at_the_end_of_a_line_is_the_same_with_either_line_end() {
        for text in ["a = \"b\n", "a = \"b\r\n"] {
            let error = from_toml::<toml::Table>("f.toml", text).unwrap_err();
            assert_eq!(error.location().and_then(Location::line_and_column), Some((1, 7)), "{text:?}: {error:?}");
        }
    }
}
