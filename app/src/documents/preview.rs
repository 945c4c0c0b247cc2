//! A document in place: a picture, a PDF in a frame without any rights, or plain text.

use crate::platform::viewer::MessageEvent;
use leptos::html;
use leptos::prelude::*;
use shared::vuln;
use wasm_bindgen::JsCast as _;

use super::open::OpenedDocument;
use super::type_of::ShownAs;
use crate::platform::file::{BlobUrl, read, save};
use crate::platform::viewer;
use crate::ui::button::Button;
use crate::ui::notice::{Notice, Tone};

/// A frame that has not spoken by now will not.
const LATE: core::time::Duration = core::time::Duration::from_secs(15);

/// How often the label stands over a document.
const MARKS: usize = 28;

/// The preview, with the matter's label over it.
#[component]
pub fn Preview(
    opened: StoredValue<OpenedDocument, LocalStorage>,
    #[prop(into)] label: String,
) -> impl IntoView {
    let (shown, name) = opened.with_value(|opened| (opened.shown, opened.name.clone()));
    let keep = move |()| opened.with_value(|opened| save(&opened.blob, &opened.name));
    let body = match shown {
        ShownAs::Image(_) => view! { <Picture opened name/> }.into_any(),
        ShownAs::Pdf => view! { <Pdf opened name/> }.into_any(),
        ShownAs::Text if vuln::a29() => view! { <Unboxed opened name/> }.into_any(),
        ShownAs::Text => view! { <PlainText opened/> }.into_any(),
        ShownAs::Empty => return view! { <Notice>"This file is empty."</Notice> }.into_any(),
        ShownAs::Saved => {
            return view! {
                <Notice>
                    <p>
                        "This kind of file does not open here. It is complete and verified; save it \
                         to open it with a program of your own, and mind that a program may run what \
                         a stranger put into it."
                    </p>
                    <div class="actions">
                        <Button icon="download" on_press=keep>"Save the file"</Button>
                    </div>
                </Notice>
            }
            .into_any();
        }
    };
    let mark = (0..MARKS).map(|_| view! { <i data-label=label.clone()></i> }).collect_view();
    view! {
        <figure class="preview">
            {body}
            <span class="sr-only">{label}</span>
            <span class="watermark" aria-hidden="true">{mark}</span>
        </figure>
    }
    .into_any()
}

#[component]
fn Picture(opened: StoredValue<OpenedDocument, LocalStorage>, name: String) -> impl IntoView {
    let url = StoredValue::new_local(opened.with_value(|opened| BlobUrl::new(&opened.blob)));
    let address = url.with_value(|url| url.as_ref().map(|url| url.as_str().to_owned()));
    view! { <img src=address alt=name/> }
}

#[component]
fn PlainText(opened: StoredValue<OpenedDocument, LocalStorage>) -> impl IntoView {
    let text = words_of(opened);
    view! { <pre tabindex="0">{move || text.get()}</pre> }
}

fn words_of(opened: StoredValue<OpenedDocument, LocalStorage>) -> RwSignal<String> {
    let text = RwSignal::new(String::new());
    let blob = opened.with_value(|opened| opened.blob.clone());
    leptos::task::spawn_local(async move {
        if let Some(bytes) = read(&blob).await {
            let _ = text.try_set(String::from_utf8_lossy(&bytes).into_owned());
        }
    });
    text
}

/// A page of a stranger's as a part of ours: the fault of row A29, in no other build.
#[component]
fn Unboxed(opened: StoredValue<OpenedDocument, LocalStorage>, name: String) -> impl IntoView {
    let text = words_of(opened);
    view! { <iframe srcdoc=move || text.get() title=name></iframe> }
}

/// The frame has no origin and no network: it gets the bytes by message and can only draw.
#[component]
fn Pdf(opened: StoredValue<OpenedDocument, LocalStorage>, name: String) -> impl IntoView {
    let frame = NodeRef::<html::Iframe>::new();
    let (ready, refused) = (RwSignal::new(false), RwSignal::new(false));
    let handle = window_event_listener_untyped("message", move |event| {
        let Some(frame) = frame.get_untracked() else { return };
        let event: MessageEvent = event.unchecked_into();
        if viewer::is_ready(&event, &frame) {
            ready.set(true);
            refused.set(false);
            let blob = opened.with_value(|opened| opened.blob.clone());
            leptos::task::spawn_local(async move { viewer::give(&frame, &blob).await });
        }
    });
    on_cleanup(move || handle.remove());
    let late = set_timeout_with_handle(
        move || {
            if !ready.get_untracked() {
                refused.set(true);
            }
        },
        LATE,
    );
    on_cleanup(move || {
        if let Ok(late) = late {
            late.clear();
        }
    });
    let keep = move |()| opened.with_value(|opened| save(&opened.blob, &opened.name));
    view! {
        <Show when=move || refused.get()>
            <Notice tone=Tone::Warn>
                <p>"This browser does not show the document here. It is complete and verified: save it."</p>
                <div class="actions">
                    <Button icon="download" on_press=keep>"Save the file"</Button>
                </div>
            </Notice>
        </Show>
        <iframe
            node_ref=frame
            title=name
            sandbox="allow-scripts"
            src="/viewer/viewer.html"
            hidden=move || refused.get()
        ></iframe>
    }
}
