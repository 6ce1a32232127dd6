//! `result.json` of a study of many events, at full double precision, written as it goes: nothing is held twice.

use std::io;

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::ser::Formatter;

use crate::inference::{Outcome, TestOutcome};
use crate::model::ExpectedReturnModel;
use crate::report::number;
use crate::sample::SampleResult;
use crate::sample::control::EventControls;
use crate::sample::result::{
    Distribution, EventColumns, EventDayColumn, EventWindowColumn, ExcludedEvent, GroupResult, OverlapSummary, WindowResult,
};
use crate::study::result::Status;
use crate::window::Window;

/// Listed events from which on `events` is null: the tables hold them.
pub const MOST_EVENTS: usize = 10_000;

/// Writes the result as JSON with a closing line end: indented, lists of numbers on one line each.
///
/// # Errors
/// What the writer says; a [`SampleResult`] holds nothing that serde_json refuses.
pub fn write(result: &SampleResult, mut writer: impl io::Write) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut writer, Indented::default());
    File(result).serialize(&mut serializer)?;
    writer.write_all(b"\n")
}

/// The same as text.
///
/// # Errors
/// As [`fn@write`]; a text takes all that is written to it.
pub fn render(result: &SampleResult) -> io::Result<String> {
    let mut bytes = Vec::new();
    write(result, &mut bytes)?;
    String::from_utf8(bytes).map_err(io::Error::other)
}

struct File<'a>(&'a SampleResult);

impl Serialize for File<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let result = self.0;
        let listed = result.listed <= MOST_EVENTS;
        let reason = (!listed).then(|| {
            format!(
                "{} events are listed, more than {}: the tables of events, abnormal returns, CARs and exclusions hold them",
                number::count(result.listed),
                number::count(MOST_EVENTS)
            )
            .replace(number::NARROW_SPACE, " ")
        });
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("schema", result.schema)?;
        map.serialize_entry("study", &result.study)?;
        map.serialize_entry("claims", &[(); 0])?;
        map.serialize_entry("events", &listed.then_some(Events(result)))?;
        map.serialize_entry("events_reason", &reason)?;
        map.serialize_entry("groups", &Listed(result.groups.iter().map(Group)))?;
        map.serialize_entry("differences", &result.differences)?;
        if !result.activity.is_empty() {
            map.serialize_entry("activity", &result.activity)?;
        }
        if let Some(curve) = &result.specifications {
            map.serialize_entry("specifications", curve)?;
        }
        if let Some(regression) = &result.cross_section {
            map.serialize_entry("regression", regression)?;
        }
        map.serialize_entry("diagnostics", &Diagnostics(result))?;
        map.serialize_entry("provenance", &result.provenance)?;
        map.end()
    }
}

/// A list whose members are made as they are written.
struct Listed<I>(I);

impl<T: Serialize, I: Iterator<Item = T> + Clone> Serialize for Listed<I> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.clone())
    }
}

// ── events ──

/// Used and excluded events in the order of the list.
struct Events<'a>(&'a SampleResult);

impl Serialize for Events<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let result = self.0;
        let columns = &result.events;
        let mut excluded = result.exclusions.iter().peekable();
        let mut list = serializer.serialize_seq(Some(columns.len() + result.exclusions.len()))?;
        for (event, number) in columns.number.iter().enumerate() {
            while let Some(before) = excluded.next_if(|excluded| excluded.number < *number) {
                list.serialize_element(&Excluded(before))?;
            }
            list.serialize_element(&Used { columns, model: result.study.model, event })?;
        }
        for after in excluded {
            list.serialize_element(&Excluded(after))?;
        }
        list.end()
    }
}

struct Excluded<'a>(&'a ExcludedEvent);

impl Serialize for Excluded<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        const NONE: [(); 0] = [];
        let event = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("event_id", &event.event_id)?;
        map.serialize_entry("symbol", &event.symbol)?;
        map.serialize_entry("group", &event.group)?;
        map.serialize_entry("date", &event.date)?;
        map.serialize_entry("session", &())?;
        map.serialize_entry("shift_days", &())?;
        map.serialize_entry("status", &Status::Excluded)?;
        map.serialize_entry("reason", &event.reason)?;
        map.serialize_entry("model", &())?;
        for empty in ["days", "ar", "ar_se", "car"] {
            map.serialize_entry(empty, &NONE)?;
        }
        map.end()
    }
}

#[derive(Clone, Copy)]
struct Used<'a> {
    columns: &'a EventColumns,
    model: ExpectedReturnModel,
    event: usize,
}

