//! Betas other than least squares, returns from trade to trade, and rolling betas: a whole study against statsmodels, linearmodels and R
//! (tests/reference/beta_models.py), and what is refused.

use aftermove::event::Event;
use aftermove::event::list::EventList;
use aftermove::model::ExpectedReturnModel;
use aftermove::model::beta::rolling::rolling_betas;
use aftermove::model::beta::shrinkage::Prior;
use aftermove::sample::beta::{BetaDesign, BlumeLine, ShrinkageUsed};
use aftermove::sample::{Sample, SampleDesign, SampleError, SampleResult};
use aftermove::series::{Basis, PriceBook, PriceSeries, Quote, ReturnKind};
use aftermove::stats::tail;
use chrono::NaiveDate;
use serde_json::Value;

use crate::many_events::sample_design;
use crate::sample::{assert_near, closes, event, sessions, wander};

/// What the other programs found. Their regressions go by pseudo-inverse or QR, ours by sums about the means; prices are cumulated from
/// returns here. What is left between them is rounding of sums of 115 products.
const ROUNDING: f64 = 1e-10;

fn reference() -> Value {
    serde_json::from_str(include_str!("../reference/beta_models.json")).unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|one| one.as_f64().unwrap()).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn days(count: usize) -> Vec<NaiveDate> {
    sessions("2022-01-03", "2022-12-30").into_iter().take(count).collect()
}

/// The invented returns as price series, and one event of each security on day 0.
fn invented(found: &Value) -> (PriceBook, Vec<Event>) {
    let market = numbers(&found["market"]);
    let dates = days(market.len());
    let series = |returns: &[f64]| {
        let rows: Vec<_> = dates.iter().copied().zip(returns.iter().map(|value| Some(*value))).collect();
        PriceSeries::from_returns(&rows).unwrap()
    };
    let mut book = PriceBook::default();
    book.insert("MARKET".to_owned(), series(&market)).unwrap();
    for (symbol, returns) in found["securities"].as_object().unwrap() {
        book.insert(symbol.clone(), series(&numbers(returns))).unwrap();
    }
    (book, events(found))
}

fn events(found: &Value) -> Vec<Event> {
    let zero = days(160)[usize::try_from(found["zero"].as_u64().unwrap()).unwrap()].to_string();
    found["securities"].as_object().unwrap().keys().map(|symbol| event(symbol, symbol, &zero)).collect()
}

fn design(found: &Value, model: ExpectedReturnModel, beta: BetaDesign) -> SampleDesign {
    let ends = |value: &Value| format!("{}..{}", value[0].as_i64().unwrap(), value[1].as_i64().unwrap());
    let (estimation, window) = (ends(&found["estimation"]), ends(&found["window"]));
    SampleDesign { model, beta, ..sample_design(&estimation, &window, &[&window]) }
}

fn run(design: SampleDesign, events: &[Event], book: &PriceBook) -> Result<SampleResult, SampleError> {
    Sample::new(design, EventList::from_events(events))?.run(book, Default::default(), |_| ())
}

/// A design for a row of the reference: the model's name, and what the name says beside it.
fn designed(found: &Value, name: &str) -> SampleDesign {
    let (model, beta) = match name {
        "vasicek given" => ("vasicek", BetaDesign { prior: Some(Prior::new(1.0, 0.3).unwrap()), ..BetaDesign::default() }),
        "blume estimated" => ("blume", BetaDesign { blume: BlumeLine::Estimated, ..BetaDesign::default() }),
        other => (other, BetaDesign::default()),
    };
    design(found, model.parse().unwrap(), beta)
}

