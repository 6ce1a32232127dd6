//! The study of many events: against single-event studies, against values of statsmodels, and what must not change its numbers.

use aftermove::event::list::EventList;
use aftermove::event::{Event, Moment};
use aftermove::factor::{FactorColumn, FactorTable};
use aftermove::inference::{Outcome, TestOutcome};
use aftermove::model::ExpectedReturnModel;
use aftermove::sample::result::GroupResult;
use aftermove::sample::{Circumstance, ControlDesign, OverlapPolicy, Sample, SampleDesign, SampleError, SampleResult};
use aftermove::series::{PriceBook, PriceSeries, ReturnKind};
use chrono::NaiveDate;
use serde_json::Value;

use crate::sample::{assert_near, closes, day, event, rule, sessions, wander, window};

/// Sums of a few hundred numbers near 1.
const ROUNDING: f64 = 1e-11;

pub fn sample_design(estimation: &str, event: &str, cars: &[&str]) -> SampleDesign {
    SampleDesign {
        name: "sample".to_owned(),
        title: "Sample".to_owned(),
        benchmark: "MARKET".to_owned(),
        model: ExpectedReturnModel::Market,
        rule: rule(estimation, event),
        car_windows: cars.iter().map(|text| window(text)).collect(),
        factors: None,
        controls: ControlDesign::default(),
        beta: Default::default(),
        untraded: None,
        overlapping: OverlapPolicy::Keep,
        contaminated: false,
        volatility_fallback: aftermove::sample::VolatilityFallback::Exclude,
        most_excluded: None,
        draws: 0,
        seed: 1,
        event_tests: true,
        other_conventions: false,
        long_horizon: None,
        regression: None,
        price_source: None,
    }
}

fn run_list(design: SampleDesign, list: EventList, book: &PriceBook) -> Result<SampleResult, SampleError> {
    Sample::new(design, list)?.run(book, Default::default(), |_| ())
}

fn run(design: SampleDesign, events: &[Event], book: &PriceBook) -> SampleResult {
    run_list(design, EventList::from_events(events), book).unwrap()
}

/// `S0` to `S{count-1}` and `MARKET` over 2021 and 2022.
fn panel(count: usize) -> PriceBook {
    let dates = sessions("2021-01-04", "2022-12-30");
    let mut book = PriceBook::default();
    book.insert("MARKET".to_owned(), closes(&dates, &wander(dates.len(), 99))).unwrap();
    for number in 0..count {
        book.insert(format!("S{number}"), closes(&dates, &wander(dates.len(), number as u64 + 1))).unwrap();
    }
    book
}

/// Events of `S0`, `S1`, … on days some sessions apart, two groups in turn.
fn events(count: usize, securities: usize, apart: usize) -> Vec<Event> {
    let dates = sessions("2022-01-03", "2022-11-30");
    (0..count)
        .map(|number| {
            let mut event =
                event(&format!("e{number:03}"), &format!("S{}", number % securities), &dates[(number * apart) % dates.len()].to_string());
            event.group = Some(if number % 2 == 0 { "even" } else { "odd" }.to_owned());
            event
        })
        .collect()
}

fn test<'a>(group: &'a GroupResult, car: &str, name: &str) -> &'a TestOutcome {
    let held = group.windows.iter().find(|held| held.window == window(car)).unwrap();
    &held.tests.iter().find(|held| held.test.name == name).unwrap_or_else(|| panic!("no test {name}")).test
}

fn statistic(group: &GroupResult, car: &str, name: &str) -> f64 {
    match &test(group, car, name).outcome {
        Outcome::Computed { statistic, .. } => *statistic,
        Outcome::Inapplicable { reason } => panic!("{name}: {reason}"),
    }
}

