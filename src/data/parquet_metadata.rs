//! The metadata of a Parquet file, checked before polars reads them.
//!
//! polars 0.55 makes room for as many elements as a list says that it has; a damaged byte can say a billion, and asking for more memory
//! than there is ends the program where no error can be returned. So the metadata are gone through here first, to their end: each
//! element has to be there. The structures are those of
//! <https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift>.

use super::parquet_page::STATISTICS;
use super::thrift::{Fields, Shape, read_struct};

/// Whether the metadata of a file whose bytes are `bytes` are in their place, and whole.
pub(super) fn metadata_is_sound(bytes: &[u8]) -> bool {
    metadata(bytes).is_some_and(|mut metadata| read_struct(&mut metadata, FILE_METADATA, 0).is_some())
}

/// After the metadata come their length, in 4 bytes, and a mark of 4.
fn metadata(bytes: &[u8]) -> Option<&[u8]> {
    let (rest, _mark) = bytes.split_last_chunk::<4>()?;
    let (rest, length) = rest.split_last_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    rest.get(rest.len().checked_sub(length)?..)
}

const FILE_METADATA: Fields = &[
    (1, Shape::Number),
    (2, Shape::List(&Shape::Struct(SCHEMA_ELEMENT))),
    (3, Shape::Number),
    (4, Shape::List(&Shape::Struct(ROW_GROUP))),
    (5, Shape::List(&Shape::Struct(&[(1, Shape::Bytes), (2, Shape::Bytes)]))),
    (6, Shape::Bytes),
    (7, Shape::List(&Shape::Struct(COLUMN_ORDER))),
];

const SCHEMA_ELEMENT: Fields = &[
    (1, Shape::Number),
    (2, Shape::Number),
    (3, Shape::Number),
    (4, Shape::Bytes),
    (5, Shape::Number),
    (6, Shape::Number),
    (7, Shape::Number),
    (8, Shape::Number),
    (9, Shape::Number),
    (10, Shape::Struct(LOGICAL_TYPE)),
];

const LOGICAL_TYPE: Fields = &[
    (1, Shape::Struct(&[])),
    (2, Shape::Struct(&[])),
    (3, Shape::Struct(&[])),
    (4, Shape::Struct(&[])),
    (5, Shape::Struct(&[(1, Shape::Number), (2, Shape::Number)])),
    (6, Shape::Struct(&[])),
    (7, Shape::Struct(TIME_TYPE)),
    (8, Shape::Struct(TIME_TYPE)),
    (10, Shape::Struct(&[(1, Shape::Byte), (2, Shape::Boolean)])),
    (11, Shape::Struct(&[])),
    (12, Shape::Struct(&[])),
    (13, Shape::Struct(&[])),
    (14, Shape::Struct(&[])),
    (15, Shape::Struct(&[])),
];

const TIME_TYPE: Fields = &[(1, Shape::Boolean), (2, Shape::Struct(TIME_UNIT))];

const TIME_UNIT: Fields = &[(1, Shape::Struct(&[])), (2, Shape::Struct(&[])), (3, Shape::Struct(&[]))];

const COLUMN_ORDER: Fields = &[(1, Shape::Struct(&[])), (2, Shape::Struct(&[]))];

const ROW_GROUP: Fields = &[
    (1, Shape::List(&Shape::Struct(COLUMN_CHUNK))),
    (2, Shape::Number),
    (3, Shape::Number),
    (4, Shape::List(&Shape::Struct(&[(1, Shape::Number), (2, Shape::Boolean), (3, Shape::Boolean)]))),
    (5, Shape::Number),
    (6, Shape::Number),
    (7, Shape::Number),
];

const COLUMN_CHUNK: Fields = &[
    (1, Shape::Bytes),
    (2, Shape::Number),
    (3, Shape::Struct(COLUMN_METADATA)),
    (4, Shape::Number),
    (5, Shape::Number),
    (6, Shape::Number),
    (7, Shape::Number),
];

const COLUMN_METADATA: Fields = &[
    (1, Shape::Number),
    (2, Shape::List(&Shape::Number)),
    (3, Shape::List(&Shape::Bytes)),
    (4, Shape::Number),
    (5, Shape::Number),
    (6, Shape::Number),
    (7, Shape::Number),
    (9, Shape::Number),
    (10, Shape::Number),
    (11, Shape::Number),
    (12, Shape::Struct(STATISTICS)),
    (14, Shape::Number),
    (15, Shape::Number),
];
