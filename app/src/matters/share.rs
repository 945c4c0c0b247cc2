//! Giving a colleague access to a matter: who, what they will open, and the numbers to compare.

use std::sync::Arc;

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::matters::MatterView;
use shared::client::people::Person;
use shared::crypto::keys::{Kid, Role};
use shared::ids::{AccountId, MatterId};

use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::desk::shelf::Shelf;
use crate::keys::let_in::shown_name;
use crate::keys::ring::ring;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{Choice, RadioGroup};
use crate::ui::fingerprint::Fingerprint;
use crate::ui::notice::{Notice, Tone};

/// A lawyer to whom access can be given, or given again.
#[derive(Clone)]
struct Colleague {
    seated: bool,
    kid: Kid,
    name: Option<String>,
    label: String,
    hint: String,
    digits: String,
}

impl Colleague {
    fn of(person: &Person, seated: bool) -> Self {
        let handle = person.handle.clone().unwrap_or_default();
        Self {
            seated,
            kid: person.kid,
            label: shown_name(person),
            // A sign-in name is the server's word: it stands beside a name, never for one.
            hint: match (seated, person.name.is_some()) {
                (true, _) => {
                    "Has access. Give it again if the matter does not open for them.".to_owned()
                }
                (false, true) => handle,
                (false, false) => String::new(),
            },
            name: person.name.clone(),
            digits: person.fingerprint.clone(),
        }
    }
}

/// Whether somebody could be given the key of this matter.
fn can_hold(one: &Person, matter: MatterId) -> bool {
    let here = one.role == Role::Staff && !one.outside && one.end.is_none() && !one.over;
    let bound = one.placing.matter.is_none_or(|only| only == matter);
    here && bound && one.walls.iter().all(|wall| wall.matter != matter)
}

/// The dialog's content.
#[component]
pub fn GiveAccess(view: Arc<MatterView>, #[prop(into)] on_given: Callback<()>) -> impl IntoView {
    let people = Loaded::begin(|| async { portal().people(&*ring()?).await });
    let matter = view.matter;
    let seated: Vec<AccountId> = view.seats.iter().filter_map(|seat| seat.account).collect();
    let me = ring().and_then(|ring| ring.account()).ok();
    people.draw("Reading the firm’s directory", move |found| {
        let mut colleagues: Vec<Colleague> = found
            .iter()
            .filter(|one| can_hold(one, matter) && Some(one.account) != me)
            .map(|one| Colleague::of(one, seated.contains(&one.account)))
            .collect();
        colleagues.sort_by_key(|one| one.seated);
        let none_free = colleagues.iter().all(|one| one.seated);
        view! {
            <div class="stack stack-6">
                {none_free.then(|| view! {
                    <Notice>
                        "Every lawyer whom the firm let in can open this matter already. Administrators \
                         hold no key to matters and cannot be given one."
                    </Notice>
                })}
                {(!colleagues.is_empty()).then(|| view! { <Choose matter colleagues on_given/> })}
            </div>
        }
        .into_any()
    })
}

#[component]
fn Choose(matter: MatterId, colleagues: Vec<Colleague>, on_given: Callback<()>) -> impl IntoView {
    let chosen = RwSignal::new(String::new());
    let choices = colleagues
        .iter()
        .map(|one| Choice {
            value: one.kid.to_string(),
            label: one.label.clone(),
            hint: one.hint.clone(),
        })
        .collect();
    let picked = move || {
        colleagues.iter().find(|one| chosen.with(|kid| *kid == one.kid.to_string())).cloned()
    };
    view! {
        <div class="stack stack-6">
            <RadioGroup
                id="colleague"
                label="Who will open this matter?"
                choices
                value=chosen
                on_choose=move |kid| chosen.set(kid)
            />
            {move || picked().map(|colleague| view! { <Give matter colleague on_given/> })}
        </div>
    }
    .into_any()
}

#[component]
fn Give(matter: MatterId, colleague: Colleague, on_given: Callback<()>) -> impl IntoView {
    let shelf = Shelf::here();
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let (kid, seated) = (colleague.kid, colleague.seated);
    let give = move |()| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let done = async {
                if seated {
                    portal().give_access_again(&*ring()?, matter, kid).await
                } else {
                    portal().give_access(&*ring()?, matter, kid).await
                }
            }
            .await;
            let _ = busy.try_set(false);
            match done {
                Ok(()) => {
                    shelf.0.again();
                    let _ = on_given.try_run(());
                }
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    let named = colleague.name.as_deref();
    let again = if seated { " access again" } else { " access" };
    let action = ["Give ", named.unwrap_or("this lawyer"), again].concat();
    let who = named.unwrap_or("This lawyer").to_owned();
    view! {
        <div class="stack stack-6">
            <Notice tone=Tone::Warn>
                {format!(
                    "{} will open everything in this matter: all answers and documents, those that are \
                     here already and those to come. They can send links for it, and give others \
                     access. You can take it back later; what they opened by then they may keep.",
                    who,
                )}
            </Notice>
            <div class="stack stack-2">
                <p class="muted">
                    "The key is sealed to the keys with this fingerprint. Their own page shows the same \
                     numbers under People; compare them on the telephone when it matters."
                </p>
                <Fingerprint digits=colleague.digits/>
            </div>
            <Button kind=Kind::Primary icon="check" disabled=busy on_press=give>
                {move || if busy.get() { "Giving access".to_owned() } else { action.clone() }}
            </Button>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
