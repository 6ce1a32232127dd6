//! Event files: columns under their names and synonyms, times and timings, characteristics, and every way in which a row can be wrong.

use aftermove::calendar::{Exchange, Timing};
use aftermove::data::column_cells::TableError;
use aftermove::data::event_cell::EventCellFault;
use aftermove::data::event_file::{EventFile, EventFileError, EventFileOptions, EventNote, read_event_bytes, read_events};
use aftermove::data::event_layout::{EventLayoutError, EventRole};
use aftermove::data::location::Location;
use aftermove::data::price_cell::CellFault;
use aftermove::data::source_file::Format;
use aftermove::data::text_table::TextTableError;
use aftermove::event::Moment;
use aftermove::event::list::CharacteristicValues;
use chrono::NaiveDate;
use polars_core::prelude::{DataFrame, DataType, IntoColumn, NamedFrom, Series, TimeUnit};
use polars_io::prelude::ParquetWriter;
use proptest::prelude::*;

const NEW_YORK: EventFileOptions = EventFileOptions { exchange: Some(Exchange::Nyse), timing: Timing::Unknown };

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[track_caller]
fn read(text: &str) -> EventFile {
    read_event_bytes("events.csv", text.as_bytes(), Format::Text, &NEW_YORK).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[track_caller]
fn refuse(text: &str) -> EventFileError {
    read_event_bytes("events.csv", text.as_bytes(), Format::Text, &NEW_YORK).expect_err("the file should be refused")
}

/// Asserts the fault of a cell, its place, and that the error says what to do.
#[track_caller]
fn assert_cell(text: &str, line: usize, column: usize, name: &str, fault: &EventCellFault) {
    let error = refuse(text);
    let EventFileError::Cell { fault: cell, .. } = &error else { panic!("{error:?}") };
    assert_eq!((cell.column.as_str(), &cell.fault), (name, fault), "{error}");
    assert_eq!(cell.location.line_and_column(), Some((line, column)), "{error}");
    assert_eq!(cell.location.text(), text.lines().nth(line - 1), "{error}");
    assert!(error.to_string().starts_with(&format!("events.csv: line {line}, column {column}, {name}: ")), "{error}");
    assert!(!error.help().is_empty() && error.file() == "events.csv");
}

fn ids(file: &EventFile) -> Vec<&str> {
    file.list.events.iter().map(|event| event.id.as_str()).collect()
}

fn symbols(file: &EventFile) -> Vec<&str> {
    file.list.events.iter().map(|event| file.list.symbol(event.symbol)).collect()
}

fn written(file: &EventFile, event: usize) -> String {
    match file.list.events[event].moment {
        Moment::Day(day, timing) => format!("{day} {timing:?}"),
        Moment::Instant(instant) => instant.to_rfc3339(),
    }
}

// ── columns ──

#[test]
fn every_column_is_read_into_its_place() {
    let file = read(
        "event_id,symbol,date,timing,group,benchmark,estimation,window,title,size,sector\n\
         a,NET,2022-09-03,after-close,bad,^GSPC,-250..-11,-10..10,\"Blocked, at last\",1.5,software\n\
         b,NET,2022-09-05,,good,,,,,NA,\n\
         c,AAPL,20220906,bmo,bad,QQQ,\"-120,-6\",0,,3,hardware\n",
    );
    let list = &file.list;
    assert_eq!(ids(&file), ["a", "b", "c"]);
    assert_eq!(list.symbols, ["NET", "^GSPC", "AAPL", "QQQ"]);
    assert_eq!(list.groups, ["bad", "good"]);
    assert_eq!(symbols(&file), ["NET", "NET", "AAPL"]);
    assert_eq!(list.events.iter().map(|event| list.group(event)).collect::<Vec<_>>(), [Some("bad"), Some("good"), Some("bad")]);
    let benchmarks: Vec<Option<&str>> = list.events.iter().map(|event| event.benchmark.map(|number| list.symbol(number))).collect();
    assert_eq!(benchmarks, [Some("^GSPC"), None, Some("QQQ")]);
    let windows: Vec<_> =
        list.events.iter().map(|event| (event.estimation.map(|w| w.to_string()), event.window.map(|w| w.to_string()))).collect();
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(windows, [(some("-250..-11"), some("-10..10")), (None, None), (some("-120..-6"), some("0..0"))]);
    let moments: Vec<String> = (0..3).map(|event| written(&file, event)).collect();
    assert_eq!(moments, ["2022-09-03 AfterClose", "2022-09-05 Unknown", "2022-09-06 BeforeOpen"]);
    assert_eq!(list.titles, [some("Blocked, at last"), None, None]);
    assert_eq!(list.characteristics.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(), ["size", "sector"]);
    assert_eq!(list.characteristics[0].values, CharacteristicValues::Numbers(vec![Some(1.5), None, Some(3.0)]));
    assert_eq!(list.characteristics[1].values, CharacteristicValues::Texts(vec![some("software"), None, some("hardware")]));
    assert_eq!(file.notes, []);
    assert_eq!(file.sha256.len(), 64);
}

#[test]
fn events_without_ids_are_numbered_by_row_and_it_is_said() {
    let file = read("\u{feff}Ticker;Event-Date\r\nNET;2022-09-02\r\n\r\nNET;2022-09-02\r\n");
    assert_eq!(ids(&file), ["1", "2"]);
    let taken = |column: &str, name| EventNote::ColumnTaken { column: column.to_owned(), name };
    assert_eq!(file.notes, [EventNote::IdsNumbered, taken("Ticker", "symbol"), taken("Event-Date", "date")]);
    assert!(file.notes[0].words().contains("numbered by row"));
    assert_eq!(file.list.titles, Vec::<Option<String>>::new());
}

#[test]
fn a_synonym_beside_the_name_itself_is_a_characteristic() {
    let file = read("id,firm,symbol,date\nx,Cloudflare,NET,2022-09-02\n");
    assert_eq!((ids(&file), symbols(&file)), (vec!["x"], vec!["NET"]));
    assert_eq!(file.list.characteristics[0].name, "firm");
    let unnamed = read(",symbol,date\n0,NET,2022-09-02\n");
    assert_eq!(unnamed.notes, [EventNote::IdsNumbered, EventNote::UnnamedColumn { number: 1 }]);
    // Without a time, a zone is a characteristic.
    assert_eq!(read("symbol,date,zone\nNET,2022-09-02,3\n").list.characteristics[0].values, CharacteristicValues::Numbers(vec![Some(3.0)]));
}

#[test]
fn headers_that_leave_it_open_which_column_is_meant_are_refused() {
    let layout = |text: &str| match refuse(text) {
        EventFileError::Layout { location, fault, .. } => {
            assert_eq!(location.and_then(|place| place.line_and_column()), Some((1, 1)));
            fault
        }
        other => panic!("{other:?}"),
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    assert_eq!(
        layout("ticker,firm,date\nNET,Cloudflare,2022-09-02\n"),
        EventLayoutError::Ambiguous { role: EventRole::Symbol, columns: names(&["ticker", "firm"]) }
    );
    let dates = layout("symbol,date,announcement_date\nNET,2022-09-02,2022-09-01\n");
    assert_eq!(dates, EventLayoutError::Ambiguous { role: EventRole::Date, columns: names(&["date", "announcement_date"]) });
    assert!(dates.help().contains("\"date\""));
    let twice = layout("symbol,Date,DATE\nNET,2022-09-02,2022-09-02\n");
    assert_eq!(twice, EventLayoutError::ColumnTwice { first: 2, second: 3, name: "DATE".to_owned() });
    let no_date = layout("symbol,dat\nNET,2022-09-02\n");
    assert!(matches!(&no_date, EventLayoutError::NoColumn { role: EventRole::Date, near, .. } if near == &["dat"]), "{no_date:?}");
    assert!(no_date.help().contains("rename \"dat\"?"));
    assert!(matches!(layout("date\n2022-09-02\n"), EventLayoutError::NoColumn { role: EventRole::Symbol, .. }));
}

/// Reference README, mistakes: "A CSV whose header has one name fewer than its rows have columns, read without a word."
#[test]
fn a_row_with_more_cells_than_names_is_refused() {
    let error = refuse("symbol,date\nNET,2022-09-02,x\n");
    assert!(matches!(&error, EventFileError::Table { fault: TableError::Text(TextTableError::Width { .. }), .. }), "{error:?}");
    assert_eq!(error.location().and_then(Location::line_and_column), Some((2, 16)));
    assert!(matches!(refuse("symbol,date\n"), EventFileError::Table { fault: TableError::Text(TextTableError::HeaderOnly), .. }));
    assert!(matches!(refuse(""), EventFileError::Table { fault: TableError::Text(TextTableError::Empty), .. }));
}

/// Reference README, mistakes: "A firm with several events joined by its name: every event counted many times."
#[test]
fn the_same_firm_in_several_events_is_one_symbol_and_several_events() {
    let file = read("event_id,symbol,date\na,NET,2022-09-02\nb,NET,2022-09-02\nc,NET,2023-09-01\n");
    assert_eq!((file.list.events.len(), file.list.symbols.len()), (3, 1));
}

// ── times ──

#[test]
fn times_are_the_exchange_s_unless_they_say_otherwise() {
    let file = read(
        "symbol,date,time,time_zone\n\
         NET,2022-09-03,18:15,\n\
         NET,2022-09-03,18:15:30,Europe/Paris\n\
         NET,2022-09-03,18:15Z,\n\
         NET,2022-09-03,18:15-0700,\n\
         NET,2022-09-03,2022-09-04T01:15:00+00:00,\n\
         NET,2022-09-03,2022-09-03 18:15,\n\
         NET,2022-09-03,,\n",
    );
    let found: Vec<String> = (0..7).map(|event| written(&file, event)).collect();
    assert_eq!(
        found,
        [
            "2022-09-03T18:15:00-04:00",
            "2022-09-03T18:15:30+02:00",
            "2022-09-03T14:15:00-04:00",
            "2022-09-03T21:15:00-04:00",
            "2022-09-03T21:15:00-04:00",
            "2022-09-03T18:15:00-04:00",
            "2022-09-03 Unknown"
        ]
    );
}

#[test]
fn a_time_in_the_column_of_dates_counts_unless_it_is_midnight() {
    let file = read("symbol,date\nNET,2022-09-02T16:30\nNET,2022-09-02 00:00:00\nNET,2022-09-02T20:30:00Z\n");
    let found: Vec<String> = (0..3).map(|event| written(&file, event)).collect();
    assert_eq!(found, ["2022-09-02T16:30:00-04:00", "2022-09-02 Unknown", "2022-09-02T16:30:00-04:00"]);
    assert_cell("symbol,date,time\nNET,2022-09-02T16:30,16:30\n", 2, 22, "time", &EventCellFault::TimeTwice);
}

#[test]
fn a_row_that_says_nothing_has_the_timing_of_the_study() {
    let options = EventFileOptions { exchange: None, timing: Timing::AfterClose };
    let text = "symbol,date,timing\nNET,2022-09-02,\nNET,2022-09-02,Before Open\n";
    let file = read_event_bytes("e.csv", text.as_bytes(), Format::Text, &options).unwrap();
    assert_eq!((written(&file, 0), written(&file, 1)), ("2022-09-02 AfterClose".to_owned(), "2022-09-02 BeforeOpen".to_owned()));
    let error = read_event_bytes("e.csv", b"symbol,date,time\nNET,2022-09-02,16:30\n", Format::Text, &options).unwrap_err();
    assert!(matches!(&error, EventFileError::Cell { fault, .. } if fault.fault == EventCellFault::TimeWithoutExchange), "{error:?}");
    assert!(error.help().contains("after-close"));
}

// ── rows that can't be used ──

#[test]
fn cells_that_can_not_be_used_are_named_by_line_and_column() {
    let first = Location::Text { line: 2, column: 1, text: "a,NET,2022-09-02".to_owned() };
    assert_cell("event_id,symbol,date\na,NET,2022-09-02\n\na,AAPL,2022-09-05\n", 4, 1, "event_id", &EventCellFault::IdTwice { first });
    assert_cell("event_id,symbol,date\n,NET,2022-09-02\n", 2, 1, "event_id", &EventCellFault::IdMissing);
    assert_cell("symbol,date\nNET,2022-09-02\n  ,2022-09-02\n", 3, 1, "symbol", &EventCellFault::SymbolMissing);
    assert_cell("symbol,date\nNET,02/09/2022\n", 2, 5, "date", &EventCellFault::Date(CellFault::DateFormat));
    assert_cell("symbol,date\nNET,2022-02-30\n", 2, 5, "date", &EventCellFault::Date(CellFault::NoSuchDay));
    assert_cell("symbol,date\nNET,\n", 2, 5, "date", &EventCellFault::Date(CellFault::DateMissing));
    assert_cell("symbol,date,timing\nNET,2022-09-02,evening\n", 2, 16, "timing", &EventCellFault::UnknownTiming);
    for time in ["4pm", "25:00", "16:30+2", "16h30", "2022-09-02", "16:30 New York"] {
        assert_cell(&format!("symbol,date,time\nNET,2022-09-02,{time}\n"), 2, 16, "time", &EventCellFault::TimeFormat);
    }
    assert_cell("symbol,date,time,timing\nNET,2022-09-02,16:30,amc\n", 2, 22, "timing", &EventCellFault::TimeAndTiming);
    let another = EventCellFault::TimeOfAnotherDay { date: day("2022-09-02") };
    assert_cell("symbol,date,time\nNET,2022-09-02,2022-09-05T16:30:00Z\n", 2, 16, "time", &another);
    // Clocks in New York went from 2:00 to 3:00 that night.
    let skipped = EventCellFault::NoSuchTime { zone: chrono_tz::America::New_York };
    assert_cell("symbol,date,time\nNET,2022-03-13,02:30\n", 2, 16, "time", &skipped);
    assert_cell("symbol,date,time,tz\nNET,2022-09-02,02:30Z,UTC\n", 2, 23, "tz", &EventCellFault::ZoneAndOffset);
    let EventFileError::Cell { fault, .. } = refuse("symbol,date,time,tz\nNET,2022-09-02,02:30,America/NewYork\n") else { panic!() };
    assert!(matches!(&fault.fault, EventCellFault::UnknownZone { near } if near.contains(&"America/New_York".to_owned())), "{fault:?}");
    for window in ["ten", "10..-10", "0..9999999"] {
        let error = refuse(&format!("symbol,date,window\nNET,2022-09-02,{window}\n"));
        assert!(matches!(&error, EventFileError::Cell { fault, .. } if matches!(fault.fault, EventCellFault::Window(_))), "{error:?}");
    }
    let touching = refuse("symbol,date,window,estimation\nNET,2022-09-02,-10..10,-250..-10\n");
    assert!(touching.to_string().contains("line 2, column 24, estimation: the estimation window -250..-10 touches"), "{touching}");
}

#[test]
fn of_several_faults_the_first_row_s_is_named() {
    let error = refuse("event_id,symbol,date\na,NET,2022-09-02\nb,,2022-09-02\na,NET,nonsense\n");
    assert_eq!(error.location().and_then(Location::line_and_column), Some((3, 3)));
}

#[test]
fn a_missing_file_names_its_neighbours() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("events.csv"), "symbol,date\nNET,2022-09-02\n").unwrap();
    let error = read_events(&folder.path().join("event.csv"), &NEW_YORK).unwrap_err();
    assert_eq!(error.help(), "did you mean events.csv?");
    assert_eq!(read_events(&folder.path().join("events.csv"), &NEW_YORK).unwrap().list.events.len(), 1);
}

