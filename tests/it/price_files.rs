//! Price files: every layout, every way in which one can be wrong, and that no file makes the reader panic.

use std::fs;
use std::path::PathBuf;

use aftermove::data::location::Location;
use aftermove::data::parquet_table::ParquetTableError;
use aftermove::data::price_cell::CellFault;
use aftermove::data::price_csv::PriceTextError;
use aftermove::data::price_file::{Content, Format, LoadedPrices, Note, PriceFileError, PriceSource, read_price_bytes, read_prices};
use aftermove::data::price_layout::LayoutError;
use aftermove::data::price_parquet::PriceParquetError;
use aftermove::data::source_file::SourceFileError;
use aftermove::data::text_table::TextTableError;
use aftermove::series::{Basis, PriceSeries};
use chrono::NaiveDate;
use polars_core::prelude::{Column, DataFrame, DataType, IntoColumn, NamedFrom, Series, TimeUnit, TimeZone};
use polars_io::prelude::ParquetWriter;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn read(name: &str, text: &str) -> LoadedPrices {
    read_price_bytes(name, text.as_bytes(), Format::Text, Content::Prices).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refuse(name: &str, text: &str) -> PriceFileError {
    refuse_bytes(name, text.as_bytes(), Format::Text)
}

fn refuse_bytes(name: &str, bytes: &[u8], format: Format) -> PriceFileError {
    read_price_bytes(name, bytes, format, Content::Prices).expect_err("the file should be refused")
}

fn series<'a>(loaded: &'a LoadedPrices, symbol: &str) -> &'a PriceSeries {
    loaded.book.get(symbol).unwrap()
}

fn closes(loaded: &LoadedPrices, symbol: &str) -> Vec<f64> {
    series(loaded, symbol).closes().to_vec()
}

/// Asserts the place of an error, the text of its line, and a word of its help.
#[track_caller]
fn assert_place(error: &PriceFileError, line: usize, column: usize, text: &str, help: &str) {
    let expected = Location::Text { line, column, text: text.to_owned() };
    assert_eq!(error.location(), Some(&expected), "{error}");
    assert!(error.help().contains(help), "the help \"{}\" should say \"{help}\"", error.help());
    assert!(error.to_string().contains(&format!("line {line}, column {column}")), "{error}");
}

#[track_caller]
fn assert_cell(error: &PriceFileError, column: &str, value: &str, fault: &CellFault) {
    let PriceFileError::Text { fault: PriceTextError::Cell(cell), .. } = error else { panic!("{error:?}") };
    assert_eq!((cell.column.as_str(), cell.value.as_str(), &cell.fault), (column, value, fault));
}

const TIDY: &str = "\
date,symbol,close,volume
2022-08-31,NET,62.57,3000000
2022-08-31,^GSPC,3955.00,
2022-09-01,NET,60.51,5000000
2022-09-01,^GSPC,3966.85,
2022-09-02,NET,59.43,4000000
2022-09-02,^GSPC,3924.26,
2022-09-06,NET,58.43,6000000
2022-09-06,^GSPC,3908.19,
2022-09-07,NET,61.29,2000000
2022-09-07,^GSPC,3979.87,
2022-09-08,NET,62.97,1000000
2022-09-08,^GSPC,4006.18,
";

// ── layouts ──

#[test]
fn a_tidy_file_is_read_by_symbol() {
    let loaded = read("prices.csv", TIDY);
    assert_eq!(closes(&loaded, "NET"), [62.57, 60.51, 59.43, 58.43, 61.29, 62.97]);
    assert_eq!(closes(&loaded, "^GSPC"), [3955.0, 3966.85, 3924.26, 3908.19, 3979.87, 4006.18]);
    assert_eq!(series(&loaded, "NET").volumes()[1], Some(5e6));
    assert_eq!(series(&loaded, "^GSPC").volumes(), []);
    assert_eq!(series(&loaded, "NET").dates()[3], day("2022-09-06"));
    let [file] = loaded.files.as_slice() else { panic!() };
    assert_eq!((file.path.as_str(), file.rows, file.basis), ("prices.csv", 12, Basis::Close));
    assert_eq!(file.symbols, ["NET", "^GSPC"]);
    assert_eq!(file.notes, []);
}

#[test]
fn a_tidy_file_may_be_sorted_by_symbol_and_have_its_columns_in_any_order() {
    let mut rows: Vec<&str> = TIDY.lines().skip(1).collect();
    rows.sort_by_key(|row| row.split(',').nth(1).unwrap());
    let swapped: Vec<String> = rows
        .iter()
        .map(|row| {
            let cells: Vec<&str> = row.split(',').collect();
            format!("{},x,{},{},{}\n", cells[3], cells[2], cells[1], cells[0])
        })
        .collect();
    let loaded = read("prices.csv", &format!("Volume,sector,Close,Ticker,Date\n{}", swapped.concat()));
    assert_eq!(loaded.book, read("prices.csv", TIDY).book);
}

#[test]
fn every_separator_line_end_quote_and_byte_order_mark_gives_the_same_book() {
    let plain = read("prices.csv", TIDY).book;
    let comma_decimals = TIDY.replace(',', ";").replace('.', ",");
    let quoted: String =
        TIDY.lines().map(|line| line.split(',').map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",") + "\n").collect();
    for text in [
        TIDY.replace('\n', "\r\n"),
        TIDY.replace(',', ";"),
        TIDY.replace(',', "\t"),
        comma_decimals.clone(),
        comma_decimals.replace('\n', "\r\n"),
        quoted.clone(),
        quoted.replace('\n', "\r\n"),
        format!("\u{feff}{TIDY}"),
        format!("\n\n{TIDY}\n\n"),
        TIDY.replace("2022-09-06,NET", "\n   \n2022-09-06,NET"),
        TIDY.trim_end().to_owned(),
        TIDY.replace(',', " , "),
        TIDY.replace("date,symbol", " DATE,<Ticker>"),
        TIDY.replace("2022-09-", "202209").replace("2022-08-", "202208"),
        TIDY.replace(",NET", "T00:00:00.000Z,NET").replace(",^G", " 16:00:00-04:00,^G"),
    ] {
        assert_eq!(read("prices.csv", &text).book, plain, "{text}");
    }
}

