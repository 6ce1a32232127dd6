//! The order of one event's values.

/// Buckets into which values are strewn before they are sorted.
const BUCKETS: usize = 512;
/// Buckets to each side of 0 for one unit of scale: values within four units have their own, those beyond share the outermost.
const BUCKETS_PER_UNIT: f64 = 64.0;
/// Values in one bucket up to which putting neighbours right is the quickest way.
const CROWDED: u32 = 24;

/// Whole numbers that hold a value's leading bits above and its position below: sorted much faster than pairs.
#[derive(Default)]
pub(super) struct Keys {
    keys: Vec<u64>,
    strewn: Vec<u64>,
    starts: Vec<u32>,
    buckets: Vec<u16>,
    /// Bits of a key that are the position.
    low: u64,
}

impl Keys {
    /// Sorts the values; `scale` is about their standard deviation. The keys are distinct, so that their order is the only one, whichever
    /// way is taken to it.
    pub fn sort(&mut self, values: &[f64], scale: f64) {
        let bits = usize::BITS - values.len().leading_zeros();
        self.low = (1_u64 << bits) - 1;
        let low = self.low;
        self.keys.clear();
        self.keys.extend((0_u64..).zip(values).map(|(position, value)| (ascending_bits(*value) & !low) | position));
        if !self.strew(values, BUCKETS_PER_UNIT / scale) {
            self.keys.sort_unstable();
        }
    }

    /// Brings the keys into the order of their buckets, then puts neighbours right. False, with the keys as they were, when the values
    /// crowd into few buckets.
    fn strew(&mut self, values: &[f64], factor: f64) -> bool {
        self.starts.clear();
        self.starts.resize(BUCKETS, 0);
        self.buckets.clear();
        let (middle, last) = (BUCKETS as f64 / 2.0, (BUCKETS - 1) as f64);
        // Rounding keeps the order: a larger value never has a lower bucket.
        self.buckets.extend(values.iter().map(|value| (value * factor + middle).clamp(0.0, last) as u16));
        for bucket in &self.buckets {
            if let Some(count) = self.starts.get_mut(usize::from(*bucket)) {
                *count += 1;
            }
        }
        if self.starts.iter().any(|count| *count > CROWDED) {
            return false;
        }
        let mut start = 0;
        for count in &mut self.starts {
            start += std::mem::replace(count, start);
        }
        self.strewn.clear();
        self.strewn.resize(values.len(), 0);
        for (key, bucket) in self.keys.iter().zip(&self.buckets) {
            if let Some(place) = self.starts.get_mut(usize::from(*bucket)) {
                if let Some(held) = self.strewn.get_mut(*place as usize) {
                    *held = *key;
                }
                *place += 1;
            }
        }
        std::mem::swap(&mut self.keys, &mut self.strewn);
        for end in 2..=self.keys.len() {
            let Some([sorted @ .., key]) = self.keys.get_mut(..end) else { continue };
            let own = *key;
            let mut hole = key;
            for held in sorted.iter_mut().rev() {
                if *held <= own {
                    break;
                }
                *hole = *held;
                hole = held;
            }
            *hole = own;
        }
        true
    }

    /// Positions by rising value; exact unless [`Keys::may_tie`].
    pub fn positions(&self) -> impl Iterator<Item = usize> {
        self.keys.iter().map(|key| (key & self.low) as usize)
    }

    /// Whether two values agree in their leading bits: they may be equal, or in the wrong order.
    pub fn may_tie(&self) -> bool {
        self.keys.iter().zip(self.keys.iter().skip(1)).any(|(left, right)| left & !self.low == right & !self.low)
    }

    /// Positions by rising value, exact.
    pub fn exact_order(&self, values: &[f64]) -> Vec<usize> {
        let mut order: Vec<usize> = self.positions().collect();
        let value = |position: &usize| values.get(*position).copied().unwrap_or_default();
        let mut start = 0;
        for run in self.keys.chunk_by(|left, right| left & !self.low == right & !self.low) {
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

/// A whole number that rises with the value: the bits of a positive number with the sign set, those of a negative one reversed.
fn ascending_bits(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 { bits | (1 << 63) } else { !bits }
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
        // Strewn widely; crowded into the middle, into the ends; a scale of nothing.
        for scale in [2.0, 1e6, 1e-6, 0.0] {
            let mut keys = Keys::default();
            keys.sort(&values, scale);
            assert_eq!(keys.exact_order(&values), expected, "{scale}");
        }
    }
}
