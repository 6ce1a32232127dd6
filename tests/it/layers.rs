//! The rooms of the house and the arrows between them: which part of the crate may know of which, and where a name that reaches
//! outside (files, output, clock, network) may stand. Reads the source; comments, texts and `#[cfg(test)]` parts don't count.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

mod source;

use source::{Source, words};

/// Every room (a module of `src/lib.rs`, and the two roots) with the rooms it may use. A part of a room stands with its path.
/// Whatever isn't here is forbidden; a new arrow is a decision, and a line in this table.
#[rustfmt::skip]
const ARROWS: &[(&str, &[&str])] = &[
    // Values know values.
    ("calendar", &[]),
    ("window", &[]),
    ("series", &[]),
    ("event", &["calendar", "window"]),
    ("factor", &[]),
    ("panel", &["series"]),
    ("firm", &["stats"]),
    ("claim", &["series"]),
    ("provenance", &[]),
    // Numbers know nothing of finance.
    ("stats", &[]),
    // The study.
    ("align", &["calendar", "event", "series", "window"]),
    ("model", &["stats"]),
    ("abnormal", &["align", "model", "series", "stats", "window"]),
    ("cross_section", &["event", "series", "stats", "window"]),
    ("inference", &["abnormal", "align", "model", "stats", "window"]),
    ("diagnostics", &["model", "stats"]),
    ("volume", &["abnormal", "align", "series", "stats", "window"]),
    ("performance", &["calendar", "series", "window"]),
    ("verify", &["calendar", "claim", "series"]),
    ("study", &["abnormal", "align", "calendar", "claim", "diagnostics", "event", "inference", "model", "performance", "provenance", "sample", "series", "specification", "stats",
                "verify", "volume", "window"]),
    ("sample", &["cross_section", "abnormal", "align", "calendar", "event", "factor", "firm", "inference", "model", "panel", "provenance", "series", "stats", "window"]),
    ("specification", &["align", "calendar", "event", "inference", "model", "provenance", "sample", "series", "stats", "window"]),
    ("intraday", &["calendar", "event", "inference", "provenance", "sample", "series", "stats", "window"]),
    ("simulation", &["align", "calendar", "event", "factor", "inference", "model", "panel", "sample", "provenance", "series", "stats", "window"]),
    // Edges in: files to values, and a study with its prices.
    ("data", &["cross_section", "intraday", "align", "calendar", "claim", "event", "factor", "firm", "inference", "model", "sample", "provenance", "series", "study", "window"]),
    // Edges out: what a study found, and its words and numbers. Of the rooms in STUDY only types and constants (see below).
    ("report", &["cross_section", "intraday", "abnormal", "calendar", "claim", "diagnostics", "event", "inference", "model", "performance", "sample", "provenance", "series", "simulation",
                 "specification", "study", "verify", "volume", "window"]),
    ("chart", &["cross_section", "intraday", "abnormal", "calendar", "claim", "diagnostics", "event", "inference", "model", "performance", "sample", "provenance", "series", "simulation",
                "specification", "study", "verify", "volume", "window", "report::name", "report::number", "report::simulation", "report::wording"]),
    // The command line, over everything but the numbers.
    ("cli", &["cross_section", "intraday", "align", "calendar", "chart", "claim", "data", "event", "factor", "firm", "model", "report", "sample", "provenance", "series", "simulation", "specification", "study",
             "verify", "window"]),
    ("main", &["cli"]),
    ("lib", &[]),
];

/// Rooms that compute. Charts and reports take types and constants from them, no function: a number they lack is a field that the
/// result lacks.
const STUDY: &[&str] = &[
    "abnormal",
    "align",
    "diagnostics",
    "inference",
    "intraday",
    "cross_section",
    "model",
    "performance",
    "sample",
    "simulation",
    "specification",
    "study",
    "verify",
    "volume",
];

/// Rooms that only show.
const EDGES_OUT: &[&str] = &["chart", "report"];

/// Names that reach outside, and the only places (files or folders of `src`) where each may stand.
const NAMES: &[(&str, &[&str])] = &[
    ("std::fs", &["data/", "cli/"]),
    ("std::env", &["cli/", "main.rs"]),
    ("std::process", &["cli/", "main.rs"]),
    ("println!", &["cli/", "main.rs"]),
    ("print!", &["cli/", "main.rs"]),
    ("eprintln!", &["cli/", "main.rs"]),
    ("eprint!", &["cli/", "main.rs"]),
    ("dbg!", &[]),
    ("stdout", &["cli/", "main.rs"]),
    ("stderr", &["cli/", "main.rs"]),
    ("clap", &["cli/"]),
    ("miette", &["cli/"]),
    ("indicatif", &["cli/"]),
    ("Utc::now", &[]),
    ("Local::now", &[]),
    ("SystemTime", &[]),
    ("Instant::now", &[]),
    ("polars", &["data/"]),
    ("polars_core", &["data/"]),
    ("polars_io", &["data/"]),
    ("reqwest", &["data/download.rs"]),
    ("plotters", &["chart/draw.rs"]),
    ("resvg", &["chart/raster.rs"]),
];

