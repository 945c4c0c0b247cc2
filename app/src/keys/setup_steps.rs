//! The founder's steps after the keys: colleagues, and a first link. Each can be left for later.

use leptos::prelude::*;
use shared::client::enrol::Post;
use shared::ids::MatterId;

use super::invite_staff::StaffLink;
use crate::desk::shelf::Shelf;
use crate::matters::invite::InviteClient;
use crate::matters::new_matter::NewMatter;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::notice::{Notice, Tone};

/// The names of all steps, in order.
pub const STEPS: [&str; 6] =
    ["Your firm", "Making the keys", "Recovery sheet", "Colleagues", "Forms", "First link"];

/// Where the founder is.
#[component]
pub fn Steps(#[prop(into)] at: Signal<usize>) -> impl IntoView {
    let tick = move |number: usize| {
        let class = move || match at.get() {
            now if now > number => "done",
            now if now == number => "here",
            _ => "",
        };
        view! { <li class=class></li> }
    };
    let name = move || STEPS.get(at.get()).copied().unwrap_or_default();
    view! {
        <div class="sections no-print">
            <ol class="ticks" aria-hidden="true">{(0..STEPS.len()).map(tick).collect_view()}</ol>
            <p>
                <span>{name}</span>
                <span class="num">{move || format!("Step {} of {}", at.get() + 1, STEPS.len())}</span>
            </p>
        </div>
    }
    .into_any()
}

/// Inviting the first colleagues.
#[component]
pub fn Colleagues(#[prop(into)] on_done: Callback<()>) -> impl IntoView {
    view! {
        <Heading text="Invite your colleagues"/>
        <p class="lede">
            "A link is shown once and works for seven days. Whoever has it can make an account; \
             you still admit the person afterwards."
        </p>
        <div>
            <StaffLink post=Post::Lawyer/>
            <StaffLink post=Post::Administrator/>
        </div>
        <div class="actions">
            <Button kind=Kind::Primary after="arrow-right" on_press=on_done>"Continue"</Button>
        </div>
        <p class="muted small">"You can do this at any time under People."</p>
    }
    .into_any()
}

/// A first matter, and its link.
#[component]
pub fn FirstLink(#[prop(into)] on_done: Callback<()>) -> impl IntoView {
    Shelf::provide();
    let matter = RwSignal::new(None::<MatterId>);
    let made = RwSignal::new(false);
    let body = move || {
        match matter.get() {
        None => view! {
            <Heading text="Open your first matter"/>
            <p class="lede">
                "A client’s answers and documents go into a matter. Its key is made here. You hold it, \
                 and so does the firm’s recovery key, which is locked away."
            </p>
            <NewMatter action="Open it and make a link" on_done=move |id| matter.set(Some(id))/>
        }
        .into_any(),
        Some(id) => view! {
            <Heading text="Send the first link"/>
            <InviteClient matter=id on_made=move |()| made.set(true)/>
        }
        .into_any(),
    }
    };
    view! {
        {body}
        <Show when=move || made.get()>
            <Notice tone=Tone::Good>
                "Your firm is ready. What your client sends appears under Today, sealed until you open it."
            </Notice>
        </Show>
        <div class="actions">
            {move || if made.get() {
                view! { <Button kind=Kind::Primary after="arrow-right" on_press=on_done>"Go to today"</Button> }.into_any()
            } else {
                view! { <Button kind=Kind::Quiet on_press=on_done>"Do this later"</Button> }.into_any()
            }}
        </div>
    }
    .into_any()
}
