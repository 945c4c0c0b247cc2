//! The recovery sheet: twelve words on paper, the one way in from another device.

use leptos::prelude::*;
use shared::secret::Secret;

use crate::platform::page::{self, Stay};
use crate::platform::{clock, print};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Line, TextField};
use crate::ui::fingerprint::{CodeWords, Fingerprint};

/// What is on the sheet. It lives no longer than the page shows it, and never in a signal.
pub struct Sheet {
    /// Twelve words, apart by spaces.
    pub words: Secret<String>,
    /// The firm's fingerprint; empty where the page does not know it.
    pub fingerprint: String,
}

/// Where the sheet is kept while it is shown.
pub type KeptSheet = StoredValue<Option<Sheet>, LocalStorage>;

/// Which two words are asked back: one of each half, by chance.
fn asked() -> [usize; 2] {
    let mut chance = [0_u8; 2];
    // Without chance the first words are asked: it is a help to memory and no check of identity.
    let _ = getrandom::fill(&mut chance);
    [usize::from(chance[0] % 6), 6 + usize::from(chance[1] % 6)]
}

fn is_word(sheet: KeptSheet, at: usize, typed: &str) -> bool {
    sheet.with_value(|sheet| {
        // EXPOSE: compared with what the owner typed, in place.
        let word = sheet.as_ref().and_then(|sheet| sheet.words.expose().split(' ').nth(at));
        word.is_some_and(|word| word.eq_ignore_ascii_case(typed.trim()))
    })
}

/// The sheet, and a way on once two of its words were read back from paper.
#[component]
pub fn RecoverySheet(
    #[prop(into)] firm: String,
    #[prop(into)] name: String,
    #[prop(into)] handle: String,
    sheet: KeptSheet,
    #[prop(into)] on_done: Callback<()>,
) -> impl IntoView {
    let covered = RwSignal::new(false);
    // The words are shown this once: nobody leaves by accident before they are on paper.
    let _stay = StoredValue::new_local(Stay::here());
    let title = Signal::derive(move || {
        if covered.get() { "Read two words back" } else { "Print your recovery sheet" }.to_owned()
    });
    let handle = handle.trim().to_lowercase();
    view! {
        // The sheet has its own title; on paper this one would be an order to nobody.
        <Heading text=title class="no-print"/>
        <div class="stack stack-6" hidden=move || covered.get()>
            <Paper firm name handle sheet/>
            <div class="actions no-print">
                <Button icon="print" on_press=|()| print::print()>"Print the sheet"</Button>
                <Button kind=Kind::Primary after="arrow-right" on_press=move |()| covered.set(true)>
                    "I have it on paper"
                </Button>
            </div>
        </div>
        <Show when=move || covered.get()>
            <ReadBack sheet covered on_done/>
        </Show>
    }
    .into_any()
}

#[component]
fn Paper(firm: String, name: String, handle: String, sheet: KeptSheet) -> impl IntoView {
    let (words, fingerprint) = sheet.with_value(|sheet| {
        // EXPOSE: shown to their owner, once, to be printed.
        let shown = |sheet: &Sheet| (sheet.words.expose().clone(), sheet.fingerprint.clone());
        sheet.as_ref().map(shown).unwrap_or_default()
    });
    view! {
        <article class="sheet stack stack-6">
            <p>
                "These twelve words open your keys on another device. The portal cannot show them \
                 again, and nobody else has them. Keep the sheet where you keep a passport."
            </p>
            <div class="stack stack-2">
                <h2>"Recovery words of " {name}</h2>
                <CodeWords words/>
                <p>
                    "Go to " <strong>{page::origin()}</strong> ", choose “Use your recovery words”, sign-in name "
                    <strong>{handle}</strong> "."
                </p>
            </div>
            {(!fingerprint.is_empty()).then(|| view! {
                <div class="stack stack-2">
                    <h2>"Fingerprint of " {firm}</h2>
                    <p class="small muted">
                        "Colleagues and clients can compare these numbers with what their page shows."
                    </p>
                    <Fingerprint digits=fingerprint/>
                </div>
            })}
            <p class="small muted">"Made on " {clock::day(clock::now())} "."</p>
        </article>
    }
    .into_any()
}

/// Two words read back: a sheet that did not come out of the printer is noticed now.
#[component]
fn ReadBack(sheet: KeptSheet, covered: RwSignal<bool>, on_done: Callback<()>) -> impl IntoView {
    let asked = asked();
    let typed = asked.map(|_| RwSignal::new(String::new()));
    let wrong = asked.map(|_| RwSignal::new(None::<String>));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let mut good = true;
        for ((at, typed), wrong) in asked.into_iter().zip(typed).zip(wrong) {
            let fits = typed.with_untracked(|typed| is_word(sheet, at, typed));
            wrong.set((!fits).then(|| format!("This is not word {} of your sheet", at + 1)));
            good &= fits;
        }
        if good {
            sheet.set_value(None);
            on_done.run(());
        }
    };
    let fields = asked
        .into_iter()
        .zip(typed)
        .zip(wrong)
        .map(|((at, typed), wrong)| {
            view! {
                <TextField
                    id=format!("word-{}", at + 1)
                    label=format!("Word {}", at + 1)
                    line=Line::Code
                    value=typed
                    on_input=move |text| typed.set(text)
                    error=wrong
                />
            }
        })
        .collect_view();
    view! {
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <p>"Please read two words back from the paper, so that we both know it is readable."</p>
            <div class="cols-2">{fields}</div>
            <div class="actions">
                <Button kind=Kind::Primary submit=true after="arrow-right">"Continue"</Button>
                <Button kind=Kind::Quiet on_press=move |()| covered.set(false)>"Show the sheet again"</Button>
            </div>
        </form>
    }
    .into_any()
}