// ── the rules ──

/// What the file uses and may not, one sentence each, with file and line.
fn forbidden_arrows(source: &Source) -> Vec<String> {
    let room = source.room();
    let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("src/{}: the room \"{room}\" isn't in the table of arrows", source.path)];
    };
    let may = |path: &str| {
        path == room
            || path.starts_with(&format!("{room}::"))
            || allowed.iter().any(|prefix| path == *prefix || path.starts_with(&format!("{prefix}::")))
    };
    let mut wrong: Vec<String> = Vec::new();
    for (path, offset) in source.paths() {
        let name = path.join("::");
        // `crate::chart` alone is the start of what comes after; a macro or constant of the root isn't a room.
        let is_room = path.first().is_some_and(|first| ARROWS.iter().any(|(known, _)| known == first));
        if is_room && room != "lib" && !may(&name) {
            wrong.push(format!("src/{}:{}: {room} may not use {name}", source.path, source.line(offset)));
        }
    }
    wrong
}

/// Functions of the computing rooms that a chart or a report calls.
fn computing_edges(source: &Source) -> Vec<String> {
    if !EDGES_OUT.contains(&source.room().as_str()) {
        return Vec::new();
    }
    let is_function = |word: &str| word.starts_with(|character: char| character.is_lowercase());
    let mut wrong = Vec::new();
    let mut refuse = |name: &str, offset: usize| {
        wrong.push(format!(
            "src/{}:{}: {} takes types and constants from the study, not the function {name}",
            source.path,
            source.line(offset),
            source.room()
        ));
    };
    for (path, offset) in source.paths() {
        let Some(leaf) = path.last().filter(|_| path.first().is_some_and(|first| STUDY.contains(&first.as_str()))) else { continue };
        let called = source.code[offset + leaf.len()..].starts_with('(');
        if path.len() > 1 && is_function(leaf) && called {
            refuse(&path.join("::"), offset);
        } else if is_function(leaf) {
            // A module, or a function imported by name: look at what is done with it.
            for use_of in words(&source.code, leaf).into_iter().filter(|place| *place != offset) {
                let after = &source.code[use_of + leaf.len()..];
                let before = &source.code[..use_of];
                if before.ends_with("::") || before.ends_with('.') {
                    continue;
                }
                let inner = after.strip_prefix("::").filter(|inner| is_function(inner));
                if inner.is_some() || (path.len() > 1 && after.starts_with('(')) {
                    let function = inner.map_or("", |inner| {
                        inner.split(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap_or("")
                    });
                    refuse(format!("{}::{function}", path.join("::")).trim_end_matches(':'), use_of);
                }
            }
        }
    }
    wrong
}

fn forbidden_names(source: &Source) -> Vec<String> {
    let allowed_here =
        |places: &[&str]| places.iter().any(|place| source.path == *place || (place.ends_with('/') && source.path.starts_with(place)));
    NAMES
        .iter()
        .filter(|(_, places)| !allowed_here(places))
        .flat_map(|(name, places)| {
            let place = if places.is_empty() { "nowhere".to_owned() } else { format!("only in {}", places.join(", ")) };
            words(&source.code, name)
                .into_iter()
                .map(move |offset| format!("src/{}:{}: {name} may stand {place}", source.path, source.line(offset)))
        })
        .collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

fn crate_sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    assert!(files.len() > 40, "only {} source files found in {}", files.len(), root.display());
    let read = |path: &PathBuf| {
        Source::new(&path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/"), &fs::read_to_string(path).unwrap())
    };
    files.iter().map(read).collect()
}

#[track_caller]
fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} in all:\n{}", wrong.len(), wrong.join("\n"));
}

// ── the tests ──

#[test]
fn every_room_uses_only_the_rooms_that_the_table_allows() {
    assert_none(&crate_sources().iter().flat_map(forbidden_arrows).collect::<Vec<_>>());
}

#[test]
fn charts_and_reports_compute_nothing() {
    assert_none(&crate_sources().iter().flat_map(computing_edges).collect::<Vec<_>>());
}

#[test]
fn files_output_clock_and_network_are_reached_only_where_they_belong() {
    assert_none(&crate_sources().iter().flat_map(forbidden_names).collect::<Vec<_>>());
}

