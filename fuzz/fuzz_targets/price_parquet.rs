//! Price files in Parquet.
#![no_main]

use aftermove::data::price_file::Format;
use aftermove_fuzz::{allow_panics_of_dependencies, check_prices};
use libfuzzer_sys::fuzz_target;

fuzz_target!(init: allow_panics_of_dependencies(), |bytes: &[u8]| check_prices(bytes, Format::Parquet));
