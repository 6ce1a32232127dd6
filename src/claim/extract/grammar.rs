//! From marks to claims: for every figure, which word of movement governs it, who moved, over which period, and what the words around
//! it allow.

use super::context::Subject;
use super::direction::Governor;
use super::draft::Draft;
use super::figure::{Figure, FigureKind};
use super::lexicon::{Form, Role, Unit, WordClass};
use super::mark::{Mark, What};
use super::period::Period;
use super::scene::{Scene, after, before, is_light};
use crate::claim::{Horizon, Inference, Qualifier};

/// The claims of a sentence; returned are the periods that its figures had of their own.
pub(super) fn read_sentence(scene: &Scene<'_>, drafts: &mut Vec<Draft>, left_alone: &mut Vec<(usize, &'static str)>) -> Vec<Horizon> {
    drafts.clear();
    left_alone.clear();
    let figures: Vec<usize> = (0..scene.marks.len()).filter(|place| matches!(scene.what(*place), Some(What::Figure(_)))).collect();
    // The period right after a figure is that figure's, whatever it says: "revenue rose 5 % last year".
    let mut consumed: Vec<usize> = Vec::new();
    for place in &figures {
        let mut own = Period::default();
        if matches!(scene.what(*place), Some(What::Figure(figure)) if figure.sign.is_none()) {
            Reader { scene, drafts }.period_after(*place, *place, false, &mut own);
        }
        consumed.extend(own.used);
    }
    for place in figures {
        let Some(What::Figure(figure)) = scene.what(place) else { continue };
        let reader = Reader { scene, drafts };
        let Some(governor) = reader.governor(place, figure) else {
            left_alone.push((place, "nothing gives it a direction"));
            continue;
        };
        if !matches!(governor, Governor::Gap { .. }) && matches!(figure.unit, Unit::Point | Unit::PercentagePoint) {
            left_alone.push((place, "points, but no gap"));
            continue;
        }
        if !matches!(governor, Governor::Vanished(_)) && reader.is_level_or_share(place, figure, governor) {
            left_alone.push((place, "a level, or a share of something"));
            continue;
        }
        let Some(found) = reader.subject(place, governor) else {
            left_alone.push((place, "no security moved"));
            continue;
        };
        let mut read = reader.period(place, governor, found.place, &consumed);
        let mut inferred: Vec<Inference> = found.inferred.into_iter().collect();
        let rise = match governor {
            // "accumule -12,6 %", "a effacé ses pertes et affiche +1,3 %": a printed sign says more than the verb.
            Governor::Left { rise, .. } | Governor::Right { rise, .. } | Governor::Sign { rise } | Governor::Elliptic { rise, .. } => {
                figure.sign.unwrap_or(rise)
            }
            Governor::Gap { ahead, .. } => ahead,
            Governor::Vanished(_) => false,
            Governor::Coordinated { draft } => drafts.get(draft).is_some_and(|draft| draft.rise),
        };
        if matches!(governor, Governor::Elliptic { .. }) {
            inferred.push(Inference::DirectionFromContext);
        }
        if figure.kind != FigureKind::Printed {
            inferred.push(Inference::SizeInWords);
        }
        let qualifier = reader.qualifier(place, figure);
        if read.horizon.is_none() && !read.unclear {
            carry_over(&mut read, governor, &found.subjects, scene, place, drafts, &mut inferred);
        }
        // "a fini mercredi en hausse, après avoir cédé 1,1 % en séance": that day.
        if read.day.is_none()
            && !reader.is_of_another_time(place)
            && matches!(read.horizon, Some(Horizon::Intraday | Horizon::Session))
            && !read.used.iter().any(|at| {
                scene.marks.get(*at).is_some_and(|mark| (mark.from..mark.to).any(|word| scene.view.is(word, WordClass::AnotherDay)))
            })
            && let Some(last) = drafts.last().filter(|last| {
                found.subjects.contains(&last.subject)
                    && matches!(last.horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours)
                    && !is_relative(scene, last)
            })
        {
            read.day = last.day;
        }
        if let (true, Some((horizon, day))) = (read.is_empty(), scene.context.header) {
            // "How they fared this week:" before a list.
            read.horizon = horizon;
            read.day = day;
            inferred.push(Inference::HorizonFromContext);
        }
        let unclear = read.unclear && read.horizon.is_none();
        if unclear {
            left_alone.push((place, "its period can't be told"));
        }
        let said = !read.is_empty();
        let mut horizon = read.horizon.unwrap_or(Horizon::Session);
        if horizon == Horizon::Session && qualifier == Qualifier::AtMost && !matches!(governor, Governor::Gap { .. }) {
            // "Fell as much as 5 %": at its lowest, not at the close.
            horizon = Horizon::Intraday;
        } else if !said {
            inferred.push(Inference::HorizonUnsaid);
        }
        if read.days_as_sessions {
            inferred.push(Inference::DaysAsSessions);
        }
        let day = read.day.filter(|_| matches!(horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours));
        if found.benchmark_inferred {
            inferred.push(Inference::BenchmarkFromContext);
        }
        consumed.extend(read.used);
        let mark = scene.marks.get(place).copied().unwrap_or(Mark { what: What::Word, from: 0, to: 0, start: 0, end: 0, article: false });
        let governor_place = match governor {
            Governor::Left { place, .. } | Governor::Right { place, .. } | Governor::Gap { place, .. } => place,
            Governor::Coordinated { draft } => drafts.get(draft).map_or(place, |draft| draft.governor),
            Governor::Vanished(vanished) => vanished.last,
            Governor::Sign { .. } | Governor::Elliptic { .. } => place,
        };
        let listed = matches!(governor, Governor::Coordinated { .. } | Governor::Elliptic { name: Some(_), .. });
        for subject in found.subjects {
            let mut inferred = inferred.clone();
            inferred.sort_unstable();
            inferred.dedup();
            drafts.push(Draft {
                subject,
                against: found.against,
                figure,
                rise,
                qualifier,
                horizon,
                day,
                inferred,
                start: mark.start,
                end: mark.end,
                place,
                governor: governor_place,
                said,
                listed,
                unclear,
            });
        }
    }
    super::list::distribute(scene, drafts, &scene.context.periods);
    let periods =
        || drafts.iter().filter(|draft| draft.said && !draft.unclear && draft.horizon != Horizon::Session).map(|draft| draft.horizon);
    // "up 24 % over the past year and 3 % below its high": "the same period" is the year.
    let lasting: Vec<Horizon> = periods().filter(|horizon| !matches!(horizon, Horizon::FromHigh(_) | Horizon::FromLow(_))).collect();
    if lasting.is_empty() { periods().collect() } else { lasting }
}

