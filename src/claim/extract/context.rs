//! What the text has spoken of so far: the securities that "the stock" may mean, the names that it declared, the periods that
//! "over the same period" may mean.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::lexicon::Role;
use super::mark::{Mark, What};
use super::name::{NameTable, SecurityKey, SecurityKind};
use super::sentence::View;
use crate::claim::{Horizon, NamedPeriod};

/// Who is spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Security(SecurityKey),
    /// A name that no table holds: its bytes.
    Unknown {
        start: usize,
        end: usize,
    },
    /// "The stock", of which nothing says which.
    Unsaid,
    /// "Chipmaker sinks 8 %": a company that the text, if it is to be told at all, names later.
    Later,
}

/// A security named in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention {
    pub subject: Subject,
    pub kind: SecurityKind,
    pub paragraph: usize,
    pub sentence: usize,
    /// Whether it is something that acts, not what follows a preposition.
    pub acts: bool,
    /// Whether nothing around it shows that it is a company.
    pub weak: bool,
}

/// The text so far.
#[derive(Debug, Default)]
pub(super) struct Context {
    pub paragraph: usize,
    /// Sentences read.
    pub sentence: usize,
    mentions: Vec<Mention>,
    /// Names that no table holds: with a ticker that the text declares, or known to be a company's by the words around it.
    declared: IndexMap<String, Vec<Declared>, FxBuildHasher>,
    /// Whether the text has spoken of shares, indices or investors.
    pub market: bool,
    /// Periods of the latest figures that had one of their own, the last sentence's only.
    pub periods: Vec<Horizon>,
    /// The period of a line that ends with a colon, for the list after it.
    pub header: Option<(Option<Horizon>, Option<NamedPeriod>)>,
    /// The day named last.
    pub last_day: Option<NamedPeriod>,
    /// The sentence that named it.
    pub last_day_sentence: usize,
    /// Whose move was stated last.
    pub last_subject: Option<Subject>,
    /// The last move stated, whether a rise, and in which sentence: what a sentence of a period and a figure alone goes on from.
    pub last_move: Option<(Subject, bool, usize)>,
}

/// Which securities a word can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Share,
    Index,
    Any,
}

impl Wanted {
    fn fits(self, kind: SecurityKind) -> bool {
        match self {
            Wanted::Share => kind != SecurityKind::Index,
            Wanted::Index => kind == SecurityKind::Index,
            Wanted::Any => true,
        }
    }
}

impl Context {
    /// The nearest fitting security before: of the paragraph, first what acts; else the nearest before. True when it stands in an earlier
    /// paragraph.
    pub fn nearest(&self, wanted: Wanted) -> Option<(Subject, bool)> {
        // Names that nothing around them shows to be a company's only count where there is no other.
        self.nearest_of(wanted, false).or_else(|| self.nearest_of(wanted, true))
    }

    /// Of the nearest sentence that names one: the first that acts, since it is what the sentence is about; else the last named.
    fn nearest_of(&self, wanted: Wanted, weak: bool) -> Option<(Subject, bool)> {
        let fits = || self.mentions.iter().rev().take(MOST_LOOKED_AT).filter(|mention| wanted.fits(mention.kind) && mention.weak == weak);
        let nearest = fits().find(|mention| mention.acts).or_else(|| fits().next())?;
        if nearest.paragraph < self.paragraph {
            // In a new paragraph "the stock" is what the paragraph before is about: the first that acts there.
            let paragraph = || {
                fits()
                    .skip_while(|mention| mention.paragraph > nearest.paragraph)
                    .take_while(|mention| mention.paragraph == nearest.paragraph)
            };
            let main = paragraph().filter(|mention| mention.acts).last().or_else(|| paragraph().last())?;
            return Some((main.subject, true));
        }
        let sentence = || {
            let later = |mention: &&Mention| mention.sentence > nearest.sentence;
            fits().skip_while(later).take_while(|mention| mention.sentence == nearest.sentence)
        };
        let chosen = sentence().filter(|mention| mention.acts).last().or_else(|| sentence().next())?;
        Some((chosen.subject, false))
    }

    /// The security named last of those that fit.
    pub fn nearest_that(&self, fits: impl Fn(&Subject) -> bool) -> Option<Subject> {
        self.mentions.iter().rev().take(MOST_LOOKED_AT).map(|mention| mention.subject).find(fits)
    }

    /// Whether nothing has been named yet.
    pub fn is_new(&self) -> bool {
        self.mentions.is_empty()
    }

    /// The share that the sentence just read is about: the first that acts in it.
    pub fn share_just_named(&self) -> Option<Subject> {
        let of_sentence = self.mentions.iter().rev().take(MOST_LOOKED_AT).take_while(|mention| mention.sentence + 1 == self.sentence);
        of_sentence
            .filter(|mention| mention.acts && !mention.weak && Wanted::Share.fits(mention.kind))
            .last()
            .map(|mention| mention.subject)
    }

