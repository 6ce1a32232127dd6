//! Claims out of an article's text: every statement that a security or an index moved by so much.
//!
//! ```text
//! text → paragraphs → sentences → tokens → marks → claims
//! ```
//!
//! A *token* is a word, a number or a sign. A *mark* is a stretch of tokens with what it does in the sentence: a figure with its unit, a
//! word of movement, a qualifier, a period, a name, a word for "the shares", a word for what isn't a price. The words of each language
//! stand in its [`Lexicon`], the names in the [`NameTable`]; the grammar is one and knows no word of its own. For every figure it asks, in order:
//!
//! 1. **What gives it its direction?** A word of movement before it ("fell 5 %", "en baisse de 5 %") or right after it ("a 5 % drop"); its
//!    own sign beside a name ("NET, −1.03 %"); the figure before it, in a list ("the Dow 1 %, the Nasdaq 2 %"). Nothing: no claim.
//! 2. **Who moved?** The nearest that can have moved. Revenue, unemployment, "the population": no claim. Nor is a forecast, a condition, a denial.
//! 3. **Over which period?** Between the movement and the figure, after it, before it; else that of the figure before, in a list or for
//!    another security in the sentence; else the day's. A period that says how rare a move is ("the worst day since March") isn't one.
//! 4. **What do the words around it allow?** "More than", "nearly", "or more".
//!
//! What isn't said in so many words is noted on the claim ([`crate::claim::Inference`]). A name that no table holds is reported as such; "the stock"
//! without anything before it is reported as unsaid. Nothing is guessed.
//!
//! The text is read once, paragraph by paragraph; of what it has said only the latest is kept. A sentence of more than 400 tokens is cut, so
//! that time is linear in any text.

mod brand;
mod candidate;
mod causative;
mod company;
mod complement;
mod context;
mod date;
mod direction;
mod draft;
mod figure;
mod grammar;
mod key;
mod lexicon;
mod lexicon_file;
mod list;
mod mark;
mod meaning;
mod mover;
mod name;
mod number;
mod period;
mod phrase;
mod quote;
mod reference;
mod role;
mod scene;
mod security;
mod sentence;
mod subject;
mod ticker;
mod token;
mod vanish;
mod vocabulary;

pub use lexicon::Lexicon;
pub use lexicon_file::{HorizonEntry, LexiconEntries, LexiconError};
pub use name::{NameError, NameTable, SecurityEntry, SecurityKind};

use context::{Context, name_words};
use draft::Draft;
use grammar::read_sentence;
use lexicon::WordClass;
use mark::{Mark, What};
use name::SecurityKey;
use scene::Scene;
use sentence::{View, paragraphs, sentences};
use token::{Kind, Token, tokenise};

use crate::claim::{Claim, Horizon, NamedPeriod, StatedPercent, Stretch, Subject};

/// Reads claims out of texts, with the lexicons and names that it was made with.
#[derive(Debug, Clone)]
pub struct Extractor {
    lexicons: Vec<Lexicon>,
    names: NameTable,
}

impl Extractor {
    /// An extractor for the languages of the lexicons; the first is taken for a text whose language can't be told.
    pub fn new(lexicons: Vec<Lexicon>, names: NameTable) -> Self {
        Self { lexicons, names }
    }

    /// The claims of a text, in its order, with ids `claim-1`, `claim-2`, …; `language` is the text's, where known ("fr", "en-US").
    /// Empty when it states none.
    pub fn read(&self, text: &str, language: Option<&str>) -> Vec<Claim> {
        self.go_through(text, language, None).map(|reading| reading.claims).unwrap_or_default()
    }

    /// What the extractor sees in a text: for each sentence its marks, each with the words that it covers. For those who extend a lexicon.
    pub fn explain(&self, text: &str, language: Option<&str>) -> String {
        self.go_through(text, language, Some(String::new())).and_then(|reading| reading.shown).unwrap_or_default()
    }

    fn go_through<'a>(&'a self, text: &'a str, language: Option<&str>, shown: Option<String>) -> Option<Reading<'a>> {
        let lexicon = self.lexicon(text, language)?;
        let mut reading = Reading {
            text,
            names: &self.names,
            lexicon,
            context: Context::default(),
            claims: Vec::new(),
            room: Room::default(),
            unnamed: Vec::new(),
            dropped: Vec::new(),
            shown,
        };
        for (number, (start, end)) in paragraphs(text).enumerate() {
            reading.context.paragraph = number;
            reading.paragraph(start, end);
        }
        reading.finish();
        Some(reading)
    }

