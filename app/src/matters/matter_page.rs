//! One matter: its header, and the tabs Answers, Documents and Access.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::matters::{MatterView, SubmissionState};
use shared::ids::MatterId;

use super::access_tab::AccessTab;
use super::export::Export;
use super::invite::InviteClient;
use super::submission::{Decide, Submission};
use super::words::{decision_tag, documents, label};
use crate::app::portal;
use crate::desk::load::Loaded;
use crate::desk::shelf::{Shelf, undecided};
use crate::documents::tab::DocumentsTab;
use crate::keys::ring::ring;
use crate::platform::clock;
use crate::routes::{MatterTab, Page};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::empty::Empty;
use crate::ui::icon::Mark;
use crate::ui::tabs::{Tab, Tabs};

/// The page.
#[component]
pub fn MatterPage(matter: MatterId, tab: MatterTab) -> impl IntoView {
    let view = Loaded::begin(move || async move { portal().matter(&*ring()?, matter).await });
    let inviting = RwSignal::new(false);
    let exporting = RwSignal::new(false);
    view! {
        <div class="page">
            {view.draw("Reading and verifying the matter", move |found| {
                let body = match tab {
                    MatterTab::Answers => view! { <AnswersTab view=Arc::clone(&found) again=view inviting/> }.into_any(),
                    MatterTab::Documents => view! { <DocumentsTab view=Arc::clone(&found)/> }.into_any(),
                    MatterTab::Access => view! { <AccessTab view=Arc::clone(&found)/> }.into_any(),
                };
                view! { {head(&found, tab, inviting, exporting)} {body} }.into_any()
            })}
            <Dialog id="invite" title="Send a link to your client" open=inviting>
                <InviteClient matter on_made=move |()| view.again()/>
            </Dialog>
            <Dialog id="export" title="Export this matter" open=exporting>
                <Export matter/>
            </Dialog>
        </div>
    }
    .into_any()
}

fn head(view: &MatterView, tab: MatterTab, inviting: RwSignal<bool>, exporting: RwSignal<bool>) -> AnyView {
    let matter = view.matter;
    let one = |tab_of, name: &str, count| Tab {
        to: Page::Matter(matter, tab_of),
        name: name.to_owned(),
        count,
        here: tab_of == tab,
    };
    let tabs = vec![
        one(MatterTab::Answers, "Answers", Some(view.submissions.len())),
        one(MatterTab::Documents, "Documents", Some(view.documents.len())),
        one(MatterTab::Access, "Access", None),
    ];
    let people = view.seats.iter().filter(|seat| seat.account.is_some()).count();
    let access = if people == 1 { "Only you have access".to_owned() } else { format!("{people} people have access") };
    let description = &view.description;
    view! {
        <header class="stack stack-2 matter-head">
            <div class="row row-between row-top">
                <Heading text=description.title.clone()/>
                <div class="row no-print">
                    <Button icon="link" on_press=move |()| inviting.set(true)>"Send a link"</Button>
                    <Button icon="download" on_press=move |()| exporting.set(true)>"Export"</Button>
                </div>
            </div>
            <p class="row muted">
                <strong class="ink">{description.client.clone()}</strong>
                <span>{description.practice.clone()}</span>
                <span class="tag">{label(description.label)}</span>
                <span>{access}</span>
            </p>
        </header>
        <Tabs name="Parts of this matter" tabs/>
    }
    .into_any()
}

#[component]
fn AnswersTab(view: Arc<MatterView>, again: Loaded<MatterView>, inviting: RwSignal<bool>) -> impl IntoView {
    if view.submissions.is_empty() {
        let text = if view.invited {
            "The link was sent. Your client's answers appear here as soon as they send them."
        } else {
            "Send your client a link; the answers appear here, sealed until you open them."
        };
        return view! {
            <Empty art="art-form" text>
                <Button on_press=move |()| inviting.set(true)>"Send a link"</Button>
            </Empty>
        }
        .into_any();
    }
    let matter = view.matter;
    let newest = view.submissions.len() - 1;
    let rows = view
        .submissions
        .iter()
        .enumerate()
        .rev()
        .map(|(at, one)| submission(matter, one, at == newest, again))
        .collect_view();
    view! { <div class="stack stack-12">{rows}</div> }.into_any()
}

fn submission(matter: MatterId, one: &SubmissionState, newest: bool, again: Loaded<MatterView>) -> AnyView {
    let shelf = Shelf::here();
    let id = one.submission;
    let open = RwSignal::new(false);
    let done = move |()| {
        again.again();
        shelf.0.again();
    };
    let snapshot = SubmissionState {
        submission: id,
        arrived: one.arrived,
        decision: one.decision,
        documents: one.documents,
    };
    let kind = if newest { Kind::Primary } else { Kind::Plain };
    view! {
        <section class="stack stack-6">
            <div class="row">
                <h2>{clock::day(one.arrived)}</h2>
                {decision_tag(one.decision)}
                <span class="muted">{clock::time(one.arrived)} ", " {documents(one.documents)}</span>
            </div>
            {undecided(one).then(|| view! {
                <Decide matter state=snapshot wish=RwSignal::new(None) on_done=done/>
            })}
            {move || if open.get() {
                view! { <Submission matter submission=id/> }.into_any()
            } else {
                view! {
                    <div class="sealed">
                        <Mark name="seal-delivered"/>
                        <p>
                            <strong class="block">"Sealed by your client"</strong>
                            <span class="muted">"Opening it is noted in the journal under your name."</span>
                        </p>
                        <Button kind icon="unlock" on_press=move |()| open.set(true)>
                            "Open the answers"
                        </Button>
                    </div>
                }
                .into_any()
            }}
        </section>
    }
    .into_any()
}
