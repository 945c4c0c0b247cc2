//! What an authenticator app reads from the square code: a key URI, as those apps agreed on it
//! (`otpauth://totp/…`), with the secret in base32 (RFC 4648 section 6).

use alloc::format;
use alloc::string::String;

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Base32 without padding.
#[must_use]
pub fn base32(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(5) {
        let mut bits = [0; 5];
        bits.iter_mut().zip(group).for_each(|(to, from)| *to = *from);
        let word = bits.iter().fold(0_u64, |word, byte| word << 8 | u64::from(*byte));
        for at in 0..(group.len() * 8).div_ceil(5) {
            let index = (word >> (35 - 5 * at)) as usize & 31;
            text.push(char::from(ALPHABET[index]));
        }
    }
    text
}

/// The URI for an app: SHA-1, six digits, 30 seconds, which is what every app takes for granted.
#[must_use]
pub fn uri(firm: &str, handle: &str, secret: &[u8]) -> String {
    let (firm, handle) = (escaped(firm), escaped(handle));
    format!("otpauth://totp/{firm}:{handle}?secret={}&issuer={firm}", base32(secret))
}

// RFC 3986: everything but unreserved characters.
fn escaped(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{base32, uri};

    /// RFC 4648 section 10.
    #[test]
    fn base32_is_as_published() {
        let vectors = [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ];
        for (bytes, text) in vectors {
            assert_eq!(base32(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn names_cannot_add_to_the_address() {
        assert_eq!(
            uri("Hale & Sons?", "m.hale", b"fooba"),
            "otpauth://totp/Hale%20%26%20Sons%3F:m.hale?secret=MZXW6YTB&issuer=Hale%20%26%20Sons%3F"
        );
    }
}
