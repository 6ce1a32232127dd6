//! Intraday studies against pandas, statsmodels, scipy and exchange_calendars (`tests/reference/intraday.py`), and the edges of grids.

use aftermove::calendar::Exchange;
use aftermove::event::list::EventList;
use aftermove::event::{Event, EventId, Moment};
use aftermove::inference::{Outcome, TestOutcome};
use aftermove::intraday::bar::BarLength;
use aftermove::intraday::fit::{BarModel, Volatility};
use aftermove::intraday::grid::{BarGrid, GridError, GridRule};
use aftermove::intraday::hours::{FixedHours, TradingHours};
use aftermove::intraday::result::{IntradayEvent, IntradayResult};
use aftermove::intraday::series::{BarBook, BarSeries, Stamp};
use aftermove::intraday::{IntradayError, IntradayRequest, IntradayStudy, NewsTime};
use aftermove::provenance::Provenance;
use aftermove::window::Window;
use chrono::{DateTime, NaiveDate, TimeZone};
use chrono_tz::Tz;
use serde_json::Value;

const BARS: &str = include_str!("../reference/intraday_bars.csv");
const EVENTS: &str = include_str!("../reference/intraday_events.csv");
const VALUES: &str = include_str!("../reference/intraday.json");
const SESSIONS: &str = include_str!("../reference/intraday_sessions.json");

const NEW_YORK: TradingHours = TradingHours::Exchange(Exchange::Nyse);

fn rule() -> GridRule {
    GridRule { hours: NEW_YORK, bar: None, stamp: None, overnight: false }
}

fn request() -> IntradayRequest {
    IntradayRequest {
        name: "bars".to_owned(),
        title: "Bars".to_owned(),
        benchmark: "IDX".to_owned(),
        model: BarModel::Market,
        volatility: Volatility::TimeOfDay,
        grid: rule(),
        window: Some("-6..12".parse().unwrap()),
        car_windows: vec!["0..2".parse().unwrap(), "0m..60m".parse().unwrap(), "-30m..0".parse().unwrap()],
        estimation: Window::new(-20, -1).unwrap(),
        least_sessions: 10,
        allowed_missing: 4,
        largest_shift: 5,
        most_excluded: None,
        draws: 0,
        seed: 1,
    }
}

/// Symbol, timestamps, closes and opens.
type Columns = (String, Vec<i64>, Vec<f64>, Vec<f64>);

/// The bars of the reference, `keep` decides which.
fn book(keep: impl Fn(&str, i64) -> bool) -> BarBook {
    let mut columns: Vec<Columns> = Vec::new();
    for line in BARS.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let time = DateTime::parse_from_rfc3339(cells[0]).unwrap().timestamp();
        if !keep(cells[1], time) {
            continue;
        }
        let place = columns.iter().position(|(symbol, ..)| symbol == cells[1]).unwrap_or_else(|| {
            columns.push((cells[1].to_owned(), Vec::new(), Vec::new(), Vec::new()));
            columns.len() - 1
        });
        let (_, times, closes, opens) = &mut columns[place];
        times.push(time);
        opens.push(cells[2].parse().unwrap());
        closes.push(cells[3].parse().unwrap());
    }
    let mut book = BarBook::default();
    for (symbol, times, closes, opens) in columns {
        book.insert(symbol, BarSeries::new(times, closes, opens).unwrap());
    }
    book
}

fn event(id: &str, symbol: &str, news: &str, group: Option<&str>) -> Event {
    let instant = DateTime::parse_from_rfc3339(news).unwrap().with_timezone(&Tz::America__New_York);
    Event {
        id: EventId::new(id),
        symbol: symbol.to_owned(),
        moment: Moment::Instant(instant),
        title: None,
        group: group.map(str::to_owned),
    }
}

fn events() -> EventList {
    let read = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        event(cells[0], cells[1], &format!("{}T{}", cells[2], cells[3]), Some(cells[4]))
    };
    EventList::from_events(&EVENTS.lines().skip(1).map(read).collect::<Vec<_>>())
}

fn provenance() -> Provenance {
    Provenance { aftermove: String::new(), inputs: Vec::new() }
}

fn run(request: IntradayRequest, list: EventList) -> Result<IntradayResult, IntradayError> {
    IntradayStudy::new(request, list)?.run(&book(|_, _| true), provenance(), |_| {})
}