impl Serialize for Used<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Used { columns, event, .. } = *self;
        let present = |column: &EventDayColumn| column.present.get(event) == Some(&true);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("event_id", &columns.event_id.get(event))?;
        map.serialize_entry("symbol", columns.symbol_of(event))?;
        map.serialize_entry("group", &columns.group_of(event))?;
        map.serialize_entry("date", &columns.date.get(event))?;
        map.serialize_entry("session", &columns.session.get(event))?;
        map.serialize_entry("shift_days", &columns.shift_days.get(event))?;
        map.serialize_entry("status", &Status::Used)?;
        map.serialize_entry("reason", &())?;
        map.serialize_entry("model", &Model(*self))?;
        map.serialize_entry("days", &Listed(columns.days.iter().map(|column| column.day)))?;
        map.serialize_entry("ar", &Listed(columns.days.iter().map(|column| column.abnormal.get(event).filter(|_| present(column)))))?;
        map.serialize_entry(
            "ar_se",
            &Listed(columns.days.iter().map(|column| column.standard_error.get(event).filter(|_| present(column)))),
        )?;
        map.serialize_entry(
            "car",
            &Listed(columns.windows.iter().enumerate().map(|(place, window)| Car { columns, window, place, event })),
        )?;
        map.end()
    }
}

struct Model<'a>(Used<'a>);

impl Serialize for Model<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Used { columns, model, event } = self.0;
        let slopes = columns.slopes.get(event);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("name", &model)?;
        map.serialize_entry("alpha", &columns.alpha.get(event))?;
        map.serialize_entry("beta", &slopes.and_then(|slopes| slopes.first()))?;
        map.serialize_entry("slopes", &slopes)?;
        map.serialize_entry("sigma", &columns.sigma.get(event))?;
        map.serialize_entry("r_squared", &columns.r_squared.get(event).copied().flatten())?;
        map.serialize_entry("n", &columns.observations.get(event))?;
        map.serialize_entry("zero_return_share", &columns.zero_share.get(event))?;
        map.serialize_entry("missing_return_share", &columns.missing_share.get(event))?;
        if let Some(betas) = &columns.betas {
            map.serialize_entry("beta_se", &betas.standard_error.get(event))?;
            map.serialize_entry("ordinary_beta", &betas.ordinary.get(event))?;
            map.serialize_entry("ordinary_beta_se", &betas.ordinary_error.get(event))?;
            map.serialize_entry("beta_slopes", &betas.slopes.get(event))?;
            map.serialize_entry("market_autocorrelation", &betas.autocorrelation.get(event).copied().flatten())?;
        }
        map.serialize_entry("degrees_of_freedom", &columns.degrees_of_freedom.get(event))?;
        if let Some(volatility) = columns.volatility.get(event) {
            map.serialize_entry("converged", &volatility.is_some())?;
            map.serialize_entry("fallback", &volatility.is_none().then_some("market"))?;
            map.serialize_entry("volatility", volatility)?;
        }
        if let Some(controls) = columns.controls.get(event) {
            map.serialize_entry("controls", &Controls(columns, controls))?;
        }
        map.end()
    }
}

/// Placebos stand with the windows that they are tests of.
struct Controls<'a>(&'a EventColumns, &'a EventControls);

impl Serialize for Controls<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Controls(columns, controls) = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("weights", &controls.weights)?;
        map.serialize_entry("eligible", &controls.eligible)?;
        map.serialize_entry("donors", &controls.donors)?;
        map.serialize_entry("pre_event_rmspe", &controls.error)?;
        map.serialize_entry("pre_event_r_squared", &controls.r_squared)?;
        if !controls.placebos.is_empty() || controls.placebos_left_out > 0 {
            let of_window = |(place, window): (usize, &EventWindowColumn)| PlaceboCars { controls, window: window.window, place };
            map.serialize_entry("placebo_donors", &Listed(controls.placebos.iter().map(|placebo| &placebo.symbol)))?;
            map.serialize_entry("placebos_left_out", &controls.placebos_left_out)?;
            let paths = controls.placebos.iter().map(|placebo| &placebo.cumulative);
            if controls.placebos.iter().any(|placebo| !placebo.cumulative.is_empty()) {
                map.serialize_entry("placebo_paths", &Listed(paths))?;
            }
            map.serialize_entry("placebos", &Listed(columns.windows.iter().enumerate().map(of_window)))?;
        }
        map.end()
    }
}

struct PlaceboCars<'a> {
    controls: &'a EventControls,
    window: Window,
    place: usize,
}

impl Serialize for PlaceboCars<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let effects = || self.controls.placebos.iter().map(|placebo| placebo.windows.get(self.place).copied().flatten());
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("window", &self.window)?;
        map.serialize_entry("car", &Listed(effects().map(|effect| effect.map(|effect| effect.car))))?;
        map.serialize_entry("rmspe", &Listed(effects().map(|effect| effect.map(|effect| effect.error))))?;
        map.serialize_entry("pre_event_rmspe", &Listed(effects().map(|effect| effect.map(|effect| effect.error_before))))?;
        map.end()
    }
}

