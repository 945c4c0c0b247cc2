//! Whether a name as a firm writes it is the one in a zone, which knows the letters A to Z alone (Doc 9303,
//! part 3, section 6: how others are written with these).

use alloc::string::String;
use alloc::vec::Vec;

use super::Zone;

/// How two names compare.
#[derive(Clone, PartialEq, Eq)]
pub enum NameMatch {
    /// The same words, in whatever order.
    Same,
    /// Every word of the firm's is there; the paper has more.
    Contained,
    /// These words of the firm's are not there.
    Missing(Vec<String>),
    /// A letter that this program cannot write with A to Z: a person compares.
    Unknown,
}

/// Compares a name as the firm writes it with the one in a zone.
#[must_use]
pub fn compare(name: &str, zone: &Zone) -> NameMatch {
    let paper: Vec<&str> = zone.family.iter().chain(&zone.given).map(String::as_str).collect();
    let Some(words) = words(name) else { return NameMatch::Unknown };
    if words.is_empty() || paper.is_empty() {
        return NameMatch::Unknown;
    }
    let mut left = paper.clone();
    let mut missing = Vec::new();
    for (shown, spellings) in words {
        let is = |word: &&str| {
            // The last word may have been cut off where the names fill their field.
            let cut = zone.cut && paper.last() == Some(word);
            spellings.iter().any(|one| one == word || (cut && one.starts_with(*word)))
        };
        match left.iter().position(is) {
            Some(at) => drop(left.remove(at)),
            None => missing.push(shown),
        }
    }
    match (missing.is_empty(), left.is_empty()) {
        (false, _) => NameMatch::Missing(missing),
        (true, true) => NameMatch::Same,
        (true, false) => NameMatch::Contained,
    }
}

/// The words of a name, each with the ways in which a zone may write it.
fn words(name: &str) -> Option<Vec<(String, Vec<String>)>> {
    let apart =
        |letter: char| letter.is_whitespace() || matches!(letter, '-' | ',' | '.' | '‐' | '–');
    let words = name.split(apart).filter(|word| !word.is_empty());
    words.map(|word| Some((word.into(), spellings(word)?))).collect()
}

/// The long way (`MUELLER`) and the short one (`MULLER`), where they differ.
fn spellings(word: &str) -> Option<Vec<String>> {
    let (mut long, mut short) = (String::new(), String::new());
    for letter in word.chars().flat_map(char::to_uppercase) {
        let (one, other) = written(letter)?;
        long.push_str(one);
        short.push_str(other);
    }
    let mut all = alloc::vec![long];
    if all[0] != short {
        all.push(short);
    }
    Some(all)
}

const PLAIN: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A letter as a zone writes it: the way that the standard recommends first, and the bare letter beside it.
pub(in crate::identity) fn written(letter: char) -> Option<(&'static str, &'static str)> {
    let same = |text: &'static str| Some((text, text));
    match letter {
        'A'..='Z' => {
            let at = (letter as usize) - ('A' as usize);
            same(PLAIN.get(at..=at)?)
        }
        '\'' | '’' | '‘' | 'ʼ' => same(""),
        'Ä' => Some(("AE", "A")),
        'Å' => Some(("AA", "A")),
        'Æ' => Some(("AE", "AE")),
        'Ö' => Some(("OE", "O")),
        'Ø' => Some(("OE", "O")),
        'Ü' => Some(("UE", "U")),
        'Ñ' => Some(("N", "NXX")),
        'Œ' => same("OE"),
        'Þ' => same("TH"),
        'ẞ' | 'ß' => same("SS"),
        'Ĳ' => same("IJ"),
        'Á' | 'À' | 'Â' | 'Ã' | 'Ă' | 'Ą' | 'Ā' => same("A"),
        'Ć' | 'Ĉ' | 'Č' | 'Ċ' | 'Ç' => same("C"),
        'Đ' | 'Ď' | 'Ð' => same("D"),
        'É' | 'È' | 'Ê' | 'Ë' | 'Ě' | 'Ė' | 'Ē' | 'Ę' | 'Ĕ' => same("E"),
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => same("G"),
        'Ĥ' | 'Ħ' => same("H"),
        'Í' | 'Ì' | 'Î' | 'Ï' | 'Ĩ' | 'İ' | 'Ī' | 'Į' | 'Ĭ' => same("I"),
        'Ĵ' => same("J"),
        'Ķ' => same("K"),
        'Ł' | 'Ĺ' | 'Ľ' | 'Ļ' | 'Ŀ' => same("L"),
        'Ń' | 'Ň' | 'Ņ' | 'Ŋ' => same("N"),
        'Ó' | 'Ò' | 'Ô' | 'Õ' | 'Ő' | 'Ō' | 'Ŏ' => same("O"),
        'Ŕ' | 'Ř' | 'Ŗ' => same("R"),
        'Ś' | 'Ŝ' | 'Š' | 'Ş' | 'Ș' => same("S"),
        'Ť' | 'Ţ' | 'Ț' | 'Ŧ' => same("T"),
        'Ú' | 'Ù' | 'Û' | 'Ũ' | 'Ŭ' | 'Ű' | 'Ů' | 'Ū' | 'Ų' => same("U"),
        'Ŵ' => same("W"),
        'Ý' | 'Ŷ' | 'Ÿ' => same("Y"),
        'Ź' | 'Ž' | 'Ż' => same("Z"),
        _ => None,
    }
}
