//! Lawyers whom an administrator admitted: a lawyer gives them the key to the firm's names and forms,
//! which an administrator does not have.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::people::Person;
use shared::crypto::keys::Kid;

use super::people_page::Staff;
use super::ring::ring;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::dialog::Dialog;
use crate::ui::fingerprint::Fingerprint;

/// The list; nothing when nobody waits outside.
pub(super) fn outside(people: &[Person], staff: Loaded<Staff>) -> AnyView {
    let rows: Vec<AnyView> =
        people.iter().filter(|person| person.outside).map(|one| row(one, staff)).collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="stack stack-2">
            <h2>"Admitted, and not let in yet"</h2>
            <p class="muted">
                "An administrator admitted these lawyers and holds no key to give. Until one of you lets \
                 them in, the firm’s names and forms stay closed to them. It opens no matter."
            </p>
            <ul class="items">{rows}</ul>
        </section>
    }
    .into_any()
}

/// The name that the firm's own room has for a person. A sign-in name comes from the server alone, so
/// it never stands where a name does: it is said to be what it is.
pub(crate) fn shown_name(person: &Person) -> String {
    person.name.clone().unwrap_or_else(|| {
        let handle = person.handle.as_deref().unwrap_or("unknown");
        ["Sign-in name ", handle, ", not confirmed: compare the fingerprint"].concat()
    })
}

/// For a lawyer who was let in and says that names and forms do not open: only their own device can
/// tell.
pub(super) fn again_in(person: &Person, staff: Loaded<Staff>) -> AnyView {
    let name = person.name.clone().unwrap_or_else(|| "This lawyer".to_owned());
    view! {
        <details class="more small">
            <summary>"Names and forms do not open for them"</summary>
            <LetIn kid=person.kid name digits=person.fingerprint.clone() staff/>
        </details>
    }
    .into_any()
}

fn row(person: &Person, staff: Loaded<Staff>) -> AnyView {
    let open = RwSignal::new(false);
    let (kid, digits) = (person.kid, person.fingerprint.clone());
    let name = shown_name(person);
    let who = person.name.clone().unwrap_or_else(|| "This lawyer".to_owned());
    let id = ["let-in-", &kid.to_string()].concat();
    let title = match &person.name {
        Some(name) => ["Let ", name, " in"].concat(),
        None => "Let this lawyer in".to_owned(),
    };
    view! {
        <li class="item">
            <span class="what"><span class="name">{name}</span></span>
            <Button small=true on_press=move |()| open.set(true)>"Let them in"</Button>
            <Dialog id title open>
                <LetIn kid name=who.clone() digits=digits.clone() staff/>
            </Dialog>
        </li>
    }
    .into_any()
}

#[component]
fn LetIn(kid: Kid, name: String, digits: String, staff: Loaded<Staff>) -> impl IntoView {
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ClientError>);
    let give = move |()| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let done = async { portal().let_in(&*ring()?, kid).await }.await;
            let _ = busy.try_set(false);
            match done {
                Ok(()) => staff.again(),
                Err(error) => drop(failed.try_set(Some(error))),
            }
        });
    };
    view! {
        <div class="stack stack-6">
            <p>
                {format!("{name} will be able to read the names of the firm’s people and its forms. No \
                          matter is opened by it.")}
            </p>
            <div class="stack stack-2">
                <p class="muted">
                    "Ask them for the fingerprint that their own page shows under People. If it differs, \
                     stop."
                </p>
                <Fingerprint digits/>
            </div>
            <Button kind=Kind::Primary icon="check" disabled=busy on_press=give>
                {move || if busy.get() { "Letting them in" } else { "It is the same: let them in" }}
            </Button>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
