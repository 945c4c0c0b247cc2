//! Figures as people write them. Numbers and amounts are kept as integers of their smallest step,
//! so that no rounding ever happens between a client and a lawyer.

use alloc::string::String;

/// An integer of smallest steps as people write it: 1250 with 2 decimals is `12.50`.
#[must_use]
pub fn scaled(n: i64, decimals: u8) -> String {
    let sign = if n < 0 { "-" } else { "" };
    let width = usize::from(decimals) + 1;
    let mut digits = alloc::format!("{:0width$}", n.unsigned_abs());
    if decimals > 0 {
        digits.insert(digits.len() - usize::from(decimals), '.');
    }
    alloc::format!("{sign}{digits}")
}

/// Reads a number as people write it, in smallest steps: `1,234.50`, `1.234,50`, `1 234`, `-3`.
/// A lone mark with three digits after it separates thousands, unless that many decimals are asked.
#[must_use]
pub fn read_scaled(text: &str, decimals: u8) -> Option<i64> {
    let text = text
        .trim()
        .trim_start_matches(['$', '€', '£', '¥'])
        .trim_end_matches(['$', '€', '£', '¥', '%'])
        .trim();
    let (negative, text) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let decimals = usize::from(decimals);
    let last = text.rfind([',', '.']);
    let point = last.filter(|at| {
        let mark = text.as_bytes().get(*at).copied().unwrap_or_default();
        let after = text.len() - at - 1;
        let again = text.bytes().filter(|b| *b == mark).count() > 1;
        let other = text.bytes().any(|b| matches!(b, b',' | b'.') && b != mark);
        !again && (other || after != 3 || decimals >= 3)
    });
    let (whole, part) = match point {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text, ""),
    };
    let whole: String = whole
        .chars()
        .filter(|c| !matches!(c, ',' | '.' | ' ' | '\u{a0}' | '\u{202f}' | '\''))
        .collect();
    let good = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !good(&whole) || !good(part) || part.len() > decimals {
        return None;
    }
    let n: i64 = alloc::format!("{whole}{part:0<decimals$}").parse().ok()?;
    Some(if negative { -n } else { n })
}
