//! Sentences about many events. They state size, uncertainty and tests, never more than the numbers carry.

use super::sample_test;
use super::{capitalise, count_word, join, window_words};
use crate::model::{ErrorLaw, ExpectedReturnModel, VarianceProcess};
use crate::report::{name, number};
use crate::sample::result::{Distribution, GroupDifference, GroupResult, OverlapSummary, ReasonCount, WindowResult};
use crate::sample::{Advice, Circumstance, HeadlineReading, SampleResult, SampleVerdict};
use crate::series::ReturnKind;
use crate::window::Window;

/// Most reasons of exclusion that a sentence lists.
const REASONS: usize = 4;
/// Most tests that a sentence lists.
const NAMED: usize = 6;

/// The answer in one sentence: the mean abnormal return of the headline window, its interval, and what the tests to read say.
pub fn answer(result: &SampleResult) -> String {
    let Some(window) = headline(result) else { return "No event could be studied.".to_owned() };
    let mean = &window.cumulative;
    let value = number::percent_signed(mean.mean, 2);
    let size = match (mean.n, interval(mean)) {
        (1, _) => format!("The one event’s abnormal return {} was {value}", when(window.window)),
        (n, Some(interval)) if is_clustered(result) => format!(
            "Over {} events, the abnormal return {} averaged {value} (95 % interval {interval} if the events were independent, which they aren’t)",
            number::count(n),
            when(window.window)
        ),
        (n, Some(interval)) => format!(
            "Over {} events, the abnormal return {} averaged {value} (95 % interval {interval})",
            number::count(n),
            when(window.window)
        ),
        (n, None) => format!("Over {} events, the abnormal return {} averaged {value}", number::count(n), when(window.window)),
    };
    format!("{size}; {}.", verdict(&result.reading))
}

/// Whether the events were found to be correlated: then what takes them as independent is said to.
fn is_clustered(result: &SampleResult) -> bool {
    result.advice.iter().any(|piece| matches!(piece.circumstance, Circumstance::Clustering { .. }))
}

/// What the tests to read say together, in a clause.
pub fn verdict(reading: &HeadlineReading) -> String {
    let (below, read) = (reading.below.len(), reading.read.len());
    match (reading.verdict, read) {
        (SampleVerdict::Distinct, 1) => "the one test that suits this sample tells it from zero".to_owned(),
        (SampleVerdict::Distinct, 2) => "both tests that suit this sample tell it from zero".to_owned(),
        (SampleVerdict::Distinct, _) => format!("all {} tests that suit this sample tell it from zero", count_word(read)),
        (SampleVerdict::WithinNoise, 1) => "the one test that suits this sample does not tell it from zero".to_owned(),
        (SampleVerdict::WithinNoise, _) => format!("none of the {} tests that suit this sample tells it from zero", count_word(read)),
        (SampleVerdict::TestsDisagree, _) => {
            format!("the tests that suit this sample disagree: {} of {} tell it from zero", count_word(below), count_word(read))
        }
        (SampleVerdict::Untested, _) => "no test over events suits this sample: read each event’s own tests".to_owned(),
    }
}

/// The same as a sentence on its own about `what`, without a full stop.
pub fn verdict_of(reading: &HeadlineReading, what: &str) -> String {
    match (reading.verdict, reading.read.len()) {
        (SampleVerdict::Distinct, 1) => format!("The test to read tells {what} from zero"),
        (SampleVerdict::Distinct, _) => format!("Every test to read tells {what} from zero"),
        (SampleVerdict::WithinNoise, 1) => format!("The test to read does not tell {what} from zero"),
        (SampleVerdict::WithinNoise, _) => format!("No test to read tells {what} from zero"),
        (SampleVerdict::TestsDisagree, _) => format!("The tests to read disagree on whether {what} differs from zero"),
        (SampleVerdict::Untested, _) => format!("No test to read applies to {what}"),
    }
}

/// What the answer leaves out, a paragraph each.
pub fn details(result: &SampleResult) -> Vec<String> {
    let mut details = vec![used(result)];
    if let Some(window) = headline(result) {
        details.push(spread(window));
        details.extend(tests_read(window, &result.reading));
    }
    details.extend(groups_compared(result));
    if result.advice.iter().any(|advice| matches!(advice.circumstance, Circumstance::Clustering { .. })) {
        details.push(
            "The interval takes the events for independent; event windows here share calendar days, so that it is narrower than it should be."
                .to_owned(),
        );
    }
    details
}

