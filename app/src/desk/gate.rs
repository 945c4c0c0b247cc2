//! The end of a session, wherever on the desk it is found out: everything opened leaves the page.

use std::rc::Rc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::ring::Ring;
use shared::problem::Code;

use super::load::ways;
use crate::keys::ring::{Unlocked, ring};
use crate::net::trouble::for_staff;
use crate::routes::Nav;
use crate::ui::trouble::TroublePanel;

/// Leads out when there are no keys or no session any more. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Gate {
    nav: Nav,
    unlocked: Unlocked,
}

impl Gate {
    /// The desk's.
    #[must_use]
    pub fn here() -> Self {
        Self { nav: Nav::here(), unlocked: Unlocked::here() }
    }

    /// Whether this failure says that keys or session are gone.
    #[must_use]
    pub const fn is_over(error: &ClientError) -> bool {
        matches!(error, ClientError::Locked | ClientError::Refused(Code::Unauthenticated))
    }

    /// Locks and leads to where one unlocks. What was asked `with` keys that are no longer the
    /// present ones moves nothing: the reader has unlocked again since, or is on the way there.
    pub fn shut(self, with: Option<&Rc<Ring>>) {
        let (page, now) = (self.nav.page_now(), ring().ok());
        let same = match (with, &now) {
            (Some(with), Some(now)) => Rc::ptr_eq(with, now),
            (_, now) => now.is_none(),
        };
        if same && page.needs_keys() {
            self.unlocked.lock_at_end();
            self.nav.unlock_for(page);
        }
    }

    /// For a failure that stands on a page of the present keys.
    pub fn mind(self, error: &ClientError) {
        if Self::is_over(error) {
            self.shut(ring().ok().as_ref());
        }
    }
}

/// What went wrong with an act, beside what was pressed. An act that is refused because the session
/// ended locks the page: a panel must not say that keys are locked over a story that is still open.
#[component]
pub fn ActFailed(
    #[prop(into)] failed: Signal<Option<ClientError>>,
    /// Where the act is not pressed again beside the panel, how it is tried again.
    #[prop(optional, into)]
    again: Option<Callback<()>>,
) -> impl IntoView {
    let gate = Gate::here();
    // Once a fork was answered, the act can be pressed again.
    let answered = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(error) = failed.get() {
            answered.set(false);
            gate.mind(&error);
        }
    });
    let then = Callback::new(move |()| {
        answered.set(true);
        if let Some(again) = again {
            again.run(());
        }
    });
    let shown = move || failed.get().filter(|_| !answered.get());
    (move || {
        shown().map(|error| {
            let trouble = for_staff(&error);
            view! { <TroublePanel trouble>{ways(&error, then, again)}</TroublePanel> }
        })
    })
    .into_any()
}
