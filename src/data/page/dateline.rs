//! The date that an article's own text gives for its publication: the dateline of a news agency ("NEW YORK, Nov. 4, 2022 (wire) - ..."), a line
//! that says so ("Published 4 November 2022", "Publié le 4 novembre 2022"), or a line that is a date and nothing else. English and French.
//!
//! Only the first lines are looked at, and the last ones for a line that says so: a date in the story itself is what the story is about. A date
//! without its year, and one in figures that may be read two ways (04/11/2022), isn't taken.

use chrono::NaiveDate;

use super::publication_date;
use crate::claim::Published;

/// How many lines that aren't blank are looked at, from the top and from the end.
const FIRST_LINES: usize = 8;
const LAST_LINES: usize = 3;

/// Lines beyond this are a paragraph of the story; a dateline is looked for in its beginning.
const LONGEST_LINE: usize = 120;

/// Words that a line about the publication begins with, in small letters.
const PUBLISHED: [&str; 10] = [
    "first published",
    "published",
    "posted",
    "date published",
    "publication date",
    "date",
    "publié",
    "publie",
    "mis en ligne",
    "date de publication",
];

const MONTHS: [&[&str]; 12] = [
    &["january", "jan", "janvier", "janv"],
    &["february", "feb", "février", "fevrier", "févr", "fév"],
    &["march", "mar", "mars"],
    &["april", "apr", "avril", "avr"],
    &["may", "mai"],
    &["june", "jun", "juin"],
    &["july", "jul", "juillet", "juil"],
    &["august", "aug", "août", "aout"],
    &["september", "sept", "sep", "septembre"],
    &["october", "oct", "octobre"],
    &["november", "nov", "novembre"],
    &["december", "dec", "décembre", "decembre", "déc"],
];

/// Words of a line that is a date and nothing else.
const BESIDE: [&str; 24] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
    "lundi",
    "mardi",
    "mercredi",
    "jeudi",
    "vendredi",
    "samedi",
    "dimanche",
    "le",
    "on",
    "the",
];

/// When the text says that it was published; None when it doesn't.
pub(super) fn find(text: &str) -> Option<Published> {
    let lines = || text.lines().map(plain).filter(|line| !line.is_empty());
    let first = lines().take(FIRST_LINES).find_map(|line| said(line).or_else(|| alone(line)).or_else(|| dateline(line)));
    first.or_else(|| {
        let tail = text.char_indices().rev().nth(LAST_LINES * LONGEST_LINE).map_or(0, |(at, _)| at);
        text.get(tail..)?.lines().rev().map(plain).filter(|line| !line.is_empty()).take(LAST_LINES).find_map(said)
    })
}

/// A line without the signs of Markdown around it.
fn plain(line: &str) -> &str {
    line.trim_matches(|character: char| character.is_whitespace() || matches!(character, '*' | '_' | '#' | '>' | '|'))
}

/// "Published: Nov. 4, 2022, 9:30 a.m. ET", "Publié le 04/11/2022 à 18h30".
fn said(line: &str) -> Option<Published> {
    if line.len() > LONGEST_LINE {
        return None;
    }
    let small = line.to_lowercase();
    let rest = PUBLISHED.iter().filter_map(|word| small.strip_prefix(word)).find(|rest| rest.starts_with([' ', ':', '\u{a0}']))?;
    let rest = rest.trim_start_matches(|character: char| character.is_whitespace() || character == ':');
    let rest = ["on ", "le ", "at "].iter().find_map(|word| rest.strip_prefix(word)).unwrap_or(rest).trim_start();
    let written = || line.get(line.len().checked_sub(rest.len())?..);
    if let Some(published) = written().and_then(publication_date::parse).or_else(|| publication_date::parse(rest.split([' ', ',']).next()?))
    {
        return Some(published);
    }
    // Day first in French; in English either may be.
    let day_first = small.starts_with("pub") && small.contains("publi") && small.contains(" le ") || small.starts_with("mis en ligne");
    in_words(rest).or_else(|| in_figures(rest, day_first)).map(Published::Day)
}

/// "Friday, November 4, 2022".
fn alone(line: &str) -> Option<Published> {
    if line.len() > 40 {
        return None;
    }
    let day = in_words(line).or_else(|| in_iso(line))?;
    let known = words(line).all(|word| {
        month(word).is_some()
            || BESIDE.contains(&word.to_lowercase().as_str())
            || word.chars().next().is_some_and(|first| first.is_ascii_digit())
    });
    known.then_some(Published::Day(day))
}

