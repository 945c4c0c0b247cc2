//! Coming back without the link: `/back/<invitation>` makes a passkey, or twelve words, on a device with the
//! client's keys; `/back` opens the matter with them on any.

pub mod aloud;
pub mod make_page;
pub mod matter_page;
pub mod return_page;
pub mod sheet;
pub mod typed;
mod words;

use leptos::prelude::*;
use shared::ids::InviteId;
use shared::intake::value::Language;

use self::make_page::MakePage;
use self::return_page::ReturnPage;
use crate::platform::page;
use crate::portal;
use crate::ui::live::{LiveRegion, Voice};
use crate::ui::shell::{ClientShell, ClientWords};
use crate::words::{Word, speak, t, wished};

/// The program.
#[component]
pub fn BackApp() -> impl IntoView {
    let voice = Voice::provide();
    speak(wished(&[Language::English, Language::Spanish]));
    let ready = portal::open();
    let firm = RwSignal::new(String::new());
    let words = ClientWords { skip: t(Word::Skip), leave: t(Word::Leave) };
    let body = move || {
        ready.get().then(|| match of_address(&page::path()) {
            Some(invite) => view! { <MakePage invite firm/> }.into_any(),
            None => view! { <ReturnPage firm/> }.into_any(),
        })
    };
    view! {
        <ClientShell firm words footer=|| ()>{body}</ClientShell>
        <LiveRegion voice/>
    }
}

/// The invitation for which a passkey is to be made, by the page's address.
fn of_address(path: &str) -> Option<InviteId> {
    path.strip_prefix("/back/")?.parse().ok()
}