#[test]
fn each_event_of_a_sample_has_the_numbers_of_its_own_study() {
    let book = panel(5);
    let list = events(12, 5, 17);
    let cars = ["0..1", "-5..5"];
    for model in [ExpectedReturnModel::Market, ExpectedReturnModel::MarketAdjusted, ExpectedReturnModel::ConstantMean] {
        let design = SampleDesign { model, ..sample_design("-150..-11", "-5..5", &cars) };
        let many = run(design.clone(), &list, &book);
        assert_eq!(many.events.len(), 12);
        for (position, event) in list.iter().enumerate() {
            let mut single = crate::sample::design(design.rule, vec![event.clone()]);
            single.model = model;
            single.car_windows.clone_from(&design.car_windows);
            let alone = crate::sample::run_one(single, &book);
            let fitted = alone.model.as_ref().unwrap();
            assert_near("alpha", many.events.alpha[position], fitted.alpha, ROUNDING, 0.0);
            assert_near("sigma", many.events.sigma[position], fitted.sigma, 0.0, ROUNDING);
            assert_eq!(many.events.session[position], alone.session.unwrap());
            for (column, (ar, error)) in many.events.days.iter().zip(alone.columns.ar.iter().zip(&alone.columns.ar_se)) {
                assert_near("AR", column.abnormal[position], ar.unwrap(), ROUNDING, 0.0);
                assert_near("its error", column.standard_error[position], error.unwrap(), 0.0, ROUNDING);
            }
            for (column, car) in many.events.windows.iter().zip(&alone.car) {
                assert_near("CAR", column.car[position], car.cumulated.value, ROUNDING, 0.0);
                assert_near("its error", column.standard_error[position], car.cumulated.standard_error, 0.0, ROUNDING);
                assert_near("BHAR", column.bhar[position], car.cumulated.bhar, ROUNDING, 0.0);
                assert_near("p", many.events.p_value(column, position).unwrap(), car.cumulated.p_value, ROUNDING, 0.0);
            }
            for (own, car) in many.events.tests[position].iter().zip(&alone.car) {
                let p_values = |tests: &[TestOutcome]| tests.iter().map(|test| (test.name, test.p_value())).collect::<Vec<_>>();
                assert_eq!(p_values(own), p_values(&car.tests[1..]), "placebo, sample quantile and rank");
                assert!(own[0].p_value().is_some());
            }
        }
    }
}

/// Values of statsmodels 0.15.0 (tests/reference/factor_models.py). It fits by a pseudo-inverse, which squares nothing: what is left is
/// rounding of sums of 80 products, and prices are cumulated from returns here.
#[test]
fn factor_models_agree_with_statsmodels() {
    let found: Value = serde_json::from_str(include_str!("../reference/factor_models.json")).unwrap();
    let numbers = |value: &Value| -> Vec<f64> { value.as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect() };
    let benchmark = numbers(&found["benchmark"]);
    let dates: Vec<NaiveDate> = sessions("2022-01-03", "2022-12-30").into_iter().take(benchmark.len()).collect();
    let series = |returns: &[f64]| {
        PriceSeries::from_returns(&dates.iter().copied().zip(returns.iter().map(|value| Some(*value))).collect::<Vec<_>>()).unwrap()
    };
    let mut book = PriceBook::default();
    book.insert("MARKET".to_owned(), series(&benchmark)).unwrap();
    for (symbol, returns) in found["securities"].as_object().unwrap() {
        book.insert(symbol.clone(), series(&numbers(returns))).unwrap();
    }
    let rows: Vec<Vec<f64>> = found["factors"].as_array().unwrap().iter().map(numbers).collect();
    let names = found["factor_names"].as_array().unwrap();
    let column = |number: usize| FactorColumn {
        name: names[number].as_str().unwrap().to_owned(),
        values: rows.iter().map(|row| Some(row[number])).collect(),
    };
    let mut columns: Vec<FactorColumn> = (0..names.len()).map(column).collect();
    columns.push(FactorColumn { name: "RF".to_owned(), values: numbers(&found["risk_free"]).into_iter().map(Some).collect() });
    let table = FactorTable::new(dates.clone(), columns).unwrap();
    let ends = |value: &Value| format!("{}..{}", value[0].as_i64().unwrap(), value[1].as_i64().unwrap());
    let (estimation, event_window) = (ends(&found["estimation"]), ends(&found["window"]));
    let zero = dates[usize::try_from(found["zero"].as_u64().unwrap()).unwrap()];
    let mut compared = 0;
    for expected in found["results"].as_array().unwrap() {
        let model = match expected["model"].as_str().unwrap() {
            "market" => ExpectedReturnModel::Market,
            "capm" => ExpectedReturnModel::Capm,
            "fama-french-3" => ExpectedReturnModel::FamaFrench3,
            "carhart-4" => ExpectedReturnModel::Carhart4,
            "fama-french-5" => ExpectedReturnModel::FamaFrench5,
            "factors" => ExpectedReturnModel::Factors,
            other => panic!("{other}"),
        };
        let design = SampleDesign { model, factors: Some(table.clone()), ..sample_design(&estimation, &event_window, &[&event_window]) };
        let result = run(design, &[event("e", expected["symbol"].as_str().unwrap(), &zero.to_string())], &book);
        let events = &result.events;
        let coefficients = numbers(&expected["coefficients"]);
        assert_near("alpha", events.alpha[0], coefficients[0], 1e-13, 0.0);
        for (slope, expected) in events.slopes[0].iter().zip(&coefficients[1..]) {
            assert_near("slope", *slope, *expected, 1e-11, 1e-11);
        }
        assert_eq!(events.slopes[0].len(), coefficients.len() - 1);
        assert_near("s", events.sigma[0], expected["sigma"].as_f64().unwrap(), 0.0, 1e-11);
        assert_near("R²", events.r_squared[0].unwrap(), expected["r_squared"].as_f64().unwrap(), 1e-11, 0.0);
        assert_eq!(events.degrees_of_freedom[0] as u64, expected["degrees_of_freedom"].as_u64().unwrap());
        let (ar, errors) = (numbers(&expected["ar"]), numbers(&expected["ar_se"]));
        for ((column, ar), error) in events.days.iter().zip(ar).zip(errors) {
            assert_near("AR", column.abnormal[0], ar, 1e-12, 0.0);
            assert_near("its error", column.standard_error[0], error, 0.0, 1e-11);
        }
        let car = &events.windows[0];
        assert_near("CAR", car.car[0], expected["car"].as_f64().unwrap(), 1e-12, 0.0);
        assert_near("its error", car.standard_error[0], expected["car_se"].as_f64().unwrap(), 0.0, 1e-11);
        assert_near("BHAR", car.bhar[0], expected["bhar"].as_f64().unwrap(), 1e-12, 0.0);
        compared += 1;
    }
    assert_eq!(compared, 12);
}

