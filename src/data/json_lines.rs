//! JSON Lines as articles come in: one line at a time, plain or packed with gzip, none of them held longer than it is read.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::data::article_reader::ArticleError;
use crate::data::article_stream::{ArticleKey, UnreadArticle};
use crate::data::page::MAX_PAGE_BYTES;

/// The longest line that is read, bytes.
pub const MAX_LINE_BYTES: usize = MAX_PAGE_BYTES;

/// Size of the buffer that lines are read through.
const BUFFER_BYTES: usize = 256 * 1024;

/// The lines of a file of JSON Lines that aren't blank.
pub(super) struct Lines {
    /// What errors call it.
    file: String,
    reader: Box<dyn BufRead + Send>,
    /// Lines read.
    line: usize,
}

impl Lines {
    /// The lines of standard input.
    pub(super) fn of_input() -> Self {
        Self { file: "standard input".to_owned(), reader: Box::new(BufReader::with_capacity(BUFFER_BYTES, io::stdin())), line: 0 }
    }

    /// The lines of a file; one whose name ends in .gz is unpacked.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let opened = BufReader::with_capacity(BUFFER_BYTES, File::open(path)?);
        let packed = path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("gz"));
        let reader: Box<dyn BufRead + Send> =
            if packed { Box::new(BufReader::with_capacity(BUFFER_BYTES, MultiGzDecoder::new(opened))) } else { Box::new(opened) };
        Ok(Self { file: path.display().to_string(), reader, line: 0 })
    }

    /// The next line, or why it can't be read; None at the end.
    pub(super) fn read(&mut self) -> Option<UnreadArticle> {
        loop {
            self.line += 1;
            let (file, line) = (self.file.clone(), self.line);
            let failed = |message: String, help: &str| {
                let error = ArticleError::Line { place: format!("{file}, line {line}"), column: None, message, help: help.to_owned() };
                let key = ArticleKey::Line { id: None, file: file.clone(), line };
                Some(UnreadArticle::Failed { key, error: Box::new(error) })
            };
            match read_line(&mut self.reader) {
                Ok(LineRead::Line(bytes)) => {
                    let bytes =
                        if self.line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").map(<[u8]>::to_vec).unwrap_or(bytes) } else { bytes };
                    if !bytes.iter().all(u8::is_ascii_whitespace) {
                        return Some(UnreadArticle::Line { file, line, bytes });
                    }
                }
                Ok(LineRead::TooLong { bytes }) => {
                    let message = format!("the line has {bytes} bytes, more than the {} MiB a line may have", MAX_LINE_BYTES / 1024 / 1024);
                    return failed(message, "write one article a line");
                }
                Ok(LineRead::End) => return None,
                Err(failure) => {
                    self.reader = Box::new(io::empty());
                    return failed(format!("can't be read from here on: {failure}"), "check the file; what stands before was read");
                }
            }
        }
    }
}

enum LineRead {
    Line(Vec<u8>),
    TooLong { bytes: usize },
    End,
}

/// Reads up to the next line end; a line past the limit is passed over without being kept.
fn read_line(reader: &mut dyn BufRead) -> io::Result<LineRead> {
    let mut line = Vec::new();
    let mut length = 0;
    loop {
        let buffer = match reader.fill_buf() {
            Ok(buffer) => buffer,
            Err(failure) if failure.kind() == io::ErrorKind::Interrupted => continue,
            Err(failure) => return Err(failure),
        };
        let (part, used, ended) = match memchr::memchr(b'\n', buffer) {
            Some(end) => (buffer.get(..end).unwrap_or_default(), end + 1, true),
            None => (buffer, buffer.len(), buffer.is_empty()),
        };
        if used == 0 && length == 0 {
            return Ok(LineRead::End);
        }
        length += part.len();
        if length <= MAX_LINE_BYTES {
            line.extend_from_slice(part);
        } else {
            line = Vec::new();
        }
        reader.consume(used);
        if ended {
            return Ok(if length <= MAX_LINE_BYTES { LineRead::Line(line) } else { LineRead::TooLong { bytes: length } });
        }
    }
}
