//! Charts and reports as files: the same for one event and for many.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::argument::Options;
use super::failure::Failure;
use super::output::OutputFile;
use crate::chart::{self, Figure, Size};
use crate::report::document::Document;
use crate::report::html::Picture;
use crate::report::{FigureReference, html, markdown};

/// A chart, drawn.
pub(super) struct Drawn {
    figure: Figure,
    picture: Picture,
    svg: Option<String>,
}

/// Draws the charts, each at the size asked for and narrow for a phone.
pub(super) fn draw(figures: Vec<Figure>, options: &Options) -> Result<Vec<Drawn>, Failure> {
    figures.into_par_iter().map(|figure| draw_one(figure, options)).collect()
}

fn draw_one(figure: Figure, options: &Options) -> Result<Drawn, Failure> {
    let wide = chart::draw(&figure, options.size).map_err(|failure| undrawable(&figure, &failure))?;
    let png = chart::to_png(&wide.svg).map_err(|failure| undrawable(&figure, &failure))?;
    let narrow = chart::draw(&figure, Size::PHONE).map_err(|failure| undrawable(&figure, &failure))?;
    let narrow_png = chart::to_png(&narrow.svg).map_err(|failure| undrawable(&figure, &failure))?;
    let outline = || chart::to_outlines(&wide.svg, &figure.name).map_err(|failure| undrawable(&figure, &failure));
    let svg = if options.svg { Some(outline()?) } else { None };
    let picture = Picture { png, size: (wide.size.width, wide.size.height), narrow_png };
    Ok(Drawn { figure, picture, svg })
}

/// A chart's files: PNG, and SVG when it is asked for.
pub(super) fn draw_files(figure: &Figure, options: &Options) -> Result<Vec<OutputFile>, Failure> {
    let drawing = chart::draw(figure, options.size).map_err(|failure| undrawable(figure, &failure))?;
    let png = chart::to_png(&drawing.svg).map_err(|failure| undrawable(figure, &failure))?;
    let mut files = vec![OutputFile { name: format!("{}.png", figure.name), bytes: png }];
    if options.svg {
        let outlines = chart::to_outlines(&drawing.svg, &figure.name).map_err(|failure| undrawable(figure, &failure))?;
        files.push(OutputFile { name: format!("{}.svg", figure.name), bytes: outlines.into_bytes() });
    }
    Ok(files)
}

fn undrawable(figure: &Figure, failure: &dyn std::error::Error) -> Failure {
    Failure::plain(format!("the chart {} can't be drawn: {failure}", figure.name), "please report this")
}

/// What a report says of the charts.
pub(super) fn references(drawn: &[Drawn]) -> Vec<FigureReference> {
    let reference = |drawn: &Drawn| FigureReference {
        name: drawn.figure.name.clone(),
        title: drawn.figure.title.clone(),
        alt: drawn.figure.alt.clone(),
    };
    drawn.iter().map(reference).collect()
}

/// The charts, and the report as a page and as Markdown.
pub(super) fn files(document: &Document, drawn: Vec<Drawn>) -> Result<Vec<OutputFile>, Failure> {
    let mut files = Vec::with_capacity(2 * drawn.len() + 2);
    let mut pictures = BTreeMap::new();
    for Drawn { figure, picture, svg } in drawn {
        files.push(OutputFile { name: format!("{}.png", figure.name), bytes: picture.png.clone() });
        if let Some(svg) = svg {
            files.push(OutputFile { name: format!("{}.svg", figure.name), bytes: svg.into_bytes() });
        }
        pictures.insert(figure.name, picture);
    }
    let html = html::render(document, &pictures).map_err(|failure| Failure::plain(failure.to_string(), "please report this"))?;
    files.push(OutputFile { name: "report.html".to_owned(), bytes: html.into_bytes() });
    files.push(OutputFile { name: "report.md".to_owned(), bytes: markdown::render(document).into_bytes() });
    Ok(files)
}
