//! What waits for a client's identity: why, and the two ways out of it.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::standing::Standing;
use shared::ids::{MatterId, SubmissionId};

use super::identity_words;
use crate::desk::gate::ActFailed;
use crate::desk::shelf::Shelf;
use crate::keys::ring::ring;
use crate::portal::portal;
use crate::routes::{MatterTab, Page};
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::icon::Mark;
use crate::ui::link::PageLink;
use crate::ui::live::Voice;
use crate::ui::notice::{Notice, Tone};

/// In the place of the answers.
#[component]
pub fn Waiting(
    matter: MatterId,
    submission: SubmissionId,
    standing: Standing,
    #[prop(into)] on_released: Callback<()>,
) -> impl IntoView {
    let asking = RwSignal::new(false);
    view! {
        <div class="sealed">
            <Mark name="seal-delivered"/>
            <p>
                <strong class="block">"Waiting for the client’s identity"</strong>
                <span class="muted">
                    "This matter needs to know first who sent it. It stays sealed until then."
                </span>
            </p>
            {identity_words::tag(&standing)}
            <div class="row">
                <PageLink to=Page::Matter(matter, MatterTab::Identity)>"Check the identity"</PageLink>
                <Button kind=Kind::Quiet on_press=move |()| asking.set(true)>
                    "Let it in without"
                </Button>
            </div>
        </div>
        <Dialog
            id=format!("release-{submission}")
            title="Let this submission in without a check?"
            open=asking
        >
            <Release matter submission asking on_released/>
        </Dialog>
    }
    .into_any()
}

/// What letting it in does, before it is done.
#[component]
fn Release(
    matter: MatterId,
    submission: SubmissionId,
    asking: RwSignal<bool>,
    on_released: Callback<()>,
) -> impl IntoView {
    let shelf = Shelf::here();
    let voice = Voice::here();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let release = move |()| {
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let done = async { portal().release(&*ring()?, matter, submission).await }.await;
            let _ = busy.try_set(false);
            match done {
                Ok(()) => {
                    voice.say("Let in.");
                    let _ = asking.try_set(false);
                    shelf.0.again();
                    let _ = on_released.try_run(());
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    view! {
        <Notice tone=Tone::Warn>
            "Anybody who had the link could have written this. It opens for everybody with access, and \
             the record says that you let it in. What the same person sends later waits again."
        </Notice>
        <div class="actions">
            <Button kind=Kind::Danger disabled=busy on_press=release>"Let it in"</Button>
            <Button on_press=move |()| asking.set(false)>"Leave it sealed"</Button>
        </div>
        <ActFailed failed/>
    }
    .into_any()
}
