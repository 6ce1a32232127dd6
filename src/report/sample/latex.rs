//! `regression.tex`: the regression of CARs as a table for a paper (booktabs; a column a window, standard errors in brackets below the
//! coefficients, the intercept last, notes under the table).

use crate::cross_section::{CarRegression, Coefficient};
use crate::report::number;
use crate::report::sample::regression;
use crate::sample::SampleResult;
use crate::window::Window;

/// Levels of p that have a star each more, as most journals of finance have them.
const STARS: [f64; 3] = [0.10, 0.05, 0.01];
/// What stands for the error of a coefficient that has none.
const NO_ERROR: &str = "--";
/// Name of the first coefficient.
const INTERCEPT: &str = "intercept";

/// The table; None unless a regression was asked for. A document that takes it in needs the package booktabs.
pub fn regression(result: &SampleResult) -> Option<String> {
    let section = result.cross_section.as_ref()?;
    let fitted: Vec<(Window, &CarRegression)> =
        section.windows.iter().filter_map(|held| Some((held.window, held.outcome.as_ref().ok()?))).collect();
    let mut lines = vec![
        "% Needs \\usepackage{booktabs}.".to_owned(),
        "\\begin{table}[htbp]".to_owned(),
        "\\centering".to_owned(),
        format!("\\caption{{Cross-section of cumulative abnormal returns: {}}}", escape(&result.study.title)),
        "\\label{tab:regression}".to_owned(),
        format!("\\begin{{tabular}}{{l{}}}", "c".repeat(fitted.len().max(1))),
        "\\toprule".to_owned(),
    ];
    let row = |name: String, cells: Vec<String>| format!("{name} & {} \\\\", cells.join(" & "));
    if fitted.is_empty() {
        lines.push(row(String::new(), vec!["no regression".to_owned()]));
    } else {
        lines.push(row(String::new(), (1..=fitted.len()).map(|number| format!("({number})")).collect()));
        lines.push(row(String::new(), fitted.iter().map(|(window, _)| format!("CAR$[{}, {}]$", window.first(), window.last())).collect()));
        lines.push("\\midrule".to_owned());
    }
    let mut names: Vec<&str> = Vec::new();
    for coefficient in fitted.iter().flat_map(|(_, found)| &found.coefficients) {
        if !names.contains(&coefficient.name.as_str()) && coefficient.name != INTERCEPT {
            names.push(&coefficient.name);
        }
    }
    names.extend((!fitted.is_empty()).then_some(INTERCEPT));
    for name in names {
        let held: Vec<Option<&Coefficient>> =
            fitted.iter().map(|(_, found)| found.coefficients.iter().find(|coefficient| coefficient.name == name)).collect();
        let label = if name == INTERCEPT { "Intercept".to_owned() } else { escape(name) };
        lines.push(row(label, held.iter().map(|held| held.map_or_else(String::new, value)).collect()));
        lines.push(row(
            String::new(),
            held.iter().map(|held| held.map_or_else(String::new, |held| error(held).unwrap_or_else(|| NO_ERROR.to_owned()))).collect(),
        ));
    }
    if !fitted.is_empty() {
        lines.push("\\midrule".to_owned());
        lines.push(row("Events".to_owned(), fitted.iter().map(|(_, found)| mathematics(&number::count(found.n))).collect()));
        let share = |share: Option<f64>| share.map_or_else(String::new, |share| mathematics(&number::fixed(share, 3)));
        lines.push(row("$R^2$".to_owned(), fitted.iter().map(|(_, found)| share(found.r_squared)).collect()));
        lines.push(row("Adjusted $R^2$".to_owned(), fitted.iter().map(|(_, found)| share(found.adjusted_r_squared)).collect()));
    }
    lines.push("\\bottomrule".to_owned());
    lines.push("\\end{tabular}".to_owned());
    let stars = "Standard errors in brackets. $^{*}$~$p<0.10$, $^{**}$~$p<0.05$, $^{***}$~$p<0.01$, two-sided.";
    let facts: Vec<String> = regression::facts(section).iter().map(|fact| escape(fact)).collect();
    lines.push("\\par\\medskip".to_owned());
    lines.push("\\begin{minipage}{\\linewidth}\\footnotesize".to_owned());
    lines.push(format!("\\textit{{Notes.}} CARs in percent, so that a coefficient is in percentage points. {} {stars}", facts.join(" ")));
    lines.push("\\end{minipage}".to_owned());
    lines.push("\\end{table}".to_owned());
    Some(lines.join("\n") + "\n")
}

fn value(coefficient: &Coefficient) -> String {
    let error = coefficient.estimate.map(|estimate| estimate.standard_error);
    let stars = coefficient.estimate.map_or(0, |estimate| STARS.iter().filter(|level| estimate.p_value < **level).count());
    let mark = if stars == 0 { String::new() } else { format!("$^{{{}}}$", "*".repeat(stars)) };
    format!("{}{mark}", mathematics(&number::estimate(coefficient.value, error).0))
}

fn error(coefficient: &Coefficient) -> Option<String> {
    let error = coefficient.estimate?.standard_error;
    Some(format!("({})", mathematics(&number::estimate(coefficient.value, Some(error)).1?)))
}

/// A number as TeX sets it: a true minus, and a thin space between thousands.
fn mathematics(written: &str) -> String {
    let plain = written.replace(number::NARROW_SPACE, "\\,");
    let (sign, digits) = plain.strip_prefix(number::MINUS).map_or(("", plain.as_str()), |digits| ("-", digits));
    match digits.split_once('e') {
        Some((digits, power)) => format!("${sign}{digits}\\times 10^{{{}}}$", power.replace(number::MINUS, "-")),
        None if sign.is_empty() => digits.to_owned(),
        None => format!("$-{digits}$"),
    }
}

/// Text without a sign that TeX takes for its own.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => escaped.extend(['\\', sign]),
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '<' => escaped.push_str("$<$"),
            '>' => escaped.push_str("$>$"),
            number::MINUS => escaped.push_str("$-$"),
            number::NARROW_SPACE => escaped.push_str("\\,"),
            number::NO_BREAK => escaped.push('~'),
            '·' => escaped.push_str("$\\cdot$"),
            '²' => escaped.push_str("$^2$"),
            sign if sign.is_control() => escaped.push(' '),
            sign => escaped.push(sign),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_numbers_are_written_as_tex_reads_them() {
        assert_eq!(
            escape("P&L_{50%} #1 ~ a\\b ^ <x>"),
            "P\\&L\\_\\{50\\%\\} \\#1 \\textasciitilde{} a\\textbackslash{}b \\textasciicircum{} $<$x$>$"
        );
        assert_eq!(mathematics("\u{2212}1\u{202F}234.5"), "$-1\\,234.5$");
        assert_eq!(mathematics("\u{2212}3.2e\u{2212}7"), "$-3.2\\times 10^{-7}$");
        assert_eq!(mathematics("0.41"), "0.41");
    }
}
