//! The summary of many events that a terminal shows: the answer, windows with the tests to read, groups, advice.

use crate::report::document::Table;
use crate::report::number;
use crate::report::passage::printable;
use crate::report::sample::{long_horizon, regression, table};
use crate::report::terminal::{Terminal, draw, wrap};
use crate::report::wording::{self, UNKNOWN, beta, sample as words, sample_test};
use crate::sample::SampleResult;
use crate::sample::result::{GroupDifference, GroupResult, WindowResult};

/// Most groups, and pairs of groups, that a terminal lists.
const MOST_GROUPS: usize = 12;
/// Most tests beside each other.
const MOST_TESTS: usize = 6;

/// The summary.
pub fn render(result: &SampleResult, terminal: Terminal) -> String {
    let width = usize::from(terminal.width);
    let mut parts = vec![wrap(&result.study.title, width), wrap(&words::answer(result), width)];
    let mut facts = vec![words::used(result)];
    facts.extend(words::overlaps(&result.overlaps));
    facts.extend(result.controls.as_ref().map(wording::control::summary));
    facts.extend(wording::control::placebos(result));
    facts.extend(words::volatility(result));
    parts.push(wrap(&facts.join(" "), width));
    parts.extend(super::calendar(result).iter().map(|warning| wrap(warning, width)));
    if let Some(all) = words::all_events(result) {
        parts.push(draw(&windows(result, all, width), terminal));
    }
    parts.extend(long_horizon::table(result).map(|table| draw(&table, terminal)));
    parts.extend(Some(long_horizon::facts(result).join(" ")).filter(|facts| !facts.is_empty()).map(|facts| wrap(&facts, width)));
    parts.extend(groups(result, width).map(|table| draw(&table, terminal)));
    parts.extend(differences(result, width).map(|table| draw(&table, terminal)));
    if let Some(section) = &result.cross_section {
        parts.extend(regression::tables(section).iter().map(|table| draw(table, terminal)));
        parts.push(wrap(&regression::facts(section).join(" "), width));
    }
    parts.push(wrap(&advice(result), width));
    let more = result.activity.iter().filter_map(wording::activity::headline);
    let more = more.chain(result.specifications.as_ref().map(wording::specification::headline));
    parts.extend(more.map(|sentence| wrap(&format!("{sentence}."), width)));
    let betas = [beta::thin(result), beta::untraded(result), result.shrinkage.as_ref().map(beta::shrinkage), beta::without_rolling(result)];
    parts.extend(betas.into_iter().flatten().map(|sentence| wrap(&sentence, width)));
    let mut text = parts.join("\n\n");
    text.push('\n');
    text
}

/// The circumstances, what to read, and what not.
fn advice(result: &SampleResult) -> String {
    let reading = &result.reading;
    let sentences = [format!("{}.", words::circumstances_short(&result.advice)), words::to_read(&reading.read, &reading.distrusted)];
    sentences.join(" ").trim_end().to_owned()
}

/// A column that a narrow terminal may lack.
struct Column {
    heading: String,
    cells: Vec<String>,
    /// Columns of the highest number go first when room lacks; 0 stays.
    expendable: usize,
}

impl Column {
    fn width(&self) -> usize {
        // A column is padded by a blank on either side, and has a line.
        let widest = self.cells.iter().chain([&self.heading]).map(|cell| printable(cell).chars().count()).max().unwrap_or(0);
        widest + 3
    }
}

/// The columns that fit the width, as a table.
fn fit(caption: String, mut columns: Vec<Column>, text_columns: usize, width: usize) -> Table {
    while columns.iter().map(Column::width).sum::<usize>() + 1 > width {
        let Some(least) = columns.iter().map(|column| column.expendable).max().filter(|least| *least > 0) else { break };
        columns.retain(|column| column.expendable != least);
    }
    let mut table = Table::new(caption, &[]).with_text_columns(&(0..text_columns).collect::<Vec<_>>());
    let rows = columns.iter().map(|column| column.cells.len()).max().unwrap_or(0);
    table.rows = (0..rows).map(|row| columns.iter().map(|column| column.cells.get(row).cloned().unwrap_or_default()).collect()).collect();
    table.header = columns.into_iter().map(|column| column.heading).collect();
    table
}

