//! An article's text cut into passages, its figures marked in place; and the few words around a figure. A long text is never shown whole:
//! only what surrounds its figures.

use std::ops::Range;

use crate::report::document::{Passage, Piece};

/// Longest text that is shown whole, bytes.
const LONGEST: usize = 200_000;

/// Of a longer text, what is shown on either side of a figure, bytes.
const AROUND: usize = 1_000;

/// What stands for words left out.
const ELLIPSIS: &str = "…";

/// A figure's number with its place in the text, byte offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    pub number: usize,
    pub span: (usize, usize),
}

/// The text in passages, with a mark for each figure that has a place of its own in it: within the text, between characters, within one
/// paragraph, off the figures before. Paragraphs end at blank lines.
pub(crate) fn passages(text: &str, places: &[Place]) -> Vec<Passage> {
    let whole = text.len() <= LONGEST;
    let mut marks = separate(text, places).into_iter().peekable();
    let mut passages: Vec<Passage> = Vec::new();
    for paragraph in paragraphs(text) {
        let mut own = Vec::new();
        while let Some(mark) = marks.next_if(|mark| mark.span.0 < paragraph.end) {
            own.extend(Some(mark).filter(|mark| mark.span.0 >= paragraph.start && mark.span.1 <= paragraph.end));
        }
        if whole || !own.is_empty() {
            passages.push(Passage::Paragraph(pieces(text, paragraph, &own, whole)));
        } else if passages.last() != Some(&Passage::LeftOut) {
            passages.push(Passage::LeftOut);
        }
    }
    passages
}

/// The places that can be marked, in the order of the text; of two that overlap the first. One figure may stand for several claims ("both
/// rose 3 %"): the same place twice is no overlap.
fn separate(text: &str, places: &[Place]) -> Vec<Place> {
    let mut places: Vec<Place> =
        places.iter().copied().filter(|place| text.get(place.span.0..place.span.1).is_some_and(|figure| !figure.is_empty())).collect();
    places.sort_by_key(|place| (place.span.0, place.number));
    let mut taken = (0, 0);
    places.retain(|place| {
        let free = place.span.0 >= taken.1 || place.span == taken;
        if free {
            taken = place.span;
        }
        free
    });
    places
}

/// Byte ranges of the paragraphs, without the white space around them.
fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut paragraphs: Vec<Range<usize>> = Vec::new();
    let (mut offset, mut open) = (0, false);
    for line in text.split_inclusive('\n') {
        let inner = line.trim();
        let start = offset + (line.len() - line.trim_start().len());
        match paragraphs.last_mut().filter(|_| open) {
            _ if inner.is_empty() => open = false,
            Some(paragraph) => paragraph.end = start + inner.len(),
            None => {
                paragraphs.push(start..start + inner.len());
                open = true;
            }
        }
        offset += line.len();
    }
    paragraphs
}

fn pieces(text: &str, paragraph: Range<usize>, marks: &[Place], whole: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut from = paragraph.start;
    for (position, mark) in marks.iter().enumerate() {
        let shown = if whole {
            Shown::All
        } else if position == 0 {
            Shown::End
        } else {
            Shown::Ends
        };
        push(&mut pieces, text.get(from..mark.span.0).unwrap_or_default(), shown);
        // The second claim on one figure finds nothing left of it.
        let figure = text.get(mark.span.0.max(from)..mark.span.1).unwrap_or_default();
        pieces.push(Piece::Mark { number: mark.number, text: in_one_line(figure) });
        from = mark.span.1;
    }
    push(&mut pieces, text.get(from..paragraph.end).unwrap_or_default(), if whole { Shown::All } else { Shown::Start });
    pieces
}

/// Which part of the words between two figures is shown.
#[derive(Clone, Copy)]
enum Shown {
    All,
    Start,
    End,
    Ends,
}

