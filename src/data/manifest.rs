//! A dataset's manifest: what each file is, where it comes from, and its sha256 and rows, so that a study says at once when its data
//! isn't what it was written for.

use serde::Deserialize;
use thiserror::Error;

use crate::data::configuration::{self, ConfigurationError};

/// A dataset's manifest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The files, in any order.
    pub file: Vec<ManifestEntry>,
}

/// One file of a dataset.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestEntry {
    /// Path relative to the manifest.
    pub path: String,
    /// Where it comes from, in words.
    pub source: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Rows of data, the header not counted.
    pub rows: usize,
}

/// A file isn't the one that the manifest describes.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{path} isn't the file that the manifest beside it describes: sha256 {found}, {rows} rows; expected {expected}, {expected_rows} rows"
)]
pub struct ManifestMismatch {
    /// Path relative to the manifest.
    pub path: String,
    /// SHA-256 found.
    pub found: String,
    /// Rows found.
    pub rows: usize,
    /// SHA-256 expected.
    pub expected: String,
    /// Rows expected.
    pub expected_rows: usize,
}

impl Manifest {
    /// A manifest from TOML text; `file` is what errors call it.
    ///
    /// # Errors
    /// [`ConfigurationError`], with line and column.
    pub fn from_toml(file: &str, text: &str) -> Result<Self, ConfigurationError> {
        configuration::from_toml(file, text)
    }

    /// Compares a file with its entry. A file without an entry passes.
    ///
    /// # Errors
    /// [`ManifestMismatch`] when sha256 or rows differ.
    pub fn check(&self, path: &str, sha256: &str, rows: usize) -> Result<(), ManifestMismatch> {
        match self.file.iter().find(|entry| entry.path == path) {
            Some(entry) if entry.sha256 != sha256 || entry.rows != rows => Err(ManifestMismatch {
                path: path.to_owned(),
                found: sha256.to_owned(),
                rows,
                expected: entry.sha256.clone(),
                expected_rows: entry.rows,
            }),
            _ => Ok(()),
        }
    }
}
