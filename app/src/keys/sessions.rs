//! Where this account is signed in, by the server's word: each can be ended, or all others at once.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::identity::wire::sessions::Listed;
use shared::ids::SessionId;
use shared::time::Timestamp;

use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};

/// The list.
#[component]
pub fn SessionList() -> impl IntoView {
    let sessions = Loaded::begin(|| async { portal().sessions().await });
    let failed = RwSignal::new(None::<ClientError>);
    let busy = RwSignal::new(false);
    let end = Callback::new(move |which: Option<SessionId>| {
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let done = match which {
                Some(session) => portal().end_session_of(session).await,
                None => portal().end_other_sessions().await,
            };
            if let Err(error) = done {
                let _ = failed.try_set(Some(error));
            }
            let _ = busy.try_set(false);
            sessions.again();
        });
    });
    let draw = move |found: Arc<Vec<Listed>>| {
        let others = found.iter().filter(|one| !one.here).count();
        let rows = found.iter().map(|one| row(one, busy, end)).collect_view();
        view! {
            <div class="stack stack-4">
                <ul class="items">{rows}</ul>
                {(others > 0).then(|| view! {
                    <div class="actions">
                        <Button small=true disabled=busy on_press=move |()| end.run(None)>
                            "End all others"
                        </Button>
                    </div>
                })}
            </div>
        }
        .into_any()
    };
    view! {
        <section class="stack stack-2" aria-labelledby="sessions-title">
            <h2 id="sessions-title">"Where you are signed in"</h2>
            <p class="muted">
                "As the server says. A session ends by itself when nobody used it for a while. A page whose \
                 session is ended locks itself within seconds."
            </p>
            {sessions.draw("Asking where you are signed in", draw)}
            <ActFailed failed/>
        </section>
    }
    .into_any()
}

fn row(one: &Listed, busy: RwSignal<bool>, end: Callback<Option<SessionId>>) -> AnyView {
    let session = one.session;
    let (opened, used) = (Timestamp(one.opened), Timestamp(one.used));
    let place = match one.network.as_str() {
        "" => String::new(),
        network => ["Network ", network, ". "].concat(),
    };
    let detail = format!(
        "{place}Signed in {}, last used {}.",
        clock::short_with_time(opened),
        clock::short_with_time(used)
    );
    let (name, called) = (one.device.clone(), one.device.clone());
    let action = if one.here {
        view! { <span class="tag">"This one"</span> }.into_any()
    } else {
        view! {
            <Button small=true kind=Kind::Quiet disabled=busy on_press=move |()| end.run(Some(session))>
                "End"
                <span class="sr-only">" the session in " {called.clone()}</span>
            </Button>
        }
        .into_any()
    };
    view! {
        <li class="item">
            <span class="what stack stack-2">
                <span class="name block">{name}</span>
                <span class="detail block">{detail}</span>
            </span>
            {action}
        </li>
    }
    .into_any()
}
