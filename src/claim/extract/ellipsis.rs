//! What a sentence leaves out because the text has said it: "on Tuesday, 1 %", "Down 31 % this year.", "its gain". The direction and the
//! security go on from what stands before: the figure, the colon, the sentence, the article.

use super::context::Subject;
use super::grammar::Reader;
use super::lexicon::{Form, Role, WordClass};
use super::mark::What;
use super::mover::Who;
use super::scene::is_light;
use crate::claim::Inference;

impl Reader<'_> {
    /// The direction that the sentence has had before a place: of the last figure, else of the last word of movement.
    pub(super) fn direction_before(&self, place: usize) -> Option<bool> {
        let moved = (0..place).rev().find_map(|earlier| match self.what(earlier) {
            // "The gainers were Nvidia (3 %) ...": a verb has its own figure.
            Some(What::Move { rise, form: Form::Noun | Form::State }) => Some((earlier, rise)),
            // "Seules trois valeurs progressent : Thales de 2 %": it has none before the colon.
            Some(What::Move { rise, form: Form::Verb })
                if self.what(earlier + 1) == Some(What::Break { colon: true }) && self.drafts.is_empty() =>
            {
                Some((earlier, rise))
            }
            _ => None,
        });
        let last = self.drafts.last().filter(|draft| moved.is_none_or(|(earlier, _)| earlier < draft.place || draft.governor >= earlier));
        last.map(|draft| draft.rise).or(moved.map(|(_, rise)| rise))
    }

    /// "Lundi, le titre a cédé 3 % ; mardi, 1 %": a clause of a period and a figure alone goes on from the one before. The place of the period.
    pub(super) fn clause_of_a_period(&self, place: usize) -> Option<usize> {
        let mut said = None;
        for at in (0..place).rev() {
            match self.what(at)? {
                What::Horizon(..) | What::Day(_) if said.is_none() => said = Some(at),
                What::Break { colon: false } => return said.filter(|_| !self.drafts.is_empty()),
                What::Comma | What::Qualifier(_) | What::Role(Role::Of | Role::And) => {}
                what if is_light(what) => {}
                _ => return None,
            }
        }
        None
    }

    /// "En six mois, 21 %.": a sentence of a period and a figure alone goes on from the one before. The direction of that.
    pub(super) fn goes_on_alone(&self) -> Option<bool> {
        let (_, rise, sentence) = self.scene.context.last_move?;
        let said = |what: What| matches!(what, What::Horizon(..) | What::Day(_));
        let bare = self.scene.marks.iter().all(|mark| {
            is_light(mark.what)
                || said(mark.what)
                || matches!(
                    mark.what,
                    What::Comma | What::Break { .. } | What::Qualifier(_) | What::QualifierAfter(_) | What::Figure(_) | What::Dash
                )
                || matches!(mark.what, What::Role(Role::And | Role::By | Role::Of))
        });
        let figures = self.scene.marks.iter().filter(|mark| matches!(mark.what, What::Figure(_))).count();
        let periods = self.scene.marks.iter().filter(|mark| said(mark.what)).count();
        (bare && figures <= periods && sentence + 1 == self.scene.context.sentence).then_some(rise)
    }

    /// "Down 31 % this year.": a sentence of nothing else speaks of what the text was about.
    pub(super) fn fragment(&self, place: usize, at: usize) -> Option<Who> {
        let bare = |from: usize, to: usize| {
            self.scene.marks.get(from..to).is_some_and(|marks| {
                marks.iter().all(|mark| {
                    is_light(mark.what)
                        || matches!(
                            mark.what,
                            What::Horizon(..) | What::Day(_) | What::Qualifier(_) | What::QualifierAfter(_) | What::Break { .. }
                        )
                })
            })
        };
        let from = (0..at).rev().find(|colon| self.what(*colon) == Some(What::Break { colon: true })).map_or(0, |colon| colon + 1);
        if !bare(from, at) || !bare(place + 1, self.scene.marks.len()) {
            return None;
        }
        let nearest = |wanted| self.scene.context.nearest(wanted);
        let (subject, _) = nearest(super::context::Wanted::Share).or_else(|| nearest(super::context::Wanted::Any))?;
        Some(Who {
            subjects: vec![subject],
            inferred: Some(Inference::SecurityFromContext),
            against: None,
            benchmark_inferred: false,
            place: None,
        })
    }

    /// "Last month was one to forget for Target: a 14.6 % drop", "a record to envy: +62 % over one year, +140 % over three": what the words
    /// before the colon speak of.
    pub(super) fn before_colon(&self, from: usize) -> Option<Who> {
        let colon = (0..from).rev().find(|place| {
            !self.what(*place).is_some_and(|what| {
                is_light(what)
                    || matches!(
                        what,
                        What::Comma | What::Horizon(..) | What::Day(_) | What::Qualifier(_) | What::QualifierAfter(_) | What::Number
                    )
                    || matches!(what, What::Figure(_) | What::Move { form: Form::State, .. })
                    || what == What::Role(Role::And)
            })
        })?;
        if self.what(colon) != Some(What::Break { colon: true }) {
            return None;
        }
        let named = |index: bool| {
            (0..colon)
                .rev()
                .filter(move |place| matches!(self.what(*place), Some(What::Security { .. })) && self.scene.is_index(*place) == index)
                .filter_map(|place| self.scene.subject_of(place))
                .collect::<Vec<Subject>>()
        };
        // "It was the Dow's worst week since March: down 3.1 %".
        let mut names = named(false);
        if names.is_empty() {
            names = named(true);
        }
        let first = names.first().copied().filter(|first| names.iter().all(|name| name == first))?;
        Some(Who {
            subjects: vec![first],
            inferred: Some(Inference::SecurityFromContext),
            against: None,
            benchmark_inferred: false,
            place: None,
        })
    }

    /// The security of the figure before.
    pub(super) fn again(&self) -> Option<Who> {
        let subjects = vec![self.drafts.last()?.subject];
        Some(Who { subjects, inferred: Some(Inference::SecurityFromContext), against: None, benchmark_inferred: false, place: None })
    }

    /// What the text speaks of, for "the loss", "its gain": the security of the figure before.
    pub(super) fn spoken_of(&self, at: usize) -> Option<Who> {
        let word = self.scene.marks.get(at)?;
        let vague = self.scene.view.is(word.from, WordClass::Vague);
        let possessive = self.follows_possessive(at);
        if vague && !possessive {
            return None;
        }
        let near = |wanted: Role| (0..at).rev().take(4).any(|place| self.what(place) == Some(What::Role(wanted)));
        let indefinite = at == 0 || self.scene.follows(at, WordClass::Indefinite);
        // "A drop of 10 % is called a correction": nobody's.
        if self.drafts.is_empty() && indefinite && !near(Role::With) {
            return None;
        }
        // "leurs gains se montent à 11 % et 8,2 %".
        let several = self.scene.figures_in_a_row(at);
        let listed = self.scene.context.listed();
        if possessive && several > 1 && listed.len() == several && self.drafts.is_empty() {
            return Some(Who {
                subjects: listed,
                inferred: Some(Inference::SecurityFromContext),
                against: None,
                benchmark_inferred: false,
                place: None,
            });
        }
        let possessive = possessive || near(Role::With);
        // "surged for a sixth day; the six-day gain stands at 41 %".
        let definite = !vague
            && (0..at).rev().take_while(|place| !matches!(self.what(*place), Some(What::Break { .. }))).all(|place| {
                self.what(place)
                    .is_some_and(|what| is_light(what) || matches!(what, What::Horizon(..) | What::Role(Role::And | Role::Record)))
            })
            && (0..at).any(|place| self.what(place) == Some(What::Break { colon: false }));
        let antecedent =
            || self.scene.antecedent(at, super::context::Wanted::Any).map(|(subject, _)| subject).filter(|_| possessive || definite);
        let subject = self.drafts.last().map(|draft| draft.subject).or(self.scene.context.last_subject).or_else(antecedent)?;
        Some(Who {
            subjects: vec![subject],
            inferred: Some(Inference::SecurityFromContext),
            against: None,
            benchmark_inferred: false,
            place: None,
        })
    }
}
