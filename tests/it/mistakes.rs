//! Mistakes that other event-study tools shipped, as far as they concern one event: each would fail here.

use aftermove::abnormal::{abnormal_returns, cumulate};
use aftermove::align::align;
use aftermove::calendar::Sessions;
use aftermove::data::built_in;
use aftermove::data::price_file::{Content, Format, PriceFileError, read_price_bytes};
use aftermove::model::ExpectedReturnModel;
use aftermove::series::{PriceBook, ReturnKind};
use aftermove::study::result::Status;
use chrono::NaiveDate;

use crate::sample::{assert_near, book, closes, day, design, event, rule, run, run_one, sessions, wander, window};

/// Sums of a few returns.
const ROUNDING: f64 = 1e-14;

/// 2022's sessions with prices for `STOCK` and `MARKET`, the stock without a quote on `halted`.
fn year(halted: &[&str]) -> PriceBook {
    let dates = sessions("2022-01-03", "2022-12-30");
    let quoted: Vec<(NaiveDate, f64)> =
        dates.iter().copied().zip(wander(dates.len(), 5)).filter(|(date, _)| !halted.iter().any(|halt| day(halt) == *date)).collect();
    let (own_dates, own): (Vec<NaiveDate>, Vec<f64>) = quoted.into_iter().unzip();
    book([("STOCK", closes(&own_dates, &own)), ("MARKET", closes(&dates, &wander(dates.len(), 9)))])
}

/// 100, 110, 105 gave 9.1 % and −4.8 % in a tool that divided by the later price.
#[test]
fn a_simple_return_divides_by_the_price_before() {
    let dates = [day("2022-09-01"), day("2022-09-02"), day("2022-09-06")];
    let returns = closes(&dates, &[100.0, 110.0, 105.0]).returns(ReturnKind::Simple);
    assert_eq!(returns.dates(), &dates[1..]);
    assert_near("first", returns.values()[0], 0.10, ROUNDING, 0.0);
    assert_near("second", returns.values()[1], -5.0 / 110.0, ROUNDING, 0.0);
}

/// Prices of several firms merged first and differenced after lose the return across a halt, often the largest of the sample.
#[test]
fn a_halt_keeps_its_return_on_the_day_trading_resumes() {
    let dates = sessions("2022-08-31", "2022-09-08");
    assert_eq!(dates.len(), 6);
    let open = [dates[0], dates[1], dates[4], dates[5]];
    let book = book([("STOCK", closes(&open, &[50.0, 100.0, 60.0, 66.0])), ("MARKET", closes(&dates, &wander(6, 1)))]);
    let returns = book.get("STOCK").unwrap().returns(ReturnKind::Simple);
    assert_near("the day it resumes", returns.on(dates[4]).unwrap(), -0.4, ROUNDING, 0.0);
    assert_near("the day after", returns.on(dates[5]).unwrap(), 0.1, ROUNDING, 0.0);
    assert_eq!([dates[2], dates[3]].map(|halted| returns.on(halted)), [None, None]);
}

#[test]
fn a_halt_inside_the_event_window_keeps_its_return_in_the_study() {
    let (whole, halted) = (year(&[]), year(&["2022-09-06", "2022-09-07"]));
    let mut rule = rule("-120..-11", "-3..3");
    rule.allowed_missing = 2;
    let design = design(rule, vec![event("e", "STOCK", "2022-09-06")]);
    let result = run_one(design, &halted);
    let resumed = result.columns.sessions.iter().position(|session| *session == day("2022-09-08")).unwrap();
    let spanned = whole.get("STOCK").unwrap().performance(day("2022-09-02"), day("2022-09-08")).unwrap();
    assert_near("the return across the halt", result.columns.actual[resumed].unwrap(), spanned, ROUNDING, 0.0);
    assert_eq!(result.columns.actual[resumed - 2..resumed], [None, None]);
}

/// One tool moved it to the Friday before, another dropped it without a word, a third stopped the whole run.
#[test]
fn a_weekend_event_goes_to_the_next_session_and_is_not_dropped() {
    let result = run_one(design(rule("-120..-11", "-10..10"), vec![event("e", "STOCK", "2022-09-10")]), &year(&[]));
    assert_eq!(result.status, Status::Used);
    assert_eq!((result.session, result.shift_days), (Some(day("2022-09-12")), Some(2)));
    assert_eq!(result.columns.sessions[10], day("2022-09-12"));
}