// ── characteristics ──

#[test]
fn a_column_is_numbers_only_when_all_its_cells_are() {
    let file = read("symbol,date,a,b,c,d\nNET,2022-09-02,1e3,1,,inf\nNET,2022-09-02,.,x,,2\n");
    let values: Vec<&CharacteristicValues> = file.list.characteristics.iter().map(|column| &column.values).collect();
    let texts = |texts: &[&str]| CharacteristicValues::Texts(texts.iter().map(|text| Some((*text).to_owned())).collect());
    assert_eq!(
        values,
        [
            &CharacteristicValues::Numbers(vec![Some(1_000.0), None]),
            &texts(&["1", "x"]),
            &CharacteristicValues::Numbers(vec![None, None]),
            &texts(&["inf", "2"]),
        ]
    );
    let comma = read("symbol;date;size\nNET;2022-09-02;1,5\nNET;2022-09-02;2\n");
    assert_eq!(comma.list.characteristics[0].values, CharacteristicValues::Numbers(vec![Some(1.5), Some(2.0)]));
}

// ── Parquet ──

fn parquet(columns: Vec<polars_core::prelude::Column>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let height = columns[0].len();
    ParquetWriter::new(&mut bytes).finish(&mut DataFrame::new(height, columns).unwrap()).unwrap();
    bytes
}

