//! The specification curve: the built-in event under every choice and on other dates, against pandas, statsmodels and scipy
//! (`tests/reference/specification_curve.py` writes the values and names the versions).

use aftermove::align::AlignmentRule;
use aftermove::data::built_in;
use aftermove::event::list::EventList;
use aftermove::model::ExpectedReturnModel;
use aftermove::sample::SampleDesign;
use aftermove::series::PriceBook;
use aftermove::specification::{self, Choices, SpecificationCurve};
use serde_json::Value;

use crate::sample::{assert_near, window};

fn outside() -> Value {
    serde_json::from_str(include_str!("../reference/specification_curve.json")).unwrap()
}

/// The built-in study as a study of a list of one, and its prices.
fn built_in_list() -> (SampleDesign, EventList, PriceBook) {
    let loaded = built_in::load().unwrap();
    let study = loaded.study.design();
    let plain = SampleDesign::plain(study.benchmark.clone(), study.rule, study.car_windows.clone());
    let design = SampleDesign { model: study.model, ..plain };
    (design, EventList::from_events(&study.events), loaded.book)
}

fn three_models(design: &SampleDesign) -> Choices {
    Choices {
        models: vec![ExpectedReturnModel::Market, ExpectedReturnModel::MarketAdjusted, ExpectedReturnModel::ConstantMean],
        ..Choices::usual(design.rule.windows.estimation(), &design.car_windows)
    }
}

fn curve() -> SpecificationCurve {
    let (design, list, book) = built_in_list();
    specification::trace(&design, &list, &book, &three_models(&design)).unwrap().unwrap()
}

#[test]
fn every_specification_of_the_built_in_event_is_that_of_statsmodels() {
    let (curve, outside) = (curve(), outside());
    let expected = outside["estimates"].as_array().unwrap();
    assert_eq!(curve.estimates.len(), expected.len());
    for row in expected {
        let pair = |name: &str| window(&format!("{}..{}", row[name][0], row[name][1]));
        let model: ExpectedReturnModel = row["model"].as_str().unwrap().parse().unwrap();
        let own = |entry: &&specification::SpecificationEstimate| {
            let choice = &entry.specification;
            choice.model == model && choice.estimation == pair("estimation") && choice.window == pair("window")
        };
        let found = curve.estimates.iter().find(own).unwrap_or_else(|| panic!("{row} is missing"));
        // Sums of up to 240 returns in another order, and their quotients: measured 2e-15 and 5e-13 at worst.
        assert_near(&row.to_string(), found.value, row["value"].as_f64().unwrap(), 1e-14, 0.0);
        assert_near(&row.to_string(), found.p_value.unwrap(), row["p_value"].as_f64().unwrap(), 0.0, 1e-11);
    }
    assert!(curve.estimates.is_sorted_by(|one, other| one.value <= other.value));
    assert_near("median", curve.median, outside["median"].as_f64().unwrap(), 1e-14, 0.0);
    assert_eq!((curve.significant_positive + curve.significant_negative) as u64, outside["significant"].as_u64().unwrap());
}

#[test]
fn placebo_dates_give_the_shares_that_a_loop_over_dates_gives() {
    let (placebo, outside) = (curve().placebo.unwrap(), outside()["placebo"].clone());
    let count = |name: &str| outside[name].as_u64().unwrap() as usize;
    assert_eq!((placebo.dates, placebo.share_hits, placebo.median_hits), (count("dates"), count("share_hits"), count("median_hits")));
    assert_near("mean share", placebo.mean_share, outside["mean_share"].as_f64().unwrap(), 1e-12, 0.0);
    assert_near("p", placebo.median_p_value, 51.0 / 81.0, 1e-15, 0.0);
}

#[test]
fn a_choice_that_leaves_the_data_is_listed_with_its_reason_and_is_in_no_share() {
    let (design, list, book) = built_in_list();
    let mut choices = three_models(&design);
    choices.estimations.push(window("-400..-11"));
    choices.benchmarks.push("NOWHERE".to_owned());
    let curve = specification::trace(&design, &list, &book, &choices).unwrap().unwrap();
    assert_eq!(curve.estimates.len(), 60, "the curve of what can be computed is the same");
    // Three models over the long window; two models (not the mean, which needs no benchmark) over five windows under the unknown symbol.
    assert_eq!(curve.failed.len(), 3 + 2 * 5);
    assert!(curve.failed.iter().any(|failed| failed.specification.estimation == window("-400..-11")), "{:?}", curve.failed.first());
    assert!(curve.failed.iter().any(|failed| failed.reason.contains("NOWHERE")));
}

#[test]
fn a_study_whose_own_choice_is_no_usual_one_has_it_in_its_curve_once() {
    let (mut design, list, book) = built_in_list();
    design.rule =
        AlignmentRule { windows: aftermove::window::Windows::new(window("-200..-21"), window("-10..10")).unwrap(), ..design.rule };
    let curve = specification::trace(&design, &list, &book, &three_models(&design)).unwrap().unwrap();
    assert_eq!(curve.own.estimation, window("-200..-21"));
    assert_eq!(curve.estimates.iter().filter(|estimate| estimate.specification == curve.own).count(), 1);
}
