//! Recovery (screen 14): the shares drawn as seats, who holds which, when each was looked at last, and the
//! ceremonies by which officers bring back what somebody lost.

mod ask;
pub mod copy;
mod make;
mod seats;
mod session;
pub mod sheets;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::people::Person;
use shared::client::recovery::view::{Named, RecoveryView, Stage};
use shared::crypto::keys::{Caps, Role};

use super::ring::ring;
use crate::desk::load::Loaded;
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::notice::{Notice, Tone};

/// What the page is drawn from.
pub(super) struct Known {
    view: RecoveryView,
    /// Everybody whose time with the firm did not end, and those whose did.
    people: Vec<Person>,
    /// Whether the reader is a lawyer who may share matters, and so may ask.
    may_ask: bool,
    /// Whether the reader speaks for the firm: of those, the founder's account keeps its keys.
    may_make: bool,
    me: Option<Person>,
}

async fn read() -> Result<Known, ClientError> {
    let ring = ring()?;
    let view = portal().recovery(&ring).await?;
    let mut people = portal().people(&ring).await?;
    let account = ring.account()?;
    let at = people.iter().position(|one| one.account == account);
    let me = at.map(|at| people.swap_remove(at));
    let lawyer =
        |caps| me.as_ref().is_some_and(|me| me.role == Role::Staff && me.caps.contains(caps));
    let (may_ask, may_make) = (lawyer(Caps::GRANT), lawyer(Caps::POLICY));
    Ok(Known { view, people, may_ask, may_make, me })
}

/// The page.
#[component]
pub fn RecoveryPage() -> impl IntoView {
    let known = Loaded::begin(read);
    let copy_gone: copy::Said = RwSignal::new(None);
    view! {
        <div class="page">
            // On paper there are the sheets alone.
            <header class="page-head no-print"><Heading text="Recovery"/></header>
            {known.draw("Reading who holds a share", move |found| view! {
                <div class="stack stack-12">
                    <div class="stack stack-12 no-print">
                        <p class="muted">
                            "If somebody loses every device and their recovery words, officers of the firm \
                             bring back what that person could open. It takes several of them together, and \
                             a day in which anybody can object. Whoever runs the server can do none of it."
                        </p>
                        {session::all(&found, known)}
                        {seats::all(&found, known)}
                        {found.view.threshold.is_some().then(|| ask::ask(&found, known))}
                    </div>
                    {found.may_make.then(|| make::make(&found, known))}
                    {found.may_make.then(|| copy::forget(&found, copy_gone))}
                </div>
            }.into_any())}
        </div>
    }
    .into_any()
}

/// What everybody is told: that a recovery goes on, or that the reader's share is due.
#[component]
pub fn RecoveryNews() -> impl IntoView {
    let view = Loaded::begin(|| async move { portal().recovery(&*ring()?).await });
    (move || {
        let view = view.ready()?;
        let goes_on = view.sessions.iter().find(|one| {
            matches!(one.stage, Stage::Asking | Stage::Waiting(_) | Stage::Ready)
        });
        if let Some(one) = goes_on {
            let lost = called(&one.lost);
            let told = match one.by_sheets {
                true => format!(
                    "Somebody brought the firm’s sheets to come back as {lost} with new keys. If that is not right, object now."
                ),
                false => format!(
                    "{} asked the officers to bring back what {lost} could open. If that is not right, object now.",
                    called(&one.by)
                ),
            };
            return Some(news(told));
        }
        let due = view.seats.iter().any(|seat| seat.mine && seat.due);
        due.then(|| news("Your share of the recovery key was not looked at for three months.".to_owned()))
    })
    .into_any()
}

fn news(told: String) -> AnyView {
    view! {
        <Notice tone=Tone::Warn>
            <p>{told}</p>
            <p>
                <crate::ui::link::PageLink to=crate::routes::Page::Recovery>
                    "Go to Recovery"
                </crate::ui::link::PageLink>
            </p>
        </Notice>
    }
    .into_any()
}

/// How somebody is called.
fn called(named: &Named) -> String {
    named.name.clone().unwrap_or_else(|| "a colleague whose name does not open for you".to_owned())
}
