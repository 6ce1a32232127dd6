//! What is shown of a study of many events: terminal, Markdown, HTML, `result.json` and charts, from small panels made up here.
//! `AFTERMOVE_PICTURES=DIR` writes every chart there, to be looked at.

use std::collections::BTreeMap;
use std::path::PathBuf;

use aftermove::align::AlignmentRule;
use aftermove::calendar::{ShiftPolicy, Timing};
use aftermove::chart::{self, Figure, Size};
use aftermove::event::list::{EventList, ListedEvent};
use aftermove::event::{EventId, Moment};
use aftermove::inference::Outcome;
use aftermove::model::ExpectedReturnModel;
use aftermove::provenance::{InputFile, Provenance};
use aftermove::report::{self, FigureReference, html, markdown, terminal::Terminal};
use aftermove::sample::{ControlDesign, OverlapPolicy, Sample, SampleDesign, SampleResult, SampleVerdict};
use aftermove::series::{Basis, PriceBook, PriceSeries, Quote, ReturnKind};
use aftermove::window::Windows;
use serde_json::Value;

use crate::sample::{sessions, window};

/// A sample to be made up.
struct Panel<'a> {
    title: &'a str,
    events: usize,
    securities: usize,
    /// Names of the securities; `S0`, `S1`, … when there are none.
    names: &'a [&'a str],
    groups: &'a [&'a str],
    /// Planted on day 0, a fraction; half of it more for each further group.
    planted: f64,
    /// Events that can't be used.
    unusable: usize,
    windows: &'a [&'a str],
    event_window: &'a str,
    draws: usize,
}

const PLAIN: Panel = Panel {
    title: "Additions to an index",
    events: 24,
    securities: 20,
    names: &[],
    groups: &[],
    planted: 0.02,
    unusable: 3,
    windows: &["0..1", "-1..1", "-5..5"],
    event_window: "-5..5",
    draws: 0,
};

/// Uniform numbers in −½..½, the same for the same seed (Knuth's linear congruence).
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f64 / (1_u64 << 24) as f64 - 0.5
    }

    /// About normal, standard deviation 1.
    fn normal(&mut self) -> f64 {
        (0..4).map(|_| self.next()).sum::<f64>() * 3f64.sqrt()
    }
}

impl Panel<'_> {
    fn run(&self) -> SampleResult {
        let days = sessions("2017-01-03", "2019-12-31");
        let mut noise = Noise(11);
        let market: Vec<f64> = days.iter().map(|_| 0.01 * noise.normal()).collect();
        let mut returns: Vec<Vec<f64>> =
            (0..self.securities).map(|_| market.iter().map(|market| market + 0.02 * noise.normal()).collect()).collect();
        let name = |number: usize| match self.names {
            [] => format!("S{number}"),
            names => format!("{} {number}", names[number % names.len()]),
        };
        let mut list = EventList {
            symbols: (0..self.securities).map(name).collect(),
            groups: self.groups.iter().map(|group| (*group).to_owned()).collect(),
            ..EventList::default()
        };
        let mut push = |id: String, symbol: usize, at: usize, group: Option<u32>| {
            list.events.push(ListedEvent {
                id: EventId::new(id),
                symbol: symbol as u32,
                moment: Moment::Day(days[at], Timing::During),
                group,
                benchmark: None,
                estimation: None,
                window: None,
            });
        };
        for event in 0..self.events {
            let symbol = event % self.securities;
            let at = 150 + (event * 97 + 13 * (event / 500)) % (days.len() - 170);
            let group = (!self.groups.is_empty()).then(|| event % self.groups.len());
            let planted = self.planted * (1.0 + 0.5 * group.unwrap_or_default() as f64) * (1.0 + noise.next());
            returns[symbol][at] += planted;
            push(format!("e{event}"), symbol, at, group.map(|group| group as u32));
        }
        for event in 0..self.unusable {
            if event % 3 == 0 {
                push(format!("early{event}"), 0, 10 + event, None);
            } else {
                push(format!("gone{event}"), self.securities, 300, None);
            }
        }
        list.symbols.push("GONE".to_owned());
        let mut book = PriceBook::default();
        let series = |returns: &[f64]| {
            let mut close = 100.0;
            let quote = |(date, change): (&chrono::NaiveDate, &f64)| {
                close *= 1.0 + change;
                Quote { date: *date, close, high: None, low: None, volume: None }
            };
            PriceSeries::from_quotes(&days.iter().zip(returns).map(quote).collect::<Vec<_>>(), Basis::Close).unwrap()
        };
        book.insert("^GSPC".to_owned(), series(&market)).unwrap();
        for (symbol, returns) in list.symbols.iter().zip(&returns) {
            book.insert(symbol.clone(), series(returns)).unwrap();
        }
        let design = SampleDesign {
            name: "sample".to_owned(),
            title: self.title.to_owned(),
            benchmark: "^GSPC".to_owned(),
            model: ExpectedReturnModel::Market,
            rule: AlignmentRule {
                windows: Windows::new(window("-120..-11"), window(self.event_window)).unwrap(),
                returns: ReturnKind::Simple,
                shift: ShiftPolicy::Next,
                largest_shift: 5,
                least_estimation: 30,
                allowed_missing: 0,
                exchange: None,
            },
            car_windows: self.windows.iter().map(|text| window(text)).collect(),
            factors: None,
            controls: ControlDesign::default(),
            beta: Default::default(),
            untraded: None,
            overlapping: OverlapPolicy::Keep,
            contaminated: false,
            volatility_fallback: aftermove::sample::VolatilityFallback::Exclude,
            most_excluded: None,
            draws: self.draws,
            seed: 1,
            event_tests: true,
            other_conventions: false,
            long_horizon: None,
            regression: None,
            price_source: None,
        };
        let input = |path: &str, rows| InputFile { path: path.to_owned(), sha256: "0".repeat(64), rows: Some(rows), notes: Vec::new() };
        let provenance =
            Provenance { aftermove: "0.0.0".to_owned(), inputs: vec![input("events.csv", list.events.len()), input("prices.csv", 15_000)] };
        Sample::new(design, list).unwrap().run(&book, provenance, |_| ()).unwrap()
    }
}

