//! Asking for a factor again: an act that is refused because none was shown within five minutes waits in a
//! dialog, and is done when one was.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::identity::wire::factors::{Factor, FactorWanted};
use shared::problem::Code;

use super::second_factor::ShowFactor;
use crate::net::trouble::for_staff;
use crate::portal::portal;
use crate::ui::dialog::Dialog;
use crate::ui::trouble::TroublePanel;
use crate::ui::waiting::Skeleton;

/// One place of a page where acts wait for a factor. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct StepUp {
    open: RwSignal<bool>,
    wanted: RwSignal<Option<FactorWanted>>,
    busy: RwSignal<bool>,
    wrong: RwSignal<Option<String>>,
    failed: RwSignal<Option<ClientError>>,
    then: StoredValue<Option<Callback<()>>>,
}

impl StepUp {
    /// Nothing waits.
    #[must_use]
    pub fn new() -> Self {
        Self {
            open: RwSignal::new(false),
            wanted: RwSignal::new(None),
            busy: RwSignal::new(false),
            wrong: RwSignal::new(None),
            failed: RwSignal::new(None),
            then: StoredValue::new(None),
        }
    }

    /// Whether this failure waits for a factor; if so it is asked for, and `again` done after.
    #[must_use]
    pub fn takes(self, error: &ClientError, again: Callback<()>) -> bool {
        if *error != ClientError::StepUp {
            return false;
        }
        self.then.set_value(Some(again));
        self.wanted.set(None);
        self.wrong.set(None);
        self.failed.set(None);
        self.open.set(true);
        leptos::task::spawn_local(async move {
            match portal().begin_step_up().await {
                Ok(wanted) => drop(self.wanted.try_set(Some(wanted))),
                Err(error) => drop(self.failed.try_set(Some(error))),
            }
        });
        true
    }

    fn shown(self, factor: Factor) {
        let Some(wanted) = self.wanted.get_untracked() else { return };
        self.busy.set(true);
        self.wrong.set(None);
        leptos::task::spawn_local(async move {
            match portal().finish_step_up(&wanted, factor).await {
                Ok(()) => {
                    let _ = self.open.try_set(false);
                    if let Some(then) = self.then.try_update_value(Option::take).flatten() {
                        let _ = then.try_run(());
                    }
                }
                Err(ClientError::SignIn) => {
                    let text = "That was not right, was used before, or took too long. Close this and try again; of codes, take the next one.";
                    let _ = self.wrong.try_set(Some(text.to_owned()));
                }
                Err(error) => drop(self.failed.try_set(Some(error))),
            }
            let _ = self.busy.try_set(false);
        });
    }
}

impl Default for StepUp {
    fn default() -> Self {
        Self::new()
    }
}

/// An act for a button: done once at a time, again after a factor where it needs one, and what goes wrong is
/// kept for whoever says it.
pub fn act<F, W>(
    busy: RwSignal<bool>,
    failed: RwSignal<Option<ClientError>>,
    step_up: StepUp,
    work: F,
) -> Callback<()>
where
    F: Fn() -> W + Clone + Send + Sync + 'static,
    W: Future<Output = Result<(), ClientError>> + 'static,
{
    Callback::new(move |()| {
        busy.set(true);
        failed.set(None);
        let work = work.clone();
        leptos::task::spawn_local(async move {
            let done = work().await;
            let _ = busy.try_set(false);
            if let Err(error) = done {
                let again = act(busy, failed, step_up, work);
                if !step_up.takes(&error, again) {
                    let _ = failed.try_set(Some(error));
                }
            }
        });
    })
}

/// The dialog; once on a page that has acts that wait.
#[component]
pub fn StepUpDialog(
    #[prop(optional, into, default = "step-up".into())] id: String,
    step_up: StepUp,
) -> impl IntoView {
    let body = move || {
        if let Some(error) = step_up.failed.get() {
            // An account that has none yet is as fresh as its session.
            if error == ClientError::Refused(Code::NotFound) {
                return view! {
                    <p>
                        "Lock the portal, unlock it again, and do this within five minutes. After that you \
                         will have a passkey or an app for it."
                    </p>
                }
                .into_any();
            }
            return view! { <TroublePanel trouble=for_staff(&error)/> }.into_any();
        }
        match step_up.wanted.get() {
            None => view! { <Skeleton name="Asking the portal"/> }.into_any(),
            Some(wanted) => view! {
                <ShowFactor
                    wanted
                    on_shown=move |factor| step_up.shown(factor)
                    wrong=step_up.wrong
                    busy=step_up.busy
                />
            }
            .into_any(),
        }
    };
    view! {
        <Dialog id title="Show that it is you" open=step_up.open>
            <div class="stack stack-4">
                <p class="muted">
                    "What you are about to do cannot be left to a page that somebody else may have found open."
                </p>
                {body}
            </div>
        </Dialog>
    }
    .into_any()
}
