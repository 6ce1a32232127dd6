//! The report as one HTML file: charts inside, no network request, readable on a phone, a desk and on paper.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment};
use serde::Serialize;
use thiserror::Error;

use crate::report::document::Document;

const TEMPLATE: &str = include_str!("report.html.j2");

/// The pictures of one chart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// For desk and paper: PNG bytes.
    pub png: Vec<u8>,
    /// Size of the PNG in pixels.
    pub size: (u32, u32),
    /// For a narrow screen, drawn for its width: PNG bytes. Paths of letters as SVG would be sharper, and three times as large.
    pub narrow_png: Vec<u8>,
}

/// The template that ships with the program failed.
#[derive(Debug, Error)]
#[error("the report's template failed: {0}")]
pub struct TemplateError(#[from] minijinja::Error);

#[derive(Serialize)]
struct Page<'a> {
    document: &'a Document,
    pictures: BTreeMap<&'a str, EmbeddedPicture>,
}

#[derive(Serialize)]
struct EmbeddedPicture {
    png: String,
    width: u32,
    height: u32,
    narrow: String,
}

/// The document as HTML. `pictures` holds the charts by the names that the document uses; a figure without one is left out.
///
/// # Errors
/// [`TemplateError`], which a test keeps from happening.
pub fn render(document: &Document, pictures: &BTreeMap<String, Picture>) -> Result<String, TemplateError> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template("report", TEMPLATE)?;
    let pictures: BTreeMap<&str, EmbeddedPicture> = pictures.iter().map(|(name, picture)| (name.as_str(), embed(picture))).collect();
    Ok(environment.get_template("report")?.render(Serde(Page { document, pictures }))?)
}

fn embed(picture: &Picture) -> EmbeddedPicture {
    EmbeddedPicture {
        png: STANDARD.encode(&picture.png),
        width: picture.size.0,
        height: picture.size.1,
        narrow: STANDARD.encode(&picture.narrow_png),
    }
}
