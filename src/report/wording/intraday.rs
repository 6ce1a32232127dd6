//! Words for a study within the day.

use crate::intraday::NewsTime;
use crate::intraday::fit::{BarModel, Volatility};
use crate::intraday::result::{BarWindowResult, IntradayEvent, IntradayGroup, IntradayResult};
use crate::intraday::series::Stamp;
use crate::report::number;
use crate::report::wording::sample as words;
use crate::report::wording::{join, window_words};
use crate::window::Window;

/// All events.
pub fn all_events(result: &IntradayResult) -> Option<&IntradayGroup> {
    result.groups.first()
}

/// The headline window of all events: the first asked for. None where no event has a return in it; no other takes its place.
pub fn headline(result: &IntradayResult) -> Option<&BarWindowResult> {
    let asked = result.study.car_windows.first()?;
    all_events(result)?.windows.iter().find(|window| window.window == *asked)
}

/// The first window asked for, in words.
fn headline_span(result: &IntradayResult) -> Option<String> {
    result.study.car_windows.first().map(|window| span(result, *window))
}

/// "0 to 5 min", or "bars 0 to +4" where nights are bars.
pub fn span(result: &IntradayResult, window: Window) -> String {
    if result.grid.overnight {
        return if window.days() == 1 { format!("bar {}", window_words(window)) } else { format!("bars {}", window_words(window)) };
    }
    let minutes = |bars: i32| number::signed(f64::from(bars) * f64::from(result.grid.bar.minutes()), 0);
    format!("{} to {} min", minutes(window.first()), minutes(window.last().saturating_add(1)))
}

/// `09:30` of minutes from midnight.
pub fn clock(minute: u32) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

/// Time of day at which an event's bar 0 begins, minutes from midnight; None for the night's bar.
pub fn minute_of_bar(event: &IntradayEvent) -> Option<u32> {
    let (date, time) = event.bar_begins.split_once(' ')?;
    let (hour, minute) = time.split_once(':')?;
    let minute: u32 = minute.get(..2)?.parse().ok()?;
    let own_day = date == event.session.to_string();
    own_day.then_some(60 * hour.parse::<u32>().ok()? + minute)
}

/// The answer in one sentence.
pub fn answer(result: &IntradayResult) -> String {
    let used = all_events(result).map_or(0, |all| all.n);
    let Some(window) = headline(result) else {
        return match (used, headline_span(result)) {
            (0, _) | (_, None) => "No event could be studied.".to_owned(),
            (1, Some(when)) => format!("The one event has no return from {when} around the news: nothing is measured there."),
            (_, Some(when)) => {
                format!("None of the {} events has a return from {when} around the news: nothing is measured there.", number::count(used))
            }
        };
    };
    let mean = &window.cumulative;
    let (value, when) = (number::percent_signed(mean.mean, 2), span(result, window.window));
    let size = match (mean.n, words::interval(mean)) {
        (1, _) if used == 1 => format!("The one event’s abnormal return from {when} around the news was {value}"),
        (1, _) => {
            format!("Of {} events one has a return from {when} around the news: its abnormal return was {value}", number::count(used))
        }
        (n, Some(interval)) => {
            format!(
                "Over {} events, the abnormal return from {when} around the news averaged {value} (95 % interval {interval})",
                number::count(n)
            )
        }
        (n, None) => format!("Over {} events, the abnormal return from {when} around the news averaged {value}", number::count(n)),
    };
    format!("{size}; {}.", words::verdict(&result.reading))
}

/// What the answer leaves out, a paragraph each.
pub fn details(result: &IntradayResult) -> Vec<String> {
    let mut details = vec![used(result)];
    details.extend(notes(result));
    details.push(grid(result));
    details
}

