//! aftermove answers two questions about a news event and a stock: **is what the article says about the price true?** and **was the move
//! abnormal?**
//!
//! Data goes through once, forwards:
//!
//! ```text
//! load → align → fit → abnormal → test → judge → draw → write
//! ```
//!
//! A tour, with the study that ships inside the library (Cloudflare blocks the forum Kiwi Farms, Saturday 3 September 2022):
//!
//! ```
//! use aftermove::data::built_in;
//! use aftermove::study::EventVerdict;
//! use aftermove::verify::Verdict;
//! use aftermove::{chart, report};
//!
//! // load: a checked study, its prices, and where they come from
//! let loaded = built_in::load()?;
//!
//! // align, fit, abnormal, test, judge: pure functions, plain data out
//! let result = loaded.study.run(&loaded.book, loaded.provenance)?;
//!
//! // is the figure right? "More than 20 % in a month" holds only if the month is four weeks
//! let month = &result.claims[2];
//! assert_eq!(month.verdict, Verdict::ReproducedOnlyAs);
//! let readings: Vec<String> = month.reproducing().map(|reading| reading.kind.words()).collect();
//! assert_eq!(readings, ["28 days (4 weeks)", "20 sessions"]);
//!
//! // was the move unusual? The news came on a weekend before a holiday: Tuesday is day 0
//! let event = &result.events[0];
//! assert_eq!(event.session.map(|session| session.to_string()).as_deref(), Some("2022-09-06"));
//! assert_eq!(event.verdict, EventVerdict::WithinNoise);
//!
//! // draw and write
//! let figures = chart::figures(&result);
//! let drawing = chart::draw(&figures[0], chart::Size::WIDE)?;
//! assert!(chart::to_png(&drawing.svg)?.starts_with(b"\x89PNG"));
//! let document = report::document(&result, &[]);
//! assert!(document.answer.ends_with("usual noise on the first day that could react to the news."));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | room | what it holds |
//! |---|---|
//! | [`calendar`], [`event`], [`window`], [`series`], [`panel`], [`factor`], [`firm`], [`claim`], [`provenance`] | values |
//! | [`stats`] | statistics that know nothing of finance |
//! | [`align`], [`model`], [`abnormal`], [`cross_section`], [`inference`], [`diagnostics`], [`volume`], [`performance`], [`verify`], [`study`], [`sample`] | the study of one event, and of many |
//! | [`simulation`] | size and power of the tests of many events |
//! | [`specification`] | a study under every reasonable choice |
//! | [`data`] | files in |
//! | [`chart`], [`report`] | pictures and text out; no arithmetic of their own |
//! | [`cli`] | the command line |

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod abnormal;
pub mod align;
pub mod calendar;
pub mod chart;
pub mod claim;
pub mod cli;
pub mod cross_section;
pub mod data;
pub mod diagnostics;
pub mod event;
pub mod factor;
pub mod firm;
pub mod inference;
pub mod intraday;
pub mod model;
pub mod panel;
pub mod performance;
pub mod provenance;
pub mod report;
pub mod sample;
pub mod series;
pub mod simulation;
pub mod specification;
pub mod stats;
pub mod study;
pub mod verify;
pub mod volume;
pub mod window;
