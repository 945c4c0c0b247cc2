//! Figures as people write them. Numbers and amounts are kept as integers of their smallest step,
//! so that no rounding ever happens between a client and a lawyer.

use alloc::string::String;
use alloc::vec::Vec;

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
///
/// A lone mark with three digits after it separates thousands, unless that many decimals are asked
/// or a zero stands before it. What remains doubtful is not guessed at: `None`.
#[must_use]
pub fn read_scaled(text: &str, decimals: u8) -> Option<i64> {
    let marks = ['$', '€', '£', '¥', '%'];
    let text = text.trim().trim_start_matches(marks).trim_end_matches(marks).trim();
    let (negative, text) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let decimals = usize::from(decimals);
    let (whole, part) = match point(text, decimals) {
        Some(at) => (text.get(..at)?, text.get(at + 1..)?),
        None => (text, ""),
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let groups: Vec<&str> = whole.split([',', '.', ' ', '\u{a0}', '\u{202f}', '\'']).collect();
    // Thousands come in threes, in India also in twos.
    let grouped = groups.iter().skip(1).all(|group| (2..=3).contains(&group.len()));
    let first = groups.first().map_or(0, |group| group.len());
    let leads = first >= 1 && (groups.len() == 1 || first <= 3);
    let good = grouped && leads && groups.iter().all(|group| digits(group)) && digits(part);
    if !good || part.len() > decimals {
        return None;
    }
    let n: i64 = alloc::format!("{}{part:0<decimals$}", groups.concat()).parse().ok()?;
    Some(if negative { -n } else { n })
}

/// Where the decimal point stands, if there is one.
fn point(text: &str, decimals: usize) -> Option<usize> {
    let at = text.rfind([',', '.'])?;
    let mark = text.as_bytes().get(at)?;
    let after = text.len() - at - 1;
    let again = text.bytes().filter(|b| b == mark).count() > 1;
    let other = text.bytes().any(|b| matches!(b, b',' | b'.') && b != *mark);
    let zero = at == 1 && text.starts_with('0');
    (!again && (other || zero || after != 3 || decimals >= 3)).then_some(at)
}
