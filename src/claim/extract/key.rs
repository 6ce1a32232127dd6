//! The keys of a lexicon file: what each may be, and the role that it stands for.

use super::lexicon::{HorizonForm, Role, TimeUnit, Unit, WordClass};
use super::lexicon_file::LexiconError;
use crate::claim::{Horizon, Qualifier, Stretch};

pub(super) fn horizon_form(text: &str) -> Result<HorizonForm, LexiconError> {
    let wrong = || LexiconError::Key {
        section: "horizon",
        key: text.to_owned(),
        expected: "write a horizon, or {n} {unit}, {n}, since {period}, {period}, from {period} to {period}, from-high-in {period}, from-low-in {period}, again 1 to again 4 or unclear",
    };
    match text {
        "{n} {unit}" => Ok(HorizonForm::Count),
        "since {period}" => Ok(HorizonForm::Since),
        "{n}" => Ok(HorizonForm::CountAgain),
        "{period}" => Ok(HorizonForm::During),
        "from {period} to {period}" => Ok(HorizonForm::Between),
        "again 1" => Ok(HorizonForm::Again(1)),
        "again 2" => Ok(HorizonForm::Again(2)),
        "again 3" => Ok(HorizonForm::Again(3)),
        "again 4" => Ok(HorizonForm::Again(4)),
        "unclear" => Ok(HorizonForm::Unclear),
        "from-high-in {period}" => Ok(HorizonForm::HighIn),
        "from-low-in {period}" => Ok(HorizonForm::LowIn),
        "from-high" => Ok(HorizonForm::Fixed(Horizon::FromHigh(Stretch::Year))),
        _ => text.parse().map(HorizonForm::Fixed).map_err(|_| wrong()),
    }
}

pub(super) fn qualifier(section: &'static str, key: &str) -> Result<Qualifier, LexiconError> {
    match key {
        "more-than" => Ok(Qualifier::MoreThan),
        "at-least" => Ok(Qualifier::AtLeast),
        "less-than" => Ok(Qualifier::LessThan),
        "at-most" => Ok(Qualifier::AtMost),
        "about" => Ok(Qualifier::About),
        "nearly" => Ok(Qualifier::Nearly),
        _ => Err(LexiconError::Key {
            section,
            key: key.to_owned(),
            expected: "write more-than, at-least, less-than, at-most, about or nearly",
        }),
    }
}

pub(super) fn figure_unit(key: &str) -> Result<Unit, LexiconError> {
    match key {
        "percent" => Ok(Unit::Percent),
        "percentage-point" => Ok(Unit::PercentagePoint),
        "basis-point" => Ok(Unit::BasisPoint),
        "point" => Ok(Unit::Point),
        _ => Err(LexiconError::Key {
            section: "unit",
            key: key.to_owned(),
            expected: "write percent, percentage-point, basis-point or point",
        }),
    }
}

pub(super) fn time_unit(key: &str) -> Result<TimeUnit, LexiconError> {
    match key {
        "day" => Ok(TimeUnit::Day),
        "session" => Ok(TimeUnit::Session),
        "week" => Ok(TimeUnit::Week),
        "month" => Ok(TimeUnit::Month),
        "quarter" => Ok(TimeUnit::Quarter),
        "year" => Ok(TimeUnit::Year),
        "decade" => Ok(TimeUnit::Decade),
        "fortnight" => Ok(TimeUnit::Fortnight),
        _ => Err(LexiconError::Key {
            section: "units",
            key: key.to_owned(),
            expected: "write day, session, week, fortnight, month, quarter, year or decade",
        }),
    }
}

pub(super) fn named_role(section: &'static str, key: &str) -> Result<Role, LexiconError> {
    let role = match key {
        "share" => Role::Share,
        "index" => Role::Index,
        "pronoun" => Role::Pronoun,
        "former" => Role::Former,
        "latter" => Role::Latter,
        "company" => Role::Company,
        "several" => Role::Several(0),
        "pair" => Role::Several(2),
        "trio" => Role::Several(3),
        "quartet" => Role::Several(4),
        "relative" => Role::Relative,
        "other" => Role::Other,
        "modal" => Role::Modal,
        "negation" => Role::Negation,
        "compare" => Role::Compare,
        "ahead" => Role::Gap { ahead: true },
        "behind" => Role::Gap { ahead: false },
        "report" => Role::Report,
        "record" => Role::Record,
        "measure" => Role::Measure,
        "rate" => Role::Rate,
        "usual" => Role::Usual,
        "respectively" => Role::Respectively,
        "since_then" => Role::SinceThen,
        "has_since" => Role::HasSince,
        "same_period" => Role::SamePeriod,
        "and" => Role::And,
        "to" => Role::To,
        "from" => Role::From,
        "of" => Role::Of,
        "by" => Role::By,
        "for" => Role::For,
        "with" => Role::With,
        "market" => Role::Market,
        "place" => Role::Place,
        "group" => Role::Group,
        "preposition" => Role::Preposition,
        "because" => Role::Because,
        "value" => Role::Value,
        "filler" => Role::Filler,
        _ => {
            return Err(LexiconError::Key {
                section,
                key: key.to_owned(),
                expected: "see lexicon/english.toml for the roles that there are",
            });
        }
    };
    Ok(role)
}

pub(super) fn word_class(key: &str) -> Result<WordClass, LexiconError> {
    match key {
        "definite" => Ok(WordClass::Definite),
        "indefinite" => Ok(WordClass::Indefinite),
        "possessive" => Ok(WordClass::Possessive),
        "demonstrative" => Ok(WordClass::Demonstrative),
        "between" => Ok(WordClass::Between),
        "part_of_day" => Ok(WordClass::PartOfDay),
        "town" => Ok(WordClass::Town),
        "level" => Ok(WordClass::Level),
        "vague" => Ok(WordClass::Vague),
        "clock" => Ok(WordClass::Clock),
        "decimal_word" => Ok(WordClass::DecimalWord),
        "causative" => Ok(WordClass::Causative),
        "makes" => Ok(WordClass::Makes),
        "if" => Ok(WordClass::If),
        "rating" => Ok(WordClass::Rating),
        "another_day" => Ok(WordClass::AnotherDay),
        "than" => Ok(WordClass::Than),
        "auxiliary" => Ok(WordClass::Auxiliary),
        "perfect" => Ok(WordClass::Perfect),
        "rates" => Ok(WordClass::Rates),
        "title" => Ok(WordClass::Title),
        "transitive" => Ok(WordClass::Transitive),
        "performer" => Ok(WordClass::Performer),
        "vanish" => Ok(WordClass::Vanish),
        "fund" => Ok(WordClass::Fund),
        "closes" => Ok(WordClass::Closes),
        "exchange" => Ok(WordClass::Exchange),
        "the_one" => Ok(WordClass::TheOne),
        "weak" => Ok(WordClass::Weak),
        "owner" => Ok(WordClass::Owner),
        "worth" => Ok(WordClass::Worth),
        "amount" => Ok(WordClass::Amount),
        "relation" => Ok(WordClass::Relation),
        "peak" => Ok(WordClass::Peak),
        "trough" => Ok(WordClass::Trough),
        _ => Err(LexiconError::Key {
            section: "grammar",
            key: key.to_owned(),
            expected: "write definite, indefinite, possessive, demonstrative, between, part_of_day, town, level, vague, clock, decimal_word, causative, makes, perfect, rates, title, transitive, performer, weak, closes, exchange, fund, the_one, vanish, owner, worth, amount, relation, peak, trough, if, than, rating, another_day or auxiliary",
        }),
    }
}
