//! `aftermove check` and `aftermove extract` on one article, as a user runs them. The articles are of our own invention, but for one that is read
//! where it lies and skipped where it doesn't.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::desk::Desk;

const TEXT: &str =
    "Cloudflare shares slip\n\nShares of Cloudflare fell 1.03% on Friday, while the S&P 500 lost 1.07%. The stock is down 45% this year.\n";

const PAGE: &str = r#"<!DOCTYPE html><html lang="en"><head><title>Cloudflare slips | The Example</title>
<meta property="og:title" content="Cloudflare slips"><meta property="og:site_name" content="The Example">
<meta property="article:published_time" content="2022-09-02T21:15:00Z"></head>
<body><nav><a href="/">Apple gains 9%</a></nav><article><h1>Cloudflare slips</h1>
<p>Shares of Cloudflare&nbsp;Inc. lost <b>55%</b> this year.</p></article></body></html>"#;

const MARKDOWN: &str =
    "---\ntitle: Cloudflare slips\ndate: 2022-09-02\n---\n\n# Cloudflare slips\n\nShares of Cloudflare are down **55%** this year.\n";

fn desk() -> Desk {
    let desk = Desk::with_study();
    desk.write("text.txt", TEXT);
    desk.write("page.html", PAGE);
    desk.write("note.md", MARKDOWN);
    desk
}

const PRICES: [&str; 2] = ["--prices", "mine/prices.csv"];

fn check(desk: &Desk, arguments: &[&str]) -> Value {
    let all = [&["check"], arguments, &["--format", "json", "--out", "out"]].concat();
    desk.run(&all).json()
}

fn extract(desk: &Desk, arguments: &[&str]) -> Value {
    desk.run(&[&["extract"], arguments, &["--format", "json"]].concat()).json()
}

fn verdicts(result: &Value) -> Vec<&str> {
    result["claims"].as_array().unwrap().iter().map(|claim| claim["verdict"].as_str().unwrap()).collect()
}

#[test]
fn an_article_is_checked_as_published() {
    let desk = desk();
    let result = check(&desk, &["text.txt", PRICES[0], PRICES[1]]);
    assert_eq!(verdicts(&result), ["reproduced", "reproduced", "contradicted"]);
    assert_eq!(result["study"]["title"], "Cloudflare shares slip");
    // Both quotes fit 2 September 2022 alone, without a date of publication.
    assert_eq!(result["article"]["as_of"]["session"], "2022-09-02");
    assert_eq!(result["article"]["text"], TEXT);
    let span: Vec<usize> = serde_json::from_value(result["claims"][2]["span"].clone()).unwrap();
    assert_eq!(&TEXT[span[0]..span[1]], "45%");
    assert!(desk.path("out/report.html").is_file() && desk.path("out/claims.png").is_file());
    let inputs: Vec<&Value> = result["provenance"]["inputs"].as_array().unwrap().iter().map(|input| &input["path"]).collect();
    assert_eq!(inputs, ["mine/prices.csv", "text.txt"]);
}

#[test]
fn pages_and_markdown_give_their_date_and_title() {
    let desk = desk();
    for file in ["page.html", "note.md"] {
        let result = check(&desk, &[file, PRICES[0], PRICES[1]]);
        assert_eq!(verdicts(&result), ["reproduced"], "{file}");
        assert_eq!(result["study"]["title"], "Cloudflare slips", "{file}");
        assert_eq!(result["article"]["as_of"], json!({ "session": "2022-09-02", "found_from": "published" }), "{file}");
    }
    assert_eq!(check(&desk, &["page.html", PRICES[0], PRICES[1]])["article"]["source"], "The Example");
}

