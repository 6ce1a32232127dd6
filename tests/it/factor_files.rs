//! Factor files: Ken French's layouts as published, plain tables and their units, several files together, and what is refused.
//! The numbers are made up; the layout is that of the files at <https://mba.tuck.dartmouth.edu/pages/faculty/ken.french/data_library.html>.

use aftermove::data::factor_cell::FactorCellFault;
use aftermove::data::factor_file::{
    FactorFileError, FactorFileFault, FactorNote, FactorUnit, LoadedFactors, UnitKnown, read_factor_bytes, read_factors,
};
use aftermove::data::factor_text::FactorTextError;
use aftermove::data::location::Location;
use aftermove::data::source_file::Format;
use aftermove::factor::FactorError;
use chrono::NaiveDate;
use polars_core::prelude::{DataFrame, IntoColumn, NamedFrom, Series};
use polars_io::prelude::ParquetWriter;
use proptest::prelude::*;

const THREE: &str = "\
This file was made up for a test, in the layout of the three factors by day.
The one-day bill return is the simple daily rate that, over the trading days, compounds to 1-month.

,Mkt-RF,SMB,HML,RF
20220901,    0.30,  -0.10,   0.20,   0.008
20220902,   -1.10,   0.45, -99.99,   0.008
20220906,   -0.42,   0.05,   0.31,   0.008
20220907,    1.85,  -0.20,   -999,   0.008

Copyright 2022 Nobody at all
";

const MOMENTUM: &str = "\
This file was made up for a test.  Missing data are indicated by -99.99 or -999.


,Mom   
20220902,   0.56
20220906,  -0.50
20220907,  -99.99
20220908,   0.03
";

#[track_caller]
fn read(text: &str, unit: FactorUnit) -> LoadedFactors {
    read_factor_bytes("factors.csv", text.as_bytes(), Format::Text, unit).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

#[track_caller]
fn refuse(text: &str, unit: FactorUnit) -> (FactorFileError, FactorFileFault) {
    let error = read_factor_bytes("factors.csv", text.as_bytes(), Format::Text, unit).expect_err("the file should be refused");
    assert!(error.to_string().starts_with("factors.csv: ") && !error.help().is_empty(), "{error}");
    let FactorFileError::File { fault, .. } = &error else { panic!("{error:?}") };
    let fault = (**fault).clone();
    (error, fault)
}

#[track_caller]
fn assert_close(found: &[Option<f64>], expected: &[Option<f64>]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            match (found, expected) {
                (Some(found), Some(expected)) => (found - expected).abs() < 1e-15,
                (found, expected) => found == expected,
            },
            "{found:?} is not {expected:?}"
        );
    }
}

fn place(error: &FactorFileError) -> Option<(usize, usize)> {
    error.location().and_then(Location::line_and_column)
}

// ── as published ──

#[test]
fn the_three_factors_are_read_as_published() {
    let loaded = read(THREE, FactorUnit::Detect);
    assert_eq!(loaded.table.names(), ["Mkt-RF", "SMB", "HML"]);
    assert_eq!(loaded.table.dates().first().map(NaiveDate::to_string).as_deref(), Some("2022-09-01"));
    assert_close(&loaded.table.column("Mkt-RF").unwrap().values, &[Some(0.003), Some(-0.011), Some(-0.0042), Some(0.0185)]);
    assert_close(&loaded.table.column("HML").unwrap().values, &[Some(0.002), None, Some(0.0031), None]);
    assert_close(loaded.table.risk_free().unwrap(), &[Some(0.00008); 4]);
    let file = &loaded.files[0];
    assert_eq!((file.rows, file.factors.as_slice()), (4, ["Mkt-RF", "SMB", "HML", "RF"].map(String::from).as_slice()));
    let unit = FactorNote::Unit { unit: FactorUnit::Percent, known: UnitKnown::Published };
    assert_eq!(file.notes, [unit, FactorNote::ValuesMissing { count: 2 }]);
    assert!(file.notes[0].words().contains("percent"));
    assert_eq!(read(&THREE.replace('\n', "\r\n"), FactorUnit::Detect).table, loaded.table);
}

#[test]
fn a_file_with_spaces_for_commas_is_read_as_well() {
    let text = "  Made up for a test.\n\n            Mkt-RF     SMB     HML      RF\n 20220901     0.30   -0.10    0.20   0.008\n20220902     -1.10    0.45    0.10   0.008\n";
    let loaded = read(text, FactorUnit::Detect);
    assert_close(&loaded.table.column("SMB").unwrap().values, &[Some(-0.001), Some(0.0045)]);
}

