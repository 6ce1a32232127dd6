//! Files of tables as such, whatever they hold: their format, their bytes and their SHA-256.
//!
//! A large file isn't read into memory but mapped, so that only the pages that are needed are ever there; its SHA-256 is taken beside, in
//! one stream. A file that another program cuts short while it is mapped ends this one, as it does every program that maps files.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use polars_io::mmap::ReaderBytes;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::series::near_names;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Delimited text; the separator is found in the header.
    Text,
    /// Apache Parquet.
    Parquet,
}

/// Why a file of tables can't be opened.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SourceFileError {
    /// There is no such file.
    #[error("{file}: there is no such file")]
    Missing {
        /// The path as given.
        file: String,
        /// The files beside it with the nearest names, nearest first, at most three.
        near: Vec<String>,
    },
    /// A folder where a file is wanted.
    #[error("{file} is a folder")]
    Folder {
        /// The path as given.
        file: String,
    },
    /// A folder, or a pattern, without a file that could be read.
    #[error("{file}: no file to read{}", if *.folder { " is in the folder" } else { " has such a name" })]
    NoFile {
        /// The path or pattern as given.
        file: String,
        /// Whether it is a folder.
        folder: bool,
    },
    /// A pattern that isn't one.
    #[error("\"{file}\" is no pattern of file names: {reason}")]
    Pattern {
        /// The pattern as given.
        file: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The system doesn't give the file.
    #[error("{file} can't be read: {reason}")]
    Unreadable {
        /// The path as given.
        file: String,
        /// What the system says.
        reason: String,
    },
    /// An extension of no format that is read here.
    #[error("{file}: {}", unknown_format(.extension))]
    UnknownFormat {
        /// The path as given.
        file: String,
        /// Its extension in lower case; empty when it has none.
        extension: String,
    },
    /// A file that has to be unpacked before.
    #[error("{file} is compressed (.{extension})")]
    Compressed {
        /// The path as given.
        file: String,
        /// Its extension in lower case.
        extension: String,
    },
}

fn unknown_format(extension: &str) -> String {
    if extension.is_empty() { "the file has no extension".to_owned() } else { format!("files of the kind .{extension} aren't read") }
}

impl SourceFileError {
    /// The file, as given.
    pub fn file(&self) -> &str {
        match self {
            SourceFileError::Missing { file, .. }
            | SourceFileError::Folder { file }
            | SourceFileError::NoFile { file, .. }
            | SourceFileError::Pattern { file, .. }
            | SourceFileError::Unreadable { file, .. }
            | SourceFileError::UnknownFormat { file, .. }
            | SourceFileError::Compressed { file, .. } => file,
        }
    }

    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            SourceFileError::Missing { near, .. } if near.is_empty() => {
                "check the path: in a study file it is relative to that file, on the command line to the folder you are in".to_owned()
            }
            SourceFileError::Missing { near, .. } => format!("did you mean {}?", near.join(" or ")),
            SourceFileError::Folder { .. } => "name the files in it one by one".to_owned(),
            SourceFileError::NoFile { .. } => "files that are read end in .csv, .tsv, .txt, .parquet or .pq".to_owned(),
            SourceFileError::Pattern { .. } => "write * for any letters, ? for one, and [a-c] for one of these".to_owned(),
            SourceFileError::Unreadable { .. } => "check the file and your right to read it".to_owned(),
            SourceFileError::UnknownFormat { .. } => "give a .csv, .tsv or .txt file (text), or a .parquet file".to_owned(),
            SourceFileError::Compressed { .. } => "unpack the file first".to_owned(),
        }
    }
}

/// The name of a path in messages: the path as given.
pub(super) fn name_of(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// The format that a file's extension names.
pub(super) fn format_of(path: &Path) -> Result<Format, SourceFileError> {
    let extension = path.extension().map(|extension| extension.to_string_lossy().to_lowercase()).unwrap_or_default();
    match extension.as_str() {
        "csv" | "tsv" | "txt" => Ok(Format::Text),
        "parquet" | "pq" => Ok(Format::Parquet),
        "gz" | "bz2" | "xz" | "zst" | "zip" | "7z" => Err(SourceFileError::Compressed { file: name_of(path), extension }),
        _ => Err(SourceFileError::UnknownFormat { file: name_of(path), extension }),
    }
}

/// Names in the same folder that are near to a path's, nearest first, at most three.
pub(super) fn files_beside(path: &Path) -> Vec<String> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names: Vec<String> = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned())).collect();
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    near_names(&wanted, names.iter().map(String::as_str))
}

/// The files that a path stands for, by name: the files of a folder whose format is known, those that a pattern fits, or the path itself.
pub(super) fn table_files(path: &Path) -> Result<Vec<PathBuf>, SourceFileError> {
    let file = name_of(path);
    let mut found: Vec<PathBuf> = if path.is_dir() {
        let entries = fs::read_dir(path).map_err(|error| SourceFileError::Unreadable { file: file.clone(), reason: error.to_string() })?;
        let shown = |path: &PathBuf| path.file_name().is_some_and(|name| !name.to_string_lossy().starts_with('.'));
        let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
        paths.filter(|path| path.is_file() && shown(path) && format_of(path).is_ok()).collect()
    } else if !path.exists() && file.contains(['*', '?', '[']) {
        let paths = glob::glob(&file).map_err(|error| SourceFileError::Pattern { file: file.clone(), reason: error.msg.to_owned() })?;
        paths.filter_map(Result::ok).filter(|path| path.is_file()).collect()
    } else {
        return Ok(vec![path.to_owned()]);
    };
    if found.is_empty() {
        return Err(SourceFileError::NoFile { file, folder: path.is_dir() });
    }
    found.sort();
    Ok(found)
}

/// A file of fewer bytes is read into memory.
const LEAST_MAPPED: u64 = 16 << 20;

/// Gives a file's format and bytes to `read`; its SHA-256 is taken meanwhile.
pub(super) fn with_file<T: Send>(path: &Path, read: impl FnOnce(Format, &[u8]) -> T + Send) -> Result<(String, T), SourceFileError> {
    let file = name_of(path);
    if path.is_dir() {
        return Err(SourceFileError::Folder { file });
    }
    let unreadable = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => SourceFileError::Missing { file: file.clone(), near: files_beside(path) },
        _ => SourceFileError::Unreadable { file: file.clone(), reason: error.to_string() },
    };
    let format = if path.exists() { format_of(path)? } else { return Err(unreadable(ErrorKind::NotFound.into())) };
    let mut handle = File::open(path).map_err(unreadable)?;
    let about = handle.metadata().map_err(unreadable)?;
    if about.is_file() && about.len() >= LEAST_MAPPED {
        // polars panics when the system refuses to map a file; then it is read.
        let mapped = &mut handle;
        if let Ok(bytes) = catch_unwind(AssertUnwindSafe(move || ReaderBytes::from(mapped))) {
            let (sha256, read) = rayon::join(|| sha256_of_file(path), || read(format, &bytes));
            return Ok((sha256.map_err(unreadable)?, read));
        }
        handle = File::open(path).map_err(unreadable)?;
    }
    let mut bytes = Vec::new();
    handle.read_to_end(&mut bytes).map_err(unreadable)?;
    Ok(rayon::join(|| sha256_of(&bytes), || read(format, &bytes)))
}

/// SHA-256 in lower-case hexadecimal.
pub(super) fn sha256_of(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}

fn sha256_of_file(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut block = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok(hexadecimal(&hasher.finalize()));
        }
        hasher.update(block.get(..read).unwrap_or_default());
    }
}

fn hexadecimal(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
