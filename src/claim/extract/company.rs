//! What shows that a capitalised name is a company's: its legal form, or how it ends.

use super::token::{Kind, Token};

/// What companies are called after their name: it belongs to the name and changes nothing.
const LEGAL_FORMS: [&str; 34] = [
    "Inc",
    "Corp",
    "Corporation",
    "Co",
    "Company",
    "Ltd",
    "Limited",
    "plc",
    "PLC",
    "Plc",
    "SA",
    "SE",
    "AG",
    "NV",
    "N.V.",
    "S.A.",
    "SpA",
    "S.p.A.",
    "ASA",
    "AB",
    "Oyj",
    "KGaA",
    "LLC",
    "Group",
    "Groupe",
    "Holdings",
    "Holding",
    "Platforms",
    "Technologies",
    "International",
    "Incorporated",
    "LP",
    "KK",
    "Bancorp",
];

fn is_legal_form(word: &str) -> bool {
    // Most words after a name are no names.
    if word.len() > 12 || !word.starts_with(|first: char| first.is_ascii_uppercase()) && word != "plc" {
        return false;
    }
    let loud = word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    LEGAL_FORMS.iter().any(|form| *form == word || loud && form.eq_ignore_ascii_case(word))
}

/// Words that show that a capitalised name is a company's.
const COMPANY_WORDS: [&str; 88] = [
    "Inc",
    "Corp",
    "Ltd",
    "plc",
    "PLC",
    "SA",
    "SE",
    "AG",
    "NV",
    "Group",
    "Groupe",
    "Holdings",
    "Holding",
    "Energy",
    "Air",
    "Airlines",
    "Airways",
    "Pharma",
    "Pharmaceuticals",
    "Therapeutics",
    "Biotech",
    "Biosciences",
    "Biologics",
    "Bio",
    "Genetics",
    "Genomics",
    "Labs",
    "Laboratories",
    "Systems",
    "Software",
    "Technologies",
    "Technology",
    "Tech",
    "Semiconductor",
    "Semiconductors",
    "Micro",
    "Electronics",
    "Robotics",
    "Networks",
    "Networking",
    "Media",
    "Entertainment",
    "Interactive",
    "Games",
    "Gaming",
    "Studios",
    "Solar",
    "Power",
    "Oil",
    "Gas",
    "Petroleum",
    "Resources",
    "Mining",
    "Minerals",
    "Metals",
    "Steel",
    "Gold",
    "Lithium",
    "Logistics",
    "Freight",
    "Rail",
    "Shipping",
    "Motors",
    "Motor",
    "Automotive",
    "Foods",
    "Food",
    "Brands",
    "Beverages",
    "Brewing",
    "Retail",
    "Stores",
    "Homes",
    "Properties",
    "Realty",
    "Capital",
    "Financial",
    "Bank",
    "Bancorp",
    "Insurance",
    "Assurances",
    "Industries",
    "Materials",
    "Chemicals",
    "Aerospace",
    "Cloud",
    "Health",
    "Santé",
];

/// Whether a capitalised name ends as companies' names do.
pub(super) fn ends_as_company(word: &str) -> bool {
    COMPANY_WORDS.contains(&word)
}

/// The token after a name's legal form ("Inc.", "& Co", "SA"), or `end` when there is none.
pub(super) fn after_legal_form(text: &str, tokens: &[Token], end: usize) -> usize {
    let mut at = end;
    for _ in 0..3 {
        let place = if tokens.get(at).is_some_and(|token| token.kind == Kind::Comma) { at + 1 } else { at };
        let Some(token) = tokens.get(place) else { return at };
        if token.kind != Kind::Word || !text.get(token.start..token.end).is_some_and(is_legal_form) {
            return at;
        }
        at = place + 1;
        // The stop of "Inc." when it doesn't end the sentence.
        let stop = tokens.get(at).filter(|stop| stop.kind == Kind::Stop && stop.start == token.end);
        let short = token.end - token.start <= 4;
        if stop.is_some() && short && tokens.get(at + 1).is_some_and(|next| !starts_with_capital(text, next) || next.start == token.end + 1)
        {
            at += 1;
        }
    }
    at
}

pub(super) fn starts_with_capital(text: &str, token: &Token) -> bool {
    text.get(token.start..token.end).and_then(|word| word.chars().next()).is_some_and(char::is_uppercase)
}
