//! Prices at scale: only the columns and symbols that are wanted, folders and patterns of files, and files that are read in pieces.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use aftermove::data::location::Location;
use aftermove::data::price_cell::CellFault;
use aftermove::data::price_file::{LoadedPrices, Note, PriceColumns, PriceFileError, PriceSource, Wanted, read_prices, read_wanted_prices};
use aftermove::data::price_parquet::PriceParquetError;
use aftermove::data::source_file::SourceFileError;
use chrono::NaiveDate;
use polars_core::prelude::{DataFrame, DataType, IntoColumn, NamedFrom, Series};
use polars_io::prelude::ParquetWriter;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn set(symbols: &[&str]) -> BTreeSet<String> {
    symbols.iter().map(|symbol| (*symbol).to_owned()).collect()
}

const LEVELS: Wanted = Wanted { columns: PriceColumns::Levels, symbols: None };

/// Reads one file of this text (or these bytes) under this name.
fn read(name: &str, bytes: impl AsRef<[u8]>, wanted: &Wanted) -> Result<LoadedPrices, PriceFileError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    read_wanted_prices(&[PriceSource::prices(path)], wanted)
}

fn symbols(loaded: &LoadedPrices) -> Vec<&str> {
    loaded.book.symbols().collect()
}

/// A tidy Parquet file of (day of September 2022, symbol, close), in groups of so many rows.
fn parquet(rows: &[(i32, &str, f64)], group: usize) -> Vec<u8> {
    let days: Vec<i32> = rows.iter().map(|(date, _, _)| 19_236 + date - 1).collect();
    let mut frame = DataFrame::new(
        rows.len(),
        vec![
            Series::new("date".into(), days).cast(&DataType::Date).unwrap().into_column(),
            Series::new("symbol".into(), rows.iter().map(|(_, symbol, _)| *symbol).collect::<Vec<_>>()).into_column(),
            Series::new("close".into(), rows.iter().map(|(_, _, close)| *close).collect::<Vec<_>>()).into_column(),
        ],
    )
    .unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).with_row_group_size(Some(group)).finish(&mut frame).unwrap();
    bytes
}

const BY_SYMBOL: [(i32, &str, f64); 6] = [(1, "A", 10.0), (2, "A", 11.0), (5, "A", 12.0), (1, "B", 20.0), (2, "B", 21.0), (5, "B", 22.0)];

// ── what is wanted ──

#[test]
fn levels_alone_leave_the_other_columns_unread() {
    let text = "date,symbol,close,adj_close,high,volume\n2022-09-01,A,10,5,no price,-1\n2022-09-02,A,,6,x,y\n2022-09-05,A,11,,z,\n";
    let loaded = read("p.csv", text, &LEVELS).unwrap();
    let series = loaded.book.get("A").unwrap();
    assert_eq!((series.closes(), series.highs(), series.volumes()), ([5.0, 6.0].as_slice(), [].as_slice(), [].as_slice()));
    assert_eq!(loaded.files[0].notes, [Note::AdjustedCloseUsed, Note::PricesMissing { count: 1 }]);
    assert!(read("p.csv", text, &Wanted::default()).is_err());
    let close = read("X.csv", "date,close,high\n2022-09-01,10,y\n", &LEVELS).unwrap();
    assert_eq!(close.book.get("X").unwrap().closes(), [10.0]);
    let returns = read("p.csv", "date,symbol,return,volume\n2022-09-01,A,0.1,z\n", &LEVELS).unwrap();
    assert!((returns.book.get("A").unwrap().closes()[0] - 110.0).abs() < 1e-9);
}