fn column<T>(heading: &str, expendable: usize, of: &[T], cell: impl Fn(&T) -> String) -> Column {
    Column { heading: heading.to_owned(), cells: of.iter().map(cell).collect(), expendable }
}

/// What a table of means has after its first column, from the windows of its rows.
fn means(windows: &[&WindowResult], tests: &[&'static str]) -> Vec<Column> {
    let mut columns = vec![
        column("N", 3, windows, |window| number::count(window.cumulative.n)),
        column("CAAR", 0, windows, |window| number::percent_signed(window.cumulative.mean, 2)),
        column("95 % interval", 1, windows, |window| words::interval(&window.cumulative).unwrap_or_else(|| UNKNOWN.to_owned())),
        column("Median", 7, windows, |window| number::percent_signed(window.cumulative.median, 2)),
        column("+ : −", 6, windows, |window| words::positive_to_negative(&window.cumulative)),
        column("BHAR", 9, windows, |window| number::percent_signed(window.bhar.mean, 2)),
    ];
    // The first test stays longest.
    columns.extend(tests.iter().enumerate().map(|(position, test)| {
        let expendable = [0, 4, 5, 8, 10, 11].get(position).copied().unwrap_or(12);
        column(&format!("p {}", sample_test::short(test)), expendable, windows, |window| table::p_value(&window.tests, test))
    }));
    columns
}

fn windows(result: &SampleResult, all: &GroupResult, width: usize) -> Table {
    let windows: Vec<&WindowResult> = all.windows.iter().collect();
    let mut columns = vec![column("Days", 0, &windows, |window| wording::window_words(window.window))];
    columns.extend(means(&windows, &table::key_tests(result, MOST_TESTS)));
    fit("Cumulative abnormal returns, all events".to_owned(), columns, 1, width)
}

/// The groups over the headline window; None without groups.
fn groups(result: &SampleResult, width: usize) -> Option<Table> {
    let named = words::named_groups(result);
    let headline = words::headline(result)?.window;
    let held = |group: &&GroupResult| group.windows.iter().any(|window| window.window == headline);
    let shown: Vec<&GroupResult> = named.iter().copied().filter(held).take(MOST_GROUPS).collect();
    if shown.is_empty() {
        return None;
    }
    let rows: Vec<&WindowResult> = shown.iter().filter_map(|group| group.windows.iter().find(|window| window.window == headline)).collect();
    let mut columns = vec![column("Group", 0, &shown, |group| shorten(words::group_label(group), width / 3))];
    columns.extend(means(&rows, &table::key_tests(result, MOST_TESTS)));
    let rest = named.len().saturating_sub(shown.len());
    let more = if rest == 0 { String::new() } else { format!(" (the first {} of {})", shown.len(), number::count(named.len())) };
    Some(fit(format!("Groups {}{more}", words::when(headline)), columns, 1, width))
}

/// The differences over the headline window; None with fewer than two groups.
fn differences(result: &SampleResult, width: usize) -> Option<Table> {
    let headline = words::headline(result)?.window;
    let all: Vec<&GroupDifference> = result.differences.iter().filter(|difference| difference.window == headline).collect();
    let shown = all.get(..MOST_GROUPS).unwrap_or(&all);
    let first = shown.first()?;
    let mut columns = vec![
        column("First", 0, shown, |difference| shorten(&difference.first, width / 4)),
        column("Second", 0, shown, |difference| shorten(&difference.second, width / 4)),
        column("Difference", 0, shown, |difference| number::points(difference.difference, 2)),
    ];
    for (position, test) in first.tests.iter().enumerate() {
        let cell = |difference: &&GroupDifference| {
            let found = difference.tests.get(position).and_then(|test| test.p_value());
            found.map_or_else(|| UNKNOWN.to_owned(), number::p_value_bare)
        };
        let expendable = [1, 3, 2].get(position).copied().unwrap_or(4);
        columns.push(column(&format!("p {}", sample_test::short(test.name)), expendable, shown, cell));
    }
    let rest = all.len().saturating_sub(shown.len());
    let more = if rest == 0 { String::new() } else { format!(" (the first {} of {})", shown.len(), number::count(all.len())) };
    Some(fit(format!("Differences {}{more}", words::when(headline)), columns, 2, width))
}

/// A name of at most so many characters.
fn shorten(name: &str, most: usize) -> String {
    let most = most.max(8);
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let kept: String = name.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}