#[test]
fn quotes_may_hold_separators_line_ends_and_doubled_quotes() {
    let loaded = read("p.csv", "date,symbol,name,close\n2022-09-01,\"A,B\",\"The \"\"big\"\"\nfirm\",1.5\n2022-09-02,\"A,B\",x,2\n");
    assert_eq!(closes(&loaded, "A,B"), [1.5, 2.0]);
}

#[test]
fn a_wide_file_has_a_column_a_symbol() {
    let text = "Date,NET,^GSPC,LOW\n2022-09-01,60.51,3966.85,194\n2022-09-02,,3924.26,192.1\n2022-09-06,58.43,3908.19,.\n";
    let loaded = read("wide.csv", text);
    assert_eq!(closes(&loaded, "NET"), [60.51, 58.43]);
    assert_eq!(series(&loaded, "NET").dates(), [day("2022-09-01"), day("2022-09-06")]);
    assert_eq!(closes(&loaded, "LOW"), [194.0, 192.1]);
    assert_eq!(loaded.files[0].symbols, ["NET", "^GSPC", "LOW"]);
    assert_eq!(loaded.files[0].rows, 3);
    assert_eq!(loaded.files[0].notes, [Note::PricesMissing { count: 2 }]);
}

#[test]
fn a_wide_file_of_returns_is_cumulated_from_100() {
    let text = "date,A,B\n2022-09-01,0.1,\n2022-09-02,-0.5,0.25\n2022-09-05,,0\n";
    let loaded = read_price_bytes("returns.csv", text.as_bytes(), Format::Text, Content::Returns).unwrap();
    // 100 × 1.1 = 110, × 0.5 = 55; 100 × 1.25 = 125. Tolerance: the rounding of two products.
    for (found, expected) in closes(&loaded, "A").into_iter().chain(closes(&loaded, "B")).zip([110.0, 55.0, 125.0, 125.0]) {
        assert!((found - expected).abs() < 1e-12);
    }
    assert_eq!(loaded.files[0].basis, Basis::CumulatedReturns);
    assert_eq!(loaded.files[0].notes, [Note::PricesMissing { count: 2 }]);
    // The same file without being told is prices, and −0.5 isn't one.
    assert_cell(&refuse("returns.csv", text), "A", "-0.5", &CellFault::NotAPrice);
}

#[test]
fn a_tidy_file_of_returns_says_so_in_its_header() {
    let loaded = read("r.csv", "date,symbol,return\n2022-09-01,A,0.1\n2022-09-02,A,NA\n2022-09-05,A,0.1\n");
    assert_eq!(series(&loaded, "A").basis(), Basis::CumulatedReturns);
    assert_eq!(series(&loaded, "A").dates(), [day("2022-09-01"), day("2022-09-05")]);
    assert_eq!(series(&loaded, "A").performance(day("2022-09-01"), day("2022-09-05")), None);
}

#[test]
fn a_yahoo_file_gives_adjusted_closes_and_is_named_after_its_symbol() {
    let text = "\
Date,Open,High,Low,Close,Adj Close,Volume
2022-08-29,100,110,90,100,50,1000
2022-08-30,null,null,null,null,null,null
2022-08-31,101,120,96,104,52.0,2000
";
    let loaded = read("some/folder/^DJI.csv", text);
    let found = series(&loaded, "^DJI");
    assert_eq!(found.basis(), Basis::AdjustedClose);
    assert_eq!(found.closes(), [50.0, 52.0]);
    assert_eq!(found.highs(), [Some(55.0), Some(60.0)]);
    assert_eq!(found.lows(), [Some(45.0), Some(48.0)]);
    assert_eq!(found.volumes(), [Some(1000.0), Some(2000.0)]);
    assert_eq!(loaded.files[0].notes, [Note::AdjustedCloseUsed, Note::PricesMissing { count: 1 }]);
    assert_eq!(loaded.files[0].rows, 3);
}

#[test]
fn an_adjusted_close_alone_has_no_scale_for_highs() {
    let loaded = read("X.csv", "date,adjusted_close,high\n2022-09-01,5,11\n");
    assert_eq!(closes(&loaded, "X"), [5.0]);
    assert_eq!(series(&loaded, "X").highs(), []);
}

#[test]
fn stooq_files_are_read_in_both_styles() {
    let web = read(
        "net.us.csv",
        "Date,Open,High,Low,Close,Volume\n2022-09-01,61.9,62,58.6,60.51,4892141.5\n2022-09-02,61.3,62.2,58.9,59.43,3614912\n",
    );
    assert_eq!(closes(&web, "net.us"), [60.51, 59.43]);
    assert_eq!(series(&web, "net.us").highs(), [Some(62.0), Some(62.2)]);
    let ascii = "\
<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>
NET.US,D,20220901,000000,61.9,62,58.6,60.51,4892141.5,0
NET.US,D,20220902,000000,61.3,62.2,58.9,59.43,3614912,0
";
    let ascii = read("net.us.txt", ascii);
    assert_eq!(ascii.files[0].symbols, ["NET.US"]);
    assert_eq!(series(&ascii, "NET.US"), series(&web, "net.us"));
}

