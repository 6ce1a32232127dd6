//! From a formula and the events' characteristics to columns of numbers.
//!
//! A category becomes one dummy for each of its values but the first in alphabetical (of numbers, ascending) order, the base; a product
//! of categories and numbers the products of their columns. That is R's treatment contrast for a formula that has the main effects of its
//! products. Values are those of the events without a gap alone. An event that lacks a number or text that the formula needs, or has a
//! number not above 0 under a logarithm, has no row; it is counted.

use serde::Serialize;

use super::formula::{Column, Factor, Formula, Term, Transform};
use crate::event::list::EventList;
use crate::stats::moment;

/// How many of the used events lack a characteristic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// What: `size`, `log(size)`.
    pub factor: String,
    /// Events whose cell is empty.
    pub empty: usize,
    /// Events whose number has no logarithm.
    pub not_above_zero: usize,
}

/// The value of a category that its dummies are measured from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Base {
    /// The characteristic.
    pub factor: String,
    /// Its base.
    pub level: String,
    /// Number of values, the base among them.
    pub levels: usize,
}

/// A column of a design.
#[derive(Debug, Clone, PartialEq)]
pub struct DesignColumn {
    /// Name: `size`, `log(size)`, `sector = tech`, `size:sector = tech`.
    pub name: String,
    /// One value a row.
    pub values: Vec<f64>,
    /// Whether it holds only 0 and 1, for a category.
    pub is_dummy: bool,
}

impl DesignColumn {
    /// The usual difference between two events: 1 of a dummy, else the standard deviation; None of one row.
    pub fn step(&self) -> Option<f64> {
        if self.is_dummy { Some(1.0) } else { moment::standard_deviation(&self.values) }
    }
}

/// Columns of numbers, one row an event without a gap.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Design {
    /// The columns.
    pub columns: Vec<DesignColumn>,
    /// Positions of the rows among the events asked for.
    pub rows: Vec<usize>,
    /// What is missing, for each factor that misses anything.
    pub missing: Vec<Missing>,
    /// Bases of the categories.
    pub bases: Vec<Base>,
    /// Terms without a column: a category of one value.
    pub constant: Vec<String>,
}

/// One factor's cell of an event.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Cell<'a> {
    Number(f64),
    Text(&'a str),
    Empty,
    NotAboveZero,
}

impl Design {
    /// The design of `events` (numbers of the list) under a formula whose columns were checked ([`Formula::check`]); a column that isn't
    /// there counts as empty.
    pub fn of(formula: &Formula, list: &EventList, events: &[usize]) -> Self {
        let mut factors: Vec<&Factor> = Vec::new();
        for factor in formula.terms().iter().flat_map(|term| &term.0) {
            if !factors.contains(&factor) {
                factors.push(factor);
            }
        }
        let mut design = Self::default();
        let mut whole = vec![true; events.len()];
        for factor in &factors {
            let mut missing = Missing { factor: factor.to_string(), empty: 0, not_above_zero: 0 };
            for (event, whole) in events.iter().zip(&mut whole) {
                match cell(list, factor, *event) {
                    Cell::Empty => missing.empty += 1,
                    Cell::NotAboveZero => missing.not_above_zero += 1,
                    Cell::Number(_) | Cell::Text(_) => continue,
                }
                *whole = false;
            }
            if missing.empty + missing.not_above_zero > 0 {
                design.missing.push(missing);
            }
        }
        design.rows = whole.iter().enumerate().filter(|(_, whole)| **whole).map(|(row, _)| row).collect();
        let numbers: Vec<usize> = design.rows.iter().filter_map(|row| events.get(*row)).copied().collect();
        let parts: Vec<Vec<DesignColumn>> =
            factors.iter().map(|factor| factor_columns(list, factor, &numbers, &mut design.bases)).collect();
        for term in formula.terms() {
            let columns = term_columns(term, &factors, &parts);
            if columns.is_empty() {
                design.constant.push(term.to_string());
            }
            design.columns.extend(columns);
        }
        design
    }
}

