//! The staff's program: what is provided to everything, in order, and the one place where an
//! address becomes a page.

use leptos::prelude::*;

use super::shell::Desk;
use crate::intake::forms_page::FormsPage;
use crate::journal::journal_page::JournalPage;
use crate::keys::account_page::AccountPage;
use crate::keys::join_page::JoinPage;
use crate::keys::people_page::PeoplePage;
use crate::keys::recovery::RecoveryPage;
use crate::keys::review_page::ReviewPage;
use crate::keys::ring::Unlocked;
use crate::keys::setup_page::SetupPage;
use crate::keys::step_up::{StepUp, StepUpDialog};
use crate::keys::unlock_page::UnlockPage;
use crate::matters::inbox_page::InboxPage;
use crate::matters::matter_page::MatterPage;
use crate::matters::matters_page::MattersPage;
use crate::matters::policy_page::PolicyPage;
use crate::matters::today_page::TodayPage;
use crate::portal::{self, portal};
use crate::routes::{Nav, Page};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::live::{LiveRegion, Voice};
use crate::ui::shell::Alone;

/// Everything that staff see.
#[component]
pub fn DeskApp() -> impl IntoView {
    let voice = Voice::provide();
    let nav = Nav::provide(Page::parse);
    let unlocked = Unlocked::provide();
    let step_up = StepUp::provide();
    let ready = portal::open();
    // All pages that need keys share one desk: what it holds must not be drawn anew between them.
    let frame = Memo::new(move |_| match nav.page() {
        page if page.needs_keys() => Page::Today,
        other => other,
    });
    let shown = move || ready.get().then(|| draw(frame.get(), nav));
    view! {
        {shown}
        <StepUpDialog step_up locked=move || !unlocked.any()/>
        <LiveRegion voice/>
    }
}

fn draw(frame: Page, nav: Nav) -> AnyView {
    match frame {
        Page::Home => view! { <HomePage/> }.into_any(),
        Page::Setup => view! { <SetupPage/> }.into_any(),
        Page::Unlock => view! { <UnlockPage/> }.into_any(),
        Page::Join(enrolment) => view! { <JoinPage enrolment/> }.into_any(),
        // The server answers a client's address with the client's own program.
        Page::Intake(..) | Page::Missing => view! { <MissingPage/> }.into_any(),
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
        Page::Recovery => view! { <RecoveryPage/> }.into_any(),
        Page::Policy => view! { <PolicyPage/> }.into_any(),
        Page::Journal => view! { <JournalPage/> }.into_any(),
        Page::AccessReview => view! { <ReviewPage/> }.into_any(),
        Page::Account => view! { <AccountPage/> }.into_any(),
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
