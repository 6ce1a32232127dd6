//! How well claims are read from articles: the sentences of tests/articles with their expected claims, counted field by field. The counts
//! are kept in tests/articles/ledger.toml, which fails in both directions: a change for the worse is a fault, one for the better is written
//! down (`AFTERMOVE_LEDGER=update cargo test the_ledger_of_articles`).

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use aftermove::claim::extract::Extractor;
use aftermove::claim::{Claim, Horizon, Qualifier, StatedPercent, Subject};
use aftermove::data::extractor::extractor;
use aftermove::data::page::{PageFormat, read_page};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct ArticleSet {
    article: Vec<ExpectedArticle>,
}

#[derive(Deserialize)]
struct ExpectedArticle {
    id: String,
    #[serde(default)]
    format: Option<String>,
    text: String,
    #[serde(default)]
    claim: Vec<ExpectedClaim>,
}

#[derive(Deserialize)]
struct ExpectedClaim {
    figure: String,
    #[serde(default = "first")]
    nth: usize,
    #[serde(default)]
    security: Option<String>,
    #[serde(default)]
    name: Option<String>,
    stated: String,
    #[serde(default)]
    qualifier: Qualifier,
    horizon: String,
    #[serde(default)]
    day: Option<String>,
    #[serde(default)]
    against: Option<String>,
}

fn first() -> usize {
    1
}

/// Counts of a set; a field is right where a claim was found at the figure and that field is as expected.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Score {
    articles: usize,
    expected: usize,
    found: usize,
    whole: usize,
    security: usize,
    size: usize,
    sign: usize,
    qualifier: usize,
    horizon: usize,
}

/// What of a claim is right: security (with the benchmark of a gap), size, sign, qualifier, horizon (with its day).
type Fields = [bool; 5];

impl ExpectedClaim {
    fn fields(&self, found: &Claim) -> Fields {
        let subject = match (&self.security, &self.name) {
            (Some(symbol), _) => Subject::Symbol(symbol.clone()),
            (None, Some(name)) => Subject::Unknown(name.clone()),
            (None, None) => Subject::Unsaid,
        };
        let stated: StatedPercent = self.stated.parse().unwrap();
        let horizon: Horizon = self.horizon.parse().unwrap();
        [
            subject == found.subject && self.against == found.against,
            stated.percent().abs() == found.stated.percent().abs() && stated.decimals() == found.stated.decimals(),
            stated.is_fall() == found.stated.is_fall(),
            self.qualifier == found.qualifier,
            horizon == found.horizon && self.day == found.as_of.map(|day| day.to_string()),
        ]
    }

    /// Where the figure stands in the article as read. The guide counts occurrences in the text as written; in a page, menus come before
    /// the article and are dropped, so that the last occurrences are the article's.
    fn place(&self, article: &ExpectedArticle, read: &str) -> Option<(usize, usize)> {
        let all: Vec<usize> = read.match_indices(&self.figure).map(|(at, _)| at).collect();
        let at = match article.format.as_deref() {
            None | Some("text") => all.get(self.nth - 1).copied(),
            Some(_) => {
                let written = unescape(&article.text).matches(&self.figure).count();
                all.get(self.nth.saturating_sub(1 + written - all.len().min(written))).or(all.last()).copied()
            }
        }?;
        Some((at, at + self.figure.len()))
    }
}

fn unescape(page: &str) -> String {
    page.replace("&nbsp;", "\u{a0}")
        .replace("&#8239;", "\u{202f}")
        .replace("&#160;", "\u{a0}")
        .replace("&amp;", "&")
        .replace("&minus;", "\u{2212}")
}

fn text_of(article: &ExpectedArticle) -> String {
    let format = match article.format.as_deref() {
        Some("html") => PageFormat::Html,
        Some("markdown") => PageFormat::Markdown,
        _ => PageFormat::Text,
    };
    read_page(&article.id, article.text.trim_start().as_bytes(), Some(format)).unwrap().text
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/articles")
}

fn read_set(language: &str, set: &str) -> Vec<ExpectedArticle> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder().join(language).join(set)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().flat_map(|file| toml::from_str::<ArticleSet>(&fs::read_to_string(file).unwrap()).unwrap().article).collect()
}

/// Scores a set; `faults` takes what is wrong, one line a claim.
fn score(extractor: &Extractor, articles: &[ExpectedArticle], faults: &mut String) -> Score {
    let mut score = Score { articles: articles.len(), ..Score::default() };
    for article in articles {
        let text = text_of(article);
        let found = extractor.read(&text, None);
        let mut taken = vec![false; found.len()];
        score.expected += article.claim.len();
        score.found += found.len();
        for expected in &article.claim {
            let Some((start, end)) = expected.place(article, &text) else {
                let _ = writeln!(faults, "{}: {} isn't in the text as read", article.id, expected.figure);
                continue;
            };
            let here = |at: &usize| !taken[*at] && found[*at].span.is_some_and(|(from, to)| from < end && start < to);
            let right = |at: usize| expected.fields(&found[at]).iter().filter(|right| **right).count();
            let best = (0..found.len()).filter(here).max_by_key(|at| (right(*at), usize::MAX - at));
            let Some(best) = best else {
                let _ = writeln!(faults, "{}: {} is missed", article.id, expected.figure);
                continue;
            };
            taken[best] = true;
            let fields = expected.fields(&found[best]);
            let counts = [&mut score.security, &mut score.size, &mut score.sign, &mut score.qualifier, &mut score.horizon];
            for (count, right) in counts.into_iter().zip(fields) {
                *count += usize::from(right);
            }
            if fields.iter().all(|right| *right) {
                score.whole += 1;
            } else {
                let names = ["security", "size", "sign", "qualifier", "horizon"];
                let wrong: Vec<&str> = names.into_iter().zip(fields).filter(|(_, right)| !right).map(|(name, _)| name).collect();
                let _ = writeln!(faults, "{}: {}: wrong {}", article.id, expected.figure, wrong.join(", "));
            }
        }
        for (claim, _) in found.iter().zip(&taken).filter(|(_, taken)| !**taken) {
            let (start, end) = claim.span.unwrap();
            let _ = writeln!(faults, "{}: {} is no claim", article.id, &text[start..end]);
        }
    }
    score
}