/// The window that the answer is about, of all events.
pub fn headline(result: &SampleResult) -> Option<&WindowResult> {
    all_events(result)?.windows.first()
}

/// All events together.
pub fn all_events(result: &SampleResult) -> Option<&GroupResult> {
    result.groups.iter().find(|group| group.group.is_none())
}

/// The groups that events are in, in the order of the list; none when there is no more than one and it holds every event.
pub fn named_groups(result: &SampleResult) -> Vec<&GroupResult> {
    let all = all_events(result).map_or(0, |all| all.n);
    let named: Vec<&GroupResult> = result.groups.iter().filter(|group| group.group.is_some()).collect();
    if let [only] = named.as_slice()
        && only.n == all
    {
        return Vec::new();
    }
    named
}

/// Name of a group for tables: `All events`, or its own.
pub fn group_label(group: &GroupResult) -> &str {
    group.group.as_deref().unwrap_or("All events")
}

/// "Of 20 listed events, 16 were used; 4 were left out (…)".
pub fn used(result: &SampleResult) -> String {
    let (listed, used, excluded) = (result.listed, result.events.len(), result.exclusions.len());
    let all = all_events(result);
    let whose = all.map_or_else(String::new, |all| {
        let securities =
            if all.securities == 1 { "one security".to_owned() } else { format!("{} securities", number::count(all.securities)) };
        let dates = if all.dates == 1 { "one day".to_owned() } else { format!("{} different days", number::count(all.dates)) };
        format!(" ({securities}, on {dates})")
    });
    if excluded == 0 {
        return match listed {
            1 => format!("The one event listed was used{whose}."),
            _ => format!("All {} events listed were used{whose}.", number::count(listed)),
        };
    }
    let were = |count: usize| if count == 1 { "was" } else { "were" };
    format!(
        "Of {} events listed, {} {} used{whose}; {} {} left out: {}.",
        number::count(listed),
        number::count(used),
        were(used),
        number::count(excluded),
        were(excluded),
        reasons(&result.reasons)
    )
}

/// "3 unknown symbol, 1 too few estimation returns".
pub fn reasons(reasons: &[ReasonCount]) -> String {
    let mut listed: Vec<String> =
        reasons.iter().take(REASONS).map(|reason| format!("{} for “{}”", number::count(reason.count), reason.kind)).collect();
    let rest: usize = reasons.iter().skip(REASONS).map(|reason| reason.count).sum();
    if rest > 0 {
        listed.push(format!("{} for other reasons", number::count(rest)));
    }
    join(&listed, "and")
}

fn spread(window: &WindowResult) -> String {
    let mean = &window.cumulative;
    let (positive, negative) = (number::count(mean.positive), number::count(mean.negative));
    let bhar = number::percent_signed(window.bhar.mean, 2);
    if mean.n == 1 {
        return format!("Held over the same sessions, the security returned {bhar} against its expected return.");
    }
    format!(
        "{} of the abnormal returns are above zero and {} below; their median is {}. The mean buy-and-hold abnormal return is {bhar}.",
        capitalise(&positive),
        negative,
        number::percent_signed(mean.median, 2)
    )
}

/// The tests to read with their p-values, and how many of all tests are below 5 %.
pub fn tests_read(window: &WindowResult, reading: &HeadlineReading) -> Option<String> {
    let phrase = |name: &&str| {
        let p_value = window.tests.iter().find(|test| test.test.name == *name)?.test.p_value()?;
        Some(test_phrase(name, p_value))
    };
    let mut phrases: Vec<String> = reading.read.iter().filter_map(phrase).take(NAMED).collect();
    if phrases.is_empty() {
        return None;
    }
    if reading.read.len() > NAMED {
        phrases.push(format!("{} more", count_word(reading.read.len() - NAMED)));
    }
    let others = match (reading.computed, reading.computed_below) {
        (all, _) if all == reading.read.len() => String::new(),
        (all, below) if all == below => format!(" All {} tests that apply have a p-value below 5 %.", count_word(all)),
        (all, 0) => format!(" None of all {} tests that apply has a p-value below 5 %.", count_word(all)),
        (all, below) => format!(" Of all {} tests that apply, {} {} a p-value below 5 %.", count_word(all), count_word(below), have(below)),
    };
    Some(format!("Tests to read here: {}.{others}", phrases.join("; ")))
}

/// "BMP t, p = 0.012".
fn test_phrase(name: &str, p_value: f64) -> String {
    format!("{}, {}", sample_test::words(name), number::p_value(p_value))
}

