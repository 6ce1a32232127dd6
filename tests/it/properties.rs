//! What holds for any prices and any text: a study never panics and never prints NaN, names and scales of prices don't matter, sums
//! are sums, and what is written is read back.

use std::path::Path;

use aftermove::align::AlignmentRule;
use aftermove::calendar::{Exchange, ShiftPolicy, Timing};
use aftermove::claim::{Article, Claim, Horizon, NamedPeriod, Qualifier, StatedPercent, Stretch, Subject};
use aftermove::data::{article_file, built_in, study_file};
use aftermove::event::{Event, EventId, Moment};
use aftermove::model::ExpectedReturnModel;
use aftermove::provenance::Provenance;
use aftermove::series::{Basis, PriceBook, PriceSeries, Quote, ReturnKind};
use aftermove::study::result::Status;
use aftermove::study::{EventResult, Study, StudyDesign, StudyResult};
use aftermove::window::Window;
use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use crate::sample::{assert_near, closes, design, rule, sessions};

const STUDY: &str = include_str!("../../datasets/cloudflare-kiwi-farms-2022/study.toml");
const ARTICLE: &str = include_str!("../../datasets/cloudflare-kiwi-farms-2022/article.toml");

/// Few: each study of 130 sessions takes milliseconds in a debug build, and a failure leaves no file behind.
fn few() -> ProptestConfig {
    ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() }
}

fn many() -> ProptestConfig {
    ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() }
}

// ── prices ──

/// Two columns of returns of up to ±6 % on as many sessions of 2022.
fn quiet_returns(count: usize) -> impl Strategy<Value = Vec<(f64, f64)>> {
    prop::collection::vec((-0.06..0.06, -0.03..0.03), count)
}

fn path(returns: impl Iterator<Item = f64>, first: f64) -> Vec<f64> {
    returns
        .scan(first, |level, value| {
            *level *= 1.0 + value;
            Some(*level)
        })
        .collect()
}

fn dates(count: usize) -> Vec<NaiveDate> {
    sessions("2022-01-03", "2022-12-30").into_iter().take(count).collect()
}

fn book_of(security: &str, benchmark: &str, returns: &[(f64, f64)], scale: (f64, f64)) -> PriceBook {
    let dates = dates(returns.len());
    let mut book = PriceBook::default();
    book.insert(security.to_owned(), closes(&dates, &path(returns.iter().map(|pair| pair.0), scale.0))).unwrap();
    book.insert(benchmark.to_owned(), closes(&dates, &path(returns.iter().map(|pair| pair.1), scale.1))).unwrap();
    book
}

/// A study of an event on the session at `zero`.
fn study_of(security: &str, benchmark: &str, zero: usize, model: ExpectedReturnModel) -> StudyDesign {
    let moment = Moment::Day(dates(zero + 1)[zero], Timing::During);
    let event = Event { id: EventId::new("e"), symbol: security.to_owned(), moment, title: None, group: None };
    let mut design = design(rule("-60..-6", "-5..5"), vec![event]);
    design.benchmark = benchmark.to_owned();
    design.model = model;
    design.car_windows = ["0..0", "-1..1", "-5..5"].map(|text| text.parse().unwrap()).to_vec();
    design
}

fn run(design: StudyDesign, book: &PriceBook) -> StudyResult {
    Study::new(design).unwrap().run(book, Provenance::default()).unwrap()
}

fn models() -> impl Strategy<Value = ExpectedReturnModel> {
    prop::sample::select(vec![ExpectedReturnModel::Market, ExpectedReturnModel::MarketAdjusted, ExpectedReturnModel::ConstantMean])
}

