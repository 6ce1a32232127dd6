//! Quotes without a trade: sessions whose volume is 0, which many files fill with the last close.

use std::collections::BTreeSet;

use crate::sample::thin::UntradedQuotes;
use crate::series::PriceBook;

/// The book without the quotes of these symbols whose volume is 0, and what was left out. A quote whose volume isn't known stays. A symbol of
/// which no quote is left is gone.
pub fn leave_out_untraded(book: PriceBook, symbols: &BTreeSet<&str>) -> (PriceBook, UntradedQuotes) {
    let (mut traded, mut counts) = (PriceBook::default(), UntradedQuotes::default());
    for (symbol, series) in book.into_series() {
        let kept = if !symbols.contains(symbol.as_str()) {
            Some(series)
        } else if series.volumes().is_empty() {
            counts.without_volume += 1;
            Some(series)
        } else {
            let (kept, left_out) = series.without_untraded();
            counts.quotes += left_out;
            counts.securities += usize::from(left_out > 0);
            kept
        };
        if let Some(series) = kept {
            // Symbols of a book differ.
            let _ = traded.insert(symbol, series);
        }
    }
    (traded, counts)
}
