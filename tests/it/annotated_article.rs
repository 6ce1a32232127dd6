//! The article as published, each figure marked in its place: in the result, on the page, in Markdown and on a terminal.

use std::collections::{BTreeMap, BTreeSet};

use aftermove::chart;
use aftermove::claim::{Article, Claim, Horizon, Inference, NamedPeriod, Published, Qualifier, Subject};
use aftermove::data::{article_file, built_in, study_file};
use aftermove::provenance::Provenance;
use aftermove::report::terminal::Terminal;
use aftermove::report::{self, html, json, markdown, terminal, wording};
use aftermove::study::{Study, StudyResult};
use aftermove::verify::Verdict;
use chrono::Weekday;
use proptest::prelude::*;
use serde_json::Value;

use crate::sample::day;

const TEXT: &str = "Cloudflare blocks Kiwi Farms <b>and {{ shares }} shrug</b>\n\nShares of the network firm (NYSE: NET) dipped 1.03% on Friday, in line \
    with the 1.07% decline of the S&P 500.\nOver the past month they have lost more than 20%, and they trail the index by 49 percentage \
    points since the start of the year.\n\nEarly on Friday the stock had been up 3%. In August it had soared 24%, its best month of the \
    year; Brelinox, a rival, tumbled 12%.\n\nLe titre avait « cédé » près de 55 % depuis janvier.";

/// The claim whose figure stands in the text, the `nth` time from 1.
fn claim(figure: &str, nth: usize, symbol: &str, horizon: &str, stated: &str) -> Claim {
    let (start, _) = TEXT.match_indices(figure).nth(nth - 1).unwrap();
    Claim {
        id: format!("{figure} {nth}"),
        subject: Subject::Symbol(symbol.to_owned()),
        horizon: horizon.parse().unwrap(),
        stated: stated.parse().unwrap(),
        qualifier: Qualifier::None,
        against: None,
        span: Some((start, start + figure.len())),
        as_of: None,
        inferred: Vec::new(),
    }
}

fn claims() -> Vec<Claim> {
    let friday = Some(NamedPeriod::Weekday(Weekday::Fri));
    vec![
        Claim { as_of: friday, ..claim("1.03%", 1, "NET", "session", "-1.03") },
        Claim { inferred: vec![Inference::HorizonUnsaid], ..claim("1.07%", 1, "^GSPC", "session", "-1.07") },
        Claim { qualifier: Qualifier::MoreThan, inferred: vec![Inference::SecurityFromContext], ..claim("20%", 1, "NET", "month", "-20") },
        Claim {
            against: Some("^GSPC".to_owned()),
            inferred: vec![Inference::SecurityFromContext, Inference::BenchmarkFromContext],
            ..claim("49 percentage points", 1, "NET", "year-to-date", "-49")
        },
        Claim { as_of: friday, inferred: vec![Inference::SecurityFromContext], ..claim("3%", 2, "NET", "intraday", "3") },
        claim("24%", 1, "NET", "august", "24"),
        Claim {
            subject: Subject::Unknown("Brelinox".to_owned()),
            inferred: vec![Inference::HorizonUnsaid],
            ..claim("12%", 1, "X", "session", "-12")
        },
        Claim { qualifier: Qualifier::Nearly, subject: Subject::Unsaid, ..claim("55 %", 1, "X", "since-january", "-55") },
    ]
}

fn article(text: Option<&str>, claims: Vec<Claim>) -> Article {
    let published = Some(Published::Day(day("2022-09-05")));
    Article { title: "Cloudflare blocks Kiwi Farms".to_owned(), source: None, published, text: text.map(str::to_owned), claims }
}

fn check(article: Article) -> StudyResult {
    let design = study_file::claims_only("article", "^GSPC", article);
    Study::new(design).unwrap().run(&built_in::load().unwrap().book, Provenance::default()).unwrap()
}

