//! A code that the firm gave the client, typed back.

use leptos::prelude::*;

use super::visit::Core;
use crate::ui::button::Button;
use crate::ui::field::{Line, TextField};
use crate::ui::notice::{Notice, Tone};
use crate::words::{Word, t};

/// The field. Whether the code is right, the firm alone finds.
#[component]
pub fn CodeBack(held: StoredValue<Core, LocalStorage>) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let told = RwSignal::new(None::<bool>);
    let busy = RwSignal::new(false);
    let send = move |()| {
        let core = held.get_value();
        busy.set(true);
        leptos::task::spawn_local(async move {
            let done = core.answer_code(&typed.get_untracked()).await.is_ok();
            let _ = told.try_set(Some(done));
            let _ = busy.try_set(false);
        });
    };
    view! {
        <section class="stack stack-4 no-print">
            <TextField
                id="code"
                label=t(Word::CodeLabel)
                line=Line::OneTime
                value=typed
                on_input=move |text| typed.set(text)
            />
            <div class="actions">
                <Button disabled=busy on_press=send>{t(Word::CodeSend)}</Button>
            </div>
            <div role="status">
                {move || told.get().map(|done| {
                    let (tone, word) =
                        if done { (Tone::Good, Word::CodeSent) } else { (Tone::Warn, Word::CodeNotSent) };
                    view! { <Notice tone>{t(word)}</Notice> }
                })}
            </div>
        </section>
    }
    .into_any()
}