#[test]
fn only_the_symbols_wanted_are_kept() {
    let wanted = set(&["B", "C"]);
    let only = Wanted { columns: PriceColumns::All, symbols: Some(&wanted) };
    // What is wrong with the rows of another symbol doesn't matter.
    let tidy = "date,symbol,close\n2022-09-01,A,10\n2022-09-01,B,20\n2022-09-01,A,-1\n2022-09-02,B,21\n";
    let loaded = read("p.csv", tidy, &only).unwrap();
    assert_eq!((symbols(&loaded), loaded.book.get("B").unwrap().closes()), (vec!["B"], [20.0, 21.0].as_slice()));
    assert_eq!(loaded.files[0].rows, 4);
    let wide = read("p.csv", "date,A,B,C\n2022-09-01,x,20,30\n", &only).unwrap();
    assert_eq!(symbols(&wide), ["B", "C"]);
    assert_eq!(symbols(&read("B.csv", "date,close\n2022-09-01,20\n", &only).unwrap()), ["B"]);
    for nothing in [
        read("A.csv", "date,close\n2022-09-01,20\n", &only),
        read("p.csv", "date,symbol,close\n2022-09-01,A,1\n", &only),
        read("p.csv", "date,A\n2022-09-01,1\n", &only),
        read("p.parquet", parquet(&BY_SYMBOL[..3], 2), &only),
    ] {
        let nothing = nothing.unwrap();
        assert!(nothing.book.is_empty() && nothing.files.is_empty());
    }
}

#[test]
fn groups_of_rows_without_a_symbol_that_is_wanted_are_not_read() {
    let mut rows = BY_SYMBOL;
    rows[4].2 = -1.0;
    let bytes = parquet(&rows, 3);
    let wanted = set(&["A"]);
    let loaded = read("p.parquet", &bytes, &Wanted { columns: PriceColumns::Levels, symbols: Some(&wanted) }).unwrap();
    assert_eq!(loaded.book.get("A").unwrap().closes(), [10.0, 11.0, 12.0]);
    // The page of A's group is damaged; only B is wanted.
    let mut damaged = parquet(&BY_SYMBOL, 3);
    damaged[8..40].fill(0xff);
    let wanted = set(&["B"]);
    let loaded = read("p.parquet", &damaged, &Wanted { columns: PriceColumns::Levels, symbols: Some(&wanted) }).unwrap();
    assert_eq!(loaded.book.get("B").unwrap().closes(), [20.0, 21.0, 22.0]);
    assert!(read("p.parquet", &damaged, &LEVELS).is_err());
}

// ── folders and patterns ──

#[test]
fn a_folder_or_a_pattern_stands_for_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    write("B.csv", "date,close\n2022-09-01,20\n");
    write("A.csv", "date,close\n2022-09-01,10\n");
    write("C.tsv", "date\tclose\n2022-09-01\t30\n");
    write("notes.md", "no table");
    write(".hidden.csv", "no table");
    fs::create_dir(folder.path().join("older.csv")).unwrap();
    let read = |path: &Path| read_prices(&[PriceSource::prices(path)]);
    let all = read(folder.path()).unwrap();
    assert_eq!(symbols(&all), ["A", "B", "C"]);
    assert!(all.files[0].path.ends_with("A.csv") && all.files[2].path.ends_with("C.tsv"));
    assert_eq!(symbols(&read(&folder.path().join("[AB]*.csv")).unwrap()), ["A", "B"]);
    let wanted = set(&["B"]);
    let only = Wanted { columns: PriceColumns::Levels, symbols: Some(&wanted) };
    let loaded = read_wanted_prices(&[PriceSource::prices(folder.path())], &only).unwrap();
    assert_eq!((symbols(&loaded), loaded.files.len()), (vec!["B"], 1));
    let refuse = |path: &Path| read(path).unwrap_err();
    let none = refuse(&folder.path().join("*.parquet"));
    assert!(matches!(&none, PriceFileError::Source(SourceFileError::NoFile { folder: false, .. })), "{none:?}");
    assert!(none.help().contains(".csv"));
    let empty = refuse(&folder.path().join("older.csv"));
    assert!(matches!(&empty, PriceFileError::Source(SourceFileError::NoFile { folder: true, .. })), "{empty:?}");
    assert!(matches!(refuse(&folder.path().join("[A.csv")), PriceFileError::Source(SourceFileError::Pattern { .. })));
}

// ── pieces ──

