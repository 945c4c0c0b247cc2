//! Recoveries that go on, and those that were: who gave a share, what is waited for, and what the reader can
//! do about it.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::recovery::view::{RecoverySeen, Stage};
use shared::ids::RecoveryId;

use super::sheets::{TypeSheet, TypedSheet};
use super::{Known, called};
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::keys::ring::ring;
use crate::keys::step_up::act;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{CheckGroup, Choice};
use crate::ui::dialog::Dialog;
use crate::ui::fingerprint::Fingerprint;
use crate::ui::notice::{Notice, Tone};
use crate::ui::waiting::Bar;

/// All of them, the newest first; nothing where there never was one.
pub(super) fn all(known: &Known, page: Loaded<Known>) -> AnyView {
    if known.view.sessions.is_empty() {
        return ().into_any();
    }
    let rows = known.view.sessions.iter();
    let rows = rows.map(|one| row(one, may_type(known, one), page)).collect_view();
    view! {
        <section class="stack stack-2" aria-labelledby="recoveries">
            <h2 id="recoveries">"Recoveries"</h2>
            <ul class="items">{rows}</ul>
        </section>
    }
    .into_any()
}

/// Whether the reader may give a sheet: there is one that was not given, and it is not about themselves.
fn may_type(known: &Known, one: &RecoverySeen) -> bool {
    let theirs = known.me.as_ref().is_none_or(|me| me.kid == one.lost.kid || me.kid == one.to.kid);
    let given = |number: u8| one.given.iter().any(|(given, _)| *given == number);
    let left = known.view.seats.iter().any(|seat| seat.holder.is_none() && !given(seat.number));
    known.may_ask && !theirs && left && !one.by_sheets
}

fn row(one: &RecoverySeen, may_type: bool, page: Loaded<Known>) -> AnyView {
    let title = format!("What {} could open, to their new keys", called(&one.lost));
    let when = clock::short_with_time(one.asked);
    let asked = match one.by_sheets {
        true => format!("Asked {when} with the firm’s sheets, without signing in."),
        false => format!("{} asked {when}.", called(&one.by)),
    };
    let given: Vec<String> =
        one.given.iter().map(|(number, by)| format!("Share {number} by {}", called(by))).collect();
    let given = match given.is_empty() {
        _ if one.by_sheets => "If you did not expect this, call it off.".to_owned(),
        true => format!("Of {} shares none was given yet.", one.threshold),
        false => format!("It takes {} shares. Given: {}.", one.threshold, given.join(", ")),
    };
    let goes_on = matches!(one.stage, Stage::Asking | Stage::Waiting(_) | Stage::Ready);
    view! {
        <li class="item">
            <span class="what stack stack-2">
                <span class="name serif block">{title}</span>
                <span class="detail block">{asked} " " {given}</span>
                {goes_on.then(|| acts(one, may_type, page))}
            </span>
            <span class="tag">{stage(one)}</span>
        </li>
    }
    .into_any()
}

fn stage(one: &RecoverySeen) -> String {
    match one.stage {
        Stage::Asking => "Waits for shares".to_owned(),
        Stage::Waiting(until) => format!("Waits until {}", clock::short_with_time(until)),
        Stage::Ready => "Can be finished".to_owned(),
        Stage::Passed => "Done".to_owned(),
        Stage::Over => "Called off".to_owned(),
    }
}

fn acts(one: &RecoverySeen, may_type: bool, page: Loaded<Known>) -> AnyView {
    let session = one.session;
    let code = one.code.clone();
    let asker = called(&one.by);
    let (may_hasten, may_cancel) = (one.can_hasten, one.can_cancel);
    let to_hasten = one.to_hasten;
    view! {
        {(one.mine && !one.by_sheets).then(|| view! {
            <div class="stack stack-2">
                <p class="muted">
                    "Call every officer on a number you know and read them these numbers. They give their \
                     share only when theirs are the same."
                </p>
                <Fingerprint digits=code.clone()/>
            </div>
        })}
        {(one.can_approve || may_type).then(|| view! {
            <Approve session code=one.code.clone() asker own=one.can_approve page/>
        })}
        <span class="row">
            {may_hasten.then(|| view! { <Say session what=What::Hasten(to_hasten) page/> })}
            {may_cancel.then(|| view! { <Say session what=What::Cancel page/> })}
        </span>
        {(one.mine && !one.by_sheets && one.stage == Stage::Ready).then(|| view! { <Finish session page/> })}
    }
    .into_any()
}

