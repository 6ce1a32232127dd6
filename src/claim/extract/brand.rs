//! Companies called by what they make or own: "the Gucci owner", "the maker of Ozempic", "Zara's parent". A brand alone is no share.

use super::lexicon::{Role, WordClass};
use super::mark::{Mark, What};
use super::name::{NameTable, SecurityKey, SecurityKind};
use super::scene::is_light;
use super::sentence::View;

/// Joins each brand and the word for who owns it to one name.
pub(super) fn name_owners(view: &View<'_>, names: &NameTable, marks: &mut Vec<Mark>) {
    let mut at = 0;
    while at < marks.len() {
        // "the owner of Facebook": another name of the company itself.
        let itself = || match what(marks, at)? {
            What::Security { key, ambiguous: false } if names.kind(key) == SecurityKind::Share && at >= 2 => {
                let name = || names.find(view.text, view.tokens, marks.get(at)?.from);
                (owner_before(view, marks, at, key).is_some() && name().is_some_and(|name| name.alias)).then_some(key)
            }
            _ => None,
        };
        if let Some(key) = owner_of(marks, at).or_else(itself)
            && let Some((from, to)) =
                owner_after(view, marks, at, key).map(|last| (at, last)).or_else(|| owner_before(view, marks, at, key))
            && let (Some(first), Some(last)) = (marks.get(from), marks.get(to))
        {
            let what = What::Security { key, ambiguous: false };
            let whole = Mark { what, from: first.from, to: last.to, start: first.start, end: last.end, article: false };
            marks.splice(from..=to, [whole]);
            at = from;
        }
        at += 1;
    }
}

/// The company whose brand stands at a place.
fn owner_of(marks: &[Mark], at: usize) -> Option<SecurityKey> {
    match what(marks, at)? {
        What::Unknown { owner, .. } => owner,
        _ => None,
    }
}

fn what(marks: &[Mark], at: usize) -> Option<What> {
    marks.get(at).map(|mark| mark.what)
}

/// Whether a mark ends with a word for who owns or makes something.
fn is_owner(view: &View<'_>, marks: &[Mark], at: usize) -> bool {
    what(marks, at) == Some(What::Role(Role::Company))
        && marks.get(at).is_some_and(|mark| view.is(mark.to.saturating_sub(1), WordClass::Owner))
}

/// Whether another name follows, which is then the owner's: "Gucci owner Kering".
fn is_named(marks: &[Mark], at: usize) -> bool {
    matches!(what(marks, at), Some(What::Security { .. } | What::Unknown { .. }))
}

/// "Gucci owner", "Gucci's owner", "the Guinness and Johnnie Walker owner": the place of the word for the owner.
fn owner_after(view: &View<'_>, marks: &[Mark], at: usize, key: SecurityKey) -> Option<usize> {
    let mut place = at + 1;
    while matches!(what(marks, place), Some(What::Role(Role::And) | What::Comma)) && owner_of(marks, place + 1) == Some(key) {
        place += 2;
    }
    if matches!(what(marks, place), Some(What::Possessive | What::Dash)) {
        place += 1;
    }
    (is_owner(view, marks, place) && !is_named(marks, place + 1)).then_some(place)
}

/// "the maker of Ozempic", "the owner of Gucci and Saint Laurent": the word for the owner, and the last of its brands.
fn owner_before(view: &View<'_>, marks: &[Mark], at: usize, key: SecurityKey) -> Option<(usize, usize)> {
    let mut of = at.checked_sub(1)?;
    while is_light(what(marks, of)?) || what(marks, of)? == What::Role(Role::Group) {
        of = of.checked_sub(1)?;
    }
    let owner = of.checked_sub(1).filter(|_| what(marks, of) == Some(What::Role(Role::Of)))?;
    if !is_owner(view, marks, owner) {
        return None;
    }
    let mut last = at;
    // "and Saint Laurent".
    while matches!(what(marks, last + 1), Some(What::Role(Role::And) | What::Comma)) && owner_of(marks, last + 2) == Some(key) {
        last += 2;
    }
    Some((owner, last))
}
