//! The strict codec through which forms, answers, drafts and submissions pass: a cap on the bytes,
//! a cap on the depth, and one encoding for one value.

use alloc::vec::Vec;

use minicbor::{Decode, Decoder, Encode};
use zeroize::Zeroize;

pub(crate) use crate::crypto::cbor::encode as pack;

/// Why bytes are no form, draft or answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// More bytes than the format allows.
    #[error("it is larger than the format allows")]
    TooLarge,
    /// Nested deeper than anything we write.
    #[error("it is nested deeper than the format allows")]
    TooDeep,
    /// Not the format, or a newer edition of it.
    #[error("it is damaged, or was written by a newer edition of the portal")]
    Malformed,
    /// It decodes, yet is not what we would have written: two readers could disagree about it.
    #[error("it is not written in the one canonical way")]
    NotCanonical,
}

/// Nothing we write nests deeper; a recursive reader must not be led further down than this.
const DEPTH: usize = 32;

/// A value from its one encoding of at most `cap` bytes.
pub(crate) fn unpack<T>(bytes: &[u8], cap: usize) -> Result<T, Unreadable>
where
    T: for<'b> Decode<'b, ()> + Encode<()>,
{
    if bytes.len() > cap {
        return Err(Unreadable::TooLarge);
    }
    shallow(bytes)?;
    let value: T = minicbor::decode(bytes).map_err(|_| Unreadable::Malformed)?;
    let mut again = pack(&value);
    let same = again == bytes;
    again.zeroize();
    if same { Ok(value) } else { Err(Unreadable::NotCanonical) }
}

/// Walks the bytes without recursion before a recursive decoder may.
fn shallow(bytes: &[u8]) -> Result<(), Unreadable> {
    use minicbor::data::Type;
    let mut d = Decoder::new(bytes);
    let mut open: Vec<u64> = alloc::vec![1];
    while let Some(left) = open.last_mut() {
        if *left == 0 {
            open.pop();
            continue;
        }
        *left -= 1;
        let inner = match d.datatype().map_err(|_| Unreadable::Malformed)? {
            Type::Array => d.array(),
            Type::Map => d.map().map(|n| n.map(|n| n.saturating_mul(2))),
            Type::ArrayIndef
            | Type::MapIndef
            | Type::BytesIndef
            | Type::StringIndef
            | Type::Tag => {
                return Err(Unreadable::NotCanonical);
            }
            _ => d.skip().map(|()| Some(0)),
        };
        let inner = inner.map_err(|_| Unreadable::Malformed)?.unwrap_or(0);
        if inner > 0 {
            if open.len() > DEPTH {
                return Err(Unreadable::TooDeep);
            }
            open.push(inner);
        }
    }
    if d.position() == bytes.len() { Ok(()) } else { Err(Unreadable::NotCanonical) }
}
