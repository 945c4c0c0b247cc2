//! Showing a factor: a passkey's touch, or six digits of an authenticator app. After the passphrase, and
//! again for what a page left open must not do.

use leptos::prelude::*;
use shared::identity::wire::factors::{Factor, FactorWanted};

use crate::platform::passkey::{self, NoPasskey};
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Line, TextField};

/// What a browser or a person says no to, as a sentence.
#[must_use]
pub fn sentence(why: NoPasskey) -> &'static str {
    match why {
        NoPasskey::Unsupported => {
            "This browser knows no passkeys. Use another browser, or the other way."
        }
        NoPasskey::Cancelled => {
            "Nothing was touched, or it took too long. Nothing is lost; try again."
        }
        NoPasskey::HasOne => "This device has a passkey of yours already. You can use that one.",
        NoPasskey::Failed => {
            "The browser could not use a passkey. Try again, or use the other way."
        }
    }
}

/// The ways that will do. `on_shown` is given what was shown; `wrong` is what is said of the last try.
#[component]
pub fn ShowFactor(
    wanted: FactorWanted,
    #[prop(into)] on_shown: Callback<Factor>,
    #[prop(into)] wrong: Signal<Option<String>>,
    #[prop(into)] busy: Signal<bool>,
) -> impl IntoView {
    let (touching, refused) = (RwSignal::new(false), RwSignal::new(None::<NoPasskey>));
    let code = RwSignal::new(String::new());
    let has_passkey = !wanted.passkeys.is_empty() && passkey::is_supported();
    let has_code = wanted.code;
    let wanted = StoredValue::new(wanted);
    let touch = move |()| {
        touching.set(true);
        refused.set(None);
        leptos::task::spawn_local(async move {
            let FactorWanted { challenge, passkeys, .. } = wanted.get_value();
            match passkey::sign(&challenge, &passkeys, false).await {
                Ok(signed) => drop(on_shown.try_run(Factor::Passkey(signed.assertion))),
                Err(why) => drop(refused.try_set(Some(why))),
            }
            let _ = touching.try_set(false);
        });
    };
    // The browser asks at once; where it wants a press first, the button is there.
    if has_passkey && !has_code {
        touch(());
    }
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let digits: String =
            code.get_untracked().chars().filter(|one| one.is_ascii_digit()).collect();
        on_shown.run(Factor::Code(digits));
    };
    let waiting = Signal::derive(move || busy.get() || touching.get());
    view! {
        <div class="stack stack-6">
            {has_passkey.then(|| view! {
                <div class="stack stack-2">
                    <div class="actions">
                        <Button kind=Kind::Primary icon="key" disabled=waiting on_press=touch>
                            {move || if touching.get() { "Waiting for your passkey" } else { "Use your passkey" }}
                        </Button>
                    </div>
                    <p class="muted small" role="status">{move || refused.get().map(sentence)}</p>
                </div>
            })}
            {has_code.then(|| view! {
                <form class="stack stack-4" novalidate=true on:submit=submit>
                    <TextField
                        id="second-code"
                        label="Code of your authenticator app"
                        hint="Six digits, new every half minute"
                        line=Line::OneTime
                        value=code
                        on_input=move |text| code.set(text)
                        error=wrong
                    />
                    <div class="actions">
                        <Button kind=if has_passkey { Kind::Quiet } else { Kind::Primary } submit=true disabled=busy>
                            "Go on"
                        </Button>
                    </div>
                </form>
            })}
            {(!has_code).then(|| view! {
                <p class="error-text" role="status">{move || wrong.get()}</p>
            })}
            {(!has_code && !has_passkey).then(|| view! {
                <p>"This browser knows no passkeys, and your account has no authenticator app. Use the browser in \
                    which you made your passkey."</p>
            })}
        </div>
    }
    .into_any()
}
