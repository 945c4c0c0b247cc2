//! Somebody leaves the firm, is suspended, or comes back: what it does, counted first, and what it cannot undo.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::before::{Affected, Before};
use shared::client::people::Person;
use shared::client::{ClientError, ended::End};
use shared::crypto::keys::Kid;
use shared::journal::statement::{EndKind, Verb};

use super::let_in::shown_name;
use super::people_page::Staff;
use super::ring::ring;
use super::step_up::act;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::desk::watch::Turning;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::field::TextField;
use crate::ui::notice::{Notice, Tone};
use crate::ui::waiting::Bar;

/// What can be said of somebody who is with the firm.
pub(super) fn actions(person: &Person, staff: Loaded<Staff>) -> AnyView {
    view! {
        {ending(person, EndKind::Suspended, staff)}
        {ending(person, EndKind::Left, staff)}
    }
    .into_any()
}

fn ending(person: &Person, kind: EndKind, staff: Loaded<Staff>) -> AnyView {
    let open = RwSignal::new(false);
    let (kid, name) = (person.kid, shown_name(person));
    let (word, title) = match kind {
        EndKind::Suspended => ("Suspend", format!("Suspend {name}")),
        EndKind::Left => ("Leaves the firm", format!("{name} leaves the firm")),
    };
    let id = format!("{}-{kid}", if kind == EndKind::Left { "leaves" } else { "suspend" });
    view! {
        <Button small=true kind=Kind::Quiet on_press=move |()| open.set(true)>{word}</Button>
        <Dialog id title open>
            <Leaving kid name=name.clone() kind staff/>
        </Dialog>
    }
    .into_any()
}

/// Those whose time with the firm ended, with a way back for whom there is one.
pub(super) fn ended(people: &[Person], may_govern: bool, staff: Loaded<Staff>) -> AnyView {
    let of = |kind: EndKind| {
        let of_kind = move |one: &&Person| one.end.as_ref().is_some_and(|end| end.kind == kind);
        people.iter().filter(of_kind).collect::<Vec<_>>()
    };
    let (suspended, left) = (of(EndKind::Suspended), of(EndKind::Left));
    let restorable = may_govern.then_some(staff);
    view! {
        {(!suspended.is_empty()).then(|| view! {
            <section class="stack stack-2">
                <h2>"Suspended"</h2>
                <ul class="items people">
                    {suspended.iter().map(|one| gone(one, restorable)).collect_view()}
                </ul>
            </section>
        })}
        {(!left.is_empty()).then(|| view! {
            <section class="stack stack-2">
                <h2>"No longer with the firm"</h2>
                <ul class="items people">
                    {left.iter().map(|one| gone(one, None)).collect_view()}
                </ul>
            </section>
        })}
    }
    .into_any()
}

fn gone(person: &Person, restorable: Option<Loaded<Staff>>) -> AnyView {
    let since = |end: &End| match end.kind {
        EndKind::Suspended => format!("Suspended since {}", clock::short(end.time)),
        EndKind::Left => format!("Left {}", clock::short(end.time)),
    };
    let detail = person.end.as_ref().map(since).unwrap_or_default();
    let (kid, name) = (person.kid, shown_name(person));
    let called = name.clone();
    view! {
        <li class="item">
            <span class="what stack stack-2">
                <span class="name serif block">{name}</span>
                <span class="detail block">{detail}</span>
            </span>
            {restorable.map(|staff| view! { <Restore kid name=called staff/> })}
        </li>
    }
    .into_any()
}

#[component]
fn Restore(kid: Kid, name: String, staff: Loaded<Staff>) -> impl IntoView {
    let open = RwSignal::new(false);
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let restore = act(busy, failed, move || async move {
        portal().restore(&*ring()?, kid).await?;
        staff.again();
        Ok(())
    });
    view! {
        <Button small=true on_press=move |()| open.set(true)>"Restore"</Button>
        <Dialog id=format!("restore-{kid}") title=format!("Restore {name}") open>
            <div class="stack stack-6">
                <p>
                    {format!(
                        "{name} can sign in again. Matters that got a new key meanwhile stay closed to \
                         them, and so may the firm’s names and forms: a lawyer who sits there gives them \
                         access again.",
                    )}
                </p>
                <div class="actions">
                    <Button kind=Kind::Primary disabled=busy on_press=restore>
                        {move || if busy.get() { "Restoring" } else { "Restore" }}
                    </Button>
                </div>
                <ActFailed failed/>
            </div>
        </Dialog>
    }
    .into_any()
}

