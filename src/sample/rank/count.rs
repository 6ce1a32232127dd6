//! Counts by day and cell of the events whose "day" lies below a residual, sixty-four cells at once.
//!
//! Each day of an event brings one word, in which the bit of each cell says yes or no. Words are added as the bits of sixty-four counters:
//! a level holds the bit worth `2^level` of every counter, and a word of the same worth that waits for a second one to be added with it
//! (carry-save addition; Harley & Seal in Warren, *Hacker's Delight*, 2nd ed. 2013, section 5-1). An event then costs about two passes over
//! its days, whatever the number of cells, where a sum a cell and day would cost one each.

/// Cells that a word holds.
pub(super) const CELLS: usize = u64::BITS as usize;

/// Counters of one row of days.
#[derive(Debug, Clone, Default)]
pub(super) struct DayCounts {
    levels: Vec<Level>,
}

#[derive(Debug, Clone)]
struct Level {
    sum: Vec<u64>,
    waiting: Vec<u64>,
    waits: bool,
}

impl DayCounts {
    /// Adds one event: a word a day, always as many. The words are used up.
    pub fn add(&mut self, words: &mut [u64]) {
        for level in &mut self.levels {
            if !level.waits {
                level.waiting.copy_from_slice(words);
                level.waits = true;
                return;
            }
            for ((sum, waiting), word) in level.sum.iter_mut().zip(&level.waiting).zip(words.iter_mut()) {
                let half = *sum ^ *waiting;
                let carry = (*sum & *waiting) | (half & *word);
                *sum = half ^ *word;
                *word = carry;
            }
            level.waits = false;
        }
        self.levels.push(Level { sum: words.to_vec(), waiting: vec![0; words.len()], waits: false });
    }

    /// Adds a cell's counts, each times `step`, to the sums of the days.
    pub fn add_to(&self, cell: usize, step: f64, sums: &mut [f64]) {
        let mut counts = vec![0_u64; sums.len()];
        for (worth, level) in self.levels.iter().enumerate() {
            let waiting = if level.waits { level.waiting.as_slice() } else { &[] };
            for words in [level.sum.as_slice(), waiting] {
                for (count, word) in counts.iter_mut().zip(words) {
                    *count += ((word >> cell) & 1) << worth;
                }
            }
        }
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += count as f64 * step;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_bit_by_bit() {
        let mut counts = DayCounts::default();
        // Cell 0 says yes always, cell 1 every second time, cell 63 every fifth time, and only on the second day.
        for event in 0..1001_u64 {
            let first = 1 | (event % 2) << 1;
            counts.add(&mut [first, first | u64::from(event % 5 == 0) << 63]);
        }
        let of = |cell| {
            let mut sums = [0.5; 2];
            counts.add_to(cell, 2.0, &mut sums);
            sums
        };
        assert_eq!((of(0), of(1), of(2), of(63)), ([2002.5; 2], [1000.5; 2], [0.5; 2], [0.5, 402.5]));
    }
}
