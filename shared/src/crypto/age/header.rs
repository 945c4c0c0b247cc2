//! The header of an age file: version line, stanzas, MAC line. What parses is exactly what would
//! be written, so that no two headers share a meaning and no two meanings a header.
//!
//! A header of ours has one stanza `underseal/ctx <base64 of the context's hash>` with an empty
//! body, then one `mlkem768x25519` stanza for each recipient, and nothing else. Other age
//! implementations ignore the first, and the MAC covers it.

use alloc::string::String;
use alloc::vec::Vec;

use base64ct::{Base64Unpadded, Encoding as _};

use crate::crypto::error::FormatError;
use crate::crypto::hash::{Hash32, sha256};
use crate::crypto::hazmat;
use crate::vuln;

use super::NONCE;

/// The largest header.
pub const MAX_HEADER: usize = 16 * 1024;
/// The first argument of our stanza.
pub const CTX: &str = "underseal/ctx";
/// The first argument of a recipient stanza.
pub const MLKEM: &str = "mlkem768x25519";

const VERSION: &[u8] = b"age-encryption.org/v1\n";
const COLUMNS: usize = 64;
/// A file key of 16 bytes with its tag.
pub(crate) const WRAPPED_KEY: usize = 32;

/// One stanza.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stanza {
    /// Type first, then what the type defines.
    pub args: Vec<String>,
    /// The wrapped file key, as a rule.
    pub body: Vec<u8>,
}

#[cfg(feature = "plaintext")]
impl Stanza {
    fn write(&self, out: &mut String) {
        out.push_str("->");
        for arg in &self.args {
            out.push(' ');
            out.push_str(arg);
        }
        out.push('\n');
        let body = Base64Unpadded::encode_string(&self.body);
        for line in body.as_bytes().chunks(COLUMNS) {
            line.iter().for_each(|byte| out.push(char::from(*byte)));
            out.push('\n');
        }
        // The body ends with a short line; after a full one, or none, that line is empty.
        if body.len().is_multiple_of(COLUMNS) {
            out.push('\n');
        }
    }
}

/// A parsed header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// In order.
    pub stanzas: Vec<Stanza>,
    #[cfg_attr(not(feature = "plaintext"), allow(dead_code))]
    mac: [u8; 32],
    #[cfg_attr(not(feature = "plaintext"), allow(dead_code))]
    maced: usize,
    len: usize,
}

impl Header {
    /// Reads the header at the beginning of `bytes`.
    ///
    /// # Errors
    /// When it is not in the one form, or longer than [`MAX_HEADER`].
    pub fn parse(bytes: &[u8]) -> Result<Self, FormatError> {
        if !bytes.starts_with(VERSION) {
            return Err(FormatError::Magic);
        }
        let mut lines = Lines { bytes, at: VERSION.len() };
        let mut stanzas = Vec::new();
        loop {
            let start = lines.at;
            let line = lines.next()?;
            if let Some(args) = line.strip_prefix("-> ") {
                stanzas.push(Stanza { args: arguments(args)?, body: lines.body()? });
            } else if let Some(mac) = line.strip_prefix("--- ") {
                let mac = fixed::<32>(mac)?;
                if stanzas.is_empty() {
                    return Err(FormatError::Value);
                }
                return Ok(Self { stanzas, mac, maced: start + 3, len: lines.at });
            } else {
                return Err(FormatError::NotCanonical);
            }
        }
    }

    /// Bytes of the header, with the MAC line's end.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a header is never empty")]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether the MAC holds under a file key. `bytes` are the ones that were parsed.
    #[cfg(feature = "plaintext")]
    pub(crate) fn is_maced_by(&self, file_key: &[u8; 16], bytes: &[u8]) -> bool {
        bytes
            .get(..self.maced)
            .is_some_and(|maced| hazmat::hash::equal(&mac(file_key, maced), &self.mac))
    }
}

/// Writes a header and its MAC.
#[cfg(feature = "plaintext")]
pub(crate) fn write(stanzas: &[Stanza], file_key: &[u8; 16]) -> Vec<u8> {
    let mut text = String::from("age-encryption.org/v1\n");
    stanzas.iter().for_each(|stanza| stanza.write(&mut text));
    text.push_str("---");
    let mac = mac(file_key, text.as_bytes());
    text.push(' ');
    text.push_str(&Base64Unpadded::encode_string(&mac));
    text.push('\n');
    text.into_bytes()
}