/// The mean correlation, pair by pair: Pearson's, over the days that both estimation windows have, times the share of sessions shared.
fn correlation_by_pairs(result: &SampleResult, book: &PriceBook, estimation: &str, car: &str) -> (f64, u64) {
    let dates = book.get("MARKET").unwrap().dates().to_vec();
    let (estimation, car) = (window(estimation), window(car));
    let zero = |position: usize| dates.binary_search(&result.events.session[position]).unwrap();
    let residuals = |position: usize| -> Vec<(NaiveDate, f64)> {
        let returns = |symbol: &str| book.get(symbol).unwrap().returns_on(&dates, ReturnKind::Simple);
        let (own, market) = (returns(result.events.symbol_of(position)), returns("MARKET"));
        let at = |day: i32| dates[zero(position).checked_add_signed(day as isize).unwrap()];
        let paired = estimation.iter().map(at).filter_map(|date| Some((date, own.on(date)?, market.on(date)?)));
        paired.map(|(date, own, market)| (date, own - result.events.alpha[position] - result.events.slopes[position][0] * market)).collect()
    };
    let all: Vec<Vec<(NaiveDate, f64)>> = (0..result.events.len()).map(residuals).collect();
    let (mut total, mut pairs) = (0.0, 0);
    for one in 0..all.len() {
        for other in one + 1..all.len() {
            let shared = car.days().saturating_sub(zero(one).abs_diff(zero(other)));
            if shared == 0 {
                continue;
            }
            let common: Vec<(f64, f64)> =
                all[one].iter().filter_map(|(date, value)| Some((*value, all[other].iter().find(|(held, _)| held == date)?.1))).collect();
            let (left, right): (Vec<f64>, Vec<f64>) = common.into_iter().unzip();
            total += shared as f64 / car.days() as f64 * aftermove::stats::moment::correlation(&left, &right).unwrap();
            pairs += 1;
        }
    }
    let count = all.len() as f64;
    (2.0 * total / (count * (count - 1.0)), pairs)
}

#[test]
fn the_mean_correlation_is_that_of_all_pairs_by_calendar_day() {
    let book = panel(30);
    // A session apart: most windows share sessions with several others.
    let result = run(sample_design("-120..-11", "-10..10", &["0..1", "-2..2", "-10..10"]), &events(60, 30, 1), &book);
    for car in ["0..1", "-2..2", "-10..10"] {
        let (value, pairs) = correlation_by_pairs(&result, &book, "-120..-11", car);
        let held = result.groups[0].windows.iter().find(|held| held.window == window(car)).unwrap();
        assert!(pairs > 10, "{car}: {pairs} pairs");
        assert_eq!(held.correlation.overlapping_pairs, pairs, "{car}");
        assert_near(car, held.correlation.value, value, 1e-14, 1e-10);
    }
}

