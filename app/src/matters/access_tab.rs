//! Who can open a matter, which links were made for it, and how its clients are known.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::invites::{InviteSeen, InviteState};
use shared::client::matters::{ClientSeen, Former, MatterView, Seat};
use shared::intake::value::Language;

use super::history::WhoCouldRead;
use super::identity_words;
use super::renew::RenewKey;
use super::share::GiveAccess;
use super::take_back::{TakeBack, Whose};
use super::wall::Walls;
use crate::keys::ring::ring;
use crate::platform::clock;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::fingerprint::Fingerprint;
use crate::ui::notice::Notice;

/// The tab.
#[component]
pub fn AccessTab(view: Arc<MatterView>, #[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let giving = RwSignal::new(false);
    let shown = StoredValue::new(Arc::clone(&view));
    let given = move |()| {
        giving.set(false);
        on_changed.run(());
    };
    let taking = RwSignal::new(false);
    let whose = RwSignal::new(None::<Whose>);
    let take = move |one: Whose| {
        whose.set(Some(one));
        taking.set(true);
    };
    let taken = move |()| {
        taking.set(false);
        on_changed.run(());
    };
    view! {
        <div class="stack stack-12 page-narrow">
            <section class="stack stack-2">
                <div class="row row-between">
                    <h2>"Who can open it"</h2>
                    {view.may_share.then(|| view! {
                        <Button icon="plus" on_press=move |()| giving.set(true)>
                            "Give a colleague access"
                        </Button>
                    })}
                </div>
                <ul class="items">
                    {view.seats.iter().map(|one| seat(one, take)).collect_view()}
                </ul>
                {(!view.former.is_empty()).then(|| view! {
                    <details class="more">
                        <summary>"Who could open it before"</summary>
                        <ul class="items">{view.former.iter().map(former).collect_view()}</ul>
                    </details>
                })}
                <WhoCouldRead matter=view.matter/>
                {view.seats.iter().any(|seat| seat.may_end).then(|| view! {
                    <RenewKey matter=view.matter on_changed/>
                })}
                <p class="small muted">
                    "Nobody else holds a key to this matter, whatever they may do elsewhere in the \
                     portal. The record of it has " {view.statements} " signed entries, all verified."
                </p>
            </section>
            <Walls matter=view.matter may_share=view.may_share on_changed/>
            <section class="stack stack-2">
                <h2>"Links"</h2>
                {if view.invites.is_empty() {
                    view! { <p class="muted">"No link was made for this matter yet."</p> }.into_any()
                } else {
                    view! { <ul class="items">{view.invites.iter().map(invite).collect_view()}</ul> }
                        .into_any()
                }}
            </section>
            <section class="stack stack-2">
                <h2>"How your client is known"</h2>
                {if view.clients.is_empty() {
                    view! { <p class="muted">"Nobody used a link yet."</p> }.into_any()
                } else {
                    view! { <ul class="items">{view.clients.iter().map(client).collect_view()}</ul> }
                        .into_any()
                }}
            </section>
            {ring().and_then(|ring| ring.fingerprint()).ok().map(|digits| view! {
                <details class="more">
                    <summary>"The firm’s fingerprint"</summary>
                    <p class="small muted">
                        "Your client’s page shows these numbers, too. Compare them on the telephone \
                         when it matters that nobody stands between you."
                    </p>
                    <Fingerprint digits/>
                </details>
            })}
            <Notice>
                "By the link alone, anybody who had the link could have answered. For what must not \
                 go wrong, call your client and compare what was sent."
            </Notice>
            <Dialog id="give-access" title="Give a colleague access" open=giving>
                <GiveAccess view=shown.get_value() on_given=given/>
            </Dialog>
            <Dialog id="take-back" title="Take access back" open=taking>
                {move || whose.get().map(|whose| view! {
                    <TakeBack view=shown.get_value() whose on_taken=taken/>
                })}
            </Dialog>
        </div>
    }
    .into_any()
}

/// A link: for which form, by whom and when, and what became of it.
fn invite(invite: &InviteSeen) -> AnyView {
    let form = invite.form.as_ref().map(|title| title.read(Language::English).to_owned());
    let form = form.unwrap_or_else(|| "A form that does not open".to_owned());
    let made = clock::short(invite.made);
    let made = match &invite.by {
        Some(name) => format!("Made {made} by {name}"),
        None => format!("Made {made}"),
    };
    let until = clock::short_with_time(invite.expires);
    let (detail, word, class) = match invite.state {
        InviteState::Open => (format!("{made}, works until {until}"), "Not used yet", "tag new"),
        InviteState::Used => (made, "Used", "tag good"),
        InviteState::Void => (format!("{made}, ended when access was taken back"), "Ended", "tag"),
        InviteState::Expired => (format!("{made}, worked until {until}"), "Expired", "tag"),
    };
    view! {
        <li class="item">
            <span class="what">
                <span class="name block">{form}</span>
                <span class="detail block">{detail}</span>
            </span>
            <span class=class>{word}</span>
        </li>
    }
    .into_any()
}

fn seat(seat: &Seat, take: impl Fn(Whose) + Copy + Send + Sync + 'static) -> AnyView {
    let (name, what) = match (&seat.account, &seat.name) {
        (Some(_), Some(name)) => (name.clone(), "Opens everything in it"),
        (Some(_), None) => ("A colleague".to_owned(), "Opens everything in it"),
        (None, _) => (
            "The firm’s recovery key".to_owned(),
            "Locked away: for when nobody else can open the matter",
        ),
    };
    view! {
        <li class="item">
            <span class="what">
                <span class="name block">{name.clone()}</span>
                <span class="detail block">{what}</span>
            </span>
            <span class="when">"since " {clock::short(seat.since)}</span>
            {seat.may_end.then(|| {
                let whose = Whose { kid: seat.kid, name: name.clone() };
                let press = move |()| take(whose.clone());
                view! {
                    <Button kind=Kind::Quiet small=true on_press=press>
                        "Take back" <span class="sr-only">": " {name.clone()}</span>
                    </Button>
                }
            })}
        </li>
    }
    .into_any()
}

/// Somebody whose access ended.
fn former(one: &Former) -> AnyView {
    let name = one.name.clone().unwrap_or_else(|| "A colleague".to_owned());
    view! {
        <li class="item">
            <span class="what"><span class="name block">{name}</span></span>
            <span class="when">"until " {clock::short(one.until)}</span>
        </li>
    }
    .into_any()
}

fn client(client: &ClientSeen) -> AnyView {
    let mark = if client.genuine {
        identity_words::tag(&client.standing)
    } else {
        view! { <span class="tag stop">"Does not verify"</span> }.into_any()
    };
    let kid = client.kid.to_string();
    view! {
        <li class="item">
            <span class="what">
                <span class="name block">"A browser with your link"</span>
                <details class="more small">
                    <summary>"Fingerprint of its key"</summary>
                    <p class="fingerprint-line">{kid}</p>
                </details>
            </span>
            {mark}
        </li>
    }
    .into_any()
}