#[test]
fn betas_of_every_kind_agree_with_statsmodels_and_linearmodels() {
    let found = reference();
    let (book, events) = invented(&found);
    let mut compared = 0;
    for expected in found["results"].as_array().unwrap() {
        let name = expected["model"].as_str().unwrap();
        let result = run(designed(&found, name), &events, &book).unwrap();
        let place = result.events.event_id.iter().position(|id| id.as_str() == expected["symbol"].as_str().unwrap()).unwrap();
        let columns = &result.events;
        let betas = columns.betas.as_ref().unwrap();
        assert_near("alpha", columns.alpha[place], number(&expected["alpha"]), 1e-13, 0.0);
        assert_eq!(columns.slopes[place].len(), 1, "{name}");
        assert_near(name, columns.slopes[place][0], number(&expected["beta"]), 0.0, ROUNDING);
        assert_near("its error", betas.standard_error[place], number(&expected["beta_se"]), 0.0, ROUNDING);
        assert_near("b", betas.ordinary[place], number(&expected["ordinary_beta"]), 0.0, ROUNDING);
        assert_near("its error", betas.ordinary_error[place], number(&expected["ordinary_beta_se"]), 0.0, ROUNDING);
        assert_near("s", columns.sigma[place], number(&expected["sigma"]), 0.0, ROUNDING);
        assert_eq!(columns.degrees_of_freedom[place] as u64, expected["degrees_of_freedom"].as_u64().unwrap(), "{name}");
        assert_eq!(columns.observations[place] as u64, expected["n"].as_u64().unwrap());
        if let Some(slopes) = expected.get("slopes") {
            assert_eq!(betas.slopes[place].len(), slopes.as_array().unwrap().len());
            for (slope, expected) in betas.slopes[place].iter().zip(numbers(slopes)) {
                assert_near("slope", *slope, expected, ROUNDING, ROUNDING);
            }
        }
        if let Some(autocorrelation) = expected.get("autocorrelation") {
            assert_near("ρ", betas.autocorrelation[place].unwrap(), number(autocorrelation), ROUNDING, 0.0);
            // Scholes and Williams show the two to agree in large samples; in one of 115 days they are near, not the same.
            assert_near("instrumental", columns.slopes[place][0], number(&expected["instrumental_beta"]), 0.05, 0.0);
        }
        for ((column, ar), error) in columns.days.iter().zip(numbers(&expected["ar"])).zip(numbers(&expected["ar_se"])) {
            assert_near("AR", column.abnormal[place], ar, 1e-12, 0.0);
            assert_near("its error", column.standard_error[place], error, 0.0, ROUNDING);
        }
        assert_near("CAR", columns.windows[0].car[place], number(&expected["car"]), 1e-12, 0.0);
        assert_near("its error", columns.windows[0].standard_error[place], number(&expected["car_se"]), 0.0, ROUNDING);
        compared += 1;
    }
    assert_eq!(compared, 50);
}

#[test]
fn the_prior_and_blumes_line_are_those_of_the_studys_betas() {
    let found = reference();
    let (book, events) = invented(&found);
    let shrinkage = |name: &str| run(designed(&found, name), &events, &book).unwrap().shrinkage;
    let prior = numbers(&found["prior"]);
    let Some(ShrinkageUsed::Vasicek { mean, standard_deviation, betas: Some(5) }) = shrinkage("vasicek") else { panic!() };
    assert_near("prior mean", mean, prior[0], 0.0, ROUNDING);
    assert_near("prior sd", standard_deviation, prior[1], 0.0, ROUNDING);
    assert_eq!(shrinkage("vasicek given"), Some(ShrinkageUsed::Vasicek { mean: 1.0, standard_deviation: 0.3, betas: None }));
    let line = numbers(&found["blume_line"]);
    let Some(ShrinkageUsed::Blume { intercept, slope, betas: Some(5) }) = shrinkage("blume estimated") else { panic!() };
    assert_near("intercept", intercept, line[0], 0.0, ROUNDING);
    assert_near("slope", slope, line[1], 0.0, ROUNDING);
    assert!(matches!(shrinkage("blume"), Some(ShrinkageUsed::Blume { betas: None, .. })));
    assert_eq!(shrinkage("scholes-williams"), None);
    let summary = run(designed(&found, "vasicek"), &events, &book).unwrap().betas.unwrap();
    assert!(summary.used.standard_deviation.unwrap() < summary.ordinary.standard_deviation.unwrap());
}

/// The thin prices: the market on all days, each security on those that it has.
fn thin(found: &Value) -> PriceBook {
    let level = numbers(&found["market_level"]);
    let dates = days(level.len());
    let mut book = PriceBook::default();
    book.insert("MARKET".to_owned(), closes(&dates, &level)).unwrap();
    for (symbol, prices) in found["thin"].as_object().unwrap() {
        let quoted: Vec<(NaiveDate, f64)> =
            dates.iter().copied().zip(prices.as_array().unwrap()).filter_map(|(date, price)| Some((date, price.as_f64()?))).collect();
        let (dates, prices): (Vec<NaiveDate>, Vec<f64>) = quoted.into_iter().unzip();
        book.insert(symbol.clone(), closes(&dates, &prices)).unwrap();
    }
    book
}

