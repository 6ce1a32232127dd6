//! The command line, run as a user would: the built program in a folder of its own.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::desk::{Desk, Run};

const CHARTS: [&str; 9] = [
    "abnormal-returns.png",
    "abnormal-volume.png",
    "claims.png",
    "market-model.png",
    "placebo.png",
    "rebased-performance.png",
    "relative-strength.png",
    "specifications.png",
    "start-date.png",
];

#[test]
fn without_arguments_the_built_in_study_runs_in_any_folder() {
    let desk = Desk::new();
    let run = desk.run(&[]);
    assert_eq!(run.status, 0, "{run:?}");
    assert_eq!(run.stderr, "", "progress is for terminals");
    let mut expected: Vec<String> = CHARTS.map(str::to_owned).to_vec();
    expected.extend(["report.html", "report.md", "result.json"].map(str::to_owned));
    expected.sort();
    assert_eq!(desk.written("charts/cloudflare-kiwi-farms-2022"), expected);
    assert!(run.stdout.contains("Charts and report: charts/cloudflare-kiwi-farms-2022/report.html"), "{}", run.stdout);
    assert!(!run.stdout.contains('\u{1b}'), "no colours in a pipe");
}

#[test]
fn the_terminal_summary_says_what_the_study_found() {
    let run = Desk::new().run(&[]);
    insta::assert_snapshot!("terminal", run.stdout);
}

#[test]
fn the_markdown_report_reads_as_it_should() {
    let desk = Desk::new();
    desk.run(&["--quiet", "--out", "out"]);
    insta::assert_snapshot!("report_md", fs::read_to_string(desk.path("out/report.md")).unwrap());
}

#[test]
fn json_on_standard_output_is_the_result_file() {
    let desk = Desk::new();
    let run = desk.run(&["--format", "json", "--out", "out"]);
    assert_eq!(run.stdout, fs::read_to_string(desk.path("out/result.json")).unwrap());
    let result: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(result["schema"], "aftermove/result/1");
    assert_eq!(result["study"]["estimation"], serde_json::json!([-250, -11]));
    assert_eq!(result["study"]["seed"], serde_json::Value::Null);
    for key in [
        "id",
        "symbol",
        "name",
        "against",
        "inferred",
        "horizon",
        "stated_pct",
        "decimals",
        "qualifier",
        "as_of",
        "span",
        "verdict",
        "primary",
        "readings",
    ] {
        assert!(result["claims"][0].get(key).is_some(), "claims lack {key}");
    }
    for key in ["reading", "from", "to", "measured_pct", "reproduces"] {
        assert!(result["claims"][0]["primary"].get(key).is_some(), "readings lack {key}");
    }
    for key in ["event_id", "symbol", "group", "date", "session", "shift_days", "status", "reason", "model", "days", "ar", "ar_se", "car"] {
        assert!(result["events"][0].get(key).is_some(), "events lack {key}");
    }
    for key in ["window", "value", "se", "t", "p_value", "bhar", "tests"] {
        assert!(result["events"][0]["car"][0].get(key).is_some(), "car lacks {key}");
    }
    for key in ["name", "alpha", "beta", "sigma", "r_squared", "n"] {
        assert!(result["events"][0]["model"].get(key).is_some(), "the model lacks {key}");
    }
    assert!(result["provenance"]["aftermove"].is_string() && result["provenance"]["inputs"][0]["sha256"].is_string());
    assert!(!run.stdout.contains("NaN"));
}

#[test]
fn the_same_input_gives_the_same_bytes_with_one_thread_or_eight() {
    let desk = Desk::new();
    desk.run(&["--quiet", "--svg", "--out", "one", "--threads", "1"]);
    desk.run(&["--quiet", "--svg", "--out", "eight", "--threads", "8"]);
    let names = desk.written("one");
    assert!(names.len() >= 19, "{names:?}");
    assert_eq!(names, desk.written("eight"));
    for name in names {
        let bytes = |folder: &str| fs::read(desk.path(folder).join(&name)).unwrap();
        assert!(bytes("one") == bytes("eight"), "{name} differs");
    }
}

