//! How the numbers were made, in words that can stand in the appendix of a paper.

use crate::calendar::ShiftPolicy;
use crate::model::{ErrorLaw, ExpectedReturnModel, VarianceProcess};
use crate::report::document::{Block, Section};
use crate::report::number;
use crate::report::sample::table;
use crate::report::wording::{self, beta as beta_words, sample as words};
use crate::sample::SampleResult;

/// The section.
pub fn section(result: &SampleResult) -> Section {
    let mut blocks: Vec<Block> =
        [placement(result), model(result), measures(result), testing(result), caution()].map(Block::Paragraph).into();
    let places = [beta_words::method(result), beta_words::trade_to_trade(result)];
    for (words, place) in places.into_iter().flatten().zip(2..) {
        blocks.insert(place, Block::Paragraph(words));
    }
    blocks.push(Block::Table(table::definitions(result)));
    Section { id: "method".to_owned(), heading: "Method".to_owned(), blocks }
}

/// How events are placed, and which are left out.
fn placement(result: &SampleResult) -> String {
    let study = &result.study;
    let closed = match study.shift {
        ShiftPolicy::Next => format!(
            "news after the close or on a day without trading moves day 0 to the next session, by at most {}",
            number::plural(usize::try_from(study.largest_shift).unwrap_or_default(), "calendar day")
        ),
        ShiftPolicy::Previous => "news after the close or on a day without trading is placed on the session before".to_owned(),
        ShiftPolicy::Exclude => "an event whose own day is no session that can react is left out".to_owned(),
    };
    let missing = match study.allowed_missing {
        0 => "or a day of its event window has no return".to_owned(),
        days => format!("or more than {} of its event window have no return", number::plural(days, "day")),
    };
    format!(
        "Days are sessions of the benchmark. Day 0 is the first session that can react to the news: {closed}. The estimation window, days {}, moves along with it; the event window is days {}. An event is left out, with its reason, when its security has no prices, a window leaves the data, fewer than {} estimation returns are there, {missing}.",
        wording::window_words(study.estimation),
        wording::window_words(study.window),
        number::count(study.least_estimation),
    )
}

fn model(result: &SampleResult) -> String {
    let error = match result.study.model {
        // Said with the beta.
        _ if result.events.betas.is_some() || result.thin.trade_to_trade => "",
        ExpectedReturnModel::MarketAdjusted => {
            "As nothing but that spread is estimated, the standard error of a cumulative abnormal return over L days is the spread times √L."
        }
        ExpectedReturnModel::ComparisonFirm | ExpectedReturnModel::ComparisonPortfolio { .. } => {
            "The spread s is that of the differences about their mean, with n − 1 degrees of freedom; as nothing else is estimated, the standard error of a cumulative abnormal return over L days is s √L. The buy-and-hold return of several matched firms is that of their daily mean."
        }
        ExpectedReturnModel::SyntheticControl => {
            "The spread s is that of the differences about their mean, with n − k degrees of freedom for k donors with a weight; the standard error of a cumulative abnormal return over L days is s √(L + r′Vr), r the donors’ sums of returns over those days and s²V the covariance of the weights, given which donors have one. That the donors were chosen by the same returns isn’t in it: the placebo tests don’t need it. They form the synthetic control of every donor out of the others, as if the event had been its own, and rank the event’s CAR, and its error over the window relative to that of the estimation window, among theirs."
        }
        ExpectedReturnModel::ConditionalVariance { process, errors } => return conditional_variance(result, process, errors),
        _ => {
            "The standard error of an abnormal return includes the error of the forecast, s² (L + 1′X (X′X)⁻¹ X′1) over L days, X the regressors of those days and of the estimation window (Campbell, Lo & MacKinlay 1997, The Econometrics of Financial Markets, chapter 4)."
        }
    };
    format!("{} ({}). {error}", words::model(result), words::model_source(result.study.model)).trim_end().to_owned()
}

/// The same for a model of conditional variance.
fn conditional_variance(result: &SampleResult, process: VarianceProcess, errors: ErrorLaw) -> String {
    let recursion = match process {
        VarianceProcess::Garch => "h_t = ω + α e²_{t−1} + β h_{t−1}",
        VarianceProcess::Gjr => "h_t = ω + (α + γ [e_{t−1} < 0]) e²_{t−1} + β h_{t−1}",
        VarianceProcess::Egarch => "ln h_t = ω + α (|z_{t−1}| − √(2/π)) + γ z_{t−1} + β ln h_{t−1}, z = e/√h, α not below 0",
    };
    let later = match (process, errors) {
        (VarianceProcess::Egarch, ErrorLaw::Normal) => "its expectation (Nelson 1991, theorem A1.2)",
        (VarianceProcess::Egarch, ErrorLaw::Student) => "e to the expectation of its logarithm, as under t errors it has none itself",
        _ => "its expectation",
    };
    format!(
        "{} ({}). The variance of the residual e follows {recursion}, started from an exponentially weighted mean of the first 75 squared residuals. On an event day it is forecast from the last day of the estimation window, so that the event does not enter: {later}. The standard error of an abnormal return over days is the root of the sum of these variances and of the error of the line, 1′X (X′H⁻¹X)⁻¹ X′1, H the conditional variances of the estimation days. Degrees of freedom are the estimation days less all parameters, those of the variance among them. Ranks and correlations take residuals over their conditional standard deviation.",
        words::model(result),
        words::model_source(result.study.model)
    )
}

fn measures(result: &SampleResult) -> String {
    let windows = words::all_events(result).map_or(0, |all| all.windows.len());
    let these = if windows == 1 { "One window was asked for" } else { "The first window asked for is the one that the answer is about" };
    format!(
        "CAR is the sum of an event’s abnormal returns over a window, SCAR the CAR over its standard error; AAR and CAAR are means over events, N of them, with the interval CAAR ± t(N − 1) · s / √N, s the standard deviation of the CARs. The buy-and-hold abnormal return (BHAR) is the product of 1 + R less that of 1 + expected R. {these}."
    )
}

fn testing(result: &SampleResult) -> String {
    let drawn = match result.study.seed {
        Some(seed) => format!(" Resampled tests draw {} times, with the seed {seed}.", number::count(result.study.draws)),
        None => String::new(),
    };
    format!(
        "All tests are two-sided. r̄ is the mean correlation of the estimation residuals of all pairs of events, paired by calendar day; a pair whose windows share k of L sessions weighs k/L, one that shares none adds 0. “To read” are the tests that suit the circumstances found in this sample (see above); a mean is told from zero where each of them has a p-value below 5 %. A test that can’t be computed says why.{drawn}"
    )
}

fn caution() -> String {
    "A mean abnormal return that differs from zero on the days of the news is not proof that the news was the reason, and one that doesn’t is not proof that it meant nothing: how small an effect this sample could have shown depends on its size and spread.".to_owned()
}
