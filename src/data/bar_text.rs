//! Bar files that are text: blocks of records beside each other, cells read straight off the bytes.

use std::collections::BTreeSet;

use chrono_tz::Tz;
use rayon::prelude::*;

use super::bar_gather::{BarCellFault, BarGathering, BarPiece, BarRowFault, GatheredBars, price_of};
use super::bar_layout::BarLayout;
use super::bar_stamp::{Clock, parse_stamp};
use super::price_cell::is_missing;
use super::text_table::{Block, TextTable};

/// How many blocks are read before they are put together.
fn at_a_time() -> usize {
    4 * rayon::current_num_threads().max(1)
}

/// Reads the bars of a text table; `name` is the symbol of a file that holds but one.
pub(super) fn gather_text(
    table: &TextTable,
    blocks: &[Block],
    layout: &BarLayout,
    zone: Option<Tz>,
    name: &str,
    symbols: Option<&BTreeSet<String>>,
) -> Result<GatheredBars, BarRowFault> {
    let projection = layout.projection();
    let at = |column: usize| projection.iter().position(|index| *index == column).unwrap_or(0);
    let (stamp_at, close_at) = (at(layout.timestamp), at(layout.close));
    let (symbol_at, open_at) = (layout.symbol.map(at), layout.open.map(at));
    let comma = table.separator() == b';';
    let read = |block: &Block| {
        let zone_name = zone.map(|zone| zone.name()).unwrap_or_default();
        let mut piece = BarPiece::new(zone.map(Clock::of), zone_name, symbols, layout.open.is_some(), layout.timestamp);
        let mut fault = None;
        table.rows_in(*block, &projection, |row, cells| {
            let cell = |at: usize| cells.get(at).map_or("", |cell| cell.as_ref());
            let mut wrong = |column: usize, kind: BarCellFault| {
                fault = Some(BarRowFault { row, column, fault: kind });
                false
            };
            let stamp = match parse_stamp(cell(stamp_at)) {
                Ok(stamp) => stamp,
                Err(kind) => return wrong(layout.timestamp, kind.into()),
            };
            let symbol = match (symbol_at, layout.symbol) {
                (Some(at), Some(column)) => match cell(at) {
                    "" => return wrong(column, BarCellFault::SymbolMissing),
                    symbol => symbol,
                },
                _ => name,
            };
            let close = match read_price(cell(close_at), comma) {
                Ok(price) => price,
                Err(kind) => return wrong(layout.close, kind),
            };
            let open = match (open_at, layout.open) {
                (Some(at), Some(column)) => match read_price(cell(at), comma) {
                    Ok(price) => price,
                    Err(kind) => return wrong(column, kind),
                },
                _ => None,
            };
            piece.push(row, stamp, symbol, close, open)
        });
        piece.fault = piece.fault.or(fault);
        piece
    };
    let mut gathering = BarGathering::default();
    for blocks in blocks.chunks(at_a_time()) {
        for piece in blocks.par_iter().map(read).collect::<Vec<_>>() {
            gathering.add(piece)?;
        }
    }
    Ok(gathering.finish())
}

fn read_price(cell: &str, comma: bool) -> Result<Option<f64>, BarCellFault> {
    if let Some(number) = plain_decimal(cell.as_bytes()) {
        return price_of(Some(number));
    }
    if is_missing(cell) {
        return Ok(None);
    }
    let read = if comma && !cell.contains('.') { cell.replacen(',', ".", 1).parse() } else { cell.parse::<f64>() };
    read.map_err(|_| BarCellFault::NotANumber).and_then(|number| price_of(Some(number).filter(|number| !number.is_nan())))
}

/// A decimal of at most 15 digits: the quotient of two whole numbers that f64 holds exactly is the nearest one to it.
#[inline]
fn plain_decimal(cell: &[u8]) -> Option<f64> {
    const POWERS: [f64; 16] = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    if cell.is_empty() || cell.len() > 16 {
        return None;
    }
    let (mut number, mut count, mut decimals, mut point) = (0_u64, 0_usize, 0_usize, false);
    for byte in cell {
        match byte {
            b'0'..=b'9' => {
                number = 10 * number + u64::from(byte - b'0');
                count += 1;
                decimals += usize::from(point);
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    if count == 0 || count > 15 {
        return None;
    }
    Some(number as f64 / POWERS.get(decimals)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_decimals_are_those_of_the_standard_parser() {
        for text in ["181.23", "0.1", "123456789.012345", "1", ".5", "5.", "0.000001", "99999.99999"] {
            assert_eq!(plain_decimal(text.as_bytes()), text.parse().ok(), "{text}");
        }
        for text in ["", ".", "1e5", "-1", "1.2.3", "1234567890.1234567"] {
            assert_eq!(plain_decimal(text.as_bytes()), None, "{text}");
        }
        assert_eq!(read_price("1,5", true), Ok(Some(1.5)));
        assert_eq!(read_price("NA", false), Ok(None));
        assert_eq!(read_price("1,5", false), Err(BarCellFault::NotANumber));
        assert_eq!(read_price("0", false), Err(BarCellFault::NotAPrice));
    }
}
