//! What people read of a study of many events: a [`Document`] from a [`SampleResult`], its summary for a terminal, and `result.json`.

pub mod json;
pub mod table;
pub mod terminal;
