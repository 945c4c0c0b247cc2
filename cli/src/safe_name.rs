//! File names that a stranger chose, made fit for any disk.

use shared::client::readable::printable;

/// Bytes of a name, without the number in front.
const MAX: usize = 160;

/// A name that stays inside the folder, on every system: `007 deed.pdf`.
#[must_use]
pub fn safe_name(number: usize, original: &str) -> String {
    let last = original.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = printable(last)
        .chars()
        .map(|c| match c {
            ':' | '*' | '?' | '"' | '<' | '>' | '|' | '\u{fffd}' => '_',
            // Marks of direction and joiners without width hide what a name really is.
            '\u{200b}'..='\u{200f}' | '\u{feff}' | '\u{61c}' => '_',
            c => c,
        })
        .collect();
    let trimmed = plain.trim_matches([' ', '.']);
    let name = if trimmed.is_empty() { "document" } else { trimmed };
    format!("{number:03} {}", shortened(name))
}

/// At most [`MAX`] bytes, with the ending kept.
fn shortened(name: &str) -> String {
    if name.len() <= MAX {
        return name.to_owned();
    }
    let ending =
        name.rsplit_once('.').map(|(_, ending)| ending).filter(|ending| ending.len() <= 10);
    let room = MAX - ending.map_or(0, |ending| ending.len() + 1);
    let end = (0..=room).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
    let stem = name.get(..end).unwrap_or_default();
    ending.map_or_else(|| stem.to_owned(), |ending| format!("{stem}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_the_folder_or_hide_its_ending() {
        for (given, safe) in [
            ("deed.pdf", "001 deed.pdf"),
            ("../../etc/passwd", "001 passwd"),
            ("C:\\Windows\\system.ini", "001 system.ini"),
            ("/", "001 document"),
            ("...", "001 document"),
            ("", "001 document"),
            ("CON", "001 CON"),
            ("a:b*c?.txt", "001 a_b_c_.txt"),
            ("\u{202e}fdp.exe", "001 _fdp.exe"),
            ("a\u{0}b\nc\u{1b}[2J", "001 a_b_c_[2J"),
            (".bashrc", "001 bashrc"),
            ("Geburtsurkunde Größe 😀.jpg", "001 Geburtsurkunde Größe 😀.jpg"),
        ] {
            assert_eq!(safe_name(1, given), safe, "{given:?}");
        }
    }

    #[test]
    fn a_long_name_is_cut_between_letters_and_keeps_its_ending() {
        let long = format!("{}.pdf", "ö".repeat(300));
        let safe = safe_name(12, &long);
        assert!(safe.len() <= MAX + 4 && safe.ends_with("ö.pdf") && safe.starts_with("012 ö"));
    }
}
