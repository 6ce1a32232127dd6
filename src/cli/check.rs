//! `aftermove check`: an article's figures against prices, without an event.

use super::argument::{CheckArguments, Options};
use super::failure::Failure;
use super::progress::Progress;
use super::run;
use crate::data::load::{complete, gather, read_article};
use crate::data::price_file::PriceSource;
use crate::data::study_file;

/// Benchmark when none is named: the first of these that the prices hold, else the first security of the article, whose own days are then the
/// sessions.
const USUAL_BENCHMARKS: [&str; 4] = ["^GSPC", "^SPX", "SPX", "SPY"];

/// Checks an article. True unless `--strict` finds something.
pub(super) fn article(arguments: &CheckArguments, options: &Options) -> Result<bool, Failure> {
    let progress = Progress::start(options.quiet);
    progress.step("Reading the article and the prices");
    let (article, input) = read_article(&arguments.article)?;
    let sources: Vec<PriceSource> = arguments.prices.iter().map(PriceSource::prices).collect();
    let prices = gather(&sources)?;
    let known = |symbol: &str| prices.book.get(symbol).is_ok();
    let benchmark = match &options.benchmark {
        Some(benchmark) => benchmark.clone(),
        None => {
            let own = article.claims.iter().map(|claim| claim.symbol.as_str());
            let found = USUAL_BENCHMARKS.into_iter().chain(own).find(|symbol| known(symbol)).map(str::to_owned);
            found.ok_or_else(|| {
                Failure::plain(
                    "the prices hold none of the securities that the article speaks of",
                    "add a file with --prices, or name the benchmark with --benchmark",
                )
            })?
        }
    };
    let name = arguments.article.file_stem().and_then(|stem| stem.to_str()).unwrap_or("article");
    let design = study_file::claims_only(name, &benchmark, article);
    run::study(complete(design, prices, None, &[input])?, options, progress)
}
