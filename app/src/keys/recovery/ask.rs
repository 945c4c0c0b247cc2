//! Asking the officers, once the person who lost everything came back by a new invitation.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::people::Person;
use shared::crypto::keys::{Kid, Role};
use shared::journal::statement::EndKind;

use super::Known;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::keys::let_in::shown_name;
use crate::keys::ring::ring;
use crate::keys::step_up::act;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{Choice, RadioGroup};
use crate::ui::dialog::Dialog;
use crate::ui::fingerprint::Fingerprint;

/// The section.
pub(super) fn ask(known: &Known, page: Loaded<Known>) -> AnyView {
    let left = |one: &Person| one.end.as_ref().is_some_and(|end| end.kind == EndKind::Left);
    let lawyers = || known.people.iter().filter(|one| one.role == Role::Staff);
    let lost: Vec<(Kid, String, String)> = lawyers().filter(|one| !left(one)).map(entry).collect();
    let new: Vec<(Kid, String, String)> =
        lawyers().filter(|one| one.end.is_none()).map(entry).collect();
    let may = known.may_ask;
    view! {
        <section class="stack stack-2" aria-labelledby="ask">
            <h2 id="ask">"Somebody lost everything"</h2>
            <ol class="stack stack-2">
                <li>"Speak to them, in person or on a number you know. If a device was stolen, suspend them first."</li>
                <li>"Invite them again, under People. They make new keys on a new device, with a sign-in name of their own."</li>
                <li>"Admit them, then ask the officers here: their old access passes to the new keys."</li>
            </ol>
            {may.then(|| view! { <Ask lost new page/> })}
        </section>
    }
    .into_any()
}

fn entry(person: &Person) -> (Kid, String, String) {
    let handle = person.handle.clone().unwrap_or_default();
    (person.kid, format!("{} ({handle})", shown_name(person)), person.fingerprint.clone())
}

#[component]
fn Ask(
    lost: Vec<(Kid, String, String)>,
    new: Vec<(Kid, String, String)>,
    page: Loaded<Known>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let choices = |people: &[(Kid, String, String)]| {
        people
            .iter()
            .map(|(kid, name, _)| Choice {
                value: kid.to_string(),
                label: name.clone(),
                hint: String::new(),
            })
            .collect::<Vec<_>>()
    };
    let (of_lost, of_new) = (choices(&lost), choices(&new));
    let (old_key, new_key) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let people = StoredValue::new((lost, new));
    let digits = move || {
        let chosen = new_key.get();
        let found = |(_, new): &(Vec<_>, Vec<(Kid, String, String)>)| {
            new.iter()
                .find(|(kid, ..)| kid.to_string() == chosen)
                .map(|(.., digits)| digits.clone())
        };
        people.with_value(found)
    };
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let unfit = Signal::derive(move || {
        let (old, new) = (old_key.get(), new_key.get());
        busy.get() || old.is_empty() || new.is_empty() || old == new
    });
    let ask = act(busy, failed, move || async move {
        let (old, new) = (old_key.get_untracked(), new_key.get_untracked());
        let kid = |of: &[(Kid, String, String)], text: &str| {
            of.iter().find(|(kid, ..)| kid.to_string() == text).map(|(kid, ..)| *kid)
        };
        let chosen = people.with_value(|(lost, all)| kid(lost, &old).zip(kid(all, &new)));
        let (lost, to) = chosen.ok_or(ClientError::Missing)?;
        portal().ask_recovery(&*ring()?, lost, to).await?;
        page.again();
        Ok(())
    });
    view! {
        <div><Button icon="ask" on_press=move |()| open.set(true)>"Ask the officers"</Button></div>
        <Dialog id="ask-officers" title="Ask the officers" open>
            <div class="stack stack-6">
                <RadioGroup
                    id="lost"
                    label="Whose keys are lost?"
                    choices=of_lost.clone()
                    value=old_key
                    on_choose=move |chosen| old_key.set(chosen)
                />
                <RadioGroup
                    id="new"
                    label="Which are their new keys?"
                    choices=of_new.clone()
                    value=new_key
                    on_choose=move |chosen| new_key.set(chosen)
                />
                {move || digits().map(|digits| view! {
                    <div class="stack stack-2">
                        <p class="muted">"Compare with what their own page shows under People."</p>
                        <Fingerprint digits/>
                    </div>
                })}
                <p>
                    "Everybody in the firm is told. The old keys end when the new ones have their access. \
                     It can only be finished on this device."
                </p>
                <div class="actions">
                    <Button kind=Kind::Danger disabled=unfit on_press=ask>
                        {move || if busy.get() { "Asking" } else { "Ask the officers" }}
                    </Button>
                </div>
                <ActFailed failed/>
            </div>
        </Dialog>
    }
    .into_any()
}
