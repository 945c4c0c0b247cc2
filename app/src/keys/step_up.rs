//! Asking for a factor again: an act that is refused because none was shown within five minutes waits in a
//! dialog, and is done when one was.

use futures::channel::oneshot;
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

/// Where acts wait for a factor: one place for all pages. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct StepUp {
    open: RwSignal<bool>,
    wanted: RwSignal<Option<FactorWanted>>,
    busy: RwSignal<bool>,
    wrong: RwSignal<Option<String>>,
    failed: RwSignal<Option<ClientError>>,
    shown: StoredValue<Option<oneshot::Sender<()>>>,
}

impl StepUp {
    /// Provides it to everything below; [`StepUpDialog`] is drawn there once.
    #[must_use]
    pub fn provide() -> Self {
        let step_up = Self {
            open: RwSignal::new(false),
            wanted: RwSignal::new(None),
            busy: RwSignal::new(false),
            wrong: RwSignal::new(None),
            failed: RwSignal::new(None),
            shown: StoredValue::new(None),
        };
        provide_context(step_up);
        // Whoever closes the dialog lets the act go.
        Effect::new(move |_| {
            if !step_up.open.get() {
                step_up.shown.set_value(None);
            }
        });
        step_up
    }

    /// What was provided.
    #[must_use]
    pub fn here() -> Self {
        expect_context()
    }

    /// Does the work; where it needs a factor first, asks for one and does it again.
    ///
    /// # Errors
    /// The work's own; [`ClientError::StepUp`] when no factor was shown.
    pub async fn done<T, W>(self, work: impl Fn() -> W) -> Result<T, ClientError>
    where
        W: Future<Output = Result<T, ClientError>>,
    {
        match work().await {
            Err(ClientError::StepUp) if self.asked().await => work().await,
            done => done,
        }
    }

    // Asks for a factor: whether one was shown.
    async fn asked(self) -> bool {
        let (shown, waits) = oneshot::channel();
        self.shown.set_value(Some(shown));
        self.wanted.set(None);
        self.wrong.set(None);
        self.failed.set(None);
        self.open.set(true);
        match portal().begin_step_up().await {
            Ok(wanted) => drop(self.wanted.try_set(Some(wanted))),
            Err(error) => drop(self.failed.try_set(Some(error))),
        }
        waits.await.is_ok()
    }

    fn show(self, factor: Factor) {
        let Some(wanted) = self.wanted.get_untracked() else { return };
        self.busy.set(true);
        self.wrong.set(None);
        leptos::task::spawn_local(async move {
            match portal().finish_step_up(&wanted, factor).await {
                Ok(()) => {
                    if let Some(shown) = self.shown.try_update_value(Option::take).flatten() {
                        let _ = shown.send(());
                    }
                    let _ = self.open.try_set(false);
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

/// An act for a button: done once at a time, again after a factor where it needs one, and what goes wrong is
/// kept for whoever says it.
pub fn act<F, W>(
    busy: RwSignal<bool>,
    failed: RwSignal<Option<ClientError>>,
    work: F,
) -> Callback<()>
where
    F: Fn() -> W + Clone + Send + Sync + 'static,
    W: Future<Output = Result<(), ClientError>> + 'static,
{
    let step_up = StepUp::here();
    Callback::new(move |()| {
        busy.set(true);
        failed.set(None);
        let work = work.clone();
        leptos::task::spawn_local(async move {
            let done = step_up.done(work).await;
            let _ = busy.try_set(false);
            if let Err(error) = done {
                let _ = failed.try_set(Some(error));
            }
        });
    })
}

/// The dialog, once for all pages. A lock closes it.
#[component]
pub fn StepUpDialog(step_up: StepUp, #[prop(into)] locked: Signal<bool>) -> impl IntoView {
    Effect::new(move |_| {
        if locked.get() {
            step_up.open.set(false);
        }
    });
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
                    on_shown=move |factor| step_up.show(factor)
                    wrong=step_up.wrong
                    busy=step_up.busy
                />
            }
            .into_any(),
        }
    };
    view! {
        <Dialog id="step-up" title="Show that it is you" open=step_up.open>
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
