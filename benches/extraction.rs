//! Claims out of text, on one core: the extractor over a text of several megabytes, beside counting the same text's words and beside reading it as
//! UTF-8; making the extractor; and whole runs of the program over thousands of articles, with their peak memory (GNU time, where it is
//! installed).
//!
//! The text is made of the articles in `tests/articles/*/work`, each followed by sentences without a digit from all of them until it is five times
//! as long: of what newspapers print, most holds no figure.
//!
//! `cargo bench --bench extraction`

#![allow(missing_docs, clippy::disallowed_methods, clippy::unwrap_used, clippy::indexing_slicing)]

use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use aftermove::data::extractor::extractor;
use serde::Deserialize;

/// Size of the text, bytes.
const TEXT_BYTES: usize = 4_000_000;

/// Articles of a whole run.
const ARTICLES: usize = 10_000;

#[derive(Deserialize)]
struct Corpus {
    article: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    text: String,
}

fn main() {
    // `cargo bench` passes --bench; without it, in `cargo test --benches`, one small run of each shows that they work.
    let test = !std::env::args().any(|argument| argument == "--bench");
    let (runs, bytes, articles) = if test { (1, 50_000, 100) } else { (7, TEXT_BYTES, ARTICLES) };
    let english = corpus("english");
    let french = corpus("french");

    let milliseconds = median(runs, || extractor(&[]).unwrap());
    println!("the extractor, from its words and names   {milliseconds:8.1} ms");
    let extractor = extractor(&[]).unwrap();
    for (language, corpus) in [("en", &english), ("fr", &french)] {
        let text = repeat(corpus, bytes);
        let claims = extractor.read(&text, Some(language)).len();
        let reading = median(runs, || extractor.read(&text, Some(language)));
        let counting = median(runs, || count_words(&text));
        let megabytes = text.len() as f64 / 1e6;
        println!(
            "{language}: {megabytes:.1} MB, {claims} claims   {:6.1} MB/s   counting words {:6.1} MB/s   {:.2} × counting words",
            megabytes / reading * 1e3,
            megabytes / counting * 1e3,
            reading / counting,
        );
    }

    let folder = tempfile::tempdir().unwrap();
    let input = folder.path().join("articles.jsonl");
    for count in [articles / 10, articles] {
        fs::write(&input, lines(&english, &french, count)).unwrap();
        let size = fs::metadata(&input).unwrap().len() as f64 / 1e6;
        for (name, arguments) in runs_of_the_program(&input, folder.path()) {
            let (seconds, peak) = measure(&arguments, if test { 1 } else { 3 });
            let peak = peak.map_or_else(|| "?".to_owned(), |peak| format!("{peak:.0}"));
            println!(
                "{name:36} {count:6} articles, {size:5.1} MB   {seconds:6.2} s   {:7.0} articles/s   peak {peak} MiB",
                count as f64 / seconds
            );
        }
    }
}

/// The texts of a language's articles, in the order of their files.
fn corpus(language: &str) -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles").join(language).join("work");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let texts = files.iter().flat_map(|file| toml::from_str::<Corpus>(&fs::read_to_string(file).unwrap()).unwrap().article);
    let texts: Vec<String> = texts.map(|entry| entry.text.trim().to_owned()).collect();
    let sentences = texts.iter().flat_map(|text| text.split_inclusive(". ")).map(str::trim);
    let prose: Vec<&str> =
        sentences.filter(|sentence| !sentence.contains(|letter: char| letter.is_ascii_digit() || letter == '\n')).collect();
    let mut next = prose.iter().cycle();
    texts.iter().map(|text| with_prose(text, &mut next)).collect()
}

/// The text with paragraphs of other sentences behind it.
fn with_prose<'a>(text: &str, prose: &mut impl Iterator<Item = &'a &'a str>) -> String {
    let mut whole = format!("{text}\n\n");
    while whole.len() < 5 * text.len() {
        let paragraph: Vec<&str> = prose.by_ref().take(3).copied().collect();
        writeln!(whole, "{}\n", paragraph.join(" ")).unwrap();
    }
    whole
}

fn repeat(texts: &[String], bytes: usize) -> String {
    let mut text = String::with_capacity(bytes + 10_000);
    for one in texts.iter().cycle() {
        if text.len() >= bytes {
            break;
        }
        text.push_str(one);
    }
    text
}

/// The yardstick: words in small letters, counted, with their bytes.
fn count_words(text: &str) -> (usize, usize) {
    text.split_whitespace().fold((0, 0), |(words, bytes), word| (words + 1, bytes + word.to_lowercase().len()))
}

/// JSON Lines of articles in both languages, of different lengths.
fn lines(english: &[String], french: &[String], count: usize) -> String {
    let mut all = String::new();
    for (number, text) in english.iter().chain(french).cycle().take(count).enumerate() {
        let article = serde_json::json!({ "id": number, "published": "2022-09-02", "text": text });
        writeln!(all, "{article}").unwrap();
    }
    all
}

fn runs_of_the_program(input: &Path, folder: &Path) -> Vec<(&'static str, Vec<String>)> {
    let prices = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets/cloudflare-kiwi-farms-2022/prices.csv").display().to_string();
    let input = input.display().to_string();
    let to = |name: &str| folder.join(name).display().to_string();
    let run = |arguments: &[&str]| arguments.iter().map(|argument| (*argument).to_owned()).collect::<Vec<_>>();
    vec![
        ("extract --to .jsonl", run(&["extract", &input, "--quiet", "--to", &to("claims.jsonl")])),
        ("extract --to .jsonl --threads 1", run(&["extract", &input, "--quiet", "--threads", "1", "--to", &to("claims.jsonl")])),
        ("check --to .jsonl", run(&["check", &input, "--prices", &prices, "--quiet", "--to", &to("results.jsonl")])),
        ("check --to .parquet", run(&["check", &input, "--prices", &prices, "--quiet", "--to", &to("results.parquet")])),
    ]
}

/// The median of the seconds of some runs, and the peak of one more in MiB.
fn measure(arguments: &[String], runs: usize) -> (f64, Option<f64>) {
    let program = env!("CARGO_BIN_EXE_aftermove");
    let milliseconds = median(runs, || {
        let status = Command::new(program).args(arguments).stdout(Stdio::null()).status().unwrap();
        assert!(status.success(), "{arguments:?} failed");
    });
    let timed = Command::new("/usr/bin/time").args(["-f", "%M", program]).args(arguments).stdout(Stdio::null()).output().ok();
    let kilobytes = timed.and_then(|output| String::from_utf8_lossy(&output.stderr).lines().last()?.trim().parse::<f64>().ok());
    (milliseconds / 1e3, kilobytes.map(|kilobytes| kilobytes / 1024.0))
}

/// Milliseconds of the median run; one run before the first isn't counted.
fn median<T>(runs: usize, mut work: impl FnMut() -> T) -> f64 {
    black_box(work());
    let mut milliseconds: Vec<f64> = (0..runs)
        .map(|_| {
            let start = Instant::now();
            black_box(work());
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    milliseconds.sort_by(f64::total_cmp);
    milliseconds[milliseconds.len() / 2]
}