/// The dialog's content: what hangs on the person, then the word itself, then the new keys.
#[component]
fn Leaving(kid: Kid, name: String, kind: EndKind, staff: Loaded<Staff>) -> impl IntoView {
    let before =
        Loaded::begin(move || async move { portal().before_leaving(&*ring()?, kid).await });
    let ended = RwSignal::new(false);
    // Not while the dialog is read: the list would take it off the page.
    on_cleanup(move || {
        if ended.get_untracked() {
            staff.again();
        }
    });
    move || {
        let name = name.clone();
        before.draw("Counting what hangs on them", move |found| match ended.get() {
            false => view! { <Asking kid name=name.clone() kind before=found ended/> }.into_any(),
            true => done(&name, kind, &found),
        })
    }
}

#[component]
fn Asking(
    kid: Kid,
    name: String,
    kind: EndKind,
    before: Arc<Before>,
    ended: RwSignal<bool>,
) -> impl IntoView {
    let turning = Turning::here();
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let typed = RwSignal::new(String::new());
    let stops = before.last_to_admit || (kind == EndKind::Left && before.lost() > 0);
    let asked = name.clone();
    let is_same = move || typed.with(|typed| typed.trim() == asked);
    let wrong = Signal::derive(move || stops || busy.get() || !is_same());
    let end = act(busy, failed, move || async move {
        portal().end(&*ring()?, kid, kind).await?;
        turning.begin();
        let _ = ended.try_set(true);
        Ok(())
    });
    let word = match kind {
        EndKind::Suspended => "Suspend",
        EndKind::Left => "End their time with the firm",
    };
    let happens = happens(&name, kind);
    let counted = counted(&name, &before).into_iter();
    let counted = counted.map(|line| view! { <li class="item">{line}</li> }).collect_view();
    let stop = stop(&name, kind, &before).map(|why| {
        let tone = if stops { Tone::Stop } else { Tone::Warn };
        view! { <Notice tone>{why}</Notice> }
    });
    let opened = opened(&before);
    view! {
        <div class="stack stack-6">
            <Notice tone=Tone::Warn>{happens}</Notice>
            <ul class="items">{counted}</ul>
            {stop}
            {opened}
            <TextField
                id=format!("confirm-{kid}")
                label="Type their name to confirm"
                hint=name
                value=typed
                on_input=move |text| typed.set(text)
            />
            <div class="actions">
                <Button kind=Kind::Danger disabled=wrong on_press=end>
                    {move || if busy.get() { "Signing it" } else { word }}
                </Button>
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}

fn happens(name: &str, kind: EndKind) -> String {
    let first = format!(
        "{name} is signed out everywhere at once and cannot sign in. Every matter where another lawyer sits beside \
         them gets a new key that goes to everybody else; links that nobody used end. What they opened before they may have kept."
    );
    match kind {
        EndKind::Suspended => {
            format!("{first} They can be restored, and are then given access anew.")
        }
        EndKind::Left => format!("{first} There is no way back but a new invitation."),
    }
}

/// "14 matters get a new key".
fn counted(name: &str, before: &Before) -> Vec<String> {
    let some = |count: u64, one: &str, more: &str| match count {
        0 => None,
        1 => Some(one.to_owned()),
        count => Some(format!("{count} {more}")),
    };
    let links = before.told.map_or(0, |told| told.links);
    let seen: usize = before.matters.iter().map(|one| one.links).sum();
    let told = before.told.is_some_and(|told| told.matters > 0);
    let lines = [
        Some(some(before.matters(), "1 matter gets a new key", "matters get a new key"))
            .map(|line| line.unwrap_or_else(|| "No matter needs a new key".to_owned())),
        some(
            before.alone(),
            "1 matter is left without a lawyer",
            "matters are left without a lawyer",
        ),
        some(
            links.max(seen as u64),
            "1 link to a client that nobody used yet ends",
            "links to clients that nobody used yet end",
        ),
        some(
            before.offers as u64,
            "1 invitation of a colleague by them ends",
            "invitations of colleagues by them end",
        ),
        told.then(|| {
            let of = before.matters.iter().filter(|one| one.sits).count();
            format!("You sit at {of} of these matters; the rest {name} sits at by the server’s word alone")
        }),
    ];
    lines.into_iter().flatten().collect()
}

/// Why it cannot be done, or what must be known first.
fn stop(name: &str, kind: EndKind, before: &Before) -> Option<String> {
    if before.last_to_admit {
        return Some(format!(
            "{name} is the last person who can admit people. Bring in another administrator first."
        ));
    }
    match (kind, before.lost(), before.alone()) {
        (EndKind::Left, 1.., _) => Some(format!(
            "Matters would be lost: nobody else holds a key to {}, not even the firm’s recovery key. \
             {name} must let a colleague in first. Suspending them loses nothing.",
            before.lost()
        )),
        (_, _, 1..) => Some(format!(
            "Of the matters without a lawyer only the firm’s recovery key opens anything then. Better ask \
             {name} first to let a colleague in."
        )),
        _ => None,
    }
}

fn done(name: &str, kind: EndKind, before: &Before) -> AnyView {
    let said = match kind {
        EndKind::Suspended => format!("{name} is suspended."),
        EndKind::Left => format!("{name} is no longer with the firm."),
    };
    view! {
        <div class="stack stack-6">
            <Notice tone=Tone::Good>{said}</Notice>
            {new_keys()}
            {opened(before)}
        </div>
    }
    .into_any()
}

/// How far the new keys are.
pub(super) fn new_keys() -> AnyView {
    let turning = Turning::here();
    let so_far = Memo::new(move |_| turning.so_far.get().filter(|(_, of)| *of > 0));
    let share = Signal::derive(move || {
        so_far.get().map_or(0.0, |(done, of)| done as f64 / of.max(1) as f64)
    });
    let detail = Signal::derive(move || {
        let count = |(done, of)| format!("{done} of {of} matters have their new key");
        so_far.get().map(count).unwrap_or_default()
    });
    view! {
        <Show when=move || so_far.get().is_some()>
            <div class="stack stack-2">
                <Bar name="Making new keys" share detail/>
                <p class="small muted">
                    "You can go on working. If you close the browser, the rest is done when somebody signs \
                     in next who may."
                </p>
                <div class="actions">
                    <Button small=true on_press=move |()| turning.stop()>"Do the rest later"</Button>
                </div>
            </div>
        </Show>
        <ActFailed failed=turning.failed/>
    }
    .into_any()
}

/// What they had opened, as far as the reader sits at the matters.
fn opened(before: &Before) -> AnyView {
    let lines: Vec<String> = before.matters.iter().flat_map(lines_of).collect();
    view! {
        <section class="stack stack-2">
            <h3>"What they opened"</h3>
            {if lines.is_empty() {
                view! {
                    <p class="muted">
                        "Nothing in the matters that you sit at, as far as their devices noted it."
                    </p>
                }
                .into_any()
            } else {
                let lines = lines.into_iter().map(|line| view! { <li class="item">{line}</li> });
                view! { <ul class="items">{lines.collect_view()}</ul> }.into_any()
            }}
        </section>
    }
    .into_any()
}

/// "Lease of the bakery: opened 3 times, the last time Sat 21 Nov, 14:02".
fn lines_of(matter: &Affected) -> Vec<String> {
    let title = matter.title.clone().unwrap_or_else(|| "A matter that does not open".to_owned());
    let of = |verb: Verb, word: &str| {
        let all: Vec<_> = matter.opened.iter().filter(|one| one.verb == verb).collect();
        let last = all.last()?;
        let times = if all.len() == 1 { String::new() } else { format!(" {} times", all.len()) };
        Some(format!("{title}: {word}{times}, last {}", clock::short_with_time(last.arrived)))
    };
    [
        of(Verb::Opened, "opened something"),
        of(Verb::Downloaded, "saved something"),
        of(Verb::Exported, "exported"),
    ]
    .into_iter()
    .flatten()
    .collect()
}
