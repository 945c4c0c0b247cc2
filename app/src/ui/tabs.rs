//! Tabs that are pages: each has an address, so they are links in a named navigation.

use leptos::prelude::*;

use super::link::PageLink;
use crate::routes::Page;

/// One tab.
#[derive(Debug, Clone)]
pub struct Tab {
    /// Where it leads.
    pub to: Page,
    /// Its name.
    pub name: String,
    /// How many things are there, if that helps.
    pub count: Option<usize>,
    /// Whether it is the one shown.
    pub here: bool,
}

/// The row of tabs.
#[component]
pub fn Tabs(#[prop(into)] name: String, tabs: Vec<Tab>) -> impl IntoView {
    let row = |tab: Tab| {
        let here = tab.here;
        view! {
            <PageLink to=tab.to current=Signal::derive(move || here)>
                {tab.name}
                {tab.count.map(|count| view! { " " <span class="count">{count}</span> })}
            </PageLink>
        }
    };
    view! { <nav class="tabs" aria-label=name>{tabs.into_iter().map(row).collect_view()}</nav> }
        .into_any()
}
