//! The one place where numbers become text, for tables, sentences and charts alike.
//!
//! Minus is U+2212, the thousands separator and the space before a unit are U+202F (narrow, no break), so that a number never
//! breaks over two lines. A value that rounds to zero carries no sign: `−0.00 %` says something that isn't known.

use chrono::{Datelike, NaiveDate};

/// Minus sign, U+2212.
pub const MINUS: char = '\u{2212}';
/// Narrow no-break space, U+202F: between thousands, and before a unit.
pub const NARROW_SPACE: char = '\u{202F}';

/// No-break space, U+00A0: within a date.
pub const NO_BREAK: char = '\u{00A0}';

/// Most decimals that are printed; more say nothing in an `f64` fraction.
const MOST_DECIMALS: usize = 12;

/// A fraction in percent: `percent(-0.2092, 1)` is `−20.9 %`.
pub fn percent(fraction: f64, decimals: usize) -> String {
    format!("{}{NARROW_SPACE}%", fixed(fraction * 100.0, decimals))
}

/// A fraction in percent with its sign, also when it is positive: `percent_signed(0.1061, 1)` is `+10.6 %`.
pub fn percent_signed(fraction: f64, decimals: usize) -> String {
    format!("{}{NARROW_SPACE}%", signed(fraction * 100.0, decimals))
}

/// A difference of two fractions in percentage points, with its sign: `points(0.032, 1)` is `+3.2 pp`.
pub fn points(fraction: f64, decimals: usize) -> String {
    format!("{}{NARROW_SPACE}pp", signed(fraction * 100.0, decimals))
}

/// A price or an index level, with two decimals: `level(3924.26)` is `3 924.26`.
pub fn level(value: f64) -> String {
    fixed(value, 2)
}

/// A p-value: two decimals from 0.1 on, three below it, and a bound where rounding would say 0 or 1.
pub fn p_value(p: f64) -> String {
    if !p.is_finite() {
        "p unknown".to_owned()
    } else if p < 0.001 {
        "p < 0.001".to_owned()
    } else if p > 0.99 && p < 1.0 {
        "p > 0.99".to_owned()
    } else if p < 0.0995 {
        format!("p = {p:.3}")
    } else {
        format!("p = {p:.2}")
    }
}

/// A count with its thousands apart: `integer(12345)` is `12 345`.
pub fn integer(count: i64) -> String {
    let digits = group_thousands(&count.unsigned_abs().to_string());
    if count < 0 { format!("{MINUS}{digits}") } else { digits }
}

/// A number with that many decimals and its thousands apart. Infinite or not a number: `—`.
pub fn fixed(value: f64, decimals: usize) -> String {
    let Some((digits, negative)) = round(value, decimals) else { return "—".to_owned() };
    if negative { format!("{MINUS}{digits}") } else { digits }
}

/// As [`fixed`], with a plus before what is above zero once rounded.
pub fn signed(value: f64, decimals: usize) -> String {
    let Some((digits, negative)) = round(value, decimals) else { return "—".to_owned() };
    let zero = digits.chars().all(|character| matches!(character, '0' | '.'));
    match (negative, zero) {
        (true, _) => format!("{MINUS}{digits}"),
        (false, true) => digits,
        (false, false) => format!("+{digits}"),
    }
}

/// A difference of two fractions in percentage points, without a sign: `points_unsigned(0.032, 1)` is `3.2 percentage points`.
pub fn points_unsigned(fraction: f64, decimals: usize) -> String {
    format!("{}\u{00A0}percentage points", fixed((fraction * 100.0).abs(), decimals))
}

/// A difference that is in percentage points already: `percentage_points(-5.53, 1)` is `−5.5 pp`.
pub fn percentage_points(points: f64, decimals: usize) -> String {
    format!("{}{NARROW_SPACE}pp", signed(points, decimals))
}

/// A value that is in percent already: `percent_value(20.0, 0)` is `20 %`.
pub fn percent_value(percent: f64, decimals: usize) -> String {
    format!("{}{NARROW_SPACE}%", fixed(percent, decimals))
}