fn page(result: &StudyResult) -> String {
    html::render(&report::document(result, &[]), &BTreeMap::new()).unwrap()
}

fn summary(result: &StudyResult) -> String {
    terminal::render(result, Terminal { width: 160, coloured: false })
}

/// The article of this file, with its charts, in the folder that `AFTERMOVE_PAGE` names: for the eye and the browser.
#[test]
fn every_figure_of_a_made_up_article_gets_its_verdict() {
    let result = check(article(Some(TEXT), claims()));
    let verdicts: Vec<&str> = result.claims.iter().map(|finding| finding.verdict.name()).collect();
    let expected =
        ["reproduced", "reproduced", "reproduced-only-as", "contradicted", "not-checkable", "reproduced", "not-checkable", "not-checkable"];
    assert_eq!(verdicts, expected, "{:#?}", result.claims.iter().map(|finding| &finding.reason).collect::<Vec<_>>());
    if let Some(folder) = std::env::var_os("AFTERMOVE_PAGE") {
        let folder = std::path::PathBuf::from(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("report.html"), page(&result)).unwrap();
        std::fs::write(folder.join("report.md"), markdown::render(&report::document(&result, &[]))).unwrap();
        std::fs::write(folder.join("summary.txt"), summary(&result)).unwrap();
        for figure in chart::figures(&result) {
            let png = chart::to_png(&chart::draw(&figure, chart::Size::WIDE).unwrap().svg).unwrap();
            std::fs::write(folder.join(format!("{}.png", figure.name)), png).unwrap();
        }
    }
}

// ── the page ──

/// What stands between the first `from` after each of its occurrences and the next `to`.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).map(|rest| rest.split(to).next().unwrap()).collect()
}

