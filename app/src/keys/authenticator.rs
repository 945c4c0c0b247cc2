//! Connecting an authenticator app: a square code, the same in letters, and a code that proves it.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::identity::otpauth;
use shared::identity::wire::factors::{CodeStarted, NewCode};
use shared::ids::AccountId;

use crate::portal::portal;
use crate::ui::button::{Button, Kind};
use crate::ui::field::{Line, TextField};
use crate::ui::qr::Qr;
use crate::ui::waiting::Skeleton;

/// What is shown and typed. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct NewAuthenticator {
    started: RwSignal<Option<CodeStarted>>,
    code: RwSignal<String>,
    /// What is wrong with the code.
    pub wrong: RwSignal<Option<String>>,
    unreachable: RwSignal<bool>,
}

impl NewAuthenticator {
    /// Nothing asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self {
            started: RwSignal::new(None),
            code: RwSignal::new(String::new()),
            wrong: RwSignal::new(None),
            unreachable: RwSignal::new(false),
        }
    }

    /// Asks the server for a secret, once.
    pub fn begin(self, account: AccountId) {
        if self.started.with_untracked(Option::is_some) {
            return;
        }
        self.unreachable.set(false);
        leptos::task::spawn_local(async move {
            match portal().begin_code(account).await {
                Ok(started) => drop(self.started.try_set(Some(started))),
                Err(_) => drop(self.unreachable.try_set(true)),
            }
        });
    }

    /// What was typed, if it may be a code; otherwise the field says what is missing.
    #[must_use]
    pub fn chosen(self) -> Option<NewCode> {
        let Some(started) = self.started.get_untracked() else {
            self.wrong.set(Some("The key for your app has not come yet. Wait a moment".to_owned()));
            return None;
        };
        let typed = self.code.get_untracked();
        let code: String = typed.chars().filter(char::is_ascii_digit).collect();
        let whole = code.len() == 6;
        self.wrong.set((!whole).then(|| "Type the six digits that your app shows now".to_owned()));
        whole.then_some(NewCode { nonce: started.nonce, code })
    }

    /// Says what the server said of the code.
    pub fn refused(self, error: &ClientError) {
        if *error == ClientError::SignIn {
            let text = "This is not the code that the app should show. Wait for the next one; if it is refused, \
                        too, check the clock of your phone";
            self.wrong.set(Some(text.to_owned()));
        }
    }

    /// Forgets what was typed and shown.
    pub fn clear(self) {
        self.started.set(None);
        self.code.set(String::new());
        self.wrong.set(None);
    }
}

impl Default for NewAuthenticator {
    fn default() -> Self {
        Self::new()
    }
}

/// The code, its letters, and the field. The app lists it under the firm's and the sign-in name.
#[component]
pub fn ConnectAuthenticator(
    app: NewAuthenticator,
    account: AccountId,
    #[prop(into)] firm: Signal<String>,
    #[prop(into)] handle: Signal<String>,
) -> impl IntoView {
    app.begin(account);
    let again = move |()| app.begin(account);
    let shown = move || {
        app.started.get().map(|started| {
            let secret = started.secret.0.clone();
            let text = move || {
                let issuer = firm.with(|name| if name.is_empty() { "Underseal".into() } else { name.clone() });
                otpauth::uri(&issuer, &handle.get(), &secret)
            };
            let letters = otpauth::base32(&started.secret.0);
            let groups: Vec<String> =
                letters.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into_owned()).collect();
            view! {
                <div class="pair-code">
                    {move || view! { <Qr text=text() name="Square code for your authenticator app"/> }}
                    <div class="stack stack-2">
                        <p>
                            "Scan it with an app such as Aegis, 2FAS, or the one in your password manager. Or \
                             type this key into the app:"
                        </p>
                        <p><code class="key-letters" id="app-key">{groups.join(" ")}</code></p>
                    </div>
                </div>
            }
        })
    };
    view! {
        <div class="stack stack-4">
            <p class="muted">
                "An app on your phone shows six digits, new every half minute. After the passphrase, the portal \
                 asks for them."
            </p>
            {shown}
            <Show when=move || app.started.with(Option::is_none) && !app.unreachable.get()>
                <Skeleton name="Asking for a key for your app"/>
            </Show>
            <Show when=move || app.unreachable.get()>
                <div class="actions" role="alert">
                    <p>"The portal gave no key for your app."</p>
                    <Button kind=Kind::Quiet small=true on_press=again>"Try again"</Button>
                </div>
            </Show>
            <TextField
                id="app-code"
                label="Code that your app shows now"
                line=Line::OneTime
                value=app.code
                on_input=move |text| app.code.set(text)
                error=app.wrong
            />
        </div>
    }
    .into_any()
}