#[test]
fn pairing_by_event_day_would_give_another_correlation() {
    // One security in events a session apart: on the same calendar days its residuals are the same, by event day they aren't.
    let book = panel(1);
    let dates = sessions("2022-03-01", "2022-03-10");
    let same: Vec<Event> = dates.iter().enumerate().map(|(number, date)| event(&format!("e{number}"), "S0", &date.to_string())).collect();
    let result = run(sample_design("-120..-31", "-30..30", &["-30..30"]), &same, &book);
    let mean = result.groups[0].windows[0].correlation;
    // Every pair's residuals are nearly one; windows of 61 days up to 7 sessions apart share 54 to 60 of them.
    assert!(mean.value > 0.93 && mean.value < 1.0, "{}", mean.value);
}

#[test]
fn one_firm_in_many_events_counts_as_as_many_firms() {
    let dates = sessions("2021-01-04", "2022-12-30");
    let path = wander(dates.len(), 3);
    let mut book = panel(0);
    for name in ["ONE", "COPY"] {
        book.insert(name.to_owned(), closes(&dates, &path)).unwrap();
    }
    let days = ["2022-03-01", "2022-05-02", "2022-08-01", "2022-10-03"];
    let of =
        |symbols: [&str; 4]| -> Vec<Event> { (0..4).map(|number| event(&format!("e{number}"), symbols[number], days[number])).collect() };
    let design = || sample_design("-150..-11", "-5..5", &["0..1"]);
    let (one, two) = (run(design(), &of(["ONE"; 4]), &book), run(design(), &of(["ONE", "COPY", "ONE", "COPY"]), &book));
    assert_eq!((one.groups[0].securities, two.groups[0].securities), (1, 2));
    assert_eq!(one.events.windows, two.events.windows);
    for name in ["cross-sectional-t", "patell", "bmp", "kolari-pynnonen-bmp", "grank-t", "corrado-rank", "wilcoxon", "calendar-time"] {
        assert_eq!(test(&one.groups[0], "0..1", name), test(&two.groups[0], "0..1", name), "{name}");
    }
}

#[test]
fn every_day_and_window_has_its_own_statistics() {
    let result = run(sample_design("-120..-11", "-5..5", &["0..0", "0..1", "-5..5"]), &events(20, 7, 9), &panel(7));
    let group = &result.groups[0];
    let at_zero: Vec<_> = group.days.iter().find(|held| held.day == 0).unwrap().tests.iter().map(|held| &held.test).collect();
    let window_zero: Vec<_> = group.windows[0].tests.iter().map(|held| &held.test).collect();
    assert_eq!(at_zero, window_zero, "day 0 and the window 0..0 are one thing");
    for name in ["cross-sectional-t", "patell", "bmp", "corrado-rank", "grank-t", "crude-dependence"] {
        let mut seen: Vec<String> = group
            .days
            .iter()
            .map(|held| format!("{:?}", held.tests.iter().find(|held| held.test.name == name).unwrap().test.outcome))
            .collect();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), group.days.len(), "{name} is printed for another day too");
    }
}

#[test]
fn the_order_of_events_changes_no_number() {
    let book = panel(9);
    let list = events(40, 9, 3);
    let mut turned = list.clone();
    turned.reverse();
    let design = || sample_design("-120..-11", "-5..5", &["0..1", "-5..5"]);
    let (one, other) = (run(design(), &list, &book), run(design(), &turned, &book));
    for car in ["0..1", "-5..5"] {
        for held in &one.groups[0].windows[0].tests {
            let name = held.test.name;
            let pair = (test(&one.groups[0], car, name), test(&other.groups[0], car, name));
            match (&pair.0.outcome, &pair.1.outcome) {
                (Outcome::Computed { statistic: left, .. }, Outcome::Computed { statistic: right, .. }) => {
                    // Sums in another order.
                    assert_near(name, *left, *right, 1e-10, 1e-10);
                }
                (left, right) => assert_eq!(left, right, "{name}"),
            }
        }
    }
}

#[test]
fn the_scale_of_prices_and_further_windows_change_no_number() {
    let (book, list) = (panel(6), events(25, 6, 4));
    let dates = sessions("2021-01-04", "2022-12-30");
    let mut scaled = PriceBook::default();
    for (symbol, series) in book.iter() {
        let levels: Vec<f64> = series.closes().iter().map(|close| close * 1024.0).collect();
        scaled.insert(symbol.to_owned(), closes(&dates, &levels)).unwrap();
    }
    let few = run(sample_design("-120..-11", "-5..5", &["0..1"]), &list, &book);
    let same = run(sample_design("-120..-11", "-5..5", &["0..1"]), &list, &scaled);
    assert_eq!(few.groups, same.groups, "a power of two scales without rounding");
    let more = run(sample_design("-120..-11", "-5..5", &["0..1", "-1..1", "-5..5"]), &list, &book);
    let plain = |result: &SampleResult| result.groups[0].windows[0].tests.iter().map(|held| held.test.clone()).collect::<Vec<_>>();
    assert_eq!(plain(&few), plain(&more));
    assert!(more.groups[0].windows[0].tests.iter().any(|held| held.p_holm > held.test.p_value()), "more windows, larger Holm p-values");
}

