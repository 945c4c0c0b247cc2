//! Where files are chosen, photographed or dropped.

use leptos::html;
use leptos::prelude::*;

use crate::platform::file::{chosen, dropped};
use crate::ui::button::Button;
use crate::ui::icon::Icon;
use crate::words::{Word, t};

type Files = Vec<crate::platform::file::Picked>;

/// The place for files of one question, or of one matter.
#[component]
pub fn Picker(
    id: String,
    accept: String,
    several: bool,
    #[prop(into)] on_files: UnsyncCallback<Files>,
) -> impl IntoView {
    let picker = NodeRef::<html::Input>::new();
    let camera = NodeRef::<html::Input>::new();
    let over = RwSignal::new(false);
    let take = move |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            let files = chosen(&input);
            if !files.is_empty() {
                on_files.run(files);
            }
        }
    };
    let press = |input: NodeRef<html::Input>| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let drop = move |event: leptos::ev::DragEvent| {
        over.set(false);
        let files = dropped(&event);
        if !files.is_empty() {
            on_files.run(files);
        }
    };
    let drag = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let choose = [id.as_str(), "-0"].concat();
    view! {
        <div
            class="drop"
            class:over=move || over.get()
            on:dragover=drag
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <input
                node_ref=picker
                class="sr-only"
                type="file"
                tabindex="-1"
                aria-hidden="true"
                multiple=several
                accept=accept
                on:change=move |_| take(picker)
            />
            <input
                node_ref=camera
                class="sr-only"
                type="file"
                tabindex="-1"
                aria-hidden="true"
                accept="image/*"
                capture="environment"
                on:change=move |_| take(camera)
            />
            <div class="row">
                <button id=choose type="button" class="btn" on:click=move |_| press(picker)>
                    <Icon name="upload"/>
                    <span>{t(Word::ChooseFiles)}</span>
                </button>
                <span class="touch-only">
                    <Button icon="camera" on_press=move |()| press(camera)>
                        {t(Word::TakePhoto)}
                    </Button>
                </span>
            </div>
            <span class="muted small mouse-only">{t(Word::DropHere)}</span>
        </div>
    }
    .into_any()
}