#[test]
fn a_study_file_of_ones_own_runs_as_the_built_in_one_does() {
    let desk = Desk::with_study();
    let run = desk.run(&["run", "mine/study.toml", "--out", "own"]);
    assert_eq!(run.status, 0, "{run:?}");
    let built_in = desk.run(&["--out", "built-in"]);
    assert_eq!(run.stdout.replace("own/", "built-in/"), built_in.stdout);
    assert_eq!(fs::read(desk.path("own/claims.png")).unwrap(), fs::read(desk.path("built-in/claims.png")).unwrap());
}

#[test]
fn a_folder_stands_for_the_study_in_it() {
    let desk = Desk::with_study();
    let run = desk.run(&["run", "mine"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(desk.path("charts/mine/report.html").is_file());
}

#[test]
fn windows_may_begin_with_a_hyphen() {
    let desk = Desk::new();
    for arguments in [
        &["--car", "-1..1"][..],
        &["--car", "-1,1"],
        &["--car=-1..1"],
        &["--window", "-5..5", "--estimation", "-200..-21", "--car", "-2..2", "--car", "0"],
    ] {
        let mut all = vec!["--format", "json"];
        all.extend(arguments);
        let run = desk.run(&all);
        assert_eq!(run.status, 0, "{run:?}");
        let result: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        assert_ne!(result["events"][0]["car"][0]["window"], serde_json::json!([0, 0]));
    }
}

#[test]
fn options_of_the_command_line_come_before_those_of_the_file() {
    let run = Desk::new().run(&["--model", "constant-mean", "--format", "json"]);
    let result: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(result["events"][0]["model"]["name"], "constant-mean");
    assert_eq!(result["events"][0]["model"]["r_squared"], serde_json::Value::Null);
}

#[test]
fn an_articles_figures_are_checked_alone_from_toml_and_from_json() {
    let desk = Desk::with_study();
    let run = desk.run(&["check", "mine/article.toml", "--prices", "mine/prices.csv", "--format", "json"]);
    assert_eq!(run.status, 0, "{run:?}");
    let from_toml: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(from_toml["claims"][2]["verdict"], "reproduced-only-as");
    desk.write(
        "figures.json",
        r#"{ "claim": [ { "symbol": "NET", "horizon": "month", "stated": "-20", "qualifier": "more-than", "as_of": "2022-09-02" } ] }"#,
    );
    let run = desk.run(&["check", "figures.json", "--prices", "mine/prices.csv", "--format", "json"]);
    let from_json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(from_json["claims"][0]["readings"], from_toml["claims"][2]["readings"]);
}

#[test]
fn an_article_without_a_figure_or_without_a_known_security_is_no_failure() {
    let desk = Desk::with_study();
    desk.write("none.toml", "claim = []\n");
    let run = desk.run(&["check", "none.toml", "--prices", "mine/prices.csv", "--strict"]);
    assert_eq!(run.status, 0, "{run:?}");
    assert!(run.stdout.contains("The article states no price move of a security or index."), "{}", run.stdout);
    fs::write(desk.path("wide.csv"), "date,NET\n2022-09-01,100\n2022-09-02,99\n").unwrap();
    desk.write("unknown.toml", "[[claim]]\nname = \"Brelinox\"\nhorizon = \"session\"\nstated = \"1.00\"\n");
    let run = desk.run(&["check", "unknown.toml", "--prices", "wide.csv", "--format", "json"]);
    assert_eq!(run.status, 0, "{run:?}");
    let result: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!((&result["claims"][0]["verdict"], &result["claims"][0]["name"]), (&"not-checkable".into(), &"Brelinox".into()));
}

#[test]
fn strict_exits_with_one_when_a_claim_is_contradicted() {
    let desk = Desk::with_study();
    assert_eq!(desk.run(&["--strict", "--quiet"]).status, 0, "“reproduced only as” is not contradicted");
    desk.change("article.toml", "stated = \"-55\"", "stated = \"-45\"");
    assert_eq!(desk.run(&["run", "mine", "--quiet"]).status, 0);
    let run = desk.run(&["run", "mine", "--strict"]);
    assert_eq!(run.status, 1, "{run:?}");
    assert!(run.stdout.contains("contradicted"), "{}", run.stdout);
}

#[test]
fn quiet_prints_nothing() {
    let run = Desk::new().run(&["--quiet"]);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
}

#[test]
fn a_reader_that_has_seen_enough_is_no_failure() {
    let desk = Desk::new();
    let line = format!("'{}' | head -n 1", env!("CARGO_BIN_EXE_aftermove"));
    let run = Run::of(Command::new("sh").args(["-c", &line]).current_dir(desk.folder.path()).output().unwrap());
    assert_eq!((run.status, run.stderr.as_str()), (0, ""), "{run:?}");
}

#[test]
fn a_wrong_key_gets_its_place_and_a_suggestion() {
    let desk = Desk::with_study();
    desk.change("study.toml", "benchmark =", "benchmrk =");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["unknown key \"benchmrk\"", "study.toml:4:1", "did you mean \"benchmark\"?"]);
}

#[test]
fn a_wrong_value_gets_its_place() {
    let desk = Desk::with_study();
    desk.change("study.toml", "model = \"market\"", "model = \"markte\"");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["markte", "study.toml:18:9", "did you mean \"market\"?"]);
    let desk = Desk::with_study();
    desk.change("article.toml", "horizon = \"month\"", "horizon = \"mnoth\"");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["\"mnoth\" is not a horizon", "article.toml:", "did you mean \"month\"?"]);
    let desk = Desk::with_study();
    desk.change("article.toml", "stated = \"-20\"", "stated = -20");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["article.toml:", "string"]);
}

