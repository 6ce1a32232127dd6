//! What must hold of whatever a reader gives back, for any bytes at all: values that hold together, or an error that says what is wrong,
//! where, and what to do.

use std::collections::BTreeSet;
use std::panic::{catch_unwind, set_hook, take_hook};
use std::path::Path;
use std::sync::Mutex;

use aftermove::claim::Article;
use aftermove::data::configuration::ConfigurationError;
use aftermove::data::location::Location;
use aftermove::data::price_file::{Content, Format, LoadedPrices, Note, PriceFileError, read_price_bytes};
use aftermove::series::{Basis, is_price};

/// Reads prices from `bytes`, as prices and as returns.
///
/// # Panics
/// When the reader does, or what comes back doesn't hold together.
pub fn check_prices(bytes: &[u8], format: Format) {
    for content in [Content::Prices, Content::Returns] {
        match catch_unwind(|| read_price_bytes("prices", bytes, format, content)) {
            Ok(Ok(loaded)) => check_book(&loaded),
            Ok(Err(error)) => check_price_error(&error, &String::from_utf8_lossy(bytes)),
            Err(_) => panic!("a panic left the reader: {}", LAST_PANIC.lock().map_or_else(|_| String::new(), |last| last.clone())),
        }
    }
}

fn check_book(loaded: &LoadedPrices) {
    let [file] = loaded.files.as_slice() else { panic!("one file was read, and {} are there", loaded.files.len()) };
    assert!(!loaded.book.is_empty(), "a book without a series");
    assert_eq!(file.symbols.len(), loaded.book.len(), "{:?}", file.symbols);
    let mut quotes = 0;
    for (symbol, series) in loaded.book.iter() {
        assert!(series.dates().is_sorted_by(|earlier, later| earlier < later), "{symbol}: dates that don't rise");
        assert!(series.closes().iter().copied().all(is_price), "{symbol}: {:?}", series.closes());
        let sides = [series.highs(), series.lows()];
        assert!(sides.into_iter().flatten().flatten().copied().all(is_price), "{symbol}: {sides:?}");
        assert!(series.volumes().iter().flatten().all(|volume| *volume >= 0.0 && volume.is_finite()), "{symbol}: {:?}", series.volumes());
        assert_eq!(series.closes().len(), series.dates().len(), "{symbol}");
        let optional = [series.highs().len(), series.lows().len(), series.volumes().len()];
        assert!(optional.iter().all(|length| [0, series.dates().len()].contains(length)), "{symbol}: {optional:?}");
        assert_eq!(series.basis(), file.basis, "{symbol}");
        quotes += series.dates().len();
    }
    // No row is lost: each is a quote or is counted as missing. A row of a wide file counts once a symbol.
    let (mut missing, mut symbols) = (0, file.symbols.len());
    for note in &file.notes {
        match note {
            Note::AdjustedCloseUsed => assert_eq!(file.basis, Basis::AdjustedClose),
            Note::PricesMissing { count } => missing = *count,
            Note::SymbolsWithoutPrice { symbols: without } => symbols += without.len(),
        }
    }
    let found = quotes + missing;
    assert!(found == file.rows || found == file.rows * symbols, "{quotes} quotes and {missing} missing of {} rows", file.rows);
}

fn check_price_error(error: &PriceFileError, text: &str) {
    assert!(!error.to_string().is_empty() && !error.help().is_empty(), "{error:?}");
    if let Some(location) = error.location() {
        check_place(location, text);
    }
}

/// Checks an error of a study, article or manifest file whose text is `text`.
///
/// # Panics
/// When it doesn't say what is wrong, in which file, what to do, or names a place that isn't in the text.
pub fn check_configuration_error(error: &ConfigurationError, file: &str, text: &str) {
    assert!(!error.to_string().is_empty() && !error.help().is_empty(), "{error:?}");
    assert_eq!(error.file(), file, "{error:?}");
    if let Some(location) = error.location() {
        check_place(location, text);
    }
}

/// Checks an article's figures.
///
/// # Panics
/// When two claims have one id.
pub fn check_article(article: &Article) {
    let ids: BTreeSet<&str> = article.claims.iter().map(|claim| claim.id.as_str()).collect();
    assert_eq!(ids.len(), article.claims.len(), "an id stands there twice: {ids:?}");
}

fn check_place(location: &Location, text: &str) {
    match location {
        Location::Row { row } => assert!(*row >= 1, "{location:?}"),
        Location::Text { line, column, text: shown } => {
            let bare = |line: &str| line.trim_start_matches('\u{feff}').trim_end_matches('\r').to_owned();
            let found = line.checked_sub(1).and_then(|above| text.split('\n').nth(above));
            assert_eq!(found.map(bare), Some(bare(shown)), "the line shown isn't the one named: {location:?}");
            assert!((1..=shown.chars().count() + 1).contains(column), "a column outside its line: {location:?}");
        }
    }
}

/// The last panic of a dependency.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

/// Lets dependencies panic, since the readers turn panics of polars into errors; a panic in aftermove's own code ends the run even if it
/// is caught.
pub fn allow_panics_of_dependencies() {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(|folder| folder.join("src"));
    let end_run = take_hook();
    set_hook(Box::new(move |panic| {
        // The sources of dependencies have absolute paths, and so have aftermove's; those of the targets are relative.
        let place = panic.location().map(|location| Path::new(location.file()));
        let of_dependency = place.is_some_and(|file| file.is_absolute() && own.as_ref().is_some_and(|own| !file.starts_with(own)));
        match LAST_PANIC.lock() {
            Ok(mut last) if of_dependency => *last = panic.to_string(),
            _ => end_run(panic),
        }
    }));
}