#[test]
fn a_parquet_file_gives_the_same_list_as_its_csv() {
    let dates = Series::new("date".into(), vec![19_237_i32, 19_240]).cast(&DataType::Date).unwrap();
    let bytes = parquet(vec![
        Series::new("event_id".into(), vec![9_007_199_254_740_993_i64, 2]).into_column(),
        Series::new("symbol".into(), vec!["NET", "AAPL"]).into_column(),
        dates.into_column(),
        Series::new("size".into(), vec![Some(1.5), None]).into_column(),
        Series::new("upheld".into(), vec![true, false]).into_column(),
    ]);
    let file = read_event_bytes("e.parquet", &bytes, Format::Parquet, &NEW_YORK).unwrap();
    let csv = read("event_id,symbol,date,size,upheld\n9007199254740993,NET,2022-09-02,1.5,true\n2,AAPL,2022-09-05,,false\n");
    assert_eq!(file.list, csv.list);
}

#[test]
fn parquet_datetimes_keep_their_time_and_faults_name_the_row() {
    let micros = |text: &str| text.parse::<chrono::NaiveDateTime>().unwrap().and_utc().timestamp_micros();
    let stamps = Series::new("date".into(), vec![micros("2022-09-02T16:30:00"), micros("2022-09-02T00:00:00")]);
    let stamps = stamps.i64().unwrap().clone().into_datetime(TimeUnit::Microseconds, None).into_column();
    let symbol = |symbols: Vec<&str>| Series::new("symbol".into(), symbols).into_column();
    let file = read_event_bytes("e.parquet", &parquet(vec![stamps.clone(), symbol(vec!["A", "B"])]), Format::Parquet, &NEW_YORK).unwrap();
    assert_eq!((written(&file, 0), written(&file, 1)), ("2022-09-02T16:30:00-04:00".to_owned(), "2022-09-02 Unknown".to_owned()));
    let error = read_event_bytes("e.parquet", &parquet(vec![stamps, symbol(vec!["A", ""])]), Format::Parquet, &NEW_YORK).unwrap_err();
    assert_eq!(error.location(), Some(&Location::Row { row: 2 }), "{error}");
    let error = read_event_bytes("e.parquet", b"PAR1", Format::Parquet, &NEW_YORK).unwrap_err();
    assert!(matches!(error, EventFileError::Table { fault: TableError::Parquet(_), .. }));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a file says, it is read, or refused with a message, a help and a place that is in it.
    #[test]
    fn a_damaged_file_is_read_or_refused(edits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4, prop::sample::select(b",;\t\"\r\n.-0 9:Z\xff".to_vec())), 0..6)) {
        let mut bytes = "event_id,symbol,date,time,timing,window,size\na,NET,2022-09-03,18:15-04:00,,-10..10,1.5\nb,\"N\"\"ET\",20220905,,amc,0,NA\n".as_bytes().to_vec();
        for (at, kind, byte) in edits {
            let at = at.index(bytes.len());
            match kind {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 if bytes.len() > 1 => drop(bytes.remove(at)),
                _ => bytes.truncate(at.max(1)),
            }
        }
        for format in [Format::Text, Format::Parquet] {
            {
            if let Err((message, help, location)) = read_event_bytes("e", &bytes, format, &NEW_YORK).map(|_| ()).map_err(|error| (error.to_string(), error.help(), error.location().cloned())) {
                prop_assert!(!message.is_empty() && !help.is_empty());
                if let Some((line, column)) = location.as_ref().and_then(Location::line_and_column) {
                    let text = String::from_utf8_lossy(&bytes).into_owned();
                    let found = text.split('\n').nth(line - 1).unwrap_or_default();
                    prop_assert!(column <= found.chars().count() + 1, "{message}");
                }
            }
            }
        }
    }
}