fn references(figures: &[Figure]) -> Vec<FigureReference> {
    let reference = |figure: &Figure| FigureReference { name: figure.name.clone(), title: figure.title.clone(), alt: figure.alt.clone() };
    figures.iter().map(reference).collect()
}

fn render(result: &SampleResult, width: u16) -> String {
    report::sample::terminal::render(result, Terminal { width, coloured: false })
}

fn json(result: &SampleResult) -> Value {
    serde_json::from_str(&report::sample::json::render(result).unwrap()).unwrap()
}

// ── terminal and report ──

#[test]
fn the_terminal_summary_of_many_events_says_what_was_found() {
    insta::assert_snapshot!("sample_terminal", render(&Panel { groups: &["merger", "spin-off"], ..PLAIN }.run(), 100));
}

#[test]
fn the_markdown_report_of_many_events_reads_as_it_should() {
    let result = Panel { groups: &["merger", "spin-off"], windows: &["0..1", "-5..5"], draws: 199, ..PLAIN }.run();
    let figures = references(&chart::sample_figures(&result));
    insta::assert_snapshot!("sample_report_md", markdown::render(&report::sample::document(&result, &figures)));
}

#[test]
fn the_terminal_summary_fits_its_width() {
    let names = ["Établissements Économiques du Casino Guichard-Perrachon", "Société Générale"];
    let groups = ["Réorganisations et cessions d’actifs non stratégiques", "Offres publiques d’achat"];
    let crowded = Panel { names: &names, groups: &groups, windows: &["0..0", "0..1", "-1..1", "-5..5"], ..PLAIN }.run();
    let many = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n"];
    for result in [crowded, Panel { events: 1, unusable: 0, ..PLAIN }.run(), Panel { events: 56, groups: &many, ..PLAIN }.run()] {
        for width in [60, 80, 100, 160] {
            let text = render(&result, width);
            let widest = text.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(widest <= usize::from(width), "{widest} characters in a terminal of {width}:\n{text}");
            assert!(text.contains("CAAR") && !text.contains("NaN"), "{text}");
        }
    }
}

