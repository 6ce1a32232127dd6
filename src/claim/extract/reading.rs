//! One reading of a text: paragraph by paragraph, sentence by sentence, with what it has said so far and the claims that it has made.

use super::anaphora::{periods_of_before, since_dated};
use super::context::{self, Context, name_words};
use super::draft::Draft;
use super::figure;
use super::grammar::read_sentence;
use super::lexicon::{Lexicon, WordClass};
use super::mark::{self, Mark, What};
use super::name::{NameTable, SecurityKey};
use super::scene::Scene;
use super::sentence::{View, paragraphs, sentences};
use super::token::{self, Kind, Token, tokenise};
use crate::claim::{Claim, StatedPercent, Subject};

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

/// A text while it is read.
pub(super) struct Reading<'a> {
    text: &'a str,
    names: &'a NameTable,
    lexicon: &'a Lexicon,
    context: Context,
    pub(super) claims: Vec<Claim>,
    room: Room,
    /// Claims of a share that the text hasn't named yet.
    unnamed: Vec<Unnamed>,
    /// Places of claims that turned out to be of no share, in order.
    dropped: Vec<usize>,
    /// The marks of each sentence, where wanted.
    pub(super) shown: Option<String>,
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

impl<'a> Reading<'a> {
    /// The reading of a whole text; `shown` collects the marks of its sentences, where wanted.
    pub(super) fn of(text: &'a str, names: &'a NameTable, lexicon: &'a Lexicon, shown: Option<String>) -> Self {
        let mut reading = Self {
            text,
            names,
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
        reading
    }

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
