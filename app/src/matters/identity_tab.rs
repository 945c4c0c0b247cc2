//! Who the clients of a matter are: what the matter needs to know, and what was found about each.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::matters::{ClientSeen, MatterView};
use shared::client::standing::State;
use shared::client::verdicts::Reason;
use shared::ids::MatterId;
use shared::journal::verdict::{Need, Ways};

use super::identity_check::Check;
use super::identity_words as words;
use crate::desk::gate::ActFailed;
use crate::desk::shelf::Shelf;
use crate::keys::ring::ring;
use crate::portal::portal;
use crate::ui::button::Button;
use crate::ui::choice::{Choice, RadioGroup, Select};
use crate::ui::notice::Notice;

/// The tab.
#[component]
pub fn IdentityTab(view: Arc<MatterView>, #[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let clients = view.clients.iter().map(|one| client(one, &view, on_changed)).collect_view();
    view! {
        <div class="stack stack-12 page-narrow">
            <section class="stack stack-2">
                <h2>"What this matter needs"</h2>
                <p>{words::need(view.need.as_ref())}</p>
                {view.may_judge.then(|| view! {
                    <details class="more">
                        <summary>"Change what it needs"</summary>
                        <ChangeNeed matter=view.matter now=view.need.clone() on_changed/>
                    </details>
                })}
            </section>
            <section class="stack stack-6">
                <h2>"Who came by your links"</h2>
                {if view.clients.is_empty() {
                    view! { <p class="muted">"Nobody used a link yet."</p> }.into_any()
                } else {
                    clients.into_any()
                }}
            </section>
            <Notice>
                "A verdict is signed in your name, with the day, and bound to the key that the client’s \
                 browser made. Every colleague with access sees it beside what the client sends."
            </Notice>
        </div>
    }
    .into_any()
}

fn client(one: &ClientSeen, view: &Arc<MatterView>, on_changed: Callback<()>) -> AnyView {
    let detail = words::detail(&one.standing, one.by.as_deref());
    let reason = match &one.reason {
        Reason::None => None,
        Reason::Closed => Some("The reason that was noted does not open.".to_owned()),
        Reason::Opened(text) => Some(format!("Noted: {text}")),
    };
    let known = one.genuine && one.level.is_some();
    // What is over is to be found anew.
    let over = one.standing.state == State::Expired;
    let found = if over { (Ways::NONE, None) } else { (one.standing.ways, one.paper) };
    view! {
        <article class="stack stack-4">
            <div class="row">
                <h3>"A browser with your link"</h3>
                {words::tag(&one.standing)}
            </div>
            {(!detail.is_empty()).then(|| view! { <p class="muted">{detail}</p> })}
            {reason.map(|reason| view! { <p><bdi>{reason}</bdi></p> })}
            <details class="more small">
                <summary>"Fingerprint of its key"</summary>
                <p class="fingerprint-line">{one.kid.to_string()}</p>
            </details>
            {(view.may_judge && known).then(|| view! {
                <Check view=Arc::clone(view) client=one.kid known=found on_changed/>
            })}
        </article>
    }
    .into_any()
}

/// The needs that can be chosen here, by a name for each.
const NEEDS: [(&str, &str, &str, &[Ways]); 5] = [
    ("link", "The link is enough", "What clients send opens at once.", &[]),
    (
        "spoken",
        "The spoken number, compared",
        "On the telephone, at a number that you know. Or the person was met.",
        &[Ways::SPOKEN, Ways::MET],
    ),
    (
        "paper",
        "An identity paper",
        "A passport or an identity card that the client hands in. Or the person was met.",
        &[Ways::PAPER, Ways::MET],
    ),
    ("both", "The spoken number and an identity paper", "", &[Ways::SPOKEN.union(Ways::PAPER)]),
    ("met", "A meeting in person", "", &[Ways::MET]),
];

#[component]
fn ChangeNeed(
    matter: MatterId,
    now: Option<Need>,
    #[prop(into)] on_changed: Callback<()>,
) -> impl IntoView {
    let shelf = Shelf::here();
    let is = |need: &Need| NEEDS.iter().find(|one| one.3 == need.enough.as_slice());
    let named = now.as_ref().and_then(is).map_or("link", |one| one.0);
    let chosen = RwSignal::new(named.to_owned());
    let days = now.as_ref().and_then(|need| need.again).map(|days| days.to_string());
    let again = RwSignal::new(days.unwrap_or_default());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let choice = |(value, label, hint, _): (&str, &str, &str, &[Ways])| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let spans = [("365", "After a year"), ("730", "After two years"), ("1825", "After five years")];
    let spans = spans.map(|(value, label)| choice((value, label, "", &[])));
    let save = move |()| {
        let name = chosen.get_untracked();
        let enough = NEEDS.iter().find(|one| one.0 == name).map_or(&[][..], |one| one.3).to_vec();
        let days = again.with_untracked(|days| days.parse().ok());
        let again = days.filter(|_| !enough.is_empty());
        busy.set(true);
        failed.set(None);
        leptos::task::spawn_local(async move {
            let need = Need { enough, again };
            let done = async { portal().need(&*ring()?, matter, need).await }.await;
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
        <div class="stack stack-6">
            <RadioGroup
                id="need"
                label="Before anything of a client’s is opened"
                choices=NEEDS.map(choice).to_vec()
                value=chosen
                on_choose=move |value| chosen.set(value)
            />
            {move || chosen.with(|name| name != "link").then(|| view! {
                <Select
                    id="again"
                    label="When is a client to be verified again?"
                    blank="Never"
                    choices=spans.to_vec()
                    value=again
                    on_choose=move |value| again.set(value)
                />
            })}
            <div class="actions">
                <Button icon="check" disabled=busy on_press=save>"Save"</Button>
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