#[test]
fn the_table_has_every_room_and_no_other() {
    let rooms: BTreeSet<String> = crate_sources().iter().map(Source::room).collect();
    let known: BTreeSet<String> = ARROWS.iter().map(|(room, _)| (*room).to_owned()).collect();
    assert_eq!(rooms, known);
}

/// Rooms are taken away while all that they use is gone already; what is left would be a circle.
#[test]
fn the_arrows_make_no_circle() {
    let mut left: BTreeMap<&str, BTreeSet<&str>> =
        ARROWS.iter().map(|(room, uses)| (*room, uses.iter().map(|path| path.split("::").next().unwrap_or(path)).collect())).collect();
    while let Some(free) = left.iter().find(|(_, uses)| uses.iter().all(|used| !left.contains_key(used))).map(|(room, _)| *room) {
        left.remove(free);
    }
    assert!(left.is_empty(), "{left:?}");
}

/// The reader itself: a wrong arrow is found, with its line, in every form in which Rust writes it.
#[test]
fn a_wrong_arrow_is_found_with_its_line() {
    let found = |path: &str, text: &str| -> Vec<String> {
        let source = Source::new(path, text);
        [forbidden_arrows(&source), computing_edges(&source), forbidden_names(&source)].concat()
    };
    let line_of = |path: &str, text: &str| -> Vec<String> {
        found(path, text).iter().map(|sentence| sentence.split(": ").next().unwrap().to_owned()).collect()
    };
    assert_eq!(line_of("stats/ols.rs", "//! crate::study is far away\n\nuse crate::study::Study;\n"), ["src/stats/ols.rs:3"]);
    assert_eq!(line_of("series.rs", "use crate::{\n    window::Window,\n};\n"), ["src/series.rs:2"]);
    assert_eq!(line_of("stats/tail.rs", "fn f() -> f64 {\n    super::super::model::least()\n}\n"), ["src/stats/tail.rs:2"]);
    assert_eq!(
        line_of("verify/as_of.rs", "use super::reading::Reading;\nuse super::{StartDate, super::align::Exclusion};\n"),
        ["src/verify/as_of.rs:2"]
    );
    assert_eq!(line_of("event.rs", "fn f() {\n    let x = crate::data::load::load();\n}\n"), ["src/event.rs:2"]);
    assert_eq!(line_of("chart/panel.rs", "use crate::report::html::render;\n"), ["src/chart/panel.rs:1"]);
    assert_eq!(line_of("report/html.rs", "use crate::verify::verify;\nfn f() {\n    verify(1);\n}\n"), ["src/report/html.rs:3"]);
    assert_eq!(line_of("report/html.rs", "use crate::performance;\nfn f() {\n    performance::measure(1);\n}\n"), ["src/report/html.rs:3"]);
    assert_eq!(line_of("report/html.rs", "fn f() {\n    crate::volume::measure(1);\n}\n"), ["src/report/html.rs:2"]);
    assert_eq!(line_of("study.rs", "fn f() {\n    println!(\"x\");\n}\n"), ["src/study.rs:2"]);
    assert_eq!(line_of("align.rs", "use std::fs;\nuse polars_core::prelude::*;\n"), ["src/align.rs:1", "src/align.rs:2"]);
    assert_eq!(line_of("chart/panel.rs", "\n\nuse plotters::prelude::*;\n"), ["src/chart/panel.rs:3"]);
    assert_eq!(line_of("elsewhere.rs", "\n"), ["src/elsewhere.rs"]);

    for (path, text) in [
        ("stats/ols.rs", "// use crate::study::Study;\n/* std::fs */ fn f() -> &'static str { \"println!(crate::study)\" }\n"),
        ("stats/ols.rs", "#[cfg(test)]\nmod tests {\n    use crate::study::Study;\n    fn f() { println!() }\n}\n"),
        ("stats/ols.rs", "fn f(c: char) -> bool { c == '\"' } fn g() -> &'static str { r#\"crate::study \" println! \"# }\n"),
        ("abnormal.rs", "pub(crate) use crate::{stats::{tail, moment as m}, window::Window};\n"),
        ("report/html.rs", "use crate::performance::{self, Performance};\nfn f(p: performance::Role, q: &Performance) { q.measure() }\n"),
        ("chart/panel.rs", "use crate::abnormal::CONFIDENCE;\nuse crate::report::{number, wording};\n"),
        ("cli/run.rs", "fn f() { println!(\"x\") }\n"),
        ("study.rs", "fn pretty_println() {}\n"),
    ] {
        assert_eq!(found(path, text), Vec::<String>::new(), "{path}: {text}");
    }
}
