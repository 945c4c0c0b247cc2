//! The few edits the build makes in our own HTML: find a tag, read an attribute, replace a tag.
//!
//! This reads only pages written in this repository, where every tag is on one piece of text and
//! every value stands in double quotes; anything it cannot find is an error, never a silent pass.

use crate::sh::Outcome;
use std::ops::Range;

/// Every tag of this name, from `<name` to its `>`, in order.
pub(crate) fn tags(page: &str, name: &str) -> Vec<Range<usize>> {
    let opening = format!("<{name}");
    page.match_indices(&opening)
        .filter(|(at, _)| {
            page.get(at + opening.len()..)
                .and_then(|rest| rest.chars().next())
                .is_some_and(|next| next.is_whitespace() || next == '>')
        })
        .filter_map(|(at, _)| {
            let length = page.get(at..)?.find('>')? + 1;
            Some(at..at + length)
        })
        .collect()
}

/// The value of an attribute in one tag; a bare attribute has the empty value.
pub(crate) fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut rest = tag;
    loop {
        let at = rest.find(name)?;
        let before = rest.get(..at)?.chars().next_back();
        let after = rest.get(at + name.len()..)?;
        if before.is_some_and(char::is_whitespace) {
            if let Some(value) = after.strip_prefix("=\"") {
                return value.split('"').next();
            }
            if after.starts_with([' ', '>', '/', '\n']) {
                return Some("");
            }
        }
        rest = after;
    }
}

/// Replaces the one place where `old` stands.
pub(crate) fn replace_once(page: &str, old: &str, new: &str) -> Outcome<String> {
    match page.matches(old).count() {
        1 => Ok(page.replacen(old, new, 1)),
        count => Err(format!("`{old}` stands {count} times where it should stand once")),
    }
}

/// The page without these ranges (sorted, apart from each other), with `middle` at the first one.
/// A line that held nothing but a range goes with it.
pub(crate) fn swap(page: &str, ranges: &[Range<usize>], middle: &str) -> String {
    let mut made = String::new();
    let mut from = 0;
    for (index, range) in ranges.iter().enumerate() {
        made.push_str(page.get(from..range.start).unwrap_or_default());
        from = range.end;
        if index == 0 && !middle.is_empty() {
            made.push_str(middle);
        } else if made.trim_end_matches(' ').ends_with('\n') {
            made.truncate(made.trim_end().len());
        }
    }
    made.push_str(page.get(from..).unwrap_or_default());
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str =
        r#"<link rel="icon" href="/i.svg"><links><link data-trunk rel="css" href="a.css"/>"#;

    fn all(name: &str) -> Vec<&'static str> {
        tags(PAGE, name).into_iter().filter_map(|range| PAGE.get(range)).collect()
    }

    #[test]
    fn a_tag_is_not_found_in_a_longer_name() {
        assert_eq!(all("link").len(), 2);
    }

    #[test]
    fn attributes_are_read_by_whole_name() {
        let css = all("link").pop().unwrap_or_default();
        assert_eq!(attribute(css, "href"), Some("a.css"));
        assert_eq!(attribute(css, "data-trunk"), Some(""));
        assert_eq!(attribute(css, "ref"), None);
    }

    #[test]
    fn tags_are_swapped_for_one_and_their_lines_go_with_them() {
        let page = "<p>\n  <a>\n  <b>\n  <c>\n</p>";
        let ranges = [6..9, 12..15];
        assert_eq!(swap(page, &ranges, "<x>"), "<p>\n  <x>\n  <c>\n</p>");
        let one = 6..9;
        assert_eq!(swap(page, std::slice::from_ref(&one), ""), "<p>\n  <b>\n  <c>\n</p>");
    }

    #[test]
    fn a_missing_or_doubled_place_is_an_error() {
        assert!(replace_once("a b a", "a", "c").is_err());
        assert!(replace_once("b", "a", "c").is_err());
    }
}