/// Both sides compute in f64 from the same bytes, by other ways: sums of a thousand squares differ in the last digits.
fn near(found: f64, wanted: f64, what: &str) {
    assert!((found - wanted).abs() <= 1e-9 * wanted.abs().max(1e-6), "{what}: {found} is not {wanted}");
}

fn value_of(tests: &[TestOutcome], name: &str) -> (f64, f64) {
    let test = tests.iter().find(|test| test.name == name).unwrap();
    let Outcome::Computed { statistic, p_value, .. } = test.outcome else { panic!("{test:?}") };
    (statistic, p_value)
}

#[test]
fn abnormal_returns_and_errors_by_time_of_day_are_those_of_statsmodels_and_pandas() {
    let result = run(request(), events()).unwrap();
    let wanted: Value = serde_json::from_str(VALUES).unwrap();
    let wanted = wanted["events"].as_array().unwrap();
    assert_eq!(result.events.len(), wanted.len());
    for (found, wanted) in result.events.iter().zip(wanted) {
        let number = |name: &str| wanted[name].as_f64().unwrap();
        assert_eq!(found.event_id.as_str(), wanted["id"]);
        assert_eq!(
            (found.bar_begins.as_str(), found.bar_ends.as_str()),
            (wanted["bar_begins"].as_str().unwrap(), wanted["bar_ends"].as_str().unwrap())
        );
        near(found.alpha.unwrap(), number("alpha"), "alpha");
        near(found.beta.unwrap(), number("beta"), "beta");
        near(found.sigma, number("sigma"), "sigma");
        near(found.r_squared.unwrap(), number("r_squared"), "r²");
        assert_eq!(found.observations as f64, number("observations"));
        for (bar, wanted) in found.bars.iter().zip(wanted["bars"].as_array().unwrap()) {
            assert_eq!(bar.is_some(), !wanted.is_null());
            let Some(bar) = bar else { continue };
            near(bar.value, wanted["value"].as_f64().unwrap(), "AR");
            near(bar.standard_error, wanted["standard_error"].as_f64().unwrap(), "its error");
            near(bar.degrees, wanted["degrees"].as_f64().unwrap(), "its degrees");
            assert_eq!(bar.span as u64, wanted["span"].as_u64().unwrap());
        }
        for (car, wanted) in found.windows.iter().zip(wanted["windows"].as_array().unwrap()) {
            assert_eq!(car.is_some(), !wanted.is_null());
            let Some(car) = car else { continue };
            let number = |name: &str| wanted[name].as_f64().unwrap();
            near(car.car, number("car"), "CAR");
            near(car.standard_error, number("standard_error"), "error of the CAR");
            near(car.degrees, number("degrees"), "degrees of the CAR");
            let (t, p) = value_of(&car.tests, "t");
            near(t, number("t"), "t");
            near(p, number("p"), "p of t");
            assert_eq!(car.same_time.len() as f64, number("same_time"));
            let (t, p) = value_of(&car.tests, "same-time-t");
            near(t, number("same_time_t"), "same-time t");
            near(p, number("same_time_p"), "its p");
            near(value_of(&car.tests, "same-time-rank").1, number("same_time_rank"), "rank");
        }
    }
}

#[test]
fn one_variance_for_all_bars_gives_the_formula_for_days() {
    let result = run(IntradayRequest { volatility: Volatility::Constant, ..request() }, events()).unwrap();
    let wanted: Value = serde_json::from_str(VALUES).unwrap();
    for (event, wanted) in result.events.iter().zip(wanted["constant"].as_array().unwrap()) {
        for (car, wanted) in event.windows.iter().zip(wanted.as_array().unwrap()) {
            let Some(car) = car else { continue };
            near(car.standard_error, wanted[0].as_f64().unwrap(), "error");
            near(car.degrees, wanted[1].as_f64().unwrap(), "degrees");
        }
    }
}