/// Whether a figure stands in a relative clause: "which tumbled 3 % on Monday".
pub(super) fn is_relative(scene: &Scene<'_>, draft: &Draft) -> bool {
    let from = draft.place.min(draft.governor);
    (0..from).rev().take(4).any(|place| scene.what(place) == Some(What::Role(Role::Relative)))
}

/// The period of the figure before where a figure has none: in a list, and for another security in the same sentence.
fn carry_over(
    read: &mut Period,
    governor: Governor,
    subjects: &[Subject],
    scene: &Scene<'_>,
    place: usize,
    drafts: &[Draft],
    inferred: &mut Vec<Inference>,
) {
    // "Pfizer PFE, -0.77% has slumped 9% year to date, and Merck MRK, -1.05% has shed 8%": quotes stand aside.
    let quoted = matches!(governor, Governor::Sign { .. });
    let Some(last) = drafts.iter().rev().find(|draft| quoted || !draft.is_quote()) else { return };
    if last.unclear {
        read.unclear = true;
        return;
    }
    let coordinated = matches!(governor, Governor::Coordinated { .. } | Governor::Elliptic { .. } | Governor::Gap { .. });
    let single = matches!(last.horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours);
    if matches!(governor, Governor::Sign { .. }) {
        // "down 13 % this year (S&P 500 +7 %)", "this week: Shell +4 %": a quote elsewhere is the day's.
        let between = scene.marks.get(last.place + 1..place).unwrap_or(&[]);
        let colon = between.iter().any(|mark| mark.what == What::Break { colon: true });
        let quote = last.figure.sign.is_some()
            && between.iter().all(|mark| {
                is_light(mark.what)
                    || matches!(
                        mark.what,
                        What::Open
                            | What::Close
                            | What::Comma
                            | What::Security { .. }
                            | What::Break { .. }
                            | What::Role(Role::And | Role::For)
                    )
                    // "Boeing (-30 % this year) and Nike (-20 %)".
                    || matches!(mark.what, What::Horizon(..)) && Reader { scene, drafts }.in_brackets(last.place)
            });
        let single = if quote { last.horizon == Horizon::Session } else { single };
        let beside = colon
            || quote
            || between.iter().all(|mark| {
                is_light(mark.what) || matches!(mark.what, What::Open | What::Security { .. } | What::Horizon(..) | What::Break { .. })
            })
            // "lost 4 % in November, with Roche (-8 %) weighing most".
            || matches!(last.horizon, Horizon::During(_))
                && between.iter().all(|mark| {
                    is_light(mark.what) || matches!(mark.what, What::Open | What::Comma | What::Security { .. } | What::Horizon(..) | What::Role(Role::With))
                });
        // "surged 10 % at the open, pulling Dior with it (+9 %)".
        let other_name = !subjects.contains(&last.subject);
        let place_in_brackets = Reader { scene, drafts }.in_brackets(place);
        let within_the_day = matches!(last.horizon, Horizon::Intraday | Horizon::ExtendedHours)
            && read.is_empty()
            && !is_relative(scene, last)
            && between.iter().all(|mark| {
                // "après un plus haut à +5,1 %, BP termine à +3,2 %".
                let closes = (mark.from..mark.to).any(|word| scene.view.is(word, WordClass::Closes));
                !closes && !matches!(mark.what, What::Break { .. })
            });
        // "slumped 5 % in the third quarter, its worst since 2022, weighed down by LVMH (-17 %)": a named period holds for the sentence.
        let named = matches!(last.horizon, Horizon::During(_))
            && other_name
            && place_in_brackets
            && !is_relative(scene, last)
            && between.iter().all(|mark| !matches!(mark.what, What::Break { .. } | What::Day(_)));
        // "Sur cinq ans, Hermès (+210 %) écrase LVMH (+48 %)".
        let opened = !single
            && place_in_brackets
            && (last.figure.sign.is_some()
                || place.checked_sub(3).and_then(|than| scene.marks.get(than)).is_some_and(|mark| {
                    // "a bondi de 26 %, soit deux fois plus que le Nikkei (+13 %)".
                    (mark.from..mark.to).any(|word| scene.view.is(word, WordClass::Than))
                }))
            && (0..4).any(|at| matches!(scene.what(at), Some(What::Horizon(horizon, _)) if horizon == Some(last.horizon)))
            && between.iter().all(|mark| !matches!(mark.what, What::Break { .. } | What::Day(_) | What::Horizon(..)));
        if !single && beside || within_the_day || named || opened {
            read.horizon = Some(last.horizon);
            inferred.push(Inference::HorizonFromContext);
        } else if last.horizon == Horizon::Session
            && (place_in_brackets || quote)
            && read.is_empty()
            && !is_relative(scene, last)
            && (place_in_brackets && place.checked_sub(2).is_some_and(|name| matches!(scene.what(name), Some(What::Security { .. })))
                || between.iter().all(|mark| !matches!(mark.what, What::Break { colon: false })))
        {
            // "gave up 1.6 % on Wednesday, dragged by LVMH (-3.2 %)": the same day.
            read.day = last.day;
        }
        return;
    }
    let other = !subjects.contains(&last.subject);
    // "lost 3 % in September, cutting its gain since New Year to 7 %, and the CAC 40 sank 3 %": the period of the main verb goes on.
    let rounds_off = matches!(scene.what(last.governor), Some(What::Move { form: Form::Noun, .. }))
        && scene.follows(last.governor, WordClass::Possessive);
    let main =
        drafts.iter().find(|draft| draft.subject == last.subject && draft.place < last.place && rounds_off && draft.figure.sign.is_none());
    if let Some(main) = main.filter(|_| other && !single && !coordinated) {
        if !matches!(main.horizon, Horizon::Session | Horizon::Intraday | Horizon::ExtendedHours) {
            read.horizon = Some(main.horizon);
            inferred.push(Inference::HorizonFromContext);
        }
        return;
    }
    // "22 % below where it priced its IPO, while Figma": a distance is nobody else's.
    if !coordinated && matches!(scene.what(last.governor), Some(What::Horizon(..))) {
        return;
    }
    if single && (coordinated || other || !is_relative(scene, last)) {
        // The day holds for the sentence; "in early trading" only within a list.
        read.day = read.day.or(last.day);
        if last.horizon != Horizon::Session && (coordinated || other && !is_relative(scene, last)) {
            read.horizon = Some(last.horizon);
        }
    } else if !single
        && (coordinated || other && !has_closed(scene, last, place) && !is_aside(scene, last, place, drafts))
        && read.day.is_none()
    {
        read.horizon = Some(last.horizon);
        inferred.push(Inference::HorizonFromContext);
    }
}

