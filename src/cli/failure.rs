//! Errors as people see them: what was wrong, where (file, line, column, with the line itself), and what to do. Printed once.

use std::fmt;
use std::path::Path;

use miette::{Diagnostic, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use crate::data::article_reader::ArticleError;
use crate::data::article_source::SelectionError;
use crate::data::bar_file::BarFileError;
use crate::data::configuration::ConfigurationError;
use crate::data::event_file::EventFileError;
use crate::data::factor_file::FactorFileError;
use crate::data::firm_file::FirmFileError;
use crate::data::load::LoadError;
use crate::data::location::Location;
use crate::data::price_file::PriceFileError;
use crate::intraday::IntradayError;
use crate::intraday::grid::GridError;
use crate::sample::SampleError;
use crate::series::UnknownSymbol;
use crate::simulation::SimulationError;
use crate::study::{StudyError, StudyResult};

/// What stops a run.
#[derive(Debug)]
pub(super) struct Failure {
    message: String,
    help: Option<String>,
    place: Option<Box<Place>>,
}

/// One line of a file, with the column that is meant.
#[derive(Debug)]
struct Place {
    file: String,
    line: usize,
    column: usize,
    text: String,
    span: SourceSpan,
}

impl Failure {
    /// A failure without a place in a file.
    pub(super) fn plain(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { message: message.into(), help: Some(help.into()), place: None }
    }

    /// A file can't be written; `option` is the one that says where it goes: `--out`, `--to`.
    pub(super) fn unwritable(path: &Path, reason: &std::io::Error, option: &str) -> Self {
        let help = match reason.kind() {
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                format!("choose a folder that you may write to with {option}")
            }
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                format!("free some space, or write elsewhere with {option}")
            }
            std::io::ErrorKind::NotADirectory | std::io::ErrorKind::AlreadyExists => {
                format!("a file stands where the folder should be: choose another with {option}")
            }
            _ => format!("choose another folder with {option}"),
        };
        Self::plain(format!("can't write {}: {reason}", path.display()), help)
    }

    /// No event of the study could be used: what was asked for is impossible.
    pub(super) fn no_event(result: &StudyResult) -> Self {
        let listed: Vec<String> = result
            .events
            .iter()
            .map(|event| format!("event \"{}\": {}", event.event_id, event.reason.as_deref().unwrap_or("no reason was recorded")))
            .collect();
        let help = "look at the event's symbol and date, and at the study's windows, or add the prices that are missing";
        let claims = if result.claims.is_empty() { "" } else { "; `aftermove check` checks the article's figures without an event" };
        Self::plain(format!("no event can be studied\n{}", listed.join("\n")), format!("{help}{claims}"))
    }

    fn at(message: String, help: String, file: &str, location: Option<&Location>) -> Self {
        let place = location.and_then(|location| {
            let (line, column) = location.line_and_column()?;
            // A terminal would obey the control characters of a file that isn't text.
            let text: String =
                location.text()?.chars().map(|character| if character.is_control() { '\u{FFFD}' } else { character }).collect();
            let offset = text.char_indices().nth(column.saturating_sub(1)).map_or(text.len(), |(offset, _)| offset);
            let rest = text.get(offset..).unwrap_or_default();
            let length = rest.find([',', ';', '\t', ' ', '=']).filter(|length| *length > 0).unwrap_or(rest.len());
            Some(Box::new(Place { file: file.to_owned(), line, column, text, span: SourceSpan::new(offset.into(), length) }))
        });
        Self { message, help: Some(help), place }
    }
}

impl From<ConfigurationError> for Failure {
    fn from(error: ConfigurationError) -> Self {
        Self::at(error.to_string(), error.help(), error.file(), error.location())
    }
}

impl From<PriceFileError> for Failure {
    fn from(error: PriceFileError) -> Self {
        Self::at(error.to_string(), error.help(), error.file(), error.location())
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        let help = match error.unknown_symbol() {
            Some(unknown) => unknown_symbol_help(unknown),
            None => match &error {
                StudyError::Nothing => "add an [[event]] or an article's figures to the study".to_owned(),
                StudyError::RollingBeta(_) => "see --rolling-beta, or rolling_beta in the study's [method]".to_owned(),
                StudyError::EventTwice { .. } => "rename one of the two".to_owned(),
                StudyError::TimeWithoutExchange { .. } => "add exchange = \"XNYS\" for New York; elsewhere give timing = \"after-close\" (or during, before-open) in place of the time".to_owned(),
                _ => "see --window, --car and --estimation, or the study's [method]".to_owned(),
            },
        };
        Self::plain(error.to_string(), help)
    }
}