#[test]
fn a_date_on_the_command_line_comes_before_the_articles_own() {
    let desk = desk();
    let as_of =
        |published| check(&desk, &["page.html", "--published", published, PRICES[0], PRICES[1]])["article"]["as_of"]["session"].clone();
    assert_eq!(as_of("2022-08-31"), "2022-08-31");
    // At noon in New York the day's session isn't over.
    assert_eq!(as_of("2022-08-31T12:00:00-04:00"), "2022-08-30");
    desk.write("figures.toml", "[[claim]]\nsymbol = \"NET\"\nhorizon = \"year-to-date\"\nstated = \"-55\"\n");
    let figures = check(&desk, &["figures.toml", "--published", "2022-09-02", PRICES[0], PRICES[1]]);
    assert_eq!(verdicts(&figures), ["reproduced"]);
}

#[test]
fn without_prices_every_claim_says_that_it_cant_be_checked_and_why() {
    let desk = desk();
    let result = check(&desk, &["text.txt", "--strict"]);
    assert_eq!(verdicts(&result), ["not-checkable"; 3]);
    for claim in result["claims"].as_array().unwrap() {
        assert!(claim["reason"].as_str().unwrap().contains("add a price file"), "{claim}");
        assert!(claim["readings"].as_array().unwrap().is_empty() && claim["as_of"].is_null());
    }
    assert_eq!((&result["study"]["benchmark"], &result["article"]["as_of"]), (&Value::Null, &Value::Null));
    let run = desk.run(&["check", "text.txt"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.contains("None of the article’s three figures can be checked."), "{}", run.stdout);
    assert!(desk.path("charts/text/report.html").is_file());
}

#[test]
fn an_article_without_a_claim_says_so() {
    let desk = desk();
    desk.write("weather.txt", "It rained on 3 September, 12% more than usual.\n");
    let run = desk.run(&["check", "weather.txt", PRICES[0], PRICES[1], "--strict"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.contains("The article states no price move of a security or index."), "{}", run.stdout);
    assert!(desk.path("charts/weather/report.html").is_file() && desk.path("charts/weather/result.json").is_file());
    let run = desk.run(&["extract", "weather.txt"]);
    assert!(run.stdout.contains("The article states no price move of a security or index."), "{}", run.stdout);
    assert_eq!(extract(&desk, &["weather.txt"])["claims"], json!([]));
}

#[test]
fn a_security_without_prices_and_a_name_in_no_table_are_told_apart() {
    let desk = desk();
    desk.write("two.txt", "Shares of Apple fell 3% on Friday. Shares of Brelinox Industries rose 4%.\n");
    let result = check(&desk, &["two.txt", "--published", "2022-09-02", PRICES[0], PRICES[1]]);
    assert_eq!(verdicts(&result), ["not-checkable"; 2]);
    let reason = |claim: usize| result["claims"][claim]["reason"].as_str().unwrap().to_owned();
    assert!(reason(0).contains("no prices for the symbol \"AAPL\""), "{}", reason(0));
    assert!(reason(1).contains("“Brelinox Industries” is in no table of names"), "{}", reason(1));
}

#[test]
fn names_of_ones_own_come_before_those_that_ship() {
    let desk = desk();
    desk.write("two.txt", "Shares of Brelinox fell 1.03% on Friday. Apple shares lost 1.07%.\n");
    desk.write("brelinox.toml", "[[security]]\nsymbol = \"NET\"\nkind = \"share\"\nnames = [\"Brelinox\"]\n");
    desk.write("apple.toml", "[[security]]\nsymbol = \"^GSPC\"\nkind = \"share\"\nnames = [\"Apple\"]\n");
    let symbols = |arguments: &[&str]| {
        let list = extract(&desk, arguments);
        list["claims"].as_array().unwrap().iter().map(|claim| claim["symbol"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(symbols(&["two.txt"]), [Value::Null, json!("AAPL")]);
    assert_eq!(symbols(&["two.txt", "--names", "brelinox.toml", "--names", "apple.toml"]), ["NET", "^GSPC"]);
    let result = check(&desk, &["two.txt", "--names", "brelinox.toml", "--names", "apple.toml", PRICES[0], PRICES[1]]);
    assert_eq!(verdicts(&result), ["reproduced"; 2]);
}

#[test]
fn a_wrong_table_of_names_gets_its_place_and_what_to_do() {
    let desk = desk();
    let row = "[[security]]\nsymbol = \"A\"\nkind = \"share\"\nnames = [\"Acme\"]\n";
    let cases = [
        (format!("{row}ticker = [\"A\"]\n"), &["unknown key \"ticker\"", "names.toml:5:1", "did you mean \"tickers\"?"][..]),
        (row.replace("share", "shaer"), &["shaer", "names.toml:3:8", "did you mean \"share\"?"]),
        (row.replace("symbol = \"A\"\n", ""), &["missing field \"symbol\"", "names.toml:1:1"]),
        (row.replace("[\"Acme\"]", "[]"), &["A has no name", "names.toml:1:1"]),
        (row.replace("[\"Acme\"]", "[\"Acme\", \" \"]"), &["A has an empty name", "names.toml:1:1"]),
        (row.replace("\"A\"", "\"\""), &["\"\" is no symbol", "write the symbol that the price files use"]),
        (format!("{row}\n{}", row.replace("\"A\"", "\"B\"")), &["the name \"Acme\" stands in two rows, of A and of B", "names.toml:6:1"]),
        (
            format!("{row}brands = [\"Zamboo\"]\n\n{}brands = [\"Zamboo\"]\n", row.replace("\"A\"", "\"B\"").replace("Acme", "Belco")),
            &["the brand \"Zamboo\" stands in two rows, of A and of B", "names.toml:7:1", "keep it in one of them"],
        ),
        (
            format!("{row}\n{}brands = [\"Acme\"]\n", row.replace("\"A\"", "\"B\"").replace("Acme", "Belco")),
            &["\"Acme\" is a name of A and a brand of B", "names.toml:6:1"],
        ),
        (format!("{row}brands = [\"Acme\"]\n"), &["\"Acme\" is both a brand and a name of A", "names.toml:1:1"]),
        (format!("{row}brands = [\"Zamboo\", \"Zamboo\"]\n"), &["the brand \"Zamboo\" stands twice in the row of A"]),
        (format!("{row}brands = [\"\"]\n"), &["A has an empty brand", "take it out"]),
        (format!("{row}ambiguous = [\"Acmee\"]\n"), &["\"Acmee\" isn't among its names", "did you mean \"Acme\"?"]),
        (row.replace("names =", "names"), &["names.toml:4:"]),
        (String::new(), &["there is no security", "[[security]]"]),
    ];
    for (table, wanted) in cases {
        desk.write("names.toml", &table);
        desk.run(&["extract", "text.txt", "--names", "names.toml"]).fails_saying(wanted);
    }
}

#[test]
fn the_language_can_be_given() {
    let desk = desk();
    desk.write("short.txt", "Cloudflare -1,03% vendredi.\n");
    assert_eq!(extract(&desk, &["short.txt", "--language", "fr"])["language"], "fr");
    assert_eq!(extract(&desk, &["text.txt"])["language"], "en");
    desk.write("fr.txt", "L’action Cloudflare a perdu 1,03 % vendredi, et recule de 55 % depuis le début de l’année.\n");
    let list = extract(&desk, &["fr.txt"]);
    assert_eq!((&list["language"], &list["claims"][1]["stated_pct"]), (&json!("fr"), &json!(-55.0)));
}

#[test]
fn standard_input_may_be_an_article_or_its_figures() {
    let desk = desk();
    let out = ["--format", "json", "--out", "out", PRICES[0], PRICES[1]];
    let check = |more: &[&str], input: &str| desk.run_with_input(&[&["check", "-"], more, &out].concat(), input.as_bytes());
    assert_eq!(verdicts(&check(&[], TEXT).json()), ["reproduced", "reproduced", "contradicted"]);
    assert_eq!(verdicts(&check(&[], PAGE).json()), ["reproduced"]);
    let figures = r#"{ "claim": [ { "symbol": "NET", "horizon": "year-to-date", "stated": "-55" } ] }"#;
    let result = check(&["--published", "2022-09-02"], figures).json();
    assert_eq!(verdicts(&result), ["reproduced"]);
    assert_eq!(result["provenance"]["inputs"][1]["path"], "standard input");
    assert_eq!(result["study"]["name"], "article");
    check(&[], &figures.replace("year-to-date", "yaer")).fails_saying(&[
        "\"yaer\" is not a horizon",
        "standard input:1:",
        "did you mean \"year\"?",
    ]);
    // A text that begins with a brace is a text.
    assert_eq!(verdicts(&check(&[], &format!("{{Reuters}} - {TEXT}")).json()).len(), 3);
    check(&[], "").fails_saying(&["standard input is empty"]);
}

#[test]
fn extract_tells_each_claim_with_its_place() {
    let desk = desk();
    desk.write("é.txt", "Été\n\nL’action « Cloudflare » a perdu plus de 20 % en un mois.\n");
    let list = extract(&desk, &["é.txt", "--published", "2022-09-02"]);
    assert_eq!((&list["schema"], &list["title"], &list["published"]), (&json!("aftermove/claims/1"), &json!("Été"), &json!("2022-09-02")));
    let claim = &list["claims"][0];
    let text = list["text"].as_str().unwrap();
    let span: Vec<usize> = serde_json::from_value(claim["span"].clone()).unwrap();
    assert_eq!((&text[span[0]..span[1]], claim["text"].as_str().unwrap()), ("20 %", "20 %"));
    assert_eq!((&claim["line"], &claim["column"]), (&json!(3), &json!(41)));
    let wanted = json!({
        "id": "claim-1", "symbol": "NET", "name": null, "horizon": "month", "against": null, "stated_pct": -20.0, "decimals": 0,
        "qualifier": "more-than", "as_of": null, "inferred": [], "snippet": "L’action « Cloudflare » a perdu plus de 20 % en un mois."
    });
    for (key, value) in wanted.as_object().unwrap() {
        assert_eq!(&claim[key], value, "{key}");
    }
    let run = desk.run(&["extract", "text.txt"]);
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
    for words in ["Cloudflare shares slip", "Three claims.", "3:27", "one session", "Friday", "−1.03", "S&P 500", "year to date", "“"] {
        assert!(run.stdout.contains(words), "no {words:?} in {}", run.stdout);
    }
    assert!(!desk.path("charts").exists(), "extract writes nothing");
}

#[test]
fn extract_lists_figures_too() {
    let desk = desk();
    let list = extract(&desk, &["mine/article.toml"]);
    assert_eq!(list["claims"].as_array().unwrap().len(), 6);
    assert_eq!((&list["text"], &list["claims"][0]["span"], &list["claims"][0]["line"]), (&Value::Null, &Value::Null, &Value::Null));
    assert!(desk.run(&["extract", "mine/article.toml"]).stdout.contains("Six claims."));
}

#[test]
fn a_study_file_takes_an_article_as_published() {
    let desk = desk();
    desk.change("study.toml", "article = \"article.toml\"", "article = \"story.html\"\nnames = [\"names.toml\"]\npublished = 2022-08-31");
    desk.write("mine/story.html", &PAGE.replace("Cloudflare&nbsp;Inc.", "Brelinox"));
    desk.write("mine/names.toml", "[[security]]\nsymbol = \"NET\"\nkind = \"share\"\nnames = [\"Brelinox\"]\n");
    let result = desk.run(&["run", "mine", "--format", "json"]).json();
    assert_eq!((&result["claims"][0]["symbol"], &result["claims"][0]["as_of"]), (&json!("NET"), &json!("2022-08-31")));
    assert_eq!(result["events"][0]["status"], "used");
    assert!(fs::read_to_string(desk.path("charts/mine/report.html")).unwrap().contains("Brelinox"));
    desk.write("mine/story.html", "");
    desk.run(&["run", "mine"]).fails_saying(&["mine/story.html is empty"]);
    desk.change("study.toml", "story.html", "stroy.html");
    desk.run(&["run", "mine"]).fails_saying(&["mine/stroy.html", "No such file"]);
}

#[test]
fn what_isnt_an_article_is_named() {
    let desk = desk();
    desk.run(&["check", "txt.txt"]).fails_saying(&["txt.txt: there is no such file", "did you mean text.txt"]);
    fs::write(desk.path("a.pdf"), b"%PDF-1.7\n%\xe2\xe3").unwrap();
    desk.run(&["check", "a.pdf"]).fails_saying(&["a.pdf is a PDF file, not text", "copy its text"]);
    desk.write("blank.txt", " \n");
    desk.run(&["extract", "blank.txt"]).fails_saying(&["blank.txt holds nothing but white space"]);
    desk.write("script.html", "<html><body><div id=root></div><script>x</script></body></html>");
    desk.run(&["extract", "script.html"]).fails_saying(&["script.html has no text in its body", "save the page from a browser"]);
    // 64 MiB and a byte; the file has a hole and takes no room.
    fs::File::create(desk.path("large.txt")).unwrap().set_len(64 * 1024 * 1024 + 1).unwrap();
    desk.run(&["extract", "large.txt"]).fails_saying(&["large.txt has 67108865 bytes, more than the 64 MiB"]);
}

#[test]
fn wrong_options_exit_with_two_and_say_what_to_write() {
    let desk = desk();
    for (arguments, wanted) in [
        (&["--published", "soon"][..], "write a date, 2022-09-05"),
        (&["--published", "2022-13-01"], "write a date, 2022-09-05"),
        (&["--language", "de"], "possible values: en, fr"),
    ] {
        let run = desk.run(&[&["check", "text.txt"], arguments].concat());
        assert_eq!(run.status, 2, "{run:?}");
        assert!(run.stderr.contains(wanted), "{}", run.stderr);
    }
    desk.run(&["check", "text.txt", "--benchmark", "GSPC", PRICES[0], PRICES[1]]).fails_saying(&["\"GSPC\"", "did you mean ^GSPC"]);
    desk.run(&["extract", "text.txt", "--names", "none.toml"]).fails_saying(&["can't read none.toml"]);
}

#[test]
fn quiet_prints_nothing_and_writes_the_report() {
    let desk = desk();
    let run = desk.run(&["check", "text.txt", "--quiet", PRICES[0], PRICES[1]]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    assert!(desk.path("charts/text/report.html").is_file());
    let run = desk.run(&["check", "text.txt", "--quiet", "--strict", PRICES[0], PRICES[1]]);
    assert_eq!(run.status, 1, "a claim is contradicted");
}

/// The article that this project began with: its text alone gives what the built-in study was told by hand.
#[test]
fn the_first_article_is_read_as_the_built_in_study_has_it() {
    let article = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed/article-fr.txt");
    if !article.is_file() {
        eprintln!("skipped: {} isn't here", article.display());
        return;
    }
    let desk = desk();
    let result = check(&desk, &[article.to_str().unwrap(), PRICES[0], PRICES[1]]);
    let built_in = desk.run(&["--format", "json", "--out", "built-in"]).json();
    let as_of = &result["article"]["as_of"];
    assert_eq!((&as_of["session"], &as_of["found_from"], &as_of["fitting"]), (&json!("2022-09-02"), &json!("quotes"), &json!(1)));
    assert_eq!(as_of, &built_in["article"]["as_of"]);
    let findings = |result: &Value| {
        let mut findings: Vec<Vec<String>> = result["claims"].as_array().unwrap().iter().map(of_claim).collect();
        findings.sort();
        findings
    };
    assert_eq!(findings(&result).len(), 6);
    assert_eq!(findings(&result), findings(&built_in));
}

fn of_claim(claim: &Value) -> Vec<String> {
    ["symbol", "horizon", "stated_pct", "decimals", "qualifier", "as_of", "verdict", "readings"]
        .iter()
        .map(|key| claim[*key].to_string())
        .collect()
}
