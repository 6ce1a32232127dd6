//! Values of arguments, read from what was typed; a fault is told with the form that is wanted.

use chrono_tz::Tz;

use crate::calendar::Exchange;
use crate::chart::Size;
use crate::claim::Published;
use crate::cross_section::Formula;
use crate::data::page::read_publication_date;
use crate::intraday::bar::BarSpan;
use crate::simulation::Tails;
use crate::window::Window;

/// An exchange named, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::cli) struct ExchangeChoice(pub Option<Exchange>);

pub(super) fn read_formula(text: &str) -> Result<Formula, String> {
    Formula::read(text).map_err(|fault| fault.to_string())
}

pub(super) fn read_published(text: &str) -> Result<Published, String> {
    read_publication_date(text).ok_or_else(|| "write a date, 2022-09-05, or an instant with its zone, 2022-09-05T09:00:00+02:00".to_owned())
}

pub(super) fn read_exchange(text: &str) -> Result<ExchangeChoice, String> {
    match text.to_ascii_uppercase().as_str() {
        "XNYS" | "NYSE" | "XNAS" | "NASDAQ" => Ok(ExchangeChoice(Some(Exchange::Nyse))),
        "NONE" => Ok(ExchangeChoice(None)),
        _ => Err("write XNYS (New York), or none: other exchanges' rules aren't known".to_owned()),
    }
}

/// A window, in sessions (or bars) or in minutes.
pub(super) fn read_span(text: &str) -> Result<BarSpan, String> {
    match text.parse::<Window>() {
        Ok(window) => Ok(BarSpan::Bars(window)),
        // What has a unit isn't meant in sessions.
        Err(_) if text.contains(['m', 'h']) && text.contains(|character: char| character.is_ascii_digit()) => {
            text.parse().map_err(|error: crate::intraday::bar::BarError| error.to_string())
        }
        Err(error) => Err(error.to_string()),
    }
}

pub(super) fn read_zone(text: &str) -> Result<Tz, String> {
    text.parse().map_err(|_| {
        let near = crate::series::near_names(text, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
        let near = if near.is_empty() { String::new() } else { format!(" (near: {})", near.join(", ")) };
        format!("write a zone of the time zone database, such as America/New_York{near}")
    })
}

pub(super) fn read_share(text: &str) -> Result<f64, String> {
    let share = if text.trim() == "1" { 1.0 } else { read_fraction(text)? };
    Some(share).filter(|share| (0.0..=1.0).contains(share)).ok_or_else(|| "write a share of the events from 0% to 100%".to_owned())
}

pub(super) fn read_fraction(text: &str) -> Result<f64, String> {
    let plain = text.trim().replace('\u{2212}', "-");
    let number = |part: &str| part.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    match plain.strip_suffix('%') {
        Some(percent) => number(percent).map(|percent| percent / 100.0).ok_or_else(|| "write it as 1%".to_owned()),
        // A bare 5 is meant in percent by most, and 500 % by nobody.
        None => {
            number(&plain).filter(|share| share.abs() < 1.0).ok_or_else(|| "write it with its sign, 5%, or as a fraction, 0.05".to_owned())
        }
    }
}

pub(super) fn read_tails(text: &str) -> Result<Tails, String> {
    if text.eq_ignore_ascii_case("normal") {
        return Ok(Tails::Normal);
    }
    let degrees = text.trim().parse::<f64>().ok().filter(|degrees| degrees.is_finite());
    degrees.map(Tails::Student).ok_or_else(|| "write degrees of freedom above 2, such as 5, or normal".to_owned())
}

pub(super) fn read_size(text: &str) -> Result<Size, String> {
    let side = |part: &str| part.trim().parse::<u32>().ok().filter(|side| Size::LIMITS.contains(side));
    let sides = text.to_lowercase().replace('×', "x");
    let read = sides.split_once('x').and_then(|(width, height)| Some(Size { width: side(width)?, height: side(height)? }));
    read.ok_or_else(|| format!("write it as 1600x1000, each side from {} to {} pixels", Size::LIMITS.start(), Size::LIMITS.end()))
}

pub(super) fn read_donors(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|donors| (1..=10_000).contains(donors)).ok_or_else(|| "write a number from 1 to 10000".to_owned())
}

pub(super) fn read_threads(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|threads| (1..=1024).contains(threads)).ok_or_else(|| "write a number from 1 to 1024".to_owned())
}
