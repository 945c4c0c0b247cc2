//! The list of common passwords, and passphrases that nobody would type.

use shared::identity::passphrase::list::CommonList;
use shared::identity::passphrase::{Level, judge};

/// As a list: it holds no more passwords than it has bits. As a passphrase: it is judged, and refused with a
/// reason or not at all.
pub fn passwords(bytes: &[u8]) {
    let list = CommonList::read(bytes).unwrap_or_default();
    assert!(list.len() <= bytes.len() * 8);
    let text = String::from_utf8_lossy(bytes);
    let name: String = text.chars().take(8).collect();
    let strength = judge(&text, &[&name], &list);
    assert_eq!(strength.flaw.is_some(), strength.level == Level::TooEasy);
    assert!(strength.guesses.is_finite() && strength.guesses >= 0.0);
}
