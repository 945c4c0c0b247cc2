//! Inviting a colleague: to which post, and the link that is shown once.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::enrol::{Placing, Post};

use super::posts::{ChoosePost, Chosen};
use super::ring::ring;
use super::step_up::act;
use crate::desk::gate::ActFailed;
use crate::platform::page;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::copy_box::CopyBox;
use crate::ui::notice::{Notice, Tone};

/// Makes a link by which a colleague joins.
fn invite(
    what: impl Fn() -> Option<Placing> + Copy + Send + Sync + 'static,
    link: RwSignal<Option<String>>,
    failed: RwSignal<Option<ClientError>>,
) -> Callback<()> {
    act(RwSignal::new(false), failed, move || async move {
        let placing = untrack(what).ok_or(ClientError::Unfit)?;
        let path = portal().invite_staff(&*ring()?, placing, 7).await?;
        let _ = link.try_set(Some([page::origin(), path].concat()));
        Ok(())
    })
}

/// A row of the first run: whom it is for, and their link once it is made.
#[component]
pub fn StaffLink(post: Post) -> impl IntoView {
    let link = RwSignal::new(None::<String>);
    let failed = RwSignal::new(None::<ClientError>);
    let (who, what, action, label) = match post {
        Post::Lawyer => (
            "A lawyer",
            "Can stand in for you: opens the matters they are let into, invites clients.",
            "Make the lawyer’s link",
            "Link for the lawyer",
        ),
        _ => (
            "An administrator",
            "Looks after people and the journal, and can open no matter at all.",
            "Make the administrator’s link",
            "Link for the administrator",
        ),
    };
    let make = invite(move || Some(Placing::of(post)), link, failed);
    view! {
        <div class="invite-row">
            <p><strong class="block">{who}</strong><span class="muted">{what}</span></p>
            {move || match link.get() {
                Some(text) => {
                    view! { <CopyBox id=label.replace(' ', "-") label text/> }.into_any()
                }
                None => view! { <div><Button on_press=make>{action}</Button></div> }.into_any(),
            }}
            <ActFailed failed/>
        </div>
    }
    .into_any()
}

/// Making a colleague's link, shown once.
#[component]
pub fn Invite(officer: bool) -> impl IntoView {
    let chosen = Chosen::new(Post::Lawyer);
    let link = RwSignal::new(None::<String>);
    let failed = RwSignal::new(None::<ClientError>);
    let posts: Vec<Post> =
        Post::ALL.into_iter().filter(|post| officer || *post != Post::Officer).collect();
    let open = Signal::derive(move || chosen.placing().is_none());
    let make = invite(move || chosen.placing(), link, failed);
    view! {
        <div class="stack stack-6">
            {move || match link.get() {
                Some(text) => view! {
                    <Notice tone=Tone::Warn>
                        "The link is shown once and works for seven days. Whoever has it can make \
                         an account; you still admit the person afterwards."
                    </Notice>
                    <CopyBox id="staff-link" label="Link for your colleague" text/>
                }
                .into_any(),
                None => view! {
                    <ChoosePost id="post" label="What will they do?" posts=posts.clone() chosen/>
                    <Button kind=Kind::Primary disabled=open on_press=make>"Make the link"</Button>
                }
                .into_any(),
            }}
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