#[test]
fn one_event_that_cannot_be_used_does_not_stop_the_others() {
    let events = vec![event("good", "STOCK", "2022-09-06"), event("unknown", "STOKC", "2022-09-06"), event("early", "STOCK", "2022-01-05")];
    let result = run(design(rule("-120..-11", "-3..3"), events), &year(&[]));
    let status: Vec<(&str, Status)> = result.events.iter().map(|event| (event.event_id.as_str(), event.status)).collect();
    assert_eq!(status, [("good", Status::Used), ("unknown", Status::Excluded), ("early", Status::Excluded)]);
    assert!(result.events[1].reason.as_ref().unwrap().contains("did you mean STOCK?"));
    assert!(result.events[2].reason.as_ref().unwrap().contains("leaves the data"));
}

/// Day −11 of Tuesday 2022-09-06 is 2022-08-19; counted from the Friday before the weekend it would be 2022-08-18.
#[test]
fn the_estimation_window_moves_along_with_a_shifted_event() {
    let on = |date: &str| run_one(design(rule("-120..-11", "-10..10"), vec![event("e", "STOCK", date)]), &year(&[]));
    let (saturday, tuesday) = (on("2022-09-03"), on("2022-09-06"));
    let estimation = saturday.estimation.as_ref().unwrap();
    assert_eq!((estimation.sessions.len(), estimation.sessions.last()), (110, Some(&day("2022-08-19"))));
    assert_eq!(saturday.estimation, tuesday.estimation);
    assert_eq!((&saturday.model, &saturday.columns, &saturday.car), (&tuesday.model, &tuesday.columns, &tuesday.car));
}

#[test]
fn an_event_with_a_missing_abnormal_return_is_excluded_and_its_day_named() {
    let result = run_one(design(rule("-120..-11", "-3..3"), vec![event("e", "STOCK", "2022-09-06")]), &year(&["2022-09-07"]));
    assert_eq!(result.status, Status::Excluded);
    assert_eq!(result.reason.as_deref(), Some("1 day of the event window has no return: day 1 (2022-09-07)"));
    assert!(result.car.is_empty());
}

/// A missing day that counts as a return of 0 adds −E[R] to the CAR and a day to its error.
#[test]
fn a_missing_abnormal_return_is_no_zero_in_the_car() {
    let book = year(&["2022-09-07"]);
    let mut rule = rule("-120..-11", "-3..3");
    rule.allowed_missing = 1;
    let mut design = design(rule, vec![event("e", "STOCK", "2022-09-06")]);
    design.model = ExpectedReturnModel::ConstantMean;
    let result = run_one(design, &book);
    let (car, model) = (&result.car[0].cumulated, result.model.as_ref().unwrap());
    assert_eq!((car.days, car.window.days(), result.columns.ar[4]), (6, 7, None));
    // Closed form of the constant-mean model over six days: se = s √(6 + 36/110).
    let own: Vec<f64> = result.columns.actual.iter().flatten().copied().collect();
    assert_eq!(own.len(), 6);
    assert_near("CAR", car.value, own.iter().sum::<f64>() - 6.0 * model.alpha, ROUNDING, 0.0);
    assert_near("se", car.standard_error, model.sigma * (6.0 + 36.0 / 110.0_f64).sqrt(), ROUNDING, 0.0);
    assert!(
        result.car[0].tests.iter().any(|test| test.name == "placebo" && test.p_value().is_none()),
        "a CAR of six days against those of seven"
    );
}

/// σ√L is too small by √(1 + L/n): 9.5 % of it at L = 10, n = 50 (closed form for the constant-mean model).
#[test]
fn the_standard_error_of_a_car_includes_the_error_of_the_forecast() {
    let mut design = design(rule("-55..-6", "-4..5"), vec![event("e", "STOCK", "2022-09-06")]);
    design.model = ExpectedReturnModel::ConstantMean;
    let result = run_one(design, &year(&[]));
    let (car, model) = (&result.car[0].cumulated, result.model.as_ref().unwrap());
    assert_eq!((car.days, model.n), (10, 50));
    assert_near("se over s√L", car.standard_error / (model.sigma * 10.0_f64.sqrt()), 1.095_445_115_010_332, 1e-12, 0.0);
}

/// t with 30 degrees of freedom: 2.0423 two-sided at 5 % (any table); a band by the one-sided 1.6973 covers 90 %.
#[test]
fn a_ninety_five_percent_band_is_two_sided() {
    let mut design = design(rule("-36..-6", "-4..5"), vec![event("e", "STOCK", "2022-09-06")]);
    design.model = ExpectedReturnModel::ConstantMean;
    let result = run_one(design, &year(&[]));
    assert_eq!(result.model.as_ref().unwrap().degrees_of_freedom, 30);
    for car in &result.cumulative {
        assert_near("upper", (car.high - car.value) / car.standard_error, 2.0423, 5e-5, 0.0);
        assert_near("lower", (car.value - car.low) / car.standard_error, 2.0423, 5e-5, 0.0);
    }
}