/// A value that is in percent already, with its sign: `percent_value_signed(4.2, 1)` is `+4.2 %`.
pub fn percent_value_signed(percent: f64, decimals: usize) -> String {
    format!("{}{NARROW_SPACE}%", signed(percent, decimals))
}

/// An estimated effect, a fraction, in percentage points without their unit: as many decimals as its error needs for three digits, so
/// that `estimate(0.01234, Some(0.0045))` is `("1.234", "0.450")`; in powers of ten where that takes more than six. Without an error, three
/// digits of its own.
pub fn estimate(effect: f64, error: Option<f64>) -> (String, Option<String>) {
    let (points, error) = (effect * 100.0, error.map(|error| error * 100.0));
    let leading = error.filter(|error| *error > 0.0).unwrap_or(points.abs());
    let magnitude = if leading > 0.0 && leading.is_finite() { leading.log10().floor() } else { 0.0 };
    let decimals = (2.0 - magnitude).clamp(0.0, 400.0) as usize;
    let write = |value: f64| if decimals > 6 { power_of_ten(value) } else { fixed(value, decimals) };
    (write(points), error.map(write))
}

/// `1.2e−7`, with a true minus.
fn power_of_ten(value: f64) -> String {
    if value.is_finite() { format!("{value:.1e}").replace('-', &MINUS.to_string()) } else { "—".to_owned() }
}

/// A p-value for a column that says so: `0.85`, `< 0.001`.
pub fn p_value_bare(p: f64) -> String {
    let written = p_value(p);
    written.strip_prefix("p = ").or_else(|| written.strip_prefix("p ")).unwrap_or(&written).to_owned()
}

/// A count with its thousands apart: `count(12345)` is `12 345`.
pub fn count(number: usize) -> String {
    group_thousands(&number.to_string())
}

/// A count with its noun: `plural(1, "session")` is `1 session`, `plural(2, "session")` is `2 sessions`.
pub fn plural(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", count(number)) }
}

/// A large amount in words: `large(4_920_000.0)` is `4.9 million`.
pub fn large(value: f64) -> String {
    const UNITS: [(f64, &str); 3] = [(1e9, "billion"), (1e6, "million"), (1e3, "thousand")];
    match UNITS.iter().find(|(unit, _)| value.abs() >= *unit) {
        Some((unit, name)) => format!("{}\u{00A0}{name}", fixed(value / unit, 1)),
        None => fixed(value, 0),
    }
}

/// A day: `2 Sep 2022`, which doesn't break over two lines.
pub fn day(date: NaiveDate) -> String {
    format!("{}{NO_BREAK}{}", short_day(date), date.year())
}

/// A day without its year: `2 Sep`.
pub fn short_day(date: NaiveDate) -> String {
    format!("{}{NO_BREAK}{}", date.day(), month(date))
}

/// The month's English abbreviation: `Sep`.
pub fn month(date: NaiveDate) -> &'static str {
    match date.month() {
        1 => "Jan",
        2 => "Feb",
        3 => "Mar",
        4 => "Apr",
        5 => "May",
        6 => "Jun",
        7 => "Jul",
        8 => "Aug",
        9 => "Sep",
        10 => "Oct",
        11 => "Nov",
        _ => "Dec",
    }
}

/// A month by its number, 1 to 12, in full: `September`.
pub fn month_name(month: u32) -> &'static str {
    match month {
        1 => "January",
        2 => "February",
        3 => "March",
        4 => "April",
        5 => "May",
        6 => "June",
        7 => "July",
        8 => "August",
        9 => "September",
        10 => "October",
        11 => "November",
        _ => "December",
    }
}

/// A day of a month, the year unsaid: `2 Sep`.
pub fn day_of_month(month: u32, day: u32) -> String {
    let name = month_name(month);
    format!("{day}{NO_BREAK}{}", name.get(..3).unwrap_or(name))
}

/// A difference in percentage points that is in percent already, without a sign: `points_value(3.0, 1)` is `3.0 percentage points`.
pub fn points_value(points: f64, decimals: usize) -> String {
    format!("{}{NO_BREAK}percentage points", fixed(points.abs(), decimals))
}