fn have(count: usize) -> &'static str {
    if count == 1 { "has" } else { "have" }
}

/// The two groups of a study with two, compared over the headline window; of more groups, how many pairs differ.
pub fn groups_compared(result: &SampleResult) -> Option<String> {
    let window = headline(result)?.window;
    let compared: Vec<&GroupDifference> = result.differences.iter().filter(|difference| difference.window == window).collect();
    match compared.as_slice() {
        [] => None,
        [one] => Some(difference(one)),
        several => {
            let told = several.iter().filter(|difference| difference.below > 0).count();
            Some(format!(
                "Of {} pairs of groups, {} {} a p-value below 5 % in at least one of the tests of their difference {}; the p-values are not adjusted for the number of pairs.",
                count_word(several.len()),
                count_word(told),
                have(told),
                when(window)
            ))
        }
    }
}

/// Two groups compared.
pub fn difference(difference: &GroupDifference) -> String {
    let tests: Vec<String> = difference.tests.iter().filter_map(|test| Some(test_phrase(test.name, test.p_value()?))).collect();
    let tests = if tests.is_empty() { "no test of the difference applies".to_owned() } else { tests.join("; ") };
    format!(
        "“{}” less “{}” {}: {} ({tests}).",
        difference.first,
        difference.second,
        when(difference.window),
        number::points(difference.difference, 2)
    )
}

/// "on day 0", "over days 0 to +1".
pub fn when(window: Window) -> String {
    if window.days() == 1 { format!("on day {}", window_words(window)) } else { format!("over days {}", window_words(window)) }
}

/// The 95 % interval of a mean: "+0.1 % to +2.3 %"; None for one event.
pub fn interval(mean: &Distribution) -> Option<String> {
    mean.interval.map(|(low, high)| format!("{} to {}", number::percent_signed(low, 2), number::percent_signed(high, 2)))
}

/// "12 : 4", events above and below zero.
pub fn positive_to_negative(mean: &Distribution) -> String {
    format!("{}{}:{}{}", number::count(mean.positive), number::NARROW_SPACE, number::NARROW_SPACE, number::count(mean.negative))
}

// ── advice ──

/// What a circumstance is, with the numbers that show it.
pub fn circumstance(circumstance: &Circumstance) -> String {
    match circumstance {
        Circumstance::Clustering { mean_correlation, overlapping_share, dates } => format!(
            "Event windows share calendar days: {} of all pairs of events do, over {}, and the mean correlation of their residuals is {}. Abnormal returns on common days move together, and tests that take the events for independent reject too often.",
            share(*overlapping_share),
            if *dates == 1 { "one day 0".to_owned() } else { format!("{} different days 0", number::count(*dates)) },
            number::fixed(*mean_correlation, 3)
        ),
        Circumstance::NotNormal { skewness, kurtosis, p_value } => format!(
            "The CARs aren’t normal (skewness {}, kurtosis {} where a normal has 3, Jarque–Bera {}): tests of the mean lean on what ranks and signs do without.",
            number::fixed(*skewness, 2),
            number::fixed(*kurtosis, 1),
            number::p_value(*p_value)
        ),
        Circumstance::EventInducedVariance { ratio } => format!(
            "The standardised CARs vary {} times as much as the estimation windows let expect: the events added variance, or moved some securities more than others, and tests that take the variance from the estimation window alone reject too often.",
            number::fixed(*ratio, 2)
        ),
        Circumstance::FewEvents { n } => {
            format!(
                "Only {} events: the normal and t distributions are rough approximations; exact and resampled tests aren’t.",
                number::count(*n)
            )
        }
        Circumstance::OneEvent => "One event: no test over events applies. Run it by itself for its placebo test.".to_owned(),
        Circumstance::RepeatedFirms { events, securities } => format!(
            "{} events of {} securities: several events of one firm aren’t independent draws.",
            number::count(*events),
            number::count(*securities)
        ),
        Circumstance::LongWindow { days } => format!(
            "The window is {} sessions long: over months the error of the expected return adds up, returns compound, and the windows of different events share days. Calendar-time portfolios, standardised returns clustered by day and firm, and the bootstrap of the BHARs allow for that (option --long-horizon).",
            number::count(*days)
        ),
        Circumstance::Ordinary => {
            "Nothing in this sample speaks against the usual tests: no notable correlation between events, no added variance, and CARs that don’t differ notably from normal ones.".to_owned()
        }
    }
}

