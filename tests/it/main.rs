//! The integration tests, one binary: each that links polars takes seconds and 180 MB.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that can't go on fails, and says where"
)]

mod activity;
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
mod conditional_variance;
mod conditional_variance_study;
mod control_command;
mod desk;
mod doubt;
mod download;
mod event_files;
mod factor_files;
mod gallery;
mod horizons;
mod intraday;
mod intraday_command;
mod kliger_gurevich;
mod layers;
mod long_horizon;
mod many_articles;
mod many_event_tests;
mod many_events;
mod mistakes;
mod performance;
mod price_files;
mod properties;
mod reference;
mod robust_errors;
mod sample;
mod sample_report;
mod simulate_command;
mod simulation;
mod specification;
mod statistics;
mod study_command;
mod synthetic_control;
mod table_files;
mod wanted_prices;