#[test]
fn every_way_to_write_a_missing_price_is_one() {
    for missing in ["", "null", "NULL", "NA", "n/a", "NaN", "nan", ".", "-", " NA ", "\"\"", "\"null\""] {
        let loaded = read("X.csv", &format!("date,close,volume\n2022-09-01,1,{missing}\n2022-09-02,{missing},7\n2022-09-05,3,8\n"));
        assert_eq!(closes(&loaded, "X"), [1.0, 3.0], "{missing}");
        assert_eq!(series(&loaded, "X").volumes(), [None, Some(8.0)], "{missing}");
        assert_eq!(loaded.files[0].notes, [Note::PricesMissing { count: 1 }]);
    }
}

#[test]
fn a_symbol_named_like_a_missing_value_is_a_symbol() {
    let loaded = read("p.csv", "date,symbol,close\n2022-09-01,NA,1\n2022-09-01,null,N/A\n2022-09-02,null,4\n");
    assert_eq!(loaded.files[0].symbols, ["NA", "null"]);
}

#[test]
fn a_symbol_without_a_price_is_noted_and_left_out() {
    let loaded = read("w.csv", "date,A,B\n2022-09-01,1,\n2022-09-02,2,NA\n");
    assert_eq!(loaded.files[0].symbols, ["A"]);
    assert_eq!(loaded.files[0].notes, [Note::PricesMissing { count: 2 }, Note::SymbolsWithoutPrice { symbols: vec!["B".to_owned()] }]);
}

#[test]
fn files_of_every_kind_go_into_one_book() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| -> PathBuf {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let tidy = write("tidy.csv", TIDY.as_bytes());
    let yahoo = write("AAPL.CSV", b"Date,Close\n2022-09-01,157.96\n");
    let wide = write("returns.tsv", b"date\tA\n2022-09-01\t0.5\n");
    let parquet = write("p.parquet", &parquet_bytes(tidy_columns()));
    let sources = [PriceSource::prices(&tidy), PriceSource::prices(yahoo), PriceSource::returns(wide), PriceSource::prices(parquet)];
    let loaded = read_prices(&sources).unwrap();
    assert_eq!(loaded.book.symbols().collect::<Vec<_>>(), ["A", "AAPL", "MSFT", "NET", "TSLA", "^GSPC"]);
    assert_eq!(loaded.files[0].path, tidy.to_string_lossy());
    // `printf 'Date,Close\n2022-09-01,157.96\n' | sha256sum` (GNU coreutils)
    assert_eq!(loaded.files[1].sha256, "1074e287aa9b9f56eb149dd04c380cd287370030e3a0d30eaf786eeece35545c");
    assert_eq!(loaded, read_prices(&sources).unwrap());
}

// ── what can't be read ──

#[test]
fn files_that_are_not_there_or_not_files_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("prices_2022.csv"), TIDY).unwrap();
    fs::write(at("prices.xlsx"), "x").unwrap();
    fs::write(at("prices.csv.gz"), "x").unwrap();
    fs::write(at("prices"), TIDY).unwrap();
    fs::create_dir(at("folder.csv")).unwrap();
    let refuse = |name: &str| read_prices(&[PriceSource::prices(at(name))]).unwrap_err();
    let missing = refuse("prices_2023.csv");
    assert!(matches!(missing, PriceFileError::Source(SourceFileError::Missing { .. })));
    assert!(missing.help().contains("did you mean prices_2022.csv"), "{}", missing.help());
    assert!(missing.to_string().contains("prices_2023.csv: there is no such file"));
    assert!(matches!(refuse("folder.csv"), PriceFileError::Source(SourceFileError::NoFile { folder: true, .. })));
    assert!(
        matches!(refuse("prices.xlsx"), PriceFileError::Source(SourceFileError::UnknownFormat { extension, .. }) if extension == "xlsx")
    );
    assert!(refuse("prices").help().contains(".csv"));
    let compressed = refuse("prices.csv.gz");
    assert!(matches!(&compressed, PriceFileError::Source(SourceFileError::Compressed { extension, .. }) if extension == "gz"));
    assert!(compressed.help().contains("unpack"));
}

#[test]
fn the_first_bad_file_in_the_order_given_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    let sources: Vec<_> = (0..20).map(|index| PriceSource::prices(folder.path().join(format!("{index}.csv")))).collect();
    fs::write(folder.path().join("0.csv"), "date,close\n2022-09-01,1\n").unwrap();
    assert!(read_prices(&sources).unwrap_err().file().ends_with("1.csv"));
}

#[test]
fn a_symbol_in_two_files_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("tidy.csv"), folder.path().join("NET.csv"));
    fs::write(&first, TIDY).unwrap();
    fs::write(&second, "date,close\n2022-09-01,1\n").unwrap();
    let error = read_prices(&[PriceSource::prices(&first), PriceSource::prices(&second)]).unwrap_err();
    let PriceFileError::SymbolInTwoFiles { symbol, first: one, second: other } = &error else { panic!("{error:?}") };
    assert_eq!((symbol.as_str(), one.as_str(), other.as_str()), ("NET", &*first.to_string_lossy(), &*second.to_string_lossy()));
    assert!(error.help().contains("rename"));
}

