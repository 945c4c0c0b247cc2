//! One matter: its header, and the tabs Answers, Documents and Access.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::matters::{MatterView, Sender, SubmissionState};
use shared::ids::MatterId;
use shared::journal::statement::Decision;

use super::access_tab::AccessTab;
use super::export::Export;
use super::identity_tab::IdentityTab;
use super::identity_words;
use super::invite::InviteClient;
use super::submission::{Decide, Submission};
use super::waiting::Waiting;
use super::words::{called, decision_tag, documents, label, readers, short};
use crate::desk::load::Loaded;
use crate::desk::shelf::Shelf;
use crate::documents::tab::DocumentsTab;
use crate::keys::ring::ring;
use crate::net::trouble::for_staff;
use crate::platform::clock;
use crate::portal::portal;
use crate::routes::{MatterTab, Page};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::empty::Empty;
use crate::ui::icon::Mark;
use crate::ui::link::PageLink;
use crate::ui::seal::{SealMark, Sealed};
use crate::ui::tabs::{Tab, Tabs};

/// The page.
#[component]
pub fn MatterPage(matter: MatterId, tab: MatterTab) -> impl IntoView {
    let view = Loaded::begin(move || async move { portal().matter(&*ring()?, matter).await });
    let inviting = RwSignal::new(false);
    let exporting = RwSignal::new(false);
    view! {
        <div class="page">
            {move || view.failed().map(|error| failed_head(matter, &error))}
            {view.draw("Reading and verifying the matter", move |found| {
                let body = match tab {
                    MatterTab::Answers => view! { <AnswersTab view=Arc::clone(&found) inviting/> }.into_any(),
                    MatterTab::Documents => view! { <DocumentsTab view=Arc::clone(&found)/> }.into_any(),
                    MatterTab::Access => view! {
                        <AccessTab view=Arc::clone(&found) on_changed=move |()| view.again()/>
                    }
                    .into_any(),
                    MatterTab::Identity => view! {
                        <IdentityTab view=Arc::clone(&found) on_changed=move |()| view.again()/>
                    }
                    .into_any(),
                };
                view! { {head(&found, tab, inviting, exporting)} {body} }.into_any()
            })}
            <Dialog id="invite" title="Send a link to your client" open=inviting>
                <InviteClient matter on_made=move |()| view.again()/>
            </Dialog>
            <Dialog id="export" title="Export this matter" open=exporting>
                <Export matter open=exporting/>
            </Dialog>
        </div>
    }
    .into_any()
}

/// Over the panel that says why nothing of it is shown: which matter it is, and the way back. A name
/// stands there only when nothing speaks against what was read before.
fn failed_head(matter: MatterId, error: &ClientError) -> AnyView {
    let doubted = for_staff(error).broken;
    // Not followed: every look at the server would take the focus to the heading again.
    let known = untrack(|| Shelf::here().0.ready()).filter(|_| !doubted);
    let known = known.and_then(|all| {
        let about = all.iter().find(|one| one.matter == matter)?.description.as_ref().ok()?;
        Some((about.client.clone(), about.title.clone()))
    });
    let nameless = || (format!("Matter {}", short(matter)), String::new());
    let (text, title) = known.unwrap_or_else(nameless);
    view! {
        <header class="page-head">
            <div class="stack stack-2">
                <Heading text/>
                {(!title.is_empty()).then(|| view! { <p class="lede">{title}</p> })}
            </div>
            <PageLink to=Page::Matters>"All matters"</PageLink>
        </header>
    }
    .into_any()
}

