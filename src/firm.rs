//! Firms by their characteristics (size, book-to-market, industry), and which are most alike.
//!
//! A [`FirmTable`] holds rows of firms, each with a date or without: of a firm's rows those dated before the day asked for count, the latest
//! of them (a row without a date counts always, and comes before all dates). So nothing is known that wasn't known before the event.
//!
//! [`MatchRule::nearest`] finds the firms nearest to one:
//!
//! - *nearest*: by `√Σ ((x − x_j) / s)²` over the characteristics matched on, s the standard deviation (n − 1) of a characteristic over all
//!   firms with a row that day. A characteristic in which no two firms differ adds nothing.
//! - *banded*: the first characteristic must be within 70 to 130 % of the firm's own, the nearest in the others count: Barber & Lyon
//!   (1997, *Journal of Financial Economics* 43, 341–372, doi:10.1016/S0304-405X(96)00890-2), who match on size so and then on
//!   book-to-market.
//! - Columns named as exact must be the same. A caliper is the largest distance allowed, in standard deviations.
//!
//! Firms at the same distance come in the order of their symbols.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use thiserror::Error;

use crate::stats::moment;

/// Share of the firm's own value within which that of a match must be, of the first characteristic of a banded rule.
pub const BAND: (f64, f64) = (0.7, 1.3);

/// One cell of a firm's row.
#[derive(Debug, Clone, PartialEq)]
pub enum Trait {
    /// Nothing.
    Missing,
    /// A number.
    Number(f64),
    /// Text.
    Text(String),
}

/// One row: a firm as of a date.
#[derive(Debug, Clone, PartialEq)]
pub struct FirmRow {
    /// Symbol, as in the prices.
    pub symbol: String,
    /// From when on this was known; None for always.
    pub date: Option<NaiveDate>,
    /// One a column.
    pub cells: Vec<Trait>,
}

/// Why firms can't be matched at all.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FirmError {
    /// No firm.
    #[error("the file of firms has no row")]
    Empty,
    /// A row of another width.
    #[error("the row of {symbol} has {found} characteristics, the header {expected}")]
    Width {
        /// The firm.
        symbol: String,
        /// Cells found.
        found: usize,
        /// Columns.
        expected: usize,
    },
    /// A firm twice on one date.
    #[error("{symbol} stands there twice{}: leave one of the rows out", .date.map_or_else(String::new, |date| format!(" for {date}")))]
    Twice {
        /// The firm.
        symbol: String,
        /// The date; None without.
        date: Option<NaiveDate>,
    },
    /// A characteristic that the file hasn't.
    #[error("the file of firms has no column \"{name}\"; it has {}", if .there.is_empty() { "none".to_owned() } else { .there.join(", ") })]
    NoColumn {
        /// The name.
        name: String,
        /// Those there are.
        there: Vec<String>,
    },
    /// Text where a number is needed.
    #[error(
        "the column \"{name}\" of the file of firms holds \"{value}\" ({symbol}), no number: match on it exactly (--match-exact), or mend it"
    )]
    NotANumber {
        /// The column.
        name: String,
        /// The firm.
        symbol: String,
        /// The text.
        value: String,
    },
    /// Nothing to match on.
    #[error("no characteristic to match on: name columns of the file of firms with --match, such as size,book_to_market")]
    NothingToMatch,
    /// A caliper that is none.
    #[error("the caliper {caliper} is no distance: give a number above 0, in standard deviations")]
    Caliper {
        /// Its value.
        caliper: f64,
    },
}

/// Why one firm has no match.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum NoMatch {
    /// No row.
    #[error("{symbol} has no row in the file of firms dated before {date}")]
    NoRow {
        /// The firm.
        symbol: String,
        /// The day.
        date: NaiveDate,
    },
    /// No value to match on.
    #[error("{symbol} has no {column} in the file of firms before {date}")]
    Missing {
        /// The firm.
        symbol: String,
        /// The column.
        column: String,
        /// The day.
        date: NaiveDate,
    },
    /// Nobody near enough.
    #[error("of {candidates} firms with returns over the same windows none matches {symbol}: {reason}")]
    Nobody {
        /// The firm.
        symbol: String,
        /// Firms that could be matched, for all that their returns say.
        candidates: usize,
        /// What kept them out, in words.
        reason: String,
    },
}

/// Rows of one firm in order of time, each with its date.
type FirmHistory = Vec<(Option<NaiveDate>, Vec<Trait>)>;

/// Characteristics of firms.
#[derive(Debug, Clone, PartialEq)]
pub struct FirmTable {
    columns: Vec<String>,
    /// Rows of each firm in order of time.
    firms: BTreeMap<String, FirmHistory>,
}