#[test]
fn a_broken_toml_file_gets_its_place() {
    let desk = Desk::with_study();
    desk.change("study.toml", "title = \"Cloudflare blocks Kiwi Farms\"", "title = \"Cloudflare");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["study.toml:3:"]);
}

#[test]
fn a_missing_study_or_price_file_is_named() {
    let desk = Desk::with_study();
    desk.run(&["run", "yours/study.toml"]).fails_saying(&["yours/study.toml", "No such file"]);
    desk.change("study.toml", "prices.csv", "price.csv");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["mine/price.csv", "did you mean"]);
}

#[test]
fn a_price_that_is_no_number_gets_file_line_and_column() {
    let desk = Desk::with_study();
    desk.change("prices.csv", "2021-06-03,AKAM,114.56,", "2021-06-03,AKAM,abc,");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["mine/prices.csv:4:17", "abc", "help"]);
    let desk = Desk::with_study();
    desk.change("prices.csv", "2021-06-03,AKAM,114.56,", "2021-06-03,AKAM,0,");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["mine/prices.csv:4:17", "zero"]);
}

#[test]
fn a_header_with_a_name_too_few_is_refused() {
    let desk = Desk::with_study();
    desk.change("prices.csv", "date,symbol,close,volume", "date,symbol,close");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["mine/prices.csv", "header"]);
}

#[test]
fn an_empty_price_file_and_a_date_twice_are_refused() {
    let desk = Desk::with_study();
    desk.change("prices.csv", "2021-06-03,AKAM", "2021-06-02,AKAM");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["mine/prices.csv:4:1", "2021-06-02"]);
    fs::write(desk.path("mine/prices.csv"), "").unwrap();
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["mine/prices.csv", "empty"]);
}

#[test]
fn an_unknown_symbol_comes_with_near_names() {
    let desk = Desk::with_study();
    desk.change("study.toml", "symbol = \"NET\"", "symbol = \"NTE\"");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["no prices for the symbol \"NTE\"", "did you mean NET"]);
    let desk = Desk::with_study();
    desk.run(&["run", "mine/study.toml", "--benchmark", "GSPC"]).fails_saying(&["\"GSPC\"", "did you mean ^GSPC"]);
    desk.change("study.toml", "\"FSLY\"", "\"FSYL\"");
    desk.run(&["run", "mine/study.toml"]).fails_saying(&["\"FSYL\"", "did you mean FSLY"]);
}

#[test]
fn a_window_that_leaves_the_data_says_by_how_much() {
    let desk = Desk::with_study();
    desk.run(&["run", "mine", "--estimation", "-400..-11"]).fails_saying(&["-400..-11", "needs 400 sessions before day 0, there are 319"]);
    desk.run(&["run", "mine", "--window", "-10..90"]).fails_saying(&["-10..90", "needs 90 sessions after day 0, there are 81"]);
    desk.run(&["run", "mine", "--car", "0..20"]).fails_saying(&["0..20", "leaves the event window -10..10"]);
    desk.run(&["run", "mine", "--estimation", "-250..-5"]).fails_saying(&["touches the event window"]);
}