#[test]
fn the_tests_of_several_events_are_those_of_scipy() {
    let result = run(request(), events()).unwrap();
    let wanted: Value = serde_json::from_str(VALUES).unwrap();
    let all = &result.groups[0];
    assert_eq!((all.n, all.securities, result.groups.len()), (6, 2, 3));
    for (window, wanted) in all.windows.iter().zip(wanted["windows"].as_array().unwrap()) {
        let number = |name: &str| wanted[name].as_f64().unwrap();
        let tests: Vec<TestOutcome> = window.tests.iter().map(|test| test.test.clone()).collect();
        near(window.cumulative.mean, number("mean"), "CAAR");
        near(window.correlation.value, number("mean_correlation"), "mean correlation");
        assert_eq!(window.correlation.overlapping_pairs as f64, number("overlapping_pairs"));
        for name in ["cross-sectional-t", "patell", "bmp", "kolari-pynnonen-bmp"] {
            near(value_of(&tests, name).0, number(name), name);
        }
        near(value_of(&tests, "wilcoxon").1, number("wilcoxon_p"), "Wilcoxon");
    }
    let tests: Vec<TestOutcome> = all.windows[1].tests.iter().map(|test| test.test.clone()).collect();
    near(value_of(&tests, "corrado-rank").0, wanted["corrado_0_11"].as_f64().unwrap(), "Corrado");
}

#[test]
fn sessions_are_those_of_exchange_calendars_when_clocks_change_and_on_half_days() {
    let rows: Vec<(String, NaiveDate, i64, i64)> = serde_json::from_str(SESSIONS).unwrap();
    let paris = TradingHours::Fixed(FixedHours::read("09:00-17:30", Tz::Europe__Paris).unwrap());
    for (code, date, open, close) in &rows {
        let hours = if code == "XNYS" { NEW_YORK } else { paris };
        assert_eq!(hours.session(*date), Some((*open, *close)), "{code} {date}");
    }
    assert_eq!(rows.len(), 808);
}

fn find<'a>(result: &'a IntradayResult, id: &str) -> &'a IntradayEvent {
    result.events.iter().find(|event| event.event_id.as_str() == id).unwrap()
}

#[test]
fn news_outside_the_session_reacts_in_its_first_bar_and_is_counted() {
    let result = run(request(), events()).unwrap();
    let after_close = find(&result, "after-close");
    // Thanksgiving lies between, and the day after is half a session.
    assert_eq!((after_close.news_time, after_close.bar_begins.as_str()), (NewsTime::OutsideHours, "2024-11-29 09:30"));
    assert_eq!((result.notes.outside_hours, result.notes.over_night), (1, 2));
    assert_eq!((result.grid.sessions, result.grid.short_sessions), (27, 1));
    // −6 is a bar of the session before.
    assert!(after_close.bars[0].is_some());
}

#[test]
fn what_happens_from_bar_zero_on_moves_no_estimate() {
    let news = DateTime::parse_from_rfc3339("2024-11-26T00:00:00-05:00").unwrap().timestamp();
    let list = || EventList::from_events(&[event("morning", "AAA", "2024-11-26T10:02:30-05:00", None)]);
    let whole = run(request(), list()).unwrap();
    // Everything from the session of the event on is another world, at twice the volatility.
    let mut changed = BarBook::default();
    for symbol in ["IDX", "AAA", "BBB"] {
        let book = book(|_, _| true);
        let series = book.get(symbol).unwrap();
        let bend = |(time, price): (&i64, &f64)| if *time >= news { price * price / 100.0 } else { *price };
        let closes = series.times().iter().zip(series.closes()).map(bend).collect();
        let opens = series.times().iter().zip(series.opens()).map(bend).collect();
        changed.insert(symbol.to_owned(), BarSeries::new(series.times().to_vec(), closes, opens).unwrap());
    }
    let bent = IntradayStudy::new(request(), list()).unwrap().run(&changed, provenance(), |_| {}).unwrap();
    let (whole, bent) = (find(&whole, "morning"), find(&bent, "morning"));
    assert_eq!((whole.alpha, whole.beta, whole.sigma, whole.observations), (bent.alpha, bent.beta, bent.sigma, bent.observations));
    assert_ne!(whole.windows[0].as_ref().unwrap().car, bent.windows[0].as_ref().unwrap().car);
}

#[test]
fn a_halt_keeps_its_return_where_trading_resumes_and_is_excluded_unless_allowed() {
    let result = run(request(), events()).unwrap();
    let gap = find(&result, "gap");
    let spans: Vec<Option<usize>> = gap.bars[6..12].iter().map(|bar| bar.map(|bar| bar.span)).collect();
    assert_eq!(spans, [None, None, None, None, Some(5), Some(1)]);
    assert_eq!((gap.missing, gap.windows[0].is_none(), result.notes.missing_bars), (4, true, 4));
    assert_eq!(result.notes.without_headline, 1);
    let strict = run(IntradayRequest { allowed_missing: 0, ..request() }, events()).unwrap();
    let excluded = &strict.exclusions[0];
    assert_eq!((excluded.event_id.as_str(), excluded.kind), ("gap", "missing-bars"));
    assert!(excluded.reason.contains("4 of the 19 bars") && excluded.reason.contains("first: 2024-12-03 13:10"), "{}", excluded.reason);
}

