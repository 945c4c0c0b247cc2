//! Deterministic CBOR (RFC 8949 section 4.2.1): what decodes must encode back to the same bytes.
//!
//! Types use `minicbor`'s derive with `#[cbor(map)]` and integer keys. The re-encoding comparison
//! rejects what the decoder alone would forgive: unknown or repeated keys, keys out of order,
//! long-form integers, indefinite lengths, an explicit null where a field is absent, trailing bytes.

use alloc::vec::Vec;

use minicbor::{Decode, Encode};

use super::error::FormatError;
use crate::vuln;

/// The largest body of a signed statement.
pub const BODY_CAP: usize = 64 * 1024;

/// The one encoding of a value.
///
/// # Panics
/// When a type's own encoder fails, which none in this crate does: the writer is memory.
#[must_use]
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    minicbor::to_vec(value).expect("writing CBOR to memory does not fail")
}

/// Reads a value whose bytes are exactly its one encoding.
///
/// # Errors
/// When the bytes are too many, malformed, or not canonical.
pub fn decode_strict<T>(bytes: &[u8], cap: usize) -> Result<T, FormatError>
where
    T: Encode<()> + for<'b> Decode<'b, ()>,
{
    if bytes.len() > cap {
        return Err(FormatError::TooLong);
    }
    let value: T = minicbor::decode(bytes).map_err(|_| FormatError::NotCanonical)?;
    if encode(&value) != bytes && !vuln::a40() {
        return Err(FormatError::NotCanonical);
    }
    Ok(value)
}

/// Reads a value that this very program wrote and sealed: nobody else had the key under which it just
/// opened. All bytes must be used. Anything that came from elsewhere is for [`decode_strict`].
///
/// # Errors
/// When the bytes are too many, malformed, or more than one value.
#[cfg(feature = "plaintext")]
pub(crate) fn decode_own<T>(bytes: &[u8], cap: usize) -> Result<T, FormatError>
where
    T: for<'b> Decode<'b, ()>,
{
    if bytes.len() > cap {
        return Err(FormatError::TooLong);
    }
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|_| FormatError::NotCanonical)?;
    if decoder.position() == bytes.len() { Ok(value) } else { Err(FormatError::NotCanonical) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Encode, Decode)]
    #[cbor(map)]
    struct Sample {
        // Declared out of order on purpose: the encoding must sort.
        #[n(9)]
        last: u64,
        #[n(1)]
        first: u8,
        #[n(4)]
        maybe: Option<u32>,
    }

    const GOOD: &[u8] = &[0xa2, 1, 7, 9, 0x18, 200];

    #[test]
    fn keys_ascend_whatever_the_order_of_declaration() {
        assert_eq!(encode(&Sample { last: 200, first: 7, maybe: None }), GOOD);
        assert_eq!(
            decode_strict::<Sample>(GOOD, 99),
            Ok(Sample { last: 200, first: 7, maybe: None })
        );
    }

    #[test]
    fn every_other_encoding_of_the_same_value_is_refused() {
        let bad: &[(&str, &[u8])] = &[
            ("keys out of order", &[0xa2, 9, 0x18, 200, 1, 7]),
            ("repeated key", &[0xa3, 1, 7, 1, 7, 9, 0x18, 200]),
            ("unknown key", &[0xa3, 1, 7, 5, 0, 9, 0x18, 200]),
            ("explicit null", &[0xa3, 1, 7, 4, 0xf6, 9, 0x18, 200]),
            ("long integer", &[0xa2, 1, 0x18, 7, 9, 0x18, 200]),
            ("longer integer", &[0xa2, 1, 7, 9, 0x19, 0, 200]),
            ("indefinite map", &[0xbf, 1, 7, 9, 0x18, 200, 0xff]),
            ("trailing byte", &[0xa2, 1, 7, 9, 0x18, 200, 0]),
            ("tag", &[0xc0, 0xa2, 1, 7, 9, 0x18, 200]),
            ("missing field", &[0xa1, 1, 7]),
            ("empty", &[]),
        ];
        for (what, bytes) in bad {
            assert_eq!(
                decode_strict::<Sample>(bytes, 99),
                Err(FormatError::NotCanonical),
                "{what}"
            );
        }
        assert!(decode_strict::<Sample>(GOOD, 6).is_ok());
        #[cfg(feature = "plaintext")]
        {
            assert_eq!(decode_own(GOOD, 6), Ok(Sample { last: 200, first: 7, maybe: None }));
            assert_eq!(decode_own::<Sample>(GOOD, 5), Err(FormatError::TooLong));
            let (longer, shorter) = ([GOOD, &[0]].concat(), &GOOD[..5]);
            assert_eq!(decode_own::<Sample>(&longer, 99), Err(FormatError::NotCanonical));
            assert_eq!(decode_own::<Sample>(shorter, 99), Err(FormatError::NotCanonical));
        }
        assert_eq!(decode_strict::<Sample>(GOOD, 5), Err(FormatError::TooLong));
    }
}
