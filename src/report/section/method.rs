//! How the numbers were made, and how far the model can be trusted.

use crate::diagnostics::{FitDiagnostics, LAGS, ResidualTest};
use crate::model::ExpectedReturnModel;
use crate::report::document::{Block, Section, Table};
use crate::report::{name, number, wording};
use crate::series::ReturnKind;
use crate::study::StudyResult;
use crate::study::result::{EventResult, ModelSummary};

/// The section.
pub fn section(result: &StudyResult) -> Section {
    let mut blocks = Vec::new();
    if !result.events.is_empty() {
        blocks.push(Block::Paragraph(method(result)));
        blocks.push(Block::Paragraph(
            "The standard error of an abnormal return includes the error of the forecast itself (MacKinlay 1997; Campbell, Lo & MacKinlay 1997); t is \
             compared with Student’s distribution. The placebo test slides the same window over all other days of the data and counts how often \
             an abnormal return at least as large came up, (hits + 1) / (windows + 1). Both are two-sided. A move is called unusual when both p-values are below 5 % (or the one there is, where only one applies). \
             An unusual move on the day of the news is not proof that the news was the reason, and a usual one is not proof that it meant nothing."
                .to_owned(),
        ));
    }
    for event in &result.events {
        if let (Some(model), Some(diagnostics)) = (&event.model, &event.diagnostics) {
            blocks.push(Block::Table(model_table(result, event, model, diagnostics)));
        }
    }
    if !result.claims.is_empty() {
        blocks.push(Block::Paragraph(
            "A stated figure is reproduced when the value measured under the first reading of its period lies in the set that the printed figure covers; \
             “reproduced only as …” names other readings that do; it is contradicted when none does."
                .to_owned(),
        ));
    }
    Section { id: "method".to_owned(), heading: "Method".to_owned(), blocks }
}

fn method(result: &StudyResult) -> String {
    let study = &result.study;
    let benchmark = name::in_sentence(&study.benchmark);
    let model = match study.model {
        ExpectedReturnModel::Market => format!("The expected return is α + β times the return of {benchmark}, estimated by least squares"),
        ExpectedReturnModel::MarketAdjusted => format!("The expected return is that of {benchmark}; its spread is estimated"),
        ExpectedReturnModel::ConstantMean => "The expected return is the security’s mean return".to_owned(),
        model => format!("The expected return is that of the model {model}, estimated by least squares on excess returns"),
    };
    let returns = match study.returns {
        ReturnKind::Simple => "simple",
        ReturnKind::Log => "log",
    };
    format!(
        "{model} over sessions {} before the event ({returns} daily returns from closes). Day 0 is the first session that could react to the news; the event window is {}.",
        wording::window_words(study.estimation),
        wording::window_words(study.window),
    )
}

fn model_table(result: &StudyResult, event: &EventResult, model: &ModelSummary, diagnostics: &FitDiagnostics) -> Table {
    let caption = match result.events.len() {
        1 => format!("The {} model of {}", model.name.name(), event.symbol),
        _ => format!("The {} model of {} ({})", model.name.name(), event.symbol, event.event_id),
    };
    let mut table = Table::new(caption, &["Quantity", "Value", "p-value", "Meaning"]).with_text_columns(&[0, 3]);
    let mut row = |quantity: &str, value: Option<String>, p_value: Option<f64>, meaning: &str| {
        if let Some(value) = value {
            table.rows.push(vec![quantity.to_owned(), value, p_value.map_or_else(String::new, number::p_value_bare), meaning.to_owned()]);
        }
    };
    row("α", Some(number::percent_signed(model.alpha, 3)), None, "return a session when the benchmark stands still");
    row("β", Some(number::fixed(model.beta, 3)), None, "move for each percent of the benchmark’s");
    row("s", Some(number::percent(model.sigma, 2)), None, "usual size of an unexplained daily move (standard deviation)");
    row("R²", model.r_squared.map(|value| number::fixed(value, 3)), None, "share of the variance that the benchmark explains");
    row("n", Some(number::count(model.n)), None, "estimation returns");
    let statistic = |test: Option<ResidualTest>| test.map(|test| number::fixed(test.statistic, 2));
    let p_value = |test: Option<ResidualTest>| test.map(|test| test.p_value);
    let lags = format!("autocorrelation of the residuals, {LAGS} lags");
    let clusters = format!("quiet and wild spells in the residuals, {LAGS} lags");
    row("Jarque–Bera", statistic(diagnostics.jarque_bera), p_value(diagnostics.jarque_bera), "normality of the residuals");
    row("Ljung–Box", statistic(diagnostics.ljung_box), p_value(diagnostics.ljung_box), &lags);
    row("Durbin–Watson", diagnostics.durbin_watson.map(|value| number::fixed(value, 2)), None, "2 without autocorrelation of first order");
    row(
        "Breusch–Pagan",
        statistic(diagnostics.breusch_pagan),
        p_value(diagnostics.breusch_pagan),
        "spread that depends on the benchmark’s move",
    );
    row("ARCH", statistic(diagnostics.arch), p_value(diagnostics.arch), &clusters);
    table
}
