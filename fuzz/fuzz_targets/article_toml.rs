//! An article's figures in TOML.
#![no_main]

use aftermove::data::article_file::from_toml;
use aftermove_fuzz::{check_article, check_configuration_error};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match from_toml("article.toml", text) {
        Ok(article) => check_article(&article),
        Err(error) => check_configuration_error(&error, "article.toml", text),
    }
});
