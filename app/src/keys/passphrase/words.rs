//! What is said of a passphrase: how strong it is while one types, and why it will not do.

use shared::identity::passphrase::{Flaw, LEAST, Level, Strength};

/// Said when the list could not be had.
pub(super) const WITHOUT_LIST: &str =
    "The list of the most common passwords could not be fetched, so this was judged without it.";
/// Said of a suggestion.
pub(super) const WRITE_DOWN: &str = "Write these words down now, then type them again below.";

/// What it is worth, while one types.
pub(super) fn worth(strength: Strength) -> String {
    match (strength.flaw, strength.level) {
        (Some(Flaw::Short(1)), _) => "1 character to go".to_owned(),
        (Some(Flaw::Short(more)), _) => format!("{more} characters to go"),
        (Some(Flaw::Long), _) => format!("Too long: {}.", why(Flaw::Long)),
        (Some(flaw), _) => format!("Too easy to guess: {}.", why(flaw)),
        (None, Level::TooEasy | Level::Fair) => {
            "Fair. Another unrelated word makes it much stronger.".to_owned()
        }
        (None, Level::Good) => "Good, as long as you use it nowhere else.".to_owned(),
        (None, Level::Strong) => "Strong, as long as you use it nowhere else.".to_owned(),
    }
}

/// Why it is refused.
pub(super) fn refused(flaw: Flaw) -> String {
    match flaw {
        Flaw::Short(_) => format!(
            "Use at least {LEAST} characters: four or five unrelated words are easy to remember"
        ),
        _ => format!("Please change it: {}", why(flaw)),
    }
}

fn why(flaw: Flaw) -> &'static str {
    match flaw {
        Flaw::Short(_) => "it is too short",
        Flaw::Long => "a thousand letters are enough",
        Flaw::Common => {
            "it is one of the passwords that people choose most, or little more than one"
        }
        Flaw::Own => "most of it is a name that others know",
        Flaw::Pattern => "it follows the keys, the alphabet or the calendar",
        Flaw::Repeated => "it is the same few characters again and again",
        Flaw::Easy => "another unrelated word or two would help",
    }
}

/// How many of the meter's four steps are lit.
pub(super) const fn steps(level: Level) -> usize {
    match level {
        Level::TooEasy => 1,
        Level::Fair => 2,
        Level::Good => 3,
        Level::Strong => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::identity::passphrase::judge;
    use shared::identity::passphrase::list::CommonList;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn every_level_and_every_flaw_has_its_sentence() {
        let said = |typed: &str| worth(judge(typed, &["Ada Byron"], &CommonList::none()));
        assert_eq!(said("short"), "7 characters to go");
        assert_eq!(said("eleven char"), "1 character to go");
        assert!(said("aaaaaaaaaaaaaaaaaaaaaaaa").starts_with("Too easy to guess: it follows"));
        assert!(said("Ada Byron Byron").starts_with("Too easy to guess: most of it"));
        assert!(said(&"lantern ".repeat(200)).starts_with("Too long"));
        assert!(said("olive tractor moon").starts_with("Fair"));
        assert!(said("quiet harbor lantern violet").starts_with("Good"));
        assert!(said("abandon zoo ability wrong acid youth").starts_with("Strong"));
        let all = [Flaw::Long, Flaw::Common, Flaw::Own, Flaw::Pattern, Flaw::Repeated, Flaw::Easy];
        assert!(all.iter().all(|flaw| refused(*flaw).starts_with("Please change it: ")));
        assert!(refused(Flaw::Short(3)).starts_with("Use at least 12 characters"));
    }
}
