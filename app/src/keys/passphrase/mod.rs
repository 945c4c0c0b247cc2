//! Choosing a passphrase: what is typed is judged here, on the device, and every word about it is plain.
//!
//! [`NewPassphrase`] holds what is typed; `fields` shows it, and says how strong it is as soon as nobody types;
//! `list` fetches the commonest passwords when somebody begins; `words` has the sentences.

pub mod fields;
mod list;
mod words;

use leptos::prelude::*;
use shared::identity::passphrase::suggest::suggest;
use shared::identity::passphrase::{Strength, judge};
use shared::secret::Secret;

use self::list::Common;
use crate::platform::clock;

/// Nobody has typed for so many milliseconds: now it is said how strong it is.
const PAUSE: i32 = 300;

/// Two fields that must agree. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct NewPassphrase {
    first: RwSignal<String>,
    second: RwSignal<String>,
    /// Why the first will not do.
    wrong: RwSignal<Option<String>>,
    /// That the second is another one.
    again: RwSignal<Option<String>>,
    /// Names that belong to whoever types, and that others know.
    own: Signal<Vec<String>>,
    common: RwSignal<Common>,
    /// What was found when the typing paused; nothing while nothing is typed.
    found: RwSignal<Option<Strength>>,
    /// How often something was typed.
    typed: StoredValue<u32>,
    /// Whether both stand in the open.
    shown: RwSignal<bool>,
    /// Whether the first is a suggestion as it was made.
    suggested: RwSignal<bool>,
}

impl NewPassphrase {
    /// Empty, of somebody about whom nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::of(Signal::stored(Vec::new()))
    }

    /// Empty, of somebody to whom these names belong.
    #[must_use]
    pub fn of(own: Signal<Vec<String>>) -> Self {
        let empty = || RwSignal::new(String::new());
        Self {
            first: empty(),
            second: empty(),
            wrong: RwSignal::new(None),
            again: RwSignal::new(None),
            own,
            common: RwSignal::new(Common::Unasked),
            found: RwSignal::new(None),
            typed: StoredValue::new(0),
            shown: RwSignal::new(false),
            suggested: RwSignal::new(false),
        }
    }

    /// What was chosen, if it will do; otherwise the fields say why not, and keep what was typed.
    #[must_use]
    pub fn chosen(self) -> Option<Secret<String>> {
        let flaw = self.judged().flaw;
        let differ = flaw.is_none()
            && self
                .first
                .with_untracked(|first| self.second.with_untracked(|second| first != second));
        self.wrong.set(flaw.map(words::refused));
        self.again.set(differ.then(|| "The two are not the same".to_owned()));
        (flaw.is_none() && !differ).then(|| Secret::new(self.first.get_untracked()))
    }

    /// Forgets what was typed.
    pub fn clear(self) {
        self.first.set(String::new());
        self.second.set(String::new());
        self.found.set(None);
        self.shown.set(false);
        self.suggested.set(false);
    }

    /// Somebody begins: now the list is worth its bytes. Where it could not be had, this tries again.
    fn begin(self) {
        if !matches!(self.common.get_untracked(), Common::Unasked | Common::Absent) {
            return;
        }
        self.common.set(Common::Coming);
        leptos::task::spawn_local(async move {
            let common = list::fetch().await;
            // The fields may be gone by now.
            if self.common.try_set(common).is_none() {
                self.say();
            }
        });
    }

    /// Takes what was typed, and says what it is worth once the typing pauses.
    fn type_first(self, text: String) {
        self.first.set(text);
        self.wrong.set(None);
        self.suggested.set(false);
        // What a browser fills in may come without anybody entering the field.
        if matches!(self.common.get_untracked(), Common::Unasked) {
            self.begin();
        }
        let typed = self.typed.get_value() + 1;
        self.typed.set_value(typed);
        leptos::task::spawn_local(async move {
            clock::sleep(PAUSE).await;
            if self.typed.try_get_value() == Some(typed) {
                self.say();
            }
        });
    }

    fn type_second(self, text: String) {
        self.second.set(text);
        self.again.set(None);
    }

    /// Six words by chance, in the open, to be written down and typed again.
    fn suggest(self) {
        // EXPOSE: shown to whoever asked for it.
        self.first.set(suggest().expose().clone());
        self.second.set(String::new());
        self.wrong.set(None);
        self.again.set(None);
        self.shown.set(true);
        self.suggested.set(true);
        self.begin();
        self.say();
    }

    /// Says how strong it is, now.
    fn say(self) {
        let nothing = self.first.with_untracked(String::is_empty);
        self.found.set((!nothing).then(|| self.judged()));
    }

    fn judged(self) -> Strength {
        let own = self.own.get_untracked();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let common = self.common.get_untracked();
        self.first.with_untracked(|first| judge(first, &own, common.list()))
    }
}

impl Default for NewPassphrase {
    fn default() -> Self {
        Self::new()
    }
}