impl From<SimulationError> for Failure {
    fn from(error: SimulationError) -> Self {
        let help = match &error {
            SimulationError::Benchmark(unknown) => unknown_symbol_help(unknown),
            SimulationError::NoReplication => "see --replications".to_owned(),
            SimulationError::NoEvent => "see --events-per-sample".to_owned(),
            SimulationError::NothingPlanted | SimulationError::Planted { .. } => "see --planted".to_owned(),
            SimulationError::DayZeroOutside { .. } => "see --over-window, or --car".to_owned(),
            SimulationError::Level { .. } => "see --level".to_owned(),
            SimulationError::EventVariance { .. } => "see --event-variance".to_owned(),
            SimulationError::NoFirms { .. } => "see --model; synthetic-control brings donors of its own".to_owned(),
            SimulationError::Generator { .. } => "see --correlation, --tails and --sigma".to_owned(),
            SimulationError::NoSecurity { .. } => "add the prices of securities with --prices".to_owned(),
            SimulationError::NoRoom { .. } => "see --events-per-sample, --estimation and --window".to_owned(),
            _ => "see --window, --car and --estimation".to_owned(),
        };
        Self::plain(error.to_string(), help)
    }
}

impl From<LoadError> for Failure {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Configuration(error) => error.into(),
            LoadError::Article(error) => error.into(),
            LoadError::Prices(error) => error.into(),
            LoadError::Study(error) => error.into(),
            LoadError::Download(error) => Self::plain(error.to_string(), error.help()),
            LoadError::Manifest(mismatch) => Self::plain(
                mismatch.to_string(),
                "restore the file, or write its new sha256 and rows into manifest.toml, or delete manifest.toml",
            ),
        }
    }
}

impl From<EventFileError> for Failure {
    fn from(error: EventFileError) -> Self {
        Self::at(error.to_string(), error.help(), error.file(), error.location())
    }
}

impl From<BarFileError> for Failure {
    fn from(error: BarFileError) -> Self {
        Self::at(error.to_string(), error.help(), error.file(), error.location())
    }
}

impl From<IntradayError> for Failure {
    fn from(error: IntradayError) -> Self {
        let help = match &error {
            IntradayError::Benchmark(unknown) => unknown_symbol_help(unknown),
            IntradayError::NoEvent => "write one event a row: symbol,date,time".to_owned(),
            IntradayError::EventTwice { .. } => "rename one of the two: the key is all that tells events apart".to_owned(),
            IntradayError::OwnWindow { .. } => "remove the columns window and estimation; see --window and --estimation".to_owned(),
            IntradayError::Grid(GridError::StampInDoubt { .. }) => {
                "write --stamp start if the bar stamped 09:30 goes from 09:30 to 09:31 (most vendors), else --stamp end".to_owned()
            }
            IntradayError::Grid(GridError::StampContradicted { .. }) => {
                "leave out --stamp; if it is right, correct the hours (--exchange, --session) or the zone of the timestamps (--time-zone)".to_owned()
            }
            IntradayError::Grid(GridError::NoSession { .. }) => {
                "check the hours (--exchange, --session) and the zone of the timestamps (--time-zone, or their offset)".to_owned()
            }
            IntradayError::Grid(GridError::OffGrid { .. } | GridError::NotMinutes { .. }) => {
                "bars have one length and begin at the open: make them so, or correct --session; ticks have to be made bars first".to_owned()
            }
            IntradayError::Grid(GridError::Longer { .. } | GridError::NotAMultiple { .. }) => {
                "take longer bars for all with --bar, or give this security bars of the others' length".to_owned()
            }
            IntradayError::Grid(_) => "see --bar".to_owned(),
            IntradayError::NoneLeft { .. } => {
                "look at the events' symbols and times and at the windows, see --allow-missing and --min-estimation, or add the bars that are missing".to_owned()
            }
            IntradayError::TooManyExcluded { .. } => {
                "raise --max-excluded, or mend the events: without it the run lists each with its reason".to_owned()
            }
            IntradayError::Estimation { .. } | IntradayError::FewSessions { .. } => "see --estimation and --min-estimation".to_owned(),
            IntradayError::Bar(_) | IntradayError::Window(_) => "see --window, --car and --bar".to_owned(),
        };
        Self::plain(error.to_string(), help)
    }
}

