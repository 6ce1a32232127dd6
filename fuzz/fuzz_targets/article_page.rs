//! An article as published, whatever its bytes: it is read or refused, and its claims stand where they say.
#![no_main]

use std::sync::LazyLock;

use aftermove::claim::extract::Extractor;
use aftermove::data::extractor::extractor;
use aftermove::data::page::read_page;
use libfuzzer_sys::fuzz_target;

static EXTRACTOR: LazyLock<Extractor> = LazyLock::new(|| extractor(&[]).expect("the lexicons that ship can be read"));

fuzz_target!(|bytes: &[u8]| {
    let Ok(page) = read_page("article", bytes, None) else { return };
    for claim in EXTRACTOR.read(&page.text, page.language.as_deref()) {
        let (start, end) = claim.span.expect("a claim from a text has its place");
        assert!(page.text.get(start..end).is_some_and(|figure| !figure.trim().is_empty()), "{start}..{end} is no figure");
    }
});