#[test]
fn rows_of_years_are_left_out_and_those_of_months_refused() {
    let annual = format!("{THREE}\n Annual Factors: January-December\n,Mkt-RF,SMB,HML,RF\n  2021, 23.5, -3.8, 25.3, 0.04\n");
    let loaded = read(&annual, FactorUnit::Detect);
    assert_eq!(loaded.table, read(THREE, FactorUnit::Detect).table);
    assert!(loaded.files[0].notes.contains(&FactorNote::AnnualRows { count: 1 }));
    let monthly = format!("{THREE}\n Monthly Factors\n,Mkt-RF,SMB,HML,RF\n202209, -9.35, -0.8, 0.05, 0.19\n");
    let (error, fault) = refuse(&monthly, FactorUnit::Detect);
    assert!(matches!(&fault, FactorFileFault::Text(FactorTextError::Cell(cell)) if cell.fault == FactorCellFault::Month), "{fault:?}");
    assert_eq!(place(&error), Some((14, 1)));
    assert!(error.to_string().contains("mixed frequency"), "{error}");
    let second = format!("{THREE}\n,Mkt-RF,SMB,HML,RF\n20220901, 0.3, 0.1, 0.2, 0.008\n");
    let (error, fault) = refuse(&second, FactorUnit::Detect);
    assert!(matches!(fault, FactorFileFault::Text(FactorTextError::SecondBlock { .. })), "{fault:?}");
    assert_eq!(place(&error), Some((13, 1)));
}

#[test]
fn rows_of_a_published_file_that_can_not_be_used_are_named() {
    let with = |from: &str, to: &str| refuse(&THREE.replace(from, to), FactorUnit::Detect);
    let (error, fault) = with("   0.20,   0.008\n", "   0.20\n");
    assert!(matches!(fault, FactorFileFault::Text(FactorTextError::Width { expected: 4, found: 3, .. })), "{fault:?}");
    assert_eq!(place(&error).map(|(line, _)| line), Some(5));
    let (error, fault) = with("0.45", "0.4x");
    let FactorFileFault::Text(FactorTextError::Cell(cell)) = &fault else { panic!("{fault:?}") };
    assert_eq!((cell.column.as_str(), cell.value.as_str(), &cell.fault), ("SMB", "0.4x", &FactorCellFault::NotANumber));
    assert_eq!(place(&error), Some((6, 22)));
    let (_, fault) = with("20220906", "20220230");
    assert!(matches!(&fault, FactorFileFault::Text(FactorTextError::Cell(cell)) if matches!(cell.fault, FactorCellFault::Date(_))));
    let (error, fault) = with("20220906", "2022-9-6");
    assert!(matches!(&fault, FactorFileFault::Text(FactorTextError::Cell(cell)) if matches!(cell.fault, FactorCellFault::Date(_))));
    assert_eq!(place(&error), Some((7, 1)));
    let (error, fault) = with("20220906", "20220901");
    assert!(matches!(&fault, FactorFileFault::Cell(cell) if matches!(cell.fault, FactorCellFault::OutOfOrder { .. })), "{fault:?}");
    assert_eq!(place(&error), Some((7, 1)));
    let (error, fault) = with("0.45", "450.");
    assert!(matches!(&fault, FactorFileFault::Text(FactorTextError::Cell(cell)) if cell.fault == FactorCellFault::NotAReturn), "{fault:?}");
    assert_eq!(place(&error), Some((6, 22)));
    assert!(matches!(refuse("nothing\nat all\n", FactorUnit::Detect).1, FactorFileFault::Text(FactorTextError::NoHeader)));
    assert!(matches!(refuse("text\n\n,Mkt-RF,SMB\n", FactorUnit::Detect).1, FactorFileFault::Text(FactorTextError::NoRow { line: 3 })));
}

#[test]
fn a_published_file_in_fractions_is_refused() {
    let text = "x\n\n,Mkt-RF,RF\n20220901,0.0030,0.00008\n20220902,-0.0110,0.00008\n";
    let (_, fault) = refuse(text, FactorUnit::Detect);
    assert!(matches!(fault, FactorFileFault::UnitWrong { unit: FactorUnit::Percent, mean } if (mean - 0.007).abs() < 1e-12), "{fault:?}");
    let loaded = read(text, FactorUnit::Fraction);
    assert_close(&loaded.table.column("Mkt-RF").unwrap().values, &[Some(0.003), Some(-0.011)]);
}

// ── plain tables ──

fn plain(scale: f64) -> String {
    let rows = [("2022-09-01", 0.3), ("2022-09-02", -1.1), ("2022-09-06", -0.42)];
    let row = |(date, market): (&str, f64)| format!("{date},{},0.0,{},\n", market * scale, 0.008 * scale);
    format!("date,mktrf,smb,rf,umd\n{}", rows.map(row).concat())
}

