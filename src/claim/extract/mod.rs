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
//! | Asked | Answered in |
//! |---|---|
//! | which words are marks | `mark`, with `word`, `security`, `figure`, `date`; lists of periods in `enumeration` |
//! | what gives the direction | `direction`; a printed sign in `quote`, a gap in `gap`, a loss of worth in `vanish`, what goes on in `ellipsis` |
//! | whether it is a move at all | `level`, `modality` |
//! | who moved | `mover`, over `subject`, `complement`, `causative`, `inversion`, `ellipsis`; which names count in `candidate`, `credibility` |
//! | what a word stands for | `reference`, `scene`; brands in `brand`; what the text has said in `context` |
//! | over which period | `period`, with those beside the movement in `adjunct`, those said before in `anaphora`, those of the figure before in `inheritance` |
//! | which of a list's figures is whose | `list` |
//!
//! What isn't said in so many words is noted on the claim ([`crate::claim::Inference`]). A name that no table holds is reported as such; "the stock"
//! without anything before it is reported as unsaid. Nothing is guessed.
//!
//! The text is read once, paragraph by paragraph; of what it has said only the latest is kept. A sentence of more than 400 tokens is cut, so
//! that time is linear in any text.

mod adjunct;
mod anaphora;
mod brand;
mod candidate;
mod causative;
mod company;
mod complement;
mod context;
mod credibility;
mod date;
mod direction;
mod draft;
mod ellipsis;
mod enumeration;
mod figure;
mod gap;
mod grammar;
mod inheritance;
mod inversion;
mod key;
mod level;
mod lexicon;
mod lexicon_file;
mod list;
mod mark;
mod meaning;
mod modality;
mod mover;
mod name;
mod number;
mod period;
mod phrase;
mod quote;
mod reading;
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
mod word;

pub use lexicon::Lexicon;
pub use lexicon_file::{HorizonEntry, LexiconEntries, LexiconError};
pub use name::{NameError, NameTable, SecurityEntry, SecurityKind};

use reading::Reading;

use crate::claim::Claim;

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
        self.lexicon(text, language).map(|lexicon| Reading::of(text, &self.names, lexicon, shown))
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