#[test]
fn markup_in_a_title_or_a_name_stays_text() {
    let panel = Panel {
        title: "Entrées au CAC 40 : <b>l’effet d’annonce</b> & la suite",
        names: &["<i>L’Oréal</i>", "Société | Générale"],
        groups: &["<script>alert(1)</script>", "R&D"],
        ..PLAIN
    };
    let result = panel.run();
    let figures = chart::sample_figures(&result);
    let document = report::sample::document(&result, &references(&figures));
    let picture = || html::Picture { png: vec![1], size: (1, 1), narrow_png: vec![1] };
    let page = html::render(&document, &figures.iter().map(|figure| (figure.name.clone(), picture())).collect()).unwrap();
    let text = markdown::render(&document);
    for forbidden in ["<b>", "<i>", "<script>alert"] {
        assert!(!page.contains(forbidden) && !text.contains(forbidden), "{forbidden}");
    }
    assert!(page.contains("&lt;b&gt;l’effet d’annonce&lt;&#x2f;b&gt;") || page.contains("&lt;b&gt;l’effet d’annonce&lt;/b&gt;"));
    for figure in &figures {
        let svg = chart::draw(figure, Size::WIDE).unwrap().svg;
        assert!(!svg.contains("<i>") && !svg.contains("<script"), "{}", figure.name);
    }
}

#[test]
fn the_answer_carries_no_more_than_the_tests_to_read() {
    let strong = Panel { planted: 0.05, ..PLAIN }.run();
    assert_eq!(strong.reading.verdict, SampleVerdict::Distinct);
    assert!(report::sample::document(&strong, &[]).answer.ends_with("tests that suit this sample tell it from zero."));
    let none = Panel { planted: 0.0, ..PLAIN }.run();
    assert_eq!(none.reading.verdict, SampleVerdict::WithinNoise);
    assert!(report::sample::document(&none, &[]).answer.contains("none of the"));
    // Of two tests to read, one at most is below 5 %: the answer says that they disagree.
    let mut disputed = none.clone();
    disputed.reading.verdict = SampleVerdict::TestsDisagree;
    disputed.reading.below = disputed.reading.read.iter().copied().take(1).collect();
    let answer = report::sample::document(&disputed, &[]).answer;
    assert!(answer.contains("disagree: one of") && answer.ends_with("tell it from zero."), "{answer}");
    for result in [&strong, &none, &disputed] {
        let document = markdown::render(&report::sample::document(result, &references(&chart::sample_figures(result))));
        for word in ["caused", "because of the", "proves", "significant", "NaN", "inf "] {
            assert!(!document.contains(word), "{word}");
        }
    }
}

#[test]
fn of_many_events_the_report_lists_the_extremes_alone() {
    let result = Panel { events: 700, securities: 60, ..PLAIN }.run();
    let document = report::sample::document(&result, &[]);
    let table = document
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .find_map(|block| match block {
            report::Block::Table(table) if table.caption.contains("lowest and the") => Some(table),
            _ => None,
        })
        .unwrap();
    assert_eq!(table.rows.len(), 40);
    let least = result.events.windows[0].car.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(table.rows[0].contains(&report::number::percent_signed(least, 2)));
}

// ── result.json ──

#[track_caller]
fn assert_keys(value: &Value, keys: &[&str]) {
    let found: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    for key in keys {
        assert!(found.contains(key), "{key} is missing from {found:?}");
    }
}

