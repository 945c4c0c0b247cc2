//! Taking a colleague's access back: what it does, what it cannot undo, and what the person opened.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::invites::InviteState;
use shared::client::matters::{MatterView, Named};
use shared::client::opened::Use;
use shared::crypto::keys::Kid;
use shared::ids::ObjectId;
use shared::journal::statement::Verb;

use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::desk::shelf::Shelf;
use crate::keys::ring::ring;
use crate::keys::step_up::act;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::notice::{Notice, Tone};

/// Whose access.
#[derive(Clone, PartialEq)]
pub struct Whose {
    /// By the person's key.
    pub kid: Kid,
    /// As the list calls them.
    pub name: String,
}

/// The dialog's content.
#[component]
pub fn TakeBack(
    view: Arc<MatterView>,
    whose: Whose,
    #[prop(into)] on_taken: Callback<()>,
) -> impl IntoView {
    let matter = view.matter;
    let uses = Loaded::begin(move || async move { portal().uses(&*ring()?, matter).await });
    let shelf = Shelf::here();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let Whose { kid, name } = whose;
    let take = act(busy, failed, move || async move {
        portal().take_access_back(&*ring()?, matter, kid).await?;
        shelf.0.again();
        let _ = on_taken.try_run(());
        Ok(())
    });
    let link = view.invited.then(|| {
        view! {
            <p class="muted">
                "A link for your client that nobody used yet ends, as " {name.clone()}
                " may have read it. Make a new one afterwards."
            </p>
        }
    });
    let begun = view.invites.iter().filter(|one| one.state == InviteState::Used).count();
    let begun = (begun > view.submissions.len()).then(|| view! {
        <p class="muted">
            "Your client has begun and sent nothing yet. What comes by that link is still sealed to \
             the present key, which " {name.clone()} " has."
        </p>
    });
    view! {
        <div class="stack stack-6">
            <Notice tone=Tone::Warn>
                {format!(
                    "The portal shows {name} nothing of this matter any more, and the matter gets a new \
                     key that goes to everybody else. What they opened before they may have kept.",
                )}
            </Notice>
            {link}
            {begun}
            <section class="stack stack-2">
                <h3>"What they opened"</h3>
                {uses.draw("Reading what was opened", move |found| {
                    let theirs = found.iter().filter(|one| one.by == kid);
                    let lines: Vec<String> = theirs.map(|one| line(&view, one)).collect();
                    if lines.is_empty() {
                        return view! { <p class="muted">"Nothing, as far as their device noted it."</p> }
                            .into_any();
                    }
                    let lines = lines.into_iter().map(|line| view! { <li class="item">{line}</li> });
                    view! { <ul class="items">{lines.collect_view()}</ul> }.into_any()
                })}
            </section>
            <div class="actions">
                <Button kind=Kind::Danger disabled=busy on_press=take>
                    {move || if busy.get() { "Making the new key" } else { "Take access back" }}
                </Button>
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}

/// "Opened lease.pdf, Sat 21 Nov, 14:02".
fn line(view: &MatterView, what: &Use) -> String {
    let verb = match what.verb {
        Verb::Opened => "Opened",
        Verb::Downloaded => "Saved",
        Verb::Exported => "Exported",
    };
    let at = clock::short_with_time(what.arrived);
    format!(
        "{verb} {}, {at}",
        what.object.map_or_else(|| "the whole matter".to_owned(), |id| called(view, id))
    )
}

fn called(view: &MatterView, object: ObjectId) -> String {
    let seen = view.documents.iter().find(|one| one.object == object);
    match seen.map(|document| &document.named) {
        Some(Named::Opened(meta)) => meta.name.clone(),
        Some(Named::Closed) => "a document that does not verify".to_owned(),
        Some(Named::Sealed) => "a document".to_owned(),
        // Answers are an object as well, and no document.
        None => "the client’s answers".to_owned(),
    }
}