fn push(pieces: &mut Vec<Piece>, text: &str, shown: Shown) {
    let (head, tail) = match shown {
        Shown::Start if text.len() > AROUND => (first(text, AROUND), ""),
        Shown::End if text.len() > AROUND => ("", last(text, AROUND)),
        Shown::Ends if text.len() > 2 * AROUND => (first(text, AROUND), last(text, AROUND)),
        _ => return push_lines(pieces, text),
    };
    push_lines(pieces, head);
    pieces.push(Piece::Text(format!(" {ELLIPSIS} ")));
    push_lines(pieces, tail);
}

fn push_lines(pieces: &mut Vec<Piece>, text: &str) {
    for (position, line) in text.split('\n').enumerate() {
        if position > 0 {
            pieces.push(Piece::LineBreak);
        }
        let line = line.trim_end_matches('\r');
        if !line.is_empty() {
            pieces.push(Piece::Text(printable(line)));
        }
    }
}

/// The words up to about `length` bytes.
fn first(text: &str, length: usize) -> &str {
    let cut = text.get(..text.floor_char_boundary(length)).unwrap_or_default();
    cut.rfind(char::is_whitespace).and_then(|space| cut.get(..space)).unwrap_or(cut)
}

/// The words from about `length` bytes before the end on.
fn last(text: &str, length: usize) -> &str {
    let cut = text.get(text.ceil_char_boundary(text.len().saturating_sub(length))..).unwrap_or_default();
    cut.find(char::is_whitespace).and_then(|space| cut.get(space..)).unwrap_or(cut).trim_start()
}

/// The figure with the words of its sentence around it, about `width` characters; None for a place that isn't in the text.
pub(crate) fn snippet(text: &str, span: (usize, usize), width: usize) -> Option<String> {
    let figure = in_one_line(text.get(span.0..span.1)?);
    // No sentence is looked for farther away than this.
    let reach = 8 * width;
    let before = text.get(text.ceil_char_boundary(span.0.saturating_sub(reach))..span.0)?;
    let after = text.get(span.1..text.floor_char_boundary(span.1.saturating_add(reach)))?;
    let begins = sentence_ends(before).last();
    let ends = sentence_ends(after).next();
    let before = in_one_line(begins.and_then(|end| before.get(end..)).unwrap_or(before).trim_start());
    let after = in_one_line(ends.and_then(|end| after.get(..end)).unwrap_or(after).trim_end());
    let room = width.saturating_sub(figure.chars().count());
    // What one side doesn't need, the other may have.
    let (left, right) = (before.chars().count(), after.chars().count());
    let left_room = (room / 2).max(room.saturating_sub(right));
    let right_room = (room / 2).max(room.saturating_sub(left));
    let skipped = left.saturating_sub(left_room);
    let mut shown_before: String = before.chars().skip(skipped).collect();
    if skipped > 0 {
        let space = shown_before.find(' ').unwrap_or(0);
        shown_before = format!("{ELLIPSIS}{}", shown_before.get(space..).unwrap_or_default().trim_start());
    }
    let mut shown_after: String = after.chars().take(right_room).collect();
    if right > right_room {
        let space = shown_after.rfind(' ').unwrap_or(0);
        shown_after = format!("{}{ELLIPSIS}", shown_after.get(..space).unwrap_or_default());
    }
    Some(format!("{shown_before}{figure}{shown_after}"))
}

/// Where sentences end: after a full stop, question or exclamation mark with white space behind it, and at blank lines.
fn sentence_ends(text: &str) -> impl Iterator<Item = usize> {
    let mut before = ' ';
    text.char_indices().filter_map(move |(offset, character)| {
        let ends = (matches!(before, '.' | '!' | '?') && character.is_whitespace()) || (before == '\n' && character == '\n');
        before = character;
        ends.then_some(offset)
    })
}

fn in_one_line(text: &str) -> String {
    printable(text).replace(['\n', '\t'], " ")
}

