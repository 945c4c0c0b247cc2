//! Shares on paper: printed once, and typed back.

use leptos::prelude::*;
use shared::client::recovery::shares::Sheet;
use shared::crypto::shares::{BadSheet, Share};
use shared::secret::Secret;

use crate::keys::ring::ring;
use crate::platform::page::{self, Stay};
use crate::platform::{clock, print};
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::field::TextArea;
use crate::ui::fingerprint::Fingerprint;

/// Where sheets are kept while they are shown: never in a signal.
pub type KeptSheets = StoredValue<Vec<Sheet>, LocalStorage>;

/// The sheets, once, and a way on.
#[component]
pub fn PrintSheets(sheets: KeptSheets, #[prop(into)] on_done: Callback<()>) -> impl IntoView {
    // They are shown this once: nobody leaves by accident before they are on paper.
    let _stay = StoredValue::new_local(Stay::here());
    let fingerprint = ring().and_then(|ring| ring.fingerprint()).unwrap_or_default();
    let papers = sheets.with_value(|sheets| {
        sheets.iter().map(|sheet| paper(sheet, fingerprint.clone())).collect_view()
    });
    let done = move |()| {
        sheets.set_value(Vec::new());
        on_done.run(());
    };
    view! {
        <div class="stack stack-6">
            <p class="no-print">
                "Print these now. Once you say that you have them on paper, nobody can show them again. Keep each in \
                 another place, with somebody or in a safe; whoever has enough of them has the firm’s keys."
            </p>
            {papers}
            <div class="actions no-print">
                <Button icon="print" on_press=|()| print::print()>"Print the sheets"</Button>
                <Button kind=Kind::Primary after="arrow-right" on_press=done>"I have them on paper"</Button>
            </div>
        </div>
    }
    .into_any()
}

fn paper(sheet: &Sheet, fingerprint: String) -> AnyView {
    // EXPOSE: shown to whoever keeps the paper, once, to be printed.
    let text = sheet.text.expose().clone();
    view! {
        <article class="sheet share stack stack-4">
            <h2>{format!("Share {} of the firm’s recovery key", sheet.number)}</h2>
            <p>
                "Alone it opens nothing. Keep it apart from the other shares. Every three months it is typed \
                 at " <strong>{page::origin()}</strong> ", under Recovery, to see that it can still be read."
            </p>
            <Fingerprint digits=text/>
            <p class="small muted">"The firm’s fingerprint:"</p>
            <Fingerprint digits=fingerprint/>
            <p class="small muted">"Made on " {clock::day(clock::now())} "."</p>
        </article>
    }
    .into_any()
}

/// A sheet that is being typed.
#[derive(Clone, Copy)]
pub struct TypedSheet {
    text: RwSignal<String>,
    wrong: RwSignal<Option<String>>,
}

impl TypedSheet {
    /// Nothing typed yet.
    #[must_use]
    pub fn new() -> Self {
        Self { text: RwSignal::new(String::new()), wrong: RwSignal::new(None) }
    }

    /// What was typed, when it reads; otherwise why not is said beside the field.
    #[must_use]
    pub fn read(self) -> Option<Share> {
        let typed = Secret::new(self.text.get_untracked());
        let read = ring().and_then(|ring| portal().read_sheet(&ring, &typed)).ok()?;
        match read {
            Ok(share) => {
                self.wrong.set(None);
                Some(share)
            }
            Err(bad) => {
                self.wrong.set(Some(said(bad)));
                None
            }
        }
    }

    /// Takes what was typed off the page.
    pub fn forget(self) {
        self.text.set(String::new());
    }

    /// Whether nothing was typed.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.text.with(|text| text.trim().is_empty())
    }
}

pub(in crate::keys) fn said(bad: BadSheet) -> String {
    match bad {
        BadSheet::Count(0) => "Type the sixteen groups of the sheet".to_owned(),
        BadSheet::Count(count) => {
            format!("A sheet has 80 letters and numbers; these are {count}")
        }
        BadSheet::Group(group) => format!("Group {group} is misread: look at it again"),
        BadSheet::Whole => "These groups are not of one sheet".to_owned(),
        BadSheet::Firm => "This is another firm’s sheet".to_owned(),
    }
}

impl Default for TypedSheet {
    fn default() -> Self {
        Self::new()
    }
}

/// The field for it.
#[component]
pub fn TypeSheet(#[prop(into)] id: String, typed: TypedSheet) -> impl IntoView {
    view! {
        <TextArea
            id
            label="What is on the sheet"
            hint="Sixteen groups of five. Capitals and spaces do not matter."
            value=typed.text
            on_input=move |text| typed.text.set(text)
            error=typed.wrong
        />
    }
    .into_any()
}
