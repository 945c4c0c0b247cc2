//! How long the firm keeps identity papers after it decided by them.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::journal::policy::PaperRules;

use super::policy_page::{Said, spans};
use crate::desk::gate::ActFailed;
use crate::desk::load::Loaded;
use crate::keys::ring::ring;
use crate::keys::step_up::act;
use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::choice::Select;
use crate::ui::live::Voice;

/// The section of the page.
pub(super) fn papers(found: &Said, said: Loaded<Said>) -> AnyView {
    let policy = &found.policy;
    let now = policy.papers.as_ref().map_or(PaperRules::DEFAULT, |said| said.what);
    let by = found.by_or_unsaid(policy.papers.as_ref());
    view! {
        <section class="stack stack-4" aria-labelledby="keeping">
            <h2 id="keeping">"How long identity papers are kept"</h2>
            <p>
                {format!(
                    "Only those who verify can open them. They are shredded {} whether it is your client; \
                     what was decided stays.",
                    after(now.days),
                )}
            </p>
            <p class="small muted">{by}</p>
            {policy.may_decide.then(|| view! {
                <details class="more">
                    <summary>"Change when papers go"</summary>
                    <Change now said/>
                </details>
            })}
        </section>
    }
    .into_any()
}

fn after(days: u32) -> String {
    match days {
        0 => "as soon as somebody decides".to_owned(),
        1 => "a day after somebody decided".to_owned(),
        days => format!("{days} days after somebody decided"),
    }
}

fn span(days: u32) -> String {
    match days {
        0 => "not at all".to_owned(),
        1 => "a day".to_owned(),
        days => format!("{days} days"),
    }
}

#[component]
fn Change(now: PaperRules, said: Loaded<Said>) -> impl IntoView {
    let voice = Voice::here();
    let days = RwSignal::new(now.days.to_string());
    let (busy, failed) = (RwSignal::new(false), RwSignal::new(None::<ClientError>));
    let sign = act(busy, failed, move || {
        let days = days.with_untracked(|text| text.parse().ok()).unwrap_or(now.days);
        async move {
            portal().set_papers(&*ring()?, PaperRules { days }).await?;
            voice.say("Signed.");
            said.again();
            Ok(())
        }
    });
    view! {
        <div class="stack stack-6">
            <Select
                id="paper-days"
                label="Keep papers after the decision"
                hint="It counts for what is decided from now on. What was decided before stays as it was."
                choices=spans(&[0, 1, 7, 14, 30, 90, 365], now.days, span)
                value=days
                on_choose=move |number| days.set(number)
            />
            <div class="actions">
                <Button kind=Kind::Primary disabled=busy on_press=sign>
                    {move || if busy.get() { "Signing it" } else { "Sign this for papers" }}
                </Button>
            </div>
            <ActFailed failed/>
        </div>
    }
    .into_any()
}