fn cell<'a>(list: &'a EventList, factor: &Factor, event: usize) -> Cell<'a> {
    let found = match Column::of(list, &factor.column) {
        Some(Column::Numbers(numbers)) => numbers.get(event).copied().flatten().filter(|number| number.is_finite()).map(Cell::Number),
        Some(Column::Texts(texts)) => texts.get(event).and_then(Option::as_deref).map(Cell::Text),
        Some(Column::Group) => list.events.get(event).and_then(|event| list.group(event)).map(Cell::Text),
        None => None,
    };
    match (found.unwrap_or(Cell::Empty), factor.transform) {
        (Cell::Number(number), Transform::Log) if number > 0.0 => Cell::Number(number.ln()),
        (Cell::Number(_), Transform::Log) => Cell::NotAboveZero,
        (cell, _) => cell,
    }
}

/// The columns of one factor over events without a gap: itself, or its dummies, the base left out and noted.
fn factor_columns(list: &EventList, factor: &Factor, events: &[usize], bases: &mut Vec<Base>) -> Vec<DesignColumn> {
    let cells: Vec<Cell<'_>> = events.iter().map(|event| cell(list, factor, *event)).collect();
    let is_number = cells.iter().all(|cell| matches!(cell, Cell::Number(_)));
    if factor.transform != Transform::Category && is_number {
        let numbers = cells.iter().map(|cell| if let Cell::Number(number) = cell { *number } else { 0.0 });
        return vec![DesignColumn { name: factor.to_string(), values: numbers.collect(), is_dummy: false }];
    }
    let mut levels: Vec<Cell<'_>> = cells.clone();
    levels.sort_by(|left, right| match (left, right) {
        (Cell::Number(left), Cell::Number(right)) => left.total_cmp(right),
        (Cell::Text(left), Cell::Text(right)) => left.cmp(right),
        _ => std::cmp::Ordering::Equal,
    });
    levels.dedup();
    let words = |cell: &Cell<'_>| match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) => (*text).to_owned(),
        Cell::Empty | Cell::NotAboveZero => String::new(),
    };
    let Some((base, others)) = levels.split_first() else { return Vec::new() };
    bases.push(Base { factor: factor.column.clone(), level: words(base), levels: levels.len() });
    let dummy = |level: &Cell<'_>| cells.iter().map(|cell| f64::from(u8::from(cell == level))).collect();
    let column =
        |level: &Cell<'_>| DesignColumn { name: format!("{} = {}", factor.column, words(level)), values: dummy(level), is_dummy: true };
    others.iter().map(column).collect()
}

