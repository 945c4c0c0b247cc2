//! A native `<dialog>`: focus is held, Escape closes, the page behind is out of reach.

use leptos::html;
use leptos::prelude::*;

use super::button::IconButton;

/// A modal dialog, shown while `open` holds.
#[component]
pub fn Dialog(
    #[prop(into)] id: String,
    #[prop(into)] title: String,
    open: RwSignal<bool>,
    /// Said of the close button by screen readers.
    #[prop(optional, into, default = "Close".into())]
    close_word: String,
    children: ChildrenFn,
) -> impl IntoView {
    let place = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let wanted = open.get();
        let Some(dialog) = place.get() else { return };
        if wanted && !dialog.open() {
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    let heading = [id.as_str(), "-title"].concat();
    let named = heading.clone();
    view! {
        <dialog node_ref=place aria-labelledby=named on:close=move |_| open.set(false)>
            <div class="dialog-body">
                <div class="dialog-head">
                    <h2 id=heading>{title}</h2>
                    <IconButton icon="cross" name=close_word on_press=move |()| open.set(false)/>
                </div>
                {move || open.get().then(|| children())}
            </div>
        </dialog>
    }
    .into_any()
}