const TRADES: BetaDesign = BetaDesign { prior: None, blume: BlumeLine::Fixed, trade_to_trade: true, rolling: None };

#[test]
fn returns_from_trade_to_trade_agree_with_weighted_regressions_of_statsmodels_and_r() {
    let found = reference();
    let book = thin(&found);
    let (mut compared, mut gaps) = (0, 0);
    for expected in found["trades"].as_array().unwrap() {
        let mut design = design(&found, expected["model"].as_str().unwrap().parse().unwrap(), TRADES);
        design.rule.returns = if expected["log"].as_bool().unwrap() { ReturnKind::Log } else { ReturnKind::Simple };
        // Sessions after the last trade of the window are missing; those that a later trade spans aren't.
        design.rule.allowed_missing = 5;
        let result = run(design, &events(&found), &book).unwrap();
        assert_eq!(result.exclusions, []);
        let symbol = expected["symbol"].as_str().unwrap();
        let place = result.events.event_id.iter().position(|id| id.as_str() == symbol).unwrap();
        let columns = &result.events;
        assert_near("alpha", columns.alpha[place], number(&expected["alpha"]), 1e-12, 0.0);
        if let Some(beta) = columns.slopes[place].first() {
            assert_near("beta", *beta, number(&expected["beta"]), 0.0, ROUNDING);
        }
        assert_near("s", columns.sigma[place], number(&expected["sigma"]), 0.0, ROUNDING);
        assert_eq!(columns.observations[place] as u64, expected["n"].as_u64().unwrap());
        assert_eq!(columns.degrees_of_freedom[place] as u64, expected["degrees_of_freedom"].as_u64().unwrap());
        let present: Vec<i64> = columns.days.iter().filter(|day| day.present[place]).map(|day| i64::from(day.day)).collect();
        let expected_days: Vec<i64> = expected["days"].as_array().unwrap().iter().map(|day| day.as_i64().unwrap()).collect();
        assert_eq!(present, expected_days, "{symbol}");
        gaps += 11 - present.len();
        let held = columns.days.iter().filter(|day| day.present[place]);
        let (ar, errors) = (numbers(&expected["ar"]), numbers(&expected["ar_se"]));
        for ((column, ar), error) in held.zip(&ar).zip(&errors) {
            assert_near("AR", column.abnormal[place], *ar, 1e-12, 0.0);
            assert_near("its error", column.standard_error[place], *error, 0.0, ROUNDING);
        }
        if expected["model"] == "market" && !expected["log"].as_bool().unwrap() {
            let by_r = &found["trades_by_r"][symbol];
            assert_near("alpha by R", columns.alpha[place], number(&by_r["alpha"]), 1e-12, 0.0);
            assert_near("beta by R", columns.slopes[place][0], number(&by_r["beta"]), 0.0, ROUNDING);
            assert_near("s by R", columns.sigma[place], number(&by_r["sigma"]), 0.0, ROUNDING);
            let days = columns.days.iter().filter(|day| day.present[place]);
            for ((column, ar), error) in days.zip(numbers(&by_r["ar"])).zip(numbers(&by_r["ar_se"])) {
                assert_near("AR by R", column.abnormal[place], ar, 1e-12, 0.0);
                assert_near("its error by R", column.standard_error[place], error, 0.0, ROUNDING);
            }
        }
        assert_near("CAR", columns.windows[0].car[place], number(&expected["car"]), 1e-12, 0.0);
        assert_near("its error", columns.windows[0].standard_error[place], number(&expected["car_se"]), 0.0, ROUNDING);
        compared += 1;
    }
    assert_eq!(compared, 30);
    assert!(gaps > 50, "{gaps} sessions without a trade in the event windows");
}

