//! 16 additions to the S&P 500, 1997–1999, whose mean abnormal returns several programs print. The data is not part of this
//! repository: it is looked for in the folder named by `AFTERMOVE_REFERENCE`, or `../shared/reference` beside the repository. Where it
//! isn't, the tests say so and check nothing.

use std::fs;
use std::path::{Path, PathBuf};

use aftermove::data::price_file::{Content, Format, LoadedPrices, PriceSource, read_price_bytes, read_prices};
use aftermove::series::Basis;
use aftermove::study::StudyResult;
use aftermove::study::result::Status;
use serde_json::Value;

use crate::sample::{assert_near, design, event, rule, run, window};

fn folder() -> Option<PathBuf> {
    let root = std::env::var_os("AFTERMOVE_REFERENCE")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/reference"), PathBuf::from);
    let folder = root.join("sp500-additions");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: no reference data in {}; name its folder in AFTERMOVE_REFERENCE", folder.display());
    None
}

/// Rows of the published file whose simple return is below −100 %, which no price can have. They lie two years before their firm's
/// estimation window; the programs compared with never look at them.
const IMPOSSIBLE: [&str; 4] = [
    "1997-03-10,Office_Depot,-1.74033149171",
    "1997-03-11,Office_Depot,-2.15671641791",
    "1997-04-04,Office_Depot,-1.67434210526",
    "1997-04-07,Office_Depot,-2.14146341463",
];

/// The published returns, those four left empty.
fn read_returns(folder: &Path) -> LoadedPrices {
    let mut text = fs::read_to_string(folder.join("returns.csv")).unwrap();
    for row in IMPOSSIBLE {
        let (kept, _) = row.rsplit_once(',').unwrap();
        assert_eq!(text.matches(row).count(), 1, "{row}");
        text = text.replace(row, &format!("{kept},"));
    }
    read_price_bytes("returns.csv", text.as_bytes(), Format::Text, Content::Returns).unwrap()
}

/// The study with the published results that it is compared with, or None where the data isn't.
fn run_additions() -> Option<(StudyResult, Value)> {
    let folder = folder()?;
    let loaded = read_returns(&folder);
    assert_eq!(loaded.files[0].basis, Basis::CumulatedReturns);
    let events = fs::read_to_string(folder.join("events.csv")).unwrap();
    let events: Vec<_> = events
        .lines()
        .skip(1)
        .map(|row| match row.split(',').collect::<Vec<_>>().as_slice() {
            [id, symbol, date, _] => event(id, symbol, date),
            _ => panic!("{row}"),
        })
        .collect();
    let mut design = design(rule("-120..-6", "-5..5"), events);
    design.benchmark = "SP500".to_owned();
    design.car_windows = vec![window("-5..5"), window("0..1")];
    let expected = serde_json::from_str(&fs::read_to_string(folder.join("expected.json")).unwrap()).unwrap();
    Some((run(design, &loaded.book), expected))
}

#[test]
fn the_published_returns_are_refused_at_the_first_impossible_one() {
    let Some(folder) = folder() else { return };
    let error = read_prices(&[PriceSource::returns(folder.join("returns.csv"))]).unwrap_err();
    let location = error.location().unwrap();
    assert_eq!((location.line_and_column(), location.text()), (Some((8321, 25)), Some(IMPOSSIBLE[0])), "{error}");
}

/// EventStudy.jl's test suite; the same to 7 decimals from R EventStudy and event-study-cars. Half a unit of the 7th decimal printed.
const PRINTED: f64 = 5.000_001e-8;

#[test]
fn mean_abnormal_returns_of_sixteen_index_additions_are_the_published_ones() {
    let Some((result, expected)) = run_additions() else { return };
    assert_eq!(result.events.len(), 16);
    for event in &result.events {
        assert_eq!((event.status, event.reason.as_deref()), (Status::Used, None), "{}", event.event_id);
        assert_eq!(event.shift_days, Some(0), "{}", event.event_id);
        assert_eq!(event.model.as_ref().unwrap().n, 115, "{}", event.event_id);
    }
    let (days, values) = (expected["aar"]["days"].as_array().unwrap(), expected["aar"]["values"].as_array().unwrap());
    assert_eq!(days.len(), 11);
    for (position, (day, value)) in days.iter().zip(values).enumerate() {
        assert_eq!(result.events[0].columns.days[position], day.as_i64().unwrap() as i32);
        let found = result.events.iter().map(|event| event.columns.ar[position].unwrap()).sum::<f64>() / 16.0;
        assert_near(&format!("AAR of day {day}"), found, value.as_f64().unwrap(), PRINTED, 0.0);
    }
}

#[test]
fn mean_cumulated_abnormal_returns_of_sixteen_index_additions_are_the_published_ones() {
    let Some((result, expected)) = run_additions() else { return };
    let values = expected["caar"]["values"].as_array().unwrap();
    assert_eq!(values.len(), 2);
    for (position, entry) in values.iter().enumerate() {
        assert_eq!(serde_json::to_value(result.events[0].car[position].cumulated.window).unwrap(), entry["window"]);
        let found = result.events.iter().map(|event| event.car[position].cumulated.value).sum::<f64>() / 16.0;
        assert_near(&format!("CAAR {}", entry["window"]), found, entry["value"].as_f64().unwrap(), PRINTED, 0.0);
    }
}
