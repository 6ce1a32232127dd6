//! aftermove
#![forbid(unsafe_code)]
#![warn(missing_docs)]
pub mod abnormal;
pub mod align;
pub mod calendar;
pub mod chart;
pub mod claim;
pub mod cli;
pub mod data;
pub mod diagnostics;
pub mod event;
pub mod inference;
pub mod model;
pub mod performance;
pub mod report;
pub mod series;
pub mod stats;
pub mod study;
pub mod verify;
pub mod volume;
pub mod window;
