//! A row of a matter's documents: one that opens, or one that does not.

use leptos::prelude::*;
use shared::documents::plain::MetaV1;
use shared::ids::ObjectId;
use shared::journal::statement::Verb;

use super::opened::{InHand, Table};
use crate::net::pace::size;
use crate::ui::icon::{Icon, Mark};
use crate::ui::seal::Sealed;

/// What is known of a document without opening it: who sent it and when is signed beside it.
pub struct Came {
    /// Which.
    pub object: ObjectId,
    /// By whom, in words.
    pub from: String,
    /// How surely the firm knows them, if it was a client.
    pub known: Option<&'static str>,
    /// Whether it waits for that.
    pub waits: bool,
    /// When, in words.
    pub at: String,
}

/// Who sent it, and how surely they are known.
fn from(came: &Came) -> AnyView {
    let known = came.known.map(|known| view! { <span class="small block">{known}</span> });
    let waits = came.waits.then(|| view! { <span class="tag warn">"Waits"</span> });
    view! { {came.from.clone()} {known} {waits} }.into_any()
}

/// Whose record does not open has no name.
pub fn closed_row(came: Came, table: Table) -> AnyView {
    let object = came.object;
    view! {
        <tr aria-current=move || in_hand(object, table).then_some("true")>
            <td>
                <button type="button" class="title closed" on:click=move |_| table.refuse(object)>
                    <Mark name=Sealed::Fails.mark()/>
                    "A document that does not verify"
                </button>
            </td>
            <td data-name="From" class="muted">{from(&came)}</td>
            <td data-name="Received" class="nowrap muted num">{came.at}</td>
            <td data-name="Size"></td>
            <td></td>
        </tr>
    }
    .into_any()
}

/// One that is not to be opened here, and why.
pub fn said_row(came: Came, said: String) -> AnyView {
    view! {
        <tr>
            <td><span class="title"><Icon name="file"/>{said}</span></td>
            <td data-name="From" class="muted">{from(&came)}</td>
            <td data-name="Received" class="nowrap muted num">{came.at}</td>
            <td data-name="Size"></td>
            <td></td>
        </tr>
    }
    .into_any()
}

/// By its name, to be opened or saved. What did not verify when it was opened says so from then on.
pub fn opened_row(came: Came, meta: MetaV1, table: Table) -> AnyView {
    let object = came.object;
    let refused = Memo::new(move |_| table.refused.with(|all| all.contains(&object)));
    let (opened, saved) = (meta.name.clone(), StoredValue::new(meta.name.clone()));
    let drawing = icon(&meta.mime);
    let mark = move || {
        if refused.get() {
            view! { <Mark name=Sealed::Fails.mark()/> }.into_any()
        } else {
            view! { <Icon name=drawing/> }.into_any()
        }
    };
    let save = move || {
        (!refused.get()).then(|| {
            view! {
                <button
                    type="button"
                    class="linklike"
                    aria-label=format!("Save {}", saved.get_value())
                    on:click=move |_| table.read(object, saved.get_value(), Verb::Downloaded)
                >
                    "Save"
                </button>
            }
        })
    };
    view! {
        <tr aria-current=move || in_hand(object, table).then_some("true")>
            <td>
                <button
                    type="button"
                    class="title"
                    class:closed=move || refused.get()
                    on:click=move |_| table.read(object, opened.clone(), Verb::Opened)
                >
                    {mark}
                    <bdi>{meta.name}</bdi>
                    {move || refused.get().then(|| view! {
                        <span class="tag stop">"Does not verify"</span>
                    })}
                </button>
            </td>
            <td data-name="From" class="muted">{from(&came)}</td>
            <td data-name="Received" class="nowrap muted num">{came.at}</td>
            <td data-name="Size" class="end nowrap muted num">{size(meta.size)}</td>
            <td class="end">{save}</td>
        </tr>
    }
    .into_any()
}

fn in_hand(object: ObjectId, table: Table) -> bool {
    table.shown.with(|shown| {
        matches!(
            shown,
            InHand::Here(one, _) | InHand::Reading(one) | InHand::Failed(one, ..)
                if *one == object
        )
    })
}

/// By the sender's word: it only picks a drawing.
fn icon(mime: &str) -> &'static str {
    match mime.split('/').next() {
        Some("image") => "image",
        Some("video") => "video",
        Some("text") => "text",
        _ => "file",
    }
}