struct Car<'a> {
    columns: &'a EventColumns,
    window: &'a EventWindowColumn,
    /// Place of the window among the study's.
    place: usize,
    event: usize,
}

impl Serialize for Car<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Car { columns, window, place, event } = *self;
        let (t, p_value) = (columns.t(window, event), columns.p_value(window, event));
        let degrees = columns.degrees_of_freedom.get(event).copied().unwrap_or_default();
        let test = t.zip(p_value).map(|(statistic, p_value)| TestOutcome {
            name: "t",
            outcome: Outcome::Computed {
                statistic,
                p_value,
                null: format!("t({degrees})"),
                n: columns.observations.get(event).copied().unwrap_or_default(),
            },
        });
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("window", &window.window)?;
        map.serialize_entry("days", &window.days.get(event))?;
        map.serialize_entry("value", &window.car.get(event))?;
        map.serialize_entry("se", &window.standard_error.get(event))?;
        map.serialize_entry("t", &t)?;
        map.serialize_entry("p_value", &p_value)?;
        if let Some(adjusted) = &window.adjusted {
            map.serialize_entry("p_holm", &adjusted.holm.get(event))?;
            map.serialize_entry("p_benjamini_hochberg", &adjusted.benjamini_hochberg.get(event))?;
        }
        map.serialize_entry("bhar", &window.bhar.get(event))?;
        let further = columns.tests.get(event).and_then(|windows| windows.get(place)).map_or(&[][..], Vec::as_slice);
        map.serialize_entry("tests", &Listed(test.iter().chain(further)))?;
        map.end()
    }
}

// ── groups ──

struct Group<'a>(&'a GroupResult);

impl Serialize for Group<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let group = self.0;
        let days = &group.days;
        let cumulated = |day| group.cumulative.iter().find(move |entry| entry.day == day);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("group", &group.group)?;
        map.serialize_entry("n", &group.n)?;
        map.serialize_entry("securities", &group.securities)?;
        map.serialize_entry("dates", &group.dates)?;
        map.serialize_entry("days", &Listed(days.iter().map(|day| day.day)))?;
        map.serialize_entry("aar", &Listed(days.iter().map(|day| day.abnormal.mean)))?;
        map.serialize_entry("aar_low", &Listed(days.iter().map(|day| day.abnormal.interval.map(|(low, _)| low))))?;
        map.serialize_entry("aar_high", &Listed(days.iter().map(|day| day.abnormal.interval.map(|(_, high)| high))))?;
        map.serialize_entry("aar_n", &Listed(days.iter().map(|day| day.abnormal.n)))?;
        map.serialize_entry("aar_positive", &Listed(days.iter().map(|day| day.abnormal.positive)))?;
        map.serialize_entry("aar_negative", &Listed(days.iter().map(|day| day.abnormal.negative)))?;
        map.serialize_entry("caar", &Listed(days.iter().map(|day| cumulated(day.day).map(|entry| entry.value))))?;
        let interval = |day| cumulated(day).and_then(|entry| entry.interval);
        map.serialize_entry("caar_low", &Listed(days.iter().map(|day| interval(day.day).map(|(low, _)| low))))?;
        map.serialize_entry("caar_high", &Listed(days.iter().map(|day| interval(day.day).map(|(_, high)| high))))?;
        map.serialize_entry("caar_n", &Listed(days.iter().map(|day| cumulated(day.day).map(|entry| entry.n))))?;
        map.serialize_entry("day_tests", &Listed(days.iter().map(DayTests)))?;
        map.serialize_entry("windows", &Listed(group.windows.iter().map(GroupWindow)))?;
        map.end()
    }
}

struct DayTests<'a>(&'a crate::sample::result::DayResult);

impl Serialize for DayTests<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("day", &self.0.day)?;
        map.serialize_entry("tests", &self.0.tests)?;
        map.end()
    }
}

struct GroupWindow<'a>(&'a WindowResult);

impl Serialize for GroupWindow<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let window = self.0;
        let Distribution { n, mean, standard_deviation, median, interval, positive, negative } = window.cumulative;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("window", &window.window)?;
        map.serialize_entry("n", &n)?;
        map.serialize_entry("caar", &mean)?;
        map.serialize_entry("standard_deviation", &standard_deviation)?;
        map.serialize_entry("interval", &interval)?;
        map.serialize_entry("median", &median)?;
        map.serialize_entry("positive", &positive)?;
        map.serialize_entry("negative", &negative)?;
        map.serialize_entry("mean_scar", &window.mean_scar)?;
        map.serialize_entry("mean_correlation", &window.correlation.value)?;
        map.serialize_entry("overlapping_pairs", &window.correlation.overlapping_pairs)?;
        map.serialize_entry("tests", &window.tests)?;
        map.serialize_entry("bhar", &window.bhar)?;
        map.serialize_entry("bhar_tests", &window.bhar_tests)?;
        map.serialize_entry("other_conventions", &window.other_conventions)?;
        if !window.alphas.is_empty() {
            map.serialize_entry("calendar_time_alphas", &window.alphas)?;
        }
        map.end()
    }
}

