//! Manifests.
#![no_main]

use aftermove::data::manifest::Manifest;
use aftermove_fuzz::check_configuration_error;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Manifest::from_toml("manifest.toml", text) {
        Ok(manifest) => {
            // The first entry of a path is the one that counts.
            if let Some(entry) = manifest.file.first() {
                assert_eq!(manifest.check(&entry.path, &entry.sha256, entry.rows), Ok(()));
                assert!(manifest.check(&entry.path, &entry.sha256, entry.rows ^ 1).is_err());
            }
        }
        Err(error) => check_configuration_error(&error, "manifest.toml", text),
    }
});