/// The same, short: `3.0 pp`.
pub fn points_value_short(points: f64, decimals: usize) -> String {
    format!("{}{NARROW_SPACE}pp", fixed(points.abs(), decimals))
}

/// The digits of the rounded magnitude, and whether a minus belongs before them. None when the value is not finite.
fn round(value: f64, decimals: usize) -> Option<(String, bool)> {
    if !value.is_finite() {
        return None;
    }
    let plain = format!("{:.*}", decimals.min(MOST_DECIMALS), value.abs());
    let negative = value < 0.0 && plain.chars().any(|character| matches!(character, '1'..='9'));
    let digits = match plain.split_once('.') {
        Some((whole, fraction)) => format!("{}.{fraction}", group_thousands(whole)),
        None => group_thousands(&plain),
    };
    Some((digits, negative))
}

/// Narrow spaces between groups of three, in numbers of five digits and more as well as of four.
fn group_thousands(digits: &str) -> String {
    let mut grouped = String::with_capacity(digits.len() * 2);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            grouped.push(NARROW_SPACE);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_has_a_true_minus_and_a_narrow_space() {
        assert_eq!(percent(-0.2092, 1), "\u{2212}20.9\u{202F}%");
        assert_eq!(percent(0.1061, 1), "10.6\u{202F}%");
        assert_eq!(percent_signed(0.1061, 1), "+10.6\u{202F}%");
        assert_eq!(points(0.032, 1), "+3.2\u{202F}pp");
    }

    #[test]
    fn what_rounds_to_zero_has_no_sign() {
        assert_eq!(percent(-0.000_04, 2), "0.00\u{202F}%");
        assert_eq!(percent_signed(0.000_04, 2), "0.00\u{202F}%");
        assert_eq!(percent_signed(-0.000_04, 2), "0.00\u{202F}%");
        assert_eq!(fixed(-0.0, 0), "0");
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(level(3_924.26), "3\u{202F}924.26");
        assert_eq!(integer(1_234_567), "1\u{202F}234\u{202F}567");
        assert_eq!(integer(-1_234), "\u{2212}1\u{202F}234");
        assert_eq!(integer(999), "999");
        assert_eq!(integer(i64::MIN), "\u{2212}9\u{202F}223\u{202F}372\u{202F}036\u{202F}854\u{202F}775\u{202F}808");
    }

    #[test]
    fn a_p_value_is_never_printed_as_zero_or_one() {
        assert_eq!(p_value(0.0002), "p < 0.001");
        assert_eq!(p_value(0.0123), "p = 0.012");
        assert_eq!(p_value(0.0996), "p = 0.10");
        assert_eq!(p_value(0.8494), "p = 0.85");
        assert_eq!(p_value(0.997), "p > 0.99");
        assert_eq!(p_value(1.0), "p = 1.00");
    }

    #[test]
    fn an_estimate_has_the_decimals_that_its_error_bears() {
        let written = |effect, error| {
            let (effect, error) = estimate(effect, Some(error));
            format!("{effect} ({})", error.unwrap())
        };
        assert_eq!(written(0.01234, 0.0045), "1.234 (0.450)");
        assert_eq!(written(-0.1, 1.2345), "\u{2212}10 (123)");
        assert_eq!(written(-3.2e-9, 1.3e-9), "\u{2212}3.2e\u{2212}7 (1.3e\u{2212}7)");
        assert_eq!(estimate(0.012345, None), ("1.23".to_owned(), None));
        assert_eq!(estimate(0.0, None).0, "0.00");
        assert_eq!(estimate(f64::NAN, Some(f64::NAN)).0, "—");
    }

    #[test]
    fn a_day_is_written_in_english() {
        let date = NaiveDate::from_ymd_opt(2022, 9, 2).unwrap();
        assert_eq!(short_day(date), "2\u{A0}Sep");
        assert_eq!(day(date), "2\u{A0}Sep\u{A0}2022");
    }

    #[test]
    fn a_number_that_is_none_is_a_dash() {
        assert_eq!(fixed(f64::NAN, 2), "—");
        assert_eq!(percent(f64::INFINITY, 1), "—\u{202F}%");
    }
}