    /// The code of the language that a text is read in ("en", "fr").
    pub fn language(&self, text: &str, language: Option<&str>) -> Option<&str> {
        self.lexicon(text, language).map(|lexicon| lexicon.code.as_str())
    }

    fn lexicon(&self, text: &str, language: Option<&str>) -> Option<&Lexicon> {
        let of_code =
            |code: &str| self.lexicons.iter().find(|lexicon| code.get(..2).is_some_and(|code| code.eq_ignore_ascii_case(&lexicon.code)));
        if let Some(lexicon) = language.and_then(of_code) {
            return Some(lexicon);
        }
        // Enough of the text to tell its language.
        let mut end = text.len().min(4096);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let sample = text.get(..end).unwrap_or("");
        // The language whose small words are the most: in headlines and lists a statistic of letters is easily misled.
        self.lexicons.iter().rev().max_by_key(|lexicon| lexicon.common_words(sample))
    }
}

/// Room that is used again for every sentence.
#[derive(Default)]
struct Room {
    tokens: Vec<Token>,
    words: Vec<u32>,
    ranges: Vec<(usize, usize)>,
    marks: Vec<Mark>,
    drafts: Vec<Draft>,
    small: String,
}

struct Reading<'a> {
    text: &'a str,
    names: &'a NameTable,
    lexicon: &'a Lexicon,
    context: Context,
    claims: Vec<Claim>,
    room: Room,
    /// Claims of a share that the text hasn't named yet.
    unnamed: Vec<Unnamed>,
    /// Places of claims that turned out to be of no share, in order.
    dropped: Vec<usize>,
    /// The marks of each sentence, where wanted.
    shown: Option<String>,
}

/// A claim of "the stock", or of a company, before the text has named any.
struct Unnamed {
    /// Its place among the claims.
    claim: usize,
    /// The sentence that made it.
    sentence: usize,
    /// Whether it is no claim unless the share is named.
    doubtful: bool,
}

/// In so many sentences a share that was spoken of without its name is named, or it isn't the one.
const NAMED_WITHIN: usize = 3;