/// Any day or period, many of them in the year of the prices.
fn periods() -> impl Strategy<Value = NamedPeriod> {
    let date = (0_u64..8_000_000).prop_map(|days| NaiveDate::MIN.checked_add_days(Days::new(95_000_000 + days)).unwrap_or(NaiveDate::MAX));
    let near = (0_u64..400).prop_map(|days| NaiveDate::from_ymd_opt(2021, 12, 1).unwrap() + Days::new(days));
    let year = || prop::option::of(2021..=2023);
    prop_oneof![
        date.prop_map(NamedPeriod::Day),
        near.prop_map(NamedPeriod::Day),
        (1_u32..=12, 1_u32..=31).prop_map(|(month, day)| NamedPeriod::MonthDay { month, day }),
        (0_u8..7).prop_map(|day| NamedPeriod::Weekday(day.try_into().unwrap())),
        Just(NamedPeriod::Yesterday),
        (year(), 1_u32..=12).prop_map(|(year, month)| NamedPeriod::Month { year, month }),
        (year(), 1_u32..=4).prop_map(|(year, quarter)| NamedPeriod::Quarter { year, quarter }),
        (year(), 1_u32..=2).prop_map(|(year, half)| NamedPeriod::Half { year, half }),
        (0_i32..=9999).prop_map(NamedPeriod::Year),
        Just(NamedPeriod::Year(2022)),
    ]
}

fn stretches() -> impl Strategy<Value = Stretch> {
    let since = periods().prop_map(|period| match period {
        NamedPeriod::Day(date) => Stretch::Since(date),
        period => Stretch::During(period),
    });
    prop_oneof![Just(Stretch::Year), Just(Stretch::Record), since, periods().prop_map(Stretch::During)]
}

fn horizons() -> impl Strategy<Value = Horizon> {
    let named = prop::sample::select(vec![
        Horizon::Session,
        Horizon::Intraday,
        Horizon::ExtendedHours,
        Horizon::Quarter,
        Horizon::WeekToDate,
        Horizon::MonthToDate,
        Horizon::QuarterToDate,
        Horizon::YearToDate,
        Horizon::LastWeek,
        Horizon::LastMonth,
        Horizon::LastQuarter,
        Horizon::LastYear,
        Horizon::SinceEvent,
    ]);
    prop_oneof![
        4 => named,
        1 => (1_u32..=10_000).prop_map(Horizon::Weeks),
        1 => (1_u32..=10_000).prop_map(Horizon::Months),
        1 => (1_u32..=10_000).prop_map(Horizon::Years),
        1 => (1_u32..=10_000).prop_map(Horizon::Sessions),
        1 => (1_u32..=10_000).prop_map(Horizon::Days),
        1 => (1_u32..=4).prop_map(Horizon::Months),
        3 => periods().prop_map(Horizon::Since),
        2 => periods().prop_filter("a day is a session, not a period", |period| !period.is_day()).prop_map(Horizon::During),
        2 => (periods(), periods()).prop_map(|(first, last)| Horizon::Between(first, last)),
        2 => stretches().prop_map(Horizon::FromHigh),
        2 => stretches().prop_map(Horizon::FromLow),
    ]
}

fn qualifiers() -> impl Strategy<Value = Qualifier> {
    use Qualifier::{About, AtLeast, AtMost, LessThan, MoreThan, Nearly, None};
    prop::sample::select(vec![None, MoreThan, AtLeast, LessThan, AtMost, About, Nearly])
}

/// A session of a file that nobody has looked at: no quote, a price over 16 orders of magnitude or one of three that repeat, a range
/// that may not hold the close, a volume that may be 0.
fn wild_quote() -> impl Strategy<Value = Option<(f64, Option<f64>, Option<f64>)>> {
    let level =
        || prop_oneof![1 => (-8.0..8.0_f64).prop_map(|power| 10.0_f64.powf(power)), 3 => prop::sample::select(vec![1.0, 1.01, 100.0])];
    let volume = prop_oneof![Just(0.0), Just(1000.0), 1.0..1e12_f64];
    prop::option::weighted(0.97, (level(), prop::option::weighted(0.8, level()), prop::option::weighted(0.8, volume)))
}

/// A security and its benchmark, quoted like that.
fn wild_book() -> impl Strategy<Value = PriceBook> {
    let column = |count| prop::collection::vec(wild_quote(), count);
    (60_usize..120).prop_flat_map(move |count| (column(count), column(count))).prop_map(|columns| {
        let mut book = PriceBook::default();
        for (symbol, column) in [("STOCK", columns.0), ("MARKET", columns.1)] {
            let quotes: Vec<Quote> = dates(column.len())
                .into_iter()
                .zip(column)
                .filter_map(|(date, quote)| quote.map(|(close, range, volume)| Quote { date, close, high: range, low: range, volume }))
                .collect();
            if let Ok(series) = PriceSeries::from_quotes(&quotes, Basis::Close) {
                book.insert(symbol.to_owned(), series).unwrap();
            }
        }
        book
    })
}