/// How firms are matched; not checked against a table yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MatchRule {
    /// Characteristics in which the nearest firm is looked for.
    pub on: Vec<String>,
    /// Columns that must be the same.
    pub exact: Vec<String>,
    /// Largest distance, in standard deviations; None for any.
    pub caliper: Option<f64>,
    /// Whether the first characteristic must be within [`BAND`] of the firm's own, and the distance is one of the others.
    pub banded: bool,
}

/// A matched firm.
#[derive(Debug, Clone, PartialEq)]
pub struct MatchedFirm {
    /// Its symbol.
    pub symbol: String,
    /// Its distance, in standard deviations.
    pub distance: f64,
}

impl FirmTable {
    /// A table of rows in any order.
    ///
    /// # Errors
    /// [`FirmError`] for no row, a row of another width, and a firm twice on one date.
    pub fn new(columns: Vec<String>, rows: Vec<FirmRow>) -> Result<Self, FirmError> {
        if rows.is_empty() {
            return Err(FirmError::Empty);
        }
        let mut firms: BTreeMap<String, FirmHistory> = BTreeMap::new();
        for FirmRow { symbol, date, cells } in rows {
            if cells.len() != columns.len() {
                return Err(FirmError::Width { symbol, found: cells.len(), expected: columns.len() });
            }
            firms.entry(symbol).or_default().push((date, cells));
        }
        for (symbol, rows) in &mut firms {
            rows.sort_by_key(|(date, _)| *date);
            let twice = rows.windows(2).find_map(|pair| if let [one, other] = pair { (one.0 == other.0).then_some(one.0) } else { None });
            if let Some(date) = twice {
                return Err(FirmError::Twice { symbol: symbol.clone(), date });
            }
        }
        Ok(Self { columns, firms })
    }

    /// Names of the characteristics.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Symbols of the firms, in order.
    pub fn symbols(&self) -> impl Iterator<Item = &str> {
        self.firms.keys().map(String::as_str)
    }

    /// What was known of a firm before a day; None for a firm without a row by then.
    fn before(&self, symbol: &str, day: NaiveDate) -> Option<&[Trait]> {
        latest(self.firms.get(symbol)?, day)
    }

    fn column(&self, name: &str) -> Result<usize, FirmError> {
        let found = self.columns.iter().position(|column| column.eq_ignore_ascii_case(name.trim()));
        found.ok_or_else(|| FirmError::NoColumn { name: name.to_owned(), there: self.columns.clone() })
    }
}

fn latest(rows: &[(Option<NaiveDate>, Vec<Trait>)], day: NaiveDate) -> Option<&[Trait]> {
    let after = rows.partition_point(|(date, _)| date.is_none_or(|date| date < day));
    rows.get(after.checked_sub(1)?).map(|(_, cells)| cells.as_slice())
}

impl MatchRule {
    /// Whether a table has what the rule asks for.
    ///
    /// # Errors
    /// [`FirmError`] for nothing to match on, a column that isn't there or holds text where a number is needed, and a caliper not above 0.
    pub fn check(&self, table: &FirmTable) -> Result<(), FirmError> {
        if self.on.is_empty() {
            return Err(FirmError::NothingToMatch);
        }
        if let Some(caliper) = self.caliper.filter(|caliper| caliper.is_nan() || *caliper <= 0.0) {
            return Err(FirmError::Caliper { caliper });
        }
        for name in &self.exact {
            table.column(name)?;
        }
        for name in &self.on {
            let column = table.column(name)?;
            for (symbol, rows) in &table.firms {
                for (_, cells) in rows {
                    if let Some(Trait::Text(value)) = cells.get(column) {
                        return Err(FirmError::NotANumber { name: name.clone(), symbol: symbol.clone(), value: value.clone() });
                    }
                }
            }
        }
        Ok(())
    }