/// A share of pairs, not rounded to nothing.
fn share(fraction: f64) -> String {
    if fraction > 0.0 && fraction < 0.001 { "less than 0.1\u{202F}%".to_owned() } else { number::percent(fraction, 1) }
}

/// What follows from a circumstance: "Read …; be wary of …".
pub fn consequence(advice: &Advice) -> String {
    to_read(advice.read, advice.distrust)
}

/// "Read: …. Be wary of: …."; empty without either.
pub fn to_read(read: &[&str], distrust: &[&str]) -> String {
    let names = |names: &[&str]| join(&names.iter().map(|name| sample_test::words(name).to_owned()).collect::<Vec<_>>(), "and");
    match (read.is_empty(), distrust.is_empty()) {
        (true, true) => String::new(),
        (false, true) => format!("Read: {}.", names(read)),
        (true, false) => format!("Be wary of: {}.", names(distrust)),
        (false, false) => format!("Read: {}. Be wary of: {}.", names(read), names(distrust)),
    }
}

/// What follows from all circumstances together.
pub fn together(reading: &HeadlineReading) -> String {
    let doubted = reading.read.iter().any(|name| reading.distrusted.contains(name));
    let doubt = if doubted {
        " Each test that one of these circumstances asks for is unreliable under another: none is beyond doubt here."
    } else {
        ""
    };
    format!(
        "All this together: a test named above is left out where another circumstance speaks against it. {}{doubt}",
        to_read(&reading.read, &reading.distrusted)
    )
}

/// The circumstances in a few words each, for a terminal.
pub fn circumstances_short(advice: &[Advice]) -> String {
    let short = |advice: &Advice| match advice.circumstance {
        Circumstance::Clustering { mean_correlation, .. } => {
            format!("event windows share days (mean correlation {})", number::fixed(mean_correlation, 3))
        }
        Circumstance::NotNormal { .. } => "the CARs aren’t normal".to_owned(),
        Circumstance::EventInducedVariance { ratio } => format!("the events added variance (× {})", number::fixed(ratio, 2)),
        Circumstance::FewEvents { n } => format!("only {} events", number::count(n)),
        Circumstance::OneEvent => "one event".to_owned(),
        Circumstance::RepeatedFirms { events, securities } => {
            format!("{} events of {} securities", number::count(events), number::count(securities))
        }
        Circumstance::LongWindow { days } => format!("a window of {} sessions", number::count(days)),
        Circumstance::Ordinary => "nothing speaks against the usual tests".to_owned(),
    };
    capitalise(&join(&advice.iter().map(short).collect::<Vec<_>>(), "and"))
}

/// Events of one security that touch each other; None when none do.
pub fn overlaps(overlaps: &OverlapSummary) -> Option<String> {
    let mut parts = Vec::new();
    let shares = |count: usize, one: &str, many: &str| {
        if count == 1 { format!("one event {one}") } else { format!("{} events {many}", number::count(count)) }
    };
    if overlaps.overlapping > 0 {
        parts.push(shares(
            overlaps.overlapping,
            "shares a session of its event window with another event of the same security",
            "share a session of their event windows with another event of the same security",
        ));
    }
    if overlaps.contaminated > 0 {
        parts.push(shares(
            overlaps.contaminated,
            "has day 0 of another event of the same security in its estimation window",
            "have day 0 of another event of the same security in their estimation windows",
        ));
    }
    if overlaps.repeated > 0 {
        parts.push(shares(
            overlaps.repeated,
            "repeats the security and day 0 of one before it",
            "repeat the security and day 0 of one before them",
        ));
    }
    (!parts.is_empty()).then(|| format!("Of those listed, {}.", join(&parts, "and")))
}

/// How many events are told from zero by themselves over the headline window, plainly and allowing for their number; None for one event.
pub fn events_told(result: &SampleResult) -> Option<String> {
    let window = result.events.windows.first()?;
    let told = window.adjusted.as_ref().map(|adjusted| adjusted.told).filter(|told| told.tested > 1)?;
    Some(format!(
        "By its own t, {} of {} events have a p-value below 5 % {}, where chance alone gives about {}. Allowing for their number, {} by Holm and {} by Benjamini and Hochberg.",
        number::count(told.plain),
        number::count(told.tested),
        when(window.window),
        number::count(told.by_chance),
        number::count(told.holm),
        number::count(told.benjamini_hochberg)
    ))
}

// ── method ──

