//! A client lost telephone, link or passkey: the old key ends, and the same person is invited again.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::verdicts::MAX_REASON;
use shared::crypto::keys::Kid;
use shared::ids::MatterId;

use super::invite::InviteClient;
use crate::desk::gate::ActFailed;
use crate::desk::shelf::Shelf;
use crate::keys::ring::ring;
use crate::keys::step_up::StepUp;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::field::TextArea;
use crate::ui::live::Voice;

/// Ends a client's key, with its consequences before.
#[component]
pub fn EndKey(matter: MatterId, client: Kid, on_changed: Callback<()>) -> impl IntoView {
    let (shelf, step_up, voice) = (Shelf::here(), StepUp::here(), Voice::here());
    let reason = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let end = move |()| {
        let text = reason.get_untracked();
        let wrong = match text.trim().chars().count() {
            0 => Some("Say what happened and how you made sure, for your colleagues"),
            count if count > MAX_REASON => Some("Say it in fewer words"),
            _ => None,
        };
        error.set(wrong.map(str::to_owned));
        if wrong.is_some() || busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let work = || async { portal().end_client_key(&*ring()?, matter, client, &text).await };
            let done = step_up.done(work).await;
            let _ = busy.try_set(false);
            match done {
                Ok(()) => {
                    voice.say("The key ended.");
                    shelf.0.again();
                    let _ = on_changed.try_run(());
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    view! {
        <WayBack matter client/>
        <details class="more">
            <summary>"They lost their link, telephone or passkey"</summary>
            <div class="stack stack-4">
                <p>
                    "End the old key, then invite the person again. First make sure, by telephone or in person, \
                     that it is your client who asks."
                </p>
                <ul>
                    <li>"Nothing more can be handed in or opened with the old key, nor with a passkey or words made for it."</li>
                    <li>"What was handed in before stays, with the verdict that it had."</li>
                    <li>"The new key is known by its link alone, until you verify it."</li>
                </ul>
                <TextArea
                    id=format!("end-{client}")
                    label="What happened"
                    hint="Sealed for those with access. The client is not told."
                    value=reason
                    on_input=move |text| reason.set(text)
                    error
                />
                <Button kind=Kind::Danger disabled=busy on_press=end>"End this key"</Button>
                <ActFailed failed/>
            </div>
        </details>
    }
    .into_any()
}

/// Whether the client can come back without the link, in the words of the client's own key.
#[component]
fn WayBack(matter: MatterId, client: Kid) -> impl IntoView {
    let since = RwSignal::new(None);
    leptos::task::spawn_local(async move {
        let Ok(ring) = ring() else { return };
        // It is a remark beside the matter at hand: where the server does not answer, there is none.
        let Ok(all) = portal().ways_back(&ring, matter).await else { return };
        let own = all.into_iter().find(|way| way.client == client);
        let _ = since.try_set(own);
    });
    move || {
        since.get().map(|way| {
            let by = if way.by.is_none() { "a passkey" } else { "twelve words" };
            let text = format!("Can come back with {by}, as of {}.", clock::short(way.time));
            view! { <p class="muted">{text}</p> }
        })
    }
}

/// A link for the person whose key ended.
#[component]
pub fn InviteAgain(matter: MatterId) -> impl IntoView {
    view! {
        <details class="more">
            <summary>"Invite this person again"</summary>
            <InviteClient matter on_made=|()| ()/>
        </details>
    }
    .into_any()
}