/// Whether a period that follows the figure before is closed by a semicolon: "28 % since January; Puma gained 1 %".
fn has_closed(scene: &Scene<'_>, last: &Draft, place: usize) -> bool {
    // "64 % in 2025; the Sensex 7 %": a named period goes on.
    if matches!(last.horizon, Horizon::During(_)) {
        return false;
    }
    let first = last.place.min(last.governor);
    let opens = (0..first).any(|at| matches!(scene.what(at), Some(What::Horizon(horizon, _)) if horizon == Some(last.horizon)));
    !opens && (last.place + 1..place).any(|at| scene.what(at) == Some(What::Break { colon: false }))
}

/// Whether a figure with a longer period only rounds off what a security did that day, so that its period goes no further: "popped 6 %,
/// lifting its gain for the year to 29 %; Costco added 1 %".
fn is_aside(scene: &Scene<'_>, last: &Draft, place: usize, drafts: &[Draft]) -> bool {
    let between = scene.marks.get(last.place + 1..place).unwrap_or(&[]);
    let breaks = between.iter().any(|mark| matches!(mark.what, What::Break { .. }));
    breaks && drafts.iter().any(|draft| draft.subject == last.subject && draft.horizon == Horizon::Session && draft.place < last.place)
}

pub(super) struct Reader<'a> {
    pub(super) scene: &'a Scene<'a>,
    pub(super) drafts: &'a [Draft],
}

