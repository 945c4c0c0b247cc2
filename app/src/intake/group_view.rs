//! Questions that repeat: one item for each child, each witness.

use leptos::prelude::*;
use shared::intake::kind::Group;

use super::field_view::{Asked, FieldView};
use super::filling::words;
use super::place::Place;
use crate::platform::page;
use crate::ui::button::{Button, Kind};
use crate::ui::field::GroupFrame;
use crate::words::{Word, fill, t};

/// The group.
#[component]
pub fn GroupView(asked: Asked, group: Group) -> impl IntoView {
    let Asked { filling, place, id, label, hint, optional, error } = asked;
    let name = place.field;
    // Items are drawn anew when their number changes: what half-read fields hold belongs to a row.
    let counted = name.clone();
    let count = Memo::new(move |_| filling.draft.with(|draft| draft.answers.items(&counted).len()));
    let item_word = words(&group.item);
    let (most, fields) = (usize::from(group.max), group.fields);
    let adding = name.clone();
    let first = fields.first().map(|field| field.id.clone()).unwrap_or_default();
    let add = Callback::new(move |()| {
        let next = count.get_untracked();
        filling.add_item(&adding);
        // The reader goes on in the item just added.
        let anchor = Place::inside(&adding, next, &first).anchor();
        request_animation_frame(move || {
            if !page::focus_id(&anchor) {
                page::focus_id(&[anchor.as_str(), "-0"].concat());
            }
        });
    });
    let add_word = {
        // Of ASCII alone: the tables for the rest would weigh on every client's first load.
        let item_word = item_word.to_ascii_lowercase();
        Signal::derive(move || {
            let word = if count.get() == 0 { Word::AddFirst } else { Word::Add };
            fill(t(word), &[&item_word])
        })
    };
    let rows = move || {
        (0..count.get())
            .map(|index| {
                let fields = fields.clone();
                view! { <Item filling group=name.clone() index word=item_word.clone() fields/> }
            })
            .collect_view()
    };
    view! {
        <GroupFrame id=id.clone() label hint optional error>
            <div class="stack stack-6 people" id=id tabindex="-1">
                {rows}
                <Show when=move || { count.get() < most }>
                    <Button icon="plus" on_press=add>{add_word}</Button>
                </Show>
            </div>
        </GroupFrame>
    }
    .into_any()
}

#[component]
fn Item(
    filling: super::filling::Filling,
    group: String,
    index: usize,
    word: String,
    fields: Vec<shared::intake::form::Field>,
) -> impl IntoView {
    let rows = fields
        .into_iter()
        .map(|field| {
            let place = Place::inside(&group, index, &field.id);
            view! { <FieldView filling field place/> }
        })
        .collect_view();
    let removed = group;
    let named = format!("{word} {}", index + 1);
    let uploads = expect_context::<super::visit::Visit>().uploads;
    let remove = move |()| {
        uploads.item_removed(&removed, index);
        filling.remove_item(&removed, index);
    };
    view! {
        <div class="person stack stack-6" role="group" aria-label=named>
            <div class="row row-between">
                <h3>{word} " " {index + 1}</h3>
                <Button
                    kind=Kind::Quiet
                    small=true
                    icon="trash"
                    on_press=remove
                >
                    {t(Word::Remove)}
                </Button>
            </div>
            {rows}
        </div>
    }
    .into_any()
}
