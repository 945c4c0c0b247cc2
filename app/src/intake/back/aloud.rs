//! What a client and a lawyer read to each other, as eight words and as a number.

use leptos::prelude::*;
use shared::crypto::spoken;

use super::words::say;
use crate::ui::fingerprint::CodeWords;
use crate::words::fill;

/// Both.
#[component]
pub fn Aloud(lawyer: String, digits: String) -> impl IntoView {
    let text = fill(
        say(
            "When {} calls you, read these words aloud. If they are the same on both sides, nobody stands between you.",
            "Cuando {} le llame, lea en voz alta estas palabras. Si coinciden, nadie se ha puesto en medio.",
        ),
        &[&lawyer],
    );
    view! {
        <section class="stack stack-2">
            <h2>{say("To read aloud if your lawyer calls", "Para leer en voz alta si lo llaman")}</h2>
            <p>{text}</p>
            <CodeWords words=spoken::words(&digits)/>
            <p class="small muted">
                {say("The same as a number:", "Lo mismo en cifras:")} " " <span class="num">{digits}</span>
            </p>
        </section>
    }
    .into_any()
}
