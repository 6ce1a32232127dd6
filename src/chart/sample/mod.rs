//! Figures of a study of many events, by the same style and layout as those of one.

mod activity;
mod control;
mod cumulative;
mod daily;
mod distribution;
mod exclusion;
mod forest;
mod regression;
mod rolling;
mod test;
mod volatility;

use super::caption;
use super::figure::Figure;
use crate::model::ExpectedReturnModel;
use crate::report::number;
use crate::report::wording;
use crate::sample::SampleResult;

/// The figures of a study of many events. A figure whose data the result lacks is left out.
pub fn sample_figures(result: &SampleResult) -> Vec<Figure> {
    let figures = [
        cumulative::figure(result),
        daily::figure(result),
        distribution::figure(result),
        forest::figure(result),
        test::figure(result),
        specification(result),
        regression::figure(result),
        volatility::figure(result),
        rolling::figure(result),
        exclusion::figure(result),
        control::paths(result),
        control::placebos(result),
    ];
    let activity = result.activity.iter().map(|activity| activity::figure(result, activity));
    figures.into_iter().chain(activity).flatten().collect()
}

/// The figure of the study under every reasonable choice; None unless that was asked for.
fn specification(result: &SampleResult) -> Option<Figure> {
    let curve = result.specifications.as_ref().filter(|curve| curve.estimates.len() > 1)?;
    let what = match result.events.len() {
        1 => "Cumulative abnormal return".to_owned(),
        count => format!("Mean cumulative abnormal return of {}", events(count)),
    };
    Some(super::specification::of_curve(curve, "specifications".to_owned(), what, source(result)))
}

/// Model, windows and source, for the foot of a chart.
fn note(result: &SampleResult, first: String) -> String {
    caption::sentences(&[first, model(result), source(result)])
}

/// How abnormal returns are measured, in a sentence.
fn model(result: &SampleResult) -> String {
    let study = &result.study;
    let benchmark = caption::name_in_sentence(&study.benchmark);
    let over = format!("estimated over days {}", wording::window_words(study.estimation));
    match study.model {
        ExpectedReturnModel::Market if result.thin.trade_to_trade => {
            format!("Abnormal returns by the market model on {benchmark} from trade to trade, {over}.")
        }
        ExpectedReturnModel::Market => format!("Abnormal returns by the market model on {benchmark}, {over}."),
        ExpectedReturnModel::MarketAdjusted => format!("Abnormal returns: returns less those of {benchmark}."),
        ExpectedReturnModel::ConstantMean => format!("Abnormal returns: returns less each security’s mean, {over}."),
        ExpectedReturnModel::Capm => format!("Abnormal returns by the capital asset pricing model on {benchmark}, {over}."),
        ExpectedReturnModel::FamaFrench3
        | ExpectedReturnModel::Carhart4
        | ExpectedReturnModel::FamaFrench5
        | ExpectedReturnModel::Factors => {
            format!("Abnormal returns by a model of the factors {}, {over}.", wording::join(&study.factors, "and"))
        }
        ExpectedReturnModel::ScholesWilliams => {
            format!("Abnormal returns by the market model on {benchmark}, beta after Scholes and Williams, {over}.")
        }
        ExpectedReturnModel::Dimson { .. } => format!("Abnormal returns by the market model on {benchmark}, beta after Dimson, {over}."),
        ExpectedReturnModel::FowlerRorke { .. } => {
            format!("Abnormal returns by the market model on {benchmark}, beta after Fowler and Rorke, {over}.")
        }
        ExpectedReturnModel::Vasicek => format!("Abnormal returns by the market model on {benchmark}, beta shrunk after Vasicek, {over}."),
        ExpectedReturnModel::Blume => format!("Abnormal returns by the market model on {benchmark}, beta adjusted after Blume, {over}."),
        ExpectedReturnModel::ConditionalVariance { process, .. } => {
            format!(
                "Abnormal returns by the market model on {benchmark} with {} residuals, {over}.",
                wording::sample::variance_name(process)
            )
        }
        ExpectedReturnModel::SyntheticControl => format!("Abnormal returns: returns less those of synthetic controls, {over}."),
        ExpectedReturnModel::ComparisonFirm => "Abnormal returns: returns less those of a matched firm.".to_owned(),
        ExpectedReturnModel::ComparisonPortfolio { firms } => format!("Abnormal returns: returns less the mean of {firms} matched firms."),
    }
}

fn source(result: &SampleResult) -> String {
    caption::source_of(result.study.price_source.as_deref(), &result.provenance)
}

/// "60 events"; "one event".
fn events(count: usize) -> String {
    if count == 1 { "one event".to_owned() } else { number::plural(count, "event") }
}

/// A name of at most so many characters, cut after a word where one ends.
fn shorten(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let kept: String = name.chars().take(most.saturating_sub(1)).collect();
    let words = kept.rfind([' ', ',']).filter(|end| *end > kept.len() / 2).and_then(|end| kept.get(..end));
    format!("{}…", words.unwrap_or(&kept).trim_end_matches([' ', ',']))
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn a_long_name_is_cut_after_a_word() {
        assert_eq!(shorten("Offres publiques d’achat", 24), "Offres publiques d’achat");
        assert_eq!(shorten("Réorganisations et cessions d’actifs", 24), "Réorganisations et…");
        assert_eq!(shorten("Réorganisations", 8), "Réorgan…");
    }
}