    /// What the sentence right before was about, when it named one security only.
    pub fn just_named(&self) -> Option<Subject> {
        let mut last = self.mentions.iter().rev().take_while(|mention| mention.sentence + 1 == self.sentence);
        let subject = last.next()?.subject;
        last.all(|mention| mention.subject == subject).then_some(subject)
    }

    /// What the nearest sentence that names two or more names, in order.
    pub fn listed(&self) -> Vec<Subject> {
        let mut of_sentence: Vec<Subject> = Vec::new();
        let mut sentence = None;
        for mention in self.mentions.iter().rev().take(MOST_LOOKED_AT) {
            if sentence.is_some_and(|sentence| sentence != mention.sentence) {
                if of_sentence.len() > 1 {
                    break;
                }
                of_sentence.clear();
            }
            sentence = Some(mention.sentence);
            if !of_sentence.contains(&mention.subject) {
                of_sentence.insert(0, mention.subject);
            }
        }
        of_sentence
    }

    /// What the nearest paragraph that names any names, in order.
    pub fn of_paragraph(&self) -> Vec<Subject> {
        let mut named: Vec<Subject> = Vec::new();
        let last = self.mentions.last().map(|mention| mention.paragraph);
        let latest = self.mentions.iter().rev().take(MOST_LOOKED_AT).take_while(|mention| Some(mention.paragraph) == last);
        for mention in latest.filter(|mention| !mention.weak) {
            named.retain(|subject| *subject != mention.subject);
            named.insert(0, mention.subject);
        }
        named
    }

    /// The first and the last of the nearest sentence that names two or more.
    pub fn pair(&self) -> Option<(Subject, Subject)> {
        let mut of_sentence: Vec<Subject> = Vec::new();
        let mut sentence = None;
        for mention in self.mentions.iter().rev() {
            if sentence.is_some_and(|sentence| sentence != mention.sentence) {
                if of_sentence.len() > 1 {
                    break;
                }
                of_sentence.clear();
            }
            sentence = Some(mention.sentence);
            if !of_sentence.contains(&mention.subject) {
                of_sentence.push(mention.subject);
            }
        }
        (of_sentence.len() >= 2).then(|| Some((*of_sentence.last()?, *of_sentence.first()?)))?
    }

    /// Whether a name has been spoken of before.
    pub fn has_named(&self, text: &str, name: &str) -> bool {
        self.mentions.iter().any(|mention| matches!(mention.subject, Subject::Unknown { start, end } if text.get(start..end) == Some(name)))
    }

    /// Takes note of a sentence's names.
    pub fn note(&mut self, view: &View<'_>, marks: &[Mark], names: &NameTable) {
        for (place, mark) in marks.iter().enumerate() {
            if let What::Day(day) = mark.what {
                self.last_day = Some(day);
                self.last_day_sentence = self.sentence;
            }
            // Only names act.
            let acts = matches!(mark.what, What::Security { .. } | What::Unknown { .. } | What::Role(Role::Former | Role::Latter))
                && super::scene::acts(marks, place)
                && !super::credibility::is_rater(view, names, marks, place);
            let (subject, kind, weak) = match mark.what {
                What::Security { key, ambiguous } => {
                    // At the beginning of a sentence "Target" may be any word.
                    // "Orange ? +5 % depuis janvier."
                    let alone = marks.len() == 2;
                    let doubtful = ambiguous
                        && place == 0
                        && !alone
                        && !matches!(
                            marks.get(1).map(|next| next.what),
                            Some(
                                What::Move { .. }
                                    | What::Possessive
                                    | What::Role(_)
                                    | What::Day(_)
                                    | What::Horizon(..)
                                    | What::Open
                                    | What::Break { colon: true }
                            )
                        );
                    if doubtful {
                        continue;
                    }
                    (Subject::Security(key), names.kind(key), false)
                }
                What::Unknown { .. } if super::credibility::is_person(view, marks, place) => continue,
                What::Unknown { initial, company, owner } => {
                    let known = self.knows(view, mark);
                    if owner.is_some() && !known {
                        continue;
                    }
                    // "the Leverkusen stock": a town.
                    let town = !company
                        && !known
                        && mark.to == mark.from + 1
                        && matches!(marks.get(place + 1).map(|next| next.what), Some(What::Role(Role::Share)))
                        && place.checked_sub(1).and_then(|before| marks.get(before)).is_some_and(|before| before.article);
                    if town && self.nearest(Wanted::Share).is_some() {
                        continue;
                    }
                    // "UPDATE", "MISE À JOUR": no names.
                    let loud =
                        view.text.get(mark.start..mark.end).is_some_and(|name| name.len() > 1 && !name.chars().any(char::is_lowercase));
                    if loud && !known {
                        continue;
                    }
                    // "les ventes du Bimzelx": what is sold.
                    let of = super::scene::governed_by(marks, place).filter(|of| {
                        marks.get(*of).is_some_and(|mark| {
                            mark.what == What::Role(Role::Of)
                                && view.text.get(mark.start..mark.end).is_some_and(|words| view.lexicon.is_of_the_one(words))
                        })
                    });
                    let thing = of.and_then(|of| super::scene::before(marks, of)).and_then(|thing| super::scene::what(marks, thing));
                    if !known && !company && thing == Some(What::Role(Role::Other)) {
                        continue;
                    }
                    let sure = super::credibility::is_company_like(marks, place) || super::credibility::is_described(marks, place) || known;
                    let plausible = !initial
                        || acts
                            && (matches!(
                                marks.get(place + 1).map(|next| next.what),
                                Some(What::Role(Role::Filler | Role::Report) | What::Possessive | What::Comma | What::Move { .. })
                            ))
                            && marks.get(place + 1).is_none_or(|next| {
                                next.what != What::Role(Role::Filler)
                                    || !view.lexicon.has_auxiliaries()
                                    || (next.from..next.to).any(|word| view.is(word, super::lexicon::WordClass::Auxiliary))
                            });
                    if !sure && !plausible {
                        continue;
                    }
                    if sure && !known {
                        self.declare(name_words(view, mark), None);
                    }
                    (Subject::Unknown { start: mark.start, end: super::scene::plain_end(view, mark) }, SecurityKind::Share, !sure)
                }
                What::Role(role @ (Role::Former | Role::Latter)) if place <= 1 => {
                    let Some((first, last)) = self.pair() else { continue };
                    let subject = if role == Role::Former { first } else { last };
                    let kind = match subject {
                        Subject::Security(key) => names.kind(key),
                        _ => SecurityKind::Share,
                    };
                    (subject, kind, false)
                }
                What::Role(Role::Share | Role::Market) => {
                    self.market = true;
                    continue;
                }
                _ => continue,
            };
            self.market |= !weak;
            self.mentions.push(Mention { subject, kind, paragraph: self.paragraph, sentence: self.sentence, acts, weak });
        }
        self.sentence += 1;
        // Only the latest count, so that a text of any length takes the same memory.
        if self.mentions.len() > 4096 {
            self.mentions.drain(..2048);
        }
    }

