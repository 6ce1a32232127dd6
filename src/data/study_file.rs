//! Study files: everything a study needs, in one TOML file. Paths in it are relative to the file. The built-in study's own file,
//! `datasets/cloudflare-kiwi-farms-2022/study.toml`, is the example to copy.

use std::path::{Path, PathBuf};

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use serde::Deserialize;

use crate::align::AlignmentRule;
use crate::calendar::{Exchange, ShiftPolicy, Timing};
use crate::claim::{Article, Published};
use crate::data::article_file::{date, optional_published};
use crate::data::configuration::{self, ConfigurationError};
use crate::data::download::is_address;
use crate::data::event_time::{instant, read_clock};
use crate::data::price_file::{Content, PriceSource};
use crate::event::{Event, EventId, Moment};
use crate::model::ExpectedReturnModel;
use crate::series::ReturnKind;
use crate::study::StudyDesign;
use crate::window::{Window, Windows};

/// A study file, read; its article isn't yet.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyFile {
    /// The design, without the article.
    pub design: StudyDesign,
    /// Price files, with paths as seen from the current folder.
    pub prices: Vec<PriceSource>,
    /// The article's file, likewise: its figures (.toml, .json), or the article as published; None when there is none.
    pub article: Option<PathBuf>,
    /// Tables of names for an article as published, likewise.
    pub names: Vec<PathBuf>,
    /// When the article was published, whatever its own file says; None to go by that.
    pub published: Option<Published>,
    /// Folder of the study file.
    pub folder: PathBuf,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: Option<String>,
    title: String,
    benchmark: String,
    exchange: Option<ExchangeKey>,
    prices: Vec<PriceEntry>,
    price_source: Option<String>,
    #[serde(default)]
    compare: Vec<String>,
    article: Option<String>,
    #[serde(default)]
    names: Vec<String>,
    #[serde(default, deserialize_with = "optional_published")]
    published: Option<Published>,
    #[serde(default, alias = "events")]
    event: Vec<EventEntry>,
    #[serde(default)]
    method: Method,
}

/// An exchange, or none.
#[derive(Deserialize, Clone, Copy)]
enum ExchangeKey {
    #[serde(rename = "XNYS", alias = "NYSE", alias = "XNAS", alias = "NASDAQ")]
    Nyse,
    #[serde(rename = "none")]
    None,
}

