//! Study files.
#![no_main]

use std::path::Path;

use aftermove::data::study_file::from_toml;
use aftermove_fuzz::check_configuration_error;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match from_toml("study.toml", text, Path::new("folder")) {
        Ok(study) => {
            let name = &study.design.name;
            let fit = |character: char| character.is_alphanumeric() || character == '-' || !character.is_ascii();
            assert!(!name.is_empty() && name.chars().all(fit), "not a name for a folder: {name:?}");
            assert!(!study.prices.is_empty() && !study.design.car_windows.is_empty());
            assert!(study.design.rule.windows.estimation().last() < study.design.rule.windows.event().first());
        }
        Err(error) => check_configuration_error(&error, "study.toml", text),
    }
});