#[test]
fn threads_change_no_bit() {
    let (book, list) = (panel(40), events(700, 40, 1));
    let design = || SampleDesign { draws: 199, ..sample_design("-120..-11", "-5..5", &["0..1", "-5..5"]) };
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| run(design(), &list, &book))
    };
    let one = on(1);
    assert_eq!(one, on(3));
    assert_eq!(one, on(8));
}

#[test]
fn groups_are_tested_by_themselves_and_against_each_other() {
    let (book, list) = (panel(11), events(44, 11, 4));
    let design = || sample_design("-120..-11", "-5..5", &["0..1"]);
    let both = run(design(), &list, &book);
    assert_eq!(both.groups.iter().map(|held| held.n).collect::<Vec<_>>(), [44, 22, 22]);
    let even: Vec<Event> = list.iter().filter(|event| event.group.as_deref() == Some("even")).cloned().collect();
    let alone = run(design(), &even, &book);
    for held in &alone.groups[0].windows[0].tests {
        // Sums of ranks are put together in other parts.
        let name = held.test.name;
        assert_near(name, statistic(&both.groups[1], "0..1", name), statistic(&alone.groups[0], "0..1", name), 1e-12, 1e-12);
    }
    assert_eq!(alone.groups[0].windows[0].cumulative, both.groups[1].windows[0].cumulative);
    let difference = &both.differences[0];
    assert_eq!((difference.first.as_str(), difference.second.as_str()), ("even", "odd"));
    let means = [1, 2].map(|group: usize| both.groups[group].windows[0].cumulative.mean);
    assert_near("difference", difference.difference, means[0] - means[1], 1e-15, 0.0);
}

#[test]
fn each_event_that_cannot_be_used_is_listed_with_its_reason() {
    let dates = sessions("2021-01-04", "2022-12-30");
    let mut book = panel(3);
    book.insert("FLAT".to_owned(), closes(&dates, &vec![50.0; dates.len()])).unwrap();
    let late = &dates[300..];
    book.insert("LISTED".to_owned(), closes(late, &wander(late.len(), 8))).unwrap();
    let gone = &dates[..350];
    book.insert("GONE".to_owned(), closes(gone, &wander(gone.len(), 8))).unwrap();
    let mut list = vec![
        event("good", "S0", "2022-06-01"),
        event("unknown", "S9X", "2022-06-01"),
        event("early", "S1", "2021-02-01"),
        event("late", "S1", "2022-12-29"),
        event("flat", "FLAT", "2022-06-01"),
        event("young", "LISTED", "2022-03-21"),
        event("delisted", "GONE", "2022-06-20"),
        event("far", "S2", "2031-01-02"),
    ];
    list[0].group = Some("one".to_owned());
    let result = run(sample_design("-120..-11", "-5..5", &["0..1"]), &list, &book);
    assert_eq!(result.events.len(), 1);
    let kinds: Vec<(&str, &str)> = result.exclusions.iter().map(|held| (held.event_id.as_str(), held.kind)).collect();
    assert_eq!(
        kinds,
        [
            ("unknown", "unknown symbol"),
            ("early", "window leaves the data"),
            ("late", "window leaves the data"),
            ("flat", "model can't be fitted"),
            ("young", "too few estimation returns"),
            ("delisted", "returns missing in the event window"),
            ("far", "no session can react"),
        ]
    );
    assert!(result.exclusions.iter().all(|held| held.reason.len() > 10));
    assert_eq!(result.reasons[0].kind, "window leaves the data");
    assert!(matches!(result.advice[0].circumstance, Circumstance::OneEvent));
    // One event: no test over events, and each says why.
    for held in &result.groups[0].windows[0].tests {
        if held.test.name == "cross-sectional-t" {
            assert!(matches!(&held.test.outcome, Outcome::Inapplicable { reason } if reason.contains('1')), "{:?}", held.test);
        }
    }
    let budget = SampleDesign { most_excluded: Some(0.2), ..sample_design("-120..-11", "-5..5", &["0..1"]) };
    let refused = run_list(budget, EventList::from_events(&list), &book).unwrap_err();
    assert!(matches!(&refused, SampleError::TooManyExcluded { excluded: 7, events: 8, .. }), "{refused}");
    let none = run_list(sample_design("-120..-11", "-5..5", &["0..1"]), EventList::from_events(&list[1..]), &book).unwrap_err();
    assert!(matches!(&none, SampleError::NoneLeft { events: 7, .. }), "{none}");
    assert!(none.to_string().contains("window leaves the data"), "{none}");
}