impl Reading<'_> {
    fn paragraph(&mut self, start: usize, end: usize) {
        let mut room = std::mem::take(&mut self.room);
        room.tokens.clear();
        tokenise(self.text, start, end, &mut room.tokens);
        room.words.clear();
        for token in &room.tokens {
            // Numbers too: "52-week".
            let word = if matches!(token.kind, Kind::Word | Kind::Number) {
                number_of(self.lexicon, self.text, token, &mut room.small)
            } else {
                0
            };
            room.words.push(word);
        }
        let view = View { text: self.text, tokens: &room.tokens, words: &room.words, lexicon: self.lexicon };
        sentences(&view, &mut room.ranges);
        if view.kind(0) != Some(Kind::Bullet) {
            self.context.header = None;
        }
        for (from, to) in &room.ranges {
            let view = view.part(*from, *to);
            self.sentence(&view, &mut room.marks, &mut room.drafts);
        }
        self.room = room;
    }

    fn sentence(&mut self, view: &View<'_>, marks: &mut Vec<Mark>, drafts: &mut Vec<Draft>) {
        let context = &self.context;
        if self.shown.is_none() && is_bare(view, self.names, context) {
            self.context.sentence += 1;
            return;
        }
        mark::marks(view, self.names, &|view, at| context.declared_at(view, at), marks);
        periods_of_before(view, marks, context);
        since_dated(marks);
        if let Some(shown) = &mut self.shown {
            for mark in marks.iter() {
                let words = view.text.get(mark.start..mark.end).unwrap_or("");
                shown.push_str(&format!("{words:?} {:?}\n", mark.what));
            }
            shown.push('\n');
        }
        self.declare(view, marks);
        if marks.iter().any(|mark| matches!(mark.what, What::Figure(_))) {
            let scene = Scene { view, marks, names: self.names, context: &self.context };
            let mut left_alone = Vec::new();
            let said = read_sentence(&scene, drafts, &mut left_alone);
            if let Some(shown) = &mut self.shown {
                for (place, reason) in left_alone {
                    let words = marks.get(place).and_then(|mark| view.text.get(mark.start..mark.end)).unwrap_or("");
                    shown.push_str(&format!("left alone: {words:?}, {reason}\n"));
                }
            }
            if !said.is_empty() {
                self.context.periods = said;
            }
            // What the sentence is about, not what it compares it with.
            if let Some(draft) = drafts.first() {
                self.context.last_subject = Some(draft.subject);
            }
            if let Some(draft) = drafts.last() {
                self.context.last_move = Some((draft.subject, draft.rise, self.context.sentence));
            }
            for draft in drafts.iter() {
                self.push(draft);
            }
        }
        self.context.note(view, marks, self.names);
        self.name_later();
        self.head(marks);
    }

    /// "Chipmaker sinks 8 %. Intel cut its forecast": the share of the claims before is the one now named.
    fn name_later(&mut self) {
        let read = self.context.sentence;
        if self.unnamed.is_empty() {
            return;
        }
        let Some(subject) = self.context.share_just_named() else { return };
        let subject = self.subject(subject);
        for unnamed in std::mem::take(&mut self.unnamed) {
            match read - unnamed.sentence {
                // Of the sentence that names it: there "the stock" was another.
                0 | 1 => self.unnamed.push(unnamed),
                later if later <= NAMED_WITHIN + 1 => {
                    if let Some(claim) = self.claims.get_mut(unnamed.claim) {
                        claim.subject = subject.clone();
                        claim.inferred.push(crate::claim::Inference::SecurityFromContext);
                        claim.inferred.sort_unstable();
                        claim.inferred.dedup();
                    }
                }
                _ if unnamed.doubtful => self.dropped.push(unnamed.claim),
                _ => {}
            }
        }
    }

    /// Drops what no name came for, and numbers the claims.
    fn finish(&mut self) {
        self.dropped.extend(self.unnamed.iter().filter(|unnamed| unnamed.doubtful).map(|unnamed| unnamed.claim));
        let mut dropped = self.dropped.iter().copied().peekable();
        let mut place = 0;
        self.claims.retain(|_| {
            let drop = dropped.next_if_eq(&place).is_some();
            place += 1;
            !drop
        });
        for (number, claim) in self.claims.iter_mut().enumerate() {
            claim.id = format!("claim-{}", number + 1);
        }
    }

    fn subject(&self, subject: context::Subject) -> Subject {
        match subject {
            context::Subject::Security(key) => Subject::Symbol(self.symbol(key)),
            context::Subject::Unknown { start, end } => Subject::Unknown(self.text.get(start..end).unwrap_or("").to_owned()),
            context::Subject::Unsaid | context::Subject::Later => Subject::Unsaid,
        }
    }

    /// A line that ends with a colon gives its period to the list after it.
    fn head(&mut self, marks: &[Mark]) {
        if matches!(marks.last().map(|mark| mark.what), Some(What::Break { colon: true })) {
            let horizon = marks.iter().find_map(|mark| match mark.what {
                What::Horizon(horizon, _) => horizon,
                _ => None,
            });
            let day = marks.iter().find_map(|mark| match mark.what {
                What::Day(day) => Some(day),
                _ => None,
            });
            self.context.header = (horizon.is_some() || day.is_some()).then_some((horizon, day));
        }
    }

    /// "Brelinox Corp (NYSE: BRX)": the name stands for the ticker from here on.
    fn declare(&mut self, view: &View<'_>, marks: &[Mark]) {
        for mark in marks {
            let What::Security { key, .. } = mark.what else { continue };
            if let SecurityKey::Declared { start, end } = key {
                // The letters alone stand for it too.
                self.context.declare(vec![self.text.get(start..end).unwrap_or("").to_owned()], Some(key));
            }
            let first = view.token(mark.from);
            let is_name =
                first.is_some_and(|token| token.kind == Kind::Word) && self.names.find(view.text, view.tokens, mark.from).is_none();
            let has_mark = (mark.from + 1..mark.to).find(|at| view.kind(*at) == Some(Kind::Open));
            if let (true, Some(open)) = (is_name, has_mark) {
                let name = Mark { to: open, ..*mark };
                self.context.declare(name_words(view, &name), Some(key));
            }
        }
    }

    fn push(&mut self, draft: &Draft) {
        if draft.unclear {
            return;
        }
        let mantissa = if draft.rise { draft.figure.number.mantissa } else { -draft.figure.number.mantissa };
        let Some(stated) = StatedPercent::new(mantissa, draft.figure.number.decimals).filter(|stated| stated.percent() != 0.0) else {
            return;
        };
        let against = match draft.against.map(|against| self.subject(against)) {
            Some(Subject::Symbol(symbol)) => Some(symbol),
            Some(_) => return,
            None => None,
        };
        let qualifier = match (draft.qualifier, draft.figure.kind) {
            // "Halved", "a third": words round.
            (crate::claim::Qualifier::None, figure::FigureKind::Multiple { .. } | figure::FigureKind::Part) => {
                crate::claim::Qualifier::About
            }
            (qualifier, _) => qualifier,
        };
        if matches!(draft.subject, context::Subject::Unsaid | context::Subject::Later) {
            let doubtful = draft.subject == context::Subject::Later;
            self.unnamed.push(Unnamed { claim: self.claims.len(), sentence: self.context.sentence, doubtful });
        }
        self.claims.push(Claim {
            id: String::new(),
            subject: self.subject(draft.subject),
            horizon: draft.horizon,
            stated,
            qualifier,
            against,
            span: Some((draft.start, draft.end)),
            as_of: draft.day,
            inferred: draft.inferred.clone(),
        });
    }

    fn symbol(&self, key: SecurityKey) -> String {
        let symbol = self.names.symbol(self.text, key);
        match key {
            // "BRK.B" is BRK-B in price files.
            SecurityKey::Declared { .. } if symbol.len() > 2 && symbol.as_bytes().get(symbol.len() - 2) == Some(&b'.') => {
                symbol.replace('.', "-")
            }
            _ => symbol.to_owned(),
        }
    }
}