#[test]
fn the_overnight_return_is_left_out_or_a_bar_of_its_own() {
    let list = || EventList::from_events(&[event("after-close", "AAA", "2024-11-27T16:30:00-05:00", None)]);
    let plain = run(request(), list()).unwrap();
    let own = run(IntradayRequest { grid: GridRule { overnight: true, ..rule() }, ..request() }, list()).unwrap();
    let (plain, own) = (find(&plain, "after-close"), find(&own, "after-close"));
    // The models are the same: nights are in no estimate of α and β.
    assert_eq!((plain.alpha, plain.beta), (own.alpha, own.beta));
    // Bar 0 is the night, and the first bar of the session comes after it.
    assert_eq!((own.bar_begins.as_str(), own.bar_ends.as_str()), ("2024-11-27 16:00", "2024-11-29 09:30"));
    assert_eq!(own.bars[7].unwrap().value, plain.bars[6].unwrap().value);
    // The night of the bars themselves: last close 101.3…, first open.
    let book = book(|_, _| true);
    let night = |symbol: &str| {
        let series = book.get(symbol).unwrap();
        let open = DateTime::parse_from_rfc3339("2024-11-29T09:30:00-05:00").unwrap().timestamp();
        let at = series.times().binary_search(&open).unwrap();
        series.opens()[at] / series.closes()[at - 1] - 1.0
    };
    near(own.bars[6].unwrap().value, night("AAA") - own.beta.unwrap() * night("IDX"), "the night's abnormal return");
}

#[test]
fn a_night_has_a_return_only_from_the_last_slot_to_a_bar_at_the_open() {
    let list = || EventList::from_events(&[event("after-close", "AAA", "2024-11-27T16:30:00-05:00", None)]);
    let request = || IntradayRequest { grid: GridRule { overnight: true, ..rule() }, ..request() };
    let night = |without: &str| {
        let left_out = DateTime::parse_from_rfc3339(without).unwrap().timestamp();
        let book = book(|symbol, time| symbol != "AAA" || time != left_out);
        let result = IntradayStudy::new(request(), list()).unwrap().run(&book, provenance(), |_| {}).unwrap();
        find(&result, "after-close").bars[6].is_some()
    };
    assert!(!night("2024-11-29T09:30:00-05:00"));
    assert!(!night("2024-11-27T15:55:00-05:00"));
    assert!(night("2024-11-27T15:50:00-05:00"));
}

#[test]
fn a_security_with_few_trades_is_excluded_and_the_others_are_studied() {
    let thin = book(|symbol, time| symbol != "AAA" || (time / 300) % 3 == 0);
    let result = IntradayStudy::new(request(), events()).unwrap().run(&thin, provenance(), |_| {}).unwrap();
    assert!(result.events.iter().all(|event| event.symbol != "AAA") && !result.events.is_empty());
    let excluded: Vec<_> = result.exclusions.iter().filter(|excluded| excluded.symbol == "AAA").collect();
    assert!(!excluded.is_empty());
    for excluded in excluded {
        assert_eq!(excluded.kind, "bars-apart");
        assert!(excluded.reason.contains("no two bars of AAA are nearer than 15m, the study's are of 5m"), "{}", excluded.reason);
    }
}

#[test]
fn no_other_window_takes_the_place_of_a_headline_without_a_return() {
    let plain = events();
    let gap = plain.events.iter().find(|event| event.id.as_str() == "gap").unwrap();
    let news = match gap.moment {
        Moment::Instant(instant) => instant.to_rfc3339(),
        Moment::Day(..) => panic!("the event has a time"),
    };
    let symbol = plain.symbol(gap.symbol);
    let text = |result: &IntradayResult| aftermove::report::wording::intraday::answer(result);
    let alone = run(request(), EventList::from_events(&[event("gap", symbol, &news, None)])).unwrap();
    assert!(alone.groups[0].windows.iter().all(|window| window.window != alone.study.car_windows[0]));
    assert!(!alone.groups[0].windows.is_empty() && alone.reading.read.is_empty());
    assert_eq!(text(&alone), "The one event has no return from 0 to +15 min around the news: nothing is measured there.");
    let two = [event("gap", symbol, &news, None), event("morning", "AAA", "2024-11-26T10:02:30-05:00", None)];
    let two = run(request(), EventList::from_events(&two)).unwrap();
    assert!(text(&two).starts_with("Of 2 events one has a return from 0 to +15 min around the news"), "{}", text(&two));
}

