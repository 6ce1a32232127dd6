//! The steps of the built-in study inside the library, and the reading of two million rows of CSV beside a plain split-and-parse loop.
//!
//! `cargo bench --bench study`

#![allow(missing_docs, clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::hint::black_box;

use aftermove::chart::{self, Size};
use aftermove::data::built_in;
use aftermove::data::price_file::{Content, Format, read_price_bytes};
use aftermove::report;
use chrono::NaiveDate;
use criterion::{Criterion, Throughput};

const SYMBOLS: usize = 500;
const SESSIONS: usize = 4_000;

fn main() {
    let mut criterion = Criterion::default().configure_from_args().sample_size(10);
    built_in_study(&mut criterion);
    two_million_rows(&mut criterion);
    criterion.final_summary();
}

fn built_in_study(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("built_in");
    group.bench_function("load", |bencher| bencher.iter(|| built_in::load().unwrap()));
    let loaded = built_in::load().unwrap();
    group.bench_function("study", |bencher| bencher.iter(|| loaded.study.run(&loaded.book, loaded.provenance.clone()).unwrap()));
    let result = loaded.study.run(&loaded.book, loaded.provenance.clone()).unwrap();
    group.bench_function("figures", |bencher| bencher.iter(|| chart::figures(black_box(&result))));
    let figures = chart::figures(&result);
    group.bench_function("draw_one_thread", |bencher| {
        bencher.iter(|| {
            figures.iter().map(|figure| chart::to_png(&chart::draw(figure, Size::WIDE).unwrap().svg).unwrap().len()).sum::<usize>()
        })
    });
    group.bench_function("report", |bencher| {
        bencher.iter(|| report::html::render(&report::document(&result, &[]), &BTreeMap::new()).unwrap())
    });
    group.finish();
}

/// 500 symbols of 4,000 sessions, sorted by date; prices walk by a fixed linear congruence, so that the file is always the same.
fn generate() -> String {
    let first = NaiveDate::from_ymd_opt(2007, 1, 1).unwrap();
    let mut prices = vec![100.0_f64; SYMBOLS];
    let mut state = 20_220_903_u64;
    let mut text = String::from("date,symbol,close,adj_close,volume\n");
    for date in first.iter_days().take(SESSIONS) {
        for (symbol, price) in prices.iter_mut().enumerate() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *price *= 1.0 + ((state >> 33) as f64 / f64::from(1 << 31) - 0.5) * 0.04;
            writeln!(text, "{date},S{symbol:04},{price:.4},{price:.4},{}", state >> 40).unwrap();
        }
    }
    text
}

/// What a plain loop over the same text costs: split each line, parse date and prices, keep them by symbol, check nothing.
fn split_and_parse(text: &str) -> BTreeMap<String, Vec<(NaiveDate, f64)>> {
    let mut series: BTreeMap<String, Vec<(NaiveDate, f64)>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let mut cells = line.split(',');
        let date = cells.next().unwrap().parse().unwrap();
        let symbol = cells.next().unwrap();
        let close = cells.nth(1).unwrap().parse().unwrap();
        match series.get_mut(symbol) {
            Some(rows) => rows.push((date, close)),
            None => {
                series.insert(symbol.to_owned(), vec![(date, close)]);
            }
        }
    }
    series
}

fn two_million_rows(criterion: &mut Criterion) {
    let text = generate();
    let mut group = criterion.benchmark_group("csv_2m_rows");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("read_prices", |bencher| {
        bencher.iter(|| read_price_bytes("prices.csv", text.as_bytes(), Format::Text, Content::Prices).unwrap())
    });
    group.bench_function("split_and_parse_beside_it", |bencher| bencher.iter(|| split_and_parse(&text)));
    group.finish();
}