/// Columns of a term: the products of one column of each of its factors, the first factor's changing fastest, as R has it.
fn term_columns(term: &Term, factors: &[&Factor], parts: &[Vec<DesignColumn>]) -> Vec<DesignColumn> {
    let mut product: Option<Vec<DesignColumn>> = None;
    for factor in &term.0 {
        let columns = factors.iter().position(|held| *held == factor).and_then(|position| parts.get(position));
        let columns = columns.map_or(&[] as &[DesignColumn], Vec::as_slice);
        product = Some(match product {
            None => columns.to_vec(),
            Some(held) => {
                let pairs = columns.iter().flat_map(|right| held.iter().map(move |left| (left, right)));
                let times = |(left, right): (&DesignColumn, &DesignColumn)| DesignColumn {
                    name: format!("{}:{}", left.name, right.name),
                    values: left.values.iter().zip(&right.values).map(|(left, right)| left * right).collect(),
                    is_dummy: left.is_dummy && right.is_dummy,
                };
                pairs.map(times).collect()
            }
        });
    }
    product.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::list::{Characteristic, CharacteristicValues};

    fn events() -> EventList {
        let texts = |values: &[&str]| {
            CharacteristicValues::Texts(values.iter().map(|text| (!text.is_empty()).then(|| (*text).to_owned())).collect())
        };
        let numbers =
            |values: &[f64]| CharacteristicValues::Numbers(values.iter().map(|number| (!number.is_nan()).then_some(*number)).collect());
        EventList {
            characteristics: vec![
                Characteristic { name: "size".to_owned(), values: numbers(&[1.0, f64::NAN, 0.0, 4.0, 5.0, 6.0]) },
                Characteristic { name: "sector".to_owned(), values: texts(&["tech", "tech", "banks", "banks", "", "oil"]) },
                Characteristic { name: "year".to_owned(), values: numbers(&[2020.0, 2020.0, 9.0, 2020.0, 2021.0, 9.0]) },
            ],
            ..EventList::default()
        }
    }

    fn design(text: &str) -> Design {
        Design::of(&Formula::read(text).unwrap(), &events(), &[0, 1, 2, 3, 4, 5])
    }

    fn names(design: &Design) -> Vec<&str> {
        design.columns.iter().map(|column| column.name.as_str()).collect()
    }

    fn values(design: &Design) -> Vec<Vec<f64>> {
        design.columns.iter().map(|column| column.values.clone()).collect()
    }

    #[test]
    fn events_with_a_gap_have_no_row_and_are_counted_by_what_they_lack() {
        let found = design("log(size) + sector");
        assert_eq!(found.rows, [0, 3, 5]);
        assert_eq!(
            found.missing,
            [
                Missing { factor: "log(size)".to_owned(), empty: 1, not_above_zero: 1 },
                Missing { factor: "sector".to_owned(), empty: 1, not_above_zero: 0 }
            ]
        );
        assert_eq!(found.columns[0].values, [0.0, 4.0_f64.ln(), 6.0_f64.ln()]);
    }

    #[test]
    fn a_category_has_a_dummy_for_each_value_but_the_first_in_order() {
        let found = design("sector");
        assert_eq!(names(&found), ["sector = oil", "sector = tech"]);
        assert_eq!(values(&found), [vec![0.0, 0.0, 0.0, 0.0, 1.0], vec![1.0, 1.0, 0.0, 0.0, 0.0]]);
        assert_eq!(found.bases, [Base { factor: "sector".to_owned(), level: "banks".to_owned(), levels: 3 }]);
        // Numbers in the order of their size, not of their digits.
        assert_eq!(names(&design("C(year)")), ["year = 2020", "year = 2021"]);
    }

    #[test]
    fn a_product_has_the_products_of_the_columns() {
        let found = design("size:sector");
        assert_eq!((names(&found), found.rows.as_slice()), (vec!["size:sector = oil", "size:sector = tech"], [0, 2, 3, 5].as_slice()));
        assert_eq!(values(&found), [vec![0.0, 0.0, 0.0, 6.0], vec![1.0, 0.0, 0.0, 0.0]]);
    }

    #[test]
    fn a_category_of_one_value_has_no_column_and_is_told() {
        let found = Design::of(&Formula::read("sector + size").unwrap(), &events(), &[2, 3]);
        assert_eq!((names(&found), found.constant.as_slice()), (vec!["size"], ["sector".to_owned()].as_slice()));
    }

    #[test]
    fn the_group_of_an_event_is_a_category_too() {
        use crate::calendar::Timing;
        use crate::event::{Event, EventId, Moment};
        let event = |id: &str, group: Option<&str>| Event {
            id: EventId::new(id),
            symbol: "A".to_owned(),
            moment: Moment::Day("2022-09-02".parse().unwrap(), Timing::During),
            title: None,
            group: group.map(str::to_owned),
        };
        let list = EventList::from_events(&[event("1", Some("miss")), event("2", None), event("3", Some("beat"))]);
        let formula = Formula::read("group").unwrap();
        assert_eq!(formula.check(&list), Ok(()));
        let found = Design::of(&formula, &list, &[0, 1, 2]);
        assert_eq!((names(&found), values(&found)), (vec!["group = miss"], vec![vec![1.0, 0.0]]));
        assert_eq!(found.rows, [0, 2]);
    }

    #[test]
    fn without_a_whole_event_there_is_no_row() {
        let found = Design::of(&Formula::read("size").unwrap(), &events(), &[1]);
        assert!(found.rows.is_empty());
        assert!(Design::of(&Formula::read("sector").unwrap(), &events(), &[]).rows.is_empty());
    }
}