/// Joined by its name, a firm with several events counted many times over: t from −3.0 to −7.8.
#[test]
fn one_firm_in_two_events_gives_the_numbers_of_two_firms() {
    let mut prices = year(&[]);
    let copy = prices.get("STOCK").unwrap().clone();
    prices.insert("OTHER".to_owned(), copy).unwrap();
    let of = |second: &str| {
        run(design(rule("-120..-11", "-3..3"), vec![event("a", "STOCK", "2022-09-06"), event("b", second, "2022-09-08")]), &prices)
    };
    let (one_firm, two_firms) = (of("STOCK"), of("OTHER"));
    for (one, two) in one_firm.events.iter().zip(&two_firms.events) {
        assert_eq!((one.status, &one.model, &one.columns, &one.car), (Status::Used, &two.model, &two.columns, &two.car));
        assert_eq!((&one.placebo, &one.estimation), (&two.placebo, &two.estimation));
    }
    assert_ne!(one_firm.events[0].car, one_firm.events[1].car);
}

/// The first element, recycled for the whole window.
#[test]
fn every_day_has_its_own_statistics() {
    let loaded = built_in::load().unwrap();
    let result = loaded.study.run(&loaded.book, loaded.provenance).unwrap();
    let columns = &result.events[0].columns;
    for (name, column) in [("ar", &columns.ar), ("ar_se", &columns.ar_se), ("ar_p", &columns.ar_p)] {
        let mut values: Vec<f64> = column.iter().flatten().copied().collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        assert_eq!(values.len(), 21, "{name}");
    }
}

#[test]
fn a_header_with_a_name_fewer_than_its_rows_have_columns_is_an_error() {
    let text = "date,STOCK\n2022-09-01,10,20\n2022-09-02,11,21\n";
    let error = read_price_bytes("wide.csv", text.as_bytes(), Format::Text, Content::Prices).unwrap_err();
    assert!(matches!(error, PriceFileError::Text { .. }), "{error:?}");
    assert_eq!(error.location().and_then(|location| location.line_and_column()).map(|(line, _)| line), Some(2), "{error}");
}

/// A tool's argument parser refused it for its hyphen; here the window is at least read.
#[test]
fn a_window_may_begin_with_a_hyphen() {
    assert_eq!((window("-1,1").first(), window("-1,1").last()), (-1, 1));
}

/// Residuals that are the computer's own rounding are no yardstick: t would be a quotient of two roundings.
#[test]
fn an_event_of_the_benchmark_itself_is_excluded() {
    let result = run_one(design(rule("-120..-11", "-3..3"), vec![event("e", "MARKET", "2022-09-06")]), &year(&[]));
    assert_eq!(result.status, Status::Excluded, "s = {:?}", result.model.map(|model| model.sigma));
}

#[test]
fn a_fund_that_holds_the_benchmark_twice_is_excluded() {
    let mut prices = year(&[]);
    let market = prices.get("MARKET").unwrap().clone();
    let mut level = 100.0;
    let held: Vec<f64> = std::iter::once(level)
        .chain(market.returns(ReturnKind::Simple).values().iter().map(|value| {
            level *= 1.0 + 2.0 * value;
            level
        }))
        .collect();
    prices.insert("FUND".to_owned(), closes(market.dates(), &held)).unwrap();
    let result = run_one(design(rule("-120..-11", "-3..3"), vec![event("e", "FUND", "2022-09-06")]), &prices);
    assert_eq!(
        result.status,
        Status::Excluded,
        "s = {:?}, p = {:?}",
        result.model.map(|model| model.sigma),
        result.car[0].cumulated.p_value
    );
}

/// `cumulate` itself, on the aligned returns: what a study adds must not be what makes it right.
#[test]
fn a_cumulated_return_is_the_sum_of_its_days_without_a_study() {
    let prices = year(&[]);
    let sessions = Sessions::from_dates(prices.get("MARKET").unwrap().dates());
    let aligned = align(&event("e", "STOCK", "2022-09-06"), &prices, "MARKET", &sessions, &rule("-120..-11", "-3..3")).unwrap();
    let model = ExpectedReturnModel::MarketAdjusted.fit(&aligned.estimation_security, &aligned.estimation_benchmark).unwrap();
    let abnormal = abnormal_returns(&model, &aligned.window);
    let car = cumulate(&model, &abnormal, window("0..1"), ReturnKind::Simple).unwrap();
    let growth = |symbol: &str, to: &str| 1.0 + prices.get(symbol).unwrap().performance(day("2022-09-02"), day(to)).unwrap();
    assert_near("BHAR from four prices", car.bhar, growth("STOCK", "2022-09-07") - growth("MARKET", "2022-09-07"), ROUNDING, 0.0);
    assert_near("se without an estimation term", car.standard_error, model.sigma() * 2.0_f64.sqrt(), ROUNDING, 0.0);
}
