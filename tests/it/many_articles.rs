//! `aftermove check` and `aftermove extract` on many articles: folders, patterns, JSON Lines; one line or row for each; what is broken doesn't stop
//! the rest.

use std::fs;
use std::io::{Cursor, Write};

use aftermove::data::article_reader::ArticleReader;
use aftermove::data::parquet_writer::{Cell, ColumnKind, TableWriter};
use chrono::NaiveDate;
use flate2::Compression;
use flate2::write::GzEncoder;
use polars_core::prelude::{AnyValue, DataFrame};
use polars_io::SerReader;
use polars_io::prelude::ParquetReader;
use serde_json::{Value, json};

use crate::desk::{Desk, Run};

const FALL: &str = "Shares of Cloudflare fell 1.03% on Friday.";

/// A folder of articles, some broken.
fn desk() -> Desk {
    let desk = Desk::with_study();
    fs::create_dir_all(desk.path("news/2022/09")).unwrap();
    fs::create_dir_all(desk.path("news/.drafts")).unwrap();
    desk.write("news/b.txt", &format!("{FALL} The S&P 500 lost 1.07%.\n"));
    desk.write("news/2022/09/a.html", "<html><body><article><p>Cloudflare shares are down 45% this year.</p></article></body></html>");
    desk.write("news/2022/c.md", "# Weather\n\nIt rained.\n");
    desk.write("news/pdf.txt", "%PDF-1.7\n");
    desk.write("news/void.txt", "");
    desk.write("news/picture.png", "not looked at");
    desk.write("news/.drafts/d.txt", FALL);
    desk
}

const PRICES: [&str; 4] = ["--prices", "mine/prices.csv", "--published", "2022-09-02"];

