//! Ticker marks: "(NYSE: NET)", "NASDAQ:AAPL", "$NET", "(AIR.PA)", "<AAPL.O>", "(.SPX)", and bare letters.

use super::token::{Kind, Token};

/// Exchanges in marks such as "(NYSE: NET)".
const EXCHANGES: [&str; 62] = [
    "BMV",
    "B3",
    "JSE",
    "KRX",
    "TWSE",
    "SGX",
    "OMX",
    "HEL",
    "OSE",
    "WSE",
    "VIE",
    "ATHEX",
    "TASE",
    "MOEX",
    "BRVM",
    "CSE",
    "NYSE",
    "NSE",
    "NASDAQ",
    "Nasdaq",
    "NasdaqGS",
    "NasdaqGM",
    "NasdaqCM",
    "NYSEARCA",
    "NYSEAMERICAN",
    "AMEX",
    "OTC",
    "OTCQX",
    "OTCQB",
    "OTCMKTS",
    "OTCPK",
    "Euronext",
    "EPA",
    "ETR",
    "FRA",
    "LON",
    "LSE",
    "AIM",
    "TSX",
    "TSXV",
    "TSE",
    "TYO",
    "HKG",
    "HKEX",
    "SEHK",
    "ASX",
    "BME",
    "BIT",
    "AMS",
    "EBR",
    "SIX",
    "SWX",
    "XETRA",
    "Xetra",
    "STO",
    "CPH",
    "BSE",
    "ticker",
    "Ticker",
    "symbol",
    "mnémo",
    "code",
];

/// A ticker mark at token `at`: its tokens' end and the letters of the ticker, with its suffix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TickerMark {
    pub end: usize,
    pub start_byte: usize,
    pub end_byte: usize,
    /// Whether an exchange or "$" stands before it: it is a ticker whether known or not.
    pub declared: bool,
    /// Whether it stands in brackets.
    pub bracketed: bool,
}

/// Letters of a ticker that stand bare: "BRK.B" too.
pub(super) fn bare_ticker<'a>(text: &'a str, tokens: &[Token], at: usize) -> Option<(usize, &'a str, usize)> {
    let (end, start, end_byte) = ticker_at(text, tokens, at)?;
    tokens.get(at).filter(|token| token.kind == Kind::Word)?;
    Some((end, text.get(start..end_byte)?, start))
}

fn is_ticker(word: &str) -> bool {
    (1..=12).contains(&word.len())
        && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
        && word.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// The ticker that begins at token `at`, with what follows a stop or hyphen: "AIR.PA", "BRK.B", "BRK-B".
fn ticker_at(text: &str, tokens: &[Token], at: usize) -> Option<(usize, usize, usize)> {
    let token = tokens.get(at)?;
    let word = text.get(token.start..token.end)?;
    // "0700" in "(0700.HK)".
    let numeric = token.kind == Kind::Number && word.bytes().all(|byte| byte.is_ascii_digit());
    let letters = token.kind == Kind::Word && is_ticker(word);
    if !letters && !numeric {
        return None;
    }
    let glued = |place: usize| tokens.get(place).filter(|next| tokens.get(place - 1).is_some_and(|before| before.end == next.start));
    let suffix = |place: usize| tokens.get(place).filter(|next| text.get(next.start..next.end).is_some_and(is_ticker));
    if let Some(end) = glued(at + 1).filter(|stop| stop.kind == Kind::Stop).and_then(|_| glued(at + 2)).and_then(|_| suffix(at + 2)) {
        return Some((at + 3, token.start, end.end));
    }
    if let Some(end) = suffix(at + 1).filter(|next| next.joined) {
        return Some((at + 2, token.start, end.end));
    }
    (!numeric).then_some((at + 1, token.start, token.end))
}

/// A ticker mark that begins at token `at`: "(NYSE: NET)", "NASDAQ:AAPL", "$NET", "(AIR.PA)", "<AAPL.O>", "(.SPX)", "(NET)".
pub(super) fn ticker_mark(text: &str, tokens: &[Token], at: usize) -> Option<TickerMark> {
    let kind = |place: usize| tokens.get(place).map(|token| token.kind);
    let word = |place: usize| tokens.get(place).and_then(|token| text.get(token.start..token.end)).unwrap_or("");
    let mark = |(end, start_byte, end_byte): (usize, usize, usize), declared, bracketed| TickerMark {
        end,
        start_byte,
        end_byte,
        declared,
        bracketed,
    };
    match kind(at)? {
        Kind::Currency if word(at) == "$" => {
            let found = ticker_at(text, tokens, at + 1).filter(|(_, start, _)| tokens.get(at).is_some_and(|sign| sign.end == *start))?;
            tokens.get(at + 1).filter(|token| token.kind == Kind::Word)?;
            Some(mark(found, true, false))
        }
        Kind::Open | Kind::Below => {
            // "($NET)".
            let dollar = (kind(at + 1) == Some(Kind::Currency) && word(at + 1) == "$").then_some(at + 2);
            let exchange = exchange_at(text, tokens, at + 1).or(dollar);
            let from = exchange.unwrap_or(at + 1);
            // "(.SPX)".
            let from = if kind(from) == Some(Kind::Stop) { from + 1 } else { from };
            let (end, start_byte, end_byte) = ticker_at(text, tokens, from)?;
            // "(NASDAQ: GOOGL, GOOG)": the first counts. "(NYSE: NET, −1.03%)": the mark ends at the comma, the quote goes on.
            match kind(end) {
                Some(Kind::Close | Kind::Above) => Some(mark((end + 1, start_byte, end_byte), exchange.is_some(), true)),
                Some(Kind::Comma | Kind::Semicolon | Kind::Plus | Kind::Minus | Kind::Colon | Kind::Other | Kind::Dash)
                    if exchange.is_some() =>
                {
                    Some(mark((end, start_byte, end_byte), true, true))
                }
                _ => None,
            }
        }
        Kind::Word => {
            let from = exchange_at(text, tokens, at)?;
            Some(mark(ticker_at(text, tokens, from)?, true, false))
        }
        _ => None,
    }
}

/// The token after "NYSE:" or "Euronext Paris:" at token `at`.
fn exchange_at(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let word = |place: usize| tokens.get(place).and_then(|token| text.get(token.start..token.end)).unwrap_or("");
    let colon = (at + 1..at + 4).any(|place| tokens.get(place).is_some_and(|token| token.kind == Kind::Colon));
    (colon && EXCHANGES.contains(&word(at))).then_some(())?;
    (at + 1..at + 4).find(|place| tokens.get(*place).is_some_and(|token| token.kind == Kind::Colon)).map(|colon| colon + 1)
}