/// The expected return, in sentences, the last one without a full stop.
pub fn model(result: &SampleResult) -> String {
    let study = &result.study;
    let benchmark = name::in_sentence(&study.benchmark);
    let returns = match study.returns {
        ReturnKind::Simple => "simple",
        ReturnKind::Log => "log",
    };
    let factors = join(&study.factors, "and");
    let expected = match study.model {
        ExpectedReturnModel::Market if result.thin.trade_to_trade => {
            format!(
                "is α a session + β times the return of {benchmark} over the same sessions (market model from trade to trade), estimated by weighted least squares"
            )
        }
        ExpectedReturnModel::Market => {
            format!("is α + β times the return of {benchmark} (market model), estimated by ordinary least squares")
        }
        ExpectedReturnModel::MarketAdjusted => {
            format!("is the return of {benchmark} (market-adjusted returns); the spread of the difference is estimated")
        }
        ExpectedReturnModel::ConstantMean => "is the security’s mean return (constant-mean model)".to_owned(),
        ExpectedReturnModel::Capm => {
            format!(
                "follows the capital asset pricing model on {benchmark}, in excess of the risk-free return, estimated by ordinary least squares with an intercept"
            )
        }
        ExpectedReturnModel::FamaFrench3 => {
            format!(
                "follows the three-factor model of Fama and French ({factors}), in excess returns, estimated by ordinary least squares with an intercept"
            )
        }
        ExpectedReturnModel::Carhart4 => {
            format!(
                "follows the four-factor model of Carhart ({factors}), in excess returns, estimated by ordinary least squares with an intercept"
            )
        }
        ExpectedReturnModel::FamaFrench5 => {
            format!(
                "follows the five-factor model of Fama and French ({factors}), in excess returns, estimated by ordinary least squares with an intercept"
            )
        }
        ExpectedReturnModel::Factors => format!("follows the factors {factors}, estimated by ordinary least squares with an intercept"),
        ExpectedReturnModel::ScholesWilliams => {
            format!(
                "is α + β times the return of {benchmark}, β from the slopes on its returns of the session before, the same and the next (Scholes and Williams), estimated by ordinary least squares"
            )
        }
        ExpectedReturnModel::Dimson { lags, leads } => format!(
            "is α + β times the return of {benchmark}, β the sum of the slopes on its returns of {lags} sessions before to {leads} after (Dimson), estimated by ordinary least squares"
        ),
        ExpectedReturnModel::FowlerRorke { shifts } => format!(
            "is α + β times the return of {benchmark}, β the sum of the slopes on its returns of {shifts} sessions before to {shifts} after, weighted by its autocorrelations (Fowler and Rorke), estimated by ordinary least squares"
        ),
        ExpectedReturnModel::Vasicek => {
            format!(
                "is α + β times the return of {benchmark}, β by ordinary least squares, shrunk towards a prior by its variance (Vasicek)"
            )
        }
        ExpectedReturnModel::Blume => {
            format!(
                "is α + β times the return of {benchmark}, β by ordinary least squares, moved as betas move from one period to the next (Blume)"
            )
        }
        ExpectedReturnModel::ConditionalVariance { process, errors } => format!(
            "is α + β times the return of {benchmark}, with residuals of changing variance ({}, {}), both estimated together by maximum likelihood",
            variance_name(process),
            match errors {
                ErrorLaw::Normal => "normal errors",
                ErrorLaw::Student => "t errors",
            }
        ),
        ExpectedReturnModel::SyntheticControl => {
            "is that of a mix of other securities, whose weights, none below 0 and 1 in all, minimise the squared differences of daily returns (synthetic control), estimated".to_owned()
        }
        ExpectedReturnModel::ComparisonFirm => "is that of one matched firm; the spread of the difference is estimated".to_owned(),
        ExpectedReturnModel::ComparisonPortfolio { firms } => {
            format!("is the mean of {firms} matched firms; the spread of the difference is estimated")
        }
    };
    format!(
        "Abnormal returns are {returns} daily returns less expected ones. The expected return {expected}, over days {}",
        window_words(study.estimation)
    )
}