#[test]
fn with_a_trade_on_every_session_trade_to_trade_changes_nothing() {
    let found = reference();
    let (book, events) = invented(&found);
    for model in ["market", "market-adjusted", "constant-mean"] {
        let model: ExpectedReturnModel = model.parse().unwrap();
        let plain = run(design(&found, model, BetaDesign::default()), &events, &book).unwrap();
        let trades = run(design(&found, model, TRADES), &events, &book).unwrap();
        for (one, other) in plain.events.windows[0].car.iter().zip(&trades.events.windows[0].car) {
            assert_near("CAR", *other, *one, 1e-14, 0.0);
        }
        for (one, other) in plain.groups[0].windows[0].tests.iter().zip(&trades.groups[0].windows[0].tests) {
            match (one.test.p_value(), other.test.p_value()) {
                (Some(one), Some(other)) => assert_near("p", other, one, 1e-9, 0.0),
                (one, other) => assert_eq!(one, other),
            }
        }
        assert!(trades.thin.trade_to_trade && !plain.thin.trade_to_trade);
    }
}

#[test]
fn a_session_that_a_later_trade_spans_is_not_missing() {
    let found = reference();
    let book = thin(&found);
    let excluded = |trades: bool| {
        let result =
            run(design(&found, ExpectedReturnModel::Market, BetaDesign { trade_to_trade: trades, ..TRADES }), &events(&found), &book);
        result.unwrap().exclusions.iter().map(|one| one.event_id.to_string()).collect::<Vec<_>>()
    };
    let trailing: Vec<String> =
        found["thin"].as_object().unwrap().iter().filter(|(_, prices)| prices[145].is_null()).map(|(symbol, _)| symbol.clone()).collect();
    assert_eq!(excluded(true), trailing, "only those without a trade on the last day");
    assert!(excluded(false).len() > trailing.len());
}

#[test]
fn a_rolling_beta_agrees_with_statsmodels() {
    let found = reference();
    let window = usize::try_from(found["rolling_window"].as_u64().unwrap()).unwrap();
    let held = |values: &Value| numbers(values).into_iter().map(Some).collect::<Vec<_>>();
    let market = held(&found["market"]);
    let mut betas = Vec::new();
    for (symbol, returns) in found["securities"].as_object().unwrap() {
        let path = rolling_betas(&held(returns), &market, window).unwrap();
        let (expected, errors) = (numbers(&found["rolling"][symbol]["beta"]), numbers(&found["rolling"][symbol]["se"]));
        assert_eq!((path.len(), path[0].position), (expected.len(), window - 1));
        let quantile = tail::student_quantile(0.975, window as f64 - 2.0).unwrap();
        for ((entry, beta), error) in path.iter().zip(&expected).zip(&errors) {
            assert_near("beta", entry.beta, *beta, ROUNDING, 0.0);
            assert_near("its error", entry.standard_error, *error, 0.0, ROUNDING);
            assert_near("low", entry.low, beta - quantile * error, ROUNDING, 0.0);
            assert_near("high", entry.high, beta + quantile * error, ROUNDING, 0.0);
        }
        betas.push(expected);
    }
    // The study's mean by event day is the mean of these; the last one is of the last day of the event window, position 145.
    let (book, events) = invented(&found);
    let result =
        run(design(&found, ExpectedReturnModel::Market, BetaDesign { rolling: Some(window), ..BetaDesign::default() }), &events, &book);
    let rolling = result.unwrap().rolling.unwrap();
    assert_eq!((rolling.days[0].day, rolling.days.last().unwrap().day, rolling.without), (-120 + 39, 5, 0));
    for day in &rolling.days {
        let place = usize::try_from(140 + day.day).unwrap() - (window - 1);
        let mean = betas.iter().map(|path| path[place]).sum::<f64>() / 5.0;
        assert_near("mean beta", day.mean, mean, ROUNDING, 0.0);
        assert_eq!(day.n, 5);
        let (low, high) = day.interval.unwrap();
        assert!(low < day.mean && day.mean < high);
    }
}

