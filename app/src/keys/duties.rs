//! Duties: what somebody answers for, who stands in, and what nobody answers for.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::people::Person;
use shared::client::posts::Answers;
use shared::crypto::keys::Kid;
use shared::journal::posts::Duty;

use super::let_in::shown_name;
use super::people_page::Staff;
use super::ring::ring;
use super::step_up::act;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{Choice, Select};
use crate::ui::dialog::Dialog;

const fn called(duty: Duty) -> &'static str {
    match duty {
        Duty::DataProtection => "Data protection",
        Duty::Supervision => "Supervision",
        Duty::Keys => "The firm’s keys",
    }
}

const fn id(duty: Duty) -> &'static str {
    match duty {
        Duty::DataProtection => "duty-data",
        Duty::Supervision => "duty-supervision",
        Duty::Keys => "duty-keys",
    }
}

/// The section, with what can be changed by those who govern.
pub(super) fn duties(
    people: &[Person],
    answers: &[(Duty, Answers)],
    may_govern: bool,
    staff: Loaded<Staff>,
) -> AnyView {
    let rows = answers.iter().map(|(duty, now)| {
        let (detail, tag) = said(people, *now);
        let change = may_govern.then(|| change(people, *duty, *now, staff));
        view! {
            <li class="item">
                <span class="what">
                    <span class="name block">{called(*duty)}</span>
                    <span class="detail block">{detail}</span>
                </span>
                {tag.map(|(word, class)| view! { <span class=class>{word}</span> })}
                {change}
            </li>
        }
    });
    view! {
        <section class="stack stack-2">
            <h2>"Duties"</h2>
            <p class="muted">
                "Who answers for what, as the firm’s signed record says. Where somebody is away, their deputy \
                 stands in."
            </p>
            <ul class="items">{rows.collect_view()}</ul>
        </section>
    }
    .into_any()
}

type Tag = Option<(&'static str, &'static str)>;

fn said(people: &[Person], answers: Answers) -> (String, Tag) {
    let name = |kid: Kid| {
        let person = people.iter().find(|one| one.kid == kid);
        person.map_or_else(|| "A colleague".to_owned(), shown_name)
    };
    match answers {
        Answers::Holder(kid) => (name(kid), None),
        Answers::Deputy(kid) => {
            (format!("{}, as deputy", name(kid)), Some(("Deputy acts", "tag warn")))
        }
        Answers::Nobody => ("Nobody answers for this.".to_owned(), Some(("Vacant", "tag stop"))),
    }
}

fn change(people: &[Person], duty: Duty, now: Answers, staff: Loaded<Staff>) -> AnyView {
    let open = RwSignal::new(false);
    let of = |one: &Person| Choice {
        value: one.kid.to_string(),
        label: shown_name(one),
        hint: String::new(),
    };
    let here = people.iter().filter(|one| one.end.is_none() && !one.over);
    let choices: Vec<Choice> = here.map(of).collect();
    let holder = match now {
        Answers::Holder(kid) | Answers::Deputy(kid) => kid.to_string(),
        Answers::Nobody => String::new(),
    };
    let kids: Vec<Kid> = people.iter().map(|one| one.kid).collect();
    let title = format!("Who answers for: {}", called(duty).to_lowercase());
    view! {
        <Button small=true kind=Kind::Quiet on_press=move |()| open.set(true)>
            "Change" <span class="sr-only">": " {called(duty)}</span>
        </Button>
        <Dialog id=id(duty) title open>
            <Give duty choices=choices.clone() holder=holder.clone() kids=kids.clone() staff/>
        </Dialog>
    }
    .into_any()
}

#[component]
fn Give(
    duty: Duty,
    choices: Vec<Choice>,
    holder: String,
    kids: Vec<Kid>,
    staff: Loaded<Staff>,
) -> impl IntoView {
    let (holder, deputy) = (RwSignal::new(holder), RwSignal::new(String::new()));
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let give = act(busy, failed, move || {
        let named = |text: String| kids.iter().copied().find(|kid| kid.to_string() == text);
        let (holder, deputy) = (named(holder.get_untracked()), named(deputy.get_untracked()));
        async move {
            portal().give_duty(&*ring()?, duty, holder, deputy).await?;
            staff.again();
            Ok(())
        }
    });
    let same = move || holder.with(|one| !one.is_empty() && deputy.with(|other| one == other));
    let wrong = Signal::derive(move || busy.get() || same());
    let two = Signal::derive(move || {
        same().then(|| "The deputy is somebody else than who has the duty.".to_owned())
    });
    view! {
        <div class="stack stack-6">
            <Select
                id=format!("{}-holder", id(duty))
                label="Who has the duty"
                blank="Nobody"
                choices=choices.clone()
                value=holder
                on_choose=move |kid| holder.set(kid)
            />
            <Select
                id=format!("{}-deputy", id(duty))
                label="Their deputy"
                blank="Nobody"
                choices
                value=deputy
                on_choose=move |kid| deputy.set(kid)
                error=two
            />
            <div class="actions">
                <Button kind=Kind::Primary disabled=wrong on_press=give>
                    {move || if busy.get() { "Signing it" } else { "Give the duty" }}
                </Button>
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
