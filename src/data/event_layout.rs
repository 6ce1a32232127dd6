//! What the columns of an event file mean, read off its header: an `EventLayout`.
//!
//! Names are compared without case, with spaces and hyphens as `_`. Each has synonyms that other programs write; the name itself goes
//! before its synonyms (which are characteristics then), and two synonyms without it are refused, since either could be meant. Where the
//! date is concerned nothing is guessed: any two columns for it are refused.

use thiserror::Error;

use super::column_name::{folded, list};
use crate::series::near_names;

/// What a column of an event file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventRole {
    /// The event's key.
    Id,
    /// The security.
    Symbol,
    /// The day of the news.
    Date,
    /// Its time of day.
    Time,
    /// The time zone of the time.
    Zone,
    /// Before the open, during trading, after the close.
    Timing,
    /// The group that the event belongs to.
    Group,
    /// The event's own benchmark.
    Benchmark,
    /// Its own estimation window.
    Estimation,
    /// Its own event window.
    Window,
    /// What happened.
    Title,
}

impl EventRole {
    /// All of them.
    pub const ALL: [EventRole; 11] = [
        EventRole::Id,
        EventRole::Symbol,
        EventRole::Date,
        EventRole::Time,
        EventRole::Zone,
        EventRole::Timing,
        EventRole::Group,
        EventRole::Benchmark,
        EventRole::Estimation,
        EventRole::Window,
        EventRole::Title,
    ];

    /// The name of the column.
    pub fn name(self) -> &'static str {
        match self {
            EventRole::Id => "event_id",
            EventRole::Symbol => "symbol",
            EventRole::Date => "date",
            EventRole::Time => "time",
            EventRole::Zone => "time_zone",
            EventRole::Timing => "timing",
            EventRole::Group => "group",
            EventRole::Benchmark => "benchmark",
            EventRole::Estimation => "estimation",
            EventRole::Window => "window",
            EventRole::Title => "title",
        }
    }

    /// Other names for it, as `folded` writes them.
    pub(super) fn synonyms(self) -> &'static [&'static str] {
        match self {
            EventRole::Id => &["eventid", "id", "event", "event_key", "event_number", "event_no"],
            EventRole::Symbol => &["ticker", "security", "security_id", "firm", "firm_id", "firmid", "stock", "permno", "isin", "cusip"],
            EventRole::Date => {
                &["event_date", "eventdate", "announcement_date", "ann_date", "anndate", "announce_date", "evtdate", "edate"]
            }
            EventRole::Time => &["event_time", "announcement_time", "ann_time", "announce_time"],
            EventRole::Zone => &["timezone", "tz", "zone"],
            EventRole::Timing => &["event_timing"],
            EventRole::Group => &["event_group", "group_name"],
            EventRole::Benchmark => &["benchmark_symbol", "market_symbol"],
            EventRole::Estimation => &["estimation_window", "est_window"],
            EventRole::Window => &["event_window"],
            EventRole::Title => &["headline", "event_title"],
        }
    }
}

/// Why a header can't be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EventLayoutError {
    /// A column that every event file needs isn't there.
    #[error("there is no column \"{}\" in the header: {}", .role.name(), list(.header))]
    NoColumn {
        /// What is missing.
        role: EventRole,
        /// The header found.
        header: Vec<String>,
        /// Its names nearest to the one wanted.
        near: Vec<String>,
    },
    /// A name twice.
    #[error("the columns {first} and {second} have one name, \"{name}\"")]
    ColumnTwice {
        /// Number of the first, from 1.
        first: usize,
        /// Number of the second, from 1.
        second: usize,
        /// The name of the second.
        name: String,
    },
    /// More than one column could be meant.
    #[error("more than one column could be the {}: {}", .role.name(), list(.columns))]
    Ambiguous {
        /// What is meant.
        role: EventRole,
        /// The columns.
        columns: Vec<String>,
    },
}

impl EventLayoutError {
    /// What to do about it.
    pub fn help(&self) -> String {
        match self {
            EventLayoutError::NoColumn { role, header, near } => {
                let rename = if near.is_empty() { String::new() } else { format!(" (rename {}?)", list(near)) };
                let split = if header.len() == 1 { "; columns are separated by commas, semicolons or tabs" } else { "" };
                format!("name the column \"{}\"{rename}; the header is the first line{split}", role.name())
            }
            EventLayoutError::ColumnTwice { .. } => "rename one of them, or remove it".to_owned(),
            EventLayoutError::Ambiguous { role: EventRole::Date, .. } => {
                "name the day of the news \"date\" and rename the others".to_owned()
            }
            EventLayoutError::Ambiguous { role, .. } => format!("name the one that is meant \"{}\"", role.name()),
        }
    }
}

/// Where the columns of an event file stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EventLayout {
    /// The columns that have a meaning, by their number from 0.
    roles: Vec<(EventRole, usize)>,
    /// Those that are characteristics.
    pub further: Vec<usize>,
    /// Those without a name.
    pub unnamed: Vec<usize>,
}

impl EventLayout {
    /// The layout of a file whose header is `header`.
    pub fn of_header(header: &[String]) -> Result<Self, EventLayoutError> {
        let names: Vec<String> = header.iter().map(|name| folded(name)).collect();
        let mut seen = indexmap::IndexMap::with_capacity(names.len());
        for (index, (name, written)) in names.iter().zip(header).enumerate().filter(|(_, (name, _))| !name.is_empty()) {
            if let Some(first) = seen.insert(name.as_str(), index) {
                return Err(EventLayoutError::ColumnTwice { first: first + 1, second: index + 1, name: written.clone() });
            }
        }
        let mut roles = Vec::new();
        for role in EventRole::ALL {
            if role == EventRole::Zone && !roles.iter().any(|(role, _)| *role == EventRole::Time) {
                continue;
            }
            let own = seen.get(role.name()).copied();
            let synonyms: Vec<usize> = role.synonyms().iter().filter_map(|name| seen.get(name).copied()).collect();
            let found = match (own, synonyms.as_slice()) {
                (Some(own), []) => Some(own),
                (Some(own), _) if role != EventRole::Date => Some(own),
                (None, []) => None,
                (None, [only]) => Some(*only),
                _ => {
                    let mut columns: Vec<usize> = own.into_iter().chain(synonyms).collect();
                    columns.sort_unstable();
                    let columns = columns.into_iter().filter_map(|index| header.get(index).cloned()).collect();
                    return Err(EventLayoutError::Ambiguous { role, columns });
                }
            };
            match found {
                Some(index) => roles.push((role, index)),
                None if matches!(role, EventRole::Symbol | EventRole::Date) => {
                    let near = near_names(role.name(), header.iter().map(String::as_str));
                    return Err(EventLayoutError::NoColumn { role, header: header.to_vec(), near });
                }
                None => {}
            }
        }
        let is_role = |index: usize| roles.iter().any(|(_, column)| *column == index);
        let is_unnamed = |index: usize| names.get(index).is_none_or(String::is_empty);
        Ok(Self {
            further: (0..header.len()).filter(|index| !is_role(*index) && !is_unnamed(*index)).collect(),
            unnamed: (0..header.len()).filter(|index| is_unnamed(*index)).collect(),
            roles,
        })
    }

    /// The column that is this, by its number from 0.
    pub fn column(&self, role: EventRole) -> Option<usize> {
        self.roles.iter().find(|(known, _)| *known == role).map(|(_, column)| *column)
    }

    /// The columns that have a meaning, with it.
    pub fn roles(&self) -> &[(EventRole, usize)] {
        &self.roles
    }
}