#[test]
fn an_event_listed_twice_or_a_list_without_events_is_an_error() {
    let book = panel(1);
    let twice = [event("a", "S0", "2022-06-01"), event("b", "S0", "2022-07-01"), event("a", "S0", "2022-08-01")];
    let refused = run_list(sample_design("-120..-11", "-5..5", &["0..1"]), EventList::from_events(&twice), &book).unwrap_err();
    assert_eq!(refused, SampleError::EventTwice { id: "a".to_owned() });
    let none = run_list(sample_design("-120..-11", "-5..5", &["0..1"]), EventList::default(), &book).unwrap_err();
    assert_eq!(none, SampleError::NoEvent);
    let outside = Sample::new(sample_design("-120..-11", "-5..5", &["0..9"]), EventList::from_events(&twice[..1])).unwrap_err();
    assert!(matches!(outside, SampleError::Window(_)), "{outside}");
}

#[test]
fn touching_events_of_one_firm_are_reported_and_left_out_on_request() {
    let book = panel(2);
    let list = [
        event("first", "S0", "2022-06-01"),
        event("near", "S0", "2022-06-08"),
        event("other", "S1", "2022-06-08"),
        event("later", "S0", "2022-09-01"),
    ];
    let design = || sample_design("-120..-11", "-5..5", &["0..1"]);
    let kept = run(design(), &list, &book);
    assert_eq!((kept.events.len(), kept.overlaps.overlapping, kept.overlaps.contaminated), (4, 2, 1));
    let used =
        |design: SampleDesign| -> Vec<String> { run(design, &list, &book).events.event_id.iter().map(ToString::to_string).collect() };
    assert_eq!(used(SampleDesign { overlapping: OverlapPolicy::LeaveOutLater, ..design() }), ["first", "other", "later"]);
    assert_eq!(used(SampleDesign { overlapping: OverlapPolicy::LeaveOutAll, ..design() }), ["other", "later"]);
    assert_eq!(used(SampleDesign { contaminated: true, ..design() }), ["first", "near", "other"]);
}

#[test]
fn of_a_chain_of_overlapping_events_every_other_stays() {
    let book = panel(1);
    let chain = ["2022-06-01", "2022-06-09", "2022-06-17", "2022-06-28"].map(|date| event(date, "S0", date));
    let design = SampleDesign { overlapping: OverlapPolicy::LeaveOutLater, ..sample_design("-120..-11", "-5..5", &["0..1"]) };
    let used: Vec<String> = run(design, &chain, &book).events.event_id.iter().map(ToString::to_string).collect();
    assert_eq!(used, ["2022-06-01", "2022-06-17"]);
}

#[test]
fn a_long_window_overlaps_events_beyond_the_next() {
    let mut list = EventList::from_events(&["2022-04-01", "2022-05-02", "2022-06-01"].map(|date| event(date, "S0", date)));
    list.events[0].window = Some(window("-10..60"));
    let result = run_list(sample_design("-120..-11", "-5..5", &["0..1"]), list, &panel(1)).unwrap();
    assert_eq!(result.overlaps.overlapping, 3);
}

#[test]
fn weekly_prices_beside_a_daily_benchmark_are_told() {
    let mut book = panel(1);
    let weekly: Vec<NaiveDate> = sessions("2021-01-04", "2022-12-30").into_iter().step_by(5).collect();
    book.insert("WEEKLY".to_owned(), closes(&weekly, &wander(weekly.len(), 5))).unwrap();
    let list = [event("daily", "S0", "2022-06-01"), event("weekly", "WEEKLY", "2022-06-01")];
    let result = run(sample_design("-200..-11", "0..0", &["0..0"]), &list, &book);
    assert_eq!(result.exclusions[0].kind, "another frequency than the benchmark");
    assert!(result.exclusions[0].reason.contains("20 %"), "{}", result.exclusions[0].reason);
}

