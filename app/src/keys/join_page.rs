//! A colleague joins by a link: an account and keys of their own, then waiting for admission.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::enrol::Joining;
use shared::identity::wire::is_handle;
use shared::ids::{AccountId, EnrolmentId};

use super::recovery_sheet::{KeptSheet, RecoverySheet, Sheet};
use super::ways::{ChooseWays, Choosing};
use crate::net::trouble::for_staff;
use crate::portal::{Fragment, portal};
use crate::routes::{Nav, Page};
use crate::ui::announcer::Heading;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Line, TextField};
use crate::ui::notice::{Notice, Tone};
use crate::ui::shell::Alone;
use crate::ui::trouble::TroublePanel;
use crate::ui::waiting::Skeleton;

#[derive(Clone)]
enum Stage {
    Opening,
    Asked { firm: String, inviter: String },
    Sheet,
    Waiting,
}

/// The page.
#[component]
pub fn JoinPage(enrolment: EnrolmentId) -> impl IntoView {
    let fragment = StoredValue::new(Fragment::take().unwrap_or_default());
    let stage = RwSignal::new(Stage::Opening);
    let failed = RwSignal::new(None::<ClientError>);
    let firm = RwSignal::new(String::new());
    let (name, handle) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let own = Signal::derive(move || [firm, name, handle].map(|known| known.get()).to_vec());
    let choosing = Choosing::of(AccountId::random(), own);
    let (busy, asked) = (RwSignal::new(false), RwSignal::new(false));
    let sheet: KeptSheet = StoredValue::new_local(None);
    leptos::task::spawn_local(async move {
        match portal().open_enrolment(enrolment, &fragment.get_value()).await {
            Ok(view) => {
                firm.set(view.firm_name.clone());
                stage.set(Stage::Asked { firm: view.firm_name, inviter: view.inviter });
            }
            Err(error) => failed.set(Some(error)),
        }
    });
    let join = move |()| {
        let (typed, sign_in) = (name.get_untracked(), handle.get_untracked());
        let sign_in = sign_in.trim().to_lowercase();
        asked.set(true);
        if typed.trim().is_empty() || !is_handle(&sign_in) {
            return;
        }
        failed.set(None);
        busy.set(true);
        leptos::task::spawn_local(async move {
            let link = fragment.get_value();
            let joined = async {
                let ways = choosing.ways(&firm.get_untracked(), typed.trim(), &sign_in).await?;
                let Some(ways) = ways else { return Ok(None) };
                let (display_name, handle) = (typed.trim().to_owned(), sign_in);
                let joining = Joining { account: choosing.account(), display_name, handle, ways };
                portal().enrol(enrolment, &link, &joining).await.map(Some)
            };
            match joined.await {
                Ok(None) => {}
                Ok(Some(words)) => {
                    choosing.clear();
                    sheet.set_value(Some(Sheet { words, fingerprint: String::new() }));
                    stage.set(Stage::Sheet);
                }
                Err(error) => {
                    choosing.answered(&error);
                    failed.set(Some(error));
                }
            }
            busy.set(false);
        });
    };
    let body = move || match stage.get() {
        Stage::Opening => view! {
            <Show when=move || failed.with(Option::is_none)>
                <Skeleton name="Opening your invitation"/>
            </Show>
        }
        .into_any(),
        Stage::Asked { firm, inviter } => {
            view! { <Asking firm inviter name handle choosing busy asked on_join=join/> }.into_any()
        }
        Stage::Sheet => view! {
            <RecoverySheet
                firm=firm.get_untracked()
                name=name.get_untracked()
                handle=handle.get_untracked()
                sheet
                on_done=move |()| stage.set(Stage::Waiting)
            />
        }
        .into_any(),
        Stage::Waiting => view! { <Nearly/> }.into_any(),
    };
    view! {
        <Alone wide=true firm>
            {body}
            {move || failed.get().map(|error| {
                view! { <TroublePanel trouble=for_staff(&error)/> }
            })}
        </Alone>
    }
}

/// The keys are made; what is left is a colleague's click.
#[component]
fn Nearly() -> impl IntoView {
    let nav = Nav::here();
    view! {
        <Heading text="Nearly there"/>
        <Notice tone=Tone::Good>
            "Your keys are made. Your colleague now admits you, which takes one click; tell them \
             that you are ready. After that you can unlock."
        </Notice>
        <div class="actions">
            <Button kind=Kind::Primary on_press=move |()| nav.replace(Page::Unlock)>
                "Go to unlock"
            </Button>
        </div>
    }
    .into_any()
}

fn wrong(
    asked: RwSignal<bool>,
    value: RwSignal<String>,
    text: &'static str,
    good: fn(&str) -> bool,
) -> Signal<Option<String>> {
    Signal::derive(move || {
        (asked.get() && !value.with(|value| good(value))).then(|| text.to_owned())
    })
}

#[component]
fn Asking(
    firm: String,
    inviter: String,
    name: RwSignal<String>,
    handle: RwSignal<String>,
    choosing: Choosing,
    busy: RwSignal<bool>,
    asked: RwSignal<bool>,
    #[prop(into)] on_join: Callback<()>,
) -> impl IntoView {
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        on_join.run(());
    };
    let named = Signal::stored(firm.clone());
    view! {
        <Heading text=format!("Join {firm}")/>
        <p class="lede">
            {inviter}
            " has invited you. Your keys are made here, on this device; nobody else ever has them."
        </p>
        <form class="stack stack-6" novalidate=true on:submit=submit>
            <TextField
                id="name"
                label="Your name"
                line=Line::Name
                value=name
                on_input=move |text| name.set(text)
                error=wrong(asked, name, "Enter your name", |name| !name.trim().is_empty())
            />
            <TextField
                id="handle"
                label="Your sign-in name"
                hint="Small letters, digits, dots and hyphens, beginning with a letter"
                line=Line::Handle
                value=handle
                on_input=move |text| handle.set(text)
                error=wrong(asked, handle, "Use 2 to 64 small letters, digits, dots and hyphens, beginning with a letter", |typed| is_handle(&typed.trim().to_lowercase()))
            />
            <ChooseWays choosing firm=named handle/>
            <div class="actions">
                <Button kind=Kind::Primary submit=true disabled=busy>
                    {move || if busy.get() { "Making your keys" } else { "Make my keys" }}
                </Button>
            </div>
        </form>
    }
    .into_any()
}
