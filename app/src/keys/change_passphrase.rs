//! A new passphrase for an account that is unlocked: here, and on every device that opened it before.

use leptos::prelude::*;
use shared::client::ClientError;

use super::passphrase::NewPassphrase;
use super::passphrase::fields::NewPassphraseFields;
use super::ring::{Unlocked, ring};
use super::step_up::act;
use crate::desk::gate::ActFailed;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::notice::{Notice, Tone};

/// The dialog's content; `on_changed` once it holds.
#[component]
pub fn ChangePassphrase(#[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let unlocked = Unlocked::here();
    let own = Signal::derive(move || {
        let who = unlocked.who().unwrap_or_default();
        let handle = ring().and_then(|ring| ring.handle()).unwrap_or_default();
        vec![who.firm, who.name, handle]
    });
    let chosen = NewPassphrase::of(own);
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let done = RwSignal::new(false);
    let change = act(busy, failed, move || async move {
        // Judged before it was asked for a factor, and not typed again since.
        let Some(passphrase) = chosen.chosen() else { return Ok(()) };
        portal().set_passphrase(&*ring()?, &passphrase).await?;
        chosen.clear();
        let _ = done.try_set(true);
        let _ = on_changed.try_run(());
        Ok(())
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        change.run(());
    };
    move || {
        match done.get() {
        true => view! {
            <Notice tone=Tone::Good>
                "The new passphrase holds from now on. You were signed out everywhere else."
            </Notice>
        }
        .into_any(),
        false => view! {
            <form class="stack stack-6" novalidate=true on:submit=submit>
                <p>
                    "It holds from now on, on this device and on every other that opened your account \
                     before. You are signed out everywhere else; your recovery words stay as they are."
                </p>
                <NewPassphraseFields chosen/>
                <div class="actions">
                    <Button kind=Kind::Primary submit=true disabled=busy>
                        {move || if busy.get() { "Stretching the passphrase" } else { "Use it from now on" }}
                    </Button>
                </div>
                <ActFailed failed/>
            </form>
        }
        .into_any(),
    }
    }
}
