//! The integration tests, one binary: each that links polars takes seconds and 180 MB.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can't go on fails, and says where"
)]

mod alignment;
mod annotated_article;
mod article_claims;
mod article_command;
mod article_pages;
mod as_of;
mod beta_command;
mod betas;
mod built_in_study;
mod calendar;
mod claims;
mod command_line;
mod desk;
mod doubt;
mod download;
mod event_files;
mod factor_files;
mod gallery;
mod horizons;
mod kliger_gurevich;
mod layers;
mod many_articles;
mod many_event_tests;
mod many_events;
mod mistakes;
mod performance;
mod price_files;
mod properties;
mod reference;
mod sample;
mod sample_report;
mod simulate_command;
mod simulation;
mod statistics;
mod study_command;
mod table_files;
mod wanted_prices;
