//! Periods in words: what an article says of them, and how a reading counts them.

use crate::claim::{Horizon, NamedPeriod, Stretch};
use crate::report::number;
use crate::report::wording::capitalise;
use crate::verify::{Range, ReadingKind};

/// A horizon as a column says it.
pub fn horizon_words(horizon: Horizon) -> String {
    match horizon {
        Horizon::Session => "one session".to_owned(),
        Horizon::Intraday => "during the session".to_owned(),
        Horizon::ExtendedHours => "outside trading hours".to_owned(),
        Horizon::Sessions(count) => format!("{count} sessions"),
        Horizon::Days(1) => "past day".to_owned(),
        Horizon::Days(count) => format!("past {count} days"),
        Horizon::Weeks(1) => "past week".to_owned(),
        Horizon::Weeks(count) => format!("past {count} weeks"),
        Horizon::Months(1) => "past month".to_owned(),
        Horizon::Months(count) => format!("past {count} months"),
        Horizon::Quarter => "past quarter".to_owned(),
        Horizon::Years(1) => "past year".to_owned(),
        Horizon::Years(count) => format!("past {count} years"),
        Horizon::WeekToDate => "week to date".to_owned(),
        Horizon::MonthToDate => "month to date".to_owned(),
        Horizon::QuarterToDate => "quarter to date".to_owned(),
        Horizon::YearToDate => "year to date".to_owned(),
        Horizon::LastWeek => "last week".to_owned(),
        Horizon::LastMonth => "last month".to_owned(),
        Horizon::LastQuarter => "last quarter".to_owned(),
        Horizon::LastYear => "last year".to_owned(),
        Horizon::During(period) if period.is_day() => format!("on {}", period_words(period)),
        Horizon::During(period) => format!("in {}", period_words(period)),
        Horizon::Since(period) => format!("since {}", period_words(period)),
        Horizon::Between(first, last) => format!("from {} to {}", period_words(first), period_words(last)),
        Horizon::SinceEvent => "since an undated event".to_owned(),
        Horizon::FromHigh(stretch) => format!("from the {}", extreme_words("high", stretch)),
        Horizon::FromLow(stretch) => format!("from the {}", extreme_words("low", stretch)),
    }
}

fn extreme_words(extreme: &str, stretch: Stretch) -> String {
    match stretch {
        Stretch::Year => format!("52-week {extreme}"),
        Stretch::Since(date) => format!("{extreme} since {}", number::day(date)),
        Stretch::During(period) => format!("{extreme} of {}", period_words(period)),
        Stretch::Record => format!("record {extreme}"),
    }
}

/// A named day or period: "1 Mar 2022", "Friday", "March", "the first quarter of 2022".
pub fn period_words(period: NamedPeriod) -> String {
    let of = |year: Option<i32>, between: &str| year.map_or_else(String::new, |year| format!("{between}{year}"));
    match period {
        NamedPeriod::Day(date) => number::day(date),
        NamedPeriod::MonthDay { month, day } => number::day_of_month(month, day),
        NamedPeriod::Weekday(_) => capitalise(&period.to_string()),
        NamedPeriod::Yesterday => "yesterday".to_owned(),
        NamedPeriod::Month { year, month } => format!("{}{}", number::month_name(month), of(year, " ")),
        NamedPeriod::Quarter { year, quarter } => {
            let ordinal = match quarter {
                1 => "first",
                2 => "second",
                3 => "third",
                _ => "fourth",
            };
            format!("the {ordinal} quarter{}", of(year, " of "))
        }
        NamedPeriod::Half { year, half } => {
            format!("the {} half{}", if half == 1 { "first" } else { "second" }, of(year, " of "))
        }
        NamedPeriod::Year(year) => year.to_string(),
    }
}

/// A horizon within a sentence: "over the past month", "since 1 Mar 2022".
pub fn horizon_phrase(horizon: Horizon) -> String {
    let words = horizon_words(horizon);
    match horizon {
        Horizon::Session | Horizon::Sessions(_) => format!("over {words}"),
        Horizon::Days(_)
        | Horizon::Weeks(_)
        | Horizon::Months(_)
        | Horizon::Quarter
        | Horizon::Years(_)
        | Horizon::WeekToDate
        | Horizon::MonthToDate
        | Horizon::QuarterToDate
        | Horizon::YearToDate => format!("over the {words}"),
        _ => words,
    }
}

/// A reading in words, its dates written out.
pub fn reading_words(kind: ReadingKind) -> String {
    match kind {
        ReadingKind::CloseOf(date) => format!("from the close of {}", number::day(date)),
        ReadingKind::CloseBefore(date) => format!("from the close before {}", number::day(date)),
        ReadingKind::FirstCloseFrom(date) => format!("from the first close on or after {}", number::day(date)),
        ReadingKind::Period { first, last } => {
            format!("{} to {} from the close before", number::day(first), number::day(last))
        }
        ReadingKind::WithinPeriod { first, last } => {
            format!("{} to {} from its first close", number::day(first), number::day(last))
        }
        ReadingKind::HighOfDay => "the day’s high".to_owned(),
        ReadingKind::LowOfDay => "the day’s low".to_owned(),
        ReadingKind::Highest(level, range) => format!("from the highest {} {}", level.word(), range_words(range)),
        ReadingKind::Lowest(level, range) => format!("from the lowest {} {}", level.word(), range_words(range)),
        other => other.words(),
    }
}

fn range_words(range: Range) -> String {
    match range {
        Range::Since(date) => format!("since {}", number::day(date)),
        Range::Between(first, last) if first == last => format!("of {}", number::day(first)),
        Range::Between(first, last) => format!("from {} to {}", number::day(first), number::day(last)),
        Range::All(begins) => format!("since the prices begin, {}", number::day(begins)),
    }
}