/// Sources of a model.
pub fn model_source(model: ExpectedReturnModel) -> &'static str {
    match model {
        ExpectedReturnModel::Market => "MacKinlay 1997, Journal of Economic Literature 35, 13–39",
        ExpectedReturnModel::MarketAdjusted | ExpectedReturnModel::ConstantMean => {
            "Brown & Warner 1985, Journal of Financial Economics 14, 3–31"
        }
        ExpectedReturnModel::Capm => {
            "Sharpe 1964, Journal of Finance 19, 425–442; Lintner 1965, Review of Economics and Statistics 47, 13–37"
        }
        ExpectedReturnModel::FamaFrench3 => "Fama & French 1993, Journal of Financial Economics 33, 3–56",
        ExpectedReturnModel::Carhart4 => "Carhart 1997, Journal of Finance 52, 57–82",
        ExpectedReturnModel::FamaFrench5 => "Fama & French 2015, Journal of Financial Economics 116, 1–22",
        ExpectedReturnModel::Factors => "Campbell, Lo & MacKinlay 1997, The Econometrics of Financial Markets, chapter 4",
        ExpectedReturnModel::ScholesWilliams => "Scholes & Williams 1977, Journal of Financial Economics 5, 309–327",
        ExpectedReturnModel::Dimson { .. } => "Dimson 1979, Journal of Financial Economics 7, 197–226",
        ExpectedReturnModel::FowlerRorke { .. } => "Fowler & Rorke 1983, Journal of Financial Economics 12, 279–283",
        ExpectedReturnModel::Vasicek => "Vasicek 1973, Journal of Finance 28, 1233–1239",
        ExpectedReturnModel::Blume => "Blume 1971, Journal of Finance 26, 1–10",
        ExpectedReturnModel::ConditionalVariance { process, .. } => match process {
            VarianceProcess::Garch => "Bollerslev 1986, Journal of Econometrics 31, 307–327",
            VarianceProcess::Egarch => "Nelson 1991, Econometrica 59, 347–370",
            VarianceProcess::Gjr => "Glosten, Jagannathan & Runkle 1993, Journal of Finance 48, 1779–1801",
        },
        ExpectedReturnModel::SyntheticControl => {
            "Abadie, Diamond & Hainmueller 2010, Journal of the American Statistical Association 105, 493–505; Acemoglu, Johnson, Kermani, Kwak & Mitton 2016, Journal of Financial Economics 121, 368–391"
        }
        ExpectedReturnModel::ComparisonFirm | ExpectedReturnModel::ComparisonPortfolio { .. } => {
            "Barber & Lyon 1997, Journal of Financial Economics 43, 341–372"
        }
    }
}

/// What the conditional variances came to, in sentences; None for a study under another model.
pub fn volatility(result: &SampleResult) -> Option<String> {
    let ExpectedReturnModel::ConditionalVariance { process, .. } = result.study.model else { return None };
    let found = result.volatility.as_ref()?;
    let mut sentences = Vec::new();
    if let Some(persistence) = found.median_persistence {
        let half = found.median_half_life.map_or_else(String::new, |sessions| {
            format!(", half of it after {} sessions", number::fixed(sessions, if sessions < 10.0 { 1 } else { 0 }))
        });
        sentences.push(format!(
            "{} variances of {}: in the median {} of a deviation is left a session later{half}.",
            variance_name(process),
            number::plural(found.fitted, "event"),
            number::percent(persistence, 0),
        ));
    }
    if found.fallback > 0 {
        let subject = if found.fallback == 1 { "one event".to_owned() } else { number::plural(found.fallback, "event") };
        sentences
            .push(format!("For {subject} the likelihood has no maximum that could be found: the market model stands in, as asked for."));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// An edge of what a conditional variance may be, in words.
pub fn volatility_edge(name: &str) -> &'static str {
    match name {
        "no-reaction" => "α = 0: no trace of spells, yesterday’s size says nothing of today’s variance",
        "no-reaction-to-rises" => "α = 0: rises leave no trace in the variance",
        "no-reaction-to-falls" => "α + γ = 0: falls leave no trace in the variance",
        "no-memory" => "β = 0: the variance forgets at once",
        "integrated" => "persistence 1: the variance returns to no level",
        "no-constant" => "ω near 0: the variance comes from the past alone",
        "normal-tails" => "ν = 500: the errors are normal",
        "heaviest-tails" => "ν = 2.05: the heaviest tails allowed",
        _ => "",
    }
}

/// Name of a process of the variance, as in the literature.
pub fn variance_name(process: VarianceProcess) -> &'static str {
    match process {
        VarianceProcess::Garch => "GARCH(1,1)",
        VarianceProcess::Egarch => "EGARCH(1,1)",
        VarianceProcess::Gjr => "GJR-GARCH(1,1)",
    }
}