/// Whether a sentence holds neither a figure nor a name nor a day, nor any other word to keep in mind: most sentences of most articles. No
/// mark of it would be of use.
fn is_bare(view: &View<'_>, names: &NameTable, context: &Context) -> bool {
    let kept = WordClass::Notable.bit() | WordClass::Dated.bit() | if context.market { 0 } else { WordClass::OfMarkets.bit() };
    let mut first = true;
    // A line that ends with a colon may give its period to the list after it.
    view.kind(view.tokens.len().saturating_sub(1)) != Some(Kind::Colon)
        && (0..view.tokens.len()).all(|at| match view.kind(at) {
            Some(Kind::Word) => {
                let begins = std::mem::take(&mut first);
                if view.lexicon.is_any(view.word(at), kept) {
                    return false;
                }
                if view.token(at).is_some_and(|token| token.plain) {
                    return true;
                }
                let text = view.text_of(at);
                let mut letters = text.chars();
                let capital = letters.next().is_some_and(char::is_uppercase);
                let others_small = letters.all(|letter| !letter.is_uppercase() && !letter.is_ascii_digit());
                let small = !capital && text.starts_with(char::is_alphabetic) && others_small;
                // "Les": a word like another at the beginning of a sentence.
                let common = || {
                    begins
                        && others_small
                        && view.role_alone(at).is_some()
                        && names.find(view.text, view.tokens, at).is_none()
                        && context.declared_at(view, at).is_none()
                };
                small || common()
            }
            Some(Kind::Comma | Kind::Stop | Kind::Semicolon | Kind::Colon | Kind::Open | Kind::Close | Kind::Quote | Kind::Dash) => true,
            _ => false,
        })
}

