//! What a matter, or a kind of matter, needs to know of its clients: chosen from a few.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::verdicts::MAX_REASON;
use shared::ids::MatterId;
use shared::journal::verdict::{Need, Ways};

use crate::desk::gate::ActFailed;
use crate::desk::shelf::Shelf;
use crate::keys::ring::ring;
use crate::keys::step_up::act;
use crate::portal::portal;
use crate::ui::button::Button;
use crate::ui::choice::{Choice, RadioGroup, Select};
use crate::ui::field::TextArea;

/// The needs that can be chosen, by a name for each.
const NEEDS: [(&str, &str, &str, &[Ways]); 8] = [
    ("link", "The link is enough", "What clients send opens at once.", &[]),
    (
        "spoken",
        "The spoken number, compared",
        "On the telephone, at a number that you know. Or the person was met.",
        &[Ways::SPOKEN, Ways::MET],
    ),
    (
        "code",
        "A one-time code",
        "Typed back by whoever answers a telephone or reads an address that you know. Or the person was met.",
        &[Ways::CODE, Ways::MET],
    ),
    (
        "paper",
        "An identity paper",
        "One that counts, which the client hands in. Or the person was met.",
        &[Ways::PAPER, Ways::MET],
    ),
    (
        "questions",
        "The firm’s questions",
        "They are asked in the form. Or the person was met.",
        &[Ways::QUESTIONS, Ways::MET],
    ),
    ("both", "The spoken number and an identity paper", "", &[Ways::SPOKEN.union(Ways::PAPER)]),
    ("code-paper", "A one-time code and an identity paper", "", &[Ways::CODE.union(Ways::PAPER)]),
    ("met", "A meeting in person", "", &[Ways::MET]),
];

/// A need that is being chosen. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Choosing {
    name: RwSignal<String>,
    again: RwSignal<String>,
    /// One that is none of those that can be chosen, and stays as long as nothing else is.
    other: StoredValue<Option<Need>>,
}

impl Choosing {
    /// Begins with what there is now.
    #[must_use]
    pub fn of(now: Option<&Need>) -> Self {
        let now = now.filter(|need| !need.is_nothing());
        let is = |need: &Need| NEEDS.iter().find(|one| one.3 == need.enough.as_slice());
        let name = now.map_or("link", |need| is(need).map_or("", |one| one.0));
        let days = now.and_then(|need| need.again).map(|days| days.to_string());
        Self {
            name: RwSignal::new(name.to_owned()),
            again: RwSignal::new(days.unwrap_or_default()),
            other: StoredValue::new(now.cloned()),
        }
    }

    /// What is chosen, followed as it changes.
    #[must_use]
    pub fn need(self) -> Need {
        let days = self.again.with(|days| days.parse().ok());
        let enough = self.name.with(|name| match NEEDS.iter().find(|one| one.0 == name.as_str()) {
            Some(one) => one.3.to_vec(),
            None => self.other.get_value().map(|need| need.enough).unwrap_or_default(),
        });
        Need { again: days.filter(|_| !enough.is_empty()), enough }
    }

    /// The choices.
    pub fn draw(self, label: &'static str) -> AnyView {
        let spans =
            [("365", "After a year"), ("730", "After two years"), ("1825", "After five years")];
        let mut spans = spans.map(|(value, label)| choice(value, label, "")).to_vec();
        let now = self.again.get_untracked();
        if !now.is_empty() && spans.iter().all(|one| one.value != now) {
            spans.push(choice(&now, &format!("After {now} days"), ""));
        }
        let (name, again) = (self.name, self.again);
        let needs = NEEDS.map(|(value, label, hint, _)| choice(value, label, hint)).to_vec();
        view! {
            <RadioGroup
                id="need"
                label
                choices=needs
                value=name
                on_choose=move |value| name.set(value)
            />
            {move || name.with(|name| name != "link").then(|| view! {
                <Select
                    id="again"
                    label="When is a client to be verified again?"
                    blank="Never"
                    choices=spans.clone()
                    value=again
                    on_choose=move |value| again.set(value)
                />
            })}
        }
        .into_any()
    }
}

fn choice(value: &str, label: &str, hint: &str) -> Choice {
    Choice { value: value.to_owned(), label: label.to_owned(), hint: hint.to_owned() }
}

/// Changing what a matter needs; where it is less than it was, somebody says why.
#[component]
pub fn ChangeNeed(
    matter: MatterId,
    now: Option<Need>,
    #[prop(into)] on_changed: Callback<()>,
) -> impl IntoView {
    let shelf = Shelf::here();
    let choosing = Choosing::of(now.as_ref());
    let why = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let (wrong, failed) = (RwSignal::new(None::<String>), RwSignal::new(None::<ClientError>));
    let less = Memo::new(move |_| {
        let before = now.as_ref();
        before.is_some_and(|before| !choosing.need().is_at_least(before))
    });
    let sign = act(busy, failed, move || {
        let (need, why, less) =
            (untrack(|| choosing.need()), why.get_untracked(), less.get_untracked());
        async move {
            let ring = ring()?;
            if less {
                portal().need_less(&ring, matter, need, &why).await?;
            } else {
                portal().need(&ring, matter, need).await?;
            }
            shelf.0.again();
            let _ = on_changed.try_run(());
            Ok(())
        }
    });
    let save = move |()| {
        let said = why.with_untracked(|why| why.trim().chars().count());
        let text = match said {
            0 => Some("Say why less is enough"),
            count if count > MAX_REASON => Some("Say it in fewer words"),
            _ => None,
        };
        wrong.set(text.filter(|_| less.get_untracked()).map(str::to_owned));
        if wrong.with_untracked(Option::is_none) {
            sign.run(());
        }
    };
    view! {
        <div class="stack stack-6">
            {choosing.draw("Before anything of a client’s is opened")}
            {move || less.get().then(|| view! {
                <TextArea
                    id="less-why"
                    label="Why is less enough?"
                    hint="Sealed for those with access, and signed in your name."
                    value=why
                    on_input=move |text| why.set(text)
                    error=wrong
                />
            })}
            <div class="actions">
                <Button icon="check" disabled=busy on_press=save>"Save"</Button>
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
