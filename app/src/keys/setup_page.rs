//! The founder's first run: name the firm, make the keys, print the sheet, invite colleagues,
//! publish forms, send a first link. Under five minutes.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::found::{Founded, Founding, FoundingStep};
use shared::identity::wire::is_handle;
use shared::ids::AccountId;

use super::recovery_sheet::{KeptSheet, RecoverySheet, Sheet};
use super::ring::Unlocked;
use super::setup_steps::{Colleagues, FirstLink, Steps};
use super::ways::{ChooseWays, Choosing};
use crate::desk::gate::ActFailed;
use crate::intake::publish::PublishTemplates;
use crate::portal::portal;
use crate::routes::{Nav, Page};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Line, TextField};
use crate::ui::icon::Icon;
use crate::ui::shell::Alone;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Naming,
    Making,
    Sheet,
    Colleagues,
    Forms,
    Link,
}

#[derive(Clone, Copy)]
struct Typed {
    firm: RwSignal<String>,
    name: RwSignal<String>,
    handle: RwSignal<String>,
    code: RwSignal<String>,
    choosing: Choosing,
    wrong: RwSignal<Vec<&'static str>>,
}

/// The wizard.
#[component]
pub fn SetupPage() -> impl IntoView {
    let nav = Nav::here();
    let unlocked = Unlocked::here();
    let empty = || RwSignal::new(String::new());
    let (firm, name, handle) = (empty(), empty(), empty());
    let own = Signal::derive(move || [firm, name, handle].map(|typed| typed.get()).to_vec());
    let typed = Typed {
        firm,
        name,
        handle,
        code: empty(),
        choosing: Choosing::of(AccountId::random(), own),
        wrong: RwSignal::new(Vec::new()),
    };
    let stage = RwSignal::new(Stage::Naming);
    let sheet: KeptSheet = StoredValue::new_local(None);
    let needs_code = RwSignal::new(false);
    let step = RwSignal::new(None::<FoundingStep>);
    let failed = RwSignal::new(None::<ClientError>);
    leptos::task::spawn_local(async move {
        match portal().status().await {
            Ok(status) if status.founded => nav.replace(Page::Unlock),
            Ok(status) => needs_code.set(status.setup_code),
            Err(error) => failed.set(Some(error)),
        }
    });
    let busy = RwSignal::new(false);
    let make = move |()| {
        let Some(fit) = read(typed, needs_code.get_untracked()) else { return };
        failed.set(None);
        busy.set(true);
        leptos::task::spawn_local(async move {
            let founded = found(typed, fit, stage, step).await;
            busy.set(false);
            match founded {
                Ok(None) => {}
                Ok(Some(founded)) => {
                    let Founded { ring, recovery_words: words, fingerprint } = founded;
                    sheet.set_value(Some(Sheet { words, fingerprint }));
                    typed.choosing.clear();
                    unlocked.take(ring).await;
                    stage.set(Stage::Sheet);
                }
                Err(error) => {
                    typed.choosing.answered(&error);
                    failed.set(Some(error));
                    stage.set(Stage::Naming);
                }
            }
        });
    };
    let body = move || {
        match stage.get() {
        Stage::Naming => view! { <Naming typed needs_code failed busy on_make=make/> }.into_any(),
        Stage::Making => view! { <Making step/> }.into_any(),
        Stage::Sheet => view! {
            <RecoverySheet
                firm=typed.firm.get_untracked()
                name=typed.name.get_untracked()
                handle=typed.handle.get_untracked()
                sheet
                on_done=move |()| stage.set(Stage::Colleagues)
            />
        }
        .into_any(),
        Stage::Colleagues => {
            view! { <Colleagues on_done=move |()| stage.set(Stage::Forms)/> }.into_any()
        }
        Stage::Forms => view! {
            <Heading text="Choose your first forms"/>
            <p class="lede">"A form is what your clients fill in. You can publish others at any time under Forms."</p>
            <PublishTemplates on_done=move |()| stage.set(Stage::Link)/>
        }
        .into_any(),
        Stage::Link => view! { <FirstLink on_done=move |()| nav.replace(Page::Today)/> }.into_any(),
    }
    };
    view! {
        <Alone wide=true firm=typed.firm>
            <Steps at=Signal::derive(move || stage.get() as usize)/>
            {body}
        </Alone>
    }
}

/// What was typed.
struct Fit {
    firm_name: String,
    display_name: String,
    handle: String,
    setup_code: Option<String>,
}