/// HMAC-SHA-256 under HKDF(file key, "", "header").
#[cfg(feature = "plaintext")]
fn mac(file_key: &[u8; 16], maced: &[u8]) -> [u8; 32] {
    let key = hazmat::kdf::hkdf::<32>(file_key, &[], &[b"header"]);
    hazmat::hash::hmac_sha256(key.as_slice(), &[maced])
}

/// What anyone can see in a header of ours, without a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shape {
    /// The hash of the file's context.
    pub ctx_hash: Hash32,
    /// How many recipients.
    pub recipients: usize,
    /// SHA-256 of header and nonce.
    pub header_hash: Hash32,
}

/// Checks `header || nonce` of ours: the whole of what a server can check.
///
/// # Errors
/// When it is anything but one context stanza, recipients, and a nonce after them.
pub fn inspect(header_and_nonce: &[u8]) -> Result<Shape, FormatError> {
    let (_, shape) = parse_ours(header_and_nonce)?;
    Ok(shape)
}

/// As [`inspect`], with the header.
pub(crate) fn parse_ours(header_and_nonce: &[u8]) -> Result<(Header, Shape), FormatError> {
    if header_and_nonce.len() > MAX_HEADER + NONCE {
        return Err(FormatError::TooLong);
    }
    let header = Header::parse(header_and_nonce)?;
    if header_and_nonce.len() != header.len + NONCE {
        return Err(FormatError::Length);
    }
    let (ctx, recipients) = header.stanzas.split_first().ok_or(FormatError::Value)?;
    let [kind, ctx_hash] = ctx.args.as_slice() else { return Err(FormatError::Value) };
    if kind != CTX || !ctx.body.is_empty() || recipients.is_empty() {
        return Err(FormatError::Value);
    }
    let ctx_hash = Hash32(fixed::<32>(ctx_hash)?);
    for stanza in recipients {
        mlkem_enc(stanza)?.ok_or(FormatError::Value)?;
    }
    let shape =
        Shape { ctx_hash, recipients: recipients.len(), header_hash: sha256(header_and_nonce) };
    Ok((header, shape))
}

/// The encapsulated key of a `mlkem768x25519` stanza; `None` for a stanza of another type.
///
/// # Errors
/// When it is of the type and malformed, or its X25519 share of small order.
pub(crate) fn mlkem_enc(stanza: &Stanza) -> Result<Option<[u8; hazmat::kem::ENC]>, FormatError> {
    if stanza.args.first().map(String::as_str) != Some(MLKEM) {
        return Ok(None);
    }
    let [_, enc] = stanza.args.as_slice() else { return Err(FormatError::Value) };
    if stanza.body.len() != WRAPPED_KEY {
        return Err(FormatError::Value);
    }
    let enc = fixed(enc)?;
    // A share of small order would make half of the shared secret predictable.
    if hazmat::kem::enc_is_sound(&enc) || vuln::a30() {
        Ok(Some(enc))
    } else {
        Err(FormatError::Value)
    }
}

/// The stanza that carries a context's hash.
#[cfg(feature = "plaintext")]
pub(crate) fn ctx_stanza(ctx_hash: Hash32) -> Stanza {
    Stanza {
        args: alloc::vec![CTX.into(), Base64Unpadded::encode_string(&ctx_hash.0)],
        body: Vec::new(),
    }
}

/// Canonical unpadded base64 of any length.
pub(crate) fn unbase64(text: &str) -> Result<Vec<u8>, FormatError> {
    let bytes = Base64Unpadded::decode_vec(text).map_err(|_| FormatError::NotCanonical)?;
    if Base64Unpadded::encode_string(&bytes) == text {
        Ok(bytes)
    } else {
        Err(FormatError::NotCanonical)
    }
}

/// Canonical unpadded base64 of `N` bytes.
pub(crate) fn fixed<const N: usize>(text: &str) -> Result<[u8; N], FormatError> {
    unbase64(text)?.try_into().map_err(|_| FormatError::Length)
}

