//! From files to a checked study with its prices and their provenance: the one way in, for the built-in study and for people's own.

use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::claim::Article;
use crate::data::article_file;
use crate::data::article_reader::{ArticleError, ArticleReader, is_figures};
use crate::data::configuration::{self, ConfigurationError};
use crate::data::download::{self, DownloadError, is_address, without_secrets};
use crate::data::manifest::{Manifest, ManifestMismatch};
use crate::data::price_file::{
    Format, LoadedPrices, Note, PriceFile, PriceFileError, PriceSource, Wanted, read_price_bytes, read_wanted_prices,
};
use crate::data::source_file::sha256_of;
use crate::data::study_file::StudyFile;
use crate::provenance::{InputFile, Provenance};
use crate::series::PriceBook;
use crate::study::{Study, StudyDesign, StudyError};

/// Why a study can't be loaded.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum LoadError {
    /// A study, manifest or name file.
    #[error(transparent)]
    Configuration(#[from] ConfigurationError),
    /// An article, as published or as figures.
    #[error(transparent)]
    Article(#[from] ArticleError),
    /// A price file.
    #[error(transparent)]
    Prices(#[from] PriceFileError),
    /// A price file from the web.
    #[error(transparent)]
    Download(#[from] DownloadError),
    /// A price file that isn't the one its manifest describes.
    #[error(transparent)]
    Manifest(#[from] ManifestMismatch),
    /// A study that doesn't hold together.
    #[error(transparent)]
    Study(#[from] StudyError),
}

/// A study with all that it needs to run.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedStudy {
    /// The study, checked.
    pub study: Study,
    /// Its prices.
    pub book: PriceBook,
    /// Where they come from.
    pub provenance: Provenance,
}

/// Loads what a study file names: its article, its prices, and the manifest beside it if there is one.
///
/// # Errors
/// [`LoadError`] of the first file that can't be used.
pub fn load(mut file: StudyFile) -> Result<LoadedStudy, LoadError> {
    let mut articles = Vec::new();
    if let Some(path) = &file.article {
        let (article, input) = read_article(path, &file.names)?;
        file.design.article = Some(Article { published: file.published.or(article.published), ..article });
        articles.push(input);
    }
    let beside = file.folder.join("manifest.toml");
    let manifest = if beside.is_file() {
        Some(Manifest::from_toml(&beside.display().to_string(), &configuration::read_text(&beside)?)?)
    } else {
        None
    };
    let prices = gather(&file.prices)?;
    complete(file.design, prices, manifest.as_ref().map(|manifest| (file.folder.as_path(), manifest)), &articles)
}

/// Prices from files, and after them those from the web. Of an address only what stands before its query is shown and kept: a key to a
/// service may stand there.
///
/// # Errors
/// [`LoadError::Download`] and [`LoadError::Prices`].
pub fn gather(sources: &[PriceSource]) -> Result<LoadedPrices, LoadError> {
    gather_wanted(sources, &Wanted::default())
}

/// As [`gather`], of files no more than what is wanted; addresses are read whole.
///
/// # Errors
/// As [`gather`].
pub fn gather_wanted(sources: &[PriceSource], wanted: &Wanted) -> Result<LoadedPrices, LoadError> {
    let address = |source: &&PriceSource| is_address(&source.path.to_string_lossy());
    let files: Vec<PriceSource> = sources.iter().filter(|source| !address(source)).cloned().collect();
    let mut loaded = read_wanted_prices(&files, wanted)?;
    for source in sources.iter().filter(address) {
        let name = source.path.to_string_lossy().into_owned();
        let bytes = download::download(&name)?;
        let format = if without_secrets(&name).ends_with(".parquet") { Format::Parquet } else { Format::Text };
        let name = without_secrets(&name).to_owned();
        let further = read_price_bytes(&name, &bytes, format, source.content)?;
        for (symbol, series) in further.book.iter() {
            loaded.book.insert(symbol.to_owned(), series.clone()).map_err(|twice| PriceFileError::SymbolInTwoFiles {
                first: holder(&loaded.files, &twice.symbol),
                second: name.clone(),
                symbol: twice.symbol,
            })?;
        }
        loaded.files.extend(further.files);
    }
    Ok(loaded)
}

fn holder(files: &[PriceFile], symbol: &str) -> String {
    files.iter().find(|file| file.symbols.iter().any(|held| held == symbol)).map_or_else(String::new, |file| file.path.clone())
}

/// An article with the path and bytes it came from: its figures (.toml, .json), or the article as published, read with the names of these
/// files before those that ship.
///
/// # Errors
/// [`ArticleError`], and [`ConfigurationError`] of a file of names.
pub fn read_article(path: &Path, names: &[PathBuf]) -> Result<(Article, (String, Vec<u8>)), LoadError> {
    let (article, bytes) = if is_figures(path) {
        let (article, text) = article_file::read(path).map_err(ArticleError::from)?;
        (article, text.into_bytes())
    } else {
        let (read, bytes) = ArticleReader::new(names)?.read_file(path)?;
        (read.article, bytes)
    };
    Ok((article, (path.display().to_string(), bytes)))
}

/// Checks a design and puts it together with its prices; `texts` are further inputs, with their bytes.
///
/// # Errors
/// [`LoadError::Study`] and [`LoadError::Manifest`].
pub fn complete(
    design: StudyDesign,
    prices: LoadedPrices,
    manifest: Option<(&Path, &Manifest)>,
    texts: &[(String, Vec<u8>)],
) -> Result<LoadedStudy, LoadError> {
    let mut inputs = Vec::with_capacity(prices.files.len() + texts.len());
    for file in &prices.files {
        if let Some((folder, manifest)) = manifest
            && let Ok(relative) = Path::new(&file.path).strip_prefix(folder)
        {
            manifest.check(&relative.to_string_lossy(), &file.sha256, file.rows)?;
        }
        let notes = file.notes.iter().map(describe).collect();
        inputs.push(InputFile { path: file.path.clone(), sha256: file.sha256.clone(), rows: Some(file.rows), notes });
    }
    for (path, bytes) in texts {
        inputs.push(InputFile { path: path.clone(), sha256: sha256_of(bytes), rows: None, notes: Vec::new() });
    }
    let provenance = Provenance { aftermove: env!("CARGO_PKG_VERSION").to_owned(), inputs };
    Ok(LoadedStudy { study: Study::new(design)?, book: prices.book, provenance })
}

/// A note in words.
pub(crate) fn describe(note: &Note) -> String {
    match note {
        Note::AdjustedCloseUsed => "adjusted closes used".to_owned(),
        Note::PricesMissing { count: 1 } => "1 cell without a price left out".to_owned(),
        Note::PricesMissing { count } => format!("{count} cells without a price left out"),
        Note::SymbolsWithoutPrice { symbols } => format!("no price at all for {}", symbols.join(", ")),
    }
}