#[test]
fn what_cannot_be_is_refused_with_what_to_do() {
    let found = reference();
    let (book, events) = invented(&found);
    let refused = |design: SampleDesign, events: &[Event]| run(design, events, &book).unwrap_err().to_string();
    let one = &events[..1];
    let message = refused(designed(&found, "vasicek"), one);
    assert!(message.contains("1 betas") && message.contains("--prior-beta"), "{message}");
    assert!(run(designed(&found, "vasicek given"), one, &book).is_ok());
    let message = refused(designed(&found, "blume estimated"), &events[..2]);
    assert!(message.contains("--blume-line fixed"), "{message}");
    assert!(run(designed(&found, "blume"), one, &book).is_ok());
    let message = refused(design(&found, "dimson(1)".parse().unwrap(), TRADES), &events);
    assert!(message.contains("no model dimson(1,1)") && message.contains("market-adjusted"), "{message}");
    let message = refused(design(&found, ExpectedReturnModel::Market, BetaDesign { rolling: Some(5), ..BetaDesign::default() }), &events);
    assert!(message.contains("over 5 sessions"), "{message}");
    let message =
        refused(design(&found, ExpectedReturnModel::FamaFrench3, BetaDesign { rolling: Some(50), ..BetaDesign::default() }), &events);
    assert!(message.contains("fama-french-3"), "{message}");
}

#[test]
fn a_market_that_alternates_leaves_events_out_with_the_reason() {
    let dates = days(160);
    let level: Vec<f64> = (0..160).map(|day| if day % 2 == 0 { 100.0 } else { 102.0 }).collect();
    let mut book = PriceBook::default();
    book.insert("MARKET".to_owned(), closes(&dates, &level)).unwrap();
    book.insert("A".to_owned(), closes(&dates, &wander(160, 3))).unwrap();
    let found = reference();
    let events = [event("e", "A", &dates[140].to_string())];
    for name in ["scholes-williams", "fowler-rorke(1)"] {
        let refused = run(designed(&found, name), &events, &book).unwrap_err().to_string();
        assert!(refused.contains("model can't be fitted") && refused.contains("autocorrelations"), "{name}: {refused}");
    }
    // Its return of the day before is the negative of the day's: the slopes can't be told apart.
    let refused = run(designed(&found, "dimson(1,1)"), &events, &book).unwrap_err().to_string();
    assert!(refused.contains("linear combination"), "{refused}");
}

/// Quotes of which every third has no volume, and repeats the close before.
fn quotes(dates: &[NaiveDate], seed: u64) -> Vec<Quote> {
    let prices = wander(dates.len(), seed);
    let quote = |(place, date): (usize, &NaiveDate)| {
        let traded = place % 3 != 2;
        let close = if traded { prices[place] } else { prices[place - 1] };
        Quote { date: *date, close, high: None, low: None, volume: Some(if traded { 1000.0 } else { 0.0 }) }
    };
    dates.iter().enumerate().map(quote).collect()
}

#[test]
fn shares_of_zero_and_missing_returns_are_told() {
    let dates = days(160);
    let mut book = PriceBook::default();
    book.insert("MARKET".to_owned(), closes(&dates, &wander(160, 1))).unwrap();
    let series = PriceSeries::from_quotes(&quotes(&dates, 2), Basis::Close).unwrap();
    book.insert("A".to_owned(), series.clone()).unwrap();
    let (traded, left_out) = series.without_untraded();
    assert_eq!((left_out, traded.as_ref().unwrap().len()), (53, 107));
    book.insert("B".to_owned(), traded.unwrap()).unwrap();
    book.insert("C".to_owned(), closes(&dates, &wander(160, 5))).unwrap();
    let zero = dates[140].to_string();
    let events = [event("a", "A", &zero), event("b", "B", &zero), event("c", "C", &zero)];
    // Day 0 has no trade.
    let mut design = sample_design("-120..-1", "0..4", &["0..1"]);
    design.rule.allowed_missing = 5;
    let result = run(design, &events, &book).unwrap();
    // 120 estimation sessions, a third of them without a trade: 40 returns of zero, or none.
    let near = |found: &[f64], expected: [f64; 3]| {
        found.iter().zip(expected).for_each(|(found, expected)| assert_near("share", *found, expected, 1e-12, 0.0))
    };
    near(&result.events.zero_share, [1.0 / 3.0, 0.0, 0.0]);
    near(&result.events.missing_share, [0.0, 1.0 / 3.0, 0.0]);
    assert_eq!(result.thin.thin_events, 2);
    assert_near("mean", result.thin.mean_zero_share, 1.0 / 9.0, 1e-12, 0.0);
}
