//! The study that ships inside the program: Cloudflare blocks Kiwi Farms, September 2022.

use std::path::Path;

use crate::data::article_file;
use crate::data::load::{LoadError, LoadedStudy, complete};
use crate::data::manifest::Manifest;
use crate::data::price_file::{Content, Format, read_price_bytes};
use crate::data::study_file;

/// Folder of the built-in study, relative to the repository; reports name its files by it.
pub const FOLDER: &str = "datasets/cloudflare-kiwi-farms-2022";

const STUDY: &str = include_str!("../../datasets/cloudflare-kiwi-farms-2022/study.toml");
const ARTICLE: &str = include_str!("../../datasets/cloudflare-kiwi-farms-2022/article.toml");
const MANIFEST: &str = include_str!("../../datasets/cloudflare-kiwi-farms-2022/manifest.toml");
const PRICES: &[u8] = include_bytes!("../../datasets/cloudflare-kiwi-farms-2022/prices.csv");

/// The built-in study, loaded from the program itself.
///
/// # Errors
/// [`LoadError`] if what was compiled in doesn't hold together; a test holds that it does.
pub fn load() -> Result<LoadedStudy, LoadError> {
    let name = |file: &str| format!("{FOLDER}/{file}");
    let mut file = study_file::from_toml(&name("study.toml"), STUDY, Path::new(FOLDER))?;
    let article_name = name("article.toml");
    file.design.article = Some(article_file::from_toml(&article_name, ARTICLE)?);
    let manifest = Manifest::from_toml(&name("manifest.toml"), MANIFEST)?;
    let prices = read_price_bytes(&name("prices.csv"), PRICES, Format::Text, Content::Prices)?;
    complete(file.design, prices, Some((Path::new(FOLDER), &manifest)), &[(article_name, ARTICLE.as_bytes().to_vec())])
}
