//! Twelve words are typed, on any device.

use leptos::prelude::*;
use shared::crypto::recovery::{BadCode, RecoveryCode, WORDS};

use super::words::say;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Line, TextField};
use crate::words::fill;

/// A field for the words. What is none is said here, and never tried.
#[component]
pub fn TypeWords(
    busy: RwSignal<bool>,
    #[prop(into)] on_words: Callback<RecoveryCode>,
) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let wrong = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match typed.with_untracked(|text| RecoveryCode::parse(text)) {
            Ok(code) => {
                wrong.set(None);
                on_words.run(code);
            }
            Err(why) => wrong.set(Some(mistyped(why))),
        }
    };
    view! {
        <form class="stack stack-4" novalidate=true on:submit=submit>
            <TextField
                id="words"
                label=say("Your twelve words", "Sus doce palabras")
                hint=say(
                    "In their order, with a space between. Capitals do not matter.",
                    "En su orden, separadas por espacios. Da igual si usa mayúsculas.",
                )
                line=Line::Code
                value=typed
                on_input=move |text| typed.set(text)
                error=wrong
            />
            <div class="actions">
                <Button kind=Kind::Primary submit=true disabled=busy>
                    {say("Open with my words", "Abrir con mis palabras")}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// Which word to look at again.
fn mistyped(why: BadCode) -> String {
    let (text, number) = match why {
        BadCode::Count(count) => (
            say(
                "There are {} words here, and twelve are needed.",
                "Aquí hay {} palabras y se necesitan doce.",
            ),
            count,
        ),
        BadCode::Word(at) => (
            say(
                "Word {} is none of the list. Look at its letters again.",
                "La palabra {} no está en la lista. Revise sus letras.",
            ),
            at,
        ),
        BadCode::Checksum => (
            say(
                "One of the words is another one, or they are out of order.",
                "Una de las palabras es otra, o no están en su orden.",
            ),
            WORDS,
        ),
    };
    fill(text, &[&number.to_string()])
}