#[test]
fn the_interval_of_one_event_is_by_the_error_that_its_car_is_tested_with() {
    for volatility in [Volatility::TimeOfDay, Volatility::Constant] {
        let whole = IntradayRequest { car_windows: vec!["-6..12".parse().unwrap()], volatility, ..request() };
        let one = run(whole, EventList::from_events(&[event("morning", "AAA", "2024-11-26T10:02:30-05:00", None)])).unwrap();
        let car = one.events[0].windows[0].as_ref().unwrap();
        let (low, high) = one.groups[0].cumulative.last().unwrap().interval.unwrap();
        near((low + high) / 2.0, car.car, "the middle");
        let margin = aftermove::stats::tail::student_quantile(0.975, car.degrees).unwrap() * car.standard_error;
        near((high - low) / 2.0, margin, "half the width");
        // An interval of 95 % ends where the t of the window has p = 0.05.
        let p = aftermove::stats::tail::two_sided_student((high - low) / 2.0 / car.standard_error, car.degrees).unwrap();
        assert!((p - 0.05).abs() < 1e-9, "{p}");
    }
}

#[test]
fn texts_say_whose_variance_was_taken_and_how_many_sessions_there_were() {
    let list = || EventList::from_events(&[event("morning", "AAA", "2024-11-26T10:02:30-05:00", None)]);
    let notes = |volatility: Volatility| {
        let result = run(IntradayRequest { volatility, ..request() }, list()).unwrap();
        let notes: Vec<String> = aftermove::chart::intraday_figures(&result).into_iter().map(|figure| figure.note).collect();
        notes.join(" ")
    };
    let (own, constant) = (notes(Volatility::TimeOfDay), notes(Volatility::Constant));
    assert!(own.contains("volatility of the same time of day") && own.contains("that of its time of day"), "{own}");
    assert!(!constant.contains("time of day") && constant.contains("one variance for all bars"), "{constant}");
    let said = |sessions: i32| {
        let asked = IntradayRequest { estimation: Window::new(-sessions, -1).unwrap(), ..request() };
        aftermove::report::wording::intraday::details(&run(asked, list()).unwrap()).join(" ")
    };
    assert!(!said(15).contains("estimation sessions asked for"));
    let found = run(IntradayRequest { estimation: Window::new(-500, -1).unwrap(), ..request() }, list()).unwrap().events[0].sessions;
    assert!(said(500).contains(&format!("Of the 500 estimation sessions asked for, {found} have bars")), "{}", said(500));
}

#[test]
fn bars_of_minutes_are_joined_to_longer_ones() {
    let hourly = IntradayRequest {
        grid: GridRule { bar: BarLength::of_minutes(30), ..rule() },
        window: Some("-60m..120m".parse().unwrap()),
        car_windows: vec!["0m..30m".parse().unwrap()],
        ..request()
    };
    let result = run(hourly, events()).unwrap();
    // 20 sessions of 13 bars; the news of 10:02:30 is in the bar from 10:00 to 10:30.
    let morning = find(&result, "morning");
    assert_eq!((morning.observations, morning.bar_ends.as_str(), morning.bars.len()), (260, "2024-11-26 10:30", 6));
    // The half day of 29 November has 7 of them.
    assert_eq!((result.grid.bar.minutes(), result.grid.file_bar.minutes()), (30, 5));
}

fn minutes(zone: Tz, day: &str, from: &str, count: i64, step: i64) -> Vec<i64> {
    let local = format!("{day} {from}")
        .parse::<chrono::NaiveDateTime>()
        .or_else(|_| chrono::NaiveDateTime::parse_from_str(&format!("{day} {from}"), "%Y-%m-%d %H:%M"))
        .unwrap();
    let begin = zone.from_local_datetime(&local).unwrap().timestamp();
    (0..count).map(|number| begin + number * step).collect()
}

fn series(times: Vec<i64>) -> BarSeries {
    let closes = (0..times.len()).map(|number| 100.0 + (number % 7) as f64).collect();
    BarSeries::new(times, closes, Vec::new()).unwrap()
}

