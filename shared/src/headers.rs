//! The words that sealed bytes travel with, as a server reads them: what a part announces
//! (`Underseal-Part-Root`), what of an object is asked for (`Range`), which version a call replaces
//! (`If-Match`), which part an address names. Pure, so that the fuzzer leads them without a server.

use alloc::string::ToString as _;

use crate::crypto::hash::Hash32;
use crate::encoding::from_base64url;

/// The root over its chunks that a part announces, from the values of all its headers of that name: there is
/// to be one.
#[must_use]
pub fn announced_root<'a>(values: impl IntoIterator<Item = &'a str>) -> Option<Hash32> {
    let mut values = values.into_iter();
    let only = values.next().filter(|_| values.next().is_none())?;
    from_base64url(only)?.try_into().ok().map(Hash32)
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

/// Reads `Range` for an object of this length. What is not one range of bytes counts as no `Range` at
/// all (RFC 9110 section 14.2).
#[must_use]
pub fn asked(range: &str, length: u64) -> Asked {
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