#[test]
fn names_are_brought_to_ken_french_s_and_units_found_where_only_one_is_possible() {
    for (scale, unit) in [(1.0, FactorUnit::Percent), (0.01, FactorUnit::Fraction)] {
        let loaded = read(&plain(scale), FactorUnit::Detect);
        assert_eq!(loaded.files[0].factors, ["Mkt-RF", "SMB", "RF", "Mom"]);
        assert_eq!(loaded.files[0].notes[0], FactorNote::Unit { unit, known: UnitKnown::Detected });
        assert_close(&loaded.table.column("mkt-rf").unwrap().values, &[Some(0.003), Some(-0.011), Some(-0.0042)]);
        assert_close(loaded.table.risk_free().unwrap(), &[Some(0.00008); 3]);
        assert_eq!(loaded.table.column("Mom").unwrap().values, [None; 3]);
        assert_eq!(loaded.files[0].notes[1], FactorNote::ValuesMissing { count: 3 });
    }
    let stated = read(&plain(1.0), FactorUnit::Percent);
    assert_eq!(stated.files[0].notes[0], FactorNote::Unit { unit: FactorUnit::Percent, known: UnitKnown::Stated });
}

/// Issue 4, bad input: "a factor file in other units".
#[test]
fn a_unit_that_can_not_be_the_file_s_is_refused() {
    assert!(matches!(refuse(&plain(1.0), FactorUnit::Fraction).1, FactorFileFault::UnitWrong { unit: FactorUnit::Fraction, .. }));
    assert!(matches!(refuse(&plain(0.01), FactorUnit::Percent).1, FactorFileFault::UnitWrong { unit: FactorUnit::Percent, .. }));
    assert!(matches!(refuse(&plain(40.0), FactorUnit::Detect).1, FactorFileFault::UnitWrong { unit: FactorUnit::Detect, .. }));
    // 0.03 on average: 3 % a day, or 0.03 %. Neither can be told from the other.
    let (error, fault) = refuse(&plain(0.05), FactorUnit::Detect);
    assert!(matches!(fault, FactorFileFault::UnitUnclear { .. }), "{fault:?}");
    assert!(error.help().contains("state the unit"), "{}", error.help());
    assert!(read_factor_bytes("f.csv", plain(0.05).as_bytes(), Format::Text, FactorUnit::Percent).is_ok());
}

/// Issue 4, bad input: "mixed frequencies".
#[test]
fn months_and_weeks_are_refused() {
    let (error, fault) = refuse("date,mktrf\n202207,0.01\n202208,0.02\n", FactorUnit::Fraction);
    assert!(matches!(&fault, FactorFileFault::Cell(cell) if cell.fault == FactorCellFault::Month), "{fault:?}");
    assert_eq!(place(&error), Some((2, 1)));
    let months = "date,mktrf\n2022-07-31,0.01\n2022-08-31,0.02\n2022-09-30,-0.01\n";
    assert_eq!(refuse(months, FactorUnit::Fraction).1, FactorFileFault::NotDaily { days: 31 });
}

#[test]
fn plain_tables_that_can_not_be_used_are_refused() {
    let fault = |text: &str| refuse(text, FactorUnit::Fraction).1;
    assert!(matches!(fault("date,day,mktrf\n2022-09-01,2022-09-01,0.01\n"), FactorFileFault::DateColumn { found: 2, .. }));
    assert!(matches!(fault("date,mktrf,Mkt-RF\n2022-09-01,0.01,0.01\n"), FactorFileFault::Factors(FactorError::NameTwice { .. })));
    assert!(matches!(fault("date,,mktrf\n2022-09-01,1,0.01\n"), FactorFileFault::UnnamedColumn { number: 2 }));
    let order = fault("date,mktrf\n2022-09-02,0.01\n2022-09-01,0.01\n");
    assert!(matches!(&order, FactorFileFault::Cell(cell) if matches!(cell.fault, FactorCellFault::OutOfOrder { .. })), "{order:?}");
    let number = fault("date,mktrf\n2022-09-02,1%\n");
    assert!(
        matches!(&number, FactorFileFault::Cell(cell) if cell.fault == FactorCellFault::NotANumber && cell.value == "1%"),
        "{number:?}"
    );
    // −99.99 divided by 100 by somebody who forgot the missing codes.
    let divided = fault("date,mktrf\n2022-09-02,0.01\n2022-09-05,-0.9999\n");
    assert!(matches!(&divided, FactorFileFault::UnitWrong { .. } | FactorFileFault::Cell(_)), "{divided:?}");
    let rows: String = (1..=28).map(|day| format!("2022-02-{day:02},0.01\n")).collect();
    let (error, divided) = refuse(&format!("date,mktrf\n{rows}2022-03-01,-0.9999\n"), FactorUnit::Fraction);
    assert!(matches!(&divided, FactorFileFault::Cell(cell) if cell.fault == FactorCellFault::NotAReturn), "{divided:?}");
    assert_eq!(place(&error), Some((30, 12)));
    assert!(error.help().contains("divided by 100"));
}

