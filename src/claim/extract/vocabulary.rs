//! Words by number: one stretch of text with all of them, found by their hash.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Words, each with its number from 1 on.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    /// Part of the hash and the number of a word; number 0 where there is none. As many as a power of two, at most half of them taken.
    slots: Vec<(u32, u32)>,
    /// All words, one after another, and where each ends.
    text: String,
    ends: Vec<u32>,
}

impl Vocabulary {
    /// The number of a word; 0 for a word that isn't there.
    pub fn get(&self, word: &str) -> u32 {
        if self.slots.is_empty() {
            return 0;
        }
        let hash = hash_of(word);
        for at in self.places(hash) {
            match self.slots.get(at) {
                Some((_, 0)) | None => return 0,
                Some((other, number)) if *other == hash && self.word(*number) == word => return *number,
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
        self.place(hash_of(word), number);
        number
    }

    fn word(&self, number: u32) -> &str {
        let last = (number as usize).wrapping_sub(1);
        let begin = last.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(last).copied().unwrap_or(0);
        self.text.get(begin as usize..end as usize).unwrap_or("")
    }

    /// The slots to look at for a hash, in order.
    fn places(&self, hash: u32) -> impl Iterator<Item = usize> + use<> {
        let mask = self.slots.len().wrapping_sub(1);
        (0..self.slots.len()).map(move |step| (hash as usize).wrapping_add(step) & mask)
    }

    fn place(&mut self, hash: u32, number: u32) {
        let free = self.places(hash).find(|at| self.slots.get(*at).is_some_and(|(_, number)| *number == 0));
        if let Some(slot) = free.and_then(|at| self.slots.get_mut(at)) {
            *slot = (hash, number);
        }
    }

    fn grow(&mut self) {
        let old = std::mem::take(&mut self.slots);
        self.slots = vec![(0, 0); (old.len() * 2).max(64)];
        for (hash, number) in old.into_iter().filter(|(_, number)| *number != 0) {
            self.place(hash, number);
        }
    }
}

fn hash_of(word: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(word.as_bytes());
    (hasher.finish() >> 32) as u32
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
        assert_eq!(vocabulary.get("another"), 0);
        assert_eq!(vocabulary.get(""), 0);
    }
}
