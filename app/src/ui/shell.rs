//! The two frames everything stands in: a narrow reading column for clients, a rail and the work
//! for staff.

use leptos::prelude::*;

use super::button::{Button, Kind};
use super::icon::{Icon, Mark};
use super::link::PageLink;
use crate::platform::{clock, page};
use crate::routes::Page;

/// Words of the client's frame, in the reader's language.
#[derive(Debug, Clone, Copy)]
pub struct ClientWords {
    /// "Skip to the content".
    pub skip: &'static str,
    /// "Leave quickly".
    pub leave: &'static str,
}

/// The client's frame: the firm's name, one way out in a hurry, one column.
#[component]
pub fn ClientShell(
    #[prop(into)] firm: Signal<String>,
    words: ClientWords,
    #[prop(into)] footer: ViewFn,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="client">
            <a class="skip" href="#content">{words.skip}</a>
            <header class="client-head">
                <span class="client-firm">
                    {move || match firm.get() {
                        name if name.is_empty() => view! { <Mark/> "Underseal" }.into_any(),
                        name => name.into_any(),
                    }}
                </span>
                <div class="no-print">
                    <Button small=true icon="exit" on_press=|()| page::leave_quickly()>
                        {words.leave}
                    </Button>
                </div>
            </header>
            <main id="content" class="client-main stack stack-6">{children()}</main>
            <footer class="client-foot">{move || footer.run()}</footer>
        </div>
    }
    .into_any()
}

/// One entry of the rail.
#[derive(Debug, Clone)]
pub struct RailEntry {
    /// Where it leads.
    pub to: Page,
    /// Its name.
    pub name: &'static str,
    /// Its icon.
    pub icon: &'static str,
}

/// The frame of staff.
#[component]
pub fn StaffShell(
    #[prop(into)] firm: Signal<String>,
    #[prop(into)] who: Signal<String>,
    entries: Vec<RailEntry>,
    /// Whether an entry is where the reader is.
    #[prop(into)]
    here: Callback<Page, bool>,
    /// The number beside an entry, 0 for none.
    #[prop(into)]
    count: Callback<Page, usize>,
    #[prop(into)] on_lock: Callback<()>,
    #[prop(into)] flush: Signal<bool>,
    children: Children,
) -> impl IntoView {
    let entry = move |entry: RailEntry| {
        let (shown, counted) = (entry.to.clone(), entry.to.clone());
        let number = move || Some(count.run(counted.clone())).filter(|number| *number > 0);
        view! {
            <PageLink to=entry.to current=Signal::derive(move || here.run(shown.clone()))>
                <Icon name=entry.icon/>
                {entry.name}
                {move || number().map(|number| view! { <span class="count">{number}</span> })}
            </PageLink>
        }
    };
    let account = Signal::derive(move || here.run(Page::Account));
    view! {
        <div class="staff">
            <a class="skip" href="#content">"Skip to the content"</a>
            <header class="rail">
                <div class="rail-firm"><Mark/><span>{move || firm.get()}</span></div>
                <nav class="rail-nav" aria-label="Portal">
                    {entries.into_iter().map(entry).collect_view()}
                </nav>
                <div class="rail-foot">
                    <PageLink to=Page::Account current=account>
                        <Icon name="person"/>
                        <span class="who">{move || who.get()}</span>
                        <span class="sr-only">", your account"</span>
                    </PageLink>
                    <Button small=true kind=Kind::Plain icon="lock" on_press=on_lock>"Lock"</Button>
                </div>
            </header>
            <PaperHead firm who/>
            <main id="content" class="staff-main" class:flush=move || flush.get()>{children()}</main>
        </div>
    }
    .into_any()
}

/// Whose page was printed, by whom and when: paper has no frame.
#[component]
fn PaperHead(firm: Signal<String>, who: Signal<String>) -> impl IntoView {
    let now = RwSignal::new(clock::now());
    let handle = window_event_listener_untyped("beforeprint", move |_| now.set(clock::now()));
    on_cleanup(move || handle.remove());
    view! {
        <p class="paper-head">
            <strong>{move || firm.get()}</strong>
            <span>"Printed by " {move || who.get()} ", " {move || clock::day_and_time(now.get())}</span>
        </p>
    }
    .into_any()
}

/// A page that stands alone: unlock, first run, trouble.
#[component]
pub fn Alone(
    #[prop(optional)] wide: bool,
    #[prop(optional, into)] firm: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <main id="content" class="alone" class:wide=wide>
            <div class="stack stack-6">
                <div class="row">
                    <Mark/>
                    <span class="client-firm">
                        {move || firm.with(|name| if name.is_empty() { "Underseal".to_owned() } else { name.clone() })}
                    </span>
                </div>
                {children()}
            </div>
        </main>
    }
    .into_any()
}
