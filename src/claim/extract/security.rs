//! Which security a stretch of a sentence names: by its name, by a ticker mark, by bare letters, by a name that the text declared.

use super::company::after_legal_form;
use super::lexicon::Role;
use super::mark::{Declared, Mark, What};
use super::name::{NameTable, SecurityKey};
use super::role::{mark_of, phrase_at};
use super::sentence::View;
use super::ticker::ticker_mark;
use super::token::Kind;

/// A name, a ticker mark, or a name that the text declared.
pub(super) fn security_at(
    view: &View<'_>,
    names: &NameTable,
    declared: Declared<'_>,
    at: usize,
    last: Option<&Mark>,
) -> Option<(What, usize)> {
    // Small letters are no name; before a colon they may be "ticker".
    if view.token(at).is_some_and(|token| token.plain) && (at + 1..at + 4).all(|place| view.kind(place) != Some(Kind::Colon)) {
        return None;
    }
    let after_name = last.is_some_and(|last| matches!(last.what, What::Security { .. } | What::Unknown { .. }));
    if let Some(mark) = ticker_mark(view.text, view.tokens, at) {
        let letters = view.text.get(mark.start_byte..mark.end_byte)?;
        let stem = letters.split(['.', '-']).next().unwrap_or(letters);
        // "Brelinox (BRLX)", but not "European Central Bank (ECB)".
        let own = last.filter(|last| matches!(last.what, What::Unknown { .. })).is_some_and(|last| is_own_ticker(view, last, letters));
        // "(CEO)" is no ticker: without an exchange it must be known, or carry an exchange's suffix after a name.
        let known = names.ticker(letters).or_else(|| suffixed(letters, stem, names));
        let suffix = stem.len() < letters.len();
        let key = known.or_else(|| {
            (mark.declared || own || (mark.bracketed && suffix && after_name)).then(|| declared_key(mark.start_byte, letters, stem))
        });
        if let Some(key) = key.filter(|_| mark.declared || after_name || suffix || (mark.bracketed && stem.len() >= 3)) {
            return Some((What::Security { key, ambiguous: false }, mark.end));
        }
    }
    let text = view.text_of(at);
    let first = text.chars().next()?;
    if let Some((to, key)) = first.is_uppercase().then(|| declared(view, at)).flatten() {
        return Some((What::Security { key, ambiguous: false }, to));
    }
    // "eBay", "3M", "Hermès".
    if !(first.is_uppercase() || text.bytes().any(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())) {
        return None;
    }
    if let Some(found) = names.find(view.text, view.tokens, at) {
        // "Euronext Growth" is a market, no share of Euronext.
        if matches!(phrase_at(view, at), Some((Role::Place, end, _)) if end > found.end) {
            return None;
        }
        let to = after_legal_form(view.text, view.tokens, found.end);
        // "Apple-backed" is no mention of the share; "Nasdaq-listed" none of the index.
        let modifies = view.token(to).is_some_and(|next| next.joined) && !view.begins_with_capital(to);
        // "the United States": a longer phrase is no name.
        if let Some((role, end, captured)) = phrase_at(view, at).filter(|(_, end, _)| *end > found.end) {
            return Some((mark_of(role, captured), end));
        }
        // "ZURICH (Alpen News) - ", "LONDON, March 3 - ": where the text was written.
        if found.ambiguous && at == 0 && is_dateline(view, to) {
            return Some((What::Role(Role::Place), to));
        }
        // "the Zurich bank": a town.
        let town = found.ambiguous && matches!(phrase_at(view, to), Some((Role::Company, _, _))) && !view.begins_with_capital(to);
        if town && names.kind(found.security) != super::name::SecurityKind::Index {
            return Some((What::Role(Role::Place), to));
        }
        if found.brand {
            return Some((What::Unknown { initial: false, company: false, owner: Some(found.security) }, found.end));
        }
        let of_a_word = view.token(at).is_some_and(|token| token.joined) && view.kind(at) == Some(Kind::Number);
        return Some((
            if modifies || of_a_word { What::Word } else { What::Security { key: found.security, ambiguous: found.ambiguous } },
            to,
        ));
    }
    // Bare letters: a known ticker right before its quote, after its name, or of three letters and more.
    let (to, letters, start) = super::ticker::bare_ticker(view.text, view.tokens, at)?;
    let next = if view.kind(to) == Some(Kind::Comma) { to + 1 } else { to };
    let quoted = matches!(view.kind(next), Some(Kind::Plus | Kind::Minus)) && view.kind(next + 1) == Some(Kind::Number);
    let stem = letters.split(['.', '-']).next().unwrap_or(letters);
    let known = names.ticker(letters).or_else(|| suffixed(letters, stem, names));
    match known {
        Some(key) if quoted || (after_name && letters.len() >= 2) || letters.len() >= 3 => {
            Some((What::Security { key, ambiguous: !quoted && !after_name }, to))
        }
        // "Brelinox BRX, −2.88 %": the text itself says that these letters are quoted.
        None if quoted && after_name && letters.len() >= 2 => {
            Some((What::Security { key: declared_key(start, letters, stem), ambiguous: false }, to))
        }
        _ => None,
    }
}

/// Whether a name in capitals that opens a text is followed, past a comma or brackets, by the dash of a dateline.
fn is_dateline(view: &View<'_>, to: usize) -> bool {
    let loud = view.text_of(0).len() > 1 && view.text_of(0).chars().all(char::is_uppercase);
    let opens = matches!(view.kind(to), Some(Kind::Comma | Kind::Open | Kind::Dash));
    let dash = (to..to + 10)
        .take_while(|place| !matches!(view.kind(*place), Some(Kind::Percent | Kind::Plus | Kind::Minus)))
        .any(|place| view.kind(place) == Some(Kind::Dash));
    loud && opens && dash
}

/// Whether letters in brackets after a name are a ticker rather than its initials.
fn is_own_ticker(view: &View<'_>, name: &Mark, letters: &str) -> bool {
    let end = super::scene::plain_end(view, name);
    let plain = (name.from..name.to).take_while(|at| view.token(*at).is_some_and(|token| token.end <= end));
    let words: Vec<&str> = plain.map(|at| view.text_of(at)).collect();
    let initials: String = words.iter().filter_map(|word| word.chars().next()).filter(|first| first.is_uppercase()).collect();
    (3..=5).contains(&letters.len()) && words.len() <= 3 && initials != letters && letters.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// "AAPL.O", "AIR.PA": a suffix of an exchange after known letters.
fn suffixed(letters: &str, stem: &str, names: &NameTable) -> Option<SecurityKey> {
    let suffix = letters.get(stem.len() + 1..)?;
    const UNITED_STATES: [&str; 8] = ["O", "N", "OQ", "K", "A", "P", "US", "PK"];
    if UNITED_STATES.contains(&suffix) {
        return names.ticker(stem);
    }
    // Reuters' own letters for some exchanges.
    let yahoo = match suffix {
        "S" => "SW",
        "PAR" | "FP" => "PA",
        "LN" => "L",
        "GR" | "GY" | "F" => "DE",
        _ => suffix,
    };
    names.ticker(&format!("{stem}.{yahoo}"))
}

/// The symbol that a mark declares: without the suffix of an American exchange.
fn declared_key(start: usize, letters: &str, stem: &str) -> SecurityKey {
    let plain = matches!(letters.get(stem.len()..), Some(".O" | ".N" | ".OQ" | ".K"));
    SecurityKey::Declared { start, end: start + if plain { stem.len() } else { letters.len() } }
}