#[test]
fn timestamps_at_the_open_or_at_the_close_tell_what_they_say() {
    let zone = Tz::America__New_York;
    let grid = |times: Vec<i64>| BarGrid::new(rule(), "IDX", &series(times));
    let at_start = grid(minutes(zone, "2024-03-11", "09:30", 390, 60)).unwrap();
    let at_end = grid(minutes(zone, "2024-03-11", "09:31", 390, 60)).unwrap();
    assert_eq!((at_start.stamp(), at_end.stamp()), (Stamp::Start, Stamp::End));
    assert_eq!(at_start.bar(), BarLength::MINUTE);
    // Said to be the other, bars of the session would lie outside it.
    for (from, asked, shown) in [("09:30", Stamp::End, "say when a bar begins"), ("09:31", Stamp::Start, "say when a bar ends")] {
        let rule = GridRule { stamp: Some(asked), ..rule() };
        let fault = BarGrid::new(rule, "IDX", &series(minutes(zone, "2024-03-11", from, 390, 60))).unwrap_err();
        assert!(matches!(fault, GridError::StampContradicted { sessions: 1, .. }) && fault.to_string().contains(shown), "{fault}");
    }
    // Before the open and after the close there are bars too: both edges have one.
    assert!(matches!(grid(minutes(zone, "2024-03-11", "08:00", 600, 60)), Err(GridError::StampInDoubt { with_open: 1, with_close: 1 })));
    let said = GridRule { stamp: Some(Stamp::Start), ..rule() };
    let around = series(minutes(zone, "2024-03-11", "08:00", 600, 60));
    let grid = BarGrid::new(said, "IDX", &around).unwrap();
    let column = aftermove::intraday::column::BarColumn::new(&grid, "IDX", &around).unwrap();
    assert_eq!((column.count().outside, column.count().places, column.count().missing), (210, 390, 0));
}

#[test]
fn bars_that_are_none_of_the_study_say_so() {
    let zone = Tz::America__New_York;
    let new = |times: Vec<i64>, rule: GridRule| BarGrid::new(rule, "IDX", &series(times)).unwrap_err().to_string();
    let day = |step| minutes(zone, "2024-03-11", "09:30", 23_400 / step, step);
    let minutes_of = |bar| GridRule { bar: BarLength::of_minutes(bar), ..rule() };
    assert!(new(day(60), minutes_of(60)).contains("choose one of 1m, 2m, 3m, 5m, 6m, 10m, 13m, 15m, 26m, 30m, 39m"));
    assert!(new(day(300), minutes_of(1)).contains("take a multiple of 5m"));
    assert!(new(day(10), rule()).contains("10 seconds apart"));
    assert!(new(minutes(zone, "2024-03-09", "09:30", 390, 60), rule()).contains("none of the 390 bars"));
    assert!(new(minutes(zone, "2024-03-11", "12:00", 1, 60), rule()).contains("no session has two bars"));
    assert!(new(minutes(zone, "2024-03-11", "12:00", 9, 60), rule()).contains("begins or when it ends"));
    assert!(new(minutes(zone, "2024-03-11", "09:30", 7, 3600), rule()).contains("take shorter bars"));
    // Another security's bars: half a minute off, and of another length.
    let grid = BarGrid::new(rule(), "IDX", &series(day(60))).unwrap();
    let column = |times| aftermove::intraday::column::BarColumn::new(&grid, "AAA", &series(times)).unwrap_err().to_string();
    assert!(column(minutes(zone, "2024-03-11", "10:00", 9, 90)).contains("stamped 2024-03-11 10:01:30"));
    assert!(column(day(300)).contains("are 5m apart, the study's 1m"));
}

#[test]
fn a_session_around_the_clock_has_an_hour_less_or_more_when_clocks_change() {
    let zone = Tz::America__New_York;
    let hours = TradingHours::Fixed(FixedHours::read("00:00-24:00", zone).unwrap());
    let rule = GridRule { hours, bar: None, stamp: Some(Stamp::Start), overnight: false };
    // 9 to 11 March and 2 to 4 November 2024: 24 + 23 + 24, and 24 + 25 + 24 hours.
    for (day, slots) in [("2024-03-09", [96, 92, 96]), ("2024-11-02", [96, 100, 96])] {
        let grid = BarGrid::new(rule, "IDX", &series(minutes(zone, day, "00:00", slots.iter().sum(), 900))).unwrap();
        let found: Vec<i64> = grid.sessions().iter().map(|session| session.slots as i64).collect();
        assert_eq!(found, slots, "{day}");
    }
}

