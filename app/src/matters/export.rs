//! Taking a matter out: one file that opens without the portal.

use std::sync::Arc;

use futures::future::{AbortHandle, abortable};
use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::matters::MatterView;
use shared::client::zip::ExportSink;
use shared::ids::MatterId;
use shared::secret::Secret;

use super::words::{Called, called, short};
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::keys::passphrase::NewPassphrase;
use crate::keys::passphrase::fields::NewPassphraseFields;
use crate::keys::ring::{Unlocked, ring};
use crate::keys::step_up::StepUp;
use crate::net::pace::{Pace, so_far};
use crate::platform::clock;
use crate::platform::file::{Parts, save};
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::notice::{Notice, Tone};
use crate::ui::waiting::Bar;

/// Bytes that are gathered before they are handed to the browser.
const PIECE: usize = 4 * 1024 * 1024;

/// Hands what is written to the browser, piece by piece.
struct BlobSink {
    parts: Parts,
    piece: Vec<u8>,
    /// How far it is, once it is known how many bytes there will be.
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

/// What the dialog holds. Cheap to copy about.
#[derive(Clone, Copy)]
struct Exporting {
    matter: MatterId,
    stage: RwSignal<Stage>,
    pace: RwSignal<Option<Pace>>,
    chosen: NewPassphrase,
    /// Ends what is under way.
    stop: StoredValue<Option<AbortHandle>>,
    unlocked: Unlocked,
    step_up: StepUp,
}

impl Exporting {
    fn begin(self) {
        let Some(passphrase) = self.chosen.chosen() else { return };
        let (matter, pace) = (self.matter, self.pace);
        pace.set(None);
        self.stage.set(Stage::Writing);
        let step_up = self.step_up;
        let (work, stop) =
            abortable(async move { step_up.done(|| write(matter, &passphrase, pace)).await });
        self.stop.set_value(Some(stop));
        leptos::task::spawn_local(async move {
            let _at_work = self.unlocked.at_work();
            let next = match work.await {
                Ok(Ok(())) => Stage::Done,
                Ok(Err(error)) => Stage::Failed(error),
                Err(_) => Stage::Asking,
            };
            if next != Stage::Asking {
                self.chosen.clear();
            }
            let _ = self.stage.try_set(next);
        });
    }

    fn stop(self) {
        if let Some(stop) = self.stop.try_update_value(Option::take).flatten() {
            stop.abort();
        }
    }
}

/// The dialog's content; whoever closes it stops what is under way.
#[component]
pub fn Export(matter: MatterId, open: RwSignal<bool>) -> impl IntoView {
    let found = Loaded::begin(move || async move { portal().matter(&*ring()?, matter).await });
    let exporting = Exporting {
        matter,
        stage: RwSignal::new(Stage::Asking),
        pace: RwSignal::new(None),
        chosen: NewPassphrase::new(),
        stop: StoredValue::new(None),
        unlocked: Unlocked::here(),
        step_up: StepUp::here(),
    };
    on_cleanup(move || exporting.stop());
    move || match exporting.stage.get() {
        Stage::Asking => found.draw("Counting what is in the matter", move |view| {
            view! { <Asking exporting view/> }.into_any()
        }),
        Stage::Writing => view! { <Writing exporting/> }.into_any(),
        Stage::Done => view! {
            <Notice tone=Tone::Good>
                {found.ready().map(|view| format!("The export is complete: {}. ", contents(&view)))}
                "It was handed to your browser’s downloads as "
                <strong class="nowrap">{file_name(matter)}</strong> "."
            </Notice>
            <div class="actions">
                <Button kind=Kind::Primary on_press=move |()| open.set(false)>"Done"</Button>
            </div>
        }
        .into_any(),
        Stage::Failed(error) => {
            let again = move |()| exporting.stage.set(Stage::Asking);
            view! { <ActFailed failed=Signal::stored(Some(error)) again/> }.into_any()
        }
    }
}

/// "2 submissions, 3 documents and 41 signed records".
fn contents(view: &MatterView) -> String {
    let counted = |count: usize, one: &str, more: &str| match count {
        1 => format!("1 {one}"),
        count => format!("{count} {more}"),
    };
    format!(
        "{}, {} and {} signed records",
        counted(view.submissions.len(), "submission", "submissions"),
        counted(view.documents.len(), "document", "documents"),
        view.statements,
    )
}

#[component]
fn Asking(exporting: Exporting, view: Arc<MatterView>) -> impl IntoView {
    let Called { client, title, .. } = called(view.matter, &view.description);
    let contents = contents(&view);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        exporting.begin();
    };
    view! {
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <p>"Export " <strong><bdi>{client}</bdi>", "<bdi>{title}</bdi></strong></p>
            <p>
                "You get one file with everything in this matter, still sealed: " {contents}
                ". It opens without this portal, on any computer, with the passphrase you choose \
                 now; a page inside says how."
            </p>
            <Notice tone=Tone::Warn>
                "Whoever has the file and the passphrase can read everything. The journal notes \
                 that you exported the matter, also when you stop halfway."
            </Notice>
            <NewPassphraseFields
                chosen=exporting.chosen
                hint="For this file only. Keep it apart from the file."
            />
            <div class="actions">
                <Button kind=Kind::Primary submit=true icon="download">"Export"</Button>
            </div>
        </form>
    }
    .into_any()
}

/// How far it is, and how long the rest takes.
#[component]
fn Writing(exporting: Exporting) -> impl IntoView {
    let pace = exporting.pace;
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
                "Your keys stay unlocked until it is complete. Closing this stops it; nothing is \
                 saved then."
            </p>
        </div>
        <div class="actions">
            <Button on_press=move |()| exporting.stop()>"Stop the export"</Button>
        </div>
    }
    .into_any()
}

async fn write(
    matter: MatterId,
    passphrase: &Secret<String>,
    pace: RwSignal<Option<Pace>>,
) -> Result<(), ClientError> {
    let mut sink = BlobSink { parts: Parts::new(), piece: Vec::new(), pace };
    portal().export(&*ring()?, matter, passphrase, &mut sink).await?;
    sink.flush();
    let blob = sink.parts.join("application/zip").ok_or(ClientError::Store)?;
    // The name says nothing about client or case: it will lie in a downloads folder.
    save(&blob, &file_name(matter));
    Ok(())
}

fn file_name(matter: MatterId) -> String {
    format!("matter-{}.zip", short(matter))
}