    /// Takes note of a name with its ticker, "Brelinox Corp (NYSE: BRX)"; without one, that it is a company's.
    pub fn declare(&mut self, words: Vec<String>, key: Option<SecurityKey>) {
        let Some(first) = words.first().cloned() else { return };
        if self.declared.len() > MOST_DECLARED {
            return;
        }
        let names = self.declared.entry(first).or_default();
        let count = names.len();
        match names.iter_mut().find(|name| name.words == words) {
            Some(name) => name.key = key.or(name.key),
            None if count >= MOST_ALIKE => {}
            None => names.push(Declared { words, key }),
        }
    }

    /// Whether the text has named it before, or knows it to be a company's.
    pub fn knows_as_company(&self, view: &View<'_>, marks: &[Mark], at: usize) -> bool {
        marks.get(at).is_some_and(|mark| {
            let name = view.text.get(mark.start..super::scene::plain_end(view, mark)).unwrap_or("");
            self.knows(view, mark) || self.has_named(view.text, name)
        })
    }

    /// Whether a name is known to be a company's, or declared.
    pub fn knows(&self, view: &View<'_>, mark: &Mark) -> bool {
        if self.declared.is_empty() {
            return false;
        }
        let end = super::scene::plain_end(view, mark);
        let count = view.tokens.get(mark.from..mark.to).map_or(0, |tokens| tokens.iter().filter(|token| token.end <= end).count());
        self.declared.get(view.text_of(mark.from)).is_some_and(|names| {
            names.iter().any(|name| {
                name.words.len() == count && name.words.iter().enumerate().all(|(offset, word)| view.text_of(mark.from + offset) == word)
            })
        })
    }

    /// The declared name that begins at a token: the token after it, and its security.
    pub fn declared_at(&self, view: &View<'_>, at: usize) -> Option<(usize, SecurityKey)> {
        if self.declared.is_empty() {
            return None;
        }
        self.declared.get(view.text_of(at))?.iter().find_map(|name| {
            let fits = name.words.iter().enumerate().all(|(offset, word)| view.text_of(at + offset) == word);
            fits.then_some((at + name.words.len(), name.key?))
        })
    }
}

/// A name that the text declares.
#[derive(Debug)]
struct Declared {
    words: Vec<String>,
    /// None when only known to be a company's.
    key: Option<SecurityKey>,
}

/// So many declared names may begin with the same word.
const MOST_ALIKE: usize = 64;

/// So many of the latest mentions are looked at.
const MOST_LOOKED_AT: usize = 512;

/// So many names are kept, that a text of any length takes the same memory.
const MOST_DECLARED: usize = 4096;

/// A name's words without its legal form.
pub(super) fn name_words(view: &View<'_>, mark: &Mark) -> Vec<String> {
    let end = super::scene::plain_end(view, mark);
    let tokens = view.tokens.get(mark.from..mark.to).unwrap_or(&[]);
    tokens.iter().filter(|token| token.end <= end).filter_map(|token| view.text.get(token.start..token.end)).map(str::to_owned).collect()
}
