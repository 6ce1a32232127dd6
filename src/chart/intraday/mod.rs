//! Figures of a study within the day, by the same style and layout as those of days.

mod cumulative;
mod volatility;

use super::caption;
use super::figure::Figure;
use crate::intraday::fit::BarModel;
use crate::intraday::result::IntradayResult;
use crate::report::wording;

/// The figures of a study within the day. A figure whose data the result lacks is left out.
pub fn intraday_figures(result: &IntradayResult) -> Vec<Figure> {
    [cumulative::figure(result), volatility::figure(result)].into_iter().flatten().collect()
}

/// Model and source, for the foot of a chart.
fn note(result: &IntradayResult, first: String) -> String {
    let benchmark = caption::name_in_sentence(&result.study.benchmark);
    let over = format!("estimated over sessions {} before the event", wording::window_words(result.study.estimation));
    let model = match result.study.model {
        BarModel::Market => {
            format!("Abnormal returns by the market model on {benchmark}, bars of {} min, {over}.", result.grid.bar.minutes())
        }
        BarModel::MarketAdjusted => {
            format!("Abnormal returns: returns less those of {benchmark}, bars of {} min.", result.grid.bar.minutes())
        }
        BarModel::ConstantMean => {
            format!("Abnormal returns: returns less each security’s mean, bars of {} min, {over}.", result.grid.bar.minutes())
        }
    };
    caption::sentences(&[first, model, caption::source_of(None, &result.provenance)])
}