#[test]
fn the_result_file_has_every_key_of_the_contract() {
    let result = Panel { groups: &["merger", "spin-off"], draws: 99, ..PLAIN }.run();
    let file = json(&result);
    assert_keys(&file, &["schema", "study", "claims", "events", "events_reason", "groups", "differences", "diagnostics", "provenance"]);
    assert_eq!((file["schema"].as_str(), &file["claims"]), (Some("aftermove/result/1"), &Value::Array(Vec::new())));
    assert_keys(&file["study"], &["title", "benchmark", "model", "returns", "estimation", "window", "seed"]);
    assert_eq!(file["study"]["estimation"], serde_json::json!([-120, -11]));
    let events = file["events"].as_array().unwrap();
    assert_eq!(events.len(), result.listed);
    for event in events {
        assert_keys(
            event,
            &["event_id", "symbol", "group", "date", "session", "shift_days", "status", "reason", "model", "days", "ar", "ar_se", "car"],
        );
        let used = event["status"] == "used";
        assert!(used == event["reason"].is_null() && used != event["model"].is_null(), "{event}");
        assert_eq!(event["ar"].as_array().unwrap().len(), if used { 11 } else { 0 });
    }
    let first = &events[0];
    assert_keys(&first["model"], &["name", "alpha", "beta", "sigma", "r_squared", "n"]);
    assert_keys(&first["car"][0], &["window", "value", "se", "t", "p_value", "bhar", "tests"]);
    // The numbers are those of the result, to the last digit.
    assert_eq!(first["car"][0]["value"].as_f64(), result.events.windows[0].car.first().copied());
    assert_eq!(first["car"][1]["p_value"].as_f64(), result.events.p_value(&result.events.windows[1], 0));
    let all = &file["groups"][0];
    assert!(all["group"].is_null() && file["groups"][2]["group"] == "spin-off");
    assert_keys(all, &["group", "n", "days", "aar", "caar", "day_tests", "windows"]);
    assert_keys(&all["day_tests"][0], &["day", "tests"]);
    assert_keys(&all["windows"][0], &["window", "caar", "positive", "negative", "tests"]);
    assert_eq!(all["windows"][0]["caar"].as_f64(), Some(result.groups[0].windows[0].cumulative.mean));
    let tests = all["windows"][0]["tests"].as_array().unwrap();
    for (test, own) in tests.iter().zip(&result.groups[0].windows[0].tests) {
        assert_eq!(test["name"], own.test.name);
        match &own.test.outcome {
            Outcome::Computed { statistic, .. } => {
                assert_keys(test, &["statistic", "p_value", "null", "n", "p_holm", "p_benjamini_hochberg"]);
                assert_eq!(test["statistic"].as_f64(), Some(*statistic));
            }
            Outcome::Inapplicable { reason } => assert_eq!(test["inapplicable"].as_str(), Some(reason.as_str())),
        }
    }
    assert_keys(&file["diagnostics"], &["listed", "used", "excluded", "reasons", "overlaps", "advice", "reading"]);
    assert_eq!(file["provenance"]["inputs"][0]["path"], "events.csv");
}