prop_compose! {
    fn wild_rule()(
        first in 4_i32..40, gap in 1_i32..8, before in 0_i32..6, after in 0_i32..8,
        shift in prop_oneof![3 => Just(ShiftPolicy::Next), 3 => Just(ShiftPolicy::Previous), 1 => Just(ShiftPolicy::Exclude)],
        largest_shift in 2_i64..9, least_estimation in 0_usize..12, allowed_missing in 0_usize..9,
        exchange in prop::option::weighted(0.2, Just(Exchange::Nyse)),
        returns in prop::sample::select(vec![ReturnKind::Simple, ReturnKind::Log]),
    ) -> AlignmentRule {
        let estimation = format!("{}..{}", -before - gap - first, -before - gap);
        let windows = rule(&estimation, &format!("{}..{after}", -before)).windows;
        AlignmentRule { windows, returns, shift, largest_shift, least_estimation, allowed_missing, exchange }
    }
}

/// What is not a number may be unknown (None), never NaN or infinite.
fn assert_finite(result: &StudyResult) {
    let text = format!("{result:?}");
    for word in ["NaN", "inf,", "inf)", "inf]", "inf }"] {
        if let Some(place) = text.find(word) {
            let around: String = text[..place + word.len()].chars().rev().take(300).collect();
            panic!("{}", around.chars().rev().collect::<String>());
        }
    }
    assert!(serde_json::to_string(result).is_ok());
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn a_study_of_any_prices_ends_without_a_panic_and_without_nan(
        book in wild_book(), rule in wild_rule(), model in models(), days in 45_u64..85,
        timing in prop::sample::select(vec![Timing::BeforeOpen, Timing::During, Timing::AfterClose]),
        horizons in prop::collection::vec((horizons(), qualifiers(), -999_i64..999), 0..6),
        as_of in prop::option::of(0_u64..150),
    ) {
        let first = NaiveDate::from_ymd_opt(2022, 1, 1).unwrap();
        let moment = Moment::Day(first + Days::new(days), timing);
        let event = Event { id: EventId::new("e"), symbol: "STOCK".to_owned(), moment, title: None, group: None };
        let claims = horizons.into_iter().enumerate().map(|(position, (horizon, qualifier, stated))| Claim {
            id: position.to_string(),
            subject: Subject::Symbol("STOCK".to_owned()),
            horizon,
            stated: format!("{:.2}", stated as f64 / 10.0).parse().unwrap(),
            qualifier,
            against: (position % 3 == 2).then(|| "MARKET".to_owned()),
            span: None,
            as_of: as_of.map(|days| NamedPeriod::Day(first + Days::new(days))),
            inferred: Vec::new(),
        });
        let mut design = design(rule, vec![event]);
        design.model = model;
        design.peers = vec!["MARKET".to_owned()];
        design.article = Some(Article { title: "t".to_owned(), source: None, published: None, text: None, claims: claims.collect() });
        if let Ok(result) = Study::new(design).unwrap().run(&book, Provenance::default()) {
            assert_finite(&result);
            for event in &result.events {
                assert_eq!(event.status == Status::Excluded, event.reason.is_some());
            }
        }
    }

    /// Alphabetical order included: the security comes before its benchmark in one book and after it in the other.
    #[test]
    fn names_of_securities_do_not_change_a_number(returns in quiet_returns(100), zero in 66_usize..94, model in models()) {
        let one = run(study_of("AAA", "ZZZ", zero, model), &book_of("AAA", "ZZZ", &returns, (50.0, 4000.0)));
        let other = run(study_of("ZZZ", "AAA", zero, model), &book_of("ZZZ", "AAA", &returns, (50.0, 4000.0)));
        let plain = |result: &StudyResult| {
            let mut event = EventResult { symbol: String::new(), performance: None, ..result.events[0].clone() };
            if let Some(curve) = &mut event.specifications {
                curve.own.benchmark.clear();
                curve.estimates.iter_mut().for_each(|estimate| estimate.specification.benchmark.clear());
                curve.failed.clear();
            }
            event
        };
        assert_eq!(plain(&one).status, Status::Used, "{:?}", plain(&one).reason);
        assert_eq!(plain(&one), plain(&other));
        let performance = |result: &StudyResult| -> Vec<_> {
            let securities = &result.events[0].performance.as_ref().unwrap().securities;
            securities.iter().map(|security| (security.rebased.clone(), security.periods.clone())).collect()
        };
        assert_eq!(performance(&one), performance(&other));
    }

    #[test]
    fn the_unit_of_prices_changes_nothing(
        returns in quiet_returns(100), zero in 66_usize..94, model in models(), own in 0.001..1000.0_f64, market in 0.001..1000.0_f64,
    ) {
        let of = |scale| run(study_of("STOCK", "MARKET", zero, model), &book_of("STOCK", "MARKET", &returns, scale)).events.remove(0);
        let (one, other) = (of((50.0, 4000.0)), of((50.0 * own, 4000.0 * market)));
        assert_eq!(one.car.len(), 3);
        for (one, other) in one.car.iter().zip(&other.car) {
            for (name, found, expected) in [
                ("CAR", other.cumulated.value, one.cumulated.value),
                ("se", other.cumulated.standard_error, one.cumulated.standard_error),
                ("t", other.cumulated.t, one.cumulated.t),
                ("p", other.cumulated.p_value, one.cumulated.p_value),
                ("BHAR", other.cumulated.bhar, one.cumulated.bhar),
            ] {
                assert_near(name, found, expected, 1e-11, 1e-9);
            }
        }
        let (one, other) = (one.performance.unwrap(), other.performance.unwrap());
        for (one, other) in one.securities.iter().zip(&other.securities) {
            for (one, other) in one.rebased.iter().zip(&other.rebased) {
                assert_near("rebased", other.unwrap(), one.unwrap(), 0.0, 1e-9);
            }
        }
    }

    #[test]
    fn a_car_is_the_sum_of_its_abnormal_returns_and_a_one_day_bhar_is_one_of_them(
        returns in quiet_returns(100), zero in 66_usize..94, model in models(),
    ) {
        let result = run(study_of("STOCK", "MARKET", zero, model), &book_of("STOCK", "MARKET", &returns, (50.0, 4000.0))).events.remove(0);
        let abnormal = |window: Window| -> f64 {
            result.columns.days.iter().zip(&result.columns.ar).filter(|(day, _)| window.contains(**day)).map(|(_, ar)| ar.unwrap()).sum()
        };
        for car in &result.car {
            assert_near("CAR", car.cumulated.value, abnormal(car.cumulated.window), 1e-14, 0.0);
            assert_near("middle of its interval", (car.cumulated.low + car.cumulated.high) / 2.0, car.cumulated.value, 1e-14, 0.0);
        }
        for path in &result.cumulative {
            assert_near("path", path.value, abnormal(path.window), 1e-14, 0.0);
        }
        let (day, whole) = (&result.car[0].cumulated, &result.car[2].cumulated);
        assert_near("BHAR of a day", day.bhar, day.value, 1e-14, 0.0);
        assert_eq!(result.cumulative.last().unwrap(), whole);
        // The whole of a window's return is in its prices.
        let growth: f64 = returns[zero - 5..=zero + 5].iter().map(|pair| 1.0 + pair.0).product();
        let held: f64 = result.columns.actual.iter().map(|value| 1.0 + value.unwrap()).product();
        assert_near("held", held, growth, 0.0, 1e-12);
    }

    #[test]
    fn a_study_file_changed_anywhere_is_refused_or_runs(place in 0_usize..STUDY.len(), length in 0_usize..12, text in changes()) {
        let loaded = built_in::load().unwrap();
        if let Ok(file) = study_file::from_toml("study.toml", &change(STUDY, place, length, &text), Path::new("folder"))
            && let Ok(study) = Study::new(StudyDesign { article: loaded.study.design().article.clone(), ..file.design })
            && let Ok(result) = study.run(&loaded.book, Provenance::default())
        {
            assert_finite(&result);
        }
    }
}