#[test]
fn the_ledger_of_articles_holds_in_both_directions() {
    let extractor = extractor(&[]).unwrap();
    let mut now: BTreeMap<String, Score> = BTreeMap::new();
    let mut faults = String::new();
    println!(
        "{:<18} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "set", "precision", "recall", "security", "size", "sign", "qualifier", "horizon", "claims"
    );
    for language in ["english", "french"] {
        for set in ["work", "held_out"] {
            let mut own = String::new();
            let score = score(&extractor, &read_set(language, set), &mut own);
            let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
            println!(
                "{:<18} {:>9.3} {:>9.3} {:>9.3} {:>9.3} {:>9.3} {:>9.3} {:>9.3} {:>9}",
                format!("{language}-{set}"),
                share(score.whole, score.found),
                share(score.whole, score.expected),
                share(score.security, score.found),
                share(score.size, score.found),
                share(score.sign, score.found),
                share(score.qualifier, score.found),
                share(score.horizon, score.found),
                score.expected
            );
            // The set kept aside is looked at only for the score.
            if set == "work" {
                faults.push_str(&own);
            }
            now.insert(format!("{language}-{set}"), score);
        }
    }
    let path = folder().join("ledger.toml");
    let header = "# Claims read from the articles of tests/articles, counted; see README.md there. Rewritten by\n# AFTERMOVE_LEDGER=update cargo test the_ledger_of_articles\n\n";
    let written = format!("{header}{}", toml::to_string(&now).unwrap());
    if std::env::var("AFTERMOVE_LEDGER").as_deref() == Ok("update") {
        fs::write(&path, &written).unwrap();
        print!("{faults}");
    }
    let kept = fs::read_to_string(&path).unwrap();
    assert!(
        kept == written,
        "the counts differ from {}: for the better, update it; for the worse, mend it\nkept:\n{kept}\nnow:\n{written}\nfaults in the sets to work on:\n{faults}",
        path.display()
    );
}

fn claims_of(text: &str) -> Vec<String> {
    let claims = extractor(&[]).unwrap().read(text, Some("en"));
    claims.iter().map(|claim| format!("{} {} {}", claim.subject.label(), claim.stated, claim.horizon)).collect()
}

#[test]
fn what_companies_sell_own_or_pay_is_no_price_move() {
    for text in [
        "Berkshire shed 13% of its Apple stake.",
        "Apple added 3% to its workforce.",
        "Shares of Apple made 3% of the group's profit.",
        "Renault's revenue fell 5% on Friday.",
        "Apple shares plunged between 18% and 19%.",
        "If Apple shares fall 5%, we would buy.",
        "Analysts expect Apple shares to rise 10%.",
        "Apple shares did not fall 5%.",
    ] {
        assert_eq!(claims_of(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_word_of_doubt_elsewhere_in_the_sentence_doesnt_hide_a_move() {
    for text in [
        "With its new model Tesla shares rose 4% on Friday.",
        "Despite the risk Tesla shares rose 4% on Friday.",
        "Ahead of the likely merger Tesla shares rose 4%.",
    ] {
        assert_eq!(claims_of(text), ["TSLA 4 session"], "{text}");
    }
}

#[test]
fn the_stock_of_a_new_paragraph_is_what_the_one_before_was_about() {
    let text = "Cloudflare shares fell 18.4% on Friday. Fastly lost 1.4%.\n\nThe stock is down 69% this year.";
    assert_eq!(claims_of(text), ["NET -18.4 session", "FSLY -1.4 session", "NET -69 year-to-date"]);
}

#[test]
fn a_figure_left_alone_says_why() {
    let explained = extractor(&[]).unwrap().explain("Revenue rose 5% at Apple.", Some("en"));
    assert!(explained.contains("left alone: \"5%\", no security moved"), "{explained}");
}

/// Quadratic searches or deep recursion in these would take minutes, or end the test by a stack overflow.
#[test]
fn hostile_texts_are_read_to_the_end() {
    let extractor = extractor(&[]).unwrap();
    let pieces = [
        "\"",
        "<",
        ")",
        "+ ",
        "Monday ",
        ", fell 3%",
        "Apple, Nvidia, ",
        "Apple fell 3% while ",
        "up 5%, ",
        "(((",
        "Acme Xa Corp. ",
        "5% and ",
    ];
    for piece in pieces {
        let read = |bytes: usize| extractor.read(&piece.repeat(bytes / piece.len()), Some("en")).len();
        // A deep recursion would end the test by a stack overflow.
        let (short, long) = (read(20_000), read(200_000));
        assert!(long <= 11 * short.max(40), "{piece}: {short} claims, then {long}");
    }
}