#[test]
fn empty_files_and_headers_alone_are_refused() {
    let fault = |text: &str| match refuse("p.csv", text) {
        PriceFileError::Text { fault: PriceTextError::Table(fault), .. } => fault,
        other => panic!("{other:?}"),
    };
    for text in ["", " \n\n", "\u{feff}", "\t"] {
        assert_eq!(fault(text), TextTableError::Empty);
    }
    for text in ["date,symbol,close", "date,symbol,close\n", "date,close\r\n\r\n  \n"] {
        assert_eq!(fault(text), TextTableError::HeaderOnly);
    }
    assert_eq!(fault("date,close\r2022-09-01,1\r"), TextTableError::CarriageReturns);
    assert!(matches!(fault("PAR1 and more"), TextTableError::Binary { kind } if kind.contains("Parquet")));
}

#[test]
fn bytes_that_are_not_utf_8_are_placed() {
    let latin = b"date,symbol,close\n2022-09-01,AAPL,1\n2022-09-01,\xc9DF,1\n";
    let error = refuse_bytes("p.csv", latin, Format::Text);
    assert_place(&error, 3, 12, "2022-09-01,\u{fffd}DF,1", "UTF-8");
    assert!(error.to_string().contains("byte 47"), "{error}");
    let utf_16: Vec<u8> = [0xff, 0xfe].into_iter().chain("date,close\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert!(refuse_bytes("p.csv", &utf_16, Format::Text).help().contains("UTF-16"));
}

#[test]
fn headers_that_do_not_say_what_is_needed_are_shown() {
    let fault = |header: &str| match refuse("p.csv", &format!("{header}\n1,2,3\n")) {
        PriceFileError::Text { fault: PriceTextError::Layout { line: 1, fault }, .. } => fault,
        other => panic!("{other:?}"),
    };
    let no_date = fault("Dates,symbol,close");
    assert!(matches!(&no_date, LayoutError::NoDateColumn { near, .. } if near == &["Dates"]));
    assert!(no_date.to_string().contains("\"Dates\", \"symbol\", \"close\"") && no_date.help().contains("rename \"Dates\"?"));
    assert!(fault("date|symbol|close").help().contains("commas, semicolons or tabs"));
    let no_price = fault("date,symbol,closing");
    assert!(matches!(&no_price, LayoutError::NoPriceColumn { near, .. } if near == &["closing"]), "{no_price:?}");
    // investing.com: a price a file, but not called close. It must not pass for a wide file of the symbols "Price", "Open", …
    assert!(matches!(fault("Date,Price,Open,High,Low,Vol.,Change %"), LayoutError::NoPriceColumn { .. }));
    assert!(matches!(fault("date,last,volume"), LayoutError::NoPriceColumn { .. }));
    assert!(matches!(fault("date"), LayoutError::NoPriceColumn { .. }));
    assert_eq!(fault("date,AAPL,"), LayoutError::UnnamedColumn { number: 3 });
    let twice = fault("date,Adj Close,ADJ-CLOSE");
    assert!(matches!(&twice, LayoutError::ColumnTwice { first: 2, second: 3, .. }), "{twice:?}");
    assert!(matches!(fault("date,AAPL,MSFT,AAPL"), LayoutError::ColumnTwice { first: 2, second: 4, .. }));
    assert!(matches!(fault("date,symbol,ticker,close"), LayoutError::ColumnTwice { first: 2, second: 3, .. }));
    let returns = read_price_bytes("p.csv", b"date,symbol,close\n", Format::Text, Content::Returns).unwrap_err();
    assert!(returns.to_string().contains("no column \"return\""), "{returns}");
}

#[test]
fn rows_with_another_number_of_cells_than_the_header_are_refused() {
    let error = refuse("p.csv", "date,symbol,close\n2022-09-01,A,1\n2022-09-02,A\n2022-09-05,A,3\n");
    assert_place(&error, 3, 13, "2022-09-02,A", "one cell a column");
    assert!(error.to_string().contains("2 cells and the header 3 names"), "{error}");
    // A thousands comma makes a cell too many.
    let error = refuse("p.csv", "date,symbol,close\n2022-09-01,A,1,234.5\n");
    assert_place(&error, 2, 16, "2022-09-01,A,1,234.5", "quotes");
    // Fewer names than cells, in every row: polars alone would drop the last cells.
    assert_place(&refuse("p.csv", "date,close\r\n2022-09-01,1,9\r\n"), 2, 14, "2022-09-01,1,9", "one cell a column");
    assert_place(&refuse("p.csv", "date,close\n2022-09-01,1\n2022-09-02"), 3, 11, "2022-09-02", "one cell a column");
}

#[test]
fn quotes_that_do_not_enclose_a_cell_are_placed() {
    let unclosed = refuse("p.csv", "date,symbol,close\n2022-09-01,\"A,1\n2022-09-02,A,2\n");
    assert_place(&unclosed, 2, 12, "2022-09-01,\"A,1", "quotes around the whole cell");
    assert_place(&refuse("p.csv", "date,symbol,close\n2022-09-01,A\"B,1\n"), 2, 13, "2022-09-01,A\"B,1", "double those inside");
    assert_place(&refuse("p.csv", "date,symbol,close\n2022-09-01,\"A\"B,1\n"), 2, 15, "2022-09-01,\"A\"B,1", "double those inside");
    // polars panics on a lone quote in a column of numbers.
    assert_place(&refuse("p.csv", "date,close\n2022-09-01,\""), 2, 12, "2022-09-01,\"", "quotes");
}

#[test]
fn cells_that_are_no_prices_are_placed() {
    let refuse_close = |cell: &str| refuse("p.csv", &format!("date,symbol,close\n2022-09-01,Ä,1\n2022-09-02,Ä,{cell}\n"));
    let text = |cell: &str| format!("2022-09-02,Ä,{cell}");
    for (cell, fault, help) in [
        ("abc", CellFault::NotANumber, "1234.5"),
        ("$12", CellFault::NotANumber, "currency"),
        ("1.2.3", CellFault::NotANumber, "1234.5"),
        ("1 234", CellFault::NotANumber, "thousands"),
        ("0x10", CellFault::NotANumber, "1234.5"),
        ("--", CellFault::NotANumber, "leave the cell empty"),
        ("0", CellFault::NotAPrice, "leave the cell empty"),
        ("-3.50", CellFault::NotAPrice, "correct the price"),
        ("inf", CellFault::NotAPrice, "correct the price"),
        ("1e999", CellFault::NotAPrice, "correct the price"),
    ] {
        let error = refuse_close(cell);
        assert_place(&error, 3, 14, &text(cell), help);
        assert_cell(&error, "close", cell, &fault);
    }
    let thousands = refuse_close("\"1,234.50\"");
    assert_place(&thousands, 3, 14, &text("\"1,234.50\""), "thousands");
    assert_cell(&thousands, "close", "1,234.50", &CellFault::NotANumber);
}

#[test]
fn a_bad_cell_behind_a_quoted_line_end_is_on_its_own_line() {
    let error = refuse("p.csv", "date,name,close\n2022-09-01,\"two\nlines\",1\n\n2022-09-02,\"x\ny\",bad\n");
    assert_place(&error, 6, 4, "y\",bad", "1234.5");
}

#[test]
fn one_file_has_one_decimal_mark() {
    let german = refuse("p.csv", "date;close\n2022-09-01;987,65\n2022-09-02;1.234\n");
    assert_place(&german, 3, 12, "2022-09-02;1.234", "1234,5");
    assert_cell(&german, "close", "1.234", &CellFault::NotANumber);
    let mixed = refuse("p.csv", "date;close\n2022-09-01;987.65\n2022-09-02;1,234\n");
    assert_cell(&mixed, "close", "1,234", &CellFault::NotANumber);
    assert_eq!(closes(&read("X.csv", "date;close\n2022-09-01;12\n2022-09-02;1,5\n"), "X"), [12.0, 1.5]);
}

#[test]
fn highs_lows_volumes_and_adjusted_closes_are_checked() {
    let refuse_row = |row: &str| refuse("X.csv", &format!("date,high,low,close,adj_close,volume\n2022-09-01,2,1,1,1,5\n{row}\n"));
    assert_cell(&refuse_row("2022-09-02,x,1,1,1,5"), "high", "x", &CellFault::NotANumber);
    assert_cell(&refuse_row("2022-09-02,2,0,1,1,5"), "low", "0", &CellFault::NotAPrice);
    assert_cell(&refuse_row("2022-09-02,2,1,1,-1,5"), "adj_close", "-1", &CellFault::NotAPrice);
    let volume = refuse_row("2022-09-02,2,1,1,1,-5");
    assert_cell(&volume, "volume", "-5", &CellFault::NotAVolume);
    assert_place(&volume, 3, 20, "2022-09-02,2,1,1,1,-5", "correct the volume");
    assert_cell(&refuse_row("2022-09-02,2,1,1,1,5M"), "volume", "5M", &CellFault::NotANumber);
    let unadjusted = refuse_row("2022-09-02,2,1,1,,5");
    assert_cell(&unadjusted, "adj_close", "", &CellFault::AdjustedCloseMissing);
    assert_place(&unadjusted, 3, 18, "2022-09-02,2,1,1,,5", "two bases");
}

#[test]
fn dates_with_two_readings_or_none_are_placed() {
    let refuse_date = |cell: &str| refuse("X.csv", &format!("close,date\n1,2022-09-01\n2,{cell}\n"));
    for (cell, fault) in [
        ("02/09/2022", CellFault::DateFormat),
        ("2022/09/02", CellFault::DateFormat),
        ("2-Sep-22", CellFault::DateFormat),
        ("2022-9-2", CellFault::DateFormat),
        ("1662076800", CellFault::DateFormat),
        ("2022-09-02x", CellFault::DateFormat),
        ("2022-02-30", CellFault::NoSuchDay),
        ("20221302", CellFault::NoSuchDay),
        ("", CellFault::DateMissing),
    ] {
        let error = refuse_date(cell);
        assert_place(&error, 3, 3, &format!("2,{cell}"), if cell.is_empty() { "2022-09-02" } else { "year-month-day" });
        assert_cell(&error, "date", cell, &fault);
    }
}

#[test]
fn each_symbols_own_dates_must_rise() {
    let twice = refuse("p.csv", "date,symbol,close\n2022-09-01,A,1\n2022-09-01,B,1\n2022-09-02,B,1\n2022-09-01,A,1\n");
    assert_place(&twice, 5, 1, "2022-09-01,A,1", "one row a date");
    assert_cell(&twice, "date", "2022-09-01", &CellFault::DateTwice { symbol: Some("A".to_owned()) });
    let falls = refuse("p.csv", "date,symbol,close\n2022-09-02,A,1\n2022-09-05,B,1\n2022-09-01,A,1\n");
    assert_place(&falls, 4, 1, "2022-09-01,A,1", "sort the rows");
    assert_cell(&falls, "date", "2022-09-01", &CellFault::OutOfOrder { symbol: Some("A".to_owned()), previous: day("2022-09-02") });
    let wide = refuse("w.csv", "date,A,B\n2022-09-02,1,1\n2022-09-01,1,1\n");
    assert_place(&wide, 3, 1, "2022-09-01,1,1", "sort the rows");
    assert_cell(&refuse("w.csv", "date,A\n20220902,1\n\n20220902,1\n"), "date", "20220902", &CellFault::DateTwice { symbol: None });
}

#[test]
fn a_row_needs_a_symbol_and_a_file_a_price() {
    assert_place(&refuse("p.csv", "date,symbol,close\n2022-09-01, ,1\n"), 2, 12, "2022-09-01, ,1", "symbol");
    assert!(matches!(refuse("p.csv", "date,A\n2022-09-01,\n"), PriceFileError::Text { fault: PriceTextError::NoPrice, .. }));
}

#[test]
fn a_return_of_minus_one_or_less_is_refused() {
    let text = b"date,A,B\n2022-09-01,0.1,0.1\n2022-09-02,0.1,-1\n2022-09-05,-12,0.1\n";
    let error = read_price_bytes("r.csv", text, Format::Text, Content::Returns).unwrap_err();
    // The first bad row, not the first bad column.
    assert_place(&error, 3, 16, "2022-09-02,0.1,-1", "fractions");
    assert_cell(&error, "B", "-1", &CellFault::NotAReturn);
}

/// Prices taken for returns: +6051 % a session. It was "no row has a price".
#[test]
fn returns_whose_level_leaves_the_range_of_prices_are_named_and_not_lost() {
    let refuse = |text: &str| read_price_bytes("r.csv", text.as_bytes(), Format::Text, Content::Returns).unwrap_err();
    let rows: String = (1..=9).map(|day| format!("2022-09-0{day},0.1,60.51\n")).collect();
    let wide = refuse(&format!("date,A,B\n{rows}"));
    // 100 × 61.51⁵ is 8.8e10, and once more is past 1e12: the sixth row, line 7.
    assert_place(&wide, 7, 16, "2022-09-06,0.1,60.51", "don't read them as returns");
    assert_cell(&wide, "B", "60.51", &CellFault::NotAReturn);
    let rows: String = (1..=9).map(|day| format!("2022-09-0{day},A,0.1\n2022-09-0{day},B,60.51\n")).collect();
    let tidy = refuse(&format!("date,symbol,return\n{rows}"));
    assert_place(&tidy, 13, 14, "2022-09-06,B,60.51", "don't read them as returns");
    assert_cell(&tidy, "return", "60.51", &CellFault::NotAReturn);
}

#[test]
fn the_first_of_many_bad_cells_is_the_one_named_in_a_long_file() {
    let mut text = String::from("date,symbol,close\n");
    for row in 0..50_000_i32 {
        let date = NaiveDate::from_num_days_from_ce_opt(700_000 + row / 50).unwrap();
        text += &format!("{date},S{},{}\n", row % 50, if row == 31_415 || row == 49_999 { "oops" } else { "12.5" });
    }
    let error = refuse("p.csv", &text);
    let line = text.lines().nth(31_416).unwrap();
    assert_place(&error, 31_417, line.len() - 3, line, "1234.5");
}

// ── Parquet ──

fn parquet_bytes(columns: Vec<Column>) -> Vec<u8> {
    let height = columns.first().map_or(0, Column::len);
    let mut frame = DataFrame::new(height, columns).unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    bytes
}

fn column<T, P: ?Sized>(name: &str, values: T) -> Column
where
    Series: NamedFrom<T, P>,
{
    Series::new(name.into(), values).into_column()
}

fn days_since_1970(dates: &[&str]) -> Vec<i32> {
    dates.iter().map(|date| i32::try_from((day(date) - day("1970-01-01")).num_days()).unwrap()).collect()
}

fn tidy_columns() -> Vec<Column> {
    vec![
        column("date", days_since_1970(&["2022-09-01", "2022-09-01", "2022-09-02", "2022-09-02"])).cast(&DataType::Date).unwrap(),
        column("symbol", vec!["MSFT", "TSLA", "MSFT", "TSLA"]),
        column("close", vec![Some(260.4), Some(277.16), None, Some(270.21)]),
        column("volume", vec![23_263_400_i64, 54_287_000, 1, 50_890_100]),
    ]
}

fn read_parquet(columns: Vec<Column>) -> LoadedPrices {
    read_price_bytes("X.parquet", &parquet_bytes(columns), Format::Parquet, Content::Prices).unwrap_or_else(|error| panic!("{error}"))
}

fn refuse_parquet(columns: Vec<Column>) -> PriceParquetError {
    match refuse_bytes("X.parquet", &parquet_bytes(columns), Format::Parquet) {
        PriceFileError::Parquet { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_tidy_parquet_file_gives_the_same_book_as_its_csv() {
    let csv = "date,symbol,close,volume\n2022-09-01,MSFT,260.4,23263400\n2022-09-01,TSLA,277.16,54287000\n2022-09-02,MSFT,,1\n2022-09-02,TSLA,270.21,50890100\n";
    let parquet = read_parquet(tidy_columns());
    assert_eq!(parquet.book, read("p.csv", csv).book);
    assert_eq!(parquet.files[0].notes, [Note::PricesMissing { count: 1 }]);
    assert_eq!(parquet.files[0].rows, 4);
}

#[test]
fn parquet_dates_may_be_dates_datetimes_or_text() {
    let close = || column("Close", vec![1.0, 2.0]);
    let days = ["2022-09-01", "2022-09-02"];
    let midnights: Vec<i64> = days_since_1970(&days).iter().map(|days| i64::from(*days) * 86_400_000_000).collect();
    let datetimes = |shift_hours: i64, zone: Option<&'static str>| {
        let shifted: Vec<i64> = midnights.iter().map(|midnight| midnight + shift_hours * 3_600_000_000).collect();
        let zone = zone.map(|zone| TimeZone::opt_try_new(Some(zone)).unwrap().unwrap());
        column("Date", shifted).i64().unwrap().clone().into_datetime(TimeUnit::Microseconds, zone).into_column()
    };
    for dates in [
        column("Date", days_since_1970(&days)).cast(&DataType::Date).unwrap(),
        column("Date", days.to_vec()),
        datetimes(0, None),
        datetimes(16, None),
        // Midnight in Paris is 22:00 of the day before in UTC; in New York, 04:00.
        datetimes(-2, Some("Europe/Paris")),
        datetimes(4, Some("America/New_York")),
        datetimes(0, Some("UTC")),
    ] {
        let dtype = dates.dtype().to_string();
        let loaded = read_parquet(vec![dates, close()]);
        assert_eq!(series(&loaded, "X").dates(), [day("2022-09-01"), day("2022-09-02")], "{dtype}");
    }
}

#[test]
fn parquet_numbers_may_be_of_any_numeric_type() {
    for numbers in [
        column("A", vec![1_i32, 2]),
        column("A", vec![1_u32, 2]),
        column("A", vec![1_i64, 2]),
        column("A", vec![1_u64, 2]),
        column("A", vec![1_f32, 2.0]),
        column("A", vec![1_i64, 2]).cast(&DataType::Decimal(20, 4)).unwrap(),
    ] {
        let dtype = numbers.dtype().to_string();
        let dates = column("date", vec!["2022-09-01", "2022-09-02"]);
        assert_eq!(closes(&read_parquet(vec![dates, numbers]), "A"), [1.0, 2.0], "{dtype}");
    }
    let nan = read_parquet(vec![column("date", vec!["2022-09-01", "2022-09-02"]), column("A", vec![f64::NAN, 2.0])]);
    assert_eq!(closes(&nan, "A"), [2.0]);
}

#[test]
fn parquet_values_that_can_not_be_used_are_named_by_row_and_column() {
    let dates = || column("date", vec!["2022-09-01", "2022-09-02"]);
    let place = |fault: &PriceParquetError| match fault {
        PriceParquetError::Cell(cell) => (cell.location.clone(), cell.column.clone(), cell.value.clone(), cell.fault.clone()),
        other => panic!("{other:?}"),
    };
    let negative = refuse_parquet(vec![dates(), column("A", vec![1.0, -2.5])]);
    assert_eq!(place(&negative), (Location::Row { row: 2 }, "A".to_owned(), "-2.5".to_owned(), CellFault::NotAPrice));
    assert!(negative.to_string().contains("row 2, A") && negative.help().contains("correct the price"), "{negative}");
    let date = refuse_parquet(vec![column("date", vec!["2022-09-01", "02/09/2022"]), column("A", vec![1.0, 2.5])]);
    assert_eq!(place(&date), (Location::Row { row: 2 }, "date".to_owned(), "02/09/2022".to_owned(), CellFault::DateFormat));
    let same = column("date", days_since_1970(&["2022-09-01", "2022-09-01"])).cast(&DataType::Date).unwrap();
    let twice = refuse_parquet(vec![same, column("A", vec![1.0, 2.5])]);
    assert_eq!(
        place(&twice),
        (Location::Row { row: 2 }, "date".to_owned(), "2022-09-01".to_owned(), CellFault::DateTwice { symbol: None })
    );
    let text = refuse_parquet(vec![dates(), column("A", vec!["1", "2"])]);
    assert!(matches!(&text, PriceParquetError::ColumnType { column, wanted: "numbers of 32 or 64 bits", .. } if column == "A"), "{text:?}");
    let number = refuse_parquet(vec![column("date", vec![20220901_i64]), column("A", vec![1.0])]);
    assert!(number.help().contains("dates, datetimes or text"), "{number:?}");
    assert!(matches!(refuse_parquet(vec![dates()]), PriceParquetError::Layout(LayoutError::NoPriceColumn { .. })));
    assert!(matches!(refuse_parquet(vec![column("date", Vec::<&str>::new()), column("A", Vec::<f64>::new())]), PriceParquetError::NoRow));
}

#[test]
fn files_that_are_not_whole_parquet_are_told_apart() {
    let refuse = |bytes: &[u8]| match refuse_bytes("p.parquet", bytes, Format::Parquet) {
        PriceFileError::Parquet { fault, .. } => fault,
        other => panic!("{other:?}"),
    };
    let whole = parquet_bytes(tidy_columns());
    assert_eq!(refuse(TIDY.as_bytes()), PriceParquetError::Table(ParquetTableError::NotParquet));
    assert_eq!(refuse(b""), PriceParquetError::Table(ParquetTableError::NotParquet));
    assert_eq!(refuse(&whole[..whole.len() / 2]), PriceParquetError::Table(ParquetTableError::Truncated));
    assert_eq!(refuse(b"PAR1PAR1"), PriceParquetError::Table(ParquetTableError::Truncated));
    let mut damaged = whole.clone();
    let middle = whole.len() - 60;
    damaged[middle..middle + 20].fill(0xff);
    assert!(matches!(refuse(&damaged), PriceParquetError::Table(ParquetTableError::Unreadable { .. })));
}

/// A list that says it is long made polars ask for more memory than there is, which ends the program.
#[test]
fn metadata_that_promise_more_than_they_hold_are_refused() {
    let whole = parquet_bytes(tidy_columns());
    let (rest, end) = whole.split_at(whole.len() - 8);
    let length = u32::from_le_bytes(end[..4].try_into().unwrap());
    let (pages, metadata) = rest.split_at(rest.len() - length as usize);
    // Version (field 1), then the schema (field 2), a list of 5 structures: the root and 4 columns.
    let [0x15, version, 0x19, 0x5c, ..] = *metadata else { panic!("{metadata:?}") };
    let file = |schema: &[u8]| {
        let metadata = [&[0x15, version], schema, &metadata[4..]].concat();
        let length = u32::try_from(metadata.len()).unwrap().to_le_bytes();
        [pages, &metadata, &length, b"PAR1"].concat()
    };
    assert_eq!(file(&[0x19, 0x5c]), whole);
    // A list of 2³¹ − 1 structures; and the same bytes said to be a number, which polars takes for a list all the same.
    for damaged in [file(&[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07]), file(&[0x15, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x07])] {
        let error = refuse_bytes("p.parquet", &damaged, Format::Parquet);
        assert!(
            matches!(&error, PriceFileError::Parquet { fault: PriceParquetError::Table(ParquetTableError::Unreadable { .. }), .. }),
            "{error:?}"
        );
    }
}

#[test]
fn a_moment_past_the_last_day_there_is_in_its_zone_is_no_date() {
    // 262142-12-31T23:59:59.999 in UTC, the last moment of chrono's; an hour later in Paris, and hours earlier in New York.
    let dates = |zone: &'static str| {
        let zone = TimeZone::opt_try_new(Some(zone)).unwrap();
        let last = column("date", vec![8_210_266_876_799_999_i64]);
        last.i64().unwrap().clone().into_datetime(TimeUnit::Milliseconds, zone).into_column()
    };
    let error = refuse_parquet(vec![dates("Europe/Paris"), column("A", vec![1.0])]);
    assert!(matches!(&error, PriceParquetError::Cell(cell) if cell.fault == CellFault::DateMissing), "{error:?}");
    assert_eq!(closes(&read_parquet(vec![dates("America/New_York"), column("A", vec![1.0])]), "A"), [1.0]);
}

// ── any bytes ──

/// The properties of whatever comes back: series that hold together, or an error with a message, a help and a place in the file.
fn assert_sound(bytes: &[u8], format: Format) {
    for content in [Content::Prices, Content::Returns] {
        match read_price_bytes("X.csv", bytes, format, content) {
            Ok(loaded) => {
                assert!(!loaded.book.is_empty());
                for (_, series) in loaded.book.iter() {
                    assert!(series.dates().windows(2).all(|pair| pair[0] < pair[1]));
                    assert!(
                        series.basis() == Basis::CumulatedReturns || series.closes().iter().all(|close| *close > 0.0 && close.is_finite())
                    );
                }
            }
            Err(error) => {
                assert!(!error.to_string().is_empty() && !error.help().is_empty());
                if let Some(Location::Text { line, column, text }) = error.location() {
                    let lines = String::from_utf8_lossy(bytes)
                        .trim_start_matches('\u{feff}')
                        .split('\n')
                        .map(|line| line.trim_end_matches('\r').to_owned())
                        .collect::<Vec<_>>();
                    assert_eq!(lines.get(line - 1).map_or("", String::as_str), text.trim_end_matches('\r'), "{error}");
                    assert!(*column <= text.chars().count() + 1, "{error}");
                }
            }
        }
    }
}

/// A few bytes of `original` replaced, removed or doubled.
fn mutate(original: &[u8], edits: &[(prop::sample::Index, u8, u8)]) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for (at, kind, byte) in edits {
        if bytes.is_empty() {
            break;
        }
        let at = at.index(bytes.len());
        match kind % 4 {
            0 => bytes[at] = *byte,
            1 => bytes.insert(at, *byte),
            2 => drop(bytes.remove(at)),
            _ => bytes.truncate(at),
        }
    }
    bytes
}

fn edits() -> impl Strategy<Value = Vec<(prop::sample::Index, u8, u8)>> {
    let byte = prop_oneof![any::<u8>(), prop::sample::select(b",;\t\"\r\n.-0 \xff".to_vec())];
    prop::collection::vec((any::<prop::sample::Index>(), 0_u8..40, byte), 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        assert_sound(&bytes, Format::Text);
        assert_sound(&[b"PAR1".as_slice(), &bytes, b"PAR1"].concat(), Format::Parquet);
    }

    #[test]
    fn any_cells_below_a_good_header_are_read_or_refused(cells in "[-0-9a,;.\"\r\n \tNé]{0,120}") {
        for header in ["date,close,x\n", "date;A\n", "symbol\tdate\tadj_close\tclose\n"] {
            assert_sound(format!("{header}{cells}").as_bytes(), Format::Text);
        }
    }

    #[test]
    fn a_damaged_text_file_is_read_or_refused(edits in edits(), quoted in any::<bool>()) {
        let text = if quoted { TIDY.replace("NET", "\"N,\"\"\nT\"") } else { TIDY.to_owned() };
        assert_sound(&mutate(text.as_bytes(), &edits), Format::Text);
    }

    #[test]
    fn a_damaged_parquet_file_is_read_or_refused(edits in edits()) {
        assert_sound(&mutate(&parquet_bytes(tidy_columns()), &edits), Format::Parquet);
    }

    #[test]
    fn prices_written_as_text_are_read_back_exactly(prices in prop::collection::vec(1e-3_f64..1e6, 1..40), semicolon in any::<bool>(), gap in any::<bool>()) {
        let start = day("2022-01-01");
        let separator = if semicolon { ';' } else { ',' };
        let mut text = format!("date{separator}close\n");
        for (price, date) in prices.iter().zip(start.iter_days()) {
            // The gap sends the file through the reading as text; with semicolons also through the decimal comma.
            let price = if semicolon { price.to_string().replace('.', ",") } else { price.to_string() };
            text += &format!("{date}{separator}{price}\n");
        }
        if gap {
            text += &format!("2023-01-01{separator}NA\n");
        }
        prop_assert_eq!(closes(&read("X.csv", &text), "X"), prices);
    }
}
