//! The gallery in `charts/` is the golden picture of every chart: what the program draws now must look the same.

use std::path::{Path, PathBuf};

use aftermove::chart::{self, Size};
use aftermove::data::built_in;

fn gallery() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("charts/cloudflare-kiwi-farms-2022")
}

fn decode(bytes: &[u8]) -> image::RgbImage {
    image::load_from_memory_with_format(bytes, image::ImageFormat::Png).unwrap().to_rgb8()
}

/// Another machine's rounding may move the shade of an edge, not more: at most one pixel in two hundred may differ by more than
/// 24 of 255 in a channel. A line of text or a line of data that moves by one pixel changes more than that.
fn looks_the_same(name: &str, drawn: &[u8], golden: &[u8]) {
    if drawn == golden {
        return;
    }
    let (drawn, golden) = (decode(drawn), decode(golden));
    assert_eq!(drawn.dimensions(), golden.dimensions(), "{name} has another size");
    let differs =
        |(one, other): &(&image::Rgb<u8>, &image::Rgb<u8>)| one.0.iter().zip(other.0).any(|(one, other)| one.abs_diff(other) > 24);
    let different = drawn.pixels().zip(golden.pixels()).filter(differs).count();
    let pixels = drawn.pixels().len();
    assert!(
        different * 200 <= pixels,
        "{name}: {different} of {pixels} pixels differ; look at both, and run the built-in study to renew the gallery"
    );
}

#[test]
fn every_chart_looks_as_in_the_gallery() {
    let loaded = built_in::load().unwrap();
    let result = loaded.study.run(&loaded.book, loaded.provenance).unwrap();
    let figures = chart::figures(&result);
    assert_eq!(figures.len(), 9);
    for figure in figures {
        let drawn = chart::to_png(&chart::draw(&figure, Size::WIDE).unwrap().svg).unwrap();
        let golden = std::fs::read(gallery().join(format!("{}.png", figure.name)))
            .unwrap_or_else(|_| panic!("{} isn't in the gallery", figure.name));
        looks_the_same(&figure.name, &drawn, &golden);
    }
}

#[test]
fn a_chart_that_differs_is_found() {
    let loaded = built_in::load().unwrap();
    let result = loaded.study.run(&loaded.book, loaded.provenance).unwrap();
    let mut figure = chart::figures(&result).remove(0);
    let golden = chart::to_png(&chart::draw(&figure, Size::WIDE).unwrap().svg).unwrap();
    figure.title = figure.title.to_uppercase();
    let changed = chart::to_png(&chart::draw(&figure, Size::WIDE).unwrap().svg).unwrap();
    assert!(std::panic::catch_unwind(|| looks_the_same("changed", &changed, &golden)).is_err());
}

#[test]
fn charts_can_be_drawn_at_a_phones_size_and_as_svg_without_fonts() {
    let loaded = built_in::load().unwrap();
    let result = loaded.study.run(&loaded.book, loaded.provenance).unwrap();
    for figure in chart::figures(&result) {
        let narrow = chart::draw(&figure, Size::PHONE).unwrap();
        assert_eq!(narrow.size.width, Size::PHONE.width);
        assert_eq!(decode(&chart::to_png(&narrow.svg).unwrap()).width(), Size::PHONE.width);
        let outlines = chart::to_outlines(&narrow.svg, &figure.name).unwrap();
        assert!(!outlines.contains("<text") && !outlines.contains("font-family"), "{} asks for a font", figure.name);
        assert!(figure.alt.len() > 40 && !figure.title.contains("caused"), "{}", figure.alt);
    }
}