// ── text ──

/// What a slip of the hand, or an unkind one, puts into a file.
fn changes() -> impl Strategy<Value = String> {
    let values = [
        "",
        "0",
        "-1",
        "99999999999",
        "-99999..99999",
        "-100000..-100",
        "\"",
        "[",
        "]",
        "=",
        "\n",
        "nan",
        "1e308",
        "2022-02-30",
        "9999-12-31",
        "−",
        "\u{feff}",
        "é\u{0}",
    ];
    prop_oneof![prop::sample::select(values.to_vec()).prop_map(str::to_owned), "[ -~]{0,6}", "\\PC{0,4}"]
}

/// `text` with `length` characters from `place` on replaced.
fn change(text: &str, place: usize, length: usize, by: &str) -> String {
    text.chars().take(place).chain(by.chars()).chain(text.chars().skip(place + length)).collect()
}

proptest! {
    #![proptest_config(many())]

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,40}") {
        let _ = text.parse::<StatedPercent>();
        let _ = text.parse::<Window>();
        let _ = text.parse::<Horizon>();
        let _ = study_file::from_toml("study.toml", &text, Path::new(""));
        let _ = article_file::from_toml("article.toml", &text);
        let _ = article_file::from_json("article.json", &text);
        let _ = study_file::slug(&text);
    }

    /// Texts that come near to what is read: digits, signs, separators and words.
    #[test]
    fn no_text_of_the_right_characters_makes_a_reader_panic(text in "[-+−0-9.,: %\\[\\]()=]{0,24}|(since|from-high-since|from high since|[0-9]{0,12})[- _](-|[0-9]|week|months|sessions|years){0,12}") {
        if let Ok(stated) = text.parse::<StatedPercent>() {
            assert_eq!(stated.to_string().parse(), Ok(stated));
            assert!(stated.percent().is_finite());
        }
        if let Ok(window) = text.parse::<Window>() {
            assert_eq!(window.to_string().parse(), Ok(window));
            assert!(window.first() <= window.last() && window.days() >= 1);
        }
        if let Ok(horizon) = text.parse::<Horizon>() {
            assert_eq!(horizon.to_string().parse(), Ok(horizon));
        }
    }

    #[test]
    fn a_stated_percentage_is_read_back_as_it_is_printed(whole in 0_u32..1_000_000_000, part in "[0-9]{0,9}", sign in prop::sample::select(vec!["", "-"])) {
        let text = if part.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{part}") };
        let stated: StatedPercent = text.parse().unwrap();
        assert_eq!(usize::from(stated.decimals()), part.len());
        // Zero has no sign; every other figure is printed to the letter.
        if stated.percent() != 0.0 {
            assert_eq!(stated.to_string(), text);
            assert_eq!(stated.is_fall(), sign == "-");
        }
        assert!(stated.covered(Qualifier::None).contains(stated.percent()));
        // A comma before exactly three digits may stand between thousands, and is refused.
        let with_comma = text.replace('.', ",").replace('-', "−").parse::<StatedPercent>();
        if part.len() == 3 && whole != 0 {
            assert!(with_comma.is_err());
        } else {
            assert_eq!(with_comma, Ok(stated));
        }
        assert_eq!(format!("{text} %").parse(), Ok(stated));
    }

    #[test]
    fn a_window_is_read_back_as_it_is_written(one in -100_000_i32..=100_000, other in -100_000_i32..=100_000) {
        let window = Window::new(one.min(other), one.max(other)).unwrap();
        assert_eq!(window.to_string().parse(), Ok(window));
        assert_eq!(window.days(), one.abs_diff(other) as usize + 1);
    }

    #[test]
    fn a_horizon_is_read_back_as_it_is_written(horizon in horizons()) {
        assert_eq!(horizon.to_string().parse(), Ok(horizon));
    }

    #[test]
    fn an_article_changed_anywhere_is_refused_or_read(place in 0_usize..ARTICLE.len(), length in 0_usize..12, text in changes()) {
        let changed = change(ARTICLE, place, length, &text);
        if let Ok(article) = article_file::from_toml("article.toml", &changed) {
            assert!(article.claims.len() <= 7);
        }
        let json = r#"{ "title": "t", "published": "2022-09-05T09:00:00+02:00", "claim": [ { "id": "a", "symbol": "NET", "horizon": "month", "stated": "-20", "qualifier": "more-than", "as_of": "2022-09-02", "span": [3, 9] } ] }"#;
        assert!(article_file::from_json("article.json", json).is_ok());
        let _ = article_file::from_json("article.json", &change(json, place % json.len(), length, &text));
    }
}