#[test]
fn the_first_bar_that_ends_after_the_news_reacts() {
    let zone = Tz::Europe__Paris;
    let hours = TradingHours::Fixed(FixedHours::read("09:00-17:30", zone).unwrap());
    let rule = GridRule { hours, bar: None, stamp: None, overnight: false };
    // The last Friday of winter time and the first Monday of summer time.
    let mut times = minutes(zone, "2024-03-29", "09:00", 102, 300);
    times.extend(minutes(zone, "2024-04-01", "09:00", 102, 300));
    let grid = BarGrid::new(rule, "CAC", &series(times)).unwrap();
    for (news, session, slot) in [
        ("2024-03-29T08:59:59+01:00", 0, 0),
        ("2024-03-29T09:00:00+01:00", 0, 0),
        ("2024-03-29T09:04:59+01:00", 0, 0),
        ("2024-03-29T09:05:00+01:00", 0, 1),
        ("2024-03-29T17:29:59+01:00", 0, 101),
        ("2024-03-29T17:30:00+01:00", 1, 0),
        ("2024-03-31T12:00:00+02:00", 1, 0),
        ("2024-04-01T06:59:00Z", 1, 0),
        ("2024-04-01T07:10:00Z", 1, 2),
    ] {
        let instant = DateTime::parse_from_rfc3339(news).unwrap().timestamp();
        assert_eq!(grid.reaction(instant, 5), Ok((session, slot)), "{news}");
    }
    let late = DateTime::parse_from_rfc3339("2024-04-01T17:30:00+02:00").unwrap().timestamp();
    assert!(grid.reaction(late, 5).is_err());
    let friday = DateTime::parse_from_rfc3339("2024-03-29T18:00:00+01:00").unwrap().timestamp();
    assert!(grid.reaction(friday, 2).unwrap_err().to_string().contains("more than the 2 allowed"));
}

#[test]
fn requests_and_events_that_cannot_be_say_what_to_do() {
    let reason = |request: IntradayRequest| run(request, events()).unwrap_err().to_string();
    assert!(reason(IntradayRequest { estimation: Window::new(-20, 0).unwrap(), ..request() }).contains("may be -1"));
    assert!(reason(IntradayRequest { estimation: Window::new(-5, -1).unwrap(), ..request() }).contains("5 estimation sessions are fewer"));
    assert!(reason(IntradayRequest { car_windows: vec!["0..40".parse().unwrap()], ..request() }).contains("leaves the event window"));
    assert!(reason(IntradayRequest { window: Some("-7m..60m".parse().unwrap()), ..request() }).contains("multiples of 5m"));
    assert!(reason(IntradayRequest { benchmark: "ID".to_owned(), ..request() }).contains("no prices for the symbol \"ID\""));
    assert!(
        reason(IntradayRequest { least_sessions: 20, allowed_missing: 0, most_excluded: Some(0.1), ..request() }).contains("are excluded")
    );
    let list = |events: &[Event]| EventList::from_events(events);
    let none = run(request(), list(&[event("early", "AAA", "2024-10-29T10:00:00-04:00", None)])).unwrap_err().to_string();
    assert!(none.contains("1 of the 20 estimation sessions"), "{none}");
    let unknown = run(request(), list(&[event("x", "AAAB", "2024-11-26T10:00:00-05:00", None)])).unwrap_err().to_string();
    assert!(unknown.contains("no bars for the symbol \"AAAB\" (near: AAA"), "{unknown}");
    let day = Event {
        moment: Moment::Day("2024-11-26".parse().unwrap(), aftermove::calendar::Timing::Unknown),
        ..event("x", "AAA", "2024-11-26T10:00:00-05:00", None)
    };
    assert!(run(request(), list(&[day])).unwrap_err().to_string().contains("no time of day"));
}

