//! Words by number: short ones found by their letters, long ones, in one stretch of text, by their hash.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Words, each with its number from 1 on.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    /// As many as a power of two, at most half of them taken.
    slots: Vec<Slot>,
    /// All words, one after another, and where each ends.
    text: String,
    ends: Vec<u32>,
}

/// A word's key and number, side by side in sixteen bytes; number 0 where there is none.
#[derive(Debug, Clone, Copy, Default)]
struct Slot {
    bits: u64,
    number: u32,
    length: u8,
}

impl Slot {
    fn key(self) -> WordKey {
        WordKey { bits: self.bits, length: self.length }
    }
}

/// What a word is found by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct WordKey {
    /// Of a word of up to eight bytes the first four and the last four, or two, or its one: with the length, all of them. Of a longer one a hash.
    bits: u64,
    /// Bytes of a short word; [`LONG`] for a longer one.
    length: u8,
}

const LONG: u8 = u8::MAX;

impl WordKey {
    fn new(word: &str) -> Self {
        let bytes = word.as_bytes();
        let bits = match bytes.len() {
            0 => 0,
            1 => bytes.first().copied().map_or(0, u64::from),
            2..=3 => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => u64::from(u16::from_le_bytes(*first)) << 32 | u64::from(u16::from_le_bytes(*last)),
                _ => 0,
            },
            4..=8 => match (bytes.first_chunk(), bytes.last_chunk()) {
                (Some(first), Some(last)) => u64::from(u32::from_le_bytes(*first)) << 32 | u64::from(u32::from_le_bytes(*last)),
                _ => 0,
            },
            _ => {
                let mut hasher = FxHasher::default();
                hasher.write(bytes);
                return Self { bits: hasher.finish(), length: LONG };
            }
        };
        Self { bits, length: bytes.len() as u8 }
    }

    /// Where to look first.
    fn hash(self) -> usize {
        // Multiplicative hashing: Knuth, The Art of Computer Programming 3 (1998), section 6.4; the golden ratio in 64 bits.
        let mixed = (self.bits ^ self.bits >> 29).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize
    }
}

impl Vocabulary {
    /// The number of a word; 0 for a word that isn't there.
    pub fn get(&self, word: &str) -> u32 {
        let key = WordKey::new(word);
        for at in self.places(key) {
            match self.slots.get(at) {
                Some(Slot { number: 0, .. }) | None => return 0,
                Some(slot) if slot.key() == key && (key.length != LONG || self.word(slot.number) == word) => return slot.number,
                Some(_) => {}
            }
        }
        0
    }

    /// How many words there are: the number of the last.
    pub fn len(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    /// The number of a word, a new one where it isn't there yet.
    pub fn intern(&mut self, word: &str) -> u32 {
        match self.get(word) {
            0 => {}
            number => return number,
        }
        if 2 * (self.ends.len() + 1) > self.slots.len() {
            self.grow();
        }
        self.text.push_str(word);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        let number = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.place(WordKey::new(word), number);
        number
    }

    /// The word of a number.
    pub fn word(&self, number: u32) -> &str {
        let last = (number as usize).wrapping_sub(1);
        let begin = last.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(last).copied().unwrap_or(0);
        self.text.get(begin as usize..end as usize).unwrap_or("")
    }

    /// The slots to look at for a word, in order.
    fn places(&self, key: WordKey) -> impl Iterator<Item = usize> + use<> {
        let (first, mask) = (key.hash(), self.slots.len().wrapping_sub(1));
        (0..self.slots.len()).map(move |step| first.wrapping_add(step) & mask)
    }

    fn place(&mut self, key: WordKey, number: u32) {
        let free = self.places(key).find(|at| self.slots.get(*at).is_some_and(|slot| slot.number == 0));
        if let Some(slot) = free.and_then(|at| self.slots.get_mut(at)) {
            *slot = Slot { bits: key.bits, number, length: key.length };
        }
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![Slot::default(); (old.len() * 2).max(64)];
        for slot in old.into_iter().filter(|slot| slot.number != 0) {
            self.place(slot.key(), slot.number);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_keeps_its_number_however_many_follow() {
        let mut vocabulary = Vocabulary::default();
        let words: Vec<String> = (0..5000).map(|number| format!("word{number}")).collect();
        for (at, word) in words.iter().enumerate() {
            assert_eq!(vocabulary.intern(word) as usize, at + 1);
        }
        for (at, word) in words.iter().enumerate() {
            assert_eq!(vocabulary.get(word) as usize, at + 1);
            assert_eq!(vocabulary.intern(word) as usize, at + 1);
        }
        for other in ["another", "", "w", "wo", "ord", "word", "wordword", "rd40", "word5000", "word12345", "a word that is long"] {
            assert_eq!(vocabulary.get(other), 0, "{other}");
        }
    }
}
