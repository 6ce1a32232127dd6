//! The order of one event's values.
//!
//! A value becomes a whole number, its key: the steps of a 2⁻⁴⁶th of the scale above, its position below. Keys are strewn over 2,048 narrow
//! buckets by one count of how many lie in each, and neighbours are then put right: of three hundred values about twenty are out of
//! place, so that the processor guesses nearly every comparison right, which is what sorting otherwise spends its time on.

/// Bits of the number of buckets; a word of counts holds eight of them.
const BUCKET_BITS: u32 = 11;
const BUCKETS: i32 = 1 << BUCKET_BITS;
const WORDS: usize = 1 << (BUCKET_BITS - 3);
/// Steps to a unit of scale. Values beyond 32 units are put at the end, where they seem equal and are told apart exactly.
const STEPS: f64 = (1_u64 << 46) as f64;
const FARTHEST: f64 = ((1_u64 << 51) - 1) as f64;
/// 1.5 · 2⁵²: a number of up to 2⁵¹ in size that is added to it is rounded to a whole one, which the lower 52 bits of the sum hold (2⁵¹ more).
const ROUNDING: f64 = 6_755_399_441_055_744.0;
/// Bits of a key below its bucket: 256 buckets to a unit of scale, those beyond four units to the outermost.
const BELOW_BUCKET: u32 = 50;
const FIRST_BUCKET: i32 = (1 << (63 - BELOW_BUCKET)) - BUCKETS / 2;
/// In each of a word's eight counts the bits from 32 on: values that crowd so into one bucket are sorted otherwise. Counts below 32 also
/// can't run over into the next one when a word's eight are added up.
const CROWDED: u64 = 0xE0E0_E0E0_E0E0_E0E0;
/// Times which a word of eight counts is a word of their running sums.
const RUNNING: u64 = 0x0101_0101_0101_0101;

/// The keys of one event's values; buffers are kept from one to the next.
pub(super) struct Keys {
    keys: Vec<u64>,
    strewn: Vec<u64>,
    /// Eight buckets' counts a word; then the places of each bucket's next value from the word's first on.
    counts: [u64; WORDS],
    /// Place of each word's first value.
    starts: [u32; WORDS],
    /// Bits of a key that are the position.
    low: u64,
}

impl Default for Keys {
    fn default() -> Self {
        Self { keys: Vec::new(), strewn: Vec::new(), counts: [0; WORDS], starts: [0; WORDS], low: 0 }
    }
}

impl Keys {
    /// Sorts the values; `scale` is about their standard deviation. The keys are distinct, so that their order is the only one, whichever
    /// way is taken to it.
    pub fn sort(&mut self, values: &[f64], scale: f64) {
        let bits = (usize::BITS - values.len().leading_zeros()).max(12);
        self.low = (1_u64 << bits) - 1;
        let (low, factor) = (self.low, STEPS / scale);
        // Under a scale of nothing all are in one place.
        let factor = if factor.is_finite() { factor } else { 0.0 };
        self.keys.clear();
        self.keys.resize(values.len(), 0);
        for (position, (key, value)) in self.keys.iter_mut().zip(values).enumerate() {
            // Rounding keeps the order: a larger value never has a lower number.
            let steps = (value * factor).clamp(-FARTHEST, FARTHEST) + ROUNDING;
            *key = (steps.to_bits() << 12) & !low | position as u64;
        }
        if self.count() {
            self.strew();
            self.put_right();
        } else {
            self.keys.sort_unstable();
        }
    }

    /// Counts the values of each bucket. False when they crowd into few.
    fn count(&mut self) -> bool {
        self.counts.fill(0);
        let mut crowded = 0;
        for key in &self.keys {
            let bucket = bucket_of(*key);
            if let Some(counts) = self.counts.get_mut(bucket / 8) {
                *counts += 1 << (8 * (bucket % 8));
                crowded |= *counts & CROWDED;
            }
        }
        crowded == 0
    }