#[test]
fn excluded_events_stand_where_the_list_has_them() {
    let mut result = PLAIN.run();
    let file = json(&result);
    let ids = |file: &Value| -> Vec<String> {
        file["events"].as_array().unwrap().iter().map(|event| event["event_id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&file).last().map(String::as_str), Some("gone2"));
    // The first excluded event moved to the front of the list.
    result.events.number.iter_mut().for_each(|number| *number += 1);
    result.exclusions[0].number = 0;
    result.exclusions[1..].iter_mut().for_each(|excluded| excluded.number += 1);
    assert_eq!(ids(&json(&result))[..2], ["early0", "e0"]);
}

#[test]
fn the_result_file_is_the_same_value_as_its_compact_form_and_easy_to_read() {
    let text = report::sample::json::render(&PLAIN.run()).unwrap();
    assert!(text.ends_with("}\n") && !text.contains("NaN") && !text.contains(", \n") && !text.contains(" \n"));
    assert!(text.lines().any(|line| line.trim_start().starts_with("\"aar\": [") && line.trim_end().ends_with("],")), "a column is a line");
    assert!(text.contains("\n  \"claims\": [],\n") && text.contains("\n  \"events\": [\n    {\n      \"event_id\": \"e0\","));
    let parsed: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(parsed["groups"][0]["n"], 24);
}

#[test]
fn beyond_ten_thousand_events_the_result_file_names_the_tables_instead() {
    let mut result = PLAIN.run();
    result.listed = 10_000;
    assert!(json(&result)["events"].is_array() && json(&result)["events_reason"].is_null());
    result.listed = 10_001;
    let file = json(&result);
    assert!(file["events"].is_null());
    assert!(file["events_reason"].as_str().unwrap().starts_with("10 001 events are listed"), "{}", file["events_reason"]);
    assert!(file["groups"][0]["windows"][0]["tests"].as_array().is_some_and(|tests| !tests.is_empty()));
}

// ── charts ──

/// Draws every figure at a page's and a phone's size; each is a picture of that width.
fn draw_all(name: &str, result: &SampleResult) -> BTreeMap<String, Figure> {
    let folder = std::env::var_os("AFTERMOVE_PICTURES").map(PathBuf::from);
    let figures = chart::sample_figures(result);
    for figure in &figures {
        for size in [Size::WIDE, Size { width: 420, height: 560 }] {
            let drawing = chart::draw(figure, size).unwrap();
            assert_eq!(drawing.size.width, size.width);
            assert!(!drawing.svg.contains("NaN") && !drawing.svg.contains("inf"), "{}", figure.name);
            if size == Size::WIDE || folder.is_some() {
                let png = chart::to_png(&drawing.svg).unwrap();
                assert!(png.starts_with(b"\x89PNG"));
                if let Some(folder) = &folder {
                    std::fs::write(folder.join(format!("{name}-{}-{}.png", figure.name, size.width)), png).unwrap();
                }
            }
        }
        assert!(figure.alt.len() > 40 && !figure.title.ends_with('.') && !figure.title.contains("caused"), "{}", figure.title);
    }
    figures.into_iter().map(|figure| (figure.name.clone(), figure)).collect()
}

#[test]
fn two_groups_are_drawn_with_a_band_each() {
    let figures = draw_all("two", &Panel { groups: &["merger", "spin-off"], draws: 99, ..PLAIN }.run());
    assert_eq!(figures.keys().collect::<Vec<_>>(), ["aar", "caar", "car-distribution", "events", "exclusions", "tests"]);
    let bands = |figure: &Figure| figure.panels[0].marks.iter().filter(|mark| matches!(mark, chart::figure::Mark::Band { .. })).count();
    assert_eq!(bands(&figures["caar"]), 2);
    assert!(figures["caar"].note.contains("merger and spin-off"), "{}", figures["caar"].note);
}

#[test]
fn of_eight_groups_the_five_largest_are_drawn_and_the_note_says_so() {
    let groups = ["energy", "materials", "industrials", "consumer", "health care", "financials", "technology", "utilities"];
    let figures = draw_all("eight", &Panel { events: 84, groups: &groups, ..PLAIN }.run());
    let lines: Vec<&str> = figures["caar"].panels[0]
        .marks
        .iter()
        .filter_map(|mark| match mark {
            chart::figure::Mark::Line { label, .. } => Some(label.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(lines.len(), 6);
    assert!(lines[0].starts_with("all events"));
    assert!(figures["caar"].note.contains("Of 8 groups, the five largest are drawn."));
}

#[test]
fn one_event_has_neither_band_nor_distribution() {
    let figures = draw_all("one", &Panel { events: 1, unusable: 0, ..PLAIN }.run());
    assert!(!figures.contains_key("car-distribution") && !figures.contains_key("events") && !figures.contains_key("exclusions"));
    assert!(figures["caar"].note.contains("One event has no interval.") && figures["caar"].title.contains("of one event add up to"));
}

#[test]
fn three_thousand_events_show_the_extremes_and_say_so() {
    let figures =
        draw_all("many", &Panel { events: 3000, securities: 60, planted: 0.002, windows: &["0..1"], event_window: "-2..2", ..PLAIN }.run());
    assert!(
        figures["events"].note.contains("Of 3\u{202F}000 events, the 20 highest and the 20 lowest are drawn."),
        "{}",
        figures["events"].note
    );
    assert!(figures["car-distribution"].note.contains("Outside the axis:"), "{}", figures["car-distribution"].note);
}

#[test]
fn returns_that_are_all_negative_are_drawn_and_named_as_such() {
    let figures = draw_all("negative", &Panel { events: 12, planted: -0.2, unusable: 0, ..PLAIN }.run());
    assert!(figures["car-distribution"].title.starts_with("None of 12 abnormal returns"), "{}", figures["car-distribution"].title);
}

#[test]
fn long_names_and_long_windows_find_room() {
    let names = ["Établissements Économiques du Casino Guichard-Perrachon", "Société Générale", "L’Oréal"];
    let groups = ["Réorganisations et cessions d’actifs non stratégiques", "Offres publiques d’achat"];
    draw_all("french", &Panel { names: &names, groups: &groups, ..PLAIN }.run());
    let figures = draw_all("wide", &Panel { event_window: "-10..30", windows: &["0..0", "-10..30"], unusable: 0, ..PLAIN }.run());
    assert!(figures["aar"].note.starts_with("Shaded:"), "{}", figures["aar"].note);
}

#[test]
fn the_same_events_give_the_same_bytes() {
    let panel = || Panel { groups: &["merger", "spin-off"], draws: 49, ..PLAIN }.run();
    let bytes = |result: &SampleResult| {
        let figures = chart::sample_figures(result);
        let svg: Vec<String> = figures.iter().map(|figure| chart::draw(figure, Size::WIDE).unwrap().svg).collect();
        let document = report::sample::document(result, &references(&figures));
        (svg, markdown::render(&document), report::sample::json::render(result).unwrap(), render(result, 80))
    };
    assert!(bytes(&panel()) == bytes(&panel()));
}
