//! The page headers of a Parquet column, checked before polars reads the pages.
//!
//! polars 0.55 sizes its buffers by the counts in these headers; a damaged one (a negative count) makes it ask for 2 EiB of memory,
//! which ends the program where no error can be returned. So the counts are added up here first:
//! <https://parquet.apache.org/docs/file-format/data-pages/>.

use super::thrift::{Fields, Shape, Value, read_struct};

const PAGE_HEADER: Fields = &[
    (1, Shape::Number),
    (2, Shape::Number),
    (3, Shape::Number),
    (4, Shape::Number),
    (5, Shape::Struct(DATA_PAGE_HEADER)),
    (6, Shape::Struct(&[])),
    (7, Shape::Struct(&[(1, Shape::Number), (2, Shape::Number), (3, Shape::Boolean)])),
    (8, Shape::Struct(DATA_PAGE_HEADER_2)),
];

const DATA_PAGE_HEADER: Fields =
    &[(1, Shape::Number), (2, Shape::Number), (3, Shape::Number), (4, Shape::Number), (5, Shape::Struct(STATISTICS))];

const DATA_PAGE_HEADER_2: Fields = &[
    (1, Shape::Number),
    (2, Shape::Number),
    (3, Shape::Number),
    (4, Shape::Number),
    (5, Shape::Number),
    (6, Shape::Number),
    (7, Shape::Boolean),
    (8, Shape::Struct(STATISTICS)),
];

/// Statistics of a page or a column.
pub(super) const STATISTICS: Fields = &[
    (1, Shape::Bytes),
    (2, Shape::Bytes),
    (3, Shape::Number),
    (4, Shape::Number),
    (5, Shape::Bytes),
    (6, Shape::Bytes),
    (7, Shape::Boolean),
    (8, Shape::Boolean),
];

/// Whether the pages of a column chunk, `chunk`, fill it as their headers say and hold `values` values in all.
pub(super) fn pages_add_up(chunk: &[u8], values: i64) -> bool {
    let mut rest = chunk;
    let mut seen = 0;
    while seen < values {
        let Some(page) = PageHeader::read(&mut rest) else { return false };
        let Some(after) = usize::try_from(page.compressed_size).ok().and_then(|size| rest.get(size..)) else { return false };
        // The format's counts have 32 bits: no sum of them overflows, and polars reads the same numbers.
        if [page.values, page.uncompressed_size, page.compressed_size].iter().any(|count| !(0..=i64::from(i32::MAX)).contains(count)) {
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
        let fields = read_struct(rest, PAGE_HEADER, 0)?;
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