    /// Brings the keys into the order of their buckets.
    fn strew(&mut self) {
        let mut start = 0;
        for (counts, held) in self.counts.iter_mut().zip(&mut self.starts) {
            let running = counts.wrapping_mul(RUNNING);
            *held = start;
            *counts = running << 8;
            start += (running >> 56) as u32;
        }
        self.strewn.resize(self.keys.len(), 0);
        for key in &self.keys {
            let bucket = bucket_of(*key);
            let shift = 8 * (bucket % 8);
            if let (Some(counts), Some(start)) = (self.counts.get_mut(bucket / 8), self.starts.get(bucket / 8)) {
                let place = *start as usize + (*counts >> shift & 0xFF) as usize;
                *counts += 1 << shift;
                if let Some(held) = self.strewn.get_mut(place) {
                    *held = *key;
                }
            }
        }
        std::mem::swap(&mut self.keys, &mut self.strewn);
    }

    /// Puts neighbours right that share a bucket.
    fn put_right(&mut self) {
        for place in 1..self.keys.len() {
            let Some([sorted @ .., last, key]) = self.keys.get_mut(..=place) else { continue };
            if *last < *key {
                continue;
            }
            let own = std::mem::replace(key, *last);
            let mut hole = last;
            for held in sorted.iter_mut().rev() {
                if *held < own {
                    break;
                }
                *hole = *held;
                hole = held;
            }
            *hole = own;
        }
    }

    /// Positions by rising value; exact where no two [`Keys::may_tie`].
    pub fn positions(&self) -> impl Iterator<Item = usize> {
        self.keys.iter().map(|key| (key & self.low) as usize)
    }

    /// Whether two values of which one is among the first `count` agree in their steps: they may be equal, or in the wrong order.
    pub fn may_tie(&self, count: usize) -> bool {
        let count = count as u64;
        // All are looked at: without a way out in between, several are compared at a time. Of two that agree the lower position comes first.
        let pairs = self.keys.iter().zip(self.keys.iter().skip(1));
        pairs.fold(false, |found, (left, right)| found | ((left ^ right <= self.low) & (left & self.low < count)))
    }

    /// Positions by rising value, exact.
    pub fn exact_order(&self, values: &[f64]) -> Vec<usize> {
        let mut order: Vec<usize> = self.positions().collect();
        let value = |position: &usize| values.get(*position).copied().unwrap_or_default();
        let mut start = 0;
        for run in self.keys.chunk_by(|left, right| left ^ right <= self.low) {
            if run.len() > 1
                && let Some(positions) = order.get_mut(start..start + run.len())
            {
                positions.sort_by(|left, right| value(left).total_cmp(&value(right)));
            }
            start += run.len();
        }
        order
    }
}

fn bucket_of(key: u64) -> usize {
    ((key >> BELOW_BUCKET) as i32 - FIRST_BUCKET).clamp(0, BUCKETS - 1) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_the_order_ends_at_the_same_one() {
        let values: Vec<f64> =
            (0..271_u32).map(|number| f64::from((number.wrapping_mul(2_654_435_761) >> 8) % 1000) / 100.0 - 5.0).collect();
        let mut expected: Vec<usize> = (0..values.len()).collect();
        expected.sort_by(|left, right| values[*left].total_cmp(&values[*right]));
        // Strewn widely; crowded into the middle, into the ends; so far out that none is told from its neighbour; a scale of nothing.
        for scale in [2.0, 1e6, 0.05, 1e-6, 0.0] {
            let mut keys = Keys::default();
            keys.sort(&values, scale);
            assert_eq!(keys.exact_order(&values), expected, "{scale}");
        }
    }

    #[test]
    fn the_order_is_exact_where_no_two_values_may_tie() {
        // Numbers of a generator (Lehmer 1951), made to crowd about 0; and so many that a key has more bits of position.
        for count in [1, 2, 271, 5_000] {
            let mut state = 12_345_u64;
            let mut draw = || {
                state = state * 48_271 % 0x7FFF_FFFF;
                state as f64 / 2_147_483_647.0 - 0.5
            };
            let values: Vec<f64> = (0..count).map(|_| draw() * draw() * draw() * 8.0).collect();
            let mut expected: Vec<usize> = (0..values.len()).collect();
            expected.sort_by(|left, right| values[*left].total_cmp(&values[*right]));
            let mut keys = Keys::default();
            keys.sort(&values, 0.5);
            assert!(!keys.may_tie(values.len()));
            assert_eq!(keys.positions().collect::<Vec<usize>>(), expected);
        }
    }
}
