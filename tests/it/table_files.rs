//! Tables out: what is written is read back, in both formats, and nothing that isn't a number gets in.

use aftermove::data::table_file::{ColumnType, TableColumn, TableFile, TableFileError, TableFormat};
use chrono::NaiveDate;
use polars_core::prelude::DataFrame;
use polars_io::SerReader;
use polars_io::prelude::ParquetReader;
use proptest::prelude::*;

const COLUMNS: [(&str, ColumnType); 6] = [
    ("event_id", ColumnType::Text),
    ("symbol", ColumnType::Text),
    ("day", ColumnType::Integer),
    ("ar", ColumnType::Number),
    ("session", ColumnType::Date),
    ("used", ColumnType::Flag),
];

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn batch(names: &[String]) -> Vec<TableColumn<'_>> {
    vec![
        TableColumn::Text(vec![Some("a,b"), None, Some("")]),
        TableColumn::Category { cells: vec![Some(1), Some(0), None], names },
        TableColumn::Integer(vec![Some(-10), None, Some(i64::MAX)]),
        TableColumn::Number(vec![Some(0.1 + 0.2), Some(-1e-300), None]),
        TableColumn::Date(vec![Some(day("2022-09-02")), None, Some(day("0026-01-31"))]),
        TableColumn::Flag(vec![Some(true), Some(false), None]),
    ]
}

fn names() -> Vec<String> {
    vec!["NET".to_owned(), "S \"&\" P".to_owned()]
}

fn written(format: TableFormat, columns: &[(&str, ColumnType)], batches: &[Vec<TableColumn>]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut table = TableFile::create(&mut bytes, format, columns).unwrap();
    for batch in batches {
        table.write(batch).unwrap();
    }
    assert_eq!(table.rows(), batches.iter().map(|batch| batch[0].rows() as u64).sum::<u64>());
    table.finish().unwrap();
    bytes
}

fn read_back(bytes: &[u8]) -> DataFrame {
    ParquetReader::new(std::io::Cursor::new(bytes)).set_rechunk(true).finish().unwrap()
}

#[test]
fn csv_has_full_precision_empty_cells_and_quotes_where_they_are_needed() {
    let text = String::from_utf8(written(TableFormat::Csv, &COLUMNS, &[batch(&names())])).unwrap();
    assert_eq!(
        text,
        "event_id,symbol,day,ar,session,used\n\
         \"a,b\",\"S \"\"&\"\" P\",-10,0.30000000000000004,2022-09-02,true\n\
         ,NET,,-1e-300,,false\n\
         \"\",,9223372036854775807,,0026-01-31,\n"
    );
}

