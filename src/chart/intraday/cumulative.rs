//! Figure `intraday-caar`: the cumulative average abnormal return in minutes around the news, of all events and by group, with its 95 %
//! interval; below it the average abnormal return of each bar.

use super::super::figure::{Axis, Bar, Direction, Figure, Mark, Panel, Role, Scale};
use super::note;
use crate::intraday::fit::Volatility;
use crate::intraday::result::{CumulativeBar, IntradayResult};
use crate::report::number;
use crate::report::wording::intraday as words;

/// Most groups whose lines are told apart beside that of all events.
const MOST_GROUPS: usize = 6;

/// The figure; None without a bar.
pub(super) fn figure(result: &IntradayResult) -> Option<Figure> {
    let all = words::all_events(result)?;
    let last = all.cumulative.last()?;
    let bar = f64::from(result.grid.bar.minutes());
    let title_of_axis = if result.grid.overnight {
        "Minutes of bars from the beginning of bar 0, nights a bar"
    } else {
        "Minutes of trading from the beginning of bar 0"
    };
    let x = || Axis::new(Scale::Sessions { dates: Vec::new() });
    let mut upper = Panel::new(x(), Axis::new(Scale::Percent).with_baseline(0.0));
    upper.weight = 2.0;
    // A bar's price is known at its end.
    let end = |bars: &CumulativeBar| (f64::from(bars.bar) + 1.0) * bar;
    let band: Vec<(f64, f64, f64)> =
        all.cumulative.iter().filter_map(|bars| bars.interval.map(|(low, high)| (end(bars), low, high))).collect();
    let has_band = !band.is_empty();
    let band =
        if has_band { std::iter::once((f64::from(result.study.window.first()) * bar, 0.0, 0.0)).chain(band).collect() } else { band };
    upper.marks.extend(has_band.then_some(Mark::Band { points: band, role: Role::Band, label: String::new() }));
    upper.marks.push(Mark::Rule { along: Direction::X, at: 0.0, role: Role::Accent, label: String::new() });
    let begin = (f64::from(result.study.window.first()) * bar, 0.0);
    let points = |bars: &[CumulativeBar]| std::iter::once(begin).chain(bars.iter().map(|bars| (end(bars), bars.value))).collect();
    let ending = |name: &str, value: f64| format!("{name} {}", number::percent_signed(value, 2));
    let named: Vec<_> = result.groups.iter().filter(|group| group.group.is_some() && result.groups.len() > 2).collect();
    let name = if all.n == 1 {
        "CAR"
    } else if named.is_empty() {
        "CAAR"
    } else {
        "all events"
    };
    upper.marks.push(Mark::Line { points: points(&all.cumulative), role: Role::Security, label: ending(name, last.value) });
    for (number, group) in (0_u8..).zip(named.iter().take(MOST_GROUPS)) {
        if let (Some(name), Some(last)) = (&group.group, group.cumulative.last()) {
            upper.marks.push(Mark::Line { points: points(&group.cumulative), role: Role::Peer(number), label: ending(name, last.value) });
        }
    }
    let mut lower = Panel::new(x().titled(title_of_axis), Axis::new(Scale::Percent).with_baseline(0.0));
    // One line from zero a bar: bars of a chart are a unit wide at most, and a unit is a minute here.
    lower.marks.push(Mark::Rule { along: Direction::X, at: 0.0, role: Role::Accent, label: String::new() });
    let middle = |position: i32| (f64::from(position) + 0.5) * bar;
    if bar <= 1.0 {
        let bars = all.bars.iter().map(|found| Bar {
            x: middle(found.bar),
            y: found.abnormal.mean,
            role: if found.bar == 0 { Role::Accent } else { Role::Muted },
        });
        lower.marks.push(Mark::Bars { bars: bars.collect() });
    } else {
        lower.marks.extend(all.bars.iter().map(|found| Mark::Line {
            points: vec![(middle(found.bar), 0.0), (middle(found.bar), found.abnormal.mean)],
            role: if found.bar == 0 { Role::Accent } else { Role::Benchmark },
            label: String::new(),
        }));
    }
    let (from, to) = (number::signed(begin.0, 0), number::signed(end(last), 0));
    let value = number::percent_signed(last.value, 2);
    let title = match all.n {
        1 => format!("From {from} to {to} minutes, the abnormal returns of one event add up to {value}"),
        n => format!("From {from} to {to} minutes, the abnormal returns of {} add up to {value} on average", number::plural(n, "event")),
    };
    let bands = match (has_band, all.n) {
        (false, _) => "There is no interval.",
        (true, 1) if result.study.volatility == Volatility::Constant => "Shaded: 95 % interval by one variance for all bars.",
        (true, 1) => "Shaded: 95 % interval by the volatility of the same time of day.",
        (true, _) => "Shaded: 95 % interval of the mean, events taken as independent.",
    };
    let left_out = if named.len() > MOST_GROUPS {
        format!("Drawn are the first {MOST_GROUPS} of {} groups.", number::count(named.len()))
    } else {
        String::new()
    };
    Some(Figure {
        name: "intraday-caar".to_owned(),
        subtitle: "Cumulated above, bar by bar below; bar 0 is the first that ends after the news".to_owned(),
        note: note(result, [bands, left_out.as_str()].join(" ").trim().to_owned()),
        alt: format!(
            "Line chart of the cumulative abnormal return in the minutes around the news, and bars of each bar’s abnormal return. {title}."
        ),
        title,
        panels: vec![upper, lower],
        shared_x: true,
    })
}
