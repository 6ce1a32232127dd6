//! `result.json`: everything a study found, at full double precision.

use crate::study::StudyResult;

/// The result as indented JSON with a closing line end.
///
/// # Errors
/// What serde_json says; a [`StudyResult`] holds nothing that it refuses.
pub fn render(result: &StudyResult) -> Result<String, serde_json::Error> {
    let mut text = serde_json::to_string_pretty(result)?;
    text.push('\n');
    Ok(text)
}