#[test]
fn a_day_without_events_counts_in_no_adjustment() {
    // One event alone has the days beyond the study's window: the other days' p-values are adjusted for what is there.
    let mut list = EventList::from_events(&events(20, 5, 9));
    list.groups.push("wide".to_owned());
    list.events[0].group = Some(2);
    list.events[0].window = Some(window("-9..5"));
    let result = run_list(sample_design("-120..-11", "-5..5", &["0..1"]), list, &panel(5)).unwrap();
    let even = result.groups.iter().find(|held| held.group.as_deref() == Some("even")).unwrap();
    assert_eq!(even.days.first().unwrap().day, -5);
    let wide = result.groups.iter().find(|held| held.group.as_deref() == Some("wide")).unwrap();
    for held in wide.windows[0].tests.iter().filter(|held| held.test.name.starts_with("grank")) {
        assert!(matches!(&held.test.outcome, Outcome::Inapplicable { reason } if reason.contains("standard deviation")), "{:?}", held.test);
    }
}

#[test]
fn an_event_may_bring_its_own_windows_and_benchmark() {
    let book = panel(4);
    let mut list =
        EventList::from_events(&[event("a", "S0", "2022-06-01"), event("b", "S1", "2022-06-01"), event("c", "S2", "2022-06-01")]);
    list.symbols.push("S3".to_owned());
    list.events[1].estimation = Some(window("-60..-11"));
    list.events[1].window = Some(window("-10..3"));
    list.events[2].benchmark = Some(3);
    let result = run_list(sample_design("-120..-11", "-5..5", &["0..1"]), list, &book).unwrap();
    assert_eq!(result.events.observations, [110, 50, 110]);
    assert_eq!(result.study.days, (-10..=5).collect::<Vec<_>>());
    // The path is over the study's own window: the event with a shorter one of its own leaves it where it ends.
    let path: Vec<(i32, usize)> = result.groups[0].cumulative.iter().map(|held| (held.day, held.n)).collect();
    assert_eq!((path.first(), path.last(), path.len()), (Some(&(-5, 3)), Some(&(5, 2)), 11));
    let there = |day: i32| result.events.days.iter().find(|held| held.day == day).unwrap().present.clone();
    assert_eq!((there(-8), there(0), there(4)), (vec![false, true, false], vec![true; 3], vec![true, false, true]));
    let mut single = crate::sample::design(rule("-120..-11", "-5..5"), vec![event("c", "S2", "2022-06-01")]);
    single.benchmark = "S3".to_owned();
    let alone = crate::sample::run_one(single, &book);
    assert_near("beta on its own benchmark", result.events.slopes[2][0], alone.model.unwrap().beta, 0.0, ROUNDING);
}

#[test]
fn benchmarks_with_different_sessions_each_keep_their_own() {
    let mut book = panel(3);
    let all = sessions("2021-01-04", "2022-12-30");
    // Abroad, every seventh session is a holiday.
    let abroad: Vec<NaiveDate> = all.iter().enumerate().filter(|(number, _)| number % 7 != 0).map(|(_, date)| *date).collect();
    book.insert("ABROAD".to_owned(), closes(&abroad, &wander(abroad.len(), 55))).unwrap();
    book.insert("FOREIGN".to_owned(), closes(&abroad, &wander(abroad.len(), 56))).unwrap();
    let date = abroad[300].to_string();
    let mut list = EventList::from_events(&[event("home", "S0", &date), event("away", "FOREIGN", &date), event("home2", "S1", &date)]);
    list.symbols.push("ABROAD".to_owned());
    list.events[1].benchmark = Some(u32::try_from(list.symbols.len() - 1).unwrap());
    let result = run_list(sample_design("-120..-11", "-5..5", &["0..1"]), list, &book).unwrap();
    assert_eq!(result.events.len(), 3);
    assert_eq!(result.events.session, [day(&date); 3]);
    // All three pairs share sessions; by calendar day over the days that both have.
    assert_eq!(result.groups[0].windows[0].correlation.overlapping_pairs, 3);
    assert!(result.groups[0].windows[0].correlation.value.abs() < 0.2);
}

#[test]
fn advice_names_the_circumstances_that_the_sample_has() {
    let book = panel(40);
    let clustered: Vec<Event> = (0..40).map(|number| event(&format!("e{number}"), &format!("S{number}"), "2022-06-01")).collect();
    let result = run(sample_design("-120..-11", "-5..5", &["0..1"]), &clustered, &book);
    // Paths drawn apart from each other: on one date, but without correlation to speak of.
    assert_eq!(result.groups[0].dates, 1);
    assert_eq!(result.groups[0].windows[0].correlation.overlapping_pairs, 40 * 39 / 2);
    let twice = run(sample_design("-120..-11", "-5..5", &["0..1"]), &events(60, 5, 3), &book);
    let circumstances: Vec<Circumstance> = twice.advice.iter().map(|held| held.circumstance).collect();
    assert!(
        circumstances.iter().any(|held| matches!(held, Circumstance::RepeatedFirms { events: 60, securities: 5 })),
        "{circumstances:?}"
    );
}