fn check(desk: &Desk, arguments: &[&str]) -> Run {
    desk.run(&[&["check"], arguments, &PRICES].concat())
}

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn paths(run: &Run) -> Vec<String> {
    assert_eq!(run.status, 0, "{run:?}");
    lines(&run.stdout).iter().map(|line| line["path"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_folder_is_read_with_its_folders_by_path() {
    let desk = desk();
    let run = check(&desk, &["news"]);
    assert_eq!(paths(&run), ["news/2022/09/a.html", "news/2022/c.md", "news/b.txt", "news/pdf.txt", "news/void.txt"]);
    let lines = lines(&run.stdout);
    let verdicts = |line: &Value| line["claims"].as_array().unwrap().iter().map(|claim| claim["verdict"].clone()).collect::<Vec<_>>();
    assert_eq!(verdicts(&lines[0]), ["contradicted"]);
    assert!(lines[1]["claims"].as_array().unwrap().is_empty() && lines[1]["error"].is_null());
    assert_eq!(verdicts(&lines[2]), ["reproduced", "reproduced"]);
    assert_eq!(lines[2]["as_of"]["session"], "2022-09-02");
    assert_eq!((&lines[1]["title"], &lines[1]["published"]), (&json!("Weather"), &json!("2022-09-02")));
    assert!(lines[3]["error"].as_str().unwrap().contains("is a PDF file, not text"));
    assert!(!desk.path("charts").exists(), "no charts of many articles");
}

#[test]
fn a_finding_is_the_same_alone_and_among_many() {
    let desk = desk();
    let alone = desk.run(&[&["check", "news/b.txt", "--format", "json", "--out", "out"], &PRICES[..]].concat()).json();
    let among = lines(&check(&desk, &["news"]).stdout);
    assert_eq!((&among[2]["claims"], &among[2]["as_of"]), (&alone["claims"], &alone["article"]["as_of"]));
}

#[test]
fn patterns_and_several_paths_keep_their_order() {
    let desk = desk();
    assert_eq!(paths(&check(&desk, &["news/**/*.html"])), ["news/2022/09/a.html"]);
    assert_eq!(paths(&check(&desk, &["news/*.t?t"])), ["news/b.txt", "news/pdf.txt", "news/void.txt"]);
    assert_eq!(paths(&check(&desk, &["news/b.txt", "news/2022"])), ["news/b.txt", "news/2022/09/a.html", "news/2022/c.md"]);
    // Figures among articles stay figures.
    assert_eq!(lines(&check(&desk, &["news/b.txt", "mine/article.toml"]).stdout)[1]["claims"].as_array().unwrap().len(), 6);
}

fn json_lines() -> Vec<u8> {
    let mut all = Vec::new();
    let mut line = |value: &str| writeln!(all, "{value}").unwrap();
    line(r#"{"id": "a-1", "published": "2022-09-02", "text": "Shares of Cloudflare fell 1.03% on Friday."}"#);
    line("");
    line(
        r#"{"id": 7, "title": "T", "published": "2022-09-02T20:30:00Z", "html": true, "text": "<p>Cloudflare shares are down <b>55%</b> this year.</p>"}"#,
    );
    line(r#"{"text": "L’action Cloudflare a perdu 1,03 %.", "language": "fr", "section": [1, 2]}"#);
    line(r#"{"id": "a-3", "text": }"#);
    line(r#"["a-1", "Shares of Cloudflare fell 1.03%."]"#);
    line(r#"{"id": "a-4", "texte": "Shares of Cloudflare fell 1.03%."}"#);
    line(r#"{"id": "a-5", "text": 17}"#);
    line(r#"{"id": "a-6", "text": " "}"#);
    line(r#"{"id": "a-7", "text": "Shares fell.", "published": "soon"}"#);
    line(r#"{"id": "a-8", "text": "Shares fell.", "format": "docx"}"#);
    all.extend(b"{\"id\": \"a-9\", \"text\": \"caf\xe9\"}\n");
    // The last line may lack its end.
    all.extend(br#"{"id": "a-10", "text": "The S&P 500 lost 1.07%."}"#);
    all
}

#[test]
fn json_lines_are_an_article_each() {
    let desk = desk();
    fs::write(desk.path("a.jsonl"), json_lines()).unwrap();
    let run = desk.run(&["extract", "a.jsonl"]);
    assert_eq!(run.status, 0, "{run:?}");
    let found = lines(&run.stdout);
    let ids: Vec<&Value> = found.iter().map(|line| &line["id"]).collect();
    assert_eq!(
        ids,
        [
            &json!("a-1"),
            &json!(7),
            &Value::Null,
            &Value::Null,
            &Value::Null,
            &json!("a-4"),
            &json!("a-5"),
            &json!("a-6"),
            &json!("a-7"),
            &json!("a-8"),
            &json!("a-9"),
            &json!("a-10")
        ]
    );
    assert_eq!(found.iter().map(|line| line["line"].as_u64().unwrap()).collect::<Vec<_>>(), [1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    assert_eq!((&found[0]["claims"][0]["stated_pct"], &found[0]["published"]), (&json!(-1.03), &json!("2022-09-02")));
    assert_eq!((&found[1]["claims"][0]["text"], &found[1]["title"]), (&json!("55%"), &json!("T")));
    assert_eq!((&found[2]["claims"][0]["stated_pct"], &found[2]["language"]), (&json!(-1.03), &json!("fr")));
    let errors = [
        "a.jsonl, line 5, column 23: the line isn't JSON",
        "a.jsonl, line 6: the line isn't a JSON object",
        "a.jsonl, line 7: there is no \"text\": rename \"texte\" to \"text\"",
        "a.jsonl, line 8, column 24: invalid type: integer \"17\", expected a string",
        "a.jsonl, line 9 holds nothing but white space",
        "a.jsonl, line 10: \"published\": \"soon\" is not a date: write 2022-09-05",
        "a.jsonl, line 11, column 54: unknown variant \"docx\", expected one of",
        "a.jsonl, line 12: the line isn't UTF-8",
    ];
    for (line, wanted) in found[3..].iter().zip(errors) {
        assert!(line["error"].as_str().unwrap().starts_with(wanted), "{line}");
        assert!(line["claims"].as_array().unwrap().is_empty());
    }
    assert_eq!(found[11]["claims"][0]["symbol"], "^GSPC");
    assert!(
        run.stderr.contains("8 of 12 articles can’t be read:") && run.stderr.contains("line 5") && run.stderr.contains("… and 5 more"),
        "{}",
        run.stderr
    );
}

#[test]
fn json_lines_come_packed_or_on_standard_input_too() {
    let desk = desk();
    fs::write(desk.path("a.ndjson"), json_lines()).unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&json_lines()).unwrap();
    let packed = packed.finish().unwrap();
    fs::write(desk.path("a.jsonl.gz"), &packed).unwrap();
    let plain = desk.run(&["extract", "a.ndjson"]).stdout;
    assert_eq!(plain.replace("a.ndjson", "a.jsonl.gz"), desk.run(&["extract", "a.jsonl.gz"]).stdout);
    let input = desk.run_with_input(&["extract", "-", "--jsonl"], &json_lines());
    assert_eq!(plain.replace("a.ndjson", "standard input"), input.stdout);
    // What was packed and is cut off is read as far as it goes.
    fs::write(desk.path("cut.jsonl.gz"), &packed[..packed.len() / 2]).unwrap();
    let run = desk.run(&["extract", "cut.jsonl.gz", "--strict"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(lines(&run.stdout).last().unwrap()["error"].as_str().unwrap().contains("can't be read from here on"), "{}", run.stdout);
}

#[test]
fn a_line_too_long_is_passed_over() {
    let desk = desk();
    let mut input = b"{\"text\": \"".to_vec();
    input.resize(64 * 1024 * 1024 + 100, b'x');
    input.extend(b"\"}\n{\"id\": 2, \"text\": \"Shares of Cloudflare fell 1.03%.\"}\n");
    fs::write(desk.path("long.jsonl"), input).unwrap();
    let run = desk.run(&["extract", "long.jsonl"]);
    let found = lines(&run.stdout);
    assert!(found[0]["error"].as_str().unwrap().contains("line 1: the line has 67108966 bytes, more than the 64 MiB"), "{}", found[0]);
    assert_eq!((&found[1]["id"], &found[1]["line"], &found[1]["claims"][0]["symbol"]), (&json!(2), &json!(2), &json!("NET")));
}

#[test]
fn strict_exits_with_one_when_an_article_is_contradicted_or_broken() {
    let desk = desk();
    let status = |arguments: &[&str]| check(&desk, &[arguments, &["--strict"]].concat()).status;
    assert_eq!(status(&["news/b.txt", "news/2022/c.md"]), 0);
    assert_eq!(status(&["news/b.txt", "news/2022"]), 1, "45 % is contradicted");
    assert_eq!(status(&["news/b.txt", "news/void.txt"]), 1, "one can't be read");
    assert_eq!(desk.run(&["extract", "news/2022", "--strict"]).status, 0, "nothing is checked");
}

#[test]
fn results_go_to_a_file_and_a_sentence_to_the_terminal() {
    let desk = desk();
    let run = check(&desk, &["news", "--to", "results/all.jsonl"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(run.stdout, "5 articles, 3 claims: 2 reproduced, 1 contradicted\nResults: results/all.jsonl\n");
    assert_eq!(fs::read_to_string(desk.path("results/all.jsonl")).unwrap(), check(&desk, &["news"]).stdout);
    assert_eq!(desk.written("results"), ["all.jsonl"]);
    let run = check(&desk, &["news/b.txt", "--to", "results/one.jsonl", "--quiet"]);
    assert_eq!((run.status, run.stdout.as_str(), run.stderr.as_str()), (0, "", ""));
    assert_eq!(fs::read_to_string(desk.path("results/one.jsonl")).unwrap().lines().count(), 1);
}

fn read_table(desk: &Desk, name: &str) -> DataFrame {
    ParquetReader::new(Cursor::new(fs::read(desk.path(name)).unwrap())).finish().unwrap()
}

/// A cell as text, empty for a cell without a value.
fn cell(table: &DataFrame, column: &str, row: usize) -> String {
    match table.column(column).unwrap().get(row).unwrap() {
        AnyValue::Null => String::new(),
        AnyValue::String(text) => text.to_owned(),
        value => value.to_string(),
    }
}

#[test]
fn a_table_has_a_row_for_each_claim_and_each_broken_article() {
    let desk = desk();
    let run = check(&desk, &["news", "--to", "all.parquet"]);
    assert_eq!(run.status, 0, "{run:?}");
    let table = read_table(&desk, "all.parquet");
    assert_eq!(table.height(), 5);
    let column = |name: &str| (0..5).map(|row| cell(&table, name, row)).collect::<Vec<_>>();
    assert_eq!(column("article"), ["news/2022/09/a.html", "news/b.txt", "news/b.txt", "news/pdf.txt", "news/void.txt"]);
    assert_eq!(column("symbol"), ["NET", "NET", "^GSPC", "", ""]);
    assert_eq!(column("verdict"), ["contradicted", "reproduced", "reproduced", "", ""]);
    assert_eq!(column("as_of"), ["2022-09-02", "2022-09-02", "2022-09-02", "", ""]);
    assert_eq!(column("from"), ["2021-12-31", "2022-09-01", "2022-09-01", "", ""]);
    assert_eq!(column("stated_pct"), ["-45.0", "-1.03", "-1.07", "", ""]);
    assert_eq!(column("day"), ["", "friday", "", "", ""]);
    assert_eq!(column("primary_reading"), ["year to date", "the session before", "the session before", "", ""]);
    assert_eq!(column("reproducing"), ["", "the session before", "the session before", "", ""]);
    assert_eq!(cell(&table, "span_start", 1), "26");
    assert_eq!(cell(&table, "snippet", 1), FALL);
    assert!(
        cell(&table, "error", 3).contains("is a PDF file")
            && cell(&table, "error", 4).contains("is empty")
            && cell(&table, "error", 0).is_empty()
    );
    // The same numbers as in JSON, to the last digit.
    let json = lines(&check(&desk, &["news"]).stdout);
    let measured = table.column("measured_pct").unwrap().f64().unwrap().get(0);
    assert_eq!(measured, json[0]["claims"][0]["primary"]["measured_pct"].as_f64());

    assert_eq!(desk.run(&["extract", "news", "--to", "claims.parquet"]).status, 0);
    let table = read_table(&desk, "claims.parquet");
    assert_eq!(
        (cell(&table, "text", 1), cell(&table, "column", 1), cell(&table, "language", 1)),
        ("1.03%".to_owned(), "27".to_owned(), "en".to_owned())
    );
    assert!(table.column("verdict").is_err());
    desk.write("dull.txt", "It rained.\n");
    assert_eq!(desk.run(&["extract", "dull.txt", "--to", "none.parquet"]).status, 0);
    assert_eq!(read_table(&desk, "none.parquet").height(), 0);
}

#[test]
fn a_long_table_is_written_in_groups_of_rows() {
    let mut bytes = Vec::new();
    let columns = [("name", ColumnKind::Text), ("number", ColumnKind::Number), ("whole", ColumnKind::Whole), ("day", ColumnKind::Date)];
    let mut writer = TableWriter::new(&mut bytes, &columns).unwrap();
    let day = |row: i32| NaiveDate::from_num_days_from_ce_opt(719_163 + row);
    let rows = 40_000;
    for row in 0..rows {
        let some = row % 3 != 0;
        let name = some.then(|| format!("row {row}"));
        let number = some.then_some(f64::from(row) / 7.0);
        writer
            .push(vec![
                Cell::Text(name),
                Cell::Number(number),
                Cell::Whole(some.then_some(i64::from(row))),
                Cell::Date(day(row).filter(|_| some)),
            ])
            .unwrap();
    }
    writer.finish().unwrap();
    let mut reader = ParquetReader::new(Cursor::new(&bytes));
    assert_eq!(reader.get_metadata().unwrap().row_groups.len(), 3);
    let table = reader.finish().unwrap();
    assert_eq!(table.height(), 40_000);
    for row in [0_i32, 1, 16_384, 16_385, 39_998] {
        let at = usize::try_from(row).unwrap();
        let some = row % 3 != 0;
        assert_eq!(cell(&table, "name", at), if some { format!("row {row}") } else { String::new() });
        assert_eq!(table.column("number").unwrap().f64().unwrap().get(at), some.then_some(f64::from(row) / 7.0));
        assert_eq!(cell(&table, "day", at), if some { day(row).unwrap().to_string() } else { String::new() });
    }
}

#[test]
fn results_dont_depend_on_the_number_of_threads() {
    let desk = desk();
    let mut input = String::new();
    for number in 0..700 {
        input += &format!(
            "{{\"id\": {number}, \"text\": \"Shares of Cloudflare fell 1.03% on Friday, and {}.{:02}% in a month.\"}}\n",
            number % 40 + 1,
            number % 100
        );
    }
    desk.write("many.jsonl", &input);
    for name in ["results.jsonl", "results.parquet"] {
        let bytes = |threads: &str| {
            let run = check(&desk, &["many.jsonl", "--threads", threads, "--to", name]);
            assert_eq!(run.status, 0, "{run:?}");
            fs::read(desk.path(name)).unwrap()
        };
        assert!(bytes("1") == bytes("5"), "{name} differs");
    }
    let order: Vec<u64> = lines(&desk.run(&["extract", "many.jsonl"]).stdout).iter().map(|line| line["id"].as_u64().unwrap()).collect();
    assert_eq!(order, (0..700).collect::<Vec<_>>());
}

#[test]
fn a_reader_of_results_that_has_seen_enough_is_no_failure() {
    let desk = desk();
    desk.write("many.jsonl", &format!("{{\"text\": \"{FALL}\"}}\n").repeat(3000));
    let line = format!("'{}' extract many.jsonl | head -n 1", env!("CARGO_BIN_EXE_aftermove"));
    let run = Run::of(std::process::Command::new("sh").args(["-c", &line]).current_dir(desk.folder.path()).output().unwrap());
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
}

/// The program waits for more input when the signal comes; its results are in the folder under a passing name.
#[cfg(unix)]
#[test]
fn an_interruption_leaves_nothing_behind() {
    use std::process::{Command, Stdio};
    use std::time::Duration;

    let desk = desk();
    let mut command = Command::new(env!("CARGO_BIN_EXE_aftermove"));
    command.args(["extract", "-", "--jsonl", "--to", "results/all.jsonl"]).current_dir(desk.folder.path());
    let mut running = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut input = running.stdin.take().unwrap();
    input.write_all(format!("{{\"text\": \"{FALL}\"}}\n").repeat(300).as_bytes()).unwrap();
    for _ in 0..600 {
        if !desk.written("results").is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(desk.written("results").len(), 1, "a passing name");
    // The handler stands a moment after the file does.
    std::thread::sleep(Duration::from_millis(300));
    assert!(Command::new("sh").args(["-c", &format!("kill -INT {}", running.id())]).status().unwrap().success());
    assert!(!running.wait().unwrap().success());
    assert!(desk.written("results").is_empty(), "{:?}", desk.written("results"));
}

#[test]
fn what_names_no_articles_is_an_error() {
    let desk = desk();
    fs::create_dir(desk.path("empty")).unwrap();
    desk.write("void.jsonl", "\n\n");
    desk.run(&["check", "news", "nwes"]).fails_saying(&["nwes: there is no such file or folder", "did you mean news"]);
    desk.run(&["check", "empty"]).fails_saying(&["empty holds no article", ".html"]);
    desk.run(&["check", "news/*.doc"]).fails_saying(&["no file matches news/*.doc", "in quotes"]);
    desk.run(&["check", "news/["]).fails_saying(&["news/[ is not a pattern", "'news/*.html'"]);
    desk.run(&["extract", "void.jsonl"]).fails_saying(&["void.jsonl holds no article", "\"text\""]);
    desk.run(&["extract", "news", "--to", "claims.csv"]).fails_saying(&["claims.csv doesn't say the form", ".parquet"]);
    desk.run(&["extract", "news", "--to", "news.parquet/all.jsonl", "--out", "out"]).fails_saying(&["--out has no use here", "--to"]);
    fs::create_dir(desk.path("taken.jsonl")).unwrap();
    desk.run(&["extract", "news", "--to", "taken.jsonl"]).fails_saying(&["can't write taken.jsonl: a folder has that name"]);
    desk.write("file", "");
    desk.run(&["extract", "news", "--to", "file/all.jsonl"]).fails_saying(&["can't write file", "--to"]);
    desk.run(&["extract", "-", "news"]).fails_saying(&["standard input (-) is one article", "--jsonl"]);
    desk.run(&["extract", "-", "-", "--jsonl"]).fails_saying(&["standard input (-) stands there twice"]);
    desk.run(&["check", "news", "--benchmark", "GSPC", PRICES[0], PRICES[1]]).fails_saying(&["\"GSPC\"", "did you mean ^GSPC"]);
    assert_eq!(desk.run(&["extract"]).status, 2);
}

#[test]
fn a_damaged_line_is_an_error_or_an_article_and_never_a_panic() {
    let reader = ArticleReader::new(&[]).unwrap();
    let whole = br#"{"id": "a", "published": "2022-09-02T20:30:00Z", "html": true, "text": "<p>Cloudflare shares fell 1.03 % \u00e9 to $5.</p>", "language": "en"}"#;
    assert!(reader.read_line("x", whole).read.is_ok());
    let mut damaged: Vec<Vec<u8>> = (0..whole.len()).map(|end| whole[..end].to_vec()).collect();
    for place in 0..whole.len() {
        for byte in [b'"', b'{', b'\\', b'0', 0, 0xff] {
            let mut line = whole.to_vec();
            line[place] = byte;
            damaged.push(line);
        }
    }
    for line in damaged {
        match reader.read_line("x, line 1", &line).read {
            Ok(read) => {
                let text = read.article.text.unwrap();
                assert!(read.article.claims.iter().all(|claim| claim.span.is_none_or(|(start, end)| text.get(start..end).is_some())));
            }
            Err(error) => assert!(error.to_string().contains("line 1") && !error.help().is_empty(), "{error}"),
        }
    }
}