fn head(
    view: &MatterView,
    tab: MatterTab,
    inviting: RwSignal<bool>,
    exporting: RwSignal<bool>,
) -> AnyView {
    let matter = view.matter;
    let one = |tab_of, name: &str, count| Tab {
        to: Page::Matter(matter, tab_of),
        name: name.to_owned(),
        count,
        here: tab_of == tab,
    };
    let known = view.documents.iter().filter(|one| one.from != Sender::Stranger).count();
    let tabs = vec![
        one(MatterTab::Answers, "Answers", Some(view.submissions.len())),
        one(MatterTab::Documents, "Documents", Some(known)),
        one(MatterTab::Access, "Access", None),
        one(MatterTab::Identity, "Identity", None),
    ];
    let called = called(matter, &view.description);
    let (client, title) = (called.client, called.title);
    let class = if called.closed { "closed" } else { "" };
    let nameless = called.closed.then(nameless);
    let marks = view.description.as_ref().ok().map(|about| {
        view! {
            <span class="tag">{label(about.label)}</span>
            <span class="muted">{about.practice.clone()}</span>
        }
    });
    view! {
        <header class="matter-head">
            <div class="row row-between row-top">
                <div class="stack stack-2">
                    <Heading text=client tail=title.clone() class/>
                    <p class="lede">{title}</p>
                </div>
                <div class="row no-print">
                    <Button icon="link" on_press=move |()| inviting.set(true)>"Send a link"</Button>
                    <Button icon="download" on_press=move |()| exporting.set(true)>"Export"</Button>
                </div>
            </div>
            <div class="row marks">
                {nameless}
                {marks}
                {seal(view)}
                {view.clients.iter().map(|one| identity_words::tag(&one.standing)).collect_view()}
            </div>
        </header>
        <Tabs name="Parts of this matter" tabs/>
    }
    .into_any()
}

/// Beside a matter whose name did not open.
fn nameless() -> AnyView {
    view! {
        <SealMark
            id="matter-name"
            state=Sealed::Fails
            words="Its name does not open"
            title="What is wrong"
        >
            <p>
                "The record that names this matter is not what a colleague sealed. Everything else \
                 shown here was verified on its own. Ask whoever opened the matter, and call the \
                 person who looks after the portal."
            </p>
        </SealMark>
    }
    .into_any()
}

/// Who can open it, in two words, and in whole on a press.
fn seal(view: &MatterView) -> AnyView {
    let names = readers(view);
    let recovery = names.len() < view.seats.len();
    let words = match (names.len(), recovery) {
        (1, true) => "Opens for you, and for the firm’s recovery key".to_owned(),
        (1, false) => "Opens only for you".to_owned(),
        (people, true) => format!("Opens for {people} people, and for the firm’s recovery key"),
        (people, false) => format!("Opens for {people} people"),
    };
    view! {
        <SealMark id="matter-seal" state=Sealed::Delivered words title="Who can open this matter">
            <p>
                "Everything in it was sealed in a browser before it was sent. The server keeps it and \
                 cannot read it. These hold a key:"
            </p>
            <ul class="plain-list">
                {names.iter().map(|name| view! { <li>{name.clone()}</li> }).collect_view()}
                {recovery.then(|| view! {
                    <li>"The firm’s recovery key, locked away for when nobody else can open the matter"</li>
                })}
            </ul>
        </SealMark>
    }
    .into_any()
}

#[component]
fn AnswersTab(view: Arc<MatterView>, inviting: RwSignal<bool>) -> impl IntoView {
    if view.submissions.is_empty() {
        let text = if view.invited {
            "The link was sent. Your client’s answers appear here as soon as they send them."
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
        .map(|(at, one)| submission(matter, one, at == newest))
        .collect_view();
    view! { <div class="stack stack-12">{rows}</div> }.into_any()
}

fn submission(matter: MatterId, one: &SubmissionState, newest: bool) -> AnyView {
    let id = one.submission;
    let open = RwSignal::new(false);
    // Said here without reading the matter anew, so that opened answers stay open.
    let decided = RwSignal::new(one.decision);
    let done = move |decision| decided.set(Some(decision));
    let wish = RwSignal::new(None);
    let kind = if newest { Kind::Primary } else { Kind::Plain };
    let standing = one.standing;
    let waits = RwSignal::new(one.waits);
    view! {
        <section class="stack stack-6">
            <div class="row">
                <h2>{clock::day(one.arrived)}</h2>
                {move || decision_tag(decided.get())}
                {identity_words::tag(&standing)}
                <span class="muted">{clock::time(one.arrived)} ", " {documents(one.documents)}</span>
            </div>
            {move || matches!(decided.get(), None | Some(Decision::AskedBack)).then(|| view! {
                <Decide matter submission=id wish on_done=done/>
            })}
            {move || if waits.get() {
                let released = move |()| waits.set(false);
                view! { <Waiting matter submission=id standing on_released=released/> }.into_any()
            } else if open.get() {
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