impl From<FactorFileError> for Failure {
    fn from(error: FactorFileError) -> Self {
        Self::at(error.to_string(), error.help(), error.file(), error.location())
    }
}

impl From<FirmFileError> for Failure {
    fn from(error: FirmFileError) -> Self {
        Self::at(error.to_string(), error.help(), error.file(), error.location())
    }
}

impl From<SampleError> for Failure {
    fn from(error: SampleError) -> Self {
        let help = match &error {
            SampleError::OwnChoices { .. } => "leave --specifications out, or take those columns out of the event file".to_owned(),
            SampleError::Benchmark(unknown) => unknown_symbol_help(unknown),
            SampleError::NoEvent => "write one event a row: symbol,date".to_owned(),
            SampleError::NoFactors { .. } => "add --factors FILE: Ken French's daily factors, for example".to_owned(),
            SampleError::Donor(unknown) => unknown_symbol_help(unknown),
            SampleError::BenchmarkDonor { .. } => "see --donors".to_owned(),
            SampleError::NoFirms { .. } => "one firm a row: symbol, if wanted date, and a column a characteristic".to_owned(),
            SampleError::Firms(_) => "see --firms, --match, --match-exact and --caliper".to_owned(),
            SampleError::LogFactors | SampleError::LogMix { .. } => "leave out --log".to_owned(),
            SampleError::Factors(_) => "choose another --model, or add the file that has it with --factors".to_owned(),
            SampleError::Formula(_) => "see --regress in `aftermove study --help`".to_owned(),
            SampleError::NoWeights { .. } => "name a column of the event file with --weights".to_owned(),
            SampleError::EventTwice { .. } => "rename one of the two: the key is all that tells events apart".to_owned(),
            SampleError::TimeWithoutExchange { .. } => "for New York write --exchange XNYS".to_owned(),
            SampleError::NoneLeft { .. } => {
                "look at the events' symbols and dates and at the windows, or add the prices that are missing".to_owned()
            }
            SampleError::TooManyExcluded { .. } => {
                "raise --max-excluded, or mend the events: without it the run lists each with its reason".to_owned()
            }
            SampleError::NoPrior(_) => "for example --prior-beta 1 --prior-sd 0.3".to_owned(),
            SampleError::NoBlumeLine(_) => "leave out --blume-line".to_owned(),
            SampleError::TradeToTradeModel { .. } => "choose another --model, or leave out --thin-trading".to_owned(),
            SampleError::RollingBeta(_) | SampleError::RollingBetaModel { .. } => "see --rolling-beta".to_owned(),
            SampleError::NoCarWindow | SampleError::Window(_) => "see --window, --car and --estimation".to_owned(),
        };
        Self::plain(error.to_string(), help)
    }
}

impl From<ArticleError> for Failure {
    fn from(error: ArticleError) -> Self {
        match error {
            ArticleError::Configuration(error) => error.into(),
            other => Self::plain(other.to_string(), other.help()),
        }
    }
}

impl From<SelectionError> for Failure {
    fn from(error: SelectionError) -> Self {
        Self::plain(error.to_string(), error.help())
    }
}

fn unknown_symbol_help(unknown: &UnknownSymbol) -> String {
    match unknown.near.as_slice() {
        [] => format!("the price files hold {} other symbols; add a file with {}", unknown.held, unknown.symbol),
        near => format!("did you mean {}?", near.join(", ")),
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl Diagnostic for Failure {
    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.place.as_deref().map(|place| place as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let place = self.place.as_ref()?;
        Some(Box::new(std::iter::once(LabeledSpan::new_with_span(Some("here".to_owned()), place.span))))
    }
}

impl SourceCode for Place {
    /// The one line there is, under its own number.
    fn read_span<'a>(&'a self, span: &SourceSpan, _before: usize, _after: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        if span.offset() + span.len() > self.text.len() {
            return Err(MietteError::OutOfBounds);
        }
        let whole = SourceSpan::new(0.into(), self.text.len());
        Ok(Box::new(MietteSpanContents::new_named(
            self.file.clone(),
            self.text.as_bytes(),
            whole,
            self.line.saturating_sub(1),
            self.column.saturating_sub(1),
            1,
        )))
    }
}
