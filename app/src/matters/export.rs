//! Taking a matter out: one file that opens without the portal.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::zip::ExportSink;
use shared::ids::MatterId;
use shared::secret::Secret;

use crate::keys::passphrase::{NewPassphrase, NewPassphraseFields};
use crate::keys::ring::{Unlocked, ring};
use crate::net::pace::{Pace, size, so_far};
use crate::net::trouble::for_staff;
use crate::platform::clock;
use crate::platform::file::{Parts, save};
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::notice::{Notice, Tone};
use crate::ui::trouble::TroublePanel;
use crate::ui::waiting::Bar;

/// Bytes that are gathered before they are handed to the browser.
const PIECE: usize = 4 * 1024 * 1024;

/// Hands what is written to the browser, piece by piece.
struct BlobSink {
    parts: Parts,
    piece: Vec<u8>,
    /// Bytes written; and once it is known how many there will be, how far that is.
    written: RwSignal<u64>,
    pace: RwSignal<Option<Pace>>,
}

impl BlobSink {
    fn flush(&mut self) {
        if !self.piece.is_empty() {
            self.parts.add(&self.piece);
            self.piece.clear();
        }
    }
}

impl ExportSink for BlobSink {
    fn expect(&mut self, bytes: u64) {
        let _ = self.pace.try_set(Some(Pace::new(bytes, 0, clock::now())));
    }

    async fn write(&mut self, bytes: &[u8]) -> Result<(), ClientError> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush();
        }
        let more = bytes.len() as u64;
        let _ = self.written.try_update(|written| *written += more);
        let _ = self.pace.try_update(|pace| {
            if let Some(pace) = pace {
                pace.arrived(more, clock::now());
            }
        });
        Ok(())
    }
}

#[derive(Clone, PartialEq)]
enum Stage {
    Asking,
    Writing,
    Done,
    Failed(ClientError),
}

/// The dialog's content.
#[component]
pub fn Export(matter: MatterId) -> impl IntoView {
    let stage = RwSignal::new(Stage::Asking);
    let written = RwSignal::new(0_u64);
    let pace = RwSignal::new(None);
    let unlocked = Unlocked::here();
    let chosen = NewPassphrase::new();
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(passphrase) = chosen.chosen() else { return };
        stage.set(Stage::Writing);
        leptos::task::spawn_local(async move {
            let _at_work = unlocked.at_work();
            let done = match write(matter, &passphrase, written, pace).await {
                Ok(()) => Stage::Done,
                Err(error) => Stage::Failed(error),
            };
            chosen.clear();
            let _ = stage.try_set(done);
        });
    };
    move || {
        match stage.get() {
        Stage::Asking => view! {
            <form class="stack stack-6" novalidate=true on:submit=submit>
                <p>
                    "You get one file with every document, answer and signed record of this matter, \
                     still sealed. It opens with the free program age and the passphrase you choose \
                     now; the file says how."
                </p>
                <Notice tone=Tone::Warn>
                    "Whoever has the file and the passphrase can read everything. The journal notes \
                     that you exported the matter."
                </Notice>
                <NewPassphraseFields
                    chosen
                    hint="For this file only. Keep it apart from the file."
                />
                <div class="actions">
                    <Button kind=Kind::Primary submit=true icon="download">"Export"</Button>
                </div>
            </form>
        }
        .into_any(),
        Stage::Writing => view! { <Writing pace/> }.into_any(),
        Stage::Done => view! {
            <Notice tone=Tone::Good>
                "The export is complete and was handed to your browser's downloads: "
                {move || size(written.get())} "."
            </Notice>
        }
        .into_any(),
        Stage::Failed(error) => {
            view! { <TroublePanel trouble=for_staff(&error)/> }.into_any()
        }
    }
    }
}

/// How far it is, and how long the rest takes.
#[component]
fn Writing(pace: RwSignal<Option<Pace>>) -> impl IntoView {
    let known = Memo::new(move |_| pace.with(Option::is_some));
    let share = Signal::derive(move || pace.with(|pace| pace.as_ref().map_or(0.0, Pace::share)));
    let detail =
        Signal::derive(move || pace.with(|pace| pace.as_ref().map(so_far).unwrap_or_default()));
    view! {
        <div class="stack">
            <p role="status">
                {move || if known.get() { "Writing the export." } else { "Reading and verifying the matter." }}
            </p>
            <Show when=move || known.get()>
                <Bar name="Writing the export" share detail/>
            </Show>
            <p class="muted small">
                "Your keys stay unlocked until it is complete. Keep this page open."
            </p>
        </div>
    }
    .into_any()
}

async fn write(
    matter: MatterId,
    passphrase: &Secret<String>,
    written: RwSignal<u64>,
    pace: RwSignal<Option<Pace>>,
) -> Result<(), ClientError> {
    let mut sink = BlobSink { parts: Parts::new(), piece: Vec::new(), written, pace };
    portal().export(&*ring()?, matter, passphrase, &mut sink).await?;
    sink.flush();
    let blob = sink.parts.join("application/zip").ok_or(ClientError::Store)?;
    // The name says nothing about client or case: it will lie in a downloads folder.
    save(&blob, &format!("matter-{}.zip", short(matter)));
    Ok(())
}

fn short(matter: MatterId) -> String {
    matter.to_string().chars().take(8).collect()
}
