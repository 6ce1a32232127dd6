//! Where a result comes from: the files that went in, with their hashes. It carries no time: the same input gives the same bytes.

use serde::Serialize;

/// A file that went in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputFile {
    /// Path as given.
    pub path: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
    /// Rows read; None for a file without rows.
    pub rows: Option<usize>,
    /// What was done on reading it, in words: adjusted closes used, rows without a price left out.
    pub notes: Vec<String>,
}

/// Where a result comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Provenance {
    /// Version of this program.
    pub aftermove: String,
    /// Files that went in.
    pub inputs: Vec<InputFile>,
}
