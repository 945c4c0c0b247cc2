//! The words that sealed bytes travel with, as a client says them and as a server reads them: what a part
//! announces (`Underseal-Part-Root`), what of an object is asked for (`Range`), which version a call
//! replaces (`If-Match`), which part an address names. Pure, so that the fuzzer leads them without a server.

use alloc::format;
use alloc::string::{String, ToString as _};

use crate::crypto::hash::Hash32;
use crate::encoding::{from_base64url, to_base64url};

/// What a part announces: the root over its chunks.
#[must_use]
pub fn say_root(root: Hash32) -> String {
    to_base64url(&root.0)
}

/// `Range` for first and last byte, both inclusive.
#[must_use]
pub fn say_range((first, last): (u64, u64)) -> String {
    format!("bytes={first}-{last}")
}

/// `If-Match` for one version.
#[must_use]
pub fn say_version(version: u64) -> String {
    format!("\"{version}\"")
}

/// The root over its chunks that a part announces, from the values of all its headers of that name: there is
/// to be one.
#[must_use]
pub fn announced_root<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<Hash32> {
    let mut values = values.into_iter();
    let only = values.next().filter(|_| values.next().is_none())?;
    from_base64url(only)?.try_into().ok().map(Hash32)
}

/// What of an object is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// `from..until`.
    Span(u64, u64),
    /// Nothing that there is.
    Nothing,
}

/// Reads `Range` for an object of this length. What is not one range of bytes counts as no `Range` at
/// all (RFC 9110 section 14.2).
#[must_use]
pub fn wanted(range: &str, length: u64) -> Wanted {
    range.strip_prefix("bytes=").and_then(|range| span(range, length)).unwrap_or(Wanted::Whole)
}

fn span(range: &str, length: u64) -> Option<Wanted> {
    let (first, last) = range.split_once('-')?;
    let (from, until) = match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => (first, last.saturating_add(1).min(length)),
        (Some(first), None) if last.is_empty() => (first, length),
        (None, Some(suffix)) if first.is_empty() => (length - suffix.min(length), length),
        _ => return None,
    };
    Some(if from < until { Wanted::Span(from, until) } else { Wanted::Nothing })
}

// Digits only: `parse` alone would take a sign.
fn number(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// A number in its one spelling: no sign, no leading zero.
fn plain(text: &str) -> Option<u64> {
    number(text).filter(|number| number.to_string() == text)
}

/// The version that an `If-Match` names.
#[must_use]
pub fn version(tag: &str) -> Option<u64> {
    plain(tag.strip_prefix('"')?.strip_suffix('"')?)
}

/// The part that an address names.
#[must_use]
pub fn part(text: &str) -> Option<u32> {
    plain(text)?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_is_what_is_read() {
        let root = Hash32([7; 32]);
        assert_eq!(announced_root([say_root(root).as_str()]), Some(root));
        assert_eq!(wanted(&say_range((3, 9)), 100), Wanted::Span(3, 10));
        assert_eq!(version(&say_version(u64::MAX)), Some(u64::MAX));
    }

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!((part("0"), part("7"), version("\"12\"")), (Some(0), Some(7), Some(12)));
        for bad in ["", "+7", "07", "-1", " 7", "7 ", "4294967296", "0x7", "\u{0667}"] {
            assert_eq!(part(bad), None, "{bad}");
        }
        for bad in ["", "\"", "\"\"", "12", "\"+12\"", "\"012\"", "W/\"12\"", "*"] {
            assert_eq!(version(bad), None, "{bad}");
        }
    }
}
