//! Conflict walls at a matter: who must not see it.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::people::Person;
use shared::crypto::keys::{Caps, Kid, Role};
use shared::ids::MatterId;

use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::desk::watch::Turning;
use crate::keys::let_in::shown_name;
use crate::keys::ring::ring;
use crate::keys::step_up::act;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{Check, Choice, Select};
use crate::ui::notice::{Notice, Tone};

/// The section: the walls that stand, and raising one.
#[component]
pub fn Walls(
    matter: MatterId,
    may_share: bool,
    #[prop(into)] on_changed: Callback<()>,
) -> impl IntoView {
    let people = Loaded::begin(|| async { portal().people(&*ring()?).await });
    let me = ring().and_then(|ring| ring.account()).ok();
    people.draw("Reading the firm’s directory", move |found| {
        let mine = found.iter().find(|one| Some(one.account) == me);
        let lifts = [Caps::ADMIT, Caps::KEYS, Caps::POLICY];
        let may_lift = mine.is_some_and(|me| lifts.iter().any(|caps| me.caps.contains(*caps)));
        let behind = |one: &&Person| one.walls.iter().any(|wall| wall.matter == matter);
        let walled: Vec<AnyView> = found
            .iter()
            .filter(behind)
            .map(|one| row(one, matter, may_lift && Some(one.account) != me, on_changed))
            .collect();
        let free: Vec<Choice> = found
            .iter()
            .filter(|one| !behind(one) && one.role == Role::Staff && one.end.is_none())
            .filter(|one| Some(one.account) != me)
            .map(|one| Choice {
                value: one.kid.to_string(),
                label: shown_name(one),
                hint: String::new(),
            })
            .collect();
        let kids: Vec<Kid> = found.iter().map(|one| one.kid).collect();
        let none = walled.is_empty();
        view! {
            <section class="stack stack-2">
                <h2>"Conflict walls"</h2>
                {none.then(|| view! { <p class="muted">"Nobody is kept from this matter."</p> })}
                {(!none).then(|| view! { <ul class="items">{walled}</ul> })}
                {((may_share || may_lift) && !free.is_empty()).then(|| view! {
                    <details class="more">
                        <summary>"Keep somebody from this matter"</summary>
                        <Raise matter free kids on_changed/>
                    </details>
                })}
            </section>
        }
        .into_any()
    })
}

fn row(person: &Person, matter: MatterId, may_lift: bool, on_changed: Callback<()>) -> AnyView {
    let wall = person.walls.iter().find(|wall| wall.matter == matter);
    let since = wall.map(|wall| clock::short(wall.time)).unwrap_or_default();
    let (kid, name) = (person.kid, shown_name(person));
    view! {
        <li class="item">
            <span class="what"><span class="name block">{name.clone()}</span></span>
            <span class="when">"since " {since}</span>
            {may_lift.then(|| view! { <Lift kid name matter on_changed/> })}
        </li>
    }
    .into_any()
}

#[component]
fn Lift(kid: Kid, name: String, matter: MatterId, on_changed: Callback<()>) -> impl IntoView {
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let lift = act(busy, failed, move || async move {
        portal().lift_wall(&*ring()?, kid, matter).await?;
        let _ = on_changed.try_run(());
        Ok(())
    });
    view! {
        <Button kind=Kind::Quiet small=true disabled=busy on_press=lift>
            "Lift the wall" <span class="sr-only">": " {name}</span>
        </Button>
        <ActFailed failed/>
    }
    .into_any()
}

#[component]
fn Raise(
    matter: MatterId,
    free: Vec<Choice>,
    kids: Vec<Kid>,
    on_changed: Callback<()>,
) -> impl IntoView {
    let turning = Turning::here();
    let who = RwSignal::new(String::new());
    let theirs =
        Loaded::begin(move || async move { portal().of_same_client(&*ring()?, matter).await });
    let others = StoredValue::new(Vec::<MatterId>::new());
    let also = RwSignal::new(true);
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let raise = act(busy, failed, move || {
        let chosen = who.get_untracked();
        let kid = kids.iter().copied().find(|kid| kid.to_string() == chosen);
        async move {
            let mut all = vec![matter];
            if also.get_untracked() {
                all.extend(others.get_value());
            }
            portal().raise_walls(&*ring()?, kid.ok_or(ClientError::Unfit)?, &all).await?;
            turning.begin();
            let _ = on_changed.try_run(());
            Ok(())
        }
    });
    let wrong = Signal::derive(move || busy.get() || who.with(String::is_empty));
    view! {
        <div class="stack stack-6">
            <Select
                id="wall-who"
                label="Who must not see this matter?"
                blank="Choose a colleague"
                choices=free
                value=who
                on_choose=move |kid| who.set(kid)
            />
            {theirs.draw("Looking for the client’s other matters", move |found| {
                others.set_value(found.to_vec());
                (!found.is_empty()).then(|| view! { <Others count=found.len() also/> }).into_any()
            })}
            <Notice tone=Tone::Warn>
                "No device of the firm gives them a key to this matter from then on. If they sit here now, \
                 their seat ends and the matter gets a new key, and links that nobody used yet end. What they \
                 opened before they may have kept. What you open later for the same client gets the wall with it. \
                 An officer or an administrator can lift it."
            </Notice>
            <div class="actions">
                <Button kind=Kind::Danger disabled=wrong on_press=raise>
                    {move || if busy.get() { "Raising the wall" } else { "Raise the wall" }}
                </Button>
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}

/// The choice to keep somebody from the client's other matters too.
#[component]
fn Others(count: usize, also: RwSignal<bool>) -> impl IntoView {
    let label = match count {
        1 => "Also from this client’s other matter".to_owned(),
        _ => format!("Also from this client’s {count} other matters"),
    };
    view! {
        <Check
            id="wall-others"
            label
            hint="Those where you sit. Lift walls one by one."
            value=also
            on_change=move |yes| also.set(yes)
        />
    }
    .into_any()
}
