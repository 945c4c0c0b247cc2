//! The three headers that sealed bytes travel with: the root of a part coming in, `Range` and its kin
//! going out. Pure; how their words are read is in [`shared::headers`].

use axum::http::{HeaderMap, header};
use shared::crypto::hash::Hash32;
use shared::documents::wire::ROOT_HEADER;
use shared::headers;
pub use shared::headers::Wanted;

use crate::error::ApiError;

/// The root that a request announces for the part it carries.
///
/// # Errors
/// When it announces none, or more than one, or not in the one form.
pub fn announced_root(headers: &HeaderMap) -> Result<Hash32, ApiError> {
    let values = headers.get_all(ROOT_HEADER).iter();
    headers::announced_root(values.map(|value| value.to_str().unwrap_or_default()))
        .ok_or(ApiError::bad_request("A part needs the root over its chunks."))
}

/// Reads `Range` and `If-Range` for an object of this length and tag. What is not one range of
/// bytes counts as no `Range` at all (RFC 9110 section 14.2).
#[must_use]
pub fn wanted(headers: &HeaderMap, length: u64, etag: &str) -> Wanted {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let current = headers.get(header::IF_RANGE).is_none() || text(header::IF_RANGE) == Some(etag);
    text(header::RANGE)
        .filter(|_| current)
        .map_or(Wanted::Whole, |range| headers::wanted(range, length))
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
            ("bytes=0-0", Wanted::Span(0, 1)),
            ("bytes=0-9", Wanted::Span(0, 10)),
            ("bytes=3-99", Wanted::Span(3, 10)),
            ("bytes=9-", Wanted::Span(9, 10)),
            ("bytes=-4", Wanted::Span(6, 10)),
            ("bytes=-99", Wanted::Span(0, 10)),
            ("bytes=0-18446744073709551615", Wanted::Span(0, 10)),
            ("bytes=10-", Wanted::Nothing),
            ("bytes=10-20", Wanted::Nothing),
            ("bytes=-0", Wanted::Nothing),
            ("bytes=5-4", Wanted::Whole),
            ("bytes=0-1,3-4", Wanted::Whole),
            ("bytes=-", Wanted::Whole),
            ("bytes=+1-2", Wanted::Whole),
            ("items=0-1", Wanted::Whole),
            ("bytes=99999999999999999999-", Wanted::Whole),
        ] {
            assert_eq!(wanted(&with(&[("range", range)]), 10, "\"a\""), expected, "{range}");
        }
        assert_eq!(wanted(&with(&[]), 10, "\"a\""), Wanted::Whole);
    }

    #[test]
    fn a_range_of_an_older_version_means_the_whole() {
        let of = |tag| wanted(&with(&[("range", "bytes=0-1"), ("if-range", tag)]), 10, "\"a\"");
        assert_eq!(of("\"a\""), Wanted::Span(0, 2));
        assert_eq!(of("\"b\""), Wanted::Whole);
        assert_eq!(of("W/\"a\""), Wanted::Whole);
    }

    #[test]
    fn a_root_is_read_in_its_one_form() {
        let good = "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU";
        let empty = shared::crypto::hash::sha256(b"");
        let read = |text: &str| announced_root(&with(&[(ROOT_HEADER, text)]));
        assert_eq!(read(good).unwrap(), empty);
        for bad in [
            String::new(),
            format!("{good}="),
            good.replace('-', "+"),
            good.replace("FU", "FV"),
            "AAAA".to_owned(),
        ] {
            assert!(read(&bad).is_err(), "{bad}");
        }
        assert!(announced_root(&with(&[])).is_err());
        assert!(announced_root(&with(&[(ROOT_HEADER, good), (ROOT_HEADER, good)])).is_err());
    }
}