/// Asserts that every element that is opened is closed, and inside the one that holds it.
fn assert_nested(page: &str) {
    const EMPTY: [&str; 7] = ["!doctype", "meta", "link", "br", "img", "source", "hr"];
    let mut open: Vec<&str> = Vec::new();
    let body = page.split("</style>").nth(1).unwrap();
    for tag in between(body, "<", ">") {
        let name = tag.split([' ', '\n']).next().unwrap();
        match name.strip_prefix('/') {
            Some(closed) if closed == "head" || closed == "html" => {}
            Some(closed) => assert_eq!(open.pop(), Some(closed), "in {tag:?}"),
            None if EMPTY.contains(&name) => {}
            None => open.push(name),
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn every_figure_is_marked_in_place_and_leads_to_its_note() {
    let page = page(&check(article(Some(TEXT), claims())));
    assert_nested(&page);
    assert_eq!(between(&page, "<mark>", "</mark>"), ["1.03%", "1.07%", "20%", "49 percentage points", "3%", "24%", "12%", "55 %"]);
    let ids: Vec<&str> = between(&page, " id=\"", "\"");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "an id stands there twice");
    let wanted = between(&page, " aria-describedby=\"", "\"");
    let led = between(&page, " href=\"#", "\"");
    assert_eq!((wanted.len(), led.iter().filter(|id| id.starts_with("note-")).count()), (8, 8));
    for id in wanted.iter().chain(&led) {
        assert!(unique.contains(id), "{id} is nowhere");
    }
    // The verdict isn't told by colour alone.
    let signs = between(&page, "<sup aria-hidden=\"true\">", "</sup>");
    assert_eq!(signs.concat().replace("&#8239;", ""), "✓1✓2≈3✗4?5✓6?7?8");
    for class in ["reproduced", "reproduced-only-as", "contradicted", "not-checkable"] {
        assert!(page.contains(&format!("<span class=\"marked {class}\">")), "{class}");
    }
    assert!(!page.contains("<script") && !page.contains("http"), "no script, and nothing from elsewhere");
}

#[test]
fn markup_and_template_syntax_of_an_article_stay_text() {
    let text =
        "<script>alert(1)</script> {{ 7*7 }} {% for x in y %} &amp; \"quoted\" rose 4%\n\n# no heading\n- no list\n1. nor this [x](y)";
    let start = text.find("4%").unwrap();
    let hostile = Claim {
        span: Some((start, start + 2)),
        subject: Subject::Unknown("<img src=x onerror=alert(1)>|`x`".to_owned()),
        ..claim("1.03%", 1, "X", "session", "4")
    };
    let result = check(article(Some(text), vec![hostile]));
    let page = page(&result);
    assert_nested(&page);
    assert!(page.contains("&lt;script&gt;") && page.contains("{{ 7*7 }} {% for x in y %} &amp;amp;"), "{page}");
    assert!(!page.contains("<script") && !page.contains("<img"));
    let markdown = markdown::render(&report::document(&result, &[]));
    let quoted: Vec<&str> = markdown.lines().filter(|line| line.starts_with('>')).collect();
    let expected = [
        "> &lt;script&gt;alert(1)&lt;/script&gt; {{ 7\\*7 }} {% for x in y %} &amp;amp; \"quoted\" rose **4%**[^1]",
        ">",
        "> \\# no heading\\",
        "> \\- no list\\",
        "> 1\\. nor this \\[x\\](y)",
    ];
    assert_eq!(quoted, expected);
}

#[test]
fn figures_without_a_place_in_the_text_have_their_notes_alone() {
    let accent = TEXT.find('é').unwrap();
    let at = |span| Claim { span, ..claim("20%", 1, "NET", "month", "-20") };
    let spans = [None, Some((0, 9_999)), Some((accent, accent + 1)), Some((7, 3)), Some((5, 5)), Some((usize::MAX, usize::MAX))];
    let mut claims: Vec<Claim> = spans.into_iter().map(at).collect();
    claims.extend([claim("more than 20%", 1, "NET", "month", "-20"), claim("20%", 1, "NET", "month", "-20")]);
    let result = check(article(Some(TEXT), claims));
    let page = page(&result);
    assert_nested(&page);
    assert_eq!(between(&page, "<mark>", "</mark>"), ["more than 20%"]);
    assert_eq!(page.matches("<li id=\"note-").count(), 8);
    assert_eq!(page.matches("class=\"back\"").count(), 1, "a note leads back where there is a mark to lead to");
    let markdown = markdown::render(&report::document(&result, &[]));
    assert!(markdown.contains("Without a place of their own in the text: [^1] [^2] [^3] [^4] [^5] [^6] [^8]"), "{markdown}");
    assert!(summary(&result).contains("more than 20%"));
}

#[test]
fn two_claims_on_one_figure_share_its_mark() {
    let result = check(article(Some(TEXT), vec![claim("20%", 1, "NET", "month", "-20"), claim("20%", 1, "^GSPC", "month", "-20")]));
    let page = page(&result);
    assert_nested(&page);
    assert_eq!((page.matches("<mark>").count(), page.matches("class=\"figure\"").count()), (1, 2));
    assert!(markdown::render(&report::document(&result, &[])).contains("**20%**[^1][^2]"));
}

/// Fifty million bytes of other news around three figures.
#[test]
fn a_text_of_fifty_megabytes_is_not_put_into_a_report() {
    let filler = "Nothing moved on that day, and nobody was surprised.\n\n".repeat(480_000);
    let text = format!("{filler}NET fell 1.03%.\n\n{filler}It lost 20% {} in a month.", "and so on ".repeat(30_000));
    assert!(text.len() > 50_000_000);
    let place = |figure: &str| text.find(figure).map(|start| (start, start + figure.len()));
    let claims = vec![
        Claim { span: place("1.03%"), ..claim("1.03%", 1, "NET", "session", "-1.03") },
        Claim { span: place("20%"), ..claim("20%", 1, "NET", "month", "-20") },
    ];
    let result = check(article(Some(&text), claims));
    let page = page(&result);
    assert_nested(&page);
    assert!(page.len() < 40_000, "{} bytes", page.len());
    assert_eq!(between(&page, "<mark>", "</mark>"), ["1.03%", "20%"]);
    assert!(page.contains("<div class=\"paragraph\">…</div>") && page.contains(" … </div>"));
    let markdown = markdown::render(&report::document(&result, &[]));
    assert!(markdown.len() < 20_000 && markdown.contains("> …\n>\n> NET fell **1.03%**[^1]."), "{} bytes", markdown.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn any_text_with_any_spans_makes_a_report(text in "(?s).{0,300}", spans in prop::collection::vec((0_usize..400, 0_usize..400), 0..6)) {
        let claims = spans.into_iter().map(|span| Claim { span: Some(span), ..claim("20%", 1, "NET", "month", "-20") });
        let result = check(article(Some(&text), claims.collect()));
        assert_nested(&page(&result));
        markdown::render(&report::document(&result, &[]));
        prop_assert!(!summary(&result).chars().any(|character| character.is_control() && character != '\n'));
    }
}

// ── the other outputs ──

#[test]
fn the_result_file_holds_the_text_that_its_spans_are_of() {
    let result = check(article(Some(TEXT), claims()));
    let json: Value = serde_json::from_str(&json::render(&result).unwrap()).unwrap();
    let text = json["article"]["text"].as_str().unwrap();
    assert_eq!(text, TEXT);
    let span =
        |at: usize| (json["claims"][at]["span"][0].as_u64().unwrap() as usize, json["claims"][at]["span"][1].as_u64().unwrap() as usize);
    assert_eq!(&text[span(3).0..span(3).1], "49 percentage points");
    let keys = |at: usize| ["symbol", "name", "against", "inferred"].map(|key| json["claims"][at][key].clone());
    let gap =
        [Value::from("NET"), Value::Null, Value::from("^GSPC"), serde_json::json!(["security-from-context", "benchmark-from-context"])];
    assert_eq!(keys(3), gap);
    assert_eq!(keys(6), [Value::Null, Value::from("Brelinox"), Value::Null, serde_json::json!(["horizon-unsaid"])]);
    // The simple difference, in percentage points: −55.35 % less −17.66 %.
    let measured = json["claims"][3]["primary"]["measured_pct"].as_f64().unwrap();
    assert!((measured - -37.69).abs() < 0.005, "{measured}");
}

#[test]
fn figures_from_a_file_have_no_text_and_no_notes() {
    let result = check(article(None, claims()));
    assert!(!page(&result).contains("id=\"article\"") && page(&result).contains("every reading"));
    assert_eq!(serde_json::to_value(&result).unwrap()["article"]["text"], Value::Null);
    assert!(!summary(&result).contains("In the text"));
}

#[test]
fn a_terminal_shows_the_words_around_each_figure_and_what_was_inferred() {
    let shown: String = summary(&check(article(Some(TEXT), claims())));
    for words in ["In the text", "dipped 1.03%", "(no period said:", "benchmark", "behind the S&P 500"] {
        assert!(shown.contains(words), "no {words:?} in\n{shown}");
    }
}

#[test]
fn an_article_that_states_no_price_move_is_no_failure() {
    for text in [Some("Nothing moved."), None] {
        let result = check(article(text, Vec::new()));
        assert_eq!(wording::answer(&result), "The article states no price move of a security or index.");
        assert!(page(&result).contains("<p>The article states no price move of a security or index.</p>"));
        assert!(markdown::render(&report::document(&result, &[])).contains("The article states no price move of a security or index."));
        assert!(summary(&result).contains("The article states no price move of a security or index."));
        assert!(chart::figures(&result).is_empty());
        assert_eq!(serde_json::to_value(&result).unwrap()["claims"], serde_json::json!([]));
    }
}

/// A picture of hundreds of rows would be tens of thousands of pixels high.
#[test]
fn the_chart_of_many_claims_shows_the_first_thirty_and_says_so() {
    let many: Vec<Claim> = (0..400).map(|_| claim("12%", 1, "NET", "session", "-1.03")).collect();
    let mut with_names = many.clone();
    with_names.iter_mut().for_each(|claim| claim.subject = Subject::Unknown("A name that is long enough to need several lines".to_owned()));
    for claims in [many, with_names] {
        let figures = chart::figures(&check(article(Some(TEXT), claims)));
        assert_eq!(figures.len(), 1);
        assert!(figures[0].note.contains("Shown are the first 30 of 400 figures."), "{}", figures[0].note);
        let drawing = chart::draw(&figures[0], chart::Size::WIDE).unwrap();
        assert!(drawing.size.height < 6_000, "{:?}", drawing.size);
    }
}

// ── in words ──

#[test]
fn every_horizon_has_words_for_a_column_and_for_a_sentence() {
    for (horizon, column, sentence) in [
        ("session", "one session", "over one session"),
        ("month", "past month", "over the past month"),
        ("30-days", "past 30 days", "over the past 30 days"),
        ("week-to-date", "week to date", "over the week to date"),
        ("intraday", "during the session", "during the session"),
        ("extended-hours", "outside trading hours", "outside trading hours"),
        ("last-quarter", "last quarter", "last quarter"),
        ("march", "in March", "in March"),
        ("2022", "in 2022", "in 2022"),
        ("q1", "in the first quarter", "in the first quarter"),
        ("2022-q4", "in the fourth quarter of 2022", "in the fourth quarter of 2022"),
        ("since-2022-03", "since March 2022", "since March 2022"),
        ("since-03-01", "since 1\u{a0}Mar", "since 1\u{a0}Mar"),
        ("since-monday", "since Monday", "since Monday"),
        ("since-event", "since an undated event", "since an undated event"),
        ("from-high", "from the 52-week high", "from the 52-week high"),
        ("from-record-low", "from the record low", "from the record low"),
        ("from-high-in-2021-11", "from the high of November 2021", "from the high of November 2021"),
        ("from-low-since-2022-03-01", "from the low since 1\u{a0}Mar\u{a0}2022", "from the low since 1\u{a0}Mar\u{a0}2022"),
    ] {
        let parsed: Horizon = horizon.parse().unwrap();
        assert_eq!((wording::horizon_words(parsed).as_str(), wording::horizon_phrase(parsed).as_str()), (column, sentence), "{horizon}");
    }
}

#[test]
fn a_gap_is_told_in_percentage_points_ahead_or_behind() {
    let gap = |stated: &str, qualifier| {
        let stated = stated.parse().unwrap();
        Claim { against: Some("^GSPC".to_owned()), stated, qualifier, ..claim("20%", 1, "NET", "year-to-date", "1") }
    };
    let result = check(article(Some(TEXT), vec![gap("-49", Qualifier::None), gap("3.5", Qualifier::MoreThan)]));
    assert_eq!(wording::stated_label(&result.claims[0]), "49\u{202F}pp behind the S&P 500");
    assert_eq!(wording::stated_label(&result.claims[1]), "more than 3.5\u{202F}pp ahead of the S&P 500");
    let details = wording::details(&result).join("\n");
    assert!(details.contains("NET’s gap of 49\u{a0}percentage points behind the S&P 500 over the year to date does not hold"), "{details}");
    assert!(details.contains("gap of more than 3.5\u{a0}percentage points ahead of the S&P 500"), "{details}");
    assert!(details.contains("the prices give −37.69\u{202F}pp"), "{details}");
}

// ── days that claims name ──

#[test]
fn a_named_day_is_found_from_the_day_of_publication_or_from_the_articles_session() {
    let on = |named: &str| Claim { as_of: Some(named.parse().unwrap()), ..claim("1.03%", 1, "NET", "session", "-1.03") };
    let quote = claim("1.07%", 1, "^GSPC", "session", "-1.07");
    let of = |published: Option<&str>, named: &str| {
        let claims = vec![on(named), quote.clone(), claim("1.03%", 1, "NET", "session", "-1.03")];
        let published = published.map(|date| Published::Day(day(date)));
        check(Article { published, ..article(Some(TEXT), claims) }).claims.remove(0)
    };
    // Published on Labor Day, and undated (two quotes then find 2 September, as in the built-in study).
    for published in [Some("2022-09-05"), None] {
        let friday = of(published, "friday");
        assert_eq!((friday.as_of, friday.verdict), (Some(day("2022-09-02")), Verdict::Reproduced), "{published:?}");
    }
    let monday = of(Some("2022-09-05"), "monday");
    assert_eq!(monday.as_of, Some(day("2022-09-05")));
    assert_eq!(monday.reason.as_deref(), Some("2022-09-05 isn't a session of the benchmark: Labor Day"));
    assert_eq!(of(None, "monday").as_of, Some(day("2022-08-29")), "the last Monday before the article's session");
    let yesterday = of(Some("2022-09-05"), "yesterday");
    assert_eq!(yesterday.reason.as_deref(), Some("2022-09-04 isn't a session of the benchmark: a Sunday"));
    // Where each row has its own session, the table says which.
    let several = check(article(Some(TEXT), vec![on("thursday"), quote]));
    assert!(summary(&several).contains("To the close of"));
}

#[test]
fn a_claim_whose_own_date_is_known_needs_no_session_of_the_article() {
    let dated = Claim { as_of: Some(NamedPeriod::Day(day("2022-09-02"))), ..claim("1.03%", 1, "NET", "session", "-1.03") };
    let undated = claim("20%", 1, "NET", "month", "-20");
    let result = check(Article { published: None, ..article(Some(TEXT), vec![dated, undated]) });
    assert_eq!(result.claims[0].verdict, Verdict::Reproduced);
    assert!(
        result.claims[1].reason.as_ref().unwrap().contains("gives neither its date of publication nor a quote"),
        "{:?}",
        result.claims[1].reason
    );
}

#[test]
fn a_file_of_figures_may_name_days_and_securities_and_state_gaps() {
    let text = r#"
        [[claim]]
        name = "Brelinox"
        horizon = "last-month"
        stated = "5"
        as_of = "friday"
        [[claim]]
        symbol = "NET"
        against = "^GSPC"
        horizon = "from-high-in-november"
        stated = "-5"
        as_of = 2022-09-02
        [[claim]]
        horizon = "2022-q1"
        stated = "1.5"
        as_of = "09-02"
    "#;
    let read = article_file::from_toml("figures.toml", text).unwrap().claims;
    let subjects: Vec<&Subject> = read.iter().map(|claim| &claim.subject).collect();
    assert_eq!(subjects, [&Subject::Unknown("Brelinox".to_owned()), &Subject::Symbol("NET".to_owned()), &Subject::Unsaid]);
    let days: Vec<Option<NamedPeriod>> = read.iter().map(|claim| claim.as_of).collect();
    let wanted = [NamedPeriod::Weekday(Weekday::Fri), NamedPeriod::Day(day("2022-09-02")), NamedPeriod::MonthDay { month: 9, day: 2 }];
    assert_eq!(days, wanted.map(Some));
    assert_eq!((read[1].against.as_deref(), read[0].horizon), (Some("^GSPC"), Horizon::LastMonth));
    for (wrong, message) in [("as_of = \"march\"", "\"march\" is not a day"), ("name = \"Net\"", "both a symbol and a name")] {
        let text = format!("[[claim]]\nsymbol = \"NET\"\nhorizon = \"month\"\nstated = \"5\"\n{wrong}\n");
        let error = article_file::from_toml("figures.toml", &text).unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}