fn arguments(text: &str) -> Result<Vec<String>, FormatError> {
    let args: Vec<String> = text.split(' ').map(String::from).collect();
    // An empty argument means two spaces, or one at an end.
    let sound = args.iter().all(|arg| !arg.is_empty() && arg.bytes().all(|b| b.is_ascii_graphic()));
    if sound { Ok(args) } else { Err(FormatError::NotCanonical) }
}

struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Lines<'a> {
    /// The next line without its end.
    fn next(&mut self) -> Result<&'a str, FormatError> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let room = MAX_HEADER.saturating_sub(self.at).min(rest.len());
        let Some(end) = rest[..room].iter().position(|byte| *byte == b'\n') else {
            return Err(if room < rest.len() { FormatError::TooLong } else { FormatError::Length });
        };
        self.at += end + 1;
        core::str::from_utf8(&rest[..end]).map_err(|_| FormatError::NotCanonical)
    }

    /// A stanza's body: full lines, then a short one.
    fn body(&mut self) -> Result<Vec<u8>, FormatError> {
        let mut text = String::new();
        loop {
            let line = self.next()?;
            if line.len() > COLUMNS {
                return Err(FormatError::NotCanonical);
            }
            text.push_str(line);
            if line.len() < COLUMNS {
                return unbase64(&text);
            }
        }
    }
}

#[cfg(all(test, feature = "plaintext"))]
mod tests {
    use super::*;

    /// 48 bytes fill a line of 64 columns: there, the short line that ends a body is an empty one.
    #[test]
    fn a_body_of_any_length_is_read_as_it_was_written() {
        for length in 0..200 {
            let body: Vec<u8> = (0..length).collect();
            let stanza = Stanza { args: alloc::vec!["x".into(), "y".into()], body };
            let written = write(&[stanza.clone(), stanza.clone()], &[7; 16]);
            let read = Header::parse(&written);
            let known = read.as_ref().is_ok_and(|header| {
                header.stanzas == [stanza.clone(), stanza]
                    && header.len() == written.len()
                    && header.is_maced_by(&[7; 16], &written)
                    && !header.is_maced_by(&[8; 16], &written)
            });
            assert!(known, "{length} bytes: {read:?}");
        }
    }

    #[test]
    fn an_argument_is_printable_and_stands_between_single_spaces() {
        let mac = Base64Unpadded::encode_string(&[0; 32]);
        let with = |args: &str| {
            let text = alloc::format!("age-encryption.org/v1\n-> {args}\n\n--- {mac}\n");
            Header::parse(text.as_bytes()).map(|header| header.stanzas.len())
        };
        assert_eq!(with("x ~!y"), Ok(1));
        for bad in ["", " ", " x", "x ", "x  y", "x\ty", "x y\r", "x \u{7f}", "x \u{e9}"] {
            assert_eq!(with(bad), Err(FormatError::NotCanonical), "{bad:?}");
        }
    }

    #[test]
    fn what_ends_early_and_what_is_too_long_are_told_apart() {
        let begun = |rest: &str| Header::parse([VERSION, rest.as_bytes()].concat().as_slice());
        for cut in ["", "-> x", "-> x\n", "-> x\nAAAA", "-> x\n\n--- "] {
            assert_eq!(begun(cut), Err(FormatError::Length), "{cut:?}");
        }
        assert_eq!(begun("--- x\n"), Err(FormatError::NotCanonical));
        let (line, mac) = ("A".repeat(COLUMNS), Base64Unpadded::encode_string(&[0; 32]));
        assert_eq!(begun(&alloc::format!("--- {mac}\n")), Err(FormatError::Value));
        assert!(begun(&alloc::format!("-> x\n{line}\n\n--- {mac}\n")).is_ok());
        assert_eq!(begun(&alloc::format!("-> x\n{line}A\n\n")), Err(FormatError::NotCanonical));
        // A header that ends with the last byte that it may have, and one a byte longer.
        let with = |more: usize| {
            let tail = alloc::format!("\n\n--- {mac}\n");
            let filled = MAX_HEADER - VERSION.len() - 3 - tail.len() + more;
            begun(&alloc::format!("-> {}{tail}", "x".repeat(filled)))
        };
        assert_eq!(with(0).map(|header| header.len()), Ok(MAX_HEADER));
        assert_eq!(with(1), Err(FormatError::TooLong));
    }
}
