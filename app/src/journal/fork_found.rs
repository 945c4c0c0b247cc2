//! What a person can do about a journal that does not continue the known one: say that it was seen, or,
//! where the firm restored a backup, go on with that.

use leptos::prelude::*;
use shared::client::{ClientError, Fork};

use crate::keys::ring::Unlocked;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;

/// The two ways on, as buttons. Both lead to another try.
#[component]
pub fn ForkFound(fork: Fork, #[prop(into)] again: Callback<()>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let found = StoredValue::new(fork);
    let seen = move |()| {
        leptos::task::spawn_local(async move {
            let fork = found.get_value();
            if portal().acknowledge_fork(&fork).await.is_ok() {
                again.run(());
            }
        });
    };
    view! {
        <Button kind=Kind::Quiet on_press=seen>
            "I have read this and told the person who looks after the portal"
        </Button>
        <Button kind=Kind::Quiet on_press=move |()| asking.set(true)>
            "The firm restored a backup"
        </Button>
        <Dialog id="restored" title="Go on with the restored journal?" open=asking>
            <Restored found asking again/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Restored(
    found: StoredValue<Fork>,
    asking: RwSignal<bool>,
    again: Callback<()>,
) -> impl IntoView {
    let (unlocked, failed) = (Unlocked::here(), RwSignal::new(None::<ClientError>));
    let accept = move |()| {
        leptos::task::spawn_local(async move {
            match portal().accept_restored(&found.get_value()).await {
                Ok(()) => {
                    asking.set(false);
                    // What is unlocked was read from the former journal.
                    unlocked.lock();
                    again.run(());
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    let sizes = found.with_value(Fork::sizes).map(|(known, shown)| {
        format!("This device verified {known} records before. The server shows {shown} now.")
    });
    view! {
        <p>
            "Do this only when the person who looks after the portal told you, in person or on a \
             number you know, that a backup was put back. What was signed or handed in after that \
             backup is not in it."
        </p>
        <p>{sizes}</p>
        <p>
            "This device then forgets what it verified before, and holds the server to the journal \
             that it shows now. Save the evidence first."
        </p>
        {move || failed.get().map(|_| view! { <p class="error">"This device keeps no data."</p> })}
        <div class="actions">
            <Button kind=Kind::Danger on_press=accept>"Go on with the restored journal"</Button>
            <Button kind=Kind::Quiet on_press=move |()| asking.set(false)>"Cancel"</Button>
        </div>
    }
    .into_any()
}