/// A price file: its path, or its path with what it holds.
#[derive(Deserialize)]
#[serde(untagged, expecting = "write a path in quotes, or { file = \"returns.csv\", content = \"returns\" }")]
enum PriceEntry {
    Path(String),
    Described(DescribedPrices),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DescribedPrices {
    file: String,
    content: ContentKey,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum ContentKey {
    Prices,
    Returns,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventEntry {
    id: Option<String>,
    symbol: String,
    #[serde(deserialize_with = "date")]
    date: NaiveDate,
    #[serde(default, deserialize_with = "optional_time")]
    time: Option<NaiveTime>,
    #[serde(default, deserialize_with = "optional_zone")]
    zone: Option<Tz>,
    timing: Option<Timing>,
    title: Option<String>,
    group: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Method {
    model: ExpectedReturnModel,
    returns: ReturnKind,
    estimation: Window,
    window: Window,
    car: Vec<Window>,
    min_estimation: usize,
    shift: ShiftPolicy,
    max_shift_days: u32,
    allow_missing: usize,
    span: Window,
    rolling_beta: Option<usize>,
}

/// A window known to be well formed.
fn fixed(first: i32, last: i32) -> Window {
    Window::new(first, last).unwrap_or(Window::DAY_ZERO)
}

impl Default for Method {
    fn default() -> Self {
        Self {
            model: ExpectedReturnModel::default(),
            returns: ReturnKind::default(),
            estimation: Windows::USUAL.estimation(),
            window: Windows::USUAL.event(),
            car: Vec::new(),
            min_estimation: 30,
            shift: ShiftPolicy::default(),
            max_shift_days: 5,
            allow_missing: 0,
            span: fixed(-126, 63),
            rolling_beta: None,
        }
    }
}

impl Method {
    fn rule(&self, windows: Windows, exchange: Option<Exchange>) -> AlignmentRule {
        AlignmentRule {
            windows,
            returns: self.returns,
            shift: self.shift,
            largest_shift: i64::from(self.max_shift_days),
            least_estimation: self.min_estimation,
            allowed_missing: self.allow_missing,
            exchange,
        }
    }

    /// The windows of cumulation asked for, or those usual in the literature that fit into the event window.
    fn car_windows(&self) -> Vec<Window> {
        if !self.car.is_empty() {
            return self.car.clone();
        }
        let mut windows: Vec<Window> =
            [fixed(0, 0), fixed(0, 1), fixed(-1, 1), fixed(0, 5)].into_iter().filter(|window| self.window.covers(*window)).collect();
        if !windows.contains(&self.window) {
            windows.push(self.window);
        }
        windows
    }
}

fn optional_time<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveTime>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a time is written 17:30")]
    enum Clock {
        Toml(toml::value::Datetime),
        Text(String),
    }
    let text = match Clock::deserialize(deserializer)? {
        Clock::Toml(time) => time.to_string(),
        Clock::Text(text) => text,
    };
    read_clock(&text).map(Some).ok_or_else(|| serde::de::Error::custom(format!("\"{text}\" is not a time: write it as 17:30")))
}

fn optional_zone<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Tz>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let known = || crate::series::near_names(&text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())).join(", ");
    text.parse().map(Some).map_err(|_| serde::de::Error::custom(format!("\"{text}\" is not a time zone (near: {})", known())))
}

/// Reads a study file.
///
/// # Errors
/// [`ConfigurationError`], with file, line and column.
pub fn read(path: &Path) -> Result<StudyFile, ConfigurationError> {
    if path.is_dir() {
        return read(&path.join("study.toml"));
    }
    let text = configuration::read_text(path)?;
    let folder = path.parent().unwrap_or_else(|| Path::new("")).to_owned();
    from_toml(&path.display().to_string(), &text, &folder)
}

/// A study file from its text; `file` is what errors call it, `folder` what its paths are relative to.
///
/// # Errors
/// [`ConfigurationError`], with line and column.
pub fn from_toml(file: &str, text: &str, folder: &Path) -> Result<StudyFile, ConfigurationError> {
    let entry: File = configuration::from_toml(file, text)?;
    let wrong =
        |message: String, help: &str| ConfigurationError::Wrong { file: file.to_owned(), location: None, message, help: help.to_owned() };
    if entry.prices.is_empty() {
        return Err(wrong("\"prices\" names no file".to_owned(), "name at least one price file: prices = [\"prices.csv\"]"));
    }
    let exchange = match entry.exchange {
        Some(ExchangeKey::Nyse) => Some(Exchange::Nyse),
        Some(ExchangeKey::None) => None,
        None => Exchange::of_benchmark(&entry.benchmark),
    };
    let windows = Windows::new(entry.method.estimation, entry.method.window)
        .map_err(|failure| wrong(failure.to_string(), "end the estimation window before the event window begins"))?;
    let mut events = Vec::with_capacity(entry.event.len());
    for (position, event) in entry.event.iter().enumerate() {
        events.push(Event {
            id: EventId::new(event.id.clone().unwrap_or_else(|| format!("event-{}", position + 1))),
            symbol: event.symbol.clone(),
            moment: moment(event, exchange).map_err(|message| wrong(message, "compare with the built-in study's event"))?,
            title: event.title.clone(),
            group: event.group.clone(),
        });
    }
    let source = |price: &PriceEntry| match price {
        PriceEntry::Path(path) => PriceSource { path: place(folder, path), content: Content::Prices },
        PriceEntry::Described(described) => PriceSource {
            path: place(folder, &described.file),
            content: match described.content {
                ContentKey::Prices => Content::Prices,
                ContentKey::Returns => Content::Returns,
            },
        },
    };
    let name = entry.name.clone().unwrap_or_else(|| default_name(file, folder, &entry.title));
    let design = StudyDesign {
        name: slug(&name),
        title: entry.title,
        benchmark: entry.benchmark,
        model: entry.method.model,
        rule: entry.method.rule(windows, exchange),
        car_windows: entry.method.car_windows(),
        events,
        peers: entry.compare,
        span: entry.method.span,
        article: None,
        price_source: entry.price_source,
        rolling_beta: entry.method.rolling_beta,
    };
    Ok(StudyFile {
        design,
        prices: entry.prices.iter().map(source).collect(),
        article: entry.article.map(|article| folder.join(article)),
        names: entry.names.iter().map(|names| folder.join(names)).collect(),
        published: entry.published,
        folder: folder.to_owned(),
    })
}

/// A path relative to the study file; an address stands for itself.
fn place(folder: &Path, path: &str) -> PathBuf {
    if is_address(path) { PathBuf::from(path) } else { folder.join(path) }
}

/// A study of an article's figures alone, with the usual windows.
pub fn claims_only(name: &str, benchmark: &str, article: Article) -> StudyDesign {
    let method = Method::default();
    let exchange = Exchange::of_benchmark(benchmark);
    StudyDesign {
        name: slug(name),
        title: article.title.clone(),
        benchmark: benchmark.to_owned(),
        model: method.model,
        rule: method.rule(Windows::USUAL, exchange),
        car_windows: method.car_windows(),
        events: Vec::new(),
        peers: Vec::new(),
        span: method.span,
        article: Some(article),
        price_source: None,
        rolling_beta: None,
    }
}

fn moment(event: &EventEntry, exchange: Option<Exchange>) -> Result<Moment, String> {
    let Some(time) = event.time else {
        if event.zone.is_some() {
            return Err(format!("the event of {} has a zone but no time", event.date));
        }
        return Ok(Moment::Day(event.date, event.timing.unwrap_or_default()));
    };
    if event.timing.is_some() {
        return Err(format!("the event of {} has both a time and a timing: keep one of them", event.date));
    }
    let zone = event.zone.or(exchange.map(Exchange::zone)).ok_or_else(|| format!("the event of {} has a time but no zone", event.date))?;
    let local = event.date.and_time(time);
    instant(local, zone).map(Moment::Instant).ok_or_else(|| format!("{local} doesn't exist in {zone}: clocks were put forward"))
}

/// The study's folder names it when the file is called study.toml, else the file's own name does.
fn default_name(file: &str, folder: &Path, title: &str) -> String {
    let stem = Path::new(file).file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let of_folder = folder.file_name().and_then(|name| name.to_str());
    match (stem, of_folder) {
        ("study", Some(folder)) => folder.to_owned(),
        ("study" | "", None) => title.to_owned(),
        (stem, _) => stem.to_owned(),
    }
}

/// A name fit for a folder: lower case, digits and hyphens.
pub fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for character in name.chars() {
        if character.is_alphanumeric() {
            slug.extend(character.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let trimmed = slug.trim_end_matches('-');
    if trimmed.is_empty() { "study".to_owned() } else { trimmed.to_owned() }
}
