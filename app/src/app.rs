//! What is provided to everything, in order, and the one place where an address becomes a page.

use std::cell::{OnceCell, RefCell};

use leptos::prelude::*;
use shared::client::Portal;

use crate::desk::shell::Desk;
use crate::intake::forms_page::FormsPage;
use crate::intake::page::IntakePage;
use crate::journal::journal_page::JournalPage;
use crate::keys::join_page::JoinPage;
use crate::keys::people_page::PeoplePage;
use crate::keys::ring::Unlocked;
use crate::keys::setup_page::SetupPage;
use crate::keys::unlock_page::UnlockPage;
use crate::matters::inbox_page::InboxPage;
use crate::matters::matter_page::MatterPage;
use crate::matters::matters_page::MattersPage;
use crate::matters::today_page::TodayPage;
use crate::net::host::BrowserHost;
use crate::platform::page;
use crate::platform::storage::Storage;
use crate::routes::{Nav, Page, Step};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::live::{LiveRegion, Voice};
use crate::ui::shell::Alone;

thread_local! {
    static PORTAL: OnceCell<Portal<BrowserHost>> = const { OnceCell::new() };
    static FRAGMENT: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// The part of a link after `#`, taken out of the address before anything else looks at it.
pub struct Fragment;

impl Fragment {
    /// Reads it out of the address into memory. The first thing the app does.
    pub fn keep() {
        FRAGMENT.set(page::take_fragment());
    }

    /// Takes it, once.
    #[must_use]
    pub fn take() -> Option<String> {
        FRAGMENT.take()
    }
}

/// The core over this browser.
#[must_use]
pub fn portal() -> Portal<BrowserHost> {
    PORTAL.with(|portal| portal.get().cloned()).unwrap_or_else(|| {
        // No page is drawn before the device's storage is open; memory is the honest rest.
        Portal::new(BrowserHost::new(Storage::in_memory()))
    })
}

/// The whole portal.
#[component]
pub fn App() -> impl IntoView {
    let voice = Voice::provide();
    let nav = Nav::provide();
    Unlocked::provide();
    let ready = RwSignal::new(false);
    leptos::task::spawn_local(async move {
        let storage = Storage::open().await;
        PORTAL.with(|portal| drop(portal.set(Portal::new(BrowserHost::new(storage)))));
        ready.set(true);
    });
    // The steps of an invitation are one page, and all pages that need keys share one desk: what
    // they hold must not be drawn anew between them.
    let frame = Memo::new(move |_| match nav.page() {
        Page::Intake(id, _) => Page::Intake(id, Step::Arrival),
        page if page.needs_keys() => Page::Today,
        other => other,
    });
    let shown = move || ready.get().then(|| draw(frame.get(), nav));
    view! {
        {shown}
        <LiveRegion voice/>
    }
}

fn draw(frame: Page, nav: Nav) -> AnyView {
    match frame {
        Page::Home => view! { <HomePage/> }.into_any(),
        Page::Setup => view! { <SetupPage/> }.into_any(),
        Page::Unlock => view! { <UnlockPage/> }.into_any(),
        Page::Join(enrolment) => view! { <JoinPage enrolment/> }.into_any(),
        Page::Intake(invite, _) => view! { <IntakePage invite/> }.into_any(),
        Page::Missing => view! { <MissingPage/> }.into_any(),
        _ => {
            let page = Memo::new(move |before: Option<&Page>| match nav.page() {
                page if page.needs_keys() => page,
                // On the way out; the frame changes in this same turn.
                _ => before.cloned().unwrap_or(Page::Today),
            });
            view! { <Desk page show=desk_page/> }.into_any()
        }
    }
}

fn desk_page(page: Page) -> AnyView {
    match page {
        Page::Inbox => view! { <InboxPage/> }.into_any(),
        Page::Matters => view! { <MattersPage/> }.into_any(),
        Page::Matter(matter, tab) => view! { <MatterPage matter tab/> }.into_any(),
        Page::Forms => view! { <FormsPage/> }.into_any(),
        Page::People => view! { <PeoplePage/> }.into_any(),
        Page::Journal => view! { <JournalPage/> }.into_any(),
        _ => view! { <TodayPage/> }.into_any(),
    }
}

/// The bare address leads on: to the first run where there is no firm yet, else to unlocking.
#[component]
fn HomePage() -> impl IntoView {
    let nav = Nav::here();
    leptos::task::spawn_local(async move {
        let founded = portal().status().await.map_or(true, |status| status.founded);
        nav.replace(if founded { Page::Unlock } else { Page::Setup });
    });
    view! { <Alone><Heading text="Opening the portal"/></Alone> }
}

#[component]
fn MissingPage() -> impl IntoView {
    let nav = Nav::here();
    view! {
        <Alone>
            <Heading text="There is no page here"/>
            <p class="muted">
                "If you came by a link, open it from the message again: some of its letters may be \
                 missing."
            </p>
            <div class="actions">
                <Button kind=Kind::Primary on_press=move |()| nav.replace(Page::Home)>
                    "Go to the first page"
                </Button>
            </div>
        </Alone>
    }
}