#[test]
fn parquet_gives_back_every_cell_and_nulls_for_none() {
    let frame = read_back(&written(TableFormat::Parquet, &COLUMNS, &[batch(&names()), batch(&names())]));
    assert_eq!(frame.height(), 6);
    let column = |name: &str| frame.column(name).unwrap();
    let texts = |name: &str| column(name).str().unwrap().iter().take(3).map(|text| text.map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(texts("event_id"), [Some("a,b".to_owned()), None, Some(String::new())]);
    assert_eq!(texts("symbol"), [Some("S \"&\" P".to_owned()), Some("NET".to_owned()), None]);
    assert_eq!(column("day").i64().unwrap().iter().skip(3).collect::<Vec<_>>(), [Some(-10), None, Some(i64::MAX)]);
    assert_eq!(column("ar").f64().unwrap().iter().take(3).collect::<Vec<_>>(), [Some(0.1 + 0.2), Some(-1e-300), None]);
    assert_eq!(column("session").dtype().to_string(), "date");
    assert_eq!(column("used").bool().unwrap().iter().take(3).collect::<Vec<_>>(), [Some(true), Some(false), None]);
}

/// Rows of a batch go into groups of 262,144 rows whatever the batches are, so that the file's bytes don't depend on them.
#[test]
fn the_bytes_do_not_depend_on_the_batches() {
    let columns = [("n", ColumnType::Integer), ("x", ColumnType::Number), ("id", ColumnType::Text)];
    let ids: Vec<String> = (0..700_000).map(|row| format!("event-{}", row / 21)).collect();
    let rows = |from: usize, to: usize| {
        vec![
            TableColumn::Integer((from..to).map(|row| Some(row as i64)).collect()),
            TableColumn::Number((from..to).map(|row| Some((row as f64).sqrt())).collect()),
            TableColumn::Text(ids[from..to].iter().map(|id| Some(id.as_str())).collect()),
        ]
    };
    for format in [TableFormat::Parquet, TableFormat::Csv] {
        let whole = written(format, &columns, &[rows(0, 700_000)]);
        let pieces = written(format, &columns, &[rows(0, 1), rows(1, 262_145), rows(262_145, 262_145), rows(262_145, 700_000)]);
        assert!(whole == pieces, "{format:?}");
    }
    let frame = read_back(&written(TableFormat::Parquet, &columns, &[rows(0, 300_000), rows(300_000, 700_000)]));
    assert!(frame.column("n").unwrap().i64().unwrap().iter().enumerate().all(|(row, value)| value == Some(row as i64)));
    assert!(frame.column("id").unwrap().str().unwrap().iter().zip(&ids).all(|(found, id)| found == Some(id.as_str())));
}

#[test]
fn a_table_without_rows_has_its_header() {
    assert_eq!(written(TableFormat::Csv, &COLUMNS[..2], &[]), b"event_id,symbol\n");
    let frame = read_back(&written(TableFormat::Parquet, &COLUMNS, &[]));
    assert_eq!((frame.height(), frame.width()), (0, 6));
}

#[test]
fn batches_that_are_not_the_table_s_are_refused() {
    for format in [TableFormat::Parquet, TableFormat::Csv] {
        let refuse = |columns: &[TableColumn]| {
            let mut table = TableFile::create(Vec::new(), format, &[("a", ColumnType::Number), ("b", ColumnType::Text)]).unwrap();
            table.write(columns).unwrap_err()
        };
        let number = |values: &[f64]| TableColumn::Number(values.iter().copied().map(Some).collect());
        let text = || TableColumn::Text(vec![Some("x")]);
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            let two = TableColumn::Text(vec![None, None]);
            let error = refuse(&[number(&[1.0, value]), two]);
            assert!(matches!(&error, TableFileError::NotFinite { column, row: 2, .. } if column == "a"), "{error}");
        }
        assert!(matches!(refuse(&[number(&[1.0])]), TableFileError::Width { expected: 2, found: 1 }));
        assert!(matches!(refuse(&[number(&[1.0, 2.0]), text()]), TableFileError::Column { .. }));
        assert!(matches!(refuse(&[text(), text()]), TableFileError::Column { found: ColumnType::Text, .. }));
        let category = TableColumn::Category { cells: vec![Some(2)], names: &names() };
        assert!(matches!(refuse(&[number(&[1.0]), category]), TableFileError::NoCategory { number: 2, names: 2, .. }));
    }
}

/// A writer that is full after some bytes.
struct Full(usize);

impl std::io::Write for Full {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if bytes.len() > self.0 {
            return Err(std::io::ErrorKind::StorageFull.into());
        }
        self.0 -= bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_full_disk_is_an_error() {
    for format in [TableFormat::Parquet, TableFormat::Csv] {
        let write = || {
            let mut table = TableFile::create(Full(40), format, &COLUMNS)?;
            table.write(&batch(&names()))?;
            table.finish()
        };
        assert!(write().unwrap_err().to_string().starts_with("the table can't be written: "), "{format:?}");
    }
}

#[test]
fn the_format_is_the_extension_s() {
    let of = |path: &str| TableFormat::of_path(std::path::Path::new(path));
    assert_eq!(
        [of("a.CSV"), of("b/c.parquet"), of("d.pq"), of("e.txt"), of("csv")],
        [Some(TableFormat::Csv), Some(TableFormat::Parquet), Some(TableFormat::Parquet), None, None]
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_number_written_as_text_is_read_back_as_itself(numbers in prop::collection::vec(any::<f64>().prop_filter("finite", |number| number.is_finite()), 1..50)) {
        let column = TableColumn::Number(numbers.iter().copied().map(Some).collect());
        let text = String::from_utf8(written(TableFormat::Csv, &[("x", ColumnType::Number)], &[vec![column]])).unwrap();
        let read: Vec<f64> = text.lines().skip(1).map(|line| line.parse().unwrap()).collect();
        prop_assert_eq!(read, numbers);
    }
}
