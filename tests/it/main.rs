//! The integration tests, one binary: each that links polars takes seconds and 180 MB.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod calendar;
mod command_line;
mod gallery;
mod price_files;
mod statistics;