#[test]
fn a_parquet_file_gives_the_same_table() {
    let mut frame = DataFrame::new(
        3,
        vec![
            Series::new("date".into(), vec![20_220_901_i64, 20_220_902, 20_220_906]).into_column(),
            Series::new("mktrf".into(), vec![0.003, -0.011, -0.0042]).into_column(),
            Series::new("smb".into(), vec![Some(0.0), None, Some(f64::NAN)]).into_column(),
        ],
    )
    .unwrap();
    let mut bytes = Vec::new();
    ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
    let loaded = read_factor_bytes("f.parquet", &bytes, Format::Parquet, FactorUnit::Detect).unwrap();
    assert_close(&loaded.table.column("Mkt-RF").unwrap().values, &[Some(0.003), Some(-0.011), Some(-0.0042)]);
    assert_eq!(loaded.table.column("SMB").unwrap().values, [Some(0.0), None, None]);
}

// ── several files ──

fn files(texts: &[&str]) -> Result<LoadedFactors, FactorFileError> {
    let folder = tempfile::tempdir().unwrap();
    let write = |(index, text): (usize, &&str)| {
        let path = folder.path().join(format!("{index}.csv"));
        std::fs::write(&path, text).unwrap();
        path
    };
    let paths: Vec<_> = texts.iter().enumerate().map(write).collect();
    read_factors(&paths, FactorUnit::Detect)
}

#[test]
fn files_go_together_on_their_common_dates() {
    let loaded = files(&[THREE, MOMENTUM]).unwrap();
    assert_eq!(loaded.table.names(), ["Mkt-RF", "SMB", "HML", "Mom"]);
    assert_eq!(loaded.table.dates().iter().map(NaiveDate::to_string).collect::<Vec<_>>(), ["2022-09-02", "2022-09-06", "2022-09-07"]);
    assert_close(&loaded.table.column("Mom").unwrap().values, &[Some(0.0056), Some(-0.005), None]);
    assert_close(&loaded.table.column("Mkt-RF").unwrap().values, &[Some(-0.011), Some(-0.0042), Some(0.0185)]);
    assert_close(loaded.table.risk_free().unwrap(), &[Some(0.00008); 3]);
    assert!(loaded.files.iter().all(|file| file.notes.contains(&FactorNote::DatesLeftOut { count: 1 })), "{:?}", loaded.files);
    // The same factor, with the same values in another unit, is no conflict.
    let fractions = "date,rf,cma\n2022-09-01,0.00008,0.01\n2022-09-02,0.00008,0.012\n";
    assert_eq!(files(&[THREE, fractions]).unwrap().table.names(), ["Mkt-RF", "SMB", "HML", "CMA"]);
}

#[test]
fn files_that_contradict_each_other_or_never_meet_are_refused() {
    let other = THREE.replace("0.45", "0.46");
    let conflict = files(&[THREE, &other]).unwrap_err();
    let FactorFileError::Conflict { name, date, first, second } = &conflict else { panic!("{conflict:?}") };
    assert_eq!((name.as_str(), date.to_string().as_str()), ("SMB", "2022-09-02"));
    assert!(first.ends_with("0.csv") && second.ends_with("1.csv") && conflict.help().contains("SMB"));
    let years_later = MOMENTUM.replace("2022", "2032");
    assert!(matches!(files(&[THREE, &years_later]), Err(FactorFileError::NoCommonDate { .. })));
    assert_eq!(read_factors(&[], FactorUnit::Detect), Err(FactorFileError::NoFile));
    assert!(matches!(read_factors(&["there/is/none.csv".into()], FactorUnit::Detect), Err(FactorFileError::Source(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a file says, it is read, or refused with a message, a help and a place that is in it.
    #[test]
    fn a_damaged_file_is_read_or_refused(edits in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..4, prop::sample::select(b",;\t\"\r\n.-0 9:Z\xff".to_vec())), 0..6)) {
        let mut bytes = THREE.as_bytes().to_vec();
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
            for unit in [FactorUnit::Detect, FactorUnit::Fraction] {

            if let Err((message, help, location)) = read_factor_bytes("f", &bytes, format, unit).map(|_| ()).map_err(|error| (error.to_string(), error.help(), error.location().cloned())) {
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