#[component]
fn Approve(
    session: RecoveryId,
    code: String,
    asker: String,
    /// Whether the reader has a share of their own to give.
    own: bool,
    page: Loaded<Known>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let same = RwSignal::new(Vec::<String>::new());
    let typed = TypedSheet::new();
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let unfit = Signal::derive(move || {
        busy.get() || same.with(Vec::is_empty) || (!own && typed.is_empty())
    });
    let digits = StoredValue::new(code.clone());
    let give = act(busy, failed, move || async move {
        let ring = ring()?;
        let code = digits.get_value();
        let sheet = if typed.is_empty() {
            None
        } else {
            let Some(share) = typed.read() else { return Ok(()) };
            Some(share)
        };
        portal().approve_recovery(&ring, session, &code, sheet.as_ref()).await?;
        typed.forget();
        page.again();
        Ok(())
    });
    let agrees = Choice {
        value: "same".to_owned(),
        label: "I spoke to them on a number I know, and our numbers are the same".to_owned(),
        hint: String::new(),
    };
    let (word, id) = if own { ("Give your share", "own") } else { ("Give a sheet", "sheet") };
    view! {
        <span class="row"><Button small=true on_press=move |()| open.set(true)>{word}</Button></span>
        <Dialog id=format!("approve-{id}-{session}") title=word open>
            <div class="stack stack-6">
                <p>{format!("{asker} asked for it. Let them read these numbers to you:")}</p>
                <Fingerprint digits=code.clone()/>
                <CheckGroup
                    id=format!("same-{id}-{session}")
                    label="Compared"
                    choices=vec![agrees.clone()]
                    values=same
                    on_change=move |now| same.set(now)
                />
                {(!own).then(|| view! { <TypeSheet id=format!("give-{session}") typed/> })}
                <div class="actions">
                    <Button kind=Kind::Danger disabled=unfit on_press=give>
                        {move || if busy.get() { "Giving it" } else { word }}
                    </Button>
                </div>
                <ActFailed failed/>
            </div>
        </Dialog>
    }
    .into_any()
}

/// What is said with one press.
#[derive(Clone, Copy)]
enum What {
    Hasten(usize),
    Cancel,
}

#[component]
fn Say(session: RecoveryId, what: What, page: Loaded<Known>) -> impl IntoView {
    let open = RwSignal::new(false);
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let say = act(busy, failed, move || async move {
        let ring = ring()?;
        match what {
            What::Hasten(_) => portal().hasten_recovery(&ring, session).await?,
            What::Cancel => portal().cancel_recovery(&ring, session).await?,
        }
        page.again();
        Ok(())
    });
    let (word, id, told) = match what {
        What::Hasten(left) => (
            "Agree not to wait",
            "hasten",
            format!(
                "Two officers beside those who asked and gave a share can spare the day of waiting. {left} of them are still missing."
            ),
        ),
        What::Cancel => (
            "Call it off",
            "cancel",
            "Nothing passes, and everybody sees that you called it off. It can be asked for again."
                .to_owned(),
        ),
    };
    view! {
        <Button small=true kind=Kind::Quiet on_press=move |()| open.set(true)>{word}</Button>
        <Dialog id=format!("{id}-{session}") title=word open>
            <div class="stack stack-6">
                <p>{told.clone()}</p>
                <div class="actions">
                    <Button kind=Kind::Danger disabled=busy on_press=say>{word}</Button>
                </div>
                <ActFailed failed/>
            </div>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Finish(session: RecoveryId, page: Loaded<Known>) -> impl IntoView {
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let so_far = RwSignal::new((0_usize, 0_usize));
    let closed = RwSignal::new(None::<usize>);
    let wrong = RwSignal::new(Vec::<u8>::new());
    let share = Signal::derive(move || {
        let (done, of) = so_far.get();
        done as f64 / of.max(1) as f64
    });
    let detail = Signal::derive(move || {
        let (done, of) = so_far.get();
        format!("{done} of {of} matters passed")
    });
    let finish = act(busy, failed, move || async move {
        let ring = ring()?;
        let named = portal().wrong_shares(&ring, session).await?;
        let _ = wrong.try_set(named.iter().map(|(number, _)| *number).collect());
        let tell = async |done, of| so_far.try_set((done, of)).is_none();
        let passed = portal().pass_seats(&ring, session, tell).await?;
        let _ = closed.try_set(Some(passed.left.len()));
        if passed.left.is_empty() {
            page.again();
        }
        Ok(())
    });
    view! {
        <div class="stack stack-4">
            <p>
                "The shares are put together on this device, access passes to the new keys, and what was \
                 put together is forgotten."
            </p>
            {move || wrong.with(|wrong| (!wrong.is_empty()).then(|| {
                let numbers: Vec<String> = wrong.iter().map(u8::to_string).collect();
                view! {
                    <Notice tone=Tone::Stop>
                        {format!("Share {} is not the one that the firm’s directory names. It was not used.", numbers.join(", "))}
                    </Notice>
                }
            }))}
            {move || closed.get().filter(|left| *left > 0).map(|left| view! {
                <Notice tone=Tone::Warn>
                    {format!("{left} matters did not open by the recovery key. Whoever sits there gives access.")}
                </Notice>
            })}
            <div class="actions">
                <Button kind=Kind::Danger disabled=busy on_press=finish>
                    {move || if busy.get() { "Passing the access on" } else { "Finish the recovery" }}
                </Button>
            </div>
            <Show when=move || busy.get()><Bar name="Passing the access on" share detail/></Show>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
