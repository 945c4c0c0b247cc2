//! The frame of the desk, and the gate: no page of it is drawn without unlocked keys.

use leptos::prelude::*;

use super::shelf::Shelf;
use super::watch::{Turning, watch_session};
use crate::keys::ring::Unlocked;
use crate::routes::{Nav, Page};
use crate::ui::shell::{RailEntry, StaffShell};

/// The desk, showing the page that `show` draws.
#[component]
pub fn Desk(
    #[prop(into)] page: Signal<Page>,
    #[prop(into)] show: Callback<Page, AnyView>,
) -> impl IntoView {
    let (nav, unlocked) = (Nav::here(), Unlocked::here());
    // Locked, here or in another tab: everything opened leaves the page at once.
    Effect::new(move |_| {
        if !unlocked.any() {
            nav.unlock_for(page.get_untracked());
        }
    });
    (move || unlocked.any().then(|| view! { <Within page show/> })).into_any()
}

#[component]
fn Within(page: Signal<Page>, show: Callback<Page, AnyView>) -> impl IntoView {
    let unlocked = Unlocked::here();
    let shelf = Shelf::provide();
    watch_session();
    Turning::provide(shelf);
    // Those without the office room's key do not learn the firm's name from the server.
    let named = move || unlocked.who().map(|who| who.firm).filter(|name| !name.is_empty());
    let firm = Memo::new(move |_| named().unwrap_or_else(|| "Underseal".to_owned()));
    let who = Memo::new(move |_| unlocked.who().map(|who| who.name).unwrap_or_default());
    let entry = |to, name, icon| RailEntry { to, name, icon };
    let content = [
        entry(Page::Today, "Today", "today"),
        entry(Page::Inbox, "Inbox", "inbox"),
        entry(Page::Matters, "Matters", "folder"),
        entry(Page::Forms, "Forms", "form"),
    ];
    // Administrators hold no key for content: what they cannot open is not offered to them.
    let opens = unlocked.who_now().is_some_and(|who| who.opens_matters);
    let entries = content
        .into_iter()
        .filter(|_| opens)
        .chain([
            entry(Page::People, "People", "people"),
            entry(Page::Policy, "Policy", "check"),
            entry(Page::Journal, "Journal", "journal"),
        ])
        .collect::<Vec<_>>();
    let nav = Nav::here();
    Effect::new(move |_| {
        let elsewhere = page.with(|page| {
            !matches!(
                page,
                Page::People
                    | Page::Policy
                    | Page::Recovery
                    | Page::Journal
                    | Page::Account
                    | Page::AccessReview
            )
        });
        if !opens && elsewhere {
            nav.replace(Page::People);
        }
    });
    // Whoever comes back to a list wants it as it is now.
    Effect::new(move |before: Option<()>| {
        let list = page.with(|page| matches!(page, Page::Today | Page::Inbox | Page::Matters));
        if before.is_some() && list {
            shelf.0.again();
        }
    });
    let here = move |entry: Page| page.with(|page| is_part_of(page, &entry));
    let count = move |entry: Page| if entry == Page::Inbox { shelf.waiting() } else { 0 };
    let lock = move |()| unlocked.lock();
    let flush = Signal::derive(move || page.with(|page| *page == Page::Inbox));
    view! {
        <StaffShell firm who entries here count on_lock=lock flush>
            {move || show.run(page.get())}
        </StaffShell>
    }
    .into_any()
}

fn is_part_of(page: &Page, entry: &Page) -> bool {
    match page {
        Page::Matter(_, _) => *entry == Page::Matters,
        Page::Recovery => *entry == Page::People,
        page => page == entry,
    }
}
