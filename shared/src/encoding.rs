//! Text encodings, strict: what decodes must encode back to the same text.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use base64ct::{Base64UrlUnpadded, Encoding as _};

/// Bytes that travel in JSON as unpadded base64url; anything else is refused.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct B64(pub Vec<u8>);

impl fmt::Debug for B64 {
    // Sealed bytes are long and say nothing: the length is all a log may need.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "B64({} bytes)", self.0.len())
    }
}

impl From<Vec<u8>> for B64 {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for B64 {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl serde::Serialize for B64 {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&to_base64url(&self.0))
    }
}

impl<'de> serde::Deserialize<'de> for B64 {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        d.deserialize_str(Text)
    }
}

/// Reads the text where it lies: pages of a journal are megabytes of it.
struct Text;

impl serde::de::Visitor<'_> for Text {
    type Value = B64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("canonical base64url")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<B64, E> {
        from_base64url(text).map(B64).ok_or_else(|| E::custom("not canonical base64url"))
    }
}

/// Unpadded base64url (RFC 4648 section 5).
#[must_use]
pub fn to_base64url(bytes: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(bytes)
}

/// Padded base64 (RFC 4648 section 4), as HTTP's digest fields want it.
#[must_use]
pub fn to_base64(bytes: &[u8]) -> String {
    base64ct::Base64::encode_string(bytes)
}

/// The bytes of an unpadded base64url text, or `None` when it is not canonical.
#[must_use]
#[inline(never)]
pub fn from_base64url(text: &str) -> Option<Vec<u8>> {
    let bytes = Base64UrlUnpadded::decode_vec(text).ok()?;
    // Four letters are three bytes and nothing else is; only the letters after the last four could be
    // written in two ways.
    let groups = bytes.len() / 3;
    let same = text.get(groups * 4..) == Some(to_base64url(&bytes[groups * 3..]).as_str());
    same.then_some(bytes)
}

/// Lower-case hex.
#[must_use]
pub fn to_hex(bytes: &[u8]) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// Writes bytes as lower-case hex.
pub(crate) fn write_hex(f: &mut fmt::Formatter<'_>, bytes: &[u8]) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

/// Reads exactly `N` bytes of lower-case hex.
#[must_use]
pub fn read_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = nibble(pair[0])? << 4 | nibble(pair[1])?;
    }
    Some(out)
}

const fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_with_stray_bits_padding_or_spaces_is_refused() {
        assert_eq!(from_base64url("AA"), Some(alloc::vec![0]));
        for bad in ["AB", "AA==", "A", " AA", "AA\n", "+A", "/w"] {
            assert_eq!(from_base64url(bad), None, "{bad:?}");
            let long = ["AAAA", bad].concat();
            assert_eq!(from_base64url(&long), None, "{long:?}");
        }
    }

    #[test]
    fn hex_is_lower_case_and_whole() {
        assert_eq!(read_hex::<2>("0aff"), Some([0x0a, 0xff]));
        for bad in ["0aFF", "0af", "0aff0", "0xff", ""] {
            assert_eq!(read_hex::<2>(bad), None, "{bad:?}");
        }
    }
}