/// "Since then" is since the day that the text has named before, where it has named one; "in the second" the second quarter, or half, of the
/// year whose first it has spoken of.
fn periods_of_before(view: &View<'_>, marks: &mut [Mark], context: &Context) {
    let mut day = context.last_day;
    let mut part = context.periods.last().copied();
    let mut named = None;
    // The day that the sentence itself names, and whether it speaks of a high (true) or of a low.
    let mut today = None;
    let mut turned = None;
    let mut low_or_high = false;
    let mut event = false;
    for at in 0..marks.len() {
        let is_comma = |at: Option<usize>| at.and_then(|at| marks.get(at)).is_some_and(|mark| mark.what == What::Comma);
        let aside = is_comma(at.checked_sub(1)) && is_comma(Some(at + 1));
        let Some(mark) = marks.get_mut(at) else { break };
        // "depuis qu'elle a pris les rênes, en juillet 2022, le titre a gagné 24 %": since then.
        match mark.what {
            What::Horizon(Some(crate::claim::Horizon::SinceEvent), _) => event = true,
            What::Figure(_) => event = false,
            What::Day(day) if event && aside => mark.what = What::Horizon(Some(crate::claim::Horizon::Since(day)), false),
            What::Horizon(Some(crate::claim::Horizon::During(period)), _) if event && aside => {
                mark.what = What::Horizon(Some(crate::claim::Horizon::Since(period)), false);
            }
            _ => {}
        }
        match mark.what {
            // "In 2021 ..., the index finished that year with a gain".
            What::Role(lexicon::Role::SamePeriod)
                if named.is_some() && mark.to > mark.from && view.lexicon.time_unit(view.word(mark.to - 1)).is_some() =>
            {
                mark.what = What::Horizon(named, false);
            }
            What::Day(named) => {
                day = Some(named);
                today = Some(named);
            }
            What::Role(lexicon::Role::Record) => low_or_high = true,
            What::Horizon(Some(horizon), counted) => {
                // "tombée au plus bas en octobre 2023, l'action a regagné 95 % par rapport à ce creux".
                let this = (mark.from..mark.to).any(|word| view.is(word, WordClass::Demonstrative));
                let of_that = match part {
                    Some(crate::claim::Horizon::During(period)) if this && low_or_high => Some(Stretch::During(period)),
                    _ => None,
                };
                let horizon = match (horizon, of_that) {
                    (crate::claim::Horizon::FromHigh(Stretch::Year), Some(stretch)) => crate::claim::Horizon::FromHigh(stretch),
                    (crate::claim::Horizon::FromLow(Stretch::Year), Some(stretch)) => crate::claim::Horizon::FromLow(stretch),
                    _ => horizon,
                };
                mark.what = What::Horizon(Some(horizon), counted);
                part = Some(horizon);
                named = Some(horizon).filter(|horizon| matches!(horizon, crate::claim::Horizon::During(_))).or(named);
            }
            What::Role(lexicon::Role::SinceThen) => {
                let since = context
                    .periods
                    .last()
                    .copied()
                    .filter(|period| matches!(period, crate::claim::Horizon::Since(_) | crate::claim::Horizon::SinceEvent));
                mark.what = What::Horizon(since.or(day.map(crate::claim::Horizon::Since)), false);
            }
            What::Role(lexicon::Role::HasSince) => {
                let mut since = match (named, today) {
                    (_, Some(day)) => Horizon::Since(day),
                    (Some(Horizon::During(period)), None) => Horizon::Since(period),
                    _ => match context.last_day {
                        Some(day) if context.last_day_sentence + 1 == context.sentence => Horizon::Since(day),
                        _ => Horizon::SinceEvent,
                    },
                };
                if let (Horizon::Since(period), Some(high)) = (since, turned) {
                    since = if high { Horizon::FromHigh(Stretch::During(period)) } else { Horizon::FromLow(Stretch::During(period)) };
                }
                mark.what = What::Horizon(Some(since), false);
            }
            What::Word if view.is(mark.from, WordClass::Peak) => turned = Some(true),
            What::Word if view.is(mark.from, WordClass::Trough) => turned = Some(false),
            What::Role(lexicon::Role::Horizon(lexicon::HorizonForm::Again(number))) => {
                let again = match part {
                    Some(crate::claim::Horizon::During(NamedPeriod::Quarter { year, .. })) => {
                        Some(NamedPeriod::Quarter { year, quarter: number })
                    }
                    Some(crate::claim::Horizon::During(NamedPeriod::Half { year, .. })) if number <= 2 => {
                        Some(NamedPeriod::Half { year, half: number })
                    }
                    _ => None,
                };
                mark.what = match again {
                    Some(period) => What::Horizon(Some(crate::claim::Horizon::During(period)), false),
                    None => What::Role(lexicon::Role::Filler),
                };
            }
            _ => {}
        }
    }
}

/// "Since Wolfson became chief executive in 2001": since 2001.
fn since_dated(marks: &mut [Mark]) {
    for at in 0..marks.len() {
        let since =
            marks.get(at).is_some_and(|mark| mark.to == mark.from + 1 && mark.what == What::Horizon(Some(Horizon::SinceEvent), false));
        if !since {
            continue;
        }
        let dated = (at + 1..(at + 10).min(marks.len())).find_map(|place| match marks.get(place)?.what {
            What::Horizon(Some(Horizon::During(period)), _) | What::Day(period) => Some(Some((place, period))),
            What::Comma | What::Break { .. } | What::Figure(_) | What::Horizon(..) | What::Open | What::Move { .. } => Some(None),
            _ => None,
        });
        if let Some((place, period)) = dated.flatten() {
            marks.iter_mut().skip(at).take(1).for_each(|mark| mark.what = What::Horizon(Some(Horizon::Since(period)), false));
            marks.iter_mut().skip(place).take(1).for_each(|mark| mark.what = What::Role(lexicon::Role::Filler));
        }
    }
}

/// The number of a word in the lexicon.
fn number_of(lexicon: &Lexicon, text: &str, token: &Token, small: &mut String) -> u32 {
    let word = text.get(token.start..token.end).unwrap_or("");
    if token.plain {
        return lexicon.word(word);
    }
    small.clear();
    for character in word.chars() {
        match character {
            _ if character.is_ascii() => small.push(character.to_ascii_lowercase()),
            _ if token::is_apostrophe(character) => small.push('\''),
            'ß'..='ÿ' => small.push(character),
            _ => small.extend(character.to_lowercase()),
        }
    }
    lexicon.word(small)
}