#[test]
fn groups_of_rows_give_the_same_book_whatever_their_size() {
    let by_date = {
        let mut rows = BY_SYMBOL;
        rows.sort_by_key(|(date, _, _)| *date);
        rows
    };
    for rows in [BY_SYMBOL, by_date] {
        let whole = read("p.parquet", parquet(&rows, 100), &Wanted::default()).unwrap();
        assert_eq!(whole.book.get("A").unwrap().closes(), [10.0, 11.0, 12.0]);
        for group in 1..6 {
            let pieces = read("p.parquet", parquet(&rows, group), &Wanted::default()).unwrap();
            assert_eq!(pieces.book, whole.book, "{group}");
            assert_eq!((pieces.files[0].rows, &pieces.files[0].symbols), (6, &whole.files[0].symbols));
        }
    }
}

#[test]
fn a_fault_is_that_of_the_first_row_whatever_the_pieces() {
    let refuse = |rows: &[(i32, &str, f64)], group: usize| match read("p.parquet", parquet(rows, group), &Wanted::default()) {
        Err(PriceFileError::Parquet { fault: PriceParquetError::Cell(cell), .. }) => {
            (cell.location.clone(), cell.column.clone(), cell.fault.clone())
        }
        other => panic!("{other:?}"),
    };
    let place = |row: usize, column: &str, fault: CellFault| (Location::Row { row }, column.to_owned(), fault);
    for group in 1..8 {
        let negative = [(1, "A", 10.0), (2, "A", 11.0), (1, "B", 20.0), (5, "A", -1.0), (2, "B", -2.0)];
        assert_eq!(refuse(&negative, group), place(4, "close", CellFault::NotAPrice), "{group}");
        let twice = [(1, "A", 10.0), (2, "A", 11.0), (1, "B", 20.0), (2, "A", 12.0), (2, "B", -2.0)];
        assert_eq!(refuse(&twice, group), place(4, "date", CellFault::DateTwice { symbol: Some("A".to_owned()) }), "{group}");
        let falls = [(1, "A", 10.0), (5, "A", 11.0), (1, "B", 20.0), (2, "A", 12.0), (2, "B", -2.0)];
        let previous = day("2022-09-05");
        assert_eq!(refuse(&falls, group), place(4, "date", CellFault::OutOfOrder { symbol: Some("A".to_owned()), previous }), "{group}");
    }
}

/// More text than is read at once: 20 MB, which is also mapped and not read into memory.
#[test]
fn a_long_text_file_is_read_in_pieces() {
    let first = day("2000-01-03");
    let dates: Vec<NaiveDate> = first.iter_days().take(7_000).collect();
    let level = |symbol: usize, row: usize| 100.0 + symbol as f64 + (row % 97) as f64 / 8.0;
    let mut text = String::from("date,symbol,close\n");
    for (row, date) in dates.iter().enumerate() {
        for symbol in 0..100 {
            writeln!(text, "{date},S{symbol:02},{:.6}", level(symbol, row)).unwrap();
        }
        if row == 3_500 {
            text.push('\n');
        }
    }
    assert!(text.len() > 17 << 20, "{}", text.len());
    let loaded = read("p.csv", &text, &LEVELS).unwrap();
    assert_eq!((loaded.book.len(), loaded.files[0].rows), (100, 700_000));
    for symbol in [0, 42, 99] {
        let series = loaded.book.get(&format!("S{symbol:02}")).unwrap();
        assert_eq!(series.dates(), dates);
        assert!(series.closes().iter().enumerate().all(|(row, close)| *close == level(symbol, row)));
    }
    // One cell that is no number, near the end: its piece is read again as text, and its line is named.
    let line = text.lines().count();
    let cut = text.trim_end().rfind('\n').unwrap();
    let broken = format!("{}\n{},S99,1O0\n", &text[..cut], dates[6_999]);
    let error = read("p.csv", broken, &LEVELS).unwrap_err();
    assert_eq!(error.location().and_then(Location::line_and_column), Some((line, 16)), "{error}");
}