/// Characters that would steer a terminal or turn the direction of the text become `U+FFFD`.
pub(crate) fn printable(text: &str) -> String {
    let steers = |character: char| {
        (character.is_control() && !matches!(character, '\n' | '\t' | '\r'))
            || matches!(character, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|character| *character != '\r').map(|character| if steers(character) { '\u{FFFD}' } else { character }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, figure: &str, number: usize) -> Place {
        let start = text.find(figure).unwrap();
        Place { number, span: (start, start + figure.len()) }
    }

    fn texts(passages: &[Passage]) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::LineBreak => "/".to_owned(),
            Piece::Mark { number, text } => format!("[{text}|{number}]"),
        };
        let passage = |passage: &Passage| match passage {
            Passage::Paragraph(pieces) => pieces.iter().map(piece).collect::<String>(),
            Passage::LeftOut => "…".to_owned(),
        };
        passages.iter().map(passage).collect::<Vec<_>>().join("¶")
    }

    #[test]
    fn paragraphs_end_at_blank_lines_and_lines_stay() {
        let text = "\n One rose 4%.\r\nTwo fell\n \t\n\nThree. \n";
        assert_eq!(texts(&passages(text, &[place(text, "4%", 1)])), "One rose [4%|1]./Two fell¶Three.");
        assert_eq!(texts(&passages("", &[])), "");
    }

    #[test]
    fn a_place_that_is_none_is_left_unmarked() {
        let text = "Up 4% é.\n\nDown 5%.";
        let accent = text.find('é').unwrap();
        for span in
            [(0, 999), (999, 1000), (5, 2), (3, 3), (accent, accent + 1), (accent + 1, accent + 2), (6, 12), (usize::MAX, usize::MAX)]
        {
            assert_eq!(texts(&passages(text, &[Place { number: 1, span }])), "Up 4% é.¶Down 5%.", "{span:?}");
        }
    }

    #[test]
    fn of_two_places_that_overlap_the_first_is_marked() {
        let text = "Up nearly 4% today";
        let places = [place(text, "4%", 1), place(text, "nearly 4%", 2), place(text, "4%", 3), place(text, "today", 4)];
        assert_eq!(texts(&passages(text, &places)), "Up [nearly 4%|2] [today|4]");
        let twice = [place(text, "4%", 1), place(text, "4%", 2)];
        assert_eq!(texts(&passages(text, &twice)), "Up nearly [4%|1][|2] today");
    }

    #[test]
    fn a_long_text_is_shown_around_its_figures_only() {
        let filler = "word ".repeat(50_000);
        let text = format!("First.\n\nSecond.\n\nRose 4% {filler}fell 5% {filler}\n\nLast.\n\nGained 6%.");
        let places = [place(&text, "4%", 1), place(&text, "5%", 2), place(&text, "6%", 3)];
        let shown = texts(&passages(&text, &places));
        assert!(shown.len() < 6 * AROUND, "{} bytes", shown.len());
        assert!(shown.starts_with("…¶Rose [4%|1] word") && shown.ends_with("¶…¶Gained [6%|3]."), "{shown}");
        assert!(shown.contains("word … word") && shown.contains("word fell [5%|2] word"));
    }

    #[test]
    fn a_snippet_is_the_sentence_around_the_figure() {
        let text =
            "Stocks ended mixed. The S&P 500 slipped 0.3%, while Apple jumped nearly 4% on hopes for a phone that folds and sings! More.";
        let of = |figure: &str, width| snippet(text, place(text, figure, 1).span, width).unwrap();
        assert_eq!(of("0.3%", 200), "The S&P 500 slipped 0.3%, while Apple jumped nearly 4% on hopes for a phone that folds and sings!");
        assert_eq!(of("0.3%", 60), "The S&P 500 slipped 0.3%, while Apple jumped nearly 4% on…");
        assert_eq!(of("4%", 40), "…jumped nearly 4% on hopes for a…");
        assert_eq!(snippet(text, (0, 9999), 60), None);
        assert_eq!(snippet("é 4%", (1, 3), 60), None);
        assert_eq!(snippet("Up \u{1b}[31m4%\nnow", (8, 10), 60).unwrap(), "Up \u{FFFD}[31m4% now");
    }
}