impl Reader<'_> {
    pub(super) fn what(&self, place: usize) -> Option<What> {
        self.scene.what(place)
    }

    /// "its steepest fall since August 2023, when it lost 40 % in a day": whether the clause speaks of a time named right before it.
    fn is_of_another_time(&self, place: usize) -> bool {
        let clause = || (0..place).rev().take_while(|at| !matches!(self.what(*at), Some(What::Break { .. } | What::Figure(_))));
        let opens = clause().find(|at| self.what(*at) == Some(What::Role(Role::Because)));
        let earlier = opens
            .and_then(|opens| before(self.scene.marks, opens))
            .map(|at| if self.what(at) == Some(What::Comma) { at.saturating_sub(1) } else { at });
        earlier.is_some_and(|at| matches!(self.what(at), Some(What::Horizon(Some(Horizon::Since(_) | Horizon::During(_)), _))))
    }

    /// "between 2 % and 3 %", "2 to 3 %": no single figure is stated.
    fn is_of_a_range(&self, place: usize) -> bool {
        let is_number = |at: Option<usize>| matches!(at.and_then(|at| self.what(at)), Some(What::Figure(_) | What::Number));
        let joint = |at: Option<usize>| {
            let at = at?;
            match self.what(at)? {
                What::Role(Role::To) | What::Dash => Some(true),
                What::Role(Role::And) => Some(false),
                _ => None,
            }
        };
        let between = |at: Option<usize>| {
            at.and_then(|at| self.scene.marks.get(at)).is_some_and(|mark| self.scene.view.is(mark.to.saturating_sub(1), WordClass::Between))
        };
        let (left, right) = (before(self.scene.marks, place), after(self.scene.marks, place));
        let past_left = left.and_then(|left| before(self.scene.marks, left));
        let past_right = right.and_then(|right| after(self.scene.marks, right));
        match (joint(left), joint(right)) {
            // "from 2 % to 3 %", but "gave up a gain of 2 % to close 0.3 % lower".
            (Some(true), _) if is_number(past_left) && left.is_some_and(|to| to + 1 == place) => true,
            (_, Some(true))
                if matches!(past_right.and_then(|at| self.what(at)), Some(What::Figure(_)))
                    && right.zip(past_right).is_some_and(|(to, next)| to + 1 == next) =>
            {
                true
            }
            (Some(false), _) if is_number(past_left) => between(past_left.and_then(|at| before(self.scene.marks, at))),
            (_, Some(false)) if is_number(past_right) => between(left),
            _ => false,
        }
    }

    /// Whether the figure is a share of something or a level, whatever moved: "5 % of voters", "3 % market share".
    fn is_level_or_share(&self, place: usize, figure: Figure, governor: Governor) -> bool {
        let next = after(self.scene.marks, place);
        let what = next.and_then(|next| self.what(next));
        let second = next.and_then(|next| after(self.scene.marks, next)).and_then(|next| self.what(next));
        // "2 % to 3 %", "2-3 %".
        if place > 0
            && matches!(self.what(place - 1), Some(What::Dash))
            && matches!(place.checked_sub(2).and_then(|before| self.what(before)), Some(What::Number))
        {
            return true;
        }
        if self.is_of_a_range(place) {
            return true;
        }
        // "erased 14 % of Nike's market value".
        let verb = match governor {
            Governor::Left { form: Form::Verb, .. } => true,
            Governor::Right { place: right, .. } => matches!(self.what(right), Some(What::Move { form: Form::Verb, .. })),
            _ => false,
        };
        if verb && self.worth_of(place).is_some() {
            return false;
        }
        // "2 % weaker-than-hoped revenue".
        let compound =
            |at: usize| self.scene.marks.get(at).is_some_and(|mark| self.scene.view.token(mark.to).is_some_and(|next| next.joined));
        if matches!(what, Some(What::Move { .. })) && next.is_some_and(compound) {
            return true;
        }
        // "2.4 % below Musk's offer price": a distance, not a move.
        let level = next.and_then(|next| self.scene.marks.get(next)).is_some_and(|mark| self.scene.view.is(mark.from, WordClass::Level));
        let thing = matches!(
            second,
            Some(
                What::Word
                    | What::Number
                    | What::Security { .. }
                    | What::Unknown { .. }
                    | What::Role(Role::Other | Role::Company | Role::Index)
            )
        );
        // "returned an average of 11 % a year".
        let rate = |at: Option<usize>| at.and_then(|at| self.what(at)) == Some(What::Role(Role::Rate));
        let led =
            (place.saturating_sub(4)..place).rev().take_while(|before| !matches!(self.what(*before), Some(What::Figure(_) | What::Comma)));
        if self.scene.marks.iter().any(|mark| mark.what == What::Role(Role::Usual)) {
            return true;
        }
        if rate(next) || led.into_iter().any(|before| rate(Some(before))) {
            return true;
        }
        if level && matches!(what, Some(What::Move { form: Form::State, .. })) && thing {
            return true;
        }
        // "well short of the 12 % that was hoped for".
        if matches!(governor, Governor::Left { form: Form::State, .. }) && self.scene.follows(place, WordClass::Definite) {
            return true;
        }
        // "sold 4.3 % less beer".
        let counted = matches!(governor, Governor::Right { form: Form::State, .. })
            && next
                .and_then(|next| self.scene.marks.get(next))
                .is_some_and(|mark| self.scene.view.is(mark.to.saturating_sub(1), WordClass::Amount))
            && matches!(second, Some(What::Word | What::Role(Role::Other | Role::Group) | What::Unknown { .. }));
        if counted {
            return true;
        }
        // "delivered 5 % more cars".
        let verb =
            before(self.scene.marks, place).filter(|verb| matches!(self.what(*verb), Some(What::Move { .. })) && self.is_weak(*verb));
        if verb.is_some() && matches!(governor, Governor::Right { form: Form::State, .. }) {
            return true;
        }
        let weak = matches!(governor, Governor::Left { place: verb, .. } if self.is_weak(verb));
        if weak
            && matches!(
                what,
                Some(
                    What::Word
                        | What::Security { .. }
                        | What::Unknown { .. }
                        | What::Role(Role::Other | Role::Of | Role::Share | Role::Group)
                )
            )
        {
            return true;
        }
        // "lopped a third off its target".
        let taken = matches!(what, Some(What::Move { form: Form::State, .. } | What::Role(Role::From)));
        if taken && second == Some(What::Role(Role::Other)) {
            return true;
        }
        // "slipped below 50 %".
        let single = place.checked_sub(1).and_then(|before| self.scene.marks.get(before)).is_some_and(|mark| mark.to == mark.from + 1);
        if matches!(governor, Governor::Left { form: Form::Verb | Form::State, .. })
            && single
            && self.scene.follows(place, WordClass::Level)
        {
            return true;
        }
        match figure.kind {
            FigureKind::Multiple { .. } => {
                return matches!(
                    what,
                    Some(What::Word | What::Role(Role::Other) | What::Unknown { .. } | What::Security { .. } | What::Number)
                ) || matches!((what, second), (Some(What::Role(Role::Of)), Some(What::Word | What::Role(Role::Other))));
            }
            // "A third was wiped off Apple's share price."
            FigureKind::Part if matches!(governor, Governor::Right { form: Form::State, .. }) && self.taken_off(place).is_some() => {
                return false;
            }
            FigureKind::Part => {
                let touching = matches!(governor, Governor::Left { place: left, .. } if self.scene.marks.get(left + 1..place).is_some_and(|between| between.iter().all(|mark| is_light(mark.what) || matches!(mark.what, What::Qualifier(_) | What::Role(Role::By | Role::Of) | What::Day(_) | What::Horizon(..)))));
                let of_value = matches!((what, second), (Some(What::Role(Role::Of)), Some(What::Role(Role::Value))));
                let free = !matches!(
                    what,
                    Some(
                        What::Word
                            | What::Role(Role::Other | Role::Of | Role::Share)
                            | What::Unknown { .. }
                            | What::Number
                            | What::Security { .. }
                    )
                );
                // "un quart de moins qu'à son plus haut".
                let touching = touching || matches!(governor, Governor::Right { form: Form::State, .. });
                return !touching || !(of_value || free);
            }
            FigureKind::Printed => {}
        }
        if what == Some(What::Role(Role::Other)) && !matches!(governor, Governor::Right { .. }) {
            return true;
        }
        // "A further 10 % drop would".
        let noun = match governor {
            Governor::Right { place: at, form: Form::Noun, .. } => after(self.scene.marks, at),
            Governor::Left { form: Form::Noun, .. } => next,
            _ => None,
        };
        if noun.and_then(|next| self.what(next)) == Some(What::Role(Role::Modal)) {
            return true;
        }
        let verb = matches!(governor, Governor::Left { form: Form::Verb, .. });
        match (what, second) {
            // "20 % of the rise in the index".
            (Some(What::Role(Role::Of)), Some(What::Move { .. }))
                if next.is_some_and(|of| self.scene.marks.get(of + 1).is_some_and(|mark| mark.article)) =>
            {
                true
            }
            // "3 % de baisse", "5 % of its value".
            (Some(What::Role(Role::Of)), Some(What::Role(Role::Value | Role::Gap { .. }) | What::Move { .. })) => false,
            // "shed 13 % of Apple shares" is a sale; "a drop of 3 % of the S&P 500" a move.
            (Some(What::Role(Role::Of)), Some(What::Role(Role::Share | Role::Index | Role::Company) | What::Security { .. })) => verb,
            // "recule de 10 % si l'offre échoue".
            (Some(What::Role(Role::Modal)), _) => true,
            // "added 3 % to its workforce", "rend 5 % à ses actionnaires".
            (Some(What::Role(Role::To)), Some(What::Role(Role::Other | Role::Market | Role::Company))) => true,
            // "une hausse de 3 % de son Ebitdaal".
            (Some(What::Role(Role::Of)), Some(What::Unknown { .. }))
                if next
                    .and_then(|of| after(self.scene.marks, of))
                    .is_some_and(|thing| self.scene.follows(thing, WordClass::Possessive)) =>
            {
                true
            }
            (Some(What::Role(Role::Of)), Some(What::Unknown { .. })) => !matches!(governor, Governor::Left { form: Form::Noun, .. }),
            (Some(What::Role(Role::Of)), Some(_)) => true,
            _ => false,
        }
    }

    fn qualifier(&self, place: usize, figure: Figure) -> Qualifier {
        if let Some(qualifier) = figure.qualifier {
            return qualifier;
        }
        let mut at = place;
        while let Some(earlier) = at.checked_sub(1) {
            at = earlier;
            match self.what(at) {
                // "n'évolue plus que 12 % au-dessus": no "more than".
                Some(What::Qualifier(_))
                    if figure.kind == FigureKind::Printed
                        && self.scene.marks.get(at).is_some_and(|mark| self.scene.view.is(mark.to.saturating_sub(1), WordClass::Than)) => {}
                Some(What::Qualifier(qualifier)) => return qualifier,
                Some(What::Role(Role::Filler | Role::By | Role::Of | Role::To) | What::Quote) => {}
                _ => break,
            }
        }
        match after(self.scene.marks, place).and_then(|next| self.what(next)) {
            Some(What::QualifierAfter(qualifier)) => qualifier,
            // "3 % environ", but not "3 % dans les échanges".
            Some(What::Qualifier(Qualifier::About))
                if after(self.scene.marks, place).is_some_and(|about| {
                    // "touché -15 % quelques minutes plus tôt".
                    let counts = matches!(self.what(about + 1), Some(What::Word | What::Number));
                    !counts && self.scene.marks.get(about).is_some_and(|mark| mark.to == mark.from + 1)
                }) =>
            {
                Qualifier::About
            }
            _ => Qualifier::None,
        }
    }
}
