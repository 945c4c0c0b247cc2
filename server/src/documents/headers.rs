//! The three headers that sealed bytes travel with: `Content-Digest` coming in, `Range` and its
//! kin going out. Pure.

use axum::http::{HeaderMap, header};
use shared::crypto::hash::Hash32;
use shared::encoding::from_base64url;

use crate::error::ApiError;

/// The SHA-256 that a request announces (RFC 9530).
///
/// # Errors
/// When it announces none, or not in the one form.
pub fn announced_digest(headers: &HeaderMap) -> Result<Hash32, ApiError> {
    headers
        .get_all("content-digest")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
        .find_map(|member| member.trim().strip_prefix("sha-256=:")?.strip_suffix(':'))
        .and_then(digest)
        .ok_or(ApiError::bad_request("A part needs Content-Digest with its sha-256."))
}

// RFC 8941 byte sequences are padded standard base64; 32 bytes end in one "=".
fn digest(text: &str) -> Option<Hash32> {
    let unpadded = text.strip_suffix('=')?;
    if unpadded.contains(['-', '_']) {
        return None;
    }
    let bytes = from_base64url(&unpadded.replace('+', "-").replace('/', "_"))?;
    bytes.try_into().ok().map(Hash32)
}

/// What of an object is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// All of it.
    Whole,
    /// `from..until`.
    Span(u64, u64),
    /// Nothing that there is.
    Nothing,
}

/// Reads `Range` and `If-Range` for an object of this length and tag. What is not one range of
/// bytes counts as no `Range` at all (RFC 9110 section 14.2).
#[must_use]
pub fn asked(headers: &HeaderMap, length: u64, etag: &str) -> Asked {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let current = headers.get(header::IF_RANGE).is_none() || text(header::IF_RANGE) == Some(etag);
    let Some(range) = text(header::RANGE).filter(|_| current) else { return Asked::Whole };
    range.strip_prefix("bytes=").and_then(|range| span(range, length)).unwrap_or(Asked::Whole)
}

fn span(range: &str, length: u64) -> Option<Asked> {
    let (first, last) = range.split_once('-')?;
    let asked = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last.saturating_add(1).min(length)),
        (Some(first), None) if last.is_empty() => (first, length),
        (None, Some(suffix)) if first.is_empty() => (length - suffix.min(length), length),
        _ => return None,
    };
    let (from, until) = asked;
    Some(if from < until { Asked::Span(from, until) } else { Asked::Nothing })
}

// Digits only: `parse` alone would take a sign.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

    use super::*;

    fn with(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
    }

    #[test]
    fn one_range_is_read_and_everything_else_means_the_whole() {
        for (range, expected) in [
            ("bytes=0-0", Asked::Span(0, 1)),
            ("bytes=0-9", Asked::Span(0, 10)),
            ("bytes=3-99", Asked::Span(3, 10)),
            ("bytes=9-", Asked::Span(9, 10)),
            ("bytes=-4", Asked::Span(6, 10)),
            ("bytes=-99", Asked::Span(0, 10)),
            ("bytes=0-18446744073709551615", Asked::Span(0, 10)),
            ("bytes=10-", Asked::Nothing),
            ("bytes=10-20", Asked::Nothing),
            ("bytes=-0", Asked::Nothing),
            ("bytes=5-4", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("items=0-1", Asked::Whole),
            ("bytes=99999999999999999999-", Asked::Whole),
        ] {
            assert_eq!(asked(&with(&[("range", range)]), 10, "\"a\""), expected, "{range}");
        }
        assert_eq!(asked(&with(&[]), 10, "\"a\""), Asked::Whole);
    }

    #[test]
    fn a_range_of_an_older_version_means_the_whole() {
        let of = |tag| asked(&with(&[("range", "bytes=0-1"), ("if-range", tag)]), 10, "\"a\"");
        assert_eq!(of("\"a\""), Asked::Span(0, 2));
        assert_eq!(of("\"b\""), Asked::Whole);
        assert_eq!(of("W/\"a\""), Asked::Whole);
    }

    #[test]
    fn a_digest_is_read_in_its_one_form() {
        let good = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
        let empty = shared::crypto::hash::sha256(b"");
        let read = |text: &str| announced_digest(&with(&[("content-digest", text)]));
        assert_eq!(read(&format!("sha-256=:{good}:")).unwrap(), empty);
        assert_eq!(read(&format!("sha-512=:AAAA:, sha-256=:{good}:")).unwrap(), empty);
        for bad in [
            String::new(),
            format!("sha-256={good}"),
            format!("sha-256=:{}:", good.replace('+', "-")),
            format!("sha-256=:{}:", good.trim_end_matches('=')),
            format!("sha-256=:{}:", good.replace("FU=", "FV=")),
            "sha-256=:AAAA:".to_owned(),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
        assert!(announced_digest(&with(&[])).is_err());
    }
}
