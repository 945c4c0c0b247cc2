//! One visit at an invitation: the core, the draft and its keeping, the documents, and where in
//! the form the person is.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::intake::{Intake, SentV1};
use shared::client::upload::Plan;
use shared::intake::draft::{Attached, Changed, DraftV1, carry};
use shared::intake::value::Language;

use super::filling::Filling;
use super::place::Place;
use super::uploads::{Uploads, place_of};
use crate::net::host::BrowserHost;
use crate::platform::locks::{self, Held};
use crate::platform::{clock, visibility};

/// The core at an invitation, over this browser.
pub type Core = Intake<BrowserHost>;

/// Typing pauses for this long before the draft is kept: well within a second.
const REST_MILLIS: u64 = 350;

/// Whether what was typed is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// Nothing was typed since it was kept.
    Here,
    /// Being kept.
    Saving,
    /// This device keeps nothing.
    NotKept,
    /// It should have been kept, and was not.
    Failed,
}

/// Why a visit did not begin.
#[derive(Debug, Clone)]
pub enum NotBegun {
    /// The form is open in another tab of this browser.
    Elsewhere,
    /// Anything else.
    Failed(ClientError),
}

impl From<ClientError> for NotBegun {
    fn from(error: ClientError) -> Self {
        Self::Failed(error)
    }
}

/// A visit. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Visit {
    core: StoredValue<Core, LocalStorage>,
    /// The form and what is typed.
    pub filling: Filling,
    /// The documents.
    pub uploads: Uploads,
    /// Whether the draft is kept.
    pub saved: RwSignal<Saved>,
    /// What a new version of the form did to the draft.
    pub changed: StoredValue<Vec<Changed>>,
    /// What was sent, if it was.
    pub sent: RwSignal<Option<SentV1>>,
    keeps: bool,
    pending: StoredValue<u32>,
    /// One tab at a time: two would overwrite each other's draft.
    _alone: StoredValue<Option<Held>, LocalStorage>,
}

impl Visit {
    /// Goes on where this device left off, or begins. `lasts` tells whether the device keeps things.
    ///
    /// # Errors
    /// [`NotBegun`].
    pub async fn begin(core: Core, lasts: bool, language: Language) -> Result<Self, NotBegun> {
        // A receipt is only read: any number of tabs may show it.
        let alone = if core.sent().is_some() {
            None
        } else {
            let alone = locks::take(&format!("visit/{}", core.invite())).await;
            Some(alone.ok_or(NotBegun::Elsewhere)?)
        };
        let form = core.form().clone();
        let (mut draft, changed) = match kept_draft(&core).await {
            Some(draft) => {
                let (mut draft, changed) = carry(&draft, &form);
                if draft.submission != core.submission() {
                    begin_again(&mut draft, &core);
                }
                (draft, changed)
            }
            None => (DraftV1::new(&form, core.submission(), language, clock::now()), Vec::new()),
        };
        draft.language = language;
        let unfinished: Vec<Plan> = core.unfinished().await.unwrap_or_default();
        let filling = Filling::new(form, draft);
        let keeps = core.keeps() && lasts;
        let visit = Self {
            filling,
            uploads: Uploads::new(filling, core.clone(), unfinished),
            saved: RwSignal::new(if keeps { Saved::Here } else { Saved::NotKept }),
            changed: StoredValue::new(changed),
            sent: RwSignal::new(core.sent()),
            keeps,
            pending: StoredValue::new(0),
            _alone: StoredValue::new_local(alone),
            core: StoredValue::new_local(core),
        };
        visit.keep_as_it_changes();
        Ok(visit)
    }

    /// The core.
    #[must_use]
    pub fn core(self) -> Core {
        self.core.get_value()
    }

    /// Whether this device keeps anything.
    #[must_use]
    pub fn keeps(self) -> bool {
        self.keeps
    }

    fn keep_as_it_changes(self) {
        if !self.keeps {
            return;
        }
        Effect::new(move |before: Option<Vec<Attached>>| {
            let documents = self.filling.draft.with(|draft| draft.documents.clone());
            let Some(before) = before else { return documents };
            self.saved.set(Saved::Saving);
            let turn = self.pending.get_value() + 1;
            self.pending.set_value(turn);
            if before != documents {
                // A document on its way is kept at once: no reload may make it vanish.
                self.keep_now();
                return documents;
            }
            set_timeout(
                move || {
                    if self.pending.get_value() == turn {
                        self.keep_now();
                    }
                },
                core::time::Duration::from_millis(REST_MILLIS),
            );
            documents
        });
        visibility::on_hidden(move || {
            if self.saved.try_get_untracked() == Some(Saved::Saving) {
                self.keep_now();
            }
        });
    }

    /// Keeps the draft at once.
    pub fn keep_now(self) {
        if !self.keeps {
            return;
        }
        let turn = self.pending.get_value();
        let form = self.filling.form();
        let kept = self.filling.draft.try_update_untracked(|draft| draft.keep(&form, clock::now()));
        let Some(bytes) = kept else { return };
        let core = self.core();
        leptos::task::spawn_local(async move {
            let good = core.save_draft(&bytes).await.is_ok();
            // What was typed meanwhile has a turn of its own.
            if self.pending.try_get_value() == Some(turn) {
                self.saved.set(if good { Saved::Here } else { Saved::Failed });
            }
        });
    }

    /// Takes the answers off this device once they were handed in: the receipt stays. What was
    /// changed and is not handed in stays as well: another link finds it.
    pub fn handed_in(self, sent: SentV1) {
        let form = self.filling.form();
        let core = self.core();
        self.uploads.end();
        if sent.older {
            self.keep_now();
            self.sent.set(Some(sent));
            return;
        }
        let language = self.filling.draft.with_untracked(|draft| draft.language);
        let fresh = DraftV1::new(&form, core.submission(), language, clock::now());
        self.filling.draft.set(fresh);
        self.keep_now();
        leptos::task::spawn_local(async move {
            // A device that fails here keeps sealed words that its own pages still open.
            let _ = core.forget_sent_drafts().await;
        });
        self.sent.set(Some(sent));
    }

    /// Where the person was.
    #[must_use]
    pub fn section(self) -> String {
        self.filling.draft.with_untracked(|draft| draft.section.clone())
    }

    /// Notes where the person is.
    pub fn at_section(self, id: &str) {
        if self.section() != id {
            self.filling.draft.update(|draft| id.clone_into(&mut draft.section));
        }
    }
}

/// What this device kept of this visit, or of an earlier link of the matter that was never answered.
/// After sending, nothing but an emptied draft is left: that is none.
pub async fn kept_draft(core: &Core) -> Option<DraftV1> {
    let bytes = core.draft().await.unwrap_or_default()?;
    let draft = DraftV1::from_bytes(&bytes).ok()?;
    let goes_on = draft.submission == core.submission() || draft.answers.iter().next().is_some();
    goes_on.then_some(draft)
}

/// Another link of the same matter: the words are taken over, the documents stay with what was
/// handed in before.
fn begin_again(draft: &mut DraftV1, core: &Core) {
    draft.submission = core.submission();
    draft.section.clear();
    let handed_in: Vec<Place> = draft.documents.drain(..).map(|known| place_of(&known)).collect();
    for place in handed_in {
        place.set(&mut draft.answers, None);
    }
}

impl Visit {
    /// The step at which this device goes on.
    #[must_use]
    pub fn resume(self) -> crate::routes::Step {
        let id = self.section();
        let sections = untrack(move || self.filling.sections());
        let at = sections.iter().position(|one| *one == id);
        crate::routes::Step::Section(at.unwrap_or_default())
    }
}
