//! What the firm decided for all its people and matters: how long one stays signed in, and its kinds of matter.
//! Those who decide for the firm change it, everybody else reads it.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::people::Person;
use shared::client::policy::{Decided, Policy};
use shared::ids::AccountId;
use shared::journal::policy::SessionRules;

use super::policy_kinds::kinds;
use super::policy_papers::papers;
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::keys::let_in::shown_name;
use crate::keys::ring::{Unlocked, ring};
use crate::keys::step_up::act;
use crate::platform::clock;
use crate::portal::portal;
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::{Choice, Select};
use crate::ui::live::Voice;

/// The policy, and who said it.
pub(super) struct Said {
    pub(super) policy: Policy,
    people: Vec<Person>,
}

async fn read() -> Result<Said, ClientError> {
    let ring = ring()?;
    let people = portal().people(&ring).await?;
    Ok(Said { policy: portal().policy(&ring).await?, people })
}

/// The page.
#[component]
pub fn PolicyPage() -> impl IntoView {
    let said = Loaded::begin(read);
    view! {
        <div class="page page-narrow">
            <header class="page-head"><Heading text="Policy"/></header>
            {said.draw("Reading the firm’s policy", move |found| view! {
                <div class="stack stack-12">
                    <p class="muted">
                        "Signed by those who decide for the firm, and checked by every device of the firm by \
                         itself."
                    </p>
                    {sessions(&found, said)}
                    {papers(&found, said)}
                    {kinds(&found, said)}
                </div>
            }.into_any())}
        </div>
    }
    .into_any()
}

impl Said {
    /// "Clara Marsh, Fri 20 Nov".
    pub(super) fn by<T>(&self, decided: &Decided<T>) -> String {
        let name = |account: AccountId| {
            let person = self.people.iter().find(|one| one.account == account);
            person.map_or_else(|| "A colleague".to_owned(), shown_name)
        };
        format!("Decided by {}, {}.", name(decided.by), clock::short(decided.time))
    }

    /// The same of a rule that holds without anybody's word, too.
    pub(super) fn by_or_unsaid<T>(&self, decided: Option<&Decided<T>>) -> String {
        let unsaid = || "The firm said nothing else; this is what holds then.".to_owned();
        decided.map_or_else(unsaid, |decided| self.by(decided))
    }
}

fn sessions(found: &Said, said: Loaded<Said>) -> AnyView {
    let policy = &found.policy;
    let now = policy.sessions.as_ref().map_or(SessionRules::DEFAULT, |said| said.what);
    let by = found.by_or_unsaid(policy.sessions.as_ref());
    view! {
        <section class="stack stack-4" aria-labelledby="staying">
            <h2 id="staying">"How long people stay signed in"</h2>
            <p>
                {format!(
                    "A page that nobody touches for {} locks itself: its keys are wiped and everything \
                     opened leaves it. After {} it locks in any case.",
                    minutes(now.idle_minutes),
                    hours(now.absolute_hours),
                )}
            </p>
            <p class="small muted">{by}</p>
            {policy.may_decide.then(|| view! {
                <details class="more">
                    <summary>"Change how long"</summary>
                    <Change now said/>
                </details>
            })}
        </section>
    }
    .into_any()
}

fn minutes(number: u32) -> String {
    if number == 1 { "a minute".to_owned() } else { format!("{number} minutes") }
}

fn hours(number: u32) -> String {
    if number == 1 { "an hour".to_owned() } else { format!("{number} hours") }
}

/// The usual spans, and the present one.
pub(super) fn spans(usual: &[u32], now: u32, say: fn(u32) -> String) -> Vec<Choice> {
    let mut all = usual.to_vec();
    all.push(now);
    all.sort_unstable();
    all.dedup();
    let one =
        |number: u32| Choice { value: number.to_string(), label: say(number), hint: String::new() };
    all.into_iter().map(one).collect()
}

#[component]
fn Change(now: SessionRules, said: Loaded<Said>) -> impl IntoView {
    let unlocked = Unlocked::here();
    let voice = Voice::here();
    let idle = RwSignal::new(now.idle_minutes.to_string());
    let absolute = RwSignal::new(now.absolute_hours.to_string());
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let sign = act(busy, failed, move || {
        let number = |text: RwSignal<String>| text.with_untracked(|text| text.parse().ok());
        let rules = SessionRules {
            idle_minutes: number(idle).unwrap_or(now.idle_minutes),
            absolute_hours: number(absolute).unwrap_or(now.absolute_hours),
        };
        async move {
            portal().set_sessions(&*ring()?, rules).await?;
            unlocked.set_rules(rules);
            voice.say("Signed.");
            said.again();
            Ok(())
        }
    });
    view! {
        <div class="stack stack-6">
            <Select
                id="idle"
                label="Lock a page that nobody touches after"
                choices=spans(&[1, 2, 5, 10, 15, 30, 60], now.idle_minutes, minutes)
                value=idle
                on_choose=move |number| idle.set(number)
            />
            <Select
                id="absolute"
                label="Lock in any case after"
                choices=spans(&[1, 2, 4, 8, 12, 24], now.absolute_hours, hours)
                value=absolute
                on_choose=move |number| absolute.set(number)
            />
            <div class="actions">
                <Button kind=Kind::Primary disabled=busy on_press=sign>
                    {move || if busy.get() { "Signing it" } else { "Sign this for the firm" }}
                </Button>
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