    /// The `count` firms nearest to `symbol` before `day`, nearest first, of those that `is_candidate` lets in (the firm itself is none);
    /// fewer when there aren't so many.
    ///
    /// # Errors
    /// [`NoMatch`] when the firm or one of its characteristics isn't known, or nobody matches.
    pub fn nearest(
        &self,
        table: &FirmTable,
        symbol: &str,
        day: NaiveDate,
        count: usize,
        is_candidate: impl Fn(&str) -> bool,
    ) -> Result<Vec<MatchedFirm>, NoMatch> {
        let no_row = || NoMatch::NoRow { symbol: symbol.to_owned(), date: day };
        let own = table.before(symbol, day).ok_or_else(no_row)?;
        let missing = |column: &str| NoMatch::Missing { symbol: symbol.to_owned(), column: column.to_owned(), date: day };
        let exact: Vec<(usize, &Trait)> = (self.exact.iter())
            .map(|name| {
                let column = table.column(name).map_err(|_| missing(name))?;
                own.get(column).filter(|cell| **cell != Trait::Missing).map(|cell| (column, cell)).ok_or_else(|| missing(name))
            })
            .collect::<Result<_, _>>()?;
        let on: Vec<(usize, f64)> = (self.on.iter())
            .map(|name| {
                let column = table.column(name).map_err(|_| missing(name))?;
                number(own, column).map(|value| (column, value)).ok_or_else(|| missing(name))
            })
            .collect::<Result<_, _>>()?;
        // One alone is band and distance both.
        let (band, distanced) = match on.split_first() {
            Some((first, rest)) if self.banded => (Some(*first), if rest.is_empty() { on.as_slice() } else { rest }),
            _ => (None, on.as_slice()),
        };
        let scales: Vec<(usize, f64, f64)> = distanced
            .iter()
            .map(|(column, value)| {
                let known: Vec<f64> = table.firms.values().filter_map(|rows| number(latest(rows, day)?, *column)).collect();
                (*column, *value, moment::standard_deviation(&known).unwrap_or(0.0))
            })
            .collect();
        let mut left_out = LeftOut::default();
        let mut found = Vec::new();
        for (other, rows) in table.firms.iter().filter(|(other, _)| *other != symbol && is_candidate(other)) {
            left_out.candidates += 1;
            let Some(cells) = latest(rows, day) else {
                left_out.unknown += 1;
                continue;
            };
            if exact.iter().any(|(column, own)| cells.get(*column) != Some(*own)) {
                left_out.other += 1;
                continue;
            }
            let distances: Option<Vec<f64>> = scales
                .iter()
                .map(|(column, value, scale)| Some(if *scale > 0.0 { (number(cells, *column)? - value) / scale } else { 0.0 }))
                .collect();
            let in_band = band.map(|(column, own)| number(cells, column).map(|value| within_band(value, own)));
            let (Some(distances), Some(in_band)) = (distances, in_band.unwrap_or(Some(true))) else {
                left_out.unknown += 1;
                continue;
            };
            let distance = distances.iter().map(|part| part * part).sum::<f64>().sqrt();
            if !in_band {
                left_out.outside += 1;
            } else if self.caliper.is_some_and(|caliper| distance > caliper) {
                left_out.far += 1;
            } else {
                found.push(MatchedFirm { symbol: other.clone(), distance });
            }
        }
        // A stable sort: ties stay in the order of their symbols, and rounding doesn't decide between firms equally near.
        let rounded = |firm: &MatchedFirm| (firm.distance * 1e9).round();
        found.sort_by(|one, other| rounded(one).total_cmp(&rounded(other)));
        found.truncate(count);
        if found.is_empty() {
            let reason = left_out.words(self);
            return Err(NoMatch::Nobody { symbol: symbol.to_owned(), candidates: left_out.candidates, reason });
        }
        Ok(found)
    }
}

fn number(cells: &[Trait], column: usize) -> Option<f64> {
    match cells.get(column) {
        Some(Trait::Number(value)) if value.is_finite() => Some(*value),
        _ => None,
    }
}

fn within_band(value: f64, own: f64) -> bool {
    let (one, other) = (own * BAND.0, own * BAND.1);
    (one.min(other)..=one.max(other)).contains(&value)
}

/// How many candidates were left out for what.
#[derive(Default)]
struct LeftOut {
    candidates: usize,
    unknown: usize,
    other: usize,
    outside: usize,
    far: usize,
}