#[test]
fn data_that_isnt_what_the_manifest_says_is_refused() {
    let desk = Desk::with_study();
    let manifest = fs::read_to_string(desk.path("mine/manifest.toml")).unwrap();
    desk.change("prices.csv", "113.85", "113.86");
    desk.write("mine/manifest.toml", &manifest);
    desk.run(&["run", "mine"]).fails_saying(&["prices.csv isn't the file that the manifest beside it describes", "manifest.toml"]);
}

#[test]
fn a_file_where_the_output_folder_should_be_is_named() {
    let desk = Desk::new();
    desk.write("taken", "");
    desk.run(&["--out", "taken"]).fails_saying(&["can't write taken", "--out"]);
    desk.run(&["--out", "taken/below"]).fails_saying(&["can't write taken/below", "--out"]);
}

/// A disk of 100 kB, mounted where the machine lets an ordinary process do that.
#[test]
fn a_full_disk_leaves_nothing_under_a_final_name() {
    let desk = Desk::new();
    fs::create_dir(desk.path("disk")).unwrap();
    let script = format!(
        "mount -t tmpfs -o size=100k none disk && '{}' --out disk/study; echo status=$?; ls disk/study",
        env!("CARGO_BIN_EXE_aftermove")
    );
    let unshared = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", &script])
        .current_dir(desk.folder.path())
        .output();
    let Ok(output) = unshared else {
        eprintln!("skipped: there is no unshare here");
        return;
    };
    let run = Run::of(output);
    if run.stderr.contains("unshare") || run.stderr.contains("mount:") {
        eprintln!("skipped: this machine lets no process mount a disk of its own ({})", run.stderr.trim());
        return;
    }
    assert_eq!(run.stdout, "status=2\n", "{run:?}");
    assert!(run.stderr.contains("No space left") && run.stderr.contains("free some space"), "{}", run.stderr);
}

#[test]
fn wrong_arguments_exit_with_two() {
    let desk = Desk::new();
    for arguments in [&["--window", "ten"][..], &["--size", "10x10"], &["--threads", "0"], &["nonsense"], &["run"], &["check", "x.toml"]] {
        assert_eq!(desk.run(arguments).status, 2, "{arguments:?}");
    }
}

#[test]
fn help_names_every_command_and_version_the_version() {
    let desk = Desk::new();
    let help = desk.run(&["--help"]).stdout;
    assert!(["run", "check", "--benchmark", "--car", "--out", "--strict"].iter().all(|word| help.contains(word)), "{help}");
    assert_eq!(desk.run(&["--version"]).stdout, format!("aftermove {}\n", env!("CARGO_PKG_VERSION")));
}

/// Every `$ aftermove …` of the README, in a folder that holds the repository's datasets.
#[test]
fn every_command_of_the_readme_runs() {
    let desk = Desk::new();
    for name in ["cloudflare-kiwi-farms-2022", "content-delivery-earnings-2022"] {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("datasets").join(name);
        let copy = desk.path(&format!("datasets/{name}"));
        fs::create_dir_all(&copy).unwrap();
        for entry in fs::read_dir(source).unwrap() {
            let entry = entry.unwrap();
            fs::copy(entry.path(), copy.join(entry.file_name())).unwrap();
        }
    }
    fs::create_dir_all(desk.path("tests/reference")).unwrap();
    for name in ["intraday_events.csv", "intraday_bars.csv"] {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference").join(name);
        fs::copy(source, desk.path(&format!("tests/reference/{name}"))).unwrap();
    }
    let readme = include_str!("../../README.md");
    let commands: Vec<&str> = readme.lines().filter_map(|line| line.trim().strip_prefix("$ aftermove")).collect();
    assert!(commands.len() >= 4, "{commands:?}");
    for command in commands {
        let line = format!("'{}'{}", env!("CARGO_BIN_EXE_aftermove"), command.split(" #").next().unwrap());
        let output = Command::new("sh").args(["-c", &line]).current_dir(desk.folder.path()).output().unwrap();
        assert!(output.status.success(), "aftermove{command}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
