//! Who the clients of a matter are: what the matter needs to know, and what was found about each.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::matters::{ClientSeen, MatterView};
use shared::client::policy::Kinds;
use shared::client::standing::State;
use shared::client::verdicts::Reason;
use shared::journal::verdict::{Need, Ways};
use shared::matters::plain::{KindV1, KindsV1};

use super::identity_check::Check;
use super::identity_need::ChangeNeed;
use super::identity_paper::{paper_words, shredding};
use super::identity_words as words;
use super::reissue::{EndKey, InviteAgain};
use crate::desk::load::Loaded;
use crate::keys::ring::ring;
use crate::portal::portal;
use crate::ui::notice::{Notice, Tone};

/// The tab.
#[component]
pub fn IdentityTab(view: Arc<MatterView>, #[prop(into)] on_changed: Callback<()>) -> impl IntoView {
    let kinds = Loaded::begin(kinds);
    let practice = view.description.as_ref().ok().map(|about| about.practice.clone());
    let show = move |kinds: Arc<KindsV1>| {
        let kind = practice.as_ref().and_then(|practice| kinds.named(practice));
        let kind = kind.cloned().map(Arc::new);
        view! { <Known view=Arc::clone(&view) kind on_changed/> }.into_any()
    };
    kinds.draw("Reading what the firm asks for", show)
}

/// The firm's kinds of matter; none where it named none, or they are closed to the reader.
pub async fn kinds() -> Result<KindsV1, ClientError> {
    let kinds = portal().policy(&*ring()?).await?.kinds;
    Ok(match kinds.map(|said| said.what) {
        Some(Kinds::Opened(kinds)) => kinds,
        Some(Kinds::Closed) | None => KindsV1::default(),
    })
}

#[component]
fn Known(
    view: Arc<MatterView>,
    kind: Option<Arc<KindV1>>,
    on_changed: Callback<()>,
) -> impl IntoView {
    let clients = view.clients.iter().map(|one| client(one, &view, kind.as_ref(), on_changed));
    let clients = clients.collect_view();
    let less = match &view.less {
        Reason::None => None,
        Reason::Closed => Some("Why it needs less than it did does not open.".to_owned()),
        Reason::Opened(text) => Some(format!("It needs less than it did: {text}")),
    };
    // Where somebody said why less is enough, the firm's policy is answered.
    let unreasoned = view.less == Reason::None;
    let short = kind.as_ref().map(|kind| kind.need.clone()).filter(|asked| {
        let now = view.need.clone().unwrap_or(Need::NOTHING);
        unreasoned && !now.is_at_least(asked)
    });
    view! {
        <div class="stack stack-12 page-narrow">
            <section class="stack stack-2">
                <h2>"What this matter needs"</h2>
                <p>{words::need(view.need.as_ref())}</p>
                {less.map(|less| view! { <p><bdi>{less}</bdi></p> })}
                {short.map(|asked| view! {
                    <Notice tone=Tone::Warn>
                        "The firm’s policy asks for more of matters of this kind. "
                        {words::need(Some(&asked))}
                    </Notice>
                })}
                {view.may_judge.then(|| view! {
                    <details class="more">
                        <summary>"Change what it needs"</summary>
                        <ChangeNeed matter=view.matter now=view.need.clone() on_changed/>
                    </details>
                })}
            </section>
            <section class="stack stack-6">
                <h2>"Who came by your links"</h2>
                {if view.clients.is_empty() {
                    view! { <p class="muted">"Nobody used a link yet."</p> }.into_any()
                } else {
                    clients.into_any()
                }}
                {shredding(&view)}
            </section>
            <Notice>
                "A verdict is signed in your name, with the day, and bound to the key that the client’s \
                 browser made. Every colleague with access sees it beside what the client sends."
            </Notice>
        </div>
    }
    .into_any()
}

fn client(
    one: &ClientSeen,
    view: &Arc<MatterView>,
    kind: Option<&Arc<KindV1>>,
    on_changed: Callback<()>,
) -> AnyView {
    let detail = words::detail(&one.standing, one.by.as_deref());
    let reason = match &one.reason {
        Reason::None => None,
        Reason::Closed => Some("The reason that was noted does not open.".to_owned()),
        Reason::Opened(text) => Some(format!("Noted: {text}")),
    };
    let ended = one.standing.state == State::Ended;
    let known = one.genuine && one.level.is_some() && !ended;
    // What is over is to be found anew.
    let over = one.standing.state == State::Expired;
    let found =
        if over { (Ways::NONE, None, None) } else { (one.standing.ways, one.paper, one.of) };
    view! {
        <article class="stack stack-4">
            <div class="row">
                <h3>"A browser with your link"</h3>
                {words::tag(&one.standing)}
            </div>
            {(!detail.is_empty()).then(|| view! { <p class="muted">{detail}</p> })}
            {one.of.map(|of| {
                let paper = format!("The paper was {}.", paper_words(of));
                view! { <p class="muted">{paper}</p> }
            })}
            {reason.map(|reason| view! { <p><bdi>{reason}</bdi></p> })}
            <details class="more small">
                <summary>"Fingerprint of its key"</summary>
                <p class="fingerprint-line">{one.kid.to_string()}</p>
            </details>
            {(view.may_judge && known).then(|| view! {
                <Check view=Arc::clone(view) client=one.kid known=found kind=kind.cloned() on_changed/>
            })}
            {view.may_judge.then(|| if ended {
                view! { <InviteAgain matter=view.matter/> }.into_any()
            } else {
                view! { <EndKey matter=view.matter client=one.kid on_changed/> }.into_any()
            })}
        </article>
    }
    .into_any()
}