impl LeftOut {
    fn words(&self, rule: &MatchRule) -> String {
        let Self { candidates, unknown, other, outside, far } = *self;
        if candidates == 0 {
            return "check that the symbols of the file of firms are those of the prices".to_owned();
        }
        let band =
            format!("outside {:.0} to {:.0} % of its {}", 100.0 * BAND.0, 100.0 * BAND.1, rule.on.first().map_or("", String::as_str));
        let exact = format!("of another {}", rule.exact.join(" or "));
        let parts =
            [(unknown, "without a value by then".to_owned()), (other, exact), (outside, band), (far, "beyond the caliper".to_owned())];
        let told: Vec<String> =
            parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")).collect();
        told.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn row(symbol: &str, date: Option<&str>, size: f64, value: f64, industry: &str) -> FirmRow {
        let industry = if industry.is_empty() { Trait::Missing } else { Trait::Text(industry.to_owned()) };
        FirmRow { symbol: symbol.to_owned(), date: date.map(day), cells: vec![Trait::Number(size), Trait::Number(value), industry] }
    }

    fn table() -> FirmTable {
        let columns = ["size", "book_to_market", "industry"].map(str::to_owned).to_vec();
        let rows = vec![
            row("A", None, 100.0, 0.50, "tech"),
            row("B", None, 110.0, 0.90, "tech"),
            row("C", None, 135.0, 0.51, "tech"),
            row("D", None, 100.0, 0.55, "oil"),
            row("E", Some("2020-01-01"), 100.0, 0.50, "tech"),
            row("F", None, 90.0, 0.45, ""),
        ];
        FirmTable::new(columns, rows).unwrap()
    }

    fn rule(on: &[&str]) -> MatchRule {
        MatchRule { on: on.iter().map(|name| (*name).to_owned()).collect(), ..MatchRule::default() }
    }

    fn names(found: &[MatchedFirm]) -> Vec<&str> {
        found.iter().map(|firm| firm.symbol.as_str()).collect()
    }

    /// Distances by numpy: sizes of A–D, F have the standard deviation 17.1756, book-to-market 0.1813
    #[test]
    fn the_nearest_firm_is_nearest_in_standard_deviations() {
        let table = table();
        let found = rule(&["size", "book_to_market"]).nearest(&table, "A", day("2019-06-03"), 3, |_| true).unwrap();
        assert_eq!(names(&found), ["D", "F", "C"]);
        // numpy: 0.05 / 0.1813008549
        assert!((found[0].distance - 0.275_785).abs() < 1e-6, "{found:?}");
        // The row of 2020 is known from the day after on.
        let later = rule(&["size", "book_to_market"]).nearest(&table, "A", day("2020-01-02"), 1, |_| true).unwrap();
        assert_eq!(names(&later), ["E"]);
        assert_eq!(names(&rule(&["size"]).nearest(&table, "A", day("2020-01-01"), 9, |other| other != "D").unwrap()), ["B", "F", "C"]);
    }

    #[test]
    fn barber_and_lyon_match_on_size_first() {
        let table = table();
        let banded = MatchRule { banded: true, ..rule(&["size", "book_to_market"]) };
        // C, the nearest but one in book-to-market, is 135 % of A's size.
        assert_eq!(names(&banded.nearest(&table, "A", day("2019-06-03"), 9, |_| true).unwrap()), ["D", "F", "B"]);
        let exact = MatchRule { exact: vec!["industry".to_owned()], ..banded.clone() };
        assert_eq!(names(&exact.nearest(&table, "A", day("2019-06-03"), 9, |_| true).unwrap()), ["B"]);
        let caliper = MatchRule { caliper: Some(1.0), ..exact };
        let reason = caliper.nearest(&table, "A", day("2019-06-03"), 9, |_| true).unwrap_err().to_string();
        assert_eq!(
            reason,
            "of 5 firms with returns over the same windows none matches A: 1 without a value by then, 2 of another industry, \
             1 outside 70 to 130 % of its size, 1 beyond the caliper"
        );
    }

    #[test]
    fn what_cannot_be_matched_says_why() {
        let table = table();
        let on = rule(&["size"]);
        let fault = |symbol| on.nearest(&table, symbol, day("2019-06-03"), 1, |_| true).unwrap_err().to_string();
        assert_eq!(fault("X"), "X has no row in the file of firms dated before 2019-06-03");
        assert_eq!(fault("E"), "E has no row in the file of firms dated before 2019-06-03");
        let exact = MatchRule { exact: vec!["industry".to_owned()], ..on.clone() };
        let missing = exact.nearest(&table, "F", day("2019-06-03"), 1, |_| true).unwrap_err().to_string();
        assert_eq!(missing, "F has no industry in the file of firms before 2019-06-03");
        let alone = on.nearest(&table, "A", day("2019-06-03"), 1, |_| false).unwrap_err().to_string();
        assert!(alone.contains("of 0 firms") && alone.contains("symbols"), "{alone}");
        assert_eq!(rule(&[]).check(&table), Err(FirmError::NothingToMatch));
        assert!(matches!(rule(&["beta"]).check(&table), Err(FirmError::NoColumn { .. })));
        assert!(matches!(rule(&["industry"]).check(&table), Err(FirmError::NotANumber { .. })));
        assert!(matches!(MatchRule { caliper: Some(0.0), ..on }.check(&table), Err(FirmError::Caliper { .. })));
        let twice = FirmTable::new(vec![], vec![FirmRow { symbol: "A".into(), date: None, cells: vec![] }; 2]);
        assert_eq!(twice, Err(FirmError::Twice { symbol: "A".into(), date: None }));
        assert_eq!(FirmTable::new(vec![], vec![]), Err(FirmError::Empty));
    }
}
