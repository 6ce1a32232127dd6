//! The page headers of a Parquet column, checked before polars reads the pages.
//!
//! polars 0.55 sizes its buffers by the counts in these headers; a damaged one (a negative count) makes it ask for 2 EiB of memory,
//! which ends the program where no error can be returned. So the counts are added up here first. Headers are Thrift structures in
//! the compact protocol: <https://parquet.apache.org/docs/file-format/data-pages/>,
//! <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>.

use std::collections::BTreeMap;

/// Whether the pages of a column chunk, `chunk`, fill it as their headers say and hold `values` values in all.
pub(super) fn pages_add_up(chunk: &[u8], values: i64) -> bool {
    let mut rest = chunk;
    let mut seen = 0;
    while seen < values {
        let Some(page) = PageHeader::read(&mut rest) else { return false };
        let Some(after) = usize::try_from(page.compressed_size).ok().and_then(|size| rest.get(size..)) else { return false };
        if page.values < 0 || page.uncompressed_size < 0 {
            return false;
        }
        match page.kind {
            PageKind::Data => seen += page.values,
            // A dictionary's values are of a byte or more each.
            PageKind::Dictionary if page.values > page.uncompressed_size => return false,
            PageKind::Dictionary | PageKind::Index => {}
        }
        rest = after;
    }
    seen == values
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PageKind {
    Data,
    Index,
    Dictionary,
}

/// What counts of a page header; the numbers are as found, and may be negative.
struct PageHeader {
    kind: PageKind,
    uncompressed_size: i64,
    compressed_size: i64,
    values: i64,
}

impl PageHeader {
    /// The header at the beginning of `rest`, which is moved past it. None when it isn't one.
    fn read(rest: &mut &[u8]) -> Option<Self> {
        let fields = read_struct(rest, 0)?;
        let number = |field: i64| match fields.get(&field) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        };
        let first_of = |field: i64| match fields.get(&field) {
            Some(Value::Struct(inner)) => match inner.get(&1) {
                Some(Value::Number(number)) => Some(*number),
                _ => None,
            },
            _ => None,
        };
        let (kind, values) = match number(1)? {
            0 => (PageKind::Data, first_of(5)?),
            1 => (PageKind::Index, 0),
            2 => (PageKind::Dictionary, first_of(7)?),
            3 => (PageKind::Data, first_of(8)?),
            _ => return None,
        };
        Some(Self { kind, uncompressed_size: number(2)?, compressed_size: number(3)?, values })
    }
}

enum Value {
    Number(i64),
    Struct(BTreeMap<i64, Value>),
    Other,
}

/// Structures of a page header are at most three deep (page, data page, statistics).
const DEEPEST: u8 = 8;

fn read_struct(rest: &mut &[u8], depth: u8) -> Option<BTreeMap<i64, Value>> {
    let mut fields = BTreeMap::new();
    let mut id: i64 = 0;
    loop {
        let head = read_byte(rest)?;
        if head == 0 {
            return Some(fields);
        }
        id = match head >> 4 {
            0 => read_number(rest)?,
            step => id.checked_add(i64::from(step))?,
        };
        let value = match head & 0x0f {
            kind @ (1 | 2) => Value::Number(i64::from(kind == 1)),
            kind => read_value(rest, kind, depth)?,
        };
        fields.insert(id, value);
    }
}

fn read_value(rest: &mut &[u8], kind: u8, depth: u8) -> Option<Value> {
    match kind {
        1..=3 => read_byte(rest).map(|byte| Value::Number(i64::from(byte))),
        4..=6 => read_number(rest).map(Value::Number),
        7 => skip(rest, 8),
        8 => {
            let length = usize::try_from(read_varint(rest)?).ok()?;
            skip(rest, length)
        }
        9 | 10 => {
            let head = read_byte(rest)?;
            let length = match head >> 4 {
                15 => read_varint(rest)?,
                short => u64::from(short),
            };
            for _ in 0..length {
                read_value(rest, head & 0x0f, depth.checked_add(1).filter(|depth| *depth < DEEPEST)?)?;
            }
            Some(Value::Other)
        }
        12 => read_struct(rest, depth.checked_add(1).filter(|depth| *depth < DEEPEST)?).map(Value::Struct),
        _ => None,
    }
}

fn skip(rest: &mut &[u8], length: usize) -> Option<Value> {
    *rest = rest.get(length..)?;
    Some(Value::Other)
}

fn read_byte(rest: &mut &[u8]) -> Option<u8> {
    let (first, after) = rest.split_first()?;
    *rest = after;
    Some(*first)
}

/// A number in zigzag coding.
fn read_number(rest: &mut &[u8]) -> Option<i64> {
    let coded = read_varint(rest)?;
    Some((coded >> 1).cast_signed() ^ -((coded & 1).cast_signed()))
}

fn read_varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = read_byte(rest)?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}