/// Asks for the passkey where one is chosen, and makes the firm; `None` when the fields say what is missing.
async fn found(
    typed: Typed,
    fit: Fit,
    stage: RwSignal<Stage>,
    step: RwSignal<Option<FoundingStep>>,
) -> Result<Option<Founded>, ClientError> {
    let Fit { firm_name, display_name, handle, setup_code } = fit;
    let ways = typed.choosing.ways(&firm_name, &display_name, &handle).await?;
    let Some(ways) = ways else { return Ok(None) };
    stage.set(Stage::Making);
    let account = typed.choosing.account();
    let founding = Founding { firm_name, display_name, handle, account, ways, setup_code };
    portal().found(founding, |at| step.set(Some(at))).await.map(Some)
}

/// What was typed, if it will do; otherwise the fields say why not.
fn read(typed: Typed, needs_code: bool) -> Option<Fit> {
    let text = |signal: RwSignal<String>| signal.get_untracked().trim().to_owned();
    let (firm_name, display_name) = (text(typed.firm), text(typed.name));
    let handle = text(typed.handle).to_lowercase();
    let mut wrong = Vec::new();
    if firm_name.is_empty() {
        wrong.push("firm");
    }
    if display_name.is_empty() {
        wrong.push("name");
    }
    if !is_handle(&handle) {
        wrong.push("handle");
    }
    let code = text(typed.code);
    if needs_code && code.is_empty() {
        wrong.push("code");
    }
    let good = wrong.is_empty();
    typed.wrong.set(wrong);
    let setup_code = needs_code.then_some(code);
    good.then_some(Fit { firm_name, display_name, handle, setup_code })
}

#[component]
fn Naming(
    typed: Typed,
    needs_code: RwSignal<bool>,
    failed: RwSignal<Option<ClientError>>,
    busy: RwSignal<bool>,
    #[prop(into)] on_make: Callback<()>,
) -> impl IntoView {
    let wrong = move |id: &'static str, text: &'static str| {
        Signal::derive(move || typed.wrong.with(|all| all.contains(&id)).then(|| text.to_owned()))
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        on_make.run(());
    };
    view! {
        <Heading text="Set up your firm"/>
        <p class="lede">
            "Everything your clients send will be sealed with keys that are made here, on this \
             device. It takes about three minutes."
        </p>
        <ActFailed failed/>
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <TextField
                id="firm"
                label="Name of the firm"
                hint="As your clients know it. They will see it on every page."
                line=Line::Name
                value=typed.firm
                on_input=move |text| typed.firm.set(text)
                error=wrong("firm", "Enter the name of the firm")
            />
            <TextField
                id="name"
                label="Your name"
                line=Line::Name
                value=typed.name
                on_input=move |text| typed.name.set(text)
                error=wrong("name", "Enter your name")
            />
            <TextField
                id="handle"
                label="Your sign-in name"
                hint="Small letters, digits, dots and hyphens, such as maya or m.lindqvist"
                line=Line::Handle
                value=typed.handle
                on_input=move |text| typed.handle.set(text)
                error=wrong("handle", "Use 2 to 64 small letters, digits, dots and hyphens, beginning with a letter")
            />
            <ChooseWays choosing=typed.choosing firm=typed.firm handle=typed.handle/>
            <Show when=move || needs_code.get()>
                <TextField
                    id="code"
                    label="Set-up code"
                    hint="The server printed it when it started."
                    line=Line::Code
                    value=typed.code
                    on_input=move |text| typed.code.set(text)
                    error=wrong("code", "Enter the code that the server printed when it started")
                />
            </Show>
            <div class="actions">
                <Button kind=Kind::Primary submit=true after="arrow-right" disabled=busy>
                    {move || if busy.get() && typed.choosing.is_passkey() {
                        "Waiting for your passkey"
                    } else {
                        "Make the keys"
                    }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}

/// What is being made, as it is made.
#[component]
fn Making(step: RwSignal<Option<FoundingStep>>) -> impl IntoView {
    const STEPS: [(FoundingStep, &str); 3] = [
        (FoundingStep::Keys, "The firm’s keys and yours"),
        (FoundingStep::Ways, "Locking your keys"),
        (FoundingStep::Statements, "The firm’s first signed records"),
    ];
    let rank =
        |step: FoundingStep| STEPS.iter().position(|(one, _)| *one == step).unwrap_or(STEPS.len());
    let rows = STEPS
        .iter()
        .map(|(one, text)| {
            let mine = rank(*one);
            let class = move || match step.get().map(rank) {
                Some(now) if now > mine => "done",
                Some(now) if now == mine => "now",
                _ => "",
            };
            let icon = move || if class() == "done" { "check" } else { "clock" };
            view! { <li class=class>{move || view! { <Icon name=icon()/> }} {*text}</li> }
        })
        .collect_view();
    view! {
        <Heading text="Making your keys"/>
        <ol class="making" aria-live="polite">{rows}</ol>
    }
    .into_any()
}
