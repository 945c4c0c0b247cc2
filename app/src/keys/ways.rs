//! Choosing how one will unlock: a passkey, or a passphrase with an app's codes or a passkey beside it.

use leptos::prelude::*;
use shared::client::ClientError;
use shared::client::account::Ways;
use shared::client::passkey::MadePasskey;
use shared::ids::AccountId;

use super::authenticator::{ConnectAuthenticator, NewAuthenticator};
use super::passphrase::NewPassphrase;
use super::passphrase::fields::NewPassphraseFields;
use super::second_factor::sentence;
use crate::platform::passkey::{self, NoPasskey, Whose};
use crate::portal::portal;
use crate::ui::choice::{Choice, RadioGroup};
use crate::ui::notice::{Notice, Tone};

const PASSKEY: &str = "passkey";
const PASSPHRASE: &str = "passphrase";

/// What is chosen and typed. Cheap to copy about.
#[derive(Clone, Copy)]
pub struct Choosing {
    /// For which passkey and app are made.
    account: StoredValue<AccountId>,
    way: RwSignal<String>,
    /// The passphrase, where it is the way.
    pub passphrase: NewPassphrase,
    app: NewAuthenticator,
    refused: RwSignal<Option<NoPasskey>>,
    /// A passkey that was made and cannot unlock here: it goes beside the passphrase.
    beside: StoredValue<Option<MadePasskey>, LocalStorage>,
    has_beside: RwSignal<bool>,
}

impl Choosing {
    /// For a new account, or for one that is, of somebody to whom these names belong.
    #[must_use]
    pub fn of(account: AccountId, own: Signal<Vec<String>>) -> Self {
        let way = if passkey::is_supported() { PASSKEY } else { PASSPHRASE };
        Self {
            account: StoredValue::new(account),
            way: RwSignal::new(way.to_owned()),
            passphrase: NewPassphrase::of(own),
            app: NewAuthenticator::new(),
            refused: RwSignal::new(None),
            beside: StoredValue::new_local(None),
            has_beside: RwSignal::new(false),
        }
    }

    /// The account, for which passkey and app are made.
    #[must_use]
    pub fn account(self) -> AccountId {
        self.account.get_value()
    }

    /// Of another account.
    pub fn is_for(self, account: AccountId) {
        self.account.set_value(account);
    }

    /// What was chosen, with a passkey made on the way; `None` when something is missing, which the fields
    /// then say.
    ///
    /// # Errors
    /// When the server cannot be asked.
    pub async fn ways(
        self,
        firm: &str,
        name: &str,
        handle: &str,
    ) -> Result<Option<Ways>, ClientError> {
        self.refused.set(None);
        if self.way.get_untracked() == PASSKEY {
            return self.by_passkey(firm, name, handle).await;
        }
        let passphrase = self.passphrase.chosen();
        let passkey = self.beside.try_update_value(Option::take).flatten();
        let code = if passkey.is_none() { self.app.chosen() } else { None };
        let (Some(passphrase), true) = (passphrase, passkey.is_some() || code.is_some()) else {
            self.beside.set_value(passkey);
            return Ok(None);
        };
        Ok(Some(Ways { passphrase: Some(passphrase), passkey, code }))
    }

    async fn by_passkey(
        self,
        firm: &str,
        name: &str,
        handle: &str,
    ) -> Result<Option<Ways>, ClientError> {
        let ceremony = portal().begin_new_passkey(self.account()).await?;
        let whose = Whose {
            id: self.account().0.to_vec(),
            firm: firm.to_owned(),
            name: name.to_owned(),
            handle: handle.to_owned(),
        };
        match passkey::make(&ceremony, &whose, &[]).await {
            Ok(made) if made.prf.is_some() => {
                Ok(Some(Ways { passphrase: None, passkey: Some(made), code: None }))
            }
            Ok(made) => {
                // It proves, and does not unlock.
                self.beside.set_value(Some(made));
                self.has_beside.set(true);
                self.way.set(PASSPHRASE.to_owned());
                Ok(None)
            }
            Err(why) => {
                self.refused.set(Some(why));
                Ok(None)
            }
        }
    }

    /// Says what the server said of what was chosen.
    pub fn answered(self, error: &ClientError) {
        self.app.refused(error);
        // A passkey's ceremony is over once it was sent.
        self.has_beside.set(false);
    }

    /// Whether a passkey is the way.
    #[must_use]
    pub fn is_passkey(self) -> bool {
        self.way.with(|way| way == PASSKEY)
    }

    /// Forgets what was typed.
    pub fn clear(self) {
        self.passphrase.clear();
        self.app.clear();
        self.beside.set_value(None);
    }
}

/// The choice and its fields.
#[component]
pub fn ChooseWays(
    choosing: Choosing,
    #[prop(into)] firm: Signal<String>,
    #[prop(into)] handle: Signal<String>,
) -> impl IntoView {
    let choice = |value: &str, label: &str, hint: &str| Choice {
        value: value.to_owned(),
        label: label.to_owned(),
        hint: hint.to_owned(),
    };
    let known = passkey::is_supported();
    let choices = vec![
        choice(
            PASSKEY,
            "With a passkey",
            "One touch of a finger, a look, or a security key. Nothing to remember, and nobody can get it out \
             of you by a false page.",
        ),
        choice(
            PASSPHRASE,
            "With a passphrase",
            "And a second proof: six digits of an app on your phone.",
        ),
    ];
    let by_passphrase = move || {
        view! {
            <div class="stack stack-6">
                {move || choosing.has_beside.get().then(|| view! {
                    <Notice>
                        "Your passkey works, but cannot unlock keys in this browser. Choose a passphrase for \
                         that; the passkey will be the second proof."
                    </Notice>
                })}
                <NewPassphraseFields chosen=choosing.passphrase/>
                {move || (!choosing.has_beside.get()).then(|| view! {
                    <ConnectAuthenticator app=choosing.app account=choosing.account() firm handle/>
                })}
            </div>
        }
        .into_any()
    };
    view! {
        <div class="stack stack-6">
            {if known {
                view! {
                    <RadioGroup
                        id="way"
                        label="How you will unlock"
                        choices
                        value=choosing.way
                        on_choose=move |way| choosing.way.set(way)
                    />
                }
                .into_any()
            } else {
                view! {
                    <Notice>
                        "This browser knows no passkeys, so you will unlock with a passphrase and an app’s codes."
                    </Notice>
                }
                .into_any()
            }}
            {move || (!choosing.is_passkey()).then(by_passphrase)}
            {move || choosing.refused.get().map(|why| view! {
                <Notice tone=Tone::Warn>{sentence(why)}</Notice>
            })}
        </div>
    }
    .into_any()
}
