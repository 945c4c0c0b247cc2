//! The copy of the firm's keys in the founder's account: it goes once enough shares were looked at, and new shares
//! are cut by those that are in hand.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::recovery::shares::{ShareFor, Sheet};

use super::Known;
use super::sheets::{TypeSheet, TypedSheet};
use crate::desk::gate::ActFailed;
use crate::keys::ring::ring;
use crate::keys::step_up::act;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{CheckGroup, Choice};
use crate::ui::notice::{Notice, Tone};

/// Sheets that are typed where the account keeps no copy.
#[derive(Clone, Copy)]
pub struct InHand {
    wanted: RwSignal<bool>,
    /// Whether the firm's root is made anew, too.
    root: RwSignal<bool>,
    sheets: RwSignal<Vec<TypedSheet>>,
}

impl InHand {
    /// None yet.
    pub(super) fn new() -> Self {
        let (wanted, root) = (RwSignal::new(false), RwSignal::new(false));
        Self { wanted, root, sheets: RwSignal::new(vec![TypedSheet::new()]) }
    }

    /// Cuts by the account's copy; where there is none, by what was typed and the reader's own share. `None`
    /// when something is to be typed first, which the page then says. A new root is always made by what is in hand:
    /// a copy is what it makes worthless.
    pub(super) async fn cut(
        self,
        threshold: u8,
        seats: &[ShareFor],
    ) -> Result<Option<Vec<Sheet>>, ClientError> {
        let (ring, root) = (ring()?, self.root.get_untracked());
        if !self.wanted.get_untracked() {
            if root {
                self.wanted.set(true);
                return Ok(None);
            }
            match portal().name_shares(&ring, threshold, seats).await {
                Err(ClientError::Missing) => {
                    self.wanted.set(true);
                    return Ok(None);
                }
                other => return other.map(Some),
            }
        }
        let typed = self.sheets.get_untracked();
        let typed = typed.into_iter().filter(|one| !one.is_empty());
        let read: Option<Vec<_>> = typed.map(TypedSheet::read).collect();
        let Some(shares) = read else { return Ok(None) };
        let made = match root {
            true => portal().make_root_anew(&ring, shares, threshold, seats).await?,
            false => portal().name_shares_by(&ring, shares, threshold, seats).await?,
        };
        self.sheets.with_untracked(|all| all.iter().for_each(|one| one.forget()));
        Ok(Some(made))
    }
}

/// The fields, where they are wanted.
#[component]
pub(super) fn TypeInHand(hand: InHand) -> impl IntoView {
    let rows = move || {
        let row =
            |(at, typed): (usize, TypedSheet)| view! { <TypeSheet id=format!("hand-{at}") typed/> };
        hand.sheets.get().into_iter().enumerate().map(row).collect_view()
    };
    view! {
        <Show when=move || hand.wanted.get()>
            <div class="stack stack-4">
                <Notice>
                    {move || match hand.root.get() {
                        true => "",
                        false => "Your account keeps no copy of the firm’s keys. ",
                    }}
                    "Type sheets of the shares that count now; your own share is added by itself."
                </Notice>
                {rows}
                <div>
                    <Button small=true on_press=move |()| hand.sheets.update(|all| all.push(TypedSheet::new()))>
                        "One more sheet"
                    </Button>
                </div>
            </div>
        </Show>
    }
    .into_any()
}

/// The choice of a new root, where there are shares that can make it.
#[component]
pub(super) fn NewRoot(hand: InHand) -> impl IntoView {
    let chosen = RwSignal::new(Vec::<String>::new());
    let choices = vec![Choice {
        value: "root".to_owned(),
        label: "Replace the firm’s own signature key, too".to_owned(),
        hint: "Do so when somebody may have kept a copy of it: what that copy signs counts for nothing from then on. \
               A quorum of the shares does it; matters, people and links stay as they are."
            .to_owned(),
    }];
    let choose = move |now: Vec<String>| {
        hand.root.set(!now.is_empty());
        chosen.set(now);
    };
    view! { <CheckGroup id="new-root" label="The firm’s signature" choices values=chosen on_change=choose/> }.into_any()
}

/// What was said of the copy. The page keeps it: what is drawn below is drawn anew with every reading.
pub(super) type Said = RwSignal<Option<&'static str>>;

/// The section that takes the copy away.
pub(super) fn forget(known: &Known, done: Said) -> AnyView {
    let left = known.view.to_forget;
    known.view.threshold.map(|_| view! { <Forget left done/> }).into_any()
}

#[component]
fn Forget(left: usize, done: Said) -> impl IntoView {
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let forget = act(busy, failed, move || async move {
        let said = match portal().forget_firm_keys(&*ring()?).await {
            Ok(()) => {
                "The copy is gone from your account. Only a quorum of shares opens the firm’s keys now."
            }
            Err(ClientError::Missing) => "Your account keeps no copy.",
            Err(other) => return Err(other),
        };
        let _ = done.try_set(Some(said));
        Ok(())
    });
    view! {
        <section class="stack stack-4 no-print" aria-labelledby="copy">
            <h2 id="copy">"The founder’s copy"</h2>
            <p class="muted">
                "The founder’s account keeps a copy of the firm’s keys: whoever opens that account needs no shares. Once \
                 enough shares were looked at, it can go."
            </p>
            {(left > 0).then(|| view! {
                <Notice>{format!("{left} more of the newest shares must be looked at first, the sheets by you.")}</Notice>
            })}
            <div role="status">
                {move || done.get().map(|said| view! { <Notice tone=Tone::Good>{said}</Notice> })}
            </div>
            {(left == 0).then(|| view! {
                <div class="actions">
                    <Button kind=Kind::Danger disabled=busy on_press=forget>"Remove the copy from my account"</Button>
                </div>
            })}
            <ActFailed failed/>
        </section>
    }
    .into_any()
}
