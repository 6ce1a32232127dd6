//! An article's figures as data, from TOML or JSON:
//!
//! ```toml
//! title = "Cloudflare blocks Kiwi Farms"
//! source = "A newspaper"                      # optional
//! published = 2022-09-05T09:00:00+02:00       # optional; a date alone will do
//!
//! [[claim]]
//! symbol = "NET"                              # or name = "…" for a security whose symbol isn't known; neither when the text doesn't say which
//! horizon = "month"                           # session, week, month, 3-months, quarter, year, year-to-date, since 2022-03-01, from-high, …
//! stated = "-20"                              # as printed, in quotes, so that its decimals are kept
//! qualifier = "more-than"                     # optional: more-than, at-least, less-than, at-most, about, nearly
//! against = "^GSPC"                           # optional: the figure is a gap to this benchmark, in percentage points
//! id = "net-month"                            # optional
//! as_of = 2022-09-02                          # optional; a day by its name, too: "friday", "yesterday", "09-02"
//! ```
//!
//! Every horizon is listed with its readings in [`crate::verify`], in the spelling of [`Horizon`]'s text form.

use std::path::Path;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate};
use serde::{Deserialize, Deserializer};

use crate::claim::{Article, Claim, Horizon, NamedPeriod, Published, Qualifier, StatedPercent, Subject};
use crate::data::configuration::{self, ConfigurationError};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ArticleFile {
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    source: Option<String>,
    #[serde(default, deserialize_with = "optional_published")]
    published: Option<Published>,
    #[serde(alias = "claims")]
    claim: Vec<ClaimEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClaimEntry {
    id: Option<String>,
    symbol: Option<String>,
    name: Option<String>,
    against: Option<String>,
    #[serde(deserialize_with = "from_text")]
    horizon: Horizon,
    #[serde(deserialize_with = "from_text")]
    stated: StatedPercent,
    #[serde(default)]
    qualifier: Qualifier,
    #[serde(default, deserialize_with = "optional_day")]
    as_of: Option<NamedPeriod>,
    #[serde(default)]
    span: Option<(usize, usize)>,
}

/// A date or date and time, as TOML's own type or as text.
#[derive(Deserialize)]
#[serde(untagged)]
enum Stamp {
    Toml(toml::value::Datetime),
    Text(String),
}

impl Stamp {
    fn text(&self) -> String {
        match self {
            Stamp::Toml(stamp) => stamp.to_string(),
            Stamp::Text(text) => text.trim().to_owned(),
        }
    }
}

/// Reads a date, as TOML's own type or as text.
pub(crate) fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let text = Stamp::deserialize(deserializer).map_err(|_| serde::de::Error::custom("a date is written 2022-09-03"))?.text();
    text.parse().map_err(|_| serde::de::Error::custom(format!("\"{text}\" is not a date: write it as 2022-09-03")))
}

fn optional_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NamedPeriod>, D::Error> {
    let text = Stamp::deserialize(deserializer).map_err(|_| serde::de::Error::custom("a day is written 2022-09-03 or \"friday\""))?.text();
    let named = text.parse::<NamedPeriod>().ok().filter(|named| named.is_day()).ok_or_else(|| {
        serde::de::Error::custom(format!("\"{text}\" is not a day: write it as 2022-09-03, \"09-03\", \"friday\" or \"yesterday\""))
    })?;
    Ok(Some(named))
}

/// Reads an optional date or instant, as TOML's own type or as text.
pub(crate) fn optional_published<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Published>, D::Error> {
    let text = Stamp::deserialize(deserializer).map_err(|_| serde::de::Error::custom("a date is written 2022-09-03"))?.text();
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(Some(Published::Day(day)));
    }
    let instant = DateTime::parse_from_rfc3339(&text).map_err(|_| {
        serde::de::Error::custom(format!("\"{text}\" is not a moment: write 2022-09-05, or with time and zone 2022-09-05T09:00:00+02:00"))
    })?;
    Ok(Some(Published::Instant(instant)))
}

/// Reads a value from its text.
pub(crate) fn from_text<'de, D: Deserializer<'de>, T: FromStr>(deserializer: D) -> Result<T, D::Error>
where
    T::Err: std::fmt::Display,
{
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

/// Reads an article's figures from a .toml or .json file; the text comes with them.
///
/// # Errors
/// [`ConfigurationError`], with file, line and column.
pub fn read(path: &Path) -> Result<(Article, String), ConfigurationError> {
    let file = path.display().to_string();
    let json = match path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase).as_deref() {
        Some("toml") => false,
        Some("json") => true,
        _ => return Err(ConfigurationError::UnknownFormat { file }),
    };
    let text = configuration::read_text(path)?;
    let article = if json { from_json(&file, &text)? } else { from_toml(&file, &text)? };
    Ok((article, text))
}

/// An article's figures from TOML text; `file` is what errors call it.
///
/// # Errors
/// [`ConfigurationError`], with line and column.
pub fn from_toml(file: &str, text: &str) -> Result<Article, ConfigurationError> {
    check(file, configuration::from_toml(file, text)?)
}

/// An article's figures from JSON text; `file` is what errors call it.
///
/// # Errors
/// [`ConfigurationError`], with line and column.
pub fn from_json(file: &str, text: &str) -> Result<Article, ConfigurationError> {
    check(file, configuration::from_json(file, text)?)
}

fn check(file: &str, entry: ArticleFile) -> Result<Article, ConfigurationError> {
    let wrong =
        |message: String, help: &str| ConfigurationError::Wrong { file: file.to_owned(), location: None, message, help: help.to_owned() };
    let mut claims: Vec<Claim> = Vec::with_capacity(entry.claim.len());
    for (position, claim) in entry.claim.into_iter().enumerate() {
        let id = claim.id.unwrap_or_else(|| format!("claim-{}", position + 1));
        if claims.iter().any(|earlier| earlier.id == id) {
            return Err(wrong(format!("the claim \"{id}\" stands there twice"), "give each claim its own id"));
        }
        let subject = match (claim.symbol, claim.name) {
            (Some(symbol), None) => Subject::Symbol(symbol),
            (None, Some(name)) => Subject::Unknown(name),
            (None, None) => Subject::Unsaid,
            (Some(_), Some(_)) => {
                return Err(wrong(
                    format!("the claim \"{id}\" has both a symbol and a name"),
                    "keep the symbol; a name stands for a security whose symbol isn't known",
                ));
            }
        };
        claims.push(Claim {
            id,
            subject,
            horizon: claim.horizon,
            stated: claim.stated,
            qualifier: claim.qualifier,
            against: claim.against,
            span: claim.span,
            as_of: claim.as_of,
            inferred: Vec::new(),
        });
    }
    let title = entry.title.unwrap_or_else(|| "the article".to_owned());
    Ok(Article { title, source: entry.source, published: entry.published, text: None, claims })
}