/// "NEW YORK, Nov. 4, 2022 (wire) - Stocks fell", "PARIS (Agence) — 4 novembre 2022 – La Bourse".
fn dateline(line: &str) -> Option<Published> {
    let beginning = line.char_indices().nth(LONGEST_LINE).map_or(Some(line), |(end, _)| line.get(..end))?;
    let place: Vec<char> =
        beginning.chars().take_while(|character| character.is_alphabetic() || matches!(character, ' ' | '-' | '\'' | '\u{2019}')).collect();
    let letters = || place.iter().filter(|character| character.is_alphabetic());
    // The place is in capitals: "NEW YORK".
    if letters().count() < 3 || !letters().all(|letter| letter.is_uppercase()) {
        return None;
    }
    let end = [" - ", " – ", " — ", "--", "—", ": "].iter().filter_map(|dash| beginning.rfind(dash)).max()?;
    in_words(beginning.get(..end)?).map(Published::Day)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty())
}

fn month(word: &str) -> Option<u32> {
    let small = word.to_lowercase();
    (1..).zip(&MONTHS).find(|(_, names)| names.contains(&small.as_str())).map(|(number, _)| number)
}

/// The first "November 4, 2022" or "4 novembre 2022".
fn in_words(text: &str) -> Option<NaiveDate> {
    let words: Vec<&str> = words(text).take(40).collect();
    let day = |word: Option<&&str>| -> Option<u32> {
        let digits = word?.trim_end_matches(|character: char| character.is_alphabetic());
        digits.parse().ok().filter(|day| (1..=31).contains(day))
    };
    let year = |word: Option<&&str>| {
        word.filter(|word| word.len() == 4).and_then(|word| word.parse::<i32>().ok()).filter(|year| (1900..=2200).contains(year))
    };
    words.iter().enumerate().find_map(|(at, word)| {
        let month = month(word)?;
        let before = at.checked_sub(1).and_then(|before| words.get(before));
        let date = |year: Option<i32>, day: Option<u32>| NaiveDate::from_ymd_opt(year?, month, day?);
        date(year(words.get(at + 2)), day(words.get(at + 1))).or_else(|| date(year(words.get(at + 1)), day(before)))
    })
}

/// "2022-11-04".
fn in_iso(text: &str) -> Option<NaiveDate> {
    text.split_whitespace().find_map(|word| NaiveDate::parse_from_str(word.trim_matches(','), "%Y-%m-%d").ok())
}

/// "04/11/2022", where it can be read one way only, or days are known to come first.
fn in_figures(text: &str, day_first: bool) -> Option<NaiveDate> {
    let written = text.split_whitespace().next()?;
    let mut parts = written.trim_end_matches(',').split(['/', '.']).map(|part| part.parse::<u32>().ok());
    let (first, second, year) = (parts.next()??, parts.next()??, parts.next()??);
    let year = i32::try_from(year).ok().filter(|year| (1900..=2200).contains(year))?;
    match (first > 12 || day_first, second > 12) {
        (true, false) => NaiveDate::from_ymd_opt(year, second, first),
        (false, true) => NaiveDate::from_ymd_opt(year, first, second),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<String> {
        find(text).map(|published| published.to_string())
    }

    #[test]
    fn a_dateline_or_a_line_that_says_so_dates_a_text() {
        for (text, date) in [
            ("Stocks slide\n\nNEW YORK, Nov. 4, 2022 (wire) - Shares of Acme fell 4%.", "2022-11-04"),
            ("PARIS, 4 novembre 2022 (Agence) – La Bourse de Paris recule.", "2022-11-04"),
            ("LONDON — 1 March 2023 — The FTSE 100 rose.", "2023-03-01"),
            ("Acme falls\nBy A. Writer\nPublished: November 4, 2022 9:30 a.m. ET\n\nShares fell.", "2022-11-04"),
            ("Acme recule\n\n*Publié le 04/11/2022 à 18h30*\n\nLe titre perd 4 %.", "2022-11-04"),
            ("Posted on 23/11/2022\nAcme rose.", "2022-11-23"),
            ("Publié le 1er mars 2023\nAcme progresse.", "2023-03-01"),
            ("Acme falls\n\nFriday, November 4, 2022\n\nShares fell.", "2022-11-04"),
            ("Shares fell.\n\nFirst published 2022-11-04", "2022-11-04"),
            ("Published 2022-11-04T09:00:00+01:00\nShares fell.", "2022-11-04T09:00:00+01:00"),
        ] {
            assert_eq!(found(text).as_deref(), Some(date), "{text}");
        }
    }

    #[test]
    fn a_date_of_the_story_or_one_in_doubt_dates_nothing() {
        for text in [
            "Acme fell 4% on November 4, 2022, after results.",
            "NEW YORK, Nov. 4 (wire) - Shares of Acme fell 4%.",
            "Published 04/11/2022\nShares fell.",
            "Published accounts for November 4, 2022 and the years before show that the firm was in trouble, and that nobody had looked, it said.",
            "IPO: the company listed on 4 November 2022",
            "Updated forecasts",
            "",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