// ── diagnostics ──

struct Diagnostics<'a>(&'a SampleResult);

impl Serialize for Diagnostics<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let result = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("listed", &result.listed)?;
        map.serialize_entry("used", &result.events.len())?;
        map.serialize_entry("excluded", &result.exclusions.len())?;
        map.serialize_entry("reasons", &result.reasons)?;
        if let Some(controls) = &result.controls {
            map.serialize_entry("controls", controls)?;
        }
        if let Some(calendar) = &result.calendar {
            map.serialize_entry("calendar", calendar)?;
        }
        map.serialize_entry("overlaps", &Overlaps(&result.overlaps))?;
        if let Some(volatility) = &result.volatility {
            map.serialize_entry("volatility", volatility)?;
        }
        map.serialize_entry("thin_trading", &result.thin)?;
        if result.betas.is_some() {
            map.serialize_entry("betas", &result.betas)?;
            map.serialize_entry("shrinkage", &result.shrinkage)?;
        }
        if let Some(rolling) = &result.rolling {
            map.serialize_entry("rolling_beta", rolling)?;
        }
        map.serialize_entry("advice", &result.advice)?;
        map.serialize_entry("reading", &result.reading)?;
        map.end()
    }
}

struct Overlaps<'a>(&'a OverlapSummary);

impl Serialize for Overlaps<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(serde::Serialize)]
        struct Example<'a> {
            event_id: &'a crate::event::EventId,
            other: &'a crate::event::EventId,
            /// Day 0 of the other falls into this one's estimation window; else their event windows share a session.
            in_estimation_window: bool,
        }
        let examples = self.0.examples.iter().map(|(event_id, other, inside)| Example { event_id, other, in_estimation_window: *inside });
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("overlapping", &self.0.overlapping)?;
        map.serialize_entry("contaminated", &self.0.contaminated)?;
        map.serialize_entry("examples", &Listed(examples))?;
        map.end()
    }
}

// ── layout ──

/// Two spaces a level; a list of numbers stays on its line.
#[derive(Default)]
pub(crate) struct Indented {
    depth: usize,
    /// Whether something was written at this depth and above it.
    filled: Vec<bool>,
    /// A value is due on a new line unless it is a number.
    due: bool,
    /// A value is before it in the list.
    follows: bool,
}

impl Indented {
    fn new_line<W: ?Sized + io::Write>(&self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }

    /// Begins the line that is due.
    fn break_line<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if std::mem::take(&mut self.due) {
            if let Some(filled) = self.filled.last_mut() {
                *filled = true;
            }
            self.new_line(writer)?;
        }
        Ok(())
    }

    /// Stays on the line.
    fn stay<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let follows = std::mem::take(&mut self.due) && std::mem::take(&mut self.follows);
        if follows { writer.write_all(b" ") } else { Ok(()) }
    }

    fn begin<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.break_line(writer)?;
        self.depth += 1;
        self.filled.push(false);
        writer.write_all(bracket)
    }

    fn end<W: ?Sized + io::Write>(&mut self, writer: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth = self.depth.saturating_sub(1);
        if self.filled.pop() == Some(true) {
            self.new_line(writer)?;
        }
        writer.write_all(bracket)
    }
}

/// Numbers, null and truth values stay on their line.
macro_rules! stays {
    ($($method:ident($kind:ty)),*) => {$(
        fn $method<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: $kind) -> io::Result<()> {
            self.stay(writer)?;
            serde_json::ser::CompactFormatter.$method(writer, value)
        }
    )*};
}

impl Formatter for Indented {
    stays!(write_bool(bool), write_i32(i32), write_i64(i64), write_u32(u32), write_u64(u64), write_f64(f64));

    fn write_null<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.stay(writer)?;
        writer.write_all(b"null")
    }

    fn begin_string<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.break_line(writer)?;
        writer.write_all(b"\"")
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        (self.due, self.follows) = (true, !first);
        if first { Ok(()) } else { writer.write_all(b",") }
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.begin(writer, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.end(writer, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if let Some(filled) = self.filled.last_mut() {
            *filled = true;
        }
        self.due = false;
        if !first {
            writer.write_all(b",")?;
        }
        self.new_line(writer)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.due = false;
        writer.write_all(b": ")
    }
}
