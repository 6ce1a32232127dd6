//! Where the results of many articles go: JSON Lines to standard output or a file, or a Parquet table.

use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::ops::ControlFlow;
use std::path::Path;

use super::failure::Failure;
use super::output::GrowingFile;
use crate::data::parquet_writer::{Cell, ColumnKind, ParquetWriteError, TableWriter};

/// The form of the results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// One line of JSON an article.
    Lines,
    /// One row a claim.
    Table,
}

impl Form {
    /// The form that the name of the results' file asks for.
    pub(super) fn of_name(path: &Path) -> Result<Self, Failure> {
        let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
        match ending.as_str() {
            "jsonl" | "ndjson" => Ok(Form::Lines),
            "parquet" | "pq" => Ok(Form::Table),
            _ => Err(Failure::plain(
                format!("the name {} doesn't say the form of the results", path.display()),
                "end it in .jsonl (one line an article) or .parquet (one row a claim)",
            )),
        }
    }
}

/// One article's results, in the form that the sink takes.
pub(super) enum Results {
    /// A line of JSON, without its end.
    Line(String),
    /// Rows of the table.
    Rows(Vec<Vec<Cell>>),
}

/// Where results go.
pub(super) struct Sink {
    out: Out,
    /// None for standard output.
    file: Option<GrowingFile>,
}

enum Out {
    Lines(Box<dyn Write>),
    Table(Box<TableWriter<File>>),
}

impl Sink {
    /// Standard output, or a file that is only there when all is written.
    pub(super) fn open(to: Option<&Path>, columns: &[(&'static str, ColumnKind)]) -> Result<Self, Failure> {
        let Some(path) = to else {
            return Ok(Self { out: Out::Lines(Box::new(BufWriter::new(std::io::stdout().lock()))), file: None });
        };
        let form = Form::of_name(path)?;
        let file = GrowingFile::create(path, "--to")?;
        let out = match form {
            Form::Lines => Out::Lines(Box::new(BufWriter::new(file.handle()?))),
            Form::Table => Out::Table(Box::new(TableWriter::new(file.handle()?, columns).map_err(|failure| unwritable(path, &failure))?)),
        };
        Ok(Self { out, file: Some(file) })
    }

    /// Writes an article's results. Breaks when nobody reads standard output any more.
    pub(super) fn push(&mut self, results: Results) -> Result<ControlFlow<()>, Failure> {
        let written = match (&mut self.out, results) {
            (Out::Lines(out), Results::Line(line)) => out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")),
            (Out::Table(table), Results::Rows(rows)) => {
                rows.into_iter().try_for_each(|row| table.push(row)).map_err(|failure| std::io::Error::other(failure.to_string()))
            }
            // The form is decided once, for the sink and for what makes its results.
            (Out::Lines(_), Results::Rows(_)) | (Out::Table(_), Results::Line(_)) => Ok(()),
        };
        self.outcome(written)
    }

    /// Ends the results; a file takes its name.
    pub(super) fn finish(mut self) -> Result<(), Failure> {
        let written = match self.out {
            Out::Lines(ref mut out) => out.flush(),
            Out::Table(table) => {
                let finished = table.finish().map_err(|failure| std::io::Error::other(failure.to_string()));
                self.out = Out::Lines(Box::new(std::io::sink()));
                finished
            }
        };
        let _ = self.outcome(written)?;
        self.file.map_or(Ok(()), GrowingFile::keep)
    }

    fn outcome(&self, written: std::io::Result<()>) -> Result<ControlFlow<()>, Failure> {
        match (written, &self.file) {
            (Ok(()), _) => Ok(ControlFlow::Continue(())),
            (Err(reason), Some(file)) => Err(file.failed(&reason)),
            // A reader that has seen enough (`| head`) is no failure.
            (Err(reason), None) if reason.kind() == ErrorKind::BrokenPipe => Ok(ControlFlow::Break(())),
            (Err(reason), None) => Err(Failure::plain(format!("can't write to standard output: {reason}"), "write to a file with --to")),
        }
    }
}

fn unwritable(path: &Path, failure: &ParquetWriteError) -> Failure {
    Failure::unwritable(path, &std::io::Error::other(failure.to_string()), "--to")
}
