//! Thrift's compact protocol, in which Parquet's metadata and page headers are written, as far as `parquet_metadata` and `parquet_page`
//! need it: <https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>. None stands for bytes that break it.
//!
//! Each value has its kind before it. polars goes by the numbers of the fields and doesn't look at their kinds; where a kind is wrong it
//! would read on at another place than a reader that goes by the kinds. So a field that is known must have the kind of its [`Shape`].

use std::collections::BTreeMap;

/// What a field, or each element of a list, holds.
pub(super) enum Shape {
    Boolean,
    Byte,
    /// A whole number of 16, 32 or 64 bits: all are written alike.
    Number,
    /// Text or other bytes, after their length.
    Bytes,
    List(&'static Shape),
    Struct(Fields),
}

/// The fields of a structure that are known, by their numbers.
pub(super) type Fields = &'static [(i64, Shape)];

impl Shape {
    fn is_of(&self, kind: u8) -> bool {
        match self {
            Shape::Boolean => matches!(kind, 1 | 2),
            Shape::Byte => kind == 3,
            Shape::Number => matches!(kind, 4..=6),
            Shape::Bytes => kind == 8,
            Shape::List(_) => kind == 9,
            Shape::Struct(_) => kind == 12,
        }
    }
}

/// What was read.
pub(super) enum Value {
    Number(i64),
    Struct(BTreeMap<i64, Value>),
    Other,
}

/// Structures of Parquet are at most eight deep.
const DEEPEST: u8 = 16;

/// The fields of a structure, by their numbers.
pub(super) fn read_struct(rest: &mut &[u8], fields: Fields, depth: u8) -> Option<BTreeMap<i64, Value>> {
    let mut values = BTreeMap::new();
    let mut id: i64 = 0;
    loop {
        let head = read_byte(rest)?;
        if head == 0 {
            return Some(values);
        }
        id = match head >> 4 {
            0 => read_number(rest)?,
            step => id.checked_add(i64::from(step))?,
        };
        i16::try_from(id).ok()?;
        let shape = fields.iter().find(|(known, _)| *known == id).map(|(_, shape)| shape);
        let value = match head & 0x0f {
            // In a structure the kind tells the truth value; in a list a byte does.
            kind @ (1 | 2) if shape.is_none_or(|shape| shape.is_of(kind)) => Value::Number(i64::from(kind == 1)),
            1 | 2 => return None,
            kind => read_value(rest, kind, shape, depth)?,
        };
        values.insert(id, value);
    }
}

/// A value of a kind, which must be the one of its shape.
fn read_value(rest: &mut &[u8], kind: u8, shape: Option<&Shape>, depth: u8) -> Option<Value> {
    if shape.is_some_and(|shape| !shape.is_of(kind)) {
        return None;
    }
    let inner = depth.checked_add(1).filter(|depth| *depth < DEEPEST);
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
            let element = match shape {
                Some(Shape::List(element)) => Some(*element),
                _ => None,
            };
            for _ in 0..length {
                read_value(rest, head & 0x0f, element, inner?)?;
            }
            Some(Value::Other)
        }
        12 => {
            let fields = match shape {
                Some(Shape::Struct(fields)) => *fields,
                _ => &[],
            };
            read_struct(rest, fields, inner?).map(Value::Struct)
        }
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
