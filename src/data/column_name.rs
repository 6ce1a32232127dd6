//! Names of columns as headers write them, made comparable.

/// A name without case, with spaces and hyphens as `_`, and without the `<` `>` that Stooq puts around it.
pub(super) fn folded(name: &str) -> String {
    name.trim().trim_start_matches('<').trim_end_matches('>').trim().to_lowercase().replace([' ', '-'], "_")
}

/// Names in quotes, separated by commas.
pub(super) fn list(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}