/// The circumstances of 40 firms on one date; `common` is the share of a path that they have together, `jump` what each adds on day 0.
fn circumstances(common: bool, jump: impl Fn(usize) -> f64) -> SampleResult {
    let dates = sessions("2021-01-04", "2022-12-30");
    let zero = dates.iter().position(|date| *date == day("2022-06-01")).unwrap();
    let shared = wander(dates.len(), 777);
    let mut book = PriceBook::default();
    book.insert("MARKET".to_owned(), closes(&dates, &wander(dates.len(), 99))).unwrap();
    for number in 0..40 {
        let own = wander(dates.len(), number as u64 + 1);
        let level = |place: usize| {
            let after = if place >= zero { 1.0 + jump(number) } else { 1.0 };
            own[place] * if common { shared[place] / 100.0 } else { 1.0 } * after
        };
        book.insert(format!("S{number}"), closes(&dates, &(0..dates.len()).map(level).collect::<Vec<_>>())).unwrap();
    }
    let list: Vec<Event> = (0..40).map(|number| event(&format!("e{number}"), &format!("S{number}"), "2022-06-01")).collect();
    run(sample_design("-120..-11", "-5..5", &["0..0"]), &list, &book)
}

#[test]
fn a_shared_shock_is_told_as_clustering_and_only_tests_that_allow_for_it_are_read() {
    let result = circumstances(true, |_| 0.0);
    let clustering = result.advice.iter().find(|held| matches!(held.circumstance, Circumstance::Clustering { .. })).unwrap();
    let Circumstance::Clustering { mean_correlation, overlapping_share, dates } = clustering.circumstance else { unreachable!() };
    // Two paths of the same spread, one of them shared: residuals are correlated about one half.
    assert!((0.35..0.65).contains(&mean_correlation), "{mean_correlation}");
    assert_eq!((overlapping_share, dates), (1.0, 1));
    for test in ["bmp", "cross-sectional-t", "sign-exact", "wilcoxon", "jackknife"] {
        assert!(!result.reading.read.contains(&test) && result.reading.distrusted.contains(&test), "{test}");
    }
    assert!(["wild-bootstrap", "permutation"].iter().all(|test| clustering.distrust.contains(test)));
    assert!(result.reading.read.contains(&"kolari-pynnonen-bmp") && result.reading.read.contains(&"grank-t"), "{:?}", result.reading.read);
    let apart = circumstances(false, |_| 0.0);
    assert!(!apart.advice.iter().any(|held| matches!(held.circumstance, Circumstance::Clustering { .. })), "{:?}", apart.advice);
}

#[test]
fn moves_that_differ_from_firm_to_firm_are_told_as_added_variance() {
    let result = circumstances(false, |number| if number % 2 == 0 { 0.08 } else { -0.08 });
    let ratio = result.advice.iter().find_map(|held| match held.circumstance {
        Circumstance::EventInducedVariance { ratio } => Some(ratio),
        _ => None,
    });
    // Jumps of 8 % beside residuals of about 1.2 % a day.
    assert!(ratio.is_some_and(|ratio| ratio > 20.0), "{ratio:?}");
    assert!(result.reading.distrusted.contains(&"patell") && result.reading.distrusted.contains(&"corrado-rank"));
    let skewed = circumstances(false, |number| if number == 7 { 0.5 } else { 0.0 });
    assert!(skewed.advice.iter().any(|held| matches!(held.circumstance, Circumstance::NotNormal { .. })), "{:?}", skewed.advice);
}

#[test]
fn a_time_of_day_without_an_exchange_is_an_error() {
    let mut design = sample_design("-120..-11", "-5..5", &["0..1"]);
    design.rule.exchange = None;
    let mut timed = event("a", "S0", "2022-06-01");
    timed.moment = Moment::Instant(
        chrono::NaiveDate::from_ymd_opt(2022, 6, 1).unwrap().and_hms_opt(18, 0, 0).unwrap().and_local_timezone(chrono_tz::Tz::UTC).unwrap(),
    );
    let refused = Sample::new(design, EventList::from_events(&[timed])).unwrap_err();
    assert_eq!(refused, SampleError::TimeWithoutExchange { id: "a".to_owned() });
}
