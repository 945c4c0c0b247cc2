//! A new key for a matter although nobody loses access: what it does, and what it cannot undo.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::ids::MatterId;

use crate::desk::gate::ActFailed;
use crate::desk::shelf::Shelf;
use crate::keys::ring::ring;
use crate::portal::portal;
use crate::ui::button::Button;

/// What is said of it, and the button.
#[component]
pub fn RenewKey(matter: MatterId, #[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let shelf = Shelf::here();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let renew = move |()| {
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let done = async { portal().renew_key(&*ring()?, matter).await }.await;
            let _ = busy.try_set(false);
            match done {
                Ok(()) => {
                    shelf.0.again();
                    let _ = on_changed.try_run(());
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    view! {
        <details class="more">
            <summary>"Give this matter a new key"</summary>
            <div class="stack stack-4">
                <p class="muted">
                    "What is sealed from then on is sealed to the new key, which goes to everybody who can \
                     open the matter now. What was sealed before stays under the old one. Links that nobody \
                     used yet end."
                </p>
                <div class="actions">
                    <Button disabled=busy on_press=renew>
                        {move || if busy.get() { "Making the new key" } else { "Make a new key" }}
                    </Button>
                </div>
                <ActFailed failed/>
            </div>
        </details>
    }
    .into_any()
}