#[test]
fn one_event_alone_is_told_by_its_own_tests_and_several_by_theirs() {
    let one = run(request(), EventList::from_events(&[event("morning", "AAA", "2024-11-26T10:02:30-05:00", None)])).unwrap();
    assert_eq!(one.reading.read, ["same-time-t", "same-time-rank"]);
    assert!(one.groups[0].cumulative.iter().all(|bar| bar.interval.is_some()));
    let all = run(IntradayRequest { draws: 199, ..request() }, events()).unwrap();
    assert_eq!(all.reading.read, ["kolari-pynnonen-bmp", "grank-t"]);
    let tests: Vec<TestOutcome> = all.groups[0].windows[1].tests.iter().map(|test| test.test.clone()).collect();
    assert!(value_of(&tests, "permutation").1 > 0.0);
    // Volatility is U-shaped in these bars.
    let at = |minute: u32| all.volatility.iter().find(|slot| slot.minute == minute).unwrap().estimation;
    assert!(at(570) > 2.0 * at(765) && at(955) > 2.0 * at(765));
}

/// Normal numbers from a counter (splitmix64 and the sum of twelve uniforms): the same on every machine.
struct Noise(u64);

impl Noise {
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

#[test]
fn at_the_open_the_time_of_day_keeps_the_level_and_one_variance_does_not() {
    // 80 securities of 25 sessions in bars of 15 minutes, three times as volatile at open and close as at noon, and no event in them: the
    // news is 5 minutes after the open, and at noon.
    let zone = Tz::America__New_York;
    let days: Vec<&str> = "2024-05-01 2024-05-02 2024-05-03 2024-05-06 2024-05-07 2024-05-08 2024-05-09 2024-05-10 2024-05-13 2024-05-14 \
                           2024-05-15 2024-05-16 2024-05-17 2024-05-20 2024-05-21 2024-05-22 2024-05-23 2024-05-24 2024-05-28 2024-05-29 \
                           2024-05-30 2024-05-31 2024-06-03 2024-06-04 2024-06-05"
        .split_whitespace()
        .collect();
    let times: Vec<i64> = days.iter().flat_map(|day| minutes(zone, day, "09:30", 26, 900)).collect();
    let mut noise = Noise(2014);
    let scale = |bar: usize| 0.001 + 0.002 * (2.0 * (bar % 26) as f64 / 25.0 - 1.0).powi(2);
    let market: Vec<f64> = (0..times.len()).map(|bar| 0.5 * scale(bar) * noise.normal()).collect();
    let mut book = BarBook::default();
    let mut walk = |beta: f64, own: f64| {
        let (mut opens, mut closes, mut price) = (Vec::new(), Vec::new(), 100.0);
        for (bar, move_of_market) in market.iter().enumerate() {
            opens.push(price);
            price *= 1.0 + beta * move_of_market + own * scale(bar) * noise.normal();
            closes.push(price);
        }
        BarSeries::new(times.clone(), closes, opens).unwrap()
    };
    book.insert("IDX".to_owned(), walk(1.0, 0.0));
    let mut list = Vec::new();
    for number in 0..80 {
        let symbol = format!("S{number}");
        book.insert(symbol.clone(), walk(1.0, 1.0));
        for (day, clock) in [(20, "09:35"), (21, "12:05"), (22, "09:35"), (23, "12:05"), (24, "09:35")] {
            let news = format!("{}T{clock}:00-04:00", days[day]);
            list.push(event(&format!("{symbol} {day}"), &symbol, &news, Some(clock)));
        }
    }
    let rejected = |volatility| {
        let request =
            IntradayRequest { volatility, window: Some("0..1".parse().unwrap()), car_windows: vec!["0..0".parse().unwrap()], ..request() };
        let study = IntradayStudy::new(request, EventList::from_events(&list)).unwrap();
        let result = study.run(&book, provenance(), |_| {}).unwrap();
        assert_eq!(result.events.len(), 400);
        let share = |clock: &str| {
            let own: Vec<&IntradayEvent> = result.events.iter().filter(|event| event.group.as_deref() == Some(clock)).collect();
            let below = |event: &&&IntradayEvent| value_of(&event.windows[0].as_ref().unwrap().tests, "t").1 < 0.05;
            own.iter().filter(below).count() as f64 / own.len() as f64
        };
        (share("09:35"), share("12:05"))
    };
    // Of 240 and 160 tests at 5 %, the binomial distribution has 99.9 % between 1 % and 11 %.
    let (open, noon) = rejected(Volatility::TimeOfDay);
    assert!((0.01..0.11).contains(&open) && (0.01..0.11).contains(&noon), "{open} {noon}");
    // One variance for all: the true ones are (0.003/0.0018)² ≈ 2.7 and (0.001/0.0018)² ≈ 0.3 times as large.
    let (open, noon) = rejected(Volatility::Constant);
    assert!(open > 0.17 && noon < 0.01, "{open} {noon}");
}
