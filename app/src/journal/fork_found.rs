//! What a person can do about a journal that does not continue the known one: say that it was seen, or,
//! where the firm restored a backup, go on with that.

use leptos::prelude::*;
use shared::client::{Fork, Voucher};

use crate::keys::ring::Unlocked;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;

/// Whose words contradict each other, in two sentences.
fn told(fork: &Fork) -> Option<String> {
    let (known, shown) = fork.sizes()?;
    let known = match fork.known_by {
        None => format!("This device verified {known} records before."),
        Some(Voucher::Invitation) => {
            format!("The lawyer’s invitation is about a journal of {known} records.")
        }
        Some(Voucher::Witness(_)) => {
            format!("A member of the firm confirmed a journal of {known} records.")
        }
        Some(Voucher::Unknown) => {
            format!("The server passes on that somebody confirmed a journal of {known} records.")
        }
    };
    let shown = match fork.shown_by {
        None => format!("The server shows {shown} now."),
        Some(Voucher::Invitation) => {
            format!("The lawyer’s invitation is about a journal of {shown} records.")
        }
        Some(Voucher::Witness(_) | Voucher::Unknown) => format!(
            "The server passes on, as the last that the same person confirmed, one of {shown} records."
        ),
    };
    Some([known, shown].join(" "))
}

/// What contradicts what, and the two ways on, as buttons. Both lead to another try.
#[component]
pub fn ForkFound(fork: Fork, #[prop(into)] again: Callback<()>) -> impl IntoView {
    let (asking, failed) = (RwSignal::new(false), RwSignal::new(false));
    let said = told(&fork);
    let found = StoredValue::new(fork);
    let seen = move |()| {
        leptos::task::spawn_local(async move {
            let fork = found.get_value();
            match portal().acknowledge_fork(&fork).await {
                Ok(()) => drop(again.try_run(())),
                Err(_) => drop(failed.try_set(true)),
            }
        });
    };
    view! {
        <p>{said}</p>
        <Button kind=Kind::Quiet on_press=seen>
            "I have told them: go on with the journal that this device knows"
        </Button>
        <Button kind=Kind::Quiet on_press=move |()| asking.set(true)>
            "Go on after a restored backup…"
        </Button>
        {keeps_nothing(failed)}
        <Dialog id="restored" title="Go on with the restored journal?" open=asking>
            <Restored found asking again/>
        </Dialog>
    }
    .into_any()
}

/// Both ways on write to this device, and fail only where it does not let them.
fn keeps_nothing(failed: RwSignal<bool>) -> impl IntoView {
    move || {
        failed.get().then(|| {
            view! {
                <p class="error" role="alert">
                    "This device keeps no data. Free some space, or leave the private window, and try again."
                </p>
            }
        })
    }
}

#[component]
fn Restored(
    found: StoredValue<Fork>,
    asking: RwSignal<bool>,
    again: Callback<()>,
) -> impl IntoView {
    let (unlocked, failed) = (Unlocked::here(), RwSignal::new(false));
    let accept = move |()| {
        leptos::task::spawn_local(async move {
            match portal().accept_restored(&found.get_value()).await {
                Ok(()) => {
                    asking.set(false);
                    // What is unlocked was read from the former journal.
                    unlocked.lock();
                    let _ = again.try_run(());
                }
                Err(_) => drop(failed.try_set(true)),
            }
        });
    };
    let said = found.with_value(told);
    view! {
        <div class="stack stack-6">
            <p>
                "Do this only when the person who looks after the portal told you, in person or on \
                 a number you know, that a backup was put back. What was signed or handed in after \
                 that backup is not in it."
            </p>
            <p>{said}</p>
            <p>
                "This device then forgets what it verified before, and holds the server to the \
                 journal that it shows now. Save the evidence first."
            </p>
            {keeps_nothing(failed)}
            <div class="actions">
                <Button kind=Kind::Danger on_press=accept>"Go on with the restored journal"</Button>
                <Button kind=Kind::Quiet on_press=move |()| asking.set(false)>"Cancel"</Button>
            </div>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use shared::crypto::hash::Hash32;
    use shared::crypto::keys::{Kid, SigningKey};
    use shared::journal::checkpoint::{Checkpoint, origin};
    use shared::time::Timestamp;
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn a_fork_is_told_by_whose_words_it_is_over() {
        let (log, firm) = (SigningKey::generate(), Hash32([1; 32]));
        let note = |size| {
            let checkpoint = Checkpoint { origin: origin(firm), size, root: Hash32([2; 32]) };
            checkpoint.sign(&log).unwrap_or_default()
        };
        let witness = Some(Voucher::Witness(Kid([3; 32])));
        let fork = |known_by, shown_by| Fork {
            known: note(20),
            shown: note(12),
            same_size: None,
            found: Timestamp(1),
            firm,
            known_by,
            shown_by,
            newest: None,
        };
        for (known_by, shown_by, words) in [
            (None, None, ["This device verified 20 records", "The server shows 12 now"]),
            (
                None,
                Some(Voucher::Invitation),
                ["This device", "invitation is about a journal of 12"],
            ),
            (witness, None, ["A member of the firm confirmed a journal of 20", "shows 12 now"]),
            (witness, witness, ["A member of the firm", "the same person confirmed, one of 12"]),
            (Some(Voucher::Unknown), None, ["somebody confirmed a journal of 20", "shows 12 now"]),
        ] {
            let said = told(&fork(known_by, shown_by)).unwrap_or_default();
            assert!(words.iter().all(|word| said.contains(word)), "{said}");
        }
    }
}
