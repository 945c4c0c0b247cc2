//! The client's program: one invitation, from arrival to the receipt.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::intake::value::Language;

use super::page::IntakePage;
use crate::net::trouble::{client_words, for_client};
use crate::portal;
use crate::routes::{Nav, Page};
use crate::ui::announcer::Heading;
use crate::ui::live::{LiveRegion, Voice};
use crate::ui::shell::Alone;
use crate::ui::trouble::TroublePanel;
use crate::words::{speak, wished};

/// Everything that clients see.
#[component]
pub fn ClientApp() -> impl IntoView {
    let voice = Voice::provide();
    let nav = Nav::provide(Page::of_client);
    let ready = portal::open();
    // The steps of an invitation are one page: what it holds must not be drawn anew between them.
    let invite = Memo::new(move |_| match nav.page() {
        Page::Intake(invite, _) => Some(invite),
        _ => None,
    });
    let shown = move || {
        ready.get().then(|| match invite.get() {
            Some(invite) => view! { <IntakePage invite/> }.into_any(),
            None => view! { <BrokenLink/> }.into_any(),
        })
    };
    view! {
        {shown}
        <LiveRegion voice/>
    }
}

/// An address that some letters fell out of: no invitation can have it.
#[component]
fn BrokenLink() -> impl IntoView {
    speak(wished(&[Language::English, Language::Spanish]));
    let trouble = for_client(&ClientError::BadLink, false);
    view! {
        <Alone>
            <Heading text=trouble.title.clone() class="sr-only"/>
            <TroublePanel trouble words=client_words()/>
        </Alone>
    }
}
