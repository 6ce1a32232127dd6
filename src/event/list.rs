//! Many events: an [`EventList`] holds one [`ListedEvent`] a row, with the names that rows share held once.
//!
//! Rows refer to symbols, groups and benchmarks by number, so that a million events are a million small rows and the same firm in
//! many events is one number. The event's own key stays the only identity ([`EventId`]): a symbol is a label.

use crate::event::{Event, EventId, Moment};
use crate::window::Window;

/// Number of a symbol in [`EventList::symbols`].
pub type SymbolNumber = u32;

/// One row of an event list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedEvent {
    /// Key, unique in the list.
    pub id: EventId,
    /// Security, a number of [`EventList::symbols`].
    pub symbol: SymbolNumber,
    /// When the news came.
    pub moment: Moment,
    /// Group, a number of [`EventList::groups`]; None when the row names none.
    pub group: Option<u32>,
    /// The event's own benchmark, a number of [`EventList::symbols`]; None for the study's.
    pub benchmark: Option<SymbolNumber>,
    /// Its own estimation window; None for the study's.
    pub estimation: Option<Window>,
    /// Its own event window; None for the study's.
    pub window: Option<Window>,
}

/// A column of the event file that has no meaning of its own here: it is carried along as a characteristic of the events.
#[derive(Debug, Clone, PartialEq)]
pub struct Characteristic {
    /// Name of the column.
    pub name: String,
    /// One value an event, in their order.
    pub values: CharacteristicValues,
}

/// Values of a [`Characteristic`]; None where the cell is empty.
#[derive(Debug, Clone, PartialEq)]
pub enum CharacteristicValues {
    /// Every cell that isn't empty is a number.
    Numbers(Vec<Option<f64>>),
    /// Text.
    Texts(Vec<Option<String>>),
}

/// Events in the order of their file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EventList {
    /// The events.
    pub events: Vec<ListedEvent>,
    /// Symbols of securities and benchmarks, each once, in order of first appearance.
    pub symbols: Vec<String>,
    /// Groups, each once, in order of first appearance.
    pub groups: Vec<String>,
    /// Titles, one an event; empty when the file has none.
    pub titles: Vec<Option<String>>,
    /// Further columns.
    pub characteristics: Vec<Characteristic>,
}

impl EventList {
    /// A list of single events, without windows or benchmarks of their own.
    pub fn from_events(events: &[Event]) -> Self {
        let mut list = Self::default();
        for event in events {
            let symbol = number_of(&mut list.symbols, &event.symbol);
            let group = event.group.as_ref().map(|group| number_of(&mut list.groups, group));
            list.events.push(ListedEvent {
                id: event.id.clone(),
                symbol,
                moment: event.moment,
                group,
                benchmark: None,
                estimation: None,
                window: None,
            });
            list.titles.push(event.title.clone());
        }
        list
    }

    /// Text of a symbol's number; empty for a number that isn't in the list.
    pub fn symbol(&self, number: SymbolNumber) -> &str {
        self.symbols.get(number as usize).map_or("", String::as_str)
    }

    /// Name of an event's group; None when it has none.
    pub fn group(&self, event: &ListedEvent) -> Option<&str> {
        self.groups.get(event.group? as usize).map(String::as_str)
    }
}

/// The number of a name, which is added when it is new. For lists of few names; readers of long files keep an index of their own.
fn number_of(names: &mut Vec<String>, name: &str) -> u32 {
    let found = names.iter().position(|held| held == name);
    let position = found.unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    });
    u32::try_from(position).unwrap_or(u32::MAX)
}
