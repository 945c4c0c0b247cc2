//! Twelve words for coming back, shown once, to be kept on paper or in a password manager.

use leptos::prelude::*;
use shared::client::back::NewWords;
use shared::secret::Secret;

use super::words::say;
use crate::platform::page::{self, Stay};
use crate::platform::{clock, print};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Line, TextField};
use crate::ui::fingerprint::CodeWords;
use crate::words::fill;

/// Where the words are kept while they are shown: never in a signal.
pub type Kept = StoredValue<Option<NewWords>, LocalStorage>;

/// The words, and a way on once two of them were read back.
#[component]
pub fn WordsSheet(
    firm: String,
    words: Kept,
    busy: RwSignal<bool>,
    #[prop(into)] on_read: Callback<[String; 2]>,
    #[prop(into)] on_leave: Callback<()>,
) -> impl IntoView {
    let covered = RwSignal::new(false);
    // They are shown this once: nobody leaves by accident before they are kept.
    let _stay = StoredValue::new_local(Stay::here());
    view! {
        <div class="stack stack-6" hidden=move || covered.get()>
            <Paper firm words/>
            <div class="actions no-print">
                <Button icon="print" on_press=|()| print::print()>
                    {say("Print the words", "Imprimir las palabras")}
                </Button>
                <Button kind=Kind::Primary after="arrow-right" on_press=move |()| covered.set(true)>
                    {say("I have kept them", "Ya las guardé")}
                </Button>
                <Button kind=Kind::Quiet on_press=move |()| on_leave.run(())>
                    {say("Cancel", "Cancelar")}
                </Button>
            </div>
        </div>
        <Show when=move || covered.get()>
            <ReadBack words covered busy on_read/>
        </Show>
    }
    .into_any()
}

#[component]
fn Paper(firm: String, words: Kept) -> impl IntoView {
    let words = words.with_value(|new| new.as_ref().map(NewWords::words));
    // EXPOSE: shown to their owner, once, to be kept.
    let words = words.as_ref().map(Secret::expose).cloned().unwrap_or_default();
    let to = fill(
        say("Your way back to your matter with {}", "Su forma de volver a su asunto con {}"),
        &[&firm],
    );
    let open = say(
        "Open this address and choose “Type my words”:",
        "Abra esta dirección y elija «Escribir mis palabras»:",
    );
    let made = fill(say("Made on {}.", "Creadas el {}."), &[&clock::day(clock::now())]);
    view! {
        <Heading text=say("Keep these twelve words", "Guarde estas doce palabras") class="no-print"/>
        <p class="no-print">
            {say(
                "Print them, write them down, or keep them in a password manager. They are shown this once. Whoever has them can open your matter, so keep them where you keep a passport.",
                "Imprímalas, anótelas o guárdelas en un gestor de contraseñas. Se muestran una sola vez. Quien las tenga puede abrir su asunto: guárdelas como guarda un pasaporte.",
            )}
        </p>
        <article class="stack stack-4">
            <h2>{to}</h2>
            <CodeWords words/>
            <p>{open} " " <strong>{[&page::origin(), "/back"].concat()}</strong></p>
            <p class="small muted">{made}</p>
        </article>
    }
    .into_any()
}

/// Two words read back: what was not kept is noticed now.
#[component]
fn ReadBack(
    words: Kept,
    covered: RwSignal<bool>,
    busy: RwSignal<bool>,
    #[prop(into)] on_read: Callback<[String; 2]>,
) -> impl IntoView {
    let asked = words.with_value(|new| new.as_ref().map_or([0, 6], NewWords::asked));
    let typed = asked.map(|_| RwSignal::new(String::new()));
    let wrong = asked.map(|_| RwSignal::new(None::<String>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let read = typed.map(|typed| typed.get_untracked());
        let mut good = true;
        for ((at, text), wrong) in asked.into_iter().zip(&read).zip(wrong) {
            let fits = words.with_value(|new| new.as_ref().is_some_and(|new| new.is(at, text)));
            let other =
                say("This is not word {} of the twelve", "Esta no es la palabra {} de las doce");
            wrong.set((!fits).then(|| fill(other, &[&(at + 1).to_string()])));
            good &= fits;
        }
        if good {
            on_read.run(read);
        }
    };
    let field = |((at, typed), wrong): ((usize, RwSignal<String>), RwSignal<Option<String>>)| {
        let number = (at + 1).to_string();
        view! {
            <TextField
                id=["word-", &number].concat()
                label=fill(say("Word {}", "Palabra {}"), &[&number])
                line=Line::Code
                value=typed
                on_input=move |text| typed.set(text)
                error=wrong
            />
        }
    };
    let fields = asked.into_iter().zip(typed).zip(wrong).map(field).collect_view();
    view! {
        <Heading text=say("Read two words back", "Repita dos palabras")/>
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <p>
                {say(
                    "Please type two of the words from where you kept them. Then they count.",
                    "Escriba dos de las palabras, leyéndolas de donde las guardó. Desde entonces valen.",
                )}
            </p>
            <div class="cols-2">{fields}</div>
            <div class="actions">
                <Button kind=Kind::Primary submit=true disabled=busy after="arrow-right">
                    {say("Continue", "Continuar")}
                </Button>
                <Button kind=Kind::Quiet on_press=move |()| covered.set(false)>
                    {say("Show the words again", "Mostrar las palabras otra vez")}
                </Button>
            </div>
        </form>
    }
    .into_any()
}
