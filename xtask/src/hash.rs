//! Hashes of files: short ones for names, base64 ones for integrity attributes, hex for lists.

use sha2::{Digest, Sha256, Sha384};
use std::fmt::Write as _;

/// SHA-256 in lower-case hex.
pub(crate) fn sha256_hex(content: &[u8]) -> String {
    Sha256::digest(content).iter().fold(String::new(), |mut text, byte| {
        // Writing into a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The 16 hex digits that make a file name immutable.
pub(crate) fn short(content: &[u8]) -> String {
    sha256_hex(content).chars().take(16).collect()
}

/// SHA-256 in base64 for addresses, without padding: as WEBCAT and WAICT list files.
pub(crate) fn sha256_base64url(content: &[u8]) -> String {
    let digits = base64(&Sha256::digest(content));
    digits.trim_end_matches('=').replace('+', "-").replace('/', "_")
}

/// The value of an `integrity` attribute.
pub(crate) fn integrity(content: &[u8]) -> String {
    format!("sha384-{}", base64(&Sha384::digest(content)))
}

fn base64(content: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for group in content.chunks(3) {
        let bits = group
            .iter()
            .chain([0, 0].iter())
            .take(3)
            .fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        for place in 0..4 {
            if place <= group.len() {
                let digit = bits >> (18 - 6 * place) & 63;
                text.push(char::from(DIGITS[digit]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_follows_the_examples_of_rfc_4648() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn an_integrity_value_is_what_openssl_gives_for_the_empty_file() {
        assert_eq!(
            integrity(b""),
            "sha384-OLBgp1GsljhM2TJ+sbHjaiH9txEUvgdDTAzHv2P24donTt6/529l+9Ua0vFImLlb"
        );
    }

    #[test]
    fn a_list_for_browsers_has_no_padding_and_no_slash() {
        assert_eq!(sha256_base64url(b"abc"), "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0");
    }

    #[test]
    fn a_short_name_is_sixteen_digits_of_the_whole() {
        assert_eq!(short(b"abc"), "ba7816bf8f01cfea");
    }
}