/// How many events were used.
pub fn used(result: &IntradayResult) -> String {
    let (listed, used, excluded) = (result.listed, result.events.len(), result.exclusions.len());
    let whose = all_events(result).map_or_else(String::new, |all| {
        format!(
            " ({}, in {})",
            securities(all.securities),
            if all.sessions == 1 { "one session".to_owned() } else { format!("{} sessions", number::count(all.sessions)) }
        )
    });
    if excluded == 0 {
        return if listed == 1 {
            format!("The one event listed was used{whose}.")
        } else {
            format!("All {} events listed were used{whose}.", number::count(listed))
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
        words::reasons(&result.reasons)
    )
}

fn securities(count: usize) -> String {
    if count == 1 { "one security".to_owned() } else { format!("{} securities", number::count(count)) }
}

/// What to know of the events; None when there is nothing.
pub fn notes(result: &IntradayResult) -> Option<String> {
    let notes = &result.notes;
    let mut sentences = Vec::new();
    if notes.outside_hours > 0 {
        let night = if result.grid.overnight {
            "bar 0 is the return over the night before the next session"
        } else {
            "they react in the first bar of the next session, and what the price did over the night is left out (keep it with --overnight own-bar)"
        };
        sentences.push(format!("News outside the session: {}; {night}.", number::plural(notes.outside_hours, "event")));
    }
    if notes.over_night > 0 {
        sentences
            .push(format!("The event window of {} goes on over a night, in bars of trading.", number::plural(notes.over_night, "event")));
    }
    if let Some(window) = headline(result).filter(|window| window.correlation.overlapping_pairs > 0) {
        sentences.push(format!(
            "Events share bars: {} of events, from {}; the interval takes events for independent, Kolari and Pynnönen’s test doesn’t (mean residual correlation r̄ {}).",
            number::plural(usize::try_from(window.correlation.overlapping_pairs).unwrap_or(usize::MAX), "pair"),
            span(result, window.window),
            number::fixed(window.correlation.value, 3)
        ));
    }
    let asked = result.study.estimation.days();
    let sessions = || result.events.iter().map(|event| event.sessions);
    if let Some((least, most)) = sessions().min().zip(sessions().max()).filter(|(least, _)| *least < asked) {
        let range = if least == most { number::count(most) } else { format!("{} to {}", number::count(least), number::count(most)) };
        sentences
            .push(format!("Of the {} estimation sessions asked for, {range} have bars of the event’s security.", number::count(asked)));
    }
    if notes.overlapping > 0 {
        sentences.push(format!(
            "{} share bars of their event window with another event of the same security.",
            number::plural(notes.overlapping, "event")
        ));
    }
    if notes.contaminated > 0 {
        sentences.push(format!(
            "{} have another event of the same security in their estimation sessions.",
            number::plural(notes.contaminated, "event")
        ));
    }
    if let Some(when) = headline_span(result).filter(|_| notes.without_headline > 0 && headline(result).is_some()) {
        sentences
            .push(format!("Without a trade from {when}, and so not in its mean: {}.", number::plural(notes.without_headline, "event")));
    }
    if notes.missing_bars > 0 {
        sentences.push(format!(
            "{} of the {} bars of the event windows have no return.",
            number::count(notes.missing_bars),
            number::count(notes.window_bars)
        ));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

/// Sessions, bars, and how they were read.
pub fn grid(result: &IntradayResult) -> String {
    let grid = &result.grid;
    let range = match (grid.first, grid.last) {
        (Some(first), Some(last)) => format!(" from {} to {}", number::day(first), number::day(last)),
        _ => String::new(),
    };
    let short = if grid.short_sessions > 0 {
        format!(", {} of them shorter than a full one", number::count(grid.short_sessions))
    } else {
        String::new()
    };
    let stamp = match grid.stamp {
        Stamp::Start => "timestamps say when a bar begins",
        Stamp::End => "timestamps say when a bar ends",
    };
    let joined = if grid.bar == grid.file_bar { String::new() } else { format!(", made of the files’ {} min", grid.file_bar.minutes()) };
    let holes = match grid.holes.as_slice() {
        [] => String::new(),
        [one] => format!(" The exchange held a session on {} that the benchmark has no bars of.", number::day(*one)),
        [first, ..] => format!(
            " The exchange held {} sessions that the benchmark has no bars of, the first on {}.",
            number::count(grid.holes.len()),
            number::day(*first)
        ),
    };
    format!(
        "{} sessions{range}, {}{short}, in bars of {} min{joined}; {stamp}.{holes}",
        number::count(grid.sessions),
        grid.hours,
        grid.bar.minutes()
    )
}

/// Securities with bars missing, outside the session or of another length; None when there are none.
pub fn bars_left_out(result: &IntradayResult) -> Option<String> {
    let total =
        |of: fn(&crate::intraday::column::BarCount) -> usize| result.securities.iter().map(|security| of(&security.count)).sum::<usize>();
    let parts = [(total(|count| count.outside), "outside the session"), (total(|count| count.cut), "in what an early close left of a bar")];
    let listed: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{} {what}", number::count(*count))).collect();
    (!listed.is_empty()).then(|| format!("Bars of the files left out: {}.", join(&listed, "and")))
}

/// How expected returns and standard errors were found.
pub fn model(result: &IntradayResult) -> String {
    let over = format!(
        "over the bars of the sessions {} counted from the one in which the event window begins, nothing of that session or later among them",
        window_words(result.study.estimation)
    );
    let benchmark = crate::report::name::in_sentence(&result.study.benchmark);
    let expected = match result.study.model {
        BarModel::Market => {
            format!("The market model: R = α + β R_m + e by least squares {over}, R_m the return of {benchmark} over the same time.")
        }
        BarModel::MarketAdjusted => {
            format!("The abnormal return is the return less that of {benchmark} over the same time; its variance is found {over}.")
        }
        BarModel::ConstantMean => format!("The expected return is the security’s mean return a bar {over}."),
    };
    let variance = match result.study.volatility {
        Volatility::TimeOfDay => {
            "The variance of a bar is the mean square of the residuals at the same time of day in those sessions, so that the open is judged by opens and noon by noons (after Rinaudo & Saha 2014, Journal of Financial Perspectives 2(2), 161–172; the exact rule here is this program’s own)."
        }
        Volatility::Constant => "One variance was taken for all bars, whatever the time of day.",
    };
    format!(
        "{expected} {variance} Estimation error is added; bars are taken as uncorrelated in the t of an event, not in its same-time tests."
    )
}

/// Where the news fell, in a word or two.
pub fn news_time(news: NewsTime) -> &'static str {
    match news {
        NewsTime::InSession => "in the session",
        NewsTime::OutsideHours => "outside hours",
    }
}
